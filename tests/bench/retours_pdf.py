"""Ce que les gens et les programmes font à un formulaire PDF avant de le rendre."""

from __future__ import annotations

import io
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pikepdf
import pypdfium2
from pikepdf import Dictionary, Name, Pdf, String

from tests.bench.retours_word import Envoi, Facon, Retour, full
from tests.pdf_forms import drawn, fill_pdf, in_pdf, named_fields

Edit = Callable[[Pdf, Mapping[str, str]], object]

_made: dict[str, bytes] = {}


def forms(slugs: Sequence[str]) -> Iterator[tuple[Envoi, bytes]]:
    """Les formulaires PDF de ces sortes, faits une fois, par un seul LibreOffice."""
    _made.update(in_pdf({slug: full(slug).docx for slug in slugs if slug not in _made}))
    for slug in slugs:
        names = dict(named_fields(pikepdf.open(io.BytesIO(_made[slug]))))
        envoi = full(slug)
        typed = {tag: text for tag, text in envoi.typed.items() if tag in names}
        yield Envoi(slug, envoi.docx, typed), _made[slug]


def way(edit: Edit, typed: bool = True) -> Facon:
    """Chaque formulaire, ses champs remplis si ``typed``, puis changé ainsi."""

    def made(slugs: Sequence[str]) -> Iterator[Retour]:
        for envoi, pdf in forms(slugs):
            with pikepdf.open(io.BytesIO(fill_pdf(pdf, envoi.typed if typed else {}))) as document:
                edit(document, envoi.typed)
                document.save(output := io.BytesIO())
            yield Retour(envoi, output.getvalue(), envoi.typed)

    return made


def with_appearance(document: Pdf, typed: Mapping[str, str]) -> None:
    """Le logiciel dessine lui-même chaque réponse."""
    document.generate_appearance_streams()
    document.Root.AcroForm.NeedAppearances = False


def without_appearance(document: Pdf, typed: Mapping[str, str]) -> None:
    """Il n'écrit que les valeurs, et n'en dit rien aux autres."""
    del document.Root.AcroForm.NeedAppearances


def annotated(document: Pdf, typed: Mapping[str, str]) -> None:
    """« Remplir et signer » : un texte posé sur chaque champ, resté vide."""
    for number, widget, text in _asked(document, typed):
        note = Dictionary(
            Type=Name.Annot,
            Subtype=Name.FreeText,
            Rect=widget.Rect,
            Contents=String(text),
            DA=String("/Helv 10 Tf 0 g"),
        )
        document.pages[number].Annots.append(document.make_indirect(note))


def written(document: Pdf, typed: Mapping[str, str]) -> None:
    """Un texte dessiné sur la page, à la place de chaque champ."""
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type1,
        BaseFont=Name.Helvetica,
        Encoding=Name.WinAnsiEncoding,
    )
    for page in document.pages:
        page.add_resource(font, Name.Font, Name("/Pose"))
    for number, widget, text in _asked(document, typed):
        left, low, right, _ = (float(side) for side in widget.Rect.as_list())
        size = max(2.0, min(8.0, (right - left) / (0.6 * len(text))))
        shown = pikepdf.unparse_content_stream(
            [([pikepdf.String(text.encode("cp1252"))], pikepdf.Operator("Tj"))]
        )
        place = f"q BT /Pose {size:.1f} Tf {left:.1f} {low + 2:.1f} Td ".encode()
        document.pages[number].contents_add(place + shown + b" ET Q")


def flattened(document: Pdf, typed: Mapping[str, str]) -> None:
    """Imprimé en PDF : il ne reste que le dessin des réponses."""
    with_appearance(document, typed)
    document.flatten_annotations("all")
    if "/AcroForm" in document.Root:
        del document.Root.AcroForm


def _asked(document: Pdf, typed: Mapping[str, str]) -> list[tuple[int, pikepdf.Object, str]]:
    """The first drawing of each field to answer, its page, and the answer."""
    found: dict[str, tuple[int, pikepdf.Object, str]] = {}
    for number, widget in drawn(document):
        name = _name(widget)
        if name in typed:
            found.setdefault(name, (number, widget, typed[name]))
    return [*found.values()]


def _name(widget: pikepdf.Object) -> str:
    names: list[str] = []
    node: pikepdf.Object | None = widget
    while node is not None:
        names += [str(node.T)] if "/T" in node else []
        node = node.get("/Parent")
    return ".".join(reversed(names))


def _second(pdf: bytes, typed: Mapping[str, str]) -> tuple[bytes, list[str]]:
    """The same form, filled by someone else, and what that one typed."""
    other = {
        tag: f"Seconde personne, {rank}" for rank, tag in enumerate(typed) if "n°" in typed[tag]
    }
    return fill_pdf(pdf, other), [*other.values()]


def pages_joined(slugs: Sequence[str]) -> Iterator[Retour]:
    """Les pages d'un second formulaire mises à la suite, sans ses champs."""
    for envoi, pdf in forms(slugs):
        second, beside = _second(pdf, envoi.typed)
        with (
            pikepdf.open(io.BytesIO(fill_pdf(pdf, envoi.typed))) as document,
            pikepdf.open(io.BytesIO(second)) as other,
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore")  # the fields that stay behind are what is tried
            document.pages.extend(other.pages)
            document.save(output := io.BytesIO())
        yield Retour(envoi, output.getvalue(), envoi.typed, beside=beside)


def forms_joined(slugs: Sequence[str]) -> Iterator[Retour]:
    """Un second formulaire mis à la suite avec ses champs, renommés."""
    for envoi, pdf in forms(slugs):
        second, beside = _second(pdf, envoi.typed)
        with tempfile.TemporaryDirectory() as name:
            one, two, out = (Path(name) / file for file in ("un.pdf", "deux.pdf", "tout.pdf"))
            one.write_bytes(fill_pdf(pdf, envoi.typed))
            two.write_bytes(second)
            job = ["pikepdf", str(one), "--pages", str(one), str(two), "--", str(out)]
            pikepdf.Job(job).run()
            yield Retour(envoi, out.read_bytes(), envoi.typed, beside=beside)


def through(program: Callable[[bytes, Path], bytes]) -> Facon:
    """Chaque formulaire rempli, puis repassé par un autre programme."""

    def made(slugs: Sequence[str]) -> Iterator[Retour]:
        for envoi, pdf in forms(slugs):
            with pikepdf.open(io.BytesIO(fill_pdf(pdf, envoi.typed))) as document:
                with_appearance(document, envoi.typed)
                document.save(filled := io.BytesIO())
            with tempfile.TemporaryDirectory() as name:
                yield Retour(envoi, program(filled.getvalue(), Path(name)), envoi.typed)

    return made


def qpdf(pdf: bytes, folder: Path) -> bytes:
    """Optimisé pour le web : linéarisé, ses objets compressés ensemble."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        kept = pikepdf.ObjectStreamMode.generate
        document.save(output := io.BytesIO(), linearize=True, object_stream_mode=kept)
    return output.getvalue()


def pdfium(pdf: bytes, folder: Path) -> bytes:
    """Enregistré par PDFium, le lecteur de Chrome."""
    with pypdfium2.PdfDocument(pdf) as document:
        document.save(output := io.BytesIO())
    return output.getvalue()


def pdfium_flat(pdf: bytes, folder: Path) -> bytes:
    """Aplati par PDFium."""
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        for page in document:
            page.flatten()
        document.save(output := io.BytesIO())
    return output.getvalue()


def printed_by_poppler(pdf: bytes, folder: Path) -> bytes:
    """Imprimé en PDF par poppler."""
    return _by(["pdftocairo", "-pdf"], pdf, folder)


def _by(command: Sequence[str], pdf: bytes, folder: Path) -> bytes:
    (folder / "a.pdf").write_bytes(pdf)
    run_quietly([*command, folder / "a.pdf", folder / "b.pdf"])
    return (folder / "b.pdf").read_bytes()


def run_quietly(command: Sequence[str | Path]) -> None:
    """Lance ce programme ; il doit aboutir."""
    subprocess.run([*map(str, command)], check=True, capture_output=True, timeout=300)


def united_by_poppler(slugs: Sequence[str]) -> Iterator[Retour]:
    """Un second formulaire mis à la suite par poppler."""
    for envoi, pdf in forms(slugs):
        second, beside = _second(pdf, envoi.typed)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "deux.pdf").write_bytes(second)
            (folder / "un.pdf").write_bytes(fill_pdf(pdf, envoi.typed))
            names = [folder / file for file in ("un.pdf", "deux.pdf", "tout.pdf")]
            run_quietly(["pdfunite", *names])
            yield Retour(envoi, names[-1].read_bytes(), envoi.typed, beside=beside)


FACONS: dict[str, Facon] = {
    "PDF rempli, dessiné par le logiciel": way(with_appearance),
    "PDF rempli, sans dessin": way(without_appearance),
    "PDF optimisé par qpdf": through(qpdf),
    "PDF enregistré par PDFium (Chrome)": through(pdfium),
    "PDF, textes posés (« Remplir et signer »)": way(annotated, typed=False),
    "PDF, textes dessinés sur la page": way(written, typed=False),
    "PDF aplati": way(flattened),
    "PDF aplati par PDFium": through(pdfium_flat),
    "PDF imprimé en PDF par poppler": through(printed_by_poppler),
    "PDF suivi des pages d'un second formulaire": pages_joined,
    "PDF réuni à un second formulaire": forms_joined,
    "PDF réuni à un second formulaire par poppler": united_by_poppler,
}
