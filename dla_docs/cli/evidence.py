"""Le verdict d'un fichier et sa preuve, pour ``dla-docs verifier`` : à l'écran, en JSON, ou en une
page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dla_docs.cli.display import say, say_title, show_constats
from dla_docs.cli.judging import Ecrit, Jugeable
from dla_docs.cli.putting import put, put_document
from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.files import read_bytes
from dla_docs.model.requirement import referentiel, retirees
from dla_docs.spelling import counted
from dla_docs.stages.data_files import is_parcours
from dla_docs.stages.ledger import Ledger
from dla_docs.stages.loading import load
from dla_docs.stages.request import Request, resolve
from dla_docs.word.file_kinds import NO_WORD, SAVE_AS, SAVE_OR_COPY, refusal_of_bytes

if TYPE_CHECKING:  # the proof is imported where it is asked for
    from dla_docs.stages.evidence import Conformite

FILLED = (".docx", ".dotx", ".pdf")
DATA = (".yaml", ".yml", ".json")
FORMATS = (".docx", ".pdf", ".odt", ".json")
BEGINNING = 1024  # bytes that say what a file is
SAVED = (SAVE_AS, SAVE_OR_COPY)  # what to do with a document that is nearly one of Word
VERIFIED = (
    "Indiquez un document ou une mission (.yaml, .json), ou un document rempli (.docx, .pdf)."
)


@dataclass
class Asked:
    """Un fichier à vérifier : lu une fois, jugé une fois."""

    path: Path
    profil: str | None
    stade: str | None
    a_jour: bool = False
    prouve: bool = False  # the proof is wanted too, which costs as much as the verdict

    @cached_property
    def constats(self) -> list[Constat]:
        """Tous les constats, les plus graves d'abord."""
        return self._held.verdict(self.requests, self.ledger if self.prouve else None)

    @cached_property
    def proof(self) -> Conformite:
        """Le verdict et sa preuve ; demandée à ``prouve``."""
        from dla_docs.stages.evidence import proof

        newest = self.newest if self.a_jour else None
        judged = self._held.judged(self.requests, self.path)
        return proof(self.constats, self.ledger, self.requests, judged, newest)

    @cached_property
    def newest(self) -> list[Constat]:
        """Ce que dirait en plus la version la plus récente du référentiel."""
        found = self._held.verdict(self._held.requests(self.profil, self.stade, a_jour=True), None)
        return [constat for constat in found if constat not in self.constats]

    @cached_property
    def ledger(self) -> Ledger:
        """Ce que le verdict a fait de chaque exigence."""
        return Ledger()

    @cached_property
    def requests(self) -> list[Request]:
        """Ce qui est demandé : un document, une mission, ou chaque mission d'un parcours."""
        return self._held.requests(self.profil, self.stade, a_jour=False)

    @cached_property
    def _held(self) -> Jugeable:
        if self.path.suffix.lower() in FILLED or _is_no_text(self.path):
            from dla_docs.cli.judging_forms import read_back

            return read_back(self.path, self.profil)
        if is_parcours(self.path):
            from dla_docs.cli.judging_parcours import of_parcours

            return of_parcours(self.path, self.profil)
        return Ecrit(load(self.path, self.profil))


def _is_no_text(path: Path) -> bool:
    """Whether a file of another kind is to be read as a document of Word, whatever its name;
    ``InputError`` for what is neither that nor data: an image, a message.
    """
    if path.suffix.lower() in DATA:
        return False
    refusal = refusal_of_bytes(read_bytes(path, BEGINNING))
    if refusal is not None and refusal[1] not in SAVED and refusal[0] != NO_WORD:
        raise InputError(Constat(refusal[0], fichier=str(path), conseil=VERIFIED))
    return refusal is None or refusal[0] != NO_WORD


def write_proof(asked: Asked, target: Path, remplacer: bool) -> None:
    """Écrit le verdict et sa preuve : des données, ou la page qu'un contrôleur lit."""
    if target.suffix.lower() == ".json":
        put(target, asked.proof.to_json(), remplacer)
        return
    from dla_docs.stages.evidence_page import page_of

    profil = asked.requests[0].profil
    put_document(resolve(page_of(asked.proof, profil), profil), target, remplacer)


def show_update(asked: Asked) -> None:
    """Écrit ce que demanderait la version la plus récente du référentiel."""
    table, update = asked.proof.referentiel, asked.proof.a_jour
    if update is None or table.selon == table.version:
        say(f"Jugé selon la version la plus récente du référentiel ({table.version}).")
        return
    say("")
    say_title(f"Ce que la version {table.version} change à la version {table.selon}")
    added, gone = "exigence ajoutée", "exigence retirée"
    say(f"{counted(len(update.ajoutees), added, 'exigences ajoutées')} :")
    _list((one, referentiel()[one].titre) for one in update.ajoutees)
    say(f"{counted(len(update.retirees), gone, 'exigences retirées')} :")
    _list((one, retirees()[one]) for one in update.retirees)
    say(f"{counted(len(update.forces), 'force changée', 'forces changées')} :")
    changed = (f"{one.exigence} {one.avant.value} → {one.apres.value}" for one in update.forces)
    say(f"  {', '.join(changed)}")
    say("Elle dirait en plus :" if asked.newest else "Elle ne dirait rien de plus.")
    show_constats(asked.newest, error=False)
    say("")


def _list(rows: Iterable[tuple[str, str]]) -> None:
    for identifiant, said in rows:
        say(f"  {identifiant}  {said}")
