"""Un document sain passe ; un document abîmé par règle est pris, et le message dit où."""

from __future__ import annotations

import copy
import io

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from dla_docs.constat import Constat, Gravite
from dla_docs.word.package import open_package
from dla_docs.word.soundness import soundness
from tests.word_packages import (
    MAIN,
    R_XMLNS,
    RELS,
    W_XMLNS,
    default_parts,
    with_body,
    with_relationship,
)

P = "<w:p/>"
CELL = f"<w:tc>{P}</w:tc>"
TYPES = "[Content_Types].xml"
BEGIN, SEPARATE, END = (
    f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
)


def messages(parts: dict[str, bytes], gravite: Gravite = Gravite.BLOQUANT) -> list[str]:
    found = soundness(parts)
    assert all(constat.conseil for constat in found)
    return [constat.message for constat in found if constat.gravite is gravite]


def body(xml: str) -> list[str]:
    return messages(with_body(xml))


def warned(xml: str) -> list[str]:
    assert body(xml) == []
    return messages(with_body(xml), Gravite.AVERTISSEMENT)


def sdt(
    content: str = f"<w:sdtContent>{P}</w:sdtContent>", tag: str = "nom", identifier: int = 1
) -> str:
    return (
        f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/><w:id w:val="{identifier}"/></w:sdtPr>{content}'
        "</w:sdt>"
    )


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def drawing(identifier: int) -> str:
    xmlns = 'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    return (
        f'<w:p><w:r><w:drawing><wp:inline {xmlns}><wp:docPr id="{identifier}" name="logo"/>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )


# Ce qui est sain


def test_le_document_vide_de_python_docx_est_sain() -> None:
    assert soundness(default_parts()) == []


def test_un_document_riche_est_sain() -> None:
    document = docx.Document()
    document.add_heading("Diagnostic partagé")
    document.add_paragraph("Un point", style="List Bullet")
    document.add_table(2, 3, style="Table Grid")
    document.sections[0].header.paragraphs[0].text = "En-tête"
    stream = io.BytesIO()
    document.save(stream)
    assert soundness(open_package(stream.getvalue())) == []


@pytest.mark.parametrize(
    "xml",
    [
        table(row(CELL, f"<w:tc>{table(row(CELL))}{P}</w:tc>")),
        table(row(f"<w:tc><w:tcPr/>{sdt()}</w:tc>")),
        table(row(f'<w:tc>{P}<w:bookmarkEnd w:id="0"/></w:tc>')),
        table(
            f"<w:sdt><w:sdtContent>{row(f'<w:sdt><w:sdtContent>{CELL}</w:sdtContent></w:sdt>')}"
            "</w:sdtContent></w:sdt>"
        ),
        f"<w:p>{BEGIN}{BEGIN}{END}{SEPARATE}{END}</w:p>",
        f"<w:p>{BEGIN}{SEPARATE}</w:p><w:p>{END}</w:p>",
        sdt(identifier=1) + sdt(identifier=2),
        drawing(1) + drawing(2),
        '<w:p><w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:p>',
        "",
    ],
)
def test_ce_que_word_ecrit_est_sain(xml: str) -> None:
    assert soundness(with_body(xml)) == []


def test_le_double_que_word_garde_pour_les_anciennes_versions_ne_compte_pas() -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    text = f"<w:txbxContent>{sdt()}</w:txbxContent>"
    choices = f'<mc:Choice Requires="wps">{text}</mc:Choice><mc:Fallback>{text}</mc:Fallback>'
    both = f"<w:p><w:r><mc:AlternateContent {mc}>{choices}</mc:AlternateContent></w:r></w:p>"
    assert body(both) == []
    assert body(both.replace("mc:Fallback", "mc:Choice")) != []


# Une règle, un document abîmé


ENDS_WITH_TABLE = f"<w:tc>{P}{table(row(CELL))}</w:tc>"
ENDS_WITH_TABLE_TO_FILL = f"<w:tc>{sdt(f'<w:sdtContent>{table(row(CELL))}</w:sdtContent>')}</w:tc>"


@pytest.mark.parametrize(
    "cell", ["<w:tc/>", "<w:tc><w:tcPr/></w:tc>", ENDS_WITH_TABLE, ENDS_WITH_TABLE_TO_FILL]
)
def test_une_cellule_finit_par_un_paragraphe_et_le_message_dit_laquelle(cell: str) -> None:
    [message] = body(table(row(CELL)) + table(row(CELL, CELL), row(CELL, cell)))
    assert (
        message
        == "Tableau 2, ligne 2 : la cellule 2 ne finit pas par un paragraphe (word/document.xml)."
    )


def test_un_tableau_imbrique_ne_fausse_pas_le_compte() -> None:
    nested = f"<w:tc>{table(row(CELL, CELL), row(CELL))}{P}</w:tc>"
    [message] = body(table(row(nested), row(nested, "<w:tc/>")))
    assert message.startswith("Tableau 1, ligne 2 : la cellule 2 ")


def test_une_ligne_a_une_cellule() -> None:
    assert body(table(row(CELL), row())) == [
        "Tableau 1 : la ligne 2 n'a aucune cellule (word/document.xml)."
    ]


def test_un_tableau_a_une_ligne() -> None:
    assert body(P + table()) == ["Le tableau 1 n'a aucune ligne (word/document.xml)."]


@pytest.mark.parametrize("content", ["", "<w:sdtContent/>"])
def test_un_champ_a_remplir_a_un_contenu(content: str) -> None:
    assert body(sdt(content, "conditions.delais")) == [
        "Le champ à remplir « conditions.delais » n'a pas de contenu (word/document.xml)."
    ]


def test_les_identifiants_des_champs_a_remplir_sont_uniques_d_une_partie_a_l_autre() -> None:
    assert "« a », « b »" in body(sdt(tag="a") + sdt(tag="b"))[0]
    parts = with_story("header", f"<w:hdr {W_XMLNS}>{sdt(tag='b')}</w:hdr>", sdt(tag="a"))
    assert "« a », « b »" in messages(parts)[0]


def test_les_identifiants_des_images_sont_uniques() -> None:
    assert body(drawing(7) + drawing(7)) == [
        "2 images ou dessins portent le même identifiant 7 (word/document.xml)."
    ]


@pytest.mark.parametrize(
    ("runs", "word"),
    [
        (BEGIN, "ne finit pas"),
        (BEGIN + SEPARATE, "ne finit pas"),
        (END, "sans avoir commencé"),
        (SEPARATE, "sans avoir commencé"),
        (BEGIN + END + END, "sans avoir commencé"),
        (BEGIN + SEPARATE + SEPARATE + END, "sans avoir commencé"),
    ],
)
def test_un_champ_calcule_commence_et_finit(runs: str, word: str) -> None:
    [message] = body(f"<w:p>{runs}</w:p>")
    assert word in message


def test_un_champ_ne_finit_pas_dans_une_autre_note() -> None:
    notes = (
        f'<w:footnote w:id="1"><w:p>{BEGIN}</w:p></w:footnote><w:footnote w:id="2"><w:p>{END}</w:p>'
        "</w:footnote>"
    )
    assert (
        len(messages(with_story("footnotes", f"<w:footnotes {W_XMLNS}>{notes}</w:footnotes>"))) == 2
    )


def test_une_zone_de_texte_a_un_paragraphe() -> None:
    assert "aucun paragraphe" in body("<w:p><w:r><w:txbxContent/></w:r></w:p>")[0]


@pytest.mark.parametrize(
    ("tag", "word"),
    [
        ("footnoteReference", "bas de page"),
        ("endnoteReference", "note de fin"),
        ("commentReference", "commentaire"),
    ],
)
def test_une_note_appelee_existe(tag: str, word: str) -> None:
    [message] = body(f'<w:p><w:r><w:{tag} w:id="4"/></w:r></w:p>')
    assert word in message and "n° 4" in message


def test_une_note_qui_existe_est_saine() -> None:
    notes = f'<w:footnotes {W_XMLNS}><w:footnote w:id="4">{P}</w:footnote></w:footnotes>'
    assert (
        messages(
            with_story("footnotes", notes, '<w:p><w:r><w:footnoteReference w:id="4"/></w:r></w:p>')
        )
        == []
    )


def test_un_style_employe_est_defini() -> None:
    styled = '<w:p><w:pPr><w:pStyle w:val="Titre9"/></w:pPr></w:p>'
    assert warned(styled + styled) == [
        "Le style « Titre9 » est employé et n'est pas défini (word/document.xml)."
    ]
    in_run, in_table = (
        '<w:p><w:r><w:rPr><w:rStyle w:val="X"/></w:rPr></w:r></w:p>',
        '<w:tblPr><w:tblStyle w:val="X"/></w:tblPr>',
    )
    for use in (in_run, table(row(CELL)).replace("<w:tblPr/>", in_table)):
        assert warned(use) == [
            "Le style « X » est employé et n'est pas défini (word/document.xml)."
        ]


def test_un_style_herite_d_un_style_defini() -> None:
    parts = default_parts()
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(
        b'<w:basedOn w:val="Normal"/>', b'<w:basedOn w:val="Perdu"/>', 1
    )
    [message] = messages(parts, Gravite.AVERTISSEMENT)
    assert "« Perdu »" in message and "word/styles.xml" in message


def test_une_liste_employee_est_definie() -> None:
    listed = '<w:p><w:pPr><w:numPr><w:numId w:val="99"/></w:numPr></w:pPr></w:p>'
    assert warned(listed) == [
        "La liste n° 99 est employée et n'est pas définie (word/document.xml)."
    ]


def test_la_presentation_d_une_liste_est_definie() -> None:
    parts = default_parts()
    parts["word/numbering.xml"] = (
        f'<w:numbering {W_XMLNS}><w:num w:numId="1"><w:abstractNumId w:val="8"/></w:num>'
        "</w:numbering>".encode()
    )
    assert any(
        "présentation de liste n° 8" in message
        for message in messages(parts, Gravite.AVERTISSEMENT)
    )


# Le paquet


def with_story(kind: str, xml: str, text: str = P) -> dict[str, bytes]:
    """Un document et une partie de plus, liée et typée."""
    parts = with_body(text, with_relationship(kind, f"{kind}9.xml"))
    parts[f"word/{kind}9.xml"] = xml.encode()
    return with_type(
        parts,
        f"word/{kind}9.xml",
        f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml",
    )


def with_type(parts: dict[str, bytes], part: str, kind: str) -> dict[str, bytes]:
    override = f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'
    return {**parts, TYPES: parts[TYPES].replace(b"</Types>", override.encode())}


def test_un_lien_mene_a_une_partie() -> None:
    assert messages(with_relationship("image", "media/absente.png")) == [
        "Un lien mène à une partie qui n'existe pas, « word/media/absente.png » "
        "(word/_rels/document.xml.rels)."
    ]
    assert messages(with_relationship("image", "http://x.fr/a.png", external=True)) == []
    assert messages(with_relationship("image", "STYLES.xml")) == []


def test_un_lien_employe_est_defini() -> None:
    [message] = body(f'<w:p><w:hyperlink r:id="rIdPerdu" {R_XMLNS}/></w:p>')
    assert message == "Le lien « rIdPerdu » est employé et n'est pas défini (word/document.xml)."
    parts = with_story(
        "header", f'<w:hdr {W_XMLNS} {R_XMLNS}><w:p><w:hyperlink r:id="rId1"/></w:p></w:hdr>'
    )
    assert "word/header9.xml" in messages(parts)[0]  # the text has a rId1, the header has none


def test_un_lien_n_est_defini_qu_une_fois() -> None:
    [message] = messages(with_relationship("theme", "theme/theme1.xml", identifier="rId3"))
    assert message == "Le lien « rId3 » est défini deux fois (word/_rels/document.xml.rels)."


def test_des_liens_ont_leur_partie() -> None:
    parts = {**default_parts(), "word/_rels/header7.xml.rels": default_parts()[RELS]}
    assert (
        "Des liens appartiennent à une partie qui n'existe pas (word/_rels/header7.xml.rels)."
        in messages(parts)
    )


def test_chaque_partie_a_un_type() -> None:
    parts = {**default_parts(), "word/media/logo.svg": b"<svg/>"}
    assert messages(parts) == ["Le type d'une partie n'est pas déclaré (word/media/logo.svg)."]
    jpeg = b'<Default Extension="jpeg" ContentType="image/jpeg"/><Override'
    parts[TYPES] = parts[TYPES].replace(b"<Override", jpeg, 1)
    del parts["word/media/logo.svg"]
    assert messages({**parts, "word/media/LOGO.JPEG": b"x"}) == []


def test_un_type_n_est_declare_qu_une_fois() -> None:
    parts = with_type(
        default_parts(),
        "word/styles.xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml",
    )
    assert messages(parts) == [
        "Le type de « word/styles.xml » est déclaré deux fois ([Content_Types].xml)."
    ]


def test_une_partie_a_le_type_que_word_attend() -> None:
    parts = with_body(P, with_relationship("header", "header9.xml"))
    parts["word/header9.xml"] = (
        f"<w:hdr {W_XMLNS}>{P}</w:hdr>".encode()
    )  # falls back on application/xml
    assert messages(parts) == [
        "Le type d'une partie n'est pas celui que Word attend (word/header9.xml)."
    ]
    classeur = default_parts()[TYPES].replace(
        b"wordprocessingml.document.main+xml", b"spreadsheetml.sheet.main+xml"
    )
    assert messages({**default_parts(), TYPES: classeur}) == [
        "Le texte n'est pas déclaré comme un document Word (word/document.xml)."
    ]


def test_deux_parties_ne_different_pas_par_la_seule_casse() -> None:
    assert messages({**default_parts(), "word/Styles.xml": default_parts()["word/styles.xml"]})[
        0
    ].startswith("Deux parties ont le même nom, à la casse près")


@pytest.mark.parametrize("part", [TYPES, "_rels/.rels", MAIN])
def test_une_partie_indispensable_manque(part: str) -> None:
    parts = default_parts()
    del parts[part]
    assert f"Une partie indispensable manque ({part})." in messages(parts)


def test_le_paquet_dit_ou_est_son_texte() -> None:
    parts = default_parts()
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"word/document.xml", b"word/styles.xml")
    assert "Le paquet ne dit pas où est son texte (_rels/.rels)." in messages(parts)


@pytest.mark.parametrize(
    "part", [TYPES, "_rels/.rels", RELS, MAIN, "word/styles.xml", "customXml/item1.xml"]
)
def test_une_partie_illisible_est_un_constat(part: str) -> None:
    found = messages({**default_parts(), part: b"<a>"})
    assert any(part in message and "abîmé" in message for message in found)


def test_tous_les_defauts_sont_dits_a_la_fois() -> None:
    parts = with_body(
        table() + sdt("<w:sdtContent/>") + f"<w:p>{BEGIN}</w:p>",
        with_relationship("image", "absente.png"),
    )
    assert len(messages(parts)) == 4


RICH = with_body(
    table(row(CELL, f"<w:tc>{sdt()}{P}</w:tc>"), row(f"<w:tc>{table(row(CELL))}{P}</w:tc>"))
    + f"<w:p>{BEGIN}{SEPARATE}{END}</w:p>"
    + drawing(1)
    + drawing(2)
)


@given(st.data())
def test_aucun_degat_ne_fait_lever_une_erreur(data: st.DataObject) -> None:
    """Elements dropped, moved or doubled anywhere: always a list of sentences, and Word's own text
    stays sound.
    """
    parts = dict(RICH)
    part = data.draw(st.sampled_from([MAIN, RELS, TYPES, "_rels/.rels", "word/numbering.xml"]))
    root = etree.fromstring(parts[part])
    for _ in range(data.draw(st.integers(1, 4))):
        elements = list(root.iter())
        element = data.draw(st.sampled_from(elements))
        parent = element.getparent()
        if parent is None:
            continue
        kind = data.draw(st.sampled_from(["drop", "move", "double", "attribute"]))
        if kind == "attribute":
            element.attrib.clear()
        elif kind == "double":
            parent.append(copy.deepcopy(element))
        else:
            parent.remove(element)
            if kind == "move":
                data.draw(st.sampled_from(list(root.iter()))).append(element)
    parts[part] = etree.tostring(root)
    found = soundness(parts)
    assert all(isinstance(constat, Constat) and constat.message.endswith(".") for constat in found)


def test_le_document_riche_du_degat_est_sain_au_depart() -> None:
    assert soundness(RICH) == []
