"""A document in; what the script of its page needs, as JSON that can stand in HTML, out.

Offsets count code points. `map` is flat and relative, so that a long document stays small.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.document import DOUBT
from pipeline.export import schema

_IN_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def as_script(value: Any) -> str:
    """Compact JSON without a character that could end a script element, or begin anything in it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_IN_HTML)


def payload(name: str, document: schema.Document, files: Mapping[int, str]) -> dict[str, Any]:
    """`files`: pictures that lie beside the page, by the page's number."""
    return {
        "name": name,
        "sha256": document.source.sha256,
        "doubt": DOUBT,
        "raw": document.text.raw,
        "restored": document.text.restored,
        "map": list(_map(document)),
        "readings": list(_readings(document)),
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
    """Doubts and mends: [raw start, raw end, syllable or null, the syllable it stands before, confidence, runner-up,
    1 where a reviewer has mended it, page, box]."""
    starts = [entry[0] for entry in document.text.map]
    by_raw = sorted((entry[2], index) for index, entry in enumerate(document.text.map))
    for reading in document.corrections:
        mended = reading.source == "reviewer"
        if reading.confidence >= DOUBT and not mended:
            continue
        index = bisect_left(starts, reading.span[0]) if reading.span else None
        after = bisect_left(by_raw, (reading.raw_span[1], 0))
        box = [round(edge, 1) for edge in reading.box] if reading.box else None
        yield [
            *reading.raw_span,
            index,
            by_raw[after][1] if index is None and after < len(by_raw) else None,
            reading.confidence,
            reading.runner_up,
            1 if mended else 0,
            reading.page,
            box,
        ]


def doubts_of(document: schema.Document) -> int:
    """How many readings a person should look at."""
    return sum(is_doubt(reading) for reading in document.corrections)


def is_doubt(reading: schema.Correction) -> bool:
    return reading.confidence < DOUBT and reading.source == "model"
