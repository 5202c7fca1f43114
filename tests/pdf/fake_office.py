"""A fake soffice: it obeys the words that it finds in the documents (HANG, CRASH, NOTHING,
RESTART, GARBAGE, TRUNCATED, NOPAGE, DRAFT, SLOW, GROW), once or always."""

from __future__ import annotations

import io
import json
import os
import sys
import zipfile
from pathlib import Path
from time import monotonic, sleep

import pikepdf

SCRIPT = """#!{python} -SE
import json, os, subprocess, sys, time
here = {folder!r}
if "--version" in sys.argv:
    print({version!r})
    sys.exit(0)
with open(here + "/calls", "a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + "\\n")
out = sys.argv[sys.argv.index("--outdir") + 1]
kind = sys.argv[sys.argv.index("--convert-to") + 1].split(":")[0]
base = open(here + "/base.pdf", "rb").read()
for path in sys.argv[sys.argv.index("--outdir") + 2 :]:
    docx = open(path, "rb").read()
    words = docx.split(b"<<", 1)[1].split(b">>", 1)[0].decode().split()
    mark, order = words[0], words[1] if len(words) > 1 else ""
    if "ONCE" in words and os.path.exists(here + "/done-" + mark):
        order = ""
    open(here + "/done-" + mark, "w").close()
    target = os.path.join(out, os.path.basename(path)[:-4] + kind)
    pdf = base.replace(b"@" * 40, mark.encode().ljust(40))
    if order == "HANG":
        child = subprocess.Popen(["sleep", "600"])
        with open(here + "/children", "a") as children:
            children.write(str(child.pid) + "\\n")
        time.sleep(600)
    elif order == "GROW":
        with open(target, "ab", buffering=0) as output:
            while True:
                output.write(b"x" * 100)
                time.sleep(0.05)
    elif order == "DRAFT":
        with open(target, "wb") as output:
            output.write(base.replace(b"@" * 40, b"draft".ljust(40)))
        time.sleep(1)
    elif order == "SLOW":
        time.sleep(1)
    elif order == "CRASH":
        os.abort()
    elif order == "RESTART":
        sys.exit(81)
    elif order == "NOTHING":
        continue
    elif order == "GARBAGE":
        pdf = b"%PDF-1.7 garbage %%EOF"
    elif order == "TRUNCATED":
        pdf = pdf[: len(base) // 2]
    elif order == "NOPAGE":
        pdf = open(here + "/nopage.pdf", "rb").read()
    with open(target, "wb") as output:
        output.write(pdf)
"""


class FakeOffice:
    """The program's file, what it was asked, and what it left running."""

    def __init__(self, folder: Path, version: str = "LibreOffice 25.2.3.2 520(Build:2)") -> None:
        folder.mkdir()
        self.folder, self.path = folder, folder / "soffice"
        self.path.write_text(
            SCRIPT.format(python=sys.executable, folder=str(folder), version=version)
        )
        self.path.chmod(0o755)

    @property
    def calls(self) -> list[list[str]]:
        """The arguments of each conversion that was started."""
        log = self.folder / "calls"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    @property
    def running_children(self) -> list[int]:
        """The processes that it started and that still run: a killed one may need a moment."""
        log = self.folder / "children"
        started = [int(pid) for pid in log.read_text().split()] if log.exists() else []
        deadline = monotonic() + 5
        while any(map(_runs, started)) and monotonic() < deadline:
            sleep(0.05)
        return [pid for pid in started if _runs(pid)]


def document(mark: str, order: str = "", text: str = "") -> bytes:
    """A Word document for the fake: ``mark`` comes back in its PDF,
    ``order`` is what happens to it; ``text`` never reaches its page."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override '
        'PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
        "</Types>",
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="word/document.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>'
        "</Relationships>",
        "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
        f"<!--<<{mark} {order}>>-->",
        "docProps/core.xml": '<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>T</dc:title></c>',
    }
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return output.getvalue()


def mark_of(pdf: bytes) -> str:
    """The mark of the document that this PDF was made from."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return document.pages[0].Contents.read_bytes().split(b"%MARK:", 1)[1].split()[0].decode()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")  # a killed orphan may wait for its new parent to bury it
    return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"
