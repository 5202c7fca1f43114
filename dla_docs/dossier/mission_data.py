"""Ce que l'archive garde et qu'aucune page ne montre : la mission entière, que dla-docs relit."""

from __future__ import annotations

import json
from collections.abc import Iterator

from dla_docs.dossier.recipient import Remise
from dla_docs.files import digest
from dla_docs.mission import Mission
from dla_docs.profils.profil import Profil
from dla_docs.stages.envelope import data_of
from dla_docs.stages.manifest import FichierDuDossier

MISSION = "mission"


def mission_kept(
    mission: Mission, profil: Profil, remise: Remise
) -> Iterator[tuple[bytes, FichierDuDossier]]:
    """Le fichier des données de la mission, et ce que le manifeste en dira ; de l'archive seule,
    puisque lui ne cache rien.
    """
    if remise.entiere:
        from dla_docs.manual.schemas import name_of_schema

        octets = mission_json(mission)
        yield (
            octets,
            FichierDuDossier(
                nom=f"{MISSION}.json",
                sha256=digest(octets),
                sorte=mission.slug(),
                forme=name_of_schema(type(mission), profil, "saisie"),
            ),
        )


def mission_json(mission: Mission) -> bytes:
    """Tout ce que dit une mission, ses documents compris (JSON, UTF-8) : relu, c'est la même."""
    held = {slug: list(map(data_of, rows)) for slug, rows in mission.documents.items()}
    said = {"document": mission.slug(), **data_of(mission), "documents": held}
    return f"{json.dumps(said, ensure_ascii=False, indent=1)}\n".encode()
