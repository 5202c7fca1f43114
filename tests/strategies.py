"""Des documents au hasard, de n'importe quelle sorte : chaque champ reçoit une valeur de son type,
ou reste vide ; les parties aussi, et les suites tiennent de zéro à quatre lignes.

Hypothesis choisit les textes et la graine ; le reste se tire de la graine, pour qu'un document de
deux cents champs ne lui coûte que quelques choix.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

from dla_docs import DOCUMENTS, Document
from dla_docs.model.bloc import Bloc, bloc_of, kind_of, value_type
from dla_docs.model.node import Kind
from dla_docs.model.values import Valeur
from dla_docs.model.values.value import FORBIDDEN

NBSP = "\N{NO-BREAK SPACE}"
ODD_TEXTS = (
    "« Ça » n’est pas l'été : l'œuvre d'Émile & Cie < 3 > 2",
    f"12{NBSP}000{NBSP}€, soit 5{NBSP}%",
    "Un \"mot\" et un 'autre'\t; {% fin %} {{ nom }}",
    "Équipe 👩‍🌾🧑🏿‍🔧 🇫🇷",
    "Première ligne\n\n- deuxième\n- troisième",
    "À remplir",
    "1",
    "]]>&amp;<w:t/>",
)
MOST_ROWS = 4

texts = st.sampled_from(ODD_TEXTS) | st.text(
    st.characters(codec="utf-8"), min_size=1, max_size=40
).filter(lambda text: not FORBIDDEN.search(text.replace("\r", "")) and bool(text.strip()))
"""Un texte qu'un champ accepte : lettres de partout, guillemets, émojis, plusieurs lignes."""


@st.composite
def documents(draw: st.DrawFn, model: type[Document] | None = None) -> Document:
    """Un document de cette classe, ou de n'importe laquelle."""
    chosen = model or draw(st.sampled_from(sorted(DOCUMENTS)).map(DOCUMENTS.__getitem__))
    pool = draw(st.lists(texts, min_size=1, max_size=6))
    filler = _Filler(Random(draw(st.integers(0, 2**32))), pool)
    return chosen.model_validate(filler.bloc(chosen, 0))


class _Filler:
    """Tire d'une graine ce que tient un document. ``texts`` : ce que disent ses textes."""

    def __init__(self, chance: Random, pool: list[str]) -> None:
        self.chance, self.texts = chance, pool
        self.filled = chance.choice((0.2, 0.6, 0.95))  # the share of fields and parts with a word

    def bloc(self, model: type[Bloc], depth: int) -> dict[str, Any]:
        names = [name for name in model.model_fields if name not in model.hors_page]
        return {
            name: self.child(model, name, depth)
            for name in names
            if self.chance.random() < self.filled
        }

    def child(self, model: type[Bloc], name: str, depth: int) -> Any:
        inner = bloc_of(model, name)
        if inner is None:
            return self.value(value_type(model, name))
        if kind_of(model, name) is Kind.PART:
            return self.bloc(inner, depth)
        rows = self.chance.randint(0, max(1, MOST_ROWS - depth))
        return [self.bloc(inner, depth + 1) for _ in range(rows)]

    def value(self, mark: Valeur) -> Any:
        if mark.choices:
            return self.chance.choice(mark.choices)
        if mark.read is str:
            return self.chance.choice(self.texts)
        draw = getattr(self, f"a_{mark.format}", None)
        return draw() if draw else self.chance.choice(mark.examples)

    def a_date(self) -> date:
        return date(1800, 1, 1) + timedelta(days=self.chance.randrange(146_000))

    a_date_longue = a_date

    def a_periode(self) -> dict[str, date]:
        debut, fin = sorted((self.a_date(), self.a_date()))
        return {"debut": debut, "fin": fin}

    def a_heure(self) -> time:
        return time(self.chance.randrange(24), self.chance.randrange(60))

    def a_montant(self) -> Decimal:
        return Decimal(self.chance.randrange(10 ** self.chance.randint(1, 9))) / 100

    a_montant_ht = a_montant

    def a_pourcentage(self) -> Decimal:
        return Decimal(self.chance.randrange(10_001)) / 100

    def a_annee(self) -> int:
        return self.chance.randrange(1900, 2100)
