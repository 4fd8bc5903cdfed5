"""vanban extract: files and folders in, NAME.json, NAME.txt and the tables over all documents out."""

import argparse
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.arguments import CLEAN, RAW, Commands, limits, path_or_url, positive
from pipeline.console import progress, say
from pipeline.errors import Exit, OutputError, UsageError
from pipeline.guard import BASE_SECONDS, MEGABYTES, PAGE_BYTES, PAGE_SECONDS, Guard
from pipeline.ingest import MAX_PAGES, MAX_PIXELS, Limits, needs_tesseract, tesseract_missing
from pipeline.machine import processors

if TYPE_CHECKING:
    from pipeline.archive import Outcome
    from pipeline.run import Options
    from pipeline.tally import Tally


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "extract", parents=[limits()], help="turn files and folders into NAME.json and NAME.txt", allow_abbrev=False
    )
    parser.add_argument("paths", nargs="*", type=path_or_url, metavar="PATH", help=f"files or folders (default: {RAW})")
    parser.add_argument("--out", type=path_or_url, default=CLEAN, metavar="DIR", help="default: %(default)s")
    parser.add_argument(
        "--jobs", type=positive, default=processors(), metavar="N", help="processes (default: one a processor)"
    )
    parser.add_argument(
        "--engine",
        choices=("processes", "ray"),
        default="processes",
        help="ray: on the cluster that RAY_ADDRESS names, also by URL, like s3://... (default: %(default)s)",
    )
    for name, default, metavar, text in _LIMITS:
        parser.add_argument(f"--max-{name}", type=positive, default=default, metavar=metavar, help=text)
    parser.add_argument("--pdf", action="store_true", help="also write scans as PDFs that can be searched")
    parser.add_argument("--json-log", type=Path, metavar="FILE", help="also a line of JSON for each file, for programs")
    parser.add_argument("--force", action="store_true", help="also files whose results are current")
    parser.set_defaults(run=run)


_SECONDS = (
    f"give up a file after so long (default: {BASE_SECONDS}, and {PAGE_SECONDS} for each page"
    f" or {PAGE_BYTES} bytes of text)"
)
_LIMITS = (
    ("pages", MAX_PAGES, "N", "refuse inputs of more pages (default: %(default)s)"),
    ("pixels", MAX_PIXELS, "N", "leave out pages of more pixels (default: %(default)s)"),
    ("seconds", None, "N", _SECONDS),
    ("memory", MEGABYTES, "MB", "of each process (default: %(default)s)"),
)


def run(options: argparse.Namespace) -> int:
    from pipeline import cluster, workforce
    from pipeline.archive import extract
    from pipeline.commands.review_pages import make_pages
    from pipeline.plan import plan
    from pipeline.run import Options
    from pipeline.tabulate import tabulate

    limits = Limits(options.max_bytes, options.max_pages, options.max_pixels)
    guard = Guard(options.max_seconds, options.max_memory)
    reading = Options(limits, options.pdf)
    if any(isinstance(place, str) for place in (*options.paths, options.out)):
        return _run_by_url(options, reading, guard)
    if not options.paths and not RAW.is_dir():
        raise UsageError("input_missing", f"There is no folder {RAW} here.", "Name files or folders to extract.")
    jobs = plan(options.paths or [RAW], options.out, options.pdf)
    if not jobs:
        say("vanban: no files to extract.")
        return Exit.OK
    if any(needs_tesseract(job.path) for job in jobs) and (missing := tesseract_missing()):
        say(f"vanban: warning: scans can't be read. {missing}")
    outcomes = extract(
        jobs,
        options.out,
        strategy=(cluster.cluster if options.engine == "ray" else workforce.processes)(options.jobs, guard),
        force=options.force,
        options=reading,
    )
    tally, current = _followed(outcomes, len(jobs), options.json_log)
    whole = make_pages(options.out, jobs)  # first: they are newer than the tables of a folder that has changed
    tables = tabulate(options.out, current)
    for path, error in tables.errors if tables else ():
        say(f"{path}: left out of the tables: {error}")
    if tables:
        say(f"vanban: tables with {', '.join(f'{rows} {name}' for name, rows in tables.rows.items())}.")
    say(_summary(tally, options.out))
    counts = tally.counts
    some_failed = counts["failed"] or counts["partial"] or (tables and tables.errors) or not whole
    return Exit.SOME_FAILED if some_failed else Exit.OK


def _run_by_url(options: argparse.Namespace, reading: "Options", guard: Guard) -> int:
    """Of URLs, the results alone: the tables, the manifest and the review pages are of a folder on this machine."""
    from pipeline.errands import Terms, plan_errands, run_errands
    from pipeline.run import load

    if options.engine != "ray":
        raise UsageError(
            "url_without_cluster", "URLs are read by a cluster only.", "Add --engine ray, or copy the files."
        )
    if not options.paths or not all(isinstance(place, str) for place in (*options.paths, options.out)):
        remedy = "Give all of them as URLs; of a folder that every machine has: file:///FOLDER."
        raise UsageError("url_and_folder", "Inputs and --out are partly URLs, partly not.", remedy)
    errands, source, target = plan_errands(options.paths, options.out, options.pdf)
    terms = Terms(source, target, reading, guard, load().version, options.force)
    tally, _ = _followed(run_errands(errands, terms, options.jobs), len(errands), options.json_log)
    say(_summary(tally, options.out))
    return Exit.SOME_FAILED if tally.counts["failed"] or tally.counts["partial"] else Exit.OK


def _followed(outcomes: "Iterable[Outcome]", total: int, json_log: Path | None) -> "tuple[Tally, list[Path]]":
    """Report outcomes as they come. How many of each there were, and documents that were current."""
    from pipeline.tally import Tally, outcome_line

    tally, current = Tally(total), list[Path]()
    with progress(total) as advance, logged(json_log) as log:
        log(tally.started_line())
        for outcome in outcomes:
            tally.add(outcome)
            current += [outcome.job.json] if outcome.state == "skipped" else []
            advance(report(outcome), tally.progress())
            log(outcome_line(outcome))
        log(tally.summary_line())
    return tally, current


@contextmanager
def logged(path: Path | None) -> Iterator[Callable[[bytes], None]]:
    """What to call with each line for the log; OutputError where that can't be written."""

    def write(line: bytes) -> None:
        try:
            os.write(log, line)
        except OSError as error:
            raise _unwritable(path, error) from error

    if path is None:
        yield lambda _: None
        return
    try:
        log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        yield write
    finally:
        os.close(log)


def _unwritable(path: Path | None, error: OSError) -> OutputError:
    return OutputError("output_unwritable", f"{path}: {error.strerror}.", "Name another file with --json-log.")


def report(outcome: "Outcome") -> list[str]:
    """What became of an input, a line each."""
    path, elsewhere = outcome.job.path, f"see warnings in {outcome.job.json}"
    lines = [
        f"{path}: warning: {elsewhere if notice.code in _QUOTING else notice.message} [{notice.code}]"
        for notice in outcome.notices
    ]
    lines += [f"{path}: {outcome.state}: {error}" for error in outcome.errors]
    return [f"{path} -> {outcome.job.json}", *lines] if outcome.state in ("done", "partial") else lines


_QUOTING = frozenset(
    {"arrival_stamp", "correction_overruled", "correction_unplaced", "date_disagrees", "number_disagrees"}
)
"""Warnings with words of the document: these stand in its JSON, and in no log of what a terminal shows."""


def _summary(tally: "Tally", out: Path | str) -> str:
    if set(tally.counts) == {"skipped"}:
        return f"vanban: nothing to do, {tally.total} file(s) unchanged since their results in {out}."
    return f"vanban: {tally.sentence()}; results in {out}."
