"""``python -m tests.bench.site [DOSSIER]`` : chaque page du site qu'a fait « make docs », ouverte
aux deux largeurs ; ses fautes, puis leur nombre. Ce qui est vu l'est une fois :
``rm build/site.jsonl`` recommence.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from dla_docs.manual.site import OUTSIDE
from tests.bench.resultats import measure
from tests.browser import browser
from tests.docs.pages import ROOT
from tests.docs.test_site import MADE, WIDTHS, faults

KNOWN = ROOT / "build" / "site.jsonl"
LEFT = ("404.html", OUTSIDE)  # what a server alone can show; what is carried as it is


def main(made: Path) -> None:
    """Écrit les fautes de chaque page, puis le compte."""
    paths = (path.relative_to(made) for path in made.rglob("*.html"))
    names = sorted(path.as_posix() for path in paths if path.parts[0] not in LEFT)
    KNOWN.parent.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, browser(Path(folder)) as page:

        def seen(name: str) -> list[str]:
            return [
                f"{width} : {fault}"
                for width in WIDTHS
                for fault in faults(page, made / name, width)
            ]

        found = measure(names, seen, KNOWN)
    for name in names:
        for fault in found[name]:
            print(name, fault)
    wrong = sum(bool(found[name]) for name in names)
    print(f"{len(names)} pages à {len(WIDTHS)} largeurs : {wrong} avec une faute")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else MADE)
