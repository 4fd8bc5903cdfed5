"""The structure and the agencies named in it in; the documents that it refers to out, and its own provisions."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from rapidfuzz.distance import Levenshtein

from pipeline.document import AgencyMention, Citation, Provision, Structure
from pipeline.folding import UPPER, fold
from pipeline.tasks.references import ProvisionIndex, find_references

TYPES = (
    "nghi quyet lien tich", "thong tu lien tich", "nghi quyet", "quyet dinh", "nghi dinh", "thong tu", "chi thi",
    "ket luan", "phap lenh", "bo luat", "luat", "hien phap", "ke hoach", "cong van", "cong dien", "to trinh",
    "bao cao", "thong bao", "quy dinh", "huong dan", "chuong trinh hanh dong", "chuong trinh", "van ban",
    "hiep dinh", "lenh", "sac lenh", "thong tri", "de an", "quy che", "phuong an", "bien ban", "giay moi",
)  # fmt: skip
_KIND = "|".join(sorted(TYPES, key=len, reverse=True))
_HEAD = re.compile(rf"(?<![^\W_])(?P<type>{_KIND})(?: lien tich)?,?(?: so\s?:?)? ?(?=\d)")
_JOIN = rf"(?:\s?[-/–]\s?(?=[{UPPER}0-9])|[./&-])"
_NUMBER = re.compile(
    rf"(?P<serial>\d{{1,5}}(?:\s?/\s?(?P<year>\d{{4}}|\d{{3}} \d)(?!\d))?)(?:\s?[-/–]\s?)(?P<notation>[{UPPER}]\w*"
    rf"(?:{_JOIN}\w+)*(?:(?<=/T) [WU]\b|(?<=QH) 1\d\b)?)"
)
_DATE = r"(?:,? ngay (?P<d>\d{1,2})(?: thang |\s?[/.-]\s?)(?P<m>\d{1,2})(?:,? nam |\s?[/.-]\s?)(?P<y>\d{4}))"
_DATED = re.compile(_DATE)
_LAW = re.compile(
    r"\b(?P<type>Luật|Bộ luật|Pháp lệnh|Hiến pháp(?= năm \d{4}| nước))"
    r"(?P<amends> sửa đổi, bổ sung (?:một số )?điều (?:của )?(?:các )?(?:(?:Luật|Bộ luật|Pháp lệnh)(?= ))?)?"
    rf"(?:(?<=pháp)| ?(?P<name>[{UPPER}][^\s,;.:()”\"]*(?: [^\s,;.:()”\"]+){{0,14}}))"
)
_NEXT_LAW = re.compile(
    rf"(?:,| và| và các) (?:Luật|Bộ luật|Pháp lệnh) (?P<name>[{UPPER}][^\s,;.:()”\"]*(?: [^\s,;.:()”\"]+){{0,14}})"
)
_LAW_ENDS = re.compile(
    r" (?:và (?:Luật|Nghị|Bộ luật|Pháp lệnh|Thông|Quyết|(?!gia đình|phát triển|kiểm dịch|hoạt động|đổi mới|chống|xử lý)"
    r"[a-zà-ỹđ])|năm|ngày|số|được|về|của|theo|quy định|để|có|này|cho|tại|đã|đang|với|hoặc|là|phải|thì|trong"
    r"|trên|khi|do|như|từ|đến|nhằm|gồm|bao gồm|hiện hành|sau|vào|mà|bảo đảm|đảm bảo|trước|trình|chưa|sẽ|hướng dẫn"
    r"|đối với|đáp ứng|phù hợp"
    r"|thay thế|gửi|khóa|cần|nêu|sửa đổi|tạo|thực hiện)(?:(?<=và [a-zà-ỹđ])|(?!\w))"
)
_REST_OF_NAME = re.compile(r",(?: [^\W\d]+){1,6}(?:,(?: [^\W\d]+){1,5})?(?=,? (?:ngay|so|nam) \d)")
_BEFORE_NUMBER = re.compile(r",? so ?")
_YEAR_OF_LAW = re.compile(r",? nam (?P<y>\d{4})")
_LIST_NUMBER = re.compile(r"(?<!\w)[Ss]ố\s?:?\s?(?=\d)")
_BY_NOTATION = (
    ("TTr", "to_trinh"), ("BC", "bao_cao"), ("NQ", "nghi_quyet"), ("QĐ", "quyet_dinh"), ("NĐ", "nghi_dinh"),
    ("TTLT", "thong_tu_lien_tich"), ("TT", "thong_tu"), ("CT", "chi_thi"), ("KL", "ket_luan"), ("TB", "thong_bao"),
    ("KH", "ke_hoach"), ("CĐ", "cong_dien"), ("HD", "huong_dan"), ("CV", "cong_van"), ("QH", "luat"),
)  # fmt: skip
_PARTY = re.compile(
    r"(?:Hội nghị )?(?:lần thứ \w+ )?(?:Ban Chấp hành )?Trung ương(?: \d{1,2}\b)?(?: Đảng)?"
    r"|Đảng ủy [A-ZĐ]\w*(?: \w+)?|Ban Chỉ đạo(?: Trung ương)?"
)
_ISSUER = re.compile(r",? cua (?=\S)")
_NUMBER_YEAR = re.compile(r"/(\d{4})/")
_SKIPPED = frozenset({"quoc_hieu", "tieu_ngu", "so_ky_hieu", "dia_danh_ngay", "loai_van_ban", "co_quan"})


def find_citations(structure: Structure, mentions: Sequence[AgencyMention]) -> Iterator[Citation]:
    """In reading order; of two that overlap the one that begins first."""
    index = ProvisionIndex(structure.provisions)
    found = list[Citation]()
    for provision in structure.provisions:
        if provision.kind in _SKIPPED or not provision.text:
            continue
        plain = fold(provision.text)
        here = [*_documents(provision, plain, mentions), *_numbers(provision, plain), *_laws(provision, plain)]
        here += find_references(provision, plain, index)
        last = -1
        for citation in sorted(here, key=lambda c: (c.span[0], -c.span[1])):
            if citation.span[0] >= last:
                found.append(citation)
                last = citation.span[1]
    yield from _completed(found)


def _documents(provision: Provision, plain: str, mentions: Sequence[AgencyMention]) -> Iterator[Citation]:
    """'Chỉ thị số 9-CT/TW ngày 3 tháng 4 năm 2021 của Ban Bí thư'."""
    base = provision.span[0]
    for head in _HEAD.finditer(plain):
        number = _NUMBER.match(provision.text, head.end())
        if not number:
            continue
        end = number.end()
        dated = _DATED.match(plain, end)
        end = dated.end() if dated else end
        issuer, end = _issuer(provision.text, plain, end, base, mentions)
        if not dated:
            dated = _DATED.match(plain, end)
            end = dated.end() if dated else end
        yield Citation(
            raw=provision.text[head.start() : end],
            type=head["type"].replace(" ", "_"),
            number=_joined(number, head["type"].replace(" ", "_")),
            year=_year(number, dated),
            issuer=issuer,
            date=_day(dated),
            target_id=None,
            span=(base + head.start(), base + end),
            node_id=provision.id,
        )


def _numbers(provision: Provision, plain: str) -> Iterator[Citation]:
    """'các Tờ trình: số 12/TTr-BYT ngày ..., số 14/TTr-BYT ngày ...': numbers whose kind their notation tells."""
    base = provision.span[0]
    for head in _LIST_NUMBER.finditer(provision.text):
        number = _NUMBER.match(provision.text, head.end())
        if not number:
            continue
        dated = _DATED.match(plain, number.end())
        end = dated.end() if dated else number.end()
        codes = re.split(r"[-/]", number["notation"])
        kind = next((name for code, name in _BY_NOTATION for own in codes if own.startswith(code)), "cong_van")
        yield Citation(
            raw=provision.text[head.start() : end],
            type=kind,
            number=_joined(number, kind),
            year=_year(number, dated),
            issuer=None,
            date=_day(dated),
            target_id=None,
            span=(base + head.start(), base + end),
            node_id=provision.id,
        )


def _laws(provision: Provision, plain: str) -> Iterator[Citation]:
    """'Luật Tổ chức Chính phủ ngày 18 tháng 02 năm 2025'; a law that amends others is one, with their names."""
    base = provision.span[0]
    last = 0
    while match := _LAW.search(provision.text, last):
        end = _end_of_name(provision.text, plain, match)
        while match["amends"] and (more := _NEXT_LAW.match(provision.text, end)):
            end = _end_of_name(provision.text, plain, more)
        mark = _BEFORE_NUMBER.match(plain, end)
        number = _NUMBER.match(provision.text, mark.end()) if mark else None
        end = number.end() if number else end
        dated = _DATED.match(plain, end) or (None if number else _YEAR_OF_LAW.match(plain, end))
        end = last = dated.end() if dated else end
        yield Citation(
            raw=provision.text[match.start() : end],
            type=fold(match["type"]).replace(" ", "_"),
            number=_joined(number, "luat") if number else None,
            year=_year(number, dated),
            issuer=None,
            date=_day(dated),
            target_id=None,
            span=(base + match.start(), base + end),
            node_id=provision.id,
        )


def _end_of_name(text: str, plain: str, match: re.Match[str]) -> int:
    if match["name"] is None:
        return match.end()
    ending = _LAW_ENDS.search(match["name"])
    end = match.start("name") + (ending.start() if ending else len(match["name"]))
    more = None if ending else _REST_OF_NAME.match(plain, end)
    return more.end() if more else end


def _joined(number: re.Match[str], kind: str) -> str:
    """Without the spaces that a reading put in, and with the code of its kind where a letter of that was misread."""
    parts = re.split(r"([-/])", re.sub(r"\s", "", number.group()).replace("–", "-"))
    code = next((code for code, name in _BY_NOTATION if name == kind and code != "QH"), None)
    letters = [at for at, part in enumerate(parts) if part[:1].isalpha()]
    if code and letters and code not in parts:
        first = letters[0]
        if len(parts[first]) == len(code) and Levenshtein.distance(parts[first], code) == 1:
            parts[first] = code
    return "".join(parts)


def _year(number: re.Match[str] | None, dated: re.Match[str] | None) -> int | None:
    if number and number["year"]:
        return int(number["year"].replace(" ", ""))
    return int(dated["y"]) if dated else None


def _day(match: re.Match[str] | None) -> date | None:
    if not match or "d" not in match.groupdict():
        return None
    try:
        return date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return None


def _issuer(text: str, plain: str, end: int, base: int, mentions: Sequence[AgencyMention]) -> tuple[str | None, int]:
    lead = _ISSUER.match(plain, end)
    if not lead:
        return None, end
    place = lead.end() + base
    at = bisect_left(mentions, place, key=lambda mention: mention.span[0])
    if at < len(mentions) and mentions[at].span[0] == place:
        return mentions[at].name or mentions[at].raw, mentions[at].span[1] - base
    body = _PARTY.match(text, lead.end())
    return (body.group(), body.end()) if body else (None, end)


def _completed(found: list[Citation]) -> Iterator[Citation]:
    """A number that lost its end ('7-NQ/T') is that which the document has more often ('7-NQ/TW')."""
    numbers = Counter((citation.type, citation.number) for citation in found if citation.number is not None)
    for citation in found:
        own = citation.number
        whole = [
            number
            for (kind, number), count in numbers.items()
            if own is not None and (kind, number[:-1]) == (citation.type, own) and count > numbers[kind, own]
        ]
        yield replace(citation, number=whole[0]) if len(whole) == 1 else citation
