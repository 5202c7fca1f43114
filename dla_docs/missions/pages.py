"""Le tableau de bord : une page Word, un classeur, ou une page HTML qui ne demande rien au
dehors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from importlib import resources
from typing import Any

from jinja2 import Environment

from dla_docs.annexes.tableau_de_bord import TableauDeBord
from dla_docs.builder.printed_words import typeset
from dla_docs.constat import Constat
from dla_docs.missions.echeances import Echeance
from dla_docs.missions.suivi import Bord, EtatDeMission
from dla_docs.model.formats import date_longue, jour, jours, montant, nombre
from dla_docs.model.validation import validated
from dla_docs.parties.deroulement import Avancement
from dla_docs.resources import installed_version
from dla_docs.spelling import capitalised, counted
from dla_docs.tables.writing import workbook as one_sheet

NONE = "–"
MOST_NAMED = 2  # structures, of a mission that has more than three
NOTE = str(TableauDeBord.mentions()["note_sources"])
COLUMNS = (
    "Fichier", "Référence", "Structures", "Prestataire", "Où elle en est", "Points qui bloquent",
    "Documents faits", "Lesquels", "Documents manquants", "Lesquels manquent", "En retard",
    "Ce qui est en retard", "Prochaine échéance", "Ce qui est attendu", "Jours faits",
    "Jours prévus", "Reste à payer (€)", "Dont sans échéance (€)", "Dernier retour lu",
    "Pourquoi elle ne se lit pas",
)  # fmt: skip
SUMMED = (
    "Points qui bloquent", "Documents faits", "Documents manquants", "En retard", "Jours faits",
    "Jours prévus", "Reste à payer (€)", "Dont sans échéance (€)",
)  # fmt: skip
HEADS = (
    ("Mission", False),
    ("Où elle en est", False),
    ("Documents", False),
    ("En retard", False),
    ("Prochaine échéance", False),
    ("Jours faits", True),
    ("Reste à payer", True),
    ("Dernier retour lu", False),
)  # of the HTML: whether the column holds figures


def workbook(bord: Bord) -> bytes:
    """Le classeur : une ligne par mission et leur total, les nombres et les dates comme tels ;
    ``InputError`` quand openpyxl manque.
    """
    rows = list(map(_row, bord.missions))
    return one_sheet(COLUMNS, rows, f"Au {bord.au:%Y-%m-%d}", list(_totals(bord, rows)))


def _totals(bord: Bord, rows: Sequence[Sequence[Any]]) -> Iterator[Any]:
    """Of each column of figures; of the balance, what it leaves aside is said."""
    aside = f"reste à payer {said}" if (said := _untold(bord)) else ""
    for name, *held in zip(COLUMNS, *rows, strict=True):
        figures = [one for one in held if isinstance(one, int | Decimal)]
        first = " – ".join(filter(None, ("Total", aside))) if name == COLUMNS[0] else None
        yield sum(figures) if figures and name in SUMMED else first


def _row(one: EtatDeMission) -> Sequence[Any]:
    if one.faute:
        return (one.fichier, *[None] * (len(COLUMNS) - 2), "\n".join(map(_said, one.faute)))
    return (
        one.fichier,
        one.reference,
        ", ".join(one.structures),
        one.prestataire,
        _stage(one),
        one.bloquants,
        len(one.faits),
        ", ".join(one.faits),
        len(one.manquants),
        ", ".join(one.manquants),
        len(one.retards),
        "\n".join(map(_due, one.retards)),
        one.prochaine and one.prochaine.le,
        one.prochaine and one.prochaine.quoi,
        one.jours,
        one.jours_prevus,
        one.reste,
        one.sans_echeance or None,
        one.dernier_retour,
        None,
    )


def page_of(bord: Bord) -> TableauDeBord:
    """La page, à produire comme un document."""
    return validated(
        TableauDeBord,
        {
            "au": bord.au,
            "dossier": bord.dossier,
            "nombre": len(bord.missions),
            "conformes": _conformes(bord),
            "en_retard": _en_retard(bord),
            "reste": typeset(" ".join(filter(None, (montant(bord.reste), _untold(bord))))),
            "logiciel": f"dla_docs {installed_version()}".strip(),
            "missions": [dict(_printed(one)) for one in bord.lues],
            "illisibles": [
                {"fichier": one.fichier, "raison": "\n".join(map(_said, one.faute))}
                for one in bord.illisibles
            ],
        },
    )


def _printed(one: EtatDeMission) -> Iterator[tuple[str, Any]]:
    yield (
        "mission",
        {
            "reference": one.reference,
            "structures": _some(one.structures),
            "retenu": one.prestataire,
            "fichier": one.fichier,
        },
    )
    verdict = counted(one.bloquants, "point bloque", "points bloquent") if one.bloquants else ""
    yield "stade_atteint", typeset(f"{_stage(one)}\n{verdict or 'Conforme'}")
    done = counted(len(one.faits), "fait", "faits") if one.faits else "Aucun fait"
    lack = f"\nManquent : {', '.join(one.manquants)}" * bool(one.manquants)
    yield "documents", typeset(f"{done}{lack}")
    yield "retards", typeset("\n".join(map(_due, one.retards)) or "Rien")
    yield "prochaine", typeset(_due(one.prochaine) if one.prochaine else NONE)
    yield "jours", _days(one)
    yield "reste", typeset("\n".join(_left(one)))
    yield "dernier_retour", jour(one.dernier_retour) if one.dernier_retour else NONE


def html(bord: Bord) -> bytes:
    """La page HTML, entière : ni police, ni image, ni script d'ailleurs."""
    world = Environment(autoescape=True, finalize=_typeset)
    world.filters.update(
        jour=jour,
        date_longue=date_longue,
        montant=montant,
        jours_de=_days,
        compte=counted,
        phrase=_said,
        majuscule=capitalised,
        quelques=_some,
        reste=_left,
    )
    text = (resources.files(__package__) / "bord.html").read_text(encoding="utf-8")
    told = world.from_string(text).render(
        bord=bord,
        stades=list(Avancement),
        colonnes=[{"titre": title, "nombre": figures} for title, figures in HEADS],
        chiffres=list(_figures(bord)),
        note=NOTE,
        aucun=NONE,
    )
    return told.encode()


def _figures(bord: Bord) -> Iterator[dict[str, Any]]:
    faulty, late = len(bord.illisibles), _en_retard(bord)
    yield {"nom": "Missions", "valeur": str(len(bord.missions))}
    yield {"nom": "Conformes", "valeur": str(_conformes(bord))}
    yield {"nom": "En retard", "valeur": str(late), "presse": late}
    if faulty:
        yield {"nom": "Ne se lisent pas", "valeur": str(faulty), "presse": faulty}
    yield {"nom": "Reste à payer", "valeur": montant(bord.reste), "hors": _untold(bord)}


def _left(one: EtatDeMission) -> Iterator[str]:
    """What is left to pay, then what of it no payment tells."""
    yield NONE if one.reste is None else montant(one.reste)
    if one.sans_echeance:
        yield f"dont {montant(one.sans_echeance)} sans échéance"


def _untold(bord: Bord) -> str:
    """What the total leaves aside."""
    number = bord.sans_reste
    said = counted(number, "mission qui ne le dit pas", "missions qui ne le disent pas")
    return f"(hors {said})" if number else ""


def _conformes(bord: Bord) -> int:
    return sum(not one.bloquants for one in bord.lues)


def _en_retard(bord: Bord) -> int:
    return sum(bool(one.retards) for one in bord.lues)


def _typeset(value: Any) -> Any:
    return typeset(value) if type(value) is str else value


def _stage(one: EtatDeMission) -> str:
    said = capitalised(one.stade.phrase) if one.stade else ""
    return f"{said}\nArrêtée le {jour(one.arretee_le)}" if one.arretee_le else said


def _due(one: Echeance) -> str:
    return f"{jour(one.le)} : {one.quoi}"


def _days(one: EtatDeMission) -> str:
    if one.jours is None:
        return NONE if one.jours_prevus is None else f"{NONE} sur {jours(one.jours_prevus)}"
    if one.jours_prevus is None:
        return jours(one.jours)
    return f"{nombre(one.jours)} sur {jours(one.jours_prevus)}"


def _some(names: Sequence[str]) -> str:
    """A collective mission may have a dozen of them: the workbook names them all."""
    more = len(names) - MOST_NAMED
    return ", ".join(names) if more < 2 else f"{', '.join(names[:MOST_NAMED])} et {more} autres"


def _said(constat: Constat) -> str:
    """Without the file, which the row names already."""
    place = f"Ligne {constat.ligne} : " if constat.ligne else ""
    return " ".join(filter(None, (f"{place}{constat.message}", constat.conseil)))
