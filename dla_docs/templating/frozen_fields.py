"""Un champ de Word dont une balise fait le code et non le résultat : ni Word, qui ne le recalcule
pas en ouvrant, ni le PDF ne montreraient ce que disent les données ; ou qui tient un texte que la
page ne montre pas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from dla_docs.constat import Gravite
from dla_docs.raw.quoting import quoted
from dla_docs.templating.places import Finding, Place, Places
from dla_docs.word.field_codes import is_named
from dla_docs.word.names import W_P, W_T, ancestor, q

TAG = re.compile(r"\{\{(?!\{).+?\}\}|\{%.+?%\}", re.DOTALL)
# Those that do not show what their code says: what is shown of an address stands beside it
APART = re.compile(r"\s*(?:HYPERLINK|XE|TC|TA|RD|ADDIN|MACROBUTTON|GOTOBUTTON|EQ|PRINT)\b", re.I)
# Those that hold a text to be shown in another case, or never
HOLDING = re.compile(
    r"\s*(IF|PRIVATE|COMMENTS|SUBJECT|KEYWORDS|TITLE|INFO|SET|ASK|FILLIN)\b(.*)", re.I | re.S
)
# Those that gather what stands elsewhere in the page: figures, entries
GATHERED = re.compile(r"\s*(?:INDEX\b|TOA\b|TOC\b.*\\[abcfst]\b)", re.I | re.S)
SWITCH, HELD = re.compile(r'\\[@#*]\s*(?:"[^"]*"|\S+)'), re.compile(r'"([^"]*)"')
CHAR, CODE, SIMPLE = q("w:fldChar"), q("w:instrText"), q("w:fldSimple")


@dataclass
class _Field:
    """A field being read: ``code`` with that of the fields that stand in it."""

    code: str = ""
    result: str = ""
    shows: bool = False


def frozen(root: etree._Element, places: Places) -> Iterator[Finding]:
    """Les champs d'une partie qui garderaient le résultat qu'ils ont dans le modèle, ou qui
    tiennent un texte que la page ne montre pas.
    """
    for element, code, result in _fields(root):
        name = _name(code)  # none: said as such
        if name and TAG.search(code) and not APART.match(code) and not TAG.search(result):
            kept = f"garderait {quoted(result[:60])}" if result.strip() else "ne montrerait rien"
            yield Finding(
                f"le champ {name} {kept}, quoi que dise la balise de son code.",
                _place(element, places),
                conseil="Mettez la balise à la place du champ ; une condition s'écrit {% if … %}.",
            )
        elif GATHERED.match(code) and result.strip():
            yield Finding(
                f"le champ {name} garderait {quoted(result[:60])} dans le PDF, quoi qu'en dise le "
                "document.",
                _place(element, places),
                conseil="S'il cite ce que des balises impriment, mettez-le à jour dans Word (F9), "
                "puis enregistrez le document en PDF depuis Word.",
                gravite=Gravite.AVERTISSEMENT,
            )
        elif said := _unseen(code, result):
            yield Finding(
                f"le champ {name} tient {quoted(said[:60])}, qui ne se voit pas et irait dans ses "
                "documents.",
                _place(element, places),
                conseil="Supprimez ce champ, ou mettez à sa place le texte qu'il montre ; une "
                "condition s'écrit {% if … %}.",
                gravite=Gravite.AVERTISSEMENT,
            )


def _unseen(code: str, result: str) -> str:
    """The longest text that a code holds and that is not what the field shows."""
    found = HOLDING.match(code)
    if not found:
        return ""
    rest = SWITCH.sub("", found[2])
    texts = [rest] if found[1].upper() == "PRIVATE" else HELD.findall(rest)
    kept = [one.strip() for one in texts if one.strip() not in result and not TAG.search(one)]
    return max(kept, key=len, default="")


def in_codes(root: etree._Element, places: Places) -> Iterator[Finding]:
    """Les autres balises du code d'un champ, pour un moteur qui n'y met rien ; celle d'un attribut
    s'y remplit, quand elle ne dit pas ce que fait le champ.
    """
    for element, code, result in _fields(root):
        filled = element.tag == SIMPLE or not (APART.match(code) or TAG.search(result))
        named = is_named(TAG.split(code, maxsplit=1)[0])
        for tag in () if filled and named else TAG.findall(code):
            yield Finding(
                f"la balise {quoted(tag)} est dans le code d'un champ, que docxtpl ne remplit pas.",
                _place(element, places),
                conseil="Mettez-la dans le texte, à la place du champ.",
            )


def _name(code: str) -> str:
    return "".join("".join(TAG.split(code, maxsplit=1)[:1]).split(maxsplit=1)[:1])


def _place(element: etree._Element, places: Places) -> Place:
    paragraph = ancestor(element, W_P)
    return places.of(paragraph if paragraph is not None else element)


def _fields(root: etree._Element) -> Iterator[tuple[etree._Element, str, str]]:
    """Where each begins or ends, its code, its result; but not those of another's code."""
    opened: list[_Field] = []
    for element in root.iter(CHAR, CODE, SIMPLE, W_T):
        step = element.get(q("w:fldCharType"))
        if step == "begin":
            opened.append(_Field())
        elif step == "separate" and opened:
            opened[-1].shows = True
        elif step == "end" and opened:
            done = opened.pop()
            if all(one.shows for one in opened):
                yield element, done.code, done.result
        elif element.tag == SIMPLE:
            shown = "".join(one.text or "" for one in element.iter(W_T))
            yield element, element.get(q("w:instr"), ""), shown
        else:
            for one in opened:
                _add(one, element)


def _add(field: _Field, element: etree._Element) -> None:
    if element.tag == CODE and not field.shows:
        field.code += element.text or ""
    elif element.tag == W_T and field.shows:
        field.result += element.text or ""
