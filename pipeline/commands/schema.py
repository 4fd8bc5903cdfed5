"""vanban schema: the JSON Schema of the results out."""

import argparse

from pipeline.commands.arguments import Commands
from pipeline.console import put
from pipeline.errors import Exit


def add(commands: Commands) -> None:
    parser = commands.add_parser("schema", help="print the JSON Schema of the results", allow_abbrev=False)
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    from pipeline.export import schema_json

    put(schema_json())
    return Exit.OK
