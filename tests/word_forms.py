"""Un formulaire rempli sans personne : les contrôles posés comme Word les pose, et le fichier
repassé par LibreOffice.
"""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path

from lxml import etree

from dla_docs.model.typography import typeset_words
from dla_docs.pdf import find_office
from dla_docs.word.names import NAMESPACES, W
from dla_docs.word.package import MAIN, open_package, parse_part
from dla_docs.word.page import text_of


def write_over_box(docx: bytes, path: str, text: str) -> bytes:
    """Le même fichier, ce texte tapé à la place de la première case d'un champ."""
    parts = parts_of(docx)
    root = etree.fromstring(parts["word/document.xml"])
    _write(next(sdt for sdt in root.iter(f"{W}sdt") if _tag(sdt) == f"{path}#1"), text)
    return zipped({**parts, "word/document.xml": etree.tostring(root)})


def fill(docx: bytes, answers: Mapping[str, str]) -> bytes:
    """Le même fichier, ces contrôles remplis ; une étiquette absente, ou une réponse qu'aucune case
    n'a, est une faute de l'essai.
    """
    parts = parts_of(docx)
    left = dict(answers)
    unticked: set[str] = set()
    for name in [
        name for name in parts if name.startswith(("word/document", "word/header", "word/footer"))
    ]:
        root = etree.fromstring(parts[name])
        for sdt in root.iter(f"{W}sdt"):
            path, _, box = _tag(sdt).partition("#")
            if path in answers and box:
                said = " ".join(typeset_words(answers[path]).split())
                tick(sdt, said == choice_of(sdt))
                if left.pop(path, None):  # the first box of a choice
                    unticked.add(path)
                if said == choice_of(sdt):
                    unticked.discard(path)
            elif path in left:
                _write(sdt, left.pop(path))
        parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    assert not left, f"contrôles absents : {sorted(left)}"
    assert not unticked, f"réponses qu'aucune case n'a : {sorted(unticked)}"
    return zipped(parts)


def tags_of(docx: bytes) -> list[str]:
    """Les étiquettes des contrôles, dans l'ordre de la page."""
    root = etree.fromstring(parts_of(docx)["word/document.xml"])
    tags = (str(tag.get(f"{W}val")) for tag in root.iter(f"{W}tag"))
    return [*dict.fromkeys(tag.partition("#")[0] for tag in tags)]


def tick(sdt: etree._Element, ticked: bool) -> None:
    """Coche ou vide une case, comme Word : son état, et le signe qui la dessine."""
    state = sdt.find(f"{W}sdtPr/{{{NAMESPACES['w14']}}}checkbox/{{{NAMESPACES['w14']}}}checked")
    drawn = sdt.find(f"{W}sdtContent//{W}t")
    assert state is not None and drawn is not None
    state.set(f"{{{NAMESPACES['w14']}}}val", str(int(ticked)))
    drawn.text = "☒" if ticked else "☐"


def choice_of(sdt: etree._Element) -> str:
    """La réponse écrite derrière une case."""
    following = sdt.getnext()
    assert following is not None
    return " ".join("".join(str(text.text) for text in following.iter(f"{W}t")).split())


def _tag(sdt: etree._Element) -> str:
    tag = sdt.find(f"{W}sdtPr/{W}tag")
    return "" if tag is None else str(tag.get(f"{W}val"))


def without_data(docx: bytes) -> bytes:
    """Le même fichier, privé de ses données jointes."""
    parts = {
        name: data for name, data in parts_of(docx).items() if not name.startswith("customXml/")
    }
    rels = parts["word/_rels/document.xml.rels"]
    root = etree.fromstring(rels)
    for relation in list(root):
        if "customXml" in str(relation.get("Target")):
            root.remove(relation)
    types = etree.fromstring(parts["[Content_Types].xml"])
    for override in list(types):
        if "customXml" in str(override.get("PartName", "")):
            types.remove(override)
    return zipped(
        {
            **parts,
            "word/_rels/document.xml.rels": etree.tostring(root),
            "[Content_Types].xml": etree.tostring(types),
        }
    )


def resaved(docx: bytes, folder: Path) -> bytes:
    """Le même fichier, ouvert et enregistré par LibreOffice."""
    return resaved_many({"formulaire": docx}, folder)["formulaire"]


def resaved_many(documents: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Les mêmes fichiers, par nom, ouverts et enregistrés par un seul LibreOffice."""
    sources = {f"{name}.docx": docx for name, docx in documents.items()}
    return dict(zip(documents, converted_many(sources, "docx", folder), strict=True))


def converted_many(sources: Mapping[str, bytes], suffix: str, folder: Path) -> list[bytes]:
    """Ces fichiers, dont le nom dit le format, enregistrés dans un autre par un seul
    LibreOffice.
    """
    out = folder / f"en_{suffix}"
    for name, data in sources.items():
        (folder / name).write_bytes(data)
    options = [
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        FILTERS[suffix],
        "--outdir",
        str(out),
    ]
    subprocess.run(
        [str(find_office().path), *options, *(str(folder / name) for name in sources)],
        check=True,
        capture_output=True,
        timeout=600,
    )
    return [(out / Path(name).with_suffix(f".{suffix}").name).read_bytes() for name in sources]


FILTERS = {
    "docx": "docx:MS Word 2007 XML",
    "odt": "odt",
    "doc": "doc:MS Word 97",
    "rtf": "rtf:Rich Text Format",
}


def resaved_by_onlyoffice(
    x2t: Path, documents: Mapping[str, bytes], folder: Path
) -> dict[str, bytes]:
    """Les mêmes fichiers, par nom, ouverts et enregistrés par le convertisseur d'OnlyOffice, en
    passant par le format de son éditeur.
    """
    found = {}
    for rank, (name, docx) in enumerate(documents.items()):
        there, opened, back = (folder / f"{rank}{end}" for end in (".docx", ".doct", "_.docx"))
        there.write_bytes(docx)
        for source, target in ((there, opened), (opened, back)):
            subprocess.run(
                [str(x2t), str(source), str(target)], check=True, capture_output=True, timeout=600
            )
        found[name] = back.read_bytes()
    return found


def resaved_by_word(docx: bytes) -> bytes:
    """Le même fichier, tel que Word l'enregistre : identifiants de révision, runs coupés par le
    correcteur, signet, données renumérotées.
    """
    parts = {
        name.replace("customXml/item1", "customXml/item4").replace("itemProps1", "itemProps4"): data
        for name, data in parts_of(docx).items()
    }
    for name in [name for name in parts if name.endswith(".rels") or name == "[Content_Types].xml"]:
        parts[name] = (
            parts[name]
            .replace(b"item1.xml", b"item4.xml")
            .replace(b"itemProps1.xml", b"itemProps4.xml")
        )
    root = etree.fromstring(parts["word/document.xml"])
    for number, paragraph in enumerate(list(root.iter(f"{W}p"))):
        paragraph.set(f"{W}rsidR", f"00{number:06X}")
        for run in list(paragraph.iter(f"{W}r")):
            _cut(run)
    mark = etree.Element(f"{W}bookmarkStart", {f"{W}id": "0", f"{W}name": "_GoBack"})
    first = next(root.iter(f"{W}p"))
    first.extend([mark, etree.Element(f"{W}bookmarkEnd", {f"{W}id": "0"})])
    parts["word/document.xml"] = etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", standalone=True
    )
    return zipped(parts)


def _cut(run: etree._Element) -> None:
    """A run of one text in two, with what the spelling checker leaves between."""
    texts = run.findall(f"{W}t")
    text = (
        texts[0].text or ""
        if len(texts) == 1 and len(run.findall("*")) - len(run.findall(f"{W}rPr")) == 1
        else ""
    )
    if len(text) < 2:
        return
    second = deepcopy(run)
    for half, said in ((run, text[: len(text) // 2]), (second, text[len(text) // 2 :])):
        piece = half.find(f"{W}t")
        assert piece is not None
        piece.text = said
        piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.addnext(second)
    run.addnext(etree.Element(f"{W}proofErr", {f"{W}type": "spellStart"}))


def parts_of(docx: bytes) -> dict[str, bytes]:
    """Les parties d'un .docx."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def page_text(docx: bytes | Path) -> str:
    """Ce qui se lit dans le corps d'un .docx."""
    return text_of(parse_part(open_package(docx)[MAIN], MAIN))


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Un .docx de ces parties."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def emptied(sdt: etree._Element) -> etree._Element:
    """Où se tape le texte d'un contrôle, vidé de celui qui y était."""
    content = sdt.find(f"{W}sdtContent")
    assert content is not None
    paragraph = content.find(f"{W}p")
    holder = content if paragraph is None else paragraph
    for run in holder.findall(f"{W}r"):
        holder.remove(run)
    return holder


def _write(sdt: etree._Element, text: str) -> None:
    for mark in sdt[0].findall(f"{W}showingPlcHdr"):
        sdt[0].remove(mark)
    holder = emptied(sdt)
    run = etree.SubElement(holder, f"{W}r")
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(run, f"{W}br")
        etree.SubElement(run, f"{W}t").text = line
