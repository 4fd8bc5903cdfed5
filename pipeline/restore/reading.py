"""Tokens in, their likeliest reading out: search, learn the channel anew from what is sure, look again at the rest."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import os
import numpy as np
from numpy.typing import NDArray

from .candidates import POOR, QUICK, THOROUGH, score_rows
from .channel import Channel, learn_own, new_own
from .engine import Reader
from .entries import Entries, concatenate, make_entries, picked_entries, proposed_entries, row_pieces
import os
from .lexicon import CODE, WORD
from .scoring import score_unit
from .interrupts import held_interrupts
from .language import row_chances
from .proposals import propose
from .scoring import FOREIGN, NUMBER
from .search import BEGIN, EFFORT, SPECK, Lattice, search
from .tokens import CLOSING, OPENING

CHANNEL_WEIGHT = 0.7
"""Of the channel's log-probabilities against the language model's: errors come in company, which it does not know."""
TEMPERATURE = 1.5
ROUNDS = 1
"""How often the channel is learned anew from the document's own reading."""
SURE = 0.97
"""Posterior from which a reading is learned from."""
PROPOSE = float(os.environ.get("PR",".95"))
LOOK_AGAIN = 0.75
"""Posterior below which other candidates are looked for."""
STRETCH = 600
"""Tokens searched at a time, at least; a stretch ends at a line end."""
LONGEST_JOIN = 10
LONGEST_CORE = 8


@dataclass(frozen=True)
class Step:
    """One move of the best path: `width` tokens from `token` on read as `row` (SPECK: as dirt) of `entry`. rows,
    masses: rows in the running for the same tokens and their posteriors; before: language model state before the
    step."""

    token: int
    width: int
    entry: int
    row: int
    posterior: float
    rows: tuple[int, ...]
    masses: tuple[float, ...]
    before: int


@dataclass(frozen=True)
class Layout:
    """By token: entry of it alone, with the next one, of what its context proposes (-1: none); what follows it
    (see search.BREAKS)."""

    single: NDArray[np.int64]
    joined: NDArray[np.int64]
    proposed: NDArray[np.int64]
    breaks: NDArray[np.int64]


def read_tokens(texts: Sequence[str], breaks: Sequence[int], reader: Reader) -> tuple[list[Step], Entries]:
    """texts: raw tokens; breaks: what follows each: 0 the next on the line, 1 a line end, 2 a blank line or the end."""
    entries, layout = _first_look(texts, breaks, reader)
    channel = reader.channel
    steps = list(_search_all(entries, layout, channel, reader))
    for number in range(ROUNDS):
        channel = _learn(reader.channel, entries, steps)
        if number == 0:
            entries, layout = _look_again(entries, layout, steps, channel, reader)
        entries, layout = _propose(entries, layout, steps, channel, reader)
        steps = list(_search_all(entries, layout, channel, reader))
    for _ in range(int(os.environ.get('NR','1'))):
        entries, layout = _reconsider(entries, layout, steps, channel, reader)
        steps = list(_search_all(entries, layout, channel, reader))
    return steps, entries


XC = float(os.environ.get('XC','.6'))
CONTEXT_WEIGHT = float(os.environ.get('CW','0.6'))
UNSURE = float(os.environ.get('UNS','.985'))
RIVAL = float(os.environ.get('RIV','12'))
CONTEXT_PROPOSED = int(os.environ.get('CP','12'))
LEAST_HEARD=-26.0

def _text(reader, entries, row):
    return " ".join(piece.text for piece in row_pieces(reader, entries, row)) if row >= 0 else ""


def _reconsider(entries, layout, steps, channel, reader):
    c = entries.candidates
    context = reader.context
    lexeme_of = reader.lexeme_ids
    words: list[int] = []
    asked: list[tuple[Step, int]] = []
    surfaces = reader.lexicon.surfaces
    wordlike = reader.wordlike
    plain = lambda unit: c.surface[unit] < 0 or wordlike[c.surface[unit]]
    for step in steps:
        if step.row == SPECK:
            continue
        units = entries.units(step.row)
        core = [k for k, unit in enumerate(units) if plain(unit)]
        sure = step.posterior
        if sure < UNSURE:
            chosen = _text(reader, entries, step.row)
            sure = sum(m for r, m in zip(step.rows, step.masses) if r == step.row or (r >= 0 and _text(reader, entries, r) == chosen))
        if sure < UNSURE and step.width == 1 and len(core) == 1:
            asked.append((step, len(words) + core[0]))
        words += [int(lexeme_of[entries.atom[unit]]) for unit in units]
        if layout.breaks[step.token + step.width - 1] == 2:
            words.append(0)
    table = context.log_probabilities(np.array(words), np.array([place for _, place in asked], dtype=np.int64)) if asked else []
    scores = score_rows(channel.tables, c, surfaces.kind, surfaces.spelling, reader.alphabet, entries.read, entries.first, reader.missing_space)
    picks=[];bonus=[];moved={}; prop_texts=[];prop_rows=[];prop_bonus=[];prop_of={}
    for (step, _), chances in zip(asked, table):
        pool = int(layout.single[step.token])
        rows = list(entries.rows(pool))
        if layout.proposed[step.token] >= 0:
            rows += list(entries.rows(int(layout.proposed[step.token])))
        seen = set(); kept = []; values = []
        for r in rows:
            units = entries.units(r)
            key = tuple((int(c.surface[u]), int(c.start[u])) if c.surface[u] != NUMBER else tuple(c.printed[c.letters[u]:c.letters[u+1]].tolist()) for u in units)
            if key in seen: continue
            seen.add(key)
            core = [u for u in units if plain(u)]
            kept.append(r)
            values.append(float(chances[lexeme_of[entries.atom[core[0]]]]) if len(core) == 1 else np.nan)
        sc = np.array([scores[r] for r in kept]); values = np.array(values)
        core = [u for u in entries.units(step.row) if plain(u)]
        values = np.where(np.isnan(values), float(chances[lexeme_of[entries.atom[core[0]]]]), values)
        extra = XC * CHANNEL_WEIGHT * sc + CONTEXT_WEIGHT * values
        total = CHANNEL_WEIGHT * sc + extra
        keep = [k for k in range(len(kept)) if total[k] > total.max() - RIVAL]
        top = extra[int(np.argmax(total))]
        moved[step.token] = len(picks)
        picks.append((pool, [kept[k] for k in keep]))
        bonus += [extra[k] - top for k in keep]
        text = entries.texts[step.entry]
        start, end = _core(text)
        marks = [(reader.marks.get(text[i], -1), i, i + 1) for i in (*range(start), *range(end, len(text)))]
        if 0 < end - start <= LONGEST_CORE and all(m >= 0 for m, _, _ in marks):
            read = entries.encoded(step.entry)[start:end]
            found = []
            got = {int(c.surface[u]) for r in kept for u in entries.units(r)}
            for lex in np.argpartition(-chances, 40)[:40]:
                for s in reader.surfaces_of_lexeme.get(int(lex), ()):
                    if s in got or abs(int(surfaces.first[s+1]-surfaces.first[s])-len(read)) > 3: continue
                    printed = surfaces.letters[surfaces.first[s]:surfaces.first[s+1]]
                    heard = score_unit(channel.tables, s, printed, read, reader.alphabet, surfaces.spelling)
                    e = XC * CHANNEL_WEIGHT * heard + CONTEXT_WEIGHT * float(chances[lex])
                    if heard > LEAST_HEARD and CHANNEL_WEIGHT * heard + e > total.max() - RIVAL: found.append((CHANNEL_WEIGHT * heard + e, s, e - top))
            found.sort(reverse=True); found = found[:CONTEXT_PROPOSED]
            if found:
                prop_of[step.token] = len(prop_texts)
                prop_texts.append(text); prop_rows.append([[*marks[:start], (int(s), start, end), *marks[start:]] for _, s, _ in found]); prop_bonus += [b for *_, b in found]
    n = len(entries.texts)
    new = replace(picked_entries(entries, picks), bonus=np.array(bonus))
    more = replace(proposed_entries(prop_texts, prop_rows, reader), bonus=np.array(prop_bonus))
    single = layout.single.copy(); proposed = layout.proposed.copy()
    for t, k in moved.items(): single[t] = n + k; proposed[t] = -1
    for t, k in prop_of.items(): proposed[t] = n + len(picks) + k
    return concatenate(concatenate(entries, new), more), replace(layout, single=single, proposed=proposed)


@held_interrupts()
def _first_look(texts: Sequence[str], breaks: Sequence[int], reader: Reader) -> tuple[Entries, Layout]:
    ids: dict[str, int] = {}
    single = [ids.setdefault(text, len(ids)) for text in texts]
    entries = make_entries(list(ids), reader, reader.channel, QUICK)
    poor = entries.candidates.best < POOR
    joins: dict[str, int] = {}
    joined = [-1] * len(texts)
    for i, (text, following) in enumerate(pairwise(texts)):
        if breaks[i] == 0 and len(text) + len(following) <= LONGEST_JOIN and (poor[single[i]] or poor[single[i + 1]]):
            joined[i] = len(ids) + joins.setdefault(f"{text} {following}", len(joins))
    entries = concatenate(entries, make_entries(list(joins), reader, reader.channel, QUICK))
    none = np.full(len(texts), -1)
    return entries, Layout(np.array(single), np.array(joined), none, np.array(breaks))


def _search_all(entries: Entries, layout: Layout, channel: Channel, reader: Reader) -> Iterator[Step]:
    c = entries.candidates
    with held_interrupts():
        scores = score_rows(
            channel.tables,
            c,
            reader.lexicon.surfaces.kind,
            reader.lexicon.surfaces.spelling,
            reader.alphabet,
            entries.read,
            entries.first,
            reader.missing_space,
        )
        rank = CHANNEL_WEIGHT * scores + row_chances(reader.language.automaton, c.parts, c.part, entries.atom)
    state, run, start = reader.language.start, BEGIN, 0
    while start < len(layout.single):
        end = min(start + STRETCH, len(layout.single))
        while layout.breaks[end - 1] == 0:
            end += 1
        part = slice(start, end)
        lattice = Lattice(
            layout.single[part],
            layout.joined[part],
            layout.proposed[part],
            layout.breaks[part],
            c.rows,
            c.parts,
            c.part,
            scores + entries.bonus / CHANNEL_WEIGHT,
            rank,
            entries.atom,
            entries.at_start,
            entries.form,
            entries.opens,
            entries.speck,
        )
        with held_interrupts():
            path = search(lattice, reader.language.automaton, EFFORT, CHANNEL_WEIGHT, state, run, TEMPERATURE)
        for token, width, row, rows, masses, before in zip(
            *(array.tolist() for array in (path.token, path.width, path.row, path.rows, path.masses, path.before)),
            strict=True,
        ):
            entry = entries.entry_of(row) if row != SPECK else int(layout.single[start + token])
            posterior = dict(zip(rows, masses, strict=True)).get(row, 0.0)
            yield Step(start + token, width, entry, row, posterior, tuple(rows), tuple(masses), before)
        state, run, start = path.state, path.run, end


@held_interrupts()
def _learn(channel: Channel, entries: Entries, steps: Sequence[Step]) -> Channel:
    """`channel` with what the steps say with certainty."""
    sure = Counter((step.entry, step.row) for step in steps if step.row != SPECK and step.posterior > SURE)
    own = new_own(channel.counts.shape, len(sure) + 1)
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
    proposed = np.full(len(layout.single), -1)
    texts: list[str] = []
    rows: list[list[list[tuple[int, int, int]]]] = []
    for step in steps:
        text = entries.texts[step.entry]
        start, end = _core(text)
        marks = [(reader.marks.get(text[i], -1), i, i + 1) for i in (*range(start), *range(end, len(text)))]
        if (
            step.posterior > PROPOSE
            or step.width != 1
            or not 0 < end - start <= LONGEST_CORE
            or any(mark < 0 for mark, _, _ in marks)
        ):
            continue
        found = propose(
            channel.tables,
            reader.language.automaton,
            reader.alphabet,
            reader.lexicon.surfaces,
            reader.surface_of,
            step.before,
            entries.encoded(step.entry)[start:end],
            CHANNEL_WEIGHT,
        )
        if len(found):
            proposed[step.token] = len(entries.texts) + len(texts)
            texts.append(text)
            rows.append([[*marks[:start], (int(surface), start, end), *marks[start:]] for surface in found])
    return concatenate(entries, proposed_entries(texts, rows, reader)), replace(layout, proposed=proposed)


def _core(text: str) -> tuple[int, int]:
    """Where a token stands without the marks around it."""
    start, end = 0, len(text)
    while start < end and text[start] in OPENING:
        start += 1
    while end > start and text[end - 1] in CLOSING:
        end -= 1
    return start, end
