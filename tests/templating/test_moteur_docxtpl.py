"""docxtpl, le second moteur : les modèles faits pour lui, et ceux qui sont faits pour nuire."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

import docx
import pytest
from markupsafe import Markup

from dla_docs import generate, load, render, verify
from dla_docs.cli.application import run
from dla_docs.docxtpl_engine import compile_docxtpl
from dla_docs.docxtpl_engine.sandbox import FaultyTemplate, Sandbox
from dla_docs.errors import DlaDocsError, InputError, TemplateError
from dla_docs.resources import sample_path, template_path
from dla_docs.templating import BROUILLON, DEFINITIF, PrintMode
from dla_docs.templating.scope import Scope
from dla_docs.word.package import open_package
from dla_docs.word.soundness import soundness
from tests.templating.test_codes_de_champ import field, simple
from tests.templating.test_parts import png, story
from tests.templating.word import (
    assert_sound,
    lines,
    p,
    r,
    saved,
    table_texts,
    tbl,
    template,
    tr,
)
from tests.word_packages import MAIN, zipped

HERE = Path()
VALUES: dict[str, Any] = {
    "nom": "Association É",
    "long": "une\ndeux\tfin",
    "n": 3,
    "vide": None,
    "gens": [{"nom": "Ana", "age": 30}, {"nom": "Léo", "age": 41}],
    "mots": ["un", "deux"],
}


def filled(
    source: bytes,
    values: dict[str, Any] | None = None,
    folder: Path = HERE,
    mode: PrintMode = DEFINITIF,
) -> bytes:
    """Le document d'un modèle docxtpl, dont tout essai vérifie qu'il est sain."""
    made = compile_docxtpl(source, None, folder)
    drawn = made.drawn(VALUES if values is None else values, mode)
    octets = made.written({**drawn.printed, **drawn.around(mode, None)})
    assert_sound(octets)
    return octets


def refusal(source: bytes, folder: Path = HERE) -> str:
    """La phrase du refus d'un modèle, en français et sans rien d'une bibliothèque."""
    with pytest.raises(DlaDocsError) as caught:
        filled(source, folder=folder)
    said = str(caught.value)
    assert not re.search(r"jinja|docxtpl\.|object|Traceback|<class|unexpected|expected", said), said
    return said


# What ours refuses and docxtpl fills


def test_ce_que_notre_moteur_refuse_est_rempli() -> None:
    source = template(
        "{% set total = gens|sum(attribute='age') %}{{ nom.upper() }} : {{ total }}",
        "{%p for i in range(2) %}",
        "{{ loop.cycle('pair', 'impair') }} {{ i }}",
        "{%p endfor %}",
        p(r("{{r RichText(nom, bold=True, color='#C00000') }}")),
        "{{p RP(long, parastyle='Heading1') }}",
        "{{ mots|join(' et ') }} {{ vide|default('rien') }}{{ vide }}",
    )
    said = lines(filled(source))
    assert said == [
        "ASSOCIATION É : 71",
        "pair 0",
        "impair 1",
        "Association É",
        "une\ndeux\tfin",
        "un et deux rien",
    ]


def test_une_valeur_n_est_ni_du_xml_ni_une_balise() -> None:
    hostile = "R&D <b> {{ n }} {# n #} \"'</w:t>"
    document = docx.Document()
    document.core_properties.title = "{{ nom }}"
    document.sections[0].header.paragraphs[0].text = "{{ nom }}"
    document.add_paragraph("{{ nom }}")
    document.add_section()
    made = filled(saved(document), {"nom": hostile, "n": 3})
    assert lines(made)[0] == hostile
    assert lines(made, "word/header1.xml") == [hostile]
    assert docx.Document(io.BytesIO(made)).core_properties.title == hostile


def test_le_tableau_et_ses_lignes() -> None:
    rows = (tr("{%tr for g in gens %}", ""), tr("{{ g.nom }}", "{{ g.age }}"))
    made = filled(template(tbl(tr("Nom", "Âge"), *rows, tr("{%tr endfor %}", "")), "fin"))
    assert table_texts(made) == [["Nom", "Âge"], ["Ana", "30"], ["Léo", "41"]]


def test_une_case_prend_la_largeur_et_le_fond_que_docxtpl_y_met() -> None:
    """« colspan », « hm » and « cellbg » become attributes, which docxtpl itself reads."""

    def grid(*cells: str) -> bytes:
        properties = '<w:tcPr><w:tcW w:w="900" w:type="dxa"/></w:tcPr>'
        held = "".join(f"<w:tc>{properties}{p(r(cell))}</w:tc>" for cell in cells)
        columns = "<w:tblGrid>" + '<w:gridCol w:w="900"/>' * 2 + "</w:tblGrid>"
        return template(f"<w:tbl>{columns}<w:tr>{held}</w:tr>{tr('a', 'b')}</w:tbl>", "4")

    wide = "{% colspan mots|length %}Titre"
    made = docx.Document(io.BytesIO(filled(grid(wide + "{% cellbg 'FFC000' %}"))))
    cell = made.tables[0].rows[0].cells[0]
    assert cell.grid_span == 2 and cell.text == "Titre"
    assert 'w:fill="FFC000"' in cell._tc.xml
    assert refusal(grid("{% cellbg nom %}x")).startswith("Corps : « {% cellbg … %} » n'a pas")
    assert "un nombre de colonnes" in refusal(grid("{% colspan n * 99 %}x", "y"))


def test_une_image_est_prise_a_cote_du_modele_et_nulle_part_ailleurs(tmp_path: Path) -> None:
    folder = tmp_path / "modeles"
    folder.mkdir()
    (folder / "plan.png").write_bytes(png())
    (tmp_path / "secret.png").write_bytes(png())
    made = filled(template("{{ InlineImage('plan.png', width=Mm(20)) }}"), folder=folder)
    assert png() in open_package(made).values()
    for name in ("../secret.png", str(tmp_path / "secret.png"), "absent.png"):
        assert "dossier" in refusal(template(f"{{{{ InlineImage('{name}') }}}}"), folder)


def test_un_sous_document_est_pris_tel_quel(tmp_path: Path) -> None:
    pytest.importorskip("docxtpl.subdoc", reason="docxcompose manque.")
    (tmp_path / "clauses.docx").write_bytes(template("Clause première.", "Clause seconde."))
    (tmp_path / "balise.docx").write_bytes(template("{{ nom }}"))
    made = filled(template("{{ nom }}", "{{p new_subdoc('clauses.docx') }}"), folder=tmp_path)
    assert lines(made) == ["Association É", "Clause première.", "Clause seconde."]
    said = refusal(template("{{p new_subdoc('balise.docx') }}"), tmp_path)
    assert "« balise.docx » tient la balise « {{ nom }} »" in said


ABOUT = 'w:author="Zoé Exemple" w:date="2020-01-01T00:00:00Z"'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            f'<w:p><w:permStart w:id="1" w:ed="z@exemple.fr"/>{r("x")}<w:permEnd w:id="1"/></w:p>',
            "tient une exception à la protection, pour « z@exemple.fr »",
        ),
        (p(r("Ne pas dire", "<w:vanish/>")), "tient un texte masqué, « Ne pas dire »"),
        (
            f'<w:p><w:del w:id="1" {ABOUT}><w:r><w:delText>x</w:delText></w:r></w:del></w:p>',
            "tient une modification suivie",
        ),
        (f'<w:p><w:ins w:id="1" {ABOUT}>{r("x")}</w:ins></w:p>', "tient une modification suivie"),
        (
            '<w:p><w:r><w:endnoteReference w:id="5"/></w:r></w:p>',
            "tient une note de fin, que docxtpl ne reprend pas",
        ),
        ('<w:p><w:r><w:commentReference w:id="5"/></w:r></w:p>', "tient un commentaire"),
    ],
)
def test_un_sous_document_n_apporte_ni_secret_ni_manque(
    body: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "clauses.docx").write_bytes(template("Une clause", body))
    told = refusal(template("{{p new_subdoc('clauses.docx') }}"), tmp_path)
    assert f"le sous-document « clauses.docx » {said}" in told


def test_un_sous_document_apporte_ses_tableaux_et_leurs_styles(tmp_path: Path) -> None:
    pytest.importorskip("docxtpl.subdoc", reason="docxcompose manque.")
    clauses = docx.Document()
    clauses.add_table(1, 1, style="Table Grid").cell(0, 0).text = "Prix"
    clauses.save(str(tmp_path / "clauses.docx"))
    made = filled(template("{{ nom }}", "{{p new_subdoc('clauses.docx') }}"), folder=tmp_path)
    assert soundness(open_package(made)) == []
    styles = docx.Document(io.BytesIO(made)).styles
    assert styles["Table Grid"].base_style.name == "Normal Table"
    assert lines(made)[1] == "Prix"


def test_un_brouillon_se_dit_et_montre_ses_manques() -> None:
    said = lines(filled(template("[{{ vide }}]"), mode=BROUILLON))
    assert said[0] == "BROUILLON" and said[1].startswith("[")


# The same path as any document


@pytest.fixture(scope="module")
def sample() -> Any:
    return load(sample_path("fiche_prestataire"))


def test_le_modele_livre_dit_la_meme_page_par_les_deux_moteurs(sample: Any) -> None:
    modele = template_path("fiche_prestataire")
    theirs = render(sample, modele=modele, moteur="docxtpl")
    assert lines(theirs) == lines(render(sample, modele=modele))
    assert verify(theirs, sample, modele=modele, moteur="docxtpl") == []
    other = sample.model_copy(update={"mise_a_jour": None})
    assert verify(theirs, other, modele=modele, moteur="docxtpl") != []


def test_un_contenu_demande_que_le_modele_n_imprime_pas_est_nomme(
    sample: Any, tmp_path: Path
) -> None:
    (tmp_path / "m.docx").write_bytes(template("{{ prestataire.nom }}"))
    with pytest.raises(TemplateError, match="doit être imprimé et ne l'est pas"):
        render(sample, modele=tmp_path / "m.docx", moteur="docxtpl")
    assert not (tmp_path / "d.docx").exists()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"moteur": "docxtpl"}, "ne remplit qu'un modèle Word"),
        ({"moteur": "word"}, "n'existe pas"),
        ({"moteur": "docxtpl", "modele": "m.pptx"}, "ne remplit qu'un modèle Word"),
    ],
)
def test_un_moteur_qui_ne_va_pas_est_dit(
    sample: Any, tmp_path: Path, asked: dict[str, str], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        generate(sample, tmp_path / "d.docx", **asked)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_un_modele_se_verifie_avant_de_servir(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    modele = tmp_path / "m.docx"
    command = ["modele", "verifier", str(modele), "fiche_prestataire", "--moteur", "docxtpl"]
    modele.write_bytes(
        template(
            "{% set x = range(2)|list %}{{ x|length }}",
            "{% for n in range(2) %}{% set m = n %}{{ m }}{% endfor %}",
            "{% if prestataire %}{% set y, z = 1, 2 %}{% elif retour %}{% set y = 3 %}{% endif %}",
            "{{ y }}",
        )
    )
    assert run(command) == 1
    told = capsys.readouterr().out.splitlines()[:-1]
    assert told and all("doit être imprimé et ne l'est pas" in one for one in told)
    modele.write_bytes(template_path("fiche_prestataire").read_bytes())
    assert run(command) == 0
    assert "docxtpl peut remplir ce modèle" in capsys.readouterr().out
    modele.write_bytes(template("{% for a in [1] %}{% set u = 1 %}{% endfor %}{{ u }}"))
    assert run(command) == 1
    assert "ne connaît pas « u »" in capsys.readouterr().out
    modele.write_bytes(template("{{ ''.__class__ }}", "{{ lipsum(5) }}"))
    assert run(command) == 1
    assert "2 défauts" in capsys.readouterr().out
    assert run([*command, "--annoter", str(tmp_path / "a.docx")]) == 2
    assert "moteur du projet" in capsys.readouterr().err


# Templates made to harm

WRITTEN = (  # refused as soon as they are read
    "{{ ''.__class__ }}",
    "{{ nom|attr('__class__') }}",
    "{{ cycler.__init__.__globals__ }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{{ '{0.__class__}'.format(nom) }}",
    "{{ '%s'|format(nom) }}",
    "{{ lipsum(5) }}",
    "{% set ns = namespace(x=1) %}",
    "{% include '/etc/passwd' %}",
    "{% import 'x' as y %}",
    "{% macro m() %}{{ m() }}{% endmacro %}",
    "{{ self._vide }}",
    "{{ joiner(',') }}",
    "{{ dict(a=1) }}",
    "{{ nom['__class__'] }}",
    "{{ gens[0].__init__ }}",
    "{{ nom|center(1000000000) }}",
    "{{ RichText.__init__ }}",
    "{{ 10 ** 10 ** 10 }}",
    "{% extends 'x' %}",
)
RUN = (  # refused when they would cost, or reach
    "{{ range(10**9) }}",
    "{{ range(1000000000)|list }}",
    "{{ 'a' * 1000000000 }}",
    "{{ gens|map(attribute='__class__')|list }}",
    "{{ nom['a' ~ '_'] }}",
    "{% for x in range(9999) %}{% for y in range(9999) %}{{ y }}{% endfor %}{% endfor %}",
    "{% set x = 'aaaaaaaaaa' %}" + "{% set x = x ~ x %}" * 40 + "{{ x }}",
    "{% set x = 'aaaaaaaaaa' %}" + "{% set x = x + x %}" * 40 + "{{ x }}",
    "{% set x = [1] %}" + "{% set x = [x, x] %}" * 40 + "{{ x|string }}",
    "{% set x = [1] %}" + "{% set x = x + x %}" * 40 + "{{ x|length }}",
    "{% set x = 9 %}" + "{% set x = x * x %}" * 40 + "{{ x }}",
    "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "{{ RichText(nom, color='\"/><w:x') }}",
    "{{ gens }}",
)


def in_body(tags: str) -> bytes:
    return template(tags)


def in_cell(tags: str) -> bytes:
    return template(tbl(tr("Nom", tags)), "fin")


def in_text_box(tags: str) -> bytes:
    vml = 'xmlns:v="urn:schemas-microsoft-com:vml"'
    box = f"<v:textbox><w:txbxContent>{p(tags)}</w:txbxContent></v:textbox>"
    return template(f"<w:p><w:r><w:pict><v:shape {vml}>{box}</v:shape></w:pict></w:r></w:p>", "fin")


def in_header(tags: str) -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = tags
    return saved(document)


def in_footer(tags: str) -> bytes:
    document = docx.Document()
    document.sections[0].footer.paragraphs[0].text = tags
    return saved(document)


def in_properties(tags: str) -> bytes:
    document = docx.Document()
    document.core_properties.title = "{{ nom }}"
    octets = open_package(saved(document))
    title = tags.replace("&", "&amp;").replace("<", "&lt;")
    core = octets["docProps/core.xml"].replace(b"{{ nom }}", title.encode())
    return zipped({**octets, "docProps/core.xml": core})


def in_footnote(tags: str) -> bytes:
    return zipped(story("footnotes", f'<w:footnote w:id="1">{p(tags)}</w:footnote>'))


def in_comment(tags: str) -> bytes:
    return zipped(story("comments", f'<w:comment w:id="1">{p(tags)}</w:comment>'))


PLACES: tuple[Callable[[str], bytes], ...] = (
    in_body,
    in_cell,
    in_text_box,
    in_header,
    in_footer,
    in_properties,
    in_footnote,
    in_comment,
)


@pytest.mark.parametrize("place", PLACES)
def test_un_modele_fait_pour_nuire_est_refuse_d_ou_qu_il_parle(
    place: Callable[[str], bytes],
) -> None:
    refused = refusal(place(" ".join(WRITTEN))).splitlines()
    assert len(refused) >= len(WRITTEN), refused


@pytest.mark.parametrize("payload", WRITTEN)
def test_chaque_attaque_est_refusee(payload: str) -> None:
    sandbox = Sandbox(Scope(None), {"RichText": str}, Markup)
    with pytest.raises(FaultyTemplate):
        sandbox.compile(payload)


@pytest.mark.parametrize("payload", RUN)
def test_ce_qu_un_modele_calcule_est_borne(payload: str) -> None:
    begun = process_time()
    refusal(template(payload))
    assert process_time() - begun < 10


def test_la_place_elle_meme_n_y_est_pour_rien() -> None:
    """Where an attack is refused, an honest tag is printed."""
    for place in PLACES[:-1]:
        octets = filled(place("{{ nom }}"))
        said = "".join(part.decode(errors="ignore") for part in open_package(octets).values())
        assert "Association É" in said and "{{" not in said, place


@pytest.mark.parametrize("text", ["{{ " * 4000, "{%p " * 4000, "{{ nom }}" * 6000])
def test_des_balises_sans_fin_sont_refusees_aussitot(text: str) -> None:
    begun = process_time()
    refusal(template(text))
    assert process_time() - begun < 5


@pytest.mark.parametrize(
    "body",
    [
        [p("Avant {%- if nom -%} oui {%- endif %}")],
        [p("Avant {%", "- if nom -", "%} oui {% endif %}")],
        [p("Avant"), p("{%- if nom -%}"), p("oui"), p("{% endif -%} Après"), p("Fin")],
        [tbl(tr("Case", "Autre")), p("{%- if nom %} oui {% endif %}")],
        [p("Avant"), p("{% if nom %} oui {% endif -%}"), tbl(tr("Case", "Autre"))],
        [p("Avant"), p("<w:r><w:tab/></w:r>", r("{%- if nom %} oui {% endif %}"))],
    ],
)
def test_un_tiret_qui_emporterait_autre_chose_est_refuse(body: list[str]) -> None:
    with pytest.raises(TemplateError, match="emporterait ce qui est à côté de sa balise"):
        filled(template(*body))


LINE_END = '<w:r><w:br w:type="textWrapping"/></w:r>'


@pytest.mark.parametrize(
    "body",
    [
        [p("Avant"), p("{%- if nom -%}"), p("oui"), p("{%- endif -%}"), p("Après")],
        [p(LINE_END.join(map(r, ("Avant", "{%- if nom -%}", "oui", "{%- endif -%}", "Après"))))],
    ],
)
def test_un_tiret_entre_deux_textes_les_reunit(body: list[str]) -> None:
    assert lines(filled(template(*body))) == ["AvantouiAprès"]


def test_une_balise_autoescape_est_refusee_en_une_phrase() -> None:
    body = p("{% autoescape false %}{{ nom }}{% endautoescape %}")
    with pytest.raises(TemplateError, match=r"n'a pas droit à \{% autoescape %\}"):
        filled(template(body))


# Whatever is refused of the template is refused before it serves


ABSENT = "n'est pas dans le dossier du modèle Word"
IN_CODE = "est dans le code d'un champ, que docxtpl ne remplit pas"
NAME = "{{ operateur.nom }}"
EQUATION = (
    '<w:p><m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
    f"<m:r><m:t>{NAME}</m:t></m:r></m:oMath></w:p>"
)


@pytest.mark.parametrize(
    ("added", "said"),
    [
        (field(f' IF "{NAME}" = "" "a" "b" ', result="a"), "le champ IF garderait « a »"),
        (simple(f' IF "{NAME}" = "" "a" "b" ', result="a"), "le champ IF garderait « a »"),
        (field(f' QUOTE "{NAME}" ', result=NAME), IN_CODE),
        (field(f' HYPERLINK "mailto:{NAME}" ', result="écrire"), IN_CODE),
        (field(NAME, result="a"), IN_CODE),
        (simple(NAME, result=NAME), IN_CODE),
        (simple(f" IN{NAME} ", result=NAME), IN_CODE),
        (simple(f' QUOTE "{NAME}" ', result=NAME), ""),
        (EQUATION, "dans une équation, où rien ne la remplira"),
        (p("{{ InlineImage('absent.png') }}"), ABSENT),
        (p("{{p new_subdoc('absent.docx') }}"), ABSENT),
        (p("{{ RichText(operateur.nom) }}"), "s'imprime hors du texte"),
        (p("{{r RichText(operateur.nom) }}"), ""),
        (p("{{ operateur.nom * 2 }}"), "ne se calcule pas"),
        (p("{{ structures }}"), "cela ne s'imprime pas"),
    ],
)
def test_verifier_et_produire_refusent_le_meme_modele_dans_les_memes_mots(
    added: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = {**open_package(template_path("notification_de_choix"))}
    before, end, after = parts[MAIN].decode().rpartition("<w:sectPr")
    parts[MAIN] = f"{before}{added}{end}{after}".encode()
    (modele := tmp_path / "m.docx").write_bytes(zipped(parts))
    about = ["--moteur", "docxtpl"]
    assert run(["modele", "verifier", str(modele), "notification_de_choix", *about]) == bool(said)
    checked = capsys.readouterr().out
    assert said or "essayé avec l'exemple livré du document" in checked
    asked = ["produire", str(sample_path("notification_de_choix")), "-o", str(tmp_path / "d.docx")]
    assert bool(run([*asked, "--modele", str(modele), *about])) == bool(said)
    refused = capsys.readouterr().err.splitlines()
    assert all(one.removeprefix("ERREUR ") in checked for one in refused) and said in checked


def test_ce_que_le_modele_n_imprime_pas_est_dit_avant_de_servir(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (modele := tmp_path / "m.docx").write_bytes(template("{{ prestataire.nom }}"))
    command = ["modele", "verifier", str(modele), "fiche_prestataire", "--moteur", "docxtpl"]
    assert run(command) == 1
    assert "doit être imprimé et ne l'est pas" in capsys.readouterr().out
