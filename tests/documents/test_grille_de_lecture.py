"""Ce qui est propre à la grille de lecture : ses colonnes, ses notes facultatives, ses critères
selon la région, son extrait.
"""

from __future__ import annotations

import json
import unicodedata
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from dla_docs import GrilleDeLecture, check, load, render
from dla_docs.cli.application import run
from dla_docs.errors import InputError
from dla_docs.pipeline import load_extrait
from dla_docs.resources import sample_path
from dla_docs.word.names import W
from dla_docs.word.package import open_package, parse_part
from dla_docs.word.page import text_of
from tests.corpus import patched
from tests.documents.verdict import loaded, mission, named, paths, raw, tenu, verdict

SLUG = "grille_de_lecture"
GRILLE = f"documents.{SLUG}."


def column(count: int) -> list[dict[str, Any]]:
    return [
        {"cle": f"p{number}", "nom": f"Cabinet {number}", "qualite": {"enjeux": f"Avis {number}"}}
        for number in range(1, count + 1)
    ]


def page_of(document: Any, profil: str = "centre", brouillon: bool = False) -> etree._Element:
    return parse_part(
        open_package(render(document, profil, brouillon=brouillon))["word/document.xml"],
        "word/document.xml",
    )


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
def test_there_is_one_column_per_prestataire(count: int) -> None:
    root = page_of(loaded(SLUG, {"projets": column(count)}), brouillon=True)
    grid = next(
        table for table in root.iter(f"{W}tbl") if "Appréciation du projet" in text_of(table)
    )
    assert {len(row.findall(f"{W}tc")) for row in grid.findall(f"{W}tr")} == {count + 1}
    assert len(list(grid.iter(f"{W}gridCol"))) == count + 1
    text = text_of(root)
    assert all(
        f"Avis {number}" in text and f"Cabinet {number}" in text for number in range(1, count + 1)
    )


@pytest.mark.parametrize(
    ("profil", "shown", "hidden"),
    [
        ("centre", "respect de l'échéance", "Durée d'intervention"),
        ("npdc", "Durée d'intervention", "respect de l'échéance"),
    ],
)
def test_the_page_shows_the_criteria_of_the_region(profil: str, shown: str, hidden: str) -> None:
    text = text_of(
        page_of(loaded(SLUG, {"projets": [{"nom": "Cabinet"}]}), profil, brouillon=True)
    ).replace("’", "'")
    assert shown in text and hidden not in text


def test_a_criterion_that_one_project_alone_answers_is_printed_wherever_it_is_asked() -> None:
    projects = [{"nom": "Un"}, {"nom": "Deux", "selection": {"duree": "Six jours."}}]
    assert "Six jours." in text_of(
        page_of(loaded(SLUG, {"projets": projects}), "centre", brouillon=True)
    )


def test_the_four_criteria_of_the_collective_are_for_the_collective_alone() -> None:
    missions: dict[str, Any] = {
        one: load(sample_path(f"mission_{one}")) for one in ("individuelle", "collective")
    }
    held = {
        one: text_of(page_of(known.premier(GrilleDeLecture), "national"))
        for one, known in missions.items()
    }
    assert (
        "phases de rencontres collectives" in held["collective"]
        and "phases de rencontres collectives" not in held["individuelle"]
    )
    found = check(mission("collective", {f"{GRILLE}projets.gamma.partenariat": None}), "national")
    assert {"EC-13", "EC-14", "EC-15", "EC-16"} == named(found)


def test_the_columns_are_the_propositions_received_or_the_retained_one() -> None:
    assert [
        project.nom
        for project in tenu(mission("individuelle", {}).premier(GrilleDeLecture)).projets
    ] == [
        "Cabinet Alpha Exemple",
        "Coopérative Bêta Exemple",
    ]
    assert [
        project.cle for project in tenu(mission("simplifiee", {}).premier(GrilleDeLecture)).projets
    ] == ["alpha"]


@pytest.mark.parametrize(
    ("notes", "poids", "expected"),
    [
        ({}, [], None),
        ({"enjeux": 4}, [], "4.00"),
        ({"enjeux": 4, "coherence": 2}, [], "3.00"),
        ({"enjeux": 4, "coherence": 1}, [{"critere": "qualite.enjeux", "poids": 2}], "3.00"),
        (
            {"enjeux": 4, "coherence": 1},
            [{"critere": "Compréhension des enjeux et de la problématique", "poids": 2}],
            "3.00",
        ),
        ({"enjeux": 4, "coherence": 2}, [{"critere": "QUALITE DE LA REPONSE", "poids": 5}], "3.00"),
        ({"enjeux": 4}, [{"critere": "qualite", "poids": 0}], None),
    ],
)
def test_the_mark_is_the_weighted_mean(
    notes: dict[str, int], poids: list[dict[str, Any]], expected: str | None
) -> None:
    qualite = {name: {"appreciation": "Avis", "note": note} for name, note in notes.items()}
    grid = GrilleDeLecture.model_validate(
        {"projets": [{"nom": "Cabinet", "qualite": qualite}], "poids": poids}
    )
    mark = grid.note_ponderee(grid.projets[0])
    assert (mark and str(mark)) == expected


def test_a_mark_that_does_not_add_up_or_a_weight_of_nothing_is_said() -> None:
    found = verdict(SLUG, {"projets[0].note_globale": "1", "poids[0].critere": "la météo"})
    assert set(paths(found)) >= {"projets[0].note_globale", "poids[0].critere"}
    assert "la météo" in " ".join(map(str, found))


def test_the_choice_is_not_asked_while_the_projects_are_read() -> None:
    assert verdict(SLUG, {"concertation": None, "stade": "lecture"}) == []
    assert named(verdict(SLUG, {"concertation": None, "stade": "choix"}, "npdc")) == {"GL-21"}


SECRETS = (
    "Delta",
    "Quatre étapes",
    "est détaillé",
    "testée avec les administrateurs",
    "connaît le métier",
    "prépare l'équipe",
    "Préciser qui rédige",
)


def everything(docx: bytes) -> str:
    """Every part of the file, embedded files and metadata included, accents aside."""
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        parts = [
            (entry.filename, entry.comment, archive.read(entry)) for entry in archive.infolist()
        ]
        said = archive.comment
    text = " ".join(
        [
            said.decode(),
            *(
                f"{name} {comment!r} {data.decode('utf-8', 'replace')}"
                for name, comment, data in parts
            ),
        ]
    )
    return folded(text)


def folded(text: str) -> str:
    return "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
        if not unicodedata.combining(letter)
    )


@pytest.mark.parametrize("source", [SLUG, "mission"])
def test_an_extract_shows_nothing_of_the_others_in_any_part_of_the_file(
    source: str, tmp_path: Path
) -> None:
    path, key = (
        (sample_path(SLUG), "epsilon")
        if source == SLUG
        else (sample_path("mission_individuelle"), "beta")
    )
    output = tmp_path / "extrait.docx"
    assert run(["extrait", str(path), key, "-o", str(output)]) == 0
    shown = everything(output.read_bytes())
    held: Any = load(path)
    loaded_grid = held if source == SLUG else held.premier(GrilleDeLecture)
    others = [project for project in loaded_grid.projets if project.cle != key]
    own = next(project for project in loaded_grid.projets if project.cle == key)
    assert folded(own.nom) in shown and folded(own.qualite.enjeux.appreciation) in shown
    hidden = [text for project in others for text in texts(project.model_dump())] + list(
        texts(loaded_grid.concertation.model_dump())
    )
    own_texts = set(texts(own.model_dump()))
    assert len(hidden) > 15
    assert [
        text for text in hidden if text not in own_texts and len(text) > 4 and folded(text) in shown
    ] == []
    if source == SLUG:
        assert [secret for secret in SECRETS if folded(secret) in shown] == []


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    return [value] if isinstance(value, str) else []


def test_an_extract_that_names_another_is_refused() -> None:
    grid = loaded(
        SLUG,
        {
            "projets[1].commentaires": "Moins bien que le CABINET  Delta Exemple.",
            "projets[1].couts.jours": "Comme Cabinet Delta Exemple",
        },
    )
    with pytest.raises(InputError) as refused:
        grid.vu_par("epsilon")
    assert "projets[1].couts.jours.appreciation" in {
        constat.chemin for constat in refused.value.constats
    }
    assert len(refused.value.constats) == 2


def test_an_unknown_key_is_told_the_known_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["extrait", str(sample_path(SLUG)), "zeta", "-o", str(tmp_path / "x.docx")]) == 2
    told = "delta (Cabinet Delta Exemple), epsilon (Atelier Epsilon Exemple)"
    assert told in capsys.readouterr().err
    assert not (tmp_path / "x.docx").exists()


DEUX_EPSILON = {"projets[0].nom": "Épsilon SARL", "projets[1].nom": "EPSILON"}


@pytest.mark.parametrize(
    ("said", "changed", "expected"),
    [
        ("SARL ATELIER épsilon exemple", {}, "epsilon"),
        ("Scop Epsilon", DEUX_EPSILON, "« Scop Epsilon » peut être plusieurs des prestataires"),
        ("delta", {}, "delta"),
    ],
)
def test_an_extract_is_asked_by_key_or_name(
    tmp_path: Path, said: str, changed: dict[str, Any], expected: str
) -> None:
    source = tmp_path / "grille.yaml"
    source.write_text(json.dumps(patched(raw(SLUG), changed)), encoding="utf-8")
    try:
        told = load_extrait(source, said).projets[0].cle  # type: ignore[attr-defined]  # the kind is known
    except InputError as error:
        told = str(error)
    assert told is not None and told.startswith(expected)


@pytest.mark.parametrize("said", ["000 000 026 00013", "cooperative beta exemple", "beta"])
def test_the_extract_of_a_mission_is_asked_by_siret_too(said: str) -> None:
    view = load_extrait(sample_path("mission_individuelle"), said)
    assert view.nom_distinctif == "Coopérative Bêta Exemple"


def test_in_a_mission_what_it_notices_of_itself_says_the_whole_way() -> None:
    place = "documents.grille_de_lecture.poids"
    found = verdict("mission_individuelle", {place: [{"critere": "Humour", "poids": "2"}]})
    assert [one.chemin for one in found] == [f"{place}[0].critere"]
    assert f"({place}[0].critere)." in found[0].message


def test_before_the_choice_the_simplified_grid_names_whom_the_complete_file_went_to() -> None:
    """Sa colonne n'avait pas de nom, et l'extrait se nommait de sa clé."""
    asked = {"mise_en_concurrence.retenu": None, "documents.notification_de_choix": None}
    grid = tenu(mission("simplifiee", asked).premier(GrilleDeLecture))
    assert [one.nom for one in grid.projets] == ["Cabinet Alpha Exemple"]
