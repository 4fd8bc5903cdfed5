"""Cutting a text into pages, lines and words; files that can't be read."""

import io
import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Source
from pipeline.errors import InputError
from pipeline.ingest import ingest, ingest_text, read_stream, sha256

some_text = st.text(st.sampled_from("ab ơ\t\n\r\f.\u00a0\u2028")).filter(lambda text: bool(text.strip()))


def lines_of(source: Source) -> list[str]:
    return [source.raw[line.start : line.end] for line in source.lines]


def test_line_ends_of_every_system_in_one_file() -> None:
    source = ingest_text("a.txt", b"mot\r\nhai\nba\rbon\r\n\r\nnam")
    assert lines_of(source) == ["mot", "hai", "ba", "bon", "", "nam"]
    assert source.raw == "mot\r\nhai\nba\rbon\r\n\r\nnam"


def test_form_feeds_end_pages() -> None:
    source = ingest_text("a.txt", b"mot\n\x0chai\x0c\x0cba\n\x0c")
    assert [[word.text for line in page.lines for word in line.words] for page in source.pages] == [
        ["mot"],
        ["hai"],
        [],
        ["ba"],
    ]
    assert [page.number for page in source.pages] == [1, 2, 3, 4]


@given(some_text)
def test_lines_tile_the_text_and_words_lie_in_them(text: str) -> None:
    source = ingest_text("a.txt", text.encode())
    end = 0
    for line in source.lines:
        assert not source.raw[end : line.start].strip("\r\n\f")
        assert not set(source.raw[line.start : line.end]) & set("\r\n\f")
        assert " ".join(word.text for word in line.words) == " ".join(source.raw[line.start : line.end].split())
        assert all(source.raw[word.start : word.end] == word.text for word in line.words)
        end = line.end
    assert not source.raw[end:].strip("\r\n\f")
    ends = re.findall("\r\n\f|[\r\n]\f|\r\n|[\r\n\f]", text)
    assert len(source.lines) == len(ends) + (not text.endswith(("\r", "\n", "\f")))


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_a_file_without_text_is_refused(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        ingest_text("a.txt", data)
    assert caught.value.code == "input_empty"


def test_a_line_of_a_million_characters_is_one_word() -> None:
    source = ingest_text("a.txt", "ơ".encode() * 1_000_000)
    assert [len(word.text) for word in source.lines[0].words] == [1_000_000]


def test_a_large_text_is_cut_in_linear_time() -> None:
    start = time.monotonic()
    source = ingest_text("a.txt", "Số 12 ngày 5\r\n".encode() * 150_000)
    assert len(source.lines) == 150_000
    assert time.monotonic() - start < 20


def test_too_large_inputs_are_refused_with_the_flag_that_lifts_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    with pytest.raises(InputError) as caught:
        ingest(path)
    assert caught.value.code == "input_too_large"
    assert "--max-bytes" in caught.value.remedy
    assert read_stream(io.BytesIO(b"12345"), max_bytes=5) == b"12345"
    with pytest.raises(InputError):
        read_stream(io.BytesIO(b"123456"), max_bytes=5)


@pytest.mark.parametrize("name", ["letter.docx", "table.xlsx", "no_suffix"])
def test_other_kinds_of_file_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("Số liệu")
    with pytest.raises(InputError) as caught:
        ingest(path)
    assert caught.value.code == "input_kind"


def test_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    for path, code in ((tmp_path, "input_folder"), (tmp_path / "none.txt", "input_missing")):
        with pytest.raises(InputError) as caught:
            ingest(path)
        assert caught.value.code == code


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(InputError) as caught:
        ingest(tmp_path / "a.txt")
    assert caught.value.code == "input_kind"


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")])
def test_unreadable_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Số liệu")

    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError) as caught:
        ingest(path)
    assert caught.value.code == "input_unreadable"
    assert str(error.strerror) in caught.value.message
    assert sha256(path) is None


def test_name_and_digest(tmp_path: Path) -> None:
    path = tmp_path / "báo cáo.ocr.txt"
    path.write_bytes(b"abc")
    source = ingest(path)
    assert source.name == "báo cáo.ocr.txt"
    assert source.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" == sha256(path)
