"""Labelers: what they say of themselves and of things, who listens, and what each wants to come of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from errors import NotFound
from models import given_label, labeler, node_id
from models.card import ImageRow, PostRow, UserRow
from models.given_label import GivenLabelRow
from models.label import LabelBlur, LabelSeverity
from models.labeler import Definition, LabelChoice, LabelerRow, LabelWording
from models.preference import InterfaceLanguage
from models.subject import ReportSubjectKind, Subject
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.payload import Payload, UserPayloadRow
from resolvers.report import ONE_OF, subject_of
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

LABELER = "A labeler, by the account."
IDENTIFIER = "Which of its labels."


@strawberry.input(description="How a label is called in a language.")
class LabelWordingInput:
    language: InterfaceLanguage = strawberry.field(description="In which language; one wording for each.")
    name: str = strawberry.field(description="What stands on the label: one line of 1 to 40 characters.")
    description: str = strawberry.field(description="What it means, at most 300 characters; may be empty.", default="")


@strawberry.input(description="A label of a labeler's own.")
class LabelDefinitionInput:
    identifier: str = strawberry.field(
        description="What programs call it, the same for good: 1 to 30 of a–z, 0–9 and -, first a letter."
    )
    wordings: list[LabelWordingInput] = strawberry.field(
        description="What people call it, in one language or several; the first counts where theirs is missing."
    )
    severity: LabelSeverity = strawberry.field(description="How loudly it is said.", default=LabelSeverity.INFORM)
    blur: LabelBlur = strawberry.field(
        description="What is veiled until asked for, for whom the label warns.", default=LabelBlur.NONE
    )
    default_choice: LabelChoice = strawberry.field(
        description="What comes of it for who listens and chose nothing.", default=LabelChoice.WARN
    )


@strawberry.input(description="What a labeler says of itself: all of it, every time.")
class DeclareLabelerInput:
    description: str = strawberry.field(description="What it labels and why, at most 500 characters; may be empty.")
    labels: list[LabelDefinitionInput] = strawberry.field(
        description="Its labels, at most 20, in order. One left out is retired, with everywhere it stands, until it is given again."
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Ending what one says as a labeler.")
class CloseLabelerInput:
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description=f"A label to put on something. {ONE_OF}")
class PutLabelInput:
    post_id: strawberry.ID | None = strawberry.field(description="A post the labeler sees.", default=UNSET)
    user_id: strawberry.ID | None = strawberry.field(description="An account.", default=UNSET)
    image_id: strawberry.ID | None = strawberry.field(description="A picture the labeler sees.", default=UNSET)
    identifier: str = strawberry.field(description="One of the labeler's own labels.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description=f"A label to take off something again. {ONE_OF}")
class RemoveLabelInput:
    post_id: strawberry.ID | None = strawberry.field(description="A post.", default=UNSET)
    user_id: strawberry.ID | None = strawberry.field(description="An account.", default=UNSET)
    image_id: strawberry.ID | None = strawberry.field(description="A picture.", default=UNSET)
    identifier: str = strawberry.field(description="One of the labeler's own labels.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="To which labeler to listen; to at most 20.")
class SubscribeToLabelerInput:
    user_id: strawberry.ID = strawberry.field(description=LABELER)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="To which labeler to listen no longer.")
class UnsubscribeFromLabelerInput:
    user_id: strawberry.ID = strawberry.field(description=LABELER)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What is to come of a label for the viewer.")
class ChooseLabelInput:
    user_id: strawberry.ID = strawberry.field(description="A labeler that the viewer listens to, by the account.")
    identifier: str = strawberry.field(description=IDENTIFIER)
    choice: LabelChoice | None = strawberry.field(
        description="What comes of it; left out or null: what the labeler proposes.", default=UNSET
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class LabelsPayloadRow(Payload):
    """Which of the viewer's labels stand on a thing now."""

    identifiers: Sequence[str] = ()


# -- what the viewer sees


async def user_labeler(parent: strawberry.Parent[UserRow], info: Info) -> LabelerRow | None:
    """The labeler that a person is, where it is there for the viewer."""
    return await info.context.loaders.labelers.load(parent.id)


async def labeler_user(parent: strawberry.Parent[LabelerRow | GivenLabelRow], info: Info) -> UserRow:
    """Whose a labeler is, or who put a label. Raises NotFound when the account is gone."""
    number = parent.labeler_id if isinstance(parent, GivenLabelRow) else parent.user_id
    row = await info.context.loaders.users.load(number)
    if row is None:
        raise NotFound("This account is gone.")
    return row


async def post_viewer_labels(parent: strawberry.Parent[PostRow], info: Info) -> Sequence[GivenLabelRow]:
    """What the viewer's labelers say of a post."""
    return await info.context.loaders.given_labels.load((ReportSubjectKind.POST, parent.id))


async def user_viewer_labels(parent: strawberry.Parent[UserRow], info: Info) -> Sequence[GivenLabelRow]:
    """What the viewer's labelers say of an account."""
    return await info.context.loaders.given_labels.load((ReportSubjectKind.USER, parent.id))


async def image_viewer_labels(parent: strawberry.Parent[ImageRow], info: Info) -> Sequence[GivenLabelRow]:
    """What the viewer's labelers say of a picture."""
    return await info.context.loaders.given_labels.load((ReportSubjectKind.IMAGE, parent.id))


async def viewer_labelers(parent: strawberry.Parent[ViewerRow], info: Info) -> Sequence[LabelerRow]:
    """To whom the viewer listens."""
    rows = await info.context.loaders.labelers.load_many(await labeler.subscribed(parent.id))
    return [row for row in rows if row is not None]


async def viewer_is_labeler(parent: strawberry.Parent[ViewerRow]) -> bool:
    """Whether the viewer puts labels on things."""
    return await labeler.is_labeler(parent.id)


async def given_labels(parent: strawberry.Parent[ViewerRow], id: strawberry.ID) -> Sequence[str]:
    """Which of the viewer's own labels stand on something; none on garbage."""
    kind, number = node_id.decode(id) or ("", 0)
    if kind not in ("post", "user", "image"):
        return ()
    return await given_label.given(parent.id, Subject(ReportSubjectKind(kind.upper()), number))


# -- what the viewer does


async def declare_labeler(info: Info, input: DeclareLabelerInput) -> UserPayloadRow:
    """Become a labeler, or change what one says."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        definitions = [
            Definition(
                one.identifier,
                [LabelWording(each.language, each.name, each.description) for each in one.wordings],
                one.severity,
                one.blur,
                one.default_choice,
            )
            for one in input.labels
        ]
        await labeler.declare(viewer_id, input.description, definitions)
        return {"user": viewer_id}

    return await _person(info, "declareLabeler", input, act)


async def close_labeler(info: Info, input: CloseLabelerInput) -> UserPayloadRow:
    """Be a labeler no longer."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await labeler.close(viewer_id)
        return {"user": viewer_id}

    return await _person(info, "closeLabeler", input, act)


async def put_label(info: Info, input: PutLabelInput) -> LabelsPayloadRow:
    """Put a label of one's own on something."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        subject = subject_of(input)
        await given_label.put(viewer_id, subject, input.identifier)
        return {"labels": await given_label.given(viewer_id, subject)}

    outcome = await perform(info.context, "putLabel", input, act)
    return LabelsPayloadRow(outcome.user_errors, outcome.found.get("labels", ()))


async def remove_label(info: Info, input: RemoveLabelInput) -> LabelsPayloadRow:
    """Take a label of one's own off something."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        subject = subject_of(input)
        await given_label.take_off(viewer_id, subject, input.identifier)
        return {"labels": await given_label.given(viewer_id, subject)}

    outcome = await perform(info.context, "removeLabel", input, act)
    return LabelsPayloadRow(outcome.user_errors, outcome.found.get("labels", ()))


async def subscribe_to_labeler(info: Info, input: SubscribeToLabelerInput) -> UserPayloadRow:
    """Listen to a labeler."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("user", input.user_id, "userId")
        await labeler.subscribe(viewer_id, number)
        return {"user": number}

    return await _person(info, "subscribeToLabeler", input, act)


async def unsubscribe_from_labeler(info: Info, input: UnsubscribeFromLabelerInput) -> UserPayloadRow:
    """Listen to a labeler no longer."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("user", input.user_id, "userId")
        await labeler.unsubscribe(viewer_id, number)
        return {"user": number}

    return await _person(info, "unsubscribeFromLabeler", input, act)


async def choose_label(info: Info, input: ChooseLabelInput) -> UserPayloadRow:
    """Say what is to come of a label."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("user", input.user_id, "userId")
        choice = input.choice if isinstance(input.choice, LabelChoice) else None
        await labeler.choose(viewer_id, number, input.identifier, choice)
        return {"user": number}

    return await _person(info, "chooseLabel", input, act)


async def _person(
    info: Info, name: str, given: object, act: Callable[[int], Awaitable[Mapping[str, Any]]]
) -> UserPayloadRow:
    outcome = await perform(info.context, name, given, act)
    number = outcome.found.get("user")
    return UserPayloadRow(outcome.user_errors, await info.context.loaders.users.load(number) if number else None)
