"""Pages of a folder: what can't be drawn costs its pictures alone."""

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.pages import _drawn

SAMPLE = Path(__file__).parent.parent / "corpus/raw/47-kh-ubnd-2024.scan.pdf"


def test_pages_of_an_input_are_drawn_as_webp() -> None:
    assert [(number, data[:4], data[8:12]) for number, data in _drawn(SAMPLE, {1})] == [(1, b"RIFF", b"WEBP")]


def test_an_input_that_cannot_be_drawn_is_a_coded_error(tmp_path: Path) -> None:
    damaged = tmp_path / "a.pdf"
    damaged.write_bytes(SAMPLE.read_bytes()[:3_000])
    with pytest.raises(InputError) as caught:
        _drawn(damaged, {1})
    assert caught.value.code == "pictures_unreadable"
    assert caught.value.remedy
