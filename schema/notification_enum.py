"""The enums of notifications, each value described."""

from __future__ import annotations

from models.notification_kind import NotificationFilter, NotificationKind, NotificationSource
from schema.scalar import publish

__all__ = ["NotificationFilter", "NotificationKind", "NotificationSource"]

publish(
    NotificationKind,
    "What somebody is told of.",
    {
        NotificationKind.FOLLOW: "Somebody follows them.",
        NotificationKind.FOLLOW_REQUEST: "Somebody asks to follow them; gone when it is answered or taken back.",
        NotificationKind.FOLLOW_ACCEPTED: "Somebody let them follow.",
        NotificationKind.MENTION: "A post mentions them.",
        NotificationKind.REPLY: "A post answers one of theirs.",
        NotificationKind.QUOTE: "A post quotes one of theirs.",
        NotificationKind.REPOST: "A post of theirs is reposted.",
        NotificationKind.LIKE: "A post of theirs is liked.",
        NotificationKind.REMIX: "A post shows a remix of a picture of theirs.",
        NotificationKind.REMIX_REQUEST: "Somebody asks to remix a post of theirs; gone when it is answered.",
        NotificationKind.REMIX_ANSWERED: "What they asked to remix was granted or refused.",
        NotificationKind.POST: "Somebody posted whom they follow with `notifiesOnPost`; answers to others apart.",
        NotificationKind.POLL_ENDED: "A poll of theirs, or one they voted in, is over.",
        NotificationKind.GENERATION_FINISHED: "A job of theirs came to its end by itself.",
        NotificationKind.MODERATION: "Moderators decided about a picture of theirs that was held, or did something about them (`moderationAction`).",
        NotificationKind.SAVED_SEARCH: "A saved search of theirs found posts of others. Off until it is switched on.",
        NotificationKind.REPORT_DECIDED: "Moderators decided about something they reported (`report`).",
    },
)
publish(
    NotificationSource,
    "Whose doings somebody is told of.",
    {
        NotificationSource.EVERYONE: "Everybody's.",
        NotificationSource.FOLLOWING: "Those of people they follow.",
        NotificationSource.NOBODY: "Nobody's: the kind is switched off.",
    },
)
publish(
    NotificationFilter,
    "What becomes of what strangers do. Where several filters meet, the strictest holds.",
    {
        NotificationFilter.ACCEPT: "It is told like everything else.",
        NotificationFilter.FILTER: "It waits among the requests, and is not counted.",
        NotificationFilter.DROP: "It is thrown away.",
    },
)
