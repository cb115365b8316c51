"""Rich text: byte ranges that slice the text whatever script it is in, and cleaning that is done after once."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.facet import LINK_GRAPHEMES, MOST_FACETS, FacetKind, breaks, clean, find, folded, measure

PIECES = st.sampled_from(
    [
        "@ada",
        "@ADA_99",
        "#",
        "＃",
        "#été",
        "#日本語",
        "#a_b",
        "#123",
        "#１２３",
        "#नमस्ते",
        "https://example.org/a(b)",
        "http://localhost:80/x",
        "https://ä.example/ö?q=#f",
        "👩\u200d👩\u200d👧\u200d👦",
        "🇫🇷",
        "👍🏽",
        "é",
        "é",
        "中文",
        "العربية",
        "שלום",
        "\u202eabc\u202c",
        "\u200d",
        "\u200c",
        "\ufeff",
        "\x00",
        "\r\n",
        "\n",
        ",",
        ".",
        "(",
        ")",
        "'",
        '"',
        "@@",
        "##",
        "a@b.c",
        "ada@ada",
        "\ue000",
        "\U000f0000",
        "ﬁ",
        "ｱ",
        "𝒜",
        "https://",
        "https://x",
        ".,;",
        "\u2066",
        "\u2069",
        "\u202b",
        "\u202c",
        "\u2028",
        "\u3164",
        "\u0301",
        "\u20e3",
        "\ufe0f",
        "\u0600",
        "\U000e0067",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\u1100",
        "\u1161",
        "#️⃣",
        "＠ada",
        "·",
        "・",
    ]
)
texts = st.text(max_size=80) | st.lists(PIECES | st.just(" "), max_size=25).map("".join)
MANY = settings(max_examples=250, deadline=None)


def turns(line: str) -> int:
    """How many turns of direction are open at the end of a line. Fails where one is closed that was not opened."""
    opened: list[str] = []
    for character in line:
        if character in "\u202a\u202b\u2066\u2067\u2068":
            opened.append("\u202c" if character in "\u202a\u202b" else "\u2069")
        elif character in "\u202c\u2069":
            assert opened.pop() == character
    return len(opened)


@MANY
@given(text=texts)
def test_ranges_slice_the_text_and_never_overlap(text: str) -> None:
    kept = clean(text)
    raw = kept.encode()
    end = 0
    cuts = {len(kept[:place].encode()) for place in breaks(kept)}
    for facet in find(kept):
        assert {facet.start, facet.end} <= cuts, "no character as people see them is cut in two"
        assert end <= facet.start < facet.end <= len(raw)
        end = facet.end
        said = raw[facet.start : facet.end].decode()  # fails when a range cuts through a character
        if facet.kind is FacetKind.MENTION:
            assert said[0] in "@＠"
            assert said[1:].lower() == facet.value
        elif facet.kind is FacetKind.HASHTAG:
            assert said[0] in "#＃"
            assert said[1:] == facet.value
            assert not facet.value.isdecimal()
        else:
            assert said == facet.value
            assert said.lower().startswith(("http://", "https://"))
            assert not any(character.isspace() for character in said)


@MANY
@given(text=texts | st.text(st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF), max_size=5))
def test_cleaning_once_is_enough(text: str) -> None:
    kept = clean(text)
    assert clean(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    kept.encode()  # nothing that is no text
    assert "\x00" not in kept
    assert "\r" not in kept
    assert not set(kept) & set("\u202d\u202e\u200b\ufeff\u2028\u2029")
    for line in kept.split("\n"):
        assert turns(line) == 0, "what turns the direction ends with its line"


@MANY
@given(text=texts)
@example(text="\u0600HTTP://0.A")
def test_measuring_is_bounded_by_what_is_there(text: str) -> None:
    kept = clean(text)
    links = [facet for facet in find(kept) if facet.kind is FacetKind.LINK]
    assert 0 <= measure(kept) <= len(kept) + LINK_GRAPHEMES * len(links)
    assert (measure(kept) == 0) is (kept == "")


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("abc", 3),
        ("👩‍👩‍👧‍👦", 1),
        ("🇫🇷🇯🇵", 2),
        ("👍🏽", 1),
        ("e\u0301", 1),
        ("नमस्ते", 3),
        ("中文", 2),
        ("שלום", 4),
        ("https://example.org/" + "x" * 300, 23),
        ("(https://example.org/a_(b)).", 26),
        ("https://nodot", 13),
    ],
)
def test_length_as_people_count(text: str, length: int) -> None:
    assert measure(clean(text)) == length


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@ada, @bob!", ["@ada", "@bob"]),
        ("mail ada@example.org", []),
        ("@ada@example.org", []),
        ("@" + "a" * 31, []),
        ("über@ada", []),
        ("中文@ada中文", ["@ada"]),
        ("中文＠ada，", ["＠ada"]),
        ("สวัสดี@adaครับ", ["@ada"]),
        ("@ada\u20dd @ada\u200d", []),
        (
            "#col·lecció #データ・ベース #ไทย #한국어 #বাংলা #עברית #العربية #ქართული",
            ["#col·lecció", "#データ・ベース", "#ไทย", "#한국어", "#বাংলা", "#עברית", "#العربية", "#ქართული"],
        ),
        ("#️⃣ #\u0301a #_ #é\u200dé", ["#_", "#é\u200dé"]),
        ("，@ada。", ["@ada"]),
        ("👋@ada👋", ["@ada"]),
        ("#été #日本語、#2026 #a1 ##x a#b &#38;", ["#été", "#日本語", "#a1"]),
        ("(see https://example.org/a).", ["https://example.org/a"]),
        ("https://en.example.org/wiki/A_(b)", ["https://en.example.org/wiki/A_(b)"]),
        ("https://example.org/#x @ada", ["https://example.org/#x", "@ada"]),
        ("https://example.org/@ada", ["https://example.org/@ada"]),
        ("javascript://example.org ftp://example.org", []),
        ("HTTPS://Example.ORG/a", ["HTTPS://Example.ORG/a"]),
        ("مرحبا @ada #سلام", ["@ada", "#سلام"]),
    ],
)
def test_what_is_found(text: str, found: list[str]) -> None:
    raw = clean(text).encode()
    assert [raw[facet.start : facet.end].decode() for facet in find(clean(text))] == found


def test_many_are_bounded() -> None:
    assert len(find("@a " * 500)) == MOST_FACETS


def test_a_hashtag_is_the_same_in_any_case_and_width() -> None:
    assert folded("Été") == folded("éTÉ") == folded("e\u0301te\u0301")
    assert folded("ＡＢ") == folded("ab")
    assert folded("straße") == folded("STRASSE")
    assert folded("كتاب\u200cها") == folded("كتابها"), "what is not seen makes no other tag"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\u202ehttps://evil.example/\u202c", "https://evil.example/"),
        ("\u2067a\nb", "\u2067a\u2069\nb"),
        ("a\u2069\u202cb", "ab"),
        ("\u2066a\u202bb\u2069", "\u2066a\u202bb\u202c\u2069"),
        ("\u3164", ""),
        ("\u200d \ufe0f\u2800", ""),
        ("\u200d\u200da\u200d\u200d\u200db", "a\u200db"),
        ("a\u2028b\x85c", "a\nbc"),
        ("a" + "\u0335" * 400 + "b", "a" + "\u0335" * 12 + "b"),
        ("hi\U000e0068\U000e0069", "hi"),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"),
        ("co\u00adop", "coop"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("क्\u200dष", "क्\u200dष"),
    ],
)  # fmt: skip
def test_what_is_not_what_it_seems_is_taken_out(text: str, kept: str) -> None:
    assert clean(text) == kept
    assert clean(kept) == kept
