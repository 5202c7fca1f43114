"""Ce que les balises d'un modèle docxtpl calculent, et ce qu'elles refusent : le texte que le
lecteur voit, la phrase que lit l'auteur du modèle.
"""

from __future__ import annotations

import importlib.util
import io
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest

from dla_docs.docxtpl_engine import bounds, compile_docxtpl
from dla_docs.errors import DlaDocsError, InputError, TemplateError
from dla_docs.templating import BROUILLON, DEFINITIF, Image, PrintMode
from dla_docs.word.package import open_package
from tests.templating.test_parts import png, story
from tests.templating.word import (
    assert_sound,
    leaf,
    lines,
    p,
    part,
    part_node,
    rows,
    saved,
    sdt,
    tbl,
    template,
    tr,
    tree,
)
from tests.word_packages import zipped

VALUES: dict[str, Any] = {
    "nom": "Association É",
    "n": 3,
    "vide": None,
    "oui": True,
    "montant": Decimal("1234.56"),
    "tiers": 0.1,
    "jour": date(2026, 3, 9),
    "gens": [{"nom": "Léo", "age": 41}, {"nom": "ana", "age": 30}],
    "mots": ["un", "deux"],
    "rien": [],
    "champ": "age",
    "beaucoup": ["x"] * 10_001,
    "mission": {"titre": "l'école d'ADEL", "lieu": None},
    "R&D": "recherche",
}
SAID = {
    # Comparisons: a number with a point is worth what it writes
    "{{ montant == 1234.56 }} {{ montant != 1234.56 }} {{ montant <= 1234.56 }}": "Oui Non Oui",
    "{{ montant >= 1234.56 }} {{ montant * 2 == 2469.12 }} {{ tiers == 0.1 }}": "Oui Oui Oui",
    "{{ 1234.56 in [montant] }} {{ montant in [1234.56] }} {{ tiers < 0.1 }}": "Oui Oui Non",
    "{{ vide > 3 }} {{ vide < 3 }} {{ n > 2 }} {{ 2 < n }} {{ n <= 3 }} {{ n >= 4 }}": (
        "Non Non Oui Oui Oui Non"
    ),
    "{{ 'un' in mots }} {{ 'Asso' in nom }} {{ vide in nom }} {{ n in [3] }}": "Oui Oui Non Oui",
    "{{ nom == 'Association É' }} {{ nom != 'R&D' }} {{ 'x' in ('x', 'y') }}": "Oui Oui Oui",
    # Constants are printed as values are
    "{{ 1.5 }} {{ true }} {{ 1 == 1 }}[{{ none }}]": "1,5 Oui Oui[]",
    "{{ 'R&D' }} {{ '&amp;' }}": "R&D &amp;",
    # Calculations
    "{{ -n }} {{ +n }} {{ -montant }} {{ -1 }}": "-3 3 -1 234,56 -1",
    "{{ 7 // 2 }} {{ 7 % 2 }} {{ montant * 1.1 }} {{ nom + '!' }}": "3 1 1 358,016 Association É!",
    "{{ (mots + ['trois'])|join }} {{ [0.1, 0.2]|sum }}": "un, deux, trois 0,3",
    "[{{ 'a' if vide }}] {{ 'b' if oui }} {{ 'c' if vide else 'd' }}": "[] b d",
    # Filters
    "{{ mission.titre|title }} {{ mission.titre.title() }}": "L’école D’adel L’École D’Adel",
    "{{ montant|round }} {{ montant|round(1) }} {{ montant|int }} {{ vide|int }}": (
        "1 235 1 234,6 1 234 0"
    ),
    "{{ nom|d('x') }} {{ vide|default('x') }} {{ mission.lieu|d('x') }}": "Association É x x",
    "{{ gens|selectattr('age', 'gt', 35)|map(attribute='nom')|join }}": "Léo",
    "{{ gens|rejectattr('age', 'gt', 35)|map(attribute='nom')|join }}": "ana",
    "{{ gens|selectattr('age')|join('/', attribute='nom') }}": "Léo/ana",
    "{{ gens|sort(attribute='nom')|map(attribute='nom')|join }}": "ana, Léo",
    "{{ gens|sort(attribute='age', reverse=True)|map(attribute='age')|join }}": "41, 30",
    "{{ gens|sum(attribute='age') }} {{ [1, vide, 2]|sum }} {{ mots|sum(start='') }}": (
        "71 3 undeux"
    ),
    "{{ mots|reverse|join }} {{ mots|list|last }} {{ range(3)|length }}": "deux, un deux 3",
    "{{ montant|montant }} {{ jour|date_longue }}": "1 234,56 € 9 mars 2026",
    "{{ nom|upper }} {{ nom|e }} {{ n ~ '/' ~ n }}": "ASSOCIATION É Association É 3/3",
    # Tests
    "{{ vide is none }} {{ vide is defined }} {{ vide is undefined }}": "Oui Non Oui",
    "{{ mission is mapping }} {{ mots is sequence }} {{ mots is iterable }}": "Oui Oui Oui",
    "{{ nom is string }} {{ n is number }} {{ n is integer }} {{ oui is integer }}": (
        "Oui Oui Oui Non"
    ),
    "{{ n is odd }} {{ n is divisibleby(3) }} {{ n is equalto(3) }} {{ oui is true }}": (
        "Oui Oui Oui Oui"
    ),
    "{{ n is ge(3) }} {{ n is lt(3) }} {{ n is le(3) }} {{ n is gt(3) }}": "Oui Non Oui Non",
    # Methods
    "{{ nom.replace('É', 'E') }} {{ nom.split(' ')[0] }} {{ nom.upper() }}": (
        "Association E Association ASSOCIATION É"
    ),
    "{{ nom.startswith('A') }} {{ nom.endswith('x') }} {{ ' a '.strip() }}": "Oui Non a",
    "{{ jour.strftime('%d/%m/%Y') }}": "09/03/2026",
    # Parts and series
    "{% for k, v in mission.items() %}{{ k }}={{ v }};{% endfor %}": "titre=l’école d’ADEL;lieu=;",
    "{% for k in mission %}{{ k }} {% endfor %}{{ mission|length }}": "titre lieu 2",
    "{{ mission.keys()|join }} {{ mission.values()|join }} {{ mission.get('lieu', 'x') }}": (
        "titre, lieu l’école d’ADEL x"
    ),
    "{% set d = {'a': nom, 'b': 2} %}{{ d.a }} {{ d['b'] }} {{ d.keys()|join }}": (
        "Association É 2 a, b"
    ),
    "{% set d = {nom: 1} %}{{ d[nom] }} {{ gens|map(attribute=champ)|join }}": "1 41, 30",
    "{% for k, v in vide.items() %}{{ k }}{% endfor %}{{ 'oui' if mission }}": "oui",
    "[{{ mots[5] }}] {{ mots[-1] }} {{ mots[n - 3] }} {{ gens[0]['nom'] }}": "[] deux un Léo",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}": "12",
    # Loops
    "{% for m in mots if m != 'un' %}{{ m }}{% endfor %}": "deux",
    "{% for m in rien %}{{ m }}{% else %}personne{% endfor %}": "personne",
    "{% for m in vide %}{{ m }}{% endfor %}fin": "fin",
    "{% for m in mots %}{{ 'suite ' if loop.previtem is defined }}{{ m }} {% endfor %}": (
        "un suite deux "
    ),
    "{% for m in mots %}{{ loop.nextitem|default('fin') }} {% endfor %}": "deux fin ",
    "{% for m in mots %}{{ loop.changed(m) }}{{ loop.cycle(1, 2) }}{% endfor %}": "Oui1Oui2",
}
AS_WRITTEN = {  # refused before any value is known
    "{{ nom|uper }}": "le filtre « uper » n'est pas admis",
    "{{ nom is strin }}": "le test « strin » n'est pas admis",
    "{{ nom|upper(*mots) }}": "« * » n'est pas admis devant un argument",
    "{{ range(*mots) }}": "« * » n'est pas admis devant un argument",
    "{% for g in gens recursive %}{{ g.nom }}{% endfor %}": "« recursive » n'est pas admise",
    "{% for g in gens %}{{ loop.depth }}{% endfor %}": "« loop.depth » n'existe pas",
    "{% set mission.titre = 3 %}": "une affectation à un champ",
    "{{ nom[0:2] }}": "cette tranche (« [a:b] »)",
    "{{ nom.format(n) }}": "l'appel « format(…) » n'est pas admis",
    "{% set _x = 1 %}{{ _x }}": "un nom ne peut pas commencer par « _ » (« _x »)",
    "{{ self }}": "le nom « self » n'est pas admis",
    "{% set mots[0] = 3 %}": "une balise ne se lit pas",
}
AS_FILLED = {  # refused with these values
    "{{ mission.nom }}": "le document ne connaît pas « mission.nom »",
    "{{ mission['titr'] }}": "Vouliez-vous dire « titre »",
    "{{ n.total }}": "« .total » n'est pas admis ici",
    "{{ n['total'] }}": "« total » n'est le champ d'aucune partie ici",
    "{{ n[0] }}": "un rang entre crochets ne vaut que pour une suite",
    "{% for g in n %}{{ g }}{% endfor %}": "ce n'est pas une suite de lignes",
    "{% for k, v in nom.items() %}{{ k }}{% endfor %}": "ce n'est pas une partie du document",
    "{{ nom.strftime('%d') }}": "sur une date",
    "{{ jour.strftime('%A') }}": "strftime ne s'écrit qu'avec %d, %m",
    "{{ gens[0] }}": "cela ne s'imprime pas",
    "{{ [] }}": "cela ne s'imprime pas",
    "{{ nom + vide }}": "une balise ne se calcule pas avec ces valeurs",
    "{{ 7 / (n - 3) }}": "une balise ne se calcule pas avec ces valeurs",
    "{{ {'_a': 1}['_a'] }}": "un nom ne peut pas commencer par « _ »",
    "{{ beaucoup|join }}": "une balise réunit trop de lignes",
    "{% for m in mots %}{% set l = loop %}{{ l.depth }}{% endfor %}": "« loop.depth » n'est pas",
    "{% set range = 3 %}{{ range(2) }}": "cet appel n'est pas admis",
    "{{ range(20000)|join }}": "compte plus de 10000 fois",
    "{{ RichText(nom, couleur='red') }}": "RichText n'admet pas couleur='red'",
}


def filled(
    source: bytes, values: dict[str, Any] = VALUES, model: Any = None, mode: PrintMode = DEFINITIF
) -> bytes:
    """Le document d'un modèle docxtpl, dont tout essai vérifie qu'il est sain."""
    made = compile_docxtpl(source, model, Path())
    drawn = made.drawn(values, mode)
    octets = made.written({**drawn.printed, **drawn.around(mode, None)})
    assert_sound(octets)
    return octets


@pytest.fixture(scope="module")
def page() -> dict[str, str]:
    """Ce que dit chaque balise, toutes dans un même modèle."""
    return dict(zip(SAID, lines(filled(template(*SAID))), strict=True))


@pytest.mark.parametrize("tag", SAID)
def test_ce_qu_une_balise_imprime(tag: str, page: dict[str, str]) -> None:
    said = page[tag].replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert said == SAID[tag]


def test_tout_ce_qu_un_modele_ecrit_de_faux_est_dit_a_la_fois() -> None:
    """Une faute de syntaxe arrête la lecture de sa partie : elle est dite seule."""
    unreadable = "{% set mots[0] = 3 %}"
    read = {tag: said for tag, said in AS_WRITTEN.items() if tag != unreadable}
    for tags in (read, {unreadable: AS_WRITTEN[unreadable]}):
        with pytest.raises(TemplateError) as caught:
            compile_docxtpl(template(*tags), None, Path())
        told = str(caught.value)
        assert [said for said in tags.values() if said not in told] == []


@pytest.mark.parametrize(("tag", "said"), AS_FILLED.items())
def test_ce_qui_ne_se_calcule_pas_est_dit(tag: str, said: str) -> None:
    with pytest.raises(DlaDocsError) as caught:
        filled(template(tag))
    assert said in str(caught.value)


# With the document's own fields

MODEL = tree(
    leaf("nom"),
    leaf("logo"),
    part_node("mission", leaf("titre"), leaf("lieu")),
    rows("gens", leaf("nom")),
)


def test_les_absences_d_un_document_sont_des_parties_et_des_suites_vides() -> None:
    tags = (
        "{{ nom }}[{{ mission.titre }}]{{ 'vide' if not mission }}{{ gens|length }}",
        "{% for g in gens %}{{ g.nom }}{% else %}personne{% endfor %}",
    )
    empty = {"nom": "A", "mission": None, "gens": None, "logo": None}
    assert lines(filled(template(*tags, "{{ logo }}"), empty, MODEL)) == [
        "A[]vide0",
        "personne",
        "",
    ]


def test_un_brouillon_rappelle_ce_qui_manque() -> None:
    source = template("{{ nom }}", "{{ mission.titre }}{{ mission.lieu }}{{ logo }}{{ gens|join }}")
    said = lines(filled(source, {"nom": None}, MODEL, BROUILLON))
    assert said[:2] == ["BROUILLON", "à compléter"]


def test_un_nom_faux_est_dit_avec_le_plus_proche() -> None:
    with pytest.raises(TemplateError) as caught:
        compile_docxtpl(
            template(
                "{{ mision.titre }}{% for g in gns %}{% endfor %}",
                "{% for g in gens %}{{ g.nmo }}{% endfor %}",
            ),
            MODEL,
            Path(),
        )
    told = str(caught.value)
    assert "« mission »" in told and "« gens »" in told and "« g.nom »" in told


def test_une_image_du_document_est_posee_avec_les_mots_qui_la_disent() -> None:
    logo = Image(png(), alt="Le logo")
    tags = (
        "{{ logo }}",
        "{{ InlineImage(logo, width=Mm(20)) }}",
        "{{ InlineImage(logo, height=Cm(1)) }}",
    )
    made = filled(template(*tags), {"logo": logo})
    drawn = [*part(made).iter("{*}docPr")]
    assert [one.get("descr") for one in drawn] == ["Le logo"] * 3
    assert len({one.get("id") for one in drawn}) == 3
    across = [int(one.get("cx", 0)) for one in part(made).iter("{*}extent")]
    assert across[1] == 720_000


# What a template holds around its tags


def refusal(source: bytes) -> str:
    """Ce que dit le refus d'un modèle."""
    with pytest.raises(TemplateError) as caught:
        filled(source)
    return str(caught.value)


def test_une_balise_que_docxtpl_ne_remplirait_pas_est_refusee() -> None:
    document = docx.Document()
    document.core_properties.keywords = "{{ nom }}"
    document.core_properties.title = "{{ nom }}"
    told = refusal(saved(document))
    assert "« {{ nom }} » est dans la propriété « keywords »" in told and "« title »" not in told


def test_une_balise_qui_emporterait_son_voisinage_est_refusee() -> None:
    """docxtpl prend le paragraphe entier, et n'en dit rien."""
    told = refusal(
        template(
            "Bonjour {{p RP(nom) }}", "{{p RP(nom) }}", tbl(tr("{%tr if n %}", "reste"), tr("x"))
        )
    )
    assert "« {{p RP(nom) }} » emporte un paragraphe qui contient autre chose" in told
    assert "« {%tr if n %} » emporte une ligne de tableau" in told
    assert told.count("emporte un paragraphe") == 1


def test_une_valeur_qui_ne_s_imprime_pas_est_dite() -> None:
    with pytest.raises(InputError, match="La valeur de « nom » ne s'imprime pas"):
        filled(template("{{ nom }}"), {"nom": object()})


def test_un_caractere_reserve_est_refuse() -> None:
    assert "caractère réservé (U+FDD0)" in refusal(template(f"avant{chr(0xFDD0)}après"))


def test_un_controle_repete_garde_un_numero_a_lui() -> None:
    made = filled(template("{%p for m in mots %}", p("Mot : ", sdt("m")), "{%p endfor %}"))
    numbers = [one.get(f"{one.tag[:-2]}val") for one in part(made).iter("{*}id")]
    assert len(numbers) == len(set(numbers)) == 2
    assert lines(made) == ["Mot : un", "Mot : deux"]


def test_une_valeur_posee_hors_du_texte_est_refusee() -> None:
    told = refusal(template("{{r nom }}"))
    assert "« Association É » s'imprime hors du texte" in told
    assert "{{r RichText(…) }}" in told


def test_une_fiche_absente_du_modele_ne_vient_pas_de_la_bibliotheque() -> None:
    """python-docx y mettrait son nom et sa date."""
    parts = open_package(template("{{ nom }}"))
    bare = {name: held for name, held in parts.items() if name != "docProps/core.xml"}
    bare["_rels/.rels"] = b"".join(
        line
        for line in bare["_rels/.rels"].replace(b"><", b">\n<").splitlines(True)
        if b"core" not in line
    )
    bare["[Content_Types].xml"] = b"".join(
        line
        for line in bare["[Content_Types].xml"].replace(b"><", b">\n<").splitlines(True)
        if b"core" not in line
    )
    held = docx.Document(io.BytesIO(filled(zipped(bare)))).core_properties
    assert (held.title, held.author, held.last_modified_by) == ("", "", "")


def test_une_image_ne_va_pas_dans_une_note() -> None:
    source = zipped(story("footnotes", f'<w:footnote w:id="1">{p("{{ logo }}")}</w:footnote>'))
    with pytest.raises(TemplateError, match="docxtpl ne met pas d'image ici"):
        filled(source, {"logo": Image(png(), alt="Le logo")})


def test_une_valeur_mise_de_cote_et_jamais_posee_est_dite() -> None:
    told = refusal(template("{% set nom_gras = RichText(nom, bold=True) %}Bonjour"))
    assert "« Association É » est imprimé par le modèle, et docxtpl l'a perdu" in told


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [
        ("PART", 100, "Cette partie dépasse 0 Mo"),
        ("TAGS", 1, "plus de 1 balises"),
        ("SECONDS", 0.0, "demande plus de 0 secondes de calcul"),
        ("ITERATIONS", 1, "ce modèle répète trop de lignes"),
    ],
)
def test_un_modele_demesure_est_refuse(
    limit: str, value: float, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, limit, value)
    assert said in refusal(template("{% for m in mots %}{{ m }}{% endfor %}"))


def test_une_balise_sans_fin_est_montree_jusque_dans_un_texte_de_remplacement() -> None:
    assert "vers « {{ nom et la suite »" in refusal(template("Cher {{ nom et la suite"))
    box = '<w:p><w:pPr><w:pStyle w:val="{{ nom"/></w:pPr></w:p>'
    assert "vers « {{ nom »" in refusal(template(box))


def test_un_modele_qui_demande_ce_qui_n_est_pas_installe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "clauses.docx").write_bytes(template("Clause première."))
    asking = compile_docxtpl(template("{{p new_subdoc('clauses.docx') }}"), None, tmp_path)
    monkeypatch.setitem(sys.modules, "docxcompose", None)
    monkeypatch.delitem(sys.modules, "docxtpl.subdoc", raising=False)
    with pytest.raises(TemplateError) as caught:
        asking.drawn({})
    assert "un sous-document demande docxcompose" in str(caught.value)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="docxtpl n'est pas installé"):
        compile_docxtpl(template("{{ nom }}"), None, tmp_path)
