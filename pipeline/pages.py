"""A folder of results and their inputs in; the review page of each document, and the index over all, out."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.errors import InputError, OutputError
from pipeline.export.files import write_files
from pipeline.export.review import Overview, overview, read_overview, to_index, to_page
from pipeline.export.review.shell import look
from pipeline.guard import Guard
from pipeline.ingest import pictures
from pipeline.plan import Job
from pipeline.pool import Lost, Task, carry_out
from pipeline.reader import Document, documents_in, read_document

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Written:
    """How many pages were made anew; documents that have none, or none with pictures, and why."""

    pages: int
    errors: tuple[tuple[Path, InputError | OutputError], ...]


def write_pages(folder: Path, jobs: Iterable[Job] = ()) -> Written:
    """Make the pages of all documents in a folder and its subfolders, and its index, where they are out of date.

    `jobs`: the inputs, which scanned pages are drawn from. An HTML file of another program is never written over.
    """
    inputs = {job.json: job.path for job in jobs if job.error is None}
    errors, shown, made = list[tuple[Path, InputError | OutputError]](), list[tuple[str, Overview]](), 0
    for path in documents_in(folder) if folder.is_dir() else ():
        page, source = page_of(path, folder), inputs.get(path)
        made_by = hashlib.sha256(look().encode() + (b"+" if source else b"-")).hexdigest()
        told = read_overview(page)
        try:
            if told is None or told.made_by != made_by or not _is_newer(page, path):
                told, undrawn = _written(path, page, folder, source, made_by)
                errors += [(path, undrawn)] if undrawn else []
                made += 1
        except (InputError, OutputError) as error:
            if error.code != "document_other_schema":
                errors.append((path, error))
            continue
        shown.append((page.relative_to(folder).as_posix(), told))
    if shown or (folder / INDEX).exists():
        try:
            index = to_index(shown)
            if not (folder / INDEX).is_file() or (folder / INDEX).read_bytes() != index:
                _write({folder / INDEX: index})
        except OutputError as error:
            errors.append((folder / INDEX, error))
    return Written(made, tuple(errors))


def page_of(path: Path, folder: Path) -> Path:
    """Where the page of the document at `path` goes; that of index.json makes way for the index."""
    name = path.name.removesuffix(".json")
    return path.with_name(f"{name}.document.html" if path.parent == folder and name == "index" else f"{name}.html")


def _is_newer(page: Path, document: Path) -> bool:
    """As the tables do, so that documents that have not changed need not be read."""
    try:
        return page.stat().st_mtime_ns > document.stat().st_mtime_ns
    except OSError:
        return False


def _written(
    path: Path, page: Path, folder: Path, source: Path | None, made_by: str
) -> tuple[Overview, InputError | None]:
    """What the page tells in its head; why it has no pictures, where it should have."""
    document = read_document(path, Document)
    scans = {part.number for part in document.source.pages if part.kind == "scan"}
    told = overview(path.relative_to(folder).as_posix().removesuffix(".json"), document, made_by)
    drawn, undrawn = list[tuple[int, bytes]](), None
    try:
        drawn = _drawn(source, scans) if source and scans else []
    except InputError as error:
        undrawn = error
    index = Path(os.path.relpath(folder / INDEX, page.parent)).as_posix()
    pages = to_page(document, told, drawn, index=index)
    beside = page.with_name(page.name.removesuffix(".html") + ".pages")
    if pages.beside and beside.is_symlink():
        message = f"{beside} is a link, which may lead out of the folder for results."
        raise OutputError("output_outside", message, "Take the link away, then run again.")
    _write({**{beside / file: picture for file, picture in pages.beside.items()}, page: pages.html})
    return told, undrawn


def _drawn(source: Path, numbers: set[int]) -> list[tuple[int, bytes]]:
    """Pictures of pages, drawn in a guarded process as all else that opens an input."""
    guard = Guard()
    tasks = iter([Task(source, partial(_draw, source, numbers), guard.allowance(len(numbers)))])
    for _, result in carry_out(lambda: next(tasks, None), 1, guard.megabytes):
        if isinstance(result, InputError):
            raise result
        if not isinstance(result, Lost):
            return list(result)
    message = "The process that drew its pages was ended, by a fault or for want of time or memory."
    raise InputError("pictures_unreadable", message, "Look at the file; the page shows the text without pictures.")


def _draw(source: Path, numbers: set[int]) -> list[tuple[int, bytes]] | InputError:
    try:
        return [(picture.number, picture.data) for picture in pictures(source, numbers)]
    except InputError as error:
        return error


def _write(files: Mapping[Path, bytes]) -> None:
    for path in files:
        if path.suffix == ".html" and path.exists() and b'name="generator" content="vanban"' not in _head(path):
            message = f"{path} is there and was not written by vanban."
            raise OutputError("page_taken", message, "Rename it, or write the results to another --out.")
    write_files(files)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(2_000)
    except OSError:
        return b""
