"""La mission elle-même en formulaire Word : elle part vierge ou remplie, et revient dans son
fichier, qui ne change pas ailleurs.
"""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dla_docs import CahierDesCharges, Gravite, Mission, check, load, read, to_yaml, trame
from dla_docs.cli.application import run
from dla_docs.model.bloc import value_type
from dla_docs.parties.identite import cle_du_nom
from dla_docs.resources import sample_path, template_path
from dla_docs.templating import lint
from dla_docs.word.answers import controls_in
from dla_docs.word.package import open_package
from tests import apart, long
from tests.documents.verdict import tenu
from tests.formulaire.formulaires import SPARED
from tests.word_forms import fill, parts_of, resaved, tags_of, without_data, zipped

SOLLICITE = "mise_en_concurrence.sollicites"
NOUVEAU = {
    f"{SOLLICITE}[3].prestataire.nom": "Cabinet Delta Exemple",
    f"{SOLLICITE}[3].prestataire.contact.nom": "Dany Essai",
    f"{SOLLICITE}[3].date": "29/06/2005",
    f"{SOLLICITE}[3].reponse": "Sans réponse",
}


@cache
def sample(nature: str = "individuelle") -> Mission:
    mission = load(sample_path(f"mission_{nature}"))
    assert isinstance(mission, Mission)
    return mission


@cache
def form(nature: str = "individuelle") -> bytes:
    """The sample mission as a form."""
    return trame("mission", sample(nature))


@cache
def blank() -> bytes:
    return trame("mission")


@cache
def held(docx: bytes) -> dict[str, str]:
    return {control.tag: control.text for control in controls_in(open_package(docx))}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A copy of the sample mission and of all it cites."""
    folder = tmp_path / "mission"
    shutil.copytree(sample_path("mission_individuelle").parent, folder)
    return folder / "mission_individuelle.yaml"


def returned(path: Path, answers: dict[str, str], docx: bytes | None = None) -> int:
    """The form of that mission, filled, and read back into it."""
    back = path.parent / "retour.docx"
    back.write_bytes(fill(trame("mission", mission_of(path)) if docx is None else docx, answers))
    return run(["lire", str(back), "--dans", str(path)])


def mission_of(path: Path) -> Mission:
    loaded = load(path)
    assert isinstance(loaded, Mission)
    return loaded


def header(mission: Mission) -> Any:
    return yaml.load(to_yaml(mission), Loader=yaml.CBaseLoader)


def test_the_shipped_template_keeps_its_contract() -> None:
    assert lint(template_path("mission"), Mission) == []


@pytest.mark.lent
def test_a_blank_form_filled_in_word_makes_a_mission(tmp_path: Path) -> None:
    empty, filled, made = (
        tmp_path / "vierge.docx",
        tmp_path / "rempli.docx",
        tmp_path / "mission.yaml",
    )
    assert run(["trame", "mission", "-o", str(empty)]) == 0
    wanted = {
        tag: text for tag, text in held(form()).items() if text and tag in held(empty.read_bytes())
    }
    third = "evenements.restitution.presents[2]"  # a blank form has three rows
    wanted |= {f"{third}.nom": "Camille Exemple", f"{third}.fonction": "Chargée de mission DLA"}
    filled.write_bytes(fill(empty.read_bytes(), wanted))
    assert run(["lire", str(filled), "-o", str(made)]) == 0
    mission = mission_of(made)
    assert {tag: text for tag, text in held(trame("mission", mission)).items() if text} == wanted
    assert mission.prestataire.nom == sample().prestataire.nom
    assert [row.cle for row in mission.mise_en_concurrence.sollicites] == ["alpha", "beta", "gamma"]
    assert run(["verifier", str(filled)]) == 0
    lacking = [one.chemin for one in check(mission) if one.gravite is Gravite.BLOQUANT]
    assert lacking and all(path.startswith("documents.") for path in lacking)


@pytest.mark.parametrize("nature", ["individuelle", "collective"])
def test_a_form_that_nobody_touched_changes_nothing(nature: str, path: Path) -> None:
    target = path.parent / f"mission_{nature}.yaml"
    before = target.read_bytes()
    assert read(form(nature)).changements == ()
    assert returned(target, {}, form(nature)) == 0
    assert target.read_bytes() == before


@pytest.mark.parametrize("nature", ["individuelle", "collective"])
def test_one_changed_control_changes_that_field_alone(nature: str) -> None:
    for tag in fields(nature)[::SPARED]:
        lecture = read(fill(form(nature), {tag: another(nature, tag)}))
        assert ([one.chemin for one in lecture.changements], lecture.refus) == ([tag], ())


@pytest.mark.lent
@pytest.mark.parametrize("nature", ["individuelle", "collective"])
def test_each_changed_control_changes_its_field_and_no_other(nature: str) -> None:
    for tags in apart(fields(nature)):
        lecture = read(fill(form(nature), {tag: another(nature, tag) for tag in tags}))
        assert ([one.chemin for one in lecture.changements], lecture.refus) == ([*tags], ())


def fields(nature: str) -> list[str]:
    return [tag for tag in tags_of(form(nature)) if not tag.endswith(".cle")]


def another(nature: str, tag: str) -> str:
    mark, was = value_type(Mission, tag), held(form(nature))[tag]
    others = (*mark.choices, *mark.examples, "Autre chose", "02/02/2014", "77", "beta")
    return next(
        text for text in others if readable(mark, text) and mark.load(text) != mark.load(was)
    )


@pytest.mark.parametrize("sign", ["\u2028", long("\u2029"), long("\x85")])
def test_a_line_break_that_word_hides_is_written_and_read_again(path: Path, sign: str) -> None:
    tag, said = f"{SOLLICITE}[1].motif", f"ligne un{sign}ligne deux"
    assert returned(path, {tag: said}) == 0
    assert mission_of(path).mise_en_concurrence.sollicites[1].motif == said


def readable(mark: Any, text: str) -> bool:
    try:
        mark.load(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    "passage", ["tel quel", long("repassé par LibreOffice"), long("données ôtées")]
)
def test_a_row_added_by_hand_comes_back(path: Path, tmp_path: Path, passage: str) -> None:
    added = {
        **NOUVEAU,
        "structures[1].nom": "Association Exemple voisine",
        "structures[1].adresse.ville": "Villexemple",
    }
    docx = fill(form(), added)
    if "LibreOffice" in passage:
        docx = resaved(docx, tmp_path)
    before = mission_of(path)
    assert returned(path, {}, without_data(docx) if "ôtées" in passage else docx) == 0
    after = mission_of(path)
    rows = after.mise_en_concurrence.sollicites
    assert rows[:3] == before.mise_en_concurrence.sollicites
    assert (rows[3].cle, rows[3].prestataire.nom, rows[3].prestataire.contact.nom) == (
        "cabinet_delta_exemple",
        "Cabinet Delta Exemple",
        "Dany Essai",
    )
    assert [structure.nom for structure in after.structures] == [
        before.structures[0].nom,
        "Association Exemple voisine",
    ]
    assert after.structures[1].cle == "s2" and after.structures[1].adresse.ville == "Villexemple"
    assert after.documents.keys() == before.documents.keys()
    text = path.read_text(encoding="utf-8")
    assert "prestataire: prestataires/alpha.yaml" in text and "operateur: operateur.yaml" in text
    assert "# tous ceux à qui l'on a demandé, et ce qu'il en est advenu" in text
    assert (
        text.index("consultant:")
        < text.index("mise_en_concurrence:")
        < text.index("evenements:")
        < text.index("documents:")
    )


@pytest.mark.lent
def test_someone_added_to_a_meeting_comes_back_whole(path: Path) -> None:
    before, _, after = path.read_text(encoding="utf-8").partition("  restitution:\n    date:")
    path.write_text(
        f"{before}\n{after[after.index('documents:') :]}", encoding="utf-8"
    )  # a meeting that is still to come
    answers = {
        "evenements.restitution.presents[2].nom": "Noa Patron",
        "evenements.restitution.presents[2].fonction": "Directeur",
    }
    more = {
        "evenements.lancement.presents[4].nom": "Lou Gabarit",
        "evenements.lancement.presents[4].courriel": "lou.gabarit@example.org",
    }
    assert returned(path, answers | more) == 0
    mission = mission_of(path)
    assert [(one.nom, one.fonction) for one in mission.evenements.restitution.presents] == [
        ("Noa Patron", "Directeur")
    ]
    assert [one.nom for one in mission.evenements.lancement.presents][3:] == [
        "Camille Exemple",
        "Lou Gabarit",
    ]


def test_a_blank_row_left_in_between_shifts_nothing(tmp_path: Path) -> None:
    target = tmp_path / "mission.yaml"
    target.write_text("document: mission  # à peine commencée\n", encoding="utf-8")
    answers = {
        f"{SOLLICITE}[0].prestataire.nom": "Un",
        f"{SOLLICITE}[2].prestataire.nom": "Trois",
        f"{SOLLICITE}[2].motif": "Parti",
    }
    assert returned(target, answers) == 0
    rows = mission_of(target).mise_en_concurrence.sollicites
    assert [(row.cle, row.prestataire.nom, row.motif) for row in rows] == [
        ("un", "Un", None),
        ("trois", "Trois", "Parti"),
    ]
    assert "# à peine commencée" in target.read_text(encoding="utf-8")


@pytest.mark.lent
def test_a_row_that_was_emptied_takes_no_other_with_it(path: Path) -> None:
    path.write_text(
        re.sub(
            r"prestataire: prestataires/gamma.yaml",
            "prestataire: Coopérative Gamma",
            path.read_text(encoding="utf-8"),
        ),
        encoding="utf-8",
    )
    gone = {
        tag: ""
        for tag in held(trame("mission", mission_of(path)))
        if tag.startswith(f"{SOLLICITE}[2].") and not tag.endswith(".cle")
    }
    assert returned(path, gone) == 0
    assert [row.cle for row in mission_of(path).mise_en_concurrence.sollicites] == [
        "alpha",
        "beta",
    ]


def test_a_new_key_avoids_those_that_are_taken(tmp_path: Path) -> None:
    target = tmp_path / "mission.yaml"
    target.write_text(
        "document: mission\nmise_en_concurrence:\n  sollicites:\n    - {cle: nouveau, prestataire: "
        "Deux}\n",
        encoding="utf-8",
    )
    assert returned(target, {f"{SOLLICITE}[1].prestataire.nom": "Nouveau"}) == 0
    assert [
        (row.cle, row.prestataire.nom) for row in mission_of(target).mise_en_concurrence.sollicites
    ] == [("nouveau", "Deux"), ("p2", "Nouveau")]


@pytest.mark.parametrize(
    "written",
    [
        "structures: {nom: Une, cle: s1}",
        "structures: [Une]",
        "structures: {s1: Une}",
        "structures: {s1: {nom: Une}}",
    ],
)
def test_rows_are_completed_however_they_are_written(written: str, tmp_path: Path) -> None:
    target = tmp_path / "mission.yaml"
    target.write_text(f"document: mission\n{written}\n", encoding="utf-8")
    assert returned(target, {"structures[0].activite": "Culture", "structures[1].nom": "Deux"}) == 0
    assert [(row.cle, row.nom, row.activite) for row in mission_of(target).structures] == [
        ("s1", "Une", "Culture"),
        ("s2", "Deux", None),
    ]


def test_what_another_file_holds_is_written_there(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, cited = path.read_bytes(), path.parent / "prestataires" / "alpha.yaml"
    before = cited.read_text(encoding="utf-8")
    answers = {
        f"{SOLLICITE}[0].prestataire.contact.nom": "Autre Personne",
        f"{SOLLICITE}[0].date": "27/06/2005",
    }
    assert returned(path, answers) == 0
    assert "2 changements écrits" in capsys.readouterr().out
    first = mission_of(path).mise_en_concurrence.sollicites[0]
    assert f"{first.date:%d/%m/%Y}" == "27/06/2005"
    assert first.prestataire.contact.nom == "Autre Personne"
    assert cited.read_text(encoding="utf-8") == before.replace("Claude Fictif", "Autre Personne", 1)
    assert len(path.read_bytes()) == len(whole)


@pytest.mark.parametrize(
    ("tag", "key", "why"),
    [
        (f"{SOLLICITE}[0].cle", "delta", "désigne déjà"),
        (f"{SOLLICITE}[3].cle", "alpha", "est déjà la clé"),
    ],
)
def test_a_key_that_others_rely_on_is_kept(tag: str, key: str, why: str) -> None:
    lecture = read(fill(form(), {**NOUVEAU, tag: key, "reference": "DLA00-2005-08"}))
    assert [constat.chemin for constat in lecture.refus] == [tag] and why in str(lecture.refus[0])
    assert isinstance(lecture.document, Mission)
    assert [row.cle for row in lecture.document.mise_en_concurrence.sollicites] == [
        "alpha",
        "beta",
        "gamma",
        "cabinet_delta_exemple",
    ]
    assert lecture.document.reference == "DLA00-2005-08"


def test_a_retained_prestataire_that_nobody_asked_is_noticed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docx = tmp_path / "retour.docx"
    docx.write_bytes(fill(form(), {"mise_en_concurrence.retenu": "alfa"}))
    run(["verifier", str(docx)])
    said = capsys.readouterr().out
    assert (
        "« alfa » n'est la clé d'aucun des prestataires sollicités" in said
        and "alpha, beta, gamma" in said
    )
    assert "aucun des prestataires sollicités" not in "".join(map(str, check(sample())))


def test_a_cell_that_cannot_be_read_is_quoted_and_the_rest_is_written(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        returned(
            path,
            {
                "mise_en_concurrence.date_limite": "fin juillet",
                "evenements.lancement.date": "06/09/2005",
            },
        )
        == 1
    )
    assert "« fin juillet »" in capsys.readouterr().err
    mission = mission_of(path)
    assert mission.mise_en_concurrence.date_limite == sample().mise_en_concurrence.date_limite
    assert f"{mission.evenements.lancement.date:%d/%m/%Y}" == "06/09/2005"


def test_the_form_carries_nothing_of_the_documents_of_the_mission() -> None:
    order = tenu(sample().premier(CahierDesCharges))
    everything = b"".join(parts_of(form()).values()).decode(errors="replace")
    assert str(order.demande.problematique)[:40] not in everything
    assert "Cabinet Alpha Exemple" in everything


def test_a_role_that_fills_nothing_is_told_so(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = path.parent / "trame.docx"
    assert (
        run(["trame", "mission", "--mission", str(path), "--pour", "prestataire", "-o", str(out)])
        == 2
    )
    assert "charge_de_mission" in capsys.readouterr().err
    assert not out.exists()


def test_a_mission_is_not_written_into_the_file_of_a_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "grille.yaml"
    target.write_text("document: grille_de_suivi\n", encoding="utf-8")
    assert returned(target, {"reference": "X"}, form()) == 2
    assert "n'a pas sa place dans ce fichier" in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == "document: grille_de_suivi\n"


def test_damaged_data_are_lost_data() -> None:
    parts = parts_of(form())
    name = next(
        name
        for name in parts
        if name.startswith("customXml/item") and b"urn:dla-docs" in parts[name]
    )
    damaged = {
        **parts,
        name: parts[name].replace(b'"structures":', b'"structures": ["?"], "structurez":'),
    }
    lecture = read(zipped(damaged))
    assert isinstance(lecture.document, Mission)
    assert lecture.document.structures[0].nom == sample().structures[0].nom


@pytest.mark.parametrize(
    "forged",
    [
        "structures[99999999].nom",
        "structures[-1].nom",
        "structures.nom",
        "structures[x].nom",
        "structures[0].nom.nom",
        "[",
    ],
)
def test_a_forged_tag_is_no_field(forged: str) -> None:
    parts = parts_of(form())
    document = parts["word/document.xml"].replace(
        b'w:val="structures[0].nom"', f'w:val="{forged}"'.encode()
    )
    lecture = read(zipped({**parts, "word/document.xml": document}))
    assert lecture.changements == ()
    assert isinstance(lecture.document, Mission)
    assert [row.nom for row in lecture.document.structures] == [
        row.nom for row in sample().structures
    ]


names = (
    st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)


@pytest.mark.lent
@given(st.lists(st.none() | names, min_size=3, max_size=3))
def test_the_rows_that_were_filled_come_back_in_order(rows: list[str | None]) -> None:
    answers = {
        f"{SOLLICITE}[{number}].prestataire.nom": name for number, name in enumerate(rows) if name
    }
    lecture = read(fill(blank(), answers))
    assert isinstance(lecture.document, Mission)
    back = lecture.document.mise_en_concurrence.sollicites
    written = [
        value_type(Mission, f"{SOLLICITE}[].prestataire.nom").load(name) for name in rows if name
    ]
    assert [row.prestataire.nom for row in back] == [name for name in written if name]
    keys = [row.cle for row in back]
    assert len({*keys}) == len(back)
    assert all(
        key == cle_du_nom(name) or f"p{number}" == key or not cle_du_nom(name)
        for number, (key, name) in enumerate(zip(keys, filter(None, written), strict=True), 1)
    )
