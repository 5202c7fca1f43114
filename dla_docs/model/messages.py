"""Ce que pydantic refuse, dit en français : le libellé du champ, ce qui ne va pas, le remède, le
chemin et la ligne.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from dla_docs.constat import Constat
from dla_docs.errors import MOST_SAID, DlaDocsError
from dla_docs.model.node import Kind, Node, is_short, told
from dla_docs.model.values.value import scalar_text
from dla_docs.raw.nodes import FileLine, RawText, Step, line_of, place_of, value_at
from dla_docs.raw.quoting import printable, quoted, shortened
from dla_docs.spelling import capitalised, did_you_mean, nearest, slugged

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

INCONNU = "ne convient pas ; vérifiez cette valeur"

# Words that no French sentence holds: such a text comes from a library and not from a validator of
# ours.
ENGLISH = re.compile(
    r"\b(a valid|and|are|argument|at|be|by|byte|can|can't|cannot|class|codec|could|does|"
    r"error|expected|failed|found|got|has|have|in a|input|invalid|is|must|not|of|out|"
    r"required|should|than|the|this|to|too|unable|unexpected|unknown|unsupported|valid|"
    r"value|values|was|were|with|you|your)\b",
    re.IGNORECASE,
)
LONGEST_PHRASE = 600
MOST_NAMES = 12
LONGEST_NAME = 100


@dataclass(frozen=True)
class _Fault:
    """Une erreur de pydantic et l'endroit du document où elle tombe ; ``node`` et ``parent`` quand
    l'arbre du modèle est connu.
    """

    type: str
    value: Any
    error: object
    steps: tuple[Step, ...]
    node: Node | None
    parent: Node | None
    root: Node | None

    @property
    def name(self) -> str:
        return str(self.steps[-1]) if self.steps else ""


def constats_from(
    error: ValidationError,
    raw: Any = None,
    prefix: str = "",
    root: Node | None = None,
    written: Callable[[tuple[Step, ...]], Iterable[Step]] = tuple,
) -> list[Constat]:
    """Chaque erreur de pydantic, en une phrase française qui dit le champ, le remède, le chemin, le
    fichier et la ligne.

    ``raw`` est ce qui a été validé, ``prefix`` le chemin de ce modèle dans la mission, ``root``
    l'arbre du modèle, ``written`` rend un chemin tel que le fichier le compte.
    """
    details = error.errors(include_url=False)[: MOST_SAID + 1]  # each may look for its remedy
    return [_constat(_fault(detail, root), raw, prefix, written) for detail in details]


def _constat(
    fault: _Fault,
    raw: Any,
    prefix: str,
    written: Callable[[tuple[Step, ...]], Iterable[Step]],
) -> Constat:
    chemin = _path(written(fault.steps), prefix)
    holder = fault.parent if fault.type == "extra_forbidden" else fault.node
    said = _named(fault, holder) if holder else ""
    label = f"{said} : " if said else ""
    place = f" ({chemin})" if chemin else ""
    file, line = _place(fault, raw)
    return Constat(
        _one_line(capitalised(f"{label}{_phrase(fault)}{place}.")),
        chemin=_one_line(chemin),
        fichier=file,
        ligne=line,
    )


def _named(fault: _Fault, holder: Node) -> str:
    """A label of one word says its place too, as for what is absent."""
    field = holder is fault.node and isinstance(next(reversed(fault.steps), None), str)
    if fault.root is None or not field or not is_short(holder.label):
        return holder.label
    return told(fault.root, _path(fault.steps, ""))


def _place(fault: _Fault, raw: Any) -> FileLine:
    own = place_of(fault.value)
    known = line_of(raw, fault.steps)
    # What was refused is not always what stands at the path: a validator may have moved rows, or no
    # data may have been given.
    moved = isinstance(fault.value, RawText) and value_at(raw, fault.steps) is not fault.value
    return own if own[1] and (moved or known[1] is None) else known


def _fault(detail: ErrorDetails, root: Node | None) -> _Fault:
    node, parent = root, None
    for step in detail["loc"]:
        node, parent = _below(node, step), node
    error = detail.get("ctx", {}).get("error")
    return _Fault(detail["type"], detail["input"], error, detail["loc"], node, parent, root)


def _below(node: Node | None, step: Step) -> Node | None:
    return node if node is None or isinstance(step, int) else node.children.get(step)


def _phrase(fault: _Fault) -> str:
    return PHRASES.get(fault.type, _unfit)(fault)


def _unfit(fault: _Fault, ending: str = INCONNU) -> str:
    return f"{_shown(fault.value)} {ending}"


def _own_phrase(fault: _Fault) -> str:
    error = fault.error or ""
    phrase = (
        " ; ".join(constat.message.rstrip(".") for constat in error.constats)
        if isinstance(error, DlaDocsError)
        else str(error)
    )
    phrase = phrase.strip().rstrip(".")
    quoted_apart = re.sub("«.*»", "", phrase, flags=re.DOTALL)
    if not phrase or ENGLISH.search(quoted_apart):
        return _unfit(fault)
    middle = LONGEST_PHRASE // 2
    return phrase if len(phrase) <= LONGEST_PHRASE else f"{phrase[:middle]} … {phrase[-middle:]}"


def _unknown_key(fault: _Fault) -> str:
    known = _field_names(fault.parent)
    near = _nearest(fault.name, fault.parent.spellings if fault.parent else {}, 0.75)
    said = f"clé inconnue {quoted(fault.name)}"
    if near:
        return f"{said} ; {did_you_mean(near.name).replace('V', 'v', 1)}"
    if elsewhere := _elsewhere(fault):
        return f"{said} ; {elsewhere} : vérifiez le retrait"
    return (
        f"{said} ; les clés possibles sont : {_listed(known)}" if known else f"{said} ; retirez-la"
    )


def _elsewhere(fault: _Fault) -> str:
    # A key at the wrong place is most often a wrong indentation.
    near = _nearest(fault.name, fault.root.spellings_below if fault.root else {}, 0.85)
    holder = near.path.rpartition(".")[0].replace("[]", "") if near else ""
    return f"« {near.name} » s'écrit dans « {holder} »" if near and holder else ""


def _nearest(name: str, said: Mapping[str, Node], cutoff: float) -> Node | None:
    return said.get(nearest(slugged(name[:LONGEST_NAME]), said, cutoff))


def _not_a_part(fault: _Fault) -> str:
    names = _field_names(fault.node)
    remedy = (
        f"écrivez à la ligne ses clés ({_listed(names)})"
        if names
        else "écrivez ses clés à la ligne, en retrait"
    )
    shown = _shown(fault.value)
    given = "est donnée" if shown.startswith(("une ", "cette ")) else "est donné"
    return (
        f"{shown} {given} là où des clés sont attendues ; {remedy}, ou le chemin d'un fichier "
        f".yaml qui existe"
    )


def _field_names(node: Node | None) -> list[str]:
    return (
        [name for name, below in node.children.items() if below.kind is not Kind.NOTE]
        if node
        else []
    )


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:MOST_NAMES])}{'…' if len(names) > MOST_NAMES else ''}"


KNOWN = (int, float, Decimal, date)


def _shown(value: Any) -> str:
    if value is None or (isinstance(value, str) and not value.strip()):
        return "une valeur vide"
    if isinstance(value, Mapping):
        return "un groupe de clés"
    if isinstance(value, list | tuple | set | frozenset):
        return "une liste"
    if isinstance(value, str):
        return quoted(value)
    return quoted(scalar_text(value)) if isinstance(value, KNOWN) else "cette valeur"


def _path(steps: Iterable[Step], prefix: str) -> str:
    path = prefix
    for step in steps:
        path += (
            f"[{step}]"
            if isinstance(step, int)
            else f".{shortened(step)}"
            if path
            else shortened(step)
        )
    return path


def _one_line(text: str) -> str:
    return printable(re.sub(r"[\r\n\t]+", " ", text))


# One for each error that a model of ours can raise: what it accepts is read by its values, which
# speak for themselves.
PHRASES: dict[str, Callable[[_Fault], str]] = {
    "value_error": _own_phrase,
    "extra_forbidden": _unknown_key,
    "model_type": _not_a_part,
    "tuple_type": partial(
        _unfit,
        ending="n'est pas une liste ; écrivez une ligne par élément, chacune après un tiret",
    ),
    "dict_type": partial(
        _unfit,
        ending="n'est pas une suite de clés ; écrivez-les à la ligne, en retrait, sous la forme "
        "« clé: valeur »",
    ),
    "string_type": partial(
        _unfit,
        ending="n'est pas un texte ; écrivez-le sur une ligne, entre guillemets s'il commence par "
        "un signe ou contient « : »",
    ),
    "string_unicode": partial(
        _unfit,
        ending="contient des caractères illisibles ; enregistrez le fichier en UTF-8",
    ),
}
