"""The lines of a letterhead's left column in; the names of bodies out: the one above and the one that issues."""

import re
from collections.abc import Sequence

from pipeline.folding import fold
from pipeline.structure.paragraphs import ends_open

_HEADS = (
    "bo tu lenh", "bo chi huy", "bo", "so", "tong cuc", "cuc", "chi cuc", "hat", "uy ban nhan dan", "uy ban",
    "van phong", "ban", "vien kiem sat", "vien", "truong", "trung tam", "hoi dong nhan dan", "hoi dong", "hoi",
    "tong lien doan", "lien doan", "lien hiep", "cong doan", "tong cong ty", "cong ty", "tap doan", "phong",
    "quoc hoi", "chinh phu", "thu tuong", "chu tich", "toa an", "kiem toan", "ngan hang", "thanh tra", "bao hiem",
    "kho bac", "dai hoc", "hoc vien", "benh vien", "tinh uy", "thanh uy", "huyen uy", "quan uy", "dang uy", "dang bo",
    "dang doan", "mat tran", "cong an", "quan khu", "doan", "chi nhanh", "dai", "quy", "thuong truc", "to",
)  # fmt: skip
_HEAD = re.compile(rf"(?:{'|'.join(sorted(_HEADS, key=len, reverse=True))})(?= \w)")
_GOES_ON = re.compile(
    r"(?:van phong|ban chap hanh|ban thuong vu|hoi dong|ban chi dao|ban quan ly|doan dai bieu quoc hoi)"
)


def body_starts(lines: Sequence[str]) -> list[int]:
    """The lines at which a name begins: 'BỘ Y TẾ', 'CỤC DÂN SỐ' -> [0, 1]; 'ỦY BAN NHÂN DÂN', 'TỈNH LÀO CAI' -> [0]."""
    starts = [0]
    for index in range(1, len(lines)):
        so_far = fold(" ".join(lines[starts[-1] : index]))
        if _HEAD.match(fold(lines[index])) and not ends_open(lines[index - 1]) and not _GOES_ON.fullmatch(so_far):
            starts.append(index)
    return starts


def issues_below(names: Sequence[str]) -> bool:
    """Does the last body issue below the others? Bodies of one kind ('BỘ Y TẾ', 'BỘ TÀI CHÍNH') issue together."""
    return len(names) > 1 and _kind(names[-1]) not in [_kind(name) for name in names[:-1]]


def _kind(line: str) -> str:
    match = _HEAD.match(fold(line) + " x")
    return match.group() if match else line
