"""README et docs/ sont suivis à la lettre : ce qu'une page dit de taper est tapé, ce qu'elle dit
voir est vu, ce qu'elle cite existe.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dla_docs.templating.operators import FILTERS
from tests.docs.pages import ROOT, blocs, pages
from tests.docs.session import Session
from tests.docs.trees import tree_with_environment
from tests.offices import need_office

LEFT_TO_ANOTHER_TEST = {"ajouter_un_document.md"}
LONG = {  # whole folders of PDF, whole batches, forms sent out and read back
    "README.md",
    "deux_cents_fiches.md",
    "formulaires.md",
    "formulaires_word.md",
    "passage_a_l_echelle.md",
    "premiers_pas.md",
    "synthese.md",
}
HEADINGS = re.compile(r"^\|(.+)\|\n\|[-:| ]+\|$", re.MULTILINE)
FOLLOWED = [
    pytest.param(page, marks=pytest.mark.lent if page.name in LONG else (), id=page.name)
    for page in pages()
    if page.name not in LEFT_TO_ANOTHER_TEST
    and {bloc.langue for bloc in blocs(page)} & {"console", "python"}
]


@pytest.mark.parametrize("page", FOLLOWED)
def test_a_page_is_true_from_top_to_bottom(page: Path, tmp_path: Path) -> None:
    if ".pdf" in page.read_text(encoding="utf-8"):
        need_office()
    session = Session(tree_with_environment(tmp_path) if page == ROOT / "README.md" else tmp_path)
    for bloc in blocs(page):
        session.follow(bloc)


def test_make_test_runs_what_the_readme_says() -> None:
    if sys.platform == "win32" or shutil.which("make") is None:
        pytest.skip("make manque.")
    planned = subprocess.run(
        ["make", "-n", "test"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"LC_ALL": "C"},
    ).stdout
    assert re.findall(r"ruff check|mypy|pytest", planned) == ["ruff check", "mypy", "pytest"]


@pytest.mark.parametrize(
    "page",
    [
        *pages(),
        *(
            path
            for shelf in ("documents", "exigences")
            for path in sorted((ROOT / "docs" / shelf).glob("*.md"))
        ),
    ],
    ids=lambda page: f"{page.parent.name}/{page.name}",
)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(
        r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    targets = [*re.findall(r"\]\(([^)\s]+)\)", text), *re.findall(r'src="([^"]+)"', text)]
    assert {
        target
        for target in targets
        if "://" not in target and not (page.parent / target.partition("#")[0]).exists()
    } == set()


def test_every_column_of_a_table_has_a_name() -> None:
    unnamed = [
        f"{page.name} : {row}"
        for page in sorted((ROOT / "docs").rglob("*.md"))
        for row in HEADINGS.findall(page.read_text(encoding="utf-8"))
        if not all(map(str.strip, row.split("|")))
    ]
    assert unnamed == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            links = [
                (page.parent / target.partition("#")[0]).resolve()
                for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
            ]
            waiting += [
                path
                for link in links
                for path in (
                    [link]
                    if link.suffix == ".md"
                    else sorted(link.glob("*.md"))
                    if link.is_dir()
                    else []
                )
            ]
    assert set((ROOT / "docs").rglob("*.md")) <= reached


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_command_is_shown_only_where_it_is_run(page: Path) -> None:
    shown = [bloc for bloc in blocs(page) if bloc.langue in {"", "sh", "bash", "shell"}]
    assert shown == []


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda page: page.name
)
def test_a_decision_says_its_context_and_its_price(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, flags=re.MULTILINE) == [
        "Contexte",
        "Décision",
        "Prix",
    ]
    assert text.startswith(f"# {page.name[:4]}. ")


def test_every_filter_of_a_template_is_described() -> None:
    page = (ROOT / "docs" / "ajouter_un_document.md").read_text(encoding="utf-8")
    described = re.findall(r"`(\w+)[`(]", page.partition("| filtre |")[2].partition("\n\n")[0])
    assert set(FILTERS) <= set(described)
