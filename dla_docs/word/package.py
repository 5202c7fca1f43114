"""L'ouverture d'un fichier Word : un seul passage, gardé, pour tout ce qui vient du dehors."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from lxml import etree

from dla_docs.errors import InputError, PackageError
from dla_docs.files import read_bytes
from dla_docs.word.archive import entries_of
from dla_docs.word.file_kinds import (
    AGAIN,
    NO_PASSWORD,
    SAVE_AS,
    refusal_of_bytes,
    refusal_of_entries,
)
from dla_docs.word.names import NAMESPACES, W
from dla_docs.word.part import (
    MAX_XML,
    SUSPECT,
    Relationship,
    check_part,
    damaged,
    is_xml,
    of_small_parts,
    owner_of,
    parse_part,
    refusal,
    relationships,
    rels_of,
    root_tag,
    serialise,
    shown,
    too_big,
    too_many,
)

__all__ = [
    "CONTENT_TYPES",
    "MAIN",
    "Relationship",
    "drop_attached_template",
    "has_macros",
    "open_package",
    "owner_of",
    "parse_part",
    "relationships",
    "rels_of",
    "serialise",
    "unpacked",
]

MEGA = 1024 * 1024
MAX_FILE = 50 * MEGA  # limits measured on 1207 public documents: they refuse the hostile ones only
MAX_ENTRIES = 2000
MAX_UNPACKED = 300 * MEGA
MAX_RATIO, RATIO_FROM = 200, 5 * MEGA

MAIN, CORE = "word/document.xml", "docProps/core.xml"
CONTENT_TYPES = "[Content_Types].xml"
ATTACHED = "attachedtemplate"
MACROS = re.compile(r"(?i)vbaProject|macroEnabled\w*\.main\+xml")
MACROS_WITHIN = re.compile(rb"(?i)vbaProject|macrosheets/")
OPENING = re.compile(
    rb"""(?:<\?xml[^>]*\?>)?\s*<\w+:\w+(?:\s+\w+(?::\w+)?=(?:"[^"<]*"|'[^'<]*'))*\s*>"""
)
Check = Callable[[bytes, str], None]
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
W_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def open_package(
    source: bytes | str | Path,
    name: str = "",
    check: Check = check_part,
    attached: bool = False,
) -> dict[str, bytes]:
    """Les parties d'un .docx ou d'un .dotx, par nom ; ``source`` est un chemin ou des octets,
    ``name`` le nom à dire, ``check`` ce qui refuse une partie abîmée ; ``attached`` : avec le lien
    vers le modèle dont l'auteur était parti. PackageError sinon.
    """
    name = name or ("" if isinstance(source, bytes) else str(source))
    try:
        data = source if isinstance(source, bytes) else read_bytes(source, MAX_FILE)
        _check_file(data, name)
        parts = _with_usual_main(unpacked(data, check=check))
        _check_document(parts)
        if not attached:
            drop_attached_template(parts)
        return parts
    except InputError as error:
        raise PackageError(
            replace(constat, fichier=name) for constat in error.constats
        ) from error.__cause__


def _check_file(data: bytes, name: str) -> None:
    if len(data) > MAX_FILE:
        raise refusal(
            f"Ce fichier dépasse {MAX_FILE // MEGA} Mo.",
            "Compressez ses images dans Word (Format de l'image) et enregistrez-le de nouveau.",
        )
    if Path(name).name.startswith("~$"):
        raise refusal(
            "C'est le fichier de verrou de Word (« ~$… »), et non le document.",
            "Indiquez le fichier du même nom sans « ~$ ».",
        )
    found = refusal_of_bytes(data)
    if found:
        raise refusal(*found)


def unpacked(data: bytes, program: str = "Word", check: Check = check_part) -> dict[str, bytes]:
    """Les parties d'un paquet Open XML, décompressées sans danger ; ``program`` : celui dont le
    message parle ; ``check`` : ce qui refuse une partie abîmée.
    """
    if (
        b"PK\5\6" not in data[-70_000 : len(data) - 18]
    ):  # the end record: 22 bytes, and a comment of at most 64 kB
        raise refusal("Ce fichier est tronqué : sa fin manque.", AGAIN)
    if data.count(b"PK\1\2") > 10 * MAX_ENTRIES:  # before the directory fills the memory
        raise too_many()
    try:
        parts = _as_we_write(data)
        if parts is None:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = archive.infolist()
                _check_entries(entries)
                files = [entry for entry in entries if not _named(entry).endswith("/")]
                return dict(_read_entries(archive, files, len(data), check))
        for part, content in parts.items():
            if is_xml(part):
                check(content, part)
        return parts
    except PackageError:
        raise
    except Exception as error:  # on damaged bytes zipfile raises a dozen unrelated types
        raise refusal(
            f"Ce fichier {program} est abîmé : son contenu ne se décompresse pas.", AGAIN
        ) from error


def _as_we_write(data: bytes) -> dict[str, bytes] | None:
    """The parts of a file that is written as ours are, small and plain: they are found where it
    says, and those that another had are not unpacked again. ``None`` of any other.
    """
    entries = entries_of(data)
    if entries is None or sum(entry.size for entry in entries) > RATIO_FROM:
        return None
    plain = [one for one in entries if one.method in METHODS and _is_plain_name(one.name)]
    if not len({entry.name.casefold() for entry in plain}) == len(entries) <= MAX_ENTRIES:
        return None
    found = ((entry.name, entry.read(data)) for entry in plain)
    parts = {name: content for name, content in found if content is not None}
    return parts if len(parts) == len(entries) else None


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise too_many()
    seen: set[str] = set()
    for entry in entries:
        part = _named(entry)
        if not _is_safe_name(part):
            raise refusal(
                f"Ce fichier contient une partie au nom dangereux (« {shown(part)} »).", SUSPECT
            )
        if part.casefold() in seen:
            raise refusal(f"Ce fichier contient deux fois la partie « {shown(part)} ».", SUSPECT)
        if part.endswith("/") and entry.file_size:
            raise refusal(f"Ce fichier cache un contenu sous « {shown(part)} ».", SUSPECT)
        if entry.flag_bits & 0x1:
            raise refusal("Ce fichier est protégé par un mot de passe.", NO_PASSWORD)
        if entry.compress_type not in METHODS:
            raise refusal(
                f"La partie « {shown(part)} » est compressée d'une façon que Word n'emploie pas.",
                SUSPECT,
            )
        seen.add(part.casefold())


def _named(entry: zipfile.ZipInfo) -> str:
    """Its own name, which ``filename`` cuts at a NUL; some programs write it with backslashes."""
    return entry.orig_filename.replace("\\", "/")


def _is_safe_name(part: str) -> bool:
    segments = part.removesuffix("/").split("/")
    return part.isprintable() and ":" not in part and not {"", ".", ".."} & set(segments)


def _is_plain_name(part: str) -> bool:
    return _is_safe_name(part) and "\\" not in part and not part.endswith("/")


def _read_entries(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], file_size: int, check: Check
) -> Iterator[tuple[str, bytes]]:
    total = 0
    for entry in entries:
        part = _named(entry)
        cap = min(MAX_UNPACKED - total, MAX_XML if is_xml(part) else MAX_UNPACKED)
        with archive.open(entry) as stream:
            content = stream.read(cap + 1)
        total += len(content)
        # A declared compressed size may lie upwards; the size of the whole file does not.
        if (
            len(content) > cap
            or _is_bomb(len(content), entry.compress_size)
            or _is_bomb(total, file_size)
        ):
            raise too_big()
        if is_xml(part):
            check(content, part)
        yield part, content


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed


def _with_usual_main(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Word on the web sometimes names the text ``word/document2.xml``: give it the name that all
    other modules know.
    """
    main = _main_part(parts)
    if MAIN in parts or main not in parts or posixpath.dirname(main) != posixpath.dirname(MAIN):
        return parts
    renamed = {main: MAIN, rels_of(main): rels_of(MAIN)}
    parts = {renamed.get(part, part): content for part, content in parts.items()}
    for part in {CONTENT_TYPES, rels_of("")} & parts.keys():
        parts[part] = parts[part].replace(main.encode(), MAIN.encode())
    return parts


def _main_part(parts: dict[str, bytes]) -> str:
    return next(
        (link.target for link in relationships(parts, "") if link.kind == "officeDocument"), ""
    )


def _check_document(parts: dict[str, bytes]) -> None:
    if MAIN not in parts:
        raise refusal(*refusal_of_entries(parts))
    if CONTENT_TYPES not in parts or _main_part(parts) != MAIN:
        raise damaged(rels_of("") if CONTENT_TYPES in parts else CONTENT_TYPES)
    if embedded := _embedded_macros(parts):
        raise refusal(
            f"Ce document contient un objet qui a des macros (« {shown(embedded)} »).",
            "Remplacez cet objet par une image, ou par un classeur sans macro.",
        )
    if has_macros(parts):
        raise refusal(
            "Ce document est au format qui prend en charge les macros (.docm ou .dotm).",
            "Enregistrez-le au format « Document Word (.docx) », sans macro.",
        )
    opened = OPENING.match(parts[MAIN])  # of a part that was checked: the same for most
    root = root_tag(opened[0] if opened else parts[MAIN], MAIN)
    if root == f"{{{W_STRICT}}}document":
        raise refusal("Ce document est au format « Open XML strict ».", SAVE_AS)
    if root != f"{W}document":
        raise damaged(MAIN)


def has_macros(parts: dict[str, bytes]) -> bool:
    """Vrai d'un paquet Open XML qui tient des macros, ou dont le format les annonce."""
    names = [*parts, *_types_in(parts[CONTENT_TYPES], CONTENT_TYPES)]
    return bool(_embedded_macros(parts)) or any(map(MACROS.search, names))


@of_small_parts
def _types_in(data: bytes, part: str) -> tuple[str, ...]:
    types = parse_part(data, part).iter("{*}Override", "{*}Default")
    return tuple(element.get("ContentType", "") for element in types)


def _embedded_macros(parts: dict[str, bytes]) -> str:
    """The object that holds macros: Word names a binary workbook « macroEnabled », and most have
    none; what an archive holds is named in clear at its end.
    """
    objects = (part for part in parts if "/embeddings/" in part)
    return next((part for part in objects if MACROS_WITHIN.search(parts[part])), "")


def drop_attached_template(parts: dict[str, bytes]) -> bool:
    """Ôte le lien vers le modèle dont l'auteur était parti, qui ne change rien de ce qui s'imprime
    et que Word irait chercher en ouvrant ; vrai quand il y en avait un.
    """
    found = False
    for part in [one for one in parts if is_xml(one) and b"attachedTemplate" in parts[one]]:
        named = {
            one.get(f"{{{NAMESPACES['r']}}}id", "")
            for one in parse_part(parts[part], part).iter(f"{W}attachedTemplate")
        }
        if named:
            found = True
            parts[part] = _without(parts[part], part, lambda one: one.tag == f"{W}attachedTemplate")
            _unlink(parts, rels_of(part), partial(_is_among, named))
    for rels in [one for one in parts if one.casefold().endswith(".rels")]:
        links = relationships({rels_of(owner_of(rels)): parts[rels]}, owner_of(rels))
        if any(link.kind.casefold() == ATTACHED for link in links):
            found = True
            _unlink(parts, rels, lambda one: _kind(one) == ATTACHED)
    return found


def _is_among(numbers: set[str], link: etree._Element) -> bool:
    return link.get("Id", "") in numbers


def _kind(link: etree._Element) -> str:
    return link.get("Type", "").rpartition("/")[2].casefold()


def _unlink(parts: dict[str, bytes], rels: str, unwanted: Callable[[etree._Element], bool]) -> None:
    if rels in parts:
        parts[rels] = _without(parts[rels], rels, unwanted)


def _without(data: bytes, part: str, unwanted: Callable[[etree._Element], bool]) -> bytes:
    root = parse_part(data, part)
    for element in [child for child in root.iter("{*}*") if unwanted(child)]:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return serialise(root)
