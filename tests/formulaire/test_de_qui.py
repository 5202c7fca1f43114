"""De quel prestataire est un formulaire revenu : ce qu'il dit va au sien, ou reste, et se dit."""

from __future__ import annotations

from pathlib import Path

import pytest

from dla_docs import InputError, Mission, load, trame
from dla_docs.cli.application import run
from dla_docs.forms import trames
from dla_docs.model.requirement import Role
from dla_docs.returns import reunir_par_fiche
from dla_docs.returns.bringing_back import take_in
from dla_docs.stages.loading import load_mission
from dla_docs.writing_back.writing import base_in, write_back
from tests.word_forms import fill, without_data

ALPHA, BETA = "Cabinet Calque", "Coopérative Pochoir"
MISSION = f"""document: mission
profil: centre
reference: R-1
nature: individuelle
operateur: {{nom: DLA 00}}
structures: [{{nom: Association Épreuve}}]
mise_en_concurrence:
  procedure: normale
  sollicites:
    - {{cle: alpha, prestataire: {{nom: {ALPHA}, siret: 000 000 018 00010}}, reponse: proposition}}
    - {{cle: beta, prestataire: {{nom: {BETA}}}, reponse: proposition}}
  retenu: beta
documents:
  proposition:
    - {{prestataire: beta, etapes: [{{cle: e1, intitule: Entretiens}}]}}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "mission.yaml"
    path.write_text(MISSION, encoding="utf-8")
    return path


def returned(path: Path, docx: bytes, **answers: str) -> Path:
    """Le formulaire, rempli, tel qu'il revient."""
    form = path.with_name("revenu.docx")
    said = {tag.replace("__", "."): text for tag, text in answers.items()}
    form.write_bytes(fill(docx, said))
    return form


def names(path: Path) -> dict[str, str | None]:
    loaded = load(path)
    assert isinstance(loaded, Mission)
    return {cle: one.nom for cle, one in loaded.sollicites().items()}


def sheets(path: Path, slug: str = "proposition") -> list[str | None]:
    """La clé du prestataire de chaque fiche, dans l'ordre du fichier."""
    loaded = load(path)
    assert isinstance(loaded, Mission)
    return [one.prestataire.cle for one in loaded.documents.get(slug, ())]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "said",
    [
        {"prestataire__nom": "SARL cabinet calque"},
        {"prestataire__siret": "000 000 018 00010"},
    ],
    ids=["nom", "siret"],
)
def test_un_formulaire_vierge_est_de_celui_qu_il_nomme(path: Path, said: dict[str, str]) -> None:
    """Et ne récrit ni le nom du prestataire retenu, ni le sien."""
    form = returned(path, trame("proposition"), date="12/03/2013", **said)
    lecture, _ = take_in(form, path)
    assert sheets(path) == ["beta", "alpha"]
    assert names(path) == {"alpha": ALPHA, "beta": BETA}
    assert {constat.chemin for constat in lecture.refus} == {
        tag.replace("__", ".") for tag in said if tag.endswith("nom")
    }  # another spelling of the name is told, not written


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"prestataire__nom": "Cabinet Inconnu"}, "« Cabinet Inconnu » n'est aucun"),
        ({"date": "12/03/2013"}, "ne dit pas lequel est le sien"),
    ],
    ids=["un autre", "personne"],
)
@pytest.mark.parametrize("slug", ["proposition", "notification_de_choix"])
def test_un_formulaire_vierge_de_personne_n_est_pas_celui_du_retenu(
    path: Path, slug: str, said: dict[str, str], told: str
) -> None:
    form = returned(path, trame(slug), **said)
    with pytest.raises(InputError, match=told):
        take_in(form, path)
    assert path.read_text(encoding="utf-8") == MISSION


def test_deux_formulaires_vierges_de_deux_prestataires_ne_se_fondent_pas(path: Path) -> None:
    mine = [
        fill(trame("proposition"), {"prestataire.nom": name, "date": day})
        for name, day in ((ALPHA, "11/03/2013"), (BETA, "12/03/2013"))
    ]
    for one in reunir_par_fiche(mine, base_in(path)):
        write_back(one, path)
    loaded = load(path)
    assert isinstance(loaded, Mission)
    said = {
        one.prestataire.cle: one.date.day  # type: ignore[attr-defined]
        for one in loaded.documents["proposition"]
    }
    assert said == {"alpha": 11, "beta": 12}


def test_prendre_le_nom_d_un_autre_n_est_pas_une_correction(path: Path) -> None:
    """La réponse d'Alpha reste celle d'Alpha, quand même il écrit le nom de Bêta."""
    loaded = load(path)
    assert isinstance(loaded, Mission)
    sent = dict(trames("proposition", loaded))[f"proposition - {ALPHA}.docx"]
    form = returned(path, sent, prestataire__nom=BETA, date="12/03/2013")
    lecture, written = take_in(form, path)
    assert [constat.chemin for constat in lecture.refus] == ["prestataire.nom"]
    assert f"« {BETA} » est celui d'un autre prestataire sollicité (beta)" in str(lecture.refus[0])
    assert written == 1
    assert sheets(path) == ["beta", "alpha"]
    assert names(path) == {"alpha": ALPHA, "beta": BETA}


@pytest.mark.parametrize("blank", [False, True], ids=["parti pour l'autre", "vierge"])
def test_le_document_de_l_un_ne_prend_pas_les_mots_de_l_autre(path: Path, blank: bool) -> None:
    """La grille de suivi est celle du retenu ; il a changé depuis l'envoi, ou le formulaire en
    nomme un autre.
    """
    sent = trame("grille_de_suivi", None if blank else load(path))  # type: ignore[arg-type]
    form = returned(path, sent, **{"etapes[0].commentaires": "De Bêta", "prestataire.nom": BETA})
    changed = MISSION.replace("retenu: beta", "retenu: alpha")
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(InputError, match=f"Ce formulaire est celui de « {BETA} »"):
        take_in(form, path)
    assert path.read_text(encoding="utf-8") == changed


def test_un_document_neuf_ne_recrit_pas_l_en_tete_de_la_mission(path: Path) -> None:
    """Un formulaire vierge ne dit rien de ce qu'il corrigerait : ce que la mission dit y reste."""
    form = returned(
        path,
        trame("rapport_final"),
        operateur__nom="DLA 99",
        prestataire__nom="Cabinet Inconnu",
        date="01/06/2013",
    )
    lecture, written = take_in(form, path)
    assert {one.chemin for one in lecture.refus} == {"operateur.nom", "prestataire.nom"}
    assert [one.chemin for one in lecture.changements] == ["date"]
    assert written == 1
    assert "DLA 99" not in path.read_text(encoding="utf-8")
    assert names(path)["beta"] == BETA


LES_PRESENTS = "evenements: {lancement: {presents: [{nom: Alix}, {nom: Noa}]}}\n"
BOUGE = {
    "un de plus au-dessus": ("[{nom: Zoé}, {nom: Alix}, {nom: Noa}]", {"Alix": True, "Zoé": False}),
    "ôté": ("[{nom: Noa}]", {"Noa": False}),
    "renommé": ("[{nom: Alexandra}, {nom: Noa}]", {"Alexandra": True, "Noa": False}),
}


@pytest.mark.parametrize("moved", BOUGE)
def test_une_ligne_sans_cle_ne_prend_pas_la_reponse_d_une_autre(path: Path, moved: str) -> None:
    """La liste a bougé depuis l'envoi : la réponse suit la personne, ou reste, et se dit."""
    path.write_text(MISSION + LES_PRESENTS, encoding="utf-8")
    phone = {"evenements.lancement.presents[0].telephone": "02 61 91 00 11"}
    loaded = load(path)
    assert isinstance(loaded, Mission)
    form = returned(path, trame("mission", loaded), **phone)
    now, expected = BOUGE[moved]
    path.write_text(
        MISSION + LES_PRESENTS.replace("[{nom: Alix}, {nom: Noa}]", now), encoding="utf-8"
    )
    lecture, written = take_in(form, path)
    after = load(path)
    assert isinstance(after, Mission)
    reached = {one.nom: bool(one.telephone) for one in after.evenements.lancement.presents}
    assert expected.items() <= reached.items()
    assert bool(written) is not bool(lecture.refus)
    assert bool(written) is any(reached.values())


SUIVI = """  grille_de_suivi:
    etapes:
      - {intitule: Entretiens, objectif: Une note}
      - {intitule: Réunion de restitution}
"""


@pytest.mark.parametrize(
    ("said", "expected", "told"),
    [
        ({}, {}, "« Bien » est sur une ligne qui ne dit pas laquelle"),
        ({"intitule": "reunion de RESTITUTION"}, {"Réunion de restitution": "Bien"}, ""),
        ({"intitule": "Entretiens", "objectif": "Une note"}, {"Entretiens": "Bien"}, ""),
        ({"intitule": "Clôture"}, {"Clôture": "Bien"}, ""),
        (
            {"intitule": "Entretiens", "objectif": "Deux notes"},
            {},
            "« Deux notes » dans revenu.docx (tous les champs ouverts), alors que le document dit "
            "« Une note »",
        ),
    ],
    ids=["sans nom", "d'une autre", "la première", "neuve", "contredite"],
)
def test_une_ligne_d_un_formulaire_vierge_est_celle_qu_elle_nomme(
    path: Path, said: dict[str, str], expected: dict[str, str], told: str
) -> None:
    """Le formulaire ne montrait aucune des lignes : le rang n'y dit rien."""
    before = MISSION + SUIVI
    path.write_text(before, encoding="utf-8")
    answers = {
        f"etapes[0].{name}": text for name, text in (said | {"commentaires": "Bien"}).items()
    }
    lecture, written = take_in(returned(path, trame("grille_de_suivi"), **answers), path)
    loaded = load(path)
    assert isinstance(loaded, Mission)
    (suivi,) = loaded.documents["grille_de_suivi"]
    rows = suivi.etapes  # type: ignore[attr-defined]  # the kind is known
    assert {one.intitule: one.commentaires for one in rows if one.commentaires} == expected
    assert bool(written) is bool(expected)
    left = "\n".join(map(str, (*lecture.refus, *lecture.laisses)))
    assert told in left and bool(told) is bool(left)
    if not expected:
        assert path.read_text(encoding="utf-8") == before


def test_une_ligne_sans_nom_se_prend_a_son_rang_quand_on_le_dit(path: Path) -> None:
    path.write_text(MISSION + SUIVI, encoding="utf-8")
    form = returned(path, trame("grille_de_suivi"), **{"etapes[1].commentaires": "Bien"})
    lecture, written = take_in(form, path, forces=["etapes[1].commentaires"])
    assert (lecture.refus, written) == ((), 1)
    assert "restitution, commentaires: Bien" in path.read_text(encoding="utf-8")


ACCENTS = MISSION.replace("Association Épreuve", "Épée").replace(BETA, "Étoile")


@pytest.mark.parametrize("blank", [False, True], ids=["parti de la mission", "vierge"])
def test_un_nom_qui_ne_differe_que_par_ses_accents_est_le_meme(path: Path, blank: bool) -> None:
    """Celui de la structure, corrigé depuis l'envoi, comme celui du prestataire, tapé sans eux."""
    path.write_text(ACCENTS.replace("Épée", "Epee"), encoding="utf-8")
    sent = trame("proposition", None if blank else load(path))  # type: ignore[arg-type]
    said = {"structures[0].nom": "EPEE", "prestataire.nom": "ETOILE"} if blank else {}
    form = returned(path, sent, **said, **{"date": "12/03/2013"})
    path.write_text(ACCENTS, encoding="utf-8")
    lecture, written = take_in(form, path)
    assert (lecture.refus, lecture.laisses, written) == ((), (), 1)
    assert sheets(path) == ["beta"] and names(path)["beta"] == "Étoile"


def test_la_fiche_d_un_participant_se_retrouve_sans_ses_accents(path: Path) -> None:
    held = "  evaluation_collective: [{participant: Élie Calque}, {participant: Yaël Pochoir}]\n"
    path.write_text(MISSION.replace("individuelle", "collective") + held, encoding="utf-8")
    said = {"participant.nom": "elie calque", "resultats[0].intitule": "Un plan"}
    lecture, _ = take_in(returned(path, trame("evaluation_collective"), **said), path)
    loaded = load(path)
    assert isinstance(loaded, Mission) and lecture.refus == ()
    sheets = loaded.documents["evaluation_collective"]
    assert [one.nom_distinctif for one in sheets] == ["Élie Calque", "Yaël Pochoir"]
    assert [len(one.resultats) for one in sheets] == [1, 0]  # type: ignore[attr-defined]  # the kind is known


UN, DEUX = "000 000 018 00010", "000 000 026 00013"
HOMONYMES = f"""    - prestataire: {{nom: Cabinet Un, siret: {UN}}}
    - prestataire: {{nom: Cabinet Un, siret: {DEUX}}}
"""


def asked_of(path: Path, rows: str) -> None:
    """La mission, où l'on a sollicité ceux-là."""
    head = MISSION.partition("    - {cle: alpha")[0]
    path.write_text(head + rows, encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HOMONYMES, "".join(HOMONYMES.splitlines(keepends=True)[::-1])),
        (HOMONYMES.replace(f", siret: {UN}", "").replace("Un, siret", "Deux, siret"), HOMONYMES),
        (
            f"    - {{cle: a, prestataire: {{nom: Cabinet Un, siret: {UN}}}}}\n"
            f"    - {{cle: b, prestataire: {{nom: Atelier Deux, siret: {DEUX}}}}}\n",
            f"    - {{cle: b, prestataire: {{nom: Cabinet Un, siret: {UN}}}}}\n"
            f"    - {{cle: a, prestataire: {{nom: Atelier Deux, siret: {DEUX}}}}}\n",
        ),
    ],
    ids=["homonymes échangés", "un homonyme depuis", "clés échangées"],
)
def test_le_formulaire_de_l_un_n_est_pas_celui_de_qui_a_pris_sa_place(
    before: str, after: str, path: Path
) -> None:
    asked_of(path, before)
    forms = trames("proposition", load(path), Role.PRESTATAIRE)  # type: ignore[arg-type]
    form = path.with_name("revenu.docx")
    form.write_bytes(fill(forms[0][1], {"etapes[0].intitule": "Une étape"}))
    asked_of(path, after)
    held = path.read_bytes()
    for take in (lambda: take_in(form, path), lambda: reunir_par_fiche([form], base_in(path))):
        with pytest.raises(InputError, match="est parti pour « Cabinet Un »"):
            take()
    assert path.read_bytes() == held
    asked_of(path, before)
    take_in(form, path)
    assert "Une étape" in path.read_text(encoding="utf-8")


def test_un_nouveau_formulaire_met_fin_au_refus(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Les homonymes échangés depuis l'envoi : chacun reçoit sa clé, puis un formulaire."""
    asked_of(path, HOMONYMES)
    form = path.with_name("revenu.docx")
    answer = {"etapes[0].intitule": "Une étape"}
    form.write_bytes(fill(trames("proposition", load(path), Role.PRESTATAIRE)[0][1], answer))  # type: ignore[arg-type]
    two, one = HOMONYMES.splitlines(keepends=True)[::-1]
    asked_of(path, two + one)
    command = ["lire", str(form), "--dans", str(path)]
    assert run(command) == 2
    told = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert "écrivez « cle: … » à la ligne de chacun" in told and "un nouveau formulaire" in told
    keyed = (
        row.replace("- prest", f"- cle: {key}\n      prest")
        for key, row in (("b", two), ("a", one))
    )
    asked_of(path, "".join(keyed))
    folder = path.with_name("p")
    words = ["trame", "proposition", "-o", str(folder), "--pour", "prestataire"]
    assert run([*words, "--mission", str(path)]) == 0
    _, again = sorted(folder.iterdir(), key=lambda file: len(file.name))
    form.write_bytes(fill(again.read_bytes(), answer))
    capsys.readouterr()
    assert run(command) in (0, 1)
    assert "est parti pour" not in capsys.readouterr().err
    [sheet] = load_mission(path).documents["proposition"]
    assert sheet.prestataire.cle == "a" and sheet.prestataire.siret == UN.replace(" ", "")  # type: ignore[attr-defined]
    assert sheet.etapes[0].intitule == "Une étape"  # type: ignore[attr-defined]


def test_sans_ses_donnees_une_liste_qui_a_bouge_ne_se_lit_pas_par_rang(path: Path) -> None:
    """La ligne d'un autre ne prend ni le téléphone de la sienne, ni la place d'une de plus."""
    path.write_text(MISSION + LES_PRESENTS, encoding="utf-8")
    phone = {"evenements.lancement.presents[0].telephone": "02 61 91 00 11"}
    form = path.with_name("revenu.docx")
    form.write_bytes(without_data(fill(trame("mission", load_mission(path)), phone)))
    path.write_text(MISSION + LES_PRESENTS.replace("{nom: Alix}, ", ""), encoding="utf-8")
    held = path.read_bytes()
    lecture, written = take_in(form, path)
    assert written == 0 and path.read_bytes() == held
    told = "\n".join(map(str, lecture.refus))
    assert "« 02 61 91 00 11 » n'est pas repris" in told.replace("\N{NO-BREAK SPACE}", " ")
    assert "« Noa » n'est pas repris" in told.replace("\N{NO-BREAK SPACE}", " ")
    take_in(form, path, forces=phone)
    [noa] = load_mission(path).evenements.lancement.presents
    assert noa.nom == "Noa" and noa.telephone


REMOVED = "documents: {cahier_des_charges: {date: 12/03/2013}}\n"
IN_PROGRESS = "  grille_de_suivi: {stade: en_cours, etapes: [{cle: e1, intitule: Entretiens}]}\n"


@pytest.mark.parametrize("slug", ["proposition", "grille_de_suivi"])
@pytest.mark.parametrize("together", [False, True], ids=["lire", "reunir"])
def test_un_formulaire_d_une_fiche_otee_depuis_n_en_refait_pas_un_morceau(
    path: Path, slug: str, together: bool
) -> None:
    """Le conseil se suit : la fiche remise, la réponse s'écrit."""
    whole = MISSION + IN_PROGRESS
    path.write_text(whole, encoding="utf-8")
    mission, role = load_mission(path), Role.PRESTATAIRE if slug == "proposition" else None
    form = path.with_name("revenu.docx")
    form.write_bytes(fill(trame(slug, mission, role), {"etapes[0].intitule": "Ateliers"}))
    path.write_text(MISSION.partition("documents:")[0] + REMOVED, encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"ne tient plus la fiche.*Remettez-la"):
        if together:
            reunir_par_fiche([form], base=base_in(path))
        else:
            take_in(form, path)
    assert path.read_bytes() == before
    path.write_text(whole, encoding="utf-8")
    take_in(form, path)
    assert "Ateliers" in path.read_text(encoding="utf-8")
