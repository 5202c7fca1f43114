"""Le formulaire qui voyage : ce qu'il emporte, comment il se fait, comment il se relit. Un dossier,
qui n'en tait que des champs, n'en charge rien d'autre.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

# What type checkers and editors see; the names themselves are loaded by __getattr__
if TYPE_CHECKING:
    from dla_docs.forms.blank_form import avant_l_envoi, controle, trame, trames
    from dla_docs.forms.reader import Changement, Lecture, read

_HOMES = {
    "Changement": "reader",
    "Lecture": "reader",
    "avant_l_envoi": "blank_form",
    "controle": "blank_form",
    "read": "reader",
    "trame": "blank_form",
    "trames": "blank_form",
}

__all__ = [
    "Changement",
    "Lecture",
    "avant_l_envoi",
    "controle",
    "read",
    "trame",
    "trames",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"dla_docs.forms n'a pas de « {name} »")
    globals()[name] = getattr(import_module(f"dla_docs.forms.{_HOMES[name]}"), name)
    return globals()[name]
