"""Un dossier coupé pendant qu'il s'écrit : il le dit, à chaque étape, et la fois suivante
l'achève. Celui qui n'a pas la place n'est pas commencé.
"""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from runpy import run_path
from typing import Any

import pikepdf
import pytest

from dla_docs import DiskError, InputError, Mission, make_dossiers, pipeline
from dla_docs.cli.application import run
from dla_docs.dossier import make_dossier
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_mission
from tests import as_keyed, long

INACHEVE = "dossier inachevé.json"
STEPS = 15  # files that change, and the note that says so


MADE: dict[tuple[str, str, str], Any] = {}


class Killed(BaseException):
    """Ce que rien ne rattrape."""


@cache
def mission(whole: bool) -> Mission:
    """L'exemple, ou le même sans sa notification : d'autres numéros, un fichier de moins."""
    held = load_mission(sample_path("mission_simplifiee"))
    kept = {k: v for k, v in held.documents.items() if whole or k != "notification_de_choix"}
    return held.model_copy(update={"documents": kept})


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chaque document n'est fait qu'une fois, et son PDF n'est que son empreinte."""

    def produce(request: Any, entiere: Any = None) -> Any:
        key = (request.document.slug(), request.document.model_dump_json(), str(request.mode))
        if key not in MADE:
            MADE[key] = pipeline.produce(request, entiere)
        return MADE[key]

    def convert_many(sources: Any, *_: object, **__: object) -> Any:
        return ((name, page(docx)) for name, docx in sources)

    monkeypatch.setattr("dla_docs.dossier.making.produce", produce)
    monkeypatch.setattr("dla_docs.pdf.convert_many", convert_many)


def page(docx: bytes) -> bytes:
    """Un PDF d'une page, qui ne dit pas de lui-même qu'il est de dla-docs."""
    made, output = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    made.docinfo["/Title"] = sha256(docx).hexdigest()
    made.save(output, deterministic_id=True)
    return output.getvalue()


def make(where: Path, whole: bool, **options: Any) -> Any:
    return make_dossier(mission(whole), where, pdf=True, brouillon=True, **options)


def contents(where: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in where.iterdir()}


def killed_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """La commande s'arrête quand elle va mettre son énième fichier en place."""
    replace, left = os.replace, [step]

    def stopped(*args: Any) -> None:
        if not left[0]:
            raise Killed
        left[0] -= 1
        replace(*args)

    monkeypatch.setattr("dla_docs.files.os.replace", stopped)


@pytest.mark.parametrize("step", [step if step == 6 else long(step) for step in range(STEPS + 1)])
@pytest.mark.parametrize("first", [False, long(True)])
def test_whatever_the_step_it_is_said_and_the_next_run_ends_it(
    step: int, first: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut, plain = tmp_path / "coupe", tmp_path / "entier"
    for where in (cut, plain):
        if not first:
            make(where, whole=True)
    old = contents(cut) if not first else {}
    make(plain, whole=False)
    with monkeypatch.context() as patch:
        killed_at(step, patch)
        try:
            make(cut, whole=False)
            finished = True
        except Killed:
            finished = False
    left, new = contents(cut), contents(plain)
    note = json.loads(left.pop(INACHEVE, b"{}"))
    assert all(held in (old.get(name), new.get(name)) for name, held in left.items())
    if left not in (old, new):
        assert "Refaites-le" in note["message"]
        assert {name for name in left if left[name] != old.get(name)} <= {
            *(one["nom"] for one in note["fichiers"]),
        }
    made = make(cut, whole=False)
    assert contents(cut) == new and made.refus == ()
    assert made.repris is bool(note) and finished is (left == new and not note)


def test_a_cut_dossier_is_still_for_the_same_recipient(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where, source = tmp_path / "d", str(sample_path("mission_simplifiee"))
    with monkeypatch.context() as patch, pytest.raises(Killed):
        killed_at(3, patch)
        make_dossier(mission(True), where, destinataire="structure")
    assert (where / INACHEVE).is_file() and not (where / "manifeste.json").exists()
    with pytest.raises(InputError, match="déjà le dossier d'un autre destinataire"):
        make_dossier(mission(True), where, destinataire="prestataire")
    assert run(["dossier", source, "-o", str(where), "--destinataire", "structure"]) == 0
    assert "avait été coupée" in capsys.readouterr().out
    assert not (where / INACHEVE).exists()


def test_nothing_is_made_nor_written_again_when_nothing_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, whole=True)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("refait")

    monkeypatch.setattr("dla_docs.pdf.bound", never)
    monkeypatch.setattr("dla_docs.pdf.convert_many", never)
    monkeypatch.setattr("dla_docs.files.os.replace", never)
    made = make(tmp_path, whole=True)
    assert sorted(made.inchanges) == sorted(tmp_path.iterdir()) and not made.repris


@contextmanager
def room(octets: int) -> Iterator[None]:
    """Un disque où aucun fichier plus grand ne tient."""
    resource = pytest.importorskip("resource")
    free, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (free, most))


FULL = "Le disque est plein : rien n'a été écrit. Libérez de la place et recommencez."


def test_a_dossier_that_has_no_room_is_not_begun(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Le premier fichier y tiendrait, le dernier non : aucun ne change."""
    make(tmp_path / "d", whole=True)
    old = contents(tmp_path / "d")
    least, most = (of(map(len, old.values())) for of in (min, max))
    assert least < 10_000 < most
    with room(10_000), pytest.raises(DiskError) as caught:
        make(tmp_path / "d", whole=False)
    assert as_keyed(str(caught.value)) == f"{tmp_path / 'd'} : {FULL}"
    assert contents(tmp_path / "d") == old
    words = ["dossier", str(sample_path("mission_simplifiee")), "-o", str(tmp_path / "n")]
    capsys.readouterr()
    with room(10_000):
        assert run(words) == 2
    assert as_keyed(capsys.readouterr().err) == f"ERREUR {tmp_path / 'n'} : {FULL}\n"
    assert contents(tmp_path / "n") == {}
    assert make(tmp_path / "d", whole=False).refus == ()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_fills_up_meanwhile_leaves_a_dossier_that_says_it_is_not_finished(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, left = os.replace, [3]

    def filled(*args: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(number, "in English")
        replace(*args)

    with monkeypatch.context() as patch:
        patch.setattr("dla_docs.files.os.replace", filled)
        with pytest.raises(DiskError, match="disque"):
            make(tmp_path, whole=True)
    held = contents(tmp_path)
    assert len(held) == 3 and "Refaites-le" in json.loads(held[INACHEVE])["message"]
    assert make(tmp_path, whole=True).repris and INACHEVE not in contents(tmp_path)


def test_a_disk_that_is_full_stops_the_missions_that_follow(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """D'un programme, et du script du client."""
    script = run_path(str(sample_path("mission_simplifiee").with_name("generer_dossiers.py")))
    missions_at(tmp_path / "m")
    shutil.copy(tmp_path / "m/mission_simplifiee.yaml", tmp_path / "m/autre.yaml")
    [first, last] = make_dossiers(tmp_path / "m", tmp_path / "d")
    assert first.entier and last.entier
    shutil.rmtree(tmp_path / "d/mission_simplifiee")
    with room(10_000):
        again = make_dossiers(tmp_path / "m", tmp_path / "d")
        assert next(again).deja_fait
        with pytest.raises(DiskError, match="mission_simplifiee : Le disque est plein"):
            next(again)
        assert script["main"]([str(tmp_path / "m"), str(tmp_path / "d")]) == 2
    said = capsys.readouterr()
    told = [line for line in said.out.splitlines()[1:] if not line.startswith("    laissé : ")]
    assert told == [f"1/2 {tmp_path / 'm/autre.yaml'} : déjà fait"]
    assert as_keyed(said.err) == f"{tmp_path / 'd/mission_simplifiee'} : {FULL}\n"


def missions_at(folder: Path) -> None:
    """L'exemple, et ce qu'il cite."""
    for name in ("mission_simplifiee.yaml", "operateur.yaml", "prestataires", "logos"):
        held = sample_path("mission_simplifiee").parent / name
        copied = shutil.copytree if held.is_dir() else shutil.copy
        folder.mkdir(exist_ok=True)
        copied(held, folder / name)


def test_a_mission_cut_among_others_is_done_again(tmp_path: Path) -> None:
    missions_at(tmp_path / "m")
    asked = (tmp_path / "m", tmp_path / "d")
    [_] = make_dossiers(*asked)
    [place] = (tmp_path / "d").glob("*/manifeste.json")
    (place.parent / INACHEVE).write_text(
        '{"message": "", "destinataire": "archive", "fichiers": []}', encoding="utf-8"
    )
    [again] = make_dossiers(*asked)
    assert not again.deja_fait and not (place.parent / INACHEVE).exists()
    [last] = make_dossiers(*asked)
    assert last.deja_fait
