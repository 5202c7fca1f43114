"""La même ligne, de part et d'autre : partie avec un formulaire, et tenue par le document ; à sa
clé, et à ce qu'elle se nomme quand sa clé n'en dit rien.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from dla_docs.model.document import Document
from dla_docs.raw import value_at
from dla_docs.raw.overlaying import CLE
from dla_docs.spelling import spaced
from dla_docs.stages.envelope import data_of
from dla_docs.stages.whose_sheet import leaves, own_words

Way = tuple[str | int, ...]
Tie = tuple[str, str]  # a key, and what its row is called


def written_ties(document: Document | None) -> frozenset[Tie]:
    """Les clés écrites dans les fichiers d'une mission, chacune avec les textes de sa ligne : une
    clé que nul n'écrit suit le rang, et ne dit rien d'une ligne qui a bougé.
    """
    whole = document._mission or document if document is not None else None
    return frozenset(_ties(getattr(whole, "_raw", None)))


def _ties(raw: Any) -> Iterator[Tie]:
    """Of rows that give their key, and of those that are given by it."""
    if isinstance(raw, Mapping):
        rows = [(raw.get(CLE), {name: raw[name] for name in raw if name != CLE}), *raw.items()]
        yield from ((str(key), text) for key, row in rows if key for text in _texts(row))
    for value in raw.values() if isinstance(raw, Mapping) else raw if _is_list(raw) else ():
        yield from _ties(value)


def _texts(row: Any) -> Iterator[str]:
    """What a row says, its parts too; the rows that it holds aside."""
    if isinstance(row, str):
        yield spaced(row)
    elif isinstance(row, Mapping):
        yield from chain.from_iterable(map(_texts, row.values()))
    elif isinstance(row, int | float):
        yield str(row)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def rank_now(
    left: Sequence[Any],
    back: Sequence[Any],
    step: int,
    held: Sequence[Any],
    tied: Collection[Tie] = (),
) -> int | None:
    """Où est maintenant une ligne partie ; ``None`` quand elle n'y est plus, ou que rien ne l'y
    distingue plus d'une autre.

    That of its key, when it is written beside what its row is called (``tied``). Else that of its
    key, or of its rank when rows have none; both then follow from its place: what the row was
    called says that it has moved, or that another one has taken its place. Of two rows called
    alike, all that they said tells them apart. ``back``: the rows as the form answers them, which
    the document may say already.
    """
    key = left[step].get(CLE)
    known = [
        rank for rank, row in enumerate(held) if (row.get(CLE) == key if key else rank == step)
    ]
    here = known[0] if known else None
    title = titled(left[step])
    named, now = ([_named_by(title, row) if title else "" for row in rows] for rows in (left, held))
    if here is not None and title and (key, now[here]) in tied:
        return here
    if not named[step] or named.count(named[step]) > 1 or now.count(named[step]) > 1:
        said = here is not None and any((key, text) in tied for text in _texts(held[here]))
        return here if said else _by_all_it_said(left, back, step, held, here)
    if named[step] in now:
        there = now.index(named[step])
        written = (held[there].get(CLE), now[there]) in tied
        moved = here is None if written else there != here
        return None if _is_elsewhere(left, back, step, held, there, moved) else there
    if here is None or _only_renamed(left[step], held[here], title):
        return here
    if now[here] in named or _is_another(left[step], back[step], held[here], title):
        return None
    return here if _stand(named, now, step) else None


def _by_all_it_said(
    left: Sequence[Any], back: Sequence[Any], step: int, held: Sequence[Any], here: int | None
) -> int | None:
    """The one row that says it all still, and that no other one has become; else its place, when
    all the others have kept theirs.
    """
    was, new, now = ([_said(row) for row in rows] for rows in (left, back, held))
    if not was[step]:
        return here
    found = [rank for rank, row in enumerate(now) if _is_still(was[step], new[step], row)]
    rivals = [rank for rank, said in enumerate(was) if said and rank != step]
    if len(found) == 1 and not any(_is_still(was[n], new[n], now[found[0]]) for n in rivals):
        return found[0]
    at = {
        row.get(CLE) or rank: said for rank, (row, said) in enumerate(zip(held, now, strict=True))
    }
    kept = (_is_still(was[n], new[n], at.get(left[n].get(CLE) or n, {})) for n in rivals)
    return here if (here in found or not found) and all(kept) else None


def _is_elsewhere(
    left: Sequence[Any],
    back: Sequence[Any],
    step: int,
    held: Sequence[Any],
    there: int,
    moved: bool,
) -> bool:
    """Whether the row that is called as it was (``there``) may be a new one, for another one says
    all the rest that it said, and had not left as such; or be another one, renamed; or for it has
    another written key, or none and another rank (``moved``), and nothing is left of the rest.
    """
    name = tuple(map(str, titled(left[step])))
    rest, answers, found = _rest(left[step], name), _said(back[step]), _said(held[there])
    if rest and _is_still(rest, answers, found):
        return False
    was, new, now = ([_said(row) for row in rows] for rows in (left, back, held))
    others = [rank for rank in range(len(was)) if rank != step]
    called = [row.get(name) for row in now]
    for rank in others:
        theirs = _rest(left[rank], name) if was[rank].get(name) not in called else {}
        if theirs and _is_still(theirs, new[rank], found):
            return True
    if not rest:
        return False
    if moved and not any(_is_still({way: rest[way]}, answers, found) for way in rest):
        return True
    return any(
        _is_still(rest, answers, row) and not any(_is_still(was[n], new[n], row) for n in others)
        for rank, row in enumerate(now)
        if rank != there
    )


def _rest(row: Any, name: tuple[str, ...]) -> dict[tuple[str, ...], str]:
    """What a row says beside what it is called."""
    return {way: text for way, text in _said(row).items() if way != name}


def _said(row: Any) -> dict[tuple[str, ...], str]:
    return {way: text for way, text in leaves(row) if way[-1:] != (CLE,)}


Words = Mapping[tuple[str, ...], str]


def _is_still(was: Words, new: Words, now: Words) -> bool:
    """Whether a row says all that another one said, or what the form answers there."""
    return all(now.get(way) in (text, new.get(way)) for way, text in was.items())


def _is_another(left: Any, back: Any, held: Any, title: Way) -> bool:
    """Whether a row that is called otherwise has nothing left of what it said, nor of what the form
    answers.
    """
    was, new, now = (_said(row) for row in (left, back, held))
    both = was.keys() & now.keys() - {tuple(map(str, title))}
    return bool(both) and not any(now[way] in (was[way], new.get(way)) for way in both)


def taken_for(
    left: Sequence[Any], step: int, held: Sequence[Any], rank: int, tied: Collection[Tie]
) -> str:
    """Ce dont parle maintenant la ligne d'une clé écrite, quand c'est d'une autre qu'à l'envoi :
    les textes de deux lignes se sont échangés sous leurs clés ; vide autrement.
    """
    title = titled(left[step])
    named, now = ([_named_by(title, row) for row in rows] for rows in (left, held))
    if not title or now[rank] == named[step] or (left[step].get(CLE), now[rank]) not in tied:
        return ""
    other = now[rank] in named or named[step] in now
    return str(value_at(held[rank], title)) if other else ""


class Slid(NamedTuple):
    """Une ligne d'un formulaire dont le texte est passé à une autre, ou vient d'une autre."""

    rank: int
    other: int  # the row whose text it has taken, or that has taken its own
    takes: bool


def slid_rows(left: Sequence[Any], back: Sequence[Any]) -> list[Slid]:
    """Les lignes à clé qu'on a échangées, remontées ou descendues en retapant leurs textes."""
    title = titled(left[0]) if left else ()
    named, now = ([_named_by(title, row) for row in rows] for rows in (left, back))
    if not title or not all(row.get(CLE) for row in left):
        return []
    changed = [rank for rank, was in enumerate(named) if now[rank : rank + 1] != [was]]
    takes = {
        rank: named.index(now[rank])
        for rank in changed
        if now[rank : rank + 1] and now[rank] and named.count(now[rank]) == 1
        if now[rank] in named
    }
    gives = {other: rank for rank, other in takes.items() if other in changed}
    return [
        Slid(rank, takes.get(rank, gives.get(rank, rank)), rank in takes)
        for rank in sorted({*takes, *gives})
    ]


def linked(slid: Iterable[Slid]) -> list[list[Slid]]:
    """Les mêmes, celles dont les textes se sont suivis ensemble."""
    groups: list[list[Slid]] = []
    for one in slid:
        ranks = {one.rank, one.other}
        mine = [group for group in groups if any(not ranks.isdisjoint(row[:2]) for row in group)]
        groups = [group for group in groups if group not in mine]
        groups.append([*chain.from_iterable(mine), one])
    return groups


def those_who_rely(
    row: Mapping[str, Any], others: Iterable[Document], ours: Document | None = None
) -> list[str]:
    """Les documents qui disent quelque chose de plus d'une ligne, sous sa clé et son texte, ou qui
    sont ceux de la personne qu'elle nomme ; et le sien (``ours``), quand il la cite par sa clé.
    """
    title = titled(row)
    known, key, name = {*_texts(row)}, str(row.get(CLE)), _named_by(title, row)
    found = [
        document.titre
        for document in others
        if _is_of(document, key, name)
        or any(
            one.get(CLE) == key and name in {*_texts(one)} and not {*_texts(one)} <= known
            for one in _rows(data_of(document))
        )
    ]
    if ours is not None and any(
        text == key and way[-1] != CLE for way, text in leaves(data_of(ours))
    ):
        found.append(ours.titre)
    return list(dict.fromkeys(found))


def _is_of(document: Document, key: str, name: str) -> bool:
    """Whether all that a document says is of the person whom that key names."""
    data = data_of(document)
    who = data.get(document.distingue_par)
    named = isinstance(who, Mapping) and who.get(CLE) == key and name in {*_texts(who)}
    return named and bool(own_words(type(document), data))


def _rows(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
    for one in value.values() if isinstance(value, Mapping) else value if _is_list(value) else ():
        yield from _rows(one)


def _stand(named: Sequence[str], now: Sequence[str], step: int) -> bool:
    """Whether the other rows show that none has been put in, or taken away, before that one."""
    others = [rank for rank in range(len(named)) if rank != step]
    if len(now) == len(named):
        return all(now[rank] == named[rank] or named[rank] not in now for rank in others)
    return bool(others) and all(rank < len(now) and now[rank] == named[rank] for rank in others)


def _only_renamed(left: Any, held: Any, title: Way) -> bool:
    """Whether a row says all that it said when it left, but what it is called: it has taken the
    name of another one, not its place.
    """
    names = sorted({*left, *held} - {title[0], CLE})
    was, now = ([row.get(name) for name in names] for row in (left, held))
    return was == now and any(value not in (None, "") for value in was)


def titled(row: Any) -> Way:
    """Le chemin de la première chose que dit une ligne : ce qu'elle se nomme."""
    for name, value in row.items():
        if isinstance(value, Mapping) and (below := titled(value)):
            return (name, *below)
        if name != CLE and isinstance(value, str):
            return (name,)
    return ()


def _named_by(way: Way, row: Any) -> str:
    return spaced(value_at(row, way, None))
