"""Les commandes d'un dossier de missions : le dossier de chacune, et tableau-de-bord."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dla_docs.cli.display import say, say_written, show_constats, show_error, summary
from dla_docs.cli.options import (
    FILE,
    Format,
    FormatOption,
    ProfilOption,
    RemplacerOption,
    check_output,
)
from dla_docs.cli.portfolio import day_named
from dla_docs.cli.putting import put, put_document, say_reading
from dla_docs.cli.refreshing import show_refreshed
from dla_docs.cli.report import keep_result, whole_path
from dla_docs.errors import InputError
from dla_docs.spelling import counted

if TYPE_CHECKING:  # loaded by the command that needs it
    from dla_docs.missions import Fait
    from dla_docs.missions.finding import Trouvees
    from dla_docs.missions.suivi import Bord

MOST_NAMED = 5  # files that are not missions
FORMATS = (".html", ".xlsx", ".docx", ".pdf", ".odt")


def tableau_de_bord(
    missions: Annotated[
        Path,
        typer.Argument(help="Le dossier des missions (.yaml, .json).", metavar="MISSIONS", **FILE),
    ],
    sortie: Annotated[
        Path,
        typer.Option(
            "-o",
            "--sortie",
            help="Le fichier à écrire : .html, .xlsx, .docx, .pdf ou .odt.",
            metavar="SORTIE",
            **FILE,
        ),
    ],
    au: Annotated[
        date | None,
        typer.Option(
            "--au",
            parser=day_named,
            help="Le jour d'où se comptent retards et échéances ; aujourd'hui par défaut.",
            metavar="DATE",
        ),
    ] = None,
    profil: ProfilOption = None,
    format: FormatOption = Format.TEXTE,
    remplacer: RemplacerOption = False,
) -> int:
    """Montre où en sont les missions d'un dossier : stade, documents faits et manquants, retards,
    prochaine échéance, jours faits, reste à payer, dernier retour lu.

    dla-docs tableau-de-bord essai/ -o suivi.html
    dla-docs tableau-de-bord essai/ -o suivi.xlsx --au 01/12/2005
    """
    from dla_docs.missions.suivi import bord_of

    check_output(sortie, FORMATS)
    made = bord_of(missions, au or date.today(), profil)
    _write(made, sortie, profil, remplacer)
    show_constats(made.fautes)
    for one in made.illisibles:
        say(f"{one.fichier} : ne se lit pas", error=True)
        show_error(InputError(one.faute))
    faulty = f", dont {counted(len(made.illisibles), 'illisible')}" * bool(made.illisibles)
    say_written(sortie, f" : {counted(len(made.missions), 'mission')}{faulty}.")
    return 1 if made.illisibles or made.fautes else 0


def _write(bord: Bord, target: Path, profil: str | None, remplacer: bool) -> None:
    from dla_docs.missions.pages import html, page_of, workbook

    written = {".html": html, ".xlsx": workbook}.get(target.suffix.lower())
    if written:
        put(target, written(bord), remplacer)
        return
    from dla_docs.stages.request import resolve

    put_document(resolve(page_of(bord), profil), target, remplacer)


def show_dossiers(
    missions: Path,
    sortie: Path,
    *,
    profil: str | None,
    pdf: bool,
    brouillon: bool,
    destinataire: str,
    remplacer: bool,
    processes: int,
) -> int:
    """Fait le dossier de chaque mission, une ligne à mesure ; rend le code de sortie."""
    from dla_docs.missions import make_dossiers

    made = make_dossiers(
        missions,
        sortie,
        profil=profil,
        pdf=pdf,
        brouillon=brouillon,
        destinataire=destinataire,
        remplacer=remplacer,
        processes=processes,
    )
    _show_found(made.trouvees, missions)
    total, done = len(made.trouvees.missions), []
    with closing(made):
        for number, fait in enumerate(made, 1):
            done.append(fait)
            _show_made(fait, f"{number}/{total}", missions)
            sys.stdout.flush()  # who redirects it to a file looks at it meanwhile
    if pdf:
        say_reading()
    return _tally(done, sortie, whole=not made.trouvees.fautes)


def _show_found(found: Trouvees, folder: Path) -> None:
    say(f"{counted(len(found.missions), 'mission')} dans {folder}.")
    if found.autres:
        named = ", ".join(str(path.relative_to(folder)) for path in found.autres[:MOST_NAMED])
        more = "…" if len(found.autres) > MOST_NAMED else ""
        left = counted(len(found.autres), "fichier n'en est pas une", "fichiers n'en sont pas")
        say(f"{left} : {named}{more}.")
        for path in found.autres:
            if remedy := found.remede(path):
                say(f"{path.relative_to(folder)}{remedy}")
    show_constats(found.fautes)


def _show_made(fait: Fait, rank: str, folder: Path) -> None:
    """One line per mission, and below it what did not go well, and what a hand had done."""
    from dla_docs.dossier.hands import contradicted

    name = fait.fichier.relative_to(folder)
    _keep(fait)
    if fait.faute:
        say(f"{rank} {name} : pas fait", error=True)
    else:
        parts = (
            "déjà fait" if fait.deja_fait else counted(fait.fichiers, "fichier"),
            counted(len(fait.refus), "document pas produit", "documents pas produits")
            if fait.refus
            else "",
            summary(fait.constats),
        )
        say(f"{rank} {name} : {', '.join(filter(None, parts))} ({fait.dossier})")
    show_constats([one for one in fait.constats if one.chemin == "reference"])
    show_constats(told := [*contradicted(fait.rafraichis, fait.fichier)])
    show_refreshed(fait.rafraichis, told, fait.inchanges)
    if fait.faute:
        show_error(InputError(fait.faute))
    for title, constats in fait.refus:
        say(f"Pas produit : {title}", error=True)
        show_constats(constats)


def _keep(fait: Fait) -> None:
    fate = (
        "refusée"
        if fait.faute
        else "déjà fait"
        if fait.deja_fait
        else "fait"
        if fait.entier
        else "à compléter"
    )
    refused = (one for _, constats in fait.refus for one in constats)
    files = () if fait.faute else (fait.dossier,)
    keep_result(fait.fichier, fate, files, (*fait.faute, *fait.constats, *refused))


def _tally(done: list[Fait], folder: Path, whole: bool) -> int:
    made = [fait for fait in done if not fait.faute]
    held = [fait for fait in made if fait.deja_fait]
    partly = [fait for fait in made if not fait.entier]
    parts = (
        (held, "déjà fait", "déjà faits"),
        (partly, "à compléter", "à compléter"),
        ([fait for fait in done if fait.faute], "mission refusée", "missions refusées"),
    )
    more = "".join(f", {counted(len(some), one, many)}" for some, one, many in parts if some)
    say(f"{counted(len(made), 'dossier')} dans {whole_path(folder)}{more}.")
    if not made:
        return 2
    return 0 if whole and all(fait.entier for fait in done) else 1


COMMANDS = (tableau_de_bord,)
