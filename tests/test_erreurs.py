"""Une erreur est des nôtres, et arrive entière d'un processus à un autre."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

from dla_docs import (
    Constat,
    DlaDocsError,
    Gravite,
    InputError,
    check,
    errors,
    load,
    make_dossier,
    render,
    to_yaml,
    trame,
)
from dla_docs.resources import sample_path

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


def test_ce_qu_un_programme_donne_a_tort_est_dit_en_francais() -> None:
    """C'était une ``AttributeError`` ou une ``TypeError`` de Python."""
    cahier = load(sample_path("cahier_des_charges"))
    wrong: list[Callable[[], object]] = [
        lambda: check(None),  # type: ignore[arg-type]
        lambda: render(None),  # type: ignore[arg-type]
        lambda: to_yaml(None),  # type: ignore[arg-type]
        lambda: make_dossier(cahier, "dossier"),  # type: ignore[arg-type]
        lambda: trame("grille_de_suivi", lignes={"etapes": "8"}),  # type: ignore[dict-item]
    ]
    said = []
    for call in wrong:
        with pytest.raises(InputError) as refused:
            call()
        said.append(str(refused.value))
    assert all("Rien n'est ni un document ni une mission." in one for one in said[:3])
    assert "« Cahier des charges » est un document, et non une mission" in said[3]
    assert "« etapes=8 » : le nombre de lignes va de 1 à" in said[4]
