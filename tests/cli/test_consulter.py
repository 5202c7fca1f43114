"""Les commandes qui renseignent : ce qu'elles listent, à l'écran, dans un tuyau, et pour un
programme.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dla_docs import DOCUMENTS, Mission
from dla_docs.cli.display import show_error
from dla_docs.constat import Constat, Gravite
from dla_docs.errors import InputError
from dla_docs.manual.requirement_index import kind_named
from dla_docs.manual.schemas import schema_json
from dla_docs.model.requirement import referentiel
from dla_docs.resources import sample_names, sample_path
from tests.cli.conftest import Call, without_colours

KINDS = [*DOCUMENTS, "mission"]
SAMPLES = [name for name in sample_names() if name in DOCUMENTS or name.startswith("mission_")]


def test_documents_en_json_tient_son_contrat(dla_docs: Call) -> None:
    found = json.loads(dla_docs("documents", "--format", "json").out)
    assert [one["slug"] for one in found] == list(DOCUMENTS)
    assert all(set(one) == {"slug", "titre", "nature", "guides"} for one in found)
    assert {
        "slug": "grille_de_suivi",
        "titre": "Grille de suivi, pendant la mission",
        "nature": "formulaire",
        "guides": ["C"],
    } in found


def test_exigences_en_json_tient_son_contrat(dla_docs: Call) -> None:
    found = json.loads(dla_docs("exigences", "--format", "json").out)
    assert [one["id"] for one in found] == list(referentiel())
    assert all(
        set(one) == {"id", "documents", "nature", "force", "guides", "source", "ou", "sans_trace"}
        for one in found
    )
    assert next(one for one in found if one["id"] == "SUI-08")["ou"] == [
        "grille_de_suivi.etapes[].commentaires"
    ]


def test_exigences_d_un_document_ne_montre_que_les_siennes(dla_docs: Call) -> None:
    found = json.loads(dla_docs("exigences", "grille_de_suivi", "--format", "json").out)
    assert found and all("grille_de_suivi" in one["documents"] for one in found)


@pytest.mark.lent
def test_une_exigence_dit_qui_la_demande_ou_elle_porte_et_le_remede(dla_docs: Call) -> None:
    said = dla_docs("exigences", "cdc-07").out
    for words in (
        "CDC-07 · résultats attendus",
        "Force : obligatoire (national, centre), pas demandé (npdc, paca)",
        "« énoncer les résultats attendus, pour permettre la conduite de l'évaluation »",
        "Porte sur : cahier_des_charges.objectifs.resultats (Résultats attendus)",
        "Message : Résultats attendus : contenu obligatoire absent (objectifs.resultats).",
        "Remède : Ajoutez au moins un résultat.",
    ):
        assert words in said
    found = json.loads(dla_docs("exigences", "CDC-07", "--format", "json").out)
    assert (found["id"], found["documents"]) == ("CDC-07", ["cahier_des_charges"])
    assert found["forces"]["national"] == "obligatoire"


def test_une_exigence_retiree_dit_pourquoi(dla_docs: Call) -> None:
    said = dla_docs("exigences", "DP-01")
    assert said.code == 2 and "DP-01 est retirée" in said.err and "PLA-07" in said.err


def test_une_exigence_mal_ecrite_n_est_pas_un_document(dla_docs: Call) -> None:
    said = dla_docs("exigences", "CDC-7")
    assert said.code == 2
    assert "L'exigence « CDC-7 » n'existe pas. Vouliez-vous dire « CDC-07 » ?" in said.err


def test_une_fiche_d_exigence_tient_dans_80_colonnes(terminal: Call) -> None:
    lines = without_colours(terminal("exigences", "RX-16").out).splitlines()
    assert max(map(len, lines[1:])) <= 80


def test_profils_en_json(dla_docs: Call) -> None:
    found = json.loads(dla_docs("profils", "--format", "json").out)
    assert {"cle": "centre", "nom": "Centre", "guides": ["C", "A", "E"]} in found
    assert [one["cle"] for one in found] == ["national", "centre", "npdc", "paca"]


def test_dans_un_tuyau_chaque_ligne_du_tableau_est_entiere(dla_docs: Call) -> None:
    said = dla_docs("exigences")
    lines = said.out.splitlines()
    assert said.err == "" and "\x1b" not in said.out
    for row in json.loads(dla_docs("exigences", "--format", "json").out):
        [line] = [line for line in lines if line.startswith(f"{row['id']} ")]
        assert line.split()[1] == row["force"] and ",".join(row["guides"]) in line
        assert line.endswith(" ".join(row["ou"]))


@pytest.mark.parametrize(
    "words",
    [
        ("documents",),
        ("exigences",),
        ("exigences", "proposition"),
        ("profils",),
        *(("montrer", kind) for kind in KINDS),
    ],
)
def test_sur_un_terminal_les_tableaux_tiennent_dans_80_colonnes(
    words: tuple[str, ...], terminal: Call
) -> None:
    said = terminal(*words)
    plain = without_colours(said.out)
    assert said.code == 0 and said.err == "" and "\x1b[" in said.out
    table = plain.partition("\n\nRègles\n")[0]
    assert max((len(line) for line in table.splitlines() if "─" in line), default=0) <= 80
    assert not any(
        len(line) > 80 for line in table.splitlines()[6:] if not line.startswith("O obligatoire")
    )


@pytest.mark.parametrize("kind", KINDS)
def test_montrer_dit_chaque_champ_et_chaque_regle(kind: str, dla_docs: Call) -> None:
    model = Mission if kind == "mission" else DOCUMENTS[kind]
    lines = dla_docs("montrer", kind).out.splitlines()
    for node in model.schema_node().walk():
        if node.path and node.path != "documents":
            assert any(
                line.startswith(f"{node.path} ") and all(str(one) in line for one in node.exigences)
                for line in lines
            ), node.path
    for rule in model.regles():
        if rule.exigences:
            assert any(rule.phrase in line and str(rule.exigences[0]) in line for line in lines)


def test_montrer_sur_un_terminal_a_la_forme_du_fichier(terminal: Call) -> None:
    lines = without_colours(terminal("montrer", "grille_de_suivi").out).splitlines()
    assert "Stades : vierge, previsionnel, en_cours, final" in lines
    place = next(number for number, line in enumerate(lines) if line.startswith("etapes "))
    assert "SUI-05 S" in lines[place] and "liste" in lines[place]
    assert any(line.startswith("  prevu ") for line in lines[place:])
    assert any(line.startswith("    dates ") and "période" in line for line in lines[place:])


@pytest.mark.parametrize("kind", KINDS)
def test_sur_un_terminal_aucune_cle_n_est_coupee(kind: str, terminal: Call) -> None:
    shown = {
        line.split()[0]
        for line in without_colours(terminal("montrer", kind).out).splitlines()
        if line.strip()
    }
    model = Mission if kind == "mission" else DOCUMENTS[kind]
    assert {
        node.name for node in model.schema_node().walk() if node.path and node.path != "documents"
    } <= shown


def test_sur_un_terminal_aucune_exigence_n_est_coupee(terminal: Call) -> None:
    shown = {
        line.split()[0]
        for line in without_colours(terminal("exigences").out).splitlines()
        if line.strip()
    }
    assert set(referentiel()) <= shown


@pytest.mark.parametrize(
    "word",
    [
        "grille_de_suivi",
        "Grille de suivi, pendant la mission",
        "grille-de-suivi",
        "GRILLE_DE_SUIVI",
        "grille de suivi",
    ],
)
def test_un_document_se_nomme_aussi_par_son_titre(word: str) -> None:
    assert kind_named(word).slug() == "grille_de_suivi"


@pytest.mark.parametrize("kind", KINDS)
def test_le_schema_accepte_la_forme_des_fichiers_et_porte_les_exigences(
    kind: str, dla_docs: Call
) -> None:
    schema = json.loads(dla_docs("schema", kind).out)
    assert schema["properties"]["document"]["const"] == kind
    assert schema["additionalProperties"] is False
    assert "x-exigence" in json.dumps(schema)
    missing = [ref for ref in _refs(schema) if ref.rpartition("/")[2] not in schema["$defs"]]
    assert missing == []


def test_un_schema_sert_l_ecran_ou_la_page_pas_les_deux(dla_docs: Call) -> None:
    said = dla_docs("schema", "proposition", "--formulaire", "--impression")
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "ERREUR « --formulaire » dit ce qu'un écran demande, « --impression » ce qu'une page "
        "imprime : choisissez l'un ou l'autre.\n"
    )


def test_deux_lignes_de_meme_nom_restent_deux_definitions() -> None:
    definitions = schema_json("mission")["$defs"]
    for slug in DOCUMENTS:
        alone = schema_json(slug)["$defs"]
        for name, definition in alone.items():
            same = [
                found
                for key, found in definitions.items()
                if key == name or key.endswith(f"__{name}")
            ]
            assert list(definition["properties"]) in [
                list(found["properties"]) for found in same
            ], f"{slug} : {name}"


def test_le_schema_d_une_mission_accepte_un_fichier_cite_et_des_lignes_par_cle() -> None:
    schema = schema_json("mission")
    operator = schema["properties"]["operateur"]["$ref"].rpartition("/")[2]
    assert schema["$defs"][operator]["type"] == ["object", "string", "null"]
    rows = schema["properties"]["structures"]
    assert {"object", "array", "string"} <= set(rows["type"])
    assert rows["items"] == rows["additionalProperties"]
    assert set(schema["properties"]["documents"]["properties"]) == set(DOCUMENTS)


def _refs(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return [*own, *(ref for item in value.values() for ref in _refs(item))]
    return [ref for item in value for ref in _refs(item)] if isinstance(value, list) else []


@pytest.mark.parametrize("name", SAMPLES)
def test_l_exemple_affiche_est_celui_qui_est_livre(name: str, dla_docs: Call) -> None:
    assert dla_docs("exemple", name).out == sample_path(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("slug", [slug for slug in DOCUMENTS if slug in sample_names()])
def test_l_exemple_d_un_document_se_verifie_tel_quel(slug: str, dla_docs: Call) -> None:
    Path("copie.yaml").write_text(dla_docs("exemple", slug).out, encoding="utf-8")
    assert dla_docs("verifier", "copie.yaml").code == 0


def test_l_exemple_de_la_mission_dit_comment_avoir_ce_qu_il_cite(dla_docs: Call) -> None:
    said = dla_docs("exemple", "mission")
    assert said.out.startswith("# Une mission")
    assert "operateur.yaml" in said.err and "« dla-docs exemple mission -o DOSSIER »" in said.err


@pytest.mark.parametrize("slug", ["cahier_des_charges", "grille_de_lecture"])
def test_l_exemple_en_json_se_verifie_tel_quel(slug: str, dla_docs: Call) -> None:
    """Un programme lit du JSON : c'était le fichier YAML."""
    Path("copie.json").write_text(dla_docs("exemple", slug, "--format", "json").out, "utf-8")
    assert dla_docs("verifier", "copie.json").code == 0


@pytest.mark.parametrize("name", SAMPLES)
def test_l_exemple_ecrit_dans_un_dossier_a_tout_ce_qu_il_cite(name: str, dla_docs: Call) -> None:
    said = dla_docs("exemple", name, "-o", "a/essai")
    assert said.code == 0
    lines = said.out.splitlines()
    written = [Path(line) for line in (lines if len(lines) == 1 else lines[:-1])]
    assert len(lines) == 1 or lines[-1].startswith(f"{len(written)} fichiers dans ")
    assert written[0] == Path("a/essai", f"{name}.yaml")
    assert all(path.is_file() for path in written)
    assert dla_docs("verifier", written[0]).code == 0
    for path in Path("a/essai").rglob("*.yaml"):
        for line in path.read_text(encoding="utf-8").splitlines():
            for word in line.replace("{", " ").replace("}", " ").replace(",", " ").split():
                if (
                    word.endswith((".png", ".yaml"))
                    and not line.lstrip().startswith("#")
                    and "#" not in line.split(word)[0]
                ):
                    assert (path.parent / word).is_file(), f"{path} cite {word}"


def test_l_exemple_n_ecrase_pas_ce_qu_on_y_a_change(dla_docs: Call) -> None:
    assert dla_docs("exemple", "mission", "-o", "essai").code == 0
    assert dla_docs("exemple", "mission", "-o", "essai").code == 0
    own = Path("essai/operateur.yaml")
    own.write_text("nom: le mien\n", encoding="utf-8")
    Path("essai/mission_individuelle.yaml").unlink()
    said = dla_docs("exemple", "mission", "-o", "essai")
    assert said.code == 1 and "operateur.yaml" in said.err and "laissé tel quel" in said.err
    assert own.read_text(encoding="utf-8") == "nom: le mien\n"
    assert Path("essai/mission_individuelle.yaml").exists()


def test_un_dossier_qui_ne_peut_pas_etre_cree_est_dit(dla_docs: Call) -> None:
    Path("fichier").write_text("", encoding="utf-8")
    said = dla_docs("exemple", "mission", "-o", "fichier/essai")
    assert (said.code, said.err) == (
        2,
        "ERREUR Le dossier « fichier/essai » ne peut pas être créé : « fichier » est un fichier ; "
        "indiquez un autre dossier.\n",
    )


def test_la_version_se_dit(dla_docs: Call) -> None:
    said = dla_docs("--version")
    assert said.code == 0 and said.out.startswith("dla-docs")


def test_un_refus_dit_faute_ce_qui_en_est_une(capsys: pytest.CaptureFixture[str]) -> None:
    faults = (Constat("La faute."), Constat("Bon à savoir.", Gravite.AVERTISSEMENT))
    show_error(InputError(faults))
    assert capsys.readouterr().err.splitlines() == [
        "ERREUR La faute.",
        "AVERTISSEMENT Bon à savoir.",
    ]


def test_le_tiret_est_l_ecran_et_jamais_le_nom_d_un_dossier(dla_docs: Call) -> None:
    assert dla_docs("exemple", "mission", "-o", "-") == dla_docs("exemple", "mission")
    Path("t.csv").write_text("reference\nDLA00\n", encoding="utf-8")
    for words in (
        ("dossier", sample_path("mission_individuelle")),
        ("lot", "t.csv", "fiche_prestataire"),
        ("trame", "proposition", "--mission", sample_path("mission_individuelle")),
    ):
        said = dla_docs(*words, "-o", "-")
        assert said.code == 2 and "« - » : cette commande écrit un " in said.err, words
    assert not Path("-").exists()
