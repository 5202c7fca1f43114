"""Les critères de lecture d'un projet : les quatre blocs du Centre, les six critères du Nord et de
Provence, ceux du CNAR pour le collectif.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import champ
from dla_docs.model.requirement import exige
from dla_docs.model.values import Nombre, TexteLong


class Appreciation(Bloc):
    """L'appréciation d'un projet sur un critère"""

    principal: ClassVar[str] = "appreciation"

    appreciation: TexteLong = champ("Appréciation")
    note: Nombre = champ("Note (facultative)")


class Conformite(Bloc):
    """Conformité avec la commande soit :"""

    un_suffit = True

    echeance: Appreciation = champ("respect de l'échéance de réponse", exige("GL-03"))
    echeancier: Appreciation = champ(
        "possibilité d'intervention dans l'échéancier proposé", exige("GL-04")
    )


class Qualite(Bloc):
    """Qualité de la réponse"""

    un_suffit = True

    sous_points = ("lisibilite", "outils", "specificites")

    enjeux: Appreciation = champ("Compréhension des enjeux et de la problématique", exige("GL-05"))
    coherence: Appreciation = champ(
        "Cohérence de la démarche proposée avec les objectifs à atteindre dont :", exige("GL-06")
    )
    lisibilite: Appreciation = champ("lisibilité des étapes de l'appui", exige("GL-07"))
    outils: Appreciation = champ("pertinence des outils proposés", exige("GL-08"))
    specificites: Appreciation = champ(
        "prise en compte des spécificités associatives dans la démarche et les outils",
        exige("GL-09"),
    )
    appropriation: Appreciation = champ(
        "Pertinence des modalités d'appropriation de la démarche par l'association", exige("GL-10")
    )
    productions: Appreciation = champ(
        "Description des productions remises à l'association, en cours et fin de mission\n"
        "Explicitation sur les modalités de ces productions (par qui, avec qui, comment ?)",
        exige("GL-11"),
    )


class Intervenants(Bloc):
    """Qualité des intervenants"""

    un_suffit = True

    experiences: Appreciation = champ(
        "Expériences du prestataire sur le même thème, la même filière", exige("GL-12")
    )
    competences: Appreciation = champ(
        "Cohérence entre la prestation demandée et les compétences du consultant", exige("GL-13")
    )


class Couts(Bloc):
    """Coûts"""

    un_suffit = True

    jours: Appreciation = champ("Nombre de journées proposé site et hors site", exige("GL-14"))
    justification: Appreciation = champ("Justification des coûts", exige("GL-15"))


class Selection(Bloc):
    """Procédure de sélection"""

    problematique: Appreciation = champ("Compréhension de la problématique", exige("GL-20"))
    resultats: Appreciation = champ("Résultats attendus", exige("GL-20"))
    methodologie: Appreciation = champ("Méthodologie proposée", exige("GL-20"))
    profil: Appreciation = champ("Profil et références des intervenants", exige("GL-20"))
    duree: Appreciation = champ("Durée d'intervention", exige("GL-20"))
    budget: Appreciation = champ("Budget et coût de l'intervention", exige("GL-20"))


class Partenariat(Bloc):
    """Ingénierie collective"""

    contenus: Appreciation = champ(
        "Qualité des contenus et forme des apports méthodologiques et pratiques", exige("EC-13")
    )
    engagement: Appreciation = champ(
        "Niveau d'engagement demandé aux structures par le prestataire", exige("EC-14")
    )
    animation: Appreciation = champ(
        "Modalités d'échanges et d'animation : phases de rencontres collectives, individuelles",
        exige("EC-15"),
    )
    enquete: Appreciation = champ(
        "Modalités d'enquête, de recueil d'information préalables à l'ingénierie", exige("EC-16")
    )


def criteres(projet: Bloc) -> Iterator[tuple[str, str, Appreciation]]:
    """Les critères d'un projet : le chemin, le libellé et l'appréciation de chacun, dans l'ordre de
    la grille.
    """
    for name in type(projet).model_fields:
        part = getattr(projet, name)
        for criterion, field in type(part).model_fields.items() if isinstance(part, Bloc) else ():
            if isinstance(row := getattr(part, criterion), Appreciation):
                yield f"{name}.{criterion}", str(field.title), row
