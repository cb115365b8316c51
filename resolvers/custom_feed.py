"""Custom feeds: one's own, those of others, what their rules say, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import strawberry
from strawberry import UNSET

from discovery import feed_plan, feed_ranking, feed_timeline
from discovery.feed_plan import FeedPlan
from discovery.feed_timeline import Standing
from errors import BadInput, NotFound
from models import card, custom_feed, ranked_list
from models.board import BoardRow
from models.card import HashtagRow, PostRow, UserRow
from models.custom_feed import FeedRow
from models.feed_rules import FeedChoice, FeedOrder, FeedSignal, FeedSourceKind, Rules, Source
from models.feed_source import require
from models.ranked_list import Pick
from models.timeline import Entry, Window
from models.user_list import ListRow
from resolvers import feed_words, for_you, page
from resolvers.context import Context, Info
from resolvers.feed_input import FeedRulesInput, rules_of
from resolvers.live_row import EdgeRow, ReasonKind, ReasonRow
from resolvers.page import PageInfoRow
from resolvers.timeline import TimelineRow, connection, entry_key, log_cursor
from resolvers.viewer_row import ViewerRow

MOST_PREVIEWED = 20


@dataclass(frozen=True, slots=True)
class FeedEdgeRow:
    """A feed among a person's."""

    cursor: str
    node: FeedRow


@dataclass(frozen=True, slots=True)
class FeedsRow:
    """One page of a person's feeds."""

    edges: Sequence[FeedEdgeRow]
    page_info: PageInfoRow


@dataclass(frozen=True, slots=True)
class FeedSourceRow:
    """One source as far as it is there for the viewer: of what is not, nothing but its kind is told."""

    kind: FeedSourceKind
    source: Source | None

    @property
    def ids(self) -> tuple[int, ...]:
        """Of whom, or of what, it is."""
        return () if self.source is None else self.source.ids


@dataclass(frozen=True, slots=True)
class FeedWeightRow:
    """How much a signal counts."""

    signal: FeedSignal
    weight: float


@dataclass(frozen=True, slots=True)
class FeedFiltersRow:
    """What a post must be."""

    pictures: FeedChoice
    replies: FeedChoice
    remixes: FeedChoice
    ai: FeedChoice
    sensitive: FeedChoice
    languages: Sequence[str]
    models: Sequence[str]
    min_likes: int | None
    max_age_hours: int | None
    without_words: Sequence[str]
    without_hashtags: Sequence[str]
    people_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class FeedRulesRow:
    """The rules of a feed as the viewer may know them."""

    sources: Sequence[FeedSourceRow]
    filters: FeedFiltersRow
    order: FeedOrder
    weights: Sequence[FeedWeightRow]
    half_life_hours: int


@dataclass(frozen=True, slots=True)
class FeedProblemRow:
    """Why rules cannot be kept, and where."""

    message: str
    path: Sequence[str]


@dataclass(frozen=True, slots=True)
class FeedPreviewRow:
    """What rules that are not kept would show."""

    explanation: str
    edges: Sequence[EdgeRow]
    problem: FeedProblemRow | None = None


async def _page(info: Info, owner_id: int, question: page.Asked) -> FeedsRow:
    found = await custom_feed.feeds_of(info.context.viewer_id, owner_id, question.window(newest_first=True))
    shown = page.page_of(question, found, lambda row: row.id)
    return FeedsRow([FeedEdgeRow(page.encode(row.id), row) for row in shown.items], shown.page_info)


async def viewer_feeds(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> FeedsRow:
    """The viewer's own feeds, newest first."""
    return await _page(info, parent.id, page.asked(first, after, last, before))


async def user_feeds(
    parent: strawberry.Parent[UserRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> FeedsRow:
    """A person's feeds, those that are there for the viewer."""
    return await _page(info, parent.id, page.asked(first, after, last, before))


async def pinned_feeds(parent: strawberry.Parent[ViewerRow], info: Info) -> Sequence[FeedRow]:
    """What the viewer has among the tabs of their home."""
    return await custom_feed.pinned(parent.id)


async def owner(parent: strawberry.Parent[FeedRow], info: Info) -> UserRow:
    """Whose feed it is. Raises NotFound when the account is gone."""
    row = await info.context.loaders.users.load(parent.owner_id)
    if row is None:
        raise NotFound("This account is gone.")
    return row


async def _sources(context: Context, owner_id: int, rules: Rules) -> Sequence[Source | None]:
    return (await context.loaders.feed_sources.load((owner_id, rules.sources))).sources


async def rules(parent: strawberry.Parent[FeedRow], info: Info) -> FeedRulesRow:
    """The rules as the viewer may know them."""
    there = await _sources(info.context, parent.owner_id, parent.rules)
    kept, chosen = parent.rules, parent.rules.filters
    return FeedRulesRow(
        [FeedSourceRow(asked.kind, left) for asked, left in zip(kept.sources, there, strict=True)],
        FeedFiltersRow(
            chosen.pictures,
            chosen.replies,
            chosen.remixes,
            chosen.ai,
            chosen.sensitive,
            chosen.languages,
            chosen.models,
            chosen.min_likes,
            chosen.max_age_hours,
            chosen.without_words,
            chosen.without_hashtags,
            chosen.without_people if parent.viewer_is_owner else (),
        ),
        kept.order,
        [FeedWeightRow(signal, weight) for signal, weight in kept.weights],
        kept.half_life_hours,
    )


async def without_people(parent: strawberry.Parent[FeedFiltersRow], info: Info) -> Sequence[UserRow]:
    """Whom the feed leaves out, for its owner."""
    rows = await info.context.loaders.users.load_many(list(parent.people_ids))
    return [row for row in rows if row is not None]


async def source_people(parent: strawberry.Parent[FeedSourceRow], info: Info) -> Sequence[UserRow]:
    """The people a source names."""
    if parent.kind is not FeedSourceKind.PEOPLE:
        return []
    rows = await info.context.loaders.users.load_many(list(parent.ids))
    return [row for row in rows if row is not None]


async def source_list(parent: strawberry.Parent[FeedSourceRow], info: Info) -> ListRow | None:
    """The list a source is."""
    return await info.context.loaders.lists.load(parent.ids[0]) if _is(parent, FeedSourceKind.LIST) else None


async def source_board(parent: strawberry.Parent[FeedSourceRow], info: Info) -> BoardRow | None:
    """The board a source is."""
    return await info.context.loaders.boards.load(parent.ids[0]) if _is(parent, FeedSourceKind.BOARD) else None


async def source_post(parent: strawberry.Parent[FeedSourceRow], info: Info) -> PostRow | None:
    """The post whose remixes a source is."""
    row = await info.context.loaders.posts.load(parent.ids[0]) if _is(parent, FeedSourceKind.REMIXES) else None
    return row if isinstance(row, PostRow) else None


async def source_hashtag(parent: strawberry.Parent[FeedSourceRow]) -> HashtagRow | None:
    """The hashtag a source is."""
    return HashtagRow(parent.source.text) if parent.source is not None and _is(parent, FeedSourceKind.HASHTAG) else None


async def source_search(parent: strawberry.Parent[FeedSourceRow]) -> str | None:
    """The text a source looks for."""
    return parent.source.text if parent.source is not None and _is(parent, FeedSourceKind.SEARCH) else None


def _is(row: FeedSourceRow, kind: FeedSourceKind) -> bool:
    return row.kind is kind and row.source is not None


async def explanation(parent: strawberry.Parent[FeedRow], info: Info) -> str:
    """What the feed shows the viewer, in words."""
    return await _explained(info.context, parent.owner_id, parent.rules)


async def _explained(context: Context, owner_id: int, rules: Rules) -> str:
    there = await _sources(context, owner_id, rules)
    names: dict[tuple[FeedSourceKind, int], str] = {}
    loaders = context.loaders
    for source in there:
        if source is None:
            continue
        if source.kind is FeedSourceKind.PEOPLE:
            people = await loaders.users.load_many(list(source.ids))
            names.update({(source.kind, row.id): f"@{row.handle}" for row in people if row is not None})
        elif source.kind is FeedSourceKind.LIST and (listed := await loaders.lists.load(source.ids[0])):
            names[source.kind, listed.id] = listed.name
        elif source.kind is FeedSourceKind.BOARD and (board := await loaders.boards.load(source.ids[0])):
            names[source.kind, board.id] = board.name
        elif source.kind is FeedSourceKind.REMIXES:
            post = await loaders.posts.load(source.ids[0])
            if isinstance(post, PostRow):
                names[source.kind, post.id] = f"@{post.author.handle}"
    return feed_words.explanation(rules, there, names)


def reason(plan: FeedPlan, place: int, signals: Sequence[str] = ()) -> ReasonRow:
    """Why a post stands in a feed: by its source at this place, and what counted most."""
    source = plan.rules.sources[place] if place < len(plan.rules.sources) else None
    if source is None:  # the rules are others since the list was made
        return ReasonRow(ReasonKind.EVERYONE)
    hashtag = HashtagRow(source.text) if source.kind is FeedSourceKind.HASHTAG else None
    return ReasonRow(ReasonKind(source.kind.value), hashtag, None, place, [FeedSignal(name) for name in signals])


async def timeline(
    parent: strawberry.Parent[FeedRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> TimelineRow:
    """What stands in the feed for the viewer. Raises BadInput for a cursor of another order, or of a list that is over."""
    context = info.context
    if parent.rules.order is FeedOrder.RANKED and context.viewer_id:
        return await _ranked(context, parent, for_you.asked(first, after, last, before))
    question = page.asked(first, after, last, before)
    live_cursor = await log_cursor()
    plan = await feed_plan.plan_of(context.viewer_id, parent)
    found = await feed_timeline.posts(context.viewer_id, plan, question.window(newest_first=True))
    return await _newest(context, plan, found, question, live_cursor)


async def _newest(
    context: Context, plan: FeedPlan, found: Sequence[Standing], question: page.Asked, live_cursor: str
) -> TimelineRow:
    places = {one.post_id: one.place for one in found}
    entries = [Entry(one.post_id, one.post_id) for one in found]
    shown = await connection(context, page.page_of(question, entries, entry_key), live_cursor)
    for edge in shown.edges:
        edge.reason = reason(plan, places[edge.node.id])
    return shown


async def _ranked(context: Context, row: FeedRow, question: for_you.Question) -> TimelineRow:
    list_id = question.list_id
    plan = await feed_plan.plan_of(context.viewer_id, row)
    if list_id is None:
        list_id = await feed_ranking.list_for(context.viewer_id, row.id, plan)
    elif not await ranked_list.is_kept(context.viewer_id, row.id, list_id):
        raise BadInput("This list is over: begin a new one.", ["after" if question.after else "before"])

    def why(pick: Pick, people: Mapping[int, UserRow]) -> ReasonRow:
        return reason(plan, int(pick.source), pick.signals.split())

    return await for_you.shown(context, list_id, question, own_too=True, reasons=why)


async def feed_preview(parent: strawberry.Parent[ViewerRow], info: Info, rules: FeedRulesInput) -> FeedPreviewRow:
    """What rules would show the viewer; nothing is kept. What is wrong with them is told as a problem."""
    context = info.context
    try:
        checked = rules_of(rules)
        await require(parent.id, checked)
        plan = await feed_plan.plan(parent.id, parent.id, checked)
        edges = await _previewed(context, plan)
    except (BadInput, NotFound) as refusal:
        return FeedPreviewRow("", (), FeedProblemRow(refusal.message, refusal.path))
    return FeedPreviewRow(await _explained(context, parent.id, checked), edges)


async def _previewed(context: Context, plan: FeedPlan) -> Sequence[EdgeRow]:
    viewer_id = context.viewer_id
    if plan.rules.order is FeedOrder.RANKED:
        picks = (await feed_ranking.pick(viewer_id, plan))[:MOST_PREVIEWED]
        told = {pick.post_id: reason(plan, int(pick.source), pick.signals.split()) for pick in picks}
    else:
        found = await feed_timeline.posts(viewer_id, plan, Window(MOST_PREVIEWED))
        told = {one.post_id: reason(plan, one.place) for one in found}
    rows = (await card.cards(viewer_id, list(told))).posts
    return [
        EdgeRow(page.encode(number), row, reason=why)
        for number, why in told.items()
        if isinstance(row := rows.get(number), PostRow)
    ]
