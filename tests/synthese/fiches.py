"""Des fiches d'évaluation répondues, différentes les unes des autres : en données simples, telles
que des fichiers les tiendraient.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dla_docs.model.document import Document
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_text

Raw = dict[str, Any]

PARTIES = ("conditions", "operationnalite", "relation")
PRESTATAIRES = (
    ["Cabinet Alpha Exemple"] * 6
    + ["Bureau Bêta Exemple"] * 4
    + ["Coopérative Gamma Exemple"] * 3
    + ["Delta, conseil", "Indépendante Epsilon"]
)


def fiche(slug: str, **fields: Any) -> Raw:
    """La fiche d'exemple, sans aucune réponse, et ces champs."""
    raw = copy.deepcopy(_sample(slug))
    for part in PARTIES:
        raw[part] = {}
    for name in (
        "resultats",
        "autres_resultats",
        "synthese",
        "restituee_le",
        "commentee_le",
        "remise_le",
    ):
        raw.pop(name, None)
    return {**raw, "stade": "repondue", **fields}


def individuelle(number: int, reponse: str | None = "oui", **fields: Any) -> Raw:
    """Une fiche d'ingénierie individuelle, dont le premier critère a cette réponse."""
    header = {
        "reference_convention": f"DLA00-{number}",
        "structures": [{"nom": f"Association {number}"}],
        "prestataire": {"nom": "Cabinet Alpha Exemple"},
    }
    return fiche(
        "evaluation_individuelle",
        **{**header, "conditions": {"delais": {"reponse": reponse}}, **fields},
    )


def collective(number: int, reponse: str | None = "oui", **fields: Any) -> Raw:
    """La fiche d'un participant, dont la première ligne de la partie 2 a cette réponse."""
    who = {"participant": {"nom": f"Personne {number}", "structure": f"Association {number % 3}"}}
    return fiche(
        "evaluation_collective",
        **{**who, "operationnalite": {"methodologie": {"reponse": reponse}}, **fields},
    )


def beaucoup(count: int, seed: int = 20130601) -> list[Raw]:
    """Autant de fiches, au hasard mais toujours les mêmes : trois individuelles pour une
    collective.
    """
    rng = random.Random(seed)
    return [_drawn(rng, number) for number in range(count)]


def document(raw: Raw) -> Document:
    """La fiche que tiendrait ce fichier."""
    loaded = load_text(
        yaml.dump(raw, Dumper=yaml.CSafeDumper, allow_unicode=True), Path("fiche.yaml")
    )
    assert isinstance(loaded, Document)
    return loaded


def documents(raws: Iterable[Raw]) -> list[Document]:
    return [document(raw) for raw in raws]


def write(raw: Raw, path: Path) -> Path:
    """Le fichier YAML de la fiche."""
    path.write_text(yaml.dump(raw, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")
    return path


@cache
def _sample(slug: str) -> Raw:
    loaded: Raw = yaml.load(sample_path(slug).read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    return loaded


def _drawn(rng: random.Random, number: int) -> Raw:
    raw = (
        individuelle(number)
        if number % 4
        else collective(number, reference_convention=f"DLA00-C-{number % 7}")
    )
    raw["prestataire"] = {"nom": rng.choice(PRESTATAIRES)}
    raw["date"] = (date(2011, 1, 3) + timedelta(days=rng.randrange(1200))).strftime("%d/%m/%Y")
    criteria = _sample(raw["document"])
    for part in PARTIES:
        raw[part] = {
            name: _answered(rng, number)
            for name in criteria[part]
            if name not in ("libre", "autre", "transformation", "modification")
        }
    raw["operationnalite"]["libre"] = {
        "intitule": rng.choice(["Accueil", "accueil ", "Ponctualité", f"Autre point {number}"]),
        **_answered(rng, number),
    }
    wanted = [
        "Un plan de développement.",
        "Un plan de communication.",
        f"Un résultat propre à la mission {number}.",
    ]
    raw["resultats"] = [
        {"intitule": text, "obtenu": rng.choice(["oui", "oui", "non", "sans objet"])}
        for text in rng.sample(wanted, 2)
    ]
    return raw


def _answered(rng: random.Random, number: int) -> Raw:
    answer = rng.choices(["oui", "non", "sans objet", None], [80, 12, 5, 3])[0]
    said = {"commentaire": f"Remarque de la fiche {number}."} if rng.random() < 0.1 else {}
    return {**({"reponse": answer} if answer else {}), **said}
