"""Les fiches d'un portefeuille : les charger, y chercher, dire ce qui y manque et ce qui n'y est
plus à jour.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from dla_docs.constat import Constat, Gravite, bloquants
from dla_docs.documents.fiche_prestataire import FichePrestataire
from dla_docs.errors import InputError
from dla_docs.model.formats import jour, siret
from dla_docs.model.node import steps
from dla_docs.model.requirement import referentiel
from dla_docs.profils.loading import load_profil, profil_of
from dla_docs.profils.profil import Profil
from dla_docs.raw import line_of
from dla_docs.spelling import fold
from dla_docs.stages.verdict import check
from dla_docs.tables.hopeless import check_hope

A_JOUR = "RX-04"
PARTOUT = (
    ["france", "entiere"],
    ["toute", "france"],
    ["france"],
    ["national"],
    ["territoire", "national"],
)  # zones that hold all the others
# Words that say nothing of a skill.
COMMON = frozenset(
    (
        "a",
        "au",
        "aux",
        "d",
        "de",
        "des",
        "du",
        "en",
        "et",
        "l",
        "la",
        "le",
        "les",
        "ou",
        "par",
        "pour",
        "sur",
        "un",
        "une",
    )
)
LONGEST_KEPT = 3  # letters of a word whose last one is no plural


@dataclass(frozen=True)
class Portefeuille:
    """Des fiches, dans l'ordre où elles ont été lues ; ``constats`` dit celles qui n'ont pas pu
    l'être.
    """

    fiches: tuple[FichePrestataire, ...] = ()
    constats: tuple[Constat, ...] = ()

    @classmethod
    def load(cls, source: str | Path) -> Portefeuille:
        """Le portefeuille d'un tableau, d'une fiche, ou d'un dossier de tout cela ; ce qui ne se
        lit pas est dit dans ``constats``, le reste est gardé.

        Arguments :
        - ``source`` : un tableau (.csv, .tsv, .xlsx, .xlsm, .ods), un fichier .yaml, .json ou
          .docx, ou un dossier.

        Rend : un ``Portefeuille``.

        Erreurs :
        - ``InputError`` : il n'y a rien à lire, ou les 2 000 premières lignes d'un tableau sont
          toutes refusées.
        """
        from dla_docs.portefeuille.sources import read_source

        found = list(read_source(Path(source)))
        fiches = tuple(one for one in found if isinstance(one, FichePrestataire))
        return cls(fiches, tuple(one for one in found if isinstance(one, Constat)))

    def search(
        self, competence: str = "", secteur: str = "", zone: str = ""
    ) -> tuple[FichePrestataire, ...]:
        """Les fiches qui répondent à tout ce qui est demandé, par ordre alphabétique ; accents,
        majuscules et pluriels à part.

        Chaque mot demandé doit commencer un mot d'une même ligne de la fiche : « compta » trouve
        « Comptabilité analytique ». Qui intervient dans la France entière intervient partout.

        Arguments :
        - ``competence`` : des mots d'une compétence.
        - ``secteur`` : des mots d'un secteur d'activité.
        - ``zone`` : un territoire, dit en entier.

        Rend : des ``FichePrestataire``.

        Erreurs : aucune.
        """
        found = (
            fiche
            for fiche in self.fiches
            if _says(_competences(fiche), competence)
            and _says(_secteurs(fiche), secteur)
            and _covers(_zones(fiche), zone)
        )
        return tuple(sorted(found, key=lambda fiche: fold(name_of(fiche))))

    def stale(self, au: date | None = None) -> tuple[FichePrestataire, ...]:
        """Les fiches dont la dernière mise à jour a plus d'un an.

        Arguments :
        - ``au`` : à cette date ; aujourd'hui, sans elle.

        Rend : des ``FichePrestataire``.

        Erreurs : aucune.
        """
        return tuple(fiche for fiche in self.fiches if fiche.perimee(au or date.today()))

    def incomplete(self, profil: Profil | str | Path | None = None) -> tuple[FichePrestataire, ...]:
        """Les fiches auxquelles il manque ce que les guides du profil exigent.

        Arguments :
        - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans
          lui, celui de chaque fiche, sinon ``national``.

        Rend : des ``FichePrestataire``.

        Erreurs :
        - ``InputError`` : le profil demandé ne se lit pas, ou les 2 000 premières fiches sont
          toutes incomplètes.
        """
        chosen = profil and load_profil(
            profil
        )  # a fiche has a profile of its own when none is asked for
        return tuple(
            fiche for fiche, found in self._verdicts(chosen, date.today()) if bloquants(found)
        )

    def check(
        self, profil: Profil | str | Path | None = None, au: date | None = None
    ) -> list[Constat]:
        """Tout ce qui ne va pas, fiche par fiche : illisible, incomplète, en double, à mettre à
        jour.

        Arguments :
        - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans
          lui, celui de chaque fiche, sinon ``national``.
        - ``au`` : la date où une fiche de plus d'un an est signalée ; aujourd'hui, sans elle.

        Rend : une liste de ``Constat``, les plus graves d'abord.

        Erreurs :
        - ``InputError`` : le profil demandé ne se lit pas, ou les 2 000 premières fiches sont
          toutes incomplètes.
        """
        chosen, day = profil and load_profil(profil), au or date.today()
        own = [one for _, found in self._verdicts(chosen, day) for one in found]
        return sorted(
            [*self.constats, *own, *_twice(self.fiches)], key=lambda constat: -constat.gravite
        )

    def _verdicts(
        self, profil: Profil | str | Path | None, au: date
    ) -> Iterator[tuple[FichePrestataire, Sequence[Constat]]]:
        refused, said = 0, list[Constat]()
        for told, fiche in enumerate(self.fiches, 1):
            found = [
                replace(one, message=f"{name_of(fiche)} : {one.message}")
                for one in _verdict(fiche, profil, au)
            ]
            refused += bool(bloquants(found))
            if refused == told:
                said += found
                check_hope(refused, told, said)
            yield fiche, found


def name_of(fiche: FichePrestataire) -> str:
    """Le nom sous lequel une fiche est montrée."""
    return fiche.prestataire.nom or "Prestataire sans nom"


def _verdict(
    fiche: FichePrestataire, profil: Profil | str | Path | None, au: date
) -> Iterator[Constat]:
    yield from _contents(fiche, profil)
    if fiche.perimee(au):
        yield from _stale(fiche, profil)


def _contents(fiche: FichePrestataire, profil: Profil | str | Path | None) -> Sequence[Constat]:
    """What a fiche lacks; its own profile may be a file that is not here."""
    try:
        return check(fiche, profil)
    except InputError as error:
        return error.constats


def _stale(fiche: FichePrestataire, profil: Profil | str | Path | None) -> Iterator[Constat]:
    try:
        chosen = profil_of(fiche, profil)
    except InputError:  # said with the contents
        return
    exigence = referentiel()[A_JOUR]
    if chosen.force(exigence) is not None and fiche.mise_a_jour:
        file, line = _place(fiche, "mise_a_jour")
        message = (
            f"mise à jour le {jour(fiche.mise_a_jour)}, la fiche a plus d'un an (mise_a_jour)."
        )
        advice, source = (
            "Demandez au prestataire de la mettre à jour.",
            chosen.citation(exigence),
        )
        yield Constat(
            message, Gravite.AVERTISSEMENT, "mise_a_jour", (A_JOUR,), file, line, advice, source
        )


def _twice(fiches: Iterable[FichePrestataire]) -> Iterator[Constat]:
    held = list(fiches)
    times = Counter(fiche.prestataire.siret for fiche in held)
    seen: dict[str, FichePrestataire] = {}
    for fiche in held:
        number = fiche.prestataire.siret
        if number is None or times[number] == 1:
            continue
        first = seen.setdefault(number, fiche)
        if first is not fiche:
            file, line = _place(fiche, "prestataire.siret")
            message = (
                f"{name_of(fiche)} : le N° de siret {siret(number)} est déjà celui de "
                f"{name_of(first)} (prestataire.siret)."
            )
            yield Constat(
                message,
                Gravite.AVERTISSEMENT,
                "prestataire.siret",
                (),
                file,
                line,
                "Gardez une seule fiche par prestataire.",
            )


def _place(fiche: FichePrestataire, path: str) -> tuple[str, int | None]:
    return line_of(fiche._raw, steps(path))


def _competences(fiche: FichePrestataire) -> Iterator[str | None]:
    yield from (row.intitule for row in fiche.caracteristiques.competences)
    yield from (person.competences for person in fiche.ressources.intervenants)


def _secteurs(fiche: FichePrestataire) -> Iterator[str | None]:
    yield from (row.intitule for row in fiche.caracteristiques.secteurs)
    yield from (row.secteur for row in fiche.experiences.references)


def _zones(fiche: FichePrestataire) -> Iterator[str | None]:
    yield from (row.intitule for row in fiche.caracteristiques.zones)


def _says(texts: Iterable[str | None], words: str) -> bool:
    """Each word asked for begins a word of one and the same text."""
    asked = _stems(words)
    return not asked or any(
        all(any(said.startswith(word) for said in _stems(text)) for word in asked)
        for text in texts
        if text
    )


def _covers(zones: Iterable[str | None], words: str) -> bool:
    """Whole words: « Loire » is not « Loiret »; who works everywhere works there."""
    asked, held = set(_stems(words)), [_stems(zone) for zone in zones if zone]
    return not asked or any(asked <= set(zone) or zone in PARTOUT for zone in held)


def _stems(text: str) -> list[str]:
    """The words of a text, without accents nor capitals, plurals as singulars."""
    words = re.findall(r"\w+", fold(text).replace("œ", "oe").replace("æ", "ae"))
    return [
        word.rstrip("sx") if len(word) > LONGEST_KEPT else word
        for word in words
        if word not in COMMON
    ]
