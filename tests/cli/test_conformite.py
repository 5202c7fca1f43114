"""Le verdict et sa preuve : ce qui a été vérifié, ce qui n'avait pas à l'être, sur quoi, et selon
quelle version du référentiel.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import docx
import pytest
import yaml
from docx.oxml.ns import qn
from jsonschema import Draft202012Validator

from dla_docs import attest, load
from dla_docs.manual.catalogue import PACKAGED
from dla_docs.model.requirement import referentiel, retirees
from dla_docs.model.versions import Nouveaute, changements
from dla_docs.resources import sample_path
from dla_docs.stages.evidence_page import _runs
from tests import as_keyed, one_in
from tests.cli.conftest import Call
from tests.corpus import PROFILS

MISSIONS = ("mission_individuelle", "mission_collective", "mission_simplifiee")


@pytest.fixture
def mission(dla_docs: Call) -> Path:
    """L'exemple de la mission et tout ce qu'il cite, dans « essai »."""
    assert dla_docs("exemple", "mission", "-o", "essai").code == 0
    return Path("essai", "mission_individuelle.yaml")


def changed(path: Path, **changes: Any) -> Path:
    """Le même fichier, des champs changés (``documents__cahier_des_charges__theme``) ; ``None``
    efface.
    """
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for way, value in changes.items():
        *names, last = way.split("__")
        held = data
        for name in names:
            held = held[int(name) if name.isdigit() else name]
        held[last] = value
        if value is None:
            del held[last]
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def proof_of(said: Any) -> dict[str, Any]:
    """La preuve écrite à l'écran, conforme au schéma publié."""
    found: dict[str, Any] = json.loads(said.out)
    schema = json.loads((PACKAGED / "conformite.schema.json").read_text(encoding="utf-8"))
    assert schema["$id"] == "urn:dla-docs:conformite:1"
    assert [e.message for e in Draft202012Validator(schema).iter_errors(found)] == []
    return found


def reason(found: dict[str, Any], identifiant: str) -> tuple[str, str]:
    """Pourquoi une exigence n'a pas été vérifiée."""
    [one] = [row for row in found["non_verifiees"] if row["exigence"] == identifiant]
    return one["motif"], one["raison"]


@pytest.mark.parametrize(
    ("name", "profil"), one_in(5, [(name, profil) for name in MISSIONS for profil in PROFILS])
)
def test_chaque_exigence_est_dans_une_case_et_une_seule(name: str, profil: str) -> None:
    found = attest(load(sample_path(name), profil), profil)
    faulty = {one for constat in found.constats for one in constat.exigences}
    left = [one.exigence for one in found.non_verifiees]
    assert sorted([*found.respectees, *left, *faulty]) == sorted(referentiel())
    assert found.respectees and all(one.raison for one in found.non_verifiees)


def test_la_preuve_dit_ce_qui_est_respecte_et_pourquoi_le_reste_ne_l_est_pas(
    mission: Path, dla_docs: Call
) -> None:
    found = proof_of(dla_docs("verifier", mission, "--profil", "centre", "--format", "json"))
    assert found["conforme"] is True and "CDC-07" in found["respectees"]
    assert (found["profil"]["cle"], found["profil"]["fichiers"]) == ("centre", [])
    assert (found["juge"]["sorte"], found["juge"]["stade"]) == ("mission", "evaluee")
    assert reason(found, "RX-03") == (
        "profil",
        "aucun guide que suit le profil « centre » ne la demande",
    )
    assert reason(found, "EC-21")[0] == "condition" and "collective" in reason(found, "EC-21")[1]
    assert reason(found, "MON-01") == (
        "partie",
        "se lit dans un document qui n'est pas là : Monographie d'ingénierie collective",
    )
    assert "PRO-11" in found["respectees"]  # its field may stay blank; here it is filled
    assert reason(found, "PLA-01")[0] == "facultative" and reason(found, "EVI-07")[0] == "imprimee"


def test_chaque_ligne_va_avec_le_fichier_dont_elle_est(mission: Path, dla_docs: Call) -> None:
    """La mission en cite d'autres : la ligne 13 d'operateur.yaml n'est pas celle de la mission."""
    cited = mission.parent / "operateur.yaml"
    whole = cited.read_text(encoding="utf-8")
    cited.write_text(whole.replace("telephone: 02", "telephone: 12345 # 02"), encoding="utf-8")
    for command in (["verifier", mission], ["dossier", mission, "-o", "dossier"]):
        [said] = json.loads(dla_docs(*command, "--format", "json").out)["constats"]
        assert Path(said["fichier"]).name == "operateur.yaml" and said["ligne"]
    cited.write_text(whole, encoding="utf-8")
    changed(mission, documents__cahier_des_charges__objectifs__resultats=[])
    found = proof_of(dla_docs("verifier", mission, "--format", "json"))
    named = {one["nom"] for one in found["juge"]["fichiers"]}
    assert {one["fichier"] for one in found["constats"]} == {mission.name} and mission.name in named


def test_une_exigence_en_faute_n_est_plus_respectee(mission: Path, dla_docs: Call) -> None:
    changed(mission, documents__cahier_des_charges__objectifs__resultats=[])
    said = dla_docs("verifier", mission, "--format", "json")
    found = proof_of(said)
    assert (said.code, found["conforme"]) == (1, False)
    assert "CDC-07" not in found["respectees"]
    assert any("CDC-07" in constat["exigences"] for constat in found["constats"])


def test_ce_qui_est_demande_plus_tard_le_dit(dla_docs: Call) -> None:
    grille = Path(shutil.copy(sample_path("grille_de_suivi"), "grille.yaml"))
    rows = yaml.load(grille.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["etapes"]
    changed(grille, etapes=[{k: v for k, v in row.items() if k != "realise"} for row in rows])
    asked = ("verifier", grille, "--profil", "centre", "--format", "json", "--stade")
    early, late = (proof_of(dla_docs(*asked, stade)) for stade in ("en_cours", "final"))
    assert early["juge"]["stade"] == "en_cours"
    assert reason(early, "SUI-07") == ("stade", "demandée dès que le stade « final » est atteint")
    assert any("SUI-07" in constat["exigences"] for constat in late["constats"])


@pytest.mark.lent
def test_les_empreintes_sont_celles_des_fichiers_et_des_donnees(
    mission: Path, dla_docs: Call
) -> None:
    def judged() -> dict[str, Any]:
        held: dict[str, Any] = proof_of(dla_docs("verifier", mission, "--format", "json"))["juge"]
        return held

    first = judged()
    files = {one["nom"]: one["sha256"] for one in first["fichiers"]}
    assert {"mission_individuelle.yaml", "operateur.yaml", "prestataires/alpha.yaml"} <= set(files)
    for name, digest in files.items():
        assert hashlib.sha256(Path("essai", name).read_bytes()).hexdigest() == digest
    relaid = (changed(mission), judged())[1]  # the same data, laid out otherwise
    assert relaid["sha256"] == first["sha256"] and relaid["fichiers"] != first["fichiers"]
    assert (changed(mission, reference="DLA00-1"), judged())[1]["sha256"] != first["sha256"]


def test_le_profil_d_un_dla_a_son_empreinte(mission: Path, dla_docs: Call) -> None:
    own = Path("mon_dla.yaml")
    own.write_text("herite: centre\nnom: DLA d'exemple\n", encoding="utf-8")
    found = proof_of(dla_docs("verifier", mission, "--profil", own, "--format", "json"))
    digest = hashlib.sha256(own.read_bytes()).hexdigest()
    assert found["profil"]["fichiers"] == [{"nom": "mon_dla.yaml", "sha256": digest}]


def test_un_fichier_illisible_a_la_meme_forme(mission: Path, dla_docs: Call) -> None:
    mission.write_text(mission.read_text(encoding="utf-8") + "\ninconnu: 1\n", encoding="utf-8")
    said = dla_docs("verifier", mission, "--format", "json")
    found = proof_of(said)
    assert (said.code, found["conforme"], found["juge"]) == (2, False, None)
    assert "inconnu" in found["constats"][0]["message"]


def test_un_parcours_et_un_word_ont_leur_preuve(mission: Path, dla_docs: Call) -> None:
    parcours = sample_path("parcours_dla_04_05/parcours")
    whole = proof_of(dla_docs("verifier", parcours, "--format", "json"))
    assert whole["juge"]["sorte"] == "parcours"
    assert {"parcours.yaml", "phase_1.yaml", "plan.yaml"} <= {
        one["nom"] for one in whole["juge"]["fichiers"]
    }
    trame = ("trame", "grille_de_suivi", "-o", "suivi.docx", "--mission", mission)
    assert dla_docs(*trame, "--pour", "prestataire").code == 0
    back = proof_of(dla_docs("verifier", "suivi.docx", "--format", "json"))
    assert [one["nom"] for one in back["juge"]["fichiers"]] == ["suivi.docx"]
    assert back["juge"]["sorte"] == "grille_de_suivi"


def test_la_page_dit_le_verdict_puis_ce_qui_bloque_et_ce_qui_est_respecte(
    mission: Path, dla_docs: Call
) -> None:
    changed(mission, documents__cahier_des_charges__objectifs__resultats=[])
    said = dla_docs("verifier", mission, "--profil", "centre", "-o", "conformite.docx")
    assert (said.code, said.out.splitlines()[-1]) == (1, "conformite.docx")
    page = docx.Document("conformite.docx")
    texts = [as_keyed(one.text).replace("\N{NO-BREAK SPACE}", " ") for one in page.paragraphs]
    heads = [text for text in texts if text.startswith(("Le verdict", "Ce qui", "Ce sur"))]
    assert heads[0] == "Le verdict" and heads[1] == "Ce qui bloque"
    ends = [heads.index(text) for text in ("Ce sur quoi porte ce verdict", "Ce qui est respecté")]
    assert ends[0] + 1 == ends[1]
    written = "".join(one.text or "" for one in page.element.body.iter(qn("w:t")))
    plain = as_keyed(written).replace("\N{NO-BREAK SPACE}", " ")
    assert "Le verdictNon conforme au profil « Centre » (la mission est évaluée) : " in plain
    assert "Structure bénéficiaireAssociation Exemple Insertion" in plain
    assert "Ce qui est respectéGuide du CentreRubrique du guide" in plain
    assert "Coordonnées" not in plain
    foot = "".join(one.text for one in page.sections[0].footer.paragraphs)
    assert "DLA00-2005-07" in foot  # each page says of what it is the proof
    place = "Cahier des charges › Les objectifs et les résultats attendus › Résultats attendus"
    assert f"{place}Résultats attendus : contenu obligatoire absent." in plain
    path = "documents.cahier_des_charges.objectifs.resultats"  # it may break after a point
    assert path not in plain
    assert f"Dans le fichier : {path}" in plain.replace("\N{ZERO WIDTH SPACE}", "")
    assert "CDC-05 – Objectif général" in plain and "Ajoutez au moins un résultat." in plain
    assert hashlib.sha256(mission.read_bytes()).hexdigest() in plain


def test_la_page_accentue_les_capitales_des_guides_et_separe_les_titres_a_virgule(
    mission: Path, dla_docs: Call
) -> None:
    dla_docs("verifier", mission, "--profil", "centre", "-o", "conformite.docx")
    words = docx.Document("conformite.docx").element.body.iter(qn("w:t"))
    written = " ".join(one.text or "" for one in words)
    assert "À la fin de la mission, il est attendu" in written
    assert "À propos de l’évaluation de l’ingénierie" in written
    assert not re.search(r"\b(?:A (?:la|propos)|Etape|Echéance)\b", written)
    assert "\N{NARROW NO-BREAK SPACE}; Grille de suivi, pendant la mission" in written


def test_la_preuve_s_ecrit_aussi_en_donnees(mission: Path, dla_docs: Call) -> None:
    assert dla_docs("verifier", mission, "-o", "conformite.json").code == 0
    shown = proof_of(dla_docs("verifier", mission, "--format", "json"))
    assert json.loads(Path("conformite.json").read_text(encoding="utf-8")) == shown
    refused = dla_docs("verifier", mission, "-o", "conformite.xlsx")
    assert refused.code == 2 and "conformite.xlsx" in refused.err


@pytest.mark.lent
def test_une_mission_n_est_pas_blamee_de_ce_que_sa_version_ne_demandait_pas(
    mission: Path, dla_docs: Call
) -> None:
    ask = ("verifier", mission, "--profil", "centre")
    changed(mission, documents__diagnostic_partage__preconisations=None)
    changed(mission, documents__fiche_prestataire__0__mise_a_jour="10/01/2003")
    newest = dla_docs(*ask)
    assert newest.code == 1 and "(DP-10)" in newest.out and "BLOQUANT" in newest.out

    changed(mission, referentiel="1")
    begun = dla_docs(*ask)
    assert begun.code == 0 and "DP-10" not in begun.out
    assert "AVERTISSEMENT" in begun.out and "(RX-04)" in begun.out  # recommended, in version 1
    found = proof_of(dla_docs(*ask, "--format", "json", "--a-jour"))
    assert found["referentiel"] == {"version": 2, "date": "2026-11-28", "selon": 1}
    assert reason(found, "DP-10")[0] == "version"
    assert "DP-10" in found["a_jour"]["ajoutees"] and "CDC-20" in found["a_jour"]["retirees"]
    assert {"exigence": "RX-04", "avant": "R", "apres": "O"} in found["a_jour"]["forces"]
    said = {one for constat in found["a_jour"]["constats"] for one in constat["exigences"]}
    assert {"DP-10", "RX-04"} <= said

    ahead = dla_docs(*ask, "--a-jour")
    assert ahead.code == 0 and "22 exigences ajoutées" in ahead.out
    assert "(DP-10)" in ahead.out.partition("Elle dirait en plus")[2]


def test_une_mission_de_la_derniere_version_n_a_rien_a_apprendre(
    mission: Path, dla_docs: Call
) -> None:
    said = dla_docs("verifier", mission, "--a-jour")
    assert "Jugé selon la version la plus récente du référentiel (2)." in said.out


def test_une_version_inconnue_est_refusee(mission: Path, dla_docs: Call) -> None:
    refused = dla_docs("verifier", changed(mission, referentiel="7"))
    assert refused.code == 2
    assert "La version 7 du référentiel n'existe pas ; il y en a eu 1 et 2" in refused.err


def test_les_changements_s_accordent_avec_la_table() -> None:
    for one in changements():
        gone = one.nouveaute is Nouveaute.RETIREE
        assert one.id in (retirees() if gone else referentiel()), one.id
        if one.apres:
            assert one.apres is referentiel()[one.id].force, one.id
            assert one.avant is not one.apres
    assert {one.id for one in changements() if one.nouveaute is Nouveaute.RETIREE} == set(
        retirees()
    )


def test_ids_that_follow_one_another_are_said_by_their_ends() -> None:
    ids = ["MON-01", "MON-02", "MON-03", "MON-05", "EVI-06", "EVI-07"]
    assert [*_runs(ids)] == ["MON-01 à MON-03", "MON-05", "EVI-06", "EVI-07"]
