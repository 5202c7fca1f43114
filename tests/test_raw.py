"""Lire YAML et JSON : le texte reste ce qu'on a écrit, chaque valeur sait sa ligne, chaque faute se
dit en français.
"""

from __future__ import annotations

import contextlib
import copy
import json
import pickle
import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dla_docs import load
from dla_docs.errors import InputError
from dla_docs.model.node import Kind, Node
from dla_docs.raw import (
    RawList,
    RawMap,
    RawText,
    building,
    keyed_rows,
    line_of,
    load_raw,
    overlay,
    parse_raw,
    reading,
)
from dla_docs.raw.overlaying import OtherKeyError
from dla_docs.stages import cited_files
from dla_docs.stages.cited_files import include

ENGLISH = re.compile(
    r"\b(while|scanning|parsing|found|expected|could|cannot|not|the|Expecting|line|column|Invalid|delimiter)\b"
)


def refusal(text: str, file: str = "f.yaml") -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_raw(text, file)
    said = [str(constat) for constat in caught.value.constats]
    assert all(not ENGLISH.search(sentence) for sentence in said), said
    return said


def one_refusal(text: str, file: str = "f.yaml") -> str:
    said = refusal(text, file)
    assert len(said) == 1, said
    return said[0]


# Ce qui est écrit reste du texte


@pytest.mark.parametrize(
    "written",
    [
        "04000",
        "oui",
        "non",
        "12:30",
        "2013-03-12",
        "1.50",
        "1_000",
        "0x10",
        "true",
        "1e3",
        "12/03/2013",
        "1 200,50 €",
    ],
)
def test_une_valeur_reste_le_texte_ecrit(written: str) -> None:
    assert parse_raw(f"a: {written}") == {"a": written}


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL", "!!null x"])
def test_ce_qui_est_vide_est_absent(written: str) -> None:
    assert parse_raw(f"a: {written}\nb: 1") == {"a": None, "b": "1"}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('""', ""),
        ('"~"', "~"),
        ("'null'", "null"),
        ("!!str 12", "12"),
        ("!!str", ""),
        ('"l\'eau"', "l'eau"),
    ],
)
def test_entre_guillemets_tout_est_du_texte(written: str, text: str) -> None:
    assert parse_raw(f"a: {written}") == {"a": text}


def test_les_nombres_json_restent_ecrits_comme_ils_sont() -> None:
    raw = parse_raw(
        '{"a": 1.50, "b": [12, -1e3, true, null], "c": "\\ud83d\\ude00\u2028"}', "f.json"
    )
    assert raw == {"a": "1.50", "b": ["12", "-1e3", "true", None], "c": "\U0001f600\u2028"}


def test_chaque_valeur_sait_son_fichier_et_sa_ligne() -> None:
    raw = parse_raw("a: 1\nb:\n  - c: 2\n  - c: |\n      long\n      texte\n", "m.yaml")
    text = raw["b"][1]["c"]
    assert (text, text.line, text.file) == ("long\ntexte\n", 4, "m.yaml")
    assert (raw.line, raw["b"].line, raw["b"][1].line, raw.key_lines) == (1, 3, 4, {"a": 1, "b": 2})


def test_les_lignes_json_sont_comptees() -> None:
    raw = parse_raw('{\n "a": [\n  1,\n  {"b": "x"}\n ],\n "c": null}', "f.json")
    assert (raw["a"][1]["b"].line, raw.key_lines) == (4, {"a": 2, "c": 6})


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda raw: pickle.loads(pickle.dumps(raw))]
)
def test_une_copie_garde_les_lignes(copied: Any) -> None:
    raw = copied(parse_raw("a:\n  - b: x\n", "f.yaml"))
    assert (raw.file, raw.key_lines, raw["a"].line, raw["a"][0]["b"].line) == (
        "f.yaml",
        {"a": 1},
        2,
        2,
    )


def test_ancres_et_reprises_sont_admises() -> None:
    raw = parse_raw("base: &b {p: 1, q: 2}\nx:\n  <<: *b\n  q: 3\ny: *b\n")
    assert (raw["x"], raw["y"]) == ({"q": "3", "p": "1"}, {"p": "1", "q": "2"})
    assert line_of(raw, ("x", "p")) == ("", 1)


def test_une_cle_a_la_francaise_est_lue() -> None:
    assert parse_raw("nom : Alpha\nprenom\u00a0: B") == {"nom": "Alpha", "prenom": "B"}


def test_la_marque_d_ordre_des_octets_est_ignoree() -> None:
    assert parse_raw("\ufeffa: 1") == {"a": "1"}
    assert parse_raw('\ufeff{"a": 1}', "f.json") == {"a": "1"}


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufffe\uffff"),
    max_size=20,
)
KEYS = st.from_regex("[a-z]{1,8}", fullmatch=True)
VALUES = st.recursive(
    st.none() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
)
DATA = st.dictionaries(KEYS, VALUES, max_size=5)


@given(DATA)
def test_toute_donnee_ecrite_en_json_ou_en_yaml_est_relue(data: dict[str, Any]) -> None:
    assert parse_raw(json.dumps(data, indent=1), "f.json") == data
    assert parse_raw(yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=False)) == data


# Ce qui ne se lit pas


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nobjectif: Le projet : consolider", 2, "deux-points|« : »"),
        ("a: b\n  c: d", 2, "pas attendue ici. Alignez-la"),
        ("a:\n\tb: 2", 2, "tabulation"),
        ("a: 1\n\tb: 2", 2, "tabulation"),
        ('a: 1\nnom: "abc\nb: 1', 2, "guillemet ouvert"),
        ("a: 1\nnom:Alpha\nb: 2", 2, "espace après les deux-points"),
        ("a: 1\nnom:\u00a0Alpha\nb: 2", 2, "espace après les deux-points"),
        ("a: 1\nsuite\nb: 2", 2, "pas de deux-points"),
        ("a: @b", 1, "commencer par « @ »"),
        ("a: %b", 1, "commencer par « % »"),
        ("a: * point", 1, "commencer par « \\* »"),
        ("a: *point", 1, "ne renvoie à rien.*guillemets"),
        ("a: !urgent", 1, "« !urgent » n'est pas admise"),
        (
            "a: !!python/object/apply:os.system [x]",
            1,
            "« !!python/object/apply:os.system » n'est pas admise",
        ),
        ("a: !!binary eA==", 1, "« !!binary »"),
        ('a: "oui" mais', 1, "suit un guillemet"),
        ("a: 'l'eau'", 1, "suit un guillemet"),
        ("a: [b] c", 1, "crochet fermant"),
        ("a: - b", 1, "tiret"),
        ("  a: 1\n b: 2", 2, "fait pas suite"),
        ("a:\n  - b\n - c", 3, "retrait"),
        ("a: 1\nb: [1, 2", 2, "crochets"),
        ("a: {b: 1", 1, "accolades"),
        ("a: |texte\n b", 1, "« | »"),
        ('a: "C:\\Users"', 1, "barre oblique"),
        ("? [a]\n: b", 1, "clé doit être un mot"),
        ("a: 1\n~: x", 2, "clé doit être un mot"),
        ("a: 1\n\u00a0b: 2", 2, "insécable"),
        ("a: 1\nb: x\u2028y", 2, "U\\+2028"),
        ("a: 1\nb: x\x07y", 2, "U\\+0007"),
        ("a: 1\r\n\r\nb: \ud800", 3, "U\\+D800"),
        ("a: 1\n---\nb: 2", 3, "plusieurs documents"),
        ("- a\n- b", 1, "et non une liste"),
        ("nom:Alpha", 1, "et non un texte"),
        ("", 1, "vide"),
        ("# rien\n", 1, "vide"),
        ("<<: 3\na: 1", 1, "« << »"),
        ("a: &x [*x]", 1, "se contient lui-même"),
        ("a: &x {b: &y [*x]}", 1, "se contient lui-même"),
    ],
)
def test_une_faute_yaml_se_dit_a_sa_ligne(text: str, line: int, words: str) -> None:
    said = one_refusal(text)
    assert said.startswith(f"f.yaml, ligne {line} : ")
    assert re.search(words, said), said


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "vide"),
        ("[1]", 1, "et non une liste"),
        ('{\n"a": 1', 2, "« { » ouvert à la ligne 1"),
        ('{"a": 1,\n}', 1, "virgule est en trop"),
        ('{"a": [1,]}', 1, "virgule est en trop avant « ] »"),
        ('{"a": 1\n"b": 2}', 2, 'virgule avant « "b" »'),
        ('{"a" 1}', 1, "« : » après la clé « a »"),
        ("{'a': 1}", 1, "clé entre guillemets"),
        ('{"a": 04000}', 1, "et non « 04000 »"),
        ('{"a": NaN}', 1, "et non « NaN »"),
        ('{"a": "x\ny"}', 1, "pas refermé"),
        ('{"a": "\\q"}', 1, "échapper"),
        ('{"a": 1} {', 1, "suit la fin"),
        ('{\n"a": 1,\n"a": 2}', 3, "« a » est écrite deux fois \\(lignes 2 et 3\\)"),
        ("// note\n{}", 1, "et non « // »"),
        ('{"a": -Infinity}', 1, "et non « -Infinity »"),
        ('{"a": 1e}', 1, "et non « 1e »"),
        ('{"a":\n', 2, "« { » ouvert à la ligne 1"),
        ('{"a": [1,\n2', 2, "« \\[ » ouvert à la ligne 1"),
        ('{"a": 1,, "b": 2}', 1, "et non « , »"),
        ('{"a": 1]', 1, "virgule avant « \\] »"),
        ('{"a": 1}}', 1, "suit la fin"),
        ('{"a": "x\n', 1, "pas refermé"),
        ('{"a": "\\u12"}', 1, "échapper"),
        ('{"a": }', 1, "et non « } »"),
    ],
)
def test_une_faute_json_se_dit_a_sa_ligne(text: str, line: int, words: str) -> None:
    said = one_refusal(text, "f.json")
    assert said.startswith(f"f.json, ligne {line} : ")
    assert re.search(words, said), said


# Ce que YAML laisserait d'un texte


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("operateur:\n  nom: Association #1 de l'Exemple", 2, "« #1 de l'Exemple » disparaîtrait"),
        ("a: #Association", 1, "« #Association » disparaîtrait"),
        ("a:\n  - #1 rue Haute\n  - b", 2, "« #1 rue Haute »"),
        ("a: Lieu # 1 du quartier", 1, "« # 1 du quartier »"),
        ("a: {b: Lieu #1\n  }", 1, "« #1 »"),
        ("a: [x, Lieu #1\n  ]", 1, "« #1 »"),
        ('a: "Lieu" #1', 1, "« #1 »"),
        ("a: x\r\n\r\nb: Lieu\t#1", 3, "« #1 »"),
        ("a: Ouvrir\n  #1 du quartier\nb: x", 2, "« #1 du quartier »"),
        ("a: Ouvrir\n  le lieu\n  #1 du quartier", 3, "« #1 du quartier »"),
        ("a: 1\nnom: &Association Exemple", 2, "« &Association » disparaîtrait"),
        ("nom: &Exemple", 1, "« &Exemple »"),
        ("nom: &Alpha-Exemple Conseil", 1, "« &Alpha-Exemple »"),
        ("noms:\n  - &Alpha Conseil\n  - Beta", 2, "« &Alpha »"),
        ("a: {nom: &Alpha Conseil}", 1, "« &Alpha »"),
        ("nom: &Alpha 'Conseil'", 1, "« &Alpha »"),
        ("&nom a: x", 1, "« &nom »"),
        ("a: &x |\n  long\n", 1, "« &x »"),
        ("a: &x 1\nb: &x 2\nc: *x\nd: &y 3", 4, "« &y »"),
        ("a: &x # voir\nb: 1", 1, "« &x »"),
        ("nom: ! urgent", 1, "« ! » n'est pas admise"),
    ],
)
def test_ce_que_yaml_laisserait_d_un_texte_est_dit(text: str, line: int, words: str) -> None:
    said = refusal(text)
    assert said[0].startswith(f"f.yaml, ligne {line} : "), said
    assert words in said[0]
    assert "guillemets" in said[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: x # un commentaire", "x"),
        ("a: x  # 1 commentaire", "x"),
        ("a: x ## titre", "x"),
        ("a: x #", "x"),
        ("a: x  # voir #1", "x"),
        ("#a: y\na: x\n#b: y", "x"),
        ("a: x\n\n  # 1", "x"),
        ("a: x#1", "x#1"),
        ('a: "Lieu #1"', "Lieu #1"),
        ("a: |-  # ce qui suit\n  Lieu #1\n  # 1", "Lieu #1\n# 1"),
        ("a: >-\n  Lieu\n  #1", "Lieu #1"),
        ("a: # les suivantes\n  - b\n  #- c\n  - d", ["b", "d"]),
        ("a:\n  b: x\n  #c: y\n  d: z", {"b": "x", "d": "z"}),
        ("a: x & y", "x & y"),
        ("a: &b {c: x}", {"c": "x"}),
    ],
)
def test_un_commentaire_et_un_texte_restent_ce_qu_ils_sont(text: str, value: Any) -> None:
    assert parse_raw(text) == {"a": value}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a:\n\u00a0 \u00a0 nom: DLA 00\n  b: x", 2, "La clé « nom »"),
        ("a:\n\u00a0\u00a0nom: x\n\u00a0\u00a0b: x\n", 2, "La clé « nom »"),
        ("a:\n  b: 1\n  \u00a0c: 2\n  d: 3", 3, "La clé « c »"),
        ("a: x\n  \u00a0c: 2", 2, "La clé « c »"),
        ("a: 1\n\u202fb: 2\nc: 3", 2, "La clé « b »"),
        ("a:\n  - \u00a0b: 1", 2, "La clé « b »"),
        ("a:\n   \u00a0- b\n   \u00a0- c", 2, "Un tiret de liste"),
        ("a:\n\u00a0- b", 2, "Un tiret de liste"),
        ("a:\n  - b\n  \u00a0- c\n", 3, "Un tiret de liste"),
        ("a:\n\u2007\u2007b: 1\n  c: 2", 2, "La clé « b »"),
    ],
)
def test_une_espace_insecable_en_retrait_est_nommee(text: str, line: int, what: str) -> None:
    said = refusal(text)
    assert said[0] == (
        f"f.yaml, ligne {line} : {what} suit une espace insécable. Remplacez-la par une espace "
        f"ordinaire."
    )
    assert all("insécable" in sentence for sentence in said)


def test_toutes_les_fautes_a_la_fois() -> None:
    said = refusal("a: 1\na: 2\nb: !x y\nc: *z\nd: {e: 1, e: 2}\nf: [")
    assert [re.search(r"ligne (\d)", sentence)[1] for sentence in said] == ["2", "3", "4", "5", "6"]  # type: ignore[index]  # every sentence has its line
    assert "« a » est écrite deux fois (lignes 1 et 2)" in said[0]


@pytest.mark.parametrize(
    "nest",
    [
        "[" * 100_000,
        "a: " + "[" * 100_000,
        "a: " + "{b: " * 20_000,
        "".join(f"{' ' * n}k:\n" for n in range(500)),
    ],
)
def test_une_imbrication_sans_fin_est_refusee(nest: str) -> None:
    assert "imbriquées" in one_refusal(nest)


def test_une_imbrication_json_sans_fin_est_refusee() -> None:
    assert "imbriquées" in one_refusal('{"a":' * 100_000, "f.json")


def test_les_renvois_ne_multiplient_pas_les_donnees_sans_fin() -> None:
    laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
    )
    assert "répètent trop" in one_refusal(laughs)


def test_les_renvois_n_imbriquent_pas_les_donnees_sans_fin() -> None:
    assert "imbriquées" in one_refusal(
        "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 80))
    )


MISSION = (
    'document: mission\noperateur: {nom: "DLA 00", adresse: [a, b]}\n'
    'structures:\n  - cle: s1\n    nom: |\n      Une\n      structure\nnote: "l\'eau" # x\n'
)


@given(st.data())
def test_aucun_texte_abime_ne_dit_d_anglais_ni_ne_fait_tomber_la_lecture(
    data: st.DataObject,
) -> None:
    at, length = data.draw(st.integers(0, len(MISSION))), data.draw(st.integers(0, 6))
    text = (
        MISSION[:at]
        + data.draw(st.text(st.sampled_from("\t\n :-[]{}\"'*&!|>%@`#,?~\\x\u00a0é"), max_size=4))
        + MISSION[at + length :]
    )
    for file in ("f.yaml", "f.json"):
        try:
            assert isinstance(parse_raw(text, file), RawMap)
        except InputError as error:
            assert all(
                constat.ligne and constat.fichier == file and not ENGLISH.search(str(constat))
                for constat in error.constats
            ), str(error)


@given(st.text(max_size=30))
def test_n_importe_quel_texte_est_lu_ou_refuse(text: str) -> None:
    for file in ("f.yaml", "f.json"):
        try:
            assert isinstance(parse_raw(text, file), RawMap)
        except InputError as error:
            assert error.constats


def test_sans_l_analyseur_rapide_la_lecture_est_la_meme(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = parse_raw(MISSION)
    monkeypatch.setattr("dla_docs.raw.yaml_syntax.FAST_LOADER", yaml.SafeLoader)
    assert parse_raw(MISSION) == expected
    assert "deux-points" in one_refusal("a: 1\nnom:Alpha\nb: 2")


def test_load_raw_nomme_le_fichier(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text("a: [", encoding="utf-8")
    with pytest.raises(InputError, match="ligne 1") as caught:
        load_raw(path)
    assert caught.value.constats[0].fichier == str(path)
    with pytest.raises(InputError, match=r"^montré.yaml, ligne 1"):
        load_raw(path, "montré.yaml")


# line_of


RAW = parse_raw(
    "a: 1\nrows:\n  - b: x\n\n  - b:\n      c: y\nkeyed:\n  e1:\n    d: z\nvide:\n", "f.yaml"
)


@pytest.mark.parametrize(
    ("loc", "line"),
    [
        ((), 1),
        (("a",), 1),
        (("rows",), 2),
        (("rows", 0, "b"), 3),
        (("rows", 1), 5),
        (("rows", 1, "b"), 5),
        (("rows", 1, "b", "c"), 6),
        (("rows", 1, "absent"), 5),
        (("rows", 9, "b"), 2),
        (("keyed", 0, "d"), 9),
        (("rows", 1, "function-after[check(), str]", "b", "c"), 6),
        (("vide",), 10),
        (("inconnu", "x"), 1),
        (("inconnu", "a"), 1),
        (("keyed", "e2", "d"), 7),
        (("e1", "keyed"), 1),
        (("rows", 9, "a"), 2),
        (("keyed", 9, "e1"), 7),
    ],
)
def test_line_of_trouve_ce_qui_existe_de_plus_profond(
    loc: tuple[str | int, ...], line: int
) -> None:
    assert line_of(RAW, loc) == ("f.yaml", line)


def test_line_of_ne_sait_rien_de_donnees_sans_lignes() -> None:
    assert line_of({"a": {"b": 1}}, ("a", "b")) == ("", None)
    assert line_of(None, ("a",)) == ("", None)


# include


def part(name: str, path: str, *children: Node, kind: Kind = Kind.PART) -> Node:
    return Node(name, path, kind, children={child.name: child for child in children})


def leaf(name: str, path: str) -> Node:
    return Node(name, path, Kind.LEAF)


PERSONNE = part("contact", "operateur.contact", leaf("nom", "operateur.contact.nom"))
TREE = part(
    "",
    "",
    leaf("fichier", "fichier"),
    part("operateur", "operateur", leaf("nom", "operateur.nom"), PERSONNE),
    part(
        "sollicites",
        "sollicites",
        leaf("cle", "sollicites[].cle"),
        part(
            "prestataire", "sollicites[].prestataire", leaf("nom", "sollicites[].prestataire.nom")
        ),
        kind=Kind.ROWS,
    ),
)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def included(folder: Path, files: dict[str, str], mission: str = "missions/m.yaml") -> RawMap:
    write(folder, files)
    return include(load_raw(folder / mission, "m.yaml"), TREE, (folder / mission).parent, folder)


def include_refusal(
    folder: Path, files: dict[str, str], mission: str = "missions/m.yaml"
) -> list[str]:
    with pytest.raises(InputError) as caught:
        included(folder, files, mission)
    return [str(constat) for constat in caught.value.constats]


def test_un_fichier_cite_prend_la_place_de_la_partie(tmp_path: Path) -> None:
    raw = included(
        tmp_path,
        {
            "missions/m.yaml": (
                "fichier: note.yaml\noperateur: ../commun/op.yaml\nsollicites:\n  - {cle: a, "
                "prestataire: ../commun/p/alpha.json}\n"
            ),
            "commun/op.yaml": "nom: DLA 00\ncontact: p/moi.YML\n",
            "commun/p/moi.YML": "# moi\nnom: Moi\n",
            "commun/p/alpha.json": '{"nom": "Alpha"}',
        },
    )
    assert raw["fichier"] == "note.yaml"
    assert raw["operateur"] == {"nom": "DLA 00", "contact": {"nom": "Moi"}}
    assert raw["sollicites"] == [{"cle": "a", "prestataire": {"nom": "Alpha"}}]
    assert line_of(raw, ("operateur", "contact", "nom")) == ("../commun/p/moi.YML", 2)
    assert line_of(raw, ("operateur",)) == ("m.yaml", 2)


def test_les_lignes_peuvent_etre_des_fichiers_et_etre_donnees_par_cle(tmp_path: Path) -> None:
    files = {
        "m.yaml": "sollicites: {a: x.yaml, b: {prestataire: y.yaml}, c: }\n",
        "x.yaml": "prestataire: {nom: X}",
        "y.yaml": "nom: Y",
    }
    raw = included(tmp_path, files, "m.yaml")
    assert raw["sollicites"] == [
        {"cle": "a", "prestataire": {"nom": "X"}},
        {"cle": "b", "prestataire": {"nom": "Y"}},
    ]
    files = {
        "m.yaml": "sollicites: tous.yaml\n",
        "tous.yaml": "a: {prestataire: p/x.yaml}\n",
        "p/x.yaml": "nom: X\n",
    }
    raw = included(tmp_path, files, "m.yaml")
    assert raw["sollicites"] == [{"cle": "a", "prestataire": {"nom": "X"}}]
    assert line_of(raw, ("sollicites", 0, "prestataire", "nom")) == ("p/x.yaml", 1)


def test_tous_les_fichiers_absents_sont_dits_avec_leur_ligne(tmp_path: Path) -> None:
    mission = (
        "operateur: op.yaml\nsollicites:\n  - prestataire: a.yaml\n  - prestataire: a.yaml\n  - "
        "b.yaml\n  - prestataire: abime.yaml\n"
    )
    said = include_refusal(tmp_path, {"m.yaml": mission, "abime.yaml": "x: 1\ny: ["}, "m.yaml")
    assert [re.match(r"(\S+), ligne (\d)", sentence).groups() for sentence in said] == [  # type: ignore[union-attr]  # a sentence without line fails
        ("m.yaml", "1"),
        ("m.yaml", "3"),
        ("m.yaml", "4"),
        ("m.yaml", "5"),
        ("abime.yaml", "2"),
    ]
    assert "« op.yaml » n'existe pas" in said[0]


@pytest.mark.parametrize(
    ("cited", "words"),
    [
        ("../../secret.yaml", "sort du dossier"),
        ("/etc/secret.yaml", "sort du dossier"),
        ("..\\..\\secret.yaml", "sort du dossier"),
        ("lien.yaml", "sort du dossier"),
        ("dossier.yaml", "dossier"),
        ("a\0b.yaml", "nom de fichier|sort du dossier"),
        ("x" * 5000 + ".yaml", "nom de fichier|sort du dossier"),
    ],
)
def test_un_chemin_ne_sort_pas_du_dossier_de_la_mission(
    tmp_path: Path, cited: str, words: str
) -> None:
    write(tmp_path, {"secret.yaml": "nom: secret", "racine/dossier.yaml/x": ""})
    (tmp_path / "racine" / "lien.yaml").symlink_to(tmp_path / "secret.yaml")
    said = include_refusal(
        tmp_path / "racine", {"m.yaml": f"operateur: {json.dumps(cited)}"}, "m.yaml"
    )
    assert len(said) == 1
    assert said[0].startswith("m.yaml, ligne 1 : ")
    assert re.search(words, said[0].replace(cited, ""))


def test_des_fichiers_qui_se_citent_en_rond_sont_refuses(tmp_path: Path) -> None:
    said = include_refusal(
        tmp_path, {"m.yaml": "operateur: a.yaml", "a.yaml": "contact: ./a.yaml"}, "m.yaml"
    )
    assert said == [
        "a.yaml, ligne 1 : « ./a.yaml » finit par se citer lui-même. Écrivez les données dans un "
        "seul des deux fichiers."
    ]
    said = include_refusal(
        tmp_path, {"m.yaml": "operateur: a.yaml", "a.yaml": "contact: m.yaml"}, "m.yaml"
    )
    assert "finit par se citer" in said[0]


def test_include_ne_change_pas_ce_qui_est_donne(tmp_path: Path) -> None:
    write(tmp_path, {"op.yaml": "nom: DLA"})
    raw = parse_raw("operateur: op.yaml", "m.yaml")
    include(raw, TREE, tmp_path, tmp_path)
    assert raw == {"operateur": "op.yaml"}
    plain: dict[str, Any] = {"operateur": "op.yaml"}
    assert include(plain, TREE, tmp_path, tmp_path) == {"operateur": {"nom": "DLA"}}


def test_un_texte_qui_n_est_pas_un_fichier_reste(tmp_path: Path) -> None:
    raw = parse_raw("operateur: alpha\nsollicites: [beta]\ninconnu: x.yaml\n")
    assert include(raw, TREE, tmp_path, tmp_path) == raw


# overlay


DERIVED = {
    "titre": "T",
    "note": None,
    "etapes": [
        {"cle": "e1", "intitule": "Un", "duree": 1},
        {"cle": "e2", "intitule": "Deux", "duree": 2},
    ],
    "mots": ["a"],
}


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("etapes: {e2: {duree: 9}}", [("e1", "Un", 1), ("e2", "Deux", "9")]),
        ("etapes: [{cle: e2, duree: 9}]", [("e1", "Un", 1), ("e2", "Deux", "9")]),
        ("etapes: [{}, {duree: 9}]", [("e1", "Un", 1), ("e2", "Deux", "9")]),
        ("etapes:\n  -\n  - duree: 9", [("e1", "Un", 1), ("e2", "Deux", "9")]),
        ("etapes: {e1: , e2: {duree: }}", [("e1", "Un", 1), ("e2", "Deux", 2)]),
        (
            "etapes: {e9: {intitule: Neuf}}",
            [("e1", "Un", 1), ("e2", "Deux", 2), ("e9", "Neuf", None)],
        ),
        (
            "etapes: [{}, {}, {intitule: Trois}]",
            [("e1", "Un", 1), ("e2", "Deux", 2), ("e3", "Trois", None)],
        ),
        (
            "etapes: [{cle: e1, duree: 5}, {cle: e1, duree: 6}]",
            [("e1", "Un", "5"), ("e2", "Deux", 2), ("e1", None, "6")],
        ),
        ("etapes: {duree: 9}", [("e1", "Un", "9"), ("e2", "Deux", 2)]),
        ("etapes: []", [("e1", "Un", 1), ("e2", "Deux", 2)]),
        ("etapes:", [("e1", "Un", 1), ("e2", "Deux", 2)]),
    ],
)
def test_les_lignes_saisies_se_joignent_sur_leur_cle(
    typed: str, rows: list[tuple[Any, ...]]
) -> None:
    merged = overlay(DERIVED, parse_raw(typed))
    assert [
        (row.get("cle"), row.get("intitule"), row.get("duree")) for row in merged["etapes"]
    ] == rows
    assert merged["titre"] == "T"


def test_ce_qui_est_saisi_l_emporte_et_garde_sa_ligne() -> None:
    merged = overlay(
        DERIVED,
        parse_raw("titre: Autre\nmots: [b, c]\nnote: \netapes:\n  e2:\n    duree: 9\n", "f.yaml"),
    )
    assert (merged["titre"], merged["mots"], merged["note"]) == ("Autre", ["b", "c"], None)
    assert line_of(merged, ("titre",)) == ("f.yaml", 1)
    assert line_of(merged, ("etapes", 1, "duree")) == ("f.yaml", 6)
    assert line_of(merged, ("note",)) == ("f.yaml", 3)


@pytest.mark.parametrize("blank", ["titre:", 'titre: ""', 'titre: "  "', "titre: []", "titre: {}"])
def test_une_saisie_vide_laisse_ce_qui_est_repris(blank: str) -> None:
    assert overlay(DERIVED, parse_raw(blank))["titre"] == "T"


def test_ce_qui_est_repris_garde_la_ligne_d_ou_il_vient() -> None:
    derived = parse_raw("#\n#\ntitre: T\nnom: N", "source.yaml")
    merged = overlay(derived, parse_raw("titre:\nnom: M", "f.yaml"))
    assert (line_of(merged, ("titre",)), line_of(merged, ("nom",))) == (
        ("source.yaml", 3),
        ("f.yaml", 2),
    )


def test_sans_cle_de_part_et_d_autre_la_liste_saisie_remplace() -> None:
    merged = overlay(
        {"presents": [{"nom": "A", "tel": "1"}, {"nom": "B"}]}, {"presents": [{"nom": "C"}]}
    )
    assert merged == {"presents": [{"nom": "C"}]}


def test_le_prefixe_est_celui_qu_on_donne_sinon_celui_des_cles() -> None:
    derived = {"resultats": [{"cle": "r1", "x": 1}], "a": [{"x": 1}]}
    assert overlay(derived, {"resultats": [{"y": 2}]})["resultats"] == [
        {"cle": "r1", "x": 1, "y": 2}
    ]
    assert overlay(derived, {"resultats": [{"y": 2}]}, prefixes={"resultats": "z"})[
        "resultats"
    ] == [{"cle": "r1", "x": 1}, {"cle": "z1", "y": 2}]
    assert overlay(derived, {"a": [{"cle": "q1", "y": 2}]}, prefix="q")["a"] == [
        {"cle": "q1", "x": 1, "y": 2}
    ]


def test_aucune_ligne_reprise_ne_se_perd_quand_deux_ont_la_meme_cle() -> None:
    derived = [{"x": 1}, {"cle": "e1", "x": 2}]
    assert overlay(derived, [{"cle": "e1", "y": 3}], prefix="e") == [
        {"x": 1, "cle": "e1", "y": 3},
        {"cle": "e1", "x": 2},
    ]


def test_une_cle_contredite_se_dit() -> None:
    with pytest.raises(
        InputError, match=r"f.yaml, ligne 1 : La ligne « e1 » se donne une autre clé, « e2 »"
    ):
        overlay(DERIVED, parse_raw("etapes: {e1: {cle: e2}}", "f.yaml"))
    with pytest.raises(ValueError, match="autre clé"):
        keyed_rows({"e1": {"cle": "e2"}})


def test_keyed_rows_reconnait_une_seule_ligne_et_un_texte_principal() -> None:
    raw = parse_raw("e1: Un\ne2: {intitule: Deux}\ne3:\n", "f.yaml")
    assert keyed_rows(raw, ("cle", "intitule"), "intitule") == [
        {"cle": "e1", "intitule": "Un"},
        {"cle": "e2", "intitule": "Deux"},
    ]
    assert keyed_rows(
        {"intitule": "Un", "prevu": {}}, ("cle", "intitule", "prevu"), "intitule"
    ) == [{"intitule": "Un", "prevu": {}}]
    rows = keyed_rows(raw)
    assert rows == [raw]
    assert isinstance(rows, RawList)


CELLS = {
    "cle": st.sampled_from(["e1", "e2", "a", "b"]),
    "x": st.sampled_from(["1", "2", None]),
    "y": st.just("3"),
}
ROWS = st.lists(st.fixed_dictionaries({}, optional=CELLS), max_size=5)


@given(ROWS, ROWS)
def test_rien_de_saisi_ne_se_perd_et_rien_n_est_modifie_sur_place(
    derived: list[dict[str, Any]], typed: list[dict[str, Any]]
) -> None:
    before = copy.deepcopy((derived, typed))
    try:
        merged = overlay({"r": derived}, {"r": typed})["r"]
    except OtherKeyError as refused:  # a row without a key, whose rank has that of another
        said = "\n".join(map(str, refused.constats))
        assert any(f"La ligne {rank}, sans clé" in said for rank, row in enumerate(typed, 1) if row)
        return
    assert (derived, typed) == before
    assert all(any(says(found, row) for found in merged) for row in typed)


def says(found: dict[str, Any], row: dict[str, Any]) -> bool:
    return all(value is None or found.get(key) == value for key, value in row.items())


@given(DATA)
def test_saisir_sur_rien_ou_rien_saisir_ne_change_rien(data: dict[str, Any]) -> None:
    raw = parse_raw(json.dumps(data), "f.json")
    assert overlay(raw, None) is raw
    assert overlay(None, raw) is (raw if data else None)
    assert isinstance(overlay({"autre": 1}, raw), RawMap if data else dict)


def test_les_types_bruts_sont_ceux_de_python() -> None:
    raw = parse_raw("a: [x]")
    assert isinstance(raw, dict) and isinstance(raw["a"], list) and isinstance(raw["a"][0], str)
    assert isinstance(raw["a"], RawList) and isinstance(raw["a"][0], RawText)


def test_une_ligne_d_un_bloc_qui_commence_par_un_diese_est_du_texte() -> None:
    assert parse_raw("a: |-\n  #1\n  x\nb: >-\n  #2\n") == {"a": "#1\nx", "b": "#2"}


def test_une_faute_a_la_fin_d_un_long_fichier_se_dit_sans_le_relire(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = "".join(f"  - {{cle: k{rank}, texte: un texte assez long}}\n" for rank in range(10_000))
    monkeypatch.setattr(yaml, "SafeLoader", None)  # the slow reader is not for long files
    with pytest.raises(InputError, match=r"ligne 10002 : Une liste entre crochets"):
        parse_raw(f"liste:\n{rows}fin: [a\n", "long.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "a:\n " + "\u00a0" * 30_000 + "\nb: c\n",
        "a: b\n" + "-" * 30_000 + "\nc: b\n",
        'a: ["#",' + ",".join("x" for _ in range(30_000)) + "]\n",
        "a: &a {b: c}\nd:\n  <<: [" + "*a," * 5_000 + "*a]\n"
        + "".join(f"  k{rank}: v\n" for rank in range(9_000)),
    ],
    ids=["espaces insécables", "tirets", "une seule ligne", "reprises"],
)  # fmt: skip
def test_un_texte_fait_pour_nuire_ne_se_relit_pas_sans_fin(text: str) -> None:
    begun = time.process_time()  # they took from ten seconds to for ever
    with contextlib.suppress(InputError):
        parse_raw(text, "x.yaml")
    assert time.process_time() - begun < 8


def test_cent_mille_signes_interdits_ne_disent_que_les_premiers() -> None:
    with pytest.raises(InputError) as refused:
        parse_raw("a: b\n\r\n" + "\x01\n" * 100_000, "x.yaml")
    assert [one.ligne for one in refused.value.constats] == list(range(3, 23))


def test_un_fichier_demesure_est_refuse_avant_d_etre_lu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_DATA", 1_000_000)
    with pytest.raises(InputError, match="Ce fichier dépasse 1 Mo de texte"):
        parse_raw("a: " + "b" * 1_000_000)
    monkeypatch.setattr(building, "MAX_VALUES", 2_000)
    for text in ("a: [" + "b, " * 2_000 + "b]", '{"a": [' + "1, " * 2_000 + "1]}"):
        with pytest.raises(InputError, match="Ce fichier tient plus de 2\u202f000 valeurs"):
            parse_raw(text, "x.json" if text[0] == "{" else "x.yaml")


def test_un_fichier_cite_mille_fois_compte_mille_fois(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cited_files, "MAX_CITED", 500)
    (tmp_path / "un.yaml").write_text("nom: A\nb: c\n", encoding="utf-8")
    many = tmp_path / "m.yaml"
    many.write_text(
        "document: cahier_des_charges\nautres_operateurs:\n" + "  - un.yaml\n" * 200,
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"« un\.yaml » et les autres fichiers cités"):
        load(many)
