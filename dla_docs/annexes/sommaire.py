"""Le sommaire d'un dossier : chaque document, son jour, son état, qui le signe ; puis ce qui n'y
est pas, et pourquoi.

Source : le dossier d'une mission. Il se produit avec lui et ne se remplit pas.
"""

from __future__ import annotations

from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import champ, mention
from dla_docs.model.layout import colonne, ligne
from dla_docs.model.values import Jour, Texte, TexteLong


class Intitule(Bloc):
    """Le titre officiel d'un document, et ce qui le distingue des autres de sa sorte"""

    en_bref = (ligne("titre", fort=True), ligne("precision"))

    titre: Texte = champ("Document")
    precision: Texte = champ("De qui")


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


class SommaireDuDossier(Document):
    """Le sommaire du dossier."""

    titre = "Sommaire du dossier"
    source = "Le dossier d'une mission"

    reference: Texte = champ("Référence")
    beneficiaires: Texte = champ("Structures bénéficiaires")
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
    absentes: tuple[PieceAbsente, ...] = champ("Ce qui n'y est pas, et pourquoi")
    note_preuve = mention(
        "La page de conformité (« conformite ») dit tout ce qui a été vérifié ; "
        "« manifeste.json » donne l'empreinte SHA-256 de chaque fichier.",
        apres="absentes",
    )
