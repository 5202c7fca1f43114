"""Un groupe de documents passé à un LibreOffice : ce qui manque est retenté, et un mauvais document
ne coûte que lui-même.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from pathlib import Path

from dla_docs.pdf.office import Office
from dla_docs.pdf.office_settings import new_profile
from dla_docs.pdf.own_folder import own_folder
from dla_docs.pdf.process import Stalled, supervise
from dla_docs.pdf.result import is_whole

Tell = Callable[[int, "bytes | Failure"], None]

TRIES = 2
MOST_MADE = 300 * 1024 * 1024  # bytes of one file; what it is made from has at most as many
RESTART = 81  # LibreOffice's exit code when it has set up its profile and wants to be started again
FRUITLESS_LIMIT = (
    6  # three documents in a row, tried twice each, for nothing: LibreOffice is at fault, not they
)


class Failure(Enum):
    """Pourquoi un document n'est pas converti : ce qu'on en dit, et le remède."""

    STALLED = (
        "LibreOffice n'avançait plus sur ce document et a été arrêté, deux fois de suite.",
        "Simplifiez-le, ou enregistrez-le en PDF depuis Word.",
    )
    STOPPED = (
        "LibreOffice s'est arrêté brutalement sur ce document, deux fois de suite.",
        "Ouvrez-le et réenregistrez-le dans Word, puis recommencez.",
    )
    NOTHING = (
        "LibreOffice n'a rendu aucun fichier entier pour ce document.",
        "Vérifiez qu'il s'ouvre dans LibreOffice, puis recommencez.",
    )
    BROKEN = (
        "LibreOffice ne répond plus ; ce document n'a pas été tenté.",
        "Vérifiez que LibreOffice se lance, puis recommencez.",
    )
    NO_ROOM = (
        "Le dossier temporaire de cette machine ne peut pas être écrit.",
        "Libérez de la place sur le disque, puis recommencez.",
    )


@dataclass
class Converter:
    """Un LibreOffice et ce qu'on lui demande ; ``convert`` peut servir à plusieurs fils à la fois.
    ``timeout`` : secondes sans progrès.
    """

    office: Office
    extension: str
    filter: str
    timeout: float
    cancel: threading.Event = field(default_factory=threading.Event)
    fruitless: int = 0  # runs in a row, all threads together, that ended badly with nothing made

    def convert(self, documents: Mapping[int, bytes], tell: Tell) -> None:
        """Dit une fois de chaque document ce qu'il est converti, ou la raison qu'il ne l'est pas,
        dès que cela se sait. ``Cancelled`` si ``cancel`` est levé.
        """
        left = [*documents]

        def told(index: int, outcome: bytes | Failure) -> None:
            left.remove(index)
            tell(index, outcome)

        with suppress(OSError), own_folder(self.office.room) as folder:
            self._convert(_Workshop(folder, self, told), documents)
        for index in left:
            tell(index, Failure.NO_ROOM)

    def convert_one(self, document: bytes) -> bytes | Failure:
        """Ce document converti, ou la raison qu'il ne l'est pas."""
        outcomes: dict[int, bytes | Failure] = {}
        self.convert({0: document}, outcomes.__setitem__)
        return outcomes[0]

    def _convert(self, workshop: _Workshop, documents: Mapping[int, bytes]) -> None:
        tries: Counter[int] = Counter()
        waiting = deque([list(documents)] if documents else [])
        while waiting:
            group = waiting.popleft()
            made, failure = (
                (set[int](), Failure.BROKEN)
                if self.fruitless >= FRUITLESS_LIMIT
                else workshop.run({index: documents[index] for index in group})
            )
            self.fruitless = (
                0 if made else self.fruitless + (failure in (Failure.STALLED, Failure.STOPPED))
            )
            missing = [index for index in group if index not in made]
            # LibreOffice works in order: when it was stopped, the first one missing stopped it and
            # the next ones never had their turn.
            suspects = missing[:1] if failure in (Failure.STALLED, Failure.STOPPED) else missing
            waiting.extend([missing[len(suspects) :]] if missing[len(suspects) :] else [])
            for index in suspects:
                tries[index] += 1
                if tries[index] == TRIES or failure is Failure.BROKEN:
                    workshop.tell(index, failure)
                else:
                    waiting.append([index])


class _Workshop:
    """Le dossier privé d'un LibreOffice : profil, entrées, sorties, fichiers temporaires ; ``tell``
    apprend ce que chaque document est devenu.
    """

    def __init__(self, folder: Path, converter: Converter, tell: Tell) -> None:
        self.folder, self.converter, self.tell = folder, converter, tell
        self.profile = new_profile(folder / "profile", converter.office.version)

    def run(self, documents: Mapping[int, bytes]) -> tuple[set[int], Failure]:
        """Ce qui a été fait, est entier et s'est dit à mesure, et ce qui explique le reste."""
        inputs, outputs, _ = (_emptied(self.folder / name) for name in ("in", "out", "tmp"))
        for index, docx in documents.items():
            (inputs / f"{index}.docx").write_bytes(docx)
        made = set[int]()
        failure = self._launch(
            [str(inputs / f"{index}.docx") for index in documents],
            outputs,
            partial(self._look, outputs, documents, made),
        )
        self._take(outputs, documents, made)
        if len(made) < len(documents):
            self.profile = new_profile(self.folder / "profile", self.converter.office.version)
        return made, failure

    def _look(self, outputs: Path, documents: Iterable[int], made: set[int]) -> object:
        """How far it is. LibreOffice works in order: a file is done when there is a later one."""
        sizes = _sizes(outputs)
        there = [index for index in documents if self._named(index) in sizes]
        self._take(outputs, there[:-1], made)
        return sizes

    def _take(self, outputs: Path, done: Iterable[int], made: set[int]) -> None:
        """Tells of each that is whole, once."""
        for index in done:
            if index not in made and (data := self._made(outputs / self._named(index))):
                made.add(index)
                self.tell(index, data)

    def _named(self, index: int) -> str:
        return f"{index}.{self.converter.extension}"

    def _launch(self, inputs: list[str], outputs: Path, look: Callable[[], object]) -> Failure:
        converter = self.converter
        command = [
            str(converter.office.path),
            self.profile,
            "--headless",
            "--norestore",
            "--nologo",
            "--nodefault",
            "--infilter=MS Word 2007 XML",
        ]
        command += ["--convert-to", converter.filter, "--outdir", str(outputs), *inputs]
        if enclosure := converter.office.enclosure:
            command = enclosure.around(self.folder, command)
        run = partial(
            supervise,
            command,
            self._env(),
            converter.timeout,
            look,
            converter.cancel,
        )
        try:
            code = run()
            if code == RESTART:
                code = run()
        except Stalled:
            return Failure.STALLED
        except OSError:  # the program itself cannot be started
            return Failure.STOPPED
        return Failure.NOTHING if code == 0 else Failure.STOPPED

    def _env(self) -> dict[str, str]:
        # Its debris stays in our folder; a Python environment of ours must not reach LibreOffice's
        # own Python.
        temporary = str(self.folder / "tmp")
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("PYTHONHOME", "PYTHONPATH")
        }
        headless = {"SAL_USE_VCLPLUGIN": "svp"} if sys.platform == "linux" else {}
        return kept | {"TMPDIR": temporary, "TMP": temporary, "TEMP": temporary} | headless

    def _made(self, path: Path) -> bytes:
        data = path.read_bytes() if path.is_file() else b""
        return data if is_whole(data, self.converter.extension) else b""


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _sizes(outputs: Path) -> dict[str, int]:
    """``Stalled`` when a file grows beyond what any document gives."""
    sizes = {}
    for path in outputs.iterdir():
        with suppress(FileNotFoundError):  # LibreOffice renames its files when they are done
            sizes[path.name] = path.stat().st_size
    if max(sizes.values(), default=0) > MOST_MADE:
        raise Stalled
    return sizes
