"""La demande de modification d'une mission : ce qui change par rapport à la commande, pourquoi, et
ce que le DLA décide avec la structure.

Source : guide du Centre, « La grille de suivi, pendant la mission », note (1), « Les pratiques
actuelles et les problématiques identifiées », « Les axes de progrès » ; guide du Nord – Pas de
Calais, « Réalisation de la mission ». Aucun guide n'en donne la trame.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dla_docs.documents.convention_tripartite import ConventionTripartite
from dla_docs.model.document import Document
from dla_docs.model.fields import champ, regle
from dla_docs.model.recipients import PARTIES
from dla_docs.model.requirement import Role, exige
from dla_docs.model.values import Cle, Jour, Texte
from dla_docs.parties.acteurs import (
    Operateur,
    OperateurAssocie,
    Personne,
    Prestataire,
    Structure,
    operateurs_associes,
)
from dla_docs.parties.deroulement import Avancement
from dla_docs.parties.modification import (
    CONTACT_REQUIS,
    Accord,
    Changement,
    Contact,
    Decision,
    Demande,
    Origine,
    StadeDeLaDemande,
    SuiteDeLaMission,
    VoieDeLaDemande,
    a_valider,
    appelee,
    avec_la_structure,
)
from dla_docs.parties.personnes import CONSULTANT
from dla_docs.spelling import compact

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission


class DemandeDeModification(Document):
    """La demande de modification d'une mission."""

    titre = "Demande de modification de la mission"
    titre_court = "Demande de modification"
    source = "Guide du Centre, « La grille de suivi, pendant la mission », note (1)"
    communique_a = PARTIES
    stades = StadeDeLaDemande
    stade_du = ((Avancement.RENDUE, StadeDeLaDemande.DECIDEE),)
    multiple = True
    par_cle = True
    prefixe = "d"
    hors_page = (*Document.hors_page, "cle")
    signatures = ("Le prestataire", "Le ou la chargé(e) de mission DLA", "La structure")

    cle: Cle = champ("Clé")
    operateur: Operateur = champ("DLA")
    autres_operateurs: tuple[OperateurAssocie, ...] = operateurs_associes()
    structures: tuple[Structure, ...] = champ("Structures accompagnées")
    prestataire: Prestataire = champ("Prestataire")
    consultant: Personne = champ("Consultant", personnelle=CONSULTANT)
    reference_convention: Texte = champ("Référence de la convention")
    date: Jour = champ("Date de la demande", par=Role.PRESTATAIRE)
    demande: Demande = champ()
    changements: tuple[Changement, ...] = champ(
        "Ce qui change par rapport à la commande initiale", exige("SUI-15")
    )
    contact: Contact = champ()
    decision: Decision = champ()

    @property
    def refusee(self) -> bool:
        """Vrai quand le DLA a refusé la demande : rien ne change alors dans la mission."""
        return self.decision.accord is Accord.REFUSEE

    @property
    def interrompt(self) -> bool:
        """Vrai quand le DLA a décidé d'arrêter, de suspendre ou de réorienter l'accompagnement."""
        return self.decision.suite is not None and not self.refusee

    @property
    def arretee_le(self) -> datetime.date | None:
        """Le jour où le DLA a décidé d'arrêter l'accompagnement, ou ``None``."""
        stopped = self.decision.suite is SuiteDeLaMission.ARRET and not self.refusee
        return (self.decision.validee_dla_le or self.date) if stopped else None

    @property
    def signalee_le(self) -> datetime.date | None:
        """Le jour où le DLA en a été informé, par la demande ou par le contact ; ``None`` tant
        qu'aucun n'est daté.
        """
        return min((day for day in (self.date, self.contact.date) if day), default=None)

    @regle(
        exige("RX-08"),
        porte_sur="contact.date",
        conseil="Joignez le DLA (téléphone ou RV) et notez la date du contact.",
    )
    def contact_avant_la_demande(self) -> bool:
        """La problématique traitée et la date de fin de mission ne changent pas sans un contact
        préalable, daté, avec le DLA.
        """
        agreed, met = self.decision.validee_dla_le, self.contact.date
        needed = any(change.nature in CONTACT_REQUIS for change in self.changements)
        return not needed or (met is not None and (agreed is None or met <= agreed))

    @regle(
        exige("SUI-16"),
        exige("SUI-17"),
        porte_sur="date",
        conseil="Datez la demande, ou le contact, du jour où le DLA a été informé.",
    )
    def alerte_datee(self) -> bool:
        """Quand la mission ne peut pas se poursuivre comme elle est commandée, le prestataire prend
        contact avec le DLA et l'en informe immédiatement.
        """
        ours = self.demande.origine is Origine.DLA
        return ours or not appelee(self.demande, self) or self.signalee_le is not None

    @regle(
        exige("SUI-17"),
        porte_sur="date",
        conseil="Vérifiez cette date et celle de la restitution.",
    )
    def alerte_en_cours_de_mission(self, mission: Mission) -> bool:
        """Une réorientation nécessaire ou une inefficience se signale au DLA immédiatement, au
        cours de la mission.
        """
        told, over = self.signalee_le, mission.evenements.restitution.date
        return not appelee(self.demande, self) or told is None or over is None or told <= over

    @regle(
        exige("RX-10"),
        porte_sur="decision.avenant",
        des=StadeDeLaDemande.DECIDEE,
        conseil="Inscrivez l'avenant, et sa date, dans la convention.",
    )
    def notifiee_dans_la_convention(self, mission: Mission) -> bool:
        """Toute modification est validée par le DLA avec la structure, puis notifiée en terme de
        convention par un avenant.
        """
        convention, named = mission.premier(ConventionTripartite), self.decision.avenant
        if self.refusee or convention is None or named is None:
            return True
        agreed = [
            day
            for day, asked in (
                (self.decision.validee_dla_le, a_valider),
                (self.decision.validee_structure_le, avec_la_structure),
            )
            if day is not None and asked(self, self)
        ]
        dated = [
            row.signe_le for row in convention.modification.avenants if _same(row.intitule, named)
        ]
        return any(day is not None and all(before <= day for before in agreed) for day in dated)

    @regle(
        exige("RX-33"),
        exige("CV-09"),
        exige("CV-08"),
        porte_sur="demande.voie",
        des=StadeDeLaDemande.DECIDEE,
        conseil="Faites écrire la demande et son motif, et datez l'autorisation.",
    )
    def cadre_de_la_mission(self) -> Iterator[str]:
        """Rien ne sort du cadre de la mission à la demande de la structure sans demande écrite,
        motivée, et autorisée par le DLA.
        """
        if self.demande.origine is Origine.STRUCTURE and not self.refusee:
            if self.demande.voie not in (VoieDeLaDemande.ECRITE, VoieDeLaDemande.ELECTRONIQUE):
                yield "demande.voie"
            if not self.changements:
                yield "changements"
            if self.decision.validee_dla_le is None:
                yield "decision.validee_dla_le"


def interrompue(mission: Mission | None) -> bool:
    """Vrai quand l'accompagnement a été arrêté, suspendu ou réorienté en cours de mission."""
    return mission is not None and any(
        one.interrompt for one in mission.tous(DemandeDeModification)
    )


def _same(one: str | None, other: str) -> bool:
    return one is not None and compact(one) == compact(other)
