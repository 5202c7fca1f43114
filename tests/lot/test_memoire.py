"""La mémoire d'un lot ne dépend pas du nombre de ses lignes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

PEAK = """
import resource, sys
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
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peaks(folder: Path, *counts: int) -> list[int]:
    """La mémoire prise par un processus après chacun de ces lots, l'un après l'autre (unité : celle
    du système).
    """
    command = [sys.executable, "-c", PEAK, f"{folder}{os.sep}", *map(str, counts)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    return [int(line) for line in done.stdout.split()]


@pytest.mark.lent
@pytest.mark.skipif(sys.platform == "win32", reason="Windows ne dit pas cette mesure.")
def test_dix_fois_plus_de_lignes_ne_prennent_pas_plus_de_memoire(tmp_path: Path) -> None:
    few, many = peaks(tmp_path, 200, 2000)
    assert many < few * 1.3
