"""Le sommaire d'un dossier : chaque document, son jour, son état, qui le signe ; puis ce qui n'y
est pas, et pourquoi.

Source : le dossier d'une mission. Il se produit avec lui et ne se remplit pas.
"""

from __future__ import annotations

from typing import Any, ClassVar

from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import champ, mention
from dla_docs.model.layout import colonne, ligne
from dla_docs.model.requirement import exige
from dla_docs.model.values import Jour, OuiNon, Reponse, Texte, TexteLong
from dla_docs.parties.acteurs import StructureNommee


class Intitule(Bloc):
    """Le titre officiel d'un document, et ce qui le distingue des autres de sa sorte"""

    en_bref = (ligne("titre", fort=True), ligne("precision"), ligne("presentation"))

    titre: Texte = champ("Document")
    precision: Texte = champ("De qui")
    presentation: Texte = champ("Présentation")


class PieceDuDossier(Bloc):
    """Un document de la mission"""

    colonnes = (
        colonne("N°", "numero", largeur=0.5),
        colonne("Document", "intitule", largeur=2.3),
        colonne("Date", "jour_du_document", largeur=0.9),
        colonne("État", "etat", largeur=1.5),
        colonne("Signatures", "signatures", largeur=1.9),
    )

    numero: Texte = champ("N°")
    intitule: Intitule = champ("Document")
    jour_du_document: Jour = champ("Date")
    etat: TexteLong = champ("État")
    signatures: TexteLong = champ("Signatures")


class PieceAbsente(Bloc):
    """Un document qui n'est pas là"""

    colonnes = (
        colonne("Document", "titre", largeur=2.2),
        colonne("Attendu", "attente", largeur=1.0),
        colonne("Pourquoi", "raison", largeur=3.6),
    )

    titre: TexteLong = champ("Document")
    attente: Texte = champ("Attendu")
    raison: TexteLong = champ("Pourquoi")


def remis_a_un_prestataire(bloc: Any, document: SommaireDuDossier) -> bool:
    """Le dossier est remis à un prestataire."""
    return document.pour_un_prestataire is Reponse.OUI


def tient_un_extrait(bloc: Any, document: SommaireDuDossier) -> bool:
    """Le dossier tient un extrait."""
    return any((piece.etat or "").startswith(EXTRAIT) for piece in document.pieces)


EXTRAIT = "Extrait"


class SommaireDuDossier(Document):
    """Le sommaire du dossier."""

    titre = "Sommaire du dossier"
    source = "Le dossier d'une mission"
    en_entier = ("beneficiaires",)

    hors_page: ClassVar[tuple[str, ...]] = (*Document.hors_page, "pour_un_prestataire")

    destinataire: Texte = champ("Remis à")
    pour_un_prestataire: OuiNon = champ("Remis à un prestataire")
    reference: Texte = champ("Référence")
    beneficiaires: tuple[StructureNommee, ...] = champ("Structures bénéficiaires")
    retenu: Texte = champ("Prestataire")
    avancement: Texte = champ("Où en est la mission")
    profil_suivi: Texte = champ("Profil")
    fait_le: Jour = champ("Fait le")
    logiciel: Texte = champ("Logiciel")
    verdict: TexteLong = champ("Le verdict")
    pieces: tuple[PieceDuDossier, ...] = champ("Les documents du dossier")
    note_signatures = mention(
        "« À signer » : le document a un cadre pour chacun ; la mission ne dit pas qui l'a déjà "
        "rempli.",
        apres="pieces",
    )
    note_extraits = mention(
        "« Extrait » : ce que ce destinataire n'a pas à lire n'y est pas.",
        si=tient_un_extrait,
        apres="pieces",
    )
    note_confidentialite = mention(
        "Le prestataire est tenu à une obligation de confidentialité.",
        exige("CV-13"),
        si=remis_a_un_prestataire,
        apres="pieces",
    )
    absentes: tuple[PieceAbsente, ...] = champ("Ce qui n'y est pas, et pourquoi")
    note_preuve = mention(
        "La page de conformité (« conformite ») dit tout ce qui a été vérifié ; "
        "« manifeste.json » donne l'empreinte SHA-256 de chaque fichier.",
        apres="absentes",
    )
