"""Consent: what the author of a post lets others do with its pictures, and who may know how they were made.

Who may remix is said once as SQL and once as Python, as in `visibility`; seeing the post comes first, by that table.
"""

from __future__ import annotations

from enum import Enum


class RemixPolicy(Enum):
    """Who of those who see a post may remix its pictures."""

    EVERYONE = "EVERYONE"
    FOLLOWERS = "FOLLOWERS"
    ASK = "ASK"
    NOBODY = "NOBODY"


class PromptVisibility(Enum):
    """Who of those who see a post may know the prompt, the seed and the references of its pictures."""

    EVERYONE = "EVERYONE"
    FOLLOWERS = "FOLLOWERS"
    NOBODY = "NOBODY"


class RemixRequestState(Enum):
    """What became of one person's wish to remix one post."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    REVOKED = "REVOKED"


class RemixPermission(Enum):
    """Whether the author of the source still stands by a remix."""

    GIVEN = "GIVEN"
    TAKEN_BACK = "TAKEN_BACK"


def may_remix(policy: str, *, own: bool, follows: object, permit: object) -> bool:
    """Whether somebody who sees a post may remix it.

    `permit` is the state of their permit for it, if there is one. An accepted one holds whatever the policy is but NOBODY; a
    revoked one outweighs everything but that the post is one's own. `follows` counts when it is True itself.
    """
    if own:
        return True
    if permit == RemixRequestState.REVOKED.value:
        return False
    if policy == RemixPolicy.EVERYONE.value:
        return True
    if policy == RemixPolicy.FOLLOWERS.value and follows is True:
        return True
    return policy != RemixPolicy.NOBODY.value and permit == RemixRequestState.ACCEPTED.value


def permit_sql(post: str = "p", viewer: str = "$1") -> str:
    """The state of the viewer's permit for the post under alias `post`, NULL without one."""
    return f"(SELECT m.state FROM remix_permits m WHERE m.post_id = {post}.id AND m.person_id = {viewer})"


def may_remix_sql(post: str = "p", viewer: str = "$1") -> str:
    """`may_remix` as a condition on the post under alias `post`, for a viewer who sees it."""
    follows = f"EXISTS (SELECT 1 FROM follows e WHERE e.follower_id = {viewer} AND e.followee_id = {post}.author_id)"
    permit = permit_sql(post, viewer)
    return (
        f"({post}.author_id = {viewer} OR ({permit} IS DISTINCT FROM 'REVOKED' AND ({post}.remix_policy = 'EVERYONE'"
        f" OR ({post}.remix_policy = 'FOLLOWERS' AND {follows}) OR ({post}.remix_policy <> 'NOBODY' AND coalesce({permit} = 'ACCEPTED', false)))))"
    )


def tells_prompt_sql(post: str = "p", viewer: str = "$1") -> str:
    """Whether the post under alias `post` tells a viewer who sees it how its pictures were made."""
    follows = f"EXISTS (SELECT 1 FROM follows e WHERE e.follower_id = {viewer} AND e.followee_id = {post}.author_id)"
    return (
        f"({post}.author_id = {viewer} OR {post}.prompt_visibility = 'EVERYONE'"
        f" OR ({post}.prompt_visibility = 'FOLLOWERS' AND {follows}))"
    )


def taken_back_sql(source: str, person: str) -> str:
    """Whether the author of the post under alias `source` no longer stands by what this person remixed from it."""
    return (
        f"({source}.author_id <> {person} AND ({source}.remix_policy = 'NOBODY'"
        f" OR coalesce({permit_sql(source, person)} = 'REVOKED', false)))"
    )
