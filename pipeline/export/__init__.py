"""Stage results in, files out: the JSON document of contract 1.x and the restored plain text."""

from pipeline.export.files import read_earlier, sweep, write_files
from pipeline.export.json import schema_json, to_document, to_json
from pipeline.export.marks import marked, unmarked
from pipeline.export.searchable import searchable_pdf

__all__ = [
    "marked",
    "read_earlier",
    "schema_json",
    "searchable_pdf",
    "sweep",
    "to_document",
    "to_json",
    "unmarked",
    "write_files",
]
