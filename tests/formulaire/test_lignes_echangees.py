"""Des lignes que leurs clés désignent ailleurs, échangées dans la mission depuis l'envoi, ou par un
formulaire où leurs textes sont retapés : une réponse ne passe pas à une autre sans un mot.
"""

from __future__ import annotations

import shutil
from copy import deepcopy
from pathlib import Path

import pytest
from lxml import etree

from dla_docs.cli.application import run
from dla_docs.word.names import W
from tests.formulaire.formulaires import control_of, edited
from tests.word_forms import fill

A, B, C = "Le projet est partagé", "Les rôles sont écrits", "Le budget est équilibré"
ROWS = [f"        - {{cle: r{rank}, intitule: {text}}}\n" for rank, text in enumerate((A, B, C), 1)]
HEAD = """document: mission
nature: individuelle
reference: DLA00-2005-07
documents:
  cahier_des_charges:
    objectifs:
      resultats:
"""
RELIED = """  evaluation_individuelle:
    resultats:
      - {cle: r1, obtenu: oui}
      - {cle: r2, obtenu: non}
      - {cle: r3, obtenu: oui}
"""
TITLE = "objectifs.resultats[%d].intitule"


def mission(path: Path, rows: list[str], more: str = RELIED) -> Path:
    path.write_text(HEAD + "".join(rows) + more, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parti")
    base, form = mission(folder / "m.yaml", ROWS), folder / "cdc.docx"
    words = ["trame", "cahier_des_charges", "-o", str(form), "--mission", str(base)]
    assert run(words) == 0
    return form


class Back:
    """Le formulaire rempli, relu dans la mission telle qu'elle est maintenant."""

    def __init__(self, folder: Path, sent: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path, self.form = folder / "m.yaml", folder / "retour.docx"
        self.sent, self.capsys = sent, capsys

    def read(
        self, rows: list[str], texts: dict[int, str], *forced: str, more: str = RELIED
    ) -> tuple[int, str]:
        self.before = mission(self.path, rows, more).read_text(encoding="utf-8")
        answers = {TITLE % rank: text for rank, text in texts.items()}
        self.form.write_bytes(fill(self.sent.read_bytes(), answers))
        shutil.rmtree(self.path.parent / ".sauvegardes", ignore_errors=True)
        force = [word for path in forced for word in ("--forcer", path)]
        code = run(["lire", str(self.form), "--dans", str(self.path), *force])
        said = self.capsys.readouterr()
        self.after = self.path.read_text(encoding="utf-8")
        return code, said.out + said.err


@pytest.fixture
def back(tmp_path: Path, sent: Path, capsys: pytest.CaptureFixture[str]) -> Back:
    return Back(tmp_path, sent, capsys)


def keyed(*texts: str) -> list[str]:
    return [f"        - {{cle: r{rank}, intitule: {text}}}\n" for rank, text in enumerate(texts, 1)]


def test_une_cle_ecrite_joint_les_lignes_quoi_que_dise_leur_texte(back: Back) -> None:
    code, said = back.read(keyed(A, C, B), {2: "Le budget est tenu"})
    assert (code, back.after) == (1, back.before)
    assert f"alors que le document dit « {B} »" in said and f"--forcer {TITLE % 2}" in said


def test_sans_cle_ecrite_le_texte_dit_ou_est_la_ligne(back: Back) -> None:
    rows = [f"        - {text}\n" for text in (A, C, B)]
    back.read(rows, {2: "Le budget est tenu"}, more="")
    assert back.after == back.before.replace(C, "Le budget est tenu")


def test_une_ligne_deplacee_et_recrite_depuis_se_dit_et_se_force_a_sa_place(back: Back) -> None:
    rows = [ROWS[0], ROWS[2].replace(C, "Le budget est sain"), ROWS[1]]
    code, said = back.read(rows, {2: "Le budget est tenu"})
    assert (code, back.after) == (1, back.before)
    assert "alors que le document dit « Le budget est sain »" in said
    assert f"--forcer {TITLE % 1}" in said
    _, said = back.read(rows, {2: "Le budget est tenu"}, TITLE % 1)
    assert back.after == back.before.replace("Le budget est sain", "Le budget est tenu")


def test_le_rang_d_une_ligne_du_formulaire_n_en_force_pas_une_autre(back: Back) -> None:
    """La mission s'est retournée : ce que le formulaire a en [2], elle l'a en [0]."""
    rows = [ROWS[2].replace(C, "Le budget est sain"), ROWS[1].replace(B, "Les rôles"), ROWS[0]]
    texts = {2: "Le budget est tenu", 0: "Le projet est commun"}
    code, said = back.read(rows, texts, TITLE % 2)
    assert "Le projet est commun" in back.after and "Le budget est sain" in back.after
    assert code == 1 and f"--forcer {TITLE % 0}" in said


RETYPED = {
    "échangées": {0: B, 1: A},
    "remontées": {1: C, 2: ""},
}


@pytest.mark.parametrize("texts", RETYPED.values(), ids=RETYPED)
def test_des_lignes_retapees_l_une_pour_l_autre_sont_laissees_et_nommees(
    back: Back, texts: dict[int, str]
) -> None:
    code, said = back.read(ROWS, texts)
    assert (code, back.after) == (1, back.before)
    for rank in texts:
        assert f"Résultats attendus, ligne {rank + 1} : " in said and TITLE % rank in said
    assert "individuelle » y répond" in said


def test_des_lignes_retapees_se_forcent_et_sans_reponse_ailleurs_se_prennent(back: Back) -> None:
    back.read(ROWS, RETYPED["échangées"], TITLE % 0, TITLE % 1)
    assert keyed(B, A)[0] in back.after
    back.read(ROWS, RETYPED["remontées"], more="")
    assert back.after == HEAD + "".join(keyed(A, C))


def copied_under_the_first(root: etree._Element) -> None:
    row = next(control_of(root, TITLE % 0).iterancestors(f"{W}p"))
    row.addnext(more := deepcopy(row))
    next(control_of(more, TITLE % 0).iter(f"{W}t")).text = "Copie modifiée"


def test_une_ligne_copiee_entre_deux_se_dit_a_sa_ligne_et_a_son_rang_dans_le_fichier(
    back: Back, capsys: pytest.CaptureFixture[str]
) -> None:
    """Le formulaire a des lignes vierges : elle n'est ni à la ligne 8, ni à [7]."""
    mission(back.path, ROWS)
    back.form.write_bytes(edited(back.sent.read_bytes(), copied_under_the_first))
    assert run(["lire", str(back.form), "--dans", str(back.path)]) in (0, 1)
    said = "".join(capsys.readouterr())
    assert "Résultats attendus : Une ligne a été ajoutée au tableau, la ligne 2 : « Copie " in said
    assert "elle y est à « objectifs.resultats[3] »" in said and TITLE % 3 in said
    assert "[7]" not in said and "[8]" not in said


def test_une_reponse_dont_la_cle_parle_d_une_autre_ligne_est_laissee_puis_forcee(
    back: Back, capsys: pytest.CaptureFixture[str]
) -> None:
    form, obtained = back.path.with_name("evaluation.docx"), "resultats[2].obtenu"
    words = ["trame", "evaluation_individuelle", "-o", str(form)]
    assert run([*words, "--mission", str(mission(back.path, ROWS))]) == 0
    back.form.write_bytes(fill(form.read_bytes(), {obtained: "Non"}))
    before = mission(back.path, keyed(A, C, B)).read_text(encoding="utf-8")
    read = ["lire", str(back.form), "--dans", str(back.path)]
    assert run(read) == 1 and back.path.read_text(encoding="utf-8") == before
    assert f"la ligne de cette clé parle maintenant de « {B} »" in "".join(capsys.readouterr())
    run([*read, "--forcer", obtained])
    now = back.path.read_text(encoding="utf-8")
    assert now.lower() == before.lower().replace("r3, obtenu: oui", "r3, obtenu: non")


def test_un_champ_ferme_dont_la_ligne_a_bouge_se_dit_a_sa_ligne_et_se_force_a_son_chemin(
    back: Back, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        f"      - {{cle: r{rank}, intitule: {text}, commentaire: Vu {rank}}}\n"
        for rank, text in enumerate((A, B, C), 1)
    ]
    head = f"{HEAD.partition('  cahier')[0]}  evaluation_individuelle:\n    resultats:\n"
    back.path.write_text(head + "".join(rows), encoding="utf-8")
    words = ["trame", "evaluation_individuelle", "-o", str(back.form), "--pour", "prestataire"]
    assert run([*words, "--mission", str(back.path)]) == 0
    texts = {0: "Changé en un", 2: "Changé en trois"}
    answers = {f"resultats[{rank}].commentaire": text for rank, text in texts.items()}
    back.form.write_bytes(fill(back.form.read_bytes(), answers))
    back.path.write_text(before := head + "".join(rows[::-1]), encoding="utf-8")
    read = ["lire", str(back.form), "--dans", str(back.path)]
    assert run(read) == 1 and back.path.read_text(encoding="utf-8") == before
    told = next(
        line for line in "".join(capsys.readouterr()).splitlines() if "« Changé en un »" in line
    )
    assert "ligne 1 › Commentaires de la structure" in told
    assert "--forcer resultats[2].commentaire" in told and "resultats[0]" not in told
    run([*read, "--forcer", "resultats[2].commentaire"])
    assert back.path.read_text(encoding="utf-8") == before.replace("Vu 1", "Changé en un")
    assert "aucune réponse n'a ce chemin" not in "".join(capsys.readouterr())


ASKED = """document: mission
nature: individuelle
reference: DLA00-2005-07
mise_en_concurrence:
  sollicites:
    - {cle: alpha, prestataire: {nom: Cabinet Alpha}, reponse: proposition}
    - {cle: beta, prestataire: {nom: Cabinet Bêta}, reponse: decline}
    - {cle: gamma, prestataire: {nom: Cabinet Gamma}, reponse: decline}
"""
THEIRS = {
    "sa proposition": "documents:\n  proposition:\n    - {prestataire: beta, date: 18/07/2005}\n",
    "le choix": "  retenu: beta\n",
}
NAMES = {
    "échangés": ("Cabinet Bêta", "Cabinet Alpha", "Cabinet Gamma"),
    "remontés": ("Cabinet Bêta", "Cabinet Gamma", ""),
}


@pytest.mark.parametrize("more", THEIRS.values(), ids=THEIRS)
@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_ce_qui_est_d_un_prestataire_ne_passe_pas_a_celui_dont_on_a_retape_le_nom(
    tmp_path: Path, names: tuple[str, ...], more: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sa proposition, ou le choix, le désigne par sa clé ; les lignes vont ensemble."""
    path, form = tmp_path / "m.yaml", tmp_path / "f.docx"
    path.write_text(ASKED + more, encoding="utf-8")
    assert run(["trame", "mission", "-o", str(form), "--mission", str(path)]) == 0
    field = "mise_en_concurrence.sollicites[%d].prestataire.nom"
    answers = {field % rank: text for rank, text in enumerate(names)}
    form.write_bytes(fill(form.read_bytes(), answers))
    assert run(["lire", str(form), "--dans", str(path)]) == 1
    assert path.read_text(encoding="utf-8") == ASKED + more
    said = "".join(capsys.readouterr())
    for rank in (0, 1) if names[2] else (0, 1, 2):
        assert f"sollicités, ligne {rank + 1} : " in said and f"--forcer {field % rank}" in said
    assert "car elle va avec d'autres" in said and "sous sa clé, « beta »" in said


PAID = [
    f"  - {{nature: {nature}, montant: {price} 000 €, condition: {when}}}\n"
    for nature, price, when in (
        ("acompte", 1, "À la signature"),
        ("intermediaire", 2, "Après la deuxième étape"),
        ("intermediaire", 3, "Après la quatrième étape"),
        ("solde", 4, "Au rapport"),
    )
]
NEW = "  - {nature: intermediaire, montant: 500 €, condition: En plus}\n"
SINCE = {
    "ôtée": [PAID[0], *PAID[2:]],
    "ajoutée": [PAID[0], NEW, *PAID[1:]],
    "corrigée": [PAID[0], PAID[1].replace("2 000", "2 500"), *PAID[2:]],
    "retournées": PAID[::-1],
    "acompte": [NEW.replace("intermediaire", "acompte"), *PAID],
}


@pytest.mark.parametrize("since", SINCE.values(), ids=SINCE)
@pytest.mark.parametrize("rank", range(4))
def test_une_date_de_versement_ne_va_pas_a_un_autre_versement(
    tmp_path: Path, since: list[str], rank: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Deux versements ont la même nature, et la mission en a ôté, ajouté ou déplacé un."""
    path, form, head = tmp_path / "m.yaml", tmp_path / "f.docx", HEAD.partition("documents")[0]
    path.write_text(f"{head}paiements:\n{''.join(PAID)}", encoding="utf-8")
    assert run(["trame", "mission", "-o", str(form), "--mission", str(path)]) == 0
    form.write_bytes(fill(form.read_bytes(), {f"paiements[{rank}].verse_le": "15/12/2005"}))
    path.write_text(f"{head}paiements:\n{''.join(since)}", encoding="utf-8")
    for _ in range(2):  # read again, it is the same one
        run(["lire", str(form), "--dans", str(path)])
    said, after = "".join(capsys.readouterr()), path.read_text(encoding="utf-8")
    paid = [line for line in after.splitlines() if "verse_le: 15/12/2005" in line]
    mine = PAID[rank].partition(", ")[2][-20:].strip("}\n")
    kept = any(mine in line for line in since)
    assert len(paid) == kept and all(mine in line for line in paid)
    assert kept or "sa ligne n'est plus dans le document" in said


def test_une_reponse_ne_va_pas_a_une_nouvelle_ligne_qui_a_pris_l_intitule_de_la_sienne(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """L'acompte devient un versement intermédiaire, et un autre acompte est mis avant ; corrigé
    seulement, il est toujours le sien.
    """
    path, form, head = tmp_path / "m.yaml", tmp_path / "f.docx", HEAD.partition("documents")[0]
    path.write_text(f"{head}paiements:\n{''.join(PAID)}", encoding="utf-8")
    assert run(["trame", "mission", "-o", str(form), "--mission", str(path)]) == 0
    form.write_bytes(fill(form.read_bytes(), {"paiements[0].verse_le": "15/12/2005"}))
    first = NEW.replace("intermediaire", "acompte")
    since = f"{head}paiements:\n{first}{PAID[0].replace('acompte', 'intermediaire')}"
    path.write_text(since + "".join(PAID[1:]), encoding="utf-8")
    assert run(["lire", str(form), "--dans", str(path)]) == 1
    assert path.read_text(encoding="utf-8") == since + "".join(PAID[1:])
    assert "« 15/12/2005 »" in "".join(capsys.readouterr()).replace("\N{NO-BREAK SPACE}", " ")
    corrected = PAID[0].replace("1 000", "1 500").replace("À la", "Dès la")
    path.write_text(f"{head}paiements:\n{corrected}{''.join(PAID[1:])}", encoding="utf-8")
    run(["lire", str(form), "--dans", str(path)])
    assert "Dès la signature, verse_le: 15/12/2005" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("personnes", "taken"), [("Bureau", True), ("Salariés", False)])
def test_une_etape_remplacee_sous_une_autre_cle_et_le_meme_intitule_n_est_pas_la_sienne(
    tmp_path: Path, personnes: str, taken: bool
) -> None:
    """Sa clé seule récrite, c'est toujours elle."""
    path, form = tmp_path / "m.yaml", tmp_path / "f.docx"
    step = "      - {cle: %s, intitule: Atelier, prevu: {personnes: %s}}\n"
    head = HEAD.partition("  cahier")[0] + "  grille_de_suivi:\n    etapes:\n"
    path.write_text(head + step % ("e1", "Bureau"), encoding="utf-8")
    assert run(["trame", "grille_de_suivi", "-o", str(form), "--mission", str(path)]) == 0
    form.write_bytes(fill(form.read_bytes(), {"etapes[0].commentaires": "Reporté."}))
    path.write_text(head + step % ("e9", personnes), encoding="utf-8")
    run(["lire", str(form), "--dans", str(path)])
    assert ("Reporté." in path.read_text(encoding="utf-8")) == taken


ALONE = "  - {nature: acompte}\n"
TAKEN = {
    "renommée": ([ALONE, NEW, PAID[3]], [NEW.replace("intermediaire", "acompte"), PAID[3]]),
    "remplacée ailleurs": (
        [PAID[0], NEW, PAID[3]],
        [NEW, PAID[0].replace("1 000", "700").replace("À la", "Avant la"), PAID[3]],
    ),
}


@pytest.mark.parametrize(("left", "since"), TAKEN.values(), ids=TAKEN)
def test_une_ligne_qui_a_pris_l_intitule_d_une_ligne_otee_n_en_prend_pas_la_reponse(
    tmp_path: Path, left: list[str], since: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path, form, head = tmp_path / "m.yaml", tmp_path / "f.docx", HEAD.partition("documents")[0]
    path.write_text(f"{head}paiements:\n{''.join(left)}", encoding="utf-8")
    assert run(["trame", "mission", "-o", str(form), "--mission", str(path)]) == 0
    form.write_bytes(fill(form.read_bytes(), {"paiements[0].verse_le": "15/12/2005"}))
    held = f"{head}paiements:\n{''.join(since)}"
    path.write_text(held, encoding="utf-8")
    assert run(["lire", str(form), "--dans", str(path)]) == 1
    assert path.read_text(encoding="utf-8") == held
    assert "15/12/2005" in "".join(capsys.readouterr())
