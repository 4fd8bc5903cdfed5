"""Real scans in, their first pages as Tesseract reads them with the true text out; verdicts on each true word.

The true text of a page stands in no given order, differs from the page here and there, and its lines are not those of
the reading. So words are sought by their letters (see `places.read_in`), and those count whose place is sure: most of
the words around them look like what stands there. Words that Tesseract dropped without a trace are not counted.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from rapidfuzz import fuzz

from ..train.align import skeleton
from ..train.read import Job
from ..train.render import Wear
from .pages import read_jobs
from .places import Text, read_in
from .score import ReadLine, Verdict, judge_line, token_of

UNWORN = Wear(dpi=300, skew=0, blur=0, noise=0, ink=0, contrast=1, threshold=None)
ALIKE = 60
"""Least similarity of the letters (without marks) of a true word and of what was read there, from 0 to 100."""
AROUND, LEAST_ALIKE = (-2, -1, 1, 2), 3
"""Words around another, and how many of them must be alike for its place to be sure."""


@dataclass(frozen=True)
class FirstPage:
    """lines: as read; truth: all lines of the page, in any order."""

    name: str
    lines: tuple[str, ...]
    truth: Text


def read_first_pages(shared: Path, build: Path, language: str) -> list[FirstPage]:
    """The first pages of all scans that have a true text, rasterised as they are and read with Tesseract."""
    truths = {path.name.removesuffix(".p1.txt"): path for path in sorted((shared / "scans").glob("*.p1.txt"))}
    jobs = [
        Job(f"scan-{language}-{name}", language, pdf=shared / "scans" / f"{name}.pdf", index=0, wear=UNWORN)
        for name in truths
    ]
    return [
        FirstPage(name, reading.read, text_of(path.read_text(encoding="utf-8")))
        for (name, path), reading in zip(truths.items(), read_jobs(jobs, build), strict=True)
    ]


def text_of(truth: str) -> Text:
    lines = tuple(truth.splitlines())
    return Text(lines, (1,) * len(lines))


def judge_page(page: FirstPage, read: Sequence[ReadLine]) -> list[list[Verdict]]:
    """Verdicts on the true words that were read, line by line of the reading."""
    found: dict[int, list[int]] = {}
    starts = list(accumulate((len(line) + 1 for line in page.lines), initial=0))
    places = read_in(page.truth, "\n".join(page.lines))
    for offset, number in zip(places.offsets, places.words, strict=True):
        if token_of(page.truth.words[number]):
            found.setdefault(bisect_right(starts, offset) - 1, []).append(number)
    sure = _sure(page, found)
    return [
        [
            verdict
            for number, verdict in zip(found[i], _judged(page, found[i], page.lines[i], read[i]), strict=True)
            if number in sure
        ]
        for i in sorted(found)
    ]


def _judged(page: FirstPage, words: Sequence[int], raw: str, read: ReadLine) -> list[Verdict]:
    """One verdict a true word."""
    true = " ".join(page.truth.words[number] for number in words)
    return [verdict for verdict in judge_line(true, raw, read) if verdict.true]


def _sure(page: FirstPage, found: dict[int, list[int]]) -> set[int]:
    alike = {
        number
        for i, words in found.items()
        for number, verdict in zip(words, _judged(page, words, page.lines[i], ReadLine(page.lines[i])), strict=True)
        if fuzz.ratio(skeleton(verdict.true), skeleton(verdict.read)) >= ALIKE
    }
    numbers = (number for words in found.values() for number in words)
    return {number for number in numbers if sum(number + step in alike for step in AROUND) >= LEAST_ALIKE}
