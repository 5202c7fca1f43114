"""Les réponses qui ne sont pas écrites : pourquoi, et que faire de chacune."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.forms.reader import Changement
from dla_docs.mission import Mission
from dla_docs.model.node import dotted, steps
from dla_docs.parties.identite import candidats
from dla_docs.raw.overlaying import CLE
from dla_docs.raw.quoting import quoted
from dla_docs.raw.written import UneditableError
from dla_docs.registry import FORMULAIRES
from dla_docs.stages.whose_sheet import PRESTATAIRE
from dla_docs.writing_back.facts import Desk, Here, Row, Spot, State, Trail, keyed
from dla_docs.writing_back.proof import Difference, changed, gone
from dla_docs.writing_back.standing import Answer, Standing

MOST_TOLD = 3  # documents that a sentence names


def disputed(at: Standing, change: Changement, now: str) -> Constat:
    """Ce que la mission dit, quand le document ne l'avait pas à l'envoi, ou le disait autrement."""
    return Constat(
        f"{change.libelle} : {quoted(change.apres)} dans le formulaire, alors que la mission "
        f"dit {quoted(now)} ; elle le garde ({change.chemin}).",
        chemin=change.chemin,
        fichier=at.desk.root.name,
        conseil="S'il doit changer, changez-le dans la fiche de la mission.",
    )


def of_another(at: Standing, change: Changement, way: Trail) -> Constat | None:
    """Le nom ou le SIRET d'un autre sollicité, que l'on ne prend pas pour une correction."""
    whole, own = at.state.whole, at.before.get((PRESTATAIRE, CLE), "")
    known = whole.sollicites() if isinstance(whole, Mission) else {}
    if len(way) != 2 or way[0] != PRESTATAIRE or own not in known:
        return None
    found = candidats(known, {str(way[1]): change.apres})
    if not found or own in found or not isinstance(whole, Mission):
        return None
    return Constat(
        f"{change.libelle} : {quoted(change.apres)} est celui d'un autre prestataire sollicité "
        f"({', '.join(found)}), et ce formulaire est celui de « {whole.nom_de(own)} » ({own}) "
        f"; le changement n'est pas pris ({change.chemin}).",
        chemin=change.chemin,
        fichier=at.desk.root.name,
        conseil="Demandez-lui lequel il est ; pour un autre, refaites le formulaire.",
    )


@dataclass
class Tried:
    """Les endroits essayés pour écrire un fait, et ce qui en a empêché."""

    desk: Desk = field(init=False)  # the last one that was loaded
    spots: list[Spot] = field(default_factory=list)
    refused: str = ""
    gone: Mapping[Here, Sequence[Trail]] = field(default_factory=dict)
    others: Sequence[Difference] = ()
    own: Spot | None = None  # where the document itself would say the answer, and nothing else

    def load(self, at: Standing, spot: Spot, said: Any) -> State | None:
        """Ce que diraient les fichiers, une valeur posée là ; ``None`` s'ils ne se lisent plus."""
        self.spots.append(spot)
        try:
            self.desk = at.desk.put(spot, said)
            return self.desk.state()
        except InputError as error:
            self.refused = self.refused or error.constats[0].message
        except UneditableError:
            pass
        return None

    def fail(self, at: Standing, state: State, answer: Answer) -> None:
        """Retient ce qu'une réponse, posée là, changerait d'autre ; d'abord là où le document ne
        dirait qu'elle, plutôt qu'à l'endroit d'un fait qui lui ressemble.
        """
        said = {keyed(one): text for one, text in at.said_in(state).items()}
        if self.own is None and said == at.asked([answer]):
            self.own, self.gone, self.others = self.spots[-1], {}, ()
        self.gone = self.gone or gone(at, state, answer)
        self.others = self.others or changed(at, state, answer.way)

    def why(self, at: Standing, now: str) -> str:
        """Ce qui a empêché d'écrire, en quelques mots ; ``now`` : ce que le document dit."""
        if self.gone:
            told = " ; ".join(_told(at, *one) for one in list(self.gone.items())[:MOST_TOLD])
            more = len(self.gone) - MOST_TOLD
            also = "1 autre document en perdrait" if more == 1 else f"{more} autres en perdraient"
            return f"les documents ne diraient plus {told}{f' ; et {also} aussi' * (more > 0)}"
        if self.others:
            place, way, was, then = self.others[0]
            more = len(self.others) - 1
            also = f", et {more} autre{'s' * (more > 1)} avec" if more else ""
            then = f"deviendrait {quoted(then)}" if then else "s'en irait"
            return f"{_told(at, place, [way])}, aujourd'hui {quoted(was)}, {then}{also}"
        if self.refused:
            return f"la mission serait refusée ({self.refused.rstrip('.')})"
        if now:
            return f"le document dirait toujours {quoted(now)}, qu'il reprend d'ailleurs"
        return "ce fichier ne se retouche pas à cet endroit"

    def where(self, at: Standing) -> dict[str, Any]:
        """Le fichier où le fait est écrit, et la ligne : ce qu'un constat en dit."""
        there = (one for one in self.spots if one.is_there)
        told = sorted(there, key=lambda one: not one.says_something(at.desk))
        spot = self.own or next(iter(told), None)
        if spot is None or not spot.is_there:
            return {"fichier": at.desk.root.name}
        return {"fichier": spot.file.name, "ligne": spot.line_in(at.desk)}


def left(at: Standing, change: Changement, tried: Tried) -> Constat:
    """Une réponse que la mission ne peut pas dire sans dire autre chose."""
    what = f"{quoted(change.apres)} n'est pas écrit"
    do = f"écrivez-y {quoted(change.apres)}"
    if not change.apres:
        what, do = f"{quoted(change.avant)} n'est pas effacé", "effacez-le vous-même"
    where = tried.where(at)
    told = "là" if "ligne" in where else f"dans « {where['fichier']} », à {_key(at, change.chemin)}"
    conseil = f"Si c'est bien ce qu'il faut, {do} {told}"
    then = ", puis complétez ces documents" if tried.gone else ""
    return Constat(
        f"{change.libelle} : {what} ; {tried.why(at, change.avant)} ({change.chemin}).",
        chemin=change.chemin,
        conseil=f"{conseil}{then}.",
        **where,
    )


def row_left(at: Standing, way: Trail, change: Changement, tried: Tried) -> Constat:
    """Une ligne dont tout est vidé, et qui reste entière ; ``change`` : l'une de ses cases."""
    depth = sum(isinstance(step, Row) for step in way)
    path = "]".join(change.chemin.split("]")[:depth]) + "]"
    held = path.rpartition("[")[0]
    node, rank = at.model.schema_node().find(held), int(path.rpartition("[")[2][:-1])
    where = tried.where(at)
    told = "là" if "ligne" in where else f"dans « {where['fichier']} », à {_key(at, path)}"
    return Constat(
        f"{node.label if node else held}, ligne {rank + 1} : vidée dans le formulaire, elle n'est "
        f"pas ôtée ; {tried.why(at, '')} ({path}).",
        chemin=path,
        conseil=f"Si elle doit s'en aller, ôtez-la {told}, et de ce qui s'y rapporte.",
        **where,
    )


def key_alone(at: Standing, change: Changement) -> Constat:
    """La clé d'une ligne neuve où rien d'autre n'est tapé."""
    message = (
        f"{change.libelle} : « {change.apres} » n'est pas écrit, le reste de sa ligne est vide "
        f"({change.chemin})."
    )
    return Constat(
        message,
        chemin=change.chemin,
        fichier=at.desk.root.name,
        conseil="Remplissez cette ligne, ou effacez-en la clé.",
    )


def _key(at: Standing, path: str) -> str:
    """Where one would write it in the file, as a way of keys."""
    return f"« {dotted((*at.start, *steps(path)))} »"


def _told(at: Standing, place: Here, lost: Sequence[Trail]) -> str:
    """« Objectif général » and 3 other answers, in « Cahier des charges »."""
    model = FORMULAIRES[place[0]] if place[0] else type(at.state.whole)
    first = model.schema_node().find(".".join(one for one in lost[0] if isinstance(one, str)))
    said = f"« {first.label if first else keyed(lost[0])[-1]} »"
    more = len(lost) - 1
    said += f" et {more} autre{'s' * (more > 1)} réponse{'s' * (more > 1)}" if more else ""
    return f"{said}, dans « {model.titre} »"
