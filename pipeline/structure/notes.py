"""Rows in; the rows of the body and the footnotes out, which stand at the foot of pages and cut paragraphs in two.

A footnote begins with its number and a capital, its number follows that of the footnote before it, and the page refers
to it above: 'cây di sản1.', 'b)4 Khi có sâu bệnh'. From there to the end of the page all is footnotes, so a text that
is not divided into pages has none, and no heading of the body can follow but one that a footnote quotes.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from pipeline.folding import UPPER
from pipeline.structure.lines import Row
from pipeline.structure.markers import Marker
from pipeline.structure.paragraphs import BEFORE_NUMBERS, Block
from pipeline.structure.signals import is_heading_row

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NOTE = re.compile(rf"(?P<n>\d{{1,3}})\s[\"“(]?[{UPPER}]")
_GLUED = re.compile(r"(?:[^\W\d_]|[)”’.])[.,;:)”]{0,2}(?P<n>\d{1,3})[.,;:)”]{0,3}$")


_ALONE = re.compile(r"(?P<n>\d{1,3})[.,;:]?")
_MISSED = 3


def split_notes(rows: list[Row]) -> tuple[list[Row], list[Block]]:
    """The body, and a block of kind chu_thich for each footnote."""
    body: list[Row] = []
    notes: list[Block] = []
    last = 0
    pages = [list(group) for _, group in groupby(rows, key=lambda row: row.page)]
    if len(pages) == 1:
        return rows, notes
    for page in pages:
        start = _first_note(page, last)
        body += page[:start]
        for row in page[start:]:
            number = _number(row)
            if number is not None and (row is page[start] or number == last + 1):
                last = number
                notes.append(Block((row,), "chu_thich", Marker("number", number, str(number), len(str(number)) + 1)))
            else:
                block = notes[-1]
                notes[-1] = Block((*block.rows, row), block.kind, block.marker)
    return body, notes


def insert_notes(blocks: Sequence[Block], notes: Sequence[Block]) -> list[Block]:
    """Each footnote after the block during which it stands."""
    left = deque(notes)
    merged: list[Block] = []
    for block in blocks:
        while left and left[0].rows[0].raw_start < block.rows[0].raw_start:
            merged.append(left.popleft())
        merged.append(block)
    return [*merged, *left]


def _first_note(page: Sequence[Row], last: int) -> int:
    """Where the footnotes of a page begin; its length without any."""
    referred: set[int] = set()
    for index, row in enumerate(page):
        number = _number(row)
        is_due = number in (1, *range(last + 1, last + 1 + _MISSED))
        if index and is_due and number in referred and not _holds_heading(page[index:]):
            return index
        referred.update(_references(row))
    return len(page)


def _references(row: Row) -> Iterator[int]:
    """Numbers raised behind a word, as they come: glued to it, or by themselves behind a word that asks for none."""
    for before, token in pairwise(["", *(token.text.translate(_RAISED) for token in row.tokens)]):
        glued, alone = _GLUED.search(token), _ALONE.fullmatch(token)
        if glued:
            yield int(glued["n"])
        elif alone and before.isalpha() and before.islower() and before not in BEFORE_NUMBERS:
            yield int(alone["n"])


def _holds_heading(rows: Sequence[Row]) -> bool:
    depth = 0
    for row in rows:
        if depth <= 0 and is_heading_row(row):
            return True
        depth += row.text.count("“") - row.text.count("”")
    return False


def _number(row: Row) -> int | None:
    match = _NOTE.match(row.text.translate(_RAISED))
    return int(match["n"]) if match else None
