"""Le nom des fichiers : d'après un patron, permis partout, jamais le même pour deux lignes, le même
d'une fois sur l'autre.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dla_docs import DOCUMENTS
from dla_docs.errors import InputError
from dla_docs.files import MAX_NAME, name_key, numbered, safe_name
from dla_docs.lot import batch
from dla_docs.lot.entries import Entries, Entry
from dla_docs.lot.file_names import Names, Pattern
from dla_docs.resources import sample_path
from tests import as_keyed
from tests.lot.lignes import SLUG, row
from tests.lot.test_table import shown

MODEL = DOCUMENTS["evaluation_individuelle"]
DATA = {
    "structures": ["Les Amis : « été » / hiver"],
    "prestataire": {"nom": "CON"},
    "date": "12/03/2013",
    "reference_convention": None,
}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (None, "REF-1 - Les Amis - « été » - hiver - CON"),
        ("{reference} - {structure.nom}.docx", "REF-1 - Les Amis - « été » - hiver"),
        ("{prestataire.nom}", "_CON"),
        ("{structures[0].nom} ({date})", "Les Amis - « été » - hiver (12-03-2013)"),
        ("{Date de l'échange d'évaluation}", "12-03-2013"),
        ("{consultant.nom} - {reference} - {modalites}", "REF-1"),
        ("{modalites}", "ligne 0007"),
        ("{ligne}", "0007"),
        ("{document}", "La grille d'évaluation et le suivi de l'ingénierie individuelle"),
        ("fiche", "fiche"),
        ("a-b {reference}", "a-b REF-1"),
    ],
)
def test_un_patron_donne_un_nom_permis_partout(pattern: str | None, expected: str) -> None:
    assert Pattern(pattern, MODEL).name(DATA, {}, 7, "REF-1") == expected


def test_ce_que_la_mission_donne_se_nomme_aussi() -> None:
    assert (
        Pattern("{structure.nom}", MODEL).name(
            {}, {"structures": [{"nom": "De la mission"}]}, 1, ""
        )
        == "De la mission"
    )


def test_un_champ_inconnu_est_dit_avec_le_plus_proche(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"cite « {modalitees} ».* Vouliez-vous dire « Modalités de l'échange"
    ):
        batch([{}], MODEL.slug(), tmp_path, noms="{modalitees}")
    with pytest.raises(InputError, match=r"cite « {} »"):
        Pattern("{}", MODEL)


@given(st.text(max_size=300), st.text(max_size=300))
def test_le_nom_tient_sur_tous_les_disques(reference: str, name: str) -> None:
    made = Pattern(None, MODEL).name({"structures": [{"nom": name}]}, {}, 1, reference)
    assert (
        made
        and f"{made}.docx" == safe_name(made, suffix=".docx")
        and len(numbered(f"{made}.docx", 10_000).encode()) <= MAX_NAME
    )


NAMES = st.lists(
    st.tuples(
        st.sampled_from(["Été", "ÉTÉ", "E\u0301te\u0301", "a", "A", "a (2)", "b"]),
        st.integers(0, 9),
    ),
    max_size=12,
)


def claimed(
    journal: dict[str, Entry], rows: list[tuple[str, int, str]], strangers: set[str]
) -> list[tuple[str, bool]]:
    names = Names(Entries(journal.items()), strangers)
    return [
        (name, entry is not None)
        for name, entry in (
            names.claim(base, str(content), origin) for base, content, origin in rows
        )
    ]


@given(NAMES, st.sets(st.sampled_from(["été.docx", "a.pdf", "a (2).docx"])), st.data())
def test_jamais_deux_lignes_sur_un_fichier_ni_un_fichier_d_ailleurs(
    rows: list[tuple[str, int]], strangers: set[str], data: st.DataObject
) -> None:
    told = [(name, content, f"ligne {number}") for number, (name, content) in enumerate(rows)]
    first = claimed({}, told, strangers)
    keys = [name_key(name) for name, _ in first]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & {name_key(name.rpartition(".")[0]) for name in strangers}
    journal = {
        name: Entry(str(content), origin)
        for (name, _), (_, content, origin) in zip(first, told, strict=True)
    }
    assert claimed(journal, told, strangers) == [(name, True) for name, _ in first]

    # Some rows were mended, and come back alone: theirs, and no other, are written again.
    chosen = sorted(data.draw(st.sets(st.integers(0, len(rows) - 1))) if rows else [])
    again = claimed(
        journal, [(told[number][0], 99, told[number][2]) for number in chosen], strangers
    )
    assert again == [(first[number][0], False) for number in chosen]


def test_un_nom_retape_autrement_garde_son_fichier(tmp_path: Path) -> None:
    """Un autre disque les confond : ce serait deux fichiers ici, dont un périmé que nul ne dit."""
    for name, made in (("Été", False), ("ÉTÉ", False), ("ÉTÉ", True), ("E\u0301te\u0301", False)):
        [one] = batch([row(1, **{"structure.nom": name})], SLUG, tmp_path, noms="{structure.nom}")
        assert one.fichiers == (str(tmp_path / "Été.docx"),)
        assert one.deja_fait == made
        assert [path.name for path in tmp_path.glob("*.docx")] == ["Été.docx"]


def test_dix_mille_lignes_du_meme_nom_ne_prennent_pas_la_nuit() -> None:
    names = Names(Entries(), set())
    made = [names.claim("a", str(number), str(number))[0] for number in range(10_000)]
    assert made[-1] == "a (10000)" and len(set(made)) == 10_000


def test_le_nom_dit_le_prestataire_de_la_ligne_et_non_celui_que_la_mission_a_retenu(
    tmp_path: Path,
) -> None:
    mission = sample_path("mission_individuelle")
    rows = [{"prestataire.cle": "alpha"}, {"prestataire.cle": "beta"}]
    made = list(
        batch(rows, "notification_de_choix", tmp_path, mission=mission, noms="{prestataire.nom}")
    )
    assert [Path(file).name for result in made for file in result.fichiers] == [
        "Cabinet Alpha Exemple.docx",
        "Coopérative Bêta Exemple.docx",
    ]
    assert [as_keyed(shown(result.fichiers[0])["resultat"]) for result in made] == [
        "Votre proposition est retenue",
        "Votre proposition n'est pas retenue",
    ]


def test_un_fichier_d_ailleurs_garde_son_nom_et_le_document_en_prend_un_autre(
    tmp_path: Path,
) -> None:
    [made] = batch([row(1)], SLUG, tmp_path / "seul")
    stranger = tmp_path / "lot" / Path(made.fichiers[0]).name
    stranger.parent.mkdir()
    stranger.write_bytes(b"Venu d'ailleurs.")
    [beside] = batch([row(1)], SLUG, stranger.parent)
    assert beside.fichiers == (str(stranger.with_stem(f"{stranger.stem} (2)")),)
    assert stranger.read_bytes() == b"Venu d'ailleurs."
