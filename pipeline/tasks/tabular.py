"""Provisions in; those that are cells of a task table which came as mere text, and order nothing alone, out."""

import re
from collections import deque
from collections.abc import Sequence

from pipeline.document import Provision
from pipeline.folding import fold

_HEADINGS = {
    "number": r"s?tt",
    "task": r"(?:ten )?(?:noi dung|nhiem vu|cong viec|hoat dong|van ban|de an|chi tieu)(?: cong viec| cu the)?",
    "lead": r"(?:co quan |don vi )?(?:chu tri|thuc hien)",
    "coordinating": r"(?:co quan |don vi )?phoi hop",
    "time": r"(?:thoi (?:gian|han)|tien do)(?: hoan thanh| thuc hien| trinh| ban hanh)*",
    "product": r"(?:san pham|ket qua|cap trinh|hinh thuc)(?: du kien| dau ra)?",
}
_PATTERNS = {kind: re.compile(rf"(?<![^\W_]){pattern}(?![^\W_])") for kind, pattern in _HEADINGS.items()}
_BETWEEN = re.compile(
    r"co quan|don vi|giai phap|cap|trinh|ban hanh|du kien|theo doi|ghi chu|va|muc tieu|hoan thanh|van ban|nam|cu the"
    r"|thuc hien|nhiem vu"
)
_LONGEST = 25
_TOGETHER = 8
_FEWEST = 3


def cells_of_tables(provisions: Sequence[Provision]) -> set[str]:
    """All that follows a line or lines of headings ('TT', 'Nhiệm vụ', 'Cơ quan chủ trì') in that annex or article.

    Where a paragraph holds rows with them, that paragraph alone.

    Tables that came as such are left aside.
    """
    found: set[str] = set()
    recent: dict[str, deque[frozenset[str]]] = {}
    inside: set[str] = set()
    for provision in provisions:
        if provision.kind in ("bang", "hang"):
            continue
        if _opens_table(provision.text):
            found.add(provision.id)
            continue
        part = provision.id.split("/", 1)[0]
        if part in inside:
            found.add(provision.id)
            continue
        lately = recent.setdefault(part, deque(maxlen=_TOGETHER))
        lately.append(_headings(provision.text))
        kinds = frozenset().union(*lately)
        if len(kinds) >= _FEWEST and kinds & {"lead", "coordinating"} and lately[-1]:
            inside.add(part)
            found.add(provision.id)
    return found


def _opens_table(text: str) -> bool:
    """Does it open with headings, the number's first, and go on with other words?"""
    words = fold(text).split()
    opening = " ".join(words[:_LONGEST])
    if len(words) <= _LONGEST or not _PATTERNS["number"].match(opening):
        return False
    kinds = {kind for kind, pattern in _PATTERNS.items() if pattern.search(opening)}
    return len(kinds) >= _FEWEST and bool(kinds & {"lead", "coordinating"})


def _headings(text: str) -> frozenset[str]:
    """The kinds of headings in a text of headings alone."""
    plain = fold(text)
    if len(plain.split()) > _LONGEST or text.rstrip().endswith((".", ";", ":")):
        return frozenset()
    kinds = frozenset(kind for kind, pattern in _PATTERNS.items() if pattern.search(plain))
    for pattern in (*_PATTERNS.values(), _BETWEEN):
        plain = pattern.sub(" ", plain)
    return kinds if len(plain.split()) <= len(kinds) else frozenset()
