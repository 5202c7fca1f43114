"""Ce qu'un profil cite existe : exigences, guides, documents, champs, stades. Tous les défauts à la
fois, chacun avec sa ligne.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import Mention
from dla_docs.model.node import Kind, Node, steps
from dla_docs.model.requirement import (
    COMPELLING,
    GUIDES,
    LIBELLE,
    Exigence,
    Force,
    referentiel,
    retirees,
)
from dla_docs.model.validation import validated
from dla_docs.profils.complements import LISTED, chained, leader
from dla_docs.profils.grafting import adapted
from dla_docs.profils.paths import (
    holder,
    is_printed_alone,
    kind_at,
    longest_below,
    nearest_field,
    nearest_of,
    takes_one_more,
)
from dla_docs.profils.profil import Profil
from dla_docs.profils.settings import Ajout, Clause, Complement, Critere, Reglages, TypeDeComplement
from dla_docs.raw import line_of, value_at
from dla_docs.registry import DOCUMENTS, FORMULAIRES

NAME = re.compile(r"[a-z][a-z0-9_]*")
TAG = re.compile(r"\{[{%#]")  # a label is written in the template itself
LONGEST_PATH = 64  # letters: what Word takes as the tag of a content control
SETTABLE = (*DOCUMENTS, "mission")


def faults(profil: Profil, raw: Mapping[str, Any]) -> Iterator[Constat]:
    """Les défauts d'un profil dont la forme est bonne ; aucun quand tout ce qu'il cite existe."""
    references = _References(raw)
    yield from references.guides(profil)
    yield from references.exigences(profil)
    found: list[Constat] = []
    yield from references.sollicites(profil)
    for settings in profil.documents:
        found += references.settings(settings, f"documents.{settings.cle}", profil)
    yield from found
    if not found:
        yield from references.rows(profil)


@dataclass(frozen=True)
class _References:
    raw: Mapping[str, Any]

    def _constat(self, path: str, message: str, advice: str = "") -> Constat:
        file, line = line_of(self.raw, _ranked(self.raw, path))
        return Constat(
            f"{message} ({path}).", chemin=path, fichier=file, ligne=line, conseil=advice
        )

    def guides(self, profil: Profil) -> Iterator[Constat]:
        for rank, guide in enumerate(profil.guides):
            if guide not in GUIDES:
                yield self._constat(
                    f"guides[{rank}]",
                    f"Le guide « {guide} » n'existe pas",
                    f"Les guides sont {', '.join(GUIDES)}.",
                )

    def sollicites(self, profil: Profil) -> Iterator[Constat]:
        low, high = profil.sollicites_minimum, profil.sollicites_maximum
        if low is not None and high is not None and low > high:
            lowest = "sollicites_minimum" in self.raw
            yield self._constat(
                "sollicites_minimum" if lowest else "sollicites_maximum",
                f"Au moins {low} prestataires sollicités, et {high} au plus : aucun nombre ne va",
                "Écrivez « sollicites_minimum » et « sollicites_maximum », du plus petit au plus "
                "grand.",
            )

    def exigences(self, profil: Profil) -> Iterator[Constat]:
        for key, force in profil.exigences.items():
            file, line = line_of(self.raw, ("exigences", key))
            said = [*_unknown_exigence(key), *_unknown_force(key, force)]
            yield from (
                Constat(message, chemin="exigences", fichier=file, ligne=line, conseil=advice)
                for message, advice in said
            )

    def settings(self, settings: Reglages, path: str, profil: Profil) -> Iterator[Constat]:
        slug = str(settings.cle)
        if slug not in SETTABLE:
            yield self._constat(
                path, f"Le document « {slug} » est inconnu", nearest_of(slug, SETTABLE)
            )
            return
        model = FORMULAIRES[slug]
        yield from self._chain(settings, path)
        yield from self._labels(model, settings, path)
        for kind in ("complements", "criteres"):
            for added in getattr(settings, kind):
                yield from self._added(model, added, f"{path}.{kind}.{added.cle}")
        for clause in settings.clauses:
            yield from self._clause(model, clause, f"{path}.clauses.{clause.cle}")
        for place, text in settings.formulations.items():
            yield from self._wording(model, place, text, f"{path}.formulations", profil)
        for place in settings.lignes:
            if kind_at(model, place) is not Kind.ROWS:
                yield self._constat(
                    f"{path}.lignes",
                    f"« {place} » n'est pas une suite de lignes de « {model.titre} »",
                    nearest_field(model, place),
                )

    def _chain(self, settings: Reglages, path: str) -> Iterator[Constat]:
        """An added field may follow another, and so on, as long as it is not itself."""
        try:
            chained(settings.complements)
        except LookupError as lost:
            yield self._constat(
                f"{path}.complements",
                f"« {lost.args[0]} » suit un complément qui n'existe pas, ou se suit lui-même",
                "Écrivez « apres: complements.CLÉ », où CLÉ est un autre champ ajouté.",
            )

    def _labels(self, model: type[Document], settings: Reglages, path: str) -> Iterator[Constat]:
        for place, label in settings.libelles.items():
            if kind_at(model, place) is None:
                yield self._constat(
                    f"{path}.libelles",
                    f"« {place} » n'est pas un champ de « {model.titre} »",
                    nearest_field(model, place),
                )
            elif TAG.search(label) or not label.strip():
                yield self._constat(
                    f"{path}.libelles",
                    f"Le libellé de « {place} » est vide ou contient une balise",
                    "Écrivez-le sans accolades doubles, ou retirez cette ligne.",
                )

    def _added(self, model: type[Document], added: Ajout, path: str) -> Iterator[Constat]:
        if (
            not NAME.fullmatch(added.cle or "")
            or hasattr(Bloc, str(added.cle))
            or iskeyword(str(added.cle))
        ):
            yield self._constat(
                path,
                f"La clé « {added.cle} » ne peut pas nommer un champ",
                "Ecrivez un mot à vous : minuscules sans accent, chiffres et _.",
            )
        if added.libelle is None:
            yield self._constat(
                path,
                f"Le libellé de « {added.cle} » manque",
                "Ecrivez « libelle: » : c'est ce qui s'imprime.",
            )
        elif TAG.search(added.libelle):
            yield self._constat(
                f"{path}.libelle",
                f"Le libellé de « {added.cle} » contient une balise",
                "Ecrivez-le sans accolades doubles.",
            )
        if isinstance(added, Complement):
            yield from self._complement(model, added, path)
        elif isinstance(added, Critere):
            yield from self._criterion(model, added, path)

    def _complement(self, model: type[Document], added: Complement, path: str) -> Iterator[Constat]:
        if added.apres and not leader(added) and not is_printed_alone(model, added.apres):
            advice = nearest_field(model, added.apres)
            yield self._constat(
                f"{path}.apres",
                f"« {added.apres} » n'est pas un champ de « {model.titre} » qu'un autre puisse "
                f"suivre",
                advice,
            )
        if (added.type in LISTED) != bool(added.choix):
            yield self._constat(
                path,
                f"« {added.cle} » : une liste de choix va avec « type: choix » ou « choix multiple "
                f"», et lui avec elle",
                "Ecrivez « choix: [un, deux] ».",
            )
        if added.type is TypeDeComplement.CHOIX_MULTIPLE and ";" in "".join(added.choix):
            yield self._constat(
                f"{path}.choix",
                f"« {added.cle} » : un des choix contient « ; », qui sépare les réponses",
                "Écrivez-le autrement.",
            )
        names = [str(stage) for stage in model.stades or ()]
        if added.des_le_stade and added.des_le_stade.lower() not in names:
            advice = f"Ses stades sont {', '.join(names)}." if names else "Ce document n'en a pas."
            yield self._constat(
                f"{path}.des_le_stade",
                f"Le stade « {added.des_le_stade} » n'existe pas pour « {model.titre} »",
                advice,
            )

    def _criterion(self, model: type[Document], added: Critere, path: str) -> Iterator[Constat]:
        block, name = holder(model, added.apres or "")
        if block is None or not takes_one_more(model, str(added.apres)):
            advice = (
                "Dites quel critère il suit : « apres: »."
                if added.apres is None
                else nearest_field(model, added.apres)
            )
            yield self._constat(
                f"{path}.apres",
                f"« {added.apres or ''} » n'est pas un critère de « {model.titre} »",
                advice,
            )
        elif added.cle in block.model_fields:
            yield self._constat(
                path, f"« {added.cle} » est déjà un champ de cette partie", "Donnez une autre clé."
            )
        elif (length := longest_below(block, name, str(added.apres))) - len(name) + len(
            str(added.cle)
        ) > LONGEST_PATH:
            most = LONGEST_PATH - length + len(name)
            yield self._constat(
                path,
                f"La clé « {added.cle} » est trop longue à cet endroit",
                f"Donnez-en une de {most} lettres au plus.",
            )

    def _clause(self, model: type[Document], clause: Clause, path: str) -> Iterator[Constat]:
        if not NAME.fullmatch(clause.cle or ""):
            yield self._constat(
                path,
                f"La clé « {clause.cle} » ne peut pas nommer une clause",
                "Ecrivez des minuscules sans accent, des chiffres et _.",
            )
        if clause.texte is None:
            yield self._constat(
                path, f"Le texte de la clause « {clause.cle} » manque", "Ecrivez « texte: »."
            )
        if clause.apres and kind_at(model, clause.apres) is None:
            yield self._constat(
                f"{path}.apres",
                f"« {clause.apres} » n'est pas un champ de « {model.titre} »",
                nearest_field(model, clause.apres),
            )

    def _wording(
        self, model: type[Document], place: str, text: str, path: str, profil: Profil
    ) -> Iterator[Constat]:
        block, name = holder(model, place)
        texts = block.mentions() if block else {}
        if not text.strip() and place in model.textes_retires:
            return
        if name not in texts:
            known = [node.path for node in model.schema_node().walk() if node.kind is Kind.NOTE]
            yield self._constat(
                path,
                f"« {place} » n'est pas un texte imprimé de « {model.titre} »",
                nearest_of(place, known),
            )
        elif not text.strip() and (asked := _wording_asked(texts[name], place, profil)):
            ids = ", ".join(map(str, asked))
            yield self._constat(
                path,
                f"Le texte « {place} » ne peut pas être vidé : un guide le demande ({ids})",
                "Récrivez-le, ou retirez cette ligne.",
            )

    def rows(self, profil: Profil) -> Iterator[Constat]:
        """The rows that a document holds at the start are of its own form."""
        for settings in profil.documents:
            if settings.lignes:
                try:
                    model = adapted(FORMULAIRES[str(settings.cle)], profil)
                    validated(model, {})
                except InputError as error:
                    yield from (
                        self._constat(
                            f"documents.{settings.cle}.lignes", constat.message, constat.conseil
                        )
                        for constat in error.constats
                    )


def _ranked(raw: Any, path: str) -> Iterator[str | int]:
    """The steps to what is named by its key, where the file gives it as a list too."""
    for step in steps(path):
        rows = raw if isinstance(raw, list) else ()
        ranks = (n for n, row in enumerate(rows) if value_at(row, ("cle",), None) == step)
        found = next(ranks, step)
        yield found
        raw = value_at(raw, (found,), None)


def _wording_asked(text: Mention, place: str, profil: Profil) -> list[Exigence]:
    """The followed guides that want this very wording: an example may be replaced, or left out."""
    return [
        exigence
        for exigence in text.exigences
        if exigence.nature == LIBELLE and profil.force(exigence, place) in COMPELLING
    ]


def _unknown_exigence(key: str) -> Iterator[tuple[str, str]]:
    identifier, _, place = key.partition("@")
    if identifier in retirees():
        yield (
            f"L'exigence « {identifier} » est retirée du référentiel : {retirees()[identifier]}",
            "Otez cette ligne : rien ne vérifie plus cette exigence.",
        )
    elif identifier not in referentiel():
        yield (
            f"L'exigence « {identifier} » n'existe pas.",
            "« dla-docs exigences » les liste toutes.",
        )
    elif place and not any(
        _carries(FORMULAIRES[slug].schema_node(), place, identifier) for slug in SETTABLE
    ):
        yield (
            f"« {place} » n'est pas un champ qui porte {identifier}.",
            f"« dla-docs exigences » dit où porte {identifier}.",
        )


def _carries(root: Node, place: str, identifier: str) -> bool:
    return any(
        node.path == place and identifier in {exigence.id for exigence in node.exigences}
        for node in root.walk()
    )


def _unknown_force(key: str, force: str) -> Iterator[tuple[str, str]]:
    if force not in {one.value for one in Force}:
        yield (
            f"La force « {force} » de {key} n'existe pas.",
            "Ecrivez O (obligatoire), S (imprimé), R (recommandé) ou L (facultatif).",
        )
