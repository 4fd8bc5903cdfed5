"""vanban review: what reviewers say of documents in, beside the inputs and into the results out."""

import argparse
import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.arguments import CLEAN, RAW, Commands
from pipeline.console import say
from pipeline.errors import Exit, UsageError

if TYPE_CHECKING:
    from pipeline.desk import Desk


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "review",
        help="look at doubts and mend them",
        description="Without arguments: brings the review pages up to date. With NAME: the doubts of that document one"
        " by one in the terminal. With --apply: take in what a"
        " review page has exported. With --serve: the pages on this machine's own address, where they save by"
        " themselves. All of it goes into NAME.corrections.csv beside the input, which every vanban extract honours.",
        allow_abbrev=False,
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("name", nargs="?", metavar="NAME", help="a document of the folder of results, without .json")
    what.add_argument("--apply", nargs="+", type=Path, metavar="FILE.csv", help="corrections that a page has exported")
    what.add_argument("--serve", action="store_true", help="serve the pages on 127.0.0.1 until Ctrl-C")
    parser.add_argument("--port", type=_port, default=0, metavar="N", help="for --serve (default: any that is free)")
    parser.add_argument("--reviewer", metavar="WHO", help="name or initials for NAME (default: the login name)")
    parser.add_argument("--raw", type=Path, default=RAW, metavar="DIR", help="inputs (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=CLEAN, metavar="DIR", help="results (default: %(default)s)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from pipeline.desk import Desk

    if not options.raw.is_dir():
        remedy = "Go to the folder of the archive, or name it with --raw."
        raise UsageError("input_missing", f"There is no folder {options.raw} here.", remedy)
    desk = Desk(options.raw, options.out)
    if options.apply:
        from pipeline.commands.review_apply import take_in

        return take_in(desk, options.apply)
    if options.serve:
        return _serve(desk, options.port)
    if options.name:
        from pipeline.commands.review_terminal import review

        return review(desk, options.name, options.reviewer or getpass.getuser())
    from pipeline.commands.review_pages import make_pages

    if not options.out.is_dir():
        raise UsageError("input_missing", f"There is no folder {options.out} here.", "Extract some documents first.")
    whole = make_pages(options.out, desk.jobs().values())
    say(f"vanban: the pages are in {options.out}; open {options.out / 'index.html'} in a browser.")
    return Exit.OK if whole else Exit.SOME_FAILED


def _serve(desk: "Desk", port: int) -> int:
    from pipeline.commands.review_pages import make_pages
    from pipeline.serve import Server

    make_pages(desk.clean, desk.jobs().values())
    with Server(desk, port) as server:
        say(f"vanban: the pages are at {server.address}", "vanban: whoever has this address can mend; Ctrl-C ends it.")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say(
                "", "vanban: ended. What was mended stands beside the inputs; vanban extract takes it into the results."
            )
    return Exit.OK


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port, which is a number up to 65535")
    return int(text)
