"""La commande qui met à jour un document retouché : rafraichir."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dla_docs.cli.display import say
from dla_docs.cli.options import FILE, ProfilOption, RemplacerOption, check_output
from dla_docs.cli.putting import put
from dla_docs.spelling import counted

if TYPE_CHECKING:  # loaded by the command that needs it
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
    remplacer: RemplacerOption = False,
) -> int:
    """Met dans un document retouché à la main ce que la mission dit maintenant, et garde ce que la
    main y a mis ; ce que l'un et l'autre ont changé se propose en suivi des modifications.

    dla-docs rafraichir cahier_des_charges.docx --dans cahier_des_charges.yaml --apercu
    dla-docs rafraichir cahier_des_charges.docx --dans cahier_des_charges.yaml
    """
    from dla_docs.files import read_bytes
    from dla_docs.retouches.refresh import refresh
    from dla_docs.retouches.whose import document_of
    from dla_docs.word.package import MAX_FILE

    if sortie is not None:
        check_output(sortie, (".docx",), fichier, dans)
    octets = read_bytes(fichier, MAX_FILE)
    made = refresh(octets, document_of(octets, dans, profil), profil)
    _show(made, fichier, dans)
    if apercu:
        say("Rien n'a été écrit.")
    elif sortie is not None:
        put(sortie, made.octets, remplacer)
        say(str(sortie))
    else:
        _write(fichier, octets, made.octets)
    return 1 if made.conflits else 0


def _write(path: Path, before: bytes, after: bytes) -> None:
    from dla_docs.writing_back.undo import write_kept

    if before != after:
        write_kept(path, {path: after})
        say(str(path))


def _show(made: Rafraichi, path: Path, mission: Path) -> None:
    for change in made.mis_a_jour:
        say(f"Mis à jour : {change}")
    for kept in made.gardes:
        say(f"Gardé : {kept}")
    for change in made.conflits:
        say(f"À choisir, en suivi des modifications : {change}")
    tally = (
        counted(len(made.mis_a_jour), "changement mis à jour", "changements mis à jour"),
        counted(len(made.gardes), "retouche gardée", "retouches gardées"),
        counted(len(made.conflits), "à choisir dans Word", "à choisir dans Word"),
    )
    say(f"{', '.join(tally)}.")
    if made.gardes:
        command = f"« dla-docs lire {path} --dans {mission} »"
        say(f"{command} met dans la mission celles qui sont des réponses.")


COMMANDS = (rafraichir,)
