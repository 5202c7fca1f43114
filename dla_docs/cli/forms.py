"""Les commandes du formulaire qui voyage : trame, controle, lire, reunir, retours, annuler."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from os.path import isdir
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dla_docs.cli.display import (
    say,
    say_folded,
    say_raw,
    say_written,
    show_constats,
    show_json,
    summary,
)
from dla_docs.cli.options import (
    FILE,
    INPUT,
    SCREEN,
    Format,
    FormatOption,
    ProfilOption,
    RemplacerOption,
    RoleOption,
    Slug,
    SlugOrMission,
    check_output,
)
from dla_docs.cli.putting import put, put_each
from dla_docs.cli.report import keep_result, whole_path
from dla_docs.constat import Constat, Gravite, bloquants
from dla_docs.errors import InputError
from dla_docs.spelling import counted

if TYPE_CHECKING:  # loaded by the command that needs it
    from dla_docs.forms import Lecture
    from dla_docs.mission import Mission
    from dla_docs.model.document import Document
    from dla_docs.model.requirement import Role
    from dla_docs.returns import Reunion
    from dla_docs.returns.bringing_back import Retour
    from dla_docs.stages.request import Request


SortieOption = Annotated[
    Path,
    typer.Option(
        "-o",
        "--sortie",
        help="Le formulaire à écrire, ou le dossier d'un par participant.",
        metavar="SORTIE",
        **FILE,
    ),
]
MissionOption = Annotated[
    Path | None,
    typer.Option("--mission", help="Ce qu'elle sait est déjà écrit.", metavar="MISSION", **INPUT),
]
FichiersArgument = Annotated[
    list[Path],
    typer.Argument(
        help="Les formulaires revenus, ou le dossier qui les tient.", metavar="FICHIERS", **FILE
    ),
]
SortieReunirOption = Annotated[
    Path | None,
    typer.Option("-o", "--sortie", help="Le fichier YAML à écrire.", metavar="SORTIE", **FILE),
]
DansOption = Annotated[
    Path | None,
    typer.Option(
        "--dans",
        help="La mission où écrire les réponses, sans toucher au reste.",
        metavar="MISSION",
        **FILE,
    ),
]
ForcerOption = Annotated[
    list[str] | None,
    typer.Option(
        "--forcer",
        help="Le chemin d'une réponse laissée, à prendre quand même ; autant que voulu.",
        metavar="CHEMIN",
    ),
]


def rows_asked(word: str | tuple[str, int]) -> tuple[str, int]:
    """« etapes=8 » en deux : le nom d'une liste, le nombre de ses lignes ; ``InputError`` dit
    comment l'écrire.
    """
    if isinstance(word, tuple):
        return word
    name, equals, number = map(str.strip, word.partition("="))
    if not name or not equals or not number.isdecimal():
        raise InputError(
            f"« --lignes {word} » : écrivez le nom d'une liste et son nombre de lignes, par "
            "exemple « --lignes etapes=8 »."
        )
    return name, int(number)


LignesOption = Annotated[
    list[Any] | None,
    typer.Option(
        "--lignes",
        parser=rows_asked,
        help="Le nombre de lignes d'une liste, « etapes=8 » ; autant que voulu.",
        metavar="LISTE=NOMBRE",
    ),
]
StadeOption = Annotated[
    str | None,
    typer.Option(
        "--stade",
        help="Le stade où le document en est une fois rempli : la mission le retient au retour.",
        metavar="STADE",
    ),
]


NouvelleOption = Annotated[
    bool,
    typer.Option(
        "--nouvelle",
        help="Une fiche de plus, d'une sorte que la mission tient déjà (demande_de_modification).",
    ),
]


CourrielOption = Annotated[
    bool,
    typer.Option(
        "--courriel",
        help="Écrit aussi le courriel qui le porte, un brouillon à envoyer (.eml).",
    ),
]


def trame(
    slug: SlugOrMission,
    sortie: SortieOption,
    mission: MissionOption = None,
    pour: RoleOption = None,
    profil: ProfilOption = None,
    lignes: LignesOption = None,
    stade: StadeOption = None,
    nouvelle: NouvelleOption = False,
    courriel: CourrielOption = False,
    format: FormatOption = Format.TEXTE,
    remplacer: RemplacerOption = False,
) -> int:
    """Fait le formulaire, Word ou PDF, d'un document, ou de la mission elle-même, à remplir à
    l'écran.

    Vers un dossier, fait une fiche par participant, ou par prestataire, que la mission tient.

    dla-docs trame cahier_des_charges -o cahier_a_remplir.docx
    dla-docs trame grille_de_suivi -o suivi.docx --mission essai/mission_individuelle.yaml --pour \\
        prestataire
    dla-docs trame evaluation_individuelle -o structure.docx --mission \\
        essai/mission_individuelle.yaml --pour structure
    dla-docs trame evaluation_individuelle -o prestataire.docx --mission \\
        essai/mission_individuelle.yaml --pour prestataire
    dla-docs trame proposition -o propositions/ --mission essai/mission_individuelle.yaml --pour \\
        prestataire
    dla-docs trame grille_de_suivi -o suivi.docx --mission essai/mission_individuelle.yaml --pour \\
        prestataire --courriel
    dla-docs trame mission -o mission_a_remplir.docx
    dla-docs trame proposition -o proposition_a_remplir.docx --lignes etapes=8 --lignes \\
        productions=5
    """
    from dla_docs.manual.requirement_index import named

    kind, wanted = named(slug).slug(), {"lignes": dict(lignes or ()), "stade": stade}
    if str(sortie) != SCREEN and (not sortie.suffix or isdir(sortie)):
        if nouvelle:
            raise InputError("« --nouvelle » fait un formulaire : donnez un fichier à « -o ».")
        return _write_each(kind, sortie, mission, pour, profil, courriel, wanted, remplacer)
    one: dict[str, Any] = {**wanted, "nouvelle": nouvelle}
    return _write_one(kind, sortie, mission, pour, profil, courriel, one, remplacer)


def _write_one(
    kind: str,
    sortie: Path,
    mission: Path | None,
    pour: Role | None,
    profil: str | None,
    courriel: bool,
    wanted: dict[str, Any],
    remplacer: bool,
) -> int:
    from dla_docs.forms import avant_l_envoi
    from dla_docs.forms.blank_form import trame_made
    from dla_docs.forms.pdf_form import to_pdf
    from dla_docs.profils.loading import profil_of
    from dla_docs.stages.loading import load_mission

    check_output(sortie, (".docx", ".pdf"), mission)
    held = load_mission(mission, profil) if mission else None
    asked, octets = trame_made(kind, held, pour, profil, **wanted)
    if sortie.suffix.lower() == ".pdf":
        octets = to_pdf(octets, profil_of(held, profil))
    put(sortie, octets, remplacer)
    show_constats(avant_l_envoi(kind, held, pour, wanted["nouvelle"]) if held else ())
    say_written(sortie)
    if courriel:
        _write_mail(sortie, asked, octets, held, remplacer)
    return 0


def _write_each(
    kind: str,
    folder: Path,
    mission: Path | None,
    role: Role | None,
    profil: str | None,
    courriel: bool,
    wanted: dict[str, Any],
    remplacer: bool,
) -> int:
    from dla_docs.files import make_folder
    from dla_docs.forms import avant_l_envoi
    from dla_docs.forms.blank_form import trames_made
    from dla_docs.stages.loading import load_mission

    if mission is None:
        raise InputError(
            "Une fiche par participant se fait d'après la mission : ajoutez « --mission MISSION »."
        )
    held = load_mission(mission, profil)
    made = trames_made(kind, held, role, profil, **wanted)
    where = make_folder(folder)
    code = put_each(((where / name, octets) for name, _, octets in made), remplacer)
    for name, asked, octets in made if courriel else ():
        if (where / name).read_bytes() == octets:  # a form that was left as it stood is not sent
            _write_mail(where / name, asked, octets, held, remplacer)
    show_constats(avant_l_envoi(kind, held, role))
    return code


def _write_mail(
    form: Path, asked: Request, octets: bytes, mission: Mission | None, remplacer: bool
) -> None:
    """The draft that carries a form, beside it."""
    from dla_docs.forms.mail import draft

    made, target = draft(asked, form.name, octets, mission), form.with_suffix(".eml")
    put(target, made.octets, remplacer)
    say_written(target, f" : pour {made.destinataire}" if made.destinataire else "")
    if made.manque:
        show_constats(
            [
                Constat(
                    f"Le courriel est sans destinataire : {made.manque}.",
                    Gravite.INFORMATION,
                    fichier=str(target),
                    conseil="Écrivez-le en l'ouvrant.",
                )
            ]
        )


def controle(
    slug: Slug,
    sortie: Annotated[
        Path,
        typer.Option("-o", "--sortie", help="La fiche Word à écrire.", metavar="SORTIE", **FILE),
    ],
    mission: Annotated[
        Path | None,
        typer.Option(
            "--mission",
            help="La mission : l'en-tête de la fiche est déjà écrit.",
            metavar="MISSION",
            **INPUT,
        ),
    ] = None,
    profil: ProfilOption = None,
    format: FormatOption = Format.TEXTE,
    remplacer: RemplacerOption = False,
) -> None:
    """Fait la fiche où contrôler un document venu du dehors : une ligne par chose que les guides en
    demandent.

    dla-docs controle proposition -o controle.docx --profil npdc
    dla-docs verifier controle.docx
    """
    from dla_docs.forms import controle as make_controle
    from dla_docs.manual.requirement_index import kind_named
    from dla_docs.stages.loading import load_mission

    check_output(sortie, (".docx",), mission)
    held = load_mission(mission, profil) if mission else None
    put(sortie, make_controle(kind_named(slug).slug(), held, profil), remplacer)
    say_written(sortie)


def lire(
    fichiers: Annotated[
        list[Path],
        typer.Argument(
            help="Le formulaire revenu (.docx, .pdf), ou plusieurs.", metavar="FICHIERS", **FILE
        ),
    ],
    sortie: SortieReunirOption = None,
    dans: DansOption = None,
    forcer: ForcerOption = None,
    profil: ProfilOption = None,
    format: FormatOption = Format.TEXTE,
    remplacer: RemplacerOption = False,
) -> int:
    """Relit un formulaire rempli : les différences, ce qui ne se lit pas, et les données.

    dla-docs lire suivi.docx --dans essai/mission_individuelle.yaml
    dla-docs lire cahier_a_remplir.docx -o cahier.yaml
    dla-docs lire structure.docx prestataire.docx --dans essai/mission_individuelle.yaml
    """
    for fichier in fichiers:
        _check_target(fichier, sortie, dans)
    if len(fichiers) == 1:
        return _read_one(fichiers[0], sortie, dans, forcer or [], profil, format, remplacer)
    if dans is None:
        raise InputError(
            "Plusieurs formulaires se relisent dans leur mission : ajoutez « --dans MISSION »."
        )
    from dla_docs.returns.bringing_back import several

    return _show_returns(several(fichiers, [dans], profil, forcer or [], sure=True))


def _read_one(
    fichier: Path,
    sortie: Path | None,
    dans: Path | None,
    forced: list[str],
    profil: str | None,
    format: Format,
    remplacer: bool,
) -> int:
    from dla_docs.forms import read
    from dla_docs.forms.answers_taken import with_keys_made
    from dla_docs.returns.bringing_back import take_in

    if dans is not None:
        lecture, written = take_in(fichier, dans, profil, forced)
        _check_forced(forced, [lecture])
    else:
        lecture, written = with_keys_made(read(fichier, None, profil)), 0
        _write(lecture, sortie, profil, remplacer)
    if format is Format.JSON:
        show_json(_as_data(lecture, sortie or (dans if written else None)))
    else:
        _show(lecture, fichier, sortie or dans, written if dans else None)
    return 0 if _is_whole(lecture) else 1


def _is_whole(lecture: Lecture) -> bool:
    """Whether everything that the form holds is taken, and nothing mandatory is wanting."""
    return not (lecture.refus or lecture.laisses or bloquants(lecture.constats))


def _check_forced(forced: Sequence[str], found: Sequence[Lecture]) -> None:
    """A path that no answer bears was mistyped."""
    from dla_docs.returns.provenance import MISSION

    known = {MISSION} | {change.chemin for lecture in found for change in lecture.changements}
    known |= {constat.chemin for lecture in found for constat in lecture.refus}
    for path in forced:
        if path not in known:
            say(f"« --forcer {path} » : aucune réponse n'a ce chemin.", error=True)


def retours(
    dossier: Annotated[
        Path,
        typer.Argument(help="Le dossier des fichiers revenus.", metavar="DOSSIER", **FILE),
    ],
    dans: Annotated[
        Path,
        typer.Option(
            "--dans", help="Le dossier des missions où écrire.", metavar="MISSIONS", **FILE
        ),
    ],
    profil: ProfilOption = None,
    format: FormatOption = Format.TEXTE,
) -> int:
    """Prend tous les formulaires d'un dossier, chacun dans la mission que disent ses données ; rien
    n'est déplacé ni effacé.

    dla-docs retours revenus/ --dans essai/
    """
    from dla_docs.returns.bringing_back import retours as take

    return _show_returns(take(dossier, dans, profil))


def _show_returns(found: Iterable[Retour]) -> int:
    """One line per file, and below it what is to be looked at; 1 when something is."""
    from dla_docs.returns.bringing_back import Sort, is_lock

    whole = True
    for one in found:
        whole = whole and (one.sort is Sort.PRIS or is_lock(one.fichier))
        where = one.mission
        files = [where] if where else []
        keep_result(one.fichier, one.sort.value, files, one.constats, one.ecrits)
        told = where and f", {where} : {_written_in(one.ecrits, one.lecture, where)}"
        say(f"{one.fichier} : {one.sort.value}{told or ''}")
        show_constats(one.constats)
    return 0 if whole else 1


def annuler(
    mission: Annotated[
        Path,
        typer.Argument(
            help="La mission (.yaml), ou le document Word (.docx) rafraîchi.",
            metavar="MISSION",
            **FILE,
        ),
    ],
    format: FormatOption = Format.TEXTE,
) -> None:
    """Défait ce que la dernière commande a écrit dans une mission, et montre ce qu'elle avait
    changé.

    dla-docs annuler essai/mission_individuelle.yaml
    """
    from dla_docs.writing_back.undo import annuler as undo

    undone = undo(mission)
    for file, lines in undone.lignes.items():
        end = " :" if lines else "."  # of a Word document no line can be shown
        many = undone.ecritures > 1
        what = f"les {undone.ecritures} écritures de la commande" if many else "l'écriture"
        say(f"{file.name}, tel qu'avant {what} du {undone.date}{end}")
        for line in lines:
            say(f"  {'remis' if line[0] == '-' else 'ôté'} : {line[1:].strip()}")


def reunir(
    fichiers: FichiersArgument,
    sortie: SortieReunirOption = None,
    dans: DansOption = None,
    forcer: ForcerOption = None,
    profil: ProfilOption = None,
    format: FormatOption = Format.TEXTE,
    remplacer: RemplacerOption = False,
) -> int:
    """Réunit les formulaires que plusieurs personnes ont remplis : chacun sur ses champs, rien
    n'est écrasé.

    dla-docs reunir structure.docx prestataire.docx --dans essai/mission_individuelle.yaml
    dla-docs reunir structure.docx prestataire.docx -o evaluation.yaml
    dla-docs reunir propositions/ --dans essai/mission_individuelle.yaml
    """
    from dla_docs.returns import reunir as merge
    from dla_docs.returns import reunir_par_fiche
    from dla_docs.writing_back.undo import as_one_command, finish
    from dla_docs.writing_back.writing import base_in

    given, unread = _given(fichiers, sortie, dans)
    if dans:
        finish(dans)
    found = (
        reunir_par_fiche(given, base_in(dans, profil), profil, forcer or [])
        if dans
        else (merge(given, None, profil, forcer or []),)
    )
    _check_forced(forcer or [], found)
    with as_one_command():
        written = [_written(one, sortie, dans, profil, remplacer) for one in found]
    if dans and not any(number for _, number in written) and any(one.changements for one in found):
        raise InputError(
            one for lecture, _ in written for one in (*lecture.refus, *lecture.laisses)
        )
    if format is Format.JSON:
        show_json([_as_data(one, sortie or (dans if number else None)) for one, number in written])
    else:
        for (lecture, number), one in zip(written, found, strict=True):
            say(
                f"{one.document.nom_distinctif or one.document.titre} : {', '.join(one.auteurs)}",
                error=sortie is None and dans is None,
            )
            _show(lecture, dans or sortie or given[0], sortie or dans, number if dans else None)
    show_constats(unread)
    return 0 if all(_is_whole(lecture) for lecture, _ in written) and not unread else 1


def _given(
    named: Iterable[Path], target: Path | None, mission: Path | None
) -> tuple[list[Path], list[Constat]]:
    """The forms that were named, or that a folder holds; what is said of those it cannot give."""
    from dla_docs.returns.folder import forms_in

    held = [forms_in(one) if isdir(one) else ([one], []) for one in named]
    given = [path for paths, _ in held for path in paths]
    for path in given:
        _check_target(path, target, mission)
    return given, [one for _, said in held for one in said]


def _written(
    found: Reunion,
    target: Path | None,
    mission: Path | None,
    profil: str | None,
    remplacer: bool,
) -> tuple[Lecture, int]:
    """The same, with what the mission's file could not take; and how many changes it took."""
    from dla_docs.returns.bringing_back import put_in

    if mission is None:
        _write(found, target, profil, remplacer)
        return found, len(found.changements)
    try:
        kept = put_in(found, mission, profil)
    except InputError as error:
        return replace(found, changements=(), refus=(*found.refus, *error.constats)), 0
    return kept, len(kept.changements)


def _check_target(form: Path, target: Path | None, mission: Path | None) -> None:
    if target is not None and mission is not None:
        raise InputError(
            "« -o » écrit un fichier à part, « --dans » complète la mission : choisissez l'un ou "
            "l'autre."
        )
    if target is not None:
        check_output(target, (".yaml", ".yml"), form)
        from dla_docs.returns.bringing_back import is_mission

        if is_mission(target):
            raise InputError(
                f"« {target.name} » tient une mission, qui serait effacée : « --dans {target.name} "
                "» y écrit les réponses sans toucher au reste."
            )


def _write(lecture: Lecture, target: Path | None, profil: str | None, remplacer: bool) -> None:
    from dla_docs.stages.writing import to_yaml

    if target is not None:
        document = _with_profil(lecture, target, profil)
        put(target, to_yaml(document).encode(), remplacer)


def _with_profil(lecture: Lecture, target: Path, profil: str | None) -> Document:
    """The document says under which profile it is read again: the one asked for, by its place when
    it is a file, or the one that it left under.
    """
    from dla_docs.forms.answers_taken import profil_sent
    from dla_docs.profils.loading import DEFAULT, PROFILS

    document = lecture.document
    if profil and profil not in PROFILS:
        profil = Path(os.path.relpath(profil, target.parent)).as_posix()
    said = profil or document.profil or profil_sent(lecture.envoi)
    if said in (None, document.profil, DEFAULT):
        return document
    return document.model_copy(update={"profil": said})


def _show(lecture: Lecture, form: Path, target: Path | None, written: int | None) -> None:
    from dla_docs.stages.writing import to_yaml

    for change in lecture.changements:
        # Without a target the output is the data, to be redirected.
        say_folded(str(change), error=target is None)
    said = [constat for constat in lecture.constats if not constat.exigences]
    show_constats([*lecture.refus, *said])
    lacking = [constat for constat in lecture.constats if constat.exigences]
    if lacking:
        from dla_docs.raw.quoting import argument

        say(
            f"Il reste à compléter : {summary(lacking)} ; "
            f"« dla-docs verifier {argument(form)} » en dit le détail.",
            error=True,
        )
    if target is None:
        say_raw(to_yaml(lecture.document))
    else:
        told = "" if written is None else f" : {_written_in(written, lecture, target)}."
        say_written(target, told)


def _written_in(number: int, lecture: Lecture | None, mission: Path) -> str:
    """How many, and the files that the mission cites, which others may cite too."""
    root = mission.resolve().parent
    files = lecture.ailleurs if lecture is not None else ()
    named = ", ".join(Path(os.path.relpath(file.resolve(), root)).as_posix() for file in files)
    said = f"{counted(number, 'changement')} {'écrits' if number > 1 else 'écrit'}"
    return f"{said}, en partie dans {named}" if named else said


def _as_data(lecture: Lecture, target: Path | None) -> dict[str, Any]:
    from dla_docs.stages.envelope import data_of

    return {
        "document": type(lecture.document).slug(),
        "donnees": data_of(lecture.document),
        "changements": [
            {"chemin": one.chemin, "libelle": one.libelle, "avant": one.avant, "apres": one.apres}
            for one in lecture.changements
        ],
        "refus": _dicts(lecture.refus),
        "constats": _dicts(lecture.constats),
        "fichiers": [whole_path(path) for path in (target, *lecture.ailleurs) if path is not None],
    }


def _dicts(constats: tuple[Constat, ...]) -> list[dict[str, Any]]:
    return [constat.to_dict() for constat in constats]


COMMANDS = (trame, controle, lire, reunir, retours, annuler)
