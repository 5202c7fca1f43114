"""Le retour dans la mission : les réponses d'un formulaire, écrites dans le fichier de mission sans
toucher au reste.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.files import read_text, write_atomic
from dla_docs.forms.reading import Changement, Lecture
from dla_docs.forms.sheets import among, holder_in
from dla_docs.mission import Mission
from dla_docs.model.bloc import Bloc, bloc_of, kind_of
from dla_docs.model.document import Document
from dla_docs.model.node import Kind, steps
from dla_docs.profils.profil import Profil
from dla_docs.raw.overlaying import CLE
from dla_docs.registry import DOCUMENTS
from dla_docs.stages.envelope import data_of
from dla_docs.stages.inclusion import is_citation
from dla_docs.stages.loading import load, load_text
from dla_docs.stages.writing import style_of, typed

SCALARS = {'"': DoubleQuotedScalarString, "|": LiteralScalarString, None: str}


def base_in(
    path: str | Path, profil: Profil | str | Path | None = None
) -> dict[str, tuple[Document, ...]]:
    """Les documents que le fichier tient déjà, par nom : ce à quoi comparer un formulaire qui a
    perdu ses données.
    """
    loaded = load(path, profil)
    return {
        type(loaded).slug(): (loaded,),
        **(loaded.documents if isinstance(loaded, Mission) else {}),
    }


def write_back(
    lecture: Lecture, path: str | Path, profil: Profil | str | Path | None = None
) -> tuple[Constat, ...]:
    """Écrit dans la mission les réponses d'un formulaire ; ses commentaires et son ordre restent,
    et rien n'est écrit si le résultat ne se relit pas.

    Arguments :
    - ``lecture`` : ce que ``read`` a relu.
    - ``path`` : le fichier .yaml de la mission, ou du document.
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans lui,
      celui que dit le fichier.

    Rend : des ``Constat``, un par réponse qui n'a pas été écrite parce qu'un autre fichier la
    tient.

    Erreurs :
    - ``InputError`` : le fichier ne se lit ou ne s'écrit pas, le document n'y a pas sa place, ou
      rien de ce qui a changé ne s'y écrit.
    """
    target = Path(path)
    if target.suffix.lower() == ".json":
        raise InputError(
            Constat(
                "Les réponses s'écrivent dans un fichier YAML, pas JSON.",
                fichier=target.name,
                conseil="Relisez vers un fichier avec -o.",
            )
        )
    yaml = _yaml()
    tree = _tree(yaml, target, profil)
    place = _place(tree, lecture, target.name)
    left = tuple(_write_all(place, lecture, target.name))
    if left and len(left) == len(lecture.changements):
        raise InputError(left)
    text = io.StringIO()
    yaml.dump(tree, text)
    load_text(text.getvalue(), target, profil)
    write_atomic(target, text.getvalue().encode())
    return left


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _tree(yaml: YAML, target: Path, profil: Profil | str | Path | None) -> Any:
    text = read_text(target)
    load_text(text, target, profil)
    try:
        return yaml.load(text)
    except YAMLError:
        message = "Ce fichier ne peut pas être complété sans être récrit."
        raise InputError(
            Constat(
                message,
                fichier=target.name,
                conseil="Relisez vers un fichier avec -o, et recopiez.",
            )
        ) from None


def _place(tree: Any, lecture: Lecture, name: str) -> Any:
    """Where the mission holds this document; made when it is not there yet."""
    document = lecture.document
    slug, titre, held_by = type(document).slug(), document.titre, tree.get("document")
    if held_by == slug:
        return tree
    if held_by != Mission.slug() or slug not in DOCUMENTS:
        message = f"« {titre} » n'a pas sa place dans ce fichier (document: {held_by})."
        raise InputError(
            Constat(message, fichier=name, conseil="Relisez-le vers un fichier à part, avec -o.")
        )
    held = _under(tree, "documents", CommentedMap())
    found = _under(held, slug, CommentedMap())
    if isinstance(found, str):
        raise InputError(
            Constat(
                f"Ce document est tenu par le fichier « {found} » : relisez le formulaire dans ce "
                f"fichier-là.",
                fichier=name,
            )
        )
    return _among(held, lecture, name) if type(document).multiple and found else found


def _among(held: CommentedMap, lecture: Lecture, name: str) -> Any:
    """Its place among the others of its kind;
    a new one for a name that was typed on a blank form."""
    model, slug = type(lecture.document), type(lecture.document).slug()
    rows = held[slug] if isinstance(held[slug], CommentedSeq) else CommentedSeq([held[slug]])
    sent = holder_in(model, lecture.envoi.donnees if lecture.envoi else {})
    wanted = sent if any(sent) else holder_in(model, data_of(lecture.document))
    ranks = among(
        [holder_in(model, row if isinstance(row, CommentedMap) else {}) for row in rows], wanted
    )
    if not ranks and any(wanted) and not any(sent):
        ranks = [len(rows)]
        rows.append(CommentedMap())
        held[slug] = rows
    if len(ranks) != 1:
        raise InputError(
            Constat(
                "La mission tient plusieurs de ces documents et rien ne dit lequel est revenu.",
                fichier=name,
            )
        )
    if not isinstance(rows[ranks[0]], CommentedMap):
        raise HeldElsewhereError(
            Constat(
                f"Ce document est tenu par le fichier « {rows[ranks[0]]} » : relisez le "
                f"formulaire dans ce fichier-là.",
                fichier=name,
            )
        )
    return rows[ranks[0]]


class HeldElsewhereError(InputError):
    """Un champ dont le fichier de mission ne tient que le renvoi à un autre fichier."""


def _write_all(place: Any, lecture: Lecture, name: str) -> Iterator[Constat]:
    added: dict[str, CommentedMap] = {}
    for change in lecture.changements:
        try:
            _write(place, change, lecture, added)
        except HeldElsewhereError as error:
            message = (
                f"{change.libelle} : « {change.apres} » n'est pas écrit, {error} ({change.chemin})."
            )
            yield Constat(
                message,
                chemin=change.chemin,
                fichier=name,
                conseil="Corrigez-le dans ce fichier : les autres missions le citent aussi.",
            )


def _write(
    place: Any, change: Changement, lecture: Lecture, added: dict[str, CommentedMap]
) -> None:
    *way, _ = _steps(change.chemin, lecture)
    name = str(steps(change.chemin)[-1])
    for step in way:
        place = _row(place, step, added) if isinstance(step, _Row) else _part(place, step)
    if change.apres:
        node = type(lecture.document).schema_node().find(change.chemin)
        text = typed(change.apres, node) if node else change.apres
        place[name] = SCALARS[style_of(text)](text)
    else:
        place.pop(name, None)


@dataclass(frozen=True)
class _Part:
    """A step to a part; ``model`` is its class."""

    name: str
    model: type[Bloc] | None


class _Rows(_Part):
    """A step to rows."""


@dataclass(frozen=True)
class _Row:
    """A step to a row: its key, and its place where the file gives none; ``path`` is the form's."""

    cle: str
    number: int
    model: type[Bloc]
    path: str


def _steps(path: str, lecture: Lecture) -> Iterator[_Part | _Row]:
    model: type[Bloc] = type(lecture.document)
    value: Any = lecture.document
    walked = ""
    for step in steps(path):
        if isinstance(step, int):
            value, walked = value[step] if step < len(value) else None, f"{walked}[{step}]"
            yield _Row(
                lecture.lignes.get(walked) or getattr(value, CLE, None) or f"{step + 1}",
                step,
                model,
                walked,
            )
        else:
            value, walked = getattr(value, step, None) or (), f"{walked}.{step}".removeprefix(".")
            below, rows = bloc_of(model, step), kind_of(model, step) is Kind.ROWS
            yield (_Rows if rows else _Part)(step, below)
            model = below or model


def _part(place: Any, step: _Part) -> Any:
    held = place.get(step.name)
    _refuse_citation(step.name, held)
    if isinstance(step, _Rows):
        return _rows(place, step, held)
    if isinstance(held, str) and step.model is not None and step.model.principal:
        place[step.name] = CommentedMap({step.model.principal: held})
    return _under(place, step.name, CommentedMap())


def _rows(place: Any, step: _Rows, held: Any) -> Any:
    champs = step.model.model_fields if step.model else {}
    if (
        isinstance(held, CommentedMap) and held.keys() & champs.keys()
    ):  # a single row, written without its dash
        place[step.name] = CommentedSeq([held])
    return _under(place, step.name, CommentedMap() if CLE in champs else CommentedSeq())


def _row(rows: Any, step: _Row, added: dict[str, CommentedMap]) -> Any:
    if isinstance(rows, CommentedSeq):
        return _listed(rows, step, added)
    _refuse_citation(step.cle, rows.get(step.cle))
    if isinstance(rows.get(step.cle), str):
        rows[step.cle] = CommentedMap({step.model.principal: rows[step.cle]})
    return _under(rows, step.cle, CommentedMap())


def _listed(rows: CommentedSeq, step: _Row, added: dict[str, CommentedMap]) -> Any:
    if step.path in added:
        return added[step.path]
    for number, item in enumerate(rows):
        known = item.get(CLE) if isinstance(item, CommentedMap) else None
        if known == step.cle or (
            known is None
            and number == step.number
            and not any(item is row for row in added.values())
        ):
            _refuse_citation(f"ligne {number + 1}", item)
            if not isinstance(item, CommentedMap):
                rows[number] = CommentedMap({} if item is None else {step.model.principal: item})
            return rows[number]
    added[step.path] = CommentedMap({CLE: step.cle} if CLE in step.model.model_fields else {})
    rows.append(added[step.path])
    return rows[-1]


def _refuse_citation(name: str, held: Any) -> None:
    if isinstance(held, str) and is_citation(held):
        raise HeldElsewhereError(f"« {name} » est tenu par le fichier « {held} »")


def _under(place: Any, key: str, empty: Any) -> Any:
    if place.get(key) is None:
        place[key] = empty
    return place[key]
