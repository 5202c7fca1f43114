"""Ce qu'on donne à lire et qui n'est pas un de nos formulaires : une phrase et un remède chacun, et
rien n'est fait.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from dla_docs import Mission, load, trame
from dla_docs.cli.application import run
from tests.cli.commandes import english_in
from tests.formulaire.formulaires import form
from tests.word_forms import fill
from tests.word_packages import default_docx, default_parts, with_body, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 50


def ole(stream: str) -> bytes:
    return OLE + b"\0" * 1000 + stream.encode("utf-16-le") + b"\0" * 500


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name in names:
            made.writestr(name, "<x/>")
    return buffer.getvalue()


def scanned() -> bytes:
    """A page printed, filled by hand, scanned and put into a Word file."""
    return zipped({**with_body("<w:p><w:r><w:drawing/></w:r></w:p>"), "word/media/image1.png": PNG})


def scanned_pdf() -> bytes:
    """The same, as a copier sends it."""
    buffer = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(buffer)
    return buffer.getvalue()


def damaged(cut: Callable[[bytes], bytes]) -> bytes:
    return cut(form("cahier_des_charges"))


FICHIERS: dict[str, tuple[str, bytes, str]] = {
    "un autre document Word": (
        "lettre.docx",
        zipped(with_body("<w:p><w:r><w:t>Monsieur, veuillez…</w:t></w:r></w:p>")),
        "n'est pas un document de dla_docs",
    ),
    "un document Word sans rien": ("blanc.docx", default_docx(), "Ce document Word est vide"),
    "une page numérisée dans Word": ("scan.docx", scanned(), "ne contient que des images"),
    "un fichier vide": ("vide.docx", b"", "Ce fichier est vide"),
    "un fichier tronqué": ("coupe.docx", damaged(lambda data: data[: len(data) // 2]), "tronqué"),
    "un fichier abîmé": (
        "abime.docx",
        damaged(lambda data: data[:60] + b"\xff" * 400 + data[460:]),
        "abîmé",
    ),
    "un fichier de zéros": ("zeros.docx", bytes(5000), "que des zéros"),
    "un fichier protégé": ("secret.docx", ole("EncryptedPackage"), "mot de passe"),
    "un ancien .doc": ("ancien.doc", ole("WordDocument"), "celui qui a été envoyé"),
    "un ancien .doc renommé": ("ancien.docx", ole("WordDocument"), ".doc"),
    "un message Outlook": ("message.docx", ole("__properties_version1.0"), "message Outlook"),
    "un .odt": ("libre.odt", archive("mimetype", "content.xml"), "OpenDocument"),
    "un document Pages": ("pages.docx", archive("Index/Document.iwa"), "Pages d'Apple"),
    "un classeur": (
        "classeur.docx",
        archive("[Content_Types].xml", "xl/workbook.xml"),
        "classeur Excel",
    ),
    "une archive": (
        "tout.zip",
        archive("un.docx", "deux.docx"),
        "archive zip qui contient des documents",
    ),
    "un PDF renommé": ("formulaire.docx", scanned_pdf(), "aucun champ"),
    "un PDF abîmé": (
        "retour.pdf",
        b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n",
        "n'est pas un PDF, ou il est abîmé",
    ),
    "une page numérisée en PDF": ("scan.pdf", scanned_pdf(), "aucun champ"),
    "une photo renommée": ("photo.docx", b"\xff\xd8\xff\xe0" + bytes(100), "C'est une image"),
    "une image renommée": ("image.docx", PNG, "C'est une image"),
    "une page web": ("page.docx", b"<!DOCTYPE html><html><body>", "page web"),
    "un RTF": ("riche.docx", b"{\\rtf1\\ansi}", "celui qui a été envoyé"),
    "un texte": ("texte.docx", b"Objectif : tenir.", "n'est pas un document Word"),
    "un verrou de Word": ("~$ivi.docx", bytes([5]) + b"Camille" + bytes(155), "verrou"),
    "un Word sans son texte": (
        "creux.docx",
        zipped({"[Content_Types].xml": default_parts()["[Content_Types].xml"]}),
        "son texte manque",
    ),
}


# « verifier » knows a form by its suffix.
CAS = {
    f"{command} {said}": (command, *case)
    for command in ("lire", "verifier")
    for said, case in FICHIERS.items()
    if command == "lire" or case[0].endswith(".docx")
}


@pytest.mark.parametrize(("command", "name", "data", "wanted"), CAS.values(), ids=CAS)
def test_each_has_one_sentence_and_nothing_is_done(
    command: str,
    name: str,
    data: bytes,
    wanted: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path, target = tmp_path / name, tmp_path / "reponses.yaml"
    path.write_bytes(data)
    code = run([command, str(path), *(["-o", str(target)] if command == "lire" else [])])
    said = capsys.readouterr()
    assert code == 2
    assert wanted in said.err.replace("\n", " ") and name in said.err
    assert not english_in(said.err) and "Traceback" not in said.err
    assert not target.exists()


def test_a_form_of_another_version_of_word_online_is_read(tmp_path: Path) -> None:
    """Word on the web renames the main part: it stays ours."""
    parts = {
        name.replace("word/document.xml", "word/document2.xml"): data
        for name, data in _parts(trame("grille_de_suivi")).items()
    }
    for part in ("[Content_Types].xml", "_rels/.rels"):
        parts[part] = parts[part].replace(b"word/document.xml", b"word/document2.xml")
    parts["word/_rels/document2.xml.rels"] = parts.pop(
        "word/_rels/document.xml.rels", parts.get("word/_rels/document2.xml.rels", b"")
    )
    path = tmp_path / "suivi.docx"
    path.write_bytes(zipped(parts))
    assert run(["lire", str(path), "-o", str(tmp_path / "suivi.yaml")]) in (0, 1)


def _parts(docx: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx)) as made:
        return {name: made.read(name) for name in made.namelist()}


AILLEURS = {
    "rendu.odt": ("un .odt", "enregistrez-le au format « Document Word (.docx) »"),
    "rendu.rtf": ("un RTF", "recopiez ses réponses dans celui qui a été envoyé"),
    "rendu.doc": ("un ancien .doc", "recopiez ses réponses dans celui qui a été envoyé"),
}


@pytest.mark.parametrize("name", AILLEURS)
def test_a_form_saved_as_something_else_is_never_skipped_in_a_folder(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kind, remedy = AILLEURS[name]
    mission, folder = tmp_path / "mission.yaml", tmp_path / "revenus"
    mission.write_text("document: mission\nnature: individuelle\nreference: A-1\n", "utf-8")
    held = load(mission)
    assert isinstance(held, Mission)
    folder.mkdir()
    (folder / name).write_bytes(FICHIERS[kind][1])
    into = ["--dans", str(mission)]
    assert run(["reunir", str(folder), *into]) == 2
    alone = capsys.readouterr().err
    answer = {"objectifs.general": "Dit au retour"}
    (folder / "bon.docx").write_bytes(fill(trame("cahier_des_charges", held), answer))
    assert run(["reunir", str(folder), *into]) == 1
    both = capsys.readouterr().err
    assert "Dit au retour" in mission.read_text(encoding="utf-8")
    assert run(["retours", str(folder), "--dans", str(tmp_path)]) == 1
    out, listed = capsys.readouterr()
    assert f"{name} : illisible" in out
    for said in (alone, both, listed):
        assert name in said and remedy in said
