"""The requirements files and the list of licences in; the packages that are installed with vanban out."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

from pipeline.pins import pins

ROOT = Path(__file__).parent.parent
REQUIRED = ROOT / "requirements.txt"
CLUSTER = ROOT / "requirements-cluster.txt"
HASHED = ROOT / "requirements-hashed.txt"
LICENCES = Path(__file__).parent / "licences.csv"

COMPATIBLE = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "LLVM-exception", "MIT", "MIT-0"),
        *("MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib"),
    }
)
"""SPDX names of licences under which a package may be used and passed on with a program of any licence. MPL-2.0 asks
that changes to its own files are published; vanban changes none."""


@dataclass(frozen=True, slots=True)
class Package:
    """`name` as indexes know it; `licence`: an SPDX expression; `hashes`: SHA-256 of its files for every platform."""

    name: str
    version: str
    licence: str
    required: bool
    hashes: tuple[str, ...]


def packages() -> list[Package]:
    """By name: those that vanban needs, and those of the extra `cluster`."""
    required, licence, hashed = set(map(canonicalize_name, pins(REQUIRED))), licences(), hashes(HASHED)
    names = {canonicalize_name(name): version for name, version in pins(CLUSTER).items()}
    return [
        Package(name, version, licence[name], name in required, hashed.get(name, ()))
        for name, version in sorted(names.items())
    ]


def licences() -> dict[str, str]:
    """SPDX expression by name."""
    with LICENCES.open(encoding="utf-8", newline="") as stream:
        return {row["package"]: row["licence"] for row in csv.DictReader(stream)}


def hashes(path: Path) -> dict[str, tuple[str, ...]]:
    """Hashes by name, of a file that pip-compile made."""
    blocks = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8"))
    return {
        canonicalize_name(block.partition("==")[0]): tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", block))
        for block in blocks
        if "==" in block
    }


def incompatible(expression: str) -> set[str]:
    """Licences of an SPDX expression that are not known to be compatible; of alternatives one is enough."""
    choices = [set(re.findall(r"[\w.-]+", choice)) - {"AND", "WITH"} for choice in expression.split(" OR ")]
    return min((choice - COMPATIBLE for choice in choices), key=len)
