"""Ce que les noms d'une expression désignent : un champ du modèle, une ligne d'une boucle, ou un
nom réservé.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from dla_docs.model.node import Kind, Node
from dla_docs.spelling import did_you_mean, nearest

RESERVED = ("profil", "graphiques", "brouillon", "formulaire")
LOOP = ("index", "index0", "first", "last", "length", "revindex", "revindex0")

Step = str | int


class UnknownPath(Exception):
    """Un chemin que le modèle ne connaît pas : ``problem`` et ``advice`` le disent en français."""

    def __init__(self, problem: str, advice: str = "", misfit: bool = True) -> None:
        super().__init__(problem)
        self.problem, self.advice, self.misfit = problem, advice, misfit


@dataclass(frozen=True, slots=True)
class Ref:
    """Ce que désigne un chemin : ``schema`` avec ``[]`` pour les lignes ; ``steps`` mêle noms et
    rangs (le nombre désigne une boucle).

    ``item`` : une ligne de ``node``, et non la suite entière ; ``reserved`` : un nom que le modèle
    n'a pas à connaître.
    """

    node: Node | None
    schema: str
    steps: tuple[str | int, ...]
    item: bool = False
    reserved: bool = False

    def child(self, name: str, node: Node | None) -> Ref:
        """Le champ ``name`` de ce que désigne ce chemin."""
        dot = "." if self.schema else ""
        steps = (*self.steps, f"{dot}{name}")
        return Ref(node, f"{self.schema}{dot}{name}", steps, reserved=self.reserved)

    def row(self, index: str | int) -> Ref:
        """Une ligne : ``index`` est une boucle (son rang) ou un rang écrit."""
        steps = (
            (*self.steps, "[", index, "]")
            if isinstance(index, int)
            else (*self.steps, f"[{index}]")
        )
        return replace(self, schema=f"{self.schema}[]", steps=steps, item=True)

    @property
    def still(self) -> str:
        """``path`` quand aucun rang de boucle n'y est ; vide sinon."""
        return "" if any(isinstance(step, int) for step in self.steps) else self.path([])

    @property
    def at(self) -> Callable[[list[int]], str]:
        """``path``, fait d'avance quand aucun rang de boucle n'y est."""
        still = self.still
        return (lambda indices: still) if still else self.path

    def path(self, indices: list[int]) -> str:
        """Le chemin absolu, une fois connus les rangs des boucles."""
        return "".join(
            [step if step.__class__ is str else str(indices[step]) for step in self.steps]  # type: ignore[index]  # what is no text is a rank
        )

    @property
    def has_rank(self) -> bool:
        """Vrai quand un rang y est écrit : ``etapes[0].duree`` ne parle que d'une ligne."""
        return any(isinstance(step, str) and step[:1] == "[" != step for step in self.steps)

    @property
    def widest(self) -> str:
        """Le chemin absolu le plus long que donneront des rangs à deux chiffres."""
        return "".join(step if isinstance(step, str) else "99" for step in self.steps)


@dataclass(frozen=True)
class Scope:
    """Les noms visibles à un endroit du modèle ; ``loops`` : combien de boucles l'entourent (une
    case par boucle, la première aux données).
    """

    model: Node | None = None
    names: dict[str, tuple[int, Ref]] = field(default_factory=dict)
    loops: int = 0
    _resolved: dict[tuple[str, tuple[Step, ...]], tuple[int, tuple[Step, ...], Ref]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )  # conditions say the same paths over and over

    def enter(self, name: str, rows: Ref) -> Scope:
        """La portée du corps d'une boucle sur ``rows``."""
        depth = self.loops + 1
        return Scope(self.model, {**self.names, name: (depth, rows.row(depth))}, depth)

    def resolve(self, name: str, steps: Iterable[Step]) -> tuple[int, tuple[Step, ...], Ref]:
        """La case de départ, les clés à suivre et ce qui est désigné ; UnknownPath si le modèle ne
        le connaît pas.
        """
        key = name, tuple(steps)
        if not all(step.__class__ is str for step in key[1]):
            return self._resolve(*key)  # 1 and True are one key, not one rank
        if key not in self._resolved:
            self._resolved[key] = self._resolve(*key)
        return self._resolved[key]

    def _resolve(self, name: str, steps: tuple[Step, ...]) -> tuple[int, tuple[Step, ...], Ref]:
        if name in self.names:
            slot, ref = self.names[name]
            return slot, steps, self._follow(ref, steps, name)
        reserved = name in RESERVED
        root = Ref(None if reserved else self.model, "", (), reserved=reserved)
        return 0, (name, *steps), self._follow(root, (name, *steps), "")

    def _follow(self, ref: Ref, steps: Iterable[Step], shown: str) -> Ref:
        for step in steps:
            if isinstance(step, int):
                _check_rows(ref, shown)
                ref, shown = ref.row(str(step)), f"{shown}[{step}]"
            else:
                ref = ref.child(step, self._child(ref, step, shown))
                shown = f"{shown}.{step}" if shown else step
        return ref

    def _child(self, ref: Ref, name: str, shown: str) -> Node | None:
        if ref.node is None:
            return None
        if ref.node.kind is Kind.ROWS and not ref.item:
            raise UnknownPath(
                f"« {shown} » est une suite de lignes : « {name} » se lit ligne par ligne",
                _loop_advice(shown),
                misfit=False,
            )
        found = ref.node.children.get(name)
        if found is None:
            wanted = f"{shown}.{name}" if shown else name
            raise UnknownPath(
                f"le document ne connaît pas « {wanted} »", self._nearest(ref.node, name, shown)
            )
        return found

    def _nearest(self, parent: Node, name: str, shown: str) -> str:
        prefix = f"{shown}." if shown else ""
        close = nearest(name, parent.children)
        close = f"{prefix}{close}" if close else "" if shown else nearest(name, self.names)
        if not close and self.model is not None:
            close = next((node.path for node in self.model.leaves() if node.name == name), "")
        if close:
            return did_you_mean(close)
        known = ", ".join(f"« {child} »" for child in list(parent.children)[:12])
        return (
            f"Les noms connus ici sont {known}."
            if known
            else "C'est une valeur : elle n'a pas de champs."
        )


def _check_rows(ref: Ref, shown: str) -> None:
    if ref.node is not None and (ref.item or ref.node.kind not in (Kind.ROWS, Kind.LEAF)):
        raise UnknownPath(
            f"« {shown} » n'est pas une suite de lignes",
            "Retirez le rang entre crochets.",
            misfit=False,
        )


def _loop_advice(shown: str) -> str:
    return f"Parcourez-la : {{%tr for ligne in {shown} %}}, puis {{{{ ligne.… }}}}."
