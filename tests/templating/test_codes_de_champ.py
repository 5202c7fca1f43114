"""Une valeur dans le code d'un champ de Word : écrite comme Word l'y cite, ou refusée."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest

from dla_docs import NotificationDeChoix, load, render, verify
from dla_docs.errors import InputError, TemplateError
from dla_docs.model.requirement import COMPELLING
from dla_docs.resources import template_path
from dla_docs.templating import compile_template
from dla_docs.word.package import open_package
from tests.templating.word import W, findings, leaf, part, template, tree
from tests.word_packages import MAIN, zipped

MARK = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
SAMPLES = Path(__file__).parents[2] / "samples"


def field(*code: str, result: str = "{{ nom }}") -> str:
    """Un champ de ce code, en autant de morceaux, qui montre ``result``."""
    runs = "".join(
        f'<w:r><w:instrText xml:space="preserve">{escape(one)}</w:instrText></w:r>' for one in code
    )
    shown = MARK.format("separate") + f"<w:r><w:t>{result}</w:t></w:r>"
    return f"<w:p>{MARK.format('begin')}{runs}{shown}{MARK.format('end')}</w:p>"


def simple(code: str, result: str = "{{ nom }}") -> str:
    """Le même, d'un seul élément."""
    shown = f"<w:r><w:t>{result}</w:t></w:r>"
    return f"<w:p><w:fldSimple w:instr={quoteattr(code)}>{shown}</w:fldSimple></w:p>"


def code_of(source: bytes, **values: Any) -> str:
    """Le code du champ, une fois imprimé."""
    root = part(compile_template(source).render(values))
    texts = [one.text or "" for one in root.iter(f"{W}instrText")]
    return "".join(texts) or str(next(root.iter(f"{W}fldSimple")).get(f"{W}instr"))


@pytest.mark.parametrize("made", [field, simple])
@pytest.mark.parametrize(
    ("said", "written"),
    [
        ('Centre "Val"', r"Centre \"Val\""),
        (r"dossier\partagé", r"dossier\\partagé"),
        ("a <b> {{ x }}", "a <b> {{ x }}"),
        ("deux\nlignes\tet", "deux lignes et"),
    ],
)
def test_une_valeur_entre_guillemets_y_reste(made: Any, said: str, written: str) -> None:
    printed = code_of(template(made(' QUOTE "{{ nom }}" ')), nom=said)
    assert printed == f' QUOTE "{written}" '


def test_les_guillemets_se_comptent_dans_le_champ_seul_et_d_un_morceau_a_l_autre() -> None:
    assert code_of(template(field(' QUOTE "', "{{ nom", ' }}" ')), nom="a b") == ' QUOTE "a b" '
    other = field(' QUOTE "')  # whose own quotation mark nothing closes
    both = other.removesuffix("</w:p>") + field(" = {{ nom }} ").removeprefix("<w:p>")
    with pytest.raises(InputError, match="hors des guillemets"):
        code_of(template(both), nom="a b")


@pytest.mark.parametrize("made", [field, simple])
def test_hors_des_guillemets_ce_que_word_couperait_est_refuse(made: Any) -> None:
    source = template(made(" = {{ nom }} * 2 "))
    assert code_of(source, nom=12) == " = 12 * 2 "
    for said in ("Les Amis", 'a"b', r"\h"):
        with pytest.raises(InputError, match="entre guillemets droits"):
            code_of(source, nom=said)


@pytest.mark.parametrize("made", [field, simple])
@pytest.mark.parametrize("code", ["{{ nom }}", " IN{{ nom }} ", "{% if nom %}{{ nom }}{% endif %}"])
def test_les_donnees_ne_disent_pas_ce_que_fait_un_champ(made: Any, code: str) -> None:
    assert any("ferait ce que disent les données" in one for one in findings(template(made(code))))
    with pytest.raises(TemplateError):
        compile_template(template(made(code)))


def test_ce_qui_est_imprime_dans_un_code_se_verifie(tmp_path: Path) -> None:
    document = load(SAMPLES / "notification_de_choix.yaml")
    assert isinstance(document, NotificationDeChoix)
    document = document.model_copy(
        update={"operateur": document.operateur.model_copy(update={"nom": 'Le "Centre" \\ Val'})}
    )
    parts = {**open_package(template_path("notification_de_choix"))}
    before, end, after = parts[MAIN].decode().rpartition("<w:sectPr")
    code = field(' QUOTE "{{ operateur.nom }}" ', result="{{ operateur.nom }}")
    parts[MAIN] = f"{before}{code}{end}{after}".encode()
    model = tmp_path / "modele.docx"
    model.write_bytes(zipped(parts))
    octets = render(document, modele=model, brouillon=True)
    assert r'QUOTE "Le \"Centre\" \\ Val"' in "".join(
        one.text or "" for one in part(octets).iter(f"{W}instrText")
    )
    assert verify(octets, document, modele=model, brouillon=True) == []


@pytest.mark.parametrize("made", [field, simple])
def test_un_champ_ne_garde_pas_le_resultat_du_modele(made: Any) -> None:
    code = ' IF "{{ nom }}" = "" "vide" "plein" '
    for result, kept in (("vide", "garderait « vide »"), ("", "ne montrerait rien")):
        (said,) = findings(template(made(code, result=result)))
        assert said.endswith(f"le champ IF {kept}, quoi que dise la balise de son code.")
    assert findings(template(made(' DATE \\@ "d MMMM" ', result="vide"))) == []


@pytest.mark.parametrize("made", [field, simple])
@pytest.mark.parametrize("code", [' HYPERLINK "mailto:{{ nom }}" ', ' XE "{{ nom }}" '])
def test_ce_qui_n_est_que_dans_un_code_n_est_pas_imprime(made: Any, code: str) -> None:
    """Ni demandé à la page, ni compté pour ce qu'un guide y demande."""
    known = NotificationDeChoix.schema_node().walk()
    demanded = tuple(one for node in known for one in node.exigences if one.force in COMPELLING)
    source = template(made(code, result="écrire"))
    assert compile_template(source, tree(leaf("nom"))).always == frozenset()
    assert findings(source, tree(leaf("nom", exigences=demanded[:1]))) == [
        "« nom » doit être imprimé et ne l'est pas."
    ]
