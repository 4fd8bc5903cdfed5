"""True and read text in, places out: which words a label names, and where the words of the true text were read.

A place is `line.word`, both counted from 1: `12.3-14.7` runs from word 3 of line 12 through word 7 of line 14; `12` is
a whole line, `12-14` are whole lines, `+` joins parts. A word is what stands between spaces.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Levenshtein

from pipeline.document import Span
from pipeline.train.align import skeleton

Words = frozenset[int]
"""Words of the true text, counted from 0 through the whole document."""

_PART = re.compile(r"(\d+)(?:\.(\d+))?(?:-(\d+)(?:\.(\d+))?)?")
_LEAST_READ = 0.5
"""Share of a word's letters that must be found in the reading, in order, for the word to count as read."""


class PlaceError(ValueError):
    """A label names a place that is not one, or that the text does not have."""


@dataclass(frozen=True)
class Text:
    """The true lines of a document, and the numbers of their pages from 1."""

    lines: tuple[str, ...]
    pages: tuple[int, ...]

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(word for line in self.lines for word in line.split())

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        """The number of each line's first word, and at the end the number of words."""
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line.split()))
        return tuple(starts)

    def resolve(self, place: str) -> Words:
        """The words of a place; PlaceError where the text has no such line or word."""
        return frozenset(n for part in place.split("+") for n in self._part(part))

    def _part(self, part: str) -> range:
        match = _PART.fullmatch(part.strip())
        if match is None:
            raise PlaceError(f"{part!r} is no place: write line.word-line.word")
        line, word, last_line, last_word = (int(group) if group else None for group in match.groups())
        assert line is not None
        if match[3] is None:
            last_line, last_word = line, word
        assert last_line is not None
        first = self._number(line, 1 if word is None else word, part)
        last = self._number(last_line, last_word, part)
        if last < first:
            raise PlaceError(f"{part!r} ends before it begins")
        return range(first, last + 1)

    def _number(self, line: int, word: int | None, part: str) -> int:
        """The number of a word of a line, of its last one where none is named."""
        count = self._starts[line] - self._starts[line - 1] if 0 < line <= len(self.lines) else 0
        word = count if word is None else word
        if not 0 < word <= count:
            raise PlaceError(f"{part!r}: the text has no such place")
        return self._starts[line - 1] + word - 1

    def place(self, number: int) -> str:
        """`line.word` of a word, for people."""
        line = bisect_left(self._starts, number + 1)
        return f"{line}.{number - self._starts[line - 1] + 1}"

    def quote(self, words: Iterable[int], most: int = 12) -> str:
        chosen = sorted(words)
        text = " ".join(self.words[n] for n in chosen[:most])
        return text + (" ..." if len(chosen) > most else "")


@dataclass(frozen=True)
class Reading:
    """Where the true words stand in a text that was read: offsets that rise, and the word at each."""

    offsets: tuple[int, ...]
    words: tuple[int, ...]

    @cached_property
    def read(self) -> Words:
        return frozenset(self.words)

    def within(self, spans: Iterable[Span]) -> Words:
        """The true words that stand within raw spans."""
        return frozenset(
            word
            for start, end in spans
            for word in self.words[bisect_left(self.offsets, start) : bisect_left(self.offsets, end)]
        )


def read_in(truth: Text, raw: str) -> Reading:
    """Finds the true words in `raw` by their letters without marks; words whose letters are not there are not read.

    A second pass seeks the lines that the first did not find: those read in another order, as the two columns of a
    letterhead are.
    """
    letters, owners = _letters(truth.words)
    read, offsets = _letters(raw)
    found: dict[int, int] = {}
    taken: set[int] = set()
    for is_first in (True, False):
        words = set(owners) if is_first else _in_lost_lines(truth, found)
        open_true = [i for i, word in enumerate(owners) if word in words]
        open_read = [j for j in range(len(read)) if j not in taken]
        pairs = _pairs("".join(letters[i] for i in open_true), "".join(read[j] for j in open_read))
        places: dict[int, list[int]] = {}
        for i, j in pairs:
            places.setdefault(owners[open_true[i]], []).append(open_read[j])
        for word, at in places.items():
            length = len(skeleton(truth.words[word]))
            if len(at) >= _LEAST_READ * length and at[-1] - at[0] < 2 * length + 2:
                found[word] = offsets[at[len(at) // 2]]
                taken.update(at)
    return _in_order(found)


def read_by_lines(truth: Text, raw: str, spans: Sequence[Span]) -> Reading:
    """As `read_in`, where line i of the truth is known to stand at raw[spans[i]]."""
    found: dict[int, int] = {}
    number = 0
    for line, (start, end) in zip(truth.lines, spans, strict=True):
        reading = read_in(Text((line,), (1,)), raw[start:end])
        found |= {number + word: start + offset for offset, word in zip(reading.offsets, reading.words, strict=True)}
        number += len(line.split())
    return _in_order(found)


def _in_order(found: dict[int, int]) -> Reading:
    ordered = sorted((offset, word) for word, offset in found.items())
    return Reading(tuple(offset for offset, _ in ordered), tuple(word for _, word in ordered))


def _in_lost_lines(truth: Text, found: dict[int, int]) -> set[int]:
    """The words of lines of which less than half was found."""
    lost: set[int] = set()
    number = 0
    for line in truth.lines:
        words = range(number, number + len(line.split()))
        number = words.stop
        if 2 * sum(word in found for word in words) < len(words):
            lost.update(word for word in words if word not in found)
    return lost


def as_printed(truth: Text, raw: str) -> Reading:
    """Every word where it stands, for a raw text that is the true one."""
    offsets = [match.start() for match in re.finditer(r"\S+", raw)]
    if len(offsets) != len(truth.words):
        raise ValueError("the raw text is not the true one")
    return Reading(tuple(offsets), tuple(range(len(offsets))))


def _letters(parts: Iterable[str]) -> tuple[str, list[int]]:
    """The letters of words, or of characters, without marks, and for each the number of what it is of."""
    bare = [skeleton(part) for part in parts]
    return "".join(bare), [number for number, part in enumerate(bare) for _ in part]


def _pairs(first: str, second: str) -> Iterator[tuple[int, int]]:
    """Characters that stand for each other in a shortest edit of one text into the other."""
    for block in Levenshtein.opcodes(first, second):
        if block.tag in ("equal", "replace"):
            for k in range(block.src_end - block.src_start):
                yield block.src_start + k, block.dest_start + k
