"""Où en est chaque mission, d'après le verdict et ce qu'elle tient : aucune autre règle.

Les documents faits et manquants sont ceux du sommaire d'un dossier. Une échéance est une date que
la mission écrit : la réponse d'un prestataire, une étape, la fin, un paiement, une enquête.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat, bloquants
from dla_docs.documents.convention_tripartite import ConventionTripartite
from dla_docs.documents.grille_de_suivi import GrilleDeSuivi
from dla_docs.documents.proposition import propositions_retenues
from dla_docs.dossier.absences import absences
from dla_docs.dossier.recipient import ARCHIVE, recipient_of
from dla_docs.lot.refusing import refusal
from dla_docs.mission import Mission
from dla_docs.mission.contenu import key_of
from dla_docs.mission.vues import lignes_de_tous
from dla_docs.missions.echeances import Echeance, echeances, short
from dla_docs.missions.finding import Chosen, Trouvee, find_missions
from dla_docs.model.bloc import is_blank
from dla_docs.parties.deroulement import Avancement
from dla_docs.profils.grafting import adapted
from dla_docs.profils.loading import load_profil
from dla_docs.registry import DOCUMENTS
from dla_docs.stages.evidence import judged, proof
from dla_docs.stages.ledger import Ledger
from dla_docs.stages.manifest import Attente
from dla_docs.stages.request import Request, resolve
from dla_docs.stages.saves import saves
from dla_docs.stages.verdict import verdict

EXPECTED = (Attente.DU, Attente.RECOMMANDE)


@dataclass(frozen=True)
class EtatDeMission:
    """Où en est une mission. ``faute`` : pourquoi elle ne se lit pas ; le reste est alors vide.

    ``faits``, ``manquants`` : des titres de documents ; ``jours``, ``jours_prevus`` : ceux des
    étapes réalisées, et ceux de la proposition ; ``reste`` : ce qui est à payer et pas encore
    versé, en euros, à tous les prestataires retenus, dont ``sans_echeance`` que le prix demande et
    qu'aucun paiement n'inscrit ; ``dernier_retour`` : le jour du dernier formulaire lu ;
    ``arretee_le`` : le jour où son arrêt a été décidé. ``None`` : la mission ne le dit pas.
    """

    fichier: str
    reference: str = ""
    structures: tuple[str, ...] = ()
    prestataire: str = ""
    stade: Avancement | None = None
    bloquants: int = 0
    faits: tuple[str, ...] = ()
    manquants: tuple[str, ...] = ()
    retards: tuple[Echeance, ...] = ()
    prochaine: Echeance | None = None
    jours: Decimal | None = None
    jours_prevus: Decimal | None = None
    reste: Decimal | None = None
    dernier_retour: date | None = None
    faute: tuple[Constat, ...] = ()
    sans_echeance: Decimal = Decimal(0)
    arretee_le: date | None = None

    @property
    def presse(self) -> tuple[bool, date, date]:
        """Ce qui presse le plus d'abord : ne pas se lire, un retard ancien, une échéance proche."""
        late = self.retards[0].le if self.retards else date.max
        return not self.faute, late, self.prochaine.le if self.prochaine else date.max


@dataclass(frozen=True)
class Bord:
    """Les missions d'un dossier, telles qu'elles en sont un jour donné, les plus pressées
    d'abord.
    """

    dossier: str
    au: date
    missions: tuple[EtatDeMission, ...]
    fautes: tuple[Constat, ...] = ()

    @property
    def lues(self) -> tuple[EtatDeMission, ...]:
        """Celles qui se lisent."""
        return tuple(one for one in self.missions if not one.faute)

    @property
    def illisibles(self) -> tuple[EtatDeMission, ...]:
        """Les autres."""
        return tuple(one for one in self.missions if one.faute)

    @property
    def reste(self) -> Decimal:
        """Ce qui reste à payer de celles qui le disent."""
        return sum((one.reste or Decimal(0) for one in self.missions), Decimal(0))

    @property
    def sans_reste(self) -> int:
        """Combien ne disent pas ce qui reste à payer : un prestataire est retenu, ou on ne sait."""
        return sum(
            one.reste is None and bool(one.prestataire or one.faute) for one in self.missions
        )


def bord_of(folder: str | Path, au: date, profil: Chosen = None) -> Bord:
    """Le tableau de bord d'un dossier de missions, chacune lue une fois. ``InputError`` quand il
    n'en tient aucune, ou que le profil n'existe pas.
    """
    if profil:
        load_profil(profil)
    found = find_missions(folder)
    states = tuple(_state_of(one, Path(folder), au, profil) for one in found.missions)
    pressing = tuple(sorted(states, key=lambda state: state.presse))
    return Bord(Path(folder).resolve().name, au, pressing, found.fautes)


def _state_of(one: Trouvee, folder: Path, au: date, profil: Chosen) -> EtatDeMission:
    name = one.fichier.relative_to(folder).as_posix()
    try:
        return _read_state(one, name, au, profil)
    except Exception as error:  # the boundary: nothing that one of them holds may stop the others
        return EtatDeMission(name, faute=refusal(error))


def _read_state(one: Trouvee, name: str, au: date, profil: Chosen) -> EtatDeMission:
    asked = resolve(one.load(profil), profil or one.profil)
    mission = asked.document
    assert isinstance(mission, Mission)
    ledger = Ledger()
    constats = verdict(asked, ledger)
    missing = tuple(dict.fromkeys(_missing(asked, constats, ledger)))
    days = sorted(echeances(mission))
    used, planned = _days(mission)
    left, unplanned = _left_to_pay(mission), _unplanned(mission)
    return EtatDeMission(
        name,
        mission.reference or "",
        tuple(row.nom for row in mission.structures if row.nom),
        mission.prestataire.nom or "",
        mission.avancement,
        len(bloquants(constats)),
        tuple(title for title in _titles(asked) if title not in missing),
        missing,
        tuple(day for day in days if day.le < au),
        next((day for day in days if day.le >= au), None),
        used,
        planned,
        None if left is None else left + unplanned,
        _last_return(one.fichier),
        sans_echeance=unplanned,
        arretee_le=_stopped(mission),
    )


def _stopped(mission: Mission) -> date | None:
    """The day when the last of those who are chosen was stopped, once all of them are."""
    days = [seen.arretee_le for _, seen in mission.vues_des_retenus()]
    known = [day for day in days if day]
    return max(known) if len(known) == len(days) else None


def _titles(asked: Request) -> Iterator[str]:
    """The kinds of documents that the mission holds, in the order of the process."""
    assert isinstance(asked.document, Mission)
    for slug in DOCUMENTS:
        if asked.document.documents.get(slug):
            yield short(adapted(DOCUMENTS[slug], asked.profil))


def _missing(asked: Request, constats: list[Constat], ledger: Ledger) -> Iterator[str]:
    """Those that the verdict waits for: what the contents of a dossier say is not there."""
    evidence = proof(constats, ledger, [asked], judged(asked, ()))
    assert isinstance(asked.document, Mission)
    for one in absences(asked, evidence, ledger, recipient_of(asked.document, ARCHIVE)):
        if one.attente in EXPECTED:
            yield short(adapted(DOCUMENTS[one.sorte], asked.profil))


def _days(mission: Mission) -> tuple[Decimal | None, Decimal | None]:
    """Those of the steps that were done, and those that were offered."""
    offers = propositions_retenues(mission)
    offered = _total(offer.budget.jours for offer in offers)
    grids = mission.de_chacun(lambda seen: seen.premier(GrilleDeSuivi))
    if not grids or not offers:
        return None, offered
    done = {
        key
        for key, row in lignes_de_tous(grids, lambda one: one.etapes).items()
        if not is_blank(row.realise)
    }
    rows = lignes_de_tous(offers, lambda one: one.etapes).items()
    return _total((row.duree for key, row in rows if key in done), none=Decimal(0)), offered


def _left_to_pay(mission: Mission) -> Decimal | None:
    """To all who are chosen: the payments of the mission are those of the first; those of another
    are in his own convention, where none is said to be made. When they have one in common, what is
    left of its price.
    """
    if not mission.paiements:
        return None
    due = [row.montant for row in mission.paiements if row.verse_le is None]
    others = mission.vues_des_retenus()[1:]
    held = mission.tous(ConventionTripartite)
    if others and held and not any(map(key_of, held)):
        paid = _total((row.montant for row in mission.paiements if row.verse_le), none=Decimal(0))
        price = _price_of_all(held[0], mission)
        return None if paid is None or price is None else max(price - paid, Decimal(0))
    for cle, seen in others:
        own = seen.premier(ConventionTripartite)
        known = own is not None and key_of(own) == cle
        rows = [row.montant for row in own.prix.versements] if own and known else []
        due += rows or [own.prix.montant if own and known else None]
    return _total(due, none=Decimal(0))


def _unplanned(mission: Mission) -> Decimal:
    """Of the price of the first who is chosen, what no payment of the mission tells: nothing, when
    the price is not said, or is that of all.
    """
    seen = [view for _, view in mission.vues_des_retenus()]
    offers = propositions_retenues(mission)
    own = seen[0].premier(ConventionTripartite) if seen else None
    if not mission.paiements or (len(seen) > 1 and (own is None or not key_of(own))):
        return Decimal(0)
    price = (own.prix.montant if own else None) or (offers[0].budget.montant if offers else None)
    told = _total(row.montant for row in mission.paiements)
    return max(price - told, Decimal(0)) if price and told is not None else Decimal(0)


def _price_of_all(common: ConventionTripartite, mission: Mission) -> Decimal | None:
    """What the convention says, unless that is the price of one of them alone."""
    prices = [offer.budget.montant for offer in propositions_retenues(mission)]
    said = common.prix.montant
    return _total(prices) if said is None or (len(prices) > 1 and said in prices) else said


def _total(values: Iterable[Any], none: Decimal | None = None) -> Decimal | None:
    """Their sum; nobody knows it when one of them is not said."""
    held = list(values)
    if not held:
        return none
    return None if None in held else sum(held, Decimal(0))


def _last_return(path: Path) -> date | None:
    """The day of the last form that was written in the mission, and not undone: the copies that
    are kept beside its file tell it, and no field of a mission does.
    """
    kept = [one for one in saves(path) if not (one.is_undone or one.is_open)]
    return date.fromisoformat(kept[-1].folder.name[:10]) if kept else None
