"""Les commandes qui vérifient et produisent : verifier, produire, dossier, extrait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from os.path import isdir
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dla_docs.cli.batches import ProcessusOption
from dla_docs.cli.display import (
    CUT,
    OLD,
    TAKEN_AWAY,
    say,
    say_written,
    show_constats,
    show_error,
    show_json,
    summary,
    terminal,
)
from dla_docs.cli.options import (
    FILE,
    FOLDER,
    INPUT,
    BrouillonOption,
    Format,
    FormatOption,
    MoteurOption,
    ProfilOption,
    RemplacerOption,
    StadeOption,
    check_output,
)
from dla_docs.cli.putting import put_document, say_reading
from dla_docs.cli.refreshing import show_refreshed
from dla_docs.cli.report import keep_file, keep_result, whole_path
from dla_docs.constat import Constat, bloquants
from dla_docs.errors import DlaDocsError, InputError
from dla_docs.spelling import counted

if TYPE_CHECKING:  # loaded by the command that needs them
    from dla_docs.cli.evidence import Asked
    from dla_docs.dossier import Dossier, Suivi

FichierArgument = Annotated[
    Path,
    typer.Argument(help="Un document (.yaml ou .json), ou « - ».", metavar="FICHIER", **INPUT),
]
SortieOption = Annotated[
    Path,
    typer.Option(
        "-o",
        "--sortie",
        help="Le fichier à écrire : .docx, .pdf ou .odt.",
        metavar="SORTIE",
        **FILE,
    ),
]
ModeleOption = Annotated[
    Path | None,
    typer.Option(
        "--modele",
        help="Votre modèle Word (.docx) ou votre présentation (.pptx), à la place du modèle livré.",
        metavar="MODELE",
        **FILE,
    ),
]


PreuveOption = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--sortie",
        help="Écrit le verdict et sa preuve : .docx, .pdf, .odt ou .json.",
        metavar="SORTIE",
        **FILE,
    ),
]
DestinataireOption = Annotated[
    str,
    typer.Option(
        "--destinataire",
        help="À qui il est remis : structure, prestataire[:CLE], comite, dla ou archive, qui garde "
        "tout ; les autres n'y trouvent que ce qu'ils peuvent lire.",
        metavar="DESTINATAIRE",
    ),
]
AJourOption = Annotated[
    bool,
    typer.Option("--a-jour", help="Dit aussi ce que demanderait le référentiel le plus récent."),
]


def verifier(
    fichier: Annotated[
        Path,
        typer.Argument(
            help="Un document ou une mission (.yaml, .json), un document rempli (.docx, .pdf), ou "
            "« - », l'entrée standard.",
            metavar="FICHIER",
            **INPUT,
        ),
    ],
    profil: ProfilOption = None,
    stade: StadeOption = None,
    format: FormatOption = Format.TEXTE,
    sortie: PreuveOption = None,
    a_jour: AJourOption = False,
    remplacer: RemplacerOption = False,
) -> int:
    """Dit tout ce qui manque à un document ou à une mission, et quel guide le demande.

    dla-docs verifier essai/mission_individuelle.yaml --profil centre
    dla-docs verifier essai/mission_individuelle.yaml -o conformite.docx
    """
    from dla_docs.cli.evidence import FORMATS, Asked, write_proof

    prouve = sortie is not None or format is Format.JSON
    asked = Asked(fichier, profil, stade, a_jour, prouve)
    if sortie is not None:
        check_output(sortie, FORMATS, fichier)
        write_proof(asked, sortie, remplacer)
    code = _verdict_json(asked) if format is Format.JSON else _verdict_said(asked)
    if sortie is not None and format is not Format.JSON:
        say_written(sortie)
    return code


def _verdict_said(asked: Asked) -> int:
    from dla_docs.cli.evidence import show_update

    constats = asked.constats
    show_constats(constats, error=False)
    if asked.a_jour:
        show_update(asked)
    said = summary(constats)
    if blocking := bloquants(constats):
        say(f"Non conforme : {said}.")
    else:
        say(f"Conforme : {said}." if said else "Conforme.")
    return 1 if blocking else 0


def _verdict_json(asked: Asked) -> int:
    """A program reads why a file cannot be read the way it reads what it lacks."""
    from dla_docs.stages.evidence import unread

    try:
        proof, code = asked.proof, None
    except DlaDocsError as error:
        proof, code = unread(error.constats), error.exit_code
    show_json(proof.to_dict())
    return code if code is not None else 0 if proof.conforme else 1


def produire(
    fichier: FichierArgument,
    sortie: SortieOption,
    profil: ProfilOption = None,
    stade: StadeOption = None,
    modele: ModeleOption = None,
    moteur: MoteurOption = None,
    brouillon: BrouillonOption = False,
    format: FormatOption = Format.TEXTE,
    remplacer: RemplacerOption = False,
) -> int:
    """Produit un document, en Word, PDF ou ODT ; un rapport final, ou celui d'une mission, en
    présentation PowerPoint aussi.

    dla-docs produire cahier_des_charges.yaml -o cahier_des_charges.docx
    dla-docs produire essai/mission_individuelle.yaml -o restitution.pptx
    """
    from dla_docs.pipeline import OUTPUTS, format_of, load_for
    from dla_docs.stages.request import resolve

    check_output(sortie, OUTPUTS, fichier, modele)
    document = load_for(format_of(sortie), fichier, profil)
    request = resolve(document, profil, stade, brouillon=brouillon, modele=modele, moteur=moteur)
    constats = put_document(request, sortie, remplacer, fichier)
    show_constats(constats)
    say_written(sortie)
    return 1 if bloquants(constats) else 0


def dossier(
    mission: Annotated[
        Path,
        typer.Argument(
            help="La mission (.yaml ou .json), ou un dossier de missions.",
            metavar="MISSION",
            **INPUT,
        ),
    ],
    sortie: Annotated[
        Path,
        typer.Option("-o", "--sortie", help="Le dossier à remplir.", metavar="DOSSIER", **FOLDER),
    ],
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Produit aussi chaque document en PDF.")
    ] = False,
    profil: ProfilOption = None,
    brouillon: BrouillonOption = False,
    destinataire: DestinataireOption = "archive",
    processus: ProcessusOption = 1,
    format: FormatOption = Format.TEXTE,
    remplacer: RemplacerOption = False,
) -> int:
    """Produit tous les documents d'une mission, numérotés dans l'ordre de son déroulement, leur
    sommaire, la preuve du verdict et le manifeste ; d'un parcours, ou d'un dossier de missions, un
    dossier par mission. Une seconde fois n'écrit que ce qui a changé, et rafraîchit ce qu'une main
    a retouché.

    dla-docs dossier essai/mission_individuelle.yaml -o essai/dossier/
    dla-docs dossier essai/ -o dossiers/ --pdf --processus 2
    dla-docs dossier essai/mission_individuelle.yaml -o pour_beta/ --destinataire prestataire:beta
    """
    asked: dict[str, Any] = {
        "profil": profil,
        "pdf": pdf,
        "brouillon": brouillon,
        "destinataire": destinataire,
        "remplacer": remplacer,
    }
    if isdir(mission):
        from dla_docs.cli.missions import show_dossiers

        return show_dossiers(mission, sortie, processes=processus, **asked)
    if processus > 1:
        raise InputError("« --processus » ne sert qu'à un dossier de missions : retirez-le.")
    return _dossier_of(mission, sortie, asked)


def _dossier_of(mission: Path, sortie: Path, asked: dict[str, Any]) -> int:
    from dla_docs.dossier import make_dossier
    from dla_docs.stages.data_files import is_parcours

    with _progress(asked["pdf"]) as suivi:
        if is_parcours(mission):
            from dla_docs.parcours import load_parcours, make_dossiers

            several = load_parcours(mission, asked["profil"])
            made = make_dossiers(several, sortie, suivi=suivi, **asked)
        else:
            made = make_dossier(mission, sortie, suivi=suivi, **asked)
    _show_dossier(made, sortie)
    if asked["pdf"]:
        say_reading()
    if not made.fichiers and made.refus:
        return max(error.exit_code for _, error in made.refus)
    return 1 if made.refus or bloquants(made.constats) else 0


def extrait(
    fichier: Annotated[
        Path,
        typer.Argument(
            help="La mission, ou la grille de lecture (.yaml ou .json).",
            metavar="FICHIER",
            **INPUT,
        ),
    ],
    prestataire: Annotated[
        str,
        typer.Argument(help="La clé, le SIRET ou le nom du prestataire.", metavar="PRESTATAIRE"),
    ],
    sortie: SortieOption,
    profil: ProfilOption = None,
    format: FormatOption = Format.TEXTE,
    remplacer: RemplacerOption = False,
) -> int:
    """Produit l'extrait de la grille de lecture pour un prestataire : sa colonne, et rien des
    autres.

    dla-docs extrait essai/mission_individuelle.yaml beta -o extrait_beta.docx
    """
    from dla_docs.pipeline import FORMATS, load_extrait
    from dla_docs.stages.request import resolve

    check_output(sortie, FORMATS, fichier)
    request = resolve(load_extrait(fichier, prestataire, profil), profil)
    show_constats(put_document(request, sortie, remplacer, fichier))
    say_written(sortie)
    return 0


def _show_dossier(made: Dossier, folder: Path) -> None:
    refused = [constat for _, error in made.refus for constat in error.constats]
    show_constats(
        constat for constat in made.constats if not any(_is_same(constat, said) for said in refused)
    )
    for names, error in _by_reason(made.refus):
        for name in names:
            say(f"Pas produit : {name}", error=True)
        if not all(_is_told(one, made.constats) for one in error.constats):
            show_error(error)
    if made.repris:
        say(CUT)
    whole, hands = [*made.fichiers, *made.pieces], {path for path, _ in made.rafraichis}
    for name, error in made.refus:
        keep_result(name, "pas produit", constats=error.constats)
    for path in made.otes:
        keep_result(path, "ôté")
    for path in whole:
        keep_file(path)
        if path not in made.inchanges and path not in hands:
            say(str(path))
    show_refreshed(made.rafraichis, made.constats, made.inchanges)
    for said, paths in ((OLD, made.anciens), (TAKEN_AWAY, made.otes)):
        for path in paths:
            say(said.format(path))
    tally = (
        (made.inchanges, "déjà à jour", "déjà à jour"),
        (hands - {*made.inchanges}, "rafraîchi", "rafraîchis"),
        (made.refus, "pas produit", "pas produits"),
    )
    more = "".join(f", {counted(len(held), one, many)}" for held, one, many in tally if held)
    say(f"{counted(len(whole), 'fichier')} dans {whole_path(folder)}{more}.")


def _by_reason(
    refused: Iterable[tuple[str, DlaDocsError]],
) -> Iterator[tuple[list[str], DlaDocsError]]:
    """What keeps several documents back is said once: one missing logo stops them all."""
    found: dict[tuple[Constat, ...], tuple[list[str], DlaDocsError]] = {}
    for name, error in refused:
        found.setdefault(tuple(error.constats), ([], error))[0].append(name)
    yield from found.values()


def _is_told(said: Constat, shown: Iterable[Constat]) -> bool:
    """The verdict says it too, with the line where it is written."""
    return any(one.message.startswith(f"{said.message.rstrip('.')} : ") for one in shown)


SLOW = 2.0  # seconds of silence after which each PDF is told


@contextmanager
def _progress(pdf: bool) -> Iterator[Suivi | None]:
    """A bar while the PDFs are made; a line for each, elsewhere than on a terminal."""
    if not pdf:
        yield None
        return
    screen = terminal(error=True)
    if screen is None:
        yield _lines(monotonic())
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task("Word", total=None)
        yield lambda what, done, total: bar.update(
            task, description=what, completed=done, total=total
        )


def _lines(start: float) -> Suivi:
    def tell(what: str, done: int, total: int) -> None:
        if done and monotonic() - start > SLOW:
            say(f"{what} : {done} sur {total}", error=True)

    return tell


def _is_same(constat: Constat, said: Constat) -> bool:
    """A document says of itself what the mission says of it, by a shorter path."""
    return (
        bool(said.chemin)
        and constat.chemin.endswith(said.chemin)
        and (constat.exigences, constat.ligne) == (said.exigences, said.ligne)
    )


COMMANDS = (verifier, produire, dossier, extrait)
