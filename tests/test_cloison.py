"""Ce qu'un texte libre dirait à un prestataire d'un autre : son nom, les siens, ses numéros, de
quelque façon qu'on les écrive ; et rien de ce qui est aussi de lui, ou de tous.
"""

from __future__ import annotations

from functools import cache

import pytest

from dla_docs import GrilleDeLecture, InputError, Mission, Role, trame
from dla_docs.dossier.recipient import Remise, cited_others
from dla_docs.model.recipients import Destinataire
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_mission
from tests.documents.verdict import loaded

INDIVIDUELLE = "mission_individuelle"
ALPHA = Remise(Destinataire.RETENU, "alpha", "Cabinet Alpha Exemple")
BETA = Remise(Destinataire.SOLLICITE, "beta", "Coopérative Bêta Exemple")


@cache
def sample() -> Mission:
    return load_mission(sample_path(INDIVIDUELLE))


def called(nom: str, contact: str = "Sacha Prototype") -> Mission:
    """La mission où le deuxième sollicité a ce nom, et ce contact."""
    held = {"nom": nom, "contact": {"nom": contact}}
    changed = loaded(INDIVIDUELLE, {"mise_en_concurrence.sollicites.1.prestataire": held})
    assert isinstance(changed, Mission)
    return changed


def told(text: str, to: Remise, mission: Mission | None = None) -> list[str]:
    return [one.message for one in cited_others([("message", text)], mission or sample(), to)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("préparé avec la COOPERATIVE BETA EXEMPLE.", "citerait un autre prestataire, « Coop"),
        ("vu avec Sacha  Prototype hier", "quelqu'un d'un autre prestataire, « Sacha Prototype »"),
        ("Alix\N{NO-BREAK SPACE}MAQUETTE viendra", "quelqu'un d'un autre prestataire, « Alix"),
        ("siret 00000002600013", "le SIRET d'un autre prestataire"),
        ("siret 000 000 026 00013", "le SIRET d'un autre prestataire"),
        ("siren 000.000.026", "le SIRET d'un autre prestataire"),
        ("au 01.99.00.12.34", "le téléphone d'un autre prestataire"),
        ("au +33 (0)1 99 00 12 34", "le téléphone d'un autre prestataire"),
        ("à Sacha.Prototype@Example.org", "le courriel d'un autre prestataire"),
        ("Maxime Témoin a décliné", "quelqu'un d'un autre prestataire, « Maxime Témoin »"),
    ],
)
def test_what_would_tell_who_another_is_is_found(text: str, said: str) -> None:
    assert any(said in one and one.endswith("(message).") for one in told(text, ALPHA))


@pytest.mark.parametrize(
    "text",
    [
        "Claude Fictif, 02 61 91 00 30, claude.fictif@example.org, 000 000 018 00010",
        "Andrea Modèle, Camille Exemple, Association Exemple Insertion, 000 000 042 00010",
        "Bêta, coopérative, Alix, Exemple, prototype d'un bureau d'études",
        "le 01/09/2005, 9 000 €, 990012",
    ],
)
def test_what_is_his_or_of_everyone_is_not(text: str) -> None:
    assert told(text, ALPHA) == []


def test_the_consultant_of_the_mission_is_of_the_one_who_is_chosen() -> None:
    for text in ("Claude Fictif conduira la mission.", "au 02 61 91 00 30", "880 € chez Alpha"):
        assert bool(told(text, BETA)) is ("880" not in text), text


def test_someone_who_is_of_both_may_be_named() -> None:
    """Deux cabinets peuvent avoir le même consultant."""
    assert told("Claude Fictif", BETA, called(BETA.nom, contact="Claude Fictif")) == []


def test_a_company_is_named_without_its_legal_form() -> None:
    assert told("comme chez Zeugma-Conseil", ALPHA, called("SARL Zeugma Conseil"))
    assert told("le conseil d'administration", ALPHA, called("Conseil S.A.S.")) == []


def test_a_form_and_an_extract_do_not_say_it_either() -> None:
    place = "documents.evaluation_individuelle.conditions.contenu.commentaire"
    mission = loaded(INDIVIDUELLE, {place: "Sacha Prototype l'aurait fait autrement."})
    with pytest.raises(InputError, match="quelqu'un d'un autre prestataire"):
        trame("evaluation_individuelle", mission, Role.PRESTATAIRE)
    place = "documents.grille_de_lecture.projets.alpha.commentaires"
    [grid] = loaded(INDIVIDUELLE, {place: "Appeler le 01 99 00 12 34."}).tous(GrilleDeLecture)
    with pytest.raises(InputError, match="le téléphone d'un autre prestataire"):
        grid.vu_par("alpha")
