"""La relecture : les contrôles suffisent, et un contrôle changé change son champ, et lui seul."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pytest
import yaml
from lxml import etree

from dla_docs import DOCUMENTS, check, load, read, to_yaml
from dla_docs.cli.application import run
from dla_docs.constat import bloquants
from dla_docs.model.requirement import Role
from dla_docs.registry import FORMULAIRES
from dla_docs.resources import sample_path
from dla_docs.stages.envelope import open_envelope
from dla_docs.stages.rendering import fill as render_form
from dla_docs.stages.request import resolve
from dla_docs.word.names import W
from dla_docs.word.package import MAIN, open_package
from tests import apart
from tests.corpus import at, holders
from tests.formulaire.formulaires import (
    SPARED,
    another,
    answers,
    as_read,
    fillable,
    form,
    held,
    sample,
)
from tests.word_forms import fill, parts_of, tags_of, without_data, zipped

MISC = "<!-- deux --><?trois quatre?>"


@pytest.mark.parametrize("slug", DOCUMENTS)
def test_the_form_asks_for_every_field_of_the_paper(slug: str) -> None:
    printed = {re.sub(r"\[\d+\]", "[]", tag) for tag in tags_of(form(slug))}
    asked = [
        node
        for node in DOCUMENTS[slug].schema_node().leaves()
        if node.exigences and node.path not in DOCUMENTS[slug].hors_page
    ]
    held = yaml.load(to_yaml(sample(slug)), Loader=yaml.CBaseLoader)
    assert [
        node.path for node in asked if node.path not in printed and holders(held, node.path)
    ] == []


@pytest.mark.parametrize("slug", FORMULAIRES)
def test_the_controls_alone_give_every_field_back(slug: str) -> None:
    lecture = read(without_data(form(slug)))
    assert lecture.refus == ()
    sent, back = (
        yaml.load(to_yaml(document), Loader=yaml.CBaseLoader)
        for document in (sample(slug), lecture.document)
    )
    for tag in held(slug):
        path = re.sub(r"\[\d+\]", "[]", tag)
        ways = holders(sent, path)
        assert [at(back, way) for way in ways] == [at(sent, way) for way in ways], tag


@pytest.mark.parametrize("slug", DOCUMENTS)
def test_one_changed_control_changes_that_field_alone(slug: str) -> None:
    for tag in fillable(slug)[::SPARED]:
        lecture = read(fill(form(slug), {tag: another(slug, tag)}))
        assert ([one.chemin for one in lecture.changements], lecture.refus) == ([tag], ())


@pytest.mark.lent
@pytest.mark.parametrize("slug", DOCUMENTS)
def test_each_changed_control_changes_its_field_and_no_other(slug: str) -> None:
    for tags in apart(fillable(slug)):
        lecture = read(fill(form(slug), {tag: another(slug, tag) for tag in tags}))
        assert ([one.chemin for one in lecture.changements], lecture.refus) == ([*tags], ())


def test_what_a_program_leaves_in_the_xml_neither_stops_nor_cuts_an_answer() -> None:
    """A remark or an instruction of XML: Word shows neither."""
    tag = fillable("fiche_prestataire")[0]
    answer = another("fiche_prestataire", tag)
    parts = parts_of(fill(form("fiche_prestataire"), {tag: answer}))
    page = parts[MAIN].decode()
    cut = f"{escape(answer[:2])}<!-- un -->{escape(answer[2:])}"
    page = page.replace(f">{escape(answer)}<", f">{cut}<").replace("<w:body>", f"<w:body>{MISC}")
    assert cut in page
    lecture = read(zipped({**parts, MAIN: re.sub("(<w:p>|<w:p )", rf"{MISC}\1", page).encode()}))
    assert ([one.chemin for one in lecture.changements], lecture.refus) == ([tag], ())
    assert lecture.changements[0].apres == as_read("fiche_prestataire", tag, answer)


def test_a_blank_form_filled_in_word_makes_a_cahier_des_charges(tmp_path: Path) -> None:
    blank, returned, made = (
        tmp_path / "vierge.docx",
        tmp_path / "rempli.docx",
        tmp_path / "cahier.yaml",
    )
    assert run(["trame", "cahier_des_charges", "-o", str(blank)]) == 0
    wanted = {c.tag: c.text for c in answers(form("cahier_des_charges")) if c.text}
    offered = set(tags_of(blank.read_bytes()))
    assert set(wanted) <= offered, sorted(set(wanted) - offered)
    returned.write_bytes(fill(blank.read_bytes(), wanted))
    assert run(["lire", str(returned), "-o", str(made)]) == 0
    assert run(["verifier", str(made)]) == 0
    assert run(["produire", str(made), "-o", str(tmp_path / "cahier.docx")]) == 0
    assert bloquants(check(load(made))) == ()


def test_a_cell_that_cannot_be_read_is_quoted_and_the_rest_is_kept() -> None:
    lecture = read(
        fill(
            form("cahier_des_charges"),
            {"conditions.debut": "31 février", "reponse.date_limite": "2/4/2013"},
        )
    )
    assert [constat.chemin for constat in lecture.refus] == ["conditions.debut"]
    assert "31 février" in str(lecture.refus[0])
    assert (f"{lecture.document.reponse.date_limite:%d/%m/%Y}") == "02/04/2013"  # type: ignore[attr-defined]  # the kind is known
    assert lecture.document.conditions.debut == sample("cahier_des_charges").conditions.debut  # type: ignore[attr-defined]  # the kind is known


def test_a_change_outside_the_role_is_said(tmp_path: Path) -> None:
    document = sample("grille_de_suivi")
    opened = frozenset(
        node.path
        for node in DOCUMENTS["grille_de_suivi"].schema_node().leaves()
        if Role.PRESTATAIRE.value in node.roles
    )
    asked = resolve(document, "centre")
    sent = render_form(asked.as_form(asked.document, Role.PRESTATAIRE.value, opened))
    lecture = read(fill(sent, {"modifications[0].validee_dla_le": "01/01/2013"}))
    assert any(
        "n'était pas ouvert" in str(constat) and "modifications[0].validee_dla_le" in str(constat)
        for constat in lecture.constats
    )


def test_a_row_that_disappeared_is_said_and_kept() -> None:
    sent = form("grille_de_suivi")
    parts = parts_of(sent)
    root = etree.fromstring(parts["word/document.xml"])
    row = next(
        tr
        for tr in root.iter(f"{W}tr")
        if any(tag.get(f"{W}val") == "etapes[1].commentaires" for tag in tr.iter(f"{W}tag"))
    )
    table = row.getparent()
    assert table is not None
    table.remove(row)
    lecture = read(zipped({**parts, "word/document.xml": etree.tostring(root)}))
    assert any(
        "ont disparu" in str(constat) and "etapes[1].commentaires" in str(constat)
        for constat in lecture.constats
    )
    assert not lecture.changements


def test_a_final_document_read_back_lacks_nothing(tmp_path: Path) -> None:
    output = tmp_path / "cahier.docx"
    assert run(["produire", str(sample_path("cahier_des_charges")), "-o", str(output)]) == 0
    lecture = read(output)
    assert (lecture.changements, lecture.refus, lecture.constats) == ((), (), ())


def test_a_document_carries_only_what_it_prints(tmp_path: Path) -> None:
    output = tmp_path / "cahier.docx"
    assert run(["produire", str(sample_path("cahier_des_charges")), "-o", str(output)]) == 0
    carried = open_envelope(open_package(output))
    assert carried is not None
    assert carried.donnees["objectifs"]["general"] == sample("cahier_des_charges").objectifs.general  # type: ignore[attr-defined]  # the kind is known
    assert "logo" not in str(carried.donnees)
