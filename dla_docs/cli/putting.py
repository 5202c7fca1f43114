"""Là où toute commande écrit : un fichier, ou un document, sans rien perdre de ce qui est à sa
place.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from dla_docs.cli.display import say, say_each_written, show_error
from dla_docs.constat import Constat
from dla_docs.errors import DlaDocsError

if TYPE_CHECKING:  # loaded by the command that needs it
    from dla_docs.stages.request import Request


def put(path: Path, octets: bytes, remplacer: bool, dans: Path | None = None) -> None:
    """Écrit un fichier, fait de ``dans`` ; ``TargetError`` quand ce qui y est est laissé tel
    quel.
    """
    from dla_docs.files import make_folder
    from dla_docs.retouches.target import write_over

    make_folder(path.parent)
    write_over(path, octets, remplacer=remplacer, dans=dans)


def put_document(
    request: Request, path: Path, remplacer: bool, dans: Path | None = None
) -> tuple[Constat, ...]:
    """Écrit le document d'une demande, faite de ``dans``, au format que dit son nom ; rend son
    verdict.
    """
    from dla_docs.pipeline import format_of, made

    octets, constats = made(request, format_of(path))
    put(path, octets, remplacer, dans)
    if path.suffix.lower() == ".pdf":
        say_reading()
    return constats


def say_reading() -> None:
    """Dit d'un PDF fait sans LibreOffice ce qu'il n'est pas."""
    from dla_docs import pdf

    if pdf.reads_only():
        say(pdf.NOTE, error=True)


def put_each(files: Iterable[tuple[Path, bytes]], remplacer: bool) -> int:
    """Écrit plusieurs fichiers et dit lesquels ; celui qui ne s'écrit pas ne coûte que lui. Rend le
    code de sortie : 0, 1 quand un fichier n'a pas été écrit, 2 quand aucun ne l'a été.
    """
    codes: list[int] = []
    written: list[Path] = []
    for path, octets in files:
        try:
            put(path, octets, remplacer)
            written.append(path)
            codes.append(0)
        except DlaDocsError as error:
            show_error(error)
            codes.append(error.exit_code)
    say_each_written(written)
    return min(max(codes, default=0), 1) if 0 in codes else max(codes, default=0)
