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
from .numbering import LABELS, SIGNS, Label, Level, Opening, likeliest, odds
from .proposals import LEAST_HEARD, Place, place_of
from .revision import Revision
from .scoring import CHANNEL_WEIGHT
from .search import CAPITALS, NEUTRAL
from .steps import Layout, Step

LONGEST_LABEL = 5
"""Characters, as read."""
CERTAIN = 0.99
MOST_ODDS = 12.0
"""How much (log) a numbering may speak for a label."""
CHAPTERS = frozenset(("chương", "phần"))
CHAPTER_SIGNS = ("", ".", ":")
ARTICLES = CHAPTERS | {"điều", "phụ", "mục"}
"""First words of headings under which lists begin anew."""
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
    numbering speaks against all others."""
    found = list(_openings(entries, layout, steps, channel, reader))
    openings = [each.opening for each in found]
    revision = Revision(entries, layout)
    lists: tuple[Label, ...] = ()
    for place, (each, numbering) in enumerate(zip(found, likeliest(openings).steps(), strict=True)):
        step, label = each.step, numbering.label
        if label and (each.rows[label] != step.row or step.posterior < CERTAIN):
            pool = np.array(entries.rows(int(layout.single[step.token])))
            bonus = entries.bonus[pool]
            for other in step.rows:
                shown = list(_labels_of(entries, other, each.place, each.levels, reader)) if other >= 0 else [label]
                if text_of(label) not in map(text_of, shown):
                    others: list[Label | None] = [*shown] or [None]
                    against = min(odds(openings[place:], lists, label, known) for known in others)
                    bonus[pool == other] -= min(against, MOST_ODDS)
            revision.pick(step.token, pool, bonus)
            if each.rows[label] < 0:
                revision.propose(step.token, [each.place.row(reader.by_text[text_of(label)])], [0.0])
        lists = numbering.lists
    return revision.applied(channel, reader)


def text_of(label: Label) -> str:
    return LABELS[label.level][label.value - 1]


class _Look(NamedTuple):
    """A step that looks like a label, before it is heard; see _Found."""

    step: Step
    place: Place
    levels: tuple[Level, ...]
    before_title: bool
    opens: bool


def _openings(
    entries: Entries, layout: Layout, steps: Sequence[Step], channel: Channel, reader: Reader
) -> Iterator[_Found]:
    looks = list(_looks(entries, layout, steps, reader))
    for look, heard in zip(looks, _heard(entries, looks, channel, reader), strict=True):
        chances = dict(heard)
        rows = dict.fromkeys(chances, -1)
        for row in entries.rows(int(layout.single[look.step.token])):
            for label in _labels_of(entries, row, look.place, look.levels, reader):
                if rows.get(label, -1) < 0 or entries.score[row] > entries.score[rows[label]]:
                    rows[label], chances[label] = row, CHANNEL_WEIGHT * float(entries.score[row])
        none = CHANNEL_WEIGHT * float(entries.score[look.step.row])
        opening = Opening(chances, none, look.before_title, look.opens)
        yield _Found(look.step, look.place, look.levels, rows, opening)


def _looks(entries: Entries, layout: Layout, steps: Sequence[Step], reader: Reader) -> Iterator[_Look]:
    """Tokens with a sign that open a line, what follows 'Chương' there, and all in brackets."""
    line = np.concatenate([[0], np.cumsum(layout.breaks > 0)])
    opens = False
    for _, group in groupby(steps, key=lambda step: int(line[step.token])):
        own = list(group)
        word = _first_word(entries, own[0], reader)
        opens |= word in ARTICLES
        for i, step in enumerate(own):
            place = place_of(entries.texts[step.entry], reader) if step.width == 1 and step.row != SPECK else None
            if place is None or place.end - place.start > LONGEST_LABEL:
                continue
            signs = entries.texts[step.entry][: place.start], entries.texts[step.entry][place.end :]
            is_title = _is_title(entries, own[i + 1 :])
            levels: tuple[Level, ...] = ()
            if i == 1 and word in CHAPTERS and not signs[0] and signs[1] in CHAPTER_SIGNS:
                levels = ("chapter", "counted") if is_title or len(own) == 2 else ()
            elif i == 0 or signs == ("(", ")"):
                levels = SIGNS.get(signs, ())
            if levels:
                yield _Look(step, place, levels, is_title, opens)
                opens = False


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
    forms = [form for step in steps if step.row != SPECK for form in entries.form[entries.units(step.row)]]
    words = [form for form in forms if form != NEUTRAL][:TITLE_WORDS]
    return bool(words) and all(form == CAPITALS for form in words)
