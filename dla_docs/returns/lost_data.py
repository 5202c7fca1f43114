"""Un formulaire qui a perdu ses données jointes : rien n'y dit plus ce qu'il montrait à l'envoi. Il
remplit ce qui est vide, et n'écrase rien.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from dla_docs.constat import Constat
from dla_docs.forms.answers_taken import Changement, Lecture
from dla_docs.forms.unproved_sheet import told_alike
from dla_docs.model.document import Document
from dla_docs.model.node import steps
from dla_docs.raw.quoting import quoted
from dla_docs.returns.added_rows import Identity
from dla_docs.returns.provenance import Base

RANK = re.compile(r"\[\d+\]\.")


def without_its_data(lecture: Lecture, name: str, base: Base, forces: Collection[str]) -> Lecture:
    """La même relecture, où ce qui écraserait une réponse de la mission est dit, et laissé ; de
    même ce qui est dans une liste dont une ligne n'est plus la même : le rang n'y désigne plus
    personne. ``name`` : le fichier ; ``forces`` : les chemins pris malgré tout.
    """
    model = type(lecture.document)
    free = [one for one in lecture.changements if one.chemin not in forces]
    apart = [one for one in free if one.avant]
    moved = {rows for one in apart for rows, below in _lists(one) if _is_name(model, rows, below)}
    lost = [
        one for one in free if one not in apart and any(rows in moved for rows, _ in _lists(one))
    ]
    refused = (*(_disputed(one, name) for one in apart), *(_moved(one, name) for one in lost))
    alike = _alike(lecture.document, base, name)
    return replace(
        lecture,
        changements=tuple(one for one in lecture.changements if one not in (*apart, *lost)),
        refus=(*lecture.refus, *refused),
        constats=(*alike, *lecture.constats),
        laisses=(*alike, *lecture.laisses),
    )


def _lists(change: Changement) -> Iterator[tuple[str, str]]:
    """Each list that an answer is in, and the way from its row to the answer."""
    path = change.chemin
    return ((path[: one.start()], path[one.end() :]) for one in RANK.finditer(path))


def _is_name(model: type[Document], rows: str, below: str) -> bool:
    node = model.schema_node().find(rows)
    return node is not None and Identity.of(node).name == steps(below)


def _alike(document: Document, base: Base, file: str) -> tuple[Constat, ...]:
    model = type(document)
    known = [one.nom_distinctif or "" for one in base.get(model.slug(), ())]
    return told_alike(model, {}, document.nom_distinctif or "", known, file)


def _disputed(change: Changement, file: str) -> Constat:
    return Constat(
        f"{change.libelle} : le formulaire dit {quoted(change.apres)}, la mission "
        f"{quoted(change.avant)}, et plus rien ne dit laquelle des deux est la dernière "
        f"({change.chemin}).",
        chemin=change.chemin,
        fichier=file,
        conseil=f"Pour prendre celle du formulaire : « --forcer {change.chemin} ».",
    )


def _moved(change: Changement, file: str) -> Constat:
    return Constat(
        f"{change.libelle} : {quoted(change.apres)} n'est pas repris, car les lignes de cette "
        f"liste ne sont plus celles du formulaire ({change.chemin}).",
        chemin=change.chemin,
        fichier=file,
        conseil="Écrivez-le dans le fichier, à la ligne qui est la sienne ; si c'est celle de même "
        f"rang : « --forcer {change.chemin} ».",
    )
