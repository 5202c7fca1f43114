"""Ce que la mission tient : son en-tête, ses documents, et ce qui s'en lit."""

from __future__ import annotations

import builtins
from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar, TypeVar, cast

from pydantic import Field, PrivateAttr, SerializeAsAny, field_validator

from dla_docs.mission.mise_en_concurrence import (
    ChoixDuPrestataire,
    MiseEnConcurrence,
    Suite,
)
from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import Attendu, Nature, champ, regle
from dla_docs.model.recipients import PRESTATAIRES
from dla_docs.model.requirement import Role, exige
from dla_docs.model.values import Choix, Entier, Texte, Url
from dla_docs.model.versions import VERSIONS
from dla_docs.parties.acteurs import Operateur, OperateurAssocie, Personne, Prestataire, Structure
from dla_docs.parties.cloison import UN_AUTRE, des_autres, prix_des_autres
from dla_docs.parties.collectif import Capitalisation, collective
from dla_docs.parties.cycle import Cycle
from dla_docs.parties.deroulement import Avancement, Envois, Evenements, NatureDePaiement, Paiement
from dla_docs.parties.ingenierie import NatureIngenierie, TypeCollectif
from dla_docs.parties.personnes import CONSULTANT
from dla_docs.parties.processus import PROCESSUS, avancement
from dla_docs.parties.reconnaitre import Marque
from dla_docs.parties.tenus import (
    Commande,
    DemandeNotifiee,
    Offre,
    Plan,
    Rapport,
    SuiviPost,
)

D = TypeVar("D", bound=Document)


class OperateurDeLaMission(Operateur):
    """L'opérateur DLA."""

    site: Url = champ(
        "Site",
        exige("PRO-26", par=Role.CHARGE_DE_MISSION),
        rubrique=True,
        aide="Imprimé sur les documents",
    )


class Contenu(ChoixDuPrestataire, Document):
    """L'en-tête d'une mission et ``documents[slug]``, un tuple par sorte de document."""

    titre = "Fiche de la mission"
    source = (
        "Son en-tête, puis un document par clé sous « documents: » ; « dla-docs montrer DOCUMENT "
        "» dit ce qu'on y écrit."
    )
    nature_du_document = Nature.FORMULAIRE
    hors_formulaire = ("stade", "referentiel", "documents")
    attendus: ClassVar[tuple[Attendu, ...]] = PROCESSUS
    lignes_de: ClassVar[dict[str, int]] = {
        "structures": 2,
        "autres_operateurs": 1,
    }  # the only form where they are added

    referentiel: Entier = champ(
        "Référentiel",
        aide="La version du référentiel sous laquelle la mission a commencé ; la plus récente "
        "quand rien n'est dit",
    )
    reference: Texte = champ("Référence de la mission")
    reference_convention: Texte = champ("Référence de la convention")
    nature: Choix[NatureIngenierie] = champ("Nature de l'ingénierie")
    type: Choix[TypeCollectif] = champ(
        "Type d'ingénierie collective", exige("EC-01"), exige("EC-02"), si=collective
    )
    operateur: OperateurDeLaMission = champ("Opérateur DLA")
    autres_operateurs: tuple[OperateurAssocie, ...] = champ(
        "Autres opérateurs DLA, quand la mission est conduite à plusieurs"
    )
    structures: tuple[Structure, ...] = champ("Structures bénéficiaires")
    nombre_de_structures: Entier = champ(
        "Nombre de structures", aide="Quand elles ne sont pas toutes citées"
    )
    consultant: Personne = champ("Consultant", personnelle=CONSULTANT)
    mise_en_concurrence: MiseEnConcurrence = champ()
    evenements: Evenements = champ()
    envois: Envois = champ()
    cycle: Cycle = champ("", si=collective)
    capitalisation: Capitalisation = champ("", si=collective)
    paiements: tuple[Paiement, ...] = champ("Les paiements de la mission")
    documents: dict[str, tuple[SerializeAsAny[Document], ...]] = Field(
        default_factory=dict, title="Documents"
    )
    _aupres_de: str | None = PrivateAttr(default=None)
    _connus: tuple[object, dict[str, Prestataire]] = PrivateAttr(
        default=((), {})
    )  # those solicited, by key, and the rows that say so

    @field_validator("referentiel", mode="after")
    @classmethod
    def _known_version(cls, value: int | None) -> int | None:
        if value is not None and value not in VERSIONS:
            known = " et ".join(map(str, VERSIONS))
            raise ValueError(
                f"la version {value} du référentiel n'existe pas ; il y en a eu {known}"
            )
        return value

    def tous(self, sorte: builtins.type[D]) -> tuple[D, ...]:
        """Les documents de cette sorte (``mission.tous(Proposition)``) ; aucun, peut-être."""
        return cast(tuple[D, ...], self.documents.get(sorte.slug(), ()))

    def premier(self, sorte: builtins.type[D]) -> D | None:
        """Le premier document de cette sorte, ou ``None``."""
        return next(iter(self.tous(sorte)), None)

    def retenue(self, sorte: builtins.type[D]) -> D | None:
        """Le document du prestataire retenu, ou le seul qu'il y ait, ou ``None``."""
        held = self.tous(sorte)
        chosen = [document for document in held if self._is_of_the_chosen(document)]
        return next(iter(chosen or held), None) if chosen or len(held) == 1 else None

    def _is_of_the_chosen(self, document: object) -> bool:
        return key_of(document) == self.mise_en_concurrence.retenu

    def _held(self, slug: str) -> Any:
        """By its name: the documents stand above the mission, which imports none of them."""
        return self.documents.get(slug, ())

    def _offres(self) -> tuple[Offre, ...]:
        held: tuple[Offre, ...] = self._held("proposition")
        return held

    def _rapports(self) -> tuple[Rapport, ...]:
        held: tuple[Rapport, ...] = self._held("rapport_final")
        return held

    @property
    def retenus(self) -> tuple[str, ...]:
        """Les clés des prestataires retenus : un, ou plusieurs."""
        return self.mise_en_concurrence.retenus

    def nom_de(self, cle: str) -> str:
        """Le nom d'un prestataire sollicité, ou sa clé quand il n'en a pas."""
        return (self.sollicites().get(cle) or Prestataire()).nom or cle

    def sollicites(self) -> dict[str, Prestataire]:
        """Les prestataires sollicités, par clé."""
        rows = self.mise_en_concurrence.sollicites
        of_rows, known = self._connus
        if of_rows is not rows:
            known = {
                row.cle: row.prestataire.model_copy(update={"cle": row.cle})
                for row in rows
                if row.cle
            }
            self._connus = rows, known
        return dict(known)

    def dits_de_tous(self) -> tuple[Bloc, ...]:
        """Ce que chacun lit de la mission : ses opérateurs, ses structures."""
        return (self.operateur, *self.autres_operateurs, *self.structures)

    def dits_de_chacun(self) -> dict[str, tuple[Bloc, ...]]:
        """Par clé de sollicité, ce qui n'est que de lui : sa ligne et ses documents ; du retenu,
        le consultant et les paiements de la mission aussi.
        """
        held = [one for documents in self.documents.values() for one in documents]
        return {
            row.cle: (
                row,
                *(one for one in held if key_of(one) == row.cle),
                *(
                    (self.consultant, *self.paiements)
                    if row.cle == self.mise_en_concurrence.retenu
                    else ()
                ),
            )
            for row in self.mise_en_concurrence.sollicites
            if row.cle
        }

    def tus_a(
        self,
        siens: Collection[str],
        allies: Collection[str],
        lus: Collection[Bloc] = (),
        qui: str = UN_AUTRE,
    ) -> dict[str, Marque]:
        """Ce qu'aucun texte ne dit à quelqu'un : qui sont les prestataires qui ne sont pas de ses
        ``allies``, et le prix de ceux qui ne sont pas des ``siens`` (des clés) ; rien de ce que
        disent les champs de ce qu'il lit par ailleurs (``lus``). ``qui`` : comment le lui dire.
        """
        each = self.dits_de_chacun()
        prices = prix_des_autres(each, siens, (*self._publics(), *lus), qui)
        apart = {id(one) for cle, held in each.items() if cle not in allies for one in held}
        common = [one for held in self.documents.values() for one in held if id(one) not in apart]
        seen = (*self.dits_de_tous(), *lus)
        return des_autres(each, allies, seen, (self.evenements, *common), qui) | prices

    def _publics(self) -> tuple[Document, ...]:
        """What every one asked may read whole: its amounts are nobody's."""
        return tuple(
            one
            for held in self.documents.values()
            for one in held
            if {*PRESTATAIRES} <= {*one.communique_a}
            and "prestataire" not in type(one).model_fields
            and not one.un_par_prestataire
        )

    @property
    def prestataire(self) -> Prestataire:
        """Le prestataire retenu ; vide tant qu'aucun ne l'est. De plusieurs, leurs noms : un
        document qui n'en nomme aucun leur est commun.
        """
        known, chosen = self.sollicites(), self.retenus
        if len(chosen) > 1 and self._aupres_de is None:
            return Prestataire(nom=" et ".join(map(self.nom_de, chosen)))
        return known.get(self.mise_en_concurrence.retenu or "") or Prestataire()

    @property
    def intervenant(self) -> Personne:
        """Le consultant : celui que dit la mission ; ce qu'elle n'en dit pas est pris du projet
        retenu, quand il n'y a qu'un intervenant, et du contact du prestataire, quand c'est lui.
        """
        said, contact = self.consultant, self.prestataire.contact
        lent = contact if said.nom and said.nom == contact.nom else self._seul_intervenant()
        if said.nom and said.nom != lent.nom:
            return said
        held = {name: getattr(said, name) or getattr(lent, name) for name in Personne.model_fields}
        return Personne.model_construct(**held)

    def _seul_intervenant(self) -> Personne:
        """Who alone works for the chosen one; reached as its contact, when that is the same."""
        offers = [one for one in self._offres() if self._is_of_the_chosen(one)]
        rows = offers[0].intervenants if len(offers) == 1 else ()
        if len(rows) != 1:
            return Personne()
        contact, name = self.prestataire.contact, rows[0].nom
        return contact if contact.nom == name else Personne(nom=name)

    @property
    def commande(self) -> Commande | None:
        """Ce que lisent du cahier des charges ceux qui le précèdent."""
        held: tuple[Commande, ...] = self._held("cahier_des_charges")
        return next(iter(held), None)

    @property
    def plan(self) -> Plan | None:
        """Le plan d'accompagnement, de même."""
        held: tuple[Plan, ...] = self._held("plan_accompagnement")
        return next(iter(held), None)

    @property
    def rapport(self) -> Rapport | None:
        """Le rapport final, de même."""
        return next(iter(self._rapports()), None)

    @property
    def suivis_post(self) -> tuple[SuiviPost, ...]:
        """Les suivis post-accompagnement, de même."""
        held: tuple[SuiviPost, ...] = self._held("suivi_post_accompagnement")
        return held

    @property
    def avenants(self) -> tuple[str, ...]:
        """Les avenants par lesquels ses demandes de modification sont notifiées, sauf refus."""
        asked: tuple[DemandeNotifiee, ...] = self._held("demande_de_modification")
        named = (one.decision.avenant for one in asked if not one.refusee)
        return tuple(dict.fromkeys(filter(None, named)))

    @property
    def arretee_le(self) -> date | None:
        """Le jour où l'arrêt de la mission a été décidé, ou ``None``."""
        asked: tuple[DemandeNotifiee, ...] = self._held("demande_de_modification")
        return min((one.arretee_le for one in asked if one.arretee_le), default=None)

    @property
    def arretee_avant_mi_parcours(self) -> bool:
        """Vrai quand l'arrêt de la mission a été décidé avant le milieu de son calendrier."""
        times = [one.calendrier for one in self._offres() if self._is_of_the_chosen(one)]
        day = self.arretee_le
        return day is not None and any(
            day - time.debut < time.fin - day for time in times if time.debut and time.fin
        )

    @property
    def avancement(self) -> Avancement:
        """Où en est la mission, d'après ce qu'elle tient."""
        return avancement(self)

    @property
    def premier_versement_le(self) -> date | None:
        """Le jour du premier paiement versé, ou ``None``."""
        return min((one.verse_le for one in self.paiements if one.verse_le), default=None)

    @property
    def jour(self) -> date | None:
        """Le jour de la mission : son lancement, sinon la date limite de réponse, sinon le comité
        d'appui ; ``None`` tant que rien n'est daté.
        """
        met = self.evenements
        days = (met.lancement.date, self.mise_en_concurrence.date_limite, met.comite_appui.date)
        return next(filter(None, days), None)

    @property
    def dernier_jour(self) -> date | None:
        """Le dernier jour que dise un de ses documents, sinon celui de la mission."""
        days = [one.jour_signe for held in self.documents.values() for one in held]
        return max(filter(None, days), default=None) or self.jour

    @property
    def plusieurs_jours(self) -> bool:
        """Vrai quand l'ingénierie dure plus d'une journée, ou que sa durée n'est pas dite."""
        days = [one.budget.jours for one in self._offres() if self._is_of_the_chosen(one)]
        return not days or days[0] is None or days[0] > 1

    @property
    def solde_verse_le(self) -> date | None:
        """Le jour où le solde a été versé, ou ``None``."""
        return next(
            (
                one.verse_le
                for one in self.paiements
                if one.nature is NatureDePaiement.SOLDE and one.verse_le
            ),
            None,
        )

    @property
    def dossier_envoye_le(self) -> date | None:
        """Le jour où le diagnostic et le cahier des charges complets sont partis, ou ``None``."""
        sent = (one.dossier_complet_le for one in self.mise_en_concurrence.sollicites)
        return min((day for day in sent if day), default=None)

    @property
    def projet_recu(self) -> Suite | None:
        """La réponse du prestataire retenu, quand c'est une proposition."""
        competition = self.mise_en_concurrence
        answers = (one.reponse for one in competition.sollicites if one.cle == competition.retenu)
        return next((one for one in answers if one is Suite.PROPOSITION), None)

    @regle(
        exige("EC-03"),
        porte_sur="nature",
        conseil="Choisissez l'ingénierie individuelle, ou corrigez le nombre de structures.",
    )
    def besoin_propre_a_une_structure(self) -> bool:
        """Un besoin spécifique, propre à une structure, relève de l'ingénierie individuelle."""
        count = self.nombre_de_structures or len(self.structures)
        return self.nature is not NatureIngenierie.COLLECTIVE or count != 1


def key_of(document: object) -> str | None:
    """La clé du prestataire dont c'est le document."""
    key: str | None = getattr(getattr(document, "prestataire", None), "cle", None)
    return key
