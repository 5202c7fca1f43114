"""La page de conformité : le verdict d'une mission ou d'un document, tel qu'un contrôleur le lit.

Source : les guides que suit le profil. Elle se produit comme un document et ne se remplit pas :
``verifier -o`` l'écrit d'après la preuve du verdict.
"""

from __future__ import annotations

from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import champ, mention
from dla_docs.model.layout import colonne, ligne
from dla_docs.model.values import Jour, Texte, TexteLong
from dla_docs.parties.acteurs import StructureNommee


class Point(Bloc):
    """Où cela manque sur la page, ce qui y manque, et le chemin dans le fichier"""

    en_bref = (ligne("lieu", fort=True), ligne("message"), ligne("chemin", libelle=True))

    lieu: TexteLong = champ("Où")
    message: TexteLong = champ("Ce qui manque ou se contredit")
    chemin: Texte = champ("Dans le fichier")


class Manque(Bloc):
    """Un point que le verdict signale"""

    colonnes = (
        colonne("Ce qui manque ou se contredit", "point", largeur=2.6),
        colonne("Qui le demande", "source", largeur=1.8),
        colonne("Que faire", "conseil", largeur=1.6),
    )

    point: Point = champ("Ce qui manque ou se contredit")
    source: TexteLong = champ("Qui le demande")
    conseil: TexteLong = champ("Que faire")


class Respectee(Bloc):
    """Une exigence respectée : son identifiant, ce qu'elle demande"""

    en_bref = (ligne("identifiant", "titre", separateur=" – ", fort=True),)

    identifiant: Texte = champ("Exigence")
    titre: TexteLong = champ("Ce qu'elle demande")


class Rubrique(Bloc):
    """Une rubrique d'un guide, et ce qui en est respecté"""

    colonnes = (
        colonne("Rubrique du guide", "rubrique", largeur=1.2),
        colonne("Exigences vérifiées et respectées", "exigences", largeur=2.8),
    )

    rubrique: TexteLong = champ("Rubrique")
    exigences: tuple[Respectee, ...] = champ("Exigences vérifiées et respectées")


class Guide(Bloc):
    """Un guide, rubrique par rubrique"""

    en_titre = "nom"

    nom: Texte = champ("Guide")
    rubriques: tuple[Rubrique, ...] = champ("Ce qui est respecté")


class Raison(Bloc):
    """Pourquoi des exigences n'avaient pas à être vérifiées"""

    colonnes = (
        colonne("Pourquoi", "raison", largeur=1.6),
        colonne("Exigences", "exigences", largeur=2.4),
    )

    raison: TexteLong = champ("Pourquoi")
    exigences: TexteLong = champ("Exigences")


class FichierVerifie(Bloc):
    """Un fichier, et l'empreinte de ses octets"""

    colonnes = (
        colonne("Fichier", "nom", largeur=1.3),
        colonne("Empreinte SHA-256", "empreinte", largeur=2.7),
    )

    nom: Texte = champ("Fichier")
    empreinte: Texte = champ("Empreinte SHA-256")


class PageDeConformite(Document):
    """La page de conformité."""

    titre = "Vérification de conformité"
    source = "Les guides que suit le profil"
    date_par = ("verifie_le",)
    en_entier = ("beneficiaires", "documents", "guides")

    verifie: Texte = champ("Ce qui est vérifié")
    reference: Texte = champ("Référence")
    beneficiaires: tuple[StructureNommee, ...] = champ("Structures bénéficiaires")
    stade_atteint: Texte = champ("Stade")
    profil_suivi: Texte = champ("Profil")
    verifie_le: Jour = champ("Vérifié le")
    documents: Texte = champ("Documents de la mission")
    guides: Texte = champ("Guides suivis")
    referentiel: Texte = champ("Référentiel")
    logiciel: Texte = champ("Logiciel")
    verdict: TexteLong = champ("Le verdict")
    bloquants: tuple[Manque, ...] = champ("Ce qui bloque")
    recommandes: tuple[Manque, ...] = champ("Ce qui est à compléter, sans bloquer")
    a_jour: tuple[Manque, ...] = champ("Ce que demanderait en plus la dernière version")
    donnees: tuple[FichierVerifie, ...] = champ("Ce sur quoi porte ce verdict")
    respectees: tuple[Guide, ...] = champ("Ce qui est respecté")
    non_verifiees: tuple[Raison, ...] = champ("Ce qui n'avait pas à être vérifié")
    note_identifiants = mention(
        "« dla-docs exigences CDC-07 » dit ce que demande un identifiant, et dans quels mots.",
        apres="non_verifiees",
    )
