"""La lecture d'un fichier : YAML ou JSON, vers un document ou une mission ; tous les problèmes à la
fois, en français, avec leur ligne.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.files import read_text
from dla_docs.mission import Mission
from dla_docs.model.bloc import row_prefixes
from dla_docs.model.document import Document
from dla_docs.model.validation import Model, validated
from dla_docs.parties.acteurs import Prestataire
from dla_docs.parties.identite import candidats, cle_du_nom
from dla_docs.profils.grafting import adapted
from dla_docs.profils.loading import load_profil, profil_named
from dla_docs.profils.profil import Profil
from dla_docs.raw import RawList, RawMap, load_raw, overlay, parse_raw
from dla_docs.registry import DOCUMENTS, FORMULAIRES
from dla_docs.spelling import compact, did_you_mean, nearest
from dla_docs.stages.inclusion import Reader, include


def load(path: str | Path, profil: Profil | str | Path | None = None) -> Document | Mission:
    """Le document ou la mission d'un fichier.

    Arguments :
    - ``path`` : un fichier .yaml ou .json ; les chemins qu'il cite partent de son dossier.
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans lui,
      celui que dit le fichier. Ce qu'un DLA ajoute à un document ne se lit que sous son profil.

    Rend : un document, ou une ``Mission`` qui tient les siens dans ``documents``.

    Erreurs :
    - ``InputError`` : tout ce qui ne se lit pas, à la fois, avec la ligne et le remède.
    """
    source = Path(path)
    return _loaded(load_raw(source), source, profil, read_text)


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
    loaded = load(path, profil)
    if not isinstance(loaded, Mission):
        raise InputError(
            Constat(
                "Ce fichier ne tient qu'un document ; une mission commence par « document: "
                "mission ».",
                fichier=Path(path).name,
            )
        )
    return loaded


def build_mission(raw: RawMap, source: Path | None = None, profil: Profil | None = None) -> Mission:
    """La mission de données déjà lues : l'en-tête d'abord, puis chaque document, dans l'ordre du
    déroulement.
    """
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
        document = _collect(problems, partial(build_document, mission, model, one, prefix))
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
    said = _with_columns(mission, model, _with_prestataire(mission, typed))
    seen = mission.aupres_de(_key_of(said))
    whole = overlay(lent_to(seen, model, said), said, prefixes=row_prefixes(model))
    return validated(model, whole, whole, prefix).placed(seen, whole, mission._dossier)


def _key_of(said: Any) -> str | None:
    who = said.get("prestataire") if isinstance(said, dict) else None
    key = who.get("cle") if isinstance(who, dict) else None
    return key if isinstance(key, str) else None


def derived(mission: Mission, model: type[Document]) -> dict[str, Any]:
    """Ce qu'un document reçoit de la mission avant ce qu'on y a écrit : l'en-tête, puis ce que son
    module reprend.
    """
    header, own = mission.entete(model), model.depuis(mission)
    return dict(overlay(header, own, prefixes=row_prefixes(model)))


def _with_prestataire(mission: Mission, typed: Any) -> Any:
    """A document may name its prestataire by the key, the siret or the name that it has among
    those solicited.
    """
    who = typed.get("prestataire") if isinstance(typed, dict) else None
    known = mission.sollicites()
    if isinstance(who, str):
        if mission._raw is None:  # a header that failed has already been told so
            return _replaced(typed, "prestataire", Prestataire().model_dump())
        found = candidats(known, {"cle": who, "nom": who})
        return (
            _replaced(typed, "prestataire", known[found[0]].model_dump())
            if len(found) == 1
            else typed
        )
    return _replaced(typed, "prestataire", _keyed(known, who)) if isinstance(who, dict) else typed


Raw = TypeVar("Raw", bound=dict[str, Any])


def _with_columns(mission: Mission, model: type[Document], typed: Any) -> Any:
    """The rows that a table has for each of those solicited are joined with them, not by rank."""
    if not isinstance(typed, dict):
        return typed
    known = mission.sollicites()
    for name in model.un_par_prestataire:
        rows = typed.get(name)
        if isinstance(rows, list):
            joined = [_keyed(known, row) if isinstance(row, dict) else row for row in rows]
            typed = _replaced(
                typed,
                name,
                RawList(joined, rows.line, rows.file) if isinstance(rows, RawList) else joined,
            )
    return typed


def _keyed(known: Mapping[str, Prestataire], said: Raw) -> Raw:
    """Who says no key has that of the one it names; of nobody, that of the name itself, unless
    another already has it.
    """
    if said.get("cle") or not known:
        return said
    found = candidats(known, said)
    own = cle_du_nom(said.get("nom"))
    key = found[0] if len(found) == 1 else f"{own}_2" if own in known else own
    return _replaced(said, "cle", key) if key else said


def lent_to(mission: Mission, model: type[Document], typed: Any) -> dict[str, Any]:
    """Ce que la mission donne à un document, selon ce qu'on y a écrit : l'identité du prestataire
    retenu n'est pas prêtée à un autre.
    """
    lent, said = (
        derived(mission, model),
        typed.get("prestataire") if isinstance(typed, dict) else None,
    )
    if isinstance(said, dict) and (
        said.get("cle") in mission.sollicites() or _is_another(said, lent.get("prestataire"))
    ):
        lent["prestataire"] = (
            mission.sollicites().get(str(said.get("cle")), Prestataire()).model_dump()
        )
    known = said if isinstance(said, dict) else lent.get("prestataire")
    key = known.get("cle") if isinstance(known, dict) else None
    return (
        dict(overlay(lent, model.pour(mission, str(key)), prefixes=row_prefixes(model)))
        if key
        else lent
    )


def _is_another(said: dict[str, Any], lent: Any) -> bool:
    known = lent if isinstance(lent, dict) else {}
    told = ((compact(said.get(name)), compact(known.get(name))) for name in ("cle", "siret", "nom"))
    return next((one != other for one, other in told if one and other), False)


def _included_mission(raw: RawMap, source: Path, read: Reader) -> RawMap:
    folder = source.parent
    whole = include(raw, Mission.schema_node(), folder, folder, read)
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
    if kind == "parcours":
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
                conseil=_known(),
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


def _nearest(slug: str) -> str:
    return did_you_mean(nearest(slug, [*DOCUMENTS, "mission"]), _known())


def _known() -> str:
    return f"Les documents connus sont : mission, {', '.join(DOCUMENTS)}."


def _without(raw: RawMap, key: str) -> RawMap:
    return _replaced(raw, key, None, drop=True)


def _replaced(raw: Raw, key: str, value: Any, drop: bool = False) -> Raw:
    import copy

    changed = copy.copy(raw)
    if drop:
        changed.pop(key, None)
    else:
        changed[key] = value
    return changed
