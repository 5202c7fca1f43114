"""Le référentiel d'activités du ou de la chargé(e) de mission DLA : ses missions, leurs fonctions,
la part du temps que prend chacune.

Source : référentiel d'activités du Centre. Les 4 missions, les 11 fonctions, les 47 activités et
les axes de bilan sont écrits d'avance, mot pour mot (``dla_docs/parties/activites.py``) ; le DLA y
porte ses % temps, et ajuste les activités s'il le faut.
"""

from __future__ import annotations

from typing import ClassVar

from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import champ, mention, regle
from dla_docs.model.layout import colonne
from dla_docs.model.recipients import Destinataire
from dla_docs.model.requirement import R, exige
from dla_docs.model.values import Annee, Cle, Texte, TexteLong
from dla_docs.parties.acteurs import Operateur
from dla_docs.parties.activites import Axe, Fonction, MissionDuDla, axes_de_bilan


class Etat(Bloc):
    """Un état du référentiel : qui l'a conçu, relu, présenté, et quand"""

    colonnes = (
        colonne("Etat", "etat", largeur=2),
        colonne("Par, ou à", "acteurs", largeur=1.6),
        colonne("Date", "date", largeur=0.9),
    )
    prefixe: ClassVar[str] = "v"

    cle: Cle = champ("Clé")
    etat: Texte = champ(
        "Etat",
        exige("REF-01"),
        exemples=(
            "Conception initiale",
            "Transmission",
            "Regard analytique et critique",
            "Présentation",
        ),
    )
    acteurs: Texte = champ("Par, ou à")
    date: Texte = champ("Date", exemples=("juillet 2006",))


class Objet(Bloc):
    """Objet"""

    titre_objet = mention("Objet", exige("REF-02"), titre=True)
    pilotes = mention(
        "Permettre aux pilotes de se saisir de la complexité du métier des chargé(e)s de mission "
        "de façon à favoriser des décisions adaptées",
        exige("REF-02"),
    )
    structures_support = mention(
        "Permettre aux structures support d'identifier l'évolution des activités afin de penser "
        "une organisation du travail adaptée et de soutenir les chargées de mission (outil d'aide "
        "à la négociation, partage des responsabilités…)",
        exige("REF-02"),
    )

    precisions: TexteLong = champ("Précisions du DLA")


class Mission1(MissionDuDla):
    """Mission 1 : L'accompagnement auprès des structures"""

    titre_1 = mention(
        "Mission 1 : L'accompagnement auprès des structures", exige("REF-10"), titre=True
    )
    fonction_1 = mention(
        "Identification/Accueil/ information/orientation et diagnostic", exige("REF-11"), titre=True
    )
    fonction_2 = mention(
        "Mise en œuvre de la fonction d'appui par la mobilisation des ingénieries",
        exige("REF-12"),
        titre=True,
    )
    fonction_3 = mention(
        "Suivi du parcours de développement et de consolidation des activités",
        exige("REF-13"),
        titre=True,
    )
    bilan = mention(
        "Axes de bilan quantitatifs sur 3 ans, (par avenant)", exige("REF-14"), titre=True
    )

    accueil: Fonction = champ(fonction_1.texte)
    ingenieries: Fonction = champ(fonction_2.texte)
    parcours: Fonction = champ(fonction_3.texte)
    axes: tuple[Axe, ...] = axes_de_bilan(
        bilan.texte,
        exige("REF-14"),
        "L'accueil\n– Les prescripteurs/les orienteurs vers le dispositif\n– La mobilisation des "
        "bénéficiaires (communication /forum etc)",
        "Le diagnostic et l'accompagnement\nL'état de réalisation générale\n– accueil et "
        "diagnostic\n– ingénieries et nombre de structures bénéficiaires\n"
        "– nombre de structures suivies (post accompagnement)",
        "L'État de réalisation par rapport aux objectifs particuliers\n– les orientations "
        "prioritaires données par les copil sur les 3 avenants et les réalisations dans ces "
        "orientations (proportion de structures accueillies et accompagnées par orientation)",
        "L'offre d'accompagnement en ingénierie\nL'achat de prestation :\n– ses règles\n– les "
        "prestataires : leur variété\n"
        "– les modalités de suivi qualitatif de la mission",
    )


class Mission2(MissionDuDla):
    """Mission 2 : L'animation d'un dispositif partenarial et la participation à un dispositif
    partenarial
    """

    titre_2 = mention(
        "Mission 2 : L'animation d'un dispositif partenarial et la participation à un dispositif "
        "partenarial",
        exige("REF-20"),
        titre=True,
    )
    fonction_1 = mention(
        "Animation et organisation d'une instance technique : le comité d'appui",
        exige("REF-21"),
        titre=True,
    )
    fonction_2 = mention(
        "Participation à des instances techniques de soutien aux activités et emplois d'utilité "
        "sociale",
        exige("REF-22"),
        titre=True,
    )
    fonction_3 = mention(
        "Aide aux prises de décision du comité de pilotage départemental et régional",
        exige("REF-23"),
        titre=True,
    )
    fonction_4 = mention(
        "Mise en relation entre les orientations locales et les ressources et orientations "
        "régionales",
        exige("REF-24"),
        titre=True,
    )
    fonction_5 = mention(
        "Mises en relation entre les orientations locales et les ressources et orientations "
        "nationales",
        exige("REF-25"),
        titre=True,
    )
    bilan = mention("Axes de bilan", exige("REF-26"), titre=True)

    comite_appui: Fonction = champ(fonction_1.texte)
    instances: Fonction = champ(fonction_2.texte)
    pilotage: Fonction = champ(fonction_3.texte)
    regional: Fonction = champ(fonction_4.texte)
    national: Fonction = champ(fonction_5.texte)
    axes: tuple[Axe, ...] = axes_de_bilan(
        bilan.texte,
        exige("REF-26"),
        "L'ancrage territorial et le développement du DLA",
        "La participation de partenaires aux différentes instances (évolution par année)",
        "Le co financement",
        "Le partenariat avec les réseaux associatifs\nA quels niveaux / sur quelles fonctions / "
        "avec quelle formalisation ?",
        "L'articulation avec d'autres dispositifs",
        "La concertation en comité d'appui avec d'autres partenaires",
    )


class Mission3(MissionDuDla):
    """Mission 3 : La maîtrise du programme d'activité"""

    titre_3 = mention(
        "Mission 3 : La maîtrise du programme d'activité", exige("REF-30"), titre=True
    )
    fonction_1 = mention("Suivi et régulation", exige("REF-31"), titre=True)
    bilan = mention(
        "Axes de bilan : le fonctionnement du DLA par rapport à ses obligations",
        exige("REF-32"),
        titre=True,
    )

    regulation: Fonction = champ(fonction_1.texte)
    axes: tuple[Axe, ...] = axes_de_bilan(
        bilan.texte,
        exige("REF-32"),
        "Saisie Enée : qualité/ régularité /précision sur données obligatoires (relevés d'emplois)",
    )


class Mission4(MissionDuDla):
    """Mission 4 : La professionnalisation de la mission"""

    titre_4 = mention(
        "Mission 4 : La professionnalisation de la mission", exige("REF-40"), titre=True
    )
    fonction_1 = mention(
        "La participation au réseau régional DLA/C2RA", exige("REF-41"), titre=True
    )
    fonction_2 = mention(
        "La participation aux formations et initiatives proposées par le niveau national (Avise "
        "/Cnar)",
        exige("REF-42"),
        titre=True,
    )
    bilan = mention(
        "Axe de bilan : Participations aux différents processus de professionnalisation",
        exige("REF-43"),
        titre=True,
    )

    reseau: Fonction = champ(fonction_1.texte)
    formations: Fonction = champ(fonction_2.texte)
    axes: tuple[Axe, ...] = axes_de_bilan(
        bilan.texte,
        exige("REF-43"),
        "Participations aux différents processus de professionnalisation",
    )


class ReferentielActivites(Document):
    """Le référentiel d'activités du ou de la chargé(e) de mission DLA."""

    titre = "Référentiel d'activités du ou de la chargé(e) de mission DLA"
    titre_court = "Référentiel d'activités"
    source = "Référentiel d'activités du Centre"
    communique_a = (Destinataire.COMITE, Destinataire.DLA)
    date_par = ()
    alias = ("référentiel d'activités", "référentiel d'activités des chargé(e)s de mission")

    operateur: Operateur = champ("DLA")
    annee: Annee = champ("Année")
    etats: tuple[Etat, ...] = champ(
        "En l'état",
        exige("REF-01"),
        conseil="Dites d'où vient cette version : conception, relectures, présentations.",
    )
    objet: Objet = champ()
    mission_1: Mission1 = champ()
    mission_2: Mission2 = champ()
    mission_3: Mission3 = champ()
    mission_4: Mission4 = champ()

    @regle(
        exige("REF-03", R),
        porte_sur="mission_1",
        conseil="Revoyez les % temps : leur somme ne peut dépasser 100 %.",
    )
    def temps_partage(self) -> bool:
        """La somme des % temps des onze fonctions ne dépasse pas 100 %."""
        return (
            sum(
                share
                for one in (self.mission_1, self.mission_2, self.mission_3, self.mission_4)
                for share in one.temps()
            )
            <= 100
        )
