"""Les commandes qui vérifient et produisent : verifier, produire, dossier, extrait."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dla_docs.cli.display import count, say, show_constats, show_error, show_json, summary
from dla_docs.cli.options import (
    FILE,
    BrouillonOption,
    Format,
    FormatOption,
    ProfilOption,
    StadeOption,
    check_output,
)
from dla_docs.constat import Constat, bloquants
from dla_docs.errors import DlaDocsError, InputError

if TYPE_CHECKING:  # loaded by the command that needs them
    from dla_docs.dossier import Dossier
    from dla_docs.model.document import Document

FILLED = (".docx", ".dotx", ".pdf")


FichierArgument = Annotated[
    Path, typer.Argument(help="Un document (.yaml ou .json).", metavar="FICHIER", **FILE)
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
        help="Votre modèle Word, à la place de celui qui est livré.",
        metavar="MODELE",
        **FILE,
    ),
]


def verifier(
    fichier: Annotated[
        Path,
        typer.Argument(
            help="Un document ou une mission (.yaml, .json), ou un document rempli (.docx, .pdf).",
            metavar="FICHIER",
            **FILE,
        ),
    ],
    profil: ProfilOption = None,
    stade: StadeOption = None,
    format: FormatOption = Format.TEXTE,
) -> int:
    """Dit tout ce qui manque à un document ou à une mission, et quel guide le demande.

    dla-docs verifier essai/mission_individuelle.yaml --profil centre
    """
    if format is Format.JSON:
        return _verdict_json(fichier, profil, stade)
    constats = _verdict(fichier, profil, stade)
    show_constats(constats, error=False)
    said = summary(constats)
    say(
        f"Non conforme : {said}."
        if bloquants(constats)
        else f"Conforme : {said}."
        if said
        else "Conforme."
    )
    return 1 if bloquants(constats) else 0


def _verdict_json(path: Path, profil: str | None, stade: str | None) -> int:
    """A program reads why a file cannot be read the way it reads what it lacks."""
    constats: list[Constat] | tuple[Constat, ...]
    try:
        constats, code = _verdict(path, profil, stade), None
    except DlaDocsError as error:
        constats, code = error.constats, error.exit_code
    blocking = bloquants(constats)
    show_json({"conforme": not blocking, "constats": [constat.to_dict() for constat in constats]})
    return code if code is not None else 1 if blocking else 0


def _verdict(path: Path, profil: str | None, stade: str | None) -> list[Constat]:
    """Every constat, the gravest first."""
    from dla_docs.forms.reading import is_draft
    from dla_docs.parcours import check_parcours, is_parcours, load_parcours
    from dla_docs.stages.checking import check
    from dla_docs.stages.loading import load

    if path.suffix.lower() in FILLED:
        said = _verdict_of_word(path, profil, stade)
        return sorted(said, key=lambda constat: (not is_draft(constat), -constat.gravite))
    if is_parcours(path):
        return check_parcours(load_parcours(path, profil), profil)
    loaded = load(path, profil)
    return check(loaded, profil, _stade_of(loaded, stade))


def _verdict_of_word(path: Path, profil: str | None, stade: str | None) -> list[Constat]:
    from dla_docs.forms import read
    from dla_docs.forms.reading import judge

    reading = read(path, profil=profil)
    if profil is None and stade is None:
        return [*reading.refus, *reading.constats]
    # What carries no exigence was said by the reading itself; the rest is the verdict, given here
    # for another profil or stade.
    said = (constat for constat in reading.constats if not constat.exigences)
    return [
        *dict.fromkeys(
            (
                *reading.refus,
                *said,
                *judge(reading.document, profil, _stade_of(reading.document, stade)),
            )
        )
    ]


def _stade_of(target: Document, stade: str | None) -> str | None:
    if stade is not None and target.stades is None:
        raise InputError(
            f"« --stade » ne vaut pas pour « {target.titre} » : seul un document qui se remplit "
            f"par étapes a des stades."
        )
    return stade


def produire(
    fichier: FichierArgument,
    sortie: SortieOption,
    profil: ProfilOption = None,
    stade: StadeOption = None,
    modele: ModeleOption = None,
    brouillon: BrouillonOption = False,
) -> int:
    """Produit un document, en Word, PDF ou ODT.

    dla-docs produire cahier_des_charges.yaml -o cahier_des_charges.docx
    """
    from dla_docs.pipeline import FORMATS, generate, load_document

    check_output(sortie, FORMATS, fichier, modele)
    document = load_document(fichier, profil)
    made = generate(
        document,
        sortie,
        profil=profil,
        stade=_stade_of(document, stade),
        modele=modele,
        brouillon=brouillon,
    )
    show_constats(made.constats)
    say(str(made.fichier))
    return 1 if bloquants(made.constats) else 0


def dossier(
    mission: Annotated[
        Path, typer.Argument(help="La mission (.yaml ou .json).", metavar="MISSION", **FILE)
    ],
    sortie: Annotated[
        Path,
        typer.Option("-o", "--sortie", help="Le dossier à remplir.", metavar="DOSSIER", **FILE),
    ],
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Produit aussi chaque document en PDF.")
    ] = False,
    profil: ProfilOption = None,
    brouillon: BrouillonOption = False,
) -> int:
    """Produit tous les documents d'une mission, numérotés dans l'ordre de son déroulement ; d'un
    parcours, un dossier par mission.

    dla-docs dossier essai/mission_individuelle.yaml -o essai/dossier/
    """
    from dla_docs.dossier import make_dossier
    from dla_docs.parcours import is_parcours, load_parcours, make_dossiers

    if is_parcours(mission):
        made = make_dossiers(
            load_parcours(mission, profil), sortie, profil=profil, pdf=pdf, brouillon=brouillon
        )
    else:
        made = make_dossier(mission, sortie, profil=profil, pdf=pdf, brouillon=brouillon)
    _show_dossier(made, sortie)
    if not made.fichiers and made.refus:
        return max(error.exit_code for _, error in made.refus)
    return 1 if made.refus or bloquants(made.constats) else 0


def extrait(
    fichier: Annotated[
        Path,
        typer.Argument(
            help="La mission, ou la grille de lecture (.yaml ou .json).", metavar="FICHIER", **FILE
        ),
    ],
    prestataire: Annotated[
        str, typer.Argument(help="La clé du prestataire.", metavar="PRESTATAIRE")
    ],
    sortie: Annotated[
        Path,
        typer.Option(
            "-o",
            "--sortie",
            help="Le fichier à écrire : .docx, .pdf ou .odt.",
            metavar="SORTIE",
            **FILE,
        ),
    ],
    profil: ProfilOption = None,
) -> int:
    """Produit l'extrait de la grille de lecture pour un prestataire : sa colonne, et rien des
    autres.

    dla-docs extrait essai/mission_individuelle.yaml beta -o extrait_beta.docx
    """
    from dla_docs.pipeline import FORMATS, generate, load_extrait

    check_output(sortie, FORMATS, fichier)
    made = generate(load_extrait(fichier, prestataire, profil), sortie, profil=profil)
    show_constats(made.constats)
    say(str(made.fichier))
    return 0


def _show_dossier(made: Dossier, folder: Path) -> None:
    refused = [constat for _, error in made.refus for constat in error.constats]
    show_constats(
        constat for constat in made.constats if not any(_is_same(constat, said) for said in refused)
    )
    for name, error in made.refus:
        say(f"Pas produit : {name}", error=True)
        show_error(error)
    for path in made.fichiers:
        say(str(path))
    kept = (
        f", {len(made.refus)} pas produit{'s' if len(made.refus) > 1 else ''}" if made.refus else ""
    )
    say(f"{count(len(made.fichiers), 'fichier')} dans {folder}{kept}.")


def _is_same(constat: Constat, said: Constat) -> bool:
    """A document says of itself what the mission says of it, by a shorter path."""
    return (
        bool(said.chemin)
        and constat.chemin.endswith(said.chemin)
        and (constat.exigences, constat.ligne) == (said.exigences, said.ligne)
    )


COMMANDS = (verifier, produire, dossier, extrait)
