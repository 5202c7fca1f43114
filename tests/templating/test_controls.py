"""Les contrôles de contenu : un même modèle sert le document rempli, le brouillon, le formulaire et
la relecture.
"""

from __future__ import annotations

import zlib
from datetime import date

import docx
import pytest
from lxml import etree

from dla_docs.model.node import Node
from dla_docs.templating import BROUILLON, compile_template, form_mode, lint
from dla_docs.word.package import open_package
from tests.templating.word import (
    W,
    findings,
    leaf,
    lines,
    note,
    p,
    part,
    part_node,
    render,
    rows,
    saved,
    sdt,
    table_texts,
    tbl,
    tc,
    template,
    text_in,
    tr,
    tree,
)
from tests.word_packages import zipped

DATE = '<w:date w:fullDate="2001-01-01T00:00:00Z"><w:dateFormat w:val="d/M/yy"/></w:date>'
LIST = '<w:dropDownList><w:listItem w:displayText="vieux" w:value="vieux"/></w:dropDownList>'


def model() -> Node:
    return tree(
        leaf("nom", label="Nom de la structure & co"),
        leaf("bilan", label="Bilan", multiline=True),
        leaf("avis", label="Avis", choices=("Oui", "Non", "Sans objet")),
        rows(
            "etapes",
            leaf("prevu", label="Prévu le", format="date"),
            rows("personnes", leaf("nom", label="Personne")),
        ),
    )


def controls(made: bytes, name: str = "word/document.xml") -> list[etree._Element]:
    return list(part(made, name).iter(f"{W}sdtPr"))


def value(properties: etree._Element, name: str) -> str | None:
    found = properties.find(f"{W}{name}")
    return None if found is None else str(found.get(f"{W}val", ""))


def steps() -> bytes:
    people = p("{%p for q in e.personnes %}"), p(sdt("q.nom")), p("{%p endfor %}")
    row = f"<w:tr>{tc(p(sdt('e.prevu', kind=DATE)))}{tc(*people)}</w:tr>"
    return template(
        p("Nom : ", sdt("nom")),
        tbl(tr("{%tr for e in etapes %}", ""), row, tr("{%tr endfor %}", "")),
        "fin",
    )


VALUES = {
    "nom": "Les Amis",
    "bilan": None,
    "avis": None,
    "etapes": [
        {"prevu": date(2013, 3, 12), "personnes": [{"nom": "Ana"}, {"nom": None}]},
        {"prevu": None, "personnes": [{"nom": "Léo"}]},
    ],
}


def test_each_row_gets_its_own_tag_and_number() -> None:
    made = render(steps(), VALUES, model())
    tags = [value(properties, "tag") for properties in controls(made)]
    assert tags == [
        "nom",
        "etapes[0].prevu",
        "etapes[0].personnes[0].nom",
        "etapes[0].personnes[1].nom",
        "etapes[1].prevu",
        "etapes[1].personnes[0].nom",
    ]
    numbers = [value(properties, "id") for properties in controls(made)]
    assert len(set(numbers)) == len(numbers)
    assert numbers[1] == str(zlib.crc32(b"etapes[0].prevu") & 0x7FFFFFFF)
    assert [value(properties, "alias") for properties in controls(made)][:3] == [
        "Nom de la structure & co",
        "Prévu le",
        "Personne",
    ]


def test_a_filtered_loop_keeps_the_rank_of_the_data() -> None:
    source = template(
        "{%p for e in etapes if e.prevu is none %}", p(sdt("e.prevu", kind=DATE)), "{%p endfor %}"
    )
    assert [
        value(properties, "tag") for properties in controls(render(source, VALUES, model()))
    ] == ["etapes[1].prevu"]


def test_a_final_document_has_no_lock_and_no_protection() -> None:
    locked = sdt("nom", extra='<w:alias w:val="Mon nom"/><w:lock w:val="sdtLocked"/>')
    for mode in (None, BROUILLON):
        made = render(template(p(locked)), VALUES, model(), **({"mode": mode} if mode else {}))
        assert (
            value(controls(made)[0], "lock") is None
            and value(controls(made)[0], "alias") == "Mon nom"
        )
        assert b"documentProtection" not in open_package(made)["word/settings.xml"]


def test_a_form_opens_only_the_given_paths() -> None:
    made = render(steps(), VALUES, model(), form_mode({"etapes[].prevu"}))
    locks = {value(properties, "tag"): value(properties, "lock") for properties in controls(made)}
    assert locks["etapes[0].prevu"] == locks["etapes[1].prevu"] == "sdtLocked"
    assert locks["nom"] == locks["etapes[0].personnes[1].nom"] == "sdtContentLocked"
    settings = open_package(made)["word/settings.xml"].decode()
    assert '<w:documentProtection w:edit="forms" w:enforcement="1"/>' in settings
    assert settings.index("documentProtection") < settings.index("defaultTabStop")


def test_a_form_invites_in_its_open_blanks_only() -> None:
    values = {**VALUES, "nom": None}
    made = render(steps(), values, model(), form_mode({"etapes[].prevu", "nom"}))
    showing = {
        value(properties, "tag"): properties.find(f"{W}showingPlcHdr") is not None
        for properties in controls(made)
    }
    assert {tag for tag, shown in showing.items() if shown} == {"nom", "etapes[1].prevu"}
    assert lines(made)[0] == "Nom : À remplir" and table_texts(made) == [
        ["12/03/2013", "Ana\n"],
        ["jj/mm/aaaa", "Léo"],
    ]
    invitation = next(run for run in part(made).iter(f"{W}r") if text_in(run) == "À remplir")
    assert invitation.find(f"{W}rPr/{W}color").get(f"{W}val") == "808080"  # type: ignore[union-attr] # the test fails on None all the same
    assert invitation.find(f"{W}rPr/{W}rStyle") is None


def test_a_form_asks_for_nothing_outside_controls() -> None:
    assert lines(
        render(template("[{{ nom }}]"), {**VALUES, "nom": None}, model(), form_mode({"nom"}))
    ) == ["[]"]


def test_dates_and_lists_carry_the_words_of_the_model() -> None:
    source = template(
        p(sdt("avis", kind=LIST)),
        "{%p for e in etapes %}",
        p(sdt("e.prevu", kind=DATE)),
        "{%p endfor %}",
        p(sdt("bilan")),
    )
    made = render(source, VALUES, model())
    avis, first, second, bilan = controls(made)
    assert [item.get(f"{W}displayText") for item in avis.iter(f"{W}listItem")] == [
        "Oui",
        "Non",
        "Sans objet",
    ]
    dates = [properties.find(f"{W}date") for properties in (first, second)]
    assert [found.get(f"{W}fullDate") for found in dates if found is not None] == [
        "2013-03-12T00:00:00Z",
        None,
    ]
    assert [
        found.find(f"{W}dateFormat").get(f"{W}val")  # type: ignore[union-attr]
        for found in dates
        if found is not None
    ] == ["dd/MM/yyyy"] * 2
    assert lines(made)[1] == "12/03/2013"
    assert bilan.find(f"{W}text").get(f"{W}multiLine") == "1"  # type: ignore[union-attr] # same


def test_a_date_control_prints_digits_even_for_a_long_date() -> None:
    long = tree(leaf("le", format="date_longue"))
    assert lines(
        render(template(p(sdt("le", kind=DATE)), "{{ le }}"), {"le": date(2013, 3, 1)}, long)
    ) == ["01/03/2013", "1er\u00a0mars\u00a02013"]


def test_a_control_may_hold_a_whole_cell() -> None:
    cell = (
        f'<w:sdt><w:sdtPr><w:tag w:val="nom"/></w:sdtPr><w:sdtContent>{tc("{{ nom }}")}'
        "</w:sdtContent></w:sdt>"
    )
    made = render(template(tbl(f"<w:tr>{cell}{tc('x')}</w:tr>"), "fin"), VALUES, model())
    assert value(controls(made)[0], "tag") == "nom" and "Les Amis" in lines(made)


def test_a_control_without_a_tag_takes_its_path() -> None:
    bare = (
        "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent><w:r><w:t>{{ nom "
        "}}</w:t></w:r></w:sdtContent></w:sdt>"
    )
    assert value(controls(render(template(p(bare)), VALUES, model()))[0], "tag") == "nom"


def test_two_controls_of_one_field_have_two_numbers() -> None:
    made = render(template(p(sdt("nom")), p(sdt("nom"))), VALUES, model())
    assert len({value(properties, "id") for properties in controls(made)}) == 2


def test_what_a_person_types_looks_like_what_was_printed() -> None:
    made = render(template(p(sdt("nom", properties="<w:b/>"))), VALUES, model())
    assert controls(made)[0][0].tag == f"{W}rPr" and controls(made)[0][0][0].tag == f"{W}b"


def test_controls_that_are_not_fields_are_left_alone() -> None:
    contents = (
        '<w:sdt><w:sdtPr><w:id w:val="9"/><w:docPartObj>'
        '<w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{p('{{ nom }} et {{ bilan }}')}</w:sdtContent></w:sdt>"
    )
    group = (
        '<w:sdt><w:sdtPr><w:tag w:val="bloc1"/><w:id w:val="10"/></w:sdtPr>'
        f"<w:sdtContent>{p('{{ nom }}')}{p('{{ bilan }}')}</w:sdtContent></w:sdt>"
    )
    made = render(template(contents, group), VALUES, model())
    assert [value(properties, "id") for properties in controls(made)] == ["9", "10"] and len(
        compile_template(template(contents), model()).controls
    ) == 0


def test_a_control_of_another_program_without_properties_hides_no_field() -> None:
    bare = f"<w:sdt><w:sdtContent>{p('Un cadre.')}</w:sdtContent></w:sdt>"
    source = template(bare, p(sdt("nom")))
    assert [value(one, "tag") for one in controls(render(source, VALUES, model()))] == ["nom"]
    assert len(compile_template(source, model()).controls) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (sdt("nom", "{{ bilan }}"), "le contrôle étiqueté « nom » imprime « bilan »"),
        (sdt("Texte1", "{{ nom }}"), "le contrôle étiqueté « Texte1 » imprime « nom »"),
        (sdt("nom", "Nom : {{ nom }}"), "contient autre chose que « {{ nom }} »"),
        (sdt("nom", "{{ nom }} {{ bilan }}"), "contient autre chose que « {{ nom }} »"),
        (
            sdt("nom", "{% if bilan %}{{ nom }}{% endif %}"),
            "contient autre chose que « {{ nom }} »",
        ),
        (sdt("nom", "Cliquez ici"), "le contrôle étiqueté « nom » n'imprime pas son champ"),
        (sdt("nom|upper"), "doit imprimer un champ, sans calcul"),
        (sdt("etapes[0].personnes[0].nm"), "ne connaît pas"),
    ],
)
def test_a_control_that_would_not_come_back_is_refused(content: str, said: str) -> None:
    found = findings(template("x", p(content)), model())
    assert any(
        said in message and message.startswith("Corps, paragraphe 2") for message in found
    ), found


def test_a_tag_too_long_for_word_is_told() -> None:
    deep = tree(
        rows(
            "lignes_du_plan",
            rows("personnes_rencontrees", leaf("commentaires_du_prestataire_retenu")),
        )
    )
    source = template(
        "{%p for l in lignes_du_plan %}{%p for q in l.personnes_rencontrees %}",
        p(sdt("q.commentaires_du_prestataire_retenu")),
        "{%p endfor %}{%p endfor %}",
    )
    constats = lint(source, deep)
    assert "plus de 64 caractères" in constats[0].message
    assert (
        constats[0].chemin
        == "lignes_du_plan[].personnes_rencontrees[].commentaires_du_prestataire_retenu"
    )


def test_the_template_tells_its_controls() -> None:
    found = compile_template(steps(), model()).controls
    assert [(control.path, control.tag, control.kind) for control in found] == [
        ("nom", "nom", "text"),
        ("etapes[].prevu", "e.prevu", "date"),
        ("etapes[].personnes[].nom", "q.nom", "text"),
    ]
    assert (
        found[1].node is not None
        and found[1].node.label == "Prévu le"
        and str(found[1].place) == "corps, tableau 1, ligne 2"
    )


BOX = (
    '<w14:checkbox xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
    '<w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
    '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
)


@pytest.mark.parametrize(
    ("given", "shown"), [(True, "☒"), ("Oui", "☒"), (False, "☐"), ("Non", "☐"), (None, "☐")]
)
def test_a_box_is_ticked_by_a_yes(given: object, shown: str) -> None:
    root = part(render(boxed(), {"accord": given}, tree(leaf("accord"))))
    assert text_in(next(root.iter(f"{W}p"))) == shown
    assert [next(iter(box.attrib.values())) for box in root.iter("{*}checked")] == [
        str(int(shown == "☒"))
    ]


def boxed() -> bytes:
    parts = open_package(template(p(sdt("accord", kind=BOX))))
    declared = BOX[BOX.index(" xmlns") : BOX.index("><")].encode()  # Word declares it on the root
    parts["word/document.xml"] = (
        parts["word/document.xml"]
        .replace(declared, b"")
        .replace(b"<w:document", b"<w:document" + declared, 1)
    )
    return zipped(parts)


def test_a_form_locks_what_is_no_field() -> None:
    wrapper = (
        '<w:sdt><w:sdtPr><w:tag w:val="bloc1"/></w:sdtPr>'
        f"<w:sdtContent>{p('{{ nom }}')}{p('{{ nom }}')}</w:sdtContent></w:sdt>"
    )
    around = (
        f'<w:sdt><w:sdtPr><w:id w:val="4"/></w:sdtPr><w:sdtContent>{p("x", sdt("nom"))}'
        "</w:sdtContent></w:sdt>"
    )
    source = template(wrapper, around)
    form = render(source, VALUES, model(), form_mode({"nom"}))
    assert [value(properties, "lock") for properties in controls(form)] == [
        "sdtContentLocked",
        None,
        "sdtLocked",
    ]
    assert [
        value(properties, "lock") for properties in controls(render(source, VALUES, model()))
    ] == [None, None, None]


# Draft


def test_a_draft_shows_each_gap_where_it_stands() -> None:
    source = template(
        "Nom : {{ nom }} ({{ bilan }})",
        tbl(tr("{{ bilan }}", "{{ nom }}")),
        p(sdt("bilan")),
        "{{ profil.mention }}.",
    )
    made = render(
        source, {"nom": "A", "bilan": " \n", "profil": {"mention": None}}, model(), BROUILLON
    )
    assert lines(made) == [
        "BROUILLON",
        "Nom : A (à compléter\N{NO-BREAK SPACE}: Bilan)",
        "à compléter",
        "A",
        "à compléter\N{NO-BREAK SPACE}: Bilan",
        ".",
    ]
    marked = [
        run for run in part(made).iter(f"{W}r") if run.find(f"{W}rPr/{W}highlight") is not None
    ]
    assert [text_in(run) for run in marked] == [
        "à compléter\N{NO-BREAK SPACE}: Bilan",
        "à compléter",
        "à compléter\N{NO-BREAK SPACE}: Bilan",
    ]


def test_a_gap_keeps_the_look_of_its_place_once_highlighted() -> None:
    made = render(
        template(p(sdt("bilan", properties='<w:b/><w:u w:val="single"/><w:lang w:val="fr-FR"/>'))),
        {"bilan": None},
        model(),
        BROUILLON,
    )
    gap = next(run for run in part(made).iter(f"{W}r") if text_in(run).startswith("à compléter"))
    assert [mark.tag.removeprefix(W) for mark in gap.findall(f"{W}rPr/*")] == [
        "b",
        "highlight",
        "u",
        "lang",
    ]


def test_a_withheld_note_is_no_gap() -> None:
    noted = tree(part_node("fin", note("rappel", "À noter.")))
    assert lines(
        render(template("{{ fin.rappel }}"), {"fin": {"rappel": None}}, noted, BROUILLON)
    ) == ["BROUILLON", ""]
    assert lines(render(template("{{ fin.rappel }}"), {"fin": {}}, noted)) == [""]
    assert lines(render(template("{{ fin.rappel }}"), {"fin": {"x": 1}}, noted)) == ["À noter."]


def test_every_header_says_draft_and_only_in_a_draft() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "En-tête"
    document.add_section()
    document.sections[1].header.is_linked_to_previous = False
    document.sections[1].header.paragraphs[0].text = "Autre"
    source = saved(document)
    draft = compile_template(source).render({}, BROUILLON)
    assert [lines(draft, f"word/header{rank}.xml")[0] for rank in (1, 2)] == [
        "BROUILLON"
    ] * 2 and "BROUILLON" not in lines(draft)
    final = compile_template(source).render({})
    assert [lines(final, f"word/header{rank}.xml")[0] for rank in (1, 2)] == ["En-tête", "Autre"]


def test_a_first_page_without_header_says_draft_in_its_text() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "En-tête"
    document.sections[0].different_first_page_header_footer = True
    assert lines(compile_template(saved(document)).render({}, BROUILLON))[0] == "BROUILLON"


def test_the_template_may_ask_why_it_is_printed() -> None:
    source = template("{% if brouillon %}b{% endif %}{% if formulaire %}f{% endif %}.")
    assert [
        lines(render(source, {}, model(), mode))[-1] for mode in (BROUILLON, form_mode(()))
    ] == ["b.", "f."]
    assert lines(render(source, {}, model())) == ["."]
