"""An input with scanned pages in, small grey pictures of those pages out, for people to look at."""

import io
import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

from pipeline.errors import InputError
from pipeline.ingest.limits import MAX_PIXELS
from pipeline.ingest.raster import A4_INCHES, page_images

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

    Raises InputError where the input does not open.
    """
    try:
        for number, image in _images(path, numbers):
            buffer = io.BytesIO()
            _small(image).save(buffer, "WEBP", quality=QUALITY, method=4)
            yield Picture(number, buffer.getvalue())
    except Exception as error:  # of Pillow's and pypdfium2's on damaged files any may come
        message = f"Its pages can't be drawn: {type(error).__name__}."
        raise InputError("pictures_unreadable", message, "Fetch or scan the document again.") from error


def _images(path: Path, numbers: Collection[int]) -> Iterator[tuple[int, Image.Image]]:
    if path.is_dir() or path.suffix.lower() != ".pdf":
        yield from _frames(path, numbers)
        return
    document = pypdfium2.PdfDocument(path)
    try:
        for number in sorted(numbers):
            if number <= len(document):
                page = document[number - 1]
                scale = min(PICTURE_DPI / 72, (MOST_PICTURE / max(page.get_width() * page.get_height(), 1)) ** 0.5)
                yield number, page.render(scale=scale, draw_annots=False, may_draw_forms=False).to_pil()
                page.close()
    finally:
        document.close()


def _frames(path: Path, numbers: Collection[int]) -> Iterator[tuple[int, Image.Image]]:
    number = 0
    for file in page_images(path) if path.is_dir() else [path]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(file)
        with image:
            for index in range(getattr(image, "n_frames", 1)):
                number += 1
                if number in numbers:
                    image.seek(index)
                    if image.width * image.height <= MAX_PIXELS:
                        yield number, ImageOps.exif_transpose(image)


def _small(image: Image.Image) -> Image.Image:
    """Grey on white, no larger than needed."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        image = Image.new("RGBA", layer.size, "white")
        image.alpha_composite(layer)
    grey = image.convert("L")
    most = round(A4_INCHES * PICTURE_DPI)
    by = min(most / min(grey.size), (MOST_PICTURE / (grey.width * grey.height)) ** 0.5, 1.0)
    return grey if by == 1 else grey.resize((round(grey.width * by), round(grey.height * by)), Image.Resampling.LANCZOS)
