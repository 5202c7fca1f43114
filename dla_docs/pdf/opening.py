"""Un PDF venu du dehors, ouvert ; ce qui empêche de le lire est dit en une phrase."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.resources import how_to_add

if TYPE_CHECKING:  # pikepdf is an extra
    import pikepdf

NEED_PIKEPDF = Constat(
    "Le module pikepdf, qui vérifie et lit les PDF, n'est pas installé.",
    conseil=f"Installez-le : « {how_to_add('pdf')} ».",
)


class UnopenedPdfError(InputError):
    """Un PDF qui ne s'ouvre pas : abîmé, protégé, ou rien ici ne sait l'ouvrir."""


@contextmanager
def opened(pdf: bytes) -> Iterator[pikepdf.Pdf]:
    """Le PDF ouvert. UnopenedPdfError s'il ne se lit pas, ou si ce qu'on y cherche ne se
    lit pas.
    """
    try:
        import pikepdf
    except ImportError as error:
        raise UnopenedPdfError(NEED_PIKEPDF) from error
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            yield document
    except InputError:
        raise
    except pikepdf.PasswordError as error:
        raise UnopenedPdfError(
            Constat(
                "Ce PDF est protégé par un mot de passe.",
                conseil="Enregistrez-le sans mot de passe.",
            )
        ) from error
    except Exception as error:  # pikepdf and qpdf raise a dozen types on damaged files
        raise UnopenedPdfError(
            Constat(
                "Ce fichier n'est pas un PDF, ou il est abîmé.",
                conseil="Demandez qu'on vous le renvoie.",
            )
        ) from error


def refusal(message: str, conseil: str) -> InputError:
    """Pourquoi un PDF n'est pas lu, et le remède."""
    return InputError(Constat(message, conseil=conseil))
