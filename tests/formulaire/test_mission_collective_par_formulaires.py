"""Une mission collective entière, de la première fiche au suivi, par des formulaires Word et des
commandes : plusieurs structures, deux propositions, une étape ajoutée par avenant, une fiche par
participant ; aucun fait ne se tape deux fois.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from dla_docs import GrilleDeSuivi, Mission, NotificationDeChoix, Proposition, load
from tests.formulaire.bureau import Bureau, rendue

SOLLICITES = "mise_en_concurrence.sollicites"
GAMMA, ALPHA = "Gamma", "Alpha"
AUTRE_PROJET = {"date": "17/02/2006", "budget.jours": "20 j", "budget.montant": "18 000 €"}
PART_1 = ("participant", "conditions")


def one_of(forms: list[Path], name: str) -> Path:
    """Le formulaire de cette personne."""
    return next(form for form in forms if name in form.name)


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
    back, other = one_of(forms, GAMMA), one_of(forms, ALPHA)
    desk.answer(back, desk.facts.documents["proposition"][0])
    desk.answer(other, Proposition(), more=AUTRE_PROJET)
    desk.take(back, other)
    forms = desk.send_each("fiche_prestataire", "prestataire")
    back = one_of(forms, GAMMA)
    desk.answer(back, desk.facts.documents["fiche_prestataire"][0])
    desk.take(back)
    told = [f"{SOLLICITES}[1].{name}" for name in ("reponse", "motif")]
    came = {f"{SOLLICITES}[0].recue_le": "16/02/2006", f"{SOLLICITES}[0].voie": "Voie électronique"}
    desk.fill("mission", only=told, more=came)


def choix(desk: Bureau) -> None:
    others = ("projets[0].selection", "projets[0].restitue_le")  # what other guides ask
    read = {f"projets[1].{one}.appreciation": "Moins précis que l'autre." for one in LUS}
    desk.fill("grille_de_lecture", stade="choix", but=others, more=read)
    forms = desk.send_each("notification_de_choix")
    back, other = one_of(forms, GAMMA), one_of(forms, ALPHA)
    desk.answer(back, desk.facts.documents["notification_de_choix"][0], but=("extrait",))
    told = {"date": "07/03/2006", "proposition_recue_le": "19/02/2006"}
    desk.answer(other, NotificationDeChoix(), more=told)
    desk.take(back, other)
    desk.fill(
        "mission",
        only=(*LAUNCHED, "paiements[0]", "paiements[1]"),
        but=PAID,
        lignes=["lancement.presents=4"],
    )
    desk.fill("convention_tripartite", stade="projet", but=("modification", "signature"))
    desk.fill("convention_tripartite", stade="signee", but=("modification",))


LUS = (
    *(f"conformite.{one}" for one in ("echeance", "echeancier")),
    *(f"qualite.{one}" for one in ("enjeux", "coherence", "lisibilite", "outils")),
    *(f"qualite.{one}" for one in ("specificites", "appropriation", "productions")),
    *(f"intervenants.{one}" for one in ("experiences", "competences")),
    *(f"couts.{one}" for one in ("jours", "justification")),
    *(f"partenariat.{one}" for one in ("contenus", "engagement", "animation", "enquete")),
)
LAUNCHED = ("evenements.lancement", "reference_convention", "consultant.nom", "cycle.confirmer")
PAID = tuple(f"paiements[{rank}].{name}" for rank in (0, 1) for name in ("verse_le", "piece"))


def conduite(desk: Bureau) -> None:
    planned = [f"etapes[{rank}].prevu" for rank in range(5)]
    planned.append("fin_de_mission.prevu")
    desk.fill("grille_de_suivi", "prestataire", only=planned, stade="previsionnel")
    for rank in range(3):
        desk.fill("grille_de_suivi", "prestataire", stade="en_cours", only=(f"etapes[{rank}]",))
    desk.fill("demande_de_modification", stade="deposee", but=("decision",), more=DEMANDE)
    desk.fill("demande_de_modification", stade="decidee", only=("decision.suite",), more=DECISION)
    desk.fill("convention_tripartite", only=("modification.modifiee",), more=AVENANT)
    form = desk.send("grille_de_suivi", "prestataire", lignes=["etapes=6"], stade="en_cours")
    desk.answer(form, GrilleDeSuivi(), more=ETAPE_6)
    desk.take(form)
    desk.fill("note_mi_parcours", "prestataire", more={"avancement.etapes[5].etat": "A venir"})


DEMANDE = {
    "changements[0].etape": "6",
    "changements[0].initial": "Cinq phases, dont la dernière appuie la négociation",
    "changements[0].nouveau": "Une sixième phase, sans journée de plus",
    "changements[0].motif": "Deux collectivités demandent à voir l'offre sur leur territoire.",
}
DECISION = {
    "decision.accord": "Acceptée",
    "decision.validee_dla_le": "13/04/2006",
    "decision.avenant": "Avenant n° 1",
}
AVENANT = {
    "modification.avenants[0].signe_le": "14/04/2006",
    "modification.avenants[0].objet": "Présenter l'offre à deux collectivités de plus",
}
ETAPE_6 = {
    "etapes[5].intitule": "Présentation de l'offre sur place",
    "etapes[5].objectif": "Deux collectivités connaissent l'offre du réseau",
    "etapes[5].prevu.dates": "du 07/06/2006 au 08/06/2006",
    "etapes[5].prevu.personnes": "Élus et services de deux communautés de communes",
    "etapes[5].commentaires": "Étape ajoutée par avenant, à la demande du réseau.",
}
FAITE = {
    "etapes[5].realise.dates": "le 08/06/2006",
    "etapes[5].realise.personnes": "Quatre élus, deux directrices de service",
    "etapes[5].realise.production": "Le compte rendu des deux présentations",
}


def evaluation(desk: Bureau) -> None:
    sheets = {
        str(sheet.nom_distinctif): sheet for sheet in desk.facts.documents["evaluation_collective"]
    }
    blank = desk.send("evaluation_collective", "charge_de_mission", stade="vierge")
    begun = {name: blank.with_name(f"{name}.docx") for name in sheets}
    for name, form in begun.items():
        form.write_bytes(blank.read_bytes())
        first = name == next(iter(sheets))
        more = {"conditions.modification.reponse": "Oui"} if first else {}
        desk.answer(form, sheets[name], only=PART_1 if first else PART_1[:1], more=more)
    desk.command("reunir", *begun.values(), "--dans", desk.mission)
    for role, stage in (("participant", "vierge"), ("prestataire", "vierge"), ("", "restituee")):
        forms = desk.send_each("evaluation_collective", role, stade=stage)
        for name, sheet in sheets.items():
            desk.answer(one_of(forms, name), sheet)
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
    partial(
        rendue,
        presents=5,
        suivi=FAITE,
        rapport={"etapes[5].commentaire": "Deux collectivités ont demandé un devis."},
    ),
    evaluation,
    suites,
)
COMMANDS = 83
COINCIDENCES = {
    "une personne, une structure, une version que l'on désigne": (
        "mission consultant.nom",
        "evaluation_collective participant.structure",
        "plan_accompagnement versions[].date",
    ),
    "une personne venue ailleurs aussi, qui intervient, ou qui répond": (
        "diagnostic_partage realisation.rencontres[]",
        "diagnostic_partage comite.presents[]",
        "mission evenements.lancement.presents[]",
        "mission evenements.restitution.presents[]",
        "mission cycle.engager.systeme_intervenant[].nom",
        "proposition intervenants[].nom",
        "fiche_prestataire ressources.intervenants[]",
        "evaluation_collective participant.",
        "enquete_beneficiaire repondant.",
        "enquete_prestataire repondant.",
        "suivi_post_accompagnement realisation.rencontres[]",
    ),
    "un même jour, ou un même lieu, pour deux faits": (
        "plan_accompagnement partage_le",
        "mission cycle.",
        "mission evenements.lancement.date",
        "mission evenements.restitution.date",
        "mission paiements[].verse_le",
        "proposition prestataire.adresse.",
        "proposition calendrier.",
        "convention_tripartite signature.",
        "rapport_final date",
        "rapport_final productions[].remise_le",
        "rapport_final remise.",
        "evaluation_collective commentee_le",
        "evaluation_collective remise_le",
        "evaluation_collective restituee_le",
        "enquete_prestataire adressee_le",
        "enquete_prestataire repondue_le",
    ),
    "ce qui a été fait, tel que prévu": ("grille_de_suivi ",),
    "les mots de l'un, qu'un autre emploie aussi": (
        "proposition productions[].intitule",
        "rapport_final etapes[].commentaire",
        "rapport_final suites.plan_d_actions[].intitule",
        "suivi_post_accompagnement synthese.transmissions[].destinataire",
        "monographie presentation.beneficiaires.secteurs[].intitule",
    ),
}
"""Le même texte tapé deux fois, sans que ce soit le même fait."""


@pytest.mark.lent
def test_a_whole_collective_mission_by_word_forms_alone(tmp_path: Path) -> None:
    desk = Bureau(tmp_path, "mission_collective", "national")
    for step in STEPS:
        step(desk)
    assert (desk.typed_twice(COINCIDENCES), desk.unasked) == (([], []), set())
    desk.command("verifier", desk.mission)
    assert len(desk.commands) == COMMANDS
    ended = load(desk.mission)
    assert isinstance(ended, Mission) and set(ended.documents) == set(desk.facts.documents)
