"""Phrases of rules: found like a plain reference finds them, however they are spelled, in time that grows with the text alone."""

from __future__ import annotations

from collections.abc import Sequence
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safety.lexicon import MOST_WORDS, Lexicon, parts_of
from safety.spelling import words

_WORD = st.sampled_from(
    ["a", "b", "ab", "c4sino", "casino", "cà sino", "v i p", "c.a.s.i.n.o", "сasino", "aaa", "1", "…", "\n"]
)
_TEXT = st.lists(_WORD, max_size=14).map(" ".join) | st.text(max_size=60)
_PHRASE = st.lists(
    st.sampled_from(["a", "b", "ab", "casino", "vip", "cas", "aa", "é", "1"]), min_size=1, max_size=4
).map(" ".join)


def plainly(phrase: str, text: str) -> bool:
    """Whether a phrase stands in a text, looked for by itself at every place."""
    said = words(text)

    def goes_on(parts: Sequence[str], at: int) -> bool:
        if not parts:
            return True
        if at >= len(said) or parts[0] not in said[at].readings:
            return False
        letters = said[at : at + len(parts[0])]
        spelled = len(parts[0]) >= 3 and len(letters) == len(parts[0]) and all(len(one.text) == 1 for one in letters)
        return goes_on(parts[1:], at + 1) or (spelled and goes_on(parts[1:], at + len(parts[0])))

    return any(goes_on(parts_of(phrase), at) for at in range(len(said)))


@settings(max_examples=400, deadline=None)
@given(text=_TEXT, phrases=st.lists(_PHRASE, max_size=12))
def test_many_phrases_are_found_as_each_is_by_itself(text: str, phrases: list[str]) -> None:
    assert Lexicon(enumerate(phrases)).found(text) == {at for at, one in enumerate(phrases) if plainly(one, text)}


@pytest.mark.parametrize(
    "text",
    [
        "Ch3ap  WATCHES",
        "c h e a p watches",
        "c.h.e.a.p w a t c h e s",
        "сhеар watches",
        "cheap… watches!",
        "#cheap_watches",
        "chéap wätches",
    ],
)
def test_phrases_are_found_however_they_are_spelled(text: str) -> None:
    assert Lexicon([(7, "Cheap watches")]).found(text) == {7}


@pytest.mark.parametrize("text", ["cheapwatches", "cheap-ish watches", "watches cheap", "cheaper watches", ""])
def test_other_words_are_let_be(text: str) -> None:
    assert Lexicon([(7, "Cheap watches")]).found(text) == set()


def _seconds(lexicon: Lexicon, text: str) -> float:
    lexicon.found(text)
    best = []
    for _ in range(5):
        begun = process_time()
        lexicon.found(text)
        best.append(process_time() - begun)
    return min(best)


def test_reading_costs_as_much_with_ten_thousand_phrases_as_with_two_and_grows_with_the_text_alone() -> None:
    text = "a a a a b " * 300
    few = Lexicon([(0, "a b c"), (1, "b a c")])
    many = Lexicon((at, f"a b c {at} {'a ' * (at % 6)}") for at in range(10_000))
    assert _seconds(many, text) < 4 * _seconds(few, text)
    assert _seconds(many, text * 8) < 20 * _seconds(many, text)


def test_the_worst_that_bounds_allow_is_read_at_once() -> None:
    worst = Lexicon((at, " ".join("a" if at >> bit & 1 else "aa" for bit in range(MOST_WORDS))) for at in range(4_096))
    assert _seconds(worst, "aaa " * 750) < 1.5, "each word has two readings, and each way through them is a phrase"
