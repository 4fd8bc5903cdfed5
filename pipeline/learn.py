"""Documents with what reviewers said of them in; lessons for the engine, and whether they help, out.

Whether they help is tried on what they were not learned from: reviewed places are dealt into folds, by document where
there are several; each fold is restored with the lessons of the others. They must get more of its places right, and
leave alone what was sure and what is clean.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.document import Source, Span, Syllable
from pipeline.export import schema
from pipeline.ingest import ingest_text
from pipeline.restore import Engine, restore
from pipeline.restore.lessons import Kind, Lesson, counted, lessons_of
from pipeline.restore.restoration import kind_of_text

MOST_FOLDS = 5
LEAST_PLACES = 20
"""Reviewed places with fewer of which nothing can be told."""
SURE = 0.97


class Place(NamedTuple):
    """A token that a reviewer looked at, and what is printed there."""

    span: Span
    printed: str
    fold: int


@dataclass(frozen=True)
class Reviewed:
    """A document that somebody looked at."""

    source: Source
    kind: Kind
    places: tuple[Place, ...]
    restored: str


@dataclass(frozen=True, slots=True)
class Trial:
    """places: those tried; before, after: of them right without and with lessons; sure: syllables without a review that
    were sure, and how many of them changed; clean: tokens of the reviewed text, and how many of them would be changed,
    without and with lessons."""

    places: int
    before: int
    after: int
    sure: tuple[int, int]
    clean: tuple[int, int, int]

    @property
    def helped(self) -> bool:
        """Whether more got right than was touched elsewhere, and clean text stays as clean."""
        return self.after - self.before > self.sure[1] and self.clean[2] <= self.clean[1]


def reviewed(documents: Sequence[schema.Document]) -> list[Reviewed]:
    """Those of the documents that have places to learn from: whole tokens, one syllable each."""
    found = [(document, list(_places(document))) for document in documents]
    found = [(document, places) for document, places in found if places]
    made = list[Reviewed]()
    for number, (document, places) in enumerate(found):
        source = ingest_text("reviewed.txt", document.text.raw.encode())
        kind = kind_of_text([word.text for line in source.lines for word in line.words])
        if source.raw != document.text.raw or kind == "other":
            continue
        folds = [number if len(found) > 1 else index for index in range(len(places))]
        count = min(MOST_FOLDS, len(found)) if len(found) > 1 else 2
        dealt = (Place(span, text, fold % count) for fold, (span, text) in zip(folds, places, strict=True))
        made.append(Reviewed(source, kind, tuple(dealt), document.text.restored))
    return made


def lessons(documents: Sequence[Reviewed], but: int | None = None) -> tuple[Lesson, ...]:
    """What all places teach, those of one fold left out."""
    units = Counter[tuple[Kind, str, str]]()
    for document in documents:
        pairs = [
            (place.printed, document.source.raw[slice(*place.span)]) for place in document.places if place.fold != but
        ]
        units.update(lessons_of(document.kind, pairs))
    return counted(units)


def trial(documents: Sequence[Reviewed], engine: Engine) -> Trial:
    """Try lessons on what they were not learned from."""
    engine = engine.having_learned(())
    plain = [_read(document.source, engine) for document in documents]
    before = after = sure = changed = 0
    for fold in sorted({place.fold for document in documents for place in document.places}):
        taught = engine.having_learned(lessons(documents, but=fold))
        for document, old in zip(documents, plain, strict=True):
            own = [place for place in document.places if place.fold == fold]
            if not own:
                continue
            new = _read(document.source, taught)
            before += sum(_text(old, place.span) == place.printed for place in own)
            after += sum(_text(new, place.span) == place.printed for place in own)
            looked_at = {place.span for place in document.places}
            kept = [span for span, syllable in old.items() if syllable.confidence >= SURE and span not in looked_at]
            sure += len(kept)
            changed += sum(old[span].text != _text(new, span) for span in kept)
    whole = engine.having_learned(lessons(documents))
    clean = [_changes(document.restored, whichever) for document in documents for whichever in (engine, whole)]
    tokens = sum(len(document.restored.split()) for document in documents)
    places = sum(len(document.places) for document in documents)
    return Trial(places, before, after, (sure, changed), (tokens, sum(clean[::2]), sum(clean[1::2])))


_Read = dict[Span, Syllable]
"""What was read, by its place in the raw text."""


def _read(source: Source, engine: Engine) -> _Read:
    syllables = (syllable for line in restore(source, engine).lines for syllable in line.syllables)
    return {(syllable.raw_start, syllable.raw_end): syllable for syllable in syllables}


def _text(read: _Read, span: Span) -> str:
    """What is printed at a place; of what was joined or parted there, all that meets it."""
    if span in read:
        return read[span].text
    return " ".join(syllable.text for (start, end), syllable in read.items() if start < span[1] and end > span[0])


def _changes(text: str, engine: Engine) -> int:
    """How many tokens of a clean text would change."""
    source = ingest_text("clean.txt", text.encode())
    lines = restore(source, engine).lines
    return sum(s.text != source.raw[s.raw_start : s.raw_end] for line in lines for s in line.syllables)


def _places(document: schema.Document) -> Iterator[tuple[Span, str]]:
    raw = document.text.raw
    for correction in document.corrections:
        start, end = correction.raw_span
        alone = not raw[start - 1 : start].strip() if start else True
        alone = alone and not raw[end : end + 1].strip()
        single = not any(map(str.isspace, correction.raw + correction.restored))
        if correction.source == "reviewer" and correction.restored and alone and single:
            yield (start, end), correction.restored
