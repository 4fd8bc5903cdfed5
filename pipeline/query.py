"""Documents and a question in; the tasks that answer it, as rows of the table of tasks, out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from rapidfuzz import fuzz

from pipeline.errors import InputError
from pipeline.export import schema
from pipeline.export.frames import Excerpt
from pipeline.export.tables import labelled_rows
from pipeline.folding import fold
from pipeline.reader import read_all
from pipeline.tasks.gazetteer import gazetteer

Role = Literal["lead", "coordinating", "any"]

_WORD = re.compile(r"[^\W_]+")
_IN_FULL = {"ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "tp": "thanh pho"}
_NEAR_ENOUGH = 60.0
"""Likeness of each word of a name to its counterpart, of 100: lets slips of the pen pass, not Hà Nam for Hà Nội."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a task; None asks nothing. Days are included; a task without the day asked for is no answer."""

    agency: str | None = None
    role: Role = "any"
    due_after: date | None = None
    due_before: date | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows as `table_columns("tasks")` has them, what can't be read, and among how many tasks of how many documents."""

    rows: list[tuple[Any, ...]]
    errors: tuple[tuple[Path, InputError], ...]
    documents: int
    tasks: int


@dataclass(frozen=True, slots=True)
class Agencies:
    """Whom a name means: bodies of the gazetteer, else whoever is called much like it."""

    ids: frozenset[str]
    names: tuple[str, ...]
    known: bool

    def include(self, agency: schema.Agency) -> bool:
        """Whether a task that names this agency names one of these."""
        if agency.agency_id in self.ids:
            return True
        if agency.agency_id and self.known:
            return False
        called = {_plain(agency.raw), _plain(agency.name or agency.raw)}
        return any(_holds(one, name) or _likeness(one, name) for one in called for name in self.names)


@cache
def agencies_called(name: str) -> Agencies:
    """By id; by full name, short name or acronym, accents aside; else by a part of the name; else by likeness.

    'Bộ Giao thông vận tải', 'BGTVT' and the id mean the ministry; 'giao thông' the departments of provinces as well.
    """
    known = _spellings()
    asked, as_id = _plain(name), name.strip().lower()
    found = {as_id} & {agency_id for agencies in known.values() for agency_id in agencies}
    found = found or set(known.get(asked, ()))
    found = found or {agency_id for spelling in known if _holds(spelling, asked) for agency_id in known[spelling]}
    if not found:
        nearest = max(known, key=lambda spelling: _likeness(spelling, asked))
        found = set(known[nearest]) if _likeness(nearest, asked) else set()
    if not found:
        return Agencies(frozenset({as_id}), (asked,), known=False)
    names = {_plain(full) for agencies in known.values() for agency_id, full in agencies.items() if agency_id in found}
    return Agencies(frozenset(found), tuple(sorted(names)), known=True)


@cache
def _spellings() -> dict[str, dict[str, str]]:
    """Ids and full names by every way to write a name."""
    known = dict[str, dict[str, str]]()
    for name, agencies in gazetteer().names.items():
        for agency in agencies:
            known.setdefault(_plain(name), {})[agency.id] = agency.name
    return known


def matching(paths: Iterable[Path], question: Question) -> Answer:
    """The tasks of the documents in these files and folders that the question asks for."""
    rows, errors, documents, tasks = list[tuple[Any, ...]](), list[tuple[Path, InputError]](), 0, 0
    for path, name, document in read_all(paths, Excerpt):
        if isinstance(document, InputError):
            errors.append((path, document))
            continue
        documents += 1
        tasks += len(document.tasks)
        wanted = tuple(task for task in document.tasks if answers(question, task))
        rows += labelled_rows(name, document.model_copy(update={"tasks": wanted}), "tasks")
    return Answer(rows, tuple(errors), documents, tasks)


def answers(question: Question, task: schema.Task) -> bool:
    """Whether the task is one of those asked for."""
    return _is_for(question, task) and _is_due(question, task) and _says(question, task)


def _is_for(question: Question, task: schema.Task) -> bool:
    if question.agency is None:
        return True
    wanted = agencies_called(question.agency)
    lead = task.lead if question.role in ("lead", "any") else ()
    coordinating = task.coordinating if question.role in ("coordinating", "any") else ()
    return any(wanted.include(agency) for agency in (*lead, *coordinating))


def _is_due(question: Question, task: schema.Task) -> bool:
    if question.due_after is None and question.due_before is None:
        return True
    end = task.deadline.end if task.deadline else None
    return end is not None and (question.due_after or end) <= end <= (question.due_before or end)


def _says(question: Question, task: schema.Task) -> bool:
    return question.text is None or _holds(_plain(task.text), _plain(question.text))


def _plain(text: str) -> str:
    """'UBND tỉnh Hà Nam' -> 'uy ban nhan dan tinh ha nam'."""
    return " ".join(_IN_FULL.get(word, word) for word in _WORD.findall(fold(text)))


def _holds(words: str, part: str) -> bool:
    return bool(part) and f" {part} " in f" {words} "


def _likeness(one: str, other: str) -> float:
    """From 0 to 100; 0 where the names differ in the number of words, or two words have little in common."""
    pairs = list(zip(one.split(), other.split(), strict=False))
    if one.count(" ") != other.count(" ") or any(fuzz.ratio(*pair) < _NEAR_ENOUGH for pair in pairs):
        return 0.0
    return fuzz.ratio(one, other)
