"""Steps of a reading in, restored lines out: syllables with their raw spans, confidences and runners-up; specks."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial

from ..document import Line, RestoredLine, Source, Span, Syllable
from .engine import Reader
from .entries import Entries, Piece, row_pieces
from .graph import SPECK
from .steps import Step
from .tokens import CLOSING, OPENING, core_span, even_tones

CHANGED_DIGIT = 0.89
"""Highest confidence in a number that was read otherwise, or as a word: it always stays a doubt."""
LEAST_NUMBER_CHANGE = 0.9
"""A number becomes a word only where another reading is that sure; else it stays, a doubt."""
KEEP_ALL = math.inf
"""As `least_change`: nothing changes, other readings are runners-up."""
LEAST_CHANGE_ON_IMAGE = 0.6
"""The most that `least_change` asks of a word read from a page image, where misreadings are sure to be."""
_ROMAN = re.compile(r"[IVX]+")


def assemble(
    source: Source, steps: Sequence[Step], entries: Entries, reader: Reader, least_change: float
) -> list[RestoredLine]:
    """A token changes where another reading is at least as sure as `least_change`, which words that have a confidence,
    since they were read from a page image, need less of."""
    words = [word for line in source.lines for word in line.words]
    line_of = [i for i, line in enumerate(source.lines) for _ in line.words]
    by_line: list[list[Step]] = [[] for _ in source.lines]
    for step in steps:
        by_line[line_of[step.token]].append(step)

    @cache
    def pieces_of(row: int, opens_line: bool) -> list[Piece]:
        return row_pieces(reader, entries, row, opens_line) if row != SPECK else []

    lines = []
    for line, own in zip(source.lines, by_line, strict=True):
        syllables: list[Syllable] = []
        specks: list[Span] = []
        at = 0
        for step in own:
            first, last = words[step.token], words[step.token + step.width - 1]
            span = first.start, last.end
            needed = least_change if first.confidence is None else min(least_change, LEAST_CHANGE_ON_IMAGE)
            if step.row == SPECK and step.posterior >= needed:
                specks.append(span)
                continue
            pieces = partial(pieces_of, opens_line=step is own[0] and least_change < KEEP_ALL)
            read = _syllables(step, source.raw, span, at, pieces, needed)
            others = [other for word in words[step.token : step.token + step.width] for other in word.alternatives]
            syllables += [_disputed(syllable, others) for syllable in read]
            at = syllables[-1].end + 1
        lines.append(_line(line, syllables, specks, source.raw))
    return lines


def _disputed(syllable: Syllable, others: Sequence[str]) -> Syllable:
    """A number of which another reading of the page has other digits, or other letters, stays a doubt."""
    digits = _digits(syllable.text)
    for other in others:
        is_other = digits and _digits(other) != digits and len(_digits(other)) == len(digits)
        if is_other or _is_other_numeral(syllable.text, other):
            sure = min(syllable.confidence, CHANGED_DIGIT)
            return replace(syllable, confidence=sure, runner_up=other[slice(*core_span(other))])
    return syllable


def _is_other_numeral(text: str, other: str) -> bool:
    """Are these a Roman numeral and other letters for it: 'II/2031' and 'H/2031'?"""
    (own, _, year), (letters, _, others) = (read[slice(*core_span(read))].partition("/") for read in (text, other))
    return bool(_ROMAN.fullmatch(own)) and letters.isalpha() and letters.isupper() and letters != own and year == others


def as_read(line: Line, raw: str) -> RestoredLine:
    """The line as it is, without a doubt."""
    syllables = [Syllable(word.text, 0, 0, word.start, word.end, 1.0) for word in line.words]
    return _line(line, syllables, [], raw)


def _line(line: Line, syllables: Sequence[Syllable], specks: Sequence[Span], raw: str) -> RestoredLine:
    """A line in which nothing changed keeps its spaces too."""
    if not specks and [syllable.text for syllable in syllables] == raw[line.start : line.end].split():
        text = raw[line.start : line.end]
        syllables = [replace(s, start=s.raw_start - line.start, end=s.raw_end - line.start) for s in syllables]
    else:
        text = " ".join(syllable.text for syllable in syllables)
    return RestoredLine(text, tuple(syllables), line.start, line.end, tuple(specks))


def _syllables(
    step: Step, raw: str, span: Span, at: int, pieces_of: Callable[[int], list[Piece]], least_change: float
) -> list[Syllable]:
    """What a step prints. `at`: offset in the line's text; spans of pieces tile the step's, but for spaces."""
    chances: dict[tuple[str, ...], float] = {}
    for row, mass in zip(step.rows, step.masses, strict=True):
        if row >= SPECK:
            texts = tuple(piece.text for piece in pieces_of(row))
            chances[texts] = min(chances.get(texts, 0.0) + mass, 1.0)
    pieces = pieces_of(step.row)
    chosen = tuple(piece.text for piece in pieces)
    read = raw[span[0] : span[1]]
    if even_tones(read) == " ".join(chosen):
        return _printed(_as_read(read), raw, span, at, chances.pop(chosen, step.posterior), _likeliest(chances))
    confidence = chances.get(chosen, step.posterior)
    if _is_number(read) and not _digits("".join(chosen)):
        least_change = max(least_change, LEAST_NUMBER_CHANGE)
    if confidence < least_change or not pieces:
        pieces, confidence = _as_read(read), chances.pop(tuple(read.split()), 1 - confidence)
    else:
        chances.pop(chosen, None)
    return _printed(pieces, raw, span, at, confidence, _likeliest(chances))


def _as_read(read: str) -> list[Piece]:
    return [Piece(word.group(), *word.span()) for word in re.finditer(r"\S+", read)]


def _likeliest(chances: dict[tuple[str, ...], float]) -> tuple[str, ...]:
    return max(chances, key=chances.__getitem__, default=())


def _printed(
    pieces: Sequence[Piece], raw: str, span: Span, at: int, confidence: float, rival: tuple[str, ...]
) -> list[Syllable]:
    """One syllable a piece; a rival of several pieces stands beside the first where the counts differ."""
    starts = [span[0], *(span[0] + piece.start for piece in pieces[1:])]
    rivals = list(rival) if len(rival) == len(pieces) else [" ".join(rival)] + [""] * (len(pieces) - 1)
    syllables = []
    for piece, start, following, other in zip(pieces, starts, [*starts[1:], span[1]], rivals, strict=True):
        end = start + len(raw[start:following].rstrip())
        sure = min(confidence, CHANGED_DIGIT) if _changes_number(raw[start:end], piece.text) else confidence
        runner_up = other if other and other != piece.text else None
        syllables.append(Syllable(piece.text, at, at + len(piece.text), start, end, sure, runner_up))
        at += len(piece.text) + 1
    return syllables


def _is_number(text: str) -> bool:
    return text.strip(OPENING + CLOSING).isdigit()


def _changes_number(read: str, printed: str) -> bool:
    """Whether more digits than letters were read, or digits are printed, and not the same ('c6' for 'có' is none)."""
    is_number = any(c.isdigit() for c in printed) or 2 * len(_digits(read)) > sum(c.isalnum() for c in read)
    return is_number and _digits(read) != _digits(printed)


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
