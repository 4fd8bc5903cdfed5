import numpy as np

from pipeline.restore.lexicon import CLOSE, EITHER, OPEN, SEPARATOR, WORD, Lexicon, build_lexicon, kind_of

VOCABULARY = ("<s>", "<unk>", "<d1>", "bộ", "Bộ", "sở", "y", "ngày", "UBND", "z12", ",", "(", "/")
PRINTED = {c: i for i, c in enumerate("bộBỘsởSỞyYnNgGàÀUUBNDABCDEF,(/", start=2)}


def lexicon() -> Lexicon:
    unigrams = np.log(np.arange(1, len(VOCABULARY) + 1) / 100)
    return build_lexicon(VOCABULARY, unigrams, {"sở", "bộ"}, PRINTED)


def found(lexicon: Lexicon, text: str) -> set[int]:
    """Surfaces that end where `text` leads in the trie."""
    trie, node = lexicon.trie, 0
    for c in text:
        arcs = range(int(trie.first[node]), int(trie.first[node + 1]))
        (node,) = (int(trie.child[arc]) for arc in arcs if trie.letter[arc] == PRINTED[c])
    return {int(trie.own[node]), int(trie.capital[node])} - {-1}


def test_every_surface_is_found_in_the_trie() -> None:
    built = lexicon()
    assert len(set(built.texts)) == len(built.texts)
    for surface, text in enumerate(built.texts):
        assert surface in found(built, text)


def test_a_word_is_printed_small_with_a_capital_and_in_capitals() -> None:
    built = lexicon()
    atom = {text: VOCABULARY[i] for text, i in zip(built.texts, built.surfaces.atom, strict=True)}
    capital = dict(zip(built.texts, built.surfaces.capital.tolist(), strict=True))
    assert {text: atom[text] for text in ("sở", "Sở", "SỞ")} == dict.fromkeys(("sở", "Sở", "SỞ"), "sở")
    assert atom["Bộ"] == "Bộ"
    assert atom["BỘ"] == "bộ"
    assert capital["SỞ"]
    assert not capital["Sở"]
    assert not capital["UBND"]


def test_a_capital_at_a_sentence_start_says_nothing_of_the_word() -> None:
    built = lexicon()
    at_start = {text: VOCABULARY[i] for text, i in zip(built.texts, built.surfaces.at_start, strict=True)}
    assert {text: at_start[text] for text in ("bộ", "Bộ", "Sở", "UBND")} == {
        "bộ": "bộ",
        "Bộ": "bộ",
        "Sở": "sở",
        "UBND": "UBND",
    }


def test_classes_and_letters_the_channel_does_not_know_have_no_surface() -> None:
    texts = set(lexicon().texts)
    assert not texts & {"<s>", "<unk>", "<d1>", "z12"}


def test_the_way_down_the_trie_knows_the_best_word_below() -> None:
    built = lexicon()
    trie, prior = built.trie, built.surfaces.prior
    assert trie.ahead[0] == prior.max()
    for surface, text in enumerate(built.texts):
        node = 0
        for c in text:
            assert trie.ahead[node] >= prior[surface]
            arcs = range(int(trie.first[node]), int(trie.first[node + 1]))
            (node,) = (int(trie.child[arc]) for arc in arcs if trie.letter[arc] == PRINTED[c])


def test_kinds_of_units() -> None:
    assert [kind_of(text) for text in ("sở", "(", ",", "/", '"')] == [WORD, OPEN, CLOSE, SEPARATOR, EITHER]
