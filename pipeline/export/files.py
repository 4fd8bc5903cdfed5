"""Names and bytes in, whole files out: each is written beside its place, then moved there."""

import errno
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline import __version__
from pipeline.errors import OutputError


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write files: all are on disk before the first takes its place, in the order given."""
    with replacing(contents) as parts:
        for path, data in contents.items():
            parts[path].write_bytes(data)


@contextmanager
def replacing(paths: Iterable[Path]) -> Iterator[dict[Path, Path]]:
    """A place beside each path to write to; these are moved there when the block ends well, and vanish if it doesn't.

    Raises OutputError for whatever the system refuses, inside the block too.
    """
    parts = {path: path.with_name(_part(path.name)) for path in paths}
    try:
        for path in parts:
            path.parent.mkdir(parents=True, exist_ok=True)
        yield parts
        for part in parts.values():
            with part.open("rb+") as stream:
                os.fsync(stream.fileno())
        for path, part in parts.items():
            part.replace(path)
    except OSError as error:
        meant = {str(part): str(path) for path, part in parts.items()}
        name = meant.get(str(error.filename), error.filename) or next(iter(meant.values()), None)
        raise _unwritable(error, name) from error
    finally:
        for part in parts.values():
            with suppress(OSError):
                part.unlink()


def _part(name: str) -> str:
    """Short, however long the name is."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return f".vanban-{digest}.{os.getpid()}.part"


_PART = re.compile(r"\.vanban-[0-9a-f]{16}\.(\d+)\.part")


def sweep(folder: Path) -> None:
    """Remove what processes that were killed on this machine have left half written in a folder and its subfolders."""
    for path in folder.rglob(".vanban-*.part"):
        found = _PART.fullmatch(path.name)
        if found and not _runs(int(found[1])):
            with suppress(OSError):
                path.unlink()


def _runs(pid: int) -> bool:
    if os.name == "nt":  # where there is no asking without sending a signal
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def append_file(path: Path, data: bytes) -> None:
    """Put bytes behind those of a file, on disk when this returns; what another program adds meanwhile stays.

    Raises OutputError for whatever the system refuses.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab", buffering=0) as stream:
            if stream.write(data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            os.fsync(stream.fileno())
    except OSError as error:
        raise _unwritable(error, error.filename or str(path)) from error


def _unwritable(error: OSError, name: str | None) -> OutputError:
    remedy = "Check that you may write there, that no other program has it open and that the disk is not full."
    return OutputError("output_unwritable", f"{name}: {error.strerror}.", remedy)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a document tells of how it was made. corrections: digest of the reviewers' file; scans: pages read from an
    image, which a searchable PDF is made of."""

    status: str
    sha256: str | None
    version: str
    model: str
    corrections: str | None
    pages: int
    scans: int

    def is_current(self, sha256: str | None, model: str, corrections: str | None) -> bool:
        """Whether it was made in full from this input and these corrections by this program with this model."""
        made = self.status, self.sha256, self.version, self.model, self.corrections
        return made == ("ok", sha256, __version__, model, corrections)


def read_earlier(path: Path) -> Earlier | None:
    """None where there is no JSON document."""
    try:
        document = json.loads(path.read_bytes())
        source, generator, pages = document["source"], document["generator"], document["source"]["pages"]
        scans = sum(page["kind"] == "scan" for page in pages)
        return Earlier(
            *(document["status"], source["sha256"], generator["version"], generator["model"]),
            *(generator.get("corrections"), len(pages), scans),
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
