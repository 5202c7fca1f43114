"""Ce qu'une main a fait d'un fichier, d'après ce qu'il porte lui-même."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice

from dla_docs.errors import DlaDocsError
from dla_docs.forms.pdf_form import contents, is_pdf
from dla_docs.pdf import added_to
from dla_docs.retouches.around import described_otherwise, worn_otherwise
from dla_docs.retouches.page import MOST, drawn_otherwise, put_there, said_otherwise
from dla_docs.stages.envelope import open_envelope
from dla_docs.stages.sent_page import departed
from dla_docs.word.beyond import added_in
from dla_docs.word.package import MAIN, open_package
from dla_docs.word.page import page_in

STRANGER = "n'est pas de dla-docs, ou a été changé depuis"
OLDER = "vient d'une version de dla-docs qui ne disait pas ce qu'on y retouche"
RETOUCHED = "a été retouché"


def work_in(held: bytes) -> str:
    """Ce qu'une main a fait d'un fichier, d'après ce qu'il porte lui-même ; rien quand il est tel
    qu'il est parti.
    """
    try:
        return _in_pdf(held) if is_pdf(held) else _in_word(held)
    except DlaDocsError:  # damaged, flattened, of another program
        return STRANGER


def is_retouched(kept: str) -> bool:
    """Vrai d'un document retouché, d'après ce qu'en dit ``held_by_hand``."""
    return kept.startswith(RETOUCHED)


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
