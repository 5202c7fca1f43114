"""Le contrôle de contenu d'un champ : ce que l'on remplit dans Word, et par quoi un formulaire
revenu se relit.
"""

from __future__ import annotations

from dla_docs.builder.items import Item
from dla_docs.builder.printed_words import typeset
from dla_docs.builder.wml import Element, run, w

LONGEST = 64  # characters of an alias or a tag; Word refuses more


def control(item: Item, style: str = "") -> Element:
    """Le contrôle d'une valeur ; son étiquette est le chemin du champ."""
    properties = w(
        "sdtPr",
        w("alias", val=_alias(item.label)),
        w("tag", val=item.path),
        w("id", val=0),
        _shape(item),
    )
    return w("sdt", properties, w("sdtContent", run("{{ " + item.path + " }}", style)))


def _shape(item: Item) -> Element:
    if item.node.choices:
        return w(
            "dropDownList",
            *(
                w("listItem", displayText=choice, value=choice)
                for choice in map(typeset, item.node.choices)
            ),
        )
    if item.node.format == "date":
        return w(
            "date",
            w("dateFormat", val="dd/MM/yyyy"),
            w("lid", val="fr-FR"),
            w("storeMappedDataAs", val="dateTime"),
            w("calendar", val="gregorian"),
        )
    return w("text", multiLine=1) if item.node.multiline else w("text")


def _alias(label: str) -> str:
    text = " ".join(label.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
