"""La lecture d'un fichier : YAML ou JSON, vers un document ou une mission ; tous les problèmes à la
fois, en français, avec leur ligne.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.files import read_text
from dla_docs.mission import is_mission
from dla_docs.model.bloc import row_prefixes
from dla_docs.model.document import Document
from dla_docs.model.validation import Model, validated
from dla_docs.profils.grafting import adapted
from dla_docs.profils.loading import load_profil, profil_named
from dla_docs.profils.profil import Profil
from dla_docs.raw import RawList, RawMap, overlay, parse_raw
from dla_docs.registry import DOCUMENTS, FORMULAIRES
from dla_docs.spelling import did_you_mean, meant
from dla_docs.stages.cited_files import Reader, include, parts_like
from dla_docs.stages.data_files import PARCOURS, load_data
from dla_docs.stages.handed_down import key_in, lent_to, with_columns, with_prestataire
from dla_docs.stages.saves import refuse_half_written

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission


def load(path: str | Path, profil: Profil | str | Path | None = None) -> Document | Mission:
    """Le document ou la mission d'un fichier.

    Arguments :
    - ``path`` : un fichier .yaml ou .json ; les chemins qu'il cite partent de son dossier.
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans lui,
      celui que dit le fichier. Ce qu'un DLA ajoute à un document ne se lit que sous son profil.

    Rend : un document, ou une ``Mission`` qui tient les siens dans ``documents``.

    Erreurs :
    - ``InputError`` : tout ce qui ne se lit pas, à la fois, avec la ligne et le remède ; une
      écriture coupée, qui a laissé des fichiers d'avant et d'autres d'après.
    """
    source = Path(path)
    refuse_half_written(source)
    return _loaded(load_data(source), source, profil, read_text)


def load_text(
    text: str,
    source: Path,
    profil: Profil | str | Path | None = None,
    read: Reader = read_text,
) -> Document | Mission:
    """Le document ou la mission d'un texte YAML ; ``source`` dit d'où partent les chemins relatifs,
    ``read`` donne le texte des fichiers cités.
    """
    return _loaded(parse_raw(text, str(source)), source, profil, read)


def _loaded(
    raw: RawMap, source: Path, profil: Profil | str | Path | None, read: Reader
) -> Document | Mission:
    kind = _kind(raw)
    rest = _without(raw, "document")
    chosen = load_profil(profil) if profil else profil_named(raw.get("profil"), source.parent)
    if kind == "mission":
        return build_mission(_included_mission(rest, source, read), source, chosen)
    model = adapted(FORMULAIRES[kind], chosen)
    whole = include(rest, model.schema_node(), source.parent, source.parent, read)
    return validated(model, whole, whole).placed(None, whole, source.parent)


def load_mission(path: str | Path, profil: Profil | str | Path | None = None) -> Mission:
    """La mission d'un fichier ; un fichier d'un seul document est refusé."""
    if isinstance(path, Document):  # a program without types
        raise InputError(f"« {path.titre} » est un document, et non une mission ni son fichier.")
    loaded = load(path, profil)
    if not is_mission(loaded):
        raise InputError(
            Constat(
                "Ce fichier ne tient qu'un document ; une mission commence par « document: "
                "mission ».",
                fichier=Path(path).name,
            )
        )
    return loaded


def no_mission(folder: str | Path) -> InputError:
    """Le refus d'un dossier où aucune mission ne se trouve."""
    return InputError(
        Constat(
            "Ce dossier ne tient aucune mission (« document: mission »).",
            fichier=str(folder),
            conseil="Donnez le dossier où sont les fichiers des missions.",
        )
    )


def build_mission(raw: RawMap, source: Path | None = None, profil: Profil | None = None) -> Mission:
    """La mission de données déjà lues : l'en-tête d'abord, puis chaque document, dans l'ordre du
    déroulement.
    """
    from dla_docs.mission import Mission

    chosen = profil or profil_named(raw.get("profil"), source.parent if source else Path())
    model = adapted(Mission, chosen)
    header = _without(raw, "documents")
    problems: list[Constat] = []
    mission = _collect(problems, lambda: validated(model, header, raw)) or model()
    # A header that cannot be read is not handed down: its mistakes would be said again by each
    # document.
    mission._raw, mission._dossier = None if problems else raw, source.parent if source else Path()
    typed = raw.get("documents") or {}
    problems += _unknown_kinds(typed, raw)
    for slug in (slug for slug in DOCUMENTS if isinstance(typed, dict) and slug in typed):
        mission.documents[slug] = tuple(
            _documents(mission, adapted(DOCUMENTS[slug], chosen), typed[slug], problems)
        )
    if not problems:
        _read_again(mission, typed, chosen, problems)
    if problems:
        raise InputError(problems)
    for document in (one for held in mission.documents.values() for one in held):
        own = getattr(getattr(document, "prestataire", None), "cle", None)
        document._mission = mission.aupres_de(own)  # with all the documents, now that they are read
    return mission


def _read_again(mission: Mission, typed: Any, profil: Profil, problems: list[Constat]) -> None:
    """The documents that take facts from one that comes after them, now that it is read."""
    for slug, held in mission.documents.items():
        if mission.documents.keys() & {name for one in held for name in one.reprend_apres}:
            model = adapted(DOCUMENTS[slug], profil)
            mission.documents[slug] = tuple(_documents(mission, model, typed[slug], problems))


def _documents(
    mission: Mission, model: type[Document], typed: Any, problems: list[Constat]
) -> Iterator[Document]:
    several, slug = isinstance(typed, RawList), model.slug()
    for number, one in enumerate(typed if several else [typed]):
        prefix = f"documents.{slug}[{number}]" if several else f"documents.{slug}"
        document = _collect(problems, partial(_document, mission, model, one, prefix))
        if document is not None:
            yield document


def build_document(
    mission: Mission | None,
    model: type[Document],
    typed: Any,
    prefix: str = "",
    folder: Path | None = None,
) -> Document:
    """Un document de données déjà lues, avec ce que sa mission lui donne ; sans mission, ``folder``
    est celui de ses fichiers.
    """
    if mission is None:
        return validated(model, typed, typed, prefix).placed(None, typed, folder)
    return _document(mission, model, typed, prefix)


def _document(mission: Mission, model: type[Document], typed: Any, prefix: str) -> Document:
    """A document of this mission, with what it gives him."""
    said = with_columns(mission, model, with_prestataire(mission, typed))
    seen = mission.aupres_de(key_in(said))
    whole = overlay(lent_to(seen, model, said), said, prefixes=row_prefixes(model))
    document = validated(model, whole, whole, prefix, said)
    return document.placed(seen, whole, mission._dossier, said)


def _included_mission(raw: RawMap, source: Path, read: Reader) -> RawMap:
    folder = source.parent
    whole = include(raw, FORMULAIRES["mission"].schema_node(), folder, folder, read)
    documents = whole.get("documents")
    if isinstance(documents, dict):
        for slug in (slug for slug in DOCUMENTS if slug in documents):
            documents[slug] = _included(documents[slug], slug, folder, read)
    return whole


def _included(raw: Any, slug: str, folder: Path, read: Reader) -> Any:
    node = DOCUMENTS[slug].schema_node()
    if isinstance(raw, RawList):
        for number, one in enumerate(raw):
            raw[number] = _as_held(include(one, node, folder, folder, read), slug)
        return raw
    return _as_held(include(raw, node, folder, folder, read), slug)


def _as_held(raw: Any, slug: str) -> Any:
    """A document that also stands alone, in a file of its own, says there what it is."""
    return (
        _without(raw, "document")
        if isinstance(raw, RawMap) and raw.get("document") == slug
        else raw
    )


def _collect(problems: list[Constat], build: Callable[[], Model]) -> Model | None:
    try:
        return build()
    except InputError as error:
        problems.extend(error.constats)
        return None


def _unknown_kinds(typed: Any, raw: RawMap) -> Iterator[Constat]:
    if not isinstance(typed, dict):
        yield Constat(
            "« documents » attend un document par ligne, sous son nom.",
            chemin="documents",
            fichier=raw.file,
            ligne=raw.key_lines.get("documents"),
        )
        return
    for slug in typed:
        if slug not in DOCUMENTS:
            yield Constat(
                f"Le document « {slug} » est inconnu.",
                chemin=f"documents.{slug}",
                fichier=raw.file,
                ligne=getattr(typed, "key_lines", {}).get(slug),
                conseil=_nearest(str(slug)),
            )


ONE_BY_ONE = (
    "« dla-docs verifier » et « dla-docs dossier » le lisent ; pour le reste, donnez l'une de ses "
    "missions."
)


def _kind(raw: RawMap) -> str:
    kind = raw.get("document")
    if isinstance(kind, str) and kind in FORMULAIRES:
        return str(kind)
    line = raw.key_lines.get("document", 1)
    if kind == PARCOURS:
        raise InputError(
            Constat(
                "Ce fichier est un parcours, qui tient plusieurs missions.",
                fichier=raw.file,
                ligne=line,
                conseil=ONE_BY_ONE,
            )
        )
    if kind is None:
        raise InputError(
            Constat(
                "La clé « document » manque : elle dit ce que le fichier tient.",
                fichier=raw.file,
                ligne=line,
                conseil=_of_a_part(raw) or _known(),
            )
        )
    raise InputError(
        Constat(
            f"Le document « {kind} » est inconnu.",
            chemin="document",
            fichier=raw.file,
            ligne=line,
            conseil=_nearest(str(kind)),
        )
    )


def _of_a_part(raw: RawMap) -> str:
    """What to do with a file that holds a part of a mission: the operator, a provider."""
    if any(raw.keys() <= model.schema_node().children.keys() for model in DOCUMENTS.values()):
        return ""  # a document whose kind is all that it does not say
    for node in parts_like(raw, FORMULAIRES["mission"].schema_node())[:1]:
        name = PurePath(raw.file).name
        return (
            f"Il paraît tenir une partie de mission, « {node.label or node.name} » : vérifiez la "
            f"mission qui le cite (« {node.name}: {name} »)."
        )
    return ""


def _nearest(slug: str) -> str:
    return did_you_mean(meant(slug, [*DOCUMENTS, "mission"]), _known())


def _known() -> str:
    return f"Les documents connus sont : mission, {', '.join(DOCUMENTS)}."


def _without(raw: RawMap, key: str) -> RawMap:
    changed = copy(raw)
    changed.pop(key, None)
    return changed
