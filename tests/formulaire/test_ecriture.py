"""Un champ changé seul, écrit dans la mission, rechargé : exact ou nommé, jamais faux ; et hors de
ce qui change, le fichier reste octet pour octet, de quelque façon qu'il soit écrit.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path
from textwrap import dedent

import pytest
import yaml

from dla_docs.model.document import Document
from dla_docs.model.requirement import Role
from dla_docs.raw.written import Written, read_nodes
from dla_docs.registry import DOCUMENTS, FORMULAIRES
from dla_docs.resources import sample_path
from dla_docs.returns import reunir
from dla_docs.returns.bringing_back import take_in
from dla_docs.writing_back.facts import Desk
from dla_docs.writing_back.standing import speaking
from dla_docs.writing_back.writing import base_in, writing
from tests.bench.ecriture import (
    MISSIONS,
    Champ,
    autre,
    champs,
    formulaires,
    ouverts,
    sort_de,
)
from tests.bench.fiabilite import table_of
from tests.bench.resultats import measure
from tests.formulaire.test_roles import fillers
from tests.word_forms import fill

SORTES = ("mission", *DOCUMENTS)


@pytest.mark.lent
@pytest.mark.parametrize("slug", SORTES)
def test_un_champ_change_est_ecrit_exactement_ou_nomme(slug: str) -> None:
    number, faults, exact = SORTES.index(slug), [], 0
    for rank, role in enumerate(fillers(slug)):
        every = list(champs(MISSIONS[(number + rank) % len(MISSIONS)], slug, role))
        start, step = (7 * number + rank) % max(1, len(every) // 2), 1 + len(every) // 2
        for champ in every[start::step][: 1 + rank % 2]:
            found = sort_de(champ)
            exact += found.sort == "exact"
            if found.sort not in ("exact", "nommé"):
                faults.append(f"{champ} : {found}")
    assert not faults
    assert exact


CONDUITE, PRESTATAIRE = Role("charge_de_mission"), Role("prestataire")


@pytest.mark.lent
@pytest.mark.parametrize(
    "champ",
    [  # the answer written elsewhere; what cites it; a document that stands at its last stage
        ("mission_collective", "evaluation_collective", CONDUITE, 2, "conditions.delais.reponse"),
        ("mission_individuelle", "cahier_des_charges", CONDUITE, 0, "nature"),
        ("mission_individuelle", "mission", CONDUITE, 0, "paiements[0].nature"),
        (
            "mission_simplifiee",
            "grille_de_lecture",
            PRESTATAIRE,
            0,
            "projets[0].precisions.reponse",
        ),
    ],
)
def test_une_reponse_est_la_sienne(champ: tuple[str, str, Role, int, str]) -> None:
    assert sort_de(Champ(*champ)).sort == "exact"


@pytest.mark.lent
@pytest.mark.parametrize(
    ("tag", "said", "gone"),
    [
        (
            "nature",
            "Ingénierie collective",
            "« Objectif général » et 4 autres réponses, dans « Cahier",
        ),
        ("mise_en_concurrence.retenu", "beta", "dans « Note de mi-parcours »"),
        ("paiements[1].nature", "Acompte", "« Solde versé le », dans « Rapport final »"),
        ("mise_en_concurrence.sollicites[3].cle", "zz9", "le reste de sa ligne est vide"),
    ],
)
def test_une_reponse_qui_ne_s_ecrit_pas_seule_dit_pourquoi(tag: str, said: str, gone: str) -> None:
    found = sort_de(Champ("mission_individuelle", "mission", CONDUITE, 0, tag), said)
    assert found.sort == "nommé"
    assert gone in found.pourquoi and (
        "omplétez" in found.pourquoi or "emplissez" in found.pourquoi
    )


@pytest.mark.lent
def test_une_reponse_laissee_dit_ou_elle_s_ecrirait_non_ou_vit_un_fait_qui_lui_ressemble() -> None:
    """La nature d'une action du plan n'est pas celle de la mission, qui se trouve être la même."""
    tag = "actions[2].ingenierie"
    found = sort_de(Champ("mission_individuelle", "plan_accompagnement", CONDUITE, 0, tag))
    assert found.sort == "nommé" and "dans « Cahier des charges »" in found.pourquoi
    assert f"à « documents.plan_accompagnement.{tag} »" in found.pourquoi
    assert "ligne" not in found.pourquoi


@pytest.mark.lent
def test_un_seul_document_de_plus_se_dit_au_singulier() -> None:
    tag = "plan_propose[0].ingenierie"
    found = sort_de(Champ("mission_collective", "diagnostic_partage", CONDUITE, 0, tag))
    assert " ; et 1 autre document en perdrait aussi" in found.pourquoi


ENSEMBLE = {  # rows that are there, a keyed list and another that get two more
    "paiements[0].montant": "12,34 €",
    "paiements[1].condition": "À la remise du rapport",
    "evenements.accueil.presents[2].nom": "Dominique Essai",
    "evenements.accueil.presents[2].fonction": "Trésorerie",
    "evenements.accueil.presents[3].nom": "Camille Essai",
    "mise_en_concurrence.sollicites[3].prestataire.nom": "Cabinet Delta Exemple",
    "mise_en_concurrence.sollicites[3].date": "02/02/2005",
    "mise_en_concurrence.sollicites[4].prestataire.nom": "Cabinet Epsilon Exemple",
}


@pytest.mark.lent
def test_plusieurs_reponses_ne_font_relire_la_mission_qu_une_fois(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    form = formulaires("mission_individuelle", "mission", None)[0]
    path = sample_path("mission_individuelle")
    lecture = reunir([fill(form, ENSEMBLE)], base_in(path))
    apart = Desk(path)
    for change in lecture.changements:
        done = writing(replace(lecture, changements=(change,)), apart)
        apart = done.desk
        assert not done.laissees
    loaded, load = list[Desk](), Desk.load

    def counted(desk: Desk) -> Document:
        loaded.append(desk)
        return load(desk)

    monkeypatch.setattr(Desk, "load", counted)
    together = writing(lecture, Desk(path))
    assert len(lecture.changements) == len(ENSEMBLE) and not together.laissees
    assert together.desk.texts == apart.texts
    assert len(loaded) == 2  # before, and after


def test_la_preuve_ne_laisse_de_cote_que_la_cle_d_une_ligne_qui_ne_dit_rien() -> None:
    said = {("avis",): "Oui", ("zone",): "Nord", ("etapes", "e2", "cle"): "e2"}
    said[("etapes", "e2", "nom")] = "Bilan"
    assert speaking({**said, ("etapes", "e1", "cle"): "e1"}) == said


def test_la_page_ne_dit_ni_faux_ni_panne() -> None:
    rows = table_of("ecriture")
    assert {FORMULAIRES[slug].titre for slug in SORTES} <= {row[0] for row in rows}
    assert all(row[-2:] == ["0", "0"] for row in rows)


def test_une_mesure_coupee_se_reprend_ou_elle_en_etait(tmp_path: Path) -> None:
    results, asked = tmp_path / "resultats.jsonl", list[str]()

    def one(name: str) -> list[str]:
        asked.append(name)
        return ["exact", f"« {name} »"]

    assert measure(["a", "b"], one, results) == {"a": one("a"), "b": one("b")}
    whole = results.read_text(encoding="utf-8").rstrip()
    results.write_text(whole[:-1], encoding="utf-8")  # stopped while it wrote « b »
    asked.clear()
    assert {*measure(["a", "b", "c"], one, results)} == {"a", "b", "c"}
    assert asked == ["b", "c"] and {*measure((), one, results)} == {"a", "b", "c"}


# However the file is written.


def scalars(node: Written) -> Iterator[Written]:
    """Les valeurs écrites sans guillemets, dans l'ordre du texte."""
    for _, item in node.items:
        if item.kind == "scalar" and not item.style and len(item.value) > 5:
            yield item
        yield from scalars(item)


def with_anchors(text: str) -> str:
    """Les valeurs dites plusieurs fois le sont par une ancre."""
    found = list(scalars(read_nodes(text)))
    times = Counter(one.value for one in found)
    names: dict[str, str] = {}
    edits = []
    for one in found:
        if times[one.value] > 1:
            known = one.value in names
            name = names.setdefault(one.value, f"a{len(names)}")
            edits.append((one, f"*{name}" if known else f"&{name} {text[one.start : one.end]}"))
    for one, said in reversed(edits):
        text = text[: one.start] + said + text[one.end :]
    return text


def flush_left(text: str) -> str:
    """Les tirets des listes sous leur clé, sans retrait."""
    data = yaml.load(text, yaml.BaseLoader)
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100))


FACONS: dict[str, Callable[[str], str]] = {
    "ancres": with_anchors,
    "listes sans retrait": flush_left,
    "fins de ligne de Windows": lambda text: text.replace("\n", "\r\n"),
    "marque du début": lambda text: f"\ufeff{text}",
}
TOUCHES = [
    ("appel_a_competences", "contexte.problematique"),
    ("appel_a_competences", "criteres.tarification"),
    ("mission", "structures[0].nom"),
    ("mission", "operateur.charge_de_mission.courriel"),
    ("mission", "evenements.accueil.date"),
    ("mission", "evenements.accueil.presents[0].nom"),
    ("mission", "mise_en_concurrence.sollicites[0].date"),
]


def copied(folder: Path, make: Callable[[str], str]) -> Path:
    """Une mission d'exemple et ce qu'elle cite, écrits de cette façon."""
    shutil.copytree(sample_path("mission_simplifiee").parent, folder / "essai")
    for file in sorted((folder / "essai").rglob("*.yaml")):
        if file.stem in ("mission_simplifiee", "operateur", "alpha"):
            file.write_bytes(make(file.read_text(encoding="utf-8")).encode())
    return folder / "essai" / "mission_simplifiee.yaml"


def split(folder: Path) -> Path:
    """La même mission, chaque document dans un fichier à part."""
    path = copied(folder, lambda text: text)
    text = path.read_text(encoding="utf-8")
    documents = read_nodes(text).child("documents")
    assert documents is not None
    for key, item in reversed(documents.items):
        if key is not None and item.kind == "map":
            start = text.index("\n", key.end) + 1
            stop = text.index("\n", item.end) + 1
            (path.parent / f"{key.value}_a_part.yaml").write_text(
                dedent(text[start:stop]), encoding="utf-8"
            )
            text = f"{text[: key.end]}: {key.value}_a_part.yaml\n{text[stop:]}"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.lent
@pytest.mark.parametrize("facon", [*FACONS, "un fichier par document"])
def test_hors_de_ce_qui_change_rien_ne_bouge(facon: str, tmp_path: Path) -> None:
    path = copied(tmp_path, FACONS[facon]) if facon in FACONS else split(tmp_path)
    files = {file: file.read_bytes() for file in sorted(path.parent.rglob("*.yaml"))}
    for slug, tag in TOUCHES:
        champ = Champ(str(path), slug, None, 0, tag)
        assert tag in ouverts(str(path), slug, None, 0)
        assert sort_de(champ).sort == "exact", tag
        form = tmp_path / "retour.docx"
        form.write_bytes(fill(formulaires(str(path), slug, None)[0], {tag: autre(champ)}))
        assert take_in(form, path)[1] == 1
        changed = {file: file.read_bytes() for file in files if file.read_bytes() != files[file]}
        for file, now in changed.items():
            assert_only_touched(files[file], now, facon, autre(champ))
            file.write_bytes(files[file])
        assert len(changed) == 1, tag


def assert_only_touched(was: bytes, now: bytes, facon: str, said: str) -> None:
    """Une ligne change, ou celle qui s'ajoute ; une ancre, là où elle est citée aussi."""
    old, new = was.decode().splitlines(keepends=True), now.decode().splitlines(keepends=True)
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    touched = [one for one in codes if one[0] != "equal"]
    gone = [line for _, start, stop, _, _ in touched for line in old[start:stop]]
    fresh = [line for _, _, _, start, stop in touched for line in new[start:stop]]
    assert any(said in line for line in fresh)
    assert now.count(b"\r\n") == (now.count(b"\n") if b"\r\n" in was else 0)
    assert now.startswith(b"\xef\xbb\xbf") == was.startswith(b"\xef\xbb\xbf")
    if facon == "ancres":
        assert len(touched) == 1 or all(re.search(r"[*&]a\d", line) for line in gone)
    else:
        assert len(touched) == 1
