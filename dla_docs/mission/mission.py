"""La mission : une ingénierie, chaque fait dit une fois, et les documents qui en parlent."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Container, Iterator
from datetime import date
from typing import Any, ClassVar, TypeVar, cast

from pydantic import Field, PrivateAttr, SerializeAsAny, field_validator

from dla_docs.constat import Constat, Gravite
from dla_docs.mission.mise_en_concurrence import (
    AutreRetenu,
    ChoixDuPrestataire,
    MiseEnConcurrence,
    Sollicite,
    Suite,
)
from dla_docs.model.bloc import Bloc, bloc_of
from dla_docs.model.document import Document
from dla_docs.model.fields import Attendu, Faute, Nature, champ, regle
from dla_docs.model.node import steps
from dla_docs.model.requirement import Role, exige
from dla_docs.model.values import Choix, Entier, Texte, Url
from dla_docs.model.versions import VERSIONS
from dla_docs.parties.acteurs import Operateur, OperateurAssocie, Personne, Prestataire, Structure
from dla_docs.parties.collectif import Capitalisation, collective
from dla_docs.parties.cycle import Cycle
from dla_docs.parties.deroulement import Avancement, Envois, Evenements, NatureDePaiement, Paiement
from dla_docs.parties.diagnostic import valide_le
from dla_docs.parties.identite import candidats
from dla_docs.parties.ingenierie import NatureIngenierie, Procedure, TypeCollectif
from dla_docs.parties.processus import PROCESSUS, avancement
from dla_docs.parties.tenus import (
    Commande,
    DemandeNotifiee,
    Fiche,
    Plan,
    Rapport,
    SuiviPost,
)
from dla_docs.raw import RawMap, line_of

D = TypeVar("D", bound=Document)


class OperateurDeLaMission(Operateur):
    """L'opérateur DLA."""

    site: Url = champ(
        "Site",
        exige("PRO-26", par=Role.CHARGE_DE_MISSION),
        rubrique=True,
        aide="Imprimé sur les documents",
    )


FICHES = "documents.fiche_prestataire"
DEMANDEZ_LA_FICHE = (
    "Demandez sa fiche au prestataire : « dla-docs trame fiche_prestataire » la fait."
)


class Mission(ChoixDuPrestataire, Document):
    """La mission : son en-tête, qui est aussi un formulaire, et ``documents[slug]``, un tuple par
    sorte de document.
    """

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
    consultant: Personne = champ("Consultant")
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

    @field_validator("referentiel", mode="after")
    @classmethod
    def _known_version(cls, value: int | None) -> int | None:
        if value is not None and value not in VERSIONS:
            known = " et ".join(map(str, VERSIONS))
            raise ValueError(
                f"la version {value} du référentiel n'existe pas ; il y en a eu {known}"
            )
        return value

    @classmethod
    def tenu_par(cls, mission: Mission) -> Mission:
        """La mission se tient elle-même, avec ce que ses documents lui apprennent : un formulaire
        ne le demande pas une seconde fois.
        """
        held = mission.mise_en_concurrence
        rows = tuple(mission._avec_reception(row) for row in held.sollicites)
        known = held.model_copy(update={"sollicites": rows})
        return mission.model_copy(
            update={"consultant": mission.intervenant, "mise_en_concurrence": known}
        )

    def _avec_reception(self, asked: Sollicite) -> Sollicite:
        """What a proposition says of how it came."""
        offers = (one for one in self._held("proposition") if _key(one) == asked.cle)
        offer = next(offers, None)
        known = {name: getattr(offer, name, None) for name in ("recue_le", "voie")}
        said = {name: getattr(asked, name) or value for name, value in known.items()}
        return asked.model_copy(update=said)

    def _repr_html_(self) -> str:
        from dla_docs.model.html import mission_html  # only a notebook asks

        return mission_html(self)

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

    @property
    def retenus(self) -> tuple[str, ...]:
        """Les clés des prestataires retenus : un, ou plusieurs."""
        return self.mise_en_concurrence.retenus

    def aupres_de(self, cle: str | None) -> Mission:
        """La mission telle que la voit l'un de ses prestataires retenus, quand ils sont plusieurs :
        ses documents et ceux qui sont communs à tous, son consultant, sa convention. Elle-même pour
        tout autre.
        """
        chosen = self.retenus
        if cle is None or len(chosen) < 2 or cle not in chosen:
            return self
        others = [one for one in chosen if one != cle]
        seen = self.model_copy(
            update={
                "mise_en_concurrence": self.mise_en_concurrence.model_copy(
                    update={
                        "retenu": cle,
                        "autres_retenus": tuple(AutreRetenu(prestataire=one) for one in others),
                    }
                ),
                "documents": {
                    slug: tuple(one for one in held if _key(one) not in others)
                    for slug, held in self.documents.items()
                },
            }
        )
        seen._aupres_de = cle
        return seen if cle == chosen[0] else seen._with_own_convention(cle)

    def _with_own_convention(self, cle: str) -> Mission:
        """The head of the mission names the consultant, the convention and the payments of the
        first alone.
        """
        held = (one for one in self._held("convention_tripartite") if _key(one) == cle)
        own = next(held, None)
        said = {
            "consultant": getattr(own, "consultant", Personne()),
            "reference_convention": getattr(own, "reference_convention", None),
            "paiements": (),
        }
        seen = self.model_copy(update=said)
        if self._raw is not None:
            head = {key: value for key, value in self._raw.items() if key not in said}
            seen._raw = self._raw.with_items(head)
        return seen

    def vues_des_retenus(self) -> tuple[tuple[str | None, Mission], ...]:
        """Chaque prestataire retenu, quand ils sont plusieurs, et la mission telle qu'il la voit ;
        sinon la mission seule.
        """
        several = self.retenus if len(self.retenus) > 1 else ()
        return tuple((cle, self.aupres_de(cle)) for cle in several) or ((None, self),)

    def nom_de(self, cle: str) -> str:
        """Le nom d'un prestataire sollicité, ou sa clé quand il n'en a pas."""
        return self.sollicites().get(cle, Prestataire()).nom or cle

    def reponses_connues(self) -> dict[str, tuple[str, ...]]:
        """Le prestataire retenu est l'un des sollicités."""
        known = tuple(self.sollicites())
        places = ("retenu", "autres_retenus[].prestataire")
        return {f"mise_en_concurrence.{place}": known for place in places if known}

    def _is_of_the_chosen(self, document: Document) -> bool:
        return _key(document) == self.mise_en_concurrence.retenu

    def _held(self, slug: str) -> Any:
        """By its name: the documents stand above the mission, which imports none of them."""
        return self.documents.get(slug, ())

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
        held: tuple[Rapport, ...] = self._held("rapport_final")
        return next(iter(held), None)

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
    def prestataire(self) -> Prestataire:
        """Le prestataire retenu ; vide tant qu'aucun ne l'est. De plusieurs, leurs noms : un
        document qui n'en nomme aucun leur est commun.
        """
        known, chosen = self.sollicites(), self.retenus
        if len(chosen) > 1 and self._aupres_de is None:
            return Prestataire(nom=" et ".join(map(self.nom_de, chosen)))
        return known.get(self.mise_en_concurrence.retenu or "", Prestataire())

    @property
    def intervenant(self) -> Personne:
        """Le consultant : celui que dit la mission ; ce qu'elle n'en dit pas est pris du projet
        retenu, quand il n'y a qu'un intervenant.
        """
        said, lent = self.consultant, self._seul_intervenant()
        if said.nom and said.nom != lent.nom:
            return said
        held = {name: getattr(said, name) or getattr(lent, name) for name in Personne.model_fields}
        return Personne.model_construct(**held)

    def _seul_intervenant(self) -> Personne:
        """Who alone works for the chosen one; reached as its contact, when that is the same."""
        offers = [one for one in self._held("proposition") if self._is_of_the_chosen(one)]
        rows: tuple[Any, ...] = offers[0].intervenants if len(offers) == 1 else ()
        if len(rows) != 1:
            return Personne()
        contact, name = self.prestataire.contact, rows[0].nom
        return contact if contact.nom == name else Personne(nom=name)

    def sollicites(self) -> dict[str, Prestataire]:
        """Les prestataires sollicités, par clé."""
        rows = self.mise_en_concurrence.sollicites
        return {
            row.cle: row.prestataire.model_copy(update={"cle": row.cle}) for row in rows if row.cle
        }

    def entete(self, model: builtins.type[Document]) -> dict[str, Any]:
        """Ce que la mission transmet à tout document qui le déclare : opérateur, structures,
        prestataire, consultant, références.
        """
        shared = {*type(self).schema_node().children, "prestataire"} - {"profil"}
        return {
            name: _known_to(bloc_of(model, name), self._written(name))
            for name in model.model_fields
            if name in shared
        }

    def _written(self, name: str) -> Any:
        """What the file says rather than what was understood: it knows its line and its folder."""
        if name == "consultant" and self.intervenant != self.consultant:
            return _plain(self.intervenant)
        return (self._raw or {}).get(name) or _plain(getattr(self, name))

    def constats_propres(self) -> Iterator[Constat]:
        """Le prestataire retenu est l'un des sollicités ; sinon aucun document ne saurait le
        nommer.
        """
        known = ", ".join(self.sollicites())
        for number, chosen in enumerate(self.retenus):
            if chosen in self.sollicites():
                continue
            place = f"autres_retenus[{number - 1}].prestataire" if number else "retenu"
            path = f"mise_en_concurrence.{place}"
            file, line = line_of(self._raw, steps(path))
            message = (
                f"Prestataire retenu : « {chosen} » n'est la clé d'aucun des prestataires "
                f"sollicités ({path})."
            )
            advice = (
                f"Les clés des sollicités sont : {known}."
                if known
                else "Ajoutez-le aux prestataires sollicités."
            )
            yield Constat(
                message, Gravite.AVERTISSEMENT, path, fichier=file, ligne=line, conseil=advice
            )
        yield from self._inconnus()

    def _inconnus(self) -> Iterator[Constat]:
        """A document that speaks of a prestataire says which of those solicited: two that it may
        be, or none, would carry the words of one to another.
        """
        known, together = self.sollicites(), self.prestataire.nom
        for slug, documents in self.documents.items() if known else ():
            for number, document in enumerate(documents):
                place = f"documents.{slug}[{number}]" if len(documents) > 1 else f"documents.{slug}"
                for path, cle, nom in document.prestataires_cites():
                    common = not cle and nom == together  # to all of those who are chosen
                    if (cle or nom) and cle not in known and not common:
                        yield self._inconnu(f"{place}.{path}", nom or cle, {"nom": nom or cle})

    def _inconnu(self, path: str, said: str, dit: dict[str, str]) -> Constat:
        known = self.sollicites()
        found = candidats(known, dit)
        file, line = line_of(self._raw, steps(path))
        problem = (
            f"peut être plusieurs des prestataires sollicités : {', '.join(found)}"
            if len(found) > 1
            else "n'est aucun des prestataires sollicités"
        )
        return Constat(
            f"Prestataire : « {said} » {problem} ({path}).",
            Gravite.BLOQUANT,
            path,
            fichier=file,
            ligne=line,
            conseil=f"Écrivez sa clé : {', '.join(found or known)}.",
        )

    @regle(
        exige("EC-03"),
        porte_sur="nature",
        conseil="Choisissez l'ingénierie individuelle, ou corrigez le nombre de structures.",
    )
    def besoin_propre_a_une_structure(self) -> bool:
        """Un besoin spécifique, propre à une structure, relève de l'ingénierie individuelle."""
        count = self.nombre_de_structures or len(self.structures)
        return self.nature is not NatureIngenierie.COLLECTIVE or count != 1

    @property
    def fiche(self) -> Fiche | None:
        """La fiche au portefeuille du prestataire retenu, ou ``None``."""
        return next((one for _, one in self._fiches()), None)

    def _fiches(self) -> Iterator[tuple[str, Fiche | None]]:
        """Each chosen prestataire, and his sheet or none."""
        known = {_key(one): one for one in reversed(self._held("fiche_prestataire"))}
        for key in self.retenus:
            yield key, known.get(key)

    def _sans_fiche(self, lacunes: Callable[[Fiche], tuple[str, ...]]) -> Iterator[Faute]:
        """Whose sheet is not there, or what it lacks."""
        for key, fiche in self._fiches():
            who = self.nom_de(key)
            if fiche is None:
                yield Faute(FICHES, f"celle de {who} manque")
            elif missing := lacunes(fiche):
                yield Faute(FICHES, f"à celle de {who} il manque : {', '.join(missing)}")

    @regle(
        exige("RX-01"),
        exige("FP-11"),
        exige("CV-14", guides="C"),
        porte_sur=FICHES,
        conseil=DEMANDEZ_LA_FICHE,
    )
    def fiche_avant_la_mission(self) -> Iterator[Faute]:
        """Un prestataire ne conduit pas de mission s'il n'a pas rempli au préalable sa fiche."""
        if self.reference_convention is not None or self.evenements.lancement.date is not None:
            yield from self._sans_fiche(lambda fiche: fiche.rubriques_vides)

    @regle(
        exige("RX-02"),
        exige("FP-12"),
        exige("CV-14", guides="N"),
        porte_sur=FICHES,
        conseil=DEMANDEZ_LA_FICHE,
    )
    def fiche_avant_le_paiement(self) -> Iterator[Faute]:
        """Sans fiche dûment complétée (adresse, N° de siret…), le prestataire ne peut percevoir le
        financement de la mission.
        """
        reports = self._held("rapport_final")
        if any(payment.verse_le is not None for payment in self.paiements) or any(
            one.remise.solde_verse_le is not None for one in reports
        ):
            yield from self._sans_fiche(lambda fiche: fiche.manques_au_paiement)

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
    def plusieurs_jours(self) -> bool:
        """Vrai quand l'ingénierie dure plus d'une journée, ou que sa durée n'est pas dite."""
        sheets = self._held("proposition")
        days = [one.budget.jours for one in sheets if _key(one) == self.mise_en_concurrence.retenu]
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

    def _retient(self, asked: Sollicite) -> bool:
        return asked.cle in self.retenus

    @regle(
        exige("RX-36"),
        porte_sur="documents.grille_de_suivi",
        conseil="N'écrivez ces noms qu'une fois, en tête de la mission.",
    )
    def identifiants_de_la_convention(self) -> Iterator[str]:
        """Prestataire, consultant, référence de la convention et structure de la grille de suivi
        sont ceux de la convention.
        """
        return self._disagreeing({"grille_de_suivi"})

    @regle(porte_sur="documents", conseil="N'écrivez ces noms qu'une fois, en tête de la mission.")
    def memes_identifiants(self) -> Iterator[str]:
        """Structure, prestataire, consultant et référence de convention sont les mêmes dans tous
        les documents.
        """
        return self._disagreeing({*self.documents} - {"grille_de_suivi"})

    def _disagreeing(self, slugs: Container[str]) -> Iterator[str]:
        for slug, documents in self.documents.items():
            if slug not in slugs:
                continue
            for number, document in enumerate(documents):
                place = f"documents.{slug}[{number}]" if len(documents) > 1 else f"documents.{slug}"
                seen = self.aupres_de(_key(document))
                yield from (
                    f"{place}.{name}" for name in IDENTIFIANTS if not seen._agrees(document, name)
                )

    def _agrees(self, document: Document, name: str) -> bool:
        if name == "prestataire" and document.multiple:
            return True  # each proposition has its own
        said, shared = _names(getattr(document, name, None)), _names(getattr(self, name))
        return not said or not shared or said <= shared

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
        conseil="Notifiez-lui le résultat, ou datez la restitution dans la grille de lecture.",
    )
    def resultat_dit_aux_non_retenus(self) -> Iterator[str]:
        """Le résultat du choix est restitué à chaque prestataire consulté qui n'est pas retenu."""
        return self._to_tell(self._told() | self._handed_back())

    @regle(
        exige("PRO-23"),
        porte_sur="documents.notification_de_choix",
        des=Avancement.CONDUITE,
        conseil="Faites sa notification de choix, et envoyez-la par voie électronique ou postale.",
    )
    def non_retenu_informe(self) -> Iterator[str]:
        """Le prestataire dont la proposition n'est pas retenue en est informé par voie électronique
        ou par voie postale.
        """
        return self._to_tell(self._told())

    def _to_tell(self, told: set[str | None]) -> Iterator[str]:
        proposed = {one.prestataire.cle for one in self._held("proposition")}
        for asked in self.mise_en_concurrence.sollicites:
            answered = asked.reponse is Suite.PROPOSITION or asked.cle in proposed
            if answered and asked.cle not in told and not self._retient(asked):
                yield f"documents.notification_de_choix.{asked.cle}"

    def _told(self) -> set[str | None]:
        """Who has his notification."""
        return {one.prestataire.cle for one in self._held("notification_de_choix")}

    def _handed_back(self) -> set[str | None]:
        """To whom the grid was handed back."""
        grids = self._held("grille_de_lecture")
        return {row.cle for grid in grids for row in grid.projets if row.restitue_le is not None}

    @regle(
        exige("PROP-26"),
        porte_sur="documents.proposition",
        des=Avancement.CHOIX,
        conseil="Dites comment la proposition est arrivée : par voie postale ou électronique.",
    )
    def voie_des_propositions(self) -> Iterator[str]:
        """La proposition est écrite, et transmise par voie postale ou par voie électronique."""
        held = self._held("proposition")
        for number, offer in enumerate(held):
            if offer.voie is None:
                rank = f"[{number}]" if len(held) > 1 else ""
                yield f"documents.proposition{rank}.voie"

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
        exige("AC-16"),
        porte_sur="mise_en_concurrence.procedure",
        conseil="Passez la mise en concurrence en procédure normale.",
    )
    def projet_complet_d_emblee(self) -> bool:
        """Quand un prestataire présente d'emblée un projet complet, le DLA remet en place la
        procédure habituelle.
        """
        offers, competition = self._held("proposition"), self.mise_en_concurrence
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

    @regle(
        exige("RX-35"),
        porte_sur="mise_en_concurrence.sollicites",
        conseil="Attendez la validation du plan, ou corrigez les dates.",
    )
    def plan_valide_avant_la_consultation(self) -> Iterator[str]:
        """Le diagnostic et le plan d'accompagnement sont validés par les instances dirigeantes
        avant que le cahier des charges parte à un prestataire.
        """
        validated = valide_le(self.plan.validations) if self.plan else None
        for number, asked in enumerate(self.mise_en_concurrence.sollicites):
            if validated and asked.dossier_complet_le and asked.dossier_complet_le < validated:
                yield f"mise_en_concurrence.sollicites[{number}].dossier_complet_le"


DU_DLA = re.compile(r"\bDLA\b|charg[ée].* de mission", re.IGNORECASE)
"""Ce que dit la fonction d'une personne qui vient pour le DLA."""

IDENTIFIANTS = ("structures", "prestataire", "consultant", "reference_convention")


def _names(value: Any) -> set[str]:
    """The names that a header field holds."""
    found = (
        [value]
        if isinstance(value, str)
        else [
            getattr(row, "nom", None) for row in (value if isinstance(value, tuple) else (value,))
        ]
    )
    return {name.casefold() for name in found if name}


def _key(document: Any) -> str | None:
    """The key of the prestataire whose document this is."""
    key: str | None = getattr(getattr(document, "prestataire", None), "cle", None)
    return key


def _known_to(part: type[Bloc] | None, written: Any) -> Any:
    """A DLA may add more to the mission than to a document: each takes what it has a place for."""
    if part is None or not isinstance(written, dict):
        return written
    kept = {name: value for name, value in written.items() if name in part.model_fields}
    return written.with_items(kept) if isinstance(written, RawMap) else kept


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.model_dump() if isinstance(value, Bloc) else value
