"""What the whole test-suite asks of a PDF: is it PDF/A-3b and PDF/UA-1,
and what does a reader see?"""

from __future__ import annotations

import io
import subprocess

import page
import pikepdf

from tests import as_keyed

STANDARDS = {"PDF/A-3b": "3b", "PDF/UA-1": "ua1"}


def check_pdf(pdf: bytes) -> list[str]:
    """Every breach of PDF/A-3b and PDF/UA-1, as « standard, rule: message »; empty when the file
    keeps both.
    """
    return [finding for standard in STANDARDS for finding in check_standard(pdf, standard)]


def check_standard(pdf: bytes, standard: str) -> list[str]:
    """The breaches of one standard of STANDARDS."""
    failures = page.validate_pdf_bytes(pdf, profile=STANDARDS[standard]).failures
    return [
        f"{standard}, {failure.rule_id}: {failure.message}"
        for failure in failures
        if not _false_alarm(pdf, failure)
    ]


def pdf_text(pdf: bytes) -> str:
    """The text of all pages, in reading order, as pdftotext sees it, in the signs
    of a keyboard.
    """
    shown = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    return as_keyed(shown)


def claims(pdf: bytes) -> set[str]:
    """The standards that the file itself announces."""
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_metadata() as metadata:
        archive = (
            {"PDF/A-3b"}
            if (metadata.get("pdfaid:part"), metadata.get("pdfaid:conformance")) == ("3", "B")
            else set()
        )
        return archive | ({"PDF/UA-1"} if metadata.get("pdfuaid:part") == "1" else set())


def _false_alarm(pdf: bytes, failure: page.ValidationFailure) -> bool:
    # The validator takes a stream's last byte for a line's end when it happens to be a carriage
    # return; of several such streams it names none.
    if not failure.rule_id.endswith("-STREAM-LENGTH-001"):
        return False
    named = failure.object_id
    with pikepdf.open(io.BytesIO(pdf)) as document:
        blamed = (
            [document.get_object(named.object_number, named.generation)]
            if named
            else [one for one in document.objects if isinstance(one, pikepdf.Stream)]
        )
        ends = any(one.read_raw_bytes().endswith(b"\r") for one in blamed)
        return ends and not document.check_pdf_syntax()
