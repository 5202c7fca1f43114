"""Les rencontres de la mission, son lancement et sa restitution : quand, et avec qui ; le rapport
qui fonde la seconde, et le paiement du solde.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from dla_docs.mission.contenu import Contenu, key_of
from dla_docs.model.fields import Faute, regle
from dla_docs.model.requirement import exige
from dla_docs.parties.acteurs import Personne
from dla_docs.parties.deroulement import Avancement, NatureDePaiement
from dla_docs.parties.ordre import dans_l_ordre
from dla_docs.parties.tenus import Convention

DU_DLA = re.compile(r"\bDLA\b|charg[ée].* de mission", re.IGNORECASE)
"""Ce que dit la fonction d'une personne qui vient pour le DLA."""
DE_L_EXTERIEUR = re.compile(
    r"financeur|financement|conseil (?:g[ée]n[ée]ral|r[ée]gional|d[ée]partemental)|pr[ée]fecture"
    r"|caisse des d[ée]p[ôo]ts|\b(?:DDTEFP|DRTEFP|DIRECCTE|D[DR]I?EETS|CDC|FSE|Avise|C2RA)\b",
    re.IGNORECASE,
)
"""Ce que dit celle d'une personne qui vient pour un financeur ou un partenaire."""
DIRIGE = re.compile(
    r"pr[ée]sident|dirige|direct(?:eur|rice)|administrat(?:eur|rice)|tr[ée]sor|responsable"
    r"|g[ée]rant|coord|membre du (?:bureau|conseil|comit[ée])|fondat|\bchef",
    re.IGNORECASE,
)
N_EN_EST_PAS = re.compile(
    r"salari[ée]|employ[ée]|stagiaire|apprenti|b[ée]n[ée]vole|adh[ée]rent|usager|assistant"
    r"|secr[ée]taire (?:comptable|administrati|de direction)|comptable|technicien|agent\b|ouvri"
    r"|vendeu|accueil|participant",
    re.IGNORECASE,
)
"""Ce que dit celle d'une personne de la structure qui n'en est pas responsable, à moins qu'elle ne
dise aussi ce qu'elle dirige."""


class Rencontres(Contenu):
    """Les règles des guides sur le lancement et la restitution."""

    restitution_apres_le_lancement = dans_l_ordre(
        "La mission est restituée après avoir été lancée.",
        "evenements.lancement.date",
        "evenements.restitution.date",
    )

    @regle(
        exige("RX-41"),
        porte_sur="documents.convention_tripartite.signature",
        conseil="Vérifiez la date de la signature et celle de la réunion de lancement.",
    )
    def convention_apres_le_lancement(self) -> bool:
        """La convention est signée à l'issue de la réunion de lancement, quand elle a lieu."""
        launched = self.evenements.lancement.date
        held: tuple[Convention, ...] = self._held("convention_tripartite")
        signed = [one.signature.signee_le for one in held]
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
        handed = [one.remise.premiere_le for one in self._rapports()]
        return met is None or all(day is None or day <= met for day in handed)

    @regle(
        exige("RX-03"),
        exige("RF-20"),
        porte_sur="paiements",
        des=Avancement.SOLDEE,
        conseil=(
            "Corrigez la date du versement, ou celles de la remise des deux versions du rapport."
        ),
    )
    def solde_apres_le_rapport(self) -> Iterator[str]:
        """Le solde n'est versé qu'après remise du rapport final, en version numérique et papier."""
        second = self.retenus[1:]  # whose payments his own convention says
        reports = [one for one in self._rapports() if key_of(one) not in second]
        handed = [(one.remise.numerique_le, one.remise.papier_le) for one in reports]
        days = list(chain.from_iterable(handed))
        for number, payment in enumerate(self.paiements):
            paid = payment.verse_le if payment.nature is NatureDePaiement.SOLDE else None
            if paid is not None and not all(day is not None and day <= paid for day in days):
                yield f"paiements[{number}].verse_le"

    @regle(
        exige("RES-01"),
        exige("PRO-14"),
        exige("CV-11"),
        porte_sur="evenements.restitution.presents",
        des=Avancement.RENDUE,
        conseil="Réunissez-les, ou nommez tous ceux qui sont venus.",
    )
    def restitution_avec_la_structure_et_le_dla(self) -> Iterator[Faute]:
        """La restitution associe les responsables de la structure concernée et le ou la chargé(e)
        de mission DLA.
        """
        met, who = self.evenements.restitution.date, self.evenements.restitution.presents
        others = [one for one in who if not self._is_of_the_prestataire(one)]
        came = {
            "le ou la chargé(e) de mission DLA": any(map(self._is_of_the_dla, others)),
            "un responsable de la structure": any(map(self._is_in_charge, others)),
        }
        missing = [one for one, here in came.items() if not here]
        unknown = [one for one in others if self._says_nothing(one)]
        if met is not None and len(missing) > len(unknown):
            lacking = " et ".join(missing)
            yield Faute(
                "evenements.restitution.presents", f"parmi les présents, il manque {lacking}"
            )

    def _is_of_the_prestataire(self, person: Personne) -> bool:
        rows = [row for offer in self._offres() for row in offer.intervenants]
        asked = self.sollicites()
        contacts = [asked[key].contact for key in self.retenus if key in asked]
        known = {one.nom for one in (self.consultant, *contacts, *rows) if one.nom}
        return person.nom in known or "consultant" in (person.fonction or "").casefold()

    def _says_nothing(self, person: Personne) -> bool:
        """Who is only named may be either."""
        return person.fonction is None and not (
            self._is_of_the_dla(person) or self._is_in_charge(person)
        )

    def _is_in_charge(self, person: Personne) -> bool:
        known = {one.responsable.nom for one in self.structures if one.responsable.nom}
        said = person.fonction
        if person.nom in known or said is None:
            return person.nom in known
        financers = (one.nom for one in self.operateur.financeurs if one.nom)
        away = DE_L_EXTERIEUR.search(said) or any(one in said for one in financers)
        works = N_EN_EST_PAS.search(said) and not DIRIGE.search(said)
        return not (away or works or self._is_of_the_dla(person))

    def _is_of_the_dla(self, person: Personne) -> bool:
        others = [one.charge_de_mission for one in self.autres_operateurs]
        known = {one.nom for one in (self.operateur.charge_de_mission, *others) if one.nom}
        return person.nom in known or DU_DLA.search(person.fonction or "") is not None
