"""Un formulaire rempli, enregistré par LibreOffice, revient dans une mission qui a changé : il dit
ce que dit l'original, ou se dit perdu ; rien ne va à la ligne d'un autre.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dla_docs import trame
from dla_docs.errors import InputError
from dla_docs.model.requirement import Role
from dla_docs.returns.bringing_back import take_in
from dla_docs.stages.loading import load_mission
from tests.offices import need_office
from tests.word_forms import converted_many, fill

MISSION = """document: mission
reference: R-1
nature: individuelle
structures: [{nom: Association Calque}]
mise_en_concurrence:
  sollicites:
    - {cle: alpha, prestataire: {nom: Cabinet Pochoir}}
  retenu: alpha
evenements:
  lancement:
    presents:
      - {nom: Alix Gabarit, fonction: Présidente}
      - {nom: Noa Modèle}
documents:
  grille_de_suivi:
    etapes:
      - {intitule: Entretiens, commentaires: Rien à dire}
      - {intitule: Restitution}
"""
ALIX = "      - {nom: Alix Gabarit, fonction: Présidente}\n"
BOUGE = {
    "une valeur corrigée": ("Rien à dire", "Corrigé depuis"),
    "une ligne ôtée": (ALIX, ""),
    "une ligne de plus": (ALIX, f"      - {{nom: Zoé Calepin}}\n{ALIX}"),
    "une étape ôtée": ("      - {intitule: Entretiens, commentaires: Rien à dire}\n", ""),
    "le prestataire renommé": ("Cabinet Pochoir", "Atelier Pochoir"),
}
PRESENTS = "evenements.lancement.presents"
REMPLI = {
    "grille_de_suivi": {
        "etapes[0].commentaires": "Reporté d’une semaine",
        "etapes[1].commentaires": "Tenue en mairie",
    },
    "mission": {f"{PRESENTS}[0].telephone": "02 61 91 00 11", f"{PRESENTS}[2].nom": "Lou Papier"},
}
ROLES = {"grille_de_suivi": Role.PRESTATAIRE, "mission": None}


def outcome(folder: Path, docx: bytes, change: tuple[str, str]) -> tuple[str, list[str]]:
    """Ce que la mission dit ensuite, et les chemins de ce qui n'est pas pris."""
    path, form = folder / "mission.yaml", folder / "retour.docx"
    path.write_text(MISSION.replace(*change), encoding="utf-8")
    form.write_bytes(docx)
    try:
        lecture, _ = take_in(form, path)
        left = sorted(constat.chemin for constat in lecture.refus)
    except InputError as error:
        left = sorted(constat.message for constat in error.constats)
    return path.read_text(encoding="utf-8"), left


@pytest.mark.lent
def test_ce_que_libreoffice_a_enregistre_donne_ce_que_donne_l_original(tmp_path: Path) -> None:
    need_office()
    path = tmp_path / "mission.yaml"
    path.write_text(MISSION, encoding="utf-8")
    mission = load_mission(path)
    forms = {slug: fill(trame(slug, mission, ROLES[slug]), typed) for slug, typed in REMPLI.items()}
    sources = {f"{slug}.docx": docx for slug, docx in forms.items()}
    again = converted_many(sources, "docx", tmp_path)
    for (slug, docx), resaved in zip(forms.items(), again, strict=True):
        for name, change in BOUGE.items():
            before = outcome(tmp_path, docx, change)
            assert outcome(tmp_path, resaved, change) == before, (slug, name)
    assert "telephone: 02 61 91 00 11" in before[0] and "Lou Papier" in before[0]
    # By OpenDocument and back, what travels with a form is lost.
    odt = converted_many({"mission.docx": forms["mission"]}, "odt", tmp_path)
    [back] = converted_many({"mission.odt": odt[0]}, "docx", tmp_path)
    for name in ("une ligne ôtée", "une ligne de plus"):
        text, left = outcome(tmp_path, back, BOUGE[name])
        assert text == MISSION.replace(*BOUGE[name]) and f"{PRESENTS}[0].telephone" in left, name
