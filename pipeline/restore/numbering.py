"""The labels that a text's lines may open with in, the numbering they make out.

An OCR engine loses a stroke of 'III', reads '1.' for 'I.' and 'd)' for 'đ)': alone such a label cannot be told, but a
list goes on by one. A beam over the lists that are open, outermost first, finds the likeliest numbering.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import inf, log
from typing import Literal, NamedTuple

from .lexicon import ROMAN_NUMERALS

Level = Literal["chapter", "counted", "roman", "upper", "number", "letter", "bracket", "small"]

_FIGURES = tuple(map(str, range(1, 100)))
LABELS: dict[Level, tuple[str, ...]] = {
    "chapter": ROMAN_NUMERALS,
    "counted": _FIGURES,
    "roman": ROMAN_NUMERALS,
    "upper": tuple("ABCDĐEGHK"),
    "number": _FIGURES,
    "letter": tuple("abcdđeghiklmnopqrstuvxy"),
    "bracket": _FIGURES,
    "small": tuple(map(str.lower, ROMAN_NUMERALS)),
}
"""In order; counted: chapters with figures, which the rules of drafting (Decree 78/2025/NĐ-CP) do not know."""
SIGNS: dict[tuple[str, str], tuple[Level, ...]] = {
    ("", "."): ("roman", "upper", "number"),
    ("", ")"): ("letter", "bracket"),
    ("(", ")"): ("small", "bracket"),
}
"""Levels by what stands before and behind a label."""

NEXT, FIRST, AGAIN, LEFT_OUT, ELSEWHERE, NO_LABEL = -0.1, -1.5, -3.5, -4.0, -8.0, -8.0
"""Log-chances: a list goes on by one; one begins; it begins anew; one item is left out; anything else; what looks like
a label is none."""
USUAL: dict[Level, float] = {"counted": 0.03}
"""Shares of levels among those with the same signs, where they are not much alike."""
TITLES: dict[Level, float] = {"chapter": 0.5, "counted": 0.5, "roman": 0.8, "upper": 0.7}
LEAST_TITLES = 0.05
"""Shares of a level's labels that stand before a title in capitals."""
ALL: frozenset[Level] = frozenset(LABELS)
OUTER: frozenset[Level] = frozenset(("chapter", "counted", "roman", "upper"))
"""Levels whose lists go on over articles."""
BEAM = 24
AHEAD = 12
"""Labels behind one that tell what it is."""


class Label(NamedTuple):
    level: Level
    value: int


class Opening(NamedTuple):
    """The start of a line. chances: log P(read | label) of what it may be, none: of no label; before_title: whether a
    title in capitals follows; stay: levels whose lists go on; those of others may have ended with an article or a part
    of the text that ended before."""

    chances: Mapping[Label, float]
    none: float
    before_title: bool
    stay: frozenset[Level]

    def only(self, label: Label | None) -> "Opening":
        """It must be this one; how it was read does not count."""
        if label is None:
            return self._replace(chances={}, none=0.0)
        return self._replace(chances={label: 0.0}, none=-inf)


class Numbering(NamedTuple):
    """score: log-chance; lists: those that are open, outermost first; label: of the last line; before: without it."""

    score: float
    lists: tuple[Label, ...]
    label: Label | None
    before: "Numbering | None"

    def steps(self) -> "list[Numbering]":
        """As it grew, one a line."""
        steps, here = list[Numbering](), self
        while here.before:
            steps.append(here)
            here = here.before
        return steps[::-1]


def likeliest(openings: Sequence[Opening], lists: tuple[Label, ...] = ()) -> Numbering:
    """The likeliest numbering where `lists` are open before."""
    beam = [Numbering(0.0, lists, None, None)]
    for opening in openings:
        best: dict[tuple[Label, ...], Numbering] = {}
        for numbering in beam:
            for new in _go_on(numbering, opening):
                if new.lists not in best or best[new.lists].score < new.score:
                    best[new.lists] = new
        beam = sorted(best.values(), key=lambda numbering: -numbering.score)[:BEAM]
    return beam[0]


def chance_of(label: Label | None, openings: Sequence[Opening], lists: tuple[Label, ...]) -> float:
    """Log-chance that the first opening is this label, how it was read apart, and of what follows; lists: those that
    are open before."""
    return likeliest([openings[0].only(label), *openings[1:]], lists).score


def _go_on(numbering: Numbering, opening: Opening) -> Iterator[Numbering]:
    stay = tuple(own for own in numbering.lists if own.level in opening.stay)
    for lists in dict.fromkeys((numbering.lists, stay)):
        yield Numbering(numbering.score + opening.none + NO_LABEL, lists, None, numbering)
        for label, heard in opening.chances.items():
            title = TITLES.get(label.level, LEAST_TITLES)
            form = log(title if opening.before_title else 1 - title) + log(USUAL.get(label.level, 1.0))
            levels = [own.level for own in lists]
            depth = levels.index(label.level) if label.level in levels else len(lists)
            last = lists[depth].value if depth < len(lists) else None
            score = numbering.score + heard + form + _step(last, label.value)
            yield Numbering(score, (*lists[:depth], label), label, numbering)


def _step(last: int | None, value: int) -> float:
    """Log-chance of a value after the last one of its list."""
    if last is None:
        return FIRST if value == 1 else ELSEWHERE
    return {1: NEXT, 2: LEFT_OUT}.get(value - last, AGAIN if value == 1 else ELSEWHERE)
