"""Le tableau de bord d'un dossier de missions : ses chiffres, comptés ici une seconde fois d'après
les fichiers, et ce que montre chacun de ses formats.
"""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
import yaml

from dla_docs import make_dossier
from dla_docs.annexes.tableau_de_bord import TableauDeBord
from dla_docs.missions.pages import html, page_of
from dla_docs.missions.suivi import EtatDeMission, bord_of
from dla_docs.resources import sample_path
from tests import as_keyed
from tests.cli.conftest import Call
from tests.every_part import flat
from tests.word_forms import page_text

SAMPLES = sample_path("mission_individuelle").parent
AU = date(2005, 11, 20)
LATE = date(2006, 1, 15)
Data = dict[str, Any]


def under_way(data: Data) -> None:
    """The mission as it was in November: two steps done, the balance to pay."""
    data["reference"] = "DLA00-2005-08"
    for slug in ("rapport_final", "evaluation_individuelle", "suivi_post_accompagnement"):
        del data["documents"][slug]
    for slug in ("enquete_beneficiaire", "enquete_prestataire"):
        del data["documents"][slug]
    del data["evenements"]["restitution"], data["paiements"][1]["verse_le"]
    for name in ("evaluation_au_comite_le", "portefeuille_le"):
        del data["envois"][name]
    grid = data["documents"]["grille_de_suivi"]
    grid["stade"] = "en_cours"
    for part in (grid["etapes"]["e3"], grid["etapes"]["e4"], grid["fin_de_mission"]):
        del part["realise"]


def asking(data: Data) -> None:
    """The mission when it had asked three prestataires, two of whom had not answered."""
    under_way(data)
    data["reference"] = "DLA00-2005-09"
    kept = ("diagnostic_partage", "plan_accompagnement", "cahier_des_charges")
    data["documents"] = {slug: data["documents"][slug] for slug in kept}
    asked = data["mise_en_concurrence"]
    del asked["retenu"], data["paiements"], data["evenements"]["lancement"], data["envois"]
    for row in asked["sollicites"][:2]:
        del row["reponse"]


@pytest.fixture
def missions(tmp_path: Path) -> Path:
    folder = tmp_path / "missions"
    shutil.copytree(SAMPLES, folder)
    text = (SAMPLES / "mission_individuelle.yaml").read_text(encoding="utf-8")
    for name, change in (("mission_en_cours", under_way), ("mission_consultation", asking)):
        data = yaml.load(text, Loader=yaml.BaseLoader)
        change(data)
        path = folder / f"{name}.yaml"
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    (folder / "cassee.yaml").write_text("document: mission\nnature: [\n", encoding="utf-8")
    return folder


def states(folder: Path, au: date = AU) -> dict[str, EtatDeMission]:
    return {Path(one.fichier).stem: one for one in bord_of(folder, au).missions}


def number(text: str) -> Decimal:
    return Decimal(re.sub(r"[^\d,]", "", text).replace(",", "."))


def day(text: str) -> date:
    found = [*map(int, re.findall(r"\d+", text))][-3:]
    return date(found[2], found[1], found[0])


def counted(path: Path) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Days done, days offered, balance payable, straight from the file."""
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    chosen = data["mise_en_concurrence"].get("retenu")
    offers = data["documents"].get("proposition", [])
    offer = next((one for one in offers if one["prestataire"] == chosen), None)
    grid = data["documents"].get("grille_de_suivi")
    done = {key for key, row in (grid or {"etapes": {}})["etapes"].items() if "realise" in row}
    paid = data.get("paiements")
    return (
        sum((number(row["duree"]) for key, row in _keyed(offer) if key in done), Decimal(0))
        if offer
        else None,
        number(offer["budget"]["jours"]) if offer else None,
        None
        if paid is None
        else sum((number(p["montant"]) for p in paid if "verse_le" not in p), Decimal(0)),
    )


def _keyed(offer: Data) -> list[tuple[str, Data]]:
    return [(row.get("cle", f"e{n}"), row) for n, row in enumerate(offer["etapes"], 1)]


def test_les_jours_et_le_reste_a_payer_sont_ceux_des_fichiers(missions: Path) -> None:
    found = states(missions)
    for name in ("mission_individuelle", "mission_collective", "mission_en_cours"):
        one = found[name]
        assert (one.jours, one.jours_prevus, one.reste) == counted(missions / f"{name}.yaml"), name
    assert found["mission_en_cours"].reste == 3520 and found["mission_en_cours"].jours == 3.5
    assert found["mission_consultation"].jours is found["mission_consultation"].reste is None
    assert bord_of(missions, AU).reste == 3520


def test_ce_que_nul_paiement_n_inscrit_reste_a_payer(tmp_path: Path) -> None:
    """7 040 € convenus, dont seul l'acompte de 3 520 € est inscrit, et versé ; une autre mission
    n'inscrit rien : le total la dit hors de lui, dans la page et dans le HTML.
    """
    text = (SAMPLES / "mission_individuelle.yaml").read_text(encoding="utf-8")
    for name, kept in (("acompte", 1), ("muette", 0)):
        data = yaml.load(text, Loader=yaml.BaseLoader)
        data["paiements"] = data["paiements"][:kept]
        grid = data["documents"]["grille_de_suivi"]
        grid["stade"] = "en_cours"
        for part in (grid["etapes"]["e3"], grid["etapes"]["e4"], grid["fin_de_mission"]):
            del part["realise"]
        (tmp_path / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")
    for path in ("operateur.yaml", "logos", "prestataires"):
        copied = shutil.copytree if (SAMPLES / path).is_dir() else shutil.copy
        copied(SAMPLES / path, tmp_path / path)
    bord = bord_of(tmp_path, LATE)
    one, mute = (states(tmp_path, LATE)[name] for name in ("acompte", "muette"))
    assert one.reste == one.sans_echeance == 3520 and mute.reste is None
    said = flat(html(bord).decode())
    for told in ("3 520,00 € dont 3 520,00 € sans échéance", "(hors 1 mission qui ne le dit pas)"):
        assert flat(told) in said, told
    page = page_of(bord)
    assert flat(page.reste or "") == flat("3 520,00 € (hors 1 mission qui ne le dit pas)")
    assert any(flat("sans échéance") in flat(row.reste or "") for row in page.missions)


@pytest.mark.lent
def test_le_reste_a_payer_est_celui_de_tous_les_retenus(missions: Path) -> None:
    path = missions / "mission_en_cours.yaml"
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    data["mise_en_concurrence"]["retenu"] = ["alpha", "beta"]
    first = data["documents"]["convention_tripartite"]
    second = {"prestataire": "beta", "stade": "projet"}
    data["documents"]["convention_tripartite"] = [{**first, "prestataire": "alpha"}, second]
    ours = sum((number(p["montant"]) for p in data["paiements"] if "verse_le" not in p), Decimal(0))
    for price, due in (
        ({"versements": [{"montant": "4 000 €"}, {"montant": "5 000 €"}]}, Decimal(9000)),
        ({"montant": "8 500 €"}, Decimal(8500)),
        ({"versements": [{"montant": "4 000 €"}, {"nature": "solde"}]}, None),
    ):
        second["prix"] = price  # type: ignore[assignment]
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
        left = states(missions)["mission_en_cours"].reste
        assert left == (None if due is None else ours + due)


def test_le_reste_a_payer_d_une_convention_commune_est_celui_de_son_prix(missions: Path) -> None:
    """7 040 € à l'un et 9 000 € à l'autre, dont 3 520 € sont versés : il reste 12 520 €."""
    path = missions / "mission_en_cours.yaml"
    for other in missions.glob("*.yaml"):
        if other.name.startswith(("mission_", "cassee")) and other != path:
            other.unlink()
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    data["mise_en_concurrence"]["retenu"] = ["alpha", "beta"]
    common = data["documents"]["convention_tripartite"]
    for price, left in ((None, 12520), ("16 040 €", 12520), ("16 000 €", 12480)):
        common["prix"] = {"montant": price} if price else {}
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
        assert states(missions)["mission_en_cours"].reste == left, price
    del data["documents"]["convention_tripartite"]  # nothing says what is due to the second
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    assert states(missions)["mission_en_cours"].reste is None


def waited(folder: Path, name: str, au: date = AU) -> list[tuple[date, str]]:
    """Ce qui est en retard, puis la prochaine échéance."""
    one = states(folder, au)[name]
    return [(due.le, due.quoi) for due in (*one.retards, *filter(None, [one.prochaine]))]


def rewritten(path: Path, *changes: tuple[str, Any]) -> None:
    """Chaque chemin du fichier, seul de son dossier, reçoit sa valeur ; ``None`` l'en ôte."""
    for other in {*path.parent.glob("mission_*.yaml"), path.parent / "cassee.yaml"} - {path}:
        other.unlink(missing_ok=True)
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for place, value in changes:
        held, *steps = data, *(int(one) if one.isdigit() else one for one in place.split("."))
        for step in steps[:-1]:
            held = held[step]
        held[steps[-1]] = value
        if value is None:
            del held[steps[-1]]
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")


CHANGE = "documents.demande_de_modification.0.changements.0"
STEP = "Étape « Évolution des missions et de l'organisation du travail »"
UNREAD = "modification acceptée, le nouveau jour ne s'y lit pas"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([], (date(2005, 12, 9), f"{STEP} (prévue le 25/11/2005 ; modification acceptée)")),
        (
            [(f"{CHANGE}.etape", "Étape 3"), (f"{CHANGE}.nouveau", "Du 24/10 au 9/12/2005")],
            (date(2005, 12, 9), f"{STEP} (prévue le 25/11/2005 ; modification acceptée)"),
        ),
        (
            [(f"{CHANGE}.nouveau", "Fin de l'étape reportée de deux semaines")],
            (
                date(2005, 12, 16),
                f"{STEP} (prévue le 25/11/2005 ; {UNREAD})",
            ),
        ),
        ([(f"{CHANGE}.nature", "contenu")], (date(2005, 11, 25), STEP)),
        (
            [("documents.demande_de_modification.0.decision", {"accord": "refusee"})],
            (date(2005, 11, 25), STEP),
        ),
        (
            [
                (f"{CHANGE}.nature", "fin_de_mission"),
                (f"{CHANGE}.etape", None),
                (f"{CHANGE}.nouveau", "Fin reportée au 31 janvier 2006"),
            ],
            (date(2006, 1, 31), "Rapport final (prévu le 16/12/2005 ; modification acceptée)"),
        ),
    ],
)
def test_une_modification_acceptee_donne_le_jour_qui_compte(
    changes: list[tuple[str, Any]], told: tuple[date, str], missions: Path
) -> None:
    """« … ou à celle qu'une modification validée lui a donnée » : refusée, ou d'autre chose que
    d'une date, elle ne change rien.
    """
    rewritten(missions / "mission_en_cours.yaml", *changes)
    found = waited(missions, "mission_en_cours", date(2006, 3, 1))
    assert told in found and sum(STEP in what for _, what in found) == 1


@pytest.mark.parametrize(
    ("first", "second", "due"),
    [
        ("Fin de l'étape avancée au 18 novembre 2005", None, date(2005, 11, 18)),
        ("Fin le 9 décembre 2005", "Du 9 décembre 2005 au 13 janvier 2006", date(2006, 1, 13)),
        ("Fin le 9 décembre 2005", "Fin ramenée au 2 décembre 2005", date(2005, 12, 2)),
        ("Fin reportée au 9 décembre 2005", "Fin reportée en janvier", None),
        ("Fin, prévenue à l'avance le 3 novembre 2005, reportée", None, None),
        ("Fin reportée", "Fin reportée au 9 décembre 2005", date(2005, 12, 9)),
        ("Fin le 9 décembre 2005", "Fin, redite, le 9 décembre 2005", date(2005, 12, 9)),
        ("Fin le 9 décembre 2005", "La fin, le 9 décembre 2005, recule de deux semaines", None),
        ("Fin de l'étape reportée", None, None),
    ],
)
def test_la_derniere_modification_acceptee_compte_qu_elle_reporte_ou_qu_elle_avance(
    first: str, second: str | None, due: date | None, missions: Path
) -> None:
    """La première comptait encore, et l'étape avancée n'était jamais en retard. Ce que dit la
    justification n'est pas le nouveau jour.
    """
    path = missions / "mission_en_cours.yaml"
    held = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    asked = held["documents"]["demande_de_modification"][0]
    why = "La salle n'est libre qu'à partir du 1er décembre 2005."
    requests = []
    for text, day in ((first, "15/11/2005"), (second, "01/12/2005")):
        change = {**asked["changements"][0], "nouveau": text, "motif": why}
        decided = {**asked["decision"], "validee_dla_le": day}
        requests += [{**asked, "changements": [change], "decision": decided}] if text else []
    rewritten(path, ("documents.demande_de_modification", requests[::-1]))
    told = UNREAD if due is None else "modification acceptée"
    found = waited(missions, "mission_en_cours", date(2006, 3, 1))
    assert (due or date(2005, 12, 16), f"{STEP} (prévue le 25/11/2005 ; {told})") in found


def test_ce_qui_suit_l_arret_de_la_mission_n_est_pas_en_retard(missions: Path) -> None:
    stop = {"accord": "acceptee", "suite": "arret", "validee_dla_le": "15/11/2005"}
    asked = "documents.demande_de_modification.0"
    rewritten(
        missions / "mission_en_cours.yaml",
        (f"{asked}.demande.objet", "inefficience"),
        (f"{asked}.decision", stop),
    )
    said = [what for _, what in waited(missions, "mission_en_cours", LATE)]
    assert said == ["Solde"]
    shown = flat(html(bord_of(missions, LATE)).decode())
    assert flat("Arrêtée le 15/11/2005") in shown
    rewritten(
        missions / "mission_en_cours.yaml",
        ("mise_en_concurrence.retenu", ["alpha", "beta"]),
        (f"{asked}.prestataire", "alpha"),
    )
    assert states(missions)["mission_en_cours"].arretee_le is None  # the second goes on
    said = [what for _, what in waited(missions, "mission_en_cours", LATE)]
    assert "Rapport final" in said and "Étape « Lecture croisée des rôles »" in said


def test_qui_a_repondu_par_son_projet_ou_par_l_appel_n_est_plus_attendu(missions: Path) -> None:
    offers = "documents.proposition"
    held = yaml.load((SAMPLES / "mission_individuelle.yaml").read_text("utf-8"), yaml.BaseLoader)
    path = missions / "mission_consultation.yaml"
    rewritten(path, (offers, [held["documents"]["proposition"][0], {"prestataire": "beta"}]))
    awaited = [what for _, what in waited(missions, "mission_consultation")]
    assert awaited == ["Réponse de Coopérative Bêta Exemple"]  # whose sheet is blank
    simple, asked = missions / "mission_simplifiee.yaml", "mise_en_concurrence"
    shutil.copy(SAMPLES / simple.name, simple)
    told = [(f"{asked}.sollicites.{rank}.reponse", None) for rank in (0, 1)]
    kinds = ("grille_de_lecture", "notification_de_choix")
    rewritten(simple, (f"{asked}.retenu", None), *told, *((f"documents.{k}", None) for k in kinds))
    assert waited(missions, "mission_simplifiee", date(2013, 9, 30)) == []
    make_dossier(simple, missions / "d")
    made = json.loads((missions / "d/manifeste.json").read_text(encoding="utf-8"))
    answers = [one["reponse"] for one in made["consultation"]["consultes"]]
    assert answers == ["Proposition", "Décline"]


def test_le_rapport_qui_manque_a_l_un_des_retenus_est_attendu(missions: Path) -> None:
    path = missions / "mission_individuelle.yaml"
    rewritten(
        path,
        ("mise_en_concurrence.retenu", ["alpha", "beta"]),
        ("documents.rapport_final.prestataire", "alpha"),
    )
    said = waited(missions, "mission_individuelle", LATE)
    assert (date(2005, 12, 16), "Rapport final de Coopérative Bêta Exemple") in said


@pytest.mark.lent
def test_les_retards_et_la_prochaine_echeance_dependent_du_jour_donne(missions: Path) -> None:
    data = yaml.load((missions / "mission_en_cours.yaml").read_text("utf-8"), yaml.BaseLoader)
    offer = data["documents"]["proposition"][0]
    steps = [(day(row["periode"]), row["intitule"]) for _, row in _keyed(offer)[3:]]
    balance = day(data["paiements"][1]["prevu_le"])
    awaited = sorted(
        [
            *((due, f"Étape « {title} »") for due, title in steps),
            (date(2005, 12, 9), f"{STEP} (prévue le 25/11/2005 ; modification acceptée)"),
            (day(offer["calendrier"]["fin"]), "Rapport final"),
            (balance, "Solde"),
        ]
    )
    for au in (AU, date(2005, 12, 16), LATE):
        one = states(missions, au)["mission_en_cours"]
        said = [(late.le, late.quoi) for late in one.retards]
        assert said == [due for due in awaited if due[0] < au]
        nexts = [due for due in awaited if due[0] >= au]
        assert (one.prochaine and (one.prochaine.le, one.prochaine.quoi)) == (
            nexts[0] if nexts else None
        )
    answers = states(missions)["mission_consultation"].retards
    assert [(late.le, late.quoi) for late in answers] == [
        (date(2005, 7, 22), "Réponse de Cabinet Alpha Exemple"),
        (date(2005, 7, 22), "Réponse de Coopérative Bêta Exemple"),
    ]


@pytest.mark.lent
def test_les_documents_manquants_sont_ceux_du_sommaire_du_dossier(
    missions: Path, tmp_path: Path
) -> None:
    path = missions / "mission_individuelle.yaml"
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    del data["documents"]["rapport_final"]
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    one = states(missions)["mission_individuelle"]
    make_dossier(path, tmp_path / "dossier")
    told = json.loads((tmp_path / "dossier" / "manifeste.json").read_text(encoding="utf-8"))
    due = {row["sorte"] for row in told["absents"] if row["attente"] in ("du", "recommande")}
    assert due == {"rapport_final"}
    assert one.manquants == ("Rapport final",)
    assert not {*one.manquants} & {*one.faits} and one.bloquants > 0
    assert len(one.faits) == len(data["documents"])


def test_une_mission_qui_ne_se_lit_pas_est_une_ligne(missions: Path, dla_docs: Call) -> None:
    said = dla_docs("tableau-de-bord", missions, "-o", "suivi.xlsx", "--au", "2005-11-20")
    assert said.code == 1 and said.out == "suivi.xlsx : 8 missions, dont 1 illisible.\n"
    assert "cassee.yaml : ne se lit pas\nERREUR" in said.err and "ligne 3" in said.err
    (missions / "cassee.yaml").unlink()
    said = dla_docs("tableau-de-bord", missions, "-o", "suivi.xlsx")
    assert said.code == 0 and said.out == "suivi.xlsx : 7 missions.\n" and said.err == ""
    said = dla_docs("tableau-de-bord", missions / "prestataires", "-o", "suivi.xlsx")
    assert said.code == 2 and "ne tient aucune mission" in said.err
    said = dla_docs("tableau-de-bord", missions, "-o", "suivi.csv")
    assert said.code == 2 and "suivi.html" in said.err


def test_le_classeur_a_des_nombres_et_des_dates(missions: Path, dla_docs: Call) -> None:
    dla_docs("tableau-de-bord", missions, "-o", "suivi.xlsx", "--au", "2005-11-20")
    sheet = openpyxl.load_workbook("suivi.xlsx").active
    heads, *rows, empty, last = sheet.iter_rows(values_only=True)
    assert set(empty) == {None} and sheet.auto_filter.ref == f"A1:T{len(rows) + 1}"
    total = dict(zip(heads, last, strict=True))
    for name in ("Reste à payer (€)", "Jours faits", "Documents faits", "En retard"):
        column = [row[heads.index(name)] for row in rows]
        assert total[name] == sum(one for one in column if one is not None), name
    untold = sum(row[3] is not None and row[16] is None for row in rows) + 1  # the broken one
    assert total["Fichier"] == (
        f"Total – reste à payer (hors {untold} missions qui ne le disent pas)"
    )
    table = {str(row[0]): dict(zip(heads, row, strict=True)) for row in rows}
    assert len(table) == 8 and next(iter(table)) == "cassee.yaml"
    one = table["mission_en_cours.yaml"]
    assert (one["Jours faits"], one["Jours prévus"], one["Reste à payer (€)"]) == (3.5, 8, 3520)
    assert one["Prochaine échéance"].date() == date(2005, 12, 9)
    assert one["Où elle en est"] == "La mission est conduite" and one["Documents faits"] == 11
    assert "Écrivez-la" in str(table["cassee.yaml"]["Pourquoi elle ne se lit pas"])
    assert table["cassee.yaml"]["Reste à payer (€)"] is None
    assert "Écomusée" in str(table["mission_collective.yaml"]["Structures"])


def test_la_page_word_dit_la_meme_chose(missions: Path, dla_docs: Call) -> None:
    dla_docs("tableau-de-bord", missions, "-o", "suivi.docx", "--au", "2005-11-20")
    text = as_keyed(page_text(Path("suivi.docx").read_bytes()))
    for shown in ("DLA00-2005-08", "3,5 sur 8 j", "3 520,00 €", "09/12/2005 : Etape", "17 faits"):
        assert shown in text, shown
    assert "cassee.yaml" in text and "Ligne 3 : Une valeur est attendue ici." in text
    assert "et 3 autres" in text and "22/07/2005 : Réponse de Cabinet Alpha Exemple" in text
    assert TableauDeBord.titre in text


@pytest.mark.lent
def test_le_dernier_retour_est_celui_qui_a_ete_ecrit_et_pas_annule(
    missions: Path, dla_docs: Call
) -> None:
    path = missions / "mission_en_cours.yaml"
    assert states(missions)["mission_en_cours"].dernier_retour is None
    dla_docs("trame", "grille_de_suivi", "-o", "suivi.docx", "--mission", path)
    form = docx.Document("suivi.docx")
    for text in form.element.iter(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
    ):
        if text.text and "trésorier, absent en septembre" in text.text:
            text.text = "Le trésorier a été entendu."
    form.save("suivi.docx")
    assert dla_docs("lire", "suivi.docx", "--dans", path).code in (0, 1)
    assert states(missions)["mission_en_cours"].dernier_retour == date.today()
    assert dla_docs("annuler", path).code == 0
    assert states(missions)["mission_en_cours"].dernier_retour is None


class Page(HTMLParser):
    """Les lignes du tableau, ce que la page irait chercher, ses titres de colonnes."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[str] = []
        self.heads: list[str] = []
        self.sought: list[tuple[str, str | None]] = []
        self.roles: list[str | None] = []
        self._where: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.roles.append(held.get("role"))
        self.sought += [
            (name, value) for name, value in attrs if name in ("src", "href", "action", "srcset")
        ]
        if tag in ("tr", "th") and held.get("scope") != "row":
            self._where = self.rows if tag == "tr" else self.heads
            self._where.append("")

    def handle_data(self, data: str) -> None:
        if self._where:
            self._where[-1] += f" {data.strip()}"


def test_la_page_html_ne_demande_rien_au_dehors(missions: Path) -> None:
    shown = html(bord_of(missions, AU)).decode()
    page = Page()
    page.feed(shown)
    assert page.sought == [("href", "data:,")]
    assert not re.search(r"@import|url\(|https?:|fetch|XMLHttp|<script[^>]+src", shown)
    assert "default-src 'none'" in shown and '<html lang="fr">' in shown
    rows = [
        as_keyed(" ".join(row.split())) for row in page.rows if "mission" in row or "cas" in row
    ]
    assert len(rows) == 8 and rows[0].startswith("cassee.yaml Ne se lit pas Ligne 3 :")
    (one,) = (row for row in rows if row.startswith("DLA00-2005-08"))
    assert "Stade 5 sur 8." in one and "25/11/2005" in one and "3 520,00 €" in one
    assert "3,5 sur 8 j" in one and "En retard" not in one
    assert rows[1].startswith("DLA00-2005-09") and "22/07/2005" in rows[1]
    assert len(page.heads) == 8 and page.roles.count("columnheader") == 8
    assert page.roles.count("row") == 9 and page.roles.count("rowheader") == 8


def test_rien_de_ce_qu_une_mission_dit_ne_devient_une_balise(missions: Path) -> None:
    path = missions / "mission_simplifiee.yaml"
    text = path.read_text(encoding="utf-8").replace("Jardin partagé", "<script>alert(1)</script>")
    path.write_text(text, encoding="utf-8")
    shown = html(bord_of(missions, AU)).decode()
    assert shown.count("<script>") == 1 and "&lt;script&gt;alert(1)" in shown
