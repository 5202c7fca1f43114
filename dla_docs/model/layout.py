"""Les indications de mise en page qu'un modèle porte sur ses parties et ses lignes ; lues par
``modele nouveau`` seulement.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class Colonne:
    """Une colonne d'un tableau : son titre officiel, les champs qu'elle montre, sa part de la
    largeur.
    """

    titre: str
    champs: tuple[str, ...]
    largeur: float = 1.0
    numero: str = ""  # « Etape » prints « Etape 1 : » at the head of each cell


def colonne(titre: str, *champs: str, largeur: float = 1.0, numero: str = "") -> Colonne:
    """Une colonne, écrite sur une ligne dans la classe du bloc."""
    return Colonne(titre, champs, largeur, numero)


@dataclass(frozen=True)
class Ligne:
    """Une ligne d'un bloc imprimé en bref, tel un acteur dans un tableau d'identité : les champs
    qu'elle met bout à bout.
    """

    champs: tuple[str, ...]
    separateur: str = ", "
    libelle: bool = False  # each value follows its label: « N° de siret : … »
    fort: bool = False  # the first value is in bold


def ligne(*champs: str, separateur: str = ", ", libelle: bool = False, fort: bool = False) -> Ligne:
    """Une ligne en bref, écrite sur une ligne dans la classe du bloc ; une partie y donne ses
    propres lignes, bout à bout.
    """
    return Ligne(champs, separateur, libelle, fort)


class Genre(Enum):
    """Ce qu'un lecteur reconnaît au premier coup d'œil."""

    FICHE = "fiche"
    DOSSIER = "dossier"  # under a cover
    CONTRAT = "contrat"
    LETTRE = "lettre"


@dataclass(frozen=True)
class Signataire:
    """Qui signe un contrat ou une lettre : la ``partie`` de l'identité pour laquelle il signe, la
    ``personne`` qui l'y représente, le champ du jour où il le fait (``le``).
    """

    titre: str
    partie: str
    personne: str
    le: str = ""


@dataclass(frozen=True)
class Lettre:
    """Une lettre : qui l'écrit à qui, ses phrases, où un champ est entre accolades, et entre
    crochets ce qui ne se dit que si ses champs sont remplis.
    """

    objet: str
    phrases: tuple[str, ...]
    expediteur: str = "operateur"
    destinataire: str = "prestataire"
    date: str = "date"
    reference: str = "reference"


@dataclass(frozen=True)
class Diapo:
    """Une diapositive : son titre, les champs qu'elle montre, ceux que l'orateur lit dans ses
    notes. Des lignes y sont un tableau, aux ``colonnes`` dites ici, sinon à celles de leur classe ;
    une liste à puces quand il n'y en a pas.
    """

    titre: str
    champs: tuple[str, ...]
    colonnes: tuple[Colonne, ...] = ()
    notes: tuple[str, ...] = ()


def diapo(
    titre: str, *champs: str, colonnes: tuple[Colonne, ...] = (), notes: tuple[str, ...] = ()
) -> Diapo:
    """Une diapositive, écrite sur une ligne dans la classe du document."""
    return Diapo(titre, champs, colonnes, notes)


@dataclass(frozen=True)
class Diaporama:
    """Ce qu'un document montre à une réunion : les lignes de sa page de garde, ses diapositives."""

    garde: tuple[Ligne, ...]
    diapos: tuple[Diapo, ...]


@dataclass(frozen=True)
class Barres:
    """Le graphique d'une suite de lignes : une barre par ligne, ses ``series`` empilées en parts de
    leur somme.

    ``absent`` : le champ qui dit pourquoi une ligne n'a pas de chiffres.
    """

    libelle: str
    series: tuple[str, ...]
    absent: str = ""


def barres(libelle: str, *series: str, absent: str = "") -> Barres:
    """Un graphique en barres, écrit sur une ligne dans la classe des lignes ; tous ces champs sont
    des chemins depuis la ligne.
    """
    return Barres(libelle, series, absent)
