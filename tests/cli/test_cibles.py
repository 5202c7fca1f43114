"""Toute commande qui écrit regarde d'abord ce qui est à la place : ce que quelqu'un y a fait reste,
et se dit.
"""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from dla_docs import DOCUMENTS, TargetError, generate, load, render
from dla_docs.cli.application import run
from dla_docs.files import digest
from dla_docs.pdf import find_office
from dla_docs.resources import sample_path
from dla_docs.retouches.target import write_over
from dla_docs.word.names import W
from tests import long, one_in
from tests.cli.commandes import command_named, english_in, every_command
from tests.cli.conftest import Call
from tests.lot.lignes import SLUG, row, write_table
from tests.offices import need_office
from tests.word_forms import fill, parts_of, resaved, resaved_by_word, tags_of, zipped

MISSION = "essai/mission_individuelle.yaml"
HAND = "Une phrase ajoutée à la main."
AGAIN = ("--remplacer",)


@dataclass(frozen=True)
class Command:
    """``words``, une ligne de commande ; ``target``, un des fichiers qu'elle écrit ; ``before`` :
    celle qui fait ce qu'elle lit.
    """

    words: str
    target: str
    before: str = ""


COMMANDS = {
    "produire": Command("produire essai/cahier_des_charges.yaml -o c.docx --brouillon", "c.docx"),
    "produire, présentation": Command(
        "produire essai/rapport_final.yaml -o r.pptx --brouillon",
        "r.pptx",
        "exemple rapport_final -o essai",
    ),
    "dossier": Command(f"dossier {MISSION} -o d", "d/conformite.docx"),
    "dossier, preuve": Command(f"dossier {MISSION} -o d", "d/conformite.json"),
    "extrait": Command(f"extrait {MISSION} beta -o beta.docx", "beta.docx"),
    "rafraichir": Command(
        "rafraichir c.docx --dans essai/cahier_des_charges.yaml -o r.docx",
        "r.docx",
        "produire essai/cahier_des_charges.yaml -o c.docx --brouillon",
    ),
    "tableau-de-bord": Command("tableau-de-bord essai -o t.html --au 01/12/2013", "t.html"),
    "tableau-de-bord, page": Command("tableau-de-bord essai -o t.docx --au 01/12/2013", "t.docx"),
    "tableau-de-bord, classeur": Command(
        "tableau-de-bord essai -o t.xlsx --au 01/12/2013", "t.xlsx"
    ),
    "trame": Command("trame cahier_des_charges -o vierge.docx", "vierge.docx"),
    "trames": Command(
        f"trame evaluation_individuelle -o fiches --mission {MISSION} --pour structure", "fiches/*"
    ),
    "trame de la mission": Command("trame mission -o m.docx", "m.docx"),
    "trame, courriel": Command(
        f"trame grille_de_suivi -o s.docx --mission {MISSION} --pour prestataire --courriel",
        "s.eml",
    ),
    "controle": Command("controle proposition -o controle.docx", "controle.docx"),
    "lire": Command("lire v.docx -o lu.yaml", "lu.yaml", "trame fiche_prestataire -o v.docx"),
    "reunir": Command("reunir v.docx -o lu.yaml", "lu.yaml", "trame fiche_prestataire -o v.docx"),
    "tableau": Command("tableau evaluation_individuelle -o t.xlsx", "t.xlsx"),
    "exemple": Command("exemple mission -o essai", "essai/operateur.yaml"),
    "synthese": Command(f"synthese {MISSION} -o s.docx --seuil 1", "s.docx"),
    "synthese, classeur": Command(f"synthese {MISSION} -o s.xlsx --seuil 1", "s.xlsx"),
    "verifier": Command(f"verifier {MISSION} -o v.docx", "v.docx"),
    "verifier, données": Command(f"verifier {MISSION} -o v.json", "v.json"),
    "modele nouveau": Command("modele nouveau fiche_prestataire -o m.docx", "m.docx"),
    "modele verifier": Command(
        "modele verifier m.docx fiche_prestataire --annoter a.docx",
        "a.docx",
        "modele nouveau fiche_prestataire -o m.docx",
    ),
    "portefeuille catalogue": Command(
        "portefeuille catalogue essai/fiche_prestataire.yaml -o p.docx", "p.docx"
    ),
    "portefeuille catalogue, classeur": Command(
        "portefeuille catalogue essai/fiche_prestataire.yaml -o p.xlsx", "p.xlsx"
    ),
    "portefeuille modele": Command("portefeuille modele -o m.docx", "m.docx"),
}


def test_toute_commande_qui_ecrit_est_essayee() -> None:
    writing = {
        " ".join(words)
        for words in every_command()
        if any("--remplacer" in one.opts for one in command_named(words).params)
    }
    tried = {
        name
        for name in writing
        for one in COMMANDS.values()
        if f"{one.words} ".startswith(f"{name} ")
    }
    assert writing - tried == {"lot"}  # it is tried below


@cache
def another() -> bytes:
    """A document of ours that nobody has touched."""
    return render(load(sample_path("note_mi_parcours")), brouillon=True)


def earlier(target: Path, made: bytes) -> bytes:
    """What a version before this one had written there."""
    if target.suffix == ".docx":
        return another()
    if (manifest := target.parent / "manifeste.json").exists():
        said = manifest.read_text(encoding="utf-8").replace(digest(made), digest(made + b"\n"))
        manifest.write_text(said, encoding="utf-8")
        return made + b"\n"
    older = target.parent / "ancien"
    older.mkdir()
    write_over(older / target.name, made + b"\n")
    shutil.copytree(older, target.parent, dirs_exist_ok=True)
    shutil.rmtree(older)
    return target.read_bytes()


def is_again(target: Path, made: bytes) -> bool:
    """The same file, or, of a workbook, which says its hour, the same sheets."""
    if target.suffix != ".xlsx":
        return target.read_bytes() == made
    was, now = (zipfile.ZipFile(io.BytesIO(data)) for data in (made, target.read_bytes()))
    sheets = [name for name in was.namelist() if name.startswith("xl/worksheets/sheet")]
    return bool(sheets) and all(was.read(name) == now.read(name) for name in sheets)


def by_hand(made: bytes, paragraph: str = HAND) -> bytes:
    """The same document with one paragraph more, or the same file with one line more."""
    if not made.startswith(b"PK") or b"word/document.xml" not in made:
        return made + f"\n# {paragraph}\n".encode()
    parts = parts_of(made)
    root = etree.fromstring(parts["word/document.xml"])
    added = etree.fromstring(f'<w:p xmlns:w="{W[1:-1]}"><w:r><w:t>{paragraph}</w:t></w:r></w:p>')
    root[0].insert(1, added)
    return zipped({**parts, "word/document.xml": etree.tostring(root)})


def unknown(made: bytes) -> bytes:
    return "Mes notes, à ne pas perdre.\n".encode()


@pytest.fixture
def ready(dla_docs: Call) -> Call:
    """The samples that the commands read."""
    for name in ("mission", "cahier_des_charges", "fiche_prestataire"):
        assert dla_docs("exemple", name, "-o", "essai").code == 0
    return dla_docs


def made_by(command: Command, call: Call) -> tuple[Path, bytes]:
    if command.before:
        assert call(*command.before.split()).code == 0
    call(*command.words.split())
    target = sorted(Path().glob(command.target))[0]
    return target, target.read_bytes()


@pytest.mark.parametrize("name", one_in(5, COMMANDS))
def test_ce_qui_est_le_meme_ou_de_nous_est_ecrit(name: str, ready: Call) -> None:
    command = COMMANDS[name]
    target, made = made_by(command, ready)
    first = ready(*command.words.split())
    assert is_again(target, made) and "laissé" not in first.err
    target.write_bytes(earlier(target, made))
    assert target.read_bytes() != made
    said = ready(*command.words.split())
    assert (said.code, said.err) == (first.code, first.err)
    assert is_again(target, made)
    folder = target.parent / ".sauvegardes" / target.name
    assert not folder.exists()


KINDS: dict[str, Callable[[bytes], bytes]] = {"à la main": by_hand, "d'ailleurs": unknown}


LEFT = [
    (name, kind)
    for name in COMMANDS
    for kind in KINDS
    if (name, kind) != ("dossier", "à la main")  # it is refreshed: tests/retouches/test_dossier.py
]


@pytest.mark.parametrize("name, kind", one_in(7, LEFT))
def test_le_travail_de_quelqu_un_reste_et_se_remplace_si_on_le_demande(
    name: str, kind: str, ready: Call
) -> None:
    command = COMMANDS[name]
    target, made = made_by(command, ready)
    held = KINDS[kind](made)
    target.write_bytes(held)
    others = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    said = ready(*command.words.split())
    assert said.code == 1 and target.read_bytes() == held
    assert target.name in said.err and "laissé tel quel" in said.err and "--remplacer" in said.err
    assert not english_in(said.err)
    assert all(path.is_file() for path in others)
    ready(*command.words.split(), *AGAIN)
    assert is_again(target, made)
    assert [path.read_bytes() for path in Path().rglob("0.avant")] == [held]


@pytest.mark.parametrize("name", one_in(6, COMMANDS))
def test_un_dossier_a_la_place_ou_un_fichier_protege_est_dit(
    name: str, ready: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = COMMANDS[name]
    target, made = made_by(command, ready)
    target.write_bytes(earlier(target, made))
    held = target.read_bytes()
    allowed = os.access

    def denied(path: Path, mode: int) -> bool:
        return Path(path).name != target.name and allowed(path, mode)

    with monkeypatch.context() as protected:
        protected.setattr(os, "access", denied)
        said = ready(*command.words.split())
    assert said.code and "lecture seule" in said.err and target.read_bytes() == held
    target.unlink()
    target.mkdir()
    said = ready(*command.words.split())
    assert said.code and target.is_dir() and not list(target.iterdir())
    assert target.name in said.err or "MISSION" in said.err  # a folder of forms, for « trame »
    assert not english_in(said.err)


def test_un_document_retouche_dit_ce_qui_a_ete_change(ready: Call) -> None:
    command = COMMANDS["produire"]
    target, made = made_by(command, ready)
    target.write_bytes(by_hand(made))
    assert f"a été retouché (« {HAND} » ajouté)" in ready(*command.words.split()).err


def test_un_formulaire_rempli_dit_ses_reponses(ready: Call) -> None:
    command = COMMANDS["trame"]
    target, made = made_by(command, ready)
    field = next(tag for tag in tags_of(made) if tag.endswith("contexte"))
    target.write_bytes(fill(made, {field: "Une réponse attendue depuis longtemps."}))
    said = ready(*command.words.split())
    assert "a été rempli (" in said.err and "Une réponse attendue" in said.err


def test_ce_qu_un_autre_fichier_tient_n_arrete_pas_le_dossier(ready: Call) -> None:
    made_by(COMMANDS["dossier"], ready)
    document = sorted(Path("d").glob("*Convention*.docx"))[0]
    held = unknown(document.read_bytes())
    document.write_bytes(held)
    Path("d/conformite.json").unlink()
    said = ready(*COMMANDS["dossier"].words.split())
    assert said.code == 1 and document.read_bytes() == held and "n'est pas de dla-docs" in said.err
    assert Path("d/conformite.json").exists()
    assert "D'une fois d'avant" not in said.out


def marked(made: bytes) -> bytes:
    """One word of it in bold."""
    parts = parts_of(made)
    root = etree.fromstring(parts["word/document.xml"])
    run = next(
        run
        for run in root.iter(f"{W}r")
        if run.find(f"{W}rPr") is None and run.find(f"{W}t") is not None
    )
    run.insert(0, etree.fromstring(f'<w:rPr xmlns:w="{W[1:-1]}"><w:b/></w:rPr>'))
    return zipped({**parts, "word/document.xml": etree.tostring(root)})


def commented(made: bytes) -> bytes:
    """A comment on its first paragraph."""
    parts = parts_of(made)
    comments = (
        f'<w:comments xmlns:w="{W[1:-1]}"><w:comment w:id="0" w:author="A"><w:p><w:r><w:t>À revoir'
        "</w:t></w:r></w:p></w:comment></w:comments>"
    )
    types = parts["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/word/comments.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.wordprocessingml.comments+xml"/></Types>',
    )
    rels = parts["word/_rels/document.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rIdC" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/comments" Target="comments.xml"/></Relationships>',
    )
    return zipped(
        {
            **parts,
            "word/comments.xml": comments.encode(),
            "[Content_Types].xml": types,
            "word/_rels/document.xml.rels": rels,
        }
    )


@pytest.mark.parametrize(
    "change, said", [(marked, "gras mis dans"), (commented, "commentaire : « À revoir » ajouté")]
)
def test_une_mise_en_forme_ou_un_commentaire_est_une_retouche(
    change: Callable[[bytes], bytes], said: str, ready: Call
) -> None:
    target, made = made_by(COMMANDS["produire"], ready)
    target.write_bytes(change(made))
    refused = ready(*COMMANDS["produire"].words.split())
    assert refused.code == 1 and said in refused.err


@pytest.mark.lent
@pytest.mark.parametrize("slug", one_in(7, DOCUMENTS))
def test_enregistrer_sans_rien_changer_n_est_pas_une_retouche(slug: str, tmp_path: Path) -> None:
    need_office()
    document = load(sample_path(slug))
    made = render(document, brouillon=True)
    for rank, again in enumerate((resaved(made, tmp_path), resaved_by_word(made))):
        target = tmp_path / f"{rank}.docx"
        target.write_bytes(again)
        assert write_over(target, made) and target.read_bytes() == made


@pytest.mark.parametrize("suffix", [long("pdf"), long("odt")])
def test_un_pdf_ou_un_odt_est_refait_et_garde_s_il_est_annote(suffix: str, ready: Call) -> None:
    need_office()
    assert find_office()
    words = ["produire", "essai/cahier_des_charges.yaml", "-o", f"c.{suffix}", "--brouillon"]
    first = ready(*words)
    said = ready(*words)
    assert (said.code, said.err) == (first.code, first.err)
    Path(f"c.{suffix}").write_bytes(b"%PDF-1.4\nautre chose")
    assert ready(*words).code == 1


def test_un_lot_garde_un_document_retouche_et_nomme_ceux_qui_ne_se_font_plus(ready: Call) -> None:
    write_table(Path("t.xlsx"), [row(1), row(2), row(3)])
    assert ready("lot", "t.xlsx", SLUG, "-o", "lot").code == 0
    first, second, third = sorted(Path("lot").glob("*.docx"))
    held = unknown(first.read_bytes())
    first.write_bytes(held)
    changed = [{**row(number), **CHANGED} for number in (1, 2)]
    write_table(Path("t.xlsx"), changed)
    said = ready("lot", "t.xlsx", SLUG, "-o", "lot")
    assert said.code == 1 and first.read_bytes() == held and "tel quel" in said.err
    assert f"qui ne se fait plus : {third}" in said.out
    assert ready("lot", "t.xlsx", SLUG, "-o", "lot", *AGAIN).code == 0
    assert first.read_bytes() != held
    assert not list(Path("lot/.sauvegardes").glob(f"*{second.stem}*"))
    assert ready("annuler", str(first)).code == 0 and first.read_bytes() == held
    assert run(["lire", str(second)]) in (0, 1)


CHANGED = {"relation.echanges.commentaire": "Un autre commentaire."}


def test_un_programme_n_ecrase_pas_non_plus_ce_qu_une_main_a_fait(tmp_path: Path) -> None:
    source, target = sample_path("note_mi_parcours"), tmp_path / "note.docx"
    made = generate(source, target).fichier.read_bytes()
    assert generate(source, target).fichier.read_bytes() == made
    retouched = by_hand(made)
    target.write_bytes(retouched)
    with pytest.raises(TargetError, match="a été retouché"):
        generate(source, target)
    assert target.read_bytes() == retouched
    generate(source, target, remplacer=True)
    assert target.read_bytes() == made
    assert run(["annuler", str(target)]) == 0
    assert target.read_bytes() == retouched
