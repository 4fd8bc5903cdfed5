"""Text and the day the document was issued in; the time limits stated in it out."""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pipeline.document import Deadline
from pipeline.folding import fold

Kind = Literal["by", "within", "recurring"]
Precision = Literal["day", "month", "quarter", "year", "none"]
_EXACTNESS: tuple[Precision, ...] = ("day", "month", "quarter", "year", "none")


@dataclass(frozen=True, slots=True)
class _Time:
    """What an expression of time covers, both days included."""

    start: date
    end: date
    precision: Precision


@dataclass(frozen=True, slots=True)
class _Limit:
    kind: Kind
    start: date | None
    end: date | None
    precision: Precision


_Match = re.Match[str]
_Reader = Callable[[_Match, date | None], _Limit | None]

_QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
_QUARTER_NAME = r"(?:iv|iii|ii|i|[1-4])(?![^\W_])"
_IN_YEAR = r"(?:\s?[/-]\s?|,? (?:cua )?nam )"
_BEFORE = r"(?:cham nhat (?:la )?truoc|truoc)(?: het)?(?: \d{1,2}(?:h|g| gio)\d{0,2},?)?"
_UNTIL = (
    r"(?:cham nhat(?: la)?(?: vao| den| trong)?(?: het)?|muon nhat(?: la)?(?: vao| den| trong)?|khong muon hon"
    r"|khong qua|cho den|den het|den|toi|het)"
)
_WITHIN = r"(?:trong|vao|ngay trong)"
_DAY = r"(?:ngay )?(?P<d>\d{1,2})(?:\s?[/.-]\s?| thang )(?P<m>\d{1,2})(?:(?:\s?[/.-]\s?|,? nam )(?P<y>\d{4}))?(?![\d/])"
_MONTH = rf"thang (?P<m>\d{{1,2}}){_IN_YEAR}(?P<y>\d{{4}})"
_QUARTER = rf"quy (?P<q>{_QUARTER_NAME})(?:{_IN_YEAR}(?P<y>\d{{4}}))?"
_MONTHS = r"(?P<n>0?[369]) thang (?P<part>dau|cuoi)(?: (?:cua )?nam(?: (?P<y>\d{4}))?)?"
_PART = r"(?P<part>dau|giua|cuoi) nam(?: (?P<y>\d{4}))?"
_YEAR = r"(?:het )?nam (?P<y>\d{4})(?!\d)"
_FROM_ISSUE = (
    r"(?:ngay |khi )?(?:ky(?! ket)|ban hanh|(?:nghi quyet|quyet dinh|van ban|chi thi|ke hoach|nghi dinh|thong tu) nay"
    r"(?: duoc ban hanh| duoc ky| co hieu luc(?: thi hanh)?)?)"
)
_EVERY = r"(?:hang|moi)"
_TIMES_OF_YEAR = rf"{_EVERY} (?:nam|quy|thang|tuan|ngay)"


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _months(year: int, first: int, last: int, precision: Precision) -> _Time:
    return _Time(date(year, first, 1), _last_of_month(year, last), precision)


def _year_of(match: _Match, issued: date | None) -> int | None:
    return int(match["y"]) if match["y"] else issued.year if issued else None


def _day(match: _Match, issued: date | None) -> _Time | None:
    """A day without a year is the next such day after the document's own."""
    month, day = int(match["m"]), int(match["d"])
    if match["y"]:
        due = date(int(match["y"]), month, day)
    elif issued is None:
        return None
    else:
        due = date(issued.year, month, day)
        if due < issued:
            due = date(issued.year + 1, month, day)
    return _Time(due, due, "day")


def _month(match: _Match, issued: date | None) -> _Time | None:
    return _months(int(match["y"]), int(match["m"]), int(match["m"]), "month")


def _quarter(match: _Match, issued: date | None) -> _Time | None:
    year, first = _year_of(match, issued), 3 * _QUARTERS[match["q"]] - 2
    return _months(year, first, first + 2, "quarter") if year else None


def _some_months(match: _Match, issued: date | None) -> _Time | None:
    year, count = _year_of(match, issued), int(match["n"])
    if not year:
        return None
    return _months(year, 1, count, "month") if match["part"] == "dau" else _months(year, 13 - count, 12, "month")


def _part_of_year(match: _Match, issued: date | None) -> _Time | None:
    """'cuối năm' and 'đầu năm' are taken for halves of the year, 'giữa năm' for its middle quarters."""
    year = _year_of(match, issued)
    if not year:
        return None
    first, last = {"dau": (1, 6), "giua": (4, 9), "cuoi": (7, 12)}[match["part"]]
    return _months(year, first, last, "year")


def _year(match: _Match, issued: date | None) -> _Time | None:
    return _months(int(match["y"]), 1, 12, "year")


def _limit(read: Callable[[_Match, date | None], _Time | None]) -> _Reader:
    """'trước' a time: until it begins (a day: until that day); 'đến': until it ends; else within it."""

    def reader(match: _Match, issued: date | None) -> _Limit | None:
        time, said = read(match, issued), match.groupdict()
        if time is None:
            return _Limit("by", None, None, "none") if "d" in said else None
        if said.get("before"):
            end = time.end if time.precision == "day" else time.start - timedelta(days=1)
            return _Limit("by", None, end, time.precision)
        if said.get("until") or (time.precision == "day" and not said.get("within")):
            return _Limit("by", None, time.end, time.precision)
        return _Limit("within", time.start, time.end, time.precision)

    return reader


def _years(match: _Match, issued: date | None) -> _Limit | None:
    first, last = int(match["y"]), int(match["z"])
    return _Limit("within", date(first, 1, 1), date(last, 12, 31), "year") if first <= last else None


def _from_now(match: _Match, issued: date | None) -> _Limit | None:
    return _Limit("by", None, date(int(match["y"]), 12, 31), "year")


def _from_to(match: _Match, issued: date | None) -> _Limit | None:
    """'từ ngày 1/3/2026 đến ngày 30/6/2026', 'từ tháng 5 đến tháng 9 năm 2026', 'quý I - quý III/2026'."""
    said = match.groupdict()
    last_year = int(said["y"])
    first_year = int(said["y1"] or last_year)
    precision: Precision = "day" if "d" in said else "month" if "m" in said else "quarter"
    if precision == "quarter":
        first, last = 3 * _QUARTERS[said["q1"]] - 2, 3 * _QUARTERS[said["q"]]
    else:
        first, last = int(said["m1"]), int(said["m"])
    start, end = date(first_year, first, int(said.get("d1") or 1)), _last_of_month(last_year, last)
    if "d" in said:
        end = date(last_year, last, int(said["d"]))
    return _Limit("within", start, end, precision) if start <= end else None


def _term(match: _Match, issued: date | None) -> _Limit | None:
    if issued is None or not match.groupdict().get("issue"):
        return _Limit("within", None, None, "none")
    return _Limit("within", issued, _later(issued, int(match["n"]), match["unit"]), "day")


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
    months = start.month - 1 + count * {"nam": 12, "quy": 3}.get(unit, 1)
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _recurring(match: _Match, issued: date | None) -> _Limit | None:
    return _Limit("recurring", None, None, "none")


_PREFIX = rf"(?:(?P<before>{_BEFORE}) |(?P<until>{_UNTIL}) |(?P<within>{_WITHIN}) )"
_DONE = r"(?:(?<=hoan thanh )|(?<=hoan thanh: )|(?<=thuc hien: )|(?<=thoi han: )|(?<=thoi gian: )|(?<=tien do: ))"
_ON_DAYS = r"(?:vao )?(?:truoc |cham nhat (?:la )?)?(?:vao )?(?:ngay )?\d{1,2}"
_PATTERNS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(rf"(?<![^\W_]){pattern}(?![^\W_])"), reader)
    for pattern, reader in (
        (
            rf"(?:(?:{_BEFORE}|{_UNTIL}|{_WITHIN}) )?(?:ngay )?\d{{1,2}}(?: thang "
            rf"|\s?/\s?)\d{{1,2}},? (?:cua )?{_EVERY} nam"
            rf"|(?:dinh ky )?{_EVERY} nam,? (?:\(?)(?:{_BEFORE}|{_UNTIL}) (?:ngay )?\d{{1,2}}(?: thang "
            rf"|\s?/\s?)\d{{1,2}}"
            r"(?! nam \d)(?!/\d)",
            _recurring,
        ),
        (
            rf"{_ON_DAYS},? (?:cua )?(?:{_EVERY} (?:thang|quy)|thang (?:cuoi|dau)(?: cua)?(?: {_EVERY})? quy)"
            rf"|(?:dinh ky )?{_EVERY} (?:thang|quy),? {_ON_DAYS}(?! thang)(?:,? (?:cua )?thang (?:cuoi|dau) quy)?",
            _recurring,
        ),
        (
            r"(?:trong (?:thoi gian |thoi han )?)?tu (?:ngay )?(?P<d1>\d{1,2})(?:/| thang )(?P<m1>\d{1,2})(?:(?:/"
            r"|,? nam )(?P<y1>\d{4}))? den (?:het )?(?:ngay )?"
            r"(?P<d>\d{1,2})(?:/| thang )(?P<m>\d{1,2})(?:/|,? nam )(?P<y>\d{4})",
            _from_to,
        ),
        (
            r"(?:tu )?thang (?P<m1>\d{1,2})(?:(?:/|,? nam )(?P<y1>\d{4}))?(?: den (?:het )?"
            r"|\s?[-–]\s?)thang (?P<m>\d{1,2})"
            r"(?:/|,? nam )(?P<y>\d{4})",
            _from_to,
        ),
        (
            rf"(?:tu )?quy (?P<q1>{_QUARTER_NAME})(?:{_IN_YEAR}(?P<y1>\d{{4}}))?(?: den (?:het )?|\s?[-–]\s?|,? va |, )"
            rf"(?:quy )?(?P<q>{_QUARTER_NAME}){_IN_YEAR}(?P<y>\d{{4}})",
            _from_to,
        ),
        (rf"{_PREFIX}{_DAY}", _limit(_day)),
        (
            r"(?:trong |cham nhat |khong qua |sau |toi da )?(?:vong |thoi han |thoi gian )?(?:toi da |khong qua "
            r"|cham nhat )?"
            r"(?P<n>\d{1,3})(?: \([^)]{1,20}\))? (?P<unit>ngay lam viec|ngay|tuan|thang|quy|nam)"
            rf"(?:,? (?:ke )?tu (?P<issue>{_FROM_ISSUE})|(?=,? (?:ke )?tu ))",
            _term,
        ),
        (
            r"(?:trong )?(?:vong|thoi han)(?: toi da| khong qua)? (?P<n>\d{1,3})(?: \([^)]{1,20}\))?"
            r" (?P<unit>ngay lam viec|ngay|tuan|thang|nam)",
            _term,
        ),
        (rf"{_PREFIX}{_QUARTER}", _limit(_quarter)),
        (rf"{_QUARTER}(?<=\d{{4}})", _limit(_quarter)),
        (rf"{_PREFIX}{_MONTHS}", _limit(_some_months)),
        (rf"{_MONTHS}(?<=\d{{4}})", _limit(_some_months)),
        (rf"{_PREFIX}{_MONTH}", _limit(_month)),
        (rf"{_DONE}{_MONTH}", _limit(_month)),
        (rf"{_PREFIX}{_PART}", _limit(_part_of_year)),
        (rf"{_DONE}{_PART}", _limit(_part_of_year)),
        (r"tu nay (?:cho )?den (?:het )?(?:nam )?(?P<y>\d{4})", _from_now),
        (
            r"(?:(?:trong )?(?:giai doan|thoi ky|cac nam) (?:tu (?:nam )?)?|tu (?:nam )?)(?P<y>\d{4})"
            r"(?:\s?[-–]\s?| den (?:het )?(?:nam )?)(?P<z>\d{4})(?!\d)",
            _years,
        ),
        (rf"{_PREFIX}{_YEAR}", _limit(_year)),
        (rf"{_DONE}{_YEAR}", _limit(_year)),
        (
            rf"(?:dinh ky )?(?:\d{{1,2}} thang,? )?{_TIMES_OF_YEAR}(?: va hang nam)?"
            r"|dinh ky(?: \(?\d{1,2} (?:thang|nam|quy|tuan)(?:/lan)?)(?: mot lan|/lan| mot ky)?"
            r"|\d{1,2} thang(?: mot |/)lan",
            _recurring,
        ),
    )
)
_ALONE: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(rf"(?<![^\W_]){pattern}(?![^\W_])"), reader)
    for pattern, reader in (
        (rf"{_DAY}", _limit(_day)),
        (rf"{_MONTH}", _limit(_month)),
        (r"(?P<m>\d{1,2})/(?P<y>20\d\d)", _limit(_month)),
        (rf"{_QUARTER}", _limit(_quarter)),
        (rf"{_MONTHS}", _limit(_some_months)),
        (rf"{_PART}", _limit(_part_of_year)),
        (r"(?:nam )?(?P<y>20\d\d)\s?(?:[-–]|den)\s?(?:nam )?(?P<z>20\d\d)", _years),
        (rf"(?:{_PREFIX})?(?:nam )?(?P<y>20\d\d)", _limit(_year)),
        (r"(?:nhiem vu )?thuong xuyen(?:,? hang nam)?", _recurring),
    )
)
_NO_LIMIT_AFTER = re.compile(r"\s*,? (?:va )?(?:tam nhin|dinh huong|tro thanh)")
_DUE_THEN = re.compile(r",? (?:phai |co ban )?(?:hoan thanh|xong|dat|bao dam|dam bao)")
_STANDS_ALONE = re.compile(
    r"(?:^|[,;.:(]\s?|(?:hoan thanh|thuc hien|xong|phai|ap dung|trien khai)(?: vao)? )(?:va |trong do,? )?$"
)
_DONE_BY = re.compile(
    r"(?:hoan thanh|xong|phan dau|bao dam|dam bao)(?!.*\b(?:ke hoach|chuong trinh|quy hoach|chien luoc|de an|du an"
    r"|dinh huong|muc tieu|co che|chinh sach|du toan|nhiem ky|bien che)(?! (?:va dau tu|nay)))[^,;:.]*$"
)
_NOT_EVERY = re.compile(
    r"(?:ngan sach nha nuoc|ngan sach|du toan|ke hoach|von|chi|(?<!bo tri )kinh phi|chuong trinh|binh quan|trung binh"
    r"|05 nam va|5 nam va|5 nam,|trung han va|trung han,|dai han,|tang truong|bao cao tong ket|hoat dong|nhu cau) $"
)
_INSIDE_A_TITLE = re.compile(r"(?:-(?:nq|qd|kl|ct|nd)|/(?:nq|qd|nd|ct|kl)|/t[wu]|/qh\d*)[^;.:]{0,260}\bve\b[^;.:]*$")


def find_deadlines(text: str, offset: int, issued: date | None, *, alone: bool = False) -> list[Deadline]:
    """In the order of the text, not overlapping; not the years in the titles of cited documents, nor what was before.

    `alone`: the text is a table's cell, or else it is known to be a time: there 'Quý IV' and '2026 - 2030' are limits.
    """
    plain = fold(text)
    found: list[Deadline] = []
    taken = bytearray(len(text))
    for pattern, reader in (*_PATTERNS, *(_ALONE if alone else ())):
        for match in pattern.finditer(plain):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            if not alone and _is_other(text, plain, match, reader):
                continue
            try:
                limit = reader(match, issued)
            except ValueError:
                continue
            past = limit and limit.end and issued and limit.end < issued
            if limit and not (past and not alone):
                taken[start:end] = b"\1" * (end - start)
                span = (start + offset, end + offset)
                found.append(Deadline(text[start:end], limit.kind, limit.start, limit.end, limit.precision, span))
    return sorted(found, key=lambda limit: limit.span)


def most_exact(limits: Sequence[Deadline]) -> Deadline | None:
    """The one told most exactly, of those the first."""
    return min(limits, key=lambda limit: _EXACTNESS.index(limit.precision), default=None)


def _is_other(text: str, plain: str, match: _Match, reader: _Reader) -> bool:
    """Is this no time limit: another word ('trông' for 'trong'), a document's title, what a plan is for?"""
    start, end = match.span()
    if plain.startswith("trong", start) and not text[start:end].lower().startswith("trong"):
        return True
    if _in_title(plain, start, end):
        return True
    if reader is _recurring:
        return bool(_NOT_EVERY.search(plain[max(0, start - 40) : start]))
    of_years = match.group().startswith(("den", "giai doan", "thoi ky", "cac nam"))
    return of_years and _is_of_a_plan(plain, start, end)


def _is_of_a_plan(plain: str, start: int, end: int) -> bool:
    """'lập quy hoạch sử dụng đất đến năm 2030': the years that a plan is for, not those it must be ready by.

    Such years are a limit where they open a clause, follow a verb of completion, or one follows them.
    """
    before = plain[max(0, start - 160) : start]
    return not (_DUE_THEN.match(plain, end) or _STANDS_ALONE.search(before) or _DONE_BY.search(before))


def _in_title(plain: str, start: int, end: int) -> bool:
    """'... về nghề gốm đến năm 2025, tầm nhìn đến năm 2035' names a document, it sets no limit."""
    if _NO_LIMIT_AFTER.match(plain, end) or plain[max(0, start - 10) : start].rstrip().endswith("tam nhin"):
        return True
    before = plain[max(0, start - 300) : start]
    return before.count("“") > before.count("”") or bool(_INSIDE_A_TITLE.search(before))
