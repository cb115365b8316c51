"""What somebody looks for, as a tree: words, phrases, tags, mentions and operators, joined by and, or and not.

Each part knows where it stands in the text that was typed (characters from its start), so that whatever is wrong can be shown
where it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

LONGEST_QUERY = 400  # characters
MOST_TERMS = 24
DEEPEST = 5  # parentheses in parentheses


class Has(Enum):
    """What a post may have."""

    IMAGE = "image"
    ALT = "alt"
    LINK = "link"
    POLL = "poll"
    WARNING = "warning"
    HASHTAG = "hashtag"
    MENTION = "mention"


class Is(Enum):
    """What a post may be. `FOLLOWED` is of its author."""

    REPLY = "reply"
    THREAD = "thread"
    QUOTE = "quote"
    REMIX = "remix"
    AI = "ai"
    EDITED = "edited"
    SENSITIVE = "sensitive"
    FOLLOWED = "followed"


@dataclass(frozen=True, slots=True)
class Span:
    """Where a part stands: `length` characters from `offset`."""

    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word in any form it takes; with `begins` whatever begins so."""

    span: Span
    text: str
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A hashtag, without the #."""

    span: Span
    name: str


@dataclass(frozen=True, slots=True)
class From:
    """Whose a post is; `me` is whoever asks."""

    span: Span
    handle: str


@dataclass(frozen=True, slots=True)
class To:
    """Whom a post answers or names."""

    span: Span
    handle: str


@dataclass(frozen=True, slots=True)
class HasPart:
    """That a post has something."""

    span: Span
    part: Has


@dataclass(frozen=True, slots=True)
class IsKind:
    """That a post is something."""

    span: Span
    kind: Is


@dataclass(frozen=True, slots=True)
class Language:
    """What a post is written in, by its code."""

    span: Span
    code: str


@dataclass(frozen=True, slots=True)
class Model:
    """Which engine or model made one of its pictures; the beginning of its name is enough."""

    span: Span
    name: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the prompt of one of its pictures says, for those whom its author lets know."""

    span: Span
    text: str
    phrase: bool = False


@dataclass(frozen=True, slots=True)
class Since:
    """Written then or later."""

    span: Span
    at: datetime


@dataclass(frozen=True, slots=True)
class Until:
    """Written before that."""

    span: Span
    at: datetime


@dataclass(frozen=True, slots=True)
class MinLikes:
    """At least so many likes."""

    span: Span
    number: int


@dataclass(frozen=True, slots=True)
class Not:
    """What is not to be found."""

    span: Span
    part: Node


@dataclass(frozen=True, slots=True)
class Every:
    """All of them."""

    span: Span
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of them."""

    span: Span
    parts: tuple[Node, ...]


Said = Word | Phrase | Tag
Leaf = Said | From | To | HasPart | IsKind | Language | Model | Prompt | Since | Until | MinLikes
Node = Leaf | Not | Every | Either

ALONE = (Since, Until, MinLikes, Prompt)
"""Operators that stand by themselves: not among alternatives."""


def leaves(node: Node) -> Iterator[Leaf]:
    """Every leaf, from left to right."""
    if isinstance(node, Not):
        yield from leaves(node.part)
    elif isinstance(node, Every | Either):
        for part in node.parts:
            yield from leaves(part)
    else:
        yield node


def plain_words(node: Node) -> str:
    """The words that are looked for as such, in order: what people and hashtags are looked for by, and what is meant."""
    return " ".join(_plain(node))


def _plain(node: Node) -> Iterator[str]:
    if isinstance(node, Word | Phrase):
        yield node.text
    elif isinstance(node, Tag):
        yield node.name
    elif isinstance(node, Every | Either):
        for part in node.parts:
            yield from _plain(part)


class SearchProblemCode(Enum):
    """What is wrong with a query."""

    TOO_LONG = "TOO_LONG"
    TOO_MANY_TERMS = "TOO_MANY_TERMS"
    TOO_DEEP = "TOO_DEEP"
    UNCLOSED_QUOTE = "UNCLOSED_QUOTE"
    UNBALANCED_PARENTHESIS = "UNBALANCED_PARENTHESIS"
    MISSING_VALUE = "MISSING_VALUE"
    UNKNOWN_VALUE = "UNKNOWN_VALUE"
    BAD_DATE = "BAD_DATE"
    BAD_NUMBER = "BAD_NUMBER"
    NOTHING_TO_FIND = "NOTHING_TO_FIND"
    NOT_AMONG_ALTERNATIVES = "NOT_AMONG_ALTERNATIVES"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a query cannot be asked, and where; `message` is a full sentence."""

    code: SearchProblemCode
    message: str
    span: Span
