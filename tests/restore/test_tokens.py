import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.restore.tokens import atoms, even_tones, is_cut_number, number_class, split_token

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyAĐOÒóòỏõọèéẻýỳỷùúủụừứửấầẩẫậ0123456789.,;:/-–+()[]\"'“”%…"


def toneless(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if c not in "\u0300\u0301\u0303\u0309\u0323")


@given(st.text(LETTERS, max_size=20))
def test_atoms_lose_nothing_but_where_a_tone_stands(token: str) -> None:
    joined = "".join(split_token(token))
    assert toneless(joined) == toneless(token)
    assert len(joined) == len(token)
    assert split_token(joined) == split_token(token)


def test_a_document_number_in_brackets_is_a_row_of_atoms() -> None:
    assert atoms("(12/2021/QĐ-UBND), ngày") == ["(", "12", "/", "2021", "/", "QĐ", "-", "UBND", ")", ",", "ngày"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("hoà", "hòa"), ("uỷ", "ủy"), ("khoẻ", "khỏe"), ("quý", "quý"), ("hoàn", "hoàn"), ("Oà", "Òa"), ("toàn", "toàn")],
)
def test_tones_of_open_syllables_stand_on_the_first_vowel(old: str, new: str) -> None:
    assert even_tones(old) == new
    assert even_tones(new) == new


@pytest.mark.parametrize(
    ("atom", "name"),
    [
        ("7", "<d1>"),
        ("12", "<month>"),
        ("31", "<day>"),
        ("32", "<d2>"),
        ("00", "<d2>"),
        ("XIV", "<roman>"),
        ("VX", None),
        ("2021", "<year>"),
        ("1899", "<year>"),
        ("2150", "<dn>"),
        ("12.500", "<thousands>"),
        ("1.234.567,8", "<thousands>"),
        ("6,5", "<decimal>"),
        ("1.2.3", "<dotted>"),
        ("3a", "<code>"),
        ("ba", None),
    ],
)
def test_numbers_have_classes(atom: str, name: str | None) -> None:
    assert number_class(atom) == name


@pytest.mark.parametrize(
    ("text", "following", "is_cut"),
    [
        ("71-KL/T", "W,", True),
        ("14/202", "5/QĐ-TTg", True),
        ("1", "12/2024/NĐ-CP", True),
        ("31/1", "Tr-UBND", True),
        ("586", "34/TTr-BTP", False),
        ("34/NQ-CP", "ngay", False),
        ("34/TTr-BTC", ",", False),
        ("2019-", "Dé", False),
        ("10", "Dieu", False),
    ],
)
def test_a_document_number_may_be_cut_by_a_space(text: str, following: str, is_cut: bool) -> None:
    assert is_cut_number(text, following) == is_cut
