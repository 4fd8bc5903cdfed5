"""A channel in a toy alphabet learns from a few readings."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest

from pipeline.restore.channel import Channel, learn_own, learn_unit, new_own, new_scratch, unit_probability
from pipeline.restore.channel_file import load_channel, save_channel
from pipeline.restore.smoothing import fill_base, new_channel

PRINTED, READ = "aăcoơsở", "acdos6"
READINGS = (("cơ", "co", 9), ("cơ", "c6", 1), ("sở", "so", 8), ("sở", "s6", 2), ("că", "ca", 5), ("so", "so", 5))


def blank() -> Channel:
    letters = np.full(len(READ) + 2, 1 / (len(READ) + 2), dtype=np.float32)
    channel = new_channel(PRINTED, READ, ("", *READ, "od"), letters, 100)
    fill_base(channel)
    return channel


@pytest.fixture
def channel() -> Channel:
    teacher, fresh = blank(), blank()
    for printed, read, times in READINGS:
        ids = fresh.encode_printed(printed), fresh.encode_read(read)
        learn_unit(teacher.tables, fresh.tables, fresh.counts, *ids, float(times), True)
    fill_base(fresh)
    return fresh


def chance(channel: Channel, printed: str, read: str) -> float:
    return unit_probability(channel.tables, channel.encode_printed(printed), channel.encode_read(read), new_scratch())


def test_what_was_seen_is_likelier_than_before_and_than_anything_else(channel: Channel) -> None:
    for printed, read, _ in READINGS:
        assert chance(channel, printed, read) > chance(blank(), printed, read)
        assert chance(channel, printed, read) > chance(channel, printed, "da")
    assert chance(channel, "cơ", "co") > chance(channel, "cơ", "c6") > chance(channel, "cơ", "cs")


def test_letters_of_units_never_seen_are_known_from_others(channel: Channel) -> None:
    assert chance(channel, "sơ", "so") > 5 * chance(channel, "sơ", "sc")


def test_no_reading_is_impossible(channel: Channel) -> None:
    for read in ("", "d", "dddd", "ß", "6ß"):
        assert chance(channel, "cơ", read) > 0


@pytest.mark.parametrize("printed", ["cơ", "sở", "că"])
def test_the_readings_of_a_unit_share_about_one(channel: Channel, printed: str) -> None:
    readings = ["".join(read) for length in range(5) for read in product(READ, repeat=length)]
    assert sum(chance(channel, printed, read) for read in readings) == pytest.approx(1, abs=0.1)


def test_what_the_document_shows_weighs_in_and_leaves_the_channel_as_it_was(channel: Channel) -> None:
    before = chance(channel, "cơ", "cd"), chance(channel, "cơ", "co"), chance(channel, "sơ", "sd")
    own = new_own(channel.counts.shape, 10)
    learn_own(channel.tables, own, channel.encode_printed("cơ"), channel.encode_read("cd"), 20.0, True)
    taught = channel.with_own(own)
    assert chance(taught, "cơ", "cd") > 10 * before[0]
    assert chance(taught, "cơ", "co") < before[1]
    assert chance(taught, "sơ", "sd") > before[2]
    assert (chance(channel, "cơ", "cd"), chance(channel, "cơ", "co"), chance(channel, "sơ", "sd")) == before


def test_a_channel_read_back_gives_the_same_chances_and_the_same_bytes(channel: Channel, tmp_path: Path) -> None:
    channel.missing_space = 0.01
    save_channel(channel, tmp_path / "a.npz")
    copy = load_channel(tmp_path / "a.npz")
    save_channel(copy, tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert copy.missing_space == channel.missing_space
    for printed, read in product(("cơ", "sở", "so", "ăs"), ("co", "c6", "so", "od", "")):
        assert chance(copy, printed, read) == chance(channel, printed, read)
