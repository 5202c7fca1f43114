"""Les réponses d'un formulaire revenu, chacune au chemin qu'elle a dans le document ; les lignes
qu'il a de plus.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

from dla_docs.forms.reader import Changement, Lecture
from dla_docs.model.bloc import row_prefixes, value_type
from dla_docs.model.formats import format_value
from dla_docs.model.node import steps
from dla_docs.raw.overlaying import CLE
from dla_docs.stages.writing import typed
from dla_docs.writing_back.facts import Row, Trail, keyed
from dla_docs.writing_back.standing import Answer, Standing


@dataclass
class Answers:
    """Les réponses d'un formulaire. ``rows`` : ses lignes que le document n'a pas, par chemin."""

    lecture: Lecture
    rows: dict[str, Row] = field(default_factory=dict)

    def of(self, at: Standing, change: Changement) -> Answer:
        """Celle d'un changement. ``ValueError`` quand le champ ne sait pas la lire."""
        node = at.model.schema_node().find(change.chemin)
        text = (typed(change.apres, node) if node else change.apres) or None
        return Answer(
            change, self.way(at, change.chemin), text, _printed(at, change) if change.apres else ""
        )

    def is_key_alone(self, at: Standing, answer: Answer) -> bool:
        """Vrai de la clé d'une ligne neuve où rien d'autre n'est tapé : elle ne dit rien."""
        row, _, name = answer.change.chemin.rpartition(".")
        return (
            name == CLE
            and at.is_new_row(answer.way)
            and not any(
                one.chemin.startswith(f"{row}.") and one.apres
                for one in self.lecture.changements
                if one != answer.change
            )
        )

    def way(self, at: Standing, path: str) -> Trail:
        """Le chemin d'une réponse dans le document, que le champ sache la lire ou non."""
        way: list[str | Row] = []
        walked, prefixes = "", row_prefixes(at.model)
        for step in steps(path):
            if isinstance(step, str):
                walked = f"{walked}.{step}".removeprefix(".")
                way.append(step)
            else:
                walked = f"{walked}[{step}]"
                way.append(self._row(at, walked, step, tuple(way), prefixes))
        return tuple(way)

    def _row(
        self, at: Standing, walked: str, rank: int, above: Trail, prefixes: Mapping[str, str]
    ) -> Row:
        if walked in self.rows:
            return self.rows[walked]
        known = [one[len(above)] for one in at.before if keyed(one)[: len(above)] == keyed(above)]
        rows = dict.fromkeys(row for row in known if isinstance(row, Row))
        cle = self.lecture.lignes.get(walked, "")
        if cle:
            return Row(cle, rank)
        if rank < len(rows):
            return list(rows)[rank]
        node, held = at.model.schema_node().find(walked), walked.rpartition("[")[0]
        rows |= {row: None for one, row in self.rows.items() if one.rpartition("[")[0] == held}
        if node is None or CLE not in node.children:
            self.rows[walked] = Row("", len(rows))
        else:
            prefix, taken = prefixes.get(node.name, "l"), {row.cle for row in rows}
            free = next(key for n in count(rank + 1) if (key := f"{prefix}{n}") not in taken)
            self.rows[walked] = Row(free, rank)
        return self.rows[walked]


def _printed(at: Standing, change: Changement) -> str:
    node = at.model.schema_node().find(change.chemin)
    if node is None:
        return change.apres
    return format_value(node.format, value_type(at.model, change.chemin).load(change.apres))
