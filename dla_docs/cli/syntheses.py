"""La commande qui réunit les fiches d'évaluation revenues : synthese."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dla_docs.cli.display import say_written, show_constats
from dla_docs.cli.options import (
    FILE,
    Format,
    FormatOption,
    ProfilOption,
    RemplacerOption,
    check_output,
)
from dla_docs.cli.portfolio import day_named
from dla_docs.cli.putting import put, put_document
from dla_docs.constat import Constat, Gravite, bloquants
from dla_docs.resources import how_to_add
from dla_docs.spelling import counted

if TYPE_CHECKING:  # loaded by the command that needs it
    from dla_docs.documents.synthese_evaluations import SyntheseEvaluations

FORMATS = (".docx", ".pdf", ".odt", ".xlsx")


FichiersArgument = Annotated[
    list[Path],
    typer.Argument(
        help=("Des fiches d'évaluation revenues (.docx, .pdf, .yaml), des missions, des dossiers."),
        metavar="FICHIERS...",
        **FILE,
    ),
]
SortieOption = Annotated[
    Path,
    typer.Option(
        "-o",
        "--sortie",
        help="Le fichier à écrire : .docx, .pdf, .odt ou .xlsx.",
        metavar="SORTIE",
        **FILE,
    ),
]
SeuilOption = Annotated[
    int,
    typer.Option(
        "--seuil",
        help="En dessous de ce nombre de réponses, rien n'est montré ; 1 montre tout.",
        metavar="NOMBRE",
    ),
]
AuOption = Annotated[
    date | None,
    typer.Option(
        "--au",
        parser=day_named,
        help="La date de la synthèse ; aujourd'hui par défaut.",
        metavar="DATE",
    ),
]


def synthese(
    fichiers: FichiersArgument,
    sortie: SortieOption,
    seuil: SeuilOption = 5,
    au: AuOption = None,
    profil: ProfilOption = None,
    format: FormatOption = Format.TEXTE,
    remplacer: RemplacerOption = False,
) -> int:
    """Réunit les fiches d'évaluation revenues : réponses par critère, résultats, commentaires, par
    prestataire, structure, année et thème.

    dla-docs synthese essai/ -o synthese.docx
    dla-docs synthese essai/mission_individuelle.yaml -o synthese.xlsx --seuil 3
    """
    from dla_docs.synthese import gather, synthesise

    check_output(sortie, FORMATS, *fichiers)
    recueil = gather(fichiers, profil)
    made = synthesise(recueil, seuil=seuil, au=au)
    _write(made, sortie, profil, remplacer)
    show_constats(recueil.constats)
    left = (
        f", {counted(recueil.non_lus, 'fichier non lu', 'fichiers non lus')}"
        if recueil.non_lus
        else ""
    )
    say_written(sortie, f" : {counted(len(recueil.fiches), 'fiche')}{left}.")
    return 1 if bloquants(recueil.constats) else 0


def _write(made: SyntheseEvaluations, target: Path, profil: str | None, remplacer: bool) -> None:
    if target.suffix.lower() == ".xlsx":
        from dla_docs.synthese import workbook

        put(target, workbook(made), remplacer)
        return
    from dla_docs.stages.charts import can_draw
    from dla_docs.stages.request import resolve

    put_document(resolve(made, profil), target, remplacer)
    if not can_draw():
        show_constats(
            [
                Constat(
                    NO_CHARTS,
                    Gravite.AVERTISSEMENT,
                    conseil=f"Installez-le : « {how_to_add('lot')} ».",
                )
            ]
        )


NO_CHARTS = "La synthèse est sans graphiques : matplotlib, qui les dessine, n'est pas installé."

COMMANDS = (synthese,)
