"""Exported corrections in; their rows beside the inputs, and the documents made anew, out."""

import re
from collections.abc import Sequence
from pathlib import Path

from pipeline import workforce
from pipeline.archive import extract
from pipeline.commands.extract import report
from pipeline.commands.review_pages import make_pages
from pipeline.console import say
from pipeline.desk import Desk
from pipeline.errors import Exit, InputError, OutputError
from pipeline.guard import Guard
from pipeline.ingest import read_file, sha256
from pipeline.machine import processors
from pipeline.plan import Job
from pipeline.review.log import append, load, unknown
from pipeline.review.rows import MOST_BYTES, Row, read_log
from pipeline.tabulate import tabulate

_NAME = re.compile(r"(.+?)\.corrections(?: ?\(\d+\)|-\d+)?\.csv", re.DOTALL)
"""What browsers call a file that they download, the first time and again."""


def take_in(desk: Desk, paths: Sequence[Path]) -> int:
    """Rows that say nothing that can be done are reported and left in their file; the others go on."""
    jobs, changed, failed = desk.jobs(), dict[Path, Job](), False
    for path in paths:
        try:
            log = read_log(read_file(path, MOST_BYTES))
            name = _document(path, log.rows, jobs)
            new = unknown(load(jobs[name].corrections), log.rows)
            if new:
                append(jobs[name].corrections, new)
        except (InputError, OutputError) as error:
            failed = True
            say(f"{path}: failed: {error}")
            continue
        changed[jobs[name].path] = jobs[name]
        failed = failed or bool(log.bad)
        say(*(f"{path}: line {bad.line} left out: {bad.reason}. [correction_bad]" for bad in log.bad))
        say(f"{path} -> {jobs[name].corrections}: {len(new)} new of {len(log.rows)} row(s)")
    return Exit.SOME_FAILED if not remake(desk, list(changed.values())) or failed else Exit.OK


def remake(desk: Desk, jobs: Sequence[Job]) -> bool:
    """Make the documents anew, their pages and the tables over all; whether all went well."""
    outcomes = list(extract(jobs, desk.clean, strategy=workforce.processes(processors(), Guard())))
    for outcome in outcomes:
        say(*report(outcome))
    whole = make_pages(desk.clean, desk.jobs().values())
    if any(outcome.state in ("done", "partial") for outcome in outcomes):
        tabulate(desk.clean)
    return whole and all(outcome.state in ("done", "skipped") for outcome in outcomes)


def _document(path: Path, rows: Sequence[Row], jobs: dict[str, Job]) -> str:
    """Whose corrections these are: by the file's name, else by the digest that its rows tell."""
    named = _NAME.fullmatch(path.name)
    found = [name for name in jobs if named and name.rpartition("/")[2] == named[1]]
    if len(found) != 1:
        digests = {row.sha256 for row in rows}
        found = [name for name in found or jobs if sha256(jobs[name].path) in digests]
    if len(found) != 1:
        message = "It does not tell which document it is about." if found else "Its document is not among the inputs."
        raise InputError("corrections_without_input", message, "Call it NAME.corrections.csv after its document.")
    return found[0]
