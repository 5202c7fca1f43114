"""La fenêtre qui s'ouvre pour ``dla-docs`` seul : un double clic sous Windows."""

from __future__ import annotations

import contextlib
import sys

__all__ = ["begin", "is_own", "linger"]

LAUNCHED = 2  # the launcher that pip makes, and the Python it starts; a terminal would be a third

BEGIN = """\
dla-docs se tape dans un terminal : cette fenêtre, ouverte par un double clic, n'en est pas un.

Pour commencer
  1. Ouvrez le dossier où vous voulez travailler, par exemple Documents.
  2. Dans sa barre d'adresse, à la place du chemin, tapez « powershell », puis Entrée.
  3. Tapez, une ligne après l'autre :

       dla-docs exemple mission -o essai
       dla-docs verifier essai\\mission_individuelle.yaml
       dla-docs dossier essai\\mission_individuelle.yaml -o essai\\dossier

  « dla-docs --aide » liste tout ce qui se fait ; « dla-docs COMMANDE --aide », chaque commande.
"""
CLOSE = "Appuyez sur Entrée pour fermer cette fenêtre. "


def is_own() -> bool:
    """La fenêtre se fermerait avec la commande : rien d'autre ne s'y sert de la console."""
    if sys.platform != "win32":
        return False
    import ctypes

    processes = (ctypes.c_uint * (LAUNCHED + 1))()
    users = int(ctypes.windll.kernel32.GetConsoleProcessList(processes, LAUNCHED + 1))
    return 0 < users <= LAUNCHED  # 0: it has no console


def begin() -> None:
    """Dit par où commencer."""
    print(BEGIN)


def linger() -> None:
    """Laisse lire ce qui est écrit avant que la fenêtre ne se ferme."""
    with contextlib.suppress(EOFError, KeyboardInterrupt, OSError):
        input(CLOSE)
