"""Remixes: pictures made from a picture in somebody's post, as that post's author allows, with credit to it.

A picture knows the picture and the post it came from; what its maker makes of it in turn comes from there, too. `remix_posts`
says which posts show remixes of which, and whether they count; `settle` keeps it true, whatever happens to a post.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from asyncpg import Record

from errors import BadInput, Forbidden, NotFound
from models import counter, visibility
from models.consent import PromptVisibility, RemixPolicy, may_remix_sql, taken_back_sql
from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record, record_of_posts
from models.post import seen
from models.timeline import Window

MOST_TOLD = 1_000
"""So many of the newest remixes of a post are told at once that it changed; others are right when they are read."""

REFUSAL = "Its author does not let you remix this post."

_WIDTH = "array_position(ARRAY['MENTIONED', 'FOLLOWERS', 'UNLISTED', 'PUBLIC'], {}.visibility::text)"
_COUNTS = f"""(NOT a.gone AND (NOT a.is_private OR s.author_id = p.author_id)
    AND (p.visibility IN ('PUBLIC', 'UNLISTED') OR {_WIDTH.format("p")} >= {_WIDTH.format("s")}))"""
"""Whether post p by person a moves the number of its source s: as quotes do (`publishing._count`, `standing`)."""

ALLOWED = f"""EXISTS (SELECT 1 FROM posts s WHERE s.id = i.remix_post_id
    AND {visibility.visible.sql("s", "i.owner_id")} AND {may_remix_sql("s", "i.owner_id")})"""
"""Whether the owner of image i, which is a remix, may publish it: they see its source, and may remix that still."""


async def check_source(viewer_id: int, post_id: int, image_id: int, path: str) -> None:
    """Whether this person may remix this picture of this post now.

    Raises NotFound with `path` where they see no such picture there, Forbidden where the author does not allow it.
    """
    row = await seen(viewer_id, post_id, path)
    if not await fetch_value(
        "SELECT EXISTS (SELECT 1 FROM post_images WHERE post_id = $1 AND image_id = $2)", post_id, image_id
    ):
        raise NotFound("There is no such picture in this post.", [path])
    if not await fetch_value(f"SELECT {may_remix_sql()} FROM posts p WHERE p.id = $2", viewer_id, row["id"]):
        raise Forbidden(REFUSAL, [path])


async def inherited(image_ids: Sequence[int]) -> tuple[int, int] | None:
    """Post and picture that the first of these pictures which is a remix came from."""
    row = await fetch_one(
        """SELECT i.remix_post_id, i.remix_image_id FROM unnest($1::bigint[]) WITH ORDINALITY AS asked (id, place)
        JOIN images i ON i.id = asked.id WHERE i.remix_post_id IS NOT NULL ORDER BY asked.place LIMIT 1""",
        list(image_ids),
    )
    return None if row is None else (row["remix_post_id"], row["remix_image_id"])


async def check_published(image_ids: Sequence[int]) -> None:
    """Whether these pictures may be published by their owner. Raises Forbidden for a remix that is not allowed any more."""
    row = await fetch_one(
        f"""SELECT asked.place FROM unnest($1::bigint[]) WITH ORDINALITY AS asked (id, place) JOIN images i ON i.id = asked.id
        WHERE i.remix_post_id IS NOT NULL AND NOT {ALLOWED} ORDER BY asked.place LIMIT 1""",
        list(image_ids),
    )
    if row is not None:
        raise Forbidden(
            "This picture is a remix, and the author of what it was made from does not allow that any more.",
            ["images", str(row["place"] - 1), "imageId"],
        )


async def settle(post_id: int, actor_id: int) -> None:
    """Let what this post shows be counted where it was remixed from, and nothing else of it.

    The caller holds the post's row, and calls this whenever its pictures, its audience or its life changed. A remix for fewer
    people than its source does not move the source's number, as with quotes.
    """
    rows = await fetch(
        f"""SELECT coalesce(shown.source_id, known.source_post_id) AS source_id, shown.source_id IS NOT NULL AS shown,
            coalesce(shown.counts, false) AS counts, coalesce(known.counted, false) AS counted, known.post_id IS NOT NULL AS known
        FROM (SELECT DISTINCT s.id AS source_id, {_COUNTS} AS counts FROM post_images pi JOIN images i ON i.id = pi.image_id
            JOIN posts p ON p.id = pi.post_id JOIN posts s ON s.id = i.remix_post_id JOIN users a ON a.id = p.author_id
            WHERE pi.post_id = $1 AND p.deleted_at IS NULL
        ) AS shown FULL JOIN (SELECT * FROM remix_posts WHERE post_id = $1) AS known ON known.source_post_id = shown.source_id
        ORDER BY 1""",
        post_id,
    )
    for row in rows:
        source_id, counts = row["source_id"], row["counts"]
        if not row["shown"]:
            await fetch("DELETE FROM remix_posts WHERE post_id = $1 AND source_post_id = $2", post_id, source_id)
        elif not row["known"] or counts != row["counted"]:
            await fetch(
                """INSERT INTO remix_posts (source_post_id, post_id, counted) VALUES ($2, $1, $3)
                ON CONFLICT (source_post_id, post_id) DO UPDATE SET counted = excluded.counted""",
                post_id,
                source_id,
                counts,
            )
        if counts != row["counted"]:
            await counter.count_post(source_id, remixes=1 if counts else -1)
            await record(Kind.POST_COUNTED, [f"post:{source_id}"], actor_id=actor_id, post_id=source_id)


_TURN = f"""WITH turned AS (
    UPDATE remix_posts r SET counted = NOT r.counted FROM posts p, posts s, users a
    WHERE p.id = r.post_id AND s.id = r.source_post_id AND a.id = p.author_id AND p.author_id = $1 AND p.deleted_at IS NULL
    AND r.counted <> {_COUNTS} RETURNING r.source_post_id AS id, r.counted
), written AS (
    INSERT INTO post_count_deltas (subject_id, likes, reposts, replies, quotes, remixes)
    SELECT id, 0, 0, 0, 0, sum(CASE WHEN counted THEN 1 ELSE -1 END) FROM turned GROUP BY id
) SELECT DISTINCT id FROM turned ORDER BY id DESC LIMIT {MOST_TOLD}"""


async def settle_all(person_id: int) -> None:
    """The same for all that a person remixed, whose account was opened, closed, or made private."""
    moved = await fetch(_TURN, person_id)
    if moved:
        await record_of_posts(Kind.POST_COUNTED, [row["id"] for row in moved], person_id)


async def tell_remixes(source_post_ids: Sequence[int], actor_id: int, person_id: int | None = None) -> None:
    """Those who have remixes of these posts on screen (of one person, or of all) learn that their source looks different."""
    rows = await fetch(
        """SELECT DISTINCT r.post_id FROM remix_posts r JOIN posts p ON p.id = r.post_id
        WHERE r.source_post_id = ANY($1::bigint[]) AND ($2::bigint IS NULL OR p.author_id = $2)
        ORDER BY r.post_id DESC LIMIT $3""",
        list(source_post_ids),
        person_id,
        MOST_TOLD,
    )
    await _changed([row["post_id"] for row in rows], actor_id)


async def _changed(post_ids: Iterable[int], actor_id: int) -> None:
    """These posts look different: their versions rise, and whoever has them on screen is told."""
    numbers = sorted(post_ids)
    if numbers:
        await counter.touch_posts(numbers)
        await record_of_posts(Kind.POST_COUNTED, numbers, actor_id)


async def set_policy(viewer_id: int, post_id: int, policy: RemixPolicy) -> None:
    """Let others remix a post of one's own from now on as this says. Raises NotFound, Forbidden."""
    row = await _own(viewer_id, post_id, "Only its author says who may remix a post.")
    before = row["remix_policy"]
    if before == policy.value:
        return
    await fetch("UPDATE posts SET remix_policy = $2 WHERE id = $1", post_id, policy.value)
    await _changed([post_id], viewer_id)
    if RemixPolicy.NOBODY.value in (before, policy.value):
        await tell_remixes([post_id], viewer_id)


async def set_prompts(viewer_id: int, post_id: int, shown_to: PromptVisibility) -> None:
    """Show how the pictures of a post of one's own were made to these people from now on. Raises NotFound, Forbidden."""
    row = await _own(viewer_id, post_id, "Only its author says who may see how a picture was made.")
    if row["prompt_visibility"] != shown_to.value:
        await fetch("UPDATE posts SET prompt_visibility = $2 WHERE id = $1", post_id, shown_to.value)
        await _changed([post_id], viewer_id)


async def _own(viewer_id: int, post_id: int, sentence: str) -> Record:
    row = await seen(viewer_id, post_id, "postId", to_change=True)
    if row["author_id"] != viewer_id:
        raise Forbidden(sentence, ["postId"])
    return row


_TAKE_BACK = """INSERT INTO remix_permits (post_id, author_id, person_id, state, decided_at)
    SELECT s.id, s.author_id, $2, 'REVOKED', now() FROM posts s WHERE s.id = ANY($1::bigint[])
    ON CONFLICT (post_id, person_id) DO UPDATE SET state = 'REVOKED', decided_at = now()
        WHERE remix_permits.state <> 'REVOKED' RETURNING id, post_id, asked"""
_GIVE_AGAIN = """UPDATE remix_permits SET state = 'ACCEPTED', decided_at = now()
    WHERE post_id = ANY($1::bigint[]) AND person_id = $2 AND state = 'REVOKED' RETURNING id, post_id, asked"""


async def take_back(viewer_id: int, post_id: int, *, taken: bool) -> None:
    """Stand by the remixes of one's own posts that this post shows no longer, or (`taken` False) again.

    It holds for all that its author remixed from those posts, and for what they would remix. Raises NotFound for a post that
    the viewer does not see or that is no remix of theirs, BadInput for a post of their own.
    """
    row = await seen(viewer_id, post_id, "postId")
    if row["author_id"] == viewer_id:
        raise BadInput("One's own remixes need nobody's permission.", ["postId"])
    sources = await fetch(
        """SELECT s.id FROM remix_posts r JOIN posts s ON s.id = r.source_post_id
        WHERE r.post_id = $1 AND s.author_id = $2 ORDER BY s.id""",
        post_id,
        viewer_id,
    )
    if not sources:
        raise NotFound("This post is no remix of a post of yours.", ["postId"])
    numbers = [source["id"] for source in sources]
    moved = await fetch(_TAKE_BACK if taken else _GIVE_AGAIN, numbers, row["author_id"])
    if moved:
        await _changed([one["post_id"] for one in moved], viewer_id)
        await tell_remixes(numbers, viewer_id, row["author_id"])
        for one in moved:
            if one["asked"]:
                await tell_permit(one["id"], viewer_id, row["author_id"], viewer_id)


async def tell_permit(permit_id: int, author_id: int, person_id: int, actor_id: int) -> None:
    """A request is new or was answered: its two people are told."""
    topics = [f"permits:{author_id}", f"permits:{person_id}"]
    await record(Kind.REMIX_PERMIT_CHANGED, topics, actor_id=actor_id, subject_id=permit_id)


async def remixes_of(viewer_id: int, post_id: int, window: Window) -> list[tuple[int, bool]]:
    """The posts this viewer sees that show remixes of this one, newest first: id, and whether permission was taken back."""
    rows = await fetch(
        f"""SELECT p.id, {taken_back_sql("s", "p.author_id")} AS taken_back FROM remix_posts r JOIN posts p ON p.id = r.post_id
        JOIN posts s ON s.id = r.source_post_id
        WHERE r.source_post_id = $5 AND p.id < $2 AND p.id > $3 AND {visibility.visible.sql()}
        ORDER BY p.id {window.direction} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        post_id,
    )
    return sorted(((row["id"], row["taken_back"]) for row in rows), reverse=True)
