"""vanban restore: plain text in, restored plain text out, line by line, with marked doubts where wanted."""

import argparse

from pipeline.commands.arguments import Commands, limits, probability, streams
from pipeline.commands.stream import stream
from pipeline.document import DOUBT
from pipeline.errors import UsageError

_MARKS = """marks:
  A doubt is written ⟦restored|raw|runner-up⟧, the runner-up only where there is one. In its parts a backslash stands
  before each ⟦, ⟧, | and backslash of the text; elsewhere a ⟦ of the text itself is written twice. Mend the first part
  of a doubt or leave it: `vanban unmark` takes the marks out again, and what the first parts say stays."""


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "restore",
        parents=[limits(), streams()],
        help="restore plain text line by line",
        epilog=_MARKS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--mark", action="store_true", help="mark doubts in the text, as ⟦restored|raw|runner-up⟧")
    parser.add_argument(
        "--below",
        type=probability,
        metavar="P",
        help=f"mark what is less sure than this, from 0 to 1 (default: {DOUBT}, as doubts are in the JSON)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from pipeline.run import load, restore_lines

    if options.below is not None and not options.mark:
        raise UsageError("option_needs_mark", "--below says what is marked, but nothing is.", "Add --mark.")
    below = (DOUBT if options.below is None else options.below) if options.mark else None
    return stream(options, lambda name, data: restore_lines(name, data, load(), below))
