"""Le chemin d'un document : ce qui est demandé est résolu une fois, le verdict rendu une fois, la
page imprimée et contrôlée des mêmes valeurs.
"""

from __future__ import annotations

import cProfile
import pickle
import pstats
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dla_docs import (
    DOCUMENTS,
    DlaDocsError,
    Document,
    InputError,
    Mission,
    NonConformityError,
    batch,
    check,
    generate,
    load,
    make_dossier,
    render,
)
from dla_docs.constat import Constat
from dla_docs.pipeline import attached
from dla_docs.profils.loading import load_profil
from dla_docs.resources import sample_path, template_path
from dla_docs.stages.envelope import from_json, open_envelope
from dla_docs.stages.request import resolve
from dla_docs.word.package import open_package
from tests.corpus import PROFILS, samples
from tests.word_forms import parts_of, zipped

BODY = "word/document.xml"
ONCE = (
    "loading.profil_of",
    "grafting.under",
    "request.resolve",
    "verdict.verdict",
    "printable.values",
    "rendering.fill",
    "quick_verification.proved",
    "template.drawn",
    "envelope.envelope",
)


def calls(action: Callable[[], Any]) -> Counter[str]:
    """Combien de fois chaque fonction de dla_docs a été appelée : ``verdict.verdict``."""
    watch = cProfile.Profile()
    watch.runcall(action)
    stats: dict[tuple[str, int, str], tuple[int, ...]] = vars(pstats.Stats(watch))["stats"]
    counted: Counter[str] = Counter()
    for (file, _, name), (_, made, *_) in stats.items():
        if "dla_docs" in Path(file).parts:
            counted[f"{Path(file).stem}.{name}"] += made
    return counted


@pytest.mark.parametrize("brouillon", [False, True])
def test_each_stage_is_called_once_for_one_document(tmp_path: Path, brouillon: bool) -> None:
    source = sample_path("cahier_des_charges")
    made = calls(lambda: generate(source, tmp_path / "un.docx", brouillon=brouillon))
    assert {name: made[name] for name in ONCE} == dict.fromkeys(ONCE, 1)
    assert made["verification.verified"] <= 1  # none, when one of the same shape was verified


def test_a_profile_answers_each_requirement_once(tmp_path: Path) -> None:
    source = sample_path("cahier_des_charges")
    generate(source, tmp_path / "un.docx", profil="centre")
    again = calls(lambda: generate(source, tmp_path / "deux.docx", profil="centre"))
    assert again["profil.force"] > 0 and again["profil._everywhere"] == again["profil.follows"] == 0


@pytest.mark.lent
def test_a_dossier_resolves_its_mission_once(tmp_path: Path) -> None:
    mission = load(sample_path("mission_individuelle"))
    assert isinstance(mission, Mission)
    held = sum(map(len, mission.documents.values()))
    made = calls(lambda: make_dossier(mission, tmp_path))
    assert made["request.resolve"] == made["loading.profil_of"] == 1
    pages = 2  # the summary, the proof
    assert made["printable.values"] == held + pages
    assert made["verdict.verdict"] == held + pages + 1


def test_a_row_of_a_batch_is_judged_once(tmp_path: Path) -> None:
    rows = [{"structures": [{"nom": f"Association Exemple n° {number}"}]} for number in range(3)]
    made = calls(lambda: list(batch(rows, "notification_de_choix", tmp_path, brouillon=True)))
    assert made["verdict.verdict"] == made["request.resolve"] == made["printable.values"] == 3


def test_what_is_returned_is_the_verdict(tmp_path: Path) -> None:
    blank = DOCUMENTS["cahier_des_charges"]()
    made = generate(blank, tmp_path / "un.docx", profil="centre", brouillon=True)
    assert list(made.constats) == check(blank, "centre") != []
    with pytest.raises(NonConformityError):
        generate(blank, tmp_path / "deux.docx", profil="centre")
    assert not (tmp_path / "deux.docx").exists()


def test_a_stage_that_does_not_exist_stops_a_draft_too(tmp_path: Path) -> None:
    grid = load(sample_path("grille_de_suivi"))
    assert isinstance(grid, Document)
    with pytest.raises(InputError, match="Le stade « fini » n'existe pas"):
        generate(grid, tmp_path / "un.docx", stade="fini", brouillon=True)
    assert not list(tmp_path.iterdir())


def test_a_pdf_carries_what_the_operator_s_own_template_prints(tmp_path: Path) -> None:
    """What a page does not show does not travel behind it, in Word or in PDF."""
    fiche, own = load(sample_path("fiche_prestataire")), tmp_path / "modele.docx"
    assert isinstance(fiche, Document)
    parts = parts_of(template_path("fiche_prestataire").read_bytes())
    shown = rb"<w:sdt>(?:(?!<w:sdt>).)*?\{\{ ressources\.effectif \}\}.*?</w:sdt>"
    body = re.sub(shown, b"<w:r/>", parts[BODY])
    parts[BODY] = body.replace(b"ressources.effectif is not none", b"formulaire")  # its label too
    own.write_bytes(zipped(parts))
    word = open_envelope(open_package(render(fiche, modele=own)))
    assert word is not None and "effectif" not in word.donnees["ressources"]
    assert from_json(attached(resolve(fiche, modele=own)).decode()).donnees == word.donnees
    assert "effectif" in from_json(attached(resolve(fiche)).decode()).donnees["ressources"]


@pytest.mark.parametrize("name", PROFILS)
def test_what_a_profile_has_found_changes_none_of_its_answers(name: str) -> None:
    used, fresh = load_profil(name), pickle.loads(pickle.dumps(load_profil(name)))
    assert isinstance(samples()["mission_collective"], Mission)
    said = [str(constat) for constat in check(samples()["mission_collective"], used)]
    assert said == [str(constat) for constat in check(samples()["mission_collective"], fresh)]
    assert used.suivies() == fresh.suivies() and used.suivies()


def raised(kind: type[DlaDocsError]) -> None:
    """Ce que fait un autre processus."""
    raise kind([Constat("Un.", chemin="a"), Constat("Deux.", conseil="Corrigez.")])


def kinds(root: type[DlaDocsError]) -> list[type[DlaDocsError]]:
    return [root, *(kind for below in root.__subclasses__() for kind in kinds(below))]


def test_an_error_keeps_its_constats_from_one_process_to_another() -> None:
    with ProcessPoolExecutor(1) as elsewhere:
        for kind in kinds(DlaDocsError):
            with pytest.raises(kind) as arrived:
                elsewhere.submit(raised, kind).result()
            assert type(arrived.value) is kind
            assert [constat.message for constat in arrived.value.constats] == ["Un.", "Deux."]
            assert str(arrived.value) == "Un.\nDeux. Corrigez."
