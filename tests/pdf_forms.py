"""Tous les formulaires en PDF, faits par un seul LibreOffice, et remplis comme un lecteur de PDF
les remplit.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count

import pikepdf

from dla_docs import Mission, load
from dla_docs.forms import controle, trame
from dla_docs.forms.blank_form import form
from dla_docs.forms.pdf_form import Gabarit, gabarit, to_pdf
from dla_docs.model.bloc import value_type
from dla_docs.model.document import Document
from dla_docs.model.requirement import Role
from dla_docs.model.typography import typeset_words
from dla_docs.pdf import LostFieldsError, convert_many, with_fields
from dla_docs.profils.loading import load_profil
from dla_docs.registry import DOCUMENTS, FORMULAIRES
from dla_docs.resources import sample_path

OTHERS = {
    "annee": ("2012",),
    "date": ("02/02/2014", "03/02/2014"),
    "jours": ("3,25 j",),
    "montant": ("12,34 €",),
    "nombre": ("77", "5"),
    "telephone": ("02 61 91 99 99",),
}

OFTEN = {
    "cahier_des_charges",
    "evaluation_individuelle",
    "evaluation_individuelle vierge",
    "grille_de_suivi du prestataire",
    "mission",
}

FORMS = sorted(
    set(FORMULAIRES)
    | {
        "evaluation_individuelle vierge",
        "cahier_des_charges vierge",
        "grille_de_suivi du prestataire",
    }
)


@cache
def word_forms() -> dict[str, bytes]:
    """Chaque sorte, tous ses champs ouverts, telle que son exemple la remplit ; deux vierges ; le
    suivi que le prestataire remplit.
    """
    mission = load(sample_path("mission_individuelle"))
    assert isinstance(mission, Mission)
    filled = {
        slug: form(document, None, load_profil("national"))
        for slug in DOCUMENTS
        if isinstance(document := load(sample_path(slug)), Document)
    }
    blank = {
        f"{slug} vierge": trame(slug) for slug in ("evaluation_individuelle", "cahier_des_charges")
    }
    others = {"mission": trame("mission", mission), "controle": controle("proposition")}
    return {
        **filled,
        **others,
        **blank,
        "grille_de_suivi du prestataire": trame("grille_de_suivi", mission, Role.PRESTATAIRE),
    }


def model_of(name: str) -> type[Document]:
    """La classe du formulaire de ce nom."""
    return FORMULAIRES[name.split()[0]]


def pdf_form(name: str) -> bytes:
    """Le même, en PDF."""
    return _converted(name in OFTEN)[name]


@cache
def _converted(often: bool) -> dict[str, bytes]:
    """Those that the short half reads by one LibreOffice, all the others by another."""
    return in_pdf({name: docx for name, docx in word_forms().items() if (name in OFTEN) == often})


def in_pdf(wanted: Mapping[str, bytes]) -> dict[str, bytes]:
    """Ces formulaires Word, par nom, faits PDF par un seul LibreOffice."""
    made = {name: gabarit(docx) for name, docx in wanted.items()}
    converted = dict(
        convert_many(
            ((name, one.docx) for name, one in made.items()),
            "formulaire",
            data=lambda name: made[name].data,
        )
    )
    assert {name: raw for name, raw in converted.items() if not isinstance(raw, bytes)} == {}
    return {
        name: _laid(raw, made[name], wanted[name])
        for name, raw in converted.items()
        if isinstance(raw, bytes)
    }


def _laid(raw: bytes, made: Gabarit, docx: bytes) -> bytes:
    try:
        return with_fields(raw, made.fields)
    except LostFieldsError:
        return to_pdf(docx)


def fill_pdf(pdf: bytes, answers: Mapping[str, str], **saving: bool) -> bytes:
    """Le même PDF, ces champs remplis ; un nom absent est une faute de l'essai."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fields = dict(named_fields(document))
        for name, text in answers.items():
            if pikepdf.Name.Btn == fields[name].FT:
                tick(fields[name], text)
            else:
                fields[name].V = pikepdf.String(text)
        document.save(output, **saving)  # type: ignore[arg-type]  # the options of pikepdf, passed on
    return output.getvalue()


def tick(field: pikepdf.Object, answer: str) -> None:
    """Coche la case de cette réponse, comme un lecteur de PDF : la valeur, et l'état de chacune."""
    choices = [str(one) for one in field.Opt.as_list()]
    shown = " ".join(typeset_words(answer).split())
    field.V = pikepdf.Name(f"/{choices.index(shown)}") if answer else pikepdf.Name.Off
    for box in field.Kids.as_list():
        box.AS = field.V if str(field.V) in box.AP.N else pikepdf.Name.Off


def named_fields(document: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Object]]:
    """Les champs par nom entier, dans l'ordre du formulaire."""
    yield from _below(document.Root.AcroForm.Fields, "")


def _below(nodes: pikepdf.Object, above: str) -> Iterator[tuple[str, pikepdf.Object]]:
    for node in nodes.as_list():
        name = f"{above}.{node.T}".removeprefix(".")
        if "/Kids" in node and "/T" in node.Kids.as_list()[0]:
            yield from _below(node.Kids, name)
        else:
            yield name, node


def drawn(document: pikepdf.Pdf) -> Iterator[tuple[int, pikepdf.Object]]:
    """Les champs dessinés, avec le rang de leur page."""
    for number, page in enumerate(document.pages):
        yield from (
            (number, one)
            for one in page.obj.get("/Annots", pikepdf.Array()).as_list()
            if one.Subtype == pikepdf.Name.Widget
        )


def other_answers(model: type[Document], held: Mapping[str, str]) -> dict[str, str]:
    """Pour chaque champ, une réponse qui n'est pas celle qu'il tient, et qu'aucun autre texte libre
    ne reçoit.
    """
    ranks = count(1)
    return {
        name: _other(model, name, text, next(ranks))
        for name, text in held.items()
        if not name.endswith("cle")
    }


def _other(model: type[Document], name: str, text: str, rank: int) -> str:
    mark = value_type(model, name)
    node = model.schema_node().find(name)
    assert node is not None
    known = (*node.choices, *mark.examples, *OTHERS.get(node.format, ()))
    return next(
        (one for one in known if mark.load(one) != mark.load(text)),
        f"Réponse n° {rank} : œuvre « d'été »",
    )
