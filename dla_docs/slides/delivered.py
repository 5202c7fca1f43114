"""Le modèle PowerPoint livré : 16:9, deux dispositions et une page de notes, aux couleurs et aux
caractères de la charte de l'opérateur.
"""

from __future__ import annotations

from importlib import resources

from lxml import etree

from dla_docs.templating.restyling import Style, dress_theme
from dla_docs.word.archive import pack, write_archive
from dla_docs.word.names import NAMESPACES
from dla_docs.word.part import serialise

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = NAMESPACES["r"]
TYPE = "application/vnd.openxmlformats-officedocument"
MASTER, NOTES = "slideMasters/slideMaster1.xml", "notesMasters/notesMaster1.xml"
LAYOUTS = ("slideLayouts/slideLayout1.xml", "slideLayouts/slideLayout2.xml")
THEMES = ("theme/theme1.xml", "theme/theme2.xml")  # of the slides, of the notes
DEFAULTS = (
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
    '+xml"/><Default Extension="xml" ContentType="application/xml"/>'
)
TYPES = {
    "presentation.xml": "presentationml.presentation.main",
    MASTER: "presentationml.slideMaster",
    NOTES: "presentationml.notesMaster",
    **dict.fromkeys(LAYOUTS, "presentationml.slideLayout"),
    **dict.fromkeys(THEMES, "theme"),
}
LINKS = {
    "presentation.xml": (MASTER, NOTES, THEMES[0]),
    MASTER: (*LAYOUTS, THEMES[0]),
    NOTES: (THEMES[1],),
    **dict.fromkeys(LAYOUTS, (MASTER,)),
}


def delivered(style: Style) -> bytes:
    """Les octets du modèle livré, habillé selon une charte : les mêmes pour la même charte."""
    parts = {"[Content_Types].xml": _types(), "_rels/.rels": _rels("", ("ppt/presentation.xml",))}
    for name in TYPES:
        parts[f"ppt/{name}"] = _theme(style) if name in THEMES else _own(name)
    for name, targets in LINKS.items():
        folder, _, base = name.rpartition("/")
        beside = "../" if folder else ""
        made = _rels(beside, targets)
        parts["/".join(filter(None, ("ppt", folder, "_rels", f"{base}.rels")))] = made
    return write_archive(pack(name, content) for name, content in parts.items())


def _own(name: str) -> bytes:
    return (resources.files(__package__) / "socle" / name.rpartition("/")[2]).read_bytes()


def _theme(style: Style) -> bytes:
    """That of the Word files: the same colours, the same letters."""
    held = (resources.files("dla_docs.builder") / "socle" / "theme.xml").read_bytes()
    root = etree.fromstring(held)
    dress_theme(root, style)
    return serialise(root)


def _types() -> bytes:
    lines = "".join(
        f'<Override PartName="/ppt/{name}" ContentType="{TYPE}.{kind}+xml"/>'
        for name, kind in TYPES.items()
    )
    return f'<Types xmlns="{PACKAGE}/content-types">{DEFAULTS}{lines}</Types>'.encode()


def _rels(beside: str, targets: tuple[str, ...]) -> bytes:
    lines = "".join(
        f'<Relationship Id="rId{rank}" Type="{OFFICE}/{_kind(name)}" Target="{beside}{name}"/>'
        for rank, name in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'.encode()


def _kind(name: str) -> str:
    base = name.rpartition("/")[2].removesuffix(".xml").rstrip("0123456789")
    return "officeDocument" if base == "presentation" else base
