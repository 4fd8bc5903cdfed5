"""The shared data in, the list of pages to read out: gazette pages as they are, and pages we set from other text."""

from pathlib import Path

import numpy as np

from . import corpus
from .read import Job, pdf_jobs

RENDERED_FROM = ("congbao", "vlc", "vnlegal")
PER_DOCUMENT = 3
PARAGRAPHS = 15
NEWS_SHARE = 0.05
RENDERED = {"eng": 900, "eng-best": 900, "vie": 150, "vie-best": 150}
"""Pages set from text, by OCR engine; those for `vie` are others than those for `eng`."""
GAZETTE_SHARE = {"eng": 1.0, "eng-best": 1.0, "vie": 0.25, "vie-best": 0.25}
ORDER_SEED = 5


def jobs(shared: Path) -> list[Job]:
    """All pages that the channels are trained on."""
    gazette = [
        job
        for language, share in GAZETTE_SHARE.items()
        for job in pdf_jobs(shared / "pdf" / "train", language, "train", share)
    ]
    texts = excerpts(shared)
    rendered = [
        Job(f"render-{language}-{i:04}", language, paragraphs=paragraphs)
        for language, count in RENDERED.items()
        for i, paragraphs in enumerate(texts[-count:] if language.startswith("vie") else texts[:count])
    ]
    return gazette + rendered


def excerpts(shared: Path) -> list[tuple[str, ...]]:
    """Runs of paragraphs, each long enough for a page, in random order."""
    rng = np.random.default_rng(ORDER_SEED)
    found: list[tuple[str, ...]] = []
    for name in RENDERED_FROM:
        for document in corpus.documents(shared / "corpus", name):
            paragraphs = _fit(document)
            if len(paragraphs) > PARAGRAPHS + 5:
                starts = rng.integers(0, len(paragraphs) - PARAGRAPHS, PER_DOCUMENT)
                found.extend(paragraphs[start : start + PARAGRAPHS] for start in starts)
    for document in corpus.documents(shared / "corpus", "news"):
        paragraphs = _fit(document)
        if len(paragraphs) > PARAGRAPHS and rng.random() < NEWS_SHARE:
            found.append(paragraphs[:PARAGRAPHS])
    order = rng.permutation(len(found))
    return [found[i] for i in order]


def _fit(document: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(paragraph for paragraph in document if 60 < len(paragraph) < 900)
