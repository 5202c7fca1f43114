"""La page dans la typographie française ; la relecture rend ce qui avait été tapé."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dla_docs import DOCUMENTS, Document, Mission, read, render, trame, verify
from dla_docs.model.typography import as_typed, typeset, typeset_words
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load
from dla_docs.word.package import open_package, parse_part
from dla_docs.word.page import page_in, plain, text_of
from tests import examples, one_in
from tests.strategies import documents

STORY = re.compile("word/(document|footer)")
NB, NNB = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
TYPED = st.lists(
    st.sampled_from(
        [
            " ",
            NB,
            NNB,
            "\n",
            "\t",
            "'",
            "’",
            ";",
            "!",
            "?",
            ":",
            "«",
            "»",
            "%",
            "€",
            "n°",
            "2",
            "j",
            "000",
            "h",
            "30",
            "1er",
            "juin",
            "2005",
            "l'eau",
            "A noter",
            "Etape",
            "http://a.fr/l'eau",
            "dl'a@a.fr",
            "É",
        ]
    )
    | st.text(max_size=4),
    max_size=12,
).map("".join)
LEFT = re.compile(
    r"(?<=[^\W\d_])'(?=\w)| [;!?:»%€]|« |\bn° |\d (?:j|jours|h|€|juin)\b|juin \d{4}\b"
)
"""Ce qu'une page ne montre plus, hors des adresses et des noms de fichiers."""


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Quoi ? Oui ! Fin ; suite", f"Quoi{NNB}? Oui{NNB}! Fin{NNB}; suite"),
        ("Dates : « lundi »", f"Dates{NB}: «{NB}lundi{NB}»"),
        ("12 000 € HT, soit 5 %", f"12{NB}000{NB}€{NB}HT, soit 5{NB}%"),
        ("n° 1, 2 j, 3 jours, 12 ans", f"n°{NB}1, 2{NB}j, 3{NB}jours, 12{NB}ans"),
        ("le 14 juin 2005, dès mars 2006", f"le 14{NB}juin{NB}2005, dès mars{NB}2006"),
        ("du 1er au 3 août", f"du 1er au 3{NB}août"),
        ("le 1er août", f"le 1er{NB}août"),
        ("Jean Mai, 2 maisons, 3 maires, en juin 20 jeunes, Avril 2005",) * 2,
        ("de 9 h 30 à 10:30", f"de 9{NB}h{NB}30 à 10:30"),
        ("l'eau qu'elle", "l’eau qu’elle"),
        ("voir http://a.fr/l'eau?x:y et l'a@b.fr", "voir http://a.fr/l'eau?x:y et l'a@b.fr"),
        ("rapport_d'étape.docx", "rapport_d'étape.docx"),
        ("12345678200010, W123456789, 5'", "12345678200010, W123456789, 5'"),
        ("02 00 00 00 00, 123 456 782 00010", "02 00 00 00 00, 123 456 782 00010"),
        ("2 journalistes, 3 hommes", "2 journalistes, 3 hommes"),
    ],
)
def test_a_text_is_printed_in_french_typography(typed: str, shown: str) -> None:
    assert typeset(typed) == shown


def test_only_the_words_of_a_guide_have_their_capitals_changed() -> None:
    guide = "A noter : l'Etape, Echéance, Etat, A l'initiative de, A. Durand"
    assert typeset_words(guide) == (
        f"À noter{NB}: l’Étape, Échéance, État, À l’initiative de, A. Durand"
    )
    assert typeset("Etape") == "Etape"  # perhaps a name


@given(TYPED)
def test_what_is_printed_is_as_long_and_printed_once(text: str) -> None:
    shown = typeset(text)
    assert (len(shown), typeset(shown)) == (len(text), shown)


@given(TYPED)
def test_what_is_read_back_is_what_was_typed(text: str) -> None:
    assert as_typed(typeset(text), text) == text


@given(TYPED, TYPED)
def test_a_change_leaves_the_rest_of_a_text_as_it_was_typed(before: str, after: str) -> None:
    was = f"{before} milieu {after}"
    assert as_typed(f"{typeset(was)} ajouté", was) == f"{was} ajouté"
    assert as_typed(f"Ajouté {typeset(was)}", was) == f"Ajouté {was}"


@examples(30)
@given(documents())
def test_a_document_comes_back_as_it_left(document: Document) -> None:
    shown = render(document, brouillon=True)
    assert [str(one) for one in verify(shown, document, brouillon=True)] == []
    assert [str(change) for change in read(shown).changements] == []


@pytest.mark.parametrize("slug", one_in(3, sorted(DOCUMENTS)))
def test_no_page_keeps_a_typewriter_s_signs(slug: str) -> None:
    document = load(sample_path(slug))
    filled, form = (_lines(made) for made in (render(document, brouillon=True), trame(slug)))
    assert [line for line in filled + form if LEFT.search(_without_addresses(line))] == []
    assert [line for line in form if re.search(r"\b(?:A noter|Etape|Etat|Echéance)\b", line)] == []


@pytest.mark.parametrize("slug", ["evaluation_individuelle", "evaluation_collective"])
def test_yes_or_no_is_asked_in_one_way(slug: str) -> None:
    asked = re.findall("oui ?/ ?non", "\n".join(_lines(trame(slug))), re.IGNORECASE)
    assert len(asked) > 3 and set(asked) == {"Oui/Non"}


def _lines(made: bytes) -> list[str]:
    return [plain(cell) for line in page_in(open_package(made)) for cell in line.cells]


def _without_addresses(line: str) -> str:
    return re.sub(r"\S*(?:://|@|\.(?:pdf|docx|png|yaml))\S*", "", line)


def test_the_number_of_other_structures_is_on_one_line() -> None:
    """« (et 4 de plus) » is never cut, on a cover nor at the foot of a page."""
    mission = load(sample_path("mission_collective"))
    assert isinstance(mission, Mission)
    [offer] = mission.documents["proposition"]
    parts = open_package(render(offer, brouillon=True))
    said = [parse_part(parts[name], name) for name in parts if STORY.match(name)]
    found = re.findall(r"\(et.+?plus\)", " ".join(map(text_of, said)))
    assert found
    assert {*found} == {f"(et{NB}4{NB}de{NB}plus)"}
