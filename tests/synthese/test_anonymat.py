"""Le seuil d'anonymat : ce qui est sous lui ne se voit pas,
et ne se retrouve pas par soustraction."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from operator import attrgetter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dla_docs import SyntheseEvaluations, render
from dla_docs.errors import InputError
from dla_docs.parties.evaluation import GrilleDEvaluation
from dla_docs.stages.envelope import open_envelope
from dla_docs.synthese import Fiche, Recueil, gather, synthesise, workbook
from dla_docs.synthese.anonymity import reveals, too_few
from dla_docs.word.answers import controls_in
from dla_docs.word.package import open_package
from tests import examples
from tests.synthese.fiches import beaucoup, collective, document, documents, individuelle


@given(st.lists(st.integers(0, 30), max_size=12), st.integers(1, 12))
def test_ce_qui_est_montre_atteint_le_seuil_et_ce_qui_est_cache_aussi_une_fois_reuni(
    sizes: list[int], threshold: int
) -> None:
    hidden = too_few(sizes, threshold)
    shown = [size for rank, size in enumerate(sizes) if rank not in hidden and size]
    together = sum(sizes[rank] for rank in hidden)
    assert all(size >= threshold for size in shown)
    assert together == 0 or together >= threshold or not shown
    assert all(sizes[rank] for rank in hidden)
    needless = {rank for rank in hidden if sizes[rank] >= threshold}
    assert len(needless) <= 1, "un seul groupe assez grand suffit à couvrir les autres"


def figures(held: Any) -> Iterator[dict[str, Any]]:
    """Every set of figures of a synthesis, wherever it stands."""
    if isinstance(held, dict):
        if "reponses" in held:
            yield held
        for value in held.values():
            yield from figures(value)
    elif isinstance(held, list | tuple):
        for value in held:
            yield from figures(value)


@pytest.mark.lent
@examples(12)
@given(st.integers(1, 60), st.integers(1, 9), st.integers(0, 10_000))
def test_aucun_nombre_de_reponses_n_est_sous_le_seuil(count: int, seuil: int, seed: int) -> None:
    made = synthesise(documents(beaucoup(count, seed)), seuil=seuil)
    found = list(figures(made.model_dump()))
    assert found
    for one in found:
        if one["reponses"]:
            assert (
                one["reponses"] >= seuil
                and one["oui"] + one["non"] + one["sans_objet"] == one["reponses"]
            )
        elif one["reponses"] is None:
            assert one["note"] and {value for name, value in one.items() if name != "note"} == {
                None
            }
    for group in (*made.par_prestataire, *made.par_structure, *made.par_annee):
        assert group.fiches is None or group.fiches >= seuil


@examples(12)
@given(st.integers(10, 60), st.integers(2, 9), st.integers(0, 10_000))
def test_les_cases_cachees_d_un_critere_ne_se_deduisent_pas_de_son_total(
    count: int, seuil: int, seed: int
) -> None:
    made = synthesise(
        [
            document
            for document in documents(beaucoup(count, seed))
            if document.slug() == "evaluation_individuelle"
        ],
        seuil=seuil,
    )
    totals = {
        row.critere: row.chiffres.reponses
        for row in made.individuelles.criteres
        if row.chiffres.reponses
    }
    for view in (made.par_prestataire, made.par_structure, made.par_annee):
        for critere, total in totals.items():
            cells = [
                row.chiffres.reponses
                for group in view
                for row in group.criteres
                if row.critere == critere
            ]
            left = total - sum(cell or 0 for cell in cells)
            assert left == 0 or left >= seuil or len([cell for cell in cells if cell]) == 0, critere
        for group in view:
            assert group.chiffres.reponses in (
                None,
                sum(row.chiffres.reponses or 0 for row in group.criteres),
            )


def test_un_critere_cache_ne_se_retrouve_pas_dans_les_totaux_par_annee() -> None:
    raws = [
        individuelle(
            number,
            conditions={
                "delais": {"reponse": "oui"},
                **({"contenu": {"reponse": "non"}} if number < 2 else {}),
            },
        )
        for number in range(10)
    ]
    made = synthesise(documents(raws))
    contenu = next(
        row
        for row in made.individuelles.criteres
        if row.critere.startswith("Contenu réalisé")  # type: ignore[union-attr]
    )
    assert contenu.chiffres.note == "moins de 5 réponses" and contenu.chiffres.non is None
    assert [(group.chiffres.reponses, group.chiffres.non) for group in made.par_annee] == [(10, 0)]


def test_le_document_qui_part_ne_porte_rien_de_ce_qui_est_cache() -> None:
    raws = [
        collective(
            number,
            "non",
            operationnalite={
                "methodologie": {"reponse": "non", "commentaire": "Je suis la seule à penser cela."}
            },
        )
        for number in range(3)
    ]
    made = synthesise(documents([*raws, *(individuelle(number) for number in range(8))]))
    octets = render(made)
    parts = open_package(octets)
    carried = open_envelope(parts)
    assert carried is not None
    said = " ".join(
        [
            str(carried.donnees),
            *(control.text for control in controls_in(parts)),
            str(made.model_dump()),
        ]
    )
    assert "la seule" not in said and "Personne 1" not in said and "Association 1" not in said
    assert "moins de 5 réponses" in said
    assert b"la seule" not in b"".join(
        open_package(octets).values()
    ) and b"la seule" not in workbook(made)


def test_a_un_rien_n_est_cache_et_sous_un_le_seuil_est_refuse() -> None:
    made = synthesise(documents([individuelle(1, "non")]), seuil=1)
    assert (made.individuelles.criteres[0].chiffres.non, made.par_structure[0].nom) == (
        1,
        "Association 1",
    )
    with pytest.raises(InputError, match="d'au moins 1"):
        synthesise(documents([individuelle(1)]), seuil=0)


def test_les_commentaires_ne_se_montrent_qu_au_seuil_et_sans_ordre_qui_trahisse() -> None:
    def said(count: int) -> SyntheseEvaluations:
        texts = ["Zèle des intervenants.", "À refaire.", "Bien."]
        rows = [
            {"reponse": "oui", **({"commentaire": texts[number]} if number < 3 else {})}
            for number in range(count)
        ]
        return synthesise(
            documents(
                individuelle(number, relation={"echanges": row}) for number, row in enumerate(rows)
            )
        )

    hidden, shown = said(4).individuelles.commentaires, said(5).individuelles.commentaires
    assert [(row.note, row.remarques) for row in hidden] == [
        ("moins de 5 réponses : commentaires non montrés", ())
    ]
    assert [(remark.texte, remark.auteur) for remark in shown[0].remarques] == [
        ("À refaire.", "Structure"),
        ("Bien.", "Structure"),
        ("Zèle des intervenants.", "Structure"),
    ]


def test_le_titre_qu_une_fiche_donne_a_sa_ligne_ne_se_lit_qu_au_seuil() -> None:
    rows = [
        {"intitule": "Accueil", "reponse": "oui", "commentaire": f"Parfait {number}."}
        for number in range(6)
    ]
    rows += [
        {"intitule": "Un détail que chacun reconnaîtrait", "reponse": "non", "commentaire": "Non."}
    ]
    made = synthesise(
        documents(
            individuelle(number, operationnalite={"libre": row}) for number, row in enumerate(rows)
        )
    )
    assert "reconnaîtrait" not in str(made.model_dump())
    assert [row.critere for row in made.individuelles.criteres if "libre" in str(row.critere)] == [
        "Ligne libre : Les moins nombreux, réunis (2 critères)"
    ]


def determined(groups: list[frozenset[int]], wanted: frozenset[int]) -> bool:
    """Vrai quand le nombre de ``wanted`` se calcule des autres : résolu en fractions, par Gauss."""
    people = sorted(frozenset().union(*groups, wanted))
    rows = [[Fraction(one in group) for one in people] for group in groups]
    target = [Fraction(one in wanted) for one in people]
    for column in range(len(people)):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows = [row for row in rows if row is not pivot]
        for row in (*rows, target):
            times = row[column] / pivot[column]
            row[:] = [value - times * own for value, own in zip(row, pivot, strict=True)]
    return not any(target)


GROUPES = st.lists(st.frozensets(st.integers(0, 8), min_size=3), min_size=1, max_size=5)


@given(GROUPES)
@examples(60)
def test_ce_qui_se_calcule_est_vu(groups: list[frozenset[int]]) -> None:
    people = sorted(frozenset().union(*groups))
    few = [frozenset(some) for count in (1, 2) for some in combinations(people, count)]
    assert reveals(groups, 3) == any(determined(groups, some) for some in few)


@given(st.lists(st.tuples(*[st.sampled_from("abc")] * 3), min_size=5, max_size=14))
@examples(40)
def test_de_toutes_les_vues_reunies_aucun_petit_groupe_ne_se_calcule(
    rows: list[tuple[str, str, str]],
) -> None:
    fiches = [
        Fiche(une)
        for une in documents(
            individuelle(
                number,
                prestataire={"nom": f"P{one}"},
                structures=[{"nom": f"S{two}"}],
                date=f"01/02/201{ord(three) % 4}",
            )
            for number, (one, two, three) in enumerate(rows)
        )
        if isinstance(une, GrilleDEvaluation)
    ]
    made = synthesise(Recueil(tuple(fiches)), seuil=3)
    shown = [frozenset(range(len(fiches)))]
    for view, name_of in (
        (made.par_prestataire, attrgetter("prestataire")),
        (made.par_structure, attrgetter("structure")),
        (made.par_annee, attrgetter("annee")),
    ):
        named = [group.nom for group in view if group.fiches is not None]
        own = [
            frozenset(rank for rank, fiche in enumerate(fiches) if name_of(fiche) == name)
            for name in named
        ]
        together = frozenset(range(len(fiches))) - frozenset().union(
            *(group for group in own if group)
        )
        shown += [group or together for group in own]
    for count in (1, 2):
        for some in combinations(range(len(fiches)), count):
            assert not determined(shown, frozenset(some)), (rows, some)


def test_ce_qu_une_personne_repond_pour_toutes_les_fiches_compte_une_fois() -> None:
    """La partie 1, remplie par le ou la chargé(e) de mission sur la première fiche, passe aux six
    autres : une seule réponse, sous le seuil. Qui n'a rien répondu d'autre n'est pas compté.
    """
    part: dict[str, Any] = {
        "conditions": {"delais": {"reponse": "oui", "commentaire": "Tenus, dit-elle."}}
    }
    same: dict[str, Any] = {"reference_convention": "DLA00-1", **part}
    sheets = [document(collective(number, **same)) for number in range(6)]
    found = gather([*sheets, document(collective(6, None, **same))])
    assert len(found.fiches) == 6 and "aucune réponse" in found.constats[0].message
    told = synthesise(found).collectives
    said = {row.critere: row.chiffres for row in told.criteres}
    delais = next(said[name] for name in said if name and name.startswith("Adéquation"))
    assert (delais.reponses, delais.note) == (None, "moins de 5 réponses")
    assert said["Méthodologie d'accompagnement adaptée dont si plusieurs journées"].reponses == 6
    assert "Tenus, dit-elle." not in str(told)
    apart: list[dict[str, Any]] = [
        {"reference_convention": f"DLA00-{number}", **part} for number in range(5)
    ]
    others = synthesise([document(collective(n, **one)) for n, one in enumerate(apart)])
    assert others.collectives.criteres[0].chiffres.reponses == 5
