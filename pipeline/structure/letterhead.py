"""A walk that has come to a letterhead in; its components out: issuing body, number, date, title, subject, bases.

The two columns of the form come side by side in one line, one after the other, or in turns.
"""

from dataclasses import replace

from pipeline.folding import fold
from pipeline.structure.bodies import body_starts
from pipeline.structure.lines import Row
from pipeline.structure.markers import is_title, read_marker
from pipeline.structure.openings import FORM, LOOK_AHEAD, is_issued_with
from pipeline.structure.paragraphs import Block, ends_open, ends_sentence, join_rows, opens_basis
from pipeline.structure.signals import (
    Signal,
    date_place,
    is_authentication,
    is_bare_title,
    is_heading_row,
    is_placeholder,
    signal_of,
    title_bounds,
)
from pipeline.structure.walk import Walk

_STARS = frozenset("*★☆-–—_")
_TITLE_ROWS = 10
_PREAMBLE_ROWS = 80
_ISSUED_ROWS = 4


def read_letterhead(walk: Walk) -> None:
    """Everything above the title, then the title with its subject."""
    first = len(walk.blocks)
    _read_components(walk)
    _set_section_head_aside(walk.blocks, first)
    _join_bodies(walk.blocks, first)


def _read_components(walk: Walk) -> None:
    start = walk.at
    while walk.has_more and walk.at < start + 2 * LOOK_AHEAD:
        row, signal = _without_star(walk)
        if signal in ("quoc_hieu", "tieu_ngu"):
            _add_title_line(walk, row, signal)
        elif signal in ("so_ky_hieu", "trich_yeu") and (parts := _with_date(row)):
            walk.add(signal, parts[0])
            walk.add("dia_danh_ngay", parts[1])
        elif signal in ("so_ky_hieu", "dia_danh_ngay", "kinh_gui", "do_khan_mat"):
            walk.add(signal, row)
        elif signal == "trich_yeu":
            _read_subject(walk, "trich_yeu", row)
            continue
        elif signal in ("loai_van_ban", "phu_luc", "mau"):
            _read_title(walk, signal, start)
            return
        elif not _goes_on(walk):
            return
        else:
            is_body = is_title(row.text) or row.text.isupper()
            walk.add("co_quan" if is_body and not is_authentication(row.text) else "doan", row)
        walk.at += 1


def _without_star(walk: Walk) -> tuple[Row, Signal | None]:
    """The row and what it shows; the star under the body's name, read before place and date, is set aside."""
    row = walk.rows[walk.at]
    if len(row.tokens) > 1 and row.tokens[0].text in _STARS and row.tokens[1].text[0].isupper():
        star, row = row.split(1)
        if signal_of(row) in ("dia_danh_ngay", "so_ky_hieu"):
            walk.add("speck", star)
            return row, signal_of(row)
    return walk.rows[walk.at], walk.signals[walk.at]


def _set_section_head_aside(blocks: list[Block], first: int) -> None:
    """A gazette names the issuing body above the document; the document's own letterhead names it again."""
    bodies = [i for i in range(first, len(blocks)) if blocks[i].kind == "co_quan"]
    names = [_letters(blocks[i].text) for i in bodies]
    for count in range(1, len(bodies)):
        name = "".join(names[:count])
        if any("".join(names[count:end]) == name for end in range(count + 1, len(bodies) + 1)):
            for i in bodies[:count]:
                blocks[i] = replace(blocks[i], kind="running_head")
            return


def _join_bodies(blocks: list[Block], first: int) -> None:
    """One block for each body, whatever lines of the other column were read between those of its name."""
    lines = [i for i in range(first, len(blocks)) if blocks[i].kind == "co_quan"]
    if not lines:
        return
    starts = body_starts([blocks[i].text for i in lines])
    for start, end in reversed([*zip(starts, [*starts[1:], len(lines)], strict=True)]):
        rows = tuple(row for i in lines[start:end] for row in blocks[i].rows)
        blocks[lines[start]] = replace(blocks[lines[start]], rows=rows)
        for i in reversed(lines[start + 1 : end]):
            del blocks[i]


def _letters(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalpha())


def _goes_on(walk: Walk) -> bool:
    row = walk.rows[walk.at]
    if is_heading_row(row) or opens_basis(row.text):
        return False
    if is_title(row.text) and is_issued_with(walk, walk.at):
        return False
    return any(walk.signal(i) in FORM for i in range(walk.at, walk.at + _TITLE_ROWS))


def _add_title_line(walk: Walk, row: Row, signal: Signal) -> None:
    """'CHÍNH PHỦ CỘNG HÒA XÃ HỘI ...' is the issuing body, then the national title."""
    first, end = title_bounds(row, signal)
    if first:
        left, row = row.split(first)
        walk.add("co_quan" if left.text.isupper() and len(left.text) > 1 else "speck", left)
    tail = None
    if end - first < len(row.tokens):
        row, tail = row.split(end - first)
    walk.add(signal, row)
    if tail is not None:
        walk.add("speck" if not any(char.isalpha() for char in tail.text) else "doan", tail)


def _with_date(row: Row) -> tuple[Row, Row] | None:
    """'Số: 5/NQ-CP Hà Nội, ngày ...' in its two parts, if it has them."""
    place = date_place(row.text)
    count = 0 if place is None else len(row.text[:place].split())
    return row.split(count) if 0 < count < len(row.tokens) else None


def _read_title(walk: Walk, signal: Signal, start: int) -> None:
    row = walk.rows[walk.at]
    numbered = any(
        walk.signals[i] == "so_ky_hieu" and not is_placeholder(walk.rows[i].text) for i in range(start, walk.at)
    )
    first = not any(block.kind in ("loai_van_ban", "van_ban") for block in walk.blocks)
    if signal != "loai_van_ban" or is_issued_with(walk, walk.at) or not (first or numbered):
        _read_subject(walk, "phu_luc", row)
    else:
        walk.add("loai_van_ban" if first else "van_ban", row)
        walk.at += 1
        if walk.has_more and _is_subject(walk, walk.at, row, 0):
            _read_subject(walk, "trich_yeu", walk.rows[walk.at])
    while walk.signal(walk.at) == "kem_theo":
        _read_issued(walk)


def _read_subject(walk: Walk, kind: str, row: Row) -> None:
    """A title or subject of several centred rows."""
    walk.add(kind, row)
    walk.at += 1
    count = 0 if kind == "phu_luc" else 1
    while walk.has_more and _is_subject(walk, walk.at, walk.rows[walk.at - 1], count):
        walk.extend(walk.rows[walk.at])
        walk.at += 1
        count += 1


def _is_subject(walk: Walk, index: int, before: Row, count: int) -> bool:
    row, signal = walk.rows[index], walk.signals[index]
    if count > _TITLE_ROWS or is_heading_row(row):
        return False
    if ends_open(before.text):
        return True
    if read_marker(row.text) is not None or signal not in (None, "trich_yeu", "chu_ky", "loai_van_ban"):
        return False
    if row.text[0].islower():
        return True
    if is_title(row.text):
        return count == 0 or (is_title(before.text) and row.gap == "none")
    if count == 0 or (is_title(before.text) and is_bare_title(before.text)):
        return not row.ruled and not opens_basis(row.text, sure=True)
    if is_title(before.text):
        return False
    return row.gap == "none" and not row.ruled and not opens_basis(row.text) and before.text[-1] not in ".:!?"


def _read_issued(walk: Walk) -> None:
    """'(Ban hành kèm theo Quyết định số ... ngày ...)' to its closing bracket."""
    walk.add("kem_theo", walk.rows[walk.at])
    walk.at += 1
    while walk.has_more and ")" not in walk.rows[walk.at - 1].text and len(walk.blocks[-1].rows) < _ISSUED_ROWS:
        if walk.signals[walk.at] or read_marker(walk.rows[walk.at].text):
            return
        walk.extend(walk.rows[walk.at])
        walk.at += 1


def read_preamble(walk: Walk) -> None:
    """The issuing body again, legal bases, the words of enactment."""
    order = _order_ahead(walk)
    if order is not None:
        _read_bases(walk, walk.at, order, certain=True)
        walk.add("lenh_ban_hanh", walk.rows[order])
        walk.at = order + 1
        return
    bases = _bases_ahead(walk)
    if bases is not None:
        walk.blocks += join_rows(walk.rows[walk.at : bases], walk.setting)
        walk.at = bases
    if walk.has_more and walk.rows[walk.at].text.isupper() and _has_bases(walk, walk.at + 1):
        walk.add("co_quan", walk.rows[walk.at])
        walk.at += 1
    while _has_bases(walk, walk.at):
        start = walk.at
        walk.at += 1
        while walk.has_more and not _basis_ends(walk, walk.at):
            walk.at += 1
        _read_bases(walk, start, walk.at, certain=False)


def _order_ahead(walk: Walk) -> int | None:
    """The row 'QUYẾT NGHỊ:' where nothing but a preamble stands before it."""
    for index in range(walk.at, min(walk.at + _PREAMBLE_ROWS, len(walk.rows))):
        if walk.signals[index] == "lenh_ban_hanh":
            return index
        if is_heading_row(walk.rows[index]) or walk.signals[index] in ("quoc_hieu", "phu_luc", "mau", "noi_nhan"):
            return None
    return None


def _bases_ahead(walk: Walk) -> int | None:
    """Where bases begin below the paragraphs that open a consolidated text ('... được sửa đổi, bổ sung bởi:')."""
    if not walk.blocks or walk.blocks[-1].kind not in ("loai_van_ban", "trich_yeu") or _has_bases(walk, walk.at):
        return None
    for index in range(walk.at, min(walk.at + _PREAMBLE_ROWS, len(walk.rows))):
        row = walk.rows[index]
        if is_heading_row(row) or walk.signals[index] in ("quoc_hieu", "phu_luc", "mau", "noi_nhan", "kinh_gui"):
            return None
        before = walk.rows[index - 1].text
        if index > walk.at and opens_basis(row.text, sure=True) and ends_sentence(before):
            return index
        if before.isupper() and _has_bases(walk, index):
            return None
    return None


def _read_bases(walk: Walk, start: int, end: int, certain: bool) -> None:
    """Legal bases with their wrapped rows; a sentence that leads in to the body is a paragraph of the body."""
    for block in join_rows(walk.rows[start:end], walk.setting):
        text = block.text
        kind = None
        if text.isupper() and certain:
            kind = "co_quan"
        elif not text.endswith(":") and (opens_basis(text) or (certain and text.endswith((";", ",")))):
            kind = "can_cu"
        walk.blocks.append(replace(block, kind=kind, marker=None))


def _has_bases(walk: Walk, index: int) -> bool:
    return index < len(walk.rows) and opens_basis(walk.rows[index].text)


def _basis_ends(walk: Walk, index: int) -> bool:
    row, before = walk.rows[index], walk.rows[index - 1].text
    if walk.signals[index] in ("lenh_ban_hanh", "noi_nhan", "phu_luc", "quoc_hieu") or is_heading_row(row):
        return True
    if before.endswith((";", ":")) or (opens_basis(row.text) and not ends_open(before)):
        return True
    if before.endswith((",", ".")) and row.gap == "blank" and row.text[0].isupper():
        return True
    return before.endswith(".") and row.text[0].isupper()
