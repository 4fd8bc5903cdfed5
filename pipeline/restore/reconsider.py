"""Unsure steps in, their candidates out, weighed by what the context model expects between the words around them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .channel import Channel, Tables, new_scratch
from .engine import Members, Reader
from .entries import Entries, concatenate, picked_entries, proposed_entries
from .interrupts import held_interrupts
from .lexicon import Surfaces
from .proposals import LEAST_HEARD, MOST_LETTERS_APART, MOST_PROPOSED, Place, place_of
from .scoring import CHANNEL_WEIGHT, Alphabet, score_unit
from .search import SPECK
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
    expected = reader.context.log_probabilities(np.array(words), np.array([place for _, _, place in asked], np.int64))
    single, proposed = layout.single.copy(), layout.proposed.copy()
    owners: list[int] = []
    picks: list[NDArray[np.int64]] = []
    texts: list[str] = []
    rows: list[list[list[tuple[int, int, int]]]] = []
    bonus: list[float] = []
    new_bonus: list[float] = []
    for (step, unit, _), chances in zip(asked, expected, strict=True):
        own, other = int(layout.single[step.token]), int(layout.proposed[step.token])
        pool = np.array([*entries.rows(own), *(entries.rows(other) if other >= 0 else ())])
        usual = float(chances[reader.lexemes[entries.atom[unit]]])
        speaks = np.array([_speaks(entries, row, chances, reader, usual) for row in pool.tolist()])
        gain = CONTEXT_WEIGHT * (CHANNEL_WEIGHT * entries.score[pool] + speaks)
        total = CHANNEL_WEIGHT * entries.score[pool] + gain
        best = int(np.argmax(total))
        kept = np.nonzero(total > total[best] - WINDOW)[0]
        single[step.token], proposed[step.token] = len(entries.texts) + len(picks), -1
        owners.append(own)
        picks.append(pool[kept])
        bonus += (gain[kept] - gain[best]).tolist()
        place = place_of(entries.texts[step.entry], reader)
        known = entries.surfaces(own) | (entries.surfaces(other) if other >= 0 else set())
        least = float(total[best]) - WINDOW
        found = sorted(_expected(entries, step, place, chances, known, least, channel, reader), reverse=True)
        if place and found:
            proposed[step.token] = len(texts)
            texts.append(entries.texts[step.entry])
            rows.append([place.row(surface) for _, surface, _ in found[:MOST_PROPOSED]])
            new_bonus += [own_gain - gain[best] for *_, own_gain in found[:MOST_PROPOSED]]
    counts = np.array([len(own) for own in picks], dtype=np.int64)
    rows_picked = np.concatenate([*picks, np.zeros(0, np.int64)])
    picked = picked_entries(entries, np.array(owners, dtype=np.int64), counts, rows_picked)
    picked = replace(picked, bonus=np.array(bonus))
    more = replace(proposed_entries(texts, rows, channel, reader), bonus=np.array(new_bonus))
    fresh = [step.token for step, _, _ in asked if proposed[step.token] >= 0]
    proposed[fresh] += len(entries.texts) + len(picks)
    return concatenate(concatenate(entries, picked), more), replace(layout, single=single, proposed=proposed)


def _places(
    entries: Entries, layout: Layout, steps: Sequence[Step], reader: Reader
) -> tuple[list[int], list[tuple[Step, int, int]]]:
    """The whole reading as lexemes, and of each unsure step with one word in it: the word's unit and place there."""
    words: list[int] = []
    asked: list[tuple[Step, int, int]] = []
    for step in steps:
        if step.row == SPECK:
            continue
        units = entries.units(step.row)
        cores = [k for k, unit in enumerate(units) if _is_word(entries, unit, reader)]
        if step.posterior < UNSURE and step.width == 1 and len(cores) == 1:
            asked.append((step, units[cores[0]], len(words) + cores[0]))
        words += reader.lexemes[entries.atom[units]].tolist()
        if layout.breaks[step.token + step.width - 1] == 2:
            words.append(BOUNDARY_ID)
    return words, asked


def _is_word(entries: Entries, unit: int, reader: Reader) -> bool:
    surface = entries.candidates.surface[unit]
    return bool(surface < 0 or reader.wordlike[surface])


def _speaks(entries: Entries, row: int, chances: NDArray[np.float32], reader: Reader, usual: float) -> float:
    """What the context says of a row: of its word where it has just one, else no more than of the present reading."""
    cores = [unit for unit in entries.units(row) if _is_word(entries, unit, reader)]
    return float(chances[reader.lexemes[entries.atom[cores[0]]]]) if len(cores) == 1 else usual


def _expected(
    entries: Entries,
    step: Step,
    place: Place | None,
    chances: NDArray[np.float32],
    known: set[int],
    least: float,
    channel: Channel,
    reader: Reader,
) -> Iterator[tuple[float, int, float]]:
    """(total, surface, gain) of words that nobody proposed yet and that could have been read so."""
    if place is None:
        return
    surfaces, scores, lexemes = _could_be(
        channel.tables,
        reader.alphabet,
        reader.lexicon.surfaces,
        reader.surfaces_of_lexeme,
        np.argpartition(-chances, MOST_EXPECTED)[:MOST_EXPECTED],
        entries.encoded(step.entry)[place.start : place.end],
    )
    gains = CONTEXT_WEIGHT * (CHANNEL_WEIGHT * scores + chances[lexemes].astype(np.float64))
    totals = CHANNEL_WEIGHT * scores + gains
    for total, surface, gain in zip(totals.tolist(), surfaces.tolist(), gains.tolist(), strict=True):
        if total > least and surface not in known:
            yield total, surface, gain


@njit(cache=True)
def _could_be(
    tables: Tables,
    alphabet: Alphabet,
    surfaces: Surfaces,
    members: Members,
    lexemes: NDArray[np.int64],
    read: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Surfaces of some lexemes that could have been read so: with log P(reading | surface) and lexeme of each."""
    room = 0
    for lexeme in lexemes:
        room += members.first[lexeme + 1] - members.first[lexeme]
    surface, score, of = np.zeros(room, np.int64), np.zeros(room), np.zeros(room, np.int64)
    count, scratch = 0, new_scratch()
    for lexeme in lexemes:
        for s in members.surface[members.first[lexeme] : members.first[lexeme + 1]]:
            printed = surfaces.letters[surfaces.first[s] : surfaces.first[s + 1]]
            if abs(len(printed) - len(read)) > MOST_LETTERS_APART:
                continue
            heard_so = score_unit(tables, s, printed, read, alphabet, surfaces.spelling, scratch)
            if heard_so > LEAST_HEARD:
                surface[count], score[count], of[count] = s, heard_so, lexeme
                count += 1
    return surface[:count], score[:count], of[:count]
