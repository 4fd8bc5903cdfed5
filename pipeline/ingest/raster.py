"""Image files in, their sheets out: PNG, JPEG, TIFF of one or more pages, folders of page images; sizes in bounds."""

import io
import math
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from pipeline.document import Failure
from pipeline.errors import InputError, MissingPartError
from pipeline.ingest import tesseract
from pipeline.ingest.kept import Kept
from pipeline.ingest.scan import read_scan
from pipeline.ingest.sheet import Sheet, Turn

IMAGE_KINDS = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff"})
DPI = 300
"""Tesseract reads type of 10 to 14 points best at this resolution."""
MOST_PIXELS = 80_000_000
"""Of one page: A3 at 600 dpi. Larger ones would not fit into the memory of a small machine."""
MOST_READ = 20_000_000
"""Of the image that is read: A3 at 300 dpi; larger pages are read at a lower resolution."""
LEAST_DPI = 60
A4_INCHES = 8.27
"""Short side of the page that an image is taken to show where it does not say its resolution."""


def resolution(width: float, height: float) -> float:
    """Dots per inch at which a page of this size, in points, is read. Raises PageFailedError for absurd sizes."""
    area = width * height / 72**2
    if area <= 0:
        raise tesseract.PageFailedError(Failure("page_damaged", "The page has no size.", "Scan or export it again."))
    dpi = min(float(DPI), math.sqrt(MOST_READ / area))
    if dpi < LEAST_DPI:
        raise tesseract.PageFailedError(too_large(round(width / 72 * DPI), round(height / 72 * DPI)))
    return dpi


def too_large(width: int, height: int) -> Failure:
    """The failure of a page of too many pixels."""
    message = f"The page has {width} x {height} pixels, more than can be read ({MOST_PIXELS:,})."
    return Failure("page_too_large", message, "Scale it down: an A4 page at 300 dpi has 2480 x 3508 pixels.")


def image_sheets(path: Path, kept: Kept) -> Iterator[Sheet]:
    """The pages of an image file. Raises InputError where it is no image."""
    yield from _frames(path, 1, kept)


def folder_sheets(path: Path, kept: Kept) -> Iterator[Sheet]:
    """Page images of a folder as the pages of one document, by name, numbers in it by their value."""
    number = 1
    for image in page_images(path):
        try:
            for sheet in _frames(image, number, kept):
                number = sheet.number + 1
                yield sheet
        except InputError as error:
            failure = Failure(error.code, f"{image.name}: {error.message}", error.remedy)
            yield Sheet(number, "scan", Turn(0, 0.0, 0.0), failure=failure)
            number += 1


def page_images(path: Path) -> list[Path]:
    """The images of a folder in page order."""
    images = (file for file in path.iterdir() if file.suffix.lower() in IMAGE_KINDS and not file.name.startswith("."))
    return sorted(images, key=lambda file: (_in_order(file.stem), file.name))


def _in_order(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part.lower()) for part in re.split(r"(\d+)", name)]


def images_pdf(path: Path) -> bytes:
    """An image file, or a folder of page images, as a PDF of the same pages. Raises InputError for a damaged one."""
    pages: list[Image.Image] = []
    dpi = float(DPI)
    try:
        for file in page_images(path) if path.is_dir() else [path]:
            with Image.open(file) as image:
                for index in range(getattr(image, "n_frames", 1)):
                    image.seek(index)
                    dpi = _stated_dpi(image)
                    page = ImageOps.exif_transpose(image)
                    pages.append(page.convert(page.mode if page.mode in ("1", "L", "RGB") else "RGB"))
        buffer = io.BytesIO()
        undated = dict.fromkeys(("creationDate", "modDate"))
        options: dict[str, Any] = {"resolution": dpi, **undated}
        if any(page.mode != "1" for page in pages):  # black and white pages are packed without loss
            pages = [page.convert("L") if page.mode == "1" else page for page in pages]
            options["quality"] = _JPEG_QUALITY
        pages[0].save(buffer, "PDF", save_all=True, append_images=pages[1:], **options)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _unopened(error) from error
    return buffer.getvalue()


_JPEG_QUALITY = 85


def _frames(path: Path, number: int, kept: Kept) -> Iterator[Sheet]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            image = Image.open(path)
        except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
            raise _unopened(error) from error
        with image:
            for index in range(getattr(image, "n_frames", 1)):
                yield kept.get(number + index) or kept.put(_frame(image, index, number + index))


def _unopened(error: Exception) -> InputError:
    if isinstance(error, Image.DecompressionBombError):
        message = f"The image has far more than {MOST_PIXELS:,} pixels."
        return InputError("page_too_large", message, "Scale it down: an A4 page at 300 dpi has 2480 x 3508 pixels.")
    return InputError("image_damaged", "Not an image that can be opened.", "Scan it again, or fetch it again.")


def _frame(image: Image.Image, index: int, number: int) -> Sheet:
    """Read one page; what goes wrong on it is its own failure."""
    turn = Turn(0, 0.0, 0.0)
    try:
        image.seek(index)
        dpi = _stated_dpi(image)
        turn = Turn(0, image.width * 72 / dpi, image.height * 72 / dpi)
        if image.width * image.height > MOST_PIXELS:
            return Sheet(number, "scan", turn, failure=too_large(image.width, image.height))
        tesseract.check()
        page, scale = _upright(image, dpi)
        turn = Turn(0, page.width * 72 / scale, page.height * 72 / scale)
        scanned = read_scan(page, scale)
        turn = Turn(scanned.quarters, turn.width, turn.height)
        return Sheet(number, "scan", turn, scanned.tokens, scanned.grids, notices=scanned.notices(number))
    except tesseract.PageFailedError as error:
        return Sheet(number, "scan", turn, failure=error.failure)
    except MissingPartError as error:
        return Sheet(number, "scan", turn, failure=Failure(error.code, error.message, error.remedy))
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        message = f"The image is damaged: {str(error)[:200] or type(error).__name__}."
        return Sheet(number, "scan", turn, failure=Failure("page_damaged", message, "Scan or fetch it again."))


def _stated_dpi(image: Image.Image) -> float:
    """Resolution that the image states, where it makes a page of a usual size; else as for A4."""
    stated = image.info.get("dpi", (0, 0))
    dpi = float(stated[0] or 0) if isinstance(stated, tuple) else 0.0
    short = min(image.width, image.height)
    return dpi if dpi > 0 and 4 <= short / dpi <= 17 else short / A4_INCHES


def _upright(image: Image.Image, dpi: float) -> tuple[Image.Image, float]:
    """The image as its camera says it is to be seen, on white, and at the resolution that reads best."""
    page = ImageOps.exif_transpose(image)
    if page.mode in ("RGBA", "LA", "PA") or "transparency" in page.info:
        layer = page.convert("RGBA")
        page = Image.new("RGBA", layer.size, "white")
        page.alpha_composite(layer)
    page = page.convert("L" if page.mode in ("1", "L", "I;16", "I") else "RGB")
    wanted = resolution(page.width * 72 / dpi, page.height * 72 / dpi)
    if abs(wanted / dpi - 1) < 0.2:
        return page, dpi
    size = round(page.width * wanted / dpi), round(page.height * wanted / dpi)
    return page.resize(size, Image.Resampling.LANCZOS), wanted
