"""A row and the raw text of a document in, the place that the row means there out, or None where that is not sure.

A place is where it was, if the same text stands there between the same; else it is found by its text and what stands
beside it. So a newer model, which leaves the raw text as it is, changes nothing, and text that was put in, taken out or
read otherwise by a newer OCR engine moves it. Likeness is that of rapidfuzz: the share of characters that the longest
common part of two strings has (normalised Indel similarity), from 0 to 1.
"""

import re
from collections.abc import Iterator

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from pipeline.document import Span
from pipeline.review.rows import Row, context

SAME_CONTEXT = 0.75
"""Likeness of the context from which the same text is the same place."""
SAME_PASSAGE = 0.7
"""Likeness of a whole passage from which it is the same, read otherwise."""
LEAD = 0.1
"""By how much the best place must be likelier than the second."""
MOST_FOUND = 2_000
_WORD = re.compile(r"\S+")


def anchor(row: Row, raw: str) -> Span | None:
    """Where the row's place stands in the raw text."""
    if raw[row.start : row.end] == row.raw and context(raw, row.start, row.end) == (row.before, row.after):
        return row.start, row.end
    same = _best((_likeness(row, raw, place), place) for place in _occurrences(row, raw))
    return same or _read_otherwise(row, raw)


def _best(found: Iterator[tuple[float, Span]]) -> Span | None:
    """The place that is likely enough, and by far the likeliest."""
    ranked = sorted(found, reverse=True)[:2]
    if not ranked or ranked[0][0] < SAME_CONTEXT:
        return None
    return None if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < LEAD else ranked[0][1]


def _likeness(row: Row, raw: str, place: Span) -> float:
    """Of the text beside the place to that beside the row's; a place without any is as good as its text."""
    before, after = context(raw, *place)
    length = len(row.before) + len(row.after)
    if not length:
        return 1.0
    likenesses = (
        Indel.normalized_similarity(row.before, before[len(before) - len(row.before) :]) * len(row.before),
        Indel.normalized_similarity(row.after, after[: len(row.after)]) * len(row.after),
    )
    return sum(likenesses) / length


def _occurrences(row: Row, raw: str) -> Iterator[Span]:
    """Places of the same text that cut no word in two but where the row's does."""
    cuts = _cuts(row.before + row.raw + row.after, len(row.before), len(row.before) + len(row.raw))
    at = raw.find(row.raw)
    for _ in range(MOST_FOUND):
        if at < 0:
            return
        if _cuts(raw, at, at + len(row.raw)) == cuts:
            yield at, at + len(row.raw)
        at = raw.find(row.raw, at + 1)


def _cuts(text: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether a place cuts a word in two at its start, at its end."""
    return text[max(0, start - 1) : start + 1].isalnum() and start > 0, text[end - 1 : end + 1].isalnum() and end < len(
        text
    )


def _read_otherwise(row: Row, raw: str) -> Span | None:
    """The words that stand where the row's did in the one passage that is like its own."""
    passage = row.before + row.raw + row.after
    first = _passage(passage, raw, 0, len(raw))
    if first is None or len(passage) < 2 * len(row.raw):
        return None
    rivals = (_passage(passage, raw, 0, first[1]), _passage(passage, raw, first[2], len(raw)))
    if any(rival and first[0] - rival[0] < LEAD for rival in rivals):
        return None
    found = raw[first[1] : first[2]]
    own = len(row.before), len(row.before) + len(row.raw)
    starts, ends = list[int](), list[int]()
    for a, b, size in Indel.editops(passage, found).as_matching_blocks():
        if a <= own[0]:
            starts.append(b + min(size, own[0] - a))
        if a + size >= own[1]:
            ends.append(b + max(0, own[1] - a))
    inside = first[1] + starts[-1], first[1] + ends[0]
    words = [word.span() for word in _WORD.finditer(raw, first[1], first[2])]
    met = [(start, end) for start, end in words if start < inside[1] and end > inside[0]]
    if not met or raw.find("\n", met[0][0], met[-1][1]) >= 0:
        return None
    return met[0][0], met[-1][1]


def _passage(passage: str, raw: str, start: int, end: int) -> tuple[float, int, int] | None:
    """Likeness, start and end of what is most like the passage between start and end."""
    if end - start < len(passage) // 2:
        return None
    best = fuzz.partial_ratio_alignment(passage, raw[start:end], score_cutoff=100 * (SAME_PASSAGE - LEAD))
    if best is None or ((start, end) == (0, len(raw)) and best.score < 100 * SAME_PASSAGE):
        return None
    if best.dest_end - best.dest_start < len(passage) // 2:
        return None
    return best.score / 100, start + best.dest_start, start + best.dest_end
