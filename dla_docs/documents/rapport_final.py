"""Le rapport final d'une mission, que le prestataire remet à la structure et au DLA.

Source : guide du Centre, « Le contenu du rapport final de mission » ; guide du Nord – Pas de Calais, « Le rapport final doit
permettre » ; fiche de Provence-Alpes-Côte d'Azur, « Réalisation de la mission ».
"""

from __future__ import annotations

