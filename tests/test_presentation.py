"""La présentation d'un rapport final : ce qu'elle dit, où elle le dit, et ce qu'elle refuse. Elle
est relue par python-pptx, mesurée sur les polices elles-mêmes.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pptx
import pytest
import yaml
from PIL import ImageFont
from pptx.util import Pt

from dla_docs import DlaDocsError, Document, generate, load, present, render
from dla_docs.cli.application import run
from dla_docs.documents.rapport_final import DIAPORAMA, RapportFinal
from dla_docs.dossier import make_dossier
from dla_docs.resources import sample_path
from dla_docs.slides import layouts
from dla_docs.slides.metrics import HEIGHTS, USUAL_HEIGHT, Font
from dla_docs.slides.verification import verified
from dla_docs.stages.request import resolve
from dla_docs.word.archive import pack, write_archive
from tests import as_keyed, long
from tests.ooxml_validator import validate_ooxml

FONTS = Path("/usr/share/fonts/truetype")
FACES = {
    "Carlito": "crosextra/Carlito-{}.ttf",
    "Caladea": "crosextra/Caladea-{}.ttf",
    "Liberation Sans": "liberation/LiberationSans-{}.ttf",
    "Liberation Serif": "liberation/LiberationSerif-{}.ttf",
}
Data = dict[str, Any]


@cache
def sample() -> Document:
    document = load(sample_path("rapport_final"))
    assert isinstance(document, Document)
    return document


@cache
def shown() -> bytes:
    return present(sample())


def opened(octets: bytes) -> Any:
    return pptx.Presentation(io.BytesIO(octets))


def changed(change: Callable[[Data], None], folder: Path) -> Document:
    data = yaml.load(sample_path("rapport_final").read_text(encoding="utf-8"), yaml.BaseLoader)
    data["couverture"] = {}
    change(data)
    path = folder / "rapport.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    document = load(path)
    assert isinstance(document, Document)
    return document


def titles(octets: bytes) -> list[str]:
    return [as_keyed(slide.shapes.title.text) for slide in opened(octets).slides]


def slide_of(octets: bytes, titre: str) -> Any:
    slides = opened(octets).slides
    return next(one for one in slides if as_keyed(one.shapes.title.text).startswith(titre))


def rows(slide: Any) -> list[list[str]]:
    table = next(one.table for one in slide.shapes if one.has_table)
    return [[as_keyed(cell.text) for cell in row.cells] for row in table.rows]


def words(octets: bytes) -> str:
    """Tout texte de toute partie, sans les espaces."""
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        parts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    return "".join("".join(parts).split())


def problems(call: Callable[[], object]) -> str:
    with pytest.raises(DlaDocsError) as caught:
        call()
    return "\n".join(map(str, caught.value.constats))


def test_what_the_guide_asks_for_is_said_in_the_order_of_the_guide() -> None:
    assert titles(shown()) == [
        "Rapport final",
        "Rappel de la commande",
        "Objectifs visés",
        "Méthodologie employée",
        "Calendrier du travail réalisé",
        "Identité des intervenants",
        "Présentation du travail réalisé",
        "Actions concrètes de l'accompagnement",
        "Explications et difficultés rencontrées",
        "Productions remises",
        "Résultats obtenus, face aux résultats attendus",
        "Effets induits",
        "Observations et nouveaux besoins",
        "Plan d'actions : préconisations et échéancier",
        "Annexes : outils utilisés ou réalisés",
    ]
    results = rows(slide_of(shown(), "Résultats"))
    assert results[0] == ["Résultat attendu", "Résultat atteint"]
    assert results[2][0] == "Formalisation d'un plan de communication ciblé."
    assert results[2][1].startswith("Le plan de communication est écrit")
    actions = rows(slide_of(shown(), "Plan d'actions"))
    assert ["Former douze personnes en parcours avec l'organisme du chef-lieu", "Février 2014"] in (
        actions
    )
    assert rows(slide_of(shown(), "Calendrier"))[1] == [
        "Etape 1 : Lecture partagée de l'offre et de la demande",
        "du 09/04/2013 au 03/05/2013",
        "Présidente, directrice, quatre permanents, dix-huit clients",
    ]


def test_every_field_that_answers_the_guide_has_its_slide() -> None:
    said = {path for slide in DIAPORAMA.diapos for path in (*slide.champs, *slide.notes)}
    asked = {"RF-12", "RF-13", "RF-14", "RF-15", "RF-16"}
    wanted = {
        node.path.replace("[]", "")
        for node in RapportFinal.schema_node().walk()
        if {one.id for one in node.exigences} & asked
    }
    assert {path for path in wanted if not any(path.startswith(one) for one in said)} == set()


def test_the_speaker_has_what_the_guide_wants_and_what_is_not_on_the_slide() -> None:
    notes = as_keyed(slide_of(shown(), "Calendrier").notes_slide.notes_text_frame.text)
    assert "Calendrier précis du travail réalisé + identité des intervenants (RF-13)" in notes
    assert "4. Commentaire synthétique de l'étape : L'essai auprès des communes" in notes


def test_every_text_stands_in_a_place_of_its_layout_and_is_read_in_order() -> None:
    for slide in opened(shown()).slides:
        texts = [one for one in slide.shapes if one.has_text_frame or one.has_table]
        assert all(one.is_placeholder for one in texts)
        assert texts[0] == slide.shapes.title
        assert slide.slide_layout.name in ("Diapositive de titre", "Titre et contenu")
        for one in slide.shapes:
            alternative = one._element.xpath(".//p:cNvPr/@descr")
            assert one.has_text_frame or alternative[0]
        assert set(slide._element.xpath(".//a:r/a:rPr/@lang")) == {"fr-FR"}
    assert len(set(titles(shown()))) == len(titles(shown()))
    logos = [one for one in opened(shown()).slides[0].shapes if one.shape_type == 13]
    assert len(logos) == 6


def test_the_same_document_has_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    told = opened(shown()).core_properties
    assert (told.title, told.author) == ("Rapport final – DLA00-2013-07-C1", "DLA 00")
    assert str(told.modified) == "2013-09-27 00:00:00+00:00" or (
        str(told.modified) == "2013-09-27 00:00:00"
    )
    monkeypatch.setattr("time.time", lambda: 1.9e9)
    assert present(sample()) == shown()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1400000000")
    assert opened(present(sample())).core_properties.modified.year == 2014


def longest(data: Data) -> None:
    """Douze fois ce que dit l'exemple : rien n'y tient sur une diapositive."""
    for part, names in (("rappel", ("commande",)), ("travail", ("presentation", "difficultes"))):
        for name in names:
            data[part][name] = " ".join([data[part][name]] * 12)
    data["travail"]["actions"] = "\n".join([data["travail"]["actions"]] * 8)
    data["effets"] = "x" * 2500
    for name, grown in (("etapes", "personnes"), ("resultats", "atteint")):
        data[name] = [
            {**row, "cle": f"k{rank}", grown: " ".join([row[grown]] * (1 + 17 * (rank % 2)))}
            for rank, row in enumerate(data[name] * 3)
        ]
    data["suites"]["plan_d_actions"] *= 9
    data["annexes"] *= 15
    data["structures"] = [
        {"nom": f"Association intermédiaire de la vallée et des coteaux, section {rank}"}
        for rank in range(16)
    ]


@pytest.mark.lent
@pytest.mark.parametrize(
    ("police", "modele"),
    [("Caladea", False), long("Carlito", False), long("Liberation Sans", True)],
)
def test_no_text_leaves_its_box_with_the_longest_data(
    police: str, modele: bool, tmp_path: Path
) -> None:
    def longer(data: Data) -> None:
        longest(data)
        data["operateur"]["charte"] = {"police": police}

    template = tmp_path / "modele.pptx"
    pptx.Presentation().save(str(template))
    document = changed(longer, tmp_path)
    octets = present(document, brouillon=True, modele=template if modele else None)
    face = "Carlito" if modele else police  # the template of PowerPoint is in Calibri
    file = opened(octets)
    for slide in file.slides:
        for one in slide.shapes:
            high = one.top + one.height
            assert one.left >= 0 and one.left + one.width <= (file.slide_width or 0)
            assert one.top >= 0 and high <= (file.slide_height or 0)
            assert min((size for size in sizes_of(one)), default=14.0) >= 14
        body = next(one for one in slide.placeholders if one.placeholder_format.idx == 1)
        zone = next(
            one for one in slide.slide_layout.placeholders if one.placeholder_format.idx == 1
        )
        assert needed(body, face) <= zone.height / 12700
    cut = [titre for titre in titles(octets) if titre.startswith("Rappel de la commande")]
    assert cut == [f"Rappel de la commande ({rank}/{len(cut)})" for rank in range(1, len(cut) + 1)]
    assert len(cut) > 1


def sizes_of(shape: Any) -> Iterator[float]:
    return (int(size) / 100 for size in shape._element.xpath(".//a:r/a:rPr/@sz"))


def needed(shape: Any, face: str) -> float:
    """La hauteur que prend un texte, mesurée sur sa police, en points."""
    if shape.has_table:
        table = shape.table
        widths = [column.width / 12700 - 14.4 for column in table.columns]
        return sum(
            7.2
            + max(
                high(cell.text_frame, width, face)
                for cell, width in zip(row.cells, widths, strict=True)
            )
            for row in table.rows
        )
    return high(shape.text_frame, shape.width / 12700 - 14.4, face) + 7.2


def high(frame: Any, width: float, face: str) -> float:
    total = 0.0
    for paragraph in frame.paragraphs:
        run = paragraph.runs[0] if paragraph.runs else None
        size = run.font.size.pt if run is not None and run.font.size else 14.0
        indent = int(paragraph._p.xpath("string(a:pPr/@marL)") or 0) / 12700
        bold = bool(run is not None and run.font.bold)
        before = 6.0 if paragraph._p.xpath("a:pPr") else 0.0
        total += before + line_count(paragraph.text, width - indent, face, size, bold) * size * 1.15
    return total


def line_count(text: str, width: float, face: str, size: float, bold: bool) -> int:
    font, count, line = measured(face, bold), 1, ""
    for word in text.split(" "):
        longer = f"{line} {word}".strip()
        if font.getlength(longer) * size / 1000 <= width or not line:
            line = longer
        else:
            count, line = count + 1, word
    over = font.getlength(line) * size / 1000 / width
    return count + (int(over) if over > 1 and " " not in line else 0)


@cache
def measured(face: str, bold: bool) -> ImageFont.FreeTypeFont:
    path = FONTS / FACES[face].format("Bold" if bold else "Regular")
    if not path.exists():
        pytest.skip(f"la police {face} n'est pas installée")
    return ImageFont.truetype(str(path), 1000)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("bold", [False, True])
def test_the_widths_are_those_of_the_fonts(face: str, bold: bool) -> None:
    font = measured(face, bold)
    for sign in "aéŒW€« »’–ôñ0m":
        assert Font(face, 1000, bold).width(sign) == pytest.approx(font.getlength(sign), abs=1.5)
    assert all(value >= USUAL_HEIGHT for value in HEIGHTS.values())


def test_the_charte_dresses_it(tmp_path: Path) -> None:
    def dressed(data: Data) -> None:
        data["operateur"]["charte"] = {
            "couleur_principale": "1B2A6B",
            "police": "Liberation Serif",
            "pied_de_page": "Association Exemple d'appui",
        }

    octets = present(changed(dressed, tmp_path), brouillon=True)
    theme = zipfile.ZipFile(io.BytesIO(octets)).read("ppt/theme/theme1.xml").decode()
    assert '<a:dk2><a:srgbClr val="1B2A6B"/>' in theme and "Liberation Serif" in theme
    foot = [one.text for one in opened(octets).slides[3].shapes if "Pied" in one.name]
    assert list(map(as_keyed, foot)) == ["Association Exemple d'appui"]


def own_template(folder: Path) -> Path:
    """La présentation d'un opérateur, 4:3, avec ses diapositives et ses secrets."""
    file: Any = pptx.Presentation()
    slide = file.slides.add_slide(file.slide_layouts[1])
    slide.shapes.title.text = "SECRETDUTITRE"
    slide.notes_slide.notes_text_frame.text = "SECRETDESNOTES"
    file.core_properties.author = "SECRETDELAUTEUR"
    file.core_properties.comments = "SECRETDESCOMMENTAIRES"
    path = folder / "modele.pptx"
    file.save(str(path))
    return path


def test_an_operator_s_own_file_lends_its_layouts_and_nothing_else(tmp_path: Path) -> None:
    octets = present(sample(), modele=own_template(tmp_path))
    assert "SECRET" not in words(octets)
    assert titles(octets)[2:5] == [
        "Rappel de la commande",
        "Objectifs visés",
        "Méthodologie employée",
    ]
    file = opened(octets)
    assert file.slide_width == 9144000
    assert {slide.slide_layout.name for slide in file.slides} == {
        "Title Slide",
        "Title and Content",
    }
    assert all(place.has_table or place.has_text_frame for place in file.slides[5].placeholders)


def test_a_template_that_does_not_suit_is_refused_with_its_remedy(tmp_path: Path) -> None:
    file: Any = pptx.Presentation()
    file.slide_layouts[0]._element.cSld.set("name", "Accueil")
    text = file.slide_layouts[1].placeholders[1]._element
    text.getparent().remove(text)
    path = tmp_path / "modele.pptx"
    file.save(str(path))
    said = problems(lambda: present(sample(), modele=path))
    assert "La disposition « Diapositive de titre » manque à ce modèle, qui a : « Accueil »" in said
    assert "Masque des diapositives : renommez-en une ainsi" in said
    assert "La disposition « Titre et contenu » n'a pas de zone de texte." in said

    file = pptx.Presentation()
    title, text = list(file.slide_layouts[1].placeholders)[:2]
    place = (Pt(36), Pt(120), Pt(640))
    text.left, text.top, text.width, text.height = *place, Pt(40)
    title.left, title.top, title.width, title.height = Pt(36), Pt(20), Pt(100), Pt(60)
    file.save(str(path))
    assert "trop petite" in problems(lambda: present(sample(), modele=path))
    text.height = Pt(300)
    file.save(str(path))
    assert "ne tient pas dans la zone de titre" in problems(lambda: present(sample(), modele=path))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("texte.pptx", b"bonjour", "Ce n'est pas une présentation PowerPoint (.pptx)."),
        ("lettre.pptx", None, "Ce n'est pas une présentation PowerPoint (.pptx)."),
        ("coupe.pptx", b"PK\3\4 coupe", "Ce fichier est tronqué"),
    ],
)
def test_another_file_is_no_template(
    name: str, content: bytes | None, said: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(render(sample()) if content is None else content)
    assert said in problems(lambda: present(sample(), modele=tmp_path / name))


LINK = (
    b'<Relationship Id="rIdX" TargetMode="External" Target="http://exemple.fr/a.png" Type="http://'
    b'schemas.openxmlformats.org/officeDocument/2006/relationships/image"/></Relationships>'
)


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        (
            "[Content_Types].xml",
            b"presentationml.presentation.main",
            b"presentationml.template.main",
            "C'est un modèle PowerPoint (.potx).",
        ),
        (
            "ppt/_rels/presentation.xml.rels",
            b"</Relationships>",
            LINK,
            "va chercher ailleurs une partie de lui-même (« http://exemple.fr/a.png »)",
        ),
        ("ppt/slideMasters/slideMaster1.xml", b"<p:cSld>", b"<p:abime>", "est abîmé"),
        ("", b"", b"", "Ce modèle dépasse 50 Mo."),
    ],
)
def test_a_template_that_is_dangerous_or_damaged_is_refused(
    name: str,
    before: bytes,
    after: bytes,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with zipfile.ZipFile(own_template(tmp_path)) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    if name:
        assert before in parts[name]
        parts[name] = parts[name].replace(before, after)
    else:
        monkeypatch.setattr(layouts, "MAX_FILE", 1000)
        monkeypatch.setattr(layouts, "read_bytes", lambda path, most: Path(path).read_bytes())
    path = tmp_path / "autre.pptx"
    path.write_bytes(write_archive(pack(one, part) for one, part in parts.items()))
    assert said in problems(lambda: present(sample(), modele=path))


def test_macros_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(own_template(tmp_path)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    path = tmp_path / "macros.pptx"
    kept = {**parts, "ppt/vbaProject.bin": b"x"}
    path.write_bytes(write_archive(pack(name, part) for name, part in kept.items()))
    assert "macros" in problems(lambda: present(sample(), modele=path))


def test_it_is_refused_where_the_word_file_is(tmp_path: Path) -> None:
    document = changed(lambda data: data["resultats"][0].update(atteint=""), tmp_path)
    refused = problems(lambda: render(document))
    assert problems(lambda: present(document)) == refused and "Résultat atteint" in refused
    gap = rows(slide_of(present(document, brouillon=True), "Résultats"))[1][1]
    assert gap == "[Résultat atteint : à compléter]"


CHANGES: dict[str, tuple[str, str, str]] = {
    "une échéance ôtée": ("Février 2014", "", "devait être dit"),
    "un titre changé": ("Effets induits", "Effets", "ne sont pas celles du document"),
    "un texte ajouté": ("Modèle de fiche", "Et un modèle de fiche", "ne dit pas ce qu'elle devait"),
    "un corps trop petit": ('sz="2400"', 'sz="1200"', "moins de 14 points"),
    "une autre langue": ('lang="fr-FR"', 'lang="en-US"', "en français"),
    "une image muette": ('descr="Logo du DLA"', 'descr=""', "que rien ne décrit"),
    "un texte hors zone": ('<p:nvPr><p:ph idx="1"/></p:nvPr>', "<p:nvPr/>", "hors des zones"),
    "une note ôtée": ("1. Objectif", "2. Objectif", "Les notes"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_is_not_faithful_is_not_given(change: str) -> None:
    request = resolve(sample())
    assert verified(shown(), request, DIAPORAMA) == []
    was, now, said = CHANGES[change]
    with zipfile.ZipFile(io.BytesIO(shown())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    touched = {
        name: part.replace(was.encode(), now.encode()) if "lides/" in name else part
        for name, part in parts.items()
    }
    assert touched != parts
    faults = verified(
        write_archive(pack(name, part) for name, part in touched.items()), request, DIAPORAMA
    )
    assert said in "\n".join(map(str, faults))


def test_the_command_takes_a_report_or_its_mission(tmp_path: Path, capsys: Any) -> None:
    target = tmp_path / "restitution.pptx"
    assert run(["produire", str(sample_path("mission_individuelle")), "-o", str(target)]) == 0
    assert "Plan d'actions : préconisations et échéancier" in titles(target.read_bytes())
    other = tmp_path / "autre.pptx"
    assert run(["produire", str(sample_path("cahier_des_charges")), "-o", str(other)]) == 2
    said = capsys.readouterr().err
    assert "« Cahier des charges » ne se présente pas en diapositives." in said
    assert "se présente : Rapport final" in said and not other.exists()


def test_une_mission_deja_lue_se_presente_comme_son_fichier(tmp_path: Path) -> None:
    source = sample_path("mission_individuelle")
    of_file = generate(source, tmp_path / "un.pptx").fichier.read_bytes()
    already_read = generate(load(source), tmp_path / "deux.pptx").fichier.read_bytes()
    assert titles(of_file) == titles(already_read) != []


def test_without_the_extra_it_says_which(
    tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)
    target = tmp_path / "restitution.pptx"
    assert run(["produire", str(sample_path("rapport_final")), "-o", str(target)]) == 2
    assert 'pip install "dla-docs[pptx]"' in capsys.readouterr().err
    assert not target.exists()


@pytest.mark.lent
def test_a_dossier_without_the_extra_lists_it_as_not_made_and_says_why(
    tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)
    assert run(["dossier", str(sample_path("mission_collective")), "-o", str(tmp_path)]) == 1
    assert 'pip install "dla-docs[pptx]"' in " ".join(capsys.readouterr().err.split())
    assert not list(tmp_path.glob("*.pptx"))
    manifest = json.loads((tmp_path / "manifeste.json").read_text(encoding="utf-8"))
    (refused,) = manifest["pas_produits"]
    assert refused["nom"].endswith("Rapport final.pptx") and refused["raisons"]
    with zipfile.ZipFile(tmp_path / "00 – Sommaire.docx") as archive:
        summary = archive.read("word/document.xml").decode()
    assert "Sa présentation PowerPoint n’est pas produite" in summary


@pytest.mark.lent
def test_word_s_own_validator_finds_nothing_wrong_in_it(tmp_path: Path) -> None:
    """De l'exemple individuel, du collectif dans son dossier, et de ce qui est le plus long."""
    made = make_dossier(sample_path("mission_collective"), tmp_path / "d")
    collective = next(one for one in made.fichiers if one.suffix == ".pptx")
    alone, long_one = tmp_path / "individuelle.pptx", tmp_path / "longue.pptx"
    alone.write_bytes(shown())
    long_one.write_bytes(present(changed(longest, tmp_path), brouillon=True))
    found = validate_ooxml([collective, alone, long_one])
    assert {path.name: errors for path, errors in found.items() if errors} == {}


@pytest.mark.lent
def test_the_dossier_holds_it_for_whom_the_report_is(tmp_path: Path) -> None:
    mission = sample_path("mission_collective")
    secret = "personnes rencontrées"
    for who in ("archive", "comite"):
        made = make_dossier(mission, tmp_path / who, destinataire=who)
        path = next(one for one in made.fichiers if one.suffix == ".pptx")
        manifest = json.loads((tmp_path / who / "manifeste.json").read_text(encoding="utf-8"))
        row = next(one for one in manifest["fichiers"] if one["nom"] == path.name)
        assert row["sha256"] == sha256(path.read_bytes()).hexdigest()
        heads = [cell.casefold() for cell in rows(slide_of(path.read_bytes(), "Calendrier"))[0]]
        assert (secret in heads) is (who == "archive")
        with zipfile.ZipFile(tmp_path / who / "00 – Sommaire.docx") as archive:
            summary = archive.read("word/document.xml").decode()
        assert "Avec sa présentation PowerPoint (.pptx)" in summary
    again = make_dossier(mission, tmp_path / "archive")
    assert set(again.inchanges) == {*again.fichiers, *again.pieces}
