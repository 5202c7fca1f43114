"""Les commandes du formulaire qui voyage : trame, lire."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dla_docs.catalogue import kind_named
from dla_docs.cli.affichage import say, say_raw, show_constats
from dla_docs.cli.consulter import Slug
from dla_docs.cli.production import ProfilOption
from dla_docs.constat import bloquants
from dla_docs.ecriture import to_yaml
from dla_docs.exigence import Role
from dla_docs.files import write_atomic
from dla_docs.formulaire import read
from dla_docs.formulaire import trame as make_trame
from dla_docs.formulaire.retour import base_in, write_back
from dla_docs.loading import load_mission

RoleOption = Annotated[Role | None, typer.Option("--pour", help="À qui le formulaire est envoyé : ses champs seuls sont ouverts.", metavar="ROLE")]


def trame(
    slug: Slug,
    sortie: Annotated[Path, typer.Option("-o", "--sortie", help="Le formulaire Word à écrire.", metavar="SORTIE")],
    mission: Annotated[Path | None, typer.Option("--mission", help="La mission : ce que l'on sait est déjà écrit.", metavar="MISSION")] = None,
    pour: RoleOption = None,
    profil: ProfilOption = None,
) -> None:
    """Fait le formulaire Word d'un document, à remplir à l'écran."""
    held = load_mission(mission) if mission else None
    write_atomic(sortie, make_trame(kind_named(slug).slug(), held, pour, profil))
    say(str(sortie))


def lire(
    fichier: Annotated[Path, typer.Argument(help="Le formulaire revenu (.docx).", metavar="FICHIER")],
    sortie: Annotated[Path | None, typer.Option("-o", "--sortie", help="Le fichier YAML à écrire.", metavar="SORTIE")] = None,
    dans: Annotated[Path | None, typer.Option("--dans", help="La mission où écrire les réponses, sans toucher au reste.", metavar="MISSION")] = None,
) -> int:
    """Relit un formulaire rempli : les différences, ce qui ne se lit pas, et les données."""
    lecture = read(fichier, base_in(dans) if dans else None)
    for change in lecture.changements:
        say(str(change))
    show_constats([*lecture.refus, *lecture.constats])
    if dans:
        write_back(lecture, dans)
        say(f"{dans} : {len(lecture.changements)} changement(s) écrit(s).")
    elif sortie:
        write_atomic(sortie, to_yaml(lecture.document).encode())
        say(str(sortie))
    else:
        say_raw(to_yaml(lecture.document))
    return 1 if lecture.refus or bloquants(lecture.constats) else 0


COMMANDS = (trame, lire)
