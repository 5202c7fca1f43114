"""Les rôles : chacun n'a d'ouvert que ses champs,
et voit les autres tels qu'ils sont, verrouillés."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from dla_docs import DOCUMENTS, Mission, load
from dla_docs.annexes.controle import FicheDeControle
from dla_docs.errors import InputError
from dla_docs.forms.blank_form import avant_l_envoi, form, open_paths, trame, trames
from dla_docs.manual.pages import ROLES
from dla_docs.model.document import Document
from dla_docs.model.node import schema_path
from dla_docs.model.requirement import Role
from dla_docs.profils.loading import load_profil
from dla_docs.registry import FORMULAIRES
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_mission
from dla_docs.word.answers import controls_in
from dla_docs.word.boxes import path_of
from dla_docs.word.names import W
from dla_docs.word.package import open_package
from tests import as_keyed, one_in
from tests.docs.pages import ROOT
from tests.word_forms import parts_of

KINDS = tuple(FORMULAIRES)


@cache
def sample(slug: str) -> Document:
    if slug == "controle":
        return FicheDeControle.de(DOCUMENTS["proposition"], load_profil("national"))
    loaded = load(sample_path("mission_individuelle" if slug == "mission" else slug))
    assert isinstance(loaded, Document)
    return loaded


@cache
def sent(slug: str, role: Role | None) -> bytes:
    """The sample, as a form for this role; of what each sees apart, the first."""
    document = sample(slug)
    view = document.vues(role.value)[0] if role else document
    return form(view, role, load_profil("national"))


def fillers(slug: str) -> list[Role]:
    return [role for role in Role if open_paths(type(sample(slug)), role)]


def shown(docx: bytes) -> dict[str, str]:
    """What each control shows, the invitation to fill it aside."""
    return {control.tag: control.text for control in controls_in(open_package(docx))}


def locks(docx: bytes) -> dict[str, str]:
    parts = parts_of(docx)
    roots = [
        etree.fromstring(data)
        for name, data in parts.items()
        if name.startswith(("word/document", "word/header", "word/footer"))
    ]
    found = [sdt.find(f"{W}sdtPr") for root in roots for sdt in root.iter(f"{W}sdt")]
    properties = [one for one in found if one is not None and one.find(f"{W}tag") is not None]
    return {
        path_of(str(one.find(f"{W}tag").get(f"{W}val"))): str(one.find(f"{W}lock").get(f"{W}val"))  # type: ignore[union-attr]
        for one in properties
    }


@pytest.mark.parametrize("slug", one_in(3, KINDS))
def test_only_the_fields_of_the_role_are_open(slug: str) -> None:
    node = type(sample(slug)).schema_node()
    for role in fillers(slug):
        found = locks(sent(slug, role))
        expected = {tag: role.value in node.find(tag).roles for tag in found if node.find(tag)}  # type: ignore[union-attr]  # found just before
        assert {
            tag: lock == "sdtLocked" for tag, lock in found.items() if tag in expected
        } == expected
        assert {lock for tag, lock in found.items() if not expected.get(tag)} <= {
            "sdtContentLocked"
        }


@pytest.mark.parametrize("slug", one_in(3, KINDS))
def test_every_role_sees_what_the_document_holds(slug: str) -> None:
    """What is hidden from a role is empty in its form; the rest is there."""
    everything, root = shown(sent(slug, None)), type(sample(slug)).schema_node()
    assert any(everything.values())
    for role in fillers(slug):
        if len(sample(slug).vues(role.value)) > 1:
            continue  # each has a form of its own: tests/test_prestataires.py
        found = shown(sent(slug, role))
        hidden = {tag for tag, text in everything.items() if text and not found.get(tag)}
        whole = {**found, **{tag: everything[tag] for tag in hidden}}
        assert {tag: as_keyed(text) for tag, text in whole.items()} == {
            tag: as_keyed(text) for tag, text in everything.items()
        }
        assert all(
            tag.endswith("commentaire_prestataire")
            and role in (Role.STRUCTURE, Role.PARTICIPANT)
            and root.find(tag)
            for tag in hidden
        )


@pytest.mark.parametrize("slug", KINDS)
def test_a_form_that_travels_to_a_role_asks_it_something(slug: str) -> None:
    """What is open to a role is on the page: the form is never sent for nothing."""
    for role in fillers(slug):
        printed = {
            schema_path(tag) for tag, lock in locks(sent(slug, role)).items() if lock == "sdtLocked"
        }
        assert printed, role


@pytest.mark.parametrize("slug", KINDS)
def test_a_role_that_fills_nothing_is_told_who_does(slug: str) -> None:
    for role in set(Role) - set(fillers(slug)):
        with pytest.raises(InputError) as refused:
            sent(slug, role)
        assert f"n'a rien à remplir pour le rôle « {role.value} »" in str(refused.value)
        assert all(known.value in str(refused.value) for known in fillers(slug))


@pytest.mark.parametrize(
    ("slug", "roles"),
    [
        ("fiche_prestataire", {"prestataire", "dla"}),
        ("appel_a_competences", {"charge_de_mission", "prestataire"}),
        ("grille_de_lecture", {"charge_de_mission", "structure", "prestataire"}),
        ("grille_de_suivi", {"charge_de_mission", "structure", "prestataire"}),
        ("evaluation_individuelle", {"charge_de_mission", "structure", "prestataire"}),
        ("evaluation_collective", {"charge_de_mission", "participant", "prestataire"}),
        ("enquete_beneficiaire", {"charge_de_mission", "structure", "dla"}),
        ("enquete_prestataire", {"charge_de_mission", "prestataire", "dla"}),
        ("note_mi_parcours", {"charge_de_mission", "prestataire"}),
        ("demande_de_modification", {"charge_de_mission", "structure", "prestataire", "dla"}),
    ],
)
def test_who_fills_the_documents_that_travel(slug: str, roles: set[str]) -> None:
    assert roles <= {role.value for role in fillers(slug)}


@pytest.mark.parametrize(
    ("slug", "role", "path", "is_open"),
    [
        ("grille_de_lecture", Role.STRUCTURE, "concertation.avis_structure", True),
        ("grille_de_lecture", Role.STRUCTURE, "concertation.avis_charge_de_mission", False),
        ("evaluation_individuelle", Role.STRUCTURE, "operationnalite.expertise.reponse", True),
        (
            "evaluation_individuelle",
            Role.STRUCTURE,
            "operationnalite.expertise.commentaire_prestataire",
            False,
        ),
        ("evaluation_individuelle", Role.PRESTATAIRE, "operationnalite.expertise.reponse", False),
        (
            "evaluation_individuelle",
            Role.PRESTATAIRE,
            "conditions.delais.commentaire_prestataire",
            True,
        ),
        ("evaluation_collective", Role.PARTICIPANT, "resultats[0].obtenu", True),
        ("evaluation_collective", Role.PARTICIPANT, "conditions.delais.reponse", False),
        ("controle", Role.CHARGE_DE_MISSION, "points[0].present", True),
        ("controle", Role.CHARGE_DE_MISSION, "points[0].demande", False),
    ],
)
def test_whose_field_it_is(slug: str, role: Role, path: str, is_open: bool) -> None:
    assert (locks(sent(slug, role))[path] == "sdtLocked") is is_open


def test_a_mission_travels_to_the_one_who_keeps_it() -> None:
    assert isinstance(sample("mission"), Mission)
    assert fillers("mission") == [Role.CHARGE_DE_MISSION]


def test_the_page_says_who_fills_what() -> None:
    """docs/formulaires.md lists who fills a document besides the chargé(e) de mission."""
    page = (ROOT / "docs" / "formulaires.md").read_text(encoding="utf-8")
    said = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", page, flags=re.MULTILINE))
    others = {
        slug: [
            ROLES[role.value]
            for role in Role
            if role in fillers(slug) and role is not Role.CHARGE_DE_MISSION
        ]
        for slug in DOCUMENTS
    }
    assert said == {slug: ", ".join(roles) for slug, roles in others.items() if roles}


def test_le_formulaire_d_un_prestataire_ne_nomme_pas_ses_concurrents(tmp_path: Path) -> None:
    shutil.copytree(sample_path("mission_individuelle").parent, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "mission_individuelle.yaml"
    text = path.read_text(encoding="utf-8")
    shared = "Administrateurs et salariés partagent une même lecture des évolutions du projet"
    path.write_text(text.replace(shared, "Reprendre l'étude de la COOPERATIVE Bêta exemple"))
    with pytest.raises(InputError, match="citerait un autre prestataire, « Coopérative Bêta"):
        trame("rapport_final", load_mission(path), Role.PRESTATAIRE)
    assert trame("rapport_final", load_mission(path), Role.CHARGE_DE_MISSION)
    own = "intitule: Écoute des acteurs"
    assert own in text
    path.write_text(text.replace(own, "intitule: Avec la Coopérative Bêta Exemple"))
    assert trames("proposition", load_mission(path), Role.PRESTATAIRE)


def test_a_role_is_given_by_its_name_too() -> None:
    slug = "evaluation_individuelle"
    assert trame(slug, None, "structure") == trame(slug, None, Role.STRUCTURE)
    assert trame(slug, role="Charge de mission") == trame(slug, role=Role.CHARGE_DE_MISSION)


@pytest.mark.parametrize("make", [trame, trames, avant_l_envoi])
def test_a_role_that_does_not_exist_is_refused_with_those_that_do(
    make: Callable[..., object],
) -> None:
    mission = load_mission(sample_path("mission_individuelle"))
    with pytest.raises(InputError, match="Le rôle « structur » n'existe pas") as said:
        make("rapport_final", mission, "structur")
    assert "Vouliez-vous dire « structure »" in str(said.value)
    assert "charge_de_mission, structure, prestataire" in str(said.value)
