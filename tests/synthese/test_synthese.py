"""La synthèse de deux cents fiches : ses chiffres, recomptés sans elle, sont dans le document, la
page Word, le PDF et le classeur.
"""

from __future__ import annotations

import io
import random
from collections import Counter, defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree

from dla_docs import SyntheseEvaluations, render, to_yaml
from dla_docs.model.formats import pourcentage
from dla_docs.pipeline import converted
from dla_docs.registry import DOCUMENTS
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_text
from dla_docs.stages.request import resolve
from dla_docs.stages.verification import verify
from dla_docs.synthese import synthesise, workbook
from dla_docs.word.answers import controls_in
from dla_docs.word.package import open_package
from tests.offices import need_office
from tests.pdf_checks import check_pdf, pdf_text
from tests.synthese.fiches import PARTIES, Raw, beaucoup, document, documents, individuelle, write

SEUIL = 5
BILANS = {"evaluation_individuelle": "individuelles", "evaluation_collective": "collectives"}
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


@cache
def raws() -> list[Raw]:
    return beaucoup(200)


@cache
def made() -> SyntheseEvaluations:
    return synthesise(documents(raws()), seuil=SEUIL, au=date(2014, 6, 2))


@cache
def word() -> bytes:
    return render(made())


def of_kind(slug: str) -> list[Raw]:
    return [raw for raw in raws() if raw["document"] == slug]


def recount(sheets: list[Raw], part: str, name: str) -> Counter[str]:
    return Counter(
        sheet[part][name]["reponse"] for sheet in sheets if "reponse" in sheet[part].get(name, {})
    )


def official(slug: str) -> list[tuple[str, str]]:
    """The criteria of the grid that the drawn sheets answer."""
    return [(part, name) for part in PARTIES for name in of_kind(slug)[0][part] if name != "libre"]


def label(slug: str, part: str, name: str) -> str:
    node = DOCUMENTS[slug].schema_node().find(f"{part}.{name}")
    assert node is not None
    return node.label


def row_of(slug: str, part: str, name: str) -> Any:
    rows = getattr(made(), BILANS[slug]).criteres
    return next(row for row in rows if row.critere.removeprefix("– ") == label(slug, part, name))


def share(count: int, total: int) -> Decimal:
    return (Decimal(count) * 100 / total).quantize(Decimal("0.1"), ROUND_HALF_UP)


@pytest.mark.parametrize("slug", BILANS)
def test_les_chiffres_de_chaque_critere_sont_ceux_qu_on_recompte(slug: str) -> None:
    assert len(official(slug)) >= 10
    for part, name in official(slug):
        counted, figures = recount(of_kind(slug), part, name), row_of(slug, part, name).chiffres
        assert (figures.oui, figures.non, figures.sans_objet) == (
            counted["oui"],
            counted["non"],
            counted["sans objet"],
        )
        assert figures.reponses == counted.total()
        assert (figures.part_oui, figures.part_non) == (
            share(counted["oui"], counted.total()),
            share(counted["non"], counted.total()),
        )


@pytest.mark.parametrize("slug", BILANS)
def test_les_resultats_se_comptent_par_resultat_attendu(slug: str) -> None:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for sheet in of_kind(slug):
        for row in sheet["resultats"]:
            counted[row["intitule"]][row["obtenu"]] += 1
    shown = {text: answers for text, answers in counted.items() if answers.total() >= SEUIL}
    rest = sum((answers for answers in counted.values() if answers.total() < SEUIL), Counter[str]())
    rows = {row.intitule: row.chiffres for row in getattr(made(), BILANS[slug]).resultats}
    together = next(name for name in rows if name not in shown)
    assert (
        set(rows) == {*shown, together} and f"({len(counted) - len(shown)} résultats)" in together
    )
    for figures, answers in [
        (rows[together], rest),
        *((rows[text], answers) for text, answers in shown.items()),
    ]:
        assert (figures.oui, figures.non, figures.sans_objet) == (
            answers["oui"],
            answers["non"],
            answers["sans objet"],
        )


def test_les_vues_rangent_toutes_les_fiches_une_fois() -> None:
    assert {group.nom: group.fiches for group in made().par_prestataire} == Counter(
        raw["prestataire"]["nom"] for raw in raws()
    )
    assert {group.nom: group.fiches for group in made().par_annee} == Counter(
        raw["date"][-4:] for raw in raws()
    )
    assert [group.nom for group in made().par_annee] == sorted(
        str(group.nom) for group in made().par_annee
    )
    sizes = [group.fiches or 0 for group in made().par_prestataire]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(group.fiches or 0 for group in made().par_structure) == 200
    assert made().par_theme == ()


def test_le_total_d_un_groupe_est_celui_de_ses_criteres_et_de_ses_resultats() -> None:
    for year in synthesise(documents(raws()), seuil=1).par_annee:
        sheets = [raw for raw in raws() if raw["date"].endswith(str(year.nom))]
        answers = Counter(
            row["reponse"]
            for raw in sheets
            for part in PARTIES
            for name, row in raw[part].items()
            if name != "libre" and "reponse" in row
        )
        answers += Counter(row["obtenu"] for raw in sheets for row in raw["resultats"])
        assert (year.chiffres.oui, year.chiffres.non, year.chiffres.sans_objet) == (
            answers["oui"],
            answers["non"],
            answers["sans objet"],
        )


@pytest.mark.lent
def test_l_ordre_des_fiches_ne_change_rien() -> None:
    shuffled = random.Random(1).sample(raws(), len(raws()))
    assert synthesise(documents(shuffled), au=made().date).model_dump() == made().model_dump()


def test_un_meme_titre_ecrit_de_deux_facons_est_le_meme() -> None:
    sheets = of_kind("evaluation_individuelle")
    welcome = [
        row
        for raw in sheets
        if "reponse" in (row := raw["operationnalite"]["libre"])
        and row["intitule"].strip().lower() == "accueil"
    ]
    rows = [row for row in made().individuelles.criteres if "ccueil" in str(row.critere)]
    assert [row.chiffres.reponses for row in rows] == [len(welcome)]


def test_la_page_word_montre_ces_chiffres_a_la_francaise() -> None:
    assert verify(word(), made()) == []
    shown = {
        control.tag: control.text.replace("\N{NO-BREAK SPACE}", " ")
        for control in controls_in(open_package(word()))
    }
    for slug, name in BILANS.items():
        for rank, row in enumerate(getattr(made(), name).criteres):
            counted = [
                recount(of_kind(slug), *pair)
                for pair in official(slug)
                if label(slug, *pair) == str(row.critere).removeprefix("– ")
            ]
            for answers in counted:
                prefix = f"{name}.criteres[{rank}].chiffres"
                assert shown[f"{prefix}.oui"] == str(answers["oui"]) and shown[
                    f"{prefix}.reponses"
                ] == str(answers.total())
                said = str(share(answers["oui"], answers.total()).normalize()).replace(".", ",")
                assert shown[f"{prefix}.part_oui"] == (
                    "100 %" if said == "1E+2" else f"{said} %".replace("E+1", "0")
                )


def test_chaque_graphique_dit_en_mots_ce_qu_il_montre() -> None:
    parts = open_package(word())
    drawings = list(etree.fromstring(parts["word/document.xml"]).iter(DRAWING))
    pictures = [name for name in parts if name.startswith("word/media/")]
    assert len(drawings) == len(pictures) == 7, (
        "critères et résultats de chaque sorte, prestataire, structure, année"
    )
    said = [str(drawing.get("descr")) for drawing in drawings]
    ranked = sorted(
        (row.chiffres.part_oui, row.critere)
        for row in made().individuelles.criteres
        if row.chiffres.part_oui is not None
    )
    assert "parts de Oui, Non, Sans objet" in said[0]
    for what, (part, criterion) in (("Le plus de Oui", ranked[-1]), ("le moins", ranked[0])):
        assert (
            f"{what} : « {criterion} » ({pourcentage(part)})".replace("\N{NO-BREAK SPACE}", " ")
            in said[0]
        )
    assert len(set(said)) == 7


@pytest.mark.lent
def test_le_pdf_est_conforme_et_montre_les_memes_chiffres() -> None:
    need_office()
    pdf = converted(resolve(made()), word(), ".pdf")
    text = " ".join(pdf_text(pdf).split())
    assert check_pdf(pdf) == []
    figures = row_of("evaluation_collective", "relation", "animation").chiffres
    assert f"{figures.reponses} {figures.oui} {figures.non} {figures.sans_objet}" in text
    assert "Les ingénieries collectives" in text and "Remarque de la fiche" in text


def test_le_classeur_a_une_feuille_par_vue_et_des_nombres_pour_nombres() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(made())))
    kinds = [
        "Individuelles",
        "Résultats individuelles",
        "Commentaires individuelles",
        "Collectives",
        "Résultats collectives",
        "Commentaires collectives",
    ]
    assert book.sheetnames == ["Synthèse", *kinds, "Par prestataire", "Par structure", "Par année"]
    headings, *rows = book["Individuelles"].iter_rows()
    named = {cell.value: rank for rank, cell in enumerate(headings)}
    for part, name in official("evaluation_individuelle"):
        counted = recount(of_kind("evaluation_individuelle"), part, name)
        wanted = label("evaluation_individuelle", part, name)
        cells = next(
            row for row in rows if str(row[named["Critère"]].value).removeprefix("– ") == wanted
        )
        assert [
            cells[named[title]].value for title in ("Réponses", "Oui", "Non", "Sans objet")
        ] == [
            counted.total(),
            counted["oui"],
            counted["non"],
            counted["sans objet"],
        ]
        assert cells[named["Part de Oui"]].value == pytest.approx(
            float(share(counted["oui"], counted.total())) / 100
        )
        assert cells[named["Part de Oui"]].number_format == "0.0%"


def test_le_classeur_detaille_chaque_groupe_critere_par_critere() -> None:
    rows = list(openpyxl.load_workbook(io.BytesIO(workbook(made())))["Par année"].values)
    assert rows[0][:5] == ("Année", "Fiches", "Partie", "Critère", "Réponses")
    year = str(rows[1][0])
    sheets = [raw for raw in of_kind("evaluation_individuelle") if raw["date"].endswith(year)]
    wanted = label("evaluation_individuelle", "relation", "sur_site")
    assert (
        next(row for row in rows if row[0] == year and row[3] == wanted)[4]
        == recount(sheets, "relation", "sur_site").total()
    )


def test_une_synthese_se_recharge_et_redonne_les_memes_octets() -> None:
    again = load_text(to_yaml(made()), sample_path("synthese_evaluations"))
    assert again.model_dump() == made().model_dump()
    assert render(again) == word()


def test_le_tableau_se_donne_a_pandas() -> None:
    lines = made().tableau()
    first = next(
        line
        for line in lines
        if line["critere"] == label("evaluation_individuelle", "conditions", "delais")
    )
    assert (first["ingenierie"], first["oui"]) == (
        "individuelle",
        recount(of_kind("evaluation_individuelle"), "conditions", "delais")["oui"],
    )


def test_une_ligne_qui_ne_s_applique_pas_ne_compte_pas() -> None:
    sheet = individuelle(1)
    sheet["conditions"] = {"contenu": {"reponse": "oui"}, "transformation": {"reponse": "non"}}
    rows = synthesise(document(sheet), seuil=1).individuelles.criteres
    assert {
        str(row.critere)[:10]: row.chiffres.reponses for row in rows if row.chiffres.reponses
    } == {"Contenu ré": 1}


PROFIL = """
nom: Le nôtre
herite: centre
documents:
  evaluation_individuelle:
    criteres:
      accessibilite: {libelle: Accessibilité des lieux, force: L, apres: relation.sur_site}
    complements:
      suite: {libelle: Souhaitez-vous une suite, type: oui/non, force: L}
      mot: {libelle: Un mot pour finir, force: L}
"""


def test_ce_qu_un_dla_ajoute_par_son_profil_se_compte_aussi(tmp_path: Path) -> None:
    own = tmp_path / "notre_dla.yaml"
    own.write_text(PROFIL, encoding="utf-8")
    plain, more = individuelle(1), individuelle(2, complements={"suite": "non", "mot": "Merci."})
    more["relation"] = {
        "accessibilite": {"reponse": "oui", "commentaire": "De plain-pied."},
        "echanges": {"reponse": "non"},
    }
    folder = tmp_path / "retours"
    folder.mkdir()
    write(plain, folder / "a.yaml")
    write(more, folder / "b.yaml")
    made = synthesise([document(plain), folder / "b.yaml"], seuil=1, profil=own)
    counted = {
        str(row.critere): (row.chiffres.oui, row.chiffres.non)
        for row in made.individuelles.criteres
    }
    assert counted["Accessibilité des lieux"] == (1, 0) and counted["Souhaitez-vous une suite"] == (
        0,
        1,
    )
    assert "Un mot pour finir" not in counted
    order = list(counted)
    assert order.index("Accessibilité des lieux") == order.index("Disponibilité sur site") + 1
    assert [
        (said.critere, said.remarques[0].texte) for said in made.individuelles.commentaires
    ] == [("Accessibilité des lieux", "De plain-pied.")]
