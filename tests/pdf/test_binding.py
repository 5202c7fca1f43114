"""Le PDF de tout un dossier : sa page de contenu dit chaque nom, même d'une lettre rare."""

from __future__ import annotations

import io

import pikepdf
import pytest

from dla_docs.pdf import bound
from dla_docs.pdf.pages import text


def page() -> bytes:
    made, output = pikepdf.new(), io.BytesIO()
    made.add_blank_page(page_size=(595, 842))
    made.save(output)
    return output.getvalue()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Cabinet Œuvre & Été", "Cabinet Œuvre & Été"),
        ("Ștefan Wałęsa", "Stefan Walesa"),
        ("Đorđe Iğdır", "Dorde Igdir"),
    ],
)
def test_the_contents_say_a_name_without_the_accents_that_the_font_lacks(
    name: str, shown: str
) -> None:
    whole = bound([(f"14 – Grille – {name}", page())], "Dossier")
    said = text(whole)
    assert shown in said and "?" not in said
    assert "Dossier, page 1 / 2" in said and "Dossier, page 2 / 2" in said
    with pikepdf.open(io.BytesIO(whole)) as opened, opened.open_outline() as outline:
        assert outline.root[1].title.endswith(name)
