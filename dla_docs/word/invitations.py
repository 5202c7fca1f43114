"""Ce que montre un champ que personne n'a rempli : notre invitation, le rappel d'un brouillon, ce
que Word y remet ; et ce qui le distingue d'une réponse.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from dla_docs.spelling import fold
from dla_docs.word.boxes import UNCHECKED
from dla_docs.word.names import W_R, W_T, W_VAL, W, q
from dla_docs.word.signs import OFF

About = Mapping[object, etree._Element]
ALIAS = f"{W}alias"
TO_FILL, A_DATE, TO_CHOOSE = "À remplir", "jj/mm/aaaa", "Choisir"
IN_WORDS = (TO_FILL, A_DATE, TO_CHOOSE)
INVITATIONS = (*IN_WORDS, UNCHECKED)  # what an open blank shows
INVITES = {
    q("w14:checkbox"): UNCHECKED,
    f"{W}date": A_DATE,
    f"{W}dropDownList": TO_CHOOSE,
    f"{W}comboBox": TO_CHOOSE,
    f"{W}text": TO_FILL,
}  # by the kind of its control; the first of several
REMINDER = "à compléter"  # what a blank of a draft shows
OF_WORD = re.compile(
    r"(?:cliquez (?:ou appuyez )?ici pour (?:taper|entrer|saisir) (?:du texte|une date)"
    r"|choisissez un élément"
    r"|click (?:or tap )?(?:here )?to enter (?:text|a date)|choose an item)\.?",
    re.IGNORECASE,
)  # what Word shows again in a control that someone empties
GREY, HIGHLIGHT = f"{W}rPr/{W}color[@{W}val='808080']", f"{W}rPr/{W}highlight"


class Drawn(str):
    """Une invitation qui a perdu son contrôle, encore dans le gris des nôtres."""

    __slots__ = ()


def as_drawn(run: etree._Element, text: str) -> str:
    """Le texte d'une suite de caractères ; ``Drawn`` d'une invitation encore dans son gris."""
    return Drawn(text) if text in INVITATIONS and run.find(GREY) is not None else text


def invitation_of(about: About) -> str:
    """Ce que montre un contrôle que personne n'a rempli, d'après ses propriétés, par nom ; rien
    s'il ne dit pas sa sorte.
    """
    return next((shown for kind, shown in INVITES.items() if kind in about), "")


def invites(invitation: str, text: str) -> bool:
    """Vrai du texte que montre un contrôle vide : son invitation, ou l'une des nôtres quand on ne
    la sait pas.
    """
    return text == invitation if invitation else text in INVITATIONS


def is_blank(sdt: etree._Element, about: About, text: str, invitation: str) -> bool:
    """Vrai de ce qui est marqué comme une invitation et en dit une, la nôtre ou celle de Word ;
    tout autre texte, avec ou sans la marque, est une réponse.
    """
    mark = about.get(f"{W}showingPlcHdr")
    marked = mark is not None and mark.get(W_VAL, "1") not in OFF
    said = text.strip()
    if marked and OF_WORD.fullmatch(said):
        return True
    label = about[ALIAS].get(W_VAL, "") if ALIAS in about else ""
    if invites(invitation, said):
        return marked or _is_drawn(sdt, GREY)
    return _reminds(said, label) and _is_drawn(sdt, HIGHLIGHT)


def _reminds(said: str, label: str) -> bool:
    """Whether this is the reminder of a draft; Word's titles are cut where the label is long."""
    if not said.startswith(REMINDER):
        return False
    wanted, said = fold(f"{REMINDER} : {label.removesuffix(CUT)}"), fold(said)
    return said in (fold(REMINDER), wanted) or (label.endswith(CUT) and said.startswith(wanted))


CUT = "…"


def _is_drawn(sdt: etree._Element, look: str) -> bool:
    """Some word processors lose the mark and keep what it looks like; what is typed in a form may
    take its grey, never the highlight of a draft.
    """
    return all(
        run.find(look) is not None
        for run in sdt.iter(W_R)
        if "".join(text.text or "" for text in run.iter(W_T)).strip()
    )
