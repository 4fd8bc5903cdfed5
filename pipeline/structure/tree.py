"""Nodes in, one after another; the tree out: parents, ids, the path of open units, what was counted at each level."""

from dataclasses import dataclass, field

from pipeline.structure.markers import Level, Marker
from pipeline.structure.paragraphs import Block


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
    last_child: dict[str, tuple[int, int]] = field(default_factory=dict)
    children: dict[str, int] = field(default_factory=dict)
    signs: dict[str, int] = field(default_factory=dict)

    @property
    def value(self) -> int:
        """The marker's place in its sequence, 0 without one."""
        return self.marker.value if self.marker else 0

    @property
    def bullet(self) -> str:
        """The sign of a bullet, '' for other nodes."""
        return self.marker.label if self.marker and self.level == "bullet" else ""


@dataclass(slots=True)
class Tree:
    """`path`: the open units, outermost first; `root`: the annex or further document they stand in, if any.

    `last`: for each sequence the node and value seen last since the last title.
    """

    nodes: list[Node] = field(default_factory=list)
    path: list[int] = field(default_factory=list)
    last: dict[str, tuple[int, int]] = field(default_factory=dict)
    root: int | None = None
    _roots: Node = field(default_factory=lambda: Node(Block(()), "", None, ""))

    def open_parent(self) -> int | None:
        """What a unit that closes nothing more stands under."""
        return self.path[-1] if self.path else self.root

    def at(self, parent: int | None) -> Node:
        """The node, or what keeps the counts of those without parent."""
        return self._roots if parent is None else self.nodes[parent]

    def append(self, node: Node) -> int:
        """Counts and names the node; a name that comes again under one parent ends in '~2'."""
        counts = self.at(node.parent).children
        for key in dict.fromkeys((node.segment, node.level or node.kind)):
            counts[key] = counts.get(key, 0) + 1
        if node.kind == "doan":
            node.segment = f"doan-{counts['doan']}"
        elif counts[node.segment] > 1:
            node.segment += f"~{counts[node.segment]}"
        self.nodes.append(node)
        return len(self.nodes) - 1

    def count(self, parent: int | None, level: str) -> int:
        """How many of a level stand under `parent` so far."""
        return self.at(parent).children.get(level, 0)

    def value_open(self, level: Level) -> int:
        """The value of the innermost open unit of a level, 0 where none is open."""
        return next((self.nodes[i].value for i in reversed(self.path) if self.nodes[i].level == level), 0)

    def is_in_order(self, marker: Marker) -> bool:
        """Can the marker stand here as printed, without a second look?"""
        if marker.value == 1:
            return not any(self.nodes[i].level == marker.level for i in self.path[-1:])
        if any(self.nodes[i].level == marker.level and self.nodes[i].value < marker.value for i in self.path):
            return True
        return self.last.get(marker.level, (0, 0))[1] + 1 == marker.value
