"""La comparaison de trois états d'un document : parti, revenu, présent. Mille triplets tirés de
toutes les sortes qui voyagent et de tous les rôles, toujours les mêmes.

    python -m tests.bench.triples   # écrit sa part de docs/fiabilite.md
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from dla_docs.errors import InputError
from dla_docs.forms.answers_taken import put
from dla_docs.forms.blank_form import form
from dla_docs.model.bloc import value_type
from dla_docs.model.document import Document
from dla_docs.model.formats import format_value
from dla_docs.model.node import dotted, steps
from dla_docs.model.requirement import Role
from dla_docs.model.validation import validated
from dla_docs.profils.loading import load_profil
from dla_docs.raw import value_at
from dla_docs.registry import FORMULAIRES
from dla_docs.resources import sample_path
from dla_docs.returns import Reunion, reunir
from dla_docs.stages.envelope import data_of
from dla_docs.writing_back.facts import flat, keyed
from dla_docs.writing_back.writing import base_in
from tests.bench import ecriture
from tests.bench.fiabilite import write_part
from tests.formulaire.formulaires import another, answers, sample
from tests.formulaire.test_roles import fillers
from tests.word_forms import fill

COMBIEN = 1000
SIEN, AUTRE_NOM, AUTRE_ROLE, AUTRE_MISSION = SITUATIONS = (
    "Sous son nom",
    "Sous le nom d'un autre",
    "Rempli par un autre rôle, sous son nom à lui",
    "Dans une autre mission, sous le nom d'un des siens",
)
SORTS = ("prise", "nommée", "perdue", "fausse")
PAIRES = tuple((slug, role) for slug in FORMULAIRES for role in fillers(slug))
AILLEURS = "pas celui de cette mission"


@dataclass(frozen=True)
class Triplet:
    """Un formulaire parti, ce qu'on y a répondu, ce que la mission a changé depuis."""

    situation: str
    slug: str
    role: Role
    name: str
    back: Mapping[str, str]
    since: Mapping[str, str]
    turn: str = ""  # the list whose rows stand the other way round since
    missions: tuple[str, str] = ("", "")  # the one that it left from, the one that reads it

    def __str__(self) -> str:
        return f"{self.situation} : {self.slug} {self.role.value} {self.back} {self.since}"


def triplet(number: int) -> Triplet:
    """Celui de ce numéro : chaque sorte et chaque rôle à leur tour, dans chaque situation."""
    slug, role = PAIRES[number % len(PAIRES)]
    situation = SITUATIONS[number // len(PAIRES) % len(SITUATIONS)]
    luck = Random(number)
    if situation == AUTRE_MISSION:
        return _foreign(slug, role, luck)
    known = tags(slug, role)
    chosen = luck.sample(known, min(len(known), luck.randint(1, 4)))
    owned = [tag for tag in known if _is_open(slug, role, tag)]
    own = situation != AUTRE_ROLE and owned
    mine = luck.sample(owned, min(len(owned), len(chosen))) if own else chosen
    return Triplet(
        situation,
        slug,
        role,
        f"{slug}.docx" if situation == SIEN else f"{luck.choice(PAIRES)[0]} (2).docx",
        _texts(slug, mine, luck),
        _texts(slug, luck.choices([*chosen, *mine], k=luck.randint(1, 3)), luck),
        luck.choice(["", *keyed_lists(sample(slug))]),
    )


def _texts(slug: str, tags: Iterable[str], luck: Random) -> dict[str, str]:
    """D'autres réponses ; effacer n'est tenté que hors des lignes, qui sinon s'en vont."""
    return {
        tag: another(slug, tag) if "[" in tag else luck.choice([another(slug, tag), ""])
        for tag in tags
    }


def _foreign(slug: str, role: Role, luck: Random) -> Triplet:
    """Le formulaire d'une autre mission ; d'une autre sorte, quand elle n'en a pas de celle-là."""
    theirs, ours = luck.sample(ecriture.MISSIONS, 2)
    while not (fields := list(ecriture.champs(theirs, slug, role))):
        slug, role = luck.choice(PAIRES)
    chosen = [luck.choice(fields) for _ in range(luck.randint(1, 4))]
    back = {one.tag: ecriture.autre(one) for one in chosen if one.fiche == chosen[0].fiche}
    name = f"{luck.choice(PAIRES)[0]}.docx"
    return Triplet(AUTRE_MISSION, slug, role, name, back, {}, missions=(theirs, ours))


@cache
def sent(slug: str, role: Role) -> bytes:
    """L'exemple, parti pour ce rôle ; ce qu'en voit le premier, quand chacun voit le sien."""
    return form(sample(slug).vues(role.value)[0], role, load_profil("national"))


@cache
def tags(slug: str, role: Role) -> tuple[str, ...]:
    """Les champs qui ont une réponse à l'envoi, mais les clés et ce qui dit de qui est la fiche."""
    document = sample(slug)
    whose = f"{document.distingue_par}." if document.multiple else "-"
    known = {one.tag: one.text for one in answers(sent(slug, role)) if one.text}
    return tuple(
        tag
        for tag in known
        if tag and not tag.endswith(".cle") and not tag.startswith(whose) and printed(document, tag)
    )


def _is_open(slug: str, role: Role, tag: str) -> bool:
    node = FORMULAIRES[slug].schema_node().find(tag)
    assert node is not None
    return role.value in node.roles


def printed(document: Document, tag: str) -> str:
    """Ce que dit un document à ce chemin, tel qu'imprimé."""
    node, value = (
        type(document).schema_node().find(tag),
        value_at(data_of(document), steps(tag), None),
    )
    assert node is not None
    loaded = None if value is None else value_type(type(document), tag).load(value)
    return format_value(node.format, loaded)


def changed(document: Document, texts: Mapping[str, str]) -> Document:
    """Le document, où ces champs disent autre chose."""
    data = data_of(document)
    for tag, text in texts.items():
        put(data, steps(tag), value_type(type(document), tag).load(text))
    return validated(type(document), data)


def turned(document: Document, name: str) -> Document:
    """Le document, les lignes de cette suite dans l'autre sens."""
    data = data_of(document)
    return validated(type(document), {**data, name: data[name][::-1]}) if name else document


def keyed_lists(document: Document) -> list[str]:
    """Les suites dont toutes les lignes ont une clé : leur ordre peut changer."""
    data = data_of(document)
    return [
        name
        for name, rows in data.items()
        if isinstance(rows, list) and all(isinstance(row, dict) and row.get("cle") for row in rows)
    ]


def in_place(tag: str, name: str, document: Document) -> str:
    """Le même champ de la même ligne, une fois la suite retournée."""
    first, *rest = steps(tag)
    if first != name:
        return tag
    rank: Any = rest[0]
    return dotted((first, len(data_of(document)[name]) - 1 - rank, *rest[1:]))


# What becomes of it.


def sorts(drawn: Triplet) -> dict[str, str]:
    """Le sort de chaque réponse, un de ``SORTS`` ; sous le nom vide, celui de tout le reste, s'il a
    changé.
    """
    return _sorts_elsewhere(drawn) if drawn.situation == AUTRE_MISSION else _sorts_here(drawn)


def _sorts_elsewhere(drawn: Triplet) -> dict[str, str]:
    theirs, ours = drawn.missions
    docx = next(
        docx
        for fiche, docx in enumerate(ecriture.formulaires(theirs, drawn.slug, drawn.role))
        if {*drawn.back} <= {*ecriture.ouverts(theirs, drawn.slug, drawn.role, fiche)}
    )
    try:
        came_back(fill(docx, drawn.back), drawn.name, _base(ours))
    except InputError as error:
        return dict.fromkeys(drawn.back, "nommée" if AILLEURS in str(error) else "perdue")
    return dict.fromkeys(drawn.back, "fausse")


@cache
def _base(mission: str) -> dict[str, tuple[Document, ...]]:
    return base_in(sample_path(mission))


def _sorts_here(drawn: Triplet) -> dict[str, str]:
    document = sample(drawn.slug)
    now = turned(changed(document, drawn.since), drawn.turn)
    said = changed(document, drawn.back)
    answered = {tag for tag in drawn.back if printed(said, tag) != printed(document, tag)}
    try:
        found = came_back(
            fill(sent(drawn.slug, drawn.role), drawn.back), drawn.name, {drawn.slug: (now,)}
        )
    except InputError as error:  # quite another structure has taken the place of the one it names
        due = any("structures" in tag for tag in drawn.since) and AILLEURS in str(error)
        return dict.fromkeys(answered, "nommée" if due else "fausse")
    named = {constat.chemin for constat in found.refus}
    held, told = dict.fromkeys(answered, ""), dict[str, str]()
    for tag in held:
        place = in_place(tag, drawn.turn, document)
        wanted, present = printed(said, tag), printed(now, place)
        free = _is_open(drawn.slug, drawn.role, tag) and present in (printed(document, tag), wanted)
        result = printed(found.document, place)
        if free and result == wanted:
            told[place] = wanted
        held[tag] = _sort(result, present, wanted, free, bool({tag, place} & named))
    return held | ({} if _rest(found.document, told) == _rest(now, told) else {"": "fausse"})


def _sort(result: str, present: str, wanted: str, free: bool, named: bool) -> str:
    if result == wanted and (free or present == wanted):
        return "prise"
    if result != present:
        return "fausse"
    return "nommée" if named and not free else "perdue"


def _rest(document: Document, told: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """Ce que dit un document, sauf à ces chemins."""
    data = data_of(document)
    apart = {_keyed_way(data, tag) for tag in told}
    said = {keyed(way): text for way, text in flat(document).items()}
    return {way: text for way, text in said.items() if way not in apart}


def _keyed_way(data: Mapping[str, Any], tag: str) -> tuple[str, ...]:
    way = steps(tag)
    rows = (value_at(data, way[: rank + 1], {}) for rank in range(len(way)))
    return tuple(
        step if isinstance(step, str) else str(row.get("cle") or f"#{step}")
        for step, row in zip(way, rows, strict=True)
    )


def came_back(docx: bytes, name: str, base: dict[str, tuple[Document, ...]]) -> Reunion:
    """Le formulaire, revenu sous ce nom."""
    with TemporaryDirectory() as folder:
        (path := Path(folder) / name).write_bytes(docx)
        return reunir([path], base)


# The table.


def section(done: Iterable[tuple[Triplet, Mapping[str, str]]]) -> str:
    """La part de la page que cette mesure écrit."""
    forms: Counter[str] = Counter()
    counts = {situation: Counter[str]() for situation in SITUATIONS}
    for drawn, found in done:
        forms[drawn.situation] += 1
        counts[drawn.situation].update(found.values())
    rows = "\n".join(
        f"| {name} | {forms[name]} | {told.total()} | "
        + " | ".join(str(told[sort]) for sort in SORTS)
        + " |"
        for name, told in counts.items()
    )
    return f"""## Parti, revenu, présent

{forms.total()} triplets, de toutes les sortes de formulaires et de tous les rôles : un document
part, une à quatre réponses y sont changées, et la mission elle-même en change une à trois avant
qu'il ne revienne, parfois les mêmes, ou retourne une suite de lignes. « Prise » : la mission dit la
réponse ; « nommée » : elle ne la dit pas, et un constat dit pourquoi ; « perdue » : ni l'un ni
l'autre ; « fausse » : elle dit autre chose, ou autre chose y a changé. Un essai en refait une part.

| Comment il revient | Formulaires | Réponses | Prises | Nommées | Perdues en silence | Fausses |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}
"""


def main() -> None:
    """Récrit sa part de la page, et dit ce qui est perdu ou faux."""
    done = [(drawn := triplet(number), sorts(drawn)) for number in range(COMBIEN)]
    for drawn, found in done:
        if {"perdue", "fausse"} & {*found.values()}:
            print(drawn, found)
    write_part("triples", section(done))


if __name__ == "__main__":
    main()
