"""Le dossier d'une mission, tel qu'on le remet : ses documents numérotés, leur sommaire, la preuve
du verdict, et le manifeste des fichiers.

``making`` fait tout avant de rien écrire ; ``names`` nomme les fichiers ; ``absences`` dit ce qui
n'y est pas, d'après le verdict ; ``contents`` en fait le sommaire ; ``folder`` écrit ce qui a
changé.
"""

from dla_docs.dossier.making import Dossier, Suivi, make_dossier

__all__ = ["Dossier", "Suivi", "make_dossier"]
