"""Preferences: how things are shown to one person, wherever they are signed in. Nobody else sees them."""

from __future__ import annotations

from enum import Enum

from models.database import fetch, fetch_value


class InterfaceLanguage(Enum):
    """A language that this place speaks."""

    EN = "EN"
    FR = "FR"


async def shows_sensitive(user_id: int) -> bool:
    """Whether pictures marked as sensitive are shown to this person at once."""
    return bool(await fetch_value("SELECT shows_sensitive FROM preferences WHERE user_id = $1", user_id))


async def set_shows_sensitive(user_id: int, *, shows: bool) -> None:
    """Show them at once, or not."""
    await fetch(
        "INSERT INTO preferences (user_id, shows_sensitive) VALUES ($1, $2)"
        " ON CONFLICT (user_id) DO UPDATE SET shows_sensitive = excluded.shows_sensitive",
        user_id,
        shows,
    )


async def language(user_id: int) -> InterfaceLanguage:
    """The language in which this person is written to: English when they never said one."""
    found = await fetch_value("SELECT language FROM preferences WHERE user_id = $1", user_id)
    return InterfaceLanguage(found) if found else InterfaceLanguage.EN


async def set_language(user_id: int, wanted: InterfaceLanguage) -> None:
    """Write to them in this one from now on."""
    await fetch(
        "INSERT INTO preferences (user_id, language) VALUES ($1, $2)"
        " ON CONFLICT (user_id) DO UPDATE SET language = excluded.language",
        user_id,
        wanted.value,
    )


async def decision_mail(user_id: int) -> bool:
    """Whether this person is written to when moderators decide something about them; of suspensions they are always."""
    found = await fetch_value("SELECT decision_mail FROM preferences WHERE user_id = $1", user_id)
    return found is not False


async def set_decision_mail(user_id: int, *, sends: bool) -> None:
    """Write to them of it, or not."""
    await fetch(
        "INSERT INTO preferences (user_id, decision_mail) VALUES ($1, $2)"
        " ON CONFLICT (user_id) DO UPDATE SET decision_mail = excluded.decision_mail",
        user_id,
        sends,
    )
