"""La page « Ajouter un document », suivie à la lettre dans une copie du dépôt : elle suffit, et elle ne touche que ce qu'elle annonce."""

from __future__ import annotations

import io
import json
from pathlib import Path

import docx
import pytest

from tests.docs.pages import ROOT, blocs
from tests.docs.session import Session
from tests.docs.trees import copy_of_the_tree, fingerprints

PAGE = ROOT / "docs" / "ajouter_un_document.md"
SLUG = "compte_rendu_de_lancement"
SHELVES = {
    f"dla_docs/documents/{SLUG}.py",
    f"templates_docx/{SLUG}.docx",
    f"samples/{SLUG}.yaml",
    f"tests/documents/test_{SLUG}.py",
    f"docs/documents/{SLUG}.md",
}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_the_tree(tmp_path_factory.mktemp("avant") / "depot")


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Someone who has done, in order, everything the page says."""
    tree = copy_of_the_tree(tmp_path_factory.mktemp("apres") / "depot")
    session = Session(tree, tree)
    for bloc in blocs(PAGE):
        session.follow(bloc)
    return session


def test_only_the_shelves_the_registry_and_the_changelog_are_touched(newcomer: Session, before: Path) -> None:
    old, new = fingerprints(before), fingerprints(newcomer.folder)
    assert set(old) <= set(new)
    assert set(new) - set(old) == SHELVES
    assert {path for path in old if old[path] != new[path]} == {"dla_docs/documents/__init__.py", "CHANGELOG.md"}


def test_the_new_document_is_known_everywhere(newcomer: Session) -> None:
    listed = json.loads(newcomer.launch("dla-docs documents --format json"))
    assert {"slug": SLUG, "titre": "Compte rendu de la réunion de lancement", "nature": "texte", "guides": ["P", "N"]} in listed
    assert "CompteRenduDeLancement" in newcomer.launch("python -c 'import dla_docs; print(*dla_docs.__all__)'").split()
    assert json.loads(newcomer.launch(f"dla-docs schema {SLUG}"))["properties"]["document"] == {"const": SLUG}


def test_the_new_document_is_produced_with_what_was_typed(newcomer: Session) -> None:
    produced = docx.Document(io.BytesIO((newcomer.folder.parent / "compte_rendu.docx").read_bytes()))
    text = " ".join(" ".join("".join(paragraph.itertext("{*}t")) for paragraph in produced.element.body.iter("{*}p")).split())
    for said in ("Compte rendu de la réunion de lancement", "04/04/2013", "Frédérique Esquisse", "Le prestataire", "deux ateliers de choix"):
        assert said in text


def test_the_new_document_travels_as_a_form(newcomer: Session) -> None:
    returned = newcomer.launch("dla-docs lire ../compte_rendu_vierge.docx")
    assert f"document: {SLUG}" in returned
