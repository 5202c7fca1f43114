"""Les tableaux : ce qu'Excel, LibreOffice et les gens écrivent se lit, avec la ligne que le tableur
montre.
"""

from __future__ import annotations

import io
import pickle
import re
import sys
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import process_time

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.table import Table

from dla_docs.errors import InputError
from dla_docs.model.values.value import scalar_text
from dla_docs.tables.reading import Row, read_rows, read_sheets
from dla_docs.tables.writing import workbook

TABLE = 'Nom;Ville\n"Cabinet ""Été""";"Exemple\nsur-Loire"\n\nŒuvre & Cie;Montexemple\n'
ROWS = [
    Row(2, {"Nom": 'Cabinet "Été"', "Ville": "Exemple\nsur-Loire"}),
    Row(5, {"Nom": "Œuvre & Cie", "Ville": "Montexemple"}),
]


def written(folder: Path, data: bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def rows_of(path: Path) -> list[Row]:
    return list(read_rows(path)[1])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_le_csv_d_excel_se_lit_quel_que_soit_son_encodage(encoding: str, tmp_path: Path) -> None:
    assert rows_of(written(tmp_path, TABLE.encode(encoding))) == ROWS


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_un_autre_separateur_se_reconnait(delimiter: str, tmp_path: Path) -> None:
    assert rows_of(written(tmp_path, TABLE.replace(";", delimiter).encode())) == ROWS


def test_les_virgules_d_un_titre_ne_trompent_pas(tmp_path: Path) -> None:
    path = written(tmp_path, b'"Nom, sigle, enseigne";Ville\nA;B\n')
    assert rows_of(path) == [Row(2, {"Nom, sigle, enseigne": "A", "Ville": "B"})]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("title", ['"Nom\nsigle; ""enseigne"""', 'Nom 5"'])
def test_un_titre_sur_deux_lignes_ne_cache_pas_le_separateur(
    title: str, delimiter: str, tmp_path: Path
) -> None:
    path = written(tmp_path, f"{title}{delimiter}Ville\nA{delimiter}B\n".encode())
    [row] = rows_of(path)
    assert [*row.cells.values()] == ["A", "B"] and row.cells["Ville"] == "B"


def test_la_ligne_sep_d_excel_compte_pour_une_ligne(tmp_path: Path) -> None:
    assert rows_of(written(tmp_path, b"sep=,\r\nNom,Ville\r\nA,B\r\n")) == [
        Row(3, {"Nom": "A", "Ville": "B"})
    ]


def test_les_fins_de_ligne_d_un_vieux_mac(tmp_path: Path) -> None:
    assert rows_of(written(tmp_path, b"Nom;Ville\rA;B\r")) == [Row(2, {"Nom": "A", "Ville": "B"})]


def test_des_guillemets_qui_ne_se_ferment_pas_disent_leur_ligne(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        rows_of(written(tmp_path, b'Nom;Ville\nA;B\n"C;D\nE;F\n'))
    assert [constat.ligne for constat in refused.value.constats] == [3]


def test_une_cellule_sans_titre_est_signalee(tmp_path: Path) -> None:
    assert [
        row.stray for row in rows_of(written(tmp_path, b"Nom;;\nA;;\nB;;perdu\nC;;;;perdu\n"))
    ] == [False, True, True]


def test_deux_colonnes_du_meme_nom_sont_refusees(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="« Nom » est écrite deux fois"):
        read_rows(written(tmp_path, b"Nom;Ville; Nom \nA;B;C\n"))


def test_un_classeur_donne_ses_dates_et_ses_nombres(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append([])
    book.active.append(["Nom", "Le", "Siret", "Jours"])
    book.active.append(["A", datetime(2013, 3, 12), 12345678200010, 1.5])
    book.active.append([None, " ", None, None])
    book.active.append(["B"])
    book.save(tmp_path / "t.xlsx")
    headings, rows = read_rows(tmp_path / "t.xlsx")
    assert headings == ("Nom", "Le", "Siret", "Jours")
    assert list(rows) == [
        Row(
            3,
            {
                "Nom": "A",
                "Le": datetime(2013, 3, 12),
                "Siret": 12345678200010,
                "Jours": Decimal("1.5"),
            },
        ),
        Row(5, {"Nom": "B"}),
    ]


def test_un_classeur_ecrit_se_relit(tmp_path: Path) -> None:
    cells = ["=1+1", "02 61 91 00 10", date(2013, 3, 12), Decimal("850.5"), "deux\nlignes", None]
    path = written(
        tmp_path,
        workbook(
            [f"c{number}" for number in range(6)],
            [cells],
            "Un titre de feuille bien trop long pour Excel",
        ),
        "t.xlsx",
    )
    [row] = rows_of(path)
    assert list(row.cells.values()) == [
        "=1+1",
        "02 61 91 00 10",
        datetime(2013, 3, 12),
        Decimal("850.5"),
        "deux\nlignes",
    ]
    cell = openpyxl.load_workbook(path).active["A2"]
    assert cell.data_type == "s", "une formule venue d'un prestataire s'exécuterait"


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"xl/{number}.xml", b"0" * 100_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.xls", b"\xd0\xcf\x11\xe0", "avant 2007"),
        ("t.fods", b"<", "LibreOffice"),
        ("t.ods", b"PK", "abîmé"),
        ("t.ods", b"Nom;Ville", "pas un classeur"),
        ("t.ods", b"PK\5\6" + bytes(18), "pas un classeur"),
        ("t.docx", b"PK", "pas un tableau"),
        ("t.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
        ("t.xlsx", b"Nom;Ville", "pas un classeur"),
        ("t.xlsx", b"PK\3\4 abime", "abîmé"),
        ("t.xlsx", b"PK\5\6" + bytes(18), "abîmé"),
        ("t.xlsx", b"", "pas un classeur"),
        ("t.csv", b"", "vide"),
        ("t.csv", b" \n;;\n", "vide"),
        ("t.csv", bytes(range(256)), "pas un fichier texte"),
    ],
)
def test_ce_qui_n_est_pas_un_tableau_est_refuse_en_une_phrase(
    name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=said) as refused:
        rows_of(written(tmp_path, content, name))
    assert len(refused.value.constats) == 1 and refused.value.constats[0].conseil


@pytest.mark.lent
def test_un_classeur_qui_gonfle_est_refuse(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="trop gros"):
        rows_of(written(tmp_path, bomb(), "t.xlsx"))


def test_sans_openpyxl_la_phrase_dit_quoi_installer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, workbook(["Nom"], [["A"]], "t"), "t.xlsx")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    monkeypatch.setitem(sys.modules, "openpyxl.styles", None)
    with pytest.raises(InputError, match=r'pip install "dla-docs\[lot\]"'):
        rows_of(path)


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)),
    suffix=st.sampled_from([".csv", ".tsv", ".xlsx", ".ods"]),
)
def test_aucun_fichier_ne_fait_tomber_la_lecture(
    content: bytes, suffix: str, tmp_path: Path
) -> None:
    try:
        rows_of(written(tmp_path, content, f"t{suffix}"))
    except InputError as error:
        assert error.constats


# Ce que des tableurs et des programmes écrivent autrement

SHEET = "xl/worksheets/sheet1.xml"
XMLNS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook_parts() -> dict[str, bytes]:
    made = workbook(["Nom", "Ville"], [["Alpha", "Digne"], ["Beta", "Gap"]], "Table")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rezipped(folder: Path, parts: dict[str, bytes]) -> Path:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written(folder, target.getvalue(), "table.xlsx")


CALC = re.compile(rb"<calcPr[^>]*/>")


def of_cells(folder: Path, *rows: str, after: str = "", calc: bytes = b"") -> Path:
    """A workbook whose first sheet holds these rows, as XML, under « Nom » and « Ville »; ``calc``:
    what it says of its formulas.
    """
    heads = "".join(
        f'<c r="{place}1" t="inlineStr"><is><t>{text}</t></is></c>'
        for place, text in (("A", "Nom"), ("B", "Ville"))
    )
    sheet = f'<worksheet {XMLNS}><sheetData><row r="1">{heads}</row>{"".join(rows)}</sheetData>'
    parts = workbook_parts() | {SHEET: f"{sheet}{after}</worksheet>".encode()}
    parts["xl/workbook.xml"] = CALC.sub(calc, parts["xl/workbook.xml"])
    return rezipped(folder, parts)


DIALECTS = {
    "strict": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    "2007 avant l'heure": b"http://schemas.microsoft.com/office/excel/2006/2",
}


@pytest.mark.parametrize("kind", [*DIALECTS, "casse", "antislash", "style sans nom"])
def test_un_classeur_d_un_autre_programme_se_lit(kind: str, tmp_path: Path) -> None:
    parts = workbook_parts()
    if kind in DIALECTS:
        parts = {
            name: content.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", DIALECTS[kind]
            )
            for name, content in parts.items()
        }
    elif kind == "casse":
        parts = {
            name.replace("sharedStrings", "SharedStrings"): content
            for name, content in parts.items()
        }
    elif kind == "antislash":
        parts = {name.replace("xl/", "xl\\"): content for name, content in parts.items()}
    else:
        styles = parts["xl/styles.xml"]
        assert b'name="Normal"' in styles
        parts["xl/styles.xml"] = styles.replace(b'name="Normal"', b"")
    assert [row.cells["Nom"] for row in rows_of(rezipped(tmp_path, parts))] == ["Alpha", "Beta"]


def test_un_classeur_avec_des_macros_se_lit_sans_elles(tmp_path: Path) -> None:
    parts = workbook_parts()
    usual = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    assert usual in parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        usual, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )
    path = rezipped(tmp_path, parts | {"xl/vbaProject.bin": b"x"}).rename(tmp_path / "t.xlsm")
    assert [row.cells["Nom"] for row in rows_of(path)] == ["Alpha", "Beta"]


def test_un_echappement_ecrit_en_toutes_lettres_le_reste(tmp_path: Path) -> None:
    path = of_cells(
        tmp_path,
        '<row r="2"><c r="A2" t="inlineStr"><is><t>_x005F_x000D_</t></is></c></row>',
        '<row r="3"><c r="A3" t="inlineStr"><is><t>_x000D_Nom</t></is></c></row>',
    )
    assert [row.cells["Nom"] for row in rows_of(path)] == ["_x000D_", "\rNom"]


def of_texts(folder: Path, *cells: str) -> Path:
    rows = (f'<row r="{line}">{cell}</row>' for line, cell in enumerate(cells, 2))
    return of_cells(folder, *rows)


def test_un_signe_que_le_classeur_ecrit_en_deux_moities_se_lit_entier(tmp_path: Path) -> None:
    path = of_texts(
        tmp_path,
        '<c r="A2" t="inlineStr"><is><t>Fait _xD83D__xDE00_</t></is></c>',
        '<c r="A3" t="inlineStr"><is><t>Perdu _xD83D_</t></is></c>',
    )
    whole, half = rows_of(path)
    assert whole.cells["Nom"] == "Fait \N{GRINNING FACE}" and not whole.faults
    assert "Retapez ce texte" in str(half.faults[0])


def test_un_texte_suivi_de_morceaux_mis_en_forme_se_lit_en_entier(tmp_path: Path) -> None:
    pieces = "<is><t>Cabinet </t>\n <r><rPr><b/></rPr><t>Exemple</t></r></is>"
    path = of_texts(tmp_path, f'<c r="A2" t="inlineStr">{pieces}</c>')
    assert rows_of(path)[0].cells == {"Nom": "Cabinet Exemple"}


def test_une_formule_au_resultat_ecrit_dans_la_cellule_est_calculee(tmp_path: Path) -> None:
    path = of_texts(tmp_path, '<c r="A2" t="inlineStr"><f>A1</f><is><t>Alpha</t></is></c>')
    (row,) = rows_of(path)
    assert row.cells == {"Nom": "Alpha"} and not row.faults


def test_une_image_dans_une_cellule_n_est_pas_dite_une_formule_fausse(tmp_path: Path) -> None:
    path = of_texts(tmp_path, '<c r="A2" t="e" vm="1"><v>#VALUE!</v></c>')
    assert "tient une image, une donnée liée" in rows_of(path)[0].faults[0].message


def test_un_nombre_qu_aucune_date_n_est_le_dit(tmp_path: Path) -> None:
    (row,) = rows_of(formatted(tmp_path, "dd/mm/yyyy", 20240115))
    assert "est au format Date et vaut 20240115" in row.faults[0].message


def test_un_zero_que_sa_feuille_ne_montre_pas_n_est_pas_une_reponse(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Nom", "Jours", "Prix"], ["x", 0, 0.5], ["y", 3, False]):
        book.active.append(row)
    assert book.active.sheet_view.showZeros is None
    book.save(path := tmp_path / "zeros.xlsx")
    assert rows_of(path)[0].cells == {"Nom": "x", "Jours": 0, "Prix": Decimal("0.5")}
    book.active.sheet_view.showZeros = False
    book.save(path)
    first, second = rows_of(path)
    assert first.cells == {"Nom": "x", "Prix": Decimal("0.5")}
    assert second.cells == {"Nom": "y", "Jours": 3, "Prix": False}


@pytest.mark.parametrize(("place", "said"), [("A:A", "A1 à A1048576"), ("5:6", "A5 à XFD6")])
def test_une_colonne_ou_une_ligne_fusionnee_entiere_est_dite(
    place: str, said: str, tmp_path: Path
) -> None:
    path = of_cells(
        tmp_path,
        '<row r="5"><c r="A5" t="inlineStr"><is><t>Alpha</t></is></c></row>',
        after=f'<mergeCells><mergeCell ref="{place}"/></mergeCells>',
    )
    with pytest.raises(InputError, match=f"{said} sont fusionnées"):
        rows_of(path)


def test_la_date_d_un_classeur_mal_ecrite_n_empeche_pas_de_le_lire(tmp_path: Path) -> None:
    parts = workbook_parts()
    dated = parts["docProps/core.xml"].replace(b"-", b"- ")
    path = rezipped(tmp_path, parts | {"docProps/core.xml": dated})
    assert [row.cells["Nom"] for row in rows_of(path)] == ["Alpha", "Beta"]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("ppt/presentation.xml", "C'est une présentation PowerPoint (.pptx), et non un tableau"),
        ("word/document.xml", "C'est un document Word (.docx), et non un tableau"),
        ("notes.txt", "C'est une archive zip, et non un tableau"),
    ],
)
@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_un_autre_fichier_nomme_comme_un_tableau_est_dit(
    entry: str, said: str, suffix: str, tmp_path: Path
) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(entry, "x")
    with pytest.raises(InputError) as caught:
        rows_of(written(tmp_path, target.getvalue(), f"t{suffix}"))
    assert said in str(caught.value)


def test_deux_titres_jamais_calcules_ne_sont_pas_une_colonne_ecrite_deux_fois(
    tmp_path: Path,
) -> None:
    heads = "".join(f'<c r="{place}1"><f>1+1</f></c>' for place in "AB")
    sheet = f'<worksheet {XMLNS}><sheetData><row r="1">{heads}</row></sheetData></worksheet>'
    path = rezipped(tmp_path, workbook_parts() | {SHEET: sheet.encode()})
    with pytest.raises(InputError, match="Un titre de colonne tient une formule") as refused:
        rows_of(path)
    assert "Ouvrez le classeur dans le tableur" in str(refused.value)
    assert "deux fois" not in str(refused.value)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "name", [SHEET, SHEET.replace("sheet", "Sheet"), SHEET.replace("/", "\\"), f"/{SHEET}"]
)
def test_une_feuille_ecrite_deux_fois_sous_son_nom_est_refusee(name: str, tmp_path: Path) -> None:
    path = rezipped(tmp_path, workbook_parts())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, f"<worksheet {XMLNS}><sheetData/></worksheet>")
    with pytest.raises(InputError, match="contient deux fois la partie « xl/worksheets/sheet1"):
        rows_of(path)


def test_un_classeur_sans_feuille_ou_ecrire_est_refuse(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("Graphique").add_chart(openpyxl.chart.BarChart())
    book.remove(book.worksheets[0])
    book.save(tmp_path / "table.xlsx")
    with pytest.raises(InputError, match="aucune feuille où écrire"):
        rows_of(tmp_path / "table.xlsx")


ODD = {
    "une couleur fausse": ("xl/styles.xml", b'<color theme="1"/>', b'<color rgb="x"/>'),
    "un remplissage vide": ("xl/styles.xml", b"<fill>", b"<fill/><fill>"),
    "une feuille « show »": ("xl/workbook.xml", b'state="visible"', b'state="show"'),
    "une mise en forme fausse": (
        SHEET,
        b"</sheetData>",
        b'</sheetData><conditionalFormatting sqref="A1"><cfRule type="cellIs" operator="x"/>'
        b"</conditionalFormatting>",
    ),
}


@pytest.mark.parametrize(("part", "old", "new"), ODD.values(), ids=ODD)
def test_ce_qui_n_est_que_l_allure_d_un_classeur_ne_l_empeche_pas_d_etre_lu(
    part: str, old: bytes, new: bytes, tmp_path: Path
) -> None:
    parts = workbook_parts()
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new, 1)
    assert [row.cells["Nom"] for row in rows_of(rezipped(tmp_path, parts))] == ["Alpha", "Beta"]


@pytest.mark.lent
def test_des_dizaines_de_milliers_de_styles_ne_coutent_rien(tmp_path: Path) -> None:
    parts = workbook_parts()
    many = b'<xf numFmtId="0" fontId="0"><alignment vertical="center"/></xf>' * 45_000
    parts["xl/styles.xml"] = (
        parts["xl/styles.xml"]
        .replace(b"</cellXfs>", many + b"</cellXfs>")
        .replace(
            b"</fonts>", b"<font><b/><i/><u/><strike/><outline/></font>" * 70_000 + b"</fonts>"
        )
    )
    begun = process_time()
    assert len(rows_of(rezipped(tmp_path, parts))) == 2
    assert process_time() - begun < 10


def test_un_lien_vers_un_autre_classeur_n_empeche_pas_de_lire(tmp_path: Path) -> None:
    parts = workbook_parts()
    link, kind = "xl/externalLinks/externalLink1.xml", "externalLink"
    parts[link] = f"<externalLink {XMLNS}><ddeLink/></externalLink>".encode()
    base = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rIdX" Type="%s/%s" Target="/%s"/></Relationships>'
        % (base, kind.encode(), link.encode()),
    )
    references = b'<externalReferences><externalReference xmlns:r="%s" r:id="rIdX"/>' % base
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"</sheets>", b"</sheets>%s</externalReferences>" % references
    )
    assert [row.cells["Nom"] for row in rows_of(rezipped(tmp_path, parts))] == ["Alpha", "Beta"]


def test_des_cellules_fusionnees_et_vides_se_lisent(tmp_path: Path) -> None:
    rows = (f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in (2, 3))
    merged = '<mergeCells><mergeCell ref="B2:B3"/><mergeCell ref="C2:D9"/></mergeCells>'
    assert [row.cells for row in rows_of(of_cells(tmp_path, *rows, after=merged))] == [
        {"Nom": 2},
        {"Nom": 3},
    ]


def test_un_texte_plus_long_qu_une_cellule_est_refuse(tmp_path: Path) -> None:
    cell = f'<c r="A2" t="inlineStr"><is><t>{"a" * 300_000}</t></is></c>'
    with pytest.raises(InputError, match="plus longue qu'aucun tableur") as refused:
        rows_of(of_cells(tmp_path, f'<row r="2">{cell}</row>'))
    assert len(str(refused.value)) < 300


def faults_of(path: Path) -> list[str]:
    return [str(fault) for row in rows_of(path) for fault in row.faults]


def test_une_erreur_du_tableur_n_est_pas_une_reponse(tmp_path: Path) -> None:
    shown = of_cells(tmp_path, '<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>')
    [fault] = faults_of(shown)
    assert "ligne 2 : La cellule « Nom » montre une erreur du tableur, « #N/A »." in fault
    [fault] = faults_of(written(tmp_path, b"Nom;Ville\nAlpha;#REF!\n"))
    assert "La cellule « Ville » montre une erreur du tableur, « #REF! »." in fault


def test_une_formule_jamais_calculee_n_est_pas_vide(tmp_path: Path) -> None:
    path = of_cells(tmp_path, '<row r="2"><c r="A2"><f>UPPER("x")</f><v></v></c></row>')
    [fault] = faults_of(path)
    assert "« Nom » tient une formule que le tableur n'a jamais calculée." in fault
    assert "Ouvrez le classeur dans le tableur, et enregistrez-le." in fault
    empty = '<row r="2"><c r="A2" t="str"><f>""</f><v></v></c><c r="B2"><v>1</v></c></row>'
    assert rows_of(of_cells(tmp_path, empty)) == [Row(2, {"Ville": 1})]
    for kind in ("str", "inlineStr"):
        bare = f'<row r="2"><c r="A2" t="{kind}"><f>B2</f></c></row>'
        assert "n'a jamais calculée" in faults_of(of_cells(tmp_path, bare))[0]


@pytest.mark.parametrize(
    "told",
    [b'fullCalcOnLoad="1"', b"fullCalcOnLoad = 'true'", b'calcMode="auto" calcCompleted="false"'],
)
def test_une_formule_qui_reste_a_calculer_n_est_pas_lue_zero(told: bytes, tmp_path: Path) -> None:
    cells = '<row r="2"><c r="A2"><f>B2&amp;" Exemple"</f><v>0</v></c><c r="B2"><v>1</v></c></row>'
    path = of_cells(tmp_path, cells, calc=b"<calcPr calcId='1' " + told + b"/>")
    [fault] = faults_of(path)
    assert "« Nom » tient une formule dont le classeur dit qu'elle reste à calculer." in fault
    assert "Ouvrez le classeur dans le tableur, et enregistrez-le." in fault
    done = of_cells(tmp_path, cells, calc=b'<calcPr calcId="191029" calcCompleted="1"/>')
    assert not rows_of(done)[0].faults


def test_une_feuille_masquee_en_tete_n_est_pas_lue(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Périmé"])
    book.active.sheet_state = "hidden"
    book.create_sheet("vide")
    shown = book.create_sheet("Table")
    shown.append(["Nom"])
    shown.append(["Alpha"])
    book.save(path := tmp_path / "table.xlsx")
    assert rows_of(path) == [Row(2, {"Nom": "Alpha"})]


def test_ce_qui_se_lit_est_ce_que_le_tableur_montre(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Part", "Somme", "Mot"])
    book.active.append([0.4, 434.99999999999994, "un_x000D_\ndeux"])
    book.active["A2"].number_format = "0.0%"
    book.save(path := tmp_path / "table.xlsx")
    assert rows_of(path) == [
        Row(2, {"Part": "40 %", "Somme": Decimal(435), "Mot": "un\ndeux"}),
    ]


def test_des_cellules_fusionnees_sur_deux_lignes_sont_dites(tmp_path: Path) -> None:
    merged = '<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>'
    path = of_cells(tmp_path, '<row r="2"><c r="B2"><v>1</v></c></row>', after=merged)
    with pytest.raises(InputError, match="Les cellules B2 à B3 sont fusionnées"):
        read_rows(path)


def test_une_ligne_masquee_est_dite_et_n_est_pas_faite(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("Nom", "Alpha", "Beta", "Gamma"):
        book.active.append([name])
    book.active.auto_filter.ref = "A1:A4"
    book.active.row_dimensions[3].hidden = True
    book.save(path := tmp_path / "table.xlsx")
    told = {row.line: [str(fault) for fault in row.faults] for row in rows_of(path)}
    assert told[2] == told[4] == []
    assert "est masquée dans le tableur" in told[3][0] and "Effacer le filtre" in told[3][0]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (('<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>',), "sa cellule A2"),
        (('<row r="2"><c r="A2"><v>1</v></c></row>',) * 2, "sa ligne 2"),
    ],
)
def test_ce_qui_est_ecrit_deux_fois_au_meme_endroit_est_refuse(
    rows: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=f"écrit deux fois {said}"):
        read_rows(of_cells(tmp_path, *rows))


def test_une_cellule_au_bout_du_monde_ne_coute_rien(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="là où aucun tableur n'en a"):
        read_rows(of_cells(tmp_path, '<row r="99999999999"><c><v>1</v></c></row>'))
    far = [f'<row r="{line}"><c r="XFD{line}"><v>1</v></c></row>' for line in range(2, 2000)]
    rows = rows_of(of_cells(tmp_path, *far[:900]))
    assert len(rows) == 900 and all(row.stray and not row.cells for row in rows)
    with pytest.raises(InputError, match="Plus de 1000 lignes ont une cellule"):
        read_rows(of_cells(tmp_path, *far))


def test_les_restes_d_un_vieux_csv_ne_se_lisent_pas(tmp_path: Path) -> None:
    bom = b"\xef\xbb\xbf"
    assert rows_of(written(tmp_path, bom * 2 + b"Nom\nAlpha\n\x1a")) == [Row(2, {"Nom": "Alpha"})]
    euro = written(tmp_path, "Coût\n300 €\n".encode("iso8859-15"))
    assert rows_of(euro) == [Row(2, {"Coût": "300 €"})]
    midnight = written(tmp_path, b"Date;Heure\n12/03/2013 00:00:00;12/03/2013 14:30\n")
    assert rows_of(midnight) == [Row(2, {"Date": "12/03/2013", "Heure": "12/03/2013 14:30"})]
    with pytest.raises(InputError, match=r"C'est un classeur Excel, nommé \.csv"):
        rows_of(written(tmp_path, workbook(["Nom"], [["Alpha"]], "Table")))


def test_quand_tout_ce_qui_se_voit_est_vide_ce_qui_est_masque_se_dit(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Table"
    book.active.append(["Nom"])
    book.active.append(["Alpha"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Notice")
    book.save(path := tmp_path / "t.xlsx")
    with pytest.raises(InputError, match="sont masquées : « Table »") as refused:
        rows_of(path)
    assert "Affichez dans le tableur" in str(refused.value)
    book["Table"].sheet_state = "visible"
    book.save(path)
    assert rows_of(path) == [Row(2, {"Nom": "Alpha"})]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_un_utf_16_sans_marque_a_le_remede_qui_va(encoding: str, tmp_path: Path) -> None:
    text = "Référence;Nom\nP1;Été – Œuvre\n"
    with pytest.raises(InputError, match="pas en UTF-8 : ses accents"):
        rows_of(written(tmp_path, text.encode(encoding)))
    assert len(rows_of(written(tmp_path, text.encode()))) == 1


def test_un_numero_garde_les_zeros_que_le_tableur_montre(tmp_path: Path) -> None:
    shapes = {
        "00000": (1000, "01000"),
        '0#" "##" "##" "##" "##': (612345678, "06 12 34 56 78"),
        '"DLA-"0000': (7, "DLA-0007"),
        '"A0-"0': (12, "A0-12"),
        '"+33 "0" "00" "00" "00" "00': (612345678, "+33 6 12 34 56 78"),
        "000\\ 000\\ 000\\ 00000": (12345678900012, 12345678900012),
        "[$-40C]000\\ 000": (1234, "001 234"),
        "000": (1234, 1234),
        '"REF-"0000': (7, "REF-0007"),
        '0" %"': (40, 40),
        '0" jours"': (5, 5),
        "#,##0": (1234, 1234),
        "[h]:mm": (timedelta(hours=30), "30:00"),
    }
    book = openpyxl.Workbook()
    book.active.append([f"Titre {rank}" for rank in range(len(shapes))])
    for rank, (shape, (value, _)) in enumerate(shapes.items(), start=1):
        cell = book.active.cell(2, rank, value)
        cell.number_format = shape
    book.save(path := tmp_path / "table.xlsx")
    assert [*rows_of(path)[0].cells.values()] == [shown for _, shown in shapes.values()]


ACCOUNTING = '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-'


@pytest.mark.parametrize(
    ("shape", "value", "read", "as_text"),
    [
        ('#,##0\\ "€"', 1200, Decimal(1200), "1 200 €"),
        (ACCOUNTING, -12.5, Decimal("-12.5"), "-12,50 €"),
        (ACCOUNTING, 0, Decimal(0), "- €"),
        ("0.00", 1234.567, Decimal("1234.57"), "1234,57"),
        ("0.0000", 0.91151928, Decimal("0.9115"), "0,9115"),
        ("#,##0.0000", 3934485.7265, Decimal("3934485.7265"), "3 934 485,7265"),
        ("#,##0", 0.6, Decimal(1), "1"),
        ("0.00", -0.001, Decimal(0), "0,00"),
        ('[=1]"Oui";[=0]"Non"', 1, "Oui", "Oui"),
        ('"Oui";"Oui";"Non"', 0, "Non", "Non"),
        ("0;-0;;@", 0, None, ""),
        ("0%", 0.12345, "12 %", "12 %"),
        ('General" j"', 2.5, Decimal("2.5"), "2,5 j"),
        ("[$€-40C] #,##0", 1200, Decimal(1200), "€ 1 200"),
        ("0.00E+00", 1234, 1234, "1234"),
        ("# ?/?", 0.5, Decimal("0.5"), "0,5"),
        ("0.00", 1e16, Decimal("1E+16"), "10000000000000000"),
        ("0." + "0" * 200, 0.5, Decimal("0.5"), "0,5"),
    ],
)
def test_un_nombre_se_lit_comme_son_format_le_montre(
    shape: str, value: float, read: object, as_text: str, tmp_path: Path
) -> None:
    (row,) = rows_of(formatted(tmp_path, shape, value))
    found = row.cells.get("A")
    assert not row.faults and found == read
    assert as_text == (
        found if isinstance(found, str) else scalar_text(found) if found else as_text
    )
    if isinstance(found, Decimal):
        again = written(tmp_path, workbook(["Nom", "A"], [["x", found]], "Table"), "encore.xlsx")
        assert scalar_text(rows_of(again)[0].cells["A"]) == as_text
        assert scalar_text(pickle.loads(pickle.dumps(found))) == as_text


@pytest.mark.parametrize(
    ("shape", "value", "said"),
    [
        ('0.0,,\\ "M€"', 1200000, "montre « 1,2 M€ » et vaut 1200000"),
        ('[<1000]0" k";0.0," M"', 1500, "montre « 1,5 M » et vaut 1500"),
        ("#,##0;[Red]#,##0", -5, "montre « 5 » et vaut -5"),
        (";;;", 5, "ne montre rien et vaut 5"),
        (";;;", "interne", "ne montre rien et tient « interne »"),
        ('0":"00', 130, "montre « 1:30 » et vaut 130"),
    ],
)
def test_un_format_qui_montre_un_autre_nombre_est_dit(
    shape: str, value: float | str, said: str, tmp_path: Path
) -> None:
    (row,) = rows_of(formatted(tmp_path, shape, value))
    assert [fault.message for fault in row.faults] == [f"La cellule « A » {said}."]
    assert "format Standard" in str(row.faults[0])


@pytest.mark.parametrize(
    ("shape", "shown"),
    [
        ('"M. "@', "M. Alpha"),
        ('0;0;0;"voir annexe"', "voir annexe"),
        ('"prix "0;-0;0;@" (suite)"', "Alpha (suite)"),
        ("@", "Alpha"),
        ("_-@_-", "Alpha"),
        (";;", "Alpha"),
        ('0" €"', "Alpha"),
    ],
)
def test_un_texte_se_lit_comme_son_format_le_montre(shape: str, shown: str, tmp_path: Path) -> None:
    (row,) = rows_of(formatted(tmp_path, shape, "Alpha"))
    assert row.cells["A"] == shown and not row.faults


@pytest.mark.parametrize("rank", [5, 7, 42, 44])
def test_une_monnaie_que_le_fichier_ne_dit_pas_n_est_pas_le_dollar(
    rank: int, tmp_path: Path
) -> None:
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    (row,) = rows_of(formatted(tmp_path, BUILTIN_FORMATS[rank], 1200))
    assert row.cells["A"] == 1200
    assert scalar_text(row.cells["A"]) in ("1 200", "1 200,00")


@pytest.mark.parametrize("value", [0, 0.5])
def test_la_date_d_une_cellule_vide_n_est_pas_une_heure(value: float, tmp_path: Path) -> None:
    (row,) = rows_of(formatted(tmp_path, "dd/mm/yyyy", value))
    assert "est au format Date et vaut moins d'un jour" in row.faults[0].message
    (row,) = rows_of(formatted(tmp_path, "hh:mm", value))
    assert not row.faults


@pytest.mark.parametrize(("shape", "value"), [("dd/mm/yyyy", -5), ("hh:mm", -0.5), ("[h]:mm", -2)])
def test_une_date_ou_une_heure_negative_n_est_pas_une_reponse(
    shape: str, value: float, tmp_path: Path
) -> None:
    (row,) = rows_of(formatted(tmp_path, shape, value))
    assert f"est au format Date et vaut {value}, qui n'en est pas une" in row.faults[0].message


def test_une_duree_negative_d_un_classeur_qui_commence_en_1904_se_lit(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(formatted(tmp_path, "[h]:mm", 0))
    book.epoch = CALENDAR_MAC_1904
    book.active["B2"] = timedelta(hours=-36)
    book.save(path := tmp_path / "table.xlsx")
    assert rows_of(path)[0].cells["A"] == "-36:00"


def test_ce_qu_une_fusion_recouvre_n_est_pas_lu(tmp_path: Path) -> None:
    cells = (
        f'<c r="{place}2" t="inlineStr"><is><t>{said}</t></is></c>'
        for place, said in (("A", "Alpha"), ("B", "ne se voit pas"))
    )
    merged = '<mergeCells><mergeCell ref="A2:B2"/></mergeCells>'
    row = f'<row r="2">{"".join(cells)}</row>'
    (found,) = rows_of(of_cells(tmp_path, row, after=merged))
    assert found.cells == {"Nom": "Alpha"}


def formatted(folder: Path, shape: str, value: float | str) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["Nom", "A"])
    book.active.append(["x", value])
    book.active["B2"].number_format = shape
    book.save(path := folder / "table.xlsx")
    return path


def test_un_texte_barre_n_est_pas_une_reponse(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Reste", "Entier", "Gras", "Deux fois"])
    gone, bold = InlineFont(strike=True), InlineFont(b=True)
    book.active.append(
        [
            CellRichText("Beta ", TextBlock(gone, "Alpha")),
            "Gamma",
            CellRichText("En ", TextBlock(bold, "gras")),
            CellRichText(TextBlock(gone, "Delta")),
        ]
    )
    book.active["B2"].font = book.active["D2"].font = Font(strike=True)
    book.save(path := tmp_path / "table.xlsx")
    (row,) = rows_of(path)
    assert [constat.message for constat in row.faults] == [
        "La cellule « Reste » tient un texte barré, « Alpha ».",
        "La cellule « Entier » tient un texte barré, « Gamma ».",
        "La cellule « Deux fois » tient un texte barré, « Delta ».",
    ]
    assert row.cells == {"Reste": "Beta ", "Entier": "", "Gras": "En gras", "Deux fois": ""}


@pytest.mark.parametrize("shown", ["#GETTING_DATA", "#CONNECT!", "#ERREUR_NEUVE!"])
def test_une_cellule_en_erreur_n_est_pas_une_reponse_quel_qu_en_soit_le_mot(
    shown: str, tmp_path: Path
) -> None:
    path = of_cells(tmp_path, f'<row r="2"><c r="A2" t="e"><v>{shown}</v></c></row>')
    [fault] = faults_of(path)
    assert f"La cellule « Nom » montre une erreur du tableur, « {shown} »." in fault


def test_une_date_qui_se_montre_sans_son_jour_se_lit_sans_lui(tmp_path: Path) -> None:
    shapes = {
        "mmmm yyyy": "mars 2013",
        "[$-40C]mmm\\-yy;@": "mars 2013",
        "yyyy": "2013",
        "dd/mm/yyyy": datetime(2013, 3, 1),
        'dd" jour "mm/yyyy': "01 jour 03/2013",
        "mmmm": "mars",
        "d-mmm": "1-mars",
        "[$-40C]jj\\ mmm": "01 mars",
        "dddd d mmmm yyyy": datetime(2013, 3, 1),
        "ddd d/m": "ven. 1/3",
        'd"er "mmmm yyyy': datetime(2013, 3, 1),
        '"avant le "dd/mm/yy': "avant le 01/03/13",
    }
    book = openpyxl.Workbook()
    book.active.append([f"Titre {rank}" for rank in range(len(shapes))])
    for rank, shape in enumerate(shapes, start=1):
        book.active.cell(2, rank, date(2013, 3, 1)).number_format = shape
    book.save(path := tmp_path / "table.xlsx")
    assert [*rows_of(path)[0].cells.values()] == [*shapes.values()]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "mac_roman", "cp850"])
def test_des_accents_encodes_deux_fois_ne_s_impriment_pas(encoding: str, tmp_path: Path) -> None:
    twice = "Écoute, été".encode().decode(encoding)
    [fault] = faults_of(written(tmp_path, f"Nom;Ville\nAlpha;{twice}\n".encode()))
    assert "ligne 2 : La cellule « Ville » a des accents abîmés" in fault
    [fault] = faults_of(written(tmp_path, "Nom\nc\ufffdur\n".encode()))
    assert "La cellule « Nom » a des accents abîmés" in fault
    sound = "Nom;Ville\nŒuvre « À l'Île »;ÂGE, NOËL – 300 €, √2\n"
    assert faults_of(written(tmp_path, sound.encode())) == []


@pytest.mark.parametrize("end", ["\x1a\n", "\n\x1a\r\n", "\r\n\x1a\x1a"])
def test_la_fin_de_fichier_d_un_vieux_csv_n_est_pas_une_ligne(end: str, tmp_path: Path) -> None:
    path = written(tmp_path, f"Nom;Ville\nAlpha;Digne{end}".encode())
    assert rows_of(path) == [Row(2, {"Nom": "Alpha", "Ville": "Digne"})]


def test_une_ligne_sans_hauteur_est_masquee(tmp_path: Path) -> None:
    cells = '<row r="2" ht="0" customHeight="1"><c r="A2"><v>1</v></c></row>'
    (row,) = rows_of(of_cells(tmp_path, cells))
    assert "est masquée dans le tableur" in str(row.faults)


def test_une_ligne_masquee_au_dessus_des_titres_n_est_ni_les_titres_ni_une_ligne(
    tmp_path: Path,
) -> None:
    """Une ligne d'aide, ou un titre seul dans sa case, masqués : la première qui se voit compte."""
    book = openpyxl.Workbook()
    for cells in (["Aide"], ["Nom", "Ville"], ["Alpha", "Digne"]):
        book.active.append(cells)
    book.active.row_dimensions[1].hidden = True
    book.save(path := tmp_path / "table.xlsx")
    assert rows_of(path) == [Row(3, {"Nom": "Alpha", "Ville": "Digne"})]
    (said,) = read_sheets(path)[0].unseen(str(path))
    assert "ligne 1 : Cette ligne, masquée au-dessus des titres, n'est pas lue." in str(said)


@pytest.mark.parametrize("has_totals", [False, True])
def test_la_ligne_des_totaux_d_un_tableau_n_est_pas_une_reponse(
    has_totals: bool, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for line in (["Nom", "Jours"], ["Alpha", 3], ["Total", 3]):
        book.active.append(line)
    book.active.add_table(Table(displayName="T", ref="A1:B3", totalsRowCount=int(has_totals)))
    book.save(path := tmp_path / "table.xlsx")
    assert [row.line for row in rows_of(path)] == [2, 3][: 2 - has_totals]
    said = " ".join(map(str, read_sheets(path)[0].unseen("feuille")))
    assert (
        "ligne 3 : Cette ligne, celle des totaux du tableau, n'est pas lue" in said
    ) is has_totals


def test_une_feuille_dont_rien_ne_se_voit_est_refusee(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Nom"])
    book.active.row_dimensions[1].hidden = True
    book.save(path := tmp_path / "table.xlsx")
    with pytest.raises(InputError, match="Toutes les lignes de la feuille « Sheet » sont masquées"):
        read_rows(path)


def test_une_colonne_masquee_est_lue_et_dite(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Nom", "Ville", "Vide", "SIRET"])
    book.active.append(["Alpha", "Digne", None, "1"])
    for letter in "BCD":
        book.active.column_dimensions[letter].hidden = True
    book.save(path := tmp_path / "table.xlsx")
    assert rows_of(path)[0].cells["Ville"] == "Digne"
    said = [one.message for one in read_sheets(path)[0].unseen(str(path))]
    assert said == [
        f"La colonne « {one} », masquée dans le tableur, est lue comme les autres."
        for one in ("Ville", "SIRET")
    ]


def test_un_texte_force_d_un_csv_se_lit_sans_ce_qui_le_force(tmp_path: Path) -> None:
    text = 'Nom;Code;Ville\n="Alpha";"=""05000""";=> Gap\n'
    (row,) = rows_of(written(tmp_path, text.encode()))
    assert row.cells == {"Nom": "Alpha", "Code": "05000", "Ville": "=> Gap"}
    assert not row.faults


@pytest.mark.parametrize(
    "cell",
    ["=A1", "=SOMME(B2:B9)", "= $B$2 + 1", "=1+1", "=-5", "=-A1", "=(B2+1)*2", "=[autre.xlsx]F!A1",
     '"=""x""&A1"', "='Ma feuille'!A1", "@SUM(A1)"],
)  # fmt: skip
def test_une_formule_d_un_csv_n_est_pas_une_reponse(cell: str, tmp_path: Path) -> None:
    [fault] = faults_of(written(tmp_path, f"Nom;Ville\nAlpha;{cell}\n".encode()))
    assert "La cellule « Ville » tient une formule. Tapez-y ce qu'elle donne." in fault


@pytest.mark.parametrize("cell", ["=> Gap", "= 3 jours", "=", "@exemple", "-5", "+33 6 12"])
def test_un_signe_devant_un_texte_d_un_csv_n_en_fait_pas_une_formule(
    cell: str, tmp_path: Path
) -> None:
    (row,) = rows_of(written(tmp_path, f"Nom;Ville\nAlpha;{cell}\n".encode()))
    assert row.cells["Ville"] == cell and not row.faults


def test_une_espace_devant_les_guillemets_ne_decale_pas_les_cellules(tmp_path: Path) -> None:
    for title in ("Ville", "Ville ; sigle ; pays"):
        text = f'"Nom", "{title}", "Note"\n"Alpha", "Gap, Digne",\n'
        (row,) = rows_of(written(tmp_path, text.encode()))
        assert row.cells == {"Nom": "Alpha", title: "Gap, Digne"} and not row.stray


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_des_titres_repetes_sous_un_tableau_ne_sont_pas_une_reponse(
    mark: str, tmp_path: Path
) -> None:
    text = f"Nom;Ville\nAlpha;Gap\n{mark}Nom;Ville\nBeta;Digne\n"
    faults = [len(one.faults) for one in rows_of(written(tmp_path, text.encode()))]
    assert faults == [0, 1, 0]
    (fault,) = faults_of(written(tmp_path, text.encode()))
    assert "ligne 3 : Cette ligne répète les titres des colonnes. Supprimez-la" in fault


def test_sep_peut_dire_une_tabulation(tmp_path: Path) -> None:
    (row,) = rows_of(written(tmp_path, b"sep=\t\r\nNom\tVille\r\nAlpha\tGap\r\n"))
    assert row == Row(3, {"Nom": "Alpha", "Ville": "Gap"})


def test_une_cellule_demesuree_d_un_csv_est_dite_telle(tmp_path: Path) -> None:
    text = f"Nom;Ville\nAlpha;{'a' * 200_000}\n"
    with pytest.raises(InputError, match=r"ligne 2 : Une cellule de cette ligne est plus longue"):
        rows_of(written(tmp_path, text.encode()))


@pytest.mark.parametrize("cell", ["NULL", "nan", "NaN", "<NA>", "undefined"])
def test_ce_qu_un_programme_ecrit_d_une_case_vide_n_est_pas_une_reponse(
    cell: str, tmp_path: Path
) -> None:
    [fault] = faults_of(written(tmp_path, f"Nom;Ville\nAlpha;{cell}\n".encode()))
    assert f"La cellule « Ville » dit « {cell} », ce qu'un programme écrit" in fault
