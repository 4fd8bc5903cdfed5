"""Blocks in; the nodes of the tree out, parents before children; numbering repaired, gaps and oddities reported."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pipeline.document import Notice
from pipeline.structure.ahead import CONTAINERS, POINTS, end_of_quotation, list_goes_on, values_ahead
from pipeline.structure.markers import (
    DAMAGED_SIGNS,
    KINDS,
    RANKS,
    WORDED,
    Level,
    Marker,
    from_roman,
    is_title,
    label_of,
    leading_token,
    may_be,
    read_marker,
    to_roman,
)
from pipeline.structure.paragraphs import END_SIGN, Block

_REPAIRED = 0.6
_DAMAGED_LITTLE = 0.8
_NESTING: frozenset[Level] = frozenset({"number", "dotted", "letter", "paren"})
_REPAIRABLE: tuple[Level, ...] = ("number", "letter", "paren")
_LISTS = frozenset({"noi_nhan", "kinh_gui"})
_SHOWN = 5
_SHOWN_TEXT = 60
_NEAR = 3


@dataclass(slots=True)
class Node:
    """A provision in the making. `printed`: the marker as the text shows it, where it was repaired."""

    block: Block
    kind: str
    parent: int | None
    segment: str
    marker: Marker | None = None
    printed: str | None = None
    confidence: float = 1.0
    level: Level | None = None
    value: int = 0
    bullet: str = ""
    last_child: dict[str, tuple[int, int]] = field(default_factory=dict)
    children: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gap:
    """Markers missing after node `after`."""

    after: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The tree: nodes know their parents by index."""

    nodes: tuple[Node, ...]
    gaps: tuple[Gap, ...]
    notices: tuple[Notice, ...]


def build(blocks: list[Block]) -> Outline:
    """Hangs each block under its parent."""
    return _Builder(blocks).run()


class _Builder:
    """The nodes so far, the path of open ones, and what was seen at each level since the last title."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.ahead = values_ahead(blocks)
        self.nodes: list[Node] = []
        self.path: list[int] = []
        self.last: dict[str, tuple[int, int]] = {}
        self.quoted_to = -1
        self.root: int | None = None
        self.roots: dict[str, int] = {}
        self.gaps: list[Gap] = []
        self.oddities: dict[str, list[str]] = {}

    def run(self) -> Outline:
        for index, block in enumerate(self.blocks):
            if block.kind in CONTAINERS:
                self._container(block)
            elif block.kind is not None:
                self._component(block)
            else:
                self._provision(index, block)
        return Outline(tuple(self.nodes), tuple(self.gaps), tuple(self._notices()))

    # --- components of the form -------------------------------------------------------------------------------------

    def _container(self, block: Block) -> None:
        marker = read_marker(block.rows[0].text) if block.kind == "phu_luc" else None
        if marker is not None and marker.level != "phu_luc":
            marker = None
        slug = "phu-luc" if block.kind == "phu_luc" else "van-ban"
        segment = slug + (f"-{marker.label.split()[-1]}" if marker else "")
        self.root = self._append(Node(block, str(block.kind), None, segment, marker))
        self.path = [self.root]
        self.last = {}

    def _component(self, block: Block) -> None:
        kind = str(block.kind)
        node = self._append(Node(block, kind, self.root, kind.replace("_", "-")))
        if kind in _LISTS:
            self.path = [node]

    # --- provisions -------------------------------------------------------------------------------------------------

    def _provision(self, index: int, block: Block) -> None:
        if index > self.quoted_to and block.text[0] == "“":
            self.quoted_to = end_of_quotation(self.blocks, index)
        if index <= self.quoted_to:
            self._paragraph(index, block)
            return
        marker, printed, confidence = self._resolve(index, block)
        if self.path and self.nodes[self.path[0]].kind in _LISTS and (marker is None or marker.level != "bullet"):
            self.path.clear()
        if marker is None:
            if self.path and self._has_ended():
                self.path.clear()
                self._note("text_after_end", block.text[:_SHOWN_TEXT])
            self._paragraph(index, block)
        elif marker.level == "bullet":
            self._bullet(block, marker)
        else:
            self._numbered(block, marker, printed, confidence)

    def _paragraph(self, index: int, block: Block) -> None:
        """Hangs under the unit that is open: never a bullet, nor the last item of a list that has come to its end."""
        confidence = 1.0
        if self._stands_between_bullets(index):
            self._note("bullet_perhaps_lost", block.text[:_SHOWN_TEXT])
            confidence = _DAMAGED_LITTLE
        while self.path and self.nodes[self.path[-1]].level == "bullet":
            self.path.pop()
        if self.path and self._list_ends(index):
            self.path.pop()
        parent = self.path[-1] if self.path else self.root
        self._append(Node(block, "doan", parent, "doan", confidence=confidence))

    def _stands_between_bullets(self, index: int) -> bool:
        following = self.blocks[index + 1].marker if index + 1 < len(self.blocks) else None
        return (
            following is not None
            and following.level == "bullet"
            and self.path[-1:] == [len(self.nodes) - 1]
            and self.nodes[-1].bullet == following.label
        )

    def _list_ends(self, index: int) -> bool:
        """'a) ngô; b) khoai. Paragraph': it closes the list as a whole, unless 'c)' is still to come."""
        last = self.nodes[self.path[-1]]
        if last.level not in POINTS or last.children or not last.block.text.endswith("."):
            return False
        before = self.nodes[self.path[-1] - 1]
        is_list = before.level == last.level and before.parent == last.parent and before.block.text.endswith((";", ","))
        return is_list and not list_goes_on(self.blocks, index, last.level, last.value)

    def _has_ended(self) -> bool:
        """Was the last provision closed with the mark that ends a document?"""
        return self.nodes[-1].block.kind is None and self.nodes[-1].block.text.endswith(END_SIGN)

    def _bullet(self, block: Block, marker: Marker) -> None:
        signs = [self.nodes[i].bullet if self.nodes[i].level == "bullet" else "" for i in self.path]
        if marker.label in signs:
            del self.path[signs.index(marker.label) :]
        elif marker.label == "*":
            self.path = [i for i in self.path if self.nodes[i].level != "bullet"]
        parent = self.path[-1] if self.path else self.root
        order = 1 + self._count(parent, "bullet")
        node = Node(block, KINDS["bullet"], parent, str(order), marker, level="bullet", bullet=marker.label)
        self.path.append(self._append(node))

    def _numbered(self, block: Block, marker: Marker, printed: str | None, confidence: float) -> None:
        parent = self._find_parent(marker)
        self._check_order(marker, parent)
        segment = marker.label
        if marker.level in WORDED:
            segment = f"{marker.level.replace('_', '-')}-{marker.label.split()[-1]}"
        node = Node(
            block, KINDS[marker.level], parent, segment, marker, printed, confidence, marker.level, marker.value
        )
        at = self._append(node)
        self.path.append(at)
        if RANKS[marker.level] < RANKS["roman"]:
            self.last.pop("roman", None)
        self.last[_sequence(marker)] = (at, marker.value)
        if parent is not None:
            self.nodes[parent].last_child[_sequence(marker)] = (at, marker.value)

    def _find_parent(self, marker: Marker) -> int | None:
        """Closes what the marker closes; what stays open last is its parent."""
        levels = [self.nodes[i].level for i in self.path]
        same = [
            at for at, level in enumerate(levels) if level == marker.level and self._same_depth(self.path[at], marker)
        ]
        due = [at for at in same if self.nodes[self.path[at]].value + 1 == marker.value]
        if due or same:
            del self.path[(due or same)[-1] :]
        else:
            while self.path and self._closes(self.nodes[self.path[-1]].level, marker):
                self.path.pop()
        return self.path[-1] if self.path else self.root

    def _same_depth(self, node: int, marker: Marker) -> bool:
        if marker.level != "dotted":
            return True
        other = self.nodes[node].marker
        return other is not None and other.label.count(".") == marker.label.count(".")

    def _closes(self, level: Level | None, marker: Marker) -> bool:
        if level is None:
            return False
        if marker.level == "dotted" and level == "dotted":
            return False
        if marker.value == 1 and marker.level in _NESTING and level in _NESTING:
            return False
        return RANKS[level] >= RANKS[marker.level]

    # --- order ------------------------------------------------------------------------------------------------------

    def _check_order(self, marker: Marker, parent: int | None) -> None:
        siblings = self.nodes[parent].last_child if parent is not None else self.last
        sequence = _sequence(marker)
        before = siblings.get(sequence) or (self.last.get(sequence) if marker.value > 1 else None)
        last = before[1] if before else 0
        is_inserted = marker.level == "dieu" and marker.value == last and marker.label[-1].isalpha()
        if marker.value == last + 1 or is_inserted:
            return
        if marker.value > last + 1:
            prefix = sequence.removeprefix("dotted ") if marker.level == "dotted" else ""
            missing = tuple(prefix + label_of(marker.level, v) for v in range(last + 1, min(marker.value, last + 100)))
            after = before[0] if before else parent
            if after is not None:
                self.gaps.append(Gap(after, missing))
            self._note("numbering_gap", f"{', '.join(missing[:_SHOWN])} before {marker.label}")
        elif marker.value == 1:
            self._note("numbering_restart", marker.label)
        else:
            self._note("numbering_out_of_order", f"{marker.label} after {label_of(marker.level, last)}")

    # --- damaged markers --------------------------------------------------------------------------------------------

    def _resolve(self, index: int, block: Block) -> tuple[Marker | None, str | None, float]:
        """The block's marker, what to print instead where it is repaired, and how sure it is."""
        marker = block.marker
        text = block.text
        if marker is not None and marker.level == "dieu" and not _shows(text, marker):
            self._note("marker_repaired", f"{text[: marker.length].strip()} -> {marker.label}.")
            return marker, f"{marker.label}.", _DAMAGED_LITTLE
        if marker is not None and marker.level in ("phan", "chuong") and self._comes_twice(marker):
            label = f"{marker.label.rsplit(None, 1)[0]} {to_roman(marker.value + 1)}"
            self._note("marker_repaired", f"{marker.label} -> {label}")
            printed = label + text[: marker.length].rstrip()[-1:].strip("IVXLC0123456789")
            return Marker(marker.level, marker.value + 1, label, marker.length), printed, _REPAIRED
        if marker is not None and self._is_misread(index, marker):
            marker = replace(marker, value=self._before(marker) + 1)
            marker = replace(marker, label=label_of(marker.level, marker.value))
            return self._repaired(text, marker, _REPAIRED)
        if (
            marker is not None
            and marker.level in _REPAIRABLE
            and text[: marker.length].rstrip().endswith(DAMAGED_SIGNS)
        ):
            return self._repaired(text, marker, _DAMAGED_LITTLE)
        repaired = self._roman_due(index, text, marker)
        if repaired is None and (marker is None or (marker.level in _REPAIRABLE and not self._in_order(marker))):
            repaired = self._label_due(index, text)
        if repaired is None or (
            marker is not None and repaired.level == marker.level and repaired.value == marker.value
        ):
            return self._upper_or_roman(marker), None, 1.0
        if text.startswith(f"{repaired.label} "):
            return repaired, None, _DAMAGED_LITTLE
        return self._repaired(text, repaired, _REPAIRED)

    def _repaired(self, text: str, marker: Marker, confidence: float) -> tuple[Marker, str, float]:
        printed = marker.label + (")" if marker.level in POINTS else ".")
        self._note("marker_repaired", f"{text[: marker.length].strip()} -> {printed}")
        return marker, printed, confidence

    def _before(self, marker: Marker) -> int:
        """The value of the open item of the marker's level, 0 where none is open."""
        return next((node.value for i in reversed(self.path) if (node := self.nodes[i]).level == marker.level), 0)

    def _is_misread(self, index: int, marker: Marker) -> bool:
        """'a) h) c)': the item before and the one after leave one reading."""
        before = self._before(marker)
        if marker.level not in ("number", "letter") or not before or marker.value == before + 1 or marker.value == 1:
            return False
        return list_goes_on(self.blocks, index, marker.level, before + 1)

    def _comes_twice(self, marker: Marker) -> bool:
        """'Chương II' right after Chương II: the OCR engine has lost a stroke of III."""
        numeral = marker.label.rsplit(None, 1)[-1]
        return from_roman(numeral) == marker.value and self.last.get(marker.level, (0, 0))[1] == marker.value

    def _upper_or_roman(self, marker: Marker | None) -> Marker | None:
        """'C.' and 'D.' are letters where B is the last division, numerals elsewhere."""
        if marker is None or marker.level != "roman" or len(marker.label) > 1:
            return marker
        value = "ABCDĐEGHKLMN".find(marker.label) + 1
        if value and self.last.get("upper", (0, -1))[1] + 1 == value:
            return Marker("upper", value, marker.label, marker.length)
        return marker

    def _roman_due(self, index: int, text: str, marker: Marker | None) -> Marker | None:
        """A heading in capitals whose numeral is damaged: 'L TỔ CHỨC' or '1. TỔ CHỨC' where III is due."""
        found = leading_token(text)
        if found is None or not is_title(text[found[1] :]) or not may_be(found[0], "roman", 0):
            return None
        last = self.last.get("roman", (0, 0))[1]
        due = Marker("roman", last + 1, label_of("roman", last + 1), found[1])
        next_roman, next_number = self.ahead[index]
        if marker is None:
            printed = from_roman(found[0])
            is_clear = printed is not None and last < printed <= last + _NEAR
            return Marker("roman", printed, found[0], found[1]) if printed and is_clear else due
        if marker.level in ("number", "letter", "upper"):
            is_first = last == 0 and marker.value == 1 and (next_number == 1 or next_roman == 2)
            return due if is_first or (last > 0 and not self._in_order(marker)) else None
        if marker.level == "roman" and marker.value <= last:
            goes_on = next_roman is None or next_roman == last + 2
            return due if goes_on and next_roman != marker.value + 1 else None
        return None

    def _label_due(self, index: int, text: str) -> Marker | None:
        """'S.' after '4.', 'd)' after 'd)': the one open sequence whose next marker it can be."""
        found = leading_token(text)
        if found is None or not text[found[1] :][:1].isupper():
            return None
        token, length = found
        sign = text[:length].strip()[-1]
        for position in reversed(self.path):
            node = self.nodes[position]
            if (
                node.level not in _REPAIRABLE
                or (sign == ")") != (node.level in ("letter", "paren"))
                or sign not in ".)"
            ):
                continue
            if may_be(token, node.level, node.value + 1):
                return Marker(node.level, node.value + 1, label_of(node.level, node.value + 1), length)
        return None

    def _in_order(self, marker: Marker) -> bool:
        if marker.value == 1:
            return not any(self.nodes[i].level == marker.level for i in self.path[-1:])
        if any(self.nodes[i].level == marker.level and self.nodes[i].value < marker.value for i in self.path):
            return True
        return self.last.get(marker.level, (0, 0))[1] + 1 == marker.value

    # --- bookkeeping ------------------------------------------------------------------------------------------------

    def _append(self, node: Node) -> int:
        counts = self.roots if node.parent is None else self.nodes[node.parent].children
        for key in dict.fromkeys((node.segment, node.level or node.kind)):
            counts[key] = counts.get(key, 0) + 1
        if node.kind == "doan":
            node.segment = f"doan-{counts['doan']}"
        elif counts[node.segment] > 1:
            node.segment += f"~{counts[node.segment]}"
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _count(self, parent: int | None, level: str) -> int:
        return (self.roots if parent is None else self.nodes[parent].children).get(level, 0)

    def _note(self, code: str, detail: str) -> None:
        self.oddities.setdefault(code, []).append(detail)

    def _notices(self) -> Iterator[Notice]:
        for code, details in self.oddities.items():
            more = f" and {len(details) - _SHOWN} more" if len(details) > _SHOWN else ""
            yield Notice(code, "; ".join(details[:_SHOWN]) + more)


def _shows(text: str, marker: Marker) -> bool:
    """Does the text print the marker as it is, whatever its capitals and spaces?"""
    printed = text[: marker.length].replace(" ", "").lower()
    return printed.startswith(marker.label.replace(" ", "").lower())


def _sequence(marker: Marker) -> str:
    """What is counted together: all of a level under one parent, but '1.1, 1.2' apart from '2.1, 2.2'."""
    if marker.level == "dotted":
        return "dotted " + marker.label.rsplit(".", 1)[0] + "."
    return marker.level
