"""trame et lire, modele verifier et modele nouveau : le formulaire va et revient, en un mot de
commande.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
import yaml
from lxml import etree

from dla_docs.word.names import W
from tests.cli.commandes import english_in
from tests.cli.conftest import Call, Said, refused


@pytest.fixture
def mission(dla_docs: Call) -> Path:
    """L'exemple de la mission et tout ce qu'il cite, dans « essai »."""
    assert dla_docs("exemple", "mission", "-o", "essai").code == 0
    return Path("essai", "mission_individuelle.yaml")


@pytest.fixture
def suivi(mission: Path, dla_docs: Call) -> Path:
    """Le formulaire de suivi de cette mission, pour le prestataire."""
    assert dla_docs(
        "trame",
        "grille_de_suivi",
        "-o",
        "suivi.docx",
        "--mission",
        mission,
        "--pour",
        "prestataire",
    ) == Said(0, "suivi.docx\n", "")
    return Path("suivi.docx")


def fill(path: Path, tag: str, text: str) -> None:
    """Écrit dans un contrôle, comme quelqu'un devant Word."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    root = etree.fromstring(parts["word/document.xml"])
    [control] = [
        sdt
        for sdt in root.iter(f"{W}sdt")
        if tag in {mark.get(f"{W}val") for mark in sdt.iterfind(f"{W}sdtPr/{W}tag")}
    ]
    texts = list(control.iter(f"{W}t"))
    for other in texts[1:]:
        other.text = ""
    texts[0].text = text
    etree.strip_elements(control, f"{W}showingPlcHdr")
    parts["word/document.xml"] = etree.tostring(root)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_un_formulaire_qui_n_a_pas_change_ne_change_rien(
    suivi: Path, mission: Path, dla_docs: Call
) -> None:
    before = mission.read_bytes()
    said = dla_docs("lire", suivi, "--dans", mission)
    assert said.code == 0 and "0 changement écrit." in said.out
    assert mission.read_bytes() == before


def test_une_reponse_va_dans_la_mission(suivi: Path, mission: Path, dla_docs: Call) -> None:
    fill(suivi, "etapes[0].commentaires", "Une rencontre de plus")
    said = dla_docs("lire", suivi, "--dans", mission)
    assert said.code == 0
    assert "→ « Une rencontre de plus »" in said.out and "1 changement écrit." in said.out
    assert "Une rencontre de plus" in mission.read_text(encoding="utf-8")
    assert dla_docs("lire", suivi, "--dans", mission).code == 0


def test_une_cellule_qui_ne_se_lit_pas_est_dite_et_le_reste_est_lu(
    suivi: Path, mission: Path, dla_docs: Call
) -> None:
    fill(suivi, "etapes[0].realise.dates", "31/02/2013")
    fill(suivi, "etapes[0].commentaires", "Une rencontre de plus")
    said = dla_docs("lire", suivi, "--dans", mission)
    assert said.code == 1
    assert (
        "etapes[0].realise.dates" in said.err
        and "31/02/2013" in said.err
        and not english_in(said.err)
    )
    assert "Une rencontre de plus" in mission.read_text(
        encoding="utf-8"
    ) and "31/02/2013" not in mission.read_text(encoding="utf-8")


def test_sans_destination_la_sortie_est_un_fichier_yaml_et_lui_seul(
    suivi: Path, dla_docs: Call
) -> None:
    fill(suivi, "etapes[0].commentaires", "Une rencontre de plus")
    said = dla_docs("lire", suivi)
    assert yaml.safe_load(said.out)["document"] == "grille_de_suivi"
    assert "→ « Une rencontre de plus »" in said.err
    Path("copie.yaml").write_text(said.out, encoding="utf-8")
    assert dla_docs("verifier", "copie.yaml").code == said.code


def test_lire_en_json_dit_les_donnees_et_les_changements(suivi: Path, dla_docs: Call) -> None:
    fill(suivi, "etapes[0].commentaires", "Une rencontre de plus")
    found = json.loads(dla_docs("lire", suivi, "-o", "lu/suivi.yaml", "--format", "json").out)
    assert set(found) == {"document", "donnees", "changements", "refus", "constats", "fichiers"}
    assert found["fichiers"] == ["lu/suivi.yaml"]
    assert [(one["chemin"], one["apres"]) for one in found["changements"]] == [
        ("etapes[0].commentaires", "Une rencontre de plus")
    ]
    assert found["donnees"]["etapes"][0]["commentaires"] == "Une rencontre de plus"


def test_un_formulaire_vierge_revient_avec_ce_qui_lui_manque_en_une_ligne(dla_docs: Call) -> None:
    assert dla_docs("trame", "cahier_des_charges", "-o", "vierge.docx").code == 0
    said = dla_docs("lire", "vierge.docx", "-o", "cahier.yaml")
    assert (said.code, said.out) == (1, "cahier.yaml\n")
    assert "Il reste à compléter : " in said.err and "bloquants" in said.err
    assert "« dla-docs verifier vierge.docx » en dit le détail.\n" in said.err  # be it one or many
    assert sum("absent" in line for line in said.err.splitlines()) == 0
    assert (
        yaml.safe_load(Path("cahier.yaml").read_text(encoding="utf-8"))["document"]
        == "cahier_des_charges"
    )


def test_lire_n_efface_pas_une_mission(suivi: Path, mission: Path, dla_docs: Call) -> None:
    before = mission.read_bytes()
    said = dla_docs("lire", suivi, "-o", mission)
    assert said.code == 2 and "« --dans mission_individuelle.yaml »" in said.err
    assert mission.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["lire", "suivi.docx", "-o", "a.yaml", "--dans", "b.yaml"], "choisissez l'un ou l'autre"),
        (["lire", "suivi.docx", "-o", "a.docx"], "cette commande écrit un fichier .yaml ou .yml"),
        (
            ["lire", "suivi.docx", "-o", "suivi.docx"],
            "cette commande écrit un fichier .yaml ou .yml",
        ),
        (["lire", "absent.docx"], "Ce fichier n'existe pas"),
        (["lire", "essai"], "C'est un dossier"),
        (["lire", "essai/logos/etat.png"], "etat.png"),
        (["lire", "essai/operateur.yaml"], "operateur.yaml"),
        (["lire", "suivi.docx", "--dans", "absent.yaml"], "Ce fichier n'existe pas"),
        (
            ["trame", "grille_de_suivi", "-o", "f.odt"],
            "cette commande écrit un fichier .docx ou .pdf",
        ),
        (
            ["trame", "grille_de_suivi", "-o", "f.docx", "--mission", "absent.yaml"],
            "Ce fichier n'existe pas",
        ),
        (["trame", "inconnu", "-o", "f.docx"], "Le document « inconnu » est inconnu."),
        (
            ["modele", "nouveau", "proposition", "-o", "m.doc"],
            "cette commande écrit un fichier .docx",
        ),
        (["modele", "verifier", "absent.docx", "proposition"], "Ce fichier n'existe pas"),
        (
            ["modele", "verifier", "suivi.docx", "grille_de_suivi", "--annoter", "x.pdf"],
            "cette commande écrit un fichier .docx",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_ce_qui_ne_va_pas_est_dit_en_une_phrase(
    words: list[str], expected: str, suivi: Path, dla_docs: Call
) -> None:
    refused(dla_docs, words, expected)


def test_un_modele_neuf_tient_son_contrat(dla_docs: Call) -> None:
    assert dla_docs("modele", "nouveau", "grille_de_suivi", "-o", "m.docx") == Said(
        0, "m.docx\n", ""
    )
    assert dla_docs("modele", "verifier", "m.docx", "grille_de_suivi") == Said(
        0, "Ce modèle imprime tout ce que le document demande.\n", ""
    )


def test_un_modele_d_un_autre_document_est_dit_et_annote(dla_docs: Call) -> None:
    dla_docs("modele", "nouveau", "grille_de_suivi", "-o", "m.docx")
    said = dla_docs("modele", "verifier", "m.docx", "cahier_des_charges", "--annoter", "copie.docx")
    assert (said.code, said.err) == (1, "")
    assert said.out.startswith("BLOQUANT m.docx") and said.out.endswith("défaut.\n")
    with zipfile.ZipFile("copie.docx") as archive:
        assert "n'est pas celui du document" in archive.read("word/comments.xml").decode()
