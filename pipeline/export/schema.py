"""The JSON contract 1.x: what a `vanban.document` holds. This module is its one source.

Spans are half open [start, end) and count Unicode code points: in `text.restored` where not said otherwise.
Readers of 1.x must pass over fields that they don't know; 1.y only adds fields, each with a default, so that it reads
what 1.0 wrote.
"""

import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field

from pipeline.document import DOUBT

SCHEMA_VERSION = "1.2"


def _leave_open(schema: dict[str, Any]) -> None:
    """The published schema lets later 1.y add fields; only the writer is held to these."""
    schema.pop("additionalProperties")


Offset = Annotated[int, Field(ge=0)]
Span = tuple[Offset, Offset]
Probability = Annotated[float, Field(ge=0, le=1), AfterValidator(lambda value: round(value, 4))]
Score = Annotated[float, Field(ge=0, le=100), AfterValidator(lambda value: round(value, 1))]
Kind = Literal[
    "phan", "chuong", "muc", "tieu_muc", "dieu", "khoan", "diem", "gach_dau_dong", "doan", "phu_luc", "bang",
    "quoc_hieu", "tieu_ngu", "co_quan", "so_ky_hieu", "dia_danh_ngay", "loai_van_ban", "trich_yeu", "kinh_gui",
    "can_cu", "lenh_ban_hanh", "kem_theo", "noi_nhan", "chu_ky", "van_ban", "do_khan_mat", "chu_thich", "hang",
]  # fmt: skip
Reason = Literal["page_number", "running_head", "speck", "stamp", "rule", "not_processed", "unassigned"]

RestoredSpan = Annotated[Span, Field(description="Place in text.restored.")]
RawSpan = Annotated[Span, Field(description="Place in text.raw.")]
RawSpans = Annotated[tuple[Span, ...], Field(description="Places in text.raw that this was read from, rising.")]
PageNumber = Annotated[int, Field(ge=1, description="Page on which this begins, counted from 1.")]
Box = Annotated[
    tuple[float, float, float, float] | None,
    Field(description="x0, top, x1, bottom in points from the page's top left corner; null where the input has none."),
]
Confidence = Annotated[Probability, Field(description="Probability that the reading is right.")]


class _Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        from_attributes=True,
        json_schema_extra=_leave_open,
        json_schema_serialization_defaults_required=True,
    )


class Generator(_Model):
    """The program that wrote the document. The same input, version, model and corrections give the same bytes."""

    name: Literal["vanban"] = "vanban"
    version: str = Field(description="Version of the program.")
    model: str = Field(description="Digest of the trained models.")
    corrections: str | None = Field(
        default=None,
        description="Since 1.2. SHA-256 of the reviewers' NAME.corrections.csv beside the input; null where none is.",
    )


class Error(_Model):
    """A stage that failed, or a page that could not be read; the rest is in the document."""

    code: str = Field(description="Stable name of the failure.")
    message: str = Field(description="What happened.")
    remedy: str = Field(description="What to do about it.")
    page: int | None = Field(default=None, ge=1, description="The page that could not be read; null for a stage.")


class Notice(_Model):
    """Something to know about a document that was processed all the same."""

    code: str = Field(description="Stable name of the warning.")
    message: str


class Page(_Model):
    """A page of the input. Form feeds divide a plain text into pages."""

    number: int = Field(ge=1)
    width: float | None = Field(description="In points; null where the input has no page geometry.")
    height: float | None = Field(description="In points; null where the input has no page geometry.")
    kind: Literal["text", "scan"]


class Source(_Model):
    """The input file."""

    file_name: str = Field(validation_alias=AliasChoices("file_name", "name"), description="Name without folder.")
    sha256: str = Field(pattern="^[0-9a-f]{64}$", description="Digest of the file's bytes.")
    media_type: str
    pages: tuple[Page, ...]


MapEntry = Annotated[
    tuple[Offset, Offset, Offset, Offset],
    Field(description="restored start, restored end, raw start, raw end: the first was read from the second."),
]


class Text(_Model):
    """The text before and after restoration."""

    raw: str = Field(description="The input, decoded to Unicode normal form C, line ends as they were.")
    restored: str = Field(description="The reading, one paragraph a line.")
    map: tuple[MapEntry, ...] = Field(
        description="Which part of `restored` was read from which part of `raw`, rising in `restored`; in `raw` a"
        " footnote stands before the rest of the paragraph that it cuts in two."
    )


class Value(_Model):
    """A value read from the document."""

    value: str = Field(description="Restored; dates as in ISO 8601.")
    raw: str = Field(description="As the input has it; parts from several places are joined by a line end.")
    span: RestoredSpan
    page: PageNumber
    box: Box = None
    confidence: Confidence


class Stamp(_Model):
    """What an electronic signature says of itself. Nobody has verified it, and it is no part of the text."""

    text: str = Field(description="Of its picture on the page, else the reason that it states; may be empty.")
    signer: str | None
    time: str | None = Field(description="ISO 8601, as the signature states it.")
    page: PageNumber
    box: Box = None


class Metadata(_Model):
    """Components of the form after Decree 30/2020/NĐ-CP, Appendix I; null or empty where not found."""

    national_title: Value | None = Field(description="Quốc hiệu")
    motto: Value | None = Field(description="Tiêu ngữ")
    parent_body: Value | None = Field(default=None, description="Tên cơ quan, tổ chức chủ quản trực tiếp")
    issuing_body: Value | None = Field(description="Tên cơ quan, tổ chức ban hành văn bản")
    number: Value | None = Field(description="Số")
    notation: Value | None = Field(description="Ký hiệu")
    place: Value | None = Field(description="Địa danh")
    issued_date: Value | None = Field(description="Thời gian ban hành, in ISO 8601")
    doc_type: Value | None = Field(description="Tên loại văn bản")
    subject: Value | None = Field(description="Trích yếu nội dung")
    legal_bases: tuple[Value, ...] = Field(description="Căn cứ ban hành")
    addressees: tuple[Value, ...] = Field(default=(), description="Kính gửi")
    signing_authority: Value | None = Field(
        default=None, description="Quyền hạn của người ký: TM., KT., TL., TUQ. and for whom"
    )
    signatory_title: Value | None = Field(default=None, description="Chức vụ của người ký")
    signatory: Value | None = Field(description="Người ký")
    recipients: tuple[Value, ...] = Field(description="Nơi nhận")
    secrecy: Value | None = Field(default=None, description="Độ mật")
    urgency: Value | None = Field(default=None, description="Mức độ khẩn")
    signatures: tuple[Stamp, ...] = Field(default=(), description="Electronic signatures, unverified.")


class Attachment(_Model):
    """An annex, or a document issued with the document: a document within the document."""

    node_id: str = Field(
        description="Its node, of kind phu_luc; the nodes below are its text, with an outline of their own."
    )
    doc_type: Value | None = Field(description="Tên loại văn bản, of what is issued with the document (QUY CHẾ).")
    title: Value | None = Field(description="All of its title.")
    issued_with: Value | None = Field(description="'(Ban hành kèm theo Quyết định số ...)'")


class Node(_Model):
    """A provision: a numbered, bulleted or unmarked unit of the document, without the text of its children."""

    id: str = Field(
        description="Path of segments from the root, joined by '/': the marker (II, 1, a), the kind with the number for"
        " worded ones (dieu-3, chuong-I), the order among its siblings for a bullet or paragraph (2, doan-1), the kind"
        " for a component of the form (can-cu). The second of a name under one parent ends in ~2. An annex opens its"
        " path with phu-luc, a form (Mẫu số 2) in it with mau-2. Ids don't depend on what comes later, so they are"
        " stable across runs."
    )
    parent_id: str | None = Field(
        description="The unit this stands under, which comes earlier in nodes; null at the top. A paragraph stands"
        " under the unit that is open, never under a bullet; after the last item of a list, under what holds the list."
    )
    kind: Kind = Field(
        description="Vietnamese name of the unit, without accents. phan to gach_dau_dong and doan (unmarked text) are"
        " provisions; quoc_hieu to van_ban are components of the form after Decree 30/2020/NĐ-CP; co_quan stands above"
        " the number and, where printed there again, above the legal bases. phu_luc is an annex, a form in one, or"
        " what is issued with the document; chu_thich is a footnote."
    )
    marker: str | None = Field(
        description="Without its full stop or bracket: I, 1, a, Điều 1, -. A damaged one is mended where numbering"
        " leaves one reading (warning marker_repaired)."
    )
    heading: str | None = Field(
        description="text once more where it is a title, else null. It is one for phan, chuong, muc, tieu_muc, phu_luc;"
        " for a dieu, khoan or diem that has units under it and ends like no sentence, or as a title where most of its"
        " siblings are titles; for a doan in capitals."
    )
    text: str = Field(description="Own text, titles included, without the marker; equals text.restored[span].")
    span: RestoredSpan
    raw_spans: RawSpans
    page: PageNumber
    box: Box = None
    confidence: Confidence


class Cell(_Model):
    """A table cell, joined over page breaks."""

    text: str = Field(description="Its lines, joined by spaces; empty where it has none.")
    span: RestoredSpan | None = Field(description="From its first to its last word; null where it is empty.")
    column: int = Field(default=0, ge=0, description="The first column that it stands in, counted from 0.")
    columns: int = Field(default=1, ge=1, description="How many columns it goes over.")
    rows: int = Field(default=1, ge=1, description="How many rows it goes over; it is listed in the first.")
    page: PageNumber
    box: Box = None


class Table(_Model):
    """A table, joined over page breaks; headers that later pages repeat are left out."""

    header: tuple[Cell, ...] = Field(description="Cells that name the columns; of a header of several rows, all.")
    rows: tuple[tuple[Cell, ...], ...]
    raw_spans: RawSpans
    page: PageNumber
    box: Box = None


class Agency(_Model):
    """An agency that a task names."""

    raw: str = Field(description="As the restored text names it.")
    agency_id: str | None = Field(description="Of the gazetteer; null where nothing there is near enough.")
    name: str | None = Field(description="Full name in the gazetteer.")
    score: Score = Field(description="Likeness of the two names, from 0 to 100.")
    span: RestoredSpan
    inherited_from: str | None = Field(
        default=None, description="Since 1.1. Id of the node that names it, where that is not the task's own."
    )


class Deadline(_Model):
    """A stated time limit."""

    raw: str = Field(description="As the restored text states it.")
    kind: Literal["by", "within", "recurring"] = Field(description="by: until end; within: start to end.")
    start: datetime.date | None
    end: datetime.date | None
    precision: Literal["day", "month", "quarter", "year", "none"]
    span: RestoredSpan
    inherited_from: str | None = Field(
        default=None, description="Since 1.1. Id of the node that states it, where that is not the task's own."
    )


class Task(_Model):
    """A task that the document gives to agencies."""

    node_id: str = Field(description="The provision that gives it; of a list, each item is a task, its stem is none.")
    text: str = Field(description="The text of that provision.")
    lead: tuple[Agency, ...] = Field(
        description="Chủ trì: who is named as the one to act, here or else in the nearest stem above ('Bộ Y tế:',"
        " '... cần thực hiện các nhiệm vụ sau:'); the spans are then in the stem, and inherited_from names it."
    )
    coordinating: tuple[Agency, ...] = Field(description="Phối hợp: likewise.")
    deadline: Deadline | None = Field(
        description="The most exact time limit stated in the provision, of those the first; else that of a stem above."
    )
    deliverable: str | None = Field(description="The document to be drawn up, where one is named.")
    origin: Literal["prose", "table"]
    page: PageNumber | None = Field(default=None, description="Since 1.1. Page of the provision.")
    box: Box = None
    deliverable_span: RestoredSpan | None = Field(default=None, description="Since 1.1. Place of deliverable.")


class Target(_Model):
    """A measurable aim."""

    node_id: str = Field(description="The provision that sets it.")
    indicator: str = Field(description="What is measured, as the text names it.")
    comparator: str | None = Field(
        description="equal, at_least, at_most, about, increase, decrease, or between for a range; null where not told."
    )
    value: str = Field(description="As printed: comma before decimals, full stop between thousands; a range with both.")
    unit: str | None
    period: str | None = Field(description="As the text states it, here or in the unit above.")
    span: RestoredSpan
    low: float | None = Field(default=None, description="Since 1.1. The value as a number; the lower end of a range.")
    high: float | None = Field(default=None, description="Since 1.1. The upper end; the same as low for one value.")
    start: datetime.date | None = Field(default=None, description="Since 1.1. First day of the period.")
    end: datetime.date | None = Field(default=None, description="Since 1.1. Last day of the period.")
    scope: str | None = Field(
        default=None,
        description="Since 1.1. Title or stem above that says for when the aim is ('Giai đoạn từ nay đến năm 2025').",
    )
    scope_id: str | None = Field(default=None, description="Since 1.1. Id of the node that scope is the text of.")
    indicator_span: RestoredSpan | None = Field(default=None, description="Since 1.1. Place of indicator.")


class Citation(_Model):
    """A document or provision that the text refers to."""

    raw: str = Field(description="As the restored text names it.")
    type: str
    number: str | None
    year: int | None
    issuer: str | None
    date: datetime.date | None
    target_id: str | None = Field(description="Node id, for a provision of this document.")
    span: RestoredSpan
    node_id: str | None = Field(default=None, description="Since 1.1. The provision that refers to it.")


class Correction(_Model):
    """A reading that differs from the input, that is unsure (confidence under 0.9), or of which a reviewer is sure."""

    raw: str
    restored: str = Field(description="Empty where a reviewer says that nothing is printed there.")
    span: RestoredSpan | None = Field(description="null where the reading was set aside (see coverage).")
    raw_span: RawSpan
    confidence: Confidence
    runner_up: str | None = Field(
        description="The next best reading; for a reviewer's, what the model read, where that is another."
    )
    source: Literal["model", "reviewer"]
    page: PageNumber | None = Field(default=None, description="Since 1.1. Page on which this stands.")
    box: Box = None
    reviewer: str | None = Field(default=None, description="Since 1.2. Who says so, in the reviewer's own words.")
    time: str | None = Field(default=None, description="Since 1.2. When the reviewer said so, ISO 8601, UTC.")

    @property
    def is_doubt(self) -> bool:
        """Whether a person should look at it."""
        return self.source == "model" and self.confidence < DOUBT


class Uncovered(_Model):
    """Raw text, white space aside, that is in no node."""

    span: RawSpan
    reason: Reason = Field(
        description="not_processed: a stage failed, see errors; unassigned: no stage claimed it, see warnings."
    )


class NumberingGap(_Model):
    """Markers that should stand after a node but do not."""

    after_id: str
    missing: tuple[str, ...]


class Coverage(_Model):
    """What the nodes leave out: with them it accounts for every raw character that is not white space."""

    uncovered: tuple[Uncovered, ...]
    numbering_gaps: tuple[NumberingGap, ...]
    pages_without_text: tuple[int, ...]


class Agent(_Model):
    """Who or what did something to the document."""

    type: Literal["software", "person"]
    name: str
    version: str | None = Field(description="Of software; null for a person.")


class Event(_Model):
    """Something done to the document on its way here, after PREMIS 3.0."""

    type: Literal["capture", "ocr", "restoration", "correction"] = Field(
        description="capture: the input was read; ocr: pages of it were read from images; restoration: the models said"
        " what is printed; correction: a reviewer did."
    )
    date: str | None = Field(
        description="ISO 8601, UTC, of the last of it, for what a person did; null for software, whose work can be done"
        " again with the same result."
    )
    agent: Agent
    outcome: Literal["success", "warning", "failure"] = Field(
        description="warning: a part of it could not be done, see detail, warnings and errors; failure: nothing could."
    )
    detail: str


class Document(_Model):
    """A Vietnamese administrative document, restored and taken apart."""

    schema_name: Literal["vanban.document"] = "vanban.document"
    schema_version: str = Field(default=SCHEMA_VERSION, pattern=r"^1\.[0-9]+$")
    generator: Generator
    status: Literal["ok", "partial", "failed"] = Field(
        description="ok; partial: a later stage or a page failed, see errors; failed: there is the raw text alone."
    )
    errors: tuple[Error, ...]
    warnings: tuple[Notice, ...]
    source: Source
    text: Text
    metadata: Metadata
    attachments: tuple[Attachment, ...] = Field(default=(), description="In reading order.")
    nodes: tuple[Node, ...] = Field(description="Provisions, flat, in reading order.")
    tables: tuple[Table, ...]
    tasks: tuple[Task, ...]
    targets: tuple[Target, ...]
    citations: tuple[Citation, ...]
    corrections: tuple[Correction, ...]
    coverage: Coverage
    events: tuple[Event, ...] = Field(
        default=(), description="Since 1.2. Who and what made the document what it is, in the order of their work."
    )


def json_schema() -> dict[str, Any]:
    """The contract as JSON Schema, draft 2020-12."""
    return Document.model_json_schema(mode="serialization")
