"""Une page suivie à la lettre : chaque commande est lancée, chaque bloc Python exécuté, chaque
fichier montré écrit, dans un dossier à soi.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from dla_docs.cli.application import run
from tests.docs.pages import ROOT, Bloc
from tests.formulaire.bureau import Bureau
from tests.word_forms import fill

OURS = (
    "COV_CORE",
    "COVERAGE",
    "PYTEST",
    "MAKE",
    "MFLAGS",
)  # what the test run says to itself, not to those it starts
UNKNOWN = "écrit on ne sait quoi"
EXIT_CODE = "echo $?"


@dataclass
class Session:
    """Ce qu'une personne a fait de la page jusqu'ici. ``tree`` : la copie du dépôt où elle
    travaille, quand ce n'est pas celui des essais.
    """

    folder: Path
    tree: Path | None = None
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})
    code: int = 0

    def follow(self, bloc: Bloc) -> None:
        """Fait ce qu'un bloc demande ; l'essai échoue quand la page ne dit pas vrai."""
        step = {
            "console": self._console,
            "python": self._python,
            "diff": self._diff,
            "remplir": self._fill,
            "repondre": self._answer,
        }.get(bloc.langue, self._file)
        step(bloc)

    def _console(self, bloc: Bloc) -> None:
        commands = list(bloc.commands())
        for (command, said), (following, _) in zip_longest(
            commands, commands[1:], fillvalue=("", [])
        ):
            written = self._execute(command)
            place = f"ligne {bloc.ligne}, « {command} » (sortie {self.code})"
            assert written is UNKNOWN or matches(said, written), (
                f"{place} n'écrit pas ce que dit la page, mais :\n{written}"
            )
            assert self.code == 0 or following == EXIT_CODE, (
                f"{place} ne réussit pas, ce que la page ne dit pas :\n{written}"
            )

    def _execute(self, command: str) -> str:
        if command == EXIT_CODE:
            code, self.code = self.code, 0
            return str(code)
        if command == "make test":  # this very test is part of it
            return UNKNOWN
        words, _, target = command.partition(" > ")
        written, problems = self._launch(shlex.split(words), together=not target)
        if target:
            (self.folder / target).write_text(written, encoding="utf-8")
        return problems if target else written

    def launch(self, command: str) -> str:
        """Ce qu'une commande écrit ; l'essai échoue quand elle ne sort pas par 0."""
        written = self._execute(command)
        assert self.code == 0, f"« {command} » est sortie par {self.code} :\n{written}"
        return written

    def _launch(self, words: list[str], together: bool) -> tuple[str, str]:
        """What is written, and the problems: ``together``, as on a screen, or apart."""
        if words[0] == "dla-docs" and self.tree is None:
            return self._inside(words[1:], together)
        program = {"dla-docs": [sys.executable, "-m", "dla_docs"], "python": [sys.executable]}.get(
            words[0], [words[0]]
        )
        known = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        done = subprocess.run(
            [*program, *words[1:]],
            cwd=self.folder,
            env=known
            | {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(self.tree or ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if together else subprocess.PIPE,
            encoding="utf-8",
            timeout=600,
        )
        self.code = done.returncode
        return self._from_here(done.stdout), done.stderr or ""

    def _inside(self, arguments: list[str], together: bool) -> tuple[str, str]:
        written, apart = io.StringIO(), io.StringIO()
        with (
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(written),
            contextlib.redirect_stderr(written if together else apart),
        ):
            self.code = run(arguments)
        return self._from_here(written.getvalue()), apart.getvalue()

    def _from_here(self, text: str) -> str:
        """Commands say whole paths; a page shows them from the folder where its reader works."""
        return text.replace(f"{self.folder}{os.sep}", "").replace(str(self.folder), ".")

    def _python(self, bloc: Bloc) -> None:
        if "title" in bloc.infos or "ajoute" in bloc.infos:
            return self._file(bloc)
        written = io.StringIO()
        source = "\n" * bloc.ligne + bloc.texte
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(written):
            exec(compile(source, "page", "exec"), self.names)
        said = re.findall(r"^# (.*)$", bloc.texte.rpartition("\n\n")[2], flags=re.MULTILINE)
        assert matches(said, written.getvalue()), (
            f"ligne {bloc.ligne} : le bloc Python n'écrit pas ce que dit la page, mais "
            f":\n{written.getvalue()}"
        )
        return None

    def _file(self, bloc: Bloc) -> None:
        if "title" in bloc.infos:
            path = self.folder / bloc.infos["title"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(bloc.texte, encoding="utf-8")
        elif "ajoute" in bloc.infos:
            path = self.folder / bloc.infos["ajoute"]
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            place = _place([line.rstrip("\n") for line in lines], bloc.infos)
            path.write_text("".join([*lines[:place], bloc.texte, *lines[place:]]), encoding="utf-8")

    def _diff(self, bloc: Bloc) -> None:
        path = self.folder / bloc.infos["title"]
        text = path.read_text(encoding="utf-8")
        before = "".join(f"{line[1:]}\n" for line in bloc.texte.splitlines() if line[:1] in "- ")
        after = "".join(f"{line[1:]}\n" for line in bloc.texte.splitlines() if line[:1] in "+ ")
        assert text.count(before) == 1, (
            f"ligne {bloc.ligne} : {bloc.infos['title']} ne contient pas (une fois) :\n{before}"
        )
        path.write_text(text.replace(before, after), encoding="utf-8")

    def _fill(self, bloc: Bloc) -> None:
        name, _, answers = bloc.texte.partition(" {")
        path = self.folder / name
        path.write_bytes(fill(path.read_bytes(), json.loads(f"{{{answers}")))

    def _answer(self, bloc: Bloc) -> None:
        """What the sample mission knows is typed in the fields that are open and empty."""
        name, _, said = bloc.texte.partition(" {")
        how = json.loads(f"{{{said}")
        desk = Bureau(self.folder, "mission_individuelle", "centre")
        slug, rank = how["document"], how.get("rang", 0)
        source = desk.facts if slug == "mission" else desk.facts.documents[slug][rank]
        desk.answer(
            self.folder / name, source, how.get("seulement", ("",)), how.get("sauf", ("\0",))
        )


def _place(lines: list[str], infos: dict[str, str]) -> int:
    """Before the line « avant », or at the head of what follows the title « apres »."""
    return lines.index(infos["avant"]) if "avant" in infos else lines.index(infos["apres"]) + 2


def matches(said: list[str], written: str) -> bool:
    """Vrai quand ce qui a été écrit est ce que la page montre ; « … » vaut pour n'importe quoi, sur
    une ligne ou sur plusieurs.
    """
    return re.fullmatch("".join(map(_line, said)), _stable(written), flags=re.DOTALL) is not None


def _line(line: str) -> str:
    if line.strip() == "…":
        return ".*"
    return ".*?".join(re.escape(piece) for piece in line.rstrip().split("…")) + "\n"


def _stable(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.replace("\\", "/").splitlines())
