"""Les commandes qui renseignent : documents, montrer, exemple, exigences, profils, schema."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from dla_docs.cli.display import say, say_raw, show_json, show_table
from dla_docs.cli.options import (
    SCREEN,
    Format,
    FormatOption,
    ProfilOption,
    RemplacerOption,
    SlugOrMission,
)
from dla_docs.cli.putting import put_each
from dla_docs.errors import InputError

IDENTIFIER = re.compile(r"([A-Za-z]{2,4})[- ]?(\d+)")  # of a requirement, known or not


def documents(format: FormatOption = Format.TEXTE) -> None:
    """Liste les documents que dla-docs sait produire.

    dla-docs documents
    """
    from dla_docs.manual.requirement_index import describe
    from dla_docs.registry import DOCUMENTS

    found = [describe(model) for model in DOCUMENTS.values()]
    if format is Format.JSON:
        show_json([document.to_dict() for document in found])
    else:
        rows = ((one.slug, one.titre, one.nature, ", ".join(one.guides)) for one in found)
        show_table(("Nom", "Titre", "Nature", "Guides"), rows)


def montrer(slug: SlugOrMission, profil: ProfilOption = None) -> None:
    """Montre un document : ses champs, ce qu'on y écrit, qui les remplit, ce que les guides en
    demandent.

    dla-docs montrer cahier_des_charges
    """
    from dla_docs.cli.portrait import show
    from dla_docs.manual.requirement_index import named
    from dla_docs.profils.grafting import adapted
    from dla_docs.profils.loading import load_profil

    chosen = load_profil(profil)
    show(adapted(named(slug), chosen), chosen)


def exemple(
    slug: SlugOrMission,
    sortie: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--sortie",
            help="Le dossier où l'écrire, avec les fichiers qu'il cite ; « - », l'écran.",
            metavar="DOSSIER",
            callback=lambda folder: None if str(folder) == SCREEN else folder,
        ),
    ] = None,
    format: FormatOption = Format.TEXTE,
    remplacer: RemplacerOption = False,
) -> int:
    """Écrit un exemple complet, à copier et à adapter : à l'écran, ou dans un dossier avec tout ce
    qu'il cite.

    dla-docs exemple mission -o essai/
    dla-docs exemple cahier_des_charges
    """
    from dla_docs.cli.examples import copies, name_of, others
    from dla_docs.raw import load_raw
    from dla_docs.resources import sample_path

    name = name_of(slug)
    if sortie is not None:
        return put_each(copies(name, sortie).items(), remplacer)
    if format is Format.JSON:
        show_json(load_raw(sample_path(name)))
    else:
        say_raw(sample_path(name).read_text(encoding="utf-8"))
    if cited := others(name):
        say(
            f"Ce fichier en cite d'autres ({', '.join(cited)}) : « dla-docs exemple {slug} -o "
            f"DOSSIER » les écrit avec lui.",
            error=True,
        )
    return 0


def exigences(
    document: Annotated[
        str | None,
        typer.Argument(
            help="Le nom d'un document, ou « mission », pour n'avoir que les siennes ; ou "
            "l'identifiant d'une exigence, pour tout en savoir.",
            metavar="DOCUMENT",
        ),
    ] = None,
    profil: ProfilOption = None,
    format: FormatOption = Format.TEXTE,
) -> None:
    """Liste ce que les guides demandent, et où chaque demande porte ; avec un profil, la force
    qu'elle a pour lui.

    dla-docs exigences grille_de_suivi
    dla-docs exigences mission --profil centre
    dla-docs exigences CDC-07
    """
    from dla_docs.cli.portrait import show_requirements, show_sheet
    from dla_docs.manual.requirement_index import named, requirements
    from dla_docs.manual.sheet import is_identifier, sheet
    from dla_docs.profils.loading import load_profil
    from dla_docs.spelling import did_you_mean

    if document and is_identifier(document.upper()):
        one = sheet(document.upper())
        show_json(one.to_dict()) if format is Format.JSON else show_sheet(one)
        return
    if document and (said := IDENTIFIER.fullmatch(document)):
        family, number = said[1].upper(), said[2]
        meant = [one for one in (f"{family}-{int(number):02}",) if is_identifier(one)]
        near = did_you_mean("".join(meant), "« dla-docs exigences » les liste toutes.")
        raise InputError(f"L'exigence « {document} » n'existe pas. {near}")
    slug = named(document).slug() if document else None
    rows = requirements(load_profil(profil) if profil else None)
    found = [row for row in rows if slug is None or slug in row["documents"]]
    if format is Format.JSON:
        show_json([{key: value for key, value in row.items() if key != "titre"} for row in found])
    else:
        show_requirements(found, slug)


def profils(format: FormatOption = Format.TEXTE) -> None:
    """Liste les profils régionaux livrés et les guides qu'ils suivent.

    dla-docs profils
    """
    from dla_docs.model.requirement import GUIDES
    from dla_docs.profils.loading import PROFILS, load_profil

    found = [load_profil(name) for name in PROFILS]
    if format is Format.JSON:
        show_json(
            [
                {"cle": profil.cle, "nom": profil.nom, "guides": list(profil.guides)}
                for profil in found
            ]
        )
        return
    show_table(
        ("Profil", "Nom", "Guides"),
        ((str(profil.cle), str(profil.nom), ", ".join(profil.guides)) for profil in found),
    )
    say("\n" + "\n".join(f"{letter}  {name}" for letter, name in GUIDES.items()))


def schema(
    slug: SlugOrMission,
    impression: Annotated[
        bool,
        typer.Option(
            "--impression", help="Ce qu'un modèle Word peut imprimer, au lieu de ce qu'on écrit."
        ),
    ] = False,
    formulaire: Annotated[
        bool,
        typer.Option(
            "--formulaire",
            help="Ce qu'un formulaire à l'écran demande : une seule forme par réponse.",
        ),
    ] = False,
    profil: ProfilOption = None,
) -> None:
    """Écrit le JSON Schema d'un document, exigences comprises : ce qu'on peut écrire dans son
    fichier (un éditeur propose les clés), le formulaire à l'écran qui s'en fait, ou ce qu'un modèle
    Word peut imprimer.

    dla-docs schema mission
    dla-docs schema enquete_prestataire --formulaire
    dla-docs schema cahier_des_charges --impression
    """
    from dla_docs.manual.schemas import asked_json, printed_json, schema_json

    if formulaire and impression:
        raise InputError(
            "« --formulaire » dit ce qu'un écran demande, « --impression » ce qu'une page "
            "imprime : choisissez l'un ou l'autre."
        )
    made = asked_json if formulaire else printed_json if impression else schema_json
    show_json(made(slug, profil))


COMMANDS = (documents, montrer, exemple, exigences, profils, schema)
