"""La présentation d'un document à une réunion, en diapositives (.pptx).

``outline`` dit ce qu'elle contient, d'après ce que la classe du document déclare ; ``metrics``
mesure les textes, ``fitting`` en fait des diapositives ; ``layouts`` ouvre le modèle, celui de
l'opérateur ou celui de ``delivered`` ; ``writing`` écrit le fichier, ``reading`` et
``verification`` le relisent, ``presenting`` fait le tout.
"""

from dla_docs.slides.presenting import present, presented

__all__ = ["present", "presented"]
