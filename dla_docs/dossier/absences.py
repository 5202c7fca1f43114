"""Ce qui n'est pas dans un dossier : ce que le verdict en attend, et pourquoi il n'en attend rien.
Aucune autre règle.
"""

from __future__ import annotations

from collections.abc import Iterator

from dla_docs.constat import Gravite, without_path
from dla_docs.dossier.recipient import Remise
from dla_docs.mission import Mission
from dla_docs.model.requirement import referentiel
from dla_docs.profils.grafting import adapted
from dla_docs.registry import DOCUMENTS
from dla_docs.stages.evidence import Conformite, ConstatEcrit
from dla_docs.stages.ledger import Etape, Issue, Ledger, Motif
from dla_docs.stages.manifest import Absent, Attente
from dla_docs.stages.request import Request

NOTHING_ASKS = "le processus ne l'attend pas, et aucune règle ne le demande"
EXPECTED = {
    str(Gravite.BLOQUANT): Attente.DU,
    str(Gravite.AVERTISSEMENT): Attente.RECOMMANDE,
    str(Gravite.INFORMATION): Attente.PAS_DU,
}


def absences(
    request: Request, proof: Conformite, ledger: Ledger, remise: Remise
) -> tuple[Absent, ...]:
    """Ce que la mission ne tient pas, dans l'ordre du processus : les sortes de documents, et celui
    d'un prestataire quand les autres ont le leur ; d'un destinataire, les seules sortes qu'il
    reçoit.
    """
    kinds = (slug for slug in DOCUMENTS if remise.receives(slug))
    return tuple(
        one for slug in kinds for one in _of_kind(slug, request, proof, ledger, remise.entiere)
    )


def _of_kind(
    slug: str, request: Request, proof: Conformite, ledger: Ledger, whole: bool
) -> Iterator[Absent]:
    """``whole`` : what is said of a document that is there may speak of somebody else's."""
    mission = request.document
    assert isinstance(mission, Mission)
    steps = [one for one in ledger.etapes if f"documents.{slug}" in one.attendu.un_de]
    told = whole or slug not in mission.documents
    found = list(_faults(slug, mission, proof, steps)) if told else []
    titre = adapted(DOCUMENTS[slug], request.profil).titre
    for constat in found:
        said = without_path(constat.message)
        yield Absent(
            sorte=slug,
            titre=titre,
            attente=EXPECTED[constat.gravite],
            raison=f"{said} {constat.source}".strip(),
        )
    if not found and slug not in mission.documents:
        attente, raison = _why_not(slug, steps, proof)
        yield Absent(sorte=slug, titre=titre, attente=attente, raison=raison)


def _faults(
    slug: str, mission: Mission, proof: Conformite, steps: list[Etape]
) -> Iterator[ConstatEcrit]:
    """What the verdict says of the whole document, or of that of one prestataire; not of what is
    wrong inside.
    """
    places = {f"documents.{slug}", *(one.attendu.chemin for one in steps)}
    whole = {*places, *(f"{place}.{cle}" for place in places for cle in mission.sollicites())}
    return (constat for constat in proof.constats if constat.chemin in whole)


def _why_not(slug: str, steps: list[Etape], proof: Conformite) -> tuple[Attente, str]:
    """What presses most of what the verdict found about its steps."""
    order = list(Issue)
    step = min(steps, key=lambda one: order.index(one.issue), default=None)
    if step is not None and step.issue is Issue.MONTREE:
        return Attente.PAS_DU, f"la mission montre autrement l'étape « {step.attendu.quoi} »"
    if step is not None:
        later = step.issue is Issue.PLUS_TARD
        return Attente.PAS_ENCORE if later else Attente.PAS_DU, step.raison
    named = {key for key, one in referentiel().items() if slug in one.documents}
    motifs = {one.motif for one in proof.non_verifiees if one.exigence in named}
    if motifs == {Motif.PROFIL} and proof.profil is not None:
        cle = proof.profil.cle
        return Attente.PAS_DU, f"aucun guide que suit le profil « {cle} » n'en demande rien"
    return Attente.PAS_DU, NOTHING_ASKS
