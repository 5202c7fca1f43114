"""Des lignes sans clé, que la mission ôte, ajoute, déplace ou récrit : chacune est reconnue à ce
qu'elle dit, et ce qu'une main a mis dans l'une y reste.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import pytest
from lxml import etree

from dla_docs import refresh
from dla_docs.model.document import Document
from dla_docs.retouches.rows import followed
from dla_docs.retouches.skeleton import words
from dla_docs.stages.rendering import fill
from dla_docs.stages.request import resolve
from dla_docs.word.names import W_P, W_TR, W
from dla_docs.word.package import MAIN, open_package, parse_part
from tests.retouches.test_histoires import CONVENTION, controls, edited, later

Row = dict[str, str]
PLACES = ("en ville", "au bureau", "à distance", "sur site", "chez le tiers")
STRUCK = f"{W}trPr/{W}del"


def paid(rows: Sequence[Row]) -> Document:
    def pay(data: Any) -> None:
        data["prix"] = {"montant": "7600.00", "versements": [dict(row) for row in rows]}

    return later(CONVENTION, pay)


def page(rows: Sequence[Row]) -> bytes:
    return fill(resolve(paid(rows), brouillon=True))


def row(number: int) -> Row:
    """Rien d'une autre, que sa nature et son montant."""
    said = f"Condition{number} tenue {PLACES[number % 5]}"
    return {"nature": "Acompte", "montant": "1000.00", "condition": said}


def fresh_row(number: int) -> Row:
    return {"nature": "Solde", "montant": "7.00", "condition": f"Condition{number}, tenue neuve"}


def table(octets: bytes) -> Iterator[tuple[str, bool]]:
    """Ce que dit chaque versement, barré ou non."""
    root = parse_part(open_package(octets)[MAIN], MAIN)
    for one in root.iter(W_TR):
        said = "".join(str(text.text or "") for text in one.iter(f"{W}t", f"{W}delText"))
        if "Condition" in said and "tenue" in said:
            yield said, one.find(STRUCK) is not None


def noted(octets: bytes, notes: dict[str, str]) -> bytes:
    """Un mot dans la ligne qui dit ce texte."""

    def note(root: etree._Element) -> None:
        for one in root.iter(W_TR):
            for said, word in notes.items():
                if said in words(one):
                    run = etree.fromstring(
                        f'<w:r xmlns:w="{W[1:-1]}"><w:t>{word}</w:t></w:r>',
                    )
                    [*one.iter(W_P)][-1].append(run)

    return edited(octets, note)


def changed(rows: list[Row], random: Random) -> list[Row]:
    """Ôtées, ajoutées, déplacées, d'un autre montant ; le plus souvent plusieurs à la fois."""
    now, fresh = [dict(one) for one in rows], 5
    for _ in range(random.randint(1, 3)):
        step = random.choice(("remove", "remove", "insert", "move", "pay"))
        if step == "remove" and len(now) > 1:
            del now[random.randrange(len(now))]
        elif step == "insert":
            now.insert(random.randint(0, len(now)), fresh_row(fresh))
            fresh += 1
        elif step == "move":
            now.insert(random.randrange(len(now)), now.pop(random.randrange(len(now))))
        elif step == "pay":
            random.choice(now)["montant"] = "2500.00"
    return now


def check(seed: int) -> None:
    random = Random(seed)
    before = [row(number) for number in range(5)]
    now = changed(before, random)
    notes = {
        one["condition"]: f"Mot{rank}x{seed}"
        for rank, one in enumerate(random.sample(before, random.randint(0, 3)))
    }
    fresh = refresh(noted(page(before), notes), paid(now))
    rows = [*table(fresh.octets)]
    there = [one["condition"] for one in now]
    for said, word in notes.items():
        [(text, struck)] = [(text, struck) for text, struck in rows if said in text]
        assert word in text and struck == (said not in there), (seed, said, text)
        assert not struck or any(said in kept for kept in fresh.gardes), (seed, said)
    for said, word in notes.items():
        assert [said in text for text, _ in rows if word in text] == [True], (seed, word)
    live = [text for text, struck in rows if not struck]
    assert [said in text for said, text in zip(there, live, strict=True)] == [True] * len(there)
    assert controls(fresh.octets) == controls(page(now)), seed
    assert not [one for one in fresh.conflits if one.chemin], seed


@pytest.mark.parametrize("seed", range(6))
def test_le_mot_d_une_main_reste_dans_sa_ligne_et_aucune_ne_se_perd(seed: int) -> None:
    check(seed)


@pytest.mark.lent
@pytest.mark.parametrize("seed", range(6, 60))
def test_le_mot_d_une_main_reste_dans_sa_ligne_quoi_que_fasse_la_mission(seed: int) -> None:
    check(seed)


def test_une_ligne_que_la_main_a_otee_n_en_fait_pas_oter_une_autre() -> None:
    def remove(root: etree._Element) -> None:
        [gone] = [one for one in root.iter(W_TR) if "Condition1" in words(one)]
        gone.getparent().remove(gone)  # type: ignore[union-attr]

    rows = [row(number) for number in range(4)]
    fresh = refresh(edited(page(rows), remove), paid([rows[0], *rows[2:]]))
    assert [text.partition("tenue")[0][-11:-1] for text, _ in table(fresh.octets)] == [
        "Condition0",
        "Condition2",
        "Condition3",
    ]


def test_une_ligne_otee_et_retouchee_se_dit_ligne_otee() -> None:
    rows = [row(0), row(1)]
    fresh = refresh(noted(page(rows), {"Condition0": "Mot"}), paid(rows[1:]))
    [one] = fresh.conflits  # struck, and still there: it is to choose, and nothing else
    assert str(one).startswith("Ligne ôtée : « Acompte") and "→" not in str(one)
    assert fresh.mis_a_jour == ()
    assert "des modifications suivies" not in fresh.gardes


A, B, C, X = (f"{name}1 {name}2 {name}3 {name}4" for name in "abcx")


@pytest.mark.parametrize(
    "left, new, wanted",
    [
        ([A, B, C], [A, C], {0: 0, 1: 2}),
        ([A, B, C], [C, A], {0: 2, 1: 0}),
        ([A, B, C], [X, A, C], {1: 0, 2: 2}),
        ([A, B], [A, X], {0: 0}),
        ([A, B], [A, X.replace("x4", "b4")], {0: 0, 1: 1}),
        ([A, B], [A, X.replace("x4", "b4"), C], {0: 0}),
        ([A, B], [B.replace("b4", "b5"), X], {0: 1}),
        ([A, B], [], {}),
    ],
)
def test_une_ligne_est_celle_qui_dit_la_meme_chose(
    left: list[str], new: list[str], wanted: dict[int, int]
) -> None:
    assert followed(left, new) == wanted
    by_rank = [
        [{"cle": f"v{rank}", "texte": said} for rank, said in enumerate(held, 1)]
        for held in (left, new)
    ]
    assert followed(*by_rank) == wanted


def test_une_cle_ecrite_passe_avant_ce_que_dit_la_ligne() -> None:
    left = [{"cle": "e1", "texte": A}, {"cle": "e2", "texte": B}, {"cle": "e3", "texte": C}]
    new = [{"cle": "e1", "texte": X}, {"cle": "e3", "texte": B}]
    assert followed(left, new) == {0: 0, 1: 2}
