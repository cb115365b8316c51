"""Roles: who may do what at the desk. The one table of permissions; nothing else asks for a role by name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from errors import BadInput, Conflict, Forbidden, NotFound
from models import audit
from models.audit import ModerationLogKind
from models.database import fetch, fetch_value

MOST_OF_THE_TEAM = 200


class Role(Enum):
    """What somebody is here."""

    MEMBER = "MEMBER"
    MODERATOR = "MODERATOR"
    ADMINISTRATOR = "ADMINISTRATOR"


class Permission(Enum):
    """What can be allowed."""

    WORK_AT_DESK = "WORK_AT_DESK"  # read cases and the log, assign, note, act, reverse, decide appeals
    ACT_ON_TEAM = "ACT_ON_TEAM"  # act about moderators
    GIVE_ROLES = "GIVE_ROLES"
    EDIT_RULES = "EDIT_RULES"  # make, change, try and turn on automod rules


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: frozenset(),
    Role.MODERATOR: frozenset({Permission.WORK_AT_DESK}),
    Role.ADMINISTRATOR: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class TeamRow:
    """Somebody of the team."""

    user_id: int
    role: Role


async def role_of(user_id: int) -> Role:
    """What somebody is now; a member where the account is suspended or closed."""
    found = await fetch_value("SELECT role FROM users WHERE id = $1 AND NOT gone", user_id)
    return Role.MEMBER if found is None else Role(found)


async def may(user_id: int, permission: Permission) -> bool:
    """Whether somebody may do this now."""
    return permission in PERMISSIONS[await role_of(user_id)]


async def check_desk(user_id: int, path: str, what: str) -> None:
    """Whether somebody works at the desk; to others there is nothing there. Raises NotFound."""
    if not await may(user_id, Permission.WORK_AT_DESK):
        raise NotFound(f"There is no such {what}.", [path])


async def check_giver(user_id: int) -> None:
    """Whether somebody may give roles. Raises Forbidden."""
    if not await may(user_id, Permission.GIVE_ROLES):
        raise Forbidden("Administrators give roles.")


async def team() -> list[TeamRow]:
    """Everybody with a role, at most `MOST_OF_THE_TEAM`, administrators first."""
    rows = await fetch(
        "SELECT id, role FROM users WHERE role <> 'MEMBER' ORDER BY role, id LIMIT $1",
        MOST_OF_THE_TEAM,
    )
    return [TeamRow(row["id"], Role(row["role"])) for row in rows]


async def give(actor_id: int | None, user_id: int, role: Role) -> bool:
    """Give somebody a role; False when it is theirs already. `actor_id` None is whoever runs this place, by command.

    The caller holds the transaction. Raises Forbidden, NotFound, BadInput for one's own, Conflict when the team is full.
    """
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('team', 0))")  # two who demote each other
    if actor_id is not None:
        await check_giver(actor_id)
        if actor_id == user_id:
            raise BadInput("Another administrator changes your role.", ["userId"])
    was = await fetch_value("SELECT role FROM users WHERE id = $1 AND (NOT gone OR role <> 'MEMBER')", user_id)
    if was is None:
        raise NotFound("There is no such person.", ["userId"])
    if was == role.value:
        return False
    if was == Role.MEMBER.value and len(await team()) >= MOST_OF_THE_TEAM:
        raise Conflict(f"The team has {MOST_OF_THE_TEAM} people.", ["userId"])
    await fetch("UPDATE users SET role = $2 WHERE id = $1", user_id, role.value)
    if role is Role.MEMBER:
        await fetch("UPDATE moderation_cases SET assignee_id = NULL WHERE assignee_id = $1 AND state = 'OPEN'", user_id)
    await audit.note(actor_id, ModerationLogKind.ROLE, person_id=user_id, detail=f"{was} → {role.value}")
    return True
