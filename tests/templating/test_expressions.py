"""Le langage des balises : ce qu'il sait faire, et tout ce qu'il refuse."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dla_docs.errors import InputError
from dla_docs.templating import lint
from tests.templating.word import (
    findings,
    leaf,
    lines,
    note,
    part_node,
    render,
    rows,
    template,
    tree,
)

VALUES: dict[str, Any] = {
    "nom": "Les Amis",
    "vide": None,
    "blanc": " ",
    "n": 7,
    "prix": Decimal("1234.5"),
    "jour": date(2013, 3, 1),
    "oui": True,
    "non": False,
    "zero": 0,
    "noms": ["Ana", None, "Léo"],
    "partie": {"a": "x", "b": None},
    "sans_objet": {},
    "xs": [
        {"nom": "A", "cout": Decimal("10")},
        {"nom": "B", "cout": None},
        {"nom": "C", "cout": Decimal("2.5")},
    ],
}


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (
            "{{ nom }}|{{ vide }}|{{ n }}|{{ prix }}|{{ jour }}|{{ oui }}|{{ zero }}",
            "Les Amis||7|1\u00a0234,5|01/03/2013|Oui|0",
        ),
        ("{{ partie.a }}{{ partie['a'] }}{{ xs[1].nom }}{{ xs[9].nom }}{{ sans_objet.a }}", "xxB"),
        ("{{ vide or nom }}|{{ nom or n }}", "Les Amis|Les Amis"),
        (
            "{{ vide|default('rien') }}|{{ blanc|default('rien') }}|{{ jour|default('rien') }}|{{ "
            "absente|default('rien') }}",
            "rien|rien|01/03/2013|rien",
        ),
        ("{{ 'a' if n > 5 else 'b' }}{{ 'c' if n > 9 }}", "a"),
        ("{{ nom ~ ' — ' ~ jour ~ vide }}", "Les Amis — 01/03/2013"),
        (
            "{{ noms }} / {{ noms|join(' et ') }} / {{ noms|length }} / {{ noms|first }}",
            "Ana, , Léo / Ana et Léo / 3 / Ana",
        ),
        ("{{ xs|join(', ', attribute='nom') }} : {{ xs|sum(attribute='cout') }}", "A, B, C : 12,5"),
        (
            "{{ nom|upper }} {{ nom|lower }} {{ 'élan du Sud'|capitalize }} {{ nom|replace('s', "
            "'z') }}",
            "LES AMIS les amis Élan du Sud Lez Amiz",
        ),
        (
            "{{ jour|date_longue }} {{ prix|montant }} {{ prix|round(0) }} {{ n|upper }}",
            "1er\u00a0mars\u00a02013 1\u00a0234,50\u00a0€ 1\u00a0235 7",
        ),
        (
            "{{ n + 1 }} {{ n * 2.5 }} {{ n % 2 }} {{ -n }} {{ 7 // 2 }} {{ (prix - 0.5) / 2 }}",
            "8 17,5 1 -7 3 617",
        ),
        (
            "{% if n % 2 %}impair{% endif %}{% if n is odd %}!{% endif %}{% if n is divisibleby 7 "
            "%}7{% endif %}",
            "impair!7",
        ),
        ("{% if vide is none and nom is defined and absente is not defined %}ok{% endif %}", "ok"),
        (
            "{{ oui is true }}|{{ non is false }}|{{ n is true }}|{{ zero is false }}",
            "Oui|Oui|Non|Non",
        ),
        (
            "{% if 'Ana' in noms and 'Bob' not in noms and nom in ('Les Amis', 'x') %}ok{% endif "
            "%}",
            "ok",
        ),
        (
            "{% if vide > 3 or vide < 3 %}a{% else %}b{% endif %}{% if 1 < n <= 7 %}c{% endif %}",
            "bc",
        ),
        ("{% if blanc %}a{% elif zero %}b{% elif sans_objet %}c{% elif partie %}d{% endif %}", "d"),
        ("{% if not vide and not non and oui %}ok{% endif %}", "ok"),
        (
            "{% if jour < jour %}a{% elif jour == jour %}b{% endif %}{% if prix == 1234.5 %}c{% "
            "endif %}",
            "bc",
        ),
        (
            "{% for x in xs if x.cout %}{{ loop.index }}{{ x.nom }}{% if loop.last %}.{% endif "
            "%}{% endfor %}",
            "1A2C.",
        ),
        (
            "{% for x in xs %}{% for y in xs %}{{ loop.revindex }}{% endfor %}{{ loop.first }};{% "
            "endfor %}",
            "321Oui;321Non;321Non;",
        ),
        ("{% for nom in noms %}{{ nom|default('?') }}{% endfor %}{{ nom }}", "Ana?LéoLes Amis"),
    ],
)
def test_what_an_expression_says(written: str, printed: str) -> None:
    assert lines(render(template(written), VALUES)) == [printed]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "n'est pas admis"),
        ("{{ nom.__class__ }}", "ne peut pas commencer par « _ »"),
        ("{{ nom['__class__'] }}", "ne peut pas commencer par « _ »"),
        ("{{ _nom }}", "ne peut pas commencer par « _ »"),
        ("{{ nom[n] }}", "cet accès entre crochets"),
        ("{{ noms[1:2] }}", "cet accès entre crochets"),
        ("{{ nom.upper() }}", "un appel"),
        ("{{ range(10) }}", "un appel"),
        ("{{ lipsum }}{% if lipsum() %}{% endif %}", "un appel"),
        ("{{ {'a': 1} }}", "un dictionnaire"),
        ("{{ 9 ** 9 }}", "cette opération"),
        ("{{ nom|attr('x') }}", "le filtre « attr » n'est pas admis"),
        ("{{ nom|safe }}", "le filtre « safe » n'est pas admis"),
        ("{{ noms|map('upper')|list }}", "n'est pas admis"),
        ("{{ xs|join(', ', attribute='__class__') }}", "attribute"),
        ("{{ nom|upper(nom=1) }}", "ne prend pas ces arguments"),
        ("{{ nom is callable }}", "le test « is callable » n'est pas admis"),
        ("{{ loop.index }}", "« loop » ne vaut que dans une boucle"),
        ("{% for x in xs %}{{ loop.cycle('a') }}{% endfor %}", "un appel"),
        ("{% for loop in xs %}{% endfor %}", "nom réservé"),
        ("{% for x in xs|length %}{% endfor %}", "parcourt une suite de lignes"),
        ("{{ " + "(" * 400 + "1" + ")" * 400 + " }}", "ne se lit pas"),
        ("{{ " + "a+" * 200 + "a }}", "trop compliquée"),
        ("{{ " + "x" * 2000 + " }}", "trop longue"),
    ],
)
def test_the_language_is_closed(written: str, said: str) -> None:
    assert any(said in message for message in findings(template(written))), findings(
        template(written)
    )


@pytest.mark.parametrize(
    ("written", "values", "said"),
    [
        ("{{ structure.nom }}", {}, "« structure.nom »"),
        ("{{ structure.nom }}", {"structure": {"siret": "1"}}, "« structure.nom »"),
        ("{%p for x in xs %}", {"xs": [{"age": 1}]}, "« xs[0].nom »"),
        ("{{ structure }}", {"structure": {"nom": "a"}}, "« structure »"),
        ("{{ a }}", {"a": object()}, "« a »"),
        ("{{ a + 1 }}", {"a": "x"}, "ne se calcule pas"),
        ("{{ 1 / a }}", {"a": 0}, "ne se calcule pas"),
        ("{% if a < 'x' %}{% endif %}", {"a": 1}, "ne se calcule pas"),
        ("{% if 1 in a %}{% endif %}", {"a": 1}, "ne se calcule pas"),
        ("{{ 'x' * 1000000000 }}", {}, "ne se calcule pas"),
        ("{% for x in a %}{% endfor %}", {"a": "texte"}, "n'est pas une suite de lignes"),
        ("{% for x in a %}{% endfor %}", {"a": {"b": 1}}, "n'est pas une suite de lignes"),
    ],
)
def test_a_value_that_does_not_fit_is_named_in_french(
    written: str, values: dict[str, Any], said: str
) -> None:
    loop = ("{{ x.nom }}", "{%p endfor %}") if written.startswith("{%p") else ()
    with pytest.raises(InputError) as caught:
        render(template(written, *loop), values)
    assert said in str(caught.value)


def test_runaway_loops_are_stopped() -> None:
    source = template(
        "{% for a in xs %}{% for b in xs %}{% for c in xs %}{% endfor %}{% endfor %}{% endfor %}"
    )
    with pytest.raises(InputError, match="trop de lignes"):
        render(source, {"xs": list(range(200))})


# With the model: names are checked, values take the format of their field


def model() -> Any:
    personne = (leaf("nom"), leaf("naissance", format="date_longue"))
    return tree(
        leaf("montant", format="montant"),
        leaf("themes"),
        part_node("bilan", leaf("points_forts"), note("rappel", "Ne pas oublier.")),
        rows("gens", *personne),
    )


def test_values_take_the_format_of_their_field() -> None:
    source = template(
        "{{ montant }} {{ montant or 'rien' }} {{ montant if montant }} {{ montant ~ '.' }} {{ "
        "montant|default('?') }}",
        "{% for g in gens %}{{ g.naissance }}{% endfor %} {{ gens|join(' ; ', "
        "attribute='naissance') }}",
        "{{ bilan.rappel }}",
    )
    values = {
        "montant": Decimal("5"),
        "gens": [{"nom": "A", "naissance": date(1970, 1, 1)}],
        "bilan": {"points_forts": None},
    }
    euros = "5,00\u00a0€"
    assert lines(render(source, values, model())) == [
        f"{euros} {euros} {euros} {euros}. {euros}",
        "1er\u00a0janvier\u00a01970 1er\u00a0janvier\u00a01970",
        "Ne pas oublier.",
    ]


@pytest.mark.parametrize(
    ("written", "said", "advised"),
    [
        ("{{ montan }}", "ne connaît pas « montan »", "Vouliez-vous dire « montant » ?"),
        (
            "{{ bilan.point_forts }}",
            "ne connaît pas « bilan.point_forts »",
            "« bilan.points_forts »",
        ),
        ("{{ points_forts }}", "ne connaît pas « points_forts »", "« bilan.points_forts »"),
        (
            "{% for g in gens %}{{ g.nom }}{{ g.naissence }}{% endfor %}",
            "ne connaît pas « g.naissence »",
            "« g.naissance »",
        ),
        (
            "{% for gen in gens %}{{ gen.nom }}{{ gem.nom }}{% endfor %}",
            "ne connaît pas « gem »",
            "« gen",
        ),
        ("{{ gens.nom }}", "« gens » est une suite de lignes", "{%tr for ligne in gens %}"),
        ("{{ gens }}", "est un ensemble de valeurs", "une à une"),
        ("{{ bilan }}", "est un ensemble de valeurs", "une à une"),
        ("{{ montant.hors_taxes }}", "ne connaît pas « montant.hors_taxes »", "pas de champs"),
        ("{{ bilan[0].points_forts }}", "n'est pas une suite de lignes", "crochets"),
        ("{% for b in bilan %}{% endfor %}", "n'est pas une suite de lignes", "sans boucle"),
        ("{{ gens|join(attribute='age') }}", "pas de valeur « age »", ""),
        ("{{ zzzzzz }}", "ne connaît pas « zzzzzz »", "Les noms connus ici sont « montant »"),
    ],
)
def test_an_unknown_path_is_told_with_the_nearest(written: str, said: str, advised: str) -> None:
    constats = lint(template(written), model())
    assert any(said in constat.message and advised in constat.conseil for constat in constats), (
        constats
    )


def test_reserved_names_need_no_model() -> None:
    source = template(
        "{{ profil.nom }}{% if brouillon or formulaire %}x{% endif %}{% for l in profil.logos "
        "%}{{ l }}{{ loop.index }}{% endfor %}"
    )
    assert lines(render(source, {"profil": {"nom": "Centre", "logos": []}}, model())) == ["Centre"]
