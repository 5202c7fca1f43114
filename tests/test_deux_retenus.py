"""Deux prestataires retenus (« Choisir le/les prestataires ») : à chacun ses documents,
repris de sa proposition et jugés sur elle ; ce qui n'en nomme aucun leur est commun.
"""

from __future__ import annotations

import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from dla_docs import (
    ConventionTripartite,
    GrilleDeSuivi,
    Mission,
    NoteMiParcours,
    NotificationDeChoix,
    RapportFinal,
    trames,
)
from dla_docs.cli.application import run
from dla_docs.constat import bloquants
from dla_docs.dossier import make_dossier, recipient
from dla_docs.model.requirement import Role
from dla_docs.parties.personnes import SEUIL
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_mission
from tests import long
from tests.corpus import PROFILS, patched
from tests.documents.verdict import loaded, named, raw, verdict
from tests.word_forms import fill, without_data

NOM = "mission_individuelle"
DOC = "documents."
ALPHA, BETA = "Cabinet Alpha Exemple", "Coopérative Bêta Exemple"
SIMPLIFIEE = {"mise_en_concurrence.procedure": "simplifiee"}  # where the price is annexed


def own(slug: str, cle: str, **said: Any) -> dict[str, Any]:
    """The sample's document of this kind, given to one of the two."""
    held = raw(NOM)["documents"][slug]
    return {**deepcopy(held[0] if isinstance(held, list) else held), "prestataire": cle, **said}


def chosen() -> dict[str, Any]:
    """Both offers of the sample are chosen."""
    return {
        "mise_en_concurrence.retenu": ["alpha", "beta"],
        f"{DOC}notification_de_choix": None,
        f"{DOC}fiche_prestataire": [own("fiche_prestataire", one) for one in ("alpha", "beta")],
    }


def each() -> dict[str, Any]:
    """Each has his convention; the second his own consultant, reference and payments."""
    second = own(
        "convention_tripartite",
        "beta",
        reference_convention="DLA00-2005-07-C2",
        consultant={"nom": "Sacha Prototype"},
        modification={"modifiee": "non"},
        prix={"versements": [{"nature": "solde", "montant": "9 000 €"}]},
    )
    return {
        **chosen(),
        f"{DOC}demande_de_modification": [own("demande_de_modification", "alpha")],
        f"{DOC}convention_tripartite": [own("convention_tripartite", "alpha"), second],
        f"{DOC}grille_de_suivi": [
            own("grille_de_suivi", "alpha"),
            {"prestataire": "beta", "stade": "vierge"},
        ],
    }


def mission(changes: dict[str, Any]) -> Mission:
    found = loaded(NOM, changes)
    assert isinstance(found, Mission)
    return found


def whole() -> dict[str, Any]:
    """What is common to both says what the second did, under the keys that it lends."""
    grid, report = f"{DOC}grille_de_suivi", f"{DOC}rapport_final"
    held = raw(NOM)["documents"]
    day = "28/10/2005"
    people = {"personnes": "Directeur"}
    made = {"prevu": people, "realise": {"dates": day, **people}, "commentaires": "Fait ce jour-là"}
    told = {"description": "Quatre pages", "remise_le": day}
    steps = [f"beta_e{number}" for number in (1, 2, 3)]
    return {
        **chosen(),
        f"{grid}.etapes": {**held["grille_de_suivi"]["etapes"], **dict.fromkeys(steps, made)},
        f"{report}.etapes": {
            **held["rapport_final"]["etapes"],
            **{step: {"commentaire": "Une séance de plus"} for step in steps},
        },
        f"{report}.productions": {
            **held["rapport_final"]["productions"],
            **{f"beta_p{number}": told for number in (1, 2, 3, 4)},
        },
    }


@pytest.mark.parametrize("profil", PROFILS)
def test_what_names_nobody_is_common_and_names_both(profil: str) -> None:
    assert bloquants(verdict(NOM, whole(), profil)) == ()
    convention = mission(whole()).premier(ConventionTripartite)
    assert convention is not None
    assert convention.prestataire.nom == "Cabinet Alpha Exemple et Coopérative Bêta Exemple"


def test_what_is_common_takes_up_the_steps_and_the_productions_of_both() -> None:
    held = mission(chosen())
    grid, report = held.premier(GrilleDeSuivi), held.premier(RapportFinal)
    note = held.premier(NoteMiParcours)
    assert grid is not None and report is not None and note is not None
    second = raw(NOM)["documents"]["proposition"][1]
    steps = [one["intitule"] for one in second["etapes"]]
    assert [step.intitule for step in grid.etapes][4:] == steps
    assert [step.intitule for step in note.avancement.etapes][4:] == steps
    assert [step.intitule for step in report.etapes][4:] == steps
    made = [one["intitule"] for one in second["productions"]]
    assert [row.intitule for row in report.productions][4:] == made
    assert {one.nom for one in report.intervenants} >= {"Claude Fictif", "Sacha Prototype"}


@pytest.mark.parametrize(
    ("chemin", "identifiant"),
    [
        ("grille_de_suivi.etapes[4].realise", "SUI-07"),
        ("rapport_final.etapes[4].commentaire", "RF-02"),
        ("rapport_final.productions[4].remise_le", "RX-22"),
    ],
)
def test_a_common_document_answers_for_the_second_too(chemin: str, identifiant: str) -> None:
    asked = {one.chemin: one for one in verdict(NOM, chosen(), "centre")}
    assert identifiant in asked[f"{DOC}{chemin}"].exigences
    assert f"{DOC}{chemin}" not in {one.chemin for one in verdict(NOM, whole(), "centre")}


def test_a_common_report_takes_up_the_grid_of_each() -> None:
    report = mission(each()).premier(RapportFinal)
    assert report is not None
    assert "Lecture croisée des rôles" in [step.intitule for step in report.etapes]


@pytest.mark.parametrize("profil", ["centre", "npdc"])
def test_a_common_grid_says_the_steps_of_both(profil: str) -> None:
    grid = f"{DOC}grille_de_suivi"
    other = {**chosen(), f"{grid}.etapes": {"beta_e1": {"intitule": "Autre chose"}}}
    told = [one for one in verdict(NOM, other, profil) if one.chemin == f"{grid}.etapes"]
    assert any(f"de celles de {BETA}" in one.message for one in told)
    assert f"{grid}.etapes" not in [one.chemin for one in verdict(NOM, whole(), profil)]
    assert "RX-07" not in named(verdict(NOM, whole(), profil))


def test_a_common_convention_has_the_price_of_both() -> None:
    price = f"{DOC}convention_tripartite.prix"
    both = {
        **chosen(),
        **SIMPLIFIEE,
        price: {"montant": "16 040 €", "versements": [{"nature": "solde"}]},
    }
    other = {**both, f"{price}.montant": "15 000 €"}
    assert "RX-32" not in named(verdict(NOM, both, "centre"))
    assert "RX-32" in named(verdict(NOM, other, "centre"))


@pytest.mark.parametrize("cle", ["alpha", "beta"])
def test_a_common_convention_that_says_the_price_of_one_is_handed_to_neither(cle: str) -> None:
    both = {f"{DOC}convention_tripartite.prix": {"montant": "16 040 €"}}
    for said, handed in ((dict[str, Any](), False), (both, True)):
        held = mission({**chosen(), **SIMPLIFIEE, **said})
        theirs = recipient.parts(held, recipient.recipient_of(held, f"prestataire:{cle}"), SEUIL)
        assert ("convention_tripartite" in {one.vu.slug() for one in theirs}) == handed


def test_each_has_the_documents_of_his_own_proposal() -> None:
    held = mission(each())
    first, second = held.tous(ConventionTripartite)
    assert [one.prestataire.nom for one in (first, second)] == [ALPHA, BETA]
    assert [str(one.prix.montant) for one in (first, second)] == ["7040.00", "9000.00"]
    grid = held.tous(GrilleDeSuivi)[1]
    assert grid.consultant.nom == "Sacha Prototype"
    assert grid.reference_convention == "DLA00-2005-07-C2"
    assert grid.etapes[0].intitule == "Lecture croisée des rôles"


@pytest.mark.parametrize(
    ("changes", "identifiant", "chemin"),
    [
        (
            {**SIMPLIFIEE, f"{DOC}convention_tripartite[1].prix.montant": "7 040 €"},
            "RX-32",
            f"{DOC}convention_tripartite[1].prix.montant",
        ),
        (
            {f"{DOC}grille_de_suivi[1].consultant": {"nom": "Claude Fictif"}},
            "RX-36",
            f"{DOC}grille_de_suivi[1].consultant",
        ),
        (
            {f"{DOC}grille_de_suivi[1].etapes": {"e1": {"intitule": "Autre chose"}}},
            "RX-07",
            f"{DOC}grille_de_suivi[1].etapes",
        ),
        (
            {f"{DOC}convention_tripartite": [own("convention_tripartite", "alpha")]},
            "PRO-10",
            f"{DOC}convention_tripartite.beta",
        ),
        (
            {f"{DOC}rapport_final": [own("rapport_final", "alpha")]},
            "PRO-13",
            f"{DOC}rapport_final.beta",
        ),
    ],
)
def test_each_is_judged_on_his_own(changes: dict[str, Any], identifiant: str, chemin: str) -> None:
    said = {**each(), **changes}
    before = {
        (key, one.chemin) for one in verdict(NOM, each(), "national") for key in one.exigences
    }
    found = {(key, one.chemin) for one in verdict(NOM, said, "national") for key in one.exigences}
    assert (identifiant, chemin) in found - before


def test_the_fiche_that_is_missing_says_whose_it_is() -> None:
    without = {**chosen(), f"{DOC}fiche_prestataire": [own("fiche_prestataire", "alpha")]}
    said = [one for one in verdict(NOM, without, "centre") if "RX-01" in one.exigences]
    assert [one.message.partition(" : ")[2] for one in said] == [
        "Un prestataire ne conduit pas de mission s'il n'a pas rempli au préalable sa fiche : "
        "celle de Coopérative Bêta Exemple manque (documents.fiche_prestataire)."
    ]
    bare = {f"{DOC}fiche_prestataire[0].caracteristiques.zones": None}
    paid = [one for one in verdict(NOM, bare, "npdc") if "RX-02" in one.exigences]
    assert "à celle de Cabinet Alpha Exemple il manque : les secteurs géographiques" in (
        paid[0].message
    )


def test_neither_is_told_that_he_lost() -> None:
    both = {**chosen(), f"{DOC}notification_de_choix": [{"prestataire": "beta"}]}
    told = mission(both).premier(NotificationDeChoix)
    assert told is not None and str(told.resultat) == "ResultatDuChoix.RETENU"
    assert not {"PRO-08", "PRO-23"} & named(verdict(NOM, chosen(), "national"))


@pytest.mark.lent
def test_the_dossier_has_the_convention_of_each(tmp_path: Path) -> None:
    held = mission({**each(), "operateur": {"nom": "DLA 00"}})
    made = make_dossier(held, tmp_path, brouillon=True)
    names = [path.name for path in made.fichiers if "Convention" in path.name]
    assert [name.split(" – ", 2)[2] for name in names] == [
        "Convention tripartite – Cabinet Alpha Exemple.docx",
        "Convention tripartite – Coopérative Bêta Exemple.docx",
    ]


# The forms of each, and what comes back with them.


REPONSES = {  # what the second one answers, in a form of his own
    "grille_de_suivi": "etapes[0].prevu.personnes",
    "enquete_prestataire": "observations",
    "demande_de_modification": "demande.constat",
    "convention_tripartite": "engagements.prestataire",
    "rapport_final": "effets",
    "proposition": "modalites.methodologie",
}
TENUES = ("rapport_final", "enquete_prestataire", "demande_de_modification")


def on_disk(folder: Path, changes: dict[str, Any]) -> Path:
    """The mission, beside what it cites."""
    shutil.copytree(sample_path(NOM).parent, folder / "essai")
    path = folder / "essai" / "deux.yaml"
    said = patched(raw(NOM), changes)
    path.write_text(yaml.dump(said, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")
    return path


def form_of(path: Path, slug: str, nom: str, role: Role = Role.PRESTATAIRE) -> bytes:
    """His form, among those that the mission makes for each."""
    held = load_mission(path)
    [mine] = [docx for name, docx in trames(slug, held, role) if nom in name]
    return mine


def parts(path: Path, slug: str) -> dict[str, Any]:
    """What the file says of each, in that kind."""
    rows = yaml.load(path.read_bytes(), Loader=yaml.CBaseLoader)["documents"][slug]
    return {one["prestataire"]: one for one in rows}


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize(
    "slug", [slug if slug == "grille_de_suivi" else long(slug) for slug in REPONSES]
)
def test_the_form_of_the_second_comes_back_to_his_own_part(
    slug: str, lost: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blank = {f"{DOC}{one}": [own(one, "alpha"), own(one, "beta")] for one in TENUES}
    changes = {**each(), **blank, f"{DOC}proposition[1].modalites.methodologie": None}
    path, tag = on_disk(tmp_path, changes), REPONSES[slug]
    before = parts(path, slug)
    form = fill(form_of(path, slug, BETA), {tag: "Ce que dit la coopérative."})
    back = tmp_path / "retour.docx"
    back.write_bytes(without_data(form) if lost else form)
    run(["lire", str(back), "--dans", str(path), "--forcer", tag])
    after = parts(path, slug)
    assert after["alpha"] == before["alpha"], capsys.readouterr()
    assert "Ce que dit la coopérative." in str(after["beta"])


def test_the_forms_of_both_come_back_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blank = {f"{DOC}{one}": [own(one, "alpha"), own(one, "beta")] for one in TENUES}
    slug, tag = "grille_de_suivi", REPONSES["grille_de_suivi"]
    path = on_disk(tmp_path, {**each(), **blank})
    for name, who in (("a", ALPHA), ("b", BETA)):
        form = fill(form_of(path, slug, who), {tag: f"Ce que dit {who}."})
        (tmp_path / f"{name}.docx").write_bytes(form)
    both = [str(tmp_path / f"{name}.docx") for name in "ba"]
    run(["reunir", *both, "--dans", str(path), "--forcer", tag])
    after = parts(path, slug)
    assert f"Ce que dit {ALPHA}." in str(after["alpha"]), capsys.readouterr()
    assert f"Ce que dit {BETA}." in str(after["beta"])
    assert BETA not in str(after["alpha"])


def test_the_second_receives_his_form_before_the_mission_holds_it(tmp_path: Path) -> None:
    first_alone = {**each(), f"{DOC}grille_de_suivi": [own("grille_de_suivi", "alpha")]}
    path = on_disk(tmp_path, first_alone)
    form = form_of(path, "grille_de_suivi", BETA)
    back = tmp_path / "retour.docx"
    back.write_bytes(fill(form, {"etapes[0].prevu.personnes": "Trois salariées"}))
    run(["lire", str(back), "--dans", str(path)])
    after = parts(path, "grille_de_suivi")
    assert after["alpha"] == own("grille_de_suivi", "alpha")
    assert "Trois salariées" in str(after["beta"])
    grid = load_mission(path).tous(GrilleDeSuivi)[1]
    assert grid.etapes[0].intitule == "Lecture croisée des rôles"  # of his own proposal


def test_a_single_form_does_not_guess_whose_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, target = on_disk(tmp_path, each()), tmp_path / "suivi.docx"
    asked = ["trame", "grille_de_suivi", "-o", str(target), "--mission", str(path)]
    assert run(asked) == 2 and not target.exists()
    said = " ".join(capsys.readouterr().err.split())
    assert ALPHA in said and BETA in said and "Donnez un dossier à « -o »" in said


@pytest.mark.parametrize("profil", PROFILS)
def test_the_price_of_one_is_not_that_of_both(profil: str) -> None:
    place = f"{DOC}convention_tripartite.prix.montant"
    assert place in [one.chemin for one in verdict(NOM, chosen(), profil)]
    summed = {**chosen(), f"{DOC}convention_tripartite.prix": {"montant": "16 040 €"}}
    for changes in (each(), summed):
        assert not [one for one in verdict(NOM, changes, profil) if one.chemin.endswith("montant")]
