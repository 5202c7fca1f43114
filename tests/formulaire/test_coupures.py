"""Une écriture tuée à chacun de ses pas : qui lit ensuite la mission la voit d'avant ou d'après,
jamais entre les deux, et le prochain qui écrit ôte ce que le mort a laissé.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dla_docs import Mission, files, load
from dla_docs.cli.application import run
from dla_docs.writing_back import undo

OLD = {
    "mission.yaml": b"document: mission\nreference: A-1\noperateur: operateur.yaml\n",
    "operateur.yaml": b"nom: DLA 01\n",
}
NEW = {name: data.replace(b"1\n", b"2\n").replace(b"A-1", b"A-2") for name, data in OLD.items()}
BEFORE, AFTER = ("A-1", "DLA 01"), ("A-2", "DLA 02")
MANY = 60  # steps: more than any of these writings takes


class Coupure(BaseException):
    """Le courant s'en va."""


class Courant:
    """Le courant d'un programme : coupé au énième pas, rien ne se fait plus ensuite."""

    def __init__(self, number: int) -> None:
        self.left = number

    def on(self, step: Callable[..., Any]) -> Callable[..., Any]:
        def taken(*said: Any, **named: Any) -> Any:
            self.left -= 1
            if self.left < 0:
                raise Coupure
            return step(*said, **named)

        return taken


def killed(number: int, act: Callable[[], object]) -> bool:
    """Vrai quand l'acte a été tué à ce pas ; faux quand il est allé au bout."""
    courant = Courant(number)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_write_synced", "_put_in_place"):
            patch.setattr(files, name, courant.on(getattr(files, name)))
        for name in ("rename", "mkdir"):
            patch.setattr(os, name, courant.on(getattr(os, name)))
        for name in ("touch", "unlink"):
            patch.setattr(Path, name, courant.on(getattr(Path, name)))
        patch.setattr("shutil.rmtree", courant.on(lambda *_, **__: None))
        try:
            act()
        except Coupure:
            return True
    return False


def mission_in(folder: Path) -> Path:
    folder.mkdir()
    for name, data in OLD.items():
        (folder / name).write_bytes(data)
    return folder / "mission.yaml"


def write(mission: Path) -> None:
    undo.write_kept(mission, {mission.parent / name: data for name, data in NEW.items()})


def seen(mission: Path) -> tuple[str | None, str | None]:
    """Ce que dit la mission, à qui la lit."""
    read = load(mission)
    assert isinstance(read, Mission)
    return read.reference, read.operateur.nom


def at_each_step(folder: Path, act: Callable[[Path], object], first: bool) -> Iterator[Path]:
    """La mission, tuée à chaque pas de l'acte ; ``first`` : une écriture l'a précédé."""
    for number in range(MANY):
        mission = mission_in(folder / str(number))
        if first:
            write(mission)
        if not killed(number, partial(act, mission)):
            assert number > 5
            return
        yield mission
    raise AssertionError("plus de pas que prévu")


@pytest.mark.parametrize(("act", "first"), [(write, False), (undo.annuler, True)])
def test_verifier_voit_l_avant_ou_l_apres(
    act: Callable[[Path], object], first: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = 0
    for mission in at_each_step(tmp_path, act, first):
        held = {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}
        code, said = run(["verifier", str(mission)]), capsys.readouterr()
        assert {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()} == held
        if code == 2:
            refused += 1
            assert "a été coupée, ou n'est pas finie : " in said.err
            assert f"« dla-docs annuler {mission} »" in said.err.replace("\N{NO-BREAK SPACE}", " ")
            assert run(["annuler", str(mission)]) == 0
            assert seen(mission) == BEFORE
        assert seen(mission) in (BEFORE, AFTER)
    assert refused  # between the two files, at least


def test_celui_qui_ecrit_ensuite_ote_ce_qu_un_mort_a_laisse(tmp_path: Path) -> None:
    for mission in at_each_step(tmp_path, write, False):
        folder = mission.parent
        before = seen(mission) if not open_in(folder) else BEFORE
        for left in folder.rglob(".dla-*.tmp"):
            os.utime(left, (0, 0))
        write(mission)
        assert seen(mission) == AFTER
        assert not [*folder.rglob(".dla-*.tmp")]
        if before == BEFORE:
            undo.annuler(mission)
            assert seen(mission) == BEFORE


def open_in(folder: Path) -> bool:
    """Vrai quand un seul des deux fichiers est écrit."""
    return len({(folder / name).read_bytes() == data for name, data in NEW.items()}) == 2
