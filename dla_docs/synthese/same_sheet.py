"""Ce qui fait que deux fiches d'évaluation n'en sont qu'une : la même convention, ou la même
mission d'où sont partis deux formulaires, quoi qu'elle ait appris entre les deux envois.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dla_docs.forms.sheets import sheets
from dla_docs.model.document import Document
from dla_docs.spelling import fold
from dla_docs.stages.envelope import Enveloppe, empreintes
from dla_docs.stages.whose_sheet import rank_of
from dla_docs.synthese.sheets import Fiche

Key = tuple[str, ...]
REFERENCES = ("reference", "reference_convention")  # by which a mission is known


@dataclass(frozen=True)
class Identity:
    """Ce à quoi se reconnaît une fiche. ``own`` : ce qu'elle dit, qui suffit ; ``shared`` : ce
    qu'ont celles de sa mission et de sa personne, sauf quand elles se contredisent sur ``told``.
    """

    own: Key | None
    shared: tuple[Key, ...]
    told: Mapping[str, str]

    def denies(self, told: Mapping[str, str]) -> bool:
        return any(said != told.get(name, said) for name, said in self.told.items())


@dataclass
class Identities:
    """Les fiches déjà vues, chacune à la place de la première qui était la même."""

    places: dict[Key, Key] = field(default_factory=dict)
    told: dict[Key, dict[str, str]] = field(default_factory=dict)

    def place(self, one: Identity) -> Key | None:
        """La place d'une fiche ; ``None`` de celle dont rien ne dit laquelle elle est."""
        keys = [*filter(None, (one.own, *one.shared))]
        if not keys:
            return None
        found = self.places.get(one.own) if one.own else None
        same = (self.places[key] for key in one.shared if key in self.places)
        found = found or next((key for key in same if not one.denies(self.told[key])), keys[0])
        for key in keys:
            self.places.setdefault(key, found)
        self.told[found] = {**one.told, **self.told.get(found, {})}
        return found


def identity(fiche: Fiche, sent: Enveloppe | None = None) -> Identity:
    """Ce à quoi se reconnaît une fiche ; ``sent`` : ce qui est parti avec son formulaire."""
    document, slug = fiche.document, type(fiche.document).slug()
    marks = sent.mission if sent else empreintes(document._mission)
    told = {
        "convention": reference_of(document),
        "prestataire": fold(fiche.prestataire),
        "structure": fold(fiche.structure),
        "repondant": fold(fiche.repondant),
    }
    return Identity(
        _own_key(fiche),
        tuple(
            (slug, name, mark, whom)
            for name in REFERENCES
            for mark in marks.get(name, ())
            for whom in _whose(fiche)
        ),
        {name: said for name, said in told.items() if said},
    )


def reference_of(document: Document) -> str:
    """Celle de sa convention, sans ce qui ne change que son écriture."""
    return fold(getattr(document, "reference_convention", None) or "")


def _own_key(fiche: Fiche) -> Key | None:
    """What makes a sheet itself, when it says enough: its convention, or who worked for whom and
    when; and who answered, where each does.
    """
    document = fiche.document
    whose = reference_of(document) or "|".join(
        filter(None, (fiche.structure, fiche.prestataire, str(document.date or "")))
    )
    personal = _is_personal(document)
    if (personal and not fiche.repondant) or not (
        whose if personal else reference_of(document) or fiche.structure
    ):
        return None
    return (
        type(document).slug(),
        *map(fold, (whose, fiche.repondant, fiche.structure if personal else "")),
    )


def _is_personal(document: Document) -> bool:
    return "participant" in type(document).model_fields


def _whose(fiche: Fiche) -> tuple[str, ...]:
    """Who answered: by his name; by his key in a form that names nobody, and in the mission that it
    left from.
    """
    document = fiche.document
    if not _is_personal(document):
        return ("",)
    mission, rank = document._mission, rank_of(document)
    held = () if mission is None else sheets(mission, document.slug())
    keyed = document if rank is None else held[rank]
    key = getattr(getattr(keyed, "participant", None), "cle", None)
    named = (f"nom {fold(fiche.repondant)}",) if fiche.repondant else ()
    by_key = (f"cle {key}",) if key and (mission is not None or not named) else ()
    return (*named, *by_key)
