"""Les images d'une page qu'une main y a mises ou remplacées : le lien de chacune de celles qui
étaient parties dit l'empreinte de ses octets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from dla_docs.stages.surroundings import OWN_IMAGE
from dla_docs.word.names import BLIP, EMBED
from dla_docs.word.package import parse_part
from dla_docs.word.page import is_story
from dla_docs.word.part import relationships

Parts = Mapping[str, bytes]


def put_by_hand(left: Parts, held: Parts, name: str) -> frozenset[str]:
    """Les liens, dans cette partie, des images qui n'étaient pas parties avec la page. Une des
    nôtres, que Word a réduite en l'enregistrant, en est : rien ne la distingue d'une autre.
    """
    ours = {*_marks(left)}
    return frozenset(link for link, content in _shown(held, name) if _mark(content) not in ours)


def replaced(left: Parts, held: Parts) -> int:
    """Combien d'images de la page du départ en ont une autre à leur place."""
    stories = [name for name in held if is_story(name)]
    there = {_mark(content) for name in stories for _, content in _shown(held, name)}
    put = sum(len(put_by_hand(left, held, name)) for name in stories)
    return min(len({*_marks(left)} - there), put)


def is_around(name: str) -> bool:
    """Vrai de la partie d'un en-tête ou d'un pied de page."""
    return name.startswith(("word/header", "word/footer")) and is_story(name)


def put_around(left: Parts, held: Parts) -> int:
    """Combien d'images les en-têtes et les pieds de page montrent de plus, ou de moins, que ceux du
    départ : le corps est compté à part.
    """
    ours = {*_marks({name: part for name, part in left.items() if is_around(name)})}
    there = {_mark(one) for name in held if is_around(name) for _, one in _shown(held, name)}
    return len(there - {*_marks(left)}) - len(ours - there)


def _shown(parts: Parts, name: str) -> Iterator[tuple[str, bytes]]:
    """Each picture that a part shows: its link, and its bytes."""
    if b":embed=" not in parts[name]:
        return
    targets = {one.id: one.target for one in relationships(parts, name) if not one.external}
    for blip in parse_part(parts[name], name).iter(BLIP):
        link = blip.get(EMBED, "")
        if (content := parts.get(targets.get(link, ""))) is not None:
            yield link, content


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _marks(parts: Parts) -> Iterator[str]:
    for name, part in parts.items():
        if is_story(name):
            yield from OWN_IMAGE.findall(part.decode("utf-8", "replace"))
