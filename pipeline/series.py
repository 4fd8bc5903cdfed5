"""A place that was mended and documents in; the like places in them out, where the same mend may be due.

A place is like another where the same was read, at the borders of syllables, and either the same was made of it or the
word before or behind is the same too; the latter where it is marks alone. PoCoTo (Vobl et al., 2014) calls such places
an error series.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.export import schema
from pipeline.folding import fold
from pipeline.review.rows import context


@dataclass(frozen=True, slots=True)
class Place:
    """A place like the mended one. `document`: its name; `confidence`: of its least sure syllable."""

    document: str
    start: int
    end: int
    raw: str
    before: str
    after: str
    restored: str
    confidence: float
    sha256: str


@dataclass(frozen=True, slots=True)
class _Seen:
    name: str
    document: schema.Document
    starts: list[int]
    ends: list[int]
    spans: list[tuple[int, int]]


def series(
    name: str, start: int, end: int, corrected: str, documents: Iterable[tuple[str, schema.Document]]
) -> list[Place]:
    """Places in `documents`, each with its name, like start to end of the one called `name`; the likest first.

    Left out: the place itself, what a reviewer looked at, and what reads as `corrected` already.
    """
    seen = [_see(label, document) for label, document in documents]
    mended = next((one for one in seen if one.name == name), None)
    if mended is None:
        return []
    model = _place(mended, start, end)
    if model is None:
        return []
    found = [
        (_likeness(model, place), place)
        for one in seen
        for place in _same_raw(one, model.raw)
        if (place.document, place.start) != (name, start) and place.restored != corrected
    ]
    ranked = sorted(found, key=lambda pair: (-pair[0], pair[1].document != name, pair[1].document, pair[1].start))
    return [place for likeness, place in ranked if likeness]


def _see(name: str, document: schema.Document) -> _Seen:
    entries = sorted(document.text.map, key=lambda entry: entry[2])
    starts, ends = [entry[2] for entry in entries], [entry[3] for entry in entries]
    return _Seen(name, document, starts, ends, [(entry[0], entry[1]) for entry in entries])


def _same_raw(one: _Seen, raw: str) -> Iterator[Place]:
    text = one.document.text.raw
    reviewed = {c.raw_span for c in one.document.corrections if c.source == "reviewer"}
    at = text.find(raw)
    while at >= 0:
        place = _place(one, at, at + len(raw))
        if place and not any(start < place.end and end > place.start for start, end in reviewed):
            yield place
        at = text.find(raw, at + 1)


def _place(one: _Seen, start: int, end: int) -> Place | None:
    """None where no syllables begin and end there."""
    first = bisect_left(one.starts, start)
    last = bisect_left(one.ends, end)
    if first > last or last >= len(one.ends) or (one.starts[first], one.ends[last]) != (start, end):
        return None
    text = one.document.text
    doubts = [c.confidence for c in one.document.corrections if c.raw_span[0] < end and c.raw_span[1] > start]
    restored = text.restored[one.spans[first][0] : one.spans[last][1]]
    before, after = context(text.raw, start, end)
    digest = one.document.source.sha256
    return Place(one.name, start, end, text.raw[start:end], before, after, restored, min(doubts, default=1.0), digest)


def _likeness(model: Place, other: Place) -> int:
    """How much of restoration, word before and word behind is the same; 0 for marks among other words."""
    beside = [(fold(place.before).split()[-1:], fold(place.after).split()[:1]) for place in (model, other)]
    (before, after), (other_before, other_after) = beside
    same = (before == other_before) + (after == other_after)
    if not same and not any(map(str.isalnum, model.raw)):
        return 0
    return same + (2 if model.restored == other.restored else 0)
