"""An engine in, what is measured side by side out: the engine, the engine without one of its parts, and its peers.

A system takes the lines of a document and returns what it reads in each. Peers know nothing of how sure they are.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec

import numpy as np

from ..ingest import ingest_text
from ..restore import Engine, Settings, restore
from ..restore.language import LanguageModel
from .score import OUTER, ReadLine

System = Callable[[Sequence[str]], list[ReadLine]]


def as_read(lines: Sequence[str]) -> list[ReadLine]:
    """Doing nothing."""
    return [ReadLine(line) for line in lines]


@dataclass(frozen=True)
class Vanban:
    """The engine of this project."""

    engine: Engine

    def __call__(self, lines: Sequence[str]) -> list[ReadLine]:
        source = ingest_text("lines.txt", "\n".join(lines).encode())
        read = [
            ReadLine(line.text, tuple(s.confidence for s in line.syllables for _ in s.text.split()))
            for line in restore(source, self.engine).lines
        ]
        return read + [ReadLine("", ())] * (len(lines) - len(read))


def ablations(engine: Engine) -> Iterator[tuple[str, System]]:
    """The engine without one of its parts at a time."""
    for name, settings in (
        ("without adaptation", Settings(adaptation=False)),
        ("without joins and splits", Settings(joins=False)),
        ("without context model", Settings(context=False)),
    ):
        yield name, Vanban(replace(engine, settings=settings))
    for order in (3, 2):
        yield f"{order}-grams only", Vanban(replace(engine, language=shortened(engine.language, order)))


def shortened(language: LanguageModel, order: int) -> LanguageModel:
    """The model without its n-grams above `order`: no state remembers more than `order` - 1 atoms.

    Each order of an interpolated model (Chen and Goodman, 1999) is a distribution of its own, so nothing is rescaled.
    """
    suffix = np.array(language.automaton.suffix)
    depth = np.zeros(len(suffix), np.int64)
    state = np.arange(len(suffix))
    while state.any():
        depth += state > 0
        state = suffix[state].astype(np.int64)
    target = np.array(language.automaton.target)
    while (far := depth[target] >= order).any():
        target[far] = suffix[target[far]]
    target.flags.writeable = False
    return replace(language, automaton=language.automaton._replace(target=target), start=int(target[0]))


def peers(engine: Engine) -> Iterator[tuple[str, System]]:
    """Those that are installed."""
    if find_spec("pyvi"):
        yield "pyvi.add_accents", add_accents
    if find_spec("symspellpy"):
        yield "symspellpy", SpellChecker(engine.language)


def add_accents(lines: Sequence[str]) -> list[ReadLine]:
    """pyvi.ViUtils.add_accents on the text stripped of marks, which is what it is made for."""
    from pyvi import ViUtils

    def read(line: str) -> ReadLine:
        try:
            return ReadLine(ViUtils.add_accents(without_marks(line)) if line.strip() else line)
        except Exception as error:
            return ReadLine(line, crash=f"{type(error).__name__}: {error}")

    return [read(line) for line in lines]


def without_marks(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in bare if not unicodedata.combining(c))


class SpellChecker:
    """symspellpy, edit distance 2, over the words of the language model with their frequencies; each token on its own,
    marks around it kept; numbers and what it knows no word for stay."""

    def __init__(self, language: LanguageModel) -> None:
        from symspellpy import SymSpell, Verbosity

        self._checker, self._top = SymSpell(max_dictionary_edit_distance=2), Verbosity.TOP
        for atom, chance in zip(language.vocabulary, language.unigrams, strict=True):
            if atom.isalpha():
                self._checker.create_dictionary_entry(atom.lower(), round(1e9 * float(np.exp(chance))) + 1)

    def __call__(self, lines: Sequence[str]) -> list[ReadLine]:
        return [ReadLine(" ".join(self._word(word) for word in line.split())) for line in lines]

    def _word(self, word: str) -> str:
        core = word.strip(OUTER)
        if not any(c.isalpha() for c in core):
            return word
        found = self._checker.lookup(core, self._top, include_unknown=True, transfer_casing=True)
        return word.replace(core, found[0].term, 1)
