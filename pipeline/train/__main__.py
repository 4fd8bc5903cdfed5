"""`python -m pipeline.train`: shared data in, all of models/ out. Resumable: what lies in build/ is not done again."""

import argparse
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..checksums import write_checksums
from ..restore.channel_file import save_channel
from ..restore.context import load_context, save_context
from . import automaton, channel, corpus, counts, language, pages, read
from .align import pairs_of

SEED = 7
CHANNELS = {"eng": ("eng",), "eng-best": ("eng-best",), "vie": ("vie", "vie-best")}
"""The OCR engines whose readings each channel learns: those that know Vietnamese are too alike to be told apart."""
ALIKE = ("eng", "eng-best")
"""Channels that have the same characters, as either may be a text's."""
PACKAGES = "tesseract-ocr tesseract-ocr-vie fonts-croscore fonts-freefont-ttf fonts-texgyre"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m pipeline.train", description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder of the training data")
    parser.add_argument("--build", type=Path, default=Path("build"), help="where work in progress is kept")
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--only", choices=("channels", "language", "context"), help="train one of the three")
    parser.add_argument("--minutes", type=float, default=70, help="how long the context model learns")
    parser.add_argument("--resume", action="store_true", help="the context model goes on from the one that is there")
    options = parser.parse_args()
    if not (options.shared / "corpus").is_dir():
        parser.error(f"{options.shared} has no training data: name its folder with --shared")
    wanted = (options.only,) if options.only else ("channels", "language", "context")
    if "channels" in wanted and not shutil.which("tesseract"):
        parser.exit(3, f"Tesseract is missing: sudo apt-get install {PACKAGES}\n")
    options.models.mkdir(parents=True, exist_ok=True)
    try:
        _train(wanted, options)
    except FileNotFoundError as error:  # a font or a model of Tesseract
        parser.exit(3, f"{error}\n")
    write_checksums(options.models)


def _train(wanted: Sequence[str], options: argparse.Namespace) -> None:
    if "channels" in wanted:
        train_channels(options.shared, options.build, options.models)
    if "language" in wanted:
        train_language(options.shared, options.build, options.models)
    if "context" in wanted:
        train_context(options.shared, options.build, options.models, options.minutes, options.resume)


def say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


def train_channels(shared: Path, build: Path, models: Path) -> None:
    folder = build / "readings"
    jobs = pages.jobs(shared)
    say(f"{len(jobs)} pages to read with Tesseract")
    for number, name in enumerate(read.read_pages(jobs, folder, SEED), start=1):
        if number % 50 == 0:
            say(f"{number} pages read, {name} the last")
    pairs = {
        name: list(pairs_of(read.load_readings(folder / f"{job.name}.json" for job in jobs if job.language in engines)))
        for name, engines in CHANNELS.items()
    }
    for name, own in pairs.items():
        say(f"channel {name}: {len(own)} pairs of lines")
        others = [pair for other in ALIKE if name in ALIKE and other != name for pair in pairs[other]]
        save_channel(channel.train(own, others), models / f"channel.{name}.npz")


def train_language(shared: Path, build: Path, models: Path) -> None:
    files = counts.encode_all(shared, build / "streams")
    small = counts.small_at_start(files)
    vocabulary = counts.choose_vocabulary(files, small)
    say(f"vocabulary: {len(vocabulary)} atoms")
    automaton.save(automaton.compile_automaton(language.train(files, vocabulary, small)), vocabulary, small, models)
    say(f"language model written to {models}")


def train_context(shared: Path, build: Path, models: Path, minutes: float, resume: bool) -> None:
    """The language model's vocabulary must be there, and the same as before for a model that is to go on."""
    from . import context  # PyTorch is heavy, and nothing else needs it

    files = counts.encode_all(shared, build / "streams")
    vocabulary = (models / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
    small = frozenset((models / "small.txt").read_text(encoding="utf-8").split("\n"))
    legal, general = (
        np.concatenate([counts.to_stream(*files[name], vocabulary, small) for name in names])
        for names in (corpus.LEGAL, corpus.GENERAL)
    )
    texts = context.texts_of(legal, general, vocabulary, counts.LEGAL_WEIGHT)
    learned = None
    if resume:
        before = load_context(models / "context.npz")
        if before.lexemes != texts.lexemes:
            sys.exit("The context model knows other words than these: train it anew, without --resume.")
        learned = before.weights
    for step, loss, weights in context.train(texts, minutes, learned):
        say(f"context model: step {step}, {loss:.3f} nats")
        save_context(models / "context.npz", texts.lexemes, weights)


if __name__ == "__main__":
    main()
