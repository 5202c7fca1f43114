"""Les commandes du formulaire qui voyage : trame, controle, lire."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dla_docs.cli.affichage import count, say, say_raw, show_constats, show_json, summary
from dla_docs.cli.options import FILE, Format, FormatOption, ProfilOption, RoleOption, Slug, SlugOrMission, check_output
from dla_docs.constat import Constat, bloquants
from dla_docs.errors import InputError

if TYPE_CHECKING:  # loaded by the command that needs it
    from dla_docs.formulaire import Lecture


def trame(
    slug: SlugOrMission,
    sortie: Annotated[Path, typer.Option("-o", "--sortie", help="Le formulaire Word à écrire.", metavar="SORTIE", **FILE)],
    mission: Annotated[Path | None, typer.Option("--mission", help="La mission : ce que l'on sait est déjà écrit.", metavar="MISSION", **FILE)] = None,
    pour: RoleOption = None,
    profil: ProfilOption = None,
) -> None:
    """Fait le formulaire Word d'un document, ou de la mission elle-même, à remplir à l'écran.

    dla-docs trame cahier_des_charges -o cahier_a_remplir.docx
    dla-docs trame grille_de_suivi -o suivi.docx --mission essai/mission_individuelle.yaml --pour prestataire
    dla-docs trame mission -o mission_a_remplir.docx
    """
    from dla_docs.catalogue import named
    from dla_docs.files import write_atomic
    from dla_docs.formulaire import trame as make_trame
    from dla_docs.loading import load_mission

    check_output(sortie, (".docx",), mission)
    held = load_mission(mission) if mission else None
    write_atomic(sortie, make_trame(named(slug).slug(), held, pour, profil))
    say(str(sortie))


def controle(
    slug: Slug,
    sortie: Annotated[Path, typer.Option("-o", "--sortie", help="La fiche Word à écrire.", metavar="SORTIE", **FILE)],
    mission: Annotated[Path | None, typer.Option("--mission", help="La mission : l'en-tête de la fiche est déjà écrit.", metavar="MISSION", **FILE)] = None,
    profil: ProfilOption = None,
) -> None:
    """Fait la fiche où contrôler un document venu du dehors : une ligne par chose que les guides en demandent.

    dla-docs controle proposition -o controle.docx --profil npdc
    dla-docs verifier controle.docx
    """
    from dla_docs.catalogue import kind_named
    from dla_docs.files import write_atomic
    from dla_docs.formulaire import controle as make_controle
    from dla_docs.loading import load_mission

    check_output(sortie, (".docx",), mission)
    held = load_mission(mission) if mission else None
    write_atomic(sortie, make_controle(kind_named(slug).slug(), held, profil))
    say(str(sortie))


def lire(
    fichier: Annotated[Path, typer.Argument(help="Le formulaire revenu (.docx).", metavar="FICHIER", **FILE)],
    sortie: Annotated[Path | None, typer.Option("-o", "--sortie", help="Le fichier YAML à écrire.", metavar="SORTIE", **FILE)] = None,
    dans: Annotated[Path | None, typer.Option("--dans", help="La mission où écrire les réponses, sans toucher au reste.", metavar="MISSION", **FILE)] = None,
    format: FormatOption = Format.TEXTE,
) -> int:
    """Relit un formulaire rempli : les différences, ce qui ne se lit pas, et les données.

    dla-docs lire suivi.docx --dans essai/mission_individuelle.yaml
    dla-docs lire cahier_a_remplir.docx -o cahier.yaml
    """
    from dla_docs.formulaire import read
    from dla_docs.formulaire.retour import base_in

    _check_target(fichier, sortie, dans)
    lecture = read(fichier, base_in(dans) if dans else None)
    left = _write(lecture, sortie, dans)
    lecture = replace(lecture, refus=(*lecture.refus, *left))
    if format is Format.JSON:
        show_json(_as_data(lecture))
    else:
        _show(lecture, fichier, sortie or dans, len(lecture.changements) - len(left) if dans else None)
    return 1 if lecture.refus or bloquants(lecture.constats) else 0


def _check_target(form: Path, target: Path | None, mission: Path | None) -> None:
    if target is not None and mission is not None:
        raise InputError("« -o » écrit un fichier à part, « --dans » complète la mission : choisissez l'un ou l'autre.")
    if target is not None:
        check_output(target, (".yaml", ".yml"), form)
        if _holds_mission(target):
            raise InputError(f"« {target.name} » tient une mission, qui serait effacée : « --dans {target.name} » y écrit les réponses sans toucher au reste.")


def _holds_mission(path: Path) -> bool:
    from dla_docs.raw import load_raw

    try:
        return path.is_file() and load_raw(path).get("document") == "mission"
    except InputError:  # what cannot be read is no mission
        return False


def _write(lecture: Lecture, target: Path | None, mission: Path | None) -> tuple[Constat, ...]:
    """What the mission's file could not take."""
    from dla_docs.ecriture import to_yaml
    from dla_docs.files import write_atomic
    from dla_docs.formulaire.retour import write_back

    if mission is not None:
        return write_back(lecture, mission)
    if target is not None:
        write_atomic(target, to_yaml(lecture.document).encode())
    return ()


def _show(lecture: Lecture, form: Path, target: Path | None, written: int | None) -> None:
    from dla_docs.ecriture import to_yaml

    for change in lecture.changements:
        say(str(change), error=target is None)  # without a target the output is the data, to be redirected
    said = [constat for constat in lecture.constats if not constat.exigences]
    show_constats([*lecture.refus, *said])
    lacking = [constat for constat in lecture.constats if constat.exigences]
    if lacking:
        say(f"Il reste à compléter : {summary(lacking)} ; « dla-docs verifier {form.name} » les dit.", error=True)
    if target is None:
        say_raw(to_yaml(lecture.document))
    else:
        say(str(target) if written is None else f"{target} : {count(written, 'changement')} {'écrits' if written > 1 else 'écrit'}.")


def _as_data(lecture: Lecture) -> dict[str, Any]:
    from dla_docs.enveloppe import data_of

    return {
        "document": type(lecture.document).slug(),
        "donnees": data_of(lecture.document),
        "changements": [{"chemin": one.chemin, "libelle": one.libelle, "avant": one.avant, "apres": one.apres} for one in lecture.changements],
        "refus": _dicts(lecture.refus),
        "constats": _dicts(lecture.constats),
    }


def _dicts(constats: tuple[Constat, ...]) -> list[dict[str, Any]]:
    return [constat.to_dict() for constat in constats]


COMMANDS = (trame, controle, lire)
