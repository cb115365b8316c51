"""The rows of a world (`tests/graph.py`): people, posts and pictures, whole enough that others' lists may show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.database import fetch
from models.visibility import PostFacts


async def keep_people(people: Sequence[int]) -> None:
    """New accounts with these ids."""
    await fetch(
        "WITH made AS (INSERT INTO users (id, handle, display_name, bio, location, website, pronouns, joined_at)"
        " SELECT id, 'p' || id, '', '', '', '', '', now() FROM unnest($1::bigint[]) AS n (id) RETURNING id)"
        " INSERT INTO user_counts (subject_id) SELECT id FROM made",
        list(people),
    )


async def keep_posts(order: Sequence[PostFacts], parents: Sequence[int | None], texts: Sequence[str]) -> None:
    """These posts, each with what it answers and what it says."""
    await fetch(
        "WITH made AS (INSERT INTO posts (id, author_id, visibility, mentioned_ids, deleted_at, reply_to_id, reply_to_author_id, conversation_id, text)"
        " SELECT id, author, visibility, mentioned::bigint[], CASE WHEN gone THEN now() END, parent, parent_author, id, said"
        " FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bool[], $6::bigint[], $7::bigint[], $8::text[])"
        " AS n (id, author, visibility, mentioned, gone, parent, parent_author, said) RETURNING id)"
        " INSERT INTO post_counts (subject_id) SELECT id FROM made",
        [post.id for post in order],
        [post.author_id for post in order],
        [post.visibility.value for post in order],
        ["{" + ",".join(str(number) for number in sorted(post.mentioned_ids)) + "}" for post in order],
        [post.deleted for post in order],
        list(parents),
        [post.reply_to_author_id for post in order],
        list(texts),
    )


async def keep_pictures(found: Mapping[int, str]) -> None:
    """The pictures of posts, by their kinds in order."""
    pictures = [(post, place, kind) for post, kinds in found.items() for place, kind in enumerate(kinds)]
    await fetch(
        """WITH made AS (
            INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash, alt_text, ai_disclosure)
            SELECT 1, 'p/' || post || '/' || place || '/', 'image/png', 9, 9, 9, 'L00000fQfQfQfQfQfQfQfQfQfQfQ', '',
                CASE kind WHEN 'a' THEN 'MADE_HERE GENERATED' END
            FROM unnest($1::bigint[], $2::int[], $3::text[]) AS n (post, place, kind) RETURNING id, split_part(prefix, '/', 2)::bigint AS post,
                split_part(prefix, '/', 3)::int AS place
        ) INSERT INTO post_images (post_id, image_id, position, alt_text) SELECT post, id, place, '' FROM made""",
        [post for post, _, _ in pictures],
        [place + 1 for _, place, _ in pictures],  # what a test adds stands at 0
        [kind for _, _, kind in pictures],
    )
