"""Le formulaire PDF par la ligne de commande : l'aller et retour, et ce qui ne se relit pas, dit en
une phrase.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from dla_docs import GrilleDeSuivi, Mission, load, read
from dla_docs.cli.application import run
from dla_docs.pdf import added_to, read_fields
from dla_docs.pdf.attachment import attach
from dla_docs.resources import sample_path
from dla_docs.stages.envelope import Enveloppe
from tests.documents.verdict import tenu
from tests.formulaire.formulaires import send
from tests.offices import need_office
from tests.pdf_forms import fill_pdf, named_fields

Change = Callable[[pikepdf.Pdf], object]
LEFT = Enveloppe("enquete_prestataire", donnees={"remarques": "RAS"}).to_json().encode()


@pytest.fixture
def office() -> None:
    """LibreOffice, or a skip that says what is missing."""
    need_office()


@pytest.mark.usefixtures("office")
def test_the_follow_up_travels_as_a_pdf_into_the_mission(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mission, form, back = (
        tmp_path / "mission" / "mission_individuelle.yaml",
        tmp_path / "suivi.pdf",
        tmp_path / "retour.pdf",
    )
    shutil.copytree(sample_path("mission_individuelle").parent, mission.parent)
    send(mission, form)
    answers = {
        "etapes[3].realise.personnes": "Présidente\nTrois salariés",
        "etapes[2].realise.dates": "mars peut-être",
    }
    back.write_bytes(fill_pdf(form.read_bytes(), answers))
    capsys.readouterr()
    assert run(["lire", str(back), "--dans", str(mission)]) == 1
    said = capsys.readouterr()
    assert "etapes[2].realise.dates" in said.err and "« mars peut-être »" in said.err
    loaded = load(mission)
    assert isinstance(loaded, Mission)
    assert (
        tenu(loaded.premier(GrilleDeSuivi)).etapes[3].realise.personnes
        == "Présidente\nTrois salariés"
    )
    assert run(["verifier", str(back)]) == 1


@pytest.mark.usefixtures("office")
def test_what_a_dla_adds_is_filled_and_read_too(tmp_path: Path) -> None:
    profil, form, made = (
        tmp_path / "notre_dla.yaml",
        tmp_path / "cahier.pdf",
        tmp_path / "cahier.yaml",
    )
    profil.write_text(PROFIL, encoding="utf-8")
    assert run(["trame", "cahier_des_charges", "--profil", str(profil), "-o", str(form)]) == 0
    with pikepdf.open(form) as document:
        field = dict(named_fields(document))["complements.accord"]
        assert "Accord du comité" in str(field.TU)
        assert [str(choice) for choice in field.Opt.as_list()] == ["Oui", "Non", "Sans objet"]
    form.write_bytes(fill_pdf(form.read_bytes(), {"complements.accord": "Oui"}))
    assert run(["lire", str(form), "--profil", str(profil), "-o", str(made)]) == 1
    assert "accord: Oui" in made.read_text(encoding="utf-8")


PROFIL = """cle: notre_dla
nom: Notre DLA
herite: centre
documents:
  cahier_des_charges:
    complements:
      accord: {libelle: Accord du comité, type: oui/non, apres: reference}
"""


@pytest.mark.usefixtures("office")
def test_a_final_pdf_is_read_from_the_data_it_carries(tmp_path: Path) -> None:
    made, data = tmp_path / "cahier.pdf", tmp_path / "cahier.yaml"
    assert run(["produire", str(sample_path("cahier_des_charges")), "-o", str(made)]) == 0
    assert run(["lire", str(made), "-o", str(data)]) == 0
    assert run(["verifier", str(data)]) == 0


def blank(change: Change = lambda document: None) -> bytes:
    """A page of text, and what is done to it."""
    output = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        document.pages[0].Resources = Dictionary(Font=Dictionary(F1=font))
        document.pages[0].Contents = document.make_stream(b"BT /F1 12 Tf (Bonjour) Tj ET")
        change(document)
        document.save(output)
    return output.getvalue()


def scan(document: pikepdf.Pdf) -> None:
    picture = document.make_stream(b"\0")
    picture.Type, picture.Subtype, picture.Width, picture.Height = Name.XObject, Name.Image, 1, 1
    picture.ColorSpace, picture.BitsPerComponent = Name.DeviceGray, 8
    document.pages[0].Resources = Dictionary(XObject=Dictionary(Im0=picture))
    document.pages[0].Contents = document.make_stream(b"q 600 0 0 800 0 0 cm /Im0 Do Q")


def with_form(*fields: Dictionary) -> Change:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.AcroForm = Dictionary(
            Fields=Array([document.make_indirect(field) for field in fields])
        )

    return change


def flattened(document: pikepdf.Pdf) -> None:
    sent = LEFT.replace(b'"donnees"', b'"page": [["", [["remarques", ""]]]], "donnees"')
    attach(document, sent)


def too_many(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(
        Fields=Array([document.make_indirect(Dictionary(T=String("x"))) for _ in range(20_100)])
    )


def endless(document: pikepdf.Pdf) -> None:
    node = document.make_indirect(Dictionary(T=String("a")))
    node.Kids = Array([node, node])
    document.Root.AcroForm = Dictionary(Fields=Array([node]))


def encrypted() -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(blank())) as document:
        document.save(output, encryption=pikepdf.Encryption(owner="x", user="secret"))
    return output.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (blank(flattened), "ont été aplatis"),
        (blank(scan), "imprimé puis numérisé"),
        (encrypted(), "protégé par un mot de passe"),
        (blank()[:100], "abîmé"),
        (b"%PDF-1.7\nrien", "abîmé"),
        (blank(), "il n'a aucun champ"),
        (
            blank(with_form(Dictionary(T=String("nom"), FT=Name.Tx, V=String("X")))),
            "n'est pas un document de dla_docs",
        ),
        (blank(endless), "il n'a aucun champ"),
        (blank(too_many), "nombre anormal de champs"),
        (
            blank(
                lambda document: setattr(
                    document.Root, "AcroForm", Dictionary(Fields=Array([3, String("x")]))
                )
            ),
            "abîmé",
        ),
    ],
    ids=[
        "aplati",
        "numérisé",
        "chiffré",
        "tronqué",
        "vide",
        "sans champ",
        "d'un autre",
        "sans fin",
        "énorme",
        "mal formé",
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(
    data: bytes, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "retour.pdf"
    path.write_bytes(data)
    assert run(["lire", str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err.replace("\n", " ") and "retour.pdf" in said.err
    assert said.err.count("\n") <= 2, said.err


def test_other_writers_of_answers_are_understood() -> None:
    """An answer in a stream, below its field, or in several choices; line ends of every system."""

    def change(document: pikepdf.Pdf) -> None:
        parent = document.make_indirect(Dictionary(T=String("conditions")))
        drawn = [
            document.make_indirect(Dictionary(Subtype=Name.Widget, V=String("dessus\rdessous")))
            for _ in range(2)
        ]
        parent.Kids = Array(
            [
                document.make_indirect(
                    Dictionary(
                        T=String("longue"),
                        FT=Name.Tx,
                        V=document.make_stream("œuvre\r\nd'été".encode("utf-16")),
                    )
                ),
                document.make_indirect(
                    Dictionary(T=String("dessinee"), FT=Name.Tx, Kids=Array(drawn))
                ),
                document.make_indirect(
                    Dictionary(T=String("choix"), FT=Name.Ch, V=Array([String("Oui")]))
                ),
                document.make_indirect(Dictionary(T=String("vide"), FT=Name.Tx)),
                document.make_indirect(Dictionary(T=String("case"), FT=Name.Btn, V=Name.Oui)),
            ]
        )
        document.Root.AcroForm = Dictionary(Fields=Array([parent]))

    assert read_fields(blank(change)) == (
        ("conditions.longue", "œuvre\nd'été"),
        ("conditions.dessinee", "dessus\ndessous"),
        ("conditions.choix", "Oui"),
        ("conditions.vide", ""),
        ("conditions.case", "Oui"),
    )


def test_un_champ_qu_un_programme_a_ote_en_laissant_un_vide_n_empeche_pas_de_lire() -> None:
    def change(document: pikepdf.Pdf) -> None:
        said = document.make_indirect(Dictionary(T=String("avis"), FT=Name.Tx, V=String("Oui")))
        document.Root.AcroForm = Dictionary(Fields=Array([None, said]))

    assert read_fields(blank(change)) == (("avis", "Oui"),)


def drawing(document: pikepdf.Pdf, text: str) -> pikepdf.Object:
    """Un champ de texte, sans nom, où ce texte est dessiné."""
    look = document.make_stream(f"/Tx BMC q BT /F1 10 Tf 2 4 Td ({text}) Tj ET Q EMC".encode())
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 200, 20])
    look.Resources = document.pages[0].Resources
    return document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            Rect=Array([50, 50, 250, 70]),
            AP=Dictionary(N=look),
        )
    )


@pytest.mark.parametrize(
    ("values", "drawn", "read_there", "added"),
    [
        (("Oui", "Non"), ("Oui", "Non"), ["Oui", "Non"], []),
        (("", ""), ("Oui", "Non, en mars"), ["Oui"], ["Non, en mars"]),
        (("", "Oui"), ("Oui", "Oui"), ["Oui"], []),
        (("", ""), ("Oui", "Oui"), ["Oui"], []),
    ],
    ids=["deux valeurs", "deux dessins", "la même, redite", "la même"],
)
def test_a_field_drawn_in_two_places_gives_both_of_its_answers(
    values: tuple[str, ...], drawn: tuple[str, ...], read_there: list[str], added: list[str]
) -> None:
    def change(document: pikepdf.Pdf) -> None:
        flattened(document)
        kids = [drawing(document, text) for text in drawn]
        field = document.make_indirect(
            Dictionary(T=String("remarques"), FT=Name.Tx, V=String("Oui"), Kids=Array(kids))
        )
        for kid, value in zip(kids, values, strict=True):
            kid.Parent = field
            if value:
                kid.V = String(value)
        document.Root.AcroForm = Dictionary(Fields=Array([field]))
        document.pages[0].Annots = Array(kids)

    pdf = blank(change)
    assert read_fields(pdf) == tuple(("remarques", text) for text in read_there)
    assert [(one.text, one.field) for one in added_to(pdf)] == [(one, "remarques") for one in added]


@pytest.mark.parametrize(
    ("value", "rich", "said"),
    [
        ("Oui, en mars", "<p>Non, en avril</p>", "mise en forme, que son champ ne tient pas"),
        ("", "<p>Non, en avril</p>", "mise en forme, que son champ ne tient pas"),
        ("Oui, sans avril", "<p>Oui</p>", "mise en forme, que son champ ne tient pas"),
        (
            "Oui, en mars",
            '<p><span style="text-decoration: line-through">Oui,</span> en mars</p>',
            "dont un texte est barré",
        ),
        ("Oui, en mars & avril", "<p><b>O</b>ui, en</p><p>mars &amp; avril</p>", ""),
    ],
)
def test_une_reponse_mise_en_forme_qui_dit_autre_chose_est_dite(
    value: str, rich: str, said: str
) -> None:
    """Un lecteur de PDF montre le texte mis en forme, et non la valeur."""

    def change(document: pikepdf.Pdf) -> None:
        flattened(document)
        made = drawing(document, value)
        made.T, made.FT, made.V = String("remarques"), Name.Tx, String(value)
        made.RV = String(f'<?xml version="1.0"?><body>{rich}</body>')
        document.Root.AcroForm = Dictionary(Fields=Array([made]), NeedAppearances=True)
        document.pages[0].Annots = Array([made])

    found = [one for one in added_to(blank(change)) if one.field == "remarques"]
    assert [said in one.what for one in found] == [True] * bool(said)


def test_un_second_formulaire_dans_le_pdf_est_dit() -> None:
    def change(document: pikepdf.Pdf) -> None:
        form = Dictionary(Fields=Array(), XFA=document.make_stream(b"<xdp/>"))
        document.Root.AcroForm = form

    assert [one.what[:26] for one in added_to(blank(change))] == ["un second formulaire (XFA)"]


@pytest.mark.parametrize(
    ("value", "anew", "said"),
    [
        ("", False, True),
        ("Oui, en mars", False, False),
        ("Oui, en mars 2013, le matin", False, False),
        ("Non, en avril", False, True),
        ("Non, en avril", True, False),
    ],
)
def test_an_answer_that_is_only_drawn_in_its_field_is_quoted(
    value: str, anew: bool, said: bool
) -> None:
    """Un programme l'a dessinée, et n'en a pas fait la valeur du champ ; ``anew`` : le lecteur
    redessine les valeurs, et c'est la valeur qui se voit.
    """

    def change(document: pikepdf.Pdf) -> None:
        flattened(document)
        made = drawing(document, "Oui, en mars")
        made.T, made.FT = String("remarques"), Name.Tx
        if value:
            made.V = String(value)
        document.Root.AcroForm = Dictionary(Fields=Array([made]), NeedAppearances=anew)
        document.pages[0].Annots = Array([made])

    told = [str(one) for one in read(blank(change)).laisses]
    assert any("« Oui, en mars »" in one and "(remarques)" in one for one in told) is said
