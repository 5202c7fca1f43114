"""Ce qui entoure la page et n'y a pas de mots : les couleurs et les caractères de la charte, le
titre du fichier. Ils suivent la mission, comme les textes.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from dla_docs.forms.answers_taken import Changement
from dla_docs.retouches.telling import Told
from dla_docs.templating.restyling import dress, scheme_of, style_in
from dla_docs.word.package import parse_part

CORE = "docProps/core.xml"
TITLE = "{http://purl.org/dc/elements/1.1/}title"
CHARTER = "les couleurs et les caractères du document, que la mission dit autrement"
Parts = Mapping[str, bytes]


def same_around(parts: Parts, made: Parts) -> bool:
    """Vrai quand le document porte déjà la charte et le titre de la mission."""
    return _look(parts) == _look(made) and _title(parts) == _title(made)


def wear(done: dict[str, bytes], made: Parts, told: Told) -> None:
    """Met autour de la page ce que la mission y met ; des couleurs que quelqu'un a choisies dans
    Word ont un autre nom que les nôtres, et restent.
    """
    mine, wanted = _look(done), _look(made)
    if mine != wanted and scheme_of(done) == scheme_of(made):
        dress(done, style_in(made))
        before, now = (
            ", ".join(sorted(one - other)) for one, other in ((mine, wanted), (wanted, mine))
        )
        told.updated.append(Changement("", "Charte", before, now))
    elif mine != wanted:
        told.kept.append(CHARTER)
    before, now = _title(done), _title(made)
    if before and now and before != now:
        _entitle(done, now)
        told.updated.append(Changement("", "Titre du fichier", before, now))


def _look(parts: Parts) -> frozenset[str]:
    """What stands in for a font where it is missing is not seen."""
    style = style_in(parts)
    colours = {f"{slot} #{colour}" for slot, colour in style.colours}
    return frozenset(colours | ({style.font[0]} if style.font else set()))


def _title(parts: Parts) -> str:
    found = parse_part(parts[CORE], CORE).find(TITLE) if CORE in parts else None
    return "" if found is None else str(found.text or "")


def _entitle(parts: dict[str, bytes], title: str) -> None:
    root = parse_part(parts[CORE], CORE)
    found = root.find(TITLE)
    assert found is not None
    found.text = title
    parts[CORE] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
