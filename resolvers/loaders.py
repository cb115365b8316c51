"""Rows by id for one context: asked one by one, fetched together, remembered as long as the context lives."""

from __future__ import annotations

from collections.abc import Sequence

from strawberry.dataloader import DataLoader

from models import (
    board,
    card,
    chat,
    chat_setting,
    custom_feed,
    direct_message,
    feed_source,
    gallery,
    given_label,
    labeler,
    lineage,
    origin,
    permit,
    recipe,
    user_list,
)
from models.board import BoardRow
from models.card import Hole, ImageRow, PostRow, UserRow
from models.chat import ChatRow
from models.custom_feed import FeedRow
from models.direct_message import MessageRow
from models.engine import KnownEngine, known
from models.feed_source import Asked as AskedSources
from models.feed_source import Opened
from models.follow import FollowOptionsRow, options_of
from models.follow_request import asking
from models.given_label import GivenLabelRow
from models.job import JobRow, jobs, stories
from models.labeler import LabelerRow
from models.lineage import Origin, Place
from models.mute import MuteRow, mutes_of
from models.origin import ProofRow
from models.permit import PermitRow
from models.recipe import Asked, MadeRow, RecipeRow
from models.subject import ReportSubjectKind
from models.thread import ThreadRow, threads
from models.timeline import Window
from models.user_list import ListRow


class Loaders:
    """Posts, people and images as one viewer sees them. What does not exist or is hidden is None (a post: a Hole or None)."""

    def __init__(self, viewer_id: int) -> None:
        self._viewer_id = viewer_id
        self._engines: Sequence[KnownEngine] | None = None
        self.posts: DataLoader[int, PostRow | Hole | None] = DataLoader(load_fn=self._posts)
        self.users: DataLoader[int, UserRow | None] = DataLoader(load_fn=self._users)
        self.follow_options: DataLoader[int, FollowOptionsRow | None] = DataLoader(load_fn=self._follow_options)
        self.mutes: DataLoader[int, MuteRow | None] = DataLoader(load_fn=self._mutes)
        self.asking: DataLoader[int, bool] = DataLoader(load_fn=self._asking)
        self.banners: DataLoader[int, ImageRow | None] = DataLoader(load_fn=self._banners)
        self.images: DataLoader[int, ImageRow | None] = DataLoader(load_fn=self._images)
        self.threads: DataLoader[int, ThreadRow | None] = DataLoader(load_fn=self._threads)
        self.stories: DataLoader[int, JobRow | None] = DataLoader(load_fn=self._stories)
        self.jobs: DataLoader[int, JobRow | None] = DataLoader(load_fn=self._jobs)

        self.origins: DataLoader[int, Origin | None] = DataLoader(load_fn=self._origins)
        self.makers: DataLoader[int, MadeRow | None] = DataLoader(load_fn=self._makers)
        self.recipes: DataLoader[Asked, RecipeRow | None] = DataLoader(load_fn=self._recipes)
        self.proofs: DataLoader[int, ProofRow | None] = DataLoader(load_fn=self._proofs)
        self.own_permits: DataLoader[int, PermitRow | None] = DataLoader(load_fn=self._own_permits)
        self.chats: DataLoader[int, ChatRow | None] = DataLoader(load_fn=self._chats)
        self.messages: DataLoader[int, MessageRow | None] = DataLoader(load_fn=self._messages)
        self.welcomes: DataLoader[int, bool] = DataLoader(load_fn=self._welcomes)
        self.children: DataLoader[tuple[int, Window], list[Place]] = DataLoader(load_fn=self._children)
        self.lists: DataLoader[int, ListRow | None] = DataLoader(load_fn=self._lists)
        self.listed: DataLoader[tuple[int, int], bool] = DataLoader(load_fn=self._listed)
        self.boards: DataLoader[int, BoardRow | None] = DataLoader(load_fn=self._boards)
        self.on_board: DataLoader[tuple[int, int], bool] = DataLoader(load_fn=self._on_board)
        self.labelers: DataLoader[int, LabelerRow | None] = DataLoader(load_fn=self._labelers)
        self.given_labels: DataLoader[tuple[ReportSubjectKind, int], list[GivenLabelRow]] = DataLoader(
            load_fn=self._given_labels
        )
        self.feeds: DataLoader[int, FeedRow | None] = DataLoader(load_fn=self._feeds)
        self.feed_sources: DataLoader[AskedSources, Opened] = DataLoader(load_fn=self._feed_sources)

    async def _posts(self, ids: list[int]) -> Sequence[PostRow | Hole | None]:
        found = (await card.cards(self._viewer_id, ids)).posts
        return [found.get(number) for number in ids]

    async def _users(self, ids: list[int]) -> Sequence[UserRow | None]:
        found = await card.users(self._viewer_id, ids)
        return [found.get(number) for number in ids]

    async def _follow_options(self, ids: list[int]) -> Sequence[FollowOptionsRow | None]:
        found = await options_of(self._viewer_id, ids)
        return [found.get(number) for number in ids]

    async def _mutes(self, ids: list[int]) -> Sequence[MuteRow | None]:
        found = await mutes_of(self._viewer_id, ids)
        return [found.get(number) for number in ids]

    async def _asking(self, ids: list[int]) -> Sequence[bool]:
        found = await asking(self._viewer_id, ids)
        return [number in found for number in ids]

    async def _images(self, ids: list[int]) -> Sequence[ImageRow | None]:
        found = await gallery.images(self._viewer_id, ids)
        return [found.get(number) for number in ids]

    async def _banners(self, ids: list[int]) -> Sequence[ImageRow | None]:
        found = await gallery.banners(self._viewer_id, ids)
        return [found.get(number) for number in ids]

    async def _stories(self, image_ids: list[int]) -> Sequence[JobRow | None]:
        found = await stories(image_ids, self._viewer_id)
        return [found.get(number) for number in image_ids]

    async def _jobs(self, ids: list[int]) -> Sequence[JobRow | None]:
        found = await jobs(ids, self._viewer_id)
        return [found.get(number) for number in ids]

    async def _threads(self, ids: list[int]) -> Sequence[ThreadRow | None]:
        found = await threads(self._viewer_id, ids)
        return [found.get(number) for number in ids]

    async def _origins(self, image_ids: list[int]) -> Sequence[Origin | None]:
        found = await lineage.origins(image_ids)
        return [found.get(number) for number in image_ids]

    async def _makers(self, image_ids: list[int]) -> Sequence[MadeRow | None]:
        found = await recipe.makers(image_ids)
        return [found.get(number) for number in image_ids]

    async def _proofs(self, image_ids: list[int]) -> Sequence[ProofRow | None]:
        found = await origin.proofs(image_ids)
        return [found.get(number) for number in image_ids]

    async def _recipes(self, asked: list[Asked]) -> Sequence[RecipeRow | None]:
        found = await recipe.recipes(self._viewer_id, asked)
        return [found.get(one) for one in asked]

    async def _own_permits(self, post_ids: list[int]) -> Sequence[PermitRow | None]:
        found = await permit.own_permits(self._viewer_id, post_ids)
        return [found.get(number) for number in post_ids]

    async def _chats(self, ids: list[int]) -> Sequence[ChatRow | None]:
        found = await chat.chats(self._viewer_id, ids)
        return [found.get(number) for number in ids]

    async def _messages(self, ids: list[int]) -> Sequence[MessageRow | None]:
        found = await direct_message.messages(self._viewer_id, ids)
        return [found.get(number) for number in ids]

    async def _welcomes(self, ids: list[int]) -> Sequence[bool]:
        found = await chat_setting.welcomes(self._viewer_id, ids)
        return [number in found for number in ids]

    async def _children(self, asked: list[tuple[int, Window]]) -> Sequence[list[Place]]:
        found: dict[tuple[int, Window], list[Place]] = {}
        for window in {window for _, window in asked}:
            numbers = [number for number, other in asked if other == window]
            rows = await lineage.children(self._viewer_id, numbers, window)
            found |= {(number, window): rows[number] for number in numbers}
        return [found[one] for one in asked]

    async def _lists(self, ids: list[int]) -> Sequence[ListRow | None]:
        found = await user_list.lists(self._viewer_id, ids)
        return [found.get(number) for number in ids]

    async def _listed(self, pairs: list[tuple[int, int]]) -> Sequence[bool]:
        found = await user_list.holding(self._viewer_id, pairs)
        return [pair in found for pair in pairs]

    async def _boards(self, ids: list[int]) -> Sequence[BoardRow | None]:
        found = await board.boards(self._viewer_id, ids)
        return [found.get(number) for number in ids]

    async def _on_board(self, pairs: list[tuple[int, int]]) -> Sequence[bool]:
        found = await board.holding(pairs)
        return [pair in found for pair in pairs]

    async def _feeds(self, ids: list[int]) -> Sequence[FeedRow | None]:
        found = await custom_feed.feeds(self._viewer_id, ids)
        return [found.get(number) for number in ids]

    async def _feed_sources(self, asked: list[AskedSources]) -> Sequence[Opened]:
        return await feed_source.opened(self._viewer_id, asked)

    async def _labelers(self, ids: list[int]) -> Sequence[LabelerRow | None]:
        found = await labeler.labelers(self._viewer_id, ids)
        return [found.get(number) for number in ids]

    async def _given_labels(self, asked: list[tuple[ReportSubjectKind, int]]) -> Sequence[list[GivenLabelRow]]:
        found: dict[tuple[ReportSubjectKind, int], list[GivenLabelRow]] = {}
        for kind in {kind for kind, _ in asked}:
            rows = await given_label.labels_for(self._viewer_id, kind, [number for one, number in asked if one is kind])
            found |= {(kind, number): labels for number, labels in rows.items()}
        return [found.get(one, []) for one in asked]

    async def engines(self) -> Sequence[KnownEngine]:
        """Every engine known here, fetched once."""
        if self._engines is None:
            self._engines = await known()
        return self._engines
