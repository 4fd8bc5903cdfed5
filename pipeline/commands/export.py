"""vanban export: documents in, other formats of them out."""

import argparse
from collections import Counter
from pathlib import Path

from pipeline.commands.arguments import Commands, documents, results
from pipeline.console import say
from pipeline.errors import Exit, InputError, OutputError


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "export", help="turn documents into other formats: NAME.akn.xml beside NAME.json", allow_abbrev=False
    )
    documents(parser)
    parser.add_argument("--format", choices=("akn",), default="akn", help="akn: Akoma Ntoso 3.0 XML (default)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to (default: beside the documents)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from pipeline.export import write_files
    from pipeline.export.akoma_ntoso import to_akoma_ntoso
    from pipeline.reader import Document, read_all

    counts = Counter[str]()
    for path, name, document in read_all(results(options.paths), Document):
        target = options.out / f"{name}.akn.xml" if options.out else path.with_name(f"{path.stem}.akn.xml")
        try:
            if isinstance(document, InputError):
                raise document
            write_files({target: to_akoma_ntoso(document)})
        except (InputError, OutputError) as error:
            counts["failed"] += 1
            say(f"{path}: failed: {error}")
        else:
            counts["done"] += 1
            say(f"{path} -> {target}")
    say(f"vanban: {counts['done']} exported, {counts['failed']} failed.")
    return Exit.SOME_FAILED if counts["failed"] else Exit.OK
