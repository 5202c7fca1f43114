"""Ce qui se retrouve d'un formulaire revenu : tous ses champs changés à la fois, le fichier tel que
les gens et les programmes le rendent ; exact, nommé, ou perdu en silence.

    python -m tests.bench.recuperation   # récrit sa part de docs/fiabilite.md
    python -m tests.bench.recuperation "PDF aplati" "LibreOffice, en .odt"   # ces lignes seulement
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from dla_docs import read
from dla_docs.errors import InputError, PackageError
from dla_docs.forms import Lecture
from dla_docs.model.bloc import value_type
from dla_docs.model.formats import format_value
from dla_docs.registry import FORMULAIRES
from tests.bench import retours_pdf, retours_word
from tests.bench.fiabilite import table_of, write_part
from tests.bench.retours_word import Facon, Retour
from tests.formulaire.formulaires import changed

FACONS: dict[str, Facon] = retours_word.FACONS | retours_pdf.FACONS
RETROUVES = "perdu leur étiquette et ont été retrouvés"  # says that all is well, and names a few


def outcomes(way: str, slugs: Sequence[str]) -> Iterator[tuple[Retour, dict[str, str]]]:
    """Pour chaque fichier rendu de cette façon, le sort de chaque réponse : « exact », « nommé » ou
    « perdu ».
    """
    for back in FACONS[way](slugs):
        try:
            lecture = read(back.data)
        except (InputError, PackageError):  # one sentence says what the file is, and the remedy
            yield back, dict.fromkeys((*back.typed, *_further(back), *back.beside), "nommé")
        else:
            yield back, _Sorts(back, lecture).all()


def recovered(way: str, slugs: Sequence[str]) -> Counter[str]:
    """Combien de réponses, rendues de cette façon, reviennent exactes, sont nommées ou perdues."""
    return Counter(sort for _, sorts in outcomes(way, slugs) for sort in sorts.values())


def _further(back: Retour) -> dict[str, str]:
    return {
        f"{tag} (ligne de plus)": text for row in back.rows.values() for tag, text in row.items()
    }


class _Sorts:
    """What became of each answer of a file."""

    def __init__(self, back: Retour, lecture: Lecture) -> None:
        self.back, self.found = back, changed(lecture)
        said = [constat for constat in lecture.constats if not constat.exigences]
        self.told = "\n".join(
            str(constat) for constat in (*lecture.refus, *said) if RETROUVES not in constat.message
        )
        self.quoted: Counter[str] = Counter()  # what names one answer does not name another

    def all(self) -> dict[str, str]:
        """Le sort de chacune."""
        sorts = {
            tag: self._sort(tag, text, self.found.get(tag) == self._wanted(tag, text))
            for tag, text in self.back.typed.items()
        }
        sorts |= {
            f"{tag} (ligne de plus)": self._sort(tag, text, self._in_a_further_row(path, tag, text))
            for path, row in self.back.rows.items()
            for tag, text in row.items()
        }
        return sorts | {text: self._sort("", text, False) for text in self.back.beside}

    def _sort(self, tag: str, text: str, exact: bool) -> str:
        return "exact" if exact else "nommé" if self._named(tag, text) else "perdu"

    def _named(self, tag: str, text: str) -> bool:
        if tag and re.search(rf"[ (]{re.escape(tag)}[,.)]", self.told):
            return True
        said = " ".join(text.split())
        self.quoted[said] += 1
        times = len(re.findall(rf"(?<!\w){re.escape(said)}(?!\w)", self.told))
        return times >= self.quoted[said]

    def _wanted(self, tag: str, text: str) -> str:
        model = self.back.envoi.model
        node = model.schema_node().find(tag)
        assert node is not None
        return format_value(node.format, value_type(model, tag).load(text))

    def _in_a_further_row(self, path: str, tag: str, text: str) -> bool:
        """Whether some other row of the list holds this answer, in the same field."""
        rows, wanted = path.rpartition("[")[0], self._wanted(tag, text)
        same = re.compile(rf"{re.escape(rows)}\[[0-9]+\]{re.escape(tag.removeprefix(path))}")
        return any(
            value == wanted and same.fullmatch(other) and other not in self.back.envoi.typed
            for other, value in self.found.items()
        )


def page(found: dict[str, Counter[str]]) -> str:
    """La part de la page : ce qu'elle compte, et le tableau."""
    rows = "\n".join(
        f"| {name} | {told.total()} | {told['exact']} | {told['nommé']} | {told['perdu']} |"
        for name, told in found.items()
    )
    return f"""## Ce qui revient d'un formulaire

Tous les champs de tous les formulaires, chacun changé, puis le fichier rendu comme le font les gens
et les programmes. « Exact » : la réponse est lue dans son champ ; « nommé » : elle ne l'est pas, et
un constat la cite ou dit son champ, ou le fichier est refusé d'une phrase qui dit le remède ;
« perdu » : ni l'un ni l'autre. Un essai vérifie chaque façon sur quelques formulaires.

| Ce qu'on fait au fichier | Réponses | Exact | Nommé | Perdu en silence |
| --- | ---: | ---: | ---: | ---: |
{rows}
"""


def main() -> None:
    """Récrit sa part de la page."""
    slugs, chosen = [*FORMULAIRES], sys.argv[1:] or [*FACONS]
    kept = {row[0]: _told(row) for row in table_of("recuperation")}
    for way in chosen:
        kept[way] = recovered(way, slugs)
        write_part("recuperation", page({way: kept[way] for way in FACONS if way in kept}))


def _told(row: Sequence[str]) -> Counter[str]:
    return Counter(dict(zip(("exact", "nommé", "perdu"), map(int, row[2:]), strict=True)))


if __name__ == "__main__":
    main()
