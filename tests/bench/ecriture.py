"""Ce qui s'écrit dans la mission : chaque champ ouvert de chaque formulaire des trois missions
d'exemple, changé seul dans un vrai fichier Word, relu, écrit dans la mission, rechargé, comparé.

    python -m tests.bench.ecriture RESULTATS.jsonl

mesure ce que le fichier ne tient pas encore, puis écrit sa part de docs/fiabilite.md : une heure de
calcul, que l'on peut couper et reprendre. Les champs sont pris dans un ordre tiré
au sort, toujours le même : une mesure coupée est un échantillon de tous. « --part 1/2 » et
« --part 2/2 » les partagent entre deux processus, et n'écrivent que le fichier ; « --combien 0 »
n'en mesure aucun de plus. Le fichier ne vaut que pour le programme qu'il a mesuré : ce qui change
le programme l'efface.
"""

from __future__ import annotations

import argparse
import gc
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from functools import cache, lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import yaml

from dla_docs import Mission
from dla_docs.errors import InputError
from dla_docs.files import read_text
from dla_docs.forms.blank_form import trame, trames
from dla_docs.model.bloc import value_type
from dla_docs.model.document import Document
from dla_docs.model.formats import format_value
from dla_docs.model.node import steps
from dla_docs.model.requirement import Role
from dla_docs.raw import RawMap, value_at
from dla_docs.registry import DOCUMENTS, FORMULAIRES
from dla_docs.resources import sample_path
from dla_docs.returns import reunir
from dla_docs.stages.envelope import open_envelope
from dla_docs.stages.loading import build_document
from dla_docs.word.package import open_package
from dla_docs.word.page import Control
from dla_docs.writing_back.facts import Desk, Flat, State, flat, keyed
from dla_docs.writing_back.writing import writing
from tests.bench.fiabilite import write_part
from tests.bench.resultats import measure
from tests.formulaire.formulaires import AUTRES, answers
from tests.word_forms import fill

MISSIONS = ("mission_individuelle", "mission_collective", "mission_simplifiee")


@dataclass(frozen=True)
class Champ:
    """Un champ ouvert d'un formulaire, et l'autre réponse qu'on y met."""

    mission: str
    slug: str
    role: Role | None
    fiche: int  # which of the forms of this kind, when there is one for each sheet
    tag: str

    def __str__(self) -> str:
        role = self.role.value if self.role else "tous"
        return f"{self.mission} {self.slug}[{self.fiche}] {role} {self.tag}"


@dataclass(frozen=True)
class Sort:
    """Ce qu'il en est advenu : « exact », « nommé », « faux » ou « panne »."""

    sort: str
    pourquoi: str = ""


Place = tuple[str, int]
Dits = dict[Place, dict[tuple[str, ...], str]]  # what each document says


@dataclass(frozen=True)
class Bureau(Desk):
    """Un bureau qui ne relit pas deux fois les mêmes textes."""

    lus: dict[tuple[Any, ...], State] = field(default_factory=dict, compare=False)

    def state(self) -> State:
        key = tuple(sorted(self.texts.items()))
        if key not in self.lus:
            if len(self.lus) > 1:  # that of the files as they stand, and the last one
                del self.lus[list(self.lus)[-1]]
            self.lus[key] = super().state()
        return self.lus[key]


def fichier(mission: str) -> Path:
    """Le fichier d'une mission : celui de l'exemple de ce nom, ou de ce chemin."""
    return Path(mission) if mission.endswith(".yaml") else sample_path(mission)


@cache
def bureau(mission: str) -> Bureau:
    """Les fichiers de l'exemple, ouverts."""
    return Bureau(fichier(mission))


@cache
def exemple(mission: str) -> Mission:
    """La mission d'exemple."""
    whole = bureau(mission).state().whole
    assert isinstance(whole, Mission)
    return whole


@cache
def formulaires(mission: str, slug: str, role: Role | None) -> tuple[bytes, ...]:
    """Les formulaires de cette sorte que la mission donne à ce rôle ; rien quand il n'y remplit
    rien.
    """
    whole = exemple(mission)
    if FORMULAIRES[slug].multiple:
        try:
            return tuple(docx for _, docx in trames(slug, whole, role))
        except InputError:  # it holds none of them: there is the blank one
            pass
    try:
        return (trame(slug, whole, role),)
    except InputError:
        return ()


@cache
def ouverts(mission: str, slug: str, role: Role | None, fiche: int) -> Mapping[str, Control]:
    """Les champs ouverts d'un formulaire, par étiquette, dans l'ordre de la page."""
    root = FORMULAIRES[slug].schema_node()
    found = {}
    for control in answers(formulaires(mission, slug, role)[fiche]):
        node = root.find(control.tag) if control.tag else None
        if node is not None and (role is None or role.value in node.roles):
            found[control.tag] = control
    return found


def champs(mission: str, slug: str, role: Role | None) -> Iterator[Champ]:
    """Tous les champs ouverts de cette sorte de formulaire."""
    for fiche, _ in enumerate(formulaires(mission, slug, role)):
        for tag in ouverts(mission, slug, role, fiche):
            yield Champ(mission, slug, role, fiche, tag)


def sortes() -> Iterator[tuple[str, str, Role | None]]:
    """Les missions, les sortes de documents, les rôles."""
    for mission in MISSIONS:
        for slug in ("mission", *DOCUMENTS):
            for role in (None, *Role):
                if formulaires(mission, slug, role):
                    yield mission, slug, role


def autre(champ: Champ) -> str:
    """Une réponse que le champ sait lire, autre que celle qu'il porte."""
    model = FORMULAIRES[champ.slug]
    node, mark = model.schema_node().find(champ.tag), value_type(model, champ.tag)
    assert node is not None
    held = mark.load(ouverts(champ.mission, champ.slug, champ.role, champ.fiche)[champ.tag].text)
    if node.name == "cle":
        return "zz9"
    others = (*node.choices, *AUTRES.get(node.format, ()), *mark.examples, "Autre chose")
    return str(next(text for text in others if _reads(mark, text) not in (held, None)))


def _reads(mark: Any, text: str) -> Any:
    try:
        return mark.load(text)
    except ValueError:
        return None


# What becomes of it.


def sort_de(champ: Champ, texte: str | None = None) -> Sort:
    """Un champ changé seul, jusqu'à la mission rechargée."""
    said = autre(champ) if texte is None else texte
    docx = formulaires(champ.mission, champ.slug, champ.role)[champ.fiche]
    try:
        return _ecrit(champ, fill(docx, {champ.tag: said}), said)
    except Exception as error:  # the measure: whatever happens is a result
        return Sort("panne", f"{type(error).__name__} : {error}")


def _ecrit(champ: Champ, docx: bytes, said: str) -> Sort:
    desk = bureau(champ.mission)
    before = presente(champ.mission)
    base = _base(exemple(champ.mission))
    try:
        lecture = reunir([docx], base)
        done = writing(lecture, desk)
        after, left = done.desk, done.laissees
    except InputError as error:
        return Sort("nommé", str(error))
    named = [str(one) for one in (*lecture.refus, *left)]
    if len(left) == len(lecture.changements) and named:
        return Sort("nommé", named[0])
    if named:
        return Sort("faux", f"pris et nommé : {named[0]}")
    assert isinstance(after, Bureau)
    whole = after.state().whole
    assert isinstance(whole, Mission)
    touched = _touched(desk, after)
    if len(touched) != 1:
        return Sort("faux", f"écrit à {len(touched)} endroits : {touched}")
    lent = champ.slug in DOCUMENTS and champ.slug not in whole.documents
    found = _dits(after) | ({_place(champ): _lent(champ, whole)} if lent else {})
    return _compared(champ, before, found, said, whole)


def _base(whole: Document) -> dict[str, tuple[Document, ...]]:
    assert isinstance(whole, Mission)
    return {"mission": (whole.tenu_par(whole),), **whole.documents}  # as its form shows it


@cache
def presente(mission: str) -> Dits:
    """Ce que dit la mission d'exemple, tous ses documents."""
    return _dits(bureau(mission))


def _dits(desk: Bureau) -> Dits:
    said = desk.state().said.items()
    return {(slug or "mission", rank): _keyed(flat_) for (slug, rank), flat_ in said}


def _keyed(said: Flat) -> dict[tuple[str, ...], str]:
    return {keyed(way): text for way, text in said.items()}


def _compared(champ: Champ, before: Dits, after: Dits, said: str, whole: Mission) -> Sort:
    model = FORMULAIRES[champ.slug]
    node = model.schema_node().find(champ.tag)
    assert node is not None
    new = format_value(node.format, value_type(model, champ.tag).load(said))
    changed: dict[Any, tuple[str, str]] = {
        (place, way): (was.get(way, ""), now.get(way, ""))
        for place, now in after.items()
        for was in [before[place] if place in before else _lent(champ, exemple(champ.mission))]
        for way in {*was, *now}
        if was.get(way) != now.get(way)
    }
    changed |= {(place, ("",)): ("", "disparu") for place in before.keys() - after.keys()}
    asked = {was for one, (was, now) in changed.items() if now == new and _is_the_one(champ, *one)}
    if not asked:
        return Sort("faux", f"perdu en silence ; changés : {_shown(changed)}")
    old = max(asked, key=len)  # as the file has it: the page prints other apostrophes
    its = {way[-2] for place, way in changed if len(way) > 1 and _is_the_one(champ, place, way)}
    rows = {
        (place, way[:-1])
        for (place, way), (_, now) in changed.items()
        if place != _place(champ)
        and (new in now or way[-2:-1] == (*its,))
        and not any(one[: len(way) - 1] == way[:-1] for one in before.get(place, ()))
    }  # a row of another document that the fact makes there, with what goes with it
    strange = {
        (place, way): pair
        for (place, way), pair in changed.items()
        if (place, way[:-1]) not in rows
        and not _follows(way, *pair, old, new)
        and not _is_taken_up(exemple(champ.mission), whole, place, way, pair)
    }
    if strange:
        return Sort("faux", f"autre chose a changé : {_shown(strange)}")
    return Sort("exact")


def _place(champ: Champ) -> Place:
    held = len(exemple(champ.mission).documents.get(champ.slug, ()))
    return champ.slug, min(champ.fiche, held)


def _lent(champ: Champ, mission: Mission) -> dict[tuple[str, ...], str]:
    """What the mission lends to a document that it does not hold yet."""
    model = DOCUMENTS[champ.slug]
    who = _sent(champ).get("prestataire", {}).get("cle") if model.un_par_sollicite else None
    typed = RawMap({"prestataire": who} if who else {})
    return _keyed(flat(build_document(mission, model, typed)))


def _is_taken_up(
    was: Mission, now: Mission, place: Place, way: tuple[str, ...], pair: tuple[str, str]
) -> bool:
    """What a document takes from the mission, by its own declaration, before as after: what it is
    made from is compared in its own place.
    """
    return all(
        place in _documents(one) and _taken(one, place).get(way, "") == said
        for one, said in zip((was, now), pair, strict=True)
    )


def _documents(mission: Mission) -> dict[Place, Document]:
    held = mission.documents.items()
    return {(slug, rank): one for slug, all_ in held for rank, one in enumerate(all_)}


def _taken(mission: Mission, place: Place) -> dict[tuple[str, ...], str]:
    document = _documents(mission)[place]
    who = getattr(getattr(document, "prestataire", None), "cle", None)
    typed = RawMap({"prestataire": who} if who else {})
    return _keyed(flat(build_document(mission, type(document), typed)))


@cache
def _parti(docx: bytes) -> Mapping[str, Any]:
    envoi = open_envelope(open_package(docx))
    assert envoi is not None
    return envoi.donnees


def _sent(champ: Champ) -> Mapping[str, Any]:
    return _parti(formulaires(champ.mission, champ.slug, champ.role)[champ.fiche])


def _is_the_one(champ: Champ, place: Place, way: tuple[str, ...]) -> bool:
    """The very field of the very row of the very sheet; any row when the form had it blank."""
    asked = steps(champ.tag)
    if place != _place(champ) or len(way) != len(asked):
        return False
    for rank, step in enumerate(asked):
        row = value_at(_sent(champ), asked[: rank + 1], None) if isinstance(step, int) else step
        known = (row.get("cle") or f"#{step}") if isinstance(row, Mapping) else row
        if known is not None and known != way[rank]:
            return False
    return True


def _follows(way: tuple[str, ...], was: str, now: str, old: str, new: str) -> bool:
    """What one place of the files may change: the fact itself, wherever it is handed down; a text
    that quotes it, or says as much as before and more; the key of a row that it begins; the count
    of those rows.
    """
    if (was, now) == (old, new) or (was and old and was.replace(old, new) == now):
        return True
    if was and was in now:
        return True
    counted = was.isdigit() and way[-1].startswith("nombre") and now == str(int(was) + 1)
    return counted or (not was and way[-1] == "cle")


# The files: one place alone is written, all else follows from what the models declare.


def _touched(before: Desk, after: Desk) -> list[str]:
    """The places that differ, a part or a row that was not there being one; whose sheet a new one
    is, and that its sender has answered, apart.
    """
    found = [
        place
        for file, text in after.texts.items()
        for place in _apart(_raw(read_text(file)), _raw(text), ())
    ]
    kept = found if len(found) == 1 else [place for place in found if not _begins(place)]
    return [".".join(map(str, way)) for way, *_ in kept]


Difference = tuple[tuple[str | int, ...], Any, Any]


def _apart(was: Any, now: Any, way: tuple[str | int, ...]) -> Iterator[Difference]:
    if isinstance(was, dict) and isinstance(now, dict):
        for key in {**was, **now}:
            yield from _apart(was.get(key), now.get(key), (*way, key))
    elif isinstance(now, list) and was and isinstance(was, dict | list):
        was = was if isinstance(was, list) else [was]  # a single row, written without its dash
        for rank, pair in enumerate(zip_longest(was, now)):
            yield from _apart(*pair, (*way, rank))
    elif was != now:
        yield way, was, now


def _begins(place: Difference) -> bool:
    way, was, now = place
    sheet = way[0] == "documents" and was is None and _row(now).keys() == {"prestataire"}
    return sheet or (way[:2] == ("mise_en_concurrence", "sollicites") and way[-1] == "reponse")


def _row(said: Any) -> Mapping[str, Any]:
    row = said[0] if isinstance(said, list) and len(said) == 1 else said
    return row if isinstance(row, dict) else {}


@lru_cache(maxsize=16)
def _raw(text: str) -> Any:
    return yaml.load(text.removeprefix("\ufeff"), yaml.CBaseLoader)


def _shown(changed: Mapping[Any, tuple[str, str]]) -> str:
    return " ; ".join(
        f"{place[0]}[{place[1]}].{'.'.join(way)} {one!r} → {other!r}"
        for (place, way), (one, other) in list(changed.items())[:4]
    )


# The table.


def tableau(sorts: Sequence[tuple[Champ, Sort]]) -> str:
    """Une ligne par sorte de document, en Markdown."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for champ, found in sorts:
        counts[champ.slug][found.sort] += 1
        counts["Ensemble"][found.sort] += 1
    rows = [
        f"| {_titre(slug)} | {said.total()} | {said['exact']} | {said['nommé']} | {said['faux']} | "
        f"{said['panne']} |"
        for slug, said in counts.items()
        if slug != "Ensemble"
    ]
    whole = counts["Ensemble"]
    total = " | ".join(str(whole[one]) for one in ("exact", "nommé", "faux", "panne"))
    rows.append(f"| **Ensemble** | {whole.total()} | {total} |")
    return "\n".join(rows)


def _titre(slug: str) -> str:
    return FORMULAIRES[slug].titre


def section(sorts: Sequence[tuple[Champ, Sort]], asked: int) -> str:
    """La part de la page que cette mesure écrit ; ``asked`` : combien de champs il y a en tout."""
    part = ""
    if len(sorts) < asked:
        part = f"Cette fois, {len(sorts)} champs sur {asked}, tirés au sort.\n"
    return f"""## Ce qui s'écrit dans la mission

Chaque champ ouvert des formulaires, de chaque rôle, des trois missions d'exemple, changé seul dans
le fichier Word, relu, écrit dans la mission, rechargé et comparé. « Exact » : le fait a changé,
avec ce qui le cite, et rien d'autre ; « nommé » : rien n'est écrit, et un constat dit où ;
« faux » : la mission dit autre chose que la réponse ; « panne » : la commande s'est arrêtée. Un
essai en mesure une part.
{part}
| Document | Champs | Exact | Nommé | Faux | Panne |
| --- | ---: | ---: | ---: | ---: | ---: |
{tableau(sorts)}
"""


def tous() -> list[Champ]:
    """Tous les champs, de toutes les sortes."""
    return [champ for sorte in sortes() for champ in champs(*sorte)]


def main() -> None:
    """Mesure sa part, et dit ce qui est faux ; récrit la page quand on ne partage pas."""
    asked = _arguments()
    whole = {str(champ): champ for champ in tous()}
    order = random.Random(0).sample([*whole], len(whole))
    mine = order[asked.part[0] - 1 :: asked.part[1]][: asked.combien]
    gc.freeze()  # the forms stay until the end: they need not be gone through again and again
    gc.set_threshold(200_000)
    found = measure(mine, lambda name: astuple(sort_de(whole[name])), asked.resultats)
    done = [(champ, Sort(*found[name])) for name, champ in whole.items() if name in found]
    for champ, one in done:
        if one.sort in ("faux", "panne"):
            print(champ, one.sort, one.pourquoi)
    if asked.part == (1, 1):
        write_part("ecriture", section(done, len(whole)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("resultats", type=Path)
    parser.add_argument("--part", type=_part, default=(1, 1))
    parser.add_argument("--combien", type=int)
    return parser.parse_args()


def _part(text: str) -> tuple[int, int]:
    rank, count = map(int, text.split("/"))
    return rank, count


if __name__ == "__main__":
    main()
