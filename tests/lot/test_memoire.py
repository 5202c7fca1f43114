"""La mémoire d'un lot ne dépend pas du nombre de ses lignes."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from tests.docs.pages import ROOT
from tests.lot.lignes import SLUG, row, write_table

# What a process took, whatever the one that launched it took: ``ru_maxrss`` starts from that
TAKEN = """
from pathlib import Path
def taken():
    held = Path("/proc/self/status").read_text()
    return held.partition("VmHWM:")[2].split()[0]
"""
PEAK = """
import sys
from dla_docs import load
from dla_docs.lot import batch
from dla_docs.resources import sample_path
from dla_docs.stages.envelope import data_of

known = data_of(load(sample_path("notification_de_choix")))
for count in map(int, sys.argv[2:]):
    rows = (known | {"reference": f"{count}-{number}"} for number in range(count))
    results = batch(rows, "notification_de_choix", sys.argv[1] + str(count))
    done = sum(not result.refus for result in results)
    assert done == count, done
    print(taken())
"""


def peaks(folder: Path, *counts: int) -> list[int]:
    """La mémoire prise par un processus après chacun de ces lots, l'un après l'autre (en
    kilo-octets).
    """
    return _told(PEAK, f"{folder}{os.sep}", *map(str, counts))


def _told(script: str, *words: str) -> list[int]:
    done = subprocess.run(
        [sys.executable, "-c", TAKEN + script, *words],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    return [int(line) for line in done.stdout.split()]


READ = """
import sys
from dla_docs.lot.rows import data_of, open_table
from dla_docs.registry import DOCUMENTS

path, slug = sys.argv[1:]
table = open_table(path, DOCUMENTS[slug])
done = sum(bool(data_of(line, DOCUMENTS[slug], path)) for line in table.lines)
assert done == table.total, done
print(taken())
"""
COLUMNS = 60  # a workbook of 10 000 rows that are fuller is too big to be a table


def peaks_of_files(folder: Path, suffix: str, *counts: int) -> list[int]:
    """La mémoire prise, pour chacun de ces nombres de lignes, par un processus neuf qui lit d'un
    fichier les données de tout un lot (en kilo-octets).
    """
    files = [_file(folder / f"{count}{suffix}", count) for count in counts]
    return [peak for path in files for peak in _told(READ, str(path), SLUG)]


def _file(path: Path, count: int) -> Path:
    rows = (dict(islice(row(number).items(), COLUMNS)) for number in range(count))
    if path.suffix != ".csv":
        return write_table(path, rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, [*row(0)][:COLUMNS], delimiter=";")
        table.writeheader()
        table.writerows(rows)
    return path


@pytest.mark.lent
@pytest.mark.skipif(sys.platform != "linux", reason="Seul Linux dit cette mesure.")
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_dix_fois_plus_de_lignes_d_un_fichier_non_plus(tmp_path: Path, suffix: str) -> None:
    few, many = peaks_of_files(tmp_path, suffix, 400, 4000)
    assert many < few * 1.1


@pytest.mark.lent
@pytest.mark.skipif(sys.platform != "linux", reason="Seul Linux dit cette mesure.")
def test_plus_de_lignes_d_un_programme_n_en_prennent_pas_plus(tmp_path: Path) -> None:
    few, many = peaks(tmp_path, 1000, 4000)
    assert many < few * 1.1
    few, many = peaks(tmp_path, 1000, 4000)  # taken up again: all is made, and looked at
    assert many < few * 1.1
