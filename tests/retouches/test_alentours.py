"""Ce qui change sans un mot : la charte, le titre du fichier, la forme et l'ordre des lignes. La
page retouchée doit montrer ce que montre une page neuve.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from dla_docs import refresh
from dla_docs.errors import TargetError
from dla_docs.model.document import Document
from dla_docs.retouches.around import worn_otherwise
from dla_docs.retouches.shaping import recaption
from dla_docs.retouches.target import write_over
from dla_docs.retouches.work import work_in
from dla_docs.stages.rendering import fill
from dla_docs.stages.request import resolve
from dla_docs.stages.sent_page import LOOK
from dla_docs.word.names import W_TC, W
from dla_docs.word.package import MAIN, open_package, parse_part
from tests.cli.test_cibles import HAND, by_hand
from tests.offices import need_office
from tests.retouches.test_histoires import (
    CONVENTION,
    DEARER,
    dearer,
    later,
    made,
    row_of,
    sample,
)
from tests.word_forms import page_text, parts_of, resaved, zipped

THEME, STYLES, CORE = "word/theme.xml", "word/styles.xml", "docProps/core.xml"
CHARTER = {"couleur_principale": "#7A1F5C", "police": "Caladea"}


def chartered(**charter: str) -> Document:
    def wear(data: Any) -> None:
        data["operateur"]["charte"] = charter

    return later(CONVENTION, wear)


def worn(octets: bytes) -> tuple[list[str], ...]:
    """Les couleurs et les caractères du thème, des styles et de la page."""
    parts, asked = open_package(octets), rb'srgbClr val="(\w+)"|latin typeface="([^"]+)"'
    theme = sorted("".join(one) for one in re.findall(asked.decode(), parts[THEME].decode()))
    painted = re.compile(r'w:(?:val|fill)="([0-9A-F]{6})"')
    said = (painted.findall(parts[name].decode()) for name in (STYLES, MAIN))
    return (theme, *map(sorted, said))


def test_la_charte_donnee_depuis_habille_la_page_retouchee() -> None:
    now = chartered(**CHARTER)
    fresh = refresh(by_hand(made(CONVENTION)), now)
    assert worn(fresh.octets) == worn(fill(resolve(now, brouillon=True))) != worn(made(CONVENTION))
    assert HAND in page_text(fresh.octets)
    assert any(one.libelle == "Charte" and "7A1F5C" in one.apres for one in fresh.mis_a_jour)
    assert refresh(fresh.octets, now).octets == fresh.octets
    back = refresh(fresh.octets, sample(CONVENTION))
    assert worn(back.octets) == worn(made(CONVENTION))


@pytest.mark.lent
def test_la_charte_habille_aussi_une_page_que_libreoffice_a_enregistree(tmp_path: Path) -> None:
    need_office()
    held = resaved(by_hand(made(CONVENTION)), tmp_path)
    fresh = refresh(held, chartered(**CHARTER))
    said = "".join(part.decode("utf-8", "replace") for part in open_package(fresh.octets).values())
    assert "EAF0F4" not in said.upper() and "1D3A57" not in said.upper()
    assert "F3EBF0" in said.upper() and 'w:ascii="Calibri"' not in said
    assert not any(
        one.libelle == "Charte" for one in refresh(held, later(CONVENTION, dearer)).mis_a_jour
    )


def test_une_police_seule_qui_ne_change_pas_la_page_l_habille_aussi() -> None:
    now = chartered(police="Caladea")
    assert "Caladea" in worn(refresh(by_hand(made(CONVENTION)), now).octets)[0]


def test_des_couleurs_choisies_dans_word_restent_et_se_disent() -> None:
    parts = parts_of(by_hand(made(CONVENTION)))
    theme = parts[THEME].replace(b'clrScheme name="DLA"', b'clrScheme name="Bleu vert"')
    held = zipped({**parts, THEME: theme.replace(b"1D3A57", b"0A0B0C")})
    fresh = refresh(held, chartered(**CHARTER))
    assert "0A0B0C" in worn(fresh.octets)[0] and "7A1F5C" not in worn(fresh.octets)[0]
    assert any("couleurs" in one for one in fresh.gardes)


def dressed_in_word(octets: bytes, part: str, *changes: tuple[bytes, bytes]) -> bytes:
    parts = parts_of(octets)
    for was, now in changes:
        assert was in parts[part]
        parts[part] = parts[part].replace(was, now, 1)
    return zipped(parts)


HEADING = re.compile(rb'<w:name w:val="heading 1"/>.*?<w:color [^>]*>', re.S)


def in_red(octets: bytes) -> bytes:
    """« Titre 1 », modifié dans le volet des styles : la page n'en dit rien."""
    found = HEADING.search(parts_of(octets)[STYLES])
    assert found
    red = re.sub(rb"<w:color [^>]*>$", b'<w:color w:val="C00000"/>', found[0])
    return dressed_in_word(octets, STYLES, (found[0], red))


def in_orange(octets: bytes) -> bytes:
    """Création, Couleurs, Orange."""
    scheme = (b'clrScheme name="DLA"', b'clrScheme name="Orange"')
    return dressed_in_word(octets, THEME, scheme, (b"1F6E7A", b"C04000"))


@pytest.mark.parametrize(
    ("edit", "told", "kept"),
    [
        (in_red, "style « heading 1 » changé : couleur", b'w:val="C00000"'),
        (in_orange, "couleurs du thème : « DLA » est devenu « Orange »", b"C04000"),
    ],
)
def test_un_style_ou_un_theme_change_seul_est_une_retouche_qui_reste(
    edit: Callable[[bytes], bytes], told: str, kept: bytes, tmp_path: Path
) -> None:
    held, target = edit(made(CONVENTION)), tmp_path / "convention.docx"
    target.write_bytes(held)
    with pytest.raises(TargetError, match=told):
        write_over(target, fill(resolve(later(CONVENTION, dearer), brouillon=True)))
    fresh = refresh(held, later(CONVENTION, dearer))
    assert told in " ".join(fresh.gardes) and DEARER in page_text(fresh.octets)
    assert any(kept in part for name, part in parts_of(fresh.octets).items() if "word/" in name)
    assert refresh(fresh.octets, later(CONVENTION, dearer)).octets == fresh.octets


@pytest.mark.parametrize("damaged", [b"", b"[1]", b'{"heading 1": 3}', b'{"th\xc3\xa8me": [2]}'])
def test_une_allure_abimee_vaut_une_allure_absente(damaged: bytes) -> None:
    parts = parts_of(made(CONVENTION))
    assert [*worn_otherwise({LOOK: damaged}, parts)] == [*worn_otherwise({}, parts)] == []


def more(data: Any) -> None:
    data["structures"].insert(0, {"cle": "neuve", "nom": "Association Neuve Exemple"})


def test_une_structure_de_plus_est_dans_le_titre_du_fichier() -> None:
    now = later(CONVENTION, more)
    fresh = refresh(by_hand(made(CONVENTION)), now)
    assert title_of(fresh.octets) == title_of(fill(resolve(now, brouillon=True)))
    assert "Neuve" in title_of(fresh.octets)


def renamed(data: Any) -> None:
    data["operateur"]["nom"] = "DLA 00 renommé"


def test_l_auteur_du_fichier_suit_l_operateur() -> None:
    now = later(CONVENTION, renamed)
    fresh = refresh(by_hand(made(CONVENTION)), now)
    assert about(fresh.octets, "creator") == "DLA 00 renommé" != about(made(CONVENTION), "creator")
    assert any(one.libelle == "Auteur du fichier" for one in fresh.mis_a_jour)
    assert about(refresh(fresh.octets, sample(CONVENTION)).octets, "creator") == about(
        made(CONVENTION), "creator"
    )


def described(octets: bytes, **said: str) -> bytes:
    """Le même fichier, de ce titre ou de cet auteur."""
    parts = parts_of(octets)
    core = parts[CORE].decode()
    for name, text in said.items():
        core = re.sub(f"<dc:{name}>[^<]*<", f"<dc:{name}>{text}<", core)
    return zipped({**parts, CORE: core.encode()})


def test_un_titre_ou_un_auteur_recrit_seul_est_une_retouche(tmp_path: Path) -> None:
    """La page est telle qu'elle était partie : le fichier n'est pas récrit pour autant."""
    target, now = tmp_path / "c.docx", later(CONVENTION, dearer)
    for name, text in (("title", "Notre convention"), ("creator", "Mme Exemple")):
        held = described(made(CONVENTION), **{name: text})
        target.write_bytes(held)
        with pytest.raises(TargetError, match=f"du fichier : .* est devenu « {text} »"):
            write_over(target, fill(resolve(now, brouillon=True)))
        assert target.read_bytes() == held
        fresh = refresh(held, now)
        assert DEARER in page_text(fresh.octets) and about(fresh.octets, name) == text
        assert any(text in kept for kept in fresh.gardes)
        assert work_in(fresh.octets) and not work_in(made(CONVENTION))


def test_un_titre_et_un_auteur_recrits_par_la_main_restent() -> None:
    held = described(by_hand(made(CONVENTION)), title="Notre convention", creator="Mme Exemple")
    assert refresh(held, sample(CONVENTION)).octets == held

    def both(data: Any) -> None:
        more(data)
        renamed(data)

    fresh = refresh(held, later(CONVENTION, both))
    assert [about(fresh.octets, name) for name in ("title", "creator")] == [
        "Notre convention",
        "Mme Exemple",
    ]
    kept = " ".join(fresh.gardes)
    assert "Titre du fichier : « Notre convention »" in kept and "« Mme Exemple »" in kept
    assert refresh(fresh.octets, later(CONVENTION, both)).octets == fresh.octets


def title_of(octets: bytes) -> str:
    return about(octets, "title")


def about(octets: bytes, name: str) -> str:
    """Une propriété du fichier."""
    found = parse_part(open_package(octets)[CORE], CORE).find(f"{{*}}{name}")
    return "" if found is None else str(found.text)


def grounds(octets: bytes, tag: str) -> list[str]:
    """Le fond de chaque cellule de la ligne qui tient ce champ."""
    row = row_of(parse_part(open_package(octets)[MAIN], MAIN), tag)
    shades: list[etree._Element | None] = [cell.find(f"{W}tcPr/{W}shd") for cell in row.iter(W_TC)]
    return ["" if one is None else str(one.get(f"{W}fill")) for one in shades]


def keyed(data: Any) -> None:
    for rank, row in enumerate(data["prix"]["versements"]):
        row["cle"] = f"v{rank}"


def test_une_ligne_mise_en_tete_n_a_pas_le_fond_du_titre() -> None:
    def first(data: Any) -> None:
        keyed(data)
        rows = data["prix"]["versements"]
        rows.insert(0, {**deepcopy(rows[0]), "cle": "neuve", "condition": "Une condition neuve"})

    now, tag = later(CONVENTION, first), "prix.versements[0].condition"
    wanted = grounds(fill(resolve(now, brouillon=True)), tag)
    assert grounds(refresh(paid(), now).octets, tag) == wanted


def test_un_ordre_change_se_dit() -> None:
    def turned(data: Any) -> None:
        keyed(data)
        data["prix"]["versements"][:2] = data["prix"]["versements"][1::-1]

    fresh = refresh(paid(), later(CONVENTION, turned))
    assert [one.libelle for one in fresh.mis_a_jour if not one.chemin] == ["Ordre"]


def paid() -> bytes:
    """La convention dont les versements ont une clé, retouchée."""
    return by_hand(fill(resolve(later(CONVENTION, keyed), brouillon=True)))


@pytest.mark.parametrize(
    "held, expected", [("Étapes", "Étapes prévues"), ("De la main", "De la main")]
)
def test_le_nom_d_un_tableau_suit_la_mission_sauf_celui_que_la_main_a_mis(
    held: str, expected: str
) -> None:
    left, kept, new = (
        etree.fromstring(
            f'<w:tbl xmlns:w="{W[1:-1]}"><w:tblPr><w:tblCaption w:val="{name}"/></w:tblPr></w:tbl>'
        )
        for name in ("Étapes", held, "Étapes prévues")
    )
    recaption(left, kept, new)
    assert [one.get(f"{W}val") for one in kept.iter(f"{W}tblCaption")] == [expected]


FOOTER = "word/footer1.xml"
CODES = ("NUMPAGES", "SECTIONPAGES", "DATE", "STYLEREF 1", "NUMWORDS")


def with_another_reference(data: Any) -> None:
    data["reference_convention"] = "DLA00-2099-01-C9"


@pytest.mark.parametrize("code", CODES)
def test_ce_que_word_recalcule_dans_un_pied_de_page_n_est_pas_de_la_main(code: str) -> None:
    """Ni dit retouché, ni à choisir : il suit la mission, et y revient."""
    parts = parts_of(by_hand(made(CONVENTION)))
    run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    counted = f'<w:fldSimple w:instr=" NUMPAGES ">{run.format(1)}</w:fldSimple>'
    said = parts[FOOTER].decode()
    assert counted in said
    for number in "47":
        found = "".join(
            (
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
                f"<w:r><w:instrText> {code} </w:instrText></w:r>",
                '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
                f'{run.format(number)}<w:r><w:fldChar w:fldCharType="end"/></w:r>',
            )
        )
        parts[FOOTER] = said.replace(counted, found).encode()
        fresh = refresh(zipped(parts), later(CONVENTION, with_another_reference))
        footer = parse_part(open_package(fresh.octets)[FOOTER], FOOTER)
        assert "DLA00-2099-01-C9" in "".join(map(str, footer.itertext()))
        assert not fresh.conflits and not footer.findall(f".//{W}ins")
        assert b"resultat=" not in open_package(fresh.octets)[FOOTER]
        again = refresh(zipped(parts), sample(CONVENTION))
        assert f">{number}<" in open_package(again.octets)[FOOTER].decode()
        back = refresh(fresh.octets, sample(CONVENTION))
        assert HAND in page_text(back.octets) and not back.conflits
