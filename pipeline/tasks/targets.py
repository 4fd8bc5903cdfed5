"""The structure in; measurable aims out: an indicator, how it compares, a value with its unit, a period."""

import re
from collections.abc import Iterator

from pipeline.document import Provision, Structure, Target
from pipeline.folding import fold

_UNITS = (
    "%", "phan tram", "diem phan tram", "ty dong", "trieu dong", "nghin ty dong", "dong/nguoi", "dong", "ty usd",
    "trieu usd", "usd/nguoi", "usd", "ha", "km2", "km", "m2", "m3", "trieu tan", "nghin tan", "tan", "mw", "kwh",
    "trieu luot", "luot khach", "trieu nguoi", "nghin nguoi", "nguoi", "ho", "giuong benh", "bac si", "doanh nghiep",
    "xa", "huyen", "teu", "trieu teu",
)  # fmt: skip
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_COMPARATORS = {
    "at_least": ("toi thieu", "it nhat", "thap nhat la", "thap nhat", "tren", "tu", "khong thap hon", "khong duoi"),
    "at_most": ("toi da", "nhieu nhat", "khong qua", "duoi", "khong vuot qua", "con khong qua"),
    "about": ("khoang", "xap xi", "gan"),
    "equal": ("dat", "la", "bang", "chiem", "dong gop", "con"),
    "increase": ("tang them", "tang"),
    "decrease": ("giam con", "giam xuong", "giam"),
}
_SIGNS = {wording: name for name, wordings in _COMPARATORS.items() for wording in wordings}
_SIGN = "|".join(sorted(_SIGNS, key=len, reverse=True))
_VALUE = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
_TARGET = re.compile(
    rf"(?<![^\W_])(?P<signs>(?:(?:{_SIGN}) ){{1,3}})"
    rf"(?P<value>(?:{_VALUE})\s?(?:{_UNIT})?(?P<to>\s?(?:-|–|den) ?(?:{_VALUE}))?)"
    rf"\s?(?P<unit>{_UNIT})(?![^\W_])"
)
_CLAUSE = re.compile(r"[,;:.](?=\s)|[“”]")
_PERIOD = re.compile(
    r"(?:trong )?(?:giai doan|thoi ky) (?:tu nam )?\d{4}\s?(?:-|–|den(?: nam)?)\s?\d{4}"
    r"|(?:den|vao|trong) (?:het )?nam \d{4}"
)
_PERIOD_AFTER = re.compile(rf"\s?(?:{_PERIOD.pattern})")
_HEADS = re.compile(r"(?:^|[,;:.]) (?:phan dau |trong do,? |va )?$")
_SENTENCE = 400
_LEADS = re.compile(
    r"^(?:mot so chi tieu(?: cu the)?:? |phan dau |dua |trong do |nang |giam |tang |dong thoi |va |rieng |cu the )+"
)
_REACH = 160
_SKIPPED = frozenset({"can_cu", "so_ky_hieu", "noi_nhan", "chu_ky", "trich_yeu", "kem_theo"})


def find_targets(structure: Structure) -> Iterator[Target]:
    """In reading order."""
    periods: dict[str, str | None] = {}
    for provision in structure.provisions:
        plain = fold(provision.text)
        above = periods.get(provision.parent_id) if provision.parent_id else None
        stated = _PERIOD.search(plain[:200])
        periods[provision.id] = provision.text[stated.start() : stated.end()] if stated else above
        if provision.kind not in _SKIPPED:
            yield from _in_provision(provision, plain, above)


def _in_provision(provision: Provision, plain: str, above: str | None) -> Iterator[Target]:
    text = provision.text
    for match in _TARGET.finditer(plain):
        start = _clause_start(plain, match.start())
        lead = _LEADS.match(plain[start : match.start()])
        indicator = text[start + (lead.end() if lead else 0) : match.start()].strip(" ,;:")
        if len(indicator) < 3:
            continue
        sign = match["signs"].split()
        yield Target(
            node_id=provision.id,
            indicator=indicator,
            comparator="between" if match["to"] else _comparator(" ".join(sign)),
            value=_value(text[match.start("value") : match.end("value")], match["unit"]),
            unit=text[match.start("unit") : match.end("unit")],
            period=_period(text, plain, start, match.end()) or above,
            span=(provision.span[0] + match.start(), provision.span[0] + match.end()),
        )


def _value(text: str, unit: str) -> str:
    """'44% - 45' -> '44 - 45': the unit is told once."""
    return text.replace(unit, "").strip() if unit == "%" else text.strip()


def _clause_start(plain: str, end: int) -> int:
    begin = max(0, end - _REACH)
    cuts = [cut.end() for cut in _CLAUSE.finditer(plain, begin, end)]
    start = cuts[-1] if cuts else begin
    while start < end and plain[start] == " ":
        start += 1
    return start


def _comparator(signs: str) -> str | None:
    for name in ("at_most", "at_least", "about", "decrease", "increase", "equal"):
        if any(re.search(rf"\b{wording}\b", signs) for wording in _COMPARATORS[name]):
            return name
    return None


def _period(text: str, plain: str, start: int, end: int) -> str | None:
    """The period stated in the value's own clause, right after it, or at the head of a clause of its sentence."""
    found = next(_PERIOD.finditer(plain, start, end), None) or _PERIOD_AFTER.match(plain, end)
    if found is None:
        sentence = max(0, start - _SENTENCE, plain.rfind(". ", max(0, start - _SENTENCE), start) + 1)
        periods = _PERIOD.finditer(plain, sentence, start)
        heads = [p for p in periods if _HEADS.search(" " + plain[max(0, p.start() - 20) : p.start()])]
        found = heads[-1] if heads else None
    return text[found.start() : found.end()].strip() if found else None
