"""La réunion : plusieurs personnes, un document ; chacun sur ses champs, rien n'est écrasé, l'ordre
des fichiers ne change rien.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dla_docs import load
from dla_docs.errors import InputError
from dla_docs.forms.blank_form import form
from dla_docs.model.document import Document
from dla_docs.model.requirement import Role
from dla_docs.model.validation import validated
from dla_docs.profils.loading import load_profil
from dla_docs.resources import sample_path
from dla_docs.returns import Reunion, reunir, reunir_par_fiche
from dla_docs.stages.envelope import data_of
from tests import examples
from tests.corpus import patched
from tests.word_forms import fill, parts_of, resaved, without_data, write_over_box, zipped

CHARGE, STRUCTURE, PRESTATAIRE, PARTICIPANT = (
    Role.CHARGE_DE_MISSION,
    Role.STRUCTURE,
    Role.PRESTATAIRE,
    Role.PARTICIPANT,
)
AVIS = "operationnalite.expertise.reponse"  # the structure answers
COMMENTAIRE = "operationnalite.expertise.commentaire_prestataire"
DELAIS = "conditions.delais.commentaire"  # the chargé de mission's


@cache
def document(slug: str = "evaluation_individuelle", **changes: str | None) -> Document:
    loaded = load(sample_path(slug))
    assert isinstance(loaded, Document)
    return validated(
        type(loaded),
        patched(
            data_of(loaded), {path.replace("__", "."): value for path, value in changes.items()}
        ),
    )


@cache
def sent(role: Role | None, slug: str = "evaluation_individuelle", **changes: str | None) -> bytes:
    return form(document(slug, **changes), role, load_profil("national"))


def answered(
    role: Role | None,
    answers: Mapping[str, str],
    slug: str = "evaluation_individuelle",
    **changes: str | None,
) -> bytes:
    return fill(sent(role, slug, **changes), answers)


def saved(folder: Path, **forms: bytes) -> list[Path]:
    """Forms under a name, so that a constat can cite them."""
    paths = [folder / f"{name}.docx" for name in forms]
    for path, octets in zip(paths, forms.values(), strict=True):
        path.write_bytes(octets)
    return paths


def taken(found: Reunion) -> dict[str, str]:
    return {change.chemin: change.apres for change in found.changements}


def only(constats: tuple[object, ...]) -> str:
    [constat] = constats
    return str(constat)


def test_each_party_fills_its_own_fields() -> None:
    forms = [
        answered(STRUCTURE, {AVIS: "Non"}),
        answered(PRESTATAIRE, {COMMENTAIRE: "Dont acte."}),
        answered(CHARGE, {DELAIS: "Tenus."}),
    ]
    found = reunir(forms)
    assert taken(found) == {AVIS: "Non", COMMENTAIRE: "Dont acte.", DELAIS: "Tenus."}
    assert found.refus == ()
    said = data_of(found.document)
    assert said["operationnalite"]["expertise"] == {
        **said["operationnalite"]["expertise"],
        "reponse": "Non",
        "commentaire_prestataire": "Dont acte.",
    }


def test_nothing_else_changes() -> None:
    found = reunir([answered(STRUCTURE, {AVIS: "Non"}), sent(PRESTATAIRE)])
    assert taken(found) == {AVIS: "Non"}
    assert data_of(found.document)["operationnalite"]["expertise"]["reponse"] == "Non"
    assert data_of(
        reunir([answered(STRUCTURE, {AVIS: "Oui"}), sent(PRESTATAIRE)]).document
    ) == data_of(reunir([sent(CHARGE)]).document)


def test_a_conflict_names_both_answers_and_both_files(tmp_path: Path) -> None:
    found = reunir(
        saved(
            tmp_path,
            presidente=answered(STRUCTURE, {AVIS: "Non"}),
            directeur=answered(STRUCTURE, {AVIS: "Sans objet"}),
        )
    )
    said = only(found.refus)
    assert all(
        word in said
        for word in (
            "« Non » dans presidente.docx (structure)",
            "« Sans objet » dans directeur.docx (structure)",
            AVIS,
        )
    )
    assert "le champ garde « Oui »" in said
    assert taken(found) == {}


def test_two_who_agree_are_not_in_conflict() -> None:
    found = reunir(
        [
            answered(STRUCTURE, {AVIS: "Non"}),
            answered(STRUCTURE, {AVIS: "Non", "relation.confiance.commentaire": "Bonne."}),
        ]
    )
    assert (taken(found)[AVIS], found.refus) == ("Non", ())


def test_a_cheat_is_named_and_not_taken(tmp_path: Path) -> None:
    found = reunir(
        saved(
            tmp_path,
            structure=answered(STRUCTURE, {AVIS: "Non"}),
            cabinet=answered(PRESTATAIRE, {AVIS: "Oui, très bien", COMMENTAIRE: "Merci"}),
        )
    )
    assert taken(found) == {AVIS: "Non", COMMENTAIRE: "Merci"}
    assert any(
        "cabinet.docx (prestataire)" in str(constat) and AVIS in str(constat)
        for constat in found.refus
    )


def test_a_cheat_that_can_be_read_quotes_the_answer_and_its_owner(tmp_path: Path) -> None:
    found = reunir(saved(tmp_path, cabinet=answered(PRESTATAIRE, {AVIS: "Non"})))
    said = only(found.refus)
    assert said.startswith("cabinet.docx (prestataire) : ")
    assert (
        "« Oui » est devenu « Non »" in said
        and "il revient à : structure" in said
        and "pas repris" in said
    )
    assert taken(found) == {}


def test_joined_data_that_someone_has_changed_are_refused(tmp_path: Path) -> None:
    """The sheet says that « Oui » had been sent: the lock is intact, the data are not."""
    parts = parts_of(answered(PRESTATAIRE, {COMMENTAIRE: "Merci"}))
    [name] = [
        name
        for name, data in parts.items()
        if b"urn:dla-docs" in data and name.startswith("customXml/item") and b'"donnees"' in data
    ]
    parts[name] = parts[name].replace(b'"role": "prestataire"', b'"role": "structure"')
    with pytest.raises(InputError) as refused:
        reunir(saved(tmp_path, truque=zipped(parts)))
    assert "truque.docx" in str(refused.value) and "changées depuis son envoi" in str(refused.value)


def test_a_form_without_its_data_is_refused_for_nobody_knows_whose_it_is(tmp_path: Path) -> None:
    paths = saved(
        tmp_path, nu=without_data(answered(STRUCTURE, {AVIS: "Non"})), bon=sent(PRESTATAIRE)
    )
    with pytest.raises(InputError) as refused:
        reunir(paths)
    assert (
        "nu.docx" in str(refused.value)
        and "dla-docs lire nu.docx" in str(refused.value)
        and "bon.docx" not in str(refused.value)
    )


def test_every_unusable_file_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "vide.docx").write_bytes(b"")
    (tmp_path / "texte.docx").write_text("bonjour", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        reunir([tmp_path / "vide.docx", tmp_path / "texte.docx", tmp_path / "absent.docx"])
    assert {
        constat.fichier and Path(constat.fichier).name for constat in refused.value.constats
    } == {"vide.docx", "texte.docx", "absent.docx"}


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (lambda: sent(STRUCTURE, "grille_de_suivi"), "l'un est « "),
        (lambda: sent(STRUCTURE, reference_convention="AUTRE-1"), "Référence de la convention"),
        (lambda: form(document(), STRUCTURE, load_profil("centre")), "le profil centre"),
    ],
    ids=["une autre sorte", "une autre mission", "un autre profil"],
)
def test_forms_of_different_documents_are_not_merged(
    other: object, told: str, tmp_path: Path
) -> None:
    paths = saved(tmp_path, un=sent(PRESTATAIRE), deux=other())  # type: ignore[operator]  # made when the test runs
    with pytest.raises(InputError) as refused:
        reunir(paths)
    assert (
        told in str(refused.value)
        and "un.docx" in str(refused.value)
        and "deux.docx" in str(refused.value)
    )


def test_the_same_file_twice_is_harmless(tmp_path: Path) -> None:
    one, other = answered(STRUCTURE, {AVIS: "Non"}), answered(PRESTATAIRE, {COMMENTAIRE: "Oui"})
    assert reunir([one, other, one, one]) == reunir([one, other])
    [path] = saved(tmp_path, a=one)
    assert reunir([path, path]) == reunir([path])


def test_a_form_sent_later_shows_what_was_answered_before() -> None:
    """The prestataire's form left once the structure's answer was known: both still make one
    document.
    """
    early = answered(STRUCTURE, {AVIS: "Non"}, operationnalite__expertise__reponse=None)
    late = answered(
        PRESTATAIRE, {COMMENTAIRE: "Dont acte."}, operationnalite__expertise__reponse="Non"
    )
    found = reunir([late, early])
    assert taken(found) == {COMMENTAIRE: "Dont acte."} and found.refus == ()
    assert data_of(found.document)["operationnalite"]["expertise"]["reponse"] == "Non"


def test_forms_sent_from_two_states_need_the_mission_to_choose() -> None:
    forms = [
        answered(CHARGE, {DELAIS: "Un"}),
        answered(PRESTATAIRE, {COMMENTAIRE: "Deux"}, operateur__departement="Ailleurs"),
    ]
    with pytest.raises(InputError) as refused:
        reunir(forms)
    assert "--dans" in str(refused.value) and "Ailleurs" in str(refused.value)
    found = reunir(forms, {"evaluation_individuelle": (document(),)})
    assert taken(found) == {DELAIS: "Un", COMMENTAIRE: "Deux"}


def test_what_the_mission_says_by_now_is_not_overwritten() -> None:
    base = {
        "evaluation_individuelle": (document(operationnalite__expertise__reponse="Sans objet"),)
    }
    found = reunir([answered(STRUCTURE, {AVIS: "Non"})], base)
    assert taken(found) == {}
    assert "alors que le document dit « Sans objet »" in only(found.refus)


def test_what_the_mission_already_holds_changes_nothing() -> None:
    found = reunir(
        [answered(STRUCTURE, {AVIS: "Non"})],
        {"evaluation_individuelle": (document(operationnalite__expertise__reponse="Non"),)},
    )
    assert (taken(found), found.refus) == ({}, ())


def test_a_cell_that_cannot_be_read_names_its_file_and_the_rest_is_taken(tmp_path: Path) -> None:
    found = reunir(
        saved(
            tmp_path,
            a=write_over_box(
                answered(STRUCTURE, {"relation.confiance.commentaire": "Bonne."}), AVIS, "peut-être"
            ),
        )
    )
    assert taken(found) == {"relation.confiance.commentaire": "Bonne."}
    assert only(found.refus).startswith("a.docx (structure) : ") and "peut-être" in only(
        found.refus
    )


def test_a_printed_text_that_was_changed_names_who_did_it(tmp_path: Path) -> None:
    parts = parts_of(answered(STRUCTURE, {AVIS: "Non"}))
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        "Création et maintien".encode(), b"Absence"
    )
    found = reunir(saved(tmp_path, structure=zipped(parts), prestataire=sent(PRESTATAIRE)))
    said = next(str(constat) for constat in found.constats if "texte fixe" in str(constat))
    assert (
        said.startswith("structure.docx (structure) : ")
        and "Création et maintien" in said
        and "Absence" in said
    )
    assert taken(found) == {AVIS: "Non"}


ROW = "modifications[2]"  # of the follow-up: the blank line under those that the sample holds


def suivi(role: Role, **answers: str) -> bytes:
    return answered(
        role, {f"{ROW}.{name}": text for name, text in answers.items()}, "grille_de_suivi"
    )


def rows(found: Reunion) -> list[dict[str, str]]:
    held: list[dict[str, str]] = data_of(found.document)["modifications"]
    return held[len(data_of(document("grille_de_suivi"))["modifications"]) :]


def test_rows_added_by_two_parties_are_both_kept(tmp_path: Path) -> None:
    paths = saved(
        tmp_path,
        a=suivi(PRESTATAIRE, motif="Une rencontre de plus"),
        b=suivi(PRESTATAIRE, motif="Une étape en moins"),
    )
    found = reunir(paths)
    assert {row["motif"] for row in rows(found)} == {"Une rencontre de plus", "Une étape en moins"}
    assert len({row["cle"] for row in rows(found) if "cle" in row}) == len(
        [row for row in rows(found) if "cle" in row]
    )
    assert any(
        "a.docx (prestataire) et b.docx (prestataire) ont ajouté chacun leur ligne" in str(constat)
        for constat in found.constats
    )
    assert found.refus == ()


def test_two_parties_complete_the_same_row() -> None:
    found = reunir(
        [
            suivi(PRESTATAIRE, motif="Une rencontre de plus"),
            suivi(CHARGE, validee_dla_le="12/03/2013"),
        ]
    )
    [row] = rows(found)
    assert (row["motif"], row["validee_dla_le"]) == ("Une rencontre de plus", "2013-03-12")


def test_a_row_read_before_is_not_added_again() -> None:
    forms = [
        suivi(PRESTATAIRE, motif="Une rencontre de plus"),
        suivi(PRESTATAIRE, motif="Une étape en moins"),
    ]
    first = reunir(forms, {"grille_de_suivi": (document("grille_de_suivi"),)})
    again = reunir(forms, {"grille_de_suivi": (first.document,)})
    assert (taken(again), again.refus, len(rows(again))) == ({}, (), 2)


def test_a_row_that_is_gone_is_said() -> None:
    held = data_of(document("grille_de_suivi"))
    base = validated(type(document("grille_de_suivi")), held | {"etapes": held["etapes"][:1]})
    found = reunir(
        [answered(PRESTATAIRE, {"etapes[1].commentaires": "Reportée"}, "grille_de_suivi")],
        {"grille_de_suivi": (base,)},
    )
    assert taken(found) == {} and "sa ligne n'est plus dans le document, ou ne s'y" in only(
        found.refus
    )


def test_a_form_that_another_program_has_saved_is_merged_like_the_others(tmp_path: Path) -> None:
    found = reunir(
        [
            resaved(answered(STRUCTURE, {AVIS: "Non"}), tmp_path),
            answered(PRESTATAIRE, {COMMENTAIRE: "Dont acte."}),
        ]
    )
    assert (taken(found), found.refus) == ({AVIS: "Non", COMMENTAIRE: "Dont acte."}, ())


def test_a_row_is_found_by_its_key_when_rows_have_moved() -> None:
    held = data_of(document("grille_de_suivi"))
    base = validated(
        type(document("grille_de_suivi")), held | {"etapes": [*reversed(held["etapes"])]}
    )
    found = reunir(
        [answered(PRESTATAIRE, {"etapes[0].commentaires": "Reportée"}, "grille_de_suivi")],
        {"grille_de_suivi": (base,)},
    )
    last = len(held["etapes"]) - 1
    assert taken(found) == {f"etapes[{last}].commentaires": "Reportée"}


TEXTS = st.sampled_from(["Oui", "Non", "Un mot", "12/03/2013", "", "<&> « »\nà la ligne"])
PLACES = [
    "etapes[0].commentaires",
    "etapes[1].prevu.personnes",
    f"{ROW}.motif",
    f"{ROW}.validee_dla_le",
    "fin_de_mission.commentaires",
    f"{ROW}.contact_le",
]
FORM = st.tuples(
    st.sampled_from([CHARGE, STRUCTURE, PRESTATAIRE]),
    st.dictionaries(st.sampled_from(PLACES), TEXTS, max_size=4),
)


@pytest.mark.lent
@given(st.lists(FORM, min_size=1, max_size=3), st.randoms(use_true_random=False))
@examples(25)
def test_neither_the_order_nor_a_duplicate_matters(
    returned: list[tuple[Role, dict[str, str]]], chance: object
) -> None:
    forms = [answered(role, answers, "grille_de_suivi") for role, answers in returned]
    found = reunir(forms)
    assert all(reunir(list(order)) == found for order in permutations(forms))
    assert reunir([*forms, *forms]) == found


@given(st.lists(FORM, min_size=1, max_size=3))
@examples(25)
def test_what_has_been_merged_is_not_merged_again(
    returned: list[tuple[Role, dict[str, str]]],
) -> None:
    forms = [answered(role, answers, "grille_de_suivi") for role, answers in returned]
    first = reunir(forms, {"grille_de_suivi": (document("grille_de_suivi"),)})
    again = reunir(forms, {"grille_de_suivi": (first.document,)})
    assert (taken(again), again.document) == ({}, first.document)


@pytest.mark.lent
@given(st.lists(FORM, min_size=1, max_size=3))
@examples(25)
def test_only_what_someone_typed_in_a_field_of_theirs_is_taken(
    returned: list[tuple[Role, dict[str, str]]],
) -> None:
    node = type(document("grille_de_suivi")).schema_node()
    allowed = {
        (path.partition("]")[2], text)
        for role, answers in returned
        for path, text in answers.items()
        if role.value in node.find(path).roles  # type: ignore[union-attr]
    }
    found = reunir([answered(role, answers, "grille_de_suivi") for role, answers in returned])
    for change in found.changements:
        assert (change.chemin.partition("]")[2], change.apres) in allowed


def sheet_of(who: str, role: Role, path: str, text: str) -> bytes:
    return answered(
        role,
        {path: text},
        "evaluation_collective",
        participant__nom=who,
        participant__cle=who.casefold(),
    )


def test_sheets_of_several_participants_are_merged_each_apart() -> None:
    answers, comments = "relation.echanges.commentaire", "relation.echanges.commentaire_prestataire"
    mine = [sheet_of(who, PARTICIPANT, answers, f"Dit {who}") for who in ("Alix", "Noa")]
    mine += [sheet_of(who, PRESTATAIRE, comments, f"À {who}") for who in ("Noa", "Alix")]
    found = reunir_par_fiche(mine)
    assert sorted((one.document.nom_distinctif or "", *taken(one).values()) for one in found) == [
        ("Alix", "Dit Alix", "À Alix"),
        ("Noa", "Dit Noa", "À Noa"),
    ]
    with pytest.raises(InputError) as refused:
        reunir(mine)
    assert "Alix" in str(refused.value) and "Noa" in str(refused.value)


def test_nothing_to_merge_is_said() -> None:
    with pytest.raises(InputError) as refused:
        reunir([])
    assert "aucun formulaire à réunir" in str(refused.value)
