"""Le dossier que reçoit chacun : rien, dans aucune partie d'aucun fichier, de ce qu'il n'a pas à
lire, et tout le reste.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given

from dla_docs import Document, InputError
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
from tests import as_keyed, examples, long
from tests.pdf_checks import pdf_text
from tests.strategies import documents

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
INDIVIDUELLE, COLLECTIVE = "mission_individuelle", "mission_collective"

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
    (INDIVIDUELLE, "dla"): (GAMMA, ("7 040", "9 000,00", *CHOIX, *DIRIGEANTE)),
    (COLLECTIVE, "prestataire:beta"): (
        ("Bureau d'études Gamma", "Maxime Témoin", "23 824", "990,00", "décline", *RENCONTRES),
        ("Réseau départemental Exemple", "Pérenniser un réseau départemental"),
    ),
    (COLLECTIVE, "prestataire"): (
        (*FICHES, "Coopérative Bêta", "Cabinet Alpha"),
        ("23 824", "Maxime Témoin"),
    ),
    (COLLECTIVE, "structure"): (FICHES, ("23 824", "Élie Calque", "Charlie Épreuve")),
    (COLLECTIVE, "comite"): ((*FICHES, "990,00"), ("Maxime Témoin",)),
    (COLLECTIVE, "dla"): (FICHES, ("23 824", "Charlie Épreuve")),
}


@pytest.mark.parametrize(
    ("name", "to"),
    [case if rank < 2 else long(*case) for rank, case in enumerate(CASES)],
)
def test_nothing_of_what_is_not_theirs_is_in_any_part_of_any_file(
    name: str, to: str, tmp_path: Path
) -> None:
    forbidden, allowed = CASES[name, to]
    assert make_dossier(sample_path(name), tmp_path, destinataire=to).refus == ()
    held = dict(everything(tmp_path))
    assert [
        (word, place) for word in forbidden for place in held if word_in(word, held[place])
    ] == []
    assert [word for word in allowed if not any(word_in(word, one) for one in held.values())] == []
    assert any(word_in("Remis à", text) for text in held.values())


@pytest.mark.parametrize("name", [INDIVIDUELLE, long(COLLECTIVE)])
def test_the_archive_has_all_of_it(name: str, tmp_path: Path) -> None:
    make_dossier(sample_path(name), tmp_path)
    held = "\n".join(text for _, text in everything(tmp_path))
    words = {word for (of, _), both in CASES.items() if of == name for one in both for word in one}
    only_in_the_mission = {*GAMMA, "décline", "Cabinet Alpha", "Coopérative Bêta"}
    absent = {word for word in words if not word_in(word, held)}
    assert absent <= only_in_the_mission


@pytest.mark.lent
def test_the_pdf_files_say_no_more(tmp_path: Path) -> None:
    make_dossier(sample_path(INDIVIDUELLE), tmp_path, pdf=True, destinataire="prestataire:beta")
    forbidden, _ = CASES[INDIVIDUELLE, "prestataire:beta"]
    held = dict(everything(tmp_path))
    assert sum(place.endswith(".pdf") for place in held) > 5
    assert [
        (word, place) for word in forbidden for place in held if word_in(word, held[place])
    ] == []


def test_who_it_is_for_is_said_and_kept_apart(tmp_path: Path, capsys: Any) -> None:
    mission = str(sample_path("mission_simplifiee"))
    assert run(["dossier", mission, "-o", str(tmp_path / "a"), "--destinataire", "structure"]) == 0
    kept = json.loads((tmp_path / "a/manifeste.json").read_text(encoding="utf-8"))
    assert kept["destinataire"] == "structure" and kept["mission"]["fichiers"] == []
    capsys.readouterr()
    for words in (["--destinataire", "comite"], []):
        assert run(["dossier", mission, "-o", str(tmp_path / "a"), *words]) == 2
        assert flat("d'un autre destinataire") in flat(capsys.readouterr().err)
    for word, said in (("maire", "n'existe pas"), ("prestataire:delta", "les clés sont : alpha")):
        words = ["dossier", mission, "-o", str(tmp_path / "b"), "--destinataire", word]
        assert run(words) == 2 and flat(said) in flat(capsys.readouterr().err)
    with pytest.raises(InputError, match="brouillon ne se remet pas"):
        make_dossier(mission, tmp_path / "b", brouillon=True, destinataire="comite")
    assert not (tmp_path / "b").exists()


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
    assert "Cahier des charges" in name and "(demande.origine)" in error.constats[0].message
    assert not any("Bêta" in text for _, text in everything(tmp_path))


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
        said = "\n".join(text for _, text in parts_of(octets))
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


def everything(folder: Path) -> Iterator[tuple[str, str]]:
    """Chaque fichier d'un dossier : son nom, et tout ce que disent ses parties."""
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        yield f"le nom de {path.name}", path.name
        if path.suffix in (".docx", ".pptx"):
            for name, text in parts_of(content):
                yield f"{path.name} > {name}", text
        elif path.suffix == ".pdf":
            yield path.name, pdf_text(content) + "\n".join(within(content))
        else:
            yield path.name, content.decode()


def within(pdf: bytes) -> Iterator[str]:
    """Les propriétés, les métadonnées, les signets et les pièces jointes d'un PDF."""
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        yield from map(str, document.docinfo.values())
        for one in document.objects:
            if isinstance(one, pikepdf.Stream) and one.get("/Type") in (
                "/Metadata",
                "/EmbeddedFile",
            ):
                yield one.read_bytes().decode()
            elif isinstance(one, pikepdf.Dictionary) and "/Title" in one:
                yield str(one.Title)


def parts_of(docx: bytes) -> Iterator[tuple[str, str]]:
    """Chaque partie d'un fichier Word ou PowerPoint, telle quelle et sans ses balises."""
    import io

    with ZipFile(io.BytesIO(docx)) as package:
        for name in package.namelist():
            raw = package.read(name)
            if not name.endswith((".xml", ".rels")):
                yield name, name
                continue
            text = unescape(raw.decode("utf-8"))
            yield name, f"{text}\n{unescape(re.sub('<[^>]+>', '', raw.decode('utf-8')))}"


def word_in(word: str, text: str) -> bool:
    return flat(word) in flat(text)


def flat(text: str) -> str:
    return "".join(as_keyed(text).split()).casefold()
