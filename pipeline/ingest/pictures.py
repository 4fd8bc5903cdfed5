"""An input with scanned pages in, small grey pictures of those pages out, for people to look at."""

import io
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

from pipeline.errors import InputError
from pipeline.ingest.limits import MAX_PIXELS
from pipeline.ingest.raster import A4_INCHES, check_pixels, frame_count, on_white, opened, page_images

PICTURE_DPI = 150
"""At which marks over letters of 12 points are still told apart."""
QUALITY = 30
"""Of WebP: a page of text takes some 50 to 150 kB."""
MOST_PICTURE = 6_000_000
"""Pixels of one picture: A3 at 150 dpi, and some."""


@dataclass(frozen=True, slots=True)
class Picture:
    """WebP bytes of page `number`, as the page is shown: boxes of the document lie on it once scaled."""

    number: int
    data: bytes


def pictures(path: Path, numbers: Collection[int]) -> Iterator[Picture]:
    """Pictures of the pages named, one at a time; a page that can't be drawn is left out.

    Raises InputError where the input does not open, or none of those pages can be drawn.
    """
    drawn, failed = False, None
    try:
        for number, draw in _pages(path, numbers):
            try:
                data = _webp(draw())
            except Exception as error:  # damaged pages bring Pillow and pypdfium2 to errors of many kinds
                failed = error
                continue
            drawn = True
            yield Picture(number, data)
    except Exception as error:  # and so do damaged files
        raise _unreadable(error) from error
    if failed and not drawn:
        raise _unreadable(failed) from failed


def _unreadable(error: Exception) -> InputError:
    reason = error.message if isinstance(error, InputError) else f"{type(error).__name__}."
    return InputError("pictures_unreadable", f"Its pages can't be drawn: {reason}", "Fetch or scan the document again.")


_Draw = Callable[[], Image.Image]


def _pages(path: Path, numbers: Collection[int]) -> Iterator[tuple[int, _Draw]]:
    """The pages named that are there, each to be drawn before the next is asked for."""
    if path.is_dir():
        return _images(page_images(path), numbers)
    return _pdf_pages(path, numbers) if path.suffix.lower() == ".pdf" else _frames(path, 1, numbers)


def _pdf_pages(path: Path, numbers: Collection[int]) -> Iterator[tuple[int, _Draw]]:
    with closing(pypdfium2.PdfDocument(path)) as document:
        for number in sorted(numbers):
            if number <= len(document):
                yield number, partial(_drawn, document, number)


def _drawn(document: pypdfium2.PdfDocument, number: int) -> Image.Image:
    with closing(document[number - 1]) as page:
        scale = min(PICTURE_DPI / 72, (MOST_PICTURE / max(page.get_width() * page.get_height(), 1)) ** 0.5)
        image: Image.Image = page.render(scale=scale, draw_annots=False, may_draw_forms=False).to_pil()
        return image


def _images(files: Iterable[Path], numbers: Collection[int]) -> Iterator[tuple[int, _Draw]]:
    """Pages of a folder; an image that does not open counts as one, as where they are read."""
    number = 1
    for file in files:
        try:
            number += yield from _frames(file, number, numbers)
        except InputError:
            number += 1


def _frames(path: Path, first: int, numbers: Collection[int]) -> Generator[tuple[int, _Draw], None, int]:
    """Pages of an image file; how many it has."""
    with opened(path, MAX_PIXELS) as image:
        count = frame_count(image)
        for index in range(count):
            if first + index in numbers:
                yield first + index, partial(_frame, image, index)
        return count


def _frame(image: Image.Image, index: int) -> Image.Image:
    image.seek(index)
    check_pixels(image, MAX_PIXELS)
    return ImageOps.exif_transpose(image)


def _webp(image: Image.Image) -> bytes:
    """Grey on white, no larger than needed."""
    grey = on_white(image).convert("L")
    most = round(A4_INCHES * PICTURE_DPI)
    by = min(most / min(grey.size), (MOST_PICTURE / (grey.width * grey.height)) ** 0.5, 1.0)
    if by < 1:
        grey = grey.resize((round(grey.width * by), round(grey.height * by)), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    grey.save(buffer, "WEBP", quality=QUALITY, method=4)
    return buffer.getvalue()
