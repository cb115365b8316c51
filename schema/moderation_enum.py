"""The enums of moderation, each value described."""

from __future__ import annotations

from models.appeal import AppealState
from models.audit import ModerationLogKind
from models.label import LabelBlur, LabelSeverity, LabelValue
from models.moderation_action import ModerationActionKind
from models.moderation_case import ModerationCaseState
from models.report import ReportReason, ReportState
from models.role import Role
from models.subject import ReportSubjectKind
from schema.scalar import publish

__all__ = [
    "AppealState",
    "LabelBlur",
    "LabelSeverity",
    "LabelValue",
    "ModerationActionKind",
    "ModerationCaseState",
    "ModerationLogKind",
    "ReportReason",
    "ReportState",
    "ReportSubjectKind",
    "Role",
]

publish(
    Role,
    "What somebody is here.",
    {
        Role.MEMBER: "Like nearly everybody.",
        Role.MODERATOR: "Works at the desk.",
        Role.ADMINISTRATOR: "Works at the desk, acts about moderators, gives roles, and writes the automod rules.",
    },
)
publish(
    ReportSubjectKind,
    "What can be reported and acted about.",
    {
        ReportSubjectKind.POST: "A post.",
        ReportSubjectKind.USER: "An account.",
        ReportSubjectKind.IMAGE: "A picture.",
        ReportSubjectKind.MESSAGE: "A message of a chat.",
    },
)
publish(
    ReportReason,
    "Which rule of the house something breaks.",
    {
        ReportReason.SPAM: "It is spam, or fakes interest.",
        ReportReason.HARASSMENT: "It harasses or bullies somebody.",
        ReportReason.HATE: "It attacks people for what they are.",
        ReportReason.VIOLENCE: "It threatens with violence, calls for it, or shows it to please.",
        ReportReason.SELF_HARM: "Somebody may harm themselves, or it calls for that. Looked at first.",
        ReportReason.SEXUAL_CONTENT: "It is sexual where it should not be, or without a mark.",
        ReportReason.INTIMATE_IMAGERY: "It shows somebody's body or intimacy without their consent, real or made. Looked at first.",
        ReportReason.DEEPFAKE: "It makes somebody seem to do or say what they did not.",
        ReportReason.CHILD_SAFETY: "It sexualises or endangers a child. Looked at first.",
        ReportReason.IMPERSONATION: "It pretends to be somebody.",
        ReportReason.COPYRIGHT: "It uses what is somebody else's.",
        ReportReason.PRIVATE_INFORMATION: "It tells where somebody lives, or the like.",
        ReportReason.OTHER: "Something else, which the note says.",
    },
)
publish(
    ReportState,
    "What came of a report.",
    {
        ReportState.OPEN: "Nobody has decided yet.",
        ReportState.ACTED: "Moderators did something about it.",
        ReportState.DISMISSED: "Moderators found no rule broken.",
    },
)
publish(
    ModerationCaseState,
    "Whether a case is decided.",
    {
        ModerationCaseState.OPEN: "It waits.",
        ModerationCaseState.CLOSED: "It is decided; what is reported anew is a new case.",
    },
)
publish(
    ModerationActionKind,
    "What moderators do.",
    {
        ModerationActionKind.DISMISS: "Nothing: no rule is broken. The person concerned is not told.",
        ModerationActionKind.WARN: "Tell whom it concerns which rule they broke; one strike.",
        ModerationActionKind.LABEL: "Say something of it for all to see, and veil it where that is wanted.",
        ModerationActionKind.LIMIT: "Take a post, or all that an account posts, out of every list of strangers; followers see it as before, and only they"
        " are told of what a limited account does, or asked by it for chats and remixes. One strike.",
        ModerationActionKind.HIDE: "Take a post away from everybody but its author, for now.",
        ModerationActionKind.REMOVE: "Take it away for good, a picture with all that was made of it; two strikes.",
        ModerationActionKind.SUSPEND: "Suspend the account; four strikes.",
        ModerationActionKind.REVERSE: "Another action is undone (`about`).",
        ModerationActionKind.UPHOLD: "Another action stands after its appeal (`about`).",
    },
)
publish(
    AppealState,
    "What came of an appeal.",
    {
        AppealState.OPEN: "Nobody has decided yet.",
        AppealState.UPHELD: "The action stands.",
        AppealState.GRANTED: "The action is undone.",
    },
)
publish(
    LabelValue,
    "What moderators say of something.",
    {
        LabelValue.ADULT: "It is for adults.",
        LabelValue.GRAPHIC: "It shows violence or injuries.",
        LabelValue.MISLEADING: "It misleads.",
        LabelValue.DEEPFAKE: "It shows what did not happen, of somebody who exists.",
        LabelValue.SPAM: "It is spam.",
        LabelValue.UNVERIFIED: "It claims what nobody could check.",
    },
)
publish(
    LabelSeverity,
    "How loudly a label speaks.",
    {LabelSeverity.INFORM: "A word beside it.", LabelSeverity.ALERT: "A warning."},
)
publish(
    LabelBlur,
    "What a label veils until one asks for it.",
    {
        LabelBlur.NONE: "Nothing.",
        LabelBlur.MEDIA: "The pictures.",
        LabelBlur.CONTENT: "All of it; clients that cannot, the pictures.",
    },
)
publish(
    ModerationLogKind,
    "What was done at the desk.",
    {
        ModerationLogKind.OPENED: "A moderator opened a case.",
        ModerationLogKind.ASSIGNED: "A moderator took a case.",
        ModerationLogKind.UNASSIGNED: "A case was given back to all.",
        ModerationLogKind.NOTED: "A moderator wrote a note.",
        ModerationLogKind.ACTED: "A moderator acted.",
        ModerationLogKind.REVERSED: "An action was undone.",
        ModerationLogKind.UPHELD: "An action stands after its appeal.",
        ModerationLogKind.HELD_DECIDED: "A picture that was held was let through or refused.",
        ModerationLogKind.ROLE: "Somebody got another role.",
        ModerationLogKind.RULE: "An automod rule was changed (`detail`).",
        ModerationLogKind.MATCHED: "An automod rule opened a case, and labelled or held what it is about (`detail`).",
        ModerationLogKind.TREE_TAKEN: "All that was made of a picture that was removed is taken down; `detail` is how many pictures.",
        ModerationLogKind.TREE_RETURNED: "That was undone, and the pictures given back that still were taken; `detail` is how many.",
    },
)
