"""What reviewers of an archive said is printed for what was read in; a channel and a lexicon that know it out.

Lessons are learned as a document's own readings are (see channel.Own), beside them and anew for each document.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from .channel import Channel, Own, learn_own
from .tokens import core_span, even_tones, has_digit, split_token

Kind = Literal["plain", "marked"]
HEADER = "kind\tprinted\tread\ttimes"
LEAST_TIMES = 2
"""How often a word that the models do not know must have been seen for them to propose it."""


class Lesson(NamedTuple):
    """A unit that was printed and what was read of it. kind: of the text in which it was, see restoration."""

    kind: Kind
    printed: str
    read: str
    times: int


def lessons_of(kind: Kind, readings: Iterable[tuple[str, str]]) -> Counter[tuple[Kind, str, str]]:
    """readings: (printed token, token that was read). Marks around a token are left aside, and so are several units."""
    units = Counter[tuple[Kind, str, str]]()
    for printed, read in readings:
        cores = [token[slice(*core_span(token))] for token in (even_tones(printed), read)]
        if all(cores) and len(split_token(cores[0])) == 1:
            units[kind, cores[0], cores[1]] += 1
    return units


def counted(units: Counter[tuple[Kind, str, str]]) -> tuple[Lesson, ...]:
    """In an order that is always the same."""
    return tuple(Lesson(*unit, times) for unit, times in sorted(units.items()))


def teach(channel: Channel, own: Own, lessons: Sequence[Lesson]) -> None:
    """Add lessons to what is known of a document."""
    for lesson in lessons:
        printed, read = channel.encode_printed(lesson.printed), channel.encode_read(lesson.read)
        learn_own(channel.tables, own, printed, read, float(lesson.times), not has_digit(lesson.printed))


def new_words(lessons: Iterable[Lesson], vocabulary: Iterable[str]) -> list[str]:
    """Words that were printed more than once and that the vocabulary has in no form."""
    known = {word.lower() for word in vocabulary}
    times = Counter[str]()
    for lesson in lessons:
        if lesson.printed.isalpha() and len(lesson.printed) > 1 and lesson.printed.lower() not in known:
            times[lesson.printed] += lesson.times
    return sorted(word for word, count in times.items() if count >= LEAST_TIMES)


def lessons_text(lessons: Iterable[Lesson]) -> str:
    """A line each, as `load_lessons` reads them."""
    return "\n".join((HEADER, *("\t".join(map(str, lesson)) for lesson in lessons), ""))


def load_lessons(path: Path) -> tuple[Lesson, ...]:
    """() where there is no file. Errors: OSError, ValueError where it is damaged."""
    if not path.exists():
        return ()
    header, *lines = path.read_text(encoding="utf-8").split("\n")
    if header != HEADER:
        raise ValueError(f"{path.name} does not open with {HEADER!r}")
    return tuple(_lesson(line) for line in lines if line)


def _lesson(line: str) -> Lesson:
    kind, printed, read, times = line.split("\t")
    known = next((known for known in get_args(Kind) if known == kind), None)
    if known is None or not printed or not read or not 0 < int(times) < 10**6:
        raise ValueError(f"no lesson: {line[:80]!r}")
    return Lesson(known, printed, read, int(times))
