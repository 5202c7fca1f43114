"""Mesure un lot : ce que gagne le PDF par groupes et à deux, et ce que prend de mémoire un lot dix
fois plus grand.

Les passages alternent, la médiane est gardée : les rapports comptent, pas les secondes. Un rapport
trop faible fait échouer ``make bench``.
"""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from dla_docs.lot import batch
from dla_docs.pdf import convert, convert_many
from dla_docs.pdf.export import FILTERS
from dla_docs.pdf.office import find_office
from tests.bench import performances
from tests.bench.performances import french
from tests.lot.lignes import SLUG, row
from tests.lot.test_memoire import peaks, peaks_of_files

FLOOR = "LibreOffice, tous les fichiers à la fois"
ROUNDS, SHEETS, ONE_BY_ONE = 3, 200, 20
FEW, MANY = 1_000, 10_000  # rows
AT_MOST, GROUPED_AT_LEAST = 1.15, 2.5  # with its proof, one LibreOffice uses nearly two cores
MEMORY = (  # how many times that of few rows many rows took at first, and may take at most
    ("2,6 fois (20 000 lignes, rapportées à 300)", 1.1),
    ("3,06 fois", 1.1),
    ("2,09 fois", 1.1),
)

Sheets = Sequence[tuple[str, bytes]]


def sheets(count: int) -> Sheets:
    """Des évaluations, toutes différentes."""
    with tempfile.TemporaryDirectory() as folder:
        made = [
            Path(file)
            for result in batch(map(row, range(count)), SLUG, folder)
            for file in result.fichiers
        ]
        return [(path.name, path.read_bytes()) for path in made]


def grouped(processes: int) -> Callable[[Sheets], None]:
    """Par groupes, avec tant de LibreOffice à la fois."""

    def run(held: Sheets) -> None:
        for name, outcome in convert_many(held, processes=processes):
            assert isinstance(outcome, bytes), name

    return run


def one_by_one(held: Sheets) -> None:
    """Un LibreOffice lancé par document."""
    for _, octets in held:
        convert(octets)


def at_once(held: Sheets) -> None:
    """Le plancher : un LibreOffice à qui sont donnés tous les fichiers, et dont rien n'est relu."""
    office = find_office()
    with tempfile.TemporaryDirectory() as folder:
        for name, octets in held:
            (Path(folder) / name).write_bytes(octets)
        profile = f"-env:UserInstallation={Path(folder, 'profil').as_uri()}"
        command = [str(office.path), profile, "--headless", "--convert-to", FILTERS["pdf"]]
        command += ["--outdir", folder, *map(str, Path(folder).glob("*.docx"))]
        subprocess.run(command, check=True, capture_output=True, start_new_session=True)
        assert len([*Path(folder).glob("*.pdf")]) == len(held)


def measure(held: Sheets, rounds: int = ROUNDS) -> dict[str, float]:
    """Le temps médian par document, en millisecondes, par façon de faire."""
    ways = {
        "à deux": (grouped(2), held),
        "seul": (grouped(1), held),
        FLOOR: (at_once, held),
        "un lancement par document": (one_by_one, held[:ONE_BY_ONE]),
    }
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (run, documents) in ways.items():
            start = time.perf_counter()
            run(documents)
            spent[name].append((time.perf_counter() - start) / len(documents) * 1000)
    return {name: statistics.median(times) for name, times in spent.items()}


def memory() -> dict[str, float]:
    """Ce que prennent dix fois plus de lignes, d'où qu'elles viennent : le lot entier d'un
    programme, la lecture d'un fichier.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = {
            "d'un programme": peaks(folder, FEW, MANY),
            "lues d'un CSV": peaks_of_files(folder, ".csv", FEW, MANY),
            "lues d'un XLSX": peaks_of_files(folder, ".xlsx", FEW, MANY),
        }
    return {name: many / few for name, (few, many) in found.items()}


def main() -> tuple[list[performances.Told], list[str]]:
    """Imprime les mesures ; les rend dans les mots de la page, et ce qui n'atteint pas ce qui est
    promis.
    """
    times = measure(sheets(SHEETS))
    table = Table(
        "PDF", "ms par document", "« à deux » va plus vite", title=f"{SHEETS} évaluations en PDF"
    )
    for name, spent in times.items():
        table.add_row(name, f"{spent:.0f}", f"{spent / times['à deux']:.1f} fois")
    grown = memory()
    Console().print(table, f"Mémoire de {MANY} lignes, rapportée à celle de {FEW} :", grown)
    promised = {
        f"des PDF prouvés prennent au plus {french(AT_MOST, 2)} fois leur seule conversion": times[
            "seul"
        ]
        <= AT_MOST * times[FLOOR],
        "deux LibreOffice vont plus vite qu'un": times["à deux"] < times["seul"],
        f"et {french(GROUPED_AT_LEAST, 1)} fois plus vite qu'un lancement par document": times[
            "un lancement par document"
        ]
        >= GROUPED_AT_LEAST * times["à deux"],
        **{
            f"dix fois plus de lignes {name} prennent au plus {most} fois plus de mémoire": taken
            <= most
            for (name, taken), (_, most) in zip(grown.items(), MEMORY, strict=True)
        },
    }
    alone, together = (french(times[way] / times[FLOOR], 2) for way in ("seul", "à deux"))
    told = [
        performances.Told(
            f"{SHEETS} évaluations en PDF, temps d'attente",
            "–",
            f"{french(AT_MOST, 2)} fois LibreOffice, à qui tous les fichiers sont donnés",
            f"{alone} fois ; avec deux LibreOffice, {together} fois",
        ),
        *(
            performances.Told(
                f"la mémoire de 10 000 lignes {name}, rapportée à celle de 1 000",
                before,
                "1,1 fois",
                f"{french(taken, 2)} fois",
            )
            for (name, taken), (before, _) in zip(grown.items(), MEMORY, strict=True)
        ),
    ]
    return told, [promise for promise, kept in promised.items() if not kept]
