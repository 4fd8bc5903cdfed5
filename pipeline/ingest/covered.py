"""A page image with black stamps and signatures in, a page without their strokes and the words under them out.

Tesseract takes a stamp for a picture, and with it the words that run into it. So the page is read without the long thin
strokes of stamps, and of what is read where they were only sure words stay. Then the part around a stamp is read by
itself as it is, and of what comes out only lines of which Tesseract is sure are taken.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from PIL import Image as Pictures

from pipeline.document import Box
from pipeline.ingest.clean import Image, outlines, part_of
from pipeline.ingest.fuse import fuse
from pipeline.ingest.layout import Token, holds, moved
from pipeline.ingest.quality import well_formed_share
from pipeline.ingest.tesseract import read_words

LEAST_SIDE = 0.5
"""Inches: connected ink that is as wide and high is no text."""
AROUND = (0.1, 0.2, 2.0, 0.2)
"""Inches of the page that are read around a stamp, on the left, above, on the right, below: a title or a name begins in
it and goes on beside it."""
MOST_SIDE = 3.0
"""Inches: wider or higher ink is a frame or a picture, whose strokes stay."""
MOST_INK = 0.2
"""Share of its box that strokes fill."""
BESIDE = 0.3
"""Inches around strokes in which smaller pieces of the stamp may have been read."""
LEAST_LETTERS = 3
"""Of the longest word of a line."""
SURE = 0.7
SURE_LINE = 0.8
"""Least confidence of a word that only the part around a stamp has, and of all of its line on average."""
BULLETS = ("-", "–", "+", "•")
LEAST_SURE = 0.6
"""Least confidence of a word of the page that stands where strokes were."""


def without_strokes(image: Image, dpi: float) -> tuple[Image, list[Box]]:
    """The page without the strokes of stamps and signatures, and where those were, in points."""
    ink = (image < 128).astype(np.uint8)
    bare, boxes = image.copy(), []
    for outline in outlines(ink):
        left, top, width, height = cv2.boundingRect(outline)
        if not LEAST_SIDE * dpi <= min(width, height) <= max(width, height) <= MOST_SIDE * dpi:
            continue
        part = part_of(ink, outline)
        if part.sum() <= MOST_INK * width * height:
            spread = cv2.dilate(part, np.ones((3, 3), np.uint8))
            bare[top : top + height, left : left + width][spread > 0] = 255
            x0, above, x1, below = (edge * 72 / dpi for edge in (left, top, left + width, top + height))
            boxes.append((x0 - BESIDE * 72, above - BESIDE * 72, x1 + BESIDE * 72, below + BESIDE * 72))
    return bare, boxes


def without_pieces(words: Sequence[Token], strokes: Sequence[Box]) -> list[Token]:
    """Without what was read of stamps themselves: where strokes were, only words and numbers stay, and sure ones, and
    the marks of a list before them."""
    stays = [_is_read_well(word) or not any(holds(box, word.box) for box in strokes) for word in words]
    for i, word in enumerate(words[:-1]):
        opens = word.line is not None and (i == 0 or words[i - 1].line != word.line) and words[i + 1].line == word.line
        stays[i] |= word.text in BULLETS and opens and stays[i + 1] and (word.confidence or 0.0) >= LEAST_SURE
    return [word for word, stay in zip(words, stays, strict=True) if stay]


def _is_read_well(word: Token) -> bool:
    letters = sum(character.isalpha() for character in word.text)
    is_word = letters > 1 and well_formed_share([word.text]) == 1.0
    is_text = is_word or bool(_NUMBER_OR_POINT.search(word.text))
    return is_text and (word.confidence or 0.0) >= LEAST_SURE


_NUMBER_OR_POINT = re.compile(r"\d|^[a-zđ]\)$")


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
