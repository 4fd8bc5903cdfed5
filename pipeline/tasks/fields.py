"""Provisions in; the tasks told field by field out: '1. Tên nhiệm vụ: ...', '2. Cơ quan chủ trì: ...'."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.columns import Column, column_of
from pipeline.document import Provision, Span

_LONGEST_LABEL = 8
_WHO: frozenset[Column] = frozenset({"lead", "coordinating", "both"})
_ITEMS = frozenset({"khoan", "diem", "gach_dau_dong", "doan"})


@dataclass(frozen=True, slots=True)
class Field:
    """What follows a label, and where that stands in the document."""

    provision: Provision
    text: str
    span: Span


def find_fields(provisions: Sequence[Provision]) -> dict[str, Mapping[Column, Field]]:
    """For a provision that names a task, the fields that tell of it: those after it under its parent, or under itself.

    'Tên nhiệm vụ: ...' is followed by the others; 'a) Rà soát ...' has '- Đơn vị chủ trì: ...' under it.
    """
    found: dict[str, dict[Column, Field]] = {}
    named: dict[str | None, dict[Column, Field]] = {}
    by_id = {provision.id: provision for provision in provisions}
    for provision in provisions:
        column, field = _field(provision)
        if column is None or field is None:
            named.pop(provision.parent_id, None)
        elif column == "task":
            named[provision.parent_id] = found[provision.id] = {"task": field}
        elif provision.parent_id in named:
            named[provision.parent_id].setdefault(column, field)
        elif provision.parent_id and by_id[provision.parent_id].kind in _ITEMS:
            above = by_id[provision.parent_id]
            own = Field(above, above.text, above.span)
            found.setdefault(above.id, {"task": own}).setdefault(column, field)
    return {name: group for name, group in found.items() if _WHO & set(group)}


def _field(provision: Provision) -> tuple[Column | None, Field | None]:
    label, colon, rest = provision.text.partition(":")
    if not colon or not rest.strip() or len(label.split()) > _LONGEST_LABEL:
        return None, None
    start = len(label) + 1 + len(rest) - len(rest.lstrip())
    text = rest.strip().rstrip(".;")
    return column_of(label), Field(provision, text, (provision.span[0] + start, provision.span[0] + start + len(text)))
