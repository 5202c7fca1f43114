"""Le repérage : dans la page revenue, les champs qui ont perdu leur étiquette, et ce qui a été
écrit ou changé hors des champs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

from dla_docs.constat import Constat, Gravite
from dla_docs.forms.alignment import Pair, aligned, controls_of, extracted, same_text
from dla_docs.forms.answers_taken import kept_nowhere
from dla_docs.model.node import KEPT
from dla_docs.raw.quoting import LONGEST, quoted, whole
from dla_docs.word.invitations import IN_WORDS, Drawn
from dla_docs.word.page import Cell, Control, PageLine, plain

RANK = re.compile(r"\[([0-9]{1,3})\]")
CLE = ".cle"
BESIDE = ("un champ déjà rempli", "une case")
ONE_MORE = "si c'est une ligne de plus, écrivez-la sur une ligne libre, ou dans le fichier"
VERIFY = "Vérifiez avec la personne qui a rempli ce formulaire."


@dataclass(frozen=True)
class Located:
    """Les contrôles de la page revenue, chacun avec son chemin quand il se retrouve ; ``constats``
    : ce qui a été changé hors d'eux.
    """

    controls: tuple[Control, ...]
    constats: tuple[Constat, ...] = ()


def located(
    sent: Sequence[PageLine], back: Sequence[PageLine], reads: Callable[[Control, str], bool]
) -> Located:
    """La page revenue, mise en face de celle qui était partie ; telle quelle quand celle-ci est
    perdue. ``reads`` : ce champ peut-il tenir ce texte ?
    """
    sent, bare = _settled(sent), _settled(_without_copies(back))
    pairs = aligned(sent, bare) if sent else None
    if pairs is None:
        return Located(tuple(control for line in _settled(back) for control in line.controls))
    search = _Search(reads, sent, bare)
    joined = [*_with_continuations(pairs)]
    for pair, following in zip(joined, _following(joined), strict=True):
        search.following = following
        search.line(pair)
    search.close()
    return Located(tuple(search.controls), tuple(search.constats))


def _following(pairs: Sequence[Pair]) -> Sequence[Pair]:
    """For each pair, itself if it has a line that left, or the first one after it that has one."""
    found: list[Pair] = []
    for pair in reversed(pairs):
        found.append(pair if pair.sent is not None or not found else found[-1])
    return found[::-1]


def _settled(page: Iterable[PageLine]) -> list[PageLine]:
    """Headers and footers in the order of what they say: that of their files, which a word
    processor names anew, says nothing.
    """
    return sorted(page, key=lambda line: (bool(line.endroit), _fixed(line) if line.endroit else ""))


def _without_copies(page: Sequence[PageLine]) -> Iterator[PageLine]:
    """A field of the body that someone copied into a header, a footer or a note is words of
    theirs, and no answer.
    """
    body = {control.tag for line in page if not line.endroit for control in line.controls} - {""}

    def words(piece: str | Control) -> str | Control:
        return piece.text if isinstance(piece, Control) and piece.tag in body else piece

    for line in page:
        if line.endroit and any(control.tag in body for control in line.controls):
            told = tuple((plain(tuple(map(words, cell))),) for cell in line.cells)
            line = replace(line, cells=told)
        yield line


def _fixed(line: PageLine) -> str:
    return "\n".join(piece for cell in line.cells for piece in cell if isinstance(piece, str))


def _with_continuations(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """A paragraph added under the answer that ends a paragraph goes on with it."""
    held: Pair | None = None
    for pair in pairs:
        if (
            held
            and pair.sent is None
            and pair.back
            and held.back
            and _goes_on(held.sent, held.back)
            and not pair.back.controls
            and len(pair.back.cells) == 1
            and not _is_item(held.back, pair.back)
        ):
            *first, last = held.back.cells
            more = (*last, f"\n{plain(pair.back.cells[0])}")
            held = held._replace(back=replace(held.back, cells=(*first, more)))
            continue
        if held:
            yield held
        held = pair
    if held:
        yield held


def _goes_on(sent: PageLine | None, back: PageLine | None) -> bool:
    return (
        sent is not None
        and back is not None
        and len(sent.cells) == 1
        and isinstance(sent.cells[0][-1], Control)
        and not sent.endroit
    )


def _is_item(above: PageLine, line: PageLine) -> bool:
    """Whether a paragraph added to a list is one more of it, and not the answer that the one above
    was still waiting for.
    """
    *_, last = above.controls or (None,)
    if last is None or not (above.en_liste and line.en_liste and _items(last.tag)):
        return False
    return bool(last.text) or above.cells[0][-1] is not last


class _Search:
    """What the pairs of lines tell, one after the other."""

    def __init__(
        self,
        reads: Callable[[Control, str], bool],
        sent: Iterable[PageLine],
        back: Iterable[PageLine],
    ) -> None:
        self.reads = reads
        self.controls: list[Control] = []
        self.constats: list[Constat] = []
        self.found: list[str] = []  # fields that had lost their tag
        self.doubtful: dict[str, str] = {}  # fields that may be filled, and with which words
        self.removed: list[PageLine] = []
        self.strays: list[_Stray] = []
        self.above = ""  # the last fixed text, which tells the place
        self.row: Pair | None = None  # the last line that left, whose like may follow it
        self.following: Pair | None = None  # the next line that left, whose like may precede it
        self.rows: dict[str, list[int]] = {}  # of each list, its rows in the order of the page
        self.added: list[tuple[_Item, str]] = []
        self.left = {control.tag: control.text for line in sent for control in line.controls}
        self.back = back

    @cached_property
    def numbers(self) -> _Numbers:
        """Most pages come back without a row that was added."""
        return _Numbers([*self.left], self.back)

    def line(self, pair: Pair) -> None:
        sent, back, moved = pair
        if sent is not None and back is None and not sent.controls:
            self.removed += [sent] if _said(sent) else []
            return
        self._say_removed()
        if back is not None and sent is None:
            self._added(back)
        elif sent is not None and back is not None and len(sent.cells) != len(back.cells):
            self.controls += back.controls
            self._changed(
                " | ".join(map(plain, sent.cells)), " | ".join(map(plain, back.cells)), sent
            )
        elif sent is not None and back is not None:
            self._walk(sent.controls)
            if moved:
                self._say_moved(sent)
            for rank in range(len(sent.cells)):
                self._cell(sent, back, rank)
        self.above = (sent and _title(sent)) or self.above
        self.row = pair if sent else self.row

    def close(self) -> None:
        self._say_removed()
        self._place_strays()
        self.constats += [self._row_added(item, said) for item, said in self.added]
        doubtful = iter(self.doubtful.items())
        while some := dict(islice(doubtful, MOST_NAMED)):  # each of them is named
            self.constats.append(_perhaps_answers(some))
        if self.found:
            many = len(self.found) > 1
            said = (
                f"{len(self.found)} champs ont perdu leur étiquette et ont été retrouvés"
                if many
                else "Un champ a perdu son étiquette et a été retrouvé"
            )
            message = (
                f"{said} par {'leur' if many else 'sa'} place dans la page : "
                f"{_enumerated(self.found)}."
            )
            advice = (
                "Un autre traitement de texte a enregistré ce fichier : relisez les changements."
            )
            self.constats.insert(
                0, Constat(message, Gravite.INFORMATION, self.found[0], conseil=advice)
            )

    def _cell(self, line: PageLine, there: PageLine, rank: int) -> None:
        sent, back = line.cells[rank], there.cells[rank]
        ours, theirs = line.by_cell[rank], there.by_cell[rank]
        if not ours and sent == back:  # a label
            return
        if len(ours) == len(theirs) and all(
            known.tag in ("", own.tag) for own, known in zip(ours, theirs, strict=True)
        ):
            self.found += [
                own.tag for own, known in zip(ours, theirs, strict=True) if not known.tag
            ]
            self._around(line, there, rank)
            return
        ranks = {control.tag: rank for rank, control in enumerate(ours)}
        kept = [control for control in theirs if control.tag in ranks]
        strays = [control for control in theirs if control.tag and control.tag not in ranks]
        missing = ranks.keys() - {control.tag for control in theirs}
        values = (
            [control.text for control in ours]
            if same_text(plain(sent), plain(back))
            else extracted(sent, _as_shown(back), self.reads)
        )
        if missing and values is not None:
            read = [
                Control(control.tag, value, control.invitation)
                for control, value in zip(ours, values, strict=True)
                if control.tag in missing
            ]
            self.found += [control.tag for control in read]
            # In the order of the page: the boxes of a field stay together
            self.controls += sorted([*kept, *read], key=lambda control: ranks[control.tag])
            self._doubt(sent, back, read)
            return  # what a stray says is read as the answer of the field whose place it takes
        self.controls += kept
        near = ours[0].tag if ours else ""
        self.strays += [_Stray(one, near, self._place(line, plain(sent))) for one in strays]
        if missing:
            self._changed(plain(sent), plain(back), line)

    def _doubt(self, sent: Cell, back: Cell, read: Sequence[Control]) -> None:
        """The words of an invitation that are not drawn as ours may have been typed."""
        said, known = _typed(back), "".join((*_texts(sent), *(control.text for control in read)))
        self.doubtful |= {
            control.tag: words
            for control in read
            for words in IN_WORDS
            if not (control.text or control.is_box)
            and control.invites(words)
            and said.count(words) > known.count(words)
        }

    def _around(self, line: PageLine, there: PageLine, cell: int) -> None:
        """The same fields: what stands before, between and after them."""
        sent, back, ours = line.cells[cell], there.cells[cell], line.by_cell[cell]
        answers = [
            control
            if control.tag and (control.invitation or not own.invitation)
            else Control(own.tag, control.text, control.invitation or own.invitation)
            for own, control in zip(ours, there.by_cell[cell], strict=True)
        ]
        for rank, (was, now) in enumerate(zip(_texts(sent), _texts(back), strict=True)):
            if was == now or same_text(was, now):
                continue
            extra = _extra(was, now)
            if not answers or extra is None:
                self._changed(was or plain(sent), now, line, ours[0].tag if ours else "")
                continue
            beside = rank if _after(was, now) and rank < len(answers) else max(rank - 1, 0)
            answers[beside] = self._beside(answers[beside], extra)
        self.controls += answers

    def _place_strays(self) -> None:
        """A field that was moved is read where it is; the copy of one that has kept its place is
        quoted where it stands.
        """
        own = {control.tag: control.text for control in reversed(self.controls)}
        for copy, near, place in self.strays:
            if copy.tag not in own:
                self.controls.append(copy)
                own[copy.tag] = copy.text
            elif copy.text not in ("", own[copy.tag], self.left.get(copy.tag)):
                where = f" ({near})" if near else place
                message = f"{whole(copy.text)} est dans la copie d'un champ d'ailleurs et n'est pas"
                self.constats.append(
                    replace(kept_nowhere(f"{message} repris{where}."), chemin=near)
                )

    def _beside(self, answer: Control, extra: str) -> Control:
        is_box = answer.is_box  # of which answer, a mark between two does not say
        if not answer.text and not is_box:
            message = (
                f"{whole(extra)} a été écrit à côté de son champ, resté vide : c'est lu comme la "
                f"réponse ({answer.tag})."
            )
            self.constats.append(Constat(message, Gravite.INFORMATION, answer.tag))
            return replace(answer, text=extra)
        message = (
            f"{whole(extra)} a été écrit à côté d'{BESIDE[is_box]} et n'est pas repris "
            f"({answer.tag})."
        )
        self.constats.append(
            Constat(
                message,
                Gravite.AVERTISSEMENT,
                answer.tag,
                conseil="Ajoutez-le à la main s'il complète la réponse"
                + (f" ; {ONE_MORE}." if _items(answer.tag) else "."),
            )
        )
        return answer

    def _say_moved(self, line: PageLine) -> None:
        if items := _items(tag := line.controls[0].tag):
            message = "Cette ligne a été déplacée ; ses réponses sont lues, et elle garde son rang"
            conseil = "Si l'ordre compte, changez-le dans le fichier."
        else:
            message, conseil = "Ce champ a été déplacé dans la page ; sa réponse est lue", ""
        path = items[-1].path if items else tag
        self.constats.append(
            Constat(f"{message} ({path}).", Gravite.INFORMATION, path, conseil=conseil)
        )

    def _changed(self, was: str, now: str, line: PageLine, path: str = "") -> None:
        place = self._place(line, was)
        if was.strip():
            before, after = _contrasted(was, now)
            message = (
                f"Le texte fixe {before} a été changé en {after}{place}."
                if now.strip()
                else f"Le texte fixe {before} a été ôté{place}."
            )
        else:
            message = f"{whole(now)} a été écrit là où rien n'était demandé{place}."
        self.constats.append(Constat(message, Gravite.AVERTISSEMENT, path, conseil=VERIFY))

    def _walk(self, controls: Iterable[Control]) -> None:
        """The rows of these fields stand here on the page."""
        for item in (item for control in controls for item in _items(control.tag)):
            if item.rank not in (rows := self.rows.setdefault(item.rows, [])):
                rows.append(item.rank)

    def _row_added(self, item: _Item, said: str) -> Constat:
        """Its line on the page, and the place that it takes: after the others that say something,
        which may not be where it stands.
        """
        filled = {
            one.rank
            for control in self.controls
            if control.text and not control.tag.endswith(CLE)
            for one in _items(control.tag)
            if one.rows == item.rows and one.rank < item.rank
        }
        line, path = self.rows[item.rows].index(item.rank) + 1, f"{item.rows}[{len(filled)}]"
        if line == len(filled) + 1:
            return Constat(
                f"Une ligne a été ajoutée au tableau : {said} ; elle est lue comme les autres "
                f"({path}).",
                Gravite.INFORMATION,
                path,
            )
        return Constat(
            f"Une ligne a été ajoutée au tableau, la ligne {line} : {said} ; elle est lue et vient "
            f"après les autres ({item.rows}).",
            Gravite.INFORMATION,
            path,
            conseil=f"Si l'ordre compte, changez-le dans le fichier : elle y est à « {path} ».",
        )

    def _added(self, line: PageLine) -> None:
        if not line.endroit and (row := self._copied_row(line) or self._new_row(line)):
            self.controls += row
            self._walk(row)
            self.added.append((_items(row[0].tag)[-1], whole(_said(line))))
            return
        self.controls += [one for one in line.controls if not one.tag]
        self.strays += [_Stray(one, "", self._place(line, "")) for one in line.controls if one.tag]
        text = _said(PageLine(tuple((_unread(cell),) for cell in line.cells)))
        if text and line.endroit == "commentaire":
            self.constats.append(
                kept_nowhere(
                    f"Un commentaire est joint à la page, et n'est pas repris : {whole(text)}."
                )
            )
        elif text:
            message = (
                f"{whole(text)} a été ajouté à la page et n'est pas repris{self._place(line, '')}."
            )
            self.constats.append(kept_nowhere(message))

    def _copied_row(self, line: PageLine) -> list[Control]:
        """The answers of a row that was copied with its tags, then changed."""
        said = [control for control in line.controls if not control.tag.endswith(CLE)]
        if all(control.text in ("", self.left.get(control.tag)) for control in said):
            return []
        if not {control.tag for control in said} <= self.left.keys():
            return []
        return self.numbers.copied(said)

    def _new_row(self, line: PageLine) -> list[Control]:
        """The answers of a row, or of an item, typed or pasted above or under one of its like."""
        likes = [like for like in (self.row, self.following) if like is not None]
        return next(filter(None, (self._row_like(*like[:2], line) for like in likes)), [])

    def _row_like(
        self, like: PageLine | None, there: PageLine | None, line: PageLine
    ) -> list[Control]:
        """``there``: its like, as it came back."""
        listed = line.en_liste and there is not None and there.en_liste
        if (
            like is None
            or len(like.cells) != len(line.cells)
            or (len(like.cells) < 2 and not listed)
            or like.endroit
            or _said(line) == _said(like)
        ):
            return []
        cells = [tuple(map(_as_blank, cell)) for cell in like.cells]
        values = [  # a row that Word adds has none of the words around the answers of its like
            extracted(cell, text, self.reads) if text.strip() else [""] * len(controls_of(cell))
            for cell, text in zip(cells, map(plain, line.cells), strict=True)
        ]
        texts = [text for found in values for text in found or ()]
        if None in values or not any(texts):
            return []
        row = self.numbers.further(
            [replace(own, text=text) for own, text in zip(like.controls, texts, strict=True)]
        )
        read = iter(row)
        for cell, back in zip(cells, line.cells, strict=True):
            self._doubt(cell, back, [*islice(read, len(controls_of(cell)))])
        return row

    def _say_removed(self) -> None:
        if self.removed:
            first, *others = [" | ".join(map(plain, line.cells)) for line in self.removed]
            more = (
                f", et {len(others)} ligne{'s' if len(others) > 1 else ''} à sa suite"
                if others
                else ""
            )
            message = (
                f"Le texte fixe {quoted(first)} a été "
                f"ôté{more}{self._place(self.removed[0], first)}."
            )
            self.constats.append(Constat(message, Gravite.AVERTISSEMENT, conseil=VERIFY))
            self.above, self.removed = _title(self.removed[-1]) or self.above, []

    def _place(self, line: PageLine, text: str) -> str:
        if line.endroit:
            return f" (dans : {line.endroit})"
        title = _title(line)
        if title and title != text:
            return f" (ligne {quoted(title)})"
        return f" (après {quoted(self.above)})" if self.above else ""


class _Stray(NamedTuple):
    """A field with its tag, in a place that is not its own: that of the field ``near``, if any."""

    control: Control
    near: str
    place: str


@dataclass(frozen=True)
class _Item:
    """A row of a list, which a field is of: « missions[0] » of « missions[0].contexte »."""

    rows: str
    rank: int
    field: str

    @property
    def path(self) -> str:
        return f"{self.rows}[{self.rank}]"


@lru_cache(KEPT)
def _items(tag: str) -> tuple[_Item, ...]:
    """Those that a field is of, from the outermost list to the innermost."""
    return tuple(
        _Item(tag[: match.start()], int(match[1]), tag[match.end() :])
        for match in RANK.finditer(tag)
    )


class _Numbers:
    """The numbers of the rows that were added: each is one more in its list."""

    def __init__(self, sent: Sequence[str], back: Iterable[PageLine]) -> None:
        times = Counter(control.tag for line in back for control in line.controls)
        items = [(item, tag) for tag in sent for item in _items(tag)]
        once = {item.path for item, tag in items if times[tag] < 2}
        self.whole = {item.path for item, _ in items} - once  # items copied with all they hold
        self.counts = Counter[str]()
        for item, _ in items:
            self.counts[item.rows] = max(self.counts[item.rows], item.rank + 1)
        self.seen: Counter[str] = Counter()  # of each field, its copies
        self.copies: dict[tuple[str, int], int] = {}  # of each item and copy, its new rank
        self.taken: dict[tuple[str, int], set[str]] = {}  # the fields that a new row has
        self.first: dict[tuple[str, frozenset[str]], int] = {}  # free, the last time

    def copied(self, controls: Sequence[Control]) -> list[Control]:
        """The answers of a line copied with its tags, as those of the copy of its item: the largest
        that was copied whole.
        """
        chosen = [
            next((item for item in found if item.path in self.whole), found[-1])
            for found in (_items(control.tag) for control in controls)
            if found
        ]
        if len({item.path for item in chosen}) != 1 or len(chosen) < len(controls):
            return []
        place = chosen[0].path, max(self.seen[control.tag] for control in controls)
        self.seen.update(control.tag for control in controls)
        if place not in self.copies:
            self.copies[place] = self._free(chosen[0].rows, frozenset())
        return self._at(chosen, controls, self.copies[place])

    def further(self, controls: Sequence[Control]) -> list[Control]:
        """The answers of a row without tags, under the paths of its like, as one more."""
        found = [items[-1] for control in controls if (items := _items(control.tag))]
        if len({item.path for item in found}) != 1 or len(found) < len(controls):
            return []
        rank = self._free(found[0].rows, frozenset(item.field for item in found))
        return self._at(found, controls, rank)

    def _free(self, rows: str, fields: frozenset[str]) -> int:
        """The first rank that has none of these fields; none at all, if they are unknown. What was
        taken before it the last time still is.
        """
        rank = self.first.get((rows, fields), self.counts[rows])
        while (taken := self.taken.get((rows, rank))) and (not fields or taken & fields):
            rank += 1
        self.first[rows, fields] = rank
        return rank

    def _at(self, items: Sequence[_Item], controls: Sequence[Control], rank: int) -> list[Control]:
        self.taken.setdefault((items[0].rows, rank), set()).update(item.field for item in items)
        return [
            replace(control, tag=f"{item.rows}[{rank}]{item.field}")
            for item, control in zip(items, controls, strict=True)
        ]


def _texts(cell: Cell) -> list[str]:
    """The fixed texts before, between and after the controls of a cell."""
    found = [""]
    for piece in cell:
        if isinstance(piece, str):
            found[-1] += piece
        else:
            found.append("")
    return found


def _as_blank(piece: str | Control) -> str | Control:
    """A field, in a row that is added: it left in none."""
    return piece if isinstance(piece, str) else replace(piece, text="")


def _perhaps_answers(found: Mapping[str, str]) -> Constat:
    """Of words that are those of an invitation, and no longer look like one."""
    words = " ou ".join(quoted(one) for one in dict.fromkeys(found.values()))
    return Constat(
        f"{words} est peut-être une réponse : ces mots, que montre un champ vide, n'ont plus leur "
        f"gris ; c'est lu comme un champ resté vide ({_enumerated([*found])}).",
        Gravite.AVERTISSEMENT,
        next(iter(found)),
        conseil="Si c'en est une, récrivez-la en d'autres mots dans le champ ; sinon, effacez-la.",
    )


def _as_shown(cell: Cell) -> str:
    """What a cell says, the invitations of its controls included: they part the texts around."""
    return plain(tuple(one if isinstance(one, str) else one.text or one.invitation for one in cell))


def _typed(cell: Cell) -> str:
    """What a cell says outside of the controls that have a tag, but for what is drawn as ours."""
    return _unread(tuple(one for one in cell if not isinstance(one, Drawn)))


def _unread(cell: Cell) -> str:
    """What a cell says outside of the controls whose answer is taken."""
    return plain(tuple(one for one in cell if isinstance(one, str) or not one.tag))


def _said(line: PageLine) -> str:
    return " | ".join(text for cell in line.cells if (text := plain(cell).strip()))


def _contrasted(was: str, now: str) -> tuple[str, str]:
    """Both texts: what was is shortened, what is now said in full, from a little before where they
    part to a little after where they meet again.
    """
    was, now = " ".join(was.split()), " ".join(now.split())
    if max(len(was), len(now)) <= LONGEST:
        return quoted(was), whole(now)
    parting = _alike(was, now)
    start = was.rfind(" ", 0, max(parting - CONTEXT, 0))
    meeting = min(_alike(was[::-1], now[::-1]), min(len(was), len(now)) - parting)
    end = now.find(" ", len(now) - max(meeting - CONTEXT, 0))
    opening, closing = "…" if start >= 0 else "", "…" if end >= 0 else ""
    shown = now[max(start, 0) : end if end >= 0 else None]
    return quoted(f"{opening}{was[max(start, 0) :]}"), whole(f"{opening}{shown}{closing}")


CONTEXT = 20


def _alike(one: str, other: str) -> int:
    """How many letters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _title(line: PageLine) -> str:
    return " ".join(_texts(line.cells[0])[0].split())


def _extra(was: str, now: str) -> str | None:
    """What was typed before or after a text; ``None`` when the text itself is no longer there."""
    was, now = was.strip(), now.strip()
    if now.startswith(was):
        return now.removeprefix(was).strip()
    return now.removesuffix(was).strip() if now.endswith(was) else None


def _after(label: str, now: str) -> bool:
    """Whether what was typed follows the words that call for the next answer; else it is most
    likely of the one before.
    """
    return bool(label.strip()) and now.strip().startswith(label.strip())


def _enumerated(paths: Sequence[str]) -> str:
    return ", ".join(paths[:MOST_NAMED]) + (", …" if len(paths) > MOST_NAMED else "")


MOST_NAMED = 12
