"""Les personnes dont parlent les documents : pour quoi elles sont nommées, et qui peut le lire.

Les guides ne disent d'aucune combien de temps la garder : la durée n'est donc dite nulle part.
"""

from __future__ import annotations

from dla_docs.model.recipients import PARTIES, PRESTATAIRES, TOUS, Destinataire, DonneePersonnelle

SEUIL = 5  # answers below which figures and comments would point at someone

STRUCTURE, COMITE, DLA = Destinataire.STRUCTURE, Destinataire.COMITE, Destinataire.DLA

CHARGE_DE_MISSION = DonneePersonnelle(
    "chargé(e) de mission",
    "dire qui conduit l'accompagnement, et comment le ou la joindre",
    TOUS,
    TOUS,
)
DIRIGEANT = DonneePersonnelle(
    "dirigeant(e) de la structure",
    "dire qui engage la structure, et comment le ou la joindre",
    TOUS,
    PARTIES,
)
CONTACT = DonneePersonnelle(
    "contact du prestataire",
    "dire qui engage le prestataire, et comment le ou la joindre",
    TOUS,
    (STRUCTURE, *PRESTATAIRES, DLA),
)
CONSULTANT = DonneePersonnelle(
    "consultant", "dire qui conduit la mission, et comment le ou la joindre", TOUS, PARTIES
)
INTERVENANT = DonneePersonnelle(
    "intervenant du prestataire",
    "juger de ses compétences et de ses références",
    (STRUCTURE, *PRESTATAIRES, DLA),
    PARTIES,
)
AGE = DonneePersonnelle(
    "intervenant du prestataire", "donner le CV que le guide demande", PRESTATAIRES
)
INTERVENANT_DU_RAPPORT = DonneePersonnelle(
    "intervenant du prestataire", "dire qui a conduit la mission", (*PARTIES, COMITE), PARTIES
)
DU_PRESTATAIRE = (CONTACT, CONSULTANT, INTERVENANT, INTERVENANT_DU_RAPPORT)
RENCONTREE = DonneePersonnelle(
    "personne rencontrée", "dire avec qui le travail a été fait", (STRUCTURE, DLA), (STRUCTURE, DLA)
)
EXPERT = DonneePersonnelle(
    "expert du comité d'appui", "dire qui a donné son avis", (STRUCTURE, COMITE, DLA), (COMITE, DLA)
)
RENCONTREE_EN_MISSION = DonneePersonnelle(
    "personne rencontrée", "dire avec qui chaque étape a été faite", PARTIES
)
VALIDATEUR = DonneePersonnelle(
    "dirigeant(e) de la structure",
    "dire qui a validé au nom de son instance",
    (STRUCTURE, COMITE, DLA),
)
REPONDANT = DonneePersonnelle("répondant d'une enquête", "dire qui a répondu", PARTIES, PARTIES)
PARTICIPANT = DonneePersonnelle(
    "participant à l'ingénierie collective", "dire de qui est la fiche, et la lui redemander", ()
)
PRESENTE = DonneePersonnelle(
    "personne présente à une rencontre",
    "dire qui a pris part à la rencontre",
    (STRUCTURE, DLA),
    (STRUCTURE, DLA),
)
