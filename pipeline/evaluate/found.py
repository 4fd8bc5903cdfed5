"""A Structure and its Findings in; out: what the program found, as labels over the words of the true text."""

import re
from collections.abc import Iterable, Iterator

from ..document import AgencyMention, Citation, Findings, Span, Structure, Target
from .gold import Aim, Labels, Limit, Node, Product, Reference, Role
from .places import Reading, Words


def labels_of(built: Structure, findings: Findings, reading: Reading) -> Labels:
    """What the program found, as words of the true text."""
    ranges = {provision.id: reading.within(provision.raw_spans) for provision in built.provisions}
    starts = {name: min(words, default=None) for name, words in ranges.items()}

    def words(span: Span) -> Words:
        entries = (entry for entry in built.offsets if entry.restored_start < span[1] and span[0] < entry.restored_end)
        return reading.within((entry.raw_start, entry.raw_end) for entry in entries)

    return Labels(
        nodes=tuple(
            Node(ranges[p.id], p.kind, p.marker or "", starts[p.parent_id] if p.parent_id else None)
            for p in built.provisions
        ),
        tasks=tuple(starts[task.node_id] for task in findings.tasks),
        roles=tuple(
            Role(starts[task.node_id], role, mention.agency_id or "", words(mention.span))
            for task in findings.tasks
            for role, mention in _mentions(task.lead, task.coordinating)
        ),
        limits=tuple(
            Limit(starts[task.node_id], words(task.deadline.span), task.deadline.start, task.deadline.end)
            for task in findings.tasks
            if task.deadline
        ),
        products=tuple(
            Product(starts[task.node_id], words(task.deliverable_span))
            for task in findings.tasks
            if task.deliverable_span
        ),
        aims=tuple(_aim(target, words(target.span)) for target in findings.targets),
        references=tuple(_reference(citation, words(citation.span), starts) for citation in findings.citations),
    )


def _mentions(
    lead: Iterable[AgencyMention], coordinating: Iterable[AgencyMention]
) -> Iterator[tuple[str, AgencyMention]]:
    yield from (("lead", mention) for mention in lead)
    yield from (("coordinating", mention) for mention in coordinating)


def _aim(target: Target, words: Words) -> Aim:
    years = tuple(sorted({int(year) for year in re.findall(r"(?<!\d)[12]\d{3}(?!\d)", target.period or "")}))
    return Aim(words, target.indicator, target.comparator or "", target.value, target.unit or "", years)


def _reference(citation: Citation, words: Words, starts: dict[str, int | None]) -> Reference:
    day = citation.date.isoformat() if citation.date else str(citation.year or "")
    target = starts[citation.target_id] if citation.target_id else None
    return Reference(words, citation.type, citation.number or "", day, citation.issuer or "", target)
