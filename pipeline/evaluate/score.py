"""True lines and what was read of them in, a verdict on each syllable out: the project's measure.

Tokens are what stands between spaces, without the marks around them; where the tone of open oa, oe, uy stands makes no
difference, nor does `hằng năm` for `hàng năm`. Errors are those of the shortest edit of the tokens that were read into
the true ones (word error rate), so an invented token counts as much as a dropped one.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from ..restore.tokens import even_tones

OUTER = ".,;:!?()[]{}\"“”‘’'|_*…`~"
DASHES = "-–—/"
SAME = {"hằng": "hàng", "Hằng": "Hàng"}


@dataclass(frozen=True)
class ReadLine:
    """One line that was read; confidences: of what stands between its spaces, in order, None where nobody knows;
    crash: what the system failed with, the line is then as it was."""

    text: str
    confidences: tuple[float, ...] | None = None
    crash: str = ""

    def known(self) -> Sequence[float | None]:
        """A confidence, or None, for all that stands between spaces."""
        return (None,) * len(self.text.split()) if self.confidences is None else self.confidences


@dataclass(frozen=True)
class Verdict:
    """One true token and what was read for it: `true` is empty where the reading invented one, `read` where it dropped
    one. before: whether it was right before restoration; confidence: of the token that was read, of the least sure one
    beside it where it was dropped, None where there is none; parted: right but for spaces."""

    true: str
    read: str
    before: bool
    confidence: float | None
    parted: bool = False

    @property
    def is_right(self) -> bool:
        return self.true == self.read


def tokens(text: str) -> list[str]:
    """The tokens of a line that count."""
    return [token for word in text.split() if (token := token_of(word))]


def token_of(word: str) -> str:
    """What counts of a word; empty where it is marks alone."""
    bare = unicodedata.normalize("NFC", word).strip(OUTER)
    return "" if not bare.strip(DASHES) else SAME.get(bare, even_tones(bare))


def judge_line(true: str, raw: str, read: ReadLine) -> list[Verdict]:
    """raw: what was read before restoration."""
    wanted = tokens(true)
    before = {
        index
        for block in Levenshtein.opcodes(wanted, tokens(raw))
        if block.tag == "equal"
        for index in range(block.src_start, block.src_end)
    }
    words = zip(read.text.split(), read.known(), strict=True)
    had = [(token, confidence) for word, confidence in words if (token := token_of(word))]
    return list(_verdicts(wanted, had, before))


def _verdicts(wanted: list[str], had: list[tuple[str, float | None]], before: set[int]) -> Iterator[Verdict]:
    for (i, i_end), (j, j_end), is_equal in _blocks(wanted, [token for token, _ in had]):
        if is_equal:
            for true, (read, confidence) in enumerate(had[j:j_end], start=i):
                yield Verdict(read, read, true in before, confidence)
            continue
        parted = "".join(wanted[i:i_end]) == "".join(token for token, _ in had[j:j_end])
        least = min((c for _, c in had[j:j_end] if c is not None), default=None)
        for k in range(max(i_end - i, j_end - j)):
            true_token = wanted[i + k] if i + k < i_end else ""
            read_token, confidence = had[j + k] if j + k < j_end else ("", least)
            yield Verdict(true_token, read_token, i + k < i_end and i + k in before, confidence, parted)


def _blocks(wanted: Sequence[str], had: Sequence[str]) -> Iterator[tuple[tuple[int, int], tuple[int, int], bool]]:
    """Runs of equal tokens, and the runs of others between them, as ranges of both."""
    i = j = 0
    for match in Levenshtein.editops(wanted, had).as_matching_blocks():
        if match.a > i or match.b > j:
            yield (i, match.a), (j, match.b), False
        i, j = match.a + match.size, match.b + match.size
        if match.size:
            yield (match.a, i), (match.b, j), True


def characters(true: str, read: str) -> tuple[int, int]:
    """Characters of a true line, and how many must be changed in what was read."""
    own, other = (even_tones(unicodedata.normalize("NFC", " ".join(text.split()))) for text in (true, read))
    return len(own), Levenshtein.distance(own, other)


def exact_numbers(verdicts: Sequence[Verdict]) -> tuple[int, list[Verdict]]:
    """True tokens with a digit in a line, and those of them that stand nowhere in what was read of it."""
    numbers = [verdict for verdict in verdicts if any(c.isdigit() for c in verdict.true)]
    spare = Counter(verdict.read for verdict in verdicts)
    spare.subtract(verdict.true for verdict in numbers if verdict.is_right)
    missed = []
    for verdict in numbers:
        if verdict.is_right:
            continue
        if spare[verdict.true] > 0:
            spare[verdict.true] -= 1
        else:
            missed.append(verdict)
    return len(numbers), missed
