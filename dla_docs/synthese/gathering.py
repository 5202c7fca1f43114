"""Le recueil : les fiches d'évaluation que tiennent des fichiers, des missions et des dossiers,
chacune une fois ; ce qui ne se lit pas est dit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from os.path import isdir
from pathlib import Path

from dla_docs.constat import Constat, Gravite
from dla_docs.documents.cahier_des_charges import CahierDesCharges
from dla_docs.dossier.folder import is_about_a_dossier
from dla_docs.errors import InputError
from dla_docs.files import read_bytes, visible_files
from dla_docs.forms import Lecture, read
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.parcours import load_parcours
from dla_docs.parties.evaluation import GrilleDEvaluation
from dla_docs.profils.profil import Profil
from dla_docs.raw import load_raw
from dla_docs.registry import DOCUMENTS
from dla_docs.returns import reunir
from dla_docs.returns.folder import CONVERTED, FORMS
from dla_docs.spelling import fold
from dla_docs.stages.data_files import PARCOURS
from dla_docs.stages.envelope import Enveloppe
from dla_docs.stages.loading import load
from dla_docs.synthese.same_sheet import Identities, Key, identity, reference_of
from dla_docs.synthese.sheets import Fiche

Source = str | Path | Document
Asked = Profil | str | Path | None
KNOWN = (
    "Indiquez des fiches d'évaluation (.docx, .pdf, .yaml, .json), des missions, ou un dossier "
    "qui en tient."
)
LARGEST = 50 * 1024 * 1024  # bytes of a file


@dataclass(frozen=True)
class Recueil:
    """Les fiches à dépouiller, et ce que leur lecture a trouvé : un constat par fichier laissé de
    côté, par cellule illisible, par doublon.
    """

    fiches: tuple[Fiche, ...] = ()
    constats: tuple[Constat, ...] = ()
    non_lus: int = 0
    doublons: int = 0


def gather(
    sources: Source | Iterable[Source], profil: Profil | str | Path | None = None
) -> Recueil:
    """Les fiches d'évaluation de ces sources ; un fichier qui ne se lit pas n'empêche pas les
    autres.

    Arguments :
    - ``sources`` : des fichiers, des dossiers, des missions, des documents ; ou un seul.
    - ``profil`` : celui d'un DLA, sous lequel elles sont parties.

    Rend : un ``Recueil``.

    Erreurs :
    - ``InputError`` : aucune fiche n'est trouvée.
    """
    gathering = _Gathering(profil)
    for source in [sources] if isinstance(sources, Source) else sources:
        for one in _files(source) if isinstance(source, str | Path) else [source]:
            gathering.take(one)
    return gathering.recueil()


class _Gathering:
    """Sheets taken in one after the other, each under what makes it itself."""

    def __init__(self, profil: Asked) -> None:
        self.profil = profil
        self.known, self.held = Identities(), dict[Key, Fiche]()
        self.themes: dict[str, str] = {}
        self.others: dict[str, list[str]] = {}  # by title, the files that hold something else
        self.constats: list[Constat] = []
        self.forms: list[tuple[Path, Lecture]] = []
        self.unread = self.twice = 0

    def take(self, source: Path | Document) -> None:
        origin = str(source) if isinstance(source, Path) else ""
        try:
            mark = _mark(source) if isinstance(source, Path) else str(id(source))
            if isinstance(source, Path) and source.suffix.lower() in FORMS:
                self.forms.append((source, read(source, profil=self.profil)))
                return
            documents = _documents(source, self.profil) if isinstance(source, Path) else [source]
        except InputError as error:
            self.unread += 1
            self.constats += [_placed(constat, origin) for constat in error.constats]
            return
        self._hold(documents, origin, mark)

    def _hold(
        self,
        documents: Iterable[Document],
        origin: str,
        mark: str,
        sent: Enveloppe | None = None,
    ) -> None:
        for number, sheet in enumerate(
            sheet for document in documents for sheet in self._sheets(document, origin)
        ):
            self._keep(sheet, self.known.place(identity(sheet, sent)) or (mark, str(number)))

    def _unite(self) -> None:
        """The forms that several people returned of one sheet are one sheet; what someone wrote in
        the field of another is told, and does not count.
        """
        known, sheets = Identities(), dict[Key, list[tuple[Path, Lecture]]]()
        for path, lecture in self.forms:
            role, document = lecture.envoi.role if lecture.envoi else "", lecture.document
            whose = None
            if role and isinstance(document, GrilleDEvaluation):
                whose = known.place(identity(Fiche(document), lecture.envoi))
            apart = whose is None or _same_role(sheets.get(whose, ()), role)
            sheets.setdefault((str(path),) if whose is None or apart else whose, []).append(
                (path, lecture)
            )
        for sheet in sheets.values():
            paths = [path for path, _ in sheet]
            for documents, refused in _united(sheet, self.profil):
                self.constats += [_of_form(one, paths) for one in refused]
                self._hold(documents, str(paths[0]), _mark(paths[0]), sheet[0][1].envoi)

    def recueil(self) -> Recueil:
        self._unite()
        self.constats += [_other(title, origins) for title, origins in self.others.items()]
        if not self.held:
            raise InputError(
                self.constats
                or [Constat("Aucune fiche d'évaluation n'a été trouvée.", conseil=KNOWN)]
            )
        fiches = (
            replace(fiche, theme=fiche.theme or self.themes.get(reference_of(fiche.document), ""))
            for fiche in _told_once([*self.held.values()])
        )
        kept = tuple(fiche for fiche in fiches if self._says_something(fiche))
        return Recueil(kept, tuple(self.constats), self.unread, self.twice)

    def _sheets(self, document: Document, origin: str) -> Iterator[Fiche]:
        if isinstance(document, Mission):
            theme = _theme(document)
            self.themes |= {reference: theme} if (reference := reference_of(document)) else {}
            held = (
                one
                for documents in document.documents.values()
                for one in documents
                if isinstance(one, GrilleDEvaluation)
            )
            yield from (Fiche(one, origin, theme) for one in held)
        elif isinstance(document, GrilleDEvaluation):
            yield Fiche(document, origin)
        else:
            self.others.setdefault(document.titre, []).append(origin)

    def _keep(self, fiche: Fiche, key: Key) -> None:
        if not self._says_something(fiche):
            return
        first = self.held.setdefault(key, fiche)
        if first is not fiche:
            self.twice += 1
            self.held[key] = max(first, fiche, key=_fullness)  # of two that say as much, the first
            self.constats.append(_twice(first, fiche, self.held[key]))

    def _says_something(self, fiche: Fiche) -> bool:
        if any(line.dite for line in fiche.lignes):
            return True
        message = "Cette fiche d'évaluation n'a aucune réponse : elle n'est pas comptée."
        self.constats.append(
            Constat(
                message,
                Gravite.AVERTISSEMENT,
                fichier=fiche.origine,
                conseil="Relancez la personne qui devait la remplir.",
            )
        )
        return False


def _told_once(fiches: Sequence[Fiche]) -> Iterator[Fiche]:
    """What one person answers once for all the sheets of a mission counts on one of them: the one
    that says the most besides.
    """
    bearers: dict[tuple[object, str], Fiche] = {}
    for fiche in sorted(fiches, key=lambda one: (_fullness(one), repr(one.lignes)), reverse=True):
        for part in _shared(fiche):
            bearers.setdefault((_mission_of(fiche), part), fiche)
    for fiche in fiches:
        again = (part for part in _shared(fiche) if bearers[_mission_of(fiche), part] is not fiche)
        yield replace(fiche, ailleurs=tuple(again))


def _shared(fiche: Fiche) -> list[str]:
    """The parts that its kind says once for all, and that it says."""
    said = {line.part for line in fiche.lignes if line.dite}
    return [name for name in type(fiche.document).communs if name in said]


def _mission_of(fiche: Fiche) -> object:
    """What tells that two sheets are of one mission; a sheet that says nothing of it is alone."""
    document = fiche.document
    known = (fold(fiche.prestataire), str(document.date or ""))
    if reference := reference_of(document):
        return (reference, *known)
    if document._mission is not None:
        return id(document._mission)
    return known if all(known) else id(fiche)


def _files(source: str | Path) -> Iterator[Path]:
    """A file; or those of a folder that may hold a sheet."""
    path = Path(source)
    if not isdir(path):
        yield path
        return
    yield from filter(_may_hold, visible_files(path))


def _may_hold(path: Path) -> bool:
    """Beside missions stand the files that they cite: those are no sheets,
    and nothing to say of."""
    if is_about_a_dossier(path):
        return False
    if path.suffix.lower() not in DATA:
        return path.suffix.lower() in (*FORMS, *CONVERTED)
    try:
        kind = load_raw(path).get("document")
    except InputError:
        return True  # to be told so
    if not isinstance(kind, str):
        return False
    return kind in (Mission.slug(), PARCOURS) or (
        kind in DOCUMENTS and issubclass(DOCUMENTS[kind], GrilleDEvaluation)
    )


def _mark(path: Path) -> str:
    return sha256(read_bytes(path, LARGEST)).hexdigest()


def _same_role(sheet: Iterable[tuple[Path, Lecture]], role: str) -> bool:
    return any(lecture.envoi is not None and lecture.envoi.role == role for _, lecture in sheet)


def _united(
    sheet: Sequence[tuple[Path, Lecture]], profil: Asked
) -> Iterator[tuple[list[Document], tuple[Constat, ...]]]:
    """The document that these forms make; each by itself when they cannot be united."""
    try:
        found = reunir([path for path, _ in sheet], profil=profil)
        yield [found.document], found.refus
    except InputError as error:
        told = error.constats if len(sheet) > 1 else ()
        for rank, (_, lecture) in enumerate(sheet):
            yield [lecture.document], (*lecture.refus, *(told if rank == 0 else ()))


def _documents(path: Path, profil: Asked) -> list[Document]:
    if (suffix := path.suffix.lower()) in CONVERTED:
        message = f"Ce fichier a été enregistré en {suffix} : ses réponses ne se lisent pas."
        raise InputError(Constat(message, conseil="Ouvrez-le et enregistrez-le en .docx."))
    if suffix not in DATA:
        raise InputError(Constat("Ce fichier n'est pas une fiche d'évaluation.", conseil=KNOWN))
    if load_raw(path).get("document") == PARCOURS:
        return [mission for _, mission in load_parcours(path, profil).missions]
    return [load(path, profil)]


DATA = (".yaml", ".yml", ".json")


def _theme(mission: Mission) -> str:
    order = mission.premier(CahierDesCharges)
    return " ".join(((order and order.objectifs.theme) or "").split())


def _fullness(fiche: Fiche) -> tuple[int, int]:
    return int(fiche.document.stade_courant or 0), sum(line.dite for line in fiche.lignes)


def _other(title: str, origins: Sequence[str]) -> Constat:
    more = f" Ainsi de {len(origins)} fichiers." if len(origins) > 1 else ""
    message = f"C'est « {title} », et non une fiche d'évaluation : laissé de côté.{more}"
    return Constat(message, Gravite.AVERTISSEMENT, fichier=origins[0], conseil=KNOWN)


def _twice(first: Fiche, second: Fiche, kept: Fiche) -> Constat:
    names = " et ".join(
        dict.fromkeys(f"« {Path(one.origine).name} »" for one in (first, second) if one.origine)
    )
    which = f" ({names})" if names else ""
    message = f"La même fiche d'évaluation a été donnée deux fois{which} : elle compte une fois."
    if first.lignes == second.lignes:
        return Constat(message, Gravite.INFORMATION, fichier=second.origine)
    whose = f", celle de « {Path(kept.origine).name} »" if kept.origine else ""
    advice = f"Les réponses diffèrent ; la plus complète est gardée{whose}. Vérifiez laquelle vaut."
    return Constat(message, Gravite.AVERTISSEMENT, fichier=second.origine, conseil=advice)


def _of_form(constat: Constat, paths: Sequence[Path]) -> Constat:
    """Said of the form that it is about, with what can be done of it here."""
    mine = (path for path in paths if constat.fichier.startswith((path.name, path.as_posix())))
    conseil = UNITE if "--forcer" in constat.conseil else constat.conseil
    return replace(constat, fichier=str(next(mine, paths[0])), conseil=conseil)


UNITE = (
    "Vérifiez avec la personne qui l'a rempli ; pour le prendre, réunissez d'abord ces formulaires "
    "dans leur mission, « dla-docs reunir … --dans », et donnez la mission."
)


def _placed(constat: Constat, origin: str) -> Constat:
    """The file as it was given: two may have the same name."""
    return replace(constat, fichier=origin or constat.fichier)
