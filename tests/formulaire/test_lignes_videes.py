"""Une ligne dont toutes les cases sont vidées s'en va, ou reste entière et un constat dit pourquoi,
où et que faire ; ce qui s'écrit sans avoir été tapé est dit.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dla_docs import Mission, load, trame
from dla_docs.cli.application import run
from dla_docs.forms.blank_form import trames
from dla_docs.resources import sample_path
from tests.word_forms import fill

TEXTE = """document: mission
nature: individuelle
reference: A-1
structures:
- nom: Association Exemple
evenements:
  accueil:
    presents:  # à l'accueil
      - nom: Andrea Modèle
        fonction: Présidente
      # absent au début
      - nom: Camille Exemple
mise_en_concurrence:
  sollicites:
    - {cle: alpha, prestataire: {nom: Cabinet Alpha}}
    - {cle: beta, prestataire: {nom: Cabinet Beta}}
documents:
  grille_de_suivi:
    prestataire: alpha
    etapes:
      - {intitule: Comprendre}
      - {intitule: Choisir}
  rapport_final:
    prestataire: alpha
    etapes:
      - {commentaire: Compris.}
      - {commentaire: Choisi.}
"""
PRESENTS = "evenements.accueil.presents"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "mission.yaml"
    path.write_text(TEXTE, encoding="utf-8")
    return path


def mission_of(path: Path) -> Mission:
    mission = load(path)
    assert isinstance(mission, Mission)
    return mission


def returned(path: Path, docx: bytes, answers: dict[str, str]) -> int:
    form = path.with_suffix(".docx")
    form.write_bytes(fill(docx, answers))
    return run(["lire", str(form), "--dans", str(path)])


@pytest.mark.parametrize(
    ("rows", "gone"),
    [
        ({0}, "      - nom: Andrea Modèle\n        fonction: Présidente\n"),
        ({1}, "      - nom: Camille Exemple\n"),
    ],
)
def test_une_ligne_toute_videe_s_en_va(path: Path, rows: set[int], gone: str) -> None:
    erased = {f"{PRESENTS}[{one}].{name}": "" for one in rows for name in ("nom", "fonction")}
    assert returned(path, trame("mission", mission_of(path)), erased) == 0
    assert path.read_text(encoding="utf-8") == TEXTE.replace(gone, "")


def test_une_liste_toute_videe_ne_laisse_aucune_ligne(path: Path) -> None:
    erased = {f"{PRESENTS}[{one}].{name}": "" for one in (0, 1) for name in ("nom", "fonction")}
    assert returned(path, trame("mission", mission_of(path)), erased) == 0
    assert not mission_of(path).evenements.accueil.presents
    assert "- {}" not in path.read_text(encoding="utf-8")


def test_une_ligne_dont_parle_un_autre_document_reste_entiere(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docx = trame("grille_de_suivi", mission_of(path))
    assert returned(path, docx, {"etapes[0].intitule": ""}) == 2
    said = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert path.read_text(encoding="utf-8") == TEXTE
    line = TEXTE[: TEXTE.index("{intitule: Comprendre}")].count("\n") + 1
    for told in (
        f"mission.yaml, ligne {line} : ",
        "ligne 1 : vidée dans le formulaire, elle n'est pas ôtée ; ",
        "dans « Rapport final »",
        "(etapes[0]). Si elle doit s'en aller, ôtez-la là, et de ce qui s'y rapporte.",
    ):
        assert told in said.replace("’", "'")


def test_ce_que_la_fiche_d_un_sollicite_dit_de_plus_est_dit(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Une proposition reçue vaut réponse : la liste des sollicités le dit, et la commande aussi."""
    docx = dict(trames("proposition", mission_of(path)))
    (name,) = [one for one in docx if "alpha" in one.lower()]
    returned(path, docx[name], {"contact": "Dominique Essai"})
    said = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    assert "(mise_en_concurrence.sollicites[0].reponse) : «  » → « Proposition »" in said
    assert "mission.yaml : 2 changements écrits" in said
    assert mission_of(path).mise_en_concurrence.sollicites[0].reponse


def test_un_financeur_dont_le_nom_est_vide_s_en_va_avec_son_logo(tmp_path: Path) -> None:
    """Un logo ne se vide pas dans un formulaire : celui de la ligne vidée ne reste pas seul."""
    path = tmp_path / "mission.yaml"
    shutil.copytree(sample_path("mission_individuelle").parent / "logos", tmp_path / "logos")
    first = "    - {nom: État, logo: {fichier: logos/etat.png, texte_alternatif: Logo}}\n"
    text = (
        "document: mission\nnature: individuelle\noperateur:\n  nom: DLA 00\n  financeurs:\n"
        f"{first}    - {{nom: Caisse}}\n"
    )
    path.write_text(text, encoding="utf-8")
    erased = {"operateur.financeurs[0].nom": ""}
    assert returned(path, trame("mission", mission_of(path)), erased) == 0
    assert path.read_text(encoding="utf-8") == text.replace(first, "")


def test_un_paiement_vide_que_reprend_la_convention_se_dit_puis_s_ote(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """La ligne nommée, une fois ôtée comme le constat le dit, le même formulaire n'a plus rien à
    redire d'elle.
    """
    first = "  - {nature: Acompte, montant: 500}\n"
    text = (
        f"document: mission\nnature: individuelle\npaiements:\n{first}"
        "  - {nature: Solde, montant: 1000}\ndocuments:\n  convention_tripartite: {}\n"
    )
    path.write_text(text, encoding="utf-8")
    docx = trame("mission", mission_of(path))
    names = ("nature", "montant", "condition", "prevu_le", "verse_le", "piece")
    erased = {f"paiements[0].{name}": "" for name in names}
    assert returned(path, docx, erased) == 2 and path.read_text(encoding="utf-8") == text
    said = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert "mission.yaml, ligne 4 : " in said and "ôtez-la là" in said
    path.write_text(text.replace(first, ""), encoding="utf-8")
    returned(path, docx, erased)
    assert "vidée dans le formulaire" not in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == text.replace(first, "")


BLANCHES = (
    "document: mission\nnature: individuelle\nstructures:\n- {}\n- nom: Un\n- {}\n- nom: Deux\n"
    "documents:\n  cahier_des_charges:\n    objectifs: {general: g}\n"
)


@pytest.mark.parametrize("kind", ["mission", "cahier_des_charges"])
@pytest.mark.parametrize(
    ("answer", "was", "now"),
    [
        ({"structures[1].nom": "Neuf"}, "- nom: Deux\n", "- nom: Neuf\n"),
        ({"structures[0].nom": ""}, "- nom: Un\n", ""),
        (
            {"structures[0].adresse.ville": "Paris"},
            "- nom: Un\n",
            "- nom: Un\n  adresse:\n    ville: Paris\n",
        ),
    ],
    ids=["changée", "vidée", "complétée"],
)
def test_a_row_is_the_one_that_the_page_shows_whatever_blank_rows_stand_above(
    kind: str, answer: dict[str, str], was: str, now: str, tmp_path: Path
) -> None:
    mission, form = tmp_path / "mission.yaml", tmp_path / "form.docx"
    mission.write_text(BLANCHES, encoding="utf-8")
    held = load(mission)
    assert isinstance(held, Mission)
    form.write_bytes(fill(trame(kind, held), answer))
    run(["lire", str(form), "--dans", str(mission)])
    assert mission.read_text(encoding="utf-8") == BLANCHES.replace(was, now)


SOLLICITES = ("- prestataire: {nom: Alpha}\n", "- {cle: beta, prestataire: {nom: Beta}}\n")


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("more", [{}, {"[3]": "Delta"}], ids=["renommé", "renommé, et un de plus"])
def test_a_new_name_goes_to_its_own_row_wherever_a_blank_row_stands(
    more: dict[str, str], place: int, tmp_path: Path
) -> None:
    mission, form = tmp_path / "mission.yaml", tmp_path / "form.docx"
    gamma = "- prestataire: {nom: Gamma}\n"
    rows = [*SOLLICITES, gamma]
    rows.insert(place, "- {}\n")
    head = "document: mission\nnature: individuelle\nmise_en_concurrence:\n  sollicites:\n"
    mission.write_text(head + "".join(f"  {row}" for row in rows), encoding="utf-8")
    held = load(mission)
    assert isinstance(held, Mission)
    names = {"[2]": "Neuf"} | more
    path = "mise_en_concurrence.sollicites{}.prestataire.nom"
    form.write_bytes(
        fill(trame("mission", held), {path.format(row): name for row, name in names.items()})
    )
    assert run(["lire", str(form), "--dans", str(mission)]) == 0
    rows[rows.index(gamma)] = "- prestataire: {nom: Neuf}\n    cle: gamma\n"
    text = mission.read_text(encoding="utf-8")
    assert text.startswith(head + "".join(f"  {row}" for row in rows))
    assert text.count("Neuf") == 1
    again = load(mission)
    assert isinstance(again, Mission)
    told = [(one.cle, one.prestataire.nom) for one in again.mise_en_concurrence.sollicites]
    assert told == [("alpha", "Alpha"), ("beta", "Beta"), ("gamma", "Neuf")] + [
        ("delta", "Delta")
    ] * bool(more)


def test_une_ligne_videe_ou_l_on_ecrit_autre_chose_reste_et_le_dit(path: Path) -> None:
    """Le nom est effacé, une fonction écrite : la ligne partait, et elle avec."""
    answers = {f"{PRESENTS}[1].nom": "", f"{PRESENTS}[1].fonction": "Chargée de mission"}
    returned(path, trame("mission", mission_of(path)), answers)
    text = path.read_text(encoding="utf-8")
    assert "Camille Exemple" not in text and "fonction: Chargée de mission" in text
    assert "nom: Andrea Modèle\n        fonction: Présidente" in text
