"""Le remède qu'imprime chaque règle : une fois suivi, le constat disparaît.

Les ruptures et leurs remèdes sont des données, ``tests/remedes.yaml``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dla_docs import DOCUMENTS, Constat
from dla_docs.manual.requirement_index import carriers
from dla_docs.model.node import steps
from dla_docs.model.requirement import referentiel
from tests.corpus import at
from tests.documents.verdict import raw, verdict

REMEDES: dict[str, list[dict[str, Any]]] = yaml.load(
    Path(__file__).with_name("remedes.yaml").read_bytes(), Loader=yaml.CSafeLoader
)


def required() -> list[str]:
    """The rules whose document is one of ours: the first that the reference names."""
    rules = [rule for rule in referentiel().values() if rule.nature == "regle"]
    return [rule.id for rule in rules if rule.id in carriers() or rule.documents[0] in DOCUMENTS]


def said(constats: list[Constat], identifiant: str) -> set[tuple[str, str]]:
    """Where a requirement is named, and the remedy printed there."""
    return {(one.chemin, one.conseil) for one in constats if identifiant in one.exigences}


def borne() -> dict[str, set[str]]:
    """What each of the rules that are declared says, whatever its requirements are."""
    found: dict[str, set[str]] = {}
    for identifiant, places in carriers().items():
        for place in (one for one in places if one.endswith("()")):
            found.setdefault(place, set()).add(identifiant)
    return found


def test_every_rule_has_its_remedy() -> None:
    assert [place for place, ids in borne().items() if not ids & set(REMEDES)] == []
    assert set(required()) - set(REMEDES) == set()
    assert set(REMEDES) - set(required()) - set(carriers()) == set()


@pytest.mark.lent
@pytest.mark.parametrize("identifiant", REMEDES)
def test_the_remedy_once_followed_ends_the_message(identifiant: str) -> None:
    for row in REMEDES[identifiant]:
        name, changes = row["exemple"], row["rupture"]
        before = said(verdict(name, changes, row["profil"]), identifiant)
        assert before and all(conseil for _, conseil in before), "chaque message dit son remède"
        again = {path: at(raw(name), tuple(steps(path))) for path in row.get("comme_l_exemple", ())}
        followed = {**changes, **again, **row.get("remede", {})}
        assert said(verdict(name, followed, row["profil"]), identifiant) == set(), row
