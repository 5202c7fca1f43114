"""Les actions du plan d'accompagnement : le tableau du DLA 37 (guide du Centre, « Exemple d'un plan d'accompagnement »)."""

from __future__ import annotations

from typing import ClassVar

from dla_docs.champs import champ
from dla_docs.document import Bloc
from dla_docs.mise_en_page import colonne
from dla_docs.parties.ingenierie import NatureIngenierie
from dla_docs.valeurs import Choix, Cle, Texte, TexteLong


class Action(Bloc):
    """Une action du plan d'accompagnement"""

    colonnes = (
        colonne("Difficulté rencontrée", "difficulte"),
        colonne("Cause supposée", "cause"),
        colonne("Action envisagée", "action", largeur=1.2),
        colonne("Echéance", "echeance", largeur=0.8),
        colonne("Moyens à mobiliser", "moyens", "ingenierie", largeur=1.2),
    )
    prefixe: ClassVar[str] = "a"

    cle: Cle = champ("Clé")
    difficulte: TexteLong = champ("Difficulté rencontrée")
    cause: TexteLong = champ("Cause supposée")
    action: TexteLong = champ("Action envisagée")
    echeance: Texte = champ("Echéance")
    moyens: TexteLong = champ("Moyens à mobiliser")
    ingenierie: Choix[NatureIngenierie] = champ("Ingénierie")
