"""Ce qui est gardé d'une page à l'autre ne change rien à ce qui s'imprime."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import unwrap
from pathlib import Path
from typing import Any

import pytest

from dla_docs.pipeline import load_document
from dla_docs.resources import sample_path, template_path
from dla_docs.stages import rendering
from dla_docs.stages.rendering import template_of
from dla_docs.templating import column_widths, page_parts
from dla_docs.templating.column_widths import fitted
from dla_docs.templating.pagination import kept_whole
from tests.word_packages import zipped

SIZE = '<w:sectPr><w:pgSz w:w="11906" w:h="{}"/></w:sectPr>'
CELL = (
    '<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="T"/></w:pPr>'
)
ENDING = '<w:p><w:pPr><w:pStyle w:val="Intervalle"/><w:keepNext/></w:pPr></w:p>'
TEXT = '<w:p><w:pPr><w:pStyle w:val="Normal"/></w:pPr><w:r><w:t>Lu et approuvé</w:t></w:r></w:p>'


def table(
    words: Sequence[str], style: str = "TableauDLA", widths: tuple[int, ...] = (900, 4000)
) -> str:
    """Un tableau d'une ligne par mot."""
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    rows = "".join(
        "<w:tr>"
        + "".join(
            f"{CELL.format(width)}<w:r><w:t>{said}</w:t></w:r></w:p></w:tc>"
            for width, said in zip(widths, (word, "oui"), strict=True)
        )
        + "</w:tr>"
        for word in words
    )
    about = f'<w:tblPr><w:tblStyle w:val="{style}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
    return f"<w:tbl>{about}{rows}</w:tbl>"


SHORT = ["un", "deux"]
PAGES = {
    "la page": table(SHORT) + TEXT + SIZE.format(16838),
    "un mot plus long": table(["Anticonstitutionnellement", "deux"]) + TEXT + SIZE.format(16838),
    "un texte de plus": table(["un " * 900, "deux"]) + TEXT + SIZE.format(16838),
    "une autre sorte de tableau": table(SHORT, "FicheDLA") + TEXT + SIZE.format(16838),
    "d'autres colonnes": table(["Anticonstitutionnellement"], widths=(2500, 2400)) + TEXT,
    "plus de lignes": table(SHORT * 5) + TEXT + SIZE.format(16838),
    "une page moins haute": table(["un " * 5] * 5) + TEXT + SIZE.format(6000),
    "une page plus haute": table(["un " * 5] * 5) + TEXT + SIZE.format(30000),
    "à la fin du document": TEXT + table(["un " * 30] * 9, "FicheDLA") + SIZE.format(16838),
    "au milieu": table(["un " * 30] * 9, "FicheDLA") + TEXT + TEXT + SIZE.format(16838),
    "devant une fin": TEXT + table(SHORT) + ENDING + TEXT + SIZE.format(16838),
    "deux fois le même": table(SHORT) + ENDING + table(SHORT) + TEXT + SIZE.format(16838),
}
"""Chacune change une chose dont dépend ce qu'on trouve dans une ligne, un tableau ou une page."""


def laid(page: str) -> str:
    return "".join(kept_whole(fitted([page])))


def test_une_page_se_met_de_meme_apres_toute_autre(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [{name: laid(page) for name, page in PAGES.items()} for _ in range(2)]
    for module, names in {
        page_parts: ("_row", "_table", "_paragraph", "_lines"),
        column_widths: ("_of_table",),
    }.items():
        for name in names:
            monkeypatch.setattr(module, name, unwrap(getattr(module, name)))
    plain = {name: laid(page) for name, page in PAGES.items()}
    assert known == [plain, plain]
    assert all(said != PAGES[name] for name, said in plain.items())


def test_un_modele_livre_qui_change_est_relu(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    document = load_document(sample_path("evaluation_individuelle"))
    place = tmp_path / "modele.docx"
    place.write_bytes(template_path("evaluation_individuelle").read_bytes())
    monkeypatch.setattr(rendering, "template_path", lambda _: place)
    first = template_of(type(document))
    assert template_of(type(document)) is first
    from dla_docs.word.package import open_package

    changed: dict[str, Any] = dict(open_package(place))
    changed["docProps/app.xml"] = changed["docProps/app.xml"].replace(
        b"<Properties", b"<Properties "
    )
    place.write_bytes(zipped(changed))
    assert template_of(type(document)) is not first
