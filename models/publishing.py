"""Publishing: `write` and `delete` are the only ways in and out for a post, and tell everybody concerned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from asyncpg import Record

from errors import BadInput, Forbidden, NotFound
from models import counter, facet, gate, hashtag, link, phrasing, poll, remix, sharing
from models.consent import PromptVisibility, RemixPolicy
from models.database import fetch, fetch_one
from models.disclosure import AiKind, declare
from models.event import Kind, record
from models.facet import Facet
from models.image import checked_alt_text
from models.phrasing import Given
from models.policy import QuotePolicy, ReplyPolicy
from models.poll import PollDraft
from models.post import PostImage, seen
from models.sharing import Sharing
from models.visibility import Visibility

MOST_IMAGES = 4
LONGEST_CONTENT_WARNING = 100
MOST_ROUTED_REPOSTERS = 2_000
OPEN = (Visibility.PUBLIC, Visibility.UNLISTED)
WIDTH = [Visibility.MENTIONED, Visibility.FOLLOWERS, Visibility.UNLISTED, Visibility.PUBLIC]


@dataclass(frozen=True, slots=True)
class Attachment:
    """An image to put into a post; `alt_text` None keeps what the image says of itself, `made_with_ai` what is known of it."""

    image_id: int
    alt_text: str | None = None
    made_with_ai: AiKind | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to post."""

    text: str = ""
    attachments: Sequence[Attachment] = ()
    reply_to_id: int | None = None
    quoted_post_id: int | None = None
    visibility: Visibility = Visibility.PUBLIC
    content_warning: str | None = None
    awaits_pictures: bool = False
    remix_policy: RemixPolicy | None = None
    prompt_visibility: PromptVisibility | None = None
    made_of: Sequence[int] = ()  # pictures that those it awaits are made of
    is_sensitive: bool = False
    reply_policy: ReplyPolicy | None = None
    quote_policy: QuotePolicy = QuotePolicy.EVERYONE
    facets: Sequence[Given] | None = None
    allowed_mention_ids: Collection[int] | None = None
    poll: PollDraft | None = None


def checked_text(text: str) -> str:
    """The text as it is stored. Raises BadInput when it is too long in graphemes or bytes."""
    kept = facet.kept(text, facet.LONGEST_GRAPHEMES, facet.LONGEST_BYTES)
    if kept is None:
        raise BadInput(
            f"A post has at most {facet.LONGEST_GRAPHEMES} characters and {facet.LONGEST_BYTES} bytes.", ["text"]
        )
    return kept


def checked_warning(text: str | None) -> str | None:
    """The content warning as it is stored, None for an empty one. Raises BadInput when it is too long."""
    kept = facet.kept(text or "", LONGEST_CONTENT_WARNING, LONGEST_CONTENT_WARNING * 12)
    if kept is None:
        raise BadInput(f"A content warning has at most {LONGEST_CONTENT_WARNING} characters.", ["contentWarning"])
    return kept or None


async def write(author_id: int, draft: Draft) -> int:
    """Publish a post and tell everybody concerned; gives its id. The caller holds the transaction.

    Raises BadInput (too long, empty, too many images, facets that lie), NotFound (parent, quoted post or image) or Forbidden (policies).
    """
    text = checked_text(draft.text)
    if not text and not draft.attachments and not draft.awaits_pictures:
        raise BadInput("A post has text or an image.", ["text"])
    warning = checked_warning(draft.content_warning)
    attached = await checked_attachments(author_id, draft.attachments)
    asked = None if draft.poll is None else poll.checked(draft.poll)
    await declare(author_id, {one.image_id: one.made_with_ai for one in draft.attachments if one.made_with_ai})
    root = await gate.held_root(draft.reply_to_id) if draft.reply_to_id else None
    parent = await seen(author_id, draft.reply_to_id, "replyToId") if draft.reply_to_id else None
    if parent:
        await gate.check_reply(author_id, root, draft.reply_policy)
    if draft.quoted_post_id:
        quoted = await seen(author_id, draft.quoted_post_id, "quotedPostId")
        await gate.check_quote(author_id, quoted)
    if draft.facets is None:
        facets = await phrasing.found(author_id, text)
    else:
        facets = await phrasing.said(author_id, draft.text, text, draft.facets)
    phrasing.check_allowed(facets, author_id, draft.allowed_mention_ids)
    mentioned = {found.user_id for found in facets if found.user_id is not None}
    audience = draft.visibility
    if parent:
        audience = min(audience, Visibility(parent["visibility"]), key=WIDTH.index)
        if audience is Visibility.UNLISTED:
            audience = draft.visibility
        mentioned.add(parent["author_id"])
    mentioned.discard(author_id)
    pictures = [attachment.image_id for attachment, _ in attached]
    await remix.check_published(pictures)
    shared = await sharing.beginning(
        author_id, audience, [*pictures, *draft.made_of], draft.remix_policy, draft.prompt_visibility
    )
    post_id = await _insert(
        author_id, text, facets, sorted(mentioned), audience, warning, parent, draft.quoted_post_id, shared
    )
    await gate.open_gate(post_id, root, draft.reply_policy, draft.quote_policy, is_sensitive=draft.is_sensitive)
    for position, (attachment, alt_text) in enumerate(attached):
        await PostImage.create(post_id=post_id, image_id=attachment.image_id, position=position, alt_text=alt_text)
    if not (draft.attachments or draft.awaits_pictures or draft.quoted_post_id):
        await link.follow(post_id, facets)
    if asked is not None:
        await poll.begin(post_id, asked)
    await _tell_of_new(author_id, post_id, facets, audience, parent, draft.quoted_post_id)
    if pictures:
        await remix.settle(post_id, author_id)
    return post_id


async def checked_attachments(author_id: int, attachments: Sequence[Attachment]) -> list[tuple[Attachment, str]]:
    if len(attachments) > MOST_IMAGES:
        raise BadInput(f"A post has at most {MOST_IMAGES} images.", ["images"])
    wanted = [attachment.image_id for attachment in attachments]
    if len(set(wanted)) < len(wanted):
        raise BadInput("An image stands in a post once.", ["images"])
    if not wanted:
        return []
    rows = await fetch(
        "SELECT id, alt_text FROM images WHERE owner_id = $1 AND id = ANY($2::bigint[]) AND deleted_at IS NULL FOR SHARE",
        author_id,
        wanted,
    )
    known = {row["id"]: row["alt_text"] for row in rows}
    checked = []
    for index, attachment in enumerate(attachments):
        path = ["images", str(index)]
        if attachment.image_id not in known:
            raise NotFound("There is no such image among yours.", [*path, "imageId"])
        own_text = attachment.alt_text
        checked.append(
            (
                attachment,
                known[attachment.image_id] if own_text is None else checked_alt_text(own_text, [*path, "altText"]),
            )
        )
    return checked


def stored_facets(facets: Sequence[Facet]) -> list[dict[str, object]]:
    """Facets as they stand in a row."""
    return [
        {"start": f.start, "end": f.end, "kind": f.kind.value, "value": f.value, "user_id": f.user_id} for f in facets
    ]


async def _insert(
    author_id: int,
    text: str,
    facets: Sequence[Facet],
    mentioned_ids: Sequence[int],
    audience: Visibility,
    warning: str | None,
    parent: Record | None,
    quoted_post_id: int | None,
    shared: Sharing,
) -> int:
    row = await fetch_one(
        """INSERT INTO posts (id, author_id, text, facets, mentioned_ids, visibility, content_warning, reply_to_id,
            reply_to_author_id, conversation_id, quoted_post_id, remix_policy, prompt_visibility, created_at)
        SELECT new.id, $1, $2, $3::jsonb, $4::bigint[], $5, $6, $7::bigint, $8::bigint, coalesce($9::bigint, new.id), $10::bigint,
            $11, $12, now()
        FROM (SELECT fresque_id() AS id) AS new RETURNING id""",
        author_id,
        text,
        stored_facets(facets),
        list(mentioned_ids),
        audience.value,
        warning,
        parent["id"] if parent else None,
        parent["author_id"] if parent else None,
        parent["conversation_id"] if parent else None,
        quoted_post_id,
        shared.remix_policy.value,
        shared.prompt_visibility.value,
    )
    if row is None:
        raise RuntimeError("A post was not stored.")
    await counter.open_post(row["id"])
    return int(row["id"])


async def _tell_of_new(
    author_id: int,
    post_id: int,
    facets: Sequence[Facet],
    audience: Visibility,
    parent: Record | None,
    quoted_post_id: int | None,
) -> None:
    topics = ["posts", f"author:{author_id}"]
    if audience is Visibility.PUBLIC and (parent is None or parent["author_id"] == author_id):
        topics.append("explore")
    if audience is Visibility.PUBLIC and (tags := facet.hashtags(facets)):
        await hashtag.put(post_id, tags)
        topics.extend(f"hashtag:{tag}" for tag in tags)
    if parent:
        topics.append(f"conversation:{parent['conversation_id']}")
    await record(Kind.POST_CREATED, topics, actor_id=author_id, post_id=post_id)
    await count(author_id, audience, 1, parent["id"] if parent else None, quoted_post_id)


async def count(
    author_id: int, audience: Visibility, by: int, parent_id: int | None, quoted_post_id: int | None
) -> None:
    """Count a post, or its end, where everybody who sees the number could see the post: a person's posts are those for
    everyone, and what is for fewer people than the post it answers or quotes does not move that post's numbers. What a
    private account says moves none but its own. `standing.py` keeps to the same."""
    if audience in OPEN:
        await counter.count_user(author_id, posts=by)
    for other_id, replies, quotes in ((parent_id, by, 0), (quoted_post_id, 0, by)):
        if other_id is None:
            continue
        # Held, so that it does not change its audience, nor its author's account its standing, and count anew meanwhile.
        other = await fetch_one(
            "SELECT p.visibility, p.author_id, u.is_private, u.gone FROM posts p JOIN users u ON u.id = $2 WHERE p.id = $1 FOR SHARE OF p, u",
            other_id,
            author_id,
        )
        if other is None or other["gone"] or (other["is_private"] and other["author_id"] != author_id):
            continue
        if moves_numbers(audience, Visibility(other["visibility"])):
            await counter.count_post(other_id, replies=replies, quotes=quotes)
            await record(Kind.POST_COUNTED, [f"post:{other_id}"], actor_id=author_id, post_id=other_id)


def moves_numbers(audience: Visibility, other: Visibility) -> bool:
    """Whether a post for this audience counts in the numbers of a post for that other one."""
    return audience in OPEN or WIDTH.index(audience) >= WIDTH.index(other)


async def delete(viewer_id: int, post_id: int) -> None:
    """Take one's own post back everywhere. What was said in it is erased; a tombstone stays in its conversation.

    The caller holds the transaction. Raises NotFound when the viewer does not see it, Forbidden when it is another's.
    """
    row = await seen(viewer_id, post_id, "postId", to_change=True)
    if row["author_id"] != viewer_id:
        raise Forbidden("Only its author deletes a post.", ["postId"])
    gone = await fetch(
        "UPDATE posts SET deleted_at = now(), text = '', facets = '[]', content_warning = NULL"
        " WHERE id = $1 AND deleted_at IS NULL RETURNING id",
        post_id,
    )
    if not gone:
        raise NotFound("There is no such post.", ["postId"])
    await PostImage.filter(post_id=post_id).delete()
    await remix.settle(post_id, viewer_id)
    await remix.tell_remixes([post_id], viewer_id)
    await fetch("DELETE FROM post_versions WHERE post_id = $1", post_id)
    await poll.forget(post_id)
    await fetch("UPDATE users SET pinned_post_id = NULL WHERE pinned_post_id = $1", post_id)
    await counter.count_post(post_id)
    reposters = await fetch(
        "SELECT user_id FROM reposts WHERE post_id = $1 ORDER BY id LIMIT $2", post_id, MOST_ROUTED_REPOSTERS + 1
    )
    topics = ["posts", f"author:{viewer_id}", f"post:{post_id}", f"conversation:{row['conversation_id']}"]
    if row["visibility"] == Visibility.PUBLIC.value and row["reply_to_author_id"] in (None, viewer_id):
        topics.append("explore")
    topics.extend(f"hashtag:{tag}" for tag in await hashtag.take(post_id))
    if len(reposters) > MOST_ROUTED_REPOSTERS:
        topics.append("home")
    else:
        topics.extend(f"author:{reposter['user_id']}" for reposter in reposters)
    await record(Kind.POST_DELETED, dict.fromkeys(topics), actor_id=viewer_id, post_id=post_id)
    if await fetch("SELECT 1 FROM posts WHERE reply_to_id = $1 AND deleted_at IS NULL LIMIT 1", post_id):
        await record(Kind.REPLIES_ORPHANED, [f"author:{viewer_id}"], actor_id=viewer_id, post_id=post_id)
    quoted_post_id = None if row["is_detached"] else row["quoted_post_id"]
    await count(viewer_id, Visibility(row["visibility"]), -1, row["reply_to_id"], quoted_post_id)
