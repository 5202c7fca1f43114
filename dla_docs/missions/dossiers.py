"""Le dossier de chaque mission d'un dossier : une mission qui ne va pas n'arrête pas les autres, et
une seconde fois ne fait que ce qui manque ou a changé.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from dla_docs.constat import Constat, Gravite, bloquants
from dla_docs.dossier import make_dossier
from dla_docs.dossier.folder import under_way
from dla_docs.dossier.recipient import ARCHIVE
from dla_docs.errors import DiskError
from dla_docs.files import below
from dla_docs.lot.entries import Entry
from dla_docs.lot.folder import Folder, folder_at
from dla_docs.lot.journal import PLACE, begin, fingerprint, finish, read_journal
from dla_docs.lot.recipe import logos_in, portable
from dla_docs.lot.refusing import refusal
from dla_docs.lot.workers import Pool
from dla_docs.mission import Mission
from dla_docs.missions.finding import Trouvee, Trouvees, find_missions
from dla_docs.pdf.process import cores
from dla_docs.profils.loading import load_profil
from dla_docs.profils.profil import Profil
from dla_docs.resources import installed_version
from dla_docs.retouches.refresh import Rafraichi
from dla_docs.stages.request import Request, resolve
from dla_docs.stages.verdict import verdict


@dataclass(frozen=True)
class Fait:
    """Ce qu'une mission est devenue. ``faute`` : pourquoi elle n'a pas de dossier ; ``refus`` : ses
    documents qui n'ont pas été produits, et pourquoi ; ``deja_fait`` : son dossier l'était ;
    ``rafraichis`` : ceux que quelqu'un avait retouchés, et ce que chacun est devenu ;
    ``inchanges`` : ceux d'entre eux qui étaient déjà à jour.
    """

    fichier: Path
    dossier: Path
    reference: str = ""
    fichiers: int = 0
    constats: tuple[Constat, ...] = ()
    refus: tuple[tuple[str, tuple[Constat, ...]], ...] = ()
    faute: tuple[Constat, ...] = ()
    deja_fait: bool = False
    rafraichis: tuple[tuple[Path, Rafraichi], ...] = ()
    inchanges: tuple[Path, ...] = ()

    @property
    def entier(self) -> bool:
        """Vrai quand tout est produit, et que rien ne bloque."""
        return not (self.faute or self.refus or bloquants(self.constats))


def make_dossiers(
    missions: str | Path,
    folder: str | Path,
    *,
    profil: Profil | str | Path | None = None,
    pdf: bool = False,
    brouillon: bool = False,
    destinataire: str = ARCHIVE,
    remplacer: bool = False,
    processes: int = 1,
) -> Dossiers:
    """Le dossier de chaque mission d'un dossier, fait à mesure qu'on lit les résultats ; une
    seconde fois ne fait que ce qui manque ou a changé.

    Arguments :
    - ``missions`` : le dossier des missions (.yaml, .json), et de ceux qu'il tient.
    - ``folder`` : où les faire : un dossier par mission, du nom de son fichier.
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans lui,
      celui de la mission, sinon celui du parcours qui la cite, sinon ``national``.
    - ``pdf`` : produit aussi chaque document en PDF.
    - ``brouillon`` : produit les documents malgré ce qui manque, et le montre à sa place.
    - ``destinataire`` : pour qui est chaque dossier, comme ``make_dossier``.
    - ``remplacer`` : récrit un fichier retouché au lieu de le rafraîchir ; une copie en est gardée.
    - ``processes`` : le nombre de missions faites à la fois, chacune par un processus ; elles se
      partagent les cœurs de la machine, et donc les LibreOffice.

    Rend : des ``Dossiers``, à parcourir : un ``Fait`` par mission, dans l'ordre des noms.

    Erreurs :
    - ``InputError`` : tout de suite quand le dossier n'existe pas ou ne tient aucune mission, que
      l'autre ne peut pas être fait, ou que le profil n'existe pas. Une mission fautive n'en lève
      pas.
    - ``DiskError`` : à la mission qui n'a plus de place ; celles d'avant sont faites.
    """
    if profil:
        load_profil(profil)
    found = find_missions(Path(missions), folder)
    processes = min(processes, len(found.missions))
    order = _Order(
        Path(folder).absolute(),
        portable(profil),
        pdf,
        brouillon,
        destinataire,
        remplacer,
        offices=max(1, cores() // max(1, processes)),
    )
    place = folder_at(folder)
    place.prepare(PLACE)
    return Dossiers(found, Path(folder), order, place, processes)


@dataclass(frozen=True)
class _Order:
    """What is asked of each mission, as it goes to another process."""

    folder: Path
    profil: Profil | str | Path | None
    pdf: bool
    brouillon: bool
    destinataire: str
    remplacer: bool
    offices: int  # of each mission: all together, one for each core


class Dossiers(Iterator[Fait]):
    """Les ``Fait`` d'un dossier de missions. ``trouvees`` : ce qu'il tient."""

    def __init__(
        self, found: Trouvees, folder: Path, order: _Order, place: Folder, processes: int
    ) -> None:
        self.trouvees = found
        self._folder, self._order, self._place = folder, order, place
        self._processes = processes
        self._first: dict[str, Path] = {}  # the file that has this reference
        self._stream = self._results()

    def __next__(self) -> Fait:
        return next(self._stream)

    def close(self) -> None:
        """S'arrête là : ce qui est fait est gardé.

        Rend : rien.

        Erreurs : aucune.
        """
        self._stream.close()

    def _results(self) -> Generator[Fait, None, None]:
        known = read_journal(self._place)
        jobs = [(one, known.get(one.nom)) for one in self.trouvees.missions]
        if self._processes < 2:
            for one, entry in jobs:
                yield self._told(_made(self._order, one, entry))
            return
        with Pool(self._processes) as workers:
            futures = [workers.submit(_made, self._order, one, entry) for one, entry in jobs]
            for (one, entry), future in zip(jobs, futures, strict=True):
                yield self._told(self._collect(future, one, entry))

    def _collect(self, future: Future[Fait], one: Trouvee, entry: Entry | None) -> Fait:
        try:
            return future.result()
        except DiskError:
            raise
        except Exception:  # the worker was lost with what it held
            return _made(self._order, one, entry)

    def _told(self, made: Fait) -> Fait:
        """The same, its folder as it was given, and what only all of them together can tell."""
        said = self._as_given(made)
        first = self._first.setdefault(said.reference, said.fichier) if said.reference else None
        if first in (None, said.fichier):
            return said
        twice = Constat(
            f"La référence « {said.reference} » est aussi celle de {first} ; chacune a son "
            "dossier.",
            Gravite.AVERTISSEMENT,
            "reference",
            fichier=str(said.fichier),
            conseil="Donnez une référence à chaque mission.",
        )
        return replace(said, constats=(twice, *said.constats))

    def _as_given(self, made: Fait) -> Fait:
        """The folder under the name that was given for it."""
        whole, said = str(self._order.folder), str(self._folder)
        return replace(
            made,
            dossier=self._below(made.dossier),
            constats=tuple(
                replace(one, fichier=one.fichier.replace(whole, said, 1)) for one in made.constats
            ),
            rafraichis=tuple((self._below(path), one) for path, one in made.rafraichis),
            inchanges=tuple(map(self._below, made.inchanges)),
        )

    def _below(self, path: Path) -> Path:
        return self._folder / path.relative_to(self._order.folder)


def _made(order: _Order, one: Trouvee, entry: Entry | None) -> Fait:
    """What becomes of a mission; no fault of its own goes any further."""
    made = Fait(one.fichier, order.folder / one.nom)
    try:
        return _dossier_of(order, one, entry, made)
    except DiskError:  # those that follow would not be written either
        raise
    except Exception as error:
        return replace(made, faute=refusal(error))


def _dossier_of(order: _Order, one: Trouvee, entry: Entry | None, made: Fait) -> Fait:
    mission = one.load(order.profil)
    asked = resolve(mission, order.profil or one.profil, brouillon=order.brouillon)
    made = replace(made, reference=mission.reference or "")
    place, stamp = folder_at(order.folder), _stamp(order, mission, asked)
    whole = under_way(made.dossier) is None
    if whole and entry is not None and entry.empreinte == stamp and _is_there(place, entry):
        return replace(
            made, fichiers=len(entry.fichiers), constats=tuple(verdict(asked)), deja_fait=True
        )
    dossier = make_dossier(
        mission,
        made.dossier,
        profil=order.profil or one.profil,
        pdf=order.pdf,
        brouillon=order.brouillon,
        destinataire=order.destinataire,
        remplacer=order.remplacer,
        processes=order.offices,
    )
    files = (*dossier.fichiers, *dossier.pieces)
    wrong = [one for _, one in dossier.rafraichis if one.conflits or one.sans_place or one.ecarts]
    stays = order.destinataire != ARCHIVE and dossier.anciens
    if not (dossier.refus or wrong or stays):  # what is not right is to be tried, and said, again
        names = [path.relative_to(order.folder).as_posix() for path in files]
        done = {name: fingerprint(place.read(name)) for name in names}
        finish(place, begin(place, {}), {one.nom: Entry(stamp, str(one.fichier), done)})
    return replace(
        made,
        fichiers=len(files),
        constats=dossier.constats,
        refus=tuple((name, error.constats) for name, error in dossier.refus),
        rafraichis=dossier.rafraichis,
        inchanges=tuple(path for path, _ in dossier.rafraichis if path in dossier.inchanges),
    )


def _is_there(place: Folder, entry: Entry) -> bool:
    return all(fingerprint(place.read(name)) == held for name, held in entry.fichiers.items())


def _stamp(order: _Order, mission: Mission, asked: Request) -> str:
    """It changes when the folder would."""
    held = [
        installed_version(),
        asked.profil.model_dump_json(),
        mission.model_dump_json(),
        order.pdf,
        order.brouillon,
        order.destinataire,
    ]
    made = sha256(json.dumps(held).encode())
    for content in (
        *logos_in(asked.profil.model_dump(), asked.profil.logo),
        *logos_in(mission.model_dump(), lambda name: below(mission._dossier, name)),
    ):
        made.update(content)
    return made.hexdigest()[:32]
