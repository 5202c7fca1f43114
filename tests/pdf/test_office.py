"""LibreOffice is found, chosen or refused, and what is missing is said with the command that
installs it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dla_docs.errors import ConversionError
from dla_docs.pdf import OFFICE_VARIABLE, Office, find_office
from dla_docs.pdf import office as office_module
from tests.pdf.fake_office import FakeOffice


@pytest.fixture
def no_usual_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without LibreOffice: an empty PATH, no usual place."""
    monkeypatch.delenv(OFFICE_VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(
        office_module,
        "USUAL_PLACES",
        {"linux": (str(tmp_path / "opt" / "libreoffice*" / "soffice"),)},
    )
    monkeypatch.setattr("sys.platform", "linux")
    return tmp_path


def test_the_variable_comes_first(fake: FakeOffice) -> None:
    assert find_office() == Office(fake.path, (25, 2, 3, 2))


def test_the_path_is_searched_under_both_names(no_usual_place: Path) -> None:
    made = FakeOffice(no_usual_place / "bin")
    renamed = made.path.rename(made.path.with_name("libreoffice"))
    assert find_office().path == renamed


def test_an_old_one_in_the_path_does_not_hide_a_recent_one_elsewhere(no_usual_place: Path) -> None:
    FakeOffice(no_usual_place / "bin", version="LibreOffice 7.4.7.2 40(Build:2)")
    (no_usual_place / "opt").mkdir()
    recent = FakeOffice(no_usual_place / "opt" / "libreoffice25.2")
    assert find_office().path == recent.path


def test_an_old_one_alone_is_refused_with_its_version(no_usual_place: Path) -> None:
    FakeOffice(no_usual_place / "bin", version="LibreOffice 7.4.7.2 40(Build:2)")
    with pytest.raises(
        ConversionError, match=r"LibreOffice 7\.4\.7\.2 .* est trop ancien : avant la version 24\.8"
    ):
        find_office()


@pytest.mark.parametrize(
    ("platform", "command"),
    [
        ("linux", "sudo apt install"),
        ("darwin", "brew install --cask libreoffice"),
        ("win32", "winget install"),
    ],
)
def test_its_absence_says_which_command_installs_it(
    no_usual_place: Path, monkeypatch: pytest.MonkeyPatch, platform: str, command: str
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("sys.platform", platform)
    with pytest.raises(ConversionError) as caught:
        find_office()
    assert "LibreOffice n'est pas installé" in str(caught.value)
    assert command in str(caught.value)
    assert OFFICE_VARIABLE in str(caught.value)


@pytest.mark.parametrize("said", ["", "OpenOffice 4.1.14", "Python 3.11.7"])
def test_a_variable_that_designates_something_else_is_an_error_and_not_replaced(
    fake: FakeOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    other = FakeOffice(tmp_path / "other", version=said)
    monkeypatch.setenv(OFFICE_VARIABLE, str(other.path))
    with pytest.raises(
        ConversionError, match=f"La variable {OFFICE_VARIABLE} désigne .* qui n'est pas LibreOffice"
    ):
        find_office()


def test_a_variable_that_designates_no_program_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rien à cet endroit, un fichier qui ne s'exécute pas, un dossier."""
    (text := tmp_path / "lisez-moi.txt").write_text("LibreOffice 25.2")
    for place in (tmp_path / "nulle_part", text, tmp_path):
        monkeypatch.setenv(OFFICE_VARIABLE, str(place))
        with pytest.raises(ConversionError, match=f"« {place} », qui n'est pas LibreOffice"):
            find_office()


def test_a_variable_that_designates_an_old_one_is_an_error(
    no_usual_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = FakeOffice(no_usual_place / "old", version="LibreOffice 24.2.7.2 420(Build:2)")
    monkeypatch.setenv(OFFICE_VARIABLE, str(old.path))
    with pytest.raises(ConversionError, match="24\\.2\\.7\\.2"):
        find_office()


def test_the_package_is_imported_without_pikepdf() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import sys, dla_docs.pdf; print('pikepdf' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "False\n"


@pytest.mark.skipif(sys.platform == "win32", reason="un script à shebang")
def test_one_that_floods_or_never_says_its_version_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_module, "PATIENCE", 0.5)
    for name, script in (("flood", "exec yes"), ("mute", "exec sleep 600")):
        (path := tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv(OFFICE_VARIABLE, str(path))
        with pytest.raises(ConversionError, match="qui n'est pas LibreOffice"):
            find_office()
