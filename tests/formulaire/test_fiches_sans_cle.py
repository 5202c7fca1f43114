"""Une fiche qui n'écrit pas de clé : son formulaire y revient quand ce qui voyage la désigne, et
reste, nommé, quand plus rien ne la désigne ; son rang ne désigne personne.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dla_docs import trame
from dla_docs.cli.application import run
from dla_docs.forms import trames
from dla_docs.stages.loading import load_mission
from tests.word_forms import fill

TETE = "document: mission\nprofil: {profil}\nnature: collective\nreference: A-1\ndocuments:\n"
ANONYME = "herite: national\nnom: Le mien\nparticipants: anonymes\n"


def mission(folder: Path, slug: str, *sheets: str) -> Path:
    """Une mission qui tient ces fiches, sous un profil qui ne les nomme pas."""
    (folder / "mien.yaml").write_text(ANONYME, encoding="utf-8")
    path, rows = folder / "mission.yaml", "".join(f"    - {one}\n" for one in sheets)
    head = TETE.format(profil="mien.yaml" if slug == "evaluation_collective" else "national")
    path.write_text(f"{head}  {slug}:\n{rows}", encoding="utf-8")
    return path


def sent(path: Path, slug: str, tag: str) -> list[Path]:
    """Le formulaire de chaque fiche, rempli de son rang."""
    forms = []
    for rank, (_, docx) in enumerate(trames(slug, load_mission(path)), 1):
        form = path.with_name(f"{rank}.docx")
        form.write_bytes(fill(docx, {tag: f"Du formulaire {rank}"}))
        forms.append(form)
    return forms


COLLECTIVE, COMMENT = "evaluation_collective", "relation.echanges.commentaire"
ENQUETE, DEMANDE = "enquete_beneficiaire", "demande_de_modification"
PROPOSITION, ENJEUX = "proposition", "rappel.enjeux"
MEME_NOM, MEME_JOUR = "{participant: Camille}", "{date: 01/02/2010}"
OTEES = {  # two sheets alike: the kind, what each says, a field, what the remedy makes of it
    "nommées de même": (COLLECTIVE, MEME_NOM, COMMENT, "{participant: {nom: Camille, cle: p1}}"),
    "sans nom": (COLLECTIVE, MEME_JOUR, COMMENT, "{participant: {cle: p1}, date: 01/02/2010}"),
    "sans personne": (ENQUETE, "{}", "observations", "{prestataire: {cle: p1}}"),
    "par leur clé": (DEMANDE, MEME_JOUR, "demande.constat", "{cle: d1, date: 01/02/2010}"),
    "d'un prestataire": (
        PROPOSITION,
        "{prestataire: {nom: Calque}}",
        ENJEUX,
        "{prestataire: {nom: Calque, cle: p1}}",
    ),
}


@pytest.mark.parametrize("case", OTEES)
def test_celle_qui_reste_ne_prend_pas_le_formulaire_de_celle_qui_est_otee(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slug, sheet, tag, mended = OTEES[case]
    forms = sent(mission(tmp_path, slug, sheet, sheet), slug, tag)
    path = mission(tmp_path, slug, sheet)
    before = path.read_bytes()
    assert run(["lire", str(forms[0]), "--dans", str(path)]) == 2
    told = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert "ne tient plus la fiche dont ce formulaire est parti" in told
    assert path.read_bytes() == before
    assert f"cle: {'d1' if slug == DEMANDE else 'p1'}" in told
    mission(tmp_path, slug, mended)
    assert run(["lire", str(forms[0]), "--dans", str(path)]) in (0, 1)
    assert "Du formulaire 1" in path.read_text(encoding="utf-8")


PARTIS = ("{participant: Alix}", "{participant: Noa}")
BOUGES = {
    "échangés": ("{participant: Noa}", "{participant: Alix}"),
    "un de plus au-dessus": ("{participant: Zoé}", *PARTIS),
    "le premier ôté": PARTIS[1:],
    "le premier remplacé": ("{participant: Zoé}", PARTIS[1]),
}


def comments(path: Path) -> dict[str | None, str | None]:
    return {
        one.nom_distinctif: one.relation.echanges.commentaire  # type: ignore[attr-defined]
        for one in load_mission(path).documents[COLLECTIVE]
    }


@pytest.mark.parametrize("moved", BOUGES)
def test_un_participant_anonyme_n_est_pas_a_son_rang(
    moved: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """La liste a bougé : son formulaire reste, et le remède dit va."""
    forms = sent(mission(tmp_path, COLLECTIVE, *PARTIS), COLLECTIVE, COMMENT)
    path = mission(tmp_path, COLLECTIVE, *BOUGES[moved])
    before = path.read_text(encoding="utf-8")
    assert run(["lire", *map(str, forms), "--dans", str(path)]) == 1
    assert path.read_text(encoding="utf-8") == before
    told = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert "« participant: {cle: p2} »" in told
    keyed = before.replace("participant: Noa", "participant: {nom: Noa, cle: p2}")
    path.write_text(keyed, encoding="utf-8")
    assert run(["lire", str(forms[1]), "--dans", str(path)]) in (0, 1)
    said = comments(path)
    assert said.pop("Noa") == "Du formulaire 2" and {*said.values()} <= {None}


REMPLACEES = {  # three sheets told apart by one word; the second is out, and removed
    "enquêtes": (ENQUETE, "{{adressee_le: 03/07/2006, repondant: {{nom: {}}}}}", "observations"),
    "participants": (COLLECTIVE, "{{participant: {{fonction: {}}}, date: 16/06/2006}}", COMMENT),
}


@pytest.mark.parametrize("case", REMPLACEES)
def test_la_voisine_venue_a_sa_place_ne_prend_pas_ses_reponses(case: str, tmp_path: Path) -> None:
    """Autant de fiches qu'à l'envoi, qui disent presque toutes la même chose : ce que la sienne
    était seule à dire, aucune ne le dit plus.
    """
    slug, said, tag = REMPLACEES[case]
    forms = sent(mission(tmp_path, slug, *map(said.format, ("Ana", "Alix", "Noa"))), slug, tag)
    path = mission(tmp_path, slug, *map(said.format, ("Ana", "Noa", "Zoé")))
    before = path.read_bytes()
    assert run(["lire", str(forms[1]), "--dans", str(path)]) == 2
    assert path.read_bytes() == before


JOUR, AUTRE_JOUR = "{adressee_le: 03/07/2006}", "{adressee_le: 04/07/2006}"


def test_celle_qui_dit_autre_chose_n_est_pas_a_sa_place(tmp_path: Path) -> None:
    """Deux enquêtes du même jour ; la première ôtée, une autre ajoutée, d'un autre jour : celle
    d'un jour que l'autre dit toujours n'est pas la sienne.
    """
    forms = sent(mission(tmp_path, ENQUETE, JOUR, JOUR), ENQUETE, "observations")
    path = mission(tmp_path, ENQUETE, JOUR, AUTRE_JOUR)
    before = path.read_bytes()
    assert run(["lire", str(forms[1]), "--dans", str(path)]) == 2
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("command", "second"),
    [("lire", JOUR), ("lire", AUTRE_JOUR), ("reunir", AUTRE_JOUR), ("retours", AUTRE_JOUR)],
)
def test_une_fiche_que_seul_son_rang_designe_est_nommee(
    command: str, second: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """L'une a pu être ôtée, une autre ajoutée, qui ne dit rien d'autre : nul ne le voit."""
    form = sent(mission(tmp_path, ENQUETE, JOUR, JOUR), ENQUETE, "observations")[0]
    path, revenus = mission(tmp_path, ENQUETE, JOUR, second), tmp_path / "revenus"
    revenus.mkdir()
    form = form.rename(revenus / form.name)
    given = revenus if command == "retours" else form
    where = tmp_path if command == "retours" else path
    assert run([command, str(given), "--dans", str(where)]) in (0, 1)
    told = "".join(capsys.readouterr()).replace("\N{NO-BREAK SPACE}", " ")
    assert "pour celui de la fiche de même rang (n° 1 de sa sorte)" in told
    assert "« prestataire: {cle: p1} »" in told
    assert "Du formulaire 1" in path.read_text(encoding="utf-8")


def test_une_fiche_que_ce_qu_elle_dit_designe_ne_l_est_pas(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = mission(tmp_path, ENQUETE, JOUR, AUTRE_JOUR)
    for form in sent(path, ENQUETE, "observations"):
        assert run(["lire", str(form), "--dans", str(path)]) in (0, 1)
    assert "de même rang" not in "".join(capsys.readouterr())


def test_le_seul_participant_anonyme_remplace_ne_prend_pas_ses_reponses(tmp_path: Path) -> None:
    """Ce que sa fiche disait, n'importe laquelle le dit : la date de l'évaluation."""
    said = "{{participant: {}, date: 16/06/2006}}"
    [form] = sent(mission(tmp_path, COLLECTIVE, said.format("Alix")), COLLECTIVE, COMMENT)
    path = mission(tmp_path, COLLECTIVE, said.format("Noa"))
    before = path.read_bytes()
    assert run(["lire", str(form), "--dans", str(path)]) == 2
    assert path.read_bytes() == before


def test_une_cle_ecrite_pour_un_envoi_ne_prend_pas_le_formulaire_d_un_autre(tmp_path: Path) -> None:
    """« p2 » était Noa au premier envoi, Alix au second."""
    sent(mission(tmp_path, COLLECTIVE, *PARTIS), COLLECTIVE, COMMENT)
    rows = ("{participant: Zoé}", *PARTIS)
    second = sent(mission(tmp_path, COLLECTIVE, *rows), COLLECTIVE, COMMENT)
    keyed = (*rows[:2], "{participant: {nom: Noa, cle: p2}}")
    path = mission(tmp_path, COLLECTIVE, *keyed)
    before = path.read_bytes()
    assert run(["lire", str(second[1]), "--dans", str(path)]) == 2
    assert path.read_bytes() == before
    for form in sent(path, COLLECTIVE, COMMENT):  # sent again, each has a key of its own
        assert run(["lire", str(form), "--dans", str(path)]) in (0, 1)
    told = {"Zoé": "Du formulaire 1", "Alix": "Du formulaire 2", "Noa": "Du formulaire 3"}
    assert comments(path) == told


def test_un_participant_anonyme_est_a_sa_place_tant_qu_elle_est_la_sienne(tmp_path: Path) -> None:
    """Un autre ajouté derrière, des réponses venues entre-temps n'y changent rien."""
    forms = sent(mission(tmp_path, COLLECTIVE, *PARTIS), COLLECTIVE, COMMENT)
    path = mission(tmp_path, COLLECTIVE, *PARTIS, "{participant: Zoé}")
    for form in reversed(forms):
        assert run(["lire", str(form), "--dans", str(path)]) in (0, 1)
    assert comments(path) == {"Alix": "Du formulaire 1", "Noa": "Du formulaire 2", "Zoé": None}
    assert not any(b"Noa" in form.read_bytes() for form in forms)


@pytest.mark.parametrize("now", ["Un plan d'actions", "Tout autre chose"])
def test_une_ligne_revenue_puis_corrigee_ne_se_double_pas(
    now: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Le même formulaire redonné : la ligne qu'il ajoutait est celle de sa place, corrigée."""
    held = "{prestataire: {nom: Calque}, productions: [{intitule: Un livret}]}"
    path = mission(tmp_path, PROPOSITION, held)
    [(_, docx)] = trames(PROPOSITION, load_mission(path))
    form = tmp_path / "proposition.docx"
    said = {"intitule": "Un plan d'action", "modalites": "En réunion"}
    form.write_bytes(fill(docx, {f"productions[1].{name}": text for name, text in said.items()}))
    assert run(["lire", str(form), "--dans", str(path)]) in (0, 1)
    text = path.read_text(encoding="utf-8").replace("Un plan d'action", now)
    path.write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert run(["lire", str(form), "--dans", str(path)]) in (1, 2)
    told = "".join(capsys.readouterr()).replace("\N{NO-BREAK SPACE}", " ")
    assert f"alors que le document dit « {now} »".replace("'", "’") in told.replace("'", "’")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("other", ["Un livret de bord", "Un plan d'actions"])
def test_la_ligne_d_un_autre_au_meme_rang_ne_prend_rien_de_celle_du_formulaire(
    other: str, tmp_path: Path
) -> None:
    """Une autre ligne a pris sa place, le même jour : ce qu'on a tapé n'y va pas."""
    held = "{prestataire: {nom: Calque}, productions: [{intitule: Un livret}%s]}"
    path = mission(tmp_path, PROPOSITION, held % "")
    [(_, docx)] = trames(PROPOSITION, load_mission(path))
    form = tmp_path / "proposition.docx"
    said = {"intitule": "Un plan d'action", "remise": "Juin", "modalites": "En réunion"}
    form.write_bytes(fill(docx, {f"productions[1].{name}": text for name, text in said.items()}))
    mission(tmp_path, PROPOSITION, held % f', {{intitule: "{other}", remise: Juin}}')
    assert run(["lire", str(form), "--dans", str(path)]) in (1, 2)
    (proposition,) = load_mission(path).documents[PROPOSITION]
    rows = {row.intitule: row.modalites for row in proposition.productions}  # type: ignore[attr-defined]
    assert rows[other] is None and rows.get("Un plan d'action") in (None, "En réunion")


MEME = "document: mission\nreference: R-1\nnature: individuelle\nstructures: [{nom: Calque}]\n"


@pytest.mark.parametrize(
    ("first", "told"),
    [
        (MEME, "Plusieurs missions peuvent être la sienne"),
        (f"{MEME}date: [\n", "Plusieurs missions peuvent être la sienne"),
        (f"{MEME}inconnue: 1\n", "Plusieurs missions peuvent être la sienne"),
    ],
    ids=["copiée", "qui ne se lit pas", "fautive"],
)
def test_deux_missions_de_meme_reference_ne_se_tirent_pas_au_sort(
    first: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, revenus = tmp_path / "missions", tmp_path / "revenus"
    for one in (folder, revenus):
        one.mkdir()
    path, copy = folder / "mission.yaml", folder / "copie.yaml"
    path.write_text(MEME, encoding="utf-8")
    docx = trame("diagnostic_partage", load_mission(path))
    (revenus / "un.docx").write_bytes(fill(docx, {"preconisations": "Dit au retour."}))
    path.write_text(first, encoding="utf-8")
    copy.write_text(MEME, encoding="utf-8")
    assert run(["retours", str(revenus), "--dans", str(folder)]) == 1
    assert told in capsys.readouterr().err
    assert (path.read_text("utf-8"), copy.read_text("utf-8")) == (first, MEME)


@pytest.mark.parametrize("other", ["", "structures: [{nom: Autre}]\n"], ids=["muette", "nommée"])
def test_une_mission_sans_reference_ne_prend_pas_le_formulaire_de_celle_qui_en_a_une(
    other: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rien de commun, rien de contraire : ce n'est pas une raison de l'écrire là."""
    path, form = tmp_path / "mission.yaml", tmp_path / "un.docx"
    said = "document: mission\nnature: individuelle\n"
    path.write_text(f"{said}reference: R-1\n", encoding="utf-8")
    docx = trame("diagnostic_partage", load_mission(path))
    form.write_bytes(fill(docx, {"preconisations": "Dit au retour."}))
    path.write_text(f"{said}{other}", encoding="utf-8")
    assert run(["lire", str(form), "--dans", str(path)]) == 2
    assert "n'est pas celui de cette mission" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == f"{said}{other}"
    assert run(["lire", str(form), "--dans", str(path), "--forcer", "mission"]) == 0
