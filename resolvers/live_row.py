"""The rows of live events: what a subscription yields, one class per GraphQL type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from models.card import HashtagRow, PostRow, UserRow
from models.feed_rules import FeedSignal
from models.job import JobRow


class ResetReason(Enum):
    """Why a stream has to be taken up anew."""

    TOO_OLD = "TOO_OLD"
    UNKNOWN_CURSOR = "UNKNOWN_CURSOR"
    TOO_SLOW = "TOO_SLOW"
    RULES_CHANGED = "RULES_CHANGED"


class ReasonKind(Enum):
    """Why a post was picked."""

    FOLLOWED = "FOLLOWED"
    FRIENDS = "FRIENDS"
    HASHTAG = "HASHTAG"
    TASTE = "TASTE"
    MEANING = "MEANING"
    TRENDING = "TRENDING"
    NEWCOMER = "NEWCOMER"
    FRESH = "FRESH"
    EVERYONE = "EVERYONE"
    PEOPLE = "PEOPLE"
    LIST = "LIST"
    BOARD = "BOARD"
    SEARCH = "SEARCH"
    REMIXES = "REMIXES"


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """Why a post was picked, and the hashtag or the person (who reposted it) where there is one; in a custom feed by which of its
    sources, from 0, and what counted most."""

    kind: ReasonKind
    hashtag: HashtagRow | None = None
    user: UserRow | None = None
    source_index: int | None = None
    signals: Sequence[FeedSignal] = ()


@dataclass(slots=True)
class EdgeRow:
    """A place in a timeline: the post, who brought it there, and why it was picked where it was."""

    cursor: str
    node: PostRow
    reposted_by: UserRow | None = None
    reason: ReasonRow | None = None


@dataclass(frozen=True, slots=True)
class PostPublishedRow:
    """A post entered the timeline."""

    cursor: str
    edge: EdgeRow


@dataclass(frozen=True, slots=True)
class PostRemovedRow:
    """A post left the timeline."""

    cursor: str
    post_id: str


@dataclass(frozen=True, slots=True)
class AuthorRemovedRow:
    """Everything of a person left the timeline."""

    cursor: str
    user_id: str


@dataclass(frozen=True, slots=True)
class PostChangedRow:
    """A post on screen has new values."""

    cursor: str
    post: PostRow


@dataclass(frozen=True, slots=True)
class PostProgressedRow:
    """A signal of a post whose pictures are being made."""

    cursor: str
    post_id: str
    fraction: float | None
    preview_url: str | None
    output_index: int | None


@dataclass(frozen=True, slots=True)
class JobChangedRow:
    """A job has new values."""

    cursor: str
    job: JobRow


@dataclass(frozen=True, slots=True)
class JobProgressedRow:
    """A signal of a running job, or of the place of one that waits."""

    cursor: str
    fraction: float | None
    phase: str | None
    preview_url: str | None
    output_index: int | None
    queue_position: int | None = None
    people_ahead: int | None = None


@dataclass(frozen=True, slots=True)
class ResetRow:
    """Fetch anew; the stream goes on from this cursor."""

    cursor: str
    reason: ResetReason


@dataclass(frozen=True, slots=True)
class HeartbeatRow:
    """Nothing happened up to this cursor."""

    cursor: str
