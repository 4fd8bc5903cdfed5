"""Imported before anything is compiled: compiled code is kept apart for each state of the sources.

Numba looks at the file of a function alone, not at those of the functions it calls: without this, code that an upgrade
changed could go on as it was.
"""

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

import numba

config: Any = numba.config
HERE = Path(__file__).parent


def digest(folder: Path) -> str:
    """Twelve hexadecimal digits that change with any source of a folder."""
    sources = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        sources.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return sources.hexdigest()[:12]


def _base() -> Path:
    if config.CACHE_DIR:
        return Path(config.CACHE_DIR)
    if os.access(HERE, os.W_OK):
        return HERE / "__pycache__"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vanban"


def keep_apart(base: Path) -> None:
    """From now on compiled code is kept in a folder of its own below `base`; in a folder that is ours alone, those of
    other states go. Errors: RuntimeError where nothing can be written there."""
    own = base / f"compiled-{digest(HERE)}"
    if not own.exists() and base == HERE / "__pycache__":
        for other in base.glob("compiled-*"):
            shutil.rmtree(other, ignore_errors=True)
    try:
        own.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RuntimeError(f"compiled code can't be kept in {base}: {error.strerror}") from error
    config.CACHE_DIR = str(own)


keep_apart(_base())
