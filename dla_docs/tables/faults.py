"""Une cellule qui n'est pas une réponse."""

from __future__ import annotations

from typing import Any


class Fault(str):
    """Une cellule qui n'est pas une réponse : ce qu'on en dit."""

    conseil: str
    held: str

    def __new__(cls, message: str, conseil: str, held: str) -> Fault:
        """``message`` la décrit, ``conseil`` est le remède, ``held`` ce qu'on en garde pour qui la
        corrige.
        """
        made = super().__new__(cls, message)
        made.conseil, made.held = conseil, held
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Fault, (str(self), self.conseil, self.held)
