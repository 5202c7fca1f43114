"""Une mission entière, de la première fiche à l'évaluation, par des formulaires Word et des
commandes ; personne n'ouvre le YAML, et aucun fait ne se tape deux fois.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from dla_docs import Mission, load
from tests.formulaire.bureau import Bureau, rendue

SOLLICITES = "mise_en_concurrence.sollicites"
ALPHA, BETA = "Cabinet Alpha Exemple", "Coopérative Bêta Exemple"


def besoin(desk: Bureau) -> None:
    first = desk.send("mission", lignes=["operateur.financeurs=4"])
    header = ("reference", "nature", "operateur", "structures", "evenements.accueil")
    desk.answer(first, desk.facts, only=header, but=("reference_convention",))
    desk.command("lire", first, "-o", desk.mission)
    desk.fill("diagnostic_partage", lignes=["besoins=4", "plan_propose=5"])
    later = ("suivi.evaluation", "suivi.consequences", "versions[1]", "versions[2]")
    desk.fill("plan_accompagnement", lignes=["actions=5", "operationnels=4"], but=later)


def commande(desk: Bureau) -> None:
    desk.fill("mission", only=("evenements.comite_appui",))
    desk.fill("cahier_des_charges", lignes=["resultats=4", "productions=4"])


def consultation(desk: Bureau) -> None:
    answers = [f"{SOLLICITES}[{rank}].{name}" for rank in range(3) for name in ("reponse", "motif")]
    keys = [f"{SOLLICITES}[{rank}].cle" for rank in range(3)]
    later = (*answers, *keys, "mise_en_concurrence.retenu")
    desk.fill("mission", only=("mise_en_concurrence",), but=later)
    forms = desk.send_each("proposition", "prestataire", lignes=["etapes=4", "productions=4"])
    assert len(forms) == 3
    back = [form for form in forms if ALPHA in form.name or BETA in form.name]
    for form, rank in zip(sorted(back), (0, 1), strict=True):
        desk.answer(form, desk.facts.documents["proposition"][rank])
    desk.take(*back)
    forms = desk.send_each("proposition", "charge_de_mission")
    for form in (one for one in forms if ALPHA in one.name or BETA in one.name):
        desk.answer(form, desk.facts.documents["proposition"][int(BETA in form.name)])
        desk.take(form)


def choix(desk: Bureau) -> None:
    others = ("projets[0].selection", "projets[1].selection")  # the criteria of another guide
    desk.fill("grille_de_lecture", stade="choix", but=others)
    desk.fill("mission", only=(f"{SOLLICITES}[2].reponse", f"{SOLLICITES}[2].motif"))
    forms = desk.send_each("notification_de_choix")
    for form in forms:
        told = desk.facts.documents["notification_de_choix"][int(BETA in form.name)]
        desk.answer(form, told, but=("extrait",))  # the grid has said it
    desk.take(*forms)


def conduite(desk: Bureau) -> None:
    desk.fill(
        "mission",
        only=("evenements.lancement", "reference_convention", "paiements"),
        but=(
            "paiements[0].verse_le",
            "paiements[0].piece",
            "paiements[1].verse_le",
            "paiements[1].piece",
        ),
        lignes=["lancement.presents=4"],
    )
    desk.fill("fiche_prestataire", "prestataire")
    later = ("modification", "signature")
    desk.fill("convention_tripartite", stade="projet", but=later)
    desk.fill("convention_tripartite", stade="signee", but=("modification",))
    desk.fill(
        "grille_de_suivi",
        "prestataire",
        stade="previsionnel",
        only=[f"etapes[{n}].prevu" for n in range(4)] + ["fin_de_mission.prevu"],
    )
    for rank in range(2):
        desk.fill("grille_de_suivi", "prestataire", stade="en_cours", only=(f"etapes[{rank}]",))
    desk.fill("note_mi_parcours", "prestataire")


def modification(desk: Bureau) -> None:
    desk.fill("demande_de_modification", "prestataire", stade="deposee")
    desk.fill("demande_de_modification", stade="decidee")
    desk.fill("convention_tripartite", only=("modification",))  # its number is that of the request


def evaluation(desk: Bureau) -> None:
    forms = [
        desk.send("evaluation_individuelle", role, stade="repondue")
        for role in ("charge_de_mission", "structure", "prestataire")
    ]
    for form in forms:
        desk.answer(form, desk.facts.documents["evaluation_individuelle"][0])
    desk.command("reunir", *forms, "--dans", desk.mission)
    for slug, role in (
        ("enquete_beneficiaire", "structure"),
        ("enquete_prestataire", "prestataire"),
    ):
        desk.fill(slug, stade="adressee")
        desk.fill(slug, role, stade="repondue")
    desk.fill("suivi_post_accompagnement")
    desk.fill("plan_accompagnement", lignes=["versions=3"])
    desk.fill("mission", only=("envois",))


STEPS = (
    besoin,
    commande,
    consultation,
    choix,
    conduite,
    modification,
    partial(rendue, presents=4),
    evaluation,
)

OF_THE_DOSSIER = ["00 – Sommaire.docx", "conformite.docx"]  # where it speaks of itself
COMMANDS = 77  # one form is two of them: it leaves, it comes back
COINCIDENCES = {
    "une personne venue ailleurs aussi, ou qui répond": (
        "diagnostic_partage comite.presents[]",
        "mission evenements.lancement.presents[]",
        "mission evenements.restitution.presents[]",
        "enquete_beneficiaire repondant.",
        "enquete_prestataire repondant.",
        "suivi_post_accompagnement realisation.rencontres[]",
    ),
    "un même jour, ou un même nombre, pour deux faits": (
        "plan_accompagnement partage_le",
        "plan_accompagnement versions[].date",
        "mission evenements.lancement.date",
        "mission evenements.restitution.date",
        "mission envois.",
        "proposition budget.",
        "proposition calendrier.",
        "proposition etapes[].periode",
        "notification_de_choix date",
        "notification_de_choix proposition_recue_le",
        "notification_de_choix motif.demande_le",
        "convention_tripartite signature.",
        "grille_de_suivi etapes[].realise.dates",
        "rapport_final date",
        "rapport_final productions[].remise_le",
        "rapport_final remise.",
        "enquete_prestataire adressee_le",
    ),
    "les mots de l'un, qu'un autre emploie aussi": (
        "plan_accompagnement ressources[].organisme",
        "proposition productions[]",
        "proposition intervenants[]",
        "fiche_prestataire ",
        "grille_de_suivi etapes[].realise.production",
        "suivi_post_accompagnement synthese.transmissions[].destinataire",
    ),
}
"""Le même texte tapé deux fois, sans que ce soit le même fait."""


@pytest.mark.lent
def test_a_whole_mission_by_word_forms_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Bureau(tmp_path, "mission_individuelle", "centre")
    for step in STEPS:
        step(desk)
    assert (desk.typed_twice(COINCIDENCES), desk.unasked) == (([], []), set())
    capsys.readouterr()
    desk.command("verifier", desk.mission)
    assert capsys.readouterr().out == "Conforme.\n"
    desk.command("dossier", desk.mission, "-o", tmp_path / "dossier")
    assert len(desk.commands) == COMMANDS
    ended, written = load(desk.mission), list((tmp_path / "dossier").rglob("*.docx"))
    assert isinstance(ended, Mission) and set(ended.documents) == set(desk.facts.documents)
    made = [path for path in written if path.name not in OF_THE_DOSSIER]
    assert len(made) == sum(map(len, ended.documents.values()))
    assert sorted(path.name for path in written if path not in made) == OF_THE_DOSSIER
