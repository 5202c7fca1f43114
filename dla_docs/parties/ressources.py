"""Ce qu'un prestataire sait faire, où, et avec qui : les lignes de sa fiche au portefeuille
régional.
"""

from __future__ import annotations

from typing import ClassVar

from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import champ
from dla_docs.model.layout import colonne
from dla_docs.model.values import Annee, Cle, Entier, Texte, TexteLong


class Competence(Bloc):
    """Une compétence"""

    sans_ordre = True
    principal: ClassVar[str] = "intitule"
    prefixe: ClassVar[str] = "c"

    cle: Cle = champ("Clé")
    intitule: Texte = champ("Compétence")


class Secteur(Bloc):
    """Un secteur d'activité"""

    sans_ordre = True
    principal: ClassVar[str] = "intitule"
    prefixe: ClassVar[str] = "s"

    cle: Cle = champ("Clé")
    intitule: Texte = champ("Secteur d'activité")


class Zone(Bloc):
    """Un secteur géographique"""

    sans_ordre = True
    principal: ClassVar[str] = "intitule"
    prefixe: ClassVar[str] = "z"

    cle: Cle = champ("Clé")
    intitule: Texte = champ("Secteur géographique")


class Reference(Bloc):
    """Un accompagnement déjà réalisé"""

    colonnes = (
        colonne("Année", "annee", largeur=0.6),
        colonne("Structure accompagnée", "structure", "secteur", largeur=1.3),
        colonne("Objet de l'accompagnement", "objet", largeur=1.8),
        colonne("Cadre (DLA, autre)", "cadre", largeur=0.8),
    )
    principal: ClassVar[str] = "objet"
    prefixe: ClassVar[str] = "r"

    cle: Cle = champ("Clé")
    annee: Annee = champ("Année")
    structure: Texte = champ("Structure accompagnée")
    secteur: Texte = champ("Secteur")
    objet: TexteLong = champ("Objet de l'accompagnement")
    cadre: Texte = champ("Cadre (DLA, autre)")


class Intervenant(Bloc):
    """Un intervenant"""

    colonnes = (
        colonne("Intervenant", "nom", "fonction"),
        colonne("Formation", "formation"),
        colonne("Compétences", "competences", largeur=1.4),
        colonne("Années d'expérience", "experience", largeur=0.7),
    )
    principal: ClassVar[str] = "nom"
    prefixe: ClassVar[str] = "i"

    cle: Cle = champ("Clé")
    nom: Texte = champ("Intervenant")
    fonction: Texte = champ("Fonction")
    formation: TexteLong = champ("Formation")
    competences: TexteLong = champ("Compétences de l'intervenant")
    experience: Entier = champ("Années d'expérience")
