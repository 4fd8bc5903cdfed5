"""A walk and a row in; out whether a letterhead, or the title of an annex, of a form or of what is attached, starts."""

from pipeline.structure.markers import is_title
from pipeline.structure.paragraphs import END_SIGN
from pipeline.structure.signals import Signal, is_authentication, is_heading_row, is_name
from pipeline.structure.walk import Walk

LOOK_AHEAD = 14
FORM: frozenset[Signal] = frozenset({"quoc_hieu", "tieu_ngu", "so_ky_hieu", "dia_danh_ngay", "loai_van_ban", "phu_luc"})
_COLUMN_ROWS = 4
_ISSUED_WITHIN = 9
_FORM_WITHIN = 6


def opens_document(walk: Walk, index: int, closed: bool) -> bool:
    """Does a document start at this row? `closed`: the one before was signed off."""
    row, signal = walk.rows[index], walk.signals[index]
    if signal in ("quoc_hieu", "phu_luc"):
        return True
    if signal == "mau":
        return _heads_form(walk, index)
    if signal == "loai_van_ban":
        return closed or is_issued_with(walk, index)
    if is_heading_row(row) or not (is_title(row.text) or _is_short_name(row.text) or signal == "so_ky_hieu"):
        return False
    if not closed:
        return is_issued_with(walk, index) or _authenticates(walk, index)
    if signal in ("chu_ky", "noi_nhan"):
        return _heads_column(walk, index)
    return any(walk.signal(i) in FORM or walk.signal(i) == "mau" for i in range(index, index + LOOK_AHEAD))


def is_issued_with(walk: Walk, index: int) -> bool:
    """Is this the title of something issued with the document: nothing but title to '(Ban hành kèm theo ...)'?"""
    is_typed = walk.signals[index] == "loai_van_ban"
    for i in range(index + 1, min(index + _ISSUED_WITHIN, len(walk.rows))):
        if walk.signals[i] == "kem_theo":
            return True
        if is_heading_row(walk.rows[i]) or walk.signals[i] == "loai_van_ban":
            return False
        if not is_typed and not is_title(walk.rows[i].text):
            return False
    return False


def _is_short_name(text: str) -> bool:
    """'BỘ Y TẾ'"""
    return " " in text and text.isupper() and text.replace(" ", "").isalpha()


def _authenticates(walk: Walk, index: int) -> bool:
    """After './.' the number and the words 'XÁC THỰC VĂN BẢN HỢP NHẤT' come: the letterhead of a consolidated text."""
    if index == 0 or not walk.rows[index - 1].text.endswith(END_SIGN):
        return False
    return any(is_authentication(row.text) for row in walk.rows[index : index + _FORM_WITHIN])


def _heads_form(walk: Walk, index: int) -> bool:
    """'Mẫu số 02' above a form; not in a list of forms, where small letters follow."""
    below = range(index + 1, min(index + 1 + _FORM_WITHIN, len(walk.rows)))
    return any(walk.signals[i] in FORM or is_title(walk.rows[i].text) for i in below)


def _heads_column(walk: Walk, index: int) -> bool:
    """Does the issuing body of a new letterhead stand here? No name follows, but a number or the national title."""
    for i in range(index + 1, min(index + _COLUMN_ROWS, len(walk.rows))):
        if walk.signals[i] in ("quoc_hieu", "so_ky_hieu"):
            return True
        if is_name(walk.rows[i].text):
            return False
    return False
