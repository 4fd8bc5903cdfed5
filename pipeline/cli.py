"""Arguments in, exit code out: the commands of vanban. Only this module prints."""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.document import DOUBT, Notice
from pipeline.errors import Exit, InputError, MissingPartError, OutputError, StageError, UsageError, VanbanError
from pipeline.ingest import MAX_BYTES, MAX_PAGED_BYTES, needs_tesseract, tesseract_missing

if TYPE_CHECKING:
    from pipeline.run import Outcome

RAW, CLEAN = Path("corpus/raw"), Path("corpus/clean")

_EXIT_CODES = """exit codes:
  0  all done, or nothing to do
  1  some files failed
  2  wrong usage, or an output that can't be written
  3  a part of the program is missing; the message says how to install it
  130  interrupted"""
_MARKS = """marks:
  A doubt is written ⟦restored|raw|runner-up⟧, the runner-up only where there is one. In its parts a backslash stands
  before each ⟦, ⟧, | and backslash of the text; elsewhere a ⟦ of the text itself is written twice. Mend the first part
  of a doubt or leave it: `vanban unmark` takes the marks out again, and what the first parts say stays."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; every failure ends as a message on stderr and an exit code."""
    try:
        options = _parser().parse_args(arguments)
        return _COMMANDS[options.command](options)
    except (UsageError, OutputError) as error:
        return _failed(error, Exit.USAGE)
    except MissingPartError as error:
        return _failed(error, Exit.MISSING_PART)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] == "pipeline":
            raise
        remedy = "Install what vanban needs: pip install -r requirements.txt"
        message = f"The Python package {error.name} is not installed."
        return _failed(MissingPartError("package_missing", message, remedy), Exit.MISSING_PART)
    except VanbanError as error:
        return _failed(error, Exit.SOME_FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    except KeyboardInterrupt:
        _say("vanban: interrupted; finished files were kept, no other was written.")
        return Exit.INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="vanban",
        description="Restore OCR text of Vietnamese administrative documents and take it apart.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"vanban {__version__}")
    limits = argparse.ArgumentParser(add_help=False)
    limits.add_argument(
        "--max-bytes",
        type=_positive,
        metavar="N",
        help=f"refuse larger inputs (default: {MAX_BYTES} for text, {MAX_PAGED_BYTES} for PDFs and images)",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    extract = commands.add_parser(
        "extract", parents=[limits], help="turn files and folders into NAME.json and NAME.txt", allow_abbrev=False
    )
    extract.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=f"files or folders (default: {RAW})")
    extract.add_argument("--out", type=Path, default=CLEAN, metavar="DIR", help="default: %(default)s")
    extract.add_argument(
        "--jobs", type=_positive, default=_processors(), metavar="N", help="processes (default: one a processor)"
    )
    extract.add_argument("--pdf", action="store_true", help="also write scans as PDFs that can be searched")
    extract.add_argument("--force", action="store_true", help="also files whose results are current")

    streams = argparse.ArgumentParser(add_help=False)
    streams.add_argument("file", metavar="FILE", help="a text file, or - for standard input")
    streams.add_argument("-o", dest="out", type=Path, metavar="OUT", help="write to a file, not to standard output")
    restore = commands.add_parser(
        "restore",
        parents=[limits, streams],
        help="restore plain text line by line",
        epilog=_MARKS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    restore.add_argument("--mark", action="store_true", help="mark doubts in the text, as ⟦restored|raw|runner-up⟧")
    restore.add_argument(
        "--below",
        type=_probability,
        metavar="P",
        help=f"mark what is less sure than this, from 0 to 1 (default: {DOUBT}, as doubts are in the JSON)",
    )
    commands.add_parser(
        "unmark", parents=[limits, streams], help="take the marks of restore --mark out again", allow_abbrev=False
    )

    tasks = commands.add_parser(
        "tasks",
        help="list the tasks that documents give",
        description="List the tasks of documents that vanban extract has written: as a table on a terminal, else a"
        " line each of document, node, page, due date, lead, coordinating agencies and text, parted by tabs.",
        allow_abbrev=False,
    )
    tasks.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=f"files or folders (default: {CLEAN})")
    tasks.add_argument("--agency", metavar="NAME", help="given to this agency: its name or a part, acronym or id")
    tasks.add_argument("--role", choices=("lead", "coordinating", "any"), default="any", help="of that agency")
    tasks.add_argument("--due-after", type=_day, metavar="DATE", help="due on that day (2025-12-31) or later")
    tasks.add_argument("--due-before", type=_day, metavar="DATE", help="due on that day or earlier")
    tasks.add_argument("--text", metavar="WORDS", help="with these words, accents and case aside")
    tasks.add_argument("--format", choices=("table", "csv", "json"), default="table", help="default: %(default)s")

    export = commands.add_parser(
        "export", help="turn documents into other formats: NAME.akn.xml beside NAME.json", allow_abbrev=False
    )
    export.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=f"files or folders (default: {CLEAN})")
    export.add_argument("--format", choices=("akn",), default="akn", help="akn: Akoma Ntoso 3.0 XML (default)")
    export.add_argument("--out", type=Path, metavar="DIR", help="where to (default: beside the documents)")

    commands.add_parser("schema", help="print the JSON Schema of the results", allow_abbrev=False)
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day like 2025-12-31") from None


def _probability(text: str) -> float:
    try:
        chance = float(text)
    except ValueError:
        chance = -1.0
    if not 0 <= chance <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return chance


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _extract(options: argparse.Namespace) -> int:
    from pipeline.plan import plan
    from pipeline.run import extract
    from pipeline.tabulate import tabulate

    if not options.paths and not RAW.is_dir():
        raise UsageError("input_missing", f"There is no folder {RAW} here.", "Name files or folders to extract.")
    jobs = plan(options.paths or [RAW], options.out)
    if not jobs:
        _say("vanban: no files to extract.")
        return Exit.OK
    if any(needs_tesseract(job.path) for job in jobs) and (missing := tesseract_missing()):
        _say(f"vanban: warning: scans can't be read. {missing}")
    outcomes = extract(
        jobs, options.out, processes=options.jobs, force=options.force, max_bytes=options.max_bytes, pdf=options.pdf
    )
    counts, current = Counter[str](), list[Path]()
    with _progress(len(jobs)) as advance:
        for outcome in outcomes:
            counts[outcome.state] += 1
            current += [outcome.job.json] if outcome.state == "skipped" else []
            advance(_report(outcome))
    tables = tabulate(options.out, current)
    for path, error in tables.errors if tables else ():
        _say(f"{path}: left out of the tables: {error}")
    if tables:
        _say(f"vanban: tables with {', '.join(f'{rows} {name}' for name, rows in tables.rows.items())}.")
    _say(_summary(counts, options.out))
    return Exit.SOME_FAILED if counts["failed"] or (tables and tables.errors) else Exit.OK


def _report(outcome: "Outcome") -> list[str]:
    path = outcome.job.path
    lines = [f"{path}: warning: {notice.message} [{notice.code}]" for notice in outcome.notices]
    lines += [f"{path}: failed: {error}" for error in outcome.errors]
    return lines if outcome.state != "done" else [f"{path} -> {outcome.job.json}", *lines]


@contextmanager
def _progress(total: int) -> Iterator[Callable[[list[str]], None]]:
    """A bar on a terminal, lines elsewhere; yields what to call with the lines of each file that is finished."""
    if not sys.stderr.isatty():
        yield lambda lines: _say(*lines)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True, markup=False, highlight=False, emoji=False)
    with Progress(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("extract", total=total)

        def advance(lines: list[str]) -> None:
            for line in lines:
                bar.console.print(line, soft_wrap=True)
            bar.advance(task)

        yield advance


def _summary(counts: Counter[str], out: Path) -> str:
    if set(counts) == {"skipped"}:
        return f"vanban: nothing to do, {counts['skipped']} file(s) unchanged since their results in {out}."
    return f"vanban: {counts['done']} done, {counts['skipped']} skipped, {counts['failed']} failed; results in {out}."


def _restore(options: argparse.Namespace) -> int:
    from pipeline.run import load, restore_lines

    if options.below is not None and not options.mark:
        raise UsageError("option_needs_mark", "--below says what is marked, but nothing is.", "Add --mark.")
    below = (DOUBT if options.below is None else options.below) if options.mark else None
    return _stream(options, lambda name, data: restore_lines(name, data, load(), below))


def _unmark(options: argparse.Namespace) -> int:
    from pipeline.export import unmarked
    from pipeline.ingest import ingest_text

    def unmark(name: str, data: bytes) -> tuple[bytes, tuple[Notice, ...]]:
        source = ingest_text(name, data)
        return unmarked(source.raw).encode(), source.notices

    return _stream(options, unmark)


def _stream(options: argparse.Namespace, work: Callable[[str, bytes], tuple[bytes, tuple[Notice, ...]]]) -> int:
    """One text through `work`, from a file or standard input to a file or standard output."""
    from pipeline.export import write_files
    from pipeline.ingest import read_file, read_stream

    try:
        if options.file == "-":
            data = read_stream(sys.stdin.buffer, options.max_bytes or MAX_BYTES)
        else:
            data = read_file(Path(options.file), options.max_bytes or MAX_BYTES)
        result, notices = work(Path(options.file).name, data)
    except (InputError, StageError) as error:
        _say(f"{options.file}: failed: {error}")
        return Exit.SOME_FAILED
    _say(*(f"{options.file}: warning: {notice.message} [{notice.code}]" for notice in notices))
    if options.out:
        write_files({options.out: result})
    else:
        _put(result)
    return Exit.OK


def _put(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _tasks(options: argparse.Namespace) -> int:
    from pipeline.listing import FORMATS, as_lines, as_table
    from pipeline.query import Question, matching

    paths = _results(options.paths)
    question = Question(options.agency, options.role, options.due_after, options.due_before, options.text)
    found = matching(paths, question)
    for path, error in found.errors:
        _say(f"{path}: failed: {error}")
    _put(FORMATS.get(options.format, as_table if sys.stdout.isatty() else as_lines)(found.rows))
    _say(f"vanban: {len(found.rows)} of {found.tasks} task(s) in {found.documents} document(s).")
    return Exit.SOME_FAILED if found.errors else Exit.OK


def _export(options: argparse.Namespace) -> int:
    from pipeline.export import write_files
    from pipeline.export.akoma_ntoso import to_akoma_ntoso
    from pipeline.reader import Document, read_all

    counts = Counter[str]()
    for path, name, document in read_all(_results(options.paths), Document):
        target = options.out / f"{name}.akn.xml" if options.out else path.with_name(f"{path.stem}.akn.xml")
        try:
            if isinstance(document, InputError):
                raise document
            write_files({target: to_akoma_ntoso(document)})
        except (InputError, OutputError) as error:
            counts["failed"] += 1
            _say(f"{path}: failed: {error}")
        else:
            counts["done"] += 1
            _say(f"{path} -> {target}")
    _say(f"vanban: {counts['done']} exported, {counts['failed']} failed.")
    return Exit.SOME_FAILED if counts["failed"] else Exit.OK


def _results(paths: list[Path]) -> list[Path]:
    if not paths and not CLEAN.is_dir():
        raise UsageError("input_missing", f"There is no folder {CLEAN} here.", "Name documents, or extract some first.")
    return paths or [CLEAN]


def _schema(_: argparse.Namespace) -> int:
    from pipeline.export import schema_json

    _put(schema_json())
    return Exit.OK


def _failed(error: VanbanError, code: Exit) -> int:
    _say(f"vanban: {error}")
    return code


def _say(*lines: str) -> None:
    with suppress(BrokenPipeError):
        for line in lines:
            print(line, file=sys.stderr, flush=True)


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "extract": _extract,
    "restore": _restore,
    "tasks": _tasks,
    "export": _export,
    "unmark": _unmark,
    "schema": _schema,
}
