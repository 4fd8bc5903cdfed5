"""The heading of a table's column, or the label of a field, in; what stands under it out."""

import re
from typing import Literal

from rapidfuzz import fuzz, process

from pipeline.folding import fold

Column = Literal["number", "task", "lead", "coordinating", "both", "time", "product", "note"]

LONGEST_HEADING = 8
"""In syllables: longer ones are text, whatever they open with."""

_WHO = r"(?:(?:bo|nganh|co quan|don vi|to chuc|ban|so|dia phuong|nguoi|ca nhan|phong|vu|cuc)[\s,/]*(?:va |hoac )?)*"
_COLUMNS: tuple[tuple[Column, str], ...] = (
    ("number", r"(?:so )?(?:tt|stt|thu tu|so tt|so thu tu)\W*"),
    ("note", r"ghi chu.*"),
    ("both", r".*chu tri.*phoi hop.*"),
    ("coordinating", rf"{_WHO}(?:cung )?(?:phoi hop|tham gia).*"),
    (
        "time",
        r"(?:(?:du kien |thoi )?(?:thoi (?:han|gian|diem|hang)|tien do|han|lo trinh|ngay|nam|moc thoi gian)(?:[\s,/]"
        r"|$)).*",
    ),
    (
        "product",
        r"(?:du kien )?(?:san pham|ket qua|dau ra|hinh thuc van ban|muc tieu can dat|chi tieu|san pham dau ra).*",
    ),
    (
        "lead",
        rf"{_WHO}(?:chu tri|chiu trach nhiem|thuc hien|dau moi|duoc giao|chu quan|tham muu|soan thao|phu trach"
        rf"|trinh).*",
    ),
    ("lead", r"(?:phan cong|trach nhiem)(?: thuc hien| nhiem vu)?|co quan|don vi|bo, nganh|bo,? co quan"),
    (
        "task",
        r"(?:ten |danh muc |cac |nhom |noi dung,? ?)*(?:nhiem vu|noi dung|cong viec|hoat dong|giai phap|de an|van ban"
        r"|chuong trinh"
        r"|du an|ke hoach|viec).*",
    ),
)
_USUAL: dict[str, Column] = {
    "noi dung nhiem vu": "task",
    "noi dung cong viec": "task",
    "nhiem vu": "task",
    "noi dung": "task",
    "cong viec": "task",
    "co quan chu tri": "lead",
    "don vi chu tri": "lead",
    "co quan thuc hien": "lead",
    "don vi thuc hien": "lead",
    "co quan phoi hop": "coordinating",
    "don vi phoi hop": "coordinating",
    "thoi gian hoan thanh": "time",
    "thoi gian thuc hien": "time",
    "thoi han hoan thanh": "time",
    "thoi gian": "time",
    "thoi han": "time",
    "tien do": "time",
    "san pham": "product",
    "ket qua": "product",
    "ghi chu": "note",
}
_LIKE = 80.0
"""Likeness, of 100, from which a heading as read is a usual one."""
_PERIOD = re.compile(r"nam \d{4}(?:\W+\d{4})?")
_PATTERNS = tuple((column, re.compile(pattern)) for column, pattern in _COLUMNS)


def column_of(heading: str) -> Column | None:
    """'Thời gian hoàn thành' -> time; None where the words tell nothing.

    'Tổ chức thực hiện' is a title; under 'Năm 2030' stand amounts.
    """
    words = " ".join(fold(heading).replace("\n", " ").split()).strip(" .:()*")
    if words == "to chuc thuc hien" or _PERIOD.fullmatch(words):
        return None
    return next((column for column, pattern in _PATTERNS if pattern.fullmatch(words)), None)


def column_as_read(heading: str) -> Column | None:
    """The same of a heading that an OCR engine may have misread: 'Théi han' -> time."""
    words = " ".join(fold(heading).split())
    if column := column_of(heading):
        return column
    found = process.extractOne(words, list(_USUAL), scorer=fuzz.ratio, score_cutoff=_LIKE)
    return _USUAL[found[0]] if found else None
