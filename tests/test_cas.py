"""Chaque exigence a son cas : ce qui la fait parler dans un exemple conforme, sous chaque profil
qui suit l'un de ses guides, et l'exemple qui la laisse muette.

Les cas sont des données, ``dla_docs/model/cas/<document>.yaml`` : docs/essais.md dit comment les
écrire. La force attendue se lit dans la table et dans les guides du profil, sans passer par le code
essayé.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from dla_docs import DOCUMENTS, Constat, check, load
from dla_docs.cli.application import run
from dla_docs.errors import InputError, TemplateError
from dla_docs.manual.cases import FOLDER
from dla_docs.manual.requirement_index import carriers
from dla_docs.model.fields import Nature
from dla_docs.model.node import Kind, schema_path
from dla_docs.model.requirement import GUIDES
from dla_docs.profils.grafting import demanded
from dla_docs.profils.loading import load_profil
from dla_docs.registry import FORMULAIRES
from dla_docs.resources import profile_path, sample_path
from dla_docs.stages.evidence import attest
from dla_docs.stages.loading import load_text
from dla_docs.templating import compile_template
from tests import one_in
from tests.corpus import PROFILS, patched, table
from tests.test_contrat import without


@dataclass(frozen=True)
class Cas:
    """Un changement d'un exemple, et où l'exigence en parle."""

    exemple: str
    efface: tuple[str, ...] = ()
    change: dict[str, Any] = field(default_factory=dict)
    vide: str = ""  # the printed text that a profile empties
    imprime: str = ""  # what the Word template no longer prints
    sans_trace: str = ""  # no document can show it: its sheet and the proof say why
    chemin: tuple[str, ...] = ()
    guides: str = ""  # those that demand it at this place; all of its row when empty
    force: str = ""  # what they make of this very place, when the row says otherwise
    profils: tuple[str, ...] = PROFILS  # those whose own figures the change breaks
    perdante: str = ""  # what is known of an offer that lost is information
    aussi: tuple[str, ...] = ()  # the other rules that the same change breaks somewhere

    @cached_property
    def text(self) -> str:
        """L'exemple changé, tel qu'un fichier le dirait."""
        ways = [way for path in self.efface for way in spread(raw(self.exemple), path)]
        data = patched(raw(self.exemple), {**dict.fromkeys(ways), **self.change})
        return yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)

    def change_is_that_of(self, other: Cas) -> bool:
        return (self.exemple, self.efface, self.change) == (
            other.exemple,
            other.efface,
            other.change,
        )

    def kind(self, chemin: str) -> str:
        """Le document où tombe ce chemin : celui de l'exemple, ou l'un de ceux d'une mission."""
        held = re.match(r"documents\.(\w+)", chemin)
        return held[1] if held else "mission" if "mission_" in self.exemple else self.exemple

    def places(self) -> set[str]:
        """Où il porte, sans rangs : ``cahier_des_charges.plan.actions``."""
        ways = {way: re.sub(r"documents\.\w+(\[\d+\])?\.", "", way) for way in self.chemin}
        return {f"{self.kind(way)}.{schema_path(place)}" for way, place in ways.items()}


def several(said: Any) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


@cache
def cases() -> dict[str, list[Cas]]:
    found: dict[str, list[Cas]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for identifiant, held in yaml.load(path.read_bytes(), Loader=yaml.CBaseLoader).items():
            found.setdefault(identifiant, []).extend(case(path.stem, one) for one in held)
    return found


def case(slug: str, said: str | dict[str, Any]) -> Cas:
    """Un cas tel qu'il est écrit : un chemin seul est celui qu'on efface, et où l'on en parle."""
    row = {"efface": said} if isinstance(said, str) else said
    lists = {name: several(row[name]) for name in LISTES if name in row}
    return Cas(**{"exemple": slug, "chemin": lists.get("efface", ()), **row, **lists})


LISTES = ("efface", "chemin", "profils", "aussi")


@cache
def raw(name: str) -> Any:
    return yaml.load(sample_path(name).read_bytes(), Loader=yaml.CBaseLoader)


def spread(data: Any, path: str) -> list[str]:
    """``etapes[].duree`` : celle de chaque étape, que l'exemple les tienne par rang ou par clé."""
    before, rows, after = path.partition("[]")
    if not rows:
        return [path]
    held = data
    for step in re.findall(r"\w+", before):
        held = held[int(step) if isinstance(held, list) else step]
    ranks = (
        [f"[{n}]" for n in range(len(held))] if isinstance(held, list) else [f".{k}" for k in held]
    )
    return [way for rank in ranks for way in spread(data, f"{before}{rank}{after}")]


@lru_cache(16)  # read once for all the profiles: nobody changes a loaded document
def loaded(case: str, name: str) -> Any:
    return load_text(case, sample_path(name))


@cache
def untouched(name: str, profil: str) -> frozenset[str]:
    """Les exigences dont l'exemple parle, lui qui est conforme."""
    constats = check(loaded(sample_path(name).read_text(encoding="utf-8"), name), profil)
    return frozenset(one for constat in constats for one in constat.exigences)


@cache
def verdict(text: str, name: str, profil: str) -> list[Constat]:
    return check(loaded(text, name), profil)


# What the table says, read apart from the code that is tried.


@cache
def rows() -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in table() if not row["retiree"] and row["nature"] != "alias"}


@cache
def followed(profil: str) -> frozenset[str]:
    data = yaml.load(profile_path(profil).read_bytes(), Loader=yaml.CBaseLoader)
    return frozenset(data["guides"])


def forces(identifiant: str, profil: str, guides: str = "") -> dict[str, str]:
    """La force que donne à cette exigence chacun des guides que le profil suit."""
    row = rows()[identifiant]
    region = re.findall(r"profil (\w+)", row["condition"])
    if region and profil not in region:
        return {}
    said = dict(one.split(":") for one in row["forces"].split(",") if one)
    return {
        guide: said.get(guide, row["force"])
        for guide in row["guides"].split(",")
        if guide in followed(profil) and guide in (guides or guide)
    }


def expected(identifiant: str, profil: str, case: Cas) -> str:
    """La force qu'elle a là, sous ce profil : la plus forte ; vide quand rien n'est à dire."""
    said = forces(identifiant, profil, case.guides).values()
    strongest = case.force if said and case.force else min(said, key="OSRL".index, default="")
    return strongest if strongest != "L" and profil in case.profils else ""


def weight(constat: Constat, identifiant: str, profil: str, change: Cas) -> str:
    """Ce que pèse un constat : le plus fort de ce qu'il nomme ; un blanc dans un formulaire rendu
    bloque.
    """
    if change.perdante:
        return "information"
    given = {expected(one, profil, there(one, constat.chemin, change)) for one in constat.exigences}
    blank = " absent (" in constat.message and change.kind(constat.chemin) in FORMULAIRES_RENDUS
    return "bloquant" if "O" in given or (blank and "S" in given) else "avertissement"


def there(identifiant: str, chemin: str, change: Cas) -> Cas:
    """Le cas où cette exigence parle là, du même changement ; sinon ce que dit sa ligne."""
    mine = (one for one in cases().get(identifiant, ()) if one.change_is_that_of(change))
    return next((one for one in mine if chemin in one.chemin), Cas(change.exemple))


FORMULAIRES_RENDUS = {
    slug for slug, one in DOCUMENTS.items() if one.nature_du_document is Nature.FORMULAIRE
}


def cited(constat: Constat, profil: str, identifiant: str, guides: str) -> bool:
    """Vrai quand la source est celle d'un guide suivi, qui dit cela là, le plus fortement ;
    ``guides`` : ceux qui y disent ``identifiant``.
    """
    said = re.fullmatch(r"(.+?), « (.+) » \((\S+)\)\.", constat.source)
    if said is None or said[3] not in constat.exigences:
        return False
    given = forces(said[3], profil, guides if said[3] == identifiant else "")
    letter = next(letter for letter, name in GUIDES.items() if name == said[1])
    return f"{letter} · {said[2]}" in rows()[said[3]]["source"].split(" + ") and given.get(
        letter
    ) == min(given.values(), key="OSRL".index)


# The cases themselves.


def asked() -> Iterator[tuple[str, str]]:
    for identifiant in sorted(cases()):
        for profil in PROFILS:
            yield identifiant, profil


@pytest.mark.parametrize(("identifiant", "profil"), one_in(31, asked()))
def test_it_speaks_where_a_followed_guide_demands_it_and_nowhere_else(
    identifiant: str, profil: str, tmp_path: Path
) -> None:
    spoken = speaks(identifiant, profil, tmp_path)
    assert spoken == (wanted(identifiant, profil) and identifiant not in traceless())


def traceless() -> set[str]:
    """Celles dont aucun document ne saurait garder la trace."""
    return {key for key, held in cases().items() if any(one.sans_trace for one in held)}


@pytest.mark.parametrize("profil", PROFILS)
def test_what_leaves_no_trace_says_why_in_its_sheet_and_in_the_proof(
    profil: str, capsys: pytest.CaptureFixture[str]
) -> None:
    proof = attest(load(sample_path("mission_individuelle")), profil)
    told = {one.exigence: one.raison for one in proof.non_verifiees}
    for identifiant in traceless():
        assert run(["exigences", identifiant]) == 0
        said = re.search(r"Sans trace dans un document : (.+)\.", capsys.readouterr().out)
        assert said is not None
        assert said[1] in told[identifiant] or not wanted(identifiant, profil)


def wanted(identifiant: str, profil: str) -> bool:
    """Vrai quand un guide suivi lui donne une force qui parle."""
    return bool(set(forces(identifiant, profil).values()) & set("OSR"))


def speaks(identifiant: str, profil: str, folder: Path) -> bool:
    """Vrai quand l'un de ses cas la fait parler ; chacun doit le faire comme la table le dit."""
    for one in cases()[identifiant]:
        if one.sans_trace:
            continue
        if one.vide or one.imprime:
            due = bool(expected(identifiant, profil, one))
            assert refused(one, identifiant, profil, folder) == due, one
        else:
            heard(one, identifiant, profil)
    mine = [one for one in cases()[identifiant] if not one.sans_trace]
    return any(expected(identifiant, profil, one) for one in mine)


def heard(change: Cas, identifiant: str, profil: str) -> None:
    """Elle parle de ce changement aux chemins que disent ses cas, et nulle part ailleurs."""
    assert identifiant not in untouched(change.exemple, profil), f"{change.exemple} est conforme"
    mine = [one for one in cases()[identifiant] if one.change_is_that_of(change)]
    due = {way for one in mine if expected(identifiant, profil, one) for way in one.chemin}
    constats = verdict(change.text, change.exemple, profil)
    found = [constat for constat in constats if identifiant in constat.exigences]
    assert {one.chemin for one in found} == due, change
    for one in found:
        assert str(one.gravite) == weight(one, identifiant, profil, change), (change, one)
        assert cited(one, profil, identifiant, there(identifiant, one.chemin, change).guides), one
        assert one.ligne, one
    if rows()[identifiant]["nature"] == "regle":
        beside = {other for one in constats if one not in found for other in one.exigences or "?"}
        assert beside - untouched(change.exemple, profil) <= set(change.aussi), change


def refused(case: Cas, identifiant: str, profil: str, folder: Path) -> bool:
    """Vrai quand l'exigence interdit à un profil de vider ce texte, ou à un modèle de le taire."""
    try:
        if case.vide:
            words = {case.exemple: {"formulations": {case.vide: ""}}}
            own = folder / "mon_dla.yaml"
            own.write_text(yaml.safe_dump({"herite": profil, "documents": words}), encoding="utf-8")
            load_profil(own)
        else:
            owed = demanded(FORMULAIRES[case.exemple], load_profil(profil))
            node = owed.find(case.imprime)
            assert node is not None
            compile_template(without(case.exemple, node), owed)
    except InputError as error:
        said = {name for one in error.constats for name in one.exigences}
        return identifiant in said | set(re.findall(r"[A-Z]+-\d+", str(error)))
    except TemplateError as error:
        return identifiant in {name for one in error.constats for name in one.exigences}
    return False


def test_each_requirement_has_its_case() -> None:
    pairs = {(one, profil) for one in rows() for profil in PROFILS}
    spoken = {pair for pair in pairs if wanted(*pair) and pair[0] not in traceless()}
    left = {pair for pair in pairs if wanted(*pair)} - spoken
    free = {pair for pair in pairs if forces(*pair)} - spoken - left
    missing = {one for one in rows() if not cases().get(one)}
    print(f"{len(rows())} exigences, {sum(map(len, cases().values()))} cas, {len(PROFILS)} profils")
    print(f"elle parle, puis se tait dans l'exemple conforme : {len(spoken)}")
    print(f"elle est facultative, et se tait : {len(free)}")
    print(f"elle est d'une autre région, et se tait : {len(pairs - spoken - left - free)}")
    print(f"sans trace dans un document, et sa fiche le dit : {len(left)}")
    print(f"sans cas : {len(missing)}")
    assert set(cases()) == set(rows())
    assert missing == set()
    assert {one for one, _ in asked()} == set(rows())


def test_each_place_that_asks_for_a_content_has_its_case() -> None:
    untried = [
        (identifiant, place)
        for identifiant, row in rows().items()
        for place in carriers().get(identifiant, ())
        if row["nature"] == "champ" and asks(place)
        if not any(one.startswith(place) for case in cases()[identifiant] for one in case.places())
    ]
    assert untried == []


def asks(place: str) -> bool:
    """Vrai pour un champ, non pour une règle ni pour un texte imprimé."""
    slug, _, path = place.partition(".")
    node = FORMULAIRES[slug].schema_node().find(path)
    return node is not None and node.kind is not Kind.NOTE
