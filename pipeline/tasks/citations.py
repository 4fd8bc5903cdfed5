"""The structure in; the documents and provisions it refers to out, internal ones with the id of what they mean."""

import re
from collections.abc import Iterator
from datetime import date

from pipeline.document import Citation, Provision, Structure
from pipeline.folding import UPPER, fold
from pipeline.tasks.agencies import find_agencies

_TYPES = (
    "nghi quyet lien tich", "thong tu lien tich", "nghi quyet", "quyet dinh", "nghi dinh", "thong tu", "chi thi",
    "ket luan", "phap lenh", "bo luat", "luat", "hien phap", "ke hoach", "cong van", "cong dien", "to trinh",
    "bao cao", "thong bao", "quy dinh", "huong dan", "chuong trinh hanh dong", "chuong trinh", "van ban",
    "hiep dinh",
)  # fmt: skip
_NUMBER = r"(?P<number>\d{1,5}(?:/\d{4})?\s?[-/]\s?[a-zđ0-9]+(?:[.&/\-][a-zđ0-9]+)*(?:(?<=/t) w\b)?)"
_DATE = r"(?:,? ngay (?P<d>\d{1,2})(?: thang |\s?[/.-]\s?)(?P<m>\d{1,2})(?:,? nam |\s?[/.-]\s?)(?P<y>\d{4}))"
_NUMBERED = re.compile(rf"(?<![^\W_])(?P<type>{'|'.join(_TYPES)})(?: so\s?:?)? ?{_NUMBER}{_DATE}?")
_LAW = re.compile(
    rf"\b(?P<type>Luật|Bộ luật|Pháp lệnh|Hiến pháp) (?P<name>(?:[{UPPER}][^\s,;.:()]*)(?: [^\s,;.:()]+){{0,12}})"
)
_LAW_ENDS = re.compile(r" (?:và|năm|ngày|số|được|về|của|theo|quy định|để|có|này|cho|tại|đã|với|hoặc|là|phải|thì)\b")
_REST_OF_NAME = re.compile(r",(?: [^\W\d]+){1,5}(?=,? (?:ngay|so) \d)")
_AFTER_NAME = re.compile(rf"(?:,? so {_NUMBER})?{_DATE}?")
_ISSUER = re.compile(r",? cua (?=\S)")
_INTERNAL = re.compile(
    r"(?:(?P<diem>diem (?P<diem_n>[a-zđ])(?: va [a-zđ])?),? )?(?:(?P<khoan>khoan (?P<khoan_n>\d{1,3})),? )?"
    r"(?P<dieu>dieu (?P<dieu_n>\d{1,3}[a-zđ]?|nay))(?![^\W_])"
    r"|(?P<khoan2>khoan (?P<khoan2_n>\d{1,3}|nay)),?(?: (?P<muc2>muc (?P<muc2_n>[ivx]{1,6})))?(?![^\W_])"
    r"|(?P<muc>muc (?P<muc_n>[ivx]{1,6}))(?![^\W_])|"
    r"(?P<phu_luc>phu luc(?: (?P<phu_luc_n>[ivx]{1,6}))? (?:kem theo|ban hanh))"
)
_ELSEWHERE = re.compile(
    rf",? (?:cua |tai )?(?:{'|'.join(_TYPES)})(?! nay)(?![^\W_])"
    r"|,? (?:cua )?(?:quy che|dieu le|hien phap|cong uoc)(?! nay)"
)
_AMENDING = ("sua doi", "bo sung", "bai bo", "thay the", "thay cum tu")
_SKIPPED = frozenset({"quoc_hieu", "tieu_ngu", "so_ky_hieu", "dia_danh_ngay", "loai_van_ban", "co_quan"})


def find_citations(structure: Structure) -> Iterator[Citation]:
    """In reading order."""
    index = _Index(structure.provisions)
    for provision in structure.provisions:
        if provision.kind in _SKIPPED or not provision.text:
            continue
        plain = fold(provision.text)
        found = [*_documents(provision, plain), *_laws(provision, plain), *_provisions(provision, plain, index)]
        last = -1
        for citation in sorted(found, key=lambda c: (c.span[0], -c.span[1])):
            if citation.span[0] >= last:
                yield citation
                last = citation.span[1]


def _documents(provision: Provision, plain: str) -> Iterator[Citation]:
    """'Chỉ thị số 9-CT/TW ngày 3 tháng 4 năm 2021 của Ban Bí thư'."""
    for match in _NUMBERED.finditer(plain):
        number = re.sub(r"\s", "", provision.text[match.start("number") : match.end("number")]).rstrip(".-/&")
        day = _day(match)
        year = re.search(r"/(\d{4})/", number)
        issuer, end = _issuer(provision.text, plain, match.end())
        yield Citation(
            raw=provision.text[match.start() : end],
            type=match["type"].replace(" ", "_"),
            number=number,
            year=int(year.group(1)) if year else int(match["y"]) if match["y"] else None,
            issuer=issuer,
            date=day,
            target_id=None,
            span=(provision.span[0] + match.start(), provision.span[0] + end),
        )


def _laws(provision: Provision, plain: str) -> Iterator[Citation]:
    """'Luật Tổ chức Chính phủ ngày 18 tháng 02 năm 2025'."""
    for match in _LAW.finditer(provision.text):
        ending = _LAW_ENDS.search(match["name"])
        end = match.start("name") + (ending.start() if ending else len(match["name"]))
        more = _REST_OF_NAME.match(plain, end)
        end = more.end() if more else end
        dated = _AFTER_NAME.match(plain, end)
        day = _day(dated) if dated else None
        number = provision.text[dated.start("number") : dated.end("number")] if dated and dated["number"] else None
        year = re.search(r"/(\d{4})/", number or "")
        stop = dated.end() if dated else end
        yield Citation(
            raw=provision.text[match.start() : stop],
            type=fold(match["type"]).replace(" ", "_"),
            number=number,
            year=int(year.group(1)) if year else day.year if day else None,
            issuer=None,
            date=day,
            target_id=None,
            span=(provision.span[0] + match.start(), provision.span[0] + stop),
        )


def _day(match: re.Match[str]) -> date | None:
    if not match["y"]:
        return None
    try:
        return date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return None


def _issuer(text: str, plain: str, end: int) -> tuple[str | None, int]:
    lead = _ISSUER.match(plain, end)
    if not lead:
        return None, end
    here = find_agencies(text[lead.end() : lead.end() + 90], lead.end())
    if here and here[0].span[0] == lead.end():
        return here[0].name or here[0].raw, here[0].span[1]
    return None, end


class _Index:
    """Finds provisions by article, clause and point, within the document or annex that refers to them."""

    def __init__(self, provisions: tuple[Provision, ...]) -> None:
        self.by_id = {provision.id: provision for provision in provisions}
        self.children: dict[tuple[str | None, str, str], str] = {}
        self.articles: dict[tuple[str, str, str], str] = {}
        self.annexes: dict[str, str] = {}
        for provision in provisions:
            marker = (provision.marker or "").split()[-1:]
            if provision.kind == "phu_luc":
                self.annexes.setdefault(marker[0] if marker else "", provision.id)
            if not marker:
                continue
            self.children.setdefault((provision.parent_id, provision.kind, marker[0]), provision.id)
            self.articles.setdefault((self.root(provision.id), provision.kind, marker[0]), provision.id)

    def root(self, node: str) -> str:
        """The annex or further document that the node is in; '' for the first document."""
        first = node.split("/", 1)[0]
        return first if first.startswith(("phu-luc", "van-ban")) else ""

    def amends(self, node: str) -> bool:
        """Does the text speak of the provisions of another document, which it changes?"""
        at: str | None = node
        while at is not None:
            if fold(self.by_id[at].text[:20]).startswith(_AMENDING):
                return True
            at = self.by_id[at].parent_id
        return False

    def above(self, node: str, kind: str) -> str | None:
        """The node itself or the nearest above it that is of the kind."""
        at: str | None = node
        while at is not None and self.by_id[at].kind != kind:
            at = self.by_id[at].parent_id
        return at


def _provisions(provision: Provision, plain: str, index: _Index) -> Iterator[Citation]:
    """'điểm a khoản 2 Điều này', 'mục II', not what belongs to another document."""
    for match in _INTERNAL.finditer(plain):
        if _ELSEWHERE.match(plain, match.end()) or re.search(r"\S/$", plain[max(0, match.start() - 2) : match.start()]):
            continue
        kind, target = _target(provision, match, index)
        if index.amends(provision.id):
            target = None
        raw = provision.text[match.start() : match.end()]
        span = (provision.span[0] + match.start(), provision.span[0] + match.end())
        yield Citation(raw, kind, None, None, None, None, target, span)


def _target(provision: Provision, match: re.Match[str], index: _Index) -> tuple[str, str | None]:
    root = index.root(provision.id)
    if match["phu_luc"]:
        annex = index.annexes.get((match["phu_luc_n"] or "").upper())
        return "phu_luc", None if annex == root else annex
    if match["muc"]:
        return "muc", index.articles.get((root, "muc", match["muc_n"].upper()))
    if match["khoan2"]:
        if match["khoan2_n"] == "nay":
            return "khoan", index.above(provision.id, "khoan")
        above = index.articles.get((root, "muc", match["muc2_n"].upper())) if match["muc2"] else None
        return "khoan", index.children.get((above, "khoan", match["khoan2_n"])) if above else None
    article = (
        index.above(provision.id, "dieu")
        if match["dieu_n"] == "nay"
        else index.articles.get((root, "dieu", match["dieu_n"]))
    )
    if article is None or not match["khoan"]:
        return "dieu", article
    clause = index.children.get((article, "khoan", match["khoan_n"]))
    if clause is None or not match["diem"]:
        return "khoan", clause
    letter = provision.text[match.start("diem_n") : match.end("diem_n")]
    return "diem", index.children.get((clause, "diem", letter))
