"""Mesure ce qu'un utilisateur attend, et l'écrit dans ``docs/performances.md`` avec la machine.

Les passages alternent, la médiane du temps de calcul est gardée : les rapports comptent, pas les
millisecondes.
"""

from __future__ import annotations

import gc
import io
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from dla_docs import DOCUMENTS, check, load, read, trame
from dla_docs.lot import batch
from dla_docs.pipeline import load_document
from dla_docs.registry import FORMULAIRES
from dla_docs.resources import template_path
from dla_docs.stages.loading import load_mission
from dla_docs.stages.rendering import fill, template_for
from dla_docs.stages.request import resolve
from dla_docs.stages.verification import verified
from dla_docs.tables.reading import read_rows
from dla_docs.tables.writing import streamed_workbook
from dla_docs.templating import lint
from dla_docs.templating.operators import TEXT_FILTERS
from tests.bench.flammes import page
from tests.docs.pages import ROOT
from tests.lot.lignes import SLUG, row
from tests.word_forms import resaved_by_word

ROUNDS, SHEETS = 5, 20
PAGE = ROOT / "docs" / "performances.md"
MISSION = ROOT / "samples" / "mission_individuelle.yaml"
FORM = "grille_de_suivi"
FREE = ("commentaire", "commentaire_prestataire", "modalites", "intitule")  # what a row says freely
SENTENCE = re.compile(r"\.(['\"]?)$", re.MULTILINE)  # where one ends, in the sample mission
ROWS, COLUMNS = 20_000, 10
MODEL = "import pydantic\nclass Modele(pydantic.BaseModel):\n    nom: str = ''\nModele(nom='x')"

Action = Callable[[], object]


@dataclass(frozen=True)
class Goal:
    """Ce qu'on mesure : ``run`` rend une façon neuve de le faire une fois, ce qui la prépare
    n'étant pas compté ; ``divisor`` : combien de documents elle fait ; ``cold`` : dans un processus
    neuf.
    """

    name: str
    before: str
    wanted: str
    run: Callable[[], Action]
    divisor: int = 1
    cold: bool = False


def spent(goal: Goal) -> float:
    """Les millisecondes de calcul d'un passage, par document ; ce que les autres mesures ont laissé
    à ramasser l'est avant, et non pendant.
    """
    action, who = goal.run(), resource.RUSAGE_CHILDREN if goal.cold else resource.RUSAGE_SELF
    gc.collect()
    before = resource.getrusage(who)
    action()
    after = resource.getrusage(who)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used / goal.divisor * 1000


def measured(goals: list[Goal]) -> dict[str, float]:
    """Le temps médian de chacun ; un premier passage, qui n'est pas compté, fait ce qui ne se fait
    qu'une fois par processus.
    """
    times: dict[str, list[float]] = {goal.name: [] for goal in goals}
    for goal in goals:
        spent(goal)
    for _ in range(ROUNDS):
        for goal in goals:
            times[goal.name].append(spent(goal))
    return {name: statistics.median(found) for name, found in times.items()}


def command(*words: str) -> Callable[[], Action]:
    """Une commande, dans un processus neuf ; ``{sortie}`` : un dossier à elle. Python y trouve ses
    modules compilés, comme là où le paquet est installé : un premier passage, qui n'est pas compté,
    les compile s'il le faut.
    """

    def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            said = [word.format(sortie=Path(folder) / "sortie") for word in words]
            done = subprocess.run(
                [sys.executable, *said], cwd=ROOT, env=_INSTALLED, capture_output=True
            )
            assert done.returncode < 2, done.stderr.decode()

    return lambda: run


_BYTECODE = tempfile.TemporaryDirectory()
_INSTALLED = {
    **{name: one for name, one in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONPYCACHEPREFIX": _BYTECODE.name,
}
_HOUSE = tempfile.TemporaryDirectory()
_OWN = Path(_HOUSE.name)
_RANK = count()


def sheets() -> Action:
    """Des fiches dont aucun texte libre n'a déjà servi, de la ligne aux octets sur le disque."""
    rows = [own_words(next(_RANK)) for _ in range(SHEETS)]

    def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            assert all(result.fichiers for result in batch(rows, SLUG, folder))

    return run


def own_words(number: int) -> dict[str, Any]:
    """La ligne de ce rang, dont chaque texte libre n'est qu'à elle : ce qui est gardé d'une fiche à
    l'autre ne lui sert pas.
    """
    return {
        path: f"{value} Dossier {number}." if path.rpartition(".")[2] in FREE else value
        for path, value in row(number).items()
    }


def docxtpl() -> Action:
    """Le même modèle Word et des valeurs de même forme, rendus et enregistrés par docxtpl, qui ne
    contrôle rien ; le filtre du projet que ce modèle emploie lui est donné.
    """
    from docxtpl import DocxTemplate
    from jinja2 import Environment

    source = template_path(SLUG).read_bytes()
    values = resolve(load_document(ROOT / "samples" / f"{SLUG}.yaml")).printable
    environment = Environment(autoescape=True)
    environment.filters["abrege"] = TEXT_FILTERS["abrege"]

    def run() -> None:
        document = DocxTemplate(io.BytesIO(source))
        document.render(values, environment, autoescape=True)
        document.save(io.BytesIO())

    return run


def whole_check() -> Action:
    """La vérification entière d'une fiche."""
    request = resolve(load_document(ROOT / "samples" / f"{SLUG}.yaml"))
    octets, template = fill(request), template_for(request)
    return lambda: verified(octets, request, template)


def reading() -> Action:
    """La relecture d'un formulaire qu'aucun autre passage n'a lu."""
    octets = trame(FORM, load_mission(MISSION), lignes={"etapes": 3 + next(_RANK) % 6})
    return lambda: read(octets)


def forming() -> Action:
    """Un formulaire qu'aucun autre passage n'a fait."""
    mission = load_mission(MISSION)
    lines = {"etapes": 3 + next(_RANK) % 6}
    return lambda: trame(FORM, mission, lignes=lines)


def in_a_row(one: Callable[[], Action]) -> Callable[[], Action]:
    """La même chose, faite ``SHEETS`` fois de suite : seule, elle attend aussi que le processeur
    retrouve ce que la mesure d'avant en a chassé.
    """

    def prepared() -> Action:
        actions = [one() for _ in range(SHEETS)]
        return lambda: [action() for action in actions]

    return prepared


def _own_mission() -> Path:
    """La mission d'exemple, dont aucune phrase n'a déjà servi."""
    shutil.copytree(MISSION.parent, _OWN, dirs_exist_ok=True)  # what it cites is beside it
    mission = _OWN / f"mission_{next(_RANK)}.yaml"
    said = MISSION.read_text(encoding="utf-8")
    mission.write_text(SENTENCE.sub(rf" ({next(_RANK)}).\1", said), encoding="utf-8")
    return mission


def own_forming() -> Action:
    """Un formulaire d'une mission dont aucune phrase n'a déjà servi."""
    mission = load_mission(_own_mission())
    return lambda: trame(FORM, mission)


def own_reading() -> Action:
    """La relecture de ce formulaire, fait ailleurs et que Word a enregistré : rien ici n'en est
    connu.
    """
    made = _OWN / "formulaire.docx"
    asked = ("-m", "dla_docs", "trame", FORM, "--mission", str(_own_mission()), "--remplacer")
    command(*asked, "-o", str(made))()()
    octets = resaved_by_word(made.read_bytes())
    return lambda: read(octets)


def own_checking() -> Action:
    """Une mission dont aucune phrase n'a déjà servi, lue et contrôlée."""
    mission = _own_mission()
    return lambda: check(load(mission))


def opening() -> Action:
    """Un classeur, ouvert et lu jusqu'à sa dernière ligne."""
    book = _OWN / "classeur.xlsx"
    if not book.exists():
        headings = [f"Colonne {rank}" for rank in range(COLUMNS)]
        rows = ([_cell(line, rank) for rank in range(COLUMNS)] for line in range(ROWS))
        book.write_bytes(streamed_workbook([("Lignes", headings, rows)]))

    def run() -> None:
        _, lines = read_rows(book)
        assert sum(1 for _ in lines) == ROWS

    return run


def _cell(line: int, rank: int) -> str | int:
    return line * rank if rank % 3 else f"Réponse {rank} de la ligne {line}"


def compiling() -> Action:
    """La compilation d'un modèle, chacun à son tour."""
    slug = [*DOCUMENTS][next(_RANK) % len(DOCUMENTS)]
    return lambda: lint(template_path(slug), FORMULAIRES[slug])


DOCXTPL = "docxtpl, un rendu et son enregistrement, sans contrôle"
PYDANTIC = "importer pydantic et faire un modèle, à froid"
SHEET = "une fiche d'un lot, de la ligne aux octets sur le disque, contrôlée"
VERIFIER = "dla-docs verifier d'un document, à froid"
GOALS = [
    Goal(SHEET, "16 à 28 ms", "50 fois docxtpl", sheets, SHEETS),
    Goal(DOCXTPL, "151 ms", "", docxtpl),
    Goal("la vérification entière d'une fiche", "", "", whole_check),
    Goal(
        "la mission d'exemple, tous ses documents, Word, à froid",
        "3,8 s",
        "1,2 s",
        command("-m", "dla_docs", "dossier", str(MISSION), "-o", "{sortie}"),
        cold=True,
    ),
    Goal(
        VERIFIER,
        "0,56 s",
        "2 fois pydantic",
        command("-m", "dla_docs", "verifier", "samples/proposition.yaml"),
        cold=True,
    ),
    Goal(PYDANTIC, "", "", command("-c", MODEL), cold=True),
    Goal("lire un formulaire", "15 à 26 ms", "5 ms", reading),
    Goal("lire un formulaire que Word a enregistré, d'une mission jamais vue", "", "", own_reading),
    Goal("trame d'un formulaire", "37 ms", "4 ms", forming),
    Goal("trame d'un formulaire, vingt de suite", "", "", in_a_row(forming), SHEETS),
    Goal("trame d'un formulaire, d'une mission jamais vue", "", "", own_forming),
    Goal("load et check de la mission d'exemple", "56 ms", "15 ms", lambda: _checked),
    Goal("load et check, d'une mission jamais vue", "", "", own_checking),
    Goal("compiler un modèle Word", "100 à 300 ms", "30 ms", compiling),
    Goal("ouvrir un classeur de 20 000 lignes et 10 colonnes", "8,3 s", "2 s", opening),
]


def _checked() -> object:
    return check(load(MISSION))


def french(value: float, digits: int = 1) -> str:
    """Un nombre à la française."""
    return f"{value:.{digits}f}".replace(".", ",")


def said(milliseconds: float) -> str:
    """Une durée, en secondes quand c'en est plus d'une."""
    if milliseconds < 1000:
        return f"{french(milliseconds)} ms"
    return f"{french(milliseconds / 1000)} s"


class Told(NamedTuple):
    """Une ligne de la page qu'un autre banc mesure."""

    name: str
    before: str
    wanted: str
    said: str


def lines(times: dict[str, float], told: Iterable[Told]) -> Iterator[str]:
    """La page, ligne par ligne."""
    yield "# Performances\n"
    yield (
        "Page écrite par `make bench`. Temps de calcul, et non d'attente ; médianes de "
        f"{ROUNDS} passages alternés. Les rapports comptent,\npas les millisecondes, qui sont "
        f"celles de cette machine : {machine()}.\n"
    )
    yield "| mesure | au départ | objectif | mesuré |"
    yield "|---|---|---|---|"
    for goal in GOALS:
        yield (
            f"| {goal.name} | {goal.before or '–'} | {goal.wanted or '–'} "
            f"| {said(times[goal.name])} |"
        )
    yield from (f"| {' | '.join(one)} |" for one in told)
    yield (
        f"\nUne fiche de lot va {french(times[DOCXTPL] / times[SHEET], 0)} fois plus vite que "
        f"docxtpl ; « verifier » à froid prend {french(times[VERIFIER] / times[PYDANTIC])} fois ce "
        "que prend pydantic.\nCe qui est vérifié une fois, et ce qui l'est à chaque document : "
        "[décision 0022](decisions/0022-une-fois.md) ; ce qui est livré prêt : "
        "[décision 0026](decisions/0026-a-froid.md) ;\nce qui se lit et s'habille par morceaux : "
        "[décision 0027](decisions/0027-par-morceaux.md).\n"
    )
    yield from page()


def machine() -> str:
    """Le processeur, ses cœurs et Python."""
    about = Path("/proc/cpuinfo")
    names = about.read_text(encoding="utf-8").splitlines() if about.exists() else []
    model = next((one.partition(":")[2].strip() for one in names if "model name" in one), "")
    cores = os.cpu_count() or 1
    return f"{model or platform.machine()}, {cores} cœurs, Python {platform.python_version()}"


def main(told: Iterable[Told]) -> None:
    """Mesure et écrit la page ; ``told`` : ce qu'ont mesuré les autres bancs."""
    started = time.perf_counter()
    PAGE.write_text("\n".join(lines(measured(GOALS), told)) + "\n", encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} : écrit en {time.perf_counter() - started:.0f} s.")
