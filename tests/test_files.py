"""Lire, écrire, nommer : tout ou rien, rien de perdu, aucune surprise d'un système à l'autre."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dla_docs import (
    Portefeuille,
    files,
    gather,
    generate,
    load,
    load_profil,
    make_dossier,
    read,
    render,
    synthesise,
    write_back,
)
from dla_docs.errors import InputError
from dla_docs.files import below, read_text, safe_name, unique_names, visible_files, write_atomic
from dla_docs.resources import sample_path

ENGLISH = re.compile(
    r"\b(not|Error|Errno|No such|directory|denied|codec|decode|embedded|left)\b", re.IGNORECASE
)
POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="droits et liens de POSIX")


def said(error: pytest.ExceptionInfo[InputError]) -> str:
    assert not ENGLISH.search(str(error.value)), str(error.value)
    assert all(constat.conseil for constat in error.value.constats)
    return str(error.value)


def not_written(path: str | Path, data: bytes = b"nouveau") -> str:
    with pytest.raises(InputError) as error:
        write_atomic(path, data)
    return said(error)


def not_read(path: str | Path) -> str:
    with pytest.raises(InputError) as error:
        read_text(path)
    return said(error)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# Écrire


def test_un_fichier_s_ecrit_et_se_remplace(tmp_path: Path) -> None:
    path = tmp_path / "diagnostic partagé.docx"
    for data in (b"premier", b"", b"second"):
        write_atomic(str(path), data)
        assert path.read_bytes() == data
    assert names_in(tmp_path) == ["diagnostic partagé.docx"]


@POSIX_ONLY
def test_un_fichier_remplace_garde_ses_droits_et_un_nouveau_a_les_droits_ordinaires(
    tmp_path: Path,
) -> None:
    path, ordinary = tmp_path / "a.docx", tmp_path / "b.txt"
    write_atomic(path, b"x")
    ordinary.write_bytes(b"x")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(ordinary.stat().st_mode)
    path.chmod(0o640)
    write_atomic(path, b"y")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@POSIX_ONLY
def test_un_lien_symbolique_reste_un_lien(tmp_path: Path) -> None:
    (tmp_path / "vrai").mkdir()
    (tmp_path / "lien.docx").symlink_to(tmp_path / "vrai" / "x.docx")
    write_atomic(tmp_path / "lien.docx", b"x")
    assert (tmp_path / "lien.docx").is_symlink()
    assert (tmp_path / "vrai" / "x.docx").read_bytes() == b"x"


def test_un_dossier_absent_est_dit(tmp_path: Path) -> None:
    assert "Le dossier « absent » n'existe pas." in not_written(tmp_path / "absent" / "x.docx")
    assert not (tmp_path / "absent").exists()


def test_un_fichier_pris_pour_un_dossier_est_dit(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes(b"x")
    said = not_written(tmp_path / "f.yaml" / "x.docx")
    assert "« f.yaml » est un fichier, et non un dossier." in said


def test_un_dossier_ne_s_ecrit_pas(tmp_path: Path) -> None:
    assert "C'est un dossier" in not_written(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pas de fichier spécial")
def test_un_fichier_special_n_est_pas_remplace(tmp_path: Path) -> None:
    path = tmp_path / "tube"
    os.mkfifo(path)
    assert "pas un fichier ordinaire" in not_written(path)
    assert path.is_fifo()


def test_un_nom_impossible_est_dit(tmp_path: Path) -> None:
    assert "caractère interdit" in not_written(str(tmp_path / "a\0b.docx"))
    assert names_in(tmp_path) == []


@POSIX_ONLY
def test_un_nom_trop_long_est_dit(tmp_path: Path) -> None:
    assert "trop long" in not_written(tmp_path / f"{'a' * 300}.docx")
    assert "trop long" in not_read(tmp_path / f"{'a' * 300}.yaml")
    assert names_in(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "Le disque est plein"),
        (errno.EFBIG, "Le disque est plein"),
        (errno.EROFS, "Ce disque est en lecture seule."),
        (errno.EACCES, "pas le droit d'écrire dans ce dossier"),
        (errno.EIO, "erreur EIO du système"),
    ],
)
@pytest.mark.parametrize("step", ["fsync", "chmod"])
def test_une_ecriture_qui_echoue_laisse_l_ancien_fichier_et_aucun_debris(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, sentence: str
) -> None:
    def failing(*_: Any) -> None:
        raise OSError(number, "in English")

    path = tmp_path / "x.docx"
    path.write_bytes(b"ancien")
    monkeypatch.setattr(os, step, failing)
    assert sentence in not_written(path)
    assert path.read_bytes() == b"ancien"
    assert names_in(tmp_path) == ["x.docx"]


def test_une_interruption_ne_laisse_aucun_debris(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(tmp_path / "x.docx", b"x")
    assert names_in(tmp_path) == []


def test_les_donnees_sont_sur_le_disque_avant_de_remplacer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    replace = os.replace

    def replacing(old: Path, new: Path) -> None:
        steps.append("replace")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", lambda _: steps.append("fsync"))
    monkeypatch.setattr(os, "replace", replacing)
    write_atomic(tmp_path / "x.docx", b"x")
    assert steps[:2] == ["fsync", "replace"]


def locked_times(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """As Windows does while Word holds the target."""
    replace, left = os.replace, [times]

    def locked(old: Path, new: Path) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise PermissionError(13, "Access is denied")
        replace(old, new)

    monkeypatch.setattr(os, "replace", locked)
    monkeypatch.setattr(files, "PAUSE", 0)


def test_un_fichier_retenu_un_instant_finit_par_s_ecrire(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked_times(monkeypatch, 3)
    write_atomic(tmp_path / "x.docx", b"nouveau")
    assert (tmp_path / "x.docx").read_bytes() == b"nouveau"


def test_un_fichier_ouvert_dans_word_reste_et_le_nouveau_est_garde_a_cote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.docx"
    path.write_bytes(b"ancien")
    (tmp_path / "x (2).docx").write_bytes(b"autre")
    locked_times(monkeypatch, 10**6)
    message = not_written(path)
    assert "Fermez le document dans Word" in message and "« x (3).docx »" in message
    assert [(tmp_path / name).read_bytes() for name in names_in(tmp_path)] == [
        b"autre",
        b"nouveau",
        b"ancien",
    ]


def test_un_fichier_en_lecture_seule_n_est_pas_remplace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.docx"
    path.write_bytes(b"ancien")
    monkeypatch.setattr(
        os, "access", lambda *_: False
    )  # what the system answers to who is not administrator
    assert "lecture seule" in not_written(path)
    assert path.read_bytes() == b"ancien"


# Lire


TEXT = "nom: L’Élan – « café » à 12 €, œuvre\nsuite: çà\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_un_texte_se_lit_quel_que_soit_son_encodage(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "mission.yaml"
    path.write_bytes(TEXT.encode(encoding))
    assert read_text(path) == TEXT


def test_un_texte_utf16_gros_boutiste_se_lit(tmp_path: Path) -> None:
    path = tmp_path / "mission.yaml"
    path.write_bytes(b"\xfe\xff" + TEXT.encode("utf-16-be"))
    assert read_text(path) == TEXT


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")))
def test_tout_texte_utf8_se_lit_tel_quel(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "texte.csv"
    path.write_bytes(text.encode())
    assert read_text(path) == text


@given(data=st.binary(max_size=60))
def test_aucune_erreur_etrangere_ne_sort_d_une_lecture(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "octets.csv"
    path.write_bytes(data)
    try:
        assert "\0" not in read_text(path)
    except InputError as error:
        assert not ENGLISH.search(str(error))


@pytest.mark.parametrize(
    "data",
    [
        b"PK\3\4\x14\0\6\0",
        b"\0\0\0",
        b"\xff\xfea",
        b"\xff\xfe\0\0a\0\0\0",
        b"\xfe\xff\xd8\0",
        b"\xd0\xcf\x11\xe0\0\0",
    ],
)
def test_ce_qui_n_est_pas_du_texte_est_dit(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "mission.yaml"
    path.write_bytes(data)
    assert "Ce n'est pas un fichier texte." in not_read(path)


@pytest.mark.parametrize(
    "data",
    [
        "nom: Élan\nville: Château".encode()
        + "\nnote: déjà".encode("cp1252"),  # pasted from another program
        "nom: X\nville: le café à côté, très près".encode("mac-roman"),
        "nom: X\nville: école à Orléans".encode("mac-roman"),
        "nom: X\nville: le café".encode("cp850"),
        b"nom: X\nville: " + bytes(range(128, 256)),
    ],
)
def test_des_accents_illisibles_ne_passent_pas_pour_du_texte(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "mission.yaml"
    path.write_bytes(data)
    message = not_read(path)
    assert "UTF-8" in message
    assert f"ligne {3 if b'note' in data else 2}" in message


def test_un_texte_absent_ou_un_dossier_est_dit(tmp_path: Path) -> None:
    assert "n'existe pas" in not_read(tmp_path / "absent.yaml")
    assert "C'est un dossier" in not_read(tmp_path)


def test_un_raccourci_mort_ne_propose_pas_son_propre_nom(tmp_path: Path) -> None:
    (tmp_path / "mission.yaml").symlink_to(tmp_path / "partie.yaml")
    message = not_read(tmp_path / "mission.yaml")
    assert "un raccourci vers un fichier qui n'existe plus" in message
    assert "Vouliez-vous dire" not in message


def test_un_texte_demesure_est_refuse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_TEXT", 1024**2)
    path = tmp_path / "x.csv"
    path.write_bytes(b"x" * (1024**2 + 1))
    assert "dépasse 1 Mo" in not_read(path)


# Rester dans un dossier


def test_un_chemin_relatif_se_suit(tmp_path: Path) -> None:
    expected = tmp_path.resolve() / "prestataires" / "alpha.yaml"
    for relative in (
        "prestataires/alpha.yaml",
        "prestataires\\alpha.yaml",
        "./autre/../prestataires/alpha.yaml",
    ):
        assert below(tmp_path, relative) == expected


@pytest.mark.parametrize(
    "relative",
    [
        "../x.yaml",
        "..\\x.yaml",
        "a/../../x.yaml",
        "/etc/passwd",
        "\\\\serveur\\x",
        "C:\\x.yaml",
        "c:x",
        "",
        ".",
        "a\0b",
    ],
)
def test_un_chemin_qui_sort_du_dossier_est_refuse(tmp_path: Path, relative: str) -> None:
    with pytest.raises(InputError) as error:
        below(tmp_path / "mission", relative)
    assert "Le chemin «" in said(error)


def test_un_chemin_absolu_est_refuse_meme_dans_le_dossier(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        below(tmp_path, str(tmp_path / "x.yaml"))


@POSIX_ONLY
def test_un_lien_symbolique_ne_fait_pas_sortir(tmp_path: Path) -> None:
    mission = tmp_path / "mission"
    mission.mkdir()
    (mission / "dehors").symlink_to(tmp_path)
    (mission / "boucle").symlink_to(mission / "boucle")
    (mission / "dedans").symlink_to(mission / "vrai.yaml")
    for relative in ("dehors/secret.yaml", "boucle"):
        with pytest.raises(InputError):
            below(mission, relative)
    assert below(mission, "dedans") == mission.resolve() / "vrai.yaml"


def test_un_dossier_voisin_de_meme_debut_n_est_pas_dessous(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        below(tmp_path / "mission", "../mission2/x.yaml")


# Nommer


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Diagnostic partagé – L’Élan.docx", "Diagnostic partagé – L’Élan.docx"),
        ("Oui/Non : « a|b » ?", "Oui-Non - « a-b » -"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("  des \t blancs\n partout . ", "des blancs partout"),
        ("e\N{COMBINING ACUTE ACCENT}", "é"),
        ("CON", "_CON"),
        ("nul.docx", "_nul.docx"),
        ("Com1 .x", "_Com1.x"),
        ("Consultant", "Consultant"),
        ("facture\N{RIGHT-TO-LEFT OVERRIDE}xcod.exe", "facturexcod.exe"),
        ("~$verrou.docx", "$verrou.docx"),
        (".cache", "cache"),
        ("", "sans nom"),
        ("...", "sans nom"),
    ],
)
def test_un_nom_devient_permis_partout(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_un_nom_trop_long_garde_son_extension() -> None:
    name = safe_name("é" * 300 + ".docx")
    assert name.endswith("é.docx") and 250 < len(name.encode()) <= 255
    assert safe_name("M. Dupont v1.2", ".docx") == "M. Dupont v1.2.docx"
    assert len(safe_name("a" * 300, ".docx")) == 255


@given(st.text())
def test_un_nom_permis_tient_et_le_reste(text: str) -> None:
    name = safe_name(text)
    assert 0 < len(name.encode()) <= 255
    assert not set(name) & set('<>:"/\\|?*\0\n\r\t')
    assert name == name.strip() == unicodedata.normalize("NFC", name)
    assert not name.endswith(".") and not name.startswith((".", "~"))
    assert safe_name(name) == name


@given(text=st.text(max_size=60))  # Windows counts the whole path
def test_un_nom_permis_s_ecrit_sur_le_disque(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("noms")
    write_atomic(folder / safe_name(text), b"x")
    assert [unicodedata.normalize("NFC", name) for name in names_in(folder)] == [safe_name(text)]


def test_les_doublons_sont_numerotes_et_les_autres_noms_restent() -> None:
    assert unique_names(["a.docx", "A.docx", "b", "a.docx", "a (2).docx"]) == [
        "a.docx",
        "A (3).docx",
        "b",
        "a (4).docx",
        "a (2).docx",
    ]
    assert unique_names(["é", "e\N{COMBINING ACUTE ACCENT}"]) == [
        "é",
        "e\N{COMBINING ACUTE ACCENT} (2)",
    ]
    assert unique_names([]) == []


@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                "A",
                "a (2)",
                "A (2)",
                "a.docx",
                "a (3)",
                "é" * 127,
                "É" * 127,
                "straße",
                "STRASSE",
            ]
        ),
        max_size=20,
    )
)
def test_les_noms_uniques_le_sont_et_tiennent(names: list[str]) -> None:
    unique = unique_names(names)
    assert len(unique) == len(names) == len({name.casefold() for name in unique})
    assert all(len(name.encode()) <= 255 for name in unique)
    assert all(
        new.startswith(old.partition(".")[0][:60]) for old, new in zip(names, unique, strict=True)
    )
    firsts = {name.casefold(): name for name in reversed(names)}
    assert set(firsts.values()) <= set(unique)


def test_mille_doublons_restent_lisibles() -> None:
    assert unique_names(["fiche.docx"] * 1000)[-1] == "fiche (1000).docx"


def test_un_dossier_montre_ses_fichiers_non_les_caches(tmp_path: Path) -> None:
    kept = ("a.yaml", "sous/b.docx")
    for name in (*kept, ".cache", "~$b.docx", ".sauvegardes/m/c.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert visible_files(tmp_path) == [tmp_path / name for name in kept]


@POSIX_ONLY
def test_un_tube_est_refuse_sans_attendre(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tube.yaml")
    assert "Ce n'est pas un fichier ordinaire." in not_read(tmp_path / "tube.yaml")


@pytest.mark.parametrize("name", ["boucle.yaml", "nul\0.yaml", f"{'x' * 5000}.yaml"])
def test_aucune_porte_ne_laisse_sortir_une_erreur_du_systeme(name: str, tmp_path: Path) -> None:
    """Un lien vers lui-même, un caractère interdit, un nom sans fin."""
    path = tmp_path / name
    if name == "boucle.yaml":
        path.symlink_to(path)
    filled = read(render(load(sample_path("cahier_des_charges"))))
    doors: list[Callable[[], object]] = [
        *(partial(door, path) for door in (load, read, gather, synthesise)),
        partial(load_profil, path),
        partial(Portefeuille.load, path),
        partial(generate, path, tmp_path / "un.docx"),
        partial(make_dossier, path, tmp_path / "dossier"),
        partial(write_back, filled, path),
    ]
    for door in doors:
        with pytest.raises(InputError):
            door()
