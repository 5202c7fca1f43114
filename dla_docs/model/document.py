"""La base des documents : ``Document``, un ``Bloc`` qui a un titre officiel, une source, une
mission.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import PrivateAttr, field_validator

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.model.bloc import Bloc, attribute_at, days_at, declaration
from dla_docs.model.fields import Nature, Stade, champ
from dla_docs.model.layout import Diaporama, Genre, Lettre, Signataire
from dla_docs.model.node import steps
from dla_docs.model.recipients import Destinataire, said
from dla_docs.model.requirement import Role
from dla_docs.model.values import Texte
from dla_docs.raw import RawMap, as_written, line_of

SI_ENVOYE = (
    "en procédure simplifiée, à un prestataire non retenu si la mission dit que le dossier complet "
    "lui a été envoyé"
)

HERE = Path()


class Document(Bloc):
    """Un document du DLA. Sa classe porte son titre officiel, sa source et sa nature ; son module
    porte son nom.
    """

    titre: ClassVar[str]
    titre_court: ClassVar[str] = ""  # the name of its file in a dossier, when the title is too long
    source: ClassVar[str]
    nature_du_document: ClassVar[Nature] = Nature.TEXTE
    stades: ClassVar[type[Stade] | None] = None
    stade_du: ClassVar[
        tuple[tuple[Stade, Stade], ...]
    ] = ()  # from this stage of its mission, it is judged as if it were at that one of its own
    alias: ClassVar[tuple[str, ...]] = ()
    paysage: ClassVar[bool] = False  # the page lies on its long side
    multiple: ClassVar[bool] = (
        False  # a mission may hold several: one per prestataire, per participant
    )
    distingue_par: ClassVar[str] = (
        "prestataire"  # of a kind that is multiple: the part that tells one sheet from the others
    )
    par_cle: ClassVar[bool] = False  # of a kind that is multiple, of which one prestataire may
    # have several: a key of its own, given when its form leaves, tells one from the others
    un_par_prestataire: ClassVar[
        tuple[str, ...]
    ] = ()  # the tables that have a row for each of those solicited
    un_par_sollicite: ClassVar[bool] = False  # one for each of those solicited
    tient_du_sollicite: ClassVar[
        Mapping[str, str]
    ] = {}  # of one that speaks of a single prestataire: what it says of his row among those
    # solicited, and where that row says it; typed in its form, it goes there
    date_par: ClassVar[tuple[str, ...]] = (
        "date",
    )  # where it says its day, the best first; of rows, the last day they say
    communs: ClassVar[
        tuple[str, ...]
    ] = ()  # of a kind that is multiple: what the first sheet of a mission says for all of them
    vaut_reponse: ClassVar[str] = ""  # what the one solicited has answered, once his has come back
    communique_a: ClassVar[
        tuple[Destinataire, ...]
    ] = ()  # whose dossier holds it, or their own sheet of it; the archive holds everything
    du_dossier_complet: ClassVar[bool] = (
        False  # in a simplified procedure, it goes to whom the mission says it was sent
    )
    anonymes: ClassVar[
        tuple[str, ...]
    ] = ()  # the parts that say whose sheet it is, left out where the profile wants that
    offert: ClassVar[
        tuple[str, ...]
    ] = ()  # where its prestataire alone speaks: what one who is not retained wrote there is known,
    # and holds nobody up (« "" »: everywhere)
    genre: ClassVar[Genre] = Genre.FICHE
    lettre: ClassVar[Lettre]  # of that genre: who writes what to whom
    signataires: ClassVar[tuple[Signataire, ...]] = ()  # who signs a contract or a letter
    diaporama: ClassVar[Diaporama | None] = None  # its slides, of a kind that has some
    a_joindre: ClassVar[tuple[str, ...]] = (
        "consultant",
    )  # of the identity: those of whom the end alone speaks, with the addresses
    en_entier: ClassVar[tuple[str, ...]] = ()  # of the identity: what it says in full
    en_fin: ClassVar[tuple[str, ...]] = ()  # of the identity: what the end says
    nomme_par: ClassVar[str] = ""  # the field that names it, under its title
    signatures: ClassVar[tuple[str, ...]] = ()  # who signs at the end
    apres_coup: ClassVar[
        tuple[str, ...]
    ] = ()  # what is known once it is signed: a form asks for it, the page does not show it
    reprend_apres: ClassVar[
        tuple[str, ...]
    ] = ()  # the documents that come after it, and whose facts it takes all the same
    textes_retires: ClassVar[
        tuple[str, ...]
    ] = ()  # what it printed once: the profile of a DLA may still empty it
    hors_page: ClassVar[tuple[str, ...]] = ("profil", "stade")

    profil: Texte = champ("Profil")
    stade: Texte = champ("Stade")

    _mission: Any = PrivateAttr(default=None)
    _raw: RawMap | None = PrivateAttr(default=None)
    _typed: Any = PrivateAttr(default=None)
    _dossier: Path = PrivateAttr(default_factory=lambda: HERE)

    @field_validator("stade", mode="after")
    @classmethod
    def _known_stade(cls, value: str | None) -> str | None:
        names = [str(stade) for stade in cls.stades or ()]
        if value is not None and value.casefold() not in names:
            known = (
                f"ceux de ce document sont {', '.join(names)}"
                if names
                else "ce document n'en a pas"
            )
            raise ValueError(f"le stade « {value} » n'existe pas ; {known}")
        return value and value.casefold()

    @classmethod
    def titre_de_partie(cls) -> str:
        """Le titre officiel du document."""
        return cls.titre

    @classmethod
    def remis_a(cls) -> str:
        """À qui il est remis, tel qu'une page le dit."""
        told = said(cls.communique_a)
        return f"{told} ({SI_ENVOYE})" if cls.du_dossier_complet else told

    @classmethod
    def slug(cls) -> str:
        """Le nom du document sur toutes les étagères : celui de son module."""
        return cls.__module__.rpartition(".")[2]

    @classmethod
    def depuis(cls, mission: Any) -> dict[str, Any]:
        """Ce que ce document reprend de la mission, outre son en-tête ; rien par défaut."""
        return {}

    @classmethod
    def pour(cls, mission: Any, cle: str) -> dict[str, Any]:
        """Ce qu'il reprend de plus quand il est fait pour un prestataire, désigné par sa clé : ce
        qu'il tient de sa ligne parmi les sollicités.
        """
        rows = mission.mise_en_concurrence.sollicites if cls.tient_du_sollicite else ()
        return {
            name: attribute_at(row, place)
            for row in rows
            for name, place in cls.tient_du_sollicite.items()
            if row.cle == cle
        }

    @classmethod
    def tenu_par(cls, mission: Any) -> Any:
        """Ce que la mission tient déjà de ce document, ou ``None`` : celui du prestataire retenu
        quand chacun fait le sien.
        """
        return mission.retenue(cls) if "prestataire" in cls.model_fields else mission.premier(cls)

    def vu_par(self, cle: str) -> Self:
        """Ce que le prestataire de cette clé peut voir d'un document qui parle de plusieurs ;
        ``InputError`` pour les autres documents.
        """
        raise InputError(f"« {self.titre} » n'a pas d'extrait par prestataire.")

    def parle_d_un_seul(self, mission: Any) -> bool:
        """Vrai quand un document sans prestataire nommé n'est pourtant pas commun à tous ceux que
        la ``mission`` a retenus.
        """
        return False

    def part_de(self, cle: str) -> Self:
        """Ce que ``vu_par`` rend, sans s'être assuré que ses textes ne disent rien des autres."""
        return self.vu_par(cle)

    def dits_des_autres(self, cle: str) -> list[Constat]:
        """Ce que les textes de cette part diraient des autres, à leur place dans ce document ; rien
        par défaut.
        """
        return []

    def reponses_connues(self) -> dict[str, tuple[str, ...]]:
        """Les champs dont on connaît d'avance toutes les réponses : leur formulaire les donne à
        choisir ; aucun par défaut.
        """
        return {}

    def avant_l_envoi(self, role: Role) -> Iterator[Constat]:
        """Ce qui devrait être fait avant que ce rôle reçoive le formulaire ; rien par défaut."""
        return iter(())

    def constats_propres(self) -> Iterator[Constat]:
        """Ce que ce document constate de lui-même, en plus de ce que les exigences de sa classe
        font constater ; rien par défaut.
        """
        return iter(())

    @property
    def stade_courant(self) -> Stade | None:
        """Le stade du remplissage ; le dernier quand le document ne le dit pas."""
        if self.stades is None:
            return None
        return self.stades[self.stade.upper()] if self.stade else max(self.stades)

    def stade_dans(self, mission: Any) -> Stade | None:
        """Le stade où on le juge : le sien, ou celui où sa mission, plus avancée, le veut."""
        now = self.stade_courant
        reached = mission.avancement if mission is not None and self.stade_du else None
        due = [own for since, own in self.stade_du if reached and reached >= since]
        return now if now is None else max([now, *due])

    def vues(self, role: str) -> tuple[Document, ...]:
        """Ce que montre son formulaire à ce rôle : lui-même, ou une part pour chacun de ceux qui le
        tiennent.
        """
        return (self,)

    def prestataires_cites(self) -> Iterator[tuple[str, str, str]]:
        """Les prestataires dont parle ce document, et que la mission doit connaître : le chemin, la
        clé et le nom de chacun. Un document qu'elle tient une seule fois prend le sien d'elle.
        """
        who = getattr(self, "prestataire", None) if self.multiple else None
        if who is not None:
            yield "prestataire", who.cle or "", who.nom or ""

    @property
    def a_rendre_le(self) -> date | None:
        """Le jour où son formulaire doit être revenu, s'il est dit quelque part."""
        return None

    @property
    def se_presente(self) -> bool:
        """Vrai quand ce document dit avoir une présentation : le dossier la tient aussi."""
        return False

    @property
    def nom_distinctif(self) -> str | None:
        """Ce qui distingue ce document des autres de sa sorte dans une mission : le nom de son
        prestataire ou de son participant, sinon sa clé.
        """
        several = self._mission is not None and len(self._mission.retenus) > 1
        who = getattr(self, self.distingue_par, None) if self.multiple or several else None
        return getattr(who, "nom", None) or getattr(who, "cle", None)

    @property
    def ecarte(self) -> bool:
        """Vrai quand la mission a retenu un autre prestataire que celui de ce document."""
        cle = getattr(getattr(self, "prestataire", None), "cle", None)
        chosen = self._mission.retenus if self._mission is not None else ()
        return bool(chosen) and cle is not None and cle not in chosen

    def _repr_html_(self) -> str:
        from dla_docs.model.html import document_html  # only a notebook asks

        return document_html(self)

    @property
    def jour(self) -> date | None:
        """Le jour du document : le dernier que dise le premier de ses ``date_par`` à en dire un ;
        ``None`` tant qu'il n'en a pas.
        """
        said = (max(days_at(self, path), default=None) for path in self.date_par)
        return next(filter(None, said), None)

    @property
    def se_date(self) -> bool:
        """Vrai d'une sorte de document dont le modèle porte une date, ou celle d'une signature."""
        return bool(self.date_par) or any(one.le for one in self.signataires)

    @property
    def jour_signe(self) -> date | None:
        """Le jour du document ; celui de sa dernière signature quand un contrat n'en porte pas
        d'autre.
        """
        signed = [attribute_at(self, one.le) for one in self.signataires if one.le]
        return self.jour or (max(signed) if signed and all(signed) else None)

    def ecrit_a(self, chemin: str) -> tuple[str, int | None]:
        """Le fichier et la ligne où est écrit ce qui est à ce chemin ; ``("", None)`` quand on ne
        sait pas.
        """
        return line_of(self._raw, as_written(self._raw, steps(chemin)))

    def situe(self, constat: Constat) -> Constat:
        """Le même constat, qui dit le fichier et la ligne de son chemin."""
        file, line = self.ecrit_a(constat.chemin)
        return replace(constat, fichier=file, ligne=line)

    def placed(
        self,
        mission: Any = None,
        raw: Any = None,
        dossier: Path | None = None,
        typed: Any = None,
    ) -> Self:
        """Le même document, qui connaît sa mission (règles entre documents), sa source (lignes),
        son dossier (logos) et ce que sa source en dit elle-même, sans ce que la mission lui donne.
        """
        self._mission, self._raw, self._dossier = mission, raw, dossier or Path()
        self._typed = typed
        return self


def applies(bloc: Bloc, name: str, document: Document) -> bool:
    """Vrai quand le champ est demandé : il n'a pas de condition, ou elle est vraie."""
    condition = declaration(type(bloc), name).si
    return condition is None or condition(bloc, document)
