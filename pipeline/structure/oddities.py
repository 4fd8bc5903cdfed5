"""The provisions and what was set aside in; notices out of what is odd about the document as a whole."""

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.document import Notice, Provision, Source, Uncovered
from pipeline.folding import fold

_FORM = frozenset({"quoc_hieu", "so_ky_hieu", "loai_van_ban"})
_DIVISIONS = frozenset({"phan", "chuong", "muc", "tieu_muc", "dieu", "khoan", "diem", "gach_dau_dong"})
_TABLE_HEAD = re.compile(r"(?:stt|tt|so tt|so thu tu)\b(?!\s*[.:])")
_HEADING = re.compile(r"chu tri|phoi hop|thoi (?:han|gian)|nhiem vu|noi dung|san pham")
_LONGEST_HEAD = 120
_LEAST_HEADINGS = 3
_SHOWN = 5


def oddities(provisions: tuple[Provision, ...]) -> Iterator[Notice]:
    """No text, no letterhead, no outline, more than one document, or tables that came as lines of text."""
    kinds = {provision.kind for provision in provisions}
    if not provisions:
        yield Notice("empty_text", "The document has no text.")
        return
    if not kinds & _FORM:
        yield Notice("no_letterhead", "No national title, number or document type was found.")
    if not kinds & _DIVISIONS:
        yield Notice("no_outline", "No numbered or bulleted provision was found.")
    if "van_ban" in kinds:
        yield Notice("several_documents", "The file holds more than one document; metadata is that of the first.")
    tables = [provision.id for provision in provisions if _heads_table(provision)]
    if tables:
        more = f" and {len(tables) - _SHOWN} more" if len(tables) > _SHOWN else ""
        places = ", ".join(tables[:_SHOWN]) + more
        yield Notice(
            "table_as_text", f"Tables came as lines of text, their cells are paragraphs; they begin at {places}."
        )


def _heads_table(provision: Provision) -> bool:
    """Does it open with 'TT', and is it short, or other headings with it? The rows may be one paragraph with them."""
    plain = fold(provision.text)
    if provision.kind != "doan" or not _TABLE_HEAD.match(plain):
        return False
    return len(plain) < _LONGEST_HEAD or len(set(_HEADING.findall(plain[:_LONGEST_HEAD]))) >= _LEAST_HEADINGS


def pages_out_of_order(source: Source, uncovered: tuple[Uncovered, ...]) -> Iterator[Notice]:
    """The printed page numbers go back, other than to begin anew."""
    printed = [source.raw[slice(*item.span)] for item in uncovered if item.reason == "page_number"]
    numbers = [int(match.group()) for text in printed if (match := re.search(r"\d+", text))]
    steps = [f"{after} after {before}" for before, after in pairwise(numbers) if 2 < after < before]
    if steps:
        yield Notice("pages_out_of_order", f"Page numbers as printed: {'; '.join(steps[:_SHOWN])}.")
