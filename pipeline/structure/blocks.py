"""Rows in; blocks out in reading order: components of the form with their kind, paragraphs of the body between them."""

from pipeline.structure.letterhead import read_letterhead, read_preamble
from pipeline.structure.lines import Row
from pipeline.structure.openings import opens_document
from pipeline.structure.paragraphs import Block, join_rows
from pipeline.structure.signals import is_heading_row
from pipeline.structure.signoff import read_sign_off
from pipeline.structure.walk import Walk, start_walk

_STRAY_ROWS = 6


def read_blocks(rows: list[Row]) -> list[Block]:
    """Walks through the file: letterhead, body, sign-off, then perhaps an annex or another document, and so on."""
    walk = start_walk(rows)
    closed = True
    while walk.has_more:
        start = walk.at
        if opens_document(walk, walk.at, closed):
            read_letterhead(walk)
        read_preamble(walk)
        closed = _read_body(walk, start, closed and walk.at == start)
    return walk.blocks


def _read_body(walk: Walk, opened: int, closed: bool) -> bool:
    """Body rows up to the sign-off or the next document; then the sign-off. Says whether one was there.

    `opened`: the row at which the letterhead began, or the body where there is none.
    """
    start, stray = walk.at, closed
    while walk.has_more:
        if walk.signals[walk.at] in ("noi_nhan", "chu_ky") and (walk.at > start or not closed):
            break
        stray = stray and walk.at < start + _STRAY_ROWS and not is_heading_row(walk.rows[walk.at])
        if walk.at > opened and opens_document(walk, walk.at, stray):
            break
        walk.at += 1
    _read_paragraphs(walk, start, walk.at)
    if walk.signal(walk.at) in ("noi_nhan", "chu_ky"):
        read_sign_off(walk)
        return True
    return False


def _read_paragraphs(walk: Walk, start: int, end: int) -> None:
    for cut in range(start, end):
        if walk.signals[cut] in ("lenh_ban_hanh", "kinh_gui"):
            walk.blocks += join_rows(walk.rows[start:cut], walk.setting)
            walk.add(str(walk.signals[cut]), walk.rows[cut])
            start = cut + 1
    walk.blocks += join_rows(walk.rows[start:end], walk.setting)
