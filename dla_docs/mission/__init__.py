"""La mission : son en-tête, ses documents, ce que les guides demandent d'elle. Un document vérifié
seul n'en a pas : elle se charge quand on la demande.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeGuard

# What type checkers and editors see; the names themselves are loaded by __getattr__
if TYPE_CHECKING:
    from dla_docs.mission.mise_en_concurrence import Suite as Suite
    from dla_docs.mission.mission import Mission as Mission

_HOMES = {"Mission": "mission", "Suite": "mise_en_concurrence"}


def is_mission(one: object) -> TypeGuard[Mission]:
    """Vrai d'une mission ; sans la charger : ce qui en est une l'a fait."""
    home = sys.modules.get("dla_docs.mission.mission")
    return home is not None and isinstance(one, home.Mission)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"dla_docs.mission n'a pas de « {name} »")
    globals()[name] = getattr(import_module(f"dla_docs.mission.{_HOMES[name]}"), name)
    return globals()[name]
