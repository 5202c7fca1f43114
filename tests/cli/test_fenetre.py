"""Un double clic sous Windows : la fenêtre dit par où commencer, et attend qu'on l'ait lue."""

from __future__ import annotations

import ctypes
import sys
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from dla_docs.cli import main, own_window


@pytest.mark.parametrize(("users", "own"), [(0, False), (1, True), (2, True), (3, False)])
def test_a_console_that_only_the_command_uses_is_its_own_window(
    monkeypatch: pytest.MonkeyPatch, users: int, own: bool
) -> None:
    kernel = SimpleNamespace(GetConsoleProcessList=lambda processes, size: users)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(own_window, "sys", SimpleNamespace(platform="win32"))
    assert own_window.is_own() is own


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_elsewhere_no_window_is_its_own(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(own_window, "sys", SimpleNamespace(platform=platform))
    assert not own_window.is_own()


def run(
    monkeypatch: pytest.MonkeyPatch, *arguments: str, own: bool = True
) -> tuple[Any, list[str]]:
    asked: list[str] = []
    monkeypatch.setattr(own_window, "is_own", lambda: own)
    monkeypatch.setattr("builtins.input", asked.append)
    monkeypatch.setattr(sys, "argv", ["dla-docs", *arguments])
    monkeypatch.setattr("dla_docs.cli.gc", Mock())  # the process goes on here, and must collect
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code, asked


def test_a_double_click_says_how_to_begin_and_waits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, asked = run(monkeypatch)
    said = capsys.readouterr().out
    assert code == 0 and asked == ["Appuyez sur Entrée pour fermer cette fenêtre. "]
    assert "dla-docs exemple mission -o essai" in said and "powershell" in said
    assert "Usage" not in said


def test_a_file_dropped_on_it_is_answered_before_the_window_closes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, asked = run(monkeypatch, "C:\\mission.yaml")
    assert code == 2 and len(asked) == 1 and "mission.yaml" in capsys.readouterr().err


def test_in_a_terminal_nothing_waits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, asked = run(monkeypatch, own=False)
    assert asked == [] and "Usage" in capsys.readouterr().out and code == 2


def test_a_window_closed_by_hand_ends_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(text: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", closed)
    own_window.linger()
