"""Le dossier que reçoit chacun : rien, dans aucune partie d'aucun fichier, de ce qu'il n'a pas à
lire, et tout le reste.
"""

from __future__ import annotations

import json
import re
import shutil
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from dla_docs import Document, InputError, Mission, pdf
from dla_docs.cli.application import run
from dla_docs.dossier import make_dossier
from dla_docs.dossier.recipient import Remise
from dla_docs.forms.visibility import without
from dla_docs.model.bloc import Bloc
from dla_docs.model.recipients import Destinataire
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_mission
from dla_docs.stages.rendering import fill
from dla_docs.stages.request import resolve
from tests import examples, long
from tests.cli.test_cibles import by_hand
from tests.documents.verdict import loaded, raw
from tests.every_part import everything, flat, parts_of, word_in
from tests.not_theirs import leaves, not_theirs
from tests.strategies import documents
from tests.test_deux_retenus import each, own
from tests.test_dossier import changed, manifest

ALPHA = (
    *("Cabinet Alpha Exemple", "000 000 018 00010", "Claude Fictif", "8 rue des Consultants"),
    *("7 040", "880 €", "Quatre étapes, chacune avec sa durée et sa validation"),
    *("Un peu au-dessous du coût moyen", "La réunion de lancement est fixée"),
    "L'organisation provisoire, essayée pendant un mois",
)
BETA = (
    *("Coopérative Bêta Exemple", "000 000 026 00013", "Sacha Prototype", "25 avenue de la"),
    *(
        "9 000,00",
        "9000.00",
        "01 99 00 12 34",
        "+33199001234",
        "Un questionnaire sur les rôles",
        "Deux intervenantes aux séances croisées",
    ),
    *("Au niveau du coût moyen", "votre fiche reste au portefeuille", "prestataires/beta"),
)
GAMMA = ("Bureau d'études Gamma Exemple", "Maxime Témoin", "Pas de consultant disponible")
DECLINE = ("Bureau d'études Gamma Exemple", "Pas de consultant disponible")
REFUS = ("Coopérative Bêta", "Hors du champ de compétences", "Cabinet Alpha", "Sans réponse")
CHOIX = ("La première proposition prépare mieux", "Le bureau préfère une démarche")
DIRIGEANTE = ("02 61 91 00 50", "+33261910050", "presidence.insertion@example.org")
SATISFACTION = ("Trop peu de salariés en insertion", "Un point au printemps nous aiderait")
REMARQUES = ("Le report a permis d'essayer", "Leur nombre avait été fixé avec eux")
PLAN = ("Un point mensuel de la chargée de mission avec le directeur",)
FICHES = (
    *("Yaël Pochoir", "Le séminaire tombait pendant l'ouverture de la saison"),
    "Le patrimoine aurait pu avoir plus de place",
)
RENCONTRES = ("Élie Calque", "Charlie Épreuve", *FICHES)
INDIVIDUELLE, COLLECTIVE, DEUX = "mission_individuelle", "mission_collective", "deux retenus"
NOMS = {"Cabinet Alpha Exemple", "Claude Fictif", BETA[0], "Sacha Prototype"}
D_ALPHA, DE_BETA = (tuple(one for one in words if one not in NOMS) for words in (ALPHA, BETA))

# For each: what must not be anywhere, and what must be there.
CASES: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {
    (INDIVIDUELLE, "prestataire:beta"): (
        (*ALPHA, *GAMMA, *CHOIX, *DIRIGEANTE, *SATISFACTION, *REMARQUES, *PLAN),
        (
            "9 000,00",
            "9000.00",
            "Sacha Prototype",
            "Un questionnaire sur les rôles",
            "Association Exemple",
        ),
    ),
    (INDIVIDUELLE, "prestataire"): (
        (*BETA, *GAMMA, *CHOIX, *SATISFACTION, *PLAN),
        (*ALPHA, *DIRIGEANTE, *REMARQUES),
    ),
    (INDIVIDUELLE, "structure"): (
        (*GAMMA, *REMARQUES, "votre fiche reste au portefeuille"),
        ("7 040", "9 000,00", *CHOIX, *SATISFACTION, *DIRIGEANTE, *PLAN),
    ),
    (INDIVIDUELLE, "comite"): (
        (*BETA, *GAMMA, *CHOIX, *DIRIGEANTE, *SATISFACTION, "7 040", "880 €", "02 61 91 00 30"),
        (*PLAN, "Claude Fictif", "Les outils sont là, le temps de s'en servir manque encore"),
    ),
    (INDIVIDUELLE, "dla"): (
        ("Maxime Témoin",),
        ("7 040", "9 000,00", *DECLINE, *CHOIX, *DIRIGEANTE),
    ),
    (COLLECTIVE, "prestataire:beta"): (
        ("Bureau d'études Gamma", "Maxime Témoin", "23 824", "990,00", "décline", *RENCONTRES),
        ("Réseau départemental Exemple", "Pérenniser un réseau départemental"),
    ),
    (INDIVIDUELLE, "prestataire:gamma"): (
        (*ALPHA, *BETA, *CHOIX, *DIRIGEANTE, *SATISFACTION, *REMARQUES, *PLAN),
        ("Bureau d'études Gamma Exemple", "Association Exemple"),
    ),
    (COLLECTIVE, "prestataire:alpha"): (
        ("Bureau d'études Gamma", "Maxime Témoin", "23 824", "990,00", "décline", *RENCONTRES),
        ("Cabinet Alpha Exemple", "Réseau départemental Exemple"),
    ),
    (COLLECTIVE, "prestataire"): (
        (*FICHES, *REFUS),
        ("23 824", "Maxime Témoin"),
    ),
    (COLLECTIVE, "structure"): ((*FICHES, *REFUS), ("23 824", "Élie Calque", "Charlie Épreuve")),
    (COLLECTIVE, "comite"): ((*FICHES, *REFUS, "990,00"), ("Maxime Témoin",)),
    (COLLECTIVE, "dla"): (FICHES, ("23 824", "Charlie Épreuve", *REFUS)),
    # Two are chosen: each reads the name of the other where both sign, and nothing else of him.
    (DEUX, "prestataire:alpha"): (
        (*DE_BETA, *GAMMA, *CHOIX, *SATISFACTION, *PLAN, "Un entretien par poste"),
        ("7 040", *NOMS, *DIRIGEANTE, *REMARQUES),
    ),
    (DEUX, "prestataire:beta"): (
        (*D_ALPHA, *GAMMA, *CHOIX, *SATISFACTION, *PLAN),
        ("9 000,00", "9000.00", "Un entretien par poste", *NOMS, *DIRIGEANTE, *REMARQUES),
    ),
    (DEUX, "prestataire:gamma"): (
        (*ALPHA, *BETA, *CHOIX, *DIRIGEANTE, *SATISFACTION, *REMARQUES, *PLAN),
        ("Bureau d'études Gamma Exemple", "Association Exemple"),
    ),
    (DEUX, "structure"): (
        (*GAMMA, *REMARQUES),
        ("7 040", "9 000,00", *NOMS, *CHOIX, *SATISFACTION, *DIRIGEANTE, *PLAN),
    ),
    (DEUX, "comite"): (
        (*GAMMA, *CHOIX, *DIRIGEANTE, *SATISFACTION, "7 040", "880 €", "9 000,00", "9000.00"),
        (*PLAN, *NOMS),
    ),
    (DEUX, "dla"): (
        ("Maxime Témoin",),
        ("7 040", "9 000,00", *DECLINE, *NOMS, *CHOIX, *DIRIGEANTE),
    ),
}
IN_PDF = (  # one of each recipient: a PDF is made of the Word file, which the others are read in
    (INDIVIDUELLE, "prestataire:beta"),
    (INDIVIDUELLE, "comite"),
    (COLLECTIVE, "prestataire"),
    (COLLECTIVE, "structure"),
    (COLLECTIVE, "dla"),
    (DEUX, "prestataire:beta"),
)


@cache
def the(name: str) -> Mission:
    """La mission d'un exemple, ou celle dont deux prestataires sont retenus."""
    found = load_mission(sample_path(name)) if name != DEUX else loaded(INDIVIDUELLE, two_chosen())
    assert isinstance(found, Mission)
    return found


def two_chosen() -> dict[str, Any]:
    """Each has his own convention, sheet and grid, with words of his own; the report is of both."""
    second = own("fiche_prestataire", "beta")
    second["ressources"]["intervenants"] = [{"nom": "Sacha Prototype", "fonction": "Gérante"}]
    second["autres"] = {"reseaux": "Un entretien par poste"}
    report, told = "documents.rapport_final", raw(INDIVIDUELLE)["documents"]["rapport_final"]
    given = {"description": "Quatre pages", "remise_le": "28/10/2005"}
    productions = {f"beta_p{rank}": given for rank in (1, 2, 3, 4)}
    steps = {f"beta_e{rank}": {"commentaire": "Une séance de plus"} for rank in (1, 2, 3)}
    return {
        **each(),
        "documents.fiche_prestataire": [own("fiche_prestataire", "alpha"), second],
        f"{report}.etapes": {**told["etapes"], **steps},
        f"{report}.productions": {**told["productions"], **productions},
    }


def found_in(folder: Path, forbidden: tuple[str, ...]) -> list[tuple[str, str]]:
    """Ce qui n'aurait pas dû y être, et où."""
    held = {place: flat(text).replace("\\n", "") for place, text in everything(folder)}  # in JSON
    whole = "\n".join(held.values())
    found = [word for word in forbidden if flat(word) in whole]
    return [(word, place) for word in found for place in held if flat(word) in held[place]]


@pytest.mark.parametrize(
    ("name", "to"),
    [
        case if rank < 2 else long(*case)
        for rank, case in enumerate(case for case in CASES if case not in IN_PDF[1:])
    ],
)
def test_nothing_of_what_is_not_theirs_is_in_any_part_of_any_file(
    name: str, to: str, tmp_path: Path
) -> None:
    check_handed(name, to, tmp_path)


def check_handed(name: str, to: str, folder: Path, **options: Any) -> None:
    """Le dossier d'un destinataire ne dit rien de ce qui lui est caché, et tout le reste."""
    forbidden, allowed = CASES[name, to]
    assert make_dossier(the(name), folder, destinataire=to, **options).refus == ()
    fields = not_theirs(name, to) if name != DEUX else {}
    assert name == DEUX or len(fields) > 10  # each field of theirs, and each price
    assert [(*one, fields.get(one[0])) for one in found_in(folder, (*forbidden, *fields))] == []
    held = "\n".join(flat(text) for _, text in everything(folder))
    assert [word for word in (*allowed, "Remis à") if flat(word) not in held] == []


@pytest.mark.parametrize("name", [INDIVIDUELLE, long(COLLECTIVE), long(DEUX)])
def test_the_archive_has_all_of_it(name: str, tmp_path: Path) -> None:
    assert make_dossier(the(name), tmp_path).refus == ()
    held = "\n".join(flat(text) for _, text in everything(tmp_path))
    words = {word for (of, _), both in CASES.items() if of == name for one in both for word in one}
    never_said = {"votre fiche reste au portefeuille", "La réunion de lancement est fixée"}
    assert {word for word in words if flat(word) not in held} == (
        never_said if name == DEUX else set()  # nobody is notified there
    )
    if name != DEUX:
        said = held.replace("\\n", "")
        lost = [text for _, text in leaves(name) if len(text) > 9 and flat(text) not in said]
        assert [text for text in lost if not WRITTEN_OTHERWISE.fullmatch(text)] == []


WRITTEN_OTHERWISE = re.compile(r"[a-z_]+|\d\d/\d\d/\d{4}|[\d ,]+€( TTC)?|0\d( \d\d){4}|\d+ j")
"""Un choix, une date, un montant, un téléphone, une durée : gardés sous une autre forme."""


@pytest.mark.lent
@pytest.mark.parametrize(("name", "to"), IN_PDF)
def test_the_pdf_files_say_no_more(
    name: str, to: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "convert_many", converted_once)
    check_handed(name, to, tmp_path, pdf=True)
    made = [path.name for path in tmp_path.glob("*.pdf")]
    assert len(made) == len([*tmp_path.glob("*.docx")]) + 1 and "dossier complet.pdf" in made
    places = {place for place, _ in everything(tmp_path)}
    assert any(".pdf > pages" in place for place in places)
    said = [text for place, text in everything(tmp_path) if ".pdf > objet" in place]
    for read in ('"donnees"', "pdfaid:part", "/Title"):  # attachment, metadata, bookmarks
        assert any(read in text for text in said), read


MADE: dict[bytes, bytes] = {}
CONVERT = pdf.convert_many


def converted_once(sources: Any, to: str, *, data: Any, **options: Any) -> Any:
    """Les mêmes PDF, où celui de deux dossiers n'est fait qu'une fois."""
    known = {name: sha256(docx + data(name)).digest() for name, docx in sources}
    new = [(name, docx) for name, docx in sources if known[name] not in MADE]
    for name, made in CONVERT(new, to, data=data, **options):
        assert isinstance(made, bytes), made
        MADE[known[name]] = made
    return [(name, MADE[known[name]]) for name, _ in sources]


def test_who_it_is_for_is_said_and_kept_apart(tmp_path: Path, capsys: Any) -> None:
    mission = str(sample_path("mission_simplifiee"))
    assert run(["dossier", mission, "-o", str(tmp_path / "a"), "--destinataire", "structure"]) == 0
    kept = json.loads((tmp_path / "a/manifeste.json").read_text(encoding="utf-8"))
    assert kept["destinataire"] == "structure" and kept["mission"]["fichiers"] == []
    capsys.readouterr()
    for words in (["--destinataire", "comite"], []):
        assert run(["dossier", mission, "-o", str(tmp_path / "a"), *words]) == 2
        assert flat("d'un autre destinataire (structure)") in flat(capsys.readouterr().err)
    apart = ["dossier", mission, "-o", str(tmp_path / "b"), "--destinataire"]
    assert run([*apart, "prestataire:beta"]) == 0 and run([*apart, "prestataire"]) == 2
    said = flat(capsys.readouterr().err)
    assert flat("(prestataire:beta) : celui-ci (prestataire:alpha)") in said
    shutil.rmtree(tmp_path / "b")
    for word, said in (("maire", "n'existe pas"), ("prestataire:delta", "les clés sont : alpha")):
        words = ["dossier", mission, "-o", str(tmp_path / "b"), "--destinataire", word]
        assert run(words) == 2 and flat(said) in flat(capsys.readouterr().err)
    with pytest.raises(InputError, match="brouillon ne se remet pas"):
        make_dossier(mission, tmp_path / "b", brouillon=True, destinataire="comite")
    assert not (tmp_path / "b").exists()


def test_a_handed_folder_holds_nothing_that_no_manifest_tells(tmp_path: Path, capsys: Any) -> None:
    """Sans le manifeste de l'archive, ou s'il ne se lit plus, ses fichiers resteraient."""
    mission = str(sample_path("mission_simplifiee"))
    for rank, left in enumerate((None, "{")):
        where = tmp_path / str(rank)
        assert run(["dossier", mission, "-o", str(where)]) == 0
        (where / "manifeste.json").unlink()
        if left:
            (where / "manifeste.json").write_text(left, encoding="utf-8")
        held = {path.name: path.read_bytes() for path in where.iterdir()}
        capsys.readouterr()
        assert run(["dossier", mission, "-o", str(where), "--destinataire", "comite"]) == 2
        assert flat("son manifeste ne nomme pas") in flat(capsys.readouterr().err)
        assert {path.name: path.read_bytes() for path in where.iterdir()} == held


def test_a_handed_folder_is_of_one_mission(tmp_path: Path, capsys: Any) -> None:
    words = ["-o", str(tmp_path / "a"), "--destinataire", "structure"]
    mission = str(sample_path("mission_simplifiee"))
    assert run(["dossier", mission, *words]) == run(["dossier", mission, *words]) == 0
    (tmp_path / "a/.visible_par_personne").touch()
    assert run(["dossier", mission, *words]) == 0
    capsys.readouterr()
    assert run(["dossier", str(sample_path(INDIVIDUELLE)), *words]) == 2
    assert flat("d'une autre mission") in flat(capsys.readouterr().err)


def without_grid(data: Any) -> None:
    """La mission dont la grille s'est révélée celle d'une autre."""
    del data["documents"]["grille_de_lecture"]


@pytest.mark.parametrize("hand", [False, long(True)])
def test_what_they_no_longer_have_to_read_does_not_stay(
    hand: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ôté ; ce qu'une main y a fait n'est nulle part ailleurs : il reste, et il est nommé."""
    where = tmp_path / "d"
    mission = changed("mission_simplifiee", tmp_path / "essai", lambda data: None)
    words = ["dossier", str(mission), "-o", str(where), "--destinataire", "structure"]
    assert run(words) == 0
    [grid] = where.glob("*Grille*.docx")
    if hand:
        grid.write_bytes(by_hand(grid.read_bytes()))
    changed("mission_simplifiee", tmp_path / "essai", without_grid)
    for again in range(2):  # it is said, as long as it is there
        capsys.readouterr()
        assert run(words) == 1  # a grid is due
        out, err = map(flat, capsys.readouterr())
        assert grid.exists() is hand
        assert (flat(f"n'a plus à le lire : {grid}") in out) is (not hand and not again)
        assert (flat("le destinataire le lirait") in err and flat(grid.name) in err) is hand
    kept = json.loads((where / "manifeste.json").read_text(encoding="utf-8"))
    assert kept["anciens"] == ([grid.name] if hand else [])
    told = {one["nom"] for one in kept["fichiers"]} | {"manifeste.json", *kept["anciens"]}
    assert {path.name for path in where.iterdir()} == told


def test_nothing_of_what_they_have_not_to_read_is_kept_as_a_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mission, where = str(sample_path("mission_simplifiee")), tmp_path / "d"
    words = ["dossier", mission, "-o", str(where), "--destinataire", "structure"]
    assert run([*words, "--remplacer"]) == 2 and not where.exists()
    assert flat("une copie de ce qu'il remplace") in flat(capsys.readouterr().err)
    (where / ".sauvegardes/x").mkdir(parents=True)  # of the archive that was there
    assert run(words) == 2
    assert flat("son manifeste ne nomme pas") in flat(capsys.readouterr().err)
    (where / ".sauvegardes/x").rmdir()
    (where / ".sauvegardes").rmdir()
    assert run(words) == 0
    (where / ".sauvegardes").mkdir()  # of his own, since
    capsys.readouterr()
    assert run(words) == 0
    assert flat("copies ne se remettent pas") in flat(capsys.readouterr().err)


def test_who_the_call_does_not_name_is_named_nowhere(tmp_path: Path) -> None:
    """À l'appel à compétences, la structure n'est pas dite : ni sommaire, ni preuve, ni manifeste
    ne la disent à qui n'a que lui ; le retenu, dont la notification la nomme, l'y lit.
    """
    mission = load_mission(sample_path("mission_simplifiee"))
    name, siret = "Exemple du Jardin partagé", "000 000 091"
    for again in range(2):
        made = make_dossier(mission, tmp_path / "beta", destinataire="prestataire:beta")
        assert made.refus == () and len(made.fichiers) == 1, again
    assert found_in(tmp_path / "beta", (name, siret, siret.replace(" ", ""))) == []
    make_dossier(mission, tmp_path / "alpha", destinataire="prestataire:alpha")
    told = {place.split(" > ")[0] for _, place in found_in(tmp_path / "alpha", (name,))}
    pages = {"00 – Sommaire.docx", "conformite.docx", "conformite.json", "manifeste.json"}
    assert pages < told
    unsaid = mission.model_copy(update={"reference": None})  # nothing tells it from another mission
    for _ in range(2):
        make_dossier(unsaid, tmp_path / "sans", destinataire="prestataire:beta")


def test_in_a_simplified_procedure_the_complete_file_goes_to_whom_it_was_sent(
    tmp_path: Path,
) -> None:
    """« Puis le diagnostic et le cahier des charges sont envoyés au prestataire retenu » : celui
    qui décline n'a que son appel, et rien ne lui nomme la structure ; celui à qui la mission dit
    les avoir envoyés, et qui n'est pas encore retenu, les a.
    """
    held = raw(INDIVIDUELLE)["documents"]
    kinds = ("diagnostic_partage", "cahier_des_charges")
    complete = {f"documents.{kind}": held[kind] for kind in (*kinds, "plan_accompagnement")}
    mission = loaded("mission_simplifiee", complete)
    make_dossier(mission, tmp_path / "beta", destinataire="prestataire:beta")
    made = manifest(tmp_path / "beta")["fichiers"]
    assert not {one["sorte"] for one in made} & {*kinds}
    assert found_in(tmp_path / "beta", ("Exemple du Jardin partagé",)) == []
    before = {"mise_en_concurrence.retenu": None, "documents.notification_de_choix": None}
    for name, changes in (("alpha", {}), ("avant", before)):
        mission = loaded("mission_simplifiee", complete | changes)
        make_dossier(mission, tmp_path / name, destinataire="prestataire:alpha")
        assert {one["sorte"] for one in manifest(tmp_path / name)["fichiers"]} >= {*kinds}, name


def test_montrer_says_whose_data_what_for_and_who_reads_it(capsys: Any) -> None:
    assert run(["montrer", "proposition"]) == 0
    said = flat(capsys.readouterr().out)
    assert flat("intervenants[].age : intervenant du prestataire, pour donner le CV") in said
    assert flat("conservation non dite par les guides ; lue par le prestataire retenu") in said


def test_a_text_that_names_a_competitor_keeps_its_document_back(tmp_path: Path) -> None:
    mission = load_mission(sample_path(INDIVIDUELLE))
    [specification] = mission.documents["cahier_des_charges"]
    named = specification.model_copy(
        update={
            "demande": specification.demande.model_copy(  # type: ignore[attr-defined]
                update={"origine": "La Coopérative Bêta Exemple l'a préparée."}
            )
        }
    )
    changed = mission.model_copy(
        update={"documents": {**mission.documents, "cahier_des_charges": (named,)}}
    )
    made = make_dossier(changed, tmp_path, destinataire="prestataire:alpha")
    [(name, error)] = made.refus
    assert "Cahier des charges" in name and "demande.origine)" in error.constats[0].message
    assert not any("Bêta" in text for _, text in everything(tmp_path))


@pytest.mark.lent
def test_sheets_enough_are_handed_without_their_names(tmp_path: Path) -> None:
    mission = load_mission(sample_path(COLLECTIVE))
    sheets = mission.documents["evaluation_collective"]
    more = mission.model_copy(
        update={"documents": {**mission.documents, "evaluation_collective": (*sheets, *sheets)}}
    )
    made = make_dossier(more, tmp_path, destinataire="prestataire")
    assert sum("Grille d'évaluation" in path.name for path in made.fichiers) == 6
    held = "\n".join(text for _, text in everything(tmp_path))
    assert word_in("Le patrimoine aurait pu avoir plus de place", held)
    assert not word_in("Yaël Pochoir", held)


@pytest.mark.lent
@examples(60)
@given(document=documents())
def test_a_hidden_field_leaves_no_trace_whatever_the_document(document: Document) -> None:
    """Chaque texte est rendu unique ; l'arbre dit lesquels chacun lit."""
    marked, places = with_marks(document)
    for who in Destinataire:
        seen = without(marked, Remise(who).hides)
        hidden = {mark for mark, path in places.items() if not reads(type(marked), path, who)}
        octets = fill(resolve(seen, "national", brouillon=True))
        said = "\n".join(text for _, text in parts_of(octets, ""))
        assert [mark for mark in hidden if mark in said] == [], who
        kept = set(re.findall(r"secret\d{5}", seen.model_dump_json()))
        assert kept == places.keys() - hidden, who


def reads(model: type[Document], path: str, who: Destinataire) -> bool:
    """Si ce destinataire lit ce champ, d'après l'arbre, et sans passer par ce qui cache."""
    node = model.schema_node()
    for name in re.sub(r"\[\d+\]", "", path).split("."):
        node = node.children[name]
    free = who is Destinataire.ARCHIVE or node.personal is None
    declared = path.rpartition(".")[2] == "commentaire_prestataire"
    if declared and who is Destinataire.STRUCTURE:
        return False
    return free or who in ((node.personal and node.personal.lue_par(node.contact)) or ())


def with_marks(document: Document) -> tuple[Document, dict[str, str]]:
    """Le document dont chaque texte libre est un mot que rien d'autre ne dit, et où il est."""
    places: dict[str, str] = {}

    def marked(value: Any, path: str) -> Any:
        if isinstance(value, Bloc):
            kept = type(value).schema_node().children
            names = [name for name in type(value).model_fields if name in kept and name != "cle"]
            new = {name: marked(getattr(value, name), f"{path}.{name}") for name in names}
            return value.model_copy(update=new)
        if isinstance(value, tuple):
            return tuple(marked(row, f"{path}[{rank}]") for rank, row in enumerate(value))
        free = isinstance(value, str) and type(value) is str and not UNFREE.search(path)
        if not free:
            return value
        mark = f"secret{len(places):05d}"
        places[mark] = path.lstrip(".")
        return mark

    made: Document = marked(document, "")
    return made, places


UNFREE = re.compile(r"\.(profil|stade|fichier|charte[.\w]*|telephone|courriel|site|siret|rna)$")
