"""Un lot : un document par ligne, fait à mesure ; une ligne qui ne va pas n'arrête pas les autres,
un lot arrêté se reprend.
"""

from __future__ import annotations

import atexit
import pickle
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from weakref import WeakSet

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.lot.entries import Entry
from dla_docs.lot.failures import Failures
from dla_docs.lot.file_names import Names, Owns, Pattern
from dla_docs.lot.folder import Folder, alone, folder_at
from dla_docs.lot.journal import (
    PLACE,
    begin,
    fingerprint,
    finish,
    following,
    place_of,
    read_journal,
)
from dla_docs.lot.making import Job, Made
from dla_docs.lot.recipe import Recipe, kitchen_of, portable
from dla_docs.lot.refusing import refusal
from dla_docs.lot.result import Resultat
from dla_docs.lot.retouched import left_behind
from dla_docs.lot.rows import Line, Table, data_of, open_table
from dla_docs.lot.siblings import Siblings
from dla_docs.lot.workers import Crew
from dla_docs.mission import Mission
from dla_docs.profils.profil import Profil
from dla_docs.tables.hopeless import check_hope

CHUNK = 20  # documents made together
CONVERTED = 50  # and given to one LibreOffice: starting it takes as long as ten of them
AHEAD = 32  # groups given out before the first one is back


def batch(
    rows: Any,
    slug: str,
    out: str | Path,
    *,
    mission: Mission | str | Path | None = None,
    profil: Profil | str | Path | None = None,
    pdf: bool = False,
    executor: Executor | None = None,
    processes: int = 1,
    noms: str | None = None,
    brouillon: bool = False,
    modele: str | Path | None = None,
    ahead: int = AHEAD,
    remplacer: bool = False,
) -> Lot:
    """Un document par ligne d'un tableau, fait à mesure qu'on lit les résultats ; une seconde fois
    ne fait que ce qui manque ou a changé, et laisse tel quel un fichier retouché.

    Arguments :
    - ``rows`` : un fichier .csv, .tsv, .xlsx, .xlsm ou .ods, des dictionnaires, ou un DataFrame
      (pandas, polars).
    - ``slug`` : le nom du document (« evaluation_individuelle »).
    - ``out`` : le dossier à remplir, ou une adresse de fsspec.
    - ``mission`` : ce qu'elle tient est donné à chaque ligne ; une ``Mission`` ou son fichier.
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans lui,
      celui de la ligne, sinon celui de la mission, sinon ``national``.
    - ``pdf`` : produit aussi chaque document en PDF.
    - ``executor`` : qui fait les documents, à la place de ce processus (``concurrent.futures``,
      Dask).
    - ``processes`` : le nombre de processus, quand il n'y a pas d'``executor``.
    - ``noms`` : le patron des noms de fichier (« {reference} - {structure.nom} »).
    - ``brouillon`` : produit les documents malgré ce qui manque, et le montre à sa place.
    - ``modele`` : le modèle Word de l'opérateur (.docx) ; sans lui, celui qui est livré.
    - ``ahead`` : le nombre de groupes de 20 documents confiés d'avance.
    - ``remplacer`` : écrit même sur un fichier retouché.

    Rend : un ``Lot``, à parcourir ; les lignes refusées vont aussi dans « erreurs.xlsx ».

    Erreurs :
    - ``InputError`` : tout de suite quand le document, la mission, le profil ou le tableau ne se
      lit pas, ou qu'une colonne n'est pas du document ; en chemin, quand les 2 000 premières
      lignes sont toutes refusées. Une ligne fautive n'en lève pas.
    """
    recipe = Recipe(
        slug,
        folder_at(out),
        base=Path(rows).absolute().parent if isinstance(rows, str | Path) else Path.cwd(),
        mission=mission if isinstance(mission, Mission | None) else Path(mission).absolute(),
        profil=portable(profil),
        modele=Path(modele).absolute() if modele else None,
        brouillon=brouillon,
        pdf=pdf,
        remplacer=remplacer,
        offices=1 if executor or processes > 1 else None,
    )
    _check_portable(recipe)
    model = kitchen_of(recipe).model
    pattern, table = Pattern(noms, model), open_table(rows, model)
    recipe.folder.prepare(PLACE)
    return Lot(recipe, table, pattern, lambda: Crew(recipe, executor, processes, ahead))


def _check_portable(recipe: Recipe) -> None:
    if recipe.offices is None:  # made here, by this process alone
        return
    try:
        pickle.dumps(recipe)
    except Exception as error:  # each class fails to travel in its own way
        message = "Cette mission, ou ce profil, ne peut pas être envoyée à d'autres processus."
        raise InputError(
            Constat(message, conseil="Donnez le chemin de son fichier, et non l'objet.")
        ) from error


@dataclass(frozen=True)
class _Planned:
    """A row: what is to be made of it, or what became of it already."""

    line: Line
    origin: str
    job: Job | None = None
    result: Resultat | None = None


_open: WeakSet[Lot] = WeakSet()


@atexit.register
def _close_all() -> None:
    """A program that leaves its loop ends with no workbook to correct, unless it is written before
    the interpreter undoes itself.
    """
    for lot in list(_open):
        lot.close()


class Lot(Iterator[Resultat]):
    """Les ``Resultat`` d'un lot, dans l'ordre des lignes. ``total`` : le nombre de lignes quand on
    le sait ; ``masques`` : ce que le tableau tient sans le montrer, lu ou non ; ``erreurs`` : le
    classeur à corriger ; ``anciens`` : à la fin, les fichiers d'une fois d'avant qui ne se font
    plus, et sont restés.
    """

    def __init__(self, recipe: Recipe, table: Table, pattern: Pattern, crew: Any) -> None:
        self.total, self.erreurs, self.masques = table.total, "", table.unseen
        self.anciens: tuple[str, ...] = ()
        self.delaisses: tuple[Constat, ...] = ()
        self._recipe, self._table, self._pattern, self._crew = recipe, table, pattern, crew
        self._old: dict[str, str] = {}  # each with the mark of what was written there
        self._renamed: dict[str, Entry] = {}
        self._forsaken: dict[str, Entry] = {}
        self._carried: dict[str, str] = {}
        place = place_of(table.path) if table.path else ""
        self._source = Entry("", "", tableau=table.name, lieu=place)
        self._stream = self._results()
        _open.add(self)

    def __next__(self) -> Resultat:
        return next(self._stream)

    def close(self) -> None:
        """S'arrête là : ce qui est fait est gardé, le classeur à corriger écrit.

        Rend : rien.

        Erreurs :
        - ``InputError`` : le classeur à corriger ne peut pas être écrit.
        """
        self._stream.close()

    def _results(self) -> Generator[Resultat, None, None]:
        folder, waiting, told = self._recipe.folder, deque[list[_Planned]](), 0
        with alone(folder, PLACE), Failures() as failures:
            try:
                with self._crew() as crew:
                    for made in crew.work(self._jobs(waiting)):
                        for planned, result in self._told(waiting.popleft(), made):
                            if result.refus and not result.laisse:
                                failures.add(planned.line, planned.origin, result.refus)
                            yield result
                            told += 1
                            check_hope(failures.count, told)
                self._note()
                self.anciens = self._places(sorted(self._old))
                marks = {name: self._carried.get(name, mark) for name, mark in self._old.items()}
                self.delaisses = tuple(left_behind(folder, marks))
            finally:
                self.erreurs = failures.save(folder, self._table.path)
                read_journal(folder)

    def _note(self) -> None:
        """What is said otherwise of documents that were not made this time."""
        forsaken = {
            stem: entry
            for stem, entry in self._forsaken.items()
            if self._carried.keys().isdisjoint(entry.fichiers)
        }
        if said := {**self._renamed, **forsaken}:
            finish(self._recipe.folder, begin(self._recipe.folder, {}), said)

    def _jobs(self, waiting: deque[list[_Planned]]) -> Iterator[Sequence[Job]]:
        """The work of each group; ``waiting`` keeps the whole group until it is done."""
        lines = self._planned(self._recipe.folder)
        while group := list(islice(lines, self._chunk)):
            waiting.append(group)
            yield [planned.job for planned in group if planned.job]

    @property
    def _chunk(self) -> int:
        if not self._recipe.pdf or self._recipe.offices:
            return CHUNK
        from dla_docs.pdf.process import cores

        return CONVERTED * cores()

    def _planned(self, folder: Folder) -> Iterator[_Planned]:
        journal = read_journal(folder)
        if self._table.path:
            journal.add([*following(journal, self._table.path)])
        strangers = {name for name in folder.names() if name.endswith((".docx", ".pdf"))}
        for _, entry in journal.items():
            strangers.difference_update(entry.fichiers)
        names = Names(journal, strangers)
        siblings = Siblings(kitchen_of(self._recipe), journal, self._table)
        for line in self._table.lines:
            planned = self._plan(line, names, partial(siblings.owns, line))
            journal.come(planned.origin)
            yield planned
        old = journal.unclaimed(self._table.name if self._table.path else "")
        there = folder.names() if old else set()
        for stem, entry in old.items():
            files = {**entry.fichiers, **entry.reportes}
            self._old |= {name: mark for name, mark in files.items() if name in there}
            if not entry.ancien and not entry.reportes:
                self._forsaken[stem] = replace(entry, ancien=True)

    def _plan(self, line: Line, names: Names, owns: Owns) -> _Planned:
        kitchen, origin = kitchen_of(self._recipe), line.origin(self._table.name)
        folder = self._recipe.folder
        try:
            data = data_of(line, kitchen.model, str(self._table.path or ""))
            said, fingerprint = (
                self._pattern.name(data, kitchen.lent(data), line.number, line.reference),
                kitchen.fingerprint_of(data),
            )
        except Exception as error:  # the boundary: nothing that a row holds may stop the others
            return _Planned(
                line, origin, result=Resultat(line.number, line.reference, refus=refusal(error))
            )
        name, entry = names.claim(said, fingerprint, origin, owns)
        files = [f"{name}{suffix}" for suffix in self._recipe.suffixes]
        before = names.before(name)
        table = before if line.corrected else self._source
        coming = Entry(fingerprint, origin, before.fichiers, table.tableau, table.lieu)
        if entry and all(self._is_as_written(entry, file) for file in files):
            if coming != entry:  # the row has another reference, or its table another name
                self._renamed[name] = coming
            self._old |= {one: "" for one in _stale(entry) if one not in files and folder.read(one)}
            places = self._places(files)
            done = Resultat(line.number, line.reference, places, deja_fait=True, nom=name)
            return _Planned(line, origin, result=done)
        is_new = not before.fichiers or before.reportes
        former = names.former(fingerprint, line.reference, owns) if is_new else {}
        known = frozenset(before.fichiers.values())
        job = Job(name, coming, data, known, former, before.reportes)
        return _Planned(line, origin, job)

    def _is_as_written(self, entry: Entry, file: str) -> bool:
        """What somebody has put there since is looked at, and told, each time."""
        mark = entry.fichiers.get(file)
        return bool(mark) and fingerprint(self._recipe.folder.read(file)) == mark

    def _told(
        self, group: list[_Planned], made: Sequence[Made]
    ) -> Iterator[tuple[_Planned, Resultat]]:
        done = iter(made)
        for planned in group:
            if planned.job is None:
                assert planned.result is not None
                yield planned, planned.result
                continue
            one = next(done)
            if one.files:
                if not one.laisse:
                    self._say_stale(planned.job, one)
                self._carried |= one.reportes
            yield planned, self._result(planned, one)

    def _say_stale(self, job: Job, made: Made) -> None:
        """The PDF of another time, of a document that is made without one now."""
        there = self._recipe.folder
        for name, mark in job.entry.fichiers.items():
            if name.endswith(".pdf") and name not in made.files and there.read(name):
                self._old[name] = mark

    def _result(self, planned: _Planned, made: Made) -> Resultat:
        line, job, by_hand = planned.line, planned.job, made.retouche
        return Resultat(
            line.number,
            line.reference,
            self._places(made.files),
            made.refused,
            made.constats,
            deja_fait=by_hand is not None and not by_hand.change,
            nom=job.name if job else "",
            laisse=made.laisse,
            rafraichi=by_hand.fait if by_hand else None,
        )

    def _places(self, files: Any) -> tuple[str, ...]:
        return tuple(map(self._recipe.folder.place, files))


def _stale(entry: Entry) -> Iterator[str]:
    """The PDF of a document that has been made anew without one."""
    return (name for name, mark in entry.fichiers.items() if name.endswith(".pdf") and not mark)
