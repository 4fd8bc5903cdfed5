"""Published flaws in; those of the pinned packages out. Works offline: the advisories are a file that is brought along.

`python -m supply.audit FILE.zip`, a zip of OSV records (https://ossf.github.io/osv-schema) such as the OSV project
publishes for PyPI. It compares names and versions alone: whether vanban ever calls the flawed code is for people to
judge, and flaws of Tesseract or of libraries inside of packages are seen only where an advisory names the package.
Exit codes: 0 none known, 1 some are.
"""

import argparse
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from supply.packages import packages


def flaws(advisories: Iterable[Mapping[str, Any]], versions: Mapping[str, str]) -> Iterator[str]:
    """A line for each advisory that names one of these versions; withdrawn ones are passed over."""
    for advisory in advisories:
        if advisory.get("withdrawn"):
            continue
        for affected in advisory.get("affected", ()):
            package = affected.get("package", {})
            name = canonicalize_name(package.get("name", ""))
            if package.get("ecosystem") == "PyPI" and name in versions and _affects(affected, versions[name]):
                yield f"{name} {versions[name]}: {advisory['id']} {advisory.get('summary', '')}".rstrip()
                break


def _affects(affected: Mapping[str, Any], version: str) -> bool:
    if version in affected.get("versions", ()):
        return True
    ranges = (found["events"] for found in affected.get("ranges", ()) if found.get("type") == "ECOSYSTEM")
    return any(_within(events, Version(version)) for events in ranges)


def _within(events: Iterable[Mapping[str, str]], version: Version) -> bool:
    """Whether the last event before the version introduced the flaw; one that can't be compared counts as before."""
    within = False
    for kind, at in sorted(((k, v) for event in events for k, v in event.items()), key=lambda item: _order(item[1])):
        if kind == "introduced" and _order(at) <= version:
            within = True
        elif kind == "fixed" and _order(at) <= version:
            within = False
        elif kind == "last_affected" and _order(at) < version:
            within = False
    return within


def _order(version: str) -> Version:
    try:
        return Version(version)
    except InvalidVersion:
        return Version("0")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m supply.audit", description=__doc__.split("\n")[0])
    parser.add_argument("advisories", type=Path, metavar="FILE.zip", help="OSV records of PyPI")
    options = parser.parse_args()
    versions = {package.name: package.version for package in packages()}
    with zipfile.ZipFile(options.advisories) as archive:
        records = (json.loads(archive.read(name)) for name in sorted(archive.namelist()) if name.endswith(".json"))
        found = list(flaws(records, versions))
    sys.stdout.write("".join(f"{line}\n" for line in found) or f"No known flaw in {len(versions)} packages.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
