"""La synthèse des évaluations : recueillir les fiches revenues, les dépouiller, en faire un
document et un classeur.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from dla_docs.documents.evaluation_collective import EvaluationCollective
from dla_docs.documents.evaluation_individuelle import EvaluationIndividuelle
from dla_docs.documents.synthese_evaluations import SyntheseEvaluations
from dla_docs.errors import InputError
from dla_docs.model.validation import validated
from dla_docs.parties.personnes import SEUIL
from dla_docs.profils.profil import Profil
from dla_docs.synthese.counting import bilan, groupes, totaux
from dla_docs.synthese.gathering import Recueil, Source, gather
from dla_docs.synthese.sheets import Fiche
from dla_docs.synthese.workbook import workbook

__all__ = ["SEUIL", "Fiche", "Recueil", "gather", "synthesise", "workbook"]


def synthesise(
    sources: Recueil | Source | Iterable[Source],
    *,
    seuil: int = SEUIL,
    au: date | None = None,
    profil: Profil | str | Path | None = None,
) -> SyntheseEvaluations:
    """La synthèse de fiches d'évaluation revenues ; un fichier illisible ou un doublon est laissé
    de côté, et ``check`` le dit.

    Arguments :
    - ``sources`` : ce que ``gather`` a recueilli, ou des fichiers, des dossiers, des missions, des
      documents.
    - ``seuil`` : le nombre de réponses sous lequel rien n'est montré, au moins 1.
    - ``au`` : la date de la synthèse ; aujourd'hui, sans elle.
    - ``profil`` : celui d'un DLA, sous lequel les fiches sont parties.

    Rend : une ``SyntheseEvaluations``, un document comme les autres.

    Erreurs :
    - ``InputError`` : aucune fiche n'est trouvée, le seuil est nul, ou le profil ne se lit pas.
    """
    if seuil < 1:
        raise InputError(
            "Le seuil d'anonymat est un nombre de réponses, d'au moins 1 ; à 1, rien n'est caché."
        )
    recueil = sources if isinstance(sources, Recueil) else gather(sources, profil)
    return validated(SyntheseEvaluations, _data(recueil, seuil, au or date.today())).depouillee(
        recueil.constats
    )


def _data(recueil: Recueil, seuil: int, au: date) -> dict[str, Any]:
    fiches, montre = recueil.fiches, totaux(recueil.fiches, seuil)
    individual, collective = (
        [fiche for fiche in fiches if isinstance(fiche.document, model)]
        for model in (EvaluationIndividuelle, EvaluationCollective)
    )
    return {
        "operateur": _operators(fiches),
        "date": au,
        "periode": _period(fiches),
        "destinataires": "Le comité de pilotage",
        "fiches_individuelles": len(individual),
        "fiches_collectives": len(collective),
        "seuil": seuil,
        "fichiers_non_lus": recueil.non_lus,
        "doublons": recueil.doublons,
        "individuelles": bilan(individual, seuil),
        "collectives": bilan(collective, seuil),
        "par_prestataire": groupes(
            fiches, lambda fiche: fiche.prestataire, "prestataire", seuil, montre
        ),
        "par_structure": groupes(fiches, lambda fiche: fiche.structure, "structure", seuil, montre),
        "par_annee": groupes(
            fiches, lambda fiche: fiche.annee, "année", seuil, montre, by_name=True
        ),
        "par_theme": groupes(fiches, lambda fiche: fiche.theme, "thème", seuil, montre),
    }


def _operators(fiches: Iterable[Fiche]) -> dict[str, str]:
    """Whose sheets these are; a region gathers those of several DLA."""
    return {
        "nom": ", ".join(
            sorted(
                {fiche.document.operateur.nom for fiche in fiches if fiche.document.operateur.nom}
            )
        )
    }


def _period(fiches: Iterable[Fiche]) -> dict[str, Any] | None:
    days = sorted(day for fiche in fiches if (day := fiche.document.date))
    return {"debut": days[0], "fin": days[-1]} if days else None
