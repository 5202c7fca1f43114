"""Chaque règle : une mission qui ne rompt qu'elle,
et une mission qui la respecte (l'exemple). Le CSV dit lesquelles il faut."""

from __future__ import annotations

import json
import shutil
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from dla_docs import DOCUMENTS, check, load
from dla_docs.cli.application import run
from dla_docs.model.requirement import referentiel
from dla_docs.reference.requirements import carriers
from dla_docs.resources import sample_path
from tests.corpus import patched

DIAG, PLAN = "documents.diagnostic_partage.", "documents.plan_accompagnement."
CDC, GDS = "documents.cahier_des_charges.", "documents.grille_de_suivi."
OFFRE, RAPPORT = "documents.proposition[0].", "documents.rapport_final."
SUIVI = "documents.suivi_post_accompagnement[0]."
EVI, EVC = "documents.evaluation_individuelle.", "documents.evaluation_collective"
SANS_SUITE: dict[str, Any] = {
    "paiements": None,
    "evenements.restitution": None,
    "documents.rapport_final": None,
    "documents.evaluation_individuelle": None,
    "documents.suivi_post_accompagnement": None,
}
FICHE = "documents.fiche_prestataire"
CONV, NOTE, DEM = (
    "documents.convention_tripartite.",
    "documents.note_mi_parcours",
    "documents.demande_de_modification[0].",
)
SANS_CODE_POSTAL = {
    "mise_en_concurrence.sollicites[0].prestataire": {
        "nom": "Cabinet Alpha Exemple",
        "siret": "000 000 018 00010",
        "adresse": {"ville": "Ici"},
    }
}
FAIT = {
    "prevu": {"dates": "09/12/2005", "personnes": "Directeur"},
    "realise": {"dates": "09/12/2005"},
}

# id → what breaks it alone: the sample, the profile, the changes. The ids that a breach names are
# those of the rule, and no other.
RUPTURES: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    **{
        key: [
            ("individuelle", "centre", {FICHE: None}),
            ("collective", "centre", {f"{FICHE}[0].prestataire": "beta"}),
        ]
        for key in ("RX-01", "FP-11")
    },
    **{
        key: [("individuelle", "npdc", {FICHE: None}), ("individuelle", "npdc", SANS_CODE_POSTAL)]
        for key in ("RX-02", "FP-12")
    },
    "CV-14": [("individuelle", "centre", {FICHE: None}), ("individuelle", "npdc", {FICHE: None})],
    "RX-04": [("individuelle", "centre", {f"{FICHE}[0].mise_a_jour": "27/06/2004"})],
    "PLA-17": [
        ("individuelle", "centre", {f"{PLAN}versions[0].date": None}),
        ("individuelle", "centre", {f"{DIAG}plan_propose[1].echeance": None}),
    ],
    "PLA-10": [
        ("individuelle", "centre", {f"{DIAG}besoins[0].problematique": None}),
        (
            "individuelle",
            "centre",
            {
                "structures": [
                    {"cle": "s1", "nom": "Association Exemple Insertion"},
                    {"cle": "s2", "nom": "Une autre"},
                ]
            },
        ),
    ],
    "CDC-08": [
        (
            "individuelle",
            "centre",
            {f"{CDC}objectifs.general": ["accompagner les acteurs", "refondre la comptabilité"]},
        )
    ],
    "RX-14": [
        (
            "individuelle",
            "centre",
            {f"{CDC}objectifs.theme": "1) Conduire le changement\n2) Refondre la comptabilité"},
        )
    ],
    "EC-03": [("collective", "national", {"nombre_de_structures": "1"})],
    "EC-04": [
        (
            "collective",
            "national",
            {f"{CDC}collectif.actions": [{"intitule": "Conférence", "nature": "information"}]},
        )
    ],
    "RX-07": [
        ("individuelle", "centre", {f"{GDS}etapes.e2.intitule": "Autre chose"}),
        (
            "individuelle",
            "centre",
            {f"{GDS}etapes.e9": {"intitule": "En plus", "objectif": "?", **FAIT}, **SANS_SUITE},
        ),
    ],
    "RX-08": [
        (
            "individuelle",
            "centre",
            {f"{GDS}etapes.e4.realise.dates": "du 28/11/2005 au 20/12/2005"},
        ),
        (
            "individuelle",
            "centre",
            {
                f"{DEM}changements[0].nature": "problematique",
                f"{DEM}contact.date": None,
                f"{GDS}etapes.e3.realise.dates": "du 27/10/2005 au 25/11/2005",
                **SANS_SUITE,
            },
        ),
    ],
    "NMP-01": [
        ("individuelle", "npdc", {NOTE: None}),
        ("individuelle", "npdc", {f"{NOTE}.envoi.voie": "postale"}),
        ("collective", "npdc", {f"{NOTE}.envoi.envoyee_le": "01/07/2006"}),
    ],
    "RX-10": [
        ("individuelle", "centre", {f"{CONV}modification.avenants[0].signe_le": "16/11/2005"}),
        ("individuelle", "centre", {f"{CONV}modification.avenants[0].intitule": "Avenant n° 7"}),
    ],
    "RX-32": [
        (
            "individuelle",
            "centre",
            {
                f"{CONV}prix": {"montant": "9 999 €"},
                "paiements": None,
                "mise_en_concurrence.procedure": None,
            },
        ),
        (
            "collective",
            "centre",
            {f"{CONV}annexe": {"date": "01/01/2006"}, "mise_en_concurrence.procedure": None},
        ),
    ],
    "RX-33": [
        ("individuelle", "npdc", {f"{DEM}demande": {"origine": "structure", "voie": "orale"}}),
        (
            "individuelle",
            "npdc",
            {f"{DEM}demande.origine": "structure", f"{DEM}decision.validee_dla_le": None},
        ),
        (
            "individuelle",
            "npdc",
            {f"{DEM}demande.origine": "structure", f"{DEM}changements[0].motif": None},
        ),
    ],
    "CV-15": [
        ("individuelle", "centre", {f"{CONV}choix": {"retenu_le": "31/08/2005"}}),
        ("collective", "centre", {f"{CONV}choix": {"precisions_le": "04/03/2006"}}),
    ],
    "RX-09": [("individuelle", "centre", {f"{GDS}etapes.e3.commentaires": None})],
    "RX-03": [("individuelle", "npdc", {f"{RAPPORT}remise.solde_verse_le": "15/12/2005"})],
    "RF-20": [("individuelle", "npdc", {f"{RAPPORT}remise.solde_verse_le": "15/12/2005"})],
    "RX-11": [("individuelle", "centre", {f"{RAPPORT}etapes.e2.intitule": "Autre chose"})],
    "RX-12": [
        ("individuelle", "centre", {f"{EVI}resultats.r2.intitule": "Les missions sont écrites."}),
        ("collective", "centre", {f"{EVC}[1].resultats.r2.intitule": "Autre chose"}),
    ],
    "RX-13": [("individuelle", "centre", {f"{EVI}conditions.transformation": {"reponse": "oui"}})],
    "RX-20": [
        ("individuelle", "npdc", {f"{CONV}confidentialite.diffusion": "sur_accord"}),
        ("individuelle", "paca", {f"{CONV}confidentialite.diffusion": "regles"}),
        (
            "individuelle",
            "centre",
            {
                f"{DIAG}confidentialite": {
                    "communications": [{"destinataire": "La presse locale", "date": "24/06/2005"}]
                }
            },
        ),
        (
            "individuelle",
            "paca",
            {
                f"{DIAG}confidentialite": {
                    "communications": [
                        {"destinataire": "Une banque", "accord_le": "2/7/2005", "date": "1/7/2005"}
                    ]
                }
            },
        ),
        (
            "individuelle",
            "npdc",
            {
                f"{DIAG}confidentialite": {
                    "communications": [
                        {"destinataire": "Une banque", "accord_le": "1/7/2005", "date": "2/7/2005"}
                    ]
                }
            },
        ),
        ("individuelle", "centre", {"evenements.comite_appui.regles_de_diffusion": None}),
    ],
    "RX-21": [
        ("individuelle", "npdc", {f"{RAPPORT}couverture": {"mention": "Avec le soutien de :"}}),
        (
            "individuelle",
            "npdc",
            {
                f"{OFFRE}couverture": {
                    "financeurs": [{"nom": "DDTEFP", "logo": {"fichier": "logos/ddtefp.png"}}]
                }
            },
        ),
    ],
    "RX-28": [
        (
            "individuelle",
            "centre",
            {f"{EVI}operationnalite.expertise": {"commentaire_prestataire": "Merci."}},
        ),
        (
            "collective",
            "centre",
            {f"{EVC}[1].conditions": {"delais": {"commentaire": "Autre avis"}}},
        ),
    ],
    "RX-29": [("collective", "centre", {f"{EVC}[1].commentee_le": "23/06/2006"})],
    "RX-30": [("individuelle", "centre", {f"{EVI}restituee_le": "01/01/2006"})],
    "RX-38": [("collective", "centre", {f"{EVC}[1].jours": "1 j"})],
    "RX-15": [
        ("individuelle", "centre", {f"{DIAG}plan_propose[2].ingenierie": None}),
        ("individuelle", "npdc", {f"{PLAN}missions[0].action": "9"}),
        ("individuelle", "npdc", {f"{OFFRE}modalites.inscription": None}),
        ("collective", "paca", {f"{OFFRE}modalites.inscription": None}),
    ],
    "RX-31": [
        ("individuelle", "centre", {f"{PLAN}suivi.evaluation": None}),
        (
            "collective",
            "centre",
            {f"{PLAN}suivi.evaluation": "oui", f"{PLAN}versions[1].date": "15/06/2006"},
        ),
        (
            "collective",
            "npdc",
            {f"{PLAN}versions[1].date": "04/12/2006", f"{SUIVI}besoins[0].repris_le": None},
        ),
        (
            "individuelle",
            "npdc",
            {f"{PLAN}versions[{number}].date": "15/12/2005" for number in (1, 2)},
        ),
    ],
    "RX-16": [
        (
            "individuelle",
            "centre",
            {
                f"{CDC}conditions.jours_maximum": "7,5 j",
                f"{OFFRE}budget.justification_des_jours": None,
            },
        )
    ],
    "RX-17": [
        (
            "individuelle",
            "centre",
            {
                f"{OFFRE}budget.montant": "80 000 €",
                f"{OFFRE}budget.justification_du_cout": None,
                "paiements": None,
            },
        )
    ],
    "RX-18": [("individuelle", "centre", {f"{OFFRE}budget.contenu_hors_site": None})],
    "RX-19": [
        (
            "individuelle",
            "npdc",
            {
                f"{OFFRE}rappel.mission": "Accompagner pendant l'automne 2005 les administrateurs, "
                "la direction et les permanents dans l'évolution de leurs missions et de leur "
                "manière de travailler ensemble."
            },
        )
    ],
    "RX-22": [
        (
            "individuelle",
            "centre",
            {
                f"{OFFRE}productions[3]": {
                    "cle": "p9",
                    "intitule": "Autre",
                    "remise": "fin",
                    "modalites": "?",
                },
                **SANS_SUITE,
            },
        ),
        ("individuelle", "centre", {f"{RAPPORT}productions.p4.remise_le": None}),
    ],
    "RX-23": [("individuelle", "centre", {f"{OFFRE}calendrier.debut": "01/09/2005"})],
    "RX-24": [
        ("individuelle", "centre", {f"{OFFRE}recue_le": "30/07/2005"}),
        (
            "individuelle",
            "npdc",
            {f"{CDC}reponse": {"date_limite": "01/08/2005"}, f"{OFFRE}recue_le": "30/07/2005"},
        ),  # the mission's own limit
    ],
    "RX-26": [
        (
            "individuelle",
            "centre",
            {
                "mise_en_concurrence.procedure": "simplifiee",
                "documents.grille_de_lecture.procedure": "normale",
                "documents.proposition[1]": None,
            },
        )
    ],
    "RX-27": [
        ("individuelle", "centre", {"documents.grille_de_lecture.projets.beta.restitue_le": None})
    ],
    "RX-34": [
        ("individuelle", "npdc", {f"{CDC}commande.but": "audit"}),
        (
            "individuelle",
            "npdc",
            {
                f"{OFFRE}modalites.methodologie": (
                    "Un audit de l'organisation, puis des recommandations."
                )
            },
        ),
        ("collective", "npdc", {f"{OFFRE}etapes[0].intitule": "Auditer le réseau"}),
    ],
    "RX-35": [
        ("individuelle", "centre", {f"{CDC}plan.valide_le": "01/07/2005"}),
        ("individuelle", "centre", {f"{DIAG}validations[0].date": "01/07/2005"}),
        ("collective", "centre", {f"{CDC}diagnostic": {"valide_le": "23/01/2006"}}),
        (
            "individuelle",
            "centre",
            {"mise_en_concurrence.sollicites[1].dossier_complet_le": "22/06/2005"},
        ),
    ],
    "RX-36": [
        ("individuelle", "centre", {f"{GDS}reference_convention": "DLA00-1999-01"}),
        (
            "individuelle",
            "centre",
            {f"{GDS}prestataire": {"cle": "zeta", "nom": "Un autre cabinet"}},
        ),
    ],
    "RX-37": [
        (
            "collective",
            "national",
            {
                "type": "reponse_collective",
                f"{CDC}collectif.actions": [{"intitule": "Suivi", "nature": "accompagnement"}],
                "documents.monographie": None,
            },
        ),
        (
            "collective",
            "national",
            {
                "type": "reponse_collective",
                "documents.monographie.deroulement.types": ["accompagnement", "reseau"],
            },
        ),
    ],
    "EC-24": [
        ("collective", "paca", {"cycle.confirmer.modalites.conditions.fait_le": "31/01/2006"})
    ],
    "RF-22": [("individuelle", "paca", {f"{RAPPORT}rappel.commande": None})],
    "RX-41": [
        ("individuelle", "paca", {f"{CONV}signature.prestataire_le": "01/09/2005"}),
        ("collective", "paca", {f"{CONV}signature.prestataire_le": "07/03/2006"}),
    ],
    "RX-42": [
        (
            "individuelle",
            profil,
            {f"{RAPPORT}remise.{one}": "19/12/2005" for one in ("numerique_le", "papier_le")},
        )
        for profil in ("npdc", "paca")
    ],
    "CV-12": [
        (
            "individuelle",
            "npdc",
            {
                "paiements[1].nature": "intermediaire",
                "documents.evaluation_individuelle": None,
                "documents.suivi_post_accompagnement": None,
            },
        )
    ],
    "CV-13": [
        ("individuelle", "npdc", {f"{CONV}confidentialite.diffusion": "sur_accord"}),
        ("individuelle", "paca", {f"{CONV}confidentialite.diffusion": "regles"}),
    ],
    **{
        key: [("individuelle", "npdc", {f"{DEM}demande": {"origine": "structure"}})]
        for key in ("CV-08", "CV-09")
    },
}


@cache
def theirs() -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """The cases that a kind keeps on its own shelf: RUPTURES in tests/documents/test_<slug>.py."""
    found: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path in sorted((Path(__file__).parent / "documents").glob("test_*.py")):
        own = getattr(import_module(f"tests.documents.{path.stem}"), "RUPTURES", {})
        for identifiant, cases in own.items():
            found.setdefault(identifiant, []).extend(cases)
    return found


def required() -> list[str]:
    """The rules whose document is one of ours: the first that the reference names."""
    rules = [rule for rule in referentiel().values() if rule.nature == "regle"]
    return [rule.id for rule in rules if rule.id in carriers() or rule.documents[0] in DOCUMENTS]


@pytest.mark.parametrize("identifiant", required())
def test_a_breach_is_named_alone(
    identifiant: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert identifiant in carriers(), f"rien ne porte {identifiant}"
    cases = [*RUPTURES.get(identifiant, ()), *theirs().get(identifiant, ())]
    assert cases, f"aucun cas ne rompt {identifiant}"
    for nature, profil, changes in cases:
        assert sound(nature, profil), "l'exemple respecte toutes les règles"
        constats = verdict(mission(nature, changes, tmp_path), profil, capsys)
        assert constats, changes
        assert all(identifiant in constat["exigences"] for constat in constats), constats
        assert all(constat["ligne"] and constat["source"] for constat in constats)


@cache
def sound(nature: str, profil: str) -> bool:
    """L'exemple, tel quel, n'a aucun constat."""
    return check(load(sample_path(f"mission_{nature}"), profil)) == []


@cache
def sample_data(name: str) -> Any:
    """L'exemple en données simples, lu une fois."""
    return yaml.load(sample_path(name).read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)


def mission(nature: str, changes: dict[str, Any], folder: Path) -> Path:
    name = f"mission_{nature}"
    target = folder / nature
    shutil.copytree(sample_path(name).parent, target, dirs_exist_ok=True)
    path = target / f"{name}.yaml"
    path.write_text(
        yaml.dump(
            patched(sample_data(name), changes),
            Dumper=yaml.CSafeDumper,
            allow_unicode=True,
            sort_keys=False,
        ),
        encoding="utf-8",
    )
    return path


def verdict(path: Path, profil: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    run(["verifier", str(path), "--profil", profil, "--format", "json"])
    constats: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["constats"]
    return constats


@pytest.mark.parametrize("changes", [changes for _, _, changes in RUPTURES["RX-21"]])
def test_the_cover_of_one_region_is_not_asked_in_another(
    changes: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = mission("individuelle", changes, tmp_path)
    assert run(["verifier", str(path), "--profil", "npdc"]) == 1
    capsys.readouterr()
    assert verdict(path, "centre", capsys) == []
