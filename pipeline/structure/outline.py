"""Blocks in; the nodes of the tree out, parents before children; gaps in numbering and oddities reported."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.document import Notice
from pipeline.structure.ahead import CONTAINERS, POINTS, list_goes_on, values_ahead
from pipeline.structure.markers import DOTTED, KINDS, RANKS, WORDED, Level, Marker, label_of, read_form, read_marker
from pipeline.structure.paragraphs import END_SIGN, Block
from pipeline.structure.quotations import quoted_blocks
from pipeline.structure.repair import DAMAGED_LITTLE, Reading, read_block
from pipeline.structure.tree import Node, Tree

_NESTING: frozenset[Level] = frozenset({"number", "dotted", "letter", "paren", "subletter"})
_LISTS = frozenset({"noi_nhan", "kinh_gui"})
_SHOWN = 5
_SHOWN_TEXT = 60
_LONGEST_GAP = 100


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
    """The tree so far, and what is odd about it."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.quoted = quoted_blocks(blocks)
        self.ahead = values_ahead(blocks, self.quoted)
        self.tree = Tree()
        self.annex: int | None = None
        self.gaps: list[Gap] = []
        self.oddities: dict[str, list[str]] = {}

    def run(self) -> Outline:
        for index, block in enumerate(self.blocks):
            if block.kind in CONTAINERS:
                self._container(block)
            elif block.kind is not None:
                self._component(block)
            elif self.quoted[index]:
                self._paragraph(index, block)
            else:
                self._provision(index, block)
        return Outline(tuple(self.tree.nodes), tuple(self.gaps), tuple(self._notices()))

    # --- components of the form -------------------------------------------------------------------------------------

    def _container(self, block: Block) -> None:
        """An annex, a form ('Mẫu số 2', which stands in the annex that is open) or another document."""
        tree, first = self.tree, block.rows[0].text
        slug, parent, marker = "van-ban", None, None
        if block.kind == "phu_luc" and (form := read_form(first)):
            slug, parent, marker = "mau", self.annex, form
        elif block.kind == "phu_luc":
            slug, marker = "phu-luc", read_marker(first)
            marker = marker if marker and marker.level == "phu_luc" else None
        segment = slug + (f"-{marker.label.split()[-1]}" if marker else "")
        tree.root = tree.append(Node(block, str(block.kind), parent, segment, marker))
        if slug != "mau":
            self.annex = tree.root if slug == "phu-luc" else None
        tree.path = [tree.root]
        tree.last = {}

    def _component(self, block: Block) -> None:
        kind = str(block.kind)
        segment = kind.replace("_", "-") + (f"-{block.marker.label}" if block.marker else "")
        node = self.tree.append(Node(block, kind, self.tree.root, segment, block.marker))
        if kind in _LISTS:
            self.tree.path = [node]
        elif kind == "chu_ky" and not self._in_list():
            self.tree.path = []

    def _in_list(self) -> bool:
        """Are recipients or addressees being listed?"""
        return bool(self.tree.path) and self.tree.nodes[self.tree.path[0]].kind in _LISTS

    # --- provisions -------------------------------------------------------------------------------------------------

    def _provision(self, index: int, block: Block) -> None:
        tree = self.tree
        reading = read_block(tree, self.blocks, index, self.ahead[index])
        marker = reading.marker
        if self._in_list() and (marker is None or marker.level != "bullet"):
            tree.path.clear()
        if marker is None:
            if tree.path and self._has_ended():
                tree.path.clear()
                if not block.text.startswith("("):
                    self._note("text_after_end", block.text[:_SHOWN_TEXT])
            self._paragraph(index, block)
        elif marker.level == "bullet":
            self._bullet(block, marker)
        else:
            self._numbered(block, marker, reading)

    def _paragraph(self, index: int, block: Block) -> None:
        """Hangs under the unit that is open: never a bullet, nor the last item of a list that has come to its end."""
        tree, confidence = self.tree, 1.0
        if self._stands_between_bullets(index):
            self._note("bullet_perhaps_lost", block.text[:_SHOWN_TEXT])
            confidence = DAMAGED_LITTLE
        while tree.path and tree.nodes[tree.path[-1]].level == "bullet":
            tree.path.pop()
        if tree.path and self._list_ends(index):
            tree.path.pop()
        tree.append(Node(block, "doan", tree.open_parent(), "doan", confidence=confidence))

    def _stands_between_bullets(self, index: int) -> bool:
        following = self.blocks[index + 1].marker if index + 1 < len(self.blocks) else None
        nodes = self.tree.nodes
        return (
            following is not None
            and following.level == "bullet"
            and self.blocks[index].text.endswith((";", "."))
            and self.tree.path[-1:] == [len(nodes) - 1]
            and nodes[-1].bullet == following.label
        )

    def _list_ends(self, index: int) -> bool:
        """'a) ngô; b) khoai. Paragraph': it closes the list as a whole, unless 'c)' is still to come."""
        nodes, at = self.tree.nodes, self.tree.path[-1]
        last = nodes[at]
        if last.level not in POINTS or last.children or not last.block.text.endswith("."):
            return False
        before = nodes[at - 1]
        is_list = before.level == last.level and before.parent == last.parent and before.block.text.endswith((";", ","))
        return is_list and not list_goes_on(self.blocks, index, last.level, last.value)

    def _has_ended(self) -> bool:
        """Was the last provision closed with the mark that ends a document?"""
        last = self.tree.nodes[-1].block
        return last.kind is None and last.text.endswith(END_SIGN)

    def _bullet(self, block: Block, marker: Marker) -> None:
        """A sign that is open goes on, one that was open under this unit goes back to its place, a new one nests."""
        tree = self.tree
        signs = [tree.nodes[i].bullet for i in tree.path]
        unit = next((i for i in reversed(tree.path) if tree.nodes[i].level != "bullet"), tree.root)
        known = tree.at(unit).signs
        if marker.label in signs:
            del tree.path[signs.index(marker.label) :]
        elif marker.label in known or marker.label == "*":
            tree.path = [i for i in tree.path if tree.nodes[i].level != "bullet"]
        elif known and not any(signs):
            tree.path.append(next(reversed(known.values())))
        parent = tree.open_parent()
        order = 1 + tree.count(parent, "bullet")
        node = tree.append(Node(block, KINDS["bullet"], parent, str(order), marker, level="bullet"))
        tree.path.append(node)
        if parent == unit:
            known.pop(marker.label, None)
            known[marker.label] = node

    def _numbered(self, block: Block, marker: Marker, reading: Reading) -> None:
        tree = self.tree
        if reading.printed is not None:
            self._note("marker_repaired", f"{block.text[: marker.length].strip()} -> {reading.printed}")
        parent = self._find_parent(marker)
        self._check_order(marker, parent)
        segment = marker.label
        if marker.level in WORDED:
            segment = f"{marker.level.replace('_', '-')}-{marker.label.split()[-1]}"
        node = Node(
            block, KINDS[marker.level], parent, segment, marker, reading.printed, reading.confidence, marker.level
        )
        at = tree.append(node)
        tree.path.append(at)
        if RANKS[marker.level] < RANKS["roman"]:
            tree.last.pop("roman", None)
        tree.last[_sequence(marker)] = (at, marker.value)
        if parent is not None:
            tree.nodes[parent].last_child[_sequence(marker)] = (at, marker.value)

    def _find_parent(self, marker: Marker) -> int | None:
        """Closes what the marker closes; what stays open last is its parent."""
        tree = self.tree
        path = [tree.nodes[i] for i in tree.path]
        same = [at for at, node in enumerate(path) if _is_sibling(node, marker)]
        due = [at for at in same if path[at].value + 1 == marker.value]
        if due or same:
            del tree.path[(due or same)[-1] :]
        else:
            while tree.path and _closes(tree.nodes[tree.path[-1]].level, marker):
                tree.path.pop()
        return tree.open_parent()

    # --- order ------------------------------------------------------------------------------------------------------

    def _check_order(self, marker: Marker, parent: int | None) -> None:
        """Reports what is missing before the marker, or that numbering starts anew or goes back."""
        tree = self.tree
        siblings = tree.nodes[parent].last_child if parent is not None else tree.last
        sequence = _sequence(marker)
        before = siblings.get(sequence) or (tree.last.get(sequence) if marker.value > 1 else None)
        last = before[1] if before else 0
        if marker.value == last + 1 or (marker.is_inserted and marker.value == last):
            return
        if marker.value > last + 1:
            prefix = sequence.partition(" ")[2]
            values = range(last + 1, min(marker.value, last + _LONGEST_GAP))
            missing = tuple(prefix + label_of(marker.level, value) for value in values)
            after = before[0] if before else parent
            if after is not None:
                self.gaps.append(Gap(after, missing))
            self._note("numbering_gap", f"{', '.join(missing[:_SHOWN])} before {marker.label}")
        elif marker.value == 1:
            self._note("numbering_restart", marker.label)
        else:
            self._note("numbering_out_of_order", f"{marker.label} after {label_of(marker.level, last)}")

    def _note(self, code: str, detail: str) -> None:
        self.oddities.setdefault(code, []).append(detail)

    def _notices(self) -> Iterator[Notice]:
        for code, details in self.oddities.items():
            more = f" and {len(details) - _SHOWN} more" if len(details) > _SHOWN else ""
            yield Notice(code, "; ".join(details[:_SHOWN]) + more)


def _is_sibling(node: Node, marker: Marker) -> bool:
    if node.level != marker.level or node.marker is None:
        return False
    return marker.level not in DOTTED or node.marker.label.count(".") == marker.label.count(".")


def _closes(level: Level | None, marker: Marker) -> bool:
    if level is None or (marker.level == level and level in DOTTED):
        return False
    if marker.value == 1 and marker.level in _NESTING and level in _NESTING:
        return False
    return RANKS[level] >= RANKS[marker.level]


def _sequence(marker: Marker) -> str:
    """What is counted together: all of a level under one parent, but '1.1, 1.2' apart from '2.1, 2.2'."""
    if marker.level in DOTTED:
        return f"{marker.level} " + marker.label.rsplit(".", 1)[0] + "."
    return marker.level
