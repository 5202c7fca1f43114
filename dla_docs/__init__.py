"""dla_docs : produire, vérifier et relire les documents du Dispositif local d'accompagnement (DLA).

::

    from dla_docs import load, check, render

    mission = load("mission.yaml")
    constats = check(mission, profil="centre")
    octets = render(mission.documents["cahier_des_charges"][0])

Les noms se chargent quand on les demande : ``import dla_docs`` ne lit ni modèle, ni LibreOffice, ni
tableur.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dla_docs.registry import CLASSES
from dla_docs.registry import DOCUMENTS as DOCUMENTS

# What type checkers and editors see; the names themselves are loaded by __getattr__
if TYPE_CHECKING:
    from dla_docs.constat import Constat as Constat
    from dla_docs.constat import Gravite as Gravite
    from dla_docs.documents.appel_a_competences import AppelACompetences as AppelACompetences
    from dla_docs.documents.cahier_des_charges import CahierDesCharges as CahierDesCharges
    from dla_docs.documents.convention_tripartite import (
        ConventionTripartite as ConventionTripartite,
    )
    from dla_docs.documents.demande_de_modification import (
        DemandeDeModification as DemandeDeModification,
    )
    from dla_docs.documents.diagnostic_partage import DiagnosticPartage as DiagnosticPartage
    from dla_docs.documents.enquete_beneficiaire import EnqueteBeneficiaire as EnqueteBeneficiaire
    from dla_docs.documents.enquete_prestataire import EnquetePrestataire as EnquetePrestataire
    from dla_docs.documents.evaluation_collective import (
        EvaluationCollective as EvaluationCollective,
    )
    from dla_docs.documents.evaluation_individuelle import (
        EvaluationIndividuelle as EvaluationIndividuelle,
    )
    from dla_docs.documents.fiche_prestataire import FichePrestataire as FichePrestataire
    from dla_docs.documents.grille_de_lecture import GrilleDeLecture as GrilleDeLecture
    from dla_docs.documents.grille_de_suivi import GrilleDeSuivi as GrilleDeSuivi
    from dla_docs.documents.monographie import Monographie as Monographie
    from dla_docs.documents.note_mi_parcours import NoteMiParcours as NoteMiParcours
    from dla_docs.documents.notification_de_choix import NotificationDeChoix as NotificationDeChoix
    from dla_docs.documents.plan_accompagnement import PlanAccompagnement as PlanAccompagnement
    from dla_docs.documents.proposition import Proposition as Proposition
    from dla_docs.documents.rapport_final import RapportFinal as RapportFinal
    from dla_docs.documents.referentiel_activites import (
        ReferentielActivites as ReferentielActivites,
    )
    from dla_docs.documents.suivi_post_accompagnement import (
        SuiviPostAccompagnement as SuiviPostAccompagnement,
    )
    from dla_docs.documents.synthese_evaluations import SyntheseEvaluations as SyntheseEvaluations
    from dla_docs.dossier import Dossier as Dossier
    from dla_docs.dossier import make_dossier as make_dossier
    from dla_docs.errors import ConversionError as ConversionError
    from dla_docs.errors import DiskError as DiskError
    from dla_docs.errors import DlaDocsError as DlaDocsError
    from dla_docs.errors import InputError as InputError
    from dla_docs.errors import NonConformityError as NonConformityError
    from dla_docs.errors import PackageError as PackageError
    from dla_docs.errors import TargetError as TargetError
    from dla_docs.errors import TemplateError as TemplateError
    from dla_docs.errors import VerificationError as VerificationError
    from dla_docs.forms import Changement as Changement
    from dla_docs.forms import Lecture as Lecture
    from dla_docs.forms import read as read
    from dla_docs.forms import trame as trame
    from dla_docs.forms import trames as trames
    from dla_docs.lot import Examen as Examen
    from dla_docs.lot import Lot as Lot
    from dla_docs.lot import Resultat as Resultat
    from dla_docs.lot import batch as batch
    from dla_docs.lot import examine as examine
    from dla_docs.mission import Mission as Mission
    from dla_docs.missions import Dossiers as Dossiers
    from dla_docs.missions import Fait as Fait
    from dla_docs.missions import make_dossiers as make_dossiers
    from dla_docs.model.document import Document as Document
    from dla_docs.model.requirement import Role as Role
    from dla_docs.pdf import convert as convert
    from dla_docs.pdf import picture as picture
    from dla_docs.portefeuille import Portefeuille as Portefeuille
    from dla_docs.profils.loading import load_profil as load_profil
    from dla_docs.profils.profil import Profil as Profil
    from dla_docs.retouches.generation import Produit as Produit
    from dla_docs.retouches.generation import generate as generate
    from dla_docs.retouches.refresh import Rafraichi as Rafraichi
    from dla_docs.retouches.refresh import refresh as refresh
    from dla_docs.returns import Reunion as Reunion
    from dla_docs.returns import reunir as reunir
    from dla_docs.slides import present as present
    from dla_docs.stages.evidence import Conformite as Conformite
    from dla_docs.stages.evidence import attest as attest
    from dla_docs.stages.loading import load as load
    from dla_docs.stages.rendering import render as render
    from dla_docs.stages.verdict import check as check
    from dla_docs.stages.verification import verify as verify
    from dla_docs.stages.writing import to_yaml as to_yaml
    from dla_docs.synthese import Recueil as Recueil
    from dla_docs.synthese import gather as gather
    from dla_docs.synthese import synthesise as synthesise
    from dla_docs.synthese.workbook import workbook as workbook
    from dla_docs.writing_back.writing import write_back as write_back

_HOMES = {
    "Changement": "forms",
    "Conformite": "stages.evidence",
    "Constat": "constat",
    "ConversionError": "errors",
    "DiskError": "errors",
    "DlaDocsError": "errors",
    "Document": "model.document",
    "Dossier": "dossier",
    "Dossiers": "missions",
    "Examen": "lot",
    "Fait": "missions",
    "Gravite": "constat",
    "InputError": "errors",
    "Lecture": "forms",
    "Lot": "lot",
    "Mission": "mission",
    "NonConformityError": "errors",
    "PackageError": "errors",
    "Portefeuille": "portefeuille",
    "Produit": "retouches.generation",
    "Profil": "profils.profil",
    "Rafraichi": "retouches.refresh",
    "Recueil": "synthese",
    "Resultat": "lot",
    "Reunion": "returns",
    "Role": "model.requirement",
    "TargetError": "errors",
    "TemplateError": "errors",
    "VerificationError": "errors",
    "attest": "stages.evidence",
    "batch": "lot",
    "check": "stages.verdict",
    "convert": "pdf",
    "examine": "lot",
    "gather": "synthese",
    "generate": "retouches.generation",
    "load": "stages.loading",
    "load_profil": "profils.loading",
    "make_dossier": "dossier",
    "make_dossiers": "missions",
    "picture": "pdf",
    "present": "slides",
    "read": "forms",
    "refresh": "retouches.refresh",
    "render": "stages.rendering",
    "reunir": "returns",
    "synthesise": "synthese",
    "to_yaml": "stages.writing",
    "trame": "forms",
    "trames": "forms",
    "verify": "stages.verification",
    "workbook": "synthese.workbook",
    "write_back": "writing_back.writing",
    **{name: f"documents.{slug}" for slug, name in CLASSES.items()},
}

__all__ = sorted(["DOCUMENTS", *_HOMES])


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(
            f"dla_docs n'a pas de « {name} » ; les noms publics sont {', '.join(__all__)}"
        )
    globals()[name] = getattr(import_module(f"dla_docs.{_HOMES[name]}"), name)
    return globals()[name]


def __dir__() -> list[str]:
    return __all__
