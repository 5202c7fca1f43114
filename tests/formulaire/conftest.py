"""Les formulaires repassés par LibreOffice : un seul lancement pour tous les essais."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from dla_docs.registry import FORMULAIRES
from tests.formulaire.formulaires import another, fillable, form
from tests.word_forms import fill, resaved_many

HALVES = (0, 1)


@pytest.fixture(scope="session")
def resaves(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Par nom : ``<sorte>``, puis ``<sorte>-0`` et ``<sorte>-1``, où un champ sur deux a changé."""
    documents: dict[str, bytes] = {}
    for slug in FORMULAIRES:
        documents |= {slug: form(slug)} | {
            f"{slug}-{half}": fill(form(slug), half_changed(slug, half)) for half in HALVES
        }
    return resaved_many(documents, tmp_path_factory.mktemp("libreoffice"))


def half_changed(slug: str, half: int) -> dict[str, str]:
    """Une autre réponse à un champ sur deux."""
    return {tag: another(slug, tag) for tag in fillable(slug)[half::2]}
