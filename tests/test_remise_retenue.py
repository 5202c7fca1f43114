"""Ce qu'un dossier remis retient : le document dont un texte dit ce que son destinataire n'a pas à
lire, lui seul, et l'endroit de la mission où le récrire.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dla_docs import InputError, Mission
from dla_docs.cli.application import run
from dla_docs.dossier import make_dossier
from dla_docs.dossier.recipient import parts, recipient_of
from dla_docs.stages.loading import load_mission
from dla_docs.word.package import open_package, parse_part
from tests import as_keyed
from tests.documents.verdict import loaded, verdict
from tests.every_part import everything, flat
from tests.test_destinataire import found_in
from tests.test_deux_retenus import chosen
from tests.test_dossier import changed

BETA = "Cabinet Bêta Exemple"
NAMED = f"Le {BETA} l'aurait fait aussi."
SIMPLIFIEE = "mission_simplifiee"


def in_its_column(data: Any) -> None:
    """Bêta, citée dans la colonne d'Alpha."""
    data["documents"]["grille_de_lecture"]["projets"]["alpha"]["commentaires"] = NAMED
    named_beta(data)


def in_the_header(data: Any) -> None:
    """Bêta, citée dans ce que la mission dit de la structure."""
    data["structures"][0]["activite"] = NAMED
    named_beta(data)


def named_beta(data: Any) -> None:
    data["mise_en_concurrence"]["sollicites"][1]["prestataire"] = {"nom": BETA}


def line_saying(path: Path, key: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(rank for rank, line in enumerate(lines, 1) if f"{key}: Le Cabinet" in line)


def page_of(path: Path) -> str:
    parts = open_package(path.read_bytes())
    return flat("".join(map(str, parse_part(parts["word/document.xml"], "").itertext())))


@pytest.mark.parametrize(
    ("change", "key", "words", "chemin", "held"),
    [
        (
            in_its_column,
            "commentaires",
            "Les projets, ligne 1 › Autres commentaires",
            "documents.grille_de_lecture.projets[0].commentaires",
            ("Grille de lecture",),
        ),
        (
            in_the_header,
            "activite",
            "Structures bénéficiaires, ligne 1 › Activité",
            "structures[0].activite",
            ("Grille de lecture", "Notification de choix"),
        ),
    ],
)
def test_a_competitor_who_is_named_holds_back_that_document_and_no_other(
    change: Callable[[Any], None],
    key: str,
    words: str,
    chemin: str,
    held: tuple[str, ...],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mission, where = changed(SIMPLIFIEE, tmp_path / "m", change), tmp_path / "d"
    assert run(["dossier", str(mission), "-o", str(where), "--destinataire", "prestataire"]) == 1
    said = as_keyed(capsys.readouterr().err)
    assert f"{mission}, ligne {line_saying(mission, key)}" in said
    assert words in said and f"({chemin})" in said
    kept = json.loads((where / "manifeste.json").read_text(encoding="utf-8"))
    whys = {one["nom"]: one["raisons"] for one in kept["pas_produits"]}
    for title in held:
        assert any(title in name for name in whys)
        assert not [path for path in where.iterdir() if title in path.name]
    told = ["Retenu : un de ses textes dit ce que ce destinataire n'a pas à lire"]
    assert all(why == told for why in whys.values())
    assert flat(told[0]) in page_of(where / "00 – Sommaire.docx")
    assert found_in(where, (BETA, "l'aurait fait aussi")) == []
    assert [path for path in where.iterdir() if "Appel à compétences" in path.name]


def test_a_structure_that_only_a_held_back_document_names_is_named_nowhere(tmp_path: Path) -> None:
    """Procédure simplifiée : la notification de Bêta la nommerait, et elle est retenue."""

    def told(data: Any) -> None:
        named_beta(data)
        said = {"prestataire": "beta", "message": "Le Cabinet Alpha Exemple a été choisi."}
        data["documents"]["notification_de_choix"].append({**said, "date": "10/10/2013"})

    mission = changed(SIMPLIFIEE, tmp_path / "m", told)
    made = make_dossier(mission, tmp_path / "d", destinataire="prestataire:beta")
    assert ["Notification" in name for name, _ in made.refus] == [True]
    assert found_in(tmp_path / "d", ("Exemple du Jardin partagé", "Alpha")) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"Le {BETA} proposait mieux.", "citerait un prestataire sollicité, « Cabinet"),
        ("Le retenu demandait 7 040 €.", "citerait un prix d'un prestataire sollicité, « 7"),
        ("Un autre demandait 9 321 €.", "citerait un prix d'un prestataire sollicité, « 9"),
        ("Joindre la présidente au 02 61 91 00 50.", "le téléphone (dirigeant(e)"),
        ("Écrire à Presidence.Insertion@example.org", "le courriel (dirigeant(e)"),
        ("Claude Fictif et le Cabinet Alpha Exemple ont conduit la mission.", ""),
    ],
)
def test_the_committee_reads_in_no_text_what_its_fields_hide(
    text: str, said: str, tmp_path: Path
) -> None:
    made = committee(text, tmp_path)
    faults = [one.message for _, error in made.refus for one in error.constats]
    assert [said in one for one in faults][:1] == ([True] if said else [])
    assert all("(documents.suivi_post_accompagnement." in one for one in faults)
    if said:
        assert not any(flat(text) in flat(one) for _, one in everything(tmp_path / "d"))


def test_the_verdict_of_what_is_handed_says_that_it_is_of_no_more(tmp_path: Path) -> None:
    """Ce qui manque à la mission n'est pas de ce que lit le comité : rien de ce qu'il reçoit n'est
    en faute, et la mission n'est pas dite conforme.
    """

    def unread(data: Any) -> None:
        del data["documents"]["grille_de_lecture"]["projets"]["beta"]

    path = changed("mission_individuelle", tmp_path / "m", unread)
    said = {}
    for who in ("archive", "comite"):
        make_dossier(path, tmp_path / who, destinataire=who)
        pages = [tmp_path / who / f"{name}.docx" for name in ("00 – Sommaire", "conformite")]
        said[who] = "".join(map(page_of, pages))
        proof = json.loads((tmp_path / who / "conformite.json").read_text(encoding="utf-8"))
        assert proof["destinataire"] == (None if who == "archive" else who)
    assert said["archive"].count(flat("Non conforme au profil « Centre »")) == 2
    assert flat("Ce qui est remis") not in said["archive"]
    assert said["comite"].count(flat("Ce qui est remis est conforme au profil « Centre »")) == 2
    assert said["comite"].count(flat("Ce que la mission tient d'autre n'est pas jugé ici.")) == 2


def committee(text: str, folder: Path) -> Any:
    """Le dossier du comité d'une mission dont le suivi dit cela ; peu de documents."""

    def told(data: Any) -> None:
        data["mise_en_concurrence"]["sollicites"][1]["prestataire"] = {"nom": BETA}
        held = data["documents"]
        held["proposition"][1]["budget"]["montant"] = "9 321 €"
        kinds = ("proposition", "suivi_post_accompagnement")
        data["documents"] = {kind: held[kind] for kind in kinds}
        data["documents"]["suivi_post_accompagnement"][0]["appropriation"]["appreciation"] = text

    mission = changed("mission_individuelle", folder / "m", told)
    return make_dossier(mission, folder / "d", destinataire="comite")


def test_a_survey_that_does_not_say_whose_it_is_goes_to_neither_of_two_who_are_chosen() -> None:
    """Chacun y répond de son côté : les mots de l'un ne sont pas à lire par l'autre."""
    place = "documents.enquete_prestataire"
    for said, readers in ((chosen(), {"dla"}), ({}, {"dla", "prestataire:alpha"})):
        mission = loaded("mission_individuelle", said)
        assert isinstance(mission, Mission)
        asked = ("dla", "prestataire:alpha", "prestataire:beta")
        assert readers == {one for one in asked if "enquete_prestataire" in kinds(mission, one)}
        told = [one.message for one in verdict("mission_individuelle", said) if place in one.chemin]
        assert any("d'un seul des prestataires retenus" in one for one in told) is bool(said)


def kinds(mission: Mission, to: str) -> set[str]:
    return {part.vu.slug() for part in parts(mission, recipient_of(mission, to), 5)}


def test_a_folder_that_does_not_say_of_which_mission_it_is_is_not_written_over(
    tmp_path: Path,
) -> None:
    """Ni référence, ni structure dans ce que lit un consulté."""
    mission = load_mission(changed(SIMPLIFIEE, tmp_path / "m", unsaid))
    other = load_mission(changed(SIMPLIFIEE, tmp_path / "n", another))
    for _ in range(2):
        make_dossier(mission, tmp_path / "d", destinataire="prestataire:beta")
    held = {path.name: path.read_bytes() for path in (tmp_path / "d").iterdir()}
    with pytest.raises(InputError, match="peut-être celui d'une autre"):
        make_dossier(other, tmp_path / "d", destinataire="prestataire:beta")
    assert {path.name: path.read_bytes() for path in (tmp_path / "d").iterdir()} == held


def unsaid(data: Any) -> None:
    del data["reference"]


def another(data: Any) -> None:
    unsaid(data)
    for call in data["documents"]["appel_a_competences"]:
        call["contexte"]["problematique"] = "Deux associations voisines veulent se réunir."
