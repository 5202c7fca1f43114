"""La commande qui met à jour un document retouché : rafraichir."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dla_docs.cli.display import say, say_written
from dla_docs.cli.options import (
    FILE,
    Format,
    FormatOption,
    ProfilOption,
    RemplacerOption,
    check_output,
)
from dla_docs.cli.putting import put
from dla_docs.cli.report import keep_result
from dla_docs.errors import PackageError
from dla_docs.spelling import counted

if TYPE_CHECKING:  # loaded by the command that needs it
    from dla_docs.constat import Constat
    from dla_docs.retouches.refresh import Rafraichi

SortieOption = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--sortie",
        help="Un autre fichier à écrire ; sans lui, le document lui-même, sa copie gardée.",
        metavar="SORTIE",
        **FILE,
    ),
]
SAME, REFRESHED, PREVIEW = "déjà à jour", "rafraîchi", "aperçu"
MOST_NAMED = 4  # what a hand keeps of one document: the others are in it
ApercuOption = Annotated[
    bool, typer.Option("--apercu", help="Dit ce qui changerait, et n'écrit rien.")
]


def rafraichir(
    fichier: Annotated[
        Path,
        typer.Argument(help="Le document retouché (.docx).", metavar="RETOUCHE", **FILE),
    ],
    dans: Annotated[
        Path,
        typer.Option("--dans", help="La mission dont il vient.", metavar="MISSION", **FILE),
    ],
    sortie: SortieOption = None,
    apercu: ApercuOption = False,
    profil: ProfilOption = None,
    format: FormatOption = Format.TEXTE,
    remplacer: RemplacerOption = False,
) -> int:
    """Met dans un document retouché à la main ce que la mission dit maintenant, et garde ce que la
    main y a mis ; ce que l'un et l'autre ont changé se propose en suivi des modifications.

    dla-docs rafraichir cahier_des_charges.docx --dans cahier_des_charges.yaml --apercu
    dla-docs rafraichir cahier_des_charges.docx --dans cahier_des_charges.yaml
    """
    from dla_docs.files import read_bytes
    from dla_docs.retouches.contradictions import contradictions, of_mission
    from dla_docs.retouches.target import put_refreshed
    from dla_docs.word.package import MAX_FILE

    if sortie is not None:
        check_output(sortie, (".docx",), fichier, dans)
    octets = read_bytes(fichier, MAX_FILE)
    made = _refreshed(octets, fichier, dans, profil)
    _show(made)
    place, fate = sortie or fichier, SAME if made.octets == octets else REFRESHED
    if apercu:
        _say_reading(made, fichier, dans, profil)
        say("Rien n'a été écrit.")
    elif sortie is not None:
        put(sortie, made.octets, remplacer, dans)
        say_written(sortie)
    elif put_refreshed(fichier, octets, made.octets):
        say_written(fichier)
    if not apercu:
        _say_reading(made, place, dans, profil)
    told = contradictions(place, made, of_mission(dans))
    _keep(place, PREVIEW if apercu else fate, made, told)
    return 1 if made.conflits or made.sans_place else 0


def _refreshed(octets: bytes, path: Path, mission: Path, profil: str | None) -> Rafraichi:
    """What is no document of Word says which file it is."""
    from dla_docs.retouches.refresh import refresh
    from dla_docs.retouches.whose import document_of

    try:
        return refresh(octets, document_of(octets, mission, profil), profil)
    except PackageError as error:
        named = (replace(one, fichier=one.fichier or str(path)) for one in error.constats)
        raise PackageError(named) from error


def _show(made: Rafraichi) -> None:
    for change in made.mis_a_jour:
        say(f"Mis à jour : {change}")
    for kept in made.gardes:
        say(f"Gardé : {kept}")
    for change in made.conflits:
        say(f"À choisir, en suivi des modifications : {change}")
    for change in made.sans_place:
        say(f"Sans place sur la page, d'où une main l'a ôtée : {change}")
    say(f"{tally(made)}.")


def _say_reading(made: Rafraichi, path: Path, mission: Path, profil: str | None) -> None:
    """Only where the command that is named would write something."""
    from dla_docs.raw.quoting import argument
    from dla_docs.returns.bringing_back import would_take

    if made.gardes and would_take(path, mission, profil):
        command = f"« dla-docs lire {argument(path)} --dans {argument(mission)} »"
        say(f"{command} met dans la mission celles qui sont des réponses.")


def show_refreshed(
    made: Iterable[tuple[Path, Rafraichi]], told: Iterable[Constat], same: Iterable[Path] = ()
) -> None:
    """Ce que sont devenus les documents retouchés d'un dossier, une ligne chacun, et dessous ce
    que la main y garde ; ``told`` : ce qu'on en dit ; ``same`` : ceux qui n'avaient pas à changer.
    """
    held, said = {*same}, [*told]
    for path, done in made:
        about = (one for one in said if one.fichier == str(path))
        _keep(path, SAME if path in held else REFRESHED, done, about)
        say_refreshed(path, done, same=path in held)


def say_refreshed(path: Path | str, done: Rafraichi, *, same: bool) -> None:
    """Ce qu'est devenu un document retouché, et ce que la main y garde."""
    say(f"{'Retouché, déjà à jour' if same else 'Rafraîchi'} : {path} ({tally(done)})")
    for kept in done.gardes[:MOST_NAMED]:
        say(f"Gardé : {kept}")
    if len(done.gardes) > MOST_NAMED:
        say(f"Gardé : {len(done.gardes) - MOST_NAMED} de plus, dans le document.")


def _keep(path: Path, fate: str, made: Rafraichi, told: Iterable[Constat]) -> None:
    files = () if fate == PREVIEW else (path,)
    keep_result(path, fate, files, told, len(made.mis_a_jour))


def tally(made: Rafraichi) -> str:
    """Le compte de ce qu'un rafraîchissement a fait."""
    lost = len(made.sans_place)
    return ", ".join(
        (
            counted(len(made.mis_a_jour), "changement mis à jour", "changements mis à jour"),
            counted(len(made.gardes), "retouche gardée", "retouches gardées"),
            counted(len(made.conflits), "à choisir dans Word", "à choisir dans Word"),
            *([f"{lost} sans place sur la page"] if lost else ()),
        )
    )


COMMANDS = (rafraichir,)
