"""Policies: whom the author of a post lets answer and quote it. Seeing it comes first; this comes on top.

Who may answer is said by whoever began the conversation, for all of it: every post of a conversation has the policy of its
first one. Both functions that decide read a row of `card.posts_sql` and what the people in it are to the viewer, as every
path has them (a page, a live event, a home that is kept), so that `viewerCan…` is the same on all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Protocol


class ReplyPolicy(Enum):
    """Who may answer in a conversation; whoever began it always may."""

    EVERYONE = "EVERYONE"
    FOLLOWING = "FOLLOWING"
    MENTIONED = "MENTIONED"
    NOBODY = "NOBODY"


class QuotePolicy(Enum):
    """Who may quote a post that is for everyone; its author always may."""

    EVERYONE = "EVERYONE"
    FOLLOWERS = "FOLLOWERS"
    NOBODY = "NOBODY"


REPLY_POLICIES = {each.value: each for each in ReplyPolicy}
QUOTE_POLICIES = {each.value: each for each in QuotePolicy}
COLUMNS = """p.reply_policy, p.quote_policy, p.is_sensitive, p.is_hidden, p.is_detached,
    root.author_id AS root_author_id, root.mentioned_ids AS root_mentioned_ids"""
JOIN = "LEFT JOIN posts root ON root.id = p.conversation_id"
"""What is read of a row here, beside posts `p`."""


class Bonds(Protocol):
    """What a person is to the viewer."""

    @property
    def viewer_is_following(self) -> bool:
        """Whether the viewer follows them."""

    @property
    def viewer_is_followed_by(self) -> bool:
        """Whether they follow the viewer."""


def gatekeepers(row: Mapping[str, Any]) -> tuple[int, ...]:
    """Of whom it is asked what they are to a viewer who wants to answer, the author apart."""
    root = row["root_author_id"]
    asked = row["reply_policy"] == ReplyPolicy.FOLLOWING.value and root is not None and root != row["author_id"]
    return (root,) if asked else ()


def named_at_the_gate(row: Mapping[str, Any]) -> frozenset[int]:
    """Everybody who may be set apart by the policies of a post: who began the conversation, and whom they named."""
    return frozenset({row["root_author_id"] or row["author_id"], *(row["root_mentioned_ids"] or ())})


def place_at_the_gate(row: Mapping[str, Any], viewer_id: int) -> tuple[bool, bool]:
    """What tells viewers apart who are the same to everybody shown in a post: having begun it, being named in its beginning."""
    return viewer_id == row["root_author_id"], viewer_id in (row["root_mentioned_ids"] or ())


def may_reply(row: Mapping[str, Any], people: Mapping[int, Bonds], viewer_id: int) -> bool:
    """Whether somebody who is signed in and sees this row may answer it."""
    began, is_named = place_at_the_gate(row, viewer_id)
    policy = row["reply_policy"]
    if began or row["root_author_id"] is None or policy == ReplyPolicy.EVERYONE.value:
        return True
    if policy == ReplyPolicy.NOBODY.value:
        return False
    if is_named:
        return True
    root = people.get(row["root_author_id"])
    return policy == ReplyPolicy.FOLLOWING.value and root is not None and root.viewer_is_followed_by


def may_quote(row: Mapping[str, Any], people: Mapping[int, Bonds], viewer_id: int) -> bool:
    """Whether somebody who is signed in and sees this row may quote it: what is not for everyone, its author alone may."""
    if row["author_id"] == viewer_id:
        return True
    if (
        row["visibility"] not in ("PUBLIC", "UNLISTED")
        or row["author_private"]
        or row["quote_policy"] == QuotePolicy.NOBODY.value
    ):
        return False
    author = people.get(row["author_id"])
    return row["quote_policy"] == QuotePolicy.EVERYONE.value or (author is not None and author.viewer_is_following)


def may_hide(row: Mapping[str, Any], viewer_id: int) -> bool:
    """Whether this is another's answer in a conversation that the viewer began."""
    return row["reply_to_id"] is not None and row["root_author_id"] == viewer_id and row["author_id"] != viewer_id
