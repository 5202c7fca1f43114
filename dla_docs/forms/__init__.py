"""Le formulaire qui voyage : ce qu'il emporte, comment il se fait, comment il se relit, où vont les
réponses.
"""

from dla_docs.forms.blank_form import avant_l_envoi, controle, trame, trames
from dla_docs.forms.reader import Changement, Lecture, read
from dla_docs.forms.reunion import Reunion, reunir, reunir_par_fiche

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
