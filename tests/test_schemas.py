"""Les JSON Schemas : ce qu'on peut écrire, d'où un formulaire se fait, et ce qu'un modèle Word peut
imprimer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from dla_docs import DOCUMENTS, Document, InputError, load
from dla_docs.manual.schemas import printed_json, schema_json
from dla_docs.parties.acteurs import Adresse
from dla_docs.resources import installed_version, sample_path, template_path
from dla_docs.stages.request import resolve
from dla_docs.templating import lint
from tests.as_written import as_written

KINDS = [*DOCUMENTS, "mission"]
PAGES = ("grille_de_suivi", "rapport_final", "synthese_evaluations")  # the last two are drawn

written = cache(schema_json)


def _validator(schema: dict[str, Any]) -> Any:
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def _fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for definition in (schema, *schema["$defs"].values()):
        yield from (
            (name, one) for name, one in definition["properties"].items() if "const" not in one
        )


@pytest.mark.parametrize(
    ("code", "fits"), [(37000, True), ("37000", True), (64, False), (370000, False), (4000, True)]
)
def test_un_code_postal_est_dans_le_schema_ce_qu_un_document_en_prend(
    code: int | str, fits: bool
) -> None:
    fields = dict(_fields(written("fiche_prestataire")))
    assert _validator(fields["code_postal"]).is_valid(code) is fits
    if fits:
        Adresse.model_validate({"code_postal": code})
    else:
        with pytest.raises(ValidationError):
            Adresse.model_validate({"code_postal": code})


NUMERIC = [
    ("ressources.effectif", [0, 22], [-1, 12.5, 10**12]),
    ("caracteristiques.annee_de_creation", [1998], [64, 3000]),
    ("autres.cout_jour", [0, 900, 12.5], [-1, 10**12]),
    ("prestataire.siret", [12345678200010], [-1, 10**14]),
]


@pytest.mark.parametrize(("path", "taken", "refused"), NUMERIC, ids=[one[0] for one in NUMERIC])
def test_un_nombre_que_le_schema_prend_se_lit_et_celui_qu_il_refuse_ne_se_lit_pas(
    path: str, taken: list[float], refused: list[float], tmp_path: Path
) -> None:
    validator = _validator(written("fiche_prestataire"))
    file = tmp_path / "fiche.json"
    for number in (*taken, *refused):
        said: Any = number
        for name in reversed(path.split(".")):
            said = {name: said}
        whole = {"document": "fiche_prestataire", **said}
        file.write_text(json.dumps(whole), encoding="utf-8")
        assert validator.is_valid(whole) is (number in taken), number
        with nullcontext() if number in taken else pytest.raises(InputError):
            load(file)


@pytest.mark.parametrize("kind", KINDS)
def test_l_exemple_tient_dans_ce_qu_on_peut_ecrire(kind: str) -> None:
    name = "mission_individuelle" if kind == "mission" else kind
    said = as_written(sample_path(name))
    faults = [
        f"{one.json_path} : {one.message}" for one in _validator(written(kind)).iter_errors(said)
    ]
    assert faults == []
    assert not _validator(written(kind)).is_valid({**said, "cle_inconnue": "x"})


@pytest.mark.parametrize("kind", KINDS)
def test_un_formulaire_se_fait_du_schema(kind: str) -> None:
    schema = written(kind)
    for name, one in _fields(schema):
        if name == "documents":  # of a mission: one document of a kind, or several
            continue
        assert "anyOf" not in one and "oneOf" not in one, name
        assert one.get("title") or "$ref" in one, name
        assert isinstance(one["propertyOrder"], int), name
        assert "$ref" in one or one["type"][0] in ("string", "array"), name


def test_le_schema_dit_son_nom_sa_version_qui_remplit_et_ce_que_le_guide_demande() -> None:
    schema = written("grille_de_suivi")
    version = installed_version()
    assert schema["$id"] == f"urn:dla-docs:grille_de_suivi:saisie:{version}:national"
    assert schema_json("grille_de_suivi", "centre")["$id"].endswith(":centre")
    comment = schema["$defs"]["Etape"]["properties"]["commentaires"]
    assert comment["x-par"] == ["prestataire"] and comment["format"] == "textarea"
    person = schema["$defs"]["Personne"]["properties"]
    assert person["courriel"]["format"] == "email" and person["courriel"]["examples"]
    assert "x-exigence" in json.dumps(schema)


@pytest.mark.parametrize("kind", PAGES)
def test_ce_qu_un_modele_recoit_est_ce_que_dit_le_schema_d_impression(kind: str) -> None:
    document = load(sample_path(kind))
    assert isinstance(document, Document)
    given = json.loads(json.dumps(resolve(document).printable, default=str))
    schema = printed_json(kind)
    assert [one.message for one in _validator(schema).iter_errors(given)] == []
    assert ":impression:" in schema["$id"] and "$ref" not in json.dumps(schema)
    assert {"profil", "brouillon", "formulaire"} <= set(schema["properties"])


def test_le_schema_d_impression_ne_dit_rien_qu_un_modele_ne_puisse_imprimer() -> None:
    model = DOCUMENTS["cahier_des_charges"]
    assert not lint(template_path("cahier_des_charges"), model)
    said = printed_json("cahier_des_charges")["properties"]
    assert said["objectifs"]["properties"].keys() == (
        model.schema_node().children["objectifs"].children.keys()
    )
