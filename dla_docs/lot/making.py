"""Un groupe de documents, fait d'un trait : Word, puis PDF, puis les fichiers. C'est ce qui voyage
d'un processus, ou d'une machine, à l'autre.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from dla_docs.constat import Constat
from dla_docs.errors import ConversionError, DlaDocsError, TargetError
from dla_docs.lot.entries import Entry
from dla_docs.lot.folder import Folder
from dla_docs.lot.journal import begin, fingerprint, finish
from dla_docs.lot.recipe import Kitchen, Recipe, kitchen_of
from dla_docs.lot.refusing import refusal
from dla_docs.lot.retouched import Retouche, is_page_of, retouched
from dla_docs.pipeline import attached, produce
from dla_docs.raw import RawMap
from dla_docs.retouches.target import MEANWHILE, held_by_hand, left_alone
from dla_docs.stages.request import Request

WORD = ".docx"


@dataclass(frozen=True)
class Job:
    """Un document à faire : son nom sans extension, ce que le journal en dira, ses données ;
    ``connus`` : les empreintes des fichiers que la fois d'avant a écrits sous ce nom ; ``anciens``
    : ce qu'elle a fait de la même ligne sous d'autres noms ; ``reportes`` : de ceux de ce nom,
    ce dont les retouches y ont passé.
    """

    name: str
    entry: Entry
    data: RawMap
    connus: frozenset[str] = frozenset()
    anciens: Mapping[str, Entry] = field(default_factory=dict)
    reportes: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Made:
    """Ce qu'un document est devenu : ses fichiers, ce qui l'a empêché, ce qui reste à dire.
    ``laisse`` : ce qui était à sa place y est resté, et sa ligne n'y est pour rien ; ``retouche`` :
    ce qu'une main en avait fait, ``change`` faux quand rien n'y était à écrire ; ``reportes`` :
    l'ancien fichier d'où elle vient, et l'empreinte qu'il a.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    refused: tuple[Constat, ...] = ()
    constats: tuple[Constat, ...] = ()
    laisse: bool = False
    retouche: Retouche | None = None
    reportes: dict[str, str] = field(default_factory=dict)

    def written(self) -> Made:
        """Le même, sans le contenu de ses fichiers, qui sont sur le disque."""
        by_hand = self.retouche and self.retouche.written()
        return replace(self, files=dict.fromkeys(self.files, b""), retouche=by_hand)

    def left(self, told: tuple[Constat, ...]) -> None:
        """Rien n'en est écrit, pour ce qu'en disent ces constats."""
        self.refused, self.files, self.laisse, self.retouche = told, {}, True, None
        self.reportes = {}

    def leave(self, held: Mapping[str, Constat]) -> None:
        """Ceux de ces fichiers restent à leur place ; un PDF annoté ne retient pas son Word."""
        told = tuple(held.values())
        if any(name.endswith(WORD) for name in held):
            self.left(told)
        elif told:
            self.refused, self.laisse = (*self.refused, *told), True
            self.files = {name: one for name, one in self.files.items() if name not in held}


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
        request, name = kitchen.request(job.data), f"{job.name}{WORD}"
        octets, constats = produce(request)
        requests[name] = request
        return _put_back(kitchen.recipe, job, Made({name: octets}, constats=constats), request)
    except (
        Exception
    ) as error:  # the boundary: a row that finds a defect of ours must not stop ten thousand others
        return Made(refused=refusal(error))


def _put_back(recipe: Recipe, job: Job, made: Made, request: Request) -> Made:
    """What a hand has made of the file that is there is in the one to be written."""
    if recipe.remplacer:
        return made
    [(name, octets)] = made.files.items()
    try:
        found = _carried(recipe.folder, job, made, request) or retouched(
            recipe.folder, name, job.connus, octets, request.document
        )
    except TargetError as error:
        made.left(error.constats)
        return made
    if found is not None:
        made.retouche, made.files[name] = found, found.octets
    return made


def _carried(folder: Folder, job: Job, made: Made, request: Request) -> Retouche | None:
    """What a hand has done of the same row under a name that it has no longer, unless something
    else is at its new one.
    """
    if not job.anciens:
        return None
    [(name, octets)] = made.files.items()
    there = folder.read(name)
    if there and fingerprint(there) not in {*job.connus, job.reportes.get(name)}:
        return None
    theirs = {f"{stem}{WORD}": entry for stem, entry in job.anciens.items()}
    own = [old for old in theirs if is_page_of(folder, old, request.document)]
    if len(own) != 1:  # of two rows that say the same reference, nothing tells whose it is
        return None
    [old] = own
    with suppress(DlaDocsError):  # it stays, and is named
        if found := retouched(
            folder, old, [*theirs[old].fichiers.values()], octets, request.document
        ):
            made.reportes[old] = fingerprint(found.avant)
            return replace(found, avant=there, change=True)
    return None


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
                one.files[name.replace(WORD, ".pdf")] = outcome
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
        if not recipe.remplacer:
            one.leave(held[job.name])
    told = {job.name: _entry(job, one) for job, one in zip(jobs, made, strict=True) if one.files}
    if not told:
        return
    name = begin(folder, told)
    for job, one in zip(jobs, made, strict=True):
        if one.files and not _written(folder, one, held[job.name]):
            del told[job.name]
            continue
        for stem, entry in job.anciens.items():
            if mark := one.reportes.get(f"{stem}{WORD}"):
                told[stem] = replace(entry, reportes={f"{stem}{WORD}": mark})
    finish(folder, name, told)


def _by_hand(folder: Folder, job: Job, made: Made) -> dict[str, Constat]:
    """Its files, which are there, and what they hold that would be lost."""
    found = {}
    for name, octets in made.files.items():
        held = folder.read(name)
        if made.retouche and name.endswith(WORD):
            if held != made.retouche.avant:
                found[name] = Constat(MEANWHILE, fichier=folder.place(name), conseil="Recommencez.")
        elif held and fingerprint(held) not in job.connus and (kept := held_by_hand(held, octets)):
            found[name] = left_alone(kept, folder.place(name))
    return found


def _written(folder: Folder, made: Made, held: Container[str]) -> bool:
    """A copy is kept of what it ``held`` of somebody."""
    try:
        for name, octets in made.files.items():
            by_hand = made.retouche if name.endswith(WORD) else None
            if by_hand is None or by_hand.change:
                over = name in held or (by_hand is not None and by_hand.avant)
                (folder.replace if over else folder.write)(name, octets)
    except DlaDocsError as error:
        made.refused, made.files = error.constats, {}
        return False
    return True


def _entry(job: Job, made: Made) -> Entry:
    """A page that holds a hand's work is never taken for one that was written here alone: it has
    no mark, and is looked at each time.
    """
    by_hand = made.retouche
    marks = {name: fingerprint(octets) for name, octets in made.files.items()}
    if by_hand is not None and by_hand.reste:
        marks |= {name: "" for name in marks if name.endswith(WORD)}
    marks |= {name: "" for name in job.entry.fichiers if name not in marks and _is_pdf(name)}
    return replace(job.entry, fichiers=marks)


def _is_pdf(name: str) -> bool:
    """Of another time, where none is made now: it is no more that of the document."""
    return name.endswith(".pdf")
