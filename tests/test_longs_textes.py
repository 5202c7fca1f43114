"""Un long texte se lit ligne par ligne comme s'il était lu entier, dans chaque encodage ; les
lignes gardées hors de la mémoire se relisent telles quelles.
"""

from __future__ import annotations

import errno
import io
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dla_docs.errors import DiskError, InputError
from dla_docs.files import read_text
from dla_docs.model.values.value import AsShown
from dla_docs.tables import text_lines as reading
from dla_docs.tables.faults import Fault
from dla_docs.tables.kept import ROOM, Kept
from dla_docs.tables.reading import read_rows
from dla_docs.tables.text_lines import text_lines
from dla_docs.tables.writing import workbook

LINES = "Nom;Ville\r\nL'été à « Exemple » ;Orléans\nUn œuf — 12 €;\r\rFin;\x1a\n\n"
LATIN = LINES.replace("œ", "oe").replace("—", "-")
TEXTS = {
    "utf-8": LINES.encode(),
    "utf-8 marqué": LINES.encode("utf-8-sig"),
    "marqué deux fois": b"\xef\xbb\xbf" + LINES.encode("utf-8-sig"),
    "utf-16": LINES.encode("utf-16"),
    "cp1252": LINES.encode("cp1252"),
    "latin-9": LATIN.encode("iso8859-15"),
    "ascii": b"a;b\n1;2",
    "vide": b"",
    "abîmé": "Ã©tÃ©\n".encode("cp1252") + b"\xe9\n",
    "mac": "été\nÉté".encode("mac_roman") * 3,
    "deux encodages": "été\n".encode() + "été\n".encode("cp1252"),
    "utf-8 marqué et faux": b"\xef\xbb\xbf\xe9\n",
    "utf-16 sans marque": LINES.encode("utf-16-le"),
    "octets": bytes(range(256)) * 3,
    "nul": b"a;b\n\0;2\n",
}


def said(run: object) -> tuple[str, ...]:
    try:
        return tuple(run())  # type: ignore[operator]
    except InputError as error:
        return ("refusé", *map(str, error.constats))


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("block", [1, 7, 1 << 18])
def test_ligne_par_ligne_ou_entier_c_est_le_meme_texte(
    name: str, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BLOCK", block)
    path = tmp_path / "t.csv"
    path.write_bytes(TEXTS[name])
    whole = said(lambda: io.StringIO(read_text(path), newline=""))
    told = said(lambda: text_lines(path))
    assert told == whole or (told, whole) == (("",), ())


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a;b\n1;2\r\n\r\n\x1a", [(2, {"a": "1", "b": "2"})]),
        ("a;b\n1;2\x1a", [(2, {"a": "1", "b": "2"})]),
        ("a;b\n\n\n1;2", [(4, {"a": "1", "b": "2"})]),
        ("\n\na;b\n1;2", [(4, {"a": "1", "b": "2"})]),
        ("sep=,\na,b\n1,2\n", [(3, {"a": "1", "b": "2"})]),
        ('"a\n,,,,";b\n1;"2\n\n3"\n4;5\n', [(3, {"a ,,,,": "1", "b": "2\n\n3"}), (6, None)]),
    ],
)
def test_les_lignes_d_un_csv_ont_le_numero_que_montre_le_tableur(
    text: str, rows: list[tuple[int, dict[str, str] | None]], tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    _, found = read_rows(path)
    for row, (line, cells) in zip(found, rows, strict=True):
        assert row.line == line and cells in (None, row.cells)


def test_ce_qui_est_garde_se_relit_tel_quel_dans_l_ordre_ou_a_son_rang() -> None:
    fault = Fault("montre une erreur", "Corrigez-la.", "#N/A")
    cells = [None, "x" * 100, 12, Decimal("1.50"), date(2013, 3, 1), AsShown("env. 12", 12), fault]
    lines = [(number, cells) for number in range(ROOM // 100)]
    kept = Kept(iter(lines))
    assert len(kept) == len(lines) and kept.first == lines[0] and list(kept) == lines
    both = zip(kept, kept, strict=True)  # two readings at once, and a third by rank
    assert all(one == other == kept.at(one[0]) for one, other in both)
    back = kept.at(3)[1]
    assert isinstance(back[5], AsShown) and back[5].value == 12
    assert isinstance(back[6], Fault) and (back[6].conseil, back[6].held) == (
        fault.conseil,
        fault.held,
    )
    assert not len(Kept(())) and Kept(()).first is None


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_un_disque_plein_n_est_pas_un_tableau_abime(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"lignes{suffix}"
    path.write_bytes(workbook(["Nom"], [["Alpha"]], "Lignes") if suffix == ".xlsx" else b"Nom\nA\n")

    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "write", full)
    with pytest.raises(DiskError, match="Le disque est plein"):
        read_rows(path)
