"""Les erreurs de dla_docs. Chacune porte ses constats : ``except DlaDocsError as e: for constat in
e.constats``.

::

    DlaDocsError
    ├── InputError          2   ce qui a été donné ne se lit pas : fichier, ligne, valeur
    │   ├── PackageError    2   un .docx abîmé, protégé, hostile, ou qui n'en est pas un
    │   └── DiskError       2   le disque où écrire est plein, ou en lecture seule
    ├── TemplateError       2   un modèle Word ne tient pas son contrat avec le document
    ├── NonConformityError  1   un définitif est demandé alors qu'un bloquant demeure
    ├── VerificationError   1   le document produit ne dit pas ce qui lui a été donné
    ├── TargetError         1   le fichier à écrire tient le travail de quelqu'un
    └── ConversionError     1   LibreOffice manque ou n'a pas rendu de PDF

Le chiffre est le code de sortie de la commande.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from dla_docs.constat import Constat

MOST_SAID = 500  # problems of one refusal: nobody reads more, and the remedy of each has its cost
MORE = Constat(
    f"D'autres problèmes suivent ces {MOST_SAID}.",
    conseil="Corrigez ceux-ci, puis recommencez : les autres se diront.",
)


class DlaDocsError(Exception):
    """La racine : ``constats`` dit tout ce qui ne va pas, ``str()`` le dit en français, une phrase
    par ligne.
    """

    exit_code = 2

    def __init__(self, constats: Constat | str | Iterable[Constat]) -> None:
        self.constats = _as_constats(constats)
        super().__init__("\n".join(str(constat) for constat in self.constats))


class InputError(DlaDocsError):
    """Ce qui a été donné ne peut pas être lu ; rien n'a été produit. Tous les problèmes à la fois,
    jusqu'à ``MOST_SAID`` ; au-delà, un dernier dit qu'il y en a d'autres.
    """

    def __init__(self, constats: Constat | str | Iterable[Constat]) -> None:
        super().__init__(
            constats if isinstance(constats, Constat | str) else _first(iter(constats))
        )


class PackageError(InputError):
    """Un fichier Word ne peut pas être ouvert sans danger ou n'en est pas un."""


class DiskError(InputError):
    """Le disque où écrire est plein, ou en lecture seule : rien d'autre ne s'y écrira non plus."""


class TemplateError(DlaDocsError):
    """Un modèle Word et le document qu'il imprime ne s'accordent pas."""


class NonConformityError(DlaDocsError):
    """Un contenu obligatoire manque : le document ne peut pas partir comme définitif."""

    exit_code = 1


class VerificationError(DlaDocsError):
    """Le document produit n'est pas fidèle à ses données."""

    exit_code = 1


class ConversionError(DlaDocsError):
    """La conversion en PDF ou en ODT n'a pas eu lieu."""

    exit_code = 1


class TargetError(DlaDocsError):
    """Le fichier où écrire tient des réponses, une retouche, ou n'est pas de dla-docs : il est
    laissé tel quel.
    """

    exit_code = 1


def _first(constats: Iterator[Constat]) -> Iterator[Constat]:
    """Those that are said; what follows them is not worked out."""
    yield from islice(constats, MOST_SAID)
    if next(constats, None) is not None:
        yield MORE


def _as_constats(given: Constat | str | Iterable[Constat]) -> tuple[Constat, ...]:
    if isinstance(given, str):
        return (Constat(given),)
    if isinstance(given, Constat):
        return (given,)
    return tuple(given)
