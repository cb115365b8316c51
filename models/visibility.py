"""Who may see what, and what belongs in a home: one table of rules, rendered two ways.

A `Fact` is one yes-or-no question about a post and a viewer, written once as SQL and once as Python. Rules are made of facts
with `&`, `|` and `~`. `Rule.sql(...)` gives a condition for any statement; `Rule.holds(...)` answers over sets kept in
memory (per live event). A property test holds the two together on random graphs.

A signed-out viewer has the id 0, which nobody has.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from models.ids import NO_IDS

SIGNED_OUT = 0


class Visibility(Enum):
    """Who a post is for. Blocks cut through all of them."""

    PUBLIC = "PUBLIC"
    UNLISTED = "UNLISTED"
    FOLLOWERS = "FOLLOWERS"
    MENTIONED = "MENTIONED"


class PostFacts(NamedTuple):
    """What the rules need to know of a post. `reply_to_author_id` is None unless it is a reply."""

    id: int
    author_id: int
    visibility: Visibility
    mentioned_ids: frozenset[int] = frozenset()
    deleted: bool = False
    reply_to_author_id: int | None = None
    reply_to_deleted: bool = False


@dataclass(slots=True)
class Relations:
    """One viewer's sets: whom they follow, block and mute, and who blocks them."""

    viewer_id: int
    follows: Set[int] = NO_IDS
    blocks: Set[int] = NO_IDS
    blocked_by: Set[int] = NO_IDS
    mutes: Set[int] = NO_IDS


Question = Callable[[PostFacts, Relations], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition over a post and a viewer. `template` names the post's alias `{p}` and the viewer's id `{v}`."""

    template: str
    question: Question

    def __and__(self, other: Rule) -> Rule:
        left, right = self.question, other.question  # at hand, since a rule is asked for each viewer of each event
        return Rule(
            f"({self.template} AND {other.template})", lambda post, viewer: left(post, viewer) and right(post, viewer)
        )

    def __or__(self, other: Rule) -> Rule:
        left, right = self.question, other.question
        return Rule(
            f"({self.template} OR {other.template})", lambda post, viewer: left(post, viewer) or right(post, viewer)
        )

    def __invert__(self) -> Rule:
        question = self.question
        return Rule(f"(NOT {self.template})", lambda post, viewer: not question(post, viewer))

    def sql(self, post: str = "p", viewer: str = "$1") -> str:
        """The condition for the post row under alias `post`; `viewer` is an SQL expression, never a client's text."""
        return self.template.replace("{p}", post).replace("{v}", viewer)

    def holds(self, post: PostFacts, viewer: Relations) -> bool:
        """The same condition over sets."""
        return self.question(post, viewer)


def _edge(table: str, of: str, to: str, left: str, right: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} e WHERE e.{of} = {left} AND e.{to} = {right})"


deleted = Rule("({p}.deleted_at IS NOT NULL)", lambda post, viewer: post.deleted)
own = Rule("({p}.author_id = {v})", lambda post, viewer: post.author_id == viewer.viewer_id)
mentioned = Rule("({v} = ANY({p}.mentioned_ids))", lambda post, viewer: viewer.viewer_id in post.mentioned_ids)
listed = Rule("({p}.visibility = 'PUBLIC')", lambda post, viewer: post.visibility is Visibility.PUBLIC)
for_everyone = Rule(
    "({p}.visibility IN ('PUBLIC', 'UNLISTED'))",
    lambda post, viewer: post.visibility in (Visibility.PUBLIC, Visibility.UNLISTED),
)
for_followers = Rule("({p}.visibility = 'FOLLOWERS')", lambda post, viewer: post.visibility is Visibility.FOLLOWERS)
follows_author = Rule(
    _edge("follows", "follower_id", "followee_id", "{v}", "{p}.author_id"),
    lambda post, viewer: post.author_id in viewer.follows,
)
blocks_author = Rule(
    _edge("blocks", "blocker_id", "blocked_id", "{v}", "{p}.author_id"),
    lambda post, viewer: post.author_id in viewer.blocks,
)
blocked_by_author = Rule(
    _edge("blocks", "blocker_id", "blocked_id", "{p}.author_id", "{v}"),
    lambda post, viewer: post.author_id in viewer.blocked_by,
)
mutes_author = Rule(
    _edge("mutes", "muter_id", "muted_id", "{v}", "{p}.author_id"),
    lambda post, viewer: post.author_id in viewer.mutes,
)
names_one_i_block = Rule(
    "EXISTS (SELECT 1 FROM blocks e WHERE e.blocker_id = {v} AND e.blocked_id = ANY({p}.mentioned_ids))",
    lambda post, viewer: not viewer.blocks.isdisjoint(post.mentioned_ids),
)
names_one_i_mute = Rule(
    "EXISTS (SELECT 1 FROM mutes e WHERE e.muter_id = {v} AND e.muted_id = ANY({p}.mentioned_ids))",
    lambda post, viewer: not viewer.mutes.isdisjoint(post.mentioned_ids),
)
reply = Rule("({p}.reply_to_id IS NOT NULL)", lambda post, viewer: post.reply_to_author_id is not None)
reply_to_self = Rule(
    "({p}.reply_to_author_id IS NOT DISTINCT FROM {p}.author_id)",
    lambda post, viewer: post.reply_to_author_id == post.author_id,
)
reply_to_me = Rule(
    "({p}.reply_to_author_id IS NOT DISTINCT FROM {v})",
    lambda post, viewer: post.reply_to_author_id == viewer.viewer_id,
)
reply_to_one_i_follow = Rule(
    _edge("follows", "follower_id", "followee_id", "{v}", "{p}.reply_to_author_id"),
    lambda post, viewer: post.reply_to_author_id in viewer.follows,
)
reply_to_nothing = Rule(
    "EXISTS (SELECT 1 FROM posts parent WHERE parent.id = {p}.reply_to_id AND parent.deleted_at IS NOT NULL)",
    lambda post, viewer: post.reply_to_deleted,
)

# -- the table -------------------------------------------------------------------------------------------------------

audience = own | for_everyone | mentioned | (for_followers & follows_author)
"""The author's own choice of readers."""

shown = own | (~blocks_author & ~blocked_by_author & audience)
"""May the viewer know of the post: see it, or learn that it was deleted."""

visible = ~deleted & shown
"""May the viewer see the post at all: node, quotes, conversation, pictures, every timeline, every event."""

unwelcome = blocks_author | mutes_author | names_one_i_block | names_one_i_mute
"""Posts that timelines leave out because of the people in them (a direct address still shows a muted author's post)."""

home_reply = ~reply | (~reply_to_nothing & (reply_to_self | reply_to_me | reply_to_one_i_follow))
"""Replies belong in a home when they are to the reader, to somebody the reader follows, or go on one's own thread."""

home_original = visible & (own | (follows_author & ~unwelcome & home_reply))
"""A post in a home by itself: one's own always; else of somebody followed, under the rules above."""

home_reposted = visible & (own | ~unwelcome)
"""A post that may stand in a home because somebody followed (and not muted) reposted it."""

explore = visible & listed & (~reply | reply_to_self) & (own | ~(mutes_author | blocks_author))
"""Everything public and nobody's reply to another."""

hashtag = visible & listed & (own | ~(mutes_author | blocks_author))
"""A public post under each of its hashtags, replies too."""

answer = shown | (blocks_author & for_everyone)
"""A reply in its conversation: the post itself, or the hole where it was deleted or is by somebody the viewer blocks."""

profile = visible & (~reply | reply_to_self)
"""An author's posts as their page shows them: replies to others have a place of their own."""

FOR_STRANGERS_TOO = frozenset({visible, shown, explore, hashtag, answer, profile})
"""Rules that ask whom the viewer follows only of posts for followers: of a post that is for everyone they ask about blocks and
mutes, and who is in it."""
