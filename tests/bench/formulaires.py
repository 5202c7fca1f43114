"""``python -m tests.bench.formulaires`` : le formulaire à l'écran de chaque document, rempli au
clavier avec l'exemple ; récrit le tableau de docs/cas/autre_outil.md. Ce qui est mesuré l'est une
fois : ``rm build/formulaires.jsonl`` recommence.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dla_docs import DOCUMENTS, load, to_yaml
from dla_docs.errors import DlaDocsError
from dla_docs.manual.pages import table
from dla_docs.resources import sample_path
from tests.as_written import as_written
from tests.bench.resultats import measure
from tests.browser import browser
from tests.docs.pages import ROOT
from tests.docs.test_site import violations
from tests.test_formulaire_a_l_ecran import filled, outside

PAGE = ROOT / "docs" / "cas" / "autre_outil.md"
KNOWN = ROOT / "build" / "formulaires.jsonl"
HEAD = ("document", "réponses", "fautes d'axe", "demandes au dehors", "redonne l'exemple")


def of_form(kind: str) -> dict[str, Any]:
    """Ce qui se mesure du formulaire d'un document."""
    sample = load(sample_path(kind))
    with TemporaryDirectory() as name, browser(Path(name, "chromium")) as page:
        made = filled(page, kind, Path(name))
        try:
            same = load(made) == sample
        except DlaDocsError as refused:
            print(kind, refused, file=sys.stderr)
            same = False
        return {
            "answers": sum(1 for _ in _answers(as_written(to_yaml(sample)))),
            "axe": violations(page),
            "outside": outside(page),
            "said": page.said,
            "same": same,
            "given": made.read_text(encoding="utf-8"),
        }


def _answers(written: Any) -> Iterator[str]:
    if isinstance(written, dict | list):
        held = written.values() if isinstance(written, dict) else written
        for one in held:
            yield from _answers(one)
    elif written:
        yield written


def shown(found: dict[str, dict[str, Any]]) -> str:
    """Le tableau de la page, une ligne par document ; un tiret où rien n'a encore été mesuré."""
    rows = [_row(kind, found[kind]) if kind in found else (kind, *"––––") for kind in DOCUMENTS]
    whole = f"{sum(one['same'] for one in found.values())} sur {len(DOCUMENTS)}"
    sums = (str(sum(map(int, column))) for column in zip(*_figures(found), strict=True))
    return "\n".join(table(HEAD, [*rows, ("en tout", *sums, whole)]))


def _row(kind: str, one: dict[str, Any]) -> tuple[str, ...]:
    figures = (one["answers"], len(one["axe"]), len(one["outside"]))
    return (f"`{kind}`", *map(str, figures), "oui" if one["same"] else "non")


def _figures(found: dict[str, dict[str, Any]]) -> list[tuple[str, ...]]:
    return [_row(kind, one)[1:-1] for kind, one in found.items()]


def main(kinds: list[str]) -> None:
    """Mesure ce qui ne l'est pas encore, et récrit le tableau ; « rien » le récrit seulement."""
    KNOWN.parent.mkdir(exist_ok=True)
    asked = [kind for kind in kinds or DOCUMENTS if kind in DOCUMENTS]
    found = measure(asked, of_form, KNOWN)
    before, _, after = PAGE.read_text(encoding="utf-8").partition(f"| {HEAD[0]} |")
    rest = after.partition("\n\n")[2].lstrip("\n")
    PAGE.write_text(f"{before}{shown(found)}\n\n{rest}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
