"""Les pages d'un PDF, relues : leur image, leur texte, depuis plusieurs fils à la fois."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pytest
from PIL import Image

from dla_docs.errors import InputError
from dla_docs.pdf import picture
from dla_docs.pdf.pages import text


def pages(count: int) -> bytes:
    output = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(count):
            document.add_blank_page(page_size=(595, 842))
        document.save(output)
    return output.getvalue()


def test_a_page_comes_out_at_the_resolution_asked_for() -> None:
    with Image.open(io.BytesIO(picture(pages(2), page=2, dpi=144))) as seen:
        assert (seen.format, seen.size) == ("PNG", (1190, 1684))


@pytest.mark.parametrize("page", [0, 3, -1])
def test_a_page_that_is_not_there_is_said(page: int) -> None:
    with pytest.raises(InputError, match="il en compte 2"):
        picture(pages(2), page=page)


def test_what_is_no_pdf_is_said() -> None:
    with pytest.raises(InputError, match="ne s'ouvre pas"):
        picture(b"%PDF-1.7 rien")


def test_several_threads_read_at_the_same_time() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(text, [pages(3)] * 200)) == ["\n\n"] * 200
