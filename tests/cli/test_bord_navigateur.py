"""Le tableau de bord dans un vrai navigateur : rien n'est demandé au dehors, rien n'est dit à la
console, tout tient en largeur, et tout se fait au clavier.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dla_docs.constat import Constat
from dla_docs.missions.echeances import Echeance
from dla_docs.missions.pages import html
from dla_docs.missions.suivi import Bord, EtatDeMission
from dla_docs.parties.deroulement import Avancement
from tests.browser import Browser, browser

pytestmark = pytest.mark.lent
AU = date(2005, 11, 20)
WIDE, NARROW = 1280, 390
ROWS = "[...document.querySelectorAll('tbody .reference')].map(one => one.textContent)"
FOCUS = "document.activeElement.textContent"


def state(name: str, days: str | None, due: str | None) -> EtatDeMission:
    return EtatDeMission(
        f"missions/{name}.yaml",
        name,
        ("Une association au nom très long, qui ne tiendrait pas sur une ligne de téléphone",) * 4,
        "Cabinet Exemple",
        Avancement.CONDUITE,
        faits=("Cahier des charges", "Rapport final"),
        retards=(Echeance(AU, "Étape « Un atelier »"),),
        jours=Decimal(days) if days else None,
        jours_prevus=Decimal(8),
        reste=Decimal(due) if due else None,
    )


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Trois missions, et une qui ne se lit pas."""
    states = (
        EtatDeMission("cassee.yaml", faute=(Constat("Une valeur est attendue ici."),)),
        state("C", "3.5", "900"),
        state("A", "3.25", "12000.50"),
        state("B", None, "3520"),
    )
    path = tmp_path / "suivi.html"
    path.write_bytes(html(Bord("missions", AU, states)))
    return path


def tabbed_to(shown: Browser, text: str) -> None:
    """Avance de touche en touche jusqu'à ce qu'il faut."""
    for _ in range(30):
        shown.press("Tab")
        if shown.value(FOCUS) == text:
            return
    raise AssertionError(f"« {text} » ne s'atteint pas au clavier")


def test_in_a_real_browser_at_two_widths_with_the_keyboard_only(page: Path, tmp_path: Path) -> None:
    with browser(tmp_path / "profil") as shown:
        shown.open(page, WIDE)
        assert shown.value("innerWidth") == WIDE
        assert shown.value("document.documentElement.scrollWidth") <= WIDE
        assert shown.value(ROWS) == ["cassee.yaml", "C", "A", "B"]
        for title, up in (
            ("Mission", ["A", "B", "C"]),
            ("Jours faits", ["A", "C", "B"]),  # what is not said is last
            ("Reste à payer", ["C", "B", "A"]),
        ):
            shown.open(page, WIDE)
            tabbed_to(shown, title)
            shown.press("Enter")
            assert [one for one in shown.value(ROWS) if one != "cassee.yaml"] == up, title
            head = "document.querySelector('th[aria-sort]')"
            assert shown.value(f"{head}.textContent + {head}.ariaSort") == f"{title}ascending"
        assert "croissant" in shown.value("document.getElementById('dit').textContent")
        shown.press("Enter")
        assert shown.value(ROWS)[0] == "A"
        shown.open(page, NARROW)
        assert shown.value("document.documentElement.scrollWidth") <= NARROW
        tabbed_to(shown, "Inverser")
        shown.press("Enter")
        assert shown.value(ROWS)[:3] == ["A", "B", "C"]
        tabbed_to(shown, "2 faits")
        shown.press("Enter")
        assert shown.value("document.querySelector('details').open") is True
        assert set(shown.asked) <= {page.as_uri(), "data:,"} and page.as_uri() in shown.asked
        assert shown.said == []
