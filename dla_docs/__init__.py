"""dla_docs : produire, vérifier et relire les documents du Dispositif local d'accompagnement (DLA).

::

    from dla_docs import load, check, render

    mission = load("mission.yaml")
    constats = check(mission, profil="centre")
    octets = render(mission.documents["cahier_des_charges"][0])

Les noms se chargent quand on les demande : ``import dla_docs`` ne lit ni modèle, ni LibreOffice, ni tableur.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dla_docs.documents import CLASSES
from dla_docs.documents import DOCUMENTS as DOCUMENTS

if TYPE_CHECKING:  # what type checkers and editors see; the names themselves are loaded by __getattr__
    from dla_docs.checking import check as check
    from dla_docs.constat import Constat as Constat
    from dla_docs.constat import Gravite as Gravite
    from dla_docs.document import Document as Document
    from dla_docs.dossier import make_dossier as make_dossier
    from dla_docs.ecriture import to_yaml as to_yaml
    from dla_docs.errors import DlaDocsError as DlaDocsError
    from dla_docs.formulaire import Changement as Changement
    from dla_docs.formulaire import Lecture as Lecture
    from dla_docs.formulaire import Reunion as Reunion
    from dla_docs.formulaire import read as read
    from dla_docs.formulaire import reunir as reunir
    from dla_docs.formulaire import trame as trame
    from dla_docs.formulaire import trames as trames
    from dla_docs.loading import load as load
    from dla_docs.lot import Resultat as Resultat
    from dla_docs.lot import batch as batch
    from dla_docs.lot import examine as examine
    from dla_docs.mission import Mission as Mission
    from dla_docs.pipeline import generate as generate
    from dla_docs.portefeuille import Portefeuille as Portefeuille
    from dla_docs.profil import Profil as Profil
    from dla_docs.profil import load_profil as load_profil
    from dla_docs.rendering import render as render
    from dla_docs.synthese import synthesise as synthesise
    from dla_docs.verification import verify as verify

_HOMES = {
    "Changement": "formulaire",
    "Constat": "constat",
    "DlaDocsError": "errors",
    "Document": "document",
    "Gravite": "constat",
    "Lecture": "formulaire",
    "Mission": "mission",
    "Portefeuille": "portefeuille",
    "Profil": "profil",
    "Resultat": "lot",
    "Reunion": "formulaire",
    "batch": "lot",
    "check": "checking",
    "examine": "lot",
    "generate": "pipeline",
    "load": "loading",
    "load_profil": "profil",
    "make_dossier": "dossier",
    "read": "formulaire",
    "render": "rendering",
    "reunir": "formulaire",
    "synthesise": "synthese",
    "to_yaml": "ecriture",
    "trame": "formulaire",
    "trames": "formulaire",
    "verify": "verification",
    **{name: f"documents.{slug}" for slug, name in CLASSES.items()},
}

__all__ = sorted(["DOCUMENTS", *_HOMES])


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"dla_docs n'a pas de « {name} » ; les noms publics sont {', '.join(__all__)}")
    globals()[name] = getattr(import_module(f"dla_docs.{_HOMES[name]}"), name)
    return globals()[name]


def __dir__() -> list[str]:
    return __all__
