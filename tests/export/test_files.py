"""Writing: whole files or none."""

import json
import os
from pathlib import Path

import pytest

from pipeline import __version__
from pipeline.errors import OutputError
from pipeline.export import read_earlier, write_files


def test_files_and_their_folders_are_written(tmp_path: Path) -> None:
    write_files({tmp_path / "x" / "a.txt": b"1", tmp_path / "x" / "a.json": b"2"})
    assert sorted(path.name for path in (tmp_path / "x").iterdir()) == ["a.json", "a.txt"]
    assert (tmp_path / "x" / "a.txt").read_bytes() == b"1"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device", "a.json"), KeyboardInterrupt()])
def test_what_stops_in_the_middle_leaves_the_earlier_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    text, document = tmp_path / "a.txt", tmp_path / "a.json"
    write_files({text: b"old", document: b"old"})
    calls = []

    def sync(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise error

    monkeypatch.setattr(os, "fsync", sync)
    with pytest.raises(OutputError if isinstance(error, OSError) else KeyboardInterrupt):
        write_files({text: b"new", document: b"new"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.txt": b"old", "a.json": b"old"}


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError) as caught:
        write_files({tmp_path / "file" / "a.json": b""})
    assert caught.value.code == "output_unwritable"
    assert str(tmp_path / "file") in caught.value.message


@pytest.mark.parametrize(
    ("change", "current"),
    [
        ({}, True),
        ({"status": "partial"}, False),
        ({"source": {"sha256": "b", "pages": []}}, False),
        ({"generator": {"version": __version__, "model": "n"}}, False),
        ({"generator": {"version": "0", "model": "m"}}, False),
        ({"generator": None}, False),
        ({"source": {}}, False),
    ],
)
def test_results_are_current_for_the_same_input_program_and_model(
    tmp_path: Path, change: dict[str, object], current: bool
) -> None:
    made = {"status": "ok", "source": {"sha256": "a", "pages": []}, "generator": {"version": __version__, "model": "m"}}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(made | change))
    earlier = read_earlier(path)
    assert bool(earlier and earlier.is_current("a", "m", None)) is current


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff"])
def test_a_damaged_result_is_not_current(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(data)
    assert read_earlier(path) is None
    assert read_earlier(tmp_path / "none.json") is None
