"""Ce qui fait refaire un document déjà fait : sa ligne, son profil, son modèle Word, sa mission, un
logo ; et rien d'autre.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import docx
import pytest

from dla_docs.lot import batch
from dla_docs.resources import sample_path, template_path

SLUG = "notification_de_choix"
ROW = {"prestataire.cle": "beta", "date": "29/08/2005"}


@pytest.fixture
def mission(tmp_path: Path) -> Path:
    """L'exemple, et tout ce qu'il cite, copiés."""
    source = sample_path("mission_individuelle").parent
    shutil.copytree(source, tmp_path / "mission")
    return tmp_path / "mission" / "mission_individuelle.yaml"


def again(folder: Path, **options: Any) -> bool:
    """Vrai quand le document a été refait."""
    [made] = batch([ROW], SLUG, folder / "lot", noms="{prestataire.nom}", brouillon=True, **options)
    assert made.refus == () and len(list((folder / "lot").glob("*.docx"))) == 1
    return not made.deja_fait


def test_le_profil(tmp_path: Path, mission: Path) -> None:
    profil = tmp_path / "dla.yaml"
    profil.write_text("herite: centre\nnom: Le mien\n", encoding="utf-8")
    assert again(tmp_path, mission=mission, profil=profil)
    assert not again(tmp_path, mission=mission, profil=str(profil))
    profil.write_text(
        "herite: centre\nnom: Le mien\nmention_des_financeurs: Avec le soutien de\n",
        encoding="utf-8",
    )
    assert again(tmp_path, mission=mission, profil=profil)
    assert again(tmp_path, mission=mission, profil="npdc")


def test_le_modele_word(tmp_path: Path, mission: Path) -> None:
    modele = tmp_path / "modele.docx"
    modele.write_bytes(template_path(SLUG).read_bytes())
    assert again(tmp_path, mission=mission)
    assert not again(tmp_path, mission=mission, modele=modele)  # the same, from elsewhere
    restyled = docx.Document(str(modele))
    restyled.add_paragraph("Une phrase de plus")
    restyled.save(str(modele))
    assert again(tmp_path, mission=mission, modele=modele)


def test_la_mission_et_ses_logos(tmp_path: Path, mission: Path) -> None:
    assert again(tmp_path, mission=mission)
    logo = mission.parent / "logos" / "operateur.png"
    logo.write_bytes((mission.parent / "logos" / "dla.png").read_bytes())
    assert again(tmp_path, mission=mission)
    cited = mission.with_name("operateur.yaml")
    cited.write_text(
        cited.read_text(encoding="utf-8").replace("DLA 00", "DLA 01"), encoding="utf-8"
    )
    assert again(tmp_path, mission=mission)
    assert not again(tmp_path, mission=mission)
