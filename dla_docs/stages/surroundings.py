"""Ce qui entoure la page d'un document produit : ses images, ses propriétés, et les parties que le
modèle Word donne telles quelles.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from hashlib import sha256

from lxml import etree

from dla_docs.constat import Constat
from dla_docs.word.names import BLIP, DOC_PR, EMBED, children, local_name, q
from dla_docs.word.package import parse_part, relationships

PROPERTIES = "docProps/"
BEGINS, ENDS, END_RECORD = b"PK\3\4", b"PK\5\6", 22  # of an archive that has no comment
MOMENTS = frozenset(map(q, ("dcterms:created", "dcterms:modified")))  # the day of the rendering
A_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
PICTURED = (b"docPr", b"blip")  # of a part that may show a picture
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
OWN_IMAGE = re.compile("rIdDla([0-9a-f]{16})")  # the relation of an image says what it holds


def outside(octets: bytes) -> Iterator[Constat]:
    """Ce qui se cache autour de l'archive, et que Word ne lit pas."""
    if not (octets.startswith(BEGINS) and octets[-END_RECORD:].startswith(ENDS)):
        yield Constat(
            "Ce fichier tient, devant ou derrière ses parties, ce que Word ne montre pas."
        )


def strangers(
    drawn: Mapping[str, bytes], fixed: Mapping[str, bytes], parts: Mapping[str, bytes]
) -> Iterator[Constat]:
    """Ce qui n'est pas comme prévu. ``drawn`` : les parties à imprimer, valeurs comprises ;
    ``fixed`` : celles que le modèle donne telles quelles ; ``parts`` : celles du fichier.
    """
    for name in fixed:
        if parts.get(name) != fixed[name]:
            yield Constat(f"La partie « {name} » n'est plus celle du modèle Word.")
    for name, content in drawn.items():
        same = parts.get(name) == content
        if same and (name.startswith(PROPERTIES) or not any(sign in content for sign in PICTURED)):
            continue
        wanted = parse_part(content, name, remarks=True)
        found = wanted if same else _part(parts, name)
        if name.startswith(PROPERTIES):
            yield from _properties(wanted, found)
        else:
            yield from _pictures(wanted, found, parts, name)


def otherwise_laid(wanted: Mapping[str, bytes], parts: Mapping[str, bytes]) -> Iterator[Constat]:
    """Les parties qui disent ce qu'il faut autrement qu'il ne faut : un texte caché, barré ou
    blanc, un en-tête que la page n'appelle plus, une liste dont les choix ont changé.
    """
    for name, content in wanted.items():
        if name.startswith(PROPERTIES) or parts[name] == content:
            continue
        if _canonical(_part(parts, name)) != _canonical(parse_part(content, name, remarks=True)):
            yield Constat(
                f"La partie « {name} » dit ce qui devait être imprimé, mais autrement que prévu : "
                f"un texte caché, un en-tête que la page n'appelle plus…"
            )


def beside(
    around: Mapping[str, bytes], drawn: Collection[str], parts: Mapping[str, bytes]
) -> Iterator[Constat]:
    """Ce qui n'est pas sur la page : ``around``, les parties qui doivent l'entourer, dont les
    liens, les réglages et les données ; ``drawn``, celles que la page imprime, vues ailleurs.
    """
    for name, content in around.items():
        if parts.get(name) != content:
            yield Constat(f"La partie « {name} » n'est pas celle de ce document.")
    for name in parts.keys() - around.keys() - {*drawn}:
        yield Constat(f"La partie « {name} » n'est pas de ce document.")


def _properties(wanted: etree._Element, found: etree._Element) -> Iterator[Constat]:
    told = [*_said_otherwise(wanted, found)]
    yield from told
    if not told and _canonical(_without_moments(wanted)) != _canonical(_without_moments(found)):
        yield Constat("Les propriétés du fichier portent autre chose que ce qui était prévu.")


def _said_otherwise(wanted: etree._Element, found: etree._Element) -> Iterator[Constat]:
    said = {element.tag: element.text for element in children(found)}
    for element in children(wanted):
        if element.tag not in MOMENTS and said.get(element.tag) != element.text:
            yield Constat(
                f"La propriété « {local_name(element)} » du fichier devait être "
                f"« {element.text or ''} »."
            )
    for tag in said.keys() - {element.tag for element in children(wanted)}:
        name = etree.QName(tag).localname
        yield Constat(
            f"La propriété « {name} » du fichier ne devait rien dire, et dit « {said[tag] or ''} »."
        )


def _without_moments(root: etree._Element) -> etree._Element:
    """The same, without the day of the rendering where it is a day and nothing more."""
    made = deepcopy(root)
    for name in MOMENTS:
        moment = made.find(name)
        if moment is None or len(moment) or (moment.tail or "").strip():
            continue
        if A_MOMENT.fullmatch(moment.text or "") and set(moment.attrib) <= {XSI_TYPE}:
            made.remove(moment)
    return made


def _canonical(root: etree._Element) -> bytes:
    """What stands before and after the root counts too."""
    return etree.tostring(root.getroottree(), method="c14n")


def _pictures(
    wanted: etree._Element, found: etree._Element, parts: Mapping[str, bytes], name: str
) -> Iterator[Constat]:
    """What each shows, and the words that describe it; the relation of ours names its content."""
    held = {link.id: parts.get(link.target, b"") for link in relationships(parts, name)}
    left = _shown(found)
    for picture in _shown(wanted):
        words, link = picture
        own = OWN_IMAGE.fullmatch(link)
        if picture not in left:
            yield Constat(f"L'image « {words} » devait être imprimée et ne l'est pas.")
        elif own and not sha256(held.get(link, b"")).hexdigest().startswith(own[1]):
            yield Constat(f"L'image « {words} » n'est pas celle qui a été donnée.")
        else:
            left.remove(picture)
    for words, _ in left:
        yield Constat(f"L'image « {words} » est imprimée et ne devait pas l'être.")


def _shown(part: etree._Element) -> list[tuple[str, str]]:
    """The pictures of a part: their description and their relation."""
    pictures: list[tuple[str, str]] = []
    for element in part.iter(DOC_PR, BLIP):
        if element.tag == DOC_PR:
            pictures.append((element.get("descr", ""), ""))
        elif pictures:
            pictures[-1] = (pictures[-1][0], element.get(EMBED, ""))
    return pictures


def _part(parts: Mapping[str, bytes], name: str) -> etree._Element:
    return parse_part(parts.get(name, b"<absent/>"), name, remarks=True)
