"""Ce qui distingue une page de celle qui était partie : ses mots, ses commentaires, ses images, sa
mise en forme. Un enregistrement qui ne change rien de cela n'est pas une retouche.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from itertools import repeat, zip_longest

from lxml import etree

from dla_docs.raw.quoting import quoted, quoted_apart
from dla_docs.retouches.replaced import is_around, put_around, replaced
from dla_docs.word.beyond import beyond_in
from dla_docs.word.names import W_P, W_PPR, W_R, W_RPR, W_T, W_TBL, W_VAL, W, local_name
from dla_docs.word.package import MAIN, parse_part
from dla_docs.word.page import PageLine, is_story, plain
from dla_docs.word.signs import OFF, told

REPLACED = "une image remplacée par une autre, ou réduite par Word"  # nothing tells them apart
LEAST = 0.4  # of two lines around the page: less alike, one is not what became of the other
MOST = 4  # differences said: the file itself shows the others
MARKS = {
    "b": "gras",
    "i": "italique",
    "u": "souligné",
    "highlight": "surlignage",
    "strike": "texte barré",
    "color": "couleur",
    "sz": "taille",
    "vertAlign": "exposant ou indice",
    "rFonts": "police",
    "caps": "capitales",
    "smallCaps": "petites capitales",
    "spacing": "espacement",
    "shd": "trame de fond",
    "bdr": "encadré",
}
SAID_BY = {"rFonts": f"{W}ascii", "shd": f"{W}fill"}  # the others by their value
UNMARKED = (*OFF, "auto", "nil")
FEMININE = ("couleur", "taille", "police", "trame de fond", "capitales", "petites capitales")
ON_BLANKS = ("highlight", "u", "strike", "shd", "bdr")
ON = ("1", "true", "on")
SIDES = {"start": "left", "end": "right"}
TRACKED = (f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo")
BROKEN = f"{W}pPr/{W}sectPr"
Parts = Mapping[str, bytes]


def said_otherwise(left: Iterable[PageLine], held: Iterable[PageLine]) -> Iterator[str]:
    """Les lignes que deux pages n'ont pas en commun, dites une à une ; rien quand elles disent la
    même chose.
    """
    was, now = list(left), list(held)
    yield from _in_order(_body(was), _body(now))
    gone, come = _around(was), _around(now)
    lost = {text: where for text, where in gone.items() if text not in come}
    for text, where in come.items():
        if text not in gone:
            near = max((one for one in lost if lost[one] == where), key=_like(text), default="")
            kept = near if _like(text)(near) >= LEAST else ""
            lost.pop(kept, None)
            yield f"{where} : {_line(kept, text)}"
    yield from (f"{where} : {_line(text, '')}" for text, where in lost.items())


def drawn_otherwise(left: Parts, held: Parts, ours: str = "") -> Iterator[str]:
    """Ce que la page montre autrement sans que ses mots changent : images, suivi des
    modifications, sauts de section, mise en forme. ``ours`` : l'auteur dont les modifications
    suivies ne comptent pas.
    """
    was, now = (Counter(one.what for one in beyond_in(parts)) for parts in (left, held))
    yield from map(put_there, now - was)
    yield from (f"{what} ôté{'e' * what.startswith('une ')}" for what in was - now)
    yield from repeat(REPLACED, replaced(left, held))
    for what, around in (
        ("une image", put_around(left, held)),
        ("un tableau", _tables_around(held) - _tables_around(left)),
    ):
        end = "e" * what.startswith("une ")
        yield from repeat(f"{what} ajouté{end} dans un en-tête ou un pied de page", around)
        yield from repeat(f"{what} ôté{end} d'un en-tête ou d'un pied de page", -around)
    if _tracked(held, ours) > _tracked(left, ours):
        yield "des modifications suivies"
    before, after = (parse_part(parts[MAIN], MAIN) for parts in (left, held))
    for one, more, number in NUMBERED:
        was_there, there = number(before), number(after)
        if was_there != there:
            yield f"{there} {more if there > 1 else one} au lieu de {was_there}"
    if page_breaks(before) == page_breaks(after):
        yield from repeat("un saut de page déplacé", _moved(before, after))
    yield from _marked_otherwise(_marks(before), _marks(after))
    yield from _marked_otherwise(*map(_marks_around, (left, held)))
    yield from _styled_otherwise(before, after)


def put_there(what: str) -> str:
    """Ce qu'une main a mis sur la page, dit."""
    return f"{what} ajouté{'e' * what.startswith('une ')}"


def _body(page: Iterable[PageLine]) -> list[str]:
    return list(filter(None, (_said(line) for line in page if not line.endroit)))


def _around(page: Iterable[PageLine]) -> dict[str, str]:
    """Headers, notes, comments: word processors write them in an order of their own."""
    return {text: line.endroit for line in page if line.endroit and (text := _said(line))}


def _said(line: PageLine) -> str:
    cells = (" ".join(plain(cell).split()) for cell in line.cells)
    return " | ".join(filter(None, cells))


def _in_order(was: list[str], now: list[str]) -> Iterator[str]:
    for step, low, high, first, last in SequenceMatcher(None, was, now, False).get_opcodes():
        if step != "equal":
            yield from (
                _line(one, other)
                for one, other in zip_longest(was[low:high], now[first:last], fillvalue="")
            )


def _like(text: str) -> Callable[[str], float]:
    said = text.split()
    return lambda other: SequenceMatcher(None, said, other.split(), False).ratio()


def _line(was: str, now: str) -> str:
    if was and now:
        before, after = quoted_apart(was, now)
        return f"{before} est devenu {after}"
    return f"{quoted(now)} ajouté" if now else f"{quoted(was)} ôté"


def _number(root: etree._Element, *names: str) -> int:
    return sum(1 for _ in root.iter(*names))


def _tracked(parts: Parts, ours: str) -> int:
    roots = (parse_part(parts[name], name) for name in parts if is_story(name))
    marks = (one for root in roots for one in root.iter(*TRACKED))
    return sum(not ours or one.get(f"{W}author") != ours for one in marks)


def _tables(root: etree._Element) -> int:
    return _number(root, W_TBL)


def _tables_around(parts: Parts) -> int:
    """Where there is most: word processors make several headers of one."""
    around = (parse_part(parts[name], name) for name in parts if is_around(name))
    return max(map(_tables, around), default=0)


def _sections(root: etree._Element) -> int:
    return len(root.findall(f".//{BROKEN}"))


def page_breaks(element: etree._Element) -> int:
    """Ses sauts de page ou de colonne : LibreOffice en fait de « saut avant ce paragraphe »."""
    before = (one.get(W_VAL, "1") not in OFF for one in element.iter(f"{W}pageBreakBefore"))
    return sum(map(is_page_break, element.iter(f"{W}br"))) + sum(before)


def _moved(before: etree._Element, after: etree._Element) -> int:
    """Page breaks that stand between words where none does now: those before or those after are
    enough to know one again.
    """
    free, moved = [*_broken_at(after)], 0
    for last, following in _broken_at(before):
        same = (one for one in free if last == one[0] or following == one[1])
        if (found := next(same, None)) is None:
            moved += 1
        else:
            free.remove(found)
    return moved


def _broken_at(root: etree._Element) -> Iterator[tuple[str, str]]:
    """The words that each page break stands between."""
    said, breaks = [""], list[int]()
    tags = (W_P, W_T, f"{W}br", f"{W}pageBreakBefore")
    for event, one in etree.iterwalk(root, events=("start", "end"), tag=tags):
        if one.tag == W_P:
            said.append("")
        elif event == "start" and one.tag == W_T:
            said[-1] += one.text or ""
        elif event == "start" and page_breaks(one):
            breaks.append(len(said))
            said.append("")
    lines = [" ".join(line.split()) for line in said]
    for rank in breaks:
        yield next(filter(None, reversed(lines[:rank])), ""), next(filter(None, lines[rank:]), "")


def is_page_break(element: etree._Element) -> bool:
    """Vrai d'un saut de page ou de colonne : il ne dit rien d'une réponse."""
    return element.get(f"{W}type") in ("page", "column")


NUMBERED = (
    ("tableau", "tableaux", _tables),
    ("section", "sections", _sections),
    ("saut de page", "sauts de page", page_breaks),
)


def _marks(root: etree._Element) -> list[tuple[str, str, str]]:
    """Each piece of text that is marked by itself, not by its style: the mark, its words."""
    found: list[tuple[str, str, str]] = []
    for paragraph in root.iter(W_P):
        line = told(paragraph.iter(W_R))
        found += [
            (f"{name} {value}", said, line) for (name, value), said in marked(paragraph).items()
        ]
    return found


def _marks_around(parts: Parts) -> list[tuple[str, str, str]]:
    """Each once: word processors make several headers of one."""
    roots = (parse_part(parts[name], name) for name in sorted(parts) if is_around(name))
    return list({found[:2]: found for root in roots for found in _marks(root)}.values())


def marked(element: etree._Element) -> dict[tuple[str, str], str]:
    """Les mots qu'un morceau de page met en valeur, par marque et valeur de marque ; les blancs
    aussi, là où la marque s'y voit.
    """
    found: dict[tuple[str, str], str] = {}
    for run in element.iter(W_R):
        text = "".join(map(str, run.itertext(W_T)))
        for mark in _of_run(run):
            if said := text if mark[0] in ON_BLANKS else "".join(text.split()):
                found[mark] = found.get(mark, "") + said
    return found


def _of_run(run: etree._Element) -> Iterator[tuple[str, str]]:
    marks = run.find(W_RPR)
    for mark in () if marks is None else marks:
        if (name := local_name(mark)) in MARKS and (value := _value(name, mark)) not in UNMARKED:
            yield name, "" if value in ON else value


def _value(name: str, mark: etree._Element) -> str:
    """A mark says by itself that it is there, a font and a shade what they are."""
    said = mark.get(SAID_BY[name], "auto") if name in SAID_BY else mark.get(W_VAL, "1")
    return said.casefold()


def _marked_otherwise(
    was: list[tuple[str, str, str]], now: list[tuple[str, str, str]]
) -> Iterator[str]:
    before = Counter((name, said) for name, said, _ in was)
    for name, said, line in now:
        if before[name, said]:
            before[name, said] -= 1
        else:
            yield f"{_mark(name, 'mis')} dans {quoted(line)}"
    yield from (f"{_mark(name, 'ôté')} de {quoted(said)}" for name, said in before.elements())


def _mark(name: str, done: str) -> str:
    mark = MARKS[name.partition(" ")[0]]
    ends = f"{'e' * (mark in FEMININE)}{'s' * mark.endswith('capitales')}"
    return f"{mark} {done}{ends}"


def _styled_otherwise(before: etree._Element, after: etree._Element) -> Iterator[str]:
    """A style that one paragraph alone has left: word processors give styles other names, to all
    their paragraphs at once.
    """
    was, now = (list(_styles(root)) for root in (before, after))
    if [text for text, _ in was] != [text for text, _ in now]:
        return  # the words differ, which is said already
    taken: dict[str, Counter[str]] = {}
    for (_, style), (_, other) in zip(was, now, strict=True):
        taken.setdefault(style, Counter())[other] += 1
    for (text, style), (_, other) in zip(was, now, strict=True):
        if other != taken[style].most_common(1)[0][0]:
            yield f"style changé pour {quoted(text)}"


def _styles(root: etree._Element) -> Iterator[tuple[str, str]]:
    for paragraph in root.iter(W_P):
        text = " ".join("".join(map(str, paragraph.itertext(W_T))).split())
        if text:
            style, side = (paragraph.find(f"{W_PPR}/{W}{name}") for name in ("pStyle", "jc"))
            named = "" if style is None else style.get(W_VAL, "")
            aside = "left" if side is None else side.get(W_VAL, "")
            yield text, f"{named} {SIDES.get(aside, aside)}"
