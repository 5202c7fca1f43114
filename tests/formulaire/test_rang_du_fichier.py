"""Un message sur une liste que la mission prête et que le fichier complète : l'endroit de la page,
puis la ligne et le chemin tels que le fichier les compte.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dla_docs.cli.application import run

MISSION = """document: mission
nature: individuelle
documents:
  grille_de_suivi:
    etapes:
      - {cle: e1, intitule: Écouter}
      - {cle: e2, intitule: Écrire}
      - {cle: e3, intitule: Rendre}
  rapport_final:
    etapes:
"""
ETAPES = "(documents.rapport_final.etapes[%d].%s)"


def told(tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: str) -> list[str]:
    path = tmp_path / "m.yaml"
    path.write_text(MISSION + rows, encoding="utf-8")
    run(["verifier", str(path)])
    said = capsys.readouterr()
    return [one for one in (said.out + said.err).splitlines() if "rapport_final.etapes" in one]


@pytest.mark.parametrize(
    "rows",
    [
        "      - {cle: e3, commentaire: à compléter}\n      - {cle: e9, intitule: Autre}\n",
        "      e3: {commentaire: à compléter}\n      e9: {intitule: Autre}\n",
        "      - {}\n      - {cle: e3, commentaire: à compléter}\n      - {cle: e9}\n",
    ],
    ids=["liste", "par clé", "après une ligne vide"],
)
def test_un_constat_dit_la_ligne_de_la_page_et_le_rang_du_fichier(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: str
) -> None:
    empty = rows.count("{}\n")
    said = [one for one in told(tmp_path, capsys, rows) if "« à compléter »" in one]
    (one,) = said
    assert f"ligne {11 + empty} : " in one and ", ligne 3 › " in one
    assert ETAPES % (empty, "commentaire") in one


def test_une_ligne_que_le_fichier_n_a_pas_prend_le_rang_qui_suit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(tmp_path, capsys, "      - {cle: e3, commentaire: Rendu}\n")
    lacking = [one for one in said if "Commentaire" in one]
    places = [(f", ligne {rank} › ", ETAPES % (rank, "commentaire")) for rank in (1, 2)]
    assert [
        all(part in one for part in place) for one, place in zip(lacking, places, strict=True)
    ] == [True] * 2


def test_une_faute_de_forme_dit_le_rang_du_fichier(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (one,) = told(tmp_path, capsys, "      - {cle: e2, realise: hier}\n")
    assert "ligne 11 : " in one and ETAPES % (0, "realise") in one
