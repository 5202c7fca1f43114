"""Les copies gardées avant chaque écriture dans une mission : où elles sont, ce qu'elles tiennent,
et si cette écriture est allée au bout.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from os.path import isdir
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.file_faults import resolved
from dla_docs.files import MAX_TEXT, read_bytes
from dla_docs.raw.quoting import argument

FOLDER = ".sauvegardes"
DONE, UNDONE, NAMES, COMMAND = "faite", "annulee", "fichiers.json", "commande"


def name_of_now() -> str:
    """Le nom d'une copie que l'on garde maintenant : dans l'ordre des noms, celui des jours."""
    return f"{datetime.now():%Y-%m-%d %Hh%Mm%S,%f}"


@dataclass(frozen=True)
class Kept:
    """Un fichier d'une écriture, sa copie d'avant et celle d'après."""

    file: Path
    before: Path
    after: Path

    @property
    def is_after(self) -> bool:
        """Vrai quand le fichier est tel que cette écriture l'a fait, et non tel qu'avant elle."""
        return self._holds(self.after) and not self._holds(self.before)

    @property
    def is_before(self) -> bool:
        """Vrai quand le fichier est tel qu'avant cette écriture."""
        return self._holds(self.before)

    def _holds(self, copy: Path) -> bool:
        return self.file.is_file() and data_of(self.file) == data_of(copy)


@dataclass(frozen=True)
class Save:
    """Les copies d'une écriture faite dans une mission."""

    mission: Path
    folder: Path

    def files(self) -> list[Kept]:
        """Les fichiers que cette écriture touche, dans l'ordre où elle les écrit."""
        names = json.loads(data_of(self.folder / NAMES))
        root = self.mission.resolve().parent
        return [
            Kept(root / name, self.folder / f"{rank}.avant", self.folder / f"{rank}.apres")
            for rank, name in enumerate(names)
        ]

    @property
    def command(self) -> str:
        """Ce que disent aussi les autres écritures de la même commande, et elles seules."""
        return self._said(0, self.folder.name)

    @property
    def writings(self) -> int:
        """Combien d'écritures de cette commande elle tient."""
        return int(self._said(1, "1"))

    @property
    def begun(self) -> str:
        """Le nom de la copie de la première d'entre elles."""
        return self._said(2, self.folder.name)

    def _said(self, rank: int, usual: str) -> str:
        said = self.folder / COMMAND
        lines = data_of(said).decode().splitlines() if said.is_file() else []
        return next(iter(lines[rank : rank + 1]), usual)

    @property
    def is_undone(self) -> bool:
        """Vrai quand elle a été défaite."""
        return (self.folder / UNDONE).exists()

    @property
    def is_open(self) -> bool:
        """Vrai d'une écriture, ou de son annulation, qui n'est pas allée au bout."""
        return not self.is_undone and not (self.folder / DONE).exists()


def saves(mission: Path) -> list[Save]:
    """Les copies gardées d'une mission, de la plus ancienne à la dernière."""
    folder = folder_of(mission)
    found = folder.iterdir() if isdir(folder) else ()
    kept = sorted(one for one in found if one.name[0] != "." and (one / NAMES).is_file())
    return [Save(mission, one) for one in kept]


def folder_of(mission: Path) -> Path:
    """Le dossier des copies d'une mission ; ``InputError`` d'un chemin qui ne mène à rien."""
    target = resolved(mission)
    return target.parent / FOLDER / target.name


def data_of(path: Path) -> bytes:
    """Les octets d'une copie, ou du fichier qu'elle garde."""
    return read_bytes(path, MAX_TEXT)


def refuse_half_written(mission: Path) -> None:
    """``InputError`` quand une écriture coupée a laissé des fichiers d'avant et d'autres d'après :
    ce qui se lirait ne serait ni l'un ni l'autre. Lire ne la défait pas (décision 0017).
    """
    for save in saves(mission):
        files = save.files() if save.is_open else []
        late = [one.file.name for one in files if one.is_after]
        early = [one.file.name for one in files if not one.is_after]
        if late and early:
            raise InputError(
                Constat(
                    "Une écriture dans cette mission a été coupée, ou n'est pas finie : "
                    f"{', '.join(late)} est écrit, {', '.join(early)} ne l'est pas.",
                    fichier=str(mission),
                    conseil="Si rien n'y écrit en ce moment, "
                    f"« dla-docs annuler {argument(mission)} » la défait, "
                    "et la mission se lit de nouveau.",
                )
            )
