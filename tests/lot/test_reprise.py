"""Un lot arrêté, où que ce soit, se reprend : tout y est, rien à moitié, rien deux fois."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from dla_docs.errors import InputError
from dla_docs.lot import batch
from dla_docs.word.package import open_package
from tests.docs.pages import ROOT
from tests.lot.lignes import SLUG, row, write_table

COUNT = 60


def start(table: Path, folder: Path) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "dla_docs",
        "lot",
        str(table),
        SLUG,
        "-o",
        str(folder),
        "--processus",
        "2",
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )


def documents(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.docx")}


def kill_after(process: subprocess.Popen[str], folder: Path, made: int) -> None:
    """SIGKILL to the whole family as soon as that many documents are there."""
    while len(documents(folder)) < made:
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.mark.lent
@pytest.mark.skipif(sys.platform == "win32", reason="Windows n'a pas de SIGKILL.")
def test_tue_deux_fois_puis_fini(tmp_path: Path) -> None:
    table, folder = write_table(tmp_path / "t.xlsx", map(row, range(COUNT))), tmp_path / "lot"
    before: dict[str, int] = {}
    for made in (5, 35):
        kill_after(start(table, folder), folder, made)
        after = documents(folder)
        assert {name: after.get(name) for name in before} == before
        before = after
    assert made <= len(before) < COUNT
    said, problems = (process := start(table, folder)).communicate()
    assert (process.returncode, problems) == (0, "")
    assert said == (
        f"{COUNT - len(before)} "
        f"{'documents faits' if COUNT - len(before) > 1 else 'document fait'}, {len(before)} déjà "
        f"faits dans {folder}.\n"
    )
    after = documents(folder)
    assert len(after) == COUNT and {name: after[name] for name in before} == before
    for name in after:
        open_package(folder / name)


class Killed(BaseException):
    """La machine s'arrête."""


class Memory:
    """Un dossier en mémoire, dont la machine s'arrête à un moment choisi ; ``writes`` compte ce qui
    a été écrit.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.writes: dict[str, int] = {}
        self.left = -1

    def alive(self) -> None:
        if self.left == 0:
            raise Killed
        self.left -= 1

    def prepare(self, sub: str) -> None:
        self.alive()

    def names(self, sub: str = "") -> set[str]:
        self.alive()
        return {
            name.removeprefix(f"{sub}/") for name in self.files if name.rpartition("/")[0] == sub
        }

    def read(self, name: str) -> bytes:
        self.alive()
        return self.files.get(name, b"")

    def open(self, name: str) -> BinaryIO:
        return io.BytesIO(self.read(name))

    def write(self, name: str, data: bytes | Iterable[bytes]) -> None:
        self.alive()
        self.files[name] = data if isinstance(data, bytes) else b"".join(data)
        self.writes[name] = self.writes.get(name, 0) + 1

    def remove(self, name: str) -> None:
        self.alive()
        self.files.pop(name, None)

    def place(self, name: str) -> str:
        return name


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Callable[[Memory], list[Any]]:
    """Un lot de cinq documents, Word et PDF, par groupes de deux, dans un dossier en mémoire."""

    def converted(
        given: Iterator[tuple[str, bytes]], **options: Any
    ) -> Iterator[tuple[str, bytes]]:
        return ((name, b"%PDF of " + name.encode()) for name, _ in given)

    monkeypatch.setattr("dla_docs.pdf.convert_many", converted)
    monkeypatch.setattr("dla_docs.lot.running.CONVERTED", 2)

    def run(folder: Memory, changed: int = -1) -> list[Any]:
        monkeypatch.setattr("dla_docs.lot.running.folder_at", lambda place: folder)
        rows = [
            {"Référence": f"R{number}", "structure.nom": "Même nom", "date": f"0{number}/03/2013"}
            for number in range(1, 6)
        ]
        if changed >= 0:
            rows[changed]["date"] = "09/03/2013"
        return list(
            batch(
                rows,
                "note_mi_parcours",
                "memoire",
                noms="{structure.nom}",
                pdf=True,
                brouillon=True,
            )
        )

    return run


EXPECTED = sorted(
    f"Même nom{number}{suffix}"
    for number in ("", " (2)", " (3)", " (4)", " (5)")
    for suffix in (".docx", ".pdf")
)


def test_ou_que_la_machine_s_arrete_rien_n_est_perdu_ni_refait(
    quick: Callable[..., list[Any]],
) -> None:
    whole = Memory()
    quick(whole)
    for stop in count(1):
        folder = Memory()
        folder.left = stop
        try:
            quick(folder)
        except Killed:
            folder.left = -1
            quick(folder)
        else:
            break
        assert sorted(name for name in folder.files if "/" not in name) == EXPECTED
        assert {name: folder.files[name] for name in EXPECTED} == {
            name: whole.files[name] for name in EXPECTED
        }
        twice = {name for name in EXPECTED if folder.writes[name] > 1}
        assert len({name.partition(".")[0] for name in twice}) <= 1, (
            stop,
            twice,
        )  # the Word of the document whose PDF was not there yet
        assert not any(name.endswith(".pdf") for name in twice)
        assert [result.deja_fait for result in quick(folder)] == [True] * 5
    assert stop > 20


def test_une_ligne_changee_est_seule_refaite_sous_son_nom(quick: Callable[..., list[Any]]) -> None:
    folder = Memory()
    quick(folder)
    made = quick(folder, changed=2)
    assert [result.deja_fait for result in made] == [True, True, False, True, True]
    assert made[2].fichiers == ("Même nom (3).docx", "Même nom (3).pdf")
    assert sorted(name for name in folder.files if "/" not in name) == EXPECTED
    assert list(folder.files) and [name for name in folder.files if name.startswith(".lot/")] == [
        ".lot/journal.json"
    ]


def test_une_mise_a_jour_tuee_ne_laisse_aucun_document_perime(
    quick: Callable[..., list[Any]],
) -> None:
    wanted = Memory()
    quick(wanted, changed=2)
    for stop in count(1):
        folder = Memory()
        quick(folder)
        folder.left = stop
        try:
            quick(folder, changed=2)
        except Killed:
            folder.left = -1
            quick(folder, changed=2)
        else:
            break
        assert {name: folder.files[name] for name in EXPECTED} == {
            name: wanted.files[name] for name in EXPECTED
        }, stop
    assert stop > 5


def test_un_fichier_efface_est_refait(quick: Callable[..., list[Any]]) -> None:
    folder = Memory()
    quick(folder)
    del folder.files["Même nom (2).pdf"]
    assert [result.deja_fait for result in quick(folder)] == [True, False, True, True, True]
    assert sorted(name for name in folder.files if "/" not in name) == EXPECTED


def of_another_kind() -> Iterator[bytes]:
    """Des journaux qui se lisent, et dont un mot n'en est pas un."""
    held = {"empreinte": "1", "origine": "R-1", "fichiers": {"a.docx": "2"}}
    for name in ("empreinte", "origine", "tableau", "lieu", "fichiers", "reportes"):
        for odd in (None, 1, ["x"], {"a.docx": 1}):
            yield json.dumps({"a": {**held, name: odd}}).encode()


def test_un_journal_abime_est_dit(quick: Callable[..., list[Any]]) -> None:
    folder = Memory()
    quick(folder)
    for damaged in (b"{", b"[]", json.dumps({"a": 1}).encode(), b"\xff", *of_another_kind()):
        folder.files[".lot/journal.json"] = damaged
        with pytest.raises(
            InputError, match=r"Le journal de ce dossier est abîmé.*Donnez un dossier neuf"
        ):
            quick(folder)


def test_le_journal_range_les_documents_par_nom_quel_que_soit_l_ordre_des_lignes(
    tmp_path: Path,
) -> None:
    assert [one.refus for one in batch([row(2), row(1)], SLUG, tmp_path)] == [(), ()]
    names = [*json.loads((tmp_path / ".lot" / "journal.json").read_bytes())]
    assert len(names) == 2 and names == sorted(names)
