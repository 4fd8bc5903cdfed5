"""Raw strings in, entries out: each distinct string once, with its candidates in arrays that the search reads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .candidates import Candidates, generate, score_rows
from .channel import Channel
from .engine import DIRT, Reader
from .interrupts import held_interrupts
from .lexicon import CODE, FIGURE, WORD, kind_of
from .scoring import FOREIGN, NUMBER, touch
from .search import INSIDE, NEUTRAL
from .tokens import UNKNOWN, number_class
from .units import Effort, new_workspace

LONGEST_SPECK = 3
BULLETS = frozenset("-–—•+*")
"""Dirt inside a word perhaps, but not alone."""
LETTER_SPECK = -13.0
DIRT_MARK, OTHER_MARK, DIRT_TOKEN = -4.0, -10.0, -2.0
"""Log-chances that dirt is read as a single letter, as one of DIRT, as another mark, as a token; words and digits are
never taken for it."""


class Piece(NamedTuple):
    """A printed token with its place in the raw string."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Entries:
    """texts: raw strings; read, first: the same encoded, one behind the other; atom, at_start, form, opens: by unit of
    the candidates, see search.Lattice; speck: (entries) log-chance that the string is dirt; score: (rows)
    log P(string | row); bonus: (rows) what the words around speak for a row, log."""

    texts: list[str]
    read: NDArray[np.int64]
    first: NDArray[np.int64]
    candidates: Candidates
    atom: NDArray[np.int32]
    at_start: NDArray[np.int32]
    form: NDArray[np.int8]
    opens: NDArray[np.int8]
    speck: NDArray[np.float64]
    score: NDArray[np.float64]
    bonus: NDArray[np.float64]

    def rows(self, entry: int) -> range:
        return range(int(self.candidates.rows[entry]), int(self.candidates.rows[entry + 1]))

    def entry_of(self, rows: NDArray[np.int64] | int) -> NDArray[np.int64]:
        return np.asarray(np.searchsorted(self.candidates.rows, rows, side="right") - 1)

    def units(self, row: int) -> list[int]:
        c = self.candidates
        units: list[int] = c.part[c.parts[row] : c.parts[row + 1]].tolist()
        return units

    def surfaces(self, entry: int) -> set[int]:
        """Surfaces of all units of an entry."""
        c = self.candidates
        return set(c.surface[c.units[entry] : c.units[entry + 1]].tolist())

    def encoded(self, entry: int) -> NDArray[np.int64]:
        return self.read[self.first[entry] : self.first[entry + 1]]


def make_entries(texts: Sequence[str], reader: Reader, channel: Channel, effort: Effort) -> Entries:
    """Entries with the candidates that `channel` and the lexicon suggest."""
    read, first = _encode(texts, channel)
    c, score = generate(
        new_workspace(),
        effort,
        channel.tables,
        reader.alphabet,
        reader.language.automaton,
        reader.lexicon.trie,
        reader.lexicon.surfaces,
        read,
        first,
        reader.missing_space(channel),
    )
    speck = np.array([speck_chance(text) for text in texts], dtype=np.float64)
    return _entries(texts, read, first, c, reader, speck, score)


@held_interrupts()
def heard_anew(entries: Entries, channel: Channel, reader: Reader) -> Entries:
    """The same entries, their rows scored by `channel`."""
    score = score_rows(
        channel.tables,
        entries.candidates,
        reader.lexicon.surfaces.kind,
        reader.lexicon.surfaces.spelling,
        reader.alphabet,
        entries.read,
        entries.first,
        reader.missing_space(channel),
    )
    return replace(entries, score=score)


def proposed_entries(
    texts: Sequence[str],
    rows: Sequence[Sequence[Sequence[tuple[int, int, int]]]],
    channel: Channel,
    reader: Reader,
) -> Entries:
    """Entries with given rows; a row is a list of (surface, start, end)."""
    units = [unit for own in rows for row in own for unit in row]
    table = np.array(units, dtype=np.int64).reshape(-1, 3)
    surfaces = reader.lexicon.surfaces
    letters = [surfaces.letters[surfaces.first[s] : surfaces.first[s + 1]] for s in table[:, 0]]
    c = Candidates(
        units=np.cumsum([0, *(sum(map(len, own)) for own in rows)]),
        rows=np.cumsum([0, *map(len, rows)]),
        parts=np.cumsum([0, *(len(row) for own in rows for row in own)]),
        part=np.arange(len(table)),
        surface=table[:, 0].astype(np.int32),
        start=table[:, 1].astype(np.int32),
        end=table[:, 2].astype(np.int32),
        letters=np.cumsum([0, *map(len, letters)]),
        printed=np.concatenate([*letters, np.zeros(0, np.int64)]),
        best=np.zeros(len(rows)),
    )
    speck, score = np.full(len(texts), -np.inf), np.zeros(len(c.parts) - 1)
    return heard_anew(_entries(texts, *_encode(texts, channel), c, reader, speck, score), channel, reader)


def _encode(texts: Sequence[str], channel: Channel) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    encoded = [channel.encode_read(text) for text in texts]
    return np.concatenate([*encoded, np.zeros(0, np.int64)]), np.cumsum([0, *map(len, encoded)])


def _entries(
    texts: Sequence[str],
    read: NDArray[np.int64],
    first: NDArray[np.int64],
    c: Candidates,
    reader: Reader,
    speck: NDArray[np.float64],
    score: NDArray[np.float64],
) -> Entries:
    known = np.maximum(c.surface, 0)
    surfaces = reader.lexicon.surfaces
    atom, at_start, form = surfaces.atom[known], surfaces.at_start[known], reader.forms[known]
    opens = np.where(c.surface < 0, INSIDE, reader.opens[known]).astype(np.int8)
    for unit in np.nonzero(c.surface < 0)[0].tolist():
        entry = int(np.searchsorted(c.units, unit, side="right")) - 1
        atom[unit] = at_start[unit] = reader.classes[number_class(unit_text(reader, c, unit, texts[entry])) or UNKNOWN]
        form[unit] = NEUTRAL
    return Entries(list(texts), read, first, c, atom, at_start, form, opens, speck, score, np.zeros(len(score)))


def picked_entries(
    entries: Entries, owners: NDArray[np.int64], counts: NDArray[np.int64], rows: NDArray[np.int64]
) -> Entries:
    """An entry a pick: counts[i] of `rows`, in order, are those of entry owners[i] that pick i keeps."""
    c = entries.candidates
    sizes = c.parts[rows + 1] - c.parts[rows]
    units = c.part[_within(c.parts[rows], sizes)]
    lengths = c.letters[units + 1] - c.letters[units]
    strings = entries.first[owners + 1] - entries.first[owners]
    parts, ends = _offsets(sizes), _offsets(counts)
    picked = Candidates(
        units=parts[ends],
        rows=ends,
        parts=parts,
        part=np.arange(len(units)),
        surface=c.surface[units],
        start=c.start[units],
        end=c.end[units],
        letters=_offsets(lengths),
        printed=c.printed[_within(c.letters[units], lengths)],
        best=c.best[owners],
    )
    return Entries(
        [entries.texts[owner] for owner in owners.tolist()],
        entries.read[_within(entries.first[owners], strings)],
        _offsets(strings),
        picked,
        entries.atom[units],
        entries.at_start[units],
        entries.form[units],
        entries.opens[units],
        entries.speck[owners],
        entries.score[rows],
        entries.bonus[rows],
    )


def _offsets(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where stretches of these sizes start, one behind the other, and the end of the last."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])


def _within(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Indices of several stretches of an array."""
    return np.repeat(starts - _offsets(sizes)[:-1], sizes) + np.arange(sizes.sum())


def speck_chance(text: str) -> float:
    """Log-chance that a string is dirt."""
    if len(text) == 1 and text.isalpha():
        return LETTER_SPECK
    if len(text) > LONGEST_SPECK or text in BULLETS or any(c.isalnum() for c in text):
        return -np.inf
    return DIRT_TOKEN + sum(DIRT_MARK if c in DIRT else OTHER_MARK for c in text)


def concatenate(a: Entries, b: Entries) -> Entries:
    """One set of entries, a's before b's."""
    x, y = a.candidates, b.candidates
    return Entries(
        a.texts + b.texts,
        np.concatenate([a.read, b.read]),
        _chain(a.first, b.first),
        Candidates(
            units=_chain(x.units, y.units),
            rows=_chain(x.rows, y.rows),
            parts=_chain(x.parts, y.parts),
            part=np.concatenate([x.part, x.units[-1] + y.part]),
            surface=np.concatenate([x.surface, y.surface]),
            start=np.concatenate([x.start, y.start]),
            end=np.concatenate([x.end, y.end]),
            letters=_chain(x.letters, y.letters),
            printed=np.concatenate([x.printed, y.printed]),
            best=np.concatenate([x.best, y.best]),
        ),
        np.concatenate([a.atom, b.atom]),
        np.concatenate([a.at_start, b.at_start]),
        np.concatenate([a.form, b.form]),
        np.concatenate([a.opens, b.opens]),
        np.concatenate([a.speck, b.speck]),
        np.concatenate([a.score, b.score]),
        np.concatenate([a.bonus, b.bonus]),
    )


def _chain(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    """Offsets of a, then of b behind them."""
    return np.concatenate([a, a[-1] + b[1:]])


def unit_text(reader: Reader, c: Candidates, unit: int, raw: str) -> str:
    surface = int(c.surface[unit])
    if surface >= 0:
        return reader.lexicon.texts[surface]
    if surface == FOREIGN:
        return raw[c.start[unit] : c.end[unit]]
    letters = c.printed[c.letters[unit] : c.letters[unit + 1]]
    return "".join(reader.channels[0].printed[letter - 2] for letter in letters)


def row_pieces(reader: Reader, entries: Entries, row: int, opens_line: bool) -> list[Piece]:
    """The printed tokens of a row: one, or several where it found hidden spaces. A bullet that opens a line stands
    apart from the word behind it: so it does in 1,137 of 1,138 lines of the training gazettes."""
    c, raw = entries.candidates, entries.texts[int(entries.entry_of(row))]
    pieces: list[Piece] = []
    left = None
    for unit in entries.units(row):
        text = unit_text(reader, c, unit, raw)
        kind = FIGURE if c.surface[unit] == NUMBER else kind_of(text) if c.surface[unit] != FOREIGN else WORD
        start, end = int(c.start[unit]), int(c.end[unit])
        is_behind_bullet = opens_line and len(pieces) == 1 and pieces[0].text in BULLETS and kind in (WORD, CODE)
        if left is None or not touch(left, kind) or is_behind_bullet:
            pieces.append(Piece(text, start, end))
        else:
            pieces[-1] = Piece(pieces[-1].text + text, pieces[-1].start, end)
        left = kind
    return pieces
