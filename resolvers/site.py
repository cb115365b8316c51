"""This place: what whoever comes here has to know before they are somebody."""

from __future__ import annotations

from dataclasses import dataclass

from models.sign_up_mode import SignUpMode, mode_of
from resolvers.context import Info


@dataclass(frozen=True, slots=True)
class SiteRow:
    """What holds here for everybody."""

    sign_up_mode: SignUpMode
    sends_mail: bool


async def site(info: Info) -> SiteRow:
    """This place."""
    told = info.context.house.settings
    return SiteRow(mode_of(told.sign_up_mode), told.sends_links)
