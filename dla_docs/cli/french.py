"""typer, en français : l'aide des commandes, leurs options, leurs refus. Rien n'y dépend des
phrases de typer, qui changent d'une version à l'autre.
"""

from __future__ import annotations

from typing import Any

from typer import Exit
from typer.core import TyperCommand, TyperGroup

from dla_docs.cli.display import say_raw
from dla_docs.cli.help import write_help
from dla_docs.cli.refusals import proposal, see_help
from dla_docs.errors import InputError
from dla_docs.spelling import unaccented

SETTINGS = {"help_option_names": ["--help", "--aide", "-h"], "token_normalize_func": unaccented}


class FrenchCommand(TyperCommand):
    """Une commande dont l'aide et les refus sont en français."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Écrit l'aide de la commande."""
        formatter.write(write_help(self, ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """L'option qui affiche l'aide."""
        return _french(super().get_help_option(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Lit les arguments ; un mot de trop est refusé."""
        ctx.allow_extra_args = True
        extra = super().parse_args(ctx, args)
        if extra and not ctx.resilient_parsing:
            raise InputError(f"« {extra[0]} » est en trop. {see_help(ctx)}")
        return extra


class FrenchGroup(TyperGroup):
    """Un groupe de commandes dont l'aide et les refus sont en français."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Écrit l'aide du groupe : ses commandes."""
        formatter.write(write_help(self, ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """L'option qui affiche l'aide."""
        return _french(super().get_help_option(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Lit les arguments ; sans aucun, affiche l'aide."""
        if not args and not ctx.resilient_parsing:
            say_raw(ctx.get_help())
            raise Exit(2)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """La commande nommée ; un nom inconnu propose le plus proche."""
        name = args[0]
        if not {name, unaccented(name)} & set(self.commands):
            raise InputError(
                f"La commande « {name} » n'existe pas.{proposal(unaccented(name), self.commands)} "
                f"« {ctx.command_path} --aide » les liste toutes."
            )
        return super().resolve_command(ctx, args)


def _french(option: Any) -> Any:
    if option is not None:
        option.help = "Affiche cette aide."
    return option
