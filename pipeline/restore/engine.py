"""The folder of trained models in, an engine out: language model, lexicon and the channels of OCR engines."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .channel import Channel, new_own
from .channel_file import load_channel
from .context import ContextModel, load_context
from .interrupts import held_interrupts
from .language import LanguageModel, load_language
from .lessons import Kind, Lesson, lessons_text, new_words, teach
from .lexicon import WORD, Lexicon, build_lexicon, kind_of
from .scoring import Alphabet
from .search import CAPITALS, INSIDE, MAY_START, NEUTRAL, SMALL, STARTS, TITLE
from .tokens import FULL_START, HALF_START, NUMBER_CLASSES, UNKNOWN

DUST = " '‘’`\\~_*|^°·<>"
DIRT = DUST + '.,:;"“”!-–—•'
"""Marks that dust, edges of stamps and pen strokes are read as: beside a word, inside a word."""

CHANNELS: dict[Kind, tuple[str, ...]] = {
    "plain": ("channel.eng.npz", "channel.eng-best.npz"),
    "marked": ("channel.vie.npz",),
}
"""Of the OCR engines that know no Vietnamese letters, and of those that do."""


@dataclass(frozen=True)
class Settings:
    """What a reading may use, to measure what each is worth. adaptation: the channel learned anew from the document;
    joins: tokens joined and split; context: the context model."""

    adaptation: bool = True
    joins: bool = True
    context: bool = True


class Members(NamedTuple):
    """Surfaces by lexeme. first: (lexemes + 1) where a lexeme's start in surface."""

    first: NDArray[np.int64]
    surface: NDArray[np.int64]


@dataclass(frozen=True)
class Reader:
    """What restores readings of one kind: the channels of the OCR engines that read so, which have the same characters,
    and the lexicon and alphabet in these."""

    channels: tuple[Channel, ...]
    language: LanguageModel
    lexicon: Lexicon
    alphabet: Alphabet
    context: ContextModel
    settings: Settings = Settings()
    lessons: tuple[Lesson, ...] = ()

    @cached_property
    def taught(self) -> tuple[Channel, ...]:
        """The channels, knowing what reviewers of the archive said."""
        return tuple(map(self._taught, self.channels)) if self.lessons else self.channels

    def _taught(self, channel: Channel) -> Channel:
        own = new_own(channel.counts.shape, len(self.lessons) + 1)
        teach(channel, own, self.lessons)
        return channel.with_own(own)

    @cached_property
    def wordlike(self) -> NDArray[np.bool_]:
        """(surfaces) whether each is a word or letter, not a mark."""
        return np.array([text[0].isalnum() for text in self.lexicon.texts])

    @cached_property
    def lexemes(self) -> NDArray[np.int64]:
        """(vocabulary) what the context model knows each atom as."""
        return self.context.lexeme_ids(self.language.vocabulary)

    @cached_property
    def surfaces_of_lexeme(self) -> Members:
        """Words by lexeme, but for the unknown."""
        lexeme = self.lexemes[self.lexicon.surfaces.atom]
        words = np.nonzero(self.wordlike & (lexeme != self.context.ids[UNKNOWN]))[0]
        words = words[np.argsort(lexeme[words], kind="stable")]
        counts = np.bincount(lexeme[words], minlength=len(self.context.lexemes))
        return Members(np.concatenate([[0], np.cumsum(counts)]), words)

    @cached_property
    def classes(self) -> dict[str, int]:
        """Vocabulary ids of number classes and of the unknown."""
        return {atom: i for i, atom in enumerate(self.language.vocabulary) if atom.startswith("<")}

    @cached_property
    def forms(self) -> NDArray[np.int8]:
        """(surfaces) form of each, see search: single letters and abbreviations are NEUTRAL, as marks are."""
        surfaces = self.lexicon.surfaces
        plain = np.array([text[0].isalpha() and len(text) > 1 and not text.isupper() for text in self.lexicon.texts])
        title = np.array([text[0].isupper() for text in self.lexicon.texts])
        word = np.where(plain, np.where(title, TITLE, SMALL), NEUTRAL)
        return np.where(surfaces.capital, CAPITALS, word).astype(np.int8)

    @cached_property
    def opens(self) -> NDArray[np.int8]:
        """(surfaces) whether a sentence may start after each, see search."""
        marks = dict.fromkeys(HALF_START, MAY_START) | dict.fromkeys(FULL_START, STARTS)
        return np.array([marks.get(text, INSIDE) for text in self.lexicon.texts], dtype=np.int8)

    @cached_property
    def surface_of(self) -> NDArray[np.int32]:
        """(vocabulary, 3) surface of each atom as it is, in capitals, and as a sentence start, -1 where none."""
        atoms, capital = self.lexicon.surfaces.atom, self.lexicon.surfaces.capital
        vocabulary = self.language.vocabulary
        own = np.array([text == vocabulary[atom] for text, atom in zip(self.lexicon.texts, atoms, strict=True)])
        table = np.full((len(vocabulary), 3), -1, dtype=np.int32)
        at_start = self.lexicon.surfaces.at_start
        started = ~capital & np.array(
            [vocabulary[i] != text for i, text in zip(at_start, self.lexicon.texts, strict=True)]
        )
        table[at_start[started], 2] = np.nonzero(started)[0]
        for form, chosen in enumerate((own, capital)):
            table[atoms[chosen], form] = np.nonzero(chosen)[0]
        return table

    @cached_property
    def by_text(self) -> dict[str, int]:
        """Surfaces by what they print; of a word in capitals the one that is always so."""
        return {text: i for i, text in reversed(list(enumerate(self.lexicon.texts)))}

    @cached_property
    def marks(self) -> dict[str, int]:
        """Surfaces of single marks."""
        return {text: i for i, text in enumerate(self.lexicon.texts) if len(text) == 1 and kind_of(text) != WORD}

    def missing_space(self, channel: Channel) -> float:
        """Log-share of printed spaces that an OCR engine does not see."""
        return float(np.log(channel.missing_space)) if self.settings.joins else -np.inf


@dataclass(frozen=True)
class Engine:
    """plain: for readings without Vietnamese letters; marked: for those of an OCR engine that knows them."""

    folder: Path
    language: LanguageModel
    version: str
    settings: Settings = Settings()
    lessons: tuple[Lesson, ...] = ()
    """What reviewers of the archive said is printed for what was read."""

    @cached_property
    def plain(self) -> Reader:
        return self._reader("plain")

    @cached_property
    def marked(self) -> Reader:
        return self._reader("marked")

    def _reader(self, kind: Kind) -> Reader:
        lessons = tuple(lesson for lesson in self.lessons if lesson.kind == kind)
        return _reader([self.folder / name for name in CHANNELS[kind]], self.language, self.settings, lessons)

    def having_learned(self, lessons: Sequence[Lesson]) -> "Engine":
        """This engine with other lessons, none of which were learned by the models themselves."""
        version = self.version.partition("+")[0]
        if lessons:
            version += f"+{hashlib.sha256(lessons_text(lessons).encode()).hexdigest()[:8]}"
        return replace(self, version=version, lessons=tuple(lessons))


def load_engine(folder: Path) -> Engine:
    """Open the models of a folder. Errors: OSError where one is missing, ValueError where one is damaged."""
    digest = hashlib.sha256()
    for path in (*sorted(folder.glob("*.np[yz]")), folder / "small.txt", folder / "vocabulary.txt"):
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for name in (*CHANNELS["plain"], *CHANNELS["marked"], "context.npz"):
        (folder / name).stat()
    return Engine(folder, load_language(folder), digest.hexdigest()[:12])


@held_interrupts()
def _reader(paths: Sequence[Path], language: LanguageModel, settings: Settings, lessons: tuple[Lesson, ...]) -> Reader:
    channels = tuple(map(load_channel, paths))
    if len({(channel.printed, channel.read) for channel in channels}) > 1:
        raise ValueError(f"{', '.join(path.name for path in paths)} do not belong together")
    words = new_words(lessons, language.vocabulary)
    lexicon = build_lexicon(language.vocabulary, language.unigrams, language.small, channels[0].printed_ids, words)
    alphabet = alphabet_of(channels[0], language.vocabulary)
    context = load_context(paths[0].parent / "context.npz")
    return Reader(channels, language, lexicon, alphabet, context, settings, lessons)


def alphabet_of(channel: Channel, vocabulary: Sequence[str]) -> Alphabet:
    printed, read = channel.printed, channel.read
    return Alphabet(
        kind=np.array([WORD, WORD, *map(kind_of, printed)], dtype=np.int8),
        digits=np.array([channel.printed_ids[c] for c in "0123456789.,"]),
        read_digits=np.array([channel.read_ids[c] for c in "0123456789.,"]),
        numbers=np.array([vocabulary.index(name) for name, _ in NUMBER_CLASSES]),
        unknown=vocabulary.index(UNKNOWN),
        wordlike=_which(read, str.isalnum),
        letter=_which(read, str.isalpha),
        capital=_which(read, str.isupper),
        dirt=np.array([False, False, *(c in DIRT for c in read)]),
        dust=np.array([False, False, *(c in DUST for c in read)]),
        space=channel.read_ids[" "],
    )


def _which(characters: str, test: Callable[[str], bool]) -> NDArray[np.bool_]:
    """By read character; one never seen counts as a letter."""
    return np.array([False, test("x"), *map(test, characters)])
