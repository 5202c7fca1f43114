"""Ce que chaque destinataire n'a pas à lire d'une mission d'exemple, champ par champ : lu dans les
guides et écrit ici à la main, sans rien demander aux déclarations qui le lui cachent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml

from dla_docs.resources import sample_path
from tests.documents.verdict import raw
from tests.every_part import flat

INDIVIDUELLE, COLLECTIVE = "mission_individuelle", "mission_collective"
D, WHO = "documents.", "mise_en_concurrence.sollicites"
OFFER, COLUMN, TOLD = f"{D}proposition", f"{D}grille_de_lecture.projets.", f"{D}notification_de"
GRID, AGREED = f"{D}grille_de_lecture", f"{D}grille_de_lecture.concertation"
SHEET, SURVEY = f"{D}fiche_prestataire", f"{D}enquete"
BACKSTAGE = (  # what the mission notes of itself, and no document shows
    *("evenements.accueil", "evenements.lancement", "evenements.restitution", "envois"),
    *("cycle.identifier", "cycle.confirmer", "cycle.finaliser", "capitalisation"),
)
CHOICE = "mise_en_concurrence.choix_des_sollicites"
REACH = ("structures[0].responsable.telephone", "structures[0].responsable.courriel")
MET = (f"{D}diagnostic_partage.realisation.rencontres", "evenements.comite_appui.presents")
PLAN = tuple(
    f"{D}plan_accompagnement.{one}"
    for one in ("versions", "actions", "moyens", "ressources", "suivi")
)
MISSION_ITSELF = (  # between those who signed
    *(f"{D}convention_tripartite", f"{D}note_mi_parcours", f"{D}demande_de_modification"),
    "paiements",
)
OF_THE_CHOSEN = (
    *(*MISSION_ITSELF, SHEET, SURVEY, "consultant", f"{D}grille_de_suivi", f"{D}rapport_final"),
    *(f"{D}evaluation", f"{D}suivi_post_accompagnement", f"{D}monographie"),
)
CV = tuple(
    f"{OFFER}[0].intervenants[0].{one}" for one in ("formation", "competences", "references")
)
OF_THE_COMITE = (
    *(*BACKSTAGE, CHOICE, *REACH, *MISSION_ITSELF, *CV, SHEET, SURVEY, GRID, TOLD),
    *("consultant.telephone", "consultant.courriel", f"{WHO}[1]", f"{WHO}[2]"),
    *(f"{OFFER}[0].rappel", f"{OFFER}[0].modalites", f"{OFFER}[0].budget", f"{OFFER}[1]"),
    *(f"{WHO}[0].prestataire.contact.telephone", f"{WHO}[0].prestataire.contact.courriel"),
)
OUTSIDE = (*BACKSTAGE, CHOICE, *REACH, *PLAN, *MET, *OF_THE_CHOSEN)
PARTIES = (f"{D}enquete_prestataire", SHEET, TOLD, CHOICE)
SHEETS = f"{D}evaluation_collective"  # too few to hide whose they are

NOT_THEIRS: dict[tuple[str, str], tuple[str, ...]] = {
    (INDIVIDUELLE, "structure"): (*BACKSTAGE, *PARTIES, f"{WHO}[2]", ".commentaire_prestataire"),
    (INDIVIDUELLE, "comite"): OF_THE_COMITE,
    (INDIVIDUELLE, "dla"): (
        *BACKSTAGE,
        *(f"{WHO}[2].prestataire.{one}" for one in ("c", "s", "a")),
    ),
    (INDIVIDUELLE, "prestataire"): (
        *(*BACKSTAGE, CHOICE, *PLAN, *MET, f"{WHO}[1]", f"{WHO}[2]", f"{OFFER}[1]"),
        *(f"{COLUMN}beta", AGREED, f"{TOLD}_choix[1]", f"{D}enquete_beneficiaire"),
        f"{D}suivi_post_accompagnement",
    ),
    (INDIVIDUELLE, "prestataire:beta"): (
        *(*OUTSIDE, f"{WHO}[0]", f"{WHO}[2]", f"{OFFER}[0]", f"{COLUMN}alpha", AGREED),
        f"{TOLD}_choix[0]",
    ),
    (INDIVIDUELLE, "prestataire:gamma"): (*OUTSIDE, f"{WHO}[0]", f"{WHO}[1]", OFFER, GRID, TOLD),
    (COLLECTIVE, "structure"): (*BACKSTAGE, *PARTIES, f"{WHO}[1]", f"{WHO}[2]", SHEETS),
    (COLLECTIVE, "comite"): (*OF_THE_COMITE, SHEETS, MET[0]),
    (COLLECTIVE, "dla"): (
        *(*BACKSTAGE, SHEETS),
        *(f"{WHO}[{rank}].prestataire.{one}" for rank in (1, 2) for one in ("c", "s", "a")),
    ),
    (COLLECTIVE, "prestataire"): (
        *(*BACKSTAGE, CHOICE, *PLAN, *MET, f"{WHO}[1]", f"{WHO}[2]", AGREED, SHEETS),
        *(f"{D}enquete_beneficiaire", f"{D}suivi_post_accompagnement"),
    ),
    (COLLECTIVE, "prestataire:beta"): (*OUTSIDE, f"{WHO}[0]", f"{WHO}[2]", OFFER, GRID, TOLD),
    (COLLECTIVE, "prestataire:alpha"): (*OUTSIDE, f"{WHO}[0]", f"{WHO}[1]", OFFER, GRID, TOLD),
}
PRICES: dict[tuple[str, str], tuple[str, ...]] = {
    (INDIVIDUELLE, "comite"): ("7040", "880", "9000", "3520"),
    (INDIVIDUELLE, "prestataire"): ("9000",),
    (INDIVIDUELLE, "prestataire:beta"): ("7040", "880", "3520"),
    (INDIVIDUELLE, "prestataire:gamma"): ("7040", "880", "9000", "3520"),
    (COLLECTIVE, "comite"): ("992,68", "990", "11824,32", "12000"),  # a monographie says the whole
    (COLLECTIVE, "prestataire:beta"): ("23824,32", "992,68", "990", "11824,32", "12000"),
    (COLLECTIVE, "prestataire:alpha"): ("23824,32", "992,68", "990", "11824,32", "12000"),
}
IN_WORDS = {
    **{"7040": "sept mille quarante", "9000": "neuf mille", "12000": "douze mille"},
    **{"23824,32": "vingt-trois mille", "11824,32": "onze mille", "3520": "trois mille cinq"},
}
SHORT = 9  # signs: below, a word is everybody's
EVERYBODY_S = ("modification", "telephone", "proposition", "prestataire", "sansobjet")


@cache
def leaves(name: str) -> tuple[tuple[str, str], ...]:
    """Chaque réponse de la mission et des fichiers qu'elle cite, avec son chemin."""
    return tuple(_below(raw(name), ""))


def _below(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _below(one, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for rank, one in enumerate(value):
            yield from _below(one, f"{path}[{rank}]")
    elif isinstance(value, str) and value.endswith(".yaml"):
        cited = sample_path(INDIVIDUELLE).parent / value
        yield from _below(yaml.load(cited.read_text(encoding="utf-8"), yaml.CBaseLoader), path)
    elif value:
        yield path, str(value)


def not_theirs(name: str, to: str) -> dict[str, str]:
    """Ce qui n'est pas à lire par ce destinataire, tel qu'on le cherche, et où la mission le dit ;
    sans ce qu'elle dit aussi là où il a à lire, ni les mots de tout le monde.
    """
    hidden = NOT_THEIRS.get((name, to), ())
    kept = {path: _is_hidden(path, hidden) for path, _ in leaves(name)}
    shown = "\n".join(flat(text) for path, text in leaves(name) if not kept[path])
    texts = {
        form: path
        for path, text in leaves(name)
        if kept[path] and not re.fullmatch(r"\d\d/\d\d/\d{4}|[\d ,.]+( €.*)?", text)
        for form in _forms(text)
        if len(form) >= SHORT and form not in EVERYBODY_S and form not in shown
    }
    return texts | {form: "un prix" for one in PRICES.get((name, to), ()) for form in _priced(one)}


def _is_hidden(path: str, hidden: tuple[str, ...]) -> bool:
    return any(path.endswith(one) if one[0] == "." else path.startswith(one) for one in hidden)


def _forms(text: str) -> tuple[str, ...]:
    """A telephone is kept in one form and printed in another."""
    said = flat(text)
    return (said, f"+33{said[1:]}") if re.fullmatch(r"0\d{9}", said) else (said,)


def _priced(amount: str) -> Iterator[str]:
    """With its cents or its sign: the figures alone are those of anything. Blanks do not count."""
    whole, _, cents = amount.partition(",")
    yield from (f"{whole}{mark}{cents or '00'}" for mark in ",.")
    yield from (f"{amount}€", f"{amount}euros")
    if amount in IN_WORDS:
        yield flat(IN_WORDS[amount])
