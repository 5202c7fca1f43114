"""Deux documents sont égaux quand ils disent la même chose, d'où qu'ils viennent."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dla_docs import DOCUMENTS, CahierDesCharges, load, read, render
from dla_docs.errors import InputError
from dla_docs.model.document import Document
from dla_docs.resources import sample_path
from tests.docs.pages import ROOT

SAMPLES = ROOT / "samples"

# What a page does not hold, as the docstring of read says
NOT_READ_BACK = {
    "proposition": {"couverture", "recue_le", "voie"},  # what the receiver notes
    "notification_de_choix": {"structures"},  # a letter has their names alone
    "rapport_final": {"couverture", "remise"},
    "synthese_evaluations": {"individuelles", "collectives", "par_prestataire"},
}


def test_every_sample_equals_the_one_of_a_copied_folder(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES, tmp_path / "samples")
    equal = 0
    for path in sorted(SAMPLES.rglob("*.yaml")):
        try:
            one = load(path)
        except InputError:  # a part, which is no document by itself
            continue
        other = load(tmp_path / "samples" / path.relative_to(SAMPLES))
        assert isinstance(one, Document) and isinstance(other, Document)
        assert one == other and one._dossier != other._dossier, path
        equal += 1
    assert equal > len(DOCUMENTS)


@pytest.mark.parametrize("slug", DOCUMENTS)
def test_a_document_read_back_from_its_page_equals_itself(slug: str) -> None:
    one = load(sample_path(slug))
    assert isinstance(one, Document)
    other = read(render(one)).document
    assert type(one) is type(other)
    assert (one == other) is (slug not in NOT_READ_BACK)
    assert {
        name for name in type(one).model_fields if getattr(one, name) != getattr(other, name)
    } == NOT_READ_BACK.get(slug, set())


def test_equal_documents_have_the_same_hash_and_others_differ() -> None:
    one, other = load(sample_path("cahier_des_charges")), load(sample_path("cahier_des_charges"))
    assert isinstance(one, CahierDesCharges) and isinstance(other, CahierDesCharges)
    assert {one, other} == {one}
    assert one != one.model_copy(update={"reference": "une autre"})
    missions = [load(sample_path("mission_individuelle")) for _ in range(2)]
    assert len({*missions}) == 1
    assert one != one.conditions and one.conditions == other.conditions
