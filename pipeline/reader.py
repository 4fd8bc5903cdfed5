"""A JSON document of contract 1.x in; typed objects out, with its tree, its nodes by id and its tables."""

import codecs
import json
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from pipeline.errors import InputError
from pipeline.export import schema
from pipeline.export.frames import Excerpt, FrameName, frame
from pipeline.export.tree import Branch, grow, misplaced
from pipeline.ingest import unreadable

if TYPE_CHECKING:
    from pandas import DataFrame

_Part = TypeVar("_Part", "Document", Excerpt)
_AGAIN = "Make it anew: vanban extract --force."


class Document(schema.Document):
    """A document as its JSON holds it, and ways through it."""

    @cached_property
    def _by_id(self) -> dict[str, schema.Node]:
        return {node.id: node for node in self.nodes}

    def node(self, node_id: str) -> schema.Node:
        """The node of that id; raises KeyError where there is none."""
        return self._by_id[node_id]

    def tree(self) -> tuple[Branch, ...]:
        """The nodes at the top, each with its children under it; `walk()` goes through a branch in reading order."""
        return grow(self.nodes)

    def frame(self, name: FrameName) -> "DataFrame":
        """Tasks, targets, citations, nodes or corrections, a row each, as in the tables of `corpus/clean`."""
        return frame(self, name)


def load(path: str | Path) -> Document:
    """Read a document of any schema version 1.x; fields that a later 1.y added are passed over.

    Raises InputError: input_missing, input_folder and input_unreadable for the file; document_not_json,
    document_other_schema, document_too_new and document_invalid for what it holds.
    """
    return read_document(Path(path), Document)


def read_document(path: Path, part: type[_Part]) -> _Part:
    """All of a document, or the excerpt that tables are made of. Raises as `load` does."""
    try:
        data = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise unreadable(error) from error
    try:
        document = part.model_validate_json(data, extra="ignore")
    except ValidationError as error:
        raise _refusal(data, error) from error
    stray = misplaced(document.nodes)
    if stray:
        message = f"The node {stray.id!r} has the id of an earlier one, or its parent is not before it."
        raise InputError("document_invalid", message, _AGAIN)
    return document


def read_all(paths: Iterable[Path], part: type[_Part]) -> Iterator[tuple[Path, str, _Part | InputError]]:
    """Documents of the files and folders named, or why one can't be read; each with its path and its name.

    Of a folder all documents in it and its subfolders, in the order of their names; JSON files of other programs are
    passed over there. The name is the path from that folder, without .json.
    """
    for path in paths:
        whole = path.is_dir()
        for file in documents_in(path) if whole else [path]:
            name = (file.relative_to(path) if whole else Path(file.name)).as_posix().removesuffix(".json")
            try:
                yield file, name, read_document(file, part)
            except InputError as error:
                if not whole or error.code != "document_other_schema":
                    yield file, name, error


def documents_in(folder: Path) -> list[Path]:
    """JSON files in a folder and its subfolders, hidden ones left out, in the order of their names."""
    found = (path for path in folder.rglob("*.json") if path.is_file())
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def _refusal(data: bytes, error: ValidationError) -> InputError:
    """Why these bytes are no document that can be read here."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return InputError("document_not_json", f"{first['msg']}.", _AGAIN)
    found = json.loads(data)
    if not isinstance(found, dict) or found.get("schema_name") != "vanban.document":
        remedy = "Name a file that vanban extract has written."
        return InputError("document_other_schema", "JSON, but not a document of vanban.", remedy)
    version = str(found.get("schema_version"))
    if version.partition(".")[0].isdecimal() and int(version.partition(".")[0]) > 1:
        remedy = "Install a newer vanban, or extract the document with this one."
        return InputError("document_too_new", f"It follows schema {version}; this program reads 1.x.", remedy)
    place = ".".join(map(str, first["loc"]))
    message = f"It breaks the schema in {error.error_count()} place(s), first in {place}: {first['msg']}."
    return InputError("document_invalid", message, _AGAIN)
