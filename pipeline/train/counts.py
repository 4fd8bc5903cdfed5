"""Paragraphs in, streams of atom ids out: vocabulary, capital runs and number classes settled before counting."""

from collections import Counter
from collections.abc import Iterable, Sequence
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..restore.tokens import BOUNDARY, CLASS_NAMES, UNKNOWN, atoms, number_class
from . import corpus

Stream = NDArray[np.uint16]

LEGAL_WEIGHT = 8
"""How many general occurrences one occurrence in a legal text is worth when the vocabulary is chosen."""
VOCABULARY = 40_000
LEAST_WEIGHT = 16
PLACES = "places"


def encode_source(shared: Path, name: str, cache: Path) -> tuple[Path, Path]:
    """Atoms of one corpus file, or of the place names: local ids (`NAME.ids.npy`, paragraph ends are -1) and the forms
    that they stand for (`NAME.forms.txt`)."""
    ids_path, forms_path = cache / f"{name}.ids.npy", cache / f"{name}.forms.txt"
    if not ids_path.exists():
        if name == PLACES:
            paragraphs = corpus.places(shared / "places")
        else:
            paragraphs = (p for document in corpus.documents(shared / "corpus", name) for p in document)
        encode(paragraphs, ids_path, forms_path)
    return ids_path, forms_path


def encode(paragraphs: Iterable[str], ids_path: Path, forms_path: Path) -> None:
    forms: dict[str, int] = {}
    chunks: list[NDArray[np.int32]] = []
    ids: list[int] = []
    for paragraph in paragraphs:
        ids.extend(forms.setdefault(atom, len(forms)) for atom in lower_capital_runs(atoms(paragraph)))
        ids.append(-1)
        if len(ids) > 1_000_000:
            chunks.append(np.array(ids, dtype=np.int32))
            ids = []
    chunks.append(np.array(ids, dtype=np.int32))
    forms_path.write_text("\n".join(forms), encoding="utf-8")
    np.save(ids_path, np.concatenate(chunks))


def lower_capital_runs(row: Sequence[str]) -> list[str]:
    """Write runs of capitals ('BỘ CÔNG AN') in lower case: case is the search's affair there, not the model's."""
    capital = [len(atom) > 1 and atom.isalpha() and atom.isupper() for atom in row]
    out = []
    for i, atom in enumerate(row):
        beside = (i > 0 and capital[i - 1]) or (i + 1 < len(row) and capital[i + 1])
        accented = not atom.isascii()
        in_run = (capital[i] and (beside or accented)) or (len(atom) == 1 and atom.isupper() and accented and beside)
        out.append(atom.lower() if in_run else atom)
    return out


def encode_all(shared: Path, cache: Path) -> dict[str, tuple[Path, Path]]:
    """All corpus files and the place names, two at a time; files encoded before are kept."""
    cache.mkdir(parents=True, exist_ok=True)
    names = (*corpus.GENERAL, PLACES, *corpus.LEGAL)
    with Pool(2) as pool:
        tasks = [pool.apply_async(encode_source, (shared, name, cache)) for name in names]
        return {name: task.get() for name, task in zip(names, tasks, strict=True)}


def read_forms(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\n")


def choose_vocabulary(files: dict[str, tuple[Path, Path]]) -> list[str]:
    """Boundary, unknown, number classes, then atoms by weighted frequency."""
    weights: Counter[str] = Counter()
    for name, (ids_path, forms_path) in files.items():
        ids = np.load(ids_path)
        counts = np.bincount(ids[ids >= 0])
        weight = LEGAL_WEIGHT if name in corpus.LEGAL else 1
        for form, count in zip(read_forms(forms_path), counts, strict=True):
            weights[number_class(form) or form] += weight * int(count)
    special = [BOUNDARY, UNKNOWN]
    chosen = [form for form, weight in weights.most_common(VOCABULARY) if weight >= LEAST_WEIGHT and _sane(form)]
    return special + chosen


def _sane(form: str) -> bool:
    """Number classes, single marks, words of letters: what a broken tokenisation glued together is unknown."""
    return form in CLASS_NAMES or (len(form) == 1 and form.isprintable()) or (len(form) <= 14 and form.isalpha())


def to_stream(ids_path: Path, forms_path: Path, vocabulary: Sequence[str]) -> Stream:
    """Local ids to vocabulary ids; paragraph ends become BOUNDARY (0), one at the stream's start too."""
    index = {form: i for i, form in enumerate(vocabulary)}
    unknown = index[UNKNOWN]
    table = np.array(
        [index.get(number_class(form) or form, unknown) for form in read_forms(forms_path)] + [0], dtype=np.uint16
    )
    return np.concatenate([[np.uint16(0)], table[np.load(ids_path)]])
