"""Ce que l'outil demande à dla_docs, une fonction par besoin ; rien d'autre n'est importé de lui
que ses noms publics.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from dla_docs import (
    Changement,
    Constat,
    Gravite,
    InputError,
    Mission,
    Role,
    batch,
    check,
    load,
    read,
    render,
    trame,
    verify,
    write_back,
)


def charger(chemin: Path) -> Mission:
    """La mission d'un fichier ; ``InputError`` dit tout ce qui ne s'y lit pas, ligne par ligne."""
    lue = load(chemin)
    if not isinstance(lue, Mission):
        raise InputError(f"« {chemin.name} » ne tient pas une mission.")
    return lue


def manques(mission: Mission, profil: str) -> list[Constat]:
    """Ce qui empêche ses documents de partir : une phrase, sa place, son remède chacun."""
    return [un for un in check(mission, profil) if un.gravite is Gravite.BLOQUANT]


def rediger(mission: Mission, sorte: str) -> bytes:
    """Le document Word de cette sorte, relu une fois fait : ce qui est imprimé est ce qui est
    écrit dans la mission.
    """
    document = mission.documents[sorte][0]
    octets = render(document)
    if constats := verify(octets, document):
        raise InputError(constats)
    return octets


def envoyer(mission: Mission, sorte: str) -> bytes:
    """Le formulaire Word que le prestataire remplit : ses champs ouverts, le reste verrouillé."""
    return trame(sorte, mission, Role.PRESTATAIRE)


def reprendre(formulaire: Path, mission: Path) -> list[Changement]:
    """Ce que le formulaire revenu change, écrit dans le fichier de la mission ; ce qu'on ne peut
    pas en lire est refusé avant qu'il n'y touche.
    """
    lecture = read(formulaire, charger(mission).documents)
    if lecture.refus:
        raise InputError(lecture.refus)
    if restes := write_back(lecture, mission):
        raise InputError(restes)
    return list(lecture.changements)


def produire(lignes: Iterable[Mapping[str, Any]], sorte: str, dossier: Path) -> dict[int, str]:
    """Un brouillon par ligne ; de chaque ligne refusée, le numéro et pourquoi."""
    return {
        fait.ligne: " ".join(map(str, fait.refus))
        for fait in batch(lignes, sorte, dossier, brouillon=True)
        if fait.refus
    }
