"""Ce que des mains ont fait des fichiers d'un dossier, d'une fois à l'autre : rafraîchi quand cela
se peut, et jamais compté parmi ce que l'on a écrit seul.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dla_docs.constat import Constat, Gravite
from dla_docs.dossier.names import WORD
from dla_docs.dossier.recipient import Remise
from dla_docs.dossier.retouched import (
    Fiche,
    Retouche,
    is_page_of,
    retouched,
)
from dla_docs.errors import DlaDocsError, TargetError
from dla_docs.files import digest, read_bytes
from dla_docs.mission import Mission
from dla_docs.retouches.target import held_by_hand, put_refreshed, write_over
from dla_docs.stages.evidence import FichierLu, files_of
from dla_docs.stages.manifest import Manifeste
from dla_docs.stages.saves import FOLDER as COPIES
from dla_docs.word.package import MAX_FILE

if TYPE_CHECKING:  # what reads and refreshes a page is imported when a hand has been there
    from dla_docs.retouches.refresh import Rafraichi

BEFORE_HANDING = (
    "Le destinataire le lirait : ôtez de ce fichier ce qui le retient, ou ôtez-le du dossier ; "
    "puis refaites le dossier."
)


@dataclass
class Hands:
    """``marks`` : le nom et l'empreinte de ce que les fois d'avant ont écrit seules ; ``carried`` :
    l'empreinte qu'avait chaque ancien fichier quand ses retouches ont passé dans un autre ;
    ``looked`` : ce que chaque fichier, tel qu'on l'a lu, tient de quelqu'un.
    """

    where: Path
    marks: set[tuple[str, str]]
    mission: Mission
    remise: Remise
    remplacer: bool
    refreshed: dict[str, Retouche] = field(default_factory=dict)
    left: dict[str, TargetError] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)
    made: dict[str, Fiche] = field(default_factory=dict)
    carried: dict[str, str] = field(default_factory=dict)
    looked: dict[tuple[str, str], str] = field(default_factory=dict)

    def look_back(self, before: Manifeste | None, names: Iterable[str]) -> None:
        """Retient les documents de la fois d'avant qui ne sont d'aucun de ces noms : leur numéro ou
        leur nom a changé, et leurs retouches sont à suivre.
        """
        now = set(names)
        self.carried = {one.nom: one.sha256 for one in before.reportes} if before else {}
        for row in before.fichiers if before is not None else ():
            if row.nom.endswith(WORD) and row.nom.removesuffix(WORD) not in now:
                self.gone.setdefault(row.sorte, []).append(row.nom)

    def take(self, name: str, fiche: Fiche) -> Retouche | None:
        """Le fichier de ce nom, ou de celui qu'il avait, rafraîchi ; ``None`` quand rien n'y est
        d'une main, ou qu'il reste tel quel.
        """
        if self.remplacer:
            return None
        self.made[name] = fiche
        made = self._taken(name, fiche, self.left)
        has_passed = made is not None and self.carried.get(name) == digest(made.avant)
        if has_passed or (made is None and name not in self.left):
            gone = self.gone.get(fiche.entier.slug(), ())
            found = [one for old in gone if (one := self._taken(old, fiche, {}))]
            last = max(found, key=_saved_at, default=None)
            if last is not None:
                self.carried[last.place.name] = digest(last.avant)
                # what was there has passed in that one: it is replaced, a copy kept
                made = replace(last, place=made.place, avant=made.avant) if made else last
        if made is not None:
            self.refreshed[name] = made
        return made

    def _taken(
        self, name: str, fiche: Fiche, left: MutableMapping[str, TargetError]
    ) -> Retouche | None:
        """``left`` receives why it stays as it is."""
        try:
            kept = partial(self._kept, name)
            return retouched(self.where / name, fiche, kept, self.mission, self.remise)
        except TargetError as error:
            left[name] = error
        except DlaDocsError:  # it cannot be read: writing it says so
            pass
        return None

    def put(self, name: str, octets: bytes) -> bool:
        """Écrit ce fichier ; faux quand il y était déjà. ``TargetError`` quand il reste tel
        quel.
        """
        try:
            return self._put(self.where / name, self.refreshed.get(name), octets)
        except TargetError as error:
            if self.remise.entiere:
                raise
            told = [replace(one, conseil=BEFORE_HANDING) for one in error.constats]
            raise TargetError(told) from error

    def _put(self, path: Path, made: Retouche | None, octets: bytes) -> bool:
        if path.name in self.left:
            raise self.left[path.name]
        if made is not None and made.place == path:
            return put_refreshed(path, made.avant, octets)
        return write_over(path, octets, remplacer=self.remplacer, connus=self._known(path.name))

    def leaves(self, name: str, octets: bytes) -> bool:
        """Vrai d'un fichier que ``put`` laisserait tel quel, au lieu d'y écrire ces octets."""
        if self.remplacer or name in self.refreshed:
            return False
        path = self.where / name
        try:
            held = read_bytes(path, MAX_FILE) if path.is_file() else b""
            return name in self.left or bool(self._kept(name, held, octets))
        except DlaDocsError:  # it cannot be read: writing it says so
            return True

    def take_away(self, names: Iterable[str]) -> list[str]:
        """Ôte d'un dossier remis ceux de ces fichiers d'une fois d'avant qui sont restés tels qu'on
        les avait écrits, et dit lesquels ; de l'archive, aucun.
        """
        return [name for name in names if not self.remise.entiere and self._drop(name)]

    def still_there(self, names: Iterable[str]) -> Iterator[Constat]:
        """Ceux qui restent dans un dossier remis, où le destinataire les lirait, et les copies."""
        if self.remise.entiere:
            return
        if (self.where / COPIES).is_dir():
            yield Constat(
                f"« {COPIES} » garde ici les documents retouchés tels qu'ils étaient avant : ces "
                "copies ne se remettent pas.",
                Gravite.AVERTISSEMENT,
                fichier=str(self.where),
                conseil="Ôtez-les de ce que vous remettez.",
            )
        for name in names:
            yield Constat(
                "Ce fichier d'une fois d'avant ne se fait plus, et tient peut-être le travail de "
                "quelqu'un : il est laissé, et le destinataire le lirait.",
                fichier=str(self.where / name),
                conseil="Ôtez-le avant de remettre le dossier.",
            )

    def forgotten(self, names: Iterable[str]) -> Iterator[Constat]:
        """Ceux de ces fichiers d'une fois d'avant qu'une main a retouchés, et dont le document fait
        maintenant ne tient pas les retouches.
        """
        if self.remplacer or not self.remise.entiere:
            return
        for name in names:
            if name.endswith(WORD) and (lost := self._lost(name)):
                now, what = lost
                yield Constat(
                    f"Ce fichier d'une fois d'avant a été retouché ({what}), et celui qui le "
                    f"remplace, « {self.where / now} », ne le tient pas.",
                    fichier=str(self.where / name),
                    conseil="Reportez-le dans le nouveau fichier, ou ôtez l'ancien du dossier.",
                )

    def _lost(self, name: str) -> tuple[str, str] | None:
        """The file made now in its stead, and what a hand has put in the old one alone."""
        from dla_docs.retouches.page import MOST
        from dla_docs.retouches.work import is_retouched, retouches_in

        try:
            held = read_bytes(self.where / name, MAX_FILE)
            if self.carried.get(name) == digest(held):
                return None
            if not is_retouched(held_by_hand(held, b"", self._known(name))):
                return None
            said = retouches_in(held)
            heirs = [one for one, fiche in self.made.items() if is_page_of(held, fiche)]
            lost = {one: self._missing(said, one) for one in heirs}
        except DlaDocsError:  # it cannot be read: it is named as an old one
            return None
        if not lost or not all(lost.values()):
            return None
        now = min(lost, key=lambda one: len(lost[one]))
        more = ", et d'autres changements" if len(lost[now]) > MOST else ""
        return now, f"{' ; '.join(lost[now][:MOST])}{more}"

    def _missing(self, said: Iterable[str], name: str) -> list[str]:
        from dla_docs.retouches.work import retouches_in

        there = set(retouches_in(read_bytes(self.where / name, MAX_FILE)))
        return [one for one in said if one not in there]

    def reported(self, names: Iterable[str]) -> tuple[FichierLu, ...]:
        """Ceux de ces fichiers d'une fois d'avant dont les retouches ont passé dans un autre."""
        return tuple(
            FichierLu(nom=name, sha256=self.carried[name]) for name in names if name in self.carried
        )

    def done(self, written: set[str]) -> tuple[tuple[Path, Rafraichi], ...]:
        """Ce qui a été rafraîchi, parmi ces noms."""
        return tuple(
            (self.where / name, one.fait) for name, one in self.refreshed.items() if name in written
        )

    def _drop(self, name: str) -> bool:
        path = self.where / name
        try:
            if held_by_hand(read_bytes(path, MAX_FILE), b"", self._known(name)):
                return False
            path.unlink(missing_ok=True)
        except (DlaDocsError, OSError):  # it cannot be read, or taken away
            return False
        return True

    def _kept(self, name: str, held: bytes, octets: bytes) -> str:
        """Compared once, however often it is asked; a file that has changed since is another."""
        key = name, digest(held)
        if key not in self.looked:
            self.looked[key] = held_by_hand(held, octets, self._known(name))
        return self.looked[key]

    def _known(self, name: str) -> list[str]:
        ours = (key for key, kept in self.looked.items() if not kept)
        return [mark for one, mark in (*self.marks, *ours) if one == name]


def _saved_at(one: Retouche) -> float:
    return one.place.stat().st_mtime


def contradicted(
    done: Iterable[tuple[Path, Rafraichi]], mission: Mission | Path
) -> Iterator[Constat]:
    """Ce que ces pages disent autrement que la mission, ou que celle de ce fichier."""
    if not (pages := list(done)):
        return
    from dla_docs.retouches.contradictions import contradictions, of_mission

    source = of_mission(mission if isinstance(mission, Path) else _file_of(mission))
    for path, made in pages:
        yield from contradictions(path, made, source)


def _file_of(mission: Mission) -> Path | None:
    """A mission that a program has made has none."""
    return next((path for path in files_of(mission)[:1] if path.is_file()), None)
