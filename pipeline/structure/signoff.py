"""A walk that has come to the sign-off in; recipients and signature out, in either order, side by side or in turns."""

import re

from pipeline.folding import fold
from pipeline.structure.lines import BULLETS, Row
from pipeline.structure.markers import read_marker
from pipeline.structure.openings import opens_document
from pipeline.structure.paragraphs import Block, ends_open, ends_sentence
from pipeline.structure.signals import is_heading_row, is_name, is_sign_off
from pipeline.structure.walk import Walk

_SIGNED = re.compile(r"[(\[]?\s?(?:da ky|daky|ky ten|ky, .{3,40})\s?[)\]]?")
_LONGEST_SIGNATURE = 6
_SIGNATURE_WORDS = 8
_SHORT = 8
_SHORTEST_TITLE = 6
_NAME_WORDS = (5, 4, 3, 2)


def read_sign_off(walk: Walk) -> None:
    """Reads on to the first row that is neither a recipient nor a part of the signature.

    A signature is one block, whatever recipients were read between its lines.
    """
    place: str | None = None
    has_recipients, signature = False, -1
    while walk.has_more:
        row, signal = walk.rows[walk.at], walk.signals[walk.at]
        if opens_document(walk, walk.at, True) or is_heading_row(row):
            return
        is_open = signature >= 0 and not is_name(walk.blocks[signature].rows[-1].text)
        recipient, signed = (None, row) if signal == "chu_ky" else _columns(row, is_open)
        if recipient is not None and _is_signature(walk, row):
            recipient, signed = None, row
        if recipient is not None and signal == "noi_nhan":
            place, has_recipients = "noi_nhan", True
            walk.add(place, recipient)
        elif recipient is not None and has_recipients and recipient.tokens[0].text[0] in BULLETS:
            place = "gach_dau_dong"
            walk.blocks.append(Block((recipient,), None, read_marker(recipient.text)))
        elif recipient is not None and place == "chu_ky" and _goes_on(recipient, walk.blocks[signature]):
            walk.extend(recipient, signature)
        elif recipient is not None and place == "gach_dau_dong" and _wraps(walk, recipient):
            walk.extend(recipient)
        elif recipient is not None:
            return
        if signed is not None:
            place = "chu_ky"
            if is_open or (signature >= 0 and signal != "chu_ky"):
                walk.extend(signed, signature)
            else:
                walk.add(place, signed)
                signature = len(walk.blocks) - 1
        walk.at += 1


def _is_signature(walk: Walk, row: Row) -> bool:
    """A name after a recipient that is complete, or '(Đã ký)'."""
    return bool(_SIGNED.fullmatch(fold(row.text))) or (is_name(row.text) and ends_sentence(walk.rows[walk.at - 1].text))


def _goes_on(row: Row, signature: Block) -> bool:
    text = row.text
    is_short = len(row.tokens) <= _SHORT and not ends_sentence(text)
    return (
        is_name(text)
        or text.isupper()
        or text.startswith(("(", "["))
        or (is_short and len(signature.rows) < _LONGEST_SIGNATURE)
    )


def _wraps(walk: Walk, row: Row) -> bool:
    """Is this the rest of a recipient that takes more than one line?"""
    before = walk.rows[walk.at - 1].text
    return row.gap == "none" or ends_open(before) or (row.text[0].islower() and not ends_sentence(before))


def _columns(row: Row, is_signed: bool) -> tuple[Row | None, Row | None]:
    """(recipient, signature) of a line that may hold both: '- Ban Bí thư; THỦ TƯỚNG', '- Lưu: VT. Trần Văn An'."""
    for first in range(max(0, len(row.tokens) - _SIGNATURE_WORDS), len(row.tokens)):
        tail = " ".join(token.text for token in row.tokens[first:])
        if is_signed and first and _SIGNED.fullmatch(fold(tail)):
            return row.split(first)
        if len(tail) < _SHORTEST_TITLE or not tail.isupper():
            continue
        before = row.tokens[first - 1].text[-1] if first else ""
        if is_sign_off(fold(tail)) and (not first or before in ";.:,)"):
            return row.split(first) if first else (None, row)
        if is_signed and before and before in ";)" and " " in tail and tail[-1].isalpha():
            return row.split(first)
    for count in _NAME_WORDS if is_signed else ():
        first = len(row.tokens) - count
        if first > 0 and row.tokens[first - 1].text[-1] in ";.)":
            if is_name(" ".join(token.text for token in row.tokens[first:])):
                return row.split(first)
    return row, None
