"""Le site : toute page y a sa place, tout lien y mène ; il se lit au clavier, sur un petit écran,
sans rien demander au dehors, et l'on y cherche.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from dla_docs.cli import manual
from dla_docs.manual import site
from tests.browser import Browser, browser
from tests.docs.pages import ROOT

MADE = ROOT / "build" / "docs" / "site"
AXE = ROOT / ".ci" / "validateur" / "node_modules" / "axe-core" / "axe.min.js"
SEEN = (
    "index",
    "premiers_pas",
    "cas/formulaires_word",
    "commandes",
    "mission",
    "architecture",
    "documents/index",
    "documents/grille_de_suivi",
    "exigences/note_mi_parcours",
    "decisions/0009-formulaire-pdf",
)
WIDTHS = DESKTOP, PHONE = 1280, 390


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    site.main(folder, ROOT)
    return folder / "pages"


def test_the_page_of_the_commands_is_what_their_help_says() -> None:
    written = (ROOT / "docs" / "commandes.md").read_text(encoding="utf-8")
    assert written == manual.page(), "« python -m dla_docs.cli.manual » remet la page à jour"


def test_every_page_has_its_place_in_the_plan() -> None:
    named = {name for names in site.read_plan(ROOT).values() for name in names}
    shelves = tuple(name for name in named if name.endswith("/"))
    pages = {page for page in site.sources(ROOT) if not page.startswith(shelves)}
    assert pages == named - set(shelves) | {"README.md"}


def test_every_link_leads_inside_the_site(staged: Path) -> None:
    lost = [
        f"{page.relative_to(staged)} : {found[0]}"
        for page in staged.rglob("*.md")
        if "depot" not in page.relative_to(staged).parts
        for found in site.LINK.finditer(site.FENCED.sub("", page.read_text(encoding="utf-8")))
        if "://" not in found[0]
        and found[0][:1] != "#"
        and not (page.parent / found[0].partition("#")[0]).is_file()
    ]
    assert lost == []


def test_no_line_of_the_site_begins_with_a_sign(staged: Path) -> None:
    page = (staged / "installation.md").read_text(encoding="utf-8")
    assert "PowerShell\xa0; `py --version`" in page and "tapez «\xa0powershell\xa0»" in page
    assert 'pipx install "./dla_docs-0.2.0-py3-none-any.whl[pdf,lot]"' in page
    assert site.unbroken("# Un titre : le sien") == "# Un titre : le sien"
    assert site.unbroken("`a ; b` ; c") == "`a ; b`\xa0; c"


def test_a_program_finds_each_page_by_its_markdown(staged: Path) -> None:
    said = (staged / "llms.txt").read_text(encoding="utf-8")
    named = re.findall(r"^- \[.+\]\((\S+)\): \S", said, flags=re.MULTILINE)
    assert [name for name in named if not (staged / name).is_file()] == []
    own = {site.home(page) for page in site.sources(ROOT)}
    assert set(named) == own - {"index.md"}


def test_what_all_the_titles_of_a_shelf_say_first_is_said_once(staged: Path) -> None:
    said = (staged / "exigences" / "index.md").read_text(encoding="utf-8")
    assert "- [Cahier des charges](cahier_des_charges.md)" in said and "guides" not in said
    page = (staged / "exigences" / "cahier_des_charges.md").read_text(encoding="utf-8")
    assert "title: 'Ce que les guides demandent : Cahier des charges'" in page.split("---")[1]
    assert "- [0001. " in (staged / "decisions" / "index.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def made() -> Path:
    if not (MADE / "index.html").exists():
        pytest.skip("le site n'est pas fait : « make docs » le fait")
    return MADE


def test_the_markdown_of_a_page_is_beside_it(made: Path) -> None:
    found = {path.relative_to(made) for path in made.rglob("*.html") if path.name != "404.html"}
    # a page of the samples is carried as it is
    pages = {path for path in found if not (ROOT / path.relative_to(path.parts[0])).is_file()}
    own = {path.relative_to(made) for path in made.rglob("*.md")}
    assert {path.with_suffix(".md") for path in pages} == own


@pytest.fixture(scope="module")
def opened(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("chromium")) as page:
        yield page


@pytest.mark.lent
@pytest.mark.parametrize("name", SEEN)
def test_a_page_asks_nothing_and_is_for_everyone(opened: Browser, name: str) -> None:
    assert [
        fault for width in WIDTHS for fault in faults(opened, MADE / f"{name}.html", width)
    ] == []


def faults(page: Browser, path: Path, width: int) -> list[str]:
    """Ce qui ne va pas d'une page ouverte à cette largeur : elle déborde, demande au dehors, se
    plaint, ou manque à quelqu'un.
    """
    page.asked.clear()
    page.said.clear()
    page.open(path, width)
    across = page.value("document.documentElement.scrollWidth")
    return [
        *(f"déborde : {across} au lieu de {width}" for _ in range(across > width)),
        *(f"demande {asked}" for asked in page.asked if not asked.startswith(("file:", "data:"))),
        *(f"axe, {said}" for said in violations(page)),
        *(f"console : {said}" for said in page.said),
    ]


def violations(page: Browser) -> list[str]:
    """What axe finds wrong, each with the first of its places."""
    if not AXE.exists():
        pytest.skip("axe manque : « bash .ci/installer_validateur.sh » l'installe")
    page.value(f"{AXE.read_text(encoding='utf-8')};0")
    told = page.order(
        "Runtime.evaluate",
        expression="""axe.run({preload: false, resultTypes: ["violations"]}).then(
            (all) => JSON.stringify(all.violations.map((one) => `${one.id} : ${one.nodes[0].html}`))
        )""",
        awaitPromise=True,
        returnByValue=True,
    )
    found: list[str] = json.loads(told["result"]["value"])
    return found


SEARCH = "[...document.body.children].find((one) => one.shadowRoot).shadowRoot"


@pytest.mark.lent
def test_one_searches_without_a_server_and_in_french(opened: Browser) -> None:
    opened.said.clear()
    opened.open(MADE / "index.html", DESKTOP)
    opened.value("document.querySelector('.md-search__button').click()")
    wait_for(opened, f"{SEARCH}.activeElement?.tagName === 'INPUT'")
    opened.order("Input.insertText", text="notification de choix")
    wait_for(opened, f"{SEARCH}.querySelector('[role=option]')?.href")
    first = opened.value(f"{SEARCH}.querySelector('[role=option]').href")
    assert "/documents/notification_de_choix.html" in first
    wait_for(
        opened, f"/^[0-9]+ résultats$/.test({SEARCH}.querySelector('[role=status]').textContent)"
    )
    labels = opened.value(
        f"[...{SEARCH}.querySelectorAll('[aria-label]')].map((one) => one.ariaLabel).join()"
    )
    assert "earch" not in labels and opened.said == []


def wait_for(page: Browser, said: str, seconds: float = 30) -> None:
    until = monotonic() + seconds
    while not page.value(said):
        assert monotonic() < until, said
        sleep(0.1)
