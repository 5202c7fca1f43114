"""Les essais. ``make test`` en passe l'essentiel, ``make test-complet`` le reste : voir
docs/essais.md.

Sur une machine lente, un exemple d'hypothesis n'échoue pas parce qu'il a pris son temps. Les deux
moitiés tirent toujours les mêmes exemples : ce qui passait hier passe aujourd'hui, sur toute
machine. ``pytest`` seul en tire de nouveaux à chaque fois.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import settings

from dla_docs.model.typography import PLAIN

COMPLET = 100
settings.register_profile("nouveaux", deadline=None, max_examples=COMPLET)
settings.register_profile("complet", settings.get_profile("nouveaux"), derandomize=True)
settings.register_profile("court", settings.get_profile("complet"), max_examples=25)
settings.load_profile("nouveaux")


def examples(most: int, court: int = 6, **options: Any) -> settings:
    """Tant d'exemples dans ``make test-complet``, ``court`` au plus dans ``make test``."""
    short = settings().max_examples < COMPLET
    return settings(max_examples=min(most, court) if short else most, deadline=None, **options)


def as_keyed(text: str) -> str:
    """Ce que montre une page, écrit comme un clavier et les guides l'écrivent : apostrophes
    droites, espaces ordinaires, capitales sans accent.
    """
    return CAPITALS.sub(lambda found: "E" if found.group() == "É" else "A", text.translate(PLAIN))


CAPITALS = re.compile("É(?=tape|tat|ch[ée]anc|tude|valu|laboration|l[ée]ment)|À(?= )")


def apart(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Des groupes de ces noms où chacun est, une fois au moins, sans chacun des autres : un champ
    qui en change un second se voit, sans que chacun soit changé seul.
    """
    bits = range(max(len(names) - 1, 1).bit_length())
    groups = [
        tuple(name for rank, name in enumerate(names) if rank >> bit & 1 == side)
        for bit in bits
        for side in (0, 1)
    ]
    return [group for group in groups if group]


def long(*case: Any, id: str | None = None) -> Any:
    """Un cas que ``make test`` laisse à ``make test-complet``."""
    return pytest.param(*case, marks=pytest.mark.lent, id=id)


def one_in(every: int, cases: Iterable[Any]) -> list[Any]:
    """Tous ces cas : un sur ``every`` dans ``make test``, les autres dans ``make test-complet``."""
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=pytest.mark.lent if rank % every else (),
        )
        for rank, case in enumerate(cases)
    ]
