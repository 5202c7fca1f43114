"""Les formulaires qui reviennent dans leur mission : pris, laissés et nommés, défaits ; plusieurs à
la fois.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dla_docs import Mission, load, trame
from dla_docs.cli.application import run
from dla_docs.errors import InputError
from dla_docs.files import write_atomic
from dla_docs.model.requirement import Role
from dla_docs.resources import sample_path
from dla_docs.stages.saves import FOLDER
from dla_docs.writing_back import undo
from tests.formulaire.formulaires import edited, xml
from tests.word_forms import fill, parts_of, without_data, zipped

REVENUS = Path(__file__).parent / "revenus"
CLEF = "operationnalite.rythme.commentaire"
FERME = "operationnalite.rythme.commentaire_prestataire"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Une copie de la mission d'exemple, et de tout ce qu'elle cite."""
    folder = tmp_path / "mission"
    shutil.copytree(sample_path("mission_individuelle").parent, folder)
    return folder / "mission_individuelle.yaml"


def state(path: Path) -> dict[str, bytes]:
    """Tous les fichiers de la mission, sauf les copies de sauvegarde."""
    folder = path.parent
    return {
        str(one.relative_to(folder)): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file() and FOLDER not in one.parts
    }


def evaluation(path: Path, role: Role | None, **answers: str) -> Path:
    mission = load(path)
    assert isinstance(mission, Mission)
    form = path.parent.parent / "evaluation.docx"
    form.write_bytes(
        fill(
            trame("evaluation_individuelle", mission, role),
            {tag.replace("__", "."): text for tag, text in answers.items()},
        )
    )
    return form


CHANGES = [
    ("proposition_telephone", "prestataires/alpha.yaml", "02 61 91 00 30", "06 12 34 56 78"),
    ("crash_fiche_prestataire", "prestataires/alpha.yaml", "02 61 91 00 30", "06 12 34 56 78"),
    (
        "financeur_renomme",
        "operateur.yaml",
        "Conseil Régional d'Exemple",
        "Conseil régional (nouveau nom)",
    ),
    (
        "u2028",
        "mission_individuelle.yaml",
        "Une séance toutes les deux semaines.",
        '"ligne un\\Lligne deux"',
    ),
]


@pytest.mark.lent
@pytest.mark.parametrize(("name", "file", "old", "new"), CHANGES)
def test_un_seul_fait_change_puis_revient(
    name: str, file: str, old: str, new: str, path: Path
) -> None:
    before = state(path)
    assert run(["lire", str(REVENUS / f"{name}.docx"), "--dans", str(path)]) == 0
    after = state(path)
    changed = [one for one in before if before[one] != after[one]]
    assert changed == [file]
    pairs = zip(before[file].decode().split("\n"), after[file].decode().split("\n"), strict=True)
    [(was, now)] = [pair for pair in pairs if pair[0] != pair[1]]
    assert was.replace(old, new) == now
    assert run(["annuler", str(path)]) == 0
    assert state(path) == before


@pytest.mark.parametrize(
    ("name", "told"), [("other", "Association Autre"), ("falsifie", "ont été changées")]
)
def test_ce_qui_n_est_pas_a_cette_mission_est_refuse(
    name: str, told: str, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(path)
    assert run(["lire", str(REVENUS / f"{name}.docx"), "--dans", str(path)]) == 2
    assert told in capsys.readouterr().err
    assert state(path) == before


def test_une_reponse_corrigee_depuis_est_laissee_et_nommee_puis_forcee(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = evaluation(path, Role.STRUCTURE, operationnalite__rythme__commentaire="Dit par elle.")
    sent = "Une séance toutes les deux semaines."
    path.write_text(
        path.read_text(encoding="utf-8").replace(sent, "Corrigé depuis."), encoding="utf-8"
    )
    before = state(path)
    assert run(["lire", str(form), "--dans", str(path)]) == 1
    told = capsys.readouterr().err
    assert all(word in told for word in ("Dit par elle.", "Corrigé depuis.", CLEF))
    assert state(path) == before
    assert run(["lire", str(form), "--dans", str(path), "--forcer", CLEF]) == 0
    assert b"Dit par elle." in state(path)["mission_individuelle.yaml"]


def test_une_triche_se_dit_une_fois(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = evaluation(path, Role.STRUCTURE, **{FERME: "Écrit à sa place."})
    assert run(["lire", str(form), "--dans", str(path)]) == 1
    assert "".join(capsys.readouterr()).count("Écrit à sa place.") == 1


def test_un_champ_ferme_est_laisse_et_nomme_puis_force(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = evaluation(
        path, Role.STRUCTURE, operationnalite__rythme__commentaire_prestataire="Pas à elle."
    )
    before = state(path)
    assert run(["lire", str(form), "--dans", str(path)]) == 1
    assert FERME in capsys.readouterr().err
    assert state(path) == before
    assert run(["lire", str(form), "--dans", str(path), "--forcer", FERME]) == 0
    assert b"Pas \xc3\xa0 elle." in state(path)["mission_individuelle.yaml"]


def test_un_formulaire_sans_ses_donnees_n_ecrase_rien(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = evaluation(path, None, operationnalite__rythme__commentaire="Autre chose.")
    form.write_bytes(without_data(form.read_bytes()))
    before = state(path)
    assert run(["lire", str(form), "--dans", str(path)]) == 1
    assert CLEF in capsys.readouterr().err
    assert state(path) == before


def test_une_ligne_collee_est_une_ligne_de_plus(capsys: pytest.CaptureFixture[str]) -> None:
    form = REVENUS / "ligne_copiee_collee_au_dessus_modifiee.docx"
    assert run(["lire", str(form)]) in (0, 1)
    said = capsys.readouterr().out
    assert "intitule: Concertation entre administrateurs et salariés" in said
    assert "intitule: Copie 0" in said


def test_chaque_fichier_d_un_dossier_est_nomme(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    revenus = tmp_path / "revenus"
    revenus.mkdir()
    (revenus / "abime.docx").write_bytes(b"PK\x03\x04 rien")
    (revenus / "note.txt").write_text("Bonjour", encoding="utf-8")
    (revenus / "abime.pdf").write_bytes(b"%PDF-1.4\n")
    (revenus / "~$autre.docx").write_bytes(b"\x05Camille" + bytes(155))
    os.mkfifo(revenus / "tube.docx")
    (revenus / "zone").symlink_to(tmp_path, target_is_directory=True)
    (revenus / "zut.docx").symlink_to(tmp_path / "absent.docx")
    for name, as_named in (("other", "autre"), ("proposition_telephone", "sans rapport")):
        shutil.copy(REVENUS / f"{name}.docx", revenus / f"{as_named}.docx")
    given = {one.name: one.read_bytes() for one in revenus.iterdir() if one.is_file()}
    assert run(["retours", str(revenus), "--dans", str(path.parent)]) == 1
    out, told = capsys.readouterr()
    note = next(line for line in told.splitlines() if "note.txt" in line)
    assert "demandez-le en Word (.docx) ou en PDF ; sinon, laissez-le là." in note.replace(
        "\u202f", " "
    )
    assert "INFORMATION" in next(line for line in told.splitlines() if "~$autre.docx" in line)
    named = (".docx", ".pdf", "note.txt", "zone")
    assert all(any(name in line for name in named) for line in told.splitlines())
    assert [line.split(" : ")[1].split(",")[0] for line in out.splitlines()] == [
        "illisible",
        "illisible",
        "pas à nous",
        "pas à nous",
        "pris",
        "illisible",
        "pas à nous",
        "illisible",
        "pas à nous",
    ]
    assert b"06 12 34 56 78" in state(path)["prestataires/alpha.yaml"]
    kept = {one.name: one.read_bytes() for one in revenus.iterdir() if one.is_file()}
    assert kept == given


@pytest.mark.parametrize("command", ["lire", "reunir", "retours"])
def test_un_fichier_que_la_mission_cite_est_nomme_quand_il_change(
    command: str, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """L'opérateur et les prestataires servent à d'autres missions : on sait qu'on les a changés."""
    mission = load(path)
    assert isinstance(mission, Mission)
    revenus = path.parent.parent / "revenus"
    revenus.mkdir()
    form = revenus / "note.docx"
    phone = {"operateur.charge_de_mission.telephone": "02 61 91 00 99"}
    form.write_bytes(fill(trame("note_mi_parcours", mission), phone))
    given, where = (revenus, path.parent) if command == "retours" else (form, path)
    run([command, str(given), "--dans", str(where)])
    said = "mission_individuelle.yaml : 1 changement écrit, en partie dans operateur.yaml"
    assert said in capsys.readouterr().out


def with_a_word_beside(docx: bytes, text: str) -> bytes:
    """Le même, une phrase tapée au bas de la page, hors de tout champ."""
    parts = parts_of(docx)
    body = parts["word/document.xml"]
    typed = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>".encode()
    parts["word/document.xml"] = body.replace(b"<w:sectPr", typed + b"<w:sectPr", 1)
    return zipped(parts)


@pytest.mark.parametrize("command", ["lire", "reunir", "retours"])
def test_ce_qui_est_ecrit_hors_des_champs_est_cite_et_reste_a_regarder(
    command: str, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Une phrase que rien ne reprend n'est pas un formulaire « pris », et la sortie n'est pas 0."""
    form = evaluation(path, Role.STRUCTURE, **{CLEF: "Une séance par semaine."})
    form.write_bytes(with_a_word_beside(form.read_bytes(), "La suite est au verso"))
    revenus = path.parent.parent / "revenus"
    revenus.mkdir()
    shutil.move(str(form), revenus / form.name)
    given, where = (revenus, path.parent) if command == "retours" else (revenus / form.name, path)
    assert run([command, str(given), "--dans", str(where)]) == 1
    out, err = capsys.readouterr()
    assert "« La suite est au verso » a été ajouté à la page et n'est pas repris" in out + err
    assert command != "retours" or "evaluation.docx : à regarder, " in out
    assert "Une séance par semaine." in path.read_text(encoding="utf-8")


def test_lire_en_prend_plusieurs(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forms = [str(REVENUS / f"{name}.docx") for name in ("other", "proposition_telephone")]
    assert run(["lire", *forms, "--dans", str(path)]) == 1
    assert [
        line.rpartition("docx : ")[2][:10] for line in capsys.readouterr().out.splitlines()
    ] == [
        "à regarder",
        "pris, " + str(path)[:4],
    ]


class Coupure(BaseException):
    """Le courant s'en va."""


def both(folder: Path) -> tuple[Path, dict[Path, bytes], dict[Path, bytes]]:
    """Deux fichiers d'une mission, avant et après une écriture."""
    files = [folder / "mission.yaml", folder / "operateur.yaml"]
    old = dict.fromkeys(files, b"a: 1\r\n")
    for file, data in old.items():
        file.write_bytes(data)
    return files[0], old, dict.fromkeys(files, b"\xef\xbb\xbfa: 2\n")


@pytest.mark.lent
@pytest.mark.parametrize("command", ["lire", "reunir"])
def test_apres_une_coupure_la_reponse_suivante_part_de_fichiers_entiers(
    command: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, cited = state(path), path.parent / "operateur.yaml"
    written = {one: one.read_bytes() + b"# jamais fini\n" for one in (path, cited)}
    monkeypatch.setattr(undo, "write_atomic", Cut(write_atomic, 6))  # copies, names, one file
    monkeypatch.setattr(undo, "_put_back", lambda *_: None)
    monkeypatch.setattr(undo, "_drop", lambda *_: None)
    with pytest.raises(Coupure):
        undo.write_kept(path, written)
    monkeypatch.undo()
    assert path.read_bytes() == written[path] and cited.read_bytes() != written[cited]
    form = REVENUS / "crash_fiche_prestataire.docx"
    assert run([command, str(form), "--dans", str(path)]) == 0
    after = state(path)
    assert [one for one in before if before[one] != after[one]] == ["prestataires/alpha.yaml"]


class Cut:
    """Une écriture qui s'arrête à son énième appel."""

    def __init__(self, write: Callable[[Path, bytes], None], number: int) -> None:
        self.write, self.number, self.calls = write, number, 0

    def __call__(self, path: Path, data: bytes) -> None:
        if self.calls == self.number:
            self.calls += 1
            raise Coupure
        self.calls += 1
        self.write(path, data)


def test_annuler_ne_perd_pas_ce_qui_a_change_depuis(tmp_path: Path) -> None:
    mission, _, new = both(tmp_path)
    undo.write_kept(mission, new)
    mission.write_bytes(b"a: 9\n")
    with pytest.raises(InputError, match="a changé depuis"):
        undo.annuler(mission)
    assert mission.read_bytes() == b"a: 9\n"


def test_vingt_copies_sont_gardees(tmp_path: Path) -> None:
    mission, old, _ = both(tmp_path)
    for number in range(23):
        undo.write_kept(mission, {mission: f"a: {number}\n".encode()})
    for number in range(22, 2, -1):
        assert mission.read_bytes() == f"a: {number}\n".encode()
        undo.annuler(mission)
    with pytest.raises(InputError, match="rien à annuler : chaque écriture dont une copie"):
        undo.annuler(mission)
    assert mission.read_bytes() == b"a: 2\n" != old[mission]


def test_sans_ecriture_rien_n_est_a_annuler(tmp_path: Path) -> None:
    mission, _, _ = both(tmp_path)
    with pytest.raises(InputError, match="rien à annuler : aucune copie d'avant n'est gardée"):
        undo.annuler(mission)


def test_annuler_une_mission_mal_nommee_le_dit(tmp_path: Path) -> None:
    mission, _, _ = both(tmp_path)
    with pytest.raises(InputError, match=f"n'existe pas.*{re.escape(mission.name)}"):
        undo.annuler(mission.with_name(f"{mission.stem}s.yaml"))


def test_le_jour_d_une_ecriture_se_dit_en_francais(tmp_path: Path) -> None:
    mission, _, new = both(tmp_path)
    undo.write_kept(mission, new)
    assert re.fullmatch(r"\d\d/\d\d/\d{4} à \d\dh\d\d", undo.annuler(mission).date)


PHONE = "prestataire.contact.telephone"


def returned(path: Path, folder: Path, names: tuple[str, str]) -> Path:
    """Deux formulaires revenus, de deux documents, qui répondent autrement au même fait de la
    mission ; chacun dit aussi autre chose.
    """
    mission = load(path)
    assert isinstance(mission, Mission)
    folder.mkdir()
    said = [
        ("grille_de_suivi", {PHONE: "06 12 34 56 78", "etapes[0].commentaires": "Dit au suivi."}),
        ("rapport_final", {PHONE: "06 99 99 99 99", "etapes[0].commentaire": "Dit au rapport."}),
    ]
    for name, (slug, answers) in zip(names, said, strict=True):
        docx = fill(trame(slug, mission), answers)
        (folder / f"{name}.docx").write_bytes(docx)
    return folder


@pytest.mark.lent
def test_ni_l_ordre_ni_le_nom_des_fichiers_ne_change_ce_qui_est_pris(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, found = state(path), []
    for names in (("a", "b"), ("b", "a")):
        folder = returned(path, tmp_path / "".join(names), names)
        assert run(["retours", str(folder), "--dans", str(path.parent)]) == 1
        told = capsys.readouterr()
        for said in ("« 06 12 34 56 78 » dans", "« 06 99 99 99 99 » dans", f"({PHONE})"):
            assert (told.out + told.err).replace("\N{NO-BREAK SPACE}", " ").count(said) == 2
        found.append(state(path))
        for file, data in before.items():
            (path.parent / file).write_bytes(data)
    assert found[0] == found[1]
    assert found[0]["prestataires/alpha.yaml"] == before["prestataires/alpha.yaml"]
    text = found[0]["mission_individuelle.yaml"].decode()
    assert "Dit au suivi." in text and "Dit au rapport." in text


def test_le_fichier_relu_garde_le_profil_du_formulaire(path: Path, tmp_path: Path) -> None:
    mission = load(path)
    form, target = tmp_path / "suivi.docx", tmp_path / "suivi.yaml"
    assert isinstance(mission, Mission)
    mission = mission.model_copy(update={"profil": None})
    form.write_bytes(trame("grille_de_suivi", mission, None, "npdc"))
    assert run(["lire", str(form), "-o", str(target)]) in (0, 1)
    assert load(target).profil == "npdc"


# The mission whose reference or structure was corrected since; another of the same structure.

REFERENCE, CONVENTION = "DLA00-2005-07", "DLA00-2005-07-C1"
NOM = "Association Exemple Insertion"
CORRECTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "référence": ((REFERENCE, "DLA00-2005-70"),),
    "convention seule": ((CONVENTION, "DLA00-2005-07-C2"),),
    "nom de la structure": ((NOM, "Association Exemple d'insertion"),),
}


def corrected(path: Path, corrections: tuple[tuple[str, str], ...]) -> None:
    """Les mêmes fichiers, ces textes corrigés."""
    for file in sorted(path.parent.rglob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        for old, new in corrections:
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("slug", ["evaluation_individuelle", "mission"])
@pytest.mark.parametrize("correction", CORRECTIONS)
def test_un_formulaire_parti_avant_une_correction_est_reconnu(
    path: Path, slug: str, correction: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """D'une autre référence, il est pris, et c'est dit : une copie de la mission en dit autant."""
    tag = CLEF if slug != "mission" else "operateur.charge_de_mission.courriel"
    said = "Une autre réponse" if slug != "mission" else "autre@example.org"
    form = path.parent.parent / "retour.docx"
    mission = load(path)
    assert isinstance(mission, Mission)
    form.write_bytes(fill(trame(slug, mission), {tag: said}))
    corrected(path, CORRECTIONS[correction])
    other = correction == "référence"
    assert run(["lire", str(form), "--dans", str(path)]) == other
    told = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert ("sous une autre référence que celle de la mission (« DLA00-2005-70 »)" in told) is other
    assert any(said.encode() in one for one in state(path).values())


def test_une_mission_trop_corrigee_se_confirme(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Référence ajoutée et structure renommée depuis l'envoi : « retours » renvoie à « lire », qui
    dit comment la nommer ; ainsi nommée, elle prend la réponse, et garde ses corrections.
    """
    path, form = tmp_path / "missions" / "mission.yaml", tmp_path / "revenus" / "retour.docx"
    for file in (path, form):
        file.parent.mkdir()
    head = "document: mission\nnature: individuelle\n"
    path.write_text(f"{head}structures:\n  - nom: Association Calque\n", encoding="utf-8")
    mission = load(path)
    assert isinstance(mission, Mission)
    form.write_bytes(
        fill(trame("diagnostic_partage", mission), {"preconisations": "Dit au retour."})
    )
    now = f"{head}reference: DLA00-2006-09\nstructures:\n  - nom: Les Pochoirs réunis\n"
    path.write_text(now, encoding="utf-8")
    assert run(["retours", str(form.parent), "--dans", str(path.parent)]) == 1
    told = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert "dla-docs lire … --dans" in told
    command = ["lire", str(form), "--dans", str(path)]
    assert run(command) == 2
    told = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert "pas celui de cette mission" in told and "« --forcer mission »" in told
    assert path.read_text(encoding="utf-8") == now
    assert run([*command, "--forcer", "mission"]) in (0, 1)
    told = "".join(capsys.readouterr()).replace("\N{NO-BREAK SPACE}", " ")
    assert "pas celui" not in told and "aucune réponse" not in told
    text = path.read_text(encoding="utf-8")
    assert text.startswith(now) and "Dit au retour." in text


def test_deux_missions_d_une_meme_structure_restent_a_part(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = evaluation(path, None, operationnalite__rythme__commentaire="Une autre réponse")
    folder = tmp_path / "missions"
    other = folder / "seconde" / "mission_individuelle.yaml"
    shutil.copytree(path.parent, folder / "premiere")
    shutil.copytree(path.parent, other.parent)
    forgotten = ("DLA00-2006-11-C1", CONVENTION)  # in the copy
    corrected(other, ((REFERENCE, "DLA00-2006-11"), forgotten))
    (tmp_path / "revenus").mkdir()
    shutil.copy(form, tmp_path / "revenus")
    assert run(["retours", str(tmp_path / "revenus"), "--dans", str(folder)]) == 0
    first = state(folder / "premiere" / path.name).values()
    assert any("Une autre réponse".encode() in one for one in first)
    assert not any("Une autre réponse".encode() in one for one in state(other).values())
    another = sample_path("mission_simplifiee")  # of the same structure, on another subject
    shutil.copytree(another.parent, tmp_path / "autre")
    target = tmp_path / "autre" / another.name
    corrected(target, (("Association Exemple du Jardin partagé", NOM),))
    before = state(target)
    capsys.readouterr()
    assert run(["lire", str(form), "--dans", str(target)]) == 2
    assert "pas celui de cette mission" in capsys.readouterr().err
    assert state(target) == before


def test_un_financeur_donne_par_son_logo_garde_son_rang(tmp_path: Path) -> None:
    """Le suivant, renommé, n'est pas un de plus ; et lui-même reçoit le nom qu'on lui donne."""
    path = tmp_path / "mission.yaml"
    shutil.copytree(sample_path("mission_individuelle").parent / "logos", tmp_path / "logos")
    logo = "logo: {fichier: logos/etat.png, texte_alternatif: Logo}"
    path.write_text(
        "document: mission\nnature: individuelle\noperateur:\n  nom: DLA 00\n  financeurs:\n"
        f"    - {logo}\n    - {{nom: Caisse}}\n    - {logo}\n",
        encoding="utf-8",
    )
    mission = load(path)
    assert isinstance(mission, Mission)
    form = tmp_path / "fiche.docx"
    named = {0: "État", 1: "Caisse d'Épreuve", 2: "Région"}
    answers = {f"operateur.financeurs[{rank}].nom": name for rank, name in named.items()}
    form.write_bytes(fill(trame("mission", mission), answers))
    assert run(["lire", str(form), "--dans", str(path)]) == 0
    after = load(path)
    assert isinstance(after, Mission)
    assert [one.nom for one in after.operateur.financeurs] == list(named.values())
    assert [bool(one.logo.fichier) for one in after.operateur.financeurs] == [True, False, True]


@pytest.mark.parametrize("command", ["lire", "reunir"])
def test_ce_qu_un_formulaire_tient_de_plus_se_dit_quand_rien_ne_s_ecrit(
    command: str, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Un effacement qui ne s'écrit pas, et un paragraphe ajouté à la page."""
    held, form = load(path), path.with_name("form.docx")
    assert isinstance(held, Mission)
    docx = fill(trame("cahier_des_charges", held), {"objectifs.general": ""})
    more = xml("<w:p><w:r><w:t>En plus</w:t></w:r></w:p>")
    form.write_bytes(edited(docx, lambda root: root[0].insert(0, more)))
    assert run([command, str(form), "--dans", str(path)]) == 2
    assert "« En plus » a été ajouté à la page" in capsys.readouterr().err
