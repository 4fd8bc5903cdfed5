"""Steps in, labels that open lines ('II.', 'đ)') weighed by what the numbering around them speaks for out."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from .channel import Channel
from .engine import Reader
from .entries import Entries, proposed_entries, unit_text
from .graph import SPECK
from .interrupts import held_interrupts
from .numbering import LABELS, SIGNS, Label, Opening, likeliest, odds
from .proposals import LEAST_HEARD, Place, place_of
from .revision import Revision
from .scoring import CHANNEL_WEIGHT, NUMBER
from .search import CAPITALS, NEUTRAL
from .steps import Layout, Step

LONGEST_LABEL = 5
"""Characters, as read."""
CERTAIN = 0.99
MOST_ODDS = 12.0
"""How much (log) a numbering may speak for a label."""
ARTICLES = frozenset(("điều", "chương", "phần", "phụ", "mục"))
"""First words of headings under which lists begin anew."""
TITLE_WORDS = 3
"""Words behind a label by which a title in capitals is told."""


class _Found(NamedTuple):
    """A step that opens a line and looks like a label; place: of its core; rows: by label, -1 where none shows it."""

    step: Step
    place: Place
    rows: dict[Label, int]
    opening: Opening


@held_interrupts()
def renumber(
    entries: Entries, layout: Layout, steps: Sequence[Step], channel: Channel, reader: Reader
) -> tuple[Entries, Layout]:
    """Each label that is not certain, or not what the numbering makes out, gets an entry of its own, in which the
    numbering speaks against all others."""
    found = list(_openings(entries, layout, steps, channel, reader))
    openings = [each.opening for each in found]
    revision = Revision(entries, layout)
    numbering = likeliest(openings)
    for place, (each, label) in enumerate(zip(found, numbering.labels, strict=True)):
        step, row = each.step, each.rows.get(label, -1) if label else -1
        if label is None or (row == step.row and step.posterior > CERTAIN):
            continue
        pool = np.array(entries.rows(int(layout.single[step.token])))
        bonus = entries.bonus[pool]
        for other in step.rows:
            labels = list(_labels_of(entries, other, each.place, reader)) if other >= 0 else []
            if other >= 0 and text_of(label) not in map(text_of, labels):
                against = min(odds(openings, numbering, place, known) for known in labels or [None])
                bonus[pool == other] -= min(against, MOST_ODDS)
        revision.pick(step.token, pool, bonus)
        if row < 0:
            revision.propose(step.token, [each.place.row(reader.by_text[text_of(label)])], [0.0])
    return revision.applied(channel, reader)


def text_of(label: Label) -> str:
    return LABELS[label.level][label.value - 1]


def _openings(
    entries: Entries, layout: Layout, steps: Sequence[Step], channel: Channel, reader: Reader
) -> Iterator[_Found]:
    line = np.concatenate([[0], np.cumsum(layout.breaks > 0)])
    lines = [list(own) for _, own in groupby(steps, key=lambda step: int(line[step.token]))]
    places = [_label_place(entries, own[0], reader) for own in lines]
    heard = _heard(entries, [(own[0].entry, place) for own, place in zip(lines, places, strict=True) if place], channel, reader)
    opens = False
    for own, place in zip(lines, places, strict=True):
        opens |= _first_word(entries, own[0], reader) in ARTICLES
        if place is None:
            continue
        chances = dict(heard[entries.texts[own[0].entry]])
        rows = dict.fromkeys(chances, -1)
        for row in entries.rows(int(layout.single[own[0].token])):
            for label in _labels_of(entries, row, place, reader):
                if label not in rows or rows[label] < 0 or entries.score[row] > entries.score[rows[label]]:
                    rows[label], chances[label] = row, CHANNEL_WEIGHT * float(entries.score[row])
        if chances:
            none = CHANNEL_WEIGHT * float(entries.score[own[0].row])
            yield _Found(own[0], place, rows, Opening({None: none, **chances}, _is_title(entries, own[1:]), opens))
            opens = False


def _label_place(entries: Entries, step: Step, reader: Reader) -> Place | None:
    """Where the label stands in a token that looks like one."""
    text = entries.texts[step.entry]
    place = place_of(text, reader) if step.width == 1 and step.row != SPECK else None
    if place is None or place.end - place.start > LONGEST_LABEL or _signs(text, place) not in SIGNS:
        return None
    return place


def _signs(text: str, place: Place) -> tuple[str, str]:
    return text[: place.start], text[place.end :]


def _heard(
    entries: Entries, asked: Sequence[tuple[int, Place]], channel: Channel, reader: Reader
) -> dict[str, dict[Label | None, float]]:
    """By raw token: the labels it could be, those in figures apart, and the chance (log) of each to be read so."""
    places = {entries.texts[entry]: place for entry, place in asked}
    labels = {
        text: [
            Label(level, value)
            for level in SIGNS[_signs(text, place)]
            for value, label in enumerate(LABELS[level], start=1)
            if label in reader.by_text
        ]
        for text, place in places.items()
    }
    rows = [[places[text].row(reader.by_text[text_of(label)]) for label in own] for text, own in labels.items()]
    scores = iter(proposed_entries(list(labels), rows, channel, reader).score.tolist())
    heard = {text: {label: next(scores) for label in own} for text, own in labels.items()}
    return {
        text: {label: CHANNEL_WEIGHT * score for label, score in own.items() if score > LEAST_HEARD}
        for text, own in heard.items()
    }


def _labels_of(entries: Entries, row: int, place: Place, reader: Reader) -> Iterator[Label]:
    """What a row says that the token is, if it is a label with these signs."""
    units, text = entries.units(row), entries.texts[int(entries.entry_of(row))]
    if len(units) == len(place.before) + 1 + len(place.behind):
        core = unit_text(reader, entries.candidates, units[len(place.before)], text)
        for level in SIGNS[_signs(text, place)]:
            if core in LABELS[level]:
                yield Label(level, LABELS[level].index(core) + 1)


def _first_word(entries: Entries, step: Step, reader: Reader) -> str:
    first = entries.units(step.row)[:1] if step.row != SPECK else ()
    return "".join(unit_text(reader, entries.candidates, unit, entries.texts[step.entry]).lower() for unit in first)


def _is_title(entries: Entries, steps: Sequence[Step]) -> bool:
    """Whether the words behind a label are in capitals."""
    forms = [form for step in steps if step.row != SPECK for form in entries.form[entries.units(step.row)]]
    words = [form for form in forms if form != NEUTRAL][:TITLE_WORDS]
    return bool(words) and all(form == CAPITALS for form in words)
