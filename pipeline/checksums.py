"""A folder of models in; their checksums out, and which of them are not as the checksums say.

`SHA256SUMS` has the form of the program sha256sum: `sha256sum --check SHA256SUMS` checks it too.
"""

import hashlib
from pathlib import Path

SUMS = "SHA256SUMS"
_MODELS = ("*.npy", "*.npz", "*.txt")


def write_checksums(folder: Path) -> None:
    """Write down the checksums of the models as they are now."""
    models = sorted(path for pattern in _MODELS for path in folder.glob(pattern))
    lines = (f"{_digest(path)}  {path.name}\n" for path in models)
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 by file name, as written down. Errors: OSError where they aren't."""
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def damaged(folder: Path) -> list[str]:
    """Files that are missing or not as they were written down. Errors: OSError where nothing is."""
    return [name for name, digest in checksums(folder).items() if _digest(folder / name) != digest]


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
