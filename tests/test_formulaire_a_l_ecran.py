"""Un formulaire à l'écran, fait du schéma par une bibliothèque qui ne nous connaît pas : rempli au
clavier seul, il donne le document que l'on voulait.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dla_docs import DOCUMENTS, load, to_yaml
from dla_docs.manual.schemas import asked_json, schema_json
from dla_docs.resources import sample_path
from tests.as_written import as_written
from tests.browser import Browser, browser
from tests.docs.pages import ROOT
from tests.docs.test_site import violations, wait_for

JEDISON = ROOT / ".ci" / "validateur" / "node_modules" / "jedison" / "dist/umd/jedison.umd.js"
FILLED = ("enquete_prestataire", "fiche_prestataire", "cahier_des_charges")
TIMES = 12  # through the whole form, at most: a row that is added opens what it holds
FOCUSED = """(() => {
    const one = document.activeElement, place = one.closest("[data-path]");
    const rows = document.querySelectorAll(`[data-path^="${place?.dataset.path}/"]`);
    const own = [...rows].map((row) => row.dataset.path.slice(place.dataset.path.length + 1));
    return JSON.stringify({
        id: one.id, tag: one.tagName, value: one.value ?? "",
        adds: one.classList.contains("jedi-array-add"), path: place?.dataset.path ?? "",
        rows: new Set(own.map((path) => path.split("/")[0])).size,
    });
})()"""


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_chaque_reponse_n_a_qu_une_forme(kind: str) -> None:
    schema = asked_json(kind)
    for definition in (schema, *schema["$defs"].values()):
        for name, one in definition["properties"].items():
            assert "anyOf" not in one and ("$ref" in one or isinstance(one["type"], str)), name
            assert one["title"], name


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_une_reponse_du_formulaire_est_de_celles_qu_on_peut_ecrire(kind: str) -> None:
    asked, written = asked_json(kind), schema_json(kind)
    for name, part in {"": asked, **asked["$defs"]}.items():
        whole = written["$defs"][name] if name else written
        assert part["properties"].keys() == whole["properties"].keys()
        for key, one in part["properties"].items():
            if "type" in one and key != "document":
                assert one["type"] in whole["properties"][key]["type"], key


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


@pytest.mark.lent
@pytest.mark.parametrize("kind", FILLED)
def test_rempli_au_clavier_il_donne_le_document(page: Browser, kind: str, tmp_path: Path) -> None:
    made = filled(page, kind, tmp_path)
    assert violations(page) == []
    assert outside(page) == page.said == []
    assert load(made) == load(sample_path(kind))


def filled(page: Browser, kind: str, folder: Path) -> Path:
    """Le formulaire d'un document, ouvert et rempli au clavier avec l'exemple ; le fichier que son
    bouton donne.
    """
    _open(page, kind, folder)
    # A sample may say a part in one text, rows by their keys, a choice by its short name: the file
    # that we write has one form for each answer, as the schema of the form does.
    wanted = as_written(to_yaml(load(sample_path(kind))))
    for _ in range(TIMES):
        if not _once_through(page, wanted):
            break
    made = folder / f"{kind}.json"
    made.write_text(page.value("JSON.stringify(formulaire.getValue())"), encoding="utf-8")
    return made


def outside(page: Browser) -> list[str]:
    """Ce que la page a demandé ailleurs qu'à côté d'elle."""
    return [asked for asked in page.asked if not asked.startswith("file:")]


def _open(page: Browser, kind: str, folder: Path) -> None:
    if not JEDISON.exists():
        pytest.skip("jedison manque : « bash .ci/installer_validateur.sh » l'installe")
    shutil.copy(JEDISON, folder)
    shutil.copy(ROOT / "samples" / "formulaire_a_l_ecran" / "index.html", folder)
    script = f"const schema = {json.dumps(asked_json(kind))};"
    (folder / "schema.js").write_text(script, encoding="utf-8")
    page.asked.clear()
    page.said.clear()
    page.open(folder / "index.html", 1280)
    wait_for(page, "typeof formulaire === 'object'")


def _once_through(page: Browser, wanted: Any) -> bool:
    """From the first field to the last, by the key Tab; true when something was still missing."""
    page.value("document.activeElement.blur(); getSelection().collapse(document.body, 0)")
    changed = False
    while (focused := _tab(page))["id"] != "enregistrer":
        given = _at(wanted, focused["path"])
        if focused["adds"] and given is not None and focused["rows"] < len(given):
            page.press("Enter")
        elif focused["tag"] == "SELECT" and given:
            changed = _choose(page, given) or changed
            continue
        elif focused["tag"] in ("INPUT", "TEXTAREA") and given and not focused["value"]:
            page.order("Input.insertText", text=given)
        else:
            continue
        changed = True
    return changed


def _tab(page: Browser) -> dict[str, Any]:
    page.press("Tab")
    focused: dict[str, Any] = json.loads(page.value(FOCUSED))
    return focused


def _choose(page: Browser, label: str) -> bool:
    """By the arrow, down to a choice."""
    shown = page.value("[...document.activeElement.options].map((one) => one.value)")
    rank = "document.activeElement.selectedIndex ?? -1"
    ranks = range(page.value(rank), shown.index(label))
    for before in ranks:
        page.press("ArrowDown")
        if page.value(rank) == -1:  # drawn again: the next time through goes on from there
            break
        assert page.value(rank) == before + 1
    return bool(ranks)


def _at(wanted: Any, path: str) -> Any:
    for step in path.split("/")[1:]:
        if isinstance(wanted, list):
            wanted = wanted[int(step)] if step.isdigit() and int(step) < len(wanted) else None
        else:
            wanted = wanted.get(step) if wanted else None
    return wanted
