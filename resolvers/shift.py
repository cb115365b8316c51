"""Shifts: what it means to one reader that a post became for others than before.

The rules are asked twice, of the post as it is and as it was: who saw it and does not now is told that it left, who sees it now
and did not before gets it. Everybody who hears of one shift shares the look at the post.
"""

from __future__ import annotations

from dataclasses import dataclass

from models import audience, node_id, timeline, visibility
from models.event import Event
from models.timeline import Entry
from models.visibility import PostFacts, Relations, Rule
from resolvers.context import Context
from resolvers.live_row import PostPublishedRow, PostRemovedRow, ResetReason, ResetRow
from resolvers.meaning import LOOKS
from resolvers.presence import published


@dataclass(frozen=True, slots=True)
class Shift:
    """A post before and after, to one reader."""

    now: PostFacts
    then: PostFacts
    reader: Relations

    def holds(self, rule: Rule) -> bool:
        """Whether a rule holds now."""
        return rule.holds(self.now, self.reader)

    def held(self, rule: Rule) -> bool:
        """Whether it did."""
        return rule.holds(self.then, self.reader)


async def shift_of(event: Event, reader: Relations) -> Shift | None:
    """The shift that an event tells of; None where there is no such post."""
    if event.post_id is None:
        return None
    known = (await LOOKS.take([event.post_id], (), ())).facts(event.post_id)
    return None if known is None else Shift(known, await audience.before(known, event.subject_id), reader)


def gone(event: Event, shift: Shift) -> PostRemovedRow | None:
    """The post left, for who could see it."""
    if not shift.held(visibility.visible):
        return None
    return PostRemovedRow(str(event.cursor), node_id.encode("post", shift.now.id))


async def at_home(
    context: Context, event: Event, reader: Relations
) -> PostPublishedRow | PostRemovedRow | ResetRow | None:
    """What a shift means to a home."""
    shift = await shift_of(event, reader)
    if shift is None:
        return None
    places = (await timeline.home_entries(shift.now.id, [reader.viewer_id])).get(reader.viewer_id, ())
    if not places:
        return gone(event, shift)
    rules = {True: visibility.home_original, False: visibility.home_reposted}
    news = [entry for entry in places if not shift.held(rules[entry.reposter_id is None])]
    if len(news) > 1:
        return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
    return await published(context, event, news[0]) if news else None


async def by_rule(
    context: Context, event: Event, reader: Relations, rule: Rule
) -> PostPublishedRow | PostRemovedRow | None:
    """What a shift means to a timeline in which posts stand by themselves, where `rule` holds."""
    shift = await shift_of(event, reader)
    if shift is None or shift.holds(rule) == shift.held(rule):
        return None
    if not shift.holds(rule):
        return gone(event, shift)
    return await published(context, event, Entry(shift.now.id, shift.now.id))


async def on_page(
    context: Context, event: Event, owner_id: int, reader: Relations
) -> PostPublishedRow | PostRemovedRow | None:
    """What a shift means to a person's page: what they wrote comes and goes, what they reposted goes."""
    if event.actor_id == owner_id:
        return await by_rule(context, event, reader, visibility.profile)
    shift = await shift_of(event, reader)
    return None if shift is None or shift.holds(visibility.for_everyone) else gone(event, shift)


async def under_tag(
    context: Context, event: Event, reader: Relations, bears: bool
) -> PostPublishedRow | PostRemovedRow | None:
    """What a shift means to a hashtag of which the post has become, or is no longer: `bears` says which it is now."""
    shift = await shift_of(event, reader)
    if shift is None:
        return None
    if not bears or not shift.holds(visibility.hashtag):
        return gone(event, shift)
    return await published(context, event, Entry(shift.now.id, shift.now.id))


async def in_conversation(event: Event, reader: Relations) -> ResetRow | None:
    """What a shift means to a conversation: its shape changes, so it is fetched anew."""
    shift = await shift_of(event, reader)
    if shift is None or shift.holds(visibility.answer) == shift.held(visibility.answer):
        return None
    return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
