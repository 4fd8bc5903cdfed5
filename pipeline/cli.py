"""Arguments in, exit code out: the commands extract, restore, unmark and schema. Only this module prints."""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.document import DOUBT, Notice
from pipeline.errors import Exit, InputError, MissingPartError, OutputError, StageError, UsageError, VanbanError
from pipeline.ingest import MAX_BYTES

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
        default=MAX_BYTES,
        metavar="N",
        help="refuse larger inputs (default: %(default)s)",
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

    commands.add_parser("schema", help="print the JSON Schema of the results", allow_abbrev=False)
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


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

    if not options.paths and not RAW.is_dir():
        raise UsageError("input_missing", f"There is no folder {RAW} here.", "Name files or folders to extract.")
    jobs = plan(options.paths or [RAW], options.out)
    if not jobs:
        _say("vanban: no files to extract.")
        return Exit.OK
    outcomes = extract(jobs, options.out, processes=options.jobs, force=options.force, max_bytes=options.max_bytes)
    counts = Counter[str]()
    with _progress(len(jobs)) as advance:
        for outcome in outcomes:
            counts[outcome.state] += 1
            advance(_report(outcome))
    _say(_summary(counts, options.out))
    return Exit.SOME_FAILED if counts["failed"] else Exit.OK


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
            data = read_stream(sys.stdin.buffer, options.max_bytes)
        else:
            data = read_file(Path(options.file), options.max_bytes)
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
    "unmark": _unmark,
    "schema": _schema,
}
