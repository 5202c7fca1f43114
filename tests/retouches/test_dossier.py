"""Un dossier refait : ce qu'une main a retouché est rafraîchi, le reste récrit, et c'est dit."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml

from dla_docs.dossier.making import _Making
from dla_docs.retouches.work import work_in
from tests.cli.conftest import Call, Said
from tests.cli.conftest import dla_docs as dla_docs
from tests.cli.test_cibles import HAND, by_hand, commented
from tests.offices import need_office
from tests.retouches.test_histoires import DEARER, controls, edited, write
from tests.word_forms import page_text, resaved, without_data

MISSION, KEPT = "essai/m.yaml", ("proposition", "grille_de_lecture", "convention_tripartite")
PRICE = "7 000,00 €"  # as a hand types it
Edit = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Une mission de quatre documents, et son dossier, faits une fois."""
    from dla_docs.cli.application import run

    where = tmp_path_factory.mktemp("premier")
    assert run(["exemple", "mission", "-o", str(where / "essai")]) == 0
    data = yaml.load(
        (where / "essai/mission_individuelle.yaml").read_text(encoding="utf-8"), yaml.BaseLoader
    )
    data["documents"] = {slug: data["documents"][slug] for slug in KEPT}
    said = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    (where / MISSION).write_text(said, encoding="utf-8")
    run(["dossier", str(where / MISSION), "-o", str(where / "d"), "--brouillon"])
    return where


@pytest.fixture
def ready(first: Path, dla_docs: Call) -> Call:
    """Le même, à soi."""
    shutil.copytree(first, Path(), dirs_exist_ok=True)
    return dla_docs


def again(call: Call, *words: str) -> Said:
    return call("dossier", MISSION, "-o", "d", "--brouillon", *words)


def file_of(name: str) -> Path:
    return next(path for path in sorted(Path("d").glob("*.docx")) if name in path.name)


def by(path: Path, *edits: Edit) -> bytes:
    """Ce qu'une main fait de ce fichier."""
    for edit in edits:
        path.write_bytes(edit(path.read_bytes()))
    return path.read_bytes()


def amount(text: str) -> Edit:
    return lambda octets: edited(octets, write("prix.montant", text))


def price(said: str) -> None:
    """La mission change de prix."""
    path = Path(MISSION)
    text = path.read_text(encoding="utf-8")
    changed = re.sub(r"montant: \S+ \S+ € TTC", f"montant: {said} € TTC", text)
    assert changed != text
    path.write_text(changed, encoding="utf-8")


def copies() -> list[bytes]:
    return [path.read_bytes() for path in Path("d").rglob("0.avant")]


def everything() -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in Path("d").rglob("*") if path.is_file()}


def row(path: Path) -> dict[str, Any]:
    """Ce que le manifeste dit d'un fichier."""
    found = json.loads(Path("d/manifeste.json").read_text(encoding="utf-8"))["fichiers"]
    return next(one for one in found if one["nom"] == path.name)


def test_la_main_reste_le_prix_change_et_le_reste_est_recrit(ready: Call) -> None:
    convention, proposal, proof = map(file_of, ("Convention", "Alpha", "conformite"))
    held, was = by(convention, by_hand, commented), proposal.read_bytes()
    noted = by(proof, by_hand)
    price("8 000")
    said = again(ready)
    assert HAND in page_text(convention) and controls(convention.read_bytes())
    assert DEARER in controls(convention.read_bytes())["prix.montant"]
    assert sorted(copies()) == sorted([held, noted]) and proposal.read_bytes() != was
    assert HAND in page_text(proof) and f"Rafraîchi : {proof}" in said.out
    assert f"Rafraîchi : {convention} (1 changement mis à jour, 2 retouches gardées" in said.out
    assert f"Gardé : « {HAND} » ajouté" in said.out and "laissé" not in said.err
    assert f"{proposal}\n" in said.out and f"Rafraîchi : {proposal}" not in said.out
    assert row(convention)["retouche"] and not row(proposal)["retouche"]
    assert row(convention)["sha256"] == sha256(convention.read_bytes()).hexdigest()
    assert page_text(file_of("Sommaire")).count("retouché à la main") == 1
    before = everything()
    said = again(ready, "--format", "json")
    assert everything() == before and f"Retouché, déjà à jour : {convention}" in said.err
    told = json.loads(said.out)["suites"]
    assert {(one["nom"], one["sort"]) for one in told} == {
        (str(path), "déjà à jour") for path in (convention, proof)
    }
    price("9 000")
    again(ready)
    assert HAND in page_text(convention)
    assert "9\N{NO-BREAK SPACE}000,00" in controls(convention.read_bytes())["prix.montant"]


def test_une_ecriture_coupee_n_en_fait_pas_un_fichier_de_nous(
    ready: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Le fichier rafraîchi est en place, et ce qui le dit ne l'est pas encore."""

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    convention = file_of("Convention")
    by(convention, by_hand)
    price("8 000")
    with monkeypatch.context() as one:
        one.setattr(_Making, "_manifest", cut)
        assert again(ready).code
    assert Path("d/dossier inachevé.json").exists() and DEARER in page_text(convention)
    price("9 000")
    again(ready)
    assert HAND in page_text(convention) and row(convention)["retouche"]


def test_ce_que_la_page_dit_autrement_que_la_mission_est_un_constat(ready: Call) -> None:
    convention = file_of("Convention")
    by(convention, amount(PRICE))
    for _ in range(2):
        said = again(ready)
        [told] = [line for line in said.err.splitlines() if str(convention) in line]
        assert said.code == 1 and told.startswith("BLOQUANT")
        assert f"La page dit « {PRICE} », et la mission dit « 7 040" in told
        assert "prix.montant" in told and f'« dla-docs lire "{convention}" --dans' in told
    manifest = json.loads(Path("d/manifeste.json").read_text(encoding="utf-8"))
    assert not manifest["conforme"] and PRICE in row(convention)["ecarts"][0]
    price("8 000")
    for _ in range(2):  # it is still to be chosen the next time
        said = again(ready)
        assert said.code == 1 and "1 à choisir dans Word" in said.out
        assert f"La page garde « {PRICE} », et la mission dit « 8 000,00 € »" in said.err


def test_quand_la_mission_dit_ce_que_disait_la_main_la_page_est_la_sienne(ready: Call) -> None:
    convention = file_of("Convention")
    held = by(convention, amount(PRICE))
    price("7 000")
    said = again(ready)
    assert f"Rafraîchi : {convention}" in said.out and copies() == [held]
    assert str(convention) not in said.err and not row(convention)["retouche"]
    before = everything()
    assert "Retouché" not in again(ready).out and everything() == before


def test_ce_qui_ne_se_rafraichit_pas_reste_et_dit_pourquoi(ready: Call) -> None:
    alpha, beta, convention = file_of("Alpha"), file_of("Bêta"), file_of("Convention")
    foreign = by(convention, by_hand, without_data)
    other = by_hand(beta.read_bytes())
    alpha.write_bytes(other)  # the page of another sheet, under its name
    price("8 000")
    said = again(ready)
    assert said.code == 1 and convention.read_bytes() == foreign and alpha.read_bytes() == other
    assert "n'est pas de dla-docs" in said.err and "d'une autre fiche de la mission" in said.err
    assert said.err.count("laissé tel quel") == 2 and "Rafraîchi" not in said.out
    assert said.err.count("--remplacer") == 2
    assert page_text(file_of("Sommaire")).count("est laissé tel quel") == 2
    assert not copies()


def test_un_document_qui_change_de_numero_garde_ses_retouches(ready: Call) -> None:
    convention, alpha = file_of("Convention"), file_of("Alpha")
    held = by(convention, by_hand)
    by(alpha, lambda octets: by_hand(octets, "De la main, chez Alpha."))
    path = Path(MISSION)
    data = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    del data["documents"]["grille_de_lecture"]
    data["documents"]["proposition"].reverse()
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    said = again(ready)
    assert f"qui ne se fait plus : {convention}" in said.out and convention.read_bytes() == held
    made = [path for path in Path("d").glob("*Convention*.docx") if path != convention]
    assert [HAND in page_text(path) for path in made] == [True] and row(made[0])["retouche"]
    moved = [path for path in Path("d").glob("*Alpha*.docx") if path != alpha]
    assert ["De la main, chez Alpha." in page_text(path) for path in moved] == [True]
    assert "De la main" not in page_text(next(Path("d").glob("*01*Bêta*.docx")))
    before = everything()
    again(ready)
    assert everything() == before


def without_the_grid(original: str) -> None:
    """La mission perd la grille, et la convention son numéro."""
    data = yaml.load(original, yaml.BaseLoader)
    del data["documents"]["grille_de_lecture"]
    said = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    Path(MISSION).write_text(said, encoding="utf-8")


def test_un_numero_qui_revient_garde_les_retouches_faites_entre_temps(ready: Call) -> None:
    whole, convention = Path(MISSION).read_text(encoding="utf-8"), file_of("Convention")
    without_the_grid(whole)
    again(ready)
    [other] = [path for path in Path("d").glob("*Convention*.docx") if path != convention]
    by(other, by_hand)
    Path(MISSION).write_text(whole, encoding="utf-8")
    assert HAND not in page_text(convention)
    said = again(ready)
    assert HAND in page_text(convention) and str(other) not in said.err
    price("8 000")
    assert HAND in page_text(convention) and str(other) not in again(ready).err
    by(other, lambda octets: by_hand(octets, "Une clause venue trop tard."))
    for _ in range(2):  # until it is carried, or taken away
        said = again(ready)
        [told] = [line for line in said.err.splitlines() if str(other) in line]
        assert said.code == 1 and told.startswith("BLOQUANT") and convention.stem in told
        assert "« Une clause venue trop tard. » ajouté" in told and HAND not in told
    manifest = json.loads(Path("d/manifeste.json").read_text(encoding="utf-8"))
    assert not manifest["conforme"]
    other.unlink()
    assert "trop tard" not in again(ready).err


def test_un_nom_qui_revient_reprend_les_retouches_qui_en_etaient_parties(ready: Call) -> None:
    whole, convention = Path(MISSION).read_text(encoding="utf-8"), file_of("Convention")
    held = by(convention, by_hand)
    without_the_grid(whole)
    again(ready)
    [other] = [path for path in Path("d").glob("*Convention*.docx") if path != convention]
    by(other, lambda octets: by_hand(octets, "Ajouté entre-temps."))
    Path(MISSION).write_text(whole, encoding="utf-8")
    said = again(ready)
    assert f"Rafraîchi : {convention}" in said.out and str(other) not in said.err
    for text in (HAND, "Ajouté entre-temps."):
        assert text in page_text(convention)
    assert held in copies()
    before = everything()
    assert str(other) not in again(ready).err and everything() == before
    without_the_grid(whole)
    assert str(convention) not in again(ready).err and "Ajouté entre-temps." in page_text(other)


def test_deux_fichiers_retouches_du_meme_document_nomment_l_ancien(ready: Call) -> None:
    whole, convention = Path(MISSION).read_text(encoding="utf-8"), file_of("Convention")
    by(convention, by_hand)
    without_the_grid(whole)
    assert str(convention) not in again(ready).err
    [other] = [path for path in Path("d").glob("*Convention*.docx") if path != convention]
    by(other, lambda octets: by_hand(octets, "Ajouté entre-temps."))
    by(convention, lambda octets: by_hand(octets, "Ajouté à l'ancien."))
    Path(MISSION).write_text(whole, encoding="utf-8")
    said = again(ready)
    assert said.code == 1 and HAND in page_text(convention)
    [told] = [line for line in said.err.splitlines() if str(other) in line]
    assert told.startswith("BLOQUANT") and "« Ajouté entre-temps. » ajouté" in told
    assert f"« {convention} », ne le tient pas" in told
    by(convention, lambda octets: by_hand(octets, "Ajouté entre-temps."))  # as it advises
    assert str(other) not in again(ready).err


def test_remplacer_recrit_au_lieu_de_rafraichir(ready: Call) -> None:
    convention = file_of("Convention")
    held = by(convention, by_hand)
    again(ready, "--remplacer")
    assert HAND not in page_text(convention) and copies() == [held]


def page(docx: bytes) -> bytes:
    """Un PDF d'une page, fait de ce document."""
    made, output = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    made.docinfo["/Title"] = sha256(docx).hexdigest()
    made.save(output, deterministic_id=True)
    return output.getvalue()


def test_le_pdf_est_fait_de_la_page_retouchee_et_porte_la_mission(
    ready: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    convention = file_of("Convention")
    made: dict[str, tuple[bytes, bytes]] = {}

    def convert_many(sources: Any, *_: object, data: Any, **__: object) -> Any:
        for name, octets in sources:
            made[name] = (octets, data(name))
            yield name, page(octets)

    monkeypatch.setattr("dla_docs.pdf.convert_many", convert_many)
    by(convention, by_hand, amount(PRICE))
    price("8 000")
    again(ready, "--pdf")
    octets, data = made[convention.stem]
    assert octets == convention.read_bytes() and HAND in page_text(octets)
    assert json.loads(data)["donnees"]["prix"]["montant"] == "8000.00"
    assert row(convention.with_suffix(".pdf"))["fait_de"] == sha256(octets).hexdigest()
    made.clear()
    again(ready, "--pdf")
    assert not made


def test_ce_qu_on_enregistre_pendant_ce_temps_n_est_pas_ecrase(
    ready: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    convention, late = file_of("Convention"), b""

    def convert_many(sources: Any, *_: object, **__: object) -> Any:
        nonlocal late
        late = by(convention, lambda octets: by_hand(octets, "Une phrase de plus."))
        return ((name, page(octets)) for name, octets in sources)

    by(convention, by_hand)
    price("8 000")
    with monkeypatch.context() as one:
        one.setattr("dla_docs.pdf.convert_many", convert_many)
        said = again(ready, "--pdf")
    assert said.code == 1 and convention.read_bytes() == late
    assert "a encore changé pendant qu'on le rafraîchissait" in said.err
    again(ready)
    assert "Une phrase de plus." in page_text(convention) and DEARER in page_text(convention)


def test_un_destinataire_ne_recoit_rien_d_un_autre_par_une_page_retouchee(ready: Call) -> None:
    """Ni la page entière de l'archive, ni un mot de la main qui nomme un concurrent."""
    words = ("dossier", MISSION, "-o", "b", "--destinataire", "prestataire:beta")
    ready(*words)
    extract = next(Path("b").glob("*Grille de lecture*.docx"))
    ours = extract.read_bytes()
    extract.write_bytes(by_hand(ours))
    assert f"déjà à jour : {extract}" in ready(*words).out and HAND in page_text(extract)
    for held in (
        by_hand(file_of("Grille de lecture").read_bytes()),
        by_hand(ours, "Mieux que le Cabinet Alpha Exemple."),
    ):
        extract.write_bytes(held)
        said = ready(*words)
        assert said.code == 1 and "ne se rafraîchit pas" in said.err
        assert extract.read_bytes() == held and f": {extract} (" not in said.out
        assert "--remplacer" not in said.err and "ôtez-le du dossier" in said.err
        summary = page_text(Path("b/00 – Sommaire.docx"))
        assert summary.count("son fichier, retouché ou d’ailleurs, est laissé") == 1


def test_un_dossier_de_missions_le_dit_et_redit_ce_qui_reste_a_choisir(ready: Call) -> None:
    Path("toutes").mkdir()
    shutil.copytree("essai", "toutes/a")
    for path in Path("toutes/a").glob("mission_*.yaml"):
        path.unlink()
    words = ("dossier", "toutes", "-o", "d", "--brouillon")
    shutil.rmtree("d")
    ready(*words)
    convention = next(Path("d").rglob("*Convention*.docx"))
    by(convention, by_hand, amount(PRICE))
    for _ in range(2):
        said = ready(*words)
        assert f"Retouché, déjà à jour : {convention} (" in said.out
        assert f"La page dit « {PRICE} »" in said.err
        assert said.code == 1 and HAND in page_text(convention)


@pytest.mark.lent
def test_apres_libreoffice_le_pdf_dit_la_main_et_la_mission(ready: Call) -> None:
    need_office()
    convention = file_of("Convention")
    by(convention, by_hand, lambda octets: resaved(octets, Path.cwd()))
    price("8 000")
    again(ready, "--pdf")
    said = subprocess.run(
        ["pdftotext", str(convention.with_suffix(".pdf")), "-"], check=True, capture_output=True
    ).stdout.decode()
    assert HAND in said and "8 000,00" in said.replace("\N{NO-BREAK SPACE}", " ")
    assert HAND in page_text(convention) and DEARER in page_text(convention)
    before = everything()
    again(ready, "--pdf")
    assert everything() == before


def test_un_fichier_a_sa_place_n_est_compare_qu_une_fois(
    ready: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ni celui de la main, ni ceux qu'une ancienne fois, oubliée, a laissés tels quels."""
    Path("d/manifeste.json").unlink()
    compared: list[bytes] = []

    def looked(held: bytes) -> str:
        compared.append(held)
        return work_in(held)

    monkeypatch.setattr("dla_docs.retouches.work.work_in", looked)
    data = yaml.load(Path(MISSION).read_text(encoding="utf-8"), yaml.BaseLoader)
    data["structures"][0]["nom"] = "Association Renommée Exemple"
    Path(MISSION).write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    again(ready)
    assert compared and len(compared) == len(set(compared))
