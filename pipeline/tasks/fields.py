"""Provisions in; the tasks told field by field out: '1. Tên nhiệm vụ: ...', '2. Cơ quan chủ trì: ...'."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.document import Provision, Span
from pipeline.tasks.columns import Column, column_of

_LONGEST_LABEL = 8
_TELLING = frozenset({"lead", "coordinating", "time", "product"})


@dataclass(frozen=True, slots=True)
class Field:
    """What follows a label, and where that stands in the document."""

    provision: Provision
    text: str
    span: Span


def find_fields(provisions: Sequence[Provision]) -> dict[str, Mapping[Column, Field]]:
    """For the provision that names a task, the fields that follow it under the same parent, its own among them."""
    found: dict[str, Mapping[Column, Field]] = {}
    open_groups: dict[str | None, dict[Column, Field]] = {}
    for provision in provisions:
        column, field = _field(provision)
        group = open_groups.get(provision.parent_id)
        if column is None or field is None:
            open_groups.pop(provision.parent_id, None)
        elif column == "task":
            open_groups[provision.parent_id] = found[provision.id] = {"task": field}
        elif group is not None and column not in group:
            group[column] = field
    return {name: group for name, group in found.items() if _TELLING & set(group)}


def _field(provision: Provision) -> tuple[Column | None, Field | None]:
    label, colon, rest = provision.text.partition(":")
    if not colon or not rest.strip() or len(label.split()) > _LONGEST_LABEL:
        return None, None
    start = len(label) + 1 + len(rest) - len(rest.lstrip())
    text = rest.strip().rstrip(".;")
    return column_of(label), Field(provision, text, (provision.span[0] + start, provision.span[0] + start + len(text)))
