"""Le fichier où l'on va écrire : absent, le même, fait par nous et resté tel quel, ou le travail de
quelqu'un, qui n'est jamais remplacé sans qu'on le demande (décision 0018).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.errors import DlaDocsError, TargetError
from dla_docs.files import MAX_TEXT, make_folder, read_bytes, write_atomic
from dla_docs.forms.pdf_form import contents, is_pdf
from dla_docs.pdf import added_to
from dla_docs.raw.quoting import argument
from dla_docs.retouches.around import described_otherwise, worn_otherwise
from dla_docs.retouches.page import MOST, drawn_otherwise, put_there, said_otherwise
from dla_docs.stages.envelope import open_envelope
from dla_docs.stages.saves import FOLDER
from dla_docs.stages.sent_page import departed
from dla_docs.word.beyond import added_in
from dla_docs.word.package import MAIN, MAX_FILE, open_package
from dla_docs.word.page import page_in
from dla_docs.writing_back.undo import write_kept

WRITTEN = ".ecrits.json"  # in the folder of the copies: what the files there say not of themselves
STRANGER = "n'est pas de dla-docs, ou a été changé depuis"
OLDER = "vient d'une version de dla-docs qui ne disait pas ce qu'on y retouche"
RETOUCHED = "a été retouché"
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
        write_kept(target, {target: octets})
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
    return work_in(held)


def is_retouched(kept: str) -> bool:
    """Vrai d'un document retouché, d'après ce qu'en dit ``held_by_hand``."""
    return kept.startswith(RETOUCHED)


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
    write_kept(target, {target: octets})
    return True


def digest(octets: bytes) -> str:
    """L'empreinte d'un fichier."""
    return sha256(octets).hexdigest()


def work_in(held: bytes) -> str:
    """Ce qu'une main a fait d'un fichier, d'après ce qu'il porte lui-même ; rien quand il est tel
    qu'il est parti.
    """
    try:
        return _in_pdf(held) if is_pdf(held) else _in_word(held)
    except DlaDocsError:  # damaged, flattened, of another program
        return STRANGER


def _refreshing(
    held: bytes, kept: str, octets: bytes, source: str | Path | None
) -> tuple[str, str | Path]:
    """Why it is not refreshed; else the file that it may be refreshed from. A form is read back, a
    PDF is made of its Word file; the page of another kind stays it.
    """
    refreshable = is_retouched(kept) and not is_pdf(held)
    sent = open_envelope(open_package(held)) if refreshable else None
    if sent is not None and sent.autre_modele:
        return OTHER_TEMPLATE, ""
    if sent is None or not source or not Path(source).is_file():
        return "", ""
    made = open_envelope(open_package(octets))
    return "", source if made is not None and made.slug == sent.slug else ""


def retouches_in(held: bytes) -> tuple[str, ...]:
    """Tout ce qu'une main a fait d'un document Word, dit une chose après l'autre ; rien quand il ne
    porte plus la page dont il est parti.
    """
    parts = open_package(held)
    left = departed(parts)
    return tuple(_differences(left, parts)) if MAIN in left else ()


def _in_pdf(held: bytes) -> str:
    sent, answers = contents(held)
    if sent is None:
        return STRANGER
    answered = said_otherwise(sent.page, answers) if sent.page else iter(())
    beside = (f"page {one.page}, {one.what}" for one in added_to(held))
    return _named(bool(sent.page), chain(answered, beside))


def _in_word(held: bytes) -> str:
    parts = open_package(held)
    sent, left = open_envelope(parts), departed(parts)
    if sent is None or not sent.intacte:
        return STRANGER
    if MAIN in left:
        return _named(False, _differences(left, parts))
    if not sent.page:
        return OLDER
    drawn = (put_there(one.what) for one in added_in(parts, sent.dessins))
    return _named(True, chain(said_otherwise(sent.page, page_in(parts)), drawn))


def _differences(left: Mapping[str, bytes], parts: Mapping[str, bytes]) -> Iterator[str]:
    yield from said_otherwise(page_in(left), page_in(parts))
    for way in (drawn_otherwise, described_otherwise, worn_otherwise):
        yield from way(left, parts)


def _named(is_form: bool, differences: Iterator[str]) -> str:
    found = list(islice(differences, MOST + 1))
    if not found:
        return ""
    more = ", et d'autres changements" if len(found) > MOST else ""
    what = "a été rempli" if is_form else RETOUCHED
    return f"{what} ({' ; '.join(found[:MOST])}{more})"


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
    if not work_in(octets):
        return
    with suppress(DlaDocsError):
        place = make_folder(target.parent / FOLDER) / WRITTEN
        known = {**_memory(target), target.name: digest(octets)}
        write_atomic(place, json.dumps(known, ensure_ascii=False, indent=1).encode())
