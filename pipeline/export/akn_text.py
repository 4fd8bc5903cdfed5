"""A text and the marks in it in; mixed content of an Akoma Ntoso element, and names that are free, out."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from pipeline.folding import fold

_INVALID = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KIND = re.compile(r"(?:phan|chuong|muc|tieu muc|dieu|khoan|diem|phu luc)(?![^\W_])\s*(?:thu(?![^\W_]))?")
_WORD = re.compile(r"[^\W_]+")
_NOT_IN_GUID = re.compile(rf"[\s%]|{_INVALID.pattern}")


@dataclass(frozen=True, slots=True)
class Mark:
    """An inline element over [start, end) of the document's text; `node_id`: what an internal reference means."""

    start: int
    end: int
    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    node_id: str | None = None


def printable(text: str) -> str:
    """The text with U+FFFD for each character that XML 1.0 can't hold."""
    return _INVALID.sub("\N{REPLACEMENT CHARACTER}", text)


def slug(text: str) -> str:
    """'NGHỊ QUYẾT' -> 'nghi-quyet', '12/2020/NĐ-CP' -> '12-2020-nd-cp'."""
    return "-".join(word for word in _WORD.findall(fold(text)) if word.isascii())


def number_of(marker: str | None) -> str | None:
    """The number in an eId: 'Điều 1' -> '1', 'Phần thứ nhất' -> 'nhất', 'đ' -> 'đ', '-' -> None."""
    if marker is None:
        return None
    kind = _KIND.match(fold(marker))
    return "-".join(_WORD.findall(printable(marker[kind.end() if kind else 0 :]))) or None


def guid_of(node_id: str) -> str:
    """The id of a node as an attribute without white space; different ids stay different."""
    return _NOT_IN_GUID.sub(lambda match: f"%{ord(match[0]):02X}", node_id)


@dataclass(slots=True)
class ElementIds:
    """eIds that are given out, none twice: [prefix__]element[_number], counted where there is no number."""

    _taken: set[str] = field(default_factory=set)
    _counts: Counter[str] = field(default_factory=Counter)

    def claim(self, label: str) -> str:
        """The label, or, where that is taken, label-2 and so on."""
        given, count = label, 1
        while given in self._taken:
            count += 1
            given = f"{label}-{count}"
        self._taken.add(given)
        return given

    def next(self, prefix: str, element: str, number: str | None = None) -> str:
        """'art_1__para_2'; the second with a number under one parent ends in -2."""
        stem = f"{prefix}__{element}" if prefix else element
        if number:
            return self.claim(f"{stem}_{number}")
        self._counts[stem] += 1
        return self.claim(f"{stem}_{self._counts[stem]}")


def add_text(
    parent: etree._Element, text: str, offset: int, marks: Sequence[Mark]
) -> list[tuple[etree._Element, Mark]]:
    """Write `text`, which stands at `offset` in the document, with its marks; gives the elements of the marks.

    Marks that go beyond the text, or that cross an earlier one, are left out.
    """
    inside = sorted(
        (mark for mark in marks if offset <= mark.start < mark.end <= offset + len(text)),
        key=lambda mark: (mark.start, -mark.end),
    )
    made, at = list[tuple[etree._Element, Mark]](), offset
    for index, mark in enumerate(inside):
        if mark.start < at:
            continue
        _append(parent, text[at - offset : mark.start - offset])
        element = etree.SubElement(parent, mark.tag, dict(mark.attributes))
        made.append((element, mark))
        made += add_text(element, text[mark.start - offset : mark.end - offset], mark.start, inside[index + 1 :])
        at = mark.end
    _append(parent, text[at - offset :])
    return made


def _append(parent: etree._Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + printable(text)
    else:
        parent.text = (parent.text or "") + printable(text)
