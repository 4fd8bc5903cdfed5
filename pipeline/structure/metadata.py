"""The provisions of the form in; the document's metadata out, each value with its place."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.document import Attachment, Field, MapEntry, Metadata, Provision, Span
from pipeline.folding import fold
from pipeline.structure.assemble import Assembled, raw_spans_of
from pipeline.structure.bodies import issues_below
from pipeline.structure.signals import doc_type_of, is_name, title_start

_NUMBER = re.compile(r"s[o6]\s?[:.]?\s*(?P<number>[^\s/]{0,12}?(?:/\d{4})?)\s*(?:/|-)\s*(?P<notation>\S.*)?$")
_DATE = re.compile(r"(?P<date>ngay\s*(?P<day>\d{1,2})\s*thang\s*(?P<month>\d{1,2})\s*nam\s*(?P<year>\d{4}))")
_PLACE = re.compile(r"\s*(?P<place>[^,\d]+?)\s*,")
_ADOPTED = re.compile(rf"thong qua\s+{_DATE.pattern}")
_ADDRESSED = re.compile(r"kinh gui\s*:?\s*")
_SUBJECT_LEAD = re.compile(r"(?:v/v|ve viec)\s+")


@dataclass(frozen=True, slots=True)
class _Places:
    """Makes fields out of pieces of provisions. A field is as sure as its least sure syllable."""

    text: str
    offsets: tuple[MapEntry, ...]
    confidences: tuple[float, ...]
    starts: list[int]

    def field(self, provision: Provision, span: Span, value: str | None = None) -> Field:
        first = max(0, bisect_left(self.starts, span[0] + 1) - 1)
        last = max(first + 1, bisect_left(self.starts, span[1]))
        raw = raw_spans_of(self.offsets[first:last], provision.raw_spans)
        shown = self.text[span[0] : span[1]] if value is None else value
        return Field(shown, span, raw, provision.page, round(min(self.confidences[first:last]), 4))

    def whole(self, provision: Provision) -> Field:
        return self.field(provision, provision.span)

    def part(self, provision: Provision, match: re.Match[str], group: str, value: str | None = None) -> Field | None:
        start, end = match.span(group)
        if start < 0 or start == end:
            return None
        return self.field(provision, (provision.span[0] + start, provision.span[0] + end), value)

    def joined(self, provisions: list[Provision]) -> Field | None:
        """Provisions as one field."""
        return _joined([self.whole(provision) for provision in provisions])


def _joined(fields: list[Field]) -> Field | None:
    if not fields:
        return None
    return Field(
        " ".join(field.value for field in fields),
        (fields[0].span[0], fields[-1].span[1]),
        tuple(span for field in fields for span in field.raw_spans),
        fields[0].page,
        min(field.confidence for field in fields),
    )


def read_metadata(whole: Assembled) -> tuple[Metadata, tuple[Attachment, ...]]:
    """Components of the first document in the file, and what is attached to it."""
    starts = [entry.restored_start for entry in whole.offsets]
    places = _Places(whole.text, whole.offsets, whole.confidences, starts)
    own = list(_first_document(whole.provisions))
    return _components(places, own), tuple(_attachments(places, whole.provisions))


def _components(places: _Places, own: list[Provision]) -> Metadata:
    by_kind: dict[str, list[Provision]] = {}
    for provision in own:
        by_kind.setdefault(provision.kind, []).append(provision)
    number, notation = _number(places, by_kind)
    place, issued = _place_and_date(places, by_kind)
    parent_body, issuing_body = _bodies(places, own)
    authority, title, name = _signature(places, by_kind)
    marks = {fold(p.text): places.whole(p) for p in by_kind.get("do_khan_mat", [])}
    return Metadata(
        national_title=_first(places, by_kind, "quoc_hieu"),
        motto=_first(places, by_kind, "tieu_ngu"),
        parent_body=parent_body,
        issuing_body=issuing_body,
        number=number,
        notation=notation,
        place=place,
        issued_date=issued or _adoption_date(places, own),
        doc_type=_doc_type(places, by_kind),
        subject=_subject(places, by_kind),
        legal_bases=tuple(places.whole(p) for p in by_kind.get("can_cu", [])),
        addressees=tuple(_addressees(places, own)),
        signing_authority=authority,
        signatory_title=title,
        signatory=name,
        recipients=tuple(_listed(places, own, "noi_nhan")),
        secrecy=next((mark for text, mark in marks.items() if "mat" in text), None),
        urgency=next((mark for text, mark in marks.items() if "mat" not in text), None),
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


def _bodies(places: _Places, own: list[Provision]) -> tuple[Field | None, Field | None]:
    """The body above and the issuing one: the lines of the left column above the number."""
    head: list[Provision] = []
    for provision in own:
        if provision.kind in ("so_ky_hieu", "loai_van_ban", "can_cu", "lenh_ban_hanh") and head:
            break
        if provision.kind == "co_quan" and provision.text not in [p.text for p in head]:
            head.append(provision)
    above = -1 if issues_below([provision.text for provision in head]) else 0
    return places.joined(head[:above] if above else []), places.joined(head[above:])


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


def _adoption_date(places: _Places, own: list[Provision]) -> Field | None:
    """Of a law, which bears no date above: 'Luật này được Quốc hội ... thông qua ngày 27 tháng 11 năm 2024.'"""
    for provision in reversed(own):
        match = _ADOPTED.search(fold(provision.text)) if provision.kind == "doan" else None
        if match and (iso := _iso(match)):
            return places.part(provision, match, "date", iso)
    return None


def _signature(places: _Places, by_kind: dict[str, list[Provision]]) -> tuple[Field | None, Field | None, Field | None]:
    """'TM. CHÍNH PHỦ KT. THỦ TƯỚNG', 'PHÓ THỦ TƯỚNG' and the name, of the last signature that has one."""
    signed = by_kind.get("chu_ky", [])
    provision = next((p for p in reversed(signed) if _name_at_end(p.text)[1]), signed[-1] if signed else None)
    if provision is None:
        return None, None, None
    text, base = provision.text, provision.span[0]
    start, name = _name_at_end(text)
    end = _office_end(text[:start])
    own = title_start(fold(text[:end]))
    authority, title = text[:own].rstrip(), text[own:end]
    return (
        places.field(provision, (base, base + len(authority))) if authority else None,
        places.field(provision, (base + own, base + end)) if title else None,
        places.field(provision, (base + start, base + len(text))) if name else None,
    )


def _office_end(text: str) -> int:
    """Where the words in capitals end: before '(Đã ký)' or a name."""
    end = 0
    for match in re.finditer(r"\S+", text):
        if not match.group().isupper() or match.group()[0] in "([":
            break
        end = match.end()
    return end


def _name_at_end(text: str) -> tuple[int, str]:
    """Where the longest run of name-like words at the end begins, and the run."""
    words = text.split()
    for count in range(min(5, len(words)), 1, -1):
        name = " ".join(words[-count:])
        if is_name(name):
            return len(text) - len(name), name
    return len(text), ""


def _listed(places: _Places, own: list[Provision], kind: str) -> Iterator[Field]:
    lists = {p.id for p in own if p.kind == kind}
    for provision in own:
        if provision.parent_id in lists and provision.text:
            yield places.whole(provision)


def _addressees(places: _Places, own: list[Provision]) -> Iterator[Field]:
    """What stands after 'Kính gửi:', in the line or as a list."""
    for provision in own:
        match = _ADDRESSED.match(fold(provision.text)) if provision.kind == "kinh_gui" else None
        if match and match.end() < len(provision.text):
            yield places.field(provision, (provision.span[0] + match.end(), provision.span[1]))
    yield from _listed(places, own, "kinh_gui")


def _attachments(places: _Places, provisions: tuple[Provision, ...]) -> Iterator[Attachment]:
    """The annexes and what else is issued with the document, each with its title."""
    issued = {p.parent_id: p for p in reversed(provisions) if p.kind == "kem_theo"}
    for provision in provisions:
        if provision.kind != "phu_luc" or provision.parent_id is not None:
            continue
        name = doc_type_of(fold(provision.text)) if provision.marker is None else None
        start = provision.span[0]
        yield Attachment(
            provision.id,
            places.field(provision, (start, start + len(name))) if name else None,
            places.whole(provision) if provision.text else None,
            places.whole(issued[provision.id]) if provision.id in issued else None,
        )
