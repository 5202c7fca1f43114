"""Ce qui est propre à l'enquête auprès du prestataire : un seul guide la demande."""

from __future__ import annotations

import pytest

from dla_docs import EnquetePrestataire, check
from tests.documents.verdict import named, paths, verdict

SLUG = "enquete_prestataire"


@pytest.mark.parametrize(
    ("profil", "asked"),
    [
        ("national", {"ES-06", "ES-07"}),
        ("paca", {"ES-06", "ES-07", "PRO-17"}),
        ("centre", set()),
        ("npdc", set()),
    ],
)
def test_only_provence_asks_for_it(profil: str, asked: set[str]) -> None:
    assert named(check(EnquetePrestataire(), profil)) == asked


@pytest.mark.parametrize(
    ("sent", "faults"), [("15/12/2005", [f"documents.{SLUG}.adressee_le"]), ("16/12/2005", [])]
)
def test_it_is_sent_once_the_work_is_done(sent: str, faults: list[str]) -> None:
    assert (
        paths(verdict("mission_individuelle", {f"documents.{SLUG}.adressee_le": sent}, "paca"))
        == faults
    )
