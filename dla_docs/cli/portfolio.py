"""Les commandes du portefeuille des prestataires : chercher, verifier, catalogue, modele."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dla_docs.cli.display import say, say_written, show_constats, show_json, show_table
from dla_docs.cli.options import (
    FILE,
    Format,
    FormatOption,
    ProfilOption,
    RemplacerOption,
    check_output,
)
from dla_docs.cli.putting import put
from dla_docs.constat import bloquants
from dla_docs.errors import InputError
from dla_docs.spelling import counted

if TYPE_CHECKING:  # loaded by the command that needs them
    from dla_docs.documents.fiche_prestataire import FichePrestataire
    from dla_docs.portefeuille import Portefeuille


SortieOption = Annotated[
    Path,
    typer.Option(
        "-o",
        "--sortie",
        help="Le fichier à écrire : .docx, .pdf ou .xlsx.",
        metavar="SORTIE",
        **FILE,
    ),
]
ModeleOption = Annotated[
    Path | None,
    typer.Option(
        "--modele", help="Votre modèle Word, à la place du nôtre.", metavar="MODELE", **FILE
    ),
]


def day_named(word: str | date) -> date:
    """La date d'un mot ; ``InputError`` dit comment l'écrire."""
    from dla_docs.model.values.dates import read_jour

    try:
        return read_jour(word)
    except ValueError as error:
        raise InputError(f"{error}.") from None


Source = Annotated[
    Path,
    typer.Argument(
        help="Un tableau (.csv, .tsv, .xlsx, .xlsm, .ods), une fiche, ou un dossier de fiches.",
        metavar="PORTEFEUILLE",
        **FILE,
    ),
]
Competence = Annotated[
    str, typer.Option("--competence", help="Les mots d'une compétence.", metavar="MOTS")
]
Secteur = Annotated[
    str, typer.Option("--secteur", help="Les mots d'un secteur d'activité.", metavar="MOTS")
]
Zone = Annotated[
    str, typer.Option("--zone", help="Un territoire : département, région…", metavar="MOTS")
]
Au = Annotated[
    date | None,
    typer.Option(
        "--au",
        parser=day_named,
        help="Le jour où l'âge des fiches se compte ; aujourd'hui par défaut.",
        metavar="DATE",
    ),
]


def chercher(
    source: Source,
    competence: Competence = "",
    secteur: Secteur = "",
    zone: Zone = "",
    au: Au = None,
    format: FormatOption = Format.TEXTE,
) -> int:
    """Cherche des prestataires par compétence, secteur d'activité ou territoire ; accents et
    majuscules ne comptent pas.

    dla-docs exemple fiche_prestataire -o fiches/
    dla-docs portefeuille chercher fiches/ --competence comptabilité --zone 00
    """
    held = _load(source)
    found, day = held.search(competence, secteur, zone), au or date.today()
    show_constats(held.constats)
    if format is Format.JSON:
        show_json([_as_data(fiche, day) for fiche in found])
    elif found:
        show_table(
            ("Prestataire", "Compétences", "Territoires", "Contact", "Fiche à jour"),
            (_as_row(fiche, day) for fiche in found),
            whole=0,
        )
    if format is Format.TEXTE:
        say(f"{counted(len(found), 'fiche')} sur {len(held.fiches)}.")
    return 1 if bloquants(held.constats) else 0


def verifier(
    source: Source, profil: ProfilOption = None, au: Au = None, format: FormatOption = Format.TEXTE
) -> int:
    """Dit ce qui manque aux fiches, ce qui ne s'y lit pas, et celles qui ont plus d'un an.

    dla-docs portefeuille verifier fiches/ --profil centre --au 01/06/2013
    """
    held = _load(source)
    constats, incomplete, stale = held.check(profil, au), held.incomplete(profil), held.stale(au)
    if format is Format.JSON:
        names = {"incompletes": _names(incomplete), "a_mettre_a_jour": _names(stale)}
        show_json(
            {
                "conforme": not bloquants(constats),
                "constats": [constat.to_dict() for constat in constats],
                **names,
            }
        )
    else:
        show_constats(constats, error=False)
        refused = (
            f", {counted(len(bloquants(held.constats)), 'défaut')} de lecture"
            if bloquants(held.constats)
            else ""
        )
        say(
            f"{counted(len(held.fiches), 'fiche')} : {counted(len(incomplete), 'incomplète')}, "
            f"{len(stale)} de plus d'un an{refused}."
        )
    return 1 if bloquants(constats) else 0


def catalogue(
    source: Source,
    sortie: SortieOption,
    competence: Competence = "",
    secteur: Secteur = "",
    zone: Zone = "",
    au: Au = None,
    profil: ProfilOption = None,
    modele: ModeleOption = None,
    format: FormatOption = Format.TEXTE,
    remplacer: RemplacerOption = False,
) -> int:
    """Fait le catalogue des prestataires, tous ou ceux d'une recherche : à lire en Word ou PDF, à
    trier en classeur.

    dla-docs portefeuille catalogue fiches/ -o prestataires.xlsx
    """
    from dla_docs.portefeuille.catalogue import FORMATS
    from dla_docs.portefeuille.catalogue import catalogue as make_catalogue

    check_output(sortie, FORMATS, source, modele)
    held = _load(source)
    asked = [
        f"{name} « {words.strip()} »"
        for name, words in (("compétence", competence), ("secteur", secteur), ("territoire", zone))
        if words.strip()
    ]
    found = held.search(competence, secteur, zone)
    octets = make_catalogue(
        found,
        sortie.suffix.lower(),
        au=au,
        recherche=", ".join(asked),
        profil=profil,
        modele=modele,
    )
    put(sortie, octets, remplacer)
    show_constats(held.constats)
    say_written(sortie, f" : {counted(len(found), 'fiche')}.")
    return 1 if bloquants(held.constats) else 0


def modele(
    sortie: Annotated[
        Path,
        typer.Option("-o", "--sortie", help="Le modèle Word à écrire.", metavar="SORTIE", **FILE),
    ],
    format: FormatOption = Format.TEXTE,
    remplacer: RemplacerOption = False,
) -> None:
    """Écrit le modèle Word du catalogue, à habiller dans Word puis à donner à « catalogue --modele
    ».

    dla-docs portefeuille modele -o mon_catalogue.docx
    """
    from dla_docs.portefeuille.catalogue import catalogue_template

    check_output(sortie, (".docx",))
    put(sortie, catalogue_template(), remplacer)
    say_written(sortie)


def _load(source: Path) -> Portefeuille:
    from dla_docs.portefeuille import Portefeuille

    return Portefeuille.load(source)


def _names(fiches: Iterable[FichePrestataire]) -> list[str]:
    from dla_docs.portefeuille.portefeuille import name_of

    return [name_of(fiche) for fiche in fiches]


def _as_row(fiche: FichePrestataire, au: date) -> tuple[str, ...]:
    from dla_docs.model.formats import jour, telephone

    contact, keys = fiche.prestataire.contact, fiche.caracteristiques
    reached = ", ".join(
        filter(
            None,
            (contact.nom, contact.telephone and telephone(contact.telephone), contact.courriel),
        )
    )
    stale = " (plus d'un an)" if fiche.perimee(au) else ""
    dated = f"{jour(fiche.mise_a_jour)}{stale}" if fiche.mise_a_jour else "sans date"
    return (_names([fiche])[0], _listed(keys.competences), _listed(keys.zones), reached, dated)


def _listed(rows: Iterable[Any]) -> str:
    return " ; ".join(row.intitule for row in rows if row.intitule)


def _as_data(fiche: FichePrestataire, au: date) -> dict[str, Any]:
    from dla_docs.stages.envelope import data_of

    return {**data_of(fiche), "a_mettre_a_jour": fiche.perimee(au)}


COMMANDS = (chercher, verifier, catalogue, modele)
