"""A source in, its restoration out: candidates for every token, the search, and the channel learned anew from the reading."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..document import Line, Restoration, RestoredLine, Source, Syllable, Word
from . import candidates as generation
from .candidates import FOREIGN, NUMBER, Alphabet, Candidates, Emissions
from .channel import Channel, learn_own, new_own
from .language import LanguageModel, load_language
from .lexicon import Lexicon, build_lexicon, kind_of
from .search import CAPITALS, NEUTRAL, ORDINARY, SPECK, Lattice, search
from .tokens import UNKNOWN, even_tones, has_digit, number_class

CHANNEL_WEIGHT = 0.8
TEMPERATURE = 1.5
ROUNDS = 2
JOINS = True
POOR = -6.0
"""How often the channel is learned anew from the document's own reading."""
SURE = 0.9
STRETCH = 600
"""Tokens searched at a time, at least; a stretch ends at a line end."""


@dataclass
class Engine:
    channel: Channel
    language: LanguageModel
    lexicon: Lexicon
    emissions: Emissions
    alphabet: Alphabet
    classes: dict[str, int]
    version: str


def make_engine(channel: Channel, language: LanguageModel, version: str) -> Engine:
    size = len(language.vocabulary)
    automaton = language.automaton
    unigrams = automaton.codebook[automaton.probability[:size]].astype(np.float64)
    classes = {atom: i for i, atom in enumerate(language.vocabulary) if atom.startswith("<")}
    lexicon = build_lexicon(language.vocabulary, unigrams, channel.printed_ids)
    return Engine(channel, language, lexicon, emissions_of(channel), alphabet_of(channel), classes, version)


def emissions_of(channel: Channel) -> Emissions:
    logs = np.log(channel.tables.base[2:] + 1e-30)
    segment, letter = np.nonzero((logs > generation.LEAST_EMISSION).T)
    counts = np.bincount(segment, minlength=logs.shape[1])
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return Emissions(first, (letter + 2).astype(np.int16), logs.T[segment, letter].astype(np.float32))


def alphabet_of(channel: Channel) -> Alphabet:
    printed, read = channel.printed, channel.read
    return Alphabet(
        np.array([-1, -1, *(int(c) if c in "0123456789" else -1 for c in printed)], dtype=np.int8),
        np.array([False, False, *(c in ".," for c in printed)]),
        np.array([0, 0, *map(kind_of, printed)], dtype=np.int8),
        np.array([0, 0, *(channel.printed_ids.get(c, 0) for c in read)]),
        np.array([False, False, *(c.isalnum() for c in read)]),
        channel.read_ids.get(" ", 0),
        channel.printed_ids.get(".", 0),
    )


@dataclass(frozen=True)
class Token:
    word: Word
    line: int


@dataclass
class Entries:
    """Distinct raw strings with their candidates. read, first: encoded strings; atom, form: by unit of the candidates."""

    texts: list[str]
    read: NDArray[np.int64]
    first: NDArray[np.int64]
    candidates: Candidates
    atom: NDArray[np.int32]
    form: NDArray[np.int8]
    speck: NDArray[np.float64]


def make_entries(texts: list[str], engine: Engine) -> Entries:
    encoded = [engine.channel.encode_read(text) for text in texts]
    first = np.cumsum([0, *map(len, encoded)])
    read = np.concatenate([*encoded, np.zeros(0, np.int64)])
    missing = float(np.log(engine.channel.missing_space))
    candidates = generation.generate_all(
        generation.new_workspace(),
        engine.channel.tables,
        engine.emissions,
        engine.alphabet,
        engine.lexicon.trie,
        engine.lexicon.surfaces,
        read,
        first,
        missing,
    )
    known = np.maximum(candidates.surface, 0)
    surfaces = engine.lexicon.surfaces
    atom = surfaces.atom[known].astype(np.int32)
    form = np.where(surfaces.capital[known], CAPITALS, ORDINARY).astype(np.int8)
    form[_neutral(engine.lexicon)[known]] = NEUTRAL
    for unit in np.nonzero(candidates.surface < 0)[0]:
        row = int(np.searchsorted(candidates.units, unit, side="right")) - 1
        entry = int(np.searchsorted(candidates.rows, row, side="right")) - 1
        text = unit_text(engine, candidates, int(unit), texts[entry])
        atom[unit] = engine.classes[number_class(text) or UNKNOWN]
        form[unit] = NEUTRAL
    speck = np.array([speck_chance(text) for text in texts])
    return Entries(texts, read, first, candidates, atom, form, speck)


def speck_chance(text: str) -> float:
    """Log-chance that a token is dirt."""
    if len(text) > 3:
        return -np.inf
    return float(sum(-9.0 if c.isalnum() else -4.0 for c in text)) - 2.0


_NEUTRAL: dict[int, NDArray[np.bool_]] = {}


def _neutral(lexicon: Lexicon) -> NDArray[np.bool_]:
    """Surfaces that say nothing of a run of capitals: marks, single letters, abbreviations."""
    if id(lexicon) not in _NEUTRAL:
        _NEUTRAL[id(lexicon)] = np.array(
            [
                not capital and (not text[0].isalpha() or len(text) == 1 or text.isupper())
                for text, capital in zip(lexicon.texts, lexicon.surfaces.capital, strict=True)
            ]
        )
    return _NEUTRAL[id(lexicon)]


def unit_text(engine: Engine, candidates: Candidates, unit: int, raw: str) -> str:
    surface = int(candidates.surface[unit])
    if surface >= 0:
        return engine.lexicon.texts[surface]
    if surface == FOREIGN:
        return raw[candidates.start[unit] : candidates.end[unit]]
    letters = candidates.printed[candidates.letters[unit] : candidates.letters[unit + 1]]
    return "".join(engine.channel.printed[letter - 2] for letter in letters)


@dataclass
class Step:
    token: int
    width: int
    entry: int
    row: int
    posterior: float
    rival: int
    rival_posterior: float


def restore(source: Source, engine: Engine) -> Restoration:
    tokens = [Token(word, i) for i, line in enumerate(source.lines) for word in line.words]
    texts: dict[str, int] = {}
    single = [texts.setdefault(token.word.text, len(texts)) for token in tokens]
    entries = make_entries(list(texts), engine)
    joined = [-1] * len(tokens)
    if JOINS:
        scores = generation.score_all(engine.channel.tables, entries.candidates, engine.lexicon.surfaces.kind, entries.read, entries.first, engine.alphabet.wordlike, float(np.log(engine.channel.missing_space)))
        c = entries.candidates
        poor = np.array([scores[c.rows[e]:c.rows[e+1]].max() < POOR for e in range(len(texts))])
        for i, (token, following) in enumerate(zip(tokens, tokens[1:], strict=False)):
            if token.line == following.line and len(token.word.text) + len(following.word.text) <= 8 and (poor[single[i]] or poor[single[i+1]]):
                joined[i] = texts.setdefault(f"{token.word.text} {following.word.text}", len(texts))
        print('joins', len(texts)-len(poor), poor.mean())
        entries = make_entries(list(texts), engine)
    breaks = [
        0 if a.line == b.line else 1 if a.line + 1 == b.line else 2
        for a, b in zip(tokens, tokens[1:], strict=False)
    ] + [2]
    channel = engine.channel
    for last in [False] * ROUNDS + [True]:
        scores = generation.score_all(
            channel.tables,
            entries.candidates,
            engine.lexicon.surfaces.kind,
            entries.read,
            entries.first,
            engine.alphabet.wordlike,
            float(np.log(channel.missing_space)),
        )
        steps = list(read_all(entries, scores, single, joined, breaks, engine))
        if not last:
            channel = learn(engine, entries, steps)
    return assemble(source, tokens, steps, entries, engine)


def read_all(
    entries: Entries,
    scores: NDArray[np.float64],
    single: Sequence[int],
    joined: Sequence[int],
    breaks: Sequence[int],
    engine: Engine,
) -> Iterator[Step]:
    state, run = engine.language.start, NEUTRAL
    start = 0
    while start < len(single):
        end = min(start + STRETCH, len(single))
        while end < len(single) and breaks[end - 1] == 0:
            end += 1
        part = np.array(joined[start:end])
        if len(part):
            part[-1] = -1
        lattice = Lattice(
            np.array(single[start:end]),
            part,
            np.array(breaks[start:end]),
            entries.candidates.rows,
            entries.candidates.units,
            scores,
            entries.atom,
            entries.form,
            entries.speck,
        )
        path = search(lattice, engine.language.automaton, CHANNEL_WEIGHT, state, run, TEMPERATURE)
        for k in range(len(path.token)):
            at = start + int(path.token[k])
            entry = single[at] if path.width[k] == 1 else joined[at]
            yield Step(
                at,
                int(path.width[k]),
                entry,
                int(path.row[k]),
                float(path.posterior[k]),
                int(path.rival[k]),
                float(path.rival_posterior[k]),
            )
        state, run, start = path.state, path.run, end


def learn(engine: Engine, entries: Entries, steps: Sequence[Step]) -> Channel:
    """The engine's channel after what a reading says with certainty."""
    amounts: dict[tuple[int, int], int] = {}
    for step in steps:
        if step.row != SPECK and step.posterior > SURE:
            amounts[step.entry, step.row] = amounts.get((step.entry, step.row), 0) + 1
    own = new_own(engine.channel.counts.shape, len(amounts) + 1)
    c = entries.candidates
    for (entry, row), amount in amounts.items():
        for unit in range(c.units[row], c.units[row + 1]):
            if c.surface[unit] == FOREIGN:
                continue
            base = entries.first[entry]
            learn_own(
                engine.channel.tables,
                own,
                c.printed[c.letters[unit] : c.letters[unit + 1]],
                entries.read[base + c.start[unit] : base + c.end[unit]],
                float(amount),
                c.surface[unit] != NUMBER,
            )
    return engine.channel.with_own(own)


def assemble(
    source: Source, tokens: Sequence[Token], steps: Sequence[Step], entries: Entries, engine: Engine
) -> Restoration:
    by_line: list[list[Step]] = [[] for _ in source.lines]
    for step in steps:
        by_line[tokens[step.token].line].append(step)
    lines = []
    for line, own in zip(source.lines, by_line, strict=True):
        parts: list[str] = []
        for step in own:
            if step.row != SPECK:
                parts.append(row_text(engine, entries, step.row, entries.texts[step.entry]))
        lines.append(RestoredLine(" ".join(parts), (), line.start, line.end))
    return Restoration(tuple(lines), engine.version)


def row_text(engine: Engine, entries: Entries, row: int, raw: str) -> str:
    c = entries.candidates
    text, left, left_surface = "", -1, 0
    for unit in range(c.units[row], c.units[row + 1]):
        own = unit_text(engine, c, unit, raw)
        surface = int(c.surface[unit])
        kind = kind_of(own)
        if left >= 0 and left_surface != NUMBER and generation.glue_cost(left, kind, -1.0) < 0:
            text += " "
        text += own
        left, left_surface = kind, surface
    return raw if even_tones(raw) == text else text
