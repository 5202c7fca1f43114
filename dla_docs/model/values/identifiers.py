"""Les identifiants officiels : SIRET, SIREN, RNA, code postal."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from dla_docs.model.values.value import Valeur, refuse

LEAD = re.compile(
    r"^(?:n(?:[°º]|um[ée]ro)\s*)?(?:de )?(?:(?:siret|siren|rna)\b)?\s*:?\s*", re.IGNORECASE
)
SEPARATORS = re.compile(r"[\s.\u200b-]+")
SIRET_EXAMPLE, SIREN_EXAMPLE, RNA_EXAMPLE = "123 456 782 00010", "123 456 782", "W370001234"
LA_POSTE = "356000000"  # the SIREN whose establishments have a key of their own
DEPARTMENTS = re.compile(
    r"(?!00000)(?:[0-8][0-9]|9[0-578])[0-9]{3}"
)  # 00: army post offices; 97 and 98: overseas


def read_siret(text: str) -> str:
    """Le numéro SIRET, sans espace ; la clé de contrôle est vérifiée,
    celle de La Poste à sa façon."""
    return _checked(text, 14, "SIRET", SIRET_EXAMPLE, _is_siret)


def read_siren(text: str) -> str:
    """Le numéro SIREN, sans espace."""
    return _checked(text, 9, "SIREN", SIREN_EXAMPLE, _has_key)


def _is_siret(number: str) -> bool:
    if not number.startswith(LA_POSTE) and _has_key(number):
        return _has_key(number[:9])
    from stdnum.fr import siret  # slow to load: only for La Poste, and for what is to be refused

    return bool(siret.is_valid(number))


def _has_key(number: str) -> bool:
    """Luhn's key: every other digit from the right is doubled, and the digits add up to tens
    (tests/test_valeurs.py holds it against stdnum).
    """
    digits = [int(digit) for digit in reversed(number)]
    doubled = (2 * digit - 9 * (digit > 4) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _checked(
    text: str, length: int, name: str, example: str, is_valid: Callable[[str], bool]
) -> str:
    number = SEPARATORS.sub("", LEAD.sub("", text))
    if not re.fullmatch(r"[0-9]+", number) or not number.strip("0"):
        raise refuse(text, f"n'est pas un numéro {name} ({length} chiffres)", example)
    if len(number) != length:
        raise refuse(
            text,
            f"n'est pas un numéro {name} : {length} chiffres sont attendus, il y en a "
            f"{len(number)}",
            example,
        )
    if not is_valid(number):
        raise refuse(
            text,
            f"n'est pas un numéro {name} : sa clé de contrôle est fausse, un chiffre a dû être mal "
            "recopié",
            example,
        )
    return number


def read_rna(text: str) -> str:
    """Le numéro du répertoire national des associations ; outre-mer et en Corse, ses chiffres
    comptent une lettre (W9R, W2A).
    """
    number = SEPARATORS.sub("", LEAD.sub("", text)).upper()
    if not re.fullmatch(r"W[0-9][0-9A-Z][0-9]{7}", number, re.ASCII):
        raise refuse(text, "n'est pas un numéro RNA (W suivi de 9 chiffres)", RNA_EXAMPLE)
    return number


def read_code_postal(text: str) -> str:
    """Le code postal, en cinq chiffres."""
    number = SEPARATORS.sub("", text).upper()
    number = re.sub("^FR?(?=[0-9]{5}$)", "", number)
    if re.fullmatch(r"2[AB][0-9]{3}", number):
        raise refuse(
            text, "est un code de commune ; en Corse le code postal commence par 20", "20000"
        )
    if not DEPARTMENTS.fullmatch(number):
        raise refuse(text, "n'est pas un code postal (5 chiffres)", "37000")
    return number


NUMBERED = ["string", "integer", "null"]


def _digits(count: int) -> dict[str, Any]:
    # Without quotes, an editor has lost the first zeros; « load » reads what is written.
    number = {"minimum": 0, "maximum": 10**count - 1}
    return {"type": NUMBERED, "pattern": rf"^\s*([0-9][\s.\-]*){{{count}}}$", **number}


Siret = Annotated[
    str | None,
    Valeur(
        format="siret",
        read=read_siret,
        width=14,
        description="Un numéro SIRET, 14 chiffres",
        examples=(SIRET_EXAMPLE,),
        accepts=_digits(14),
        returns={"type": ["string", "null"], "pattern": "^[0-9]{14}$"},
    ),
]
"""Un numéro SIRET, gardé sans espace, imprimé « 123 456 782 00010 »."""

Siren = Annotated[
    str | None,
    Valeur(
        format="siren",
        read=read_siren,
        width=9,
        description="Un numéro SIREN, 9 chiffres",
        examples=(SIREN_EXAMPLE,),
        accepts=_digits(9),
        returns={"type": ["string", "null"], "pattern": "^[0-9]{9}$"},
    ),
]
"""Un numéro SIREN, gardé sans espace, imprimé « 123 456 782 »."""

Rna = Annotated[
    str | None,
    Valeur(
        read=read_rna,
        description="Un numéro du répertoire national des associations : W suivi de 9 chiffres",
        examples=(RNA_EXAMPLE,),
        accepts={"type": ["string", "null"], "pattern": r"^\s*[Ww][0-9A-Za-z\s.\-]{9,}$"},
        returns={"type": ["string", "null"], "pattern": "^W[0-9][0-9A-Z][0-9]{7}$"},
    ),
]
"""Un numéro RNA."""

CodePostal = Annotated[
    str | None,
    Valeur(
        read=read_code_postal,
        width=5,
        description="Un code postal, 5 chiffres",
        examples=("37000", "04000"),
        # 04000 without quotes is the number 4000 to an editor; « load » reads what is written.
        accepts={
            "type": NUMBERED,
            "pattern": r"^\s*([Ff][Rr]?-?)?\s*([0-9][\s.\-]*){5}$",
            "minimum": 1000,
            "maximum": 98999,
        },
        returns={"type": ["string", "null"], "pattern": "^[0-9]{5}$"},
    ),
]
"""Un code postal, zéros de tête compris."""
