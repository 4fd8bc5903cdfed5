"""The flat nodes of a document in, branches out: each node with what stands under it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.export import schema


@dataclass(frozen=True, slots=True)
class Branch:
    """A node and, in reading order, what stands under it."""

    node: schema.Node
    children: tuple["Branch", ...]

    def walk(self) -> Iterator["Branch"]:
        """This branch and all below it, each before its children."""
        waiting = [self]
        while waiting:
            branch = waiting.pop()
            yield branch
            waiting += reversed(branch.children)


def grow(nodes: Sequence[schema.Node]) -> tuple[Branch, ...]:
    """The branches at the top. Parents stand before their children in `nodes`, as `misplaced` checks."""
    children: dict[str | None, list[Branch]] = {}
    for node in reversed(nodes):
        below = tuple(reversed(children.pop(node.id, [])))
        children.setdefault(node.parent_id, []).append(Branch(node, below))
    return tuple(reversed(children.get(None, [])))


def misplaced(nodes: Iterable[schema.Node]) -> schema.Node | None:
    """The first node that has the id of an earlier one, or whose parent is none of the earlier ones."""
    seen: set[str | None] = {None}
    for node in nodes:
        if node.id in seen or node.parent_id not in seen:
            return node
        seen.add(node.id)
    return None
