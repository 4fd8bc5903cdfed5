"""What one page of the input holds, before it has a place in the document's text."""

from dataclasses import dataclass
from typing import Literal

from pipeline.document import Box, Failure, Notice, Stamp
from pipeline.ingest.grid import Grid
from pipeline.ingest.layout import Token


@dataclass(frozen=True, slots=True)
class Turn:
    """How to get from the upright text to the page as it is stored: quarter turns clockwise that set it upright.

    `width`, `height`: of the stored page, in points.
    """

    quarters: int
    width: float
    height: float

    def to_page(self, box: Box) -> Box:
        """A box of the upright text as a box of the stored page."""
        x0, top, x1, bottom = box
        if self.quarters == 1:
            return top, self.height - x1, bottom, self.height - x0
        if self.quarters == 2:
            return self.width - x1, self.height - bottom, self.width - x0, self.height - top
        if self.quarters == 3:
            return self.width - bottom, x0, self.width - top, x1
        return box


@dataclass(frozen=True, slots=True)
class Sheet:
    """Words and ruled tables of one page, in points of the upright page; `turn` tells how it is stored."""

    number: int
    kind: Literal["text", "scan"]
    turn: Turn
    tokens: tuple[Token, ...] = ()
    grids: tuple[Grid, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    failure: Failure | None = None
    notices: tuple[Notice, ...] = ()
