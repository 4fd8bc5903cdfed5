"""A provision's text in; the provisions of the same document that it refers to out, with their ids."""

import re
from collections.abc import Iterator

from pipeline.document import Citation, Provision
from pipeline.folding import fold

_KINDS = {
    "diem": "diem", "khoan": "khoan", "dieu": "dieu", "tieu muc": "tieu_muc", "muc": "muc", "chuong": "chuong",
    "phan": "phan", "phu luc": "phu_luc",
}  # fmt: skip
_KIND = "|".join(sorted(_KINDS, key=len, reverse=True))
_LABEL = r"(?:nay|[ivxlc]{1,6}|\d{1,3}(?:\.\d{1,2})*[a-zđ]?|[a-zđ])(?![^\W_])"
_NEXT = (
    r"(?=[,;.):]|$| (?:va|hoac|den|khoan|dieu|diem|muc|chuong|phan|cua|tai|nghi|quyet|luat|thong|ban|kem|phu|nay|bo) )"
)
_STEP = r"(?:,|;)?(?: (?:va|hoac|den))? "
_PART = rf"(?:{_KIND}) {_LABEL}(?:{_STEP}(?:(?:{_KIND}) )?{_LABEL}{_NEXT})*"
_CHAIN = re.compile(rf"(?<![^\W_]){_PART}(?:,? (?:cua |tai |thuoc )?{_PART})*")
_ANNEX = re.compile(r"(?<![^\W_])(?:cac )?(?:phu luc|danh muc|bieu)(?= (?:kem theo|ban hanh kem theo|dinh kem))")
_PIECE = re.compile(rf"(?<![^\W_])(?:(?P<kind>{_KIND}) (?P<label>{_LABEL})|(?P<more>{_LABEL}))")
_OTHERS = (
    "nghi quyet", "quyet dinh", "nghi dinh", "thong tu", "chi thi", "ket luan", "phap lenh", "bo luat", "luat",
    "quy che", "dieu le", "hien phap", "cong uoc", "hiep dinh", "quy dinh so", "ke hoach so", "van ban",
    "chuong trinh so", "quy chuan", "danh muc", "de an", "nghi dinh thu",
)  # fmt: skip
_ELSEWHERE = re.compile(
    rf",? (?:cua |tai |thuoc )?(?:{'|'.join(_OTHERS)})(?! nay)(?![^\W_])|,? (?:cua|tai|thuoc) phu luc"
)
_SPELLED = re.compile(
    r"(?:các |tại )?(?:điểm|khoản|điều|tiểu mục|mục|chương|phần|phụ lục|danh mục|biểu)(?!\w)", re.IGNORECASE
)
_AMENDING = ("sua doi", "bo sung", "bai bo", "thay the", "thay cum tu")
_ALONE = ("dieu", "muc", "chuong", "phan", "phu_luc")
_ORDER = ("diem", "khoan", "dieu", "tieu_muc", "muc", "chuong", "phan", "phu_luc")


class ProvisionIndex:
    """Finds provisions by kind and label, within the document or annex that refers to them."""

    def __init__(self, provisions: tuple[Provision, ...]) -> None:
        self.by_id = {provision.id: provision for provision in provisions}
        self.below: dict[tuple[str | None, str, str], str] = {}
        self.anywhere: dict[tuple[str, str, str], str] = {}
        self.annexes: dict[str, str] = {}
        for provision in provisions:
            label = fold((provision.marker or "").split()[-1]) if provision.marker else ""
            if "đ" in (provision.marker or ""):
                label = "đ"
            if provision.kind == "phu_luc":
                self.annexes.setdefault(label or _annex_number(provision), provision.id)
            if label:
                self.below.setdefault((provision.parent_id, provision.kind, label), provision.id)
                self.anywhere.setdefault((self.root(provision.id), provision.kind, label), provision.id)

    def root(self, node: str) -> str:
        """The annex or further document that the node is in; '' for the first document."""
        first = node.split("/", 1)[0]
        return first if first.startswith(("phu-luc", "van-ban")) else ""

    def amends(self, node: str) -> bool:
        """Does the text speak of the provisions of another document, which it changes?"""
        return any(fold(self.by_id[at].text[:20]).lstrip('“"').startswith(_AMENDING) for at in self._up(node))

    def above(self, node: str, kind: str) -> str | None:
        """The node itself or the nearest above it that is of the kind."""
        return next((at for at in self._up(node) if self.by_id[at].kind == kind), None)

    def _up(self, node: str) -> Iterator[str]:
        at: str | None = node
        while at is not None:
            yield at
            at = self.by_id[at].parent_id

    def find(self, node: str, path: list[tuple[str, str]]) -> str | None:
        """What `path`, from the widest unit to the narrowest, means at `node`."""
        at: str | None = None
        for kind, label in path:
            if label == "nay":
                at = self.above(node, kind)
            elif kind == "phu_luc":
                at = self.annexes.get(label)
            elif at is None:
                at = self._first(self.root(node), kind, label)
            else:
                at = self._under(at, kind, label)
            if at is None:
                return None
        return None if at == self.root(node) else at

    def _first(self, root: str, kind: str, label: str) -> str | None:
        return self.anywhere.get((root, kind, label)) or (
            self.anywhere.get((root, "muc", label)) if kind == "phan" else None
        )

    def _under(self, parent: str, kind: str, label: str) -> str | None:
        """Point 2 of section III is what stands as '2.' there, whatever it is called."""
        kinds = (kind, "khoan") if kind in ("diem", "muc") and label.isdigit() else (kind,)
        return next((found for k in kinds if (found := self.below.get((parent, k, label)))), None)


def _annex_number(provision: Provision) -> str:
    match = re.match(r"phu luc(?: so)? ([ivxlc]{1,6}|\d{1,2})(?![^\W_])", fold(provision.text[:20]))
    return match[1] if match else ""


def find_references(provision: Provision, plain: str, index: ProvisionIndex) -> Iterator[Citation]:
    """'điểm a khoản 2 Điều này', 'các Điều 5, 6 và 7', 'Phụ lục II'; not what belongs to another document."""
    amends = None
    for match in _CHAIN.finditer(plain):
        if (
            not _SPELLED.match(provision.text, match.start())
            or _ELSEWHERE.match(plain, match.end())
            or plain[max(0, match.start() - 1) : match.start()] == "/"
        ):
            continue
        parts = _parts(plain, *match.span())
        if len(parts) == 1 and parts[0][0] not in _ALONE and parts[0][1][0][0] != "nay":
            continue
        narrow, wider = parts[0], [(kind, labels[-1][0]) for kind, labels in parts[1:]]
        amends = index.amends(provision.id) if amends is None else amends
        for number, (label, start, end) in enumerate(narrow[1]):
            if number == len(narrow[1]) - 1:
                end = match.end()
            letter = "đ" if provision.text[end - 1 : end].lower() == "đ" or _is_dd(provision.text, start) else label
            path = [*reversed(wider), (narrow[0], letter)]
            target = None if amends else index.find(provision.id, path)
            yield _citation(provision, narrow[0], start, end, target)
    for match in _ANNEX.finditer(plain):
        target = index.annexes.get("")
        root = index.root(provision.id)
        yield _citation(provision, "phu_luc", *match.span(), target if target != root else None)


def _parts(plain: str, start: int, end: int) -> list[tuple[str, list[tuple[str, int, int]]]]:
    """'khoản 1, 2 Điều 5' -> khoan: 1, 2; dieu: 5; each label with its place, that of the kind's name in front."""
    parts: list[tuple[str, list[tuple[str, int, int]]]] = []
    for piece in _PIECE.finditer(plain, start, end):
        kind = _KINDS[piece["kind"]] if piece["kind"] else None
        if kind and (not parts or parts[-1][0] != kind):
            parts.append((kind, []))
        parts[-1][1].append((piece["label"] or piece["more"], piece.start(), piece.end()))
    return sorted(parts, key=lambda part: _ORDER.index(part[0]))


def _is_dd(text: str, start: int) -> bool:
    return text[start : start + 6].lower() == "điểm đ" or (
        text[start].lower() == "đ" and text[start + 1 : start + 2] in " ,;"
    )


def _citation(provision: Provision, kind: str, start: int, end: int, target: str | None) -> Citation:
    base = provision.span[0]
    raw = provision.text[start:end]
    return Citation(raw, kind, None, None, None, None, target, (base + start, base + end), provision.id)
