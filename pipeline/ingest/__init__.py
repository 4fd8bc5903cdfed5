"""Input files in, Sources out: read within limits, told apart by kind, decoded, cut into pages, lines and words."""

import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

from pipeline.document import Source
from pipeline.errors import InputError
from pipeline.ingest.text import ingest_text

__all__ = ["MAX_BYTES", "ingest", "ingest_text", "read_file", "read_stream", "sha256", "unreadable"]

MAX_BYTES = 10_000_000
"""Larger inputs are refused unless the user raises the limit: 10 MB is some 4000 pages, and minutes of work."""

_TEXT_KINDS = frozenset({".txt"})
_LATER_KINDS = frozenset({".pdf", ".png", ".tif", ".tiff", ".jpg", ".jpeg"})


def ingest(path: Path, max_bytes: int = MAX_BYTES) -> Source:
    """Read one input file. Raises InputError, with a remedy, for everything that can't be read as a document."""
    _check_kind(path)
    name = os.fsencode(path.name).decode("utf-8", "replace")
    return ingest_text(name, read_file(path, max_bytes))


def _check_kind(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise unreadable(error) from error
    if stat.S_ISDIR(mode):
        raise InputError("input_folder", "A folder, not a file.", "Name a file in it.")
    if not stat.S_ISREG(mode):
        raise InputError("input_kind", "Not an ordinary file.", "Copy what it holds into a .txt file.")
    kind = path.suffix.lower()
    if kind in _LATER_KINDS:
        remedy = "Until then read it with an OCR engine and put the .txt here."
        raise InputError("input_kind", f"Reading {kind} files comes with a later version.", remedy)
    if kind not in _TEXT_KINDS:
        remedy = "Save its text as a .txt file in UTF-8 and put that here, or take it out."
        raise InputError("input_kind", "Not a kind of file that vanban reads (.txt).", remedy)


def read_file(path: Path, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of an input file."""
    try:
        with path.open("rb") as stream:
            return read_stream(stream, max_bytes)
    except OSError as error:
        raise unreadable(error) from error


def unreadable(error: OSError) -> InputError:
    """What to tell the user about an input that the system does not let be read."""
    code, remedy = _UNREADABLE.get(type(error), _UNREADABLE[OSError])
    return InputError(code, f"{error.strerror}.", remedy)


_UNREADABLE: dict[type[OSError], tuple[str, str]] = {
    FileNotFoundError: ("input_missing", "Check the name and the folder you are in."),
    IsADirectoryError: ("input_folder", "Name a file in it."),
    PermissionError: ("input_unreadable", "Ask its owner for the right to read it (chmod +r)."),
    OSError: ("input_unreadable", "Check that its disk is connected and whole."),
}


def read_stream(stream: BinaryIO, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of an open stream, refused once they pass the limit."""
    data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        remedy = "Split it into documents, or raise the limit with --max-bytes N (it may then run for very long)."
        raise InputError("input_too_large", f"Larger than {max_bytes} bytes.", remedy)
    return data


def sha256(path: Path) -> str | None:
    """Digest of an input file, None where it can't be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
