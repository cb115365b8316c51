"""Gates: who may answer and quote, asked when something is written and changed afterwards; replies hidden, quotes detached.

Who began a conversation says who may answer in it and which answers are folded away; who is quoted may take their post out
of a quote. The post of the other stays as it is and is reached as before. The caller holds the transaction everywhere.
"""

from __future__ import annotations

from asyncpg import Record

from errors import BadInput, Forbidden
from models import counter
from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record
from models.policy import QuotePolicy, ReplyPolicy
from models.post import is_for_anyone, seen

MOST_TOLD = 200  # answers on open screens that hear of a new policy at once; further ones when they are fetched


async def held_root(post_id: int) -> Record | None:
    """The beginning of the conversation that a post stands in, which keeps its policy until the transaction ends.

    It is held before the post itself: whoever changes the policy holds it first, too.
    """
    return await fetch_one(
        """SELECT root.author_id, root.reply_policy, root.mentioned_ids FROM posts p JOIN posts root
        ON root.id = p.conversation_id WHERE p.id = $1 FOR SHARE OF root""",
        post_id,
    )


async def check_reply(viewer_id: int, root: Record | None, asked: ReplyPolicy | None) -> None:
    """Whether the viewer may answer in the conversation that begins with `root`.

    Raises Forbidden, and BadInput for a policy on an answer: it has that of its conversation.
    """
    if asked is not None:
        raise BadInput("Who may reply is said where the conversation begins.", ["replyPolicy"])
    if root is None or root["author_id"] == viewer_id:
        return
    policy = ReplyPolicy(root["reply_policy"])
    if policy is ReplyPolicy.EVERYONE:
        return
    if policy is not ReplyPolicy.NOBODY:
        if viewer_id in root["mentioned_ids"]:
            return
        if policy is ReplyPolicy.FOLLOWING and await _follows(root["author_id"], viewer_id):
            return
    raise Forbidden("Whoever began this conversation does not take replies from you.", ["replyToId"])


async def check_quote(viewer_id: int, quoted: Record) -> None:
    """Raise Forbidden unless the viewer may quote this row, which they see."""
    if quoted["author_id"] == viewer_id:
        return
    policy = QuotePolicy(quoted["quote_policy"])
    is_open = is_for_anyone(quoted)
    if is_open and policy is QuotePolicy.EVERYONE:
        return
    if is_open and policy is QuotePolicy.FOLLOWERS and await _follows(viewer_id, quoted["author_id"]):
        return
    raise Forbidden("This post may not be quoted.", ["quotedPostId"])


async def _follows(follower_id: int, followee_id: int) -> bool:
    found = await fetch("SELECT 1 FROM follows WHERE follower_id = $1 AND followee_id = $2", follower_id, followee_id)
    return bool(found)


async def open_gate(
    post_id: int, root: Record | None, reply: ReplyPolicy | None, quote: QuotePolicy, *, is_sensitive: bool
) -> None:
    """Set what a new post says of its gates; an answer takes the policy of its conversation, which begins with `root`."""
    policy = reply or ReplyPolicy.EVERYONE if root is None else ReplyPolicy(root["reply_policy"])
    if (policy, quote, is_sensitive) != (ReplyPolicy.EVERYONE, QuotePolicy.EVERYONE, False):
        await fetch(
            "UPDATE posts SET reply_policy = $2, quote_policy = $3, is_sensitive = $4 WHERE id = $1",
            post_id,
            policy.value,
            quote.value,
            is_sensitive,
        )


async def set_reply_policy(viewer_id: int, post_id: int, policy: ReplyPolicy) -> None:
    """Say anew who may answer in a conversation one began; answers that are there stay.

    Raises NotFound, Forbidden for another's post, BadInput for one that answers another.
    """
    row = await _own(viewer_id, post_id)
    if row["reply_to_id"] is not None:
        raise BadInput("Who may reply is said where the conversation begins.", ["postId"])
    if row["reply_policy"] == policy.value:
        return
    changed = await fetch(
        "UPDATE posts SET reply_policy = $2 WHERE conversation_id = $1 AND reply_policy <> $2 RETURNING id",
        post_id,
        policy.value,
    )
    for number in sorted((answer["id"] for answer in changed), reverse=True)[: MOST_TOLD + 1]:
        await tell(viewer_id, number)
    if len(changed) > MOST_TOLD + 1:
        await tell(viewer_id, post_id)


async def set_quote_policy(viewer_id: int, post_id: int, policy: QuotePolicy) -> None:
    """Say anew who may quote a post of one's own; quotes that are there stay. Raises NotFound, Forbidden."""
    if (await _own(viewer_id, post_id))["quote_policy"] != policy.value:
        await fetch("UPDATE posts SET quote_policy = $2 WHERE id = $1", post_id, policy.value)
        await tell(viewer_id, post_id)


async def set_sensitive(viewer_id: int, post_id: int, *, is_sensitive: bool) -> None:
    """Mark the pictures of a post of one's own, or unmark them. Raises NotFound, Forbidden."""
    await _own(viewer_id, post_id)
    await mark_sensitive(post_id, is_sensitive=is_sensitive)


async def mark_sensitive(post_id: int, *, is_sensitive: bool) -> bool:
    """Mark the pictures of a post, whoever finds that they are; True if that is new."""
    rows = await fetch(
        "UPDATE posts SET is_sensitive = $2 WHERE id = $1 AND is_sensitive <> $2 AND deleted_at IS NULL RETURNING author_id",
        post_id,
        is_sensitive,
    )
    if rows:
        await tell(rows[0]["author_id"], post_id)
    return bool(rows)


async def _own(viewer_id: int, post_id: int) -> Record:
    row = await seen(viewer_id, post_id, "postId", to_change=True)
    if row["author_id"] != viewer_id:
        raise Forbidden("Only its author changes this.", ["postId"])
    return row


async def hide_reply(viewer_id: int, post_id: int) -> None:
    """Fold an answer in a conversation one began away. It stays reachable, and where else it stands.

    Raises NotFound, and Forbidden where the conversation is another's or the post is one's own or no answer.
    """
    await _hide(viewer_id, post_id, hidden=True)


async def unhide_reply(viewer_id: int, post_id: int) -> None:
    """Put an answer back among the others. Raises what `hide_reply` does."""
    await _hide(viewer_id, post_id, hidden=False)


async def _hide(viewer_id: int, post_id: int, *, hidden: bool) -> None:
    row = await seen(viewer_id, post_id, "postId", to_change=True)
    root = await fetch_value("SELECT author_id FROM posts WHERE id = $1", row["conversation_id"])
    if row["reply_to_id"] is None or root != viewer_id or row["author_id"] == viewer_id:
        raise Forbidden("Replies of others are hidden by whoever began the conversation.", ["postId"])
    if row["is_hidden"] is not hidden:
        await fetch("UPDATE posts SET is_hidden = $2 WHERE id = $1", post_id, hidden)
        await tell(viewer_id, post_id)


async def tell(actor_id: int, post_id: int) -> None:
    """Everybody who has the post on screen gets it anew."""
    await counter.count_post(post_id)
    await record(Kind.POST_COUNTED, [f"post:{post_id}"], actor_id=actor_id, post_id=post_id)
