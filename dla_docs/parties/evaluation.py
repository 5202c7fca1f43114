"""Ce que les deux grilles d'évaluation ont en commun (guide du Centre, « A propos de l'évaluation
de l'ingénierie ») : stades, critères, règles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from dla_docs.model.bloc import Bloc, is_blank
from dla_docs.model.document import Document
from dla_docs.model.fields import Condition, Nature, Stade, champ, regle
from dla_docs.model.layout import colonne
from dla_docs.model.node import Kind, Node
from dla_docs.model.requirement import Exigence, L, Role, S, exige
from dla_docs.model.values import Cle, Jour, OuiNon, Texte, TexteLong
from dla_docs.parties.acteurs import (
    Operateur,
    OperateurAssocie,
    Personne,
    Prestataire,
    Structure,
    operateurs_associes,
)
from dla_docs.parties.objectifs import ResultatAttendu
from dla_docs.parties.personnes import CONSULTANT

A_NOTER = (
    "A noter : cette partie, qui relève de la conformité avec le cahier des charges, doit être "
    "remplie par le chargé de mission DLA, à charge, pour le prestataire de faire des commentaires."
)


RESULTATS_ATTENDUS = "résultats attendus (reprise du cahier des charges)"
RESULTATS_OBTENUS = "résultats obtenus Oui /Non"
REPONDEZ = "Répondez Oui, Non ou Sans objet au critère, ou effacez ses commentaires."


class StadeDeLEvaluation(Stade):
    """Vierge au départ, répondue après l'échange d'évaluation, puis restituée au prestataire."""

    VIERGE = 1
    REPONDUE = 2
    RESTITUEE = 3


def remarque_du_prestataire() -> Any:
    """Ce que le prestataire remarque, une fois la fiche répondue : ceux qui y répondent n'en savent
    rien.
    """
    return champ(
        "Commentaires du prestataire",
        par=Role.PRESTATAIRE,
        cache_a=(Role.STRUCTURE, Role.PARTICIPANT),
    )


class Avis(Bloc):
    """L'avis sur un critère"""

    reponse: OuiNon = champ("Oui/Non")
    commentaire: TexteLong = champ("Commentaires")
    commentaire_prestataire: TexteLong = remarque_du_prestataire()


class AvisLibre(Bloc):
    """L'avis sur un critère que la grille ne nomme pas"""

    intitule: Texte = champ("Critère")
    reponse: OuiNon = champ("Oui/Non")
    commentaire: TexteLong = champ("Commentaires")
    commentaire_prestataire: TexteLong = remarque_du_prestataire()


def critere(libelle: str, *exigences: Exigence, si: Condition | None = None) -> Any:
    """Un critère, demandé dès que la grille est répondue ; son libellé officiel d'abord."""
    return champ(
        libelle,
        *exigences,
        si=si,
        des=StadeDeLEvaluation.REPONDUE,
        conseil="Répondez Oui, Non ou Sans objet.",
    )


class LigneDeResultat(Bloc):
    """Un résultat attendu, et ce qu'il en est"""

    colonnes = (
        colonne("résultats attendus\n(reprise du cahier des charges)", "intitule", largeur=2),
        colonne("résultats obtenus\nOui /Non", "obtenu", largeur=0.8),
        colonne("Commentaires de la structure", "commentaire"),
        colonne("Commentaires du prestataire", "commentaire_prestataire"),
    )
    prefixe: ClassVar[str] = "r"
    lignes_vierges: ClassVar[int] = 2
    lignes_closes: ClassVar[bool] = True

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ(RESULTATS_ATTENDUS)
    obtenu: OuiNon = champ(RESULTATS_OBTENUS)
    commentaire: TexteLong = champ("Commentaires de la structure")
    commentaire_prestataire: TexteLong = remarque_du_prestataire()


class GrilleDEvaluation(Document):
    """L'en-tête et les règles d'une grille d'évaluation ; ses parties, ``conditions``,
    ``operationnalite``, ``relation``, sont celles de chacune.
    """

    nature_du_document = Nature.FORMULAIRE
    stades = StadeDeLEvaluation
    date_par = ("date", "restituee_le")
    paysage = True
    en_fin = ("restituee_le", "discutee_le", "commentee_le", "remise_le")

    operateur: Operateur = champ("DLA")
    autres_operateurs: tuple[OperateurAssocie, ...] = operateurs_associes()
    structures: tuple[Structure, ...] = champ("Structures bénéficiaires")
    prestataire: Prestataire = champ("Prestataire")
    consultant: Personne = champ("Consultant", personnelle=CONSULTANT)
    reference_convention: Texte = champ("Référence de la convention")
    date: Jour = champ(
        "Date de l'échange d'évaluation",
        exige("EVI-20", par=Role.CHARGE_DE_MISSION),
        exige("EVI-25", par=Role.CHARGE_DE_MISSION),
        des=StadeDeLEvaluation.REPONDUE,
    )
    modalites: Texte = champ(
        "Modalités de l'échange d'évaluation (de visu, par téléphone, en présence du prestataire "
        "etc.)",
        exige("EVI-20", L),
    )
    restituee_le: Jour = champ("Evaluation restituée au prestataire le")

    @regle(
        exige("RX-28"),
        porte_sur="conditions",
        conseil=REPONDEZ,
    )
    def reponse_avant_commentaire(self) -> Iterator[str]:
        """Le chargé de mission répond à la partie 1 ; le prestataire commente ses réponses."""
        return self._only_commented("conditions")

    @regle(exige("RX-28", S), porte_sur="operationnalite", conseil=REPONDEZ)
    def avis_avant_commentaire(self) -> Iterator[str]:
        """La structure ou le participant répond aux parties 2 et 3 ; le prestataire commente leurs
        réponses.
        """
        return self._only_commented("operationnalite", "relation")

    def _only_commented(self, *parties: str) -> Iterator[str]:
        for partie in parties:
            part = getattr(self, partie)
            for name, row in vars(part).items():
                if (
                    isinstance(row, Avis | AvisLibre)
                    and row.reponse is None
                    and name not in part.sous_points
                    and _only_commented(row)
                ):
                    yield f"{partie}.{name}.reponse"

    @regle(
        exige("RX-30"),
        exige("EVI-21"),
        porte_sur="restituee_le",
        des=StadeDeLEvaluation.RESTITUEE,
        conseil="Restituez la fiche et datez la restitution.",
    )
    def restituee_au_prestataire(self) -> bool:
        """L'évaluation est restituée au prestataire, après l'échange d'évaluation."""
        return self.est_restituee

    @property
    def est_restituee(self) -> bool:
        """Vrai quand elle est datée comme restituée, après l'échange."""
        return self.restituee_le is not None and (
            self.date is None or self.date <= self.restituee_le
        )

    @property
    def reste_a_restituer(self) -> bool:
        """Vrai tant qu'elle est répondue, sans plus."""
        return self.stade_courant is StadeDeLEvaluation.REPONDUE and not self.est_restituee


def repondu(bloc: Bloc, role: Role, node: Node | None = None) -> bool:
    """Vrai quand un champ que ce rôle est seul à remplir dit quelque chose."""
    known = node or type(bloc).schema_node()
    return any(
        _says(getattr(bloc, child.name), role, child)
        for child in known.children.values()
        if child.kind is not Kind.NOTE
    )


def _says(value: Any, role: Role, node: Node) -> bool:
    if node.kind is Kind.LEAF:
        return node.roles == {role.value} and node.name != "cle" and not is_blank(value)
    return any(
        repondu(bloc, role, node) for bloc in (value if isinstance(value, tuple) else (value,))
    )


def resultats_changes(
    rows: Sequence[LigneDeResultat], attendus: Iterable[ResultatAttendu]
) -> Iterator[str]:
    """Les lignes de la partie 4 qui ne sont pas celles du cahier des charges."""
    asked = [_words(row.intitule) for row in attendus]
    if asked and len(asked) != len(rows):
        yield "resultats"
    for number, (expected, row) in enumerate(zip(asked, rows, strict=False)):
        if _words(row.intitule) != expected:
            yield f"resultats[{number}].intitule"


def _only_commented(row: Avis | AvisLibre) -> bool:
    if isinstance(row, AvisLibre):  # a row that nobody has to answer
        return row.commentaire_prestataire is not None and row.commentaire is None
    return not is_blank(row)


def _words(text: str | None) -> list[str]:
    return (text or "").split()
