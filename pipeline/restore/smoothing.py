"""Counts of a channel in, its P(segment | character) out: backed off to letters that look alike or are misread so."""

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .channel import DOUBLED, LONGEST_SEGMENT, RAW_BITS, Channel, Tables, new_own, pack
from .counter import add, new_counter
from .tokens import TONES

BACKOFF_CLASS = 5.0
"""Weight of the background, in readings of a bare letter."""
KINDS_WEIGHT = 2.0
"""Readings that the shorter context weighs, for each kind of reading seen."""
STRANGE = 0.02
"""Share of readings that follow the wide background, however much was seen: other scanners, other versions."""
LENGTH_PRIOR = np.array([1e-3, 0.98, 0.015, 0.004], dtype=np.float32)
"""How a segment's length is spread for a letter class never seen."""


def bare_letter(character: str) -> str:
    """The letter without its marks, case kept; other characters stay."""
    return unicodedata.normalize("NFD", character.replace("đ", "d").replace("Đ", "D"))[:1]


def fill_base(channel: Channel) -> None:
    """Recompute P(segment | character) from the counts, backed off to bare letters, to single read characters.

    The shorter context weighs as many readings as a character has kinds of them (Witten and Bell, 1991).
    """
    bare = sorted({bare_letter(c) for c in channel.printed})
    class_of = np.array([0, 0] + [1 + bare.index(bare_letter(c)) for c in channel.printed])
    family = by_family(channel)
    by_class = np.zeros((len(bare) + 1, len(channel.segments)))
    np.add.at(by_class, class_of, channel.counts)
    background = segment_background(channel)
    texts = [channel.segment_text(j) for j in range(len(channel.segments))]
    itself = np.array([[text == c for text in texts] for c in bare])
    background = np.vstack([background, 0.2 * background + 0.8 * itself])
    totals = by_class.sum(axis=1, keepdims=True)
    by_class = (by_class + BACKOFF_CLASS * background) / (totals + BACKOFF_CLASS)
    kinds = KINDS_WEIGHT * (channel.counts > 0).sum(axis=1, keepdims=True) + 2.0
    totals = channel.counts.sum(axis=1, keepdims=True)
    look, strange = by_look(channel, texts)
    wide = 0.4 * family + 0.15 * by_class[class_of] + 0.3 * look + 0.15 * background[0]
    base = (1 - STRANGE) * (channel.counts + kinds * wide) / (totals + kinds) + STRANGE * wide
    doubled = np.array([len(text) == 2 for text in texts])
    halves = [[texts.index(text[i]) if text[i] in texts else -1 for text in texts if len(text) == 2] for i in (0, 1)]
    base[:, doubled] += DOUBLED * base[:, halves[0]] * base[:, halves[1]]
    seen = channel.counts / (totals + kinds)
    marks = np.array([not text.isalnum() for text in texts])
    for i, character in enumerate(channel.printed, start=2):
        if character.isdigit():
            base[i, marks] = seen[i, marks] + 1e-9
        elif not character.isalpha():
            base[i, ~marks] = seen[i, ~marks] + 1e-9
    channel.tables.base[:] = base
    channel.tables.known[:] = channel.counts > 0
    channel.tables.log_base[:] = np.log(base.T + 1e-30)
    channel.tables.strange[:] = (kinds * strange[:, None] / (totals + kinds))[:, 0]
    channel.tables.log_strange[:] = np.log(channel.tables.strange + 1e-30)


def by_family(channel: Channel) -> NDArray[np.float64]:
    """P(segment | family): letters that differ in the tone alone (ô ố ồ ổ ỗ ộ) are misread alike."""
    toneless = [
        unicodedata.normalize("NFC", re.sub(f"[{TONES}]", "", unicodedata.normalize("NFD", c))) for c in channel.printed
    ]
    names = sorted(set(toneless))
    family_of = np.array([0, 0] + [1 + names.index(name) for name in toneless])
    table = np.zeros((len(names) + 1, len(channel.segments)))
    np.add.at(table, family_of, channel.counts)
    return np.asarray((table / (table.sum(axis=1, keepdims=True) + 1e-9))[family_of], dtype=np.float64)


def look_of(character: str) -> int:
    """What a read character looks like: 0 mark, 1 digit, 2 capital, 3 plain small letter, 4 small letter with marks."""
    if not character.isalnum():
        return 0
    if character.isdigit():
        return 1
    if character.isupper():
        return 2
    return 3 if character.isascii() else 4


def by_look(channel: Channel, texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """P(single character | printed): the chance of its look, spread over all of that look; and of a mark never seen."""
    looks = np.array([look_of(text) if len(text) == 1 else -1 for text in texts])
    table = np.zeros(channel.counts.shape)
    totals = channel.counts.sum(axis=1) + 1.0
    strange = np.zeros(len(table))
    for look in range(5):
        members = looks == look
        chance = (channel.counts[:, members].sum(axis=1) + 0.02) / totals
        table[:, members] = (chance / max(members.sum(), 1))[:, None]
        if look == 0:
            strange = chance / max(members.sum(), 1)
    return table, strange


def segment_background(channel: Channel) -> NDArray[np.float64]:
    """A segment's chance from its length and its characters' shares alone."""
    codes = channel.segments
    parts = [(codes >> (RAW_BITS * i)) & ((1 << RAW_BITS) - 1) for i in range(LONGEST_SEGMENT)]
    lengths = np.sum([part > 0 for part in parts], axis=0)
    share = 0.5 * channel.tables.letters + 0.5 / len(channel.tables.letters)
    chances = np.prod([np.where(part > 0, share[part], 1.0) for part in parts], axis=0)
    return np.asarray(LENGTH_PRIOR[lengths] * chances, dtype=np.float64)


def new_channel(printed: str, read: str, segments: Sequence[str], letters: NDArray[np.float32], room: int) -> Channel:
    """A channel that has learned nothing yet, before `fill_base`; `room`: how many distinct unit readings it will
    learn."""
    read_ids = {character: i for i, character in enumerate(read, start=2)}
    codes = np.array(
        [pack(np.array([read_ids[c] for c in s], dtype=np.int64), 0, len(s)) for s in segments], dtype=np.int64
    )
    ids = new_counter(len(codes))
    for i, code in enumerate(codes):
        add(ids, np.uint64(code), np.float32(i + 1))
    size = (len(printed) + 2, len(codes))
    tables = Tables(
        np.zeros(size, dtype=np.float32),
        np.zeros(size[::-1], dtype=np.float32),
        np.zeros(size, dtype=np.bool_),
        np.zeros(size[0], dtype=np.float32),
        np.zeros(size[0], dtype=np.float32),
        ids,
        letters,
        new_counter(8 * room),
        new_counter(room),
        new_counter(room // 2),
        new_counter(room // 2),
        new_own((1, 1), 1)._replace(sums=np.zeros(size[0], dtype=np.float32)),
    )
    return Channel(printed, read, codes, np.zeros(size, dtype=np.float32), tables)
