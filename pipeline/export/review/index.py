"""Overviews of documents in; the page that leads to all of them, with its figures, out."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log1p
from urllib.parse import quote

from pipeline.export.review.overview import BINS, Overview
from pipeline.export.review.shell import render

MOST_AGENCIES = 12


@dataclass(frozen=True, slots=True)
class _Bar:
    """A bar of a figure: its share of the longest, from 0 to 100."""

    label: str
    count: int
    share: float


def to_index(documents: Sequence[tuple[str, Overview]]) -> bytes:
    """`documents`: each with the address of its page, relative to the index."""
    shown = [overview for _, overview in documents]
    confidences = [sum(counts) for counts in zip(*(o.confidences for o in shown), strict=True)] or [0] * BINS
    agencies, years = Counter[str](), Counter[str]()
    for overview in shown:
        agencies.update(overview.agencies)
        years.update(overview.years)
    return render(
        "index.html",
        documents=[(quote(address), overview) for address, overview in documents],
        totals={
            name: sum(getattr(overview, name) for overview in shown)
            for name in ("pages", "syllables", "doubts", "reviewed", "tasks")
        },
        confidences=_bars([(f"{100 * part // BINS} %", count) for part, count in enumerate(confidences)], log1p),
        agencies=_bars(agencies.most_common(MOST_AGENCIES)),
        others=sum(agencies.values()) - sum(count for _, count in agencies.most_common(MOST_AGENCIES)),
        years=_bars(sorted(years.items())),
    )


def _bars(counts: Sequence[tuple[str, int]], scale: Callable[[float], float] = float) -> list[_Bar]:
    most = scale(max((count for _, count in counts), default=0)) or 1
    return [_Bar(label, count, round(100 * scale(count) / most, 1)) for label, count in counts]
