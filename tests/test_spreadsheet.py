"""Les tableaux : ce qu'Excel, LibreOffice et les gens écrivent se lit, avec la ligne que le tableur
montre.
"""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dla_docs.errors import InputError
from dla_docs.tables.spreadsheet import Row, read_rows, workbook

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
        ("t.ods", b"PK", "LibreOffice"),
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


def test_un_classeur_qui_gonfle_est_refuse(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="trop gros"):
        rows_of(written(tmp_path, bomb(), "t.xlsx"))


def test_sans_openpyxl_la_phrase_dit_quoi_installer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, workbook(["Nom"], [["A"]], "t"), "t.xlsx")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    monkeypatch.setitem(sys.modules, "openpyxl.styles", None)
    with pytest.raises(InputError, match=r"pip install dla-docs\[lot\]"):
        rows_of(path)


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)),
    suffix=st.sampled_from([".csv", ".xlsx"]),
)
def test_aucun_fichier_ne_fait_tomber_la_lecture(
    content: bytes, suffix: str, tmp_path: Path
) -> None:
    try:
        rows_of(written(tmp_path, content, f"t{suffix}"))
    except InputError as error:
        assert error.constats
