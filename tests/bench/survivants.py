"""La part de docs/fiabilite.md qu'écrit ``make mutation`` : le score de chaque pièce, et chaque
survivant sous la raison que dit survivants.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from tests.bench.mutants import Mutant

if TYPE_CHECKING:
    from tests.bench.mutation import Essai

EXPLIQUES = Path(__file__).with_name("survivants.yaml")


def page(essais: Sequence[Essai], graine: int, nombre: int) -> str:
    """La part de docs/fiabilite.md ; un tirage qui n'est pas fini le dit."""
    begun = [one for one in essais if one.sorts()]
    left = [one.titre for one in essais if one not in begun]
    never = f" Pas encore passé : {', '.join(left)}." if left else ""
    said = f"""
## Des fautes mises exprès

{INTRODUCTION}
Tirage {graine}, de {nombre} mutants par pièce : celle qui en compte moins n'est pas finie.{never}

| Pièce | Endroits | Mutants essayés | Tués | Survivants | Sans effet | Score | Sans eux |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{"".join(f"| {' | '.join(one)} |{chr(10)}" for one in rows(begun))}"""
    return said + "".join(_survivors(essais))


INTRODUCTION = """\
Un mutant est le code où une chose, une seule, est changée dans une fonction : `<` en `<=`, `and` en
`or`, un `not` de plus, une boucle qui ne tourne plus. Chacun est donné aux essais de sa pièce qui
passent par sa ligne ; si tous passent encore, il survit : un trou dans les essais, ou un changement
qui ne change rien. Le score compte tous les survivants ; le second, sans ceux dont la raison, plus
bas, est que rien ne change."""
SANS_EFFET = "Le changement ne change rien"  # how the reasons of those begin


def rows(essais: Sequence[Essai]) -> Iterator[list[str]]:
    """Chaque pièce, puis toutes."""
    counts = [_counts(one) for one in essais]
    for essai, one in zip(essais, counts, strict=True):
        yield _row(essai.titre.capitalize(), one)
    if len(counts) > 1:
        yield _row("Toutes", [sum(column) for column in zip(*counts, strict=True)])


def _counts(essai: Essai) -> list[int]:
    survivants = [_reason(one) for one in essai.survivants().values()]
    effectless = sum(why.startswith(SANS_EFFET) for why in survivants)
    return [essai.endroits, len(essai.sorts()), len(survivants), effectless]


def _row(titre: str, counts: Sequence[int]) -> list[str]:
    places, mutants, survivants, effectless = counts
    killed = mutants - survivants
    said = (places, mutants, killed, survivants, effectless)
    scores = [f"{100 * killed / max(one, 1):.1f} %" for one in (mutants, mutants - effectless)]
    return [titre, *map(str, said), *(one.replace(".", ",") for one in scores)]


def _survivors(essais: Sequence[Essai]) -> Iterator[str]:
    """Les survivants, raison par raison ; ceux qu'aucune n'explique à la fin."""
    grouped: dict[str, list[str]] = {why: [] for why in [*explained(), ""]}
    for mutant in (one for essai in essais for one in essai.survivants().values()):
        grouped[_reason(mutant)].append(told(mutant))
    for why, ones in grouped.items():
        if ones:
            lines = "".join(f"- `{one}`\n" for one in ones)
            yield f"\n{why or 'Survivants que rien n’explique encore'} :\n\n{lines}"


def told(mutant: Mutant) -> str:
    """Un mutant en une ligne : « verdict.py, AddNot : if asked: »."""
    module = mutant.module.removeprefix("dla_docs/")
    return f"{module}, {mutant.kind} : {mutant.words}"


def _reason(mutant: Mutant) -> str:
    """Pourquoi il survit, quand quelqu'un l'a dit."""
    said = _signed(told(mutant))
    reasons = (why for why, ones in explained().items() if said in map(_signed, ones))
    return next(reasons, "")


def _signed(said: str) -> str:
    return " ".join(said.split())


def explained() -> dict[str, list[str]]:
    """Les survivants que l'on a regardés, sous la raison qui les fait survivre."""
    said: dict[str, list[str]] = yaml.safe_load(EXPLIQUES.read_text(encoding="utf-8")) or {}
    return said
