"""Ce qui entoure la page et n'y a pas de mots : les couleurs et les caractères de la charte, le
titre du fichier. Ils suivent la mission, comme les textes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from dla_docs.forms.answers_taken import Changement
from dla_docs.retouches.telling import Told
from dla_docs.templating.restyling import dress, exchange, scheme_of, style_in
from dla_docs.word.package import parse_part, serialise

CORE = "docProps/core.xml"
TITLE = "{http://purl.org/dc/elements/1.1/}title"
COLOUR = re.compile("[0-9A-F]{6}")
CHARTER = "les couleurs et les caractères du document, que la mission dit autrement"
Parts = Mapping[str, bytes]


def same_around(parts: Parts, made: Parts) -> bool:
    """Vrai quand le document porte déjà la charte et le titre de la mission."""
    return not _changes(parts, made) and _title(parts) == _title(made)


def wear(done: dict[str, bytes], made: Parts, told: Told) -> None:
    """Met autour de la page ce que la mission y met ; des couleurs que quelqu'un a choisies dans
    Word ont un autre nom que les nôtres, et restent.
    """
    changes = _changes(done, made)
    if changes and scheme_of(done) == scheme_of(made):
        exchange(done, changes)
        dress(done, style_in(made))
        before, now = (", ".join(map(_said, one)) for one in (changes, changes.values()))
        told.updated.append(Changement("", "Charte", before, now))
    elif changes:
        told.kept.append(CHARTER)
    before, now = _title(done), _title(made)
    if before and now and before != now:
        _entitle(done, now)
        told.updated.append(Changement("", "Titre du fichier", before, now))


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


def _title(parts: Parts) -> str:
    found = parse_part(parts[CORE], CORE).find(TITLE) if CORE in parts else None
    return "" if found is None else str(found.text or "")


def _entitle(parts: dict[str, bytes], title: str) -> None:
    root = parse_part(parts[CORE], CORE)
    found = root.find(TITLE)
    assert found is not None
    found.text = title
    parts[CORE] = serialise(root)
