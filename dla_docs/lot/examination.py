"""L'examen d'un tableau : ce que chaque ligne donnerait, sans rien écrire."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat, bloquants
from dla_docs.errors import DlaDocsError
from dla_docs.lot.file_names import Pattern
from dla_docs.lot.folder import folder_at
from dla_docs.lot.recipe import Kitchen, Recipe, portable
from dla_docs.lot.result import Resultat
from dla_docs.lot.rows import Line, data_of, open_table
from dla_docs.mission import Mission
from dla_docs.profils.profil import Profil
from dla_docs.stages.verdict import verdict

GREEN, RED = "#e3f1e3", "#fbe4e2"
LEFT = "text-align:left;vertical-align:top"


class Examen(list[Resultat]):
    """Une ligne du tableau, un ``Resultat`` : ``refus`` dit pourquoi le document ne partirait pas ;
    ``masques`` : ce que le tableau tient sans le montrer. Un carnet le montre en couleurs, et en
    mots.
    """

    masques: tuple[Constat, ...] = ()

    @property
    def conformes(self) -> list[Resultat]:
        """Les lignes dont le document partirait."""
        return [result for result in self if not result.refus]

    @property
    def refusees(self) -> list[Resultat]:
        """Celles qu'il faut corriger."""
        return [result for result in self if result.refus]

    def _repr_html_(self) -> str:
        head = "".join(
            f'<th style="{LEFT}">{name}</th>'
            for name in ("Ligne", "Document", "Verdict", "Pourquoi")
        )
        return (
            f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(map(_row, self))}</tbody>"
            "</table>"
        )


def examine(
    rows: Any,
    slug: str,
    *,
    mission: Mission | str | Path | None = None,
    profil: Profil | str | Path | None = None,
) -> Examen:
    """Le verdict de chaque ligne d'un tableau, comme ``batch`` le rendrait, sans rien écrire.

    Arguments :
    - ``rows`` : un fichier .csv, .tsv, .xlsx, .xlsm ou .ods, des dictionnaires, ou un DataFrame
      (pandas, polars).
    - ``slug`` : le nom du document (« evaluation_individuelle »).
    - ``mission`` : ce qu'elle tient est donné à chaque ligne ; une ``Mission`` ou son fichier.
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans lui,
      celui de la ligne, sinon celui de la mission, sinon ``national``.

    Rend : un ``Examen``, une liste de ``Resultat``.

    Erreurs :
    - ``InputError`` : le document, la mission, le profil ou le tableau ne se lit pas, ou une
      colonne n'est pas du document. Une ligne fautive n'en lève pas.
    """
    base = Path(rows).absolute().parent if isinstance(rows, str | Path) else Path.cwd()
    held = mission if mission is None or isinstance(mission, Mission) else Path(mission).absolute()
    kitchen = Kitchen(
        Recipe(slug, folder_at(base), base=base, mission=held, profil=portable(profil))
    )
    table, names = open_table(rows, kitchen.model), Pattern(None, kitchen.model)
    file = str(table.path or "")
    found = Examen(_verdict(kitchen, names, line, file) for line in table.lines)
    found.masques = table.unseen
    return found


def _verdict(kitchen: Kitchen, names: Pattern, line: Line, file: str) -> Resultat:
    nom = ""
    try:
        data = data_of(line, kitchen.model, file)
        nom = names.name(data, kitchen.lent(data), line.number, line.reference)
        found = verdict(kitchen.request(data))
    except DlaDocsError as error:
        return Resultat(line.number, line.reference, refus=error.constats, nom=nom)
    stopping = bloquants(found)
    return Resultat(
        line.number,
        line.reference,
        refus=stopping,
        constats=tuple(constat for constat in found if constat not in stopping),
        nom=nom,
    )


def _row(result: Resultat) -> str:
    colour, verdict = (RED, "⛔ à corriger") if result.refus else (GREEN, "✔ conforme")
    why = "<br>".join(
        escape(f"{constat.message} {constat.conseil}".strip()) for constat in result.refus
    )
    cells = "".join(
        f'<td style="{LEFT}">{cell}</td>'
        for cell in (result.ligne, escape(result.nom or result.reference), verdict, why)
    )
    return f'<tr style="background:{colour}">{cells}</tr>'
