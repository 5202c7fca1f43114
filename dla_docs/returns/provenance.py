"""De quelle mission vient un formulaire : ce qui l'y rattache, ce qui l'en sépare."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat, Gravite
from dla_docs.errors import InputError
from dla_docs.files import read_text
from dla_docs.forms.answers_taken import Lecture, left_with
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.parties.identite import candidats
from dla_docs.profils.profil import Profil
from dla_docs.raw import RawMap
from dla_docs.raw.overlaying import CLE
from dla_docs.spelling import fold, nearest
from dla_docs.stages.envelope import Enveloppe, data_of, marked
from dla_docs.stages.loading import build_document
from dla_docs.stages.whose_sheet import leaves
from dla_docs.writing_back.writing import base_in

Base = Mapping[str, tuple[Document, ...]]
Marks = Mapping[str, set[str]]
REFERENCES = ("reference", "reference_convention")
EN_TETE = (*REFERENCES, "structures", "prestataire")  # what two documents of one mission share
MISSION = "mission"  # what ``--forcer`` names to say that the form is this mission's all the same
SIENNE = (
    "Donnez la sienne ; si c'est bien elle, corrigée depuis l'envoi, relisez-le avec « --forcer "
    f"{MISSION} »."
)
CORRECTION = 0.8  # how alike two names are when one corrects the other
PARTAGE = (*EN_TETE, "operateur")  # what two missions of one structure may share too


def refuse_other_mission(
    model: type[Document],
    data: Mapping[str, Any],
    base: Base,
    name: str,
    sent: Enveloppe | None = None,
    forces: Collection[str] = (),
) -> None:
    """``InputError`` quand ces données, d'un formulaire de ce nom, ne sont pas de la mission ;
    ``forces`` la nomme quand elle a trop changé depuis l'envoi pour être reconnue.
    """
    for mission in base.get("mission", ()):
        if MISSION in forces or is_of(model, data, base, sent):
            continue
        told = header_difference(model, data, data_of(mission))
        message = "Ce formulaire n'est pas celui de cette mission"
        known = f" : {told}." if told else ", d'après les données qu'il emporte."
        raise InputError(Constat(message + known, fichier=name, conseil=SIENNE))


def other_reference(
    model: type[Document], data: Mapping[str, Any], base: Base, name: str, sent: Enveloppe | None
) -> tuple[Constat, ...]:
    """Ce qu'il faut regarder d'un formulaire pris pour celui d'une mission dont la référence n'est
    pas la sienne : corrigée depuis, ou celle d'une autre, copiée de celle-ci, nul ne peut le dire.
    """
    theirs, ours = _marks_of(data, sent), _our_marks(base) if base.get(MISSION) else {}
    first = next((one for one in REFERENCES if theirs.get(one) and ours.get(one)), "")
    if not first or theirs[first] & ours[first]:
        return ()
    return (
        Constat(
            "Ce formulaire est parti sous une autre référence que celle de la mission (« "
            f"{getattr(base[MISSION][0], first)} ») ; le reste de ce qu'il dit d'elle le fait "
            "prendre pour le sien.",
            Gravite.AVERTISSEMENT,
            fichier=name,
            conseil="S'il est d'une autre mission de cette structure, défaites l'écriture avec « "
            "dla-docs annuler », et donnez-lui la sienne.",
        ),
    )


def mission_in(base: Base) -> Document | None:
    """La mission que tient cette base ; ``None`` d'un document seul."""
    return next(iter(base.get("mission", ())), None)


def refuse_other_prestataire(
    model: type[Document],
    said: Mapping[str, Any],
    base: Base,
    held: Document | None,
    name: str,
) -> None:
    """``InputError`` quand ces données sont celles d'un sollicité, et le document de la mission,
    qui n'en a qu'un, celui d'un autre : les mots de l'un ne vont pas dans celui de l'autre.
    """
    mission, who = mission_in(base), said.get("prestataire")
    if not isinstance(mission, Mission) or model.multiple or not isinstance(who, Mapping):
        return
    known, now = mission.sollicites(), held or build_document(mission, model, RawMap())
    theirs, ours = candidats(known, who), getattr(getattr(now, "prestataire", None), CLE, None)
    both = {ours, *theirs} <= {*mission.retenus}  # each of those retained has a part of his own
    if ours in known and len(theirs) == 1 and theirs[0] != ours and not both:
        raise InputError(
            Constat(
                f"Ce formulaire est celui de « {mission.nom_de(theirs[0])} », et la mission tient "
                f"« {model.titre} » de « {mission.nom_de(ours)} » ; rien n'en est pris.",
                fichier=name,
                conseil="Corrigez le prestataire retenu, ou demandez le formulaire de celui-ci.",
            )
        )


def is_of(
    model: type[Document], data: Mapping[str, Any], base: Base, sent: Enveloppe | None = None
) -> bool:
    """Vrai quand un formulaire peut être de cette mission.

    La structure que nomme la page doit être la sienne, à une correction près, ou celle qu'en dit
    son document, d'où la page est partie. Une référence commune suffit alors, si l'autre ne dit pas
    le contraire. Quand une référence a été corrigée, ou que le prestataire n'est plus le même, il
    faut une structure commune, par son nom ou son SIRET, et que la mission dise encore pour
    l'essentiel ce que le document disait à l'envoi : une autre mission de la même structure ne le
    dit pas. Une mission qui ne dit rien de ce à quoi se reconnaissait la sienne ne l'est pas.
    """
    named = data.get("structures")
    told = data_of(base["mission"][0]).get("structures")
    if not (_may_be_named(named, told) or _left_so_named(model, named, told, base, sent)):
        return False
    theirs, ours = _marks_of(data, sent), _our_marks(base)
    if model.multiple:  # whose sheet it is says nothing of the mission
        theirs.pop(model.distingue_par, None)
    known = {name for name in theirs if theirs[name] & ours.get(name, set())}
    apart = {name for name in theirs if ours.get(name) and name not in known}
    if sent and sent.mission and not known and not apart:
        return False
    if not apart or (known & {*REFERENCES} and not apart & {*REFERENCES}):
        return True
    if "structures" not in known:
        return False
    return any(_still_says(model, data, data_of(one)) for one in _held(model, base))


def _may_be_named(rows: Any, others: Any) -> bool:
    """A name may be corrected; quite another one is another structure."""
    said, told = identities(rows), identities(others)
    return not (said and told) or any(nearest(name, told, CORRECTION) for name in said)


def _left_so_named(
    model: type[Document], named: Any, told: Any, base: Base, sent: Enveloppe | None
) -> bool:
    """A page that left this very mission under names other than its own, and that its document
    still says.
    """
    ours = sent is not None and {*marked(told)} & {*sent.mission.get("structures", ())}
    says = (identities(data_of(one).get("structures")) for one in base.get(model.slug(), ()))
    return bool(ours) and identities(named) in says


def _marks_of(data: Mapping[str, Any], sent: Enveloppe | None) -> dict[str, set[str]]:
    """What tells a mission: from the page's data, and what a form carries of it unseen."""
    said = {name: {*marked(data.get(name))} for name in EN_TETE}
    for name, marks in (sent.mission if sent else {}).items():
        said.setdefault(name, set()).update(marks)
    return {name: marks for name, marks in said.items() if marks}


def _held(model: type[Document], base: Base) -> tuple[Document, ...]:
    """The documents of that kind; when the mission holds none yet, the one it would lend."""
    held, mission = base.get(model.slug(), ()), base["mission"][0]
    if held or not isinstance(mission, Mission):
        return held
    return (build_document(mission, model, RawMap()),)


def _still_says(model: type[Document], sent: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether most of what left, apart from what any mission of this structure would say, stands
    still.
    """
    written, held = dict(leaves(data_of(model()))), dict(leaves(now))
    own = [
        held.get(way) == value
        for way, value in leaves(sent)
        if way[0] not in PARTAGE and way[-1] != CLE and written.get(way) != value
    ]
    return sum(own) * 2 > len(own)


def header_difference(
    model: type[Document],
    one: Mapping[str, Any],
    other: Mapping[str, Any],
    sauf: Collection[str] = (),
) -> str:
    """Ce qui montre que deux documents ne sont pas de la même mission, en quelques mots ; vide
    quand rien ne le montre. ``sauf`` : ce qui peut différer de l'un à l'autre.
    """
    for name in EN_TETE:
        node = model.schema_node().children.get(name)
        own = name in sauf or (model.multiple and name == model.distingue_par)
        if node is None or own:
            continue
        said, told = (identities(data.get(name)) for data in (one, other))
        if said and told and said.keys().isdisjoint(told):
            return (
                f"{node.label or name} : « {', '.join(sorted(said.values()))} » d'un côté, « "
                f"{', '.join(sorted(told.values()))} » de l'autre"
            )
    return ""


def identities(value: Any) -> dict[str, str]:
    """Ce qui nomme le titulaire d'un champ d'en-tête, un texte ou les noms d'une partie ou de
    lignes ; chacun par ses lettres seules.
    """
    rows = value if isinstance(value, list) else [value]
    names = [row.get("nom") if isinstance(row, Mapping) else row for row in rows]
    return {fold(str(name)): " ".join(str(name).split()) for name in names if name}


# Among several missions.


def missions_of(
    lecture: Lecture, missions: Sequence[Path], profil: Profil | str | Path | None
) -> list[Path]:
    """Celles dont il a la référence ; sinon celles dont il a une structure ; sinon celles qui
    disent encore tout ce qui est parti avec lui. Une qui ne se lit pas, et qui a sa référence, en
    est : sa copie ne prend pas ses réponses à sa place.
    """
    held = {path: base for path in missions if (base := _base(path, profil))}
    sent = left_with(lecture)
    model = type(lecture.document)
    data = sent or data_of(lecture.document)
    theirs = _marks_of(data, lecture.envoi)
    unread = [path for path in missions if path not in held and _says_one_of(path, theirs)]
    possible = [path for path, base in held.items() if is_of(model, data, base, lecture.envoi)]
    for names in (REFERENCES, ("structures",)):
        named = [
            path
            for path in possible
            if any(
                theirs.get(name, set()) & _our_marks(held[path]).get(name, set()) for name in names
            )
        ]
        if named:
            return [*_nearest(named, theirs, held), *unread]
    return unread or [
        path
        for path in possible
        if sent and any(_within(sent, data_of(one)) for one in held[path].get(model.slug(), ()))
    ]


def _says_one_of(path: Path, theirs: Marks) -> bool:
    """Whether a file which cannot be read as a mission writes one of these references: it may be
    the very one.
    """
    try:
        said = REFERENCE.findall(read_text(path))
    except InputError:
        return False
    return any(theirs.get(name, set()) & {*marked(value)} for name, value in said)


REFERENCE = re.compile(rf"^({'|'.join(REFERENCES)})\s*:\s*[\"']?(.*?)[\"']?\s*$", re.MULTILINE)


def _nearest(paths: Sequence[Path], theirs: Marks, held: Mapping[Path, Base]) -> list[Path]:
    """Those that share the most of its references: one may be kept from a mission to its copy."""
    ours = {path: _our_marks(held[path]) for path in paths}
    shared = {
        path: sum(bool(theirs.get(name, set()) & marks.get(name, set())) for name in REFERENCES)
        for path, marks in ours.items()
    }
    return [path for path in paths if shared[path] == max(shared.values())]


def _our_marks(base: Base) -> Marks:
    """Of several who are retained, each has his name, and perhaps his own convention."""
    mission, said = base["mission"][0], defaultdict[str, set[str]](set)
    views = [one for _, one in mission.vues_des_retenus()] if isinstance(mission, Mission) else []
    for one in {id(one): one for one in (mission, *views)}.values():
        for name, marks in _marks_of(data_of(one), None).items():
            said[name] |= marks
    return said


def _base(path: Path, profil: Profil | str | Path | None) -> Base:
    try:
        base = base_in(path, profil)
    except InputError:  # a mission that cannot be read takes nothing
        return {}
    return base if isinstance(base.get("mission", (None,))[0], Mission) else {}


def _within(sent: Any, now: Any) -> bool:
    if isinstance(sent, Mapping):
        return isinstance(now, Mapping) and all(
            _within(value, now.get(name)) for name, value in sent.items()
        )
    if isinstance(sent, list):
        return isinstance(now, list) and len(sent) <= len(now) and all(map(_within, sent, now))
    return bool(sent == now)
