"""Une réponse s'écrit dans un YAML comme les gens en font : elle seule change, à l'octet près."""

from __future__ import annotations

from pathlib import Path

import pytest

from dla_docs import trame
from dla_docs.cli.application import run
from dla_docs.stages.loading import load_mission
from tests.formulaire.formulaires import answers
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


ALPHA = "nom: Cabinet Alpha Exemple # alpha\ncontact: {nom: Camille Exemple}\n"
SOLLICITES = """\
mise_en_concurrence:
  sollicites:
    - {cle: alpha, prestataire: prestataires/alpha.yaml}
    - {cle: beta, prestataire: {nom: Bêta Exemple}}
documents:
  proposition:
"""
TROIS_ETAGES = {
    "mission.yaml": f"{TETE}mise_en_concurrence: c/concurrence.yaml # citée\n",
    "c/concurrence.yaml": "# la liste\nsollicites:\n  - s/alpha.yaml # la première\n",
    "c/s/alpha.yaml": "cle: alpha\nprestataire: ../../prestataires/alpha.yaml\n",
    "prestataires/alpha.yaml": ALPHA,
}
DEUX_DOCUMENTS = {
    "mission.yaml": f"{TETE}{SOLLICITES}    - &p\n      prestataire: alpha\n"
    "      calendrier: {planification: x} # un\n"
    "    # entre\n    - <<: *p\n      prestataire: beta\n",
    "prestataires/alpha.yaml": ALPHA,
}
UN_SEUL = {
    "mission.yaml": f"{TETE}{SOLLICITES}    prestataire: alpha # le sien\n    # puis\n"
    "    calendrier: {planification: x}\n",
    "prestataires/alpha.yaml": ALPHA,
}
ANNUAIRE = {
    "mission.yaml": f"{TETE}mise_en_concurrence: {{sollicites: prestataires/liste.yaml}}\n",
    "prestataires/liste.yaml": "alpha: {prestataire: alpha.yaml} # la première\n",
    "prestataires/alpha.yaml": ALPHA,
}
REPRISE = {
    "mission.yaml": f"{TETE}structures:\n  - &s\n    nom: Un\n"
    "    responsable: {nom: Camille Exemple} # d\n  - <<: *s\n    nom: Deux # e\n",
}
CONTACT = "mise_en_concurrence.sollicites[0].prestataire.contact.nom"
Change = tuple[str, str, str]  # a file, what it says, what it says afterwards
DOSSIERS: dict[str, tuple[dict[str, str], str, str, tuple[Change, ...]]] = {
    "trois étages de fichiers": (TROIS_ETAGES, "mission", CONTACT,
        (("prestataires/alpha.yaml", "Camille Exemple", "Neuf"),)),
    "une ligne de plus au deuxième étage": (
        TROIS_ETAGES, "mission", "mise_en_concurrence.sollicites[1].prestataire.nom",
        (("c/concurrence.yaml", "première\n",
          "première\n  - cle: neuf\n    prestataire:\n      nom: Neuf\n"),)),
    "un annuaire de prestataires": (ANNUAIRE, "mission", CONTACT,
        (("prestataires/alpha.yaml", "Camille Exemple", "Neuf"),)),
    "le second document reprend le premier": (DEUX_DOCUMENTS, "proposition Bêta",
        "calendrier.planification",
        (("mission.yaml", "prestataire: beta\n",
          "prestataire: beta\n      calendrier:\n        planification: Neuf\n"),)),
    "le premier document est repris": (DEUX_DOCUMENTS, "proposition Alpha",
        "calendrier.planification",
        (("mission.yaml", "planification: x", "planification: Neuf"),
         ("mission.yaml", "prestataire: beta\n",
          "prestataire: beta\n      calendrier:\n        planification: x\n"))),
    "un second document, le premier sans tiret": (UN_SEUL, "proposition Bêta",
        "calendrier.planification",
        (("mission.yaml", "Bêta Exemple}}", "Bêta Exemple}, reponse: Proposition}"),
         ("mission.yaml", "    prestataire: alpha # le sien\n    # puis\n    calendrier",
          "    - prestataire: alpha # le sien\n      # puis\n      calendrier"),
         ("mission.yaml", "planification: x}\n", "planification: x}\n    - prestataire: beta\n"
          "      calendrier:\n        planification: Neuf\n"))),
    "une partie reprise par << est écrite là": (REPRISE, "diagnostic_partage",
        "structures[1].responsable.nom",
        (("mission.yaml", "# e\n", "# e\n    responsable:\n      nom: Neuf\n"),)),
}  # fmt: skip


@pytest.mark.lent
@pytest.mark.parametrize("name", DOSSIERS)
def test_la_reponse_va_dans_le_fichier_qui_tient_le_fait(name: str, tmp_path: Path) -> None:
    files, whose, tag, changes = DOSSIERS[name]
    for file, text in files.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_bytes(text.encode())
    slug, _, name = whose.partition(" ")
    mission, out = str(tmp_path / "mission.yaml"), tmp_path / "retours"
    assert (
        run(["trame", slug, "--mission", mission, "-o", f"{out}/" if name else f"{out}.docx"]) == 0
    )
    form = next(out.glob(f"*{name}*")) if name else out.with_suffix(".docx")
    form.write_bytes(fill(form.read_bytes(), {tag: "Neuf"}))
    assert run(["lire", str(form), "--dans", mission]) in (0, 1)
    for file, old, new in changes:
        assert files[file].count(old) == 1
        files = {**files, file: files[file].replace(old, new)}
    assert {file: (tmp_path / file).read_bytes().decode() for file in files} == files


@pytest.mark.parametrize("command", ["lire", "reunir"])
def test_un_fichier_json_est_refuse_et_le_remede_va(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, form = tmp_path / "mission.json", tmp_path / "retour.docx"
    text = '{\n\t"document": "mission",\n\t"nature": "individuelle",\n\t"reference": "A-1"\n}\n'
    path.write_text(text, "utf-8")
    form.write_bytes(fill(trame("mission", load_mission(path)), {REFERENCE: "Neuf"}))
    assert run([command, str(form), "--dans", str(path)]) == 2
    assert path.read_text("utf-8") == text
    assert "mission.json : Les réponses s'écrivent dans un fichier YAML" in capsys.readouterr().err
    renamed = path.rename(tmp_path / "mission.yaml")
    assert run([command, str(form), "--dans", str(renamed)]) in (0, 1)
    assert renamed.read_text("utf-8") == text.replace("A-1", "Neuf")


@pytest.mark.parametrize("slug", ["mission", "proposition"])
def test_un_nom_corrige_garde_la_cle_qui_en_etait_faite(slug: str, tmp_path: Path) -> None:
    text = (
        f"{TETE}mise_en_concurrence:\n  sollicites:\n    - prestataire: {{nom: Cabinet Alpha}}\n"
        "    - prestataire: {nom: Cabinet Beta}\n  retenu: cabinet_alpha\ndocuments:\n"
        "  proposition:\n    - prestataire: cabinet_alpha\n      calendrier: {planification: x}\n"
    )
    path, form = tmp_path / "mission.yaml", tmp_path / "retour.docx"
    path.write_text(text, "utf-8")
    sent = trame(slug, load_mission(path))
    name = next(one.tag for one in answers(sent) if one.text == "Cabinet Alpha")
    form.write_bytes(fill(sent, {name: "Cabinet Alpha Conseil"}))
    assert run(["lire", str(form), "--dans", str(path)]) in (0, 1)
    row = "    - prestataire: {nom: Cabinet Alpha Conseil}\n      cle: cabinet_alpha\n"
    assert path.read_text("utf-8") == text.replace("    - prestataire: {nom: Cabinet Alpha}\n", row)


SON_CONTACT = {"prestataire.contact.nom": "Lou Gabarit", "prestataire.contact.fonction": "Gérante"}


@pytest.mark.parametrize("held", ["", "    prestataire: cabinet_alpha\n    date: 12/03/2013\n"])
def test_le_contact_qu_un_sollicite_n_avait_pas_va_a_sa_ligne(held: str, tmp_path: Path) -> None:
    row = "    - prestataire: {nom: Cabinet Alpha%s}\n"
    asked = f"{TETE}mise_en_concurrence:\n  sollicites:\n{row}    - prestataire: {{nom: Beta}}\n"
    path, form = tmp_path / "mission.yaml", tmp_path / "retour.docx"
    path.write_text(asked % "" + (held and f"documents:\n  proposition:\n{held}"), "utf-8")
    assert run(["trame", "proposition", "-o", str(tmp_path / "p"), "--mission", str(path)]) == 0
    sent = (tmp_path / "p" / "proposition - Cabinet Alpha.docx").read_bytes()
    form.write_bytes(fill(sent, SON_CONTACT))
    assert run(["lire", str(form), "--dans", str(path)]) in (0, 1)
    said = path.read_text("utf-8")
    contact = ", contact: {nom: Lou Gabarit, fonction: Gérante}"
    assert row % contact in said and "    prestataire: cabinet_alpha\n" in said
    (sheet,) = load_mission(path).documents["proposition"]
    who = sheet.prestataire  # type: ignore[attr-defined]  # the kind is known
    assert (who.nom, who.contact.nom) == ("Cabinet Alpha", "Lou Gabarit")


DEUX = (
    f"{TETE}mise_en_concurrence:\n  sollicites:\n    - {{%sprestataire: {{nom: %s}}}}\n"
    "    - {prestataire: {nom: Cabinet Beta}}\n"
)
METHODE = "modalites.methodologie"


@pytest.fixture(scope="module")
def two_proposals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Les propositions de deux sollicités sans clé, parties ensemble."""
    folder = tmp_path_factory.mktemp("parties")
    path = folder / "mission.yaml"
    path.write_text(DEUX % ("", "Cabinet Alpha"), "utf-8")
    assert run(["trame", "proposition", "-o", str(folder / "p"), "--mission", str(path)]) == 0
    sent = {one.stem.rpartition(" ")[2]: one.read_bytes() for one in (folder / "p").iterdir()}
    return {name: fill(docx, {METHODE: f"De {name}"}) for name, docx in sent.items()}


def test_un_sollicite_renomme_depuis_l_envoi_n_est_pas_un_autre(
    two_proposals: dict[str, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, form = tmp_path / "mission.yaml", tmp_path / "retour.docx"
    path.write_text(text := DEUX % ("", "Cabinet Gamma"), "utf-8")
    form.write_bytes(two_proposals["Alpha"])
    assert run(["lire", str(form), "--dans", str(path)]) == 2
    told = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert "n'est aucun des prestataires sollicités" in told and "« cle: cabinet_alpha »" in told
    assert path.read_text("utf-8") == text
    path.write_text(DEUX % ("cle: cabinet_alpha, ", "Cabinet Gamma"), "utf-8")  # a remedy
    assert run(["lire", str(form), "--dans", str(path)]) == 1
    assert "prestataire: cabinet_alpha" in path.read_text("utf-8")
    path.write_text(text, "utf-8")
    form.write_bytes(fill(form.read_bytes(), {"prestataire.nom": "Cabinet Gamma"}))  # another
    assert run(["lire", str(form), "--dans", str(path)]) == 1
    assert "prestataire: cabinet_gamma" in path.read_text("utf-8")


def test_deux_sollicites_lus_d_un_coup_ont_chacun_leur_fiche(
    two_proposals: dict[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "mission.yaml"
    path.write_text(DEUX % ("cle: a, ", "Cabinet Alpha"), "utf-8")  # a key given since
    for name, docx in two_proposals.items():
        (tmp_path / f"{name}.docx").write_bytes(docx)
    forms = [str(tmp_path / f"{name}.docx") for name in two_proposals]
    assert run(["lire", *forms, "--dans", str(path)]) == 0
    held = load_mission(path).documents["proposition"]
    said = {
        one.prestataire.cle: one.modalites.methodologie  # type: ignore[attr-defined]
        for one in held
    }
    assert said == {"a": "De Alpha", "cabinet_beta": "De Beta"}
