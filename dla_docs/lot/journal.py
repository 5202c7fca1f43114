"""Le journal d'un lot : quel fichier a été fait, pour quelle ligne, d'après quelles données. Un lot
interrompu s'y reprend.

Chaque groupe de documents écrit d'abord ce qu'il va faire (``….encours.json``, avec l'empreinte des
fichiers), puis les fichiers, puis ce qu'il a fait (``….fait.json``). Où que la machine s'arrête, un
fichier est entier ou absent, et le journal sait lequel : celui d'un groupe resté en cours n'est
tenu pour fait que s'il a l'empreinte annoncée.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from hashlib import sha256
from io import TextIOWrapper
from json import JSONDecoder
from pathlib import Path
from typing import Any, TextIO
from uuid import uuid4

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.lot.entries import Entries, Entry, dump
from dla_docs.lot.folder import Folder

PLACE = ".lot"
WHOLE = "journal.json"
PENDING, DONE = ".encours.json", ".fait.json"
BLOCK = 1 << 14  # characters read at once
START, COLON, AFTER = map(
    re.compile, (r'\s*({\s*}|{(?=\s*"))\s*', r"\s*:\s*", r'\s*(}|,(?=\s*"))\s*')
)


def fingerprint(content: bytes) -> str:
    """L'empreinte d'un contenu."""
    return sha256(content).hexdigest()[:32]


def read_journal(folder: Folder) -> Entries:
    """Ce qui a été fait dans un dossier, par nom de document ; le journal y est remis au propre."""
    names = folder.names(PLACE)
    parts = sorted(name for name in names if name.endswith((PENDING, DONE)))
    found = Entries(_entries(folder, WHOLE) if WHOLE in names else ())
    for name in parts:
        if name.endswith(DONE):
            found.add(_entries(folder, name))
        elif name.replace(PENDING, DONE) not in names:
            found.add(
                (stem, entry if _is_there(folder, entry) else replace(entry, empreinte=""))
                for stem, entry in _entries(folder, name)
            )
    if parts:
        folder.write(f"{PLACE}/{WHOLE}", _said(found.items()))
        for name in parts:
            folder.remove(f"{PLACE}/{name}")
    return found


def row_of(table: str, number: int) -> str:
    """Une ligne sans référence, telle qu'on la reconnaît la fois suivante : sa place."""
    return f"{table}, ligne {number}"


def place_of(table: Path) -> str:
    """L'empreinte du dossier d'un tableau."""
    return fingerprint(str(table.absolute().parent).encode(errors="surrogatepass"))


def following(entries: Entries, table: Path) -> Iterator[tuple[str, Entry]]:
    """Ce qui a été fait d'un tableau qui n'est plus là, mis au compte de celui-ci, du même dossier
    : il a été renommé. Deux tableaux qui y sont remplissent le même dossier.
    """
    here = place_of(table)
    for name, entry in entries.items():
        old = entry.tableau
        if here == entry.lieu and old != table.name and not (table.parent / old).exists():
            ours = entry.origine.removeprefix(row_of(old, 0).removesuffix("0"))
            moved = row_of(table.name, int(ours)) if ours.isdecimal() else entry.origine
            yield name, replace(entry, tableau=table.name, origine=moved)


def begin(folder: Folder, entries: Mapping[str, Entry]) -> str:
    """Annonce des documents qui vont être écrits ; rend le nom de cette annonce."""
    name = uuid4().hex
    folder.write(f"{PLACE}/{name}{PENDING}", _said(sorted(entries.items())))
    return name


def finish(folder: Folder, name: str, entries: Mapping[str, Entry]) -> None:
    """Dit ceux qui l'ont été."""
    folder.write(f"{PLACE}/{name}{DONE}", _said(sorted(entries.items())))
    folder.remove(f"{PLACE}/{name}{PENDING}")


def _said(entries: Iterable[tuple[str, Entry]]) -> Iterator[bytes]:
    before = b"{"
    for stem, entry in entries:
        yield b"%s%s: %s" % (before, dump(stem), dump(asdict(entry)))
        before = b", "
    yield b"{}" if before == b"{" else b"}"


def _is_there(folder: Folder, entry: Entry) -> bool:
    return all(
        fingerprint(folder.read(name)) == content for name, content in entry.fichiers.items()
    )


def _entries(folder: Folder, name: str) -> Iterator[tuple[str, Entry]]:
    place = f"{PLACE}/{name}"
    try:
        with TextIOWrapper(folder.open(place), "utf-8-sig") as stream:
            for stem, said in members(stream):
                yield stem, _entry(said)
    except (ValueError, TypeError, AttributeError) as error:
        message = "Le journal de ce dossier est abîmé : on ne sait plus ce qui y a été fait."
        raise InputError(
            Constat(message, fichier=folder.place(place), conseil="Donnez un dossier neuf.")
        ) from error


def _entry(said: Any) -> Entry:
    entry = Entry(**said)
    marks = (text for held in (entry.fichiers, entry.reportes) for text in held.values())
    for text in (entry.empreinte, entry.origine, entry.tableau, entry.lieu, *marks):
        if not isinstance(text, str):
            raise TypeError
    return entry


def members(stream: TextIO) -> Iterator[tuple[str, Any]]:
    """Ce que tient un objet JSON, l'un après l'autre : d'un long lot, tout à la fois pèserait plus
    que le reste. ``ValueError`` quand ce n'en est pas un, ou qu'il ne finit pas.
    """
    decode, text = JSONDecoder().raw_decode, stream.read(BLOCK)
    start = _sign(START, text)
    text, sign = text[start.end() :], start[1]
    while not sign.endswith("}"):
        try:
            stem, place = decode(text)
            value, place = decode(text, _sign(COLON, text, place).end())
            after = _sign(AFTER, text, place)
        except ValueError:
            if not (more := stream.read(BLOCK)):
                raise
            text += more
            continue
        yield stem, value
        text, sign = text[after.end() :], after[1]
    if (text + stream.read()).strip():
        raise ValueError("more than an object")


def _sign(wanted: re.Pattern[str], text: str, place: int = 0) -> re.Match[str]:
    if found := wanted.match(text, place):
        return found
    raise ValueError("no such sign")
