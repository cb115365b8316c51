"""People: their page, and what one does about them (follow, block, mute, one's own profile)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import strawberry

from errors import Forbidden, NotFound
from models import block, follow, mute, node_id, remix, user
from models.card import Hole, ImageRow, PostRow, UserRow
from models.image import is_own
from models.post import Post
from models.standing import is_there
from models.user import User
from models.visibility import SIGNED_OUT
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.payload import UserPayloadRow
from resolvers.viewer_row import ViewerRow

KEY_HELP = "The same key with the same input gives the same outcome for 24 hours, in parallel too."
Verb = Callable[[int, int], Awaitable[bool]]
UNDOING: frozenset[Verb] = frozenset({block.unblock, mute.unmute})
"""What may be done about whoever is gone, too."""


@strawberry.input(description="Whom to follow.")
class FollowUserInput:
    user_id: strawberry.ID = strawberry.field(description="Another person.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="Whom to follow no longer.")
class UnfollowUserInput:
    user_id: strawberry.ID = strawberry.field(description="Another person.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="Whom to block.")
class BlockUserInput:
    user_id: strawberry.ID = strawberry.field(description="Another person.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="Whom to block no longer.")
class UnblockUserInput:
    user_id: strawberry.ID = strawberry.field(description="Another person.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="Whom to mute no longer.")
class UnmuteUserInput:
    user_id: strawberry.ID = strawberry.field(description="Another person.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="What to change of one's own profile; what is left out stays.")
class UpdateProfileInput:
    display_name: str | None = strawberry.field(
        description="At most 50 characters; null or empty: the handle.", default=strawberry.UNSET
    )
    bio: str | None = strawberry.field(description="At most 300 characters.", default=strawberry.UNSET)
    location: str | None = strawberry.field(description="At most 100 characters.", default=strawberry.UNSET)
    website: str | None = strawberry.field(
        description="An http or https address of at most 200 characters.", default=strawberry.UNSET
    )
    pronouns: str | None = strawberry.field(description="At most 40 characters.", default=strawberry.UNSET)
    avatar_image_id: strawberry.ID | None = strawberry.field(
        description="A picture of one's own, which everybody sees from then on; null takes the avatar away.",
        default=strawberry.UNSET,
    )
    banner_image_id: strawberry.ID | None = strawberry.field(
        description="A picture of one's own, which everybody sees from then on; null takes the banner away.",
        default=strawberry.UNSET,
    )
    pinned_post_id: strawberry.ID | None = strawberry.field(
        description="A post of one's own; null takes the pin away.", default=strawberry.UNSET
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


def viewer(info: Info) -> ViewerRow | None:
    """Whoever is signed in, or null."""
    viewer_id = info.context.viewer_id
    return None if viewer_id == SIGNED_OUT else ViewerRow(viewer_id)


async def viewer_user(parent: strawberry.Parent[ViewerRow], info: Info) -> UserRow:
    """The viewer as others see them. Raises NotFound when the account is gone."""
    row = await info.context.loaders.users.load(parent.id)
    if row is None:
        raise NotFound("This account is gone.")
    return row


async def user_by_handle(info: Info, handle: str) -> UserRow | None:
    """A person by handle, in any case, with or without @."""
    wanted = handle.strip().removeprefix("@").lower()
    if not user.HANDLE.fullmatch(wanted):
        return None
    found = await User.get_or_none(handle=wanted).only("id")
    return await info.context.loaders.users.load(found.id) if found else None


async def pinned_post(parent: strawberry.Parent[UserRow], info: Info) -> PostRow | Hole | None:
    """The post a person has pinned, if the viewer may see it."""
    if parent.pinned_post_id is None:
        return None
    row = await info.context.loaders.posts.load(parent.pinned_post_id)
    return row if isinstance(row, PostRow) else None


async def banner(parent: strawberry.Parent[UserRow], info: Info) -> ImageRow | None:
    """The picture across the top of a person's page."""
    return None if parent.banner_id is None else await info.context.loaders.banners.load(parent.banner_id)


async def user_suggestions(parent: strawberry.Parent[ViewerRow], info: Info, prefix: str) -> Sequence[UserRow]:
    """People whose handle begins so, a few: to complete a mention while it is written."""
    wanted = prefix[: user.LONGEST_PREFIX].strip().removeprefix("@").lower()
    found = await info.context.loaders.users.load_many(await user.suggestions(parent.id, wanted))
    return [row for row in found if row is not None]


async def _about(info: Info, name: str, given: Any, verb: Verb) -> UserPayloadRow:
    """Do something about a person and answer with them as they are then."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("user", given.user_id, "userId")
        if not (verb in UNDOING and await User.filter(id=number).exists()) and not await is_there(number):
            raise NotFound("There is no such person.", ["userId"])
        await verb(viewer_id, number)
        return {"user": number}

    outcome = await perform(info.context, name, given, act)
    number = outcome.found.get("user")
    return UserPayloadRow(outcome.user_errors, await info.context.loaders.users.load(number) if number else None)


async def follow_user(info: Info, input: FollowUserInput) -> UserPayloadRow:
    """Follow; doing it twice is the same as once."""
    return await _about(info, "followUser", input, follow.follow)


async def unfollow_user(info: Info, input: UnfollowUserInput) -> UserPayloadRow:
    """Follow no longer; doing it twice is the same as once."""
    return await _about(info, "unfollowUser", input, follow.unfollow)


async def block_user(info: Info, input: BlockUserInput) -> UserPayloadRow:
    """Block; follows in both directions end."""
    return await _about(info, "blockUser", input, block.block)


async def unblock_user(info: Info, input: UnblockUserInput) -> UserPayloadRow:
    """Block no longer."""
    return await _about(info, "unblockUser", input, block.unblock)


async def unmute_user(info: Info, input: UnmuteUserInput) -> UserPayloadRow:
    """Mute no longer."""
    return await _about(info, "unmuteUser", input, mute.unmute)


async def update_profile(info: Info, input: UpdateProfileInput) -> UserPayloadRow:
    """Change one's own profile."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await user.update_profile(viewer_id, await _changes(viewer_id, input))
        return {"user": viewer_id}

    outcome = await perform(info.context, "updateProfile", input, act)
    number = outcome.found.get("user")
    return UserPayloadRow(outcome.user_errors, await info.context.loaders.users.load(number) if number else None)


async def _changes(viewer_id: int, given: UpdateProfileInput) -> dict[str, str | int | None]:
    changes: dict[str, str | int | None] = {}
    lines = (
        ("display_name", given.display_name, user.LONGEST_DISPLAY_NAME, "displayName", "A display name"),
        ("location", given.location, user.LONGEST_LOCATION, "location", "A location"),
        ("pronouns", given.pronouns, user.LONGEST_PRONOUNS, "pronouns", "This"),
    )
    for column, text, longest, path, name in lines:
        if text is not strawberry.UNSET:
            changes[column] = user.checked_line(text or "", longest, path, name)
    if changes.get("display_name") == "":
        changes["display_name"] = (await User.get(id=viewer_id)).handle
    if given.bio is not strawberry.UNSET:
        changes["bio"] = user.checked_text(given.bio or "", user.LONGEST_BIO, "bio", "A bio")
    if given.website is not strawberry.UNSET:
        changes["website"] = user.checked_website(given.website or "")
    if given.pinned_post_id is not strawberry.UNSET:
        changes["pinned_post_id"] = await _pinned(viewer_id, given.pinned_post_id)
    for column, text, path in (
        ("avatar_id", given.avatar_image_id, "avatarImageId"),
        ("banner_id", given.banner_image_id, "bannerImageId"),
    ):
        if text is not strawberry.UNSET:
            changes[column] = await _own_image(viewer_id, text, path)
    return changes


async def _own_image(viewer_id: int, text: str | None, path: str) -> int | None:
    if text is None:
        return None
    number = node_id.number_of("image", text)
    if number is None or not await is_own(viewer_id, number):
        raise NotFound("There is no such picture of yours.", [path])
    try:
        await remix.check_published([number])  # a profile shows it to everybody, as a post does
    except Forbidden as refusal:
        raise Forbidden(refusal.message, [path]) from refusal
    return number


async def _pinned(viewer_id: int, text: str | None) -> int | None:
    if text is None:
        return None
    number = node_id.number_of("post", text)
    if number is None or not await Post.visible_to(viewer_id).filter(id=number, author_id=viewer_id).exists():
        raise NotFound("There is no such post of yours.", ["pinnedPostId"])
    return number
