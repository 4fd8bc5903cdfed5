"""Pieces of a page image in, images with all of them out, and words that are read in those back to their places.

Set one below the other, pieces are read in one run, each for itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from pipeline.ingest.clean import Image
from pipeline.ingest.layout import Token, moved

HIGHEST = 32_767
"""Pixels: Tesseract takes no higher image."""


class Strip(NamedTuple):
    """A piece of a page image, and where its upper left corner is on the page, in pixels."""

    image: Image
    left: int
    top: int


@dataclass(frozen=True, slots=True)
class Column:
    """Strips one below the other on white. tops: of each in `image`; space: pixels between them and around."""

    image: Image
    strips: Sequence[Strip]
    tops: Sequence[int]
    space: int

    def placed(self, tokens: Iterable[Token], dpi: float) -> list[Token]:
        """Words that were read in the image, with their boxes where they stand on the page."""
        scale = 72 / dpi
        bounds = [*(top - self.space / 2 for top in self.tops), float(self.image.shape[0])]
        found = []
        for token in tokens:
            middle = (token.box[1] + token.box[3]) / 2 / scale
            for strip, top, (first, last) in zip(self.strips, self.tops, pairwise(bounds), strict=True):
                if first <= middle < last:
                    right, down = strip.left - self.space, strip.top - top
                    found.append(replace(token, box=moved(token.box, right * scale, down * scale)))
        return found


def columns(strips: Iterable[Strip], space: int) -> Iterator[Column]:
    """Images of the strips, with `space` pixels between them: one, or more where it would be too high."""
    together: list[Strip] = []
    height = space
    for strip in strips:
        needed = strip.image.shape[0] + space
        if together and height + needed > HIGHEST:
            yield _column(together, space)
            together, height = [], space
        together.append(strip)
        height += needed
    if together:
        yield _column(together, space)


def _column(strips: Sequence[Strip], space: int) -> Column:
    heights = [strip.image.shape[0] + space for strip in strips]
    tops = [space + sum(heights[:i]) for i in range(len(strips))]
    width = max(strip.image.shape[1] for strip in strips)
    image = np.full((space + sum(heights), width + 2 * space), 255, np.uint8)
    for strip, top in zip(strips, tops, strict=True):
        height, across = strip.image.shape
        image[top : top + height, space : space + across] = strip.image
    return Column(image, strips, tops, space)
