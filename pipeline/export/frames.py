"""A document in; its tasks, targets, citations, nodes or corrections as a DataFrame out."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from textwrap import shorten
from typing import TYPE_CHECKING, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from pipeline.export import schema
from pipeline.export.columns import Column, Kind, columns
from pipeline.export.identity import issued_on, printed_number

if TYPE_CHECKING:
    from pandas import DataFrame

FrameName = Literal["tasks", "targets", "citations", "nodes", "corrections"]

_DTYPES: dict[Kind, str] = {
    "text": "str",
    "whole": "Int64",
    "number": "float64",
    "flag": "boolean",
    "date": "datetime64[s]",
    "texts": "object",
    "numbers": "object",
}
_LONGEST_TITLE = 80


class Excerpt(BaseModel):
    """What tables need of a document: reading it alone takes an eighth of the time."""

    model_config = ConfigDict(frozen=True)

    schema_name: Literal["vanban.document"]
    schema_version: str = Field(pattern=r"^1\.[0-9]+$")
    source: schema.Source
    metadata: schema.Metadata
    nodes: tuple[schema.Node, ...]
    tasks: tuple[schema.Task, ...]
    targets: tuple[schema.Target, ...]
    citations: tuple[schema.Citation, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a record stands, as far as it tells: its node, and the titles above that."""

    node: schema.Node
    section: str | None


ABOUT = (
    Column("document_type", "text", lambda document: _value(document.metadata.doc_type)),
    Column("document_number", "text", lambda document: printed_number(document.metadata, document.nodes)),
    Column("document_date", "date", lambda document: issued_on(document.metadata)),
    Column("issuing_body", "text", lambda document: _value(document.metadata.issuing_body)),
)
"""What a table over many documents tells of each."""
_PLACE = (
    Column("node_id", "text", lambda place: place.node.id),
    Column("section", "text", lambda place: place.section),
    Column("page", "whole", lambda place: place.node.page),
)


def frame(document: schema.Document | Excerpt, name: FrameName) -> "DataFrame":
    """The records of one kind, a row each: where they stand (section, page), then their own fields.

    Lists stay lists, dates are datetime64[s], what is null is missing.
    """
    place, own = layout(name)
    return to_frame((*place, *own), list(rows(document, name)))


def layout(name: FrameName) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """The columns that tell the place, and all others of the record itself."""
    (model, _) = get_args(schema.Document.model_fields[name].annotation)
    place = tuple(column for column in _PLACE if name != "nodes" or column.name != "node_id")
    named = {column.name for column in place}
    return place, tuple(column for column in columns(model) if column.name not in named)


def rows(document: schema.Document | Excerpt, name: FrameName) -> Iterator[tuple[Any, ...]]:
    place, own = layout(name)
    find = _places(document.nodes)
    for record in getattr(document, name):
        found = find(record)
        yield (
            *(column.value(found) if found else None for column in place),
            *(column.value(record) for column in own),
        )


def to_frame(of: Sequence[Column], rows: Sequence[tuple[Any, ...]]) -> "DataFrame":
    import pandas as pd

    cells = zip(*rows, strict=True) if rows else ((),) * len(of)
    return pd.DataFrame(
        {column.name: pd.Series(values, dtype=_DTYPES[column.kind]) for column, values in zip(of, cells, strict=True)}
    )


def _places(nodes: Sequence[schema.Node]) -> Callable[[Any], _Place | None]:
    """A function from a record to its place: by its node's id, else by where its text begins."""
    by_id = {node.id: node for node in nodes}
    ordered = sorted(nodes, key=lambda node: node.span)
    starts = [node.span[0] for node in ordered]

    @cache
    def place(node_id: str) -> _Place:
        node, titles = by_id[node_id], list[str]()
        above = node.parent_id
        while above is not None:
            titles.append(_title(by_id[above]))
            above = by_id[above].parent_id
        titles.reverse()
        if node.marker and any(map(str.isalnum, node.marker)):
            titles.append(node.marker)
        return _Place(node, " > ".join(filter(None, titles)) or None)

    def find(record: Any) -> _Place | None:
        if isinstance(record, schema.Node):
            return place(record.id)
        node_id, span = getattr(record, "node_id", None), getattr(record, "span", None)
        if node_id in by_id:
            return place(node_id)
        index = bisect_right(starts, span[0]) - 1 if span else -1
        return place(ordered[index].id) if index >= 0 else None

    return find


def _title(node: schema.Node) -> str:
    """'II. NHIỆM VỤ'; of what has neither marker nor heading nothing is told."""
    marker = node.marker if node.marker and any(map(str.isalnum, node.marker)) else ""
    return ". ".join(filter(None, (marker, shorten(node.heading or "", _LONGEST_TITLE, placeholder=" …"))))


def _value(value: schema.Value | None) -> str | None:
    return value.value if value else None
