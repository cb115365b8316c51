"""What one does not want to read: people for a while, conversations, words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import strawberry
from strawberry import UNSET

from errors import BadInput, NotFound
from models import conversation_mute, mute, muted_word, node_id
from models.card import PostRow
from models.muted_word import WordAction, WordRow, WordScope
from models.post import seen
from models.standing import is_there
from resolvers import page
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.page import PageInfoRow
from resolvers.payload import Payload, PostPayloadRow, UserPayloadRow
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

SHORTEST_SECONDS = 1
LONGEST_SECONDS = 366 * 86_400
DURATION = "For how many seconds, 1 to 31,622,400 (a leap year); left out or null: for good."


@strawberry.input(description="Whom to mute. Muting again changes for how long.")
class MuteUserInput:
    user_id: strawberry.ID = strawberry.field(description="Another person.")
    duration_seconds: int | None = strawberry.field(description=DURATION, default=UNSET)
    mutes_notifications: bool = strawberry.field(
        description="Whether what they do is to give no notification either.", default=True
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Which conversation to mute.")
class MuteConversationInput:
    post_id: strawberry.ID = strawberry.field(description="Any post of it that the viewer may see.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Which conversation to mute no longer.")
class UnmuteConversationInput:
    post_id: strawberry.ID = strawberry.field(description="Any post of it.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(
    description="A word to mute; at most 200 a person. Muting it again changes where, how and for how long."
)
class MuteWordInput:
    text: str = strawberry.field(
        description="A word, a phrase, a picture or a tag (#tag); at most 100 characters. Case, width and punctuation do not"
        " matter. Without # it is found in tags, too."
    )
    scope: WordScope = strawberry.field(description="Where it counts.", default=WordScope.HOME)
    action: WordAction = strawberry.field(description="What becomes of a post that says it.", default=WordAction.HIDE)
    whole_word: bool = strawberry.field(
        description="Whether it must stand by itself; false: parts of words count, too. Scripts that are written without blanks"
        " know no difference.",
        default=True,
    )
    duration_seconds: int | None = strawberry.field(description=DURATION, default=UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A word to mute no longer.")
class UnmuteWordInput:
    word_id: strawberry.ID = strawberry.field(description="One of the viewer's own.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class WordEdgeRow:
    """A word in the viewer's list."""

    cursor: str
    node: WordRow


@dataclass(frozen=True, slots=True)
class WordsRow:
    """One page of the viewer's muted words."""

    edges: Sequence[WordEdgeRow]
    page_info: PageInfoRow


@dataclass(frozen=True, slots=True)
class WordPayloadRow(Payload):
    """A muted word as it is now."""

    word: WordRow | None = None


@dataclass(frozen=True, slots=True)
class WordGoneRow(Payload):
    """Which word is muted no longer."""

    unmuted_word_id: str | None = None


async def muted_words(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> WordsRow:
    """The words the viewer mutes, newest first."""
    question = page.asked(first, after, last, before)
    rows = await muted_word.words(parent.id, question.window(newest_first=True))
    found = page.page_of(question, rows, lambda row: row.id)
    return WordsRow([WordEdgeRow(page.encode(row.id), row) for row in found.items], found.page_info)


def _end(seconds: int | None) -> datetime | None:
    if not isinstance(seconds, int):
        return None
    if not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
        raise BadInput(f"A duration is {SHORTEST_SECONDS} to {LONGEST_SECONDS:,} seconds.", ["durationSeconds"])
    return datetime.now(UTC) + timedelta(seconds=seconds)


async def mute_user(info: Info, input: MuteUserInput) -> UserPayloadRow:
    """Mute: their posts leave the viewer's timelines."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("user", input.user_id, "userId")
        end = _end(input.duration_seconds)
        if not await is_there(number):
            raise NotFound("There is no such person.", ["userId"])
        await mute.mute(viewer_id, number, end, mutes_notifications=input.mutes_notifications)
        return {"user": number}

    outcome = await perform(info.context, "muteUser", input, act)
    number = outcome.found.get("user")
    return UserPayloadRow(outcome.user_errors, await info.context.loaders.users.load(number) if number else None)


async def mute_conversation(info: Info, input: MuteConversationInput) -> PostPayloadRow:
    """Mute a conversation; twice is the same as once."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("post", input.post_id, "postId")
        await seen(viewer_id, number, "postId")
        await conversation_mute.mute(viewer_id, number)
        return {"post": number}

    return await _post(info, "muteConversation", input, act)


async def unmute_conversation(info: Info, input: UnmuteConversationInput) -> PostPayloadRow:
    """Mute a conversation no longer, whether or not one still sees the post."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("post", input.post_id, "postId")
        if not await conversation_mute.unmute(viewer_id, number):
            await seen(viewer_id, number, "postId")
        return {"post": number}

    return await _post(info, "unmuteConversation", input, act)


async def _post(info: Info, name: str, given: Any, act: Any) -> PostPayloadRow:
    outcome = await perform(info.context, name, given, act)
    if not outcome.done:
        return PostPayloadRow(outcome.user_errors)
    row = await info.context.loaders.posts.load(outcome.found["post"])
    return PostPayloadRow((), row if isinstance(row, PostRow) else None)


async def mute_word(info: Info, input: MuteWordInput) -> WordPayloadRow:
    """Mute a word."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = await muted_word.mute(
            viewer_id,
            input.text,
            whole_word=input.whole_word,
            scope=input.scope,
            action=input.action,
            expires_at=_end(input.duration_seconds),
        )
        return {"word": number}

    outcome = await perform(info.context, "muteWord", input, act)
    number = outcome.found.get("word")
    word = await muted_word.word_of(info.context.viewer_id, number) if number else None
    return WordPayloadRow(outcome.user_errors, word)


async def unmute_word(info: Info, input: UnmuteWordInput) -> WordGoneRow:
    """Mute a word no longer."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("word", input.word_id, "wordId")
        await muted_word.unmute(viewer_id, number)
        return {"word": number}

    outcome = await perform(info.context, "unmuteWord", input, act)
    number = outcome.found.get("word")
    return WordGoneRow(outcome.user_errors, node_id.encode("word", number) if number else None)
