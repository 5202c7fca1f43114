"""Une demande de plus du même prestataire : chaque formulaire revient à la sienne."""

from __future__ import annotations

from pathlib import Path

import pytest

from dla_docs.cli.application import run
from dla_docs.stages.loading import load_mission
from tests.word_forms import fill

DEMANDE = "demande_de_modification"
UNE = f"document: mission\nnature: individuelle\nreference: A-1\ndocuments:\n  {DEMANDE}:\n"
SEULE = "    date: 10/11/2005\n    demande: {origine: prestataire}\n"
EN_LISTE = "    - date: 10/11/2005\n      demande: {origine: prestataire}\n"


def asked(mission: Path, name: str, *options: str) -> Path:
    """Un formulaire demandé par la commande."""
    form = mission.parent / name
    assert run(["trame", DEMANDE, "-o", str(form), "--mission", str(mission), *options]) == 0
    return form


def back(form: Path, date: str, mission: Path) -> str:
    """Le texte de la mission, une fois ce formulaire revenu avec cette date."""
    form.write_bytes(fill(form.read_bytes(), {"date": date}))
    assert run(["lire", str(form), "--dans", str(mission)]) in (0, 1)
    return mission.read_text("utf-8")


def len_of(form: Path) -> int:
    """« x (2).docx » vient après « x.docx »."""
    return len(form.name)


@pytest.mark.parametrize("held", [SEULE, EN_LISTE], ids=["seule", "en liste"])
def test_chaque_demande_revient_a_la_sienne(
    held: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mission = tmp_path / "mission.yaml"
    mission.write_text(UNE + held, "utf-8")
    first = asked(mission, "une.docx")
    assert "ajoutez « --nouvelle »" in capsys.readouterr().err
    other = asked(mission, "autre.docx", "--nouvelle")
    said = back(other, "01/12/2005", mission)
    assert "10/11/2005" in said and said.index("10/11/2005") < said.index("01/12/2005")
    assert back(first, "11/11/2005", mission) == said.replace("10/11/2005", "11/11/2005")
    assert run(["trame", DEMANDE, "-o", str(tmp_path / "d.docx"), "--mission", str(mission)]) == 2
    assert "None" not in capsys.readouterr().err
    assert run(["trame", DEMANDE, "-o", str(tmp_path / "d"), "--mission", str(mission)]) == 0
    days = ("12/11/2005", "02/12/2005")
    for form, day in zip(sorted((tmp_path / "d").iterdir(), key=len_of), days, strict=True):
        now = back(form, day, mission)
    assert [now.count(day) for day in (*days, "11/11/2005", "01/12/2005")] == [1, 1, 0, 0]
    assert now.index(days[0]) < now.index(days[1])


def test_une_nouvelle_fiche_ne_se_demande_que_la_ou_elle_a_un_sens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mission, form = tmp_path / "mission.yaml", str(tmp_path / "x.docx")
    mission.write_text(UNE + SEULE, "utf-8")
    other = ["trame", "cahier_des_charges", "-o", form, "--mission", str(mission), "--nouvelle"]
    assert run(other) == 2
    assert "retirez « --nouvelle »" in capsys.readouterr().err
    assert run(["trame", DEMANDE, "-o", form, "--nouvelle"]) == 2
    assert "ajoutez « --mission MISSION »" in capsys.readouterr().err
    assert not Path(form).exists()


@pytest.mark.parametrize("held", [SEULE, ""], ids=["une tenue", "aucune"])
def test_deux_demandes_parties_ensemble_ne_se_melent_pas(held: str, tmp_path: Path) -> None:
    mission = tmp_path / "mission.yaml"
    mission.write_text(UNE + held if held else UNE.partition("documents")[0], "utf-8")
    said = {"x.docx": ("changements[0].motif", "Premier"), "y.docx": ("demande.constat", "Autre")}
    for name in said:
        asked(mission, name, "--nouvelle")
    for name, (field, text) in [*said.items(), *said.items()]:  # and once more: nothing doubles
        form = mission.parent / name
        form.write_bytes(fill(form.read_bytes(), {field: text}))
        assert run(["lire", str(form), "--dans", str(mission)]) in (0, 1)
    found = load_mission(mission).documents[DEMANDE][-2:]
    typed = [
        (
            [row.motif for row in one.changements],  # type: ignore[attr-defined]
            one.demande.constat,  # type: ignore[attr-defined]
        )
        for one in found
    ]
    assert typed == [(["Premier"], None), ([], "Autre")]
    assert len(load_mission(mission).documents[DEMANDE]) == 2 + bool(held)


@pytest.mark.lent
def test_une_demande_sans_cle_se_retrouve_hors_de_son_rang(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Deux demandes sans clé : déplacée, chacune se reconnaît à ce qu'elle disait ; ôtée, la
    sienne ne prend pas la place d'une autre, et le remède va.
    """
    mission, forms = tmp_path / "mission.yaml", tmp_path / "p"
    first, second = "    - date: 01/01/2010\n", "    - date: 02/02/2010\n"
    mission.write_text(UNE + first + second, "utf-8")
    assert run(["trame", DEMANDE, "-o", str(forms), "--mission", str(mission)]) == 0
    one, two = sorted(forms.iterdir(), key=len_of)
    for form, text in ((one, "La première"), (two, "La seconde")):
        form.write_bytes(fill(form.read_bytes(), {"demande.constat": text}))
    mission.write_text(UNE + second + first, "utf-8")
    assert run(["lire", str(one), str(two), "--dans", str(mission)]) == 0
    constat = "      demande:\n        constat: La %s\n"
    expected = UNE + second + constat % "seconde" + first + constat % "première"
    assert mission.read_text("utf-8") == expected
    left = "    - date: 03/03/2010\n" + second
    mission.write_text(UNE + left, "utf-8")
    capsys.readouterr()
    assert run(["lire", str(one), "--dans", str(mission)]) == 2
    told = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert "ne tient plus la fiche" in told and "« cle: d1 »" in told
    assert mission.read_text("utf-8") == UNE + left
    mission.write_text(UNE + left.replace("- date", "- cle: d1\n      date", 1), "utf-8")
    assert run(["lire", str(one), "--dans", str(mission)]) == 1
    assert "La première" in mission.read_text("utf-8")


@pytest.mark.lent
def test_deux_enquetes_sans_cle_echangees_dans_la_mission_gardent_leurs_reponses(
    tmp_path: Path,
) -> None:
    mission, forms = tmp_path / "mission.yaml", tmp_path / "p"
    slug, rows = "enquete_beneficiaire", [f"    - adressee_le: 0{n}/01/2010\n" for n in (1, 2)]
    head = UNE.replace(DEMANDE, slug)
    mission.write_text(head + "".join(rows), "utf-8")
    assert run(["trame", slug, "-o", str(forms), "--mission", str(mission)]) == 0
    files = sorted(forms.iterdir())
    for form, text in zip(files, ("Une", "Deux"), strict=True):
        form.write_bytes(fill(form.read_bytes(), {"observations": text}))
    mission.write_text(head + "".join(reversed(rows)), "utf-8")
    assert run(["lire", *map(str, files), "--dans", str(mission)]) == 0
    said = "      observations: %s\n"
    expected = head + rows[1] + said % "Deux" + rows[0] + said % "Une"
    assert mission.read_text("utf-8") == expected


def test_un_fait_de_la_mission_corrige_ne_commence_pas_de_demande(tmp_path: Path) -> None:
    """La demande ne naît que d'une réponse qui est à elle ; la même, revenue avec, a sa clé."""
    mission = tmp_path / "mission.yaml"
    before = UNE.partition("documents")[0] + "structures: [{nom: Calque}]\n"
    mission.write_text(before, "utf-8")
    form = asked(mission, "x.docx")
    form.write_bytes(fill(form.read_bytes(), {"structures[0].nom": "Calques"}))
    assert run(["lire", str(form), "--dans", str(mission)]) in (0, 1)
    corrected = before.replace("Calque", "Calques")
    assert mission.read_text("utf-8") == corrected
    said = back(form, "10/11/2005", mission)
    assert said.startswith(corrected) and "    cle: d1\n" in said.removeprefix(corrected)
    assert back(form, "10/11/2005", mission) == said


DEUX = {"x.docx": ("changements[0].motif", "Premier"), "y.docx": ("demande.constat", "Autre")}


@pytest.mark.parametrize("how", ["lire", "ensemble", "reunir"])
def test_deux_demandes_sans_nouvelle_ne_se_joignent_pas_sans_un_mot(
    how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Toutes deux ont la clé d1 ; le remède, suivi, en fait deux."""
    mission = tmp_path / "mission.yaml"
    mission.write_text(UNE.partition("documents")[0], "utf-8")
    for name, (field, text) in DEUX.items():
        form = asked(mission, name)
        form.write_bytes(fill(form.read_bytes(), {field: text}))
    given = [str(tmp_path / name) for name in DEUX]
    capsys.readouterr()
    for files in [[one] for one in given] if how == "lire" else [given]:
        run(["reunir" if how == "reunir" else "lire", *files, "--dans", str(mission)])
    told = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert "AVERTISSEMENT" in told and "seule leur clé (d1)" in told and "« cle: d2 »" in told
    second = max(given, key=lambda form: f"AVERTISSEMENT {Path(form).name}" in told)
    assert run(["annuler", str(mission)]) == 0
    if how != "lire":  # both were written at once
        run(["lire", next(one for one in given if one != second), "--dans", str(mission)])
    text = mission.read_text("utf-8")
    mission.write_text(text.replace("cle: d1", "cle: d2"), "utf-8")
    capsys.readouterr()
    for _ in range(2):
        assert run(["lire", second, "--dans", str(mission)]) in (0, 1)
    assert "seule leur clé" not in capsys.readouterr().err
    found = load_mission(mission).documents[DEMANDE]
    typed = [(len(one.changements), one.demande.constat) for one in found]  # type: ignore[attr-defined]
    assert sorted(typed, reverse=True) == [(1, None), (0, "Autre")]


def test_ce_qu_un_autre_role_ajoute_a_la_premiere_demande_la_complete(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Partie à deux avant qu'aucun ne réponde, chacun dans ses champs : c'est la même."""
    mission = tmp_path / "mission.yaml"
    mission.write_text(UNE.partition("documents")[0], "utf-8")
    said = {
        "prestataire": {"demande.constat": "Trop peu"},
        "structure": {"decision.validee_structure_le": "12/12/2005"},
    }
    for role, answers in said.items():
        form = asked(mission, f"{role}.docx", "--pour", role)
        form.write_bytes(fill(form.read_bytes(), answers))
    capsys.readouterr()
    for role in said:
        assert run(["lire", str(tmp_path / f"{role}.docx"), "--dans", str(mission)]) in (0, 1)
    assert "seule leur clé" not in capsys.readouterr().err
    [found] = load_mission(mission).documents[DEMANDE]
    assert found.demande.constat == "Trop peu"  # type: ignore[attr-defined]
    assert found.decision.validee_structure_le is not None  # type: ignore[attr-defined]
