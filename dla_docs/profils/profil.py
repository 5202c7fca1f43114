"""Le profil d'une région ou d'un DLA : quels guides il suit, ce qu'il y change, et ce qui lui est
propre. C'est une donnée, jamais du code.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import PrivateAttr

from dla_docs.files import Stamp, below
from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import champ
from dla_docs.model.node import Node
from dla_docs.model.requirement import Exigence, Force, referentiel
from dla_docs.model.values import Choix, Entier, Texte
from dla_docs.parties.acteurs import Financeur
from dla_docs.profils.settings import FichesDesParticipants, JeuDeLogos, Reglages


class Profil(Bloc):
    """Ce qu'une région demande, et ce qu'un DLA y ajoute."""

    cle: Texte = champ("Clé du profil")
    nom: Texte = champ("Nom du profil")
    herite: Texte = champ("Profil dont celui-ci part")
    lignee: tuple[str, ...] = champ("Le profil et ceux dont il hérite", defaut=())
    guides: tuple[str, ...] = champ("Guides suivis", defaut=())
    exigences: dict[str, str] = champ("Forces changées", defaut={})
    financeurs: tuple[Financeur, ...] = champ("Financeurs")
    mention_des_financeurs: Texte = champ("Mention portée au-dessus des logos des financeurs")
    jeux_de_logos: tuple[JeuDeLogos, ...] = champ(
        "Financeurs d'un temps : ils remplacent les autres tant qu'ils valent"
    )
    sollicites_minimum: Entier = champ("Nombre de prestataires sollicités, au moins")
    sollicites_maximum: Entier = champ("Nombre de prestataires sollicités, au plus")
    participants: Choix[FichesDesParticipants] = champ(
        "Fiches des participants : nommées ou anonymes", defaut=FichesDesParticipants.NOMMEES
    )
    documents: tuple[Reglages, ...] = champ("Ce qui change dans chaque document")

    _dossiers: tuple[Path, ...] = PrivateAttr(
        default=(Path(),)
    )  # its own, then those of the profiles that it starts from
    _fichiers: tuple[tuple[Path, Stamp], ...] = PrivateAttr(
        default=()
    )  # what it was read from, itself then what it starts from, each as it was
    _classes: dict[type, type] = PrivateAttr(
        default_factory=dict
    )  # the documents as this profile has them, made when first asked for
    _forces: dict[Exigence, Force | None] = PrivateAttr(
        default_factory=dict
    )  # what it asks for wherever it stands, found once
    _suivies: tuple[str, ...] | None = PrivateAttr(default=None)
    _usuel: tuple[tuple[Financeur, ...], str | None, JeuDeLogos] | None = PrivateAttr(
        default=None
    )  # the funders and what they are told of, which a copy may change, and what both make
    _vus: dict[type, Node] = PrivateAttr(default_factory=dict)  # the same, as trees of fields
    _dus: dict[tuple[type, int], frozenset[str]] = PrivateAttr(
        default_factory=dict
    )  # the fields that it asks for, under a version of the requirements

    def __getstate__(self) -> dict[Any, Any]:
        """Ce qui a été fait ou trouvé sous ce profil ne voyage pas d'un processus à l'autre, qui le
        refait.
        """
        state = super().__getstate__()
        made: dict[str, Any] = {
            "_classes": {},
            "_forces": {},
            "_suivies": None,
            "_vus": {},
            "_dus": {},
        }
        return state | {"__pydantic_private__": {**(state["__pydantic_private__"] or {}), **made}}

    @property
    def dossier(self) -> Path:
        """Le dossier du profil."""
        return self._dossiers[0]

    def logo(self, file: str) -> Path:
        """Le fichier d'un logo, à côté du profil ou de celui dont il hérite ; ``InputError`` quand
        il sort de ce dossier.
        """
        places = [below(folder, file) for folder in self._dossiers]
        return next((place for place in places if place.exists()), places[0])

    def force(self, exigence: Exigence, chemin: str = "") -> Force | None:
        """La force d'une exigence à un endroit, ou ``None`` quand ce profil ne la demande pas."""
        if chemin and exigence.id in self._changed_somewhere:
            place = re.sub(r"\[\d+\]", "[]", chemin)
            if changed := self.exigences.get(f"{exigence.id}@{place}"):
                return Force(changed)
        known = self._forces
        if exigence not in known:
            known[exigence] = self._everywhere(exigence)
        return known[exigence]

    @cached_property
    def _changed_somewhere(self) -> frozenset[str]:
        return frozenset(said.partition("@")[0] for said in self.exigences if "@" in said)

    def _everywhere(self, exigence: Exigence) -> Force | None:
        if changed := self.exigences.get(exigence.id):
            return Force(changed)
        return exigence.selon(self.sources) if self.follows(exigence) else None

    def citation(self, exigence: Exigence) -> str:
        """Qui la demande : le guide suivi qui y met le plus de force, ou ce profil lui-même."""
        return exigence.citation(self.sources, str(self.cle))

    def imprimee(self, exigence: Exigence) -> bool:
        """Vrai quand le guide que cite ``citation`` l'imprime dans un formulaire, ou que ce profil
        la demande lui-même.
        """
        followed = any(guide in self.sources for guide in exigence.guides)
        return not followed or exigence.imprimee(self.sources)

    def suivies(self) -> tuple[str, ...]:
        """Les exigences que ce profil demande."""
        if self._suivies is None:
            asked = (one for one in referentiel().values() if self.force(one) is not None)
            self._suivies = tuple(exigence.id for exigence in asked)
        return self._suivies

    def follows(self, exigence: Exigence) -> bool:
        """Vrai quand un guide suivi la demande et qu'elle n'est pas propre à une autre région ; un
        DLA est le guide de ses propres ajouts.
        """
        regions = set(re.findall(r"profil (\w+)", exigence.condition))
        return exigence.selon(self.sources) is not None and (
            not regions or bool(regions & set(self.lignee))
        )

    @property
    def sources(self) -> set[str]:
        """Qui peut demander quelque chose sous ce profil : les guides suivis, lui-même, ceux dont
        il hérite.
        """
        return {*self.guides, *self.lignee}

    def vue(self, exigence: Exigence, chemin: str = "") -> Exigence | None:
        """La même exigence, avec la force qu'elle a sous ce profil et les guides suivis qui la
        disent ; ``None`` quand ce profil ne la demande pas.
        """
        force = self.force(exigence, chemin)
        said = [guide for guide in exigence.guides if guide in self.sources] or [str(self.cle)]
        return force and replace(exigence, forces=tuple((guide, force) for guide in said))

    def reglages(self, slug: str) -> Reglages | None:
        """Ce que ce profil règle d'un document, ou ``None``."""
        return next((held for held in self.documents if held.cle == slug), None)

    @classmethod
    def titre_de_partie(cls) -> str:
        """Le nom que lui donnent les messages."""
        return "Profil"

    @property
    def nombre_de_sollicites(self) -> str:
        """Combien de prestataires ce profil fait solliciter : « 2 à 3 », « au moins 2 »."""
        low, high = self.sollicites_minimum, self.sollicites_maximum
        if low is not None and high is not None:
            return f"{low} à {high}"
        return f"au moins {low}" if low is not None else f"au plus {high}"

    def logos_du(self, day: date | None) -> JeuDeLogos:
        """Les financeurs et leur mention, tels qu'ils valent ce jour-là ; le jeu le plus récent
        d'abord.
        """
        dated = [held for held in self.jeux_de_logos if held.vaut(day)]
        if dated:
            return max(dated, key=lambda held: held.valable_du or date.min)
        said = self.financeurs, self.mention_des_financeurs
        if self._usuel is None or self._usuel[0] is not said[0] or self._usuel[1] != said[1]:
            self._usuel = *said, JeuDeLogos(financeurs=said[0], mention=said[1])
        return self._usuel[2]
