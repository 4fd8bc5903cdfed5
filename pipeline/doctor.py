"""An installation in; what it has, what it lacks and what to do about that out."""

import importlib.metadata
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline import __version__
from pipeline.checksums import checksums, damaged
from pipeline.errors import MissingPartError
from pipeline.machine import memory, processors
from pipeline.paths import models_folder, pins_file
from pipeline.pins import pins

LEAST_PYTHON = (3, 11)
LEAST_MEMORY = 1 << 30
"""Of each process: the engine takes half of that, a page of a scan as much again."""
LEAST_DISK = 1 << 28
_AGAIN = "Install what vanban needs: pip install -r requirements.txt"
_MODELS_AGAIN = "In a checkout run `git checkout models`; else install vanban again."

State = Literal["ok", "warning", "missing"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. warning: vanban works, but not all of it or not as tested. `remedy`: where it isn't ok."""

    name: str
    state: State
    found: str
    remedy: str = ""


def examine(out: Path) -> Iterator[Check]:
    """All checks; `out`: the folder where results are to go. Nothing that is written stays."""
    yield from _program()
    yield from _packages()
    yield from _attempt("compiled code", _compiled)
    yield from _attempt("models", _models)
    yield from _attempt("Tesseract", _tesseract)
    yield from _machine()
    yield _folder(out)


def _attempt(name: str, look: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    """Checks that use the parts they look at, which may be missing."""
    try:
        yield from look()
    except ImportError as error:
        yield Check(name, "missing", f"It can't be looked at: {error}.", _AGAIN)
    except MissingPartError as error:
        yield Check(name, "missing", error.message, error.remedy)


def _program() -> Iterator[Check]:
    yield Check("vanban", "ok", f"{__version__} in {Path(__file__).parent}")
    old = sys.version_info < LEAST_PYTHON
    remedy = f"Install Python {'.'.join(map(str, LEAST_PYTHON))} or newer, then vanban with it." if old else ""
    found = f"{platform.python_version()} ({platform.system()} {platform.machine()})"
    yield Check("Python", "missing" if old else "ok", found, remedy)


def _packages() -> Iterator[Check]:
    file = pins_file()
    if file is None:
        yield Check("packages", "warning", "The list of those that vanban is tested with is not there.", _AGAIN)
        return
    wanted = pins(file)
    right = 0
    for name, version in wanted.items():
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield Check("packages", "missing", f"{name} {version} is not installed.", _AGAIN)
            continue
        if installed == version:
            right += 1
        else:
            yield Check("packages", "warning", f"{name} {installed} is not {version}, which is tested.", _AGAIN)
    yield Check("packages", "ok", f"{right} of {len(wanted)} are the very versions that vanban is tested with.")


def _compiled() -> Iterator[Check]:
    try:
        import pipeline.restore  # noqa: F401 (compiled code looks for its place when it is loaded)
    except RuntimeError as error:
        yield Check("compiled code", "missing", f"{error}.", "Set NUMBA_CACHE_DIR to a folder in which you may write.")
    else:
        yield Check("compiled code", "ok", "There is a place to keep it between runs.")


def _models() -> Iterator[Check]:
    folder = models_folder()
    try:
        digests, broken = checksums(folder), damaged(folder)
    except OSError as error:
        yield Check("models", "missing", f"{error.filename}: {error.strerror}.", _MODELS_AGAIN)
        return
    for name in broken:
        yield Check("models", "missing", f"{name} is not what vanban was released with.", _MODELS_AGAIN)
    if not broken:
        from pipeline.run import load

        yield Check("models", "ok", f"{load().version} in {folder}, {len(digests)} files, all as released")
    for name in sorted(digests.keys() - set(broken)):
        yield Check("model", "ok", f"{name} sha256:{digests[name]}")


def _tesseract() -> Iterator[Check]:
    from pipeline.ingest import tesseract

    version, languages = tesseract.check(), tesseract.languages()
    yield Check("Tesseract", "ok", f"{version}, languages {', '.join(sorted(languages))}")
    if "osd" not in languages:
        lacks = "Its data `osd` is not installed: pages that lie on a side are read as they lie."
        yield Check("Tesseract", "warning", lacks, "Install it: sudo apt-get install tesseract-ocr-osd")


def _machine() -> Iterator[Check]:
    cores, size = processors(), memory()
    yield Check("processors", "ok", str(cores))
    if size is None:
        return
    if size < cores * LEAST_MEMORY:
        remedy = f"Run with --jobs {max(1, size // LEAST_MEMORY)}."
        yield Check("memory", "warning", f"{_gib(size)}, little for {cores} processes", remedy)
    else:
        yield Check("memory", "ok", _gib(size))


def _folder(out: Path) -> Check:
    """Whether results can be written; a folder that is not there is judged by the one in which it would be made."""
    there = next(folder for folder in (out.absolute(), *out.absolute().parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            free = shutil.disk_usage(there).free
    except OSError as error:
        return Check(
            "results", "missing", f"{there}: {error.strerror}.", "Name a folder that you may write, with --out."
        )
    if free < LEAST_DISK:
        return Check("results", "warning", f"{out} can be written, but {_gib(free)} are free", "Make room on its disk.")
    return Check("results", "ok", f"{out} can be written, {_gib(free)} free")


def _gib(size: int) -> str:
    return f"{size / (1 << 30):.1f} GiB"
