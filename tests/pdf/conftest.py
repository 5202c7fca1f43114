"""LibreOffice for these tests: the real one, or a small program that behaves as badly as asked."""

from __future__ import annotations

import sys
from pathlib import Path

import pikepdf
import pytest

from dla_docs.pdf import OFFICE_VARIABLE, Office, find_office
from tests.offices import need_office
from tests.pdf.fake_office import FakeOffice


@pytest.fixture
def office() -> Office:
    """The real LibreOffice, or a skip that says what is missing."""
    need_office()
    return find_office()


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeOffice:
    """A fake soffice, chosen by the environment variable; its temporary files stay in the test's
    folder.
    """
    if sys.platform == "win32":
        pytest.skip("Le faux soffice est un script à shebang, que Windows ne lance pas.")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", None)
    made = FakeOffice(tmp_path / "fake")
    with pikepdf.new() as pdf:
        pdf.add_blank_page().Contents = pdf.make_stream(b"%MARK:" + b"@" * 40)
        pdf.save(made.folder / "base.pdf", compress_streams=False)
    monkeypatch.setenv(OFFICE_VARIABLE, str(made.path))
    return made
