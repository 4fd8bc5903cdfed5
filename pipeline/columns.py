"""The heading of a table's column, or the label of a field, in; what stands under it out."""

import re
from typing import Literal

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
