"""A requirements file in; the packages that it pins and their versions out."""

import re
from pathlib import Path

_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
"""A line of the form name==version; hashes and markers after it are passed over."""


def pins(path: Path) -> dict[str, str]:
    """Version by name, in the order of the file; files that it includes with -r come first."""
    text = path.read_text(encoding="utf-8")
    found = dict[str, str]()
    for included in re.findall(r"^-r (\S+)", text, re.MULTILINE):
        found |= pins(path.parent / included)
    return found | dict(_PIN.findall(text))
