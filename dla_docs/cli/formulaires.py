"""Les commandes du formulaire qui voyage : trame, lire."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dla_docs.cli.affichage import count, say, say_raw, show_constats, show_json, summary
from dla_docs.cli.options import FILE, Format, FormatOption, ProfilOption, RoleOption, Slug, check_output
from dla_docs.constat import Constat, bloquants
from dla_docs.errors import InputError

if TYPE_CHECKING:  # loaded by the command that needs it
    from dla_docs.formulaire import Lecture


def trame(
    slug: Slug,
    sortie: Annotated[Path, typer.Option("-o", "--sortie", help="Le formulaire Word à écrire.", metavar="SORTIE", **FILE)],
    mission: Annotated[Path | None, typer.Option("--mission", help="La mission : ce que l'on sait est déjà écrit.", metavar="MISSION", **FILE)] = None,
    pour: RoleOption = None,
    profil: ProfilOption = None,
) -> None:
    """Fait le formulaire Word d'un document, à remplir à l'écran.

    dla-docs trame cahier_des_charges -o cahier_a_remplir.docx
    dla-docs trame grille_de_suivi -o suivi.docx --mission essai/mission_individuelle.yaml --pour prestataire
    """
    from dla_docs.catalogue import kind_named
    from dla_docs.files import write_atomic
    from dla_docs.formulaire import trame as make_trame
    from dla_docs.loading import load_mission

    check_output(sortie, (".docx",), mission)
    held = load_mission(mission) if mission else None
    write_atomic(sortie, make_trame(kind_named(slug).slug(), held, pour, profil))
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
    _write(lecture, sortie, dans)
    if format is Format.JSON:
        show_json(_as_data(lecture))
    else:
        _show(lecture, fichier, sortie or dans, dans is not None)
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


def _write(lecture: Lecture, target: Path | None, mission: Path | None) -> None:
    from dla_docs.ecriture import to_yaml
    from dla_docs.files import write_atomic
    from dla_docs.formulaire.retour import write_back

    if mission is not None:
        write_back(lecture, mission)
    elif target is not None:
        write_atomic(target, to_yaml(lecture.document).encode())


def _show(lecture: Lecture, form: Path, target: Path | None, inside: bool) -> None:
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
        say(f"{target} : {count(len(lecture.changements), 'changement')} {'écrits' if len(lecture.changements) > 1 else 'écrit'}." if inside else str(target))


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


COMMANDS = (trame, lire)
