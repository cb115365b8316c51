"""What automod rules look at, and nothing else: what everybody can see of a post or an account. Posts for fewer than everybody,
and those of private accounts, are looked at by no rule."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from asyncpg import Record

from models.automod_definition import AutomodTarget
from models.database import fetch
from models.facet import FacetKind, hashtags_stored
from models.subject import ReportSubjectKind, Subject


class AutomodDecision(Enum):
    """What moderators had decided about something by themselves."""

    UPHELD = "UPHELD"
    DISMISSED = "DISMISSED"


@dataclass(frozen=True, slots=True)
class Facts:
    """One thing as rules see it. `at` is when it was written; the age of its account is that of then."""

    subject: Subject
    person_id: int
    at: datetime
    texts: Sequence[str]
    account_days: float
    on_team: bool
    hashtags: frozenset[str] = frozenset()
    links: int = 0
    mentions: int = 0
    is_sensitive: bool = False
    answers_follower: bool = False
    decision: AutomodDecision | None = None

    @property
    def target(self) -> AutomodTarget:
        """For which rules it is."""
        return AutomodTarget.POST if self.subject.kind is ReportSubjectKind.POST else AutomodTarget.ACCOUNT

    @property
    def hash(self) -> bytes:
        """By which it is known that the same is said. A veil, which a rule's own label may bring, is nothing that is said."""
        said = [*self.texts, "", *sorted(self.hashtags), f"{self.links} {self.mentions}"]
        return hashlib.blake2b("\x00".join(said).encode(errors="surrogatepass"), digest_size=16).digest()


# None about the team: whom a case is about has no part in it, and could ask here how it ended.
_DECISION = """(SELECT CASE WHEN u.role <> 'MEMBER' THEN NULL WHEN bool_or(a.kind IN ('WARN', 'LABEL', 'LIMIT', 'HIDE', 'REMOVE', 'SUSPEND')) THEN 'UPHELD'
        WHEN bool_or(a.kind = 'DISMISS') THEN 'DISMISSED' END
    FROM moderation_actions a WHERE a.subject_kind = '{kind}' AND a.subject_id = {id} AND a.moderator_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM moderation_actions r WHERE r.about_id = a.id AND r.kind = 'REVERSE'))"""
_OPEN = "p.visibility IN ('PUBLIC', 'UNLISTED')"
# What moderators took down was for everybody before, or no rule has a say about it.
_TAKEN = """(p.moderated IS NOT NULL AND EXISTS (SELECT 1 FROM moderation_actions a JOIN moderation_undo n ON n.action_id = a.id
    WHERE a.subject_kind = 'POST' AND a.subject_id = p.id AND n.undo->>'visibility' IN ('PUBLIC', 'UNLISTED')))"""
_POSTS = """SELECT p.id, p.author_id AS person_id, p.created_at AS at, p.text, p.content_warning, p.facets, u.joined_at, u.role,
    ARRAY(SELECT pi.alt_text FROM post_images pi WHERE pi.post_id = p.id ORDER BY pi.position) AS alts,
    coalesce((SELECT o.options FROM polls o WHERE o.post_id = p.id), '{{}}') AS options,
    EXISTS (SELECT 1 FROM post_images pi JOIN images i ON i.id = pi.image_id WHERE pi.post_id = p.id
        AND (i.sensitive OR p.is_sensitive)) AS is_sensitive,
    EXISTS (SELECT 1 FROM follows f WHERE f.followee_id = p.author_id AND f.follower_id = p.reply_to_author_id) AS answers_follower,
    {decision} AS decision
    FROM posts p JOIN users u ON u.id = p.author_id
    WHERE p.id = ANY($1::bigint[]) AND p.deleted_at IS NULL AND NOT u.gone AND NOT u.is_private AND {seen} ORDER BY p.id DESC"""
_ACCOUNTS = """SELECT u.id, u.joined_at AS at, u.joined_at, u.role, u.handle, u.display_name, u.bio, u.location, u.website, u.pronouns,
    {decision} AS decision FROM users u WHERE u.id = ANY($1::bigint[]) AND {seen} ORDER BY u.id DESC"""
_DAY = 86_400


async def posts(ids: Sequence[int], *, past: bool = False) -> list[Facts]:
    """Those of these posts that everybody can see, newest first; `past`: with what moderators decided, and what they took down."""
    decision, seen = "NULL", _OPEN
    if past:
        decision, seen = _DECISION.format(kind="POST", id="p.id"), f"({_OPEN} OR {_TAKEN})"
    return [_post(row) for row in await fetch(_POSTS.format(decision=decision, seen=seen), list(ids))]


def _post(row: Record) -> Facts:
    kinds = [one["kind"] for one in row["facets"]]
    return Facts(
        Subject(ReportSubjectKind.POST, row["id"]),
        row["person_id"],
        row["at"],
        [text for text in (row["text"], row["content_warning"], *row["alts"], *row["options"]) if text],
        (row["at"] - row["joined_at"]).total_seconds() / _DAY,
        row["role"] != "MEMBER",
        frozenset(hashtags_stored(row["facets"])),
        kinds.count(FacetKind.LINK.value),
        kinds.count(FacetKind.MENTION.value),
        row["is_sensitive"],
        row["answers_follower"],
        None if row["decision"] is None else AutomodDecision(row["decision"]),
    )


async def accounts(ids: Sequence[int], now: datetime, *, past: bool = False) -> list[Facts]:
    """Those of these accounts that are there, newest first; `past`: with what moderators decided, and those they suspended."""
    decision, seen = "NULL", "NOT u.gone"
    if past:
        decision = _DECISION.format(kind="USER", id="u.id")
        seen = f"(NOT u.gone OR (u.deactivated_at IS NULL AND {decision} IS NOT NULL))"
    rows = await fetch(_ACCOUNTS.format(decision=decision, seen=seen), list(ids))
    return [_account(row, row["at"] if past else now) for row in rows]


def _account(row: Record, at: datetime) -> Facts:
    shown = (row["handle"], row["display_name"], row["bio"], row["location"], row["website"], row["pronouns"])
    return Facts(
        Subject(ReportSubjectKind.USER, row["id"]),
        row["id"],
        row["at"],
        [text for text in shown if text],
        (at - row["joined_at"]).total_seconds() / _DAY,
        row["role"] != "MEMBER",
        decision=None if row["decision"] is None else AutomodDecision(row["decision"]),
    )
