"""A page image in, the same without arrival stamps out, and what they say: who received the document, and when.

An arrival stamp (Decree 30/2020/NĐ-CP, Appendix IV, model "dấu Đến") is a frame that the receiving office stamps on the
first page, somewhere among the letterhead. It is no part of the document.
"""

import cv2
import numpy as np
from PIL import Image as Pictures

from pipeline.folding import fold
from pipeline.ingest.clean import Image, outlines, part_of
from pipeline.ingest.tesseract import read_words

SIDES = ((1.2, 3.0), (0.45, 1.8))
"""Inches that a frame is wide, and high: 50 mm by 35 mm by the decree, smaller ones are in use."""
MOST_INK = 0.3
LEAST_RECTANGULAR = 0.9
"""Share of its frame that the hull of its ink fills."""
ABOVE = 0.5
"""Arrival stamps stand in the upper part of a page."""
MOST_FRAMES = 3


def without_arrival_stamps(image: Image, dpi: float) -> tuple[Image, tuple[str, ...]]:
    """The page without its arrival stamps, and their texts."""
    texts = []
    for frame in _frames(image, dpi):
        words = [token.text for token in read_words(Pictures.fromarray(_upright(image, frame)), dpi, mode=6)]
        if any(word.isupper() and fold(word).strip(" .:|") == "den" for word in words):
            image = image.copy()
            cv2.fillConvexPoly(image, cv2.boxPoints(_wider(frame, _MARGIN)).astype(np.int32), (255,))
            texts.append(" ".join(words))
    return image, tuple(texts)


_MARGIN = 6
_Frame = tuple[tuple[float, float], tuple[float, float], float]
"""Middle, width and height, angle in degrees."""


def _frames(image: Image, dpi: float) -> list[_Frame]:
    """Connected ink that has the size and shape of a frame, turned a little or not at all."""
    ink = (image[: int(ABOVE * image.shape[0])] < 128).astype(np.uint8)
    found = []
    for part in outlines(ink):
        _, _, width, height = cv2.boundingRect(part)
        (least_width, most_width), (least_height, most_height) = SIDES
        fits = least_width * dpi <= width <= most_width * dpi and least_height * dpi <= height <= most_height * dpi
        if fits and part_of(ink, part).sum() <= MOST_INK * width * height:
            hull = cv2.convexHull(part)
            frame = _lying(hull)
            if cv2.contourArea(hull) >= LEAST_RECTANGULAR * frame[1][0] * frame[1][1]:
                found.append(frame)
    return found[:MOST_FRAMES]


def _lying(hull: object) -> _Frame:
    """The least rectangle around a hull, which is wider than high, on the page."""
    (x, y), (width, height), angle = cv2.minAreaRect(np.asarray(hull))
    if width < height:
        width, height, angle = height, width, angle - 90 if angle > 0 else angle + 90
    return (x, y), (width, height), angle


def _wider(frame: _Frame, margin: float) -> _Frame:
    middle, (width, height), angle = frame
    return middle, (width + 2 * margin, height + 2 * margin), angle


def _upright(image: Image, frame: _Frame) -> Image:
    """What stands in a frame, without its turn."""
    middle, (width, height), angle = frame
    size = round(width), round(height)
    turn = cv2.getRotationMatrix2D(middle, angle, 1.0)
    turn[0, 2] += size[0] / 2 - middle[0]
    turn[1, 2] += size[1] / 2 - middle[1]
    return np.ascontiguousarray(cv2.warpAffine(image, turn, size, borderValue=255), dtype=np.uint8)
