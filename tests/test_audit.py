"""« L'intervention n'est pas un audit » : l'annoncer se dit, l'écarter ou s'appuyer sur celui d'un
autre ne se dit pas.
"""

from __future__ import annotations

import pytest

from tests.documents.verdict import named, verdict

OU = "documents.proposition[0].modalites.methodologie"


@pytest.mark.parametrize(
    ("texte", "audit"),
    [
        ("Un audit de l'organisation, puis des recommandations.", True),
        ("Réaliser l'audit financier de la structure", True),
        ("Mener un audit, sans attendre l'été", True),
        ("Nous ne réaliserons pas d'audit : nous faisons avec l'équipe.", False),
        ("L'intervention n'est en aucun cas un audit.", False),
        ("Plutôt qu'un audit, un travail avec les salariés.", False),
        ("Elle s'appuie sur l'audit comptable réalisé en 2004 par la fédération.", False),
        ("À partir de l'audit mené par le réseau, écrire un plan.", False),
    ],
)
def test_an_audit_is_one_when_it_is_what_will_be_done(texte: str, audit: bool) -> None:
    assert ("RX-34" in named(verdict("mission_individuelle", {OU: texte}, "npdc"))) == audit
