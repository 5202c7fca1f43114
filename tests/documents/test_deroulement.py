"""Ce que la mission tient elle-même : rencontres, paiements, cycle d'une ingénierie collective ; et
où chaque demande y est.
"""

from __future__ import annotations

import pytest

from dla_docs import DOCUMENTS, Monographie, RapportFinal, check, render, trame
from dla_docs.manual.requirement_index import requirements
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.model.node import Kind, Node
from dla_docs.model.requirement import Role, referentiel
from dla_docs.model.values import Reponse
from dla_docs.parties.ingenierie import CONTRAIRES, NatureIngenierie
from dla_docs.parties.processus import SANS_TRACE
from dla_docs.profils.loading import load_profil
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_mission, load_text
from dla_docs.word.answers import controls_in
from dla_docs.word.package import open_package
from tests import as_keyed, one_in
from tests.corpus import PROFILS, holders
from tests.documents.verdict import mission, named, paths, raw, tenu, verdict
from tests.word_forms import page_text

AVEC = {"mise_en_concurrence.sollicites": {"documents": None, "mise_en_concurrence.retenu": None}}
"""What goes with a part: the documents name the prestataires by the keys of that list."""


def asked() -> list[tuple[str, str]]:
    """Each content that the mission itself is asked for, with its place; what only a document of it
    is asked for is tried with that document.
    """
    nodes = [
        (node, exigence) for node in Mission.schema_node().walk() for exigence in node.exigences
    ]
    return [
        (exigence.id, node.path)
        for node, exigence in nodes
        if exigence.nature in ("champ", "processus") and exigence.force.value in "OSR"
    ]


@pytest.mark.parametrize(("identifiant", "path"), one_in(3, asked()))
def test_what_a_mission_lacks_is_named(identifiant: str, path: str) -> None:
    nature = next(
        nature
        for nature in ("individuelle", "collective")
        if holders(raw(f"mission_{nature}"), path)
        and CONTRAIRES[NatureIngenierie[nature.upper()]]
        not in referentiel()[identifiant].conditions
    )
    first = path.replace("[]", "[0]")
    for profil in PROFILS:
        found = verdict(f"mission_{nature}", {first: None}, profil)
        assert (
            identifiant
            in {one for constat in found if constat.chemin == first for one in constat.exigences}
        ) == load_profil(profil).follows(referentiel()[identifiant])


@pytest.mark.parametrize(
    "identifiant",
    [
        row.id
        for row in referentiel().values()
        if "mission" in row.documents and row.id not in SANS_TRACE
    ],
)
def test_the_listing_says_where_the_mission_keeps_it(identifiant: str) -> None:
    row = next(row for row in requirements() if row["id"] == identifiant)
    to_come = [slug for slug in row["documents"] if slug not in DOCUMENTS and slug != "mission"]
    assert row["ou"] or to_come, row
    for place in row["ou"]:
        slug, _, path = place.partition(".")
        if not path.endswith("()") and not path.startswith("documents."):
            model = Mission if slug == "mission" else DOCUMENTS[slug]
            assert isinstance(model.schema_node().find(path.replace("[]", "")), Node), place


def test_what_comes_later_does_not_lack_yet() -> None:
    for text in (
        "document: mission\n",
        "document: mission\nnature: individuelle\nstructures: [{nom: Une association}]\n",
    ):
        assert check(load_text(text, sample_path("mission_individuelle"))) == []
    begun = "document: mission\nevenements: {comite_appui: {date: 14/06/2005}}\n"
    assert named(check(load_text(begun, sample_path("mission_individuelle")))) == {
        "CA-01",
        "CA-02",
        "PRO-01",
        "PRO-02",
        "RX-20",
    }


def test_a_mission_under_way_is_warned_and_what_it_must_hold_blocks() -> None:
    begun = "document: mission\nevenements: {comite_appui: {date: 14/06/2005}}\n"
    found = check(load_text(begun, sample_path("mission_individuelle")))
    assert {constat.chemin.rpartition(".")[2]: str(constat.gravite) for constat in found} == {
        "date": "avertissement",
        "diagnostic_partage": "avertissement",
        "presents": "avertissement",
        "avis": "avertissement",
        "regles_de_diffusion": "avertissement",
    }


def test_an_individual_mission_has_no_cycle() -> None:
    held = mission("collective", {"nature": "individuelle"})
    assert not {"EC-01", "EC-18"} & named(
        [
            constat
            for constat in check(held, "national")
            if constat.chemin.startswith(("type", "capitalisation"))
        ]
    )


def test_the_balance_is_told_once_and_the_report_takes_it_over() -> None:
    held = mission("individuelle", {})
    assert tenu(held.premier(RapportFinal)).remise.solde_verse_le == held.solde_verse_le is not None
    found = verdict("mission_individuelle", {"paiements[1].verse_le": "15/12/2005"}, "npdc")
    assert (named(found), paths(found)) == (
        {"RX-03", "RF-20"},
        ["paiements[1].verse_le"],
    )
    assert verdict("mission_individuelle", {"paiements[1].verse_le": "15/12/2005"}, "centre") == []


def test_a_payment_on_account_needs_the_sheet_too() -> None:
    assert "RX-02" in named(
        verdict("mission_collective", {"documents.fiche_prestataire": None}, "npdc")
    )
    unpaid = {"documents.fiche_prestataire": None, "paiements": None}
    assert "RX-02" not in named(verdict("mission_collective", unpaid, "npdc"))


CYCLE = {
    "Identifier": {
        "Cerner une problématique": 6,
        "Cibler les structures bénéficiaires": 5,
        "Définir le rôle du DLA": 3,
    },
    "Engager": {
        "Lancer une dynamique partenariale": 4,
        "Définir des objectifs partagés": 3,
        "Valider la démarche": 3,
    },
    "Confirmer": {
        "Mobiliser les structures bénéficiaires": 3,
        "Etablir le projet d'intervention": 3,
        "Finaliser les modalités d'intervention": 3,
    },
    "Finaliser": {
        "Mettre en œuvre l'intervention": 3,
        "Evaluer l'ingénierie collective": 4,
        "Conduire et transférer la capitalisation": 6,
    },
}


def cycle() -> Node:
    found = Mission.schema_node().find("cycle")
    assert found is not None
    return found


def test_the_tasks_of_the_cycle_are_those_of_the_guide() -> None:
    said = {
        step.label: {
            phase.label: len(phase.children)
            for phase in step.children.values()
            if phase.kind is Kind.PART
        }
        for step in cycle().children.values()
    }
    assert said == CYCLE
    assert {str(exigence) for node in cycle().walk() for exigence in node.exigences} == {
        "EC-06",
        "EC-07",
        "EC-08",
        "EC-09",
        "EC-17",
        "EVC-21",
    }


def test_the_form_of_a_mission_holds_a_line_per_task_of_the_cycle() -> None:
    form = trame(
        "mission", load_mission(sample_path("mission_collective")), role=Role.CHARGE_DE_MISSION
    )
    text = page_text(form).replace("\N{NO-BREAK SPACE}", " ").replace("’", "'")
    tasks = [
        task
        for step in cycle().children.values()
        for phase in step.children.values()
        if phase.kind is Kind.PART
        for task in phase.children.values()
    ]
    assert len(tasks) == 46
    assert [task.label for task in tasks if as_keyed(task.label) not in as_keyed(text)] == []
    tags = {control.tag for control in controls_in(open_package(form))}
    assert {
        f"{task.path}.{name}" for task in tasks for name in ("fait", "fait_le", "observations")
    } <= tags


def test_a_task_is_ticked_in_a_word_or_told_in_full() -> None:
    held = mission(
        "collective",
        {
            "cycle.identifier.cerner": {
                "diagnostics": "oui",
                "sources": {"fait": "non", "observations": "Reste à faire"},
            }
        },
    )
    phase = held.cycle.identifier.cerner
    assert (phase.diagnostics.fait, phase.sources.fait, phase.sources.observations) == (
        Reponse.OUI,
        Reponse.NON,
        "Reste à faire",
    )


def test_a_phase_without_a_word_is_told_once_its_time_has_come() -> None:
    found = verdict("mission_collective", {"cycle.confirmer.projet": None}, "paca")
    assert [(constat.chemin, constat.exigences, str(constat.gravite)) for constat in found] == [
        ("cycle.confirmer.projet", ("EC-08",), "avertissement")
    ]
    begun = (
        "document: mission\nnature: collective\ntype: production_solution\nevenements: "
        "{comite_appui: {date: 14/06/2005}}\n"
    )
    late = named(check(load_text(begun, sample_path("mission_collective")), "paca"))
    assert {"EC-06", "EC-07"} <= late and not {"EC-08", "EC-09"} & late
    assert (
        verdict(
            "mission_collective", {"cycle.confirmer.projet": {"demarche": "sans objet"}}, "paca"
        )
        == []
    )


def test_those_who_intervene_are_told_once() -> None:
    held = mission("collective", {})
    told = [row.nom for row in held.cycle.engager.systeme_intervenant]
    monograph = tenu(held.premier(Monographie))
    assert told and told == [row.nom for row in monograph.presentation.moyens.systeme_intervenant]


DLA_05 = {
    "nom": "DLA 05 Exemple",
    "structure_porteuse": "Comité Exemple",
    "charge_de_mission": {"nom": "Sacha Gabarit"},
}


def shown(document: Document) -> str:
    return page_text(render(document, brouillon=True)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("nature", ["individuelle", "collective"])
def test_every_document_of_several_operators_names_them_all(
    nature: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sample_path("mission_individuelle").parent)
    held = mission(nature, {"autres_operateurs": [DLA_05]})
    for documents in held.documents.values():
        for document in documents:
            if "operateur" in type(document).model_fields:
                assert "DLA 05 Exemple" in shown(document), type(document).slug()


def test_the_other_operators_are_shown_only_where_there_are_some() -> None:
    for document in (
        held[0] for held in load_mission(sample_path("mission_individuelle")).documents.values()
    ):
        assert "autres opérateurs DLA" not in shown(
            document
        ).casefold() and "Les autres DLA" not in shown(document)
    two = load_mission(sample_path("parcours_dla_04_05/phase_1"))
    forms = [trame("grille_de_suivi", held, role=Role.PRESTATAIRE) for held in (None, two)]
    pages = [page_text(form) for form in forms]
    assert ["Sacha Gabarit" in page and "Autre opérateur DLA" in page for page in pages] == [
        False,
        True,
    ]
    assert "Autres opérateurs" not in pages[0]


ALONE = {
    "appel_a_competences",
    "referentiel_activites",
    "synthese_evaluations",
}  # another procedure; a DLA's own year; many missions at once


@pytest.mark.parametrize(
    ("nature", "others"),
    [
        ("individuelle", {"evaluation_collective", "monographie"}),
        ("collective", {"evaluation_individuelle"}),
    ],
)
def test_a_complete_sample_holds_every_kind_that_applies(nature: str, others: set[str]) -> None:
    assert set(DOCUMENTS) - set(mission(nature, {}).documents) == {*ALONE, *others} & set(DOCUMENTS)
