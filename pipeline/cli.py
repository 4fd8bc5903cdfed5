"""Arguments in, exit code out: finds the command, and turns every failure into a message and a code."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from pipeline import __version__
from pipeline.console import say
from pipeline.errors import Exit, MissingPartError, OutputError, UsageError, VanbanError

COMMANDS = ("extract", "restore", "unmark", "review", "tasks", "diff", "export", "train", "schema", "doctor")
"""Modules of `pipeline.commands`."""

_EXIT_CODES = """exit codes:
  0  all done, or nothing to do
  1  some files failed
  2  wrong usage, or an output that can't be written
  3  a part of the program is missing; the message says how to install it
  130  interrupted"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; every failure ends as a message on stderr and an exit code."""
    try:
        given = sys.argv[1:] if arguments is None else arguments
        options = _parser(given[:1]).parse_args(given)
        code: int = options.run(options)
        return code
    except (UsageError, OutputError) as error:
        return _failed(error, Exit.USAGE)
    except MissingPartError as error:
        return _failed(error, Exit.MISSING_PART)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] == "pipeline":
            raise
        remedy = "Install what vanban needs: pip install -r requirements.txt; `vanban doctor` says what is missing."
        message = f"The Python package {error.name} is not installed."
        return _failed(MissingPartError("package_missing", message, remedy), Exit.MISSING_PART)
    except VanbanError as error:
        return _failed(error, Exit.SOME_FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    except KeyboardInterrupt:
        say("vanban: interrupted; finished files were kept, no other was written.")
        return Exit.INTERRUPTED


def _parser(first: Sequence[str]) -> argparse.ArgumentParser:
    """`first`: the first argument. Where it names a command, that one alone is loaded."""
    parser = argparse.ArgumentParser(
        prog="vanban",
        description="Restore OCR text of Vietnamese administrative documents and take it apart.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"vanban {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in first if set(first) & set(COMMANDS) else COMMANDS:
        import_module(f"pipeline.commands.{name}").add(commands)
    return parser


def _failed(error: VanbanError, code: Exit) -> int:
    say(f"vanban: {error}")
    return code
