"""CDC-08 et RX-14 : deux objectifs sur une ligne sont vus ; une énumération ne l'est pas."""

from __future__ import annotations

import pytest

from dla_docs import CahierDesCharges, check
from dla_docs.constat import Gravite

DEUX = [
    "Améliorer l'accueil des publics ; développer les partenariats locaux.",
    "Refondre la comptabilité. Accompagner l'équipe dans le changement.",
    "D'une part conduire le changement d'organisation, d'autre part diversifier les financements",
    "1) structurer l'offre de services 2) recruter des bénévoles",
    "Amélioration de la gestion financière ; développement des partenariats avec les communes",
    "Deux objectifs : clarifier le projet associatif ; consolider la trésorerie",
    "Se doter d'un projet associatif ; s'outiller pour la gestion des emplois",
    "Mise en place d'une comptabilité analytique / création d'une activité de réemploi",
    "Définir une stratégie de communication ; et réduire les coûts de fonctionnement",
    "Pérenniser les emplois ; mettre en conformité les statuts ; ouvrir un second site",
]

UN = [
    "Développer l'offre de services : particuliers ; collectivités ; entreprises.",
    "Conduire la période transitoire, puis mettre en place le modèle définitif du groupement.",
    "Fournir à l'association les méthodes et outils pour conduire son développement économique.",
    "Outiller la direction : préparer une réunion ; déléguer une tâche ; évaluer un salarié",
    "Accompagner les administrateurs, la direction et les permanents dans leurs missions.",
    "Améliorer l'accueil, l'orientation et le suivi des publics.",
    "Consolider le modèle économique. La démarche est conduite avec les bénévoles.",
    "Structurer et développer l'activité de réemploi ; les autres activités n'en sont pas.",
    "Clarifier qui décide, qui fait et qui contrôle ; chacun y trouvera sa place",
    "Permettre la pérennisation des postes salariés (accueil ; animation ; entretien)",
]


PEUT_ETRE = [
    "Refondre la comptabilité et conduire le changement d'organisation",
    "Améliorer l'accueil des publics, développer les partenariats locaux",
]


def gravities(text: str) -> set[Gravite]:
    """How gravely an order with this general goal is told that it has several."""
    order = CahierDesCharges.model_validate({"objectifs": {"general": text}}).placed()
    return {one.gravite for one in check(order, "centre") if "RX-14" in one.exigences}


@pytest.mark.parametrize("text", DEUX)
def test_two_goals_on_one_line_are_noticed(text: str) -> None:
    assert gravities(text) == {Gravite.BLOQUANT}


@pytest.mark.parametrize("text", PEUT_ETRE)
def test_two_verbs_joined_are_only_a_warning(text: str) -> None:
    assert gravities(text) == {Gravite.AVERTISSEMENT}


@pytest.mark.parametrize("text", UN)
def test_an_honest_enumeration_is_left_alone(text: str) -> None:
    assert gravities(text) == set()


@pytest.mark.parametrize(
    ("theme", "several"),
    [
        ("La comptabilité ; la communication", True),
        ("L'organisation du travail ; les partenariats avec les communes", True),
        ("La gestion comptable, sociale et budgétaire", False),
        ("L'offre de services : particuliers ; collectivités ; entreprises", False),
    ],
)
def test_two_themes_side_by_side_are_noticed(theme: str, several: bool) -> None:
    order = CahierDesCharges.model_validate({"objectifs": {"theme": theme}}).placed()
    assert any("CDC-08" in one.exigences for one in check(order, "centre")) == several
