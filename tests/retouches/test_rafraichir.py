"""Un document retouché à la main, rafraîchi : les mots de la main et les faits de la mission y sont
tous, une fois.
"""

from __future__ import annotations

from functools import cache

import pytest

from dla_docs import DOCUMENTS, load, read
from dla_docs.model.document import Document
from dla_docs.resources import sample_path
from dla_docs.retouches.refresh import Rafraichi, refresh
from dla_docs.retouches.skeleton import fields, value_of
from dla_docs.stages.rendering import fill
from dla_docs.stages.request import resolve
from dla_docs.word.package import MAIN, open_package, parse_part
from dla_docs.word.page import tag_of
from dla_docs.word.soundness import soundness
from tests import one_in
from tests.retouches.changes import changed
from tests.retouches.hand import Hand

KINDS = [slug for slug in DOCUMENTS if slug != "synthese_evaluations"]


@cache
def sample(slug: str) -> tuple[Document, bytes]:
    document = load(sample_path(slug))
    assert isinstance(document, Document)
    return document, fill(resolve(document, brouillon=True))


def controls(octets: bytes) -> list[tuple[str, str]]:
    root = parse_part(open_package(octets)[MAIN], MAIN)
    return [(tag_of(sdt), value_of(sdt)) for sdt in fields(root)]


def whole_text(octets: bytes) -> str:
    parts = open_package(octets)
    return "\n".join(
        "".join(map(str, parse_part(parts[name], name).itertext()))
        for name in parts
        if name.startswith("word/") and name.endswith(".xml")
    )


def holds(made: Rafraichi, hand: Hand, left: bytes, held: bytes, now: bytes) -> None:
    """Every promise, on one result."""
    text = whole_text(made.octets)
    assert [word for word in hand.words if word in whole_text(held) and word not in text] == []
    tags = [tag for tag, _ in controls(made.octets)]
    assert len(tags) == len(set(tags))
    known = set(soundness(open_package(held)))
    assert [one for one in soundness(open_package(made.octets)) if one not in known] == []
    said, was = dict(controls(made.octets)), dict(controls(left))
    named = {change.chemin for change in (*made.mis_a_jour, *made.conflits)}
    flat = " ".join(
        " ".join((*made.gardes, *map(str, made.conflits), *map(str, made.mis_a_jour))).split()
    )
    for tag, value in controls(now):
        told = tag in named or " ".join(value.split())[:50] in flat
        assert was.get(tag) == value or said.get(tag) == value or told, (tag, value, said.get(tag))
    read(made.octets)


@pytest.mark.parametrize("slug, seed", one_in(21, [(s, n) for n in range(10) for s in KINDS]))
def test_les_mots_de_la_main_et_les_faits_de_la_mission_y_sont_tous(slug: str, seed: int) -> None:
    document, left = sample(slug)
    hand = Hand(left, seed)
    held = hand.retouch(1 + seed % 6)
    later = changed(document, seed, 1 + seed % 4)
    made = refresh(held, later)
    holds(made, hand, left, held, fill(resolve(later, brouillon=True)))
    assert refresh(made.octets, later).octets == made.octets
    back = refresh(made.octets, document)
    holds(back, hand, fill(resolve(later, brouillon=True)), made.octets, left)
