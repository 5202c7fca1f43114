"""``verify`` dit ce qui n'est pas sur la page comme cela devait y être, et rien d'autre."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from dla_docs import DOCUMENTS, Constat, Document, Mission, load, render, verify
from dla_docs.model.formats import format_value
from dla_docs.model.node import Kind, Node, steps
from dla_docs.resources import sample_path, template_path
from dla_docs.stages.rendering import printable, template_for
from dla_docs.stages.request import Request, resolve
from dla_docs.stages.verification import verified
from dla_docs.templating import compile_template
from dla_docs.word.package import open_package
from tests import one_in
from tests.corpus import samples
from tests.strategies import documents
from tests.word_packages import zipped

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY = "word/document.xml"
GONE = "\ue000"  # stands for the value being taken off: no sample holds it
STORY = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")


@cache
def held() -> dict[str, Document]:
    """Les documents de ``samples/``, seuls ou dans une mission."""
    found: dict[str, Document] = {}
    for name, loaded in samples().items():
        if isinstance(loaded, Mission):
            inside = [document for some in loaded.documents.values() for document in some]
            found |= {f"{name} {n} {one.slug()}": one for n, one in enumerate(inside)}
        else:
            found[name] = loaded
    return found


# Chaque valeur, ôtée une à une


def filled(given: Mapping[str, Any], node: Node, path: str = "") -> Iterator[tuple[str, str]]:
    """Le chemin et le texte de chaque valeur remplie."""
    for child in node.children.values():
        value, way = given.get(child.name), f"{path}{child.name}"
        if child.kind is Kind.LEAF:
            if way not in Document.hors_page and (text := format_value(child.format, value)):
                yield way, text
        elif child.kind is Kind.PART and value:
            yield from filled(value, child, f"{way}.")
        elif child.kind is Kind.ROWS:
            for rank, row in enumerate(value or ()):
                yield from filled(row, child, f"{way}[{rank}].")


def printed_without(request: Request, path: str, text: str) -> bytes | None:
    """Le document où cette valeur a été ôtée de ses ``w:t`` ; ``None`` si la page ne la montre
    pas. Le modèle dit où elle est : un repère y prend sa place.
    """
    given = deepcopy(request.values)
    *way, last = steps(path)
    holder: Any = given
    for step in way:
        holder = holder[step]
    holder[last] = re.sub(r"[^\n]+", GONE, text)
    template = template_for(request)
    first = path.partition(".")[0].partition("[")[0]
    octets = template.render({**printable(request), first: given[first]}, request.mode)
    parts = open_package(octets)
    marked = {name for name in parts if STORY.fullmatch(name) and GONE.encode() in parts[name]}
    off = {name: parts[name].replace(GONE.encode(), b"") for name in marked}
    return zipped({**parts, **off}) if marked else None


def unnoticed(document: Document, every: int) -> tuple[int, list[str]]:
    """Combien de valeurs ont été ôtées, et les chemins de celles que rien ne signale ; une sur
    ``every``.
    """
    request = resolve(document)
    cases = [*filled(request.values, type(document).schema_node())][::every]
    tried, missed = 0, []
    for path, text in cases:
        octets = printed_without(request, path, text)
        if octets is None:
            continue
        tried += 1
        told = verified(octets, request, template_for(request))
        if path not in {constat.chemin for constat in told}:
            missed.append(path)
    return tried, missed


@pytest.mark.lent
@pytest.mark.parametrize("name", held())
def test_chaque_valeur_otee_de_la_page_est_dite(name: str) -> None:
    tried, missed = unnoticed(held()[name], 1)
    print(f"{name} : {tried - len(missed)} sur {tried}")
    assert tried and missed == []


@pytest.mark.parametrize("slug", one_in(3, [(slug,) for slug in DOCUMENTS]))
def test_une_valeur_otee_de_la_page_est_dite(slug: str) -> None:
    tried, missed = unnoticed(held()[slug], 15)
    assert tried and missed == []


def test_le_cahier_des_charges_a_soixante_douze_valeurs() -> None:
    request = resolve(held()["cahier_des_charges"])
    shown = [
        path
        for path, text in filled(request.values, type(request.document).schema_node())
        if printed_without(request, path, text)
    ]
    assert len(shown) == 72
