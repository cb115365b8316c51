"""Lines of the notifications with all they show, for a page, a push or a digest alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from discovery.saved_search import SavedSearchRow, saved_searches
from models import card, moderation_action, node_id, notification
from models.card import PostRow, UserRow
from models.job import JobRow, jobs
from models.moderation_action import ActionRow
from models.notification import JOB_KINDS, PERMIT_KINDS, Entry
from models.notification_kind import NotificationKind
from models.permit import PermitRow, permits
from models.report import ReportRow, reports_of


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """One line of the viewer's notifications, with what it is about."""

    id: int
    version: int
    kind: NotificationKind
    count: int
    actors: Sequence[UserRow]
    post: PostRow | None
    job: JobRow | None
    remix_request: PermitRow | None
    saved_search: SavedSearchRow | None
    moderation_action: ActionRow | None
    report: ReportRow | None
    oldest_at: datetime
    latest_at: datetime
    is_unread: bool

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("notification", self.id)


async def rows_of(viewer_id: int, entries: Sequence[Entry]) -> list[NotificationRow]:
    """These lines with all they show, in a handful of statements however many they are."""
    found = await card.cards(
        viewer_id,
        list({entry.post_id for entry in entries if entry.post_id}),
        {number for entry in entries for number in entry.actor_ids},
    )
    decided = {entry.subject_id for entry in entries if entry.kind is NotificationKind.MODERATION}
    reviewed = await notification.decided_jobs(viewer_id, decided) if decided else {}

    acted = (
        await moderation_action.told(viewer_id, list(decided - reviewed.keys())) if decided - reviewed.keys() else {}
    )

    def job_of(entry: Entry) -> int | None:
        if entry.kind not in JOB_KINDS:
            return None
        return reviewed.get(entry.subject_id) if entry.subject_id in decided else entry.subject_id

    wanted = {number for entry in entries if (number := job_of(entry)) is not None}
    known = await jobs(wanted, viewer_id) if wanted else {}
    asked = {entry.subject_id for entry in entries if entry.kind in PERMIT_KINDS}
    requests = await permits(viewer_id, asked) if asked else {}
    saved = {entry.subject_id for entry in entries if entry.kind is NotificationKind.SAVED_SEARCH}
    searches = await saved_searches(viewer_id, list(saved)) if saved else {}
    told = {entry.subject_id for entry in entries if entry.kind is NotificationKind.REPORT_DECIDED}
    decisions = await reports_of(viewer_id, list(told)) if told else {}
    rows = []
    for entry in entries:
        post = found.posts.get(entry.post_id)
        rows.append(
            NotificationRow(
                entry.id,
                entry.version,
                entry.kind,
                entry.size,
                [found.users[number] for number in entry.actor_ids if number in found.users],
                post if isinstance(post, PostRow) else None,
                known.get(job_of(entry) or 0),
                requests.get(entry.subject_id) if entry.kind in PERMIT_KINDS else None,
                searches.get(entry.subject_id) if entry.kind is NotificationKind.SAVED_SEARCH else None,
                acted.get(entry.subject_id) if entry.kind is NotificationKind.MODERATION else None,
                decisions.get(entry.subject_id) if entry.kind is NotificationKind.REPORT_DECIDED else None,
                entry.oldest_at,
                entry.latest_at,
                entry.is_unread,
            )
        )
    return rows
