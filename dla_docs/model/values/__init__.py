"""Les types de valeur des champs : chacun accepte l'absence, le texte tel qu'on le tape et le type
Python, et dit comment il s'imprime.
"""

from dla_docs.model.values.choices import Choix, ChoixMultiple, OuiNon, Reponse, choix
from dla_docs.model.values.colours import Couleur
from dla_docs.model.values.contacts import Courriel, Telephone, Url
from dla_docs.model.values.dates import Heure, Jour, JourLong
from dla_docs.model.values.durations import Jours, JoursLongs
from dla_docs.model.values.identifiers import CodePostal, Rna, Siren, Siret
from dla_docs.model.values.numbers import (
    Annee,
    Entier,
    Montant,
    MontantHt,
    MontantParJour,
    Nombre,
    Pourcentage,
)
from dla_docs.model.values.periods import Dates, Intervalle, Periode
from dla_docs.model.values.texts import Cle, Texte, TexteLong
from dla_docs.model.values.value import Printed, Valeur, parse

__all__ = [
    "Annee",
    "Choix",
    "ChoixMultiple",
    "Cle",
    "CodePostal",
    "Couleur",
    "Courriel",
    "Dates",
    "Entier",
    "Heure",
    "Intervalle",
    "Jour",
    "JourLong",
    "Jours",
    "JoursLongs",
    "Montant",
    "MontantHt",
    "MontantParJour",
    "Nombre",
    "OuiNon",
    "Periode",
    "Pourcentage",
    "Printed",
    "Reponse",
    "Rna",
    "Siren",
    "Siret",
    "Telephone",
    "Texte",
    "TexteLong",
    "Url",
    "Valeur",
    "choix",
    "parse",
]
