"""Nodes in outline in; contract documents out, as a reader gets them."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pipeline.export import schema
from pipeline.reader import Document

KEPT = Path(__file__).parent / "kept"
"""Documents as earlier versions of the schema had them; every later reader reads them."""

NOTHING: dict[str, Any] = {
    name: [] if name in ("legal_bases", "recipients") else None
    for name, field in schema.Metadata.model_fields.items()
    if field.is_required()
}
"""Metadata of a document without letterhead."""

Outline = tuple[str, str | None, str, str | None, str | None, str]
"""id, parent_id, kind, marker, heading, text"""


def document(nodes: Iterable[Outline] = (), **parts: Any) -> Document:
    """A whole document; the texts of its nodes, a line each, are its restored text. `parts` replace fields."""
    lines, made, start = list[str](), list[dict[str, Any]](), 0
    for node_id, parent_id, kind, marker, heading, text in nodes:
        made.append(
            {
                "id": node_id,
                "parent_id": parent_id,
                "kind": kind,
                "marker": marker,
                "heading": heading,
                "text": text,
                "span": (start, start + len(text)),
                "raw_spans": ((start, start + len(text)),),
                "page": 1,
                "confidence": 1.0,
            }
        )
        lines.append(text)
        start += len(text) + 1
    text = "\n".join(lines)
    fields = {
        "generator": {"version": "0", "model": "m"},
        "status": "ok",
        "errors": (),
        "warnings": (),
        "source": {"file_name": "thử.txt", "sha256": "0" * 64, "media_type": "text/plain", "pages": ()},
        "text": {"raw": text, "restored": text, "map": ()},
        "metadata": NOTHING,
        "nodes": made,
        "coverage": {"uncovered": (), "numbering_gaps": (), "pages_without_text": ()},
    }
    lists: dict[str, Sequence[Any]] = dict.fromkeys(("tables", "tasks", "targets", "citations", "corrections"), ())
    return Document.model_validate(fields | lists | parts)


def task(node_id: str, text: str = "Lập dự toán", **parts: Any) -> dict[str, Any]:
    """A task without agencies and deadline."""
    empty = {"lead": (), "coordinating": (), "deadline": None, "deliverable": None, "origin": "prose"}
    return {"node_id": node_id, "text": text} | empty | parts


def agency(raw: str, agency_id: str | None = None, name: str | None = None) -> dict[str, Any]:
    """An agency as a task names it."""
    return {
        "raw": raw,
        "agency_id": agency_id,
        "name": name,
        "score": 100.0 if agency_id else 0.0,
        "span": (0, len(raw)),
    }


def by(end: str | None) -> dict[str, Any]:
    """A deadline: until that day, or a recurring one."""
    kind, precision = ("by", "day") if end else ("recurring", "none")
    return {"raw": "x", "kind": kind, "start": None, "end": end, "precision": precision, "span": (0, 1)}
