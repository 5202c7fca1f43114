"""La mission : une ingénierie, chaque fait dit une fois, et les documents qui en parlent."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from functools import cache
from typing import Any

from dla_docs.constat import Constat, Gravite
from dla_docs.mission.choix import SuitesDuChoix
from dla_docs.mission.contenu import key_of
from dla_docs.mission.fiches import FichesDesRetenus
from dla_docs.mission.identifiants import MemesIdentifiants
from dla_docs.mission.mise_en_concurrence import Sollicite
from dla_docs.mission.rencontres import Rencontres
from dla_docs.model.bloc import Bloc, bloc_of, fields_of
from dla_docs.model.document import Document
from dla_docs.model.fields import regle
from dla_docs.model.node import steps
from dla_docs.model.requirement import exige
from dla_docs.parties.deroulement import Avancement
from dla_docs.parties.diagnostic import valide_le
from dla_docs.parties.identite import candidats
from dla_docs.parties.tenus import Evaluation
from dla_docs.raw import RawMap, line_of


class Mission(Rencontres, SuitesDuChoix, MemesIdentifiants, FichesDesRetenus):
    """La mission : son en-tête, qui est aussi un formulaire, et ``documents[slug]``, un tuple par
    sorte de document.
    """

    @classmethod
    def tenu_par(cls, mission: Mission) -> Mission:
        """La mission se tient elle-même, avec ce que ses documents lui apprennent : un formulaire
        ne le demande pas une seconde fois.
        """
        held = mission.mise_en_concurrence
        rows = tuple(mission._avec_reception(row) for row in held.sollicites)
        known = held.model_copy(update={"sollicites": rows})
        return mission.model_copy(
            update={"consultant": mission.intervenant, "mise_en_concurrence": known}
        )

    def _avec_reception(self, asked: Sollicite) -> Sollicite:
        """What a proposition says of how it came."""
        offers = (one for one in self._offres() if key_of(one) == asked.cle)
        offer = next(offers, None)
        known = {name: getattr(offer, name, None) for name in ("recue_le", "voie")}
        said = {name: getattr(asked, name) or value for name, value in known.items()}
        return asked.model_copy(update=said)

    def _repr_html_(self) -> str:
        from dla_docs.model.html import mission_html  # only a notebook asks

        return mission_html(self)

    def reponses_connues(self) -> dict[str, tuple[str, ...]]:
        """Le prestataire retenu est l'un des sollicités."""
        known = tuple(self.sollicites())
        places = ("retenu", "autres_retenus[].prestataire")
        return {f"mise_en_concurrence.{place}": known for place in places if known}

    def entete(self, model: builtins.type[Document]) -> dict[str, Any]:
        """Ce que la mission transmet à tout document qui le déclare : opérateur, structures,
        prestataire, consultant, références.
        """
        return {
            name: _known_to(bloc_of(model, name), self._written(name))
            for name in _lent(type(self), model)
        }

    @classmethod
    def partages(cls) -> frozenset[str]:
        """Les champs de son en-tête qu'un document peut tenir d'elle ; son profil et son stade sont
        à chacun.
        """
        return frozenset(cls.schema_node().children) - {"profil", "stade"}

    def _written(self, name: str) -> Any:
        """What the file says rather than what was understood: it knows its line and its folder."""
        if name == "consultant" and self.intervenant != self.consultant:
            return _plain(self.intervenant)
        raw = self._raw
        written = raw.get(name) if raw else None
        return written or _plain(getattr(self, name))

    def constats_propres(self) -> Iterator[Constat]:
        """Le prestataire retenu est l'un des sollicités ; sinon aucun document ne saurait le
        nommer.
        """
        known = ", ".join(self.sollicites())
        for number, chosen in enumerate(self.retenus):
            if chosen in self.sollicites():
                continue
            place = f"autres_retenus[{number - 1}].prestataire" if number else "retenu"
            path = f"mise_en_concurrence.{place}"
            file, line = line_of(self._raw, steps(path))
            message = (
                f"Prestataire retenu : « {chosen} » n'est la clé d'aucun des prestataires "
                f"sollicités ({path})."
            )
            advice = (
                f"Les clés des sollicités sont : {known}."
                if known
                else "Ajoutez-le aux prestataires sollicités."
            )
            yield Constat(
                message, Gravite.AVERTISSEMENT, path, fichier=file, ligne=line, conseil=advice
            )
        yield from self._inconnus()

    def _inconnus(self) -> Iterator[Constat]:
        """A document that speaks of a prestataire says which of those solicited: two that it may
        be, or none, would carry the words of one to another.
        """
        known, together = self.sollicites(), self.prestataire.nom
        for slug, documents in self.documents.items() if known else ():
            for number, document in enumerate(documents):
                place = f"documents.{slug}[{number}]" if len(documents) > 1 else f"documents.{slug}"
                for path, cle, nom in document.prestataires_cites():
                    common = not cle and nom == together  # to all of those who are chosen
                    if (cle or nom) and cle not in known and not common:
                        yield self._inconnu(f"{place}.{path}", nom or cle, {"nom": nom or cle})

    def _inconnu(self, path: str, said: str, dit: dict[str, str]) -> Constat:
        known = self.sollicites()
        found = candidats(known, dit)
        file, line = line_of(self._raw, steps(path))
        problem = (
            f"peut être plusieurs des prestataires sollicités : {', '.join(found)}"
            if len(found) > 1
            else "n'est aucun des prestataires sollicités"
        )
        return Constat(
            f"Prestataire : « {said} » {problem} ({path}).",
            Gravite.BLOQUANT,
            path,
            fichier=file,
            ligne=line,
            conseil=f"Écrivez sa clé : {', '.join(found or known)}.",
        )

    @regle(
        exige("RX-30"),
        exige("EVI-21"),
        porte_sur="documents.evaluation_individuelle",
        des=Avancement.EVALUEE,
        conseil="Restituez la fiche et datez la restitution.",
    )
    def evaluation_restituee(self) -> Iterator[str]:
        """L'évaluation est restituée au prestataire, après l'échange d'évaluation."""
        for slug in ("evaluation_individuelle", "evaluation_collective"):
            held: tuple[Evaluation, ...] = self._held(slug)
            for number, sheet in enumerate(held):
                if sheet.reste_a_restituer:
                    rank = f"[{number}]" if len(held) > 1 else ""
                    yield f"documents.{slug}{rank}.restituee_le"

    @regle(
        exige("RX-35"),
        porte_sur="mise_en_concurrence.sollicites",
        conseil="Attendez la validation du plan, ou corrigez les dates.",
    )
    def plan_valide_avant_la_consultation(self) -> Iterator[str]:
        """Le diagnostic et le plan d'accompagnement sont validés par les instances dirigeantes
        avant que le cahier des charges parte à un prestataire.
        """
        validated = valide_le(self.plan.validations) if self.plan else None
        for number, asked in enumerate(self.mise_en_concurrence.sollicites):
            if validated and asked.dossier_complet_le and asked.dossier_complet_le < validated:
                yield f"mise_en_concurrence.sollicites[{number}].dossier_complet_le"


@cache
def _lent(mission: type[Mission], model: type[Document]) -> tuple[str, ...]:
    """What a mission hands down to this kind of document, in its order."""
    shared = {*mission.partages(), "prestataire"}
    return tuple(name for name in fields_of(model) if name in shared)


def _known_to(part: type[Bloc] | None, written: Any) -> Any:
    """A DLA may add more to the mission than to a document: each takes what it has a place for."""
    if part is None or not isinstance(written, dict) or written.keys() <= part.model_fields.keys():
        return written
    kept = {name: value for name, value in written.items() if name in part.model_fields}
    return written.with_items(kept) if isinstance(written, RawMap) else kept


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.model_dump() if isinstance(value, Bloc) else value
