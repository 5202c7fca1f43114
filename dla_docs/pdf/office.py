"""LibreOffice, tel qu'il est installé : où il est, et de quelle version."""

from __future__ import annotations

import glob
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.errors import ConversionError
from dla_docs.pdf.enclosure import Enclosure, enclosure_of, is_wanted
from dla_docs.pdf.process import said_by
from dla_docs.resources import how_to_add

OFFICE_VARIABLE = "DLA_DOCS_SOFFICE"
MINIMUM = (
    24,
    8,
    # Measured: older ones announce an accessible PDF that is not, and drop the tags of content
    # controls
)
MOST_SAID, PATIENCE = 4_096, 60  # bytes that tell a version; seconds
COMMANDS = ("soffice", "soffice.exe", "libreoffice")
USUAL_PLACES = {
    "win32": (
        r"%ProgramFiles%\LibreOffice\program\soffice.exe",
        r"%ProgramFiles(x86)%\LibreOffice\program\soffice.exe",
        r"%LocalAppData%\Programs\LibreOffice\program\soffice.exe",
    ),
    "darwin": (
        "/Applications/LibreOffice.app/Contents/MacOS/soffice",
        "~/Applications/LibreOffice.app/Contents/MacOS/soffice",
    ),
    "linux": (
        "/opt/libreoffice*/program/soffice",
        "/usr/lib/libreoffice/program/soffice",
        "/usr/local/bin/soffice",
        "/snap/bin/libreoffice",
    ),
}
INSTALL = {
    "win32": "« winget install TheDocumentFoundation.LibreOffice »",
    "darwin": "« brew install --cask libreoffice »",
    "linux": (
        "« sudo apt install libreoffice-writer » (Debian 12 : « sudo apt install -t "
        "bookworm-backports libreoffice-writer »)"
    ),
}


class AbsentOfficeError(ConversionError):
    """Aucun LibreOffice n'est installé."""


@dataclass(frozen=True)
class Office:
    """Un LibreOffice qui sait faire le travail : le chemin de ``soffice``, sa version (``(25, 2, 3,
    2)``), et l'enclos où il tourne, s'il y en a un.
    """

    path: Path
    version: tuple[int, ...]
    enclosure: Enclosure | None = field(default=None, compare=False)

    @property
    def room(self) -> Path | None:
        """Le seul dossier où ses fichiers peuvent se trouver,
        ou ``None`` s'il les prend partout."""
        # A snap has a /tmp of its own and does not see ours.
        return (
            Path.home() / "snap" / "libreoffice" / "common" if "snap" in self.path.parts else None
        )


def find_office() -> Office:
    """LibreOffice ≥ 24.8 : celui de la variable ``DLA_DOCS_SOFFICE``, sinon du PATH, sinon des
    endroits habituels. ConversionError sinon.
    """
    chosen = os.environ.get(OFFICE_VARIABLE, "")
    if chosen:
        return _chosen_office(chosen)
    too_old: list[Office] = []
    for path in _candidates():
        office = _office(path)
        if office.version >= MINIMUM:
            return office
        if office.version:
            too_old.append(office)
    raise _too_old(too_old[0]) if too_old else _absent()


def _chosen_office(chosen: str) -> Office:
    # A name that somebody wrote is never replaced by another in silence.
    command = shutil.which(chosen)
    office = _office(_console(Path(command))) if command else None
    if office is None or not office.version:
        raise _refusal(
            f"La variable {OFFICE_VARIABLE} désigne « {chosen} », qui n'est pas LibreOffice.",
            "Corrigez-la, ou effacez-la.",
        )
    if office.version < MINIMUM:
        raise _too_old(office)
    return office


def _candidates() -> Iterator[Path]:
    seen: set[Path] = set()
    for command in (*(shutil.which(name) for name in COMMANDS), *_usual_places()):
        if command and (path := _console(Path(command))).resolve() not in seen:
            seen.add(path.resolve())
            yield path


def _usual_places() -> Iterator[str]:
    for pattern in USUAL_PLACES.get(sys.platform, USUAL_PLACES["linux"]):
        yield from sorted(glob.glob(os.path.expanduser(os.path.expandvars(pattern))), reverse=True)


def _console(path: Path) -> Path:
    # On Windows soffice.exe has no console: it says nothing of its version; soffice.com, beside it,
    # does.
    console = path.with_suffix(".com")
    return console if path.suffix.lower() == ".exe" and console.is_file() else path


def _office(path: Path) -> Office:
    return Office(path, *_asked(path, is_wanted()))


@cache
def _asked(path: Path, enclosed: bool) -> tuple[tuple[int, ...], Enclosure | None]:
    """What it says of its version, where it will work: starting it takes half a second."""
    enclosure, said = enclosure_of(path) if enclosed else (None, b"")
    match = re.search(rb"LibreOffice\D{0,20}(\d+(?:\.\d+)+)", said or _said_outside(path))
    return tuple(map(int, match[1].split(b"."))) if match else (), enclosure


def _said_outside(path: Path) -> bytes:
    try:
        return said_by([str(path), "--version"], MOST_SAID, PATIENCE)
    except OSError:
        return b""


def _absent() -> AbsentOfficeError:
    return AbsentOfficeError(
        Constat(
            "LibreOffice n'est pas installé ; lui seul fait les PDF d'archive et les ODT.",
            conseil=f"Installez-le : {_install()} ; le Word se fait sans lui, et un PDF "
            f"à lire avec « {how_to_add('lecture')} ».",
        )
    )


def _too_old(office: Office) -> ConversionError:
    said, wanted = (".".join(map(str, numbers)) for numbers in (office.version, MINIMUM))
    message = (
        f"LibreOffice {said} ({office.path}) est trop ancien : avant la version {wanted}, le PDF "
        f"se dit accessible et ne l'est pas."
    )
    return _refusal(message, f"Installez une version récente : {_install()}.")


def _install() -> str:
    return (
        INSTALL.get(sys.platform, INSTALL["linux"])
        + f", ou indiquez son chemin dans la variable {OFFICE_VARIABLE}"
    )


def _refusal(message: str, conseil: str) -> ConversionError:
    return ConversionError(Constat(message, conseil=conseil))
