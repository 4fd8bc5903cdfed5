"""Like places of a mended one."""

from typing import Any

from pipeline.reader import Document
from pipeline.series import series
from tests.documents import document


def made(raw: str, restored: str | None = None, reviewed: tuple[int, int] | None = None) -> Document:
    """A document of one line, a map entry a word; both texts have the same words."""
    pairs, at, to = list[tuple[int, int, int, int]](), 0, 0
    for read, printed in zip(raw.split(), (restored or raw).split(), strict=True):
        pairs.append((to, to + len(printed), at, at + len(read)))
        at, to = at + len(read) + 1, to + len(printed) + 1
    corrections: list[dict[str, Any]] = []
    if reviewed:
        corrections.append(
            {"raw": raw[slice(*reviewed)], "restored": "x", "span": None, "raw_span": reviewed, "confidence": 1.0}
            | {"runner_up": None, "source": "reviewer"}
        )
    return document(text={"raw": raw, "restored": restored or raw, "map": pairs}, corrections=corrections)


def starts(raw: str, *others: Document, start: int = 0, end: int = 2, corrected: str = "Sở") -> list[tuple[str, int]]:
    documents = [("a", made(raw)), *((f"b{n}", other) for n, other in enumerate(others))]
    return [(place.document, place.start) for place in series("a", start, end, corrected, documents)]


def test_the_likest_come_first_and_the_place_itself_never() -> None:
    assert starts("So Y te va So Tai chinh va So Y te") == [("a", 27), ("a", 11)]
    assert starts("So Y te", made("giao So Tai"), made("giao So Y te")) == [("b1", 5), ("b0", 5)]


def test_parts_of_words_mended_and_reviewed_places_are_left_out() -> None:
    assert starts("So Y te", made("Song Sor aSo")) == []
    assert starts("So Y te", made("giao So Y te", "giao Sở Y te")) == []
    assert starts("So Y te", made("giao So Y te", reviewed=(5, 7))) == []


def test_another_reading_counts_only_between_the_same_words() -> None:
    assert starts("So Y te", made("giao So Tai", "giao Số Tai")) == []
    assert starts("So Y te", made("giao So Y te", "giao Số Y te")) == [("b0", 5)]


def test_marks_count_only_beside_the_same_words() -> None:
    assert starts("- Y te", made("a - b"), made("- Y"), end=1, corrected="+") == [("b1", 0)]


def test_a_place_that_is_none_has_no_series() -> None:
    assert starts("So Y te", start=1, end=2) == []
    assert starts("So Y te", start=50, end=52) == []
    assert series("none", 0, 2, "x", [("a", made("So Y te"))]) == []
