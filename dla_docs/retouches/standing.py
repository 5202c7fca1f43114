"""Ce qu'une page retouchée dit encore autrement que la mission : ce qui reste à choisir en suivi
des modifications, ce qui y est dit autrement, ce qui n'y est plus.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dla_docs.forms.answers_taken import Changement
from dla_docs.retouches.keys import Names
from dla_docs.retouches.skeleton import Element, fields, told_apart, value_of, words
from dla_docs.retouches.tracking import is_ours, is_proposal, struck_by_us
from dla_docs.word.names import W_P, W_PPR, W_RPR, W_SDTPR, W_TR, W
from dla_docs.word.package import MAIN, parse_part
from dla_docs.word.page import is_story, recomputed, tag_of

PRINTED = ("word/document", "word/header", "word/footer")
PLACEHOLDER = f"{W_SDTPR}/{W}showingPlcHdr"
STRUCK_ROW, STRUCK_END = f"{W}trPr/{W}del", f"{W_PPR}/{W_RPR}/{W}del"
Parts = Mapping[str, bytes]


def to_choose(parts: Parts, made: Parts, names: Names) -> Iterator[Changement]:
    """Ce que dla-docs a proposé en suivi des modifications, et que personne n'a encore choisi :
    ``avant``, ce que la main garde ; ``apres``, ce que dit la mission. Une proposition où la main
    a écrit est à elle : la page dit autre chose.
    """
    wanted = dict(_answers(made))
    for root in _printed(parts):
        for sdt in fields(root):
            if any(is_ours(one) for one in sdt.iter(f"{W}ins")):
                tag, said = tag_of(sdt), value_of(sdt)
                if names.agree(tag, said, wanted.get(tag, said)):
                    yield Changement(tag, names.label(tag), struck_by_us(sdt), said)
        for block in root.iter(W_P, W_TR):
            if block.tag == W_P and is_proposal(block):
                yield Changement("", *told_apart("Texte", block.getprevious(), block))
            elif is_ours(block.find(STRUCK_ROW if block.tag == W_TR else STRUCK_END)):
                label_of = "Ligne" if block.tag == W_TR else "Texte"
                yield Changement("", label_of, struck_by_us(block), "")


def said_by_the_page(parts: Parts, made: Parts, names: Names) -> Iterator[Changement]:
    """Les réponses que la page ne dit pas comme la mission : ``avant``, la page, vide quand elle
    ne les dit nulle part ; ``apres``, la mission, vide quand elle n'en dit rien.
    """
    wanted: dict[str, str] = {}
    for tag, text in _answers(made):
        wanted.setdefault(tag, text)
    held: set[str] = set()
    for tag, text in _answers(parts):
        held.add(tag)
        if tag in wanted and not names.agree(tag, text, wanted[tag]):
            yield Changement(tag, names.label(tag), text, wanted[tag])
    whole = " ".join(" ".join(words(root) for root in _printed(parts)).split())
    for tag, text in wanted.items():
        if tag not in held and " ".join(text.split()) not in whole:
            yield Changement(tag, names.label(tag), "", text)


def _printed(parts: Parts) -> Iterator[Element]:
    """The body first; without page numbers, which the merge does not read either."""
    for name in sorted(parts, key=lambda one: (one != MAIN, one)):
        if name.startswith(PRINTED) and is_story(name):
            root = parse_part(parts[name], name)
            for text in recomputed(root, name):
                text.text = ""
            yield root


def _answers(parts: Parts) -> Iterator[tuple[str, str]]:
    """An invitation is no answer."""
    for root in _printed(parts):
        for sdt in fields(root):
            yield tag_of(sdt), "" if sdt.find(PLACEHOLDER) is not None else value_of(sdt)
