"""A Structure in; a spaCy Doc out that carries what was found in it, in span groups.

The Doc's text is the structure's, so that offsets agree. Each component fills a group; `_.` holds what a span says:

    vanban_agencies    doc.spans["agencies"]   span._.agency    AgencyMention
    vanban_deadlines   doc.spans["deadlines"]  span._.deadline  Deadline
    vanban_targets     doc.spans["targets"]    span._.target    Target
    vanban_citations   doc.spans["citations"]  span._.citation  Citation
    vanban_tasks       doc.spans["tasks"]      span._.task      Task; reads the groups of agencies and deadlines

Components of others stand before `vanban_tasks` and add to these groups. A span of the group 'agencies' needs no more
than an id, so that spaCy's own `span_ruler` can teach the agencies of a province:

    def add(nlp):
        config = {"spans_key": "agencies", "overwrite": False}
        ruler = nlp.add_pipe("span_ruler", before="vanban_tasks", config=config)
        ruler.add_patterns([{"label": "AGENCY", "id": "ban-quan-ly-deo", "pattern": "Ban Quản lý Đèo"}])

A package that names such a function as entry point of the group `vanban.components` is heard wherever it is installed.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from importlib.metadata import entry_points
from typing import Any

import spacy
from spacy.attrs import NORM
from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan
from spacy.util import filter_spans, registry
from spacy.vocab import Vocab

from pipeline.document import AgencyMention, Metadata, Provision, Structure
from pipeline.folding import fold
from pipeline.tasks.agencies import AgencyFinder
from pipeline.tasks.assign import find_tasks
from pipeline.tasks.citations import find_citations
from pipeline.tasks.deadlines import find_deadlines
from pipeline.tasks.gazetteer import gazetteer
from pipeline.tasks.tables import find_table_tasks
from pipeline.tasks.targets import find_targets

_COMPONENTS = ("vanban_agencies", "vanban_deadlines", "vanban_targets", "vanban_citations", "vanban_tasks")
_TOKEN = re.compile(r"([^\W\d_]+|\d+|[^\w\s]|\w|\s)( ?)")
_LONGEST_TEXT = 2**31 - 1
"""In characters. spaCy's own limit is for parsers, which take memory by length; nothing here does."""


def load() -> Language:
    """The pipeline with the components of installed packages; the same one each time."""
    return _loaded()


@cache
def _loaded() -> Language:
    nlp = blank()
    for entry in sorted(entry_points(group="vanban.components"), key=lambda entry: entry.name):
        entry.load()(nlp)
    return nlp


def blank() -> Language:
    """A new pipeline of our components alone."""
    nlp = spacy.blank("vi", config={"nlp": {"tokenizer": {"@tokenizers": "vanban.syllables.v1"}}})
    nlp.vocab.lex_attr_getters[NORM] = fold  # type: ignore[attr-defined]
    nlp.max_length = _LONGEST_TEXT
    for name in _COMPONENTS:
        nlp.add_pipe(name)
    return nlp


def annotate(nlp: Language, structure: Structure) -> Doc:
    """The structure's text, through the pipeline."""
    doc = nlp.make_doc(structure.text)
    doc._.structure = structure
    return nlp(doc)


class Syllables:
    """Text in; one token for each syllable, number and mark out: what stands between any two of them is a span.

    The tokenizer that spaCy has for Vietnamese, without pyvi, parts at spaces alone: to it 'tế,' is one token.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        pairs = _TOKEN.findall(text)
        return Doc(self.vocab, words=[word for word, _ in pairs], spaces=[bool(space) for _, space in pairs])


@registry.tokenizers("vanban.syllables.v1")  # type: ignore[untyped-decorator]
def syllables() -> Callable[[Language], Syllables]:
    return lambda nlp: Syllables(nlp.vocab)


@Language.factory("vanban_agencies", assigns=["doc.spans"])
def agencies(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    finder = AgencyFinder(nlp, gazetteer())

    def component(doc: Doc) -> Doc:
        return _carry(doc, "agencies", "agency", finder.find(doc, _structure(doc).text, _issued(doc)))

    return component


@Language.component("vanban_deadlines", assigns=["doc.spans"])
def deadlines(doc: Doc) -> Doc:
    issued = _issued(doc)
    found = (limit for p in _structure(doc).provisions for limit in find_deadlines(p.text, p.span[0], issued))
    return _carry(doc, "deadlines", "deadline", found)


@Language.component("vanban_targets", assigns=["doc.spans"])
def targets(doc: Doc) -> Doc:
    return _carry(doc, "targets", "target", find_targets(_structure(doc)))


@Language.component("vanban_citations", assigns=["doc.spans"])
def citations(doc: Doc) -> Doc:
    return _carry(doc, "citations", "citation", find_citations(_structure(doc), _mentions(doc)))


@Language.component("vanban_tasks", requires=["doc.spans"], assigns=["doc.spans"])
def tasks(doc: Doc) -> Doc:
    limits = [span._.deadline for span in doc.spans.get("deadlines", ()) if span._.deadline]
    structure, mentions, issued = _structure(doc), _mentions(doc), _issued(doc)
    places = {provision.id: provision.span for provision in structure.provisions}
    prose = find_tasks(structure, mentions, sorted(limits, key=lambda limit: limit.span))
    rows = (task for table in structure.tables for task in find_table_tasks(table, mentions, issued))
    found = sorted((*prose, *rows), key=lambda task: places[task.node_id])
    return _carry(doc, "tasks", "task", found, lambda task: places[task.node_id])


def _carry(
    doc: Doc,
    group: str,
    attribute: str,
    found: Iterable[Any],
    place: Callable[[Any], tuple[int, int]] = lambda value: value.span,
) -> Doc:
    """A span for each value found, after those that the group has already."""
    spans = []
    for value in found:
        name = value.agency_id or "" if isinstance(value, AgencyMention) else ""
        span = doc.char_span(*place(value), label=attribute.upper(), alignment_mode="expand", span_id=name)
        if span is not None:
            span._.set(attribute, value)
            spans.append(span)
    doc.spans[group] = [*doc.spans.get(group, ()), *spans]
    return doc


def _mentions(doc: Doc) -> Sequence[AgencyMention]:
    """The agencies in reading order; of two that overlap the one that is known, of two such the longer."""
    spans = doc.spans.get("agencies", ())
    known = filter_spans(span for span in spans if span.id_)
    taken = {token.i for span in known for token in span}
    others = filter_spans(span for span in spans if not span.id_ and taken.isdisjoint(range(span.start, span.end)))
    return [_mention(span) for span in sorted((*known, *others), key=lambda span: span.start)]


def _mention(span: DocSpan) -> AgencyMention:
    """What spaCy keeps with a span is that of all spans from the same place: it may be of another's agency."""
    told: AgencyMention | None = span._.agency
    if told and (told.agency_id or "") == span.id_:
        return told
    return AgencyMention(span.text, span.id_ or None, span.text, 100.0, (span.start_char, span.end_char))


def _structure(doc: Doc) -> Structure:
    """That of the document; of mere text, a paragraph a line."""
    if doc._.structure is None:
        lines = [match for match in re.finditer(r"[^\n]+", doc.text) if match.group().strip()]
        paragraphs = (
            Provision(f"doan-{number}", None, "doan", None, None, line.group(), line.span(), (line.span(),), 1, 1.0)
            for number, line in enumerate(lines, start=1)
        )
        doc._.structure = Structure(doc.text, (), Metadata(), tuple(paragraphs), (), ())
    structure: Structure = doc._.structure
    return structure


def _issued(doc: Doc) -> date | None:
    day = _structure(doc).metadata.issued_date
    return date.fromisoformat(day.value) if day else None


Doc.set_extension("structure", default=None, force=True)
for _attribute in ("agency", "deadline", "target", "citation", "task"):
    DocSpan.set_extension(_attribute, default=None, force=True)
