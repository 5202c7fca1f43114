"""La trame : le document à remplir, où ce que l'on sait est déjà écrit et où seuls les champs du
rôle sont ouverts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from dla_docs.annexes.controle import FicheDeControle
from dla_docs.constat import Constat, Gravite
from dla_docs.errors import InputError
from dla_docs.files import safe_name, unique_names
from dla_docs.forms.row_counts import row_counts
from dla_docs.forms.sheets import anonymous, new_key, rank_key, sheets
from dla_docs.forms.visibility import check_cites_nobody, keys_of, only_view, open_among
from dla_docs.manual.requirement_index import kind_named, named
from dla_docs.mission import Mission, Suite
from dla_docs.model.document import Document
from dla_docs.model.requirement import Role, role_named
from dla_docs.profils.grafting import adapted
from dla_docs.profils.loading import profil_of
from dla_docs.profils.profil import Profil
from dla_docs.profils.settings import FichesDesParticipants
from dla_docs.raw.overlaying import CLE
from dla_docs.stages.loading import build_document
from dla_docs.stages.printable import NO_ROWS
from dla_docs.stages.rendering import fill, template_of
from dla_docs.stages.request import Request, resolve, stage_named


def trame(
    slug: str,
    mission: Mission | None = None,
    role: Role | str | None = None,
    profil: Profil | str | Path | None = None,
    modele: str | Path | None = None,
    *,
    stade: str | None = None,
    lignes: Mapping[str, int] = NO_ROWS,
    nouvelle: bool = False,
) -> bytes:
    """Le formulaire Word d'un document, où ce que l'on sait est déjà écrit.

    Arguments :
    - ``slug`` : le nom du document (« grille_de_suivi »), ou « mission ».
    - ``mission`` : ce que l'on sait ; sans elle, le formulaire est vierge.
    - ``role`` : celui qui remplit, ou son nom (« structure ») ; seuls ses champs sont ouverts.
      Sans lui, tous le sont.
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans lui,
      celui de la mission, sinon ``national``.
    - ``modele`` : le modèle Word de l'opérateur (.docx) ; sans lui, celui qui est livré.
    - ``stade`` : le stade où le document en est une fois rempli ; sans lui, celui que dit la
      mission.
    - ``lignes`` : le nombre de lignes de certaines listes, par nom (``{"etapes": 8}``).
    - ``nouvelle`` : une fiche de plus, d'une sorte dont la mission peut en tenir plusieurs d'un
      même prestataire (« demande_de_modification ») ; sans quoi, celle qu'elle tient.

    Rend : les octets d'un .docx.

    Erreurs :
    - ``InputError`` : le document, le rôle, le profil, le modèle, le stade ou une liste n'existe
      pas, ou le rôle n'y remplit rien ; plusieurs retenus ont chacun le leur (``trames``).
    - ``TemplateError`` : le modèle Word ne s'accorde pas avec le document.
    """
    made = trame_made(
        slug, mission, role, profil, modele, stade=stade, lignes=lignes, nouvelle=nouvelle
    )
    return made[1]


def trame_made(
    slug: str,
    mission: Mission | None,
    role: Role | str | None,
    profil: Profil | str | Path | None = None,
    modele: str | Path | None = None,
    *,
    stade: str | None = None,
    lignes: Mapping[str, int] = NO_ROWS,
    nouvelle: bool = False,
) -> tuple[Request, bytes]:
    """La même, avec ce qu'elle demande et à qui."""
    filling, chosen = _role(role), profil_of(mission, profil)
    document = (_new if nouvelle else _known)(adapted(named(slug), chosen), mission)
    return _made(_at(document, stade), filling, chosen, modele, lignes)


def form(
    document: Document,
    role: Role | None,
    profil: Profil,
    modele: str | Path | None = None,
    lignes: Mapping[str, int] = NO_ROWS,
) -> bytes:
    """Le formulaire Word d'un document déjà commencé."""
    return _made(document, role, profil, modele, lignes)[1]


def _made(
    document: Document,
    role: Role | None,
    profil: Profil,
    modele: str | Path | None,
    lignes: Mapping[str, int],
) -> tuple[Request, bytes]:
    asked = resolve(document, profil, modele=modele)
    shown, opened = _for_role(asked, role)
    rows = row_counts(type(shown), lignes)
    if role is not None and not opened:
        raise InputError(
            f"« {shown.titre} » n'a rien à remplir pour le rôle « {role.value} "
            f"».{_roles(type(shown))}"
        )
    if role is Role.PRESTATAIRE:
        check_cites_nobody(shown, opened)
    request = asked.as_form(shown, role.value if role else "", opened, rows)
    return request, fill(request)


def _role(role: Role | str | None) -> Role | None:
    return None if role is None else role_named(role)


def _at(document: Document, stade: str | None) -> Document:
    """The same, at that stage: it comes back with the answers."""
    if stade is None:
        return document
    return document.model_copy(update={"stade": str(stage_named(document, stade))})


def trames(
    slug: str,
    mission: Mission,
    role: Role | str | None = None,
    profil: Profil | str | Path | None = None,
    modele: str | Path | None = None,
    *,
    stade: str | None = None,
    lignes: Mapping[str, int] = NO_ROWS,
) -> tuple[tuple[str, bytes], ...]:
    """Un formulaire par fiche de cette sorte que tient la mission, un par participant par exemple.

    Arguments :
    - ``slug`` : le nom du document (« evaluation_collective »).
    - ``mission`` : celle qui tient les fiches.
    - ``role`` : celui qui remplit, ou son nom (« structure ») ; seuls ses champs sont ouverts.
      Sans lui, tous le sont.
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans lui,
      celui de la mission, sinon ``national``.
    - ``modele`` : le modèle Word de l'opérateur (.docx) ; sans lui, celui qui est livré.
    - ``stade`` : le stade où le document en est une fois rempli ; sans lui, celui que dit la
      mission.
    - ``lignes`` : le nombre de lignes de certaines listes, par nom (``{"etapes": 8}``).

    Rend : des couples, un nom de fichier sûr et les octets d'un .docx.

    Erreurs :
    - ``InputError`` : le document, le rôle, le profil, le modèle, le stade ou une liste n'existe
      pas, la mission ne tient aucune fiche de cette sorte, ou le rôle n'y remplit rien.
    - ``TemplateError`` : le modèle Word ne s'accorde pas avec le document.
    """
    made = trames_made(slug, mission, role, profil, modele, stade=stade, lignes=lignes)
    return tuple((name, octets) for name, _, octets in made)


def trames_made(
    slug: str,
    mission: Mission,
    role: Role | str | None,
    profil: Profil | str | Path | None = None,
    modele: str | Path | None = None,
    *,
    stade: str | None = None,
    lignes: Mapping[str, int] = NO_ROWS,
) -> tuple[tuple[str, Request, bytes], ...]:
    """Les mêmes, chacun avec ce qu'il demande et à qui."""
    filling, chosen, model = _role(role), profil_of(mission, profil), named(slug)
    held = [
        view
        for sheet in (*sheets(mission, model.slug()), *_to_come(mission, model, chosen))
        for view in _unnamed(sheet, chosen).vues(filling.value if filling else "")
    ]
    if not held:
        advice = (
            f"Nommez-les sous « documents: » : une ligne « - {model.distingue_par}: … » par "
            f"fiche, à la clé « {model.slug()} »."
        )
        raise InputError(
            Constat(f"La mission ne tient aucune fiche « {model.titre} ».", conseil=advice)
        )
    names = unique_names(
        [
            safe_name(
                " - ".join(filter(None, (model.slug(), sheet.nom_distinctif))), suffix=".docx"
            )
            for sheet in held
        ]
    )
    return tuple(
        (name, *_made(_at(sheet, stade), filling, chosen, modele, lignes))
        for name, sheet in zip(names, held, strict=True)
    )


def _to_come(mission: Mission, model: type[Document], profil: Profil) -> Iterator[Document]:
    """One for each of those solicited who has none yet, and has not said no; of a kind that several
    retained do not share, one for each of them.
    """
    held = {cle for one in mission.documents.get(model.slug(), ()) for cle in keys_of(one)}
    if model.un_par_sollicite:
        asked = mission.mise_en_concurrence.sollicites
        due = [one.cle for one in asked if one.reponse in (None, Suite.PROPOSITION)]
    else:
        due = [*mission.retenus] if held & {*mission.retenus} and not model.multiple else []
    for cle in due:
        if cle and cle not in held:
            yield build_document(mission, adapted(model, profil), {"prestataire": cle})


def avant_l_envoi(
    slug: str, mission: Mission, role: Role | str | None, nouvelle: bool = False
) -> tuple[Constat, ...]:
    """Ce qui devrait être fait avant que ce rôle reçoive ces formulaires : le tour de chacun, quand
    un guide le dit. ``nouvelle`` : ce n'est pas une des fiches que tient la mission.
    """
    filling = _role(role)
    if nouvelle:
        return ()
    before = (one.avant_l_envoi(filling) for one in sheets(mission, slug)) if filling else ()
    return (*_may_be_more(slug, mission), *chain.from_iterable(before))


def _may_be_more(slug: str, mission: Mission) -> tuple[Constat, ...]:
    held = sheets(mission, slug)
    if not held or not held[0].par_cle:
        return ()
    return (
        Constat(
            f"La mission tient déjà « {held[0].titre_court or held[0].titre} » : ce qu'on y change "
            "la changera.",
            Gravite.INFORMATION,
            conseil="Pour en demander une autre, ajoutez « --nouvelle ».",
        ),
    )


def controle(
    slug: str,
    mission: Mission | None = None,
    profil: Profil | str | Path | None = None,
    modele: str | Path | None = None,
) -> bytes:
    """La fiche Word où contrôler un document venu du dehors : tout ce que demandent de lui les
    guides que suit le profil.
    """
    chosen = profil_of(mission, profil)
    return form(
        FicheDeControle.de(kind_named(slug), chosen, mission),
        Role.CHARGE_DE_MISSION,
        chosen,
        modele,
    )


def _for_role(asked: Request, role: Role | None) -> tuple[Document, frozenset[str]]:
    """The document as this role may see it, and what it may fill."""
    document = only_view(asked.document, role.value) if role else asked.document
    shown = _unnamed(document, asked.profil)
    opened = open_paths(type(document), role, asked.modele, asked.profil)
    closed = {*_said_by_the_first(document), *(() if shown is document else document.anonymes)}
    kept = (path for path in opened if path.partition(".")[0] not in closed)
    return shown, frozenset(kept) if closed else opened


def _said_by_the_first(document: Document) -> tuple[str, ...]:
    """What the first sheet of a mission says for this one too: it is asked there alone."""
    held = document._mission.documents.get(document.slug()) if document._mission else None
    return document.communs if held and held[0]._raw is not document._raw else ()


def _unnamed(document: Document, profil: Profil) -> Document:
    return (
        anonymous(document)
        if document.anonymes and profil.participants is FichesDesParticipants.ANONYMES
        else document
    )


def _roles(model: type[Document]) -> str:
    known = [role.value for role in Role if open_paths(model, role)]
    return f" Y remplissent quelque chose : {', '.join(known)}."


def open_paths(
    model: type[Document],
    role: Role | None,
    modele: str | Path | None = None,
    profil: Profil | None = None,
) -> frozenset[str]:
    """Les champs de la page qu'un rôle remplit : ceux que l'exigence lui donne, ou tous quand il
    n'y a pas de rôle, sauf les questions auxquelles on répond.
    """
    return open_among(model, role, template_of(model, modele, profil).paths)


def _refuse_several(model: type[Document], mission: Mission) -> None:
    """Of a kind that a mission holds once, several retained have each their own: which one is not
    to be guessed.
    """
    apart = model.multiple and not model.par_cle
    held = () if apart else mission.documents.get(model.slug(), ())
    if len(held) > 1:
        names = ", ".join(str(one.nom_distinctif or rank) for rank, one in enumerate(held, 1))
        raise InputError(
            Constat(
                f"La mission tient plusieurs fiches « {model.titre} » : {names}.",
                conseil="Donnez un dossier à « -o » : il recevra un formulaire par fiche.",
            )
        )


def _known(model: type[Document], mission: Mission | None) -> Document:
    if mission is None:
        return model()
    _refuse_several(model, mission)
    if model.par_cle:
        known = sheets(mission, model.slug())
        return known[0] if known else build_document(mission, model, {CLE: rank_key(model, 0)})
    held = model.tenu_par(mission)
    return held if isinstance(held, Document) else build_document(mission, model, {})


def _new(model: type[Document], mission: Mission | None) -> Document:
    """One that the mission does not hold yet; its key brings it back to its own place."""
    if mission is None or not model.par_cle:
        raise InputError(
            "Une nouvelle fiche se demande pour une mission : ajoutez « --mission MISSION »."
            if model.par_cle
            else f"« {model.titre} » ne se demande pas deux fois : retirez « --nouvelle »."
        )
    return build_document(mission, model, {CLE: new_key(model, mission)})
