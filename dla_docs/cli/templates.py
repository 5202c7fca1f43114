"""Les commandes du modèle Word : verifier, nouveau."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dla_docs.cli.display import say, say_written, show_constats
from dla_docs.cli.options import (
    FILE,
    Format,
    FormatOption,
    MoteurOption,
    ProfilOption,
    RemplacerOption,
    SlugOrMission,
    check_output,
)
from dla_docs.cli.putting import put
from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.resources import sample_names, sample_path
from dla_docs.spelling import counted

if TYPE_CHECKING:  # loaded by the command that needs it
    from dla_docs.model.document import Document
    from dla_docs.profils.profil import Profil

ModeleArgument = Annotated[
    Path, typer.Argument(help="Le modèle Word à vérifier.", metavar="MODELE", **FILE)
]
AnnoterOption = Annotated[
    Path | None,
    typer.Option(
        "--annoter",
        help="Une copie du modèle, où chaque défaut est un commentaire Word.",
        metavar="COPIE",
        **FILE,
    ),
]

NOT_ANNOTATED = Constat(
    "La copie annotée se fait avec le moteur du projet, et non avec docxtpl.",
    conseil="Retirez « --annoter », ou « --moteur ».",
)
DOCXTPL_READS = (
    "docxtpl peut remplir ce modèle, essayé avec l'exemple livré du document. Chaque document "
    "produit se vérifie de même."
)
SAMPLES = {"mission": "mission_individuelle"}  # where the sample has another name


def verifier(
    modele: ModeleArgument,
    slug: SlugOrMission,
    annoter: AnnoterOption = None,
    moteur: MoteurOption = None,
    profil: ProfilOption = None,
    format: FormatOption = Format.TEXTE,
    remplacer: RemplacerOption = False,
) -> int:
    """Compare un modèle Word à son document, dans les deux sens : balises inconnues, contenus
    demandés qu'il n'imprime pas.

    dla-docs modele verifier mon_modele.docx cahier_des_charges --annoter mon_modele_annote.docx
    dla-docs modele verifier mon_modele.docx cahier_des_charges --moteur docxtpl
    """
    from dla_docs.constat import bloquants
    from dla_docs.manual.requirement_index import named
    from dla_docs.profils.grafting import adapted, demanded
    from dla_docs.profils.loading import load_profil
    from dla_docs.stages.request import Moteur
    from dla_docs.templating import lint
    from dla_docs.templating.annotate import annotate

    chosen = load_profil(profil)
    kind = adapted(named(slug), chosen)
    model = demanded(kind, chosen)
    theirs = moteur == Moteur.DOCXTPL
    if annoter is not None:
        if theirs:
            raise InputError(NOT_ANNOTATED)
        check_output(annoter, (".docx",), modele)
    found = _of_docxtpl(modele, kind, chosen) if theirs else lint(modele, model)
    show_constats(found, error=False)
    if annoter is not None:
        put(annoter, annotate(modele, model), remplacer)
        say_written(annoter)
    faults = bloquants(found)
    say(
        f"{counted(len(faults), 'défaut')}."
        if faults
        else (DOCXTPL_READS if theirs else "Ce modèle imprime tout ce que le document demande.")
    )
    return 1 if faults else 0


def _of_docxtpl(modele: Path, kind: type[Document], profil: Profil) -> list[Constat]:
    from dla_docs.docxtpl_engine import lint_docxtpl  # docxtpl comes with its extra only
    from dla_docs.profils.grafting import demanded
    from dla_docs.stages.loading import load
    from dla_docs.stages.request import resolve

    name = SAMPLES.get(kind.slug(), kind.slug())
    sample = load(sample_path(name)) if name in sample_names() else None
    values = resolve(sample, profil).printable if isinstance(sample, kind) else None
    return lint_docxtpl(modele, demanded(kind, profil), modele.parent, values)


def nouveau(
    slug: SlugOrMission,
    sortie: Annotated[
        Path,
        typer.Option("-o", "--sortie", help="Le modèle Word à écrire.", metavar="SORTIE", **FILE),
    ],
    profil: ProfilOption = None,
    format: FormatOption = Format.TEXTE,
    remplacer: RemplacerOption = False,
) -> None:
    """Écrit un modèle Word complet, toutes balises en place, à habiller dans Word.

    dla-docs modele nouveau cahier_des_charges -o mon_modele.docx
    """
    from dla_docs.builder import build_template
    from dla_docs.manual.requirement_index import named
    from dla_docs.profils.grafting import adapted
    from dla_docs.profils.loading import load_profil

    check_output(sortie, (".docx",))
    put(sortie, build_template(adapted(named(slug), load_profil(profil))), remplacer)
    say_written(sortie)


COMMANDS = (verifier, nouveau)
