"""A block and the tree so far in; its marker out, mended where the numbering around it leaves one reading.

An OCR engine reads '1.' for 'I.', 'S.' for '5.', 'd)' for 'đ)', and loses a stroke of 'III'. What stands before and
what comes after decide; a marker that can stand as printed is left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.structure.ahead import POINTS, Ahead, list_goes_on
from pipeline.structure.markers import (
    DAMAGED_SIGNS,
    UPPER_POINTS,
    Level,
    Marker,
    from_roman,
    is_title,
    label_of,
    leading_token,
    may_be,
    to_roman,
)
from pipeline.structure.paragraphs import Block
from pipeline.structure.tree import Tree

REPAIRED = 0.6
DAMAGED_LITTLE = 0.8
_REPAIRABLE: tuple[Level, ...] = ("number", "letter", "paren")
_LISTED: tuple[Level, ...] = ("number", "letter")
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """`printed`: what the text is to show instead of what was read; None where that stays."""

    marker: Marker | None
    printed: str | None = None
    confidence: float = 1.0


def read_block(tree: Tree, blocks: Sequence[Block], index: int, ahead: Ahead) -> Reading:
    """The marker of block `index`."""
    marker, text = blocks[index].marker, blocks[index].text
    if marker is None:
        due = _roman_due(tree, ahead, text, None) or _label_due(tree, text)
        return _mended(text, due) if due else Reading(None)
    if marker.level == "dotted" and (number := _before_note(tree, marker)):
        return Reading(number)
    if marker.level == "dieu" and not _shows(text, marker):
        return Reading(marker, f"{marker.label}.", DAMAGED_LITTLE)
    if marker.level in ("phan", "chuong") and (value := _division_meant(tree, blocks, ahead, marker)):
        label = f"{marker.label.rsplit(None, 1)[0]} {to_roman(value)}"
        sign = text[: marker.length].rstrip()[-1:].strip("IVXLC0123456789")
        return Reading(replace(marker, value=value, label=label), label + sign, REPAIRED)
    if marker.level in _LISTED and _is_misread(tree, blocks, index, marker):
        value = tree.value_open(marker.level) + 1
        return _repaired(replace(marker, value=value, label=label_of(marker.level, value)), REPAIRED)
    if marker.level in _REPAIRABLE and text[: marker.length].rstrip().endswith(DAMAGED_SIGNS):
        return _repaired(marker, DAMAGED_LITTLE)
    due = _roman_due(tree, ahead, text, marker)
    if due is None and marker.level in _REPAIRABLE and not tree.is_in_order(marker):
        due = _label_due(tree, text)
    if due is None or (due.level, due.value) == (marker.level, marker.value):
        return Reading(_upper_or_roman(tree, marker))
    return _mended(text, due)


def _before_note(tree: Tree, marker: Marker) -> Marker | None:
    """'8.6 Quỹ ...' where 8 is due: item 8, behind its number that of a footnote."""
    prefix, note = marker.label.rsplit(".", 1)
    if not prefix.isdigit() or int(prefix) != tree.value_open("number") + 1 or note.startswith("0"):
        return None
    is_next = tree.last.get(f"dotted {prefix}.", (0, 0))[1] + 1 == marker.value
    return None if is_next else Marker("number", int(prefix), prefix, len(prefix) + 1)


def _mended(text: str, due: Marker) -> Reading:
    return Reading(due, None, DAMAGED_LITTLE) if text.startswith(f"{due.label} ") else _repaired(due, REPAIRED)


def _repaired(marker: Marker, confidence: float) -> Reading:
    return Reading(marker, marker.label + (")" if marker.level in POINTS else "."), confidence)


def _shows(text: str, marker: Marker) -> bool:
    """Does the text print the marker as it is, whatever its capitals and spaces?"""
    printed = text[: marker.length].replace(" ", "").lower()
    return printed.startswith(marker.label.replace(" ", "").lower())


def _is_misread(tree: Tree, blocks: Sequence[Block], index: int, marker: Marker) -> bool:
    """'a) h) c)': the item before and the one after leave one reading."""
    before = tree.value_open(marker.level)
    if not before or marker.value == before + 1 or marker.value == 1:
        return False
    return list_goes_on(blocks, index, marker.level, before + 1)


def _division_meant(tree: Tree, blocks: Sequence[Block], ahead: Ahead, marker: Marker) -> int | None:
    """The number of a part or chapter whose Roman numeral is damaged; None where it can stand as printed.

    'Chương II' right after Chương II, and no Chương III to come: the engine has lost a stroke of III. 'Chương 1' where
    at least half of the chapters have Roman numerals, as Decree 30/2020/NĐ-CP asks for: it took strokes for ones.
    """
    numeral = marker.label.rsplit(None, 1)[-1]
    last = tree.last.get(marker.level, (0, 0))[1]
    comes_twice = from_roman(numeral) == marker.value == last
    if comes_twice and ahead.of(marker.level) != marker.value + 1:
        return marker.value + 1
    if numeral != "1" * (last + 1):
        return None
    labels = [other.marker.label for other in blocks if other.marker and other.marker.level == marker.level]
    are_roman = sum(from_roman(label.rsplit(None, 1)[-1]) is not None for label in labels)
    return last + 1 if 2 * are_roman >= len(labels) else None


def _upper_or_roman(tree: Tree, marker: Marker) -> Marker:
    """'C.' and 'D.' are letters where B is the last division, numerals elsewhere."""
    if marker.level != "roman" or len(marker.label) > 1:
        return marker
    value = UPPER_POINTS.find(marker.label) + 1
    if value and tree.last.get("upper", (0, -1))[1] + 1 == value:
        return replace(marker, level="upper", value=value)
    return marker


def _roman_due(tree: Tree, ahead: Ahead, text: str, marker: Marker | None) -> Marker | None:
    """A heading in capitals whose numeral is damaged: 'L TỔ CHỨC' or '1. TỔ CHỨC' where III is due."""
    found = leading_token(text)
    if found is None or not is_title(text[found[1] :]) or not may_be(found[0], "roman", 0):
        return None
    at, last = tree.last.get("roman", (0, 0))
    due = Marker("roman", last + 1, label_of("roman", last + 1), found[1])
    is_sure = ahead.roman == last + 2
    if marker is None:
        printed = from_roman(found[0])
        if printed and last < printed <= last + _NEAR:
            return replace(due, value=printed, label=found[0])
        return due if not printed or len(found[0]) == 1 else None
    if marker.level in ("number", "letter", "upper"):
        is_first = last == 0 and marker.value == 1 and (ahead.number == 1 or ahead.roman == 2)
        is_due = tree.is_in_order(marker) and marker.value <= tree.value_open(marker.level) + 1
        is_next = last > 0 and not is_due and (is_sure or tree.nodes[at].printed is None)
        return due if is_first or is_next else None
    if marker.level == "roman" and marker.value <= last:
        goes_on = is_sure or (ahead.roman is None and _lost_strokes(marker.label, due.label))
        return due if goes_on and ahead.roman != marker.value + 1 else None
    return None


def _lost_strokes(seen: str, due: str) -> bool:
    """'I' can be what is left of 'III', not of 'V'."""
    left = iter(due)
    return all(char in left for char in seen)


def _label_due(tree: Tree, text: str) -> Marker | None:
    """'S.' after '4.', 'd)' after 'd)': the one open sequence whose next marker it can be."""
    found = leading_token(text)
    if found is None or not text[found[1] :][:1].isupper():
        return None
    token, length = found
    sign = text[:length].strip()[-1]
    for position in reversed(tree.path):
        node = tree.nodes[position]
        if node.level not in _REPAIRABLE or sign not in ".)" or (sign == ")") != (node.level in POINTS):
            continue
        if may_be(token, node.level, node.value + 1):
            return Marker(node.level, node.value + 1, label_of(node.level, node.value + 1), length)
    return None
