"""The examples: they run as their first lines say, and answer rightly."""

import os
import subprocess
import sys
from pathlib import Path

from tests.documents import KEPT

REPOSITORY = Path(__file__).parent.parent


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "examples/due_by_year.py", *arguments]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", cwd=REPOSITORY, env=environment, timeout=120, check=False
    )


def test_tasks_due_by_agency_and_year() -> None:
    kept = str(KEPT / "schema-1.0.json")
    done = run(kept, kept)
    assert done.returncode == 0, done.stderr
    heading, _, *lines = done.stdout.splitlines()
    assert heading.split()[-5:] == ["2022", "2024", "no", "date", "all"]
    rows = {name.strip(): [int(count) for count in counts.split()] for name, counts in (
        (line[:44], line[44:]) for line in lines)}  # fmt: skip
    assert rows["Sở Nội vụ"] == [2, 2, 0, 2, 6]
    assert rows["Sở Giao thông vận tải"] == [0, 0, 2, 0, 2]


def test_without_documents_it_says_what_to_name() -> None:
    done = run()
    assert done.returncode == 1
    assert "corpus/clean/*.json" in done.stderr
