"""The labels that a text's lines may open with in, the numbering they make out.

An OCR engine loses a stroke of 'III', reads '1.' for 'I.' and 'd)' for 'đ)': alone such a label cannot be told, but a
list goes on by one. A beam over the lists that are open, outermost first, finds the likeliest numbering.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import log
from typing import Literal, NamedTuple

from .lexicon import ROMAN_NUMERALS

Level = Literal["roman", "upper", "number", "letter", "bracket", "small"]

LABELS: dict[Level, tuple[str, ...]] = {
    "roman": ROMAN_NUMERALS,
    "upper": tuple("ABCDĐEGHK"),
    "number": tuple(map(str, range(1, 100))),
    "letter": tuple("abcdđeghiklmnopqrstuvxy"),
    "bracket": tuple(map(str, range(1, 100))),
    "small": tuple(map(str.lower, ROMAN_NUMERALS)),
}
"""In order."""
SIGNS: dict[tuple[str, str], tuple[Level, ...]] = {
    ("", "."): ("roman", "upper", "number"),
    ("", ")"): ("letter", "bracket"),
    ("(", ")"): ("small", "bracket"),
}
"""What stands before and behind a label."""

NEXT, FIRST, AGAIN, LEFT_OUT, ELSEWHERE, NO_LABEL = -0.1, -1.5, -3.5, -4.0, -8.0, -8.0
"""Log-chances: a list goes on by one; one begins; it begins anew; one item is left out; anything else; what looks like
a label is none."""
TITLES: dict[Level, float] = {"roman": 0.8, "upper": 0.7}
LEAST_TITLES = 0.05
"""Shares of a level's labels that stand before a title in capitals."""
BEAM = 24
AHEAD = 12
"""Labels behind one that tell what it is."""


class Label(NamedTuple):
    level: Level
    value: int


class Opening(NamedTuple):
    """The start of a line. chances: log P(read | label) of what it may be, None: of no label; before_title: whether a
    title in capitals follows; opens: whether an article or the like may have begun since the last, with lists of its
    own."""

    chances: Mapping[Label | None, float]
    before_title: bool
    opens: bool


class Numbering(NamedTuple):
    """score: log-chance; lists: those that are open, outermost first; labels: so far."""

    score: float
    lists: tuple[Label, ...]
    labels: tuple[Label | None, ...]


def likeliest(openings: Sequence[Opening], start: tuple[Label, ...] = ()) -> Numbering:
    """The likeliest numbering, where the lists of `start` are open."""
    beam = [Numbering(0.0, start, ())]
    for opening in openings:
        best: dict[tuple[Label, ...], Numbering] = {}
        for numbering in beam:
            for new in _go_on(numbering, opening):
                if new.lists not in best or best[new.lists].score < new.score:
                    best[new.lists] = new
        beam = sorted(best.values(), key=lambda numbering: -numbering.score)[:BEAM]
    return beam[0]


def odds(openings: Sequence[Opening], numbering: Numbering, place: int, other: Label | None) -> float:
    """By how much (log) the numbering at a place speaks for its label against another, the chance of the reading apart."""
    chances = openings[place].chances
    lists = likeliest(openings[:place]).lists

    def score(label: Label | None) -> float:
        only = openings[place]._replace(chances={label: chances[label]})
        return likeliest([only, *openings[place + 1 : place + 1 + AHEAD]], lists).score - chances[label]

    return score(numbering.labels[place]) - score(other)


def _go_on(numbering: Numbering, opening: Opening) -> Iterator[Numbering]:
    for lists in {numbering.lists, ()} if opening.opens else (numbering.lists,):
        for label, heard in opening.chances.items():
            score, labels = numbering.score + heard, (*numbering.labels, label)
            if label is None:
                yield Numbering(score + NO_LABEL, lists, labels)
                continue
            title = TITLES.get(label.level, LEAST_TITLES)
            score += log(title if opening.before_title else 1 - title)
            levels = [own.level for own in lists]
            outer = levels.index(label.level) if label.level in levels else len(lists)
            last = lists[outer].value if outer < len(lists) else None
            yield Numbering(score + _step(last, label.value), (*lists[:outer], label), labels)


def _step(last: int | None, value: int) -> float:
    """Log-chance of a value after the last one of its list."""
    if last is None:
        return FIRST if value == 1 else ELSEWHERE
    return {1: NEXT, 2: LEFT_OUT}.get(value - last, AGAIN if value == 1 else ELSEWHERE)
