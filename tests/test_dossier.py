"""Les dossiers d'exemple, tels que ``make dossier`` les fait : chaque valeur y est, en Word et en
PDF, et les fichiers sont sains.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docx
import pikepdf
import pytest
import yaml
from jsonschema import Draft202012Validator

from dla_docs import DOCUMENTS, Mission, load, verify
from dla_docs.builder.printed_words import typeset
from dla_docs.cli.application import run
from dla_docs.constat import bloquants
from dla_docs.dossier import make_dossier
from dla_docs.dossier.folder import is_about_a_dossier
from dla_docs.dossier.names import names
from dla_docs.errors import ConversionError
from dla_docs.manual.catalogue import PACKAGED
from dla_docs.manual.schemas import schema_json
from dla_docs.missions.finding import find_missions
from dla_docs.model.requirement import referentiel
from dla_docs.pdf import read_attachment
from dla_docs.profils.loading import load_profil
from dla_docs.resources import sample_path, template_path
from dla_docs.stages.evidence import attest
from dla_docs.word.answers import controls_in
from dla_docs.word.package import open_package
from dla_docs.word.page import text_of as text_in
from tests import as_keyed, long, one_in
from tests.bench.pages import each_pdf
from tests.corpus import PROFILS, samples
from tests.ooxml_validator import added_errors
from tests.pdf_checks import check_pdf, claims
from tests.word_forms import page_text


@pytest.fixture(scope="module", params=[long("individuelle"), long("collective")])
def dossier(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One sample mission's folder, Word and PDF."""
    folder = tmp_path_factory.mktemp(request.param)
    assert (
        run(["dossier", str(sample_path(f"mission_{request.param}")), "-o", str(folder), "--pdf"])
        == 0
    )
    return folder


def test_every_document_of_the_mission_is_there_in_both_formats(dossier: Path) -> None:
    mission = samples()[
        f"mission_{'collective' if 'collective' in dossier.name else 'individuelle'}"
    ]
    assert isinstance(mission, Mission)
    count = sum(len(documents) for documents in mission.documents.values())
    words = sorted(path.stem for path in dossier.glob("*.docx"))
    pdfs = sorted(path.stem for path in each_pdf(dossier))
    assert words == pdfs
    assert len(words) == count + len({"00 – Sommaire", "conformite"} & {*words})


def test_the_pdf_shows_every_filled_value(dossier: Path) -> None:
    for word in sorted(dossier.glob("*.docx")):
        shown = solid(without_margins(text_of(word.with_suffix(".pdf"))))
        values = [
            solid(control.text) for control in controls_in(open_package(word)) if control.text
        ]
        assert values
        assert [value for value in values if value not in shown] == [], word.name


def test_no_page_is_blank(dossier: Path) -> None:
    blank = [
        f"{path.name}, page {number}"
        for path in each_pdf(dossier)
        for number, page in enumerate(text_of(path).rstrip("\f").split("\f"), 1)
        if len([line for line in page.splitlines() if line.strip()])
        < 4  # the foot of a page has two or three
    ]
    assert blank == []


def test_every_page_says_its_number_and_the_total(dossier: Path) -> None:
    for path in each_pdf(dossier):
        pages = text_of(path).rstrip("\f").split("\f")
        assert all(
            f"Page {number} / {len(pages)}" in flat(page) for number, page in enumerate(pages, 1)
        ), path.name


def test_every_pdf_keeps_the_two_standards_it_claims(dossier: Path) -> None:
    for path in each_pdf(dossier):
        content = path.read_bytes()
        assert claims(content) == {"PDF/A-3b", "PDF/UA-1"}, path.name
        assert check_pdf(content) == [], path.name
        assert b'"donnees"' in (read_attachment(content) or b"")


PAGES = {"00 – Sommaire": "Sommaire du dossier", "conformite": "Vérification de conformité"}


def test_the_whole_in_one_pdf_gives_the_true_pages_and_claims_nothing(dossier: Path) -> None:
    """Le numéro que dit le contenu, le signet, le lien et la page elle-même sont le même."""
    content = (dossier / "dossier complet.pdf").read_bytes()
    assert claims(content) == set()
    first, *pages = text_of(dossier / "dossier complet.pdf").rstrip("\f").split("\f")
    total = len(pages) + 1
    assert [
        f"Dossier, page {rank} / {total}" in flat(one)
        for rank, one in enumerate([first, *pages], 1)
    ] == ([True] * total)
    order = sorted(each_pdf(dossier), key=lambda path: (path.stem == "conformite", path.stem))
    expected, rank = [], 2
    with pikepdf.open(io.BytesIO(content)) as opened:
        whole: Any = opened
        numbers = {page.obj.objgen: number for number, page in enumerate(whole.pages, 1)}
        links = [numbers[one.Dest[0].objgen] for one in whole.pages[0].Annots]
        labels = [page.label for page in whole.pages]
        with whole.open_outline() as outline:
            marks = [(one.title, numbers[one.destination[0].objgen]) for one in outline.root]
    for path in order:
        title = re.sub(r"^\S+ – (?=\d\d – )", "", path.stem)  # the reference is said once, above
        expected.append((PAGES.get(path.stem, typeset(title)), rank))
        rank += len(text_of(path).rstrip("\f").split("\f"))
    assert marks == [("Contenu", 1), *expected] and links == [page for _, page in expected]
    assert labels == [str(page) for page in range(1, total + 1)] and rank == total + 1
    lines = [line for line in first.splitlines() if line.strip() and "Dossier, page" not in line]
    told = [line.rpartition(" ") for line in lines[1:]]
    assert [int(page) for title, _, page in told if title] == [page for _, page in expected]
    for path, (_, page) in zip(order, expected, strict=True):
        own = flat(text_of(path).split("\f")[0])
        assert own[:60] in flat(pages[page - 2]), path.name


def test_the_manifest_says_which_claim_each_file_makes(dossier: Path) -> None:
    for one in manifest(dossier)["fichiers"]:
        path = dossier / one["nom"]
        held = claims(path.read_bytes()) if path.suffix == ".pdf" else set()
        assert set(one["normes"]) == held, path.name


def test_a_second_run_converts_nothing_again(
    dossier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def convert_many(*_: object, **__: object) -> None:
        raise AssertionError("converti de nouveau")

    monkeypatch.setattr("dla_docs.pdf.convert_many", convert_many)
    name = "collective" if "collective" in dossier.name else "individuelle"
    made = make_dossier(sample_path(f"mission_{name}"), dossier, pdf=True)
    assert sorted(made.inchanges) == sorted(dossier.iterdir())


def test_no_tag_no_none_no_foreign_date_is_left(dossier: Path) -> None:
    for path in each_pdf(dossier):
        text = text_of(path)
        assert not re.search(r"\{[{%]|\bNone\b|\b\d{4}-\d{2}-\d{2}\b|\d+\.\d{2} €", text), path.name


@pytest.mark.lent
def test_the_word_files_have_no_error_that_their_template_does_not_have(dossier: Path) -> None:
    for path in sorted(dossier.glob("*.docx")):
        slug = next(
            one["sorte"] for one in manifest(dossier)["fichiers"] if one["nom"] == path.name
        )
        assert added_errors(template_path(slug), path) == [], path.name


def test_french_amounts_and_dates_are_printed(tmp_path: Path) -> None:
    made = make_dossier(sample_path("mission_collective"), tmp_path)
    pages = [path for path in made.fichiers if path.suffix == ".docx"]
    text = " ".join(control.text for path in pages for control in controls_in(open_package(path)))
    assert "23 824,32 €" in text.replace("\u00a0", " ")
    assert "13/03/2006" in text


@pytest.mark.parametrize(
    "name",
    one_in(
        6, [("mission_individuelle",), *((slug,) for slug in DOCUMENTS), ("mission_collective",)]
    ),
)
def test_the_same_input_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    loaded = load(sample_path(name))
    if isinstance(loaded, Mission):
        first, second = (make_dossier(loaded, tmp_path / folder) for folder in "ab")
        assert [path.read_bytes() for path in first.fichiers] == [
            path.read_bytes() for path in second.fichiers
        ]
    else:
        outputs = [tmp_path / f"{n}.docx" for n in "ab"]
        for output in outputs:
            assert run(["produire", str(sample_path(name)), "-o", str(output)]) == 0
        assert outputs[0].read_bytes() == outputs[1].read_bytes()
        assert verify(outputs[0].read_bytes(), loaded) == []


@pytest.mark.parametrize("slug", one_in(3, [(slug,) for slug in DOCUMENTS]))
def test_every_official_wording_is_printed(slug: str, tmp_path: Path) -> None:
    asked = [
        exigence.id
        for exigence in referentiel().values()
        if exigence.nature == "libelle" and slug in exigence.documents
    ]
    carried = [
        (exigence, node)
        for node in DOCUMENTS[slug].schema_node().walk()
        for exigence in node.exigences
        if exigence.nature == "libelle"
    ]
    texts = {
        exigence.id: {
            folded(as_keyed(said)) for said in (node.text, node.label, exigence.titre) if said
        }
        for exigence, node in carried
    }
    assert sorted(set(asked) - set(texts)) == [], "un libellé que rien ne porte"
    for profil in PROFILS:
        output = tmp_path / f"{profil}.docx"
        assert run(["produire", str(sample_path(slug)), "-o", str(output), "--profil", profil]) == 0
        shown, followed = folded(as_keyed(page_text(output))), load_profil(profil).suivies()
        assert [
            name
            for name in asked
            if name in followed and not any(text in shown for text in texts[name])
        ] == [], profil


@cache
def text_of(path: Path) -> str:
    return subprocess.run(
        ["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True
    ).stdout.decode()


def without_margins(text: str) -> str:
    """Without the foot of each page, which cuts a text that goes on to the next."""
    return re.sub(r"\n[^\n]*\n?Page \d+ / \d+|\n[^\n]*Page \d+ / \d+", "\n", text)


def solid(text: str) -> str:
    """Without white space: a page breaks its lines where it likes, even inside a word that has a
    hyphen.
    """
    return "".join(text.split())


def flat(text: str) -> str:
    return " ".join(text.split())


def folded(text: str) -> str:
    return flat(text).casefold().replace("’", "'").rstrip(" .")


def test_each_participant_s_sheet_bears_their_name(tmp_path: Path) -> None:
    made = make_dossier(sample_path("mission_collective"), tmp_path)
    sheets = [path.stem for path in made.fichiers if "Grille d'évaluation – " in path.stem]
    assert len(sheets) == len({sheet.rpartition(" – ")[2] for sheet in sheets}) == 3
    assert any("Charlie Épreuve" in sheet for sheet in sheets)


def manifest(folder: Path) -> dict[str, Any]:
    """Le manifeste d'un dossier, conforme au schéma publié."""
    found: dict[str, Any] = json.loads((folder / "manifeste.json").read_text(encoding="utf-8"))
    schema = json.loads((PACKAGED / "manifeste.schema.json").read_text(encoding="utf-8"))
    assert schema["$id"] == "urn:dla-docs:manifeste:1"
    assert [error.message for error in Draft202012Validator(schema).iter_errors(found)] == []
    return found


def rows_of(folder: Path, number: int) -> list[list[str]]:
    """Un tableau du sommaire, tel qu'on le lit."""
    table = docx.Document(str(folder / "00 – Sommaire.docx")).tables[number]
    return [
        [text_in(cell._tc).replace("\N{NO-BREAK SPACE}", " ") for cell in row.cells]
        for row in table.rows
    ]


def changed(name: str, folder: Path, change: Callable[[Any], None]) -> Path:
    """Une mission d'exemple et tout ce qu'elle cite, changée."""
    shutil.copytree(sample_path(name).parent, folder, dirs_exist_ok=True)
    path = folder / f"{name}.yaml"
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    change(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def unfinished(data: Any) -> None:
    """Sans rapport final, et sans de quoi faire le cahier des charges."""
    del data["documents"]["rapport_final"], data["documents"]["cahier_des_charges"]["objectifs"]


def long_names(data: Any) -> None:
    """Une référence que Windows refuserait, un nom trop long."""
    data["reference"] = 'DLA/00: "2005"*07'
    asked = data["mise_en_concurrence"]["sollicites"]
    asked[0]["prestataire"] = {"nom": "Coopérative Exemple " + "très longue " * 30}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Une mission de quatre documents."""
    return changed("mission_simplifiee", tmp_path / "essai", lambda data: None)


def test_the_names_follow_each_other_and_suit_windows(tmp_path: Path) -> None:
    mission = changed("mission_simplifiee", tmp_path / "essai", long_names)
    made = make_dossier(mission, tmp_path / "d", brouillon=True)
    numbers = [path.name.split(" – ")[1] for path in made.fichiers]
    assert numbers == [f"{number:02d}" for number in range(1, len(numbers) + 1)]
    for path in tmp_path.joinpath("d").iterdir():
        assert len(path.name) <= 125 and not re.search(r'[<>:"/\\|?*]', path.name), path.name
    whose = re.compile(r"Coopérative Exemple (très longue )*(très )?(longue)?… .*longue\.docx$")
    assert any(whose.search(path.name) for path in made.fichiers)


@pytest.mark.lent
def test_two_long_names_that_begin_alike_are_told_apart_in_the_file_names() -> None:
    begin = "Société coopérative d'intérêt collectif du Val-d'Exemple, conseil aux associations"
    who = [f"{begin} – Alpha", f"{begin} – Bêta", f"{begin} et Coopérative Bêta Exemple"]
    who += ["Cabinet Alpha Exemple et Coopérative Bêta Exemple", "A" * 300, f"{'A' * 300} Bêta"]
    for kind in ("fiche_prestataire", "enquete_beneficiaire", "convention_tripartite"):
        title = DOCUMENTS[kind].titre_court or DOCUMENTS[kind].titre
        held: list[Any] = [SimpleNamespace(titre_court=title, nom_distinctif=name) for name in who]
        found = names("DLA00-2005-07", held)
        assert max(map(len, found)) <= 115 and all(name == name.strip() for name in found)
        said = [name.partition(f"{title} – ")[2] for name in found]
        assert len({*said}) == len(who) and said[3] == who[3], said
        assert [name[-4:] for name in said[:2]] == ["lpha", "Bêta"]
        assert said[2].endswith("et Coopérative Bêta Exemple")
        together = " et ".join(who[:2])
        common: list[Any] = [SimpleNamespace(titre_court=title, nom_distinctif=together)]
        (both,) = names("DLA00-2005-07", common, who[:2])
        assert len(both) <= 115 and re.search("Société.*Alpha et Soc.*Bêta$", both)


def test_deux_noms_longs_qui_different_au_milieu_se_distinguent_dans_le_nom_des_fichiers() -> None:
    said = (
        "Société coopérative et participative d'accompagnement Exemple {} du Nord et des Ardennes"
    )
    who = [said.format("Alpha"), said.format("Bêta")]
    title, together = DOCUMENTS["proposition"].titre, " et ".join(who)
    for retenus in ((), who):
        held: list[Any] = [
            SimpleNamespace(titre_court=title, nom_distinctif=name) for name in (*who, together)
        ]
        first, second, both = names("DLA00-2005-07-REFERENCE-LONGUE", held, retenus)
        assert "Alpha" in first and "Bêta" in second
        assert max(map(len, (first, second, both))) <= 115
    assert "Alpha" in both and "Bêta" in both


def test_the_contents_say_what_is_there_and_why_the_rest_is_not(tmp_path: Path) -> None:
    mission = changed("mission_individuelle", tmp_path / "essai", unfinished)
    made = make_dossier(mission, tmp_path, profil="centre")
    pieces, absent = rows_of(tmp_path, 1), rows_of(tmp_path, 2)
    held = {row[1]: row for row in pieces}
    specification = held["Cahier des charges"]
    assert specification[3] == "Pas produit : 2 points le bloquent"
    signed = next(row for title, row in held.items() if title.startswith("Convention"))
    assert signed[2:4] == ["05/09/2005", "Définitif"] and signed[4].startswith("Signé : le DLA le ")
    assert "À signer : le prestataire" in held["Grille de suivi, pendant la mission"][4]
    follow = next(row for title, row in held.items() if title.startswith("Diagnostic de suivi"))
    assert follow[2] == "13/06/2006"  # the day of the follow-up, not that of the mission's end
    due = {row[0]: row[1:] for row in absent}
    said, why = due["Rapport final"]
    assert said == "Oui, dû" and "PRO-13" in why
    [constat] = [one for one in made.constats if one.chemin == "documents.rapport_final"]
    assert folded(constat.source) in folded(why)
    said, why = due["La grille d’évaluation et le suivi de l’ingénierie collective"]
    assert said == "Non" and "l’ingénierie est collective" in why


def test_the_consultation_says_who_was_asked_and_what_each_answered(tmp_path: Path) -> None:
    """Celui qui a décliné n'a pas de document : le sommaire et le manifeste seuls le disent."""
    make_dossier(sample_path("mission_individuelle"), tmp_path)
    head, *rows = rows_of(tmp_path, 4)
    assert head == ["Prestataire", "Sollicité le", "Réponse", "Reçue le", "Suite", "Pièces"]
    assert [row[0] for row in rows] == [
        "Cabinet Alpha Exemple",
        "Coopérative Bêta Exemple",
        "Bureau d’études Gamma Exemple",
    ]
    alpha, beta, gamma = (tuple(map(flat, row)) for row in rows)
    assert alpha[1:3] == ("28/06/2005", "Proposition") and alpha[4].startswith("Retenu Informé le")
    assert beta[3:] == (
        "22/07/2005 Par : Voie postale",
        "Non retenu Informé le 29/08/2005",
        "06, 09",
    )
    assert gamma[2].startswith("Décline Motif : Pas de consultant disponible avant janvier 2006")
    assert gamma[3:] == ("30/06/2005", "", "")
    told = manifest(tmp_path)["consultation"]
    assert (told["choisi_le"], told["retenus"]) == ("2005-07-28", "Cabinet Alpha Exemple")
    assert [one["reponse"] for one in told["consultes"]] == [
        "Proposition",
        "Proposition",
        "Décline",
    ]
    assert told["consultes"][2]["motif"].startswith("Pas de consultant disponible")


def test_an_answer_to_the_call_alone_is_told_too(tmp_path: Path) -> None:
    """La mission ne dit pas la réponse : le document qui la tient la dit, ou l'on dit qu'elle
    manque."""

    def unsaid(data: Any) -> None:
        for row in data["mise_en_concurrence"]["sollicites"]:
            row.pop("reponse", None), row.pop("recue_le", None), row.pop("motif", None)

    make_dossier(changed("mission_individuelle", tmp_path / "essai", unsaid), tmp_path / "d")
    told = manifest(tmp_path / "d")["consultation"]["consultes"]
    assert [one["reponse"] for one in told] == [
        "Proposition",
        "Proposition",
        "La mission ne dit pas sa réponse",
    ]
    assert [one["recue_le"] for one in told] == ["2005-07-20", "2005-07-22", None]


def test_each_document_has_the_day_that_its_kind_declares(tmp_path: Path) -> None:
    make_dossier(sample_path("mission_collective"), tmp_path)
    days = {row[1].split("\n")[0]: row[2] for row in rows_of(tmp_path, 1)}
    assert days["Plan d’accompagnement"] == "14/12/2006"  # its last version, not the plan's start
    assert days["Grille de suivi, pendant la mission"] == "09/06/2006"  # what was done last
    assert days["Enquête de satisfaction du prestataire"] == "10/07/2006"  # answered
    assert days["Monographie d’ingénierie collective"] == "Sans date"
    page = page_text(tmp_path / "00 – Sommaire.docx")
    assert "son formulaire n’en demande pas" in page


DATED = ("date", "periode", "dates")


@pytest.mark.parametrize("slug", DOCUMENTS)
def test_a_kind_says_its_day_where_it_has_one(slug: str) -> None:
    model = DOCUMENTS[slug]
    known = {node.path for node in model.schema_node().walk() if node.format in DATED}
    assert {*model.date_par} <= known
    assert ("date" in known) == ("date" in model.date_par)


def test_what_comes_later_is_not_due_yet(tmp_path: Path) -> None:
    make_dossier(sample_path("mission_simplifiee"), tmp_path, profil="centre")
    due = {row[0]: row[1:] for row in rows_of(tmp_path, 2)}
    assert due["Rapport final"] == ["Pas encore", "Attendu dès que la mission est rendue"]
    assert (
        due["Note de mi-parcours"][0] == "Non"
        and "aucun guide" in due["Note de mi-parcours"][1].lower()
    )


def test_the_manifest_knows_every_file_of_the_folder(small: Path, tmp_path: Path) -> None:
    where = tmp_path / "d"
    made = make_dossier(small, where, profil="centre")
    found = manifest(where)
    told = {one["nom"]: one["sha256"] for one in found["fichiers"]}
    there = {path.name: path for path in where.iterdir() if path.name != "manifeste.json"}
    assert told == {name: sha256(path.read_bytes()).hexdigest() for name, path in there.items()}
    assert (found["profil"]["cle"], found["conforme"]) == ("centre", not bloquants(made.constats))
    assert [one["nom"] for one in found["pas_produits"]] == [name for name, _ in made.refus]
    proof = json.loads((where / "conformite.json").read_text(encoding="utf-8"))
    assert proof["juge"] == found["mission"] and proof["verifie_le"] == found["fait_le"]


def test_the_archive_keeps_the_mission_itself_and_it_is_read_again(
    small: Path, tmp_path: Path
) -> None:
    """Ce qu'aucune page ne montre y est ; relue, c'est la mission dont parle le manifeste."""
    make_dossier(small, tmp_path / "d")
    kept, found = tmp_path / "d/mission.json", manifest(tmp_path / "d")
    [row] = [one for one in found["fichiers"] if one["nom"] == kept.name]
    schema = schema_json("mission", found["profil"]["cle"])
    assert (row["sorte"], row["forme"]) == ("mission", schema["$id"])
    said = json.loads(kept.read_text(encoding="utf-8"))
    assert [one.message for one in Draft202012Validator(schema).iter_errors(said)] == []
    assert said["evenements"]["accueil"]["avis"].startswith("L'association demande à y voir clair")
    assert attest(load(kept)).juge.sha256 == found["mission"]["sha256"]  # type: ignore[union-attr]
    assert "tient tout ce que dit la mission" in page_text(tmp_path / "d/00 – Sommaire.docx")
    make_dossier(small, tmp_path / "dla", destinataire="dla")
    assert not (tmp_path / "dla/mission.json").exists()
    assert "mission.json" not in page_text(tmp_path / "dla/00 – Sommaire.docx")
    there = find_missions(tmp_path)  # it is no mission to do again
    assert kept not in [one.fichier for one in there.missions]
    assert is_about_a_dossier(kept)  # nor one to count in a synthesis


def test_a_second_run_writes_what_changed_and_names_what_is_no_longer_made(
    small: Path, tmp_path: Path
) -> None:
    where = tmp_path / "d"
    make_dossier(small, where, brouillon=True)
    before = {path: path.stat().st_mtime_ns for path in where.iterdir()}
    text = small.read_text(encoding="utf-8")
    data = yaml.load(text, Loader=yaml.BaseLoader)
    del data["documents"]["notification_de_choix"]
    small.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    for _ in range(2):  # it is still named the next time
        made = make_dossier(small, where, brouillon=True)
        [old] = made.anciens
        assert "Notification de choix" in old.name and old.is_file()
        assert manifest(where)["anciens"] == [old.name]
    same = {path for path, when in before.items() if path.stat().st_mtime_ns == when}
    assert len(before) - len(same) == len(made.pieces) and set(made.fichiers) < same


def test_an_interrupted_run_leaves_the_folder_as_it_was(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = tmp_path / "d"
    make_dossier(small, where, brouillon=True)
    before = {path.name: path.read_bytes() for path in where.iterdir()}

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dla_docs.pdf.convert_many", stopped)
    with pytest.raises(KeyboardInterrupt):
        make_dossier(small, where, pdf=True, profil="npdc", brouillon=True)
    assert {path.name: path.read_bytes() for path in where.iterdir()} == before


def test_one_missing_logo_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def without_logo(data: Any) -> None:
        data["operateur"] = {"nom": "DLA 00", "logo": {"fichier": "absent.png"}}

    mission = changed("mission_simplifiee", tmp_path / "essai", without_logo)
    assert run(["dossier", str(mission), "-o", str(tmp_path / "d"), "--brouillon"]) in (1, 2)
    said = flat(capsys.readouterr().err)
    assert said.count("Le fichier du logo « absent.png » n'existe pas") == 1
    assert said.count("Pas produit : ") == 4


def test_a_slow_conversion_is_told_line_after_line(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def convert_many(sources: Any, *_: object, **__: object) -> Any:
        return ((name, ConversionError("en essai")) for name, _ in sources)

    monkeypatch.setattr("dla_docs.pdf.convert_many", convert_many)
    monkeypatch.setattr("dla_docs.cli.production.SLOW", -1.0)
    run(["dossier", str(small), "-o", str(tmp_path / "d"), "--pdf", "--brouillon"])
    said = capsys.readouterr().err
    assert "PDF : 1 sur 6" in said and "PDF : 6 sur 6" in said


def test_the_progress_is_told_as_it_goes(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    make_dossier(sample_path("mission_simplifiee"), tmp_path, suivi=lambda *one: seen.append(one))
    assert seen == [("Word", number, 4) for number in range(5)]
