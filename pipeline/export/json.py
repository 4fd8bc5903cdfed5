"""Source, Restoration, Structure and Findings in, a contract document and its bytes out."""

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, fields
from itertools import islice, takewhile
from typing import Any, get_args

from pipeline import __version__
from pipeline.document import DOUBT, Attachment, Failure, Field, Findings, Notice, Restoration, Source, Span, Structure
from pipeline.errors import StageError, VanbanError
from pipeline.export import schema
from pipeline.export.cells import tables_of
from pipeline.export.events import events
from pipeline.export.places import Places

_METADATA = tuple(name for name in schema.Metadata.model_fields if name != "signatures")
_REASONS: tuple[schema.Reason | None, ...] = (None, *get_args(schema.Reason))


def to_document(
    source: Source,
    restoration: Restoration,
    structure: Structure,
    findings: Findings,
    errors: Sequence[VanbanError] = (),
) -> schema.Document:
    """Put the results of all stages into the contract. `errors` of stages: their results are missing or makeshift."""
    places = Places(source)
    pages = [(page.number, page.failure) for page in source.pages if page.failure]
    rest: schema.Reason = "not_processed" if any(isinstance(e, StageError) for e in errors) else "unassigned"
    uncovered = _uncovered(source, restoration, structure, rest)
    corrections = tuple(_corrections(source, restoration, structure, places))
    warnings = (
        *source.notices,
        *restoration.notices,
        *structure.notices,
        *_unassigned(uncovered),
        *_overruled(restoration, corrections),
    )
    return schema.Document.model_validate(
        {
            "generator": {
                "version": __version__,
                "model": restoration.model,
                "corrections": restoration.corrections,
            },
            "status": "ok" if not errors and not pages else "partial" if restoration.lines else "failed",
            "errors": (*errors, *(_page_error(number, failure) for number, failure in pages)),
            "warnings": warnings,
            "source": source,
            "text": {"raw": source.raw, "restored": structure.text, "map": map(astuple, structure.offsets)},
            "metadata": {
                **{name: _values(source, getattr(structure.metadata, name), places) for name in _METADATA},
                "signatures": source.stamps,
            },
            "attachments": [_attachment(source, item, places) for item in structure.attachments],
            "nodes": [_own(node, "box", places.box(node.raw_spans)) for node in structure.provisions],
            "tables": tables_of(source, restoration, _places(structure), places),
            "tasks": list(_tasks(findings, structure, places)),
            "targets": findings.targets,
            "citations": findings.citations,
            "corrections": corrections,
            "coverage": {
                "uncovered": uncovered,
                "numbering_gaps": structure.gaps,
                "pages_without_text": [
                    page.number for page in source.pages if not any(line.words for line in page.lines)
                ],
            },
            "events": list(events(source, restoration, errors)),
        }
    )


def to_json(document: schema.Document) -> bytes:
    """UTF-8 JSON, one node, task or correction a line, so that two versions can be compared line by line."""
    return (_layout(document.model_dump(mode="json"), depth=2) + "\n").encode()


def schema_json() -> bytes:
    """The JSON Schema of the contract, as `schema/` has it."""
    return (json.dumps(schema.json_schema(), ensure_ascii=False, indent=2) + "\n").encode()


def _layout(value: Any, depth: int) -> str:
    if not depth or not value or not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f'"{key}": {_layout(item, depth - 1)}' for key, item in value.items()) + "\n}"
    return "[\n" + ",\n".join(_layout(item, depth - 1) for item in value) + "\n]"


def _values(source: Source, field: Field | tuple[Field, ...] | None, places: Places) -> Any:
    if field is None:
        return None
    if isinstance(field, tuple):
        return [_values(source, item, places) for item in field]
    raw = "\n".join(source.raw[start:end] for start, end in field.raw_spans)
    return {
        "value": field.value,
        "raw": raw,
        "span": field.span,
        "page": field.page,
        "box": places.box(field.raw_spans),
        "confidence": field.confidence,
    }


def _attachment(source: Source, item: Attachment, places: Places) -> dict[str, Any]:
    own = {name: _values(source, getattr(item, name), places) for name in ("doc_type", "title", "issued_with")}
    return {"node_id": item.node_id, **own}


def _page_error(number: int, failure: Failure) -> dict[str, Any]:
    return {"code": failure.code, "message": failure.message, "remedy": failure.remedy, "page": number}


def _own(record: Any, name: str, value: Any) -> dict[str, Any]:
    """A record's fields, and one more."""
    return {field.name: getattr(record, field.name) for field in fields(record)} | {name: value}


def _tasks(findings: Findings, structure: Structure, places: Places) -> Iterator[dict[str, Any]]:
    """Tasks with the place of the provision that gives them."""
    spans = {node.id: node.raw_spans for node in structure.provisions}
    for task in findings.tasks:
        own = spans.get(task.node_id, ())
        yield _own(task, "page", places.page(own)) | {"box": places.box(own)}


def _corrections(
    source: Source, restoration: Restoration, structure: Structure, places: Places
) -> Iterator[dict[str, Any]]:
    """Every syllable that was changed, is unsure, or was reviewed; in the order of the raw text."""
    place = _places(structure)
    shown = {(e.raw_start, e.raw_end): structure.text[e.restored_start : e.restored_end] for e in structure.offsets}
    for line in restoration.lines:
        for syllable in sorted((*line.syllables, *line.deleted), key=lambda syllable: syllable.raw_start):
            raw_span = syllable.raw_start, syllable.raw_end
            raw = source.raw[slice(*raw_span)]
            restored = shown.get(raw_span, syllable.text)
            review = syllable.review if restored == syllable.text else None
            if raw != restored or syllable.confidence < DOUBT or review:
                yield {
                    "raw": raw,
                    "restored": restored,
                    "span": place(raw_span),
                    "raw_span": raw_span,
                    "confidence": syllable.confidence,
                    "runner_up": syllable.runner_up,
                    "source": "reviewer" if review else "model",
                    "page": places.page([raw_span]),
                    "box": places.box([raw_span]),
                    "reviewer": review and review.reviewer,
                    "time": review and review.time,
                }


def _places(structure: Structure) -> Callable[[Span], Span | None]:
    """A function from places in the raw text to places in the restored text."""
    entries = sorted(structure.offsets, key=lambda entry: entry.raw_start)
    exact = {(entry.raw_start, entry.raw_end): (entry.restored_start, entry.restored_end) for entry in entries}
    ends = [entry.raw_end for entry in entries]

    def place(raw: Span) -> Span | None:
        if raw in exact:
            return exact[raw]
        first = bisect_right(ends, raw[0])
        met = list(takewhile(lambda entry: entry.raw_start < raw[1], islice(entries, first, None)))
        return (met[0].restored_start, met[-1].restored_end) if met else None

    return place


def _uncovered(
    source: Source, restoration: Restoration, structure: Structure, rest: schema.Reason
) -> list[dict[str, Any]]:
    """Raw text in no node, with the reason, white space between the parts aside."""
    owner = bytearray([_REASONS.index(rest)]) * len(source.raw)
    for reason, spans in _claims(restoration, structure):
        for start, end in spans:
            owner[start:end] = bytes([_REASONS.index(reason)]) * (end - start)
    found = []
    for run in re.finditer(rb"([^\0])\1*", owner, re.DOTALL):
        text = source.raw[run.start() : run.end()]
        start = run.start() + len(text) - len(text.lstrip())
        if text.strip():
            found.append({"span": (start, start + len(text.strip())), "reason": _REASONS[run[1][0]]})
    return found


def _claims(restoration: Restoration, structure: Structure) -> Iterator[tuple[schema.Reason | None, Iterable[Span]]]:
    """Who accounts for which raw text; later claims win, nodes (None) are the last."""
    yield "speck", (span for line in restoration.lines for span in line.specks)
    for uncovered in structure.uncovered:
        yield uncovered.reason, (uncovered.span,)
    for provision in structure.provisions:
        yield None, provision.raw_spans


def _unassigned(uncovered: list[dict[str, Any]]) -> Iterator[Notice]:
    count = sum(part["reason"] == "unassigned" for part in uncovered)
    if count:
        yield Notice("unassigned_text", f"{count} part(s) of the text are in no node; see coverage.uncovered.")


def _overruled(restoration: Restoration, corrections: Iterable[dict[str, Any]]) -> Iterator[Notice]:
    """Reviewed readings in whose place something else is printed: numbering leaves one reading of a marker."""
    reviewed = {
        (syllable.raw_start, syllable.raw_end): syllable.text
        for line in restoration.lines
        for syllable in line.syllables
        if syllable.review
    }
    for correction in corrections:
        text = reviewed.get(correction["raw_span"])
        if text is not None and correction["source"] == "model":
            message = f"A reviewer says {text!r}; its place in the document leaves {correction['restored']!r} alone."
            yield Notice("correction_overruled", message)
