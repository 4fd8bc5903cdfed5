"""Encodings: what comes out of the bytes that archives hold, and what is refused."""

import random
import time
import unicodedata
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.ingest import encoding, ingest_text

LETTER = "Kính gửi: Ủy ban nhân dân huyện.\nSở Y tế đề nghị báo cáo số liệu “quý I” trước ngày 15/3 – khẩn.\n"
VIETNAMESE = [
    unicodedata.normalize("NFC", vowel + tone)
    for vowel, tone in product("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY", ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"])
] + list("đĐ bcdghklmnpqrstvx0123456789.,;:/()\n")

vietnamese_text = st.text(st.sampled_from(VIETNAMESE), min_size=1).filter(lambda text: not text.isspace())


def windows_1258(text: str) -> bytes:
    """As Windows writes it: a letter with its hat or horn, then the tone as a combining mark."""
    written = []
    for character in text:
        base, *marks = list(unicodedata.normalize("NFD", character))
        tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
        hats = [mark for mark in marks if mark not in tones]
        written += [unicodedata.normalize("NFC", base + "".join(hats)), *tones]
    return "".join(written).encode("cp1258")


def text_of(data: bytes) -> str:
    return encoding.decode(data)[0]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_in_every_form(codec: str) -> None:
    assert text_of(LETTER.encode(codec)) == LETTER


def test_windows_1258_with_combining_tones_becomes_composed() -> None:
    text, notices = encoding.decode(windows_1258(LETTER))
    assert text == LETTER
    assert [notice.code for notice in notices] == ["guessed_encoding"]


def test_decomposed_utf8_becomes_composed() -> None:
    assert text_of(unicodedata.normalize("NFD", LETTER).encode()) == LETTER


@given(vietnamese_text)
def test_every_vietnamese_text_survives_windows_1258(text: str) -> None:
    assert text_of(windows_1258(text)) == text


@given(vietnamese_text, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_every_vietnamese_text_survives_marked_unicode(text: str, codec: str) -> None:
    assert text_of(text.encode(codec)) == text


@given(st.binary())
def test_any_bytes_are_text_in_normal_form_or_refused(data: bytes) -> None:
    try:
        text = text_of(data)
    except InputError as error:
        assert error.code in {"input_binary", "input_encoding"}
        assert error.remedy
    else:
        assert unicodedata.is_normalized("NFC", text)
        assert "\0" not in text


def test_a_few_broken_bytes_are_shown_and_told() -> None:
    data = LETTER.encode().replace("ệ".encode(), "ệ".encode()[:2])
    text, notices = encoding.decode(data)
    assert text == LETTER.replace("ệ", "\ufffd")
    assert notices[0].code == "broken_characters"
    assert notices[0].message.startswith("2 ")


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"PK\x03\x04\x14\0\x06\0",
        b"{\\rtf1\\ansi Xin ch\\'e0o}",
        "Số\0 liệu".encode(),
        random.Random(3).randbytes(4096),
        bytes(range(1, 32)) * 20,
    ],
)
def test_binary_data_named_txt_is_refused(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        ingest_text("junk.txt", data)
    assert caught.value.code == "input_binary"


def test_another_8_bit_encoding_is_refused_and_not_garbled() -> None:
    vni = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam".encode("latin-1")
    with pytest.raises(InputError) as caught:
        text_of(vni)
    assert caught.value.code == "input_encoding"


def test_a_pile_of_accents_is_refused_at_once() -> None:
    start = time.monotonic()
    with pytest.raises(InputError):
        text_of(("a" + "\u0301\u0323" * 1_000_000).encode())
    assert time.monotonic() - start < 5
