"""Un corps lu ou habillé par morceaux dit la même chose que lu ou habillé d'un trait, quoi qu'il
tienne.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from dla_docs import Mission, read, trame
from dla_docs.errors import PackageError
from dla_docs.forms import reader
from dla_docs.registry import DOCUMENTS
from dla_docs.stages import form_page, rendering
from dla_docs.stages.boxes import MARGINS, line_width
from dla_docs.stages.request import Request
from dla_docs.word import beyond, hidden, page
from dla_docs.word.cutting import cut_body, cut_to_read
from dla_docs.word.names import NAMESPACES, W
from dla_docs.word.page import page_in, plain
from dla_docs.word.part import SMALL, check_part
from tests import long
from tests.corpus import samples
from tests.word_forms import fill, parts_of, resaved_by_word, zipped

MAIN = "word/document.xml"
BODY = b"<w:body>"
FIELD = b'<w:r><w:fldChar w:fldCharType="%s"/></w:r>'
ADDED = {
    "un texte": b"<w:p><w:r><w:t>En plus</w:t></w:r></w:p>",
    "un paragraphe vide": b"<w:p/>",
    "un tableau dans une cellule": b"<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>dedans"
    b"</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>",
    "un cadre": b"<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Cadre</w:t></w:r></w:p>"
    b"</w:txbxContent></w:pict></w:r><w:r><w:t>Autour</w:t></w:r></w:p>",
    "un lot de paragraphes": b"<w:sdt><w:sdtContent><w:p><w:r><w:t>Un</w:t></w:r></w:p><w:p><w:r>"
    b"<w:t>Deux</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    "une ligne dans un lot": b"<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc><w:p><w:r><w:t>Ligne</w:t>"
    b"</w:r></w:p></w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>",
    "un champ hors paragraphe": b'<w:sdt><w:sdtPr><w:tag w:val="commentaires"/></w:sdtPr>'
    b"<w:sdtContent><w:r><w:t>Seul</w:t></w:r></w:sdtContent></w:sdt>",
    "des paragraphes deplaces": b"<w:moveFrom><w:p><w:r><w:t>Parti</w:t></w:r></w:p></w:moveFrom>",
    "un numero de page sur deux paragraphes": b"<w:p>"
    + FIELD % b"begin"
    + b"<w:r><w:instrText> PAGE </w:instrText></w:r>"
    + FIELD % b"separate"
    + b"<w:r><w:t>4</w:t></w:r></w:p><w:p><w:r><w:t>12</w:t></w:r>"
    + FIELD % b"end"
    + b"</w:p>",
    "une remarque": b"<w:p><w:r><w:t>Un</w:t><!-- <w:p> --><w:t>mot</w:t></w:r></w:p>",
    "une remarque qui ferme un paragraphe": b"<w:p><w:r><w:t>Un</w:t><!-- </w:p> --><w:t>mot</w:t>"
    b"</w:r></w:p>",
    "un paragraphe ferme avec un blanc": b"<w:p><w:r><w:t>Un</w:t></w:r></w:p ><w:p><w:r><w:t>Deux"
    b"</w:t></w:r></w:p>",
    "un cadre vide": b"<w:p><w:r><w:pict><w:txbxContent><w:p/></w:txbxContent></w:pict></w:r><w:r>"
    b"<w:t>Autour</w:t></w:r></w:p>",
    "ce qui tient lieu de morceaux": b"<w:p><w:r><w:t>Un</w:t></w:r><w:_/></w:p>",
    "un autre prefixe": b'<x:p xmlns:x="http://schemas.openxmlformats.org/wordprocessingml/2006/'
    b'main"><x:r><x:t>Autre</x:t></x:r></x:p>',
    "un prefixe qui change": b'<w:p xmlns:w="urn:autre"><w:r><w:t>Rien</w:t></w:r></w:p>',
    "un texte barre": b"<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>Faux</w:t></w:r></w:p>",
    "un texte masque": b"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Secret</w:t></w:r></w:p>",
    "un paragraphe ouvert a la ligne": b"<w:p\n><w:r><w:t>Un</w:t></w:r></w:p><w:p><w:r><w:t>Deux"
    b"</w:t></w:r></w:p>",
    "un enregistrement de Word": b'<w:p w:rsidR="00AB12CD" w:rsidP="00AB12CE">'
    b'<w:r w:rsidRPr="00A7742A"><w:t> w:rsidR="00AB12CD" &lt;w:p w:rsidR="00AB12CD"></w:t></w:r>'
    b"</w:p>",
    "un lien": b'<w:p><w:r><w:instrText>HYPERLINK "https://www.example.org"</w:instrText></w:r>'
    b"<w:r><w:t>site</w:t></w:r></w:p>",
}


@pytest.fixture(scope="module")
def forms() -> tuple[bytes, ...]:
    """Un formulaire vierge, un autre rempli, le même enregistré par Word."""
    made = trame("proposition", _mission("mission_individuelle"), profil="centre")
    return (
        made,
        (filled := fill(made, {"intervenants[1].formation": "Une réponse"})),
        resaved_by_word(filled),
    )


def _mission(name: str) -> Mission:
    found = samples()[name]
    assert isinstance(found, Mission)
    return found


def _added(docx: bytes, xml: bytes) -> bytes:
    parts = parts_of(docx)
    return zipped({**parts, MAIN: parts[MAIN].replace(BODY, BODY + xml, 1)})


def _uncut(monkeypatch: pytest.MonkeyPatch) -> None:
    """De quoi lire et habiller d'un trait."""
    for module in (page, beyond, form_page, hidden):
        name = "cut_body" if module is form_page else "cut_to_read"
        monkeypatch.setattr(module, name, lambda body: None)
    hidden._may_hide.cache_clear()


LAST = b"</w:sectPr></w:body></w:document>"
ENDED = {
    "une section changee en suivi": b'<w:sectPrChange w:id="1" w:author="A"><w:sectPr/>'
    b"</w:sectPrChange>" + LAST,
    "une fin a la ligne": b"</w:sectPr>\n</w:body>\n</w:document>\n",
}


@pytest.mark.parametrize("what", ENDED)
def test_however_a_page_ends_it_is_read_by_pieces_as_it_is_whole(
    what: str, forms: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Une mise en page changée en suivi des modifications faisait dire le fichier « abîmé »."""
    parts = parts_of(forms[0])
    changed = {**parts, MAIN: parts[MAIN].replace(LAST, ENDED[what])}
    assert cut_body(changed[MAIN]) is not None and changed[MAIN] != parts[MAIN]
    found = page_in(changed), beyond.beyond_in(changed)
    _uncut(monkeypatch)
    assert found == (page_in(changed), beyond.beyond_in(changed))


def test_a_cell_without_a_width_is_as_wide_as_its_column_by_pieces_too() -> None:
    """Sans quoi une liste y tient sur une ligne d'un trait, et sur plusieurs par morceaux."""
    opening = (
        f'<w:document xmlns:w="{NAMESPACES["w"]}"><w:body><w:tbl><w:tblGrid>'
        '<w:gridCol w:w="%s"/></w:tblGrid><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>'
        "<w:sectPr/></w:body></w:document>"
    )
    for width in (1200, 9000):
        cut = cut_body((opening % width).encode())
        assert cut is not None
        (piece,) = cut.pieces()
        cell = next(piece.root().iter(f"{W}tc"))
        assert line_width(cell[0], {}) == width - MARGINS


@pytest.mark.parametrize("what", ADDED)
def test_a_page_is_read_by_pieces_as_it_is_whole(
    what: str, forms: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = [parts_of(_added(form, ADDED[what])) for form in forms]
    assert all(len(parts[MAIN]) > SMALL for parts in changed)  # a small part is remembered whole
    found = [(page_in(parts), beyond.beyond_in(parts)) for parts in changed]
    _uncut(monkeypatch)
    assert found == [(page_in(parts), beyond.beyond_in(parts)) for parts in changed]


PARAGRAPH = b"<w:p><w:r><w:t>Un</w:t></w:r></w:p>"
BROKEN = {
    "un signe nu": b"<w:p><w:r><w:t>Dupont & fils</w:t></w:r></w:p>",
    "une entité": b"<w:p><w:r><w:t>&nbsp;</w:t></w:r></w:p>",
    "un octet": b"<w:p><w:r><w:t>\xe9</w:t></w:r></w:p>",
    "un nom sans espace": b"<w:p><z:r/></w:p>",
    "un espace dit à côté": b'<w:p xmlns:z="urn:z"><z:r/></w:p><w:p><z:r/></w:p>',
    "deux fois le même attribut": b'<w:p w:a="1" w:a="2"/>',
    "deux fois la même marque": b'<w:p w:rsidR="00AB12CD" w:rsidR="00AB12CD"/>',
    "une fin de trop": b"<w:p></w:r></w:p>",
    "une fin de moins": b"<w:p><w:r></w:p>",
    "une fin dans un attribut": b'<w:p w:a="/>">Un</w:p>',
    "le corps fermé dans un paragraphe": b"<w:p></w:p ></w:body><w:body><w:p\n></w:p>",
    "le tableau fermé dans une ligne": b"<w:sectPr><w:tbl><w:tr></w:tr ></w:tbl></w:sectPr><w:tbl>"
    b"<w:tr\n></w:tr></w:tbl>",
}
SOUND = {one for one in BROKEN if " dans un" in one}


@pytest.mark.parametrize("what", BROKEN)
def test_a_damaged_page_is_refused_by_pieces_as_it_is_whole(
    what: str, forms: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = [_added(form, PARAGRAPH + BROKEN[what]) for form in forms]
    found = [*map(_refused, broken)]
    monkeypatch.setattr(reader, "check_read", check_part)
    _uncut(monkeypatch)
    assert found == [*map(_refused, broken)]
    assert what in SOUND or "abîmé" in found[0]


def _refused(form: bytes) -> str:
    try:
        return str(read(form).constats)
    except PackageError as error:
        return str(error)


def test_what_word_writes_at_each_save_makes_no_other_piece(forms: tuple[bytes, ...]) -> None:
    """Un formulaire que Word a enregistré se lisait trois fois plus lentement qu'un autre."""
    page, again = (
        parts_of(forms[2])[MAIN].replace(b'w:rsidR="00', b'w:rsidR="%s' % one)
        for one in (b"0A", b"0B")
    )
    first, second = cut_to_read(page), cut_to_read(again)
    assert first is not None and second is not None and page != again
    assert [*first.pieces()] == [*second.pieces()]
    unknown = page.replace(b"<w:p ", b'<w:p w14:paraId="0F2A3B4C" ').replace(
        b" xmlns:w14=", b" xmlns:z="
    )
    assert b"w14:paraId" in next(one.xml for one in (cut_to_read(unknown) or first).pieces())


OFTEN = ("proposition", "grille_de_suivi", "enquete_beneficiaire", "convention_tripartite")


@pytest.mark.parametrize("slug", [slug if slug in OFTEN else long(slug) for slug in DOCUMENTS])
def test_a_form_is_dressed_by_pieces_as_it_is_whole(
    slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    missions = None, _mission("mission_collective")
    found = [trame(slug, mission, profil="centre") for mission in missions]
    _uncut(monkeypatch)
    assert found == [trame(slug, mission, profil="centre") for mission in missions]


def test_a_page_that_says_its_title_twice_has_one_head(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deux paragraphes pareils sont le même morceau, habillé une fois."""

    def dressed(parts: Mapping[str, bytes], request: Request) -> dict[str, bytes]:
        title = re.compile(rb'<w:p>(?:(?!</w:p>).)*"Titre"/>.*?</w:p>', re.DOTALL)
        body = title.sub(lambda found: 2 * found[0], parts[MAIN], count=1)
        return form_page.dressed({**parts, MAIN: body}, request)

    monkeypatch.setattr(rendering, "dressed", dressed)
    made = trame("enquete_beneficiaire", _mission("mission_collective"), profil="centre")
    assert (
        len(
            [
                line
                for line in page_in(parts_of(made))
                if plain(line.cells[0]).startswith("Enquête de satis")
            ]
        )
        == 2
    )
    head = [
        line for line in page_in(parts_of(made)) if plain(line.cells[0]).startswith("À remplir")
    ]
    assert len(head) == 1


def test_what_travels_again_and_again_is_cut(forms: tuple[bytes, ...]) -> None:
    """Sinon rien n'est épargné."""
    for form in forms:
        cut = cut_body(parts_of(form)[MAIN])
        assert cut is not None
        assert len([*cut.pieces()]) > 50


def test_a_damaged_piece_is_refused_as_a_damaged_part(forms: tuple[bytes, ...]) -> None:
    damaged = parts_of(_added(forms[0], b"<w:p><w:r></w:p>"))
    with pytest.raises(PackageError, match=r"« word/document.xml » ne se lit pas"):
        page_in(damaged)


def test_what_a_reader_changes_in_a_copy_leaves_the_next_reading_as_it_was(
    forms: tuple[bytes, ...],
) -> None:
    """Deux formulaires qui ont les mêmes lignes se relisent chacun avec ses réponses."""
    blank, filled, _ = forms
    for _ in range(2):
        assert not read(blank).changements
        assert [one.apres for one in read(filled).changements] == ["Une réponse"]
