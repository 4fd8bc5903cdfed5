"""Tokens in, their likeliest reading out: search, learn the channel anew from what is sure, look again at the rest."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .candidates import POOR, QUICK, THOROUGH
from .channel import Channel, learn_own, new_own
from .engine import Reader
from .entries import Entries, concatenate, heard_anew, make_entries
from .graph import SPECK
from .interrupts import held_interrupts
from .language import new_memo, row_chances
from .lessons import Lesson, teach
from .proposals import place_of, propose
from .reconsider import reconsider
from .renumber import renumber
from .revision import Revision
from .scoring import CHANNEL_WEIGHT, FOREIGN, NUMBER
from .search import BEGIN, EFFORT, Lattice, search
from .settled import settle
from .steps import Layout, Step
from .tokens import is_cut_number

TEMPERATURE = 1.5
SURE = 0.97
"""Posterior from which a reading is learned from."""
LOOK_AGAIN = 0.75
"""Posterior below which other candidates are looked for."""
TASTE = 600
"""Tokens by which the OCR engine is told, at least."""
STRETCH = 600
"""Tokens searched at a time, at least; a stretch ends at a line end."""
LONGEST_JOIN = 10


def read_tokens(texts: Sequence[str], breaks: Sequence[int], reader: Reader) -> tuple[list[Step], Entries]:
    """texts: raw tokens; breaks: what follows each: 0 the next on the line, 1 a line end, 2 a blank line or the end."""
    channel, entries, layout, steps, _ = _first_reading(texts, breaks, reader)
    if reader.settings.adaptation:
        channel = _learn(channel, entries, steps, reader.lessons)
    entries, layout = settle(entries, layout, steps)
    entries = heard_anew(entries, channel, reader)
    entries, layout = _look_again(entries, layout, steps, channel, reader)
    entries, layout = _propose(entries, layout, steps, channel, reader)
    steps, _ = _search_all(entries, layout, reader)
    if reader.settings.context:
        entries, layout = reconsider(entries, layout, steps, channel, reader)
        steps, _ = _search_all(entries, layout, reader)
    entries, renumbered = renumber(entries, layout, steps, channel, reader)
    if renumbered is not layout:
        steps, _ = _search_all(entries, renumbered, reader)
    return steps, entries


class _First(NamedTuple):
    """What a first look with a channel finds; score: log-chance of its reading."""

    channel: Channel
    entries: Entries
    layout: Layout
    steps: list[Step]
    score: float


def _first_reading(texts: Sequence[str], breaks: Sequence[int], reader: Reader) -> _First:
    """By the channel of the OCR engine that is likeliest to have read the first tokens."""

    def read(end: int, channel: Channel) -> _First:
        entries, layout = _first_look(texts[:end], breaks[:end], reader, channel)
        return _First(channel, entries, layout, *_search_all(entries, layout, reader))

    if len(reader.taught) == 1:
        return read(len(texts), reader.taught[0])
    end = _line_end(breaks, TASTE)
    best = max((read(end, channel) for channel in reader.taught), key=lambda first: first.score)
    return best if end == len(texts) else read(len(texts), best.channel)


def _line_end(breaks: Sequence[int] | NDArray[np.int64], least: int) -> int:
    """The first end of a line after `least` tokens or more."""
    end = min(least, len(breaks))
    while breaks[end - 1] == 0:
        end += 1
    return end


@held_interrupts()
def _first_look(
    texts: Sequence[str], breaks: Sequence[int], reader: Reader, channel: Channel
) -> tuple[Entries, Layout]:
    ids: dict[str, int] = {}
    single = [ids.setdefault(text, len(ids)) for text in texts]
    entries = make_entries(list(ids), reader, channel, QUICK)
    poor = entries.candidates.best < POOR
    joins: dict[str, int] = {}
    joined = [-1] * len(texts)
    for i, (text, following) in enumerate(pairwise(texts) if reader.settings.joins else ()):
        is_short = len(text) + len(following) <= LONGEST_JOIN
        may_join = (is_short and (poor[single[i]] or poor[single[i + 1]])) or is_cut_number(text, following)
        if breaks[i] == 0 and may_join:
            joined[i] = len(ids) + joins.setdefault(f"{text} {following}", len(joins))
    entries = concatenate(entries, make_entries(list(joins), reader, channel, QUICK))
    none = np.full(len(texts), -1)
    return entries, Layout(np.array(single), np.array(joined), none, np.array(breaks))


def _search_all(entries: Entries, layout: Layout, reader: Reader) -> tuple[list[Step], float]:
    """The steps of the best path, and its log-chance."""
    c, steps = entries.candidates, list[Step]()
    with held_interrupts():
        rank = CHANNEL_WEIGHT * entries.score + row_chances(reader.language.automaton, c.parts, c.part, entries.atom)
    state, run, start, score = reader.language.start, BEGIN, 0, 0.0
    memo = new_memo()
    while start < len(layout.single):
        end = _line_end(layout.breaks, start + STRETCH)
        part = slice(start, end)
        lattice = Lattice(
            layout.single[part],
            layout.joined[part],
            layout.proposed[part],
            layout.breaks[part],
            c.rows,
            c.parts,
            c.part,
            entries.score + entries.bonus / CHANNEL_WEIGHT,
            rank,
            entries.atom,
            entries.at_start,
            entries.form,
            entries.opens,
            entries.speck,
        )
        with held_interrupts():
            path = search(lattice, reader.language.automaton, memo, EFFORT, CHANNEL_WEIGHT, state, run, TEMPERATURE)
        token = start + path.token
        entry = np.where(path.row == SPECK, layout.single[token], entries.entry_of(path.row))
        posterior = np.where(path.rows == path.row[:, None], path.masses, 0.0).max(axis=1, initial=0.0)
        fields = (token, path.width, entry, path.row, posterior, path.rows, path.masses, path.before)
        steps += map(Step, *(field.tolist() for field in fields))
        state, run, start, score = path.state, path.run, end, score + path.score
    return steps, score


@held_interrupts()
def _learn(channel: Channel, entries: Entries, steps: Sequence[Step], lessons: Sequence[Lesson]) -> Channel:
    """`channel` with what reviewers of the archive said, and the steps say with certainty."""
    sure = Counter((step.entry, step.row) for step in steps if step.row != SPECK and step.posterior > SURE)
    own = new_own(channel.counts.shape, len(sure) + len(lessons) + 1)
    teach(channel, own, lessons)
    c = entries.candidates
    for (entry, row), amount in sure.items():
        for unit in entries.units(row):
            if c.surface[unit] != FOREIGN:
                printed = c.printed[c.letters[unit] : c.letters[unit + 1]]
                read = entries.encoded(entry)[c.start[unit] : c.end[unit]]
                learn_own(channel.tables, own, printed, read, float(amount), c.surface[unit] != NUMBER)
    return channel.with_own(own)


@held_interrupts()
def _look_again(
    entries: Entries, layout: Layout, steps: Sequence[Step], channel: Channel, reader: Reader
) -> tuple[Entries, Layout]:
    """Unsure strings get more candidates, with what was learned of the document."""
    unsure = sorted({step.entry for step in steps if step.posterior < LOOK_AGAIN})
    moved = np.arange(len(entries.texts) + 1)
    moved[-1] = -1
    moved[unsure] = len(entries.texts) + np.arange(len(unsure))
    again = make_entries([entries.texts[entry] for entry in unsure], reader, channel, THOROUGH)
    return concatenate(entries, again), replace(layout, single=moved[layout.single], joined=moved[layout.joined])


@held_interrupts()
def _propose(
    entries: Entries, layout: Layout, steps: Sequence[Step], channel: Channel, reader: Reader
) -> tuple[Entries, Layout]:
    """Unsure tokens get what the words before them lead one to expect, where it could have been read so."""
    revision = Revision(entries, layout)
    for step in steps:
        place = (
            place_of(entries.texts[step.entry], reader) if step.posterior <= LOOK_AGAIN and step.width == 1 else None
        )
        if place is None:
            continue
        found = propose(
            channel.tables,
            reader.language.automaton,
            reader.alphabet,
            reader.lexicon.surfaces,
            reader.surface_of,
            step.before,
            entries.encoded(step.entry)[place.start : place.end],
            CHANNEL_WEIGHT,
        )
        known = entries.surfaces(step.entry)
        new = [place.row(surface) for surface in found.tolist() if surface not in known]
        if new:
            revision.propose(step.token, new, [0.0] * len(new))
    return revision.applied(channel, reader)
