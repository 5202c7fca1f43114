"""Le profil d'un DLA : ce qu'il ajoute est demandé, imprimé, ouvert dans le formulaire et relu
comme le reste, sans une ligne de code.
"""

from __future__ import annotations

import os
import pickle
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Picture

from dla_docs import CahierDesCharges, check, load, load_profil, make_dossier, read, render, trame
from dla_docs.builder import build_template
from dla_docs.cli.application import run
from dla_docs.constat import Constat
from dla_docs.errors import InputError, NonConformityError
from dla_docs.manual.schemas import schema_json
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.profils.grafting import adapted
from dla_docs.profils.loading import PROFILS
from dla_docs.profils.profil import Profil
from dla_docs.profils.settings import (
    Clause,
    Complement,
    Critere,
    JeuDeLogos,
    Reglages,
    TypeDeComplement,
)
from dla_docs.registry import DOCUMENTS, FORMULAIRES
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_text
from dla_docs.stages.logos import logos
from dla_docs.templating import lint
from dla_docs.word.answers import controls_in
from dla_docs.word.package import open_package
from tests import as_keyed, one_in
from tests.docs.pages import ROOT
from tests.word_forms import fill, page_text

MON_DLA = """
nom: DLA 00
herite: npdc
financeurs:
  - nom: Région Exemple
    logo: {fichier: logos/region.png, texte_alternatif: Logo de la Région Exemple}
  - {nom: DDTEFP, logo: {fichier: logos/ddtefp.png, texte_alternatif: Logo de la DDTEFP}}
jeux_de_logos:
  - valable_du: 01/01/2014
    mention: Cofinancé par le Fonds social européen.
    financeurs: [{nom: FSE, logo: {fichier: logos/fse.png, texte_alternatif: Logo du FSE}}]
exigences:
  CDC-21: O
documents:
  cahier_des_charges:
    complements:
      code_analytique: {libelle: Code analytique, apres: reference}
      plafond: {libelle: Plafond de dépense, type: montant, apres: conditions.cout_moyen}
      urgence: {libelle: Degré d'urgence, type: choix, choix: [Faible, Forte], force: L}
    formulations:
      commande.note_etapes: Dites ce que contient chaque étape.
  evaluation_individuelle:
    criteres:
      accessibilite: {libelle: Accessibilité des lieux, force: S, apres: relation.sur_site}
      transport: {libelle: Desserte par les transports, force: S, apres: relation.sur_site}
  grille_de_lecture:
    criteres:
      proximite: {libelle: Proximité du prestataire, force: R, apres: "projets[].qualite.enjeux"}
  grille_de_suivi:
    complements:
      bilan_dla: {libelle: Bilan du DLA, type: texte long, des_le_stade: final}
  convention_tripartite:
    clauses:
      donnees:
        titre: Protection des données
        texte: Les données confiées au prestataire sont effacées à la fin de la mission.
        apres: articles
  enquete_beneficiaire:
    lignes:
      competences: [Le consultant connaissait-il notre métier ?]
  mission:
    complements:
      code_analytique: {libelle: Code analytique}
"""
COMPLEMENTS = "\ncomplements: {code_analytique: ANA-07, plafond: '1 200,50 €', urgence: forte}\n"


@pytest.fixture
def profil(tmp_path: Path) -> Profil:
    (tmp_path / "logos").mkdir()
    for name in ("region", "fse"):
        Picture.new("RGB", (60, 30), "white").save(tmp_path / "logos" / f"{name}.png")
    (tmp_path / "mon_dla.yaml").write_text(MON_DLA, encoding="utf-8")
    return load_profil(tmp_path / "mon_dla.yaml")


def cahier(profil: Profil, more: str = "") -> Document:
    text = sample_path("cahier_des_charges").read_text(encoding="utf-8") + more
    loaded = load_text(text, sample_path("cahier_des_charges"), profil)
    assert isinstance(loaded, Document)
    return loaded


def page(octets: bytes) -> str:
    return as_keyed(page_text(octets))


def own(constats: list[Constat]) -> dict[str, str]:
    return {
        constat.chemin: str(constat.gravite)
        for constat in constats
        if any(one.startswith("MON_DLA:") for one in constat.exigences)
    }


def test_two_fields_of_the_dla_are_required(profil: Profil) -> None:
    without = cahier(profil)
    assert own(check(without, profil)) == {
        "complements.code_analytique": "bloquant",
        "complements.plafond": "bloquant",
    }
    with pytest.raises(NonConformityError, match="Code analytique : contenu obligatoire absent"):
        render(without, profil)
    assert own(check(cahier(profil, COMPLEMENTS), profil)) == {}
    assert own(check(load(sample_path("cahier_des_charges")))) == {}


def test_a_document_read_without_the_profile_is_held_to_it_when_asked(profil: Profil) -> None:
    assert "complements.plafond" in own(check(load(sample_path("cahier_des_charges")), profil))


def test_its_fields_are_typed_and_printed_where_it_says(profil: Profil) -> None:
    held = cahier(profil, COMPLEMENTS)
    assert held.complements.plafond == Decimal("1200.50")  # type: ignore[attr-defined]  # made from the profile
    lines = [line for line in page(render(held, profil)).split("\n") if line.strip()]
    assert lines[lines.index("Code analytique") - 1] == "DLA00-2013-07"
    assert lines[lines.index("Code analytique") + 1] == "ANA-07"
    assert lines[lines.index("Plafond de dépense") - 2] == "Coût moyen d'une ingénierie, par jour"
    assert lines[lines.index("Plafond de dépense") + 1] == "1 200,50 €"
    assert "Degré d'urgence" in lines and "Forte" in lines


def test_a_bad_value_is_refused_with_its_line(profil: Profil) -> None:
    with pytest.raises(
        InputError, match=r"ligne \d+ : Plafond de dépense : « beaucoup » n'est pas"
    ):
        cahier(profil, "\ncomplements:\n  plafond: beaucoup\n")


def test_its_fields_go_out_in_the_form_and_come_back(profil: Profil) -> None:
    form = trame("cahier_des_charges", profil=profil)
    answered = fill(form, {"complements.code_analytique": "ANA-08", "complements.plafond": "900"})
    lecture = read(answered, profil=profil)
    assert {change.chemin for change in lecture.changements} == {
        "complements.code_analytique",
        "complements.plafond",
    }
    assert lecture.document.complements.plafond == Decimal(900)  # type: ignore[attr-defined]
    assert any("« mon_dla » ajoute" in constat.message for constat in read(answered).constats)


def test_answers_are_written_back_in_a_mission_that_names_the_profile(profil: Profil) -> None:
    mission = profil.dossier / "mission.yaml"
    mission.write_text(
        "document: mission\nprofil: mon_dla.yaml\nnature: individuelle\ndocuments:\n  "
        "cahier_des_charges: {}\n",
        encoding="utf-8",
    )
    form = profil.dossier / "cahier.docx"
    assert run(["trame", "cahier_des_charges", "--mission", str(mission), "-o", str(form)]) == 0
    form.write_bytes(fill(form.read_bytes(), {"complements.code_analytique": "ANA-09"}))
    run(["lire", str(form), "--dans", str(mission)])
    assert "code_analytique: ANA-09" in mission.read_text(encoding="utf-8")


def test_what_the_mission_says_is_handed_to_the_documents_that_ask_for_it(profil: Profil) -> None:
    text = (
        "document: mission\nprofil: mon_dla.yaml\ncomplements: {code_analytique: "
        "ANA-10}\ndocuments:\n  cahier_des_charges: {}\n  grille_de_suivi: {}\n"
    )
    mission = load_text(text, profil.dossier / "mission.yaml")
    assert isinstance(mission, Mission)
    order: Any = mission.premier(CahierDesCharges)  # its class has grown
    assert order.complements.code_analytique == "ANA-10"


def test_a_field_is_asked_for_from_its_stage_on(profil: Profil) -> None:
    grid = adapted(DOCUMENTS["grille_de_suivi"], profil)()
    assert "complements.bilan_dla" not in own(check(grid, profil, "en_cours"))
    assert own(check(grid, profil, "final"))["complements.bilan_dla"] == "bloquant"


def test_its_criteria_stand_in_the_grid_after_the_one_they_follow(profil: Profil) -> None:
    model = adapted(DOCUMENTS["evaluation_individuelle"], profil)
    names = list(model.schema_node().children["relation"].children)
    assert names[names.index("sur_site") :] == [
        "sur_site",
        "accessibilite",
        "transport",
        "hors_site",
        "autre",
    ]
    blank = model()
    tags = {
        control.tag
        for control in controls_in(open_package(trame("evaluation_individuelle", profil=profil)))
    }
    assert {"relation.accessibilite.reponse", "relation.transport.commentaire_prestataire"} <= tags
    assert own(check(blank, profil, "repondue")) == {
        "relation.accessibilite": "avertissement",
        "relation.transport": "avertissement",
    }
    assert own(check(blank, profil, "vierge")) == {}
    assert "projets[].qualite.proximite" in {
        node.path for node in adapted(DOCUMENTS["grille_de_lecture"], profil).schema_node().walk()
    }


def test_its_clause_and_its_words_are_printed(profil: Profil) -> None:
    convention = render(load(sample_path("convention_tripartite")), profil, brouillon=True)
    lines = [line for line in page(convention).split("\n") if line.strip()]
    assert lines[lines.index("Protection des données") + 1].startswith(
        "Les données confiées au prestataire"
    )
    assert (
        lines.index("Désaccord") < lines.index("Protection des données") < lines.index("L'annexe")
    )
    printed = page(render(cahier(profil, COMPLEMENTS), profil))
    assert "Dites ce que contient chaque étape." in printed
    assert "Le consultant devra préciser le contenu" not in printed


def test_a_template_that_leaves_out_its_clause_is_refused(profil: Profil) -> None:
    model = adapted(DOCUMENTS["convention_tripartite"], profil)
    assert lint(build_template(model), model) == []
    found = lint(build_template(DOCUMENTS["convention_tripartite"]), model)
    assert [constat.exigences for constat in found] == [("MON_DLA:donnees",)]


def test_its_questions_replace_ours(profil: Profil) -> None:
    survey = adapted(DOCUMENTS["enquete_beneficiaire"], profil)()
    asked = [
        [row.question for row in getattr(survey, name)] for name in ("competences", "resultats")
    ]
    assert asked[0] == ["Le consultant connaissait-il notre métier ?"]
    assert asked[1] == [row.question for row in DOCUMENTS["enquete_beneficiaire"]().resultats]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("31/12/2013", ["Logo de la Région Exemple", "Logo de la DDTEFP"]),
        ("01/01/2014", ["Logo du FSE"]),
    ],
)
def test_logos_come_in_its_order_and_change_on_the_day_it_says(
    profil: Profil, day: str, names: list[str]
) -> None:
    held = DOCUMENTS["cahier_des_charges"].model_validate({"date": day})
    assert [getattr(logo, "alt", logo) for logo in logos(held, profil).financeurs] == names
    assert (profil.logos_du(held.jour).mention or "").startswith(
        "Cofinancé" if day.endswith("2014") else "Accompagnement"
    )


def test_a_document_without_a_date_takes_the_latest_set(profil: Profil) -> None:
    assert profil.logos_du(None).financeurs[0].nom == "FSE"
    assert profil.logos_du(date(2013, 5, 1)).financeurs[0].nom == "Région Exemple"


def test_a_copied_profile_has_its_own_funders() -> None:
    profil = load_profil("npdc")
    assert profil.logos_du(None).financeurs == profil.financeurs != ()
    assert profil.model_copy(update={"financeurs": ()}).logos_du(None).financeurs == ()
    assert profil.logos_du(None).financeurs == profil.financeurs


def its_stamp_put_back(path: Path, text: str, held: os.stat_result) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(held.st_atime_ns, held.st_mtime_ns))


def replaced(path: Path, text: str, held: os.stat_result) -> None:
    other = path.with_name("autre.yaml")
    its_stamp_put_back(other, text, held)
    other.replace(path)


def linked_elsewhere(path: Path, text: str, held: os.stat_result) -> None:
    other = path.with_name("autre.yaml")
    its_stamp_put_back(other, text, held)
    path.unlink()
    path.symlink_to(other)


@pytest.mark.parametrize("change", [its_stamp_put_back, replaced, linked_elsewhere])
@pytest.mark.parametrize("name", ["dla.yaml", "region.yaml"])
def test_a_profile_changed_under_its_former_date_and_size_is_read_again(
    name: str, change: Callable[[Path, str, os.stat_result], None], tmp_path: Path
) -> None:
    """As « cp -p », rsync and unzip leave it."""
    said = {"region.yaml": "nom: R\nherite: centre\nexigences: {CDC-21: O}\n"}
    said["dla.yaml"] = "nom: D\nherite: region.yaml\nexigences: {CDC-19: O}\n"
    for one, text in said.items():
        (tmp_path / one).write_text(text, encoding="utf-8")
    before = load_profil(tmp_path / "dla.yaml")
    assert load_profil(tmp_path / "dla.yaml") is before
    changed = tmp_path / name
    change(changed, said[name].replace(": O}", ": R}"), changed.stat())
    assert load_profil(tmp_path / "dla.yaml").exigences != before.exigences


MOTS = """
herite: centre
documents:
  convention_tripartite:
    titre: Contrat d'accompagnement
  diagnostic_partage:
    titre: Parcours partagé
    libelles:
      operateur.charge_de_mission: Chargé·e d'accompagnement
      besoins[].besoin: Besoins de parcours
    complements:
      publics:
        {libelle: Publics visés, type: choix multiple, choix: [Jeunes, Seniors, Familles], force: L}
      creation: {libelle: Année de création, type: année, force: L, apres: complements.publics}
      premier: {libelle: En premier, force: L, apres: date}
      second: {libelle: En second, force: L, apres: complements.premier}
  grille_de_lecture:
    criteres:
      proximite: {libelle: Proximité, force: L, apres: "projets[].qualite.enjeux"}
"""


@pytest.fixture
def mots(tmp_path: Path) -> Profil:
    (tmp_path / "mots.yaml").write_text(MOTS, encoding="utf-8")
    return load_profil(tmp_path / "mots.yaml")


def written(slug: str, profil: Profil, more: str) -> Any:
    return load_text(
        sample_path(slug).read_text(encoding="utf-8") + more, sample_path(slug), profil
    )


def test_its_words_take_the_place_of_titles_and_labels(mots: Profil) -> None:
    held = written("diagnostic_partage", mots, "")
    lines = [line for line in page(render(held, mots, brouillon=True)).split("\n") if line.strip()]
    assert "Parcours partagé" in lines and "Diagnostic partagé" not in lines
    assert "Besoins de parcours" in lines and "Les besoins d'accompagnement" not in lines
    assert any(line.startswith("Chargé·e d'accompagnement") for line in lines)
    assert adapted(DOCUMENTS["convention_tripartite"], mots).titre == "Contrat d'accompagnement"
    assert lint(build_template(type(held)), type(held)) == []


def test_several_choices_a_year_and_a_chain_of_fields(mots: Profil) -> None:
    more = "\ncomplements: {publics: Seniors ; jeunes, creation: 2005, premier: A, second: B}\n"
    held = written("diagnostic_partage", mots, more)
    octets = render(held, mots, brouillon=True)
    lines = [line.replace("\xa0", " ") for line in page(octets).split("\n") if line.strip()]
    assert lines[lines.index("Publics visés") + 1] == "Jeunes ; Seniors"
    assert lines[lines.index("Année de création") + 1] == "2005"
    assert lines.index("En second") == lines.index("En premier") + 2
    again: Any = read(octets, profil=mots).document
    assert [one.value for one in again.complements.publics] == ["Jeunes", "Seniors"]
    assert written("diagnostic_partage", mots, "\ncomplements: {publics: [Familles]}\n")
    with pytest.raises(InputError, match="« Chats » n'est pas un des choix"):
        written("diagnostic_partage", mots, "\ncomplements: {publics: Jeunes ; Chats}\n")


GRILLE = """
poids: [{critere: Proximité, poids: 2}]
projets:
  p1: {nom: Alpha, qualite: {enjeux: {note: 30}, proximite: {note: 15}}, note_globale: 60}
"""


def lue(mots: Profil, text: str) -> Any:
    return load_text(f"document: grille_de_lecture\n{text}", sample_path("grille_de_lecture"), mots)


def test_an_added_criterion_has_its_weight_and_a_grid_is_marked_out_of_points(mots: Profil) -> None:
    assert [one.chemin for one in lue(mots, GRILLE).constats_propres()] == [
        "projets[0].note_globale"  # the mean is 20
    ]
    assert [*lue(mots, f"points: 70{GRILLE}").constats_propres()] == []
    unsaid = GRILLE.replace(", note_globale: 60", "")
    assert len([*lue(mots, f"points: 50{unsaid}").constats_propres()]) == 1
    assert len([*lue(mots, f"points: 50{GRILLE}".replace("60", "40")).constats_propres()]) == 1
    found = [one.message for one in lue(mots, f"points: 50{GRILLE}").constats_propres()]
    assert found == ["Note globale : 60 passe le total de 50 points (projets[0].note_globale)."]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("libelles: {besoin: X}", "« besoin » n'est pas un champ de « Diagnostic partagé »"),
        ("libelles: {date: '{{ x }}'}", "est vide ou contient une balise"),
        ("complements: {a: {libelle: A, apres: complements.a}}", "se suit lui-même"),
        ("complements: {a: {libelle: A, apres: complements.b}}", "suit un complément qui n'existe"),
        ("complements: {a: {libelle: A, type: choix multiple}}", "une liste de choix va avec"),
        (
            "complements: {a: {libelle: A, type: choix multiple, choix: ['a;b']}}",
            "un des choix contient « ; »",
        ),
    ],
)
def test_words_that_lead_nowhere_are_refused(change: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(f"documents:\n  diagnostic_partage:\n    {change}\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_profil(path)
    assert any(said in str(one) and one.ligne for one in refused.value.constats)


def test_a_cover_shows_the_funders_of_the_page(profil: Profil) -> None:
    """Le jour de la mission choisit, pour l'une et pour l'autre."""
    text = "document: mission\nprofil: mon_dla.yaml\nevenements: {lancement: {date: %s}}\n"
    for day, name in (("15/05/2013", "Région Exemple"), ("15/05/2014", "FSE")):
        mission = load_text(
            text % day + "documents: {rapport_final: {date: 01/06/2014}, grille_de_suivi: {}}\n",
            profil.dossier / "mission.yaml",
        )
        assert isinstance(mission, Mission)
        report: Any = mission.documents["rapport_final"][0]
        grid = mission.documents["grille_de_suivi"][0]
        assert report.couverture.financeurs[0].nom == name
        for held in (report, grid):
            first = getattr(logos(held, profil).financeurs[0], "alt", "")
            assert first.endswith(name) or name in first


def test_the_page_names_every_key_of_a_profile() -> None:
    text = (ROOT / "docs" / "profils.md").read_text(encoding="utf-8")
    said = set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))
    own = {"cle", "lignee"}  # what the file's name and its parents say
    keys = {name for name in Profil.model_fields if name not in own}
    keys |= {f"jeux_de_logos[].{name}" for name in JeuDeLogos.model_fields}
    keys |= {f"documents.X.{name}" for name in Reglages.model_fields if name != "cle"}
    for part, model in (("complements", Complement), ("criteres", Critere), ("clauses", Clause)):
        keys |= {f"documents.X.{part}.Y.{name}" for name in model.model_fields if name != "cle"}
    assert said == keys
    types = re.search(r"complements\.Y\.type` \| (.*) \|", text)
    assert types and types[1].split(", ") == [one.value for one in TypeDeComplement]


def test_the_json_schema_knows_its_fields(profil: Profil) -> None:
    schema = schema_json("cahier_des_charges", profil)
    own_part = next(one for name, one in schema["$defs"].items() if name.endswith("Complements"))
    assert own_part["properties"]["code_analytique"]["x-exigence"] == ["MON_DLA:code_analytique"]
    assert "complements" not in schema_json("cahier_des_charges")["properties"]


@pytest.mark.lent
def test_a_whole_dossier_is_made_under_it(profil: Profil, tmp_path: Path) -> None:
    made = make_dossier(
        sample_path("mission_individuelle"), tmp_path / "dossier", profil=profil, brouillon=True
    )
    assert not made.refus
    assert "documents.cahier_des_charges.complements.code_analytique" in own(list(made.constats))


# The check-list of a foreign document is made of what the others ask for: it has nothing of its own
# to set.
@pytest.mark.parametrize("slug", one_in(4, [(slug,) for slug in FORMULAIRES if slug != "controle"]))
def test_any_document_takes_a_field_and_a_clause(slug: str, tmp_path: Path) -> None:
    text = (
        "herite: centre\ndocuments:\n  %s:\n    complements: {note: {libelle: Note du DLA, type: "
        "texte long}}\n    clauses: {c: {texte: Clause du DLA.}}\n"
    )
    path = tmp_path / "p.yaml"
    path.write_text(text % slug, encoding="utf-8")
    model = adapted(FORMULAIRES[slug], load_profil(path))
    assert lint(build_template(model), model) == []
    assert "complements.note" in own_paths(check(model(), load_profil(path)))


def own_paths(constats: list[Constat]) -> set[str]:
    return {constat.chemin for constat in constats if "P:note" in constat.exigences}


BAD = {
    "guides: [Z]": (1, "Le guide « Z » n'existe pas"),
    "exigences:\n  CDC-99: O": (2, "L'exigence « CDC-99 » n'existe pas"),
    "exigences:\n  CDC-21: X": (2, "La force « X » de CDC-21 n'existe pas"),
    "exigences:\n  CDC-16@conditions.delai: R": (
        2,
        "« conditions.delai » n'est pas un champ qui porte CDC-16",
    ),
    "nom: A\nherite: ../autre.yaml": (2, "un fichier de ce dossier"),
    "nom: A\nherite: /etc/autre.yaml": (2, "un fichier de ce dossier"),
    "nom: A\nherite: [centre]": (2, "une seule valeur est attendue ici, pas une liste (herite)"),
    "herite: centre\nsollicites_minimum: 5": (
        2,
        "Au moins 5 prestataires sollicités, et 3 au plus",
    ),
    "herite: centre\nsollicites_max: 5": (2, "Profil : clé inconnue « sollicites_max »"),
    "herite: centre\ndocuments:\n  convention_tripartite: {}\n  cahier_des_charges:\n"
    "    formulations:\n      conditions.justification: ''": (
        5,
        "(CDC-17) (documents.cahier_des_charges.formulations)",
    ),
    "sollicites_minimum: deux": (1, "« deux » n'est pas un nombre entier"),
    "financeur: [X]": (1, "financeur"),
    "documents:\n  cahier_de_charges: {}\n  cahier_des_charge: {complements: {a: A}}": (
        3,
        "Vouliez-vous dire « cahier_des_charges »",
    ),
    "documents:\n  proposition:\n    complements:\n      un-champ: {libelle: E}": (
        4,
        "ne peut pas nommer un champ",
    ),
    "documents:\n  proposition:\n    complements:\n      a: {type: date}": (
        4,
        "Le libellé de « a » manque",
    ),
    "documents:\n  proposition:\n    complements:\n      a: {libelle: 'A {{ b }}'}": (
        4,
        "contient une balise",
    ),
    "documents:\n  proposition:\n    complements:\n      - {cle: copy, libelle: C}": (
        4,
        "ne peut pas nommer un champ",
    ),
    "documents:\n  proposition:\n    complements:\n      for: C": (
        4,
        "ne peut pas nommer un champ",
    ),
    "documents:\n  proposition:\n    complements:\n      a: {libelle: A, type: dat}": (
        4,
        "« dat » n'est pas un des choix",
    ),
    "documents:\n  proposition:\n    complements:\n      a: {libelle: A, apres: etapes.intitule}": (
        4,
        "qu'un autre puisse suivre",
    ),
    "documents:\n  grille_de_suivi:\n    complements:\n      a: {libelle: A, des_le_stade: fin}": (
        4,
        "Ses stades sont vierge",
    ),
    "documents:\n  proposition:\n    complements:\n      a: {libelle: A, type: choix}": (
        4,
        "une liste de choix",
    ),
    "documents:\n  evaluation_individuelle:\n    criteres:\n      delais: {libelle: D, apres: "
    "conditions.delais}": (
        4,
        "est déjà un champ",
    ),
    "documents:\n  evaluation_individuelle:\n    criteres:\n      neuf: {libelle: D, apres: "
    "conditions.delai}": (
        4,
        "Vouliez-vous dire « conditions.delais",
    ),
    "documents:\n  evaluation_individuelle:\n    criteres:\n      une_cle_vraiment_bien_longue: "
    "{libelle: D, apres: operationnalite.appui}": (
        4,
        "24 lettres au plus",
    ),
    "documents:\n  grille_de_suivi:\n    criteres:\n      neuf: {libelle: D, apres: "
    "'etapes[].commentaires'}": (
        4,
        "n'est pas un critère",
    ),
    "documents:\n  convention_tripartite:\n    clauses:\n      a: {titre: A}": (
        4,
        "Le texte de la clause « a » manque",
    ),
    "documents:\n  convention_tripartite:\n    clauses:\n      a-b: {titre: A, texte: B}": (
        4,
        "La clé « a-b » ne peut pas nommer une clause",
    ),
    "documents:\n  convention_tripartite:\n    clauses:\n"
    "      a: {titre: A, texte: B, apres: objt}": (
        4,
        "« objt » n'est pas un champ de « Convention tripartite",
    ),
    "herite: centre\ndocuments:\n  cahier_des_charges:\n    formulations:\n"
    "      conditions.justification: ''": (
        4,
        "ne peut pas être vidé",
    ),
    "documents:\n  cahier_des_charges:\n    formulations:\n      commande.note: x": (
        3,
        "n'est pas un texte imprimé",
    ),
    "documents:\n  enquete_beneficiaire:\n    lignes:\n      repondant: [x]": (
        3,
        "n'est pas une suite de lignes",
    ),
    "documents:\n  enquete_beneficiaire:\n    lignes:\n      competences: [{questio: x}]": (
        3,
        "questio",
    ),
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_profile_is_refused_with_its_line(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line, said = BAD[text]
    path = tmp_path / "mauvais.yaml"
    path.write_text(f"{text}\n", encoding="utf-8")
    assert run(["verifier", str(sample_path("cahier_des_charges")), "--profil", str(path)]) == 2
    written = " ".join(capsys.readouterr().err.split())
    assert said in written
    assert f"ligne {line}" in written


def test_every_mistake_of_a_profile_is_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mauvais.yaml"
    path.write_text("guides: [Z]\nexigences: {CDC-99: O, CDC-98: O}\n", encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        load_profil(path)
    assert len(refusal.value.constats) == 3


def test_profiles_that_inherit_from_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("herite: b.yaml\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("herite: a.yaml\n", encoding="utf-8")
    with pytest.raises(InputError, match="hérite de lui-même"):
        load_profil(tmp_path / "a.yaml")


def test_a_mended_profile_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("nom: Un\n", encoding="utf-8")
    assert load_profil(path).nom == "Un"
    path.write_text("nom: Deux, plus long\n", encoding="utf-8")
    assert load_profil(path).nom == "Deux, plus long"


def test_a_profile_whose_parent_was_mended_is_read_again(tmp_path: Path) -> None:
    child, parent, elder = (tmp_path / f"{name}.yaml" for name in ("enfant", "parent", "aine"))
    elder.write_text("herite: centre\nnom: Un\n", encoding="utf-8")
    parent.write_text("herite: aine.yaml\n", encoding="utf-8")
    child.write_text("herite: parent.yaml\n", encoding="utf-8")
    assert load_profil(child).nom == "Un"
    assert load_profil(child) is load_profil(child)
    elder.write_text("herite: npdc\nnom: Deux, plus long\n", encoding="utf-8")
    assert load_profil(child).nom == "Deux, plus long"
    assert load_profil(child).lignee == ("enfant", "parent", "aine", "npdc")
    parent.write_text("herite: aine.yaml\nnom: Trois\n", encoding="utf-8")
    assert load_profil(child).nom == "Trois"


def test_a_profile_changes_the_force_of_an_exigence_at_one_place_alone(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(
        "herite: centre\nexigences: {CDC-15@conditions.jours_minimum: S}\n",
        encoding="utf-8",
    )
    text = sample_path("cahier_des_charges").read_text(encoding="utf-8")
    days = re.sub(r"(?m)^ +jours_(minimum|maximum):.*\n", "", text)

    def said(profil: Profil | str) -> dict[str, str]:
        found = check(load_text(days, sample_path("cahier_des_charges"), profil), profil)
        return {
            constat.chemin: str(constat.gravite)
            for constat in found
            if "CDC-15" in constat.exigences
        }

    of_the_guide = {
        "conditions.jours_minimum": "bloquant",
        "conditions.jours_maximum": "bloquant",
    }
    assert said("centre") == of_the_guide
    assert said(load_profil(path)) == of_the_guide | {"conditions.jours_minimum": "avertissement"}


def test_a_profile_travels_to_another_process(profil: Profil) -> None:
    adapted(DOCUMENTS["cahier_des_charges"], profil)
    arrived = pickle.loads(pickle.dumps(profil))
    assert arrived.model_dump() == profil.model_dump()
    assert "complements.plafond" in own(check(load(sample_path("cahier_des_charges")), arrived))


def test_a_profile_that_adds_nothing_leaves_the_documents_as_they_are() -> None:
    assert all(
        adapted(model, profil) is model
        for profil in map(load_profil, PROFILS)
        for slug, model in FORMULAIRES.items()
        if slug not in {one.cle for one in profil.documents}
    )
