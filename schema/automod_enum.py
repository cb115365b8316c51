"""The enums of automod, each value described."""

from __future__ import annotations

from models.automod_definition import AutomodOutcome, AutomodTarget
from models.automod_fact import AutomodDecision
from models.automod_rule import AutomodState
from models.automod_run import AutomodRunState
from schema.scalar import publish

__all__ = ["AutomodDecision", "AutomodOutcome", "AutomodRunState", "AutomodState", "AutomodTarget"]

publish(
    AutomodTarget,
    "What a rule looks at: what everybody can see, and nothing else.",
    {
        AutomodTarget.POST: "Posts for everybody: text, content warning, alt texts and the choices of a poll.",
        AutomodTarget.ACCOUNT: "Accounts: handle, name, bio, place, website and pronouns.",
    },
)
publish(
    AutomodOutcome,
    "What follows from a match.",
    {
        AutomodOutcome.QUEUE: "A case is opened, for a moderator to decide.",
        AutomodOutcome.LABEL: "A label is put on it, which whom it concerns is told and may appeal.",
        AutomodOutcome.HOLD: "The post is its author's alone until a moderator decides about its case; they are told and may appeal.",
    },
)
publish(
    AutomodState,
    "What a rule does.",
    {
        AutomodState.DRAFT: "Nothing; it is being written.",
        AutomodState.DRY: "It counts what it matches of what is new, and touches nothing.",
        AutomodState.ON: "It does what it says.",
        AutomodState.OFF: "Nothing any more.",
    },
)
publish(
    AutomodRunState,
    "How far a dry run is.",
    {
        AutomodRunState.RUNNING: "It goes on.",
        AutomodRunState.DONE: "It looked at all that was asked for.",
        AutomodRunState.CANCELLED: "Somebody ended it.",
        AutomodRunState.FAILED: "It could not go on.",
    },
)
publish(
    AutomodDecision,
    "What moderators had decided about something by themselves.",
    {
        AutomodDecision.UPHELD: "They acted about it, and that stands.",
        AutomodDecision.DISMISSED: "They found no rule broken.",
    },
)
