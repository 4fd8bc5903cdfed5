"""vanban diff: two versions of a document in, what the newer says otherwise out."""

import argparse
import json
from pathlib import Path
from typing import Any

from pipeline.commands.arguments import Commands
from pipeline.console import plain, put, say
from pipeline.errors import Exit, InputError


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "diff",
        help="tell what a newer version of a document says otherwise",
        description="Compare texts, nodes, tasks, targets and citations of two results; where something stands alone"
        " does not count. Nodes are compared by id.",
        allow_abbrev=False,
    )
    parser.add_argument("old", type=Path, metavar="OLD.json")
    parser.add_argument("new", type=Path, metavar="NEW.json")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from pipeline.differences import as_json, differences
    from pipeline.reader import load

    documents = []
    for path in (options.old, options.new):
        try:
            documents.append(load(path))
        except InputError as error:
            say(f"{path}: failed: {error}")
            return Exit.SOME_FAILED
    found = differences(*documents)
    if options.format == "json":
        put((json.dumps(as_json(found), ensure_ascii=False, indent=1) + "\n").encode())
        return Exit.OK
    for one in found:
        lines = [f"{one.part} {plain(one.where)}: {one.change}"]
        for sign, value in (("-", one.old), ("+", one.new)):
            lines += [f"  {sign} {line}" for line in _shown(value)]
        put(("\n".join(lines) + "\n").encode())
    say("vanban: no difference." if not found else f"vanban: {len(found)} difference(s).")
    return Exit.OK


def _shown(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{name}: {_line(item)}" for name, item in value.items() if item not in (None, [])]
    return [] if value is None else [_line(value)]


def _line(value: Any) -> str:
    return plain(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
