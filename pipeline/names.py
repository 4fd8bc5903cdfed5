"""A file's name in, a name out that every file system takes and that leads nowhere else."""

import hashlib
import unicodedata
from pathlib import PurePath

MOST_BYTES = 230
"""Of a name, in UTF-8: file systems take 255, and .corrections.csv and the like come after it."""
_FORBIDDEN = frozenset('<>:"/\\|?*')
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
_DEVICES = frozenset(
    ("aux", "con", "nul", "prn", *(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"))
)


def portable(name: str) -> str:
    """The name as it is, but for what Windows forbids or takes for a device, what can't be seen, and what is too long.

    A name that was too long ends with a digest of the whole.
    """
    seen = (c if c not in _FORBIDDEN and unicodedata.category(c) not in _INVISIBLE else "_" for c in name)
    safe = "".join(seen).rstrip(" .") or "_"
    stem, dot, rest = safe.partition(".")
    if stem.rstrip(" ").lower() in _DEVICES:
        safe = f"{stem}_{dot}{rest}"
    return safe if len(safe.encode()) <= MOST_BYTES else distinct(safe, name)


def distinct(safe: str, name: str) -> str:
    """A portable name for `name` alone: with a digest of it."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    cut = safe.encode()[: MOST_BYTES - len(digest) - 1].decode("utf-8", "ignore")
    return f"{cut}~{digest}"


def likeness(path: PurePath) -> str:
    """Alike for paths that some file system, or an eye, takes for one: case, composition, width."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", str(path)).casefold())
