"""Cases, actions, appeals and automod rules by their ids: for the desk, and for those they are about."""

from __future__ import annotations

from models import appeal, automod_rule, automod_run, moderation_action, moderation_case, role
from models.appeal import AppealRow
from models.automod_rule import RuleRow
from models.automod_run import RunRow
from models.moderation_action import ActionRow
from models.moderation_case import CaseRow
from models.role import Permission
from resolvers.context import Context


async def works_at_desk(context: Context) -> bool:
    """Whether the asker is a moderator now."""
    asker = context.asker
    if asker.user_id is None or asker.is_suspended:
        return False
    return await role.may(asker.user_id, Permission.WORK_AT_DESK)


async def case_node(context: Context, number: int) -> CaseRow | None:
    """A case, for the desk."""
    return await moderation_case.case_of(context.viewer_id, number) if await works_at_desk(context) else None


async def action_node(context: Context, number: int) -> ActionRow | None:
    """An action: for whom it concerns, and for the desk."""
    found = await moderation_action.action(number)
    if found is None:
        return None
    if found.person_id == context.viewer_id:
        return None if found.kind in moderation_action.NOT_TOLD else found
    return found if await works_at_desk(context) else None


async def appeal_node(context: Context, number: int) -> AppealRow | None:
    """An appeal: for who made it, and for the desk."""
    found = await appeal.appeal(number)
    if found is None or found.person_id == context.viewer_id:
        return found
    return found if await works_at_desk(context) else None


async def rule_node(context: Context, number: int) -> RuleRow | None:
    """An automod rule, for the desk."""
    return await automod_rule.rule(number) if await works_at_desk(context) else None


async def run_node(context: Context, number: int) -> RunRow | None:
    """A dry run of one, for the desk."""
    return await automod_run.run_of(number) if await works_at_desk(context) else None
