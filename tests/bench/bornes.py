"""Ce que coûtent de petits fichiers faits pour nuire : chacun est donné à la commande qui le
lirait, dans un processus à elle, dont le temps de calcul et la mémoire sont comptés.

    python -m tests.bench.bornes   # écrit sa part de docs/fiabilite.md
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from dla_docs import trame
from dla_docs.tables.writing import workbook
from tests.bench.fiabilite import write_part
from tests.word_forms import parts_of, zipped

MOST_SECONDS, MOST_MEMORY = 10, 1_000_000_000  # of an input of at most 10 MB
PATIENCE = 120  # seconds
SHEET = "xl/worksheets/sheet1.xml"
ROW = (
    "<w:tr>"
    + "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in "abc")
    + "</w:tr>"
)

Write = Callable[[Path], object]


@dataclass(frozen=True)
class Entry:
    """Un fichier : ce qu'on en dit, son nom, la commande qui le lit, comment il s'écrit."""

    said: str
    name: str
    command: str
    write: Write


def text(content: str) -> Write:
    """Un fichier de ce texte."""
    return lambda path: path.write_text(content, encoding="utf-8")


def of_rows(rows: str) -> Write:
    """Un classeur dont la feuille tient ces lignes, sous un titre."""

    def write(path: Path) -> None:
        path.write_bytes(workbook(["Nom du prestataire"], [["A"]], "Table"))
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts[SHEET] = re.sub(
            rb"</sheetData>", lambda found: rows.encode() + found[0], parts[SHEET]
        )
        path.write_bytes(zipped(parts))

    return write


def forged(rows: int) -> Write:
    """Un formulaire Word où des lignes sont ajoutées sous celles d'un tableau."""

    def write(path: Path) -> None:
        parts = parts_of(trame("proposition"))
        head, found, tail = parts["word/document.xml"].partition(b"productions[0].intitule")
        row_end = tail.index(b"</w:tr>") + len(b"</w:tr>")
        tail = tail[:row_end] + (ROW * rows).encode() + tail[row_end:]
        path.write_bytes(zipped({**parts, "word/document.xml": head + found + tail}))

    return write


def nested_controls(path: Path) -> None:
    """Un formulaire dont une cellule tient 990 contrôles, l'un dans l'autre."""
    parts = parts_of(trame("proposition"))
    opening = "<w:sdt><w:sdtPr><w:tag w:val='reference'/></w:sdtPr><w:sdtContent>" * 990
    inner = "<w:r><w:t>a</w:t></w:r>" + "</w:sdtContent></w:sdt>" * 990
    page = parts["word/document.xml"].replace(
        b"</w:p></w:tc>", f"{opening}{inner}</w:p></w:tc>".encode(), 1
    )
    path.write_bytes(zipped({**parts, "word/document.xml": page}))


def pdf_answer(value: Callable[[pikepdf.Pdf], pikepdf.Object]) -> Write:
    """Un formulaire PDF d'un seul champ, qui tient cette valeur."""

    def write(path: Path) -> None:
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            field = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T="reference", V=value(pdf))
            fields = pikepdf.Array([pdf.make_indirect(field)])
            pdf.Root.AcroForm = pikepdf.Dictionary(Fields=fields)
            pdf.save(path)

    return write


def nested_array(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Une liste de listes, deux fois plus longue à chaque étage."""
    found: pikepdf.Object = pikepdf.Array([pikepdf.String("a")])
    for _ in range(25):
        found = pdf.make_indirect(pikepdf.Array([found, found]))
    return found


def long_stream(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Six cents millions de signes, comprimés."""
    pack = zlib.compressobj(9)
    data = b"".join(pack.compress(b"a" * 1_000_000) for _ in range(600)) + pack.flush()
    stream = pdf.make_stream(b"")
    stream.write(data, filter=pikepdf.Name.FlateDecode)
    return stream


def cited(path: Path) -> None:
    """Un document qui cite deux mille fois le même fichier."""
    path.with_name("ligne.yaml").write_text("nom: x\n" + "".join(f"k{n}: v\n" for n in range(2000)))
    path.write_text(
        "document: cahier_des_charges\nautres_operateurs:\n" + "  - ligne.yaml\n" * 2000
    )


def pipe(path: Path) -> None:
    """Un tube, où rien n'arrive."""
    os.mkfifo(path)


LOT, READ, CHECK = "lot {} fiche_prestataire -o sortie --brouillon", "lire {}", "verifier {}"
KEYS = "document: cahier_des_charges\n"
ROWS = "".join(f"  - {{cle: k{rank}, texte: un texte assez long}}\n" for rank in range(110_000))
FAR = range(3, 30_003)
HEADINGS = "Nom du prestataire;N° de siret\n"
ENTRIES = (
    Entry("Une cellule à la ligne 99 999 999 999", "loin.xlsx", LOT,
          of_rows('<row r="99999999999"><c><v>1</v></c></row>')),
    Entry("30 000 lignes d'une cellule dans la dernière colonne", "xfd.xlsx", LOT,
          of_rows("".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in FAR))),
    Entry("2 000 000 de cellules vides", "vides.xlsx", LOT,
          of_rows('<row>' + '<c/>' * 2_000_000 + '</row>')),
    Entry("5 000 000 de cellules vides", "trop.xlsx", LOT,
          of_rows('<row>' + '<c/>' * 5_000_000 + '</row>')),
    Entry("16 000 colonnes inconnues", "titres.csv", LOT,
          text(";".join(f"colonne {n}" for n in range(16_000)) + "\nx\n")),
    Entry("200 000 lignes refusées", "lignes.csv", LOT,
          text(HEADINGS + "".join(f"A{n};pas un siret\n" for n in range(200_000)))),
    Entry("8 000 lignes forgées dans un formulaire", "forge8.docx", READ, forged(8_000)),
    Entry("40 000 lignes forgées dans un formulaire", "forge40.docx", READ, forged(40_000)),
    Entry("990 champs l'un dans l'autre", "champs.docx", READ, nested_controls),
    Entry("Un champ PDF fait de listes de listes", "listes.pdf", READ, pdf_answer(nested_array)),
    Entry("Un champ PDF de 600 Mo comprimés", "long.pdf", READ, pdf_answer(long_stream)),
    Entry("45 Mo de signes U+0001", "u1.yaml", CHECK, text("a: " + "\x01" * 45_000_000)),
    Entry("5 Mo de signes U+0001", "u1b.yaml", CHECK, text("a: " + "\x01" * 5_000_000)),
    Entry("Une faute à la fin de 5 Mo", "fin.yaml", CHECK, text(f"liste:\n{ROWS}fin: [a\n")),
    Entry("20 000 clés inconnues", "cles.yaml", CHECK,
          text(KEYS + "".join(f"cle_inconnue_{n}: x\n" for n in range(20_000)))),
    Entry("95 000 valeurs sur une ligne", "ligne.yaml", CHECK,
          text('a: ["#",' + ",".join("x" for _ in range(95_000)) + "]\n")),
    Entry("30 000 espaces insécables en retrait", "blancs.yaml", CHECK,
          text("a:\n " + "\u00a0" * 30_000 + "\nb: c\n")),
    Entry("30 000 tirets", "tirets.yaml", CHECK, text("a: b\n" + "-" * 30_000 + "\nc: b\n")),
    Entry("2 000 fois le même fichier cité", "cite.yaml", CHECK, cited),
    Entry("Un tube", "tube.yaml", CHECK, pipe),
)  # fmt: skip


@dataclass(frozen=True)
class Cost:
    """Ce qu'a coûté une commande : secondes de calcul, octets de mémoire ; et ce qu'elle a dit."""

    size: int
    seconds: float
    memory: int
    code: int
    said: str

    @property
    def kept(self) -> bool:
        """Vrai quand le fichier est lu, ou refusé d'une phrase, sans trop coûter."""
        own = self.code in (0, 1, 2) and "Défaut de dla-docs" not in self.said
        return own and self.seconds <= MOST_SECONDS and self.memory <= MOST_MEMORY


def cost_of(entry: Entry, folder: Path) -> Cost:
    """Ce que coûte ce fichier à la commande qui le lit."""
    entry.write(path := folder / entry.name)
    command = [sys.executable, "-m", "dla_docs", *entry.command.format(entry.name).split()]
    # Through a small process: this one is large, and what it starts would count its memory too.
    done = subprocess.run(
        [sys.executable, "-c", COUNT, *command], cwd=folder, capture_output=True, check=True
    )
    said, _, counted = done.stdout.decode(errors="replace").rpartition("\n")
    seconds, memory, code = counted.split()
    return Cost(path.stat().st_size, float(seconds), int(memory) * 1024, int(code), said)


COUNT = """
import resource, subprocess, sys
pipe = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
done = subprocess.run(sys.argv[1:], **pipe)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
sys.stdout.buffer.write(done.stdout[:100_000])
print(f"\\n{used.ru_utime + used.ru_stime} {used.ru_maxrss} {done.returncode}", end="")
"""


def main() -> None:
    """Mesure tout, et récrit la part de la page."""
    rows = ["| Fichier | Taille | Secondes | Mémoire (Mo) | Ce qui en est fait |",
            "| --- | ---: | ---: | ---: | --- |"]  # fmt: skip
    for entry in ENTRIES:
        with tempfile.TemporaryDirectory() as folder:
            cost = cost_of(entry, Path(folder))
        said = "lu" if cost.code < 2 else "refusé"
        done = said if cost.kept else f"**hors de la borne** ({said})"
        size = f"{cost.size / 1000:,.0f} ko".replace(",", "\u202f")
        spent = f"{cost.seconds:.1f} | {cost.memory / 1e6:.0f}".replace(".", ",")
        rows.append(f"| {entry.said} | {size} | {spent} | {done} |")
        print(rows[-1], flush=True)
    write_part("bornes", "\n".join([INTRODUCTION, "", *rows]))


INTRODUCTION = f"""## De petits fichiers faits pour nuire

Chaque fichier est donné à la commande qui le lirait, dans un processus à elle. La borne : au plus
{MOST_SECONDS} secondes de calcul et {MOST_MEMORY // 10**9} Go de mémoire pour tout fichier d'au
plus 10 Mo ; ce qui coûterait davantage est refusé d'une phrase. Le démarrage, à peu près le même
pour tous, est compté. Un lot, qui fait un document par ligne, va aussi longtemps qu'il y a de
lignes à faire ; il s'arrête quand les 2 000 premières sont toutes refusées."""

if __name__ == "__main__":
    main()
