"""Le journal d'un lot se lit document par document : rien n'y manque, et rien n'y passe d'abîmé."""

from __future__ import annotations

import io
import json
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any, ClassVar

import pytest
from fsspec import register_implementation
from fsspec.implementations.memory import MemoryFileSystem
from hypothesis import given
from hypothesis import strategies as st

from dla_docs.errors import DiskError
from dla_docs.lot import batch, journal
from dla_docs.lot.entries import Entries, Entry
from dla_docs.lot.journal import members
from tests.lot.lignes import SLUG, row, write_table

TEXTS = st.text(st.sampled_from('aé{}[]":,\\ \n\ud800œ–😀'), max_size=6)
ENTRIES = st.dictionaries(TEXTS, st.dictionaries(TEXTS, TEXTS | st.booleans(), max_size=3))
SAID = '{"a": {"empreinte": "1}"}, "b": {}}'


@given(ENTRIES, st.integers(1, 40), st.sampled_from([None, 1]), st.booleans())
def test_un_objet_lu_par_morceaux_est_celui_lu_d_un_trait(
    held: dict[str, Any], block: int, indent: int | None, in_ascii: bool
) -> None:
    said = json.dumps(held, indent=indent, ensure_ascii=in_ascii)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "BLOCK", max(block, 12))
        assert dict(members(io.StringIO(said))) == json.loads(said)


@pytest.mark.parametrize(
    "said",
    [*(SAID[:end] for end in range(len(SAID))), f"{SAID}x", "[]", "{1: {}}", '{"a": {},}', "{,}"],
)
def test_un_objet_coupe_ou_suivi_d_autre_chose_n_en_est_pas_un(said: str) -> None:
    with pytest.raises(ValueError):
        dict(members(io.StringIO(said)))


def test_ce_qui_est_fait_se_retrouve_par_son_nom_ses_donnees_et_sa_ligne() -> None:
    known = Entries({"Été": Entry("1", "R-1"), "b": Entry("2", "R-1", reportes={"a": "x"})}.items())
    assert known.named("E\u0301TE\u0301") == ("Été", Entry("1", "R-1"))
    assert [stem for stem, _ in known.from_row("R-1")] == ["b", "Été"]
    assert [*known.free(origin="R-1")] == [*known.free(mark="1")] == ["Été"]
    known.follow("Été")
    assert known.free(mark="1") == {}
    known.claim("b")
    known.come("R-1")
    assert [*known.unclaimed("")] == ["Été"]


def test_les_lignes_d_un_tableau_se_retrouvent_par_leur_debut() -> None:
    rows = {str(rank): Entry("", f"t.csv, ligne {rank}") for rank in (1, 2, 10)}
    known = Entries({**rows, "x": Entry("", "t.csv, lignes"), "y": Entry("", "u.csv")}.items())
    assert {stem for stem, _ in known.from_rows("t.csv, ligne ")} == {"1", "2", "10"}


def test_ce_qui_est_garde_sur_le_disque_se_ferme_avec_ce_qui_le_garde() -> None:
    """Python 3.13 avertit d'une base qui ne l'est pas."""
    known = Entries()
    base = known._base
    del known
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        base.execute("SELECT 1")


def test_un_disque_plein_est_dit() -> None:
    known = Entries()
    known._base.execute("PRAGMA max_page_count = 20")
    with pytest.raises(DiskError, match="Le disque est plein"):
        known.add((f"Fiche n° {rank}", Entry("1" * 32, f"R-{rank}")) for rank in range(2000))


def test_un_disque_plein_est_dit_aussi_de_ce_qui_se_relit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lire écrit parfois ce qui attendait ; et nul dossier temporaire n'est alors à nommer."""
    known = Entries((f"Fiche n° {rank}", Entry("1", "R-1")) for rank in range(20))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", list)
    found = known.items()
    next(found)
    known._base.set_progress_handler(lambda: 1, 1)  # SQLite stops at the next of its steps
    with pytest.raises(DiskError, match="Le disque est plein"):
        list(found)
    with pytest.raises(DiskError, match="Le disque est plein"):
        known.claim("a")


def test_une_reference_qu_aucun_fichier_ne_peut_dire_ne_coute_rien_aux_autres(
    tmp_path: Path,
) -> None:
    odd = {"Référence": 'R\udce9"\\'}
    rows = [row(1, **odd), row(2)]
    for done in (False, True):
        made = [*batch(rows, SLUG, tmp_path)]
        assert [(len(one.fichiers), one.deja_fait) for one in made] == [(1, done)] * 2
    [*_, other] = batch(
        [row(1, **{"Référence": 'R\udce9"\\', "date": "01/02/2013"})], SLUG, tmp_path
    )
    assert other.fichiers == made[0].fichiers and not other.deja_fait


@pytest.mark.skipif(sys.platform != "linux", reason="Seul Linux a de tels noms.")
def test_un_tableau_dont_le_nom_vient_d_un_autre_systeme_fait_son_lot(tmp_path: Path) -> None:
    table = write_table(tmp_path / "\udce9t\udce9.xlsx", [row(1)])
    assert [one.deja_fait for one in batch(table, SLUG, tmp_path / "lot")] == [False]
    renamed = table.rename(tmp_path / "été.xlsx")
    assert [one.deja_fait for one in batch(renamed, SLUG, tmp_path / "lot")] == [True]


def test_une_fiche_neuve_d_un_depot_n_y_est_cherchee_que_par_une_question() -> None:
    class Asked(MemoryFileSystem):  # type: ignore[misc]  # fsspec says no types
        protocol = "questions"
        asked: ClassVar[list[str]] = []

        def exists(self, path: str, **options: Any) -> bool:
            self.asked.append(path)
            return bool(super().exists(path, **options))

    register_implementation("questions", Asked, clobber=True)
    [made] = batch([row(1)], SLUG, "questions://lot")
    assert len(made.fichiers) == 1
    assert not [path for path in Asked.asked if path.endswith(".docx")]
    assert [one.deja_fait for one in batch([row(1)], SLUG, "questions://lot")] == [True]


@pytest.mark.parametrize("by_parts", [False, True])
def test_un_depot_se_lit_qu_il_sache_ou_non_lire_par_morceaux(by_parts: bool) -> None:
    """Celui de s3fs ne l'a pas toujours su, et refuse ce qu'il ne connaît pas."""
    asked = []

    class Whole(MemoryFileSystem):  # type: ignore[misc]  # fsspec says no types
        protocol = f"depot{by_parts:d}"

        def cat_file(self, path: str, start: None = None, end: None = None) -> bytes:
            return bytes(super().cat_file(path, start, end))

    class Parts(Whole):
        def cat_file(
            self, path: str, start: None = None, end: None = None, max_concurrency: int = 10
        ) -> bytes:
            asked.append(max_concurrency)
            return super().cat_file(path, start, end)

    register_implementation(f"depot{by_parts:d}", Parts if by_parts else Whole, clobber=True)
    place = f"depot{by_parts:d}://lot"
    for done in (False, True):
        assert [one.deja_fait for one in batch([row(1)], SLUG, place)] == [done]
    assert set(asked) == ({1} if by_parts else set())
