"""Names and bytes in, whole files out: each is written beside its place, then moved there."""

import errno
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
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
    parts = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in paths}
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
        raise _unwritable(error) from error
    finally:
        for part in parts.values():
            with suppress(OSError):
                part.unlink()


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
        raise _unwritable(error) from error


def _unwritable(error: OSError) -> OutputError:
    remedy = "Check that you may write there, that no other program has it open and that the disk is not full."
    return OutputError("output_unwritable", f"{error.filename}: {error.strerror}.", remedy)


def is_current(path: Path, sha256: str | None, model: str, corrections: str | None = None) -> bool:
    """Whether the JSON document at `path` was made in full from this input by this program with this model.

    corrections: digest of the reviewers' file, None where there is none.
    """
    try:
        earlier = json.loads(path.read_bytes())
        generator = earlier["generator"]
        made = (earlier["status"], earlier["source"]["sha256"], generator["version"], generator["model"])
        reviewed = generator.get("corrections")
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False
    return made == ("ok", sha256, __version__, model) and reviewed == corrections
