"""Places name words of the true text; a reading tells where each word was read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.places import PlaceError, Text, as_printed, read_by_lines, read_in

LINES = ("ỦY BAN NHÂN DÂN", "", "Điều 1. Giao Sở Y tế", "lập kế hoạch.")
TEXT = Text(LINES, (1, 1, 1, 2))


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("1", ["ỦY", "BAN", "NHÂN", "DÂN"]),
        ("3.2", ["1."]),
        ("3.4-3.6", ["Sở", "Y", "tế"]),
        ("3.6-4.1", ["tế", "lập"]),
        ("3-4", ["Điều", "1.", "Giao", "Sở", "Y", "tế", "lập", "kế", "hoạch."]),
        ("1.1+4.2-4.3", ["ỦY", "kế", "hoạch."]),
    ],
)
def test_a_place_names_its_words(place: str, words: list[str]) -> None:
    assert [TEXT.words[n] for n in sorted(TEXT.resolve(place))] == words


@pytest.mark.parametrize("place", ["", "x", "0", "2", "9", "3.7", "3.0", "4.2-4.1", "3-", "3.1-9", "1 2"])
def test_a_place_that_the_text_lacks_is_an_error(place: str) -> None:
    with pytest.raises(PlaceError):
        TEXT.resolve(place)


def test_each_word_has_the_place_that_names_it() -> None:
    assert [TEXT.resolve(TEXT.place(n)) for n in range(len(TEXT.words))] == [{n} for n in range(len(TEXT.words))]


def test_the_true_text_is_read_where_it_stands() -> None:
    raw = "\n".join(LINES)
    reading = as_printed(TEXT, raw)
    start = raw.index("Sở")
    assert reading.within([(start, start + 7)]) == TEXT.resolve("3.4-3.6")
    with pytest.raises(ValueError, match="not the true one"):
        as_printed(TEXT, raw + " x")


def test_words_are_found_by_their_letters_without_marks() -> None:
    raw = "UY BAN NHAN DAN\n\nDiéu 1. Gia0 So' Y té\nlapké hoach."
    reading = read_in(TEXT, raw)
    assert reading.within([(raw.index("So'"), raw.index("\nlap"))]) == TEXT.resolve("3.4-3.6")
    joined = raw.index("lapké")
    assert reading.within([(joined, joined + 5)]) == TEXT.resolve("4.1-4.2")


def test_what_was_not_read_is_nowhere() -> None:
    reading = read_in(TEXT, "UY BAN NHAN DAN\n~~~ ~~~~\nlap ke hoach.")
    assert reading.read == TEXT.resolve("1+4")


def test_columns_read_in_another_order_are_found() -> None:
    truth = Text(("Số: 12/QĐ-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do", "QUYẾT ĐỊNH"), (1,) * 4)
    raw = "CONG HOA XA HOI CHU NGHIA VIET NAM\nDoc lap - Tu do\nSo: 12/QD-UBND\nQUYET DINH"
    reading = read_in(truth, raw)
    assert reading.within([(raw.index("So:"), raw.index("\nQUYET"))]) == truth.resolve("1")
    assert reading.within([(0, raw.index("\n"))]) == truth.resolve("2")


def test_known_lines_keep_equal_words_apart() -> None:
    truth = Text(("1. Trồng rừng", "1. Trồng rừng"), (1, 1))
    raw = "~\n1. Trong rung"
    assert read_by_lines(truth, raw, [(0, 1), (2, len(raw))]).read == truth.resolve("2")


@given(st.lists(st.sampled_from(["Điều", "1.", "Sở", "và", "2021,", "(rừng)"]), min_size=1, max_size=30))
def test_a_text_read_without_a_fault_is_found_word_by_word(words: list[str]) -> None:
    truth = Text((" ".join(words),), (1,))
    raw = truth.lines[0]
    found, printed = read_in(truth, raw), as_printed(truth, raw)
    assert found.words == printed.words
    for start, offset, word in zip(printed.offsets, found.offsets, words, strict=True):
        assert start <= offset < start + len(word)
