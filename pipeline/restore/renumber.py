"""Steps in, labels that open lines ('II.', 'đ)') weighed by what the numbering around them speaks for out."""

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import NamedTuple

import numpy as np

from .channel import Channel
from .engine import Reader
from .entries import Entries, proposed_entries, unit_text
from .graph import SPECK
from .interrupts import held_interrupts
from .numbering import AHEAD, ALL, LABELS, OUTER, SIGNS, Label, Level, Opening, chance_of, likeliest
from .proposals import LEAST_HEARD, Place, place_of
from .revision import Revision, rows_of
from .scoring import CHANNEL_WEIGHT
from .search import CAPITALS, NEUTRAL
from .steps import Layout, Step

LONGEST_LABEL = 5
"""Characters, as read."""
CERTAIN = 0.99
MOST_ODDS = 12.0
"""How much (log) a numbering may speak for a label."""
CHAPTER, CHAPTER_SIGNS = "chương", ("", ".", ":")
STAY: dict[str, frozenset[Level]] = {
    **dict.fromkeys(("điều", "mục", CHAPTER), OUTER),
    **dict.fromkeys(("phần", "phụ"), frozenset()),
}
"""By the first word of a heading ('Phụ' lục): levels whose lists go on behind it."""
BEFORE_ITEM = ":;,"
"""What stands before an item inside of a line."""
TITLE_WORDS = 3
"""Words behind a label by which a title in capitals is told."""


class _Found(NamedTuple):
    """A step that looks like a label; place: of its core; levels: of which it may be; rows: by label, -1 where none
    shows it."""

    step: Step
    place: Place
    levels: tuple[Level, ...]
    rows: dict[Label, int]
    opening: Opening


@held_interrupts()
def renumber(
    entries: Entries, layout: Layout, steps: Sequence[Step], channel: Channel, reader: Reader
) -> tuple[Entries, Layout]:
    """Each label that is not certain, or not what the numbering makes out, gets an entry of its own, in which the
    numbering speaks against all others, and what the words around it spoke for counts no more."""
    found = list(_openings(entries, layout, steps, channel, reader))
    openings = [each.opening for each in found]
    revision = Revision(entries, layout)
    lists: tuple[Label, ...] = ()
    for place, (each, numbering) in enumerate(zip(found, likeliest(openings).steps(), strict=True)):
        step, label = each.step, numbering.label
        if label and (each.rows[label] != step.row or step.posterior < CERTAIN):
            pool = rows_of(entries, layout, step.token)
            speaks = _speaks_against(entries, each, label, openings[place : place + 1 + AHEAD], lists, reader)
            against = [speaks.get(row, max(speaks.values())) for row in pool.tolist()]
            revision.pick(step.token, pool, -np.array(against))
            if each.rows[label] < 0:
                revision.propose(step.token, [each.place.row(reader.by_text[text_of(label)])], [0.0])
        lists = numbering.lists
    return revision.applied(channel, reader)


def _speaks_against(
    entries: Entries, found: _Found, label: Label, openings: Sequence[Opening], lists: tuple[Label, ...], reader: Reader
) -> dict[int, float]:
    """How much (log) the numbering speaks against the rows in the running, where they show another label, or none."""
    ours = chance_of(label, openings, lists)
    speaks = {found.rows[label]: 0.0}
    for row in found.step.rows:
        if row >= 0:
            shown = list(_labels_of(entries, row, found.place, found.levels, reader))
            others: list[Label | None] = [*shown] or [None]
            is_other = text_of(label) not in map(text_of, shown)
            against = min(ours - chance_of(other, openings, lists) for other in others) if is_other else 0.0
            speaks[row] = min(against, MOST_ODDS)
    return speaks


def text_of(label: Label) -> str:
    return LABELS[label.level][label.value - 1]


class _Look(NamedTuple):
    """A step that looks like a label, before it is heard; see _Found."""

    step: Step
    place: Place
    levels: tuple[Level, ...]
    before_title: bool
    stay: frozenset[Level]


def _openings(
    entries: Entries, layout: Layout, steps: Sequence[Step], channel: Channel, reader: Reader
) -> Iterator[_Found]:
    looks = list(_looks(entries, layout, steps, reader))
    for look, heard in zip(looks, _heard(entries, looks, channel, reader), strict=True):
        chances = dict(heard)
        rows = dict.fromkeys(chances, -1)
        for row in rows_of(entries, layout, look.step.token).tolist():
            for label in _labels_of(entries, row, look.place, look.levels, reader):
                if rows.get(label, -1) < 0 or entries.score[row] > entries.score[rows[label]]:
                    rows[label], chances[label] = row, CHANNEL_WEIGHT * float(entries.score[row])
        none = CHANNEL_WEIGHT * float(entries.score[look.step.row])
        opening = Opening(chances, none, look.before_title, look.stay)
        yield _Found(look.step, look.place, look.levels, rows, opening)


def _looks(entries: Entries, layout: Layout, steps: Sequence[Step], reader: Reader) -> Iterator[_Look]:
    """Tokens with a sign that open a line, what follows 'Chương' there, items in brackets."""
    line = np.concatenate([[0], np.cumsum(layout.breaks > 0)])
    stay = ALL
    for _, group in groupby(steps, key=lambda step: int(line[step.token])):
        own = list(group)
        word = _first_word(entries, own[0], reader)
        stay &= STAY.get(word, ALL)
        for i, step in enumerate(own):
            text = entries.texts[step.entry]
            place = place_of(text, reader) if step.width == 1 and step.row != SPECK else None
            if place is None or place.end - place.start > LONGEST_LABEL:
                continue
            signs = text[: place.start], text[place.end :]
            is_item = i == 0 or (signs == ("(", ")") and entries.texts[own[i - 1].entry][-1] in BEFORE_ITEM)
            levels = SIGNS.get(signs, ()) if is_item else ()
            if i == 1 and word == CHAPTER and not signs[0] and signs[1] in CHAPTER_SIGNS:
                levels = ("chapter", "counted") if len(own) == 2 or _is_title(entries, own[2:]) else ()
            if levels:
                yield _Look(step, place, levels, _is_title(entries, own[i + 1 :]), stay)
                stay = ALL


def _heard(entries: Entries, looks: Sequence[_Look], channel: Channel, reader: Reader) -> Iterator[dict[Label, float]]:
    """By look: the labels it could be, those in figures apart, and the chance (log) of each to be read so."""
    kinds = {(entries.texts[look.step.entry], look.levels): look.place for look in looks}
    labels = [
        [Label(level, i) for level in levels for i, text in enumerate(LABELS[level], start=1) if text in reader.by_text]
        for _, levels in kinds
    ]
    rows = [
        [place.row(reader.by_text[text_of(label)]) for label in own]
        for place, own in zip(kinds.values(), labels, strict=True)
    ]
    scores = iter(proposed_entries([text for text, _ in kinds], rows, channel, reader).score.tolist())
    heard = {
        kind: {label: CHANNEL_WEIGHT * score for label, score in zip(own, scores, strict=False) if score > LEAST_HEARD}
        for kind, own in zip(kinds, labels, strict=True)
    }
    return (heard[entries.texts[look.step.entry], look.levels] for look in looks)


def _labels_of(entries: Entries, row: int, place: Place, levels: Sequence[Level], reader: Reader) -> Iterator[Label]:
    """What a row says that the token is, if it is a label with its signs."""
    units, text = entries.units(row), entries.texts[int(entries.entry_of(row))]
    if len(units) == len(place.before) + 1 + len(place.behind):
        core = unit_text(reader, entries.candidates, units[len(place.before)], text)
        for level in levels:
            if core in LABELS[level]:
                yield Label(level, LABELS[level].index(core) + 1)


def _first_word(entries: Entries, step: Step, reader: Reader) -> str:
    first = entries.units(step.row)[:1] if step.row != SPECK else ()
    return "".join(unit_text(reader, entries.candidates, unit, entries.texts[step.entry]).lower() for unit in first)


def _is_title(entries: Entries, steps: Sequence[Step]) -> bool:
    """Whether the words behind a label are in capitals."""
    forms = (form for step in steps if step.row != SPECK for form in entries.form[entries.units(step.row)])
    words = list(islice((form for form in forms if form != NEUTRAL), TITLE_WORDS))
    return bool(words) and all(form == CAPITALS for form in words)
