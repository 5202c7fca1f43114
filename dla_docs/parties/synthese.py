"""Ce dont une synthèse d'évaluations est faite : des chiffres, rangés par critère, par résultat
attendu ou par groupe, et des commentaires.
"""

from __future__ import annotations

from typing import ClassVar

from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import champ
from dla_docs.model.layout import Colonne, barres, colonne
from dla_docs.model.values import Entier, Pourcentage, Texte, TexteLong

CHIFFRES: tuple[Colonne, ...] = (
    colonne("Réponses", "chiffres.reponses", largeur=0.9),
    colonne("Oui", "chiffres.oui", largeur=0.6),
    colonne("Non", "chiffres.non", largeur=0.6),
    colonne("Sans objet", "chiffres.sans_objet", largeur=0.7),
    colonne("Part de Oui", "chiffres.part_oui", largeur=0.8),
    colonne("Part de Non", "chiffres.part_non", largeur=0.8),
    colonne("Part de sans objet", "chiffres.part_sans_objet", largeur=0.9),
)
EN_BARRES = ("chiffres.oui", "chiffres.non", "chiffres.sans_objet")


class Chiffres(Bloc):
    """Combien ont répondu, et quoi"""

    reponses: Entier = champ("Réponses")
    oui: Entier = champ("Oui")
    non: Entier = champ("Non")
    sans_objet: Entier = champ("Sans objet")
    part_oui: Pourcentage = champ("Part de Oui")
    part_non: Pourcentage = champ("Part de Non")
    part_sans_objet: Pourcentage = champ("Part de sans objet")
    note: Texte = champ("À noter")


class Critere(Bloc):
    """Un critère des grilles, et ce qu'en disent les fiches"""

    colonnes = (
        colonne("Partie", "partie", largeur=1.6),
        colonne("Critère", "critere", "chiffres.note", largeur=3.6),
        *CHIFFRES,
    )
    graphique = barres("critere", *EN_BARRES, absent="chiffres.note")

    partie: Texte = champ("Partie")
    critere: Texte = champ("Critère")
    chiffres: Chiffres = champ()


class ResultatAttendu(Bloc):
    """Un résultat attendu, et combien de fiches le disent obtenu"""

    colonnes = (colonne("Résultat attendu", "intitule", "chiffres.note", largeur=4.6), *CHIFFRES)
    graphique = barres("intitule", *EN_BARRES, absent="chiffres.note")

    intitule: Texte = champ("Résultat attendu")
    chiffres: Chiffres = champ()


class Remarque(Bloc):
    """Un commentaire, tel qu'il a été écrit"""

    colonnes = (colonne("Commentaires", "texte", largeur=4), colonne("De", "auteur", largeur=0.8))

    texte: TexteLong = champ("Commentaire")
    auteur: Texte = champ("De")


class CommentairesDUnCritere(Bloc):
    """Les commentaires d'un critère"""

    en_titre: ClassVar[str] = "critere"
    hors_page: ClassVar[tuple[str, ...]] = ("partie",)

    partie: Texte = champ("Partie")
    critere: Texte = champ("Critère")
    note: Texte = champ("À noter")
    remarques: tuple[Remarque, ...] = champ("Commentaires")


class Bilan(Bloc):
    """Ce que disent les fiches d'une sorte d'ingénierie"""

    criteres: tuple[Critere, ...] = champ("Les réponses, critère par critère")
    resultats: tuple[ResultatAttendu, ...] = champ("Les résultats attendus, obtenus ou non")
    commentaires: tuple[CommentairesDUnCritere, ...] = champ(
        "Les commentaires, critère par critère"
    )


class Groupe(Bloc):
    """Les fiches qui ont en commun un prestataire, une structure, une année ou un thème"""

    colonnes = (
        colonne("Intitulé", "nom", "chiffres.note", largeur=3.4),
        colonne("Fiches", "fiches", largeur=0.7),
        *CHIFFRES,
    )
    graphique = barres("nom", *EN_BARRES, absent="chiffres.note")
    hors_page: ClassVar[tuple[str, ...]] = (
        "criteres",
    )  # one row per group and criterion: the workbook has them

    nom: Texte = champ("Intitulé")
    fiches: Entier = champ("Fiches")
    chiffres: Chiffres = champ()
    criteres: tuple[Critere, ...] = champ("Les réponses du groupe, critère par critère")
