"""Le manifeste d'un dossier : chaque fichier et son empreinte, ce qui n'y est pas et pourquoi, et
de quoi il a été fait. Sa forme publique est ``manifeste.schema.json``.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import Field

from dla_docs.stages.evidence import (
    FichierLu,
    Juge,
    Partie,
    ProfilSuivi,
    VersionDuReferentiel,
    schema_of,
)

SCHEMA_ID = "urn:dla-docs:manifeste:1"
EMPREINTE = "^[0-9a-f]{64}$"


class Etat(StrEnum):
    """Ce que vaut un document du dossier."""

    DEFINITIF = "definitif"
    EXTRAIT = "extrait"
    BROUILLON = "brouillon"


class Attente(StrEnum):
    """Ce que le verdict pense d'un document qui n'est pas là."""

    DU = "du"
    RECOMMANDE = "recommande"
    PAS_ENCORE = "pas_encore"
    PAS_DU = "pas_du"


class FichierEcrit(FichierLu):
    """Un fichier que le dossier écrit. ``retouche`` : vrai quand il tient aussi le travail d'une
    main : son empreinte ne dit pas qu'il n'est que de nous.
    """

    retouche: bool = False


class FichierDuDossier(FichierEcrit):
    """Un fichier du dossier ; ``fait_de`` : l'empreinte du document Word dont ce PDF est fait, ou
    celle des PDF qu'il réunit ; ``normes`` : celles que le fichier annonce, et rien de plus ;
    ``ecarts`` : ce que sa page retouchée dit autrement que la mission ; ``forme`` : le nom du
    schéma que suivent ses données, que donne « dla-docs schema ».
    """

    sorte: str
    etat: Etat = Etat.DEFINITIF
    fait_de: str | None = Field(default=None, pattern=EMPREINTE)
    normes: tuple[str, ...] = ()
    ecarts: tuple[str, ...] = ()
    forme: str | None = None


class PasProduit(Partie):
    """Un fichier qui n'a pas été fait, et pourquoi."""

    nom: str
    raisons: tuple[str, ...]


class Absent(Partie):
    """Un document que la mission ne tient pas, s'il est dû, et pourquoi."""

    sorte: str
    titre: str
    attente: Attente
    raison: str


class PrestataireConsulte(Partie):
    """Un prestataire consulté, et ce qu'il a répondu ; ``pieces`` : les numéros des documents du
    dossier qui lui ont été envoyés, ou qui viennent de lui.
    """

    prestataire: str | None = None
    sollicite_le: date | None = None
    reponse: str | None = None
    motif: str | None = None
    recue_le: date | None = None
    voie: str | None = None
    suite: str | None = None
    informe_le: date | None = None
    pieces: str | None = None


class ConsultationEcrite(Partie):
    """La consultation des prestataires, telle que le sommaire la dit."""

    procedure: str | None = None
    date_limite: date | None = None
    choisi_le: date | None = None
    retenus: str | None = None
    choix_des_sollicites: str | None = None
    motif: str | None = None
    consultes: tuple[PrestataireConsulte, ...] = ()


class Manifeste(Partie):
    """Ce que tient un dossier. ``destinataire`` : à qui il est remis ; ``conforme`` : la
    mission, ou ce qu'en lit celui à qui elle est remise ; ``consultation`` : ``null`` quand la
    mission n'en dit rien, ou que ce destinataire n'a pas à la lire ; ``anciens`` : les fichiers
    d'une fois d'avant, qui ne se font plus et qui sont restés ; ``reportes`` : ceux dont les
    retouches ont passé dans un document d'aujourd'hui, et leur empreinte ce jour-là.
    """

    fait_le: date
    destinataire: str = "archive"
    dla_docs: str
    referentiel: VersionDuReferentiel
    profil: ProfilSuivi | None
    mission: Juge | None
    conforme: bool
    fichiers: tuple[FichierDuDossier, ...]
    pas_produits: tuple[PasProduit, ...] = ()
    absents: tuple[Absent, ...] = ()
    consultation: ConsultationEcrite | None = None
    anciens: tuple[str, ...] = ()
    reportes: tuple[FichierLu, ...] = ()


class Inacheve(Partie):
    """Ce qu'une écriture allait mettre dans un dossier, tant qu'elle n'est pas allée au bout."""

    message: str
    destinataire: str
    fichiers: tuple[FichierEcrit, ...]


def schema() -> dict[str, Any]:
    """Le JSON Schema d'un manifeste."""
    return schema_of(Manifeste, SCHEMA_ID)
