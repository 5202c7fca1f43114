"""Ce qui est propre au diagnostic partagé : ses deux formes, ce que la commande en reprend, sa
confidentialité.
"""

from __future__ import annotations

import pytest

from dla_docs import CahierDesCharges, DiagnosticPartage, check, read, render
from dla_docs.stages.envelope import envelope
from tests.documents.verdict import loaded, mission, named, paths, tenu, verdict
from tests.word_forms import parts_of

SLUG = "diagnostic_partage"
DOC = f"documents.{SLUG}."
SYNTHESE = {"forme": "synthese"}
DETAILS = (
    "Jo Maquette",
    "relevé des heures par client",
    "douze administrateurs bénévoles",
    "quatre mois de charges",
)


def everything_in(docx: bytes) -> str:
    """Every part of the file, the data it carries included."""
    return "\n".join(part.decode("utf-8", "replace") for part in parts_of(docx).values())


def test_the_complete_form_shows_the_details() -> None:
    shown = everything_in(render(loaded(SLUG, {})))
    assert [text for text in DETAILS if text not in shown] == []


def test_a_synthesis_carries_no_detail_in_any_part_of_the_file() -> None:
    shown = everything_in(render(loaded(SLUG, SYNTHESE)))
    assert [text for text in DETAILS if text in shown] == []
    assert "Autres constats" not in shown
    assert (
        "Un accueil reconnu" in shown
        and "comparaison" in shown
        and "Conseil d'administration" in shown
    )


def test_a_synthesis_joined_to_a_pdf_carries_no_detail_either() -> None:
    joined = envelope(loaded(SLUG, SYNTHESE), "centre", "").to_json()
    assert [text for text in DETAILS if text in joined] == []
    assert "Un accueil reconnu" in joined


def test_a_synthesis_comes_back_without_change() -> None:
    lecture = read(render(loaded(SLUG, SYNTHESE)))
    assert (lecture.changements, lecture.refus) == ((), ())


def test_a_synthesis_without_its_text_is_told_so() -> None:
    found = verdict(SLUG, {**SYNTHESE, "synthese": None})
    assert [(constat.exigences, constat.chemin) for constat in found] == [(("DP-03",), "synthese")]


def test_the_order_takes_the_synthesis_and_its_validation() -> None:
    held = mission("individuelle", {})
    shared, order = tenu(held.premier(DiagnosticPartage)), tenu(held.premier(CahierDesCharges))
    assert order.diagnostic.forme is shared.forme
    assert order.diagnostic.contenu == shared.synthese
    assert f"{order.diagnostic.valide_le:%d/%m/%Y}" == "23/06/2005"


def test_the_order_names_the_complete_diagnostic_that_is_joined() -> None:
    order = tenu(mission("collective", {}).premier(CahierDesCharges))
    assert str(order.diagnostic.contenu).startswith(
        "Diagnostic partagé du 20/01/2006, joint en entier.\nEtabli avec le coordinateur"
    )


def test_what_the_order_says_itself_wins() -> None:
    order = tenu(
        mission(
            "individuelle",
            {"documents.cahier_des_charges.diagnostic": {"contenu": "Voir la pièce jointe"}},
        ).premier(CahierDesCharges)
    )
    assert order.diagnostic.contenu == "Voir la pièce jointe"
    assert order.diagnostic.forme is not None


def test_without_a_diagnostic_the_order_is_as_it_was() -> None:
    held = mission("individuelle", {f"documents.{SLUG}": None})
    assert tenu(held.premier(CahierDesCharges)).diagnostic.contenu is None


def test_the_advice_of_the_comite_d_appui_comes_from_the_mission() -> None:
    held = mission("individuelle", {})
    assert tenu(held.premier(DiagnosticPartage)).comite.avis == held.evenements.comite_appui.avis
    assert (
        tenu(held.premier(DiagnosticPartage)).confidentialite.regles_de_diffusion
        == held.evenements.comite_appui.regles_de_diffusion
    )
    assert [person.nom for person in tenu(held.premier(DiagnosticPartage)).comite.presents] == [
        person.nom for person in held.evenements.comite_appui.presents
    ]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"decision": "ajourne"}, "documents.cahier_des_charges.diagnostic.valide_le"),
        ({"date": "28/06/2005"}, "documents.cahier_des_charges.diagnostic.valide_le"),
    ],
)
def test_what_is_not_validated_before_the_order_is_told_once(
    changes: dict[str, str], place: str
) -> None:
    found = verdict(
        "mission_individuelle",
        {f"{DOC}validations[0].{name}": value for name, value in changes.items()},
    )
    assert named(found) == {"RX-35"}
    assert sorted(paths(found)) == [place, place.replace("diagnostic.", "plan.")]


def test_nothing_is_validated_before_it_is_written() -> None:
    found = verdict(SLUG, {"validations[0].date": "23/01/2013"})
    assert [(constat.exigences, constat.chemin) for constat in found] == [
        (("DP-05",), "validations[0].date")
    ]


TIERS = {
    "destinataire": "Une banque",
    "informations": "La synthèse",
    "accord_le": "01/02/2013",
    "date": "04/02/2013",
}


@pytest.mark.parametrize(
    ("profil", "row", "place"),
    [
        ("centre", TIERS, []),
        ("paca", TIERS, []),
        ("npdc", TIERS, ["confidentialite.communications"]),
        (
            "paca",
            {**TIERS, "accord_le": "05/02/2013"},
            ["confidentialite.communications[0].accord_le"],
        ),
        ("centre", {"destinataire": "Une banque"}, ["confidentialite.communications[0].accord_le"]),
    ],
)
def test_each_region_has_its_own_confidentiality(
    profil: str, row: dict[str, str], place: list[str]
) -> None:
    found = verdict(SLUG, {"confidentialite.communications": [row]}, profil)
    assert paths(found) == place
    assert named(found) <= {"RX-20"}
    assert all(
        constat.source.startswith(
            {"npdc": "Guide du Nord", "paca": "Guide de Provence", "centre": "Référentiel"}[profil]
        )
        for constat in found
    )


@pytest.mark.parametrize("profil", ["national", "centre", "npdc", "paca"])
def test_a_diagnostic_not_begun_says_what_is_missing_and_never_fails(profil: str) -> None:
    found = check(DiagnosticPartage(), profil)
    assert ("DP-05" in named(found)) == (profil in ("national", "centre"))
