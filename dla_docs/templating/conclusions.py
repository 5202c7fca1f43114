"""Ce que l'on sait déjà d'un modèle livré : tel quel, il ne garde rien de personne et ne va rien
chercher ; pour l'arbre des champs de son document, ses balises n'ont rien de faux, il imprime ce
que les guides demandent ; ce qu'il lit, et imprime toujours.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from dla_docs.model.node import Node
from dla_docs.templating.contract import is_demanded
from dla_docs.templating.stories_kept import UNREADABLE, kept_as, sealed, unsealed


@dataclass(frozen=True, slots=True)
class Conclusion:
    """``paths`` : les chemins que lisent ses textes ; ``always`` : ce qu'ils impriment tel quel dès
    que c'est rempli.
    """

    paths: frozenset[str]
    always: frozenset[str]


def conclusion_name(stories: Iterable[str], model: Node) -> str:
    """L'empreinte de tout ce dont une conclusion dépend : les parties, et ce que la
    lecture et le contrat regardent d'un arbre.
    """
    tree = [
        (node.path, node.kind.value, node.text, node.heading, node.picture, is_demanded(node))
        for node in model.walk()
    ]
    return sha256(json.dumps([[*stories], tree]).encode()).hexdigest()[:40]


def concluded(stories: Iterable[str], model: Node) -> Conclusion | None:
    """La conclusion livrée ; ``None`` quand il n'y en a pas, ou qu'elle est abîmée."""
    try:
        (paths, always), _ = unsealed(kept_as(conclusion_name(stories, model)))
        return Conclusion(frozenset(paths), frozenset(always))
    except UNREADABLE:
        return None


def sealed_conclusion(conclusion: Conclusion) -> bytes:
    """Ses octets."""
    return sealed([sorted(conclusion.paths), sorted(conclusion.always)])


def drafts_kept(digest: bytes) -> frozenset[str] | None:
    """Les parties où un brouillon se dit, d'un modèle livré qu'on sait irréprochable hors de ses
    balises ; ``None`` de tout autre, fût-ce d'un octet.
    """
    try:
        (drafts,), _ = unsealed(kept_as(package_name(digest)))
        return frozenset(drafts)
    except UNREADABLE:
        return None


def package_name(digest: bytes) -> str:
    """L'empreinte de toutes les parties d'un modèle, sous laquelle cela est gardé."""
    return digest.hex()[:40]


def sealed_drafts(drafts: Iterable[str]) -> bytes:
    """Ses octets."""
    return sealed([sorted(drafts)])
