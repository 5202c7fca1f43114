"""La reprise : ce qu'on a tapé dans des champs, pris un à un dans les données parties, et le
document qui en résulte.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain, count, pairwise
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat, Gravite
from dla_docs.errors import InputError
from dla_docs.forms.lost_fields import without_data
from dla_docs.model.bloc import Bloc, kind_of, value_type
from dla_docs.model.document import Document
from dla_docs.model.formats import format_value
from dla_docs.model.node import KEPT, Kind, Node, place, schema_path, steps
from dla_docs.model.typography import accented, as_typed
from dla_docs.model.validation import validated
from dla_docs.profils.grafting import known_to, parts_of
from dla_docs.profils.loading import PROFILS
from dla_docs.profils.profil import Profil
from dla_docs.raw import value_at
from dla_docs.raw.overlaying import CLE, says_something
from dla_docs.raw.quoting import quoted, whole
from dla_docs.stages.envelope import VERSION, Enveloppe, data_of
from dla_docs.stages.verdict import check
from dla_docs.word.page import Control


@dataclass(frozen=True)
class Changement:
    """Un champ qui n'est plus ce qui avait été envoyé ; ``avant`` et ``apres`` sont les textes
    imprimés.
    """

    chemin: str
    libelle: str
    avant: str
    apres: str

    def __str__(self) -> str:
        where = f"{self.libelle} ({self.chemin})" if self.chemin else self.libelle
        if not self.chemin and not self.apres:
            return f"{where} {'ôté' if self.libelle == 'Texte' else 'ôtée'} : « {self.avant} »"
        return f"{where} : « {self.avant} » → « {self.apres} »"


@dataclass(frozen=True)
class Lecture:
    """Un document relu. ``refus`` : les cellules qui ne se lisent pas, laissées comme elles étaient
    ; ``constats`` : tout le reste.

    ``lignes`` : la clé de chaque ligne du formulaire, par chemin (``etapes[1]``) ; les rangs du
    document ne sont plus ceux de la page quand une ligne y est restée vierge.

    ``laisses`` : ceux des ``constats`` qui citent ce qu'aucune réponse ne prend, un texte à côté,
    une image, une ligne ôtée. ``ailleurs`` : les fichiers que cite la mission, où des changements
    ont été écrits.
    """

    document: Document
    changements: tuple[Changement, ...] = ()
    refus: tuple[Constat, ...] = ()
    constats: tuple[Constat, ...] = ()
    lignes: Mapping[str, str] = field(default_factory=dict)
    envoi: Enveloppe | None = None  # what it left with; ``None`` once that is lost
    laisses: tuple[Constat, ...] = ()
    ailleurs: tuple[Path, ...] = ()


def take_back(
    model: type[Document],
    sent: Enveloppe | None,
    controls: Iterable[Control],
    base: Document | None = None,
    profil: Profil | None = None,
) -> Lecture:
    """Le document de ces champs, d'où qu'ils viennent. ``base`` : celui auquel comparer quand les
    données parties avec le formulaire sont perdues.
    """
    found, known = tuple(controls), _known(model, sent)
    reading = _Reading(model, _left(model, sent, known, base), sent)
    reading.take(found)
    keys = row_keys(reading.data, model)
    document = validated(model, reading.data, None)
    found_there = (*_lost(model, sent, found), *reading.constats, *_unknown(sent, model, known))
    return Lecture(
        document,
        tuple(reading.changes),
        tuple(reading.refused),
        (*found_there, *judge(document, profil or profil_sent(sent))),
        keys,
        sent,
        left_aside(found_there),
    )


def left_aside(constats: Iterable[Constat]) -> tuple[Constat, ...]:
    """Ceux de ces constats d'une relecture qui citent ce qui n'est pas pris ; les autres disent ce
    qui l'a été.
    """
    return tuple(constat for constat in constats if constat.gravite > Gravite.INFORMATION)


def judge(
    document: Document, profil: Profil | str | Path | None = None, stade: str | None = None
) -> list[Constat]:
    """Le verdict d'un document relu, sans ce qui porte sur des champs que son formulaire n'a pas :
    une mission relue est sans ses documents.
    """
    return on_its_form(document, check(document, profil, stade))


def on_its_form(document: Document, constats: Iterable[Constat]) -> list[Constat]:
    """Ceux de ces constats qui portent sur des champs que le formulaire du document a."""
    apart = type(document).hors_formulaire
    return [
        placed(constat, type(document))
        for constat in constats
        if constat.chemin.partition(".")[0] not in apart
    ]


def placed(constat: Constat, model: type[Document]) -> Constat:
    """Le même constat, sa place dite comme la page la montre, avant ce qu'il dit."""
    root, quoted_paths = model.schema_node(), PATH.findall(constat.message)
    path = quoted_paths[-1] if quoted_paths else ""
    where = place(root, path)
    if not where or not constat.chemin.startswith(path) or constat.message.startswith(where):
        return constat
    label = where.rpartition(" › ")[2]
    return replace(constat, message=f"{where} : {constat.message.removeprefix(f'{label} : ')}")


PATH = re.compile(r"\(([a-z0-9_.\[\]]+)\)")


def profil_sent(sent: Enveloppe | None) -> str | None:
    """Le profil sous lequel un formulaire est parti ; celui d'un DLA est un fichier qui n'est
    peut-être pas ici.
    """
    return sent.profil if sent is not None and sent.profil in PROFILS else None


def _unknown(sent: Enveloppe | None, model: type[Document], known: Any) -> Iterator[Constat]:
    """What a DLA adds to a document is read under its profile, which travels by name only."""
    if sent is None:
        return
    strange = [path for path in sent.champs if path and leaf(model, path) is None]
    if strange or known != sent.donnees:
        named = f" : {', '.join(strange)}" if strange else ""
        message = (
            f"Ce que le profil « {sent.profil} » ajoute à ce document n'a pas été relu{named}."
        )
        yield Constat(
            message,
            Gravite.AVERTISSEMENT,
            next(iter(strange), ""),
            conseil="Donnez ce profil : « --profil », ou la clé « profil » de la mission.",
        )


def before(
    model: type[Document], sent: Enveloppe | None, base: Document | None = None
) -> dict[str, Any]:
    """Les données parties avec le formulaire ; celles de ``base`` quand elles sont perdues."""
    return _left(model, sent, _known(model, sent), base)


def _known(model: type[Document], sent: Enveloppe | None) -> Any:
    return None if sent is None else known_to(model, sent.donnees)


def _left(
    model: type[Document], sent: Enveloppe | None, known: Any, base: Document | None
) -> dict[str, Any]:
    if sent is not None and sent.version == VERSION:
        with contextlib.suppress(InputError):  # data that someone has damaged are lost data
            return dict(_in_their_ranks(data_of(validated(model, known)), known))
    return data_of(base) if base is not None else {}


def _in_their_ranks(said: Any, sent: Any) -> Any:
    """The same data, a row of which nothing travels, a funder given by its logo alone, back among
    the others: it holds its rank on the page.
    """
    if isinstance(sent, Mapping) and isinstance(said, Mapping):
        return {name: _in_their_ranks(value, sent.get(name)) for name, value in said.items()}
    if not isinstance(sent, list) or not isinstance(said, list):
        return said
    rows = iter(said)
    ranked = [{} if _is_mute(row) else _in_their_ranks(next(rows, {}), row) for row in sent]
    return ranked if next(rows, None) is None else said


def _is_mute(row: Any) -> bool:
    return isinstance(row, Mapping) and bool(row) and not says_something(row)


def left_with(lecture: Lecture) -> dict[str, Any]:
    """Les données parties avec un formulaire relu, telles que sa sorte les comprend."""
    return before(type(lecture.document), lecture.envoi)


class _Reading:
    """Data that takes the controls in one after the other."""

    def __init__(self, model: type[Document], data: dict[str, Any], sent: Enveloppe | None) -> None:
        self.model, self.data, self.role = model, data, sent.role if sent else ""
        self.left, self.lost = frozenset(sent.champs if sent else ()), sent is None
        self.changes: list[Changement] = []
        self.refused: list[Constat] = []
        self.constats: list[Constat] = []

    def take(self, controls: Iterable[Control]) -> None:
        seen: dict[str, str] = {}
        for control in controls:
            node = leaf(self.model, control.tag)
            if node is None:
                self._stranger(control)
                continue
            if control.tag not in seen:
                seen[control.tag] = control.text
                self._value(control, node)
            elif seen[control.tag] != control.text:
                self.constats.append(_twice(control, node, seen[control.tag]))

    def _stranger(self, control: Control) -> None:
        """A field that did not leave with the form, which someone has filled."""
        if self.left and control.text and control.tag not in self.left:
            message = (
                f"{whole(control.text)} est dans un champ que ce formulaire n'a pas, "
                f"{quoted(control.tag)}, et n'est pas repris."
            )
            self.constats.append(kept_nowhere(message))

    def _value(self, control: Control, node: Node) -> None:
        was = value_at(self.data, steps(control.tag), None)
        typed = self._typed(control.text, was)
        if typed == was or (was is None and not typed):  # as it left
            return
        mark = value_type(self.model, control.tag)
        try:
            value = mark.load(typed)
        except ValueError as error:
            self.refused.append(
                Constat(f"{node.label} : {error} ({control.tag}).", chemin=control.tag)
            )
            return
        old = None if was is None else mark.load(was)
        if (
            node.name == CLE
            and value != old
            and (fault := _key_fault(self.data, steps(control.tag), value, old))
        ):
            self.refused.append(
                Constat(f"{node.label} : {fault} ({control.tag}).", chemin=control.tag)
            )
        elif value != old:
            self._change(
                Changement(
                    control.tag,
                    accented(node.label),
                    format_value(node.format, old),
                    format_value(node.format, value),
                ),
                node,
                value,
            )

    def _typed(self, text: str, was: Any) -> str:
        """What the page says, as it was typed: the page has a typography of its own."""
        return as_typed(text, was if isinstance(was, str) else None if self.lost else "")

    def _change(self, change: Changement, node: Node, value: Any) -> None:
        self.changes.append(change)
        put(self.data, steps(change.chemin), value)
        if self.role and self.role not in node.roles:
            self.constats.append(not_open(change))


def kept_nowhere(message: str) -> Constat:
    """Le constat d'un texte que rien ne reprend."""
    return Constat(
        message, Gravite.AVERTISSEMENT, conseil="Écrivez-le dans un champ s'il doit être gardé."
    )


def not_open(change: Changement) -> Constat:
    """Le constat d'un changement fait hors des champs du rôle."""
    message = (
        f"{change.libelle} : « {change.avant} » est devenu « {change.apres} », alors que ce champ "
        f"n'était pas ouvert ({change.chemin})."
    )
    return Constat(
        message,
        Gravite.AVERTISSEMENT,
        change.chemin,
        conseil="Vérifiez avec la personne qui a rempli ce champ.",
    )


@lru_cache(KEPT)
def leaf(model: type[Document], tag: str) -> Node | None:
    """Le champ de cette sorte de document que désigne une étiquette, ou ``None``."""
    node = model.schema_node().at.get(schema_path(tag))
    if node is None or node.kind is not Kind.LEAF:
        return None
    if "[" not in tag:
        return node
    return node if all(step < MOST_ROWS for step in steps(tag) if isinstance(step, int)) else None


MOST_ROWS = 1000  # of a form: a tag that a program has forged must not make a million of them


def _key_fault(data: Any, way: tuple[str | int, ...], key: str | None, old: str | None) -> str:
    """A key names its row elsewhere: it does not change, and no two rows share one."""
    if old is not None:
        return (
            f"« {old} » désigne déjà cette ligne dans d'autres documents et ne se change pas ici "
            f"; corrigez-la dans le fichier"
        )
    rows = value_at(data, way[:-2], None) or []
    return (
        f"« {key} » est déjà la clé d'une autre ligne ; donnez-en une autre"
        if any(row.get(CLE) == key for row in rows)
        else ""
    )


def put(data: Any, way: tuple[str | int, ...], value: Any) -> None:
    """Pose une valeur au bout d'un chemin, en faisant les parties et les lignes qui manquent."""
    for step, following in pairwise(way):
        data = _slot(data, step, [] if isinstance(following, int) else {})
    data[way[-1]] = value


def _slot(data: Any, step: str | int, empty: Any) -> Any:
    if isinstance(step, str):
        return data.setdefault(step, empty)
    data.extend({} for _ in range(step + 1 - len(data)))
    return data[step]


def row_keys(data: Mapping[str, Any], model: type[Document]) -> dict[str, str]:
    """La clé de chaque ligne qui dit quelque chose, par chemin ; celle qui n'en a pas en reçoit
    une.
    """
    return dict(_keys(data, model))


def _keys(data: Mapping[str, Any], model: type[Bloc]) -> Iterator[tuple[str, str]]:
    """The key of each row that says something, given where it is wanting: that of its name, its
    place, or the next one that is free.
    """
    for path, rows, held in _lists(data, model):
        _give_keys([row for row in rows if says_something(row)], held)
        for number, row in enumerate(rows):
            if row.get(CLE) is not None:
                yield f"{path}[{number}]", row[CLE]


def _lists(
    data: Mapping[str, Any], model: type[Bloc], prefix: str = ""
) -> Iterator[tuple[str, list[dict[str, Any]], type[Bloc]]]:
    """Each list of rows: its path, its rows, what they are; then those that its rows hold."""
    for name, held in parts_of(model).items():
        if held is None or not data.get(name):
            continue
        value, path = data[name], f"{prefix}{name}"
        if kind_of(model, name) is Kind.PART:
            yield from _lists(value, held, f"{path}.")
            continue
        yield path, value, held
        for number, row in enumerate(value):
            yield from _lists(row, held, f"{path}[{number}].")


def _give_keys(rows: list[dict[str, Any]], model: type[Bloc]) -> None:
    taken = {row.get(CLE) for row in rows}
    for number, row in enumerate(rows, 1):
        if CLE in model.model_fields and row.get(CLE) is None:
            ranked = (f"{model.prefixe}{rank}" for rank in count(number))
            row[CLE] = next(key for key in chain(_own_keys(row, model), ranked) if key not in taken)
            taken.add(row[CLE])


def _own_keys(row: dict[str, Any], model: type[Bloc]) -> list[str]:
    """What a row makes of its own name; no two rows of most kinds are told apart so."""
    own = "" if model.cle_propre is Bloc.cle_propre else validated(model, row).cle_propre()
    return [own] if own else []


def keys_made(
    model: type[Document], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Constat]:
    """Les clés faites d'un nom que ces données ont de plus : c'est par elles qu'on désignera la
    ligne.
    """
    known = {key for _, key in _own_keyed(before, model)}
    made = ((path, key) for path, key in _own_keyed(after, model) if key not in known)
    return [
        placed(
            Constat(
                f"Clé : {key}, faite du nom ; elle désigne cette ligne partout ({path}.{CLE}).",
                Gravite.INFORMATION,
                f"{path}.{CLE}",
            ),
            model,
        )
        for path, key in made
    ]


def with_keys_made(lecture: Lecture) -> Lecture:
    """La même relecture, qui dit les clés faites des noms qu'on y a tapés."""
    sent, document = left_with(lecture), lecture.document
    said = keys_made(type(document), sent, data_of(document))
    return replace(lecture, constats=(*lecture.constats, *said))


def _own_keyed(data: Mapping[str, Any], model: type[Bloc]) -> Iterator[tuple[str, str]]:
    """The keys of the rows that take theirs from their own name, by path."""
    for path, rows, held in _lists(data, model):
        for number, row in enumerate(rows):
            if row.get(CLE) in _own_keys(row, held):
                yield f"{path}[{number}]", row[CLE]


def _twice(control: Control, node: Node, first: str) -> Constat:
    message = (
        f"{node.label} : deux réponses pour le même champ, « {first} » et « {control.text} » "
        f"({control.tag}) ; la première est gardée."
    )
    return Constat(
        message,
        Gravite.AVERTISSEMENT,
        control.tag,
        conseil=(
            "Une ligne copiée-collée garde le nom de l'autre : ajoutez plutôt une ligne vierge."
        ),
    )


def _lost(
    model: type[Document], sent: Enveloppe | None, controls: Iterable[Control]
) -> Iterator[Constat]:
    if sent is None:
        yield from without_data(model, [control.tag for control in controls])
        return
    if not sent.intacte:
        yield Constat(
            "Les données jointes à ce formulaire ont été changées depuis son envoi : elles ne "
            "disent plus ce qui lui était ouvert, ni ce qui a changé.",
            Gravite.AVERTISSEMENT,
            conseil="Comparez-le à ce que vous aviez envoyé.",
        )
    present = {control.tag for control in controls}
    gone = {
        control.tag: control.text
        for line in sent.page
        for control in line.controls
        if control.tag not in present
    }
    if gone:
        message = f"Des champs ont disparu du fichier : {', '.join(gone)}."
        gravite = Gravite.AVERTISSEMENT if any(gone.values()) else Gravite.INFORMATION
        yield Constat(
            message, gravite, next(iter(gone)), conseil="Ils sont gardés tels qu'envoyés."
        )
