"""Plusieurs missions à la fois : un dossier en tient, chacune a le sien, un tableau les montre
toutes.

``finding`` dit ce qu'un dossier tient ; ``dossiers`` fait le dossier de chaque mission ;
``echeances`` dit ce que chacune attend, ``suivi`` où elle en est ; ``pages`` en fait la page, le
classeur ou le document.
"""

from dla_docs.missions.dossiers import Dossiers, Fait, make_dossiers

__all__ = ["Dossiers", "Fait", "make_dossiers"]
