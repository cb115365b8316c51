"""Scopes: what a token or an app may do for a person. This is the one table of them; what each opens stands in `schema/scope.py`.

Who signs in by themselves (a cookie, or the token of `logIn`) has no scopes and needs none. What no scope opens (passwords,
sessions, tokens, apps, webhooks) is theirs alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from errors import BadInput


class Scope(Enum):
    """The values are what tokens carry and what OAuth calls them."""

    READ = "read"
    READ_PRIVATE = "read:private"
    READ_MESSAGES = "read:messages"
    WRITE_POSTS = "write:posts"
    WRITE_FOLLOWS = "write:follows"
    WRITE_MESSAGES = "write:messages"
    WRITE_ACCOUNT = "write:account"
    GENERATE = "generate"
    MODERATE = "moderate"


SCOPES: dict[Scope, str] = {
    Scope.READ: "See posts, people, timelines, lists and searches as this person sees them.",
    Scope.READ_PRIVATE: "See what only this person sees: notifications, bookmarks, boards, lists, drafts, requests, settings, and whom"
    " they block and mute.",
    Scope.READ_MESSAGES: "Read this person's messages.",
    Scope.WRITE_POSTS: "Post, reply, repost, like, vote, keep and delete for this person, and change their drafts, boards and bookmarks.",
    Scope.WRITE_FOLLOWS: "Follow, mute and block for this person, answer who asks to follow them, and change their lists.",
    Scope.WRITE_MESSAGES: "Write messages for this person, and read what comes back.",
    Scope.WRITE_ACCOUNT: "Change this person's profile, feeds and settings; never their password, sessions or apps.",
    Scope.GENERATE: "Make pictures with this person's credits, and see their jobs, prompts and what it cost.",
    Scope.MODERATE: "Moderate, as far as this person may.",
}
"""Every scope and what it allows, in the order in which people are told of them."""

NAMES = tuple(scope.value for scope in SCOPES)


def ordered(scopes: Iterable[Scope]) -> list[Scope]:
    """Each once, in the order of the table."""
    given = set(scopes)
    return [scope for scope in SCOPES if scope in given]


def checked_scopes(scopes: Iterable[Scope], path: str = "scopes") -> list[str]:
    """The names of these, each once, in their order. Raises BadInput for none."""
    names = [scope.value for scope in ordered(scopes)]
    if not names:
        raise BadInput("Name at least one scope.", [path])
    return names


def scopes_in(text: str) -> list[Scope] | None:
    """The scopes of an OAuth `scope` parameter (names with spaces between); None when one of them is none of ours."""
    names = text.split(" ")
    if not all(name in NAMES for name in names):
        return None
    return ordered(Scope(name) for name in names)
