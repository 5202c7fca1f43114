"""La page « Ajouter un document », suivie à la lettre dans une copie du dépôt : elle suffit, et
elle ne touche que ce qu'elle annonce.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import docx
import pytest

from tests.docs.pages import ROOT, blocs
from tests.docs.session import Session
from tests.docs.trees import copy_of_the_tree, fingerprints

SLUG = "compte_rendu_de_lancement"
SHELVES = {
    f"dla_docs/documents/{SLUG}.py",
    f"templates_docx/{SLUG}.docx",
    f"samples/{SLUG}.yaml",
    f"tests/documents/test_{SLUG}.py",
    f"docs/documents/{SLUG}.md",
    f"docs/exigences/{SLUG}.md",
}


@pytest.mark.lent
def test_a_newcomer_who_follows_the_page_adds_a_document(tmp_path: Path) -> None:
    """One test, not one per question: following the page is what takes time."""
    tree = copy_of_the_tree(tmp_path / "depot")
    before = fingerprints(tree)
    newcomer = Session(tree, tree)
    for bloc in blocs(ROOT / "docs" / "ajouter_un_document.md"):
        newcomer.follow(bloc)
    only_its_shelves_its_names_and_the_changelog_are_touched(before, fingerprints(tree))
    it_is_known_everywhere(newcomer)
    it_is_produced_with_what_was_typed(tmp_path / "compte_rendu.docx")
    it_travels_as_a_form(newcomer)


def only_its_shelves_its_names_and_the_changelog_are_touched(
    before: dict[str, str], after: dict[str, str]
) -> None:
    assert set(before) <= set(after)
    kept = {path for path in after if "/.sauvegardes/" in path}  # what the commands note beside
    assert set(after) - set(before) - kept == SHELVES
    changed = {path for path in before if before[path] != after[path]}
    catalogue = {path for path in changed if path.startswith("docs/exigences/")}
    assert changed - catalogue == {
        "dla_docs/__init__.py",
        "dla_docs/registry.py",
        "CHANGELOG.md",
    }


def it_is_known_everywhere(newcomer: Session) -> None:
    listed = json.loads(newcomer.launch("dla-docs documents --format json"))
    assert {
        "slug": SLUG,
        "titre": "Compte rendu de la réunion de lancement",
        "nature": "texte",
        "guides": ["P", "N"],
    } in listed
    assert (
        "CompteRenduDeLancement"
        in newcomer.launch("python -c 'import dla_docs; print(*dla_docs.__all__)'").split()
    )
    schema = json.loads(newcomer.launch(f"dla-docs schema {SLUG}"))
    assert schema["properties"]["document"]["const"] == SLUG


def it_is_produced_with_what_was_typed(path: Path) -> None:
    body = docx.Document(io.BytesIO(path.read_bytes())).element.body
    text = " ".join(
        " ".join("".join(paragraph.itertext("{*}t")) for paragraph in body.iter("{*}p")).split()
    )
    for said in (
        "Compte rendu de la réunion de lancement",
        "04/04/2013",
        "Frédérique Esquisse",
        "Le prestataire",
        "deux ateliers de choix",
    ):
        assert said in text


def it_travels_as_a_form(newcomer: Session) -> None:
    assert f"document: {SLUG}" in newcomer.launch("dla-docs lire ../compte_rendu_vierge.docx")
