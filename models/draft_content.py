"""What a draft says: posts to be, who they are for, and the wish for their pictures. How it is stored, bounded and published.

A draft may say what no post may (too much text, an answer to what is gone): it is checked as posts are when it is scheduled,
and when it is published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import orjson

from errors import BadInput, NotFound, Refusal
from models import facet, job_move, poll, style_code
from models.consent import PromptVisibility, RemixPolicy
from models.database import fetch
from models.disclosure import AiKind
from models.engine import known
from models.image import checked_alt_text
from models.job import JobKind, JobPriority
from models.policy import QuotePolicy, ReplyPolicy
from models.poll import PollDraft
from models.publishing import MOST_IMAGES, Attachment, Draft, write
from models.transaction import transaction
from models.visibility import Visibility
from models.wish import LONGEST_PROMPT_BYTES, LONGEST_PROMPT_GRAPHEMES, Wish, checked

MOST_POSTS = 25
LONGEST_TEXT_GRAPHEMES = 3_000  # six times a post: to be cut down, not to be lost
LONGEST_TEXT_BYTES = 18_000
LONGEST_WARNING_GRAPHEMES = 200
LONGEST_OPTION_GRAPHEMES = 200
LONGEST_WORD_CHARACTERS = 200  # of what a wish names: engines, models, styles, seeds
LARGEST_BYTES = 98_304  # all of it: a request has little more


@dataclass(frozen=True, slots=True)
class PostContent:
    """One post of a draft."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    quoted_post_id: int | None = None
    content_warning: str | None = None
    is_sensitive: bool = False
    poll: PollDraft | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """All that a draft says. More than one post is a thread. What the wish makes goes into the first; `alt_text` is of that."""

    posts: tuple[PostContent, ...] = (PostContent(),)
    reply_to_id: int | None = None
    visibility: Visibility = Visibility.PUBLIC
    wish: Wish | None = None
    alt_text: str | None = None
    remix_policy: RemixPolicy | None = None
    prompt_visibility: PromptVisibility | None = None
    reply_policy: ReplyPolicy | None = None
    quote_policy: QuotePolicy = QuotePolicy.EVERYONE

    @property
    def image_ids(self) -> list[int]:
        """The pictures that it needs, each once."""
        shown = [one.image_id for post in self.posts for one in post.attachments]
        given = [] if self.wish is None else [image_id for _, _, image_id in self.wish.inputs]
        return sorted({*shown, *given})


def stored(content: Content) -> dict[str, Any]:
    """A content as it stands in a row."""
    return asdict(content)


def content_of(row: Mapping[str, Any]) -> Content:
    """The content out of what `stored` gave, of this version or an earlier one."""
    wish = row.get("wish")
    return Content(
        tuple(
            PostContent(
                post["text"],
                tuple(map(_attachment, post["attachments"])),
                post["quoted_post_id"],
                post["content_warning"],
                post.get("is_sensitive", False),
                PollDraft(**post["poll"]) if post.get("poll") else None,
            )
            for post in row["posts"]
        ),
        row["reply_to_id"],
        Visibility(row["visibility"]),
        None if wish is None else _wish(wish),
        row["alt_text"],
        RemixPolicy(row["remix_policy"]) if row.get("remix_policy") else None,
        PromptVisibility(row["prompt_visibility"]) if row.get("prompt_visibility") else None,
        ReplyPolicy(row["reply_policy"]) if row.get("reply_policy") else None,
        QuotePolicy(row.get("quote_policy", "EVERYONE")),
    )


def _attachment(row: Mapping[str, Any]) -> Attachment:
    declared = row.get("made_with_ai")
    return Attachment(row["image_id"], row["alt_text"], AiKind(declared) if declared else None)


def _wish(row: Mapping[str, Any]) -> Wish:
    names = {field.name for field in fields(Wish)}
    found = replace(Wish(""), **{name: value for name, value in row.items() if name in names})
    return replace(
        found,
        kind=JobKind(found.kind),
        priority=JobPriority(found.priority),
        references=tuple(found.references),
    )


async def bounded(owner_id: int, content: Content) -> Content:
    """The content as it is kept. Raises BadInput for what is too much, and NotFound for a picture that is not the owner's."""
    if not 1 <= len(content.posts) <= MOST_POSTS:
        raise BadInput(f"A draft has 1 to {MOST_POSTS} posts.", ["content", "posts"])
    await _own(owner_id, content)
    kept = replace(
        content,
        posts=tuple(_post(post, ["content", "posts", str(index)]) for index, post in enumerate(content.posts)),
        wish=None if content.wish is None else _wished(content.wish),
        alt_text=None if content.alt_text is None else checked_alt_text(content.alt_text, ["content", "altText"]),
    )
    if len(orjson.dumps(stored(kept))) > LARGEST_BYTES:
        raise BadInput(f"A draft has at most {LARGEST_BYTES:,} bytes.", ["content"])
    return kept


async def _own(owner_id: int, content: Content) -> None:
    rows = await fetch(
        "SELECT id FROM images WHERE owner_id = $1 AND id = ANY($2::bigint[]) AND deleted_at IS NULL FOR SHARE",
        owner_id,
        content.image_ids,
    )
    own = {row["id"] for row in rows}
    for at, post in enumerate(content.posts):
        for place, one in enumerate(post.attachments):
            if one.image_id not in own:
                path = ["content", "posts", str(at), "images", str(place), "imageId"]
                raise NotFound("There is no such image among yours.", path)
    wish = content.wish
    if wish is not None and set(wish.references) - own - {wish.remix_image_id}:  # that one may be another's
        raise NotFound("There is no such picture of yours.", ["content", "wish", "referenceIds"])


def _post(post: PostContent, path: Sequence[str]) -> PostContent:
    text = facet.kept(post.text, LONGEST_TEXT_GRAPHEMES, LONGEST_TEXT_BYTES)
    if text is None:
        raise BadInput(f"A draft's text has at most {LONGEST_TEXT_GRAPHEMES:,} characters.", [*path, "text"])
    warning = facet.kept(post.content_warning or "", LONGEST_WARNING_GRAPHEMES, LONGEST_WARNING_GRAPHEMES * 12)
    if warning is None:
        raise BadInput(
            f"A content warning has at most {LONGEST_WARNING_GRAPHEMES} characters here.", [*path, "contentWarning"]
        )
    wanted = [one.image_id for one in post.attachments]
    if len(wanted) > MOST_IMAGES or len(set(wanted)) < len(wanted):
        raise BadInput(f"A post has at most {MOST_IMAGES} images, each once.", [*path, "images"])
    images = tuple(
        Attachment(
            one.image_id,
            None if one.alt_text is None else checked_alt_text(one.alt_text, [*path, "images", str(place), "altText"]),
            one.made_with_ai,
        )
        for place, one in enumerate(post.attachments)
    )
    asked = None if post.poll is None else _asked(post.poll, [*path, "poll"])
    return replace(post, text=text, attachments=images, content_warning=warning or None, poll=asked)


def _asked(given: PollDraft, path: Sequence[str]) -> PollDraft:
    """A poll as it is kept: its answers may be few, empty and too long."""
    if len(given.options) > poll.MOST_OPTIONS:
        raise BadInput(f"A poll has at most {poll.MOST_OPTIONS} answers.", [*path, "options"])
    if not poll.SHORTEST_MINUTES <= given.minutes <= poll.LONGEST_MINUTES:
        raise BadInput(f"A poll is open for {poll.SHORTEST_MINUTES} minutes to 7 days.", [*path, "minutes"])
    options: list[str] = []
    for index, text in enumerate(given.options):
        kept = facet.kept(text, LONGEST_OPTION_GRAPHEMES, LONGEST_OPTION_GRAPHEMES * 12)
        if kept is None:
            raise BadInput(
                f"An answer has at most {LONGEST_OPTION_GRAPHEMES} characters here.", [*path, "options", str(index)]
            )
        options.append(kept)
    return replace(given, options=options)


def _wished(wish: Wish) -> Wish:
    path = ["content", "wish"]
    if len(wish.references) > job_move.MOST_REFERENCES:
        raise BadInput(f"At most {job_move.MOST_REFERENCES} pictures to learn from are taken.", [*path, "referenceIds"])
    prompt = facet.kept(wish.prompt, LONGEST_PROMPT_GRAPHEMES, LONGEST_PROMPT_BYTES)
    if prompt is None:
        raise BadInput(f"A prompt has at most {LONGEST_PROMPT_GRAPHEMES:,} characters.", [*path, "prompt"])
    negative = facet.kept(wish.negative_prompt or "", LONGEST_PROMPT_GRAPHEMES, LONGEST_PROMPT_BYTES)
    if negative is None:
        raise BadInput("This says too much of what not to show.", [*path, "negativePrompt"])
    words = (wish.engine, wish.model, wish.seed, wish.style, wish.background, wish.quality, wish.output_format)
    if any(len(word) > LONGEST_WORD_CHARACTERS or facet.clean(word) != word for word in words if word is not None):
        raise BadInput("There is no such setting.", path)
    return replace(wish, prompt=prompt, negative_prompt=negative or None)


class _Rehearsed(Exception):
    """Everything went well, and is taken back."""


async def rehearse(owner_id: int, content: Content, *, in_the_open: bool) -> None:
    """Check that a content could be published now: it is, and taken back. Nothing stays. The caller holds the transaction.

    Raises what publishing it would raise, with paths into the content. Credits and places in the queue are not asked for:
    what a wish costs is reserved when it is run.
    """
    wish = content.wish
    if wish is not None:
        try:
            order = checked(wish, await known(), await job_move.given(owner_id, wish))
            await style_code.painted(owner_id, order.style, wish.image)
        except Refusal as refusal:
            refusal.path = ("content", "wish", *refusal.path)
            raise
        shown = len(content.posts[0].attachments)
        if shown and in_the_open:
            raise BadInput("A post that is made in the open begins without pictures.", ["inTheOpen"])
        if shown + order.count > MOST_IMAGES:
            raise BadInput(f"A post has at most {MOST_IMAGES} images.", ["content", "posts", "0", "images"])
    try:
        async with transaction():
            await publish(owner_id, content, awaits_pictures=wish is not None)
            raise _Rehearsed
    except _Rehearsed:
        return


async def publish(owner_id: int, content: Content, *, awaits_pictures: bool = False) -> list[int]:
    """Publish the posts, each answering the one before; their ids in order. The caller holds the transaction.

    Raises what `publishing.write` does, with paths into the content.
    """
    ids: list[int] = []
    for index in range(len(content.posts)):
        try:
            ids.append(await write(owner_id, draft_of(content, index, ids, awaits_pictures=awaits_pictures)))
        except Refusal as refusal:
            path = () if refusal.path[:1] in (("replyToId",), ("replyPolicy",)) else ("posts", str(index))
            refusal.path = ("content", *path, *refusal.path)
            raise
    return ids


def draft_of(content: Content, index: int, before: Sequence[int], *, awaits_pictures: bool = False) -> Draft:
    """One post of a content as publishing takes it; `before` are the ids of those that stand before it."""
    post = content.posts[index]
    return Draft(
        post.text,
        post.attachments,
        before[-1] if before else content.reply_to_id,
        post.quoted_post_id,
        content.visibility,
        post.content_warning,
        awaits_pictures=awaits_pictures and index == 0,
        remix_policy=content.remix_policy,
        prompt_visibility=content.prompt_visibility,
        is_sensitive=post.is_sensitive,
        reply_policy=None if before else content.reply_policy,
        quote_policy=content.quote_policy,
        poll=post.poll,
    )
