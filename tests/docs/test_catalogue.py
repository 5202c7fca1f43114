"""Le catalogue des exigences : à jour, entier ; le message d'une fiche est celui du verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from dla_docs import check
from dla_docs.manual.cases import declared_cases
from dla_docs.manual.catalogue import KINDS, PACKAGED, SCHEMAS, page, schema_text
from dla_docs.manual.sheet import sheet
from dla_docs.model.requirement import citations, referentiel
from dla_docs.profils.loading import PROFILS, load_profil
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_text
from tests.corpus import without
from tests.docs.pages import ROOT

SHELF = ROOT / "docs" / "exigences"
STALE = "« python -m dla_docs.manual.catalogue » remet le catalogue à jour"


def test_the_catalogue_is_what_the_classes_and_the_reference_say() -> None:
    assert {path.stem for path in SHELF.glob("*.md")} == set(KINDS)
    for slug in KINDS:
        assert (SHELF / f"{slug}.md").read_text(encoding="utf-8") == page(slug), STALE


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_published_schemas_are_those_of_the_code(name: str) -> None:
    for home in (PACKAGED, SHELF):
        assert (home / name).read_text(encoding="utf-8") == schema_text(name), STALE


def test_every_requirement_has_its_entry_with_the_words_of_each_guide() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in SHELF.glob("*.md"))
    for identifiant, exigence in referentiel().items():
        assert f"\n## {identifiant} · " in texts, identifiant
        assert {word.guide for word in sheet(identifiant).guides} == {
            exigence.place([guide])[0] for guide, _, _ in citations()[identifiant]
        }


def test_no_entry_speaks_in_letters_or_says_a_quotation_twice() -> None:
    for identifiant in referentiel():
        shown = sheet(identifiant)
        kept = re.sub(r"\b(?:type|monographie) [A-E]\b", "", shown.condition)
        assert not re.search(r"\b[A-Z]\b(?!')", kept), shown.condition
        for word in shown.guides:
            said = " ; ".join(word.mots).casefold()
            assert [said.count(one.casefold()) for one in word.mots] == [1] * len(word.mots)
    assert "facultatif selon le guide du Nord – Pas de Calais" in sheet("FP-14").condition


def test_a_form_is_only_that_of_a_guide_which_prints_one() -> None:
    said = [place.message for one in referentiel() for place in sheet(one).endroits]
    forms = [message for message in said if "demandé par le formulaire" in message]
    assert forms and not any(re.search(r"Guide du Nord|Guide de Provence", one) for one in forms)
    assert {word.force for word in sheet("GL-20").guides} == {"prévu par le guide"}
    assert "imprimé dans le formulaire" in sheet("AC-06").forces_dites


@pytest.fixture
def one_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Un seul cas, de chaque sorte : effacé, changé, et un texte laissé au profil."""
    text = """
    CDC-05: [objectifs.general]
    CDC-07: [{exemple: cahier_des_charges, change: {objectifs.resultats: []}}]
    CDC-21: [demande.origine]
    CDC-17: [{vide: conditions.justification}]
    """
    (tmp_path / "cahier_des_charges.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("dla_docs.manual.cases.FOLDER", tmp_path)
    declared_cases.cache_clear()
    sheet.cache_clear()
    yield
    declared_cases.cache_clear()
    sheet.cache_clear()


@pytest.mark.usefixtures("one_case")
def test_an_entry_shows_the_line_that_fails_and_the_line_that_mends_it() -> None:
    entries = {one.partition(" ")[0]: one for one in page("cahier_des_charges").split("\n## ")}
    assert "Fautif, dans `cahier_des_charges` : `objectifs.general : rien`" in entries["CDC-05"]
    assert "Juste : `objectifs.general : Fournir à l'association" in entries["CDC-05"]
    assert "`objectifs.resultats : []`" in entries["CDC-07"]
    silent = (entries["CDC-21"], entries["CDC-17"])  # facultative; printed by the template
    assert not any("Fautif" in one for one in silent)


@pytest.mark.parametrize("profil", PROFILS)
def test_the_message_and_the_remedy_are_those_of_the_verdict(profil: str) -> None:
    data = yaml.load(sample_path("cahier_des_charges").read_bytes(), Loader=yaml.BaseLoader)
    emptied = without(data, ("objectifs",), ("commande", "contenu"))
    document = load_text(yaml.safe_dump(emptied), sample_path("cahier_des_charges"))
    constats = {one.chemin: one for one in check(document, profil)}
    asked = [
        (identifiant, place)
        for identifiant in ("CDC-05", "CDC-06", "CDC-07", "CDC-09")
        for place in sheet(identifiant).endroits
        if load_profil(profil).force(referentiel()[identifiant], place.chemin) and place.message
    ]
    for _, place in asked:
        said = constats[place.chemin]
        assert (place.message, place.conseil) == (f"{said.message} {said.source}", said.conseil)
    assert len(asked) == (4 if profil in ("national", "centre") else 0)


def test_the_words_of_a_guide_are_whole_and_bare() -> None:
    quoted = [words for one in referentiel() for guide in sheet(one).guides for words in guide.mots]
    assert quoted
    assert [words for words in quoted if re.search(r"\*\*|\||-$|^tion\b", words)] == []


def test_a_message_has_the_force_of_its_requirement_where_another_weighs_more() -> None:
    signed = [one.message for one in sheet("CV-01").endroits if "signature" in one.chemin]
    assert len(signed) == 3
    assert all("contenu prévu par le guide absent" in message for message in signed)
