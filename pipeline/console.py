"""Lines and bytes in, the terminal's two streams out: results to stdout, all else to stderr; and what people answer."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_CONTROL = re.compile(r"[\0-\x1f\x7f-\x9f]")


def put(data: bytes) -> None:
    """A result."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def say(*lines: str) -> None:
    """What a person should know."""
    with suppress(BrokenPipeError):
        for line in lines:
            print(line, file=sys.stderr, flush=True)


def plain(text: str) -> str:
    """Text on one line that moves no cursor."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))


def ask(question: str) -> str | None:
    """A line that a person types; None at the end of the input."""
    print(question, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    return line.rstrip("\r\n") if line else None


def ask_key(question: str) -> str | None:
    """One key on a terminal; elsewhere, and on a dumb one, the first letter of a line ('' for an empty one)."""
    try:
        import termios
        import tty
    except ImportError:  # Windows
        termios = None  # type: ignore[assignment]
    if termios is None or not sys.stdin.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        line = ask(question)
        return line if line is None else line.strip()[:1]
    print(question, end="", file=sys.stderr, flush=True)
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin, termios.TCSANOW)
        key = os.read(sys.stdin.fileno(), 1)
        if key == b"\x1b" or key > b"\x7f":  # an arrow, a letter of several bytes: the rest of it too
            key += os.read(sys.stdin.fileno(), 8)
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSANOW, before)
    pressed = key.decode(errors="replace")
    say(plain(pressed))
    return None if pressed in ("", "\x04") else pressed.strip()


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
