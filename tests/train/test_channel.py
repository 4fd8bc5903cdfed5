"""The channel is learned from pairs of lines alone, segments and all."""

import random

import pytest

from pipeline.restore.channel import Channel, new_scratch, unit_probability
from pipeline.train.channel import alphabets_of, train

WORDS = ["cơ", "sở", "dữ", "liệu", "của", "quận", "và", "tỉnh", "được", "lưu", "trữ", "ở", "phòng", "tư", "liệu", "số"]
PLAIN = str.maketrans("ơởữệủậỉượòưố", "ooueuaiuooud")


def noised(text: str, rng: random.Random) -> str:
    """Marks are lost, ư is sometimes read as two letters, a space sometimes not at all."""
    text = "".join("ir" if c in "ưữ" and rng.random() < 0.5 else c for c in text).translate(PLAIN).replace("đ", "d")
    return text if rng.random() > 0.3 else text.replace(" ", "", 1)


@pytest.fixture(scope="module")
def channel() -> Channel:
    rng = random.Random(1)
    lines = [" ".join(rng.choices(WORDS, k=6)) for _ in range(150)]
    strangers = [("quận và tỉnh", "xxxxxxxxxxxx"), ("lưu trữ", "zzzzzzzzzzzzzzzzzzzzzzzz")]
    return train([*((line, noised(line, rng)) for line in lines), *strangers])


def chance(channel: Channel, printed: str, read: str) -> float:
    return unit_probability(channel.tables, channel.encode_printed(printed), channel.encode_read(read), new_scratch())


def test_usual_readings_are_learned(channel: Channel) -> None:
    for printed, read in (("cơ", "co"), ("sở", "so"), ("tỉnh", "tinh"), ("của", "cua")):
        assert chance(channel, printed, read) > 0.5, printed


def test_a_letter_read_as_two_is_learned_and_both_readings_share_the_chance(channel: Channel) -> None:
    one, two = chance(channel, "tư", "tu"), chance(channel, "tư", "tir")
    assert min(one, two) > 0.2
    assert one + two > 0.8


def test_what_is_learned_serves_words_never_seen(channel: Channel) -> None:
    assert chance(channel, "trư", "trir") > 100 * chance(channel, "trư", "trcq")


def test_the_share_of_spaces_not_seen_is_measured(channel: Channel) -> None:
    assert channel.missing_space == pytest.approx(0.3 / 5, abs=0.03)


def test_wrong_pairs_teach_nothing(channel: Channel) -> None:
    assert chance(channel, "quận", "xxxx") < 1e-4


def test_rare_characters_have_no_statistics_of_their_own() -> None:
    alphabets = alphabets_of([("ab", "xy")] * 5 + [("aß", "x¥")])
    assert alphabets.printed == "ab"
    assert alphabets.read == "xy"
    assert alphabets.segments == ("", "x", "xy", "y")
