"""Le dossier d'une mission, tel qu'on le remet : ses documents numérotés, leur sommaire, la preuve
du verdict, et le manifeste des fichiers.

``making`` fait tout avant de rien écrire ; ``recipient`` dit ce que le destinataire reçoit,
``shown_proof`` ce que la preuve lui en dit ; ``names`` nomme les fichiers, ``word_file`` en est
un, ``converting`` fait leurs PDF ; ``retouched`` garde ce qu'une main a fait de l'un d'eux,
``hands`` de tous ; ``absences`` dit ce qui n'y est pas, d'après le verdict ; ``consultation``, qui
a été sollicité et a répondu quoi ;
``contents`` en fait le sommaire ; ``mission_data``, le fichier de l'archive qui tient toute la
mission ; ``folder`` écrit ce qui a changé, et dit ce qui n'est pas
fini ; ``result`` est ce qui est rendu.
"""

from dla_docs.dossier.making import make_dossier
from dla_docs.dossier.result import Dossier, Suivi

__all__ = ["Dossier", "Suivi", "make_dossier"]
