"""Provisions and what was found in them in; tasks out: sections that give none left aside, stems handed down."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from pipeline.columns import Column
from pipeline.document import AgencyMention, Deadline, Provision, Structure, TableCell, TableRow, Task
from pipeline.folding import fold
from pipeline.tasks.deadlines import most_exact
from pipeline.tasks.deliverables import find_deliverable
from pipeline.tasks.duties import ENACTS, EXECUTION, LISTS_THINGS, is_task
from pipeline.tasks.fields import Field, find_fields
from pipeline.tasks.roles import Agencies, Reading, read_roles
from pipeline.tasks.tables import read_row
from pipeline.tasks.tabular import cells_of_tables
from pipeline.tasks.verbs import opens_with_verb

_Placed = TypeVar("_Placed", AgencyMention, Deadline)

_UNITS = frozenset({"dieu", "khoan", "diem", "gach_dau_dong", "doan"})
_ABOVE = frozenset({"phan", "chuong", "muc", "tieu_muc", "phu_luc"})
_OUTSIDE = frozenset({"noi_nhan", "kinh_gui", "chu_ky", "chu_thich", "bang"})
_NORMATIVE = ("luat", "bo luat", "phap lenh", "nghi dinh", "thong tu", "thong tu lien tich", "hien phap")
_NO_TASKS = re.compile(
    r"(?:(?:ve|mot so|cac|nhung|cong tac|danh gia) )*(?:muc dich|muc tieu|yeu cau(?! (?:cac|so|bo|uy))|quan diem"
    r"|chi tieu|pham vi|doi tuong|giai thich|nguyen tac|hieu luc|tam nhin|boi canh|tinh hinh|thuc trang|ket qua"
    r"|han che|nguyen nhan|can cu"
    r"|quyen (?:han|cua|va)|kinh phi|nguon (?:von|luc|kinh phi)|dieu khoan thi hanh|thanh (?:phan|vien)(?! kinh te)"
    r"|co cau to chuc|su can thiet|bat cap|uu diem|dinh nghia|thong nhat danh gia|tam quan trong)"
)
_NO_TASKS_INSIDE = re.compile(
    r"(?<!chuong trinh) (?:muc tieu(?! quoc gia)|quan diem|quyen han|ket qua dat duoc|han che|nguyen nhan)(?![^\W_])"
)
_TASKS = re.compile(
    r"(?:nhiem vu|giai phap|to chuc thuc hien|trach nhiem|phan cong|noi dung thuc hien|cong tac|trien khai thuc hien"
    r"|bien phap)"
)
_FUNDS = re.compile(r"(?:ve |nguon )*kinh phi")
_LEGAL_NUMBER = re.compile(r"\d\s?/\s?\d{4}\s?/")
_ADOPTS = "thong qua "
_STEM_ENDS = (":", ";", ",")
_LEADS_IN = re.compile(r"(?:(?:sau|sau day|nhu sau|cu the|gom)\s?[:;.,]?|:)$")
_ORDERING_STEM = re.compile(r"(?:thuc hien|trien khai|tap trung|ra soat)[^:]{0,160}(?:sau day|nhu sau|sau)\s?[:;.]?$")
_DUE_STEM = re.compile(r"\W*(?:ve )?(?:(?:cac )?nhiem vu )?(?:trong |thuc hien )?$")


def find_tasks(structure: Structure, mentions: Sequence[AgencyMention], limits: Sequence[Deadline]) -> Iterator[Task]:
    """In reading order; so are `mentions` and `limits`, which don't overlap.

    A list's items are tasks; the stem above them is none, unless it orders something itself.
    """
    whole = _Whole(structure, mentions, limits)
    fields = find_fields(structure.provisions)
    told = {field.provision.id for group in fields.values() for field in group.values()}
    tasks: dict[str, Task] = {}
    busy: set[str] = set()
    for provision in reversed(structure.provisions):
        reading = whole.readings.get(provision.id)
        if reading is None or provision.kind not in _UNITS:
            continue
        below = whole.children.get(provision.id, [])
        if busy & set(below):
            busy.add(provision.id)
            if provision.text.rstrip().endswith(_STEM_ENDS):
                continue
        task: Task | None = None
        if provision.id in fields:
            task = _task_of_fields(fields[provision.id], mentions, whole.issued)
        elif provision.id not in told:
            task = _task(reading, whole, parent=bool(below))
        if task:
            tasks[provision.id] = task
            busy.add(provision.id)
    yield from (tasks[provision.id] for provision in structure.provisions if provision.id in tasks)


def _task_of_fields(fields: Mapping[Column, Field], mentions: Sequence[AgencyMention], issued: date | None) -> Task:
    """One told like a row of a table; what other fields say is inherited from them."""
    cells = [TableCell(field.text, field.span) for field in fields.values()]
    (task,) = read_row(list(fields), TableRow(fields["task"].provision.id, tuple(cells)), mentions, issued)
    sources = {field.span: field.provision.id for field in fields.values()}

    def sourced(found: _Placed) -> _Placed:
        source = next(name for span, name in sources.items() if span[0] <= found.span[0] < max(span[1], span[0] + 1))
        return replace(found, inherited_from=source)

    return replace(
        task,
        text=fields["task"].provision.text,
        lead=tuple(map(sourced, task.lead)),
        coordinating=tuple(map(sourced, task.coordinating)),
        deadline=task.deadline and sourced(task.deadline),
        origin="prose",
    )


class _Whole:
    """The document's readings, and what stands above and below each."""

    def __init__(self, structure: Structure, mentions: Sequence[AgencyMention], limits: Sequence[Deadline]) -> None:
        self.normative = is_normative(structure)
        day = structure.metadata.issued_date
        self.issued = date.fromisoformat(day.value) if day else None
        self.by_id = {provision.id: provision for provision in structure.provisions}
        self.readings = {
            provision.id: read_roles(provision, _inside(provision, mentions))
            for provision in structure.provisions
            if provision.kind in _UNITS | _ABOVE
        }
        self.children: dict[str, list[str]] = {}
        for provision in structure.provisions:
            if provision.parent_id is not None:
                self.children.setdefault(provision.parent_id, []).append(provision.id)
        self.limits = {provision.id: _inside(provision, limits) for provision in structure.provisions}
        self.sections = _sections(structure) | dict.fromkeys(cells_of_tables(structure.provisions), False)
        self.funds = {
            provision.id: any(_FUNDS.match(fold(above.heading or "")) for above in self.above(provision))
            for provision in structure.provisions
        }
        self.stems: dict[str | None, list[Reading]] = {}
        for reading in self.readings.values():
            enacts = ENACTS.match(reading.words) or LISTS_THINGS.search(reading.plain)
            if reading.provision.kind == "doan" and reading.lead and _LEADS_IN.search(reading.plain) and not enacts:
                self.stems.setdefault(reading.provision.parent_id, []).append(reading)

    def above(self, provision: Provision) -> Iterator[Provision]:
        """What it stands under, nearest first."""
        while provision.parent_id is not None:
            provision = self.by_id[provision.parent_id]
            yield provision

    def stem(self, provision: Provision) -> Reading | None:
        """The nearest words that say who acts: 'Giao Bộ Y tế:', 'Trách nhiệm của Bộ Y tế', '... cần làm như sau:'."""
        for at in (provision, *self.above(provision)):
            before = [stem for stem in self.stems.get(at.parent_id, ()) if stem.provision.span < at.span]
            if before:
                return before[-1]
            reading = self.readings.get(at.parent_id or "")
            if reading is not None and reading.lead and _hands_down(reading):
                return reading
        return None


def is_normative(structure: Structure) -> bool:
    """Does it make rules? By its type, or by the year in its number, which legal documents have ('12/2031/QĐ-TTg')."""
    doc_type = structure.metadata.doc_type
    own = next((fold(p.text) for p in structure.provisions if p.kind == "so_ky_hieu"), "")
    return (doc_type is not None and fold(doc_type.value) in _NORMATIVE) or bool(_LEGAL_NUMBER.search(own))


def _hands_down(reading: Reading) -> bool:
    rest = reading.words.strip(" :.,;")
    if LISTS_THINGS.search(reading.plain) or EXECUTION.search(rest):
        return False
    return (
        not rest
        or reading.provision.text.rstrip().endswith(_STEM_ENDS)
        or rest.startswith(("co trach nhiem", "chiu trach nhiem"))
    )


def _sections(structure: Structure) -> dict[str, bool | None]:
    """For each provision: do tasks stand here? The nearest heading that tells its matter decides; None: any may."""
    found: dict[str, bool | None] = {}
    ordered: set[str | None] = set()
    for provision in structure.provisions:
        above = found.get(provision.parent_id) if provision.parent_id else None
        if provision.kind in _OUTSIDE or fold(provision.text[:10]).startswith(_ADOPTS):
            above = False
        found[provision.id] = above
        if provision.kind == "doan" and _ORDERING_STEM.search(fold(provision.text)) and above is None:
            ordered.add(provision.parent_id)
        elif above is None and provision.parent_id in ordered:
            found[provision.id] = True
        title = fold((provision.heading or _stem_title(provision))[:120])
        if title and provision.kind != "phu_luc":
            if _NO_TASKS.match(title):
                found[provision.id] = bool(re.search("nhiem vu|giai phap", title))
            elif _TASKS.search(title):
                found[provision.id] = True
            elif above is not True and _NO_TASKS_INSIDE.search(title[:60]):
                found[provision.id] = False
    return found


def _stem_title(provision: Provision) -> str:
    """A short line before a list is its title, be it set as one or not: 'Mục tiêu:'."""
    text = provision.text.rstrip()
    return text if text.endswith(":") and len(text.split()) <= 10 else ""


def _task(reading: Reading, whole: _Whole, *, parent: bool) -> Task | None:
    provision = reading.provision
    stem = whole.stem(provision)
    inner = reading.lead and reading.action and not reading.addressed and opens_with_verb(provision.text)
    section = whole.sections[provision.id]
    if section is False and not (whole.funds[provision.id] and _names_subject(reading)):
        return None
    if stem and (inner or not reading.lead):
        reading = replace(reading, lead=(), action=0)
        lead = _from(stem, stem.lead)
        coordinating = reading.coordinating or _from(stem, stem.coordinating)
    else:
        lead, coordinating = reading.lead, reading.coordinating
        if inner:
            reading = replace(reading, action=0)
    if not is_task(
        reading,
        led=bool(lead),
        inherited=stem is not None,
        assigning=section,
        normative=whole.normative,
        parent=parent,
    ):
        return None
    deliverable = find_deliverable(provision.text, provision.span[0])
    return Task(
        node_id=provision.id,
        text=provision.text,
        lead=lead,
        coordinating=coordinating,
        deadline=_deadline(provision, whole),
        deliverable=deliverable and deliverable[0],
        origin="prose",
        deliverable_span=deliverable and deliverable[1],
    )


def _names_subject(reading: Reading) -> bool:
    """'Nguồn vốn ... Bộ Y tế chi trả ...': somebody is told to pay, not where the money comes from."""
    return bool(reading.lead) and not reading.plain.startswith("do ")


def _from(stem: Reading, mentions: Agencies) -> Agencies:
    return tuple(replace(mention, inherited_from=stem.provision.id) for mention in mentions)


def _deadline(provision: Provision, whole: _Whole) -> Deadline | None:
    """The most exact one stated here; else that which is a stem or title above: 'Trong quý II năm 2020:'."""
    own = most_exact(whole.limits[provision.id])
    if own:
        return own
    for above in whole.above(provision):
        found = next(iter(whole.limits[above.id]), None)
        if found and (above.heading or above.text.rstrip().endswith(":")):
            start, end = found.span[0] - above.span[0], found.span[1] - above.span[0]
            if _DUE_STEM.fullmatch(fold(above.text[:start])) and not above.text[end:].strip(" :.,;"):
                return replace(found, inherited_from=above.id)
    return None


def _inside(provision: Provision, found: Sequence[_Placed]) -> tuple[_Placed, ...]:
    first = bisect_left(found, provision.span[0], key=lambda item: item.span[0])
    last = bisect_left(found, provision.span[1], key=lambda item: item.span[0])
    return tuple(found[first:last])
