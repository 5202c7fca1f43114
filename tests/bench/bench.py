"""Mesure la production d'un document : temps de calcul par document, face à docxtpl et face à la
seule compression des mêmes textes.

À lancer par ``make bench`` ou ``python -m tests.bench.bench``. Les passages alternent, la médiane
est gardée : les rapports comptent, pas les millisecondes.
"""

from __future__ import annotations

import io
import statistics
import time
import warnings
import zipfile
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any
from unittest import mock

from rich.console import Console
from rich.table import Table

from dla_docs.templating import compile_template
from dla_docs.word import archive
from tests.bench import lots, performances
from tests.bench.document import template, values

ROUNDS, PER_ROUND = 15, 20
SLOW_PER_ROUND = 2  # docxtpl: as many rounds, fewer documents in each

OURS, DOCXTPL = "dla_docs (zlib)", "docxtpl"
FLOOR = "compression seule des mêmes textes (zlib)"
Renderer = Callable[[Mapping[str, Any]], object]


def ours(source: bytes) -> Renderer:
    """Le moteur de dla_docs, modèle compilé d'avance."""
    compiled = compile_template(source)
    return compiled.render


def ours_with_zlib(source: bytes) -> Renderer:
    """Le même, sans l'extra « rapide »."""
    compiled = compile_template(source)

    def render(given: Mapping[str, Any]) -> bytes:
        with mock.patch.object(archive, "deflate", archive.deflate_with_zlib):
            return compiled.render(given)

    return render


def docxtpl(source: bytes) -> Renderer:
    """docxtpl, comme sa documentation l'emploie."""
    from docxtpl import DocxTemplate

    def render(given: Mapping[str, Any]) -> bytes:
        document = DocxTemplate(io.BytesIO(source))
        document.render(given, autoescape=True)
        written = io.BytesIO()
        document.save(written)
        return written.getvalue()

    return render


def deflating(source: bytes) -> Renderer:
    """Le plancher : compresser avec zlib les parties que le moteur produit, sans les produire."""
    with (
        zipfile.ZipFile(io.BytesIO(source)) as before,
        zipfile.ZipFile(io.BytesIO(compile_template(source).render(values()))) as after,
    ):
        same = {name: before.read(name) for name in before.namelist()}
        changing = [
            after.read(name) for name in after.namelist() if after.read(name) != same.get(name)
        ]

    return lambda given: [archive.deflate_with_zlib(content) for content in changing]


def measure(renderers: dict[str, tuple[Renderer, int]]) -> dict[str, float]:
    """Le temps de calcul médian d'un document, en millisecondes, par moteur ; aucun n'a déjà vu les
    valeurs qu'il imprime.
    """
    spent: dict[str, list[float]] = {name: [] for name in renderers}
    seeds = count()
    for _ in range(ROUNDS):
        for name, (render, documents) in renderers.items():
            given = [values(next(seeds)) for _ in range(documents)]
            start = time.process_time()
            for one in given:
                render(one)
            spent[name].append((time.process_time() - start) / documents * 1000)
    return {name: statistics.median(times) for name, times in spent.items()}


def main() -> None:
    """Imprime le tableau des mesures."""
    warnings.simplefilter("ignore")
    source = template()
    start = time.process_time()
    compile_template(source)
    compilation = (time.process_time() - start) * 1000
    quick = (
        {}
        if archive.deflate is archive.deflate_with_zlib
        else {"dla_docs (isal, extra « rapide »)": (ours(source), PER_ROUND)}
    )
    renderers = {
        **quick,
        OURS: (ours_with_zlib(source), PER_ROUND),
        DOCXTPL: (docxtpl(source), SLOW_PER_ROUND),
        FLOOR: (deflating(source), PER_ROUND),
    }
    times = measure(renderers)
    table = Table(
        "moteur",
        "ms de calcul par document",
        "rapport à docxtpl",
        title="Un document de 120 champs et 4 tableaux de 12 lignes",
    )
    for name, spent in times.items():
        table.add_row(name, f"{spent:.2f}", f"{times[DOCXTPL] / spent:.0f}")
    Console().print(table, f"Compilation du modèle, une fois : {compilation:.0f} ms.")
    pdf, missed = lots.main()
    performances.main([engine(times), *pdf])
    if missed:
        raise SystemExit("Promesse non tenue : " + " ; ".join(missed) + ".")


def engine(times: Mapping[str, float]) -> performances.Told:
    """Le moteur seul, dans les mots de la page."""
    ours, theirs, floor = (times[name] for name in (OURS, DOCXTPL, FLOOR))
    return performances.Told(
        "le moteur seul, sans l'extra « rapide » : 120 champs, 4 tableaux de 12 lignes",
        "60 à 80 fois docxtpl",
        "100 fois docxtpl, 2 fois le plancher",
        f"{performances.french(theirs / ours, 0)} fois docxtpl, "
        f"{performances.french(ours / floor)} fois le plancher",
    )


if __name__ == "__main__":
    main()
