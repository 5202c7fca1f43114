"""L'enclos de LibreOffice : un système de fichiers où il n'y a que lui, les polices, et le dossier
qu'on lui donne, sans réseau. Là où le système ne le permet pas, LibreOffice tourne sans.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dla_docs.pdf.own_folder import own_folder

VARIABLE = "DLA_DOCS_ENCLOS"
REFUSED = "non"
SEEN = (  # read only: programs, their libraries, the fonts, the time zone
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/libreoffice",
    "/etc/localtime",
    "/var/cache/fontconfig",
    "/var/lib/libreoffice",
    "~/.fonts",
    "~/.fonts.conf",
    "~/.cache/fontconfig",
    "~/.config/fontconfig",
    "~/.local/share/fonts",
)
DEVICES = ("null", "zero", "full", "random", "urandom")
TRIAL = """\
[ ! -e "$1" ] && : > "$2/essai" && fc-list : file 2>/dev/null
[ -e "$2/essai" ] && "$3" --version | head -c 4096
"""
PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Enclosure:
    """Une façon d'enclore : l'outil, et ce qui s'y voit en plus du dossier donné."""

    tool: str
    seen: tuple[str, ...]

    def around(self, folder: Path, command: Sequence[str]) -> list[str]:
        """La ligne de commande qui exécute ``command`` enclos dans ``folder``."""
        return [*TOOLS[self.tool](folder, self.seen), *command]


def is_wanted() -> bool:
    """Faux où il n'y en a jamais, ou quand la variable ``DLA_DOCS_ENCLOS`` dit « non »."""
    return sys.platform == "linux" and os.environ.get(VARIABLE) != REFUSED


def enclosure_of(
    program: Path, tools: Sequence[str] = ("bwrap", "unshare")
) -> tuple[Enclosure | None, bytes]:
    """L'enclos où ce LibreOffice se lance et trouve les mêmes polices que dehors, s'il y en a un,
    et ce qu'il y dit de sa version. ``tools`` : ce qui s'essaie, dans l'ordre.
    """
    seen = tuple(_seen_with(program))
    for tool in tools:
        if shutil.which(tool) and (said := _trial(one := Enclosure(tool, seen), program)):
            return one, said
    return None, b""


def _seen_with(program: Path) -> list[str]:
    seen = [path for path in map(os.path.expanduser, SEEN) if os.path.exists(path)]
    real = program.resolve()
    # Elsewhere than in a folder of its own, nobody knows what else would be shown with it.
    if real.parent.name == "program" and not any(map(real.is_relative_to, seen)):
        seen.append(str(real.parents[1]))
    return seen


def _trial(enclosure: Enclosure, program: Path) -> bytes:
    """What the program says of its version within; empty when something is missing there, or shows
    there that should not.
    """
    with suppress(OSError, subprocess.SubprocessError), own_folder() as outside:
        (canary := outside / "dehors").touch()
        (inside := outside / "dedans").mkdir()
        asked = ["/bin/sh", "-c", TRIAL, "sh", str(canary), str(inside), str(program)]
        said = _said(enclosure.around(inside, asked))
        fonts = _said(["fc-list", ":", "file"]) if shutil.which("fc-list") else []
        if (inside / "essai").exists() and sorted(fonts) == sorted(said[: len(fonts)]):
            return b"\n".join(said[len(fonts) :])
    return b""


def _said(command: list[str]) -> list[bytes]:
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=PATIENCE,
        check=True,
    ).stdout.splitlines()


def _with_bwrap(folder: Path, seen: Sequence[str]) -> list[str]:
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--cap-drop", "ALL"]
    command += ["--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
    for path in seen:
        link = _link(path)
        command += ["--symlink", link, path] if link else ["--ro-bind", path, path]
    return [*command, "--bind", str(folder), str(folder), "--chdir", str(folder), "--"]


def _with_unshare(folder: Path, seen: Sequence[str]) -> list[str]:
    command = ["unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork"]
    command += ["--kill-child", "--net", "--ipc", "/bin/sh", "-c"]
    return [*command, _script(folder, seen), "sh"]


def _script(folder: Path, seen: Sequence[str]) -> str:
    """A new root, in memory, where all that is to be seen is mounted; the old one is let go, then
    the right to mount anything.
    """
    root, place = str(folder / "racine"), str(folder)
    links = {path: link for path in seen if (link := _link(path))}
    bound = [path for path in seen if path not in links]
    devices = [f"/dev/{name}" for name in DEVICES]
    folders = [path for path in (*bound, place, "/proc", "/tmp", "/dehors") if _is_folder(path)]
    files = [path for path in (*bound, *devices) if not _is_folder(path)]
    parents = [os.path.dirname(path) for path in files]
    mounts = [
        *(_mount(path, root + path, "rbind,ro,nosuid,nodev") for path in bound),
        *(_mount(path, root + path, "bind") for path in (*devices, place)),
        f"proc {_escaped(root)}/proc proc defaults 0 0\n",
    ]
    inside = [shlex.join(f".{path}" for path in paths) for paths in (folders + parents, files)]
    return "\n".join(
        [
            "set -e",
            f"mkdir -p {shlex.quote(root)}; cd {shlex.quote(root)}",
            'mount -t tmpfs -o mode=755,size=64m dla_docs "$PWD"; cd "$PWD"',
            f"mkdir -p {inside[0]}; touch {inside[1]}",
            *(f"ln -s {shlex.quote(link)} .{shlex.quote(path)}" for path, link in links.items()),
            f"printf %s {shlex.quote(''.join(mounts))} > fstab",
            "mount --all --fstab fstab; rm fstab",
            f"pivot_root . dehors; cd {shlex.quote(place)}; umount -l /dehors",
            'exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs -- "$@"',
        ]
    )


def _is_folder(path: str) -> bool:
    return path == "/dehors" or os.path.isdir(path)


def _mount(path: str, where: str, options: str) -> str:
    return f"{_escaped(path)} {_escaped(where)} none {options} 0 0\n"


def _escaped(path: str) -> str:
    """As « fstab » wants it."""
    return "".join(f"\\{ord(sign):03o}" if sign in " \t\n\\" else sign for sign in path)


def _link(path: str) -> str:
    """Where « /bin » and the like lead, when the system keeps them in « /usr »."""
    return os.readlink(path) if path.count("/") == 1 and os.path.islink(path) else ""


TOOLS: dict[str, Callable[[Path, Sequence[str]], list[str]]] = {
    "bwrap": _with_bwrap,
    "unshare": _with_unshare,
}
