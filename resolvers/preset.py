"""Presets: one's own, and those of others by their code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from errors import BadInput
from models import preset
from models.preset import PresetRow, PresetSettingName, Settings
from resolvers import page
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import Outcome, perform
from resolvers.page import PageInfoRow
from resolvers.payload import Payload
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

NAME = "One line of 1 to 60 characters."
TEMPLATE = "A prompt, in which {prompt} stands for what is asked for each time; at most 4,000 characters, or empty."
SETTINGS = "What is settled, each name once; all else is left open."
SHARED = "Whether whoever has the code may use it. Taken back, nobody but the owner finds it."
OWN_PRESET = "A preset of the viewer's own."


@strawberry.input(description="One thing that a preset settles.")
class PresetSettingInput:
    name: PresetSettingName = strawberry.field(description="What is settled.")
    value: str = strawberry.field(description="As what, written as text; 1 to 1,000 characters.")


@strawberry.input(description="A preset to keep; at most 100 a person.")
class CreatePresetInput:
    name: str = strawberry.field(description=NAME)
    template: str = strawberry.field(description=TEMPLATE, default="")
    settings: list[PresetSettingInput] = strawberry.field(description=SETTINGS, default_factory=list)
    is_shared: bool = strawberry.field(description=SHARED, default=False)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What to change of a preset; what is left out stays.")
class UpdatePresetInput:
    preset_id: strawberry.ID = strawberry.field(description=OWN_PRESET)
    name: str | None = strawberry.field(description=NAME, default=UNSET)
    template: str | None = strawberry.field(description=TEMPLATE, default=UNSET)
    settings: list[PresetSettingInput] | None = strawberry.field(description=SETTINGS, default=UNSET)
    is_shared: bool | None = strawberry.field(description=SHARED, default=UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A preset to delete.")
class DeletePresetInput:
    preset_id: strawberry.ID = strawberry.field(description=OWN_PRESET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class PresetPayloadRow(Payload):
    """A preset as it is now."""

    preset: PresetRow | None = None


@dataclass(frozen=True, slots=True)
class PresetDeletedRow(Payload):
    """Which preset is gone."""

    deleted_preset_id: str | None = None


@dataclass(frozen=True, slots=True)
class PresetEdgeRow:
    """A preset in the viewer's list."""

    cursor: str
    node: PresetRow


@dataclass(frozen=True, slots=True)
class PresetsRow:
    """One page of the viewer's presets."""

    edges: Sequence[PresetEdgeRow]
    page_info: PageInfoRow


async def preset_by_code(info: Info, code: str) -> PresetRow | None:
    """A preset by its code, of the viewer's own or shared."""
    return await preset.preset_by(info.context.viewer_id, code)


async def presets(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> PresetsRow:
    """The viewer's own presets, newest first."""
    question = page.asked(first, after, last, before)
    rows = await preset.presets_of(parent.id, question.window(newest_first=True))
    found = page.page_of(question, rows, lambda row: row.id)
    return PresetsRow([PresetEdgeRow(page.encode(row.id), row) for row in found.items], found.page_info)


async def create_preset(info: Info, input: CreatePresetInput) -> PresetPayloadRow:
    """Keep a preset."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        settled = _settled(input.settings)
        return {"preset": await preset.create(viewer_id, input.name, input.template, settled, shared=input.is_shared)}

    return await _shown(info, await perform(info.context, "createPreset", input, act))


async def update_preset(info: Info, input: UpdatePresetInput) -> PresetPayloadRow:
    """Change a preset of one's own."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("preset", input.preset_id, "presetId")
        await preset.change(
            viewer_id,
            number,
            name=input.name if isinstance(input.name, str) else None,
            template=input.template if isinstance(input.template, str) else None,
            settings=_settled(input.settings) if isinstance(input.settings, list) else None,
            shared=input.is_shared if isinstance(input.is_shared, bool) else None,
        )
        return {"preset": number}

    return await _shown(info, await perform(info.context, "updatePreset", input, act))


async def delete_preset(info: Info, input: DeletePresetInput) -> PresetDeletedRow:
    """Delete a preset of one's own."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await preset.delete(viewer_id, number_in("preset", input.preset_id, "presetId"))
        return {"preset": input.preset_id}

    outcome = await perform(info.context, "deletePreset", input, act)
    return PresetDeletedRow(outcome.user_errors, outcome.found.get("preset"))


def _settled(given: Sequence[PresetSettingInput]) -> Settings:
    found = {one.name: one.value for one in given}
    if len(found) < len(given):
        raise BadInput("Each thing is settled once.", ["settings"])
    return found


async def _shown(info: Info, outcome: Outcome) -> PresetPayloadRow:
    if not outcome.done:
        return PresetPayloadRow(outcome.user_errors)
    return PresetPayloadRow((), await preset.preset_of(info.context.viewer_id, outcome.found["preset"]))
