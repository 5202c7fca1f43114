"""Les commandes qui vérifient et produisent : verifier, produire, dossier."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dla_docs.checking import check
from dla_docs.cli.affichage import say, show_constats, show_error, show_json
from dla_docs.cli.consulter import Format, FormatOption
from dla_docs.constat import Constat, bloquants
from dla_docs.dossier import make_dossier
from dla_docs.formulaire import read
from dla_docs.loading import load
from dla_docs.pipeline import generate

ProfilOption = Annotated[str | None, typer.Option("--profil", help="national, centre, npdc, paca, ou le fichier d'un profil.", metavar="PROFIL")]
StadeOption = Annotated[str | None, typer.Option("--stade", help="Le stade du remplissage, quand le document en a.", metavar="STADE")]
BrouillonOption = Annotated[bool, typer.Option("--brouillon", help="Produit même s'il manque un contenu obligatoire, et montre les manques.")]


def verifier(
    fichier: Annotated[Path, typer.Argument(help="Un document ou une mission (.yaml, .json), ou un document Word (.docx).", metavar="FICHIER")],
    profil: ProfilOption = None,
    stade: StadeOption = None,
    format: FormatOption = Format.TEXTE,
) -> int:
    """Dit tout ce qui manque à un document ou à une mission, et quel guide le demande."""
    constats = _constats(fichier, profil, stade)
    blocking = bloquants(constats)
    if format is Format.JSON:
        show_json({"conforme": not blocking, "constats": [constat.to_dict() for constat in constats]})
    else:
        show_constats(constats)
        say(f"Non conforme : {len(blocking)} bloquant(s)." if blocking else "Conforme.")
    return 1 if blocking else 0


def produire(
    fichier: Annotated[Path, typer.Argument(help="Un document (.yaml ou .json).", metavar="FICHIER")],
    sortie: Annotated[Path, typer.Option("-o", "--sortie", help="Le fichier à écrire : .docx, .pdf ou .odt.", metavar="SORTIE")],
    profil: ProfilOption = None,
    stade: StadeOption = None,
    modele: Annotated[Path | None, typer.Option("--modele", help="Votre modèle Word, à la place de celui qui est livré.", metavar="MODELE")] = None,
    brouillon: BrouillonOption = False,
) -> int:
    """Produit un document, en Word, PDF ou ODT."""
    made = generate(fichier, sortie, profil=profil, stade=stade, modele=modele, brouillon=brouillon)
    show_constats(made.constats)
    say(f"{made.fichier}")
    return 1 if bloquants(made.constats) else 0


def dossier(
    mission: Annotated[Path, typer.Argument(help="La mission (.yaml ou .json).", metavar="MISSION")],
    sortie: Annotated[Path, typer.Option("-o", "--sortie", help="Le dossier à remplir.", metavar="DOSSIER")],
    pdf: Annotated[bool, typer.Option("--pdf", help="Produit aussi chaque document en PDF.")] = False,
    profil: ProfilOption = None,
    brouillon: BrouillonOption = False,
) -> int:
    """Produit tous les documents d'une mission, numérotés dans l'ordre de son déroulement."""
    made = make_dossier(mission, sortie, profil=profil, pdf=pdf, brouillon=brouillon)
    refused = {constat for _, error in made.refus for constat in error.constats}
    show_constats(constat for constat in made.constats if constat not in refused)
    for name, error in made.refus:
        say(f"Pas produit : {name}")
        show_error(error)
    for path in made.fichiers:
        say(str(path))
    return 1 if made.refus or bloquants(made.constats) else 0


def _constats(path: Path, profil: str | None, stade: str | None) -> list[Constat]:
    if path.suffix.lower() in {".docx", ".dotx"}:
        reading = read(path)
        return [*reading.refus, *reading.constats]
    return check(load(path), profil, stade)


COMMANDS = (verifier, produire, dossier)
