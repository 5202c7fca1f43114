"""Les parties de la monographie : la grille d'enquête du CNAR Environnement (« Clés de lecture
d'une ingénierie collective »).
"""

from __future__ import annotations

from enum import Enum
from typing import Any, ClassVar, Protocol

from dla_docs.model.bloc import Bloc, is_blank
from dla_docs.model.fields import champ, mention
from dla_docs.model.layout import colonne
from dla_docs.model.requirement import L, exige
from dla_docs.model.values import Choix, Cle, Entier, Jours, Montant, Nombre, Texte, TexteLong
from dla_docs.parties.collectif import Intervenant
from dla_docs.parties.objectifs import Objectif


class Forme(Enum):
    """La grille d'enquête pose toutes ses questions ; la monographie publiée ne les imprime pas
    toutes.
    """

    GRILLE = "Grille d'enquête"
    PUBLIEE = "Monographie publiée"


class Origine(Enum):
    """D'où vient la problématique."""

    DIAGNOSTICS = (
        "Elle ressort des diagnostics et préconisations identiques ou similaires à plusieurs "
        "structures"
    )
    GROUPEMENT = (
        "Elle est définie entre le chargé de mission et un groupement de structures ayant un "
        "besoin commun"
    )


class Mode(Enum):
    """Le mode d'intervention."""

    PONCTUELLE = "Ponctuelle"
    ETALEE = "Étalée dans le temps, avec suivi"


class Methode(Enum):
    """La méthode de travail."""

    COLLECTIF = "Collectif"
    ALTERNANCE = "Alternance collectif/individuel"


class Intervention(Enum):
    """Ce que l'intervention apporte aux structures."""

    INFORMATION = "Information avec apport de savoir"
    FORMATION = "Formation avec acquisition de savoir et de savoir-faire"
    ACCOMPAGNEMENT = "Accompagnement avec production de savoir et savoir-faire"
    RESEAU = "Accompagnement avec mise en réseau, mutualisation, partenariat"


ACCOMPAGNEMENTS = {Intervention.ACCOMPAGNEMENT, Intervention.RESEAU}


class Unite(Enum):
    """Ce que l'on compte."""

    DEMI_JOURNEES = "Demi-journées"
    JOURNEES = "Journées"
    REUNIONS = "Réunions"


DEMI_JOURNEES = {Unite.DEMI_JOURNEES: 1, Unite.JOURNEES: 2}


class Compte(Enum):
    """Pour qui l'on compte : un temps collectif vaut pour chaque structure, la somme de temps
    individuels pour toutes.
    """

    PAR_STRUCTURE = "Pour chaque structure"
    AU_TOTAL = "Au total, toutes structures confondues"


class DeForme(Protocol):
    """La monographie, qui dit sa forme."""

    @property
    def forme(self) -> Forme | None: ...


def grille_d_enquete(bloc: object, document: DeForme) -> bool:
    """La grille d'enquête, et non la monographie publiée."""
    return document.forme is not Forme.PUBLIEE


def demande(nom: str) -> Any:
    """La question de la grille d'enquête ; la monographie publiée n'imprime que ce qui y est
    répondu.
    """

    def posee(bloc: Bloc, document: DeForme) -> bool:
        """La monographie est une grille d'enquête, ou la question y a une réponse."""
        return document.forme is not Forme.PUBLIEE or not is_blank(getattr(bloc, nom))

    return posee


class Ligne(Bloc):
    """Une ligne d'une liste"""

    sans_ordre = True

    principal: ClassVar[str] = "intitule"

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Intitulé")


class Pilotage(Bloc):
    """Pilotage et construction partenariale"""

    pilotes: tuple[Ligne, ...] = champ(
        "Pilotage de l'ingénierie collective : DLAs et C2RA",
        exige("MON-01"),
        si=demande("pilotes"),
    )
    conception: TexteLong = champ("Construction partenariale : pour la conception", exige("MON-03"))
    mise_en_oeuvre: TexteLong = champ(
        "Construction partenariale : pour la mise en œuvre", exige("MON-03")
    )


class Beneficiaires(Bloc):
    """Bénéficiaires concernés"""

    structures: Entier = champ("Nombre de structures", exige("MON-09"))
    potentiel: Entier = champ("Sur un potentiel de")
    partiels: TexteLong = champ("Ont suivi partiellement")
    echelle: Texte = champ(
        "Echelle territoriale",
        exige("MON-10"),
        exemples=("Départementale", "Interdépartementale", "Régionale"),
    )
    territoire: TexteLong = champ("Territoire")
    secteurs: tuple[Ligne, ...] = champ(
        "Secteur", exige("MON-11"), aide="environnement, ou tout secteur, ou plusieurs"
    )


class Problematique(Bloc):
    """Problématique et objectifs"""

    origine: Choix[Origine] = champ("Origine de la problématique", exige("MON-04"))
    globale: TexteLong = champ("Problématique soulevée", exige("MON-04"))
    structures: TexteLong = champ("Au niveau des structures")
    objectif_global: TexteLong = champ("Objectif global")
    objectifs: tuple[Objectif, ...] = champ("Objectifs opérationnels", exige("MON-05"))


class CoutDePhase(Bloc):
    """Le coût d'une phase"""

    colonnes = (
        colonne("Phase", "intitule", largeur=2),
        colonne("Coût (TTC)", "montant"),
        colonne("Jours", "jours", largeur=0.6),
        colonne("Financé par", "financeurs", largeur=1.6),
    )
    prefixe: ClassVar[str] = "c"

    cle: Cle = champ("Clé")
    intitule: Texte = champ("Phase")
    montant: Montant = champ("Coût (TTC)")
    jours: Jours = champ("Jours")
    financeurs: Texte = champ("Financé par")


class Moyens(Bloc):
    """Moyens mobilisés"""

    systeme_intervenant: tuple[Intervenant, ...] = champ(
        "Système intervenant", exige("MON-06"), exige("EC-17")
    )
    repartition: TexteLong = champ(
        "Répartition des fonctions (entre chargé de mission, intervenant(s)…)",
        exige("MON-07"),
        si=demande("repartition"),
    )
    montant: Montant = champ("Budget d'intervention : coût (TTC)", exige("MON-08"))
    jours: Jours = champ("Pour un nombre de jours d'intervention", exige("MON-08"))
    par_phase: tuple[CoutDePhase, ...] = champ("Budget par phase")


class Presentation(Bloc):
    """Présentation de l'ingénierie collective"""

    titre_1 = mention("Présentation de l'ingénierie collective", exige("MON-28"), titre=True)

    pilotage: Pilotage = champ()
    beneficiaires: Beneficiaires = champ()
    problematique: Problematique = champ()
    moyens: Moyens = champ()


class Contenus(Bloc):
    """Descriptif des actions réalisées"""

    titre_2 = mention("Descriptif des actions réalisées", exige("MON-28"), titre=True)

    strategie: TexteLong = champ(
        "Contenus abordés : développement de projets, stratégie, organisation"
    )
    gestion_financiere: TexteLong = champ("Contenus abordés : gestion financière")
    communication: TexteLong = champ("Contenus abordés : communication, partenariat")
    ressources_humaines: TexteLong = champ("Contenus abordés : gestion des ressources humaines")


class TypeDIntervention(Bloc):
    """Un type d'intervention"""

    sans_ordre = True

    principal: ClassVar[str] = "type"
    lignes_vierges: ClassVar[int] = 2

    type: Choix[Intervention] = champ("Type")


class Temps(Bloc):
    """Un temps de l'accompagnement"""

    colonnes = (
        colonne("Temps", "intitule", largeur=2),
        colonne("Nombre", "nombre", largeur=0.6),
        colonne("Unité", "unite"),
        colonne("Compté", "compte", largeur=1.4),
    )
    prefixe: ClassVar[str] = "t"

    cle: Cle = champ("Clé")
    intitule: Texte = champ("Temps", exemples=("Phase 1, en collectif",))
    nombre: Nombre = champ("Nombre")
    unite: Choix[Unite] = champ("Unité")
    compte: Choix[Compte] = champ("Compté")


class Phase(Bloc):
    """Une étape ou une phase"""

    colonnes = (
        colonne("Phase", "intitule", "jours", numero="Phase"),
        colonne("Contenu", "contenu", largeur=1.6),
        colonne("Résultats attendus", "resultats"),
        colonne("Méthodes", "methodes"),
    )
    prefixe: ClassVar[str] = "e"

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Intitulé", exige("MON-18"))
    jours: Jours = champ("Nombre de jours", exige("MON-18"), colonne=True)
    contenu: TexteLong = champ("Contenu", exige("MON-18"))
    resultats: TexteLong = champ("Résultats attendus", exige("MON-18", L))
    methodes: TexteLong = champ("Méthodes", exige("MON-18", L))


class Deroulement(Bloc):
    """Méthode et déroulement de l'accompagnement"""

    titre_3 = mention("Méthode et déroulement de l'accompagnement", exige("MON-28"), titre=True)

    mode: Choix[Mode] = champ("Mode d'intervention", exige("MON-14"))
    etalement: Texte = champ("Réparti sur", exemples=("9 mois",))
    description: TexteLong = champ("Organisation de l'intervention")
    methode: Choix[Methode] = champ("Méthode de travail", exige("MON-15"))
    types: tuple[TypeDIntervention, ...] = champ(
        "Type d'intervention", exige("MON-16"), si=demande("types")
    )
    journees: TexteLong = champ("Nombre de journées", exige("MON-13"))
    par_structure: Nombre = champ("Demi-journées, en moyenne pour chaque structure")
    temps: tuple[Temps, ...] = champ("Les temps de l'accompagnement")
    phases: tuple[Phase, ...] = champ("Etapes ou phases")
    conditions_de_reussite: tuple[Ligne, ...] = champ("Conditions de réussite", exige("MON-27"))
    plans: TexteLong = champ(
        "Lien avec le plan d'accompagnement de chaque structure participante",
        exige("MON-17"),
        si=demande("plans"),
    )


class Evaluation(Bloc):
    """Eléments d'évaluation"""

    titre_4 = mention("Eléments d'évaluation", exige("MON-28"), titre=True)
    titre_de_la_grille = mention(
        "Spécificités à prendre en compte par le prestataire",
        exige("MON-30"),
        si=grille_d_enquete,
        titre=True,
    )

    competences: TexteLong = champ(
        "Capacité des actions à renforcer les compétences des structures", exige("MON-19")
    )
    innovation: TexteLong = champ(
        "Espace d'innovation",
        exige("MON-20"),
        aide="Nouvelles formes d'échanges, nouveaux types d'actions, nouveaux outils",
    )
    partenariats: TexteLong = champ("Efficience des partenariats", exige("MON-21"))
    changement: TexteLong = champ(
        "Anticiper ou accompagner le changement", exige("MON-22"), si=demande("changement")
    )
    besoins: TexteLong = champ(
        "L'ingénierie a-t-elle permis d'identifier des besoins ?",
        exige("MON-23"),
        si=demande("besoins"),
    )
    outils: TexteLong = champ(
        "L'ingénierie a-t-elle développé des outils, méthodes, contenus transférables ?",
        exige("MON-24"),
        si=demande("outils"),
    )
    points_positifs: tuple[Ligne, ...] = champ("Points positifs", exige("MON-25"))
    points_de_vigilance: tuple[Ligne, ...] = champ("Points de vigilance", exige("MON-26"))
