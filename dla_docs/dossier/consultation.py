"""La consultation des prestataires, telle que le sommaire d'un dossier la dit : qui a été
sollicité, ce que chacun a répondu, et quand, qui a été retenu.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from dla_docs.annexes.sommaire import SommaireDuDossier
from dla_docs.documents.appel_a_competences import AppelACompetences
from dla_docs.documents.grille_de_lecture import GrilleDeLecture
from dla_docs.documents.notification_de_choix import NotificationDeChoix
from dla_docs.documents.proposition import Proposition
from dla_docs.mission import Mission, Suite
from dla_docs.mission.contenu import key_of
from dla_docs.mission.mise_en_concurrence import Sollicite
from dla_docs.model.bloc import is_blank
from dla_docs.model.document import Document
from dla_docs.model.values import Reponse
from dla_docs.spelling import capitalised
from dla_docs.stages.manifest import ConsultationEcrite

D = TypeVar("D", bound=Document)
NOT_SAID = "La mission ne dit pas sa réponse"
RETAINED, NOT_RETAINED = "Retenu", "Non retenu"

SAID_BY_THE_CALL: dict[Reponse | None, Suite] = {
    Reponse.OUI: Suite.PROPOSITION,
    Reponse.NON: Suite.DECLINE,
}


def consultation(mission: Mission, documents: Sequence[Document]) -> dict[str, Any]:
    """Ce que la mission en sait ; ``documents`` : ceux du dossier, que leur rang désigne."""
    held, grid = Mission.tenu_par(mission).mise_en_concurrence, mission.premier(GrilleDeLecture)
    noted = grid.concertation.date if grid else None
    return {
        "procedure": held.procedure and held.procedure.value,
        "date_limite": held.date_limite,
        "choisi_le": noted or held.choisi_le,
        "retenus": ", ".join(map(mission.nom_de, held.retenus)),
        "choix_des_sollicites": held.choix_des_sollicites,
        "motif": held.motif,
        "consultes": [_asked(row, mission, documents) for row in held.sollicites],
    }


def written(summary: SommaireDuDossier) -> ConsultationEcrite | None:
    """Ce que le manifeste en garde : ce que le sommaire en montre, et rien de plus."""
    shown = summary.consultation
    return None if is_blank(shown) else ConsultationEcrite.model_validate(shown.model_dump())


def _asked(row: Sollicite, mission: Mission, documents: Sequence[Document]) -> dict[str, Any]:
    call = _of(mission.tous(AppelACompetences), row)
    told = _of(mission.tous(NotificationDeChoix), row)
    answer = answer_of(row, mission)
    declined = answer is Suite.DECLINE and call is not None
    why, day = (call.refus.raison, call.refus.dit_le) if call and declined else (None, None)
    return {
        "prestataire": row.prestataire.nom or row.cle,
        "sollicite_le": row.date or (call and call.date),
        "reponse": answer.value if answer else NOT_SAID,
        "motif": row.motif or (why and capitalised(why.value)),
        "recue_le": row.recue_le or day,
        "voie": row.voie and row.voie.value,
        "suite": _outcome(row, answer, mission),
        "informe_le": told and told.date,
        "pieces": ", ".join(_numbers(row, documents)),
    }


def answer_of(row: Sollicite, mission: Mission) -> Suite | None:
    """Ce qu'un prestataire sollicité a répondu : la mission le dit, ou son projet, ou l'appel qu'il
    a rempli ; ``None`` quand rien ne le dit.
    """
    offer, call = _of(mission.tous(Proposition), row), _of(mission.tous(AppelACompetences), row)
    if row.reponse is not None:
        return row.reponse
    if offer is not None and (offer.date or offer.recue_le or offer.budget.montant is not None):
        return Suite.PROPOSITION
    return SAID_BY_THE_CALL.get(call.reponse.positionnement) if call else None


def _of(documents: Iterable[D], row: Sollicite) -> D | None:
    """The first of them that is of that prestataire."""
    return next((one for one in documents if key_of(one) == row.cle), None)


def _outcome(row: Sollicite, answer: Suite | None, mission: Mission) -> str | None:
    """Nothing of one who made no offer, nor before the choice."""
    if row.cle in mission.retenus:
        return RETAINED
    return NOT_RETAINED if mission.retenus and answer is Suite.PROPOSITION else None


def _numbers(row: Sollicite, documents: Sequence[Document]) -> Iterator[str]:
    """Where the dossier holds what he was sent, and what he answered."""
    for number, one in enumerate(documents, 1):
        if one.un_par_sollicite and key_of(one) == row.cle:
            yield f"{number:02d}"
