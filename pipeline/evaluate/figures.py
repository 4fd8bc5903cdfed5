"""Verdicts on the syllables of a text in, its figures out: accuracy, damage, numbers, flags and calibration."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from ..document import DOUBT
from .score import Verdict, exact_numbers

LEAST_SURE = 0.03
"""Share of syllables of which is asked how many of all errors they hold."""
BINS = 15


@dataclass(frozen=True)
class Figures:
    """lines: verdicts line by line; characters, edits: of all lines, None where their order is not that of the truth;
    seconds: of processor time; crashes: lines on which the system failed, and with what."""

    lines: tuple[tuple[Verdict, ...], ...]
    characters: int | None = None
    edits: int | None = None
    seconds: float | None = None
    crashes: tuple[tuple[str, str], ...] = ()

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        return tuple(verdict for line in self.lines for verdict in line)

    @cached_property
    def syllables(self) -> int:
        return sum(bool(verdict.true) for verdict in self.verdicts)

    @cached_property
    def errors(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if not verdict.is_right]

    @property
    def accuracy(self) -> float | None:
        return _share(self.syllables - len(self.errors), self.syllables)

    @property
    def cer(self) -> float | None:
        return None if self.characters is None or self.edits is None else _share(self.edits, self.characters)

    @property
    def mended(self) -> float | None:
        """Share of syllables that were read wrong and are right now."""
        wrong = [verdict for verdict in self.verdicts if verdict.true and not verdict.before]
        return _share(sum(verdict.is_right for verdict in wrong), len(wrong))

    @property
    def spoiled(self) -> tuple[int, int]:
        """Syllables that were read right and are wrong now, and all that were read right."""
        right = [verdict for verdict in self.verdicts if verdict.before]
        return sum(not verdict.is_right for verdict in right), len(right)

    @cached_property
    def _numbers(self) -> tuple[int, list[Verdict]]:
        found = [exact_numbers(line) for line in self.lines]
        return sum(count for count, _ in found), [miss for _, missed in found for miss in missed]

    @property
    def numbers(self) -> int:
        """True tokens with a digit."""
        return self._numbers[0]

    @property
    def numbers_exact(self) -> float | None:
        return _share(self.numbers - len(self._numbers[1]), self.numbers)

    @property
    def misses_flagged(self) -> tuple[int, int]:
        """Tokens with a digit that were missed and are marked as doubts, and all that were missed."""
        missed = self._numbers[1]
        return sum(verdict.confidence is not None and verdict.confidence < DOUBT for verdict in missed), len(missed)

    @cached_property
    def confidences(self) -> list[tuple[float, bool]]:
        """How sure each token is that was read, and whether it is right; none where readings do not say."""
        return [(v.confidence, v.is_right) for v in self.verdicts if v.read and v.confidence is not None]

    @property
    def errors_least_sure(self) -> float | None:
        """Share of all errors that the LEAST_SURE tokens hold; of those at the limit of sureness a part counts."""
        chances = sorted(chance for chance, _ in self.confidences)
        if not chances or not self.errors:
            return None
        most = max(round(LEAST_SURE * len(chances)), 1)
        limit = chances[most - 1]
        part = (most - sum(chance < limit for chance in chances)) / chances.count(limit)
        known = [verdict.confidence for verdict in self.errors if verdict.confidence is not None]
        return sum((chance < limit) + part * (chance == limit) for chance in known) / len(self.errors)

    @property
    def calibration_error(self) -> float | None:
        """Expected calibration error (Naeini, Cooper and Hauskrecht, 2015) over BINS of equal width."""
        gaps: dict[int, float] = defaultdict(float)
        for chance, is_right in self.confidences:
            gaps[min(int(chance * BINS), BINS - 1)] += chance - is_right
        return _share(sum(map(abs, gaps.values())), len(self.confidences))


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None
