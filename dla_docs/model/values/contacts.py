"""Comment joindre quelqu'un : téléphone, courriel, adresse d'un site."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated
from urllib.parse import urlsplit

from dla_docs.model.values.value import Valeur, refuse

PHONE_EXAMPLE, MAIL_EXAMPLE, URL_EXAMPLE = (
    "02 00 00 00 00",
    "prenom.nom@example.org",
    "https://www.example.org",
)
READ = 1024  # numbers, and addresses, read once: each document of a mission says them again
FRANCE = 33
PHONE_LEAD = re.compile(
    r"^(?:t[ée]l(?:[ée]phone)?|port(?:able)?|mob(?:ile)?|fixe)\b\.?\s*:?\s*", re.IGNORECASE
)
PHONE_NOTE = re.compile(r"\([^()0-9+]*\)$")  # who answers: « (standard) »
MAIL_LEAD = re.compile(
    r"^(?:mailto|e-?mail|mail|m[ée]l|courriel|adresse (?:mail|e-?mail|électronique))\s*:\s*",
    re.IGNORECASE,
)
MAIL_NAMED = re.compile(r"[^<>@]*<([^<>]*)>")  # « Prénom Nom <adresse> », as mail programs copy it
RESERVED = re.compile(
    r"\.(?:test|invalid)$", re.IGNORECASE
)  # domains of samples and tests, which email_validator refuses
PUBLIC = ".example"
BARE = re.compile(
    r"[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?:[:/?#].*)?"
)  # an address typed without http

# What nearly everybody types, which the libraries give back as it is: they are slow to load, and
# are not loaded for that (tests/test_valeurs.py holds both against them).
FRENCH = re.compile(r"(?:0|\+33)([1-9][0-9]{8})")
USUAL = re.compile(
    r"[a-z0-9]+(?:[._-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?:com|eu|fr|net|org)"
)
USUAL_LENGTH = 63  # letters of an address: no part of it can be too long


@lru_cache(READ)
def read_telephone(text: str) -> str:
    """Un numéro de téléphone, en forme internationale ; sans indicatif il est français."""
    # phonenumbers would read « 02 CHAT » and « poste 12 » as digits.
    digits = re.sub(r"[\s.\-‐‑–/]+", " ", PHONE_NOTE.sub("", PHONE_LEAD.sub("", text))).strip()
    if not re.fullmatch(r"\+?[0-9() ]+", digits):
        raise refuse(text, "n'est pas un numéro de téléphone", PHONE_EXAMPLE)
    if french := FRENCH.fullmatch(digits.replace(" ", "")):
        return f"+{FRANCE}{french[1]}"
    return by_library(text, digits)


def by_library(text: str, digits: str) -> str:
    """Le même numéro, lu par phonenumbers ; ``digits`` : ``text``, réduit à ses chiffres."""
    import phonenumbers

    try:
        number = phonenumbers.parse(digits, "FR")
    except phonenumbers.NumberParseException:
        raise refuse(text, "n'est pas un numéro de téléphone", PHONE_EXAMPLE) from None
    # Numbers kept for fiction are not attributed, hence not « valid »: in France the shape is
    # enough.
    french = (
        number.country_code == FRANCE
        and not number.italian_leading_zero
        and re.fullmatch("[1-9][0-9]{8}", str(number.national_number))
    )
    if not french and (number.country_code == FRANCE or not phonenumbers.is_valid_number(number)):
        raise refuse(
            text,
            "n'est pas un numéro de téléphone (10 chiffres, ou + et l'indicatif du pays)",
            PHONE_EXAMPLE,
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(READ)
def read_courriel(text: str) -> str:
    """Une adresse électronique ; l'existence du domaine n'est pas vérifiée."""
    address = MAIL_LEAD.sub("", text.strip("«» .,;"))
    address = MAIL_NAMED.sub(r"\1", address).strip() if MAIL_NAMED.fullmatch(address) else address
    if len(address) <= USUAL_LENGTH and USUAL.fullmatch(address):
        return address
    return checked(text, address)


def checked(text: str, address: str) -> str:
    """La même adresse, lue par email_validator ; ``address`` : ``text``, sans ce qui l'annonce."""
    from email_validator import EmailNotValidError, validate_email

    ending = PUBLIC if RESERVED.search(address) else ""
    try:
        return validate_email(address + ending, check_deliverability=False).normalized.removesuffix(
            ending
        )
    except EmailNotValidError:
        raise refuse(text, "n'est pas une adresse électronique", MAIL_EXAMPLE) from None


def read_url(text: str) -> str:
    """L'adresse d'un site ; « www.example.org » devient « https://www.example.org »."""
    address = text.rstrip(".,;")
    address = f"https://{address}" if BARE.fullmatch(address) else address
    try:
        parts = urlsplit(address)
        correct = (
            parts.scheme in ("http", "https")
            and _is_host(parts.hostname or "")
            and parts.username is None
            and parts.port != 0
        )
    except ValueError:  # a port or an IPv6 address that is none
        correct = False
    if not correct or re.search(r"\s", address):
        raise refuse(text, "n'est pas l'adresse d'un site", URL_EXAMPLE)
    return address


def _is_host(host: str) -> bool:
    labels = host.rstrip(".").split(".")
    return len(labels) > 1 and all(
        re.fullmatch(r"(?!-)[\w-]{1,63}(?<!-)", label) for label in labels
    )


Telephone = Annotated[
    str | None,
    Valeur(
        format="telephone",
        read=read_telephone,
        width=10,
        description="Un numéro de téléphone",
        examples=(PHONE_EXAMPLE, "+32 2 555 12 12"),
        accepts={"type": ["string", "integer", "null"]},
    ),
]
"""Un numéro de téléphone, gardé « +33200000000 », imprimé « 02 00 00 00 00 »."""

Courriel = Annotated[
    str | None,
    Valeur(
        read=read_courriel,
        description="Une adresse électronique",
        examples=(MAIL_EXAMPLE,),
        accepts={"type": ["string", "null"], "format": "email"},
        returns={"type": ["string", "null"], "format": "email"},
    ),
]
"""Une adresse électronique."""

Url = Annotated[
    str | None,
    Valeur(
        read=read_url,
        description="L'adresse d'un site",
        examples=(URL_EXAMPLE,),
        returns={"type": ["string", "null"], "format": "uri"},
    ),
]
"""L'adresse d'un site, avec http ou https."""
