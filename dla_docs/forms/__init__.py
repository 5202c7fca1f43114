"""Le formulaire qui voyage : ce qu'il emporte, comment il se fait, comment il se relit, où vont les
réponses.
"""

from dla_docs.forms.joining import Reunion, reunir, reunir_par_fiche
from dla_docs.forms.reading import Changement, Lecture, read
from dla_docs.forms.sending import avant_l_envoi, controle, trame, trames

__all__ = [
    "Changement",
    "Lecture",
    "Reunion",
    "avant_l_envoi",
    "controle",
    "read",
    "reunir",
    "reunir_par_fiche",
    "trame",
    "trames",
]
