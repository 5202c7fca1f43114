"""Ce que la mission, et un document d'amont, lisent d'un document qui vient après eux : le peu
qu'ils en demandent, sans importer sa classe.
"""

from __future__ import annotations

import datetime
from typing import Protocol

from dla_docs.parties.diagnostic import Validation


class Valide(Protocol):
    """Une partie qui dit quand les instances dirigeantes ont validé."""

    @property
    def valide_le(self) -> datetime.date | None: ...


class Commande(Protocol):
    """Le cahier des charges."""

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
    def premiere_le(self) -> datetime.date | None: ...


class Rapport(Protocol):
    """Le rapport final."""

    @property
    def date(self) -> datetime.date | None: ...
    @property
    def suites(self) -> Suites: ...
    @property
    def remise(self) -> Remise: ...


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
