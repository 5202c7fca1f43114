"""LibreOffice enclos : même un document que rien n'aurait refusé n'atteint ni le disque ni le
réseau.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from dla_docs.pdf import Office, find_office
from dla_docs.pdf.conversion import Converter, Failure
from dla_docs.pdf.enclosure import VARIABLE, Enclosure, enclosure_of
from dla_docs.pdf.export import FILTERS
from tests.pdf.fake_office import FakeOffice
from tests.pdf.test_nothing_leaves import CANARY, elsewhere, in_codes, png, sizes, vehicles

ALL = (vehicles, elsewhere, in_codes)
LEAKS = {  # measured: without an enclosure, they show it
    *(f"SVG{how}" for how in ("", " nommé .png", " nommé .emf", " nommé .xml", " compressé")),
    *(f"SVG, {where}" for where in ("en-tête", "pied de page", "note", "graphique")),
    "SVG d'une autre sorte de lien",
    "jumeau d'un PNG",
    "document à importer",
}


@pytest.fixture(params=["bwrap", "unshare"])
def enclosure(request: pytest.FixtureRequest, office: Office) -> Enclosure:
    found, _ = enclosure_of(office.path, [request.param])
    if found is None:
        pytest.skip(f"« {request.param} » manque, ou ce système ne lui permet pas d'enclore.")
    return found


def documents(address: str) -> dict[str, bytes]:
    return {name: data for one in ALL for name, data in one(address).items()}


def shows_canary(office: Office, address: str) -> set[str]:
    """Ceux de ces documents qui la montrent, les refus contournés."""
    hostile = documents(address)
    made: dict[int, bytes | Failure] = {}
    given = dict(enumerate(hostile.values()))
    Converter(office, "pdf", FILTERS["pdf"], 300).convert(given, made.__setitem__)
    return {
        name
        for rank, name in enumerate(hostile)
        if isinstance(one := made[rank], bytes) and CANARY in sizes(one)
    }


@pytest.mark.lent
def test_what_nothing_refused_shows_nothing_of_the_disk(
    office: Office, enclosure: Enclosure, tmp_path: Path
) -> None:
    (path := tmp_path / "temoin.png").write_bytes(png(CANARY))
    assert shows_canary(replace(office, enclosure=None), path.as_uri()) == LEAKS
    assert shows_canary(replace(office, enclosure=enclosure), path.as_uri()) == set()


def test_within_there_is_no_network_and_nothing_to_write_to(
    enclosure: Enclosure, tmp_path: Path
) -> None:
    (inside := tmp_path / "dedans").mkdir()
    (tmp_path / "dehors").touch()
    script = f"""
    : > {inside}/ecrit
    ls {tmp_path}; ls /root /home /etc/passwd; : > /usr/ecrit; mount -t tmpfs x {inside}
    exec 3<>/dev/tcp/127.0.0.1/$0 && echo connu
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        command = enclosure.around(inside, ["bash", "-c", script, str(listener.getsockname()[1])])
        said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        with pytest.raises(BlockingIOError):  # nobody came
            listener.accept()
    assert said.stdout == "dedans\n"
    assert (inside / "ecrit").exists() and not Path("/usr/ecrit").exists()


def test_an_enclosure_that_hides_a_font_is_not_used(
    enclosure: Enclosure, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.which("fc-list")
    if not real:
        pytest.skip("fc-list manque.")
    (tmp_path / "fc-list").write_text(f'#!/bin/sh\n{real} "$@"; echo /ailleurs/police.ttf:\n')
    (tmp_path / "fc-list").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin:/usr/sbin")
    assert enclosure_of(office.path, [enclosure.tool]) == (None, b"")


def test_where_there_is_none_the_converter_works_as_before(
    office: Office, fake: FakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_office().enclosure is None  # a program that would not find its own files
    monkeypatch.setenv("DLA_DOCS_SOFFICE", str(office.path))
    monkeypatch.setenv(VARIABLE, "non")
    assert find_office() == office and find_office().enclosure is None
