"""Le diagnostic partagé avec la structure, rédigé par le ou la chargé(e) de mission DLA après une
réalisation sur site.

Source : guide du Centre, « La place de l'ingénierie dans le plan d'accompagnement » ; référentiel
d'activités du Centre, « Mission 1 » ; guide du Nord – Pas de Calais et fiche de Provence-Alpes-Côte
d'Azur pour la confidentialité. Aucun guide n'en donne de modèle : un diagnostic tient bien d'autres
constats, que le document laisse ajouter. Sous forme de synthèse, les détails ne sont pas imprimés.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import champ, regle
from dla_docs.model.layout import colonne
from dla_docs.model.recipients import TOUS
from dla_docs.model.requirement import exige
from dla_docs.model.values import Choix, Cle, Dates, Jour, Texte, TexteLong
from dla_docs.parties.acteurs import (
    Operateur,
    OperateurAssocie,
    Personne,
    Structure,
    operateurs_associes,
)
from dla_docs.parties.collectif import collective
from dla_docs.parties.diagnostic import (
    Besoin,
    Bilan,
    Comite,
    Confidentialite,
    FormeDiagnostic,
    Validation,
    valide_avant_etabli,
    valide_le,
)
from dla_docs.parties.ingenierie import NatureIngenierie
from dla_docs.parties.personnes import RENCONTREE
from dla_docs.parties.plan import Action

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission


def complet(bloc: object, document: DiagnosticPartage) -> bool:
    """Forme complète, ou qui n'est pas encore dite."""
    return document.forme is not FormeDiagnostic.SYNTHESE


class Realisation(Bloc):
    """La réalisation du diagnostic"""

    sur_site: Dates = champ("Réalisation sur site", exige("DP-11"))
    rencontres: tuple[Personne, ...] = champ(
        "Personnes rencontrées", si=complet, personnelle=RENCONTREE
    )
    sources: TexteLong = champ("Recherche et exploitation d'informations", si=complet)
    collectif: TexteLong = champ(
        "Diagnostic collectif (animation et organisation)", exige("DP-06"), si=collective
    )
    participation: TexteLong = champ(
        "Libre adhésion de la structure et participation à chaque étape", exige("DP-08")
    )
    partage_le: Jour = champ("Partagé avec la structure le", exige("PRO-02"))


class AutreConstat(Bloc):
    """Un autre constat du diagnostic"""

    colonnes = (
        colonne("Thème", "theme"),
        colonne("Fait", "fait", largeur=2.4),
        colonne("Source", "source", largeur=1.2),
    )
    prefixe: ClassVar[str] = "c"

    cle: Cle = champ("Clé")
    theme: Texte = champ("Thème", exemples=("Gouvernance", "Emploi", "Finances", "Partenariats"))
    fait: TexteLong = champ("Fait")
    source: Texte = champ("Source")


class DiagnosticPartage(Document):
    """Le diagnostic partagé avec la structure."""

    titre = "Diagnostic partagé"
    source = "Guide du Centre, « La place de l'ingénierie dans le plan d'accompagnement »"
    communique_a = TOUS
    du_dossier_complet = True
    signatures = ("Le ou la chargé(e) de mission DLA", "La structure")
    textes_retires = ("confidentialite.obligation",)

    operateur: Operateur = champ("DLA")
    autres_operateurs: tuple[OperateurAssocie, ...] = operateurs_associes()
    structures: tuple[Structure, ...] = champ("Structures bénéficiaires")
    nature: Choix[NatureIngenierie] = champ("Nature de l'ingénierie")
    forme: Choix[FormeDiagnostic] = champ("Forme du diagnostic", exige("DP-03"))
    date: Jour = champ("Date")
    realisation: Realisation = champ()
    presentation: TexteLong = champ("La structure et ses activités", si=complet)
    bilan: Bilan = champ()
    besoins: tuple[Besoin, ...] = champ(
        "Les problématiques à traiter et les besoins d'accompagnement"
    )
    autres_constats: tuple[AutreConstat, ...] = champ("Autres constats", si=complet)
    preconisations: TexteLong = champ("Préconisations", exige("DP-10"))
    synthese: TexteLong = champ(
        "Synthèse du diagnostic", aide="Ce que le cahier des charges en reprend"
    )
    comite: Comite = champ()
    plan_propose: tuple[Action, ...] = champ("Proposition du plan d'accompagnement", exige("DP-04"))
    validations: tuple[Validation, ...] = champ(
        "Validation du diagnostic et du plan d'accompagnement par les instances dirigeantes",
        exige("DP-05"),
    )
    confidentialite: Confidentialite = champ()

    @classmethod
    def depuis(cls, mission: Mission) -> dict[str, Any]:
        """Le diagnostic reprend de la mission l'avis du comité d'appui et les règles de diffusion
        définies avec la structure.
        """
        held = mission.evenements.comite_appui
        comite = {
            "date": held.date,
            "presents": [person.model_dump() for person in held.presents],
            "avis": held.avis,
        }
        return {
            "comite": comite,
            "confidentialite": {"regles_de_diffusion": held.regles_de_diffusion},
        }

    @regle(
        exige("DP-03"),
        porte_sur="synthese",
        conseil="Écrivez la synthèse, ou joignez le diagnostic complet.",
    )
    def synthese_ecrite(self) -> bool:
        """Un diagnostic présenté sous forme de synthèse tient cette synthèse."""
        return self.forme is not FormeDiagnostic.SYNTHESE or self.synthese is not None

    @regle(exige("DP-05"), porte_sur="validations", conseil="Vérifiez les deux dates.")
    def valide_une_fois_redige(self) -> Iterator[str]:
        """Les instances dirigeantes valident le diagnostic une fois qu'il est rédigé."""
        yield from valide_avant_etabli(self.validations, self.date)

    @regle(
        exige("RX-35"),
        porte_sur="validations",
        conseil="Datez la validation dans le diagnostic ; le cahier des charges la reprend.",
    )
    def meme_validation_que_la_commande(self, mission: Mission) -> bool:
        """Le diagnostic est validé par les instances dirigeantes avant le cahier des charges, qui
        en dit la même date.
        """
        order = mission.commande
        return order is None or order.diagnostic.valide_le in (None, valide_le(self.validations))

    @regle(
        exige("RX-20", guides="PA"),
        porte_sur="confidentialite.communications",
        conseil="Demandez l'accord de la structure et datez-le.",
    )
    def accord_avant_de_communiquer(self) -> Iterator[str]:
        """Les informations rassemblées ne sont pas diffusées sans accord préalable de la structure
        bénéficiaire.
        """
        for number, row in enumerate(self.confidentialite.communications):
            if row.accord_le is None or (row.date is not None and row.accord_le > row.date):
                yield f"confidentialite.communications[{number}].accord_le"

    @regle(
        exige("RX-20", guides="N"),
        porte_sur="confidentialite.communications",
        conseil="Ne communiquez pas ces informations.",
    )
    def aucune_diffusion(self) -> bool:
        """Les informations rassemblées par le DLA et le prestataire ne doivent, en aucun cas, être
        diffusées.
        """
        return not self.confidentialite.communications
