"""verifier, produire, dossier : ce qu'on lit, ce qui est écrit, et le code de sortie."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import docx
import pytest
import yaml

from dla_docs import check, load, render
from dla_docs.errors import InputError
from dla_docs.resources import how_to_add, sample_path
from tests.cli.commandes import english_in
from tests.cli.conftest import Call, Said, without_colours

ABSENT = str(Path("nulle", "part", "soffice"))


@pytest.fixture
def cahier(dla_docs: Call) -> Path:
    """L'exemple du cahier des charges, dans le dossier courant."""
    assert dla_docs("exemple", "cahier_des_charges", "-o", ".").code == 0
    return Path("cahier_des_charges.yaml")


@pytest.fixture
def mission(dla_docs: Call) -> Path:
    """L'exemple de la mission et tout ce qu'il cite, dans « essai »."""
    assert dla_docs("exemple", "mission", "-o", "essai").code == 0
    return Path("essai", "mission_individuelle.yaml")


def emptied(path: Path, *keys: str) -> Path:
    """Le même fichier, sans ces clés : un document auquel il manque quelque chose."""
    data: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    for key in keys:
        del data[key]
    path.write_text(
        yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False),
        encoding="utf-8",
    )
    return path


def one_refusal(said: Said, code: int = 2) -> str:
    """La seule phrase d'une commande qui n'a rien fait."""
    assert said.code == code, said
    assert said.err.count("\n") == 1 and not english_in(said.err), said.err
    return said.err


def test_un_document_complet_est_conforme(cahier: Path, dla_docs: Call) -> None:
    assert dla_docs("verifier", cahier) == Said(0, "Conforme.\n", "")


def test_les_bloquants_viennent_d_abord_et_le_verdict_a_la_fin(
    cahier: Path, dla_docs: Call
) -> None:
    said = dla_docs(
        "verifier", emptied(cahier, "date", "objectifs", "commande"), "--profil", "national"
    )
    assert (said.code, said.err) == (1, "")
    *lines, last = said.out.splitlines()
    gravities = [line.split()[0] for line in lines]
    assert gravities == sorted(gravities, key=["BLOQUANT", "AVERTISSEMENT", "INFORMATION"].index)
    assert "BLOQUANT" in gravities and "AVERTISSEMENT" in gravities
    blocking, warnings = gravities.count("BLOQUANT"), gravities.count("AVERTISSEMENT")
    assert (
        last.startswith(f"Non conforme : {blocking} bloquant")
        and f"{warnings} avertissement" in last
    )
    assert all("cahier_des_charges.yaml" in line for line in lines)


def test_un_avertissement_ne_rend_pas_non_conforme(cahier: Path, dla_docs: Call) -> None:
    said = dla_docs("verifier", emptied(cahier, "reponse"), "--profil", "centre")
    assert said.code == 0
    assert said.out.splitlines()[-1] == "Conforme : 1 avertissement."


def test_sur_un_terminal_chaque_constat_se_lit_en_paragraphe(cahier: Path, terminal: Call) -> None:
    said = terminal("verifier", emptied(cahier, "objectifs"))
    plain = without_colours(said.out)
    assert "\x1b[" in said.out and "\n  → " in plain
    assert max(map(len, plain.splitlines())) <= 80
    assert plain.splitlines()[0].startswith("BLOQUANT  cahier_des_charges.yaml")


def test_verifier_en_json_tient_son_contrat(cahier: Path, dla_docs: Call) -> None:
    found = json.loads(dla_docs("verifier", cahier, "--format", "json").out)
    assert (found["conforme"], found["constats"]) == (True, [])
    said = dla_docs("verifier", emptied(cahier, "objectifs"), "--format", "json")
    found = json.loads(said.out)
    assert (said.code, said.err, found["conforme"]) == (1, "", False)
    assert {frozenset(constat) for constat in found["constats"]} == {
        frozenset(
            {
                *("exigences", "gravite", "chemin", "fichier", "ligne"),
                *("message", "conseil", "source"),
            }
        )
    }


def test_un_fichier_mal_forme_se_lit_aussi_en_json(cahier: Path, dla_docs: Call) -> None:
    cahier.write_text(cahier.read_text(encoding="utf-8") + "\ninconnu: 1\n", encoding="utf-8")
    said = dla_docs("verifier", cahier, "--format", "json")
    found = json.loads(said.out)
    assert (said.code, said.err, found["conforme"]) == (2, "", False)
    assert "inconnu" in found["constats"][0]["message"] and found["constats"][0]["ligne"]


def test_le_profil_demande_l_emporte(cahier: Path, dla_docs: Call) -> None:
    emptied(cahier, "reponse")
    assert "CDC-19" in dla_docs("verifier", cahier, "--profil", "npdc").out
    assert "CDC-19" not in dla_docs("verifier", cahier, "--profil", "paca").out
    assert "Le profil « xyz » est inconnu" in one_refusal(
        dla_docs("verifier", cahier, "--profil", "xyz")
    )


def test_un_stade_ne_vaut_que_pour_un_document_qui_en_a(
    cahier: Path, mission: Path, dla_docs: Call
) -> None:
    assert "Un stade ne vaut pas pour « Cahier des charges »" in one_refusal(
        dla_docs("verifier", cahier, "--stade", "final")
    )
    assert "Un stade ne vaut pas pour « Fiche de la mission »" in one_refusal(
        dla_docs("verifier", mission, "--stade", "final")
    )
    for slug in ("cahier_des_charges", "mission_individuelle"):
        for judging in (check, render):
            with pytest.raises(InputError, match="Un stade ne vaut pas"):
                judging(load(sample_path(slug)), stade="final")
    grille = sample_path("grille_de_suivi")
    assert dla_docs("verifier", grille, "--stade", "vierge").code == 0
    assert "Le stade « fini » n'existe pas" in one_refusal(
        dla_docs("verifier", grille, "--stade", "fini")
    )


def test_verifier_relit_un_document_word(cahier: Path, dla_docs: Call) -> None:
    assert (
        dla_docs(
            "produire", emptied(cahier, "objectifs"), "-o", "brouillon.docx", "--brouillon"
        ).code
        == 1
    )
    said = dla_docs("verifier", "brouillon.docx", "--profil", "national")
    assert said.code == 1
    first, second = said.out.splitlines()[:2]
    assert "BROUILLON" in first and second.startswith("BLOQUANT")
    assert said.out.splitlines()[-1].startswith("Non conforme : ")


def test_produire_ecrit_le_document_et_son_nom(cahier: Path, dla_docs: Call) -> None:
    assert dla_docs("produire", cahier, "-o", "cahier.docx") == Said(0, "cahier.docx\n", "")
    printed = " ".join(
        "".join(paragraph.itertext("{*}t"))
        for paragraph in docx.Document("cahier.docx").element.body.iter("{*}p")
    )
    assert "Cahier des charges" in printed or "CAHIER DES CHARGES" in printed


def test_un_definitif_incomplet_n_est_pas_produit(cahier: Path, dla_docs: Call) -> None:
    said = dla_docs("produire", emptied(cahier, "objectifs"), "-o", "cahier.docx")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("BLOQUANT ") and not Path("cahier.docx").exists()


def test_un_brouillon_incomplet_est_produit_et_le_dit(cahier: Path, dla_docs: Call) -> None:
    said = dla_docs("produire", emptied(cahier, "objectifs"), "-o", "cahier.docx", "--brouillon")
    assert (said.code, said.out) == (1, "cahier.docx\n")
    assert said.err.startswith("BLOQUANT ") and Path("cahier.docx").exists()


@pytest.mark.parametrize("output", ["cahier.txt", "cahier", "cahier.doc", "cahier.docx.bak"])
def test_une_sortie_d_un_autre_genre_est_refusee(output: str, cahier: Path, dla_docs: Call) -> None:
    assert ".docx, .pdf, .odt ou .pptx" in one_refusal(dla_docs("produire", cahier, "-o", output))
    assert not Path(output).exists()


def test_une_sortie_qui_ne_peut_pas_s_ecrire_est_dite(cahier: Path, dla_docs: Call) -> None:
    Path("dossier.docx").mkdir()
    assert "C'est un dossier" in one_refusal(dla_docs("produire", cahier, "-o", "dossier.docx"))
    Path("fichier").write_text("", encoding="utf-8")
    assert "« fichier » est un fichier" in one_refusal(
        dla_docs("produire", cahier, "-o", "fichier/cahier.docx")
    )


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("absent.yaml", None, "Ce fichier n'existe pas"),
        ("absent.docx", None, "Ce fichier n'existe pas"),
        ("dossier", "", "dossier"),
        ("image.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image.png"),
        ("vide.docx", b"", "vide"),
        ("vide.yaml", b"", "vide.yaml"),
        ("texte.docx", b"bonjour", "texte.docx"),
        ("faux.yaml", b"a: [1\nb: }", "faux.yaml, ligne"),
    ],
)
def test_un_fichier_qui_ne_se_lit_pas_est_dit_en_une_phrase(
    name: str, content: bytes | str | None, expected: str, dla_docs: Call
) -> None:
    if isinstance(content, bytes):
        Path(name).write_bytes(content)
    elif content is not None:
        Path(name).mkdir()
    for words in (
        ["verifier", name],
        ["produire", name, "-o", "sortie.docx"],
        ["dossier", name, "-o", "sortie"],
    ):
        assert expected in one_refusal(dla_docs(*words)) or (
            words[0] != "verifier" and name.endswith(".docx")
        )


@pytest.mark.parametrize(
    ("name", "content", "what", "remedy"),
    [
        ("image.png", b"\x89PNG\r\n\x1a\n\0", "C'est une image", "document rempli (.docx, .pdf)"),
        ("message.txt", b"Subject: Bonjour\n", "C'est un message", "(.yaml, .json)"),
        (
            "operateur.yaml",
            b"nom: DLA 00\nsite: x",
            "« Opérateur DLA »",
            "operateur: operateur.yaml",
        ),
        ("cdc.yaml", b"objectifs: {}", "La clé « document » manque", "Les documents connus"),
    ],
)
def test_ce_qui_ne_se_verifie_pas_seul_dit_ce_que_c_est_et_que_faire(
    name: str, content: bytes, what: str, remedy: str, dla_docs: Call
) -> None:
    Path(name).write_bytes(content)
    said = one_refusal(dla_docs("verifier", name)).replace("\u00a0", " ")
    assert what.replace("'", "’") in said.replace("'", "’") and remedy in said


def test_un_fichier_sans_droit_de_lecture_est_dit_en_francais(
    cahier: Path, dla_docs: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "os.access", lambda *_: False
    )  # what typer asks; the opening itself is what counts
    assert dla_docs("verifier", cahier).code == 0

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(cahier))

    monkeypatch.setattr("builtins.open", refuse)
    assert "cahier_des_charges.yaml" in one_refusal(dla_docs("verifier", cahier))


def test_une_entree_n_est_jamais_ecrasee_par_la_sortie(cahier: Path, dla_docs: Call) -> None:
    assert dla_docs("modele", "nouveau", "cahier_des_charges", "-o", "modele.docx").code == 0
    before = Path("modele.docx").read_bytes()
    for words in (
        ["produire", cahier, "-o", "modele.docx", "--modele", "modele.docx"],
        ["produire", "modele.docx", "-o", "./modele.docx"],
        ["modele", "verifier", "modele.docx", "cahier_des_charges", "--annoter", "modele.docx"],
    ):
        assert "il serait écrasé" in one_refusal(dla_docs(*words))
    assert Path("modele.docx").read_bytes() == before


def test_produire_un_seul_document_d_une_mission_renvoie_vers_le_dossier(
    mission: Path, dla_docs: Call
) -> None:
    assert "« dla-docs dossier »" in one_refusal(dla_docs("produire", mission, "-o", "f.docx"))


def test_l_exemple_de_mission_donne_son_dossier(mission: Path, dla_docs: Call) -> None:
    said = dla_docs("dossier", mission, "-o", "dossier")
    assert (said.code, said.err) == (0, "")
    *paths, last = said.out.splitlines()
    assert paths and all(Path(path).is_file() for path in paths)
    assert sorted(map(Path, paths)) == sorted(Path("dossier").iterdir())
    assert last == f"{len(paths)} fichiers dans dossier."


def test_un_dossier_refait_dit_ce_qui_n_a_pas_change(dla_docs: Call) -> None:
    words = ("dossier", sample_path("mission_simplifiee"), "-o", "dossier")
    assert dla_docs(*words).code == 0
    assert dla_docs(*words).out == "9 fichiers dans dossier, 9 déjà à jour.\n"
    assert dla_docs(*words, "--brouillon").out.endswith("9 fichiers dans dossier, 3 déjà à jour.\n")


def test_un_document_refuse_n_empeche_pas_les_autres(mission: Path, dla_docs: Call) -> None:
    data: dict[str, Any] = yaml.load(mission.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    del data["documents"]["cahier_des_charges"]["objectifs"]
    mission.write_text(
        yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False),
        encoding="utf-8",
    )
    said = dla_docs("dossier", mission, "-o", "dossier")
    assert said.code == 1
    assert re.search(
        r"^Pas produit : DLA00-2005-07 – \d+ – Cahier des charges$", said.err, re.MULTILINE
    )
    assert not list(Path("dossier").glob("*Cahier des charges*")) and list(
        Path("dossier").glob("*Proposition*.docx")
    )
    refused = [line for line in said.err.splitlines() if line.startswith("BLOQUANT")]
    assert refused and len(refused) == len({line.partition(" absent ")[0] for line in refused}), (
        "chaque manque n'est dit qu'une fois"
    )
    made, left = len(list(Path("dossier").iterdir())), said.err.count("Pas produit : ")
    assert (
        said.out.splitlines()[-1]
        == f"{made} fichiers dans dossier, {left} pas produit{'s' if left > 1 else ''}."
    )


def test_un_dossier_qui_ne_peut_pas_s_ecrire_est_dit(mission: Path, dla_docs: Call) -> None:
    Path("occupe").write_text("", encoding="utf-8")
    said = one_refusal(dla_docs("dossier", mission, "-o", "occupe"))
    assert "ne peut pas être créé : « occupe » est un fichier" in said


def test_sans_libreoffice_le_word_est_fait_et_le_pdf_demande_est_dit(
    mission: Path, dla_docs: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLA_DOCS_SOFFICE", ABSENT)
    monkeypatch.setattr("dla_docs.cli.production.SLOW", 3600.0)  # on a machine that is busy
    said = dla_docs("dossier", mission, "-o", "dossier", "--pdf")
    assert said.code == 1
    assert said.err.splitlines()[0] == "Pas produit : PDF" and len(said.err.splitlines()) == 2
    assert list(Path("dossier").glob("*.docx")) and not list(Path("dossier").glob("*.pdf"))


@pytest.mark.parametrize("suffix", ["pdf", "odt"])
def test_sans_libreoffice_produire_un_pdf_dit_ce_qui_manque(
    suffix: str, cahier: Path, dla_docs: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLA_DOCS_SOFFICE", ABSENT)
    assert "LibreOffice" in one_refusal(dla_docs("produire", cahier, "-o", f"cahier.{suffix}"), 1)
    assert not Path(f"cahier.{suffix}").exists()


def test_sans_pikepdf_la_commande_qui_l_installe_est_dite(
    cahier: Path, dla_docs: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pikepdf", None)
    assert f"« {how_to_add('pdf')} »" in one_refusal(
        dla_docs("produire", cahier, "-o", "cahier.pdf"), 1
    )


def test_un_module_en_option_absent_dit_comment_l_installer(
    cahier: Path, dla_docs: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def needs_openpyxl(*_: object) -> None:
        raise ModuleNotFoundError("No module named 'openpyxl.styles'", name="openpyxl.styles")

    monkeypatch.setattr("dla_docs.cli.judging.verdict", needs_openpyxl)
    assert f"« {how_to_add('lot')} »" in one_refusal(dla_docs("verifier", cahier))


def test_ctrl_c_se_dit_en_une_phrase(
    cahier: Path, dla_docs: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dla_docs.cli.judging.verdict", _raiser(KeyboardInterrupt()))
    assert "Interrompu" in one_refusal(dla_docs("verifier", cahier))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RuntimeError("boom, in English"), "Défaut de dla-docs (RuntimeError"),
        (RecursionError("maximum recursion depth exceeded"), "Défaut de dla-docs (RecursionError"),
        (MemoryError(), "La mémoire de cette machine ne suffit pas"),
        (OSError(28, "No space left on device", "f.docx"), "« f.docx » : le disque est plein."),
        (OSError("read error"), "Lecture ou écriture impossible"),
        (
            ModuleNotFoundError("No module named 'nulle_part'", name="nulle_part"),
            "Défaut de dla-docs (ModuleNotFoundError",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_un_defaut_se_dit_en_une_phrase_sans_trace(
    error: Exception, expected: str, cahier: Path, dla_docs: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dla_docs.cli.judging.verdict", _raiser(error))
    said = one_refusal(dla_docs("verifier", cahier))
    assert expected in said and "Traceback" not in said
    monkeypatch.setenv("DLA_DOCS_TRACE", "1")
    assert "Traceback" in dla_docs("verifier", cahier).err


def _raiser(error: BaseException) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail
