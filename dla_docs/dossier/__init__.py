"""Le dossier d'une mission, tel qu'on le remet : ses documents numérotés, leur sommaire, la preuve
du verdict, et le manifeste des fichiers.

``making`` fait tout avant de rien écrire ; ``recipient`` dit ce que le destinataire reçoit,
``shown_proof`` ce que la preuve lui en dit ; ``names`` nomme les fichiers, ``word_file`` en est
un ; ``absences`` dit ce qui n'y est pas, d'après le verdict ; ``contents`` en fait le sommaire ;
``folder`` écrit ce qui a changé, et dit ce qui n'est pas fini.
"""

from dla_docs.dossier.making import Dossier, Suivi, make_dossier

__all__ = ["Dossier", "Suivi", "make_dossier"]
