"""Le retour dans la mission : chaque réponse est écrite là où vit le fait, et prouvée par une
relecture avant que rien ne soit écrit.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.forms.reader import Changement, Lecture
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.profils.profil import Profil
from dla_docs.raw.overlaying import CLE
from dla_docs.raw.written import UneditableError
from dla_docs.stages.loading import load
from dla_docs.writing_back.answers import Answers
from dla_docs.writing_back.emptied import emptied_rows, without_row
from dla_docs.writing_back.facts import Desk, State, Trail, keyed
from dla_docs.writing_back.placing import placed
from dla_docs.writing_back.proof import proves
from dla_docs.writing_back.spots import key_unwritten, spots
from dla_docs.writing_back.standing import Put, Standing
from dla_docs.writing_back.undo import finish, write_kept
from dla_docs.writing_back.unwritten import Tried, disputed, key_alone, left, of_another, row_left

FactPlace = tuple[Path, tuple[str, ...]]  # of a fact: its file, and the way to it


def base_in(
    path: str | Path, profil: Profil | str | Path | None = None
) -> dict[str, tuple[Document, ...]]:
    """Les documents que le fichier tient déjà, par nom : ce à quoi comparer un formulaire."""
    loaded = load(path, profil)
    return {
        type(loaded).slug(): (
            loaded.tenu_par(loaded) if isinstance(loaded, Mission) else loaded,
        ),  # as its form shows it
        **(loaded.documents if isinstance(loaded, Mission) else {}),
    }


def write_back(
    lecture: Lecture, path: str | Path, profil: Profil | str | Path | None = None
) -> tuple[Constat, ...]:
    """Écrit les changements là où vivent leurs faits : l'en-tête de la mission, la liste des
    sollicités, un fichier cité, la part du document.

    Hors de ce qui change, les fichiers restent octet pour octet. Après chaque retouche la mission
    est relue : elle doit dire ce que dit le formulaire, et rien d'autre ne doit y avoir changé. Les
    fichiers d'avant sont gardés : ``annuler`` les remet.

    Arguments :
    - ``lecture`` : ce que ``read`` a relu.
    - ``path`` : le fichier .yaml de la mission, ou du document.
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans lui,
      celui que dit le fichier.

    Rend : des ``Constat``, un par réponse qui n'a pas pu être écrite.

    Erreurs :
    - ``InputError`` : le fichier ne se lit ou ne s'écrit pas, le document n'y a pas sa place, ou
      rien de ce qui a changé ne s'y écrit.
    """
    return write(lecture, Path(path), profil).laissees


@dataclass(frozen=True)
class Ecriture:
    """Ce que devient une relecture : les fichiers tels qu'ils seraient ; les réponses laissées ; ce
    que la mission en dit de plus, qu'aucun champ n'a changé ; le document qu'elle y tient.
    """

    desk: Desk
    laissees: tuple[Constat, ...] = ()
    autres: tuple[Changement, ...] = ()
    tenu: Document | None = None

    def leaves(self, change: Changement) -> bool:
        """Vrai d'un changement qui n'est pas écrit : c'est dit de lui, ou de sa ligne."""
        return any(f"{change.chemin}.".startswith(f"{one.chemin}.") for one in self.laissees)


def write(lecture: Lecture, target: Path, profil: Profil | str | Path | None = None) -> Ecriture:
    """Écrit les changements dans une mission, comme ``write_back``, et dit tout ce qu'il en est."""
    _refuse_json(target)
    finish(target)
    found = writing(lecture, Desk(target, profil))
    if found.laissees and all(map(found.leaves, lecture.changements)):
        raise InputError(found.laissees)
    texts = found.desk.texts
    if texts:
        write_kept(target, {file: _encoded(file, text) for file, text in texts.items()})
    return found


def _refuse_json(target: Path) -> None:
    """Retouching edits the text in place, and a line of YAML among JSON would be refused."""
    if target.suffix.lower() == ".json":
        raise InputError(
            Constat(
                "Les réponses s'écrivent dans un fichier YAML, pas JSON.",
                fichier=target.name,
                conseil=f"Renommez-le « {target.stem}.yaml », il se lit de même, et redonnez le "
                "formulaire ; ou relisez vers un fichier à part, avec -o.",
            )
        )


def claims(
    lecture: Lecture, path: Path, profil: Profil | str | Path | None = None
) -> dict[FactPlace, Changement]:
    """Les changements qui s'y écriraient, chacun à sa place ; sans ceux d'une ligne de plus, qui
    n'ôtent la leur à personne.
    """
    writer = _Writer(lecture, Desk(path, profil))
    writer.take(lecture.changements)
    return writer.places


def _encoded(file: Path, text: str) -> bytes:
    """In the encoding that the file had."""
    before = file.read_bytes()
    for mark, encoding in (
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xef\xbb\xbf", "utf-8"),
    ):
        if before.startswith(mark):
            return mark + text.encode(encoding)
    with contextlib.suppress(UnicodeError):
        before.decode()
        return text.encode()
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError:  # a letter that its own encoding has not
        return text.encode()


def writing(lecture: Lecture, desk: Desk) -> Ecriture:
    """L'écriture d'une relecture dans ces fichiers, prouvée, sans que rien ne soit écrit."""
    writer = _Writer(lecture, desk)
    if not lecture.changements:  # a sheet is begun by an answer only
        return Ecriture(desk, tenu=writer.at.held)
    laissees = writer.take(lecture.changements)
    if writer.begins_nothing:  # all that changed is said elsewhere: there is no sheet to begin
        writer = _Writer(lecture, desk, begins=False)
        laissees = writer.take(lecture.changements)
    return Ecriture(writer.at.desk, tuple(laissees), writer.told, writer.at.held)


class _Writer:
    def __init__(self, lecture: Lecture, desk: Desk, begins: bool = True) -> None:
        self.lecture, self.answers = lecture, Answers(lecture)
        found = placed(lecture, desk, begins)
        self.at, self.begun, self.told = found.at, found.begun, found.told
        self.places: dict[FactPlace, Changement] = {}
        self.fresh = found.is_new

    @property
    def begins_nothing(self) -> bool:
        """Whether a new sheet says its own key, and nothing else."""
        at = self.at
        return (self.fresh and at.model.par_cle) and not any(
            at.desk.find(at.model, (name,), at.start).is_there
            for name in at.model.model_fields
            if name != CLE
        )

    def take(self, changes: Sequence[Changement]) -> list[Constat]:
        """Writes all that may be, and says what is left."""
        barred = {change: said for change in changes if (said := self._barred(change))}
        kept = [change for change in changes if change not in barred]
        rows = emptied_rows(self.at, self.answers, kept)
        gone = {change for _, emptied in rows for change in emptied}
        left_ = self._take([change for change in kept if change not in gone])
        for way, emptied in reversed(rows):  # from the last: the ranks of the others hold
            left_ += self._remove(way, emptied)
        return [*barred.values(), *left_]

    def _take(self, changes: Sequence[Changement]) -> list[Constat]:
        """Proved by one reading; when it proves them not, by halves, down to the one that has to
        be written elsewhere, or is left.
        """
        if len(changes) == 1:
            said = self._alone(changes[0])
            return [said] if said else []
        if not changes or self._together(changes):
            return []
        half = len(changes) // 2
        return [*self._take(changes[:half]), *self._take(changes[half:])]

    def _barred(self, change: Changement) -> Constat | None:
        """What is not to be written, wherever it would be."""
        rows = dict(self.answers.rows)
        try:
            answer = self.answers.of(self.at, change)
        except ValueError:  # no such value: a reading has already refused it
            return None
        finally:
            self.answers.rows = rows
        now = self.at.before.get(answer.way, change.avant)
        if self.fresh and now not in (change.avant, answer.printed):
            return disputed(self.at, change, now)
        return of_another(self.at, change, answer.way)

    def _together(self, changes: Sequence[Changement]) -> bool:
        """Each where it lives in the first place; erasing, which may take a whole row away, is
        proved alone.
        """
        if not all(change.apres for change in changes):
            return False
        at, rows = self.at, dict(self.answers.rows)
        try:
            answers = [self.answers.of(at, change) for change in changes]
            if any(self.answers.is_key_alone(at, one) for one in answers):
                return False
            puts = []
            for one in (one for one in answers if at.asked([one]) != at.asked()):
                spot, said = next(spots(at, one.way, one.text))
                puts.append(Put(one, spot, said, at.holds(spot)))
                at = replace(at, desk=at.desk.put(spot, said))
            state = at.desk.state()
        except (UneditableError, InputError, ValueError):
            self.answers.rows = rows
            return False
        if proves(self.at, state, self.at.asked(answers), puts):
            self._keep(at.desk, state, puts)
            return True
        self.answers.rows = rows
        return False

    def _alone(self, change: Changement) -> Constat | None:
        at, rows, tried = self.at, dict(self.answers.rows), Tried()
        try:
            answer = self.answers.of(at, change)
        except ValueError:  # no such value: a reading has already refused it
            return left(at, change, tried)
        if at.asked([answer]) == at.asked():
            return None  # the mission says it already
        if self.answers.is_key_alone(at, answer):
            return key_alone(at, change)
        for held in self._stands(at, answer.way):
            for spot, said in spots(held, answer.way, answer.text):
                state = tried.load(held, spot, said)
                if state is None:
                    continue
                put = Put(answer, spot, said, held.holds(spot))
                if proves(at, state, at.asked([answer]), [put]):
                    self._keep(tried.desk, state, [put])
                    return None
                tried.fail(at, state, answer)
        self.answers.rows = rows
        return left(at, change, tried)

    def _stands(self, at: Standing, way: Trail) -> Iterator[Standing]:
        """As it is; then with the key of that row written, which a new name would change."""
        yield at
        found = key_unwritten(at, way)
        if found is not None:
            spot, key = found
            with contextlib.suppress(UneditableError):
                yield replace(at, desk=at.desk.put(spot, key))

    def _remove(self, way: Trail, emptied: Sequence[Changement]) -> list[Constat]:
        """A row of which nothing is left goes away; else, it is left as it was."""
        tried = Tried()
        found = without_row(self.at, way, tried)
        if found is None:
            return [row_left(self.at, way, emptied[0], tried)]
        for change in emptied:
            answer = self.answers.of(self.at, change)
            put = Put(answer, found.spot, None, self.at.holds(found.spot))
            self.places[self._place_of(put)] = change
        self.at = replace(self.at, desk=found.desk, state=found.state)
        return []

    def _keep(self, desk: Desk, state: State, puts: Sequence[Put]) -> None:
        for one in puts:
            if not self.at.is_new_row(one.answer.way):
                self.places[self._place_of(one)] = one.answer.change
        self.at = replace(self.at, desk=desk, state=state)

    def _place_of(self, put: Put) -> FactPlace:
        """The place of this field alone, in a list that is written whole too; in a sheet that the
        mission did not hold yet, that of whose sheet it is, for each would be the next one.
        """
        own, spot = self.begun if put.own else "", put.spot
        if isinstance(put.said, list):
            return spot.file.resolve(), (own, *map(str, self.at.here), *keyed(put.answer.way))
        return spot.file.resolve(), (own, *map(str, spot.way), *keyed(spot.rest))
