"""Un paquet Word est-il entier ? Les noms de ses parties, leurs types, les liens de l'une à
l'autre.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from dla_docs.constat import Constat
from dla_docs.word.names import NAMESPACES
from dla_docs.word.package import (
    CONTENT_TYPES,
    MAIN,
    Relationship,
    owner_of,
    relationships,
    rels_of,
)

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
MAIN_TYPES = {f"{WORD_TYPE}document.main+xml", f"{WORD_TYPE}template.main+xml"}
TYPED_KINDS = {
    "styles",
    "numbering",
    "settings",
    "header",
    "footer",
    "footnotes",
    "endnotes",
    "comments",
    "fontTable",
    "webSettings",
}
REFERENCES = etree.XPath(
    "//@r:*[string()] | //@o:relid[string()]",
    namespaces={
        "r": NAMESPACES["r"],
        "o": "urn:schemas-microsoft-com:office:office",
    },
)
REBUILD = "Ouvrez le modèle dans Word et enregistrez-le de nouveau."

Roots = Mapping[str, etree._Element]  # the parts in XML that could be read, parsed


def package_soundness(parts: Mapping[str, bytes], roots: Roots) -> Iterator[Constat]:
    """Les défauts du paquet, chacun bloquant : Word le dirait abîmé."""
    for name in _repeated(part.casefold() for part in parts):
        yield _constat(f"Deux parties ont le même nom, à la casse près ({name}).")
    for name in [name for name in (CONTENT_TYPES, rels_of(""), MAIN) if name not in parts]:
        yield _constat(f"Une partie indispensable manque ({name}).")
    if CONTENT_TYPES in roots:
        yield from _types(parts, roots)
    for part in parts:
        yield from _links(parts, part, roots)
    for rels in [part for part in roots if part.endswith(".rels") and owner_of(part) not in parts]:
        if rels != rels_of(""):
            yield _constat(f"Des liens appartiennent à une partie qui n'existe pas ({rels}).")
    yield from _targets(parts, "", roots)


def _types(parts: Mapping[str, bytes], roots: Roots) -> Iterator[Constat]:
    overrides = [
        (element.get("PartName", "").lstrip("/").casefold(), element.get("ContentType", ""))
        for element in roots[CONTENT_TYPES].iter("{*}Override")
    ]
    defaults = [
        (element.get("Extension", "").casefold(), element.get("ContentType", ""))
        for element in roots[CONTENT_TYPES].iter("{*}Default")
    ]
    for name in _repeated(name for name, _ in [*overrides, *defaults]):
        yield _constat(f"Le type de « {name} » est déclaré deux fois ({CONTENT_TYPES}).")
    known, by_extension = dict(overrides), dict(defaults)
    types = {
        part: known.get(part.casefold(), by_extension.get(part.rpartition(".")[2].casefold(), ""))
        for part in parts
        if part != CONTENT_TYPES
    }
    for part in [part for part, kind in types.items() if not kind]:
        yield _constat(f"Le type d'une partie n'est pas déclaré ({part}).")
    if types.get(MAIN, "") not in MAIN_TYPES:
        yield _constat(f"Le texte n'est pas déclaré comme un document Word ({MAIN}).")
    for link in _relationships(parts, MAIN, roots):
        if (
            link.kind in TYPED_KINDS
            and types.get(link.target)
            and types[link.target] != f"{WORD_TYPE}{link.kind}+xml"
        ):
            yield _constat(f"Le type d'une partie n'est pas celui que Word attend ({link.target}).")


def _links(parts: Mapping[str, bytes], part: str, roots: Roots) -> Iterator[Constat]:
    if part not in roots:
        return
    known = {link.id for link in _relationships(parts, part, roots)}
    used = REFERENCES(roots[part])
    assert isinstance(used, list)  # an XPath of attributes gives nothing else
    for identifier in dict.fromkeys(map(str, used)):
        if identifier not in known:
            yield _constat(f"Le lien « {identifier} » est employé et n'est pas défini ({part}).")
    yield from _targets(parts, part, roots)


def _targets(parts: Mapping[str, bytes], part: str, roots: Roots) -> Iterator[Constat]:
    links, existing = _relationships(parts, part, roots), {part.casefold() for part in parts}
    for identifier in _repeated(link.id for link in links):
        yield _constat(f"Le lien « {identifier} » est défini deux fois ({rels_of(part)}).")
    for link in links:
        if (
            not link.external
            and not link.target.startswith("#")
            and link.target.casefold() not in existing
        ):
            yield _constat(
                f"Un lien mène à une partie qui n'existe pas, « {link.target} » ({rels_of(part)})."
            )
    if (
        not part
        and links
        and not any(link.kind == "officeDocument" and link.target == MAIN for link in links)
    ):
        yield _constat(f"Le paquet ne dit pas où est son texte ({rels_of('')}).")


def _relationships(parts: Mapping[str, bytes], part: str, roots: Roots) -> list[Relationship]:
    return relationships(parts, part) if rels_of(part) in roots else []


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _constat(message: str) -> Constat:
    return Constat(message, conseil=REBUILD)
