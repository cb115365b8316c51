"""What one can be told of, from whom, and what becomes of what strangers do."""

from __future__ import annotations

from enum import Enum


class NotificationKind(Enum):
    """What happened."""

    FOLLOW = "FOLLOW"
    FOLLOW_REQUEST = "FOLLOW_REQUEST"
    FOLLOW_ACCEPTED = "FOLLOW_ACCEPTED"
    MENTION = "MENTION"
    REPLY = "REPLY"
    QUOTE = "QUOTE"
    REPOST = "REPOST"
    LIKE = "LIKE"
    REMIX = "REMIX"
    REMIX_REQUEST = "REMIX_REQUEST"
    REMIX_ANSWERED = "REMIX_ANSWERED"
    POST = "POST"
    POLL_ENDED = "POLL_ENDED"
    GENERATION_FINISHED = "GENERATION_FINISHED"
    MODERATION = "MODERATION"
    SAVED_SEARCH = "SAVED_SEARCH"
    REPORT_DECIDED = "REPORT_DECIDED"


class NotificationSource(Enum):
    """Whose doings one is told of."""

    EVERYONE = "EVERYONE"
    FOLLOWING = "FOLLOWING"
    NOBODY = "NOBODY"


class NotificationFilter(Enum):
    """What becomes of what somebody of a sort does."""

    ACCEPT = "ACCEPT"
    FILTER = "FILTER"
    DROP = "DROP"


GROUPED = frozenset(
    {
        NotificationKind.FOLLOW,
        NotificationKind.REPOST,
        NotificationKind.LIKE,
        NotificationKind.GENERATION_FINISHED,
        NotificationKind.SAVED_SEARCH,
        NotificationKind.REPORT_DECIDED,
    }
)
"""Kinds of which several are shown as one; of each other everything has a place of its own."""

UNFILTERED = frozenset(
    {
        NotificationKind.FOLLOW_ACCEPTED,
        NotificationKind.REMIX_ANSWERED,
        NotificationKind.POST,
        NotificationKind.POLL_ENDED,
        NotificationKind.GENERATION_FINISHED,
        NotificationKind.MODERATION,
        NotificationKind.SAVED_SEARCH,
        NotificationKind.REPORT_DECIDED,
    }
)
"""Kinds that filters pass over: what one asked for, and what the house says. Switches hold for all but MODERATION."""

OF_POSTS = (NotificationKind.REPLY, NotificationKind.QUOTE, NotificationKind.REMIX, NotificationKind.MENTION)
"""What a post is to those it concerns; to each the first of these that holds, and only that."""

QUIET = frozenset(
    {
        NotificationKind.LIKE,
        NotificationKind.REPOST,
        NotificationKind.GENERATION_FINISHED,
        NotificationKind.SAVED_SEARCH,
        NotificationKind.REPORT_DECIDED,
    }
)
"""Kinds that are pushed to devices only where somebody asked for it."""

ASKED_FOR = frozenset({NotificationKind.SAVED_SEARCH})
"""Kinds that are switched off until somebody switches them on."""

OF_SUBJECTS = frozenset({NotificationKind.SAVED_SEARCH})
"""Kinds that are shown as one by their subject, whatever posts they tell of."""
