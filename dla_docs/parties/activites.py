"""L'arbre du référentiel d'activités (guide du Centre) : 11 fonctions, 47 activités, les axes de
bilan, mot pour mot ; le DLA y porte ses % temps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import model_validator

from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import champ
from dla_docs.model.layout import colonne
from dla_docs.model.requirement import Exigence, exige
from dla_docs.model.values import Cle, Pourcentage, TexteLong
from dla_docs.raw import overlay

ACTIVITES: Mapping[str, tuple[str, ...]] = {
    "accueil": (
        "Identification/accueil/ information/ Orientation et mise en relation avec d'autres "
        "partenaires si utile",
        "Réalisation sur site du diagnostic partagé avec une structure",
        "Diagnostic collectif (animation et organisation)",
        "Recherche et exploitation d'informations",
        "Rédaction du diagnostic et de la proposition du plan d'accompagnement",
        "Suivi de la validation du diagnostic et du plan d'accompagnement par les instances "
        "dirigeantes",
    ),
    "ingenieries": (
        "Identification des prestataires et de leurs compétences",
        "Veille à l'adéquation de ce portefeuille de ressources avec les besoins",
        "Définition d'un plan d'accompagnement",
        "Rédaction d'un cahier des charges",
        "Sélection de prestataires",
        "Mise en œuvre conventionnelle de la prestation",
        "Suivi de la réalisation de la mission / ajustements si nécessaires",
    ),
    "parcours": (
        "Prise de contact avec la structure pour le bilan de l'ingénierie",
        "Questionnement sur la base d'un outil de diagnostic post-accompagnement pour un nb de "
        "structures identifiées (mesure d'impact)",
        "Rédaction des synthèses de suivi pour transmission à la structure et aux partenaires "
        "concernés",
        "Conduite d'enquête de satisfaction",
        "Mise à jour et amélioration des outils",
    ),
    "comite_appui": (
        "Mobiliser une variété d'expertises au service du développement et de la consolidation",
        "Animer une instance réactive, efficace",
        "Identifier les enjeux locaux et les enjeux par filières",
    ),
    "instances": (
        "Ancrer les solutions de développement sur les territoires en relation étroite avec les "
        "réseaux associatifs, les décideurs locaux et les acteurs de l'accompagnement",
        "Transmettre les informations utiles à l'enrichissement des diagnostics et du plan "
        "d'accompagnement",
        "Rendre compte des résultats et valoriser l'apport des experts",
        "Apporter des éléments d'information sur le dispositif, sur une structure dans le respect "
        "des règles définies avec celle-ci.",
    ),
    "pilotage": (
        "Transmission d'informations utiles pour les décisions du comité de pilotage "
        "départemental par utilisation et exploitation d'Enée, notamment.",
        "Préparation technique des comités de pilotage et soutien à l'animation au niveau "
        "départemental",
        "Transmission d'informations utiles aux pilotes régionaux, via le C2RA",
        "Participation technique à l'ancrage territorial du DLA et à l'élargissement de ses "
        "partenaires par des opérations de communication, des rencontres, des séminaires de bilan "
        "partagé…",
        "Négociation et réflexion sur des programmes d'activité complémentaires pour de nouveaux "
        "financeurs",
        "Participation aux processus d'évaluation mis en œuvre par les différents niveaux de "
        "pilotage.",
    ),
    "regional": (
        "Participation aux groupes de travail filières/réseaux/thématiques avec le C2RA en "
        "fonction des orientations prioritaires définies sur le département et au niveau régional.",
    ),
    "national": (
        "Réponse aux enquêtes adressées par le niveau national",
        "Appropriation et utilisation des informations diffusées par le niveau national",
        "Coopération avec les CNAR et l'Avise (demande d'informations sur les filières/réponse "
        "aux études ou questionnaires)",
    ),
    "regulation": (
        "Suivi et gestion des fonds",
        "Maîtrise de l'outil Enée et saisie régulière des données",
        "Suivi et analyse des résultats",
        "Elaboration des dossiers de demande de subventions (dont FSE)",
        "Rédaction de rapports et bilans d'activité",
        "Préparation à la négociation conventionnelle sur la base d'un projet partagé pour le DLA",
        "Planification des objectifs et des moyens à mettre en œuvre",
        "Articulation/coordination entre 2 chargés de mission et avec la direction",
    ),
    "reseau": (
        "Transmission d'informations utiles à la capitalisation et à la communication",
        "Co construction de démarches, méthodes et outils en réunion collective.",
        "Travail d'élaboration de démarches, méthodes et outils, sur site, avec le C2RA",
    ),
    "formations": ("Présence aux journées initiées par L'Avise",),
}
"""Les activités de chaque fonction."""


class Activite(Bloc):
    """Une activité"""

    prefixe: ClassVar[str] = "a"
    principal: ClassVar[str] = "intitule"
    lignes_closes: ClassVar[bool] = True

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Activité")


class Fonction(Bloc):
    """Une fonction : la part du temps qu'elle prend, ses activités"""

    temps: Pourcentage = champ(
        "% temps",
        exige("REF-03"),
        conseil=(
            "Donnez la part du temps de travail, en pourcentage ; 0 % si la fonction n'est pas "
            "exercée."
        ),
    )
    activites: tuple[Activite, ...] = champ("Activités", exige("REF-44"))


class Axe(Bloc):
    """Un axe de bilan"""

    colonnes = (colonne("Axe", "axe", largeur=1.4), colonne("Bilan", "bilan", largeur=1.2))
    prefixe: ClassVar[str] = "x"
    principal: ClassVar[str] = "axe"
    lignes_closes: ClassVar[bool] = True

    cle: Cle = champ("Clé")
    axe: TexteLong = champ("Axe")
    bilan: TexteLong = champ("Bilan")


class MissionDuDla(Bloc):
    """Une mission du référentiel : ses fonctions, dont chacune tient d'emblée ses activités, puis
    ses axes de bilan
    """

    colonnes = (
        colonne("fonctions", largeur=1.4),
        colonne("% temps", largeur=0.6),
        colonne("Activités", largeur=3),
    )

    @model_validator(mode="before")
    @classmethod
    def _with_activities(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        filled = {name: _filled(data.get(name), ACTIVITES[name]) for name in cls.fonctions()}
        usual = list(cls.model_fields["axes"].default)
        return {**data, **filled, "axes": overlay(usual, data.get("axes"), Axe.prefixe)}

    @classmethod
    def fonctions(cls) -> list[str]:
        """Les noms de ses fonctions, dans l'ordre du référentiel."""
        return [name for name in cls.model_fields if name in ACTIVITES]

    def temps(self) -> Iterator[Decimal]:
        """Les % temps de ses fonctions, ceux qui sont dits."""
        said = (getattr(self, name).temps for name in self.fonctions())
        return (share for share in said if share is not None)


def axes_de_bilan(libelle: str, exigence: Exigence, *textes: str) -> Any:
    """Les axes de bilan d'une mission, tels que le référentiel les imprime ; le bilan de chacun
    reste à écrire.
    """
    return champ(
        libelle,
        exigence,
        defaut=tuple({"cle": f"x{rank}", "axe": text} for rank, text in enumerate(textes, 1)),
    )


def _filled(fonction: Any, activities: tuple[str, ...]) -> Any:
    if fonction is not None and not isinstance(fonction, Mapping):
        return fonction  # pydantic says what is wrong with it
    said = fonction or {}
    return said if said.get("activites") else {**said, "activites": list(activities)}
