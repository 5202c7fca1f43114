"""Le sommaire d'un dossier, d'après ce qui a été fait et ce que le verdict en dit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dla_docs.annexes.conformite import PageDeConformite
from dla_docs.annexes.sommaire import A_DATER, EXTRAIT, SANS_DATE, SommaireDuDossier
from dla_docs.builder.printed_words import typeset
from dla_docs.constat import bloquants
from dla_docs.dossier.consultation import consultation
from dla_docs.dossier.recipient import Remise
from dla_docs.errors import DlaDocsError
from dla_docs.forms.visibility import without
from dla_docs.mission import Mission
from dla_docs.model.bloc import Bloc, attribute_at
from dla_docs.model.document import Document
from dla_docs.model.recipients import PRESTATAIRES, Destinataire
from dla_docs.model.validation import validated
from dla_docs.model.values import Reponse
from dla_docs.spelling import capitalised, counted
from dla_docs.stages.manifest import Absent, Attente
from dla_docs.stages.request import Request
from dla_docs.templating import BROUILLON

OPERATOR = ("nom", "structure_porteuse", "departement")
SHOWN = "Avec sa présentation PowerPoint (.pptx)"
NOT_SHOWN = "Sa présentation PowerPoint n’est pas produite"
NOT_READY = "Pas produit : il n'est pas prêt"
LEFT = "Pas refait : son fichier, retouché ou d'ailleurs, est laissé tel quel"
WITHHELD = "Retenu : un de ses textes dit ce que ce destinataire n'a pas à lire"
SAID = {
    Attente.DU: "Oui, dû",
    Attente.RECOMMANDE: "Recommandé",
    Attente.PAS_ENCORE: "Pas encore",
    Attente.PAS_DU: "Non",
}


@dataclass(frozen=True)
class Pieces:
    """Les documents d'un dossier, et par rang ce qu'il en est : ``refusees``, ce que le sommaire
    dit de l'un qui n'a pas été fait ; ``extraits``, ceux dont une part n'est pas communiquée ;
    ``presentees``, ceux qui ont aussi une présentation, et si elle est faite ; ``retouchees``, ceux
    dont la page garde ce qu'une main y a mis.
    """

    demandes: Sequence[Request]
    refusees: Mapping[int, str]
    extraits: Collection[int]
    presentees: Mapping[int, str]
    retouchees: Collection[int] = ()


def contents(
    mission: Mission,
    remise: Remise,
    page: PageDeConformite,
    pieces: Pieces,
    absents: Iterable[Absent],
) -> SommaireDuDossier:
    """Le sommaire. ``page`` : celle du même verdict."""
    retenu = None if remise.destinataire is Destinataire.SOLLICITE else mission.prestataire.nom
    told = consultation(mission, [one.document for one in pieces.demandes])
    whole = validated(
        SommaireDuDossier,
        {
            "reference": mission.reference,
            "operateur": {name: getattr(mission.operateur, name) for name in OPERATOR},
            "beneficiaires": page.beneficiaires,  # no other than those the proof may name
            "destinataire": remise.phrase,
            "pour_un_prestataire": Reponse.OUI if remise.destinataire in PRESTATAIRES else None,
            "pour_l_archive": Reponse.OUI if remise.entiere else None,
            "retenu": retenu,
            "avancement": capitalised(mission.avancement.phrase),
            "profil_suivi": page.profil_suivi,
            "fait_le": page.verifie_le,
            "logiciel": page.logiciel,
            "verdict": page.verdict,
            "pieces": [
                _piece(number, request, pieces) for number, request in enumerate(pieces.demandes, 1)
            ],
            "absentes": [
                {
                    "titre": typeset(one.titre),
                    "attente": SAID[one.attente],
                    "raison": typeset(capitalised(one.raison)),
                }
                for one in absents
            ],
            "consultation": told,
        },
    )
    return without(whole, remise.hides)


def _piece(number: int, request: Request, pieces: Pieces) -> dict[str, Any]:
    document, why = request.document, pieces.refusees.get(number)
    return {
        "numero": f"{number:02d}",
        "intitule": {
            "titre": typeset(document.titre),
            "precision": document.nom_distinctif,
            "presentation": pieces.presentees.get(number),
        },
        "date": {
            "jour_du_document": document.jour_signe,
            "sans_date": None if document.jour_signe else _undated(document),
        },
        "etat": why or _state(number, request, pieces),
        "signatures": "" if why else _signatures(document),
    }


def _undated(document: Document) -> str:
    return A_DATER if document.se_date else SANS_DATE


def _state(number: int, request: Request, pieces: Pieces) -> str:
    draft = request.mode is BROUILLON
    said = EXTRAIT if number in pieces.extraits else "Brouillon" if draft else "Définitif"
    by_hand = ", retouché à la main" * (number in pieces.retouchees)
    last = request.stade is None or request.stade is max(type(request.stade))
    return f"{said}{by_hand}" if last else f"{said}, au stade « {request.stade} »{by_hand}"


def refusal_of(why: DlaDocsError) -> str:
    """Ce que le sommaire de l'archive dit d'un document qui n'a pas été fait."""
    stopping = bloquants(why.constats)
    if len(stopping) > 1:
        return f"Pas produit : {len(stopping)} points le bloquent"
    return f"Pas produit : {why.constats[0].message}"


def _signatures(document: Document) -> str:
    """Who has signed, on which day; whose frame the document has."""
    dated = [(one.titre, one.le and attribute_at(document, one.le)) for one in document.signataires]
    signed = [f"{titre} le {day:%d/%m/%Y}" for titre, day in dated if day]
    others = _without_a_day(document)
    awaited = [
        *document.signatures,
        *(titre for titre, day in dated if not day),
        *([counted(others, "autre partie", "autres parties")] if others else []),
    ]
    lines = (("Signé : ", signed), ("À signer : ", awaited))
    said = [f"{head}{', '.join(map(_small, who))}" for head, who in lines if who]
    return "\n".join(said) or "Ne se signe pas"


def _without_a_day(document: Document) -> int:
    """The parties of a contract whose day the mission does not hold: of several structures, all but
    the first one; the other operators.
    """
    dated = [one.partie for one in document.signataires if one.le]
    first = sum(max(0, len(rows) - 1) for rows in _rows(document, dated))
    every = _rows(document, type(document).model_fields if dated else ())
    return first + sum(bool(row.signe_par) for rows in every for row in rows)


def _rows(document: Document, names: Iterable[str]) -> list[tuple[Bloc, ...]]:
    return [rows for name in names if isinstance(rows := getattr(document, name), tuple)]


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
