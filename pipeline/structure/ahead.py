"""Blocks in; what is still to come of them out: where a quotation ends, which numbers follow, if a list goes on."""

from pipeline.structure.markers import RANKS, Level
from pipeline.structure.paragraphs import Block

POINTS: tuple[Level, ...] = ("letter", "paren")
CONTAINERS = frozenset({"phu_luc", "van_ban"})
_QUOTED_BLOCKS = 200
_POINT_REACH = 50


def list_goes_on(blocks: list[Block], index: int, level: Level, value: int) -> bool:
    """Does the item after `value` of a list come after block `index`, before a unit of the same or a higher level?"""
    for block in blocks[index + 1 : index + _POINT_REACH]:
        if block.kind is not None:
            return False
        if block.marker and RANKS[block.marker.level] <= RANKS[POINTS[-1] if level in POINTS else level]:
            return block.marker.level == level and block.marker.value == value + 1
    return False


def end_of_quotation(blocks: list[Block], start: int) -> int:
    """The block that closes the quotation opened at `start`; `start` - 1 where none does."""
    depth = 0
    for index in range(start, min(start + _QUOTED_BLOCKS, len(blocks))):
        if blocks[index].kind is not None:
            break
        depth += blocks[index].text.count("“") - blocks[index].text.count("”")
        if depth <= 0:
            return index
    return start - 1


def values_ahead(blocks: list[Block]) -> list[tuple[int | None, int | None]]:
    """For each block, the values of the next roman heading and of the next arabic number before another title."""
    ahead: list[tuple[int | None, int | None]] = []
    roman: int | None = None
    number: int | None = None
    for block in reversed(blocks):
        ahead.append((roman, number))
        if block.kind in CONTAINERS:
            roman = number = None
        elif block.marker and block.marker.level == "roman":
            roman = block.marker.value
        elif block.marker and block.marker.level == "number":
            number = block.marker.value
    return ahead[::-1]
