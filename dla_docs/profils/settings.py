"""Ce qu'un DLA ajoute à un document, ou y change, par son profil : titre et libellés,
compléments, critères, clauses, formulations, lignes habituelles, logos datés.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any, ClassVar

from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import champ
from dla_docs.model.requirement import Force, Role
from dla_docs.model.values import Choix, Cle, Jour, Texte, TexteLong
from dla_docs.parties.acteurs import Financeur


class TypeDeComplement(Enum):
    """Ce qu'un champ ajouté par un DLA peut tenir."""

    TEXTE = "texte"
    TEXTE_LONG = "texte long"
    DATE = "date"
    NOMBRE = "nombre"
    ENTIER = "entier"
    ANNEE = "année"
    JOURS = "jours"
    MONTANT = "montant"
    POURCENTAGE = "pourcentage"
    OUI_NON = "oui/non"
    COURRIEL = "courriel"
    TELEPHONE = "téléphone"
    CHOIX = "choix"
    CHOIX_MULTIPLE = "choix multiple"


class Ajout(Bloc):
    """Ce qu'un DLA ajoute à un document : un libellé, sa force, sa place"""

    principal: ClassVar[str] = "libelle"

    cle: Cle = champ("Clé", aide="Le nom du champ dans les fichiers : minuscules, chiffres et _")
    libelle: Texte = champ("Libellé", aide="Tel qu'il s'imprime")
    force: Choix[Force] = champ("Force", defaut=Force.OBLIGATOIRE)
    par: Choix[Role] = champ("Rempli par")
    apres: Texte = champ("Champ qu'il suit")


class Complement(Ajout):
    """Un champ de plus ; il vit sous « complements » du document"""

    type: Choix[TypeDeComplement] = champ("Type", defaut=TypeDeComplement.TEXTE)
    choix: tuple[str, ...] = champ(
        "Les choix, quand le type est « choix » ou « choix multiple »", defaut=()
    )
    des_le_stade: Texte = champ("Demandé dès le stade")
    aide: Texte = champ("Aide")


class Critere(Ajout):
    """Un critère de plus : de même forme que celui qu'il suit, à côté de lui"""


class Clause(Bloc):
    """Un texte de plus, imprimé tel quel"""

    principal: ClassVar[str] = "texte"

    cle: Cle = champ("Clé")
    titre: Texte = champ("Titre")
    texte: TexteLong = champ("Texte")
    apres: Texte = champ(
        "Champ ou partie qu'elle suit", aide="A la fin du document quand rien n'est dit"
    )


class Reglages(Bloc):
    """Ce qu'un DLA règle d'un document, désigné par son nom"""

    cle: Cle = champ("Document")
    titre: Texte = champ("Titre du document, à la place de celui des guides")
    libelles: dict[str, str] = champ("Libellés récrits, par chemin", defaut={})
    complements: tuple[Complement, ...] = champ("Champs ajoutés")
    criteres: tuple[Critere, ...] = champ("Critères ajoutés")
    clauses: tuple[Clause, ...] = champ("Clauses ajoutées")
    formulations: dict[str, str] = champ("Textes imprimés récrits, par chemin", defaut={})
    lignes: dict[str, Any] = champ(
        "Lignes que le document porte au départ, par chemin : les questions d'une enquête, les "
        "poids d'une grille",
        defaut={},
    )


class FichesDesParticipants(Enum):
    """Si la fiche d'un participant porte son nom."""

    NOMMEES = "nommées"
    ANONYMES = "anonymes"


class JeuDeLogos(Bloc):
    """Les financeurs, leurs logos dans l'ordre, et leur mention, pour un temps"""

    valable_du: Jour = champ("Valable à partir du")
    valable_jusqu_au: Jour = champ("Valable jusqu'au")
    financeurs: tuple[Financeur, ...] = champ("Financeurs")
    mention: Texte = champ("Mention portée au-dessus des logos")

    def vaut(self, day: date | None) -> bool:
        """Vrai quand ce jeu vaut ce jour-là ; un document sans date prend ce qui n'a pas de fin."""
        if day is None:
            return self.valable_jusqu_au is None
        return (self.valable_du is None or self.valable_du <= day) and (
            self.valable_jusqu_au is None or day <= self.valable_jusqu_au
        )
