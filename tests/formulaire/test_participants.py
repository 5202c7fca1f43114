"""Les fiches d'une même sorte : chacune part sous son nom et retrouve sa place, même quand la liste
a bougé entre-temps.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from dla_docs import Mission, load
from dla_docs.cli.application import run
from dla_docs.errors import InputError
from dla_docs.forms import avant_l_envoi, read, trame, trames
from dla_docs.model.requirement import Role
from dla_docs.returns import reunir_par_fiche
from dla_docs.stages.loading import load_mission
from dla_docs.writing_back.writing import base_in, write_back
from tests.formulaire.bureau import opened
from tests.formulaire.formulaires import answers
from tests.word_forms import fill

COMMENT = "relation.echanges.commentaire"
OTHER = "relation.animation.commentaire"


def mission(folder: Path, *participants: object, profil: str = "national") -> Path:
    path = folder / "mission.yaml"
    sheets = [{"participant": one} for one in participants]
    said = {
        "document": "mission",
        "profil": profil,
        "nature": "collective",
        "documents": {"evaluation_collective": sheets},
    }
    path.write_text(
        yaml.dump(said, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False),
        encoding="utf-8",
    )
    return path


def sent(path: Path, role: Role | None = Role.PARTICIPANT) -> dict[str, bytes]:
    loaded = load(path)
    assert isinstance(loaded, Mission)
    return {
        name.removeprefix("evaluation_collective - ").removesuffix(".docx"): octets
        for name, octets in trames("evaluation_collective", loaded, role)
    }


def comments(path: Path) -> list[str | None]:
    loaded = load(path)
    assert isinstance(loaded, Mission)
    return [
        sheet.relation.echanges.commentaire  # type: ignore[attr-defined]
        for sheet in loaded.documents["evaluation_collective"]
    ]


@pytest.mark.parametrize("back", ["lire", "reunir"])
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (["Alix", "Noa"], ["Noa", "Alix"], ["de Noa", "d'Alix"]),
        (["Alix", "Noa"], ["Zoé", "Alix", "Noa"], [None, "d'Alix", "de Noa"]),
        (
            [{"nom": "Alix", "cle": "rouge"}, "Noa"],
            ["Noa", {"nom": "Alexandra", "cle": "rouge"}],
            ["de Noa", "d'Alix"],
        ),
    ],
    ids=["échangées", "une de plus", "renommée, même clé"],
)
def test_a_sheet_finds_its_place_again(
    before: list[object], after: list[object], expected: list[str], back: str, tmp_path: Path
) -> None:
    forms = sent(mission(tmp_path, *before))
    answers = [fill(forms["Alix"], {COMMENT: "d'Alix"}), fill(forms["Noa"], {COMMENT: "de Noa"})]
    path = mission(tmp_path, *after)
    base = base_in(path)
    for found in (
        reunir_par_fiche(answers, base)
        if back == "reunir"
        else [read(one, base) for one in answers]
    ):
        write_back(found, path)
    assert comments(path) == expected


def test_what_the_first_sheet_says_for_all_is_asked_on_it_alone(tmp_path: Path) -> None:
    """La partie 1 est à la chargée de mission : une fois, sur la première fiche ; tapée sur une
    autre, partie vierge, elle y va aussi.
    """
    path = tmp_path / "mission.yaml"
    path.write_text("document: mission\nnature: collective\n", encoding="utf-8")
    blank = trame("evaluation_collective", role=Role.CHARGE_DE_MISSION)
    done, day = "conditions.delais.commentaire", "date"
    said = {done: "À l'heure.", "conditions.delais.reponse": "Oui"}
    for name, more in (("Alix", {}), ("Noa", said)):
        write_back(read(fill(blank, {"participant.nom": name, **more}), base_in(path)), path)
    first, second = load(path).documents["evaluation_collective"]  # type: ignore[attr-defined]
    assert first.conditions.delais.commentaire == second.conditions.delais.commentaire
    assert path.read_text(encoding="utf-8").count("À l'heure.") == 1
    for role, wanted in ((Role.CHARGE_DE_MISSION, done), (None, day)):
        forms = sent(path, role)
        assert [wanted in opened(forms[name]) for name in ("Alix", "Noa")] == [True, False]
        assert "À l'heure." in {one.text.replace("’", "'") for one in answers(forms["Noa"])}


def test_two_of_the_same_name_are_told_apart_by_their_rank(tmp_path: Path) -> None:
    path = mission(tmp_path, "Camille", "Camille")
    forms = sent(path)
    assert list(forms) == ["Camille", "Camille (2)"]
    write_back(read(fill(forms["Camille (2)"], {COMMENT: "la seconde"})), path)
    assert comments(path) == [None, "la seconde"]


def test_the_first_sheet_that_a_mission_did_not_hold_keeps_the_second_from_erasing_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "mission.yaml"
    path.write_text("document: mission\nnature: collective\n", encoding="utf-8")
    blank = trame("evaluation_collective", role=Role.PARTICIPANT)
    for name in ("Alix", "Noa"):
        write_back(read(fill(blank, {"participant.nom": name, COMMENT: f"de {name}"})), path)
    assert comments(path) == ["de Alix", "de Noa"]


VIERGE = """document: mission
nature: collective
reference: A-1
documents:
  cahier_des_charges:
    objectifs: {resultats: [Un plan]}
"""


@pytest.mark.parametrize("together", [True, False], ids=["ensemble", "l'un après l'autre"])
@pytest.mark.parametrize("held", ["", "  evaluation_collective:\n    participant: Lou\n"])
def test_several_names_on_copies_of_one_blank_form_make_several_sheets(
    held: str, together: bool, tmp_path: Path
) -> None:
    """Le formulaire vierge emporte ce que la mission prête à toutes : ce n'est le nom de personne,
    et la fiche d'avant, qui le dit aussi, n'est pas celle du suivant.
    """
    path, names = tmp_path / "mission.yaml", ("Noa", "Alix")
    path.write_text(VIERGE, encoding="utf-8")
    blank = trame("evaluation_collective", load_mission(path), Role.PARTICIPANT)
    forms = [tmp_path / f"{name}.docx" for name in names]
    for name, form in zip(names, forms, strict=True):
        form.write_bytes(fill(blank, {"participant.nom": name, COMMENT: f"De {name}"}))
    path.write_text(VIERGE + held, encoding="utf-8")
    for given in [forms] if together else [[form] for form in forms]:
        assert run(["lire", *map(str, given), "--dans", str(path)]) in (0, 1)
    sheets = load_mission(path).documents["evaluation_collective"]
    found = dict(zip((one.nom_distinctif for one in sheets), comments(path), strict=True))
    assert len(sheets) == len(found)
    assert found == {"Alix": "De Alix", "Noa": "De Noa"} | ({"Lou": None} if held else {})


@pytest.mark.parametrize("number", [2, 3])
def test_copies_of_nobody_in_dispute_are_told_apart_by_their_folder(
    number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Du même nom de fichier, sans nom de personne : rien n'est pris, et chacun est dit."""
    path, blank = tmp_path / "mission.yaml", trame("evaluation_collective", role=Role.PARTICIPANT)
    path.write_text("document: mission\nnature: collective\n", encoding="utf-8")
    forms = [tmp_path / f"d{rank}" / "x.docx" for rank in range(number)]
    for rank, form in enumerate(forms):
        form.parent.mkdir()
        form.write_bytes(fill(blank, {COMMENT: f"Dit {rank}"}))
    before = path.read_bytes()
    assert run(["lire", *map(str, forms), "--dans", str(path)]) == 1
    told = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert "n'est pris d'aucun des deux" in told if number == 2 else "aucun des 3 fichiers" in told
    assert all(f"« Dit {rank} » dans « {form} »" in told for rank, form in enumerate(forms))
    assert path.read_bytes() == before


def test_copies_of_nobody_are_not_one_sheet_without_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Deux personnes qui ne se nomment pas, et ne répondent pas à la même question."""
    path, blank = tmp_path / "mission.yaml", trame("evaluation_collective", role=Role.PARTICIPANT)
    path.write_text(VIERGE, encoding="utf-8")
    first, second = tmp_path / "un.docx", tmp_path / "deux.docx"
    first.write_bytes(fill(blank, {COMMENT: "De l'un"}))
    second.write_bytes(fill(blank, {OTHER: "De l'autre"}))
    assert run(["lire", str(first), "--dans", str(path)]) in (0, 1)
    assert "rien ne dit" not in capsys.readouterr().err
    alone = path.read_bytes()
    assert run(["lire", str(second), "--dans", str(path)]) == 1
    told = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert "rien ne dit que c'est la sienne" in told
    assert run(["annuler", str(path)]) == 0 and path.read_bytes() == alone
    head = "evaluation_collective:\n"
    named = alone.decode().replace(head, f"{head}    participant: {{nom: Lou}}\n")
    path.write_text(named, encoding="utf-8")
    second.write_bytes(fill(second.read_bytes(), {"participant.nom": "Noa"}))
    assert run(["lire", str(second), "--dans", str(path)]) in (0, 1)
    assert "rien ne dit" not in capsys.readouterr().err
    sheets = load_mission(path).documents["evaluation_collective"]
    assert [one.nom_distinctif for one in sheets] == ["Lou", "Noa"]


def test_a_sheet_of_nobody_is_not_given_to_someone(tmp_path: Path) -> None:
    path = mission(tmp_path, "Alix", "Noa")
    with pytest.raises(InputError) as refused:
        write_back(
            read(
                fill(trame("evaluation_collective", role=Role.PARTICIPANT), {COMMENT: "de qui ?"})
            ),
            path,
        )
    assert "rien ne dit lequel est revenu" in str(refused.value)


@pytest.mark.lent
def test_a_participant_named_anew_since_says_so_on_his_form(tmp_path: Path) -> None:
    """Le remède du refus va : son nom d'aujourd'hui, tapé dans le formulaire."""
    path = mission(tmp_path, "Alix", "Noa")
    form = fill(sent(path)["Alix"], {COMMENT: "D'Alix"})
    mission(tmp_path, "Alix Calque", "Noa")
    with pytest.raises(InputError, match="Écrivez dans le formulaire de qui il est"):
        write_back(read(form), path)
    assert comments(path) == [None, None]
    write_back(read(fill(form, {"participant.nom": "Alix Calque"})), path)
    assert comments(path) == ["D'Alix", None]


def test_a_name_does_not_choose_where_its_file_goes(tmp_path: Path) -> None:
    assert all(
        not {"/", "\\"} & set(name) and name not in {"..", "."}
        for name in sent(mission(tmp_path, "../Alix", "..\\Noa", "CON", ".."))
    )


def test_each_one_in_turn(tmp_path: Path) -> None:
    path = mission(tmp_path, "Alix")
    loaded = load(path)
    assert isinstance(loaded, Mission)
    assert avant_l_envoi("evaluation_collective", loaded, Role.PARTICIPANT) == ()
    [early] = avant_l_envoi("evaluation_collective", loaded, Role.PRESTATAIRE)
    assert early.exigences == ("RX-29",) and "« Alix »" in str(early)
    write_back(read(fill(sent(path)["Alix"], {COMMENT: "de Alix"})), path)
    answered = load(path)
    assert isinstance(answered, Mission)
    assert avant_l_envoi("evaluation_collective", answered, Role.PRESTATAIRE) == ()
    [early] = avant_l_envoi("evaluation_collective", answered, Role.CHARGE_DE_MISSION)
    assert "pas encore commentée" in str(early)


def test_a_mission_without_sheets_says_where_to_name_them(tmp_path: Path) -> None:
    (tmp_path / "mission.yaml").write_text("document: mission\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        sent(tmp_path / "mission.yaml")
    assert "« - participant: … »" in str(refused.value)


@pytest.mark.parametrize("name", ["Calque Élie", "ELIECALQUE", "Élie-Calque"])
def test_a_name_that_is_almost_that_of_another_is_said_with_both(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Le remède va jusqu'au bout : le nom de la mission, tapé, ramène à la fiche qu'elle tient."""
    path, form = mission(tmp_path, "Élie Calque", "Noa"), tmp_path / "f.docx"
    blank = trame("evaluation_collective", role=Role.PARTICIPANT)
    form.write_bytes(fill(blank, {"participant.nom": name, COMMENT: "De lui"}))
    command = ["lire", str(form), "--dans", str(path)]
    assert run(command) == 1
    told = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert f"pour « {name} », et il y en a une pour « Élie Calque »" in told
    assert run(command) in (0, 1)  # once it has its sheet, it is said no more
    assert "et il y en a une" not in capsys.readouterr().err
    assert run(["annuler", str(path)]) == 0
    form.write_bytes(fill(form.read_bytes(), {"participant.nom": "Élie Calque"}))
    assert run(command) in (0, 1)
    assert "et il y en a une" not in capsys.readouterr().err
    assert comments(path) == ["De lui", None]


def test_two_new_ones_of_almost_one_name_are_said(tmp_path: Path) -> None:
    blank = trame("evaluation_collective", role=Role.PARTICIPANT)
    forms = [
        fill(blank, {"participant.nom": name, COMMENT: name})
        for name in ("Calque Élie", "Élie Calque", "Noa")
    ]
    base = base_in(mission(tmp_path, "Zoé"))
    said = [str(one) for found in reunir_par_fiche(forms, base) for one in found.laisses]
    assert len(said) == 2 and all("Élie Calque" in one and "Calque Élie" in one for one in said)
