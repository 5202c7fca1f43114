"""Retoucher un texte YAML en place : ce qui change est ce que l'on demande, et rien d'autre."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dla_docs.raw.editing import edited
from dla_docs.raw.written import UneditableError

MISSION = """\
document: mission  # tête
operateur: &op
  nom: DLA 00  # gardé
  contact: {tel: "01", mail: a@b}
lignes:
- nom: A
  x: 1
- nom: B   # deux
autre: *op
texte: |
  ligne 1
  ligne 2

vide:
plat: ['a', b]
fin: zz
"""
TOUCHES = {
    "une valeur": (("operateur", "nom"), "DLA 99", ("  nom: DLA 00  #", "  nom: DLA 99  #")),
    "ses guillemets": (("operateur", "contact", "tel"), "02", ('"01"', '"02"')),
    "entre accolades": (("operateur", "contact", "fax"), "03", ("a@b}", "a@b, fax: '03'}")),
    "une clé de plus": (("lignes", 1, "y"), "n", ("# deux\n", "# deux\n  y: n\n")),
    "une ligne de plus": (("lignes", 2), {"nom": "C"}, ("# deux\n", "# deux\n- nom: C\n")),
    "une clé en moins": (("lignes", 0, "x"), None, ("  x: 1\n", "")),
    "la première clé": (("lignes", 0, "nom"), None, ("- nom: A\n  x: 1", "- x: 1")),
    "une ligne en moins": (("lignes", 0), None, ("- nom: A\n  x: 1\n", "")),
    "un vide": (("vide",), "plein", ("vide:", "vide: plein")),
    "un bloc": (("texte",), "une\ndeux", ("|\n  ligne 1\n  ligne 2", "|-\n  une\n  deux")),
    "une partie pour un texte": (("fin",), {"a": "b"}, ("fin: zz", "fin:\n  a: b")),
    "une part absente": (("neuf", "x"), "1", ("fin: zz\n", "fin: zz\nneuf:\n  x: '1'\n")),
}


SANS_RETRAIT = {
    "une liste de plus": (("noms",), ["a", "b"], "noms:\n- a\n- b\n"),
    "une liste pour un vide": (("vide",), [{"x": "u"}], "vide:\n- x: u\n"),
    "plus bas": (("part", "rangs"), ["a"], "  y: v\n  rangs:\n  - a\n"),
    "dans une ligne": (("lignes", 1), {"x": ["a"]}, "- nom: A\n- x:\n  - a\n"),
    "une partie devient deux lignes": (
        ("part",),
        [{"y": "v"}, {"y": "w"}],
        "part:\n- y: v\n- y: w\n",
    ),
}


@pytest.mark.parametrize(("way", "value", "said"), SANS_RETRAIT.values(), ids=SANS_RETRAIT)
def test_ou_nulle_liste_n_a_de_retrait_une_neuve_n_en_a_pas(
    way: tuple[str | int, ...], value: Any, said: str
) -> None:
    text = "lignes:\n- nom: A\nvide:\npart:\n  y: v\n"
    found = edited(text, way, value)
    assert said in found
    below = yaml.safe_load(found)
    for step in way:
        below = below[step]
    assert below == value


def test_une_seule_liste_en_retrait_suffit() -> None:
    text = "lignes:\n- nom: A\nautres:\n  - B\n"
    assert edited(text, ("noms",), ["a"]) == f"{text}noms:\n  - a\n"


REPRIS = """\
lignes:
  - &a
    nom: A  # gardé
    qui: {nom: Un, role: Deux}
  - <<: *a  # de A
    nom: B
  - {<<: [*a], role: C}
noms: &n
    - un  # le premier
suite: *n
"""
TOUCHES_DE_REPRIS: dict[str, tuple[Any, ...]] = {
    # what takes it up with « << », or cites it, still says what it said
    "repris": (("lignes", 1, "qui", "nom"), "Z",
               ("nom: B\n", "nom: B\n    qui:\n      nom: Z\n      role: Deux\n")),
    "à lui": (("lignes", 1, "nom"), "Z", ("nom: B", "nom: Z")),
    "ôté": (("lignes", 1, "qui"), None, ("nom: B\n", "nom: B\n    qui: null\n")),
    "ôté de lui": (("lignes", 1, "nom"), None, ("nom: B", "nom: null")),
    "de la base": (("lignes", 0, "nom"), "Z",
                   ("nom: A ", "nom: Z "), ("role: C}", "role: C, nom: A}")),
    "neuf dans la base": (("lignes", 0, "de"), "Z",
                          ("Deux}\n", "Deux}\n    de: Z\n"),
                          ("<<: *a", "<<: {nom: A, qui: {nom: Un, role: Deux}}"),
                          ("[*a]", "[{nom: A, qui: {nom: Un, role: Deux}}]")),
    "au bout d'une liste citée": (("noms", 1), "Z",
                                  ("premier\n", "premier\n    - Z\n"), ("*n", "[un]")),
    "dans une liste qui cite": (("suite", 1), "Z", ("*n", "[un, Z]")),
}  # fmt: skip


@pytest.mark.parametrize("name", TOUCHES_DE_REPRIS)
def test_ce_qui_est_repris_se_retouche_la_ou_il_est_demande(name: str) -> None:
    way, value, *changes = TOUCHES_DE_REPRIS[name]
    expected = REPRIS
    for old, new in changes:
        expected = expected.replace(old, new, 1)
    assert edited(REPRIS, way, value) == expected


def test_la_premiere_ligne_d_une_liste_garde_ses_commentaires() -> None:
    text = (
        "a:\n  # avant\n  p: 1 # x\n  # entre\n  q: |\n    deux\n\n    trois\n  r: 5 # fin\nb: 2\n"
    )
    row = {"p": "1", "q": "deux\n\ntrois\n", "r": "5"}
    assert edited(text, ("a",), [row, {"p": "7"}]) == (
        "a:\n  # avant\n  - p: 1 # x\n    # entre\n    q: |\n      deux\n\n      trois\n"
        "    r: 5 # fin\n  - p: '7'\nb: 2\n"
    )


def test_le_commentaire_de_la_ligne_suivante_reste_a_sa_place() -> None:
    text = "a:\n  b: 1\n  # de la suite\n  c: 2\n"
    assert edited(text, ("a", "b"), "x\ny") == text.replace("b: 1", "b: |-\n    x\n    y")
    inner = "a:\n  b:\n    x: 1\n  # de la suite\n  c: 2\n"
    assert edited(inner, ("a", "b", "y"), "2") == inner.replace("x: 1\n", "x: 1\n    y: '2'\n")
    assert edited(inner, ("a", "b", "y"), {"z": "2"}) == inner.replace(
        "x: 1\n", "x: 1\n    y:\n      z: '2'\n"
    )


@pytest.mark.parametrize("touche", TOUCHES)
def test_seul_l_endroit_touche_change(touche: str) -> None:
    way, value, (before, after) = TOUCHES[touche]
    anchored = "autre: *op"
    whole = "autre: {nom: DLA 00, contact: {tel: '01', mail: a@b}}"
    expected = MISSION.replace(before, after, 1)
    assert edited(MISSION, way, value) == (
        expected.replace(anchored, whole) if way[0] == "operateur" else expected
    )


SEULS: dict[str, tuple[str, tuple[str | int, ...], Any, str]] = {
    "la première d'une liste entre crochets": ("a: [x, 'y']\n", ("a", 0), None, "a: ['y']\n"),
    "la première clé entre accolades": ("a: {b: 1, c: 2}\n", ("a", "b"), None, "a: {c: 2}\n"),
    "la dernière entre accolades": ("a: {b: 1, c: 2}\n", ("a", "c"), None, "a: {b: 1}\n"),
    "la seule entre accolades": ("a: {b: 1}\n", ("a", "b"), None, "a: {}\n"),
    "la seule ligne": ("a:\n- x\nb: 1\n", ("a", 0), None, "a: []\nb: 1\n"),
    "rien où il n'y a rien": ("a: 1\n", ("b", "c"), None, "a: 1\n"),
    "sous une clé vide": ("a:\nb: 1\n", ("a", "c"), "2", "a:\n  c: '2'\nb: 1\n"),
    "entre accolades vides": ("a: {} # c\n", ("a", "b"), "x", "a: # c\n  b: x\n"),
    "une ligne vide": ("- {}\n- 1\n", (0, "b"), "x", "- b: x\n- 1\n"),
    "entre crochets vides": ("a: []\n", ("a", 0), {"b": "x"}, "a:\n  - b: x\n"),
    "derrière une ancre": ("a: &r {}\nb: *r\n", ("a", "c"), "x", "a: &r {c: x}\nb: {}\n"),
    "dans un texte vide": ("", ("a",), "b", "a: b\n"),
    "sans fin de ligne": ("a: b", ("c",), "d", "a: b\nc: d"),
    "son apostrophe": ("a: 'x'\n", ("a",), "l'an", "a: 'l''an'\n"),
    "le commentaire d'une ligne": (
        "- a: 1  # un\n- b\n", (0,), {"a": "2", "c": "3"}, "- a: '2'\n  c: '3'\n# un\n- b\n",
    ),
    "vide par-dessus ce qui est repris": (
        "a: &x {n: 1}\nb: {<<: *x, r: 2}\n", ("b", "n"), None,
        "a: &x {n: 1}\nb: {<<: *x, r: 2, n: null}\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("touche", SEULS)
def test_une_touche_dans_un_texte_de_peu_de_lignes(touche: str) -> None:
    text, way, value, expected = SEULS[touche]
    assert edited(text, way, value) == expected


@pytest.mark.parametrize("text", ["a: 1\n", "a: [1]\n"])
def test_une_partie_ne_se_met_pas_dans_une_valeur(text: str) -> None:
    with pytest.raises(UneditableError):
        edited(text, ("a", "b"), "2")


@pytest.mark.parametrize("text", ["a: [1\n", "a: 1\n---\na: 2\n", "a: *ailleurs\n"])
def test_un_texte_qui_ne_se_lit_pas_ne_se_retouche_pas(text: str) -> None:
    with pytest.raises(UneditableError):
        edited(text, ("a",), "2")


def test_une_ancre_citee_ailleurs_ne_change_que_la_ou_on_repond() -> None:
    found = yaml.safe_load(edited(MISSION, ("autre", "nom"), "DLA 77"))
    assert (found["operateur"]["nom"], found["autre"]["nom"]) == ("DLA 00", "DLA 77")
    found = yaml.safe_load(edited(MISSION, ("operateur", "nom"), "DLA 77"))
    assert (found["operateur"]["nom"], found["autre"]["nom"]) == ("DLA 77", "DLA 00")


def test_les_fins_de_ligne_et_la_marque_du_debut_restent() -> None:
    text = "\ufeff" + MISSION.replace("\n", "\r\n")
    found = edited(text, ("lignes", 1, "y"), "une\ndeux")
    assert found.startswith("\ufeff") and found.count("\n") == found.count("\r\n")


HARD = """alpha|l'eau|oui|04000|a: b|x # y|- z|*a|&b|{q}|a,b|null|~|#dièse|  espace|@k|?|> x"""
TEXTS = st.sampled_from(
    (*HARD.split("|"), "|", "tab\tx", "une\ndeux", "fin\n", "a\n\nb", "\u2028x")
) | (st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12))
TREES = st.recursive(
    TEXTS,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.sampled_from("abcd"), inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


class AsText(yaml.SafeLoader):
    """Tout y reste du texte."""


AsText.yaml_implicit_resolvers = {}


def ways(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Tous les chemins d'une donnée, et celui d'une chose de plus dans chaque partie."""
    yield way
    if isinstance(value, dict):
        yield (*way, "neuf")
        for key, item in value.items():
            yield from ways(item, (*way, key))
    elif isinstance(value, list):
        yield (*way, len(value))
        for rank, item in enumerate(value):
            yield from ways(item, (*way, rank))


def put(data: Any, way: tuple[Any, ...], value: Any) -> Any:
    """La donnée telle qu'elle doit être après."""
    whole = held = copy.deepcopy(data)
    for step in way[:-1]:
        held = held[step]
    if value is None:
        del held[way[-1]]
    elif isinstance(held, list) and way[-1] == len(held):
        held.append(value)
    else:
        held[way[-1]] = value
    return whole


@given(st.data())
def test_le_texte_dit_ce_qui_est_demande_et_garde_ses_commentaires(data: st.DataObject) -> None:
    tree = data.draw(st.dictionaries(st.sampled_from("abcdef"), TREES, min_size=1, max_size=4))
    flow = data.draw(st.sampled_from([None, False]))
    text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, default_flow_style=flow)
    text = f"# avant\n{text}# après\n"
    if yaml.load(text, AsText) != tree:  # what only this reader takes for something else
        return
    way = data.draw(st.sampled_from([way for way in ways(tree) if way]))
    there = way in set(ways(tree)) and way[-1] != "neuf" and not _is_new(tree, way)
    value = data.draw(TREES | st.none() if there else TREES)
    try:
        found = edited(text, way, value)
    except UneditableError:
        return
    assert yaml.load(found, AsText) == put(tree, way, value)
    assert found.startswith("# avant\n") and "# après" in found


def _is_new(tree: Any, way: tuple[Any, ...]) -> bool:
    for step in way[:-1]:
        tree = tree[step]
    return isinstance(tree, list) and way[-1] == len(tree)
