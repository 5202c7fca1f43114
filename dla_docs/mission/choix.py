"""Ce qui suit le choix du prestataire : qui en est informé, ce qu'il reçoit, et quand."""

from __future__ import annotations

from collections.abc import Iterator

from dla_docs.mission.contenu import Contenu
from dla_docs.mission.mise_en_concurrence import (
    Sollicite,
    Suite,
)
from dla_docs.model.fields import regle
from dla_docs.model.requirement import exige
from dla_docs.parties.deroulement import Avancement
from dla_docs.parties.ingenierie import NatureIngenierie, Procedure
from dla_docs.parties.tenus import ChoixNotifie, Lecture


class SuitesDuChoix(Contenu):
    """Les règles des guides sur ce que le choix du prestataire entraîne."""

    @regle(
        exige("RX-39"),
        porte_sur="documents.grille_de_lecture",
        conseil="Remplissez la grille de lecture, même pour un seul projet.",
    )
    def grille_systematique(self) -> bool:
        """L'utilisation de la grille de lecture doit être systématisée pour les ingénieries
        individuelles.
        """
        chosen = (
            self.mise_en_concurrence.retenu is not None
            and self.nature is NatureIngenierie.INDIVIDUELLE
        )
        return not chosen or "grille_de_lecture" in self.documents

    @regle(
        exige("PRO-08"),
        porte_sur="documents.notification_de_choix",
        des=Avancement.CONDUITE,
        conseil="Notifiez-lui le résultat, daté, ou datez la restitution dans la grille.",
    )
    def resultat_dit_aux_non_retenus(self) -> Iterator[str]:
        """Le résultat du choix est restitué à chaque prestataire consulté qui n'est pas retenu."""
        return self._to_tell(self._told() | self._handed_back())

    @regle(
        exige("PRO-23"),
        porte_sur="documents.notification_de_choix",
        des=Avancement.CONDUITE,
        conseil=(
            "Faites sa notification de choix, datez-la, et envoyez-la par voie électronique ou "
            "postale."
        ),
    )
    def non_retenu_informe(self) -> Iterator[str]:
        """Le prestataire dont la proposition n'est pas retenue en est informé par voie électronique
        ou par voie postale.
        """
        return self._to_tell(self._told())

    def _to_tell(self, told: set[str | None]) -> Iterator[str]:
        proposed = {one.prestataire.cle for one in self._offres()}
        for asked in self.mise_en_concurrence.sollicites:
            answered = asked.reponse is Suite.PROPOSITION or asked.cle in proposed
            if answered and asked.cle not in told and not self._retient(asked):
                yield f"documents.notification_de_choix.{asked.cle}"

    def _told(self) -> set[str | None]:
        """Who has his notification, dated: one without a date has not been sent."""
        held: tuple[ChoixNotifie, ...] = self._held("notification_de_choix")
        return {one.prestataire.cle for one in held if one.date is not None}

    def _handed_back(self) -> set[str | None]:
        """To whom the grid was handed back."""
        grids: tuple[Lecture, ...] = self._held("grille_de_lecture")
        return {row.cle for grid in grids for row in grid.projets if row.restitue_le is not None}

    @regle(
        exige("PROP-26"),
        porte_sur="documents.proposition",
        des=Avancement.CHOIX,
        conseil="Dites comment la proposition est arrivée : par voie postale ou électronique.",
    )
    def voie_des_propositions(self) -> Iterator[str]:
        """La proposition est écrite, et transmise par voie postale ou par voie électronique."""
        held = self._offres()
        for number, offer in enumerate(held):
            if offer.voie is None and not offer.ecarte:
                rank = f"[{number}]" if len(held) > 1 else ""
                yield f"documents.proposition{rank}.voie"
        known = {one.prestataire.cle for one in held}
        for number, asked in enumerate(self.mise_en_concurrence.sollicites):
            alone = asked.reponse is Suite.PROPOSITION and asked.cle not in known
            if alone and self._retient(asked) and asked.voie is None:
                yield f"mise_en_concurrence.sollicites[{number}].voie"

    @regle(
        exige("AC-15"),
        porte_sur="mise_en_concurrence.sollicites",
        des=Avancement.CONDUITE,
        conseil="Envoyez-lui le diagnostic et le cahier des charges, et datez l'envoi.",
    )
    def dossier_envoye_au_retenu(self) -> Iterator[str]:
        """En procédure simplifiée, le diagnostic et le cahier des charges sont envoyés au
        prestataire retenu.
        """
        if self.mise_en_concurrence.procedure is Procedure.SIMPLIFIEE:
            for number, asked in enumerate(self.mise_en_concurrence.sollicites):
                if self._retient(asked) and asked.dossier_complet_le is None:
                    yield f"mise_en_concurrence.sollicites[{number}].dossier_complet_le"

    @regle(
        porte_sur="mise_en_concurrence.sollicites",
        conseil="Corrigez la date de l'envoi, ou celle du cahier des charges.",
    )
    def dossier_envoye_une_fois_ecrit(self) -> Iterator[str]:
        """Le cahier des charges est envoyé aux prestataires une fois écrit."""
        order = self.commande
        written = order.date if order else None
        for number, asked in enumerate(self.mise_en_concurrence.sollicites):
            sent = asked.dossier_complet_le
            if written is not None and sent is not None and sent < written:
                yield f"mise_en_concurrence.sollicites[{number}].dossier_complet_le"

    def _retient(self, asked: Sollicite) -> bool:
        return asked.cle in self.retenus

    @regle(
        exige("AC-16"),
        porte_sur="mise_en_concurrence.procedure",
        conseil="Passez la mise en concurrence en procédure normale.",
    )
    def projet_complet_d_emblee(self) -> bool:
        """Quand un prestataire présente d'emblée un projet complet, le DLA remet en place la
        procédure habituelle.
        """
        offers, competition = self._offres(), self.mise_en_concurrence
        chosen = (None, *competition.retenus)
        others = [one for one in offers if one.prestataire.cle not in chosen]
        return competition.procedure is not Procedure.SIMPLIFIEE or not others

    @regle(
        exige("EC-24"),
        porte_sur="mise_en_concurrence.sollicites",
        conseil="Vérifiez les deux dates.",
    )
    def modalites_avant_l_appel(self) -> Iterator[str]:
        """Le cahier des charges et l'appel d'offres viennent après les modalités finalisées
        (rythme, lieu, logistique) de l'ingénierie collective.
        """
        settled = self.cycle.confirmer.modalites.conditions.fait_le
        for number, asked in enumerate(self.mise_en_concurrence.sollicites):
            if settled is not None and asked.date is not None and asked.date < settled:
                yield f"mise_en_concurrence.sollicites[{number}].date"
