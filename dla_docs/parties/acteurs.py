"""Ceux qui font un accompagnement : l'opérateur DLA, la structure, le prestataire, leurs personnes,
leurs financeurs.
"""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import champ
from dla_docs.model.layout import Ligne, ligne
from dla_docs.model.values import (
    Cle,
    CodePostal,
    Courriel,
    Entier,
    Rna,
    Siret,
    Telephone,
    Texte,
    TexteLong,
    Url,
)
from dla_docs.parties.charte import Charte
from dla_docs.parties.personnes import CHARGE_DE_MISSION, CONTACT, DIRIGEANT


class Personne(Bloc):
    """Une personne, sa fonction et comment la joindre."""

    en_bref = (ligne("nom", "fonction", "telephone", "courriel"),)
    principal: ClassVar[str] = "nom"
    dite_par: ClassVar[str] = "fonction"

    nom: Texte = champ("Nom", exemples=("Dominique Exemple",))
    fonction: Texte = champ("Fonction")
    telephone: Telephone = champ("Téléphone", coordonnee=True)
    courriel: Courriel = champ("Courriel", coordonnee=True)


class Adresse(Bloc):
    """Une adresse postale."""

    en_bref = (ligne("voie"), ligne("code_postal", "ville", separateur=" "))

    voie: Texte = champ("Adresse", exemples=("1 rue de l'Exemple",))
    code_postal: CodePostal = champ("Code postal")
    ville: Texte = champ("Ville")


class Logo(Bloc):
    """Un logo : un fichier de l'opérateur, et ce qu'en lit quelqu'un qui ne le voit pas."""

    hors_page: ClassVar[tuple[str, ...]] = (
        "fichier",
        "texte_alternatif",
    )  # the page shows the picture
    en_image: ClassVar[str] = "profil.logos"
    principal: ClassVar[str] = "fichier"

    fichier: Texte = champ(
        "Fichier du logo", aide="Chemin relatif au fichier qui le cite ; PNG ou JPEG"
    )
    texte_alternatif: Texte = champ("Texte alternatif du logo")


class LogoDeFinanceur(Logo):
    """Le logo d'un financeur : il s'imprime avec ceux des autres."""

    en_image: ClassVar[str] = "profil.logos_financeurs"


class Financeur(Bloc):
    """Qui finance l'accompagnement."""

    en_bref = (ligne("nom"),)
    lignes_closes: ClassVar[bool] = True
    principal: ClassVar[str] = "nom"
    prefixe: ClassVar[str] = "f"

    nom: Texte = champ("Financeur")
    logo: LogoDeFinanceur = champ("Logo du financeur")


class Operateur(Bloc):
    """L'opérateur DLA."""

    en_tete = (ligne("nom", "structure_porteuse", "departement", fort=True),)
    en_bref: ClassVar[tuple[Ligne, ...]] = (
        ligne("nom", fort=True),
        ligne("structure_porteuse", "departement"),
        ligne("adresse"),
        ligne("site"),
        ligne("charge_de_mission", libelle=True),
        ligne("financeurs", libelle=True),
    )
    principal: ClassVar[str] = "nom"

    nom: Texte = champ("DLA", exemples=("DLA 00",))
    structure_porteuse: Texte = champ("Structure porteuse du DLA")
    departement: Texte = champ("Département")
    adresse: Adresse = champ("Adresse")
    site: Url = champ("Site")
    charge_de_mission: Personne = champ("Chargé(e) de mission DLA", personnelle=CHARGE_DE_MISSION)
    logo_dla: Logo = champ("Logo DLA")
    logo: Logo = champ("Logo de l'opérateur DLA")
    financeurs: tuple[Financeur, ...] = champ("Financeurs")
    charte: Charte = champ("Charte graphique")


class AvecOperateurs(Protocol):
    """Ce qui dit les autres opérateurs DLA d'une mission."""

    @property
    def autres_operateurs(self) -> tuple[OperateurAssocie, ...]: ...


def a_plusieurs(bloc: AvecOperateurs, document: object) -> bool:
    """La mission est conduite à plusieurs opérateurs DLA."""
    return bool(bloc.autres_operateurs)


class OperateurAssocie(Bloc):
    """Un autre opérateur DLA, qui conduit la mission avec le premier"""

    en_tete = (ligne("nom", "structure_porteuse", "departement", fort=True),)
    en_bref: ClassVar[tuple[Ligne, ...]] = (
        ligne("nom", fort=True),
        ligne("structure_porteuse", "departement"),
        ligne("charge_de_mission", libelle=True),
    )
    lignes_vierges: ClassVar[int] = 1
    lignes_closes: ClassVar[bool] = True
    signe_par: ClassVar[str] = "charge_de_mission"
    principal: ClassVar[str] = "nom"
    prefixe: ClassVar[str] = "d"

    cle: Cle = champ("Clé")
    nom: Texte = champ("DLA")
    structure_porteuse: Texte = champ("Structure porteuse du DLA")
    departement: Texte = champ("Département")
    charge_de_mission: Personne = champ("Chargé(e) de mission DLA", personnelle=CHARGE_DE_MISSION)


def operateurs_associes(libelle: str = "Autres opérateurs DLA") -> Any:
    """Les autres opérateurs DLA de la mission, à la suite du premier dans l'en-tête d'un document ;
    montrés seulement s'il y en a.
    """
    return champ(libelle, si=a_plusieurs)


class Structure(Bloc):
    """La structure bénéficiaire : l'association ou l'entreprise d'utilité sociale accompagnée."""

    en_tete = (ligne("nom", fort=True),)
    en_garde: ClassVar[int] = 1
    en_bref: ClassVar[tuple[Ligne, ...]] = (
        ligne("nom", fort=True),
        ligne("adresse"),
        ligne("siret", "rna", libelle=True, separateur=" – "),
        ligne("activite", libelle=True),
        ligne("secteur", "effectif", libelle=True, separateur=" – "),
        ligne("responsable", libelle=True),
    )
    lignes_vierges: ClassVar[int] = 1
    lignes_closes: ClassVar[bool] = True
    principal: ClassVar[str] = "nom"
    prefixe: ClassVar[str] = "s"

    cle: Cle = champ("Clé")
    nom: Texte = champ("Structure")
    siret: Siret = champ("N° de siret")
    rna: Rna = champ("N° RNA")
    adresse: Adresse = champ("Adresse")
    activite: TexteLong = champ("Activité")
    secteur: Texte = champ("Secteur d'activité")
    effectif: Entier = champ("Nombre de salariés")
    responsable: Personne = champ("Responsable", personnelle=DIRIGEANT)


class StructureNommee(Structure):
    """La structure bénéficiaire, dont une lettre ne dit que le nom."""

    en_bref = (ligne("nom", fort=True),)
    hors_page: ClassVar[tuple[str, ...]] = (
        *("cle", "siret", "rna", "adresse", "activite", "secteur", "effectif", "responsable"),
    )


class Prestataire(Bloc):
    """Le prestataire : le cabinet, le réseau ou l'indépendant qui intervient."""

    en_tete = (ligne("nom", fort=True),)
    en_garde: ClassVar[int] = 2
    en_bref = (
        ligne("nom", fort=True),
        ligne("siret", libelle=True),
        ligne("adresse"),
        ligne("contact", libelle=True),
    )
    principal: ClassVar[str] = "nom"
    prefixe: ClassVar[str] = "p"

    cle: Cle = champ("Clé")
    nom: Texte = champ("Prestataire")
    siret: Siret = champ("N° de siret")
    adresse: Adresse = champ("Adresse")
    contact: Personne = champ("Contact", personnelle=CONTACT)
