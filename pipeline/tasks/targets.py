"""The structure in; measurable aims out: an indicator, how it compares, a value with its unit, a period, a scope."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.document import Provision, Span, Structure, Target
from pipeline.folding import fold

_MEASURES = (
    "phan tram", "diem phan tram", "diem %", "%", "nghin ty dong", "ngan ty dong", "ty dong", "trieu dong",
    "nghin dong", "trieu ty dong", "dong", "ty usd", "trieu usd", "nghin usd", "usd", "do la my", "trieu ha",
    "nghin ha", "ha", "km2", "km", "m2", "m3", "trieu m3", "ty m3", "trieu m2", "trieu tan", "nghin tan", "trieu teu",
    "teu", "tan", "ta", "kg", "mw", "gw", "mwp", "kwh", "ty kwh", "trieu kwh", "kv", "toe", "trieu toe",
    "trieu luot khach", "trieu luot", "luot khach", "luot nguoi", "luot", "lan", "tuoi", "nam tuoi", "m", "lit",
    "mbps", "gbps", "diem",
)  # fmt: skip
_COUNTED = (
    "ty nguoi", "trieu nguoi", "nghin nguoi", "nguoi", "trieu ho", "nghin ho", "ho", "giuong benh", "giuong", "bac si",
    "duoc si", "dieu duong", "doanh nghiep", "xa", "phuong", "huyen", "tinh", "thon", "ban", "hop tac xa", "trang trai",
    "khu cong nghiep", "cum cong nghiep", "khu kinh te", "do thi", "truong", "co so", "du an", "mo hinh", "san pham",
    "lao dong", "sinh vien", "hoc sinh", "can ho", "nha o", "can", "thu tuc", "nhiem vu", "chuyen gia", "ky su",
    "nen tang", "lang nghe", "cong trinh", "ho chua", "di tich", "cay", "benh vien", "don vi", "to chuc", "thuong vu",
    "trung tam", "vien", "tram", "co quan", "de tai", "sang che", "chuong trinh", "de an", "lop", "nha may", "cang",
    "tau", "ngan hang", "dau moi", "phong", "to", "nhom", "hoi nghi", "cuoc", "dot", "buoi", "khoa", "dia phuong",
)  # fmt: skip
_UNIT = "|".join(re.escape(unit) for unit in sorted(_MEASURES, key=len, reverse=True))
_PER = (
    r"(?:\s?/\s?(?:nam|nguoi|ha|ho|thang|ngay|10\.000 dan|1\.000 dan|van dan|lao dong|dan|doanh nghiep|vu|gdp|km2"
    r"|thue bao))*"
)
_COMPARATORS = {
    "at_least": (
        "toi thieu", "it nhat", "thap nhat la", "thap nhat", "tren", "khong thap hon", "khong duoi", "khong it hon",
        "hon", "cao hon", "vuot", "lon hon",
    ),
    "at_most": ("toi da", "nhieu nhat", "khong qua", "duoi", "khong vuot qua", "con khong qua", "nho hon", "thap hon"),
    "about": ("khoang", "xap xi", "gan", "vao khoang", "uoc"),
    "equal": ("dat", "la", "bang", "chiem", "dong gop", "con", "duy tri", "on dinh"),
    "increase": ("tang them", "tang", "gap"),
    "decrease": ("giam con", "giam xuong", "giam xuong con", "giam", "cat giam"),
}  # fmt: skip
_FIRST = ("at_most", "at_least", "about", "decrease", "increase", "equal")
_SIGN = "|".join(
    sorted(
        (sign for signs in (*_COMPARATORS.values(), ("tu", "muc", "len", "duoc")) for sign in signs),
        key=len,
        reverse=True,
    )
)
_VALUE = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
_TARGET = re.compile(
    rf"(?<![^\W_])(?P<signs>(?:(?:{_SIGN}) ){{1,4}})?(?P<value>(?P<low>{_VALUE})\s?(?:(?:{_UNIT}){_PER})?"
    rf"(?P<to>\s?(?:-|–|den) ?(?:khoang )?(?P<high>{_VALUE}))?)\s?(?P<unit>(?:{_UNIT}){_PER})(?![^\W_])"
    r"(?P<more> tro (?:len|xuong))?"
)
_LIMITS = "toi thieu|it nhat|toi da|khong qua|khong duoi|khong it hon|khong vuot qua"
_COUNT = re.compile(
    rf"(?<![^\W_])(?P<signs>(?:(?:{_LIMITS}|tren|hon|khoang|gan) (?:la |co |dat )?)+)"
    r"(?P<value>(?P<low>\d{1,3}(?:\.\d{3})+|\d+)(?P<to>\s?(?:-|–|den) ?(?P<high>\d+))?) "
    rf"(?P<unit>{'|'.join(sorted(_COUNTED, key=len, reverse=True))}|(?!(?:thang|ngay|nam|gio|phut|tuan|quy"
    rf"|lan)\b)[a-z]+)"
    r"(?![^\W_])(?P<more>)"
)
_LIMITED = re.compile(rf"(?:{_LIMITS}) ")
_CLAUSE = re.compile(r"[,;:.](?=\s)|[“”]")
_CLAUSE_END = re.compile(r"[;.:](?=\s|$)|[“”(]|, (?:trong do|phan dau|ty le|so|dong thoi)(?![^\W_])")
_COUNT_END = re.compile(
    r"[;.:,](?=\s|$)|[“”(]| (?:de|cung ung|thuoc|tuong ung|theo|tren dia ban|trong|o|tai|nham|cho|va|hoac|duoc|voi"
    r"|phuc vu|tham gia|truc thuoc|so voi) "
)
_YEARS = (
    r"(?:trong |ca )?(?:giai doan|thoi ky) (?:tu (?:nam |nay )?)?(?:\d{4})?\s?(?:-|–|den(?: het)?(?: nam)?)\s?\d{4}"
    r"|giai doan \d{1,2} \(\d{4}\s?[-–]\s?\d{4}\)?|(?:tam nhin )?(?:den|vao|trong|truoc)(?: het)? (?:nam )?\d{4}"
    r"|(?<=^)nam \d{4}|giai doan \d{4}"
)
_PERIOD = re.compile(rf"(?<![^\W_])(?:{_YEARS})(?![^\W_])")
_PERIOD_AFTER = re.compile(rf",?\s?(?:{_YEARS})(?![^\W_])")
_PERIOD_LAST = re.compile(rf" (?:{_YEARS})$")
_HEADS = re.compile(r"(?:^|[,;:.]) (?:phan dau |trong do,? |va )?$")
_SENTENCE = 400
_LEADS = re.compile(
    r"^(?:mot so chi tieu(?: cu the)?:? |phan dau |dua |trong do |nang |giam |tang |dong thoi |va |rieng |cu the "
    r"|bao dam |dam bao |voi |duy tri |ve |muc tieu )+"
)
_VERBS_ONLY = re.compile(
    r"(?:phan dau |bao dam |dam bao |co |hoan thanh |dua vao (?:su dung|khai thac|van hanh) |xay dung "
    r"|thuc hien (?:thanh cong )?|lua chon |chuyen doi |hinh thanh |ho tro |dao tao |thu hut |va |cho |dat |trong do "
    r"|tren |phat trien |lap |trong moi |cung cap |xu ly |thu gom |giai quyet |cung |da |them |cong nhan |thanh lap "
    r"|khoi cong |moi nam |hang nam |cap )*"
)
_AIMS = ("muc tieu", "chi tieu", "tam nhin", "phan dau", "den nam", "giai doan")
_NO_AIMS = (
    "ket qua", "tinh hinh", "thuc trang", "han che", "nguyen nhan", "kinh phi", "doi tuong", "nguyen tac",
    "dieu khoan", "can cu", "giai thich",
)  # fmt: skip
_AIM_WORDS = re.compile(
    r"(?<![^\W_])(?:phan dau|muc tieu|chi tieu|dat|tang|giam|nang|dua|bao dam|dam bao|hoan thanh|gap)(?![^\W_])"
)
_MEASURED = re.compile(
    r"(?:ty (?:le|trong)|toc do|so |thu nhap|san luong|dien tich|gia tri|tong |mat do|chi so|nang suat|quy mo|g?r?gdp"
    r"|grdp|doanh thu|kim ngach|do che phu|tuoi tho|muc tang)"
)
_PAST = re.compile(
    r"(?<![^\W_])(?:uoc(?: dat)?|da (?!dang)|so voi cung ky|luy ke|cung ky|thuc hien nam|nam ngoai|nam truoc"
    r"|vua qua)(?![^\W_])"
)
_NORMS = re.compile(
    r"(?:phat tien|muc (?:phat|chi|ho tro|luong|dong|huong|thu|vay)|kinh phi|tong muc dau tu|he so|thoi han|phu cap"
    r"|tro cap)"
)
_NORMATIVE = ("luat", "bo luat", "phap lenh", "nghi dinh", "thong tu", "thong tu lien tich", "hien phap")
_REACH = 200
_LONGEST_SCOPE = 40
_SKIPPED = frozenset({"can_cu", "so_ky_hieu", "noi_nhan", "chu_ky", "trich_yeu", "kem_theo", "bang"})


@dataclass(frozen=True, slots=True)
class _Scope:
    """What the words above say: whether aims stand here, and for when; `text` and `node` where they say so."""

    aims: bool | None = None
    period: str | None = None
    text: str | None = None
    node: str | None = None


def find_targets(structure: Structure) -> Iterator[Target]:
    """In reading order."""
    doc_type = structure.metadata.doc_type
    rules = doc_type is not None and fold(doc_type.value) in _NORMATIVE
    scopes: dict[str, _Scope] = {}
    for provision in structure.provisions:
        plain = fold(provision.text)
        above = scopes.get(provision.parent_id, _Scope()) if provision.parent_id else _Scope()
        scopes[provision.id] = _scope(provision, plain, above)
        if provision.kind not in _SKIPPED and (above.aims or not rules) and above.aims is not False:
            yield from _in_provision(provision, plain, above)


def _scope(provision: Provision, plain: str, above: _Scope) -> _Scope:
    leads = provision.heading is not None or plain.rstrip().endswith(":")
    stated = _PERIOD.search(plain[:200])
    if not leads or len(plain.split()) > _LONGEST_SCOPE or provision.kind == "phu_luc":
        if stated and provision.kind != "phu_luc":
            return _Scope(above.aims, provision.text[slice(*stated.span())], above.text, above.node)
        return above
    aims = above.aims
    if any(word in plain[:120] for word in _AIMS):
        aims = True
    elif any(word in plain[:80] for word in _NO_AIMS):
        aims = False
    if not stated:
        return _Scope(aims, above.period, above.text, above.node)
    return _Scope(aims, provision.text[slice(*stated.span())], provision.text.rstrip(" :.;"), provision.id)


def _in_provision(provision: Provision, plain: str, above: _Scope) -> Iterator[Target]:
    taken = 0
    counts = (match for match in _COUNT.finditer(plain) if above.aims or _LIMITED.search(match["signs"]))
    matches = [*_TARGET.finditer(plain), *counts]
    for match in sorted(matches, key=lambda match: (match.start(), -match.end())):
        if match.start() < taken:
            continue
        target = _target(provision, plain, match, above)
        if target:
            taken = match.end()
            yield target


def _target(provision: Provision, plain: str, match: re.Match[str], above: _Scope) -> Target | None:
    text, base = provision.text, provision.span[0]
    signs = match["signs"] or ""
    if not signs and match["unit"] not in ("%", "phan tram"):
        return None
    start = _clause_start(plain, match.start())
    before = plain[start : match.start()]
    if _PAST.search(before + signs) or _NORMS.search(before):
        return None
    period = _period(plain, start, match.end())
    told = above.aims or period or above.period or _LIMITED.search(signs) or _AIM_WORDS.search(before + signs)
    if not told and not _MEASURED.match(before):
        return None
    indicator = _indicator(plain, start, match)
    if indicator is None:
        return None
    stated = text[slice(*period)].strip(" ,") if period else above.period
    first, last = _days(stated)
    low, high = _number(match["low"]), _number(match["high"] or match["low"])
    own = match.start() if signs else match.start("value")
    return Target(
        node_id=provision.id,
        indicator=text[slice(*indicator)],
        comparator=_comparator(signs, match),
        value=_value(text[match.start("value") : match.end("value")], match),
        unit=text[match.start("unit") : match.end("unit")] or None,
        period=stated,
        span=(base + own, base + match.end()),
        low=low,
        high=high,
        start=first,
        end=last,
        scope=above.text,
        scope_id=above.node,
        indicator_span=(base + indicator[0], base + indicator[1]),
    )


def _indicator(plain: str, start: int, match: re.Match[str]) -> Span | None:
    """The words of the clause before the value; where there are but verbs ('hoàn thành 50%'), those after it."""
    end = match.start()
    lead = _LEADS.match(plain[start:end])
    begin = start + (lead.end() if lead else 0)
    begin += len(plain[begin:end]) - len(plain[begin:end].lstrip(" ,;:(“"))
    last = _PERIOD_LAST.search(plain[begin:end].rstrip())
    end = begin + (last.start() if last else len(plain[begin:end].rstrip(" ,;:")))
    words = plain[begin:end]
    counted = match.re is _COUNT
    if len(words) >= 3 and not _VERBS_ONLY.fullmatch(words + " ") and match["signs"]:
        if not counted or not re.match(r" \w", plain[match.end() : match.end() + 2]):
            return begin, end
    after = match.start("unit") if counted else match.end()
    stop = (_COUNT_END if counted else _CLAUSE_END).search(plain, match.end())
    begin, end = after, stop.start() if stop else len(plain)
    begin += len(plain[begin:end]) - len(plain[begin:end].lstrip(" ,"))
    last = _PERIOD_LAST.search(plain[begin:end].rstrip())
    end = begin + (last.start() if last else len(plain[begin:end].rstrip(" ,;:./")))
    return (begin, end) if end - begin >= 3 else None


def _value(text: str, match: re.Match[str]) -> str:
    """'44% - 45' -> '44 - 45': the unit is told once."""
    if not match["to"]:
        return text.strip()
    start = match.start("value")
    low, high = text[: match.end("low") - start], text[match.start("to") - start :]
    return f"{low} {high.strip()}"


def _number(text: str) -> float:
    return float(text.replace(".", "").replace(",", "."))


def _clause_start(plain: str, end: int) -> int:
    begin = max(0, end - _REACH)
    cuts = [cut.end() for cut in _CLAUSE.finditer(plain, begin, end)]
    start = cuts[-1] if cuts else begin
    while start < end and plain[start] == " ":
        start += 1
    return start


def _comparator(signs: str, match: re.Match[str]) -> str | None:
    if match["to"]:
        return "between"
    if match["more"]:
        return "at_least" if match["more"].endswith("len") else "at_most"
    for name in _FIRST:
        if any(re.search(rf"\b{sign}\b", signs) for sign in _COMPARATORS[name]):
            return name
    return "at_least" if "tu " in signs else "equal" if not signs else None


def _period(plain: str, start: int, end: int) -> Span | None:
    """The period stated in the value's own clause, right after it, or at the head of a clause of its sentence."""
    found = next(_PERIOD.finditer(plain, start, end), None) or _PERIOD_AFTER.match(plain, end)
    if found is None:
        sentence = max(0, start - _SENTENCE, plain.rfind(". ", max(0, start - _SENTENCE), start) + 1)
        periods = _PERIOD.finditer(plain, sentence, start)
        heads = [p for p in periods if _HEADS.search(" " + plain[max(0, p.start() - 20) : p.start()])]
        found = heads[-1] if heads else None
    if found is None:
        return None
    span = found.span()
    return span[0] + len(plain[slice(*span)]) - len(plain[slice(*span)].lstrip(" ,")), span[1]


def _days(period: str | None) -> tuple[date | None, date | None]:
    """'giai đoạn 2026 - 2030' -> both ends; 'đến năm 2030' -> its end alone."""
    years = [int(year) for year in re.findall(r"\d{4}", period or "")]
    if not years:
        return None, None
    if len(years) == 1:
        whole = fold(period or "").startswith(("trong", "nam", "giai doan 2", "vao"))
        return date(years[0], 1, 1) if whole else None, date(years[0], 12, 31)
    return date(years[0], 1, 1), date(years[-1], 12, 31)
