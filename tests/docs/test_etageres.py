"""Un document, un nom, une place sur chaque étagère : les étagères tiennent les mêmes noms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import dla_docs
from dla_docs.manual.pages import notice
from dla_docs.model.document import Document
from dla_docs.registry import ANNEXES, CLASSES, DOCUMENTS, PAGES
from tests.docs.pages import ROOT


def stems(folder: str, pattern: str) -> set[str]:
    return {
        path.stem
        for path in (ROOT / folder).glob(pattern)
        if not path.name.startswith(("_", ".", "~"))
    }


def samples_of_one_document() -> Iterator[str]:
    for path in (ROOT / "samples").glob("*.yaml"):
        kind = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader).get("document")
        if kind not in (None, "mission"):
            assert kind == path.stem, f"{path.name} tient un document « {kind} »"
            yield path.stem


SHELVES = {
    "dla_docs/documents/": lambda: stems("dla_docs/documents", "*.py"),
    "templates_docx/": lambda: stems("templates_docx", "*.docx"),
    "samples/": lambda: set(samples_of_one_document()),
    "docs/documents/": lambda: stems("docs/documents", "*.md"),
    "dla_docs.__all__": lambda: {model.slug() for model in exported()},
}


def exported() -> list[type[Document]]:
    values = [getattr(dla_docs, name) for name in dla_docs.__all__]
    return [
        value
        for value in values
        if isinstance(value, type) and issubclass(value, Document) and value is not Document
    ]


@pytest.mark.parametrize("shelf", SHELVES)
def test_each_shelf_holds_the_documents_of_the_registry(shelf: str) -> None:
    assert SHELVES[shelf]() - {*ANNEXES, *PAGES} == set(DOCUMENTS), shelf


def test_the_registry_gives_the_class_that_it_names() -> None:
    assert {slug: (model.__name__, model.slug()) for slug, model in DOCUMENTS.items()} == {
        slug: (name, slug) for slug, name in CLASSES.items()
    }


@pytest.mark.parametrize("slug", DOCUMENTS)
def test_a_notice_is_what_its_class_says(slug: str) -> None:
    written = (ROOT / "docs" / "documents" / f"{slug}.md").read_text(encoding="utf-8")
    assert written == notice(DOCUMENTS[slug]), (
        "« python -m dla_docs.manual.pages » remet les notices à jour"
    )


@pytest.mark.parametrize("slug", DOCUMENTS)
def test_a_notice_shows_every_field_and_every_requirement(slug: str) -> None:
    text = notice(DOCUMENTS[slug])
    node = DOCUMENTS[slug].schema_node()
    carried = {str(exigence) for one in node.walk() for exigence in one.exigences} | {
        str(e) for rule in DOCUMENTS[slug].regles() for e in rule.exigences
    }
    assert {identifiant for identifiant in carried if f"| {identifiant} |" not in text} == set()
    asked = {one.path for one in node.walk() if one.exigences and one.path}
    assert {path for path in asked if f"`{path}`" not in text} == set()
    assert DOCUMENTS[slug].titre in text and Path(f"samples/{slug}.yaml").as_posix() in text
