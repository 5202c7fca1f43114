"""La place d'un document revenu dans les fichiers de sa mission : la sienne parmi ceux de sa sorte,
ou celle qu'il y prend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.forms.answers_taken import left_with
from dla_docs.forms.reader import Changement, Lecture
from dla_docs.forms.sheets import (
    holder_of,
    is_of_a_prestataire,
    ranks_of,
    refuse_gone,
    refuse_stranger,
)
from dla_docs.forms.unproved_sheet import refuse_another_person
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.raw.editing import Way
from dla_docs.raw.overlaying import CLE
from dla_docs.registry import DOCUMENTS
from dla_docs.spelling import spaced
from dla_docs.stages.envelope import data_of
from dla_docs.stages.whose_sheet import holder_in
from dla_docs.writing_back.facts import Desk, Here, Row, Trail
from dla_docs.writing_back.standing import Standing


@dataclass(frozen=True)
class Placed:
    """Un document à sa place. ``begun`` : de qui est la fiche qui y est commencée ; ``told`` : ce
    que la mission dit de ce fait ; ``is_new`` : elle ne le tenait pas.
    """

    at: Standing
    begun: str
    told: tuple[Changement, ...]
    is_new: bool


def placed(lecture: Lecture, desk: Desk, begins: bool = True) -> Placed:
    """Le document d'une relecture dans ces fichiers. ``begins`` : une fiche neuve y dit sa clé.

    ``InputError`` quand il n'y a pas sa place, ou que rien ne dit laquelle.
    """
    placing = _Placing(lecture, desk)
    here, start = placing.place()
    is_new = here not in placing.state.said
    begun = placing.solicited() if is_new else ""
    if is_new and placing.model.par_cle and begins:
        placing.name(here, start)
    if begun:
        placing.begin(begun, start)
    at = Standing(placing.desk, placing.state, placing.model, here, start)
    return Placed(at, begun or (placing.whose if is_new else ""), tuple(placing.told), is_new)


class _Placing:
    def __init__(self, lecture: Lecture, desk: Desk) -> None:
        self.desk, self.state = desk, desk.state()
        self.model = type(lecture.document)
        self.sent = left_with(lecture)
        self.left = lecture.envoi.place if lecture.envoi is not None else None
        self.held = lecture.envoi is not None and lecture.envoi.tenu
        self.back = data_of(lecture.document)
        self.told: list[Changement] = []
        self.holder = holder_of(self.model, self.sent, self.back, self.state.whole)

    @property
    def whose(self) -> str:
        """What tells this sheet from the others of its kind, when a mission may hold several."""
        apart = self.model.par_cle or self.model.multiple
        return (self.holder.cle or self.holder.nom) if apart else ""

    def place(self) -> tuple[Here, Way]:
        whole, slug = self.state.whole, self.model.slug()
        if type(whole).slug() == slug:
            return ("", 0), ()
        if not isinstance(whole, Mission) or slug not in DOCUMENTS:
            message = (
                f"« {self.model.titre} » n'a pas sa place dans ce fichier "
                f"(document: {type(whole).slug()})."
            )
            raise InputError(
                Constat(
                    message,
                    fichier=self.desk.root.name,
                    conseil="Relisez-le vers un fichier à part, avec -o.",
                )
            )
        rank = self._rank(whole.documents.get(slug, ()))
        return (slug, rank), self.desk.start_of(self.model, rank)

    def _rank(self, held: Sequence[Document]) -> int:
        """Its rank among the others of its kind; the next one for a name typed on a blank form."""
        blank = not any(holder_in(self.model, self.sent))
        ranks = ranks_of(self.model, held, self.holder, self.sent, self.back, self.left)
        name = self.desk.root.name
        refuse_gone(self.model, self.holder, self.sent, ranks, name, self.left, self.held)
        refuse_another_person(self.model, self.holder, self.sent, self.state.whole, name)
        if blank or not ranks:
            whole = self.state.whole
            said = self.back if blank else self.sent
            refuse_stranger(self.model, self.holder, said, whole, name)
        if not held:
            return 0
        typed_in = self.model.multiple and any(self.holder) and blank
        new = typed_in or (any(self.holder) and (self.model.par_cle or self.solicited()))
        if not ranks and new:
            return len(held)
        if len(ranks) != 1:
            raise InputError(
                Constat(
                    "La mission tient plusieurs de ces documents et rien ne dit lequel est revenu.",
                    fichier=self.desk.root.name,
                    conseil="Écrivez dans le formulaire de qui il est, et redonnez-le.",
                )
            )
        return ranks[0]

    def solicited(self) -> str:
        """The key of the one solicited whose sheet this is, when there is one for each of them, or
        for each of those who are retained, or when it is not that of the one who is.
        """
        whole = self.state.whole
        if not isinstance(whole, Mission) or not is_of_a_prestataire(self.model):
            return ""
        known, chosen = [*whole.sollicites()], whole.retenus
        if not self.model.un_par_sollicite:
            apart = [cle for cle in known if cle not in chosen and self.model.multiple]
            known = [*chosen] if len(chosen) > 1 else apart
        return next((cle for cle in known if spaced(cle) == self.holder.cle), "")

    def name(self, here: Here, start: Way) -> None:
        """A sheet told apart by its own key says it, as its form did: its rank tells nothing."""
        if self.holder.cle:
            spot = self.desk.find(self.model, (CLE,), start)
            self.desk = self.desk.put(spot, self.holder.cle)
            self.state = self.desk.state()

    def begin(self, cle: str, start: Way) -> None:
        """A sheet that the mission did not hold yet says whose it is."""
        desk = self.desk.put(self.desk.find(self.model, ("prestataire",), start), cle)
        self.desk, self.state = desk, desk.state()
        assert isinstance(self.state.whole, Mission)
        for number, asked in enumerate(self.state.whole.mise_en_concurrence.sollicites):
            if self.model.vaut_reponse and asked.cle == cle and asked.reponse is None:
                row: Trail = ("mise_en_concurrence", "sollicites", Row(cle, number), "reponse")
                desk = desk.put(desk.find(Mission, row), self.model.vaut_reponse)
                self.desk, self.state = desk, desk.state()
                path = f"mise_en_concurrence.sollicites[{number}].reponse"
                node = Mission.schema_node().find(path)
                assert node is not None
                self.told.append(Changement(path, node.label, "", self.model.vaut_reponse))
