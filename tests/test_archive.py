"""Un fichier écrit par nous se relit à l'octet ; d'un autre, on ne conclut rien."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

import pytest

from dla_docs.errors import PackageError
from dla_docs.word import package
from dla_docs.word.archive import entries_of, pack_quickly, write_archive

PARTS = {"[Content_Types].xml": b"<t/>" * 40, "word/é.xml": b"<w/>" * 90, "word/x.png": b"\x89PNG"}
OURS = write_archive(pack_quickly(name, held) for name, held in PARTS.items())
NAME = b"word/x.png"


def test_ce_que_nous_ecrivons_se_relit() -> None:
    entries = entries_of(OURS)
    assert entries and {one.name: one.read(OURS) for one in entries} == PARTS
    with zipfile.ZipFile(io.BytesIO(OURS)) as archive:
        assert [one.name for one in entries] == archive.namelist()


def other() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in PARTS.items():
            archive.writestr(name, part)
    return held.getvalue()


def twice() -> bytes:
    return write_archive(pack_quickly("word/x.png", held) for held in (b"1", b"2"))


CHANGES: dict[str, Callable[[], bytes]] = {
    "rien": lambda: b"",
    "un texte": lambda: b"bonjour" * 20,
    "devant": lambda: b"x" + OURS,
    "derrière": lambda: OURS + b"x",
    "un commentaire": lambda: OURS[:-2] + b"\1\0x",
    "coupé": lambda: OURS[:-30],
    "un autre nom devant la partie": lambda: OURS.replace(NAME, b"word/y.png", 1),
    "un autre nom à la fin": lambda: b"word/y.png".join(OURS.rsplit(NAME, 1)),
    "un drapeau": lambda: OURS.replace(b"PK\1\2\x14\0\x14\0\0", b"PK\1\2\x14\0\x14\0\1", 1),
    "une date": lambda: OURS.replace(b"\x21\0", b"\x22\0", 1),
    "une partie deux fois": twice,
    "écrit par un autre": other,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_de_ce_qui_est_ecrit_autrement_on_ne_conclut_rien(change: Callable[[], bytes]) -> None:
    assert change() != OURS and entries_of(change()) is None


def test_une_partie_qui_n_est_pas_ce_qu_elle_dit_ne_se_lit_pas() -> None:
    crc = zlib.crc32(PARTS["word/x.png"]).to_bytes(4, "little")
    content = PARTS["word/x.png"]
    for changed in (OURS.replace(crc, bytes(4)), OURS.replace(content, b"\x89PNH")):
        entries = entries_of(changed)
        assert entries and changed != OURS
        assert [one.name for one in entries if one.read(changed) is None] == ["word/x.png"]
    start = next(one.start for one in entries_of(OURS) or () if one.name == "word/é.xml")
    damaged = OURS[:start] + b"\xff" + OURS[start + 1 :]
    found = entries_of(damaged)
    assert found and [one.name for one in found if one.read(damaged) is None] == ["word/é.xml"]


SOUND = b"<x>%s</x>" % (b"mot " * 99)


def _named(*names: str) -> bytes:
    return write_archive(pack_quickly(name, SOUND) for name in names)


def _with_method(method: int) -> bytes:
    made = pack_quickly("a.xml", SOUND)
    held = made.local.replace(b"PK\3\4\x14\0\0\0\x08", b"PK\3\4\x14\0\0\0%c" % method)
    return write_archive([made._replace(local=held, method=method)])


OPENED: dict[str, bytes] = {
    "des parties": _named("[Content_Types].xml", "word/é.xml"),
    "aucune partie": write_archive([]),
    "un nom de dossier": _named("word/"),
    "un nom dangereux": _named("../a.xml"),
    "un nom à l'envers": _named("word\\a.xml", "b.xml"),
    "un nom vide": _named(""),
    "le même nom en capitales": _named("a.xml", "A.XML"),
    "le même nom à l'envers": _named("word/a.xml", "word\\a.xml"),
    "une autre compression": _with_method(12),
    "une autre somme": OURS.replace(zlib.crc32(PARTS["word/x.png"]).to_bytes(4, "little"), b"0000"),
    "une partie mal formée": write_archive([pack_quickly("a.xml", b"<x>" * 99)]),
    "une bombe": write_archive([pack_quickly("a.bin", bytes(9_000_000))]),
}
READ = ("des parties", "aucune partie", "un nom à l'envers")


@pytest.mark.parametrize("what", OPENED)
def test_un_fichier_ecrit_comme_les_notres_s_ouvre_et_se_refuse_comme_tout_autre(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [_opened(OPENED[what]) for _ in range(2)]
    monkeypatch.setattr(package, "entries_of", lambda data: None)
    assert found == [_opened(OPENED[what])] * 2
    assert isinstance(found[0], dict) == (what in READ)


def _opened(data: bytes) -> object:
    try:
        return package.unpacked(data)
    except PackageError as error:
        return str(error)
