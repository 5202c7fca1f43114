"""La fiche de contrôle d'un document venu du dehors : une ligne par chose que les guides en
demandent, à chercher dans ses pages.

Une proposition ou un rapport arrive souvent dans le fichier Word du prestataire. La fiche est bâtie
sur la classe du document et sur le profil : elle ne dit rien qui ne soit déclaré ailleurs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, ClassVar, Self

from dla_docs.constat import Constat, Gravite
from dla_docs.mission import Mission
from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import Nature, Regle, champ
from dla_docs.model.layout import colonne
from dla_docs.model.node import steps
from dla_docs.model.requirement import GUIDES, Exigence, Force, Role, referentiel
from dla_docs.model.values import Choix, Cle, Jour, OuiNon, Reponse, Texte, TexteLong
from dla_docs.parties.ingenierie import NatureIngenierie
from dla_docs.profils.profil import Profil
from dla_docs.raw import line_of

IMPRIME = Role.DLA  # what the sheet itself says is open to nobody who fills it
REGLE, LIBELLE, ALIAS = "regle", "libelle", "alias"  # natures of the reference


class ForceDite(Enum):
    """La force d'une exigence, en toutes lettres."""

    OBLIGATOIRE = "Obligatoire"
    STRUCTURE = "Demandé par le formulaire"
    RECOMMANDE = "Recommandé"


class Point(Bloc):
    """Un point à contrôler : une exigence, et ce que l'on en trouve"""

    colonnes = (
        colonne("Ce que le guide demande", "demande", largeur=2.2),
        colonne("Exigence", "cle", "source", largeur=0.8),
        colonne("Force", "force", largeur=0.9),
        colonne("Présent ?", "present", largeur=2.3),  # its three answers on one line
        colonne("Page", "page", largeur=0.56),
        colonne("Remarque", "remarque", largeur=1.64),
    )
    hors_page: ClassVar[tuple[str, ...]] = ()  # the key is the very id that the verdict names
    lignes_vierges: ClassVar[int] = 0
    lignes_closes: ClassVar[bool] = True

    cle: Cle = champ("Exigence", par=IMPRIME)
    demande: TexteLong = champ("Ce que le guide demande", par=IMPRIME)
    source: Texte = champ("Source", par=IMPRIME)  # the number of one of those that the sheet lists
    force: Choix[ForceDite] = champ("Force", par=IMPRIME)
    present: OuiNon = champ("Présent ?")
    page: Texte = champ("Page")
    remarque: TexteLong = champ("Remarque")

    def constat(self, path: str, sources: Mapping[str | None, str]) -> Constat | None:
        """Ce que la réponse donne à constater, ou ``None`` ; ``sources`` : par numéro."""
        found = self._found(path)
        cited = sources.get(self.source, self.source)  # a sheet of before says it in full
        if found is None or not cited or not found.exigences:
            return found
        return replace(found, source=f"{cited} ({self.cle}).")

    def _found(self, path: str) -> Constat | None:
        if self.present is None:
            return self._constat(
                path,
                "pas encore contrôlé",
                Gravite.AVERTISSEMENT,
                "Répondez Oui, Non ou Sans objet.",
            )
        if self.present is Reponse.NON:
            gravite = Gravite.BLOQUANT if self._obligatoire else Gravite.AVERTISSEMENT
            return self._constat(
                path, "le contrôle répond non", gravite, "Demandez-le à qui a écrit le document."
            )
        if self.present is Reponse.SANS_OBJET and self._obligatoire and self.remarque is None:
            return self._constat(
                path,
                "sans objet, mais rien ne dit pourquoi",
                Gravite.AVERTISSEMENT,
                "Dites-le en remarque.",
            )
        return None

    def _constat(self, path: str, answer: str, gravite: Gravite, advice: str) -> Constat:
        said, ids = (
            (self.demande or "Point sans libellé").split("\n")[0].rstrip("."),
            (self.cle,) if self.cle in referentiel() else (),
        )
        return Constat(
            f"{said} : {answer} ({path}.present).",
            gravite,
            f"{path}.present",
            ids,
            conseil=advice,
        )

    @property
    def _obligatoire(self) -> bool:
        known = referentiel().get(self.cle or "")
        return (
            self.force.name if self.force else known and known.force.name
        ) == Force.OBLIGATOIRE.name


class SourceCitee(Bloc):
    """Un passage d'un guide, que les points citent par son numéro"""

    colonnes = (colonne("N°", "numero", largeur=0.08), colonne("Guide et passage", "passage"))
    lignes_vierges: ClassVar[int] = 0
    lignes_closes: ClassVar[bool] = True

    numero: Texte = champ("N°", par=IMPRIME)
    passage: Texte = champ("Guide et passage", par=IMPRIME)


class FicheDeControle(Document):
    """La fiche de contrôle d'un document reçu."""

    titre = "Fiche de contrôle d'un document reçu"
    source = "Les guides que suit le profil"
    date_par = ("controle_le",)
    nature_du_document = Nature.FORMULAIRE
    paysage = True

    document_controle: Texte = champ("Document contrôlé")
    reference: Texte = champ("Référence")
    prestataire: Texte = champ("Prestataire")
    structure: Texte = champ("Structure")
    controle_par: Texte = champ("Contrôlé par")
    controle_le: Jour = champ("Le")
    guides: Texte = champ("Guides suivis", par=IMPRIME)
    points: tuple[Point, ...] = champ("Ce que les guides demandent")
    observations: TexteLong = champ("Observations")
    sources: tuple[SourceCitee, ...] = champ("Sources", par=IMPRIME)

    @classmethod
    def de(cls, model: type[Document], profil: Profil, mission: Mission | None = None) -> Self:
        """La fiche d'une sorte de document, sous un profil ;
        ce que la mission dit est déjà écrit."""
        nature = mission.nature if mission else None
        demands = [one for one in _demands(model, profil) if one.applies(nature)]
        places = dict.fromkeys(one.place(profil) for one in demands)
        numbers = {place: str(number) for number, place in enumerate(places, 1)}
        guides = ", ".join(GUIDES[guide] for guide in profil.guides)
        return cls.model_validate(
            {
                "document_controle": model.titre,
                "guides": guides,
                "points": [one.row(numbers[one.place(profil)]) for one in demands],
                "sources": [
                    {"numero": number, "passage": place} for place, number in numbers.items()
                ],
                **_known(mission or Mission()),
            }
        )

    def constats_propres(self) -> Iterator[Constat]:
        """Ce que le contrôle a trouvé absent, et ce qui n'est pas encore contrôlé."""
        sources = {source.numero: source.passage or "" for source in self.sources}
        for number, point in enumerate(self.points):
            if constat := point.constat(f"points[{number}]", sources):
                file, line = line_of(self._raw, steps(constat.chemin))
                yield replace(constat, fichier=file, ligne=line)


def _known(mission: Mission) -> dict[str, Any]:
    return {
        "reference": mission.reference,
        "prestataire": mission.prestataire.nom,
        "structure": ", ".join(row.nom for row in mission.structures if row.nom),
        "controle_par": mission.operateur.charge_de_mission.nom,
    }


@dataclass
class _Demand:
    """One exigence, wherever the document bears it: its strongest force, what it asks in words."""

    exigence: Exigence
    force: Force
    texts: list[str] = field(default_factory=list)

    def applies(self, nature: NatureIngenierie | None) -> bool:
        other = {
            NatureIngenierie.INDIVIDUELLE: "collective",
            NatureIngenierie.COLLECTIVE: "individuelle",
        }
        return nature is None or other[nature] not in self.exigence.conditions

    def place(self, profil: Profil) -> str:
        return " · ".join(self.exigence.place(profil.sources, str(profil.cle)))

    def row(self, source: str) -> dict[str, Any]:
        return {
            "cle": self.exigence.id,
            "demande": "\n".join(self.texts),
            "source": source,
            "force": ForceDite[self.force.name],
        }


def _demands(model: type[Document], profil: Profil) -> Iterator[_Demand]:
    """In the order of the form, then the rules,
    then what the document bears without saying where."""
    found: dict[str, _Demand] = {}
    for exigence, path, text in _borne(model, profil):
        force = profil.force(exigence, path)
        if force is None or force is Force.LIBRE or exigence.nature == ALIAS:
            continue
        demand = found.setdefault(exigence.id, _Demand(exigence, force))
        demand.force = min(demand.force, force, key=list(Force).index)
        demand.texts += [text] if text and text not in demand.texts else []
    yield from found.values()


def _borne(model: type[Document], profil: Profil) -> Iterator[tuple[Exigence, str, str]]:
    phrased = {
        exigence.id
        for rule in model.regles()
        for exigence in _own(rule, profil)
        if exigence.nature == REGLE
    }
    for node in model.schema_node().walk():
        yield from (
            (exigence, node.path, "" if exigence.id in phrased else _said(exigence))
            for exigence in node.exigences
        )
    for rule in model.regles():
        yield from (
            (exigence, rule.porte_sur, f"À vérifier : {rule.phrase}")
            for exigence in _own(rule, profil)
        )
    for exigence in referentiel().values():
        if model.slug() in exigence.documents and exigence.nature in ("champ", LIBELLE):
            yield exigence, "", _said(exigence)


def _own(rule: Regle, profil: Profil) -> list[Exigence]:
    """A rule may also name the content that it bears on, which has its own row: its sentence says
    the rule.
    """
    followed = [
        exigence
        for exigence in rule.exigences
        if profil.force(exigence, rule.porte_sur) is not None
    ]
    return [exigence for exigence in followed if exigence.nature == REGLE] or followed[:1]


def _said(exigence: Exigence) -> str:
    titre = exigence.titre
    wording = {LIBELLE: f"Le texte « {titre} »", REGLE: f"À vérifier : {titre}"}.get(
        exigence.nature, titre.rstrip(" :")
    )
    conditions = " et ".join(
        IN_WORDS.get(condition, condition) for condition in _conditions(exigence)
    )
    return f"{wording[:1].upper()}{wording[1:]}" + (f" ({conditions})" if conditions else "")


IN_WORDS = {"collective": "ingénierie collective", "individuelle": "ingénierie individuelle"}


def _conditions(exigence: Exigence) -> list[str]:
    """What decides, in the reference, that an exigence is asked; the profile has already decided
    for its own.
    """
    return [
        part
        for part in exigence.conditions
        if part.startswith(("si ", "collective", "individuelle", "procédure"))
    ]
