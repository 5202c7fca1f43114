"""Ce qui entoure la page et n'y a pas de mots : les couleurs et les caractères de la charte, le
titre et l'auteur du fichier. Ils suivent la mission, comme les textes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dla_docs.forms.answers_taken import Changement
from dla_docs.raw.quoting import quoted, quoted_apart
from dla_docs.retouches.telling import Told
from dla_docs.stages.sent_page import DC, LOOK
from dla_docs.templating.looks import SCHEMES, SHOWN, THEME, look_of, unpacked_look
from dla_docs.templating.restyling import dress, exchange, scheme_of, style_in
from dla_docs.word.package import CORE, parse_part, serialise

PROPERTIES = {"title": "Titre du fichier", "creator": "Auteur du fichier"}
COLOUR = re.compile("[0-9A-F]{6}")
CHARTER = "les couleurs et les caractères du document, que la mission dit autrement"
Parts = Mapping[str, bytes]


def described_otherwise(left: Parts, held: Parts) -> Iterator[str]:
    """Le titre, l'auteur du fichier qu'une main a récrits."""
    for name, label in PROPERTIES.items():
        was, now = _property(left, name), _property(held, name)
        if was and now and was != now:
            before, after = quoted_apart(was, now)
            yield f"{label} : {before} est devenu {after}"


def worn_otherwise(left: Parts, held: Parts) -> Iterator[str]:
    """Les styles et le thème qu'une main a changés dans Word, sans toucher à la page."""
    if LOOK not in left:
        return  # it left before its look travelled with it
    was, now = unpacked_look(left[LOOK]), look_of(held)
    for name in SCHEMES:
        before, after = was.get(THEME, {}).get(name), now[THEME].get(name)
        if before and after and before != after:
            yield f"{name} du thème : {quoted(before)} est devenu {quoted(after)}"
    for name in sorted(was.keys() & now.keys() - {THEME}):
        one, other = was[name], now[name]
        if marks := [said for mark, said in SHOWN.items() if one.get(mark) != other.get(mark)]:
            yield f"style « {name} » changé : {', '.join(marks)}"


def same_around(parts: Parts, made: Parts) -> bool:
    """Vrai quand le document porte déjà la charte, le titre et l'auteur de la mission."""
    return not _changes(parts, made) and all(
        _property(parts, name) == _property(made, name) for name in PROPERTIES
    )


def wear(done: dict[str, bytes], made: Parts, left: Parts, told: Told) -> None:
    """Met autour de la page ce que la mission y met ; des couleurs que quelqu'un a choisies dans
    Word ont un autre nom que les nôtres, et restent ; un titre, un auteur qu'il a récrits, aussi.
    """
    changes = _changes(done, made)
    if changes and scheme_of(done) == scheme_of(made):
        exchange(done, changes)
        dress(done, style_in(made))
        before, now = (", ".join(map(_said, one)) for one in (changes, changes.values()))
        told.updated.append(Changement("", "Charte", before, now))
    elif changes:
        told.kept.append(CHARTER)
    for name, label in PROPERTIES.items():
        before, now = _property(done, name), _property(made, name)
        if not before or not now or before == now:
            continue
        if _property(left, name) in ("", before):
            _describe(done, name, now)
            told.updated.append(Changement("", label, before, now))
        else:
            told.kept.append(f"{label} : {quoted(before)}")


def _changes(parts: Parts, made: Parts) -> dict[str, str]:
    """The colours and the font that the mission has changed: that which was, that which is."""
    mine, wanted = style_in(parts), style_in(made)
    held = dict(mine.colours)
    pairs = [(held[slot], colour) for slot, colour in wanted.colours if slot in held]
    if mine.font and wanted.font:
        pairs.append((mine.font[0], wanted.font[0]))
    return {was: now for was, now in pairs if was != now}


def _said(look: str) -> str:
    return f"#{look}" if COLOUR.fullmatch(look) else look


def _property(parts: Parts, name: str) -> str:
    found = parse_part(parts[CORE], CORE).find(f"{{{DC}}}{name}") if CORE in parts else None
    return "" if found is None else str(found.text or "")


def _describe(parts: dict[str, bytes], name: str, text: str) -> None:
    root = parse_part(parts[CORE], CORE)
    found = root.find(f"{{{DC}}}{name}")
    assert found is not None
    found.text = text
    parts[CORE] = serialise(root)
