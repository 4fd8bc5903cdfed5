"""The outline in; text, provisions and offset map out: one paragraph a line, spans in both texts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.document import MapEntry, NumberingGap, Provision, Span, Uncovered
from pipeline.folding import fold
from pipeline.structure.lines import Row, Token
from pipeline.structure.markers import is_title
from pipeline.structure.outline import Outline
from pipeline.structure.tree import Node

_HEADED = frozenset({"phan", "chuong", "muc", "tieu_muc", "phu_luc", "van_ban"})
_MAYBE_HEADED = frozenset({"dieu", "khoan", "diem"})
_LONGEST_HEADING = 300
_ORDERS = re.compile(r"(?:giao|de nghi|yeu cau|phan cong)\b")
_LEADS_IN = re.compile(r"\b(?:sau|sau day|gom|la|trach nhiem|nhiem vu|thuc hien|quy dinh)\s?:$")


@dataclass(frozen=True, slots=True)
class Assembled:
    """What `Structure` is made of, but for metadata and notices; `confidences`: one for each entry of `offsets`."""

    text: str
    offsets: tuple[MapEntry, ...]
    confidences: tuple[float, ...]
    provisions: tuple[Provision, ...]
    gaps: tuple[NumberingGap, ...]
    uncovered: tuple[Uncovered, ...]


def assemble(outline: Outline, raw: str, aside: list[Uncovered]) -> Assembled:
    """Writes the nodes out one after another."""
    lines: list[str] = []
    offsets: list[MapEntry] = []
    confidences: list[float] = []
    provisions: list[Provision] = []
    uncovered = list(aside)
    ids: list[str] = []
    titles = _titles(outline)
    at = 0
    for index, node in enumerate(outline.nodes):
        above = ids[node.parent] if node.parent is not None else None
        ids.append(f"{above}/{node.segment}" if above is not None else node.segment)
        line, marker_length = _print(node, at, offsets, confidences)
        text = line[marker_length:]
        spans, specks = _raw_spans(node, raw)
        uncovered += specks
        provisions.append(
            Provision(
                id=ids[-1],
                parent_id=above,
                kind=node.kind,
                marker=node.marker.label if node.marker else None,
                heading=text if text and index in titles else None,
                text=text,
                span=(at + marker_length, at + len(line)),
                raw_spans=spans,
                page=node.block.rows[0].page,
                confidence=round(node.confidence * _reading_confidence(node), 4),
            )
        )
        lines.append(line)
        at += len(line) + 1
    gaps = tuple(NumberingGap(ids[gap.after], gap.missing) for gap in outline.gaps)
    leftovers = _leftovers(raw, provisions, uncovered)
    everything = tuple(sorted((*_trimmed(uncovered, raw), *leftovers), key=lambda item: item.span))
    return Assembled("\n".join(lines), tuple(offsets), tuple(confidences), tuple(provisions), gaps, everything)


def _print(node: Node, at: int, offsets: list[MapEntry], confidences: list[float]) -> tuple[str, int]:
    """The node's line, and how many of its characters are marker; adds its syllables to `offsets`, `confidences`."""
    length = node.marker.length if node.marker else 0
    tokens = [token for row in node.block.rows for token in row.tokens]
    if node.printed is not None:
        tokens = _with_marker(tokens, length, node.printed)
    marker_length = written = 0
    for token in tokens:
        offsets.append(MapEntry(at + written, at + written + len(token.text), token.raw_start, token.raw_end))
        confidences.append(token.confidence)
        written += len(token.text) + 1
    line = " ".join(token.text for token in tokens)
    if node.marker:
        marker_length = min(length, len(line)) if node.printed is None else len(node.printed)
        while marker_length < len(line) and line[marker_length] == " ":
            marker_length += 1
    return line, marker_length


def _with_marker(tokens: list[Token], length: int, printed: str) -> list[Token]:
    """The tokens with `printed` for the damaged marker, their first `length` characters; word by word if they pair."""
    count = read = 0
    while count < len(tokens) and read < length:
        read += len(tokens[count].text) + 1
        count += 1
    last = tokens[count - 1]
    rest = last.text[len(last.text) - (read - 1 - length) :] if read - 1 > length else ""
    words = printed.split()
    if len(words) == count:
        words[-1] += rest
        return [replace(token, text=word) for token, word in zip(tokens, words, strict=False)] + tokens[count:]
    return [replace(tokens[0], text=printed + rest, raw_end=last.raw_end), *tokens[count:]]


def _titles(outline: Outline) -> set[int]:
    """The nodes whose text is a title: no sentence, over units of their own, or set as most of their siblings are."""
    parents = {node.parent for node in outline.nodes}
    titles: set[int] = set()
    families: dict[tuple[int | None, str], list[int]] = {}
    for index, node in enumerate(outline.nodes):
        if node.kind in _HEADED or (node.kind == "doan" and is_title(node.block.text)):
            titles.add(index)
        elif node.kind in _MAYBE_HEADED and index in parents:
            families.setdefault((node.parent, node.kind), []).append(index)
    for family in families.values():
        likely = [index for index in family if _may_be_title(outline.nodes[index])]
        sure = [index for index in likely if not outline.nodes[index].block.text.endswith((".", ";", ":", ","))]
        titles.update(likely if 2 * len(sure) > len(family) else sure)
    return titles


def _may_be_title(node: Node) -> bool:
    text = node.block.text[node.marker.length if node.marker else 0 :]
    if len(text) > _LONGEST_HEADING or ". " in text:
        return False
    return not _LEADS_IN.search(fold(text[-20:])) and not _ORDERS.match(fold(text[:20]))


def _reading_confidence(node: Node) -> float:
    tokens = [token.confidence for row in node.block.rows for token in row.tokens]
    return sum(tokens) / len(tokens) if tokens else 1.0


def _raw_spans(node: Node, raw: str) -> tuple[tuple[Span, ...], list[Uncovered]]:
    """The rows' raw ranges without dirt, neighbours on a page merged; and the dirt."""
    spans: list[Span] = []
    dirt: list[Uncovered] = []
    page = None
    for row in node.block.rows:
        specks = sorted({*row.specks, *(s for s in node.block.specks if row.raw_start <= s[0] < row.raw_end)})
        dirt += [Uncovered(span, "speck") for span in specks]
        for start, end in _without(row, specks, raw):
            gap = raw[spans[-1][1] : start] if spans else "x"
            if row.page == page and not gap.strip() and "\f" not in gap:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
            page = row.page
    return tuple(spans), dirt


def _without(row: Row, specks: list[Span], raw: str) -> list[Span]:
    spans: list[Span] = []
    at = row.raw_start
    for start, end in (*specks, (row.raw_end, row.raw_end)):
        spans.append((at, min(max(start, at), row.raw_end)))
        at = max(at, end)
    return [trimmed for span in spans if (trimmed := _trim(span, raw))]


def _trim(span: Span, raw: str) -> Span | None:
    piece = raw[span[0] : span[1]]
    stripped = piece.strip()
    if not stripped:
        return None
    start = span[0] + len(piece) - len(piece.lstrip())
    return start, start + len(stripped)


def _trimmed(items: list[Uncovered], raw: str) -> list[Uncovered]:
    return [Uncovered(span, item.reason) for item in items if (span := _trim(item.span, raw))]


def _leftovers(raw: str, provisions: list[Provision], uncovered: list[Uncovered]) -> list[Uncovered]:
    """What no row holds: marks on lines that the restoration read as blank."""
    taken = sorted(
        [span for provision in provisions for span in provision.raw_spans] + [item.span for item in uncovered]
    )
    missing: list[Uncovered] = []
    at = 0
    for start, end in (*taken, (len(raw), len(raw))):
        span = _trim((at, start), raw) if start > at else None
        if span:
            missing.append(Uncovered(span, "speck"))
        at = max(at, end)
    return missing


def raw_spans_of(entries: Sequence[MapEntry], within: tuple[Span, ...]) -> tuple[Span, ...]:
    """The raw text of a run of syllables, cut to the provision's own raw spans."""
    low, high = entries[0].raw_start, max(entry.raw_end for entry in entries)
    cut = ((max(low, start), min(high, end)) for start, end in within)
    return tuple((start, end) for start, end in cut if start < end)
