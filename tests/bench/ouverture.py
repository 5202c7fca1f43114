"""Des fichiers de projets publics, ouverts par les portes d'ici : chacun dans un processus à lui,
dont le temps est compté.

    python -m tests.bench.ouverture DOSSIER CONSTATS   # un sous-dossier par projet

Écrit sa part de docs/fiabilite.md ; CONSTATS (.jsonl) reçoit ce que chaque porte a dit de chaque
fichier, phrases comprises ; ce qu'il dit déjà n'est pas refait. Ce qui a été jugé de chaque phrase
qui refuse est dans refus.yaml ; celle qui n'y est pas est « à juger ».
"""

from __future__ import annotations

import gc
import io
import json
import os
import re
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout, suppress
from dataclasses import asdict, dataclass
from math import inf
from pathlib import Path
from resource import RLIMIT_CPU, setrlimit
from time import monotonic, sleep
from typing import Any

import yaml

from dla_docs import trame
from dla_docs.cli.application import run
from dla_docs.errors import DlaDocsError
from dla_docs.files import read_bytes
from dla_docs.tables.reading import read_sheets
from dla_docs.tables.writing import workbook
from dla_docs.templating import DEFINITIF, compile_template
from dla_docs.word.package import MAX_FILE, open_package
from dla_docs.word.soundness import soundness
from tests.bench.fiabilite import write_part

PATIENCE = 60  # seconds of the processor
ASLEEP = 20 * PATIENCE  # seconds that pass, for what waits without working
STOPPED = (-signal.SIGXCPU, -signal.SIGKILL)
KIND = "fiche_prestataire"
OURS, DEFECT = (0, 1, 2), "Défaut de dla-docs"
FATES = ("lu", "refusé", "panne", "arrêté")
REFUSED = FATES[1]
JUDGED = Path(__file__).with_name("refus.yaml")
TO_JUDGE = "à juger"
COUNTS = re.compile(r"\d+ \d+")  # what the door of tables prints of each sheet
LAST_SAID = 4000

Door = Callable[[Path], "tuple[int, str]"]


@dataclass(frozen=True)
class Outcome:
    """Ce qu'une porte a fait d'un fichier."""

    project: str
    file: str
    door: str
    fate: str
    seconds: float
    said: str


def command(*words: str) -> Door:
    """Une commande, ``{}`` tenant la place du fichier."""
    return lambda path: (run([str(path) if word == "{}" else word for word in words]), "")


def filled(path: Path) -> tuple[int, str]:
    """Le fichier compilé comme modèle, rempli de rien, et relu : sain, tel qu'il était."""
    content = read_bytes(path, MAX_FILE)
    made = compile_template(content)
    drawn = made.drawn({})
    octets = made.written({**drawn.printed, **drawn.around(DEFINITIF, None)})
    before = {constat.message for constat in soundness(open_package(content))}
    worse = [one for one in soundness(open_package(octets)) if one.message not in before]
    return (2 if worse else 0), "\n".join(one.message for one in worse)


def table(path: Path) -> tuple[int, str]:
    """Toutes les lignes de toutes les feuilles ; ce qui n'y est pas admis, une fois par sorte."""
    said: dict[str, str] = {}
    for sheet in read_sheets(path):
        headings, rows = sheet.table()
        faults = [row.faults for row in rows]
        said |= {_alike(one.message): one.message for row in faults for one in row}
        print(len(headings), len(faults))
    return 0, "\n".join(" ".join(one.split()) for one in said.values())


WORD: dict[str, Door] = {
    "modele verifier": command("modele", "verifier", "{}", KIND),
    "rempli tel quel": filled,
    "lire": command("lire", "{}"),
    "verifier": command("verifier", "{}"),
}
TABLE: dict[str, Door] = {
    "lignes lues": table,
    "lot": command("lot", "{}", KIND, "-o", "sortie", "--brouillon"),
    "portefeuille verifier": command("portefeuille", "verifier", "{}"),
}
READING = ("modele verifier", "rempli tel quel", "lignes lues")  # the others want files of here
DOORS = {
    ".docx": WORD, ".docm": WORD, ".dotx": WORD,
    ".xlsx": TABLE, ".xlsm": TABLE, ".csv": TABLE, ".tsv": TABLE, ".ods": TABLE,
}  # fmt: skip


def outcome(path: Path, door: str) -> Outcome:
    """Ce que cette porte fait de ce fichier, dans un processus à elle."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "dit"
        pid = os.fork()
        if not pid:
            _opened(path.absolute(), DOORS[path.suffix.lower()][door], report)
        fate, spent = _fate(pid)
        said = report.read_text(encoding="utf-8", errors="replace") if report.exists() else ""
    if DEFECT in said:
        fate = "panne"
    return Outcome(path.parent.name, path.name, door, fate, spent, said[-LAST_SAID:])


def _opened(path: Path, door: Door, report: Path) -> None:
    """In the child, which never returns from here."""
    said, code = io.StringIO(), 3
    setrlimit(RLIMIT_CPU, (PATIENCE, PATIENCE))
    os.chdir(report.parent)
    try:
        with redirect_stdout(said), redirect_stderr(said):
            code, told = door(path)
            said.write(told)
    except DlaDocsError as error:
        code = error.exit_code
        said.write(str(error))
    except BaseException as error:
        said.write(f"{DEFECT} : {error!r}")
    finally:
        report.write_text(said.getvalue(), encoding="utf-8", errors="replace")
        os._exit(code)


def _fate(pid: int) -> tuple[str, float]:
    """And the seconds that the processor spent on it: a busy machine stops nothing."""
    deadline = monotonic() + ASLEEP
    while True:
        ended, status, used = os.wait4(pid, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            known = "panne" if code not in OURS else "refusé" if code == 2 else "lu"
            fate = "arrêté" if code in STOPPED else known
            return fate, round(used.ru_utime + used.ru_stime, 2)
        if monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            deadline = inf
        sleep(0.005)


def outcomes(folder: Path, done: set[tuple[str, str, str]]) -> Iterator[Outcome]:
    """Toutes les portes de tous les fichiers d'un dossier, projet par projet, moins celles qui sont
    déjà faites.
    """
    _warm()
    for path in sorted(folder.glob("*/*")):
        for door in DOORS.get(path.suffix.lower(), ()):
            if (path.parent.name, path.name, door) not in done:
                yield outcome(path, door)


def _warm() -> None:
    """Through every door once: what is loaded on the way is not loaded again in each process."""
    empty = {".docx": trame(KIND), ".xlsx": workbook(["Nom du prestataire"], [["A"]], "Table")}
    said = io.StringIO()
    with (
        tempfile.TemporaryDirectory() as folder,
        chdir(folder),
        redirect_stdout(said),
        redirect_stderr(said),
    ):
        for suffix, content in empty.items():
            path = Path(folder) / f"f{suffix}"
            path.write_bytes(content)
            for door in DOORS[suffix].values():
                with suppress(DlaDocsError):
                    door(path)
    gc.collect()
    gc.freeze()


def page(found: list[Outcome]) -> str:
    """La part de la page : par porte, combien de fichiers de chaque sort."""
    projects = len({one.project for one in found})
    rows = ["| Porte | Fichiers | Lus | Refusés | Pannes | Arrêtés | Le plus long |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]  # fmt: skip
    for door in (*WORD, *TABLE):
        mine = [one for one in found if one.door == door]
        counts = Counter(one.fate for one in mine)
        longest = f"{max((one.seconds for one in mine), default=0):.1f} s".replace(".", ",")
        cells = (len(mine), *(counts[fate] for fate in FATES), longest)
        rows.append(f"| {door} | {' | '.join(map(str, cells))} |")
    return "\n".join([INTRODUCTION.format(projects=projects), "", *rows, "", REFUSALS, "",
                      *refusals(found)])  # fmt: skip


def refusals(found: list[Outcome]) -> list[str]:
    """Le tableau des phrases qui refusent, aux portes qui lisent : combien de fichiers, et ce qui
    en a été jugé ; une phrase nouvelle y est « à juger ».
    """
    judged = yaml.safe_load(JUDGED.read_text(encoding="utf-8"))
    files: dict[str, set[tuple[str, str]]] = {one["dit"]: set() for one in judged}
    for one in found:
        for said in _said_by(one):
            known = next((dit for dit in files if dit in said), _kind_of(said, one.file))
            files.setdefault(known, set()).add((one.project, one.file))
    why = {one["dit"]: (one["juge"], _why(one)) for one in judged}
    rows = [
        f"| « {dit.rstrip('.')} » | {len(mine)} | {' | '.join(why.get(dit, (TO_JUDGE, '')))} |"
        for dit, mine in sorted(files.items(), key=lambda item: -len(item[1]))
    ]
    return ["| La phrase dit | Fichiers | Jugé | Pourquoi |", "| --- | ---: | --- | --- |", *rows]


def _kind_of(said: str, file: str) -> str:
    """A sentence without what is of its file alone."""
    return _alike(re.sub(r"^(, ligne \d+)? : ", "", said.rpartition(file)[2])).replace("|", "¦")


def _alike(message: str) -> str:
    return re.sub(r"\d+", "N", re.sub("« [^»]* »", "« … »", message))


def _why(judged: dict[str, Any]) -> str:
    before = f" ({judged['avant']} avant.)" if "avant" in judged else ""
    return f"{judged['parce_que']}{before}"


def _said_by(one: Outcome) -> list[str]:
    """The sentences of a refusal, by the doors that a file of another may pass; and of the cells
    that a table which is read may not have.
    """
    if one.door not in READING or (one.fate != REFUSED and one.door != READING[-1]):
        return []
    lines = one.said.splitlines()
    whole = lines[1:] if len(one.said) == LAST_SAID else lines  # the first one may be cut
    return [line for line in whole if line.strip() and not COUNTS.fullmatch(line)]


REFUSALS = """### Leurs refus, un par un

Les phrases de « modele verifier », « rempli tel quel » et « lignes lues », chacune jugée sur les
fichiers qui la reçoivent : dit-elle vrai, et leur auteur aurait-il raison de dire « mon fichier est
bon » ? Un fichier peut en recevoir plusieurs, et un tableau qui se lit en recevoir pour une cellule
ou une ligne, qui seule n'est pas admise. Les autres portes refusent tout ce qui n'est pas d'ici,
pour la raison qu'elles disent."""
INTRODUCTION = f"""## Les fichiers des autres

Les fichiers d'essai de {{projects}} projets publics, ouverts chacun par les portes d'ici, dans un
processus arrêté au bout de {PATIENCE} secondes de calcul. Un refus est une phrase, qui dit pourquoi
et le remède ; une panne, une erreur qui n'est pas d'ici. « Rempli tel quel » : compilé comme un
modèle, imprimé, et relu aussi sain qu'il était."""


def main(folder: str, constats: str) -> None:
    """Ouvre tout ce que CONSTATS ne dit pas encore, et récrit la part de la page."""
    path = Path(constats)
    told = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    found = [Outcome(**json.loads(line)) for line in told]
    done = {(one.project, one.file, one.door) for one in found}
    with path.open("a", encoding="utf-8") as log:
        for one in outcomes(Path(folder), done):
            found.append(one)
            print(json.dumps(asdict(one), ensure_ascii=False), file=log, flush=True)
            if one.fate in FATES[2:]:
                print(one.fate, one.door, one.project, one.file, flush=True)
    write_part("ouverture", said := page(found))
    print(f"{said.count(f'| {TO_JUDGE} |')} phrase(s) à juger, dans {JUDGED.name}")


if __name__ == "__main__":
    main(*sys.argv[1:])
