"""vanban tasks: documents and a question in, the tasks that answer it out."""

import argparse
import sys

from pipeline.commands.arguments import Commands, day, documents, results
from pipeline.console import put, say
from pipeline.errors import Exit


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "tasks",
        help="list the tasks that documents give",
        description="List the tasks of documents that vanban extract has written: as a table on a terminal, else a"
        " line each of document, node, page, due date, lead, coordinating agencies and text, parted by tabs.",
        allow_abbrev=False,
    )
    documents(parser)
    parser.add_argument("--agency", metavar="NAME", help="given to this agency: its name or a part, acronym or id")
    parser.add_argument("--role", choices=("lead", "coordinating", "any"), default="any", help="of that agency")
    parser.add_argument("--due-after", type=day, metavar="DATE", help="due on that day (2025-12-31) or later")
    parser.add_argument("--due-before", type=day, metavar="DATE", help="due on that day or earlier")
    parser.add_argument("--text", metavar="WORDS", help="with these words, accents and case aside")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table", help="default: %(default)s")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from pipeline.listing import FORMATS, as_lines, as_table
    from pipeline.query import Question, matching

    paths = results(options.paths)
    question = Question(options.agency, options.role, options.due_after, options.due_before, options.text)
    found = matching(paths, question)
    for path, error in found.errors:
        say(f"{path}: failed: {error}")
    put(FORMATS.get(options.format, as_table if sys.stdout.isatty() else as_lines)(found.rows))
    say(f"vanban: {len(found.rows)} of {found.tasks} task(s) in {found.documents} document(s).")
    return Exit.SOME_FAILED if found.errors else Exit.OK
