"""La grille de suivi d'une ingénierie : le prestataire y dit ce qu'il prévoit, puis ce qu'il fait,
étape par étape.

Source : guide du Centre, « la grille de suivi, pendant la mission ». La grille part vierge du ou de
la chargé(e) de mission et revient par mel à la fin de chaque étape. Le tableau des modifications
garde ce que la note (1) demande.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from dla_docs.documents.demande_de_modification import DemandeDeModification, interrompue
from dla_docs.documents.proposition import (
    EtapeProposee,
    Proposition,
    propositions_retenues,
)
from dla_docs.mission.vues import lignes_de_tous
from dla_docs.model.bloc import Bloc, is_blank
from dla_docs.model.document import Document
from dla_docs.model.fields import Faute, Nature, Stade, champ, mention, regle
from dla_docs.model.layout import colonne
from dla_docs.model.recipients import PARTIES
from dla_docs.model.requirement import Role, exige
from dla_docs.model.values import Choix, Cle, Dates, Jour, Reponse, Texte, TexteLong
from dla_docs.parties.acteurs import (
    Operateur,
    OperateurAssocie,
    Personne,
    Prestataire,
    Structure,
    operateurs_associes,
)
from dla_docs.parties.modification import (
    CONTACT_REQUIS,
    NOTE_CONTACT,
    SI_INTERROMPUE,
    Changement,
    MoyenContact,
    NatureModification,
    a_valider,
    avec_la_structure,
    dit_non_fait,
)
from dla_docs.parties.personnes import CONSULTANT, RENCONTREE_EN_MISSION
from dla_docs.spelling import fold

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission

PRESTATAIRE, LES_DEUX = Role.PRESTATAIRE, (Role.CHARGE_DE_MISSION, Role.STRUCTURE)


class StadeDuSuivi(Stade):
    """Vierge au départ, prévisionnelle au début de la mission, puis rendue à la fin de chaque
    étape.
    """

    VIERGE = 1
    PREVISIONNEL = 2
    EN_COURS = 3
    FINAL = 4


class Prevu(Bloc):
    """Dates et personnes (fonctions) à rencontrer prévues"""

    dates: Dates = champ("Dates")
    personnes: TexteLong = champ("Personnes (fonctions)", personnelle=RENCONTREE_EN_MISSION)


class Realise(Bloc):
    """Etat de réalisation"""

    dates: Dates = champ("Date")
    personnes: TexteLong = champ("Personnes rencontrées", personnelle=RENCONTREE_EN_MISSION)
    production: TexteLong = champ("Production remise, si prévue")


def a_eu_lieu(bloc: Etape | FinDeMission, document: GrilleDeSuivi) -> bool:
    """L'étape a été conduite ; d'une mission interrompue, celle qui dit ne pas l'avoir été ne l'a
    pas été.
    """
    return not (interrompue(document._mission) and dit_non_fait(bloc.commentaires))


class Etape(Bloc):
    """Une étape de la mission"""

    colonnes = (
        colonne("Etapes", "intitule", "objectif", largeur=1.1, numero="Etape"),
        colonne("Dates et personnes (fonctions) à rencontrer prévues", "prevu"),
        colonne(
            "Etat de réalisation\n- date et personnes rencontrées\n- production remise, si prévue",
            "realise",
        ),
        colonne(
            "Commentaires du prestataire si utile\n(systématiques en cas de modification par "
            "rapport à la commande initiale) (1)",
            "commentaires",
        ),
    )
    prefixe: ClassVar[str] = "e"
    hauteur: ClassVar[float] = 1.5
    lignes_closes: ClassVar[bool] = True

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Intitulé de l'étape", exige("SUI-05"))
    objectif: TexteLong = champ("Objectif de l'étape", exige("SUI-05"))
    prevu: Prevu = champ("", exige("SUI-06"), exige("SUI-18"), des=StadeDuSuivi.PREVISIONNEL)
    realise: Realise = champ(
        "",
        exige("SUI-07"),
        si=a_eu_lieu,
        des=StadeDuSuivi.FINAL,
        conseil=f"Dites ce qui a été réalisé.{SI_INTERROMPUE}",
    )
    commentaires: TexteLong = champ("Commentaires du prestataire", exige("SUI-08"))


class FinDeMission(Bloc):
    """Fin de mission – Rapport final"""

    ligne_de = "etapes"

    prevu: Prevu = champ("", exige("SUI-09"), des=StadeDuSuivi.PREVISIONNEL)
    realise: Realise = champ(
        "",
        exige("SUI-09"),
        si=a_eu_lieu,
        des=StadeDuSuivi.FINAL,
        conseil=f"Dites comment la mission a fini.{SI_INTERROMPUE}",
    )
    commentaires: TexteLong = champ("Commentaires du prestataire", par=PRESTATAIRE)


class Modification(Bloc):
    """Une modification par rapport à la commande initiale"""

    colonnes = (
        colonne("Etape", "etape", largeur=0.5),
        colonne("Nature", "nature"),
        colonne("Modification et justification", "motif", largeur=1.8),
        colonne("Contact préalable avec le DLA", "moyen", "contact_le"),
        colonne(
            "Validée par le DLA, avec la structure",
            "validee_dla_le",
            "validee_structure_le",
            "avenant",
            largeur=1.2,
        ),
    )
    lignes_vierges: ClassVar[int] = 2
    prefixe: ClassVar[str] = "m"

    cle: Cle = champ("Clé")
    etape: Texte = champ("Etape", par=PRESTATAIRE)
    nature: Choix[NatureModification] = champ(
        "Nature de la modification", exige("SUI-15", par=PRESTATAIRE)
    )
    motif: TexteLong = champ("Modification et justification", exige("SUI-14"), par=PRESTATAIRE)
    moyen: Choix[MoyenContact] = champ("Contact", par=PRESTATAIRE)
    contact_le: Jour = champ("Date du contact", par=PRESTATAIRE)
    validee_dla_le: Jour = champ(
        "Par le DLA le", exige("SUI-14"), par=LES_DEUX, si=a_valider, des=StadeDuSuivi.FINAL
    )
    validee_structure_le: Jour = champ(
        "Avec la structure le",
        exige("SUI-14"),
        par=LES_DEUX,
        si=avec_la_structure,
        des=StadeDuSuivi.FINAL,
    )
    avenant: Texte = champ("Notifiée par", par=LES_DEUX)


class GrilleDeSuivi(Document):
    """La grille de suivi, pendant la mission."""

    titre = "Grille de suivi, pendant la mission"
    titre_court = "Grille de suivi"
    source = "Guide du Centre, « la grille de suivi, pendant la mission »"
    communique_a = PARTIES
    date_par = ("fin_de_mission.realise.dates", "etapes[].realise.dates")
    nature_du_document = Nature.FORMULAIRE
    stades = StadeDuSuivi
    paysage = True
    signatures = ("Le prestataire", "Le ou la chargé(e) de mission DLA", "La structure")

    note_1 = mention(f"(1) {NOTE_CONTACT}", exige("SUI-10"), apres="fin_de_mission")

    operateur: Operateur = champ("DLA")
    autres_operateurs: tuple[OperateurAssocie, ...] = operateurs_associes()
    prestataire: Prestataire = champ("Prestataire", exige("SUI-01"))
    consultant: Personne = champ("Consultant", exige("SUI-02"), personnelle=CONSULTANT)
    reference_convention: Texte = champ("Référence de la convention", exige("SUI-03"))
    structures: tuple[Structure, ...] = champ(
        "Intervention auprès de la structure", exige("SUI-04")
    )
    etapes: tuple[Etape, ...] = champ(
        "Les étapes de la mission",
        exige("SUI-05"),
        par=PRESTATAIRE,
        conseil="Reprenez les étapes de la proposition retenue.",
    )
    fin_de_mission: FinDeMission = champ("", par=PRESTATAIRE)
    modifications: tuple[Modification, ...] = champ(
        "Modifications par rapport à la commande initiale"
    )

    @classmethod
    def depuis(cls, mission: Mission) -> dict[str, Any]:
        """La grille reprend les étapes de la proposition retenue (de chacune, quand elle est
        commune à plusieurs), leurs dates, la fin de la mission, et les demandes de modification.
        """
        offers, changes = propositions_retenues(mission), _asked(mission)
        if not offers:
            return {"modifications": changes}
        steps = [
            {
                "cle": cle,
                "intitule": s.intitule,
                "objectif": s.objectif,
                "prevu": {"dates": s.periode},
            }
            for cle, s in lignes_de_tous(offers, lambda one: one.etapes).items()
        ]
        return {
            "etapes": steps,
            "fin_de_mission": {"prevu": {"dates": _promise(mission)}},
            "modifications": changes,
        }

    @regle(
        exige("SUI-06"),
        porte_sur="etapes",
        des=StadeDuSuivi.PREVISIONNEL,
        conseil="Dites qui sera rencontré, par sa fonction.",
    )
    def personnes_prevues(self) -> Iterator[str]:
        """Chaque étape dit les personnes (fonctions) à rencontrer prévues."""
        for number, step in enumerate(self.etapes):
            if is_blank(step.prevu.personnes) and not is_blank(step.prevu):
                yield f"etapes[{number}].prevu.personnes"

    @regle(
        exige("RX-07"),
        porte_sur="etapes",
        conseil="Reprenez la proposition retenue, ou faites-en faire une nouvelle.",
    )
    def etapes_de_la_proposition(self, mission: Mission) -> bool:
        """La grille de suivi reprend les étapes de la proposition (intitulé, objectif), sauf
        modification.
        """
        offer = mission.retenue(Proposition)
        promised = {step.cle: _said(step) for step in offer.etapes} if offer else {}
        changed = {change.etape for change in self.modifications if change.etape}
        kept = {step.cle for step in self.etapes} | changed
        others = {_said(step) for one in _offres(self, mission) for step in one.etapes}
        return offer is None or (
            kept >= promised.keys()
            and all(
                _said(step) == promised.get(step.cle)
                or (step.cle not in promised and _said(step) in others)
                or any(nomme_l_etape(one, number, step) for one in changed)
                for number, step in enumerate(self.etapes)
            )
        )

    @regle(
        porte_sur="etapes",
        conseil="Ajoutez les étapes de sa proposition, ou faites une grille pour chacun.",
    )
    def etapes_de_chacun(self, mission: Mission) -> Iterator[Faute]:
        """Une grille de suivi commune à plusieurs prestataires retenus dit les étapes de chacun."""
        return _etapes_oubliees(self, mission)

    @regle(
        exige("RX-08"),
        porte_sur="modifications",
        conseil="Joignez le DLA (téléphone ou RV) et notez la date du contact.",
    )
    def contact_avant_de_changer(self) -> Iterator[str]:
        """La problématique traitée et la date de fin de mission ne changent pas sans un contact
        préalable, daté, avec le DLA.
        """
        for number, change in enumerate(self.modifications):
            if change.nature in CONTACT_REQUIS and is_blank(change.contact_le):
                yield f"modifications[{number}].contact_le"

    @regle(
        exige("RX-08"),
        porte_sur="fin_de_mission.prevu.dates",
        conseil=(
            "Joignez le DLA et ajoutez une modification de nature « Date de fin de mission », avec "
            "la date du contact."
        ),
    )
    def fin_de_mission_tenue(self, mission: Mission) -> Iterator[str]:
        """La date de fin de mission ne s'écarte pas de la proposition sans un contact préalable,
        daté, avec le DLA.
        """
        contacted = any(
            change.nature is NatureModification.FIN_DE_MISSION and not is_blank(change.contact_le)
            for change in self.modifications
        )
        moved = () if contacted else _moved_ends(self, mission)
        yield from list(moved)[:1]

    @regle(
        exige("RX-09"),
        porte_sur="etapes",
        conseil="Dites dans la colonne des commentaires ce qui change et pourquoi.",
    )
    def modification_commentee(self, mission: Mission) -> Iterator[str]:
        """Toute modification par rapport à la commande initiale est commentée dans la grille de
        suivi.
        """
        changed = {change.etape for change in self.modifications if change.etape}
        moved = {number for number, _ in _moved(self, mission)}
        for number, step in enumerate(self.etapes):
            told = any(nomme_l_etape(one, number, step) for one in changed)
            if (number in moved or told) and is_blank(step.commentaires):
                yield f"etapes[{number}].commentaires"


def _offres(grille: GrilleDeSuivi, mission: Mission) -> list[Proposition]:
    """Those of all the chosen ones, for a grid that is common to several."""
    common = len(mission.retenus) > 1 and grille.prestataire.cle is None
    return [one for one in mission.tous(Proposition) if common and not one.ecarte]


def _etapes_oubliees(grille: GrilleDeSuivi, mission: Mission) -> Iterator[Faute]:
    """Of each chosen prestataire that a common grid leaves out, wholly or in part."""
    said = {_said(step) for step in grille.etapes}
    for offer in _offres(grille, mission):
        if not {_said(step) for step in offer.etapes} <= said:
            yield Faute("etapes", f"il y manque de celles de {offer.nom_distinctif}")


def nomme_l_etape(said: str | None, number: int, step: Etape) -> bool:
    """Vrai quand une modification nomme ainsi cette étape : sa clé, son numéro sur la page, ou son
    intitulé.
    """
    names = (step.cle, str(number + 1), f"étape {number + 1}", step.intitule)
    return bool(said) and fold(said or "") in {fold(name) for name in names if name}


def _said(step: Etape | EtapeProposee) -> tuple[str, str]:
    return (step.intitule or "", step.objectif or "")


def _moved(grille: GrilleDeSuivi, mission: Mission) -> Iterator[tuple[int, Etape]]:
    """The steps whose end, planned or real, is not the one of the retained proposition."""
    steps = lignes_de_tous(propositions_retenues(mission), lambda one: one.etapes)
    planned = {cle: step.periode for cle, step in steps.items()}
    for number, step in enumerate(grille.etapes):
        initial = planned.get(step.cle or "")
        actual = step.realise.dates or step.prevu.dates
        if initial and actual and actual.fin != initial.fin:
            yield number, step


def _moved_ends(grille: GrilleDeSuivi, mission: Mission) -> Iterator[str]:
    """Where the grid says another end than the proposition does, or a step that runs past it."""
    promised = _promise(mission)
    if promised is None:
        return
    last = grille.fin_de_mission
    for name in ("realise", "prevu"):
        ends: Dates = getattr(last, name).dates
        if ends and ends.fin != promised:
            yield f"fin_de_mission.{name}.dates"
    for number, step in enumerate(grille.etapes):
        for name in ("realise", "prevu"):
            dates: Dates = getattr(step, name).dates
            if dates and dates.fin > promised:
                yield f"etapes[{number}].{name}.dates"


def _promise(mission: Mission) -> date | None:
    """The end of the mission, as offered; the last one, of several."""
    ends = [offer.rapport_final_le for offer in propositions_retenues(mission)]
    return max((day for day in ends if day), default=None)


def etapes_suivies(mission: Mission) -> dict[str, Etape]:
    """Les étapes de la grille de suivi, par clé ; celles de chacune, quand plusieurs prestataires
    retenus ont chacun la leur.
    """
    return lignes_de_tous(
        mission.de_chacun(lambda seen: seen.premier(GrilleDeSuivi)), lambda one: one.etapes
    )


def fin_de_la_prestation(mission: Mission) -> date | None:
    """Le jour où la prestation s'est achevée, selon la grille de suivi, sinon la restitution ;
    ``None`` tant qu'on ne le sait pas.
    """
    followed = mission.premier(GrilleDeSuivi)
    dates = followed.fin_de_mission.realise.dates if followed else None
    return dates.fin if dates else mission.evenements.restitution.date


def finie_en_retard(mission: Mission) -> bool:
    """Vrai quand la mission a fini après le jour promis, sans qu'un report ait été validé par le
    DLA.
    """
    followed, promised = mission.premier(GrilleDeSuivi), _promise(mission)
    actual = followed.fin_de_mission.realise.dates if followed else None
    if followed is None or actual is None or promised is None or actual.fin <= promised:
        return False
    return not any(
        change.nature is NatureModification.FIN_DE_MISSION and change.validee_dla_le
        for change in followed.modifications
    )


class DelaisSelonLeSuivi:
    """Ce que les deux évaluations disent des délais, rapproché du suivi."""

    if TYPE_CHECKING:  # for the eyes only: each evaluation has its own conditions
        conditions: Any

    @regle(
        exige("RX-23"),
        porte_sur="conditions.delais.reponse",
        conseil="Comparez la fin de mission de la grille de suivi à celle de la proposition.",
    )
    def delais_tenus(self, mission: Mission) -> bool:
        """Les délais ne sont dits tenus que si la mission a fini à la date prévue, ou à celle
        qu'une modification validée lui a donnée.
        """
        return self.conditions.delais.reponse is not Reponse.OUI or not finie_en_retard(mission)


def _asked(mission: Mission) -> list[dict[str, Any]]:
    """What the requests for a modification say, but for those that were refused."""
    asked = (one for one in mission.tous(DemandeDeModification) if not one.refusee)
    rows = [
        _row(one, change) for one in asked for change in one.changements if not is_blank(change)
    ]
    return [{"cle": f"m{number}", **row} for number, row in enumerate(rows, 1)]


def _row(asked: DemandeDeModification, change: Changement) -> dict[str, Any]:
    decided, contact = asked.decision, asked.contact
    said = "\n".join(text for text in (change.nouveau, change.motif) if text) or None
    validated = {
        "validee_dla_le": decided.validee_dla_le,
        "validee_structure_le": decided.validee_structure_le,
        "avenant": decided.avenant,
    }
    return {
        "etape": change.etape,
        "nature": change.nature,
        "motif": said,
        "moyen": contact.moyen,
        "contact_le": contact.date,
        **validated,
    }
