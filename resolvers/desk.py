"""The desk as moderators read it: the queue, cases, appeals, what waits to be looked at, the log, the team."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET

from models import appeal, audit, moderation_action, moderation_case, node_id, report, review, role
from models.appeal import AppealRow
from models.audit import ModerationLogKind
from models.card import ImageRow, PostRow, UserRow
from models.moderation_action import ALLOWED, ModerationActionKind
from models.moderation_case import CaseRow, ModerationCaseState, NoteRow
from models.report import ReportReason
from models.review import ReviewRow
from models.role import Role
from models.subject import ReportSubjectKind
from resolvers import page
from resolvers.context import Info
from resolvers.desk_node import works_at_desk
from resolvers.page import PageInfoRow
from resolvers.report import ActionsRow, ReportsRow, actions_page, reports_page
from resolvers.viewer_row import ViewerRow
from storage.picture import object_key
from storage.signature import presigned_get

MOST_WAITING = 100  # held pictures in one answer


@dataclass(frozen=True, slots=True)
class DeskRow:
    """The desk, for whoever works at it."""

    viewer_id: int


@dataclass(frozen=True, slots=True)
class CaseEdgeRow:
    """A case in its list."""

    cursor: str
    node: CaseRow


@dataclass(frozen=True, slots=True)
class CasesRow:
    """One page of cases."""

    edges: Sequence[CaseEdgeRow]
    page_info: PageInfoRow


@dataclass(frozen=True, slots=True)
class AppealEdgeRow:
    """An appeal in its list."""

    cursor: str
    node: AppealRow


@dataclass(frozen=True, slots=True)
class AppealsRow:
    """One page of appeals."""

    edges: Sequence[AppealEdgeRow]
    page_info: PageInfoRow


@dataclass(frozen=True, slots=True)
class LogLineRow:
    """A line of the log with whom it names."""

    at: datetime
    kind: ModerationLogKind
    detail: str
    actor: UserRow | None
    person: UserRow | None
    case_id: int | None


@dataclass(frozen=True, slots=True)
class LogEdgeRow:
    """A line in its place."""

    cursor: str
    node: LogLineRow


@dataclass(frozen=True, slots=True)
class LogPageRow:
    """One page of the log."""

    edges: Sequence[LogEdgeRow]
    page_info: PageInfoRow


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody of the team."""

    user: UserRow
    role: Role


@dataclass(frozen=True, slots=True)
class CaseNoteRow:
    """A note with who wrote it."""

    author: UserRow | None
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ContextRow:
    """A message beside the reported one."""

    user: UserRow | None
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """What was handed over."""

    text: str
    warning: str | None
    at: datetime
    images: Sequence[ImageRow]
    context: Sequence[ContextRow]


async def viewer_desk(parent: strawberry.Parent[ViewerRow], info: Info) -> DeskRow | None:
    """The desk, or None for who does not work at it."""
    return DeskRow(parent.id) if await works_at_desk(info.context) else None


async def cases(
    parent: strawberry.Parent[DeskRow],
    info: Info,
    state: ModerationCaseState = ModerationCaseState.OPEN,
    subject_kind: ReportSubjectKind | None = UNSET,
    assigned_to_me: bool = False,
    urgent: bool = False,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> CasesRow:
    """Cases: open ones urgent first and then oldest first, closed ones newest first."""
    question = page.asked(first, after, last, before)
    rows = await moderation_case.queue(
        parent.viewer_id,
        question.window(newest_first=state is ModerationCaseState.CLOSED),
        state=state,
        subject_kind=subject_kind if isinstance(subject_kind, ReportSubjectKind) else None,
        assignee_id=parent.viewer_id if assigned_to_me else None,
        urgent=urgent,
    )

    def key(row: CaseRow) -> int:
        return row.place if state is ModerationCaseState.OPEN else row.number

    found = page.page_of(question, rows, key)
    return CasesRow([CaseEdgeRow(page.encode(key(row)), row) for row in found.items], found.page_info)


async def waiting_case_count(parent: strawberry.Parent[DeskRow]) -> int:
    """How many cases are open."""
    return await moderation_case.waiting(parent.viewer_id)


async def waiting_appeal_count(parent: strawberry.Parent[DeskRow]) -> int:
    """How many appeals are open."""
    return await appeal.how_many(parent.viewer_id)


async def appeals(
    parent: strawberry.Parent[DeskRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> AppealsRow:
    """Open appeals, oldest first."""
    question = page.asked(first, after, last, before)
    rows = await appeal.waiting(parent.viewer_id, question.window(newest_first=False))
    found = page.page_of(question, rows, lambda row: row.id)
    return AppealsRow([AppealEdgeRow(page.encode(row.id), row) for row in found.items], found.page_info)


async def log(
    parent: strawberry.Parent[DeskRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> LogPageRow:
    """Everything that was done at the desk, newest first."""
    question = page.asked(first, after, last, before)
    found = page.page_of(
        question, await audit.lines(parent.viewer_id, question.window(newest_first=True)), lambda row: row.id
    )
    load = info.context.loaders.users.load
    edges = [
        LogEdgeRow(
            page.encode(row.id),
            LogLineRow(
                row.at,
                row.kind,
                row.detail,
                None if row.actor_id is None else await load(row.actor_id),
                None if row.person_id is None else await load(row.person_id),
                row.case_id,
            ),
        )
        for row in found.items
    ]
    return LogPageRow(edges, found.page_info)


async def team(parent: strawberry.Parent[DeskRow], info: Info) -> Sequence[MemberRow]:
    """Everybody with a role, administrators first."""
    rows = await role.team()
    people = await info.context.loaders.users.load_many([row.user_id for row in rows])
    return [MemberRow(who, row.role) for row, who in zip(rows, people, strict=True) if who is not None]


async def held_pictures(parent: strawberry.Parent[DeskRow], info: Info) -> Sequence[ReviewRow]:
    """Pictures that checks held for a person to look at, oldest first; none of the viewer's own."""
    rows = await review.waiting(MOST_WAITING)
    own = (await info.context.loaders.users.load(parent.viewer_id)) or None
    return [row for row in rows if own is None or row.owner != own.handle]


def held_id(parent: strawberry.Parent[ReviewRow]) -> strawberry.ID:
    """The id by which a held picture is decided about."""
    return strawberry.ID(node_id.encode("review", parent.id))


def log_case_id(parent: strawberry.Parent[LogLineRow]) -> strawberry.ID | None:
    """The case that a line is about."""
    return None if parent.case_id is None else strawberry.ID(node_id.encode("case", parent.case_id))


def held_url(parent: strawberry.Parent[ReviewRow], info: Info) -> str:
    """Where a held picture is to be seen for a minute."""
    key = object_key(parent.image.prefix, "original", parent.image.mime_type)
    return presigned_get(key, time.time(), info.context.house.settings)


async def case_person(parent: strawberry.Parent[CaseRow], info: Info) -> UserRow | None:
    """Whom a case concerns, where they are there."""
    return await info.context.loaders.users.load(parent.person_id)


async def case_post(parent: strawberry.Parent[CaseRow], info: Info) -> PostRow | None:
    """The post as it is now, where the viewer sees it like everybody."""
    if parent.subject.kind is not ReportSubjectKind.POST:
        return None
    row = await info.context.loaders.posts.load(parent.subject.id)
    return row if isinstance(row, PostRow) else None


async def case_assignee(parent: strawberry.Parent[CaseRow], info: Info) -> UserRow | None:
    """Who has taken it."""
    return None if parent.assignee_id is None else await info.context.loaders.users.load(parent.assignee_id)


def case_subject_kind(parent: strawberry.Parent[CaseRow]) -> ReportSubjectKind:
    """What sort of thing it is about."""
    return parent.subject.kind


def case_reasons(parent: strawberry.Parent[CaseRow]) -> Sequence[ReportReason]:
    """The reasons that were given, each once."""
    return [ReportReason(name) for name in parent.reasons]


def case_kinds(parent: strawberry.Parent[CaseRow]) -> Sequence[ModerationActionKind]:
    """What can be done about such a thing."""
    return [kind for kind in ModerationActionKind if kind in ALLOWED[parent.subject.kind]]


async def case_evidence(parent: strawberry.Parent[CaseRow], info: Info) -> Sequence[EvidenceRow]:
    """What was handed over, oldest first."""
    return [await _evidence(info, said) for said in parent.said]


async def _evidence(info: Info, said: dict[str, Any]) -> EvidenceRow:
    loaders = info.context.loaders
    pictures = await loaders.images.load_many([int(one) for one in said["images"]])
    context = [
        ContextRow(await loaders.users.load(int(one["person"])), one["text"], datetime.fromisoformat(one["at"]))
        for one in said["context"]
    ]
    shown = [one for one in pictures if one is not None]
    return EvidenceRow(said["text"], said.get("warning"), datetime.fromisoformat(said["at"]), shown, context)


async def case_notes(parent: strawberry.Parent[CaseRow], info: Info) -> Sequence[CaseNoteRow]:
    """What moderators wrote to each other, oldest first."""

    async def shown(row: NoteRow) -> CaseNoteRow:
        return CaseNoteRow(await info.context.loaders.users.load(row.author_id), row.text, row.created_at)

    return [await shown(row) for row in await moderation_case.notes(parent.id)]


async def case_reports(
    parent: strawberry.Parent[CaseRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> ReportsRow:
    """The reports of a case, newest first."""
    question = page.asked(first, after, last, before)
    return reports_page(question, await report.reports_in(parent.id, question.window(newest_first=True)))


async def case_actions(
    parent: strawberry.Parent[CaseRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> ActionsRow:
    """What was done in a case, newest first."""
    question = page.asked(first, after, last, before)
    return actions_page(question, await moderation_action.in_case(parent.id, question.window(newest_first=True)))
