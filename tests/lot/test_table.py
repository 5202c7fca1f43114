"""D'où viennent les lignes d'un lot, et ce qu'on dit d'un tableau qui ne va pas, avant de rien
faire.
"""

from __future__ import annotations

import datetime
import io
import warnings
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dla_docs.errors import InputError
from dla_docs.lot import Resultat, batch, examine
from dla_docs.word.answers import controls_in
from dla_docs.word.package import open_package
from tests.lot.lignes import SLUG, row, siret


def shown(path: str) -> dict[str, str]:
    return {
        control.tag: control.text
        for control in controls_in(open_package(Path(path)))
        if control.text
    }


def make(rows: Any, folder: Path, slug: str = SLUG, **options: Any) -> list[Resultat]:
    return list(batch(rows, slug, folder / "lot", **options))


def refused(rows: Any, folder: Path, slug: str = SLUG) -> list[str]:
    """Ce qui est dit tout de suite, sans rien écrire."""
    with pytest.raises(InputError) as caught:
        batch(rows, slug, folder / "lot")
    assert not (folder / "lot").exists()
    return [str(constat) for constat in caught.value.constats]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig"])
def test_le_csv_d_un_excel_francais(encoding: str, tmp_path: Path) -> None:
    table = tmp_path / "plans.csv"
    headings = (
        "structure.nom;prestataire ;nombre de jours d’intervention;BUDGET DE LA MISSION (ttc);date"
    )
    table.write_bytes(
        f"{headings}\r\nL'Été & Cie;Œuvre Conseil;4,5;3 402,50 €;1/3/2013\r\n;;;;\r\n".encode(
            encoding
        )
    )
    [made] = make(table, tmp_path, "proposition", brouillon=True)
    values = {
        name.rpartition(".")[2]: text.replace("\N{NO-BREAK SPACE}", " ")
        for name, text in shown(made.fichiers[0]).items()
    }
    assert (values["jours"], values["montant"]) == ("4,5 j", "3 402,50 €")
    assert Path(made.fichiers[0]).name == "L'Été & Cie - Œuvre Conseil.docx"


def test_une_colonne_inconnue_est_dite_tout_de_suite_avec_la_plus_proche(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(
        "Référence;structure.nom;Modalite de l'échange d'évaluation;zzz\nA;B;C;D\n",
        encoding="utf-8",
    )
    first, second = refused(table, tmp_path)
    assert first.startswith(
        f"{table}, ligne 1 : La colonne « Modalite de l'échange d'évaluation » n'est pas un champ "
        f"de ce document. Vouliez-vous dire"
    )
    assert second.endswith(
        "La colonne « zzz » n'est pas un champ de ce document. Donnez-lui le libellé ou le chemin "
        "d'un champ, ou retirez-la."
    )
    assert refused([{"zzz": 1}], tmp_path) == [second.partition(" : ")[2]]


def test_deux_colonnes_du_meme_champ_sont_dites(tmp_path: Path) -> None:
    assert (
        "disent le même champ"
        in refused([{"structure.nom": "A", "structures[0].nom": "B"}], tmp_path)[0]
    )
    assert (
        "disent le même champ"
        in refused([{"structures": ["A"], "structure.siret": siret(1)}], tmp_path)[0]
    )
    assert (
        "disent le même champ"
        in refused([{"prestataire": {"nom": "A"}, "prestataire.siret": siret(1)}], tmp_path)[0]
    )


@pytest.mark.parametrize("rows", [12, {"structure.nom": "A"}, None])
def test_ce_qui_n_est_pas_un_lot_est_refuse(rows: Any, tmp_path: Path) -> None:
    assert refused(rows, tmp_path) == [
        "Un lot se fait d'un tableau (.csv, .tsv, .xlsx, .xlsm, .ods), d'un DataFrame ou d'une "
        "suite de dictionnaires, un par document."
    ]


def test_un_generateur_n_est_lu_qu_a_mesure(tmp_path: Path) -> None:
    asked: list[int] = []

    def rows() -> Iterator[dict[str, Any]]:
        for number in range(1000):
            asked.append(number)
            yield row(number)

    lot = batch(rows(), SLUG, tmp_path / "lot")
    assert next(lot).reference == "DLA00-0000" and len(asked) <= 21
    lot.close()
    assert lot.total is None and batch([row(1), row(2)], SLUG, tmp_path / "lot").total == 2


def test_une_ligne_qui_n_est_pas_un_dictionnaire_ou_qui_a_une_cle_inconnue_n_arrete_pas_les_autres(
    tmp_path: Path,
) -> None:
    odd = [row(4) | {"structure.nom": {1, 2}}, {"prestataire": {1: 2, "a": 3}}]
    made = make(
        [row(1), 12, row(2) | {"zzz": 1}, {}, {"structure.nom": "  "}, row(3), *odd], tmp_path
    )
    assert [(result.ligne, bool(result.refus)) for result in made] == [
        (1, False),
        (2, True),
        (3, True),
        (6, False),
        (7, True),
        (8, True),
    ]
    assert "n'est pas un dictionnaire" in str(made[1].refus[0]) and "« zzz »" in str(
        made[2].refus[0]
    )


def frames() -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pandas = pytest.importorskip("pandas", reason="pandas manque.")
        polars = pytest.importorskip("polars", reason="polars manque.")
    columns = {
        "Référence": ["A", "B"],
        "structure.nom": ["Alpha", "Bêta"],
        "structure.siret": [int(siret(1)), None],
        "effectif": [12.0, None],
        "date": [datetime.date(2013, 3, 12), None],
    }
    columns["structures[0].effectif"] = columns.pop("effectif")
    dated = {**columns, "date": [pandas.Timestamp("2013-03-12"), pandas.NaT]}
    return [
        pandas.DataFrame(columns),
        pandas.DataFrame(dated),
        polars.DataFrame(columns),
        polars.DataFrame(columns).lazy(),
    ]


@pytest.mark.parametrize("number", range(4))
def test_un_dataframe(number: int, tmp_path: Path) -> None:
    lot = batch(frames()[number], SLUG, tmp_path / "lot", brouillon=True)
    assert lot.total == 2
    first, second = lot
    assert (first.refus, second.refus) == ((), ())
    values = shown(first.fichiers[0])
    assert (values["structures[0].nom"], values["date"]) == ("Alpha", "12/03/2013")
    assert "".join(values["structures[0].siret"].split()) == siret(1)
    assert "nan" not in str(shown(second.fichiers[0])).lower()


def test_des_parties_et_des_listes_entieres(tmp_path: Path) -> None:
    firm = {"nom": "Delta", "contact": {"nom": "Frédérique"}}
    given = {
        "prestataire": firm,
        "structures": ["Alpha", "Bêta"],
        "resultats": [{"intitule": "Un plan", "obtenu": "oui"}],
    }
    [made] = make([given], tmp_path, brouillon=True)
    values = shown(made.fichiers[0])
    assert (
        values["structures[1].nom"],
        values["resultats[0].obtenu"],
        values["prestataire.contact.nom"],
    ) == ("Bêta", "Oui", "Frédérique")


Sheet = list[list[Any]]


def workbook(path: Path, **sheets: Sheet) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title.replace("_", " "))
        for cells in rows:
            sheet.append(cells)
    book.save(path)
    return path


FIRST: Sheet = [["Référence", "structure.nom"], ["A", "Alpha"], [12, "Bêta"]]


def test_les_lignes_d_une_suite_viennent_d_une_autre_feuille(tmp_path: Path) -> None:
    results: Sheet = [
        ["référence", "intitulé", "Résultats obtenus oui/non"],
        ["12", "Un plan", "oui"],
        ["A", "Un site", "non"],
        ["12", "Un budget", None],
    ]
    book = workbook(tmp_path / "t.xlsx", Lignes=FIRST, resultats=results)
    first, second = make(book, tmp_path, brouillon=True)
    assert shown(first.fichiers[0])["resultats[0].intitule"] == "Un site"
    values = shown(second.fichiers[0])
    assert [
        values["resultats[0].intitule"],
        values["resultats[1].intitule"],
        values["resultats[0].obtenu"],
    ] == ["Un plan", "Un budget", "Oui"]


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        (
            {"Notes": [["a"], ["b"]]},
            "La feuille « Notes » n'est celle d'aucune liste de ce document. Les feuilles qui se "
            "lisent sont :",
        ),
        (
            {"resultats": [["intitule"], ["Un plan"]]},
            "feuille « resultats », ligne 1 : La colonne « Référence » manque.",
        ),
        (
            {"resultats": [["Référence", "zzz"], ["A", "b"]]},
            "feuille « resultats », ligne 1 : La colonne « zzz » n'est pas un champ",
        ),
        (
            {"resultats": [["Référence", "intitule"], ["Z", "b"]]},
            "ligne 2 : La référence « Z » n'est celle d'aucune ligne de la première feuille.",
        ),
        (
            {"resultats": [["Référence", "intitule"], [None, "b"]]},
            "ligne 2 : Cette ligne n'a pas de référence.",
        ),
    ],
)
def test_une_autre_feuille_qui_ne_va_pas_est_dite_tout_de_suite(
    sheets: dict[str, Sheet], said: str, tmp_path: Path
) -> None:
    assert said in refused(workbook(tmp_path / "t.xlsx", Lignes=FIRST, **sheets), tmp_path)[0]


def test_une_reference_en_double_une_suite_donnee_deux_fois_une_cellule_sans_titre(
    tmp_path: Path,
) -> None:
    first: Sheet = [
        ["Référence", "structure.nom", "resultats[0].intitule"],
        ["A", "x"],
        ["A", "y"],
        ["B", "z", "Un plan"],
        ["C", "t", None, "perdu"],
    ]
    results = [["Référence", "intitule"], ["A", "Un site"], ["B", "Un budget"]]
    made = make(
        workbook(tmp_path / "t.xlsx", Lignes=first, resultats=results), tmp_path, brouillon=True
    )
    assert [" ".join(map(str, result.refus)) for result in made] == [
        "",
        f"{tmp_path / 't.xlsx'}, ligne 3 : La référence « A » est déjà celle de la ligne 2 : on ne "
        "sait à laquelle vont les autres feuilles. Donnez à chaque ligne la sienne.",
        f"{tmp_path / 't.xlsx'}, ligne 4 : « 4) Les résultats » est donné ici et dans la feuille "
        f"de ce nom. Gardez l'un des deux.",
        f"{tmp_path / 't.xlsx'}, ligne 5 : Une cellule de cette ligne est dans une colonne sans "
        f"titre. Donnez un titre à sa colonne, ou effacez-la.",
    ]


def test_une_feuille_masquee_n_est_pas_lue(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook(tmp_path / "t.xlsx", Lignes=FIRST, Notes=[["a"], ["b"]]))
    book["Notes"].sheet_state = "hidden"
    book.save(tmp_path / "t.xlsx")
    assert len(make(tmp_path / "t.xlsx", tmp_path, brouillon=True)) == 2


def test_une_adresse_de_fsspec(tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec", reason="fsspec manque.")
    place = f"memory://{tmp_path.name}/lot"
    made = list(batch([row(1), row(2, date="zzz")], SLUG, place))
    assert made[0].fichiers == (
        f"{place}/DLA00-0001 - Association Exemple n° 1 - Cabinet Delta Exemple.docx",
    )
    files = fsspec.filesystem("memory")
    assert open_package(files.cat_file(made[0].fichiers[0]))
    held = openpyxl.load_workbook(io.BytesIO(files.cat_file(f"{place}/erreurs.xlsx")))
    assert held.active.max_row == 2
    assert [result.deja_fait for result in batch([row(1), row(2)], SLUG, place)] == [True, False]
    assert not files.exists(f"{place}/erreurs.xlsx")


@pytest.mark.parametrize("store", ["memory", "file"])
def test_ce_que_quelqu_un_y_a_fait_est_laisse_ou_garde_en_copie(tmp_path: Path, store: str) -> None:
    fsspec = pytest.importorskip("fsspec", reason="fsspec manque.")
    place = str(tmp_path / "garde") if store == "file" else f"memory://{tmp_path.name}/garde"
    files = fsspec.filesystem(store)
    [made] = batch([row(1)], SLUG, place)
    [name] = made.fichiers
    files.pipe_file(name, held := b"Le travail de quelqu'un.")
    again = [row(1) | {"date": "2013-10-09"}]
    [left] = batch(again, SLUG, place)
    assert left.refus and files.cat_file(name) == held
    [replaced] = batch(again, SLUG, place, remplacer=True)
    assert not replaced.refus
    copies = [files.cat_file(one) for one in files.find(f"{place}/.sauvegardes")]
    assert held in copies and open_package(files.cat_file(name))


def test_un_depot_qui_se_souvient_de_ses_listes_est_relu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = pytest.importorskip("fsspec.implementations.memory", reason="fsspec manque.")
    store, listed = memory.MemoryFileSystem, {}
    real = store.ls

    def remembered(self: Any, path: str, refresh: bool = False, **options: Any) -> Any:
        if refresh or path not in listed:
            listed[path] = real(self, path, **options)
        return listed[path]

    place = f"memory://{tmp_path.name}/liste"
    memory.MemoryFileSystem().makedirs(place)
    monkeypatch.setattr(store, "ls", remembered)
    assert [[result.deja_fait for result in batch([row(1)], SLUG, place)] for _ in range(2)] == [
        [False],
        [True],
    ]


def test_un_dossier_qu_on_ne_peut_pas_lire_est_dit_en_francais(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refused)
    with pytest.raises(InputError, match="ne peut pas être lu : vérifiez vos droits"):
        list(batch([row(1)], SLUG, tmp_path))


def test_une_adresse_qui_ne_repond_pas_est_dite_en_francais() -> None:
    pytest.importorskip("fsspec", reason="fsspec manque.")
    with pytest.raises(InputError, match="Cette adresse ne répond pas comme attendu"):
        batch([row(1)], SLUG, "zzz://nulle/part")


def test_les_valeurs_d_un_tableur_gardent_leur_forme(tmp_path: Path) -> None:
    [made] = make(
        [
            row(1)
            | {
                "date": datetime.datetime(2013, 10, 8),
                "structures[0].effectif": Decimal("12"),
                "conditions.delais.commentaire": datetime.datetime(2013, 10, 8, 14, 30),
            }
        ],
        tmp_path,
    )
    page = shown(made.fichiers[0])
    assert page["date"] == "08/10/2013"
    assert page["conditions.delais.commentaire"] == "08/10/2013 14:30"


def test_la_faute_d_une_autre_feuille_dit_sa_feuille(tmp_path: Path) -> None:
    results: Sheet = [["Référence", "intitule"], ["A", "Un site"], ["A", "#N/A"]]
    made = make(workbook(tmp_path / "t.xlsx", Lignes=FIRST, resultats=results), tmp_path)
    told = " ".join(map(str, next(one.refus for one in made if one.reference == "A")))
    assert "t.xlsx, feuille « resultats », ligne 3 : La cellule « intitule » montre" in told


@pytest.mark.parametrize(
    ("heading", "shape", "value", "said"),
    [
        ("date", "d-mmm", datetime.datetime(2013, 3, 12), "montre « 12-mars » et vaut 12/03/2013"),
        ("date", "mmmm yyyy", datetime.datetime(2013, 3, 1), "« mars 2013 » et vaut 01/03/2013"),
        ("date", "h:mm", datetime.datetime(2013, 3, 1, 14, 30), "n'est pas une date"),
        ("date", "dddd d mmmm yyyy", datetime.datetime(2013, 3, 12), ""),
        ("structure.effectif", '"env. "0', 12, "montre « env. 12 » et vaut 12"),
        ("structure.effectif", '"~"0', 12, "montre « ~12 » et vaut 12"),
        ("structure.effectif", '0" ETP"', 12, "montre « 12 ETP » et vaut 12"),
        ("structure.effectif", '0" k"', 12, "montre « 12 k » et vaut 12"),
        ("structure.effectif", '#,##0" salariés"', 1200, ""),
        ("structure.siret", "0" * 14, 12345678200010, ""),
    ],
)
def test_un_champ_ne_prend_pas_d_une_cellule_autre_chose_que_ce_qu_elle_montre(
    heading: str, shape: str, value: Any, said: str, tmp_path: Path
) -> None:
    """Un texte prend ce qui se voit ; une date, un nombre demandent les leurs."""
    book = openpyxl.Workbook()
    for cells in (["Référence", heading, "conditions.delais.commentaire"], ["A", value, value]):
        book.active.append(cells)
    book.active["B2"].number_format = book.active["C2"].number_format = shape
    book.save(path := tmp_path / "t.xlsx")
    [made] = make(path, tmp_path, brouillon=True)
    told = " ".join(map(str, made.refus))
    assert said in told and bool(said) == bool(told)
    if "et vaut" in told:
        assert "dans une cellule au format Standard" in told


def test_ce_qui_est_masque_au_dessus_des_titres_ou_en_colonne_est_dit(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for cells in (["Aide à la saisie"], ["Référence", "structure.nom"], ["A", "Les Essais"]):
        book.active.append(cells)
    book.active.row_dimensions[1].hidden = book.active.column_dimensions["B"].hidden = True
    book.save(path := tmp_path / "t.xlsx")
    lot = batch(path, SLUG, tmp_path / "lot", brouillon=True)
    [made] = list(lot)
    assert shown(made.fichiers[0])["structures[0].nom"] == "Les Essais"
    assert [str(one.gravite) for one in lot.masques] == ["information"] * 2
    assert "n'est pas lue" in lot.masques[0].message
    assert "« structure.nom », masquée dans le tableur, est lue" in lot.masques[1].message
    assert examine(path, SLUG).masques == lot.masques
