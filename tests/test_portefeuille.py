"""Le portefeuille des prestataires : d'où il se lit, ce qu'on y trouve, ce qui y manque, son
catalogue.
"""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import openpyxl
import pytest
from stdnum import luhn

from dla_docs import Portefeuille, load
from dla_docs.constat import Gravite
from dla_docs.documents.fiche_prestataire import FichePrestataire
from dla_docs.errors import InputError
from dla_docs.forms import trame
from dla_docs.portefeuille.catalogue import CatalogueDesPrestataires, catalogue, catalogue_template
from dla_docs.resources import sample_path
from dla_docs.tables import hopeless
from dla_docs.tables.columns import columns, data_to_row
from dla_docs.tables.writing import workbook
from dla_docs.templating import lint
from tests import as_keyed
from tests.offices import need_office
from tests.pdf_checks import check_pdf, claims
from tests.word_forms import fill, page_text

AU = datetime.date(2013, 6, 1)
HEADINGS = [
    "Nom du prestataire",
    "N° de siret",
    "Code postal",
    "Ville",
    "Compétences",
    "Secteurs d'activité",
    "Secteurs géographiques",
]
MORE = ["Méthodes et outils", "Intervenants", "Date de mise à jour de la fiche"]
SKILLS = [
    "Comptabilité analytique",
    "Étude de marché",
    "Conduite du changement",
    "Droit associatif",
]
ZONES = ["Indre-et-Loire (37)", "Loiret (45)", "Loire (42)", "France entière"]


def siret(number: int) -> str:
    siren = f"{30_000_000 + number}"
    siren += luhn.calc_check_digit(siren)
    return f"{siren}0001{luhn.calc_check_digit(f'{siren}0001')}"


def row(number: int) -> list[object]:
    """The fiche of rank ``number``: one skill and one zone in four, one in five more than a year
    old.
    """
    dated = AU - datetime.timedelta(days=400 if number % 5 == 0 else 100)
    identity: list[object] = [
        f"Cabinet Exemple {number:03d}",
        int(siret(number)),
        37000 + number % 90,
        "Villexemple",
    ]
    return [
        *identity,
        SKILLS[number % 4],
        "Insertion; Culture",
        ZONES[number // 4 % 4],
        "Ateliers",
        "Claude Fictif",
        dated,
    ]


@pytest.fixture(scope="module")
def five_hundred(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("portefeuille") / "prestataires.xlsx"
    path.write_bytes(workbook([*HEADINGS, *MORE], map(row, range(500)), "Prestataires"))
    return path


def csv_of(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "prestataires.csv"
    path.write_bytes("\r\n".join([";".join([*HEADINGS, *MORE]), *lines, ""]).encode(encoding))
    return path


GOOD = (
    f"Société Équité & Cie;{siret(1)};37000;Tours-l'Exemple;Comptabilité, gestion;Œuvres "
    f"sociales;Indre-et-Loire (37);Ateliers;Claude Fictif;12/03/2013"
)


def names(fiches: tuple[FichePrestataire, ...]) -> list[str | None]:
    return [fiche.prestataire.nom for fiche in fiches]


@pytest.mark.lent
def test_cinq_cents_fiches_repondent_a_une_recherche_et_disent_les_perimees(
    five_hundred: Path,
) -> None:
    held = Portefeuille.load(five_hundred)
    assert (len(held.fiches), held.constats) == (500, ())
    expected = [
        f"Cabinet Exemple {n:03d}" for n in range(500) if n % 4 == 1 and n // 4 % 4 in (1, 3)
    ]
    assert names(held.search(competence="etude MARCHE", zone="loiret")) == expected
    assert names(held.stale(AU)) == [f"Cabinet Exemple {n:03d}" for n in range(0, 500, 5)]
    assert held.incomplete() == ()
    said = held.check(profil="centre", au=AU)
    assert [constat.ligne for constat in said] == [n + 2 for n in range(0, 500, 5)]
    assert all(
        constat.exigences == ("RX-04",)
        and constat.gravite is Gravite.AVERTISSEMENT
        and "Cabinet Exemple" in constat.message
        for constat in said
    )
    assert held.check(profil="npdc", au=AU) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_le_csv_d_excel_en_francais(encoding: str, tmp_path: Path) -> None:
    [fiche] = Portefeuille.load(csv_of(tmp_path, GOOD, encoding=encoding)).fiches
    assert fiche.prestataire.nom == "Société Équité & Cie"
    assert [row.intitule for row in fiche.caracteristiques.competences] == [
        "Comptabilité",
        "gestion",
    ]
    assert fiche.mise_a_jour == datetime.date(2013, 3, 12)


def test_une_mauvaise_ligne_est_dite_et_les_autres_sont_gardees(tmp_path: Path) -> None:
    bad = "Cabinet Faux;12;ABC;;;;;;;31/02/2013"
    held = Portefeuille.load(
        csv_of(
            tmp_path,
            GOOD,
            bad,
            GOOD.replace(siret(1), siret(2)).replace("Société", "Autre société"),
        )
    )
    assert names(held.fiches) == ["Société Équité & Cie", "Autre société Équité & Cie"]
    assert {constat.chemin for constat in held.constats} == {
        "mise_a_jour",
        "prestataire.siret",
        "prestataire.adresse.code_postal",
    }
    assert {constat.ligne for constat in held.constats} == {3}
    assert all(
        str(constat).startswith(str(tmp_path / "prestataires.csv")) for constat in held.constats
    )


def test_une_colonne_inconnue_se_dit_et_ne_gene_pas(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(
        "Nom du prestataire;Competance;Notre avis;\nAlpha;Droit;bien;\nBêta;Droit;;perdu\n",
        encoding="utf-8",
    )
    held = Portefeuille.load(path)
    assert names(held.fiches) == ["Alpha", "Bêta"]
    assert held.constats[0].conseil == "Vouliez-vous dire « Compétences » ?"
    assert [constat.ligne for constat in held.constats] == [None, None, 3]
    assert {constat.gravite for constat in held.constats} == {Gravite.AVERTISSEMENT}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("Objet;Montant\nA;12\n", "Aucune colonne"),
        ("SIRET;N° de siret\n1;2\n", "disent le même champ"),
        ("SIRET;SIRET\n1;2\n", "écrite deux fois"),
    ],
)
def test_un_tableau_qui_n_en_est_pas_un_est_refuse(table: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(table, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        Portefeuille.load(tmp_path / "p.csv")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("absent.xlsx", "n'existe pas"),
        ("absent", "n'existe pas"),
        ("vide", "aucune fiche"),
        ("notes.txt", "pas un portefeuille"),
    ],
)
def test_ce_qui_n_est_pas_un_portefeuille_est_refuse_en_une_phrase(
    name: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "vide").mkdir()
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match=said):
        Portefeuille.load(tmp_path / name)


def test_un_dossier_melange_tableaux_fiches_et_formulaires_revenus(tmp_path: Path) -> None:
    csv_of(tmp_path, GOOD)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "delta.yaml").write_bytes(sample_path("fiche_prestataire").read_bytes())
    returned = fill(
        trame("fiche_prestataire"),
        {
            "prestataire.nom": "Revenu par courriel",
            "caracteristiques.competences[0].intitule": "Médiation",
        },
    )
    (tmp_path / "revenue.docx").write_bytes(returned)
    (tmp_path / "~$revenue.docx").write_bytes(b"verrou")
    (tmp_path / "abimee.docx").write_bytes(b"PK")
    (tmp_path / "cahier.yaml").write_bytes(sample_path("cahier_des_charges").read_bytes())
    held = Portefeuille.load(tmp_path)
    assert sorted(filter(None, names(held.fiches))) == [
        "Cabinet Delta Exemple",
        "Revenu par courriel",
        "Société Équité & Cie",
    ]
    assert names(held.search(competence="mediation")) == ["Revenu par courriel"]
    assert sorted(Path(constat.fichier).name for constat in held.constats) == [
        "abimee.docx",
        "cahier.yaml",
    ]


def held_with(**caracteristiques: list[str]) -> Portefeuille:
    return Portefeuille(
        (
            FichePrestataire.model_validate(
                {"prestataire": {"nom": "A"}, "caracteristiques": caracteristiques}
            ),
        )
    )


@pytest.mark.parametrize(
    ("zones", "asked", "found"),
    [
        (["Loiret (45)"], "LOIRET", True),
        (["Loiret (45)"], "45", True),
        (["Loiret (45)"], "loire", False),
        (["Loiret (45)"], "4", False),
        (["Rhône-Alpes"], "rhone alpes", True),
        (["Rhône", "Alpes du Sud"], "rhone alpes", False),
        (["France entière"], "Loiret", True),
        (["Toute la France"], "Loiret", True),
        (["Ile-de-France"], "Loiret", False),
        ([], "Loiret", False),
        ([], "  ", True),
    ],
)
def test_un_territoire_se_cherche_en_mots_entiers(
    zones: list[str], asked: str, found: bool
) -> None:
    assert bool(held_with(zones=zones).search(zone=asked)) is found


@pytest.mark.parametrize(
    ("competence", "asked", "found"),
    [
        ("Comptabilité analytique", "compta", True),
        ("Études de marchés", "etude du marché", True),
        ("Main-d'œuvre", "main d'oeuvre", True),
        ("Comptabilité", "habilité", False),
        ("Droit social", "droit associatif", False),
    ],
)
def test_une_competence_se_cherche_par_le_debut_des_mots(
    competence: str, asked: str, found: bool
) -> None:
    assert bool(held_with(competences=[competence]).search(competence=asked)) is found


def test_une_recherche_veut_tout_ce_qui_est_demande() -> None:
    held = held_with(competences=["Droit"], secteurs=["Culture"], zones=["Loiret"])
    assert held.search("droit", "culture", "loiret")
    assert not held.search("droit", "sport", "loiret")


def test_les_competences_des_intervenants_et_les_secteurs_des_references_comptent() -> None:
    held = Portefeuille((load(sample_path("fiche_prestataire")),))  # type: ignore[arg-type]  # the sample is a fiche
    assert held.search(competence="budgets previsionnels") and held.search(secteur="culture")


def test_ce_qui_manque_depend_du_profil() -> None:
    sample = load(sample_path("fiche_prestataire"))
    assert isinstance(sample, FichePrestataire)
    undated = sample.model_copy(update={"mise_a_jour": None})
    held = Portefeuille((undated,))
    assert (held.incomplete("centre"), held.incomplete("npdc")) == ((undated,), ())
    assert [constat.exigences for constat in held.check("centre", AU)] == [("FP-09",)]
    assert held.check("centre", AU)[0].message.startswith("Cabinet Delta Exemple : ")


def test_deux_fiches_du_meme_prestataire_se_disent(tmp_path: Path) -> None:
    held = Portefeuille.load(csv_of(tmp_path, GOOD, GOOD.replace("Société", "SARL")))
    [constat] = held.check("npdc", AU)
    assert (
        constat.ligne == 3
        and "SARL Équité & Cie" in constat.message
        and "celui de Société Équité & Cie" in constat.message
    )


def test_un_profil_illisible_ne_cache_pas_les_autres_fiches(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "document: fiche_prestataire\nprofil: absent.yaml\nmise_a_jour: 01/01/2001\n",
        encoding="utf-8",
    )
    (tmp_path / "b.yaml").write_text(
        "document: fiche_prestataire\nprofil: npdc\nprestataire: {nom: Bêta}\n", encoding="utf-8"
    )
    said = Portefeuille.load(tmp_path).check(au=AU)
    assert any("Bêta" in constat.message and "FP-07" in constat.exigences for constat in said)
    assert any("absent.yaml" in str(constat) for constat in said)


def test_le_classeur_du_catalogue_se_recharge(five_hundred: Path, tmp_path: Path) -> None:
    sample = load(sample_path("fiche_prestataire"))
    assert isinstance(sample, FichePrestataire)
    held = (*Portefeuille.load(five_hundred).fiches[:3], sample)
    (tmp_path / "p.xlsx").write_bytes(catalogue(held, ".xlsx"))
    again = Portefeuille.load(tmp_path / "p.xlsx")
    assert again.constats == ()
    assert sorted(map(str, map(cells, again.fiches))) == sorted(map(str, map(cells, held)))
    sheet = openpyxl.load_workbook(io.BytesIO((tmp_path / "p.xlsx").read_bytes())).active
    assert [cell.value for cell in sheet[1]] == [
        column.heading for column in columns(FichePrestataire)
    ]
    assert isinstance(sheet.cell(2, 1).value, datetime.datetime)


def cells(fiche: FichePrestataire) -> list[object]:
    """What a table keeps of a fiche; of rows of several fields, the words."""
    return [str(cell).replace("• ", "") for cell in data_to_row(fiche)]


def test_le_catalogue_word_dit_chaque_prestataire_et_ceux_a_mettre_a_jour(
    five_hundred: Path,
) -> None:
    held = Portefeuille.load(five_hundred).fiches[:12]
    text = page_text(catalogue(held, ".docx", au=AU, recherche="compétence « droit »"))
    for fiche in held:
        assert text.count(fiche.prestataire.nom or "?") == 2  # in the index, and in the list
    assert text.count("à mettre à jour") == 3
    assert "compétence « droit »" in as_keyed(text) and "01/06/2013" in text


def test_le_catalogue_vide_se_fait_aussi() -> None:
    assert "Portefeuille de ressources des prestataires" in page_text(catalogue((), ".docx", au=AU))


def test_un_modele_habille_imprime_le_catalogue(tmp_path: Path) -> None:
    template = catalogue_template()
    assert lint(template, CatalogueDesPrestataires) == []
    (tmp_path / "m.docx").write_bytes(template)
    held = (load(sample_path("fiche_prestataire")),)
    assert "Cabinet Delta Exemple" in page_text(
        catalogue(held, ".docx", au=AU, modele=tmp_path / "m.docx")  # type: ignore[arg-type]
    )


def test_le_catalogue_pdf_tient_ses_deux_normes() -> None:
    need_office()
    held = (load(sample_path("fiche_prestataire")),)
    content = catalogue(held, ".pdf", au=AU)  # type: ignore[arg-type]  # the sample is a fiche
    assert claims(content) == {"PDF/A-3b", "PDF/UA-1"} and check_pdf(content) == []


def test_ce_qui_est_masque_dans_le_tableau_est_dit(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for cells in (["Aide"], ["Nom du prestataire", "Ville"], ["Prestataire A", "Digne"]):
        book.active.append(cells)
    book.active.row_dimensions[1].hidden = book.active.column_dimensions["B"].hidden = True
    book.save(path := tmp_path / "p.xlsx")
    found = Portefeuille.load(path)
    assert [one.prestataire.nom for one in found.fiches] == ["Prestataire A"]
    told = [str(one) for one in found.constats if one.gravite is Gravite.INFORMATION]
    assert "ligne 1 : Cette ligne, masquée au-dessus des titres" in told[0]
    assert "La colonne « Ville », masquée" in told[1]


def test_une_date_sans_son_annee_est_un_constat_de_sa_ligne(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Nom du prestataire", "Date de mise à jour de la fiche"])
    book.active.append(["Prestataire A", datetime.date(2013, 3, 12)])
    book.active["B2"].number_format = "d-mmm"
    book.save(path := tmp_path / "p.xlsx")
    (said,) = [one for one in Portefeuille.load(path).constats if "montre" in one.message]
    assert "montre « 12-mars » et vaut 12/03/2013" in str(said) and said.ligne == 2


HOPELESS = "Les 2\u202f000 premières lignes sont toutes refusées"


def test_un_tableau_dont_tout_est_refuse_se_dit_une_fois_avec_ses_raisons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hopeless, "HOPELESS", 3)
    wrong = "".join(f"Cabinet {rank};{rank}\n" for rank in range(8))
    table = tmp_path / "a.csv"
    table.write_text(f"Nom du prestataire;N° de siret\n{wrong}", encoding="utf-8")
    with pytest.raises(InputError, match=HOPELESS) as refused:
        Portefeuille.load(table)
    assert [one.ligne for one in refused.value.constats] == [None, 2, 3, 4, 5]
    (tmp_path / "b.csv").write_text("Nom du prestataire\nCabinet Exemple\n", encoding="utf-8")
    held = Portefeuille.load(tmp_path)
    assert [one.ligne for one in held.constats] == [None, 2, 3, 4, 5] and len(held.fiches) == 1
    first = f"Nom du prestataire;N° de siret\nCabinet Exemple;\n{wrong}"
    table.write_text(first, encoding="utf-8")
    assert len(Portefeuille.load(table).constats) == 8


def test_des_fiches_toutes_incompletes_arretent_la_verification(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hopeless, "HOPELESS", 3)
    table = tmp_path / "a.csv"
    rows = "".join(f"Cabinet {rank}\n" for rank in range(8))
    table.write_text(f"Nom du prestataire\n{rows}", encoding="utf-8")
    held = Portefeuille.load(table)
    assert len(held.search()) == 8
    for asked in (held.check, held.incomplete):
        with pytest.raises(InputError, match=HOPELESS) as refused:
            asked()
        said = {one.message.partition(" : ")[0] for one in refused.value.constats[1:]}
        assert said == {f"Cabinet {rank}" for rank in range(4)}
