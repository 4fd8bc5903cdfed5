"""A document and its layout in; what the script of its page needs, as JSON that can stand in HTML, out.

Offsets count code points. `map` is flat and relative, so that a long document stays small.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.export import schema
from pipeline.export.review.layout import Layout, Passage, Row, TableShown

_IN_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def as_script(value: Any) -> str:
    """Compact JSON without a character that could end a script element, or begin anything in it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_IN_HTML)


def payload(name: str, document: schema.Document, layout: Layout, files: Mapping[int, str]) -> dict[str, Any]:
    """`files`: pictures that lie beside the page, by the page's number."""
    return {
        "name": name,
        "sha256": document.source.sha256,
        "raw": document.text.raw,
        "restored": document.text.restored,
        "map": list(_map(document)),
        "readings": list(_readings(document)),
        "sections": [[part.page, part.kind, [_row(row) for row in part.rows]] for part in layout.sections],
        "pages": {page.number: [page.width, page.height] for page in document.source.pages if page.kind == "scan"},
        "files": dict(files),
    }


def _map(document: schema.Document) -> Iterator[int]:
    """Four numbers a syllable: distance from the end of the one before and length, restored, then raw."""
    restored = raw = 0
    for start, end, raw_start, raw_end in document.text.map:
        yield from (start - restored, end - start, raw_start - raw, raw_end - raw_start)
        restored, raw = end, raw_end


def _readings(document: schema.Document) -> Iterator[list[Any]]:
    """Doubts and mends: [raw start, raw end, syllable or null, the syllable it stands before or null, restored,
    confidence, runner-up, who mended it or null, page, box]."""
    starts = [entry[0] for entry in document.text.map]
    by_raw = sorted((entry[2], index) for index, entry in enumerate(document.text.map))
    for reading in document.corrections:
        mended = reading.source == "reviewer"
        if not mended and not reading.is_doubt:
            continue
        index = bisect_left(starts, reading.span[0]) if reading.span else None
        after = bisect_left(by_raw, (reading.raw_span[1], 0))
        yield [
            *reading.raw_span,
            index,
            by_raw[after][1] if index is None and after < len(by_raw) else None,
            reading.restored,
            round(reading.confidence, 3),
            reading.runner_up,
            (reading.reviewer or "") if mended else None,
            reading.page,
            [round(edge, 1) for edge in reading.box] if reading.box else None,
        ]


def _row(row: Row) -> dict[str, Any]:
    """What is as usual is left out."""
    whole = {
        "raw": row.raw,
        "text": row.passage and _passage(row.passage),
        "table": row.table and _table(row.table),
        "aside": row.aside,
        "align": row.align if row.align != "left" else None,
        "depth": row.depth,
    }
    return {key: value for key, value in whole.items() if value}


def _passage(passage: Passage) -> list[int]:
    return [passage.first, passage.last]


def _table(table: TableShown) -> dict[str, Any]:
    rows = [
        [[cell.passage and _passage(cell.passage), cell.columns, cell.rows] for cell in cells] for cells in table.rows
    ]
    return {"header": table.header, "rows": rows}
