"""Le rendu : un document, un profil, un modèle Word, des octets. Un définitif auquel il manque un
contenu obligatoire ne part pas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeVar

from dla_docs.builder import build_template
from dla_docs.constat import Constat, bloquants
from dla_docs.errors import NonConformityError
from dla_docs.files import read_bytes
from dla_docs.model.document import Document
from dla_docs.parties.charte import charte_de
from dla_docs.profils.grafting import demanded, is_official
from dla_docs.profils.profil import Profil
from dla_docs.registry import MODELES
from dla_docs.resources import template_path
from dla_docs.stages.envelope import Enveloppe, envelope
from dla_docs.stages.form_page import dressed
from dla_docs.stages.request import Moteur, Request, resolve
from dla_docs.stages.sent_page import with_departure
from dla_docs.stages.styling import style_of
from dla_docs.stages.verdict import verdict
from dla_docs.stages.whose_sheet import place_of, rank_of
from dla_docs.templating import (
    BROUILLON,
    DEFINITIF,
    CompiledTemplate,
    Drawn,
    Template,
    compile_template,
)
from dla_docs.templating.restyling import Style, restyled
from dla_docs.word.archive import PackedPart, pack_quickly, write_archive
from dla_docs.word.beyond import beyond_in
from dla_docs.word.hidden import seen
from dla_docs.word.package import MAX_FILE
from dla_docs.word.page import PageLine, page_in
from dla_docs.word.part import of_small_parts

Made = TypeVar("Made")


def render(
    document: Document,
    profil: Profil | str | Path | None = None,
    *,
    stade: str | None = None,
    brouillon: bool = False,
    modele: str | Path | None = None,
    moteur: str | None = None,
) -> bytes:
    """Le document Word.

    Arguments :
    - ``document`` : le document.
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans lui,
      celui du document, sinon celui de sa mission, sinon ``national``.
    - ``stade`` : le nom du stade d'un document qui se remplit par étapes ; sans lui, celui du
      document.
    - ``brouillon`` : rend le document malgré ce qui manque, et le montre à sa place.
    - ``modele`` : le modèle Word de l'opérateur (.docx) ; sans lui, celui qui est livré.
    - ``moteur`` : ce qui remplit ce modèle, « dla » (sans lui) ou « docxtpl », qui demande l'extra
      du même nom.

    Rend : les octets d'un .docx.

    Erreurs :
    - ``InputError`` : le profil, le stade, le modèle Word ou un logo n'existe pas ou ne se lit pas.
    - ``TemplateError`` : le modèle Word ne s'accorde pas avec le document.
    - ``NonConformityError`` : un bloquant demeure, et ce n'est pas un brouillon.
    """
    request = resolve(document, profil, stade, brouillon=brouillon, modele=modele, moteur=moteur)
    return rendered(request, () if brouillon else verdict(request))


def rendered(request: Request, constats: Iterable[Constat]) -> bytes:
    """Le document Word d'une demande et de son verdict. ``NonConformityError`` quand un définitif y
    a un bloquant.
    """
    refuse_non_conforming(request, constats)
    return fill(request)


def refuse_non_conforming(request: Request, constats: Iterable[Constat]) -> None:
    """``NonConformityError`` quand ce verdict retient le définitif qui est demandé."""
    if request.mode is DEFINITIF and (stopping := bloquants(constats)):
        raise NonConformityError(stopping)


def fill(request: Request) -> bytes:
    """Le modèle Word rempli, sans verdict : le document, le brouillon ou le formulaire, selon le
    mode.
    """
    if request.mode.is_form:
        return _form(request)
    template, drawn = template_for(request), drawn_for(request)
    data = with_departure(envelope_of(request), drawn.printed, drawn.shell.look)
    return template.written({**drawn.printed, **drawn.around(request.mode, data)})


def _form(request: Request) -> bytes:
    """A form carries its page as it left: what was lost on the way is found again by its place, and
    what was changed is seen.
    """
    template = compiled_for(request)
    parts = dressed(template.parts(request.printable, request.mode, b""), request)
    drawn = tuple(found.what for found in beyond_in(parts))
    sent = replace(envelope_of(request, page_in(seen(parts))), dessins=drawn)
    place, held = place_of(request.document, sent.donnees), rank_of(request.document) is not None
    sent = replace(sent, place=place, tenu=held)
    made = {**parts, template.data_part: sent.to_xml()}
    return write_archive(_packed(content, name) for name, content in made.items())


@of_small_parts
def _packed(content: bytes, name: str) -> PackedPart:
    return pack_quickly(name, content)


def drawn_for(request: Request) -> Drawn:
    """Ce qu'une demande imprime, ses valeurs à part : le rendu écrit la page, la vérification
    compare ; le moteur n'y passe qu'une fois.
    """
    if "drawn" not in request.found:
        drawn = template_for(request).drawn(request.printable, request.mode)
        request.found["drawn"] = drawn
    found: Drawn = request.found["drawn"]
    return found


def envelope_of(request: Request, page: tuple[PageLine, ...] = ()) -> Enveloppe:
    """Les données que le document emporte : celles que son modèle Word imprime."""
    if "envelope" not in request.found:
        printed = _paths_read(request)
        profil, role = str(request.profil.cle), request.role
        made = envelope(request.document, profil, role, printed)
        draft, other = request.mode is BROUILLON, bool(request.modele)
        request.found["envelope"] = replace(made, brouillon=draft, autre_modele=other)
    sent: Enveloppe = request.found["envelope"]
    return replace(sent, page=page) if page else sent


def _paths_read(request: Request) -> tuple[str, ...]:
    """Of a form, before its page is drawn: the data travel in it."""
    return compiled_for(request).paths if request.mode.is_form else drawn_for(request).paths


def template_for(request: Request) -> Template:
    """Le modèle Word d'une demande, prêt à être rempli par le moteur qu'elle nomme."""
    if request.moteur is Moteur.DLA:
        return compiled_for(request)
    if "foreign" not in request.found:
        request.found["foreign"] = _by_docxtpl(request)
    found: Template = request.found["foreign"]
    return found


def compiled_for(request: Request) -> CompiledTemplate:
    """Le modèle Word d'une demande, compilé par le moteur du projet : le seul qui sache les
    formulaires.
    """
    if "template" not in request.found:
        style = style_of(charte_de(request.document))
        made = template_of(type(request.document), request.modele, request.profil, style)
        request.found["template"] = made
    found: CompiledTemplate = request.found["template"]
    return found


def template_of(
    model: type[Document],
    modele: str | Path | None = None,
    profil: Profil | None = None,
    style: Style | None = None,
) -> CompiledTemplate:
    """Le modèle Word compilé : celui de l'opérateur, tenu d'imprimer ce que demandent les guides de
    son profil, ou celui qui est livré ; bâti sur place quand le profil d'un DLA ajoute au document,
    et habillé selon la charte de l'opérateur.
    """
    if modele:
        wanted = demanded(model, profil) if profil else model
        return _dressed(Path(modele), style, lambda held: compile_template(held, wanted))
    if is_official(model) and model.slug() in MODELES:
        path = template_path(model.slug())
        about = path.stat()
        return _delivered(path, (about.st_mtime_ns, about.st_size, about.st_ino), model, style)
    return _dressed(_built(model), style, lambda held: compile_template(held, model))


@lru_cache(64)  # as many as templates are kept compiled
def _delivered(
    path: Path, about: tuple[int, int, int], model: type[Document], style: Style | None
) -> CompiledTemplate:
    """What is delivered does not change while it is used: ten thousand sheets do not read it ten
    thousand times; a file that is no more what it was is read again.
    """
    return _dressed(path, style, lambda held: compile_template(held, model))


def _by_docxtpl(request: Request) -> Template:
    from dla_docs.docxtpl_engine import compile_docxtpl  # docxtpl comes with its extra only

    source = Path(str(request.modele))
    wanted = demanded(type(request.document), request.profil)
    style = style_of(charte_de(request.document))
    return _dressed(source, style, lambda held: compile_docxtpl(held, wanted, source.parent))


def _dressed(
    source: Path | bytes, style: Style | None, compiled: Callable[[Path | bytes], Made]
) -> Made:
    plain = compiled(source)  # what it has of wrong is said of the file itself
    if not style:
        return plain
    held = source if isinstance(source, bytes) else read_bytes(source, MAX_FILE)
    return compiled(restyled(held, style))


@cache
def _built(model: type[Document]) -> bytes:
    return build_template(model)
