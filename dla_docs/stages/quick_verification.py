"""La preuve courte d'un document que l'on vient de rendre : ce qui ne dépend pas de ses valeurs a
été vérifié une fois, en entier, sur le premier document de la même forme ; les autres n'ont plus
qu'à montrer qu'ils en diffèrent par leurs seules valeurs, et que toutes y sont (décision 0016).
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from weakref import WeakKeyDictionary

from dla_docs.constat import Constat
from dla_docs.stages.envelope import Enveloppe
from dla_docs.stages.lost_values import lost
from dla_docs.stages.rendering import envelope_of
from dla_docs.stages.request import Request
from dla_docs.stages.sent_page import carries
from dla_docs.stages.verification import Drawing, drawing_of, verified
from dla_docs.templating import Template
from dla_docs.word.archive import entries_of

KEPT = 256  # shapes kept for each template
WHOLE_EVERY = 50  # one document in so many is verified whole all the same
UNUSUAL = re.compile(r"[{}\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0\ufdd1\ufffe\uffff]")
"""What may be read as a tag, or breaks an XML part: never settled from another document."""


@dataclass
class _Shape:
    """What the documents of one shape share: the numbers of the values that their page shows."""

    shown: frozenset[int]
    uses: int = field(default=0)


_SHAPES: WeakKeyDictionary[Template, OrderedDict[bytes, _Shape]] = WeakKeyDictionary()


def proved(octets: bytes, request: Request, template: Template) -> list[Constat]:
    """Les constats de ``verified``, au prix de la seule comparaison quand un document de la même
    forme les a déjà valus, tous, sans reproche. Un modèle Word venu d'ailleurs est toujours vérifié
    en entier.
    """
    if request.modele is not None or request.mode.is_form:
        return verified(octets, request, template)
    drawing = drawing_of(request)
    shapes = _SHAPES.setdefault(template, OrderedDict())
    usual = not UNUSUAL.search("".join([hole.text for hole in drawing.holes]))
    key = _agrees(octets, drawing, envelope_of(request)) if usual else None
    shape = shapes.get(key) if key else None
    if shape is not None and (shape.uses + 1) % WHOLE_EVERY:
        shape.uses += 1
        return list(lost(request, template, [drawing.holes[number] for number in shape.shown]))
    faults = verified(octets, request, template, drawing)
    if key and not faults:
        shapes[key] = _Shape(drawing.shown)
        while len(shapes) > KEPT:
            shapes.popitem(last=False)
    return faults


def _agrees(octets: bytes, drawing: Drawing, sent: Enveloppe) -> bytes | None:
    """The shape of this file, when the parts that hold values are to the byte what was wanted: the
    drawn ones, with numbers for values, and those that hold none, as they are packed. ``None`` when
    one differs.
    """
    drawn, wanted = drawing.parts, drawing.wanted
    entries = entries_of(octets)  # ``None`` of what is not written as we write: read whole
    if entries is None:
        return None
    shape = sha256()
    for entry in entries:
        name, content = entry.name, drawn.get(entry.name, b"")
        if name in wanted:
            if entry.read(octets) != wanted[name]:
                return None
        elif name == drawing.drawn.shell.data_name:
            data = entry.read(octets)
            if data is None or not carries(data, sent, wanted, drawing.drawn.shell.look):
                return None
        else:
            content = octets[entry.start : entry.stop]
        shape.update(b"%s\0%d\0" % (name.encode(), len(content)))
        shape.update(content)
    return shape.digest()
