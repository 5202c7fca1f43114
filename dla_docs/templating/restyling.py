"""Un modèle Word aux couleurs et aux caractères d'une charte : son thème change, et avec lui tout
ce qui le suit ; pas un mot ne change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from dla_docs.word.archive import pack, write_archive
from dla_docs.word.names import W, local_name
from dla_docs.word.package import open_package, parse_part, serialise

SLOTS = {"text2": "dk2", "background2": "lt2", "hyperlink": "hlink"}  # as Word's texts name them
PAINTED = {
    f"{W}color": (f"{W}themeColor", f"{W}val"),
    f"{W}shd": (f"{W}themeFill", f"{W}fill"),
}
SIDES = ("top", "left", "bottom", "right", "start", "end", "insideH", "insideV")
WORN = {
    f"{W}color": ("val",),
    f"{W}shd": ("fill",),
    f"{W}rFonts": ("ascii", "hAnsi", "cs", "eastAsia"),
    **{f"{W}{side}": ("color",) for side in SIDES},
}
STORY = re.compile(r"word/(document|styles|numbering|(header|footer)[0-9]*)\.xml")
THEME = re.compile(r"word/(theme/)?theme[0-9]*\.xml")
FONTS = re.compile(r"word/fontTable\.xml")


@dataclass(frozen=True)
class Style:
    """``colours`` : par place du thème (« dk2 », « accent1 »), en hexadécimal ; ``font`` : la
    famille, et celle qui la remplace où elle manque.
    """

    colours: tuple[tuple[str, str], ...] = ()
    font: tuple[str, str] | None = None

    def __bool__(self) -> bool:
        """Vrai quand il y a quelque chose à changer."""
        return bool(self.colours or self.font)


@lru_cache(maxsize=64)
def restyled(docx: bytes, style: Style) -> bytes:
    """Le modèle Word habillé ; ``PackageError`` quand il ne s'ouvre pas."""
    parts = dict(open_package(docx))
    dress(parts, style)
    return write_archive(pack(name, content) for name, content in parts.items())


def dress(parts: dict[str, bytes], style: Style) -> None:
    """Habille les parties d'un fichier Word."""
    for name in parts:
        changes = [change for pattern, change in CHANGES if pattern.fullmatch(name)]
        if changes:
            root = parse_part(parts[name], name)
            changes[0](root, style)
            parts[name] = serialise(root)


def exchange(parts: dict[str, bytes], changes: Mapping[str, str]) -> None:
    """Met une couleur, une famille de caractères à la place d'une autre là où elles sont dites sans
    le thème : LibreOffice les enregistre ainsi.
    """
    for name in filter(STORY.fullmatch, parts):
        root = parse_part(parts[name], name)
        for element in root.iter(*WORN):
            for attribute in WORN[str(element.tag)]:
                worn = str(element.get(f"{W}{attribute}", ""))
                if other := changes.get(worn) or changes.get(worn.upper()):
                    element.set(f"{W}{attribute}", other)
        parts[name] = serialise(root)


def style_in(parts: Mapping[str, bytes]) -> Style:
    """L'habit que porte un fichier Word ; rien quand il n'a pas de thème."""
    theme, fonts = _root(parts, THEME), _root(parts, FONTS)
    if theme is None:
        return Style()
    slots = tuple(
        (local_name(slot), str(colour.get("val")).upper())
        for slot in theme.iterfind(".//{*}clrScheme/*")
        for colour in slot.iterfind("{*}srgbClr")
    )
    family = theme.find(".//{*}fontScheme/{*}minorFont/{*}latin")
    other = None if fonts is None else fonts.find(f".//{W}altName")
    stand_in = "" if other is None else str(other.get(f"{W}val"))
    return Style(slots, None if family is None else (str(family.get("typeface")), stand_in))


def scheme_of(parts: Mapping[str, bytes]) -> tuple[str, ...]:
    """Les noms des couleurs et des caractères d'un thème : Word en met d'autres quand quelqu'un
    en choisit d'autres.
    """
    theme = _root(parts, THEME)
    held = () if theme is None else theme.iterfind("{*}themeElements/*[@name]")
    return tuple(str(one.get("name")) for one in held if local_name(one) != "fmtScheme")


def _root(parts: Mapping[str, bytes], pattern: re.Pattern[str]) -> etree._Element | None:
    name = next((name for name in sorted(parts) if pattern.fullmatch(name)), None)
    return None if name is None else parse_part(parts[name], name)


def dress_theme(theme: etree._Element, style: Style) -> None:
    """Met dans un thème les couleurs et les caractères d'une charte."""
    for slot, colour in style.colours:
        for held in theme.iterfind(f".//{{*}}clrScheme/{{*}}{slot}/{{*}}srgbClr"):
            held.set("val", colour)
    for latin in theme.iterfind(".//{*}fontScheme/*/{*}latin") if style.font else ():
        latin.set("typeface", style.font[0] if style.font else "")


def _painted(story: etree._Element, style: Style) -> None:
    """Word follows the theme; LibreOffice reads the colour that stands beside."""
    colours = dict(style.colours)
    for element in story.iter():
        themes, value = PAINTED.get(str(element.tag), (f"{W}themeColor", f"{W}color"))
        theme = str(element.get(themes, ""))
        if colour := colours.get(SLOTS.get(theme, theme)):
            element.set(value, colour)


def _named(fonts: etree._Element, style: Style) -> None:
    family, stand_in = style.font or ("", "")
    for font in fonts.iterfind(f"{W}font") if style.font else ():
        other = font.find(f"{W}altName")
        if other is not None:
            font.set(f"{W}name", family)
            other.set(f"{W}val", stand_in)


CHANGES = ((THEME, dress_theme), (STORY, _painted), (FONTS, _named))
