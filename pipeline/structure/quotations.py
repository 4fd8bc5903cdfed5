"""Blocks in; which of them stand in quotation marks out: provisions that an amending document quotes.

'Sửa đổi Điều 7 như sau: “Điều 7. ... 2. ...”' quotes units that are no units of the document. Marks are often missing
in print and in readings. So a quotation over several blocks is believed only where it opens after a colon or before a
unit's marker, and closes; the lead-in to the next one ends a quotation that was never closed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.folding import fold
from pipeline.structure.markers import read_marker
from pipeline.structure.paragraphs import Block

_OPENING, _CLOSING, _STRAIGHT = "“„‟«", "”»", '"'
_MARK = re.compile(f"[{_OPENING}{_CLOSING}{_STRAIGHT}]")
_AMENDING = re.compile(r"(?:sua doi|bo sung|thay the|thay cum tu|bai bo|bo cum tu)\b")
_VERB_REACH = 20
_LONGEST = 2000
_FOLLOWING, _NEXT = 100, 4


@dataclass(frozen=True, slots=True)
class _Marks:
    """A block's marks: the balance at its end and the lowest on the way; does it open with one, and lead in to one?"""

    balance: int
    lowest: int
    opens: bool
    leads_in: bool


def quoted_blocks(blocks: Sequence[Block]) -> list[bool]:
    """For each block whether it stands in a quotation; one that holds the lead-in and the opening mark does not."""
    marks = [_marks(block.text) for block in blocks]
    quoted = [False] * len(blocks)
    index = 0
    while index < len(blocks):
        here, end = marks[index], index
        if blocks[index].kind is None and (here.opens or here.leads_in):
            if _is_plausible(blocks, index, here):
                end = _end(blocks, marks, index) if here.balance > 0 else index
                end = _end_of_unopened(blocks, marks, end, _FOLLOWING if end > index else _NEXT)
            first = index if here.opens else index + 1
            quoted[first : end + 1] = [True] * (end + 1 - first)
        index = end + 1
    return quoted


def _marks(text: str) -> _Marks:
    """Straight marks open after white space or a bracket, and close elsewhere."""
    balance = lowest = opened_at = 0
    for match in _MARK.finditer(text):
        before = text[match.start() - 1 : match.start()]
        if match.group() in _OPENING or (match.group() == _STRAIGHT and (not before or before in " (")):
            opened_at = match.start() if balance <= 0 else opened_at
            balance += 1
        else:
            balance -= 1
            lowest = min(lowest, balance)
    leads_in = balance > 0 and text[:opened_at].rstrip().endswith(":")
    return _Marks(balance, lowest, text[0] in _OPENING + _STRAIGHT, leads_in)


def _is_plausible(blocks: Sequence[Block], index: int, here: _Marks) -> bool:
    if here.leads_in:
        return True
    is_led = index > 0 and blocks[index - 1].text.endswith((":", "sau"))
    return is_led or read_marker(blocks[index].text[1:]) is not None


def _end(blocks: Sequence[Block], marks: list[_Marks], start: int) -> int:
    """The block that closes the quotation opened in `start`; `start` itself where nothing does.

    One that was never closed ends where the amending document goes on, or before the lead-in to the next one.
    """
    depth, resumed = marks[start].balance, None
    for index in range(start + 1, min(start + _LONGEST, len(blocks))):
        here = marks[index]
        if blocks[index].kind == "chu_thich":
            continue
        if blocks[index].kind is not None:
            break
        if resumed is None and _amends(blocks[index]):
            resumed = index
        is_led = here.opens and here.balance > 0 and blocks[index - 1].text.endswith("như sau:")
        if here.leads_in or is_led:
            return max(start, (resumed or (index if here.leads_in else index - 1)) - 1)
        if depth + here.lowest <= 0:
            return index
        depth += here.balance
    return resumed - 1 if resumed else start


def _end_of_unopened(blocks: Sequence[Block], marks: list[_Marks], start: int, reach: int) -> int:
    """Where a quotation ends that follows the one closed in `start`, its opening mark missing; else `start`."""
    for index in range(start + 1, min(start + reach, len(blocks))):
        here, block = marks[index], blocks[index]
        if block.kind is not None or here.opens or here.leads_in or _amends(block):
            break
        if here.balance < 0:
            return index
    return start


def _amends(block: Block) -> bool:
    """'3. Bãi bỏ khoản 2': the amending document goes on, whatever marks are missing."""
    return block.marker is not None and bool(_AMENDING.match(fold(block.text[block.marker.length :][:_VERB_REACH])))
