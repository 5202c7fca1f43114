"""Le journal d'un lot : quel fichier a été fait, pour quelle ligne, d'après quelles données. Un lot
interrompu s'y reprend.

Chaque groupe de documents écrit d'abord ce qu'il va faire (``….encours.json``, avec l'empreinte des
fichiers), puis les fichiers, puis ce qu'il a fait (``….fait.json``). Où que la machine s'arrête, un
fichier est entier ou absent, et le journal sait lequel : celui d'un groupe resté en cours n'est
tenu pour fait que s'il a l'empreinte annoncée.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.lot.folder import Folder

PLACE = ".lot"
WHOLE = "journal.json"
PENDING, DONE = ".encours.json", ".fait.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """Un document fait : l'empreinte de ses données, la ligne dont il vient, ses fichiers, chacun
    avec l'empreinte de son contenu (vide quand une main y est), le tableau de cette ligne, et
    l'empreinte du dossier de ce tableau ; ``reportes`` : l'empreinte qu'avait chacun de ses
    fichiers quand ses retouches ont passé sous un autre nom ; ``ancien`` : plus aucune ligne ne le
    faisait, la dernière fois.
    """

    empreinte: str
    origine: str
    fichiers: Mapping[str, str] = field(default_factory=dict)
    tableau: str = ""
    lieu: str = ""
    reportes: Mapping[str, str] = field(default_factory=dict)
    ancien: bool = False


def fingerprint(content: bytes) -> str:
    """L'empreinte d'un contenu."""
    return sha256(content).hexdigest()[:32]


def read_journal(folder: Folder) -> dict[str, Entry]:
    """Ce qui a été fait dans un dossier, par nom de document ; le journal y est remis au propre."""
    names = folder.names(PLACE)
    parts = sorted(name for name in names if name.endswith((PENDING, DONE)))
    found = _entries(folder, WHOLE) if WHOLE in names else {}
    for name in parts:
        if name.endswith(DONE):
            found |= _entries(folder, name)
        elif name.replace(PENDING, DONE) not in names:
            found |= {
                stem: entry if _is_there(folder, entry) else replace(entry, empreinte="")
                for stem, entry in _entries(folder, name).items()
            }
    if parts:
        folder.write(f"{PLACE}/{WHOLE}", _dumped(found))
        for name in parts:
            folder.remove(f"{PLACE}/{name}")
    return found


def row_of(table: str, number: int) -> str:
    """Une ligne sans référence, telle qu'on la reconnaît la fois suivante : sa place."""
    return f"{table}, ligne {number}"


def place_of(table: Path) -> str:
    """L'empreinte du dossier d'un tableau."""
    return fingerprint(str(table.absolute().parent).encode(errors="surrogatepass"))


def following(entries: Mapping[str, Entry], table: Path | None) -> dict[str, Entry]:
    """Ce qui a été fait, celui d'un tableau qui n'est plus là mis au compte de celui-ci, du même
    dossier : il a été renommé. Deux tableaux qui y sont remplissent le même dossier.
    """
    here = place_of(table) if table else ""
    found = dict(entries)
    for name, entry in entries.items():
        old = entry.tableau
        if table and here == entry.lieu and old != table.name and not (table.parent / old).exists():
            ours = entry.origine.removeprefix(row_of(old, 0).removesuffix("0"))
            moved = row_of(table.name, int(ours)) if ours.isdecimal() else entry.origine
            found[name] = replace(entry, tableau=table.name, origine=moved)
    return found


def begin(folder: Folder, entries: Mapping[str, Entry]) -> str:
    """Annonce des documents qui vont être écrits ; rend le nom de cette annonce."""
    name = uuid4().hex
    folder.write(f"{PLACE}/{name}{PENDING}", _dumped(entries))
    return name


def finish(folder: Folder, name: str, entries: Mapping[str, Entry]) -> None:
    """Dit ceux qui l'ont été."""
    folder.write(f"{PLACE}/{name}{DONE}", _dumped(entries))
    folder.remove(f"{PLACE}/{name}{PENDING}")


def _is_there(folder: Folder, entry: Entry) -> bool:
    return all(
        fingerprint(folder.read(name)) == content for name, content in entry.fichiers.items()
    )


def _entries(folder: Folder, name: str) -> dict[str, Entry]:
    try:
        return {
            stem: Entry(**entry)
            for stem, entry in json.loads(folder.read(f"{PLACE}/{name}")).items()
        }
    except (ValueError, TypeError, AttributeError) as error:
        message = "Le journal de ce dossier est abîmé : on ne sait plus ce qui y a été fait."
        raise InputError(
            Constat(
                message, fichier=folder.place(f"{PLACE}/{name}"), conseil="Donnez un dossier neuf."
            )
        ) from error


def _dumped(entries: Mapping[str, Entry]) -> bytes:
    dump = partial(json.dumps, ensure_ascii=False, sort_keys=True)
    # one at a time: of a long batch, all of them as dictionaries weigh more than the rest
    said = (f"{dump(stem)}: {dump(asdict(entries[stem]))}".encode() for stem in sorted(entries))
    return b"{" + b", ".join(said) + b"}"
