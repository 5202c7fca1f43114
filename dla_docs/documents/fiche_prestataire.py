"""La fiche d'un prestataire dans le portefeuille régional : il la remplit, la renvoie par voie
électronique et la met à jour une fois par an.

Source : guide du Centre, « Un portefeuille avec quel contenu ? » (cinq rubriques ; la fiche mise en
annexe du guide n'y est plus, ses champs sont donc les nôtres) ; guide du Nord – Pas de Calais,
« Référencement des prestataires » (adresse, N° de siret, clés de recherche).
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from dla_docs.model.bloc import Bloc, is_blank
from dla_docs.model.document import Document
from dla_docs.model.fields import Nature, champ, mention, regle
from dla_docs.model.recipients import PRESTATAIRES, Destinataire
from dla_docs.model.requirement import L, Role, exige
from dla_docs.model.values import (
    Annee,
    Choix,
    Cle,
    Courriel,
    Entier,
    Jour,
    MontantParJour,
    Siret,
    Texte,
    TexteLong,
    Url,
)
from dla_docs.parties.acteurs import Adresse, Personne
from dla_docs.parties.personnes import CONTACT, INTERVENANT
from dla_docs.parties.ressources import Competence, Intervenant, Reference, Secteur, Zone

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission

PRESTATAIRE = Role.PRESTATAIRE


class Identite(Bloc):
    """Identité"""

    rubrique_1 = mention("Identité", exige("FP-01"), titre=True)

    cle: Cle = champ("Clé")
    nom: Texte = champ("Nom du prestataire")
    siret: Siret = champ("N° de siret", exige("FP-07"))
    adresse: Adresse = champ("Adresse", exige("FP-06"))
    contact: Personne = champ("Contact", personnelle=CONTACT)


class Caracteristiques(Bloc):
    """Caractéristiques"""

    rubrique_2 = mention("Caractéristiques", exige("FP-02"), titre=True)

    forme_juridique: Texte = champ("Forme juridique")
    annee_de_creation: Annee = champ("Année de création")
    presentation: TexteLong = champ("Présentation de l'activité")
    competences: tuple[Competence, ...] = champ(
        "Compétences", exige("FP-08"), conseil="Ajoutez au moins une compétence."
    )
    secteurs: tuple[Secteur, ...] = champ(
        "Secteurs d'activité", exige("FP-08"), conseil="Ajoutez au moins un secteur d'activité."
    )
    zones: tuple[Zone, ...] = champ(
        "Secteurs géographiques",
        exige("FP-08"),
        conseil="Ajoutez un département, une région, ou « France entière ».",
    )


class Experiences(Bloc):
    """Expériences dans le champ de l'accompagnement"""

    rubrique_3 = mention(
        "Expériences dans le champ de l'accompagnement", exige("FP-03"), titre=True
    )

    depuis: Annee = champ("Accompagne des structures d'utilité sociale depuis")
    methodes: TexteLong = champ("Méthodes et outils")
    references: tuple[Reference, ...] = champ("Références")


class RessourcesHumaines(Bloc):
    """Ressources Humaines"""

    rubrique_4 = mention("Ressources Humaines", exige("FP-04"), titre=True)

    effectif: Entier = champ("Nombre de personnes")
    intervenants: tuple[Intervenant, ...] = champ("Intervenants", personnelle=INTERVENANT)


class AutresInformations(Bloc):
    """Autres informations"""

    rubrique_5 = mention("Autres informations", exige("FP-05"), titre=True)

    site: Url = champ("Site")
    cout_jour: MontantParJour = champ("Coût moyen d'une journée d'intervention (TTC)")
    reseaux: TexteLong = champ("Réseaux, agréments et certifications")
    precisions: TexteLong = champ("Précisions")


class VoieDeRetour(Enum):
    """Comment la fiche revient au DLA."""

    ELECTRONIQUE = "Voie électronique"
    POSTALE = "Voie postale"


class Retour(Bloc):
    """Retour de la fiche"""

    hors_page = ("voie",)  # the receiver's to know: the page that travels does not ask for it

    adresse: Courriel = champ("Adresse de retour", exige("FP-10", L), par=Role.DLA)
    voie: Choix[VoieDeRetour] = champ("Fiche revenue par", par=Role.DLA)


class FichePrestataire(Document):
    """La fiche d'un prestataire."""

    titre = "Fiche prestataire"
    source = "Guide du Centre, « Un portefeuille avec quel contenu ? »"
    communique_a = (*PRESTATAIRES, Destinataire.DLA)
    date_par = ("mise_a_jour",)
    nature_du_document = Nature.FORMULAIRE
    alias = ("fiche type prestataire", "fiche d'identification")
    multiple = True
    un_par_sollicite = True
    textes_retires = ("retour.consigne", "retour.publicite")

    mise_a_jour: Jour = champ(
        "Date de mise à jour de la fiche",
        exige("FP-09"),
        conseil="Datez la fiche : elle est mise à jour une fois par an.",
    )
    prestataire: Identite = champ(par=PRESTATAIRE)
    caracteristiques: Caracteristiques = champ("", exige("FP-02"))
    experiences: Experiences = champ("", exige("FP-03"))
    ressources: RessourcesHumaines = champ("", exige("FP-04"))
    autres: AutresInformations = champ(par=PRESTATAIRE)
    retour: Retour = champ()

    @property
    def rubriques_vides(self) -> tuple[str, ...]:
        """Les rubriques qui ne disent rien ; « Autres informations » peut rester vide."""
        return _blanks(
            {
                "le nom du prestataire": self.prestataire.nom,
                "Caractéristiques": self.caracteristiques,
                "Expériences dans le champ de l'accompagnement": self.experiences,
                "Ressources Humaines": self.ressources,
            }
        )

    @property
    def manques_au_paiement(self) -> tuple[str, ...]:
        """Ce sans quoi le prestataire ne peut être payé : nom, siret, adresse, et ce par quoi on le
        cherche.
        """
        identity, keys = self.prestataire, self.caracteristiques
        return _blanks(
            {
                "le nom du prestataire": identity.nom,
                "le N° de siret": identity.siret,
                "le code postal": identity.adresse.code_postal,
                "la ville": identity.adresse.ville,
                "les compétences": keys.competences,
                "les secteurs d'activité": keys.secteurs,
                "les secteurs géographiques": keys.zones,
            }
        )

    def perimee(self, au: date) -> bool:
        """Vrai quand sa dernière mise à jour a plus d'un an ce jour-là."""
        return self.mise_a_jour is not None and self.mise_a_jour < _year_before(au)

    @regle(
        exige("FP-10"),
        porte_sur="retour.voie",
        conseil="Demandez-la de nouveau, à l'adresse électronique de retour.",
    )
    def retournee_par_voie_electronique(self) -> bool:
        """La fiche est à retourner impérativement à l'adresse électronique donnée, et non par
        courrier.
        """
        return self.retour.voie is not VoieDeRetour.POSTALE

    @regle(
        exige("RX-04"),
        porte_sur="mise_a_jour",
        conseil="Demandez au prestataire de la mettre à jour.",
    )
    def mise_a_jour_dans_l_annee(self, mission: Mission) -> bool:
        """Une fiche prestataire de plus d'un an, au jour où le prestataire est sollicité, est à
        mettre à jour.
        """
        asked = (
            row.date
            for row in mission.mise_en_concurrence.sollicites
            if row.cle == self.prestataire.cle
        )
        return not any(day is not None and self.perimee(day) for day in asked)


def _blanks(said: dict[str, Any]) -> tuple[str, ...]:
    return tuple(label for label, value in said.items() if is_blank(value))


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
