"""Les rencontres de la mission, son lancement et sa restitution : quand, et avec qui."""

from __future__ import annotations

import re

from dla_docs.mission.contenu import Contenu
from dla_docs.model.fields import regle
from dla_docs.model.requirement import exige
from dla_docs.parties.acteurs import Personne
from dla_docs.parties.deroulement import Avancement

DU_DLA = re.compile(r"\bDLA\b|charg[ée].* de mission", re.IGNORECASE)
"""Ce que dit la fonction d'une personne qui vient pour le DLA."""


class Rencontres(Contenu):
    """Les règles des guides sur le lancement et la restitution."""

    @regle(
        exige("RX-41"),
        porte_sur="documents.convention_tripartite.signature",
        conseil="Vérifiez la date de la signature et celle de la réunion de lancement.",
    )
    def convention_apres_le_lancement(self) -> bool:
        """La convention est signée à l'issue de la réunion de lancement, quand elle a lieu."""
        launched = self.evenements.lancement.date
        signed = [one.signature.signee_le for one in self._held("convention_tripartite")]
        days = [day for day in (*signed, self.envois.convention_signee_le) if day is not None]
        return launched is None or all(launched <= day for day in days)

    @regle(
        exige("RX-42"),
        porte_sur="evenements.restitution.date",
        conseil="Vérifiez la date de la restitution et celles de la remise du rapport.",
    )
    def rapport_remis_avant_la_restitution(self) -> bool:
        """Le rapport final est remis au plus tard à la restitution, qu'il fonde."""
        met = self.evenements.restitution.date
        handed = [one.remise.premiere_le for one in self._held("rapport_final")]
        return met is None or all(day is None or day <= met for day in handed)

    @regle(
        exige("RES-01"),
        exige("PRO-14"),
        exige("CV-11"),
        porte_sur="evenements.restitution.presents",
        des=Avancement.RENDUE,
        conseil="Réunissez-les, ou nommez tous ceux qui sont venus.",
    )
    def restitution_avec_la_structure_et_le_dla(self) -> bool:
        """La restitution associe les responsables de la structure concernée et le ou la chargé(e)
        de mission DLA.
        """
        met, who = self.evenements.restitution.date, self.evenements.restitution.presents
        others = [one for one in who if not self._is_of_the_prestataire(one)]
        ours = [one for one in others if self._is_of_the_dla(one)]
        unknown = [one for one in others if one.fonction is None]
        both = len(others) > 1 and bool(ours or unknown) and len(ours) < len(others)
        return met is None or both

    def _is_of_the_prestataire(self, person: Personne) -> bool:
        rows = [row for offer in self._held("proposition") for row in offer.intervenants]
        asked = self.sollicites()
        contacts = [asked[key].contact for key in self.retenus if key in asked]
        known = {one.nom for one in (self.consultant, *contacts, *rows) if one.nom}
        return person.nom in known or "consultant" in (person.fonction or "").casefold()

    def _is_of_the_dla(self, person: Personne) -> bool:
        others = [one.charge_de_mission for one in self.autres_operateurs]
        known = {one.nom for one in (self.operateur.charge_de_mission, *others) if one.nom}
        return person.nom in known or DU_DLA.search(person.fonction or "") is not None
