"""Metadata and nodes of a document in; the number that it is known by and its day of issue out."""

from collections.abc import Iterable
from datetime import date

from pipeline.export import schema


def printed_number(metadata: schema.Metadata, nodes: Iterable[schema.Node]) -> str | None:
    """Number and notation with what is printed between them, white space aside: '12/2020/NĐ-CP', '45-NQ/TW'."""
    number, notation = metadata.number, metadata.notation
    if number is None or notation is None:
        return number.value if number else None
    start, end = number.span[1], notation.span[0]
    for node in nodes:
        if node.kind == "so_ky_hieu" and node.span[0] <= start <= end <= node.span[1]:
            between = "".join(node.text[start - node.span[0] : end - node.span[0]].split())
            return f"{number.value}{between}{notation.value}"
    return f"{number.value}/{notation.value}"


def issued_on(metadata: schema.Metadata) -> date | None:
    """The day of issue, None where it is not known or no day of the calendar."""
    try:
        return date.fromisoformat(metadata.issued_date.value) if metadata.issued_date else None
    except ValueError:
        return None
