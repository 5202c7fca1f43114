"""Les commandes du lot : lot, tableau."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dla_docs.cli.display import OLD, say, say_written, show_constats, terminal
from dla_docs.cli.options import (
    FILE,
    FOLDER,
    BrouillonOption,
    Format,
    FormatOption,
    ProfilOption,
    RemplacerOption,
    Slug,
    check_output,
)
from dla_docs.cli.putting import put
from dla_docs.cli.refreshing import say_refreshed
from dla_docs.cli.report import keep_file, keep_result, whole_path
from dla_docs.constat import Constat, bloquants
from dla_docs.errors import InputError
from dla_docs.spelling import counted

if TYPE_CHECKING:  # loaded by the command that needs it
    from collections.abc import Callable

    from dla_docs.lot import Lot, Resultat
    from dla_docs.retouches.refresh import Rafraichi

MOST_SHOWN = 20  # refusals: the workbook says them all
STEP = 100  # rows between two lines of a log


def number_of_processes(word: str | int) -> int:
    """Un nombre de processus ; ``InputError`` quand ce n'en est pas un."""
    said = str(word)
    if not said.isdecimal() or not int(said):
        raise InputError(
            f"« --processus {said} » : donnez le nombre de processus qui travaillent à la fois, 1 "
            f"ou plus."
        )
    return int(said)


TableauArgument = Annotated[
    Path,
    typer.Argument(
        help="Le tableau, un document par ligne (.csv, .tsv, .xlsx, .xlsm, .ods).",
        metavar="TABLEAU",
        **FILE,
    ),
]
SortieOption = Annotated[
    str,
    typer.Option(
        "-o",
        "--sortie",
        help="Le dossier à remplir, ou l'adresse d'un dépôt (s3://…).",
        metavar="DOSSIER",
        **FOLDER,
    ),
]
MissionOption = Annotated[
    Path | None,
    typer.Option(
        "--mission",
        help="La mission dont chaque document fait partie.",
        metavar="MISSION",
        **FILE,
    ),
]
PdfOption = Annotated[bool, typer.Option("--pdf", help="Produit aussi chaque document en PDF.")]
NomsOption = Annotated[
    str | None,
    typer.Option(
        "--noms",
        help="Le nom des fichiers : « {reference} - {structure.nom} ».",
        metavar="PATRON",
    ),
]
ProcessusOption = Annotated[
    int,
    typer.Option(
        "--processus",
        parser=number_of_processes,
        help="Combien de processus travaillent à la fois.",
        metavar="NOMBRE",
    ),
]


def lot(
    tableau: TableauArgument,
    slug: Slug,
    sortie: SortieOption,
    mission: MissionOption = None,
    pdf: PdfOption = False,
    noms: NomsOption = None,
    processus: ProcessusOption = 1,
    profil: ProfilOption = None,
    brouillon: BrouillonOption = False,
    format: FormatOption = Format.TEXTE,
    remplacer: RemplacerOption = False,
) -> int:
    """Produit un document par ligne d'un tableau ; les lignes à corriger vont dans erreurs.xlsx, et
    une seconde fois ne fait que ce qui manque.

    dla-docs tableau evaluation_individuelle -o evaluations.xlsx
    dla-docs lot evaluations.xlsx evaluation_individuelle -o evaluations/ --noms "{reference} - \\
        {structure.nom}"
    """
    from dla_docs.lot import batch

    made = batch(
        tableau,
        slug,
        sortie,
        mission=mission,
        profil=profil,
        pdf=pdf,
        noms=noms,
        processes=processus,
        brouillon=brouillon,
        remplacer=remplacer,
    )
    show_constats(made.masques)
    tally = _Tally()
    try:
        with closing(made), _progress(made.total) as advance:
            for result in made:
                tally.add(result)
                advance()
    except InputError:  # it went no further: what was seen of the table is said first
        tally.show(sortie, made.erreurs)
        raise
    tally.show(sortie, made.erreurs)
    _say_old(made)
    return tally.code or bool(made.delaisses)


def _say_old(made: Lot) -> None:
    for place in made.anciens:
        say(OLD.format(place))
    show_constats(made.delaisses)


def tableau(
    slug: Slug,
    sortie: Annotated[
        Path,
        typer.Option(
            "-o", "--sortie", help="Le tableau à écrire (.xlsx).", metavar="SORTIE", **FILE
        ),
    ],
    profil: ProfilOption = None,
    format: FormatOption = Format.TEXTE,
    remplacer: RemplacerOption = False,
) -> None:
    """Fait le tableau vide d'un lot : une colonne par champ, les listes de réponses, une note en
    survol de chaque titre.

    dla-docs tableau evaluation_individuelle -o evaluations.xlsx
    """
    from dla_docs.lot import blank_table
    from dla_docs.manual.requirement_index import kind_named
    from dla_docs.profils.grafting import adapted
    from dla_docs.profils.loading import load_profil

    check_output(sortie, (".xlsx",))
    put(sortie, blank_table(adapted(kind_named(slug), load_profil(profil))), remplacer)
    say_written(sortie)


class _Tally:
    """What became of the rows, counted as they come: they are not kept."""

    def __init__(self) -> None:
        self.made = self.known = self.refused = self.left = self.refreshed = 0
        self.to_look_at = False
        self.shown: dict[Constat, None] = {}
        self.by_hand: list[tuple[str, Rafraichi, bool]] = []

    def add(self, result: Resultat) -> None:
        self.refused += bool(result.refus) and not result.laisse
        self.left += result.laisse
        self.known += result.deja_fait
        written = result.laisse and result.fichiers  # its PDF alone was left
        made = (not result.refus or bool(written)) and not result.deja_fait
        self.refreshed += made and result.rafraichi is not None
        self.made += made and result.rafraichi is None
        told = (*result.refus, *result.constats, *self._by_hand(result))
        keep_result(f"ligne {result.ligne}", _fate(result), result.fichiers, told)
        for path in result.fichiers:
            keep_file(path)
        if len(self.shown) < MOST_SHOWN:
            self.shown |= dict.fromkeys(result.refus)

    def _by_hand(self, result: Resultat) -> tuple[Constat, ...]:
        """What a page that a hand has retouched says otherwise than its row."""
        if result.rafraichi is None:
            return ()
        from dla_docs.lot.retouched import TABLEAU
        from dla_docs.retouches.contradictions import contradictions

        place = result.fichiers[0]
        self.by_hand.append((place, result.rafraichi, result.deja_fait))
        told = (*contradictions(Path(place), result.rafraichi, TABLEAU),)
        self.to_look_at = self.to_look_at or bool(bloquants(told))
        self.shown |= dict.fromkeys(told)
        return told

    @property
    def code(self) -> int:
        """1 when something is to be looked at."""
        return 1 if self.refused or self.left or self.to_look_at else 0

    def show(self, folder: str, failures: str) -> None:
        for place, done, same in self.by_hand:
            say_refreshed(place, done, same=same)
        show_constats(self.shown)
        where = whole_path(folder)
        told = [counted(self.made, "document fait", "documents faits")]
        if self.refreshed:
            told.append(counted(self.refreshed, "rafraîchi", "rafraîchis"))
        if self.known:
            told.append(counted(self.known, "déjà fait", "déjà faits"))
        if self.left:
            told.append(counted(self.left, "laissé tel quel", "laissés tels quels"))
        say(f"{', '.join(told)} dans {where}.")
        if self.refused:
            keep_file(failures)
            say(
                f"{counted(self.refused, 'ligne')} à corriger dans {whole_path(failures)} ; "
                "corrigez-le, et donnez-le à la même commande."
            )


def _fate(result: Resultat) -> str:
    if result.refus:
        return "laissée" if result.laisse else "refusée"
    if result.deja_fait:
        return "déjà fait"
    return "rafraîchi" if result.rafraichi else "fait"


@contextmanager
def _progress(total: int | None) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, with the rate and the time that is left;
    elsewhere a line now and then."""
    screen = terminal(error=True)
    if screen is None:
        done = 0

        def advance() -> None:
            nonlocal done
            done += 1
            if done % STEP == 0:
                say(f"{done} lignes sur {total}" if total else f"{done} lignes", error=True)

        yield advance
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("reste"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task("", total=total, rate="")

        def draw() -> None:
            speed = bar.tasks[0].speed
            bar.update(task, advance=1, rate=f"{speed:.1f}/s".replace(".", ",") if speed else "")

        yield draw


COMMANDS = (lot, tableau)
