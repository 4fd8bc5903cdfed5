"""A source in, its restoration out: what kind of text it is, its reading, and syllables with their doubts."""

import re
from collections.abc import Sequence
from typing import Literal

from ..document import Notice, Restoration, RestoredLine, Source, Span, Syllable
from .engine import Engine, Reader
from .entries import Entries, row_pieces
from .reading import Step, read_tokens
from .search import SPECK
from .tokens import CLOSING, OPENING, even_tones

Kind = Literal["plain", "marked", "clean", "other"]

MARKED_LETTER = re.compile("[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
"""Vietnamese letters that no Western European language has: an OCR engine without Vietnamese never reads one."""
LEAST_MARKED = 0.15
LEAST_KNOWN = 0.98
ENGLISH = frozenset("of and with that is are was were by this from on as it shall should have has not which".split())
"""Frequent English words that are no reading of a frequent Vietnamese one."""
LEAST_ENGLISH = 0.06

KNOWN, UNKNOWN_WORD = 0.999, 0.5
"""Confidence in a word of a clean text, and in one there that no lexicon holds."""
CHANGED_DIGIT = 0.89
"""Highest confidence in a token with a digit that was read otherwise: it always stays a doubt."""
LEAST_CHANGE = 0.9
"""Where the OCR engine knows Vietnamese, its reading stays unless another is that sure."""


def restore(source: Source, engine: Engine) -> Restoration:
    """Line i of the restoration is the reading of line i of the source."""
    kind = kind_of_text([word.text for line in source.lines for word in line.words], engine)
    if kind == "other":
        notice = Notice(
            "not_vietnamese", "This does not look like Vietnamese, however badly read; it is left as it was."
        )
        return Restoration(tuple(_as_read(source, None)), engine.version, (notice,))
    if kind == "clean":
        return Restoration(tuple(_as_read(source, engine)), engine.version)
    lines = _read(source, engine.plain if kind == "plain" else engine.marked, LEAST_CHANGE if kind == "marked" else 0.0)
    return Restoration(tuple(lines), engine.version)


def kind_of_text(tokens: Sequence[str], engine: Engine) -> Kind:
    """clean: Vietnamese as it should be; marked: read by an engine that knows Vietnamese; plain: by one that does not."""
    words = [word.lower() for word in (token.strip(OPENING + CLOSING) for token in tokens) if word.isalpha()]
    if not words:
        return "plain"
    if sum(word in ENGLISH for word in words) > LEAST_ENGLISH * len(words):
        return "other"
    if sum(bool(MARKED_LETTER.search(word)) for word in words) < LEAST_MARKED * len(words):
        return "plain"
    known = sum(even_tones(word) in engine.words for word in words)
    return "clean" if known >= LEAST_KNOWN * len(words) else "marked"


def _as_read(source: Source, engine: Engine | None) -> list[RestoredLine]:
    """The source unchanged; with an engine, words that it does not know are doubts."""
    lines = []
    for line in source.lines:
        syllables = tuple(
            Syllable(
                word.text,
                word.start - line.start,
                word.end - line.start,
                word.start,
                word.end,
                _confidence(word.text, engine) if engine else 1.0,
            )
            for word in line.words
        )
        lines.append(RestoredLine(source.raw[line.start : line.end], syllables, line.start, line.end))
    return lines


def _confidence(token: str, engine: Engine) -> float:
    word = token.strip(OPENING + CLOSING)
    return UNKNOWN_WORD if word.isalpha() and even_tones(word.lower()) not in engine.words else KNOWN


def _read(source: Source, reader: Reader, least_change: float) -> list[RestoredLine]:
    words = [word for line in source.lines for word in line.words]
    line_of = [i for i, line in enumerate(source.lines) for _ in line.words]
    breaks = [min(after - before, 2) for before, after in zip(line_of, [*line_of[1:], 1 << 30], strict=True)]
    steps, entries = read_tokens([word.text for word in words], breaks, reader)
    by_line: list[list[Step]] = [[] for _ in source.lines]
    for step in steps:
        by_line[line_of[step.token]].append(step)
    lines = []
    for line, own in zip(source.lines, by_line, strict=True):
        syllables: list[Syllable] = []
        specks: list[Span] = []
        at = 0
        for step in own:
            span = words[step.token].start, words[step.token + step.width - 1].end
            if step.row == SPECK and least_change <= 0:
                specks.append(span)
                continue
            for syllable in _syllables(step, source.raw, span, at, entries, reader, least_change):
                syllables.append(syllable)
                at = syllable.end + 1
        text = " ".join(syllable.text for syllable in syllables)
        lines.append(RestoredLine(text, tuple(syllables), line.start, line.end, tuple(specks)))
    return lines


def _syllables(
    step: Step, raw: str, span: Span, at: int, entries: Entries, reader: Reader, least_change: float
) -> list[Syllable]:
    """What a step prints. `at`: offset in the line's text; spans of pieces tile the step's."""
    readings: dict[tuple[str, ...], float] = {}
    pieces_of = {row: row_pieces(reader, entries, row) if row != SPECK else [] for row in step.rows if row > -2}
    for row, mass in zip(step.rows, step.masses, strict=True):
        if row in pieces_of:
            texts = tuple(piece.text for piece in pieces_of[row])
            readings[texts] = readings.get(texts, 0.0) + mass
    pieces = pieces_of.get(step.row) or (row_pieces(reader, entries, step.row) if step.row != SPECK else [])
    chosen = tuple(piece.text for piece in pieces)
    read = raw[span[0] : span[1]]
    confidence = min(readings.pop(chosen, step.posterior), 1.0)
    rival = max(readings, key=readings.__getitem__, default=None)
    if even_tones(read) == " ".join(chosen):
        return [Syllable(read, at, at + len(read), *span, confidence, " ".join(rival) if rival else None)]
    if confidence < least_change:
        return [Syllable(read, at, at + len(read), *span, readings.get((read,), 1 - confidence), " ".join(chosen) or None)]
    syllables = []
    for k, piece in enumerate(pieces):
        start = span[0] + piece.start if k else span[0]
        end = span[0] + pieces[k + 1].start if k + 1 < len(pieces) else span[1]
        sure = min(confidence, CHANGED_DIGIT) if _digits(piece.text) != _digits(raw[start:end]) else confidence
        runner_up = rival[k] if rival and len(rival) == len(pieces) and rival[k] != piece.text else None
        if rival and len(pieces) == 1 and not runner_up:
            runner_up = " ".join(rival)
        syllables.append(Syllable(piece.text, at, at + len(piece.text), start, end, sure, runner_up))
        at += len(piece.text) + 1
    return syllables


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
