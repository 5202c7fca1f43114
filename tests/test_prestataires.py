"""Les prestataires sont des personnes, pas des rangs : chacun se reconnaît à sa clé, à son siret ou
à son nom, et rien de l'un ne va à l'autre.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dla_docs import GrilleDeLecture, InputError, Mission, NotificationDeChoix, Role, check, trame
from dla_docs.cli.application import run
from dla_docs.forms import trames
from dla_docs.parties.identite import cle_du_nom, nom_nu
from dla_docs.stages.loading import load_text
from dla_docs.stages.rendering import render
from dla_docs.word.package import open_package
from tests import examples

MISSION = """document: mission
nature: individuelle
mise_en_concurrence:
  procedure: normale
  sollicites:
    - {prestataire: {nom: Cabinet Bêta, siret: 000 000 026 00013}, reponse: proposition}
    - {prestataire: {nom: Alpha S.A.R.L.}, reponse: proposition}
documents:
  grille_de_lecture:
    projets:
      - {nom: alpha, qualite: {enjeux: MOT-DE-ALPHA}}
      - {nom: CABINET BETA, qualite: {enjeux: MOT-DE-BETA}}
  notification_de_choix:
    - prestataire: Alpha
    - prestataire: {siret: 000 000 026 00013}
"""


def mission(text: str = MISSION) -> Mission:
    loaded = load_text(text, Path("mission.yaml"))
    assert isinstance(loaded, Mission)
    return loaded


@pytest.mark.parametrize(
    ("nom", "cle"),
    [
        ("Cabinet Épreuve", "cabinet_epreuve"),
        ("CABINET EPREUVE SARL", "cabinet_epreuve"),
        ("S.A.R.L. Cabinet Épreuve", "cabinet_epreuve"),
        ("L'Atelier d'Exemple (SCOP)", "l_atelier_d_exemple"),
        ("SCOP", "scop"),
        ("", ""),
    ],
)
def test_une_cle_est_faite_du_nom(nom: str, cle: str) -> None:
    assert cle_du_nom(nom) == cle


def test_chaque_ligne_rejoint_celui_qu_elle_nomme() -> None:
    held = mission()
    assert list(held.sollicites()) == ["cabinet_beta", "alpha"]
    (grid,) = held.tous(GrilleDeLecture)
    assert {row.cle: row.qualite.enjeux.appreciation for row in grid.projets} == {
        "alpha": "MOT-DE-ALPHA",
        "cabinet_beta": "MOT-DE-BETA",
    }
    notified = {one.prestataire.cle: str(one) for one in held.tous(NotificationDeChoix)}
    assert set(notified) == {"alpha", "cabinet_beta"}
    assert "MOT-DE-ALPHA" in notified["alpha"] and "MOT-DE-BETA" not in notified["alpha"]
    assert "MOT-DE-BETA" in notified["cabinet_beta"]
    assert not [one for one in check(held) if one.message.startswith("Prestataire :")]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "- prestataire: Alpha\n",
            "- prestataire: Gamma\n",
            "Prestataire : « Gamma » n'est aucun des prestataires sollicités "
            "(documents.notification_de_choix[0].prestataire).",
        ),
        (
            "nom: Alpha S.A.R.L.}",
            "nom: Alpha}}\n    - {cle: autre, prestataire: {nom: ALPHA SAS}",
            "Prestataire : « Alpha » peut être plusieurs des prestataires sollicités : alpha, "
            "autre (documents.notification_de_choix[0].prestataire).",
        ),
        (
            "{nom: alpha, q",
            "{nom: delta, q",
            "Prestataire : « delta » n'est aucun des prestataires sollicités "
            "(documents.grille_de_lecture.projets[2]).",
        ),
    ],
)
def test_deux_ou_aucun_se_dit(before: str, after: str, said: str) -> None:
    assert before in MISSION
    found = {one.message: one for one in check(mission(MISSION.replace(before, after, 1)))}
    assert said in found
    assert str(found[said].gravite) == "bloquant" and found[said].ligne and found[said].conseil


@pytest.mark.parametrize(
    "again",
    [
        "{cle: encore, prestataire: {nom: CABINET BETA}, reponse: sans_reponse}",
        "{cle: encore, prestataire: {siret: 000 000 026 00013}, reponse: sans_reponse}",
        "{prestataire: {nom: Cabinet Bêta SARL}, reponse: sans_reponse}",
    ],
)
def test_le_meme_sollicite_deux_fois_n_en_fait_pas_deux(again: str) -> None:
    """Une seconde ligne du même n'est pas une mise en concurrence, et elle se dit."""
    alone = MISSION.replace(
        "    - {prestataire: {nom: Alpha S.A.R.L.}, reponse: proposition}\n", ""
    )
    asked = alone[: alone.index("documents:")] + f"    - {again}\n  retenu: cabinet_beta\n"
    found = {one.exigences: one for one in check(mission(asked)) if "sollicit" in one.chemin}
    assert "Cabinet Bêta l'est déjà sous la clé « cabinet_beta »" in found[()].message
    assert any("RX-06" in one.exigences for one in check(mission(asked), "centre"))


def test_un_siret_different_n_est_pas_le_meme(tmp_path: Path) -> None:
    other = MISSION.replace("- prestataire: {siret: 000 000 026 00013}", "")
    other += "    - prestataire: {nom: Cabinet Bêta, siret: 000 000 018 00010}\n"
    assert any("n'est aucun" in one.message for one in check(mission(other)))


MARKS = st.lists(st.sampled_from(["Zorglub", "Quetzal", "Wapiti", "Xylophage"]), unique=True)


@pytest.mark.lent
@examples(20)
@given(MARKS.filter(lambda names: len(names) > 1), st.randoms(use_true_random=False))
def test_rien_de_l_un_ne_va_a_l_autre(names: list[str], chance: object) -> None:
    rows = list(names)
    chance.shuffle(rows)  # type: ignore[attr-defined]
    held = mission(
        "document: mission\nnature: individuelle\nmise_en_concurrence:\n  sollicites:\n"
        + "".join(f"    - prestataire: {{nom: Cabinet {name}}}\n" for name in names)
        + "documents:\n  grille_de_lecture:\n    projets:\n"
        + "".join(
            f"      - {{nom: {name.upper()} cabinet, commentaires: Mot sur {name}x}}\n"
            if nom_nu(name) == ""
            else f"      - {{nom: CABINET {name}, commentaires: Mot sur {name}x,"
            f" precisions: {{demandees_le: 01/02/2013, demande: Question à {name}y}}}}\n"
            for name in rows
        )
        + "  proposition:\n"
        + "".join(f"    - {{prestataire: Cabinet {name}}}\n" for name in rows)
    )
    made = [
        *trames("grille_de_lecture", held, Role.PRESTATAIRE),
        *trames("notification_de_choix", held),
        *trames("proposition", held, Role.PRESTATAIRE),
        *(
            (f"extrait {name}", render(grid.vu_par(f"cabinet_{name.lower()}"), brouillon=True))
            for grid in held.tous(GrilleDeLecture)
            for name in names
        ),
    ]
    assert len(made) == 4 * len(names)
    for title, octets in made:
        (own,) = [name for name in names if name.lower() in title.lower()]
        whole = b"".join(open_package(octets).values()).decode(errors="replace").lower()
        assert own.lower() in whole
        assert [name for name in names if name != own and name.lower() in whole] == [], title


def test_la_grille_ne_part_pas_entiere_chez_un_prestataire(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError, match="montre à chacun ce qui le concerne seul"):
        trame("grille_de_lecture", mission(), Role.PRESTATAIRE)
    path = tmp_path / "mission.yaml"
    path.write_text(MISSION, encoding="utf-8")
    asked = ["trame", "grille_de_lecture", "--mission", str(path), "--pour", "prestataire", "-o"]
    assert run([*asked, str(tmp_path / "grille.docx")]) == 2
    assert "-o DOSSIER/" in " ".join(capsys.readouterr().err.split())
    assert run([*asked, str(tmp_path / "grilles")]) == 0
    assert len(list((tmp_path / "grilles").glob("*.docx"))) == 2


def test_un_formulaire_par_sollicite_meme_quand_rien_n_est_revenu(tmp_path: Path) -> None:
    path = tmp_path / "mission.yaml"
    path.write_text(MISSION, encoding="utf-8")
    for slug in ("proposition", "notification_de_choix"):
        folder = tmp_path / slug
        assert run(["trame", slug, "--mission", str(path), "-o", str(folder)]) == 0
        assert sorted(one.name for one in folder.iterdir()) == [
            f"{slug} - Alpha S.A.R.L.docx",
            f"{slug} - Cabinet Bêta.docx",
        ]


REPONDUE = """document: mission
documents:
  evaluation_individuelle:
    conditions: {delais: {reponse: oui, commentaire: TENUS, commentaire_prestataire: REMARQUE}}
    resultats: [{intitule: Un, commentaire_prestataire: REMARQUE}]
"""


@pytest.mark.parametrize(("role", "shown"), [(Role.STRUCTURE, False), (Role.PRESTATAIRE, True)])
def test_la_structure_ne_lit_pas_les_remarques_du_prestataire(role: Role, shown: bool) -> None:
    octets = trame("evaluation_individuelle", mission(REPONDUE), role)
    whole = b"".join(open_package(octets).values()).decode(errors="replace")
    assert "TENUS" in whole
    assert ("REMARQUE" in whole) == shown
