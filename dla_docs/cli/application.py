"""L'entrée de ``dla-docs`` : les commandes réunies, et toute erreur rendue en français."""

from __future__ import annotations

import sys

import typer

from dla_docs.cli import consulter, formulaires, modeles, production
from dla_docs.cli.affichage import show_error
from dla_docs.cli.francais import speak_french, usage_sentence
from dla_docs.errors import DlaDocsError

AIDE = "Produit, vérifie et relit les documents du Dispositif local d'accompagnement (DLA)."


def application() -> typer.Typer:
    """Toutes les commandes, dans l'ordre où on les rencontre."""
    app = typer.Typer(help=AIDE, no_args_is_help=True, add_completion=False, rich_markup_mode="rich", pretty_exceptions_enable=False)
    for module in (consulter, production, formulaires):
        for command in module.COMMANDS:
            app.command(name=command.__name__.strip("_"))(command)
    group = typer.Typer(help="Vérifie un modèle Word, ou en fait un nouveau.", no_args_is_help=True)
    for command in modeles.COMMANDS:
        group.command(name=command.__name__.strip("_"))(command)
    app.add_typer(group, name="modele")
    return app


def main() -> None:
    """Exécute la ligne de commande et sort avec son code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Exécute une commande ; rend le code de sortie. Aucune trace d'exécution n'atteint l'utilisateur."""
    speak_french()
    try:
        return int(application()(arguments, prog_name="dla-docs", standalone_mode=False) or 0)
    except DlaDocsError as error:
        show_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        show_error("Interrompu.")
        return 2
    except Exception as error:  # the boundary: whatever is left is said in one sentence
        show_error(usage_sentence(error))
        return 2
