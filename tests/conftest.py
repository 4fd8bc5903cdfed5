"""Fixtures for all tests: an engine that changes nothing (quick), the trained one, and the command line."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import settings

from pipeline.archive import in_process
from pipeline.document import Restoration, RestoredLine, Source, Syllable
from pipeline.restore import Engine

REPOSITORY = Path(__file__).parent.parent

settings.register_profile("vanban", deadline=None, max_examples=60)
settings.load_profile("vanban")

CommandLine = Callable[..., subprocess.CompletedProcess[bytes]]


def read_as_is(source: Source, engine: object = None) -> Restoration:
    """Restoration that leaves every word as it stands, specks and all."""
    return Restoration(
        tuple(
            RestoredLine(
                text=source.raw[line.start : line.end],
                syllables=tuple(
                    Syllable(word.text, word.start - line.start, word.end - line.start, word.start, word.end, 1.0)
                    for word in line.words
                ),
                raw_start=line.start,
                raw_end=line.end,
            )
            for line in source.lines
        ),
        model="as-is",
    )


@pytest.fixture(scope="session", name="read_as_is")
def _read_as_is() -> Callable[[Source], Restoration]:
    return read_as_is


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The pipeline without trained models, within this process: all that is asked of the engine is its version."""
    engine = cast(Engine, SimpleNamespace(version="as-is"))
    for module in ("archive", "run"):
        monkeypatch.setattr(f"pipeline.{module}.load", lambda: engine)
    monkeypatch.setattr("pipeline.run.restore", read_as_is)
    monkeypatch.setattr("pipeline.workforce.processes", lambda *_: in_process)
    return engine


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """Environment in which `python -m pipeline` is found from every folder."""
    return os.environ | {"PYTHONPATH": os.pathsep.join((str(REPOSITORY), os.environ.get("PYTHONPATH", "")))}


@pytest.fixture(scope="session")
def vanban(environment: dict[str, str]) -> CommandLine:
    """Run the program as a user does, in a process of its own."""

    def call(*arguments: str, stdin: bytes = b"", folder: Path = REPOSITORY) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "pipeline", *arguments]
        return subprocess.run(
            command, input=stdin, capture_output=True, cwd=folder, env=environment, timeout=240, check=False
        )

    return call
