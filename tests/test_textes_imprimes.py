"""Les textes imprimés suivent les guides du profil : aucun n'est celui d'une autre région."""

from __future__ import annotations

from pathlib import Path

import pytest

from dla_docs import DOCUMENTS, trame
from dla_docs.cli.application import run
from dla_docs.model.node import Kind, Node
from dla_docs.profils.loading import load_profil
from dla_docs.resources import sample_path, template_path
from tests import as_keyed
from tests.corpus import PROFILS
from tests.word_forms import page_text, parts_of, zipped

SEUL_EN_N = "pièce indispensable pour procéder au versement du solde"


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("’", "'")


def texts(slug: str) -> list[Node]:
    """The sentences of a kind: the title of a part is the label of that part."""
    nodes = DOCUMENTS[slug].schema_node().walk()
    return [node for node in nodes if node.kind is Kind.NOTE and not node.heading]


def page(content: bytes) -> str:
    return as_keyed(page_text(content))


def test_no_page_prints_the_text_of_a_guide_that_its_profile_does_not_follow() -> None:
    table, strangers = {}, []
    for slug in DOCUMENTS:
        for name in PROFILS:
            profil, shown = load_profil(name), squeezed(page(trame(slug, profil=name)))
            printed = [node for node in texts(slug) if squeezed(node.text) in shown]
            said = {
                node.path: {g for one in node.exigences for g in one.guides} for node in printed
            }
            strangers += [
                (slug, name, path, guides)
                for path, guides in said.items()
                if guides and not guides & set(profil.guides)
            ]
            table[slug, name] = len(printed)
    print(f"{'':28}", *(f"{name:>9}" for name in PROFILS))
    for slug in DOCUMENTS:
        print(f"{slug:28}", *(f"{table[slug, name]:9}" for name in PROFILS))
    assert strangers == []
    assert table["convention_tripartite", "npdc"] > table["convention_tripartite", "centre"] > 0
    assert table["cahier_des_charges", "centre"] == 5
    assert table["cahier_des_charges", "npdc"] == table["cahier_des_charges", "paca"] == 0


def profile(folder: Path, text: str) -> Path:
    path = folder / "mon_dla.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def verdict(slug: str, path: Path) -> int:
    return run(["verifier", str(sample_path(slug)), "--profil", str(path)])


@pytest.mark.parametrize("herite", ["centre", "npdc"])
def test_a_dla_may_empty_a_sentence_that_no_guide_wants_printed(
    herite: str, tmp_path: Path
) -> None:
    own = f"herite: {herite}\ndocuments:\n  convention_tripartite:\n    formulations:\n"
    emptied = profile(
        tmp_path, own + '      engagements.solde: ""\n      dispositif.objectif_1: ""\n'
    )
    assert verdict("convention_tripartite", emptied) == 0
    assert SEUL_EN_N not in page(trame("convention_tripartite", profil=emptied))


@pytest.mark.parametrize(
    ("herite", "place", "refused"),
    [
        ("centre", "commande.note_etapes", False),  # « Exemple : » in the guide
        ("centre", "conditions.justification", True),
        ("npdc", "conditions.justification", False),
    ],
)
def test_an_example_may_be_left_out_and_a_demanded_text_may_not(
    herite: str,
    place: str,
    refused: bool,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    own = f"herite: {herite}\ndocuments:\n  cahier_des_charges:\n    formulations:\n"
    code = verdict("cahier_des_charges", profile(tmp_path, own + f'      {place}: ""\n'))
    said = capsys.readouterr().err
    assert (code == 2, "un guide le demande (CDC-17)" in " ".join(said.split())) == (
        refused,
        refused,
    )


def test_what_a_dla_writes_in_place_of_a_stranger_is_its_own_and_printed(tmp_path: Path) -> None:
    own = "herite: centre\ndocuments:\n  convention_tripartite:\n    formulations:\n"
    mine = profile(tmp_path, own + "      engagements.solde: Le solde suit le rapport.\n")
    assert "Le solde suit le rapport." in page(trame("convention_tripartite", profil=mine))


@pytest.mark.parametrize(("profil", "code"), [("centre", 1), ("npdc", 0)])
def test_a_word_template_owes_only_the_texts_of_its_profile(
    profil: str, code: int, tmp_path: Path
) -> None:
    parts = parts_of(template_path("cahier_des_charges").read_bytes())
    body = parts["word/document.xml"].replace(b"{{ conditions.justification }}", b"")
    mine = tmp_path / "mon_modele.docx"
    mine.write_bytes(zipped({**parts, "word/document.xml": body}))
    words = ["modele", "verifier", str(mine), "cahier_des_charges", "--profil", profil]
    assert run(words) == code
