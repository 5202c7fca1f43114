"""Ce qu'un modèle Word ou ses valeurs ont rarement : la page reste juste, ou le défaut est dit."""

from __future__ import annotations

import io
import struct
from decimal import Decimal
from enum import Enum
from typing import Any

import docx
import pytest

from dla_docs.errors import InputError
from dla_docs.templating import Image, compiler, lint
from dla_docs.templating.annotate import annotate
from dla_docs.word.package import open_package
from tests.templating.word import (
    W,
    findings,
    lines,
    p,
    part,
    r,
    render,
    table_texts,
    tbl,
    tc,
    template,
    tr,
)
from tests.word_packages import default_parts, with_relationship, zipped


class Reponse(Enum):
    """Un choix qui n'est pas un texte."""

    OUI = "Oui, tout à fait"


VALUES: dict[str, Any] = {
    "nom": "Les Amis",
    "vide": None,
    "montant": Decimal("1234.56"),
    "tiers": 0.1,
    "mots": ["un", "deux"],
    "choix": Reponse.OUI,
}


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (
            "{{ montant == 1234.56 }} {{ montant != 1234.56 }} {{ montant <= 1234.56 }}",
            "Oui Non Oui",
        ),
        ("{{ montant in [1234.56] }} {{ tiers == 0.1 }} {{ tiers < 0.1 }}", "Oui Oui Non"),
        ("{{ 'un' in mots }} {{ 'trois' not in mots }} {{ 'Amis' in nom }}", "Oui Oui Oui"),
        ("{{ 'oui' if (vide|default('a')) == 'a' }}{{ (absent|default(3)) + 1 }}", "oui4"),
        ("{{ [1, 2]|sum }} {{ ['a', nom]|join('-') }} {{ mots[9] }}.", "3 a-Les Amis ."),
        ("[{{ vide|round }}] {{ choix }}", "[] Oui, tout à fait"),
    ],
)
def test_ce_qu_une_valeur_rare_imprime(written: str, printed: str) -> None:
    assert lines(render(template(written), VALUES)) == [printed]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{{ nom {{ autre }}", "{{ nom"),
        ("{{ 'abc }}", "{{ 'abc }}"),
        ("{{ 'abc {{ nom }}", "{{ 'abc"),
        ("{% for x in mots recursive %}{% endfor %}", "la boucle"),
        ("{% hm %} et la suite {{ inconnu|uper }}", "n'est pas une balise connue"),
    ],
)
def test_une_balise_mal_ecrite_est_montree(written: str, said: str) -> None:
    assert said in " ".join(findings(template(written)))


def test_ce_qui_ne_s_imprime_pas_est_dit() -> None:
    with pytest.raises(InputError, match="La valeur de « nom » ne s'imprime pas"):
        render(template("{{ nom }}"), {"nom": object()})
    with pytest.raises(InputError, match="nom"):
        render(template("{{ nom|replace('a', 'b' * 0 ~ nom) }}"), {"nom": "a" * 10_001})


def test_un_modele_a_trop_de_balises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "MAX_MARKS", 1)
    assert "plus de 1 balises" in " ".join(findings(template("{{ nom }} {{ vide }}")))


# What comes with the file


def test_un_publipostage_est_detache_de_sa_source() -> None:
    parts = with_relationship(
        "mailMergeSource", "file:///C:/adresses.xlsx", external=True, part="word/settings.xml"
    )
    parts["word/settings.xml"] = parts["word/settings.xml"].replace(
        b"<w:zoom", b'<w:mailMerge><w:mainDocumentType w:val="formLetters"/></w:mailMerge><w:zoom'
    )
    assert b"mailMerge" in parts["word/settings.xml"]
    source = template("{{ nom }}", parts=parts)
    assert "ce modèle sort d'un publipostage" in lint(source)[0].message
    made = open_package(render(source, VALUES))
    assert all(b"adresses.xlsx" not in content for content in made.values())
    assert b"mailMerge" not in made["word/settings.xml"]


def test_un_modele_protege_ne_protege_pas_ses_documents() -> None:
    parts = default_parts()
    parts["word/settings.xml"] = parts["word/settings.xml"].replace(
        b"<w:zoom", b'<w:documentProtection w:edit="readOnly" w:enforcement="1"/><w:zoom'
    )
    made = open_package(render(template("{{ nom }}", parts=parts), VALUES))
    assert b"documentProtection" not in made["word/settings.xml"]


def test_la_copie_annotee_d_un_modele_sans_paragraphe() -> None:
    parts = default_parts()
    parts["word/document.xml"] = (
        f'<w:document xmlns:w="{W[1:-1]}"><w:body><w:sectPr/></w:body></w:document>'.encode()
    )
    parts["docProps/core.xml"] = parts["docProps/core.xml"].replace(
        b"<dc:title/>", b"<dc:title>{{ nom|uper }}</dc:title>"
    )
    made = open_package(annotate(zipped(parts)))
    assert "« uper » n'est pas admis" in made["word/comments.xml"].decode()
    assert b"commentReference" in made["word/document.xml"]


def jpeg(width: int, height: int) -> bytes:
    """L'en-tête d'un JPEG de ces dimensions."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0"
    return b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame


def test_un_jpeg_garde_ses_proportions() -> None:
    made = render(template("{{ logo }}"), {"logo": Image(jpeg(300, 150), alt="Le logo")})
    extent = next(part(made).iter("{*}extent"))
    assert int(extent.get("cx", 0)) == 2 * int(extent.get("cy", 0)) > 0


# What Word puts around a tag


def test_un_tableau_de_colonnes_repetees_tient_sans_grille_ou_avec_un_tableau_dedans() -> None:
    row = f"<w:tr>{tc('{%tc for m in mots %}')}{tc('{{ m }}')}{tc('{%tc endfor %}')}</w:tr>"
    inside = f"<w:tr>{tc('{%tc for m in mots %}')}{tc(tbl(tr('{{ m }}', 'b', 'c')), '')}" + (
        f"{tc('{%tc endfor %}')}</w:tr>"
    )
    bare = tbl(row).replace(
        '<w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="2000"/></w:tblGrid>', ""
    )
    assert "tblGrid" not in bare
    made = render(template(tbl(inside, columns=3), "fin"), VALUES)
    assert table_texts(made, 1) == [["un", "b", "c"]]
    outer = next(part(made).iter(f"{W}tblGrid"))
    assert len(outer) == 2
    assert "un" in lines(render(template(bare, "fin"), VALUES))


@pytest.mark.parametrize("kind", ["begin", "end"])
def test_un_bloc_ne_coupe_pas_un_champ_de_word(kind: str) -> None:
    other = "end" if kind == "begin" else "begin"
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    inside = [r("{% if nom %}"), mark.format(kind), r("a"), r("{% endif %}"), mark.format(other)]
    if kind == "end":
        inside = [mark.format("begin"), *inside[:-1]]
    told = " ".join(findings(template(p(*inside))))
    assert "coupe un champ de Word en deux" in told


def test_un_bloc_tient_dans_le_code_d_un_champ_et_dans_une_insertion() -> None:
    code = "<w:r><w:instrText>{% if nom %}DATE{% endif %}</w:instrText></w:r>"
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    field = mark.format("begin") + code + mark.format("end")
    made = part(render(template(f"<w:p>{field}</w:p>"), VALUES))
    assert "".join(one.text or "" for one in made.iter(f"{W}instrText")) == "DATE"
    link = f'<w:hyperlink w:anchor="x">{r("{% if nom %}")}</w:hyperlink>'
    assert lines(render(template(p(link, r("oui"), r("{% endif %}"))), VALUES)) == ["oui"]


def test_une_mise_en_forme_suivie_n_est_pas_reprise() -> None:
    tracked = '<w:b/><w:rPrChange w:id="1" w:author="x"><w:rPr/></w:rPrChange>'
    made = render(template(p(r("{{ nom }}", tracked))), VALUES)
    assert lines(made) == ["Les Amis"]
    assert docx.Document(io.BytesIO(made)).paragraphs[0].runs[0].bold
