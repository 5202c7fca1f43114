"""Ce qu'une main met et qui n'est pas un mot de la page : équation, saut de page, police, mots
barrés, signet. Le texte ou la réponse que la mission récrit ne l'emporte pas sans un mot.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from dla_docs import Rafraichi, refresh
from dla_docs.retouches.page import page_breaks
from dla_docs.retouches.skeleton import words
from dla_docs.retouches.tracking import AUTHOR
from dla_docs.retouches.work import work_in
from dla_docs.word.beyond import MATH
from dla_docs.word.names import W_P, W_R, W_SDTCONTENT, W_T, W
from dla_docs.word.package import MAIN, open_package, parse_part
from dla_docs.word.page import page_in
from tests.retouches.hand import NS
from tests.retouches.outcomes import situations
from tests.retouches.test_histoires import (
    CONVENTION,
    DEARER,
    REWORDED,
    SUIVI,
    control,
    controls,
    dearer,
    edited,
    later,
    made,
    row_of,
    sample,
)
from tests.word_forms import parts_of, zipped

Edit = Callable[[etree._Element], None]


def said(marks: str, text: str = "Mot de la main") -> str:
    return f"<w:r {NS}><w:rPr>{marks}</w:rPr><w:t>{text}</w:t></w:r>"


EQUATION = f'<m:oMath xmlns:m="{MATH[1:-1]}"><m:r><m:t>7=3+4</m:t></m:r></m:oMath>'
PAGE = f'<w:r {NS}><w:br w:type="page"/></w:r>'
SIGNS = {
    "une équation, « 7=3+4 »,": (EQUATION, b"7=3+4"),
    "1 saut de page": (PAGE, b'w:type="page"'),
}
FORMATS = {
    "police": '<w:rFonts w:ascii="Garamond"/>',
    "petites capitales": "<w:smallCaps/>",
    "trame de fond": '<w:shd w:val="clear" w:fill="FFEEAA"/>',
}


def clause(root: etree._Element) -> etree._Element:
    return next(
        one for one in root.iter(W_P) if "Toute modification" in "".join(map(str, one.itertext()))
    )


def put_in_the_clause(sign: str) -> Edit:
    return lambda root: clause(root).append(etree.fromstring(sign))


def put_in_the_row(sign: str) -> Edit:
    return lambda root: next(row_of(root, "etapes[1].intitule").iter(W_P)).append(
        etree.fromstring(sign)
    )


def format_the_clause(marks: str) -> Edit:
    def edit(root: etree._Element) -> None:
        run = next(one for one in clause(root).iter(W_R) if one.find(W_T) is not None)
        run.insert(0, etree.fromstring(f"<w:rPr {NS}>{marks}</w:rPr>"))

    return edit


def put_in_the_price(sign: str) -> Edit:
    def edit(root: etree._Element) -> None:
        content = control(root, "prix.montant").find(W_SDTCONTENT)
        assert content is not None
        content.append(etree.fromstring(sign))

    return edit


@pytest.fixture(scope="module")
def profil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Celui d'un DLA qui a récrit la clause depuis."""
    path = tmp_path_factory.mktemp("profil") / "dla.yaml"
    path.write_text(REWORDED, encoding="utf-8")
    return path


def body(fresh: Rafraichi) -> bytes:
    return open_package(fresh.octets)[MAIN]


def less(data: Any) -> None:
    del data["etapes"][1]


@pytest.mark.parametrize("name", SIGNS)
def test_une_equation_un_saut_de_page_restent_et_se_disent(name: str, profil: Path) -> None:
    sign, there = SIGNS[name]
    held = edited(made(CONVENTION), put_in_the_clause(sign))
    assert name in work_in(held)  # « produire » leaves it alone
    reworded = refresh(held, sample(CONVENTION), profil)
    removed = refresh(edited(made(SUIVI), put_in_the_row(sign)), later(SUIVI, less))
    for fresh in (reworded, removed):
        assert there in body(fresh) and fresh.conflits
        assert any(kept.startswith(name) for kept in fresh.gardes)


@pytest.mark.parametrize("name", FORMATS)
def test_une_police_une_trame_est_une_retouche_et_reste(name: str, profil: Path) -> None:
    held = edited(made(CONVENTION), format_the_clause(FORMATS[name]))
    assert f"{name} mise" in work_in(held)
    fresh = refresh(held, sample(CONVENTION), profil)
    assert any(kept.startswith(f"{name} mise") for kept in fresh.gardes) and fresh.conflits


def test_des_mots_barres_a_cote_d_une_reponse_restent_quand_elle_change() -> None:
    held = edited(made(CONVENTION), put_in_the_price(said("<w:strike/>", "à revoir")))
    fresh = refresh(held, later(CONVENTION, dearer))
    assert DEARER in controls(fresh.octets)["prix.montant"] and "à revoir".encode() in body(fresh)
    assert "un texte barré, « à revoir », ajouté" in fresh.gardes


@pytest.mark.parametrize(
    "sign, there", [(said("<w:strike/>", "à revoir"), "à revoir".encode()), *SIGNS.values()]
)
def test_ce_qui_est_a_cote_d_une_reponse_reste_quand_la_mission_ne_la_dit_plus(
    sign: str, there: bytes
) -> None:
    def silent(data: Any) -> None:
        data["prix"]["montant"] = None

    fresh = refresh(edited(made(CONVENTION), put_in_the_price(sign)), later(CONVENTION, silent))
    assert there in body(fresh) and "7\N{NO-BREAK SPACE}600" not in controls(fresh.octets).get(
        "prix.montant", ""
    )


def test_ce_qui_est_propose_n_est_pas_barre_comme_la_reponse_qu_il_remplacerait() -> None:
    def strike(root: etree._Element) -> None:
        run = next(control(root, "prix.montant").iter(W_R))
        run.insert(0, etree.fromstring(f"<w:rPr {NS}><w:dstrike/></w:rPr>"))

    fresh = refresh(edited(made(CONVENTION), strike), later(CONVENTION, dearer))
    assert [change.chemin for change in fresh.conflits] == ["prix.montant"]
    assert DEARER in controls(fresh.octets)["prix.montant"]


def test_un_bout_de_reponse_surligne_surligne_la_nouvelle() -> None:
    held = edited(made(CONVENTION), put_in_the_price(said('<w:highlight w:val="yellow"/>', " ")))
    fresh = refresh(held, later(CONVENTION, dearer))
    sdt = control(parse_part(body(fresh), MAIN), "prix.montant")
    assert (
        DEARER in "".join(map(str, sdt.itertext(W_T))) and sdt.find(f".//{W}highlight") is not None
    )


def test_un_signet_reste_dans_le_texte_recrit(profil: Path) -> None:
    mark = f'<w:bookmarkStart {NS} w:id="77" w:name="Clause"/>'
    fresh = refresh(edited(made(CONVENTION), put_in_the_clause(mark)), sample(CONVENTION), profil)
    assert b'w:name="Clause"' in body(fresh) and not fresh.conflits


def test_deux_propositions_ne_s_empilent_pas_dans_un_en_tete() -> None:
    """La main complète l'en-tête ; l'opérateur change de nom, puis le reprend."""
    parts = parts_of(made(CONVENTION))
    name = next(one for one in parts if one.startswith("word/header") and b"DLA 00" in parts[one])
    root = parse_part(parts[name], name)
    next(one for one in root.iter(W_P) if "DLA 00" in "".join(map(str, one.itertext()))).append(
        etree.fromstring(said("", " Mot de la main"))
    )
    held = zipped({**parts, name: etree.tostring(root)})
    renamed = later(CONVENTION, lambda data: data["operateur"].update(nom="DLA 01"))
    once = refresh(held, renamed)
    twice = refresh(once.octets, sample(CONVENTION))
    for fresh in (once, twice):
        header = open_package(fresh.octets)[name]
        paragraphs = parse_part(header, name).iter(W_P)
        proposed = [one for one in paragraphs if one.find(f"{W}pPr/{W}rPr/{W}ins") is not None]
        assert len(proposed) == 1 and AUTHOR.encode() in header and len(fresh.conflits) == 1
    assert not any(
        "DLA 01" in cell for line in page_in(open_package(twice.octets)) for cell in line.cells
    )
    assert b"Mot de la main" in open_package(twice.octets)[name]


def wrap_the_currency(root: etree._Element) -> None:
    """Un contrôle sans étiquette, de Word, autour des derniers mots d'une réponse."""
    run = next(control(root, "prix.montant").iter(W_R))
    [text] = run.iterchildren(W_T)
    amount, _, currency = str(text.text).rpartition("\N{NO-BREAK SPACE}")
    text.text = f"{amount}\N{NO-BREAK SPACE}"
    inner = f"<w:sdtContent><w:r><w:t>{currency}</w:t></w:r></w:sdtContent>"
    run.addnext(etree.fromstring(f"<w:sdt {NS}><w:sdtPr><w:text/></w:sdtPr>{inner}</w:sdt>"))


def test_un_controle_sans_etiquette_dans_une_reponse_n_arrete_pas_le_rafraichissement() -> None:
    held = edited(made(CONVENTION), wrap_the_currency)
    fresh = refresh(held, later(CONVENTION, dearer))
    assert DEARER in controls(fresh.octets)["prix.montant"]
    assert [one.chemin for one in fresh.mis_a_jour] == ["prix.montant"] and not fresh.conflits
    assert refresh(fresh.octets, later(CONVENTION, dearer)).octets == fresh.octets


def test_le_saut_de_page_du_modele_n_est_pas_pris_pour_une_ligne_vide() -> None:
    """Presque tout ce qui l'entoure s'en va : le saut, seul dans son paragraphe, partait avec."""
    before, after = situations("rapport_final", 37)
    left, fresh = before.page(), after.on(before.page()).octets
    there = [page_breaks(parse_part(open_package(one)[MAIN], MAIN)) for one in (left, fresh)]
    assert there == [1, 1]


def test_un_saut_de_page_deplace_est_une_retouche_et_se_dit() -> None:
    def move(root: etree._Element) -> None:
        [mark] = root.iter(f"{W}pageBreakBefore")
        mark.getparent().remove(mark)  # type: ignore[union-attr]
        line = [one for one in root[0].iterchildren(W_P) if words(one)][12]
        line.addprevious(etree.fromstring(f"<w:p {NS}>{PAGE}</w:p>"))

    left = made("rapport_final")
    assert "un saut de page déplacé" in work_in(edited(left, move)) and not work_in(left)
    fresh = refresh(edited(left, move), sample("rapport_final"))
    assert "un saut de page déplacé" in fresh.gardes
