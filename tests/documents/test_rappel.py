"""RX-19 : un rappel de la commande collé du cahier des charges est vu ; une reformulation honnête
ne l'est pas.
"""

from __future__ import annotations

from functools import cache

import pytest

from dla_docs import CahierDesCharges, Mission, check, load
from dla_docs.documents.proposition import Proposition
from dla_docs.resources import sample_path
from tests.documents.verdict import tenu

COLLES = [
    # The very words, whole.
    "Accompagner pendant l'automne 2005 les administrateurs, la direction et les permanents dans "
    "l'évolution de leurs missions et de leur manière de travailler ensemble.",
    # The beginning only.
    "Accompagner pendant l'automne 2005 les administrateurs, la direction et les permanents dans "
    "l'évolution de leurs missions.",
    # Other capitals, other punctuation, no accents.
    "ACCOMPAGNER PENDANT L'AUTOMNE 2005, LES ADMINISTRATEURS LA DIRECTION ET LES PERMANENTS DANS "
    "L'EVOLUTION DE LEURS MISSIONS",
    # Introduced by a sentence of one's own.
    "Notre lecture : conserver l'adhésion des équipes pendant la création de l'entreprise "
    "d'insertion, rendre lisible pour les partenaires ce que fait chaque structure.",
    # One word changed.
    "Conserver l'adhésion des salariés pendant la création de l'entreprise d'insertion, rendre "
    "lisible pour les partenaires ce que fait chaque structure, et donner à la direction les "
    "moyens de conduire l'ensemble sans fragiliser l'accueil des personnes en insertion.",
    # Two fields sewn together.
    "La nouvelle orientation du projet associatif et de ses activités fait évoluer les missions "
    "des salariés et l'organisation du travail. Conserver l'adhésion des équipes pendant la "
    "création de l'entreprise d'insertion.",
    # The sentences in another order.
    "Son conseil d'administration compte 9 membres. Elle emploie 4 permanents, dont le directeur, "
    "et 15 personnes en insertion.",
    # The objectives, one after the other.
    "favoriser l'échange et la concertation entre les administrateurs et les salariés autour des "
    "évolutions du projet associatif et de ses activités ; accompagner la direction dans sa "
    "fonction de management",
    # Words left out at the end and quotation marks around.
    "« L'Association Exemple Insertion porte un chantier d'insertion dans le secteur de "
    "l'informatique et un comptoir associatif »",
    # Cut into lines.
    "accompagner les administrateurs et permanents dans l'évolution\nde leurs missions respectives "
    "et leur collaboration,\net notamment dans l'évolution des fiches de postes",
]

REFORMULES = [
    "Aider, de septembre à décembre, ceux qui décident et ceux qui font à se mettre d'accord sur "
    "leurs rôles.",
    "Une association d'insertion de dix-neuf personnes, tournée vers l'informatique, dont les "
    "activités changent de cadre.",
    "Les métiers bougent plus vite que l'organisation : une activité part, une autre perd son "
    "financement, et chacun cherche sa place.",
    "Il s'agit de ne pas perdre les salariés en route, d'être compris des financeurs et de "
    "soulager un directeur trop seul.",
    "Ouvrir le dialogue entre bénévoles et salariés, dire qui fait quoi, en tirer une "
    "organisation praticable et outiller celui qui l'animera.",
    "La structure est un chantier d'insertion qui tient aussi un comptoir ouvert aux associations "
    "voisines ; quatre permanents encadrent l'équipe.",
    "Le conseil d'administration veut créer une entreprise d'insertion ; cela touche au travail "
    "de chacun et personne n'en a encore parlé.",
    "Donner à la direction des repères pour conduire les équipes, et à tous une lecture commune "
    "de ce qui change.",
    "Accompagner la direction.",
    "Huit jours d'appui pour que les fiches de postes disent enfin le travail réel, et que les "
    "administrateurs sachent ce qu'ils délèguent.",
]


@cache
def order() -> CahierDesCharges:
    mission = load(sample_path("mission_individuelle"))
    assert isinstance(mission, Mission)
    document = tenu(mission.premier(CahierDesCharges))
    assert isinstance(document, CahierDesCharges)
    return document


def named(text: str) -> bool:
    """Whether a proposition that recalls the order in these words is told so."""
    mission = Mission(documents={"cahier_des_charges": (order(),)})
    proposition = Proposition.model_validate({"rappel": {"mission": text}}).placed(mission)
    return any("RX-19" in constat.exigences for constat in check(proposition, "npdc"))


@pytest.mark.parametrize("text", COLLES)
def test_a_pasted_reminder_is_noticed(text: str) -> None:
    assert named(text)


@pytest.mark.parametrize("text", REFORMULES)
def test_an_honest_rewording_is_left_alone(text: str) -> None:
    assert not named(text)
