"""Lines and bytes in, the terminal's two streams out: results to stdout, all else to stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


def put(data: bytes) -> None:
    """A result."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def say(*lines: str) -> None:
    """What a person should know."""
    with suppress(BrokenPipeError):
        for line in lines:
            print(line, file=sys.stderr, flush=True)


@contextmanager
def progress(total: int) -> Iterator[Callable[[list[str]], None]]:
    """A bar on a terminal, lines elsewhere; yields what to call with the lines of each file that is finished."""
    if not sys.stderr.isatty():
        yield lambda lines: say(*lines)
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
