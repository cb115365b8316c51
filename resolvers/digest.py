"""Digests by mail: how often the viewer gets one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry
from strawberry import UNSET

from errors import Conflict
from models import digest, preference
from models.digest import DigestFrequency
from models.preference import InterfaceLanguage
from resolvers.context import Info
from resolvers.notification_setting import NotificationSettingsRow
from resolvers.outcome import perform
from resolvers.payload import ViewerPayloadRow
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow


@strawberry.input(description="How often the viewer is written to of what they have not read.")
class UpdateDigestInput:
    frequency: DigestFrequency = strawberry.field(description="How often.")
    language: InterfaceLanguage | None = strawberry.field(
        description="In which language they are written to from now on, as by `updatePreferences`.", default=UNSET
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


async def digest_frequency(parent: strawberry.Parent[NotificationSettingsRow], info: Info) -> DigestFrequency:
    """How often the viewer gets one."""
    return await digest.frequency(info.context.viewer_id)


async def decision_mail(parent: strawberry.Parent[NotificationSettingsRow], info: Info) -> bool:
    """Whether the viewer is written to of what moderators decide."""
    return await preference.decision_mail(info.context.viewer_id)


async def sends_mail(parent: strawberry.Parent[NotificationSettingsRow], info: Info) -> bool:
    """Whether any mail is sent here."""
    return info.context.house.settings.sends_mail


async def update_digest(info: Info, input: UpdateDigestInput) -> ViewerPayloadRow:
    """Settle how often one is written to."""
    told = info.context.house.settings

    async def act(viewer_id: int) -> Mapping[str, Any]:
        if input.frequency is not DigestFrequency.NEVER and not told.sends_mail:
            raise Conflict("No mail is sent here: whoever runs this place has not set it up.", ["frequency"])
        await digest.set_frequency(viewer_id, input.frequency)
        if isinstance(input.language, InterfaceLanguage):
            await preference.set_language(viewer_id, input.language)
        return {"viewer": viewer_id}

    outcome = await perform(info.context, "updateDigest", input, act)
    number = outcome.found.get("viewer")
    return ViewerPayloadRow(outcome.user_errors, ViewerRow(number) if number else None)
