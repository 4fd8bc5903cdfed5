"""vanban extract: files and folders in, NAME.json, NAME.txt and the tables over all documents out."""

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.arguments import CLEAN, RAW, Commands, limits, positive
from pipeline.console import progress, say
from pipeline.errors import Exit, UsageError
from pipeline.ingest import needs_tesseract, tesseract_missing
from pipeline.machine import processors

if TYPE_CHECKING:
    from pipeline.run import Outcome


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "extract", parents=[limits()], help="turn files and folders into NAME.json and NAME.txt", allow_abbrev=False
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=f"files or folders (default: {RAW})")
    parser.add_argument("--out", type=Path, default=CLEAN, metavar="DIR", help="default: %(default)s")
    parser.add_argument(
        "--jobs", type=positive, default=processors(), metavar="N", help="processes (default: one a processor)"
    )
    parser.add_argument("--pdf", action="store_true", help="also write scans as PDFs that can be searched")
    parser.add_argument("--force", action="store_true", help="also files whose results are current")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from pipeline.commands.review_pages import make_pages
    from pipeline.plan import plan
    from pipeline.run import extract
    from pipeline.tabulate import tabulate

    if not options.paths and not RAW.is_dir():
        raise UsageError("input_missing", f"There is no folder {RAW} here.", "Name files or folders to extract.")
    jobs = plan(options.paths or [RAW], options.out)
    if not jobs:
        say("vanban: no files to extract.")
        return Exit.OK
    if any(needs_tesseract(job.path) for job in jobs) and (missing := tesseract_missing()):
        say(f"vanban: warning: scans can't be read. {missing}")
    outcomes = extract(
        jobs, options.out, processes=options.jobs, force=options.force, max_bytes=options.max_bytes, pdf=options.pdf
    )
    counts, current = Counter[str](), list[Path]()
    with progress(len(jobs)) as advance:
        for outcome in outcomes:
            counts[outcome.state] += 1
            current += [outcome.job.json] if outcome.state == "skipped" else []
            advance(report(outcome))
    whole = make_pages(options.out, jobs)
    tables = tabulate(options.out, current)
    for path, error in tables.errors if tables else ():
        say(f"{path}: left out of the tables: {error}")
    if tables:
        say(f"vanban: tables with {', '.join(f'{rows} {name}' for name, rows in tables.rows.items())}.")
    say(_summary(counts, options.out))
    return Exit.SOME_FAILED if counts["failed"] or (tables and tables.errors) or not whole else Exit.OK


def report(outcome: "Outcome") -> list[str]:
    """What became of an input, a line each."""
    path = outcome.job.path
    lines = [f"{path}: warning: {notice.message} [{notice.code}]" for notice in outcome.notices]
    lines += [f"{path}: failed: {error}" for error in outcome.errors]
    return lines if outcome.state != "done" else [f"{path} -> {outcome.job.json}", *lines]


def _summary(counts: Counter[str], out: Path) -> str:
    if set(counts) == {"skipped"}:
        return f"vanban: nothing to do, {counts['skipped']} file(s) unchanged since their results in {out}."
    return f"vanban: {counts['done']} done, {counts['skipped']} skipped, {counts['failed']} failed; results in {out}."
