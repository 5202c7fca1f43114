"""Ce que la mission prête à un document : l'en-tête, ce que son module reprend, et le prestataire
dont il parle.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

from dla_docs.model.bloc import row_prefixes
from dla_docs.model.document import Document
from dla_docs.parties.acteurs import Prestataire
from dla_docs.parties.identite import candidats, cle_du_nom, designes
from dla_docs.raw import RawList, overlay
from dla_docs.spelling import compact

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission

Raw = TypeVar("Raw", bound=dict[str, Any])


def key_in(said: Any) -> str | None:
    """La clé du prestataire que disent ces données."""
    who = said.get("prestataire") if isinstance(said, dict) else None
    key = who.get("cle") if isinstance(who, dict) else None
    return key if isinstance(key, str) else None


def derived(mission: Mission, model: type[Document]) -> dict[str, Any]:
    """Ce qu'un document reçoit de la mission avant ce qu'on y a écrit : l'en-tête, puis ce que son
    module reprend.
    """
    header, own = mission.entete(model), model.depuis(mission)
    return dict(overlay(header, own, prefixes=row_prefixes(model)))


def with_prestataire(mission: Mission, typed: Any) -> Any:
    """Un document peut nommer son prestataire par la clé, le SIRET ou le nom qu'il a parmi les
    sollicités.
    """
    who = typed.get("prestataire") if isinstance(typed, dict) else None
    known = mission.sollicites()
    if isinstance(who, str):
        if mission._raw is None:  # a header that failed has already been told so
            return _replaced(typed, "prestataire", Prestataire().model_dump())
        found = designes(known, who)
        return (
            _replaced(typed, "prestataire", known[found[0]].model_dump())
            if len(found) == 1
            else typed
        )
    return _replaced(typed, "prestataire", _keyed(known, who)) if isinstance(who, dict) else typed


def with_columns(mission: Mission, model: type[Document], typed: Any) -> Any:
    """Les lignes qu'un tableau a pour chaque sollicité leur sont jointes, non par rang."""
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
        named = mission.sollicites().get(str(said.get("cle"))) or Prestataire()
        lent["prestataire"] = named.model_dump()
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


def _replaced(raw: Raw, key: str, value: Any) -> Raw:
    changed = copy(raw)
    changed[key] = value
    return changed
