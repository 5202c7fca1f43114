"""La galerie du site : chaque document, chaque formulaire vierge, à voir et à télécharger."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from dla_docs import gallery
from dla_docs.errors import ConversionError, InputError
from dla_docs.registry import DOCUMENTS
from tests.offices import need_office

SLUG = "enquete_prestataire"
LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(gallery, "DOCUMENTS", {SLUG: DOCUMENTS[SLUG]})
    monkeypatch.setattr(gallery, "ALL", [one for one in gallery.ALL if one.slug == SLUG])
    folder = tmp_path / "pages"
    (folder / "documents").mkdir(parents=True)
    for page in (f"documents/{SLUG}.md", "galerie.md"):
        (folder / page).write_text("# Une page\n", encoding="utf-8")
    return folder


def linked(page: Path) -> list[Path]:
    """Les fichiers auxquels une page mène, images comprises, pages à part."""
    found = LINK.findall(page.read_text(encoding="utf-8"))
    return [page.parent / one for one in found if not one.endswith(".md")]


def test_all_are_shown_under_each_profile() -> None:
    shown = {(one.slug, one.profil, one.blank) for one in gallery.ALL}
    assert len(shown) == len(DOCUMENTS) * 3 * 2 and {one.profil for one in gallery.ALL} >= {
        "national"
    }


def test_without_an_office_there_is_still_what_to_download(
    pages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def absent() -> None:
        raise ConversionError("LibreOffice est introuvable.")

    monkeypatch.setattr(gallery, "find_office", absent)
    gallery.main(pages, pages / "gardées")
    files = linked(pages / "documents" / f"{SLUG}.md")
    assert [path.suffix for path in files] == [".docx", ".docx"]
    assert len({path.read_bytes() for path in files}) == 2
    assert [path.suffix for path in linked(pages / "galerie.md")] == [".docx"] * 6
    for path in linked(pages / "galerie.md"):
        assert path.is_file()
    assert "LibreOffice est introuvable." in capsys.readouterr().err


def test_without_the_pages_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="make docs"):
        gallery.main(tmp_path / "pages", tmp_path / "gardées")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.lent
def test_each_page_is_a_picture_made_once(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need_office()
    before = {page: page.read_text(encoding="utf-8") for page in pages.rglob("*.md")}
    gallery.main(pages, pages.parent / "gardées")
    images = [path for path in linked(pages / "galerie.md") if path.suffix == ".png"]
    assert len(images) == 6
    own = [path for path in linked(pages / "documents" / f"{SLUG}.md") if path.suffix == ".png"]
    assert len(own) >= 2
    for path in images + own:
        assert path.read_bytes().startswith(b"\x89PNG")
    told = {page: page.read_text(encoding="utf-8") for page in before}
    for page, text in before.items():
        page.write_text(text, encoding="utf-8")

    def convert_none(asked: Iterable[object]) -> list[object]:
        assert list(asked) == []
        return []

    monkeypatch.setattr(gallery, "convert_many", convert_none)
    gallery.main(pages, pages.parent / "gardées")
    assert {page: page.read_text(encoding="utf-8") for page in before} == told
