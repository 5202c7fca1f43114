"""La convention tripartite : le DLA, l'association et le prestataire y disent comment la mission se
fait et à quoi chacun s'engage.

Source : guide du Nord – Pas de Calais, « Réalisation de la mission » ; fiche de
Provence-Alpes-Côte d'Azur, « Réalisation de la mission » ; guide du Centre, « L'appel à compétence
simplifié ». Aucun guide n'en
donne le texte : seuls les éléments qu'ils nomment sont vérifiés, les autres articles sont libres.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dla_docs.documents.cahier_des_charges import CahierDesCharges
from dla_docs.documents.diagnostic_partage import DiagnosticPartage
from dla_docs.documents.grille_de_lecture import GrilleDeLecture
from dla_docs.documents.proposition import Proposition
from dla_docs.model.document import Document
from dla_docs.model.fields import champ, regle
from dla_docs.model.layout import Genre, Signataire
from dla_docs.model.recipients import PARTIES
from dla_docs.model.requirement import Role, exige
from dla_docs.model.values import Reponse, Texte
from dla_docs.parties.acteurs import (
    Operateur,
    OperateurAssocie,
    Personne,
    Prestataire,
    Structure,
    operateurs_associes,
)
from dla_docs.parties.conventionnement import (
    Annexe,
    Article,
    Avenant,
    Confidentialite,
    Diffusion,
    Engagements,
    Modalites,
    ModeDeSuivi,
    Modification,
    Prix,
    Selection,
    Signature,
    StadeDeLaConvention,
    versements_repris,
)
from dla_docs.parties.deroulement import NatureDePaiement
from dla_docs.parties.ordre import dans_l_ordre
from dla_docs.parties.personnes import CONSULTANT

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission


class ConventionTripartite(Document):
    """La convention tripartite d'une mission."""

    titre = "Convention tripartite"
    source = "Guide du Nord – Pas de Calais, « Réalisation de la mission »"
    communique_a = PARTIES
    date_par = ()  # the days of its signatures
    alias = ("convention",)
    stades = StadeDeLaConvention
    genre = Genre.CONTRAT
    signataires = (
        Signataire("Le DLA", "operateur", "charge_de_mission", "signature.dla_le"),
        Signataire("L'association", "structures", "responsable", "signature.structure_le"),
        Signataire("Le prestataire", "prestataire", "contact", "signature.prestataire_le"),
    )
    reprend_apres = ("demande_de_modification",)
    apres_coup = ("modification.modifiee", "modification.avenants")
    cles_retirees = ("dispositif",)
    textes_retires = tuple(f"dispositif.objectif_{number}" for number in range(1, 9))

    reference_convention: Texte = champ("Référence de la convention", exige("CV-04"))
    operateur: Operateur = champ("Le DLA", exige("CV-01"))
    autres_operateurs: tuple[OperateurAssocie, ...] = operateurs_associes("Les autres DLA")
    structures: tuple[Structure, ...] = champ("L'association", exige("CV-01"))
    prestataire: Prestataire = champ("Le prestataire", exige("CV-01"))
    consultant: Personne = champ("Consultant", personnelle=CONSULTANT)
    modalites: Modalites = champ()
    engagements: Engagements = champ()
    confidentialite: Confidentialite = champ()
    prix: Prix = champ()
    articles: tuple[Article, ...] = champ("Autres articles")
    annexe: Annexe = champ("", par=Role.DLA)
    modification: Modification = champ()
    choix: Selection = champ()
    signature: Signature = champ()

    @classmethod
    def depuis(cls, mission: Mission) -> dict[str, Any]:
        """La convention reprend le prix, les dates, les étapes et l'annexe de la proposition
        retenue, l'échéancier des paiements de la mission, et les avenants que nomment les demandes
        de modification acceptées.
        """
        order, shared = mission.premier(CahierDesCharges), mission.premier(DiagnosticPartage)
        rules = shared.confidentialite.regles_de_diffusion if shared else None
        goal = {"modalites": {"objectif": order.objectifs.general}} if order else {}
        paid = {"prix": {"versements": versements_repris(mission.paiements)}}
        found = {
            "confidentialite": {"regles_de_diffusion": rules},
            "choix": _chosen(mission),
            "modification": _notified(mission),
            **paid,
            **goal,
        }
        return _with_offer(found, mission.retenue(Proposition))

    @regle(
        exige("CV-15"),
        porte_sur="signature",
        conseil="Signez la convention après le choix, et après les précisions demandées.",
    )
    def signee_apres_le_choix(self) -> Iterator[str]:
        """La convention est signée après le choix du prestataire
        et après les précisions demandées."""
        before = [
            day for day in (self.choix.retenu_le, self.choix.precisions_le) if day is not None
        ]
        for name in Signature.model_fields:
            signed = getattr(self.signature, name)
            if signed is not None and any(signed < day for day in before):
                yield f"signature.{name}"

    @regle(
        porte_sur="prix.montant",
        conseil="Faites une convention par prestataire retenu (« prestataire: » et sa clé), ou "
        "écrivez le prix, les versements et l'annexe de tous.",
    )
    def prix_de_tous(self, mission: Mission) -> bool:
        """Le prix d'une convention commune à plusieurs prestataires n'est pas celui d'un seul."""
        common = len(mission.retenus) > 1 and self.prestataire.cle is None
        offers = [one for one in mission.tous(Proposition) if not one.ecarte] if common else []
        prices = [one.budget.montant for one in offers]
        return len(prices) < 2 or self.prix.montant not in prices

    def parle_d_un_seul(self, mission: Mission) -> bool:
        """Vrai quand son prix est celui de l'offre d'un seul : les autres n'ont pas à le lire."""
        return not self.prix_de_tous(mission)

    dates_ordonnees = dans_l_ordre(
        "La mission finit après avoir commencé.", "modalites.debut", "modalites.fin"
    )

    @regle(
        porte_sur="prix.versements",
        conseil="Répartissez le prix entier entre les versements.",
    )
    def versements_additionnes(self) -> bool:
        """Les versements s'additionnent au tarif définitif."""
        paid = [row.montant for row in self.prix.versements if row.montant is not None]
        complete = bool(paid) and len(paid) == len(self.prix.versements)
        return (
            self.prix.montant is None or not complete or sum(paid, Decimal(0)) == self.prix.montant
        )

    @regle(
        exige("CV-12"),
        porte_sur="prix.versements",
        conseil="Terminez l'échéancier par le solde, versé contre le rapport final.",
    )
    def solde_en_dernier(self) -> bool:
        """L'échéancier des versements finit par un solde, que le rapport final permet de verser."""
        natures = [row.nature for row in self.prix.versements]
        return natures.count(NatureDePaiement.SOLDE) == 1 and natures[-1] is NatureDePaiement.SOLDE

    @regle(
        exige("CV-10"),
        porte_sur="engagements.suivi",
        conseil="Choisissez la note à mi-parcours, seule ou avec la grille de suivi.",
    )
    def note_a_mi_parcours_prevue(self) -> bool:
        """A minima, le prestataire s'engage à envoyer une note à mi-parcours."""
        return self.engagements.suivi in (ModeDeSuivi.NOTE, ModeDeSuivi.LES_DEUX)

    @regle(
        exige("RX-20", guides="N"),
        exige("CV-13", guides="N"),
        porte_sur="confidentialite.diffusion",
        conseil="Choisissez « Aucune diffusion ».",
    )
    def aucune_diffusion(self) -> bool:
        """Les informations rassemblées par le DLA et le prestataire ne doivent, en aucun cas, être
        diffusées.
        """
        return self.confidentialite.diffusion is Diffusion.AUCUNE

    @regle(
        exige("RX-20", guides="P"),
        exige("CV-13", guides="P"),
        porte_sur="confidentialite.diffusion",
        conseil="Choisissez « Aucune diffusion » ou « Avec l'accord préalable ».",
    )
    def accord_avant_de_diffuser(self) -> bool:
        """Les informations rassemblées ne sont pas diffusées sans accord préalable de la structure
        bénéficiaire.
        """
        return self.confidentialite.diffusion in (Diffusion.AUCUNE, Diffusion.SUR_ACCORD)

    @regle(
        exige("RX-20", guides="A"),
        porte_sur="confidentialite.diffusion",
        conseil="Dites si, et selon quelles règles, une information est diffusée.",
    )
    def regles_de_diffusion_definies(self) -> bool:
        """Une information sur la structure n'est diffusée que dans le respect des règles définies
        avec celle-ci.
        """
        chosen = self.confidentialite
        return chosen.diffusion is not None and (
            chosen.diffusion is not Diffusion.REGLES or chosen.regles_de_diffusion is not None
        )

    @regle(
        exige("RX-32"),
        porte_sur="prix.montant",
        conseil="Annexez le projet négocié : son prix et sa date sont ceux de la convention.",
    )
    def projet_retenu_annexe(self, mission: Mission) -> Iterator[str]:
        """La convention annexe le projet retenu, et son prix est celui du projet négocié."""
        offers = list(_offers(mission, self.prestataire.cle))
        prices = [offer.budget.montant for offer in offers]
        total = sum((price for price in prices if price is not None), Decimal(0))
        if offers and self.prix.montant not in (*prices, total):
            yield "prix.montant"
        if offers and self.annexe.date not in [offer.date for offer in offers]:
            yield "annexe.date"


def _offers(mission: Mission, cle: str | None) -> Iterator[Proposition]:
    """The retained proposition; of a convention that names none of several, that of each."""
    for _, seen in ((cle, mission),) if cle else mission.vues_des_retenus():
        offer = seen.retenue(Proposition)
        if offer is not None:
            yield offer


def _with_offer(found: dict[str, Any], offer: Proposition | None) -> dict[str, Any]:
    """What the retained proposition says: the order's own goal stays beside it."""
    if offer is None:
        return found
    plan, cost = offer.calendrier, offer.budget
    work = {
        "deroulement": plan.planification,
        "nombre_d_etapes": len(offer.etapes) or None,
        "jours": cost.jours,
        "debut": plan.debut,
        "fin": plan.fin,
    }
    annexed = {
        "projet": f"{offer.titre} – {offer.prestataire.nom}"
        if offer.prestataire.nom
        else offer.titre,
        "date": offer.date,
    }
    return {
        **found,
        "modalites": {**found.get("modalites", {}), **work},
        "prix": {**found["prix"], "montant": cost.montant},
        "annexe": annexed,
    }


def _notified(mission: Mission) -> dict[str, Any]:
    """What was decided in the course of the mission: the convention has only to date it."""
    if not mission.avenants:
        return {}
    return {
        "modifiee": Reponse.OUI.value,
        "avenants": [
            {"cle": f"{Avenant.prefixe}{number}", "intitule": name}
            for number, name in enumerate(mission.avenants, 1)
        ],
    }


def _chosen(mission: Mission) -> dict[str, Any]:
    """The day of the choice, and of the details received, as the reading grid holds them."""
    grid = mission.premier(GrilleDeLecture)
    if grid is None:
        return {}
    own = next((row for row in grid.projets if row.cle == mission.mise_en_concurrence.retenu), None)
    return {
        "retenu_le": grid.concertation.date,
        "precisions_le": own.precisions.recues_le if own else None,
    }
