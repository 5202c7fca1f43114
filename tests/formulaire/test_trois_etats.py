"""La comparaison de trois états, parti, revenu, présent : rien ne se perd sans un mot, et rien ne
vient d'une autre mission. Toutes les sortes qui voyagent, quel que soit le rôle et le nom du
fichier.
"""

from __future__ import annotations

import pytest

from tests import one_in
from tests.bench.fiabilite import table_of
from tests.bench.triples import COMBIEN, SITUATIONS, sorts, triplet


@pytest.mark.parametrize(("number",), one_in(6, ((n,) for n in range(0, COMBIEN, 7))))
def test_aucune_reponse_ne_se_perd_sans_un_mot(number: int) -> None:
    drawn = triplet(number)
    assert {*sorts(drawn).values()} <= {"prise", "nommée"}, drawn


def test_la_page_ne_dit_ni_perdue_ni_fausse() -> None:
    rows = {row[0]: [int(cell) for cell in row[1:]] for row in table_of("triples")}
    assert {*rows} == {*SITUATIONS}
    assert sum(row[0] for row in rows.values()) == COMBIEN
    assert all(row[-2:] == [0, 0] and row[1] == sum(row[2:4]) for row in rows.values())
