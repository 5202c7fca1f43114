"""Ce qu'on fouille d'un dossier : tout ce qui s'y dit, et rien de ce qu'un tirage y met."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from tests.every_part import flat, parts_of

PRICE = "7 040"


def holds_the_price(content: bytes) -> bool:
    return any(flat(PRICE) in flat(text) for _, text in parts_of(content, "fichier"))


@pytest.mark.parametrize(
    "drawn",
    [
        json.dumps({"sha256": f"7040{sha256(b'').hexdigest()[4:]}"}),
        json.dumps({"sha256": f"{sha256(b'').hexdigest()[:30]}7040{'ab' * 15}"}),
        "D:20261130170400+01'00'",
    ],
)
def test_an_instant_and_a_digest_say_no_number(drawn: str) -> None:
    assert not holds_the_price(drawn.encode())
    assert holds_the_price(f"{drawn} 7 040,00 €".encode())


@pytest.mark.parametrize("said", ["total: 7040.00", '{"total": "7040.00"}', "D:7 040"])
def test_a_number_that_is_told_is_found(said: str) -> None:
    assert holds_the_price(said.encode())
