"""One document: what LibreOffice does badly is retried, then said; nothing half-made is handed
over, nothing is left behind.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pikepdf
import pytest

from dla_docs.errors import ConversionError
from dla_docs.pdf import OFFICE_VARIABLE, conversion, convert, process, read_attachment
from tests.pdf.fake_office import FakeOffice, document, mark_of
from tests.pdf.sample import plain, saved
from tests.word_forms import parts_of, zipped

LINKED = (
    '<Relationship Id="x1" TargetMode="External" Target="{}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
)


def linked(target: str) -> bytes:
    """A Word document with an image that lies elsewhere."""
    parts, name, end = parts_of(saved(plain())), "word/_rels/document.xml.rels", b"</Relationships>"
    more = LINKED.format(target).encode() + end
    return zipped({**parts, name: parts[name].replace(end, more)})


def test_a_document_is_converted_in_one_run(fake: FakeOffice) -> None:
    assert mark_of(convert(document("alpha"))) == "alpha"
    assert len(fake.calls) == 1


def test_libreoffice_gets_a_private_profile_and_the_word_filter(
    fake: FakeOffice, tmp_path: Path
) -> None:
    convert(document("alpha"))
    convert(document("beta"))
    first, second = fake.calls
    assert "--infilter=MS Word 2007 XML" in first and "--headless" in first
    assert first[0].startswith("-env:UserInstallation=file://") and str(tmp_path) in first[0]
    assert first[0] != second[0]


@pytest.mark.parametrize("order", ["HANG", "CRASH", "NOTHING", "GARBAGE", "TRUNCATED", "NOPAGE"])
def test_what_goes_wrong_once_is_retried(fake: FakeOffice, order: str) -> None:
    with pikepdf.new() as pdf:
        pdf.save(fake.folder / "nopage.pdf")
    assert mark_of(convert(document("alpha", f"{order} ONCE"), timeout=2)) == "alpha"
    assert len(fake.calls) == 2


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("HANG", "n'avançait plus"),
        ("CRASH", "s'est arrêté brutalement"),
        ("NOTHING", "n'a rendu aucun fichier entier"),
        ("GARBAGE", "n'a rendu aucun fichier entier"),
        ("TRUNCATED", "n'a rendu aucun fichier entier"),
        ("NOPAGE", "n'a rendu aucun fichier entier"),
    ],
)
def test_what_goes_wrong_twice_is_an_error_that_names_the_document(
    fake: FakeOffice, tmp_path: Path, order: str, said: str
) -> None:
    with pikepdf.new() as pdf:
        pdf.save(fake.folder / "nopage.pdf")
    with pytest.raises(ConversionError, match=said) as caught:
        convert(document("alpha", order), timeout=1.5, name="bilan.docx")
    assert str(caught.value).startswith("bilan.docx : ")
    assert len(fake.calls) == 2
    assert fake.running_children == []
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_second_try_starts_from_a_new_profile(fake: FakeOffice) -> None:
    fake.path.write_text(
        fake.path.read_text().replace(
            "out = sys",
            """profile = sys.argv[1].split("file://")[1] + "/user/"
dirty = os.path.exists(profile + "dirt")
open(profile + "dirt", "w").close()
open(here + ("/dirty" if dirty else "/clean"), "a").write("x")
out = sys""",
        )
    )
    convert(document("alpha", "CRASH ONCE"))
    assert (fake.folder / "clean").read_text() == "xx"
    assert not (fake.folder / "dirty").exists()


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"PK\x03\x04 rien",
        b"{\\rtf1 x}",
        b"%PDF-1.7\n%%EOF",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    ],
)
def test_what_is_no_word_document_never_reaches_libreoffice(
    fake: FakeOffice, broken: bytes
) -> None:
    with pytest.raises(ConversionError) as caught:
        convert(broken, name="bilan.docx")
    assert "bilan.docx" in str(caught.value)
    assert fake.calls == []


@pytest.mark.parametrize(
    "target",
    [
        "http://exemple.fr/suivi.png",
        "file:///etc/passwd",
        "../voisin.png",
        "\\\\serveur\\partage\\x.png",
    ],
)
def test_a_document_that_would_fetch_something_never_reaches_libreoffice(
    fake: FakeOffice, target: str
) -> None:
    with pytest.raises(ConversionError) as caught:
        convert(linked(target), name="bilan.docx")
    assert target in str(caught.value)
    assert fake.calls == []


def test_the_data_are_attached(fake: FakeOffice) -> None:
    assert (
        read_attachment(convert(document("alpha"), data='{"é": 1}'.encode())) == '{"é": 1}'.encode()
    )


def test_an_odt_is_checked_too(fake: FakeOffice) -> None:
    with pytest.raises(ConversionError, match="n'a rendu aucun fichier entier"):
        convert(document("alpha"), "odt")


def test_data_cannot_go_with_an_odt(fake: FakeOffice) -> None:
    with pytest.raises(ConversionError, match="Un ODT ne porte pas de données jointes"):
        convert(document("alpha"), "odt", data=b"{}")


@pytest.mark.parametrize("to", ["docx", "PDF", "", "../pdf"])
def test_another_format_is_refused(fake: FakeOffice, to: str) -> None:
    with pytest.raises(ConversionError, match="choisissez pdf ou odt"):
        convert(document("alpha"), to)


def test_a_missing_pikepdf_says_which_command_installs_it(
    fake: FakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pikepdf", None)
    with pytest.raises(ConversionError, match=r'pip install "dla-docs\[pdf\]"'):
        convert(document("alpha"))


def test_libreoffice_is_started_again_on_the_same_profile_when_it_asks_for_it(
    fake: FakeOffice,
) -> None:
    assert mark_of(convert(document("alpha", "RESTART ONCE"))) == "alpha"
    first, second = fake.calls
    assert first == second


def test_a_snap_works_in_the_only_folder_that_it_sees(
    fake: FakeOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = tmp_path / "snap" / "libreoffice" / "common"
    room.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path))
    snap = FakeOffice(tmp_path / "snap" / "bin")
    (snap.folder / "base.pdf").write_bytes((fake.folder / "base.pdf").read_bytes())
    monkeypatch.setenv(OFFICE_VARIABLE, str(snap.path))
    assert mark_of(convert(document("alpha"))) == "alpha"
    assert snap.calls[0][-1].startswith(str(room))
    assert list(room.iterdir()) == []


def test_a_full_temporary_folder_is_said(
    fake: FakeOffice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(
        ConversionError, match="dossier temporaire de cette machine ne peut pas être écrit"
    ) as caught:
        convert(document("alpha"))
    assert "space" not in str(caught.value)


def test_a_temporary_folder_that_is_not_there_is_said(
    fake: FakeOffice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    with pytest.raises(ConversionError, match="dossier temporaire"):
        convert(document("alpha"))


def test_libreoffice_keeps_its_own_python_and_our_temporary_folder(
    fake: FakeOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/chez/nous")
    fake.path.write_text(
        fake.path.read_text().replace(
            "out = sys", 'json.dump(dict(os.environ), open(here + "/environment", "w"))\nout = sys'
        )
    )
    convert(document("alpha"))
    environment = json.loads((fake.folder / "environment").read_text())
    assert "PYTHONPATH" not in environment
    assert Path(environment["TMPDIR"]).parent.parent == tmp_path / "temporary"


@pytest.mark.parametrize("limit", ["MOST_MADE", "MOST_WAITS"])
def test_one_that_always_writes_a_little_more_is_stopped(
    fake: FakeOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    if limit == "MOST_MADE":
        monkeypatch.setattr(conversion, "MOST_MADE", 1_000)
    else:
        monkeypatch.setattr(process, "MOST_WAITS", 1)
    with pytest.raises(ConversionError, match="n'avançait plus") as caught:
        convert(document("alpha", "GROW"), timeout=1, name="bilan.docx")
    assert str(caught.value).startswith("bilan.docx : ")
    assert list((tmp_path / "temporary").iterdir()) == []
