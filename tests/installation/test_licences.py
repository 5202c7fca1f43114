"""La page des licences nomme tout ce qui s'installe, celle de chacun à côté."""

from __future__ import annotations

import re
from pathlib import Path

from packaging.utils import canonicalize_name

from tests.test_installation import PROJECT, pins
from tests.test_wheel import required

PAGE = Path(__file__).parents[2] / "docs" / "decisions" / "0012-licence-eupl.md"
ROWS = re.findall(
    r"^\| ([a-z0-9-]+) \| (.+) \| (dossier|extra) \|$", PAGE.read_text(encoding="utf-8"), re.M
)


def named(where: str) -> set[str]:
    """Les bibliothèques que la page range là."""
    return {name for name, _, said in ROWS if said == where}


def test_la_page_des_licences_nomme_tout_ce_que_make_dossier_installe_et_rien_d_autre() -> None:
    assert named("dossier") == set(pins("requirements-dossier.lock"))
    assert len(ROWS) == len({name for name, _, _ in ROWS})


def test_la_page_des_licences_nomme_tout_ce_que_les_extras_demandent() -> None:
    asked = [one for extra in PROJECT["project"]["optional-dependencies"].values() for one in extra]
    brought = {canonicalize_name(one.metadata["Name"]) for one in required(asked)}
    assert brought - named("dossier") - named("extra") == set()
    assert named("extra") <= set(pins("requirements.lock"))
