"""Le retour dans la mission : chaque réponse est écrite là où vit le fait, et prouvée par une
relecture avant que rien ne soit écrit.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.forms.facts import Desk, Flat, Row, Spot, Trail, flat, keyed, nested
from dla_docs.forms.reader import Changement, Lecture
from dla_docs.forms.sheets import (
    PRESTATAIRE,
    holder_in,
    holder_of,
    ranks_of,
    refuse_stranger,
)
from dla_docs.forms.undo import finish, write_kept
from dla_docs.mission import Mission
from dla_docs.model.bloc import row_prefixes, value_type
from dla_docs.model.document import Document
from dla_docs.model.formats import format_value
from dla_docs.model.node import steps
from dla_docs.parties.identite import candidats
from dla_docs.profils.profil import Profil
from dla_docs.raw import RawMap
from dla_docs.raw.editing import UneditableError, Way
from dla_docs.raw.overlaying import CLE
from dla_docs.raw.quoting import quoted
from dla_docs.registry import DOCUMENTS, FORMULAIRES
from dla_docs.spelling import spaced
from dla_docs.stages.envelope import data_of
from dla_docs.stages.loading import build_document, load
from dla_docs.stages.writing import typed

Place = tuple[Path, tuple[str, ...]]  # of a fact: its file, and the way to it
MOST_TOLD = 3  # documents that a sentence names


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
    target = Path(path)
    if target.suffix.lower() == ".json":
        raise InputError(
            Constat(
                "Les réponses s'écrivent dans un fichier YAML, pas JSON.",
                fichier=target.name,
                conseil="Relisez vers un fichier avec -o.",
            )
        )
    finish(target)
    desk, left = written(lecture, Desk(target, profil))
    if left and len(left) == len(lecture.changements):
        raise InputError(left)
    if desk.texts:
        write_kept(target, {file: _encoded(file, text) for file, text in desk.texts.items()})
    return left


def claims(
    lecture: Lecture, path: Path, profil: Profil | str | Path | None = None
) -> dict[Place, Changement]:
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


def written(lecture: Lecture, desk: Desk) -> tuple[Desk, tuple[Constat, ...]]:
    """Les fichiers tels qu'ils seraient, les changements écrits ; et ce qui n'a pas pu l'être."""
    writer = _Writer(lecture, desk)
    left = writer.take(lecture.changements)
    return writer.desk, tuple(left)


@dataclass
class _State:
    """What the files say: each document by its place, the mission itself under no name."""

    whole: Document
    said: dict[tuple[str, int], Flat] = field(default_factory=dict)

    @classmethod
    def of(cls, desk: Desk) -> _State:
        whole = desk.load()
        said = {("", 0): flat(whole)}
        if isinstance(whole, Mission):
            for slug, documents in whole.documents.items():
                said |= {(slug, rank): flat(one) for rank, one in enumerate(documents)}
        return cls(whole, said)


@dataclass(frozen=True)
class _Answer:
    """A change on its way into the document: as it is typed, and as a page prints it."""

    change: Changement
    way: Trail
    text: str | None
    printed: str


@dataclass(frozen=True)
class _Put:
    """An answer, where it was put, and what was put there."""

    answer: _Answer
    spot: Spot
    said: Any


class _Writer:
    def __init__(self, lecture: Lecture, desk: Desk) -> None:
        self.lecture, self.desk = lecture, desk
        self.model = type(lecture.document)
        self.state = _State.of(desk)
        self.sent = lecture.envoi.donnees if lecture.envoi else {}
        self.holder = holder_of(self.model, self.sent, data_of(lecture.document), self.state.whole)
        self.here, self.start = self._place()
        self.rows: dict[str, Row] = {}  # the rows of the form that the document has not
        self.places: dict[Place, Changement] = {}
        self.fresh = self.here not in self.state.said  # a document that the mission has not yet
        self.begun = self._solicited() if self.fresh else ""
        if self.begun:
            self._begin(self.begun)

    # Where the document stands.

    def _place(self) -> tuple[tuple[str, int], Way]:
        whole, slug = self.state.whole, self.model.slug()
        if type(whole).slug() == slug:
            return ("", 0), ()
        if not isinstance(whole, Mission) or slug not in DOCUMENTS:
            message = (
                f"« {self.model.titre} » n'a pas sa place dans ce fichier "
                f"(document: {type(whole).slug()})."
            )
            raise InputError(
                Constat(
                    message,
                    fichier=self.desk.root.name,
                    conseil="Relisez-le vers un fichier à part, avec -o.",
                )
            )
        rank = self._rank(whole.documents.get(slug, ()))
        first = self.desk.find(Mission, (), ("documents", slug, 0))
        listed = not first.rest and first.before is None
        return (slug, rank), ("documents", slug, rank) if listed or rank else ("documents", slug)

    def _rank(self, held: Sequence[Document]) -> int:
        """Its rank among the others of its kind; the next one for a name typed on a blank form."""
        blank = not any(holder_in(self.model, self.sent))
        if blank:
            back, whole = data_of(self.lecture.document), self.state.whole
            refuse_stranger(self.model, self.holder, back, whole, self.desk.root.name)
        if not held:
            return 0
        ranks = ranks_of(self.model, held, self.holder)
        typed_in = self.model.multiple and any(self.holder) and blank
        if not ranks and (typed_in or (any(self.holder) and self._solicited())):
            return len(held)
        if len(ranks) != 1:
            raise InputError(
                Constat(
                    "La mission tient plusieurs de ces documents et rien ne dit lequel est revenu.",
                    fichier=self.desk.root.name,
                    conseil="Écrivez dans le formulaire de qui il est, et redonnez-le.",
                )
            )
        return ranks[0]

    def _solicited(self) -> str:
        """The key of the one solicited whose sheet this is, when there is one for each of them, or
        for each of those who are retained, or when it is not that of the one who is.
        """
        whole = self.state.whole
        if not isinstance(whole, Mission) or self.model.distingue_par != PRESTATAIRE:
            return ""
        known, chosen = [*whole.sollicites()], whole.retenus
        if not self.model.un_par_sollicite:
            apart = [cle for cle in known if cle not in chosen and self.model.multiple]
            known = [*chosen] if len(chosen) > 1 else apart
        return next((cle for cle in known if spaced(cle) == self.holder.cle), "")

    def _begin(self, cle: str) -> None:
        """A sheet that the mission did not hold yet says whose it is."""
        desk = self.desk.put(self.desk.find(self.model, ("prestataire",), self.start), cle)
        self.desk, self.state = desk, _State.of(desk)
        assert isinstance(self.state.whole, Mission)
        for number, asked in enumerate(self.state.whole.mise_en_concurrence.sollicites):
            if self.model.vaut_reponse and asked.cle == cle and asked.reponse is None:
                row: Trail = ("mise_en_concurrence", "sollicites", Row(cle, number), "reponse")
                desk = desk.put(desk.find(Mission, row), self.model.vaut_reponse)
                self.desk, self.state = desk, _State.of(desk)

    @property
    def before(self) -> Flat:
        """What the document says now."""
        return self._said_in(self.state)

    def _said_in(self, state: _State) -> Flat:
        """What the document says; when the mission does not hold it yet, what it lends it."""
        if self.here in state.said:
            return state.said[self.here]
        assert isinstance(state.whole, Mission)
        return flat(build_document(state.whole, self.model, RawMap()))

    # The changes.

    def take(self, changes: Sequence[Changement]) -> list[Constat]:
        """Writes all that may be, and says what is left."""
        barred = {change: said for change in changes if (said := self._barred(change))}
        left = self._take([change for change in changes if change not in barred])
        return [*barred.values(), *left]

    def _take(self, changes: Sequence[Changement]) -> list[Constat]:
        """Proved by one reading; when it proves them not, by halves, down to the one that has to
        be written elsewhere, or is left.
        """
        if len(changes) == 1:
            left = self._alone(changes[0])
            return [left] if left else []
        if not changes or self._together(changes):
            return []
        half = len(changes) // 2
        return [*self._take(changes[:half]), *self._take(changes[half:])]

    def _barred(self, change: Changement) -> Constat | None:
        """What is not to be written, wherever it would be."""
        rows = dict(self.rows)
        try:
            answer = self._answer(change)
        except ValueError:  # no such value: a reading has already refused it
            return None
        finally:
            self.rows = rows
        now = self.before.get(answer.way, change.avant)
        if self.fresh and now not in (change.avant, answer.printed):
            return self._disputed(change, now)
        return self._of_another(change, answer.way)

    def _together(self, changes: Sequence[Changement]) -> bool:
        """Each where it lives in the first place; erasing, which may take a whole row away, is
        proved alone.
        """
        if not all(change.apres for change in changes):
            return False
        start, rows = self.desk, dict(self.rows)
        try:
            answers = [self._answer(change) for change in changes]
            if any(map(self._is_key_alone, answers)):
                return False
            puts = [self._put_first(one) for one in answers if self._asked([one]) != self._asked()]
            desk, self.desk = self.desk, start
            state = _State.of(desk)
        except (UneditableError, InputError, ValueError):
            self.desk, self.rows = start, rows
            return False
        if self._proves(state, self._asked(answers), puts):
            self._keep(desk, state, puts)
            return True
        self.rows = rows
        return False

    def _put_first(self, answer: _Answer) -> _Put:
        spot, said = next(self._spots(answer.way, answer.text))
        self.desk = self.desk.put(spot, said)
        return _Put(answer, spot, said)

    def _alone(self, change: Changement) -> Constat | None:
        rows, gone = dict(self.rows), dict[tuple[str, int], list[Trail]]()
        try:
            answer = self._answer(change)
        except ValueError:  # no such value: a reading has already refused it
            return self._left(change, gone)
        asked = self._asked([answer])
        if asked == self._asked():
            return None  # the mission says it already
        if self._is_key_alone(answer):
            return self._key_alone(change)
        for spot, said in self._spots(answer.way, answer.text):
            try:
                desk = self.desk.put(spot, said)
                state = _State.of(desk)
            except (UneditableError, InputError):
                continue
            put = _Put(answer, spot, said)
            if self._proves(state, asked, [put]):
                self._keep(desk, state, [put])
                return None
            gone = gone or self._gone(state, answer)
        self.rows = rows
        return self._left(change, gone)

    def _is_key_alone(self, answer: _Answer) -> bool:
        """The key of a new row where nothing else was typed: such a row says nothing."""
        row, _, name = answer.change.chemin.rpartition(".")
        return (
            name == CLE
            and self._in_new_row(answer.way)
            and not any(
                one.chemin.startswith(f"{row}.") and one.apres
                for one in self.lecture.changements
                if one != answer.change
            )
        )

    def _answer(self, change: Changement) -> _Answer:
        node = self.model.schema_node().find(change.chemin)
        text = (typed(change.apres, node) if node else change.apres) or None
        return _Answer(
            change, self._way(change.chemin), text, self._printed(change) if change.apres else ""
        )

    def _asked(self, answers: Sequence[_Answer] = ()) -> dict[tuple[str, ...], str]:
        """What the document must say, once these answers are written."""
        asked = {keyed(one): said for one, said in self.before.items()}
        for answer in answers:
            asked.pop(keyed(answer.way), None)
            asked |= {keyed(answer.way): answer.printed} if answer.text else {}
        return asked

    def _keep(self, desk: Desk, state: _State, puts: Sequence[_Put]) -> None:
        for one in puts:
            if not self._in_new_row(one.answer.way):
                self.places[self._place_of(one.spot, one.answer.way, one.said)] = one.answer.change
        self.desk, self.state = desk, state

    def _in_new_row(self, way: Trail) -> bool:
        known = {keyed(one)[:rank] for one in self.before for rank in range(len(one))}
        return any(
            isinstance(step, Row) and keyed(way[: rank + 1]) not in known
            for rank, step in enumerate(way)
        )

    def _place_of(self, spot: Spot, way: Trail, said: Any) -> Place:
        """The place of this field alone, in a list that is written whole too; in a sheet that the
        mission did not hold yet, that of whose sheet it is, for each would be the next one.
        """
        own = self.begun if spot.way[: len(self.start)] == self.start else ""
        if isinstance(said, list):
            return spot.file.resolve(), (own, *map(str, self.here), *keyed(way))
        return spot.file.resolve(), (own, *map(str, spot.way), *keyed(spot.rest))

    def _printed(self, change: Changement) -> str:
        node = self.model.schema_node().find(change.chemin)
        if node is None:
            return change.apres
        return format_value(node.format, value_type(self.model, change.chemin).load(change.apres))

    def _way(self, path: str) -> Trail:
        way: list[str | Row] = []
        walked, prefixes = "", row_prefixes(self.model)
        for step in steps(path):
            if isinstance(step, str):
                walked = f"{walked}.{step}".removeprefix(".")
                way.append(step)
            else:
                walked = f"{walked}[{step}]"
                way.append(self._row(walked, step, tuple(way), prefixes))
        return tuple(way)

    def _row(self, walked: str, rank: int, above: Trail, prefixes: Mapping[str, str]) -> Row:
        if walked in self.rows:
            return self.rows[walked]
        known = [one[len(above)] for one in self.before if keyed(one)[: len(above)] == keyed(above)]
        rows = dict.fromkeys(row for row in known if isinstance(row, Row))
        cle = self.lecture.lignes.get(walked, "")
        if cle:
            return Row(cle, rank)
        if rank < len(rows):
            return list(rows)[rank]
        node, held = self.model.schema_node().find(walked), walked.rpartition("[")[0]
        rows |= {row: None for one, row in self.rows.items() if one.rpartition("[")[0] == held}
        if node is None or CLE not in node.children:
            self.rows[walked] = Row("", len(rows))
        else:
            prefix, taken = prefixes.get(node.name, "l"), {row.cle for row in rows}
            free = next(key for n in count(rank + 1) if (key := f"{prefix}{n}") not in taken)
            self.rows[walked] = Row(free, rank)
        return self.rows[walked]

    def _spots(self, way: Trail, text: str | None) -> Iterator[tuple[Spot, Any]]:
        """Where it may live, and what to put there, in the order of preference: where the document
        itself already writes it, upwards where it was lent from, in the document's own part; an
        inherited or pre-written list is written there whole.
        """
        own = self.desk.find(self.model, way, self.start)
        lent = isinstance(self.state.whole, Mission) and self.here[0]
        upwards = self._lent(way) if lent else iter(())
        ordered = chain([own], upwards) if own.is_there else chain(upwards, [own])
        if lent and not own.is_there and text and (cle := self._named(text)):
            yield from ((spot, cle) for spot in self._alike(way))
        yield from ((spot, text) for spot in ordered)
        for rank, step in enumerate(own.rest):
            if isinstance(step, Row):
                above = way[: len(way) - len(own.rest) + rank]
                yield replace(own, rest=own.rest[:rank]), self._whole(above, way, text)

    def _named(self, text: str) -> str:
        """The key by which the mission tells whom a document names."""
        assert isinstance(self.state.whole, Mission)
        found = candidats(self.state.whole.sollicites(), {"nom": text})
        return found[0] if len(found) == 1 else ""

    def _whole(self, above: Trail, way: Trail, text: str | None) -> Any:
        """All that the document says there, as one would type it, with the answer in its place."""
        root, said = self.model.schema_node(), dict(self.before)
        said.pop(way, None)
        typed_in: dict[Trail, str] = {} if text is None else {way: text}
        for one, printed in said.items():
            node = root.find(".".join(step for step in one if isinstance(step, str)))
            if one[: len(above)] == above and node is not None:
                typed_in[one] = typed(printed, node)
        return nested({one[len(above) :]: value for one, value in typed_in.items()})

    def _lent(self, way: Trail) -> Iterator[Spot]:
        name, *rest = way
        if name in Mission.model_fields and isinstance(name, str):
            yield self.desk.find(Mission, way)
        if name == "prestataire":
            key = self.before.get(("prestataire", CLE)) or ""
            assert isinstance(self.state.whole, Mission)
            for number, asked in enumerate(self.state.whole.mise_en_concurrence.sollicites):
                if asked.cle == key:
                    row: Trail = ("mise_en_concurrence", "sollicites", Row(key, number))
                    yield self.desk.find(Mission, (*row, "prestataire", *rest))
        yield from self._alike(way)

    def _alike(self, way: Trail) -> Iterator[Spot]:
        """The facts of the mission that have the same value, or the same name and none."""
        header = self.state.said["", 0]
        said = self.before.get(way)
        if said is not None:
            yield from (
                self.desk.find(Mission, one) for one, value in header.items() if value == said
            )
            return
        for leaf in type(self.state.whole).schema_node().leaves():
            trail = _in_row(leaf.path, way)
            if trail and trail not in header:
                yield self.desk.find(Mission, trail)

    # The proof.

    def _proves(
        self, state: _State, asked: Mapping[tuple[str, ...], str], puts: Sequence[_Put]
    ) -> bool:
        answers = [one.answer for one in puts]
        said = {keyed(one): value for one, value in self._said_in(state).items()}
        new = {one for one in said.keys() - asked.keys() if one[-1] == CLE}  # a new row has a key
        found = _speaking({one: value for one, value in said.items() if one not in new})
        asked = _speaking(asked)
        was = {keyed(one): one for one in self.before}
        strange = {one for one in {*found, *asked} if found.get(one) != asked.get(one)}
        printed = {one.printed for one in answers if one.text}
        printed |= {one.said for one in puts if isinstance(one.said, str)}
        own = {keyed(one.way) for one in answers}
        return all(
            one in was
            and one not in own
            and self._is_told(self.here, was[one], asked.get(one), found.get(one), answers)
            for one in strange
        ) and all(
            self._kept(place, before, state.said.get(place, {}), answers, printed)
            for place, before in self.state.said.items()
            if place != self.here
        )

    def _kept(
        self,
        place: tuple[str, int],
        before: Flat,
        after: Flat,
        answers: Sequence[_Answer],
        printed: set[str],
    ) -> bool:
        """Elsewhere nothing that is written is lost, and what differs is the very fact that
        changed, or follows from it.
        """
        now = {keyed(one): (value, one) for one, value in after.items()}
        for one, value in before.items():
            found, _ = now.pop(keyed(one), (None, one))
            changed = found in printed if printed else found is None
            if found == value or changed:
                continue
            if not self._is_told(place, one, value, found, answers):
                return False
        return all(
            value in printed or one[-1] == CLE or self._follows(place, one)
            for value, one in now.values()
        )

    def _is_told(
        self,
        place: tuple[str, int],
        way: Trail,
        value: str | None,
        found: str | None,
        answers: Sequence[_Answer],
    ) -> bool:
        """What the document tells of the fact: a text that quotes it, or what follows from it; an
        answer that makes another value vanish is not that.
        """
        if value is not None and found is None and all(one.text for one in answers):
            return False
        return self._follows(place, way) or any(
            fact is not None
            and value is not None
            and value != fact
            and found == value.replace(fact, one.printed)
            for one in answers
            if (fact := self.before.get(one.way))
        )

    def _follows(self, place: tuple[str, int], way: Trail) -> bool:
        """What no file holds for itself follows from elsewhere: the result that a notification
        announces, the number of the steps of a proposal.
        """
        slug, rank = place
        model = DOCUMENTS.get(slug)
        if model is None:
            return False
        listed = self.desk.find(Mission, (), ("documents", slug, 0)).rest == ()
        start: Way = ("documents", slug, rank) if listed else ("documents", slug)
        return self.desk.find(model, way, start).rest != ()

    # What is not written.

    def _disputed(self, change: Changement, now: str) -> Constat:
        """What the mission says of what this document had not when it left, or said otherwise."""
        return Constat(
            f"{change.libelle} : {quoted(change.apres)} dans le formulaire, alors que la mission "
            f"dit {quoted(now)} ; elle le garde ({change.chemin}).",
            chemin=change.chemin,
            fichier=self.desk.root.name,
            conseil="S'il doit changer, changez-le dans la fiche de la mission.",
        )

    def _of_another(self, change: Changement, way: Trail) -> Constat | None:
        """The name or the siret of another of those solicited is no correction of one's own."""
        whole, own = self.state.whole, self.before.get((PRESTATAIRE, CLE), "")
        known = whole.sollicites() if isinstance(whole, Mission) else {}
        if len(way) != 2 or way[0] != PRESTATAIRE or own not in known:
            return None
        found = candidats(known, {str(way[1]): change.apres})
        if not found or own in found or not isinstance(whole, Mission):
            return None
        return Constat(
            f"{change.libelle} : {quoted(change.apres)} est celui d'un autre prestataire sollicité "
            f"({', '.join(found)}), et ce formulaire est celui de « {whole.nom_de(own)} » ({own}) "
            f"; le changement n'est pas pris ({change.chemin}).",
            chemin=change.chemin,
            fichier=self.desk.root.name,
            conseil="Demandez-lui lequel il est ; pour un autre, refaites le formulaire.",
        )

    def _gone(self, state: _State, answer: _Answer) -> dict[tuple[str, int], list[Trail]]:
        """What the documents would say no longer, by document, once this answer is written."""
        gone = dict[tuple[str, int], list[Trail]]()
        for place, before in self.state.said.items():
            kept = {keyed(one) for one in state.said.get(place, {})}
            own = keyed(answer.way) if place == self.here else ()
            lost = [one for one in before if one[-1] != CLE and keyed(one) not in {*kept, own}]
            gone |= {place: lost} if lost and answer.text else {}
        return gone

    def _left(self, change: Changement, gone: Mapping[tuple[str, int], Sequence[Trail]]) -> Constat:
        why = "la mission, relue, ne dirait pas cela seulement"
        conseil = "Écrivez-le vous-même dans le fichier de la mission."
        if gone:
            told = " ; ".join(self._told(*one) for one in list(gone.items())[:MOST_TOLD])
            more = len(gone) - MOST_TOLD
            why = f"les documents ne diraient plus {told}"
            why += f" ; et {more} autres documents en perdraient aussi" if more > 0 else ""
            conseil = f"Si c'est bien ce qu'il faut : {conseil.lower()[:-1]}, puis complétez-les."
        return Constat(
            f"{change.libelle} : « {change.apres} » n'est pas écrit ; {why} ({change.chemin}).",
            chemin=change.chemin,
            fichier=self.desk.root.name,
            conseil=conseil,
        )

    def _key_alone(self, change: Changement) -> Constat:
        message = (
            f"{change.libelle} : « {change.apres} » n'est pas écrit, le reste de sa ligne est vide "
            f"({change.chemin})."
        )
        return Constat(
            message,
            chemin=change.chemin,
            fichier=self.desk.root.name,
            conseil="Remplissez cette ligne, ou effacez-en la clé.",
        )

    def _told(self, place: tuple[str, int], lost: Sequence[Trail]) -> str:
        """« Objectif général » and 3 other answers, in « Cahier des charges »."""
        model = FORMULAIRES[place[0]] if place[0] else type(self.state.whole)
        first = model.schema_node().find(".".join(one for one in lost[0] if isinstance(one, str)))
        said = f"« {first.label if first else keyed(lost[0])[-1]} »"
        more = len(lost) - 1
        said += f" et {more} autre{'s' * (more > 1)} réponse{'s' * (more > 1)}" if more else ""
        return f"{said}, dans « {model.titre} »"


def _in_row(path: str, way: Trail) -> Trail:
    """The way to that field of the mission, in the row that ``way`` names, when both have the same
    name, and their list too; none otherwise.
    """
    above, _, own = path.rpartition("[].")
    rows = [number for number, step in enumerate(way) if isinstance(step, Row)]
    if not rows or not above:
        alone = not rows and not above and path.rpartition(".")[2] == way[-1]
        return tuple(path.split(".")) if alone else ()
    names, below = above.split("."), way[rows[-1] + 1 :]
    same = len(rows) == 1 and names[-1] == way[rows[0] - 1] and tuple(own.split(".")) == below
    return (*names, way[rows[0]], *below) if same and "[]" not in above else ()


def _speaking(said: Mapping[tuple[str, ...], str]) -> dict[tuple[str, ...], str]:
    """Without the keys of rows that say nothing else: such a row is none."""
    holders = {one[:rank] for one in said if one[-1] != CLE for rank in range(len(one))}
    return {one: value for one, value in said.items() if one[-1] != CLE or one[:-1] in holders}
