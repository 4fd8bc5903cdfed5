"""Outcomes in, how a run went out: counts, time, pace, and a line of JSON for each document, without its text."""

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pipeline import __version__
from pipeline.archive import Outcome, State

STATES: tuple[State, ...] = ("done", "partial", "failed", "skipped")


@dataclass(slots=True)
class Tally:
    """How a run goes. `total`: documents."""

    total: int
    counts: Counter[State] = field(default_factory=Counter)
    pages: int = 0
    start: float = field(default_factory=time.monotonic)

    def add(self, outcome: Outcome) -> None:
        self.counts[outcome.state] += 1
        self.pages += outcome.pages

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self.start

    @property
    def seconds_left(self) -> float | None:
        """Until the end, at the pace of the documents that were not skipped; None while there is none to go by."""
        worked = self.counts.total() - self.counts["skipped"]
        return self.seconds / worked * (self.total - self.counts.total()) if worked else None

    def sentence(self) -> str:
        counts = ", ".join(f"{self.counts[state]} {state}" for state in STATES)
        pace = f", {self.pages / self.seconds:.1f} pages/s" if self.pages else ""
        return f"{counts} in {_span(self.seconds)}{pace}"

    def progress(self) -> str:
        left = self.seconds_left
        return f"{self.counts.total()} of {self.total}" + (f", {_span(left)} left" if left is not None else "")

    def started_line(self) -> bytes:
        return _line({"event": "started", "version": __version__, "documents": self.total})

    def summary_line(self) -> bytes:
        counts: dict[str, int] = {state: self.counts[state] for state in STATES}
        return _line({"event": "ended", **counts, "pages": self.pages, "seconds": round(self.seconds, 3)})


def outcome_line(outcome: Outcome) -> bytes:
    """Names, codes and figures; messages may quote the document."""
    written = outcome.state in ("done", "partial", "skipped")
    return _line(
        {
            "event": "document",
            "input": str(outcome.job.path),
            "result": str(outcome.job.json) if written else None,
            "state": outcome.state,
            "pages": outcome.pages,
            "seconds": round(outcome.seconds, 3),
            "errors": [error.code for error in outcome.errors],
            "warnings": [notice.code for notice in outcome.notices],
        }
    )


def _line(record: dict[str, Any]) -> bytes:
    return json.dumps(record).encode() + b"\n"  # ASCII: names that are not UTF-8 too


def _span(seconds: float) -> str:
    """A stretch of time for people: 8.3 s, 12 min, 3 h 05 min."""
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02} min"
