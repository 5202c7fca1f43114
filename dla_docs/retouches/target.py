"""Le fichier où l'on va écrire : absent, le même, fait par nous et resté tel quel, ou le travail de
quelqu'un, qui n'est jamais remplacé sans qu'on le demande (décision 0018).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.errors import DlaDocsError, TargetError
from dla_docs.files import MAX_TEXT, digest, make_folder, read_bytes, write_atomic
from dla_docs.raw.quoting import argument
from dla_docs.stages.envelope import open_envelope
from dla_docs.stages.saves import FOLDER
from dla_docs.word.package import MAX_FILE, open_package

WRITTEN = ".ecrits.json"  # in the folder of the copies: what the files there say not of themselves
OTHER_TEMPLATE = (
    "Ce document a été fait d'un autre modèle Word que celui qui est livré : ses textes et ses "
    "images s'y perdraient."
)
MEANWHILE = "Ce fichier a encore changé pendant qu'on le rafraîchissait : il est laissé tel quel."
REFRESH = "« dla-docs rafraichir {} --dans {} » y met ce qui a changé, sans rien y perdre. "
ADVICE = "Donnez un autre nom, ou ajoutez « --remplacer » : une copie en est alors gardée."


def write_over(
    path: str | Path,
    octets: bytes,
    *,
    remplacer: bool = False,
    connus: Iterable[str] | None = None,
    dans: str | Path | None = None,
) -> bool:
    """Écrit un fichier sans rien perdre de ce qui est à sa place ; faux quand il y était déjà,
    octet pour octet. ``remplacer`` : même sur le travail de quelqu'un, dont une copie est gardée ;
    ``connus`` : les empreintes de ce qu'on y avait écrit, quand l'appelant en tient le compte ;
    ``dans`` : le fichier d'où se rafraîchirait un document retouché, quand il y en a un.

    ``TargetError`` quand il est laissé tel quel, ``InputError`` si l'écriture est impossible.
    """
    target = Path(path)
    held = read_bytes(target, MAX_FILE) if target.is_file() else None
    if held == octets:
        return False
    known = _written_here(target) if connus is None else connus
    if held is None or not (kept := held_by_hand(held, octets, known)):
        write_atomic(target, octets)
    elif remplacer:
        _put_and_keep(target, octets)
    else:
        raise TargetError(left_alone(kept, str(path), *_refreshing(held, kept, octets, dans)))
    if connus is None:
        _remember(target, octets)
    return True


def held_by_hand(held: bytes, octets: bytes, known: Iterable[str] = ()) -> str:
    """Ce qu'un fichier tient de quelqu'un, et qu'écrire ``octets`` perdrait ; rien quand il n'y a
    rien à perdre. ``known`` : les empreintes de ce qu'on y avait écrit.
    """
    if not held or held == octets or digest(held) in known:
        return ""
    from dla_docs.retouches.work import work_in  # reads pages, forms and PDF: seldom needed

    return work_in(held)


def left_alone(kept: str, place: str, why: str = "", dans: str | Path = "") -> Constat:
    """Le constat d'un fichier laissé tel quel ; ``why`` : pourquoi il ne s'est pas rafraîchi ;
    ``dans`` : sinon, le fichier d'où il se rafraîchirait.
    """
    advice = REFRESH.format(argument(place), argument(dans)) if dans and not why else ""
    reason = f", et ne se rafraîchit pas : {why.removesuffix('.')}" if why else ""
    return Constat(
        f"Ce fichier {kept}{reason} : il est laissé tel quel.",
        fichier=place,
        conseil=f"{advice}{ADVICE}",
    )


def put_refreshed(path: str | Path, held: bytes, octets: bytes) -> bool:
    """Met un document rafraîchi à la place de celui de la main, ``held``, dont une copie est
    gardée ; faux quand il ne change pas. ``TargetError`` quand il a encore changé entre-temps.
    """
    target = Path(path)
    if read_bytes(target, MAX_FILE) != held:
        raise TargetError(Constat(MEANWHILE, fichier=str(path), conseil="Recommencez."))
    if octets == held:
        return False
    _put_and_keep(target, octets)
    return True


def _put_and_keep(target: Path, octets: bytes) -> None:
    from dla_docs.writing_back.undo import write_kept  # only when there is something to keep

    write_kept(target, {target: octets})


def _refreshing(
    held: bytes, kept: str, octets: bytes, source: str | Path | None
) -> tuple[str, str | Path]:
    """Why it is not refreshed; else the file that it may be refreshed from. A form is read back, a
    PDF is made of its Word file; the page of another kind stays it.
    """
    from dla_docs.forms.pdf_form import is_pdf
    from dla_docs.retouches.work import is_retouched

    refreshable = is_retouched(kept) and not is_pdf(held)
    sent = open_envelope(open_package(held)) if refreshable else None
    if sent is not None and sent.autre_modele:
        return OTHER_TEMPLATE, ""
    if sent is None or not source or not Path(source).is_file():
        return "", ""
    made = open_envelope(open_package(octets))
    return "", source if made is not None and made.slug == sent.slug else ""


def _written_here(target: Path) -> Iterator[str]:
    """What the folder remembers of this file."""
    if mark := _memory(target).get(target.name):
        yield mark


def _memory(target: Path) -> dict[str, str]:
    with suppress(DlaDocsError, ValueError, AttributeError):
        said = json.loads(read_bytes(target.parent / FOLDER / WRITTEN, MAX_TEXT))
        return {str(name): str(mark) for name, mark in said.items()}
    return {}


def _remember(target: Path, octets: bytes) -> None:
    """Of a file that does not say of itself that it is ours; what cannot be noted is only left
    alone, the next time.
    """
    from dla_docs.retouches.work import work_in

    if not work_in(octets):
        return
    with suppress(DlaDocsError):
        place = make_folder(target.parent / FOLDER) / WRITTEN
        known = {**_memory(target), target.name: digest(octets)}
        write_atomic(place, json.dumps(known, ensure_ascii=False, indent=1).encode())
