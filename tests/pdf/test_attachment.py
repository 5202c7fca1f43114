"""The data travel in the PDF, come back equal,
and a hostile PDF is refused with a French sentence."""

from __future__ import annotations

import io
import json
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dla_docs.errors import InputError
from dla_docs.pdf import ATTACHMENT, read_attachment
from dla_docs.pdf import attachment as attachment_module
from dla_docs.pdf.result import finished
from tests import examples


def blank(change: Callable[[pikepdf.Pdf], object] = lambda pdf: None, **options: object) -> bytes:
    """A PDF of one empty page."""
    output = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        change(pdf)
        pdf.save(output, **options)  # type: ignore[arg-type]  # the options of pikepdf, passed on
    return output.getvalue()


def with_stream(raw: bytes, filter: pikepdf.Name) -> bytes:
    """A PDF whose data are written just so."""

    def change(pdf: pikepdf.Pdf) -> None:
        attachment_module.attach(pdf, b"{}")
        stream = pdf.attachments[ATTACHMENT].get_file().obj
        stream.write(raw, filter=filter)

    return blank(change, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


@given(data=st.binary(max_size=5000))
@examples(50)
def test_what_is_attached_is_read_back(data: bytes) -> None:
    assert read_attachment(finished(blank(), data, accessible=True)) == data


def test_another_reader_finds_the_data_under_their_name(tmp_path: Path) -> None:
    source = json.dumps({"titre": "Évaluation"}).encode()
    (tmp_path / "a.pdf").write_bytes(finished(blank(), source, accessible=True))
    subprocess.run(
        ["pdfdetach", "-save", "1", "-o", str(tmp_path / "data"), str(tmp_path / "a.pdf")],
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "data").read_bytes() == source
    assert (
        ATTACHMENT
        in subprocess.run(
            ["pdfdetach", "-list", str(tmp_path / "a.pdf")],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )


def test_the_data_are_an_associated_file_of_the_document() -> None:
    with pikepdf.open(io.BytesIO(finished(blank(), b"{}", accessible=True))) as pdf:
        [spec] = pdf.Root.AF
        assert spec.AFRelationship == "/Data"
        assert spec.EF.F.Subtype == "/application/json"
        assert spec.UF == ATTACHMENT


def test_a_pdf_saved_again_by_another_program_keeps_its_data() -> None:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(finished(blank(), b'{"a": 1}', accessible=True))) as pdf:
        pdf.save(
            output,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            recompress_flate=True,
        )
    assert read_attachment(output.getvalue()) == b'{"a": 1}'


def test_other_attachments_are_not_ours() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["facture.xml"] = b"<x/>"

    assert read_attachment(blank(change)) is None
    assert read_attachment(blank()) is None


@pytest.mark.parametrize("broken", [b"", b"rien", b"%PDF-1.7\n%%EOF", b"PK\x03\x04", bytes(2000)])
def test_what_is_no_pdf_is_refused_in_french(broken: bytes) -> None:
    with pytest.raises(InputError, match="Ce fichier n'est pas un PDF, ou il est abîmé"):
        read_attachment(broken)


def test_a_password_is_said() -> None:
    with pytest.raises(InputError, match="protégé par un mot de passe"):
        read_attachment(blank(encryption=pikepdf.Encryption(owner="x", user="y")))


def test_a_bomb_is_refused_without_being_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachment_module, "MAX_DATA", 100_000)
    with pytest.raises(InputError, match="anormalement grosses"):
        read_attachment(
            with_stream(zlib.compress(bytes(10_000_000)), filter=pikepdf.Name.FlateDecode)
        )


def test_truncated_data_are_refused() -> None:
    with pytest.raises(InputError, match="tronquées"):
        read_attachment(
            with_stream(zlib.compress(b"abc" * 1000)[:-10], filter=pikepdf.Name.FlateDecode)
        )


def test_an_unknown_filter_is_refused() -> None:
    with pytest.raises(InputError, match="d'une façon que dla-docs ne connaît pas"):
        read_attachment(with_stream(b"00>", filter=pikepdf.Name.ASCIIHexDecode))


def test_damaged_data_are_refused() -> None:
    with pytest.raises(InputError, match="abîmé"):
        read_attachment(with_stream(b"not deflated", filter=pikepdf.Name.FlateDecode))


@given(position=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
@examples(80)
def test_a_damaged_pdf_never_raises_anything_else(position: float, byte: int) -> None:
    pdf = bytearray(finished(blank(), b'{"a": 1}', accessible=True))
    pdf[int(position * len(pdf))] = byte
    try:
        read = read_attachment(bytes(pdf))
    except InputError:
        return
    assert read is None or isinstance(read, bytes)
