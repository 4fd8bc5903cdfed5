"""A restoration and the file of mends in; the restoration with the mends in it, and what was not done, out.

Rows are heard in order of time, so that the last about a place wins, and one about a part of a place changes that part.
"""

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.document import Notice, Restoration, RestoredLine, Review, Source, Span, Syllable, Work
from pipeline.review.anchor import anchor
from pipeline.review.rows import Log, Row, read_log, standing

_SHOWN = 40


def apply(source: Source, restoration: Restoration, data: bytes) -> Restoration:
    """`data`: the bytes of NAME.corrections.csv. Raises InputError where they are none.

    A row that is bad, or whose place is not there or not sure, changes nothing; a notice tells of it.
    """
    log = read_log(data)
    places = {row: anchor(row, source.raw) for row in dict.fromkeys(log.rows)}
    lines = list(restoration.lines)
    starts = [line.raw_start for line in lines]
    done, lost = list[Row](), list[Row]()
    opened = dict[int, list[Syllable]]()
    for row in standing(log.rows, places):
        place = places[row]
        index = bisect_right(starts, place[0]) - 1 if place else -1
        if index >= 0 and index not in opened:
            opened[index] = _opened(lines[index])
        mended = _mended(lines[index], opened[index], place, row) if place and index >= 0 else None
        if mended is None:
            lost.append(row)
        else:
            opened[index] = mended
            done.append(row)
    for index, syllables in opened.items():
        lines[index] = _closed(lines[index], syllables, source.raw)
    return replace(
        restoration,
        lines=tuple(lines),
        notices=(*restoration.notices, *_notices(log, lost)),
        corrections=hashlib.sha256(data).hexdigest(),
        work=tuple(_work(done, lost)),
    )


def _opened(line: RestoredLine) -> list[Syllable]:
    """The line's syllables in raw order, and among them the specks, as syllables without a text."""
    specks = [Syllable("", 0, 0, start, end, 1.0) for start, end in line.specks]
    return sorted((*line.syllables, *specks), key=lambda syllable: syllable.raw_start)


def _mended(line: RestoredLine, syllables: list[Syllable], place: Span, row: Row) -> list[Syllable] | None:
    """The syllables with what the row says; None where the place does not begin and end with some of them."""
    inside = [i for i, s in enumerate(syllables) if s.raw_start < place[1] and s.raw_end > place[0]]
    if not inside:
        return None
    first, last = inside[0], inside[-1]
    if (syllables[first].raw_start, syllables[last].raw_end) != place:
        return None
    old = syllables[first : last + 1]
    review = Review(row.reviewer, row.time)
    texts = row.corrected.split() if row.action != "delete" else [""]
    printed = [syllable for syllable in old if syllable.text]
    if len(texts) not in (len(printed), len(old)):
        parts = _shares(place, texts)
        texts = texts if len(parts) == len(texts) else [" ".join(texts)]
        new = [Syllable(text, 0, 0, *part, 1.0, None, review) for text, part in zip(texts, parts, strict=True)]
        new[0] = replace(new[0], runner_up=_read(line, place) or None)
    else:
        left = iter(texts)
        new = [
            replace(syllable, text=next(left), confidence=1.0, review=review)
            if syllable.text or len(texts) == len(old)
            else syllable
            for syllable in old
        ]
        new = [replace(syllable, runner_up=_rival(line, syllable)) if syllable.review else syllable for syllable in new]
    return [*syllables[:first], *new, *syllables[last + 1 :]]


def _read(line: RestoredLine, place: Span) -> str:
    """What the model read there."""
    return " ".join(s.text for s in line.syllables if s.raw_start < place[1] and s.raw_end > place[0])


def _rival(line: RestoredLine, syllable: Syllable) -> str | None:
    """What the model read there, where that is something else."""
    read = _read(line, (syllable.raw_start, syllable.raw_end))
    return read if read and read != syllable.text else None


def _shares(place: Span, texts: Sequence[str]) -> list[Span]:
    """Parts of a place for other texts than its syllables, as long as they are; the whole if it is too short."""
    start, length = place[0], place[1] - place[0]
    if length < len(texts):
        return [place]
    total, at, cuts = sum(map(len, texts)), 0, [start]
    for left, text in enumerate(texts[:-1], start=1):
        at += len(text)
        least, most = cuts[-1] + 1, place[1] - (len(texts) - left)
        cuts.append(min(max(start + length * at // total, least), most))
    return list(zip(cuts, [*cuts[1:], place[1]], strict=True))


def _closed(line: RestoredLine, syllables: Sequence[Syllable], raw: str) -> RestoredLine:
    """The line of these syllables; its own spaces stay where no syllable came or went."""
    printed = [syllable for syllable in syllables if syllable.text]
    kept = [(s.raw_start, s.raw_end, s.text) for s in printed] == [
        (s.raw_start, s.raw_end, s.text) for s in line.syllables
    ]
    pieces, at = list[Syllable](), 0
    if kept:
        text = line.text
        pieces = [replace(new, start=old.start, end=old.end) for new, old in zip(printed, line.syllables, strict=True)]
    else:
        text = " ".join(syllable.text for syllable in printed)
        for syllable in printed:
            pieces.append(replace(syllable, start=at, end=at + len(syllable.text)))
            at += len(syllable.text) + 1
    deleted = [replace(s, start=len(text), end=len(text)) for s in syllables if not s.text]
    return replace(
        line,
        text=text,
        syllables=tuple(pieces),
        specks=tuple((s.raw_start, s.raw_end) for s in deleted),
        deleted=tuple(s for s in deleted if s.review),
    )


def _notices(log: Log, lost: Sequence[Row]) -> Iterator[Notice]:
    for bad in log.bad:
        yield Notice("correction_bad", f"Line {bad.line} of the corrections: {bad.reason}.")
    for row in lost:
        what = row.corrected[:_SHOWN] if row.corrected else "nothing"
        message = (
            f"{row.reviewer or 'Somebody'} said on {row.time} that {what!r} is printed for {row.raw[:_SHOWN]!r} at"
            f" {row.start}; that place is not there any more, or not to be told from others. Mend it again."
        )
        yield Notice("correction_unplaced", message)


def _work(done: Sequence[Row], lost: Sequence[Row]) -> Iterator[Work]:
    for reviewer in sorted({row.reviewer for row in (*done, *lost)}):
        own = [row for row in done if row.reviewer == reviewer]
        missing = [row for row in lost if row.reviewer == reviewer]
        counts = Counter(row.action for row in own)
        time = max(row.time for row in (*own, *missing))
        yield Work(reviewer, time, tuple(sorted(counts.items())), len(missing))
