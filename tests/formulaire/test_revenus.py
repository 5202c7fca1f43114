"""Des fichiers revenus tels que les gens et les programmes les rendent : chaque réponse est
reprise, et ce qui ne peut l'être est nommé avec sa place.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from dla_docs import load, trame
from dla_docs import read as read_form
from dla_docs.errors import InputError
from dla_docs.model.document import Document
from dla_docs.registry import FORMULAIRES
from dla_docs.resources import sample_path, template_path
from dla_docs.stages.rendering import fill as fill_form
from dla_docs.stages.rendering import render
from dla_docs.stages.request import resolve
from dla_docs.stages.verdict import check
from dla_docs.word.names import NAMESPACES, W
from dla_docs.word.page import Control
from tests import long
from tests.bench.fiabilite import table_of
from tests.bench.recuperation import FACONS, outcomes
from tests.formulaire.formulaires import (
    BODY,
    changed,
    control_of,
    edited,
    form,
    held,
    paragraph_of,
    removed,
    row_of,
    without_controls,
    xml,
)
from tests.offices import need_office
from tests.word_forms import emptied, fill, parts_of, without_data, zipped

REVENUS = Path(__file__).parent / "revenus"
PRESENTATION, NOM = "caracteristiques.presentation", "prestataire.nom"
ICI = (
    f"Caractéristiques › Présentation de l'activité : la réponse tient aussi {{}} ({PRESENTATION})"
)
RYTHME = "operationnalite.rythme"
SANS_CONTROLES = {NOM: "Cabinet Exemple", "prestataire.adresse.ville": "Digne"}

# Le fichier, les champs changés, ce qui est dit de ce qui n'est pas repris.
FICHIERS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "f02_showingPlcHdr_reste.docx": ({NOM: "Cabinet Exemple"}, ()),
    "f06_case_symbole_seule.docx": ({PRESENTATION: "☑"}, ()),
    "f07_equation.docx": (
        {PRESENTATION: "Taux"},
        (ICI.format("une équation, « 1/2 », qui ne se reprend pas"),),
    ),
    "f08_image_dans_reponse.docx": ({}, (ICI.format("une image qui ne se reprend pas"),)),
    "f09_google_cellules.docx": (SANS_CONTROLES, ("60 champs ont perdu leur étiquette",)),
    "f10_google_runs.docx": (SANS_CONTROLES, ("60 champs ont perdu leur étiquette",)),
    "f12_controles_perdus.docx": (SANS_CONTROLES, ("60 champs ont perdu leur étiquette",)),
    "f20_invitation_gardee_et_texte.docx": (
        {NOM: "Cabinet Exemple"},
        ("l'invitation « À remplir » était restée avec la réponse",),
    ),
    "f30_fleche_autocorrection.docx": (
        {PRESENTATION: "Budget porté de 12 000 → 15 000 euros"},
        (),
    ),
    "f31_texte_et_image.docx": (
        {PRESENTATION: "Voir le tableau ci-dessous"},
        (ICI.format("une image qui ne se reprend pas"),),
    ),
    "f32_ole_excel_dans_reponse.docx": (
        {},
        (ICI.format("un objet incorporé qui ne se reprend pas"),),
    ),
    "coche_wingdings_et_image.docx": (
        {f"{RYTHME}.reponse": "Oui"},
        (
            "La page tient une image ou un dessin (« capture ») qui ne se reprend pas",
            "« – rythme »",
        ),
    ),
    "showingPlcHdr.docx": (
        {f"{RYTHME}.reponse": "Non", f"{RYTHME}.commentaire": "Trop rapide."},
        (),
    ),
    "texte_barre.docx": (
        {f"{RYTHME}.commentaire": "Une par mois."},
        (
            "› rythme › Commentaires : la réponse tient aussi un texte barré, « Une séance toutes "
            "les deux semaines. », qui ne se reprend pas",
        ),
    ),
    "ligne_copiee_collee_au_dessus_modifiee.docx": (
        {
            "etapes[5].intitule": "Copie 0",
            "etapes[5].objectif": "Copie 1",
            "etapes[5].contenu": "Copie 2",
            "etapes[5].duree": "2 j",
            "etapes[5].periode": "du 26/09/2005 au 21/10/2005",
            "etapes[5].justification": "Copie 5",
        },
        ("Une ligne a été ajoutée au tableau, la ligne 2 : ", "elle y est à « etapes[4] »"),
    ),
    "annotations_freetext.pdf": (
        {},
        (
            "Page 2 du PDF : un texte posé sur la page, « Nous répondons : NON, le rythme était "
            "trop rapide. », ne se reprend pas",
            "une note, « Note : merci de corriger notre adresse. », ne se reprend pas",
        ),
    ),
}


@pytest.mark.parametrize("name", FICHIERS)
def test_a_file_gives_its_answers_and_says_the_rest(name: str) -> None:
    answers, said = FICHIERS[name]
    lecture = read_form(REVENUS / name)
    told = "\n".join(str(constat) for constat in lecture.constats if not constat.exigences)
    assert {path: " ".join(text.split()) for path, text in changed(lecture).items()} == answers
    assert not lecture.refus
    assert [one for one in said if one not in told] == []
    assert bool(told) == bool(said)


GENERAL = "objectifs.general"
SYM = '<w:r><w:sym w:font="{}" w:char="{}"/></w:r>'
BARRE = "<w:r><w:rPr><w:{}/></w:rPr><w:t>ancien</w:t></w:r><w:r><w:t>neuf</w:t></w:r>"
CHOIX = '<mc:Choice Requires="wps"><w:r><w:t>neuf</w:t></w:r></mc:Choice>'
ANCIEN = "<mc:Fallback><w:r><w:t>ancien</w:t></w:r></mc:Fallback>"
LIEN = "<w:fldSimple w:instr=' HYPERLINK &quot;{}&quot; '><w:r><w:t>{}</w:t></w:r></w:fldSimple>"
ZONE = (
    "<w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>dans un cadre</w:t></w:r></w:p>"
    "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
)
DANS_ZONE = "une zone de texte, « dans un cadre »,"
RUNS: dict[str, tuple[str, str, str]] = {  # what the control holds, what is read, what is said
    "Wingdings 2": (SYM.format("Wingdings 2", "F050"), "✓", ""),
    "Webdings": (SYM.format("Webdings", "F061"), "✔", ""),
    "Symbol": (SYM.format("Symbol", "F0AE"), "→", ""),
    "sans zone privée": (SYM.format("Wingdings", "00FC"), "✓", ""),
    "police du texte": (
        '<w:r><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr><w:t>\uf0fc</w:t></w:r>',
        "✓",
        "",
    ),
    "inconnue": (
        f"<w:r><w:t>Oui</w:t></w:r>{SYM.format('Police maison', 'F041')}",
        "Oui",
        "un symbole sans lettre (Police maison, F041)",
    ),
    "barré": (BARRE.format("strike"), "neuf", "un texte barré, « ancien »,"),
    "barré deux fois": (BARRE.format("dstrike"), "neuf", "un texte barré, « ancien »,"),
    "non barré": (BARRE.format('strike w:val="0"'), "ancienneuf", ""),
    "masqué": (BARRE.format("vanish"), "neuf", "un texte masqué, « ancien »,"),
    "masqué toujours": (BARRE.format("specVanish"), "neuf", "un texte masqué, « ancien »,"),
    "masqué sur le Web seul": (BARRE.format("webHidden"), "ancienneuf", ""),
    "masqué et barré": (BARRE.format("strike/><w:vanish"), "neuf", "un texte barré, « ancien »,"),
    "glosé": (
        "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>glose</w:t></w:r></w:rt><w:rubyBase><w:r>"
        "<w:t>neuf</w:t></w:r></w:rubyBase></w:ruby></w:r>",
        "neuf",
        "une glose au-dessus du texte, « glose »,",
    ),
    "déplacé": (
        "<w:moveFrom><w:r><w:t>ancien</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>neuf</w:t></w:r></w:moveTo>",
        "neuf",
        "",
    ),
    "étiquettes": (
        '<w:smartTag w:element="x"><w:r><w:t>neuf</w:t></w:r></w:smartTag>',
        "neuf",
        "",
    ),
    "champ de date": (
        '<w:fldSimple w:instr=" DATE "><w:r><w:t>12/03/2013</w:t></w:r></w:fldSimple>',
        "12/03/2013",
        "",
    ),
    "lien": (LIEN.format("https://exemple.test/offre", "neuf"), "neuf", "un lien vers « https"),
    "lien dont on lit l'adresse": (
        LIEN.format("https://www.exemple.test/", "www.exemple.test"),
        "www.exemple.test",
        "",
    ),
    "case de l'ancien Word": (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox>'
        "</w:ffData></w:fldChar></w:r>",
        "☑",
        "",
    ),
    "tabulations et tirets": (
        "<w:r><w:t>a</w:t><w:ptab/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t><w:softHyphen/>"
        "<w:br/><w:t>d</w:t></w:r>",
        "a\tb-c\nd",
        "",
    ),
    "VML": (
        '<w:r><w:t>neuf</w:t></w:r><w:r><w:pict><v:shape alt="plan"><v:imagedata/></v:shape>'
        "</w:pict></w:r>",
        "neuf",
        "une image (« plan »)",
    ),
    "VML, zone de texte": (
        ZONE,
        "dans un cadre",
        "",
    ),
    "zone de texte dans la réponse": (f"<w:r><w:t>neuf</w:t></w:r>{ZONE}", "neuf", DANS_ZONE),
    "zone de texte devant": (f"{ZONE}<w:r><w:t>neuf</w:t></w:r>", "neuf", DANS_ZONE),
    "zone de texte, dite deux fois": (
        f"<w:r><w:t>neuf</w:t></w:r><mc:AlternateContent><mc:Choice>{ZONE}</mc:Choice>"
        f"<mc:Fallback>{ZONE}</mc:Fallback></mc:AlternateContent>",
        "neuf",
        DANS_ZONE,
    ),
    "deux façons": (f"<mc:AlternateContent>{CHOIX}{ANCIEN}</mc:AlternateContent>", "neuf", ""),
    "une seule façon": (f"<mc:AlternateContent>{ANCIEN}</mc:AlternateContent>", "ancien", ""),
    "Word vidé": (
        "<w:r><w:t>Cliquez ou appuyez ici pour entrer du texte.</w:t></w:r>",
        "Cliquez ou appuyez ici pour entrer du texte.",
        "",
    ),
    "plausible": ("<w:r><w:t>Choisir</w:t></w:r>", "Choisir", ""),
}


def holding(tag: str, runs: str, slug: str = "cahier_des_charges") -> bytes:
    """Le formulaire dont ce contrôle tient ces morceaux, tels quels."""

    def put(root: etree._Element) -> None:
        emptied(control_of(root, tag)).extend(etree.fromstring(f"<x {SPACES}>{runs}</x>"))

    return edited(form(slug), put)


SPACES = (
    f'xmlns:w="{NAMESPACES["w"]}" xmlns:mc="{NAMESPACES["mc"]}" '
    f'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:r="{NAMESPACES["r"]}"'
)


@pytest.mark.parametrize("name", RUNS)
def test_whatever_an_answer_is_made_of_is_read_or_named(name: str) -> None:
    runs, text, said = RUNS[name]
    lecture = read_form(holding(GENERAL, runs))
    told = [str(constat) for constat in lecture.constats if "ne se reprend pas" in constat.message]
    assert changed(lecture) == {GENERAL: text}
    assert [said in one and f"({GENERAL})" in one for one in told] == [True] * bool(said)


def test_a_text_box_drawn_in_a_blank_beside_its_invitation_is_quoted() -> None:
    def draw(root: etree._Element) -> None:
        content = control_of(root, GENERAL).find(f"{W}sdtContent")
        assert content is not None
        content.append(etree.fromstring(f"<x {SPACES}>{ZONE}</x>")[0])

    lecture = read_form(edited(trame("cahier_des_charges"), draw))
    assert changed(lecture) == {}
    assert any(DANS_ZONE in str(one) and f"({GENERAL})" in str(one) for one in lecture.laisses)


COMMENTAIRES = "etapes[{}].commentaires"


@pytest.mark.parametrize(("source", "place"), [(0, 1), (1, 0)], ids=["dessous", "dessus"])
def test_the_copy_of_a_field_is_told_where_it_stands_and_its_own_place_wins(
    source: int, place: int
) -> None:
    def copy(root: etree._Element) -> None:
        other = deepcopy(control_of(root, COMMENTAIRES.format(source)))
        emptied(other).append(xml("<w:r><w:t>la copie</w:t></w:r>"))
        control_of(root, COMMENTAIRES.format(place)).addnext(other)

    filled = fill(form("grille_de_suivi"), {COMMENTAIRES.format(source): "l'original"})
    lecture = read_form(edited(filled, copy))
    assert changed(lecture) == {COMMENTAIRES.format(source): "l'original"}
    (told,) = [str(one) for one in lecture.laisses]
    assert f"ligne {place + 1} › " in told and "« la copie » est dans la copie d'un champ" in told


def test_a_field_replaced_by_the_copy_of_another_holds_what_is_typed_there() -> None:
    def swap(root: etree._Element) -> None:
        other, old = (control_of(root, COMMENTAIRES.format(rank)) for rank in (0, 1))
        other = deepcopy(other)
        emptied(other).append(xml("<w:r><w:t>pour la ligne 2</w:t></w:r>"))
        old.addnext(other)
        removed(old)

    lecture = read_form(edited(form("grille_de_suivi"), swap))
    assert changed(lecture) == {COMMENTAIRES.format(1): "pour la ligne 2"}
    assert not lecture.laisses


ENTETES = ("header", "footer")
COPIE = "de la main"


@pytest.mark.parametrize("part", ENTETES)
@pytest.mark.parametrize("copied", [control_of, row_of], ids=["un champ", "sa ligne"])
def test_a_field_copied_into_a_header_is_no_answer_and_is_quoted(
    part: str, copied: Callable[[etree._Element, str], etree._Element]
) -> None:
    tag = "etapes[0].commentaires"
    parts = parts_of(form("grille_de_suivi"))
    body = etree.fromstring(parts[BODY])
    emptied(control_of(body, tag)).append(xml(f"<w:r><w:t>{COPIE}</w:t></w:r>"))
    copy = copied(body, tag)
    name = next(one for one in parts if one.startswith(f"word/{part}"))
    root = etree.fromstring(parts[name])
    if copy.tag == f"{W}tr":
        table = etree.SubElement(root, f"{W}tbl")
        table.append(copy)
    else:
        next(root.iter(f"{W}p")).append(copy)
    lecture = read_form(zipped({**parts, name: etree.tostring(root)}))
    assert changed(lecture) == {}
    (told,) = [str(one) for one in lecture.laisses]
    assert COPIE in told and "(dans : " in told
    assert not [one for one in lecture.constats if "ôté" in one.message]


def test_a_link_made_by_word_says_where_it_leads() -> None:
    link = '<w:hyperlink r:id="rIdLien"><w:r><w:t>notre site</w:t></w:r></w:hyperlink>'
    parts = parts_of(holding(GENERAL, link))
    rels = "word/_rels/document.xml.rels"
    leads = (
        b'<Relationship Id="rIdLien" TargetMode="External" Target="https://exemple.test/offre" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"/>'
    )
    end = b"</Relationships>"
    lecture = read_form(zipped({**parts, rels: parts[rels].replace(end, leads + end)}))
    assert changed(lecture) == {GENERAL: "notre site"}
    said = [str(one) for one in lecture.constats if "un lien vers « https" in one.message]
    assert len(said) == 1 and GENERAL in said[0]


STYLES = "word/styles.xml"
HIDING = (
    '<w:style w:type="paragraph" w:styleId="Haut"><w:rPr><w:{0}/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Sur"><w:basedOn w:val="Haut"/></w:style></w:styles>'
)


@pytest.mark.parametrize("mark", ["vanish", "strike", "dstrike"])
@pytest.mark.parametrize(
    ("inside", "above", "text", "said"),
    [
        ('<w:rStyle w:val="Sur"/>', "", "neuf", True),
        ("", "Haut", "", True),
        ('<w:{0} w:val="0"/>', "Haut", "ancienneuf", False),
        ('<w:rStyle w:val="Sur"/>', "Haut", "ancienneuf", False),
    ],
    ids=["des lettres", "du paragraphe", "démenti", "l'un découvre l'autre"],
)
def test_what_a_style_hides_or_strikes_is_named_and_not_taken(
    inside: str, above: str, text: str, said: bool, mark: str
) -> None:
    """Ainsi « Haut du formulaire », que Word colle avec une page du Web."""
    inside = inside.format(mark)
    runs = f"<w:r><w:rPr>{inside}</w:rPr><w:t>ancien</w:t></w:r>"
    more = f"<w:r><w:rPr>{inside if above else ''}</w:rPr><w:t>neuf</w:t></w:r>"
    parts = parts_of(holding(GENERAL, runs + more))
    root = etree.fromstring(parts[BODY])
    about = paragraph_of(root, GENERAL).find(f"{W}pPr")
    assert about is not None
    if above:
        about.insert(0, etree.Element(f"{W}pStyle", {f"{W}val": above}))
    parts[BODY] = etree.tostring(root)
    parts[STYLES] = parts[STYLES].replace(b"</w:styles>", HIDING.format(mark).encode())
    lecture = read_form(zipped(parts))
    assert changed(lecture) == ({GENERAL: text} if text or mark != "vanish" else {})
    told = [one.chemin for one in lecture.constats if "la réponse tient aussi" in one.message]
    assert told == [GENERAL] * said


def test_a_symbol_whose_font_is_that_of_a_style_is_the_sign_it_shows() -> None:
    runs = '<w:r><w:rPr><w:rStyle w:val="Signe"/></w:rPr><w:t>\u00fc</w:t></w:r>'
    parts = parts_of(holding(GENERAL, runs))
    style = (
        '<w:style w:type="character" w:styleId="Signe"><w:rPr><w:rFonts w:ascii="Wingdings"/>'
        "</w:rPr></w:style></w:styles>"
    )
    parts[STYLES] = parts[STYLES].replace(b"</w:styles>", style.encode())
    assert changed(read_form(zipped(parts))) == {GENERAL: "✓"}


HIDDEN_BY = {  # where the styles hide; what no run, paragraph or table names is that of its kind
    "défauts du document": f"{W}docDefaults/{W}rPrDefault",
    "style de paragraphe": f"{W}style[@{W}type='paragraph'][@{W}default='1']",
    "style de caractères": f"{W}style[@{W}type='character'][@{W}default='1']",
    "style de tableau": f"{W}style[@{W}type='table'][@{W}default='1']",
}


@pytest.mark.parametrize("where", HIDDEN_BY)
def test_what_hides_without_being_named_is_named_and_not_taken(where: str) -> None:
    tag = COMMENTAIRES.format(0)
    shown = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>neuf</w:t></w:r>'
    parts = parts_of(holding(tag, f"<w:r><w:t>ancien</w:t></w:r>{shown}", "grille_de_suivi"))
    root, styles = etree.fromstring(parts[BODY]), etree.fromstring(parts[STYLES])
    for named in [*root.iter(f"{W}tblStyle", f"{W}pStyle", f"{W}rStyle")]:
        removed(named)
    hiding = styles.find(HIDDEN_BY[where])
    assert hiding is not None
    marks = hiding.find(f"{W}rPr")
    if marks is None:
        marks = etree.SubElement(hiding, f"{W}rPr")
    marks.append(xml("<w:vanish/>"))
    lecture = read_form(
        zipped({**parts, BODY: etree.tostring(root), STYLES: etree.tostring(styles)})
    )
    assert changed(lecture) == {tag: "neuf"}
    told = [str(one) for one in lecture.constats if "un texte masqué, « ancien »" in one.message]
    assert len(told) == 1 and f"({tag})" in told[0]


AREAS = {  # what hides by area, what the table asks of its style; whether « ancien » is hidden
    "une ligne sur deux": ({"band2Horz": "{0}"}, "noVBand", True),
    "l'autre ligne": ({"band1Horz": "{0}"}, "noVBand", False),
    "une colonne sur deux": ({"band1Vert": "{0}", "band2Vert": "{0}"}, "noHBand", True),
    "sans bandes": ({"band1Horz": "{0}", "band1Vert": "{0}"}, "noHBand noVBand", False),
    "dernière colonne": ({"lastCol": "{0}"}, "lastColumn noHBand", True),
    "colonne non demandée": ({"lastCol": "{0}"}, "noHBand", False),
    "première ligne": ({"firstRow": "{0}"}, "firstRow", False),
    "tout le tableau": ({"wholeTable": "{0}"}, "", True),
    "démenti": ({"wholeTable": "{0}", "lastCol": '{0} w:val="0"'}, "lastColumn", False),
}
LOOKS = ("firstRow", "lastRow", "firstColumn", "lastColumn", "noHBand", "noVBand")


@pytest.mark.parametrize("mark", ["vanish", "strike"])
@pytest.mark.parametrize("area", AREAS)
def test_what_an_area_of_a_table_style_hides_or_strikes_is_named_and_not_taken(
    area: str, mark: str
) -> None:
    by_area, look, said = AREAS[area]
    tag = COMMENTAIRES.format(0)
    shown = f'<w:r><w:rPr><w:{mark} w:val="0"/></w:rPr><w:t>neuf</w:t></w:r>'
    parts = parts_of(holding(tag, f"<w:r><w:t>ancien</w:t></w:r>{shown}", "grille_de_suivi"))
    root = etree.fromstring(parts[BODY])
    about = next(control_of(root, tag).iterancestors(f"{W}tbl")).find(f"{W}tblPr")
    assert about is not None
    for old in [*about.iter(f"{W}tblStyle", f"{W}tblLook")]:
        removed(old)
    about.insert(0, etree.Element(f"{W}tblStyle", {f"{W}val": "Zones"}))
    asked = {f"{W}{name}": str(int(name in look.split())) for name in LOOKS}
    about.append(etree.Element(f"{W}tblLook", asked))
    hiding = "".join(
        f'<w:tblStylePr w:type="{name}"><w:rPr><w:{held.format(mark)}/></w:rPr></w:tblStylePr>'
        for name, held in by_area.items()
    )
    style = f'<w:style w:type="table" w:styleId="Base">{hiding}</w:style>'
    style += '<w:style w:type="table" w:styleId="Zones"><w:basedOn w:val="Base"/></w:style>'
    parts[STYLES] = parts[STYLES].replace(b"</w:styles>", f"{style}</w:styles>".encode())
    lecture = read_form(zipped({**parts, BODY: etree.tostring(root)}))
    assert changed(lecture)[tag] == ("neuf" if said else "ancienneuf")
    what = "masqué" if mark == "vanish" else "barré"
    told = [one for one in lecture.constats if f"un texte {what}, « ancien »" in one.message]
    assert [one.chemin for one in told] == [tag] * said


def marked(root: etree._Element) -> None:
    """La marque d'un contrôle que personne n'a rempli."""
    properties = control_of(root, GENERAL).find(f"{W}sdtPr")
    assert properties is not None
    properties.append(xml("<w:showingPlcHdr/>"))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("À remplir", ""),
        ("Cliquez ou appuyez ici pour entrer du texte.", ""),
        ("Choisir", "Choisir"),
        ("Structurer le projet", "Structurer le projet"),
    ],
)
def test_a_mark_with_a_text_that_is_not_ours_is_an_answer(text: str, answer: str) -> None:
    docx = edited(fill(form("cahier_des_charges"), {GENERAL: text}), marked)
    assert changed(read_form(docx)) == {GENERAL: answer}


def test_a_picture_among_the_controls_that_were_lost_is_named_by_its_line() -> None:
    parts = parts_of((REVENUS / "f31_texte_et_image.docx").read_bytes())
    root = etree.fromstring(parts["word/document.xml"])
    sdt = control_of(root, PRESENTATION)
    for kept in [*sdt.iterfind(f"{W}sdtContent/*")]:
        sdt.addprevious(kept)
    removed(sdt)
    lecture = read_form(zipped({**parts, "word/document.xml": etree.tostring(root)}))
    assert changed(lecture) == {PRESENTATION: "Voir le tableau ci-dessous"}
    assert any(
        "La page tient une image qui ne se reprend pas (ligne « Voir le tableau" in str(constat)
        for constat in lecture.constats
    )


def test_a_picture_of_the_template_itself_is_not_found_added(tmp_path: Path) -> None:
    modele = tmp_path / "modele.docx"
    parts = parts_of(template_path("cahier_des_charges").read_bytes())
    drawn = (
        b'<w:p><w:r><w:drawing xmlns:wp="%s"><wp:inline><wp:docPr id="91" name="a" descr="plan"/>'
    )
    body = parts["word/document.xml"].replace(
        b"<w:body>",
        b"<w:body>" + drawn % NAMESPACES["wp"].encode() + b"</wp:inline></w:drawing></w:r></w:p>",
    )
    modele.write_bytes(zipped({**parts, "word/document.xml": body}))
    document = load(sample_path("cahier_des_charges"))
    assert isinstance(document, Document)
    asked = resolve(document, "national", modele=modele)
    docx = fill_form(asked.as_form(document, "", frozenset({GENERAL})))
    assert b'descr="plan"' in parts_of(docx)["word/document.xml"]
    assert not any("« plan »" in str(one) for one in read_form(docx).constats if not one.exigences)


def test_a_text_drawn_on_the_page_is_quoted() -> None:
    with pikepdf.open(REVENUS / "annotations_freetext.pdf") as pdf:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        pdf.pages[0].add_resource(font, pikepdf.Name.Font, pikepdf.Name("/Main"))
        pdf.pages[0].contents_add(b"q BT /Main 12 Tf 100 300 Td (Non merci) Tj ET Q")
        pdf.save(written := io.BytesIO())
    said = [str(constat) for constat in read_form(written.getvalue()).constats]
    assert any(
        one.startswith("Page 1 du PDF : un texte écrit sur la page, « Non merci », ne se")
        for one in said
    )


def draft() -> bytes:
    """Un cahier des charges produit en brouillon, sans objectif général."""
    document = load(sample_path("cahier_des_charges"))
    assert isinstance(document, Document)
    data = document.model_copy(
        update={"objectifs": document.objectifs.model_copy(update={"general": None})}  # type: ignore[attr-defined]  # the kind is known
    )
    return render(data, brouillon=True)


def test_a_draft_read_back_still_lacks_what_it_lacked() -> None:
    lecture = read_form(draft())
    assert changed(lecture) == {}
    assert lecture.document.objectifs.general is None  # type: ignore[attr-defined]  # the kind is known
    assert any(
        constat.gravite.name == "BLOQUANT" and constat.chemin == GENERAL
        for constat in lecture.constats
    )
    assert str(lecture.constats[0]).startswith("BROUILLON")


@pytest.mark.parametrize("typed", ["À remplir", "…", "...", "?", "à compléter : Objectif général"])
def test_what_says_nothing_is_no_answer_to_what_a_guide_demands(typed: str) -> None:
    lecture = read_form(fill(form("cahier_des_charges"), {GENERAL: typed}))
    (told,) = [constat for constat in check(lecture.document) if constat.chemin == GENERAL]
    assert told.gravite.name == "BLOQUANT" and f"« {typed} » n'en est pas un" in told.message


def test_a_form_of_before_still_tells_its_blanks() -> None:
    """Un contrôle dont l'invite n'est pas connue reconnaît toutes les nôtres."""
    assert Control("a", "").invites("jj/mm/aaaa") and not Control("a", "", "Choisir").invites(
        "jj/mm/aaaa"
    )


PARTIE = [*FORMULAIRES][::11]


@pytest.mark.lent
@pytest.mark.parametrize("way", FACONS)
def test_nothing_is_lost_in_silence_whatever_is_done_to_the_file(way: str) -> None:
    if "PDF" in way or "LibreOffice" in way:
        need_office()
    sorts = [
        (sort, back.envoi.slug, answer)
        for back, sorts in outcomes(way, PARTIE)
        for answer, sort in sorts.items()
    ]
    assert sorts and [one for one in sorts if one[0] == "perdu"] == []


def test_the_page_of_reliability_tells_every_way_and_no_loss() -> None:
    rows = table_of("recuperation")
    assert [row[0] for row in rows] == list(FACONS)
    assert [row for row in rows if row[-1] != "0" or int(row[1]) != int(row[2]) + int(row[3])] == []


def test_rows_that_show_their_key_are_told_apart_whatever_they_say() -> None:
    """Les réponses sont les mêmes partout, et les lignes ont changé de place."""

    def shuffled(root: etree._Element) -> None:
        rows = [row_of(root, f"points[{rank}].demande") for rank in (2, 9, 20)]
        for row in rows:
            rows[0].getparent().append(row)  # type: ignore[union-attr]  # a row is in a table
        without_controls(root)

    typed = {
        f"points[{rank}].{name}": text
        for rank in range(34)
        for name, text in (("demande", "Autre chose"), ("source", "Autre chose"), ("page", "2"))
    }
    only = {f"points[{rank}].remarque": f"Vu {rank}" for rank in (2, 9, 20)}
    lecture = read_form(edited(fill(form("controle"), typed | only), shuffled))
    assert changed(lecture) == typed | only
    said = [str(constat) for constat in lecture.constats if "déplacée" in constat.message]
    assert all(f"(points[{rank}])" in one for rank, one in zip((2, 9, 20), said, strict=True))
    assert "ligne 3 : Cette ligne a été déplacée ; ses réponses sont lues" in said[0]


def test_a_whole_sheet_pasted_again_is_one_more_with_its_own_rows() -> None:
    (back,) = FACONS["Fiches entières copiées"](["plan_accompagnement"])
    found = changed(read_form(back.data))
    first, last = "missions[0].operationnels[0].intitule", "missions[0].operationnels[2].intitule"
    copy = back.rows["missions[0]"]
    assert found["missions[1].contexte"] == copy["missions[0].contexte"]
    assert found[first.replace("missions[0]", "missions[1]")] == copy[first]
    assert found[last.replace("missions[0]", "missions[1]")] == copy[last]
    assert not [path for path in found if path.startswith("missions[0]")]


def test_what_was_added_to_a_fixed_text_is_quoted_whole() -> None:
    added = "Nous serons joignables du lundi au vendredi, et le samedi matin sur rendez-vous. " * 3

    def add(root: etree._Element) -> None:
        cells = (one for one in root.iter(f"{W}tc") if "tapes" in "".join(map(str, one.itertext())))
        cell = next(cells)
        next(cell.iter(f"{W}p")).append(xml(f"<w:r><w:t> {added}</w:t></w:r>"))

    said = "\n".join(map(str, read_form(edited(form("grille_de_suivi"), add)).constats))
    assert f"« Étapes {added.strip()} »" in said


@pytest.mark.parametrize(("more", "refused"), [(700, False), long(5_000, True)])
def test_a_pdf_covered_with_notes_tells_them_all_or_is_refused(more: int, refused: bool) -> None:
    with pikepdf.open(REVENUS / "annotations_freetext.pdf") as pdf:
        for rank in range(more):
            note = pikepdf.Dictionary(
                Subtype=pikepdf.Name.FreeText, Rect=[0, 0, 9, 9], Contents=f"Note {rank}."
            )
            pdf.pages[0].Annots.append(note)
        pdf.save(written := io.BytesIO())
    if refused:
        with pytest.raises(InputError, match="un nombre anormal d'annotations"):
            read_form(written.getvalue())
    else:
        said = "\n".join(map(str, read_form(written.getvalue()).constats))
        assert [rank for rank in range(more) if f"« Note {rank}. »" not in said] == []


@pytest.mark.parametrize("kept", [True, False], ids=["avec ses données", "sans"])
def test_a_row_deleted_from_a_blank_form_is_told_with_or_without_its_data(kept: bool) -> None:
    docx = trame("evaluation_individuelle")
    docx = docx if kept else without_data(docx)
    gone = "conditions.delais.commentaire"
    sure = edited(docx, lambda root: removed(row_of(root, gone)))
    for form_back, told in ((docx, False), (sure, True)):
        said = [str(one) for one in read_form(form_back).constats]
        assert [gone in one for one in said if "ont disparu" in one] == [True] * told


@pytest.mark.parametrize(("typed", "moved", "under"), [(0, 0, 2), (0, 2, 0), (1, 0, 1), (2, 1, 4)])
def test_une_ligne_inseree_ne_prend_pas_la_place_d_une_autre_qu_on_a_deplacee(
    typed: int, moved: int, under: int
) -> None:
    """La ligne déplacée a gardé ses étiquettes : celle qu'on a tapée n'en a pas perdu."""

    def act(root: etree._Element) -> None:
        rows = [row_of(root, f"plan_propose[{rank}].difficulte") for rank in range(5)]
        new = deepcopy(rows[typed])
        without_controls(new)
        for number, cell in enumerate(new.iter(f"{W}tc")):
            texts = [*cell.iter(f"{W}t")]
            for text in texts:
                text.text = ""
            texts[0].text = f"Tapé {number}" if number < 3 else ""
        rows[typed].addnext(new)
        rows[under].addnext(rows[moved])

    lecture = read_form(edited(form("diagnostic_partage"), act))
    assert {path.partition("]")[0] for path in changed(lecture)} == {"plan_propose[6"}
    assert [*changed(lecture).values()] == ["Tapé 0", "Tapé 1", "Tapé 2"]


@pytest.mark.parametrize("is_listed", [True, False], ids=["de la liste", "hors de la liste"])
@pytest.mark.parametrize("under", [0, 2, 3])
def test_un_paragraphe_colle_dans_une_liste_en_est_une_ligne_de_plus(
    under: int, is_listed: bool
) -> None:
    """Sous une ligne vierge, le premier collé est sa réponse ; hors de la liste, il est cité, et
    son remède dit où l'écrire.
    """
    lists, texts = "objectifs.resultats", ("Collé un", "Collé deux")

    def paste(root: etree._Element) -> None:
        place = paragraph_of(root, f"{lists}[{under}].intitule")
        for text in reversed(texts):
            more = deepcopy(place)
            for child in more.findall(f"{W}pPr/{W}numPr") if not is_listed else ():
                removed(child)
            for child in [one for one in more if one.tag != f"{W}pPr"]:
                more.remove(child)
            more.append(xml(f"<w:r><w:t>{text}</w:t></w:r>"))
            place.addnext(more)

    filled = held("cahier_des_charges")[f"{lists}[{under}].intitule"]
    lecture = read_form(edited(form("cahier_des_charges"), paste))
    said = " ".join(map(str, lecture.constats))
    if is_listed:
        assert [*changed(lecture).values()] == [*texts]
    elif filled:
        assert not changed(lecture) and "« Collé un Collé deux »" in " ".join(said.split())
        assert "écrivez-la sur une ligne libre" in said
