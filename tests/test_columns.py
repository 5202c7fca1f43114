"""Les colonnes d'un document : chaque champ a la sienne, nommée sans équivoque ; une ligne y va et
en revient.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dla_docs import DOCUMENTS
from dla_docs.documents.fiche_prestataire import FichePrestataire
from dla_docs.errors import MOST_SAID, InputError
from dla_docs.lot import rows
from dla_docs.tables.columns import (
    clashes,
    column_named,
    columns,
    data_to_row,
    nearest_heading,
    row_to_data,
)

FICHE: type[FichePrestataire] = FichePrestataire


def fiche_of(cells: dict[str, object]) -> FichePrestataire:
    return FICHE.model_validate(row_to_data(FICHE, cells, 2, "t.csv"))


@pytest.mark.parametrize("slug", DOCUMENTS)
def test_chaque_titre_designe_une_colonne_et_une_seule(slug: str) -> None:
    model = DOCUMENTS[slug]
    for column in columns(model):
        for text in (column.heading, column.heading.upper(), column.path):
            found = column_named(model, text)
            assert found is not None and found.path == column.path, text


@pytest.mark.parametrize(
    ("heading", "path"),
    [
        ("competence", "caracteristiques.competences"),
        ("COMPÉTENCES", "caracteristiques.competences"),
        ("Secteur géographique", "caracteristiques.zones"),
        ("SIRET", "prestataire.siret"),
        ("n° de Siret", "prestataire.siret"),
        ("Mise à jour", "mise_a_jour"),
        ("contact - nom", "prestataire.contact.nom"),
        ("prestataire.contact.nom", "prestataire.contact.nom"),
        ("experiences.references[1].objet", "experiences.references[1].objet"),
    ],
)
def test_un_titre_se_reconnait_comme_les_gens_l_ecrivent(heading: str, path: str) -> None:
    column = column_named(FICHE, heading)
    assert column is not None and column.path == path


@pytest.mark.parametrize(
    "heading",
    [
        "Nom",
        "Observations",
        "prestataire",
        "experiences.references[999].objet",
        "experiences.references.objet",
        "__class__",
    ],
)
def test_un_titre_inconnu_ou_equivoque_n_est_pas_devine(heading: str) -> None:
    assert column_named(FICHE, heading) is None


def test_un_titre_inconnu_propose_le_plus_proche() -> None:
    assert nearest_heading(FICHE, "Nom prestataire") == "Nom du prestataire"
    assert nearest_heading(FICHE, "zzzz") == ""


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("Gestion, comptabilité", ["Gestion", "comptabilité"]),
        ("Gestion, comptabilité ; Droit", ["Gestion, comptabilité", "Droit"]),
        ("- Gestion ; budget\n- Droit\n", ["Gestion ; budget", "Droit"]),
        ("• Gestion, comptabilité", ["Gestion, comptabilité"]),
        ("Gestion", ["Gestion"]),
        (2013, ["2013"]),
    ],
)
def test_une_cellule_tient_plusieurs_lignes(cell: object, items: list[str]) -> None:
    assert [
        row.intitule for row in fiche_of({"Compétences": cell}).caracteristiques.competences
    ] == items


def test_une_ligne_d_une_suite_se_remplit_champ_par_champ() -> None:
    fiche = fiche_of(
        {
            "experiences.references[1].objet": "Étude",
            "experiences.references[1].annee": "2012",
            "experiences.references[0].objet": "Diagnostic",
        }
    )
    assert [(row.objet, row.annee) for row in fiche.experiences.references] == [
        ("Diagnostic", None),
        ("Étude", 2012),
    ]


def test_deux_colonnes_pour_un_champ_se_disent() -> None:
    assert clashes(FICHE, ["Compétences", "SIRET", "competence"]) == [("Compétences", "competence")]
    assert clashes(FICHE, ["Références", "experiences.references[0].objet"]) == [
        ("Références", "experiences.references[0].objet")
    ]
    assert clashes(FICHE, [column.heading for column in columns(FICHE)]) == []


WORDS = st.text("abcé ,;•|-–'\n", min_size=1, max_size=12)


@given(
    competences=st.lists(
        WORDS.map(lambda text: " ".join(text.replace("•", " ").split())).filter(
            lambda text: text.strip("-– ")
        ),
        max_size=3,
    ),
    nom=WORDS,
)
def test_une_ligne_ecrite_se_relit(competences: list[str], nom: str) -> None:
    fiche = FICHE.model_validate(
        {
            "prestataire": {"nom": nom, "siret": "00000007500010"},
            "caracteristiques": {"competences": competences},
        }
    )
    row = dict(zip((column.heading for column in columns(FICHE)), data_to_row(fiche), strict=True))
    again = fiche_of({heading: cell for heading, cell in row.items() if cell is not None})
    assert again.prestataire == fiche.prestataire
    assert [row.intitule for row in again.caracteristiques.competences] == [
        row.intitule for row in fiche.caracteristiques.competences
    ]


@given(st.lists(st.sampled_from(["nom", "Nom", "prestataire", "Prestataire", "references[0].objet",
    "experiences", "experiences.references[0]", "experiences.references[0].objet", "SIRET"]),
    unique=True))  # fmt: skip
def test_les_colonnes_qui_disent_le_meme_champ_se_trouvent_sans_les_comparer_toutes(
    headings: list[str],
) -> None:
    paths = {one: found.path for one in headings if (found := column_named(FICHE, one, True))}
    alone = {
        one
        for one, path in paths.items()
        if not any(
            other != one and (path == its or f"{path}.".startswith((f"{its}.", f"{its}[")) or
            f"{its}.".startswith((f"{path}.", f"{path}[")))
            for other, its in paths.items()
        )
    }  # fmt: skip
    told = {one for pair in clashes(FICHE, headings, True) for one in pair}
    assert told == paths.keys() - alone


def test_mille_colonnes_inconnues_ne_se_comparent_pas_toutes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def none(*given: Any) -> str:
        asked.append(str(given))
        return ""

    monkeypatch.setattr(rows, "nearest_heading", none)
    table = tmp_path / "t.csv"
    table.write_text(";".join(f"colonne {rank}" for rank in range(2_000)) + "\nx\n")
    with pytest.raises(InputError) as refused:
        rows.open_table(table, FICHE)
    assert len(refused.value.constats) == len(asked) == MOST_SAID + 1
    table.write_text(";".join(f"colonne {rank}" for rank in range(17_000)) + "\nx\n")
    with pytest.raises(InputError, match="plus de colonnes qu'aucun tableur n'en a"):
        rows.open_table(table, FICHE)
