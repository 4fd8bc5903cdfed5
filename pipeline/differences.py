"""Two versions of a document in; what the newer says otherwise out: lines of text, nodes, tasks, targets, citations."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pydantic import BaseModel
from rapidfuzz.distance import Indel, Levenshtein

from pipeline.export import schema

Part = Literal["text", "nodes", "tasks", "targets", "citations"]
PLACES = frozenset({"span", "deliverable_span", "indicator_span", "raw_spans", "box", "page", "confidence"})
"""Fields that move with the text around them; a change of them alone is none."""
_RENAMED = 0.8
"""Likeness from which the text of a node under a new id is that of one under an old id."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was. where: the node's id, or the number of the line of text; old, new: None where
    there is nothing; of fields those that differ."""

    part: Part
    change: Literal["added", "removed", "changed", "renamed"]
    where: str
    old: Any
    new: Any


def differences(old: schema.Document, new: schema.Document) -> list[Difference]:
    """In the order of the document, part by part."""
    return [
        *_lines(old.text.restored.split("\n"), new.text.restored.split("\n")),
        *_nodes(old.nodes, new.nodes),
        *_records("tasks", old.tasks, new.tasks),
        *_records("targets", old.targets, new.targets),
        *_records("citations", old.citations, new.citations),
    ]


def as_json(found: Iterable[Difference]) -> list[dict[str, Any]]:
    return [asdict(difference) for difference in found]


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Difference]:
    for block in Levenshtein.opcodes(old, new):
        if block.tag == "equal":
            continue
        before, after = old[block.src_start : block.src_end], new[block.dest_start : block.dest_end]
        for index in range(max(len(before), len(after))):
            pair = [lines[index] if index < len(lines) else None for lines in (before, after)]
            number = block.dest_start + min(index, len(after)) + 1
            yield Difference("text", _change(*pair), str(number), *pair)


def _nodes(old: Sequence[schema.Node], new: Sequence[schema.Node]) -> Iterator[Difference]:
    """Nodes of one id and a like text are the same; then those of a like text, which were renamed; then of one id."""
    before, origins = {node.id: node for node in old}, dict[str, schema.Node]()

    def pair(find: Callable[[schema.Node], schema.Node | None]) -> None:
        for node in new:
            origin = None if node.id in origins else find(node)
            if origin:
                origins[node.id] = before.pop(origin.id)

    pair(lambda node: next((one for one in (before.get(node.id),) if one and _is_same(one, node)), None))
    pair(lambda node: next((one for one in before.values() if _is_same(one, node)), None))
    pair(lambda node: before.get(node.id))
    for node in new:
        if node.id not in origins:
            yield Difference("nodes", "added", node.id, None, _told(node))
        elif origins[node.id] != node:
            origin = origins[node.id]
            fields = _fields(origin, node, () if origin.id == node.id else ("parent_id",))
            if any(fields):
                yield Difference("nodes", "changed" if origin.id == node.id else "renamed", node.id, *fields)
    for node in before.values():
        yield Difference("nodes", "removed", node.id, _told(node), None)


def _is_same(one: schema.Node, other: schema.Node) -> bool:
    return one.kind == other.kind and Indel.normalized_similarity(one.text, other.text) >= _RENAMED


def _records(part: Part, old: Sequence[BaseModel], new: Sequence[BaseModel]) -> Iterator[Difference]:
    """Records that stand on one side alone; of one node they are paired in their order."""
    told = [[_told(record) for record in side] for side in (old, new)]
    counts = [Counter(map(repr, side)) for side in told]
    alone = [_alone(side, counts[1 - index]) for index, side in enumerate(told)]
    for where in dict.fromkeys(str(record.get("node_id")) for side in alone for record in side):
        sides = [[record for record in side if str(record.get("node_id")) == where] for side in alone]
        for index in range(max(map(len, sides))):
            before, after = (side[index] if index < len(side) else None for side in sides)
            if before and after:
                names = [name for name in after if before.get(name) != after[name]]
                before, after = ({name: record[name] for name in names} for record in (before, after))
            yield Difference(part, _change(before, after), where, before, after)


def _alone(records: Sequence[dict[str, Any]], others: Counter[str]) -> list[dict[str, Any]]:
    left, found = Counter(others), list[dict[str, Any]]()
    for record in records:
        left[repr(record)] -= 1
        found += [record] if left[repr(record)] < 0 else []
    return found


def _change(old: Any, new: Any) -> Literal["added", "removed", "changed"]:
    return "added" if old is None else "removed" if new is None else "changed"


def _fields(old: BaseModel, new: BaseModel, but: Iterable[str] = ()) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after = _told(old), _told(new)
    names = [name for name in after if before[name] != after[name] and name not in but]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


def _told(record: BaseModel) -> dict[str, Any]:
    """What a record says, without where it stands."""
    plain: dict[str, Any] = _without_places(record.model_dump(mode="json"))
    return plain


def _without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_places(item) for name, item in value.items() if name not in PLACES}
    return [_without_places(item) for item in value] if isinstance(value, list) else value
