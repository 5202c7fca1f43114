"""Les textes imprimés suivent les guides du profil : aucun n'est celui d'une autre région."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from dla_docs import DOCUMENTS, render, trame
from dla_docs.cli.application import run
from dla_docs.model.node import Kind, Node
from dla_docs.profils.loading import load_profil
from dla_docs.resources import sample_path, template_path
from tests import as_keyed
from tests.corpus import PROFILS
from tests.documents.verdict import loaded
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


# What a page says of itself, and no guide asks for: it is of no region.
LES_NOTRES = {
    "enquete_beneficiaire.consigne",
    "enquete_prestataire.consigne",
    "synthese_evaluations.base_des_parts",
    "synthese_evaluations.anonymat",
}
# The sentences of some cases only: what the sample says to bring them.
CAS: dict[str, tuple[dict[str, str], ...]] = {
    "convention_tripartite": tuple(
        {"confidentialite.diffusion": said} for said in ("aucune", "sur_accord", "regles")
    ),
    "synthese_evaluations": ({},),
}


@pytest.mark.lent
def test_no_page_prints_the_text_of_a_guide_that_its_profile_does_not_follow() -> None:
    asked: dict[tuple[str, str], dict[str, set[str]]] = {}
    for slug, name in product(DOCUMENTS, PROFILS):
        followed = set(load_profil(name).guides)
        shown = [squeezed(page(one)) for one in made(slug, name)]
        asked[slug, name] = {
            node.path: asking(node, followed)
            for node in texts(slug)
            if any(squeezed(node.text) in one for one in shown)
        }
        for path, who in asked[slug, name].items():
            print(f"{slug:24} {name:9} {path:28} {' '.join(sorted(who)) or '–'}")
        noted = "note_1" in asked[slug, name]
        assert all(("(1)" in one) == noted for one in shown), "un renvoi mène à sa note"
    unasked = {
        f"{slug}.{path}" for (slug, _), who in asked.items() for path in who if not who[path]
    }
    assert unasked == LES_NOTRES
    printed = {f"{slug}.{path}" for (slug, _), who in asked.items() for path in who}
    assert printed == {f"{slug}.{node.path}" for slug in DOCUMENTS for node in texts(slug)}
    table = {place: len(who) for place, who in asked.items()}
    print(f"{sum(table.values())} textes imprimés ; étrangers : {len(unasked - LES_NOTRES)}")
    assert table["convention_tripartite", "npdc"] > table["convention_tripartite", "centre"] > 0
    assert table["cahier_des_charges", "centre"] == 5
    assert table["cahier_des_charges", "npdc"] == table["cahier_des_charges", "paca"] == 0


def made(slug: str, name: str) -> Iterator[bytes]:
    """The pages of a kind under a profile: its blank form, then its sample in those cases."""
    yield trame(slug, profil=name)
    for changes in CAS.get(slug, ()):
        yield render(loaded(slug, changes), profil=name, brouillon=True)


def asking(node: Node, followed: set[str]) -> set[str]:
    """Those that ask for this text, among the guides that are followed: ``C:CDC-17``."""
    return {
        f"{guide}:{one.id}" for one in node.exigences for guide in one.guides if guide in followed
    }


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
