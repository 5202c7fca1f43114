"""Ce qui est demandé : un document, sous un profil, à un stade, par un modèle Word, pour le garder
ou pour le remplir. Résolu une fois, puis passé d'étape en étape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.mission import is_mission
from dla_docs.model.document import Document
from dla_docs.model.fields import Stade
from dla_docs.model.requirement import VERSION_DU_REFERENTIEL, Exigence, Force
from dla_docs.model.versions import force_sous
from dla_docs.parties.charte import charte_de
from dla_docs.parties.couverture import jour_des_logos
from dla_docs.parties.ingenierie import conditions_fausses
from dla_docs.profils.grafting import under
from dla_docs.profils.loading import check_document, profil_of
from dla_docs.profils.profil import Profil
from dla_docs.spelling import did_you_mean, meant
from dla_docs.stages.charts import charts
from dla_docs.stages.logos import logos
from dla_docs.stages.margins import margins
from dla_docs.stages.printable import NO_ROWS, values
from dla_docs.templating import BROUILLON, DAY, DEFINITIF, PrintMode, form_mode


class Moteur(StrEnum):
    """Ce qui remplit un modèle Word : le moteur du projet, ou docxtpl, pour un modèle fait pour
    lui.
    """

    DLA = "dla"
    DOCXTPL = "docxtpl"


@dataclass(frozen=True)
class Request:
    """Une demande résolue. ``document`` est déjà sous son profil : les étapes n'ont plus rien à
    chercher.
    """

    document: Document
    profil: Profil
    stade: Stade | None = None
    mode: PrintMode = DEFINITIF
    modele: str | Path | None = None
    moteur: Moteur = Moteur.DLA
    role: str = ""
    referentiel: int = VERSION_DU_REFERENTIEL  # the version that the mission was begun under
    lignes: Mapping[str, int] = field(
        default_factory=dict
    )  # of a form: how many rows these lists have, by path

    found: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What a stage above has found for this request, for the next one."""

    def force(self, exigence: Exigence, chemin: str = "") -> Force | None:
        """La force d'une exigence à un endroit, sous ce profil et cette version du référentiel."""
        force = self.profil.force(exigence, chemin)
        if force is None or self.referentiel == VERSION_DU_REFERENTIEL:
            return force
        return force_sous(self.referentiel, exigence.id, force)

    @cached_property
    def values(self) -> dict[str, Any]:
        """Ce que la page imprime du document ; la vérification cherche ces mêmes valeurs."""
        draft = self.mode is BROUILLON
        return values(self.document, self.mode.is_form, self._is_asked, draft, self.lignes)

    @cached_property
    def conditions_fausses(self) -> frozenset[str]:
        """Les conditions du référentiel que le document, ou sa mission, dit fausses."""
        return conditions_fausses(self.document, self.document._mission)

    def _is_asked(self, exigence: Exigence) -> bool:
        return self.profil.force(exigence) is not None

    @cached_property
    def printable(self) -> dict[str, Any]:
        """Tout ce qu'un modèle Word peut imprimer : le document, son profil, et s'il est brouillon
        ou formulaire. Dessiner prend du temps : le rendu et la vérification s'en partagent le
        résultat.
        """
        images = logos(self.document, self.profil, self.mode is DEFINITIF)
        said = {
            "nom": self.profil.nom,
            "mention_des_financeurs": self.profil.logos_du(jour_des_logos(self.document)).mention,
            "suivies": self.profil.suivies(),
            "pied_de_page": charte_de(self.document).pied_de_page,
            **margins(self.document),
        }
        return {
            **self.values,
            "profil": {**said, "logos": images.porteurs, "logos_financeurs": images.financeurs},
            "graphiques": {} if self.mode.is_form else charts(self.document),
            "brouillon": self.mode is BROUILLON,
            "formulaire": self.mode.is_form,
            DAY: self.document.jour_signe,
        }

    def of(self, document: Document) -> Request:
        """La même demande, pour un document que tient la mission, au stade où il en est."""
        held = under(document, self.profil)
        return replace(self, document=held, stade=_stade(held, None))

    def as_form(
        self,
        document: Document,
        role: str,
        opened: frozenset[str],
        lignes: Mapping[str, int] = NO_ROWS,
    ) -> Request:
        """La même demande, en formulaire : ce qu'en voit un rôle, les champs qu'il remplit, et le
        nombre de lignes des suites qu'on a nommées.
        """
        mode = form_mode(opened, document.reponses_connues())
        return replace(self, document=document, role=role, mode=mode, lignes=lignes)


def resolve(
    document: Document,
    profil: Profil | str | Path | None = None,
    stade: str | None = None,
    *,
    brouillon: bool = False,
    modele: str | Path | None = None,
    moteur: str | None = None,
    a_jour: bool = False,
) -> Request:
    """Ce que l'on demande d'un document ou d'une mission, avec tout ce qu'il a fallu chercher.

    ``profil`` : celui demandé, sinon celui du document, sinon celui de sa mission, sinon
    ``national``. ``stade`` : celui demandé, sinon celui du document. ``moteur`` : celui du projet,
    sauf ``docxtpl`` demandé. ``a_jour`` : selon le référentiel le plus récent, et non celui sous
    lequel la mission a commencé. ``InputError`` quand le profil, le stade ou le moteur n'existe
    pas, ou que ce n'est ni un document ni une mission.
    """
    check_document(document)
    chosen = profil_of(document, profil)
    held = under(document, chosen)
    mode = BROUILLON if brouillon else DEFINITIF
    begun = VERSION_DU_REFERENTIEL if a_jour else _referentiel(held)
    engine = _engine(moteur, modele)
    return Request(held, chosen, _stade(held, stade), mode, modele, engine, referentiel=begun)


def _engine(moteur: str | None, modele: str | Path | None) -> Moteur:
    engine = engine_named(moteur or Moteur.DLA)
    if engine is Moteur.DOCXTPL and Path(modele or "").suffix.lower() not in (".docx", ".dotx"):
        raise InputError(
            Constat(
                "Le moteur docxtpl ne remplit qu'un modèle Word de votre main.",
                conseil="Donnez-le (« --modele mon_modele.docx »), ou retirez « --moteur ».",
            )
        )
    return engine


def engine_named(word: str) -> Moteur:
    """Le moteur de ce nom ; ``InputError`` dit lesquels existent."""
    if str(word).lower() not in set(Moteur):
        raise InputError(
            f"Le moteur « {word} » n'existe pas ; les moteurs sont {' et '.join(Moteur)}."
        )
    return Moteur(word.lower())


def _referentiel(document: Document) -> int:
    mission = document if is_mission(document) else document._mission
    return (mission and mission.referentiel) or VERSION_DU_REFERENTIEL


def _stade(document: Document, asked: str | None) -> Stade | None:
    if asked is not None:
        return stage_named(document, asked)
    if is_mission(document):
        return document.avancement
    return document.stade_dans(document._mission)


def no_stage(titre: str) -> InputError:
    """L'erreur d'un stade demandé de ce qui n'en a pas."""
    return InputError(
        f"Un stade ne vaut pas pour « {titre} » : seul un document qui se remplit par étapes a des "
        "stades. Retirez-le."
    )


def stage_named(document: Document, asked: str) -> Stade:
    """Le stade de ce nom ; ``InputError`` dit lesquels existent, ou que ce document n'en a pas."""
    if document.stades is None:
        raise no_stage(document.titre)
    try:
        return document.stades[str(asked).upper()]
    except KeyError:
        known = [str(stade) for stade in document.stades]
        raise InputError(
            f"Le stade « {asked} » n'existe pas pour « {document.titre} » ; les stades sont "
            f"{', '.join(known)}. {did_you_mean(meant(str(asked), known))}".strip()
        ) from None
