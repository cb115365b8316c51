"""What a client says of a draft: the inputs, and the content they come to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET

from errors import BadInput, Refusal
from models.consent import PromptVisibility, RemixPolicy
from models.draft_content import Content, PostContent
from models.job import JobKind
from models.policy import QuotePolicy, ReplyPolicy
from models.visibility import Visibility
from resolvers.draft import SENSITIVE, PostImageInput, attachments_of
from resolvers.node import number_in
from resolvers.poll_input import PollInput, draft_of
from resolvers.post import PROMPTS, REMIX_POLICY
from resolvers.user import KEY_HELP
from resolvers.wish import GenerateImagesInput, wish_of

OWN_DRAFT = "A draft of the viewer's own."
EXPECTED = (
    "The version that is to be changed: when it has another by now the answer is CONFLICT, with the draft as it is. Left out or"
    " null: whatever it has."
)
IN_THE_OPEN = (
    "Where pictures are to be made: whether the post appears at once and they come into it. Otherwise it appears when they are"
    " made."
)


@strawberry.input(description="One post of a draft. It may be longer than a post, and say nothing.")
class DraftPostInput:
    text: str = strawberry.field(description="At most 3,000 characters; a post has 500.", default="")
    images: list[PostImageInput] | None = strawberry.field(description="At most 4, each once, in order.", default=UNSET)
    quoted_post_id: strawberry.ID | None = strawberry.field(description="The post it quotes.", default=UNSET)
    content_warning: str | None = strawberry.field(
        description="Shown instead of the content until asked for; at most 200 characters, a post's has 100.",
        default=UNSET,
    )
    is_sensitive: bool = strawberry.field(description=SENSITIVE, default=False)
    poll: PollInput | None = strawberry.field(
        description="A poll to put into it, open from when it is published. It may lack answers, and they may be empty or have"
        " up to 200 characters.",
        default=UNSET,
    )


@strawberry.input(
    description="All that a draft says: what is left out is not in it. Whether it could be published is asked when it is scheduled"
    " and when it is published."
)
class DraftContentInput:
    posts: list[DraftPostInput] = strawberry.field(
        description="1 to 25; more than one are a thread, each answering the one before."
    )
    reply_to_id: strawberry.ID | None = strawberry.field(
        description="The post that the first one answers.", default=UNSET
    )
    visibility: Visibility = strawberry.field(description="Who may see all of it.", default=Visibility.PUBLIC)
    wish: GenerateImagesInput | None = strawberry.field(
        description="Pictures to be made for the first post before it is published. Without `publish` and `idempotencyKey`.",
        default=UNSET,
    )
    alt_text: str | None = strawberry.field(
        description="What those pictures will show; at most 2,000 characters. Left out: what the engine says of each.",
        default=UNSET,
    )
    reply_policy: ReplyPolicy | None = strawberry.field(
        description="Who may answer in the conversation that it begins; left out or null: everybody.", default=UNSET
    )
    quote_policy: QuotePolicy = strawberry.field(description="Who may quote it.", default=QuotePolicy.EVERYONE)
    remix_policy: RemixPolicy | None = strawberry.field(description=REMIX_POLICY, default=UNSET)
    prompt_visibility: PromptVisibility | None = strawberry.field(description=PROMPTS, default=UNSET)


@strawberry.input(description="A draft to keep, a new one or a change of one; at most 200 a person.")
class SaveDraftInput:
    draft_id: strawberry.ID | None = strawberry.field(description=OWN_DRAFT + " Left out: a new one.", default=UNSET)
    expected_version: int | None = strawberry.field(description=EXPECTED, default=UNSET)
    content: DraftContentInput = strawberry.field(description="What it says from now on.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A draft to forget.")
class DeleteDraftInput:
    draft_id: strawberry.ID = strawberry.field(description=OWN_DRAFT)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(
    description="A draft, or something new, to publish at a time. At most 300 wait, 50 of them on one day (UTC)."
)
class SchedulePostInput:
    draft_id: strawberry.ID | None = strawberry.field(
        description=OWN_DRAFT + " Left out: a new one, of `content`.", default=UNSET
    )
    expected_version: int | None = strawberry.field(description=EXPECTED, default=UNSET)
    content: DraftContentInput | None = strawberry.field(
        description="What it says from now on. Left out: what the draft says.", default=UNSET
    )
    publish_at: datetime = strawberry.field(
        description="When: at least a minute and at most a year from now. Given again, it is another time."
    )
    in_the_open: bool = strawberry.field(description=IN_THE_OPEN, default=False)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A draft to take its time from.")
class UnscheduleDraftInput:
    draft_id: strawberry.ID = strawberry.field(description=OWN_DRAFT)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A draft to publish now, scheduled or not.")
class PublishDraftInput:
    draft_id: strawberry.ID = strawberry.field(description=OWN_DRAFT)
    expected_version: int | None = strawberry.field(description=EXPECTED, default=UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


def content_of(given: DraftContentInput) -> Content:
    """What a client says of a draft. Raises NotFound for ids that are none, BadInput for a wish that says too much."""
    posts = tuple(_at(["content", "posts", str(index)], _post, post) for index, post in enumerate(given.posts))
    wish = given.wish if isinstance(given.wish, GenerateImagesInput) else None
    if wish is not None and (wish.publish or wish.idempotency_key):
        raise BadInput("A draft's wish has neither a post nor a key of its own.", ["content", "wish"])
    return Content(
        posts,
        number_in("post", given.reply_to_id, "content.replyToId") if given.reply_to_id else None,
        given.visibility,
        None if wish is None else _at(["content", "wish"], lambda one: wish_of(one, JobKind.GENERATE), wish),
        given.alt_text if isinstance(given.alt_text, str) else None,
        given.remix_policy or None,
        given.prompt_visibility or None,
        given.reply_policy or None,
        given.quote_policy,
    )


def _post(given: DraftPostInput) -> PostContent:
    return PostContent(
        given.text,
        tuple(attachments_of(given.images or ())),
        number_in("post", given.quoted_post_id, "quotedPostId") if given.quoted_post_id else None,
        given.content_warning or None,
        given.is_sensitive,
        draft_of(given.poll) if isinstance(given.poll, PollInput) else None,
    )


def _at(path: Sequence[str], read: Callable[[Any], Any], given: Any) -> Any:
    """What `read` makes of a part of an input; the path of its refusal leads to that part."""
    try:
        return read(given)
    except Refusal as refusal:
        refusal.path = (*path, *refusal.path)
        raise
