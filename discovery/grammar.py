"""The grammar of queries: a text becomes a tree (`query.py`), or the one thing that is wrong with it and where.

Terminals are linear regular expressions and the text is bounded, so reading one costs less than a millisecond, whatever it
says. What is no operator is a word: addresses, times and faces do not end a search.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import regex
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from discovery.query import (
    ALONE,
    DEEPEST,
    LONGEST_QUERY,
    MOST_TERMS,
    Either,
    Every,
    From,
    Has,
    HasPart,
    Is,
    IsKind,
    Language,
    MinLikes,
    Model,
    Node,
    Not,
    Phrase,
    Problem,
    Prompt,
    SearchProblemCode,
    Since,
    Span,
    Tag,
    To,
    Until,
    Word,
    leaves,
)
from models.facet import folded, hashtag_in
from models.language import LANGUAGES

Value = TypeVar("Value")

GRAMMAR = r"""
start: either
either: every (_OR every)*
every: unary+
unary: MINUS? atom
atom: FIELD | QUOTED | TAG | WORD | OPEN either CLOSE
FIELD.4: /(?:from|to|has|is|since|until|min_likes|lang|model|prompt):(?:"[^"]*"|[^\s()"]*)/i
_OR.3: /OR(?=[\s(]|$)/
MINUS.3: /-(?=[^\s)-])/
TAG.2: /[#＃][^\s()"]+/
QUOTED.2: /"[^"]*"/
WORD.1: /[^\s()"]+/
OPEN: "("
CLOSE: ")"
%ignore /\s+/
"""
_PARSER = Lark(GRAMMAR, parser="lalr", lexer="basic", maybe_placeholders=True, propagate_positions=True)
_CURLY = str.maketrans("“”„«»‟＂（）：", '"""""""():')
_FACE = regex.compile(r"(?<!\S)[:;=8]['-]?[()](?=\s|$)")  # nobody means parentheses by these
_UNKNOWN_HANDLE = regex.compile(r"[^a-z0-9_]")
_DAYS = regex.compile(r"([0-9]{1,4})([hdwmy])")
_LENGTHS = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "m": timedelta(days=30),
    "y": timedelta(days=365),
}
_NUMBER = regex.compile(r"[0-9]{1,9}")
_HAS = {
    **{each.value: each for each in Has},
    "images": Has.IMAGE,
    "picture": Has.IMAGE,
    "pictures": Has.IMAGE,
    "media": Has.IMAGE,
    "links": Has.LINK,
    "cw": Has.WARNING,
    "tag": Has.HASHTAG,
}
_IS = {**{each.value: each for each in Is}, "following": Is.FOLLOWED, "generated": Is.AI}
FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC)
LAST_DAY = datetime(2200, 1, 1, tzinfo=UTC)


class _Wrong(Exception):
    def __init__(self, code: SearchProblemCode, message: str, span: Span) -> None:
        super().__init__(message)
        self.problem = Problem(code, message, span)


def parse(text: str, now: datetime | None = None) -> Every | Problem:
    """The tree of a query (its parts must all hold; none for an empty text), or what is wrong with it."""
    if len(text) > LONGEST_QUERY:
        message = f"A search has at most {LONGEST_QUERY} characters."
        return Problem(SearchProblemCode.TOO_LONG, message, Span(LONGEST_QUERY, len(text) - LONGEST_QUERY))
    typed = _FACE.sub(lambda found: " " * len(found[0]), text.translate(_CURLY).replace("\0", " "))
    if not typed.strip():
        return Every(Span(0, 0), ())
    try:
        _check_depth(typed)
        tree = _PARSER.parse(typed)
        found = _Reader(now or datetime.now(UTC)).either(tree.children[0])
        every = found if isinstance(found, Every) else Every(_span(tree), (found,))
        _check(every)
    except _Wrong as wrong:
        return wrong.problem
    except UnexpectedInput as unexpected:
        return _unexpected(typed, unexpected)
    return every


def _check_depth(typed: str) -> None:
    depth, quoted, opened = 0, False, []
    for place, sign in enumerate(typed):
        if sign == '"':
            quoted = not quoted
        elif not quoted and sign == "(":
            depth += 1
            opened.append(place)
            if depth > DEEPEST:
                message = f"Parentheses stand in each other at most {DEEPEST} deep."
                raise _Wrong(SearchProblemCode.TOO_DEEP, message, Span(place, 1))
        elif not quoted and sign == ")":
            depth -= 1
            if depth < 0:
                message = "This parenthesis closes nothing."
                raise _Wrong(SearchProblemCode.UNBALANCED_PARENTHESIS, message, Span(place, 1))
            opened.pop()
    if opened and not quoted:
        message = "This parenthesis is never closed."
        raise _Wrong(SearchProblemCode.UNBALANCED_PARENTHESIS, message, Span(opened[-1], 1))


def _unexpected(typed: str, unexpected: UnexpectedInput) -> Problem:
    place = min(max(unexpected.pos_in_stream or 0, 0), max(len(typed) - 1, 0))
    if isinstance(unexpected, UnexpectedCharacters) and typed[place] == '"':
        return Problem(SearchProblemCode.UNCLOSED_QUOTE, "This quote is never closed.", Span(place, len(typed) - place))
    if isinstance(unexpected, UnexpectedToken) and not isinstance(unexpected.token, str):
        place = len(typed) - 1
    length = 1
    if isinstance(unexpected, UnexpectedToken) and unexpected.token.type != "$END":
        length = max(len(unexpected.token), 1)
    elif isinstance(unexpected, UnexpectedEOF | UnexpectedToken):
        bare = typed.rstrip()
        start = max(bare.rfind(" "), bare.rfind("(")) + 1
        place, length = start, max(len(bare) - start, 1)
    return Problem(SearchProblemCode.NOTHING_TO_FIND, "Something to look for is missing here.", Span(place, length))


def _check(tree: Every) -> None:
    found = list(leaves(tree))
    if len(found) > MOST_TERMS:
        extra = found[MOST_TERMS].span
        message = f"A search has at most {MOST_TERMS} words and operators."
        raise _Wrong(SearchProblemCode.TOO_MANY_TERMS, message, extra)
    for part in tree.parts:
        inner = part.part if isinstance(part, Not) else part
        if isinstance(inner, Every | Either):
            _check_inside(inner)


def _check_inside(node: Node) -> None:
    for leaf in leaves(node):
        if isinstance(leaf, ALONE) or (isinstance(leaf, IsKind) and leaf.kind is Is.FOLLOWED):
            message = "This operator stands by itself, not in parentheses or beside OR."
            raise _Wrong(SearchProblemCode.NOT_AMONG_ALTERNATIVES, message, leaf.span)


def _span(part: Tree[Token] | Token) -> Span:
    if isinstance(part, Token):
        return Span(part.start_pos or 0, len(part))
    return Span(part.meta.start_pos, part.meta.end_pos - part.meta.start_pos)


def _one_of(span: Span, value: str, known: Mapping[str, Value]) -> Value:
    found = known.get(value.lower())
    if found is None:
        raise _Wrong(
            SearchProblemCode.UNKNOWN_VALUE, f"This is not known; say one of {', '.join(sorted(known))}.", span
        )
    return found


class _Reader:
    """Makes nodes of what the parser found."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.fields: dict[str, Callable[[Span, str, bool], Node]] = {
            "from": lambda span, value, _: From(span, self.handle(span, value)),
            "to": lambda span, value, _: To(span, self.handle(span, value)),
            "has": lambda span, value, _: HasPart(span, _one_of(span, value, _HAS)),
            "is": lambda span, value, _: IsKind(span, _one_of(span, value, _IS)),
            "lang": lambda span, value, _: Language(span, self.code(span, value)),
            "model": lambda span, value, _: Model(span, value.lower()),
            "prompt": lambda span, value, quoted: Prompt(span, value, quoted),
            "since": lambda span, value, _: Since(span, self.moment(span, value)),
            "until": lambda span, value, _: Until(span, self.moment(span, value)),
            "min_likes": lambda span, value, _: MinLikes(span, self.number(span, value)),
        }

    def either(self, tree: Tree[Token] | Token) -> Node:
        assert isinstance(tree, Tree)
        parts = tuple(self.every(child) for child in tree.children if isinstance(child, Tree))
        return parts[0] if len(parts) == 1 else Either(_span(tree), parts)

    def every(self, tree: Tree[Token]) -> Node:
        parts = tuple(self.unary(child) for child in tree.children if isinstance(child, Tree))
        return parts[0] if len(parts) == 1 and isinstance(parts[0], Every) else Every(_span(tree), parts)

    def unary(self, tree: Tree[Token]) -> Node:
        atom = tree.children[-1]
        assert isinstance(atom, Tree)
        inner = next(child for child in atom.children if isinstance(child, Tree) or child.type not in ("OPEN", "CLOSE"))
        found = self.either(inner) if isinstance(inner, Tree) else self.leaf(inner)
        return found if tree.children[0] is None or len(tree.children) == 1 else Not(_span(tree), found)

    def leaf(self, token: Token) -> Node:
        span, typed = _span(token), str(token)
        if token.type == "QUOTED":
            return Phrase(span, self.said(span, typed[1:-1]))
        if token.type == "TAG":
            name = hashtag_in(typed)
            return Word(span, typed[1:]) if name is None else Tag(span, folded(name))
        if token.type == "FIELD":
            name, _, value = typed.partition(":")
            quoted = value.startswith('"')
            return self.fields[name.lower()](span, self.said(span, value.strip('"')), quoted)
        begins = len(typed) > 1 and typed.endswith("*")
        return Word(span, typed.rstrip("*") if begins else typed, begins)

    def said(self, span: Span, value: str) -> str:
        if not value.strip():
            raise _Wrong(SearchProblemCode.MISSING_VALUE, "Something to look for is missing here.", span)
        return value.strip()

    def handle(self, span: Span, value: str) -> str:
        bare = value.removeprefix("@").lower()
        if not bare or _UNKNOWN_HANDLE.search(bare):
            raise _Wrong(SearchProblemCode.UNKNOWN_VALUE, "This cannot be anybody's handle.", span)
        return bare

    def code(self, span: Span, value: str) -> str:
        bare = value.lower().partition("-")[0]
        if bare not in LANGUAGES:
            message = f"This language is not known; say one of {', '.join(LANGUAGES)}."
            raise _Wrong(SearchProblemCode.UNKNOWN_VALUE, message, span)
        return bare

    def moment(self, span: Span, value: str) -> datetime:
        ago = _DAYS.fullmatch(value.lower())
        try:
            at = self.now - int(ago[1]) * _LENGTHS[ago[2]] if ago else datetime.fromisoformat(value)
        except (ValueError, OverflowError):
            at = None
        if at is not None and at.tzinfo is None:
            at = at.replace(tzinfo=UTC)
        if at is None or not FIRST_DAY <= at < LAST_DAY:
            message = "This is no day; write one as 2026-05-31, or how long ago as 7d (h, d, w, m, y)."
            raise _Wrong(SearchProblemCode.BAD_DATE, message, span)
        return at

    def number(self, span: Span, value: str) -> int:
        if not _NUMBER.fullmatch(value):
            raise _Wrong(SearchProblemCode.BAD_NUMBER, "This is no number.", span)
        return int(value)
