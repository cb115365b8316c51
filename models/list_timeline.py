"""The timeline of a list: what its members post and repost, as a home would show it to the reader, with replies as the list
says, and brought up again as there (`models/reason.py`)."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from models import timeline, visibility
from models.database import fetch
from models.ids import NO_IDS
from models.reason import places_sql
from models.timeline import Circle, Entry, Skeleton, Window
from models.user_list import ListReplies
from models.visibility import Rule

_ON_LIST = "EXISTS (SELECT 1 FROM list_members e WHERE e.list_id = {list} AND e.user_id = {who})"


def original(replies: ListReplies, member_ids: Container[int] = NO_IDS, list_id: str = "$5") -> Rule:
    """The rule by which a post stands in a list by itself. Over sets it asks `member_ids`, in SQL the list that the expression
    `list_id` names."""
    by_member = Rule(
        _ON_LIST.replace("{list}", list_id).replace("{who}", "{p}.author_id"),
        lambda post, viewer: post.author_id in member_ids,
    )
    to_member = Rule(
        _ON_LIST.replace("{list}", list_id).replace("{who}", "{p}.reply_to_author_id"),
        lambda post, viewer: post.reply_to_author_id in member_ids,
    )
    shown = visibility.reply_to_self | visibility.reply_to_me
    if replies is ListReplies.LIST:
        shown = shown | to_member
    elif replies is ListReplies.FOLLOWED:
        shown = shown | visibility.reply_to_one_i_follow
    return (
        visibility.visible
        & by_member
        & (visibility.own | (~visibility.unwelcome & ~visibility.unheard))
        & (~visibility.reply | (~visibility.reply_to_nothing & shown))
    )


def _heard(list_id: str, viewer: str) -> str:
    """Whoever reposts counts while they stand on the list, the reader does not mute them, and sees what is on their page."""
    return (
        f"({_ON_LIST.replace('{list}', list_id)} AND NOT {visibility.muting(viewer, '{who}')}"
        f" AND {visibility.lets_in('{who}', viewer)})"
    )


_STATEMENTS = {
    replies: timeline.statements(
        Circle(
            f"SELECT user_id AS id, {visibility.lets_in('user_id', '$1')} AS passes FROM list_members"
            f" WHERE list_id = $5 AND NOT {visibility.muting('$1', 'user_id')}",
            original(replies).sql(),
            _heard("$5", "$1"),
        )
    )
    for replies in ListReplies
}


def list_statements(replies: ListReplies, direction: str = "DESC") -> tuple[str, str]:
    """The statements behind `posts`, quick and thorough; $5 is the list."""
    return _STATEMENTS[replies][direction]


async def posts(viewer_id: int, list_id: int, replies: ListReplies, window: Window) -> Skeleton:
    """What stands in a list for this reader."""
    return await timeline.gathered(_STATEMENTS[replies], viewer_id, window, list_id)


async def entries(
    post_id: int, list_id: int, replies: ListReplies, viewer_ids: Sequence[int], since: int = 0
) -> Mapping[int, Sequence[Entry]]:
    """The places with a key above `since` that a post has now in a list, for each of these readers, oldest first: one query for
    all of them. For whom it has none is missing."""
    places = places_sql(
        "reader.id", "$4::bigint", original(replies, list_id="$3").sql("p", "reader.id"), _heard("$3", "reader.id")
    )
    rows = await fetch(
        f"""SELECT reader.id AS reader_id, found.key, p.id AS post_id, found.reposter_id
        FROM unnest($1::bigint[]) AS reader (id) CROSS JOIN posts p CROSS JOIN LATERAL ({places}) AS found
        WHERE p.id = $2 ORDER BY found.key""",
        list(viewer_ids),
        post_id,
        list_id,
        since,
    )
    found: dict[int, list[Entry]] = {}
    for row in rows:
        found.setdefault(row["reader_id"], []).append(Entry(row["key"], row["post_id"], row["reposter_id"]))
    return found


async def reaches(list_id: int, author_id: int | None) -> bool:
    """Whether posts of an author, blocks apart, may stand in a list: as a member's, or reposted by one."""
    return bool(
        await fetch(
            """SELECT 1 WHERE EXISTS (SELECT 1 FROM list_members e WHERE e.list_id = $1 AND e.user_id = $2)
            OR EXISTS (SELECT 1 FROM posts p JOIN reposts r ON r.post_id = p.id
                JOIN list_members e ON e.list_id = $1 AND e.user_id = r.user_id
                WHERE p.author_id = $2 AND p.deleted_at IS NULL)""",
            list_id,
            author_id,
        )
    )


async def has_orphans(viewer_id: int, list_id: int, post_id: int) -> bool:
    """Whether the deletion of `post_id` may have taken replies out of the list for this reader."""
    return bool(
        await fetch(
            f"""SELECT 1 FROM posts p JOIN list_members e ON e.list_id = $3 AND e.user_id = p.author_id
            WHERE p.reply_to_id = $2 AND {visibility.visible.sql()} LIMIT 1""",
            viewer_id,
            post_id,
            list_id,
        )
    )
