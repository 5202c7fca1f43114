"""La mission : une ingénierie, chaque fait dit une fois, et les documents qui en parlent."""

from __future__ import annotations

import builtins
from collections.abc import Container, Iterator
from datetime import date
from enum import Enum
from typing import Any, ClassVar, TypeVar, cast

from pydantic import Field, SerializeAsAny, field_validator

from dla_docs.constat import Constat, Gravite
from dla_docs.model.bloc import Bloc, bloc_of
from dla_docs.model.document import Document
from dla_docs.model.fields import Nature, champ, mention, regle
from dla_docs.model.layout import colonne
from dla_docs.model.node import steps
from dla_docs.model.requirement import L, exige
from dla_docs.model.values import Choix, Cle, Entier, Jour, Texte, TexteLong, Url
from dla_docs.model.versions import VERSIONS
from dla_docs.parties.acteurs import Operateur, OperateurAssocie, Personne, Prestataire, Structure
from dla_docs.parties.collectif import Capitalisation, collective
from dla_docs.parties.cycle import Cycle
from dla_docs.parties.deroulement import Avancement, Envois, Evenements, NatureDePaiement, Paiement
from dla_docs.parties.diagnostic import valide_le
from dla_docs.parties.ingenierie import NatureIngenierie, Procedure, TypeCollectif
from dla_docs.parties.tenus import Commande, Fiche, Plan, Rapport, SuiviPost
from dla_docs.profils.profil import Profil
from dla_docs.raw import RawMap, line_of

D = TypeVar("D", bound=Document)


class Suite(Enum):
    """Ce qu'il est advenu d'une sollicitation."""

    PROPOSITION = "Proposition"
    DECLINE = "Décline"
    SANS_REPONSE = "Sans réponse"


class Sollicite(Bloc):
    """Un prestataire sollicité, et ce qu'il en est advenu"""

    colonnes = (
        colonne("Clé", "cle", largeur=0.7),
        colonne(
            "Prestataire",
            "prestataire.nom",
            "prestataire.siret",
            "prestataire.contact",
            largeur=2.2,
        ),
        colonne("Sollicité le", "date", largeur=0.8),
        colonne("Suite donnée", "reponse", "motif", largeur=1.5),
        colonne("Dossier complet envoyé le", "dossier_complet_le", largeur=0.9),
    )
    prefixe: ClassVar[str] = "p"
    hors_page: ClassVar[tuple[str, ...]] = ()  # the retained one is named by its key

    cle: Cle = champ("Clé")
    prestataire: Prestataire = champ("Prestataire")
    date: Jour = champ("Sollicité le")
    reponse: Choix[Suite] = champ("Suite donnée")
    motif: TexteLong = champ("Motif")
    dossier_complet_le: Jour = champ("Diagnostic et cahier des charges complets envoyés le")


class MiseEnConcurrence(Bloc):
    """La mise en concurrence"""

    note_cle = mention(
        "La clé, un mot court et sans accent (alpha, p1…), désigne le prestataire dans les "
        "documents de la mission. Laissée vide, elle est donnée par le rang : p1, p2…",
        apres="sollicites",
    )

    procedure: Choix[Procedure] = champ("Procédure")
    date_limite: Jour = champ("Date limite de réponse")
    motif: TexteLong = champ("Motif, quand il n'y en a pas")
    choix_des_sollicites: TexteLong = champ(
        "Choix des prestataires sollicités : compétences techniques, connaissance du secteur, "
        "qualité des accompagnements déjà effectués",
        exige("PRO-21", L),
    )
    sollicites: tuple[Sollicite, ...] = champ("Prestataires sollicités")
    retenu: Cle = champ("Prestataire retenu (sa clé)")


class OperateurDeLaMission(Operateur):
    """L'opérateur DLA."""

    site: Url = champ("Site", exige("PRO-26"), rubrique=True, aide="Imprimé sur les documents")


DEMANDEZ_LA_FICHE = (
    "Demandez sa fiche au prestataire : « dla-docs trame fiche_prestataire » la fait."
)


class Mission(Document):
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
    lignes_de: ClassVar[dict[str, tuple[int, int]]] = {
        "structures": (2, 1),
        "autres_operateurs": (1, 1),
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
        """La mission se tient elle-même."""
        return mission

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

    def _is_of_the_chosen(self, document: Document) -> bool:
        who = getattr(document, "prestataire", Prestataire())
        return bool(who.cle == self.mise_en_concurrence.retenu)

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
    def prestataire(self) -> Prestataire:
        """Le prestataire retenu ; vide tant qu'aucun ne l'est."""
        return self.sollicites().get(self.mise_en_concurrence.retenu or "", Prestataire())

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
        return (self._raw or {}).get(name) or _plain(getattr(self, name))

    def constats_propres(self) -> Iterator[Constat]:
        """Le prestataire retenu est l'un des sollicités ; sinon aucun document ne saurait le
        nommer.
        """
        chosen, known = self.mise_en_concurrence.retenu, ", ".join(self.sollicites())
        if chosen is not None and chosen not in self.sollicites():
            path = "mise_en_concurrence.retenu"
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

    @regle(exige("EC-03"), porte_sur="nature")
    def besoin_propre_a_une_structure(self) -> bool:
        """Un besoin spécifique, propre à une structure, relève de l'ingénierie individuelle."""
        count = self.nombre_de_structures or len(self.structures)
        return self.nature is not NatureIngenierie.COLLECTIVE or count != 1

    @property
    def fiche(self) -> Fiche | None:
        """La fiche au portefeuille du prestataire retenu, ou ``None``."""
        known = self._held("fiche_prestataire")
        return next((one for one in known if self._is_of_the_chosen(one)), None)

    @regle(
        exige("RX-01"),
        exige("FP-11"),
        exige("CV-14", guides="C"),
        porte_sur="documents.fiche_prestataire",
        conseil=DEMANDEZ_LA_FICHE,
    )
    def fiche_avant_la_mission(self) -> bool:
        """Un prestataire ne conduit pas de mission s'il n'a pas rempli au préalable sa fiche."""
        conducted = (
            self.reference_convention is not None or self.evenements.lancement.date is not None
        )
        return (
            self.mise_en_concurrence.retenu is None
            or not conducted
            or (self.fiche is not None and self.fiche.remplie)
        )

    @regle(
        exige("RX-02"),
        exige("FP-12"),
        exige("CV-14", guides="N"),
        porte_sur="documents.fiche_prestataire",
        conseil=DEMANDEZ_LA_FICHE,
    )
    def fiche_avant_le_paiement(self) -> bool:
        """Sans fiche dûment complétée (adresse, N° de siret…), le prestataire ne peut percevoir le
        financement de la mission.
        """
        paid = any(payment.verse_le is not None for payment in self.paiements) or (
            self.rapport is not None and self.rapport.remise.solde_verse_le is not None
        )
        return (
            self.mise_en_concurrence.retenu is None
            or not paid
            or (self.fiche is not None and self.fiche.complete)
        )

    @property
    def avancement(self) -> Avancement:
        """Où en est la mission, d'après ce qu'elle tient."""
        met, held = self.evenements, self.documents
        if met.restitution.date is not None or "rapport_final" in held:
            return Avancement.RENDUE
        if met.lancement.date is not None or self.reference_convention is not None:
            return Avancement.CONDUITE
        return (
            Avancement.COMMANDE
            if met.comite_appui.date is not None or "cahier_des_charges" in held
            else Avancement.BESOIN
        )

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

    @regle(
        exige("RX-03"),
        exige("RF-20"),
        porte_sur="paiements",
        conseil="Attendez le rapport final, ou joignez-le à la mission.",
    )
    def solde_sur_rapport(self) -> bool:
        """Le solde n'est versé que sur la pièce qu'est le rapport final."""
        return self.solde_verse_le is None or "rapport_final" in self.documents

    @regle(
        exige("NMP-01"),
        exige("PRO-12"),
        porte_sur="documents.note_mi_parcours",
        conseil="Demandez la note au prestataire, ou inscrivez-la.",
    )
    def note_a_mi_parcours(self) -> bool:
        """A minima, le prestataire envoie au DLA une note à mi-parcours : elle est là quand le
        rapport final y est.
        """
        return self.rapport is None or "note_mi_parcours" in self.documents

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
                yield from (
                    f"{place}.{name}" for name in IDENTIFIANTS if not self._agrees(document, name)
                )

    def _agrees(self, document: Document, name: str) -> bool:
        if name == "prestataire" and document.multiple:
            return True  # each proposition has its own
        said, shared = _names(getattr(document, name, None)), _names(getattr(self, name))
        return not said or not shared or said <= shared

    @regle(
        exige("RX-05"),
        porte_sur="mise_en_concurrence.sollicites",
        conseil="Le profil dit combien ; dites au DLA pourquoi il y en a plus ou moins.",
    )
    def nombre_de_sollicites(self, profil: Profil) -> bool:
        """Le nombre de prestataires sollicités est celui du profil (2 à 4 en général, 2 ou 3 en
        région Centre).
        """
        count, low, high = (
            len(self.mise_en_concurrence.sollicites),
            profil.sollicites_minimum,
            profil.sollicites_maximum,
        )
        return not count or ((low is None or low <= count) and (high is None or count <= high))

    @regle(
        exige("RX-06"),
        porte_sur="mise_en_concurrence.procedure",
        conseil="Sollicitez d'autres prestataires, au moins par un appel à compétences.",
    )
    def mise_en_concurrence_obligatoire(self) -> bool:
        """La mise en concurrence est obligatoire, au moins sous forme simplifiée."""
        return self.mise_en_concurrence.procedure is not Procedure.ABSENTE

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
        exige("RX-40"),
        porte_sur="mise_en_concurrence.sollicites",
        conseil="Demandez-lui pourquoi il ne se positionne pas.",
    )
    def refus_motive(self) -> Iterator[str]:
        """Le prestataire qui décline le dit dès réception et, dans l'appel simplifié, il en donne
        la raison.
        """
        competition = self.mise_en_concurrence
        for number, asked in enumerate(competition.sollicites):
            if (
                competition.procedure is Procedure.SIMPLIFIEE
                and asked.reponse is Suite.DECLINE
                and asked.motif is None
            ):
                yield f"mise_en_concurrence.sollicites[{number}].motif"

    @regle(exige("RX-26"), porte_sur="mise_en_concurrence.sollicites")
    def dossier_complet_au_seul_retenu(self) -> Iterator[str]:
        """En procédure simplifiée, le diagnostic et le cahier des charges complets ne vont qu'au
        prestataire retenu.
        """
        competition = self.mise_en_concurrence
        if competition.procedure is Procedure.SIMPLIFIEE:
            for number, asked in enumerate(competition.sollicites):
                if asked.dossier_complet_le is not None and asked.cle != competition.retenu:
                    yield f"mise_en_concurrence.sollicites[{number}].dossier_complet_le"

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
