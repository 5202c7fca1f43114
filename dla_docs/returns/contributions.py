"""Les contributions à un même document : chaque formulaire revenu, qui l'a rempli, et de quelle
fiche il vient.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.forms.answers_taken import (
    Changement,
    Lecture,
    before,
    judge,
    not_open,
    placed,
    put,
)
from dla_docs.forms.reader import chosen_profil, read
from dla_docs.forms.sheets import holder_of, same_sheet
from dla_docs.manual.pages import ROLES
from dla_docs.model.document import Document
from dla_docs.model.node import place, steps
from dla_docs.profils.profil import Profil
from dla_docs.raw.quoting import argument, quoted
from dla_docs.returns.provenance import Base, header_difference, mission_in
from dla_docs.stages.envelope import VERSION, Enveloppe, data_of
from dla_docs.stages.whose_sheet import Holder

Source = bytes | str | Path


@dataclass(frozen=True)
class Contribution:
    """Un formulaire revenu. ``auteur`` : son fichier et son rôle, tels qu'un constat les cite ;
    ``parti`` : les données parties avec lui.
    """

    auteur: str
    lecture: Lecture
    envoi: Enveloppe
    parti: Mapping[str, Any]
    profil: Profil
    holder: Holder  # whose sheet it is, when the mission holds several of its kind
    forces: frozenset[str] = frozenset()  # the paths taken in spite of their lock

    @property
    def model(self) -> type[Document]:
        """La sorte du document."""
        return type(self.lecture.document)

    def changes(self) -> Iterator[Changement]:
        """Les changements faits dans les champs du rôle."""
        return (change for change in self.lecture.changements if self.is_open(change))

    @cached_property
    def rendu(self) -> Mapping[str, Any]:
        """Les mêmes données, leurs lignes telles que ce formulaire les répond."""
        back = deepcopy(dict(self.parti))
        for change in self.changes():
            if "[" in change.chemin:
                put(back, steps(change.chemin), change.apres)
        return back

    def refused(self) -> Iterator[Constat]:
        """Les cellules qui ne se lisent pas."""
        yield from (replace(constat, fichier=self.auteur) for constat in self.lecture.refus)

    @cached_property
    def constats(self) -> tuple[Constat, ...]:
        """Ce que la relecture a trouvé dans ce fichier, sans le verdict : il se rend sur le
        document réuni.
        """
        closed = (placed(not_open(one), self.model) for one in self.lecture.changements)
        known = {*judge(self.lecture.document, self.profil), *closed}
        return tuple(
            replace(constat, fichier=self.auteur)
            for constat in self.lecture.constats
            if constat not in known
        )

    def is_open(self, change: Changement) -> bool:
        """Vrai d'un champ de ce rôle, ou d'un formulaire où tous sont ouverts."""
        return not self.envoi.role or self.envoi.role in self._roles(change)

    def _roles(self, change: Changement) -> frozenset[str]:
        node = self.model.schema_node().find(change.chemin)
        return node.roles if node else frozenset()

    def closed(self, change: Changement, path: str) -> Constat:
        """Ce qu'il faut dire d'un champ d'un autre. ``path`` : où il est dans le document ; quand
        sa ligne y a bougé, sa place est celle que montre le formulaire.
        """
        owners = ", ".join(ROLES.get(role, role) for role in sorted(self._roles(change)))
        shown = place(self.model.schema_node(), change.chemin) if path != change.chemin else ""
        said = (
            f"{shown or change.libelle} : {quoted(change.avant)} est devenu "
            f"{quoted(change.apres)}, dans un champ qui n'était pas ouvert (il revient à : "
            f"{owners})"
        )
        advice = (
            "Vérifiez avec la personne qui a rempli ce formulaire ; pour le prendre : « --forcer "
            f"{path} »."
        )
        return Constat(
            f"{said} ; le changement n'est pas repris ({path}).",
            chemin=path,
            fichier=self.auteur,
            conseil=advice,
        )


def contributions(
    sources: Iterable[Source],
    base: Base,
    profil: Profil | str | Path | None = None,
    forces: Collection[str] = (),
) -> list[Contribution]:
    """Les formulaires de ces fichiers, dans un ordre qui ne dépend pas du leur ; le même, donné
    deux fois, ne compte qu'une.

    ``InputError`` dit tout à la fois ceux qui ne se lisent pas, et ceux dont on ne sait plus d'où
    ils viennent.
    """
    given, problems = list(sources), list[Constat]()
    found: dict[str, Contribution] = {}
    for source, name in sorted(zip(given, cited(given), strict=True), key=lambda pair: pair[1]):
        try:
            made = replace(_contribution(source, name, base, profil), forces=frozenset(forces))
        except InputError as error:
            problems += [
                constat if constat.fichier else replace(constat, fichier=name)
                for constat in error.constats
            ]
            continue
        found.setdefault(_content(made), made)
    if problems or not found:
        raise InputError(
            problems or "Il n'y a aucun formulaire à réunir : donnez les fichiers revenus."
        )
    return [found[content] for content in sorted(found)]


def _contribution(
    source: Source, name: str, base: Base, profil: Profil | str | Path | None
) -> Contribution:
    lecture = read(source, base, profil)
    sent, advice = (
        lecture.envoi,
        f"Relisez-le à part : « dla-docs lire {argument(name or 'FICHIER')} ».",
    )
    if sent is None or sent.version != VERSION:
        raise InputError(
            Constat(
                "Ce formulaire a perdu ses données jointes : rien ne dit à qui il avait été "
                "envoyé.",
                fichier=name,
                conseil=advice,
            )
        )
    if not sent.intacte:
        message = (
            "Les données jointes à ce formulaire ont été changées depuis son envoi : on ne sait "
            "plus ce qui lui était ouvert."
        )
        raise InputError(Constat(message, fichier=name, conseil=advice))
    role = ROLES.get(sent.role, "") or "tous les champs ouverts"
    model = type(lecture.document)
    left_with = before(model, sent)
    return Contribution(
        f"{name or 'formulaire'} ({role})",
        lecture,
        sent,
        left_with,
        chosen_profil(profil, sent, base),
        holder_of(model, left_with, data_of(lecture.document), mission_in(base)),
    )


def cited(sources: Iterable[Source]) -> list[str]:
    """Des fichiers, tels qu'une phrase les cite : deux du même nom le sont avec leur dossier."""
    paths = [None if isinstance(source, bytes) else Path(source) for source in sources]
    known = Counter(path.name for path in {path.absolute() for path in paths if path})
    return [
        "" if path is None else path.name if known[path.name] == 1 else path.as_posix()
        for path in paths
    ]


def _content(made: Contribution) -> str:
    said = [[one.chemin, one.apres] for one in made.lecture.changements]
    refused = [str(constat.message) for constat in (*made.lecture.refus, *made.constats)]
    return json.dumps([made.envoi.envoi, made.envoi.role, said, refused], ensure_ascii=False)


A_CHACUN = ("prestataire", "reference_convention")
"""Ce que l'en-tête dit à chacun de ceux qu'une mission retient."""


def by_sheet(
    found: Sequence[Contribution], retenus: Collection[str] = ()
) -> list[list[Contribution]]:
    """Les contributions de chaque fiche ; ``InputError`` quand elles ne viennent pas d'un même
    document, ou de la même mission. ``retenus`` : les prestataires que la mission retient, qui ont
    chacun le leur.
    """
    first = found[0]
    for other in found[1:]:
        if told := _difference(first, other, retenus):
            message = (
                f"« {first.auteur} » et « {other.auteur} » ne sont pas deux formulaires d'un même "
                f"document : {told}."
            )
            raise InputError(
                Constat(
                    message,
                    conseil=(
                        "Réunissez ensemble ceux qui viennent du même document, et les autres à "
                        "part."
                    ),
                )
            )
    sheets: list[list[Contribution]] = []
    for one in sorted(found, key=lambda one: not any(one.holder)):  # who says nothing comes last
        lost = not any(one.holder) and one.envoi.place is None
        alone = sheets if lost and len(sheets) == 1 else []
        same = (sheet for sheet in sheets if _of_one_sheet(one, sheet[0]))
        mine = next(chain(alone, same), None)
        if mine is None:
            sheets.append([one])
        else:
            mine.append(one)
    return sheets


def _of_one_sheet(one: Contribution, other: Contribution) -> bool:
    """Whether two forms are of one sheet; a rank is that of another one once the list has moved."""
    mine, theirs = one.envoi.place, other.envoi.place
    if mine is None or theirs is None:
        return same_sheet(one.model, one.holder, other.holder)
    named = mine.nommee and theirs.nommee and one.holder.nom
    return mine.marque == theirs.marque or bool(named and named == other.holder.nom)


def _difference(one: Contribution, other: Contribution, retenus: Collection[str]) -> str:
    if one.envoi.slug != other.envoi.slug:
        return (
            f"l'un est « {one.lecture.document.titre} », l'autre « {other.lecture.document.titre} »"
        )
    if one.envoi.profil != other.envoi.profil:
        return f"l'un suit le profil {one.envoi.profil}, l'autre le profil {other.envoi.profil}"
    of_two = one.holder.cle != other.holder.cle and {one.holder.cle, other.holder.cle} <= {*retenus}
    return header_difference(one.model, one.parti, other.parti, A_CHACUN if of_two else ())
