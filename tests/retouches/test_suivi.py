"""Ce qui se barre et se propose dans Word : une ligne collée d'un autre tableau, ce que la main
avait déjà barré, une proposition d'une fois d'avant, un commentaire posé sur une réponse.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from lxml import etree

from dla_docs import Rafraichi, refresh
from dla_docs.model.document import Document
from dla_docs.retouches.refresh import merged
from dla_docs.stages.rendering import fill
from dla_docs.stages.request import resolve
from dla_docs.word.names import W_P, W_R, W_SDTCONTENT, W_T, W_TBL, W_TR, W
from dla_docs.word.package import MAIN, open_package, parse_part
from dla_docs.word.soundness import soundness
from tests.cli.test_cibles import commented
from tests.retouches.test_histoires import (
    CONVENTION,
    DEARER,
    SUIVI,
    control,
    controls,
    dearer,
    edited,
    later,
    made,
    row_of,
    write,
)
from tests.word_forms import page_text

NS = f'xmlns:w="{W[1:-1]}"'
PASTED = f"""<w:tr {NS}><w:tblPrEx><w:tblCellMar><w:left w:w="60" w:type="dxa"/></w:tblCellMar>
</w:tblPrEx>{{}}</w:tr>"""
CELL = "<w:tc><w:tcPr/><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"


def page_of(document: Document) -> bytes:
    return fill(resolve(document, brouillon=True))


def root_of(fresh: Rafraichi) -> etree._Element:
    assert not soundness(open_package(fresh.octets))
    return parse_part(open_package(fresh.octets)[MAIN], MAIN)


def struck(root: etree._Element) -> str:
    return " ".join("".join(one.text or "" for one in root.iter(f"{W}delText")).split())


def table_of(root: etree._Element, tag: str) -> etree._Element:
    return next(row_of(root, tag).iterancestors(W_TBL))


def paste_a_row(root: etree._Element) -> None:
    """Une ligne d'un autre tableau, collée : Word lui laisse les marges de son tableau."""
    row = row_of(root, "etapes[1].intitule")
    cells = "".join(CELL.format(f"Collé {rank}") for rank in range(len(row.findall(f"{W}tc"))))
    row.addnext(etree.fromstring(PASTED.format(cells)))


def strike_a_word(root: etree._Element) -> None:
    """Une main suit ses modifications, et barre le titre d'une colonne."""
    run = next(
        one for one in table_of(root, "etapes[1].intitule").iter(W_R) if one.find(W_T) is not None
    )
    held = etree.Element(f"{W}del", {f"{W}id": "7001", f"{W}author": "Une main"})
    run.getparent().replace(run, held)  # type: ignore[union-attr]
    held.append(run)
    for text in run.iter(W_T):
        text.tag = f"{W}delText"


def without_the_table(root: etree._Element) -> None:
    table = table_of(root, "etapes[1].intitule")
    table.getparent().remove(table)  # type: ignore[union-attr]


def renamed(data: Any) -> None:
    data["operateur"]["nom"] = "DLA renommé"


def test_un_tableau_que_la_mission_n_a_plus_se_barre_avec_la_ligne_collee() -> None:
    held = edited(edited(made(SUIVI), paste_a_row), strike_a_word)
    now = later(SUIVI, renamed)
    fresh = merged(held, edited(page_of(now), without_the_table), now)
    root = root_of(fresh)
    table = next(one for one in root.iter(W_TBL) if "Collé 0" in struck(one))
    rows = list(table.iter(W_TR))
    assert all(row.find(f"{W}trPr/{W}del") is not None for row in rows)
    assert not list(table.iter(W_T)) and struck(table).count("Collé 1") == 1
    assert len(list(table.iter(f"{W}del"))) == len(
        {one.get(f"{W}id") for one in table.iter(f"{W}del")}
    )
    assert any("que la main a retouché" in one for one in fresh.gardes)
    assert merged(fresh.octets, edited(page_of(now), without_the_table), now).octets == fresh.octets


def test_une_phrase_que_la_mission_n_a_plus_se_barre_quand_la_main_l_a_completee() -> None:
    def said(one: etree._Element) -> list[str]:
        return [str(text) for text in one.itertext()]

    def clause(root: etree._Element) -> etree._Element:
        return next(
            one
            for one in root.iter(W_P)
            if "Toute modification" in "".join(map(str, one.itertext()))
        )

    def complete(root: etree._Element) -> None:
        clause(root).append(etree.fromstring(f"<w:r {NS}><w:t> Sauf urgence.</w:t></w:r>"))

    def without(root: etree._Element) -> None:
        found = clause(root)
        found.getparent().remove(found)  # type: ignore[union-attr]

    now = later(CONVENTION, dearer)
    today = edited(page_of(now), without)
    fresh = merged(edited(made(CONVENTION), complete), today, now)
    root = root_of(fresh)
    assert "Sauf urgence." in struck(root) and DEARER in page_text(fresh.octets)
    paragraph = next(one for one in root.iter(W_P) if "Sauf urgence" in struck(one))
    assert paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None  # accepted, the line goes too
    assert any("Sauf urgence." in one.avant for one in fresh.conflits)
    assert "Toute modification" not in page_text(merged(made(CONVENTION), today, now).octets)


def test_une_proposition_d_avant_laisse_la_place_a_celle_d_aujourd_hui() -> None:
    held = edited(made(CONVENTION), write("prix.montant", "7 000,00 €"))
    once = refresh(held, later(CONVENTION, dearer))

    def dearest(data: Any) -> None:
        data["prix"]["montant"] = "9000.00"

    twice = refresh(once.octets, later(CONVENTION, dearest))
    sdt = control(root_of(twice), "prix.montant")
    assert struck(sdt) == "7 000,00 €"
    proposed = ["".join(map(str, one.itertext(W_T))) for one in sdt.iter(f"{W}ins")]
    assert len(proposed) == 1 and proposed[0].startswith("9")
    [conflict] = twice.conflits
    assert (conflict.avant, conflict.apres.split(",")[0]) == (
        "7 000,00 €",
        "9\N{NO-BREAK SPACE}000",
    )


def nothing_yet(data: Any) -> None:
    del data["prix"]["montant"]


def comment_the_price(root: etree._Element) -> None:
    """Le commentaire du premier paragraphe, posé dans le champ du prix."""
    content = control(root, "prix.montant").find(W_SDTCONTENT)
    assert content is not None
    run = next(content.iter(W_R))
    reference = next(root.iter(f"{W}commentReference"), None)
    mark = reference.getparent() if reference is not None else None
    said = (
        mark
        if mark is not None
        else etree.fromstring(f'<w:r {NS}><w:commentReference w:id="0"/></w:r>')
    )
    run.addprevious(etree.fromstring(f'<w:commentRangeStart {NS} w:id="0"/>'))
    run.addnext(said)
    run.addnext(etree.fromstring(f'<w:commentRangeEnd {NS} w:id="0"/>'))


@pytest.mark.parametrize("known", [False, True])
def test_un_commentaire_pose_sur_une_reponse_la_suit(known: bool) -> None:
    """Sur une invitation que la mission remplit, ou sur une valeur qu'elle change."""
    left = made(CONVENTION) if known else page_of(later(CONVENTION, nothing_yet))
    fresh = refresh(edited(commented(left), comment_the_price), later(CONVENTION, dearer))
    sdt = control(root_of(fresh), "prix.montant")
    assert DEARER in "".join(map(str, sdt.itertext(W_T)))
    for name in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        assert [one.get(f"{W}id") for one in sdt.iter(f"{W}{name}")] == ["0"], name
    assert any("À revoir" in one for one in fresh.gardes) and not fresh.conflits


def test_une_reponse_sur_plusieurs_lignes_remplace_celle_d_une_seule() -> None:
    def longer(data: Any) -> None:
        data["modalites"]["deroulement"] = "Une étape par mois.\nLa dernière à l'automne."

    fresh = refresh(commented(made(CONVENTION)), later(CONVENTION, longer))
    said = controls(fresh.octets)["modalites.deroulement"]
    assert said == controls(page_of(later(CONVENTION, longer)))["modalites.deroulement"]
    assert "Une étape par mois.\n" in said


def test_un_champ_deplace_dans_une_autre_phrase_y_recoit_le_prix() -> None:
    """La phrase qui le tenait est ôtée : la réponse reste un champ, là où la main l'a mise."""

    def move(root: etree._Element) -> None:
        sdt = control(root, "prix.montant")
        holder = next(sdt.iterancestors(W_P, W_TR))
        above = holder.getparent()
        moved = etree.fromstring(f"<w:p {NS}><w:r><w:t>Le prix : </w:t></w:r></w:p>")
        moved.append(deepcopy(sdt))
        root[0].insert(2, moved)
        above.remove(holder)  # type: ignore[union-attr]

    fresh = refresh(edited(made(CONVENTION), move), later(CONVENTION, dearer))
    assert DEARER in controls(fresh.octets)["prix.montant"]
    paragraph = next(control(root_of(fresh), "prix.montant").iterancestors(W_P))
    assert "".join(map(str, paragraph.itertext(W_T))).startswith("Le prix : ")
