"""A PDF file in, its sheets out: words of the text layer where it is good, of the page's image where it is not."""

import logging
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pdfplumber
import pypdfium2
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdftypes import PDFStream, resolve1
from pdfplumber.page import Page

from pipeline.document import Box, Failure, Stamp
from pipeline.errors import InputError, MissingPartError
from pipeline.folding import fold
from pipeline.ingest import tesseract
from pipeline.ingest.clean import Image as Pixels
from pipeline.ingest.fuse import fuse
from pipeline.ingest.glyphs import Contents, contents
from pipeline.ingest.grid import find_grids
from pipeline.ingest.kept import Kept
from pipeline.ingest.layout import Token, holds, rows_of
from pipeline.ingest.limits import USUAL, Limits
from pipeline.ingest.quality import is_good_vietnamese, is_unreadable
from pipeline.ingest.raster import resolution, too_large
from pipeline.ingest.scan import read_scan
from pipeline.ingest.sheet import Sheet, Turn
from pipeline.ingest.signatures import Signatures, signatures

SCANNED_SHARE = 0.25
"""Of the page's area under images: from here on the images may be the page itself."""
LEAST_PICTURE = 0.05
"""Of the page's area: smaller images are emblems and signatures."""
FEW_WORDS = 12
"""A page with fewer words, and images without any, are looked at: is there ink that words don't account for?"""
LOOK_DPI = 36
LEAST_INK = 0.002
"""Share of the page that is dark at LOOK_DPI, words aside, from which there is something else to be read."""
MOST_CONTENT = 100_000_000
"""Bytes that a page's drawing commands may take once they are unpacked."""

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # its warnings hold bytes of the document

Layer = Literal["good", "partial", "overlay", "none"]


def sheets(path: Path, kept: Kept, limits: Limits = USUAL) -> Iterator[Sheet]:
    """The pages of a PDF, one at a time; those read before from what was kept.

    Raises InputError where it doesn't open, or has too many.
    """
    with _opened(path) as (plumbed, rendered):
        limits.check_pages(len(plumbed.pages))
        for number in filter(kept.wants, range(1, len(plumbed.pages) + 1)):
            page = plumbed.pages[number - 1]
            yield kept.get(number) or kept.put(_sheet(page, rendered, limits.pixels))
            page.close()


def pages(path: Path) -> int:
    """How many there are. Raises InputError where the PDF doesn't open."""
    try:
        document = pypdfium2.PdfDocument(path)
    except Exception as error:
        raise _unopened(error) from error
    with closing(document):
        return len(document)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[pdfplumber.pdf.PDF, pypdfium2.PdfDocument]]:
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(path.open("rb"))
            plumbed = pdfplumber.open(stream)
            if not plumbed.pages:
                raise InputError("pdf_empty", "A PDF without pages.", "Export or scan the document again.")
            rendered = pypdfium2.PdfDocument(path)
        except InputError:
            raise
        except Exception as error:  # both libraries raise errors of many kinds on damaged files
            raise _unopened(error) from error
        stack.callback(plumbed.close)  # not before: it fails where the pages do
        stack.callback(rendered.close)
        yield plumbed, rendered


def _unopened(error: Exception) -> InputError:
    causes = (error, error.__cause__, error.__context__, *error.args)
    if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes) or "password" in str(error).lower():
        remedy = "Save it without a password, for instance: qpdf --decrypt --password=... IN.pdf OUT.pdf"
        return InputError("pdf_encrypted", "The PDF is locked with a password.", remedy)
    remedy = "Fetch or export it again; qpdf or mutool may mend it: mutool clean IN.pdf OUT.pdf"
    return InputError("pdf_damaged", f"The PDF is damaged: {type(error).__name__}.", remedy)


def _sheet(page: Page, rendered: pypdfium2.PdfDocument, pixels: int) -> Sheet:
    """One page; what goes wrong on it is its own failure."""
    number = page.page_number
    turn = Turn(0, *_size(page))
    try:
        _check_contents(page)
        found = contents(page.layout)
        turn = Turn(0, float(page.width), float(page.height))
        return _read(page, found, turn, rendered, pixels)
    except tesseract.PageFailedError as error:
        return Sheet(number, "scan", turn, failure=error.failure)
    except MissingPartError as error:
        return Sheet(number, "scan", turn, failure=Failure(error.code, error.message, error.remedy))
    except Exception as error:  # a damaged page must not take the others with it
        message = f"The page is damaged: {type(error).__name__}."
        return Sheet(number, "text", turn, failure=Failure("page_damaged", message, "Scan or export it again."))


def _size(page: Page) -> tuple[float, float]:
    try:
        return float(page.width), float(page.height)
    except (TypeError, ValueError):
        return 0.0, 0.0


def _check_contents(page: Page) -> None:
    """Refuse drawing commands that would fill the memory once unpacked (a decompression bomb)."""
    for reference in page.page_obj.contents:
        stream = resolve1(reference)
        if not isinstance(stream, PDFStream) or stream.rawdata is None:
            continue
        if len(stream.rawdata) * _DEFLATE_MOST > MOST_CONTENT and _unpacked(stream) > MOST_CONTENT:
            message = f"Its drawing commands take more than {MOST_CONTENT} bytes once unpacked."
            raise tesseract.PageFailedError(Failure("page_bomb", message, "Print the page to a new PDF, or scan it."))


_DEFLATE_MOST = 1032
"""zlib packs at most so many bytes into one."""


def _unpacked(stream: PDFStream) -> int:
    """Bytes of a packed stream, counted to just above the limit."""
    decoder = zlib.decompressobj()
    size, rest = 0, stream.rawdata or b""
    try:
        while rest and size <= MOST_CONTENT:
            size += len(decoder.decompress(rest, 1 << 20))
            rest = decoder.unconsumed_tail
    except zlib.error:
        return size
    return size


def _read(page: Page, found: Contents, turn: Turn, rendered: pypdfium2.PdfDocument, pixels: int) -> Sheet:
    signed = signatures(page)
    words, flat = _without_stamps(found.words, page.page_number)
    signed = Signatures((*signed.stamps, *flat), signed.printed)
    layer = _judge(found, words, page, rendered)
    if layer == "good":
        grids = tuple(find_grids(found.horizontal, found.vertical))
        return Sheet(page.page_number, "text", turn, (*words, *signed.printed), grids, signed.stamps)
    _check_images(found, pixels)
    return _scan(page, found, words, layer, signed, turn, rendered)


def _judge(found: Contents, words: Sequence[Token], page: Page, rendered: pypdfium2.PdfDocument) -> Layer:
    """good: the words are the page; partial: they are beside its image; overlay: they lie over it, as an earlier OCR
    wrote them, and are not good; none: there are none of use."""
    texts = [word.text for word in words]
    if is_unreadable(texts):
        return "none"
    whole = 0.0, 0.0, float(page.width), float(page.height)
    images = [box for box, _ in found.images]
    covering = [box for box in images if _area(box) >= LEAST_PICTURE * _area(whole)]
    share = sum(map(_area, covering)) / max(_area(whole), 1.0)
    over = [word.text for word in words if any(holds(box, word.box) for box in covering)]
    if share >= SCANNED_SHARE:
        if len(over) < FEW_WORDS:
            return "partial" if texts else "none"
        return "good" if is_good_vietnamese(over) else "overlay"
    bare = [box for box in images if not any(holds(box, word.box) for word in words)]
    looked_at = [whole] if len(texts) < FEW_WORDS else bare
    if sum(map(_area, looked_at)) >= LEAST_PICTURE * _area(whole):
        if _other_ink(page, words, rendered, looked_at) > LEAST_INK:
            return "partial" if texts else "none"
    return "good"


def _area(box: Sequence[float]) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def _other_ink(page: Page, words: Sequence[Token], rendered: pypdfium2.PdfDocument, boxes: Sequence[Box]) -> float:
    """Share of the page that is dark in the boxes where no word stands."""
    dpi = min(LOOK_DPI, resolution(float(page.width), float(page.height)))
    dark = _pixels(rendered, page.page_number, dpi).mean(axis=2) < 128
    for word in words:
        dark[_place(word.box, dpi, margin=1)] = False
    return sum(int(dark[_place(box, dpi)].sum()) for box in boxes) / max(int(dark.size), 1)


def _place(box: Box, dpi: float, margin: int = 0) -> tuple[slice, slice]:
    """Rows and columns of pixels that a box goes over."""
    x0, top, x1, bottom = (round(edge * dpi / 72) for edge in box)
    return slice(max(top - margin, 0), max(bottom + 2 * margin, 0)), slice(max(x0 - margin, 0), max(x1 + 2 * margin, 0))


def _pixels(rendered: pypdfium2.PdfDocument, number: int, dpi: float) -> Pixels:
    """The page without its annotations, in red, green and blue."""
    with closing(rendered[number - 1]) as page:
        options = {"draw_annots": False, "may_draw_forms": False, "rev_byteorder": True}
        with closing(page.render(scale=dpi / 72, **options)) as bitmap:
            pixels: Pixels = bitmap.to_numpy().copy()
            return pixels


def _scan(
    page: Page,
    found: Contents,
    words: Sequence[Token],
    layer: Layer,
    signed: Signatures,
    turn: Turn,
    rendered: pypdfium2.PdfDocument,
) -> Sheet:
    """Read the page's image. Words beside it are sure; words over it are another reading of it."""
    sure = (*(words if layer == "partial" else ()), *signed.printed)
    number = page.page_number
    try:
        tesseract.check()
        dpi = resolution(turn.width, turn.height)
        scanned = read_scan(_pixels(rendered, number, dpi), dpi, [word.box for word in sure])
    except (MissingPartError, tesseract.PageFailedError) as error:
        failure = error.failure if isinstance(error, tesseract.PageFailedError) else None
        if isinstance(error, MissingPartError):
            failure = Failure(error.code, error.message, error.remedy)
        kept = tuple(words) if layer in ("partial", "overlay") else ()
        return Sheet(number, "scan", turn, (*kept, *signed.printed), stamps=signed.stamps, failure=failure)
    tokens = list(scanned.tokens)
    if layer == "overlay" and not scanned.quarters:
        tokens = fuse(tokens, words)
    turned = replace(turn, quarters=scanned.quarters)
    if not scanned.quarters:
        tokens += sure
    return Sheet(number, "scan", turned, tuple(tokens), scanned.grids, signed.stamps, notices=scanned.notices(number))


def _check_images(found: Contents, pixels: int) -> None:
    for _, (width, height) in found.images:
        if width * height > pixels:
            raise tesseract.PageFailedError(too_large(width, height, pixels))


_SIGNED = ("ký", "ký:")
_STAMP_LINE = re.compile(r"(nguoi ky|ky boi|email|co quan|thoi gian ky|ngay ky)\s?:")


def _without_stamps(words: Sequence[Token], number: int) -> tuple[list[Token], tuple[Stamp, ...]]:
    """Words of the layer, and the stamp of a signature that was printed into it."""
    if not any(word.text.lower() in _SIGNED for word in words):
        return list(words), ()
    lines = [(row, _STAMP_LINE.match(fold(" ".join(token.text for token in row)))) for row in rows_of(words)]
    kinds = {found[1] for _, found in lines if found}
    if len(kinds) < 2 or not kinds & {"nguoi ky", "ky boi"}:
        return list(words), ()
    stamped = [row for row, found in lines if found]
    text = "\n".join(" ".join(token.text for token in row) for row in stamped)
    taken = {id(token) for row in stamped for token in row}
    signer = re.search(r"(?:Người ký|Ký bởi)\s?:\s*(.+)", text)
    return [word for word in words if id(word) not in taken], (
        Stamp(text, signer[1].strip() if signer else None, None, number, None),
    )
