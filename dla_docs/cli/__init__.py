"""La ligne de commande ``dla-docs`` : des mots français, une phrase par problème, 0 fait, 1 fait
autant que possible, 2 rien de fait.
"""

from __future__ import annotations

import gc
import signal
import sys

from dla_docs.cli import own_window

__all__ = ["main"]

COLLECTED = (1_000_000, 20, 1000)
"""How seldom Python looks for cycles: classes and templates make many objects that stay, and going
through them all every 700 took a sixth of a command; at 200,000, a twelfth of a mission.
"""


def main() -> None:
    """Exécute la ligne de commande et sort avec son code."""
    # A service that stops, or « timeout ». The rest is imported once both are seen to.
    signal.signal(signal.SIGTERM, _interrupt)
    gc.set_threshold(*COLLECTED)
    arguments, own = sys.argv[1:], own_window.is_own()
    if own and not arguments:
        own_window.begin()
        code = 0
    else:
        code = _executed(arguments)
    if own:
        own_window.linger()
    gc.freeze()  # what ends drops everything: to look for cycles in it took a quarter of a mission
    sys.exit(code)


def _executed(arguments: list[str]) -> int:
    try:
        from dla_docs.cli.process import execute

        return execute(arguments)
    except KeyboardInterrupt:
        print("Interrompu.", file=sys.stderr)
        return 2


def _interrupt(*_: object) -> None:
    """As Ctrl-C, once: « timeout » says it twice, and clearing up is not to be interrupted."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt
