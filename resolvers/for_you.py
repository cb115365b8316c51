"""For you: pages of what was picked for the viewer, each post with why, and what they want more or less of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from discovery import for_you
from errors import BadInput, NotFound
from models import card, node_id, opinion, ranked_list
from models.card import HashtagRow, PostRow, UserRow
from models.database import held
from models.facet import folded, hashtag_in
from models.opinion import OpinionRow, OpinionWish
from models.post import seen
from models.ranked_list import Pick, Placed
from models.standing import is_there
from models.viewing import ForYou, viewing
from resolvers import page
from resolvers.context import Context, Info
from resolvers.live_row import EdgeRow, ReasonKind, ReasonRow
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.page import PageInfoRow
from resolvers.payload import Payload
from resolvers.timeline import TimelineRow, log_cursor
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

_BETWEEN = "."
LATEST = 2**31 - 1


def cursor_of(list_id: int, place: int) -> str:
    """The cursor of a place in a ranked list."""
    return f"r{node_id.digits(list_id)}{_BETWEEN}{node_id.digits(place)}"


def place_of(cursor: str, argument: str) -> tuple[int, int]:
    """The list and the place in such a cursor. Raises BadInput for anything `cursor_of` does not give."""
    first, _, last = cursor.removeprefix("r").partition(_BETWEEN)
    if cursor[:1] == "r" and first and last:
        list_id, place = (page.decode("k" + part, argument) for part in (first, last))
        if place <= LATEST:
            return list_id, place
    raise BadInput(f"`{argument}` is not a cursor of this list. Take one from its `edges` or `pageInfo`.", [argument])


@dataclass(frozen=True, slots=True)
class Question:
    """What a page of a ranked list asks for: `list_id` is None where a new one begins."""

    size: int
    from_the_end: bool
    list_id: int | None
    after: int
    before: int


def asked(first: int | None, after: str | None, last: int | None, before: str | None) -> Question:
    """Check Relay's arguments. Raises BadInput, also where the two cursors are of two lists."""
    sizes = page.asked(first, None, last, None)
    low = place_of(after, "after") if isinstance(after, str) else None
    high = place_of(before, "before") if isinstance(before, str) else None
    if low and high and low[0] != high[0]:
        raise BadInput("`after` and `before` are cursors of two lists.", ["before"])
    known = low or high
    return Question(
        sizes.size, sizes.from_the_end, known[0] if known else None, low[1] if low else 0, high[1] if high else LATEST
    )


async def for_you_timeline(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> TimelineRow | None:
    """What was picked for the viewer; None when they turned that off. Raises BadInput for a cursor of a list that is over."""
    question = asked(first, after, last, before)
    if (await viewing(parent.id)).for_you is ForYou.OFF:
        return None
    async with held():
        list_id = question.list_id
        if list_id is None:
            list_id = await for_you.list_for(parent.id)
        elif not await ranked_list.is_kept(parent.id, for_you.HOME, list_id):
            raise BadInput("This list is over: begin a new one.", ["after" if question.after else "before"])
        return await shown(info.context, list_id, question, own_too=False)


Reasons = Callable[[Pick, Mapping[int, UserRow]], ReasonRow]


async def shown(
    context: Context, list_id: int, question: Question, *, own_too: bool, reasons: Reasons | None = None
) -> TimelineRow:
    """A page of a ranked list that is the viewer's, with why each post is in it; its posts count as seen from now on."""
    why = reason_of if reasons is None else reasons
    viewer_id, live_cursor = context.viewer_id, await log_cursor()
    places = await ranked_list.page(
        viewer_id,
        list_id,
        question.after,
        question.before,
        question.size + 1,
        backward=question.from_the_end,
        own_too=own_too,
    )
    more = len(places) > question.size
    if more:
        places = places[-question.size :] if question.from_the_end else places[: question.size]
    rows = await card.cards(
        viewer_id, [one.pick.post_id for one in places], {one.pick.through_id for one in places} - {0}
    )
    edges = []
    for one in places:
        row = rows.posts.get(one.pick.post_id)
        if isinstance(row, PostRow):
            edges.append(EdgeRow(cursor_of(list_id, one.place), row, reason=why(one.pick, rows.users)))
    await ranked_list.note_seen(viewer_id, [edge.node.id for edge in edges])
    return TimelineRow(edges, _info(list_id, question, places, more=more), live_cursor)


def _info(list_id: int, question: Question, places: Sequence[Placed], *, more: bool) -> PageInfoRow:
    forward = not question.from_the_end
    return PageInfoRow(
        more if forward else question.before != LATEST,
        question.after > 0 if forward else more,
        cursor_of(list_id, places[0].place) if places else None,
        cursor_of(list_id, places[-1].place) if places else None,
    )


def reason_of(pick: Pick, people: Mapping[int, UserRow]) -> ReasonRow:
    """Why a post was picked, as far as it may be told."""
    return ReasonRow(
        ReasonKind(pick.source), HashtagRow(pick.hashtag) if pick.hashtag else None, people.get(pick.through_id)
    )


@strawberry.input(
    description="What the viewer wants to see more or less of: exactly one of a post, a person and a hashtag."
)
class GiveOpinionInput:
    wish: OpinionWish = strawberry.field(description="Which way.")
    post_id: strawberry.ID | None = strawberry.field(description="A post that the viewer may see.", default=UNSET)
    user_id: strawberry.ID | None = strawberry.field(description="Another person.", default=UNSET)
    hashtag: str | None = strawberry.field(description="A hashtag, in any case, with or without #.", default=UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="An opinion to take back.")
class WithdrawOpinionInput:
    opinion_id: strawberry.ID = strawberry.field(description="One of the viewer's own.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class OpinionEdgeRow:
    """An opinion in the viewer's list."""

    cursor: str
    node: OpinionRow


@dataclass(frozen=True, slots=True)
class OpinionsRow:
    """One page of the viewer's opinions."""

    edges: Sequence[OpinionEdgeRow]
    page_info: PageInfoRow


@dataclass(frozen=True, slots=True)
class OpinionPayloadRow(Payload):
    """An opinion as it stands now."""

    opinion: OpinionRow | None = None


@dataclass(frozen=True, slots=True)
class OpinionGoneRow(Payload):
    """Which opinion is held no more."""

    withdrawn_opinion_id: str | None = None


async def opinions(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> OpinionsRow:
    """What the viewer wants more or less of, newest first."""
    question = page.asked(first, after, last, before)
    rows = await opinion.opinions(parent.id, question.window(newest_first=True))
    found = page.page_of(question, rows, lambda row: row.id)
    return OpinionsRow([OpinionEdgeRow(page.encode(row.id), row) for row in found.items], found.page_info)


async def opinion_post(parent: strawberry.Parent[OpinionRow], info: Info) -> PostRow | None:
    """The post it is about, while the viewer sees it."""
    row = await info.context.loaders.posts.load(parent.post_id) if parent.post_id else None
    return row if isinstance(row, PostRow) else None


async def opinion_user(parent: strawberry.Parent[OpinionRow], info: Info) -> UserRow | None:
    """The person it is about, while they are there."""
    return await info.context.loaders.users.load(parent.user_id) if parent.user_id else None


async def opinion_hashtag(parent: strawberry.Parent[OpinionRow]) -> HashtagRow | None:
    """The hashtag it is about."""
    return HashtagRow(parent.hashtag) if parent.hashtag else None


async def give_opinion(info: Info, input: GiveOpinionInput) -> OpinionPayloadRow:
    """Want more, or less, of something."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        given = [one for one in (input.post_id, input.user_id, input.hashtag) if isinstance(one, str)]
        if len(given) != 1:
            raise BadInput("Give exactly one of `postId`, `userId` and `hashtag`.", ["postId"])
        if isinstance(input.post_id, str):
            number = number_in("post", input.post_id, "postId")
            await seen(viewer_id, number, "postId")
            return {"opinion": await opinion.give(viewer_id, input.wish, post_id=number)}
        if isinstance(input.user_id, str):
            number = number_in("user", input.user_id, "userId")
            if number == viewer_id:
                raise BadInput("This is about others.", ["userId"])
            if not await is_there(number):
                raise NotFound("There is no such person.", ["userId"])
            return {"opinion": await opinion.give(viewer_id, input.wish, user_id=number)}
        name = hashtag_in(input.hashtag or "")
        if name is None:
            raise BadInput("This cannot be a hashtag.", ["hashtag"])
        return {"opinion": await opinion.give(viewer_id, input.wish, hashtag=folded(name))}

    outcome = await perform(info.context, "giveOpinion", input, act)
    number = outcome.found.get("opinion")
    return OpinionPayloadRow(
        outcome.user_errors, await opinion.opinion_of(info.context.viewer_id, number) if number else None
    )


async def withdraw_opinion(info: Info, input: WithdrawOpinionInput) -> OpinionGoneRow:
    """Want it no more, or less, than anybody."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("opinion", input.opinion_id, "opinionId")
        await opinion.withdraw(viewer_id, number)
        return {"opinion": number}

    outcome = await perform(info.context, "withdrawOpinion", input, act)
    number = outcome.found.get("opinion")
    return OpinionGoneRow(outcome.user_errors, node_id.encode("opinion", number) if number else None)
