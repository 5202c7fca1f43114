"""Le retour dans la mission : seules les réponses changent, quelle que soit la façon dont le
fichier est écrit.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dla_docs import DlaDocsError, GrilleDeSuivi, Mission, load
from dla_docs.forms import Lecture
from dla_docs.forms.reader import Changement
from dla_docs.model.document import Document
from dla_docs.writing_back.writing import write_back

TETE = (
    "document: mission  # tête\noperateur:\n  nom: DLA 00  # gardé\n  charge_de_mission: "
    "Dominique Exemple\ndocuments:\n"
)
ETAPES = {
    "liste": (
        "  grille_de_suivi:\n    etapes:\n      - {intitule: A, objectif: B}\n      - intitule: C "
        " # deuxième\n        objectif: D\n"
    ),
    "par clé": (
        "  grille_de_suivi:\n    etapes:\n      e1: {intitule: A, objectif: B}\n      e2:  # "
        "deuxième\n        intitule: C\n        objectif: D\n"
    ),
}


def written(folder: Path, body: str, *changes: tuple[str, str], name: str = "mission.yaml") -> Path:
    """A mission file, and answers written into it."""
    path = folder / name
    path.write_text(TETE + body, encoding="utf-8")
    write_back(reading(path, *changes), path)
    return path


def reading(path: Path, *changes: tuple[str, str]) -> Lecture:
    loaded = load(path)
    assert isinstance(loaded, Mission)
    document = next((one for documents in loaded.documents.values() for one in documents), None)
    assert isinstance(document, Document)
    return Lecture(document, tuple(Changement(path, path, "", value) for path, value in changes))


def grid(path: Path) -> object:
    loaded = load(path)
    assert isinstance(loaded, Mission)
    return loaded.premier(GrilleDeSuivi)


@pytest.mark.parametrize("style", ETAPES)
def test_rows_are_found_by_key_or_by_place(style: str, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ETAPES[style],
        ("etapes[1].realise.dates", "12/03/2013"),
        ("etapes[1].commentaires", "Deux lignes\net demie"),
    )
    first, second = grid(path).etapes  # type: ignore[attr-defined]  # the kind is known
    assert (first.commentaires, second.commentaires) == (None, "Deux lignes\net demie")
    assert f"{second.realise.dates.debut:%d/%m/%Y}" == "12/03/2013"
    text = path.read_text(encoding="utf-8")
    assert all(comment in text for comment in ("# tête", "# gardé", "# deuxième"))


def test_a_part_written_as_a_plain_text_keeps_that_text(tmp_path: Path) -> None:
    body = "  grille_de_suivi:\n    consultant: Claude Fictif\n    etapes: [{intitule: A}]\n"
    path = written(tmp_path, body, ("consultant.fonction", "Consultant"))
    assert (grid(path).consultant.nom, grid(path).consultant.fonction) == (  # type: ignore[attr-defined]
        "Claude Fictif",
        "Consultant",
    )


def test_an_answer_taken_back_leaves_no_trace(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "  grille_de_suivi:\n    etapes: [{intitule: A, commentaires: Oui}]\n",
        ("etapes[0].commentaires", ""),
    )
    assert grid(path).etapes[0].commentaires is None  # type: ignore[attr-defined]  # the kind is known


TEXTES = [
    "12:30",
    "oui",
    "- tiret",
    "# dièse",
    "a: b",
    "'",
    '"',
    "{{ x }}",
    "null",
    "~",
    "007",
    "@",
    "%",
    "été « œuvre »",
    "x\n\n  y",
]


@pytest.mark.parametrize("answer", TEXTES)
def test_any_text_comes_back_as_it_was_written(answer: str, tmp_path: Path) -> None:
    path = written(tmp_path, ETAPES["liste"], ("etapes[0].commentaires", answer))
    assert grid(path).etapes[0].commentaires == answer  # type: ignore[attr-defined]  # the kind is known


def test_a_part_held_by_another_file_is_written_in_that_file(tmp_path: Path) -> None:
    (tmp_path / "presta.yaml").write_text("nom: Alpha  # le cabinet\n", encoding="utf-8")
    body = "  grille_de_suivi:\n    prestataire: presta.yaml\n    etapes: [{intitule: A}]\n"
    path = written(tmp_path, body, ("prestataire.nom", "Bêta"))
    assert path.read_text(encoding="utf-8") == TETE + body
    assert (tmp_path / "presta.yaml").read_text(encoding="utf-8") == "nom: Bêta  # le cabinet\n"


def test_a_fact_of_the_mission_is_written_in_the_mission(tmp_path: Path) -> None:
    path = written(
        tmp_path, ETAPES["liste"], ("operateur.charge_de_mission.nom", "Camille Exemple")
    )
    text = path.read_text(encoding="utf-8")
    assert "  charge_de_mission: Camille Exemple\n" in text
    assert text.replace("Camille Exemple", "Dominique Exemple") == TETE + ETAPES["liste"]


def test_nothing_is_written_when_the_result_would_not_load(tmp_path: Path) -> None:
    path = tmp_path / "mission.yaml"
    path.write_text(TETE + ETAPES["liste"], encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(DlaDocsError):
        write_back(reading(path, ("etapes[0].realise.dates", "hier")), path)
    assert path.read_bytes() == before


def test_une_reponse_tapee_autrement_qu_elle_ne_s_imprime_est_la_meme(tmp_path: Path) -> None:
    """La mission imprime « 12/03/2013 » : ce n'est pas une autre réponse."""
    path = tmp_path / "mission.yaml"
    path.write_text(TETE + ETAPES["liste"], encoding="utf-8")
    changes = (("etapes[0].realise.dates", "le 12 mars 2013"), ("etapes[1].objectif", "D'autres"))
    assert not write_back(reading(path, *changes), path)
    first, second = grid(path).etapes  # type: ignore[attr-defined]
    assert f"{first.realise.dates.debut:%d/%m/%Y}" == "12/03/2013"
    assert second.objectif == "D'autres"
