"""A source in, its restoration out: which OCR engine, if any, made the text, and what it shows then."""

import re
from collections.abc import Sequence
from typing import Literal

from ..document import Notice, Restoration, Source
from .engine import Engine
from .lines import KEEP_ALL, as_read, assemble
from .reading import read_tokens
from .tokens import CLOSING, OPENING

Kind = Literal["plain", "marked", "other"]

MARKED_LETTER = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")
"""Vietnamese letters that no Western European language has: an OCR engine without Vietnamese never reads one."""
LEAST_MARKED = 0.15
ENGLISH = frozenset(
    ("of", "and", "with", "that", "is", "are", "was", "were", "by", "this", "from", "on", "as", "it", "shall", "not")
)
"""Frequent English words that are no reading of a frequent Vietnamese one."""
LEAST_ENGLISH = 0.06

LEAST_CHANGE = 0.9
"""Where the text has Vietnamese letters, a token stays as it is unless another reading is that sure."""
LEAST_MENDED = 0.015
"""A text with Vietnamese letters of which a smaller share would change is taken for clean: none of it changes."""

NOT_VIETNAMESE = Notice("not_vietnamese", "This does not look like Vietnamese, however badly read; it stays as it is.")


def restore(source: Source, engine: Engine) -> Restoration:
    """Line i of the restoration is the reading of line i of the source."""
    words = [word.text for line in source.lines for word in line.words]
    kind = kind_of_text(words)
    if kind == "other" or not words:
        lines = [as_read(line, source.raw) for line in source.lines]
        return Restoration(tuple(lines), engine.version, (NOT_VIETNAMESE,) if words else ())
    reader = engine.plain if kind == "plain" else engine.marked
    steps, entries = read_tokens(words, _breaks(source), reader)
    lines = assemble(source, steps, entries, reader, 0.0 if kind == "plain" else LEAST_CHANGE)
    if kind == "marked":
        syllables = [syllable for line in lines for syllable in line.syllables]
        changed = sum(s.text != source.raw[s.raw_start : s.raw_end] for s in syllables)
        if changed < LEAST_MENDED * len(words):
            lines = assemble(source, steps, entries, reader, KEEP_ALL)
    return Restoration(tuple(lines), engine.version)


def _breaks(source: Source) -> list[int]:
    """What follows each word: 0 another one, 1 a line end, 2 a blank line or the end of the text."""
    line_of = [i for i, line in enumerate(source.lines) for _ in line.words]
    last = len(source.lines) + 2
    return [min(after - before, 2) for before, after in zip(line_of, [*line_of[1:], last], strict=False)]


def kind_of_text(tokens: Sequence[str]) -> Kind:
    """plain: Vietnamese without its letters; marked: with them, clean or not; other: another language."""
    words = [word.lower() for word in (token.strip(OPENING + CLOSING) for token in tokens) if word.isalpha()]
    if sum(word in ENGLISH for word in words) > LEAST_ENGLISH * len(words):
        return "other"
    marked = sum(bool(MARKED_LETTER.search(word)) for word in words)
    return "marked" if marked > LEAST_MARKED * len(words) else "plain"
