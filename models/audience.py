"""Audiences that change: a post becomes for more or fewer people, by its author's word or because it names others.

What it was before is kept as long as the log is, so that an event can say who saw the post then and does not now. A post that
is not for everyone any more is nobody's repost.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

from asyncpg import Record

from errors import BadInput, Forbidden
from models import counter, facet, hashtag, held_down, remix
from models.database import fetch, fetch_one, fetch_value
from models.event import KEPT_HOURS, Kind, record
from models.post import seen
from models.publishing import MOST_ROUTED_REPOSTERS, OPEN, WIDTH, moves_numbers
from models.visibility import PostFacts, Visibility

MOST_REMEMBERED = 2_000
_remembered: dict[int, tuple[Visibility, frozenset[int]]] = {}


async def before(known: PostFacts, former_id: int | None) -> PostFacts:
    """The facts of a post as they were when this former audience was written down; as they are where it is not kept."""
    if former_id is None:
        return known
    found = _remembered.get(former_id)
    if found is None:
        row = await fetch_one("SELECT visibility, mentioned_ids FROM former_audiences WHERE id = $1", former_id)
        if row is None:
            return known
        if len(_remembered) >= MOST_REMEMBERED:
            _remembered.clear()
        found = _remembered[former_id] = (Visibility(row["visibility"]), frozenset(row["mentioned_ids"]))
    return known._replace(visibility=found[0], mentioned_ids=found[1], deleted=False)


async def forget_old() -> None:
    """Take out former audiences that no event of the log can name any more."""
    await fetch("DELETE FROM former_audiences WHERE at < now() - make_interval(hours => $1)", KEPT_HOURS + 48)


async def tell(row: Record, topics: Collection[str]) -> None:
    """Tell those topics that a post is for others than `row` says, which is what it was. The caller holds the transaction."""
    if topics:
        former_id = await fetch_value(
            "INSERT INTO former_audiences (visibility, mentioned_ids) VALUES ($1, $2) RETURNING id",
            row["visibility"],
            row["mentioned_ids"],
        )
        await record(
            Kind.POST_AUDIENCE,
            dict.fromkeys(topics),
            actor_id=row["author_id"],
            post_id=row["id"],
            subject_id=former_id,
        )


async def change(author_id: int, post_id: int, to: Visibility, path: str = "postId") -> bool:
    """Make a post of one's own for others; False when it is so already. The caller holds the transaction.

    Raises NotFound, Forbidden (another's), BadInput: an answer for more people than what it answers, if that is not for everyone.
    """
    row = await seen(author_id, post_id, path, to_change=True)
    if row["author_id"] != author_id:
        raise Forbidden("Only its author says who a post is for.", [path])
    held_down.check_free(row, to, path)
    was = Visibility(row["visibility"])
    if was is to:
        return False
    await _count_at_others(row, was, to)
    await fetch("UPDATE posts SET visibility = $2 WHERE id = $1", post_id, to.value)
    listed = row["reply_to_author_id"] in (None, author_id) and Visibility.PUBLIC in (was, to)
    topics = ["posts", f"author:{author_id}", f"post:{post_id}", f"conversation:{row['conversation_id']}"]
    topics += ["explore"] if listed else []
    topics += [f"hashtag:{tag}" for tag in await _tags(row, was, to)]
    gone = [] if to in OPEN else await fetch(_UNSHARE, post_id)
    topics += _routed([each["user_id"] for each in gone])
    replies, quotes = await _counted(post_id, to)
    replies_then, quotes_then = await _counted(post_id, was)
    await counter.count_post(
        post_id,
        reposts=-sum(not each["gone"] for each in gone),
        replies=replies - replies_then,
        quotes=quotes - quotes_then,
        remixes=await _remixes(post_id, to),
    )
    await tell(row, topics)
    await remix.settle(post_id, author_id)
    await remix.tell_remixes([post_id], author_id)
    for own in (each for each in gone if each["user_id"] == author_id):
        tell_own = partial(
            record, topics=[f"author:{author_id}"], actor_id=author_id, post_id=post_id, subject_id=own["id"]
        )
        await tell_own(Kind.REPOST_DELETED)
        await tell_own(Kind.REPOST_RECONSIDERED)
    return True


# Those of whoever is suspended or has closed their account were taken out of the number then.
_UNSHARE = """DELETE FROM reposts r USING users u WHERE r.post_id = $1 AND u.id = r.user_id
    RETURNING r.id, r.user_id, u.gone"""


async def reposters(post_id: int) -> list[str]:
    """The topics by which those hear of a post who have it from somebody who reposted it."""
    rows = await fetch(
        "SELECT user_id FROM reposts WHERE post_id = $1 ORDER BY id LIMIT $2", post_id, MOST_ROUTED_REPOSTERS + 1
    )
    return _routed([row["user_id"] for row in rows])


def _routed(user_ids: Sequence[int]) -> list[str]:
    return ["home"] if len(user_ids) > MOST_ROUTED_REPOSTERS else [f"author:{number}" for number in user_ids]


async def _tags(row: Record, was: Visibility, to: Visibility) -> list[str]:
    """Put a post under its hashtags when it becomes public, take it away when it is so no longer; which they are."""
    if was is Visibility.PUBLIC:
        return await hashtag.take(row["id"])
    if to is not Visibility.PUBLIC:
        return []
    tags = facet.hashtags_stored(row["facets"])
    if tags:
        await hashtag.put(row["id"], tags)
    return tags


async def _count_at_others(row: Record, was: Visibility, to: Visibility) -> None:
    """Move what the post counts at: its author, what it answers, what it quotes. Holds these, upwards, so that their own
    audiences stay as they are meanwhile."""
    if (was in OPEN) != (to in OPEN):
        await counter.count_user(row["author_id"], posts=1 if to in OPEN else -1)
    for column, replies, quotes in (("reply_to_id", 1, 0), ("quoted_post_id", 0, 1)):
        other_id = row[column]
        if other_id is None or (quotes and row["is_detached"]):
            continue
        found = await fetch_one(
            """SELECT p.visibility, u.gone OR (u.is_private AND p.author_id <> u.id) AS apart
            FROM posts p JOIN users u ON u.id = $2 WHERE p.id = $1 FOR SHARE OF p, u""",
            other_id,
            row["author_id"],
        )
        if found is None:
            continue
        other = Visibility(found["visibility"])
        if replies and other not in OPEN and WIDTH.index(to) > max(WIDTH.index(other), WIDTH.index(was)):
            raise BadInput("A reply is not for more people than what it answers.", ["visibility"])
        if found["apart"]:  # as the author stands, nothing of theirs counts there
            continue
        by = int(moves_numbers(to, other)) - int(moves_numbers(was, other))
        if by:
            await counter.count_post(other_id, replies=replies * by, quotes=quotes * by)
            await record(Kind.POST_COUNTED, [f"post:{other_id}"], actor_id=row["author_id"], post_id=other_id)


async def _remixes(post_id: int, audience: Visibility) -> int:
    """Count anew which remixes of a post count at it when it is for `audience`; by how many there are more."""
    rows = await fetch(
        """UPDATE remix_posts r SET counted = NOT r.counted FROM posts p WHERE r.source_post_id = $1 AND p.id = r.post_id
        AND r.counted <> (p.visibility = ANY($2::text[]) AND p.deleted_at IS NULL) RETURNING r.counted""",
        post_id,
        [one.value for one in WIDTH if moves_numbers(one, audience)],
    )
    return sum(1 if row["counted"] else -1 for row in rows)


async def _counted(post_id: int, audience: Visibility) -> tuple[int, int]:
    """How many replies and quotes count at a post that is for `audience`."""
    row = await fetch_one(
        f"SELECT ({_ANSWERS.format(column='reply_to_id')}) AS replies, ({_ANSWERS.format(column='quoted_post_id')}) AS quotes",
        post_id,
        [one.value for one in WIDTH if moves_numbers(one, audience)],
    )
    assert row is not None
    return row["replies"], row["quotes"]


_ANSWERS = """SELECT count(*)::int FROM posts p JOIN posts o ON o.id = p.{column} JOIN users u ON u.id = p.author_id
    WHERE p.{column} = $1 AND p.deleted_at IS NULL AND p.visibility = ANY($2::text[])
    AND NOT u.gone AND NOT (u.is_private AND p.author_id <> o.author_id)
    AND NOT (p.is_detached AND p.quoted_post_id = $1)"""
