"""Anything by its global id. Garbage, foreign and hidden ids are null, never an error."""

from __future__ import annotations

import asyncio

import strawberry

from discovery.notification_line import NotificationRow
from discovery.saved_search import SavedSearchRow, saved_search
from errors import BadInput, NotFound
from models import invitation, node_id
from models.access_token import TokenRow, token_of
from models.app import AppRow, app_of
from models.app_grant import GrantRow, grant_of
from models.appeal import AppealRow
from models.automod_rule import RuleRow
from models.automod_run import RunRow
from models.board import BoardRow
from models.card import ImageRow, PostRow, UserRow
from models.chat import ChatRow
from models.credit import EntryRow, entry_of
from models.custom_feed import FeedRow
from models.delivery import AttemptRow, DeliveryRow, attempt_of, deliveries
from models.direct_message import MessageRow
from models.external_identity import IdentityRow, identity_of
from models.invitation import InvitationRow
from models.job import JobRow, jobs
from models.job_entry import EntryRow as JobEntryRow
from models.job_entry import entry_of as job_entry_of
from models.kept_draft import DraftRow, draft_of
from models.moderation_action import ActionRow
from models.moderation_case import CaseRow
from models.muted_word import WordRow, word_of
from models.opinion import OpinionRow, opinion_of
from models.passkey import PasskeyRow, passkey_of
from models.past_prompt import PastPromptRow, prompt_of
from models.permit import PermitRow, permits
from models.poll import PollRow, post_of
from models.preset import PresetRow, preset_of
from models.push_subscription import SubscriptionRow, subscription_of
from models.report import ReportRow, report_of
from models.style_code import StyleCodeRow, style_code_of
from models.thread import ThreadRow
from models.user_list import ListRow
from models.webhook import WebhookRow, webhook_of
from resolvers.context import Context, Info
from resolvers.desk_node import action_node, appeal_node, case_node, rule_node, run_node
from resolvers.notification import notification_of
from resolvers.session import SessionRow, session_of_viewer

MOST_IDS = 100

NodeRow = (
    PostRow
    | PollRow
    | UserRow
    | ImageRow
    | JobRow
    | SessionRow
    | WebhookRow
    | DeliveryRow
    | AttemptRow
    | EntryRow
    | OpinionRow
    | JobEntryRow
    | ThreadRow
    | PastPromptRow
    | PresetRow
    | StyleCodeRow
    | PermitRow
    | WordRow
    | NotificationRow
    | SubscriptionRow
    | DraftRow
    | ChatRow
    | MessageRow
    | ListRow
    | BoardRow
    | SavedSearchRow
    | FeedRow
    | TokenRow
    | AppRow
    | GrantRow
    | PasskeyRow
    | InvitationRow
    | ReportRow
    | CaseRow
    | ActionRow
    | AppealRow
    | IdentityRow
    | RuleRow
    | RunRow
)


async def _load(context: Context, text: str) -> NodeRow | None:
    found = node_id.decode(text)
    if found is None:
        return None
    kind, number = found
    if kind == "post":
        row = await context.loaders.posts.load(number)
        return row if isinstance(row, PostRow) else None
    if kind == "poll":
        post_id = await post_of(number)
        post = None if post_id is None else await context.loaders.posts.load(post_id)
        return post.poll if isinstance(post, PostRow) else None
    if kind == "user":
        return await context.loaders.users.load(number)
    if kind == "image":
        return await context.loaders.images.load(number)
    if kind == "job":
        return (await jobs([number], context.viewer_id)).get(number)
    if kind == "session":
        return await session_of_viewer(context, number)
    if kind == "passkey":
        return await passkey_of(context.viewer_id, number)
    if kind == "preset":
        return await preset_of(context.viewer_id, number)
    if kind == "style":
        return await style_code_of(context.viewer_id, number)
    if kind == "permit":
        return (await permits(context.viewer_id, [number])).get(number)
    if kind == "word":
        return await word_of(context.viewer_id, number)
    if kind == "opinion":
        return await opinion_of(context.viewer_id, number)
    if kind == "notification":
        return await notification_of(context.viewer_id, number)
    if kind == "push":
        return await subscription_of(context.viewer_id, context.asker.session_id, number)
    if kind == "draft":
        return await draft_of(context.viewer_id, number)
    if kind == "chat":
        return await context.loaders.chats.load(number)
    if kind == "message":
        return await context.loaders.messages.load(number)
    if kind == "thread":
        return await context.loaders.threads.load(number)
    if kind == "list":
        return await context.loaders.lists.load(number)
    if kind == "board":
        return await context.loaders.boards.load(number)
    if kind == "search":
        return await saved_search(context.viewer_id, number)
    if kind == "feed":
        return await context.loaders.feeds.load(number)
    if kind == "invitation":
        return await invitation.one_of(context.viewer_id, number)
    if kind == "prompt":
        return await prompt_of(context.viewer_id, number)
    if kind == "report":
        return await report_of(context.viewer_id, number)
    if kind == "case":
        return await case_node(context, number)
    if kind == "action":
        return await action_node(context, number)
    if kind == "appeal":
        return await appeal_node(context, number)
    if kind == "rule":
        return await rule_node(context, number)
    if kind == "run":
        return await run_node(context, number)
    if kind == "webhook":
        return await webhook_of(context.viewer_id, number)
    if kind == "delivery":
        return (await deliveries(context.viewer_id, [number])).get(number)
    if kind == "attempt":
        return await attempt_of(context.viewer_id, number)
    if kind == "entry":
        return await job_entry_of(context.viewer_id, number)
    if kind == "token":
        return await token_of(context.viewer_id, number)
    if kind == "app":
        return await app_of(context.viewer_id, number)
    if kind == "grant":
        return await grant_of(context.viewer_id, number)
    if kind == "identity":
        return await identity_of(context.viewer_id, number)
    if kind == "credit":
        return await entry_of(context.viewer_id, number)
    return None


async def node(info: Info, id: strawberry.ID) -> NodeRow | None:
    """The thing with this id, or null."""
    return await _load(info.context, id)


async def nodes(info: Info, ids: list[strawberry.ID]) -> list[NodeRow | None]:
    """The things with these ids, in their order, null for what is missing. Raises BadInput for more than 100."""
    if len(ids) > MOST_IDS:
        raise BadInput(f"At most {MOST_IDS} ids are looked up at once.", ["ids"])
    return await asyncio.gather(*(_load(info.context, text) for text in ids))


def number_in(kind: str, text: str, path: str) -> int:
    """The number in the global id at `path` (dotted) of an input. Raises NotFound when it is no id of that kind."""
    number = node_id.number_of(kind, text)
    if number is None:
        raise NotFound(f"There is no such {kind}.", path.split("."))
    return number
