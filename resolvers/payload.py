"""What mutations answer with: rows, one class per shape. A payload without its object has user errors instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from models.card import ImageRow, PostRow, UserRow
from models.job import JobRow
from models.job_move import CancelOutcome
from models.permit import PermitRow
from models.second_factor import FactorKind
from resolvers.live_row import EdgeRow
from resolvers.outcome import UserErrorRow
from resolvers.upload_row import UploadRow
from resolvers.viewer_row import ViewerRow


@dataclass(frozen=True, slots=True)
class Payload:
    """What every payload has."""

    user_errors: Sequence[UserErrorRow] = ()


@dataclass(frozen=True, slots=True)
class PendingLoginRow:
    """A login that waits for a second factor, and by what it is completed."""

    token: str = field(repr=False)
    factors: Sequence[FactorKind]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AuthRow(Payload):
    """Who is signed in now, and the bearer token if one was asked for; or what waits for a second factor."""

    viewer: ViewerRow | None = None
    token: str | None = field(default=None, repr=False)
    pending_login: PendingLoginRow | None = None


@dataclass(frozen=True, slots=True)
class SessionsEndedRow(Payload):
    """Which sessions ended."""

    revoked_session_ids: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PostPayloadRow(Payload):
    """A post as it is now, and its place in the author's page where it is new."""

    post: PostRow | None = None
    edge: EdgeRow | None = None


@dataclass(frozen=True, slots=True)
class PostDeletedRow(Payload):
    """Which post is gone."""

    deleted_post_id: str | None = None


@dataclass(frozen=True, slots=True)
class UserPayloadRow(Payload):
    """A person as they are now."""

    user: UserRow | None = None


@dataclass(frozen=True, slots=True)
class JobPayloadRow(Payload):
    """A job as it is now, and what cancelling did."""

    job: JobRow | None = None
    outcome: CancelOutcome | None = None


@dataclass(frozen=True, slots=True)
class UploadPayloadRow(Payload):
    """Where to send a picture."""

    upload: UploadRow | None = None


@dataclass(frozen=True, slots=True)
class ImagePayloadRow(Payload):
    """A kept picture."""

    image: ImageRow | None = None


@dataclass(frozen=True, slots=True)
class PermitPayloadRow(Payload):
    """A request to remix as it is now."""

    request: PermitRow | None = None


@dataclass(frozen=True, slots=True)
class ViewerPayloadRow(Payload):
    """Whoever is signed in, as they are now."""

    viewer: ViewerRow | None = None
