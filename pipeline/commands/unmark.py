"""vanban unmark: marked text in, the same text without marks out."""

import argparse

from pipeline.commands.arguments import Commands, limits, streams
from pipeline.commands.stream import stream
from pipeline.document import Notice


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "unmark", parents=[limits(), streams()], help="take the marks of restore --mark out again", allow_abbrev=False
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from pipeline.export import unmarked
    from pipeline.ingest import ingest_text

    def unmark(name: str, data: bytes) -> tuple[bytes, tuple[Notice, ...]]:
        source = ingest_text(name, data)
        return unmarked(source.raw).encode(), source.notices

    return stream(options, unmark)
