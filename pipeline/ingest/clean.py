"""A page image as it was scanned in; a grey one that an OCR engine reads well out, of the same scale.

Arrays are (height, width) of grey levels, or (height, width, 3) of red, green and blue.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

cv2.setNumThreads(1)  # its threads cost more than they bring; pages are read side by side instead

MOST_SKEW = 6.0
"""Degrees that a page may be turned by and is set straight."""
LEAST_SKEW = 0.08
RED = 60
"""By how much red stands out of the other colours in the ink of a stamp."""
BLUE = 40
SIGNATURE_INCHES = 0.45
"""Blue ink of this width and height is a signature; smaller is a number or date that someone wrote in."""
EDGE_SHARE = 0.25
"""Dark matter that touches an edge of the image and is so long, by the image's side, is no part of the page."""


def grey(image: Image, dpi: float) -> Image:
    """Grey levels without the ink of red stamps and blue signatures; black print under them stays."""
    if image.ndim == 2:
        return image
    red, green, blue = cv2.split(image)
    is_red = _above(cv2.subtract(red, cv2.max(green, blue)), RED)
    is_blue = _above(cv2.subtract(blue, cv2.max(red, green)), BLUE)
    plain = pixels(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))
    if not is_red.any() and not is_blue.any():
        return plain
    coloured = cv2.bitwise_or(is_red, _large(is_blue, SIGNATURE_INCHES * dpi))
    brightest = cv2.max(cv2.max(red, green), blue)
    gone = (cv2.dilate(coloured, np.ones((3, 3), np.uint8)) > 0) & (brightest >= _INK_IN_COLOUR)
    plain[gone] = np.maximum(brightest[gone], _PAPER)
    return plain


_INK_IN_COLOUR = 110
_PAPER = 250


def pixels(image: object) -> Image:
    return np.ascontiguousarray(image, dtype=np.uint8)


def _above(image: object, level: int) -> Image:
    return pixels(cv2.threshold(np.asarray(image), level, 1, cv2.THRESH_BINARY)[1])


def _large(mask: Image, side: float) -> Image:
    """The connected parts of a mask that are as wide and high as `side`, strokes that nearly touch as one."""
    joined = cv2.dilate(mask, np.ones((5, 5), np.uint8))
    large = np.zeros_like(mask)
    for part in outlines(pixels(joined)):
        if min(cv2.boundingRect(part)[2:]) >= side:
            cv2.drawContours(large, [part], 0, (1,), cv2.FILLED)
    return pixels(cv2.bitwise_and(mask, large))


def outlines(ink: Image) -> list[NDArray[np.int32]]:
    """The connected parts of a mask, from top to bottom, each as the points (n, 1, 2) of its outline.

    Found some ten times as fast as labels of all pixels.
    """
    found, nested = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not found:
        return []
    outer = [np.asarray(part, np.int32) for part, place in zip(found, nested[0], strict=True) if place[3] < 0]
    return sorted(outer, key=lambda part: cv2.boundingRect(part)[1])


def part_of(ink: Image, outline: NDArray[np.int32]) -> Image:
    """The connected part of a mask that has this outline, as a mask of its box."""
    left, top, width, height = cv2.boundingRect(outline)
    _, labels = cv2.connectedComponents(ink[top : top + height, left : left + width], connectivity=8)
    x, y = outline[0, 0]
    return pixels(labels == labels[y - top, x - left])


def clear_edges(image: Image) -> Image:
    """White instead of the dark surround of a photograph or a scanner's lid."""
    small = cv2.resize(image, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    dark = pixels(small < max(60.0, 0.45 * float(np.percentile(small, 80))))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
    height, width = small.shape
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
    touches = (left <= 1) | (top <= 1) | (right >= width - 1) | (bottom >= height - 1)
    long = (right - left >= EDGE_SHARE * width) | (bottom - top >= EDGE_SHARE * height)
    outside = touches & long
    outside[0] = False
    if not outside.any():
        return image
    mask = cv2.dilate(pixels(outside[labels]), np.ones((3, 3), np.uint8))
    whole = cv2.resize(mask, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_NEAREST)
    return pixels(np.where(whole > 0, 255, image))


def even(image: Image) -> Image:
    """Paper made white where it is grey or lit unevenly."""
    small = cv2.resize(image, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 21)
    if paper.min() >= 245:
        return image
    background = cv2.resize(paper, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_LINEAR)
    return pixels(cv2.divide(image, np.maximum(background, 80), scale=255))


def skew(image: Image, dpi: float) -> float:
    """Degrees by which the lines rise to the right, found where rows of ink part best from rows without."""
    scale = min(1.0, 75 / dpi)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = pixels(255 - small)
    ink[ink < 60] = 0
    if not ink.any():
        return 0.0
    best = 0.0
    for reach, step in ((MOST_SKEW, 1.0), (1.0, 0.25), (0.25, 0.05)):
        angles = np.arange(best - reach, best + reach + step / 2, step)
        best = float(max(angles, key=lambda angle: (_sharpness(ink, float(angle)), -abs(float(angle)))))
    return best if abs(best) <= MOST_SKEW else 0.0


def _sharpness(ink: Image, angle: float) -> float:
    profile = _turned(ink, angle, 0).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(profile)).sum())


def _turned(image: Image, angle: float, fill: int) -> Image:
    height, width = image.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    return pixels(cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=fill))


def straighten(image: Image, angle: float) -> Image:
    """Turn the page by its skew, about its middle."""
    return image if abs(angle) < LEAST_SKEW else _turned(image, angle, 255)


def despeckle(image: Image, dpi: float) -> Image:
    """Without dots of dirt, where there is so much of it that it can't be full stops and accents."""
    ink = pixels(image < 128)
    most = max(3, round((dpi / 300) ** 2 * 9))
    parts = outlines(ink)
    least = max(400, 0.5 * len(parts))
    if sum(max(cv2.boundingRect(part)[2:]) <= most for part in parts) < least:
        return image
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    speck = stats[:, cv2.CC_STAT_AREA] <= most
    speck[0] = False
    if speck.sum() < least:
        return image
    return pixels(np.where(speck[labels], 255, image))
