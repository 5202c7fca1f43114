"""Un document retouché à la main, rafraîchi : les mots de la main et les faits de la mission y sont
tous, une fois. Le banc ``tests.bench.retouches`` en fait cinquante par sorte.
"""

from __future__ import annotations

import pytest

from dla_docs import DOCUMENTS
from tests import one_in
from tests.retouches.outcomes import outcome


@pytest.mark.parametrize(
    "slug, seed", one_in(7, [(slug, n) for n in range(2) for slug in DOCUMENTS])
)
def test_les_mots_de_la_main_et_les_faits_de_la_mission_y_sont_tous(slug: str, seed: int) -> None:
    assert outcome(slug, seed).faults == []
