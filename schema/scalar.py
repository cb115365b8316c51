"""Scalars and enums: how values of the models are written in GraphQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum

import strawberry
from graphql import GraphQLError

from errors import ErrorCode
from models.card import UnavailableReason
from models.consent import PromptVisibility, RemixPermission, RemixPolicy, RemixRequestState
from models.creation import CreationState
from models.credit import CreditEntryKind
from models.delivery import DeliveryState
from models.job import InputRole, JobKind, JobPriority, JobState, OutputState
from models.job_entry import JobEntryKind
from models.job_move import CancelOutcome
from models.muted_word import WordAction, WordScope
from models.policy import QuotePolicy, ReplyPolicy
from models.preset import PresetSettingName
from models.tier import Tier
from models.visibility import Visibility
from models.webhook import WebhookEvent, WebhookOffReason
from resolvers.image import ImageSize
from resolvers.lineage import PromptChange, RemixUnavailableReason
from resolvers.live_row import ResetReason


def write_time(value: datetime) -> str:
    """A moment as RFC 3339 in UTC, to the millisecond."""
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat(timespec="milliseconds")[:-6] + "Z"


def read_time(value: object) -> datetime:
    """A moment out of RFC 3339 text with an offset. Raises GraphQLError otherwise."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise GraphQLError("A DateTime is RFC 3339 text.") from error
    if moment.tzinfo is None:
        raise GraphQLError("A DateTime says its offset from UTC.")
    return moment.astimezone(UTC)


DATE_TIME = strawberry.scalar(
    name="DateTime",
    description="A moment in UTC as RFC 3339 text with milliseconds, such as 2026-11-22T16:20:00.000Z.",
    specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
    serialize=write_time,
    parse_value=read_time,
)


def _publish(kind: type[Enum], description: str, values: Mapping[Enum, str]) -> None:
    """Make an enum of the models an enum of the schema, every value described.

    Whichever module names the enum first has made it one already; then it is that definition which is described.
    """
    if not hasattr(kind, "__strawberry_definition__"):
        strawberry.enum(kind)
    definition = kind.__strawberry_definition__  # type: ignore[attr-defined]  # set by strawberry.enum
    definition.description = description
    for value in definition.values:
        value.description = values[kind[value.name]]


publish = _publish  # for enums that have a file of their own


_publish(
    Visibility,
    "Who a post is for. Blocks cut through all of them.",
    {
        Visibility.PUBLIC: "Everybody, signed in or not; stands in explore.",
        Visibility.UNLISTED: "Everybody who has the address or follows the author; stands in no public list.",
        Visibility.FOLLOWERS: "The author's followers and whoever is mentioned.",
        Visibility.MENTIONED: "Whoever is mentioned, and nobody else.",
    },
)
_publish(
    ReplyPolicy,
    "Who may answer in a conversation. Whoever began it always may; whoever is not to see a post cannot answer it either.",
    {
        ReplyPolicy.EVERYONE: "Everybody.",
        ReplyPolicy.FOLLOWING: "Whom its author follows, and whom its first post mentions.",
        ReplyPolicy.MENTIONED: "Whom its first post mentions.",
        ReplyPolicy.NOBODY: "Nobody but its author.",
    },
)
_publish(
    QuotePolicy,
    "Who may quote a post that is for everyone. Its author always may; what is not for everyone nobody else may.",
    {
        QuotePolicy.EVERYONE: "Everybody.",
        QuotePolicy.FOLLOWERS: "The author's followers.",
        QuotePolicy.NOBODY: "Nobody but its author.",
    },
)
_publish(
    ImageSize,
    "How large a picture is wanted. Derivatives are WebP and never larger than the original.",
    {
        ImageSize.SMALL: "Longest side at most 320 pixels: avatars, thumbnails.",
        ImageSize.MEDIUM: "Longest side at most 960 pixels: timelines.",
        ImageSize.LARGE: "Longest side at most 2,048 pixels: full screen.",
        ImageSize.ORIGINAL: "As it was kept, without metadata.",
    },
)
_publish(
    UnavailableReason,
    "Why a post is not shown.",
    {
        UnavailableReason.DELETED: "Its author deleted it.",
        UnavailableReason.BLOCKED: "The viewer blocks its author.",
        UnavailableReason.DETACHED: "Its author took it out of this quote of it.",
        UnavailableReason.NOT_VISIBLE: "Anything else: not for this viewer, or its author blocks them.",
    },
)
_publish(
    ErrorCode,
    "What kind of refusal it is. Programs read this; people read the message.",
    {
        ErrorCode.BAD_USER_INPUT: "The input is malformed or breaks a bound.",
        ErrorCode.UNAUTHENTICATED: "Nobody is signed in, or the credentials are wrong, expired or revoked.",
        ErrorCode.FORBIDDEN: "The thing is visible, but this may not be done with it.",
        ErrorCode.NOT_FOUND: "There is no such thing, or the viewer may not see it.",
        ErrorCode.CONFLICT: "The thing is taken or has changed, or an idempotency key came with another input.",
        ErrorCode.RATE_LIMITED: "Asked too often; the same call succeeds later.",
        ErrorCode.QUOTA_EXCEEDED: "A standing bound of this account is reached.",
        ErrorCode.CONTENT_BLOCKED: "A safety check refused the text or the picture.",
        ErrorCode.TAKEN_BACK: "It was shared once, and its owner has taken it back: choose another.",
        ErrorCode.REAUTHENTICATION_REQUIRED: "This change needs a recent proof of who asks: `reauthenticate`, then ask again.",
    },
)
_publish(
    JobState,
    "Where a generation job is. Finer steps are in `phase` and `failure.code`.",
    {
        JobState.QUEUED: "It waits for its turn; see `queuePosition`.",
        JobState.RUNNING: "An engine works on it; see `fraction` and `phase`.",
        JobState.IN_REVIEW: "The work is over, and a person looks at some of its pictures before they are shown. What was not kept is refunded already.",
        JobState.SUCCEEDED: "Every picture was made.",
        JobState.PARTIAL: "Some pictures were made, not all.",
        JobState.FAILED: "No picture was made; see `failure`.",
        JobState.BLOCKED: "A safety check refused it.",
        JobState.CANCELLED: "Its owner cancelled it.",
        JobState.EXPIRED: "It was not started in time.",
        JobState.TIMED_OUT: "It was started and not finished in time.",
    },
)
_publish(
    OutputState,
    "What became of one wanted picture.",
    {
        OutputState.PENDING: "Not made yet.",
        OutputState.IN_REVIEW: "Made, and held until a person has looked at it; see its `failure`. Nobody sees it until then, and it costs nothing.",
        OutputState.SUCCEEDED: "Made and kept; `image` is there.",
        OutputState.FAILED: "Not made.",
        OutputState.BLOCKED: "Refused by a safety check; see its `failure`.",
    },
)
_publish(
    JobPriority,
    "Which of a person's own jobs comes first. Turns go round between people whatever it says.",
    {
        JobPriority.LOW: "After the person's other jobs.",
        JobPriority.NORMAL: "In the order of asking.",
        JobPriority.HIGH: "Before the person's other jobs.",
    },
)
_publish(
    JobEntryKind,
    "What happened to a generation job.",
    {
        JobEntryKind.ASKED: "It was asked for.",
        JobEntryKind.QUEUED: "It waits for its turn.",
        JobEntryKind.WAITING: "Its engine is left alone for a while, after failing too often; see `until`.",
        JobEntryKind.STARTED: "A worker began an attempt; see `attempt` and `lease`.",
        JobEntryKind.TAKEN: "An engine elsewhere was handed the work.",
        JobEntryKind.OUTPUT_MADE: "A picture was made and kept; see `outputIndex`.",
        JobEntryKind.OUTPUT_FAILED: "A picture will not be made; the others may be. See `failure`.",
        JobEntryKind.OUTPUT_BLOCKED: "A safety check refused a picture; the others may be made. See `failure`.",
        JobEntryKind.OUTPUT_HELD: "A picture waits for a person's look; the others may be made. See `failure`.",
        JobEntryKind.GIVEN_BACK: "An attempt broke off and another one follows; see `failure` and `until`.",
        JobEntryKind.CANCEL_REQUESTED: "Its owner asked to stop it while it ran.",
        JobEntryKind.IN_REVIEW: "The work is over; a person decides about pictures that are held.",
        JobEntryKind.ENDED: "It came to its end; see `state` and `failure`.",
        JobEntryKind.REFUNDED: "Credits were given back; see `credits`.",
    },
)
_publish(
    JobKind,
    "What a generation job does.",
    {
        JobKind.GENERATE: "Makes pictures out of words, and of pictures to learn from where some are given.",
        JobKind.EDIT: "Changes a picture as it is told, within the mask where there is one.",
        JobKind.VARY: "Makes others like a picture.",
        JobKind.UPSCALE: "Makes a picture larger.",
        JobKind.REMOVE_BACKGROUND: "Cuts what a picture shows out of its background.",
    },
)
_publish(
    InputRole,
    "What a picture given to a job is for.",
    {
        InputRole.IMAGE: "To be worked on.",
        InputRole.MASK: "Transparent where the picture may change; all else stays as it is to the pixel.",
        InputRole.GUIDE: "Drawn over the picture, to show what is meant.",
        InputRole.REFERENCE: "To learn from: a subject, a style.",
    },
)
_publish(
    WordScope,
    "Where a muted word counts.",
    {
        WordScope.HOME: "In the home.",
        WordScope.NOTIFICATIONS: "In notifications, where HIDE alone matters.",
        WordScope.EVERYWHERE: "In the home, in explore, under hashtags and in notifications.",
    },
)
_publish(
    WordAction,
    "What becomes of a post that says a muted word.",
    {
        WordAction.HIDE: "It is left out.",
        WordAction.WARN: "It is there, and `viewerFilter` says why it is to be folded.",
    },
)
_publish(
    PresetSettingName,
    "What a preset may settle: a field of what is asked for.",
    {
        PresetSettingName.ENGINE: "`engine`.",
        PresetSettingName.MODEL: "`model`.",
        PresetSettingName.WIDTH: "`width`.",
        PresetSettingName.HEIGHT: "`height`.",
        PresetSettingName.COUNT: "`count`.",
        PresetSettingName.SEED: "`seed`.",
        PresetSettingName.STYLE: "`style`.",
        PresetSettingName.BACKGROUND: "`background`.",
        PresetSettingName.QUALITY: "`quality`.",
        PresetSettingName.OUTPUT_FORMAT: "`outputFormat`.",
        PresetSettingName.NEGATIVE_PROMPT: "`negativePrompt`.",
        PresetSettingName.STRENGTH: "`strength`.",
    },
)
_publish(
    CreationState,
    "How the pictures of a post come along.",
    {
        CreationState.WAITING: "An engine has yet to begin.",
        CreationState.MAKING: "An engine works on them; those that are done are there already.",
        CreationState.FAILED: "They will not come: it did not work, or the author stopped it.",
    },
)
_publish(
    CancelOutcome,
    "What cancelling did.",
    {
        CancelOutcome.REMOVED: "The job waited and is gone from the queue.",
        CancelOutcome.STOPPING: "The job runs; its worker stops it as soon as it hears of it.",
        CancelOutcome.ALREADY_FINISHED: "The job had come to its end before.",
    },
)
_publish(
    ResetReason,
    "Why a stream has to be taken up anew.",
    {
        ResetReason.TOO_OLD: "The cursor is older than what is kept or can be replayed.",
        ResetReason.UNKNOWN_CURSOR: "The cursor is none of this log.",
        ResetReason.TOO_SLOW: "The reader fell behind what is kept for it.",
        ResetReason.RULES_CHANGED: "A follow, block or mute changed what belongs in this timeline.",
    },
)
_publish(
    Tier,
    "What an account was given. Whoever runs this place sets it.",
    {
        Tier.FREE: "What everybody begins with.",
        Tier.PLUS: "More credits a month and more jobs at once.",
        Tier.PRO: "The most of both.",
    },
)
_publish(
    CreditEntryKind,
    "What a line of the ledger does.",
    {
        CreditEntryKind.GRANT: "Gives: the monthly grant, or a gift.",
        CreditEntryKind.RESERVE: "Sets aside what a job may cost.",
        CreditEntryKind.SETTLE: "Takes what a kept picture costs, out of what was set aside.",
        CreditEntryKind.RELEASE: "Gives back what was set aside for a picture that was not made.",
        CreditEntryKind.ADJUST: "Puts right what was wrong, up or down.",
    },
)
_publish(
    WebhookOffReason,
    "Why a webhook is turned off.",
    {
        WebhookOffReason.BY_OWNER: "Its owner turned it off.",
        WebhookOffReason.GONE: "The address answered 410: it wants nothing more.",
        WebhookOffReason.SILENT: "It took nothing for three days.",
    },
)
_publish(
    WebhookEvent,
    "What a webhook may be told. The `type` of a message is its first word, a dot and the rest in lower case, such as generation.output_kept.",
    {
        WebhookEvent.GENERATION_OUTPUT_KEPT: "A picture of a job was made and kept.",
        WebhookEvent.GENERATION_SUCCEEDED: "A job ended: every picture was made.",
        WebhookEvent.GENERATION_PARTIAL: "A job ended: some pictures were made, not all.",
        WebhookEvent.GENERATION_FAILED: "A job ended: no picture was made.",
        WebhookEvent.GENERATION_BLOCKED: "A job ended: a safety check refused it.",
        WebhookEvent.GENERATION_CANCELLED: "A job ended: its owner cancelled it.",
        WebhookEvent.GENERATION_EXPIRED: "A job ended: it was not started in time.",
        WebhookEvent.GENERATION_TIMED_OUT: "A job ended: it was started and not finished in time.",
        WebhookEvent.TEST: "Nothing happened: its owner asked for a test (webhook.test).",
    },
)
_publish(
    DeliveryState,
    "Where a message to a webhook is.",
    {
        DeliveryState.PENDING: "It is to be sent, or sent again; see `nextTryAt`.",
        DeliveryState.DELIVERED: "The receiver took it.",
        DeliveryState.FAILED: "It was given up after ten tries, or because the webhook was turned off.",
    },
)
_publish(
    RemixPolicy,
    "Who may remix the pictures of a post, of those who see it. Its author always may.",
    {
        RemixPolicy.EVERYONE: "Whoever is signed in.",
        RemixPolicy.FOLLOWERS: "Who follows the author, and whose request was accepted.",
        RemixPolicy.ASK: "Whose request the author accepts.",
        RemixPolicy.NOBODY: "Nobody; remixes that are there show that permission was taken back.",
    },
)
_publish(
    PromptVisibility,
    "Who may see how the pictures of a post were made, of those who see it. Its author always may.",
    {
        PromptVisibility.EVERYONE: "Whoever sees the post.",
        PromptVisibility.FOLLOWERS: "Who follows the author.",
        PromptVisibility.NOBODY: "Nobody.",
    },
)
_publish(
    RemixPermission,
    "Whether the author of the source stands by a remix.",
    {
        RemixPermission.GIVEN: "They do, or have not said otherwise.",
        RemixPermission.TAKEN_BACK: "They took permission back.",
    },
)
_publish(
    RemixRequestState,
    "What became of a request to remix.",
    {
        RemixRequestState.PENDING: "It waits for an answer.",
        RemixRequestState.ACCEPTED: "Who asked may remix the post.",
        RemixRequestState.DECLINED: "The author said no.",
        RemixRequestState.REVOKED: "The author took permission back.",
    },
)
_publish(
    RemixUnavailableReason,
    "Why a picture in a line of remixes is not shown.",
    {
        RemixUnavailableReason.DELETED: "Its post was deleted, or shows it no more.",
        RemixUnavailableReason.BLOCKED: "The viewer blocks its author.",
        RemixUnavailableReason.NOT_VISIBLE: "Anything else: not for this viewer, or its author blocks them.",
        RemixUnavailableReason.REVOKED: "Its author took back the permission for what was made from it.",
    },
)
_publish(
    PromptChange,
    "What became of some words of a prompt.",
    {
        PromptChange.KEPT: "They stand in both.",
        PromptChange.ADDED: "They are new.",
        PromptChange.REMOVED: "They are gone.",
    },
)
