"""Ce qu'un document Word emporte avec lui : son nom, son profil, son rôle, ses données ; une partie
XML que personne ne voit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from hashlib import sha256
from html import escape
from typing import Any, NamedTuple

from dla_docs.errors import PackageError
from dla_docs.model.bloc import Bloc, bloc_of, declaration
from dla_docs.model.document import Document, applies
from dla_docs.spelling import compact, fold, spaced
from dla_docs.stages.sent_lines import in_order, lines_in, unpacked
from dla_docs.word.page import PageLine
from dla_docs.word.part import DATA, root_text

RECONNUE_A = ("reference", "reference_convention", "structures")
NAMESPACE = "urn:dla-docs:document:1"
PAGE = ', "page": ['  # how it begins, as we write it; it ends all that travels
NOT_OURS = (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError)
VERSION = (
    1  # of the models' field names; a form made under another is read through its controls alone
)


class PlaceDeFiche(NamedTuple):
    """D'où part le formulaire d'une fiche, parmi celles de sa sorte. ``marque`` : l'empreinte de
    leur liste, et de son rang ; ``nommee`` : son nom la distingue des autres ; ``dite`` : ce
    qu'elle dit l'en distingue.
    """

    marque: str = ""
    nommee: bool = False
    dite: bool = False


@dataclass(frozen=True)
class Enveloppe:
    """Les données d'un document, telles qu'elles sont parties. ``page`` : ses lignes, quand c'est
    un formulaire, pour s'y retrouver au retour.
    """

    slug: str
    profil: str = "national"
    role: str = ""
    version: int = VERSION
    donnees: Mapping[str, Any] = field(default_factory=dict)
    page: tuple[PageLine, ...] = ()
    intacte: bool = True  # nobody has touched it since it left
    brouillon: bool = False
    dessins: tuple[str, ...] = ()  # what its template drew in the body, so as not to be found added
    mission: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what it is known by
    place: PlaceDeFiche | None = None  # of a sheet that is one of several
    tenu: bool = False  # its mission held it when it left
    autre_modele: bool = False  # made from the Word template of the operator, which does not travel

    @property
    def champs(self) -> tuple[str, ...]:
        """Les chemins des contrôles, dans l'ordre de la page."""
        return tuple(control.tag for line in self.page for control in line.controls)

    @property
    def envoi(self) -> str:
        """L'identifiant de l'envoi : le même contenu, pour le même rôle, donne le même."""
        return _mark([self.slug, self.profil, self.role, self.donnees])

    def to_json(self, indent: int | None = 1) -> str:
        """Les données, en JSON lisible : ce qui est joint au PDF."""
        said: dict[str, Any] = {
            "document": self.slug,
            "version": self.version,
            "profil": self.profil,
            "role": self.role,
        }
        said |= {"brouillon": True} if self.brouillon else {}
        said |= {"dessins": self.dessins} if self.dessins else {}
        said |= {"mission": self.mission} if self.mission else {}
        said |= {"place": self.place} if self.place else {}
        said |= {"tenu": True} if self.tenu else {}
        said |= {"autre_modele": True} if self.autre_modele else {}
        said |= {"donnees": self.donnees}
        if self.page:
            return _with_page(said, f"[{', '.join(line.en_json for line in self.page)}]")
        return json.dumps({"envoi": _seal(said), **said}, ensure_ascii=False, indent=indent)

    def to_xml(self) -> bytes:
        """La partie XML du document Word."""
        return self._xml

    @cached_property
    def _xml(self) -> bytes:
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<dla xmlns="{NAMESPACE}">{escape(self.to_json(indent=None), quote=False)}</dla>'
        ).encode()


def envelope(
    document: Document,
    profil: str,
    role: str,
    printed: Iterable[str] | None = None,
    page: tuple[PageLine, ...] = (),
) -> Enveloppe:
    """L'enveloppe d'un document : rien que ce qui est imprimé (``printed``, les chemins que lit le
    modèle Word), et les clés des lignes.
    """
    data, model = _shown(data_of(document), document, document), type(document)
    kept = data if printed is None else _only(data, model, "", _same(tuple(printed)))
    return Enveloppe(
        model.slug(),
        profil,
        role,
        VERSION,
        kept,
        page,
        mission=empreintes(document._mission),
    )


def empreintes(mission: Any) -> dict[str, tuple[str, ...]]:
    """Ce à quoi se reconnaît une mission, sans que ce soit dit : une empreinte de ses références,
    des noms et des SIRET de ses structures ; rien sans mission.
    """
    if mission is None:
        return {}
    data = mission.model_dump(mode="json", include={*RECONNUE_A})
    known = {name: marked(data.get(name)) for name in RECONNUE_A}
    return {name: marks for name, marks in known.items() if marks}


def marked(value: Any) -> tuple[str, ...]:
    """Les empreintes d'un champ d'en-tête : un texte ; ou le nom et le SIRET de chaque ligne.

    Un nom en a une avec ses accents, que portent les formulaires plus anciens, et une sans.
    """
    rows = value if isinstance(value, list) else [value]
    said = [
        text
        for row in rows
        for text in (
            (spaced(row.get("nom")), fold(str(row.get("nom") or "")), compact(row.get("siret")))
            if isinstance(row, Mapping)
            else (spaced(row),)
        )
    ]
    return tuple(_empreinte(text) for text in dict.fromkeys(said) if text)


def _empreinte(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def _shown(data: Any, value: Any, document: Document) -> Any:
    """What a condition keeps off the page does not travel:
    a synthesis must not carry the details."""
    if isinstance(value, tuple):
        return [_shown(item, row, document) for item, row in zip(data, value, strict=True)]
    if not isinstance(value, Bloc) or _is_all_shown(type(value)):
        return data
    fields: Mapping[str, Any] = data
    return {
        name: _shown(item, getattr(value, name), document) if isinstance(item, HOLDS) else item
        for name, item in fields.items()
        if applies(value, name, document)
    }


@cache
def _is_all_shown(model: type[Bloc]) -> bool:
    """Whether it holds values alone, that no condition keeps off the page."""
    names = model.model_fields
    return not any(bloc_of(model, name) or declaration(model, name).si for name in names)


def _only(data: Any, model: type[Document], path: str, printed: frozenset[str]) -> Any:
    if isinstance(data, list):
        return [_only(row, model, path, printed) for row in data]
    kept = _kept(model, path, printed)
    return {
        name: _only(item, model, kept[name], printed) if kept[name] else item
        for name, item in data.items()
        if name in kept
    }


@lru_cache(64)
def _same(printed: tuple[str, ...]) -> frozenset[str]:
    """The same object for the same paths: another would be compared with it at each part."""
    return frozenset(printed)


@lru_cache(8192)
def _kept(model: type[Document], path: str, printed: frozenset[str]) -> dict[str, str]:
    """The fields of the part at this path that travel, each with its path when it is a part."""
    root = model.schema_node()
    return {
        name: child.path if child.children else ""
        for name, child in (root.at[path] if path else root).children.items()
        if child.children or child.path in printed or name in UNPRINTED
    }


HOLDS = (dict, list)  # what holds other data
UNPRINTED = {"cle", "profil", "stade"}  # what joins a row to its own, and what the verdict needs


def data_of(document: Document) -> dict[str, Any]:
    """Les données d'un document, absences omises, prêtes pour JSON."""
    held = set(type(document).schema_node().children)
    pruned = _pruned(document.model_dump(mode="json", include=held, exclude_none=True))
    return dict(pruned) if isinstance(pruned, dict) else {}


def open_envelope(parts: Mapping[str, bytes]) -> Enveloppe | None:
    """L'enveloppe d'un document Word ouvert, ou ``None`` quand il n'en porte pas (ou plus) de
    lisible.
    """
    for name in sorted(parts):
        if name.startswith(DATA) and NAMESPACE.encode() in parts[name]:
            try:
                return from_json(root_text(parts[name], name))
            except (ValueError, PackageError):
                return None
    return None


def from_json(text: str) -> Enveloppe:
    """L'enveloppe de données jointes ; ``ValueError`` quand ce ne sont pas les nôtres."""
    try:
        said, page, seal = _by_lines(text) or _whole(text)
        slug, data = said["document"], said["donnees"]
        if not isinstance(slug, str) or not isinstance(data, dict):
            raise TypeError
        sent = Enveloppe(
            slug, str(said["profil"]), str(said["role"]), int(said["version"]), data, page
        )
        return replace(
            sent,
            intacte=said.get("envoi") == seal or said.get("envoi") == sent.envoi,  # older
            brouillon=said.get("brouillon") is True,
            dessins=tuple(map(str, said.get("dessins", ()))),
            mission={
                str(name): tuple(map(str, marks)) for name, marks in said.get("mission", {}).items()
            },
            place=_place(*said["place"]) if "place" in said else None,
            tenu=said.get("tenu") is True,
            autre_modele=said.get("autre_modele") is True,
        )
    except NOT_OURS as error:
        raise ValueError("ces données ne sont pas celles d'un document du DLA") from error


Joined = tuple[dict[str, Any], tuple[PageLine, ...], str]  # what is said, the page, their seal


def _whole(text: str) -> Joined:
    said = json.loads(text)
    return said, tuple(map(unpacked, said.get("page", ()))), _seal(said)


def _by_lines(text: str) -> Joined | None:
    """The same, of a page written as ours are, which is not written again to be sealed."""
    head, _, page = text.partition(PAGE)
    if not page.endswith("]}"):
        return None
    try:
        said, lines = json.loads(f"{head}}}"), lines_in(page[:-2])
        return None if "page" in said else (said, lines, _sealed(said, f"[{page[:-1]}"))
    except NOT_OURS:
        return None


def _seal(said: Mapping[str, Any]) -> str:
    """The mark of all that travels: what was open, and where, and whose it is, as well as the data,
    is not to be changed on the way.
    """
    return _mark({name: value for name, value in said.items() if name != "envoi"})


def _mark(said: Any) -> str:
    return _empreinte(in_order(said))


def _sealed(said: Mapping[str, Any], page: str) -> str:
    """The same mark, the page being written already, where all is in order."""
    before, after = (
        {key: said[key] for key in said if key != "envoi" and (key > "page") is late}
        for late in (False, True)
    )
    return _empreinte(f'{in_order(before)[:-1]}, "page": {page}, {in_order(after)[1:]}')


def _with_page(said: Mapping[str, Any], page: str) -> str:
    """All that travels, its page being written already; and its seal."""
    written = json.dumps({"envoi": _sealed(said, page), **said}, ensure_ascii=False)
    return f'{written[:-1]}, "page": {page}}}'


def _place(mark: Any, named: Any, told: Any) -> PlaceDeFiche:
    return PlaceDeFiche(str(mark), named is True, told is True)


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {
            key: _pruned(item) if isinstance(item, HOLDS) else item for key, item in value.items()
        }
        return {
            key: item
            for key, item in kept.items()
            if item is not None and (item or not isinstance(item, HOLDS))
        }
    return [_pruned(item) for item in value] if isinstance(value, list) else value
