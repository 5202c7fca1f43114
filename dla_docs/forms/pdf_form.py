"""Le formulaire en PDF : le formulaire Word, ses champs ouverts devenus des champs de PDF, ses
données jointes ; et ce qu'il en revient.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from dla_docs import pdf
from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.forms.answers_taken import profil_sent
from dla_docs.forms.ticks import answers_in
from dla_docs.forms.writing_space import place_fields, shown
from dla_docs.pdf import Field
from dla_docs.profils.grafting import adapted
from dla_docs.profils.loading import profil_of
from dla_docs.profils.profil import Profil
from dla_docs.registry import FORMULAIRES
from dla_docs.stages.envelope import Enveloppe, from_json, open_envelope
from dla_docs.word.package import MAX_FILE, open_package
from dla_docs.word.page import Control, PageLine


@dataclass(frozen=True)
class Gabarit:
    """Un formulaire Word prêt à devenir un PDF : le document à convertir, ses champs, et les
    données à joindre (JSON).
    """

    docx: bytes
    fields: tuple[Field, ...]
    data: bytes


def to_pdf(form: bytes, profil: Profil | str | Path | None = None) -> bytes:
    """Le PDF à remplir d'un formulaire Word fait par ``trame`` ou ``controle``. ``ConversionError``
    quand LibreOffice manque ou échoue.

    ``profil`` : celui sous lequel il a été fait, quand c'est celui d'un DLA.
    """
    try:
        return _converted(gabarit(form, profil))
    except (
        pdf.LostFieldsError
    ):  # LibreOffice may lose whole rows at the foot of a page, below a heading that repeats
        return _converted(gabarit(form, profil, headings=False))


def _converted(made: Gabarit) -> bytes:
    return pdf.with_fields(pdf.convert(made.docx, "formulaire", data=made.data), made.fields)


def gabarit(
    form: bytes, profil: Profil | str | Path | None = None, headings: bool = True
) -> Gabarit:
    """Le formulaire Word, mis en page pour être un PDF ; les en-têtes de ses tableaux s'y répètent,
    sauf si ``headings`` est faux.
    """
    parts = open_package(form)
    sent = open_envelope(parts)
    if sent is None or sent.slug not in FORMULAIRES:
        raise InputError(
            "Ce document Word n'est pas un formulaire de dla-docs : il ne peut pas devenir un PDF "
            "à remplir."
        )
    model = adapted(FORMULAIRES[sent.slug], profil_of(None, profil or profil_sent(sent)))
    page = place_fields(parts, model, headings)
    answers = {control.tag: control for control in answers_in(parts, model)}
    names = dict.fromkeys(field.name for field in page.fields)
    lines = tuple(PageLine(((answers[name],),)) for name in names)
    return Gabarit(page.docx, page.fields, replace(sent, page=lines).to_json().encode())


def is_pdf(data: bytes) -> bool:
    """Vrai pour un PDF, même précédé de quelques octets d'une messagerie."""
    return b"%PDF-" in data[:1024]


def contents(data: bytes, name: str = "") -> tuple[Enveloppe | None, tuple[PageLine, ...]]:
    """Les données parties avec un formulaire PDF, et ses réponses, un champ par ligne.
    ``InputError`` quand il n'y a rien à relire.
    """
    try:
        if len(data) > MAX_FILE:
            raise InputError(
                Constat(
                    f"Ce PDF dépasse {MAX_FILE // 1024**2} Mo.",
                    conseil="Indiquez le formulaire rempli à l'écran, et non sa numérisation.",
                )
            )
        fields, sent = pdf.read_fields(data), _envelope(data)
        if not fields and (sent is None or sent.champs):
            raise InputError(_nothing_to_read(data, sent))
    except InputError as error:
        raise type(error)(
            replace(constat, fichier=name) for constat in error.constats
        ) from error.__cause__
    left = {
        control.tag: control.text
        for line in (sent.page if sent else ())
        for control in line.controls
    }
    return sent, tuple(
        PageLine(((Control(name, _answer(text.strip(), left.get(name, ""))),),))
        for name, text in fields
    )


def _answer(text: str, left: str) -> str:
    """What nobody has touched is what left, with the spaces that a field of a PDF cannot show."""
    return left if text == shown(left).strip() else text


def _envelope(data: bytes) -> Enveloppe | None:
    said = pdf.read_attachment(data)
    try:
        return None if said is None else from_json(said.decode())
    except ValueError:  # data that someone has damaged are lost data
        return None


def _nothing_to_read(data: bytes, sent: Enveloppe | None) -> Constat:
    if sent is not None:
        return Constat(
            "Les champs de ce formulaire PDF ont été aplatis (imprimés en PDF) : les réponses ne "
            "s'y lisent plus.",
            conseil="Demandez le fichier rempli lui-même, enregistré et non imprimé.",
        )
    if pdf.holds_only_pictures(data):
        return Constat(
            "Ce PDF est un formulaire imprimé puis numérisé : ce n'est qu'une image, ses réponses "
            "ne s'y lisent pas.",
            conseil="Demandez qu'on remplisse le formulaire à l'écran, ou recopiez les réponses.",
        )
    return Constat(
        "Ce PDF n'est pas un formulaire de dla-docs : il n'a aucun champ.",
        conseil="Indiquez le formulaire rempli, tel qu'il est revenu.",
    )
