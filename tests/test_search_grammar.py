"""The grammar of queries: what is understood, what is refused and where, and that nothing typed costs much or breaks it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from discovery.grammar import parse
from discovery.query import (
    LONGEST_QUERY,
    MOST_TERMS,
    Either,
    Every,
    From,
    Has,
    HasPart,
    Is,
    IsKind,
    MinLikes,
    Node,
    Not,
    Phrase,
    Problem,
    Prompt,
    SearchProblemCode,
    Since,
    Span,
    Tag,
    Until,
    Word,
    leaves,
    plain_words,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NAMES = ("from", "to", "has", "is", "since", "until", "min_likes", "lang", "model", "prompt")
CODES = SearchProblemCode


def tree(text: str) -> Every:
    """What is understood."""
    found = parse(text, NOW)
    assert isinstance(found, Every), found
    return found


def bare(node: Node) -> object:
    """A tree without places."""
    if isinstance(node, Not):
        return ("not", bare(node.part))
    if isinstance(node, Every | Either):
        return (type(node).__name__, *(bare(part) for part in node.parts))
    values = [getattr(node, name) for name in node.__slots__ if name != "span"]
    return (type(node).__name__, *values)


def test_words_phrases_tags_and_operators_are_told_apart() -> None:
    found = tree(
        'fox "on the roof" -dog from:@Ada has:pictures #Night_Sky min_likes:3 since:7d prompt:"red fur" is:generated neon*'
    )
    assert [bare(part) for part in found.parts] == [
        ("Word", "fox", False),
        ("Phrase", "on the roof"),
        ("not", ("Word", "dog", False)),
        ("From", "ada"),
        ("HasPart", Has.IMAGE),
        ("Tag", "night_sky"),
        ("MinLikes", 3),
        ("Since", NOW - timedelta(days=7)),
        ("Prompt", "red fur", True),
        ("IsKind", Is.AI),
        ("Word", "neon", True),
    ]
    assert plain_words(found) == "fox on the roof night_sky neon"


def test_alternatives_bind_less_than_standing_together() -> None:
    assert bare(tree("a OR b c")) == (
        "Every",
        ("Either", ("Every", ("Word", "a", False)), ("Every", ("Word", "b", False), ("Word", "c", False))),
    )
    assert bare(tree("ORANGE or")) == ("Every", ("Word", "ORANGE", False), ("Word", "or", False))
    assert bare(tree("x -(a OR b)").parts[1])[0] == "not"  # type: ignore[index]


@pytest.mark.parametrize(
    "text", ["re:zero", "http://example.org/?a=b", "12:30", ":)", "well ;-) yes", "-", "a - b", "c++", "foo-bar"]
)
def test_what_is_no_operator_is_a_word(text: str) -> None:
    assert all(isinstance(leaf, Word) for leaf in leaves(tree(text)))


def test_quotes_and_colons_of_every_kind() -> None:
    assert bare(tree("“on the roof” from：ada")) == ("Every", ("Phrase", "on the roof"), ("From", "ada"))


@pytest.mark.parametrize(
    ("text", "code", "shown"),
    [
        ('cat "on the', CODES.UNCLOSED_QUOTE, '"on the'),
        ("cat (dog", CODES.UNBALANCED_PARENTHESIS, "("),
        ("cat) dog", CODES.UNBALANCED_PARENTHESIS, ")"),
        ("((((((a))))))", CODES.TOO_DEEP, "("),
        ("cat from:", CODES.MISSING_VALUE, "from:"),
        ('prompt:" "', CODES.MISSING_VALUE, 'prompt:" "'),
        ("cat from:a!b", CODES.UNKNOWN_VALUE, "from:a!b"),
        ("cat has:wings", CODES.UNKNOWN_VALUE, "has:wings"),
        ("is:good cat", CODES.UNKNOWN_VALUE, "is:good"),
        ("lang:klingon", CODES.UNKNOWN_VALUE, "lang:klingon"),
        ("since:yesterday cat", CODES.BAD_DATE, "since:yesterday"),
        ("until:2026-13-01", CODES.BAD_DATE, "until:2026-13-01"),
        ("until:9999-12-31", CODES.BAD_DATE, "until:9999-12-31"),
        ("since:9999y", CODES.BAD_DATE, "since:9999y"),
        ("min_likes:many", CODES.BAD_NUMBER, "min_likes:many"),
        ("min_likes:٣", CODES.BAD_NUMBER, "min_likes:٣"),
        ("cat OR", CODES.NOTHING_TO_FIND, "OR"),
        ("() cat", CODES.NOTHING_TO_FIND, ")"),
        ("cat (dog OR since:1d)", CODES.NOT_AMONG_ALTERNATIVES, "since:1d"),
        ("cat OR prompt:fox", CODES.NOT_AMONG_ALTERNATIVES, "prompt:fox"),
        ("x" * LONGEST_QUERY + "yz", CODES.TOO_LONG, "yz"),
        ("w " * MOST_TERMS + "last", CODES.TOO_MANY_TERMS, "last"),
    ],
)
def test_what_is_wrong_is_shown_where_it_is(text: str, code: SearchProblemCode, shown: str) -> None:
    found = parse(text, NOW)
    assert isinstance(found, Problem)
    assert (found.code, text[found.span.offset : found.span.offset + found.span.length]) == (code, shown)
    assert found.message.endswith((".", "."))


@settings(max_examples=300, deadline=None)
@given(some.text(max_size=LONGEST_QUERY + 5) | some.text(alphabet='ab "():-#*OR ', max_size=60))
def test_whatever_is_typed_is_read_and_points_into_itself(text: str) -> None:
    found = parse(text, NOW)
    spans = [found.span] if isinstance(found, Problem) else [leaf.span for leaf in leaves(found)]
    for span in spans:
        assert span.offset >= 0
        assert span.length >= 0
        assert span.offset + span.length <= len(text)


WORDS = some.text(alphabet="abcdefgéßж猫", min_size=1, max_size=8)
LEAVES = st = some.one_of(
    WORDS.map(lambda word: (word, Word(Span(0, 0), word))),
    WORDS.map(lambda word: (f'"{word} x"', Phrase(Span(0, 0), f"{word} x"))),
    WORDS.map(lambda word: (f"#t{word}", Tag(Span(0, 0), f"t{word}".casefold()))),
    some.sampled_from(Has).map(lambda has: (f"has:{has.value}", HasPart(Span(0, 0), has))),
    some.sampled_from(Is).map(lambda kind: (f"is:{kind.value}", IsKind(Span(0, 0), kind))),
    some.integers(0, 10**8).map(lambda number: (f"min_likes:{number}", MinLikes(Span(0, 0), number))),
    some.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1)).map(  # hypothesis wants naive bounds
        lambda at: (f"since:{at.date()}", Since(Span(0, 0), datetime(at.year, at.month, at.day, tzinfo=UTC)))
    ),
    WORDS.map(lambda word: (f"prompt:{word}", Prompt(Span(0, 0), word))),
    some.from_regex(r"[a-z0-9_]{1,30}", fullmatch=True).map(lambda name: (f"from:@{name}", From(Span(0, 0), name))),
)


@settings(max_examples=150, deadline=None)
@given(some.lists(some.tuples(LEAVES, some.booleans()), min_size=1, max_size=8))
def test_what_is_written_is_what_is_read(parts: list[tuple[tuple[str, Node], bool]]) -> None:
    text = " ".join(f"-{typed}" if negated else typed for (typed, _), negated in parts)
    wanted = [("not", bare(node)) if negated else bare(node) for (_, node), negated in parts]
    found = tree(text)
    assert [bare(part) for part in found.parts] == wanted
    for part, ((typed, _), negated) in zip(found.parts, parts, strict=True):
        assert text[part.span.offset :].startswith(f"-{typed}" if negated else typed)


@pytest.mark.usefixtures("no_garbage")
def test_nothing_typed_takes_long() -> None:
    hard = [
        '"' * LONGEST_QUERY,
        "(" * LONGEST_QUERY,
        "-" * LONGEST_QUERY,
        "from:" * 80,
        "a " * 200,
        ":" * 400,
        '-"' * 200,
        "#" * 400,
        "OR " * 130,
    ]
    began = time.process_time()
    for text in hard * 3:
        parse(text[:LONGEST_QUERY], NOW)
    assert time.process_time() - began < 3, "milliseconds each: nothing here grows faster than the text"


def test_since_left_out_is_until() -> None:
    assert bare(tree("-since:2026-01-01 until:2026-02-01"))[1:] == (  # type: ignore[index]
        ("not", ("Since", datetime(2026, 1, 1, tzinfo=UTC))),
        ("Until", datetime(2026, 2, 1, tzinfo=UTC)),
    )
    assert isinstance(tree("until:1d").parts[0], Until)
