"""A model of the contract in; the columns of its table out. They follow the schema: a new field is a new column."""

import datetime
import json
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

Kind = Literal["text", "whole", "number", "flag", "date", "texts", "numbers"]

_SCALARS: dict[Any, Kind] = {str: "text", int: "whole", float: "number", bool: "flag", datetime.date: "date"}
_LISTS: dict[Any, Kind] = {str: "texts", float: "numbers"}
_SPAN = (int, int)


@dataclass(frozen=True, slots=True)
class Column:
    """`value` takes a record to what stands in the column, None where the record has nothing there."""

    name: str
    kind: Kind
    value: Callable[[Any], Any]


@cache
def columns(model: type[BaseModel]) -> tuple[Column, ...]:
    """One column a plain field, in the order of the schema.

    A place gives two (start and end), a nested model one a field of its own (deadline_end) without its places, a list
    of models the names of its members (and, in NAME_ids, their agency ids). Places in several parts are left out.
    """
    return tuple(_columns(model, "", nested=False))


def _columns(model: type[BaseModel], prefix: str, nested: bool) -> Iterator[Column]:
    for field, info in model.model_fields.items():
        name, bare = prefix + field, _bare(info.annotation)
        items = tuple(_bare(item) for item in get_args(bare)) if get_origin(bare) is tuple else ()
        if items == _SPAN:
            if not nested:
                ends = (f"{field}_start", f"{field}_end")
                yield from (Column(end, "whole", _end_of(field, index)) for index, end in enumerate(ends))
        elif bare in _SCALARS or get_origin(bare) is Literal:
            yield Column(name, _SCALARS.get(bare, "text"), _get(field))
        elif isinstance(bare, type) and issubclass(bare, BaseModel):
            for inner in _columns(bare, f"{name}_", nested=True):
                yield Column(inner.name, inner.kind, _within(field, inner.value))
        elif items and isinstance(items[0], type) and issubclass(items[0], BaseModel):
            yield Column(name, "texts", _names_in(field))
            if "agency_id" in items[0].model_fields:
                yield Column(f"{name}_ids", "texts", _ids_in(field))
        elif items and items[0] in _LISTS:
            yield Column(name, _LISTS[items[0]], _get(field))
        elif not items or get_origin(items[0]) is not tuple:
            yield Column(name, "text", _as_json(field))


def _bare(annotation: Any) -> Any:
    """The type without what Annotated and None add to it."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, types.UnionType):
            real = [item for item in get_args(annotation) if item is not type(None)]
            if len(real) != 1:
                return annotation
            annotation = real[0]
        else:
            return annotation


def _get(field: str) -> Callable[[Any], Any]:
    return lambda record: getattr(record, field)


def _end_of(field: str, index: int) -> Callable[[Any], Any]:
    return lambda record: None if getattr(record, field) is None else getattr(record, field)[index]


def _within(field: str, value: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda record: None if getattr(record, field) is None else value(getattr(record, field))


def _names_in(field: str) -> Callable[[Any], Any]:
    return lambda record: tuple(getattr(item, "name", None) or item.raw for item in getattr(record, field))


def _ids_in(field: str) -> Callable[[Any], Any]:
    return lambda record: tuple(item.agency_id or "" for item in getattr(record, field))


def _as_json(field: str) -> Callable[[Any], Any]:
    return lambda record: json.dumps(to_jsonable_python(getattr(record, field)), ensure_ascii=False)
