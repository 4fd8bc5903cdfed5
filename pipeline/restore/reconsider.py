"""Unsure steps in, their candidates out, weighed by what the context model expects between the words around them."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .arrays import grown, kernel
from .channel import Channel, Tables, new_scratch
from .context import Floats
from .engine import Members, Reader
from .entries import Entries
from .graph import SPECK
from .interrupts import held_interrupts
from .lexicon import Surfaces
from .proposals import LEAST_HEARD, MOST_LETTERS_APART, MOST_PROPOSED, Place, place_of
from .revision import Revision, rows_of
from .scoring import CHANNEL_WEIGHT, Alphabet, score_unit
from .steps import Layout, Step

UNSURE = 0.99
"""Posterior below which a reading is reconsidered."""
CONTEXT_WEIGHT = 0.75
"""Of the context model against the language model of the search; the channel gains as much, to keep the balance."""
WINDOW = 12.0
"""How far (log) behind the best a candidate may be."""
MOST_EXPECTED = 24
"""Words that the context model is asked to propose."""
BOUNDARY_ID = 0


@held_interrupts()
def reconsider(
    entries: Entries,
    layout: Layout,
    steps: Sequence[Step],
    channel: Channel,
    reader: Reader,
) -> tuple[Entries, Layout]:
    """Each unsure token gets entries of its own: its candidates, and what its place makes one expect and could have
    been read so, both with what the context speaks for them."""
    words, asked = _places(entries, layout, steps, reader)
    odds = reader.context.log_odds(np.array(words), np.array([place for _, _, place in asked], np.int64))
    lexeme = _lexeme_of_rows(entries, reader)
    revision = Revision(entries, layout)
    expected = _expected(entries, [step.entry for step, *_ in asked], odds, channel, reader)
    for (step, unit, _), (chances, place, new) in zip(asked, expected, strict=True):
        own, other = int(layout.single[step.token]), int(layout.proposed[step.token])
        pool = rows_of(entries, layout, step.token)
        usual = chances[reader.lexemes[entries.atom[unit]]]
        speaks = np.where(lexeme[pool] >= 0, chances[lexeme[pool]], usual)
        gain = CONTEXT_WEIGHT * (CHANNEL_WEIGHT * entries.score[pool] + speaks)
        total = CHANNEL_WEIGHT * entries.score[pool] + gain
        best = int(np.argmax(total))
        kept = np.nonzero(total > total[best] - WINDOW)[0]
        revision.pick(step.token, pool[kept], gain[kept] - gain[best])
        known = entries.surfaces(own) | (entries.surfaces(other) if other >= 0 else set())
        least = float(total[best]) - WINDOW
        better = sorted((word for word in new if word[0] > least and word[1] not in known), reverse=True)
        if place and better:
            rows = [place.row(surface) for _, surface, _ in better[:MOST_PROPOSED]]
            revision.propose(step.token, rows, [own_gain - gain[best] for *_, own_gain in better[:MOST_PROPOSED]])
    return revision.applied(channel, reader)


def _places(
    entries: Entries, layout: Layout, steps: Sequence[Step], reader: Reader
) -> tuple[list[int], list[tuple[Step, int, int]]]:
    """The whole reading as lexemes, and of each unsure step with one word in it: the word's unit and place there."""
    words: list[int] = []
    word = _is_word(entries, np.arange(len(entries.atom)), reader)
    asked: list[tuple[Step, int, int]] = []
    for step in steps:
        if step.row == SPECK:
            continue
        units = entries.units(step.row)
        cores = np.nonzero(word[units])[0]
        if step.posterior < UNSURE and step.width == 1 and len(cores) == 1:
            asked.append((step, units[cores[0]], len(words) + int(cores[0])))
        words += reader.lexemes[entries.atom[units]].tolist()
        if layout.breaks[step.token + step.width - 1] == 2:
            words.append(BOUNDARY_ID)
    return words, asked


def _is_word(entries: Entries, units: NDArray[np.int64], reader: Reader) -> NDArray[np.bool_]:
    surface = entries.candidates.surface[units]
    return np.asarray((surface < 0) | reader.wordlike[np.maximum(surface, 0)])


def _lexeme_of_rows(entries: Entries, reader: Reader) -> NDArray[np.int64]:
    """(rows) of the word of each row where it has just one, else -1."""
    c = entries.candidates
    word = _is_word(entries, c.part, reader)
    words, lexemes = (
        np.concatenate([[0], np.cumsum(each)])[c.parts]
        for each in (word, np.where(word, reader.lexemes[entries.atom[c.part]], 0))
    )
    return np.where(np.diff(words) == 1, np.diff(lexemes), -1)


def _expected(
    entries: Entries, asked: Sequence[int], odds: Iterable[Floats], channel: Channel, reader: Reader
) -> Iterator[tuple[Floats, Place | None, list[tuple[float, int, float]]]]:
    """Of each asked entry: log-odds of all lexemes, where a word may stand in it, and (total, surface, gain) of the
    words that are expected and could have been read so.

    odds: batches of (asked, lexemes)."""
    done = 0
    for batch in odds:
        own = np.array(asked[done : done + len(batch)])
        done += len(batch)
        places = [place_of(entries.texts[entry], reader) for entry in own.tolist()]
        spans = [(place.start, place.end) if place else (0, 0) for place in places]
        start, end = entries.first[own] + np.array(spans, np.int64).T
        of, surface, score, lexeme = _could_be(
            channel.tables,
            reader.alphabet,
            reader.lexicon.surfaces,
            reader.surfaces_of_lexeme,
            batch,
            entries.read,
            start,
            end,
        )
        gain = CONTEXT_WEIGHT * (CHANNEL_WEIGHT * score + batch[of, lexeme].astype(np.float64))
        total = CHANNEL_WEIGHT * score + gain
        words: list[list[tuple[float, int, float]]] = [[] for _ in own]
        for k, *word in zip(of.tolist(), total.tolist(), surface.tolist(), gain.tolist(), strict=True):
            words[k].append((word[0], word[1], word[2]))
        yield from zip(batch, places, words, strict=True)


@njit(cache=True)
def _could_be(
    tables: Tables,
    alphabet: Alphabet,
    surfaces: Surfaces,
    members: Members,
    expected: Floats,
    read: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Surfaces of what is most expected that could have been read so: place, surface, log P(reading | surface), lexeme.

    expected: (places, lexemes) log-odds; start, end: (places) of the reading in `read`; an empty one could be
    nothing."""
    count, scratch, likeliest = 0, new_scratch(), np.zeros(MOST_EXPECTED, np.int64)
    place, surface, score, of = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64)
    for k in range(len(expected)):
        heard = read[start[k] : end[k]]
        if len(heard) == 0:
            continue
        _find_highest(expected[k], likeliest)
        for lexeme in likeliest:
            room = count + members.first[lexeme + 1] - members.first[lexeme]
            place, surface, score, of = grown(place, room), grown(surface, room), grown(score, room), grown(of, room)
            for s in members.surface[members.first[lexeme] : members.first[lexeme + 1]]:
                printed = surfaces.letters[surfaces.first[s] : surfaces.first[s + 1]]
                if abs(len(printed) - len(heard)) > MOST_LETTERS_APART:
                    continue
                heard_so = score_unit(tables, s, printed, heard, alphabet, surfaces.spelling, scratch)
                if heard_so > LEAST_HEARD:
                    place[count], surface[count], score[count], of[count] = k, s, heard_so, lexeme
                    count += 1
    return place[:count], surface[:count], score[:count], of[:count]


@kernel
def _find_highest(values: NDArray[np.float32], places: NDArray[np.int64]) -> None:
    """Fill in `places` of the highest values, highest first; there are at least as many values."""
    for i in range(len(values)):
        k = min(i, len(places))
        while k > 0 and values[places[k - 1]] < values[i]:
            if k < len(places):
                places[k] = places[k - 1]
            k -= 1
        if k < len(places):
            places[k] = i
