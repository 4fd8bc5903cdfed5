"""The printed forms the search may propose: vocabulary in, a trie over surfaces out.

A surface is a way to print an atom: as the vocabulary has it, in capitals ('BỘ' is the atom 'bộ' printed in capitals),
or with a capital first letter where the vocabulary has only the small one.
"""

import unicodedata
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .tokens import CLOSING, OPENING, ROMAN, SEPARATORS, UNKNOWN

WORD, OPEN, CLOSE, SEPARATOR, EITHER, FIGURE, CODE = range(7)
"""Kinds of units: which may touch without a space between them. FIGURE: a number; CODE: an abbreviation, which a number
may follow ('QH14')."""

NEW_WORD_COST = -6.0
"""Log-chance that an unknown word is a certain one that reviewers taught."""
CAPITALISED_COST = -3.0
"""Log-probability of a capital first letter where the vocabulary never saw one."""


class Trie(NamedTuple):
    """Node 0 is the root. first: (nodes + 1) where a node's arcs start; letter, child: (arcs) sorted by letter;
    own, capital: (nodes) surface that ends there, -1 where none; ahead: (nodes) best unigram below, log."""

    first: NDArray[np.int32]
    letter: NDArray[np.int16]
    child: NDArray[np.int32]
    own: NDArray[np.int32]
    capital: NDArray[np.int32]
    ahead: NDArray[np.float32]


class Surfaces(NamedTuple):
    """atom, at_start: (surfaces) vocabulary id, and where a sentence may start; spelling: log-chance of the surface
    among those of its class; prior: unigram log-probability and cost of the form; kind: see above; capital: printed in
    capitals; first: (surfaces + 1), letters: printed characters of all surfaces."""

    atom: NDArray[np.int32]
    at_start: NDArray[np.int32]
    spelling: NDArray[np.float32]
    prior: NDArray[np.float32]
    kind: NDArray[np.int8]
    capital: NDArray[np.bool_]
    first: NDArray[np.int32]
    letters: NDArray[np.int64]


@dataclass(frozen=True)
class Lexicon:
    texts: tuple[str, ...]
    surfaces: Surfaces
    trie: Trie


def kind_of(text: str) -> int:
    if len(text) > 1:
        return CODE if text.isupper() and unicodedata.is_normalized("NFD", text) else WORD
    if text in OPENING:
        return EITHER if text in CLOSING else OPEN
    return CLOSE if text in CLOSING else SEPARATOR if text in SEPARATORS else WORD


ROMAN_NUMERALS = tuple(
    ten + one for ten in ("", "X", "XX", "XXX") for one in ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
)[1:]
"""1 to 39."""
ROMAN_DECAY = 1.3
"""The numeral of n is as likely as n ** -ROMAN_DECAY says."""
ROMAN_TOTAL = sum(n**-ROMAN_DECAY for n in range(1, len(ROMAN_NUMERALS) + 1))


def forms(vocabulary: Sequence[str]) -> Iterator[tuple[str, int, bool, float]]:
    """(text, atom id, in capitals, cost) of every surface; numbers and mixtures of letters and marks have none."""
    known = set(vocabulary)
    for i, atom in enumerate(vocabulary):
        if atom == ROMAN:
            for n, numeral in enumerate(ROMAN_NUMERALS, start=1):
                yield numeral, i, False, -ROMAN_DECAY * log(n) - log(ROMAN_TOTAL)
        if not (atom.isalpha() or len(atom) == 1):
            continue
        yield atom, i, False, 0.0
        if not (atom.isalpha() and atom.islower()):
            continue
        if len(atom) > 1:
            if atom.capitalize() not in known:
                yield atom.capitalize(), i, False, CAPITALISED_COST
            yield atom.upper(), i, True, 0.0
        elif not atom.isascii() or atom in "aoy":
            yield atom.upper(), i, True, 0.0


def build_lexicon(
    vocabulary: Sequence[str],
    unigrams: NDArray[np.float64],
    small: Container[str],
    printed_ids: dict[str, int],
    words: Sequence[str] = (),
) -> Lexicon:
    """unigrams: (vocabulary) log-probabilities; small: words that a sentence start gives a capital; words: others that
    may be printed, each as unknown to the language model; forms with a character the channel does not know are left
    out."""
    unknown = vocabulary.index(UNKNOWN) if words else -1
    more = ((word, unknown, False, NEW_WORD_COST) for word in words)
    rows = sorted(row for row in (*forms(vocabulary), *more) if all(c in printed_ids for c in row[0]))
    texts = tuple(text for text, *_ in rows)
    atom = np.array([i for _, i, _, _ in rows], dtype=np.int32)
    index = {text: i for i, text in enumerate(vocabulary)}
    at_start = np.array(
        [index.get(word, i) if (word := text[:1].lower() + text[1:]) in small else i for text, i, *_ in rows],
        dtype=np.int32,
    )
    cost = np.array([cost for *_, cost in rows])
    spelling = np.where((atom == index.get(ROMAN, -1)) | (atom == unknown), cost, 0.0)
    priors = unigrams[atom] + cost
    surfaces = Surfaces(
        atom,
        at_start,
        spelling.astype(np.float32),
        np.maximum(priors, unigrams[at_start] + CAPITALISED_COST).astype(np.float32),
        np.array([kind_of(text) for text in texts], dtype=np.int8),
        np.array([capital for _, _, capital, _ in rows]),
        np.cumsum([0, *map(len, texts)], dtype=np.int32),
        np.array([printed_ids[c] for text in texts for c in text], dtype=np.int64),
    )
    return Lexicon(texts, surfaces, _build_trie(surfaces))


def _build_trie(surfaces: Surfaces) -> Trie:
    """Surfaces stand in the order of their texts."""
    parent, letter, end = _grow_trie(surfaces.first, surfaces.letters)
    ends = np.full((2, len(parent)), -1, dtype=np.int32)
    ends[surfaces.capital.astype(np.int64), end] = np.arange(len(end))
    ahead = np.full(len(parent), -np.inf, dtype=np.float32)
    np.maximum.at(ahead, end, surfaces.prior)
    _look_ahead(parent, ahead)
    children = 1 + np.lexsort((letter[1:], parent[1:]))
    return Trie(
        np.cumsum([0, *np.bincount(parent[1:], minlength=len(parent))], dtype=np.int32),
        letter[children].astype(np.int16),
        children.astype(np.int32),
        ends[0],
        ends[1],
        ahead,
    )


@njit(cache=True)
def _grow_trie(
    first: NDArray[np.int32], letters: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(nodes) parent of each and letter that leads to it, (surfaces) node where each ends; a node comes after its
    parent. Of sorted texts each goes on from where it parts with the one before."""
    parent, letter = np.zeros(len(letters) + 1, np.int64), np.zeros(len(letters) + 1, np.int64)
    end, path = np.zeros(len(first) - 1, np.int64), np.zeros(len(letters) + 1, np.int64)
    nodes, last = 1, letters[:0]
    for surface in range(len(first) - 1):
        own = letters[first[surface] : first[surface + 1]]
        depth = 0
        while depth < min(len(own), len(last)) and own[depth] == last[depth]:
            depth += 1
        for k in range(depth, len(own)):
            parent[nodes], letter[nodes], path[k + 1] = path[k], own[k], nodes
            nodes += 1
        end[surface], last = path[len(own)], own
    return parent[:nodes], letter[:nodes], end


@njit(cache=True)
def _look_ahead(parent: NDArray[np.int64], ahead: NDArray[np.float32]) -> None:
    """Raise what lies ahead of a node to the best ahead of its children."""
    for node in range(len(parent) - 1, 0, -1):
        ahead[parent[node]] = max(ahead[parent[node]], ahead[node])
