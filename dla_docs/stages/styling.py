"""La charte d'un opérateur, dite dans les mots d'un modèle Word."""

from __future__ import annotations

from dla_docs.parties.charte import WHITE, Charte, Police, mixed
from dla_docs.templating.restyling import Style

STAND_INS = {
    Police.CARLITO: "Calibri",
    Police.CALADEA: "Cambria",
    Police.LIBERATION_SANS: "Arial",
    Police.LIBERATION_SERIF: "Times New Roman",
}  # of the same widths
RULES = 0.55  # the share of white in the rules of a table


def style_of(charte: Charte) -> Style:
    """Ce que change une charte : rien quand elle ne dit rien."""
    main, second = charte.couleur_principale, charte.couleur_secondaire
    colours: dict[str, str] = {}
    if main:
        colours |= {"dk2": main, "lt2": charte.teinte(), "accent3": mixed(main, WHITE, RULES)}
    if second:
        colours |= {"accent1": second, "hlink": second}
    font = (charte.police.value, STAND_INS[charte.police]) if charte.police else None
    return Style(tuple((slot, colour[1:]) for slot, colour in colours.items()), font)
