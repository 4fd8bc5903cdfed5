"""Verdicts in, what kinds of errors they are out."""

from collections import Counter
from collections.abc import Callable, Iterable

from ..restore.tokens import has_digit
from ..train.align import skeleton
from .score import Verdict

CLASSES: tuple[tuple[str, Callable[[Verdict], bool]], ...] = (
    ("word boundary", lambda error: error.parted),
    ("dropped", lambda error: not error.read),
    ("invented", lambda error: not error.true),
    ("number or code", lambda error: has_digit(error.true)),
    ("digit for a letter", lambda error: has_digit(error.read)),
    ("case only", lambda error: error.true.lower() == error.read.lower()),
    ("marks only", lambda error: skeleton(error.true) == skeleton(error.read) != ""),
    ("other letters", lambda error: True),
)
"""The first that holds is an error's class. Marks: of tone and vowel, and the bar of đ; with or without case."""


def class_of(error: Verdict) -> str:
    return next(name for name, holds in CLASSES if holds(error))


def count_classes(errors: Iterable[Verdict]) -> Counter[str]:
    return Counter(map(class_of, errors))
