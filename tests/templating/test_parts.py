"""Toutes les parties d'un document : en-têtes, notes, propriétés, images, données jointes,
réglages.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import docx
import pytest

from dla_docs.errors import InputError
from dla_docs.templating import BROUILLON, Image, compile_template, form_mode
from dla_docs.word.package import open_package
from tests.templating.word import (
    W,
    assert_sound,
    findings,
    lines,
    p,
    part,
    render,
    saved,
    tbl,
    template,
    tr,
)
from tests.word_packages import MAIN, default_parts, zipped

DATA = b"<?xml version='1.0' encoding='UTF-8'?><donnees xmlns='urn:x'>\xc3\xa9</donnees>"


def png(width: int = 4, height: int = 2) -> bytes:
    pixels = zlib.compress(b"".join(b"\0" + b"\1\2\3" * width for _ in range(height)))
    chunks = (
        (b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", pixels),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def test_headers_footers_text_boxes_and_properties_are_printed() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "En-tête {{ nom }}"
    document.sections[0].footer.paragraphs[0].text = "Pied {{ nom }}"
    document.core_properties.title = "Titre {{ nom }}"
    document.add_paragraph("Corps {{ nom }}")
    made = render(saved(document), {"nom": "R&D <b>\nsuite"})
    assert lines(made, "word/header1.xml") == ["En-tête R&D <b>\nsuite"]
    assert lines(made, "word/footer1.xml") == ["Pied R&D <b>\nsuite"]
    assert docx.Document(io.BytesIO(made)).core_properties.title == "Titre R&D <b> suite"


def test_alternative_texts_and_field_codes_are_printed() -> None:
    drawing = (
        "<w:r><w:drawing><wp:inline "
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:extent cx="1" cy="1"/><wp:docPr id="1" name="x" descr="Logo de {{ nom }}"/>'
        "</wp:inline></w:drawing></w:r>"
    )
    code = "w:instr='DOCVARIABLE \"{{ nom }}\"'"
    field = f"<w:fldSimple {code}><w:r><w:t>{{{{ nom }}}}</w:t></w:r></w:fldSimple>"
    root = part(render(template(p(drawing, field)), {"nom": 'A "B" & C'}))
    assert next(root.iter("{*}docPr")).get("descr") == 'Logo de A "B" & C'
    assert next(root.iter(f"{W}fldSimple")).get(f"{W}instr") == r'DOCVARIABLE "A \"B\" & C"'
    forged = part(render(template(p(drawing)), {"nom": 'A" title="B'}))
    assert dict(next(forged.iter("{*}docPr")).items()) == {
        "id": "1",
        "name": "x",
        "descr": 'Logo de A" title="B',
    }


def test_a_text_box_and_its_old_twin_are_both_printed() -> None:
    box = f"<w:txbxContent>{p('{{ nom }}')}</w:txbxContent>"
    both = (
        "<w:r><mc:AlternateContent "
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:pict>{box}</w:pict></mc:Choice><mc:Fallback><w:pict>{box}'
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert lines(render(template(p("dehors {{ nom }}", both)), {"nom": "Z"}))[1:] == ["Z", "Z"]


def test_two_sections_with_a_footnote_never_evaluate_data() -> None:
    document = docx.Document()
    document.add_paragraph("{{ a }}")
    document.add_section()
    document.sections[1].header.is_linked_to_previous = False
    document.sections[1].header.paragraphs[0].text = "{{ a }}"
    hostile = "{{ 7*7 }} {% for x in y %} {_{"
    made = render(saved(document), {"a": hostile})
    shown = hostile.replace(" %", "\N{NO-BREAK SPACE}%")
    assert lines(made)[0] == shown and lines(made, "word/header1.xml") == [shown]


def call(kind: str) -> str:
    """The paragraph that calls the first note of this kind."""
    said = f'<w:r><w:{kind.removesuffix("s")}Reference w:id="1"/></w:r>' if "notes" in kind else ""
    return f"<w:p>{said}</w:p>"


def story(kind: str, content: str) -> dict[str, bytes]:
    """The default parts, with footnotes, endnotes or comments; its body calls the first note."""
    parts = default_parts()
    parts[MAIN] = parts[MAIN].replace(b"<w:body>", f"<w:body>{call(kind)}".encode())
    name = f"word/{kind}.xml"
    parts[name] = f'<w:{kind} xmlns:w="{W[1:-1]}">{content}</w:{kind}>'.encode()
    override = (
        f'<Override PartName="/{name}" '
        f'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/>'
        "</Types>"
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>", override.encode()
    )
    relation = (
        '<Relationship Id="rIdStory" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{kind}.xml"/>'
    )
    parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(
        b"</Relationships>", f"{relation}</Relationships>".encode()
    )
    return parts


@pytest.mark.parametrize(
    ("kind", "item", "title"),
    [
        ("footnotes", "footnote", "Notes de bas de page"),
        ("endnotes", "endnote", "Notes de fin"),
        ("comments", "comment", "Commentaires"),
    ],
)
def test_notes_and_comments_are_printed_and_checked(kind: str, item: str, title: str) -> None:
    attributes = 'w:id="1" w:author="A"' if kind == "comments" else 'w:id="1"'
    content = f"<w:{item} {attributes}>{{}}</w:{item}>"
    vanishing = content.format(p("{%p if a %}") + p("{{ a }}") + p("{%p endif %}"))
    for a in ("A & B", None):
        made = render(template("x", call(kind), parts=story(kind, vanishing)), {"a": a})
        assert lines(made, f"word/{kind}.xml") == [a or ""]
    wrong = template("x", call(kind), parts=story(kind, content.format(p("{{ a( }}"))))
    assert findings(wrong)[0].startswith(f"{title}, paragraphe 1")


def test_custom_and_application_properties_are_printed() -> None:
    parts = default_parts()
    parts["docProps/app.xml"] = parts["docProps/app.xml"].replace(
        b"<Company/>", b"<Company>{{ nom }}</Company>"
    )
    made = render(zipped(parts), {"nom": "A & B"})
    assert b"<Company>A &amp; B</Company>" in open_package(made)["docProps/app.xml"]


def test_a_tag_where_nothing_can_be_printed_is_told() -> None:
    document = docx.Document()
    document.part.relate_to(
        "https://exemple.invalid/%7B%7B nom %7D%7D",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
        True,
    )
    assert any("l'adresse d'un lien" in message for message in findings(saved(document)))
    described = "<w:r><w:pict><w:x w:alt='{% if a %}x{% endif %}'/></w:pict></w:r>"
    assert any("texte de remplacement" in message for message in findings(template(p(described))))


def test_even_pages_without_header_say_draft_in_the_text() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "En-tête"
    document.settings.odd_and_even_pages_header_footer = True
    assert lines(compile_template(saved(document)).render({}, BROUILLON))[0] == "BROUILLON"


# Images


def test_an_image_stands_in_the_part_that_prints_it() -> None:
    document = docx.Document()
    header = document.sections[0].header.paragraphs[0]
    header.text = "{% for logo in profil.logos %}{{ logo }}{% endfor %}"
    document.add_paragraph("Avant {{ photo }} après")
    one, two = Image(png(), 2, 1, 'Logo « A » & "B"'), Image(png(6, 3), width_cm=3, alt="Deux")
    made = render(saved(document), {"profil": {"logos": [one, two, one]}, "photo": two})
    parts = open_package(made)
    assert sum(name.startswith("word/media/") for name in parts) == 2
    opened = docx.Document(io.BytesIO(made))
    assert [shape._inline.docPr.get("descr") for shape in opened.inline_shapes] == ["Deux"]
    assert opened.inline_shapes[0].height == pytest.approx(1.5 * 360000, abs=2)
    drawings = [
        item
        for name in ("word/header1.xml", "word/document.xml")
        for item in part(made, name).iter("{*}docPr")
    ]
    assert len({item.get("id") for item in drawings}) == len(drawings) == 4
    assert drawings[0].get("descr") == 'Logo « A » & "B"'
    assert lines(made) == ["Avant  après"]


def test_an_image_repeats_in_rows() -> None:
    source = template(
        tbl(
            tr("{%tr for x in xs %}", ""),
            tr("{{ x.nom }}", "{{ x.photo }}"),
            tr("{%tr endfor %}", ""),
        ),
        "fin",
    )
    made = render(
        source, {"xs": [{"nom": "a", "photo": Image(png(), 1)}, {"nom": "b", "photo": None}]}
    )
    assert len(docx.Document(io.BytesIO(made)).inline_shapes) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff" + b"\xff" * 50],
)
def test_what_is_not_a_picture_is_refused_in_french(content: bytes) -> None:
    with pytest.raises(InputError, match="image"):
        render(template("{{ photo }}"), {"photo": Image(content)})


def test_an_image_in_a_property_is_refused() -> None:
    document = docx.Document()
    document.core_properties.title = "{{ photo }}"
    with pytest.raises(InputError, match="ne s'imprime que dans un paragraphe"):
        render(saved(document), {"photo": Image(png())})


# Attached data, settings, determinism


def test_attached_data_take_a_free_number_and_are_absent_otherwise() -> None:
    source = saved(docx.Document())
    assert "customXml/item1.xml" in open_package(source)
    with_data, without = open_package(render(source, data=DATA)), open_package(render(source))
    assert with_data["customXml/item2.xml"] == DATA
    assert with_data["customXml/item1.xml"] == open_package(source)["customXml/item1.xml"]
    assert set(with_data) - set(without) == {
        "customXml/item2.xml",
        "customXml/itemProps2.xml",
        "customXml/_rels/item2.xml.rels",
    }
    assert (
        b"../customXml/item2.xml" in with_data["word/_rels/document.xml.rels"]
        and b"itemProps2" in with_data["[Content_Types].xml"]
    )


def test_attached_data_and_images_together() -> None:
    made = render(template("{{ photo }}"), {"photo": Image(png())}, data=DATA)
    assert b"rIdDlaData" in open_package(made)["word/_rels/document.xml.rels"]


def test_same_input_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    source = template("{{ a }}", "{{ photo }}")
    values = {"a": "é", "photo": Image(png())}
    first = compile_template(source).render(values, data=DATA)
    assert compile_template(source).render(values, data=DATA) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        names = archive.namelist()
        assert (
            names[:2] == ["[Content_Types].xml", "_rels/.rels"]
            and names[2:] == sorted(names[2:])
            and len(names) == len(set(names))
        )
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1363046400")
    dated = docx.Document(io.BytesIO(compile_template(source).render(values))).core_properties
    assert (
        dated.created is not None
        and dated.created.isoformat().startswith("2013-03-12")
        and dated.modified == dated.created
    )
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "demain")
    with pytest.raises(InputError, match="SOURCE_DATE_EPOCH"):
        compile_template(source).render(values)


def test_nothing_else_changes() -> None:
    """Parts without tags leave as they came, byte for byte."""
    source = template("{{ a }}")
    before, after = open_package(source), open_package(render(source, {"a": "x"}))
    rewritten = {
        "[Content_Types].xml",
        "word/document.xml",
        "word/settings.xml",
        "docProps/core.xml",
    }
    assert {name for name in before if before[name] != after.get(name)} <= rewritten
    assert set(before) == set(after)


def test_the_table_of_contents_is_refreshed() -> None:
    contents = (
        '<w:fldSimple w:instr=" TOC \\o &quot;1-3&quot; "><w:r><w:t>x</w:t></w:r></w:fldSimple>'
    )
    assert b"updateFields" in open_package(render(template(p(contents))))["word/settings.xml"]
    assert b"updateFields" not in open_package(render(template("x")))["word/settings.xml"]


def test_a_word_template_makes_a_document() -> None:
    parts = {
        name: content.replace(b"document.main+xml", b"template.main+xml")
        for name, content in default_parts().items()
    }
    assert b"document.main+xml" in open_package(render(zipped(parts)))["[Content_Types].xml"]


def test_a_template_without_settings_can_be_protected() -> None:
    parts = default_parts()
    del parts["word/settings.xml"]
    for name, mark in (
        ("[Content_Types].xml", b'PartName="/word/settings.xml"'),
        ("word/_rels/document.xml.rels", b'Target="settings.xml"'),
    ):
        start = parts[name].rindex(b"<", 0, parts[name].index(mark))
        parts[name] = parts[name][:start] + parts[name][parts[name].index(b"/>", start) + 2 :]
    made = render(zipped(parts), mode=form_mode(()))
    assert b"documentProtection" in open_package(made)["word/settings.xml"]


def test_another_prefix_for_word_is_understood() -> None:
    parts = default_parts()
    parts["word/document.xml"] = template_document().encode()
    made = render(zipped(parts), {"nom": "Zoé\nb", "xs": []})
    assert lines(made)[0] == "Zoé\nb"


def template_document() -> str:
    uri = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    table = (
        "<x:tbl><x:tblPr/><x:tblGrid/><x:tr><x:tc><x:p><x:r><x:t>{%tr for a in xs "
        "%}</x:t></x:r></x:p></x:tc></x:tr>"
    )
    table += (
        "<x:tr><x:tc><x:p/></x:tc></x:tr><x:tr><x:tc><x:p><x:r><x:t>{%tr endfor "
        "%}</x:t></x:r></x:p></x:tc></x:tr></x:tbl>"
    )
    return (
        f'<x:document xmlns:x="{uri}"><x:body><x:p><x:r><x:t>{{{{ nom '
        f"}}}}</x:t></x:r></x:p>{table}<x:p/></x:body></x:document>"
    )


def test_a_doubled_content_type_is_mended() -> None:
    parts = default_parts()
    types = parts["[Content_Types].xml"]
    start = types.index(b"<Override")
    override = types[start : types.index(b"/>", start) + 2]
    parts["[Content_Types].xml"] = types.replace(override, override * 2, 1)
    assert_sound(compile_template(zipped(parts)).render({}))


def test_properties_take_no_call_either() -> None:
    document = docx.Document()
    document.core_properties.title = "{{ cycler.__init__.__globals__.os.popen('id') }}"
    assert findings(saved(document))


@pytest.mark.parametrize(
    ("written", "printed"), [("{# une remarque #}Fin", "Fin"), ("{_{ x }_}", "{{ x }}")]
)
def test_a_part_whose_tags_print_no_value_is_rewritten_too(written: str, printed: str) -> None:
    document = docx.Document()
    document.sections[0].footer.paragraphs[0].text = written
    document.sections[0].header.paragraphs[
        0
    ].text = "En-tête"  # it says « brouillon », not the body
    document.add_paragraph(written)
    made = render(saved(document), {})
    assert lines(made) == lines(made, "word/footer1.xml") == [printed]
