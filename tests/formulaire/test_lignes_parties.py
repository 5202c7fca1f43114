"""Les lignes qui voyagent avec un formulaire se lisent une à une, et disent ce que dirait leur JSON
lu d'un trait ; celles qu'une main a changées se voient de même.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from dla_docs import trame
from dla_docs.registry import FORMULAIRES
from dla_docs.stages import envelope
from dla_docs.stages.envelope import Enveloppe, from_json
from dla_docs.word.page import Control, PageLine
from dla_docs.word.part import root_text
from tests.formulaire.formulaires import form
from tests.word_forms import parts_of

SENT = Enveloppe(
    "grille_de_suivi",
    donnees={"page": [["", ["a"]]], "dites": ', "page": [["", ["a"]]]'},
    page=(
        PageLine((("Titre",),)),
        PageLine(((Control("a", "x"),), ("note", Control("b", ']], ["", [')), ())),
        PageLine(((Control("c", ""),), ("", Control("d", "", "À remplir"))), "note"),
        PageLine((("n",), (Control("e", ', "page": ['),)), "pied de page"),
    ),
)  # all that could be taken for the end of a line, or the beginning of the page


def both_ways(text: str, monkeypatch: pytest.MonkeyPatch) -> list[Enveloppe | str]:
    """Ce que disent ces données, lues ligne par ligne puis d'un trait ; ou leur refus."""
    found: list[Enveloppe | str] = []
    for by_lines in (envelope._by_lines, lambda text: None):
        monkeypatch.setattr(envelope, "_by_lines", by_lines)
        try:
            found.append(from_json(text))
        except ValueError as error:
            found.append(str(error))
    monkeypatch.undo()
    return found


@pytest.mark.parametrize("slug", FORMULAIRES)
def test_each_form_is_read_line_by_line_as_at_once(
    slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for octets in (trame(slug), form(slug)):
        parts = parts_of(octets)
        name = next(one for one in parts if envelope.NAMESPACE.encode() in parts[one])
        text = root_text(parts[name], name)
        by_lines = envelope._by_lines(text)
        assert by_lines is not None
        assert by_lines[1:] == envelope._whole(text)[1:]
        one, other = both_ways(text, monkeypatch)
        assert one == other
        assert isinstance(one, Enveloppe)
        assert one.intacte


CHANGES: dict[str, Callable[[str], str]] = {
    "rien": lambda text: text,
    "des lignes serrées": lambda text: json.dumps(
        json.loads(text), ensure_ascii=False, separators=(",", ":")
    ),
    "des lettres codées": lambda text: json.dumps(json.loads(text)),
    "un blanc de plus": lambda text: text.replace('["Titre"]], [', '["Titre"]],  ['),
    "un texte changé": lambda text: text.replace("Titre", "Autre titre"),
    "une réponse changée": lambda text: text.replace('"x"', '"y"'),
    "une ligne de moins": lambda text: text.replace('["", ["Titre"]], ', ""),
    "une ligne sans fin": lambda text: text.replace("]]]}", "]]}"),
    "une page sans fin": lambda text: text.replace("]]]}", "]]}").replace("}", "]}"),
    "une page de trop": lambda text: text.replace("{", '{"page": [], ', 1),
    "une page qui n'est pas la dernière": lambda text: f'{text[:-1]}, "tenu": true}}',
    "une ligne sans cellule": lambda text: text.replace('["Titre"]', '"Titre"'),
    "une cellule à clés": lambda text: text.replace('["Titre"]', '[{"b": 1, "a": 2, "c": 3}]'),
    "une cellule nulle": lambda text: text.replace('["Titre"]', "null"),
    "un nombre": lambda text: text.replace('["Titre"]', "[[1, 2]]"),
    "rien derrière": lambda text: text[:-1],
    "autre chose": lambda text: "[]",
    "une suite": lambda text: f"[{text}]",
    "rien du tout": lambda text: "",
}


# Of two pages JSON takes the last
ALIKE = (
    "rien", "des lignes serrées", "des lettres codées", "un blanc de plus", "une page de trop",
)  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_lines_that_were_forged_say_the_same_read_one_by_one(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = SENT.to_json()
    one, other = both_ways(CHANGES[name](text), monkeypatch)
    assert one == other
    if isinstance(one, Enveloppe):
        assert one.intacte is (name in ALIKE)


def test_the_lines_come_back_as_they_left() -> None:
    assert from_json(SENT.to_json()).page == SENT.page
