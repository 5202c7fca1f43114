"""La proposition d'intervention d'un prestataire, en réponse au cahier des charges.

Source : guide du Nord – Pas de Calais, « La proposition d'intervention des prestataires doit
comporter les éléments suivants » ;
guide du Centre, « Ce qu'il faut pour évaluer l'ingénierie », « Les autres éléments à préciser dans
le cahier des charges ».
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import Stade, champ, regle
from dla_docs.model.layout import Genre, colonne, ligne
from dla_docs.model.recipients import PRESTATAIRES, Destinataire
from dla_docs.model.requirement import L, R, Role, exige
from dla_docs.model.values import (
    Choix,
    Cle,
    Dates,
    Entier,
    Jour,
    Jours,
    Montant,
    Texte,
    TexteLong,
)
from dla_docs.parties.acteurs import (
    Financeur,
    OperateurAssocie,
    Prestataire,
    Structure,
    operateurs_associes,
)
from dla_docs.parties.couverture import (
    OperateurDeCouverture,
    couverture_reprise,
    financeurs_absents,
)
from dla_docs.parties.deroulement import Avancement
from dla_docs.parties.ingenierie import FAIRE_AVEC, Voie, dit_faire_a_la_place, dit_un_audit
from dla_docs.parties.ordre import dans_l_ordre
from dla_docs.parties.personnes import AGE, CONTACT, INTERVENANT
from dla_docs.parties.similarite import copied, identical
from dla_docs.profils.loading import profil_of

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.documents.cahier_des_charges import CahierDesCharges
    from dla_docs.mission import Mission


class StadeDeLaProposition(Stade):
    """Remise par le prestataire, puis reçue par le DLA, qui seul sait quand."""

    REMISE = 1
    RECUE = 2


def hors_site_finance(bloc: object, document: Proposition) -> bool:
    """Des journées hors site sont financées."""
    return (document.budget.jours_hors_site or Decimal(0)) > 0


class Couverture(Bloc):
    """Page de garde"""

    en_bref = (ligne("financeurs"),)
    pied_de_garde = True

    financeurs: tuple[Financeur, ...] = champ(
        "Logos des financeurs",
        exige("PROP-06"),
        conseil="Citez-les dans la fiche de l'opérateur, avec leur logo.",
    )


class Rappel(Bloc):
    """Rappel de la commande en bref"""

    beneficiaire: TexteLong = champ("Le bénéficiaire", exige("PROP-07"))
    problematique: TexteLong = champ("La problématique", exige("PROP-07"))
    enjeux: TexteLong = champ("Les enjeux", exige("PROP-07"))
    objectifs: TexteLong = champ("Les objectifs", exige("PROP-07"))
    mission: TexteLong = champ("La mission", exige("PROP-07"))


class Modalites(Bloc):
    """Les modalités d'intervention"""

    inscription: TexteLong = champ(
        "Inscription de l'intervention dans le plan d'accompagnement de la structure",
        exige("RX-15", guides="NP"),
        conseil=(
            "Dites à quelle action du plan d'accompagnement répond l'intervention, et ce que les "
            "autres lui apportent."
        ),
    )
    methodologie: TexteLong = champ("Méthodologie", exige("PROP-08"))
    programme: TexteLong = champ(
        "Le détail du programme et des méthodes permettant d'atteindre les objectifs",
        exige("PROP-23"),
    )
    outils: TexteLong = champ(
        "Outils proposés et prise en compte des spécificités associatives", exige("PROP-28")
    )
    personnes_ressources: TexteLong = champ(
        "Identification des personnes ressources", exige("PROP-09")
    )
    connaissance_du_secteur: TexteLong = champ("Connaissance du secteur", exige("PROP-10"))
    integration: TexteLong = champ(
        "Modalités d'intégration de la démarche par la structure", exige("PROP-22")
    )
    valeur_ajoutee: TexteLong = champ(
        "Valeur ajoutée en terme de compréhension de la problématique, réponse méthodologique et "
        "pistes de réflexions",
        exige("PROP-15"),
    )


class EtapeProposee(Bloc):
    """Une étape de l'intervention"""

    colonnes = (
        colonne("Etapes", "intitule", "objectif", largeur=1.3, numero="Etape"),
        colonne("Contenu", "contenu", largeur=1.5),
        colonne("Durée prévisionnelle", "duree", "periode", largeur=0.9),
        colonne("Justification du nombre de jours", "justification"),
    )
    prefixe: ClassVar[str] = "e"

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Intitulé de l'étape", exige("PROP-16"))
    objectif: TexteLong = champ("Objectif de l'étape", exige("PROP-16"))
    contenu: TexteLong = champ("Contenu", exige("PROP-17"))
    duree: Jours = champ("Durée prévisionnelle", exige("PROP-17"))
    periode: Dates = champ("Dates")
    justification: TexteLong = champ("Justification du nombre de jours", exige("PROP-18"))


class ProductionProposee(Bloc):
    """Une production remise à la structure"""

    colonnes = (
        colonne("Production", "intitule", largeur=1.5),
        colonne("Remise en cours ou en fin de mission", "remise"),
        colonne("Par qui, avec qui, comment ?", "modalites", largeur=1.5),
    )
    principal: ClassVar[str] = "intitule"
    prefixe: ClassVar[str] = "p"

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Production", exige("PROP-24"))
    remise: Texte = champ("Remise en cours ou en fin de mission", exige("PROP-24"))
    modalites: TexteLong = champ("Par qui, avec qui, comment ?", exige("PROP-24"))


class Intervenant(Bloc):
    """Un intervenant : son CV et ses références"""

    colonnes = (
        colonne("Intervenant", "nom", "statut", "age"),
        colonne("Formation", "formation", largeur=1.1),
        colonne("Domaine de compétences", "competences", largeur=1.1),
        colonne("Années d'expérience", "experience", largeur=0.7),
        colonne("Références", "references", largeur=1.1),
    )
    principal: ClassVar[str] = "nom"
    prefixe: ClassVar[str] = "i"

    cle: Cle = champ("Clé")
    nom: Texte = champ("Intervenant", exige("PROP-14"))
    statut: Texte = champ("Statut dans la structure", exige("PROP-14"))
    age: Entier = champ(
        "Age", personnelle=AGE
    )  # personal data that nothing needs: asked by the guide, never compulsory
    formation: TexteLong = champ("Formation", exige("PROP-14"))
    competences: TexteLong = champ("Domaine de compétences", exige("PROP-14"))
    experience: Entier = champ("Années d'expérience", exige("PROP-14"))
    references: TexteLong = champ("Références", exige("PROP-14"))


class Budget(Bloc):
    """Le nombre de jours et le budget"""

    jours: Jours = champ("Nombre de jours d'intervention", exige("PROP-11"))
    jours_site: Jours = champ("Nombre de journées proposé sur site", exige("PROP-20"))
    jours_hors_site: Jours = champ("Nombre de journées proposé hors site", exige("PROP-20"))
    contenu_hors_site: TexteLong = champ(
        "Hors site : contenu précis de ces séquences",
        exige("PROP-21"),
        exige("RX-18"),
        si=hors_site_finance,
    )
    productions_hors_site: TexteLong = champ(
        "Hors site : productions éventuelles qui y seraient attachées",
        exige("PROP-21"),
        si=hors_site_finance,
        rubrique=True,
    )
    justification_des_jours: TexteLong = champ(
        "Justification du nombre de jours", exige("PROP-18"), exige("RX-16")
    )
    montant: Montant = champ("Budget de la mission (TTC)", exige("PROP-13"))
    justification_du_cout: TexteLong = champ(
        "Justification du coût au regard du projet", exige("PROP-19"), exige("RX-17")
    )


class Calendrier(Bloc):
    """Le calendrier et les échéances"""

    planification: TexteLong = champ(
        "Planification de l'intervention", exige("PROP-12"), exige("PROP-25")
    )
    debut: Jour = champ("Début de l'intervention", exige("PROP-25"))
    fin: Jour = champ("Fin de l'intervention", exige("PROP-25"))


class Proposition(Document):
    """La proposition d'intervention d'un prestataire."""

    titre = "Proposition d'intervention"
    source = "Guide du Nord – Pas de Calais, « La proposition d'intervention des prestataires »"
    communique_a = (Destinataire.STRUCTURE, *PRESTATAIRES, Destinataire.DLA)
    alias = ("fiche projet",)
    stades = StadeDeLaProposition
    stade_du = ((Avancement.CHOIX, StadeDeLaProposition.RECUE),)
    multiple = True
    un_par_sollicite = True
    genre = Genre.DOSSIER
    en_entier = ("prestataire",)
    vaut_reponse = "Proposition"
    tient_du_sollicite: ClassVar[dict[str, str]] = {"voie": "voie", "recue_le": "recue_le"}
    offert = ("",)
    hors_page = ("profil", "stade", "voie", "recue_le")  # the guide's cover has none of them
    signatures = ("Le prestataire",)

    operateur: OperateurDeCouverture = champ(
        "Structure porteuse du DLA et nom du DLA", exige("PROP-01")
    )
    autres_operateurs: tuple[OperateurAssocie, ...] = operateurs_associes()
    structures: tuple[Structure, ...] = champ("Nom de la structure à accompagner", exige("PROP-02"))
    date: Jour = champ("Date d'écriture de la proposition d'intervention", exige("PROP-03"))
    prestataire: Prestataire = champ(
        "Coordonnées de votre structure", exige("PROP-05"), par=Role.PRESTATAIRE
    )
    contact: Texte = champ("Nom du contact", exige("PROP-04"), personnelle=CONTACT)
    voie: Choix[Voie] = champ("Voie de transmission", exige("PROP-26", L))
    recue_le: Jour = champ("Proposition reçue le", exige("PROP-26", L), par=Role.CHARGE_DE_MISSION)
    couverture: Couverture = champ()
    rappel: Rappel = champ()
    modalites: Modalites = champ()
    etapes: tuple[EtapeProposee, ...] = champ(
        "Les étapes de l'intervention",
        exige("PROP-16"),
        conseil="Détaillez l'intervention étape par étape.",
    )
    productions: tuple[ProductionProposee, ...] = champ(
        "Les productions qui seront remises à la structure", exige("PROP-24")
    )
    budget: Budget = champ()
    calendrier: Calendrier = champ()
    intervenants: tuple[Intervenant, ...] = champ(
        "Le CV et les références des intervenants", exige("PROP-14"), personnelle=INTERVENANT
    )

    @property
    def a_rendre_le(self) -> datetime.date | None:
        """La proposition est attendue à la date limite de réponse."""
        order = _commande(self._mission) if self._mission is not None else None
        return order.reponse.date_limite if order else None

    @classmethod
    def depuis(cls, mission: Mission) -> dict[str, Any]:
        """La proposition reprend les financeurs de l'opérateur, pour sa page de garde."""
        financeurs = profil_of(mission).logos_du(mission.jour).financeurs
        return {"couverture": couverture_reprise(cls, mission.entete(cls), financeurs)}

    @classmethod
    def pour(cls, mission: Mission, cle: str) -> dict[str, Any]:
        """La personne à joindre est celle que l'on connaît de ce prestataire ; la réception est
        celle que note la mission.
        """
        known = mission.sollicites().get(cle) or Prestataire()
        return {**super().pour(mission, cle), "contact": known.contact.nom}

    @property
    def rapport_final_le(self) -> datetime.date | None:
        """La date où la mission, donc son rapport final, est promise."""
        return self.calendrier.fin

    @regle(
        exige("RX-16"),
        porte_sur="budget.jours",
        conseil="Justifiez le nombre de jours, ou ramenez-le dans la fourchette.",
    )
    def jours_dans_la_fourchette(self, mission: Mission) -> bool:
        """Le nombre de jours proposé est dans la fourchette du cahier des charges, ou l'écart est
        justifié.
        """
        order = _commande(mission)
        days = self.budget.jours
        if order is None or days is None or self.budget.justification_des_jours is not None:
            return True
        low, high = order.conditions.jours_minimum, order.conditions.jours_maximum
        return (low is None or low <= days) and (high is None or days <= high)

    @regle(porte_sur="etapes", conseil="Corrigez la durée d'une étape, ou le nombre de jours.")
    def jours_additionnes(self) -> bool:
        """Le nombre de jours proposé est la somme des durées des étapes."""
        durations = [step.duree for step in self.etapes if step.duree is not None]
        return self.budget.jours is None or not durations or sum(durations) == self.budget.jours

    @regle(
        porte_sur="budget.jours_hors_site",
        conseil="Corrigez l'un des trois nombres de jours.",
    )
    def jours_repartis(self) -> bool:
        """Les journées sur site et hors site s'additionnent au nombre de jours proposé."""
        whole, *parts = self.budget.jours, self.budget.jours_site, self.budget.jours_hors_site
        said = [part for part in parts if part is not None]
        return whole is None or len(said) < len(parts) or sum(said) == whole

    calendrier_ordonne = dans_l_ordre(
        "L'intervention finit après avoir commencé.", "calendrier.debut", "calendrier.fin"
    )
    recue_une_fois_ecrite = dans_l_ordre(
        "Une proposition est reçue une fois écrite.", "date", "recue_le"
    )

    @regle(
        exige("RX-17"),
        porte_sur="budget.montant",
        conseil="Justifiez ce coût au regard du projet.",
    )
    def cout_rapproche_du_cout_moyen(self, mission: Mission) -> bool:
        """Un coût par jour au-dessus du coût moyen que rappelle le cahier des charges est justifié
        au regard du projet.
        """
        order, asked = _commande(mission), self.budget
        average = order.conditions.cout_moyen if order else None
        if average is None or not asked.jours or asked.montant is None:
            return True
        return bool(asked.montant / asked.jours <= average) or bool(asked.justification_du_cout)

    @regle(exige("RX-19"), porte_sur="rappel", conseil="Dites la commande avec vos propres mots.")
    def rappel_recopie(self, mission: Mission) -> Iterator[str]:
        """Le rappel de la commande n'est pas un copier-coller du cahier des charges."""
        return (path for path, text, said in self._recalled(mission) if identical(text, said))

    @regle(
        exige("RX-19", R), porte_sur="rappel", conseil="Dites la commande avec vos propres mots."
    )
    def rappel_reformule(self, mission: Mission) -> Iterator[str]:
        """Le rappel de la commande ne ressemble pas de trop près au cahier des charges."""
        return (
            path
            for path, text, said in self._recalled(mission)
            if copied(text, said) and not identical(text, said)
        )

    def _recalled(self, mission: Mission) -> Iterator[tuple[str, str, list[str]]]:
        order = _commande(mission)
        said = [] if order is None else [text for text in _texts(order) if text]
        for name in type(self.rappel).model_fields:
            yield f"rappel.{name}", getattr(self.rappel, name) or "", said

    @regle(
        exige("RX-34", guides="N"),
        porte_sur="modalites",
        conseil="Dites ce que la structure fera elle-même, et écartez le mot « audit ».",
    )
    def pas_un_audit(self) -> Iterator[str]:
        """L'intervention proposée n'est pas un audit : il s'agit de « faire avec » et non de
        « faire ».
        """
        return (path for path, text in self._approach() if dit_un_audit(text))

    @regle(exige("RX-34"), porte_sur="modalites", conseil=FAIRE_AVEC)
    def faire_avec(self) -> Iterator[str]:
        """Il s'agit de « faire avec » la structure, et non de faire à sa place."""
        return (path for path, text in self._approach() if dit_faire_a_la_place(text))

    def _approach(self) -> Iterator[tuple[str, str | None]]:
        """What the proposition says it will do, and where."""
        yield "rappel.mission", self.rappel.mission
        yield "modalites.methodologie", self.modalites.methodologie
        yield "modalites.programme", self.modalites.programme
        for number, step in enumerate(self.etapes):
            yield f"etapes[{number}].intitule", step.intitule

    @regle(
        exige("RX-21"),
        exige("PROP-06"),
        porte_sur="couverture.financeurs",
        conseil="Complétez la fiche de l'opérateur : un logo par financeur.",
    )
    def logos_des_financeurs(self) -> Iterator[str]:
        """Les logos de la page de garde sont ceux des quatre financeurs, le Conseil Général étant
        celui du département de l'opérateur.
        """
        return financeurs_absents(self)

    @regle(
        exige("RX-22"),
        porte_sur="productions",
        conseil="Ajoutez la production que le cahier des charges demande.",
    )
    def productions_demandees_proposees(self, mission: Mission) -> bool:
        """Les productions demandées par le cahier des charges sont proposées."""
        order = _commande(mission)
        asked = {item.cle for item in order.commande.productions} if order else set()
        return asked <= {item.cle for item in self.productions}

    @regle(
        exige("RX-23"),
        porte_sur="calendrier.fin",
        conseil="Ramenez le calendrier dans l'échéancier du cahier des charges.",
    )
    def calendrier_dans_l_echeancier(self, mission: Mission) -> bool:
        """Le calendrier proposé tient dans l'échéancier du cahier des charges."""
        order = _commande(mission)
        if order is None:
            return True
        starts, ends = order.conditions.debut, order.conditions.fin
        late = self.calendrier.fin is not None and ends is not None and self.calendrier.fin > ends
        early = (
            self.calendrier.debut is not None
            and starts is not None
            and self.calendrier.debut < starts
        )
        return not late and not early

    @regle(
        exige("RX-24"),
        porte_sur="recue_le",
        des=StadeDeLaProposition.RECUE,
        conseil="Corrigez la date, ou reportez pour tous la date limite de réponse.",
    )
    def recue_a_temps(self, mission: Mission) -> bool:
        """La proposition est reçue au plus tard à la date limite de réponse."""
        order = _commande(mission)
        told = order.reponse.date_limite if order else None
        limit = told or mission.mise_en_concurrence.date_limite
        return limit is None or self.recue_le is None or self.recue_le <= limit


def propositions_retenues(mission: Mission) -> tuple[Proposition, ...]:
    """La proposition retenue ; de chaque prestataire retenu, pour ce qui leur est commun."""
    return mission.de_chacun(lambda seen: seen.retenue(Proposition))


def _commande(mission: Mission) -> CahierDesCharges | None:
    from dla_docs.documents.cahier_des_charges import CahierDesCharges

    return mission.premier(CahierDesCharges)


def _texts(order: CahierDesCharges) -> Iterator[str | None]:
    yield from (order.demande.beneficiaire, order.demande.problematique, order.demande.enjeux)
    yield from (
        order.objectifs.theme,
        order.objectifs.general,
        order.commande.mission,
        order.commande.contenu,
    )
    yield from (goal.intitule for goal in order.objectifs.operationnels)
