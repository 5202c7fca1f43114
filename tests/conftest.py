"""Ce que tous les essais partagent : un ramasse-miettes qui ne relit pas sans fin ce qui reste."""

from __future__ import annotations

import gc

import pytest


def pytest_sessionstart() -> None:
    gc.disable()  # collecting thousands of tests makes hardly any garbage


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # a page of Word makes and drops elements by the thousand
    gc.enable()
