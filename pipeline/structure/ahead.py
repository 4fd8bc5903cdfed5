"""Blocks in; what is still to come of them out: which numbers follow, whether a list goes on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.structure.markers import RANKS, Level
from pipeline.structure.paragraphs import Block

POINTS: tuple[Level, ...] = ("letter", "paren")
CONTAINERS = frozenset({"phu_luc", "van_ban"})
_POINT_REACH = 50


@dataclass(frozen=True, slots=True)
class Ahead:
    """The next value of a level before another title; None where there is none."""

    phan: int | None = None
    chuong: int | None = None
    roman: int | None = None
    number: int | None = None

    def of(self, level: Level) -> int | None:
        """The next value of `level`, None for levels that are not looked ahead for."""
        value: int | None = getattr(self, level, None)
        return value


def values_ahead(blocks: Sequence[Block], quoted: Sequence[bool]) -> list[Ahead]:
    """What follows each block, quotations passed over."""
    found: list[Ahead] = []
    ahead = Ahead()
    for block, is_quoted in zip(reversed(blocks), reversed(quoted), strict=True):
        found.append(ahead)
        if block.kind in CONTAINERS:
            ahead = Ahead()
        elif block.marker and block.kind is None and not is_quoted and block.marker.level in Ahead.__slots__:
            ahead = replace(ahead, **{block.marker.level: block.marker.value})
    return found[::-1]


def list_goes_on(blocks: Sequence[Block], index: int, level: Level, value: int) -> bool:
    """Does the item after `value` of a list come after block `index`, before a unit of the same or a higher level?"""
    for block in blocks[index + 1 : index + _POINT_REACH]:
        if block.kind == "chu_thich":
            continue
        if block.kind is not None:
            return False
        if block.marker and RANKS[block.marker.level] <= RANKS[POINTS[-1] if level in POINTS else level]:
            is_next = block.marker.level == level and block.marker.value == value + 1
            return is_next and not block.marker.is_inserted
    return False
