"""Who may see what of chats: the one place where that is written, as SQL over a membership `m` and a message `d`.

$1 is the viewer. A membership that was left, declined or ended by others is none: whoever has it sees nothing at all, the chat's
being included. A group hides from each other those of whom one blocks the other, and what somebody said goes and comes back with
their account. A pair keeps what was said before one of them blocked the other; nothing is added to it.
"""

from __future__ import annotations

PRESENT = "('JOINED', 'ASKED')"
"""States of those who are in a chat: its members, and those who are asked to be."""


def blocked(one: str, other: str) -> str:
    """The SQL condition that one of two people blocks the other; both are SQL expressions for ids."""
    return f"EXISTS (SELECT 1 FROM blocks e WHERE (e.blocker_id, e.blocked_id) IN (({one}, {other}), ({other}, {one})))"


def gone(person: str) -> str:
    """The SQL condition that somebody is suspended or deactivated."""
    return f"EXISTS (SELECT 1 FROM users e WHERE e.id = {person} AND e.gone)"


def heard(person: str) -> str:
    """The SQL condition that member m hears this person in their chat: themselves; else whoever is not gone and, in a group, is
    apart from them by no block."""
    return f"({person} = m.user_id OR (NOT {gone(person)} AND (m.is_pair OR NOT {blocked(person, 'm.user_id')})))"


MEMBER = f"(m.user_id = $1 AND m.state IN {PRESENT})"
"""Whether membership m is the viewer's and stands."""

SEEN = f"""({MEMBER} AND d.sequence > m.since_sequence AND {heard("d.sender_id")}
    AND NOT EXISTS (SELECT 1 FROM direct_message_hides e WHERE e.user_id = $1 AND e.message_id = d.id))"""
"""May the viewer, whose membership of its chat is m, see message d."""

UNREAD = f"(d.sequence > m.read_sequence AND d.sender_id <> $1 AND d.kind = 'TEXT' AND d.deleted_at IS NULL AND {SEEN})"
"""Is message d one that the viewer has yet to read."""

IN_A_SEEN_MESSAGE = f"""EXISTS (SELECT 1 FROM direct_message_images di JOIN direct_messages d ON d.id = di.message_id
    JOIN chat_members m ON m.chat_id = d.chat_id WHERE di.image_id = i.id AND {SEEN})"""
"""Whether image i is in a message that the viewer may see."""


KNOCKS = f"""(m.state <> 'ASKED' OR NOT m.is_pair OR NOT EXISTS (SELECT 1 FROM chat_members o WHERE o.chat_id = m.chat_id
    AND o.user_id <> m.user_id AND ({gone("o.user_id")} OR {blocked("o.user_id", "m.user_id")})))"""
"""Is membership m, where it is a request of one person, by somebody who is there and whom no block keeps out."""
