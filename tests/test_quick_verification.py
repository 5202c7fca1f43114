"""La preuve courte dit ce que dit la vérification entière, et ne la refait pas."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dla_docs import DOCUMENTS, Document
from dla_docs.pipeline import load_document
from dla_docs.resources import sample_path
from dla_docs.stages import quick_verification as proof
from dla_docs.stages.rendering import fill, template_for
from dla_docs.stages.request import Request, resolve
from dla_docs.stages.verification import verified
from dla_docs.word.archive import pack_quickly, write_archive
from dla_docs.word.package import open_package
from tests import examples
from tests.strategies import documents
from tests.word_packages import zipped

Parts = dict[str, bytes]


def asked(slug: str) -> tuple[Request, bytes]:
    """L'exemple livré, en brouillon, et son fichier, dont la forme a été vérifiée une fois."""
    request = resolve(load_document(sample_path(slug)), brouillon=True)
    octets = fill(request)
    assert proof.proved(octets, request, template_for(request)) == []
    return request, octets


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Les fichiers vérifiés en entier pendant l'essai."""
    seen: list[bytes] = []

    def counted(octets: bytes, *given: Any) -> Any:
        seen.append(octets)
        return verified(octets, *given)

    monkeypatch.setattr(proof, "verified", counted)
    return seen


def test_la_meme_forme_n_est_verifiee_en_entier_qu_une_fois(whole: list[bytes]) -> None:
    request, octets = asked("evaluation_individuelle")
    del whole[:]
    for _ in range(proof.WHOLE_EVERY - 2):
        assert proof.proved(octets, request, template_for(request)) == []
    assert len(whole) <= 1  # one in so many, whatever happens


def test_un_modele_venu_d_ailleurs_l_est_toujours(tmp_path: Path, whole: list[bytes]) -> None:
    from dla_docs.resources import template_path

    modele = tmp_path / "modele.docx"
    modele.write_bytes(template_path("evaluation_individuelle").read_bytes())
    document = load_document(sample_path("evaluation_individuelle"))
    request = resolve(document, brouillon=True, modele=modele)
    for _ in range(3):
        assert proof.proved(fill(request), request, template_for(request)) == []
    assert len(whole) == 3


def emptied(name: str) -> Callable[[Parts], Parts]:
    return lambda parts: {**parts, name: b"<w/>"}


def less(prefix: str) -> Callable[[Parts], Parts]:
    return lambda parts: {name: held for name, held in parts.items() if not name.startswith(prefix)}


def said(old: bytes, new: bytes) -> Callable[[Parts], Parts]:
    return lambda parts: {name: held.replace(old, new) for name, held in parts.items()}


CHANGES = {
    "un mot ôté": said(b"</w:t>", b"x</w:t>"),
    "un texte caché": said(b"<w:r><w:t", b"<w:r><w:rPr><w:vanish/></w:rPr><w:t"),
    "les styles": emptied("word/styles.xml"),
    "les propriétés": said(b"<dc:title>", b"<dc:title>Autre "),
    "les données": emptied("customXml/item1.xml"),
    "la page du départ": lambda parts: {
        name: re.sub(rb' depart="[^"]*"', b"", held) for name, held in parts.items()
    },
    "l'en-tête": less("word/header"),
    "une partie en plus": lambda parts: {**parts, "word/autre.xml": b"<w/>"},
}


def as_ours(parts: Parts) -> bytes:
    """Les mêmes parties, dans un fichier que rien ne distingue des nôtres."""
    return write_archive(pack_quickly(name, held) for name, held in parts.items())


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize(
    ("slug", "written"), [("evaluation_individuelle", as_ours), ("proposition", zipped)]
)
def test_ce_qui_est_abime_est_dit_de_meme(
    slug: str, written: Callable[[Parts], bytes], change: Callable[[Parts], Parts]
) -> None:
    request, octets = asked(slug)
    tampered = written(change(open_package(octets)))
    expected = outcome(verified, tampered, request)
    assert outcome(proof.proved, tampered, request) == expected
    assert expected


def outcome(judge: Callable[..., Any], octets: bytes, request: Request) -> Any:
    """Ses constats, ou l'erreur qu'il lève."""
    try:
        return judge(octets, request, template_for(request))
    except Exception as error:
        return type(error), str(error)


@pytest.mark.parametrize("slug", DOCUMENTS)
def test_un_document_d_une_forme_connue_est_juge_par_ses_valeurs(slug: str) -> None:
    request, octets = asked(slug)
    swapped = resolve(other_of(request.document), brouillon=True)
    # The file of the one is not that of the other, though both are of a known shape.
    proof.proved(fill(swapped), swapped, template_for(swapped))
    assert proof.proved(octets, swapped, template_for(swapped))


def other_of(document: Document, nom: str = "Autre nom") -> Document:
    """Le même, pour un autre opérateur, ou un autre prestataire quand il n'en dit pas."""
    name = "operateur" if hasattr(document, "operateur") else "prestataire"
    held = getattr(document, name)
    return document.model_copy(update={name: held.model_copy(update={"nom": nom})})


@given(document=documents(), extra=st.text("<>&\"'{}\r\n\té", max_size=6))
@examples(60)
def test_rien_n_est_dit_a_tort(document: Document, extra: str) -> None:
    request = resolve(other_of(document, f"Les amis{extra} du lieu"), brouillon=True)
    for _ in range(2):
        assert proof.proved(fill(request), request, template_for(request)) == []
