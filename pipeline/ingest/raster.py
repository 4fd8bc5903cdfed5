"""Image files in, their sheets out: PNG, JPEG, TIFF of one or more pages, folders of page images; sizes in bounds."""

import io
import math
import re
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from pipeline.document import Failure
from pipeline.errors import InputError, MissingPartError
from pipeline.ingest import tesseract
from pipeline.ingest.kept import Kept
from pipeline.ingest.limits import MAX_PIXELS, TOO_MANY_PAGES, Limits
from pipeline.ingest.scan import read_scan
from pipeline.ingest.sheet import Sheet, Turn

IMAGE_KINDS = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff"})
DPI = 300
"""Tesseract reads type of 10 to 14 points best at this resolution."""
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


def too_large(width: int, height: int, most: int = MAX_PIXELS) -> Failure:
    """The failure of a page of too many pixels."""
    message = f"The page has {width} x {height} pixels, more than can be read ({most:,})."
    return Failure("page_too_large", message, "Scale it down: an A4 page at 300 dpi has 2480 x 3508 pixels.")


def check_pixels(image: Image.Image, most: int) -> None:
    """Of the page an image is at, before it is decoded. Raises InputError for more."""
    if image.width * image.height > most:
        failure = too_large(image.width, image.height, most)
        raise InputError(failure.code, failure.message, failure.remedy)


def image_sheets(path: Path, kept: Kept, limits: Limits) -> Iterator[Sheet]:
    """The pages of an image file. Raises InputError where it is no image, or has too many."""
    yield from _frames(path, 1, kept, limits)


def image_pages(path: Path, pixels: int) -> int:
    """How many an image file has. Raises InputError where it is no image."""
    with opened(path, pixels) as image:
        return frame_count(image)


def folder_sheets(path: Path, kept: Kept, limits: Limits) -> Iterator[Sheet]:
    """Page images of a folder as the pages of one document, by name, numbers in it by their value.

    An image that does not open is a page that failed. Raises InputError where there are too many pages.
    """
    number, images = 1, page_images(path)
    limits.check_pages(len(images))
    for image in images:
        if kept.is_past(number):
            break
        try:
            number += yield from _frames(image, number, kept, limits)
        except InputError as error:
            if error.code == TOO_MANY_PAGES:
                raise
            failure = Failure(error.code, f"{image.name}: {error.message}", error.remedy)
            yield Sheet(number, "scan", Turn(0, 0.0, 0.0), failure=failure)
            number += 1


def page_images(path: Path) -> list[Path]:
    """The images of a folder in page order."""
    images = (file for file in path.iterdir() if file.suffix.lower() in IMAGE_KINDS and not file.name.startswith("."))
    return sorted(images, key=lambda file: (_in_order(file.stem), file.name))


def _in_order(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part.lower()) for part in re.split(r"(\d+)", name)]


def images_pdf(path: Path, pixels: int) -> bytes:
    """An image file, or a folder of page images, as a PDF of the same pages.

    Raises InputError for a damaged one, and for a page of more pixels.
    """
    pages: list[Image.Image] = []
    dpi = float(DPI)
    try:
        for file in page_images(path) if path.is_dir() else [path]:
            with opened(file, pixels) as image:
                for index in range(frame_count(image)):
                    image.seek(index)
                    check_pixels(image, pixels)
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
    except InputError:
        raise
    except Exception as error:  # damaged images bring Pillow to errors of many kinds
        raise _unopened(error, pixels) from error
    return buffer.getvalue()


_JPEG_QUALITY = 85


def _frames(path: Path, number: int, kept: Kept, limits: Limits) -> Generator[Sheet, None, int]:
    """The pages of an image file, the first of which has that number; how many there are."""
    with opened(path, limits.pixels) as image:
        count = frame_count(image)
        limits.check_pages(number + count - 1)
        for index in range(count):
            page = number + index
            if kept.wants(page):
                yield kept.get(page) or kept.put(_frame(image, index, page, limits.pixels))
        return count


@contextmanager
def opened(path: Path, pixels: int) -> Iterator[Image.Image]:
    """An image file, at its first page. Raises InputError where it is no image, or of more than twice the pixels."""
    with warnings.catch_warnings(), _pillow_limit(pixels):
        warnings.simplefilter("ignore")  # of large images, which have a limit, and of damaged ones, which are told of
        try:
            image = Image.open(path)
        except Exception as error:  # damaged images bring Pillow to errors of many kinds
            raise _unopened(error, pixels) from error
        with image:
            yield image


@contextmanager
def _pillow_limit(pixels: int) -> Iterator[None]:
    """Let Pillow, which would else go by a limit of its own, refuse whatever takes more than twice these."""
    usual, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, pixels
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = usual


def frame_count(image: Image.Image) -> int:
    """Pages of an image file; where its list of them is damaged, up to the first that can't be had, which says so."""
    try:
        return int(getattr(image, "n_frames", 1))
    except Exception:
        sound = 1
        with suppress(Exception):
            while True:
                image.seek(sound)
                sound += 1
        return sound + 1


def _unopened(error: Exception, pixels: int) -> InputError:
    if isinstance(error, Image.DecompressionBombError):
        message = f"The image has far more than {pixels:,} pixels."
        return InputError("page_too_large", message, "Scale it down: an A4 page at 300 dpi has 2480 x 3508 pixels.")
    return InputError("image_damaged", "Not an image that can be opened.", "Scan it again, or fetch it again.")


def _frame(image: Image.Image, index: int, number: int, pixels: int) -> Sheet:
    """Read one page; what goes wrong on it is its own failure."""
    turn = Turn(0, 0.0, 0.0)
    try:
        image.seek(index)
        dpi = _stated_dpi(image)
        turn = Turn(0, image.width * 72 / dpi, image.height * 72 / dpi)
        if image.width * image.height > pixels:
            return Sheet(number, "scan", turn, failure=too_large(image.width, image.height, pixels))
        tesseract.check()
        page, scale = _upright(image, dpi)
        turn = Turn(0, page.width * 72 / scale, page.height * 72 / scale)
        scanned = read_scan(np.asarray(page), scale)
        turn = Turn(scanned.quarters, turn.width, turn.height)
        return Sheet(number, "scan", turn, scanned.tokens, scanned.grids, notices=scanned.notices(number))
    except tesseract.PageFailedError as error:
        return Sheet(number, "scan", turn, failure=error.failure)
    except MissingPartError as error:
        return Sheet(number, "scan", turn, failure=Failure(error.code, error.message, error.remedy))
    except Exception as error:  # a damaged page must not take the others with it
        message = f"The image is damaged: {type(error).__name__}."
        return Sheet(number, "scan", turn, failure=Failure("page_damaged", message, "Scan or fetch it again."))


def _stated_dpi(image: Image.Image) -> float:
    """Resolution that the image states, where it makes a page of a usual size; else as for A4."""
    stated = image.info.get("dpi", (0, 0))
    dpi = float(stated[0] or 0) if isinstance(stated, tuple) else 0.0
    short = min(image.width, image.height)
    return dpi if dpi > 0 and 4 <= short / dpi <= 17 else short / A4_INCHES


def _upright(image: Image.Image, dpi: float) -> tuple[Image.Image, float]:
    """The image as its camera says it is to be seen, on white, and at the resolution that reads best."""
    page = on_white(ImageOps.exif_transpose(image))
    page = page.convert("L" if page.mode in ("1", "L", "I;16", "I") else "RGB")
    wanted = resolution(page.width * 72 / dpi, page.height * 72 / dpi)
    if abs(wanted / dpi - 1) < 0.2:
        return page, dpi
    size = round(page.width * wanted / dpi), round(page.height * wanted / dpi)
    return page.resize(size, Image.Resampling.LANCZOS), wanted


def on_white(image: Image.Image) -> Image.Image:
    """The image without transparency."""
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image
    layer = image.convert("RGBA")
    page = Image.new("RGBA", layer.size, "white")
    page.alpha_composite(layer)
    return page
