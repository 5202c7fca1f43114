"""Le tableau de bord des missions : où en est chacune, ce qui manque, ce qui presse.

Source : les missions d'un dossier, et le verdict de chacune. Il se produit par
« dla-docs tableau-de-bord » et ne se remplit pas.
"""

from __future__ import annotations

from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import champ, mention
from dla_docs.model.layout import colonne, ligne
from dla_docs.model.values import Entier, Jour, Texte, TexteLong


class Designation(Bloc):
    """Ce qui désigne une mission"""

    en_bref = (
        ligne("reference", fort=True),
        ligne("structures"),
        ligne("retenu"),
        ligne("fichier"),
    )

    reference: Texte = champ("Référence")
    structures: Texte = champ("Structures")
    retenu: Texte = champ("Prestataire")
    fichier: Texte = champ("Fichier")


class LigneDuTableau(Bloc):
    """Une mission, et où elle en est"""

    colonnes = (
        colonne("Mission", "mission", largeur=1.8),
        colonne("Où elle en est", "stade_atteint", largeur=1.1),
        colonne("Documents", "documents", largeur=2.0),
        colonne("En retard", "retards", largeur=1.7),
        colonne("Prochaine échéance", "prochaine", largeur=1.4),
        colonne("Jours faits", "jours", largeur=0.7),
        colonne("Reste à payer", "reste", largeur=0.8),
        colonne("Dernier retour lu", "dernier_retour", largeur=0.8),
    )

    mission: Designation = champ("Mission")
    stade_atteint: TexteLong = champ("Où elle en est")
    documents: TexteLong = champ("Documents")
    retards: TexteLong = champ("En retard")
    prochaine: TexteLong = champ("Prochaine échéance")
    jours: Texte = champ("Jours faits")
    reste: Texte = champ("Reste à payer")
    dernier_retour: Texte = champ("Dernier retour lu")


class MissionIllisible(Bloc):
    """Une mission qui ne se lit pas"""

    colonnes = (
        colonne("Fichier", "fichier", largeur=1.0),
        colonne("Pourquoi elle ne se lit pas", "raison", largeur=3.0),
    )

    fichier: Texte = champ("Fichier")
    raison: TexteLong = champ("Pourquoi elle ne se lit pas")


class TableauDeBord(Document):
    """Le tableau de bord des missions."""

    titre = "Tableau de bord des missions"
    source = "Les missions d'un dossier, et le verdict de chacune"
    date_par = ("au",)
    paysage = True

    au: Jour = champ("Au")
    dossier: Texte = champ("Dossier")
    nombre: Entier = champ("Missions")
    conformes: Entier = champ("Conformes")
    en_retard: Entier = champ("En retard")
    reste: Texte = champ("Reste à payer")
    logiciel: Texte = champ("Logiciel")
    missions: tuple[LigneDuTableau, ...] = champ("Les missions")
    note_sources = mention(
        "Les documents attendus sont ceux que le verdict attend au stade atteint ; les échéances, "
        "celles qu'écrit la mission.",
        apres="missions",
    )
    illisibles: tuple[MissionIllisible, ...] = champ("Les missions qui ne se lisent pas")
