"""Ce qu'un modèle Word garde pour son auteur n'est pas dans les documents qu'on en fait."""

from __future__ import annotations

import pytest

from dla_docs.constat import Constat, bloquants
from dla_docs.templating import lint
from dla_docs.word.package import open_package
from tests.templating.test_parts import story
from tests.templating.word import findings, p, r, render, sdt, template
from tests.word_packages import default_parts, with_relationship

HOME = "C:\\\\Users\\\\j.exemple\\\\Modèles\\\\"


def told(source: bytes) -> list[Constat]:
    return list(lint(source))


def test_le_dossier_ou_etait_le_modele_n_est_pas_dans_ses_documents() -> None:
    parts = default_parts()
    app = parts["docProps/app.xml"].decode()
    assert "<Template>" in app
    before, _, after = app.partition("<Template>")
    kept = f"{before}<Template>{HOME}lettre.dotx{after[after.index('</Template>') :]}"
    parts["docProps/app.xml"] = kept.encode()
    source = template("{{ nom }}", parts=parts)
    (said,) = told(source)
    assert "le dossier où il était" in said.message and not bloquants([said])
    made = open_package(render(source, {"nom": "Alpha"}))
    assert b"<Template>lettre.dotx</Template>" in made["docProps/app.xml"]
    assert not any(b"j.exemple" in content for content in made.values())


def test_les_donnees_d_un_autre_document_ne_partent_pas() -> None:
    parts = with_relationship("customXml", "../customXml/item7.xml")
    parts["customXml/item7.xml"] = b"<dla>Secret d'une autre mission</dla>"
    source = template("{{ nom }}", parts=parts)
    (said,) = told(source)
    assert "des données d'un autre programme" in said.message
    made = open_package(render(source, {"nom": "Alpha"}))
    assert not any(b"Secret" in content or b"item7" in content for content in made.values())


def drawn_box(hidden: str, body: str) -> str:
    """Une zone de texte, comme Word l'écrit."""
    return (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing"><wp:extent cx="900000" cy="300000"/><wp:docPr id="7" name="Zone" '
        f'{hidden}/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        '<wps:wsp xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"<wps:txbx><w:txbxContent>{body}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def vml_box(style: str, body: str) -> str:
    """La même, d'un Word plus ancien."""
    return (
        '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" id="z" '
        f'style="{style}"><v:textbox><w:txbxContent>{body}</w:txbxContent></v:textbox></v:shape>'
        "</w:pict></w:r>"
    )


@pytest.mark.parametrize(
    "body",
    [
        p(r("Ne pas dire au client", "<w:vanish/>")),
        p(r("{{ nom }}", "<w:vanish/>")),
        p(sdt("nom", properties="<w:vanish/>")),
        p(drawn_box('hidden="1"', p("Ne pas dire au client"))),
        p(drawn_box('hidden="true"', p("{{ nom }}"))),
        p(vml_box("width:90pt;visibility:hidden", p("{{ nom }}"))),
    ],
)
def test_un_texte_masque_ne_part_pas(body: str) -> None:
    said = findings(template(body))
    assert len(said) == 1 and "un texte masqué" in said[0]


def test_une_zone_de_texte_qui_se_voit_s_imprime() -> None:
    assert findings(template(p(drawn_box('hidden="0"', p("{{ nom }}"))))) == []
    assert findings(template(p(vml_box("width:90pt", p("{{ nom }}"))))) == []


def test_une_balise_de_bloc_masquee_ne_laisse_rien() -> None:
    hidden = [r(one, "<w:vanish/>") for one in ("{% if nom %}", "{% endif %}")]
    assert findings(template(p(hidden[0], r("oui"), hidden[1]))) == []


def test_un_commentaire_sans_balise_est_dit() -> None:
    parts = story("comments", f'<w:comment w:id="1" w:author="A">{p("à revoir !")}</w:comment>')
    (said,) = told(template("{{ nom }}", parts=parts))
    assert "le commentaire « à revoir ! » irait dans ses documents" in said.message
    assert not bloquants([said])
