"""Ce qu'un fichier Word contient rarement : ce qu'il irait chercher, ce qu'il dit, ce qu'il est."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from lxml import etree

from dla_docs import load
from dla_docs.errors import InputError, PackageError
from dla_docs.word import archive, fetching, part
from dla_docs.word.beyond import beyond_in
from dla_docs.word.fetching import external_links, fetched
from dla_docs.word.names import with_word_prefix
from dla_docs.word.package import open_package
from dla_docs.word.page import page_in, plain
from dla_docs.word.signs import own_text, unreadable
from tests.word_packages import W_XMLNS, default_docx, default_parts, with_body, with_relationship

SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
PICTURE = "word/media/image1.svg"
ELSEWHERE = {
    "une feuille de style importée": (
        SVG.format("<style>@import 'http://x.fr/a.css';</style>"),
        ["@import 'http://x.fr/a.css';"],
    ),
    "une feuille de style liée": (
        f'<?xml version="1.0"?>{SVG.format("<?xml-stylesheet href=?><!-- ici --><g/>")}',
        [PICTURE],
    ),
    "une image dans le style": (
        SVG.format("<style>g {{ fill: url(http://x.fr/a.png) }}</style>"),
        ["http://x.fr/a.png"],
    ),
    "rien hors de lui": (SVG.format('<!-- ici --><g fill="url(#a)"/><use href="#a"/>'), []),
}


@pytest.mark.parametrize(("drawing", "named"), ELSEWHERE.values(), ids=list(ELSEWHERE))
@pytest.mark.parametrize("packed", [False, True], ids=["nu", "compressé"])
def test_ce_qu_un_dessin_irait_chercher_est_nomme(
    drawing: str, named: list[str], packed: bool
) -> None:
    content = gzip.compress(drawing.encode()) if packed else drawing.encode()
    assert external_links({**default_parts(), PICTURE: content}) == named


def test_un_dessin_compresse_abime_ou_sans_fin(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = default_parts()
    assert external_links({**parts, PICTURE: b"\x1f\x8b\x08abime"}) == []
    monkeypatch.setattr(fetching, "MAX_DRAWING", 10)
    assert external_links({**parts, PICTURE: gzip.compress(SVG.format("").encode())}) == [PICTURE]


def test_la_source_d_un_publipostage_se_dit_ou_non() -> None:
    parts = with_relationship("mailMergeSource", "file:///C:/adresses.xlsx", external=True)
    assert [one.target for one in fetched(parts)] == ["file:///C:/adresses.xlsx"]
    assert fetched(parts, merging=False) == []


# What a page says


def run(content: str) -> etree._Element:
    """Le premier élément d'une suite de caractères."""
    return etree.fromstring(f"<w:r {W_XMLNS}>{content}</w:r>")[0]


@pytest.mark.parametrize(
    ("chosen", "said"),
    [('<w:result w:val="1"/>', "Non"), ("", "Oui"), ('<w:result w:val="7"/>', "")],
)
def test_une_liste_de_l_ancien_formulaire_dit_son_choix(chosen: str, said: str) -> None:
    entries = '<w:listEntry w:val="Oui"/><w:listEntry w:val="Non"/>'
    begin = f'<w:fldChar w:fldCharType="begin"><w:ffData><w:ddList>{chosen}{entries}</w:ddList>'
    assert own_text(run(f"{begin}</w:ffData></w:fldChar>")) == said


def test_un_symbole_sans_code_est_nomme() -> None:
    assert unreadable(run('<w:sym w:font="Wingdings"/>')) == [
        "un symbole sans lettre (Wingdings, 0000)"
    ]
    assert unreadable(run("<w:tab/>")) == []


def test_un_texte_dessine_et_un_texte_de_zone_sont_distingues() -> None:
    vml = 'xmlns:v="urn:schemas-microsoft-com:vml"'
    art = f'<w:pict><v:shape {vml}><v:textpath string="URGENT"/></v:shape></w:pict>'
    box = (
        "<w:drawing><w:txbxContent><w:p><w:r><w:t>Dit</w:t></w:r></w:p></w:txbxContent></w:drawing>"
    )
    found = beyond_in(with_body(f"<w:p><w:r>{art}</w:r></w:p><w:p><w:r>{box}</w:r></w:p>"))
    assert [one.what for one in found] == ["un texte dessiné (« URGENT »)"]
    assert beyond_in({}) == ()


def test_un_controle_autour_d_une_cellule_est_une_cellule() -> None:
    cell = "<w:tc><w:p><w:r><w:t>Réponse</w:t></w:r></w:p></w:tc>"
    about = '<w:sdtPr><w:tag w:val="theme"/></w:sdtPr>'
    sdt = f"<w:sdt>{about}<w:sdtContent>{cell}</w:sdtContent></w:sdt>"
    label = "<w:tc><w:p><w:r><w:t>Thème</w:t></w:r></w:p></w:tc>"
    (line,) = page_in(with_body(f"<w:tbl><w:tr>{label}{sdt}</w:tr></w:tbl>"))
    assert [plain(one) for one in line.cells] == ["Thème", "Réponse"]
    assert [(one.tag, one.text) for one in line.controls] == [("theme", "Réponse")]


def test_une_partie_au_prefixe_etranger_garde_ses_attributs() -> None:
    held = etree.fromstring(
        '<x:document xmlns:x="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'x:conformance="strict"><x:body/></x:document>'
    )
    made = with_word_prefix(held)
    assert (made.prefix, len(made)) == ("w", 1)
    assert [*made.attrib.values()] == ["strict"]


def test_une_partie_demesuree_ou_abimee_est_refusee(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PackageError):
        part.root_tag(b"pas de balise", "word/document.xml")
    monkeypatch.setattr(part, "MAX_XML", 10)
    with pytest.raises(PackageError, match="anormalement gros"):
        part.parse_part(b"<a>un texte trop long</a>", "word/document.xml")


# What a file is


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["word/document.xml"], "C'est un document Word (.docx), et non des données"),
        (["xl/workbook.xml"], "C'est un classeur Excel (.xlsx), et non des données"),
    ],
)
def test_un_fichier_d_une_autre_sorte_est_nomme(
    names: list[str], said: str, tmp_path: Path
) -> None:
    made = io.BytesIO()
    with ZipFile(made, "w") as packed:
        for name in names:
            packed.writestr(name, "\0")
    (tmp_path / "mission.yaml").write_bytes(made.getvalue())
    with pytest.raises(InputError) as caught:
        load(tmp_path / "mission.yaml")
    assert said in str(caught.value)


def test_une_archive_abimee_donnee_pour_des_donnees_est_refusee(tmp_path: Path) -> None:
    (tmp_path / "mission.yaml").write_bytes(default_docx()[:400])
    with pytest.raises(InputError):
        load(tmp_path / "mission.yaml")


def test_sans_l_extra_rapide_les_documents_s_ouvrent_de_meme(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(archive, "import_module", missing)
    deflate = archive._choose_deflate()
    assert zlib.decompress(deflate(b"texte" * 100), -15) == b"texte" * 100
    monkeypatch.setattr(archive, "deflate", deflate)
    parts = default_parts()
    made = archive.write_archive(archive.pack_quickly(name, data) for name, data in parts.items())
    assert open_package(made) == parts
    docx.Document(io.BytesIO(made))
