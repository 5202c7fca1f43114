"""Le remède qu'imprime chaque règle : une fois suivi, le constat disparaît."""

from __future__ import annotations

from typing import Any

import pytest

from dla_docs import Constat
from dla_docs.model.node import steps
from tests.corpus import at
from tests.documents.verdict import raw, verdict
from tests.test_regles import (
    CDC,
    CONV,
    DEM,
    DIAG,
    EVC,
    EVI,
    FICHE,
    GDS,
    NOTE,
    OFFRE,
    PLAN,
    RAPPORT,
    RUPTURES,
    SUIVI,
    required,
    theirs,
)

GRILLE, NOTIF = "documents.grille_de_lecture", "documents.notification_de_choix"
COMME_L_EXEMPLE = object()  # the field filled again, as the sample has it
DIT = "Dit ici, avec nos mots."
FORMES = "documents.monographie.deroulement.types"


def again(*paths: str) -> dict[str, Any]:
    """Fill these again, as the sample does."""
    return dict.fromkeys(paths, COMME_L_EXEMPLE)


DATEES = {f"{RAPPORT}remise.numerique_le": "14/12/2005", f"{RAPPORT}remise.papier_le": "14/12/2005"}
BESOIN = f"{SUIVI}besoins[0].repris_le"

# id → what follows the remedy of each of its breaches, in their order
REMEDES: dict[str, list[dict[str, Any]]] = {
    **{
        key: [again(FICHE), {f"{FICHE}[0].prestataire": COMME_L_EXEMPLE}]
        for key in ("RX-01", "FP-11")
    },
    "RX-02": [
        again(FICHE),
        again("mise_en_concurrence.sollicites[0].prestataire"),
        again(FICHE),
    ],
    "FP-12": [again(FICHE), again("mise_en_concurrence.sollicites[0].prestataire")],
    "CV-14": [again(FICHE), again(FICHE)],
    "RX-04": [{f"{FICHE}[0].mise_a_jour": "27/06/2005"}],
    "PLA-17": [again(f"{PLAN}versions[0].date"), again(f"{DIAG}plan_propose[1].echeance")],
    "PLA-10": [again(f"{DIAG}besoins[0].problematique"), again("structures")],
    "CDC-08": [{f"{CDC}objectifs.general": "accompagner les acteurs"}],
    "RX-14": [{f"{CDC}objectifs.theme": "Conduire le changement"}],
    "EC-03": [{"nombre_de_structures": "5"}],
    "EC-04": [
        {f"{CDC}collectif.actions": [{"intitule": "Entretiens", "nature": "accompagnement"}]}
    ],
    "RX-07": [{f"{GDS}etapes.e2.intitule": None}, {f"{GDS}etapes.e9": None}],
    "RX-08": [
        {
            f"{GDS}modifications": [
                {
                    "nature": "fin_de_mission",
                    "motif": DIT,
                    "moyen": "telephone",
                    "contact_le": "01/12/2005",
                }
            ]
        },
        {f"{DEM}contact.date": "14/11/2005"},
    ],
    "NMP-01": [
        again(NOTE),
        {f"{NOTE}.envoi.voie": "electronique"},
        again(f"{NOTE}.envoi.envoyee_le"),
    ],
    "RX-10": [
        again(f"{CONV}modification.avenants[0].signe_le"),
        again(f"{CONV}modification.avenants[0].intitule"),
    ],
    "RX-32": [{f"{CONV}prix": None}, {f"{CONV}annexe": None}],
    "RX-33": [
        {f"{DEM}demande.voie": "ecrite"},
        again(f"{DEM}decision.validee_dla_le"),
        {f"{DEM}changements[0].motif": DIT},
    ],
    **{key: [{f"{DEM}demande.voie": "ecrite"}] for key in ("CV-08", "CV-09")},
    "CV-15": [
        {f"{CONV}signature.dla_le": "31/08/2005"},
        {f"{CONV}signature.dla_le": "06/03/2006"},
    ],
    "RX-09": [{f"{GDS}etapes.e3.commentaires": DIT}],
    "RX-03": [DATEES, again("documents.rapport_final"), DATEES],
    "RF-20": [DATEES, again("documents.rapport_final")],
    "RX-11": [{f"{RAPPORT}etapes.e2.intitule": None}],
    "RX-12": [{f"{EVI}resultats.r2.intitule": None}, {f"{EVC}[1].resultats.r2.intitule": None}],
    "RX-13": [{f"{EVI}conditions.transformation": None}],
    "RX-20": [
        {f"{CONV}confidentialite.diffusion": "aucune"},
        {f"{CONV}confidentialite.diffusion": "sur_accord"},
        {f"{DIAG}confidentialite.communications[0].accord_le": "23/06/2005"},
        {f"{DIAG}confidentialite.communications[0].accord_le": "30/06/2005"},
        {f"{DIAG}confidentialite.communications": None},
        {"evenements.comite_appui.regles_de_diffusion": DIT},
    ],
    "CV-13": [
        {f"{CONV}confidentialite.diffusion": "aucune"},
        {f"{CONV}confidentialite.diffusion": "sur_accord"},
    ],
    "RX-21": [{f"{RAPPORT}couverture": None}, {f"{OFFRE}couverture": None}],
    "RX-28": [
        {f"{EVI}operationnalite.expertise.reponse": "oui"},
        {f"{EVC}[1].conditions": None},
    ],
    "RX-29": [again(f"{EVC}[1].commentee_le")],
    "RX-30": [again(f"{EVI}restituee_le")],
    "RX-38": [{f"{EVC}[1].jours": "3 j"}],
    "RX-15": [
        again(f"{DIAG}plan_propose[2].ingenierie"),
        again(f"{PLAN}missions[0].action"),
        {f"{OFFRE}modalites.inscription": DIT},
        {f"{OFFRE}modalites.inscription": DIT},
    ],
    "RX-31": [
        {f"{PLAN}suivi.evaluation": "non"},
        again(f"{PLAN}suivi.evaluation", f"{PLAN}versions[1].date"),
        again(f"{PLAN}versions[1].date", BESOIN),
        again(f"{PLAN}versions[1].date", f"{PLAN}versions[2].date"),
        again(BESOIN),
        again(BESOIN),
        again(BESOIN),
    ],
    "RX-16": [{f"{OFFRE}budget.justification_des_jours": DIT}],
    "RX-17": [{f"{OFFRE}budget.justification_du_cout": DIT}],
    "RX-18": [{f"{OFFRE}budget.contenu_hors_site": DIT}],
    "RX-19": [{f"{OFFRE}rappel.mission": DIT}],
    "RX-22": [
        again(f"{OFFRE}productions[3]"),
        {f"{RAPPORT}productions.p4.description": "Non remise : l'outil a été jugé inutile."},
    ],
    "RX-23": [again(f"{OFFRE}calendrier.debut")],
    "RX-24": [again(f"{OFFRE}recue_le"), again(f"{OFFRE}recue_le")],
    "RX-26": [
        {
            "mise_en_concurrence.sollicites[1].dossier_complet_le": None,
            "mise_en_concurrence.sollicites[2].dossier_complet_le": None,
        },
        {"mise_en_concurrence.sollicites[1].dossier_complet_le": None},
        again("mise_en_concurrence.sollicites[0].dossier_complet_le"),
    ],
    "RX-27": [
        again(f"{GRILLE}.projets.beta.restitue_le"),
        {f"{NOTIF}[1].motif.demande_le": "30/08/2005"},
        {f"{NOTIF}[1].motif.motif": DIT},
        {f"{NOTIF}[1].extrait": [{"critere": "Justification des coûts", "appreciation": DIT}]},
    ],
    "RX-34": [
        again(f"{CDC}commande.but"),
        {f"{OFFRE}modalites.methodologie": "L'équipe mène les entretiens avec nous."},
        {f"{OFFRE}etapes[0].intitule": "Relire le projet avec le réseau"},
    ],
    "RX-35": [
        {f"{CDC}plan.valide_le": None},
        again(f"{DIAG}validations[0].date"),
        {f"{CDC}diagnostic": None},
        again("mise_en_concurrence.sollicites[1].dossier_complet_le"),
    ],
    "RX-36": [{f"{GDS}reference_convention": None}, {f"{GDS}prestataire": None}],
    "RX-37": [
        {f"{CDC}collectif.actions": [{"intitule": "Journée", "nature": "formation"}]},
        {FORMES: ["formation", "accompagnement"]},
        {FORMES: ["accompagnement"]},
        {FORMES: ["formation"]},
    ],
    "CV-12": [{"paiements[1].nature": "solde"}],
    "AC-14": [{"documents.appel_a_competences[0].reponse.projet_complet": "oui"}],
    "RX-40": [
        {"documents.appel_a_competences[0].refus.raison": "hors_champ"},
        {"documents.appel_a_competences[0].refus.dit_le": "01/07/2005"},
        {"mise_en_concurrence.sollicites[1].motif": DIT},
    ],
    **{
        key: [
            {
                f"{GRILLE}.projets.beta": None,
                f"{GRILLE}.presentee_le": "20/08/2005",
                "mise_en_concurrence.procedure": "simplifiee",
            },
            again(f"{GRILLE}.presentee_le"),
        ]
        for key in ("RX-25", "AC-17")
    },
    "RX-05": [{"mise_en_concurrence.motif": DIT}],
    "RX-06": [{"mise_en_concurrence.procedure": "normale"}],
    "RX-39": [again(GRILLE)],
}


def cases(identifiant: str) -> list[tuple[str, str, dict[str, Any]]]:
    return [*RUPTURES.get(identifiant, ()), *theirs().get(identifiant, ())]


def said(constats: list[Constat], identifiant: str) -> set[tuple[str, str]]:
    """Where a requirement is named, and the remedy printed there."""
    return {(one.chemin, one.conseil) for one in constats if identifiant in one.exigences}


@pytest.mark.lent
@pytest.mark.parametrize("identifiant", required())
def test_the_remedy_once_followed_ends_the_message(identifiant: str) -> None:
    remedies = REMEDES.get(identifiant, [])
    assert len(remedies) == len(cases(identifiant)), f"un remède par rupture de {identifiant}"
    for (nature, profil, changes), remedy in zip(cases(identifiant), remedies, strict=True):
        name = f"mission_{nature}"
        before = said(verdict(name, changes, profil), identifiant)
        assert before and all(conseil for _, conseil in before), "chaque message dit son remède"
        followed = {
            path: at(raw(name), tuple(steps(path))) if value is COMME_L_EXEMPLE else value
            for path, value in remedy.items()
        }
        after = said(verdict(name, {**changes, **followed}, profil), identifiant)
        assert after == set(), remedy
