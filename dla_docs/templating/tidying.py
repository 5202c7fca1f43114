"""Ce qu'un modèle Word garde d'un autre usage, et que ses documents n'auront pas : un contrôle lié
à une propriété du fichier, les enveloppes de Google Docs, deux dessins de même numéro, une source
de publipostage.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from lxml import etree

from dla_docs.constat import Gravite
from dla_docs.templating.parts import Package
from dla_docs.templating.places import Finding, Place
from dla_docs.word.fetching import MERGED
from dla_docs.word.names import W_SDT, W_SDTCONTENT, W_SDTPR, dissolve, local_name, q
from dla_docs.word.package import parse_part
from dla_docs.word.page import is_transparent
from dla_docs.word.part import rels_of, serialise


def tidy(root: etree._Element, drawings: set[str]) -> None:
    """Ôte tout cela d'une partie ; ``drawings`` : les numéros de dessins déjà pris, complétés."""
    _unbind(root)
    _unwrap(root)
    _renumber(root, drawings)


def without_mail_merge(package: Package) -> Iterator[Finding]:
    """Détache le modèle du fichier de l'opérateur d'où un publipostage tirait ses adresses."""
    name = package.settings()
    settings = parse_part(package.parts[name], name)
    links = package.relations(name)
    sources = [link for link in links if str(link.get("Type", "")).endswith(MERGED)]
    merges = settings.findall(q("w:mailMerge"))
    for one in merges:
        settings.remove(one)
    for link in sources:
        links.remove(link)
    if merges or sources:
        package.parts[name] = serialise(settings)
    if sources:
        package.parts[rels_of(name)] = serialise(links)
    if merges or sources:
        yield Finding(
            "ce modèle sort d'un publipostage ; ses documents n'en garderont pas la source.",
            Place(name, "réglages"),
            gravite=Gravite.INFORMATION,
        )


def _unbind(root: etree._Element) -> None:
    """Word shows the property in the place of what a bound control holds; others show what it
    holds.
    """
    for properties in root.iter(W_SDTPR):
        for child in [child for child in properties if local_name(child) == "dataBinding"]:
            properties.remove(child)


def _unwrap(root: etree._Element) -> None:
    for sdt in list(root.iter(W_SDT)):
        content = sdt.find(W_SDTCONTENT)
        if content is not None and is_transparent(sdt):
            dissolve(sdt, content)


def _renumber(root: etree._Element, drawings: set[str]) -> None:
    doubles = []
    for drawing in root.iter(q("wp:docPr")):
        number = str(drawing.get("id", ""))
        if number in drawings:
            doubles.append(drawing)
        drawings.add(number)
    free = (number for number in map(str, count(1)) if number not in drawings)
    for drawing in doubles:
        drawing.set("id", next(free))
        drawings.add(str(drawing.get("id")))
