"""Unsure steps in, their candidates out, weighed by what the context model expects between the words around them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .channel import Channel
from .engine import Reader
from .entries import Entries, concatenate, heard, picked_entries, proposed_entries
from .interrupts import held_interrupts
from .proposals import LEAST_HEARD, MOST_LETTERS_APART, MOST_PROPOSED, Place, place_of
from .scoring import CHANNEL_WEIGHT, score_unit
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
    entries: Entries, layout: Layout, steps: Sequence[Step], channel: Channel, reader: Reader
) -> tuple[Entries, Layout]:
    """Each unsure token gets entries of its own: its candidates, and what its place makes one expect and could have
    been read so, both with what the context speaks for them."""
    words, asked = _places(entries, layout, steps, reader)
    expected = reader.context.log_probabilities(np.array(words), np.array([place for _, _, place in asked], np.int64))
    scores = heard(entries, channel, reader)
    single, proposed = layout.single.copy(), layout.proposed.copy()
    picks: list[tuple[int, list[int]]] = []
    texts: list[str] = []
    rows: list[list[list[tuple[int, int, int]]]] = []
    bonus: list[float] = []
    new_bonus: list[float] = []
    for (step, unit, _), chances in zip(asked, expected, strict=True):
        own, other = int(layout.single[step.token]), int(layout.proposed[step.token])
        pool = [*entries.rows(own), *(entries.rows(other) if other >= 0 else ())]
        usual = float(chances[reader.lexemes[entries.atom[unit]]])
        speaks = np.array([_speaks(entries, row, chances, reader, usual) for row in pool])
        gain = CONTEXT_WEIGHT * (CHANNEL_WEIGHT * scores[pool] + speaks)
        total = CHANNEL_WEIGHT * scores[pool] + gain
        best = int(np.argmax(total))
        kept = np.nonzero(total > total[best] - WINDOW)[0]
        single[step.token], proposed[step.token] = len(entries.texts) + len(picks), -1
        picks.append((own, [pool[k] for k in kept]))
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
    picked = replace(picked_entries(entries, picks), bonus=np.array(bonus))
    more = replace(proposed_entries(texts, rows, reader), bonus=np.array(new_bonus))
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
    read = entries.encoded(step.entry)[place.start : place.end]
    surfaces = reader.lexicon.surfaces
    for lexeme in np.argpartition(-chances, MOST_EXPECTED)[:MOST_EXPECTED].tolist():
        for surface in reader.surfaces_of_lexeme.get(lexeme, ()):
            printed = surfaces.letters[surfaces.first[surface] : surfaces.first[surface + 1]]
            if surface in known or abs(len(printed) - len(read)) > MOST_LETTERS_APART:
                continue
            score = score_unit(channel.tables, surface, printed, read, reader.alphabet, surfaces.spelling)
            gain = CONTEXT_WEIGHT * (CHANNEL_WEIGHT * score + float(chances[lexeme]))
            total = CHANNEL_WEIGHT * score + gain
            if score > LEAST_HEARD and total > least:
                yield total, surface, gain
