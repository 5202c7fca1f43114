"""Le registre des documents : un nom, un module, une classe ; chargés quand on les demande."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

# The registry is what `import dla_docs` reads first: the models, with pydantic, come when asked for
if TYPE_CHECKING:
    from dla_docs.model.document import Document

CLASSES = {
    "fiche_prestataire": "FichePrestataire",
    "diagnostic_partage": "DiagnosticPartage",
    "plan_accompagnement": "PlanAccompagnement",
    "cahier_des_charges": "CahierDesCharges",
    "appel_a_competences": "AppelACompetences",
    "proposition": "Proposition",
    "grille_de_lecture": "GrilleDeLecture",
    "notification_de_choix": "NotificationDeChoix",
    "convention_tripartite": "ConventionTripartite",
    "note_mi_parcours": "NoteMiParcours",
    "demande_de_modification": "DemandeDeModification",
    "grille_de_suivi": "GrilleDeSuivi",
    "rapport_final": "RapportFinal",
    "evaluation_individuelle": "EvaluationIndividuelle",
    "evaluation_collective": "EvaluationCollective",
    "enquete_beneficiaire": "EnqueteBeneficiaire",
    "enquete_prestataire": "EnquetePrestataire",
    "suivi_post_accompagnement": "SuiviPostAccompagnement",
    "monographie": "Monographie",
    "referentiel_activites": "ReferentielActivites",
    "synthese_evaluations": "SyntheseEvaluations",
}
"""Les documents dans l'ordre du déroulement d'une mission : chacun peut reprendre des faits de ceux
qui le précèdent, et de ceux que sa classe nomme (``reprend_apres``).
"""


ANNEXES = {"mission": ("mission", "Mission"), "controle": ("annexes.controle", "FicheDeControle")}
"""Ce qui voyage aussi en formulaire sans être un document d'une mission : son module, sa classe."""

PAGES = {
    "conformite": ("annexes.conformite", "PageDeConformite"),
    "sommaire": ("annexes.sommaire", "SommaireDuDossier"),
    "tableau_de_bord": ("annexes.tableau_de_bord", "TableauDeBord"),
}
"""Ce qui s'imprime sans jamais se remplir."""


class _Registry(Mapping[str, "type[Document]"]):
    """Les documents par nom ; une classe est importée la première fois qu'on la demande."""

    def __init__(self, homes: Mapping[str, tuple[str, str]]) -> None:
        self._homes = homes

    def __getitem__(self, slug: str) -> type[Document]:
        home, name = self._homes[slug]
        model: type[Document] = getattr(import_module(f"dla_docs.{home}"), name)
        return model

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __len__(self) -> int:
        return len(self._homes)


_HOMES = {slug: (f"documents.{slug}", name) for slug, name in CLASSES.items()}

DOCUMENTS = _Registry(_HOMES)

FORMULAIRES = _Registry({**_HOMES, **ANNEXES})
"""Tout ce qui se remplit dans Word et se relit : les documents, la mission elle-même, la fiche de
contrôle.
"""

MODELES = _Registry({**_HOMES, **ANNEXES, **PAGES})
"""Tout ce qui a un modèle Word."""
