"""``python -m dla_docs.manual.site [DOSSIER]`` : range les pages de ``docs/`` pour mkdocs, telles
qu'on les lit sur une forge, leurs liens menés à l'intérieur du site ; ``docs/plan.yaml`` dit leur
ordre.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from posixpath import commonprefix, normpath, relpath
from typing import Any

import yaml

HOMES = {
    "README.md": "index.md",
    "CHANGELOG.md": "journal.md",
    "CONTRIBUTING.md": "contribuer.md",
}
"""Les pages qui ne sont pas dans ``docs/``, et leur nom dans le site."""
SHELVES = {
    "documents": "Les documents",
    "exigences": "Les exigences",
    "decisions": "Les décisions",
}
"""Les dossiers dont le sommaire est fait ici, et le titre de ce sommaire."""
OUTSIDE = "depot"  # where the files of the repository stand that a page cites

FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<=\]\()([^)\s]+)(?=\))|(?<=\bsrc=\")([^\"]+)(?=\")")
KEPT = r"^#.*$|`[^`]*`|<[^>]*>|\[[^\]]*\]:"  # titles give anchors; code is copied
BREAKABLE = re.compile(rf"({KEPT})|(?<=[\w)\]»*…%`>]) (?=[;:!?»])|(?<=«) ", re.MULTILINE)
INSERTED = re.compile(r"^(```\w+) ajoute=(\"[^\"]+\").*$", re.MULTILINE)

Plan = dict[str, list[str]]


def main(target: Path, root: Path = Path()) -> None:
    """Écrit ``pages/``, ce que mkdocs lit, et ``mkdocs.yml``, qui y ajoute la navigation."""
    pages, plan = target / "pages", read_plan(root)
    for source in sources(root):
        _write(pages / home(source), site_text(root, source))
    for name in SHELVES:
        _write(pages / name / "index.md", _index(root, name))
        for page, said in _shelf(root, name).items():
            if said != title(root, page):  # what the browser's tab says, out of the shelf
                head = yaml.safe_dump({"title": title(root, page)}, allow_unicode=True)
                _write(pages / home(page), f"---\n{head}---\n\n{site_text(root, page)}")
    for file in cited(root):
        copy = pages / home(file)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / file, copy)
    _write(pages / "llms.txt", _llms(root, plan))
    settings: dict[str, Any] = {
        "INHERIT": relpath(str((root / "mkdocs.yml").resolve()), str(target.resolve())),
        "docs_dir": "pages",
        "site_dir": "site",
        "nav": _navigation(root, plan),
    }
    _write(target / "mkdocs.yml", yaml.safe_dump(settings, allow_unicode=True, sort_keys=False))


def read_plan(root: Path) -> Plan:
    """Les parties du site, et les pages de chacune, par leur chemin dans le dépôt."""
    written: Plan = yaml.safe_load((root / "docs" / "plan.yaml").read_text(encoding="utf-8"))
    return {
        part: [normpath(f"docs/{name}") + "/" * name.endswith("/") for name in names]
        for part, names in written.items()
    }


def sources(root: Path) -> list[str]:
    """Toutes les pages du site, par leur chemin dans le dépôt."""
    own = sorted((root / "docs").rglob("*.md"))
    return [*HOMES, *(path.relative_to(root).as_posix() for path in own)]


def home(path: str) -> str:
    """Où va, dans le site, ce qui est là dans le dépôt ; un dossier mène à son sommaire."""
    if path in HOMES:
        return HOMES[path]
    inside = path.removeprefix("docs/")
    if inside in SHELVES:
        return f"{inside}/index.md"
    return inside if inside != path else f"{OUTSIDE}/{path}"


def site_text(root: Path, source: str) -> str:
    """Une page, ses liens menés à l'intérieur du site."""
    pieces = FENCED.split((root / source).read_text(encoding="utf-8"))
    return "".join(
        INSERTED.sub(r"\1 title=\2", piece) if piece.startswith("```") else _led(source, piece)
        for piece in pieces
    )


def _led(source: str, text: str) -> str:
    def led(found: re.Match[str]) -> str:
        target, mark, anchor = found[0].partition("#")
        if "://" in target or not target:
            return found[0]
        there = home(normpath(f"{_folder(source)}{target}"))
        return relpath(there, _folder(home(source)) or ".") + mark + anchor

    return unbroken(LINK.sub(led, text))


def unbroken(text: str) -> str:
    """Le texte d'une page, où aucune ligne ne commencera par « ; » ni ne finira par « « »."""
    return BREAKABLE.sub(lambda found: found[1] or "\xa0", text)


def _folder(path: str) -> str:
    return path[: path.rfind("/") + 1]


def cited(root: Path) -> Iterator[str]:
    """Les fichiers du dépôt que les pages montrent ou font ouvrir, pages à part ; puis ceux dont
    le site se sert.
    """
    found: dict[str, None] = {}
    for source in sources(root):
        text = FENCED.sub("", (root / source).read_text(encoding="utf-8"))
        for link in LINK.finditer(text):
            target = link[0].partition("#")[0]
            if target and "://" not in target:
                found[normpath(f"{_folder(source)}{target}")] = None
    pages = set(sources(root))
    yield from (path for path in found if path not in pages and (root / path).is_file())
    for path in sorted((root / "docs" / "site").iterdir()):
        yield path.relative_to(root).as_posix()


def _index(root: Path, shelf: str) -> str:
    lines = (f"- [{named}]({Path(page).name})" for page, named in _shelf(root, shelf).items())
    return "\n".join((f"# {SHELVES[shelf]}", "", *lines)) + "\n"


def _shelf(root: Path, shelf: str) -> dict[str, str]:
    """The pages of a shelf, and what each is called there: what all their titles say first, the
    name of the shelf says already.
    """
    paths = sorted((root / "docs" / shelf).glob("*.md"))
    names = (path.relative_to(root).as_posix() for path in paths)
    titles = {name: title(root, name) for name in names}
    shared = commonprefix([*titles.values()]).rpartition(" : ")[:2]
    return {name: said.removeprefix("".join(shared)) for name, said in titles.items()}


def title(root: Path, page: str) -> str:
    """Le titre d'une page, sur une ligne."""
    first = (root / page).read_text(encoding="utf-8").partition("\n")[0]
    return first.removeprefix("# ").replace("`", "").strip()


def _navigation(root: Path, plan: Plan) -> list[dict[str, Any]]:
    def entries(name: str) -> dict[str, Any]:
        if not name.endswith("/"):
            return {title(root, name): home(name)}
        shelf = name.removeprefix("docs/").rstrip("/")
        pages = [{named: home(page)} for page, named in _shelf(root, shelf).items()]
        return {SHELVES[shelf]: [f"{shelf}/index.md", *pages]}

    parts: list[dict[str, Any]] = [{"Accueil": "index.md"}]
    return parts + [{part: [entries(name) for name in names]} for part, names in plan.items()]


def _llms(root: Path, plan: Plan) -> str:
    """What a program reads first (llmstxt.org): each page, by its Markdown, and how it begins."""
    lines = [f"# {title(root, 'README.md')}", "", f"> {_opening(root, 'README.md')}"]
    for part, names in plan.items():
        lines += ["", f"## {part}", ""]
        for name in names:
            shelf = name.removeprefix("docs/").rstrip("/")
            pages = _shelf(root, shelf) if name.endswith("/") else [name]
            lines += [
                f"- [{title(root, one)}]({home(one)}): {_opening(root, one)}" for one in pages
            ]
    return "\n".join(lines) + "\n"


def _opening(root: Path, page: str) -> str:
    """The first sentence under the title."""
    text = FENCED.sub("", (root / page).read_text(encoding="utf-8"))
    told = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).split("\n\n")[1:]
    plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", next(filter(str.strip, told), ""))
    return " ".join(re.sub(r"[*`|#]", "", plain).split())


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/docs"))
