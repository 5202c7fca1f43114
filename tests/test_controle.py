"""La fiche de contrôle d'un document reçu : tout ce que les guides en demandent y est, et ce qu'on
y répond est un verdict.
"""

from __future__ import annotations

import json
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from dla_docs import DOCUMENTS, Mission, load, read, verify
from dla_docs.annexes.controle import FicheDeControle
from dla_docs.cli.application import run
from dla_docs.forms import controle
from dla_docs.model.requirement import Exigence, Force, referentiel
from dla_docs.model.typography import PLAIN
from dla_docs.profils.loading import load_profil
from dla_docs.resources import sample_path, template_path
from dla_docs.templating import lint
from dla_docs.word.answers import controls_in
from dla_docs.word.names import W
from dla_docs.word.package import open_package
from tests import long, one_in
from tests.corpus import PROFILS
from tests.ooxml_validator import added_errors
from tests.word_forms import fill, parts_of, resaved, without_data

CONTENTS = ("champ", "libelle")


@cache
def mission(nature: str) -> Mission:
    loaded = load(sample_path(f"mission_{nature}"))
    assert isinstance(loaded, Mission)
    return loaded


@cache
def sheet(slug: str, profil: str = "national", nature: str = "") -> bytes:
    return controle(slug, mission(nature) if nature else None, profil)


def texts(docx: bytes) -> dict[str, str]:
    return {
        control.tag: control.text.translate(PLAIN) for control in controls_in(open_package(docx))
    }


def rows(docx: bytes) -> dict[str, dict[str, str]]:
    """The rows of a sheet by id, as they are printed, each with the source that it numbers."""
    found: dict[str, dict[str, str]] = {}
    for tag, text in texts(docx).items():
        number, _, name = tag.partition("].")
        if name:
            found.setdefault(number, {})[name] = text
    sources = {row["numero"]: row["passage"] for row in found.values() if "numero" in row}
    points = [row for row in found.values() if "cle" in row]
    return {row["cle"]: {**row, "source": sources[row["source"]]} for row in points}


def place(docx: bytes, identifiant: str) -> str:
    """The row of an id: « points[4] »."""
    return next(
        tag.removesuffix(".cle") for tag, text in texts(docx).items() if text == identifiant
    )


def answered(docx: bytes, answers: dict[str, str], others: str = "Oui") -> bytes:
    """The sheet with an answer on every row; "" leaves a row unanswered."""
    wanted = {row: answers.get(row, others) for row in rows(docx)}
    return fill(
        docx, {f"{place(docx, row)}.present": answer for row, answer in wanted.items() if answer}
    )


def verdict(
    docx: bytes, folder: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[int, list[dict[str, Any]]]:
    path = folder / "controle.docx"
    path.write_bytes(docx)
    code = run(["verifier", str(path), "--format", "json", *options])
    return code, json.loads(capsys.readouterr().out)["constats"]


def contents(slug: str, profil: str) -> set[str]:
    """The contents and wordings that the guides of a profile demand of a document: what the
    reference says, and what the class bears.
    """
    borne = {str(one) for node in DOCUMENTS[slug].schema_node().walk() for one in node.exigences}
    named = [
        one
        for one in referentiel().values()
        if one.nature in CONTENTS and (slug in one.documents or one.id in borne)
    ]
    return {one.id for one in named if demanded(one, profil)}


def demanded(exigence: Exigence, profil: str) -> bool:
    return load_profil(profil).force(exigence) not in (None, Force.LIBRE)


@pytest.mark.parametrize(("slug", "profil"), one_in(5, product(DOCUMENTS, PROFILS)))
def test_every_demand_has_its_row(slug: str, profil: str) -> None:
    shown = rows(sheet(slug, profil))
    assert {one for one in shown if referentiel()[one].nature in CONTENTS} == contents(slug, profil)
    for rule in DOCUMENTS[slug].regles():
        followed = {one.id for one in rule.exigences if demanded(one, profil)}
        assert any(rule.phrase in shown[one]["demande"] for one in followed & set(shown)) == bool(
            followed
        )
    for identifiant, row in shown.items():
        exigence = referentiel()[identifiant]
        assert row["demande"] and row["source"].partition(" · ")[2] in exigence.source
        assert (row["present"], row["page"], row["remarque"]) == ("", "", "")


@pytest.mark.parametrize("slug", DOCUMENTS)
def test_the_rows_follow_the_form_and_the_rules_come_after(slug: str) -> None:
    shown = list(rows(sheet(slug)))
    fields = [
        str(one)
        for node in DOCUMENTS[slug].schema_node().walk()
        for one in node.exigences
        if str(one) in shown
    ]
    ruled = {one.id for rule in DOCUMENTS[slug].regles() for one in rule.exigences}
    first = [one for one in dict.fromkeys(fields) if one not in ruled]
    assert [one for one in shown if one not in ruled][: len(first)] == first


def test_a_passage_of_a_guide_is_said_once_and_its_number_elsewhere() -> None:
    shown = texts(sheet("proposition"))
    passages = [text for tag, text in shown.items() if tag.endswith(".passage")]
    assert len(passages) == 11 and len([tag for tag in shown if tag.endswith(".cle")]) == 34
    assert all([*shown.values()].count(passage) == 1 for passage in passages)


def test_a_row_says_what_who_and_how_strongly() -> None:
    shown = rows(sheet("grille_de_suivi", "centre"))
    assert shown["SUI-05"]["demande"] == "Etapes"
    assert shown["SUI-05"]["source"] == "Guide du Centre · La grille de suivi, pendant la mission"
    assert (
        shown["SUI-05"]["force"] == "Demandé par le formulaire"
        and shown["SUI-10"]["force"] == "Obligatoire"
    )
    assert shown["SUI-10"]["demande"].startswith(
        "Le texte « La modification doit faire l'objet d'un contact supplémentaire"
    )
    assert shown["RX-07"]["demande"].startswith(
        "À vérifier : La grille de suivi reprend les étapes de la proposition"
    )
    assert rows(sheet("proposition"))["PROP-21"]["demande"].endswith(
        "(si demandé par le cahier des charges et si hors site financé)"
    )
    assert rows(sheet("proposition"))["RX-16"]["force"] == "Recommandé"
    assert rows(sheet("proposition"))["RX-19"]["demande"].count("À vérifier : ") == 2


def test_a_region_asks_for_its_own() -> None:
    assert "RF-09" in rows(sheet("rapport_final", "npdc")) and "RF-02" not in rows(
        sheet("rapport_final", "npdc")
    )
    assert "RF-09" not in rows(sheet("rapport_final", "centre")) and "RF-02" in rows(
        sheet("rapport_final", "centre")
    )


def test_a_profile_of_ones_own_changes_the_forces(tmp_path: Path) -> None:
    own = tmp_path / "dla.yaml"
    own.write_text(
        "nom: DLA\nherite: centre\nexigences: {PROP-16: R, PROP-17: L}\n", encoding="utf-8"
    )
    shown = rows(controle("proposition", profil=own))
    assert shown["PROP-16"]["force"] == "Recommandé" and "PROP-17" not in shown


def test_the_mission_fills_the_header_and_leaves_out_the_other_nature() -> None:
    shown = texts(sheet("cahier_des_charges", "national", "individuelle"))
    header = {name: text for name, text in shown.items() if "[" not in name}
    assert header == {
        "document_controle": "Cahier des charges",
        "reference": "DLA00-2005-07",
        "prestataire": "Cabinet Alpha Exemple",
        "structure": "Association Exemple Insertion",
        "controle_par": "Camille Exemple",
        "controle_le": "",
        "guides": header["guides"],
        "observations": "",
    }
    assert "EC-21" not in rows(sheet("cahier_des_charges", "national", "individuelle"))
    assert "EC-21" in rows(sheet("cahier_des_charges", "national", "collective"))
    assert (
        "(ingénierie collective et si type B)"
        in rows(sheet("cahier_des_charges"))["EC-21"]["demande"]
    )


def test_the_profile_of_the_mission_decides_when_none_is_asked(tmp_path: Path) -> None:
    out = tmp_path / "c.docx"
    assert (
        run(
            [
                "controle",
                "Rapport final",
                "-o",
                str(out),
                "--mission",
                str(sample_path("mission_individuelle")),
            ]
        )
        == 0
    )
    assert texts(out.read_bytes())["guides"] == (
        "Guide du Centre, Référentiel d'activités du Centre, Carnet de pratiques du CNAR "
        "Environnement"
    )
    assert (
        run(
            [
                "controle",
                "rapport_final",
                "-o",
                str(out),
                "--mission",
                str(sample_path("mission_individuelle")),
                "--profil",
                "npdc",
            ]
        )
        == 0
    )
    assert texts(out.read_bytes())["guides"].startswith("Guide du Nord – Pas de Calais")


def test_an_obligatory_content_answered_no_blocks_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, constats = verdict(
        answered(
            sheet("proposition"),
            {"PROP-08": "Non", "PROP-28": "Non", "RX-17": "Non", "PROP-13": ""},
        ),
        tmp_path,
        capsys,
    )
    assert code == 1
    assert {(constat["exigences"][0], constat["gravite"]) for constat in constats} == {
        ("PROP-08", "bloquant"),
        ("PROP-28", "avertissement"),
        ("RX-17", "avertissement"),
        ("PROP-13", "avertissement"),
    }
    first = constats[0]
    assert (
        "méthodologie" in first["message"]
        and "Guide du Nord – Pas de Calais" in first["source"]
        and first["conseil"]
    )
    assert "pas encore contrôlé" in next(
        constat["message"] for constat in constats if constat["exigences"] == ["PROP-13"]
    )


@pytest.mark.parametrize("slug", one_in(7, [(slug,) for slug in DOCUMENTS]))
def test_a_sheet_all_answered_yes_is_conforming(
    slug: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verdict(answered(sheet(slug), {}), tmp_path, capsys) == (0, [])
    code, constats = verdict(sheet(slug), tmp_path, capsys)
    assert code == 0
    assert [constat["exigences"] for constat in constats] == [
        [identifiant] for identifiant in rows(sheet(slug))
    ]
    assert {constat["gravite"] for constat in constats} == {"avertissement"}


def test_the_verdict_does_not_depend_on_the_profile_asked_afterwards(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docx = answered(sheet("rapport_final", "npdc"), {"RF-09": "Non"})
    for profil in PROFILS:
        code, constats = verdict(docx, tmp_path, capsys, "--profil", profil)
        assert (code, [constat["exigences"] for constat in constats]) == (1, [["RF-09"]])


def test_sans_objet_is_an_answer_that_an_obligation_explains(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docx = answered(sheet("proposition"), {"PROP-21": "Sans objet", "PROP-28": "Sans objet"})
    code, constats = verdict(docx, tmp_path, capsys)
    assert (code, [(constat["exigences"], constat["gravite"]) for constat in constats]) == (
        0,
        [(["PROP-21"], "avertissement")],
    )
    explained = fill(docx, {f"{place(docx, 'PROP-21')}.remarque": "Aucune journée hors site"})
    assert verdict(explained, tmp_path, capsys) == (0, [])


@pytest.mark.parametrize("passage", ["tel quel", long("repassé par LibreOffice"), "données ôtées"])
def test_the_sheet_is_read_back_into_data(
    passage: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docx, data = (
        answered(sheet("rapport_final", "centre"), {"RF-05": "Non"}),
        tmp_path / "controle.yaml",
    )
    docx = fill(
        docx,
        {
            f"{place(docx, 'RF-05')}.remarque": "Rien sur\nles effets",
            f"{place(docx, 'RF-05')}.page": "12",
            "controle_le": "12/03/2013",
        },
    )
    returned = tmp_path / "retour.docx"
    returned.write_bytes(
        resaved(docx, tmp_path)
        if "LibreOffice" in passage
        else without_data(docx)
        if "ôtées" in passage
        else docx
    )
    assert run(["lire", str(returned), "-o", str(data)]) == 1
    loaded = load(data)
    assert isinstance(loaded, FicheDeControle)
    assert [point.cle for point in loaded.points] == list(rows(sheet("rapport_final", "centre")))
    found = next(point for point in loaded.points if point.cle == "RF-05")
    assert (found.page, found.remarque, f"{loaded.controle_le:%d/%m/%Y}") == (
        "12",
        "Rien sur\nles effets",
        "12/03/2013",
    )
    capsys.readouterr()
    assert run(["verifier", str(data), "--format", "json"]) == 1
    constats = json.loads(capsys.readouterr().out)["constats"]
    assert [(constat["exigences"], constat["gravite"]) for constat in constats] == [
        (["RF-05"], "bloquant")
    ]
    line = data.read_text(encoding="utf-8").splitlines()[constats[0]["ligne"] - 1]
    assert line.strip() == "present: Non"


def test_what_the_sheet_says_is_locked_and_a_change_of_it_is_noticed() -> None:
    docx = sheet("proposition")
    root = etree.fromstring(parts_of(docx)["word/document.xml"])
    locks = {
        str(tag.get(f"{W}val")): tag.getparent().find(f"{W}lock").get(f"{W}val")  # type: ignore[union-attr]
        for tag in root.iter(f"{W}tag")
    }
    closed = {name for name, lock in locks.items() if lock == "sdtContentLocked"}
    assert {name.partition("].")[2] or name for name in closed} == {
        "demande",
        "source",
        "cle",
        "force",
        "guides",
        "numero",
        "passage",
    }
    lecture = read(fill(docx, {f"{place(docx, 'PROP-08')}.force": "Recommandé"}))
    assert any("n'était pas ouvert" in str(constat) for constat in lecture.constats)


def test_the_finished_sheet_can_be_produced(tmp_path: Path) -> None:
    returned, data, made = (
        tmp_path / name for name in ("retour.docx", "controle.yaml", "fiche.docx")
    )
    returned.write_bytes(answered(sheet("proposition", "npdc", "individuelle"), {}))
    assert run(["lire", str(returned), "-o", str(data)]) == 0
    assert run(["produire", str(data), "-o", str(made)]) == 0
    document = load(data)
    assert isinstance(document, FicheDeControle)
    assert verify(made.read_bytes(), document) == []
    assert "À remplir" not in "".join(texts(made.read_bytes()).values())


def test_a_sheet_does_not_go_into_a_mission(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    returned, target = tmp_path / "retour.docx", tmp_path / "mission.yaml"
    returned.write_bytes(answered(sheet("proposition"), {}))
    target.write_text("document: mission\n", encoding="utf-8")
    assert run(["lire", str(returned), "--dans", str(target)]) == 2
    assert "n'a pas sa place dans ce fichier" in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == "document: mission\n"


def test_an_unknown_document_is_said_in_french(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["controle", "propositon", "-o", str(tmp_path / "c.docx")]) == 2
    assert "« proposition »" in capsys.readouterr().err
    assert run(["controle", "proposition", "-o", str(tmp_path / "c.pdf")]) == 2
    assert list(tmp_path.iterdir()) == []


def test_the_shipped_template_keeps_its_contract(tmp_path: Path) -> None:
    assert lint(template_path("controle"), FicheDeControle) == []
    made = tmp_path / "c.docx"
    made.write_bytes(sheet("proposition"))
    assert added_errors(template_path("controle"), made) == []
