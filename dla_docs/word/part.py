"""Une partie d'un fichier Word : la lire sans danger, suivre ses liens."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import TypeVar, cast
from urllib.parse import unquote

from lxml import etree

from dla_docs.constat import Constat
from dla_docs.errors import PackageError
from dla_docs.word.file_kinds import AGAIN

STEP = 4096  # bytes, more than the names that a root declares
SMALL, MOST_KEPT = 64 * 1024, 128  # bytes of a part that is remembered, and how many of them
MAX_XML = 60 * 1024 * 1024  # bytes; the other limits stand in dla_docs.word.package
DATA = "customXml/"  # the folder of the data that travel with a document
VML = "urn:schemas-microsoft-com:vml"
SUSPECT = "Ne l'ouvrez pas s'il vient d'un inconnu ; sinon enregistrez-le de nouveau depuis Word."
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\")


Read = TypeVar("Read")


def of_small_parts(read: Callable[..., Read]) -> Callable[..., Read]:
    """``read``, dont on garde ce qu'il rend des petites parties : les mêmes styles, les mêmes liens
    reviennent d'un document à l'autre. Il reçoit d'abord les octets ; une erreur n'est pas gardée.
    """
    kept = lru_cache(MOST_KEPT)(read)

    @wraps(read)
    def known(data: bytes, *about: str) -> Read:
        return (kept if len(data) <= SMALL else read)(data, *about)

    return known


@dataclass(frozen=True, slots=True)
class Relationship:
    """Un lien d'une partie vers une autre (``target`` est son nom dans le paquet) ou, si
    ``external``, vers une adresse.
    """

    id: str
    kind: str  # the last word of its type: image, hyperlink, styles…
    target: str
    external: bool


def serialise(root: etree._Element) -> bytes:
    """Les octets d'une partie."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def parse_part(data: bytes, part: str, remarks: bool = False) -> etree._Element:
    """La racine XML d'une partie, lue sans entité, sans réseau et sans DTD ; sans les remarques ni
    les instructions de traitement, qui ne s'impriment pas et coupent un texte en deux, à moins que
    ``remarks`` ne les demande. PackageError si elle est abîmée.
    """
    if len(data) > MAX_XML:
        raise too_big()
    root = _parse(
        data,
        part,
        etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=not remarks,
            remove_pis=not remarks,
        ),
    )
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype(part)
    return root


def check_part(data: bytes, part: str) -> None:
    """PackageError si la partie n'est pas du XML bien formé ou déclare un DOCTYPE, dans quelque
    encodage que ce soit.
    """
    _checked(data, part)


def _check(data: bytes, part: str) -> None:
    target = cast(
        "etree.ParserTarget", _NoTree(part)
    )  # the stub asks for the callbacks whose absence makes it fast
    _parse(
        data,
        part,
        etree.XMLParser(
            target=target, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        ),
    )


_checked = of_small_parts(_check)


class _NoTree:
    """Reads a part to its end and keeps nothing: a third faster than a tree, and flat in memory."""

    def __init__(self, part: str) -> None:
        self.part = part

    def doctype(self, *_: object) -> None:
        raise _doctype(self.part)

    def close(self) -> None:
        return None


def _parse(data: bytes, part: str, parser: etree.XMLParser) -> etree._Element:
    try:
        return etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise damaged(part) from error


@of_small_parts
def root_tag(data: bytes, part: str) -> str:
    """Le nom de la racine d'une partie, ``{espace}nom``, sans lire la suite."""
    try:
        return next(_opened_in(data))
    except (etree.LxmlError, StopIteration) as error:
        raise damaged(part) from error


def _opened_in(data: bytes) -> Iterator[str]:
    """The names of its elements as they open, read no further than they are asked for."""
    parser = etree.XMLPullParser(
        events=("start",), resolve_entities=False, no_network=True, load_dtd=False
    )
    for at in range(0, len(data), STEP):
        parser.feed(data[at : at + STEP])
        for _, element in parser.read_events():
            if isinstance(element, etree._Element):
                yield str(element.tag)


@of_small_parts
def root_text(data: bytes, part: str) -> str:
    """Ce que dit la racine d'une partie avant son premier élément ; ``PackageError`` de même."""
    return parse_part(data, part).text or ""


def is_xml(part: str) -> bool:
    """Vrai d'un nom de partie en XML."""
    return part.casefold().endswith((".xml", ".rels"))


def relationships(parts: Mapping[str, bytes], part: str) -> list[Relationship]:
    """Les liens que déclare une partie (``""`` : le paquet lui-même), dans leur ordre."""
    rels = rels_of(part)
    return [*_links_in(parts[rels], rels, part)] if rels in parts else []


def _read_links(data: bytes, rels: str, part: str) -> tuple[Relationship, ...]:
    found = parse_part(data, rels).iter("{*}Relationship")
    return tuple(_relationship(element, part) for element in found)


def rels_of(part: str) -> str:
    """``word/document.xml`` → ``word/_rels/document.xml.rels``."""
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def owner_of(rels: str) -> str:
    """``word/_rels/document.xml.rels`` → ``word/document.xml``."""
    folder, base = posixpath.split(rels)
    return posixpath.join(posixpath.dirname(folder), base.removesuffix(".rels"))


_links_in = of_small_parts(_read_links)


def _relationship(element: etree._Element, part: str) -> Relationship:
    target = element.get("Target", "")
    external = element.get("TargetMode", "").casefold() == "external" or bool(ADDRESS.match(target))
    if not external and not target.startswith("#"):
        target = posixpath.normpath(
            posixpath.join("/", posixpath.dirname(part), unquote(target.partition("#")[0]))
        ).lstrip("/")
    return Relationship(
        element.get("Id", ""), posixpath.basename(element.get("Type", "")), target, external
    )


def refusal(message: str, conseil: str) -> PackageError:
    """L'erreur d'un seul constat ; ``open_package`` y ajoute le nom du fichier."""
    return PackageError(Constat(message, conseil=conseil))


def damaged(part: str) -> PackageError:
    """L'erreur d'une partie qui ne se lit pas."""
    return refusal(f"Ce fichier Word est abîmé : sa partie « {shown(part)} » ne se lit pas.", AGAIN)


def too_big() -> PackageError:
    """L'erreur d'un contenu démesuré."""
    return refusal("Ce fichier est anormalement gros une fois décompressé.", SUSPECT)


def too_many() -> PackageError:
    """L'erreur d'un paquet aux parties sans nombre."""
    return refusal("Ce fichier tient plus de parties qu'aucun document Word.", SUSPECT)


def shown(part: str) -> str:
    """Un nom de partie qui peut s'afficher, d'où qu'il vienne."""
    return "".join(char if char.isprintable() else "?" for char in part[:80])


def _doctype(part: str) -> PackageError:
    return refusal(
        f"La partie « {shown(part)} » contient une déclaration DOCTYPE, que Word n'écrit jamais.",
        SUSPECT,
    )
