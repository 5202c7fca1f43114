"""L'entrée de ``dla-docs`` : les commandes réunies, et toute erreur rendue en français."""

from __future__ import annotations

import traceback
from functools import cache
from typing import Annotated, Any

import typer

from dla_docs.cli import batches as lots
from dla_docs.cli import completion, missions, production, refreshing, syntheses
from dla_docs.cli import consult as consulter
from dla_docs.cli import forms as formulaires
from dla_docs.cli import portfolio as portefeuille
from dla_docs.cli import templates as modeles
from dla_docs.cli.display import say, show_error, show_json
from dla_docs.cli.french import SETTINGS, FrenchCommand, FrenchGroup
from dla_docs.cli.refusals import asks_for_details, sentence
from dla_docs.cli.report import asks_for_data, opened
from dla_docs.errors import DlaDocsError


def application() -> typer.Typer:
    """Toutes les commandes, dans l'ordre où on les rencontre."""
    app = _holding(ALONE)
    group = _group(help="Vérifie un modèle Word, ou en fait un nouveau.")
    _add(group, modeles.COMMANDS)
    app.add_typer(group, name="modele")
    group = _group(
        help="Cherche dans les fiches des prestataires, les vérifie, en fait le catalogue."
    )
    _add(group, portefeuille.COMMANDS)
    app.add_typer(group, name="portefeuille")
    return app


MODULES = consulter, production, refreshing, formulaires, lots, syntheses, missions, completion
ALONE = tuple(command for module in MODULES for command in module.COMMANDS)
"""Les commandes qui ne sont d'aucun groupe."""


def _holding(commands: tuple[Any, ...]) -> typer.Typer:
    app = _group(context_settings=SETTINGS)
    app.callback()(dla_docs)
    _add(app, commands)
    return app


def _group(**settings: Any) -> typer.Typer:
    return typer.Typer(
        cls=FrenchGroup,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        **settings,
    )


def _add(group: typer.Typer, commands: tuple[Any, ...]) -> None:
    for command in commands:
        group.command(name=_name(command), cls=FrenchCommand)(command)


def _name(command: Any) -> str:
    return str(command.__name__).replace("_", "-")


def _show_version(asked: bool) -> None:
    if asked:
        from dla_docs.resources import installed_version

        version = installed_version()
        say(f"dla-docs {version}" if version else UNINSTALLED)
        raise typer.Exit


UNINSTALLED = "dla-docs, lancé sans être installé : sa version n'est pas connue."


def dla_docs(
    version: Annotated[
        bool,
        typer.Option(
            "--version", "-V", callback=_show_version, is_eager=True, help="Affiche la version."
        ),
    ] = False,
) -> None:
    """Produit, vérifie et relit les documents du Dispositif local d'accompagnement (DLA).

    dla-docs exemple mission -o essai/
    dla-docs verifier essai/mission_individuelle.yaml
    dla-docs dossier essai/mission_individuelle.yaml -o essai/dossier/
    """


def run(arguments: list[str]) -> int:
    """Exécute une commande ; rend 0 (fait et conforme), 1 (fait autant que possible) ou 2 (rien de
    fait). Aucune exception n'en sort ; les données que « --format json » demande, toujours.
    """
    with opened(asks_for_data(arguments)) as kept:
        code = _run(arguments)
        if kept.asked and not kept.shown:
            show_json(kept.data(code))
    return code


def _run(arguments: list[str]) -> int:
    try:
        return _invoke(arguments)
    except typer.Exit as stop:
        return stop.exit_code
    except DlaDocsError as error:
        return _refused(error, error, error.exit_code)
    except BrokenPipeError:  # whoever reads has read enough: « | head »
        return 1
    except (
        Exception,
        KeyboardInterrupt,
    ) as error:  # the boundary: whatever is left is said in one sentence
        return _refused(error, sentence(error), 2)


def _invoke(arguments: list[str]) -> int:
    # Not through typer's own main, which turns Ctrl-C and closed pipes into exit codes of its own.
    asked = completion.is_asked()
    command = _command("" if asked else next(iter(arguments), ""))
    if asked:
        return completion.complete(command)
    with command.make_context("dla-docs", list(arguments)) as context:
        return int(command.invoke(context) or 0)


@cache
def _command(word: str) -> Any:
    """The command of that name alone: to make the thirty others takes as long as to check a
    document. Whatever the word says else is said by all of them.
    """
    alone = tuple(one for one in ALONE if _name(one) == word)
    return typer.main.get_command(_holding(alone) if alone else application())


def _refused(error: BaseException, said: DlaDocsError | str, code: int) -> int:
    show_error(said)
    if asks_for_details():
        traceback.print_exception(error)
    return code
