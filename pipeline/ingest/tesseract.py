"""A page image in, its words as Tesseract reads them out; Tesseract itself checked, and watched while it works."""

import os
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from PIL import Image

from pipeline.document import Failure
from pipeline.errors import MissingPartError
from pipeline.ingest.layout import Token

LEAST_VERSION = (4, 0)
LANGUAGE = "vie"
PAGE_SECONDS = 120
"""A page that takes longer is left, and the others go on."""
_LEAST_TURN_CONFIDENCE = 1.0

os.environ.setdefault("OMP_THREAD_LIMIT", "1")
"""Tesseract's threads cost more than they bring; pages are read side by side instead."""


@dataclass(frozen=True, slots=True)
class PageFailedError(Exception):
    """A page that could not be read."""

    failure: Failure


@cache
def check() -> str:
    """Tesseract's version; raises MissingPartError, with the command that installs it, where it can't be used."""
    import pytesseract  # brings pandas, which those who have no scans need not wait for

    try:
        version = str(pytesseract.get_tesseract_version())
        installed = languages()
    except (pytesseract.TesseractNotFoundError, OSError, SystemExit) as error:
        message = "Tesseract, which reads scans, is not installed."
        raise MissingPartError("tesseract_missing", message, _remedy("tesseract-ocr tesseract-ocr-vie")) from error
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:2])
    if numbers < LEAST_VERSION:
        message = f"Tesseract {version} is too old to read Vietnamese well."
        raise MissingPartError("tesseract_old", message, _remedy("tesseract-ocr tesseract-ocr-vie"))
    if LANGUAGE not in installed:
        message = "Tesseract can't read Vietnamese: its language data is not installed."
        raise MissingPartError("tesseract_language_missing", message, _remedy("tesseract-ocr-vie"))
    return version


@cache
def languages() -> frozenset[str]:
    """Languages and other data that Tesseract has; raises what `check` turns into MissingPartError."""
    import pytesseract

    return frozenset(pytesseract.get_languages())


def _remedy(packages: str) -> str:
    return (
        f"Install it: sudo apt-get install {packages} (Debian, Ubuntu); brew install tesseract tesseract-lang (macOS);"
        " on Windows run the installer of UB Mannheim and choose Vietnamese."
    )


def read_words(image: Image.Image, dpi: float, languages: str = LANGUAGE, mode: int = 3) -> list[Token]:
    """Words with boxes in points, in Tesseract's order; the Icelandic Ð is the Vietnamese Đ.

    `mode`: its page segmentation. Raises PageFailedError.
    """
    image.format = "PPM"
    data = _run(image, dpi, languages, mode)
    scale = 72 / dpi
    lines: dict[tuple[int, int, int], int] = {}
    tokens = []
    for text, confidence, *place, left, top, width, height in zip(*(data[key] for key in _COLUMNS), strict=True):
        box = left * scale, top * scale, (left + width) * scale, (top + height) * scale
        line = lines.setdefault(tuple(place), len(lines))
        words = str(text).replace("ĐÐ", "Đ").replace("Ð", "Đ").split()
        tokens += [Token(word, box, max(float(confidence), 0.0) / 100, line=line) for word in words]
    return tokens


_COLUMNS = ("text", "conf", "block_num", "par_num", "line_num", "left", "top", "width", "height")


def _run(image: Image.Image, dpi: float, languages: str, mode: int) -> dict[str, list[Any]]:
    import pytesseract

    try:
        found: dict[str, list[Any]] = pytesseract.image_to_data(
            image,
            lang=languages,
            config=f"--psm {mode} --dpi {round(dpi)}",
            output_type=pytesseract.Output.DICT,
            timeout=PAGE_SECONDS,
        )
        return found
    except RuntimeError as error:
        raise PageFailedError(_failure(error)) from error
    except (OSError, ValueError) as error:
        raise PageFailedError(_failure(error)) from error


def _failure(error: Exception) -> Failure:
    if isinstance(error, RuntimeError) and "timeout" in str(error).lower():
        message = f"Tesseract did not finish with the page within {PAGE_SECONDS} seconds."
        return Failure("page_timeout", message, "Look at the page; scan it anew at 300 dpi, then run again.")
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    remedy = "Look at the page, and check that tesseract reads it by hand; then run again."
    return Failure("page_ocr_failed", f"Tesseract failed on the page: {first[:200]}", remedy)


def quarter_turns(image: Image.Image, dpi: float) -> int:
    """Quarter turns clockwise that set the page upright, as Tesseract judges by its letters; 0 where it can't say."""
    import pytesseract

    try:
        found = pytesseract.image_to_osd(
            image, config=f"--psm 0 --dpi {round(dpi)}", output_type=pytesseract.Output.DICT, timeout=PAGE_SECONDS
        )
    except (RuntimeError, OSError, ValueError, KeyError):
        return 0
    return int(found["rotate"]) // 90 % 4 if float(found["orientation_conf"]) >= _LEAST_TURN_CONFIDENCE else 0
