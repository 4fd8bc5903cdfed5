"""vanban doctor: what is installed and what is missing out."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.console import put
from pipeline.doctor import Check, examine
from pipeline.errors import Exit
from pipeline.paths import CLEAN

if TYPE_CHECKING:
    from pipeline.commands.arguments import Commands


def add(commands: "Commands") -> None:
    parser = commands.add_parser(
        "doctor",
        help="say what is installed and what is missing",
        description="Look at Python, packages, models with their checksums, Tesseract, memory and the folder of"
        " results. Exit code 3 where something that vanban needs is missing.",
        allow_abbrev=False,
    )
    parser.add_argument("--out", type=Path, default=CLEAN, metavar="DIR", help="of results (default: %(default)s)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    checks = list(examine(options.out))
    put(_as_json(checks) if options.format == "json" else _as_text(checks))
    return Exit.MISSING_PART if any(check.state == "missing" for check in checks) else Exit.OK


def _as_text(checks: list[Check]) -> bytes:
    rows = (f"{check.state:8} {check.name:14} {check.found} {check.remedy}" for check in checks)
    return "".join(f"{row.rstrip()}\n" for row in rows).encode()


def _as_json(checks: list[Check]) -> bytes:
    complete = all(check.state != "missing" for check in checks)
    report = {"complete": complete, "checks": [asdict(check) for check in checks]}
    return (json.dumps(report, ensure_ascii=False, indent=2) + "\n").encode()
