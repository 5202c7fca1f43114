"""La trame : le document à remplir, où ce que l'on sait est déjà écrit et où seuls les champs du
rôle sont ouverts.
"""

from __future__ import annotations

from pathlib import Path

from dla_docs.annexes.controle import FicheDeControle
from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.files import safe_name, unique_names
from dla_docs.forms.sheets import anonymous, sheets
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.model.requirement import Role
from dla_docs.model.validation import validated
from dla_docs.profils.grafting import adapted
from dla_docs.profils.loading import profil_of
from dla_docs.profils.profil import Profil
from dla_docs.profils.settings import FichesDesParticipants
from dla_docs.registry import DOCUMENTS, FORMULAIRES
from dla_docs.stages.loading import derived
from dla_docs.stages.rendering import fill, template_of
from dla_docs.stages.request import Request, resolve


def trame(
    slug: str,
    mission: Mission | None = None,
    role: Role | None = None,
    profil: Profil | str | Path | None = None,
    modele: str | Path | None = None,
) -> bytes:
    """Le formulaire Word d'un document. Sans mission il est vierge ; sans rôle, tous ses champs
    sont ouverts.

    ``InputError`` quand le rôle n'y remplit rien.
    """
    chosen = profil_of(mission, profil)
    return form(_known(adapted(FORMULAIRES[slug], chosen), mission), role, chosen, modele)


def form(
    document: Document, role: Role | None, profil: Profil, modele: str | Path | None = None
) -> bytes:
    """Le formulaire Word d'un document déjà commencé."""
    asked = resolve(document, profil, modele=modele)
    shown, opened = _for_role(asked, role)
    if role is not None and not opened:
        raise InputError(
            f"« {shown.titre} » n'a rien à remplir pour le rôle « {role.value} "
            f"».{_roles(type(shown))}"
        )
    return fill(asked.as_form(shown, role.value if role else "", opened))


def trames(
    slug: str,
    mission: Mission,
    role: Role | None = None,
    profil: Profil | str | Path | None = None,
    modele: str | Path | None = None,
) -> tuple[tuple[str, bytes], ...]:
    """Un formulaire par fiche de cette sorte que tient la mission, une par participant par exemple,
    chacun sous un nom de fichier sûr.

    ``InputError`` quand la mission n'en tient aucune, ou que le rôle n'y remplit rien.
    """
    chosen, model = profil_of(mission, profil), FORMULAIRES[slug]
    held = [_unnamed(sheet, chosen) for sheet in sheets(mission, slug)]
    if not held:
        advice = (
            f"Nommez-les sous « documents: » : une ligne « - {model.distingue_par}: … » par "
            f"fiche, à la clé « {slug} »."
        )
        raise InputError(
            Constat(f"La mission ne tient aucune fiche « {model.titre} ».", conseil=advice)
        )
    names = unique_names(
        [
            safe_name(" - ".join(filter(None, (slug, sheet.nom_distinctif))), suffix=".docx")
            for sheet in held
        ]
    )
    return tuple(
        (name, form(sheet, role, chosen, modele)) for name, sheet in zip(names, held, strict=True)
    )


def avant_l_envoi(slug: str, mission: Mission, role: Role | None) -> tuple[Constat, ...]:
    """Ce qui devrait être fait avant que ce rôle reçoive ces formulaires : le tour de chacun, quand
    un guide le dit.
    """
    return (
        tuple(constat for sheet in sheets(mission, slug) for constat in sheet.avant_l_envoi(role))
        if role
        else ()
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
        FicheDeControle.de(DOCUMENTS[slug], chosen, mission), Role.CHARGE_DE_MISSION, chosen, modele
    )


def _for_role(asked: Request, role: Role | None) -> tuple[Document, frozenset[str]]:
    """The document as this role may see it, and what it may fill."""
    document = asked.document
    shown, opened = _unnamed(document, asked.profil), open_paths(type(document), role, asked.modele)
    return shown, opened if shown is document else frozenset(
        path for path in opened if path.partition(".")[0] not in document.anonymes
    )


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
    model: type[Document], role: Role | None, modele: str | Path | None = None
) -> frozenset[str]:
    """Les champs de la page qu'un rôle remplit : ceux que l'exigence lui donne, ou tous quand il
    n'y a pas de rôle.
    """
    printed = template_of(model, modele).paths
    return frozenset(
        node.path
        for node in model.schema_node().leaves()
        if node.path in printed and (role is None or role.value in node.roles)
    )


def _known(model: type[Document], mission: Mission | None) -> Document:
    if mission is None:
        return model()
    held = model.tenu_par(mission)
    if isinstance(held, Document):
        return held
    known = derived(mission, model)
    return validated(model, known, known).placed(mission, known, mission._dossier)
