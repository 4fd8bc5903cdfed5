"""A source, its restoration and what failed in; the events of its history out, as PREMIS 3.0 has them.

Times stand in events of people alone, as they gave them: the same input then gives the same bytes.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline import __version__
from pipeline.document import Restoration, Source, Work
from pipeline.errors import VanbanError

_DONE = {"accept": "accepted", "correct": "corrected", "delete": "deleted"}


def events(source: Source, restoration: Restoration, errors: Sequence[VanbanError] = ()) -> Iterator[dict[str, Any]]:
    """In the order of the stages, then by reviewer."""
    failed = {error.code for error in errors}
    unread = sum(page.failure is not None for page in source.pages)
    pages = f"{len(source.pages)} page(s)" + (f", of which {unread} could not be read" if unread else "")
    own = {"type": "software", "name": "vanban", "version": __version__}
    yield _event("capture", own, f"{source.media_type}, {pages}", "warning" if unread else "success")
    scanned = [page for page in source.pages if page.kind == "scan"]
    if scanned and source.engine:
        name, _, version = source.engine.partition(" ")
        detail = f"{len(scanned)} page(s) read from images"
        missed = any(page.failure for page in scanned)
        agent = {"type": "software", "name": name, "version": version}
        yield _event("ocr", agent, detail, "warning" if missed else "success")
    outcome = "failure" if "restore_failed" in failed else "success"
    yield _event("restoration", own, f"models {restoration.model}", outcome)
    for work in restoration.work:
        yield _correction(work)


def _correction(work: Work) -> dict[str, Any]:
    counts = dict(work.counts)
    parts = [f"{counts[action]} {word}" for action, word in _DONE.items() if action in counts]
    parts += [f"{work.unplaced} not where they were"] if work.unplaced else []
    outcome = "success" if not work.unplaced else "warning" if counts else "failure"
    agent = {"type": "person", "name": work.reviewer, "version": None}
    return _event("correction", agent, f"places: {', '.join(parts)}", outcome, work.time)


def _event(kind: str, agent: dict[str, Any], detail: str, outcome: str, date: str | None = None) -> dict[str, Any]:
    return {"type": kind, "date": date, "agent": agent, "outcome": outcome, "detail": detail}
