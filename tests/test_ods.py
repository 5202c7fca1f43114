"""Un classeur LibreOffice : ce qui se lit est ce que le tableur montre."""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import process_time
from xml.sax.saxutils import escape

import pytest

from dla_docs.errors import InputError
from dla_docs.tables.reading import Row, read_rows, read_sheets
from dla_docs.tables.writing import workbook

SPACES = (
    " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{what}:1.0"'
        for name, what in (
            ("office", "office"),
            ("style", "style"),
            ("table", "table"),
            ("text", "text"),
            ("draw", "drawing"),
        )
    )
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
STRUCK = '<style:text-properties style:text-line-through-style="solid"/>'
STYLES = (
    '<style:style style:name="cachee" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>'
    f'<style:style style:name="barre" style:family="table-cell">{STRUCK}</style:style>'
    '<style:style style:name="enfant" style:family="table-cell"'
    ' style:parent-style-name="barre"/>'
    f'<style:style style:name="biffe" style:family="text">{STRUCK}</style:style>'
)


def ods(folder: Path, *sheets: str, name: str = "t.ods", doctype: str = "", **parts: str) -> Path:
    """A workbook of these sheets, each one given as XML."""
    body = f"<office:spreadsheet>{''.join(sheets)}</office:spreadsheet>"
    content = (
        f'<?xml version="1.0"?>{doctype}<office:document-content {SPACES}>'
        f"<office:automatic-styles>{STYLES}</office:automatic-styles>"
        f"<office:body>{body}</office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", parts.get("manifest", "<manifest/>"))
    (folder / name).write_bytes(target.getvalue())
    return folder / name


def sheet(*rows: str, title: str = "Table", style: str = "", before: str = "") -> str:
    return (
        f'<table:table table:name="{title}" table:style-name="{style}">{before}'
        f"{''.join(rows)}</table:table>"
    )


def row(*cells: str, times: int = 1) -> str:
    made = "".join(one if one.startswith("<") else text(one) for one in cells)
    return f'<table:table-row table:number-rows-repeated="{times}">{made}</table:table-row>'


def text(said: str, about: str = "") -> str:
    return cell(f"<text:p>{escape(said)}</text:p>", f'office:value-type="string" {about}')


def cell(inside: str = "", about: str = "") -> str:
    return f"<table:table-cell {about}>{inside}</table:table-cell>"


def value(kind: str, said: str, shown: str, key: str = "value") -> str:
    about = f'office:value-type="{kind}" office:{key}="{said}"'
    return cell(f"<text:p>{shown}</text:p>" if shown else "", about)


def rows_of(path: Path) -> list[Row]:
    return list(read_rows(path)[1])


def read_cell(folder: Path, made: str) -> object:
    """What is read of a cell, with its fault if it has one."""
    (found,) = rows_of(ods(folder, sheet(row("Nom", "A"), row("x", made))))
    return str(found.faults[0].message) if found.faults else found.cells.get("A")


@pytest.mark.parametrize(
    ("made", "read"),
    [
        (value("percentage", "0.4", "40%"), "40 %"),
        (value("percentage", "0.12345", "12,3 %"), "12,3 %"),
        (value("boolean", "true", "Oui", "boolean-value"), True),
        (value("float", "1", "Oui"), "Oui"),
        (value("float", "33.3333333", "33,33"), Decimal("33.33")),
        (value("float", "1234.5", "$1,234.50"), Decimal("1234.5")),
        (value("float", "-12", "(12)"), Decimal(-12)),
        (value("float", "0", " "), None),
        (value("float", "1500", "1,50E+03"), 1500),
        (value("float", "12345.6789", "12.3E+3"), Decimal("12345.6789")),
        (value("float", "0.5", "1/2"), Decimal("0.5")),
        (value("float", "40", "40 %"), Decimal(40)),
        (value("float", "1000", "01000"), "01000"),
        (value("float", "612345678", "06 12 34 56 78"), "06 12 34 56 78"),
        (value("float", "612345678", "+33 612345678"), "+33 612345678"),
        (value("float", "12345678900012", "123 456 789 00012"), 12345678900012),
        (value("float", "12345678900012", "123.456.789-00012"), 12345678900012),
        (value("float", "7", "DLA-0007"), "DLA-0007"),
        (value("float", "7", "DLA-2024-7"), "DLA-2024-7"),
        (value("float", "1234", "1 234"), 1234),
        (value("float", "0", "0,00"), 0),
        (value("float", "2", "2 m2"), 2),
        (value("float", "12345678200010", "12345678200010"), 12345678200010),
        (value("float", "434.99999999999994", "435"), Decimal(435)),
        (value("currency", "850.5", "850,50 €"), Decimal("850.5")),
        (value("date", "2013-03-12", "12/03/13", "date-value"), datetime(2013, 3, 12)),
        (
            value("date", "2013-03-12T14:30:00", "12/03/2013 14:30", "date-value"),
            datetime(2013, 3, 12, 14, 30),
        ),
        (value("date", "2013-03-01", "mars 2013", "date-value"), "mars 2013"),
        (value("date", "2013-03-01", "mars-13", "date-value"), "mars 2013"),
        (value("date", "2013-03-01", "03/2013", "date-value"), "mars 2013"),
        (value("date", "2013-01-01", "2013", "date-value"), "2013"),
        (value("date", "2013-03-12", "mars 12", "date-value"), "mars 12"),
        (value("date", "2013-03-12", "12/03", "date-value"), "12/03"),
        (value("date", "2013-03-12", "mars", "date-value"), "mars"),
        (value("date", "2013-03-12", "12 mars", "date-value"), "12 mars"),
        (value("date", "2013-03-12", "mardi 12 mars 2013", "date-value"), datetime(2013, 3, 12)),
        (value("date", "2013-03-12", "Tue 12 March 13", "date-value"), datetime(2013, 3, 12)),
        (value("date", "2013-03-12", "avant le 12/03/2013", "date-value"), "avant le 12/03/2013"),
        (value("date", "2013-03-12T14:30:00", "12/03/13", "date-value"), datetime(2013, 3, 12)),
        (value("date", "12013-03-12", "12/03/12013", "date-value"), "12/03/12013"),
        (value("time", "PT30H00M00S", "30:00", "time-value"), "30:00"),
        (value("time", "PT9H05M00S", "", "time-value"), "9:05"),
        (value("boolean", "true", "VRAI", "boolean-value"), True),
        (value("string", "dit", "", "string-value"), "dit"),
        (text("01000"), "01000"),
        (cell("<text:p/>", 'table:formula="of:=&quot;&quot;"'), None),
    ],
)
def test_une_cellule_se_lit_telle_que_le_tableur_la_montre(
    made: str, read: object, tmp_path: Path
) -> None:
    assert read_cell(tmp_path, made) == read


@pytest.mark.parametrize(
    ("made", "read"),
    [
        ("<text:p>un</text:p><text:p/><text:p>deux</text:p>", "un\n\ndeux"),
        ("<text:p>a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d</text:p>", "a   b\tc\nd"),
        ("<text:p>un\n   <text:span>mot</text:span> <text:a>lié</text:a></text:p>", "un mot lié"),
        ("<office:annotation><text:p>NON</text:p></office:annotation><text:p>oui</text:p>", "oui"),
        ("<text:p>oui<text:note><text:p>NON</text:p></text:note></text:p>", "oui"),
        ("<draw:frame><draw:text-box><text:p>NON</text:p></draw:text-box></draw:frame>", None),
        (f"<text:p>oui</text:p><draw:g>{sheet(row('NON', 'NON'))}</draw:g>", "oui"),
    ],
)
def test_le_texte_d_une_cellule_est_le_sien(made: str, read: object, tmp_path: Path) -> None:
    assert read_cell(tmp_path, cell(made, 'office:value-type="string"')) == read


ERROR = 'office:value-type="string" calcext:value-type="error"'


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (cell("<text:p>#N/D</text:p>", ERROR), "montre une erreur du tableur, « #N/D »"),
        (cell(f"<text:p>oui</text:p>{sheet(row('x', 'y'))}"), "tient un tableau, dont rien"),
        (value("currency", "1200000", "1,2 M€"), "montre « 1,2 M€ » et vaut 1200000."),
        (value("float", "1000", "09999"), "montre « 09999 » et vaut 1000."),
        (value("float", "-12", "12"), "montre « 12 » et vaut -12."),
        (value("float", "12", "–"), "montre « – » et vaut 12."),
        (value("float", "0.4", "50 %"), "montre « 50 % » et vaut 0,4."),
        (value("float", "130", "1:30"), "montre « 1:30 » et vaut 130."),
        (value("string", "interne", " ", "string-value"), "ne montre rien et tient « interne »"),
        (text("#VALEUR !"), "montre une erreur du tableur, « #VALEUR ! »"),
        (value("float", "0", "#WERT!"), "montre une erreur du tableur, « #WERT! »"),
        (value("float", "0", "Err :502"), "montre une erreur du tableur, « Err :502 »"),
        (cell("", 'table:formula="of:=A1"'), "tient une formule que le tableur n'a jamais"),
        (text("parti", 'table:style-name="enfant"'), "tient un texte barré, « parti »"),
        (
            cell("<text:p>Beta <text:span text:style-name='biffe'>Alpha</text:span></text:p>"),
            "tient un texte barré, « Alpha »",
        ),
    ],
)
def test_ce_qui_n_est_pas_une_reponse_est_dit(made: str, said: str, tmp_path: Path) -> None:
    assert f"La cellule « A » {said}" in str(read_cell(tmp_path, made))


def test_une_colonne_barree_l_est_sans_que_ses_cellules_le_disent(tmp_path: Path) -> None:
    struck = (
        '<table:table-column/><table:table-column table:default-cell-style-name="barre"'
        ' table:number-columns-repeated="16383"/>'
    )
    path = ods(tmp_path, sheet(row("Nom", text("B", 'table:style-name="x"')), row("a", "b"),
                               before=struck))  # fmt: skip
    (found,) = rows_of(path)
    assert [one.message for one in found.faults] == [
        "La cellule « B » tient un texte barré, « b »."
    ]


def test_les_lignes_gardent_le_numero_que_le_tableur_montre(tmp_path: Path) -> None:
    many = '<table:table-cell table:number-columns-repeated="16384"/>'
    path = ods(
        tmp_path,
        sheet(
            row(many),
            f"<table:table-header-rows>{row('Nom', 'Ville')}</table:table-header-rows>",
            f"<table:table-row-group>{row('A', 'Gap', times=2)}</table:table-row-group>",
            row(many, times=1000),
            row(cell("", 'table:number-columns-repeated="1"'), "Digne"),
            row(many, times=1_047_571),
        ),
    )
    assert rows_of(path) == [
        Row(3, {"Nom": "A", "Ville": "Gap"}),
        Row(4, {"Nom": "A", "Ville": "Gap"}),
        Row(1005, {"Ville": "Digne"}),
    ]


def test_une_ligne_masquee_est_dite(tmp_path: Path) -> None:
    hidden = row("Beta").replace("<table:table-row", '<table:table-row table:visibility="filter"')
    folded = f'<table:table-row-group table:display="false">{row("Gamma")}</table:table-row-group>'
    path = ods(tmp_path, sheet(row("Nom"), row("Alpha"), hidden, folded))
    assert [(one.line, bool(one.faults)) for one in rows_of(path)] == [
        (2, False),
        (3, True),
        (4, True),
    ]


def test_une_ligne_masquee_au_dessus_des_titres_et_une_colonne_masquee_sont_dites(
    tmp_path: Path,
) -> None:
    help_row = row("Aide").replace("<table:table-row", '<table:table-row table:visibility="filter"')
    columns = (
        '<table:table-column/><table:table-column-group table:display="false">'
        "<table:table-column/></table:table-column-group>"
        '<table:table-column table:visibility="collapse"/><table:table-column/>'
    )
    cells = (row("Nom", "Ville", "Pays", "Note"), row("Alpha", "Digne", "France", "x"))
    path = ods(tmp_path, sheet(help_row, *cells, before=columns))
    assert [one.line for one in rows_of(path)] == [3]
    said = " ".join(one.message for one in read_sheets(path)[0].unseen(""))
    assert "masquée au-dessus des titres, n'est pas lue" in said
    assert "« Ville »" in said and "« Pays »" in said and "« Note »" not in said


def test_seules_les_feuilles_visibles_se_lisent(tmp_path: Path) -> None:
    old = sheet(row("Périmé"), row("x"), title="Vieux", style="cachee")
    shown = sheet(row("Nom"), row("Alpha"))
    path = ods(tmp_path, old, sheet(title="Vide"), shown)
    assert [one.title for one in read_sheets(path)] == ["Table"]
    assert rows_of(path) == [Row(2, {"Nom": "Alpha"})]
    with pytest.raises(InputError, match="sont masquées : « Vieux »"):
        rows_of(ods(tmp_path, old, sheet(title="Vide")))


def test_des_cellules_fusionnees_sur_deux_lignes_sont_dites(tmp_path: Path) -> None:
    merged = text("b", 'table:number-rows-spanned="2" table:number-columns-spanned="1"')
    covered = f"<table:covered-table-cell>{'<text:p>NON</text:p>'}</table:covered-table-cell>"
    path = ods(tmp_path, sheet(row("A", "B"), row("a", merged), row("a", covered)))
    with pytest.raises(InputError, match="Les cellules B2 à B3 sont fusionnées"):
        read_rows(path)
    beside = text("b", 'table:number-columns-spanned="2"')
    path = ods(tmp_path, sheet(row("A", "B", "C"), row("a", beside, covered)))
    assert rows_of(path) == [Row(2, {"A": "a", "B": "b"})]


def test_ce_qui_a_ete_efface_sous_suivi_ne_se_lit_pas(tmp_path: Path) -> None:
    gone = (
        "<table:tracked-changes><table:cell-content-change><table:previous>"
        "<table:change-track-table-cell><text:p>NON</text:p></table:change-track-table-cell>"
        "</table:previous></table:cell-content-change></table:tracked-changes>"
    )
    assert rows_of(ods(tmp_path, gone, sheet(row("Nom"), row("oui")))) == [Row(2, {"Nom": "oui"})]


ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
MANY = 'office:value-type="string" table:number-columns-repeated="16384"'
FULL = cell("<text:p>x</text:p>", MANY)
HEADS = [f"c{number}" for number in range(300)]
SPACED = cell('<text:p>a<text:s text:c="200000"/></text:p>')


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ({"manifest": "<m:encryption-data/>"}, "protégé par un mot de passe"),
        ({"doctype": ENTITY}, "déclare des entités"),
        ({"sheets": [sheet(row("Nom"), row("x", times=1_000_000))]}, "Les lignes 2 à 1000001 de"),
        ({"sheets": [sheet(row("Nom"), *[row(FULL)] * 70)]}, "trop gros"),
        ({"sheets": [sheet(row("Nom"), *[row(SPACED)] * 600)]}, "trop gros"),
        ({"sheets": [sheet(row(*HEADS), row(FULL, times=9000))]}, "trop gros"),
        ({"sheets": [sheet(row("", times=10**12), row("Nom"))]}, "là où aucun tableur n'en a"),
        ({"sheets": [sheet(row(FULL.replace("16384", "9" * 20)))]}, "là où aucun tableur n'en a"),
        ({"sheets": [sheet(row(FULL.replace("16384", "x")))]}, "abîmé"),
        ({"sheets": [sheet(row(cell(f"<text:p>{'a' * 300_000}</text:p>")))]}, "plus longue qu'auc"),
        ({"sheets": [sheet(row(cell("<text:p><text:s text:c='999999999'/></text:p>")))]}, "longue"),
        ({"sheets": ["<a>"]}, "abîmé"),
        ({"sheets": []}, "aucune feuille"),
    ],
)
def test_un_classeur_hostile_est_refuse_vite_et_sans_rien_prendre(
    made: dict[str, object], said: str, tmp_path: Path
) -> None:
    sheets = made.pop("sheets", [sheet(row("Nom"), row("x"))])
    path = ods(tmp_path, *sheets, **made)  # type: ignore[misc, arg-type]
    begun, held = process_time(), getrusage(RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputError, match=said) as refused:
        rows_of(path)
    assert process_time() - begun < 5 and getrusage(RUSAGE_SELF).ru_maxrss - held < 300_000
    assert refused.value.constats[0].conseil


def test_un_ods_se_lit_sans_openpyxl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    path = ods(tmp_path, sheet(row("Nom"), row("x")))
    assert rows_of(path) == [Row(2, {"Nom": "x"})]


def test_un_classeur_nomme_autrement_dit_son_vrai_nom(tmp_path: Path) -> None:
    for name in ("t.xlsx", "t.csv", "t.tsv"):
        path = ods(tmp_path, sheet(row("Nom"), row("x")), name=name)
        with pytest.raises(InputError, match=r"classeur LibreOffice, nommé .*Renommez-le en \.ods"):
            rows_of(path)
    (tmp_path / "t.ods").write_bytes(workbook(["Nom"], [["x"]], "Table"))
    with pytest.raises(InputError, match=r"Excel, nommé \.ods\. Renommez-le en \.xlsx"):
        rows_of(tmp_path / "t.ods")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_un_tsv_se_coupe_aux_tabulations_seules(encoding: str, tmp_path: Path) -> None:
    held = "Nom ; sigle, enseigne ; autre\tVille\nÉté ; Hiver\tGap, Digne\n\x1a"
    (tmp_path / "t.tsv").write_bytes(held.encode(encoding))
    assert rows_of(tmp_path / "t.tsv") == [
        Row(2, {"Nom ; sigle, enseigne ; autre": "Été ; Hiver", "Ville": "Gap, Digne"})
    ]
