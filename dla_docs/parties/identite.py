"""Qui est qui : un prestataire se reconnaît à sa clé, sinon à son siret, sinon à son nom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from dla_docs.model.requirement import referentiel
from dla_docs.model.values.texts import LONGEST_KEY
from dla_docs.parties.acteurs import Prestataire
from dla_docs.spelling import fold

FORMES = frozenset(
    ("asso", "association", "eurl", "gie", "sa", "sarl", "sas", "sasu", "scic", "scop", "snc")
)
GENRES = FORMES | {
    *("agence", "atelier", "ateliers", "bureau", "cabinet", "collectif", "cooperative", "etudes"),
    *("groupe", "societe", "de", "d", "des", "du", "la", "le", "les", "l"),
}  # what a name begins with, and an everyday name leaves out
SIGLE = re.compile(r"\b(?:\w\.){2,}(?!\w)")  # S.A.R.L.


def nom_nu(nom: str | None) -> str:
    """Un nom sans accents, majuscules, ponctuation ni forme juridique ; s'il n'est qu'une forme,
    tel quel.
    """
    said = SIGLE.sub(lambda found: found[0].replace(".", ""), fold(nom or ""))
    words = re.findall(r"[a-z0-9]+", said)
    return " ".join([word for word in words if word not in FORMES] or words)


def nom_courant(nom: str | None) -> str:
    """Un nom comme on le dit, sans le genre par lequel il commence (« Cabinet Alpha Exemple » →
    « alpha exemple ») ; vide quand ce qui en reste est un seul mot, ou des mots de la langue
    (« Cabinet Développement local »).
    """
    left = _sans_genre(nom)
    return nom_nu(" ".join(left)) if len(left) > 1 and nom_nu(" ".join(left)).count(" ") else ""


def mot_courant(nom: str | None) -> str:
    """Le seul mot qui reste d'un nom sans son genre ni sa forme (« Cabinet Alpha SARL » →
    « alpha ») ; vide quand il en reste plusieurs, ou que les guides se servent de ce mot.
    """
    words = nom_nu(" ".join(_sans_genre(nom))).split()
    alone = words[0] if len(words) == 1 else ""
    return "" if len(alone) < 3 or alone in mots_des_guides() | FORMES else alone


def _sans_genre(nom: str | None) -> list[str]:
    """Nothing of a name that begins by none, or goes on with words of the language."""
    words = re.findall(r"\w+", nom or "")
    first = next((rank for rank, word in enumerate(words) if fold(word) not in GENRES), len(words))
    left = words[first:]
    told = first > 0 or any(fold(word) in FORMES for word in words)
    return left if told and all(word[0].isupper() for word in left) else []


@cache
def mots_des_guides() -> frozenset[str]:
    """Les mots de ce que les guides demandent : ceux de la langue du métier, qui ne nomment
    personne.
    """
    said = (one.titre for one in referentiel().values())
    return frozenset(word for one in said for word in re.findall(r"[a-z]+", fold(one)))


def cle_du_nom(nom: str | None) -> str:
    """La clé que donne un nom : « Cabinet Épreuve SARL » → « cabinet_epreuve » ; vide sans nom."""
    return nom_nu(nom).replace(" ", "_")[:LONGEST_KEY].strip("_")


def se_ressemblent(un: str, autre: str) -> bool:
    """Vrai de deux noms de personne qui ne diffèrent que par les accents, les majuscules, les
    espaces, les traits d'union ou l'ordre : « Élie Calque », « CALQUE Elie ».
    """
    words, others = (re.findall(r"[a-z0-9]+", fold(nom)) for nom in (un, autre))
    return bool(words) and (sorted(words) == sorted(others) or "".join(words) == "".join(others))


def candidats(connus: Mapping[str, Prestataire], dit: Mapping[str, Any]) -> list[str]:
    """Les clés de ceux que ces mots (``cle``, ``siret``, ``nom``) peuvent désigner. Le premier qui
    suffit décide ; un nom ne désigne pas qui a un autre siret.
    """
    if (cle := _text(dit.get("cle"))) in connus:
        return [cle]
    siret = re.sub(r"\s", "", _text(dit.get("siret")))
    if same := [key for key, known in connus.items() if siret and known.siret == siret]:
        return same
    nom = nom_nu(_text(dit.get("nom")))
    return [
        key
        for key, known in connus.items()
        if nom and nom_nu(known.nom) == nom and not (siret and known.siret)
    ]


def designes(connus: Mapping[str, Prestataire], mot: str) -> list[str]:
    """Les clés de ceux que désigne un seul mot, dont rien ne dit s'il est une clé, un SIRET ou un
    nom.
    """
    siret = re.fullmatch(r"\d{14}", re.sub(r"\s", "", mot))
    return candidats(connus, {"cle": mot, "siret" if siret else "nom": mot})


def _text(value: Any) -> str:
    return str(value or "").strip()
