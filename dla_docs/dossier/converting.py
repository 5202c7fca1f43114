"""Les PDF d'un dossier, et celui qui les réunit : ce qui n'a pas changé n'est pas refait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dla_docs.builder.printed_words import typeset
from dla_docs.dossier.folder import WHOLE, pdf_made_of
from dla_docs.dossier.result import Suivi
from dla_docs.dossier.word_file import WordFile
from dla_docs.errors import ConversionError, DlaDocsError
from dla_docs.files import digest
from dla_docs.pipeline import attached
from dla_docs.stages.manifest import FichierDuDossier, Manifeste

DOSSIER = "dossier"  # what the manifest calls the file that holds them all
GROUP = 5  # documents per LibreOffice: few enough for the progress to be seen


@dataclass(frozen=True)
class Before:
    """Le dossier tel que la fois d'avant l'a laissé."""

    where: Path
    manifest: Manifeste | None

    def pdf(self, mark: str, name: str) -> bytes | None:
        """Son PDF de ce nom, quand il est fait de ce qui a cette empreinte."""
        return pdf_made_of(mark, name, self.where, self.manifest)


def converted(
    words: Iterable[WordFile], before: Before, suivi: Suivi, processes: int | None
) -> list[tuple[str, DlaDocsError]]:
    """Donne son PDF à chaque document Word, et rend ce qui n'a pas pu l'être ; celui de la fois
    d'avant sert, quand le document Word est le même.
    """
    words = list(words)
    for word in words:
        held = before.pdf(digest(word.octets), f"{word.name}.pdf")
        word.pdf = held if held is not None and _is_the_best(held) else None
    todo = {word.name: word for word in words if word.pdf is None}
    suivi("PDF", 0, len(todo))
    refused: list[tuple[str, DlaDocsError]] = []
    try:
        if todo:
            _convert(todo, suivi, processes, refused)
    except ConversionError as error:
        refused.append(("PDF", error))
    return refused


def _convert(
    todo: dict[str, WordFile],
    suivi: Suivi,
    processes: int | None,
    refused: list[tuple[str, DlaDocsError]],
) -> None:
    from dla_docs import pdf

    data = {name: attached(word.request) for name, word in todo.items()}
    sources = [(name, word.octets) for name, word in todo.items()]
    made = pdf.convert_many(sources, "pdf", data=data.get, processes=processes, chunk=GROUP)
    for number, (name, result) in enumerate(made, 1):
        if isinstance(result, ConversionError):
            refused.append((f"{name}.pdf", result))
        else:
            todo[name].pdf = result
        suivi("PDF", number, len(todo))


def bound(
    words: Sequence[WordFile], reference: str | None, before: Before
) -> Iterator[tuple[bytes, FichierDuDossier]]:
    """Tous les PDF en un, quand chacun est là ; celui de la fois d'avant sert, quand ils sont les
    mêmes.
    """
    made = [(typeset(one.heading(reference)), one.pdf) for one in words if one.pdf is not None]
    if not made or len(made) < len(words):
        return
    from dla_docs import pdf

    title = " ".join(filter(None, ("Dossier", reference)))
    said = [title, *(f"{name} {digest(octets)}" for name, octets in made)]
    name, mark = f"{WHOLE}.pdf", digest("\n".join(said).encode())
    octets = before.pdf(mark, name) or pdf.bound(made, title)
    yield (
        octets,
        FichierDuDossier(
            nom=name,
            sha256=digest(octets),
            sorte=DOSSIER,
            fait_de=mark,
            normes=pdf.norms_of(octets),
        ),
    )


def _is_the_best(held: bytes) -> bool:
    """False of one that was only for reading, once LibreOffice can make that of the archive."""
    from dla_docs import pdf

    return not pdf.is_for_reading(held) or pdf.reads_only()
