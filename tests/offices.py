"""LibreOffice, quand un essai en a besoin."""

from __future__ import annotations

import pytest

from dla_docs.errors import ConversionError
from dla_docs.pdf import find_office


def need_office() -> None:
    """Laisse l'essai de côté, en le disant, quand LibreOffice n'est pas là."""
    try:
        find_office()
    except ConversionError as error:
        pytest.skip(f"LibreOffice manque : {error}")
