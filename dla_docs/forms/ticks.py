"""Les réponses cochées : les cases de chaque champ, dans la page partie et dans celle qui revient,
redeviennent sa réponse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from dla_docs.constat import Constat
from dla_docs.forms.answers_taken import leaf
from dla_docs.forms.finder import Located
from dla_docs.model.document import Document
from dla_docs.stages.envelope import Enveloppe
from dla_docs.word.answers import gathered
from dla_docs.word.boxes import MOST, path_of, rank_of
from dla_docs.word.page import Control, PageLine, page_in


def ticked(
    found: Located, sent: Enveloppe | None, model: type[Document]
) -> tuple[Located, Enveloppe | None]:
    """Ce qui est revenu et ce qui était parti, chaque liste fermée dite par sa réponse."""
    answers, constats = _answers(found.controls, model), tuple(map(_of_field, found.constats))
    page = tuple(
        PageLine((_answers(line.controls, model),), line.endroit)
        if any(rank_of(control.tag) for control in line.controls)
        else line
        for line in (sent.page if sent else ())
    )
    return Located(answers, constats), sent and replace(sent, page=page)


def answers_in(parts: Mapping[str, bytes], model: type[Document]) -> tuple[Control, ...]:
    """Les réponses d'un formulaire Word, dans l'ordre de la page."""
    return _answers((control for line in page_in(parts) for control in line.controls), model)


def _answers(controls: Iterable[Control], model: type[Document]) -> tuple[Control, ...]:
    def answer(path: str, rank: int) -> str:
        node = leaf(model, path)
        choices = () if node is None else node.choices
        return choices[rank - 1] if rank <= len(choices) else str(rank)

    return gathered(controls, answer)


def _of_field(constat: Constat) -> Constat:
    """What is said of a box is said of its field."""
    message = NAMED.sub(r"\1", constat.message)
    return replace(constat, message=message, chemin=path_of(constat.chemin))


NAMED = re.compile(rf"([a-z0-9_\]])#[1-{MOST}]\b")
