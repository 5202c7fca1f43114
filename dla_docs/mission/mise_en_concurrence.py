"""La mise en concurrence : qui est sollicité, ce qu'il répond, qui est retenu, et les règles que
les guides y mettent.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import model_validator

from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import Faute, champ, mention, regle
from dla_docs.model.layout import colonne
from dla_docs.model.requirement import L, Role, exige
from dla_docs.model.values import Choix, Cle, Jour, TexteLong
from dla_docs.parties.acteurs import Prestataire
from dla_docs.parties.deroulement import Avancement
from dla_docs.parties.identite import candidats, cle_du_nom
from dla_docs.parties.ingenierie import Procedure, Voie
from dla_docs.profils.profil import Profil


class Suite(Enum):
    """Ce qu'il est advenu d'une sollicitation."""

    PROPOSITION = "Proposition"
    DECLINE = "Décline"
    SANS_REPONSE = "Sans réponse"


class Sollicite(Bloc):
    """Un prestataire sollicité, et ce qu'il en est advenu"""

    colonnes = (
        colonne("Clé", "cle", largeur=0.7),
        colonne(
            "Prestataire",
            "prestataire.nom",
            "prestataire.siret",
            "prestataire.contact",
            largeur=2.2,
        ),
        colonne("Sollicité le", "date", largeur=0.8),
        colonne("Suite donnée", "reponse", "voie", "motif", largeur=1.5),
        colonne("Reçue le", "recue_le", largeur=0.8),
        colonne("Dossier complet envoyé le", "dossier_complet_le", largeur=0.9),
    )
    prefixe: ClassVar[str] = "p"
    hors_page: ClassVar[tuple[str, ...]] = ()  # the retained one is named by its key

    def cle_propre(self) -> str:
        """La clé est faite du nom : un rang changerait de main avec l'ordre des lignes."""
        return cle_du_nom(self.prestataire.nom)

    cle: Cle = champ("Clé")
    prestataire: Prestataire = champ("Prestataire")
    date: Jour = champ("Sollicité le")
    reponse: Choix[Suite] = champ(
        "Suite donnée", exige("PROP-27", par=Role.CHARGE_DE_MISSION), des=Avancement.CHOIX
    )
    recue_le: Jour = champ("Réponse reçue le")
    voie: Choix[Voie] = champ("Par")
    motif: TexteLong = champ("Motif")
    dossier_complet_le: Jour = champ("Diagnostic et cahier des charges complets envoyés le")


class AutreRetenu(Bloc):
    """Un autre prestataire retenu, quand ils sont plusieurs"""

    principal: ClassVar[str] = "prestataire"
    lignes_vierges: ClassVar[int] = 1

    prestataire: Cle = champ("Prestataire retenu (sa clé)")


class MiseEnConcurrence(Bloc):
    """La mise en concurrence"""

    note_cle = mention(
        "La clé, un mot court et sans accent (alpha, p1…), désigne le prestataire dans les "
        "documents de la mission. Laissée vide, elle est faite du nom : Cabinet Exemple, "
        "cabinet_exemple.",
        apres="sollicites",
    )

    procedure: Choix[Procedure] = champ("Procédure")
    date_limite: Jour = champ("Date limite de réponse")
    motif: TexteLong = champ("Motif, quand il n'y en a pas ou que le nombre de sollicités diffère")
    choix_des_sollicites: TexteLong = champ(
        "Choix des prestataires sollicités : compétences techniques, connaissance du secteur, "
        "qualité des accompagnements déjà effectués",
        exige("PRO-21"),
        des=Avancement.CHOIX,
    )
    sollicites: tuple[Sollicite, ...] = champ("Prestataires sollicités")
    retenu: Cle = champ("Prestataire retenu (sa clé)")
    autres_retenus: tuple[AutreRetenu, ...] = champ("Autres prestataires retenus")
    choisi_le: Jour = champ(
        "Choix fait avec la structure le",
        exige("PRO-07", L, Role.CHARGE_DE_MISSION),
        aide="Quand aucune grille de lecture ne le dit",
    )

    @model_validator(mode="before")
    @classmethod
    def _several_chosen(cls, data: Any) -> Any:
        chosen = data.get("retenu") if isinstance(data, dict) else None
        if not isinstance(chosen, list) or not chosen:
            return data
        return {**data, "retenu": chosen[0], "autres_retenus": chosen[1:]}

    @property
    def retenus(self) -> tuple[str, ...]:
        """Les clés des prestataires retenus, le premier d'abord ; aucune tant qu'aucun ne l'est."""
        said = (self.retenu, *(row.prestataire for row in self.autres_retenus))
        return tuple(key for key in said if key)

    @property
    def repetes(self) -> dict[int, str]:
        """Le rang de chaque ligne d'un prestataire qu'une autre nomme déjà, et la clé de celle-ci :
        c'est le même, de quelque clé qu'on l'ait appelé.
        """
        known: dict[str, Prestataire] = {}
        found = {}
        for number, row in enumerate(self.sollicites):
            who = row.prestataire
            if same := candidats(known, {"siret": who.siret, "nom": who.nom}):
                found[number] = same[0]
            elif row.cle:
                known[row.cle] = who
        return found

    @property
    def nombre(self) -> int:
        """Combien de prestataires sont sollicités ; le même, deux fois, n'en est qu'un."""
        return len(self.sollicites) - len(self.repetes)


class ChoixDuPrestataire:
    """Les règles des guides sur le choix du prestataire : la mission qui en hérite les suit."""

    if TYPE_CHECKING:  # for the eyes only: the mission says where this field stands on its form
        mise_en_concurrence: MiseEnConcurrence

    @regle(
        exige("RX-05"),
        porte_sur="mise_en_concurrence.sollicites",
        conseil="Sollicitez-en ce nombre, ou dites pourquoi dans « mise_en_concurrence.motif ».",
        precision=lambda profil: profil.nombre_de_sollicites,
    )
    def nombre_de_sollicites(self, profil: Profil) -> bool:
        """Le nombre de prestataires sollicités est celui du profil."""
        count, low, high = (
            self.mise_en_concurrence.nombre,
            profil.sollicites_minimum,
            profil.sollicites_maximum,
        )
        within = (low is None or low <= count) and (high is None or count <= high)
        return not count or within or self.mise_en_concurrence.motif is not None

    @regle(
        exige("RX-06"),
        porte_sur="mise_en_concurrence.procedure",
        conseil="Sollicitez d'autres prestataires, au moins par un appel à compétences.",
    )
    def mise_en_concurrence_obligatoire(self) -> bool:
        """La mise en concurrence est obligatoire, au moins sous forme simplifiée.

        Retenir le seul prestataire sollicité n'en est pas une, quelque nom qu'on lui donne.
        """
        alone = bool(self.mise_en_concurrence.retenus) and self.mise_en_concurrence.nombre == 1
        return self.mise_en_concurrence.procedure is not Procedure.ABSENTE and not alone

    @regle(
        porte_sur="mise_en_concurrence.retenu",
        conseil="Corrigez sa suite donnée, ou retenez un prestataire qui a fait une proposition.",
    )
    def retenu_parmi_ceux_qui_proposent(self) -> Iterator[Faute]:
        """Un prestataire retenu a fait une proposition."""
        for number, asked in enumerate(self.mise_en_concurrence.sollicites):
            chosen, said = asked.cle in self.mise_en_concurrence.retenus, asked.reponse
            if chosen and said in (Suite.DECLINE, Suite.SANS_REPONSE):
                who = asked.prestataire.nom or asked.cle
                yield Faute(
                    f"mise_en_concurrence.sollicites[{number}].reponse",
                    f"de {who}, la mission dit « {said.value} »",
                )

    @regle(
        porte_sur="mise_en_concurrence.sollicites",
        conseil="Réunissez ses deux lignes en une : la dernière réponse, et le motif de l'autre.",
    )
    def sollicite_une_fois(self) -> Iterator[Faute]:
        """Un prestataire n'est compté qu'une fois parmi les sollicités."""
        held = self.mise_en_concurrence
        names = {row.cle: row.prestataire.nom for row in held.sollicites}
        for number, cle in held.repetes.items():
            yield Faute(
                f"mise_en_concurrence.sollicites[{number}].prestataire",
                f"{names[cle] or cle} l'est déjà sous la clé « {cle} »",
            )

    @regle(
        porte_sur="mise_en_concurrence.sollicites",
        conseil="Corrigez la date de la sollicitation, ou la date limite de réponse.",
    )
    def sollicite_avant_la_date_limite(self) -> Iterator[str]:
        """Un prestataire est sollicité avant la date limite de réponse."""
        limit = self.mise_en_concurrence.date_limite
        for number, asked in enumerate(self.mise_en_concurrence.sollicites):
            if asked.date is not None and limit is not None and asked.date > limit:
                yield f"mise_en_concurrence.sollicites[{number}].date"

    @regle(
        exige("RX-40", guides="C"),
        porte_sur="mise_en_concurrence.sollicites",
        conseil="Demandez-lui pourquoi il ne se positionne pas.",
    )
    def refus_motive(self) -> Iterator[str]:
        """Le prestataire qui décline le dit dès réception et, dans l'appel simplifié, il en donne
        la raison.
        """
        for number, asked in enumerate(self.mise_en_concurrence.sollicites):
            if (
                self.mise_en_concurrence.procedure is Procedure.SIMPLIFIEE
                and asked.reponse is Suite.DECLINE
                and asked.motif is None
            ):
                yield f"mise_en_concurrence.sollicites[{number}].motif"

    @regle(
        exige("RX-26"),
        porte_sur="mise_en_concurrence.sollicites",
        conseil="N'envoyez le dossier complet qu'au prestataire retenu, et effacez cette date.",
    )
    def dossier_complet_au_seul_retenu(self) -> Iterator[str]:
        """En procédure simplifiée, le diagnostic et le cahier des charges complets ne vont qu'au
        prestataire retenu.
        """
        if self.mise_en_concurrence.procedure is Procedure.SIMPLIFIEE:
            for number, asked in enumerate(self.mise_en_concurrence.sollicites):
                if (
                    asked.dossier_complet_le is not None
                    and asked.cle not in self.mise_en_concurrence.retenus
                ):
                    yield f"mise_en_concurrence.sollicites[{number}].dossier_complet_le"
