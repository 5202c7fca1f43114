"""Many documents: each one has its outcome, in order; a bad one costs itself only."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import Any

import psutil
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dla_docs.errors import ConversionError
from dla_docs.pdf import OFFICE_VARIABLE, convert_many, read_attachment
from dla_docs.pdf.conversion import FRUITLESS_LIMIT, Converter
from tests.pdf.fake_office import FakeOffice, document, mark_of

ORDERS = st.sampled_from(["", "", "", "NOTHING", "GARBAGE", "CRASH", "CRASH ONCE", "NOTHING ONCE"])


def shown(outcomes: Iterator[tuple[str, bytes | ConversionError]]) -> list[tuple[str, str]]:
    """Name and mark of each outcome; « ! » and the file named by the error
    for those that failed."""
    return [
        (
            name,
            mark_of(outcome) if isinstance(outcome, bytes) else f"!{outcome.constats[0].fichier}",
        )
        for name, outcome in outcomes
    ]


@given(orders=st.lists(ORDERS, max_size=7), processes=st.integers(1, 3), chunk=st.integers(1, 8))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_document_has_its_own_outcome_in_order(
    fake: FakeOffice, orders: list[str], processes: int, chunk: int
) -> None:
    for done in fake.folder.glob("done-*"):
        done.unlink()
    documents = [
        (f"nom{index}", document(f"m{index}", order)) for index, order in enumerate(orders)
    ]
    expected = [
        (
            f"nom{index}",
            f"m{index}" if order in ("", "CRASH ONCE", "NOTHING ONCE") else f"!nom{index}",
        )
        for index, order in enumerate(orders)
    ]
    if (
        sum(order == "CRASH" for order in orders) < 3
    ):  # beyond, LibreOffice itself is held to be broken
        assert shown(convert_many(documents, processes=processes, chunk=chunk)) == expected


def test_one_that_hangs_costs_itself_only(fake: FakeOffice) -> None:
    documents = [(mark, document(mark, "HANG" if mark == "c" else "")) for mark in "abcde"]
    outcomes = dict(shown(convert_many(documents, processes=1, timeout=2)))
    assert outcomes == {"a": "a", "b": "b", "c": "!c", "d": "d", "e": "e"}
    assert fake.running_children == []
    assert [len(call) for call in fake.calls] == [
        len(fake.calls[0]),
        len(fake.calls[0]) - 3,
        len(fake.calls[0]) - 4,
    ]


def test_a_slow_conversion_is_left_alone_as_long_as_it_moves(fake: FakeOffice) -> None:
    documents = [(mark, document(mark, "SLOW")) for mark in "abcde"]  # five seconds in all
    outcomes = shown(convert_many(documents, processes=1, timeout=3))
    assert outcomes == [(mark, mark) for mark in "abcde"]
    assert len(fake.calls) == 1  # it was never stopped and started again


def test_hostile_broken_and_equal_names_are_only_names(fake: FakeOffice) -> None:
    names = ["../../x", "", "a/b\\c:*?", "é" * 300, "même", "même"]
    documents = [(name, document(f"m{index}")) for index, name in enumerate(names)]
    assert shown(convert_many(documents)) == [
        (name, f"m{index}") for index, name in enumerate(names)
    ]


def test_a_document_that_is_none_costs_itself_only(fake: FakeOffice) -> None:
    documents = [("a", document("a")), ("b", b"rien"), ("c", document("c"))]
    assert shown(convert_many(documents, processes=1)) == [("a", "a"), ("b", "!b"), ("c", "c")]
    assert len(fake.calls) == 1


def test_pdfium_is_called_where_the_documents_are_asked_for(
    fake: FakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looks at the pages of one while the next are made would stop the process otherwise."""
    opened: list[int] = []

    class Watched(pypdfium2.PdfDocument):  # type: ignore[misc]
        def __init__(self, *given: Any) -> None:
            opened.append(threading.get_ident())
            super().__init__(*given)

    monkeypatch.setattr(pypdfium2, "PdfDocument", Watched)
    documents = [(mark, document(mark)) for mark in "abcd"]
    assert len(shown(convert_many(documents, processes=2, chunk=1))) == 4
    assert {*opened} == {threading.get_ident()}


def test_each_receives_its_own_data(fake: FakeOffice) -> None:
    outcomes = convert_many(
        [("a", document("a")), ("b", document("b"))],
        data=lambda name: name.encode() if name == "a" else None,
    )
    assert [read_attachment(outcome) for _, outcome in outcomes if isinstance(outcome, bytes)] == [
        b"a",
        None,
    ]


def test_few_documents_are_shared_between_the_processes(fake: FakeOffice) -> None:
    list(convert_many([(mark, document(mark)) for mark in "abcd"], processes=2, chunk=20))
    assert len(fake.calls) == 2


def test_documents_are_asked_for_as_they_are_used(fake: FakeOffice) -> None:
    asked: list[int] = []

    def documents() -> Iterator[tuple[str, bytes]]:
        for number in range(100):
            asked.append(number)
            yield str(number), document(str(number))

    outcomes = convert_many(documents(), processes=1, chunk=2)
    next(outcomes)
    assert len(asked) <= 6
    outcomes.close()  # type: ignore[attr-defined]  # a generator, though the signature promises an iterator only


def test_leaving_early_stops_what_runs(fake: FakeOffice, tmp_path: Path) -> None:
    outcomes = convert_many(
        [("a", document("a")), ("b", document("b", "HANG"))], processes=1, chunk=1, timeout=600
    )
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]  # a generator, though the signature promises an iterator only
    assert fake.running_children == []
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_document_is_given_while_libreoffice_works_on_the_next_ones(fake: FakeOffice) -> None:
    documents = [(mark, document(mark, "HANG" if mark == "c" else "")) for mark in "abcd"]
    outcomes = convert_many(documents, processes=1, timeout=600)
    assert shown(iter([next(outcomes)])) == [("a", "a")]
    hanging = fake.folder / "children"
    while not hanging.exists() or not hanging.read_text().endswith("\n"):
        sleep(0.05)
    assert psutil.pid_exists(int(hanging.read_text()))
    outcomes.close()  # type: ignore[attr-defined]  # a generator, though the signature promises an iterator only
    assert fake.running_children == []


def test_a_file_is_taken_once_the_next_one_is_begun(fake: FakeOffice) -> None:
    """What looks whole before may still be written."""
    documents = [(mark, document(mark, "DRAFT")) for mark in "abc"]
    assert shown(convert_many(documents, processes=1)) == [(mark, mark) for mark in "abc"]
    assert len(fake.calls) == 1


def test_those_that_come_before_a_hanging_one_are_not_made_again(fake: FakeOffice) -> None:
    documents = [(mark, document(mark, "HANG ONCE" if mark == "c" else "")) for mark in "abcd"]
    assert shown(convert_many(documents, processes=1, timeout=2)) == [(one, one) for one in "abcd"]
    asked = [[Path(path).stem for path in call if path.endswith(".docx")] for call in fake.calls]
    assert asked == [["0", "1", "2", "3"], ["3"], ["2"]]


def test_a_defect_of_ours_is_said_and_does_not_wait(
    fake: FakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("au milieu")

    monkeypatch.setattr(Converter, "convert", broken)
    with pytest.raises(LookupError, match="au milieu"):
        list(convert_many([("a", document("a"))]))


def test_an_error_of_the_caller_s_own_documents_reaches_the_caller(fake: FakeOffice) -> None:
    def documents() -> Iterator[tuple[str, bytes]]:
        yield "a", document("a")
        raise LookupError("au milieu")

    with pytest.raises(LookupError, match="au milieu"):
        list(convert_many(documents()))


def test_a_libreoffice_that_never_works_is_given_up(fake: FakeOffice) -> None:
    documents = [(str(number), document(f"m{number}", "CRASH")) for number in range(30)]
    outcomes = list(convert_many(documents, processes=1))
    assert all(isinstance(outcome, ConversionError) for _, outcome in outcomes)
    assert "LibreOffice ne répond plus" in str(outcomes[-1][1])
    assert str(outcomes[-1][1]).startswith("29 : ")
    assert len(fake.calls) == FRUITLESS_LIMIT


def test_without_libreoffice_the_call_itself_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OFFICE_VARIABLE, "/nulle/part/soffice")
    with pytest.raises(ConversionError, match=OFFICE_VARIABLE):
        convert_many([])
