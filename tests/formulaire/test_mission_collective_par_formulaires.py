"""Une mission collective entière, de la première fiche au suivi, par des formulaires Word et des
commandes : plusieurs structures, plusieurs sollicités, une fiche par participant.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from dla_docs import Mission, load
from tests.formulaire.bureau import Bureau, rendue

SOLLICITES = "mise_en_concurrence.sollicites"
GAMMA = "Gamma"
PART_1 = ("participant", "conditions")


def besoin(desk: Bureau) -> None:
    first = desk.send("mission", lignes=["operateur.financeurs=4", "structures=5"])
    header = ("reference", "nature", "type", "nombre", "operateur", "structures")
    desk.answer(first, desk.facts, only=header, but=("reference_convention",))
    desk.command("lire", first, "-o", desk.mission)
    desk.fill("diagnostic_partage", lignes=["autres_constats=3"])
    later = ("suivi.evaluation", "versions[1]")
    desk.fill("plan_accompagnement", lignes=["ressources=3"], but=later)


def commande(desk: Bureau) -> None:
    engaged = ("evenements.comite_appui", "cycle.identifier", "cycle.engager")
    desk.fill("mission", only=engaged, lignes=["systeme_intervenant=5"])
    desk.fill("cahier_des_charges", lignes=["resultats=5", "productions=5", "collectif.actions=4"])


def consultation(desk: Bureau) -> None:
    answers = [f"{SOLLICITES}[{rank}].{name}" for rank in range(3) for name in ("reponse", "motif")]
    keys = [f"{SOLLICITES}[{rank}].cle" for rank in range(3)]
    later = (*answers, *keys, "mise_en_concurrence.retenu")
    desk.fill("mission", only=("mise_en_concurrence",), but=later)
    forms = desk.send_each("proposition", "prestataire", lignes=["etapes=5", "productions=5"])
    assert len(forms) == 3
    back = next(form for form in forms if GAMMA in form.name)
    desk.answer(back, desk.facts.documents["proposition"][0])
    desk.take(back)
    forms = desk.send_each("fiche_prestataire", "prestataire")
    back = next(form for form in forms if GAMMA in form.name)
    desk.answer(back, desk.facts.documents["fiche_prestataire"][0])
    desk.take(back)
    told = [f"{SOLLICITES}[{rank}].{name}" for rank in (1, 2) for name in ("reponse", "motif")]
    came = {f"{SOLLICITES}[0].recue_le": "16/02/2006", f"{SOLLICITES}[0].voie": "Voie électronique"}
    desk.fill("mission", only=told, more=came)


def choix(desk: Bureau) -> None:
    others = ("projets[0].selection", "projets[0].restitue_le")  # what other guides ask
    desk.fill("grille_de_lecture", stade="choix", but=others)
    desk.fill("notification_de_choix", but=("extrait",))  # the grid has said it
    desk.fill(
        "mission",
        only=(*LAUNCHED, "paiements[0]", "paiements[1]"),
        but=PAID,
        lignes=["lancement.presents=4"],
    )
    desk.fill("convention_tripartite", stade="projet", but=("modification", "signature"))
    desk.fill("convention_tripartite", stade="signee", but=("modification",))


LAUNCHED = ("evenements.lancement", "reference_convention", "consultant.nom", "cycle.confirmer")
PAID = tuple(f"paiements[{rank}].{name}" for rank in (0, 1) for name in ("verse_le", "piece"))


def conduite(desk: Bureau) -> None:
    planned = [f"etapes[{rank}].prevu" for rank in range(5)]
    planned.append("fin_de_mission.prevu")
    desk.fill("grille_de_suivi", "prestataire", only=planned, stade="previsionnel")
    for rank in range(3):
        desk.fill("grille_de_suivi", "prestataire", stade="en_cours", only=(f"etapes[{rank}]",))
    desk.fill("demande_de_modification", stade="deposee")
    desk.fill("demande_de_modification", stade="decidee")
    desk.fill("note_mi_parcours", "prestataire")


def evaluation(desk: Bureau) -> None:
    desk.fill("convention_tripartite", only=("modification",))
    sheets = {
        str(sheet.nom_distinctif): sheet for sheet in desk.facts.documents["evaluation_collective"]
    }
    blank = desk.send("evaluation_collective", "charge_de_mission", stade="vierge")
    begun = {name: blank.with_name(f"{name}.docx") for name in sheets}
    for name, form in begun.items():
        form.write_bytes(blank.read_bytes())
        desk.answer(form, sheets[name], only=PART_1 if name == next(iter(sheets)) else PART_1[:1])
    desk.command("reunir", *begun.values(), "--dans", desk.mission)
    for role, stage in (("participant", "vierge"), ("prestataire", "vierge"), ("", "restituee")):
        forms = desk.send_each("evaluation_collective", role, stade=stage)
        for name, sheet in sheets.items():
            form = next(form for form in forms if name in form.name)
            desk.answer(form, sheet)
        desk.command("reunir", forms[0].parent, "--dans", desk.mission)


def suites(desk: Bureau) -> None:
    for slug, role in (
        ("enquete_beneficiaire", "structure"),
        ("enquete_prestataire", "prestataire"),
    ):
        desk.fill(slug, stade="adressee")
        desk.fill(slug, role, stade="repondue")
    desk.fill("suivi_post_accompagnement", lignes=["indicateurs=2"])
    desk.fill("plan_accompagnement", lignes=["versions=2"])
    desk.fill("mission", only=("envois", "cycle.finaliser", "capitalisation"))
    desk.fill("monographie")


STEPS = (
    besoin,
    commande,
    consultation,
    choix,
    conduite,
    partial(rendue, presents=5),
    evaluation,
    suites,
)
COMMANDS = 81


@pytest.mark.lent
def test_a_whole_collective_mission_by_word_forms_alone(tmp_path: Path) -> None:
    desk = Bureau(tmp_path, "mission_collective", "national")
    for step in STEPS:
        step(desk)
    desk.command("verifier", desk.mission)
    assert len(desk.commands) == COMMANDS
    ended = load(desk.mission)
    assert isinstance(ended, Mission) and set(ended.documents) == set(desk.facts.documents)
