"""Des lignes de même référence, de même structure et de même prestataire, dont un document est
retouché : ses mots lui restent, ou sont nommés quand rien ne dit de quelle ligne il est.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dla_docs import batch
from tests.cli.test_cibles import HAND, by_hand
from tests.lot.lignes import SLUG, row
from tests.word_forms import page_text

COMMENT, RESULT = "relation.echanges.commentaire", "resultats[0].intitule"
LOT = Path("lot")
Rows = Sequence[dict[str, Any]]


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def line(plan: str, comment: str, reference: str | None = "DLA00-0009") -> dict[str, Any]:
    return row(9, **{"Référence": reference, COMMENT: comment, RESULT: plan})


FIRST, SECOND, THIRD = (
    line(f"Plan {name}", f"Avis {name}.") for name in ("premier", "deuxième", "troisième")
)
NEW = line("Plan nouveau", "Avis nouveau.")


def later(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, COMMENT: "Un tout autre avis."}


def make(rows: Any, noms: str | None = None) -> list[str]:
    """Ce qu'on dit de ce qui est laissé."""
    lot = batch(rows, SLUG, LOT, noms=noms)
    refused = [constat for result in lot for constat in result.refus]
    return [str(one) for one in (*refused, *lot.delaisses)]


def retouched(one: dict[str, Any]) -> Path:
    """Le document de cette ligne, une clause ajoutée."""
    [path] = [path for path in LOT.glob("*.docx") if one[RESULT] in page_text(path)]
    path.write_bytes(by_hand(path.read_bytes()))
    return path


def held() -> list[str]:
    return [page_text(path) for path in sorted(LOT.glob("*.docx")) if HAND in page_text(path)]


@pytest.mark.parametrize(
    "left, touched, now",
    [
        ((FIRST, SECOND), FIRST, (later(SECOND),)),
        ((FIRST, SECOND, THIRD), FIRST, (SECOND, later(THIRD))),
        ((FIRST, SECOND, THIRD), SECOND, (FIRST, later(THIRD))),
        ((FIRST, SECOND, THIRD), SECOND, (later(SECOND), later(THIRD))),
    ],
)
def test_une_ligne_otee_ne_laisse_pas_ses_mots_a_une_autre(
    left: Rows, touched: dict[str, Any], now: Rows
) -> None:
    make(left)
    path = retouched(touched)
    for _ in range(2):
        said = make(now)
        [page] = held()
        assert touched[RESULT] in page
        stays = touched[RESULT] in [one[RESULT] for one in now]
        assert stays == ("Un tout autre avis." in page)
        assert stays or any(path.name in one and HAND in one for one in said)


@pytest.mark.parametrize("noms", ["A {ligne}", "B {ligne}"])
@pytest.mark.parametrize("now", [(NEW, FIRST), (NEW, later(FIRST))])
def test_une_ligne_neuve_placee_devant_ne_prend_pas_les_mots_de_l_autre(
    now: Rows, noms: str
) -> None:
    make([FIRST], "A {ligne}")
    retouched(FIRST)
    make(now, noms)
    assert all(FIRST[RESULT] in page and NEW[RESULT] not in page for page in held())
    assert now[1][COMMENT] in page_text(LOT / f"{noms[0]} 0002.docx")
    assert HAND in page_text(LOT / f"{noms[0]} 0002.docx")


def test_sans_reference_non_plus() -> None:
    first, second = (line(one[RESULT], one[COMMENT], None) for one in (FIRST, SECOND))
    make([first, second])
    path = retouched(first)
    said = make([later(second)])
    assert [FIRST[RESULT] in page for page in held()] == [True]
    assert any(path.name in one and HAND in one for one in said)


def test_rien_ne_dit_de_quelle_ligne_il_est_il_reste_et_est_nomme() -> None:
    same = "Plan de tous"
    make([line(same, "Un."), line(same, "Deux.")])
    path = LOT / sorted(LOT.glob("*.docx"))[0].name
    path.write_bytes(octets := by_hand(path.read_bytes()))
    said = make([line(same, "Trois."), line(same, "Quatre."), line(same, "Cinq.")])
    assert path.read_bytes() == octets and any(HAND in one for one in said)


def test_des_lignes_qui_ne_se_lisent_qu_une_fois_se_reconnaissent_a_ce_qui_etait_parti() -> None:
    make([FIRST, SECOND])
    retouched(FIRST)
    make(iter([later(SECOND)]))
    assert [FIRST[RESULT] in page for page in held()] == [True]


def test_ce_qu_on_avait_fait_d_elle_sous_un_autre_nom_n_est_pas_d_une_autre_ligne() -> None:
    for noms in ("A {ligne}", "B {ligne}"):
        make([FIRST], noms)
    path = LOT / "B 0001.docx"
    path.write_bytes(by_hand(path.read_bytes()))
    assert not make([later(FIRST)], "B {ligne}")
    assert HAND in page_text(path) and "Un tout autre avis." in page_text(path)


def test_une_ligne_neuve_ne_prend_pas_le_document_retouche_d_une_ligne_otee_avant_elle() -> None:
    make([FIRST, SECOND, THIRD])
    path = retouched(SECOND)
    make([FIRST, THIRD])
    for _ in range(2):
        said = make([FIRST, THIRD, NEW])
        [page] = held()
        assert SECOND[RESULT] in page and NEW[RESULT] not in page
        assert any(path.name in one and HAND in one for one in said)
        assert any(NEW[RESULT] in page_text(one) for one in LOT.glob("*.docx"))


def test_une_ligne_qui_prend_le_nom_d_une_autre_ne_prend_pas_les_mots_qu_elle_y_avait() -> None:
    make([FIRST, SECOND, THIRD], "A {ligne}")
    retouched(FIRST)
    retouched(THIRD)
    for now in ((THIRD, SECOND, FIRST), (THIRD, FIRST, SECOND)):
        make(now, "A {ligne}")
        assert not any(SECOND[RESULT] in page for page in held())
