"""Who may see what, and what belongs in a home: one table of rules, rendered two ways.

A `Fact` is one yes-or-no question about a post and a viewer, written once as SQL and once as Python. Rules are made of facts
with `&`, `|` and `~`. `Rule.sql(...)` gives a condition for any statement; `Rule.holds(...)` answers over sets kept in
memory (per live event). A property test holds the two together on random graphs.

A signed-out viewer has the id 0, which nobody has.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import datetime
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
    """What the rules need to know of a post. `reply_to_author_id` is None unless it is a reply.

    `folded` is what it says, as muted words are looked for in it (`fresque_folded`). An author is gone while suspended or
    deactivated, and limited where moderators keep it out of strangers' lists. `ai_alone`: it has pictures, or they are being made,
    and none that AI had no part in. `labels`: which labels stand on it, its author or its pictures (`LABELS`).
    """

    id: int
    author_id: int
    visibility: Visibility
    mentioned_ids: frozenset[int] = frozenset()
    deleted: bool = False
    reply_to_author_id: int | None = None
    reply_to_deleted: bool = False
    conversation_id: int = 0
    folded: str = ""
    author_private: bool = False
    author_gone: bool = False
    ai_alone: bool = False
    labels: frozenset[str] = frozenset()
    author_limited: bool = False


class HeldWord(NamedTuple):
    """A word that a viewer mutes in timelines: what to look for in a folded text, and what to do about it."""

    text: str
    needle: str
    everywhere: bool  # else at home alone
    hides: bool  # else warns


@dataclass(slots=True)
class Relations:
    """One viewer's sets: whom they follow, block and mute, who blocks them, whom they asked to follow, which conversations and
    words they mute, whom they read in exclusive lists alone, whether pictures of AI are hidden from them, and under which labels
    posts are. What is over is in none of them; `until` is when the next of them will be over."""

    viewer_id: int
    follows: Set[int] = NO_IDS
    blocks: Set[int] = NO_IDS
    blocked_by: Set[int] = NO_IDS
    mutes: Set[int] = NO_IDS
    requested: Set[int] = NO_IDS
    muted_conversations: Set[int] = NO_IDS
    words: tuple[HeldWord, ...] = ()
    hides_ai: bool = False
    until: datetime | None = None
    apart: Set[int] = NO_IDS
    hidden_labels: frozenset[str] = frozenset()

    @property
    def spares(self) -> bool:
        """Whether some posts are hidden for what they show, or for their labels."""
        return self.hides_ai or bool(self.hidden_labels)

    def is_over(self, now: datetime) -> bool:
        """Whether something of this ended by itself, so that it has to be read anew."""
        return self.until is not None and self.until <= now


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


def lasting(row: str) -> str:
    """The SQL condition that a mute (a row under this alias) is not over."""
    return f"({row}.expires_at IS NULL OR {row}.expires_at > now())"


def muting(viewer: str, other: str) -> str:
    """The SQL condition that a viewer mutes somebody now; both are SQL expressions for ids, `other` may be `ANY(…)`."""
    return f"EXISTS (SELECT 1 FROM mutes e WHERE e.muter_id = {viewer} AND e.muted_id = {other} AND {lasting('e')})"


SAID = "({p}.text || ' ' || coalesce({p}.content_warning, ''))"
"""What muted words are looked for in."""


def held_words(column: str, condition: str = "true") -> str:
    """An SQL array out of the words that viewer `{v}` mutes in timelines, in order; NULL where there are none. It asks nothing
    of the post, so a statement works it out once."""
    return (
        f"(SELECT array_agg({column} ORDER BY w.id) FROM muted_words w WHERE w.owner_id = {{v}} AND {condition}"
        f" AND w.scope <> 'NOTIFICATIONS' AND {lasting('w')})"
    )


def _hides(condition: str) -> str:
    return f"coalesce(fresque_says({SAID}, {held_words('w.needle', f'w.hides AND {condition}')}), false)"


OPEN_LABELER = (
    "EXISTS (SELECT 1 FROM labelers lo JOIN users lu ON lu.id = lo.user_id"
    " WHERE lo.user_id = {l} AND lo.closed_at IS NULL AND NOT lu.gone AND NOT lu.is_private)"
)
"""The SQL condition that whoever has the id `{l}` is a labeler now: one who closed, is gone or private says nothing."""

HIDDEN_LABELS = "(SELECT fresque_hidden_labels({v}))"
"""Under which labels viewer `{v}` hides posts: labelers' by their numbers, moderators' by their values; NULL for none. It asks nothing
of the post, so a statement works it out once. Functions, and no text of the rule: else every statement would be planned anew."""

LABELS = "fresque_labels_on({p}.id, {p}.author_id)"
"""Which labels stand on post `{p}`, its author or one of its pictures, whoever gave them."""

deleted = Rule("({p}.deleted_at IS NOT NULL)", lambda post, viewer: post.deleted)
own = Rule("({p}.author_id = {v})", lambda post, viewer: post.author_id == viewer.viewer_id)
mentioned = Rule("({v} = ANY({p}.mentioned_ids))", lambda post, viewer: viewer.viewer_id in post.mentioned_ids)
# One look into an index of the few says of most authors that they are open; only of others more is asked.
author_open = Rule(
    "(NOT EXISTS (SELECT 1 FROM users e WHERE e.id = {p}.author_id AND (e.is_private OR e.gone)))",
    lambda post, viewer: not (post.author_private or post.author_gone),
)
author_listed = Rule(
    "(NOT EXISTS (SELECT 1 FROM users e WHERE e.id = {p}.author_id AND (e.is_private OR e.gone OR e.limited_at IS NOT NULL)))",
    lambda post, viewer: not (post.author_private or post.author_gone or post.author_limited),
)
author_limited = Rule(
    "EXISTS (SELECT 1 FROM users e WHERE e.id = {p}.author_id AND e.limited_at IS NOT NULL)",
    lambda post, viewer: post.author_limited,
)
author_gone = Rule(
    "EXISTS (SELECT 1 FROM users e WHERE e.id = {p}.author_id AND e.gone)", lambda post, viewer: post.author_gone
)
author_private = Rule(
    "EXISTS (SELECT 1 FROM users e WHERE e.id = {p}.author_id AND e.is_private)",
    lambda post, viewer: post.author_private,
)
public = Rule("({p}.visibility = 'PUBLIC')", lambda post, viewer: post.visibility is Visibility.PUBLIC)
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
    muting("{v}", "{p}.author_id"),
    lambda post, viewer: post.author_id in viewer.mutes,
)
set_apart = Rule(
    "EXISTS (SELECT 1 FROM list_members e WHERE e.owner_id = {v} AND e.user_id = {p}.author_id AND e.exclusive)",
    lambda post, viewer: post.author_id in viewer.apart,
)
names_one_i_block = Rule(
    "EXISTS (SELECT 1 FROM blocks e WHERE e.blocker_id = {v} AND e.blocked_id = ANY({p}.mentioned_ids))",
    lambda post, viewer: not viewer.blocks.isdisjoint(post.mentioned_ids),
)
names_one_i_mute = Rule(
    muting("{v}", "ANY({p}.mentioned_ids)"),
    lambda post, viewer: not viewer.mutes.isdisjoint(post.mentioned_ids),
)
mutes_conversation = Rule(
    _edge("conversation_mutes", "muter_id", "conversation_id", "{v}", "{p}.conversation_id"),
    lambda post, viewer: post.conversation_id in viewer.muted_conversations,
)
says_hidden = Rule(
    _hides("true"),
    lambda post, viewer: any(word.hides and word.needle in post.folded for word in viewer.words),
)
says_hidden_everywhere = Rule(
    _hides("w.scope = 'EVERYWHERE'"),
    lambda post, viewer: any(word.hides and word.everywhere and word.needle in post.folded for word in viewer.words),
)
hides_ai = Rule(
    "EXISTS (SELECT 1 FROM viewing_settings e WHERE e.person_id = {v} AND e.ai_pictures = 'HIDE')",
    lambda post, viewer: viewer.hides_ai,
)
says_hidden_label = Rule(
    f"coalesce(fresque_labelled({{p}}.id, {{p}}.author_id, {HIDDEN_LABELS}), false)",
    lambda post, viewer: not viewer.hidden_labels.isdisjoint(post.labels),
)
ai_alone = Rule(
    """((EXISTS (SELECT 1 FROM post_images e WHERE e.post_id = {p}.id)
        OR EXISTS (SELECT 1 FROM creations e WHERE e.post_id = {p}.id AND NOT e.done AND NOT e.failed))
    AND NOT EXISTS (SELECT 1 FROM post_images e JOIN images i ON i.id = e.image_id
        WHERE e.post_id = {p}.id AND i.ai_disclosure IS NULL))""",
    lambda post, viewer: post.ai_alone,
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

listed = public & author_listed
"""For everyone, and where everyone looks: what private accounts post, and limited ones, is in no list of strangers."""

for_anyone = for_everyone & author_open
"""Nobody is kept out by the choice of the author."""

audience = own | for_anyone | (~author_gone & (mentioned | ((for_everyone | for_followers) & follows_author)))
"""The author's own choice of readers: what a private account posts for everyone is for its followers, and whoever is gone
(suspended or deactivated) has no readers but themselves."""

shown = own | (~blocks_author & ~blocked_by_author & audience)
"""May the viewer know of the post: see it, or learn that it was deleted."""

visible = ~deleted & shown
"""May the viewer see the post at all: node, quotes, conversation, pictures, every timeline, every event."""

walled = blocks_author & ~author_gone
"""The viewer is told that it is they who block; of whoever is gone they are told nothing."""

unwelcome = blocks_author | mutes_author | names_one_i_block | names_one_i_mute
"""Posts that timelines leave out because of the people in them (a direct address still shows a muted author's post)."""

unasked = (hides_ai & ai_alone) | says_hidden_label
"""Posts that lists leave out, but for those one asks for by name (a page, a conversation, what one keeps): pictures of AI, and
nothing else to look at, for who hides such; and what has a label under which the viewer hides posts."""

unheard = (reply & mutes_conversation) | says_hidden | unasked
"""Posts that homes leave out because of what they say or show, or what they go on with."""

home_reply = ~reply | (~reply_to_nothing & (reply_to_self | reply_to_me | reply_to_one_i_follow))
"""Replies belong in a home when they are to the reader, to somebody the reader follows, or go on one's own thread."""

home_original = visible & (own | (follows_author & ~set_apart & ~unwelcome & home_reply & ~unheard))
"""A post in a home by itself: one's own always; else of somebody followed and in no exclusive list, under the rules above."""

home_reposted = visible & (own | (~unwelcome & ~unheard))
"""A post that may stand in a home because somebody followed (and not muted) reposted it."""

unsought = mutes_author | blocks_author | says_hidden_everywhere | unasked
"""Posts that lists of everybody's leave out."""

explore = visible & listed & (~reply | reply_to_self) & (own | ~unsought)
"""Everything public and nobody's reply to another."""

hashtag = visible & listed & (own | ~unsought)
"""A public post under each of its hashtags, replies too."""

searched = visible & (own | ((listed | mentioned | follows_author) & ~unsought))
"""A post that is found by what it says: what is listed, and of the rest what is for the viewer in particular."""

answer = shown | (blocks_author & for_anyone)
"""A reply in its conversation: the post itself, or the hole where it was deleted or is by somebody the viewer blocks."""

profile = visible & (~reply | reply_to_self)
"""An author's posts as their page shows them: replies to others have a place of their own."""

known_of = for_anyone | mentioned
"""Whether a viewer could see a post, blocks and follows apart: what others do to them shows nowhere else."""

FOR_STRANGERS_TOO = frozenset({visible, shown, explore, hashtag, answer, profile})
"""Rules that ask whom the viewer follows only of posts for followers: of a post that is for anyone they ask about blocks and
mutes, muted words, pictures of AI, labels, and who is in it."""


def kept_from(person: str, other: str) -> str:
    """The SQL condition that moderators limited a person, and another does not follow them: of what the person does the other is
    told nothing, and is asked for nothing. Both are SQL expressions for ids."""
    return f"""(EXISTS (SELECT 1 FROM users e WHERE e.id = {person} AND e.limited_at IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM follows e WHERE e.follower_id = {other} AND e.followee_id = {person}))"""


def lets_in(owner: str, viewer: str) -> str:
    """The SQL condition that a person shows a viewer what is for followers of a private account: their page's reposts, whom
    they follow and who follows them. Both are SQL expressions for ids."""
    return f"""({owner} = {viewer} OR (NOT EXISTS (SELECT 1 FROM blocks e WHERE (e.blocker_id, e.blocked_id) IN (({owner}, {viewer}), ({viewer}, {owner})))
        AND NOT EXISTS (SELECT 1 FROM users e WHERE e.id = {owner} AND (e.gone OR (e.is_private
            AND NOT EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = {viewer} AND f.followee_id = {owner}))))))"""
