"""Le formulaire qui voyage : ce qu'il emporte, comment il se fait, comment il se relit, où vont les réponses."""

from dla_docs.formulaire.envoi import controle, trame
from dla_docs.formulaire.lecture import Changement, Lecture, read

__all__ = ["Changement", "Lecture", "controle", "read", "trame"]
