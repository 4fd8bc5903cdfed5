"""Text and the day the document was issued in; the time limits stated in it out."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pipeline.document import Deadline
from pipeline.folding import fold

Kind = Literal["by", "within", "recurring"]
Precision = Literal["day", "month", "quarter", "year", "none"]

_QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
_BY = r"(?P<by>truoc|den het|den|cham nhat(?: la)?(?: vao)?|muon nhat(?: vao)?|khong muon hon|khong qua|xong truoc)"
_DAY = r"(?:ngay )?(?P<d>\d{1,2})(?:\s?[/.-]\s?| thang )(?P<m>\d{1,2})(?:(?:\s?[/.-]\s?|,? nam )(?P<y>\d{4}))?"
_QUARTER = r"quy (?P<q>iv|iii|ii|i|[1-4])(?![^\W_])(?:(?:\s?/\s?|,? nam )(?P<y>\d{4}))?"
_MONTH = r"thang (?P<m>\d{1,2})(?:\s?/\s?|,? nam )(?P<y>\d{4})"
_YEAR = r"nam (?P<y>\d{4})(?!\d)"
_AFTER_ISSUE = r"(?:ngay )?(?:ky|ban hanh|co hieu luc|nghi quyet nay|quyet dinh nay|van ban nay|chi thi nay)"


@dataclass(frozen=True, slots=True)
class _Found:
    kind: Kind
    start: date | None
    end: date | None
    precision: Precision


_Reader = Callable[[re.Match[str], date | None], _Found | None]


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _day(match: re.Match[str], issued: date | None) -> _Found | None:
    month, day = int(match["m"]), int(match["d"])
    if match["y"]:
        return _Found("by", None, date(int(match["y"]), month, day), "day")
    if issued is None:
        return _Found("by", None, None, "none")
    due = date(issued.year, month, day)
    return _Found("by", None, due if due >= issued else date(issued.year + 1, month, day), "day")


def _quarter(match: re.Match[str], issued: date | None) -> _Found | None:
    year = int(match["y"]) if match["y"] else issued.year if issued else None
    if year is None:
        return None
    first = 3 * _QUARTERS[match["q"]] - 2
    start, end = date(year, first, 1), _end_of_month(year, first + 2)
    if match["by"] and match["by"].endswith("truoc"):
        return _Found("by", None, start - timedelta(days=1), "quarter")
    return _Found("by", None, end, "quarter") if match["by"] else _Found("within", start, end, "quarter")


def _month(match: re.Match[str], issued: date | None) -> _Found | None:
    year, month = int(match["y"]), int(match["m"])
    start, end = date(year, month, 1), _end_of_month(year, month)
    if match["by"] and match["by"].endswith("truoc"):
        return _Found("by", None, start - timedelta(days=1), "month")
    return _Found("by", None, end, "month") if match["by"] else _Found("within", start, end, "month")


def _year(match: re.Match[str], issued: date | None) -> _Found | None:
    year = int(match["y"])
    if match["by"]:
        return _Found("by", None, date(year - match["by"].endswith("truoc"), 12, 31), "year")
    return _Found("within", date(year, 1, 1), date(year, 12, 31), "year")


def _span_of_years(match: re.Match[str], issued: date | None) -> _Found | None:
    first, last = int(match["y"]), int(match["z"])
    return _Found("within", date(first, 1, 1), date(last, 12, 31), "year") if first <= last else None


def _term(match: re.Match[str], issued: date | None) -> _Found | None:
    if issued is None or not match["issue"]:
        return _Found("within", None, None, "none")
    count = int(match["n"])
    return _Found("within", issued, _later(issued, count, match["unit"]), "day")


def _later(start: date, count: int, unit: str) -> date:
    if unit.startswith("ngay lam viec"):
        weeks, days = divmod(count, 5)
        end = start + timedelta(weeks=weeks)
        while days:
            end += timedelta(days=1)
            days -= end.weekday() < 5
        return end
    if unit.startswith(("ngay", "tuan")):
        return start + timedelta(days=count * (7 if unit == "tuan" else 1))
    months = start.month - 1 + count * (12 if unit == "nam" else 1)
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _recurring(match: re.Match[str], issued: date | None) -> _Found | None:
    return _Found("recurring", None, None, "none")


_PATTERNS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(rf"(?<![^\W_]){pattern}(?![^\W_])"), reader)
    for pattern, reader in (
        (rf"(?:{_BY} )?ngay \d{{1,2}}(?: thang |/)\d{{1,2}} hang nam", _recurring),
        (rf"{_BY} {_DAY}", _day),
        (
            r"(?:trong )?(?:vong|thoi han|thoi gian)(?: toi da| khong qua)? (?P<n>\d{1,3})(?: \([^)]{1,20}\))?"
            r" (?P<unit>ngay lam viec|ngay|tuan|thang|nam)(?:,? (?:ke )?tu (?:khi |ngay )?(?P<issue>"
            + _AFTER_ISSUE
            + r")?)?",
            _term,
        ),
        (rf"(?:{_BY} )?(?:het )?(?:trong )?{_QUARTER}", _quarter),
        (rf"(?:{_BY} |trong )(?:het )?{_MONTH}", _month),
        (rf"(?P<by>xong truoc|hoan thanh truoc|truoc|cham nhat|den het) {_YEAR}", _year),
        (rf"(?P<by>)trong {_YEAR}", _year),
        (rf"(?P<by>den) {_YEAR}", _year),
        (r"(?:trong )?giai doan (?:tu nam )?(?P<y>\d{4})(?:\s?[-–]\s?| den (?:nam )?)(?P<z>\d{4})", _span_of_years),
        (
            r"(?:dinh ky )?(?:\d{1,2} thang,? )?hang (?:nam|quy|thang|tuan)|dinh ky(?: \d{1,2} thang)?(?: mot lan)?",
            _recurring,
        ),
    )
)
_NO_LIMIT_AFTER = re.compile(r"\s*,? (?:va )?(?:tam nhin|dinh huong|tro thanh)")
_DUE_THEN = re.compile(r",? (?:phai |co ban )?(?:hoan thanh|xong|dat|bao dam|dam bao)")
_NAMES_A_PLAN = re.compile(
    r"phu hop voi [^;.]*$"
    r"|(?:ke hoach|chuong trinh|quy hoach|chien luoc|de an|du an|dinh huong|muc tieu|tam nhin)(?! (?:va dau tu|nay))"
    r"(?![^\W_])(?!.*\b(?:hoan thanh|xong|ban hanh|phe duyet|trinh|bao dam|dam bao|phan dau|thuc hien))[^,;:.]*$"
)
_INSIDE_A_TITLE = re.compile(r"(?:-(?:nq|qd|kl|ct|nd)|/(?:nq|qd|nd|ct|kl)|/t[wu]|/qh\d*)[^;.:]{0,260}\bve\b[^;.:]*$")


def find_deadlines(text: str, offset: int, issued: date | None) -> Iterator[Deadline]:
    """The most exact kind of limit first; not the years in the titles of cited documents."""
    plain = fold(text)
    taken: list[tuple[int, int]] = []
    for pattern, reader in _PATTERNS:
        for match in pattern.finditer(plain):
            start, end = match.span()
            is_other_word = plain.startswith("trong", start) and not text[start:end].lower().startswith("trong")
            if (
                is_other_word
                or any(a < end and start < b for a, b in taken)
                or _in_title(plain, start, end, reader is _year)
                or (reader in (_year, _span_of_years) and not _is_firm(match) and _is_of_a_plan(plain, start, end))
            ):
                continue
            try:
                found = reader(match, issued)
            except ValueError:
                continue
            if found:
                taken.append((start, end))
                span = (start + offset, end + offset)
                yield Deadline(text[start:end], found.kind, found.start, found.end, found.precision, span)


def _is_firm(match: re.Match[str]) -> bool:
    """'trước năm 2030', 'xong trước': a limit wherever it stands, while 'đến năm 2030' may be part of a name."""
    return match.re.groupindex.get("by") is not None and bool(match["by"]) and match["by"] != "den"


def _is_of_a_plan(plain: str, start: int, end: int) -> bool:
    """'lập quy hoạch sử dụng đất đến năm 2030': the years that a plan is for, not those it must be ready by."""
    return not _DUE_THEN.match(plain, end) and bool(_NAMES_A_PLAN.search(plain[max(0, start - 160) : start]))


def _in_title(plain: str, start: int, end: int, is_year: bool) -> bool:
    """'... về nghề gốm đến năm 2025, tầm nhìn đến năm 2035' names a document, it sets no limit."""
    if (is_year and _NO_LIMIT_AFTER.match(plain, end)) or plain[max(0, start - 10) : start].rstrip().endswith(
        "tam nhin"
    ):
        return True
    before = plain[max(0, start - 300) : start]
    return before.count("“") > before.count("”") or bool(_INSIDE_A_TITLE.search(before))
