"""A row in; out the component of the form (Decree 30/2020) that it shows: national title, number, date, sign-off ..."""

import re
from typing import Literal

from rapidfuzz import fuzz

from pipeline.folding import fold
from pipeline.structure.lines import Row
from pipeline.structure.markers import is_title, read_form, read_marker

Signal = Literal[
    "quoc_hieu", "tieu_ngu", "so_ky_hieu", "dia_danh_ngay", "loai_van_ban", "trich_yeu", "phu_luc", "kem_theo",
    "lenh_ban_hanh", "kinh_gui", "noi_nhan", "chu_ky", "mau", "do_khan_mat",
]  # fmt: skip

TITLES: dict[Signal, tuple[str, ...]] = {
    "quoc_hieu": ("cong hoa xa hoi chu nghia viet nam", "dang cong san viet nam"),
    "tieu_ngu": ("doc lap - tu do - hanh phuc",),
}
_TYPES = (
    "nghi quyet", "nghi quyet lien tich", "quyet dinh", "nghi dinh", "thong tu", "thong tu lien tich", "chi thi",
    "ke hoach", "chuong trinh", "chuong trinh hanh dong", "bao cao", "to trinh", "thong bao", "huong dan", "quy che",
    "quy dinh", "de an", "phuong an", "du an", "du thao", "cong dien", "ket luan", "luat", "bo luat", "phap lenh",
    "lenh", "hien phap", "dieu le", "noi quy", "quy chuan", "chien luoc", "quy hoach", "danh muc", "bien ban",
    "hop dong", "thoa thuan", "ban thoa thuan", "thong cao", "van ban hop nhat", "giay uy quyen", "ban ghi nho",
    "giay moi", "giay gioi thieu", "giay nghi phep", "phieu gui", "phieu chuyen", "phieu bao", "phieu trinh",
    "thu cong", "quy trinh", "tieu chuan",
)  # fmt: skip
DOC_TYPES = tuple(sorted(_TYPES, key=len, reverse=True))
_NO_TYPES = ("quy dinh chung", "quy dinh chuyen tiep", "quy dinh cu the", "quy dinh thi hanh", "quy dinh khac")
SIGNERS = (
    "tong bi thu", "chu tich", "pho chu tich", "thu tuong", "pho thu tuong", "bo truong", "thu truong", "chu nhiem",
    "pho chu nhiem", "tong thanh tra", "pho tong thanh tra", "thong doc", "pho thong doc", "vien truong", "chanh an",
    "tong kiem toan", "bi thu", "pho bi thu", "tong giam doc", "pho tong giam doc", "giam doc", "pho giam doc",
    "cuc truong", "pho cuc truong", "vu truong", "pho vu truong", "tong cuc truong", "chanh van phong",
    "pho chanh van phong", "truong ban", "pho truong ban", "hieu truong", "pho hieu truong", "vien pho",
    "truong phong", "pho truong phong", "chi cuc truong", "pho chi cuc truong", "chanh thanh tra",
    "pho chanh thanh tra", "tu lenh", "pho tu lenh", "chinh uy", "tham muu truong", "nguoi dung dau",
)  # fmt: skip
_SIGNING_BODIES = ("dai dien", "hoi dong", "uy ban nhan dan")
_SIGNING_FOR = re.compile(r"(?:(?:t/?m|k/?t|t/?l|t/?u/?q|q)\s?[.,]|t/m|k/t|t/l|t/uq)\s?")
_OWN_TITLE = re.compile(
    rf"(?<![^\W_])(?P<for>{_SIGNING_FOR.pattern})?(?P<title>{'|'.join(sorted(SIGNERS, key=len, reverse=True))})\b"
)
_ORDERS = ("quyet nghi:", "quyet dinh:")
_ORDER = re.compile(r"(?:quyet nghi|quyet dinh|chi thi|nghi quyet)(?: nhu sau)?\s?:\s?|quyet nghi\.?")
_NUMBER = re.compile(r"(?:luat )?s[o6]\s?[:.]?\s?\S{0,12}\s?[/\-–]\s?\S{2,}|s[o6]\s?[:.]\s?\S{0,6}\s?/")
_DAY = r"ng\w{1,2}\s.{0,6}\s?th\w{2,3}\s.{0,6}\s?n\w{1,3}"
_DATE = re.compile(rf"{_DAY}(?:\s|$)")
_PLACE_AND_DATE = re.compile(rf"[^\d,;:.]{{2,40}}[,.]\s?{_DAY}(?:\s\S{{0,6}})?\W{{0,2}}")
_ANNEX = re.compile(r"phu luc(?: so)?(?: (?:[ivxlc]{1,7}|\d{1,3}[a-z]?|[a-h]))?\s?[.:]?")
_URGENT_OR_SECRET = re.compile(r"(?:hoa|thuong) toc|khan|thuong khan|mat|tuyet mat|toi mat|hoa toc hen gio")
_PLACEHOLDER = re.compile(r"\.{3}|…|_{3}|\[")
_ISSUED_WITH = re.compile(r"\(?\s?(?:duoc )?(?:ban hanh )?(?:kem )(?:theo )\S")
_ISSUED = ("(ban hanh kem theo", "(kem theo ")
_LONGEST = 200
_SIMILAR = 82


def signal_of(row: Row) -> Signal | None:
    """What component the row as a whole shows, None for running text."""
    text = row.text
    if len(text) > _LONGEST:
        return None
    plain = fold(text)
    capitals = is_title(text)
    for name, wordings in TITLES.items():
        if any(_contains(plain, wording, capitals or name == "tieu_ngu") for wording in wordings):
            return name
    if read_form(text):
        return "mau"
    if capitals or text.isupper():
        return _capital_signal(plain)
    return _mixed_signal(text, plain)


def _capital_signal(plain: str) -> Signal | None:
    if _ANNEX.match(plain) and (_ANNEX.fullmatch(plain) or len(plain) < 60):
        return "phu_luc"
    if _ORDER.fullmatch(plain) or (plain.endswith(":") and _is_like(plain, _ORDERS)):
        return "lenh_ban_hanh"
    if _NUMBER.match(plain):
        return "so_ky_hieu"
    if doc_type_of(plain):
        return "loai_van_ban"
    if plain.startswith("noi nhan"):
        return "noi_nhan"
    if _URGENT_OR_SECRET.fullmatch(plain):
        return "do_khan_mat"
    return "chu_ky" if is_sign_off(plain) else None


def _mixed_signal(text: str, plain: str) -> Signal | None:
    if fuzz.ratio(plain[:9], "noi nhan:") >= 75 and plain.startswith(("noi", "n")) and len(plain) < 60:
        return "noi_nhan"
    if plain.startswith("kinh gui"):
        return "kinh_gui"
    if _NUMBER.match(plain) and text[0].isupper():
        return "so_ky_hieu"
    if _PLACE_AND_DATE.fullmatch(plain) and text[0].isupper():
        return "dia_danh_ngay"
    if plain.startswith(("v/v", "ve viec")):
        return "trich_yeu"
    if _ANNEX.fullmatch(plain) and text[0].isupper():
        return "phu_luc"
    if _is_issued_with(text, plain):
        return "kem_theo"
    if _SIGNING_FOR.match(plain) and text[:2].isupper():
        return "chu_ky"
    return None


def _is_issued_with(text: str, plain: str) -> bool:
    """'(Ban hành kèm theo ...', also with a letter or two misread behind the bracket."""
    if _ISSUED_WITH.match(plain) and text[0] in "(BK":
        return True
    return text[0] == "(" and any(fuzz.ratio(plain[: len(head)], head) >= _SIMILAR for head in _ISSUED)


def _contains(plain: str, wording: str, shown: bool) -> bool:
    if not shown or len(plain) < len(wording) * 0.8:
        return False
    return wording in plain or fuzz.partial_ratio(wording, plain, score_cutoff=_SIMILAR) > 0


def _is_like(plain: str, wordings: tuple[str, ...]) -> bool:
    return any(fuzz.ratio(plain, wording) >= _SIMILAR for wording in wordings)


def doc_type_of(plain: str) -> str | None:
    """The document type that a folded title opens with."""
    if plain.startswith(_NO_TYPES):
        return None
    for name in DOC_TYPES:
        if plain.startswith(name) and not plain[len(name) : len(name) + 1].isalpha():
            return name
    return None


def is_authentication(text: str) -> bool:
    """'XÁC THỰC VĂN BẢN HỢP NHẤT', above the signature of a consolidated document."""
    return fold(text).startswith("xac thuc van ban")


def is_placeholder(text: str) -> bool:
    """Is something left to be filled in, as in a form? 'Số: .../QĐ-...'."""
    return bool(_PLACEHOLDER.search(text))


def is_bare_title(text: str) -> bool:
    """'CHƯƠNG TRÌNH' or 'PHỤ LỤC II' alone, which says nothing of the subject yet."""
    plain = fold(text)
    return doc_type_of(plain) == plain or bool(_ANNEX.fullmatch(plain)) or read_form(text) is not None


def is_sign_off(plain: str) -> bool:
    """'tm. chinh phu', 'kt. thu tuong', 'bo truong' (folded)."""
    rest = _SIGNING_FOR.sub("", plain, count=1)
    if rest != plain:
        return True
    return len(plain) < 60 and any(
        plain == title or plain.startswith((title + " ", title + ",")) for title in (*SIGNERS, *_SIGNING_BODIES)
    )


def title_start(plain: str) -> int:
    """Where the signer's own title begins in 'tm. chinh phu kt. thu tuong pho thu tuong' (folded); 0 without one."""
    found = [match.start("title") for match in _OWN_TITLE.finditer(plain) if not match["for"]]
    return found[-1] if found else 0


def date_place(text: str) -> int | None:
    """Where place and date begin in a line that opens with the number: 'Số: 5/NQ-CP | Hà Nội, ngày ...'."""
    plain = fold(text)
    date = _DATE.search(plain)
    comma = plain.rfind(",", 0, date.start()) if date else -1
    if date is None:
        return None
    start = comma if comma > 0 else date.start()
    slash = max(plain.rfind("/", 0, start), plain.rfind("-", 0, start))
    end_of_notation = plain.find(" ", slash) if slash >= 0 else -1
    return end_of_notation + 1 if 0 <= end_of_notation < start else None


def title_bounds(row: Row, signal: Signal) -> tuple[int, int]:
    """The tokens [first, end) that hold the national title or motto in a line of two columns."""
    plain = fold(row.text)
    best = max(
        (
            fuzz.partial_ratio_alignment(wording, plain)
            for wording in TITLES[signal]
            if len(plain) >= len(wording) * 0.8
        ),
        key=lambda found: found.score if found else 0.0,
    )
    if best is None:
        return 0, len(row.tokens)
    at, first, end = 0, 0, len(row.tokens)
    for index, token in enumerate(row.tokens):
        middle = at + len(token.text) / 2
        if middle < best.dest_start:
            first = index + 1
        if middle <= best.dest_end:
            end = index + 1
        at += len(token.text) + 1
    return first, max(end, first + 1)


def is_name(text: str) -> bool:
    """A person's name: two to five capitalised words, no digits; 'Nguyễn Văn An'."""
    words = text.split()
    return 2 <= len(words) <= 6 and all(
        word[0].isupper() and word.replace(".", "").isalpha() and not (len(word) > 1 and word.isupper())
        for word in words
    )


def is_heading_row(row: Row) -> bool:
    """Does a division of the body start here (Chương, Điều, I. ..)?"""
    marker = read_marker(row.text)
    if marker is None:
        return False
    return marker.level in ("phan", "chuong", "dieu") or (
        marker.level in ("roman", "upper") and is_title(row.text[marker.length :])
    )
