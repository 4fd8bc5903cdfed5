"""The frozen types that pass between stages: Source -> Restoration -> Structure -> Findings.

Offsets count Unicode code points. `raw` offsets point into `Source.raw`, the decoded input text;
`restored` offsets point into `Structure.text`. Every span is half open: [start, end).
Confidences are probabilities from 0 to 1.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

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
class Word:
    """One token as the engine read it."""

    text: str
    start: int
    end: int
    box: Box | None = None
    confidence: float | None = None
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; `start` and `end` are raw offsets without the line end. Blank lines have no words."""

    words: tuple[Word, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page; width and height in points, None where the input has no page geometry (plain text)."""

    number: int
    lines: tuple[Line, ...]
    kind: Literal["text", "scan"] = "text"
    width: float | None = None
    height: float | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """An input file as `ingest` understood it. Lines of all pages, in order, tile `raw` (line ends between them)."""

    name: str
    sha256: str
    media_type: str
    raw: str
    pages: tuple[Page, ...]
    notices: tuple[Notice, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for page in self.pages for line in page.lines)


@dataclass(frozen=True, slots=True)
class Syllable:
    """One restored token with its punctuation, e.g. 'phủ,'. `start`/`end`: offsets in its line's text."""

    text: str
    start: int
    end: int
    raw_start: int
    raw_end: int
    confidence: float
    runner_up: str | None = None


@dataclass(frozen=True, slots=True)
class RestoredLine:
    """The reading of one raw line. `specks` are raw spans that were read as dirt, not as text."""

    text: str
    syllables: tuple[Syllable, ...]
    raw_start: int
    raw_end: int
    specks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Restoration:
    """Line i is the reading of line i of the source."""

    lines: tuple[RestoredLine, ...]
    model: str
    notices: tuple[Notice, ...] = ()


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
    issuing_body: Field | None = None
    number: Field | None = None
    notation: Field | None = None
    place: Field | None = None
    issued_date: Field | None = None
    doc_type: Field | None = None
    subject: Field | None = None
    legal_bases: tuple[Field, ...] = ()
    signatory: Field | None = None
    recipients: tuple[Field, ...] = ()


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
    """restored[restored_start:restored_end] was read from raw[raw_start:raw_end]; entries rise in both."""

    restored_start: int
    restored_end: int
    raw_start: int
    raw_end: int


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


@dataclass(frozen=True, slots=True)
class AgencyMention:
    """An agency named in a task; `agency_id` is the gazetteer's, None where nothing there is near enough."""

    raw: str
    agency_id: str | None
    name: str | None
    score: float
    span: Span


@dataclass(frozen=True, slots=True)
class Deadline:
    """A stated time limit. `kind`: by (until end), within (start to end), recurring (no dates)."""

    raw: str
    kind: Literal["by", "within", "recurring"]
    start: date | None
    end: date | None
    precision: Literal["day", "month", "quarter", "year", "none"]
    span: Span


@dataclass(frozen=True, slots=True)
class Task:
    node_id: str
    text: str
    lead: tuple[AgencyMention, ...]
    coordinating: tuple[AgencyMention, ...]
    deadline: Deadline | None
    deliverable: str | None
    origin: Literal["prose", "table"]


@dataclass(frozen=True, slots=True)
class Target:
    """A measurable aim, e.g. 'GRDP bình quân/người đạt 14.740 USD'."""

    node_id: str
    indicator: str
    comparator: str | None
    value: str
    unit: str | None
    period: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Citation:
    """A document or provision that the text refers to. `target_id`: the provision's id for internal ones."""

    raw: str
    type: str
    number: str | None
    year: int | None
    issuer: str | None
    date: date | None
    target_id: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Findings:
    tasks: tuple[Task, ...]
    targets: tuple[Target, ...]
    citations: tuple[Citation, ...]
