"""Chaque groupe de dépendances tient ce qui sert, et rien d'autre : ce que le paquet demande
toujours sert sans extra, ce qu'un extra apporte sert là où le code l'attend.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions

import pytest
from packaging.utils import canonicalize_name

from dla_docs.cli.refusals import EXTRAS
from tests.docs.test_architecture import aimed_at, paths
from tests.imports import Import, imports_of
from tests.test_installation import NOT_FROM_PYPI, PROJECT, declared, of_the_notebooks

# The modules that load with an extra only; all others are the core, and load without any.
BEHIND = {
    "docxtpl_engine.calls": "docxtpl",
    "docxtpl_engine.filling": "docxtpl",
    "docxtpl_engine.sandbox": "docxtpl",
    "pdf.field_names": "pdf",
    "pdf.layout": "pdf",
    "pdf.repeated": "pdf",
    "tables.xlsx_parts": "lot",
}
# What an extra holds that the message of no absent module names, and why.
BESIDES = {
    "docxtpl": {"markupsafe"},  # Jinja brings it, and the engine calls it by its name
    "lecture": declared("pdf"),  # what is made without LibreOffice is read back
    # IPython comes with ipykernel
    "notebook": declared("pdf", "lot") | of_the_notebooks() - {"ipython"} | {"ipykernel"},
}
NOT_IMPORTED = {  # those extras serve what people write: their own cluster, a notebook
    "distributed": "batch reçoit le Client que l'on a ouvert",
    "nbclient": "exécute un carnet",
    "nbformat": "lit un carnet",
}


CORE = sorted(paths().keys() - BEHIND.keys())
ASKED = declared("")
EXTRA_NAMES = sorted(PROJECT["project"]["optional-dependencies"])


def at_load(module: str) -> tuple[Import, ...]:
    """Ce que ce module importe dès qu'il se charge."""
    return tuple(one for one in imports_of(paths()[module]) if one.at_load)


def distributions(imports: Iterable[Import]) -> set[str]:
    """Les distributions, hors du paquet, d'où viennent ces importations."""
    modules = {one.module.partition(".")[0] for one in imports}
    return set(map(of, modules - set(sys.stdlib_module_names) - NOT_FROM_PYPI))


homes = cache(packages_distributions)


@cache
def of(module: str) -> str:
    """La distribution qui porte ce module."""
    return canonicalize_name(min(homes()[module], key=len))


def used(modules: Iterable[str]) -> set[str]:
    """Les distributions dont ces modules importent quelque chose, où que ce soit."""
    return distributions(one for module in modules for one in imports_of(paths()[module]))


def test_le_coeur_se_charge_sans_aucun_extra() -> None:
    wanting = {module: distributions(at_load(module)) - ASKED for module in CORE}
    assert {module: missing for module, missing in wanting.items() if missing} == {}
    led = {(module, aimed_at(one)) for module in CORE for one in at_load(module)}
    assert {(module, to) for module, to in led if to in BEHIND} == set()


def test_ce_que_le_paquet_demande_toujours_sert_au_coeur() -> None:
    assert ASKED - used(CORE) == set()


def test_ce_qui_attend_un_extra_dit_lequel_quand_il_manque() -> None:
    assert used(paths()) - ASKED == said() - NOT_IMPORTED.keys() | BESIDES["docxtpl"]


def said(*extras: str) -> set[str]:
    """Les distributions absentes dont un message dit qu'un de ces extras les apporte."""
    return {of(module) for module, extra in EXTRAS.items() if not extras or extra in extras}


@pytest.mark.parametrize("extra", EXTRA_NAMES)
def test_un_extra_tient_ce_que_les_messages_disent_de_lui_et_rien_d_autre(extra: str) -> None:
    assert declared(extra) == said(extra) | BESIDES.get(extra, set())


@pytest.mark.parametrize("module", sorted(BEHIND))
def test_ce_qui_se_charge_derriere_un_extra_n_attend_que_lui(module: str) -> None:
    wanted = distributions(at_load(module)) - ASKED
    assert wanted <= declared(BEHIND[module])
    assert wanted or {aimed_at(one) for one in at_load(module)} & BEHIND.keys()
