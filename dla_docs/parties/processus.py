"""Le processus d'une mission : où elle en est, ce qui doit s'y trouver dès ce stade, et ce
qu'aucun document ne saurait montrer.

Source : guide du Centre, « Le cheminement, de l'accueil de l'association au choix d'une
ingénierie » et « A propos de l'évaluation de l'ingénierie » ; guides du Nord – Pas de Calais et de
Provence-Alpes-Côte d'Azur, « Procédure de sélection » et « Réalisation de la mission ».
"""

from __future__ import annotations

from dla_docs.model.bloc import attribute_at, is_blank
from dla_docs.model.document import Document
from dla_docs.model.fields import attendu
from dla_docs.model.requirement import exige
from dla_docs.parties.deroulement import Avancement
from dla_docs.parties.ingenierie import NatureIngenierie, Procedure, TypeCollectif
from dla_docs.parties.tenus import MissionTenue

REPERES: dict[Avancement, tuple[str, ...]] = {
    Avancement.COMMANDE: ("evenements.comite_appui.date", "documents.cahier_des_charges"),
    Avancement.CONSULTATION: (
        "mise_en_concurrence.sollicites",
        "documents.appel_a_competences",
        "documents.proposition",
    ),
    Avancement.CHOIX: ("mise_en_concurrence.retenu", "documents.notification_de_choix"),
    Avancement.CONDUITE: (
        "evenements.lancement.date",
        "reference_convention",
        "premier_versement_le",
        "documents.note_mi_parcours",
    ),
    Avancement.RENDUE: ("evenements.restitution.date", "documents.rapport_final"),
    Avancement.SOLDEE: ("solde_verse_le",),
    Avancement.EVALUEE: (
        "documents.evaluation_individuelle",
        "documents.evaluation_collective",
        "documents.suivi_post_accompagnement",
    ),
}
"""Ce qui montre qu'une mission en est à ce stade : l'un de ces endroits dit quelque chose."""


def avancement(mission: MissionTenue) -> Avancement:
    """Le stade le plus avancé que la mission montre."""
    reached = (
        stage for stage, places in REPERES.items() if any(_commence(mission, one) for one in places)
    )
    return max(reached, default=Avancement.BESOIN)


def montre(mission: MissionTenue, chemin: str, stade: str = "") -> bool:
    """Vrai quand la mission dit quelque chose à cet endroit ; d'un document qui se remplit par
    étapes, qu'il en est au moins à ``stade``.
    """
    slug = chemin.removeprefix("documents.")
    if slug == chemin:
        return not is_blank(attribute_at(mission, chemin))
    return any(
        not stade or _atteint(document, stade) for document in mission.documents.get(slug, ())
    )


def _atteint(document: Document, stade: str) -> bool:
    """One that has no stages is whole as soon as it is there."""
    stages, now = document.stades, document.stade_courant
    return stages is None or now is None or now >= stages[stade.upper()]


def _commence(mission: MissionTenue, chemin: str) -> bool:
    """A form made ready, at the first of its stages, does not move the mission on."""
    held = mission.documents.get(chemin.removeprefix("documents."), ())
    ready = [one for one in held if one.stades and one.stade_courant is min(one.stades)]
    return montre(mission, chemin) and (not held or len(ready) < len(held))


def soldee(bloc: object, mission: MissionTenue) -> bool:
    """Le solde est versé : le rapport est alors la pièce qui manque au paiement."""
    return mission.solde_verse_le is not None


def pas_encore_soldee(bloc: object, mission: MissionTenue) -> bool:
    """Le solde reste à verser."""
    return not soldee(bloc, mission)


def simplifiee(bloc: object, mission: MissionTenue) -> bool:
    """La mise en concurrence est simplifiée."""
    return mission.mise_en_concurrence.procedure is Procedure.SIMPLIFIEE


def pas_simplifiee(bloc: object, mission: MissionTenue) -> bool:
    """Le cahier des charges et les projets viennent avant le choix."""
    return not simplifiee(bloc, mission)


def collective(bloc: object, mission: MissionTenue) -> bool:
    """L'ingénierie est collective."""
    return mission.nature is NatureIngenierie.COLLECTIVE


def individuelle(bloc: object, mission: MissionTenue) -> bool:
    """L'ingénierie n'est pas collective."""
    return not collective(bloc, mission)


def en_concurrence(bloc: object, mission: MissionTenue) -> bool:
    """Une mise en concurrence a lieu."""
    return mission.mise_en_concurrence.procedure is not Procedure.ABSENTE


def avec_groupement(bloc: object, mission: MissionTenue) -> bool:
    """L'ingénierie collective produit une solution avec les structures."""
    return mission.type is TypeCollectif.PRODUCTION_SOLUTION


def a_mi_parcours(bloc: object, mission: MissionTenue) -> bool:
    """La mission atteint le milieu de son calendrier : elle n'a pas été arrêtée avant."""
    return not mission.arretee_avant_mi_parcours


def convention_tenue(bloc: object, mission: MissionTenue) -> bool:
    """La convention est tenue avec la mission."""
    return montre(mission, "documents.convention_tripartite")


CDC = ("documents.cahier_des_charges", "dossier_envoye_le")
JOINDRE_LE_CDC = "Joignez le cahier des charges, ou datez son envoi aux prestataires sollicités."
PROJET = ("documents.proposition", "projet_recu")
CONVENTION = ("documents.convention_tripartite", "envois.convention_signee_le")
EVALUER = (exige("PRO-15"), exige("PRO-24"), exige("EVI-24"), exige("EVI-25"))

PROCESSUS = (
    attendu(
        "Accueil de la structure",
        exige("PRO-01"),
        des=Avancement.COMMANDE,
        un_de=("evenements.accueil.date",),
        si=individuelle,
        conseil="Datez l'accueil.",
    ),
    attendu(
        "Diagnostic et plan d'accompagnement partagés avec la structure",
        exige("PRO-02"),
        des=Avancement.COMMANDE,
        un_de=(
            "documents.diagnostic_partage",
            "documents.plan_accompagnement",
            "dossier_envoye_le",
        ),
        conseil="Joignez le diagnostic partagé ou le plan d'accompagnement.",
    ),
    attendu(
        "Cahier des charges",
        exige("PRO-04"),
        des=Avancement.CONSULTATION,
        un_de=CDC,
        si=pas_simplifiee,
        conseil=JOINDRE_LE_CDC,
    ),
    attendu(
        "Cahier des charges, en procédure simplifiée",
        exige("PRO-04"),
        des=Avancement.CONDUITE,
        un_de=CDC,
        si=simplifiee,
        conseil=JOINDRE_LE_CDC,
    ),
    attendu(
        "Concertation avec le groupement de structures (« Recueillir et confirmer l'expression des "
        "structures »)",
        exige("EC-23"),
        des=Avancement.CONSULTATION,
        un_de=("cycle.identifier.cerner.structures",),
        si=avec_groupement,
        conseil="Cochez la tâche faite, ou dites « sans objet ».",
    ),
    attendu(
        "Mise en concurrence : les prestataires sollicités",
        exige("PRO-05"),
        des=Avancement.CHOIX,
        un_de=("mise_en_concurrence.sollicites",),
        si=en_concurrence,
        conseil="Inscrivez les prestataires sollicités, et ce qu'ils ont répondu.",
    ),
    attendu(
        "Proposition du prestataire retenu",
        exige("PRO-06"),
        des=Avancement.CHOIX,
        un_de=PROJET,
        conseil="Joignez sa proposition, ou inscrivez-la dans la suite qu'il a donnée.",
    ),
    attendu(
        "Etude des propositions et choix, avec la structure",
        exige("PRO-07"),
        exige("GL-22"),
        des=Avancement.CHOIX,
        un_de=("documents.grille_de_lecture", "mise_en_concurrence.choisi_le"),
        conseil="Joignez la grille de lecture, ou datez le choix fait avec la structure.",
    ),
    attendu(
        "Portefeuille des prestataires, ressource pour cibler ceux que l'on sollicite",
        exige("PRO-22"),
        des=Avancement.CONDUITE,
        un_de=("documents.fiche_prestataire", "mise_en_concurrence.choix_des_sollicites"),
        conseil="Dites comment les sollicités sont choisis, ou joignez la fiche du prestataire.",
    ),
    attendu(
        "Convention tripartite",
        exige("PRO-10"),
        des=Avancement.CONDUITE,
        un_de=CONVENTION,
        conseil="Joignez la convention, ou datez sa signature.",
    ),
    attendu(
        "Signature de la convention tripartite",
        exige("PRO-10"),
        des=Avancement.RENDUE,
        un_de=CONVENTION,
        si=convention_tenue,
        stade="signee",
        conseil="Faites signer la convention, et passez-la au stade « signee ».",
    ),
    attendu(
        "Trame vierge de la grille de suivi, adressée au prestataire",
        exige("SUI-11"),
        des=Avancement.CONDUITE,
        un_de=("documents.grille_de_suivi", "envois.trame_de_suivi_le"),
        si=individuelle,
        conseil="Adressez la trame au prestataire et datez l'envoi.",
    ),
    attendu(
        "Grille de suivi, retournée à la fin de chaque étape",
        exige("PRO-11"),
        exige("SUI-12"),
        des=Avancement.RENDUE,
        un_de=("documents.grille_de_suivi",),
        si=individuelle,
        stade="final",
        conseil="Demandez au prestataire la grille remplie, et passez-la au stade « final ».",
    ),
    attendu(
        "Note à mi-parcours",
        exige("NMP-01"),
        exige("PRO-12"),
        des=Avancement.RENDUE,
        un_de=("documents.note_mi_parcours",),
        si=a_mi_parcours,
        conseil="Demandez la note au prestataire, ou inscrivez-la.",
    ),
    attendu(
        "Rapport final",
        exige("PRO-13"),
        des=Avancement.RENDUE,
        un_de=("documents.rapport_final",),
        si=pas_encore_soldee,
        conseil="Demandez le rapport au prestataire.",
    ),
    attendu(
        "Rapport final, pièce du versement du solde",
        exige("PRO-13"),
        exige("RX-03"),
        exige("RF-20"),
        des=Avancement.RENDUE,
        un_de=("documents.rapport_final",),
        si=soldee,
        conseil="Attendez le rapport final, ou joignez-le à la mission.",
    ),
    attendu(
        "Evaluation de l'ingénierie, avec la structure et le prestataire",
        *EVALUER,
        des=Avancement.SOLDEE,
        un_de=("documents.evaluation_individuelle",),
        si=individuelle,
        stade="repondue",
        conseil="Menez l'échange d'évaluation et joignez la fiche remplie.",
    ),
    attendu(
        "Evaluation de l'ingénierie, avec les participants et le prestataire",
        *EVALUER,
        exige("EVC-23"),
        des=Avancement.SOLDEE,
        un_de=("documents.evaluation_collective",),
        si=collective,
        stade="repondue",
        conseil="Menez l'échange d'évaluation et joignez les fiches remplies.",
    ),
    attendu(
        "Enquête de satisfaction auprès de la structure",
        exige("PRO-16"),
        exige("ES-08"),
        des=Avancement.SOLDEE,
        un_de=("documents.enquete_beneficiaire",),
        conseil="Adressez l'enquête et datez l'envoi.",
    ),
    attendu(
        "Enquête de satisfaction auprès du prestataire",
        exige("PRO-17"),
        des=Avancement.SOLDEE,
        un_de=("documents.enquete_prestataire",),
        conseil="Adressez l'enquête et datez l'envoi.",
    ),
    attendu(
        "Versement du solde",
        exige("PRO-20"),
        des=Avancement.EVALUEE,
        un_de=("solde_verse_le",),
        chemin="paiements",
        conseil="Inscrivez le paiement du solde et sa date.",
    ),
)
"""Ce que le processus attend, dans l'ordre de la mission : la force et le guide sont ceux du
référentiel, le profil décide."""

SANS_TRACE = {
    "FP-13": "C'est le C2RA qui met le portefeuille en ligne, non une mission.",
}
"""Ce qu'aucun document ne saurait montrer, et pourquoi : le verdict n'en dit rien."""
