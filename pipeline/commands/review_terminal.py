"""A document in; its doubts one by one in the terminal, and what the reviewer says of each beside the inputs, out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from pipeline.commands.review_apply import remake
from pipeline.console import ask, ask_key, plain, say
from pipeline.desk import Desk
from pipeline.document import Action
from pipeline.errors import Exit, InputError
from pipeline.export import schema
from pipeline.reader import Document
from pipeline.review.log import said
from pipeline.review.rows import Row, context, meet, now
from pipeline.series import Place

_KEYS = "a or Enter: accept, r: runner-up, t: type, d: nothing is printed there, s: skip, u: undo, q: save and quit"
_BESIDE = 60
_MOST_LISTED = 40
_NUMBERS = re.compile(r"\d+")

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

_Saved = tuple[str, Row]
"""A row and the document that it is about."""


@dataclass
class _Session:
    """`saved`: what was said of the doubt of that number, and of its series; `last`: when."""

    desk: Desk
    name: str
    document: Document
    reviewer: str
    doubts: list[schema.Correction]
    saved: list[tuple[int, list[_Saved]]] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    last: datetime = _LONG_AGO


def review(desk: Desk, name: str, reviewer: str) -> int:
    """Go through the doubts that nobody has looked at; at the end the documents that were touched are made anew."""
    document = desk.document(name)
    session = _Session(desk, name, document, reviewer, _doubts(desk, name, document))
    say(f"vanban: {len(session.doubts)} doubt(s) in {name}.", *([_KEYS] if session.doubts else []))
    index: int | None = 0
    while index is not None:
        index = _step(session, index) if index < len(session.doubts) else _last(session, index)
    if session.doubts:
        say("", f"vanban: {len(_doubts(desk, name, document))} doubt(s) left in {name}.")
    jobs = desk.jobs()
    well = remake(desk, [jobs[other] for other in sorted(session.touched)]) if session.touched else True
    return Exit.OK if well else Exit.SOME_FAILED


def _doubts(desk: Desk, name: str, document: Document) -> list[schema.Correction]:
    """What the model is unsure of and nobody has said anything of."""
    looked_at = said(desk.job(name).corrections, document.source.sha256)
    return [
        c for c in document.corrections if c.is_doubt and c.span and not any(meet(c.raw_span, s) for s in looked_at)
    ]


def _step(session: _Session, index: int) -> int | None:
    """Ask about one doubt; the number of the next, None to end."""
    doubt = session.doubts[index]
    said_now = [(row.start, row.end) for _, rows in session.saved for name, row in rows if name == session.name]
    if any(meet(doubt.raw_span, place) for place in said_now):
        return index + 1
    rival = doubt.runner_up
    say("", f"{index + 1} of {len(session.doubts)}, page {doubt.page or 1}", f"  {_in_context(session, doubt)}")
    say(f"  read {plain(doubt.raw)!r}; {doubt.confidence:.0%} sure{f'; or {plain(rival)!r}' if rival else ''}")
    match key := ask_key("> "):
        case None | "q":
            return None
        case "s":
            return index + 1
        case "u":
            return _undo(session, index)
        case "" | "a":
            return _say(session, index, "accept", doubt.restored)
        case "r" if rival:
            return _say(session, index, "correct", rival)
        case "d":
            return _say(session, index, "delete", "")
        case "t":
            text = " ".join((ask("printed: ") or "").split())
            return _say(session, index, "correct", text) if text else index
        case _:
            say(f"There is nothing on {plain(key)!r} here. {_KEYS}")
            return index


def _last(session: _Session, index: int) -> int | None:
    """Behind the last doubt what was said can still be taken back."""
    if session.saved and ask_key("Enter: save and quit, u: undo > ") == "u":
        return _undo(session, index)
    return None


def _in_context(session: _Session, doubt: schema.Correction) -> str:
    """The restored line around the doubt, which stands in brackets."""
    text = session.document.text.restored
    start, end = doubt.span or (0, 0)
    before = text[max(text.rfind("\n", 0, start) + 1, start - _BESIDE) : start]
    after = text[end : end + _BESIDE].partition("\n")[0]
    return f"{plain(before)} [{plain(text[start:end])}] {plain(after)}".strip()


def _say(session: _Session, index: int, action: Action, corrected: str) -> int:
    """Put by what is said of a doubt, and of what is like it; the number of the next."""
    doubt = session.doubts[index]
    start, end = doubt.raw_span
    raw = session.document.text.raw
    before, after = context(raw, start, end)
    row = Row(
        action=action,
        start=start,
        end=end,
        raw=raw[start:end],
        before=before,
        after=after,
        restored=doubt.restored,
        corrected=corrected,
        reviewer=session.reviewer,
        time=_now(session),
        sha256=session.document.source.sha256,
    )
    rows = [(session.name, row)]
    try:
        _save(session, rows)
        if action == "correct":
            rows += _like(session, row)
    except InputError as error:
        say(f"vanban: not saved: {error}")
        return index
    session.saved.append((index, rows))
    return index + 1


def _like(session: _Session, row: Row) -> list[_Saved]:
    """Offer the same mend for like places; the rows that were saved for those chosen."""
    places = list(islice(session.desk.series(session.name, row.start, row.end, row.corrected), _MOST_LISTED))
    if not places:
        return []
    say(f"  The same was read in {len(places)} like place(s); is {plain(row.corrected)!r} printed there too?")
    for number, place in enumerate(places, start=1):
        before, after = plain(place.before.rpartition("\n")[2]), plain(place.after.partition("\n")[0])
        say(f"  {number:3} {plain(place.document)}: {before} [{plain(place.raw)}] {after}")
    answer = (ask("  a: all, numbers: those, Enter: none > ") or "").strip().lower()
    chosen = range(1, len(places) + 1) if answer == "a" else {int(number) for number in _NUMBERS.findall(answer)}
    rows = [(place.document, _alike(row, place)) for n, place in enumerate(places, start=1) if n in chosen]
    _save(session, rows)
    return rows


def _alike(row: Row, place: Place) -> Row:
    return replace(
        row,
        start=place.start,
        end=place.end,
        before=place.before,
        after=place.after,
        restored=place.restored,
        sha256=place.sha256,
    )


def _undo(session: _Session, index: int) -> int:
    """Withdraw what was said last; the number of the doubt that it was said of."""
    if not session.saved:
        say("There is nothing to undo.")
        return index
    index, rows = session.saved.pop()
    time = _now(session)
    _save(session, [(name, replace(row, action="withdraw", corrected="", time=time)) for name, row in rows])
    return index


def _save(session: _Session, rows: Sequence[_Saved]) -> None:
    for name in dict.fromkeys(name for name, _ in rows):
        session.desk.save(name, [row for other, row in rows if other == name])
        session.touched.add(name)


def _now(session: _Session) -> str:
    """A time for each thing said, so that their order is sure."""
    session.last = max(datetime.now(UTC).replace(microsecond=0), session.last + timedelta(seconds=1))
    return now(session.last)
