"""Input files in, Sources out: read within limits, told apart by kind, decoded, cut into pages, lines and words."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from pipeline import __version__
from pipeline.document import Source
from pipeline.errors import InputError, MissingPartError
from pipeline.ingest import tesseract
from pipeline.ingest.assemble import assemble
from pipeline.ingest.kept import Kept
from pipeline.ingest.limits import MAX_BYTES, MAX_PAGED_BYTES, MAX_PAGES, MAX_PIXELS, USUAL, Limits
from pipeline.ingest.pdf import pages as pdf_pages
from pipeline.ingest.pdf import sheets as pdf_sheets
from pipeline.ingest.pictures import Picture, pictures
from pipeline.ingest.raster import IMAGE_KINDS, folder_sheets, image_pages, image_sheets, images_pdf, page_images
from pipeline.ingest.sheet import Sheet
from pipeline.ingest.text import ingest_text

__all__ = [
    "IMAGE_KINDS",
    "MAX_BYTES",
    "MAX_PAGED_BYTES",
    "MAX_PAGES",
    "MAX_PIXELS",
    "Limits",
    "Picture",
    "as_pdf",
    "check_bytes",
    "count_pages",
    "ingest",
    "ingest_text",
    "is_page_folder",
    "needs_tesseract",
    "page_images",
    "pictures",
    "read_ahead",
    "read_file",
    "read_stream",
    "sha256",
    "tesseract_missing",
    "unreadable",
]

_TEXT_KINDS = frozenset({".txt"})
_PDF_KINDS = frozenset({".pdf"})


def ingest(path: Path, limits: Limits = USUAL, readings: Path | None = None) -> Source:
    """Read one input: a file, or a folder of page images. Raises InputError for what can't be read as a document.

    A page that can't be read has a failure, and the others go on; where none can be read, InputError is raised.
    `readings`: a folder that keeps the pages read from images until all of the document's are; a later call goes on.
    """
    name = os.fsencode(path.name).decode("utf-8", "replace")
    kind = _kind(path)
    if kind in _TEXT_KINDS:
        return ingest_text(name, read_file(path, _most_bytes(kind, limits)))
    digest, kept = _kept(path, kind, limits, readings)
    media_type, sheets = _sheets(path, kind, kept, limits)
    source = assemble(name, digest, media_type, sheets)
    if not any(page.failure for page in source.pages):
        kept.forget()
    if any(page.kind == "scan" and page.failure is None for page in source.pages):
        source = replace(source, engine=f"Tesseract {tesseract.check()}")
    _check_read(source)
    return source


def _kept(path: Path, kind: str, limits: Limits, readings: Path | None) -> tuple[str, Kept]:
    _check_size(path, _most_bytes(kind, limits))
    digest = sha256(path)
    if digest is None:
        raise InputError("input_unreadable", "It can't be read.", "Check that its disk is connected and whole.")
    return digest, Kept(readings and readings / f"{digest[:16]}-{__version__}")


def count_pages(path: Path, limits: Limits = USUAL) -> int:
    """Pages of an input that is read page by page; 1 for a text. Raises InputError for what doesn't open."""
    kind = _kind(path)
    if kind in _TEXT_KINDS:
        return 1
    if not kind:
        return len(page_images(path))
    return pdf_pages(path) if kind in _PDF_KINDS else image_pages(path, limits.pixels)


def read_ahead(path: Path, pages: range, limits: Limits, readings: Path) -> None:
    """Read some pages of an input into `readings`, where `ingest` finds them. Raises InputError as that does."""
    kind = _kind(path)
    _, kept = _kept(path, kind, limits, readings)
    for _ in _sheets(path, kind, replace(kept, part=pages), limits)[1]:
        pass


def as_pdf(path: Path, limits: Limits = USUAL) -> bytes | None:
    """The input as a PDF of the same pages; None for a text, which has none. Raises InputError as `images_pdf` does."""
    if path.suffix.lower() in _TEXT_KINDS:
        return None
    return path.read_bytes() if path.suffix.lower() in _PDF_KINDS else images_pdf(path, limits.pixels)


def is_page_folder(path: Path) -> bool:
    """Is this a folder that holds page images and nothing else? It is one document then."""
    try:
        files = [file for file in path.iterdir() if not file.name.startswith(".")]
    except OSError:
        return False
    return bool(files) and all(file.suffix.lower() in IMAGE_KINDS and file.is_file() for file in files)


def needs_tesseract(path: Path) -> bool:
    """May Tesseract be needed to read this?"""
    return path.suffix.lower() in IMAGE_KINDS | _PDF_KINDS or path.is_dir()


def tesseract_missing() -> MissingPartError | None:
    """What is missing to read scans, and how to install it."""
    try:
        tesseract.check()
    except MissingPartError as error:
        return error
    return None


def _kind(path: Path) -> str:
    """The suffix that says how to read it; empty for a folder of page images."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise unreadable(error) from error
    if stat.S_ISDIR(mode):
        if is_page_folder(path):
            return ""
        raise InputError("input_folder", "A folder, not a file.", "Name a file in it.")
    if not stat.S_ISREG(mode):
        raise InputError("input_kind", "Not an ordinary file.", "Copy what it holds into a .txt file.")
    kind = path.suffix.lower()
    if kind not in _TEXT_KINDS | _PDF_KINDS | IMAGE_KINDS:
        remedy = "Save it as .pdf, its text as .txt in UTF-8, or its pages as .png, .jpg or .tif; or take it out."
        raise InputError("input_kind", "Not a kind of file that vanban reads.", remedy)
    return kind


def check_bytes(path: Path, size: int, limits: Limits) -> None:
    """Of an input that is not here yet. Raises InputError where it has more bytes than its kind may have."""
    most = _most_bytes("" if path.is_dir() else path.suffix.lower(), limits)
    if size > most:
        raise _too_large(most)


def _most_bytes(kind: str, limits: Limits) -> int:
    return limits.bytes or (MAX_BYTES if kind in _TEXT_KINDS else MAX_PAGED_BYTES)


def _check_size(path: Path, max_bytes: int) -> None:
    sizes = [file.stat().st_size for file in (page_images(path) if path.is_dir() else [path])]
    if sum(sizes) > max_bytes:
        raise _too_large(max_bytes)
    if not any(sizes):
        raise InputError("input_empty", "An empty file.", "Scan or fetch it again, or take it out.")


def _sheets(path: Path, kind: str, kept: Kept, limits: Limits) -> tuple[str, Iterator[Sheet]]:
    if not kind:
        return "inode/directory", folder_sheets(path, kept, limits)
    if kind in _PDF_KINDS:
        return "application/pdf", pdf_sheets(path, kept, limits)
    return _MEDIA_TYPES[kind], image_sheets(path, kept, limits)


_MEDIA_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}


def _check_read(source: Source) -> None:
    """A document none of whose pages could be read is no document."""
    if any(line.words for line in source.lines):
        return
    failures = [page.failure for page in source.pages if page.failure]
    if failures:
        first = failures[0]
        more = f" So all {len(failures)} pages that hold anything." if len(failures) > 1 else ""
        raise InputError(first.code, f"{first.message}{more}", first.remedy)
    raise InputError("input_empty", "No text on any page.", "Check that these are the right pages, or take it out.")


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
        raise _too_large(max_bytes)
    return data


def _too_large(max_bytes: int) -> InputError:
    remedy = "Split it into documents, or raise the limit with --max-bytes N (it may then run for very long)."
    return InputError("input_too_large", f"Larger than {max_bytes} bytes.", remedy)


def sha256(path: Path) -> str | None:
    """Digest of an input file, of all page images of a folder; None where it can't be read."""
    try:
        if path.is_dir():
            pages = [f"{file.name} {sha256(file)}" for file in page_images(path)]
            return hashlib.sha256("\n".join(pages).encode("utf-8", "surrogateescape")).hexdigest()
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
