"""Le sommaire d'un dossier : chaque document, son jour, son état, qui le signe ; ce qui n'y est
pas, et pourquoi ; les prestataires consultés, et ce que chacun a répondu.

Source : le dossier d'une mission. Il se produit avec lui et ne se remplit pas.
"""

from __future__ import annotations

from typing import Any, ClassVar

from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import champ, mention
from dla_docs.model.layout import colonne, ligne
from dla_docs.model.requirement import Role, exige
from dla_docs.model.values import Jour, OuiNon, Reponse, Texte, TexteLong
from dla_docs.parties.acteurs import OperateurAssocie, StructureNommee


class Intitule(Bloc):
    """Le titre officiel d'un document, et ce qui le distingue des autres de sa sorte"""

    en_bref = (ligne("titre", fort=True), ligne("precision"), ligne("presentation"))

    titre: Texte = champ("Document")
    precision: Texte = champ("De qui")
    presentation: Texte = champ("Présentation")


class JourDit(Bloc):
    """Le jour d'un document, ou pourquoi il n'en dit pas"""

    en_bref = (ligne("jour_du_document"), ligne("sans_date"))

    jour_du_document: Jour = champ("Date")
    sans_date: Texte = champ("Pas de date")


class PieceDuDossier(Bloc):
    """Un document de la mission"""

    colonnes = (
        colonne("N°", "numero", largeur=0.5),
        colonne("Document", "intitule", largeur=2.3),
        colonne("Date", "date", largeur=0.9),
        colonne("État", "etat", largeur=1.5),
        colonne("Signatures", "signatures", largeur=1.9),
    )

    numero: Texte = champ("N°")
    intitule: Intitule = champ("Document")
    date: JourDit = champ("Date")
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


class Consulte(Bloc):
    """Un prestataire consulté, et ce qu'il a répondu"""

    colonnes = (
        colonne("Prestataire", "prestataire", largeur=1.7),
        colonne("Sollicité le", "sollicite_le", largeur=0.9),
        colonne("Réponse", "reponse", "motif", largeur=2.1),
        colonne("Reçue le", "recue_le", "voie", largeur=1.0),
        colonne("Suite", "suite", "informe_le", largeur=1.3),
        colonne("Pièces", "pieces", largeur=0.8),
    )

    prestataire: Texte = champ("Prestataire")
    sollicite_le: Jour = champ("Sollicité le")
    reponse: Texte = champ("Réponse")
    motif: TexteLong = champ("Motif")
    recue_le: Jour = champ("Reçue le")
    voie: Texte = champ("Par")
    suite: Texte = champ("Suite")
    informe_le: Jour = champ("Informé le")
    pieces: Texte = champ("Pièces")


class Consultation(Bloc):
    """La consultation des prestataires"""

    procedure: Texte = champ("Procédure")
    date_limite: Jour = champ("Date limite de réponse")
    choisi_le: Jour = champ("Choix fait le")
    retenus: Texte = champ("Prestataire retenu")
    choix_des_sollicites: TexteLong = champ("Choix des prestataires sollicités")
    motif: TexteLong = champ("Motif du nombre de sollicités, ou de l'absence de consultation")
    consultes: tuple[Consulte, ...] = champ("Qui a été sollicité, et ce que chacun a répondu")


def remis_a_un_prestataire(bloc: Any, document: SommaireDuDossier) -> bool:
    """Le dossier est remis à un prestataire."""
    return document.pour_un_prestataire is Reponse.OUI


def remis_a_l_archive(bloc: Any, document: SommaireDuDossier) -> bool:
    """Le dossier est celui de l'archive."""
    return document.pour_l_archive is Reponse.OUI


def tient_un_document_sans_date(bloc: Any, document: SommaireDuDossier) -> bool:
    """Un document n'est pas daté."""
    return any(piece.date.sans_date for piece in document.pieces)


def tient_un_extrait(bloc: Any, document: SommaireDuDossier) -> bool:
    """Le dossier tient un extrait."""
    return any((piece.etat or "").startswith(EXTRAIT) for piece in document.pieces)


EXTRAIT = "Extrait"
SANS_DATE, A_DATER = "Sans date", "À dater"


class OperateurNomme(OperateurAssocie):
    """L'opérateur DLA, dont un sommaire ne dit que le nom."""

    en_bref = (ligne("nom", "structure_porteuse", "departement", fort=True),)
    hors_page: ClassVar[tuple[str, ...]] = ("cle", "charge_de_mission")


class SommaireDuDossier(Document):
    """Le sommaire du dossier."""

    titre = "Sommaire du dossier"
    source = "Le dossier d'une mission"
    date_par = ("fait_le",)
    en_entier = ("beneficiaires",)

    hors_page: ClassVar[tuple[str, ...]] = (
        *Document.hors_page,
        "pour_un_prestataire",
        "pour_l_archive",
    )

    destinataire: Texte = champ("Remis à")
    pour_un_prestataire: OuiNon = champ("Remis à un prestataire")
    pour_l_archive: OuiNon = champ("Remis à l'archive")
    reference: Texte = champ("Référence")
    operateur: OperateurNomme = champ("DLA")
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
    note_date = mention(
        "La date d'un document tenu au fil de la mission (plan, grille de suivi) est celle de sa "
        "dernière mise à jour.",
        apres="pieces",
    )
    note_sans_date = mention(
        f"« {SANS_DATE} » : son formulaire n'en demande pas. « {A_DATER} » : la mission ne dit "
        "pas son jour.",
        si=tient_un_document_sans_date,
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
    consultation: Consultation = champ(
        cache_a=(Role.STRUCTURE, Role.PRESTATAIRE, Role.COMITE)
    )  # it names those who were not retained, and says why
    note_preuve = mention(
        "La page de conformité (« conformite ») dit tout ce qui a été vérifié ; "
        "« manifeste.json » donne l'empreinte SHA-256 de chaque fichier.",
        apres="consultation",
    )
    note_mission = mention(
        "« mission.json » tient tout ce que dit la mission, et ce qu'aucun document ne montre : "
        "rencontres, envois, versements, étapes de la mission. dla-docs le relit.",
        si=remis_a_l_archive,
        apres="consultation",
    )
