"""Ceux à qui un dossier se remet, et ce qu'un champ dit d'une personne : de qui, pour quoi, combien
de temps, et qui peut le lire.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

NON_DITE = "non dite par les guides"


class Destinataire(StrEnum):
    """À qui un dossier est remis ; l'archive garde tout."""

    STRUCTURE = "structure"
    RETENU = "prestataire_retenu"
    SOLLICITE = "prestataire_sollicite"
    COMITE = "comite"
    DLA = "dla"
    ARCHIVE = "archive"

    @property
    def role(self) -> str:
        """Le rôle sous lequel il voit un formulaire."""
        return self.value.partition("_")[0]

    @property
    def phrase(self) -> str:
        """Ce destinataire, tel qu'une page le dit."""
        return DITS[self]


DITS = {
    Destinataire.STRUCTURE: "la structure bénéficiaire",
    Destinataire.RETENU: "le prestataire retenu",
    Destinataire.SOLLICITE: "un prestataire non retenu",
    Destinataire.COMITE: "le comité",
    Destinataire.DLA: "le DLA régional",
    Destinataire.ARCHIVE: "l'archive de l'opérateur DLA",
}

PRESTATAIRES = (Destinataire.RETENU, Destinataire.SOLLICITE)
PARTIES = (Destinataire.STRUCTURE, Destinataire.RETENU, Destinataire.DLA)
TOUS = tuple(one for one in Destinataire if one is not Destinataire.ARCHIVE)


@dataclass(frozen=True)
class DonneePersonnelle:
    """Ce qu'un champ dit d'une personne : ``de`` qui, ``pour`` quoi, sa ``duree`` de garde ;
    ``vue_par`` : qui lit son nom et sa fonction ; ``jointe_par`` : qui lit son téléphone et son
    courriel. L'archive lit tout.
    """

    de: str
    pour: str
    vue_par: tuple[Destinataire, ...]
    jointe_par: tuple[Destinataire, ...] = ()
    duree: str = NON_DITE

    def lue_par(self, coordonnee: bool) -> tuple[Destinataire, ...]:
        """Qui la lit ; une coordonnée a moins de lecteurs qu'un nom."""
        return self.jointe_par if coordonnee else self.vue_par


def said(recipients: Iterable[Destinataire]) -> str:
    """Ces destinataires, tels qu'une page les énumère ; l'archive, quand il n'y en a pas."""
    return ", ".join(one.phrase for one in recipients) or "l'archive seule"
