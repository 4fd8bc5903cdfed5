"""Paragraphs in, streams of atom ids out: vocabulary, capital runs and number classes settled before counting."""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..restore.tokens import BOUNDARY, CLASS_NAMES, FULL_START, HALF_START, UNKNOWN, atoms, number_class
from . import corpus, notations

Stream = NDArray[np.uint16]

LEGAL_WEIGHT = 8
"""How many general occurrences one occurrence in a legal text is worth when the vocabulary is chosen."""
VOCABULARY = 40_000
LEAST_WEIGHT = 16
PLACES, NOTATIONS = "places", "notations"
ROMAN_SYLLABLES = ("VI", "XI")
"""Roman numerals that are syllables where a word in capitals follows ('VI PHẠM')."""


def encode_source(shared: Path, name: str, cache: Path) -> tuple[Path, Path]:
    """Atoms of one corpus file, of the place names or of document numbers: local ids (`NAME.ids.npy`, paragraph ends
    are -1) and the forms that they stand for (`NAME.forms.txt`)."""
    ids_path, forms_path = cache / f"{name}.ids.npy", cache / f"{name}.forms.txt"
    if not ids_path.exists():
        if name == PLACES:
            paragraphs = corpus.places(shared / "places")
        elif name == NOTATIONS:
            paragraphs = notations.examples()
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
        syllable = atom in ROMAN_SYLLABLES and i + 1 < len(row) and capital[i + 1]
        out.append(atom.lower() if in_run and (syllable or not number_class(atom)) else atom)
    return out


def encode_all(shared: Path, cache: Path) -> dict[str, tuple[Path, Path]]:
    """All corpus files, place names and document numbers, two at a time; files encoded before are kept."""
    cache.mkdir(parents=True, exist_ok=True)
    names = (*corpus.GENERAL, PLACES, NOTATIONS, *corpus.LEGAL)
    with Pool(2) as pool:
        tasks = [pool.apply_async(encode_source, (shared, name, cache)) for name in names]
        return {name: task.get() for name, task in zip(names, tasks, strict=True)}


def read_forms(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\n")


def starts(ids: NDArray[np.int32], forms: Sequence[str]) -> NDArray[np.bool_]:
    """Which atoms stand where a sentence may start."""
    opening = np.array([form in FULL_START + HALF_START for form in forms] + [True])
    return np.concatenate([[True], opening[ids[:-1]]])


def small_at_start(files: dict[str, tuple[Path, Path]]) -> frozenset[str]:
    """Words that are small inside of sentences: with a capital at the start of one they count as themselves."""
    inside: Counter[str] = Counter()
    for ids_path, forms_path in files.values():
        ids, forms = np.load(ids_path), read_forms(forms_path)
        counts = np.bincount(ids[(ids >= 0) & ~starts(ids, forms)], minlength=len(forms))
        inside.update(dict(zip(forms, counts.tolist(), strict=True)))
    return frozenset(
        form
        for form, count in inside.items()
        if form.islower() and form.isalpha() and count > inside[form.capitalize()]
    )


def load_ids(ids_path: Path, forms: list[str], small: Container[str]) -> NDArray[np.int32]:
    """Local ids with the capitals of sentence starts taken back; forms that this needs are added to `forms`."""
    ids = np.load(ids_path)
    index = {form: i for i, form in enumerate(forms)}
    table = np.arange(len(forms) + 1, dtype=np.int32)
    table[-1] = -1
    at_start = starts(ids, forms)
    for i, form in enumerate(tuple(forms)):
        small_form = form[:1].lower() + form[1:]
        if form != small_form and small_form in small:
            table[i] = index.setdefault(small_form, len(forms))
            if table[i] == len(forms):
                forms.append(small_form)
    return np.asarray(np.where(at_start, table[ids], ids), dtype=np.int32)


def choose_vocabulary(files: dict[str, tuple[Path, Path]], small: Container[str]) -> list[str]:
    """Boundary, unknown, number classes, then atoms by weighted frequency."""
    weights: Counter[str] = Counter()
    for name, (ids_path, forms_path) in files.items():
        forms = read_forms(forms_path)
        ids = load_ids(ids_path, forms, small)
        counts = np.bincount(ids[ids >= 0], minlength=len(forms))
        weight = LEGAL_WEIGHT if name in corpus.LEGAL else 1
        for form, count in zip(forms, counts, strict=True):
            weights[number_class(form) or form] += weight * int(count)
    special = [BOUNDARY, UNKNOWN]
    chosen = [form for form, weight in weights.most_common(VOCABULARY) if weight >= LEAST_WEIGHT and _sane(form)]
    return special + chosen


def _sane(form: str) -> bool:
    """Number classes, single marks, words of letters: what a broken tokenisation glued together is unknown."""
    return form in CLASS_NAMES or (len(form) == 1 and form.isprintable()) or (len(form) <= 14 and form.isalpha())


def to_stream(ids_path: Path, forms_path: Path, vocabulary: Sequence[str], small: Container[str]) -> Stream:
    """Local ids to vocabulary ids; paragraph ends become BOUNDARY (0), one at the stream's start too."""
    index = {form: i for i, form in enumerate(vocabulary)}
    unknown = index[UNKNOWN]
    forms = read_forms(forms_path)
    ids = load_ids(ids_path, forms, small)
    table = np.array([index.get(number_class(form) or form, unknown) for form in forms] + [0], dtype=np.uint16)
    return np.concatenate([[np.uint16(0)], table[ids]])
