"""Le cycle d'une ingénierie collective : quatre étapes, douze phases, et la liste de leurs tâches,
à cocher et à dater.

Source : carnet de pratiques du CNAR Environnement, « Le cycle d'une ingénierie collective DLA » et
« Comment être « prestataire-partenaire » dans le cycle ? ».
"""

from __future__ import annotations

from typing import ClassVar

from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import champ
from dla_docs.model.layout import colonne
from dla_docs.model.requirement import L
from dla_docs.model.values import Jour, OuiNon, TexteLong
from dla_docs.parties.collectif import Intervenant
from dla_docs.parties.deroulement import Avancement, exige

CONSEIL = (
    "Cochez les tâches faites, ou dites « sans objet » de celles que la démarche ne demande pas."
)


class Tache(Bloc):
    """Une tâche du cycle"""

    principal: ClassVar[str] = "fait"

    fait: OuiNon = champ("Fait")
    fait_le: Jour = champ("Fait le")
    observations: TexteLong = champ("Observations")


class Phase(Bloc):
    """Une phase du cycle : ses tâches"""

    colonnes = (
        colonne("Tâche", largeur=1.8),
        colonne("Fait", largeur=0.5),
        colonne("Le", largeur=0.7),
        colonne("Observations", largeur=1.6),
    )


class Cerner(Phase):
    """Cerner une problématique"""

    diagnostics: Tache = champ("S'appuyer sur les diagnostics des DLA", exige("EC-06", L))
    experience: Tache = champ("S'appuyer sur l'expérience du dispositif DLA", exige("EC-06", L))
    sollicitations: Tache = champ("Répondre à des sollicitations partenariales", exige("EC-06", L))
    sources: Tache = champ("Traiter des sources documentaires", exige("EC-06", L))
    prestataires: Tache = champ("Recueillir l'impression des prestataires", exige("EC-06", L))
    structures: Tache = champ(
        "Recueillir et confirmer l'expression des structures", exige("EC-06", L)
    )


class Cibler(Phase):
    """Cibler les structures bénéficiaires"""

    territoire: Tache = champ("Qualifier le territoire", exige("EC-06", L))
    secteurs: Tache = champ("Déterminer le(s) secteur(s) d'activité", exige("EC-06", L))
    projets: Tache = champ("Repérer les projets et la dynamique des structures", exige("EC-06", L))
    poids: Tache = champ(
        "Mesurer : poids économique, social et taille des structures", exige("EC-06", L)
    )
    competences: Tache = champ("Evaluer les compétences au sein des structures", exige("EC-06", L))


class DefinirLeRole(Phase):
    """Définir le rôle du DLA"""

    legitimite: Tache = champ("Identifier et légitimer le DLA", exige("EC-06", L))
    demarche: Tache = champ("Concevoir et initier la démarche d'ingénierie", exige("EC-06", L))
    coherence: Tache = champ("Garantir la cohérence de la démarche", exige("EC-06", L))


class Identifier(Bloc):
    """Identifier"""

    cerner: Cerner = champ("", exige("EC-06"), des=Avancement.COMMANDE, conseil=CONSEIL)
    cibler: Cibler = champ("", exige("EC-06"), des=Avancement.COMMANDE, conseil=CONSEIL)
    role: DefinirLeRole = champ("", exige("EC-06"), des=Avancement.COMMANDE, conseil=CONSEIL)


class LancerUneDynamique(Phase):
    """Lancer une dynamique partenariale"""

    reseau: Tache = champ("Constituer un réseau partenarial autour du projet", exige("EC-07", L))
    interet: Tache = champ(
        "Vérifier l'intérêt de la démarche avec les partenaires", exige("EC-07", L)
    )
    attentes: Tache = champ("Adapter la démarche aux attentes des partenaires", exige("EC-07", L))
    capacite: Tache = champ(
        "Vérifier la capacité de répondre au sujet donné avec les partenaires", exige("EC-07", L)
    )


class DefinirDesObjectifs(Phase):
    """Définir des objectifs partagés"""

    strategique: Tache = champ("Déterminer un objectif stratégique", exige("EC-07", L))
    operationnels: Tache = champ(
        "Fixer les objectifs opérationnels de l'ingénierie collective", exige("EC-07", L)
    )
    evaluation: Tache = champ("Poser les objectifs d'un projet d'évaluation", exige("EC-07", L))


class ValiderLaDemarche(Phase):
    """Valider la démarche"""

    activites: Tache = champ(
        "Inscrire la démarche dans les activités de la structure « porteuse » du DLA",
        exige("EC-07", L),
    )
    comite_appui: Tache = champ("Recueillir l'avis du comité d'appui", exige("EC-07", L))
    budget: Tache = champ("Bâtir le budget d'intervention", exige("EC-07", L))


class Engager(Bloc):
    """Engager"""

    dynamique: LancerUneDynamique = champ(
        "", exige("EC-07"), des=Avancement.COMMANDE, conseil=CONSEIL
    )
    objectifs: DefinirDesObjectifs = champ(
        "", exige("EC-07"), des=Avancement.COMMANDE, conseil=CONSEIL
    )
    validation: ValiderLaDemarche = champ(
        "", exige("EC-07"), des=Avancement.COMMANDE, conseil=CONSEIL
    )
    systeme_intervenant: tuple[Intervenant, ...] = champ(
        "Système intervenant : les prestataires et les autres partenaires qui pourraient "
        "intervenir",
        exige("EC-17"),
        des=Avancement.COMMANDE,
    )


class MobiliserLesStructures(Phase):
    """Mobiliser les structures bénéficiaires"""

    contact: Tache = champ("Contacter les structures repérées", exige("EC-08", L))
    implication: Tache = champ(
        "Optimiser les conditions d'implication des structures", exige("EC-08", L)
    )
    groupes: Tache = champ("Constituer le/les groupes de structures", exige("EC-08", L))


class EtablirLeProjet(Phase):
    """Etablir le projet d'intervention"""

    demarche: Tache = champ("Conforter et adapter la démarche", exige("EC-08", L))
    evaluation: Tache = champ(
        "Finaliser le cadre de référence de la démarche d'évaluation", exige("EC-08", L)
    )
    formalisation: Tache = champ("Formaliser le projet d'intervention", exige("EC-08", L))


class FinaliserLesModalites(Phase):
    """Finaliser les modalités d'intervention"""

    conditions: Tache = champ("Apprécier les conditions techniques optimales", exige("EC-08", L))
    cahier_des_charges: Tache = champ(
        "Rédiger le cahier des charges (prestataires)", exige("EC-08", L)
    )
    prestataires: Tache = champ("Choisir le/les prestataires", exige("EC-08", L))


class Confirmer(Bloc):
    """Confirmer"""

    mobilisation: MobiliserLesStructures = champ(
        "", exige("EC-08"), des=Avancement.CONDUITE, conseil=CONSEIL
    )
    projet: EtablirLeProjet = champ("", exige("EC-08"), des=Avancement.CONDUITE, conseil=CONSEIL)
    modalites: FinaliserLesModalites = champ(
        "", exige("EC-08"), des=Avancement.CONDUITE, conseil=CONSEIL
    )


class MettreEnOeuvre(Phase):
    """Mettre en œuvre l'intervention"""

    coordination: Tache = champ("Coordonner les acteurs concernés", exige("EC-09", L))
    suivi: Tache = champ("Assurer le suivi", exige("EC-09", L))
    suites: Tache = champ("Préparer la capitalisation et l'évaluation", exige("EC-09", L))


class Evaluer(Phase):
    """Evaluer l'ingénierie collective"""

    informations: Tache = champ(
        "Collecter les informations utiles à l'évaluation", exige("EC-09", L)
    )
    coherence: Tache = champ(
        "Evaluer la cohérence et la pertinence de la démarche", exige("EC-09", L)
    )
    resultats: Tache = champ("Analyser les résultats obtenus", exige("EC-09", L))
    synthese: Tache = champ(
        "Synthétiser et communiquer l'évaluation globale de la démarche",
        exige("EC-09", L),
        exige("EVC-21", L),
    )


class Capitaliser(Phase):
    """Conduire et transférer la capitalisation"""

    nature: Tache = champ("Déterminer la nature de la capitalisation", exige("EC-09", L))
    comite_appui: Tache = champ("Recueillir l'avis du comité d'appui", exige("EC-09", L))
    transferable: Tache = champ(
        "Evaluer le caractère transférable de la capitalisation", exige("EC-09", L)
    )
    destinataires: Tache = champ("Cibler les destinataires du transfert", exige("EC-09", L))
    responsables: Tache = champ("Identifier le(s) responsable(s) du transfert", exige("EC-09", L))
    modalites: Tache = champ(
        "Adapter les modalités du transfert en fonction des destinataires", exige("EC-09", L)
    )


class Finaliser(Bloc):
    """Finaliser"""

    intervention: MettreEnOeuvre = champ("", exige("EC-09"), des=Avancement.RENDUE, conseil=CONSEIL)
    evaluation: Evaluer = champ("", exige("EC-09"), des=Avancement.RENDUE, conseil=CONSEIL)
    transfert: Capitaliser = champ("", exige("EC-09"), des=Avancement.RENDUE, conseil=CONSEIL)


class Cycle(Bloc):
    """Le cycle de l'ingénierie collective"""

    identifier: Identifier = champ()
    engager: Engager = champ()
    confirmer: Confirmer = champ()
    finaliser: Finaliser = champ()
