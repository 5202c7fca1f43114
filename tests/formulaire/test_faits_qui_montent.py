"""Un fait tapé dans le formulaire d'un document, et qui appartient à la mission, y va ; et ce que
la mission sait d'un autre document n'est pas redemandé.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from dla_docs import Mission, Proposition, load
from dla_docs.cli.application import run
from dla_docs.forms import trame, trames
from dla_docs.returns.bringing_back import take_in
from dla_docs.stages.loading import load_mission
from dla_docs.word.names import W
from tests import long
from tests.formulaire.formulaires import answers, control_of
from tests.word_forms import fill, parts_of, tags_of

DEUX = """document: mission
nature: individuelle
mise_en_concurrence:
  sollicites:
    - prestataire: {nom: Cabinet Pochoir, contact: {nom: Lou Gabarit, telephone: 02 61 91 00 10}}
    - prestataire: {nom: Coopérative Calepin}
"""
PROPOSITION = """documents:
  proposition:
    - prestataire: Cabinet Pochoir
      recue_le: 12/03/2013
      voie: postale
      intervenants: [{nom: Lou Gabarit}]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "mission.yaml"
    made.write_text(DEUX, encoding="utf-8")
    return made


def mission_of(path: Path) -> Mission:
    mission = load(path)
    assert isinstance(mission, Mission)
    return mission


def returned(path: Path, docx: bytes, said: dict[str, str]) -> int:
    back = path.parent / "retour.docx"
    back.write_bytes(fill(docx, said))
    return run(["lire", str(back), "--dans", str(path)])


def shown(docx: bytes) -> dict[str, str]:
    return {control.tag: control.text for control in answers(docx)}


def choices(docx: bytes, tag: str) -> list[str]:
    control = control_of(etree.fromstring(parts_of(docx)["word/document.xml"]), tag)
    return [str(one.get(f"{W}value")) for one in control.iter(f"{W}listItem")]


def test_the_chosen_one_is_picked_among_those_asked(path: Path) -> None:
    docx = trame("mission", mission_of(path))
    assert choices(docx, "mise_en_concurrence.retenu") == ["cabinet_pochoir", "cooperative_calepin"]
    assert returned(path, docx, {}) == 0 and path.read_text(encoding="utf-8") == DEUX
    returned(path, docx, {"mise_en_concurrence.retenu": "cooperative_calepin"})
    assert mission_of(path).prestataire.nom == "Coopérative Calepin"
    assert choices(trame("mission"), "mise_en_concurrence.retenu") == []


def test_whom_the_grid_names_the_mission_retains(path: Path) -> None:
    path.write_text(DEUX + PROPOSITION, encoding="utf-8")
    returned(path, trame("mission", mission_of(path)), {f"{SOLLICITES}[0].reponse": "Proposition"})
    docx = trame("grille_de_lecture", mission_of(path), stade="choix")
    assert choices(docx, "concertation.retenu") == ["Cabinet Pochoir"]
    assert returned(path, docx, {"concertation.retenu": "Cabinet Pochoir"}) == 0
    text = path.read_text(encoding="utf-8")
    assert "retenu: cabinet_pochoir" in text and "retenu: Cabinet" not in text


SOLLICITES = "mise_en_concurrence.sollicites"


def test_a_proposition_that_came_back_is_an_answer(path: Path) -> None:
    sheet = trame("proposition", mission_of(path))
    assert "contact" in shown(sheet)
    folder = path.parent / "propositions"
    assert run(["trame", "proposition", "-o", str(folder), "--mission", str(path)]) == 0
    (form,) = folder.glob("*Pochoir.docx")
    assert shown(form.read_bytes())["contact"] == "Lou Gabarit"
    returned(path, form.read_bytes(), {"date": "12/03/2013"})
    rows = mission_of(path).mise_en_concurrence.sollicites
    assert [getattr(row.reponse, "value", None) for row in rows] == ["Proposition", None]


def test_two_first_propositions_come_back_together(path: Path) -> None:
    folder = path.parent / "propositions"
    assert run(["trame", "proposition", "-o", str(folder), "--mission", str(path)]) == 0
    forms = sorted(folder.iterdir())
    for form, days in zip(forms, ("8 j", "10 j"), strict=True):
        form.write_bytes(fill(form.read_bytes(), {"budget.jours": days}))
    assert run(["lire", *map(str, forms), "--dans", str(path)]) == 0
    told = {one.prestataire.nom: one.budget.jours for one in mission_of(path).tous(Proposition)}
    assert told == {"Cabinet Pochoir": 8, "Coopérative Calepin": 10}


def test_the_same_first_proposition_twice_is_disputed(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = path.parent / "propositions"
    assert run(["trame", "proposition", "-o", str(folder), "--mission", str(path)]) == 0
    (form,) = folder.glob("*Pochoir.docx")
    again = form.with_name("encore.docx")
    again.write_bytes(fill(form.read_bytes(), {"budget.jours": "9 j"}))
    form.write_bytes(fill(form.read_bytes(), {"budget.jours": "8 j"}))
    assert run(["lire", str(form), str(again), "--dans", str(path)]) == 1
    assert capsys.readouterr().err.count("le fait n'est pris d'aucun") == 2


def test_how_a_proposition_came_is_noted_once(path: Path) -> None:
    form = trame("mission", mission_of(path))
    said = {f"{SOLLICITES}[0].recue_le": "12/03/2013", f"{SOLLICITES}[0].voie": "Voie postale"}
    returned(path, form, said)
    with path.open("a", encoding="utf-8") as file:
        file.write("documents: {proposition: {prestataire: Cabinet Pochoir}}\n")
    offer = mission_of(path).premier(Proposition)
    assert offer and offer.voie and f"{offer.recue_le:%d/%m/%Y}" == "12/03/2013"
    path.write_text(DEUX + PROPOSITION, encoding="utf-8")
    known = shown(trame("mission", mission_of(path)))
    assert said.items() <= known.items()


def test_the_reception_goes_to_the_mission_wherever_it_is_typed(path: Path) -> None:
    """Le jour où une proposition est venue, tapé dans la lettre, est celui de la mission."""
    text = DEUX.replace("  sollicites:", "  retenu: cabinet_pochoir\n  sollicites:")
    path.write_text(text, encoding="utf-8")
    _, letter = trames("notification_de_choix", mission_of(path))
    returned(path, letter[1], {"proposition_recue_le": "12/03/2013"})
    rows = mission_of(path).mise_en_concurrence.sollicites
    assert [str(one.recue_le) for one in rows] == ["None", "2013-03-12"]
    assert "proposition_recue_le" not in path.read_text(encoding="utf-8")
    known = shown(trame("mission", mission_of(path)))
    assert known[f"{SOLLICITES}[1].recue_le"] == "12/03/2013"


def test_of_several_who_work_the_consultant_is_named_and_no_more(path: Path) -> None:
    offer = PROPOSITION.replace("[{nom: Lou Gabarit}]", "[{nom: Lou Gabarit}, {nom: Noa Patron}]")
    chosen = DEUX.replace("  sollicites:", "  retenu: cabinet_pochoir\n  sollicites:")
    path.write_text(chosen + offer, encoding="utf-8")
    docx = trame("mission", mission_of(path))
    assert not shown(docx)["consultant.nom"]
    returned(path, docx, {"consultant.nom": "Lou Gabarit"})
    known = shown(trame("convention_tripartite", mission_of(path)))
    assert known["consultant.telephone"].split() == ["02", "61", "91", "00", "10"]
    returned(path, trame("mission", mission_of(path)), {"consultant.nom": "Noa Patron"})
    known = shown(trame("convention_tripartite", mission_of(path)))
    assert (known["consultant.nom"], known["consultant.telephone"]) == ("Noa Patron", "")


def test_the_consultant_of_the_chosen_project_is_not_asked_again(path: Path) -> None:
    chosen = DEUX.replace("  sollicites:", "  retenu: cabinet_pochoir\n  sollicites:")
    path.write_text(chosen + PROPOSITION, encoding="utf-8")
    docx = trame("mission", mission_of(path))
    assert shown(docx)["consultant.telephone"].split() == ["02", "61", "91", "00", "10"]
    assert shown(trame("grille_de_suivi", mission_of(path)))["consultant.nom"] == "Lou Gabarit"
    returned(path, docx, {"consultant.fonction": "Associée"})
    after = shown(trame("grille_de_suivi", mission_of(path)))
    assert (after["consultant.nom"], after["consultant.fonction"]) == ("Lou Gabarit", "Associée")


def test_the_committee_typed_in_the_diagnosis_is_that_of_the_mission(path: Path) -> None:
    said = {
        "comite.date": "14/06/2013",
        "comite.presents[0].nom": "Yaël Specimen",
        "comite.presents[1].nom": "Lou Calque",
        "comite.avis": "Favorable",
    }
    returned(path, trame("diagnostic_partage", mission_of(path)), said)
    met = mission_of(path).evenements
    assert [one.nom for one in met.comite_appui.presents] == ["Yaël Specimen", "Lou Calque"]
    assert (met.comite_appui.avis, met.accueil.presents, met.lancement.presents) == (
        "Favorable",
        (),
        (),
    )


@pytest.mark.parametrize(
    ("held", "sent", "expected"),
    [
        ("", "previsionnel", "previsionnel"),
        ("previsionnel", "en_cours", "en_cours"),
        long("en_cours", "previsionnel", "en_cours"),
    ],
)
def test_the_stage_that_a_form_was_sent_for_comes_back_with_it(
    path: Path, held: str, sent: str, expected: str
) -> None:
    docx = trame("grille_de_suivi", mission_of(path), stade=sent)
    if held:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"documents: {{grille_de_suivi: {{stade: {held}}}}}\n")
    returned(path, docx, {"etapes[0].intitule": "Entretiens"})
    assert mission_of(path).documents["grille_de_suivi"][0].stade == expected


def test_a_form_sent_for_a_stage_that_nobody_filled_changes_nothing(path: Path) -> None:
    docx = trame("grille_de_suivi", mission_of(path), stade="previsionnel")
    returned(path, docx, {})
    assert path.read_text(encoding="utf-8") == DEUX


def test_a_form_that_changes_nothing_is_judged_in_its_mission(path: Path) -> None:
    """En collective, la structure ne valide pas une modification : rien n'en est demandé."""
    held = "documents:\n  grille_de_suivi:\n    stade: final\n    modifications: [{etape: 1}]\n"
    path.write_text(DEUX.replace("individuelle", "collective") + held, encoding="utf-8")
    back = path.with_name("grille.docx")
    back.write_bytes(trame("grille_de_suivi", mission_of(path)))
    lecture, changed = take_in(back, path)
    told = {one.chemin for one in lecture.constats}
    assert changed == 0 and "modifications[0].motif" in told
    assert "modifications[0].validee_structure_le" not in told


def test_a_list_has_the_rows_that_are_asked_for(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = path.parent / "p.docx"
    given = ["trame", "proposition", "-o", str(form), "--lignes"]
    assert run([*given, "etapes=8"]) == 0
    assert (
        sum(tag.endswith("].intitule") and "etapes" in tag for tag in tags_of(form.read_bytes()))
        == 8
    )
    assert run([*given, "etape=8", "--lignes", "zzz=2", "--lignes", "etapes=0"]) == 2
    said = capsys.readouterr().err
    assert "Vouliez-vous dire « etapes » ?" in said and "productions" in said and "de 1 à" in said
    assert run([*given, "etapes"]) == 2 and "etapes=8" in capsys.readouterr().err


def test_a_form_has_the_rows_that_are_known_and_those_of_the_guide(path: Path) -> None:
    known = "documents: {proposition: {prestataire: Cabinet Pochoir, productions: [Un, Deux]}}\n"
    path.write_text(DEUX + known, encoding="utf-8")
    tags = tags_of(trame("proposition", mission_of(path)))
    assert sum(tag.startswith("productions") and tag.endswith(".intitule") for tag in tags) == 5


def test_a_file_made_of_a_form_says_its_profile(path: Path, tmp_path: Path) -> None:
    form, made = tmp_path / "f.docx", tmp_path / "neuve.yaml"
    assert run(["trame", "mission", "-o", str(form), "--profil", "centre"]) == 0
    form.write_bytes(fill(form.read_bytes(), {"structures[0].nom": "Association Calque"}))
    assert run(["lire", str(form), "-o", str(made)]) == 0
    assert mission_of(made).profil == "centre"


def test_la_cle_faite_d_un_nom_se_dit_puis_se_choisit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Elle est dite quand elle s'écrit, une seule fois ; la fiche l'offre ensuite en liste."""
    path, form = tmp_path / "mission.yaml", tmp_path / "fiche.docx"
    path.write_text("document: mission\nnature: individuelle\n", encoding="utf-8")
    who = "mise_en_concurrence.sollicites[0].prestataire"
    form.write_bytes(fill(trame("mission", load_mission(path)), {f"{who}.nom": "Cabinet Delta"}))
    for target in ("-o", str(tmp_path / "neuve.yaml")), ("--dans", str(path)):
        assert run(["lire", str(form), *target]) == 0
        assert "Clé : cabinet_delta" in capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    answers = {f"{who}.contact.nom": "Lou Gabarit", "mise_en_concurrence.retenu": "cabinet_delta"}
    form.write_bytes(fill(trame("mission", load_mission(path)), answers))
    xml = parts_of(form.read_bytes())["word/document.xml"].decode()
    offered = xml.partition("mise_en_concurrence.retenu")[2].partition("</w:sdtPr>")[0]
    assert "<w:dropDownList" in offered and 'w:value="cabinet_delta"' in offered
    assert run(["lire", str(form), "--dans", str(path)]) in (0, 1)
    assert "faite du nom" not in capsys.readouterr().err
    after = load(path)
    assert isinstance(after, Mission) and after.retenus == ("cabinet_delta",)
