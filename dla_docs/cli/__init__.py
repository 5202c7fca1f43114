"""La ligne de commande ``dla-docs`` : des mots français, une phrase par problème, 0 fait, 1 fait autant que possible, 2 rien de fait."""

from dla_docs.cli.application import main

__all__ = ["main"]
