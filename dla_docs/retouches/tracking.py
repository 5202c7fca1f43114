"""Ce qui se propose en suivi des modifications : un passage barré, un autre mis à sa place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy

from dla_docs.retouches.page import is_page_break, marked
from dla_docs.retouches.saying import agree
from dla_docs.retouches.shaping import format_of, holder_of
from dla_docs.retouches.skeleton import Element, fields, words
from dla_docs.word.beyond import MATH
from dla_docs.word.names import (
    W_P,
    W_PPR,
    W_R,
    W_RPR,
    W_SDT,
    W_SDTCONTENT,
    W_T,
    W_TR,
    XML_SPACE,
    W,
    dissolve,
    element,
    insert_ordered,
)
from dla_docs.word.order import PARAGRAPH_PROPERTIES, RUN_PROPERTIES
from dla_docs.word.page import skips
from dla_docs.word.signs import STRIKES, is_struck

AUTHOR = "dla-docs"
STRUCK = frozenset({f"{W}del", f"{W}moveFrom"})
TRACKED = STRUCK | {f"{W}ins", f"{W}moveTo"}
TEXT = (W_T, f"{W}br", f"{W}tab", f"{W}cr", f"{W}noBreakHyphen")
RANGES = (f"{W}commentRangeStart", f"{W}commentRangeEnd")
REFERENCES = tuple(f"{W}{name}Reference" for name in ("comment", "footnote", "endnote"))
EQUATION = f"{MATH}oMath"
UNSAID = (*STRIKES, f"{W}vanish")
DRAWN = (f"{W}drawing", f"{W}pict", f"{W}object")


class Revisions:
    """Les modifications suivies d'un document : chacune a son numéro."""

    def __init__(self, root: Element) -> None:
        numbers = (one.get(f"{W}id", "") for one in root.iter(*TRACKED))
        self._last = max((int(one) for one in numbers if one.isdecimal()), default=900)

    def mark(self, name: str) -> Element:
        """Une modification de plus, vide : ``ins`` ou ``del``."""
        self._last += 1
        return element(f"w:{name}", id=str(self._last), author=AUTHOR)

    def strike(self, block: Element) -> None:
        """Propose d'ôter un passage : un paragraphe, une ligne, un tableau ; ses contrôles n'en
        sont plus.
        """
        withdraw(block)
        for sdt in list(fields(block)):
            unwrap(sdt)
        for row in block.iter(W_TR):
            about = row.find(f"{W}trPr")
            if about is None:
                about = element("w:trPr")
                row.insert(_after_exceptions(row), about)
            about.append(self.mark("del"))
        for paragraph in block.iter(W_P):
            self._strike_end(paragraph)
        for run in list(_runs(block)):
            self.strike_run(run)

    def strike_run(self, run: Element) -> None:
        """Propose d'ôter un morceau de texte, même ajouté en suivi des modifications."""
        if any(one.tag in STRUCK for one in run.iterancestors()):
            return
        for text in run.iter(W_T):
            text.tag = f"{W}delText"
        held, parent = self.mark("del"), run.getparent()
        assert parent is not None
        parent.replace(run, held)
        held.append(run)

    def propose(self, paragraph: Element) -> Element:
        """Le même paragraphe, à mettre : son texte, sans contrôle."""
        made = deepcopy(paragraph)
        for sdt in list(fields(made)):
            unwrap(sdt)
        for run in list(_runs(made)):
            self.insert_run(run)
        self._mark_end(made, "ins")
        return made

    def insert_run(self, run: Element) -> None:
        """Propose de mettre un morceau de texte, là où il est."""
        held, parent = self.mark("ins"), run.getparent()
        assert parent is not None
        parent.replace(run, held)
        held.append(run)

    def contradict(self, sdt: Element, now: str) -> None:
        """Une réponse de la main reste, barrée ; celle de la mission est proposée à côté, à la
        place de ce qui l'était avant. Ce que la main a barré d'un trait n'en est pas.
        """
        content = sdt.find(W_SDTCONTENT)
        assert content is not None
        withdraw(content)
        holder = holder_of(content)
        like = format_of(holder)
        for run in [one for one in content.iter(W_R) if one.find(W_T) is not None]:
            if not is_struck(run):
                self.strike_run(run)
        fresh = text_run(now, like)
        holder.append(fresh)
        self.insert_run(fresh)

    def _strike_end(self, paragraph: Element) -> None:
        if not any(one.tag == W_TR for one in paragraph.iterancestors()):
            self._mark_end(paragraph, "del")

    def _mark_end(self, paragraph: Element, name: str) -> None:
        about = paragraph.find(W_PPR)
        if about is None:
            about = element("w:pPr")
            paragraph.insert(0, about)
        marks = about.find(W_RPR)
        if marks is None:
            marks = element("w:rPr")
            insert_ordered(about, marks, PARAGRAPH_PROPERTIES)
        if not any(one.tag in TRACKED for one in marks):
            marks.insert(0, self.mark(name))


def unwrap(sdt: Element) -> None:
    """Ôte un contrôle et laisse ce qu'il dit."""
    dissolve(sdt, sdt.find(W_SDTCONTENT))


def is_pending(sdt: Element) -> bool:
    """Vrai d'un contrôle où quelque chose est proposé en suivi des modifications."""
    return next(sdt.iter(*TRACKED), None) is not None


def is_ours(mark: Element | None) -> bool:
    """Vrai d'une modification que dla-docs propose."""
    return mark is not None and mark.get(f"{W}author") == AUTHOR


def struck_by_us(block: Element) -> str:
    """Ce que dla-docs y propose d'ôter : les mots qu'une main y avait barrés n'en sont pas."""
    said: dict[Element | None, str] = {}
    for text in block.iter(f"{W}delText"):
        is_said = not any(map(is_struck, text.iterancestors(W_R)))
        if is_said and is_ours(next(text.iterancestors(*STRUCK), None)):
            line = next(text.iterancestors(W_P), None)
            said[line] = said.get(line, "") + str(text.text or "")
    return " ".join(" ".join(said.values()).split())


def take_up(sdt: Element) -> None:
    """Rend à la main la réponse que dla-docs proposait d'ôter, et ôte celle qu'il proposait."""
    withdraw(sdt)
    for held in [one for one in sdt.iter(f"{W}del") if is_ours(one)]:
        for text in held.iter(f"{W}delText"):
            text.tag = W_T
        dissolve(held, held)


def taken_over(block: Element, said: str) -> bool:
    """Rend à la main ce que dla-docs y proposait, quand elle y a écrit ; faux quand il dit encore
    ce que disait la mission.
    """
    ours = [one for one in block.iter(f"{W}ins") if is_ours(one)]
    held = " ".join(filter(None, map(words, ours)))
    if not held or agree(held, said):
        return False
    for one in ours:
        dissolve(one, one if len(one) else None)
    return True


def give_up(sdt: Element, said: str) -> None:
    """La main a répondu dans ce qui était à choisir, ou à côté : la réponse d'avant, que dla-docs
    proposait d'ôter, est barrée d'un trait, et ce qu'il proposait part si elle l'a barré aussi.
    """
    taken_over(sdt, said)
    if not any(map(_is_plain, sdt.iter(W_R))):
        return
    for held in [one for one in sdt.iter(f"{W}del") if is_ours(one)]:
        for run in held.iter(W_R):
            _strike_by_pen(run)
        dissolve(held, held)
    for held in [one for one in sdt.iter(f"{W}ins") if is_ours(one)]:
        dissolve(held, held if words(held) else None)


def _is_plain(run: Element) -> bool:
    """Words of the hand's that are neither struck nor in a change that we propose."""
    around = run.iterancestors(*TRACKED)
    ours = any(one.tag in STRUCK or is_ours(one) for one in around)
    return not ours and not is_struck(run) and bool("".join(map(str, run.itertext(W_T))).strip())


def _strike_by_pen(run: Element) -> None:
    marks = run.find(W_RPR)
    if marks is None:
        marks = element("w:rPr")
        run.insert(0, marks)
    insert_ordered(marks, element("w:strike"), RUN_PROPERTIES)
    for text in run.iter(f"{W}delText"):
        text.tag = W_T


def is_proposal(block: Element) -> bool:
    """Vrai d'un paragraphe que dla-docs propose, et que personne n'a encore pris."""
    return is_ours(block.find(f"{W_PPR}/{W_RPR}/{W}ins"))


def amended(items: Sequence[Element], found: dict[int, int]) -> None:
    """Ce qui se retrouvait dans un paragraphe que dla-docs propose se retrouve dans celui de la
    main qu'il récrirait, au-dessus : le proposé n'est pas encore de la page.
    """
    for rank, far in sorted(found.items()):
        above = far
        while above and is_proposal(items[above]):
            above -= 1
        if above not in found.values() and not is_proposal(items[above]):
            found[rank] = above


def withdraw(content: Element) -> None:
    """Ôte ce que dla-docs y avait proposé d'ajouter."""
    for held in [one for one in content.iter(f"{W}ins") if one.get(f"{W}author") == AUTHOR]:
        dissolve(held, None)


def rewrite(holder: Element, text: str) -> None:
    """Met ce texte à la place de celui d'un contrôle, dans la mise en forme de ce que la main y a
    mis en valeur, ou de son premier morceau ; les renvois, les images, les sauts de page et les
    mots barrés qui y sont y restent.
    """
    runs = [
        run for run in holder.iter(W_R) if not skips(run) and next(_said(run), None) is not None
    ]
    like = next(filter(marked, runs), runs[0]) if runs else holder.find(f".//{W_R}")
    fresh = text_run(text, like)
    if runs:
        runs[0].addprevious(fresh)
    else:
        holder.append(fresh)
    for run in runs:
        for piece in list(_said(run)):
            run.remove(piece)
        if all(one.tag == W_RPR for one in run):
            dissolve(run, None)
    for sdt in reversed([*holder.iter(W_SDT)]):  # a hand's own, around words that are gone
        if (content := sdt.find(W_SDTCONTENT)) is not None and not len(content):
            dissolve(sdt, None)


def _said(run: Element) -> Iterator[Element]:
    return (piece for piece in run.iterchildren(*TEXT) if not is_page_break(piece))


def anchors(content: Element, left: Element | None) -> list[Element]:
    """Ce qu'une main a mis dans un contrôle à côté de ses mots : commentaires, notes, images,
    équations, sauts de page, mots barrés.
    """
    was = 0 if left is None else sum(1 for _ in left.iter(*DRAWN))
    drawn = list(content.iter(*DRAWN))
    kept = [*content.iter(*RANGES, *REFERENCES, EQUATION), *(drawn if len(drawn) > was else ())]
    kept += filter(is_page_break, content.iter(f"{W}br"))
    kept += (run for run in content.iter(W_R) if is_struck(run) and run.find(W_T) is not None)
    wanted = set(kept)
    return [
        _in_a_run(one)
        for one in content.iter()
        if one in wanted and wanted.isdisjoint(one.iterancestors())
    ]


def _in_a_run(mark: Element) -> Element:
    if mark.tag in (*RANGES, EQUATION, W_R):
        return deepcopy(mark)
    run = element("w:r")
    run.append(deepcopy(mark))
    return run


def _runs(block: Element) -> Iterator[Element]:
    if block.tag == W_R:
        yield block
        return
    for child in block:
        if child.tag not in STRUCK:
            yield from _runs(child)


def _after_exceptions(row: Element) -> int:
    """Where the properties of a row stand."""
    first = row.find(f"{W}tblPrEx")
    return 0 if first is None else row.index(first) + 1


def text_run(text: str, like: Element | None) -> Element:
    """Un morceau qui dit ce texte, ses lignes coupées, dans la mise en forme d'un autre, qu'une
    main aurait pu barrer ou masquer.
    """
    run = element("w:r")
    marks = None if like is None else like.find(W_RPR)
    if marks is not None:
        run.append(deepcopy(marks))
        for mark in list(run[0].iterchildren(*UNSAID)):
            run[0].remove(mark)
    for rank, line in enumerate(text.split("\n")):
        if rank:
            run.append(element("w:br"))
        for number, piece in enumerate(line.split("\t")):
            if number:
                run.append(element("w:tab"))
            held = element("w:t")
            held.text = piece
            held.set(XML_SPACE, "preserve")
            run.append(held)
    return run
