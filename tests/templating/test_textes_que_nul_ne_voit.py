"""Un texte d'un modèle que nulle page ne montre ne part pas, n'imprime rien, ou se dit."""

from __future__ import annotations

from typing import Any

import pytest

from dla_docs import NotificationDeChoix
from dla_docs.constat import Constat, bloquants
from dla_docs.model.requirement import COMPELLING
from dla_docs.templating import lint
from dla_docs.word.package import open_package
from tests.templating.test_affaires_du_modele import code, linked, of_variables
from tests.templating.test_codes_de_champ import field, simple
from tests.templating.test_parts import story
from tests.templating.word import assert_sound, findings, leaf, p, r, render, template, tree
from tests.word_packages import MAIN, R_XMLNS, W_XMLNS, default_parts, zipped

GONE = "un en-tête ou un pied de page que nulle page ne montre"
SECTION = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'


def told(source: bytes) -> list[Constat]:
    return list(lint(source))


def headed(
    kind: str, said: str, *, first: bool = False, even: bool = False, off: str = "", more: str = ""
) -> bytes:
    """Un modèle dont une section a un en-tête de cette sorte, qui dit ceci ; ``more`` : les
    sections qui suivent.
    """
    body = p("{{ nom }}")
    parts = {**story("header", p(said))}
    reference = f'<w:headerReference w:type="{kind}" r:id="rIdStory"/>' if kind else ""
    mark = "<w:titlePg/>" if first else off
    own = SECTION.replace("<w:pgSz", f"{reference}<w:pgSz").replace(
        "</w:sectPr", f"{mark}</w:sectPr"
    )
    body += f"<w:p><w:pPr>{own}</w:pPr></w:p>{more}" if more else own
    if even:
        parts["word/settings.xml"] = parts["word/settings.xml"].replace(
            b"</w:settings>", b"<w:evenAndOddHeaders/></w:settings>"
        )
    document = f"<w:document {W_XMLNS} {R_XMLNS}><w:body>{body}</w:body></w:document>"
    return zipped({**parts, MAIN: document.encode()})


FOLLOWED = SECTION.replace("</w:sectPr", "<w:titlePg/></w:sectPr")


@pytest.mark.parametrize(
    ("kind", "about", "is_shown"),
    [
        ("first", {}, False),
        ("first", {"off": "<w:titlePg w:val='0'/>"}, False),
        ("first", {"first": True}, True),
        ("first", {"more": FOLLOWED}, True),
        ("first", {"more": SECTION}, False),
        ("even", {}, False),
        ("even", {"even": True}, True),
        ("default", {}, True),
        ("", {}, False),
    ],
)
def test_un_en_tete_que_nulle_page_ne_montre_ne_part_pas(
    kind: str, about: dict[str, Any], is_shown: bool
) -> None:
    source = headed(kind, "D'un dossier d'avant", **about)
    assert [GONE in one.message for one in told(source)] == [True] * (not is_shown)
    made = render(source, {"nom": "Alpha"})
    held = any(b"dossier d" in one for one in open_package(made).values())
    assert held is is_shown
    assert_sound(made)


def test_un_en_tete_vide_que_word_laisse_ne_se_dit_pas() -> None:
    assert told(headed("first", "")) == []


def test_un_en_tete_de_toutes_les_pages_et_des_paires_reste() -> None:
    parts = open_package(headed("default", "D'un dossier d'avant"))
    links, body = parts["word/_rels/document.xml.rels"].decode(), parts[MAIN].decode()
    link = links[links.index('<Relationship Id="rIdStory"') : -len("</Relationships>")]
    again = link.replace('"rIdStory"', '"rIdEven"')
    parts["word/_rels/document.xml.rels"] = links.replace(link, link + again).encode()
    named = '<w:headerReference w:type="default" r:id="rIdStory"/>'
    even = named.replace("default", "even").replace("rIdStory", "rIdEven")
    parts[MAIN] = body.replace(named, named + even).encode()
    source = zipped(parts)
    assert told(source) == []
    held = open_package(render(source, {"nom": "Alpha"}))["word/header.xml"]
    assert b"dossier d" in held


@pytest.mark.parametrize("kind", ["first", "even", ""])
def test_un_contenu_demande_dans_un_en_tete_qui_ne_se_voit_pas_n_est_pas_imprime(kind: str) -> None:
    known = NotificationDeChoix.schema_node().walk()
    demanded = tuple(one for node in known for one in node.exigences if one.force in COMPELLING)
    model = tree(leaf("nom"), leaf("choix", exigences=demanded[:1]))
    gone, absent = lint(headed(kind, "{{ choix }}"), model)
    assert GONE in gone.message
    assert "« choix » doit être imprimé et ne l'est pas." in absent.message
    assert findings(headed("default", "{{ choix }}"), model) == []


def test_une_note_que_rien_n_appelle_ne_part_pas() -> None:
    notes = "".join(f'<w:footnote w:id="{rank}">{p(f"NOTE{rank}")}</w:footnote>' for rank in (2, 3))
    called = '<w:p><w:r><w:footnoteReference w:id="3"/></w:r></w:p>'
    source = template("{{ nom }}", called, parts=story("footnotes", notes))
    (said,) = told(source)
    assert "une note que rien n'appelle" in said.message and not bloquants([said])
    held = b"".join(open_package(render(source, {"nom": "Alpha"})).values())
    assert b"NOTE3" in held and b"NOTE2" not in held


def test_une_etiquette_de_confidentialite_ne_part_pas_sans_etre_dite() -> None:
    parts = default_parts()
    kind = "http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels"
    link = f'<Relationship Id="rIdL" Type="{kind}" Target="docMetadata/LabelInfo.xml"/>'
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(
        b"</Relationships>", f"{link}</Relationships>".encode()
    )
    parts["docMetadata/LabelInfo.xml"] = b'<labelList><label siteId="{SECRET}"/></labelList>'
    source = template("{{ nom }}", parts=parts)
    (said,) = told(source)
    assert "garde l'étiquette de confidentialité" in said.message and not bloquants([said])
    held = b"".join(open_package(render(source, {"nom": "Alpha"})).values())
    assert b"SECRET" not in held and b"LabelInfo" not in held


@pytest.mark.parametrize("made", [field, simple])
@pytest.mark.parametrize(
    ("held", "said"),
    [
        (' IF "a" = "b" "ne pas montrer" "vu" ', "IF tient « ne pas montrer »"),
        (" PRIVATE ne pas montrer ", "PRIVATE tient « ne pas montrer »"),
        (' COMMENTS "ne pas montrer" ', "COMMENTS tient « ne pas montrer »"),
        (' ASK signet "ne pas montrer" ', "ASK tient « ne pas montrer »"),
        (' IF "vu" = "vu" "vu" ', ""),
        (' TITLE \\* "Upper" ', ""),
        (' HYPERLINK "http://exemple.fr" ', ""),
    ],
)
def test_un_texte_du_code_d_un_champ_que_la_page_ne_montre_pas_est_dit(
    made: Any, held: str, said: str
) -> None:
    found = told(template("{{ nom }}", made(held, result="vu")))
    assert [said in one.message for one in found] == [True] * bool(said)
    assert not bloquants(found)


@pytest.mark.parametrize("made", [field, simple])
@pytest.mark.parametrize(
    ("code", "is_told"),
    [(r' TOC \h \z \c "Figure" ', True), (r' INDEX \c "2" ', True), (r' TOC \o "1-3" ', False)],
)
def test_une_table_que_le_pdf_ne_refait_pas_est_dite(made: Any, code: str, is_told: bool) -> None:
    found = told(template("{{ nom }}", made(code, result="Figure 1, page 3")))
    said = [
        f"le champ {code.split()[0]} garderait « Figure 1, page 3 »" in one.message for one in found
    ]
    assert said == [True] * is_told and not bloquants(found)
    assert told(template("{{ nom }}", made(code, result=""))) == []


def test_des_variables_dont_une_balise_dit_laquelle_s_imprime_sont_dites() -> None:
    shown = code("DOCVARIABLE {{ nom }}").replace(r("vu"), r("{{ nom }}"))
    (said,) = told(template(shown, parts=of_variables()))
    assert "la variable « SECRET » irait dans ses documents" in said.message
    assert not bloquants([said])


def test_une_balise_d_une_partie_qui_ne_part_pas_n_est_pas_dite_hors_d_atteinte() -> None:
    glossary = f"<w:glossaryDocument {W_XMLNS}><w:docParts>{p('{{ nom }}')}</w:docParts>"
    name = "word/glossary/document.xml"
    content = f"{glossary}</w:glossaryDocument>".encode()
    source = template("{{ nom }}", parts=linked(default_parts(), "glossaryDocument", name, content))
    assert not bloquants(told(source))
