"""Des lignes d'un tableau d'évaluations, toutes différentes, et dix-sept façons d'en gâter une."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from stdnum import luhn

from dla_docs import load
from dla_docs.resources import sample_path
from dla_docs.tables.columns import columns, data_to_row
from dla_docs.tables.writing import streamed_workbook

SLUG = "evaluation_individuelle"


@cache
def _sample() -> Mapping[str, Any]:
    document = load(sample_path(SLUG))
    row = {
        column.path: value
        for column, value in zip(columns(type(document)), data_to_row(document), strict=True)
        if value is not None
    }
    return {
        path: value
        for path, value in row.items()
        if path not in ("structures", "autres_operateurs")
    }


def row(number: int, **changes: Any) -> dict[str, Any]:
    """La ligne de ce rang : la structure, la référence, les dates et les avis lui sont propres."""
    own = {
        "Référence": f"DLA00-{number:04d}",
        "structure.nom": f"Association Exemple n° {number}",
        "structure.siret": siret(number),
        "structures[0].effectif": number % 90,
        "structures[0].rna": f"W{number:09d}",
        "relation.echanges.commentaire": (
            f"Échange n° {number} : « à l'écoute » & précis <toujours>"
        ),
        "resultats[0].intitule": f"Un plan de développement pour l'association {number}",
        "resultats[0].obtenu": "Non" if number % 3 else "Oui",
    }
    return {
        path: value
        for path, value in ({**_sample(), **own, **changes}).items()
        if value is not None
    }


def siret(number: int) -> str:
    """Un SIRET qui n'est celui de personne."""
    siren = f"{30_000_000 + number}"
    siren += luhn.calc_check_digit(siren)
    return f"{siren}0001{luhn.calc_check_digit(f'{siren}0001')}"


def without(critere: str) -> dict[str, Any]:
    """Tout ce que dit une ligne d'un critère, effacé."""
    return dict.fromkeys(heading for heading in row(0) if heading.startswith(f"{critere}."))


FAULTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"structure.siret": "123"}, "14 chiffres sont attendus"),
    ({"prestataire.siret": "12345678900011"}, "N° de siret"),
    ({"date": "31/02/2013"}, "« 31/02/2013 »"),
    ({"restituee_le": "bientôt"}, "« bientôt »"),
    ({"relation.echanges.reponse": "peut-être"}, "« peut-être »"),
    ({"consultant.courriel": "gael(at)example"}, "« gael(at)example »"),
    ({"consultant.telephone": "12"}, "« 12 »"),
    ({"operateur.adresse.code_postal": "ABCDE"}, "« ABCDE »"),
    ({"structures[0].effectif": "une dizaine"}, "« une dizaine »"),
    ({"structures[0].rna": "X1"}, "« X1 »"),
    ({"stade": "finale"}, "le stade « finale » n'existe pas"),
    ({"profil": "bretagne"}, "bretagne » est inconnu"),
    (without("conditions.delais"), "EVI-02"),
    (without("conditions.productions"), "EVI-03"),
    (without("operationnalite.appui"), "EVI-10"),
    ({"restituee_le": None}, "RX-30"),
    (without("relation.confiance"), "EVI-14"),
)
"""Ce qu'on change d'une ligne, et ce que dit la raison."""


def write_table(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """Un classeur de ces lignes."""
    held = list(rows)
    headings = list(dict.fromkeys(heading for one in held for heading in one))
    path.write_bytes(
        streamed_workbook(
            [("Lignes", headings, ([one.get(heading) for heading in headings] for one in held))]
        )
    )
    return path
