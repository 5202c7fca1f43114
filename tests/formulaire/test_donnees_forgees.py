"""Des données jointes forgées : n'importe quelle valeur là où se tient une partie ou une suite de
lignes. Le fichier est lu, ou refusé d'une phrase ; rien d'autre.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from dla_docs import trame
from dla_docs.cli.application import run
from dla_docs.forms import trames
from dla_docs.model.node import Kind
from dla_docs.registry import FORMULAIRES
from dla_docs.stages.envelope import Enveloppe, PlaceDeFiche, data_of, from_json, open_envelope
from dla_docs.stages.loading import load_mission
from tests.formulaire.formulaires import sample
from tests.word_forms import fill, parts_of, zipped

FORMES: tuple[Any, ...] = (
    "texte",
    3,
    None,
    True,
    ["a", 1],
    [[{"cle": ["x"]}]],
    {"nom": {"nom": "x"}, "cle": ["p1"], "siret": 1.5},
    {"0": {"cle": {"a": 1}}},
)


def forged(slug: str) -> Iterator[Enveloppe]:
    """L'exemple de cette sorte, parti avec chaque forme à la place de ce qui dit de qui il est, et
    de toutes les parties à la fois.
    """
    document = sample(slug)
    data, children = data_of(document), type(document).schema_node().children
    parts = [name for name, node in children.items() if node.kind in (Kind.PART, Kind.ROWS)]
    for shape in FORMES:
        for names in (*([name] for name in parts if name in DE_QUI), parts):
            said = {**data, **dict.fromkeys(names, shape)}
            yield Enveloppe(slug, donnees=said, place=PlaceDeFiche("x", False, True))


DE_QUI = ("structures", "prestataire", "participant")  # what tells a form: each of them alone


@pytest.fixture(scope="module")
def page() -> dict[str, bytes]:
    """Les parties d'un petit formulaire, dont seules les données seront changées."""
    return parts_of(trame("enquete_prestataire"))


@pytest.mark.lent
@pytest.mark.parametrize("slug", FORMULAIRES)
def test_une_forme_forgee_est_lue_ou_refusee_d_une_phrase(
    slug: str, page: dict[str, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """À part, dans une mission nommée, puis parmi des missions à trouver."""
    many = "[{}, {}]" if FORMULAIRES[slug].multiple else "{}"
    held = f"documents: {{{slug}: {many}}}\n" if slug not in ("mission", "controle") else ""
    (missions := tmp_path / "missions").mkdir()
    (revenus := tmp_path / "revenus").mkdir()
    mission = missions / "mission.yaml"
    mission.write_text(f"document: mission\nreference: A-1\n{held}", encoding="utf-8")
    part = next(name for name in page if open_envelope({name: page[name]}))
    for rank, sent in enumerate(forged(slug)):
        octets = zipped({**page, part: sent.to_xml()})
        (revenus / f"{rank}.docx").write_bytes(octets)
    files = sorted(map(str, revenus.iterdir()))
    for command in (
        ["retours", str(revenus), "--dans", str(missions)],
        ["lire", *files, "--dans", str(mission)],
        ["reunir", files[0], "--dans", str(mission)],
        ["lire", files[0]],
    ):
        assert run(command) in (0, 1, 2)
        told = "".join(capsys.readouterr())
        assert "Défaut de dla-docs" not in told and "Traceback" not in told, command


CE_QUI_VOYAGE: dict[
    str, tuple[Any, Any]
] = {  # what a form carries unseen, and what a forger makes of it
    "document": ("proposition", "notification_de_choix"),
    "profil": ("national", "centre"),
    "role": ("prestataire", ""),
    "brouillon": (None, True),
    "mission": ({"reference": []}, {"reference": ["0"]}),
    "place": (["x", False, True], ["y", False, True]),
    "page": ([["a", ["b"]]], [["a", ["c"]]]),
    "donnees": ({"contact": "Alix"}, {"contact": "Noa"}),
    "dessins": (["une image"], []),
}


@pytest.mark.parametrize("name", CE_QUI_VOYAGE)
def test_ce_qui_voyage_avec_le_formulaire_ne_se_change_pas_sans_un_mot(name: str) -> None:
    said = {one: was for one, (was, _) in CE_QUI_VOYAGE.items() if was is not None}
    left = from_json(json.dumps({**said, "version": 1}))
    sealed = json.loads(left.to_json())
    assert from_json(json.dumps(sealed, indent=2)).intacte
    assert not from_json(json.dumps({**sealed, name: CE_QUI_VOYAGE[name][1]})).intacte


@pytest.mark.parametrize("fact", ["place", "mission"])
def test_un_formulaire_dont_la_place_ou_la_mission_est_forgee_est_refuse(
    fact: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Il irait à une autre fiche, ou dans une autre mission."""
    mission, form = tmp_path / "mission.yaml", tmp_path / "f.docx"
    mission.write_text(DEUX, encoding="utf-8")
    (_, one), (_, other) = trames("proposition", load_mission(mission))
    parts, theirs = parts_of(one), parts_of(other)
    part = next(name for name in parts if open_envelope({name: parts[name]}))
    said, others = (json.loads(etree.fromstring(held[part]).text or "") for held in (parts, theirs))
    others["mission"] = {"reference": ["0" * 16]}
    assert said[fact] != others[fact]
    xml = etree.fromstring(parts[part])
    xml.text = json.dumps({**said, fact: others[fact]}, ensure_ascii=False)
    form.write_bytes(fill(zipped({**parts, part: etree.tostring(xml)}), {"contact": "Alix"}))
    before = mission.read_bytes()
    assert run(["lire", str(form), "--dans", str(mission)]) == 2
    assert "ont été changées depuis son envoi" in capsys.readouterr().err
    assert mission.read_bytes() == before


DEUX = """document: mission
nature: individuelle
reference: A-1
documents:
  proposition:
    - prestataire: {nom: Calque}
    - prestataire: {nom: Papier}
"""
