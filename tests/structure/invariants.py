"""Source and Structure in; AssertionError out where the structure breaks a promise of the contract."""

from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise

from pipeline.document import Source, Structure


def check(source: Source, structure: Structure) -> None:
    """Each raw character in one place, spans true, offsets sound, parents first, ids unique."""
    _check_coverage(source, structure)
    _check_spans(structure)
    _check_offsets(source, structure)
    _check_tree(structure)


def _check_coverage(source: Source, structure: Structure) -> None:
    owners = [0] * len(source.raw)
    spans = [span for provision in structure.provisions for span in provision.raw_spans]
    for start, end in spans + [item.span for item in structure.uncovered]:
        assert 0 <= start < end <= len(source.raw)
        for at in range(start, end):
            owners[at] += 1
    wrong = [at for at, char in enumerate(source.raw) if not char.isspace() and owners[at] != 1]
    assert not wrong, f"{source.raw[wrong[0] : wrong[0] + 30]!r} has {owners[wrong[0]]} owners"


def _check_spans(structure: Structure) -> None:
    end = -1
    for provision in structure.provisions:
        assert structure.text[slice(*provision.span)] == provision.text
        assert provision.span[0] > end
        assert 0.0 <= provision.confidence <= 1.0
        assert list(provision.raw_spans) == sorted(provision.raw_spans)
        end = provision.span[1]
    for field in _fields(structure):
        assert 0 <= field[0] < field[1] <= len(structure.text)


def _fields(structure: Structure) -> Iterator[tuple[int, int]]:
    values = [getattr(structure.metadata, field.name) for field in fields(structure.metadata)]
    for item in structure.attachments:
        values += item.doc_type, item.title, item.issued_with
    for value in values:
        for found in value if isinstance(value, tuple) else (value,):
            if found is not None:
                assert found.raw_spans
                assert 0.0 <= found.confidence <= 1.0
                yield found.span


def _check_offsets(source: Source, structure: Structure) -> None:
    """They rise in the restored text, and in the raw text of a provision that is no row of a table."""
    last = 0
    for entry in structure.offsets:
        assert last <= entry.restored_start < entry.restored_end <= len(structure.text)
        assert 0 <= entry.raw_start <= entry.raw_end <= len(source.raw)
        last = entry.restored_end
    rows = [provision.span for provision in structure.provisions if provision.kind in ("bang", "hang")]
    for before, after in pairwise(structure.offsets):
        if any(start <= before.restored_start < end for start, end in rows):
            continue
        if "\n" not in structure.text[before.restored_end : after.restored_start]:
            assert before.raw_start <= after.raw_start


def _check_tree(structure: Structure) -> None:
    seen: set[str] = set()
    for provision in structure.provisions:
        assert provision.id not in seen
        assert provision.parent_id is None or provision.parent_id in seen
        seen.add(provision.id)
    assert {gap.after_id for gap in structure.gaps} <= seen
