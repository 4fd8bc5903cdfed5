"""A document in; what its page shows, in reading order, out: sections of rows, raw text beside restored text.

Every raw character that is not white space stands in one row, and every syllable of the restored text in one passage.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from pipeline.document import Span
from pipeline.export import schema

Align = Literal["left", "centre", "title"]

ROWS_A_SECTION = 40
"""Of an input without pages: sections are drawn as they come into view."""
_CENTRED = frozenset({"quoc_hieu", "tieu_ngu", "co_quan", "so_ky_hieu", "dia_danh_ngay", "kem_theo", "lenh_ban_hanh"})
_TITLES = frozenset({"loai_van_ban", "trich_yeu", "phan", "chuong", "muc", "tieu_muc", "phu_luc"})
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of restored text: syllables first to last (left out) of the document's map."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class CellShown:
    """A table cell; `passage` None where it is empty."""

    passage: Passage | None
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class TableShown:
    """`header`: how many of the rows name the columns."""

    header: int
    rows: tuple[tuple[CellShown, ...], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph, one table, or raw text that is in neither (`aside`: why).

    number: order in the document; raw: places in the raw text, more than one where other text stands between, as a
    footnote does.
    """

    number: int
    page: int
    raw: tuple[Span, ...]
    passage: Passage | None = None
    table: TableShown | None = None
    aside: str | None = None
    align: Align = "left"
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one page, or of a stretch of a text without pages. `page`: None where there is but one."""

    page: int | None
    kind: Literal["text", "scan"]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """`rows_of`: the number of the row in which each node begins, by its id."""

    sections: tuple[Section, ...]
    rows_of: dict[str, int]


def lay_out(document: schema.Document) -> Layout:
    """Divide a document into what is shown."""
    drafts = list(_with_tables(document, list(_paragraphs(document))))
    rows = tuple(_rows(document, drafts))
    starts = [draft.passage.first for draft in drafts]
    numbers = [row.number for row in rows if not row.aside]
    offsets = [entry[0] for entry in document.text.map]
    rows_of = {}
    for node in document.nodes:
        at = bisect_right(starts, bisect_left(offsets, node.span[0])) - 1
        if at >= 0:
            rows_of[node.id] = numbers[at]
    return Layout(tuple(_sections(document, rows)), rows_of)


@dataclass(frozen=True, slots=True)
class _Draft:
    passage: Passage
    node: schema.Node | None = None
    table: TableShown | None = None


def _paragraphs(document: schema.Document) -> Iterator[_Draft]:
    """The lines of the restored text, each with the first node that stands in it."""
    restored, starts = document.text.restored, [entry[0] for entry in document.text.map]
    nodes = sorted(document.nodes, key=lambda node: node.span)
    ends = [node.span[1] for node in nodes]
    start = 0
    for line in restored.split("\n"):
        end = start + len(line)
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        if first < last:
            index = bisect_right(ends, start)
            node = nodes[index] if index < len(nodes) and nodes[index].span[0] < end else None
            yield _Draft(Passage(first, last), node)
        start = end + 1


def _with_tables(document: schema.Document, paragraphs: Sequence[_Draft]) -> Iterator[_Draft]:
    """Paragraphs that make up a table are shown as that, where its cells hold all of their syllables, once each."""
    starts = [draft.passage.first for draft in paragraphs]
    taken: dict[int, tuple[int, TableShown]] = {}
    offsets = [entry[0] for entry in document.text.map]
    for table in document.tables:
        shown, held = _table(document, table, offsets)
        if not held:
            continue
        begin = bisect_right(starts, held[0]) - 1
        end = bisect_right(starts, held[-1])
        if held == list(range(paragraphs[begin].passage.first, paragraphs[end - 1].passage.last)):
            taken[begin] = end, shown
    at = 0
    while at < len(paragraphs):
        if at not in taken:
            yield paragraphs[at]
            at += 1
            continue
        end, shown = taken[at]
        first, last = paragraphs[at].passage.first, paragraphs[end - 1].passage.last
        yield _Draft(Passage(first, last), paragraphs[at].node, shown)
        at = end


def _table(document: schema.Document, table: schema.Table, offsets: Sequence[int]) -> tuple[TableShown, list[int]]:
    """The table as it is shown, and the syllables that its cells hold, rising."""
    held = list[int]()

    def shown(cell: schema.Cell) -> CellShown:
        passage = None
        if cell.span:
            first, last = bisect_left(offsets, cell.span[0]), bisect_left(offsets, cell.span[1])
            passage = Passage(first, last)
            held.extend(range(first, last))
        return CellShown(passage, cell.columns, cell.rows)

    header = list[list[CellShown]]()
    column = 0
    for cell in table.header:
        if not header or cell.column <= column:
            header.append([])
        column = cell.column
        header[-1].append(shown(cell))
    rows = [[shown(cell) for cell in row] for row in table.rows]
    return TableShown(len(header), tuple(map(tuple, header + rows))), sorted(held)


def _rows(document: schema.Document, drafts: Sequence[_Draft]) -> Iterator[Row]:
    """The drafts with their raw text; raw text that is in none of them stands where it was read."""
    pages = _Pages(document)
    raw = document.text.raw
    raws: list[list[Span]] = [[] for _ in drafts]
    asides: list[list[Span]] = [[] for _ in range(len(drafts) + 1)]
    owners = [0] * len(document.text.map)
    for index, draft in enumerate(drafts):
        owners[draft.passage.first : draft.passage.last] = [index] * (draft.passage.last - draft.passage.first)
    end, before = 0, -1
    for entry in sorted(range(len(owners)), key=lambda entry: document.text.map[entry][2]):
        _, _, raw_start, raw_end = document.text.map[entry]
        owner = owners[entry]
        if owner == before:
            raws[owner][-1] = raws[owner][-1][0], max(raws[owner][-1][1], raw_end)
        else:
            asides[owner] += _stripped(raw, end, raw_start)
            raws[owner].append((raw_start, raw_end))
        end, before = max(end, raw_end), owner
    asides[-1] += _stripped(raw, end, len(raw))
    reasons = sorted((part.span[0], part.reason) for part in document.coverage.uncovered)
    depths = _depths(document.nodes)
    number = 0
    for index in range(len(drafts) + 1):
        for span in asides[index]:
            at = bisect_right(reasons, (span[0], "~")) - 1
            reason = reasons[at][1] if at >= 0 else "unassigned"
            yield Row(number, pages.of(span[0]), (span,), aside=reason)
            number += 1
        if index == len(drafts):
            return
        draft, node = drafts[index], drafts[index].node
        align: Align = "left"
        if node and not draft.table:
            align = "centre" if node.kind in _CENTRED else "title" if node.kind in _TITLES else "left"
        page = pages.of(min(entry[2] for entry in document.text.map[draft.passage.first : draft.passage.last]))
        depth = min(depths[node.id], _DEEPEST) if node and align == "left" else 0
        passage = None if draft.table else draft.passage
        yield Row(number, page, tuple(raws[index]), passage, draft.table, align=align, depth=depth)
        number += 1


def _stripped(raw: str, start: int, end: int) -> list[Span]:
    """The place without white space at its ends; none where there is nothing else."""
    text = raw[start:end]
    inner = text.strip()
    begin = start + len(text) - len(text.lstrip())
    return [(begin, begin + len(inner))] if inner else []


def _depths(nodes: Sequence[schema.Node]) -> dict[str, int]:
    """How far each node is set in: units above it that are numbered or bulleted, titles aside."""
    depths: dict[str, int] = {}
    for node in nodes:
        depths[node.id] = depths[node.parent_id] if node.parent_id else 0
        if node.marker and node.kind not in _TITLES:
            depths[node.id] += 1
    return {node.id: max(depths[node.id] - 1, 0) if node.marker else depths[node.id] for node in nodes}


class _Pages:
    """Pages by raw offsets: a form feed stands between two."""

    def __init__(self, document: schema.Document) -> None:
        self._numbers = [page.number for page in document.source.pages] or [1]
        self._ends = [at for at, character in enumerate(document.text.raw) if character == "\f"]

    def of(self, offset: int) -> int:
        return self._numbers[min(bisect_right(self._ends, offset), len(self._numbers) - 1)]


def _sections(document: schema.Document, rows: Sequence[Row]) -> Iterator[Section]:
    """A section a page; a page that earlier text goes on to (a footnote) opens none again."""
    kinds = {page.number: page.kind for page in document.source.pages}
    if len(kinds) <= 1 and "scan" not in kinds.values():
        for start in range(0, len(rows), ROWS_A_SECTION):
            yield Section(None, "text", tuple(rows[start : start + ROWS_A_SECTION]))
        return
    cuts, page = [0], 0
    for index, row in enumerate(rows):
        if row.page > page and index:
            cuts.append(index)
        page = max(page, row.page)
    for start, end in pairwise([*cuts, len(rows)]):
        if start < end:
            number = max(row.page for row in rows[start:end])
            yield Section(number, kinds[number], tuple(rows[start:end]))
