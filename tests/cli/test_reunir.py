"""reunir : le cycle de l'évaluation à trois, un désaccord et une triche ; les fiches de douze
participants.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from dla_docs import Mission, load
from dla_docs.resources import sample_path
from tests.cli.commandes import english_in
from tests.cli.conftest import Call, Said, refused
from tests.word_forms import fill, parts_of

AVIS, RELATION = "operationnalite.expertise.reponse", "relation.confiance.commentaire"
SUITE = "operationnalite.expertise.commentaire_prestataire"
DELAIS = "conditions.delais.commentaire"
PARTICIPANTS = (
    *(
        "Charlie Épreuve",
        "Élie Calque",
        "Yaël Pochoir",
        "Camille Essai",
        "Camille Essai",
        "Noa Brouillon",
    ),
    *("Sacha Modèle", "Lou Gabarit", "Alix Copie", "Maë Trame", "Eden/Esquisse", "Dany Croquis"),
)


def mission_without(sample: str, kind: str, following: str, instead: str) -> Path:
    """A sample mission, one of its documents not begun."""
    shutil.copytree(sample_path(sample).parent, "mission")
    path = Path("mission", f"{sample}.yaml")
    text = path.read_text(encoding="utf-8")
    begun = text.index(f"  {kind}:")
    left = text.index(f"  {following}:") if following else len(text)
    path.write_text(text[:begun] + instead + "\n" + text[left:], encoding="utf-8")
    return path


@pytest.fixture
def mission(dla_docs: Call) -> Path:
    """La mission d'exemple, son évaluation pas encore répondue."""
    return mission_without(
        "mission_individuelle",
        "evaluation_individuelle",
        following_of("mission_individuelle", "evaluation_individuelle"),
        "",
    )


@pytest.fixture
def collective(dla_docs: Call) -> Path:
    """La mission collective d'exemple, et ses douze participants, qui n'ont pas répondu."""
    rows = "".join(f"    - participant: {name}   # inscrit\n" for name in PARTICIPANTS)
    return mission_without(
        "mission_collective",
        "evaluation_collective",
        following_of("mission_collective", "evaluation_collective"),
        f"  evaluation_collective:\n{rows}",
    )


def following_of(sample: str, kind: str) -> str:
    """The document that the file holds after that one."""
    held = list(
        yaml.load(sample_path(sample).read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)[
            "documents"
        ]
    )
    return str(held[held.index(kind) + 1]) if kind != held[-1] else ""


def send(dla_docs: Call, mission: Path, role: str, name: str = "") -> Path:
    path = Path(f"{name or role}.docx")
    assert (
        dla_docs(
            "trame", "evaluation_individuelle", "-o", path, "--mission", mission, "--pour", role
        ).code
        == 0
    )
    return path


def evaluation(mission: Path) -> dict[str, object]:
    held = (
        yaml.load(mission.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)["documents"].get(
            "evaluation_individuelle"
        )
        or {}
    )
    assert isinstance(held, dict)
    return held


def at(data: object, path: str) -> object:
    for step in path.split("."):
        data = data.get(step) if isinstance(data, dict) else None
    return data


def test_le_cycle_de_l_evaluation_a_trois(mission: Path, dla_docs: Call) -> None:
    """La structure et le DLA répondent, à deux mains qui se contredisent ; le prestataire commente,
    et triche.
    """
    presidente, directeur = (
        send(dla_docs, mission, "structure", name) for name in ("presidente", "directeur")
    )
    charge = send(dla_docs, mission, "charge_de_mission")
    presidente.write_bytes(
        fill(
            presidente.read_bytes(),
            {AVIS: "Non", "relation.sur_site.reponse": "Oui", RELATION: "Bonne."},
        )
    )
    directeur.write_bytes(
        fill(directeur.read_bytes(), {AVIS: "Non", "relation.sur_site.reponse": "Non"})
    )
    charge.write_bytes(
        fill(charge.read_bytes(), {DELAIS: "Tenus.", "conditions.delais.reponse": "Oui"})
    )
    said = dla_docs("reunir", presidente, directeur, charge, "--dans", mission)
    assert said.code == 1 and not english_in(said.err)
    conflict = next(line for line in said.err.splitlines() if "relation.sur_site.reponse" in line)
    assert (
        "« Oui » dans presidente.docx (structure)" in conflict
        and "« Non » dans directeur.docx (structure)" in conflict
    )
    assert "le champ reste vide" in conflict
    held = evaluation(mission)
    assert [at(held, path) for path in (AVIS, RELATION, DELAIS, "relation.sur_site.reponse")] == [
        "Non",
        "Bonne.",
        "Tenus.",
        None,
    ]

    prestataire = send(dla_docs, mission, "prestataire")
    prestataire.write_bytes(
        fill(prestataire.read_bytes(), {SUITE: "Nous en avons parlé.", AVIS: "Oui"})
    )
    said = dla_docs("reunir", prestataire, presidente, charge, "--dans", mission)
    assert said.code == 1
    cheat = next(line for line in said.err.splitlines() if AVIS in line)
    assert (
        "prestataire.docx (prestataire)" in cheat
        and "« Non » est devenu « Oui »" in cheat
        and "structure" in cheat
        and "pas repris" in cheat
    )
    assert [at(evaluation(mission), path) for path in (AVIS, SUITE)] == [
        "Non",
        "Nous en avons parlé.",
    ]
    assert isinstance(load(mission), Mission)


def test_la_triche_se_voit_aussi_quand_les_deux_arrivent_ensemble(
    mission: Path, dla_docs: Call
) -> None:
    structure, prestataire = (
        send(dla_docs, mission, "structure"),
        send(dla_docs, mission, "prestataire"),
    )
    structure.write_bytes(fill(structure.read_bytes(), {AVIS: "Non"}))
    prestataire.write_bytes(fill(prestataire.read_bytes(), {AVIS: "Oui", SUITE: "Merci."}))
    for order in ((structure, prestataire), (prestataire, structure)):
        said = dla_docs("reunir", *order, "-o", "evaluation.yaml")
        assert (
            said.code == 1
            and "prestataire.docx (prestataire)" in said.err
            and "« Oui »" in said.err
        )
        held = yaml.load(
            Path("evaluation.yaml").read_text(encoding="utf-8"), Loader=yaml.CBaseLoader
        )
        assert [at(held, AVIS), at(held, SUITE)] == ["Non", "Merci."]


def test_reunir_deux_fois_n_ajoute_rien(mission: Path, dla_docs: Call) -> None:
    structure = send(dla_docs, mission, "structure")
    structure.write_bytes(fill(structure.read_bytes(), {AVIS: "Non"}))
    dla_docs("reunir", structure, "--dans", mission)
    once = mission.read_bytes()
    said = dla_docs("reunir", structure, structure, "--dans", mission)
    assert "0 changement écrit" in said.out and mission.read_bytes() == once


def test_en_json(mission: Path, dla_docs: Call) -> None:
    structure = send(dla_docs, mission, "structure")
    structure.write_bytes(fill(structure.read_bytes(), {AVIS: "Non"}))
    asked = ("reunir", structure, "--dans", mission, "--format", "json")
    [found] = json.loads(dla_docs(*asked).out)
    assert set(found) == {"document", "donnees", "changements", "refus", "constats", "fichiers"}
    assert [(one["chemin"], one["apres"]) for one in found["changements"]] == [(AVIS, "Non")]
    assert [Path(one).name for one in found["fichiers"]] == [mission.name]
    [again] = json.loads(dla_docs(*asked).out)  # nothing is left to write
    assert (again["changements"], again["fichiers"]) == ([], [])


def test_rien_n_est_ecrit_quand_un_fichier_ne_va_pas(mission: Path, dla_docs: Call) -> None:
    structure = send(dla_docs, mission, "structure")
    structure.write_bytes(fill(structure.read_bytes(), {AVIS: "Non"}))
    Path("scan.docx").write_bytes(b"\x89PNG")
    before = mission.read_bytes()
    said = dla_docs("reunir", structure, "scan.docx", "--dans", mission)
    assert (
        (said.code, said.out) == (2, "")
        and "scan.docx" in said.err
        and mission.read_bytes() == before
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            ["reunir", "structure.docx", "suivi.docx"],
            "ne sont pas deux formulaires d'un même document",
        ),
        (
            [
                "reunir",
                "structure.docx",
                "-o",
                "a.yaml",
                "--dans",
                "mission/mission_individuelle.yaml",
            ],
            "choisissez l'un ou l'autre",
        ),
        (
            ["reunir", "structure.docx", "-o", "mission/mission_individuelle.yaml"],
            "« --dans mission_individuelle.yaml »",
        ),
        (["reunir", "structure.docx", "absent.docx"], "absent.docx"),
        (["reunir", "vide"], "aucun formulaire"),
        (
            ["reunir", "structure.docx", "--dans", "mission/mission_collective.yaml"],
            "mission : Référence de la convention : « DLA00-2005-07-C1 » d'un côté",
        ),
        (["trame", "evaluation_individuelle", "-o", "dossier"], "ajoutez « --mission MISSION »"),
        (
            [
                "trame",
                "demande_de_modification",
                "-o",
                "dossier",
                "--mission",
                "mission/mission_simplifiee.yaml",
            ],
            "ne tient aucune fiche",
        ),
        (
            ["trame", "evaluation_individuelle", "-o", "c.docx", "--pour", "comite"],
            "n'a rien à remplir pour le rôle « comite »",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_ce_qui_ne_va_pas_est_dit_en_une_phrase(
    words: list[str], expected: str, mission: Path, dla_docs: Call
) -> None:
    send(dla_docs, mission, "structure")
    Path("vide").mkdir()
    assert (
        dla_docs(
            "trame",
            "grille_de_suivi",
            "-o",
            "suivi.docx",
            "--mission",
            mission,
            "--pour",
            "structure",
        ).code
        == 0
    )
    refused(dla_docs, words, expected)


def sheets(dla_docs: Call, mission: Path, role: str) -> tuple[list[Path], Said]:
    said = dla_docs(
        "trame", "evaluation_collective", "-o", f"{role}/", "--mission", mission, "--pour", role
    )
    assert said.code == 0
    return [Path(line) for line in said.out.splitlines() if line.endswith(".docx")], said


def answers_of(mission: Path, path: str) -> list[object]:
    held = yaml.load(mission.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)["documents"][
        "evaluation_collective"
    ]
    return [at(sheet, path) for sheet in held]


@pytest.mark.lent
def test_le_cycle_de_douze_participants(collective: Path, dla_docs: Call) -> None:
    blank, said = sheets(dla_docs, collective, "participant")
    assert len({path.name.casefold() for path in blank}) == 12 and said.err == ""
    for number, path in enumerate(blank):
        opinion = {
            "operationnalite.methodologie.reponse": "Oui" if number % 3 else "Non",
            "relation.echanges.commentaire": f"Avis {number}",
        }
        path.write_bytes(fill(path.read_bytes(), opinion))
    said = dla_docs("reunir", "participant", "--dans", collective)
    assert said.out.count("2 changements écrits") == 12 and not english_in(said.err)
    assert answers_of(collective, "relation.echanges.commentaire") == [
        f"Avis {number}" for number in range(12)
    ]
    assert collective.read_text(encoding="utf-8").count("# inscrit") == 12

    _, said = sheets(dla_docs, collective, "charge_de_mission")
    assert (
        said.err.count("RX-29") == 12
        and "« Élie Calque » : le prestataire ne l'a pas encore commentée" in said.err
    )
    to_comment, said = sheets(dla_docs, collective, "prestataire")
    assert said.err == ""
    for number, path in enumerate(to_comment):
        path.write_bytes(
            fill(
                path.read_bytes(),
                {
                    "relation.echanges.commentaire_prestataire": f"Suite {number}",
                    "commentee_le": "20/06/2006",
                },
            )
        )
    to_comment[3].write_bytes(
        fill(to_comment[3].read_bytes(), {"operationnalite.methodologie.reponse": "Oui"})
    )
    said = dla_docs("reunir", *reversed(to_comment), "--dans", collective)
    assert (
        said.code == 1
        and "Camille Essai" in said.err
        and "« Non » est devenu « Oui »" in said.err
        and "participant" in said.err
    )
    assert answers_of(collective, "relation.echanges.commentaire_prestataire") == [
        f"Suite {number}" for number in range(12)
    ]
    assert [
        str(said) for said in answers_of(collective, "operationnalite.methodologie.reponse")
    ] == ["Oui" if number % 3 else "Non" for number in range(12)]
    _, said = sheets(dla_docs, collective, "charge_de_mission")
    assert said.err == ""


@pytest.mark.lent
def test_les_fiches_anonymes_ne_disent_pas_de_qui_elles_sont(
    collective: Path, dla_docs: Call
) -> None:
    Path("mission", "dla.yaml").write_text(
        "herite: national\nnom: Notre DLA\nparticipants: anonymes\n", encoding="utf-8"
    )
    collective.write_text(
        collective.read_text(encoding="utf-8").replace("profil: national", "profil: dla.yaml"),
        encoding="utf-8",
    )
    blank, _ = sheets(dla_docs, collective, "participant")
    assert [path.name for path in blank] == [
        f"evaluation_collective - p{number}.docx" for number in range(1, 13)
    ]
    for path, name in zip(blank, PARTICIPANTS, strict=True):
        assert not any(name.encode() in data for data in parts_of(path.read_bytes()).values())
    blank[6].write_bytes(fill(blank[6].read_bytes(), {"relation.echanges.commentaire": "Sans nom"}))
    blank[7].write_bytes(fill(blank[7].read_bytes(), {"participant.nom": "Moi"}))
    said = dla_docs("reunir", "participant", "--dans", collective)
    assert answers_of(collective, "relation.echanges.commentaire") == [
        *[None] * 6,
        "Sans nom",
        *[None] * 5,
    ]
    assert (
        "p8.docx" in said.err
        and "participant.nom" in said.err
        and answers_of(collective, "participant")[7] == "Lou Gabarit"
    )


def test_une_fiche_vierge_ou_l_on_se_nomme_s_ajoute_a_la_mission(
    collective: Path, dla_docs: Call
) -> None:
    assert (
        dla_docs(
            "trame", "evaluation_collective", "-o", "vierge.docx", "--pour", "participant"
        ).code
        == 0
    )
    Path("noe.docx").write_bytes(
        fill(
            Path("vierge.docx").read_bytes(),
            {"participant.nom": "Noé Nouveau", "relation.echanges.commentaire": "Bien"},
        )
    )
    Path("lou.docx").write_bytes(
        fill(
            Path("vierge.docx").read_bytes(),
            {"participant.nom": "Lou Gabarit", "relation.echanges.commentaire": "Mieux"},
        )
    )
    for name, said in (("noe.docx", "2 changements écrits"), ("lou.docx", "1 changement écrit.")):
        assert said in dla_docs("lire", name, "--dans", collective).out
    assert answers_of(collective, "participant.nom")[12:] == ["Noé Nouveau"]
    assert answers_of(collective, "relation.echanges.commentaire") == [
        *[None] * 7,
        "Mieux",
        *[None] * 4,
        "Bien",
    ]
