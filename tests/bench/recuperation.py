"""Ce qui se retrouve d'un formulaire revenu : tous ses champs changés à la fois, le fichier tel que
les gens et les programmes le rendent ; exact, nommé, ou perdu en silence.

    python -m tests.bench.recuperation   # écrit docs/fiabilite.md
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from copy import deepcopy
from pathlib import Path

from lxml import etree

from dla_docs import read
from dla_docs.model.bloc import value_type
from dla_docs.model.formats import format_value
from dla_docs.registry import FORMULAIRES
from dla_docs.word.names import W
from tests.formulaire.formulaires import (
    another,
    changed,
    edited,
    fillable,
    form,
    without_controls,
    without_tags,
    xml,
)
from tests.word_forms import fill, resaved_by_word

PAGE = Path(__file__).parents[2] / "docs" / "fiabilite.md"


def mark_left(root: etree._Element) -> None:
    """Un programme remplit et laisse la marque du contrôle vide."""
    for properties in root.iter(f"{W}sdtPr"):
        if properties.find(f"{W}showingPlcHdr") is None:
            properties.append(xml("<w:showingPlcHdr/>"))


def struck(root: etree._Element) -> None:
    """L'ancien texte barré devant le nouveau."""
    for content in root.iter(f"{W}sdtContent"):
        if (run := next(content.iter(f"{W}r"), None)) is not None:
            run.addprevious(xml("<w:r><w:rPr><w:strike/></w:rPr><w:t>Ancien</w:t></w:r>"))


def wrapped(root: etree._Element) -> None:
    """Google Docs : les contrôles ôtés, chaque cellule et chaque texte enveloppés."""
    without_controls(root)
    for rank, cell in enumerate([*root.iter(f"{W}tc"), *root.iterfind(f".//{W}p/{W}r")]):
        tag = f'<w:sdtPr><w:tag w:val="goog_rdk_{rank}"/></w:sdtPr>'
        around = xml(f"<w:sdt>{tag}<w:sdtContent/></w:sdt>")
        copy = deepcopy(cell)
        around[1].append(copy)
        parent = cell.getparent()
        if parent is not None:
            parent.replace(cell, around)


def cut(root: etree._Element) -> None:
    """Un texte collé : mis en forme, coupé en morceaux."""
    for text in [*root.iter(f"{W}t")]:
        run = text.getparent()
        if run is not None and text.text and len(text.text) > 2 and len(run.findall(f"{W}t")) == 1:
            run.addnext(second := deepcopy(run))
            for piece, said in ((text, text.text[:2]), (second.find(f"{W}t"), text.text[2:])):
                if piece is not None:
                    piece.text = said
                    piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


FACONS: dict[str, Callable[[bytes], bytes]] = {
    "Tapé dans les champs": lambda docx: docx,
    "Enregistré par Word": resaved_by_word,
    "Collé, coupé en morceaux": lambda docx: edited(docx, cut),
    "Marque du champ vide laissée": lambda docx: edited(docx, mark_left),
    "Ancien texte barré devant": lambda docx: edited(docx, struck),
    "Étiquettes perdues": lambda docx: edited(docx, without_tags),
    "Contrôles perdus": lambda docx: edited(docx, without_controls),
    "Enveloppé par Google Docs": lambda docx: edited(docx, wrapped),
}


def recovered(slugs: Iterable[str]) -> dict[str, Counter[str]]:
    """De chaque façon, combien de champs reviennent exacts, sont nommés, ou sont perdus."""
    return {
        name: sum((_outcome(slug, make) for slug in slugs), Counter[str]())
        for name, make in FACONS.items()
    }


def _outcome(slug: str, make: Callable[[bytes], bytes]) -> Counter[str]:
    model = FORMULAIRES[slug]
    typed = {tag: another(slug, tag) for tag in fillable(slug)}
    lecture = read(make(fill(form(slug), typed)))
    found = changed(lecture)
    told = "\n".join(map(str, (*lecture.refus, *lecture.constats)))
    counts: Counter[str] = Counter()
    for tag, text in typed.items():
        node = model.schema_node().find(tag)
        assert node is not None
        wanted = format_value(node.format, value_type(model, tag).load(text))
        named = re.search(rf"[ (]{re.escape(tag)}[,.)]", told) or text in told
        counts["exact" if found.get(tag) == wanted else "nommé" if named else "perdu"] += 1
    return counts


def page(found: dict[str, Counter[str]]) -> str:
    """Le tableau, en Markdown."""
    rows = "\n".join(
        f"| {name} | {told.total()} | {told['exact']} | {told['nommé']} | {told['perdu']} |"
        for name, told in found.items()
    )
    return f"""# Fiabilité : ce qui revient d'un formulaire

Tous les champs de tous les formulaires Word, chacun changé, puis le fichier rendu comme le font les
gens et les programmes. « Exact » : la réponse est lue ; « nommé » : elle ne l'est pas, et un
constat dit où ; « perdu » : ni l'un ni l'autre. Tableau écrit par `python -m
tests.bench.recuperation` ; un essai en vérifie une part.

Ce qui est perdu l'est dans la fiche de contrôle, dont cet essai remplit toutes les lignes des mêmes
mots : sans étiquettes, elles ne se distinguent plus, et les réponses peuvent glisser d'une ligne.

| Ce qu'on fait au fichier | Champs | Exact | Nommé | Perdu en silence |
| --- | ---: | ---: | ---: | ---: |
{rows}
"""


if __name__ == "__main__":
    PAGE.write_text(page(recovered(FORMULAIRES)), encoding="utf-8")
