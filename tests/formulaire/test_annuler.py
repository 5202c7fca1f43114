"""Ce qu'une écriture a changé, ``annuler`` le remet octet pour octet, quelle qu'elle soit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dla_docs import trame
from dla_docs.cli.application import run
from dla_docs.errors import InputError
from dla_docs.forms import trames
from dla_docs.model.requirement import Role
from dla_docs.stages.loading import load_mission
from dla_docs.stages.saves import FOLDER, saves
from dla_docs.writing_back.undo import KEPT, annuler, as_one_command, write_kept
from tests.word_forms import fill

OPERATEUR = "nom: DLA Calque  # le nôtre\r\n"
MISSION = """\ufeff# une mission
document: mission
nature: individuelle
reference:   'A-1'
operateur: operateur.yaml
structures:
- {nom: Calque, siret: ''}
- nom: Papier
mise_en_concurrence:
  sollicites:
  - prestataire: {nom: Gomme}
  - prestataire: {nom: Crayon}
documents:
  cahier_des_charges:
    objectifs: {general: "Écrit à l'envoi"}
"""
GENERAL = "objectifs.general"


@dataclass(frozen=True)
class Bureau:
    """Une mission et le fichier qu'elle cite, d'où partent des formulaires."""

    folder: Path

    @property
    def mission(self) -> Path:
        return self.folder / "missions" / "mission.yaml"

    def form(self, slug: str, role: Role | None = None, **said: str) -> str:
        """Un formulaire rempli ; le premier, quand il y en a un par prestataire."""
        whole = load_mission(self.mission)
        apart = slug == "proposition"
        docx = trames(slug, whole, role)[0][1] if apart else trame(slug, whole, role)
        path = self.folder / "revenus" / f"{slug}.docx"
        path.write_bytes(fill(docx, {tag.replace("__", "."): text for tag, text in said.items()}))
        return str(path)

    def into(self, command: str, form: str, *options: str) -> int:
        return run([command, form, "--dans", str(self.mission), *options])

    def state(self) -> dict[Path, bytes]:
        found = sorted((self.folder / "missions").rglob("*.yaml"))
        return {one: one.read_bytes() for one in found if FOLDER not in one.parts}


def lire(desk: Bureau) -> None:
    desk.into("lire", desk.form("cahier_des_charges", objectifs__general="Dit au retour"))


def lire_dans_l_en_tete(desk: Bureau) -> None:
    desk.into("lire", desk.form("mission", reference="A-2"))


def lire_dans_un_fichier_cite(desk: Bureau) -> None:
    desk.into("lire", desk.form("mission", operateur__nom="DLA Papier"))


def lire_une_ligne_de_plus(desk: Bureau) -> None:
    desk.into("lire", desk.form("mission", None, **{"structures[2].nom": "Crayon"}))


def lire_une_ligne_videe(desk: Bureau) -> None:
    desk.into("lire", desk.form("mission", None, **{"structures[1].nom": ""}))


def lire_une_fiche_neuve(desk: Bureau) -> None:
    desk.into("lire", desk.form("proposition", Role.PRESTATAIRE, rappel__enjeux="Les enjeux"))


def lire_une_demande_nouvelle(desk: Bureau) -> None:
    desk.into("lire", desk.form("demande_de_modification", demande__constat="Un constat"))


def lire_plusieurs(desk: Bureau) -> None:
    """Les deux disent le même fait ; le second n'a plus rien à écrire."""
    first = desk.form("cahier_des_charges", objectifs__general="Dit au retour")
    other = Path(first).with_name("copie.docx")
    other.write_bytes(Path(first).read_bytes())
    run(["lire", first, str(other), "--dans", str(desk.mission)])


def lire_deux_qui_ecrivent(desk: Bureau) -> None:
    """L'un dans la mission, l'autre dans le fichier qu'elle cite et dans la mission encore."""
    first = desk.form("cahier_des_charges", objectifs__general="Dit au retour")
    other = desk.form("mission", None, reference="A-2", operateur__nom="DLA Papier")
    run(["lire", first, other, "--dans", str(desk.mission)])


def retours_de_trois(desk: Bureau) -> None:
    desk.form("proposition", Role.PRESTATAIRE, rappel__enjeux="Les enjeux")
    desk.form("mission", None, operateur__nom="DLA Papier")
    retours(desk)


def reunir_deux_fiches(desk: Bureau) -> None:
    """Celles de deux prestataires, une écriture chacune."""
    paths = []
    for number, (_, docx) in enumerate(trames("proposition", load_mission(desk.mission))):
        paths.append(desk.folder / "revenus" / f"{number}.docx")
        paths[-1].write_bytes(fill(docx, {"rappel.enjeux": f"Les enjeux {number}"}))
    run(["reunir", *map(str, paths), "--dans", str(desk.mission)])


def forcer(desk: Bureau) -> None:
    form = desk.form("cahier_des_charges", objectifs__general="Dit au retour")
    held = desk.mission.read_bytes()
    desk.mission.write_bytes(held.replace("à l'envoi".encode(), b"depuis"))
    assert desk.into("lire", form) == 1 and not (desk.mission.parent / FOLDER).exists()
    desk.into("lire", form, "--forcer", GENERAL)


def reunir(desk: Bureau) -> None:
    desk.into("reunir", desk.form("cahier_des_charges", objectifs__general="Dit au retour"))


def retours(desk: Bureau) -> None:
    desk.form("cahier_des_charges", objectifs__general="Dit au retour")
    run(["retours", str(desk.folder / "revenus"), "--dans", str(desk.mission.parent)])


PLUSIEURS = {"lire_deux_qui_ecrivent": 2, "retours_de_trois": 3, "reunir_deux_fiches": 2}
ECRITURES: tuple[Callable[[Bureau], None], ...] = (
    lire,
    lire_dans_l_en_tete,
    lire_dans_un_fichier_cite,
    lire_une_ligne_de_plus,
    lire_une_ligne_videe,
    lire_une_fiche_neuve,
    lire_une_demande_nouvelle,
    lire_plusieurs,
    forcer,
    reunir,
    retours,
    lire_deux_qui_ecrivent,
    retours_de_trois,
    reunir_deux_fiches,
)


@pytest.mark.lent
@pytest.mark.parametrize("ecriture", ECRITURES, ids=lambda one: one.__name__)
def test_annuler_remet_chaque_ecriture_octet_pour_octet(
    ecriture: Callable[[Bureau], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, fins = Bureau(tmp_path), ("\n", "\r\n")[ECRITURES.index(ecriture) % 2]
    (tmp_path / "revenus").mkdir()
    (tmp_path / "missions").mkdir()
    desk.mission.write_bytes(MISSION.replace("\n", fins).encode())
    desk.mission.with_name("operateur.yaml").write_bytes(OPERATEUR.encode("cp1252"))
    before = desk.state()
    ecriture(desk)
    if ecriture is forcer:  # the mission had been corrected since the sending
        corrected = MISSION.replace("\n", fins).encode().replace("à l'envoi".encode(), b"depuis")
        before[desk.mission] = corrected
    assert desk.state() != before
    number = PLUSIEURS.get(ecriture.__name__, 1)
    assert len(saves(desk.mission)) <= min(number, 2)
    capsys.readouterr()
    assert run(["annuler", str(desk.mission)]) == 0
    assert desk.state() == before
    told = f"les {number} écritures de la commande du" if number > 1 else "l'écriture du"
    assert f"mission.yaml, tel qu'avant {told}" in capsys.readouterr().out or number == 1


def written(folder: Path, *texts: str) -> Path:
    """Ces textes, écrits l'un après l'autre par une commande, et dans un fichier cité aussi."""
    mission, cited = folder / "m.yaml", folder / "c.yaml"
    with as_one_command():
        for number, text in enumerate(texts):
            also = {cited: f"cité {text}".encode()} if number % 2 else {}
            write_kept(mission, {mission: text.encode(), **also})
    return mission


def test_annuler_defait_toute_une_commande_puis_celle_d_avant(tmp_path: Path) -> None:
    mission, cited = tmp_path / "m.yaml", tmp_path / "c.yaml"
    mission.write_bytes(b"un\n")
    cited.write_bytes(b"cit\xe9\r\n")
    written(tmp_path, "deux")
    written(tmp_path, "trois", "quatre", "cinq", "six")
    undone = annuler(mission)
    assert (mission.read_bytes(), cited.read_bytes()) == (b"deux", b"cit\xe9\r\n")
    assert undone.ecritures == 4
    assert undone.lignes[mission] == ("-deux", "+six")
    annuler(mission)
    assert mission.read_bytes() == b"un\n"
    with pytest.raises(InputError, match="Il n'y a rien à annuler"):
        annuler(mission)


def test_une_commande_dont_un_fichier_a_change_depuis_n_est_defaite_en_rien(tmp_path: Path) -> None:
    mission, cited = tmp_path / "m.yaml", tmp_path / "c.yaml"
    mission.write_bytes(b"un")
    cited.write_bytes(b"avant")
    written(tmp_path, "deux", "trois", "quatre")
    cited.write_bytes(b"de la main")
    with pytest.raises(InputError, match=r"Ce fichier a changé depuis") as refused:
        annuler(mission)
    (told,) = refused.value.constats
    copy = Path(told.conseil.partition("« ")[2].partition(" »")[0])
    assert told.fichier == str(cited) and copy.read_bytes() == b"avant"
    assert (mission.read_bytes(), cited.read_bytes()) == (b"quatre", b"de la main")


def test_les_copies_d_une_commande_se_gardent_ensemble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dla_docs.writing_back.undo.KEPT", 2)
    mission, cited = tmp_path / "m.yaml", tmp_path / "c.yaml"
    mission.write_bytes(b"un")
    cited.write_bytes(b"avant")
    written(tmp_path, "oubliée")
    held = mission.read_bytes()
    written(tmp_path, *"abcd")
    written(tmp_path, "e")
    for _ in range(2):
        annuler(mission)
    assert mission.read_bytes() == held
    with pytest.raises(InputError, match="Il n'y a rien à annuler"):
        annuler(mission)
    assert cited.read_bytes() == b"avant"


def test_une_commande_garde_ses_copies_ensemble_et_le_dossier_reste_borne(tmp_path: Path) -> None:
    mission, cited = tmp_path / "m.yaml", tmp_path / "c.yaml"
    mission.write_bytes(b"un")
    cited.write_bytes(b"avant")
    for number in range(KEPT + 3):
        written(tmp_path, *(f"{number}-{rank}" for rank in range(6)))
        held = mission.read_bytes(), cited.read_bytes()
        assert len(saves(mission)) <= KEPT + 1
    written(tmp_path, *map(str, range(30)))
    assert len(saves(mission)) <= KEPT + 1
    assert annuler(mission).ecritures == 30
    assert (mission.read_bytes(), cited.read_bytes()) == held


def test_deux_missions_qui_citent_un_fichier_se_defont_dans_l_ordre_que_dit_le_refus(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cited = tmp_path / "commun" / "c.yaml"
    missions = [tmp_path / name / "m.yaml" for name in ("", "commun")] + [tmp_path / "b.yaml"]
    cited.parent.mkdir()
    for one in (cited, *missions):
        one.write_bytes(b"avant")
    first, second, third = missions
    for number, one in enumerate((first, second, third, second)):
        texts = {} if number == 3 else {cited: f"{number}".encode()}
        write_kept(one, {one: f"{number}".encode(), **texts})
    assert run(["annuler", str(first)]) == 2
    said = capsys.readouterr().err
    told = [f"« dla-docs annuler {third} »", f"« dla-docs annuler {second} » (2 fois)"]
    assert f"d'abord {', puis '.join(told)}, puis recommencez." in said
    for one in (third, second, second, first):
        assert run(["annuler", str(one)]) == 0
    assert {one.read_bytes() for one in (cited, *missions)} == {b"avant"}


def test_deux_fichiers_cites_par_une_autre_mission_n_ont_qu_un_remede(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Suivi pour chaque fichier, il défaisait une commande de trop dans l'autre mission."""
    ours, other, *cited = (tmp_path / f"{name}.yaml" for name in "abcd")
    for one in (ours, other, *cited):
        one.write_bytes(b"avant")
    write_kept(ours, dict.fromkeys((ours, *cited), b"0"))
    write_kept(other, {other: b"gardee"})
    write_kept(other, {cited[0]: b"1"})
    write_kept(other, {cited[1]: b"1"})
    assert run(["annuler", str(ours)]) == 2
    said = capsys.readouterr().err
    told = f"Lancez d'abord « dla-docs annuler {other} » (2 fois), puis recommencez."
    assert said.count(told) == said.count("Lancez") == len(cited)
    for one in (other, other, ours):
        assert run(["annuler", str(one)]) == 0
    assert other.read_bytes() == b"gardee"


def test_un_fichier_cite_change_par_une_main_n_est_impute_a_aucune_mission(tmp_path: Path) -> None:
    first, second, cited = (tmp_path / f"{name}.yaml" for name in "abc")
    for one in (first, second, cited):
        one.write_bytes(b"avant")
    for number, one in enumerate((first, second)):
        write_kept(one, {one: f"{number}".encode(), cited: f"{number}".encode()})
    cited.write_bytes(b"de la main")
    with pytest.raises(InputError, match=r"La copie d'avant est"):
        annuler(first)
