"""La relecture d'un document revenu, en Word ou en PDF : ce qui a changé, ce qui ne se lit pas, et
le document qui en résulte.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from dla_docs.constat import Constat, Gravite
from dla_docs.errors import InputError, PackageError
from dla_docs.files import read_bytes
from dla_docs.forms.answers_taken import (
    Changement,
    Lecture,
    judge,
    leaf,
    left_aside,
    placed,
    profil_sent,
    take_back,
)
from dla_docs.forms.finder import located
from dla_docs.forms.pdf_form import contents, is_pdf
from dla_docs.forms.sheets import ranks_of
from dla_docs.forms.ticks import ticked
from dla_docs.model.bloc import value_type
from dla_docs.model.document import Document
from dla_docs.model.node import schema_path
from dla_docs.pdf import Added, added_to
from dla_docs.profils.grafting import adapted
from dla_docs.profils.loading import profil_of
from dla_docs.profils.profil import Profil
from dla_docs.raw.quoting import quoted, whole
from dla_docs.registry import FORMULAIRES
from dla_docs.spelling import spaced
from dla_docs.stages.envelope import Enveloppe, open_envelope
from dla_docs.stages.whose_sheet import Holder
from dla_docs.word.beyond import Beyond, added_in, check_read
from dla_docs.word.boxes import MARKS, path_of, rank_of
from dla_docs.word.hidden import seen
from dla_docs.word.inherited import with_styles_said
from dla_docs.word.package import MAX_FILE, open_package
from dla_docs.word.page import Control, PageLine, page_in

__all__ = ["Changement", "Lecture", "chosen_profil", "judge", "model_of", "read"]


def read(
    source: bytes | str | Path,
    base: Mapping[str, tuple[Document, ...]] | None = None,
    profil: Profil | str | Path | None = None,
) -> Lecture:
    """Le document d'un formulaire revenu, rempli par n'importe quel traitement de texte ou lecteur
    de PDF.

    Arguments :
    - ``source`` : un fichier .docx ou .pdf, ou ses octets.
    - ``base`` : les documents de la mission, par nom (``mission.documents``), auxquels comparer
      quand le fichier a perdu ses données.
    - ``profil`` : celui sous lequel il est parti, quand c'est celui d'un DLA, dont il ne dit que le
      nom.

    Rend : une ``Lecture`` ; une cellule qui ne se lit pas est dans ses ``refus``. Un document que
    l'on vient de produire revient égal à lui-même, moins ce que sa page n'imprime pas : ce que note
    celui qui reçoit une proposition, la couverture et la remise d'un rapport, les coordonnées des
    structures d'une notification, les fiches que compte une synthèse.

    Erreurs :
    - ``InputError`` : ce n'est pas un de nos documents, ``base`` n'en tient pas par nom, ou le
      profil ne se lit pas.
    - ``PackageError`` : le fichier Word est abîmé, protégé ou dangereux.
    """
    _check_base(base)
    name = "" if isinstance(source, bytes) else Path(source).name
    sent, left, page, beyond = _opened(source)
    chosen = chosen_profil(profil, sent, base or {})
    model = adapted(
        model_of(sent, [control for line in page for control in line.controls], name), chosen
    )
    found, sent = ticked(located(left, page, partial(_reads, model)), sent, model)
    controls, kept = without_invitations(found.controls, sent)
    held = (base or {}).get(model.slug(), ())
    lecture = take_back(model, sent, controls, _likened(model, held, controls), chosen)
    said = (*_draft(sent), *beyond, *kept, *found.constats, *lecture.constats)
    aside = (*left_aside((*beyond, *found.constats)), *lecture.laisses)
    return replace(
        lecture,
        refus=tuple(placed(constat, model) for constat in lecture.refus),
        constats=tuple(placed(constat, model) for constat in said),
        laisses=tuple(placed(constat, model) for constat in aside),
    )


def _check_base(given: object) -> None:
    """A program without types gives the mission, or its file, where its documents are awaited."""
    if not isinstance(given, Mapping | None):
        raise InputError(
            Constat(
                f"{quoted(getattr(given, 'titre', given))} n'est pas l'ensemble des documents "
                "d'une mission, par nom.",
                conseil="D'une mission lue par « load », « mission.documents » le donne.",
            )
        )


def _likened(
    model: type[Document], held: Sequence[Document], controls: Iterable[Control]
) -> Document | None:
    """The one of the mission that a page without its data is compared with: of several, the one
    whose name it prints.
    """
    if len(held) < 2:
        return next(iter(held), None)
    whose = f"{model.distingue_par}.nom"
    named = next((spaced(one.text) for one in controls if one.tag == whose and one.text), "")
    ranks = ranks_of(model, held, Holder(nom=named))
    return held[ranks[0]] if len(ranks) == 1 else None


def _draft(sent: Enveloppe | None) -> Iterator[Constat]:
    if sent is not None and sent.brouillon:
        yield Constat(
            f"{DRAFT} : ce document a été produit avant d'être complet.",
            Gravite.AVERTISSEMENT,
            conseil="Complétez-le, puis produisez le document définitif.",
        )


DRAFT = "BROUILLON"


def is_draft(constat: Constat) -> bool:
    """Vrai du constat qui dit qu'un document relu est un brouillon : il se dit le premier."""
    return constat.message.startswith(DRAFT)


def without_invitations(
    controls: Iterable[Control], sent: Enveloppe | None
) -> tuple[tuple[Control, ...], list[Constat]]:
    """Les mêmes réponses, sans l'invitation qui serait restée devant ou derrière ; et ce qui en a
    été ôté. Un champ parti rempli n'en montrait pas.
    """
    filled = {
        control.tag
        for line in (sent.page if sent else ())
        for control in line.controls
        if control.text
    }
    kept, said = [], []
    for control in controls:
        text = _bare(control)
        if text != control.text and control.tag not in filled:
            message = (
                f"l'invitation « {control.invitation} » était restée avec la réponse et en est "
                f"ôtée ({control.tag})."
            )
            advice = "Si ces mots sont de la réponse, écrivez-la en d'autres mots dans le champ."
            said.append(Constat(message, Gravite.INFORMATION, control.tag, conseil=advice))
            control = replace(control, text=text)
        kept.append(control)
    return tuple(kept), said


def _bare(control: Control) -> str:
    text = control.text
    if not text:
        return text
    for bare in (text.removeprefix(control.invitation), text.removesuffix(control.invitation)):
        if control.invitation and bare.strip() and bare != text:
            return bare.strip()
    return text


def _not_taken(found: Beyond) -> Constat:
    holder = "la réponse tient aussi" if found.tag else "La page tient"
    where = f" ({found.tag})" if found.tag else f" (ligne {quoted(found.line)})" * bool(found.line)
    return Constat(
        f"{holder} {found.what} qui ne se reprend pas{where}.",
        Gravite.AVERTISSEMENT,
        found.tag,
        conseil="Écrivez dans le champ ce qui doit en être gardé.",
    )


def _beside(found: Added) -> Constat:
    said = f", {whole(found.text)}," if found.text else ""
    near = f", près de ce champ ({found.field})" if found.field else ""
    return Constat(
        f"Page {found.page} du PDF : {found.what}{said} ne se reprend pas{near}.",
        Gravite.AVERTISSEMENT,
        found.field,
        conseil="Écrivez dans un champ ce qui doit en être gardé.",
    )


def _without_text(parts: Mapping[str, bytes], name: str) -> Constat:
    if any(part.startswith("word/media/") for part in parts):
        message = (
            "Ce fichier Word ne contient que des images, sans doute une page imprimée puis "
            "numérisée : rien ne peut y être lu."
        )
        return Constat(
            message,
            fichier=name,
            conseil=(
                "Demandez le formulaire rempli à l'écran, ou recopiez ses réponses dans le "
                "formulaire Word."
            ),
        )
    return Constat(
        "Ce document Word est vide.",
        fichier=name,
        conseil="Demandez qu'on vous renvoie le formulaire rempli.",
    )


def _opened(
    source: bytes | str | Path,
) -> tuple[Enveloppe | None, tuple[PageLine, ...], tuple[PageLine, ...], list[Constat]]:
    """What a file left with, the page as it left, the page that came back, and what stands there
    that no answer can hold; on a PDF nothing but the fields can be written.
    """
    name = "" if isinstance(source, bytes) else str(source)
    data = source if isinstance(source, bytes) else read_bytes(source, MAX_FILE)
    if is_pdf(data):
        sent, page = contents(data, name)
        return sent, (), page, [*map(_beside, added_to(data))]
    parts = with_styles_said(open_package(data, name, check_read))
    sent, page = open_envelope(parts), _page(parts, name)
    if not page:
        raise InputError(_without_text(parts, Path(name).name))
    is_form = sent is None or sent.page  # what any other document draws is its own
    drawn = added_in(parts, sent.dessins if sent else ())
    added = [found for found in drawn if is_form or found.tag]
    left = sent.page if sent else ()
    covered = {found.tag for found in added if found.is_hidden}
    return sent, left, tuple(_kept(page, left, covered)), [*map(_not_taken, added)]


def _kept(
    page: Iterable[PageLine], left: Iterable[PageLine], covered: Collection[str]
) -> Iterator[PageLine]:
    """An answer that is hidden whole is not erased: it is what it was when it left."""
    was = {one.tag: one.text for line in left for one in line.controls if one.tag in covered}

    def kept(piece: str | Control) -> str | Control:
        if isinstance(piece, str) or piece.text or piece.tag not in was:
            return piece
        return replace(piece, text=was[piece.tag])

    for line in page:
        yield replace(line, cells=tuple(tuple(map(kept, c)) for c in line.cells)) if was else line


def _page(parts: Mapping[str, bytes], name: str) -> tuple[PageLine, ...]:
    try:
        return page_in(seen(parts))
    except PackageError as error:
        raise PackageError(replace(one, fichier=name) for one in error.constats) from error


def _reads(model: type[Document], control: Control, text: str) -> bool:
    if rank_of(control.tag):
        return not text or MARKS.fullmatch(text) is not None
    if leaf(model, control.tag) is None:
        return False
    try:
        value_type(model, control.tag).load(text)
    except ValueError:
        return False
    return True


def chosen_profil(
    asked: Profil | str | Path | None,
    sent: Enveloppe | None,
    base: Mapping[str, tuple[Document, ...]],
) -> Profil:
    """Le profil d'un formulaire : il dit par son nom un profil livré ; celui d'un DLA est celui de
    la mission où vont ses réponses.
    """
    held = next((document for documents in base.values() for document in documents), None)
    return profil_of(held, asked or profil_sent(sent))


def model_of(sent: Enveloppe | None, controls: Iterable[Control], name: str) -> type[Document]:
    """La sorte du document : celle que disent ses données, ou que ses champs font reconnaître ;
    ``InputError`` quand ce n'est pas un des nôtres.
    """
    if sent is not None and sent.slug in FORMULAIRES:
        return FORMULAIRES[sent.slug]
    tags = {schema_path(path_of(control.tag)) for control in controls if control.tag}
    known = {
        slug: sum(leaf(model, tag) is not None for tag in tags)
        for slug, model in FORMULAIRES.items()
    }
    best = max(known, key=lambda slug: known[slug])
    if not tags or known[best] < len(tags) / 2:
        message = (
            "Ce fichier n'est pas un document de dla_docs, ou ses champs se sont perdus dans une "
            "copie : aucun champ connu ne s'y trouve."
        )
        raise InputError(
            Constat(
                message,
                fichier=name,
                conseil=(
                    "Recopiez ses réponses dans le formulaire tel qu'il a été envoyé, puis "
                    "relisez celui-là."
                ),
            )
        )
    return FORMULAIRES[best]
