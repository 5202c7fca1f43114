"""Un logo abîmé, d'une autre sorte ou trop grand est refusé d'une phrase ; les autres s'impriment à
leurs proportions.
"""

from __future__ import annotations

import io
import struct
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Picture

from dla_docs import DOCUMENTS, check, load, render
from dla_docs.cli.application import run
from dla_docs.errors import InputError
from dla_docs.model.bloc import bloc_of
from dla_docs.model.document import Document
from dla_docs.profils.loading import load_profil
from dla_docs.resources import sample_path
from dla_docs.stages.logos import PLACEHOLDERS, logos
from dla_docs.templating import Image
from dla_docs.word.package import open_package, parse_part
from dla_docs.word.page import text_of
from tests.corpus import specimens, without

CAHIER = sample_path("cahier_des_charges").read_text(encoding="utf-8")
LOGO = "\n  logo: {fichier: logo.png, texte_alternatif: Logo de l'opérateur}\n"


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (40, 20)) -> bytes:
    drawn = Picture.effect_noise(size, 60).convert(mode)
    drawn.save(target := io.BytesIO(), kind)
    return target.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))


def huge_png(width: int, height: int) -> bytes:
    head = struct.pack(">2L5B", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.fixture
def cahier(tmp_path: Path) -> Document:
    """A document whose operator's logo is the file « logo.png » beside it."""
    path = tmp_path / "cahier.yaml"
    path.write_text(CAHIER.replace("\noperateur:\n", f"\noperateur:{LOGO}", 1), encoding="utf-8")
    document = load(path)
    assert isinstance(document, Document)
    return document


def width_of(content: bytes, document: Document) -> float | None:
    """The width of that logo on the page, in centimetres."""
    (document._dossier / "logo.png").write_bytes(content)
    [image] = logos(document, load_profil("national")).porteurs
    assert isinstance(image, Image)
    return image.width_cm


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_logo_keeps_its_proportions(kind: str, mode: str, cahier: Document) -> None:
    assert width_of(picture(kind, mode), cahier) == 2.8


REFUSED = {
    "CMJN": (picture("JPEG", "CMYK"), "est un JPEG en quadrichromie (CMJN)"),
    "tronqué à 160": (picture("JPEG")[:160], "est un JPEG abîmé ou incomplet"),
    "tronqué à 20": (picture("PNG")[:20], "est un PNG abîmé ou incomplet"),
    "sa moitié": (picture("PNG")[:-300], "est un PNG abîmé ou incomplet"),
    "sans un point": (huge_png(0, 8), "est un PNG abîmé ou incomplet"),
    "trop grand": (huge_png(60_000, 60_000), "a plus de 50 millions de points"),
    "trop lourd": (picture("PNG") + bytes(5_000_000), "dépasse 5 Mo"),
    "GIF": (picture("GIF", "L"), "est un fichier GIF ; il faut une image PNG ou JPEG"),
    "texte": (b"un texte", "n'est pas une image PNG ou JPEG"),
    "vide": (b"", "n'est pas une image PNG ou JPEG"),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_another_file_is_refused_with_its_name_and_what_it_is(
    content: bytes, said: str, cahier: Document
) -> None:
    with pytest.raises(InputError) as refusal:
        width_of(content, cahier)
    [constat] = refusal.value.constats
    assert constat.message.startswith(f"Le logo « logo.png » {said}")
    assert constat.fichier == "logo.png" and constat.conseil


@given(
    content=st.sampled_from([picture("PNG", size=(6, 4)), picture("JPEG", size=(6, 4))]),
    cut=st.integers(0, 700),
    flips=st.lists(st.tuples(st.integers(0, 700), st.integers(1, 255)), max_size=3),
)
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_was_damaged_the_answer_is_a_size_or_one_sentence(
    content: bytes, cut: int, flips: list[tuple[int, int]], cahier: Document
) -> None:
    damaged = bytearray(content[: max(0, len(content) - cut)] if cut < 350 else content)
    for place, mask in flips:
        if place < len(damaged):
            damaged[place] ^= mask
    try:
        assert width_of(bytes(damaged), cahier)
    except InputError as error:
        assert len(error.constats) == 1
        assert "« logo.png »" in error.constats[0].message


def test_the_command_says_it_and_writes_nothing(
    cahier: Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logo.png").write_bytes(picture("JPEG")[:160])
    made = tmp_path / "c.docx"
    assert run(["produire", str(tmp_path / "cahier.yaml"), "-o", str(made)]) == 2
    assert "« logo.png » est un JPEG abîmé" in " ".join(capsys.readouterr().err.split())
    assert not made.exists()


def test_a_logo_that_is_not_there_is_named_with_its_folder(cahier: Document) -> None:
    with pytest.raises(InputError) as caught:
        logos(cahier, load_profil("national"))
    [constat] = caught.value.constats
    assert constat.message == "Le fichier du logo « logo.png » n'existe pas."
    assert f"Mettez-le dans le dossier « {cahier._dossier.name} »" in str(constat.conseil)


def test_the_verdict_warns_of_a_logo_that_is_not_there(cahier: Document) -> None:
    said = [one for one in check(cahier) if one.chemin == "operateur.logo.fichier"]
    assert [one.ligne for one in said] and "« logo.png » n'existe pas" in said[0].message
    (cahier._dossier / "logo.png").write_bytes(picture("PNG"))
    assert not [one for one in check(cahier) if one.chemin == "operateur.logo.fichier"]


def test_a_logo_drawn_anew_is_the_one_that_is_printed(tmp_path: Path, cahier: Document) -> None:
    for size in ((40, 20), (40, 40), (40, 20)):
        content = picture("PNG", size=size)
        (tmp_path / "logo.png").write_bytes(content)
        assert width_of(content, cahier) == pytest.approx(1.4 * size[0] / size[1])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows refuse les liens")
def test_a_link_that_leads_elsewhere_is_followed_again(tmp_path: Path, cahier: Document) -> None:
    link, outside = tmp_path / "logo.png", tmp_path.parent / f"{tmp_path.name}.png"
    for target in (tmp_path / "un.png", tmp_path / "deux.png", outside):
        target.write_bytes(content := picture("PNG"))
        link.unlink(missing_ok=True)
        link.symlink_to(target)
        if target is outside:
            with pytest.raises(InputError, match="un fichier de ce dossier"):
                logos(cahier, load_profil("national"))
        else:
            [image] = logos(cahier, load_profil("national")).porteurs
            assert isinstance(image, Image) and image.content == content


def test_a_logo_stays_within_its_box(cahier: Document) -> None:
    assert width_of(picture("PNG", size=(1000, 100)), cahier) == pytest.approx(4.2)
    assert width_of(picture("PNG", size=(100, 1000)), cahier) == pytest.approx(0.14)


def test_a_final_document_names_who_has_no_logo() -> None:
    document, profil = DOCUMENTS["cahier_des_charges"](), load_profil("npdc")
    draft, final = (logos(document, profil, definitif).financeurs for definitif in (False, True))
    assert all(isinstance(logo, Image) for logo in draft)
    assert final == [funder.nom for funder in profil.financeurs]


PLACES = {
    "nom": "DLA de l'essai",
    "structure_porteuse": "Association de l'essai",
    "logo_dla": {"fichier": "dla.png"},
    "logo": {"fichier": "operateur.png"},
    "financeurs": [{"nom": "Financeur de l'essai", "logo": {"fichier": "ddtefp.png"}}],
}
COVER = {"logo_dla": "logo_dla", "logo_operateur": "logo", "financeurs": "financeurs"}
ONE_OF_EACH = (  # a sheet, a wide one, a contract, a letter, a cover of its own
    "cahier_des_charges", "grille_de_suivi", "convention_tripartite", "notification_de_choix",
    "rapport_final",
)  # fmt: skip


def without_logos(slug: str) -> Document:
    """The sample of a kind, whose operator has no logo but their places."""
    model, data = DOCUMENTS[slug], without(specimens(slug)[0], ("document",))
    data["operateur"] = data.get("operateur", {}) | PLACES
    if cover := bloc_of(model, "couverture") if "couverture" in model.model_fields else None:
        names = COVER.keys() & cover.model_fields.keys()
        data["couverture"] = data.get("couverture", {}) | {one: PLACES[COVER[one]] for one in names}
    return model.model_validate(data).placed(dossier=PLACEHOLDERS)


@pytest.mark.parametrize("slug", ONE_OF_EACH)
def test_no_final_document_shows_the_place_of_a_logo(slug: str) -> None:
    """What a draft shows, a name says in a final document."""
    document = without_logos(slug)
    places = {one.read_bytes() for one in PLACEHOLDERS.glob("*.png")}
    draft, final = (
        open_package(render(document, brouillon=brouillon)) for brouillon in (True, False)
    )
    shown = [places & {*parts.values()} for parts in (draft, final)]
    stories = [name for name in final if name.startswith(("word/document", "word/header"))]
    said = " ".join(text_of(parse_part(final[name], name)) for name in stories)
    assert shown[0], "the draft shows none: nothing is tested"
    assert not shown[1]
    assert "Financeur de l’essai" in said
