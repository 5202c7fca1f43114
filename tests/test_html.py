"""Ce qu'un carnet montre : libellés, valeurs imprimées, constats ; rien qui ne soit du texte."""

from __future__ import annotations

from lxml import html

from dla_docs import DOCUMENTS, check, load
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.resources import sample_path


def cells(shown: str) -> list[str]:
    return [
        " ".join("".join(map(str, cell.itertext())).split())
        for cell in html.fromstring(shown).iter("td")
    ]


def test_a_document_shows_what_is_filled_with_its_labels() -> None:
    document = load(sample_path("cahier_des_charges"))
    said = cells(document._repr_html_())
    assert said[said.index("Référence") + 1] == "DLA00-2013-07"
    assert said[said.index("Coût moyen d'une ingénierie, par jour") + 1] == "950,00 €"
    assert "None" not in " ".join(said)


def test_an_empty_document_says_so() -> None:
    assert "rien n'est encore rempli" in DOCUMENTS["cahier_des_charges"]()._repr_html_()


def test_a_value_is_never_read_as_html() -> None:
    document: Document = DOCUMENTS["cahier_des_charges"].model_validate(
        {"reference": "<script>alert(1)</script>"}
    )
    assert "<script>" not in document._repr_html_()
    assert "<script>alert(1)</script>" in cells(document._repr_html_())


def test_a_mission_shows_its_documents() -> None:
    mission = load(sample_path("mission_individuelle"))
    assert isinstance(mission, Mission)
    assert {"Cahier des charges", "Convention tripartite"} <= set(cells(mission._repr_html_()))


def test_constats_say_what_where_and_the_remedy() -> None:
    said = cells(check(DOCUMENTS["cahier_des_charges"]())._repr_html_())
    assert "⛔ bloquant" in said
    assert any("CDC-07" in cell for cell in said)
    assert "Remplissez ce champ." in said


def test_a_conforming_document_says_it() -> None:
    assert "Conforme" in check(load(sample_path("cahier_des_charges")))._repr_html_()
