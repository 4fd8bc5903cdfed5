"""The frozen types that pass between stages: Source -> Restoration -> Structure -> Findings.

Offsets count Unicode code points. `raw` offsets point into `Source.raw`, the decoded input text;
`restored` offsets point into `Structure.text`. Every span is half open: [start, end).
Confidences are probabilities from 0 to 1.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Action = Literal["accept", "correct", "delete", "withdraw"]
"""What a reviewer does about a place."""
Span = tuple[int, int]
Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in points (1/72 inch) from the page's top left corner."""


DOUBT = 0.9
"""Confidence below which a reading is a doubt, for people to look at."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a user should know about a document that was processed all the same."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be done, of which the rest does not depend: a stable code, what happened, a remedy."""

    code: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Word:
    """One token as the engine read it. `alternatives`: what other readings of the same place have, best first."""

    text: str
    start: int
    end: int
    box: Box | None = None
    confidence: float | None = None
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Style:
    """How a line is set, where that is known. `indent`: points from the left edge of the page's text.

    `centred`: as far from the left edge of the page's text as from the right one, and away from both.
    """

    bold: bool
    italic: bool
    centred: bool
    indent: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; `start` and `end` are raw offsets without the line end. Blank lines have no words."""

    words: tuple[Word, ...]
    start: int
    end: int
    style: Style | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page; width and height in points, None where the input has no page geometry (plain text).

    kind: `text` where the input says what is printed, `scan` where it was read from an image. `failure`: why the page,
    or a part of it, could not be read.
    """

    number: int
    lines: tuple[Line, ...]
    kind: Literal["text", "scan"] = "text"
    width: float | None = None
    height: float | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: whole lines of the source, a raw span of all of them on a page, or one for each where those of
    other cells stand between; none where it is empty.

    `row` and `column` count from 0; `row_span` and `column_span` say how many it goes over.
    """

    raw_spans: tuple[Span, ...]
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table, joined over page breaks, without the header that later pages repeat (their lines are `repeated`).

    `raw_spans`: all lines of the table, one span a page, beginning on page `page` at `box`. The first `header` rows
    name the columns. `cells` stand in the order of their rows, then columns. No `box` where the input has no geometry.
    """

    raw_spans: tuple[Span, ...]
    page: int
    box: Box | None
    header: int
    cells: tuple[Cell, ...]
    repeated: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an electronic signature says of itself, unverified. `time`: ISO 8601; text: of its picture on the page."""

    text: str
    signer: str | None
    time: str | None
    page: int
    box: Box | None


@dataclass(frozen=True, slots=True)
class Source:
    """An input file as `ingest` understood it. Lines of all pages, in order, tile `raw`: between them stand line ends,
    and in tables of plain texts what parts the cells of one line."""

    name: str
    sha256: str
    media_type: str
    raw: str
    pages: tuple[Page, ...]
    notices: tuple[Notice, ...] = ()
    tables: tuple[Table, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    engine: str | None = None
    """The OCR engine that read pages of it here, with its version."""

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for page in self.pages for line in page.lines)


@dataclass(frozen=True, slots=True)
class Review:
    """Who looked at a reading, and when (ISO 8601, UTC)."""

    reviewer: str
    time: str


@dataclass(frozen=True, slots=True)
class Syllable:
    """One restored token with its punctuation, e.g. 'phủ,'. `start`/`end`: offsets in its line's text.

    `review`: who says that this is printed; the runner-up is then what the model read, where that is another.
    """

    text: str
    start: int
    end: int
    raw_start: int
    raw_end: int
    confidence: float
    runner_up: str | None = None
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class RestoredLine:
    """The reading of one raw line. `specks` are raw spans that were read as dirt, not as text; `deleted` are those of
    them of which a reviewer says so, with an empty text and the line's end as their place."""

    text: str
    syllables: tuple[Syllable, ...]
    raw_start: int
    raw_end: int
    specks: tuple[Span, ...] = ()
    deleted: tuple[Syllable, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """What one reviewer did to a document: the time of the last of it, how many places by action, and how many that
    are not where they were, so that nothing was done there."""

    reviewer: str
    time: str
    counts: tuple[tuple[str, int], ...]
    unplaced: int


@dataclass(frozen=True, slots=True)
class Restoration:
    """Line i is the reading of line i of the source. `corrections`: digest of the file of mends, where there is one."""

    lines: tuple[RestoredLine, ...]
    model: str
    notices: tuple[Notice, ...] = ()
    corrections: str | None = None
    work: tuple[Work, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A value read from the document, with its place: `span` in the restored text, `raw_spans` in the raw text."""

    value: str
    span: Span
    raw_spans: tuple[Span, ...]
    page: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Metadata:
    """Components of the form after Decree 30/2020/NĐ-CP, Appendix I. Absent components are None or empty."""

    national_title: Field | None = None
    motto: Field | None = None
    parent_body: Field | None = None
    issuing_body: Field | None = None
    number: Field | None = None
    notation: Field | None = None
    place: Field | None = None
    issued_date: Field | None = None
    doc_type: Field | None = None
    subject: Field | None = None
    legal_bases: tuple[Field, ...] = ()
    addressees: tuple[Field, ...] = ()
    signing_authority: Field | None = None
    signatory_title: Field | None = None
    signatory: Field | None = None
    recipients: tuple[Field, ...] = ()
    secrecy: Field | None = None
    urgency: Field | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """An annex, or a document issued with the document. `node_id`: its provision, whose descendants are its text.

    `title` is all of its title; `doc_type` the type that it opens with; `issued_with` '(Ban hành kèm theo ...)'.
    """

    node_id: str
    doc_type: Field | None
    title: Field | None
    issued_with: Field | None


@dataclass(frozen=True, slots=True)
class Provision:
    """A unit of the document, its own text without its children's.

    `span` covers `text` in `Structure.text`; the marker stands before it and is not part of it.
    `raw_spans` cover marker and text in the raw text, page breaks and set-aside marks left out.
    `id` is a path of markers from the root, e.g. 'II/9/2', stable across runs.
    """

    id: str
    parent_id: str | None
    kind: str
    marker: str | None
    heading: str | None
    text: str
    span: Span
    raw_spans: tuple[Span, ...]
    page: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Raw text that is in no provision, and why."""

    span: Span
    reason: Literal["page_number", "running_head", "speck", "stamp", "rule"]


@dataclass(frozen=True, slots=True)
class NumberingGap:
    """After provision `after_id`, markers `missing` should stand before the next sibling but do not."""

    after_id: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapEntry:
    """restored[restored_start:restored_end] was read from raw[raw_start:raw_end]; entries rise in the restored text."""

    restored_start: int
    restored_end: int
    raw_start: int
    raw_end: int


@dataclass(frozen=True, slots=True)
class TableCell:
    """`span`: place in the restored text; an empty cell has an empty text."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class TableRow:
    """A cell for each column; a merged cell stands in each row that it goes over, in the first of its columns."""

    node_id: str
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class StructuredTable:
    """A table with its provisions: `node_id` that of the table, those of its rows below it. `header`: rows of it."""

    node_id: str
    header: tuple[tuple[TableCell, ...], ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """The restored text, one paragraph a line, and the tree of provisions over it."""

    text: str
    offsets: tuple[MapEntry, ...]
    metadata: Metadata
    provisions: tuple[Provision, ...]
    uncovered: tuple[Uncovered, ...]
    gaps: tuple[NumberingGap, ...]
    notices: tuple[Notice, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    tables: tuple[StructuredTable, ...] = ()


@dataclass(frozen=True, slots=True)
class AgencyMention:
    """An agency named in a task; `agency_id` is the gazetteer's, None where nothing there is near enough.

    `inherited_from`: the provision that names it, where that is a stem above the task's own.
    """

    raw: str
    agency_id: str | None
    name: str | None
    score: float
    span: Span
    inherited_from: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A stated time limit. `kind`: by (until end), within (start to end), recurring (no dates).

    `inherited_from`: the provision that states it, where that is a stem above the task's own.
    """

    raw: str
    kind: Literal["by", "within", "recurring"]
    start: date | None
    end: date | None
    precision: Literal["day", "month", "quarter", "year", "none"]
    span: Span
    inherited_from: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    node_id: str
    text: str
    lead: tuple[AgencyMention, ...]
    coordinating: tuple[AgencyMention, ...]
    deadline: Deadline | None
    deliverable: str | None
    origin: Literal["prose", "table"]
    deliverable_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A measurable aim, e.g. 'GRDP bình quân/người đạt 14.740 USD'.

    `low` and `high` are the value as numbers, the same where it is no range. `start` and `end` are the period's days.
    `scope`: the words above the provision that the aim is for ('Giai đoạn từ nay đến năm 2025'), and `scope_id` where
    they stand; `indicator_span` covers the indicator.
    """

    node_id: str
    indicator: str
    comparator: str | None
    value: str
    unit: str | None
    period: str | None
    span: Span
    low: float | None = None
    high: float | None = None
    start: date | None = None
    end: date | None = None
    scope: str | None = None
    scope_id: str | None = None
    indicator_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A document or provision that provision `node_id` refers to. `target_id`: the provision's id for internal ones."""

    raw: str
    type: str
    number: str | None
    year: int | None
    issuer: str | None
    date: date | None
    target_id: str | None
    span: Span
    node_id: str | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    tasks: tuple[Task, ...]
    targets: tuple[Target, ...]
    citations: tuple[Citation, ...]
