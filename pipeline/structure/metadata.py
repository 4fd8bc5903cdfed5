"""The provisions of the form in; the document's metadata out, each value with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.document import Field, MapEntry, Metadata, Provision, Span
from pipeline.folding import fold
from pipeline.structure.assemble import raw_spans_between
from pipeline.structure.signals import doc_type_of, is_name

_NUMBER = re.compile(r"s[o6]\s?[:.]?\s*(?P<number>[^\s/]{0,12}?(?:/\d{4})?)\s*(?:/|-)\s*(?P<notation>\S.*)?$")
_DATE = re.compile(r"(?P<date>ngay\s*(?P<day>\d{1,2})\s*thang\s*(?P<month>\d{1,2})\s*nam\s*(?P<year>\d{4}))")
_PLACE = re.compile(r"\s*(?P<place>[^,\d]+?)\s*,")
_SUBJECT_LEAD = re.compile(r"(?:v/v|ve viec)\s+")


@dataclass(frozen=True, slots=True)
class _Places:
    """Makes fields out of pieces of provisions."""

    text: str
    offsets: tuple[MapEntry, ...]
    starts: list[int]

    def field(self, provision: Provision, span: Span, value: str | None = None) -> Field:
        raw = raw_spans_between(self.offsets, self.starts, span, provision.raw_spans)
        shown = self.text[span[0] : span[1]] if value is None else value
        return Field(shown, span, raw, provision.page, provision.confidence)

    def whole(self, provision: Provision) -> Field:
        return Field(provision.text, provision.span, provision.raw_spans, provision.page, provision.confidence)

    def part(self, provision: Provision, match: re.Match[str], group: str, value: str | None = None) -> Field | None:
        start, end = match.span(group)
        if start < 0 or start == end:
            return None
        return self.field(provision, (provision.span[0] + start, provision.span[0] + end), value)


def read_metadata(text: str, offsets: tuple[MapEntry, ...], provisions: tuple[Provision, ...]) -> Metadata:
    """Components of the first document in the file; annexes and further documents keep theirs to themselves."""
    places = _Places(text, offsets, [entry.restored_start for entry in offsets])
    own = list(_first_document(provisions))
    by_kind: dict[str, list[Provision]] = {}
    for provision in own:
        by_kind.setdefault(provision.kind, []).append(provision)
    number, notation = _number(places, by_kind)
    place, issued = _place_and_date(places, by_kind)
    return Metadata(
        national_title=_first(places, by_kind, "quoc_hieu"),
        motto=_first(places, by_kind, "tieu_ngu"),
        issuing_body=_issuing_body(places, own),
        number=number,
        notation=notation,
        place=place,
        issued_date=issued,
        doc_type=_doc_type(places, by_kind),
        subject=_subject(places, by_kind),
        legal_bases=tuple(places.whole(p) for p in by_kind.get("can_cu", [])),
        signatory=_signatory(places, by_kind),
        recipients=tuple(_recipients(places, own)),
    )


def _first_document(provisions: tuple[Provision, ...]) -> Iterator[Provision]:
    """Up to the first annex or second document, without the letterhead printed above that."""
    end = next((i for i, p in enumerate(provisions) if p.kind in ("phu_luc", "van_ban")), len(provisions))
    has_form = any(p.kind in ("loai_van_ban", "so_ky_hieu") for p in provisions[:end])
    while (
        end > 0
        and provisions[end - 1].kind in ("quoc_hieu", "tieu_ngu", "co_quan")
        and end < len(provisions)
        and has_form
    ):
        end -= 1
    yield from provisions[:end]


def _first(places: _Places, by_kind: dict[str, list[Provision]], kind: str) -> Field | None:
    found = by_kind.get(kind)
    return places.whole(found[0]) if found else None


def _issuing_body(places: _Places, own: list[Provision]) -> Field | None:
    """The lines of the left column above the number; a column read in turns with the other is put together again."""
    head: list[Provision] = []
    for provision in own:
        if provision.kind in ("so_ky_hieu", "loai_van_ban", "can_cu", "lenh_ban_hanh"):
            break
        if provision.kind == "co_quan" and provision.text not in [p.text for p in head]:
            head.append(provision)
    if not head:
        return None
    return Field(
        " ".join(p.text for p in head),
        (head[0].span[0], head[-1].span[1]),
        tuple(span for p in head for span in p.raw_spans),
        head[0].page,
        min(p.confidence for p in head),
    )


def _number(places: _Places, by_kind: dict[str, list[Provision]]) -> tuple[Field | None, Field | None]:
    for provision in by_kind.get("so_ky_hieu", []):
        match = _NUMBER.search(fold(provision.text))
        if match:
            return places.part(provision, match, "number"), places.part(provision, match, "notation")
    return None, None


def _place_and_date(places: _Places, by_kind: dict[str, list[Provision]]) -> tuple[Field | None, Field | None]:
    for provision in by_kind.get("dia_danh_ngay", []):
        place = _PLACE.match(provision.text)
        match = _DATE.search(fold(provision.text))
        iso = _iso(match) if match else None
        issued = places.part(provision, match, "date", iso) if match and iso else None
        return (places.part(provision, place, "place") if place else None), issued
    return None, None


def _iso(match: re.Match[str]) -> str | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"])).isoformat()
    except ValueError:
        return None


def _doc_type(places: _Places, by_kind: dict[str, list[Provision]]) -> Field | None:
    for provision in by_kind.get("loai_van_ban", []):
        name = doc_type_of(fold(provision.text))
        if name:
            return places.field(provision, (provision.span[0], provision.span[0] + len(name)))
    return None


def _subject(places: _Places, by_kind: dict[str, list[Provision]]) -> Field | None:
    for provision in by_kind.get("trich_yeu", []):
        lead = _SUBJECT_LEAD.match(fold(provision.text))
        start = provision.span[0] + (lead.end() if lead and provision.text.startswith("V/v") else 0)
        return places.field(provision, (start, provision.span[1]))
    return None


def _signatory(places: _Places, by_kind: dict[str, list[Provision]]) -> Field | None:
    """The name under the last signature: the longest run of name-like words at its end."""
    for provision in reversed(by_kind.get("chu_ky", [])):
        words = provision.text.split()
        for count in range(min(5, len(words)), 1, -1):
            name = " ".join(words[-count:])
            if is_name(name):
                return places.field(provision, (provision.span[1] - len(name), provision.span[1]))
    return None


def _recipients(places: _Places, own: list[Provision]) -> Iterator[Field]:
    lists = {p.id for p in own if p.kind == "noi_nhan"}
    for provision in own:
        if provision.parent_id in lists and provision.text:
            yield places.whole(provision)
