"""Gates: who may answer and quote, changed afterwards; replies folded away, quotes detached, pictures covered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import strawberry

from models import gate, preference, quote
from models.card import PostRow
from models.policy import QuotePolicy, ReplyPolicy
from models.preference import InterfaceLanguage
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.payload import Payload, PostPayloadRow
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

Verb = Callable[[int, int], Awaitable[None]]
REPLY = "A reply of another's, at any depth, in a conversation that the viewer began."
QUOTE = "A post that quotes one of the viewer's own."
OWN = "A post of one's own."


@strawberry.input(description="Who may answer from now on.")
class SetReplyPolicyInput:
    post_id: strawberry.ID = strawberry.field(description="A post of one's own that is no reply.")
    reply_policy: ReplyPolicy = strawberry.field(description="Who may answer, in all of the conversation.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="Who may quote from now on.")
class SetQuotePolicyInput:
    post_id: strawberry.ID = strawberry.field(description=OWN)
    quote_policy: QuotePolicy = strawberry.field(description="Who may quote it.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="Whether the pictures of a post are covered until asked for.")
class SetPostSensitiveInput:
    post_id: strawberry.ID = strawberry.field(description=OWN)
    is_sensitive: bool = strawberry.field(description="Whether they are.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A reply to fold away.")
class HideReplyInput:
    post_id: strawberry.ID = strawberry.field(description=REPLY)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A reply to put back among the others.")
class UnhideReplyInput:
    post_id: strawberry.ID = strawberry.field(description=REPLY)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A quote to take one's own post out of.")
class DetachQuoteInput:
    post_id: strawberry.ID = strawberry.field(description=QUOTE)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A quote to put one's own post back into.")
class ReattachQuoteInput:
    post_id: strawberry.ID = strawberry.field(description=QUOTE)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="What to change of how things are shown to the viewer; what is left out stays.")
class UpdatePreferencesInput:
    shows_sensitive: bool | None = strawberry.field(
        description="Whether pictures marked as sensitive are shown at once.", default=strawberry.UNSET
    )
    language: InterfaceLanguage | None = strawberry.field(
        description="In which they are written to: mail, and what is pushed to devices that named none.",
        default=strawberry.UNSET,
    )
    decision_mail: bool | None = strawberry.field(
        description="Whether they are written to when moderators decide something about them. Of suspensions they always are.",
        default=strawberry.UNSET,
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@dataclass(frozen=True, slots=True)
class PreferencesPayloadRow(Payload):
    """Whose preferences changed."""

    viewer: ViewerRow | None = None


async def _changed(info: Info, name: str, given: Any, verb: Verb) -> PostPayloadRow:
    """Do something to a post, and answer with it as it is then."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("post", given.post_id, "postId")
        await verb(viewer_id, number)
        return {"post": number}

    outcome = await perform(info.context, name, given, act)
    if not outcome.done:
        return PostPayloadRow(outcome.user_errors)
    row = await info.context.loaders.posts.load(outcome.found["post"])
    return PostPayloadRow((), row if isinstance(row, PostRow) else None)


async def set_reply_policy(info: Info, input: SetReplyPolicyInput) -> PostPayloadRow:
    """Say anew who may answer."""

    async def verb(viewer_id: int, post_id: int) -> None:
        await gate.set_reply_policy(viewer_id, post_id, input.reply_policy)

    return await _changed(info, "setReplyPolicy", input, verb)


async def set_quote_policy(info: Info, input: SetQuotePolicyInput) -> PostPayloadRow:
    """Say anew who may quote."""

    async def verb(viewer_id: int, post_id: int) -> None:
        await gate.set_quote_policy(viewer_id, post_id, input.quote_policy)

    return await _changed(info, "setQuotePolicy", input, verb)


async def set_post_sensitive(info: Info, input: SetPostSensitiveInput) -> PostPayloadRow:
    """Cover pictures, or uncover them."""

    async def verb(viewer_id: int, post_id: int) -> None:
        await gate.set_sensitive(viewer_id, post_id, is_sensitive=input.is_sensitive)

    return await _changed(info, "setPostSensitive", input, verb)


async def hide_reply(info: Info, input: HideReplyInput) -> PostPayloadRow:
    """Fold a reply away; twice is the same as once."""
    return await _changed(info, "hideReply", input, gate.hide_reply)


async def unhide_reply(info: Info, input: UnhideReplyInput) -> PostPayloadRow:
    """Put a reply back; twice is the same as once."""
    return await _changed(info, "unhideReply", input, gate.unhide_reply)


async def detach_quote(info: Info, input: DetachQuoteInput) -> PostPayloadRow:
    """Take one's own post out of a quote; twice is the same as once."""
    return await _changed(info, "detachQuote", input, quote.detach)


async def reattach_quote(info: Info, input: ReattachQuoteInput) -> PostPayloadRow:
    """Put one's own post back into a quote; twice is the same as once."""
    return await _changed(info, "reattachQuote", input, quote.reattach)


async def shows_sensitive(parent: strawberry.Parent[ViewerRow], info: Info) -> bool:
    """Whether the viewer wants pictures marked as sensitive shown at once."""
    return await preference.shows_sensitive(parent.id)


async def viewer_language(parent: strawberry.Parent[ViewerRow], info: Info) -> InterfaceLanguage:
    """The language in which the viewer is written to."""
    return await preference.language(parent.id)


async def update_preferences(info: Info, input: UpdatePreferencesInput) -> PreferencesPayloadRow:
    """Change how things are shown to the viewer."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        if isinstance(input.shows_sensitive, bool):
            await preference.set_shows_sensitive(viewer_id, shows=input.shows_sensitive)
        if isinstance(input.language, InterfaceLanguage):
            await preference.set_language(viewer_id, input.language)
        if isinstance(input.decision_mail, bool):
            await preference.set_decision_mail(viewer_id, sends=input.decision_mail)
        return {"viewer": viewer_id}

    outcome = await perform(info.context, "updatePreferences", input, act)
    number = outcome.found.get("viewer")
    return PreferencesPayloadRow(outcome.user_errors, ViewerRow(number) if number else None)
