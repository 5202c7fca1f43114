"""Le formulaire qui voyage : ce qu'il emporte, comment il se fait, comment il se relit."""

from dla_docs.forms.blank_form import avant_l_envoi, controle, trame, trames
from dla_docs.forms.reader import Changement, Lecture, read

__all__ = [
    "Changement",
    "Lecture",
    "avant_l_envoi",
    "controle",
    "read",
    "trame",
    "trames",
]
