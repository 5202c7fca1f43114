"""Ce que le processus demande, stade après stade : une mission en cours ne manque de rien qui
vienne plus tard, une mission finie est jugée comme telle, et chaque profil y met la force de ses
guides.
"""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from dla_docs.cli.application import run
from dla_docs.manual.requirement_index import requirements
from dla_docs.parties.deroulement import Avancement
from dla_docs.parties.processus import PROCESSUS
from dla_docs.profils.loading import load_profil
from dla_docs.resources import sample_path
from tests import one_in
from tests.corpus import PROFILS
from tests.documents.verdict import mission, named, paths, raw, verdict

BLOQUE, AVERTIT = "bloquant", "avertissement"
DOC = "documents."
CONDUITE = (
    "convention_tripartite",
    "note_mi_parcours",
    "demande_de_modification",
    "grille_de_suivi",
)


def sans(*slugs: str) -> dict[str, Any]:
    """Une mission d'où ces documents sont ôtés."""
    return {f"{DOC}{slug}": None for slug in slugs}


# What comes at each stage: cut from a sample, it takes the mission back to the one before.
VENU: dict[Avancement, dict[str, Any]] = {
    Avancement.EVALUEE: {
        **sans(
            "evaluation_individuelle",
            "evaluation_collective",
            "suivi_post_accompagnement",
            "enquete_beneficiaire",
            "enquete_prestataire",
            "monographie",
        ),
        "envois.evaluation_au_comite_le": None,
        "envois.portefeuille_le": None,
    },
    Avancement.SOLDEE: {"paiements[1].verse_le": None},
    Avancement.RENDUE: {
        "evenements.restitution": None,
        f"{DOC}rapport_final": None,
        "envois.attentes_discutees_le": None,
    },
    Avancement.CONDUITE: {
        "evenements.lancement": None,
        "reference_convention": None,
        "paiements": None,
        "envois": None,
        **sans(*CONDUITE),
    },
    Avancement.CHOIX: {
        "mise_en_concurrence.retenu": None,
        f"{DOC}notification_de_choix": None,
        f"{DOC}grille_de_lecture": None,
    },
    Avancement.CONSULTATION: {
        "mise_en_concurrence.sollicites": None,
        f"{DOC}proposition": None,
        f"{DOC}fiche_prestataire": None,
    },
    Avancement.COMMANDE: {
        "evenements.comite_appui": None,
        f"{DOC}diagnostic_partage": None,
        f"{DOC}plan_accompagnement": None,
        f"{DOC}cahier_des_charges": None,
    },
}


def a_ce_stade(stade: Avancement) -> dict[str, Any]:
    """What leaves a sample at this stage."""
    later = [cuts for stage, cuts in VENU.items() if stage > stade]
    cut = {path: value for cuts in later for path, value in cuts.items()}
    whole = [path for path in cut if "." not in path]
    return {path: value for path, value in cut.items() if not _under(path, whole)}


def _under(path: str, whole: list[str]) -> bool:
    return any(path.startswith((f"{one}.", f"{one}[")) for one in whole)


@pytest.mark.parametrize(
    ("nature", "stade", "profil"),
    one_in(3, product(("individuelle", "collective"), Avancement, PROFILS)),
)
def test_a_mission_in_order_lacks_nothing_at_any_stage(
    nature: str, stade: Avancement, profil: str
) -> None:
    changes = a_ce_stade(stade)
    # The evaluation is due when the balance is paid: this one is not evaluated yet.
    expected = (
        {f"{DOC}evaluation_{nature}", f"{DOC}enquete_beneficiaire", f"{DOC}enquete_prestataire"}
        if stade is Avancement.SOLDEE
        else set()
    )
    assert mission(nature, changes).avancement is stade
    assert set(paths(verdict(f"mission_{nature}", changes, profil))) <= expected


O_, S_ = BLOQUE, AVERTIT
# What is taken out, since when it is due, and what its absence weighs for each profile, in the
# order of PROFILS: national, centre, npdc, paca.
MANQUES: list[tuple[dict[str, Any], str, Avancement, tuple[str | None, ...]]] = [
    ({f"{DOC}convention_tripartite": None}, f"{DOC}convention_tripartite", Avancement.CONDUITE,
     (O_, None, O_, S_)),
    ({f"{DOC}note_mi_parcours": None}, f"{DOC}note_mi_parcours", Avancement.RENDUE,
     (None, None, O_, None)),
    ({f"{DOC}grille_de_suivi": None}, f"{DOC}grille_de_suivi", Avancement.RENDUE,
     (O_, O_, None, None)),
    ({f"{DOC}grille_de_suivi.stade": "previsionnel"}, f"{DOC}grille_de_suivi", Avancement.RENDUE,
     (O_, O_, None, None)),
    ({f"{DOC}rapport_final": None}, f"{DOC}rapport_final", Avancement.RENDUE, (O_, O_, O_, S_)),
    ({"evenements.restitution": None}, "evenements.restitution.date", Avancement.RENDUE,
     (O_, None, O_, S_)),
    ({f"{DOC}evaluation_individuelle": None}, f"{DOC}evaluation_individuelle", Avancement.SOLDEE,
     (O_, O_, None, None)),
    ({f"{DOC}evaluation_individuelle.stade": "vierge"}, f"{DOC}evaluation_individuelle",
     Avancement.SOLDEE, (O_, O_, None, None)),
    ({f"{DOC}enquete_beneficiaire": None}, f"{DOC}enquete_beneficiaire", Avancement.SOLDEE,
     (S_, S_, S_, S_)),
    ({f"{DOC}enquete_prestataire": None}, f"{DOC}enquete_prestataire", Avancement.SOLDEE,
     (None, None, None, S_)),
    ({"envois.evaluation_au_comite_le": None}, "envois.evaluation_au_comite_le",
     Avancement.EVALUEE, (S_, S_, None, None)),
    ({"envois.attentes_discutees_le": None}, "envois.attentes_discutees_le", Avancement.RENDUE,
     (S_, S_, None, None)),
    ({"paiements[1].verse_le": None}, "paiements", Avancement.EVALUEE, (None, None, S_, None)),
    ({"evenements.accueil": None}, "evenements.accueil.date", Avancement.COMMANDE,
     (S_, S_, S_, None)),
    ({f"{DOC}diagnostic_partage": None, f"{DOC}plan_accompagnement": None,
      **{f"mise_en_concurrence.sollicites[{rank}].dossier_complet_le": None for rank in range(3)}},
     f"{DOC}diagnostic_partage", Avancement.COMMANDE, (S_, S_, S_, None)),
    ({f"{DOC}cahier_des_charges": None,
      **{f"mise_en_concurrence.sollicites[{rank}].dossier_complet_le": None for rank in range(3)}},
     f"{DOC}cahier_des_charges", Avancement.CONSULTATION, (O_, O_, None, None)),
    ({f"{DOC}proposition": None, "mise_en_concurrence.sollicites[0].reponse": "sans_reponse"},
     f"{DOC}proposition", Avancement.CHOIX, (S_, S_, S_, S_)),
    ({f"{DOC}grille_de_lecture": None}, f"{DOC}grille_de_lecture", Avancement.CHOIX,
     (O_, O_, S_, S_)),
    ({f"{DOC}notification_de_choix": None}, f"{DOC}notification_de_choix.beta",
     Avancement.CONDUITE, (None, None, O_, None)),
    ({"mise_en_concurrence.sollicites[2].reponse": None},
     "mise_en_concurrence.sollicites[2].reponse", Avancement.CHOIX, (O_, None, O_, None)),
    ({f"{DOC}proposition[0].voie": None}, f"{DOC}proposition[0].voie", Avancement.CHOIX,
     (O_, None, O_, None)),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "path", "des", "forces"), one_in(6, MANQUES))
def test_what_is_missing_weighs_what_the_guides_say_from_its_stage_on(
    changes: dict[str, Any], path: str, des: Avancement, forces: tuple[str | None, ...]
) -> None:
    for stade in {Avancement(max(des - 1, 1)), des, Avancement.EVALUEE}:
        cut = a_ce_stade(stade)
        if stade < Avancement.CHOIX and any("sollicites" in one for one in changes):
            continue  # nobody is asked yet
        said = {**cut, **{one: v for one, v in changes.items() if not _gone(one, cut)}}
        for profil, force in zip(PROFILS, forces, strict=True):
            found = [one for one in verdict("mission_individuelle", said, profil)
                     if one.chemin == path]  # fmt: skip
            expected = [force] if force and _reached(said, des) else []
            heaviest = [str(max(one.gravite for one in found))] if found else []
            assert heaviest == expected, (stade, profil)


def _gone(path: str, cut: dict[str, Any]) -> bool:
    return path in cut or _under(path, [one for one, value in cut.items() if value is None])


def _reached(changes: dict[str, Any], stade: Avancement) -> bool:
    return mission("individuelle", changes).avancement >= stade


RIEN = sans(
    *CONDUITE,
    "rapport_final",
    "notification_de_choix",
    "evaluation_individuelle",
    "evaluation_collective",
    "enquete_beneficiaire",
    "enquete_prestataire",
) | {"envois": None}
SOLDE_SANS_RIEN = {
    "individuelle": {
        "national": "PRO-10 PRO-11 SUI-12 SUI-11 PRO-13 PRO-15 PRO-24 EVI-24 EVI-25",
        "centre": "PRO-11 SUI-12 SUI-11 PRO-13 PRO-15 PRO-24 EVI-24 EVI-25",
        "npdc": "PRO-10 NMP-01 PRO-12 PRO-13 RX-03 RF-20 PRO-23",
        "paca": "",
    },
    "collective": {
        "national": "PRO-10 PRO-13 PRO-15 PRO-24 EVI-24 EVI-25 EVC-23",
        "centre": "PRO-13 PRO-15 PRO-24 EVI-24 EVI-25 EVC-23",
        "npdc": "PRO-10 NMP-01 PRO-12 PRO-13 RX-03 RF-20",
        "paca": "",
    },
}


@pytest.mark.parametrize("profil", PROFILS)
@pytest.mark.parametrize("nature", SOLDE_SANS_RIEN)
def test_a_balance_paid_on_nothing_is_refused(
    nature: str, profil: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = verdict(f"mission_{nature}", RIEN, profil)
    blocking = [one for one in found if str(one.gravite) == BLOQUE]
    assert named(blocking) == set(SOLDE_SANS_RIEN[nature][profil].split())
    said = {row["id"]: row["force"] for row in requirements(load_profil(profil))}
    for one in found:  # the listing says the force of the verdict
        forces = {said[identifiant] for identifiant in one.exigences}
        assert ("O" in forces) == (str(one.gravite) == BLOQUE), one
    if profil == "paca":
        assert {"PRO-10", "PRO-13", "PRO-16", "PRO-17"} <= named(found)


NPDC_MUET: list[tuple[dict[str, Any], set[str]]] = [
    ({f"{DOC}notification_de_choix[1]": None}, {"PRO-23"}),
    (
        {"evenements.restitution.presents": [{"nom": "Claude Fictif", "fonction": "Consultant"}]},
        {"RES-01", "PRO-14", "CV-11"},
    ),
    (
        {
            "evenements.restitution.presents": [
                {"nom": "Claude Fictif", "fonction": "Consultant"},
                {"nom": "Camille Exemple", "fonction": "Chargée de mission DLA"},
            ]
        },
        {"RES-01", "PRO-14", "CV-11"},
    ),
    (
        {
            "evenements.restitution.presents": [
                {"nom": "Andrea Modèle", "fonction": "Présidente"},
                {"nom": "Noa Patron", "fonction": "Directeur"},
            ]
        },
        {"RES-01", "PRO-14", "CV-11"},
    ),
    ({"evenements.restitution.presents": None}, {"RES-01", "PRO-14", "CV-11"}),
    ({f"{DOC}demande_de_modification[0].changements[0].motif": None}, {"RX-33"}),
]


@pytest.mark.parametrize(("changes", "expected"), NPDC_MUET)
def test_what_the_nord_wants_known_is_named(changes: dict[str, Any], expected: set[str]) -> None:
    found = verdict("mission_individuelle", changes, "npdc")
    assert named(found) == expected
    assert {str(one.gravite) for one in found} == {BLOQUE}


@pytest.mark.parametrize(
    "presents",
    [
        [{"nom": "Andrea Modèle"}, {"nom": "Une autre"}],  # who they are is not said
        [{"nom": "Andrea Modèle", "fonction": "Présidente"}, {"nom": "Camille Exemple"}],
        [
            {"nom": "Andrea Modèle", "fonction": "Présidente"},
            {"nom": "Un remplaçant", "fonction": "Chargé de mission"},
        ],
    ],
)
def test_a_restitution_with_the_structure_and_the_dla_is_in_order(
    presents: list[dict[str, str]],
) -> None:
    changes = {"evenements.restitution.presents": presents}
    assert verdict("mission_individuelle", changes, "npdc") == []


def test_each_losing_bidder_is_told_and_no_other_is_named() -> None:
    bids = {f"{DOC}proposition[2]": {"prestataire": "gamma", "voie": "postale"}}
    row = "mise_en_concurrence.sollicites[2]"
    held = raw("mission_individuelle")[DOC.rstrip(".")]["proposition"]
    changes: dict[str, Any] = {
        f"{row}.reponse": "proposition",
        f"{DOC}proposition": [*held, *bids.values()],
    }
    for profil, told in (("npdc", "PRO-23"), ("centre", "PRO-08"), ("national", "PRO-08")):
        found = verdict("mission_individuelle", changes, profil)
        untold = [one for one in found if told in one.exigences]
        assert [one.chemin for one in untold] == [f"{DOC}notification_de_choix.gamma"]
        assert all(one.ligne for one in untold)


@pytest.mark.parametrize("date", ["envois.convention_signee_le", "mise_en_concurrence.choisi_le"])
def test_a_date_stands_for_a_document_that_is_kept_elsewhere(date: str) -> None:
    slug = {"envois": "convention_tripartite"}.get(date.partition(".")[0], "grille_de_lecture")
    changes = {f"{DOC}{slug}": None, f"{DOC}notification_de_choix": None}
    named_there = {"PRO-10", "PRO-07"}
    without = named(verdict("mission_individuelle", changes, "npdc")) & named_there
    assert without
    dated = verdict("mission_individuelle", {**changes, date: "05/09/2005"}, "npdc")
    assert not named(dated) & named_there


def test_a_form_made_ready_does_not_move_the_mission_on() -> None:
    ready = {**a_ce_stade(Avancement.CONDUITE)}
    ready.pop(f"{DOC}evaluation_individuelle")
    ready[f"{DOC}evaluation_individuelle"] = {"stade": "vierge"}
    assert mission("individuelle", ready).avancement is Avancement.CONDUITE
    assert verdict("mission_individuelle", ready, "national") == []


def test_an_unsigned_convention_is_named_once_the_mission_is_over() -> None:
    changes = {f"{DOC}convention_tripartite.stade": "projet"}
    signing = {f"{DOC}convention_tripartite.signature": None, **changes}
    found = verdict("mission_individuelle", signing, "npdc")
    assert [(one.exigences, str(one.gravite)) for one in found] == [(("PRO-10",), BLOQUE)]
    assert verdict("mission_individuelle", signing, "centre") == []


def test_what_the_table_withdrew_is_read_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = {
        f"{DOC}cahier_des_charges.commande.specificites": "Des bénévoles.",
        f"{DOC}note_mi_parcours.alerte": {"reorientation": "non"},
    }
    found = verdict("mission_individuelle", changes, "npdc")
    assert paths(found) == [*changes]
    assert {str(one.gravite) for one in found} == {"information"}
    assert all(one.ligne for one in found)
    alone = tmp_path / "note.yaml"
    alone.write_text("document: note_mi_parcours\nalerte: {reorientation: non}\n", encoding="utf-8")
    run(["verifier", str(alone), "--profil", "centre"])
    out = capsys.readouterr()
    assert "« alerte » : ce que le fichier en dit ne s'imprime pas" in out.out + out.err


def test_an_individual_mission_hears_nothing_of_the_collective_cycle() -> None:
    changes = {"evenements.comite_appui": None, f"{DOC}diagnostic_partage.comite": None}
    for profil in PROFILS:
        found = verdict("mission_individuelle", changes, profil)
        assert not {one for one in named(found) if one.startswith(("EC-", "CA-"))}
        assert not [one for one in paths(found) if one.startswith(("cycle", "capitalisation"))]


def test_the_channel_of_a_bid_is_the_nord_s_alone() -> None:
    changes = {f"{DOC}proposition[0].voie": None}
    assert verdict("mission_individuelle", changes, "centre") == []
    assert named(verdict("mission_individuelle", changes, "npdc")) == {"PROP-26"}
    assert named(verdict("proposition", {"voie": None, "recue_le": None}, "npdc")) == set()


@pytest.mark.parametrize("profil", PROFILS)
def test_montrer_and_exigences_say_the_force_of_the_profile(
    profil: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["montrer", "mission", "--profil", profil])
    shown = capsys.readouterr().out
    run(["exigences", "mission", "--profil", profil, "--format", "json"])
    listed = {row["id"]: row["force"] for row in json.loads(capsys.readouterr().out)}
    for step in PROCESSUS:
        [line] = [line for line in shown.splitlines()
                  if f"Dès que {step.des.phrase} : {step.quoi} (" in line]  # fmt: skip
        for one in step.exigences:
            force = load_profil(profil).force(one)
            assert f"{one}({force.value if force else '–'})" in line
            if one.id in listed:
                assert listed[one.id] == (force and force.value), one.id


def test_a_profile_that_changes_a_force_changes_the_three(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mon_dla.yaml"
    path.write_text(
        yaml.safe_dump({"herite": "paca", "exigences": {"PRO-17": "O"}}), encoding="utf-8"
    )
    found = verdict("mission_individuelle", {f"{DOC}enquete_prestataire": None}, str(path))
    assert [str(one.gravite) for one in found] == [BLOQUE]
    run(["exigences", "mission", "--profil", str(path)])
    lines = capsys.readouterr().out.splitlines()
    assert next(line.split()[1] for line in lines if line.startswith("PRO-17 ")) == "O"
    assert run(["montrer", "mission", "--profil", str(path)]) == 0
    assert "PRO-17(O)" in capsys.readouterr().out


def test_the_simplified_competition_waits_for_its_documents() -> None:
    assert verdict("mission_simplifiee", {}, "centre") == []
    launched = {"reference_convention": "DLA00-2013-09-C1"}
    unsent = {**launched, "mise_en_concurrence.sollicites[0].dossier_complet_le": None}
    assert "PRO-04" not in named(verdict("mission_simplifiee", launched, "centre"))
    assert {"PRO-04", "AC-15"} <= named(verdict("mission_simplifiee", unsent, "centre"))
    offers = {f"{DOC}proposition": {"prestataire": "beta"}}
    assert "AC-16" in named(verdict("mission_simplifiee", offers, "centre"))


def test_the_samples_are_where_they_should_be() -> None:
    assert sample_path("mission_simplifiee").exists()
    assert mission("simplifiee", {}).avancement is Avancement.CHOIX


@pytest.mark.parametrize(
    ("profil", "slug", "changes", "exigence"),
    [
        ("npdc", "rapport_final", {"stade": "rendu", "remise": None}, "RX-03"),
        ("npdc", "rapport_final", {"stade": "rendu", "remise": None}, "RF-17"),
        ("centre", "grille_de_lecture", {"stade": "lecture", "concertation": None}, "GL-21"),
        (
            "centre",
            "grille_de_lecture",
            {"stade": "choix", "projets.beta.restitue_le": None},
            "GL-19",
        ),
        ("npdc", "demande_de_modification[0]", {"stade": "deposee", "decision": None}, "NMP-03"),
    ],
)
def test_an_early_stage_hides_nothing_of_a_mission_that_is_over(
    profil: str, slug: str, changes: dict[str, Any], exigence: str
) -> None:
    """A report « rendu », with no date of its remise, is no piece for the payment of the solde."""
    path = f"{DOC}{slug}"
    said = {f"{path}.{name}": value for name, value in changes.items()}
    if "decision" in changes:
        said[f"{path}.demande.objet"] = "inefficience"
    assert exigence in named(verdict("mission_individuelle", said, profil))


def test_a_sender_is_asked_nothing_of_the_receiver_while_the_mission_goes_on() -> None:
    cut = {f"{DOC}rapport_final.stade": "rendu", f"{DOC}rapport_final.remise": None}
    still = {**VENU[Avancement.EVALUEE], **VENU[Avancement.SOLDEE], **cut}
    assert not {"RX-03", "RF-17"} & named(verdict("mission_individuelle", still, "npdc"))


def test_what_is_due_is_cited_from_the_guide_that_makes_it_due() -> None:
    """« Le cheminement » (PRO-07) only shows the choice; that it is not left to the association
    alone (GL-22) is what obliges.
    """
    cut = {f"{DOC}grille_de_lecture": None, f"{DOC}notification_de_choix": None}
    found = verdict("mission_individuelle", cut, "centre")
    choice = next(one for one in found if one.exigences == ("PRO-07", "GL-22"))
    assert "« Les axes de progrès » (GL-22)" in choice.source


@pytest.mark.parametrize("profil", PROFILS)
def test_who_declined_is_not_who_is_chosen(profil: str) -> None:
    place = "mise_en_concurrence.sollicites[0].reponse"
    found = verdict("mission_individuelle", {place: "decline"}, profil)
    (noticed,) = [one for one in found if one.chemin == place]
    assert "« Décline »" in noticed.message and "Cabinet Alpha Exemple" in noticed.message


def stopped(day: str) -> dict[str, Any]:
    """The sample, stopped by a decision of this day, without its note de mi-parcours."""
    asked = f"{DOC}demande_de_modification[0]"
    return {
        f"{DOC}note_mi_parcours": None,
        f"{asked}.demande": {"origine": "prestataire", "objet": "inefficience", "constat": "Dit."},
        f"{asked}.decision.suite": "arret",
        f"{asked}.decision.validee_dla_le": day,
    }


@pytest.mark.parametrize(("day", "due"), [("20/10/2005", False), ("10/11/2005", True)])
def test_a_mission_stopped_before_its_middle_owes_no_note_of_it(day: str, due: bool) -> None:
    """« A minima, il enverra une note à mi parcours » : the sample goes from 5/9 to 16/12."""
    assert ("NMP-01" in named(verdict("mission_individuelle", stopped(day), "npdc"))) is due


def test_a_step_not_carried_out_is_told_both_things_to_write() -> None:
    """To write « Non réalisée : » ends nothing while no decision says that the mission stopped."""
    cut = {f"{DOC}grille_de_suivi.etapes.e4.realise": None}
    for profil, exigence in (("centre", "SUI-07"), ("npdc", "RF-13")):
        found = verdict("mission_individuelle", cut, profil)
        (missing,) = [one for one in found if exigence in one.exigences]
        assert "« decision.suite »" in missing.conseil and "« Non réalisée : »" in missing.conseil
