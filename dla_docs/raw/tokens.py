"""Un jeton : ce que la lecture d'un fichier YAML ou JSON rencontre, l'un après l'autre."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from dla_docs.constat import Constat
from dla_docs.errors import InputError


class TokenKind(Enum):
    """Ce qu'un jeton ouvre, ferme ou dit."""

    MAP = "clés"
    LIST = "liste"
    END = "fin"
    TEXT = "texte"
    ALIAS = "renvoi"


@dataclass(frozen=True, slots=True)
class Token:
    """``plain`` : écrit sans guillemets ; ``anchor`` : le nom que YAML lui donne (``&nom``) ou
    auquel il renvoie (``*nom``).
    """

    kind: TokenKind
    line: int
    text: str = ""
    plain: bool = False
    anchor: str | None = None
    tag: str | None = None


def input_error(message: str, conseil: str, line: int, file: str) -> InputError:
    """Un seul problème d'écriture, à sa ligne."""
    return InputError(Constat(message, fichier=file, ligne=line, conseil=conseil))
