"""Ce que pydantic refuse, dit en français : le libellé du champ, ce qui ne va pas, le remède, le
chemin et la ligne.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from dla_docs.constat import Constat
from dla_docs.errors import DlaDocsError
from dla_docs.model.node import Kind, Node
from dla_docs.raw.nodes import MISSING, Place, RawText, Step, child, line_of, place_of, value_at
from dla_docs.raw.quoting import printable, quoted, shortened

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

JOUR = "n'est pas une date ; écrivez par exemple 12/03/2013"
MOMENT = "n'est pas une date suivie d'une heure ; écrivez par exemple 2013-03-12 14:30"
HEURE = "n'est pas une heure ; écrivez par exemple 14:30"
DUREE = "n'est pas une durée ; écrivez par exemple 01:30"
ENTIER = "n'est pas un nombre entier ; écrivez par exemple 12"
NOMBRE = "n'est pas un nombre ; écrivez par exemple 12,5"
VRAI_FAUX = "n'est ni vrai ni faux ; écrivez true ou false"
ADRESSE_WEB = "n'est pas une adresse web ; écrivez par exemple https://www.example.org/"
UUID = "n'est pas un identifiant UUID ; copiez-le tel qu'il a été donné"
LISTE = "n'est pas une liste ; écrivez une ligne par élément, chacune après un tiret"
CLES = (
    "n'est pas une suite de clés ; écrivez-les à la ligne, en retrait, sous la forme « clé: "
    "valeur »"
)
TEXTE = (
    "n'est pas un texte ; écrivez-le sur une ligne, entre guillemets s'il commence par un signe "
    "ou contient « : »"
)
FORME = "n'a pas la forme attendue ; voyez l'exemple du document"
INTERDIT = "n'a pas sa place ici ; retirez cette valeur"
FIGE = "ne peut pas être modifié ; faites une copie du document avec la nouvelle valeur"
PROGRAMME = "ne convient pas à ce champ ; vérifiez cette valeur"

# Each sentence goes on from the value, « 31/02/2013 »; {names} are those of pydantic's own context.
PHRASES: dict[str, str] = {
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        JOUR,
    ),
    **dict.fromkeys(
        (
            "datetime_type",
            "datetime_parsing",
            "datetime_object_invalid",
            "datetime_from_date_parsing",
        ),
        MOMENT,
    ),
    **dict.fromkeys(("time_type", "time_parsing"), HEURE),
    **dict.fromkeys(("time_delta_type", "time_delta_parsing"), DUREE),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), ENTIER),
    **dict.fromkeys(
        ("float_type", "float_parsing", "decimal_type", "decimal_parsing", "finite_number"), NOMBRE
    ),
    **dict.fromkeys(
        ("complex_type", "complex_str_parsing", "fraction_type", "fraction_parsing"), NOMBRE
    ),
    **dict.fromkeys(("bool_type", "bool_parsing"), VRAI_FAUX),
    **dict.fromkeys(("url_type", "url_parsing", "url_syntax_violation"), ADRESSE_WEB),
    **dict.fromkeys(("uuid_type", "uuid_parsing", "uuid_version"), UUID),
    **dict.fromkeys(
        (
            "list_type",
            "tuple_type",
            "set_type",
            "frozen_set_type",
            "deque_type",
            "iterable_type",
            "named_tuple_type",
            "arguments_type",
        ),
        LISTE,
    ),
    **dict.fromkeys(
        ("dict_type", "frozen_dict_type", "ordered_dict_type", "counter_type", "mapping_type"), CLES
    ),
    **dict.fromkeys(("string_type", "bytes_type"), TEXTE),
    **dict.fromkeys(("string_pattern_mismatch", "invalid_key"), FORME),
    **dict.fromkeys(
        (
            "none_required",
            "ellipsis_error",
            "missing_sentinel_error",
            "unexpected_keyword_argument",
            "unexpected_positional_argument",
        ),
        INTERDIT,
    ),
    **dict.fromkeys(("multiple_argument_values",), INTERDIT),
    **dict.fromkeys(("frozen_field", "frozen_instance"), FIGE),
    **dict.fromkeys(
        (
            "is_instance_of",
            "is_subclass_of",
            "callable_type",
            "needs_python_object",
            "no_such_attribute",
            "get_attribute_error",
        ),
        PROGRAMME,
    ),
    **dict.fromkeys(
        (
            "set_item_not_hashable",
            "iteration_error",
            "default_factory_not_called",
            "dataclass_exact_type",
        ),
        PROGRAMME,
    ),
    **dict.fromkeys(
        ("recursion_loop", "recursion_depth_exceeded"),
        "se contient lui-même, ou est imbriqué trop profondément ; écrivez les valeurs",
    ),
    **dict.fromkeys(
        ("json_invalid", "json_type"),
        "n'est pas du JSON ; vérifiez les guillemets, les virgules et les accolades",
    ),
    **dict.fromkeys(
        ("string_unicode", "bytes_invalid_encoding"),
        "contient des caractères illisibles ; enregistrez le fichier en UTF-8",
    ),
    **dict.fromkeys(
        ("date_past", "datetime_past"),
        "n'est pas passé ; écrivez une date antérieure à aujourd'hui",
    ),
    **dict.fromkeys(
        ("date_future", "datetime_future"),
        "n'est pas à venir ; écrivez une date postérieure à aujourd'hui",
    ),
    **dict.fromkeys(
        ("timezone_naive", "timezone_aware", "timezone_offset"),
        "n'est pas dans le fuseau horaire attendu ; écrivez l'heure de France",
    ),
    "int_parsing_size": "est un nombre trop grand ; vérifiez-le",
    "string_not_ascii": (
        "contient une lettre accentuée ou un signe spécial ; n'écrivez que des lettres sans "
        "accent et des chiffres"
    ),
    "greater_than": "doit être supérieur à {gt} ; corrigez cette valeur",
    "greater_than_equal": "doit être au moins égal à {ge} ; corrigez cette valeur",
    "less_than": "doit être inférieur à {lt} ; corrigez cette valeur",
    "less_than_equal": "doit être au plus égal à {le} ; corrigez cette valeur",
    "multiple_of": "doit être un multiple de {multiple_of} ; corrigez cette valeur",
    "decimal_max_digits": "a trop de chiffres ; {max_digits} au plus",
    "decimal_max_places": "a trop de chiffres après la virgule ; {decimal_places} au plus",
    "decimal_whole_digits": "a trop de chiffres avant la virgule ; {whole_digits} au plus",
    "too_short": "compte trop peu d'éléments ; {min_length} au moins",
    "too_long": "compte trop d'éléments ; {max_length} au plus",
    **dict.fromkeys(
        ("string_too_short", "bytes_too_short"), "est trop court ; {min_length} caractères au moins"
    ),
    **dict.fromkeys(
        ("string_too_long", "bytes_too_long", "url_too_long"),
        "est trop long ; {max_length} caractères au plus",
    ),
    "url_scheme": "ne commence pas comme attendu ; écrivez par exemple https://www.example.org/",
}
INCONNU = "ne convient pas ; vérifiez cette valeur"
ABSENT = (
    "missing",
    "missing_argument",
    "missing_keyword_only_argument",
    "missing_positional_only_argument",
)
PARTIE = ("model_type", "model_attributes_type", "dataclass_type")
CHOIX = ("literal_error", "enum", "union_tag_invalid", "union_tag_not_found")
A_NOUS = ("value_error", "assertion_error")

# Words that no French sentence holds: such a text comes from a library and not from a validator of
# ours.
ENGLISH = re.compile(
    r"\b(a valid|and|are|argument|at|be|by|byte|can|can't|cannot|class|codec|could|does|error|"
    r"expected|failed|found|got|has|have|in a|input|invalid|is|must|not|of|out|required|should|"
    r"than|the|this|to|too|unable|unexpected|unknown|unsupported|valid|value|values|was|were|with|"
    r"you|your)\b",
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
    context: Mapping[str, Any]
    steps: tuple[Step, ...]
    node: Node | None
    parent: Node | None
    root: Node | None

    @property
    def name(self) -> str:
        return str(self.steps[-1]) if self.steps else ""


def constats_from(
    error: ValidationError, raw: Any = None, prefix: str = "", root: Node | None = None
) -> list[Constat]:
    """Chaque erreur de pydantic, en une phrase française qui dit le champ, le remède, le chemin, le
    fichier et la ligne.

    ``raw`` est ce qui a été validé, ``prefix`` le chemin de ce modèle dans la mission, ``root``
    l'arbre du modèle.
    """
    found: dict[tuple[str, ...], Constat] = {}
    for detail in error.errors(include_url=False):
        fault = _fault(detail, raw, root)
        constat = _constat(fault, raw, prefix)
        # The branches of a union fail together, each under a name of pydantic's own: one problem
        # for the reader.
        is_branch = len(fault.steps) < len(detail["loc"])
        found.setdefault(
            (constat.chemin,) if is_branch else (constat.chemin, constat.message), constat
        )
    return list(found.values())


def _constat(fault: _Fault, raw: Any, prefix: str) -> Constat:
    chemin = _path(fault.steps, prefix)
    holder = fault.parent if fault.type == "extra_forbidden" else fault.node
    label = f"{holder.label} : " if holder and holder.label else ""
    place = f" ({chemin})" if chemin else ""
    file, line = _place(fault, raw)
    return Constat(
        _one_line(_capitalized(f"{label}{_phrase(fault)}{place}.")),
        chemin=_one_line(chemin),
        fichier=file,
        ligne=line,
    )


def _place(fault: _Fault, raw: Any) -> Place:
    own = place_of(fault.value)
    known = line_of(raw, fault.steps)
    # What was refused is not always what stands at the path: a validator may have moved rows, or no
    # data may have been given.
    moved = isinstance(fault.value, RawText) and value_at(raw, fault.steps) is not fault.value
    return own if own[1] and (moved or known[1] is None) else known


def _fault(detail: ErrorDetails, raw: Any, root: Node | None) -> _Fault:
    steps: list[Step] = []
    node, parent, value = root, None, raw
    for rank, step in enumerate(detail["loc"]):
        here, below = child(value, step), _below(node, step)
        is_named_key = (
            detail["type"] in (*ABSENT, "extra_forbidden") and rank == len(detail["loc"]) - 1
        )
        if (
            here is MISSING
            and below is None
            and not is_named_key
            and (raw is not None or root is not None)
        ):
            continue  # a name of pydantic's own: a branch of a union, a kind of validator
        steps.append(step)
        node, parent, value = below, node, here
    return _Fault(
        detail["type"], detail["input"], detail.get("ctx", {}), tuple(steps), node, parent, root
    )


def _below(node: Node | None, step: Step) -> Node | None:
    return node if node is None or isinstance(step, int) else node.children.get(step)


def _phrase(fault: _Fault) -> str:
    if fault.type in A_NOUS:
        return _own_phrase(fault)
    if fault.type == "extra_forbidden":
        return _unknown_key(fault)
    if fault.type in ABSENT:
        return "valeur absente ; ajoutez-la"
    if fault.type in PARTIE:
        return _not_a_part(fault)
    if fault.type in CHOIX:
        return _not_a_choice(fault)
    context = {name: _number(value) for name, value in fault.context.items()}
    try:
        ending = PHRASES.get(fault.type, INCONNU).format_map(context)
    except KeyError:  # a limit that this version of pydantic does not give
        ending = INCONNU
    return f"{_shown(fault.value)} {ending}"


def _own_phrase(fault: _Fault) -> str:
    error = fault.context.get("error") or ""
    phrase = (
        " ; ".join(constat.message.rstrip(".") for constat in error.constats)
        if isinstance(error, DlaDocsError)
        else str(error)
    )
    phrase = phrase.strip().rstrip(".")
    quoted_apart = re.sub("«.*»", "", phrase, flags=re.DOTALL)
    if not phrase or ENGLISH.search(quoted_apart):
        return f"{_shown(fault.value)} {INCONNU}"
    middle = LONGEST_PHRASE // 2
    return phrase if len(phrase) <= LONGEST_PHRASE else f"{phrase[:middle]} … {phrase[-middle:]}"


def _unknown_key(fault: _Fault) -> str:
    known = _field_names(fault.parent)
    near = _nearest(fault.name, fault.parent.children.values() if fault.parent else (), 0.75)
    said = f"clé inconnue {quoted(fault.name)}"
    if near:
        return f"{said} ; vouliez-vous dire « {near.name} » ?"
    if elsewhere := _elsewhere(fault):
        return f"{said} ; {elsewhere} : vérifiez le retrait"
    return (
        f"{said} ; les clés possibles sont : {_listed(known)}" if known else f"{said} ; retirez-la"
    )


def _elsewhere(fault: _Fault) -> str:
    # A key at the wrong place is most often a wrong indentation.
    near = _nearest(fault.name, fault.root.walk() if fault.root else (), 0.85)
    holder = near.path.rpartition(".")[0].replace("[]", "") if near else ""
    return f"« {near.name} » s'écrit dans « {holder} »" if near and holder else ""


def _nearest(name: str, nodes: Iterable[Node], cutoff: float) -> Node | None:
    # People also write a field as the form prints it.
    said: dict[str, Node] = {}
    for node in nodes:
        if node.name and node.kind is not Kind.NOTE:
            said.setdefault(node.name, node)
            said.setdefault(_folded(node.label) or node.name, node)
    near = difflib.get_close_matches(_folded(name[:LONGEST_NAME]), said, n=1, cutoff=cutoff)
    return said[near[0]] if near else None


def _not_a_part(fault: _Fault) -> str:
    names = _field_names(fault.node)
    remedy = (
        f"écrivez à la ligne ses clés ({_listed(names)})"
        if names
        else "écrivez ses clés à la ligne, en retrait"
    )
    return (
        f"{_shown(fault.value)} est donné là où des clés sont attendues ; {remedy}, ou le chemin "
        f"d'un fichier .yaml qui existe"
    )


def _not_a_choice(fault: _Fault) -> str:
    choices = (
        list(fault.node.choices) if fault.node and fault.node.choices else list(_expected(fault))
    )
    remedy = (
        f"écrivez {_listed(choices, ' ou ')}"
        if choices
        else "choisissez une des réponses du document"
    )
    return f"{_shown(fault.value)} n'est pas une réponse possible ; {remedy}"


def _expected(fault: _Fault) -> Iterator[str]:
    written = str(fault.context.get("expected") or fault.context.get("expected_tags") or "")
    for single, double, bare in re.findall(
        r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|([^\s,]+)", written
    ):
        if bare != "or":
            yield single or double or bare


def _field_names(node: Node | None) -> list[str]:
    return (
        [name for name, below in node.children.items() if below.kind is not Kind.NOTE]
        if node
        else []
    )


def _listed(names: list[str], last: str = ", ") -> str:
    if len(names) > MOST_NAMES:
        return f"{', '.join(names[:MOST_NAMES])}…"
    return last.join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _shown(value: Any) -> str:
    if value is None or (isinstance(value, str) and not value.strip()):
        return "une valeur vide"
    if isinstance(value, Mapping):
        return "un groupe de clés"
    if isinstance(value, list | tuple | set | frozenset):
        return "une liste"
    if isinstance(value, str | int | float | date):
        return quoted(_number(value))
    return "cette valeur"


def _number(value: Any) -> str:
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y %H:%M" if isinstance(value, datetime) else "%d/%m/%Y")
    return str(value) if isinstance(value, str) else str(value).replace(".", ",")


def _path(steps: tuple[Step, ...], prefix: str) -> str:
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


def _folded(name: str) -> str:
    plain = "".join(
        char for char in unicodedata.normalize("NFD", name) if not unicodedata.combining(char)
    )
    return re.sub(r"[\W_]+", "_", plain.casefold()).strip("_")


def _capitalized(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _one_line(text: str) -> str:
    return printable(re.sub(r"[\r\n\t]+", " ", text))
