"""A page image and the words read on it in; words under black stamps and signatures, which were not read, out.

Tesseract takes a stamp for a picture, and with it the signer's title and name that run into it. That part of the page
is read by itself, and of what comes out only lines of which Tesseract is sure are taken.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from PIL import Image as Pictures

from pipeline.ingest.clean import Image, outlines
from pipeline.ingest.fuse import fuse
from pipeline.ingest.layout import Token, moved
from pipeline.ingest.quality import well_formed_share
from pipeline.ingest.tesseract import read_words

LEAST_SIDE = 0.5
"""Inches: connected ink that is as wide and high is no text."""
AROUND = (0.1, 0.2, 2.0, 0.2)
"""Inches of the page that are read around a stamp, on the left, above, on the right, below: a title or a name begins in
it and goes on beside it."""
LEAST_LETTERS = 3
"""Of the longest word of a line."""
SURE = 0.7
SURE_LINE = 0.8
"""Least confidence of a word, and of all of its line on average."""


def with_covered_words(words: Sequence[Token], image: Image, dpi: float) -> list[Token]:
    """The words of a page, and those that stand under or beside its stamps and were not read with them."""
    found = list(words)
    for left, top, right, bottom in _stamps(image, dpi):
        part = Pictures.fromarray(np.ascontiguousarray(image[top:bottom, left:right]))
        lines: dict[int | None, list[Token]] = {}
        for token in read_words(part, dpi, mode=6):
            lines.setdefault(token.line, []).append(token)
        first = 1 + max((token.line or 0 for token in found), default=0)
        scale = 72 / dpi
        sure = [
            replace(token, box=moved(token.box, left * scale, top * scale), line=first + number)
            for number, line in enumerate(lines.values())
            for token in _sure(line)
        ]
        found = fuse(found, sure)
    return found


def _sure(line: Sequence[Token]) -> list[Token]:
    """The words of a line that are titles or names, none where it is too unsure: capitals begin most of their words."""
    words = [token for token in line if token.text[0].isalpha() and well_formed_share([token.text]) == 1.0]
    sure = [token for token in words if (token.confidence or 0.0) >= SURE]
    letters = max((len(token.text) for token in sure), default=0)
    capitals = sum(token.text[0].isupper() for token in words)
    is_sure = sum(token.confidence or 0.0 for token in words) >= SURE_LINE * len(words)
    return sure if letters >= LEAST_LETTERS and is_sure and 2 * capitals >= len(words) else []


def _stamps(image: Image, dpi: float) -> list[tuple[int, int, int, int]]:
    """Parts of the page, in pixels, that stamps and signatures are in; those that share room are one."""
    height, width = image.shape
    left_of, above, right_of, below = (round(inches * dpi) for inches in AROUND)
    parts: list[tuple[int, int, int, int]] = []
    for outline in outlines((image < 128).astype(np.uint8)):
        x0, top, across, down = cv2.boundingRect(outline)
        if min(across, down) < LEAST_SIDE * dpi:
            continue
        part = x0 - left_of, top - above, x0 + across + right_of, top + down + below
        for other in [other for other in parts if _share_room(part, other)]:
            parts.remove(other)
            (a, b, c, d), (e, f, g, h) = part, other
            part = min(a, e), min(b, f), max(c, g), max(d, h)
        parts.append(part)
    return [(max(x0, 0), max(top, 0), min(x1, width), min(bottom, height)) for x0, top, x1, bottom in parts]


def _share_room(part: Sequence[int], other: Sequence[int]) -> bool:
    return part[0] < other[2] and other[0] < part[2] and part[1] < other[3] and other[1] < part[3]
