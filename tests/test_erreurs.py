"""Une erreur qui passe d'un processus à un autre y arrive entière."""

from __future__ import annotations

import pickle

import pytest

from dla_docs import Constat, DlaDocsError, Gravite, errors

ERRORS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, DlaDocsError)
]
SAID = (
    Constat(
        "« 31/02/2005 » n'est pas une date.",
        Gravite.BLOQUANT,
        "mise_en_concurrence.date_limite",
        ("RX-01",),
        "mission.yaml",
        12,
        "Écrivez par exemple 12/03/2013.",
        "Guide du Centre (RX-01).",
    ),
    Constat("Une remarque.", Gravite.INFORMATION),
)


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: str(kind.__name__))
def test_une_erreur_traverse_les_processus_avec_ses_constats(kind: type[DlaDocsError]) -> None:
    for given in (SAID, SAID[0], "Une phrase."):
        sent = kind(given)
        arrived = pickle.loads(pickle.dumps(sent))
        assert type(arrived) is kind
        assert arrived.constats == sent.constats and str(arrived) == str(sent)
        assert arrived.exit_code == sent.exit_code
