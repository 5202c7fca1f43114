"""La fiche prestataire : sa place dans une mission, son âge."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dla_docs import FichePrestataire, Mission, check, load
from dla_docs.constat import Constat
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_text


def fiche_dated(day: date) -> FichePrestataire:
    return FichePrestataire.model_validate({"mise_a_jour": day})


@pytest.mark.parametrize(
    ("day", "stale"), [("14/01/2014", False), ("15/01/2014", True), ("13/01/2013", False)]
)
def test_une_fiche_a_un_an_pour_etre_mise_a_jour(day: str, stale: bool) -> None:
    au = date(*map(int, reversed(day.split("/"))))
    assert fiche_dated(date(2013, 1, 14)).perimee(au) is stale


@given(st.dates(date(1900, 1, 1), date(2190, 1, 1)))
def test_aucune_fiche_ne_perime_dans_l_annee(day: date) -> None:
    assert not fiche_dated(day).perimee(day + timedelta(days=365))
    assert fiche_dated(day).perimee(day + timedelta(days=367))


def test_une_mission_prend_la_fiche_d_un_fichier_du_portefeuille(tmp_path: Path) -> None:
    (tmp_path / "delta.yaml").write_text(
        sample_path("fiche_prestataire").read_text(encoding="utf-8"), encoding="utf-8"
    )
    mission = mission_with("documents: {fiche_prestataire: [delta.yaml]}", tmp_path)
    (fiche,) = mission.tous(FichePrestataire)
    assert mission.fiche is fiche
    assert fiche.autres.cout_jour == 850
    assert fiche.prestataire.siret == "00000007500010"
    assert about_the_fiche(mission) == []


def test_la_fiche_d_un_autre_prestataire_ne_vaut_pas_pour_celui_qui_est_retenu(
    tmp_path: Path,
) -> None:
    mission = mission_with(
        "documents: {fiche_prestataire: [{prestataire: {nom: Un autre cabinet}, experiences: "
        "{depuis: 2001}}]}",
        tmp_path,
    )
    assert mission.fiche is None
    assert mission.tous(FichePrestataire)[0].prestataire.siret is None
    assert "RX-01" in {
        exigence for constat in about_the_fiche(mission) for exigence in constat.exigences
    }


def test_la_fiche_d_un_sollicite_n_emprunte_rien_au_retenu(tmp_path: Path) -> None:
    mission = mission_with(
        "documents: {fiche_prestataire: [{prestataire: beta}, {prestataire: delta}]}", tmp_path
    )
    beta, delta = (fiche.prestataire for fiche in mission.documents["fiche_prestataire"])  # type: ignore[attr-defined]  # the kind is known
    assert (beta.nom, beta.siret, beta.contact.nom) == ("Coopérative Bêta", None, None)
    assert (delta.nom, delta.siret) == ("Cabinet Delta Exemple", "00000007500010")


def test_avant_que_la_mission_commence_la_fiche_peut_manquer(tmp_path: Path) -> None:
    started = yaml.safe_load(HEADER)
    del started["reference_convention"]
    mission = load_text(
        yaml.dump(started, Dumper=yaml.CSafeDumper, allow_unicode=True), tmp_path / "mission.yaml"
    )
    assert isinstance(mission, Mission)
    assert about_the_fiche(mission) == []


HEADER = """
document: mission
reference_convention: DLA00-C1
structures: [{nom: Une association}]
mise_en_concurrence:
  sollicites:
    - cle: delta
      prestataire:
        nom: Cabinet Delta Exemple
        siret: 000 000 075 00010
        contact: {nom: Frédérique Esquisse}
      date: 01/03/2013
    - {cle: beta, prestataire: {nom: Coopérative Bêta}, date: 01/03/2013}
  retenu: delta
"""


def mission_with(documents: str, folder: Path) -> Mission:
    mission = load_text(f"{HEADER}{documents}\n", folder / "mission.yaml")
    assert isinstance(mission, Mission)
    return mission


def about_the_fiche(mission: Mission) -> list[Constat]:
    return [
        constat
        for constat in check(mission, profil="centre")
        if "fiche_prestataire" in constat.chemin
    ]


def test_un_formulaire_de_fiche_n_est_ouvert_qu_au_prestataire_sauf_le_retour() -> None:
    closed = [
        node.path
        for node in FichePrestataire.schema_node().leaves()
        if "prestataire" not in node.roles
    ]
    assert closed == ["profil", "stade", "retour.adresse", "retour.voie"]


def test_l_exemple_est_rempli_et_complet() -> None:
    fiche = load(sample_path("fiche_prestataire"))
    assert isinstance(fiche, FichePrestataire)
    assert fiche.rubriques_vides == fiche.manques_au_paiement == ()
