"""Le repérage : dans la page revenue, les champs qui ont perdu leur étiquette, et ce qui a été
écrit ou changé hors des champs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dla_docs.constat import Constat, Gravite
from dla_docs.forms.alignment import Pair, aligned, controls_of, extracted, same_text
from dla_docs.raw.quoting import LONGEST, quoted, whole
from dla_docs.word.boxes import UNCHECKED
from dla_docs.word.page import Cell, Control, PageLine, plain

ROW = re.compile(r"(.*)\[([0-9]{1,3})\](.*)")  # the last list of a path, the rank in it, the field
CLE = ".cle"
BESIDE = ("un champ déjà rempli", "une case")
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
    pairs = aligned(sent, back) if sent else None
    if pairs is None:
        return Located(tuple(control for line in back for control in line.controls))
    search = _Search(reads, sent)
    joined = [*_with_continuations(pairs)]
    for rank, (one, other) in enumerate(joined):
        search.following = next((line for line, _ in joined[rank:] if line is not None), None)
        search.line(one, other)
    search.close()
    return Located(tuple(search.controls), tuple(search.constats))


def _with_continuations(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """A paragraph added under the answer that ends a paragraph goes on with it."""
    held: Pair | None = None
    for one, other in pairs:
        if (
            held
            and one is None
            and other
            and held[1]
            and _goes_on(*held)
            and not other.controls
            and len(other.cells) == 1
        ):
            *first, last = held[1].cells
            held = (
                held[0],
                replace(held[1], cells=(*first, (*last, f"\n{plain(other.cells[0])}"))),
            )
            continue
        if held:
            yield held
        held = one, other
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


class _Search:
    """What the pairs of lines tell, one after the other."""

    def __init__(self, reads: Callable[[Control, str], bool], sent: Iterable[PageLine]) -> None:
        self.reads = reads
        self.controls: list[Control] = []
        self.constats: list[Constat] = []
        self.found: list[str] = []  # fields that had lost their tag
        self.removed: list[PageLine] = []
        self.above = ""  # the last fixed text, which tells the place
        self.row: PageLine | None = None  # the last line that left, whose like may follow it
        self.following: PageLine | None = None  # the next line that left, whose like may precede it
        self.left = {control.tag: control.text for line in sent for control in line.controls}
        self.ranks: Counter[tuple[str, str]] = Counter()  # of each list and field, how many rows
        for match in filter(
            None, (ROW.match(control.tag) for line in sent for control in line.controls)
        ):
            self.ranks[match[1], match[3]] = max(self.ranks[match[1], match[3]], int(match[2]) + 1)

    def line(self, sent: PageLine | None, back: PageLine | None) -> None:
        if sent is not None and back is None and not sent.controls:
            self.removed.append(sent)
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
            for one, other in zip(sent.cells, back.cells, strict=True):
                self._cell(one, other, sent)
        self.above = (sent and _title(sent)) or self.above
        self.row = sent or self.row

    def close(self) -> None:
        self._say_removed()
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

    def _cell(self, sent: Cell, back: Cell, line: PageLine) -> None:
        ours, theirs = controls_of(sent), controls_of(back)
        if len(ours) == len(theirs) and all(
            known.tag in ("", own.tag) for own, known in zip(ours, theirs, strict=True)
        ):
            self.found += [
                own.tag for own, known in zip(ours, theirs, strict=True) if not known.tag
            ]
            self._around(sent, back, line)
            return
        self.controls += [control for control in theirs if control.tag]
        missing = {control.tag for control in ours} - {control.tag for control in theirs}
        values = (
            [control.text for control in ours]
            if same_text(plain(sent), plain(back))
            else extracted(sent, plain(back), self.reads)
        )
        if missing and values is not None:
            self.found += [control.tag for control in ours if control.tag in missing]
            self.controls += [
                Control(control.tag, value, control.invitation)
                for control, value in zip(ours, values, strict=True)
                if control.tag in missing
            ]
        elif missing:
            self._changed(plain(sent), plain(back), line)

    def _around(self, sent: Cell, back: Cell, line: PageLine) -> None:
        """The same fields: what stands before, between and after them."""
        ours = controls_of(sent)
        answers = [
            Control(own.tag, control.text, control.invitation or own.invitation)
            for own, control in zip(ours, controls_of(back), strict=True)
        ]
        for rank, (was, now) in enumerate(zip(_texts(sent), _texts(back), strict=True)):
            extra = _extra(was, now)
            if same_text(was, now):
                continue
            if not answers or extra is None:
                self._changed(was or plain(sent), now, line, ours[0].tag if ours else "")
                continue
            # What was typed after a field most likely belongs to it; before the first one, to that
            # one.
            beside = max(rank - 1, 0)
            answers[beside] = self._beside(answers[beside], extra)
        self.controls += answers

    def _beside(self, answer: Control, extra: str) -> Control:
        is_box = answer.invitation == UNCHECKED  # of which answer, a mark between two does not say
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
                conseil="Ajoutez-le à la main s'il complète la réponse.",
            )
        )
        return answer

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

    def _added(self, line: PageLine) -> None:
        if row := self._copied_row(line) or self._new_row(line):
            self.controls += row
            message = (
                f"Une ligne a été ajoutée au tableau : {whole(_said(line))} ; elle est lue comme "
                f"les autres ({row[0].tag.rpartition('.')[0]})."
            )
            self.constats.append(Constat(message, Gravite.INFORMATION, row[0].tag))
            return
        self.controls += line.controls
        text = _said(PageLine(tuple((_unread(cell),) for cell in line.cells)))
        if text and line.endroit == "commentaire":
            self.constats.append(
                Constat(f"Un commentaire est joint à la page : {whole(text)}.", Gravite.INFORMATION)
            )
        elif text:
            message = (
                f"{whole(text)} a été ajouté à la page et n'est pas repris{self._place(line, '')}."
            )
            self.constats.append(
                Constat(
                    message,
                    Gravite.AVERTISSEMENT,
                    conseil="Écrivez-le dans un champ s'il doit être gardé.",
                )
            )

    def _copied_row(self, line: PageLine) -> list[Control]:
        """The answers of a row that was copied with its tags, then changed."""
        said = [control for control in line.controls if not control.tag.endswith(CLE)]
        if all(control.text in ("", self.left.get(control.tag)) for control in said):
            return []
        fields = [match for control in said if (match := ROW.match(control.tag))]
        if len(fields) < len(said) or not {control.tag for control in said} <= self.left.keys():
            return []
        return self._numbered(fields, [control.text for control in said])

    def _new_row(self, line: PageLine) -> list[Control]:
        """The answers of a row typed, or pasted, above or under one of its like."""
        likes = [like for like in (self.row, self.following) if like is not None]
        return next(filter(None, (self._row_like(like, line) for like in likes)), [])

    def _row_like(self, like: PageLine, line: PageLine) -> list[Control]:
        if (
            len(like.cells) != len(line.cells)
            or len(like.cells) < 2
            or like.endroit
            or _said(line) == _said(like)
        ):
            return []
        fields = [match for control in like.controls if (match := ROW.match(control.tag))]
        values = [
            extracted(cell, plain(other), self.reads)
            for cell, other in zip(like.cells, line.cells, strict=True)
        ]
        texts = [text for found in values for text in found or ()]
        if len(fields) < len(like.controls) or None in values or not any(texts):
            return []
        return self._numbered(fields, texts)

    def _numbered(self, fields: Sequence[re.Match[str]], texts: Sequence[str]) -> list[Control]:
        """The fields of one row, as those of one more."""
        made: list[Control] = []
        if len({(match[1], match[2]) for match in fields}) == 1:
            for match, text in zip(fields, texts, strict=True):
                rank = self.ranks[match[1], match[3]]
                made.append(Control(f"{match[1]}[{rank}]{match[3]}", text))
                self.ranks[match[1], match[3]] += 1
        return made

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


def _texts(cell: Cell) -> list[str]:
    """The fixed texts before, between and after the controls of a cell."""
    found = [""]
    for piece in cell:
        if isinstance(piece, str):
            found[-1] += piece
        else:
            found.append("")
    return found


def _unread(cell: Cell) -> str:
    """What a cell says outside of the controls whose answer is taken."""
    return plain(tuple(one for one in cell if isinstance(one, str) or not one.tag))


def _said(line: PageLine) -> str:
    return " | ".join(text for cell in line.cells if (text := plain(cell).strip()))


def _contrasted(was: str, now: str) -> tuple[str, str]:
    """Both texts, quoted from a little before where they part."""
    was, now = " ".join(was.split()), " ".join(now.split())
    parting = next(
        (rank for rank, (one, other) in enumerate(zip(was, now, strict=False)) if one != other),
        min(len(was), len(now)),
    )
    start = was.rfind(" ", 0, max(parting - CONTEXT, 0))
    if start < 0 or max(len(was), len(now)) <= LONGEST:
        return quoted(was), quoted(now)
    return quoted(f"…{was[start:]}"), quoted(f"…{now[start:]}")


CONTEXT = 20


def _title(line: PageLine) -> str:
    return " ".join(_texts(line.cells[0])[0].split())


def _extra(was: str, now: str) -> str | None:
    """What was typed before or after a text; ``None`` when the text itself is no longer there."""
    was, now = was.strip(), now.strip()
    if now.startswith(was):
        return now.removeprefix(was).strip()
    return now.removesuffix(was).strip() if now.endswith(was) else None


def _enumerated(paths: Sequence[str]) -> str:
    return ", ".join(paths[:MOST_NAMED]) + (", …" if len(paths) > MOST_NAMED else "")


MOST_NAMED = 12
