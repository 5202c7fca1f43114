"""Chromium sans écran, commandé par un tuyau : une page, ce qu'elle demande, ce qu'elle dit, et des
touches pour s'en servir.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select
from typing import Any

import pytest

COMMANDS = ("chromium", "chromium-browser", "google-chrome")
WAIT = 60  # seconds, of a machine that is busy
KEYS = {"Tab": 9, "Enter": 13, "ArrowDown": 40}


class Browser:
    """Une page ouverte. ``asked`` : les adresses demandées ; ``said`` : ses fautes."""

    def __init__(self, orders: int, answers: int) -> None:
        self._orders, self._answers, self._rank = orders, answers, 0
        self._left, self._session = b"", ""
        self.asked: list[str] = []
        self.said: list[str] = []
        target = self.order("Target.createTarget", url="about:blank")["targetId"]
        attached = self.order("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.order(f"{domain}.enable")

    def order(self, method: str, **params: Any) -> Any:
        """La réponse à un ordre ; ce qui arrive entre-temps est noté."""
        self._rank += 1
        rank, asked = self._rank, {"id": self._rank, "method": method, "params": params}
        if self._session:
            asked["sessionId"] = self._session
        os.write(self._orders, json.dumps(asked).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("id") == rank:
                assert "error" not in told, told
                return told["result"]

    def open(self, path: Path, width: int) -> None:
        """Ouvre un fichier dans une fenêtre de cette largeur."""
        self.order(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.order("Page.navigate", url=path.as_uri())
        while self.value("document.readyState") != "complete":
            pass

    def value(self, script: str) -> Any:
        """Ce que vaut une expression dans la page."""
        return self.order("Runtime.evaluate", expression=script, returnByValue=True)["result"].get(
            "value"
        )

    def press(self, key: str) -> None:
        """Une touche, enfoncée puis relâchée."""
        code = KEYS[key]
        shown = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.order(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                **(shown if kind == "keyDown" else {}),
            )

    def _next(self) -> Any:
        while b"\0" not in self._left:
            ready, _, _ = select([self._answers], [], [], WAIT)
            assert ready, "Chromium ne répond plus"
            got = os.read(self._answers, 1 << 16)
            assert got, "Chromium s'est arrêté"
            self._left += got
        line, _, self._left = self._left.partition(b"\0")
        told = json.loads(line)
        params = told.get("params", {})
        match told.get("method"):
            case "Network.requestWillBeSent":
                self.asked.append(params["request"]["url"])
            case "Log.entryAdded":
                self.said.append(params["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.said.append(str(params["exceptionDetails"]))
            case "Runtime.consoleAPICalled":
                self.said.append(str(params["args"]))
        return told


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Chromium, son profil dans ``folder`` ; l'essai est laissé de côté quand il manque."""
    found = next(filter(None, map(shutil.which, COMMANDS)), None)
    if found is None:
        pytest.skip("Chromium manque : « apt install chromium » l'installe")
    (taken, orders), (answers, given) = os.pipe(), os.pipe()
    command = [found, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"]
    command += ["--disable-dev-shm-usage", f"--user-data-dir={folder}", "about:blank"]
    shell = f'exec "$0" "$@" 3<&{taken} 4>&{given}'
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        ["bash", "-c", shell, *command], pass_fds=(taken, given), stdout=quiet, stderr=quiet
    )
    os.close(taken)
    os.close(given)
    try:
        yield Browser(orders, answers)
    finally:
        process.terminate()
        process.wait(WAIT)
        os.close(orders)
        os.close(answers)
