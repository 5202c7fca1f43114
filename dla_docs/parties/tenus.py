"""Ce que la mission, et un document d'amont, lisent d'un document qui vient après eux, et ce que
les parties lisent de la mission : le peu qu'ils en demandent, sans importer sa classe.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from dla_docs.model.document import Document
from dla_docs.parties.acteurs import Prestataire
from dla_docs.parties.diagnostic import Validation
from dla_docs.parties.ingenierie import NatureIngenierie, Procedure, TypeCollectif, Voie


class Valide(Protocol):
    """Une partie qui dit quand les instances dirigeantes ont validé."""

    @property
    def valide_le(self) -> datetime.date | None: ...


class Commande(Protocol):
    """Le cahier des charges."""

    @property
    def date(self) -> datetime.date | None: ...
    @property
    def diagnostic(self) -> Valide: ...
    @property
    def plan(self) -> Valide: ...


class Plan(Protocol):
    """Le plan d'accompagnement."""

    @property
    def validations(self) -> tuple[Validation, ...]: ...


class Suites(Protocol):
    """Les suites que le rapport final annonce."""

    @property
    def besoins(self) -> str | None: ...


class Remise(Protocol):
    """La remise du rapport final."""

    @property
    def solde_verse_le(self) -> datetime.date | None: ...
    @property
    def numerique_le(self) -> datetime.date | None: ...
    @property
    def papier_le(self) -> datetime.date | None: ...
    @property
    def premiere_le(self) -> datetime.date | None: ...


class Rapport(Protocol):
    """Le rapport final."""

    @property
    def date(self) -> datetime.date | None: ...
    @property
    def suites(self) -> Suites: ...
    @property
    def remise(self) -> Remise: ...


class Consultation(Protocol):
    """La mise en concurrence d'une mission."""

    @property
    def procedure(self) -> Procedure | None: ...


class MissionTenue(Protocol):
    """La mission."""

    @property
    def nature(self) -> NatureIngenierie | None: ...
    @property
    def mise_en_concurrence(self) -> Consultation: ...
    @property
    def documents(self) -> Mapping[str, tuple[Document, ...]]: ...
    @property
    def solde_verse_le(self) -> datetime.date | None: ...
    @property
    def arretee_avant_mi_parcours(self) -> bool: ...
    @property
    def plusieurs_jours(self) -> bool: ...
    @property
    def type(self) -> TypeCollectif | None: ...


class Budget(Protocol):
    """Le budget d'une proposition."""

    @property
    def jours(self) -> Decimal | None: ...


class Calendrier(Protocol):
    """Le calendrier d'une proposition."""

    @property
    def debut(self) -> datetime.date | None: ...
    @property
    def fin(self) -> datetime.date | None: ...


class Intervenant(Protocol):
    """Un intervenant d'une proposition."""

    @property
    def nom(self) -> str | None: ...


class Offre(Protocol):
    """La proposition d'un prestataire."""

    @property
    def prestataire(self) -> Prestataire: ...
    @property
    def budget(self) -> Budget: ...
    @property
    def calendrier(self) -> Calendrier: ...
    @property
    def intervenants(self) -> Sequence[Intervenant]: ...
    @property
    def voie(self) -> Voie | None: ...
    @property
    def ecarte(self) -> bool: ...


class Restitue(Protocol):
    """Un projet de la grille de lecture."""

    @property
    def cle(self) -> str | None: ...
    @property
    def restitue_le(self) -> datetime.date | None: ...


class Lecture(Protocol):
    """La grille de lecture."""

    @property
    def projets(self) -> Sequence[Restitue]: ...


class ChoixNotifie(Protocol):
    """La notification du choix."""

    @property
    def prestataire(self) -> Prestataire: ...
    @property
    def date(self) -> datetime.date | None: ...


class Signature(Protocol):
    """La signature de la convention."""

    @property
    def signee_le(self) -> datetime.date | None: ...


class Convention(Protocol):
    """La convention tripartite."""

    @property
    def signature(self) -> Signature: ...


class Evaluation(Protocol):
    """L'une des deux grilles d'évaluation."""

    @property
    def reste_a_restituer(self) -> bool: ...


class Notification(Protocol):
    """La décision d'une demande de modification."""

    @property
    def avenant(self) -> str | None: ...


class DemandeNotifiee(Protocol):
    """La demande de modification."""

    @property
    def refusee(self) -> bool: ...
    @property
    def arretee_le(self) -> datetime.date | None: ...
    @property
    def decision(self) -> Notification: ...


class SuiviPost(Protocol):
    """Le suivi post-accompagnement."""

    @property
    def date(self) -> datetime.date | None: ...
    @property
    def besoins_a_reprendre(self) -> bool: ...


class Fiche(Protocol):
    """La fiche du prestataire, au portefeuille."""

    @property
    def rubriques_vides(self) -> tuple[str, ...]: ...
    @property
    def manques_au_paiement(self) -> tuple[str, ...]: ...
