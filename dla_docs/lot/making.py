"""Un groupe de documents, fait d'un trait : Word, puis PDF, puis les fichiers. C'est ce qui voyage
d'un processus, ou d'une machine, à l'autre.
"""

from __future__ import annotations

import traceback
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.errors import ConversionError, DlaDocsError
from dla_docs.lot.folder import Folder
from dla_docs.lot.journal import Entry, begin, fingerprint, finish
from dla_docs.lot.recipe import Kitchen, Recipe, kitchen_of
from dla_docs.pipeline import attached, produce
from dla_docs.raw import RawMap
from dla_docs.retouches.target import held_by_hand, left_alone
from dla_docs.stages.request import Request


@dataclass(frozen=True)
class Job:
    """Un document à faire : son nom sans extension, l'empreinte et l'origine de sa ligne, ses
    données ; ``connus`` : les empreintes des fichiers que la fois d'avant a écrits sous ce nom ;
    ``tableau`` : celui dont vient la ligne.
    """

    name: str
    fingerprint: str
    origin: str
    data: RawMap
    connus: frozenset[str] = frozenset()
    tableau: str = ""


@dataclass
class Made:
    """Ce qu'un document est devenu : ses fichiers, ce qui l'a empêché, ce qui reste à dire."""

    files: dict[str, bytes] = field(default_factory=dict)
    refused: tuple[Constat, ...] = ()
    constats: tuple[Constat, ...] = ()

    def written(self) -> Made:
        """Le même, sans le contenu de ses fichiers, qui sont sur le disque."""
        return replace(self, files=dict.fromkeys(self.files, b""))


def make(recipe: Recipe, jobs: Sequence[Job]) -> list[Made]:
    """Fait et écrit un groupe de documents ; un mauvais ne coûte que lui-même, et rien d'autre
    qu'un défaut de la machine ne lève d'erreur.
    """
    kitchen = kitchen_of(recipe)
    requests: dict[str, Request] = {}
    made = [_cooked(kitchen, job, requests) for job in jobs]
    if recipe.pdf:
        _convert(recipe, made, requests)
    _store(recipe, jobs, made)
    return [one.written() for one in made]


def _cooked(kitchen: Kitchen, job: Job, requests: dict[str, Request]) -> Made:
    try:
        request = kitchen.request(job.data)
        octets, constats = produce(request)
        requests[f"{job.name}.docx"] = request
        return Made({f"{job.name}.docx": octets}, constats=constats)
    except (
        Exception
    ) as error:  # the boundary: a row that finds a defect of ours must not stop ten thousand others
        return Made(refused=refusal(error))


def refusal(error: Exception) -> tuple[Constat, ...]:
    """Ce qu'on dit d'une erreur qui n'a coûté que sa ligne."""
    return error.constats if isinstance(error, DlaDocsError) else (_defect(error),)


def _defect(error: Exception) -> Constat:
    frames = traceback.extract_tb(error.__traceback__)
    place = f", {Path(frames[-1].filename).name} ligne {frames[-1].lineno}" if frames else ""
    return Constat(
        f"Défaut de dla-docs ({type(error).__name__}{place}).",
        conseil="Signalez-le avec cette ligne ; les autres sont faites.",
    )


def _convert(recipe: Recipe, made: Sequence[Made], requests: Mapping[str, Request]) -> None:
    """Adds its PDF to each document that there is."""
    from dla_docs import pdf

    words = {name: (one, octets) for one in made for name, octets in one.files.items()}
    given = ((name, octets) for name, (_, octets) in words.items())
    try:
        for name, outcome in pdf.convert_many(
            given, data=lambda name: attached(requests[name]), processes=recipe.offices
        ):
            one = words[name][0]
            if isinstance(outcome, ConversionError):
                one.refused = outcome.constats
            else:
                one.files[name.replace(".docx", ".pdf")] = outcome
    except (
        ConversionError
    ) as error:  # no LibreOffice at all: the Word documents are made all the same
        for one, _ in words.values():
            one.refused = error.constats


def _store(recipe: Recipe, jobs: Sequence[Job], made: Sequence[Made]) -> None:
    """Says what it is about to write, writes it, says what it wrote: wherever this stops, the next
    run knows. The work of somebody is not written over.
    """
    folder = recipe.folder
    held = {job.name: _by_hand(folder, job, one) for job, one in zip(jobs, made, strict=True)}
    for job, one in zip(jobs, made, strict=True):
        if held[job.name] and not recipe.remplacer:
            one.refused, one.files = tuple(held[job.name].values()), {}
    told = {job.name: _entry(job, one) for job, one in zip(jobs, made, strict=True) if one.files}
    if not told:
        return
    name = begin(folder, told)
    for job, one in zip(jobs, made, strict=True):
        if one.files and not _written(folder, one, held[job.name]):
            del told[job.name]
    finish(folder, name, told)


def _by_hand(folder: Folder, job: Job, made: Made) -> dict[str, Constat]:
    """Its files, which are there, and what they hold that would be lost."""
    found = {}
    for name, octets in made.files.items():
        held = folder.read(name)
        if held and fingerprint(held) not in job.connus and (kept := held_by_hand(held, octets)):
            found[name] = left_alone(kept, folder.place(name))
    return found


def _written(folder: Folder, made: Made, held: Container[str]) -> bool:
    """A copy is kept of what it ``held`` of somebody."""
    try:
        for name, octets in made.files.items():
            (folder.replace if name in held else folder.write)(name, octets)
    except DlaDocsError as error:
        made.refused, made.files = error.constats, {}
        return False
    return True


def _entry(job: Job, made: Made) -> Entry:
    return Entry(
        job.fingerprint,
        job.origin,
        {name: fingerprint(octets) for name, octets in made.files.items()},
        job.tableau,
    )
