"""Le modèle Word qu'un document se fait : complet, conforme à son contrat, accessible, et
présentable quelles que soient les données.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from docx import Document as open_word
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from dla_docs.builder import build_template
from dla_docs.builder.printed_words import NBSP, introduced, typeset
from dla_docs.builder.wml import q
from dla_docs.model.bloc import Bloc, bloc_of
from dla_docs.model.document import Document
from dla_docs.model.fields import champ, mention
from dla_docs.model.formats import FORMATS
from dla_docs.model.layout import Genre, colonne
from dla_docs.model.node import Kind, Node
from dla_docs.model.requirement import O, R, exige, referentiel
from dla_docs.model.values import Choix, Cle, Entier, Jour, Montant, OuiNon, Texte, TexteLong
from dla_docs.parties.acteurs import Operateur, Personne, Structure
from dla_docs.pdf import convert_many
from dla_docs.profils.loading import PROFILS, load_profil
from dla_docs.registry import DOCUMENTS, MODELES
from dla_docs.resources import sample_path, template_names, template_path
from dla_docs.stages.loading import load_mission
from dla_docs.stages.rendering import render
from dla_docs.templating import (
    BROUILLON,
    DEFINITIF,
    Blank,
    CompiledTemplate,
    Image,
    PrintMode,
    compile_template,
    lint,
)
from tests import as_keyed
from tests.offices import need_office
from tests.ooxml_validator import validate_ooxml
from tests.pdf_checks import check_pdf, pdf_text

FORMULAIRE = PrintMode(Blank.FORMULAIRE)


class Couleur(Enum):
    """Un choix."""

    BLEU = "Bleu"
    VERT = "Vert"


def jamais(bloc: Any, document: Any) -> bool:
    """Une condition."""
    return False


class Avis(Bloc):
    """Un avis"""

    reponse: OuiNon = champ("Oui/Non")
    commentaire: TexteLong = champ("Commentaires")


class AvisLibre(Bloc):
    """Un avis sur un critère que la grille ne nomme pas"""

    intitule: Texte = champ("Critère")
    reponse: OuiNon = champ("Oui/Non")
    commentaire: TexteLong = champ("Commentaires")


class Grille(Bloc):
    """1) Conditions de réalisation"""

    colonnes = ("OUI/NON", "Commentaires du bénéficiaire")
    sous_points = ("rythme",)

    titre_1 = mention("1) Conditions de réalisation", exige("EVI-01"), titre=True)
    a_noter = mention(
        "A noter : cette partie est remplie par le chargé de mission.", exige("EVI-06")
    )

    delais: Avis = champ("Délais tenus", exige("EVI-02"))
    rythme: Avis = champ("rythme adapté")
    libre: AvisLibre = champ("Autre")
    suite: TexteLong = champ("Si non, transformation proposée")


class Ligne(Bloc):
    """Une ligne"""

    colonnes = (
        colonne("Etapes", "intitule", "quand", numero="Etape"),
        colonne("Coût\n(TTC)", "cout", largeur=0.5),
    )

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Intitulé", exige("EVI-17"))
    quand: Jour = champ("Dates")
    cout: Montant = champ("Coût")


class Cloture(Bloc):
    """Fin de mission"""

    ligne_de = "lignes"

    cout: Montant = champ("Coût")


class Puce(Bloc):
    """Une puce"""

    cle: Cle = champ("Clé")
    texte: TexteLong = champ("Texte")


class Reponse(Bloc):
    """Réponse"""

    question: TexteLong = champ("Question")
    presents: tuple[Personne, ...] = champ("Présents")
    lignes: tuple[Ligne, ...] = champ("Détail")
    idees: tuple[Puce, ...] = champ("Idées")


class Issue(Bloc):
    """Ce qui n'est demandé que dans certains cas"""

    motif: TexteLong = champ("Motif de l'issue", exige("SUI-09"), si=jamais)
    prix: Montant = champ("Prix de l'issue", exige("SUI-09"), si=jamais)


class Essai(Document):
    """Un document d'essai : une de chaque sorte de mise en page."""

    titre = "Essai : tout ce qu'un modèle sait faire"
    source = "Essai"
    paysage = True
    genre = Genre.DOSSIER
    signatures = ("Le prestataire", "La structure")

    avant_lignes = mention("(1) Une note sur le tableau.", exige("SUI-10"), apres="cloture")

    reference: Texte = champ("Référence", exige("SUI-03"))
    date: Jour = champ("Date")
    operateur: Operateur = champ("DLA")
    structures: tuple[Structure, ...] = champ("Structures", exige("SUI-04"))
    grille: Grille = champ()
    lignes: tuple[Ligne, ...] = champ("Etapes", exige("EVI-17", O))
    cloture: Cloture = champ()
    reponses: tuple[Reponse, ...] = champ("Réponses")
    puces: tuple[Puce, ...] = champ("A la fin, il est attendu :", exige("CDC-14"))
    autres_puces: tuple[Puce, ...] = champ("Autres puces")
    couleur: Choix[Couleur] = champ("Couleur", exige("SUI-09", R))
    effectif: Entier = champ("Effectif")
    conditionnel: TexteLong = champ("Conditionnel", exige("SUI-09"), si=jamais)
    issue: Issue = champ()


MODELS: dict[str, type[Document]] = {**DOCUMENTS, "essai": Essai}
ALL = pytest.mark.parametrize("slug", list(MODELS))


@cache
def built(slug: str) -> bytes:
    return build_template(MODELS[slug])


@cache
def compiled(slug: str) -> CompiledTemplate:
    return compile_template(built(slug), MODELS[slug])


def part(docx: bytes, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return etree.fromstring(archive.read(name))


def lines(docx: bytes, name: str = "word/document.xml") -> list[str]:
    """The paragraphs as a reader sees them, in the signs of a keyboard."""
    return [_line(paragraph) for paragraph in part(docx, name).iter(q("p"))]


def _line(paragraph: etree._Element) -> str:
    return as_keyed(_as_shown(paragraph))


def _as_shown(paragraph: etree._Element) -> str:
    pieces = (
        ("\n" if piece.tag == q("br") else piece.text or "")
        for piece in paragraph.iter(q("t"), q("br"))
    )
    return "".join(pieces)


def text(docx: bytes) -> str:
    return "\n".join(lines(docx))


SAMPLES: dict[str, Any] = {
    "date": date(2013, 3, 12),
    "date_longue": date(2013, 3, 12),
    "heure": time(9, 30),
    "periode": "du 12/03/2013 au 15/04/2013",
    "siret": "12345678200010",
    "siren": "123456782",
    "telephone": "+33261910012",
    "annee": 2013,
}


def value_of(node: Node, row: int, long: bool = False) -> Any:
    if node.choices:
        return node.choices[row % len(node.choices)]
    if node.format != "texte":
        return SAMPLES.get(node.format, Decimal(100 + row))
    return f"{node.path} {row}" + (
        ", une phrase assez longue pour passer à la ligne" * 8 if long else ""
    )


def values(
    node: Node, rows: int = 2, long: bool = False, blank: bool = False, row: int = 0
) -> dict[str, Any]:
    """Everything filled, or everything blank; notes always say their text."""
    found: dict[str, Any] = {}
    for child in node.children.values():
        if child.kind is Kind.NOTE:
            found[child.name] = child.text
        elif child.kind is Kind.LEAF:
            found[child.name] = None if blank else value_of(child, row, long)
        elif child.kind is Kind.PART:
            found[child.name] = values(child, rows, long, blank, row)
        else:
            found[child.name] = [values(child, rows, long, blank, number) for number in range(rows)]
    return found


def rendered(
    slug: str, data: dict[str, Any], mode: PrintMode = DEFINITIF, logos: list[Image] | None = None
) -> bytes:
    mention = "Accompagnement DLA financé par :" if logos else None
    every = list(referentiel())  # as if a profile followed all the guides
    profil = {
        "nom": "Essai",
        "mention_des_financeurs": mention,
        "pied_de_page": None,
        "date": "12/03/2013",
        "reference": None,
        "logos": logos or [],
        "logos_financeurs": [],
        "suivies": every,
    }
    return compiled(slug).render(
        {
            **data,
            "profil": profil,
            "graphiques": {},
            "brouillon": mode is BROUILLON,
            "formulaire": mode is FORMULAIRE,
        },
        mode,
    )


def printable(model: type[Bloc], node: Node) -> Iterator[Node]:
    """The leaves that a page shows: all but the keys, the profile and the files of logos."""
    for child in node.children.values():
        inner = bloc_of(model, child.name) if child.kind is not Kind.NOTE else None
        if child.kind is Kind.NOTE or child.name in model.hors_page:
            continue
        if inner is None:
            yield child
        else:
            yield from printable(inner, child)


# --- the contract ---------------------------------------------------------------------------------
# ------------------------------


@ALL
def test_a_new_template_keeps_its_contract(slug: str) -> None:
    assert [str(finding) for finding in lint(built(slug), MODELS[slug])] == []


@ALL
def test_every_field_has_one_control_named_after_it(slug: str) -> None:
    # A row that may be read as a heading is written twice: one or the other is printed.
    wanted = {node.path for node in printable(MODELS[slug], MODELS[slug].schema_node())}
    assert {control.path for control in compiled(slug).controls} == wanted


@ALL
def test_controls_are_of_the_kind_of_their_field(slug: str) -> None:
    by_tag = {
        sdt.find(f"{q('sdtPr')}/{q('tag')}").get(q("val")): sdt  # type: ignore[union-attr]
        for sdt in part(built(slug)).iter(q("sdt"))
    }
    for control in compiled(slug).controls:
        node, properties = control.node, by_tag[control.tag].find(q("sdtPr"))
        assert node is not None and properties is not None
        items = [item.get(q("value")) for item in properties.iter(q("listItem"))]
        assert items == list(map(typeset, node.choices))
        assert (properties.find(q("date")) is not None) == (node.format == "date")
        plain = properties.find(q("text"))
        assert (plain is not None and plain.get(q("multiLine")) == "1") == (
            node.multiline and not node.choices
        )


@ALL
def test_controls_stand_within_their_paragraph(slug: str) -> None:
    # LibreOffice cuts a block-level control to its first paragraph when it saves a form.
    assert {
        etree.QName(parent).localname
        for sdt in part(built(slug)).iter(q("sdt"))
        if (parent := sdt.getparent()) is not None
    } == {"p"}


@ALL
def test_the_same_class_gives_the_same_bytes(slug: str) -> None:
    assert build_template(MODELS[slug]) == built(slug)


def test_shipped_templates_are_those_that_the_builder_makes() -> None:
    stale = [
        slug
        for slug, model in MODELES.items()
        if slug not in template_names() or template_path(slug).read_bytes() != build_template(model)
    ]
    assert stale == [], "récrivez-les : python -m dla_docs.builder"


@pytest.mark.lent
def test_the_maintenance_command_writes_every_template(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dla_docs.builder", str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(MODELES)
    assert done.stderr == ""


# --- what the page says ---------------------------------------------------------------------------
# ------------------------------


@ALL
def test_every_filled_value_is_on_the_page(slug: str) -> None:
    model = MODELS[slug]
    page = text(rendered(slug, values(model.schema_node())))
    for node in printable(model, model.schema_node()):
        for row in range(2 if "[]" in node.path else 1):
            assert as_keyed(FORMATS[node.format](value_of(node, row))) in page, node.path
    assert "{{" not in page and "{%" not in page


@ALL
def test_titles_labels_and_notes_are_on_the_blank_form(slug: str) -> None:
    model = MODELS[slug]
    form = squeezed(text(rendered(slug, values(model.schema_node(), blank=True), FORMULAIRE)))
    for node in model.schema_node().walk():
        if node.kind is Kind.NOTE:
            assert squeezed(node.text) in form
        elif node.kind is Kind.PART and node.exigences and not node.picture:
            assert squeezed(node.label) in form
    assert squeezed(model.titre) in form


def squeezed(written: str) -> str:
    return as_keyed("".join(written.split()))


@ALL
def test_a_final_document_leaves_no_label_without_its_value(slug: str) -> None:
    blank = values(MODELS[slug].schema_node(), rows=1, blank=True)
    if "operateur" in blank:
        blank["operateur"]["financeurs"] = []
    page = lines(rendered(slug, blank))
    for label in (
        "N° de siret",
        "N° RNA",
        "Activité",
        "Responsable",
        "Contact",
        "Financeurs",
        "Téléphone",
        "Courriel",
    ):
        assert not [line for line in page if line.startswith(f"{label} :")], label


def test_zero_is_an_answer() -> None:
    data = values(Essai.schema_node(), blank=True)
    assert "Effectif" not in text(rendered("essai", data))
    page = lines(rendered("essai", {**data, "effectif": 0}))
    assert page[page.index("Effectif") + 1] == "0"


@given(st.sets(st.sampled_from(["nom", "fonction", "telephone", "courriel"])))
def test_a_person_is_printed_without_stray_commas(present: set[str]) -> None:
    said = {
        "nom": "Dominique Exemple",
        "fonction": "Directrice",
        "telephone": "+33261910012",
        "courriel": "d@exemple.fr",
    }
    data = values(Essai.schema_node(), blank=True)
    data["operateur"]["charge_de_mission"] = {
        name: said[name] if name in present else None for name in said
    }
    shown = [
        {"telephone": "02 61 91 00 12"}.get(name, said[name]) for name in said if name in present
    ]
    wanted = [f"Chargé(e) de mission DLA : {', '.join(shown)}"] if shown else []
    assert [
        line for line in lines(rendered("essai", data)) if line.startswith("Chargé(e)")
    ] == wanted


def test_a_blank_form_says_what_each_place_of_an_actor_is_for() -> None:
    form = text(rendered("essai", values(Essai.schema_node(), rows=1, blank=True), FORMULAIRE))
    for label in (
        "Nom",
        "Fonction",
        "Téléphone",
        "Courriel",
        "Code postal",
        "Ville",
        "Département",
    ):
        assert f"{label} : " in form
    filled = text(rendered("essai", values(Essai.schema_node(), rows=1), FORMULAIRE))
    assert "Code postal : " not in filled


def test_a_draft_shows_the_rows_that_are_missing() -> None:
    data = values(Essai.schema_node(), rows=0)
    assert text(rendered("essai", data)).count("à compléter") == 0
    page = lines(rendered("essai", data, BROUILLON))
    assert (
        page.count("à compléter") == 3
    )  # structures, étapes, what is expected at the end; the other rows are optional
    assert "Réponses" not in page


def test_a_conditional_field_shows_where_it_may_be_asked_for() -> None:
    data = values(Essai.schema_node(), blank=True)
    assert "Conditionnel" not in lines(rendered("essai", data))
    for mode in (BROUILLON, FORMULAIRE):
        assert "Conditionnel" in lines(rendered("essai", data, mode))


def test_a_part_that_asks_nothing_in_this_case_has_no_title() -> None:
    title, blank = Issue.titre_de_partie(), values(Essai.schema_node(), blank=True)
    not_asked = {**blank, "issue": {"motif": "", "prix": ""}}
    assert title not in lines(rendered("essai", not_asked)) and title not in lines(
        rendered("essai", not_asked, BROUILLON)
    )
    page = lines(rendered("essai", blank, BROUILLON))
    assert page[page.index(title) :][1:5] == [
        "Motif de l'issue",
        "à compléter : Motif de l'issue",
        "Prix de l'issue",
        "à compléter",
    ]
    for price in (0, 12):
        assert f"{price},00 €" in lines(
            rendered("essai", {**blank, "issue": {"motif": "", "prix": price}})
        )


def test_a_draft_asks_for_what_applies_and_only_for_that() -> None:
    model = DOCUMENTS["appel_a_competences"]
    gap = "à compléter : 3. Cohérence de l'offre avec vos compétences et expériences :"
    for answer, wanted in (("oui", gap), ("non", None)):
        page = lines(
            render(model.model_validate({"reponse": {"positionnement": answer}}), brouillon=True)
        )
        label = "3. Cohérence de l'offre avec vos compétences et expériences :"
        assert (page[page.index(label) + 1] if label in page else None) == wanted
        assert ("Si vous ne souhaitez pas vous positionner, merci de le préciser :" in page) == (
            answer == "non"
        )  # no title alone


def test_a_draft_shows_the_parts_that_are_due_and_still_blank() -> None:
    model = DOCUMENTS["grille_de_lecture"]
    page = lines(render(model(), brouillon=True))
    title = "Avis de la structure bénéficiaire"
    assert page[page.index(title) + 1] == f"à compléter : {title}"
    extract = model.model_validate({"extrait_pour": "Cabinet Exemple"})
    assert title not in lines(render(extract, brouillon=True))


def test_a_draft_shows_the_missing_names_of_a_line() -> None:
    page = lines(
        rendered("proposition", values(DOCUMENTS["proposition"].schema_node(), rows=0), BROUILLON)
    )
    assert "à compléter" in page[page.index("Coordonnées de votre structure") :]


def test_a_conditional_part_shows_where_it_applies_even_blank() -> None:
    model = DOCUMENTS["cahier_des_charges"]
    data = values(model.schema_node(), blank=True)
    title = "L'organisation de l'ingénierie collective"
    for mode in (DEFINITIF, BROUILLON, FORMULAIRE):
        assert title in lines(rendered("cahier_des_charges", data, mode))
        assert title not in lines(rendered("cahier_des_charges", {**data, "collectif": {}}, mode))


def test_rows_are_numbered_and_the_last_row_closes_their_table() -> None:
    docx = rendered("essai", values(Essai.schema_node(), rows=3))
    table = table_headed(docx, "Etapes")
    firsts = [_cell(next(row.iter(q("tc")))) for row in table.iter(q("tr"))]
    assert [first[: len("Etape 1")] for first in firsts[1:4]] == ["Etape 1", "Etape 2", "Etape 3"]
    assert firsts[4] == "Fin de mission"
    following = lines(docx)[lines(docx).index("Fin de mission") :]
    assert "(1) Une note sur le tableau." in following


def test_a_grid_has_a_row_for_each_criterion_and_a_place_to_name_another() -> None:
    table = table_headed(rendered("essai", values(Essai.schema_node())), "Critères")
    rows = [[_cell(cell) for cell in row.iter(q("tc"))] for row in table.iter(q("tr"))]
    assert rows[0] == ["Critères", "Oui/Non", "Commentaires du bénéficiaire"]
    assert [row[0] for row in rows[1:]] == [
        "Délais tenus",
        "– rythme adapté",
        "Autre\ngrille.libre.intitule 0",
    ]
    assert rows[3][1:] == ["Oui", "grille.libre.commentaire 0"]
    assert (
        text(rendered("essai", values(Essai.schema_node()))).count("1) Conditions de réalisation")
        == 1
    )  # a title that is also a note


def test_each_list_counts_from_one() -> None:
    document = part(rendered("essai", values(Essai.schema_node(), rows=3)))
    numbers = [mark.get(q("val")) for mark in document.iter(q("numId"))]
    assert len(numbers) == 6 and len(set(numbers)) == 2
    starts = {
        num.get(q("numId")): num.find(f"{q('lvlOverride')}/{q('startOverride')}")
        for num in part(built("essai"), "word/numbering.xml").iter(q("num"))
    }
    assert all(starts[number] is not None for number in numbers)


def test_a_list_within_repeated_parts_has_bullets() -> None:
    # Word would go on counting from one part to the next.
    marked = [
        paragraph
        for paragraph in part(rendered("essai", values(Essai.schema_node(), rows=2))).iter(q("p"))
        if "idees" in _line(paragraph)
    ]
    assert [_style(paragraph) for paragraph in marked] == ["Listepuces"] * 4
    assert all(paragraph.find(f"{q('pPr')}/{q('numPr')}") is None for paragraph in marked)


def _style(block: etree._Element) -> str | None:
    style = block.find(f"{q('pPr')}/{q('pStyle')}")
    return None if style is None else style.get(q("val"))


def test_each_column_of_projects_has_its_number_in_its_heading() -> None:
    page = lines(
        rendered("grille_de_lecture", values(DOCUMENTS["grille_de_lecture"].schema_node()))
    )
    assert [line for line in page if line.startswith("Appréciation du projet prestataire")] == [
        f"Appréciation du projet prestataire {n}" for n in (1, 2)
    ]


def table_headed(docx: bytes, heading: str) -> etree._Element:
    return next(
        table for table in part(docx).iter(q("tbl")) if _cell(next(table.iter(q("tc")))) == heading
    )


def _cell(cell: etree._Element) -> str:
    return "\n".join(_line(paragraph) for paragraph in cell.iter(q("p")))


# --- what a designer and a reader with a screen reader expect
# -----------------------------------------------------------------------


@ALL
def test_the_page_is_a4_and_its_tables_fill_its_width(slug: str) -> None:
    section = open_word(io.BytesIO(built(slug))).sections[0]
    sides = [section.page_width, section.page_height]
    assert [round(side.cm, 1) for side in sides if side] == (
        [29.7, 21.0] if MODELS[slug].paysage else [21.0, 29.7]
    )
    assert section.page_width and section.left_margin and section.right_margin
    text_width = section.page_width.twips - section.left_margin.twips - section.right_margin.twips
    for table in part(built(slug)).iter(q("tbl")):
        columns = [int(column.get(q("w"), "0")) for column in table.iter(q("gridCol"))]
        assert sum(columns) <= text_width + 12
        caption = table.find(f"{q('tblPr')}/{q('tblCaption')}")
        assert caption is not None and caption.get(q("val"))


@ALL
def test_tables_repeat_their_headings_and_keep_their_rows_whole(slug: str) -> None:
    for table in part(built(slug)).iter(q("tbl")):
        style = table.find(f"{q('tblPr')}/{q('tblStyle')}")
        if style is not None and style.get(q("val")) == "TableauDLA":
            rows = [row for row in table.iter(q("tr")) if "{%tr" not in _cell(row)]
            assert [row.find(f"{q('trPr')}/{q('tblHeader')}") is not None for row in rows] == [
                True,
                *[False] * (len(rows) - 1),
            ]
            whole = [row.find(f"{q('trPr')}/{q('cantSplit')}") is not None for row in rows]
            # A row of several projects side by side may not fit a page: those alone are cut.
            beside = "{%tc" in "".join(map(str, table.itertext()))
            assert whole == [True, *[not beside] * (len(rows) - 1)]


@ALL
def test_what_says_nothing_leaves_no_gap(slug: str) -> None:
    for data in (
        values(MODELS[slug].schema_node(), blank=True),
        values(MODELS[slug].schema_node(), rows=0),
    ):
        shown = [
            (_style(block), _line(block))
            for block in part(rendered(slug, data)).iterfind(f"{q('body')}/*")
        ]
        followed = zip(shown, shown[1:], shown[2:], strict=False)
        assert [
            title
            for (style, title), (below, _), (then, _) in followed
            if below == "Intervalle" and then and str(style).startswith("Titre")
        ] == []


@ALL
def test_a_document_ends_with_a_paragraph_too_low_to_open_a_page(slug: str) -> None:
    *_, last, _section = part(built(slug)).iterfind(f"{q('body')}/*")
    assert last.tag == q("p")
    low = next(
        style
        for style in part(built(slug), "word/styles.xml").iter(q("style"))
        if style.get(q("styleId")) == "Intervalle"
    )
    spacing = low.find(f"{q('pPr')}/{q('spacing')}")
    assert spacing is not None and (spacing.get(q("line")), spacing.get(q("lineRule"))) == (
        "20",
        "exact",
    )


@pytest.mark.parametrize(
    "slug", ["cahier_des_charges", "demande_de_modification", "evaluation_individuelle", "essai"]
)
def test_signatures_do_not_stand_alone_on_a_page(slug: str) -> None:
    assert_the_signed_text_goes_along(rendered(slug, values(MODELS[slug].schema_node())))


@pytest.mark.parametrize("kind", ["demande_de_modification", "grille_de_suivi"])
def test_signatures_too_high_with_the_coordinates_leave_them(kind: str) -> None:
    """They do not all hold on a page: what is signed and the signatures stay together."""
    mission = load_mission(sample_path("mission_individuelle"))
    assert_the_signed_text_goes_along(render(mission.documents[kind][0]))


def assert_the_signed_text_goes_along(page: bytes) -> None:
    before: list[etree._Element] = []
    for block in part(page).iterfind(f"{q('body')}/*"):
        if _style(block) == "Titre1" and _line(block).startswith("Signature"):
            break
        before.append(block)
    last = next(block for block in reversed(before) if _style(block) != "Intervalle")
    line = ([last] if last.tag == q("p") else list(last.iter(q("tr"))))[-1]
    assert all(properties.find(q("keepNext")) is not None for properties in line.iter(q("pPr")))


def test_both_labels_of_a_row_are_tinted_alike() -> None:
    data = values(DOCUMENTS["evaluation_individuelle"].schema_node())
    identity = next(part(rendered("evaluation_individuelle", data)).iter(q("tbl")))
    rows = [list(row.iter(q("tc"))) for row in identity.iter(q("tr"))]
    shaded = [[cell.find(f"{q('tcPr')}/{q('shd')}") is not None for cell in row] for row in rows]
    assert any(len(row) == 4 for row in rows)
    assert all(row in ([True, False], [True, False, True, False]) for row in shaded)


@ALL
def test_every_style_in_use_exists_and_none_bears_the_name_of_a_pdf_structure(slug: str) -> None:
    styles = {
        style.get(q("styleId")): style.find(q("name")).get(q("val"))  # type: ignore[union-attr]
        for style in part(built(slug), "word/styles.xml").iter(q("style"))
    }
    used = {
        mark.get(q("val"))
        for name in stories()
        for mark in part(built(slug), name).iter(q("pStyle"), q("rStyle"), q("tblStyle"))
    }
    assert used <= set(styles)
    assert {"Title", "heading 1", "heading 2", "header", "footer", "List Number", "Strong"} <= set(
        styles.values()
    )
    assert not {
        "Note",
        "Table",
        "Figure",
        "Form",
        "Span",
        "Quote",
        "Code",
        "Link",
        "Reference",
        "Index",
    } & set(styles.values())


def stories() -> tuple[str, ...]:
    return ("word/document.xml", "word/header1.xml", "word/header2.xml", "word/footer1.xml")


def test_the_document_says_its_language_and_its_title() -> None:
    docx = rendered("essai", values(Essai.schema_node()))
    properties = open_word(io.BytesIO(docx)).core_properties
    assert " – " in properties.title and properties.title.startswith("Essai")
    assert properties.author == values(Essai.schema_node())["operateur"]["nom"]
    language = part(docx, "word/styles.xml").find(
        f"{q('docDefaults')}/{q('rPrDefault')}/{q('rPr')}/{q('lang')}"
    )
    assert language is not None and language.get(q("val")) == "fr-FR"


def test_the_footer_gives_title_reference_and_page_numbers() -> None:
    data = values(Essai.schema_node())
    named, unnamed = (
        rendered("essai", {**data, "reference": reference}) for reference in ("DLA00-1", None)
    )
    assert lines(named, "word/footer1.xml")[0].startswith(
        "Essai : tout ce qu'un modèle sait faire – DLA00-1"
    )
    title, _, day = lines(unnamed, "word/footer1.xml")[0].partition(" – ")
    assert title == "Essai : tout ce qu'un modèle sait faire" and day.startswith("12/03/2013")
    fields = [
        str(field.get(q("instr"))).strip()
        for field in part(named, "word/footer1.xml").iter(q("fldSimple"))
    ]
    assert fields == ["PAGE", "NUMPAGES"]


@pytest.mark.parametrize(
    "width, slug", [(17.0, "convention_tripartite"), (25.7, "grille_de_suivi")]
)
def test_a_name_of_120_letters_holds_on_a_line_of_the_margins(width: float, slug: str) -> None:
    def made(name: str, part_of: str) -> list[str]:
        data = values(DOCUMENTS[slug].schema_node())
        for one in (data["operateur"], data["prestataire"], *data["structures"]):
            one["nom"] = name
        return lines(rendered(slug, {**data, "reference_convention": name}), part_of)

    long = ("Fédération des associations de la région " * 4)[:120]
    for part_of in ("word/footer1.xml", "word/header2.xml"):
        assert all(len(line) <= width * 6.6 for line in made(long, part_of))  # of 8.5 points
    name = "Fédération des foyers ruraux du Nord"
    assert made(name, "word/footer1.xml")[1].count(name) == 2


def signature_cells(several: int) -> list[str]:
    """What each signature box of a convention says, in the order of the page."""
    data = values(DOCUMENTS["convention_tripartite"].schema_node(), rows=several)
    page = part(rendered("convention_tripartite", data))
    rows = [
        row for row in page.iter(q("tr")) if row.find(f"{q('trPr')}/{q('trHeight')}") is not None
    ]
    boxes = [box for row in rows for box in row.iterchildren(q("tc"))]
    return ["\n".join(map(_line, box.iter(q("p")))).strip() for box in boxes]


@pytest.mark.parametrize("several", [0, 1, 2, 4])
def test_each_party_of_a_contract_has_its_box_and_none_is_empty(several: int) -> None:
    """As many structures, and as many other DLA."""
    boxes = signature_cells(several)
    assert all(boxes)
    assert sum("Signature :" in box for box in boxes) == 2 + max(1, several) + several
    for rank in range(several):
        for party in ("structures", "autres_operateurs"):
            assert sum(f"{party}[].nom {rank}" in box for box in boxes) == 1


def test_a_line_of_which_nothing_is_known_is_printed_on_a_draft_and_nowhere_else() -> None:
    data = values(DOCUMENTS["fiche_prestataire"].schema_node())
    data["prestataire"]["adresse"]["voie"] = None

    def blank_lines(mode: PrintMode) -> int:
        cells = part(rendered("fiche_prestataire", data, mode)).iter(q("tc"))
        several = [[_line(one) for one in cell.iter(q("p"))] for cell in cells]
        return sum(not line for said in several if len(said) > 1 for line in said)

    assert blank_lines(DEFINITIF) == 0
    assert "à compléter" in text(rendered("fiche_prestataire", data, BROUILLON))


def test_logos_stand_on_the_first_page_only() -> None:
    logos = [
        Image(path.read_bytes(), height_cm=1.4, alt=path.stem)
        for path in sorted(logo_folder().glob("*.png"))[:2]
    ]
    docx = rendered("cahier_des_charges", values(CAHIER.schema_node()), logos=logos)
    drawn = [
        [drawing.get("descr") for drawing in part(docx, name).iter(qn("wp:docPr"))]
        for name in ("word/header1.xml", "word/header2.xml")
    ]
    assert drawn == [["caisse_des_depots", "conseil_general"], []]
    assert "Accompagnement DLA financé par :" in "".join(lines(docx, "word/header1.xml"))
    assert part(built("essai")).find(f"{q('body')}/{q('sectPr')}/{q('titlePg')}") is not None


CAHIER = DOCUMENTS["cahier_des_charges"]


def logo_folder() -> Path:
    return Path(load_profil("npdc").dossier) / "logos"


def test_the_logos_that_profiles_name_are_shipped_with_their_description() -> None:
    named = [funder.logo for name in PROFILS for funder in load_profil(name).financeurs]
    assert len(named) == 4
    for logo in named:
        assert logo.texte_alternatif and (
            logo_folder().parent / str(logo.fichier)
        ).read_bytes().startswith(b"\x89PNG")


def test_colours_are_legible() -> None:
    theme = part(built("essai"), "word/theme.xml")
    colour = {
        etree.QName(item).localname: item[0].get("val") or "000000"
        for item in next(theme.iter("{*}clrScheme"))
    }
    for name in ("dk2", "accent1", "accent2", "accent5"):
        assert contrast(colour[name], "FFFFFF") >= 4.5
        assert contrast(colour[name], colour["lt2"]) >= 4.5


def contrast(first: str, second: str) -> float:
    """WCAG 2: 4.5 is the AA threshold."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [
        channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    ]
    return sum(
        weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )


@ALL
def test_double_punctuation_never_starts_a_line(slug: str) -> None:
    shown = "\n".join(map(_as_shown, part(built(slug)).iter(q("p"))))
    written = re.sub(r"\{[{%].*?[}%]\}", "", shown)
    assert re.findall(r".{0,20} [:;!?»].{0,10}", written) == []
    assert re.findall(r"« .{0,10}", written) == []


@given(st.text(alphabet="aé :;!?»«%€n°'’\n", max_size=40))
def test_typography_changes_no_word(written: str) -> None:
    assert squeezed(typeset(written)) == squeezed(written)
    assert typeset(typeset(written)) == typeset(written)


@pytest.mark.parametrize(
    ("label", "wanted"),
    [
        ("Dates", f"Dates{NBSP}: "),
        ("Par le DLA le", "Par le DLA le "),
        ("Qui ?", "Qui ? "),
        ("attendu :", "attendu : "),
    ],
)
def test_a_label_joins_its_value(label: str, wanted: str) -> None:
    assert introduced(label) == wanted


def test_a_layout_hint_that_names_no_field_says_so() -> None:
    class Fausse(Bloc):
        """Une ligne"""

        colonnes = (colonne("Nom", "prenom"),)

        nom: Texte = champ("Nom")
        age: Entier = champ("Age")

    class Faux(Document):
        """Un document."""

        titre = "Faux"
        source = "Essai"

        lignes: tuple[Fausse, ...] = champ("Lignes")

    with pytest.raises(LookupError, match="prenom"):
        build_template(Faux)


# --- other programs -------------------------------------------------------------------------------
# ----------------------------------


@pytest.mark.lent
def test_word_finds_nothing_to_repair(tmp_path: Path) -> None:
    paths = []
    for slug, model in MODELS.items():
        full, blank = (
            values(model.schema_node(), long=True),
            values(model.schema_node(), blank=True),
        )
        made = {
            "modele": built(slug),
            "plein": rendered(slug, full),
            "vierge": rendered(slug, blank, FORMULAIRE),
        }
        for name, content in made.items():
            paths.append(tmp_path / f"{slug}_{name}.docx")
            paths[-1].write_bytes(content)
    assert {
        path.name: [str(error) for error in errors]
        for path, errors in validate_ooxml(paths).items()
        if errors
    } == {}


@pytest.mark.lent
def test_the_pdf_is_archivable_accessible_and_complete() -> None:
    need_office()
    logos = [
        Image(path.read_bytes(), height_cm=1.4, alt=path.stem)
        for path in sorted(logo_folder().glob("*.png"))
    ]
    documents = [
        (slug, rendered(slug, values(model.schema_node(), rows=3, long=True), logos=logos))
        for slug, model in MODELS.items()
    ]
    made = dict(convert_many(documents, "pdf", data=None))
    for slug, model in MODELS.items():
        pdf = made[slug]
        assert isinstance(pdf, bytes), pdf
        assert check_pdf(pdf) == [], slug
        seen = squeezed(pdf_text(pdf))
        for node in printable(model, model.schema_node()):
            if node.format == "texte" and not node.choices:
                last = f"{node.path} {2 if '[]' in node.path else 0},"
                assert squeezed(last) in seen, f"{slug} : {last}"
        assert seen.count("Page1/") == 1
