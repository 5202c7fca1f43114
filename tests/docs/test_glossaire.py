"""Le glossaire : il nomme tous les documents que les guides demandent, et aucun champ qui n'existe
pas.
"""

from __future__ import annotations

import re

import dla_docs
from dla_docs.manual.api import functions
from dla_docs.mission import Mission
from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import Stade
from dla_docs.model.requirement import Role, referentiel
from dla_docs.registry import DOCUMENTS
from tests.docs.pages import ROOT, pages

PAGE = (ROOT / "docs" / "glossaire.md").read_text(encoding="utf-8")


def column(title: str) -> list[str]:
    """La première colonne du tableau d'un chapitre."""
    chapter = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return [row.split("|")[1].strip(" `") for row in chapter.splitlines() if row.startswith("|")][
        2:
    ]


def test_every_document_of_the_guides_is_named() -> None:
    asked = {slug for exigence in referentiel().values() for slug in exigence.documents} - {
        "mission",
        "documents",
    }
    assert sorted(column("Les documents")) == sorted(asked)


def test_every_shared_field_exists() -> None:
    models: list[type[Bloc]] = [Mission, *DOCUMENTS.values()]
    names = {node.name for model in models for node in model.schema_node().walk()}
    assert set(column("Les champs partagés")) <= names


def test_roles_and_stades_are_those_of_the_code() -> None:
    words = {row.split("|")[1].strip(): row for row in PAGE.splitlines() if row.startswith("| ")}
    assert re.findall(r"`(\w+)`", words["rôle"]) == [role.value for role in Role]
    stades: type[Stade] | None = DOCUMENTS["grille_de_suivi"].stades
    assert re.findall(r"`(\w+)`", words["stade"]) == [str(stade) for stade in stades or ()]


def test_every_command_has_its_gesture_and_every_function_its_command() -> None:
    manual = (ROOT / "docs" / "commandes.md").read_text(encoding="utf-8")
    title = "Les commandes et les fonctions"
    assert column(title) == re.findall(r"^## `dla-docs ([^`]+)`$", manual, flags=re.MULTILINE)
    rows = PAGE.partition(f"\n## {title}\n")[2].split("\n| ")[2:]
    named = {name for row in rows for name in re.findall(r"`([\w.]+)`", row.split("|")[1])}
    assert named <= {*functions(), *dla_docs.__all__}
    told = set(re.findall(r"`(\w[\w.]*)`", PAGE.partition(f"\n## {title}\n")[2]))
    assert {name for name in functions() if not name.endswith((".close", ".load"))} <= told


def test_every_requirement_that_a_page_cites_exists() -> None:
    cited = {
        (path.name, found)
        for path in pages()
        for found in re.findall(r"\b[A-Z]{2,4}-\d{2}\b(?!-)", path.read_text(encoding="utf-8"))
    }
    assert {
        place
        for place in cited
        if place[1] not in referentiel() and not place[1].startswith(("DLA", "UTF"))
    } == set()
