"""La preuve que reçoit un destinataire : ce que le verdict dit des documents qu'il a, et qu'il
dirait tout autant à ne lire que ce qui lui est communiqué.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dla_docs.constat import Constat
from dla_docs.dossier.recipient import Part
from dla_docs.mission import Mission
from dla_docs.parties.acteurs import Structure
from dla_docs.parties.cloison import texts
from dla_docs.stages.evidence import Conformite, judged, proof
from dla_docs.stages.ledger import Ledger
from dla_docs.stages.request import Request
from dla_docs.stages.verdict import verdict


def shown_proof(
    asked: Request, mission: Mission, parts: Sequence[Part], handed: Sequence[Part]
) -> Conformite:
    """La preuve des documents de ces ``parts``, dont ``handed`` sont faits et remis. Ni les
    constats de la mission, ni ceux d'un champ caché n'y sont ; une exigence en faute ailleurs n'y
    est pas dite respectée. La structure n'y est nommée que si un document remis la nomme.
    """
    ledger, hidden = Ledger(), set[str]()
    constats: list[Constat] = []
    for place, part in _placed(parts):
        whole = verdict(asked.of(part.entier), ledger)
        alone = part.vu.model_copy().placed(None, part.entier._raw, part.entier._dossier)
        known = {(one.message, one.exigences) for one in whole}
        read = verdict(asked.of(alone))
        said = [one for one in read if (one.message, one.exigences) in known]
        hidden |= {name for one in whole if one not in said for name in one.exigences}
        constats += [_within(place, one) for one in said]
    seen = {"documents": _by_kind(parts), "structures": _named(mission, handed)}
    seen_mission = mission.model_copy(update=seen)
    juge = judged(replace(asked, document=seen_mission), ())
    made = proof(constats, ledger, [asked], juge)
    kept = tuple(one for one in made.respectees if one not in hidden)
    return made.model_copy(update={"respectees": kept})


def _placed(parts: Sequence[Part]) -> Iterator[tuple[str, Part]]:
    """Each with the way to it among what is handed."""
    total = Counter(part.vu.slug() for part in parts)
    met = Counter[str]()
    for part in parts:
        slug = part.vu.slug()
        yield f"documents.{slug}{f'[{met[slug]}]' if total[slug] > 1 else ''}.", part
        met[slug] += 1


def _by_kind(parts: Sequence[Part]) -> dict[str, tuple[object, ...]]:
    slugs = dict.fromkeys(part.vu.slug() for part in parts)
    return {slug: tuple(part.vu for part in parts if part.vu.slug() == slug) for slug in slugs}


def _named(mission: Mission, parts: Sequence[Part]) -> tuple[Structure, ...]:
    """Those that a field of what is handed names: a call that hides who they are would hide nothing
    if the pages around it said so.
    """
    said = {text for part in parts for _, text in texts(part.vu)}
    return tuple(one for one in mission.structures if one.nom in said)


def _within(prefix: str, constat: Constat) -> Constat:
    path = f"{prefix}{constat.chemin}"
    told = constat.message.replace(f"({constat.chemin}).", f"({path}).")
    return replace(constat, message=told, chemin=path, fichier="", ligne=None)
