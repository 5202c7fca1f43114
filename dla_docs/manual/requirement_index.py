"""Le catalogue : quels documents, quelles exigences, où chacune porte. Lu par la ligne de commande,
les docs et les tests.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from dla_docs.errors import InputError
from dla_docs.mission import Mission
from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.requirement import Exigence, referentiel, strongest
from dla_docs.parties.processus import SANS_TRACE
from dla_docs.profils.profil import Profil
from dla_docs.registry import DOCUMENTS, FORMULAIRES
from dla_docs.spelling import did_you_mean, meant, slugged
from dla_docs.stages.data_files import PARCOURS

A_PARCOURS = (
    "Un parcours n'est pas un document : c'est un fichier YAML à écrire à la main, qui cite "
    "plusieurs missions d'un même plan (« document: parcours », « titre », « profil », "
    "« missions » : leurs fichiers, dans l'ordre). « dla-docs verifier » et « dla-docs "
    "dossier » le lisent. Son exemple est à la page « Premiers pas » (docs/premiers_pas.md)."
)
MOST_MEANT = 3  # documents that a word may mean, in one sentence


@dataclass(frozen=True)
class DocumentDecrit:
    """Un document, en quatre mots."""

    slug: str
    titre: str
    nature: str
    guides: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Les clés que promet ``dla-docs documents --format json``."""
        return {**asdict(self), "guides": list(self.guides)}


def kind_named(slug: str) -> type[Document]:
    """Le document d'un nom, d'un titre ou d'un alias, accents et tirets à part ; ``InputError``
    propose le plus proche.
    """
    return DOCUMENTS[_known_as(slug, _names())]


def named(slug: str, autres: Iterable[str] = ("mission",)) -> type[Document]:
    """Le document d'un nom, ou l'un des autres formulaires : la mission, la fiche de contrôle.
    ``autres`` : ce qu'on pouvait vouloir dire aussi.
    """
    word = slugged(slug)
    if word in FORMULAIRES:
        return FORMULAIRES[word]
    return DOCUMENTS[_known_as(slug, _names(), autres)]


def _known_as(said: str, names: dict[str, str], others: Iterable[str] = ()) -> str:
    """The slug that this word names; else ``InputError``, with those it may mean."""
    word = slugged(said)
    if word in names:
        return names[word]
    if word == PARCOURS:
        raise InputError(A_PARCOURS)
    ways = {**dict.fromkeys(DOCUMENTS), **dict.fromkeys(others), **dict.fromkeys(names)}
    near = dict.fromkeys(names.get(one, one) for one in meant(word, ways, len(ways)))
    listed = f"Les documents connus sont : {', '.join(DOCUMENTS)}."
    advice = did_you_mean(list(near)[:MOST_MEANT], listed)
    raise InputError(f"Le document « {said} » est inconnu. {advice}")


@cache
def _names() -> dict[str, str]:
    """Each way to name a document, as a slug, with its slug; its own slug has the last word."""
    said = {
        slugged(name): slug
        for slug, model in DOCUMENTS.items()
        for name in (model.titre, *model.alias)
    }
    return said | {slug: slug for slug in DOCUMENTS}


def describe(model: type[Document]) -> DocumentDecrit:
    """Ce que la liste des documents dit d'un document."""
    guides = {guide for exigence in _carried(model) for guide in exigence.guides}
    return DocumentDecrit(
        model.slug(),
        model.titre,
        model.nature_du_document.value,
        tuple(guide for guide in "CPANE" if guide in guides),
    )


def requirements(profil: Profil | None = None) -> list[dict[str, Any]]:
    """Toutes les exigences, et les chemins, règles ou textes qui portent chacune (``ou``), ou
    pourquoi rien ne peut la montrer (``sans_trace``).

    ``force`` est celle du verdict : la plus forte de celles qu'elle a là où elle porte, sous ce
    profil ; sans profil, celle des cinq guides. ``None`` quand ce profil ne la demande pas.
    """
    held = _carried_everywhere()
    return [
        {
            "id": exigence.id,
            "documents": list(exigence.documents),
            "nature": exigence.nature,
            "force": _force(exigence, held.get(exigence.id, ()), profil),
            "guides": list(exigence.guides),
            "titre": exigence.titre,
            "source": exigence.source,
            "ou": _named(held.get(exigence.id, ())),
            "sans_trace": SANS_TRACE.get(exigence.id),
        }
        for exigence in referentiel().values()
    ]


Place = tuple[str, str, Exigence]
"""Where a demand stands: a document, a path of it, and what the demand is there."""


def _force(exigence: Exigence, places: tuple[Place, ...], profil: Profil | None) -> str | None:
    here = [(path, one) for _, path, one in places] or [("", exigence)]
    said = [profil.force(one, path) if profil else one.force for path, one in here]
    asked = [force for force in said if force is not None]
    return strongest(asked).value if asked else None


def carriers() -> dict[str, tuple[str, ...]]:
    """Par exigence, ce qui la porte : ``cahier_des_charges.objectifs.general``,
    ``grille_de_suivi.modification_commentee()``.
    """
    return {key: tuple(_named(places)) for key, places in _carried_everywhere().items()}


def _named(places: tuple[Place, ...]) -> list[str]:
    return list(dict.fromkeys(f"{slug}.{place}" for slug, place, _ in places))


@cache
def _carried_everywhere() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    models: dict[str, type[Bloc]] = {**DOCUMENTS, "mission": Mission}
    for slug, model in models.items():
        for place, exigence in _places(model):
            found.setdefault(exigence.id, []).append((slug, place, exigence))
    return {key: tuple(value) for key, value in found.items()}


def _places(model: type[Bloc]) -> list[tuple[str, Exigence]]:
    fields = [
        (node.path, exigence) for node in model.schema_node().walk() for exigence in node.exigences
    ]
    rules = [(f"{rule.nom}()", exigence) for rule in model.regles() for exigence in rule.exigences]
    steps = [(step.chemin, exigence) for step in model.attendus for exigence in step.exigences]
    return fields + rules + steps


def _carried(model: type[Document]) -> list[Exigence]:
    return [exigence for _, exigence in _places(model)]
