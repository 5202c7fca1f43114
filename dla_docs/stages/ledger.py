"""Le registre d'un verdict : ce qu'il a fait de chaque exigence, tenu pendant l'unique passage qui
donne les constats.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from dla_docs.model.fields import Attendu
from dla_docs.model.requirement import Exigence, Force, referentiel
from dla_docs.stages.request import Request


class Motif(StrEnum):
    """Pourquoi une exigence n'a pas été vérifiée, du plus général au plus particulier."""

    PROFIL = "profil"
    VERSION = "version"
    FACULTATIVE = "facultative"
    CONDITION = "condition"
    STADE = "stade"
    PARTIE = "partie"
    IMPRIMEE = "imprimee"
    DEROULEMENT = "deroulement"


Reason = tuple[Motif, str]


class Issue(StrEnum):
    """Ce que le verdict dit d'une étape du processus, de ce qui presse le plus à ce qui presse le
    moins.
    """

    DUE = "due"
    MONTREE = "montree"
    PLUS_TARD = "plus_tard"
    PAS_DEMANDEE = "pas_demandee"
    SANS_OBJET = "sans_objet"


@dataclass(frozen=True)
class Etape:
    """Une étape du processus, telle que le verdict l'a trouvée."""

    attendu: Attendu
    issue: Issue
    raison: str = ""


@dataclass
class Ledger:
    """``passed`` : vérifiées là où rien ne manquait ; ``spared`` : laissées, et pourquoi. Une même
    exigence peut être des deux, à deux endroits.
    """

    passed: dict[str, Exigence] = field(default_factory=dict)
    spared: dict[str, list[Reason]] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)  # of the documents that were judged
    etapes: list[Etape] = field(default_factory=list)  # of the process, in its order

    def passes(self, exigences: Iterable[Exigence]) -> None:
        """Ces exigences sont respectées ici."""
        self.passed.update((exigence.id, exigence) for exigence in exigences)

    def spares(self, exigences: Iterable[Exigence], motif: Motif, sentence: str) -> None:
        """Ces exigences ne valent pas ici."""
        for exigence in exigences:
            held = self.spared.setdefault(exigence.id, [])
            if (motif, sentence) not in held:
                held.append((motif, sentence))


CASE = "ne vaut que dans ce cas"
NO_PART = "rien n'est inscrit dans la partie où elle porte"


def why_spared(request: Request, exigence: Exigence, path: str = "") -> tuple[Motif, str]:
    """Pourquoi une exigence que rien ne fait vérifier à cet endroit ne l'est pas : le profil, la
    version du référentiel, ou une condition que le document dit fausse.
    """
    if request.profil.force(exigence, path) is None:
        return (
            Motif.PROFIL,
            f"aucun guide que suit le profil « {request.profil.cle} » ne la demande",
        )
    force = request.force(exigence, path)
    if force is None:
        return Motif.VERSION, (
            f"ajoutée depuis la version {request.referentiel} du référentiel, sous laquelle la "
            f"mission a commencé"
        )
    if eased(request, exigence, path):
        return Motif.FACULTATIVE, "le champ qui la dit peut rester vide"
    if unmet := request.conditions_fausses.intersection(exigence.conditions):
        return Motif.CONDITION, f"{CASE} : {', '.join(sorted(unmet))}"
    if force is Force.LIBRE:
        return Motif.FACULTATIVE, f"facultative sous le profil « {request.profil.cle} »"
    return Motif.PARTIE, NO_PART


def eased(request: Request, exigence: Exigence, path: str) -> bool:
    """Vrai pour une exigence que ses guides demandent, portée par un champ qui peut rester vide :
    rempli, il la dit.
    """
    usual = referentiel().get(exigence.id)
    return (
        usual is not None
        and request.force(exigence, path) is Force.LIBRE
        and request.force(usual) not in (None, Force.LIBRE)
        and request.conditions_fausses.isdisjoint(exigence.conditions)
    )
