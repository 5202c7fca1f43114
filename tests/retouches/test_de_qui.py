"""De quelle fiche d'une mission un fichier retouché est la page : on le sait, ou on le refuse."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from dla_docs import InputError
from dla_docs.pipeline import load_extrait
from dla_docs.resources import sample_path
from dla_docs.retouches.whose import document_of
from dla_docs.stages.rendering import fill
from dla_docs.stages.request import resolve
from tests.cli.conftest import Call
from tests.cli.conftest import dla_docs as dla_docs
from tests.cli.test_cibles import HAND, by_hand
from tests.retouches.test_histoires import CONVENTION, made
from tests.word_forms import page_text, without_data

LECTURE = "grille_de_lecture"


@pytest.fixture
def mission(dla_docs: Call) -> Path:
    """La mission d'exemple, seule."""
    assert dla_docs("exemple", "mission", "-o", "essai").code == 0
    return Path("essai/mission_individuelle.yaml")


def change(path: Path, edit: Callable[[Any], None]) -> None:
    data = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    edit(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")


def test_un_fichier_d_ailleurs_ou_d_une_autre_mission_est_refuse(mission: Path) -> None:
    with pytest.raises(InputError, match="n'est pas un document de dla-docs"):
        document_of(without_data(made(CONVENTION)), mission)
    change(mission, lambda data: data["documents"].pop(CONVENTION))
    with pytest.raises(InputError, match=f"ne tient pas ce document.*{CONVENTION}"):
        document_of(made(CONVENTION), mission)
    source = sample_path(CONVENTION)
    assert type(document_of(made(CONVENTION), source)).slug() == CONVENTION


def test_deux_fiches_du_meme_nom_sont_refusees_et_nommees(mission: Path) -> None:
    def twins(data: Any) -> None:
        sheets = data["documents"]["evaluation_individuelle"]
        row = deepcopy(sheets[0] if isinstance(sheets, list) else sheets)
        row.pop("cle", None)
        data["documents"]["evaluation_individuelle"] = [row, deepcopy(row)]

    change(mission, twins)
    page = made("evaluation_individuelle")
    with pytest.raises(InputError, match="On ne sait pas de quelle fiche"):
        document_of(page, mission)


def test_l_extrait_d_un_prestataire_ne_montre_jamais_les_autres(mission: Path) -> None:
    extract = load_extrait(mission, "beta")
    held = by_hand(fill(resolve(extract)))
    assert "Alpha" not in page_text(held)
    path = Path("extrait.docx")
    path.write_bytes(held)

    def rated(data: Any) -> None:
        data["operateur"] = {"nom": "DLA 00 renommé"}

    change(mission, rated)
    document = document_of(held, mission)
    assert {cle for _, cle, _ in document.prestataires_cites()} == {"beta"}


def test_un_extrait_se_rafraichit_en_ligne_de_commande(mission: Path, dla_docs: Call) -> None:
    assert dla_docs("extrait", mission, "beta", "-o", "beta.docx").code == 0
    path = Path("beta.docx")
    path.write_bytes(by_hand(path.read_bytes()))
    said = dla_docs("rafraichir", "beta.docx", "--dans", mission, "--format", "json")
    assert said.code == 0 and '"sort": "déjà à jour"' in said.out, said.err
    assert HAND in page_text(path) and "Alpha" not in page_text(path)


def renamed(mission: Path, key: str, **identity: str) -> None:
    """Un sollicité change de clé, et du reste de ce qu'on en dit."""
    text = mission.read_text(encoding="utf-8")
    mission.write_text(re.sub(r"(?<!/)\balpha\b", key, text), encoding="utf-8")

    def told(data: Any) -> None:
        data |= identity

    change(mission.parent / "prestataires/alpha.yaml", told)


def retouched(call: Call, mission: Path, *words: str) -> Path:
    call("dossier", mission, "-o", "d", "--brouillon", *words)
    page = next(path for path in Path("d").glob("*Proposition*Alpha*.docx"))
    page.write_bytes(by_hand(page.read_bytes()))
    return page


@pytest.mark.parametrize("identity", [{}, {"nom": "Cabinet Renommé Exemple"}])
def test_un_prestataire_dont_la_cle_change_est_le_meme(
    mission: Path, dla_docs: Call, identity: dict[str, str]
) -> None:
    change(mission, lambda data: data.update(documents=only(data, "proposition")))
    page = retouched(dla_docs, mission)
    renamed(mission, "alpha_conseil", **identity)
    said = dla_docs("rafraichir", page, "--dans", mission)
    assert said.code == 0 and HAND in page_text(page), said.err
    assert identity.get("nom", "Alpha") in page_text(page)


def only(data: Any, slug: str) -> dict[str, Any]:
    return {slug: data["documents"][slug]}


def test_un_prestataire_que_rien_ne_designe_plus_dit_un_remede_qui_va(
    mission: Path, dla_docs: Call
) -> None:
    change(mission, lambda data: data.update(documents=only(data, "proposition")))
    page = retouched(dla_docs, mission)
    renamed(mission, "autre", nom="Cabinet Renommé Exemple", siret="732 829 320 00074")
    said = dla_docs("rafraichir", page, "--dans", mission)
    assert said.code == 2 and "« prestataire: {cle: alpha} »" in said.err
    text = mission.read_text(encoding="utf-8")
    mission.write_text(re.sub(r"(?<!/)\bautre\b", "alpha", text), encoding="utf-8")
    assert dla_docs("rafraichir", page, "--dans", mission).code == 0
    assert HAND in page_text(page) and "Cabinet Renommé Exemple" in page_text(page)
