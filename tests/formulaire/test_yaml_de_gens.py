"""Une réponse s'écrit dans un YAML comme les gens en font : elle seule change, à l'octet près."""

from __future__ import annotations

from pathlib import Path

import pytest

from dla_docs import trame
from dla_docs.cli.application import run
from dla_docs.stages.loading import load_mission
from tests.word_forms import fill

TETE = "document: mission\nnature: individuelle\n"
DIAGNOSTIC = f"{TETE}documents:\n  diagnostic_partage:\n"
REFERENCE, NOM, AVIS = "reference", "structures[1].nom", "preconisations"
CAS = {  # the file, the field that the form fills with « Neuf », what changes in the file
    "CRLF": (f"{TETE}reference: A-1\n".replace("\n", "\r\n"), REFERENCE, ("A-1", "Neuf")),
    "BOM": (f"\ufeff{TETE}reference: A-1\n", REFERENCE, ("A-1", "Neuf")),
    "tabulation": (f"{TETE}reference: A-1\t# a\tb\n", REFERENCE, ("A-1", "Neuf")),
    "clé citée": (f"{TETE}'reference': \"A-1\"\n", REFERENCE, ("A-1", "Neuf")),
    "clé explicite": (f"{TETE}? reference\n: A-1\n", REFERENCE, ("A-1", "Neuf")),
    "à venir": (f"{TETE}reference:   # à venir\n", REFERENCE, ("reference:", "reference: Neuf")),
    "fin": (f"---\n{TETE}...\n", REFERENCE, ("...", "reference: Neuf\n...")),
    "au bord": (f"{TETE}structures:\n- nom: Un\n# x\n- nom: Deux\n", NOM, ("Deux", "Neuf")),
    "accolades": (f"{TETE}structures: [{{nom: Un}}, # x\n {{nom: Deux}}]\n", NOM, ("Deux", "Neuf")),
    "bloc": (f"{DIAGNOSTIC}    {AVIS}: |\n      a\n\n      b\n    presentation: c\n", AVIS,
             ("|\n      a\n\n      b", "Neuf")),
    "suite": (f"{DIAGNOSTIC}    {AVIS}: a\n      b\n    presentation: c\n", AVIS,
              ("a\n      b\n", "Neuf\n")),
    "ancre": (f"{TETE}reference: &r A-1\ndocuments:\n  diagnostic_partage: {{presentation: *r}}\n",
              REFERENCE, ("&r A-1", "Neuf")),
}  # fmt: skip


@pytest.mark.lent
@pytest.mark.parametrize("name", CAS)
def test_seule_la_reponse_change_dans_le_fichier(name: str, tmp_path: Path) -> None:
    text, tag, (old, new) = CAS[name]
    path, form = tmp_path / "mission.yaml", tmp_path / "retour.docx"
    path.write_bytes(text.encode())
    slug = "diagnostic_partage" if tag == AVIS else "mission"
    form.write_bytes(fill(trame(slug, load_mission(path)), {tag: "Neuf"}))
    assert run(["lire", str(form), "--dans", str(path)]) in (0, 1)
    expected = text.replace(old, new, 1)
    if name == "ancre":  # what the other document said by the anchor, it still says
        expected = expected.replace("*r", "A-1")
    assert path.read_bytes().decode() == expected
